package convex

import (
	"slices"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/index"
	"example.com/nabla/internal/rat"
)

// proveSquare proves the curvature of a term that is a quadratic form by one of
//
//	Σ u_a S_ab u_b          u affine, S constant and semidefinite
//	Σ u_a S_ab u_b / t      t concave and positive, besides
//	Σ u_a (P⁻¹)_ab u_b      P concave in the order of symmetric matrices, P ≻ 0
//	Σ W_ab (P⁻¹)_ab         W constant and semidefinite
//
// Boyd and Vandenberghe, Convex Optimization, 3.1.7 and 3.2.6.
func (a *analyser) proveSquare(s *index.Sum, t *index.Term, vary []int, g goal) (p *proof, ok bool) {
	return a.proveForm(s, t, factorLegs(t), t.Slot, g)
}

// proveForm is proveSquare for the legs of a term. Perturbations among them count as
// constants: the form is then a matrix in the order of symmetric matrices.
func (a *analyser) proveForm(s *index.Sum, t *index.Term, legs []leg, kept []index.Ix, g goal) (p *proof, ok bool) {
	for k := range legs {
		// P⁻¹ is symmetric where P ≻ 0, which is what will be asked of P.
		legs[k].turn = legs[k].turn || legs[k].atom != nil && a.varies(legs[k].atom) && a.matrixAtom(legs[k].atom)
	}
	if slices.ContainsFunc(legs, func(l leg) bool { return l.atom != nil && !l.atom.Symmetric && l.turn }) && a.allow > 0 {
		// So is a constant between it that is to be semidefinite by a condition.
		for k := range legs {
			if at := legs[k].atom; at != nil && !at.Symmetric && !a.varies(at) && len(at.Slots) == 2 && at.Slots[0] == at.Slots[1] {
				legs[k].inner = true
			}
		}
	}
	found := mirrors(legs, len(t.Dims), kept, func(m *mirror) bool {
		return a.attempt(func() bool {
			p, ok = a.readForm(s, t, m, g)
			return ok
		})
	})
	return p, found
}

// A reading is what the legs of a mirror are to a form.
type reading struct {
	u       int     // the leg that is affine, −1 if none
	scales  []int   // weights that vary: powers of t
	inverse int     // the matrix P⁻¹ that varies, −1 if none
	degree  rat.Rat // of u and the scales together
	weights []int   // constant weights
	middles []int   // constant middles
}

func (a *analyser) read(m *mirror) (r reading, ok bool) {
	r = reading{u: -1, inverse: -1, degree: rat.Zero}
	for k := range m.legs {
		l := &m.legs[k]
		varies := l.atom != nil && a.varies(l.atom)
		switch {
		case m.partner[k] < k: // the other half
		case l.atom == nil || m.partner[k] != k && !varies:
		case m.partner[k] != k:
			if r.u >= 0 || !l.exp.IsOne() || !a.affineAtom(l.atom) {
				return r, false
			}
			r.u, r.degree = k, r.degree.Add(rat.Int(2))
		case !varies && m.weight(k):
			r.weights = append(r.weights, k)
		case !varies:
			r.middles = append(r.middles, k)
		case a.matrixAtom(l.atom):
			diagonal := m.weight(k) && len(l.idx) >= 2 && l.idx[0] == l.idx[1]
			if r.inverse >= 0 || !l.exp.IsOne() || !diagonal && !m.middle(k) {
				return r, false
			}
			r.inverse = k
		case !m.weight(k):
			return r, false
		case l.exp.Equal(rat.Int(2)) && a.affineAtom(l.atom) && r.u < 0:
			r.u, r.degree = k, r.degree.Add(l.exp)
		case l.exp.Sign() < 0:
			r.scales, r.degree = append(r.scales, k), r.degree.Add(l.exp)
		default:
			return r, false
		}
	}
	switch {
	case r.inverse >= 0:
		return r, len(r.scales) == 0
	case r.u < 0:
		return r, false
	}
	return r, r.degree.Cmp(rat.One) >= 0
}

