package nabla_test

import (
	"errors"
	"math"
	"testing"

	"gonum.org/v1/gonum/mat"

	"example.com/nabla"
	"example.com/nabla/numeric"
)

// TestTiedValues has operands of max and min that are equal all around the point, by their
// sizes or by the data: the derivative is that of either, as it is where they differ.
func TestTiedValues(t *testing.T) {
	for _, c := range []struct {
		program string
		sizes   map[string]int
		x       []float64
		want    []float64
	}{
		// Numbers of sizes.
		{"x: vector(n); y: vector(m); max(sum(x)*n, sum(x)*m) + 0*sum(y)", map[string]int{"m": 2}, []float64{1, 2}, []float64{2, 2}},
		{"x: vector(n); y: vector(m); min(sum(x)*n, sum(x)*m) + 0*sum(y)", map[string]int{"m": 2}, []float64{1, 2}, []float64{2, 2}},
		{"x: vector(n); y: vector(m); max(sum(x)*n, sum(x)*m) + 0*sum(y)", map[string]int{"m": 3}, []float64{1, 2}, []float64{3, 3}},
		// The norms of one entry.
		{"x: vector(n); max(norm1(x), norm2(x))", nil, []float64{-2}, []float64{-1}},
		{"x: vector(n); min(norm1(x), norm2(x))", nil, []float64{-2}, []float64{-1}},
		// A row and a column of one entry.
		{"x: vector(n); sum(max(x*ones(n)', ones(n)*x'))", nil, []float64{1}, []float64{1}},
		{"x: vector(n); sum(max(x*ones(n)', ones(n)*x'))", nil, []float64{1, 2}, []float64{1, 3}},
		// Data.
		{"A: matrix(m, n); B: matrix(m, n); x: vector(n); sum(max(A*x, B*x))", nil, []float64{1, 2}, []float64{4, 6}},
		{"A: matrix(m, n); B: matrix(m, n); x: vector(n); sum(min(A*x, B*x).^2)/2", nil, []float64{1, 2}, []float64{38, 54}},
	} {
		prog, err := nabla.NewProgram(nabla.ProgramRequest{Request: nabla.Request{Program: c.program, Wrt: []string{"x"}}, What: []nabla.What{nabla.GradientOf}})
		if err != nil {
			t.Errorf("%s: %v", c.program, err)
			continue
		}
		f := numeric.New(prog, numeric.Request{})
		err = f.Set("x", c.x)
		for _, p := range prog.Params {
			switch {
			case p.Size != nil:
				err = errors.Join(err, f.Set(p.Size.Name, float64(c.sizes[p.Size.Name])))
			case p.Sym.Name == "A", p.Sym.Name == "B":
				err = errors.Join(err, f.Set(p.Sym.Name, mat.NewDense(2, 2, []float64{1, 2, 3, 4})))
			case p.Sym.Name == "y":
				err = errors.Join(err, f.Set("y", make([]float64, c.sizes["m"])))
			}
		}
		if err = errors.Join(err, f.Run()); err != nil {
			t.Errorf("%s: %v", c.program, err)
			continue
		}
		for i, got := range f.Get("grad_x").Data {
			if math.Abs(got-c.want[i]) > 1e-12 {
				t.Errorf("%s at %v, %v: the gradient is %v, want %v", c.program, c.x, c.sizes, f.Get("grad_x").Data, c.want)
				break
			}
		}
	}
}
