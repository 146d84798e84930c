package expr_test

import (
	"slices"
	"testing"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/ops"
)

// TestReindex renames a free index: not one that a sum has, and not into one.
func TestReindex(t *testing.T) {
	b := expr.NewBuilder(ops.Registry())
	n := b.Sizes.Size("N")
	i, j := b.NewIndex("i", n), b.NewIndex("j", n)
	x := b.NewSymbol("x", expr.Scalar, expr.Shape{Rows: b.One(), Cols: b.One()}, 0)
	x.Family = i
	xi, xj := b.Member(x, i), b.Member(x, j)
	free := b.Node(expr.OpMul, xi, b.IndexValue(i))
	if got := b.Reindex(free, i, j); got != b.Node(expr.OpMul, xj, b.IndexValue(j)) {
		t.Error("a free index is not renamed")
	}
	bound := b.Node(expr.OpAdd, b.SumOver(i, xi), xi)
	if got := b.Reindex(bound, i, j); got != b.Node(expr.OpAdd, b.SumOver(i, xi), xj) {
		t.Error("the index of a sum is renamed")
	}
	// Σ_j x[i] x[j] at j is Σ_k x[j] x[k].
	got := b.Reindex(b.SumOver(j, b.Node(expr.OpMul, xi, xj)), i, j)
	k := got.Index
	if k == i || k == j || k.Size != n || got != b.SumOver(k, b.Node(expr.OpMul, xj, b.Member(x, k))) {
		t.Errorf("captured: the sum is over %s", k.Name)
	}
	if f := expr.FreeIndices(got); !slices.Equal(f, []*expr.Index{j}) {
		t.Errorf("%d free indices", len(f))
	}
	if f := expr.FreeIndices(bound); !slices.Equal(f, []*expr.Index{i}) {
		t.Errorf("%d free indices", len(f))
	}
}
