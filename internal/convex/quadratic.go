package convex

import (
	"slices"

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
		x, _ := a.st.Unit(a.atomSum(at))
		rel := PD
		for i := range a.conds {
			if a.conds[i].Operand == x {
				rel = a.conds[i].Relation.strict()
			}
		}
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
		if _, ok := at[k]; ok {
			half.partner = append(half.partner, at[m.partner[k]])
		}
	}
	more, ok := a.injective(half)
	if !ok {
		return
	}
	p.setStrict(a.variablesOf(u.atom, nil), append(conds, more...), true)
}
