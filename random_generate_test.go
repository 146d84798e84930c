package nabla_test

import (
	"errors"
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"example.com/nabla"
	"example.com/nabla/internal/eval"
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/runner"
)

// TestRandomGenerate writes random programs with everything that can be asked of them,
// runs them in Python, compares the value and lets the generated check judge the
// derivatives. JAX, which compiles each operation, gets every fifth, as do MATLAB, R and
// Julia.
func TestRandomGenerate(t *testing.T) {
	count := 1000
	if testing.Short() {
		count = 60
	}
	questions := rapid.Custom(func(t *rapid.T) question { return generator{t}.question() })
	var all []*generated
	refused := 0
	for i := range count {
		q := questions.Example(i)
		if q.req.Wrt[0] == "η" {
			continue // one-hot: its zeros are where relu and sign have no derivative
		}
		g, err := randomProgram(&q)
		var none *eval.NoPoint
		var input *nabla.InputError
		switch {
		case errors.As(err, &none):
		case errors.As(err, &input):
			refused++
		case err != nil:
			t.Errorf("%v: %v", &q, err)
		default:
			all = append(all, g)
		}
	}
	if len(all) < count*3/4 || refused > count/20 {
		t.Errorf("%d of %d programs can be run, %d are refused", len(all), count, refused)
	}
	var some []*generated
	for i, g := range all {
		if i%5 == 0 {
			some = append(some, g)
		}
	}
	t.Run("numpy", func(t *testing.T) { runGenerated(t, runner.NumPy, all) })
	t.Run("torch", func(t *testing.T) { runGenerated(t, runner.Torch, all) })
	t.Run("r", func(t *testing.T) { runGenerated(t, runner.R, some) })
	t.Run("julia", func(t *testing.T) { runGenerated(t, runner.Julia, some) })
	t.Run("matlab", func(t *testing.T) { runGenerated(t, runner.MATLAB, some) })
	t.Run("jax", func(t *testing.T) { runGenerated(t, runner.JAX, some) })
}

// randomProgram plans a program and draws its points.
func randomProgram(q *question) (*generated, error) {
	b, p, err := poolProgram(q.req.Program)
	if err != nil {
		return nil, err
	}
	req := nabla.ProgramRequest{Request: q.req, Name: "f", What: []nabla.What{nabla.ValueOf, nabla.JacobianOf, nabla.JacobianVector, nabla.AdjointJacobian}}
	if p.Result.Shape.IsScalar() {
		req.What = []nabla.What{nabla.ValueOf, nabla.GradientOf, nabla.HessianOf, nabla.HessianVector, nabla.JacobianVector}
	}
	req.Wrt = req.Wrt[:1]
	req.NoCheck = true
	planned, err := nabla.NewProgram(req)
	if err != nil {
		return nil, err
	}
	g := &generated{req: req, prog: planned, job: runner.Job{ID: fmt.Sprint(q, " ", req.Wrt), Func: "f", Check: true}}
	for _, r := range planned.Results {
		g.job.Ranks = append(g.job.Ranks, r.Value.Rank)
	}
	for i, sizes := range []map[string]int{{"n": 3, "m": 4, "p": 2, "N": 5}, {"n": 2, "m": 5, "p": 3, "N": 4}} {
		env, values, err := eval.Draw(b.Reg, []*expr.Node{p.Result}, sizes, uint64(i+1))
		if err != nil {
			return nil, err
		}
		args, err := arguments(planned, env, sizes)
		if err != nil {
			return nil, err
		}
		g.job.Points = append(g.job.Points, args)
		want := make([]runner.Value, len(planned.Results))
		want[0] = runner.ValueOf(values[0], planned.Results[0].Value.Rank)
		g.want = append(g.want, want)
	}
	return g, nil
}
