package convex

import (
	"slices"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/index"
	"example.com/nabla/internal/raise"
)

// A form is a sum as a quadratic form: Σ s[left, right] V[left] V[right].
type form struct {
	s           *index.Sum
	left, right []int
	symmetric   bool // V is a symmetric matrix
	axes        raise.Axes
}

// matrixForm reads a sum of two slots as the form of a matrix.
func matrixForm(s *index.Sum) form { return form{s: s, left: []int{0}, right: []int{1}} }

// legs are the factors of a term of the form, with the two perturbations first.
func (f *form) legs(t *index.Term) []leg {
	var left, right []index.Ix
	for _, k := range f.left {
		left = append(left, t.Slot[k])
	}
	for _, k := range f.right {
		right = append(right, t.Slot[k])
	}
	return append([]leg{{idx: left, turn: f.symmetric}, {idx: right, turn: f.symmetric}}, factorLegs(t)...)
}

// A semidefinite is what was found of a form.
type semidefinite struct {
	definite bool
	// rank are conditions under which it is definite, if it is not at sight.
	rank []Condition
	// conditional: definite under rank.
	conditional bool
	constant    bool     // one definite term does not depend on the variables
	reasons     []reason // one for each term or group of terms
	rest        []int    // terms without a reason
}

// A reason says why a term is semidefinite.
type reason struct {
	rule string
	sum  *index.Sum   // the term
	with []*index.Sum // what it rests on
}

// mirrored reports whether every entry of a term has the sign of its coefficient
// because it is a square.
func (a *analyser) mirrored(t *index.Term) bool {
	if len(t.Factors) > 8 {
		return false
	}
	return mirrors(factorLegs(t), len(t.Dims), t.Slot, func(m *mirror) bool {
		_, ok := a.square(m)
		return ok
	})
}

// square reports whether the weights of a mirror are at least zero and its middles
// semidefinite, and whether all are strictly so.
func (a *analyser) square(m *mirror) (strict, ok bool) {
	strict = true
	for k := range m.legs {
		l := &m.legs[k]
		switch {
		case l.atom == nil || m.partner[k] != k:
		case m.weight(k):
			f := index.Factor{Atom: l.atom, Exp: l.exp, Idx: l.idx}
			r := a.factorRange(&f)
			if !r.Nonnegative() {
				return false, false
			}
			strict = strict && r.Positive()
		default:
			psd, definite := a.psdAtom(l.atom)
			if !psd {
				return false, false
			}
			strict = strict && definite
		}
	}
	return strict, true
}

// psdAtom reports whether a matrix is symmetric positive semidefinite, and whether
// it is definite.
func (a *analyser) psdAtom(at *index.Atom) (ok, definite bool) {
	switch at.Kind {
	case index.VarAtom:
		if at.Sym.Facts.Has(expr.Posdef) {
			return true, true
		}
		if at.Sym.Facts.Has(expr.Diagonal) && at.Sym.Facts.Has(expr.Positive) {
			return true, true
		}
	case index.GroupAtom:
		if len(at.Slots) == 2 {
			return a.psd(at.Args[0])
		}
	case index.OpAtom:
		if at.Sym == nil && at.Core == 2 && at.CoreIn == 2 && slices.Contains(at.Op.Preserves, expr.Posdef) {
			// A batch of matrices is one matrix for each value of the batch index.
			if _, definite := a.psd(at.Args[0]); definite {
				return true, true
			}
		}
	}
	for i := range a.conds {
		if c := &a.conds[i]; isAtom(c.Operand, at) {
			switch c.Relation {
			case PSD:
				return true, false
			case PD:
				return true, true
			}
		}
	}
	return false, false
}

// psd reports whether a sum of two slots is a positive semidefinite matrix.
func (a *analyser) psd(s *index.Sum) (ok, definite bool) {
	if len(s.Slots) < 2 || len(s.Terms) == 0 || a.depth >= maxDepth {
		return false, false
	}
	if len(a.conds) > 0 {
		u, q := a.st.Unit(s)
		for i := range a.conds {
			if c := &a.conds[i]; c.Operand == u {
				rel := c.Relation
				if q.Sign() < 0 {
					rel = rel.opposite()
				}
				switch rel {
				case PSD:
					return true, false
				case PD:
					return true, true
				}
			}
		}
	}
	a.depth++
	defer func() { a.depth-- }()
	f := matrixForm(s)
	for i := range s.Terms {
		t := &s.Terms[i]
		if t.Coef.Sign() < 0 {
			return false, false
		}
		if !mirrors(f.legs(t), len(t.Dims), nil, func(m *mirror) bool {
			strict, ok := a.square(m)
			if ok && strict && !definite {
				rank, all := a.injective(m)
				definite = all && len(rank) == 0
			}
			return ok
		}) {
			return false, false
		}
	}
	return true, definite
}

