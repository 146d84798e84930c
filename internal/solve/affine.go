package solve

import (
	"slices"

	"example.com/nabla/internal/diff"
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/index"
	"example.com/nabla/internal/raise"
	"example.com/nabla/internal/rat"
)

// A split is an affine equation L X = B: the slots of op are those of the equation,
// then those of the unknown.
type split struct {
	op, rhs *index.Sum
	factor  *expr.Node // what both sides were divided by, nil for 1
}

// Affine splits an equation that is affine in x; it reports false where it is not
// or where that cannot be seen.
func (s *Solver) split(eq Equation, x *index.Atom) (split, bool) {
	e := eq.Sum
	if !polynomial(e, x) {
		more, ok := expand(s.St, e, x)
		if !ok || !polynomial(more, x) {
			return split{}, false
		}
		e = more
	}
	op := s.derivative(e, x)
	if DependsOn(op, x) {
		more, ok := expand(s.St, e, x)
		if !ok {
			return split{}, false
		}
		e = more
		op = s.derivative(e, x)
		if op, ok = expand(s.St, op, x); !ok || DependsOn(op, x) {
			return split{}, false
		}
	}
	zero := s.St.SumOf(x.Slots)
	rest := Substitute(s.St, e, map[*index.Atom]*index.Sum{x: zero})
	if op.IsZero() { // x cancels when the equation is multiplied out
		return split{op: op, rhs: s.St.Scale(rest, rat.MinusOne)}, true
	}
	if x.Symmetric {
		op = s.straighten(op, len(eq.Sum.Slots))
	}
	return s.divide(split{op: op, rhs: s.St.Scale(rest, rat.MinusOne)}), true
}

func (s *Solver) derivative(e *index.Sum, x *index.Atom) *index.Sum {
	return diff.Reverse(s.Low, e, []*index.Atom{x}, nil)[0]
}

// polynomial reports whether x occurs in s in groups and as a factor with whole
// positive exponents alone.
func polynomial(s *index.Sum, x *index.Atom) bool {
	for i := range s.Terms {
		for _, f := range s.Terms[i].Factors {
			if !atomDepends(f.Atom, x) {
				continue
			}
			if k, ok := f.Exp.Int64(); !ok || k < 1 {
				return false
			}
			if f.Atom != x && (f.Atom.Kind != index.GroupAtom || !polynomial(f.Atom.Args[0], x)) {
				return false
			}
		}
	}
	return true
}

// divide takes out the factor that both sides of an equation have: a number, and
// scalars that every term has.
func (s *Solver) divide(p split) split {
	st := s.St
	all := slices.Concat(p.op.Terms, p.rhs.Terms)
	q := rat.Zero
	negative := 0
	for i := range all {
		q = rat.GCD(q, all[i].Coef)
		if i < len(p.op.Terms) {
			negative += all[i].Coef.Sign()
		}
	}
	if negative < 0 {
		q = q.Neg()
	}
	by := st.Raw(nil)
	by.Coef = q
	inverse := st.Raw(nil)
	inverse.Coef = rat.One.Div(q)
	for _, f := range all[0].Factors {
		if len(f.Idx) > 0 {
			continue
		}
		e := f.Exp
		for i := range all {
			e = least(e, exponent(&all[i], f.Atom))
		}
		if e.IsZero() {
			continue
		}
		if e.Sign() > 0 && !f.Atom.Positive {
			s.assume(Nonzero, st.AtomSum(f.Atom, nil, nil), raise.Axes{})
		}
		by.MulAtom(f.Atom, nil, e)
		inverse.MulAtom(f.Atom, nil, e.Neg())
	}
	factor, inv := st.SumOf(nil, by), st.SumOf(nil, inverse)
	if c, ok := factor.Const(); ok && c.IsOne() {
		return p
	}
	p.op, p.rhs = s.scale(p.op, inv), s.scale(p.rhs, inv)
	if n, ok := s.node(factor, raise.Axes{}); ok {
		p.factor = n
	}
	return p
}

// least returns the exponent that both have in common: the nearer to zero of two
// with one sign, else zero.
func least(a, b rat.Rat) rat.Rat {
	switch {
	case a.Sign()*b.Sign() <= 0:
		return rat.Zero
	case a.Abs().Cmp(b.Abs()) < 0:
		return a
	}
	return b
}

func exponent(t *index.Term, a *index.Atom) rat.Rat {
	for _, f := range t.Factors {
		if f.Atom == a {
			return f.Exp
		}
	}
	return rat.Zero
}

// scale multiplies each term of a sum by a scalar of one term.
func (s *Solver) scale(sum, c *index.Sum) *index.Sum {
	b := s.St.Build(sum.Slots)
	for i := range sum.Terms {
		r, m := open(s.St, sum, &sum.Terms[i])
		mulFactors(r, &sum.Terms[i], m, -1)
		r.MulSum(c, nil, rat.One)
		b.Add(r)
	}
	return b.Sum()
}

