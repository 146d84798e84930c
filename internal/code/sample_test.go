package code

import (
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/ops"
	"example.com/nabla/internal/plan"
)

// leastSquares is the program of ‖Xw − y‖² with its gradient by w.
func leastSquares() *plan.Program {
	b := expr.NewBuilder(ops.Registry())
	m := plan.NewMaker(b)
	rows, cols := b.Sizes.Size("m"), b.Sizes.Size("n")
	one := b.One()
	x := b.NewSymbol("X", expr.Matrix, expr.Shape{Rows: rows, Cols: cols}, 0)
	w := b.NewSymbol("w", expr.Vector, expr.Shape{Rows: cols, Cols: one}, 0)
	y := b.NewSymbol("y", expr.Vector, expr.Shape{Rows: rows, Cols: one}, 0)
	vx, vw, vy := m.Param(x), m.Param(w), m.Param(y)
	r := m.Binary("sub", m.MatVec(vx, vw), vy)
	value := plan.Result{Name: "value", What: plan.ValueOf, Value: m.InnerProduct(r, r), Shape: expr.Shape{Rows: one, Cols: one}}
	grad := plan.Result{Name: "grad_w", What: plan.Gradient, Wrt: w, Shape: w.Shape,
		Value: m.Binary("mul", m.Int(2), m.MatVec(m.Transpose(vx), r))}
	p := plan.Assemble(b, "least_squares", nil, []plan.Result{value, grad})
	p.Doc = []string{"f = ‖X w − y‖²", "", "∂f/∂w = 2 Xᵀ(X w − y)", "vector(n), denominator layout: df = (∂f/∂w)ᵀ dw"}
	rs := b.NewSymbol("result", expr.Vector, w.Shape, 0)
	ds := b.NewSymbol("direction", expr.Vector, w.Shape, 0)
	along := value
	along.Value = m.InnerProduct(m.Param(rs), m.Param(ds))
	p.Check = &plan.Check{
		Base:  []*plan.Program{nil, plan.Assemble(b, "value", []*expr.Symbol{x, w, y}, []plan.Result{value})},
		Along: []*plan.Program{nil, plan.Assemble(b, "along", []*expr.Symbol{rs, ds}, []plan.Result{along})},
	}
	along2 := p.Check.Along[1]
	along2.Params[0].Result, along2.Params[1].Direction = true, w
	return p
}

// likelihood is the program of log |A| + Σ_i x_iᵀ A⁻¹ x_i + bᵀ A⁻ᵀ b with the gradient of
// log |A| by A, for a matrix A, a family x and s bᵀ b besides.
func likelihood() *plan.Program {
	b := expr.NewBuilder(ops.Registry())
	m := plan.NewMaker(b)
	n, one := b.Sizes.Size("n"), b.One()
	a := b.NewSymbol("A", expr.Matrix, expr.Shape{Rows: n, Cols: n}, 0)
	x := b.NewSymbol("x", expr.Vector, expr.Shape{Rows: n, Cols: one}, 0)
	x.Family = b.NewIndex("i", b.Sizes.Size("N"))
	c := b.NewSymbol("β", expr.Vector, expr.Shape{Rows: n, Cols: one}, 0)
	s := b.NewSymbol("s", expr.Scalar, expr.Shape{Rows: one, Cols: one}, 0)
	factor := m.Factor(m.Param(a))
	xi, vc := m.Member(m.Param(x), x.Family), m.Param(c)
	sum := m.SumOver(x.Family, m.InnerProduct(xi, m.Solve(factor, xi, false)))
	value := m.Binary("add", m.Binary("add", m.LogDet(factor), sum), m.InnerProduct(vc, m.Solve(factor, vc, true)))
	value = m.Binary("add", value, m.Binary("mul", m.Param(s), m.InnerProduct(vc, vc)))
	return plan.Assemble(b, "likelihood", nil, []plan.Result{
		{Name: "value", What: plan.ValueOf, Value: value, Shape: s.Shape},
		{Name: "grad_A", What: plan.Gradient, Wrt: a, Shape: a.Shape, Value: m.Inverse(factor, true)},
	})
}
