package numeric_test

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"

	"example.com/nabla"
	"example.com/nabla/internal/runner"
	"example.com/nabla/numeric"
)

// A footprint is a function with the numbers that a careful programmer's code holds at its
// peak beside data and results: the largest intermediate that cannot be done without, or for
// networks the layers that the way back needs.
type footprint struct {
	name, program, wrt string
	what               nabla.What
	sizes              map[string]int
	shapes             map[string][]int // of the data, in the order of declaration by name
	order              []string
	entries            int
}

// deepNetwork has ten layers, each d × N.
func deepNetwork() (program string, order []string) {
	lines := []string{"X: matrix(d, N)"}
	order = []string{"X"}
	for k := 1; k <= 10; k++ {
		lines = append(lines, fmt.Sprintf("W%d: matrix(d, d)", k))
		order = append(order, fmt.Sprintf("W%d", k))
	}
	lines = append(lines, "Y: matrix(d, N)")
	before := "X"
	for k := 1; k < 10; k++ {
		lines = append(lines, fmt.Sprintf("H%d = tanh(W%d*%s)", k, k, before))
		before = fmt.Sprintf("H%d", k)
	}
	return strings.Join(append(lines, "l = norm2(W10*H9 - Y)^2"), "\n"), append(order, "Y")
}

func footprints() []footprint {
	const n, m = 300, 900
	shape := func(s ...int) []int { return s }
	logistic := "X: matrix(m, n)\ny: vector(m)\nw: vector(n)\nf = sum(log(1 + exp(-y.*(X*w))))"
	lse := "A: matrix(m, n)\nx: vector(n)\nf = logsumexp(A*x)"
	quadratic := "x: vector(n)\nA: matrix(n, n)\nf = x'*A*x"
	factors := "T: matrix(n, n)\nU: matrix(n, k)\nV: matrix(n, k)\nf = norm2(T - U*V')^2"
	xyw := map[string][]int{"X": shape(m, n), "y": shape(m), "w": shape(n)}
	ax := map[string][]int{"A": shape(m, n), "x": shape(n)}
	xa := map[string][]int{"A": shape(n, n), "x": shape(n)}
	tuv := map[string][]int{"T": shape(n, n), "U": shape(n, 5), "V": shape(n, 5)}
	softmax := "X: matrix(m, n)\nY: matrix(m, k)\nW: matrix(n, k)\nf = sum(logsumexprows(X*W)) - tr(Y'*X*W)"
	xyW := map[string][]int{"X": shape(m, n), "Y": shape(m, 10), "W": shape(n, 10)}
	deep, order := deepNetwork()
	layers := map[string][]int{"X": shape(60, 200), "Y": shape(60, 200)}
	for _, w := range order[1:11] {
		layers[w] = shape(60, 60)
	}
	return []footprint{
		{"x'Ax", quadratic, "x", nabla.GradientOf, nil, xa, []string{"x", "A"}, 2 * n},
		{"x'Ax", quadratic, "x", nabla.HessianOf, nil, xa, []string{"x", "A"}, 0},
		{"logistic", logistic, "w", nabla.GradientOf, nil, xyw, []string{"X", "y", "w"}, 3 * m},
		{"logistic", logistic, "w", nabla.HessianOf, nil, xyw, []string{"X", "y", "w"}, m*n + 3*m},
		{"log-sum-exp", lse, "x", nabla.GradientOf, nil, ax, []string{"A", "x"}, 3 * m},
		{"log-sum-exp", lse, "x", nabla.HessianOf, nil, ax, []string{"A", "x"}, m*n + 3*m},
		{"factors", factors, "U", nabla.GradientOf, nil, tuv, []string{"T", "U", "V"}, n * n},
		{"factors", factors, "U", nabla.HessianOf, nil, tuv, []string{"T", "U", "V"}, n * n}, // the identity in a Kronecker product
		{"softmax", softmax, "W", nabla.GradientOf, nil, xyW, []string{"X", "Y", "W"}, 2 * m * 10},
		{"log det", "S: matrix(n, n) posdef\nf = logdet(S)", "S", nabla.GradientOf, nil, map[string][]int{"S": shape(n, n)}, []string{"S"}, n * n},
		{"ten layers", deep, "W1", nabla.GradientOf, nil, layers, order, 11 * 60 * 200},
	}
}

