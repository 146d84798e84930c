package solve

import (
	"testing"

	"example.com/nabla/internal/check"
	"example.com/nabla/internal/eval"
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/ops"
	"example.com/nabla/internal/source"
)

// TestInverses puts each inverse into its operator: the operand comes back.
func TestInverses(t *testing.T) {
	reg := ops.Registry()
	for i, v := range Inverses() {
		op := reg.Find(v.Op)
		if op == nil {
			t.Errorf("no operator %s", v.Op)
			continue
		}
		b := expr.NewBuilder(reg)
		x := b.NewSymbol("x", expr.Vector, expr.Shape{Rows: b.Sizes.Size("n"), Cols: b.One()}, 0)
		if v.Invertible {
			x = b.NewSymbol("X", expr.Matrix, expr.Shape{Rows: b.Sizes.Size("n"), Cols: b.Sizes.Size("n")}, 0)
		}
		of := b.Node(v.Op, b.Var(x))
		for k, tree := range inverseTrees()[i] {
			back, list := check.Instantiate(b, source.NewFile("", ""), tree, []check.Binding{{Name: "t", Node: of}}, nil)
			if len(list) > 0 {
				t.Errorf("%s: %v", v.Op, list)
				continue
			}
			if k == 0 {
				if err := eval.Equal(reg, back, b.Var(x), 3); err != nil {
					t.Errorf("%s of %s is not its operand: %v", v.Text, v.Op, err)
				}
				continue
			}
			// What must be positive is, for every value of the operator.
			_, values, err := eval.Draw(reg, []*expr.Node{back}, map[string]int{"n": 5}, 7)
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range values[0].Data {
				if p <= 0 {
					t.Errorf("%s of %s is %g", v.Positive[k-1], v.Op, p)
				}
			}
		}
	}
}
