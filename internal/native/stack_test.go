package native_test

import (
	"testing"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/native"
	"example.com/nabla/internal/plan"
)

// TestStack computes a matrix for each member of families: as a whole, and in blocks of
// what is summed over within the members and of the members themselves.
func TestStack(t *testing.T) {
	k := newBench(map[string]int{"m": 300, "n": 6, "k": 9, "p": 4})
	x := k.variable("X", "m", "n", 0, k.normal)
	w := k.variable("w", "n", "", 0, k.positive)
	family := func(name string, kind expr.Kind, rows, cols string, i *expr.Index) *plan.Value {
		s := k.b.NewSymbol(name, kind, expr.Shape{Rows: k.size(rows), Cols: k.size(cols)}, 0)
		s.Family = i
		n := k.env.Sizes[rows] * max(1, k.env.Sizes[cols])
		var all []float64
		for range k.env.Sizes["k"] {
			d := expr.NewDense(k.env.Sizes[rows], max(1, k.env.Sizes[cols]))
			for j := range n {
				d.Data[j] = k.normal()
			}
			k.env.Families[name] = append(k.env.Families[name], d)
			all = append(all, d.Data...)
		}
		k.params = append(k.params, plan.Parameter{Sym: s})
		k.in = append(k.in, native.Array{Data: all})
		return k.Param(s)
	}
	i := k.b.NewIndex("i", k.size("k"))
	a := k.Member(family("A", expr.Matrix, "n", "p", i), i)
	y := k.Member(family("y", expr.Vector, "n", "1", i), i)
	at := k.Transpose(a)
	values := []*plan.Value{
		k.Stack(i, a),
		k.Stack(i, at),
		k.Stack(i, k.Unary("tanh", a)),
		k.Stack(i, k.MatMul(at, a)),
		k.Stack(i, k.Outer(y, w)),
		k.Stack(i, k.Binary("mul", k.Counter(i), k.Transpose(k.MatMul(k.Outer(w, y), a)))),
		k.Stack(i, k.Outer(w, w)),
		k.Stack(i, k.Inverse(k.LU(k.Binary("add", k.MatMul(a, at), k.Eye(k.size("n")))), false)),
		k.Stack(i, k.MatMul(k.Transpose(x), k.Binary("mul", k.Col(k.Unary("exp", k.MatVec(x, y)), k.size("n")), x))),
	}
	for _, v := range values {
		k.compare(t, 1e-11, v)
	}
	k.compare(t, 1e-11, values...)
	m, err := native.Compile(values[:1], k.params, native.Options{Sizes: k.env.Sizes, Whole: true})
	if err != nil {
		t.Fatal(err)
	}
	if s := m.Shape(0); len(s) != 3 || s[0] != 9 || s[1] != 6 || s[2] != 4 {
		t.Errorf("the shape is %v", s)
	}
}