// straighten exchanges the two slots of a symmetric unknown in the terms where that
// joins rows with rows.
func (s *Solver) straighten(op *index.Sum, base int) *index.Sum {
	if len(op.Slots) != base+2 || base != 2 {
		return op
	}
	b := s.St.Build(op.Slots)
	for i := range op.Terms {
		t := &op.Terms[i]
		r := s.St.Raw(op.Slots)
		idx := slices.Clone(r.Slot)
		c := components(t)
		row, col, j, l := c[t.Slot[0]], c[t.Slot[1]], c[t.Slot[2]], c[t.Slot[3]]
		if row != j && col != l && (row == l || col == j) {
			idx[2], idx[3] = idx[3], idx[2]
		}
		r.Coef = t.Coef
		mulFactors(r, t, r.Place(t, idx), -1)
		b.Add(r)
	}
	return b.Sum()
}

// components numbers the connected components of a term's classes, joined by its
// factors.
func components(t *index.Term) []index.Ix {
	comp := make([]index.Ix, len(t.Dims))
	for c := range comp {
		comp[c] = index.Ix(c)
	}
	for _, f := range t.Factors {
		for _, c := range f.Idx[min(1, len(f.Idx)):] {
			a, b := comp[f.Idx[0]], comp[c]
			for k := range comp {
				if comp[k] == max(a, b) {
					comp[k] = min(a, b)
				}
			}
		}
	}
	return comp
}

// affine solves an equation that is affine in x.
func (s *Solver) affine(eq Equation, x *index.Atom, ax raise.Axes) (solved, *Failure) {
	conds := len(s.conds)
	p, ok := s.split(eq, x)
	if !ok {
		s.conds = s.conds[:conds]
		return solved{}, &Failure{Kind: NotAffine}
	}
	switch {
	case p.op.IsZero() && p.rhs.IsZero():
		return solved{}, &Failure{Kind: Everywhere}
	case p.op.IsZero():
		return solved{}, &Failure{Kind: Free, Rest: p.rhs}
	}
	other := raise.Axes{Rows: eq.Axes.Cols, Cols: eq.Axes.Rows}
	turned := s.turned(p.op, eq, ax) && sameSlots(eq.Sum.Slots, other, x.Slots, ax)
	if turned {
		eq.Axes = other
	}
	if !sameSlots(eq.Sum.Slots, eq.Axes, x.Slots, ax) {
		return solved{}, &Failure{Kind: NotSquare}
	}
	l := s.operator(p, eq, x, ax)
	left, ok1 := s.left(l)
	right, ok2 := s.node(p.rhs, eq.Axes)
	if p.rhs.IsZero() {
		right, ok2 = s.zero(), true
	}
	if !ok1 || !ok2 {
		return solved{}, &Failure{Kind: Notation}
	}
	collect := Step{Rule: "collect", Left: left, Right: right}
	if n := p.factor; n != nil {
		collect.Rule, collect.Operands = "collect-divide", []*expr.Node{n}
		if n.Op.Name == expr.OpNum && rat.One.Div(n.Num).IsInt() {
			collect.Rule, collect.Operands = "collect-multiply", []*expr.Node{s.St.B.Num(rat.One.Div(n.Num))}
		}
	}
	if turned {
		collect.Rule = "transpose-" + collect.Rule
	}
	out, fail := s.invert(l, p.rhs)
	if fail != nil {
		fail.Steps = []Step{collect}
		return solved{}, fail
	}
	out.steps = slices.Insert(out.steps, 0, collect)
	if last := &out.steps[len(out.steps)-1]; len(out.steps) > 1 && last.Left == collect.Left && last.Right == collect.Right {
		out.steps = out.steps[:len(out.steps)-1]
	}
	return out, nil
}

// turned reports whether the unknown stands transposed in every term of an operator
// between matrices: its columns are joined with the equation's rows.
func (s *Solver) turned(op *index.Sum, eq Equation, ax raise.Axes) bool {
	if len(eq.Axes.Rows) != 1 || len(eq.Axes.Cols) != 1 || len(ax.Rows) != 1 || len(ax.Cols) != 1 {
		return false
	}
	n := len(eq.Sum.Slots)
	for i := range op.Terms {
		t := &op.Terms[i]
		c := components(t)
		at := func(k int) index.Ix { return c[t.Slot[k]] }
		row, col := at(eq.Axes.Rows[0]), at(eq.Axes.Cols[0])
		if row == col || row != at(n+ax.Cols[0]) || col != at(n+ax.Rows[0]) {
			return false
		}
	}
	return true
}

// sameSlots reports whether an equation has as many rows and columns as x.
func sameSlots(e []*expr.Dim, ea raise.Axes, x []*expr.Dim, xa raise.Axes) bool {
	pick := func(d []*expr.Dim, at []int) []*expr.Dim {
		out := make([]*expr.Dim, len(at))
		for i, k := range at {
			out[i] = d[k]
		}
		return out
	}
	return slices.Equal(pick(e, ea.Rows), pick(x, xa.Rows)) && slices.Equal(pick(e, ea.Cols), pick(x, xa.Cols))
}

// Apart writes an equation that is the difference of g and something else as
// g = something else, divided by factor, which both have in common; factor is nil for 1.
func (s *Solver) Apart(eq Equation, g *index.Sum) (left, right, factor *expr.Node, ok bool) {
	rest := s.St.AddSums([]*index.Sum{g, eq.Sum}, []rat.Rat{rat.One, rat.MinusOne})
	if g.IsZero() || rest.IsZero() {
		return nil, nil, nil, false
	}
	p := s.divide(split{op: g, rhs: rest})
	left, ok1 := s.node(p.op, eq.Axes)
	right, ok2 := s.node(p.rhs, eq.Axes)
	return left, right, p.factor, ok1 && ok2
}
