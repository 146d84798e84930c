package solve

import (
	"slices"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/index"
	"example.com/nabla/internal/raise"
	"example.com/nabla/internal/rat"
)

// A multiple is an equation multiplied by something that is not zero.
type multiple struct {
	eq   Equation
	step Step
}

// line makes the step "sum = 0".
func (s *Solver) line(rule string, eq Equation, operands ...*expr.Node) (Step, bool) {
	left, ok := s.node(eq.Sum, eq.Axes)
	return Step{Rule: rule, Operands: operands, Left: left, Right: s.zero()}, ok
}

// strip takes away a factor that every term of an equation has and that is not
// zero: a scalar in x that is positive or a denominator, or an inverse on the left or
// right that does not depend on x.
func (s *Solver) strip(eq Equation, x *index.Atom) (Equation, Step, bool) {
	terms := eq.Sum.Terms
	for _, f := range terms[0].Factors {
		if len(f.Idx) > 0 || !atomDepends(f.Atom, x) {
			continue
		}
		e, lowest := f.Exp, f.Exp
		for i := range terms {
			e = least(e, exponent(&terms[i], f.Atom))
			if k := exponent(&terms[i], f.Atom); k.Cmp(lowest) < 0 {
				lowest = k
			}
		}
		if e.Sign() < 0 && !lowest.Equal(e) {
			continue // all denominators go at once
		}
		if e.IsZero() || e.Sign() > 0 && !f.Atom.Positive {
			continue
		}
		r := s.St.Raw(nil)
		r.MulAtom(f.Atom, nil, e.Neg())
		by := s.St.SumOf(nil, r)
		n, ok := s.node(by, raise.Axes{})
		if !ok {
			continue
		}
		next := Equation{s.scale(eq.Sum, by), eq.Axes}
		if step, ok := s.line("multiply", next, n); ok {
			return next, step, true
		}
	}
	for k := range eq.Sum.Slots {
		var a *index.Atom
		var at int
		for i := range terms {
			b, p := s.inverseAt(&terms[i], k)
			if b == nil || i > 0 && (b != a || p != at) {
				a = nil
				break
			}
			a, at = b, p
		}
		if a == nil || atomDepends(a, x) {
			continue
		}
		if m, ok := s.times(eq, k, a, at); ok {
			return m.eq, m.step, true
		}
	}
	return eq, Step{}, false
}

// inverseAt returns the inverse that stands at slot k of a term, and which of its
// indices the slot shows.
func (s *Solver) inverseAt(t *index.Term, k int) (*index.Atom, int) {
	for _, f := range t.Factors {
		if a := f.Atom; a.Kind == index.OpAtom && a.Op.Name == expr.OpInv && len(a.Slots) == 2 && f.Exp.IsOne() {
			if p := slices.Index(f.Idx, t.Slot[k]); p >= 0 && f.Idx[1-p] != f.Idx[p] {
				return a, p
			}
		}
	}
	return nil, 0
}

// times multiplies an equation at slot k by the matrix whose inverse a stands there
// with its index p.
func (s *Solver) times(eq Equation, k int, a *index.Atom, p int) (multiple, bool) {
	arg := a.Args[0]
	b := s.St.Build(eq.Sum.Slots)
	for i := range eq.Sum.Terms {
		t := &eq.Sum.Terms[i]
		r := s.St.Raw(eq.Sum.Slots)
		r.Coef = t.Coef
		old := slices.Clone(r.Slot)
		old[k] = r.Class(eq.Sum.Slots[k])
		mulFactors(r, t, r.Place(t, old), -1)
		// inv(A)[k, ·] is multiplied by A[k', k], inv(A)[·, k] by A[k, k'].
		idx := []index.Ix{r.Slot[k], old[k]}
		if p == 1 {
			idx[0], idx[1] = idx[1], idx[0]
		}
		if len(arg.Terms) == 1 {
			r.MulTerm(&arg.Terms[0], idx)
		} else {
			r.MulSum(arg, idx, rat.One)
		}
		b.Add(r)
	}
	next := Equation{b.Sum(), eq.Axes}
	row := len(eq.Axes.Rows) == 1 && eq.Axes.Rows[0] == k
	ax := raise.Axes{Rows: []int{0}, Cols: []int{1}}
	if row == (p == 1) {
		ax = raise.Axes{Rows: []int{1}, Cols: []int{0}}
	}
	by, ok := s.node(arg, ax)
	if !ok {
		return multiple{}, false
	}
	rule := "multiply-right"
	if row {
		rule = "multiply-left"
	}
	step, ok := s.line(rule, next, by)
	return multiple{next, step}, ok
}

