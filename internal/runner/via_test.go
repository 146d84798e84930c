package runner

import "testing"

// TestJAXTransforms compiles a function and maps it over a batch; both give what calling
// it gives.
func TestJAXTransforms(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles 30 functions")
	}
	good := leastSquares(t, JAX)
	all, want := kinds(t, JAX)
	// Python's if needs a number, which there is none of under a transformation.
	branch := Job{ID: "branch", Source: "def f(x):\n    return x if x[0] > 0 else -x\n", Func: "f", Ranks: []int{1}, Points: [][]Arg{{VectorArg("x", 1, 2)}}}
	// A result of the kind of its arguments, not of Python's.
	constant := Job{ID: "constant", Source: "def f(a):\n    return 2.0, 3.0 * a\n", Func: "f", Ranks: []int{0, 0}, Points: [][]Arg{{ScalarArg("a", 2)}}}
	var jobs []Job
	for _, via := range []Via{Plain, Jit, VMap} {
		single := all
		single.ID, single.Float32 = "float32", true
		for _, j := range []Job{good, all, branch, constant, single} {
			j.ID += " " + string(via)
			j.Via = via
			jobs = append(jobs, j)
		}
	}
	out := run(t, JAX, jobs...)
	for i := range 3 {
		expect(t, &out[5*i], leastSquaresWant, 1e-14)
		expect(t, &out[5*i+1], want, 1e-14)
		expect(t, &out[5*i+4], want, 1e-6)
		if failed := out[5*i+2].Failure() != ""; failed != (i > 0) {
			t.Errorf("%s: %q", out[5*i+2].ID, out[5*i+2].Failure())
		}
	}
	expect(t, &out[8], [][]Value{{{Data: []float64{2}}, {Data: []float64{6}}}}, 0)
}