// injective reports whether the halves of a mirror map the perturbation to something
// that is zero for none but V = 0, under conditions of rank. The form is then
// definite if weights and middles are strictly positive.
//
// Half of the legs are u = M₁ M₂ … V. A matrix with one index in V and another one
// is a change of variable, and injective if its rank is full; what has no such place
// makes it a projection, about which nothing is known.
func (a *analyser) injective(m *mirror) ([]Condition, bool) {
	var at []index.Ix // the indices that V has now
	at = append(at, m.legs[0].idx...)
	for i, c := range at {
		if slices.Contains(at[:i], c) {
			return nil, false // the diagonal of V alone
		}
	}
	used := make([]bool, len(m.legs))
	used[0], used[1] = true, true
	for k := range m.legs {
		used[k] = used[k] || m.partner[k] == k
	}
	var conds []Condition
	for again := true; again; {
		again = false
		for k := range m.legs {
			if used[k] {
				continue
			}
			l := &m.legs[k]
			if len(l.idx) != 2 || !l.exp.IsOne() {
				continue
			}
			for p := range 2 {
				from, to := l.idx[p], l.idx[1-p]
				i := slices.Index(at, from)
				if i < 0 || m.fixed(from) || from == to || slices.Contains(at, to) || occurrences(m, from, used) != 1 {
					continue
				}
				// u[…to…] = Σ_from L[to, from] V[…from…]
				s := a.atomSum(l.atom)
				rel := FullColumnRank
				if p == 0 {
					rel = FullRowRank
				}
				if !a.invertible(l.atom) {
					conds = append(conds, Condition{Relation: rel, Operand: s})
				}
				at[i] = to
				used[k], used[m.partner[k]] = true, true
				again = true
				break
			}
			if again {
				break
			}
		}
	}
	if slices.Contains(used, false) {
		return nil, false
	}
	// Each index of V must be weighed or stand in a matrix between the halves.
	for _, c := range at {
		if !m.fixed(c) && !slices.ContainsFunc(m.legs, func(l leg) bool {
			return l.atom != nil && slices.Contains(l.idx, c) && m.middle(slices.IndexFunc(m.legs, func(o leg) bool { return sameLeg(&o, &l) }))
		}) {
			return nil, false
		}
	}
	return conds, true
}

func sameLeg(x, y *leg) bool { return x.atom == y.atom && slices.Equal(x.idx, y.idx) && x.of == y.of }

// occurrences counts the legs with index c that are not used up, middles included.
func occurrences(m *mirror, c index.Ix, used []bool) int {
	n := 0
	for k := range m.legs {
		if m.legs[k].atom != nil && slices.Contains(m.legs[k].idx, c) && (!used[k] || m.partner[k] == k) {
			n++
		}
	}
	return n
}

// invertible reports whether an atom is an invertible matrix wherever it has a value. A
// function that keeps what is invertible so is one where its operand is by its domain: the
// pseudoinverse takes any matrix of full rank.
func (a *analyser) invertible(at *index.Atom) bool {
	if at.Kind == index.VarAtom {
		return at.Sym.Facts&(expr.Invertible|expr.Posdef|expr.Orthogonal) != 0
	}
	if at.Kind == index.OpAtom && at.Sym == nil && at.Core == 2 && at.Op.Domain == "invertible" && slices.Contains(at.Op.Preserves, expr.Invertible) {
		return true
	}
	_, definite := a.psdAtom(at)
	return definite
}

// semidefinite looks for a reason why each term of a form times sign is at least
// zero; the terms without one are in rest.
func (a *analyser) semidefinite(f form, sign int) *semidefinite {
	out := &semidefinite{}
	for i := range f.s.Terms {
		t := &f.s.Terms[i]
		if t.Coef.Sign() != sign || !a.squareTerm(&f, t, out) {
			out.rest = append(out.rest, i)
		}
	}
	if len(out.rest) > 0 {
		a.variances(&f, sign, out)
	}
	return out
}

// squareTerm adds the reason of a term that is a square.
func (a *analyser) squareTerm(f *form, t *index.Term, out *semidefinite) bool {
	return mirrors(f.legs(t), len(t.Dims), nil, func(m *mirror) bool {
		strict, ok := a.square(m)
		if !ok {
			return false
		}
		if strict && !out.definite {
			if rank, all := a.injective(m); all && len(rank) == 0 {
				out.definite = true
				out.constant = !a.termVaries(t)
			} else if all && (!out.conditional || len(rank) < len(out.rank)) {
				out.conditional, out.rank = true, rank
			}
		}
		out.reasons = append(out.reasons, a.squareReason(f, t, m))
		return true
	})
}

// squareReason names what a square rests on: its weights and the matrices between
// its halves.
func (a *analyser) squareReason(f *form, t *index.Term, m *mirror) reason {
	r := reason{rule: "square", sum: a.termSum(f.s, t)}
	for k := range m.legs {
		l := &m.legs[k]
		if l.atom == nil || m.partner[k] != k {
			continue
		}
		if m.middle(k) {
			r.with = append(r.with, a.atomSum(l.atom))
			if r.rule == "square" || r.rule == "square-weighed" {
				r.rule = "square-middle"
			} else {
				r.rule = "square-kron"
			}
			continue
		}
		if k, ok := l.exp.Int64(); ok && k%2 == 0 || l.atom.Kind == index.SizeAtom {
			continue
		}
		x := index.Factor{Atom: l.atom, Exp: l.exp}
		for i := range l.idx {
			x.Idx = append(x.Idx, index.Ix(i))
		}
		one := a.st.Raw(l.atom.Slots)
		one.MulAtom(x.Atom, one.Slot, x.Exp)
		r.with = append(r.with, a.st.SumOf(l.atom.Slots, one))
		if r.rule == "square" {
			r.rule = "square-weighed"
		}
	}
	return r
}
