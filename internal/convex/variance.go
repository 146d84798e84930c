package convex

import (
	"slices"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/index"
	"example.com/nabla/internal/rat"
)

// variances pairs each term that is left with one that has a reason, where both
// together are a variance:
//
//	Σ_a w_a u_a² − (Σ_a p_a u_a)² ≥ 0   where Σ_a p_a²/w_a ≤ 1
//
// by the inequality of Cauchy and Schwarz. With w = p = softmax it is the second
// derivative of logsumexp, with w = 1/‖r‖ and p = r/‖r‖^(3/2) that of a norm.
func (a *analyser) variances(f *form, sign int, out *semidefinite) {
	taken := map[int]bool{}
	var left []int
	for _, i := range out.rest {
		t := &f.s.Terms[i]
		found := false
		for j := range f.s.Terms {
			if t.Coef.Sign() == sign || taken[j] || f.s.Terms[j].Coef.Sign() != sign {
				continue
			}
			if a.variance(f, &f.s.Terms[j], t) {
				taken[j], found = true, true
				both := a.st.Build(f.s.Slots)
				for _, x := range []*index.Term{&f.s.Terms[j], t} {
					r := a.st.Raw(f.s.Slots)
					r.MulTerm(x, r.Slot)
					both.Add(r)
				}
				out.reasons = append(out.reasons, reason{rule: "variance", sum: both.Sum()})
				break
			}
		}
		if !found {
			left = append(left, i)
		}
	}
	if len(taken) > 0 {
		// The squares that the variances have used up count no more, and a variance
		// is not definite.
		out.reasons = slices.DeleteFunc(out.reasons, func(r reason) bool {
			for j := range taken {
				if r.sum == a.termSum(f.s, &f.s.Terms[j]) {
					return true
				}
			}
			return false
		})
		out.definite, out.conditional, out.constant = false, false, false
		rest := &semidefinite{}
		for i := range f.s.Terms {
			if !taken[i] && f.s.Terms[i].Coef.Sign() == sign {
				a.squareTerm(f, &f.s.Terms[i], rest)
			}
		}
		out.definite, out.conditional, out.constant, out.rank = rest.definite, rest.conditional, rest.constant, rest.rank
	}
	out.rest = left
}

// variance reports whether plus + minus is a variance. In plus the halves of the
// square share an index a; in minus each half has its own.
func (a *analyser) variance(f *form, plus, minus *index.Term) bool {
	return mirrors(f.legs(plus), len(plus.Dims), nil, func(p *mirror) bool {
		if _, ok := a.square(p); !ok {
			return false
		}
		return mirrors(f.legs(minus), len(minus.Dims), nil, func(q *mirror) bool {
			if _, ok := a.square(q); !ok {
				return false
			}
			return a.bounded(plus, minus, p, q)
		})
	})
}

