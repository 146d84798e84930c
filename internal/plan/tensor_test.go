package plan_test

import (
	"math"
	"slices"
	"testing"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/plan"
	"example.com/nabla/internal/plan/plantest"
)

// A Contract and the products that it is taken apart into have one value.
func TestContract(t *testing.T) {
	count := 3000
	if testing.Short() {
		count = 300
	}
	for seed := range uint64(count) {
		c := newChainMaker(seed)
		s := &plan.Spec{}
		n := 1 + c.rng.IntN(6)
		for range n {
			s.Sizes = append(s.Sizes, c.name())
		}
		var args []*plan.Value
		for range 1 + c.rng.IntN(6) {
			i, j := c.rng.IntN(n), c.rng.IntN(n)
			switch k := c.rng.IntN(6); {
			case k == 0 && s.Sizes[i] == s.Sizes[j]:
				args = append(args, c.l.Eye(s.Sizes[i]))
				s.Operands = append(s.Operands, []int{i, j})
			case k < 2:
				args = append(args, c.param(expr.Vector, s.Sizes[i], c.b.One()))
				s.Operands = append(s.Operands, []int{i})
			case k == 2 && len(args) > 0:
				k := c.rng.IntN(len(args))
				args = append(args, args[k])
				s.Operands = append(s.Operands, slices.Clone(s.Operands[k]))
			default:
				args = append(args, c.param(expr.Matrix, s.Sizes[i], s.Sizes[j]))
				s.Operands = append(s.Operands, []int{i, j})
			}
		}
		rows, cols := c.b.One(), c.b.One()
		for _, i := range c.rng.Perm(n)[:c.rng.IntN(min(n, 4)+1)] {
			if c.rng.IntN(2) == 0 {
				s.Result = append(s.Result, i)
				cols = c.b.Mul(cols, s.Sizes[i])
			} else {
				s.Result = slices.Insert(s.Result, s.RowIndices, i)
				s.RowIndices++
				rows = c.b.Mul(rows, s.Sizes[i])
			}
		}
		v := c.l.Contract(s, rows, cols, args...)
		w := c.l.ContractByProducts(v)
		values, err := plantest.Evaluate(c.env, v, w)
		if err != nil {
			t.Fatal(err)
		}
		want, got := values[0], values[1]
		if want.Rows != got.Rows || want.Cols != got.Cols || w.Kind == plan.Contract {
			t.Fatalf("seed %d: %v is %d × %d, not %d × %d", seed, w, got.Rows, got.Cols, want.Rows, want.Cols)
		}
		for i, x := range want.Data {
			if math.Abs(got.Data[i]-x) > 1e-9*(1+math.Abs(x)) {
				t.Fatalf("seed %d: %v\nis %v, not %v\nby %v", seed, v, got, want, w)
			}
		}
	}
}
