package nabla

import (
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/plan"
	"example.com/nabla/internal/raise"
)

// Notation of a Hessian or Jacobian by a matrix is not always a way to compute it: where
// products with Kronecker factors do not come apart, intermediates are larger than the
// result. Then the matrix is computed a column at a time, each as a product with a unit
// vector, which costs about as much as a gradient.

// byColumns replaces the value of a Hessian or Jacobian by its columns where that is
// clearly cheaper, by the sizes given or estimated.
func (g *programmer) byColumns(r *plan.Result, s *expr.Symbol) error {
	columns := r.What == HessianOf || r.What == JacobianOf && !g.p.f.scalar() ||
		r.What == MixedHessian && (r.First.Shape.IsVector() || r.First.Shape.IsMatrix())
	if !columns || s.Family != nil || r.Compressed != "" || r.Value.Rank != 2 || !s.Shape.IsMatrix() && !s.Shape.IsVector() ||
		s.Kind == expr.Matrix && !s.Shape.IsMatrix() {
		return nil
	}
	cost := plan.TotalFlops([]*plan.Value{r.Value}, g.sizeOf)
	entries := plan.Entries(r.Value, g.sizeOf)
	if cost < cheapEntry*entries {
		return nil
	}
	v, err := g.columns(r, s)
	if err != nil || v == nil {
		return err
	}
	if g.cheaper(v, r.Value) {
		r.Value = v
	}
	return nil
}

// cheaper reports whether a value takes less than half of the work of another.
func (g *programmer) cheaper(v, than *plan.Value) bool {
	return 2*plan.TotalFlops([]*plan.Value{v}, g.sizeOf) < plan.TotalFlops([]*plan.Value{than}, g.sizeOf)
}

// cheapEntry is what an entry of a matrix may cost without a look for another way.
const cheapEntry = 8

// columns computes a Hessian or Jacobian by a vector or matrix column by column; nil if
// its parts have no notation.
func (g *programmer) columns(r *plan.Result, s *expr.Symbol) (*plan.Value, error) {
	p, m := g.p, g.m
	d := g.likeVariable("unit", s)
	var h view
	var err error
	switch r.What {
	case HessianOf:
		h, err = g.hessianTimes(s, s, d)
	case MixedHessian:
		h, err = g.hessianTimes(r.First, s, d)
	default:
		h, err = g.jacobianTimes(s, d)
	}
	if err != nil {
		return nil, err
	}
	h = p.simplify(h)
	n, form := g.rs.Raise(h.sum, h.axes)
	if form == raise.Index {
		return nil, nil
	}
	size := p.b.Mul(s.Shape.Cols, s.Shape.Rows)
	i := p.b.NewIndex("k", size)
	unit := m.UnitAt(size, i)
	low := plan.NewLowerer(m, g.options())
	switch {
	case s.Shape.IsVector():
		low.Bind(d, unit)
	case p.req.Vec == Rows:
		low.Bind(d, m.Transpose(m.Unvec(unit, s.Shape.Cols, s.Shape.Rows)))
	default:
		low.Bind(d, m.Unvec(unit, s.Shape.Rows, s.Shape.Cols))
	}
	v := m.Columns(i, g.stacked(low.Node(n)))
	if r.What != HessianOf && p.req.Layout == Denominator {
		v = m.Transpose(v)
	}
	return v, nil
}
