package nabla

import (
	"slices"

	"example.com/nabla/internal/eval"
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/index"
	"example.com/nabla/internal/message"
	"example.com/nabla/internal/plan"
	"example.com/nabla/internal/raise"
)

// Derivatives by the members of a family. By one member they are what `nabla diff` says;
// a program returns them for all members, which stand along a first axis as they are
// passed. A Hessian is by all members at once, one after another.

// memberwise fills in a derivative by each member: v is the one by a member, whose index
// is the last slot of v and of neither axis.
func (g *programmer) memberwise(r *plan.Result, v view, s *expr.Symbol) error {
	shape := func(slots []int) *expr.Dim {
		d := g.p.b.One()
		for _, k := range slots {
			d = g.p.b.Mul(d, v.sum.Slots[k])
		}
		return d
	}
	r.Shape = expr.Shape{Rows: shape(v.axes.Rows), Cols: shape(v.axes.Cols)}
	rank := g.memberRank(r, v, s)
	if rank == 2 {
		return g.stack(r, v, s)
	}
	last := len(v.sum.Slots) - 1
	all := view{v.sum, raise.Axes{Rows: []int{last}, Cols: slices.Concat(v.axes.Rows, v.axes.Cols)}}
	err := g.evaluated(r, all)
	if err != nil {
		// What has no notation for all members at once has one for each.
		i := g.counter(s)
		n := g.ofMember(v, i)
		if n == nil {
			return err
		}
		m, x := g.m, g.low.Node(n)
		if x.Rank == 0 {
			r.Value = m.Flatten(m.Columns(i, m.FillVector(x, g.p.b.One())))
		} else {
			r.Value = m.Transpose(m.Columns(i, x))
		}
		r.Shape = expr.Shape{Rows: r.Value.Rows, Cols: r.Value.Cols}
	}
	// Members of one entry, or only one of them, have their axes all the same.
	switch x := r.Value; {
	case rank == 0 && x.Rank == 0:
		r.Value = g.m.FillVector(x, g.p.b.One())
	case rank == 1 && x.Rank < 2:
		r.Value = g.m.AsColumn(x)
	}
	return nil
}

// memberRank is the rank of the derivative by one member: that of the variable where that
// gives its shape, else as few axes as it has.
func (g *programmer) memberRank(r *plan.Result, v view, s *expr.Symbol) int {
	if g.p.f.scalar() || r.What == HessianVector || r.What == AdjointJacobian {
		return plan.ArgumentRank(s) - 1
	}
	rank := 0
	for _, list := range [][]int{v.axes.Rows, v.axes.Cols} {
		if len(list) > 0 {
			rank++
		}
	}
	return rank
}

// ofMember writes a derivative by the member whose index is i; nil if there is no notation.
func (g *programmer) ofMember(v view, i *expr.Index) *expr.Node {
	n, form := g.p.rs.Raise(v.sum, v.axes)
	if form == raise.Index {
		return nil
	}
	// Terms of several families have the index of one of them.
	if free := expr.FreeIndices(n); len(free) == 1 {
		n = g.p.b.Reindex(n, free[0], i)
	}
	return n
}

// counter is the index of the members in loops over results, in which there can be sums
// over the family's own.
func (g *programmer) counter(s *expr.Symbol) *expr.Index {
	i := g.counters[s.Family]
	if i == nil {
		i = g.p.b.NewIndex(s.Family.Name, s.Family.Size)
		g.counters[s.Family] = i
	}
	return i
}

// stack computes a matrix for each member.
func (g *programmer) stack(r *plan.Result, v view, s *expr.Symbol) error {
	i := g.counter(s)
	n := g.ofMember(v, i)
	if n == nil {
		return plainError(say("the derivative by the matrices %s has an entry of a function of all members, which has no notation", memberName(s)))
	}
	x := g.low.Result(n)
	if x.Rank < 2 {
		if r.Shape.IsRow() {
			x = g.m.AsRow(x)
		} else {
			x = g.m.AsColumn(x)
		}
	}
	r.Value = g.m.Stack(i, x)
	return nil
}

// memberSlots are the slots of a family from base on, the members' outermost, so that
// vec of one member follows that of another.
func (g *programmer) memberSlots(a *index.Atom, base int) []int {
	n := len(a.Slots) - 1
	member := raise.Axes{Rows: seq(a.RowAxes()), Cols: shift(seq(n-a.RowAxes()), a.RowAxes())}
	return shift(append([]int{n}, vec(member, g.p.req.Vec)...), base)
}

// membersHessian fills in the Hessian by all members of a family.
func (g *programmer) membersHessian(r *plan.Result, s *expr.Symbol) error {
	p := g.p
	a := p.st.Var(s, true)
	first := p.derive(p.f, s)
	n := len(a.Slots)
	second, _ := p.further(first, func(v view) view {
		v = p.derive(v, s)
		v.axes = raise.Axes{Rows: g.memberSlots(a, 0), Cols: g.memberSlots(a, n)}
		return v
	})
	symbol := symbol{f: p.res.Name, shape: p.prog.Result.Shape, wrt: []string{s.Name, s.Name}, kinds: []expr.Shape{s.Shape, s.Shape}}
	r.Text = symbol.text() + " by the members of " + s.Name + ", one after another"
	g.doc = append(g.doc, "", r.Text)
	second = p.simplify(second)
	if err := g.verifyMembers(first, second.sum, s); err != nil {
		return err
	}
	g.assume(message.English(p.assumptions(second.sum, []*expr.Symbol{s})))
	size := p.b.Mul(s.Family.Size, p.b.Mul(s.Shape.Rows, s.Shape.Cols))
	written := g.evaluated(r, second)
	if written != nil || plan.TotalFlops([]*plan.Value{r.Value}, g.sizeOf) > cheapEntry*plan.Entries(r.Value, g.sizeOf) {
		v, err := g.memberColumns(s)
		switch {
		case err != nil:
			return err
		case v == nil && written != nil:
			return written
		case v != nil && (written != nil || g.cheaper(v, r.Value)):
			r.Value = v
		}
	}
	if r.Value.Rank == 0 { // one member of one entry
		r.Value = g.m.AsColumn(r.Value)
	}
	r.Shape = expr.Shape{Rows: size, Cols: size}
	g.doc = append(g.doc, shapeString(r.Shape))
	return nil
}

