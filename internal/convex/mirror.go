package convex

import (
	"slices"

	"example.com/nabla/internal/index"
	"example.com/nabla/internal/rat"
)

// A leg is a factor of a quadratic form: a factor of a term, or one of the two
// perturbations that a Hessian is applied to.
type leg struct {
	atom *index.Atom // nil for a perturbation
	exp  rat.Rat
	idx  []index.Ix
	// of numbers the kinds of perturbations; turn says that the two axes can be
	// exchanged, as those of a symmetric matrix.
	of   int
	turn bool
	// inner says that they can where the leg goes to itself.
	inner bool
}

// A mirror is a way to read a term as a square: an exchange of summation indices
// that maps the factors of the term to one another. A factor that goes to another
// one is half of a square, u_a and u_b. One that goes to itself is a weight if the
// exchange keeps its indices, and else a matrix between the halves, as S in
// Σ u_a S_ab u_b. The term is then
//
//	coef · Σ_fixed weight · Σ_ab u_a S_ab u_b …
//
// which is at least zero if coef and weights are and each S is positive
// semidefinite (with several S: a Kronecker or Schur product of such).
type mirror struct {
	legs    []leg
	to      []index.Ix // the exchange; −1 while it is unknown
	partner []int
}

func (m *mirror) fixed(c index.Ix) bool { return m.to[c] == c }

// weight reports whether leg k keeps its indices, middle whether it is a matrix
// between the halves.
func (m *mirror) weight(k int) bool {
	return m.partner[k] == k && !slices.ContainsFunc(m.legs[k].idx, func(c index.Ix) bool { return !m.fixed(c) })
}

func (m *mirror) middle(k int) bool { return m.partner[k] == k && !m.weight(k) }

// mirrors calls accept with each mirror of the legs that keeps the given indices,
// until one is accepted.
func mirrors(legs []leg, classes int, kept []index.Ix, accept func(m *mirror) bool) bool {
	m := &mirror{legs: legs, to: make([]index.Ix, classes), partner: make([]int, len(legs))}
	for i := range m.to {
		m.to[i] = -1
	}
	for _, c := range kept {
		m.to[c] = c
	}
	for i := range m.partner {
		m.partner[i] = -1
	}
	budget := 3000
	return m.search(0, &budget, accept)
}

// maxLegs bounds the factors of a term that is read as a square.
const maxLegs = 14

func (m *mirror) search(k int, budget *int, accept func(m *mirror) bool) bool {
	if *budget--; *budget < 0 || len(m.legs) > maxLegs {
		return false
	}
	for k < len(m.legs) && m.partner[k] >= 0 {
		k++
	}
	if k == len(m.legs) {
		return m.finish(accept)
	}
	for j := k; j < len(m.legs); j++ {
		if m.partner[j] >= 0 || !like(&m.legs[k], &m.legs[j]) {
			continue
		}
		for _, turned := range [2]bool{false, true} {
			if turned && !m.legs[k].turns() && (j != k || !m.legs[k].inner) {
				break
			}
			trail, ok := m.bind(&m.legs[k], &m.legs[j], turned)
			if ok {
				m.partner[k], m.partner[j] = j, k
				if m.search(k+1, budget, accept) {
					return true
				}
				m.partner[k], m.partner[j] = -1, -1
			}
			for _, c := range trail {
				m.to[c] = -1
			}
		}
	}
	return false
}

func like(x, y *leg) bool {
	return x.atom == y.atom && x.of == y.of && len(x.idx) == len(y.idx) && (x.atom == nil || x.exp.Equal(y.exp))
}

// turns reports whether the first two indices can be exchanged.
func (l *leg) turns() bool {
	return len(l.idx) >= 2 && (l.turn || l.atom != nil && l.atom.Symmetric)
}

// bind extends the exchange so that it maps leg x to leg y.
func (m *mirror) bind(x, y *leg, turned bool) (trail []index.Ix, ok bool) {
	for p, c := range x.idx {
		q := p
		if turned && p < 2 {
			q = 1 - p
		}
		d := y.idx[q]
		if m.to[c] == -1 && m.to[d] == -1 {
			m.to[c], m.to[d] = d, c
			trail = append(trail, c, d)
		} else if m.to[c] != d || m.to[d] != c {
			return trail, false
		}
	}
	return trail, true
}

// finish sees to it that the two halves have no index in common but fixed ones.
func (m *mirror) finish(accept func(m *mirror) bool) bool {
	to := slices.Clone(m.to)
	for c := range m.to {
		if m.to[c] == -1 {
			m.to[c] = index.Ix(c)
		}
	}
	defer copy(m.to, to)
	side := make([]int, len(m.to)) // a number for each connected part
	for c := range side {
		side[c] = c
	}
	for k := range m.legs {
		var moved []index.Ix
		for _, c := range m.legs[k].idx {
			if !m.fixed(c) && !slices.Contains(moved, c) {
				moved = append(moved, c)
			}
		}
		switch {
		case m.partner[k] != k:
			for i := 1; i < len(moved); i++ {
				join(side, side[moved[0]], side[moved[i]])
			}
		case m.legs[k].atom == nil:
			return false // a perturbation alone has no sign
		case len(moved) == 0:
		case len(moved) != 2 || m.to[moved[0]] != moved[1] || !m.legs[k].between(moved):
			return false
		}
	}
	for c, d := range m.to {
		if index.Ix(c) != d && side[c] == side[d] {
			return false
		}
	}
	return accept(m)
}

func join(side []int, a, b int) {
	for i := range side {
		if side[i] == b {
			side[i] = a
		}
	}
}

// between reports whether the two indices are those of a matrix: its first two, and
// no other.
func (l *leg) between(moved []index.Ix) bool {
	if len(l.idx) < 2 || l.idx[0] == l.idx[1] || !l.exp.IsOne() {
		return false
	}
	for p, c := range l.idx {
		if (p < 2) != slices.Contains(moved, c) {
			return false
		}
	}
	return true
}

// factorLegs are the factors of a term as legs.
func factorLegs(t *index.Term) []leg {
	legs := make([]leg, len(t.Factors))
	for i, f := range t.Factors {
		legs[i] = leg{atom: f.Atom, exp: f.Exp, idx: f.Idx}
	}
	return legs
}
