package nabla_test

import (
	"testing"

	"example.com/nabla"
	"example.com/nabla/internal/runner"
)

// TestGenerateOneEntry has checks of derivatives by vectors and matrices of one entry.
func TestGenerateOneEntry(t *testing.T) {
	var all []*generated
	for _, c := range []struct {
		program, wrt string
		what         []nabla.What
		args         []runner.Arg
	}{
		{"x: vector(1)\nx^2", "x", []nabla.What{nabla.ValueOf, nabla.GradientOf, nabla.HessianOf, nabla.HessianVector}, []runner.Arg{runner.VectorArg("x", 0.7), runner.VectorArg("dx", 0.3)}},
		{"x: vector(1)\nA: matrix(1, n)\nA*exp(A'*x)", "x", nil, []runner.Arg{runner.VectorArg("x", 0.7), runner.MatrixArg("A", 1, 3, 1, 2, 3)}},
		{"X: matrix(1, 1)\nX^3", "X", nil, []runner.Arg{runner.MatrixArg("X", 1, 1, 0.7)}},
		{"x: vector(1)\nw: vector(n)\nw*sin(x)", "x", nil, []runner.Arg{runner.VectorArg("x", 0.7), runner.VectorArg("w", 1, 2, 3)}},
		{"x: vector(1)\nw: vector(n)\nsin(x)*w'", "x", nil, []runner.Arg{runner.VectorArg("x", 0.7), runner.VectorArg("w", 1, 2, 3)}},
		{"x: vector(1)\nw: vector(n)\nw*sin(x)", "w", nil, []runner.Arg{runner.VectorArg("x", 0.7), runner.VectorArg("w", 1, 2, 3)}},
		{"X: matrix(1, 1)\nW: matrix(n, m)\nW*exp(X)", "X", nil, []runner.Arg{runner.MatrixArg("X", 1, 1, 0.7), runner.MatrixArg("W", 3, 2, 1, 2, 3, 4, 5, 6)}},
	} {
		for _, layout := range []nabla.Layout{nabla.Denominator, nabla.Numerator} {
			req := nabla.ProgramRequest{Request: nabla.Request{Program: c.program, Wrt: []string{c.wrt}, Layout: layout}, Name: "f", What: c.what}
			prog, err := nabla.NewProgram(req)
			if err != nil {
				t.Errorf("%s by %s: %v", c.program, c.wrt, err)
				continue
			}
			g := &generated{req: req, prog: prog, want: [][]runner.Value{nil},
				job: runner.Job{ID: c.program + " by " + c.wrt, Func: "f", Check: true, Points: [][]runner.Arg{c.args}}}
			for _, r := range prog.Results {
				g.job.Ranks = append(g.job.Ranks, r.Value.Rank)
			}
			all = append(all, g)
		}
	}
	for _, l := range nabla.Languages() {
		t.Run(l.Name, func(t *testing.T) { runGenerated(t, runner.Lang(l.Name), all) })
	}
}
