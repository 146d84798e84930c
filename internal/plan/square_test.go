package plan_test

import (
	"testing"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/plan"
)

// A scaling on the outer side of a product is no symmetric product.
func TestSquare(t *testing.T) {
	b := expr.NewBuilder(nil)
	n, k := b.Sizes.Size("n"), b.Sizes.Size("k")
	m := plan.NewMaker(b)
	x := m.Param(b.NewSymbol("X", expr.Matrix, expr.Shape{Rows: k, Cols: n}, 0))
	outer := m.Param(b.NewSymbol("v", expr.Vector, expr.Shape{Rows: n, Cols: b.One()}, 0))
	inner := m.Param(b.NewSymbol("s", expr.Vector, expr.Shape{Rows: k, Cols: b.One()}, 0))
	xt := m.Transpose(x)
	rows := m.Binary("mul", m.Col(inner, n), x)
	for _, c := range []struct {
		name string
		v    *plan.Value
		want bool
	}{
		{"XᵀX", m.MatMul(xt, x), true},
		{"XXᵀ", m.MatMul(x, xt), true},
		{"Xᵀ(diag(s) X)", m.MatMul(xt, rows), true},
		{"(Xᵀ diag(s)) X", m.MatMul(m.Binary("mul", xt, m.Row(inner, n)), x), true},
		{"(Xᵀ diag(s)⁻¹) X", m.MatMul(m.Binary("div", xt, m.Row(inner, n)), x), true},
		{"(diag(s) X)ᵀ X", m.MatMul(m.Transpose(rows), x), true},
		{"X (X diag(v))ᵀ", m.MatMul(x, m.Transpose(m.Binary("mul", x, m.Row(outer, k)))), true},
		{"(diag(s) X) Xᵀ", m.MatMul(rows, xt), false},
		{"X (Xᵀ diag(s))", m.MatMul(x, m.Binary("mul", xt, m.Row(inner, n))), false},
		{"Xᵀ (X diag(v))", m.MatMul(xt, m.Binary("mul", x, m.Row(outer, k))), false},
		{"(diag(s)⁻¹ X) Xᵀ", m.MatMul(m.Binary("div", x, m.Col(inner, n)), xt), false},
		{"diag(v) XᵀX", m.MatMul(m.Binary("mul", m.Col(outer, k), xt), x), false},
	} {
		if got := c.v.Symmetric(); got != c.want {
			t.Errorf("%s: symmetric is %v, want %v", c.name, got, c.want)
		}
		if _, _, _, _, ok := plan.Square(c.v); ok != c.want {
			t.Errorf("%s: Square says %v, want %v", c.name, ok, c.want)
		}
	}
}
