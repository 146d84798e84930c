package convex

import (
	"errors"
	"slices"

	"example.com/nabla/internal/diff"
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/index"
	"example.com/nabla/internal/lower"
	"example.com/nabla/internal/raise"
	"example.com/nabla/internal/simplify"
)

// hessians returns the second derivative by each variable, with the facts of the
// variables in force, and whether the mixed ones all vanish. What index form cannot
// express has none.
func (p *Problem) hessians() (list []form, separate bool) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case lower.Unsupported, lower.DomainError:
			list, separate = nil, false
		case error:
			if !errors.Is(r, index.ErrZeroDivision) && !errors.Is(r, index.ErrNegativeRoot) {
				panic(r)
			}
			list, separate = nil, false
		default:
			panic(r)
		}
	}()
	separate = true
	var blocks []*index.Sum
	for i, s := range p.Wrt {
		at := p.Low.St.Var(s, true)
		d := diff.Reverse(p.Low, p.F, []*index.Atom{at}, nil)[0]
		if len(d.Terms) > maxExpanded {
			return nil, false
		}
		for j, o := range p.Wrt {
			h := diff.Reverse(p.Low, d, []*index.Atom{p.Low.St.Var(o, true)}, nil)[0]
			h = simplify.Shorten(p.Low.St, simplify.Restore(p.Low.St, h))
			blocks = append(blocks, h)
			if i != j {
				separate = separate && h.IsZero()
				continue
			}
			n := len(at.Slots)
			f := form{s: h, symmetric: s.Facts.Has(expr.Symmetric) && s.Family == nil}
			for k := range n {
				f.left, f.right = append(f.left, k), append(f.right, n+k)
			}
			f.axes = hessianAxes(at)
			list = append(list, f)
			if len(h.Terms) > maxExpanded {
				return list, false
			}
		}
	}
	p.blocks = blocks
	return list, separate
}

// hessianAxes are those of the Hessian by a variable as a matrix, vec taken by columns.
func hessianAxes(at *index.Atom) raise.Axes {
	n := len(at.Slots)
	var order []int
	for k := at.RowAxes(); k < n; k++ {
		order = append(order, k)
	}
	for k := range at.RowAxes() {
		order = append(order, k)
	}
	var x raise.Axes
	for _, k := range order {
		x.Rows, x.Cols = append(x.Rows, k), append(x.Cols, n+k)
	}
	return x
}

// smooth reports whether s has second derivatives on a convex part of its domain,
// which it names by conditions: below kinks a Hessian says nothing.
func (a *analyser) smooth(s *index.Sum, seen map[*index.Atom]bool) bool {
	for i := range s.Terms {
		for k := range s.Terms[i].Factors {
			f := &s.Terms[i].Factors[k]
			if !a.varies(f.Atom) {
				continue
			}
			x := a.atomSum(f.Atom)
			if f.Exp.Sign() < 0 || !f.Exp.IsInt() {
				r := a.rangeOf(x)
				if f.Exp.IsInt() && r.Negative() {
					// defined everywhere
				} else if !r.Positive() && (!a.convexSet(x, half(0, true)) || !a.need(x, half(0, true), !f.Exp.IsInt())) {
					return false
				}
			}
			if seen[f.Atom] {
				continue
			}
			seen[f.Atom] = true
			if f.Atom.Kind == index.OpAtom && !a.smoothAtom(f.Atom) {
				return false
			}
			for _, arg := range f.Atom.Args {
				if !a.smooth(arg, seen) {
					return false
				}
			}
		}
	}
	return true
}

func (a *analyser) smoothAtom(at *index.Atom) bool {
	if at.Sym != nil {
		return true
	}
	x := at.Args[0]
	posdef := slices.ContainsFunc(at.Op.Pieces(), func(p expr.Piece) bool { return p.Posdef })
	switch {
	case at.Op.Kink:
		return false
	case at.Op.Name == expr.OpElPow:
		return a.convexSet(x, half(0, true)) && a.need(x, half(0, true), true)
	case posdef && at.Op.Domain != "":
		return a.isAffine(x) && a.needPSD(x, PD)
	case at.Op.Class == expr.Core && at.Op.Domain == "":
		return true
	}
	natural := naturalDomain(at.Op)
	return natural.Holds(a.rangeOf(x)) || a.convexSet(x, natural) && a.need(x, natural, true)
}

// naturalDomain is the interval from which an operator takes its operands: what its
// pieces are on. It is empty for what has none.
func naturalDomain(op *expr.Op) expr.Interval {
	var out expr.Interval
	first := true
	for _, p := range op.Pieces() {
		switch {
		case p.Posdef:
		case first:
			out, first = p.On, false
		default:
			out = hull(out, p.On)
		}
	}
	if op.Class == expr.Core && op.Domain != "" {
		return expr.Interval{}
	}
	return out
}

