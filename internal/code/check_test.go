package code

import (
	"math"
	"testing"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/ops"
	"example.com/nabla/internal/plan"
	"example.com/nabla/internal/runner"
)

// scaledSquare is the program of s xᵀx with factor s x for its gradient by x, which is
// right for a factor of two.
func scaledSquare(factor int64) *plan.Program {
	b := expr.NewBuilder(ops.Registry())
	m := plan.NewMaker(b)
	n, one := b.Sizes.Size("n"), b.One()
	s := b.NewSymbol("s", expr.Scalar, expr.Shape{Rows: one, Cols: one}, 0)
	x := b.NewSymbol("x", expr.Vector, expr.Shape{Rows: n, Cols: one}, 0)
	vs, vx := m.Param(s), m.Param(x)
	value := plan.Result{Name: "value", What: plan.ValueOf, Value: m.Binary("mul", vs, m.InnerProduct(vx, vx)), Shape: s.Shape}
	grad := plan.Result{Name: "grad_x", What: plan.Gradient, Wrt: x, Shape: x.Shape,
		Value: m.Binary("mul", m.Binary("mul", m.Int(factor), vs), vx)}
	p := plan.Assemble(b, "scaled_square", nil, []plan.Result{value, grad})
	p.Doc = []string{"f = s xᵀ x"}
	rs := b.NewSymbol("result", expr.Vector, x.Shape, 0)
	ds := b.NewSymbol("direction", expr.Vector, x.Shape, 0)
	along := value
	along.Value = m.InnerProduct(m.Param(rs), m.Param(ds))
	p.Check = &plan.Check{
		Base:  []*plan.Program{nil, plan.Assemble(b, "value", []*expr.Symbol{s, x}, []plan.Result{value})},
		Along: []*plan.Program{nil, plan.Assemble(b, "along", []*expr.Symbol{rs, ds}, []plan.Result{along})},
	}
	q := p.Check.Along[1]
	q.Params[0].Result, q.Params[1].Direction = true, x
	return p
}

// TestChecks sees that the check of each language passes a derivative that is right, finds
// one that is wrong, and does not pass where there is no number to compare.
func TestChecks(t *testing.T) {
	for _, target := range Targets() {
		t.Run(target.Name, func(t *testing.T) {
			lang := runner.Lang(target.Name)
			runner.Need(t, lang)
			var jobs []runner.Job
			for _, c := range []struct {
				id     string
				factor int64
				s      float64
			}{{"right", 2, 0.5}, {"wrong", 3, 0.5}, {"NaN", 2, math.NaN()}} {
				files, err := Write(target.Name, scaledSquare(c.factor))
				if err != nil {
					t.Fatal(err)
				}
				j := runner.Job{ID: c.id, Source: files[0].Source, Func: "scaled_square", Ranks: []int{0, 1}, Check: true,
					Points: [][]runner.Arg{{runner.ScalarArg("s", c.s), runner.VectorArg("x", 1, -2, 3)}}}
				if lang == runner.MATLAB {
					j.CheckSource = files[1].Source
				}
				if !lang.Runs() {
					j.Via = runner.Values
				}
				jobs = append(jobs, j)
			}
			out, err := runner.Run(lang, jobs)
			if err != nil {
				t.Fatal(err)
			}
			for i, o := range out {
				switch f := o.Failure(); {
				case o.Err != "" || len(o.Points) == 0 || o.Points[0].Err != "":
					t.Errorf("%s: %s\n%s", o.ID, f, jobs[i].Source)
				case (o.Points[0].CheckErr == "") != (i == 0):
					t.Errorf("%s: the check returns %v, error %q", o.ID, o.Points[0].Check, o.Points[0].CheckErr)
				}
			}
		})
	}
}