func (a *analyser) readForm(s *index.Sum, t *index.Term, m *mirror, g goal) (*proof, bool) {
	r, ok := a.read(m)
	if !ok {
		return nil, false
	}
	p := &proof{}
	rule, args := "quadratic", []*index.Sum(nil)
	if r.u >= 0 {
		u := a.atomSum(m.legs[r.u].atom)
		args = append(args, u)
		q, _ := a.prove(u, g)
		p.add(q)
	}
	if (r.inverse >= 0 || len(r.scales) > 0) && !a.signOf(t, m, &r, g) {
		return nil, false
	}
	if r.inverse >= 0 {
		at := m.legs[r.inverse].atom
		q, ok := a.proveMatrix(at, convex)
		if !ok {
			return nil, false
		}
		p.add(q)
		args = append(args, at.Args[0])
		rule = "matrix-fractional"
		if r.u < 0 {
			rule = "matrix-inverse"
		}
	}
	for _, k := range r.scales {
		x := a.atomSum(m.legs[k].atom)
		if !a.need(x, half(0, true), false) {
			return nil, false
		}
		q, ok := a.prove(x, concave)
		if !ok {
			return nil, false
		}
		p.add(q)
		args = append(args, x)
		rule = "quadratic-over-linear"
	}
	if rule == "quadratic" && !a.signOf(t, m, &r, g) {
		return nil, false
	}
	if rule == "quadratic" {
		a.strictForm(p, t, m, &r)
		for _, k := range r.middles {
			args = append(args, a.atomSum(m.legs[k].atom))
			rule = "quadratic-middle"
		}
	}
	p.steps = append(p.steps, Step{Rule: rule, Sum: a.termSum(s, t), Goal: g, Args: args})
	return p, true
}

// signOf sees to it that the constant weights and middles of a form have the sign
// that the goal asks for. One matrix or weight without a sign may become a
// condition.
func (a *analyser) signOf(t *index.Term, m *mirror, r *reading, g goal) bool {
	sign := t.Coef.Sign() * int(g)
	var which []int
	for _, k := range r.weights {
		which = append(which, k-(len(m.legs)-len(t.Factors)))
	}
	weight := a.part(t, which, classes(t, which), rat.One)
	w := a.rangeOf(weight)
	var open []int // middles that are not known to be semidefinite
	for _, k := range r.middles {
		if ok, _ := a.psdAtom(m.legs[k].atom); !ok {
			open = append(open, k)
		}
	}
	switch {
	case w.Nonnegative():
	case w.Nonpositive():
		sign = -sign
	case len(open) > 0:
		return false
	default:
		i := half(0, false)
		if sign < 0 {
			i = negate(i)
		}
		return a.need(weight, i, false)
	}
	if len(open) == 0 {
		return sign > 0
	}
	for n, k := range open {
		rel := PSD
		if n == 0 && sign < 0 {
			rel = NSD
		}
		x := a.atomSum(m.legs[k].atom)
		if at := m.legs[k].atom; a.matrixAtom(at) && len(at.Slots) == 2 {
			x, rel = at.Args[0], rel.strict() // of an inverse, its operand
		}
		if len(x.Slots) != 2 || !a.assume(rel, x, false) {
			return false
		}
	}
	return true
}

// strictForm notes where a quadratic form with constant matrices is strictly convex
// or concave.
func (a *analyser) strictForm(p *proof, t *index.Term, m *mirror, r *reading) {
	u := m.legs[r.u]
	conds, ok := a.injectiveMap(a.atomSum(u.atom))
	if !ok {
		return
	}
	for _, k := range r.middles {
		at := m.legs[k].atom
		if _, definite := a.psdAtom(at); definite {
			continue
		}
		x, q := a.st.Unit(a.atomSum(at))
		rel := PD
		for i := range a.conds {
			if a.conds[i].Operand == x {
				rel = a.conds[i].Relation.strict()
			}
		}
		_ = q
		conds = append(conds, Condition{Relation: rel, Operand: x})
	}
	if len(r.weights) > 0 {
		var which []int
		for _, k := range r.weights {
			which = append(which, k-(len(m.legs)-len(t.Factors)))
		}
		w := a.part(t, which, classes(t, which), rat.One)
		if i := a.rangeOf(w); !i.Positive() && !i.Negative() {
			rel := Positive
			if i.Nonpositive() {
				rel = Negative
			}
			x, q := a.st.Unit(w)
			if q.Sign() < 0 {
				rel = rel.opposite()
			}
			conds = append(conds, Condition{Relation: rel, Operand: x})
		}
	}
	// The constant halves are a map of u; it must be injective, too.
	half := &mirror{to: m.to}
	half.legs = append(half.legs, leg{idx: u.idx}, leg{idx: m.legs[m.partner[r.u]].idx})
	half.partner = []int{1, 0}
	at := map[int]int{}
	for k := range m.legs {
		if k == r.u || k == m.partner[r.u] {
			continue
		}
		at[k] = len(half.legs)
		half.legs = append(half.legs, m.legs[k])
	}
	for k := range m.legs {
		if i, ok := at[k]; ok {
			_ = i
			half.partner = append(half.partner, at[m.partner[k]])
		}
	}
	more, ok := a.injective(half)
	if !ok {
		return
	}
	p.setStrict(a.variablesOf(u.atom, nil), append(conds, more...), true)
}