func entries(shape []int) int {
	n := 1
	for _, s := range shape {
		n *= s
	}
	return n
}

// example is data of a shape: of a square matrix S a positive definite one.
func example(name string, shape []int) []float64 {
	data := make([]float64, entries(shape))
	for i := range data {
		data[i] = math.Sin(float64(i*i+len(name))) / 8
		if name == "S" && i%(shape[0]+1) == 0 {
			data[i] = 40
		}
	}
	if name == "S" {
		for i := range shape[0] {
			for j := range i {
				data[i*shape[0]+j] = data[j*shape[0]+i]
			}
		}
	}
	return data
}

// TestMemory compares what runs need beside data and results with what a careful programmer
// needs.
func TestMemory(t *testing.T) {
	for _, p := range footprints() {
		f, err := numeric.Compile(numeric.Request{ProgramRequest: nabla.ProgramRequest{Request: nabla.Request{Program: p.program, Wrt: []string{p.wrt}}, What: []nabla.What{p.what}}, Threads: 1})
		if err != nil {
			t.Fatal(err)
		}
		for name, shape := range p.shapes {
			if len(shape) == 2 {
				err = f.Set(name, mat.NewDense(shape[0], shape[1], example(name, shape)))
			} else {
				err = f.Set(name, example(name, shape))
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		got, err := f.Bytes()
		if err := errors.Join(err, f.Run()); err != nil {
			t.Fatal(err)
		}
		if limit := 8*p.entries + 64<<10; got > limit { // tiles and panels besides
			t.Errorf("%s, %s: a run needs %d bytes, more than %d", p.name, p.what, got, limit)
		}
		t.Logf("%s, %s: %d bytes, %d for what must be there", p.name, p.what, got, 8*p.entries)
	}
}

// TestNumPyMemory does the same with generated NumPy, which makes a second array where an
// operation is not in place: T − U Vᵀ, and rows that are centred and scaled.
func TestNumPyMemory(t *testing.T) {
	runner.Need(t, runner.NumPy)
	for _, p := range footprints() {
		files, err := nabla.Generate(nabla.GenerateRequest{Language: "numpy",
			ProgramRequest: nabla.ProgramRequest{Request: nabla.Request{Program: p.program, Wrt: []string{p.wrt}}, What: []nabla.What{p.what}, Name: "generated"}})
		if err != nil {
			t.Fatal(err)
		}
		var shapes []string
		for _, name := range p.order {
			shapes = append(shapes, strings.ReplaceAll(fmt.Sprint("(", p.shapes[name], ",)"), " ", ","))
		}
		list := strings.NewReplacer("[", "", "]", "", ",,)", ",)", "(,", "(").Replace(strings.Join(shapes, ", "))
		source := files[0].Source + `
import tracemalloc


def ask(_):
    rng = np.random.default_rng(1)
    data = [np.asarray(rng.standard_normal(shape)) for shape in (` + list + `,)]
    if len(data) == 1:
        data = [data[0] @ data[0].T + np.eye(len(data[0]))]
    generated(*data)
    tracemalloc.start()
    result = generated(*data)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return float(peak - result.nbytes)
`
		out, err := runner.Run(runner.NumPy, []runner.Job{{ID: p.name, Source: source, Func: "ask", Ranks: make([]int, 1), Points: [][]runner.Arg{{runner.ScalarArg("none", 0)}}}})
		if err != nil {
			t.Fatal(err)
		}
		if f := out[0].Failure(); f != "" {
			t.Fatal(f)
		}
		got := int(out[0].Points[0].Values[0].Data[0])
		if limit := 2*8*p.entries + 128<<10; got > limit {
			t.Errorf("%s, %s: a call needs %d bytes beside the result, more than %d", p.name, p.what, got, limit)
		}
		t.Logf("%s, %s: %d bytes, %d for what must be there", p.name, p.what, got, 8*p.entries)
	}
}
