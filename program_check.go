package nabla

import (
	"slices"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/plan"
)

// check adds to a program how its results are compared with differences: of what, and
// what each result says of the change in a direction.
func (g *programmer) check(prog *plan.Program) error {
	c := &plan.Check{}
	var value, paired *plan.Program
	gradients := map[*expr.Symbol]*plan.Program{}
	for _, r := range prog.Results {
		var base, along *plan.Program
		switch r.What {
		case ValueOf:
		case HessianOf, HessianVector, MixedHessian:
			of := r.Wrt
			if r.What == MixedHessian {
				of = r.First
			}
			if base = gradients[of]; base == nil {
				d, err := g.bareGradient(of)
				if err != nil {
					return err
				}
				base = g.partial("gradient", g.vars, d)
				gradients[of] = base
			}
		case AdjointJacobian:
			if g.extra[nil] != nil {
				if paired == nil {
					paired = g.paired()
				}
				base = paired
				break
			}
			fallthrough
		default:
			if value == nil {
				value = g.partial("value", g.vars, g.bareValue())
			}
			base = value
		}
		if base != nil {
			along = g.along(r, base.Results[0])
		}
		c.Base, c.Along = append(c.Base, base), append(c.Along, along)
	}
	prog.Check = c
	return nil
}

// partial makes a program of the check. Where its variables do not show a size, it has
// those of the program itself besides.
func (g *programmer) partial(name string, variables []*expr.Symbol, r plan.Result) *plan.Program {
	results := []plan.Result{r}
	prog := plan.Assemble(g.p.b, name, variables, results)
	if slices.ContainsFunc(prog.Params, func(q plan.Parameter) bool { return q.Size != nil }) {
		return plan.Assemble(g.p.b, name, slices.Concat(variables, g.variables()), results)
	}
	return prog
}

// bareValue is the function as it was written: the facts of the variables that it is
// differentiated by do not hold where differences are taken.
func (g *programmer) bareValue() plan.Result {
	r := g.value()
	for _, s := range g.p.prog.Wrt {
		if s.Facts != 0 {
			r.Value = g.low.Result(g.p.prog.Result)
		}
	}
	return r
}

// bareGradient is the gradient without what the facts of its variable make of it.
func (g *programmer) bareGradient(s *expr.Symbol) (plan.Result, error) {
	r := plan.Result{What: GradientOf, Wrt: s}
	v := g.p.derive(g.p.f, s)
	if s.Facts == 0 {
		v = g.p.simplify(v)
	}
	err := g.arranged(&r, v, s)
	if err == nil && s.Family != nil {
		r.Value = g.members(r.Value, s)
	}
	return r, err
}

// paired is the inner product of the function with the cotangent.
func (g *programmer) paired() *plan.Program {
	r := g.bareValue()
	v, x := g.m.Param(g.extra[nil]), r.Value
	if x.Rank != v.Rank {
		x = g.m.Flatten(x)
		v = g.m.Flatten(v)
	}
	r.Value = g.m.InnerProduct(x, v)
	r.Shape = expr.Shape{Rows: g.p.b.One(), Cols: g.p.b.One()}
	return g.partial("paired", g.vars, r)
}

