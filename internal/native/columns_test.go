package native_test

import (
	"math"
	"testing"

	"example.com/nabla"
	"example.com/nabla/internal/native"
	"example.com/nabla/internal/plan"
)

// TestColumns computes a Hessian by its columns and compares its product with a
// direction with that which is computed without it.
func TestColumns(t *testing.T) {
	const d, n = 4, 6
	l := loss{text: `X: matrix(d, N)
V: matrix(d, d)
W: matrix(d, d)
Y: matrix(d, N)
norm2(V*tanh(W*tanh(W*X)) - Y)^2`, wrt: []string{"W"}, what: []nabla.What{nabla.HessianOf, nabla.HessianVector},
		sizes: map[string]int{"d": d, "N": n}}
	p := l.program(t)
	if p.Results[0].Value.Kind != plan.Columns {
		t.Fatalf("the Hessian is %v", p.Results[0].Value)
	}
	in := l.arguments(p)
	for _, o := range []native.Options{{}, {Threads: 3}} {
		out := run(t, compile(t, p, in, o), in, 2)
		direction := in[len(in)-1].Data
		for i := range d * d {
			sum := 0.0
			for k := range d * d {
				sum += out[0][i*d*d+k] * direction[k%d*d+k/d]
			}
			want := out[1][i%d*d+i/d]
			if math.Abs(sum-want) > 1e-10*(1+math.Abs(want)) {
				t.Errorf("entry %d of the product is %g, not %g", i, sum, want)
			}
		}
	}
}
