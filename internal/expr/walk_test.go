package expr_test

import (
	"testing"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/ops"
)

// TestWalkShared walks and rewrites a DAG whose tree has 2⁶⁰ leaves: each node is
// met once.
func TestWalkShared(t *testing.T) {
	b := expr.NewBuilder(ops.Registry())
	x := b.Var(b.NewSymbol("x", expr.Scalar, expr.Shape{Rows: b.One(), Cols: b.One()}, 0))
	y := b.Var(b.NewSymbol("y", expr.Scalar, x.Shape, 0))
	n := x
	for range 60 {
		n = b.Node(expr.OpAdd, n, n)
	}
	count := 0
	expr.Walk(n, func(*expr.Node) { count++ })
	if count != 61 {
		t.Errorf("%d nodes, want 61", count)
	}
	m := b.Replace(n, map[*expr.Node]*expr.Node{x: y})
	leaf := m
	for len(leaf.Args) > 0 {
		leaf = leaf.Args[0]
	}
	if leaf != y || b.Replace(m, map[*expr.Node]*expr.Node{y: x}) != n || b.Replace(n, nil) != n {
		t.Error("replacing x by y and back does not give the node again")
	}
}
