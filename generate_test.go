package nabla_test

import (
	"errors"
	"fmt"
	"math"
	"testing"

	"example.com/nabla"
	"example.com/nabla/internal/corpus"
	"example.com/nabla/internal/eval"
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/ops"
	"example.com/nabla/internal/plan"
	"example.com/nabla/internal/runner"
)

// A generated is a program with points and what its results are there.
type generated struct {
	req  nabla.ProgramRequest
	prog *nabla.Program
	job  runner.Job
	want [][]runner.Value // for each point, each result; an empty list where only the check tells
}

// TestGenerate writes each published case in every language, with the value and the
// derivative as one function, runs it where the language is at hand, compares with the
// values of the expression and of the answer as text, and calls the check that was
// written beside it, also for products of the derivatives with directions.
func TestGenerate(t *testing.T) {
	var all []*generated
	refused := 0
	cases := readCorpus(t)
	for i := range cases {
		c := &cases[i]
		if testing.Short() && i%8 != 0 {
			continue
		}
		n, err := read(expr.NewBuilder(ops.Registry()), c, c.Expr)
		if err != nil {
			t.Fatal(err)
		}
		for k, what := range whatsOf(c.Order, n.Shape.IsScalar()) {
			g, err := generate(c, what, k > 0)
			var input *nabla.InputError
			if k > 0 && errors.As(err, &input) {
				inChinese(t, input)
				refused++ // derivatives of higher order that are not known
				continue
			}
			if err != nil {
				t.Errorf("%s %v: %v", c.ID, what, err)
				continue
			}
			all = append(all, g)
		}
	}
	if refused > len(all)/100 {
		t.Errorf("%d of %d programs are refused", refused, refused+len(all))
	}
	for _, l := range nabla.Languages() {
		list := all
		if l.Name == "cpp" || l.Name == "jax" { // which take most of a second for each to compile
			list = nil
			for i, g := range all {
				if i%4 == 0 || g.want[0] != nil && !testing.Short() {
					list = append(list, g)
				}
			}
		}
		t.Run(l.Name, func(t *testing.T) { runGenerated(t, runner.Lang(l.Name), list) })
	}
}

// whatsOf lists what is asked of a case: the value with the derivative, and products.
func whatsOf(order int, scalar bool) [][]nabla.What {
	switch {
	case order == 2:
		return [][]nabla.What{{nabla.ValueOf, nabla.GradientOf, nabla.HessianOf}, {nabla.HessianVector}}
	case scalar:
		return [][]nabla.What{{nabla.ValueOf, nabla.GradientOf}, {nabla.HessianVector, nabla.JacobianVector}}
	}
	return [][]nabla.What{{nabla.ValueOf, nabla.JacobianOf}, {nabla.JacobianVector, nabla.AdjointJacobian}}
}

// generate plans a case and draws its points.
func generate(c *corpus.Case, what []nabla.What, checkOnly bool) (*generated, error) {
	req := nabla.ProgramRequest{Request: request(c), What: what, Name: "f"}
	prog, err := nabla.NewProgram(req)
	if err != nil {
		return nil, err
	}
	g := &generated{req: req, prog: prog}
	g.job = runner.Job{ID: fmt.Sprint(c.ID, " ", what), Func: "f", Check: true}
	for _, r := range prog.Results {
		g.job.Ranks = append(g.job.Ranks, r.Value.Rank)
	}
	req.Request.NoCheck = true
	res, err := nabla.Differentiate(req.Request)
	if err != nil {
		return nil, err
	}
	b := expr.NewBuilder(ops.Registry())
	value, err := read(b, c, c.Expr)
	if err != nil {
		return nil, err
	}
	answer, err := read(b, c, res.Derivatives[0].Language)
	if err != nil {
		return nil, err
	}
	for i, sizes := range c.Dims {
		env, err := point(b, c, sizes, uint64(i+1), value, answer)
		if err != nil {
			return nil, err
		}
		args, err := arguments(prog, env, sizes)
		if err != nil {
			return nil, err
		}
		g.job.Points = append(g.job.Points, args)
		if checkOnly {
			g.want = append(g.want, nil)
			continue
		}
		var want []runner.Value
		for k, r := range prog.Results {
			n := value
			switch {
			case r.What == nabla.ValueOf:
			case k < len(prog.Results)-1:
				want = append(want, runner.Value{}) // the gradient beside a Hessian
				continue
			default:
				n = answer
			}
			v, err := eval.Evaluate(b.Reg, n, env)
			if err != nil {
				return nil, err
			}
			want = append(want, runner.ValueOf(v, r.Value.Rank))
		}
		g.want = append(g.want, want)
	}
	return g, nil
}