// along is the change of base that result r predicts in a direction: a program of the
// result and the direction.
func (g *programmer) along(r, base plan.Result) *plan.Program {
	b, m := g.p.b, g.m
	symbol := func(name string, v *plan.Value) *expr.Symbol {
		kind := []expr.Kind{expr.Scalar, expr.Vector, expr.Matrix, expr.Matrix}[v.Rank]
		return b.NewSymbol(name, kind, expr.Shape{Rows: v.Rows, Cols: v.Cols}, 0)
	}
	rs := symbol("result", r.Value)
	if s := r.Wrt; s.Family != nil && r.What != HessianOf && r.What != JacobianVector {
		// The result is a family: of the variable's shape, or of one part of it for each member.
		kind := []expr.Kind{expr.Scalar, expr.Vector, expr.Matrix}[r.Value.Rank-1]
		rs = b.NewSymbol("result", kind, expr.Shape{Rows: r.Value.Rows, Cols: r.Value.Cols}, 0)
		switch kind {
		case expr.Scalar:
			rs.Shape = expr.Shape{Rows: b.One(), Cols: b.One()}
		case expr.Vector:
			rs.Shape = expr.Shape{Rows: r.Value.Cols, Cols: b.One()}
		}
		rs.Family = s.Family
	}
	ds := b.NewSymbol("direction", r.Wrt.Kind, r.Wrt.Shape, 0)
	ds.Family = r.Wrt.Family
	result, direction := m.Param(rs), m.Param(ds)
	out := base
	switch {
	case r.What == HessianVector && r.Wrt.Family != nil:
		out.Value = g.members(result, r.Wrt)
	case r.What == HessianVector || r.What == JacobianVector:
		out.Value = result
	case r.What == HessianOf && r.Wrt.Family != nil:
		out.Value = m.MatVec(result, g.members(direction, r.Wrt))
	case r.Wrt.Family != nil && (r.Value.Rank == 3 || base.Value.Rank > 0):
		out.Value = g.alongMembers(r, result, direction, base.Value)
	case r.Compressed != "":
		// (I ⊗ M) vec(D) = vec(M D), (M ⊗ I) vec(D) = vec(D Mᵀ).
		left := r.Compressed[len(r.Compressed)-1] == 'M'
		if g.p.req.Vec == Rows {
			left = !left
		}
		if left {
			out.Value = m.MatMul(result, direction)
		} else {
			out.Value = m.MatMul(direction, m.Transpose(result))
		}
	default:
		out.Value = g.applied(r, result, direction, base.Value)
	}
	prog := g.partial("along", []*expr.Symbol{rs, ds}, out)
	for i := range prog.Params {
		switch q := &prog.Params[i]; q.Sym {
		case rs:
			q.Result = true
		case ds:
			q.Direction = r.Wrt
		}
	}
	return prog
}

// applied multiplies a derivative, in its layout, by a direction; the product has the
// form of the value f.
func (g *programmer) applied(r plan.Result, d, x, f *plan.Value) *plan.Value {
	m := g.m
	if family := x.Kind == plan.Param && x.Sym.Family != nil; !family && x.Rank > 0 && x.Rows.IsOne() && x.Cols.IsOne() {
		// By one entry is as by a scalar.
		x = m.Item(x)
		if f.Rank == 0 && d.Rank > 0 {
			d = m.Item(d)
		}
	}
	switch {
	case f.Rank == 0: // a gradient, in the shape of the variable
		return m.InnerProduct(g.flat(d), g.flat(x))
	case x.Rank == 0: // in the shape of the function, perhaps transposed
		if d.Rank == 2 && f.Rank == 2 && f.Kind != plan.AsRow && g.p.req.Layout == Denominator {
			d = m.Transpose(d)
		} else if f.Rank == 1 || f.Kind == plan.AsRow {
			return g.like(m.Binary("mul", x, g.flat(d)), f)
		}
		return m.Binary("mul", x, d)
	}
	if g.p.req.Layout == Denominator && r.What != HessianOf {
		d = m.Transpose(d)
	}
	v := g.stacked(x)
	if d.Rank != 2 { // one side has one entry
		d = m.AsColumn(d)
		if d.Cols != v.Rows {
			d = m.Transpose(d)
		}
	}
	return g.like(m.MatVec(d, v), f)
}

// flat returns a vector or scalar as it is, a column, row or matrix with its entries in
// a vector where it has one row or column.
func (g *programmer) flat(v *plan.Value) *plan.Value {
	if v.Rank == 2 && (v.Rows.IsOne() || v.Cols.IsOne()) {
		return g.m.Flatten(v)
	}
	return v
}

// stacked returns vec(v) in the order asked for.
func (g *programmer) stacked(v *plan.Value) *plan.Value {
	switch {
	case v.Rank == 0:
		return v
	case v.Rank == 1:
		return v
	case v.Rows.IsOne() || v.Cols.IsOne():
		return g.m.Flatten(v)
	case g.p.req.Vec == Rows:
		return g.m.Vec(g.m.Transpose(v))
	}
	return g.m.Vec(v)
}

// like arranges the entries v of a function's differential as the function's value f.
func (g *programmer) like(v, f *plan.Value) *plan.Value {
	m := g.m
	switch {
	case f.Rank == 1:
		return v
	case f.Kind == plan.AsRow || f.Rank == 2 && f.Rows.IsOne():
		return m.AsRow(v)
	case f.Rank == 2 && f.Cols.IsOne():
		return m.AsColumn(v)
	case g.p.req.Vec == Rows:
		return m.Transpose(m.Unvec(v, f.Cols, f.Rows))
	}
	return m.Unvec(v, f.Rows, f.Cols)
}
