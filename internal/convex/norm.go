package convex

import (
	"slices"

	"example.com/nabla/internal/index"
	"example.com/nabla/internal/rat"
)

// proveNorm proves the curvature of (Σ |u|ᵖ)ᵉ: with p ≥ 1 and u affine, or convex and
// at least zero, it is a power of a norm and convex for e ≥ 1/p; with p < 1 and u
// concave and positive it is concave for 0 < ep ≤ 1 and convex for ep < 0.
func (a *analyser) proveNorm(s *index.Sum, e rat.Rat, g goal) (*proof, bool) {
	p := &proof{}
	degree := rat.Zero
	known := false
	for i := range s.Terms {
		t := &s.Terms[i]
		if !a.termVaries(t) {
			if !a.termRange(t).Nonnegative() && !a.need(a.termSum(s, t), half(0, false), false) {
				return nil, false
			}
			continue
		}
		d, q, ok := a.normTerm(s, t)
		if !ok || known && !d.Equal(degree) {
			return nil, false
		}
		degree, known = d, true
		p.add(q)
	}
	if !known || degree.IsOne() {
		return nil, false
	}
	total := degree.Mul(e)
	rule := "norm"
	switch {
	case degree.Cmp(rat.One) > 0:
		if g != convex || total.Cmp(rat.One) < 0 {
			return nil, false
		}
		if !total.IsOne() {
			rule = "norm-power"
		}
	case g == concave && total.Sign() > 0 && total.Cmp(rat.One) <= 0:
		rule = "mean-concave"
	case g == convex && total.Sign() < 0:
		rule = "mean-convex"
	default:
		return nil, false
	}
	vars := a.variables(s, nil)
	conds, _, strict := p.covers(vars)
	p.strict = nil
	constant := slices.ContainsFunc(s.Terms, func(t index.Term) bool { return !a.termVaries(&t) && a.termRange(&t).Positive() })
	if strict && degree.Cmp(rat.One) > 0 && (total.Cmp(rat.One) > 0 || constant) {
		p.setStrict(vars, conds, false)
	}
	r := a.st.Raw(s.Slots)
	r.MulSum(s, r.Slot, e)
	p.steps = append(p.steps, Step{Rule: rule, Sum: a.st.SumOf(s.Slots, r), Goal: g})
	return p, true
}

// normTerm reads a term as weights times |u|ᵖ.
func (a *analyser) normTerm(s *index.Sum, t *index.Term) (degree rat.Rat, p *proof, ok bool) {
	if t.Coef.Sign() < 0 {
		return
	}
	vary, held := a.split(t)
	f := &t.Factors[vary[0]]
	if m, ok := a.oneModulus(t, vary); ok {
		f = &m
	} else if len(vary) > 1 {
		p, ok = a.proveSquare(s, t, vary, convex)
		two := ok && len(p.steps) > 0 && (p.steps[len(p.steps)-1].Rule == "quadratic" || p.steps[len(p.steps)-1].Rule == "quadratic-middle")
		return rat.Int(2), p, two
	}
	if w := a.part(t, held, classes(t, held), t.Coef); !a.need(w, half(0, false), false) {
		return
	}
	x := a.atomSum(f.Atom)
	k, integer := f.Exp.Int64()
	switch {
	case integer && k > 0 && k%2 == 0 && a.isAffine(x):
		p, _ = a.prove(x, convex)
		if conds, ok := a.injectiveTermOrAtom(t, f); ok {
			p.setStrict(a.variables(x, nil), conds, false)
		}
		return f.Exp, p, true
	case f.Exp.Cmp(rat.One) >= 0 && a.rangeOf(x).Nonnegative():
		p, ok = a.prove(x, convex)
	case f.Exp.Cmp(rat.One) < 0:
		if p, ok = a.prove(x, concave); ok {
			ok = a.need(x, half(0, true), !integer)
		}
	}
	return f.Exp, p, ok
}

// injectiveTermOrAtom reports whether the entries of an affine factor that a term
// sums over tell the variable.
func (a *analyser) injectiveTermOrAtom(t *index.Term, f *index.Factor) ([]Condition, bool) {
	for i, c := range f.Idx {
		if slices.Contains(f.Idx[:i], c) {
			return nil, false
		}
	}
	var held []int
	for i := range t.Factors {
		if !a.varies(t.Factors[i].Atom) {
			held = append(held, i)
		}
	}
	if w := a.part(t, held, classes(t, held), t.Coef); !a.rangeOf(w).Positive() {
		return nil, false
	}
	return a.injectiveMap(a.atomSum(f.Atom))
}