// proveMatrix proves the curvature of a function of a positive definite matrix, in
// the order of symmetric matrices where it is a matrix itself.
func (a *analyser) proveMatrix(at *index.Atom, g goal) (*proof, bool) {
	for _, piece := range at.Op.Pieces() {
		if !piece.Posdef || !bends(&piece, g) || len(at.Args) != 1 {
			continue
		}
		x := at.Args[0]
		p := &proof{}
		rule := "matrix-affine"
		if !a.isAffine(x) {
			want := goal(piece.Trend) * g
			if want == 0 {
				return nil, false
			}
			q, ok := a.proveLoewner(x, want)
			if !ok {
				return nil, false
			}
			p.add(q)
			rule = "matrix-concave"
			if want == convex {
				rule = "matrix-convex"
			}
		} else if len(x.Terms) > 1 {
			p.steps = append(p.steps, Step{Rule: "affine", Sum: x})
		}
		if !a.needPSD(x, PD) {
			return nil, false
		}
		p.strict = nil
		if piece.Strict && a.isAffine(x) && len(at.Slots) == 0 {
			if conds, ok := a.injectiveMap(x); ok {
				p.setStrict(a.variables(x, nil), conds, false)
			}
		}
		p.steps = append(p.steps, Step{Rule: rule, Sum: a.atomSum(at), Goal: g, Args: []*index.Sum{x}})
		return p, true
	}
	return nil, false
}

// proveRoot proves that the n-th root of a positive function of a positive definite
// matrix is concave, where its logarithm is concave and it is homogeneous of degree n:
// det(X)^(1/n). A positive function that is homogeneous of degree one and quasi-concave
// is concave. by is the exponent, self the power.
func (a *analyser) proveRoot(at *index.Atom, by, self *index.Sum, g goal) (*proof, bool) {
	if g != concave || at.Kind != index.OpAtom || at.Sym != nil || at.Op.Degree == "" || len(at.Args) != 1 || len(at.Slots) > 0 {
		return nil, false
	}
	x := at.Args[0]
	piece := slices.IndexFunc(at.Op.Pieces(), func(p expr.Piece) bool {
		return p.Posdef && p.Bend == expr.LogConcaveBend && p.Trend == expr.Rising
	})
	r := a.st.Raw(nil)
	r.MulSum(by, nil, rat.One)
	r.MulSize(x.Slots[0], rat.One)
	if one, ok := a.st.SumOf(nil, r).Const(); piece < 0 || !ok || !one.IsOne() {
		return nil, false
	}
	p, ok := a.proveLoewner(x, concave)
	if !ok || !a.needPSD(x, PD) {
		return nil, false
	}
	p.strict = nil
	p.steps = append(p.steps, Step{Rule: "root", Sum: self, Goal: g, Args: []*index.Sum{x, a.atomSum(at)}})
	return p, true
}

func (a *analyser) proveMatrixAtom(at *index.Atom, g goal) (*proof, bool) {
	if at.Core > 0 {
		return nil, false // the entries of a matrix have no curvature of their own
	}
	return a.proveMatrix(at, g)
}

// proveLoewner proves that vᵀs v is convex or concave for every vector v.
func (a *analyser) proveLoewner(s *index.Sum, g goal) (*proof, bool) {
	if len(s.Slots) != 2 {
		return nil, false
	}
	f := matrixForm(s)
	p := &proof{}
	for i := range s.Terms {
		t := &s.Terms[i]
		if !a.termVaries(t) || a.affineTerm(t) {
			continue
		}
		q, ok := a.proveForm(s, t, f.legs(t), nil, g)
		if !ok {
			return nil, false
		}
		p.steps = append(p.steps, q.steps...)
	}
	if len(s.Terms) > 1 {
		p.steps = append(p.steps, Step{Rule: "sum", Sum: s, Goal: g})
	}
	return p, true
}

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
	var vary, held []int
	for i := range t.Factors {
		if a.varies(t.Factors[i].Atom) {
			vary = append(vary, i)
		} else {
			held = append(held, i)
		}
	}
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

var _ = expr.Reals
