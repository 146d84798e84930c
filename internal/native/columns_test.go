package native_test

import (
	"testing"

	"example.com/nabla/internal/native"
	"example.com/nabla/internal/plan"
)

// TestColumns computes matrices by their columns: Hessians of sums over samples applied
// to unit vectors, as a whole and in blocks of the samples.
func TestColumns(t *testing.T) {
	k := newBench(map[string]int{"m": 300, "n": 6, "k": 4})
	x := k.variable("X", "m", "n", 0, k.normal)
	w := k.variable("w", "n", "", 0, k.normal)
	b := k.variable("B", "n", "n", 0, k.normal)
	n := k.size("n")
	i := k.b.NewIndex("i", n)
	e := k.UnitAt(n, i)
	z := k.MatVec(x, w)
	s := k.Unary("exp", z)
	h := k.Columns(i, k.MatVec(k.Transpose(x), k.Binary("mul", s, k.MatVec(x, e))))
	moved := k.Columns(i, k.Binary("sub", k.MatVec(k.Transpose(x), k.Unary("tanh", k.Binary("mul", z, k.MatVec(x, e)))),
		k.MatVec(k.Transpose(x), s)))
	plain := k.Columns(i, k.Binary("mul", k.Counter(i), k.MatVec(b, e)))
	sum := k.SumOver(i, k.Binary("mul", k.Counter(i), k.MatVec(k.Transpose(x), k.Binary("mul", s, k.MatVec(x, e)))))
	long := k.SumOver(i, k.Unary("sin", k.Binary("mul", z, k.MatVec(x, e))))
	k.compare(t, 1e-11, h)
	k.compare(t, 1e-11, moved)
	k.compare(t, 1e-11, h, moved, plain, sum, long)
	for i, v := range []*plan.Value{h, moved, sum} {
		m, err := native.Compile([]*plan.Value{v}, k.params, native.Options{Sizes: k.env.Sizes, Stream: "m"})
		if want := []int{1, 2, 1}[i]; err != nil || m.Passes() != want {
			t.Errorf("%s does not run in %d passes: %v", native.Formula(v), want, err)
		}
	}
}
