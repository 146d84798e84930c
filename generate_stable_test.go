package nabla_test

import (
	"errors"
	"math"
	"testing"

	"example.com/nabla"
	"example.com/nabla/internal/runner"
	"example.com/nabla/numeric"
)

// extreme are functions whose exponentials overflow where neither they nor their derivatives
// do: the value and what is asked for at x, in every language and by package numeric.
var extreme = []struct {
	program string
	what    []nabla.What
	x       []float64
	want    [][]float64
}{
	{"f = sum(log(exp(x) + exp(-x)))", second, []float64{800, -900, 0},
		[][]float64{{1700 + math.Ln2}, {1, -1, 0}, {0, 0, 0, 0, 0, 0, 0, 0, 1}}},
	{"f = sum(log(exp(x) + exp(3*x) + 2))", nil, []float64{400, -900, 0}, [][]float64{{1200 + math.Ln2 + math.Log(4)}, {3, 0, 1}}},
	{"f = log(sum(exp(x)) + 1)", second, []float64{800, 800},
		[][]float64{{800 + math.Ln2}, {0.5, 0.5}, {0.25, -0.25, -0.25, 0.25}}},
	{"f = sum(log(cosh(x)))", second, []float64{-1000, 1000}, [][]float64{{2000 - 2*math.Ln2}, {-1, 1}, {0, 0, 0, 0}}},
	{"f = sum(log(1 + exp(x)))", second, []float64{-1000, 1000}, [][]float64{{1000}, {0, 1}, {0, 0, 0, 0}}},
	{"f = sum(log(exp(3*x) + exp(-x)))", second, []float64{1000, -900, 0},
		[][]float64{{3900 + math.Ln2}, {3, -1, 1}, {0, 0, 0, 0, 0, 0, 0, 0, 4}}},
	{"f = log(sum(k = 1..3, exp(k*sum(x))))", []nabla.What{nabla.ValueOf}, []float64{800, 0}, [][]float64{{2400}}},
	{"f = sum(sqrt(1 + x.^2))", second, []float64{-1000, 0},
		[][]float64{{1 + math.Sqrt(1000001)}, {-1000 / math.Sqrt(1000001), 0}, {math.Pow(1000001, -1.5), 0, 0, 1}}},
}

var second = []nabla.What{nabla.ValueOf, nabla.GradientOf, nabla.HessianOf}

func TestGenerateExtreme(t *testing.T) {
	var all []*generated
	for _, c := range extreme {
		req := nabla.ProgramRequest{Request: nabla.Request{Program: "x: vector(n)\n" + c.program, Wrt: []string{"x"}}, Name: "f", What: c.what}
		prog, err := nabla.NewProgram(req)
		if err != nil {
			t.Fatalf("%s: %v", c.program, err)
		}
		g := &generated{req: req, prog: prog, job: runner.Job{ID: c.program, Func: "f", Points: [][]runner.Arg{{runner.VectorArg("x", c.x...)}}}}
		var want []runner.Value
		n := len(c.x)
		for k, r := range prog.Results {
			g.job.Ranks = append(g.job.Ranks, r.Value.Rank)
			v := runner.Value{Data: c.want[k]}
			for range r.Value.Rank {
				v.Shape = append(v.Shape, n)
			}
			want = append(want, v)
		}
		g.want = [][]runner.Value{want}
		all = append(all, g)

		f := numeric.New(prog, numeric.Request{})
		if err := errors.Join(f.Set("x", c.x), f.Run()); err != nil {
			t.Fatalf("%s: %v", c.program, err)
		}
		for k, name := range f.Results() {
			for i, got := range f.Get(name).Data {
				if want := c.want[k][i]; !(math.Abs(got-want) <= 1e-12*(1+math.Abs(want))) {
					t.Errorf("%s: %s is %v, want %v", c.program, name, f.Get(name).Data, c.want[k])
					break
				}
			}
		}
	}
	for _, l := range nabla.Languages() {
		t.Run(l.Name, func(t *testing.T) { runGenerated(t, runner.Lang(l.Name), all) })
	}
}

// TestMixture takes the likelihood of a mixture of normal distributions, as it is written in
// books, where the density of every component underflows.
func TestMixture(t *testing.T) {
	const declarations = "x[i]: vector(d), i = 1..N\nM[k]: vector(d), k = 1..K\nw[k]: scalar, k = 1..K\n"
	args := []runner.Arg{runner.MatrixArg("x", 2, 2, 500, 0, 1001, 0), runner.MatrixArg("M", 2, 2, 0, 0, 1000, 0), runner.VectorArg("w", 0, 0)}
	want := []runner.Value{
		{Data: []float64{125000.5 + math.Ln2}},
		{Shape: []int{2, 2}, Data: []float64{-250, 0, 249, 0}},
		{Shape: []int{2}, Data: []float64{0.5, -0.5}},
	}
	var all []*generated
	for _, text := range []string{
		"-sum(i, log(sum(k, exp(w[k])*exp(-norm2(x[i] - M[k])^2/2)))) + N*log(sum(k, exp(w[k])))",
		"-sum(i, log(sum(k, exp(w[k])/sum(j, exp(w[j]))*exp(-norm2(x[i] - M[k])^2/2))))",
		"-sum(i, log(sum(k, exp(w[k] - norm2(x[i] - M[k])^2/2)/sum(j, exp(w[j])))))",
	} {
		req := nabla.ProgramRequest{Request: nabla.Request{Program: declarations + text, Wrt: []string{"M", "w"}}, Name: "f"}
		prog, err := nabla.NewProgram(req)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		all = append(all, &generated{req: req, prog: prog, want: [][]runner.Value{want},
			job: runner.Job{ID: text, Func: "f", Ranks: []int{0, 2, 1}, Points: [][]runner.Arg{args}}})
	}
	for _, l := range nabla.Languages() {
		t.Run(l.Name, func(t *testing.T) { runGenerated(t, runner.Lang(l.Name), all) })
	}
}
