package nabla_test

import (
	"fmt"
	"strings"
	"testing"

	"example.com/nabla"
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/ops"
	"example.com/nabla/internal/runner"
)

// TestGenerateJAX compiles and maps the JAX functions of published cases, and compares
// each gradient with what jax.grad makes of the value.
func TestGenerateJAX(t *testing.T) {
	runner.Need(t, runner.JAX)
	share := 12
	if testing.Short() {
		share = 96
	}
	var all []*generated
	cases := readCorpus(t)
	for i := range cases {
		c := &cases[i]
		if i%share != 1 {
			continue
		}
		n, err := read(expr.NewBuilder(ops.Registry()), c, c.Expr)
		if err != nil {
			t.Fatal(err)
		}
		g, err := generate(c, whatsOf(c.Order, n.Shape.IsScalar())[0], false)
		if err != nil {
			t.Errorf("%s: %v", c.ID, err)
			continue
		}
		g.job.Check = false
		all = append(all, g)
	}
	for _, via := range []runner.Via{runner.Jit, runner.VMap} {
		t.Run(string(via), func(t *testing.T) {
			for _, g := range all {
				g.job.Via = via
			}
			runGenerated(t, runner.JAX, all)
		})
	}
	t.Run("grad", func(t *testing.T) { compareGradients(t, all) })
}

// compareGradients runs, for each program with a gradient, one function that returns it
// and one that differentiates the value by itself. Where a variable has facts, its gradient
// is along what they allow and need not be that of JAX.
func compareGradients(t *testing.T, all []*generated) {
	var jobs []runner.Job
	for _, g := range all {
		if len(g.prog.Results) < 2 || g.prog.Results[1].What != nabla.GradientOf {
			continue
		}
		r := g.prog.Results[1]
		at := -1
		for i, p := range g.prog.Params {
			if p.Sym == r.Wrt {
				at = i
			}
		}
		if at < 0 || r.Wrt.Facts&^(expr.Positive|expr.Invertible) != 0 {
			continue
		}
		files, err := nabla.Generate(nabla.GenerateRequest{ProgramRequest: g.req, Language: "jax"})
		if err != nil {
			t.Fatal(err)
		}
		j := g.job
		j.Via = runner.Plain
		rank := r.Value.Rank
		j.Ranks = []int{rank, rank}
		j.Func = "both"
		j.Source = files[0].Source + fmt.Sprintf("\n\ndef both(*args):\n    value = lambda *args: f(*args)[0]\n    return f(*args)[1], jax.grad(value, argnums=%d)(*args)\n", at)
		if !strings.Contains(j.Source, "import jax\n") {
			j.Source = "import jax\n" + j.Source
		}
		jobs = append(jobs, j)
	}
	out, err := runner.Run(runner.JAX, jobs)
	if err != nil {
		t.Fatal(err)
	}
	for i, o := range out {
		if f := o.Failure(); f != "" {
			t.Errorf("%s: %s\n%s", o.ID, f, jobs[i].Source)
			continue
		}
		for k, p := range o.Points {
			if err := runner.Compare(p.Values[0], p.Values[1], 1e-9); err != nil {
				t.Errorf("%s: point %d, the gradient %v\n%s", o.ID, k+1, err, jobs[i].Source)
			}
		}
	}
	t.Logf("%d gradients compared", len(jobs))
}