// proveHessian shows that the second derivatives are semidefinite.
func (a *analyser) proveHessian(p *Problem, list []form, g goal) (*proof, bool) {
	if !a.smooth(p.facts, map[*index.Atom]bool{}) {
		return nil, false
	}
	out := &proof{}
	for i := range list {
		f := &list[i]
		if f.s.IsZero() {
			continue
		}
		var q *proof
		ok := false
		for round := 0; round < 2 && !ok; round++ {
			ok = a.attempt(func() (ok bool) {
				q, ok = a.definiteForm(p, f, p.Wrt[i], g)
				return ok
			})
			if round == 0 && !ok {
				x := a.expand(f.s)
				if x == f.s {
					break
				}
				f = &form{s: x, left: f.left, right: f.right, symmetric: f.symmetric, axes: f.axes}
			}
		}
		if !ok {
			return nil, false
		}
		out.add(q)
	}
	return out, true
}

// definiteForm shows that one Hessian is semidefinite.
func (a *analyser) definiteForm(p *Problem, f *form, s *expr.Symbol, g goal) (*proof, bool) {
	out := &proof{}
	ax := f.axes
	vars := []*expr.Symbol{s}
	step := func(rule string, sum *index.Sum, args ...*index.Sum) {
		out.steps = append(out.steps, Step{Rule: rule, Goal: g, Sum: sum, Args: args, Axes: &ax, Var: s})
	}
	if len(f.left) == 0 {
		r := a.rangeOf(f.s)
		if !r.Nonnegative() && !r.Nonpositive() {
			r = intersect(r, a.signByDenominator(f.s))
		}
		strict := r.Positive() || r.Negative()
		if !(r.Nonnegative() && g == convex || r.Nonpositive() && g == concave) {
			sign := half(0, false)
			if g == concave {
				sign = negate(sign)
			}
			if a.sumVaries(f.s) && !a.convexSet(f.s, sign) || !a.need(f.s, sign, false) {
				return nil, false
			}
			u, q := a.st.Unit(f.s)
			rel, _ := relationFor(sign)
			if q.Sign() < 0 {
				rel = rel.opposite()
			}
			out.setStrict(vars, []Condition{{Relation: rel.strict(), Operand: u, Domain: a.sumVaries(u)}}, false)
			step("second-derivative", f.s)
			return out, true
		}
		if strict {
			out.setStrict(vars, nil, r.Lo > 0 || r.Hi < 0)
		}
		step("second-derivative", f.s)
		return out, true
	}
	step("hessian", f.s)
	out.steps[len(out.steps)-1].Rule = "hessian"
	d := a.semidefinite(*f, int(g))
	if len(d.rest) > 0 && !a.repair(f, d, g, out) {
		return nil, false
	}
	for _, r := range d.reasons {
		step(r.rule, r.sum, r.with...)
		out.steps[len(out.steps)-1].Whole = r.sum == f.s
	}
	switch {
	case d.definite:
		out.setStrict(vars, nil, d.constant)
	case d.conditional:
		out.setStrict(vars, d.rank, !a.sumVaries(f.s))
	}
	return out, true
}

// repair takes conditions under which the terms without a reason are semidefinite:
// that the whole Hessian is, if it is constant, or that the diagonal that they make
// has a sign.
func (a *analyser) repair(f *form, d *semidefinite, g goal, out *proof) bool {
	diagonal := true
	for _, i := range d.rest {
		t := &f.s.Terms[i]
		for k := range f.left {
			diagonal = diagonal && t.Slot[f.left[k]] == t.Slot[f.right[k]]
		}
	}
	if diagonal {
		// Σ_i d_i V_i²: the sign of d is wanted.
		slots := make([]*expr.Dim, len(f.left))
		for k, l := range f.left {
			slots[k] = f.s.Slots[l]
		}
		b := a.st.Build(slots)
		all := a.st.Build(f.s.Slots)
		for _, i := range d.rest {
			t := &f.s.Terms[i]
			r := a.st.Raw(slots)
			r.MulTerm(t, slices.Concat(r.Slot, r.Slot))
			b.Add(r)
			r = a.st.Raw(f.s.Slots)
			r.MulTerm(t, r.Slot)
			all.Add(r)
		}
		whole := all.Sum()
		sum := b.Sum()
		sign := half(0, false)
		if g == concave {
			sign = negate(sign)
		}
		r := a.rangeOf(sum)
		if !sign.Holds(r) {
			if a.sumVaries(sum) && !a.convexSet(sum, sign) || !a.need(sum, sign, false) {
				return false
			}
		} else if r.Positive() || r.Negative() {
			d.definite = true
		}
		d.reasons = append(d.reasons, reason{rule: "diagonal", sum: whole, with: []*index.Sum{sum}})
		return true
	}
	if a.sumVaries(f.s) || a.allow == 0 {
		return false
	}
	// A constant Hessian: the function is quadratic, and the condition exact.
	f = a.withoutIdentity(f)
	u, q := a.st.Unit(f.s)
	if q.Sign() < 0 {
		g = -g
	}
	rel := PSD
	if g == concave {
		rel = NSD
	}
	a.allow--
	a.conds = append(a.conds, Condition{Relation: rel, Operand: u, Exact: true, form: f})
	clear(a.ranges)
	d.reasons = nil
	d.definite, d.conditional = false, true
	d.rank = []Condition{{Relation: rel.strict(), Operand: u, form: f}}
	out.steps[len(out.steps)-1].Rule = "hessian-constant"
	return true
}
