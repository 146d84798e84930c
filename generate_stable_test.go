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