// memberColumns computes the Hessian by all members column by column, each as its product
// with a direction in which one entry of one member moves; nil if that has no notation.
func (g *programmer) memberColumns(s *expr.Symbol) (*plan.Value, error) {
	p, m := g.p, g.m
	d := g.likeVariable("unit", s)
	h, err := g.hessianTimes(s, s, d)
	if err != nil {
		return nil, err
	}
	i := g.counter(s)
	n := g.ofMember(p.simplify(h), i)
	if n == nil {
		return nil, nil
	}
	count, entries := s.Family.Size, p.b.Mul(s.Shape.Rows, s.Shape.Cols)
	k, l := p.b.NewIndex("k", count), p.b.NewIndex("l", entries)
	low := plan.NewLowerer(m, plan.Options{Size: g.sizeOf})
	low.BindMembers(d, func(i *expr.Index) *plan.Value {
		is := m.InnerProduct(m.UnitAt(count, k), m.UnitAt(count, i))
		switch {
		case s.Shape.IsScalar():
			return is
		case !s.Shape.IsMatrix():
			return m.Binary("mul", is, m.UnitAt(entries, l))
		case p.req.Vec == Rows:
			return m.Binary("mul", is, m.Transpose(m.Unvec(m.UnitAt(entries, l), s.Shape.Cols, s.Shape.Rows)))
		}
		return m.Binary("mul", is, m.Unvec(m.UnitAt(entries, l), s.Shape.Rows, s.Shape.Cols))
	})
	x := low.Node(n)
	if x.Rank == 0 {
		x = m.FillVector(x, p.b.One())
	}
	column := m.Vec(m.Columns(i, g.stacked(x)))
	all := p.b.Mul(count, entries)
	v := m.Unvec(m.Vec(m.Columns(k, m.Vec(m.Columns(l, column)))), all, all)
	if slices.ContainsFunc(plan.Schedule([]*plan.Value{v}), func(v *plan.Value) bool { return v.Sym == d }) {
		return nil, nil
	}
	return v, nil
}

// verifyMembers compares the derivative d of a view by all members with differences.
func (g *programmer) verifyMembers(of view, d *index.Sum, by *expr.Symbol) error {
	p := g.p
	if p.req.NoCheck {
		return nil
	}
	// The variable is the matrix whose columns are the members, each stacked by columns.
	a := p.st.Var(by, true)
	base, n := len(of.sum.Slots), len(a.Slots)-1
	entries := slices.Concat(shift(seq(n-a.RowAxes()), base+a.RowAxes()), shift(seq(a.RowAxes()), base))
	dv := &eval.View{Sum: d, Rows: entries, Cols: []int{base + n}}
	fv := p.evalView(of)
	if base > 0 {
		dv.Rows = append([]int{base + n}, entries...)
		fv.Rows, fv.Cols = seq(base), nil
		dv.Cols = seq(base)
	}
	_, err := runCheck(&eval.Problem{Reg: p.b, F: p.prog.Result, FView: fv, DView: dv, X: by, Denominator: true})
	return err
}

// evaluated fills in the value of a view that is a scalar, vector or matrix.
func (g *programmer) evaluated(r *plan.Result, v view) error {
	n, form := g.rs.Raise(v.sum, v.axes)
	x, ok := g.p.indexForm(v)
	switch {
	case form == raise.Index && !ok:
		return noNotation(r.Text)
	case form == raise.Index:
		r.Value = g.low.IndexForm(x)
		r.Shape = expr.Shape{Rows: r.Value.Rows, Cols: r.Value.Cols}
	default:
		r.Shape = n.Shape
		if r.Value = g.low.Result(n); ok {
			r.Value = g.low.Cheaper(n, x)
		}
	}
	return nil
}

// members returns the derivative by all members as one vector, in the order of their
// Hessian: the gradient that a check takes differences of.
func (g *programmer) members(v *plan.Value, s *expr.Symbol) *plan.Value {
	m := g.m
	member := func(v *plan.Value) *plan.Value { // by its shape as it is passed
		if s.Kind == expr.Matrix && v.Rank == 2 {
			return g.stacked(v)
		}
		return v
	}
	switch {
	case v.Kind == plan.Stack:
		return m.Vec(m.Columns(v.Index, member(v.Args[0])))
	case v.Rank == 3:
		i := g.counter(s)
		return m.Vec(m.Columns(i, member(m.Member(v, i))))
	case v.Rank == 2:
		return m.Vec(m.Transpose(v))
	}
	return v
}

// alongMembers is the change of a scalar or of f that a derivative by the members, a family
// itself, says of a direction.
func (g *programmer) alongMembers(r plan.Result, d, x, f *plan.Value) *plan.Value {
	m, i := g.m, g.counter(r.Wrt)
	d, x = m.Member(d, i), m.Member(x, i)
	if f.Rank == 0 {
		return m.SumOver(i, m.InnerProduct(d, x))
	}
	return m.SumOver(i, g.applied(r, d, x, f))
}