// arguments are the values of a program's parameters at a point.
func arguments(prog *nabla.Program, env *eval.Env, sizes map[string]int) ([]runner.Arg, error) {
	var args []runner.Arg
	functions := 0
	size := func(d *expr.Dim) int {
		return int(d.Value(func(s *expr.SizeName) int64 { return int64(sizes[s.Name]) }))
	}
	for _, p := range prog.Params {
		if p.Sym == nil {
			args = append(args, runner.IntegerArg(p.Size.Name, sizes[p.Size.Name]))
			continue
		}
		s := p.Sym
		if s.Kind == expr.Function {
			for _, order := range p.Orders {
				args = append(args, runner.FuncArg(s.Name, runner.TestFunction(functions).Derivative(order)))
			}
			functions++
			continue
		}
		if s.Family != nil {
			f := env.Families[s.Name]
			for i := len(f); i < size(s.Family.Size); i++ { // a direction
				v := expr.NewDense(size(s.Shape.Rows), size(s.Shape.Cols))
				for k := range v.Data {
					v.Data[k] = math.Sin(float64(5*i + 3*k + 1))
				}
				f = append(f, v)
			}
			args = append(args, family(s, f))
			continue
		}
		v, ok := env.Vars[s.Name]
		if !ok { // a direction, a cotangent or a variable that has no part in the value
			v = expr.NewDense(size(s.Shape.Rows), size(s.Shape.Cols))
			for i := range v.Data {
				v.Data[i] = math.Sin(float64(3*i + 1))
			}
		}
		a := runner.Arg{Name: s.Name, Value: runner.ValueOf(v, plan.ArgumentRank(s))}
		a.Kind = []runner.Kind{runner.Scalar, runner.Vector, runner.Matrix}[plan.ArgumentRank(s)]
		if s.Kind == expr.Scalar && s.Facts.Has(expr.Integer) {
			a.Kind = runner.Integer
		}
		args = append(args, a)
	}
	return args, nil
}

// family is the value of a family as it is passed.
func family(s *expr.Symbol, members []expr.Dense) runner.Arg {
	all := runner.Stack(members...)
	switch plan.ArgumentRank(s) {
	case 1:
		return runner.VectorArg(s.Name, all.Data...)
	case 2:
		return runner.MatrixArg(s.Name, len(members), len(all.Data)/len(members), all.Data...)
	}
	return runner.MatricesArg(s.Name, members...)
}

// runGenerated runs programs in a language.
func runGenerated(t *testing.T, lang runner.Lang, all []*generated) {
	runner.Need(t, lang)
	var jobs []runner.Job
	for _, g := range all {
		files, err := nabla.Generate(nabla.GenerateRequest{ProgramRequest: g.req, Language: string(lang)})
		if err != nil {
			t.Fatal(err)
		}
		j := g.job
		j.Source = files[0].Source
		if !lang.Runs() {
			j.Via = runner.Values
		}
		if lang == runner.MATLAB {
			j.CheckSource = files[1].Source
		}
		jobs = append(jobs, j)
	}
	outcomes, err := runner.Run(lang, jobs)
	if err != nil {
		t.Fatal(err)
	}
	compared, worst := 0, 0.0
	for i, o := range outcomes {
		if f := o.Failure(); f != "" {
			t.Errorf("%s: %s\n%s", o.ID, f, jobs[i].Source)
			continue
		}
		for k, p := range o.Points {
			worst = math.Max(worst, p.Check)
			for r, want := range all[i].want[k] {
				if want.Data == nil {
					continue
				}
				compared++
				if err := runner.Compare(p.Values[r], want, 1e-6); err != nil {
					t.Errorf("%s: point %d, %s %v\n%s", o.ID, k+1, all[i].prog.Results[r].Name, err, jobs[i].Source)
				}
			}
		}
	}
	t.Logf("%d functions, %d results compared, largest deviation from differences %.1e", len(jobs), compared, worst)
}

// TestFamilyPrograms plans losses over samples, whose every derivative has passed nabla's
// own check, and lets the generated check judge the code.
func TestFamilyPrograms(t *testing.T) {
	const declarations = "x[i]: vector(d), i = 1..N\ny[i]: vector(k), i = 1..N\nW1: matrix(p, d)\nW2: matrix(k, p)\n"
	var all []*generated
	for _, text := range []string{
		"sum(i, logsumexp(W2*tanh(W1*x[i])) - y[i]'*W2*tanh(W1*x[i]))",
		"sum(i, norm2(W2*sigmoid(W1*x[i]) - y[i])^2)/N",
		"log(sum(i, exp(y[i]'*W2*W1*x[i])))",
	} {
		req := nabla.ProgramRequest{Request: nabla.Request{Program: declarations + text, Wrt: []string{"W1"}}, Name: "f",
			What: []nabla.What{nabla.ValueOf, nabla.GradientOf, nabla.HessianOf, nabla.HessianVector, nabla.JacobianVector}}
		prog, err := nabla.NewProgram(req)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		g := &generated{req: req, prog: prog, job: runner.Job{ID: text, Func: "f", Check: true}, want: [][]runner.Value{nil}}
		for _, r := range prog.Results {
			g.job.Ranks = append(g.job.Ranks, r.Value.Rank)
		}
		sizes := map[string]int{"N": 5, "d": 3, "k": 2, "p": 4}
		env := &eval.Env{Families: map[string][]expr.Dense{}}
		for name, n := range map[string]int{"x": 3, "y": 2} {
			for i := range sizes["N"] {
				v := expr.NewDense(n, 1)
				for k := range v.Data {
					v.Data[k] = math.Cos(float64(7*i + 3*k + n))
				}
				env.Families[name] = append(env.Families[name], v)
			}
		}
		args, err := arguments(prog, env, sizes)
		if err != nil {
			t.Fatal(err)
		}
		g.job.Points = [][]runner.Arg{args}
		all = append(all, g)
	}
	for _, l := range nabla.Languages() {
		t.Run(l.Name, func(t *testing.T) { runGenerated(t, runner.Lang(l.Name), all) })
	}
}
