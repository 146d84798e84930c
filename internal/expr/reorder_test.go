package expr_test

import (
	"testing"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/ops"
)

// TestReorder gives variables another order: nodes stay interned, and new ones are
// found under the new ordinals.
func TestReorder(t *testing.T) {
	b := expr.NewBuilder(ops.Registry())
	one := expr.Shape{Rows: b.One(), Cols: b.One()}
	x, y, z := b.NewSymbol("x", expr.Scalar, one, 0), b.NewSymbol("y", expr.Scalar, one, 0), b.NewSymbol("z", expr.Scalar, one, 0)
	nx, ny := b.Var(x), b.Var(y)
	sum := b.Node(expr.OpAdd, nx, ny)
	b.Reorder([]*expr.Symbol{z, y, x})
	if z.Ordinal != 0 || y.Ordinal != 1 || x.Ordinal != 2 || b.Symbols()[0] != z {
		t.Errorf("ordinals %d %d %d", x.Ordinal, y.Ordinal, z.Ordinal)
	}
	if b.Var(x) != nx || b.Var(y) != ny || b.Node(expr.OpAdd, nx, ny) != sum {
		t.Error("a node is made twice")
	}
	if nz := b.Var(z); nz == nx || nz == ny || nz.Sym != z {
		t.Error("the node of z is that of another variable")
	}
}
