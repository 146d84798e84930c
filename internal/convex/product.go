package convex

import (
	"slices"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/index"
	"example.com/nabla/internal/rat"
)

// powerProduct proves the curvature of (Π u_k^e_k)^outer at positive u: concave where every
// e_k is positive and their sum at most one (the geometric mean), convex where every
// e_k is negative or one is positive and the sum at least one (x²/t).
func (a *analyser) powerProduct(t *index.Term, vary []int, outer rat.Rat, g goal) (*proof, bool) {
	p := &proof{}
	total, positive := rat.Zero, 0
	args := make([]*index.Sum, len(vary))
	exps := make([]rat.Rat, len(vary))
	norms := make([]bool, len(vary))
	falling := slices.ContainsFunc(vary, func(k int) bool { return t.Factors[k].Exp.Sign() < 0 })
	for i, k := range vary {
		f := &t.Factors[k]
		args[i], exps[i] = a.atomSum(f.Atom), f.Exp.Mul(outer)
		if f.Atom.Kind == index.GroupAtom && (!exps[i].IsInt() || falling && g == convex) && exps[i].Sign() > 0 {
			// A power of a sum of squares is one of a norm.
			if q, ok := a.proveNorm(args[i], rat.Half, convex); ok {
				norms[i], exps[i] = true, exps[i].Add(exps[i])
				p.add(q)
			}
		}
		total = total.Add(exps[i])
		if exps[i].Sign() > 0 {
			positive++
		}
	}
	switch {
	case g == concave && positive == len(vary) && total.Cmp(rat.One) <= 0:
	case g == convex && positive == 0:
	case g == convex && positive == 1 && total.Cmp(rat.One) >= 0:
	default:
		return nil, false
	}
	for i := range vary {
		if norms[i] {
			if g == concave {
				return nil, false
			}
			continue
		}
		x, e := args[i], exps[i]
		_, integer := e.Int64()
		k, _ := e.Int64()
		falls := e.Sign() < 0
		switch {
		case !falls && integer && k%2 == 0 && a.isAffine(x):
			q, _ := a.prove(x, convex)
			p.add(q)
			continue
		}
		want := concave
		if !falls && g == convex {
			want = convex
		}
		q, ok := a.prove(x, want)
		if !ok || !a.convexSet(x, half(0, falls)) || !a.need(x, half(0, falls), !integer && outer.IsOne()) {
			return nil, false
		}
		p.add(q)
	}
	p.strict = nil
	rule := "power-product"
	if g == concave {
		rule = "geometric-mean"
	}
	whole := a.part(t, vary, shownClasses(t, vary), rat.One)
	if !outer.IsOne() {
		r := a.st.Raw(whole.Slots)
		r.MulSum(whole, r.Slot, outer)
		whole = a.st.SumOf(whole.Slots, r)
	}
	p.steps = append(p.steps, Step{Rule: rule, Sum: whole, Goal: g, Args: args})
	return p, true
}

// shownClasses are the classes of factors, at most two of them, so that what is
// shown of an entry can be written.
func shownClasses(t *index.Term, which []int) []index.Ix {
	if cs := classes(t, which); len(cs) <= 2 {
		return cs
	}
	return nil
}

// perspective proves the curvature of t φ(s) where t s is affine and t positive: with
// u = t s it is t φ(u/t), the perspective of φ, which is curved as φ is. For the
// logarithm, −t log(u/t) = t log(t/u) is taken besides, where t/s is affine.
func (a *analyser) perspective(t *index.Term, vary []int, g goal) (*proof, bool) {
	for _, k := range vary {
		f := &t.Factors[k]
		at := f.Atom
		if at.Kind != index.OpAtom || at.Sym != nil || at.Op.Class != expr.Elementwise || len(at.Args) != 1 || !f.Exp.IsOne() {
			continue
		}
		var rest []int
		for _, j := range vary {
			if j != k {
				rest = append(rest, j)
			}
		}
		if len(rest) != 1 || !t.Factors[rest[0]].Exp.IsOne() || !a.affineAtom(t.Factors[rest[0]].Atom) {
			continue
		}
		ways := []rat.Rat{rat.One}
		log := at.Op == a.st.B.Reg.Op("log")
		if log {
			ways = append(ways, rat.MinusOne)
		}
		for _, e := range ways {
			want := g
			if e.Sign() < 0 {
				want = -g // −log(1/s)
			}
			i := slices.IndexFunc(at.Op.Pieces(), func(p expr.Piece) bool {
				return bends(&p, want) && (p.On == expr.Reals || log && p.On == half(0, true))
			})
			if i < 0 {
				continue
			}
			cs := classes(t, vary)
			u := a.times(t, rest[0], at.Args[0], f.Idx, cs, e)
			if !a.isAffine(u) {
				continue
			}
			x := a.atomSum(t.Factors[rest[0]].Atom)
			// t log(u/t) has values where both are negative, too, t log(t) has not.
			natural := log && !a.sumVaries(u) && a.rangeOf(u).Positive()
			if !a.attempt(func() bool {
				return a.need(x, half(0, true), natural) && (!log || a.need(u, half(0, true), false))
			}) {
				continue
			}
			p := &proof{}
			q, _ := a.prove(x, g)
			p.add(q)
			rule := "perspective"
			if !a.sumVaries(u) && log {
				rule = "entropy"
				if conds, ok := a.injectiveMap(x); ok {
					p.setStrict(a.variables(x, nil), conds, false)
				}
			}
			p.steps = append(p.steps, Step{Rule: rule, Sum: a.part(t, vary, shownClasses(t, vary), rat.One), Goal: g,
				Args: []*index.Sum{x, u}})
			return p, true
		}
	}
	return nil, false
}

// times returns factor k of a term times s[idx]^e, with the given classes as slots.
func (a *analyser) times(t *index.Term, k int, s *index.Sum, idx []index.Ix, cs []index.Ix, e rat.Rat) *index.Sum {
	slots := make([]*expr.Dim, len(cs))
	place := make([]index.Ix, len(t.Dims))
	for i, c := range cs {
		slots[i] = t.Dims[c]
	}
	r := a.st.Raw(slots)
	for i, c := range cs {
		place[c] = r.Slot[i]
	}
	at := func(idx []index.Ix) []index.Ix {
		out := make([]index.Ix, len(idx))
		for i, c := range idx {
			out[i] = place[c]
		}
		return out
	}
	f := &t.Factors[k]
	r.MulAtom(f.Atom, at(f.Idx), f.Exp)
	if len(s.Terms) > 1 && e.IsOne() {
		// Multiplied out, so that t u/t is u.
		b := a.st.Build(slots)
		for i := range s.Terms {
			r := a.st.Raw(slots)
			for i, c := range cs {
				place[c] = r.Slot[i]
			}
			r.MulAtom(f.Atom, at(f.Idx), f.Exp)
			r.MulTerm(&s.Terms[i], at(idx))
			b.Add(r)
		}
		return b.Sum()
	}
	r.MulSum(s, at(idx), e)
	return a.st.SumOf(slots, r)
}