// multiples lists the equation multiplied by its denominators in x: scalars and
// entries at once, inverses on one side and on both.
func (s *Solver) multiples(eq Equation, x *index.Atom) []multiple {
	var out []multiple
	if more, ok := expand(s.St, eq.Sum, x); ok {
		eq.Sum = more
	}
	if m, ok := s.denominators(eq, x); ok {
		out = append(out, m)
	}
	for k := range eq.Sum.Slots {
		type place struct {
			a *index.Atom
			p int
		}
		var tried []place
		for i := range eq.Sum.Terms {
			a, p := s.inverseAt(&eq.Sum.Terms[i], k)
			if a == nil || !atomDepends(a, x) || slices.Contains(tried, place{a, p}) {
				continue
			}
			tried = append(tried, place{a, p})
			if m, ok := s.times(eq, k, a, p); ok {
				out = append(out, m)
			}
		}
	}
	return out
}

// denominators multiplies by the powers that make the exponents of all factors
// which depend on x, and which are scalars or run along the equation's slots, positive.
func (s *Solver) denominators(eq Equation, x *index.Atom) (multiple, bool) {
	type power struct {
		atom  *index.Atom
		slots []int // of the equation, nil for a scalar
		exp   rat.Rat
	}
	var list []power
	terms := eq.Sum.Terms
	for i := range terms {
	factors:
		for _, f := range terms[i].Factors {
			if f.Exp.Sign() >= 0 || !atomDepends(f.Atom, x) {
				continue
			}
			slots := make([]int, len(f.Idx))
			for k, c := range f.Idx {
				if slots[k] = slices.Index(terms[i].Slot, c); slots[k] < 0 {
					continue factors
				}
			}
			for k := range list {
				if list[k].atom == f.Atom && slices.Equal(list[k].slots, slots) {
					if f.Exp.Cmp(list[k].exp) < 0 {
						list[k].exp = f.Exp
					}
					continue factors
				}
			}
			list = append(list, power{f.Atom, slots, f.Exp})
		}
	}
	if len(list) == 0 {
		return multiple{}, false
	}
	mul := func(r *index.Raw) {
		for _, p := range list {
			idx := make([]index.Ix, len(p.slots))
			for k, i := range p.slots {
				idx[k] = r.Slot[i]
			}
			r.MulAtom(p.atom, idx, p.exp.Neg())
		}
	}
	b := s.St.Build(eq.Sum.Slots)
	for i := range terms {
		r, m := open(s.St, eq.Sum, &terms[i])
		mulFactors(r, &terms[i], m, -1)
		mul(r)
		b.Add(r)
	}
	sum, ok := expand(s.St, b.Sum(), x)
	if !ok {
		return multiple{}, false
	}
	next := Equation{sum, eq.Axes}
	r := s.St.Raw(eq.Sum.Slots)
	mul(r)
	by := s.St.SumOf(eq.Sum.Slots, r)
	rule, ax := "multiply-entrywise", eq.Axes
	if !slices.ContainsFunc(seq(0, len(by.Slots)), by.DependsOn) {
		for k := len(by.Slots) - 1; k >= 0; k-- {
			by = s.St.DropSlot(by, k)
		}
		rule, ax = "multiply", raise.Axes{}
	}
	n, ok := s.node(by, ax)
	if !ok {
		return multiple{}, false
	}
	step, ok := s.line(rule, next, n)
	return multiple{next, step}, ok
}