// bounded matches the halves of two mirrors. Every leg of plus that goes to another
// one has its like in the left half of minus; the rest of that half are the factors
// p, and Σ p²/w times the coefficients must be at most one. An index that both
// halves of minus share is one that plus has, too, and the bound is wanted for each
// of its values.
func (a *analyser) bounded(plus, minus *index.Term, p, q *mirror) bool {
	for _, m := range [2]*mirror{p, q} {
		for k := range m.legs {
			if m.middle(k) {
				return false
			}
		}
	}
	at, usedP, usedQ, ok := matchHalves(p, q)
	if !ok {
		return false
	}
	left := make([]bool, len(minus.Dims))    // the indices of minus that plus has
	summand := make([]bool, len(minus.Dims)) // those of them that number the squares u_a² of plus
	for c := range plus.Dims {
		c := index.Ix(c)
		d := at[c]
		switch {
		case d >= 0 && !left[d]:
			left[d], summand[d] = true, p.fixed(c)
			if !p.fixed(c) && q.fixed(d) {
				return false // summed over inside the halves of plus alone
			}
		case p.fixed(c) || d >= 0 || at[p.to[c]] < 0:
			return false
		}
	}
	var shared []index.Ix
	var slots []*expr.Dim
	for c, d := range minus.Dims {
		if q.fixed(index.Ix(c)) {
			if !left[c] {
				return false
			}
			shared, slots = append(shared, index.Ix(c)), append(slots, d)
		}
	}
	r := a.st.Raw(slots)
	r.Coef = minus.Coef.Div(plus.Coef).Neg()
	place := make([]index.Ix, len(minus.Dims))
	for c := range place {
		place[c] = -1
	}
	for i, c := range shared {
		place[c] = r.Slot[i]
	}
	mul := func(l *leg, at []index.Ix, exp rat.Rat) {
		idx := make([]index.Ix, len(l.idx))
		for i, c := range l.idx {
			if at != nil {
				c = at[c]
			}
			if place[c] < 0 {
				place[c] = r.Class(minus.Dims[c])
			}
			idx[i] = place[c]
		}
		r.MulAtom(l.atom, idx, exp)
	}
	for k := range p.legs {
		if usedP[k] {
			continue
		}
		if !p.weight(k) {
			return false
		}
		mul(&p.legs[k], at, p.legs[k].exp.Neg())
	}
	for k := range q.legs {
		l := &q.legs[k]
		moved := slices.IndexFunc(l.idx, func(c index.Ix) bool { return !q.fixed(c) })
		switch {
		case usedQ[k]:
		case q.weight(k):
			mul(l, nil, l.exp)
		case moved < 0:
			return false
		case left[l.idx[moved]]:
			mul(l, nil, l.exp.Add(l.exp))
		case !left[q.to[l.idx[moved]]]:
			return false
		}
	}
	for c, d := range minus.Dims {
		if !q.fixed(index.Ix(c)) && left[c] && left[q.to[c]] {
			return false
		}
		if summand[c] && place[c] < 0 {
			place[c] = r.Class(d) // summed over, with nothing to weigh it
		}
	}
	return a.atMostOne(a.st.SumOf(slots, r))
}

// matchHalves finds for each leg of p that goes to another one its like in the left
// half of q, starting from the perturbation. at maps the indices of the left half
// of p to those of q.
func matchHalves(p, q *mirror) (at []index.Ix, usedP, usedQ []bool, ok bool) {
	at = make([]index.Ix, len(p.to))
	for i := range at {
		at[i] = -1
	}
	usedP, usedQ = make([]bool, len(p.legs)), make([]bool, len(q.legs))
	set := func(x, y []index.Ix) bool {
		for i := range x {
			if at[x[i]] >= 0 && at[x[i]] != y[i] {
				return false
			}
			at[x[i]] = y[i]
		}
		return true
	}
	if !set(p.legs[0].idx, q.legs[0].idx) {
		return nil, nil, nil, false
	}
	usedP[0], usedP[1], usedQ[0], usedQ[1] = true, true, true, true
	for again := true; again; {
		again = false
		for k := range p.legs {
			l := &p.legs[k]
			if usedP[k] || p.partner[k] == k || !slices.ContainsFunc(l.idx, func(c index.Ix) bool { return at[c] >= 0 }) {
				continue
			}
			for j := range q.legs {
				if usedQ[j] || q.partner[j] == j || !like(l, &q.legs[j]) {
					continue
				}
				before := slices.Clone(at)
				if !set(l.idx, q.legs[j].idx) {
					copy(at, before)
					continue
				}
				usedP[k], usedP[p.partner[k]], usedQ[j], usedQ[q.partner[j]] = true, true, true, true
				again = true
				break
			}
		}
	}
	return at, usedP, usedQ, true
}

// atMostOne reports whether no entry of s is greater than one: by its range, or
// because it is a part of something over the whole.
func (a *analyser) atMostOne(s *index.Sum) bool {
	if a.rangeOf(s).Hi <= 1 {
		return true
	}
	if len(s.Terms) != 1 || len(s.Slots) > 0 {
		return false
	}
	t := &s.Terms[0]
	for k := range t.Factors {
		f := &t.Factors[k]
		if f.Atom.Kind != index.GroupAtom || len(f.Idx) > 0 || !f.Exp.Equal(rat.MinusOne) {
			continue
		}
		var rest []int
		for j := range t.Factors {
			if j != k {
				rest = append(rest, j)
			}
		}
		whole := f.Atom.Args[0]
		gap := a.st.AddSums([]*index.Sum{whole, a.part(t, rest, nil, t.Coef)}, []rat.Rat{rat.One, rat.MinusOne})
		if a.rangeOf(whole).Nonnegative() && a.rangeOf(gap).Nonnegative() {
			return true
		}
	}
	return false
}
