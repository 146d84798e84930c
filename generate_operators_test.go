package nabla_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"example.com/nabla"
	"example.com/nabla/internal/check"
	"example.com/nabla/internal/eval"
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/ops"
	"example.com/nabla/internal/runner"
	"example.com/nabla/internal/syntax"
)

// exampleSizes are the values of sizes by the order in which they occur.
var exampleSizes = [][]int{{3, 4, 2, 5, 6, 7}, {2, 5, 3, 4, 7, 6}}

// TestGenerateExamples writes each example of each operator by each of its variables, and
// programs of what the examples lack, in every language, compares the value and lets the
// check that was written judge the derivatives. JAX and C++, which compile at length, get
// every fifth, and the programs that the examples lack.
func TestGenerateExamples(t *testing.T) {
	texts := []string{
		"σ: function; y'*σ(X*w)", "σ, τ: function; sum(σ(X)*τ(w))", "σ: function; σ(a)*x",
		"A[i]: matrix(n, n), i = 1..N; sum(i, x'*A[i]*x)", "A[i]: matrix(n, n), i = 1..N; sum(i, logdet(A[i]'*A[i] + X'*X))",
		"s[i]: scalar, i = 1..N; sum(i, (s[i] - a)^2*w'*w)",
	}
	for _, o := range nabla.Operators() {
		texts = append(texts, o.Examples...)
	}
	var all []*generated
	refused := 0
	for k, text := range texts {
		if testing.Short() && k%6 != 0 {
			continue
		}
		more, out, err := examplePrograms(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
		}
		all, refused = append(all, more...), refused+out
	}
	if refused > len(all)/10 {
		t.Errorf("%d of %d programs are refused", refused, refused+len(all))
	}
	t.Logf("%d programs, %d are refused", len(all), refused)
	var some []*generated
	for i, g := range all {
		if i%5 == 0 || strings.Contains(g.job.ID, ";") {
			some = append(some, g)
		}
	}
	for _, l := range nabla.Languages() {
		list := all
		if lang := runner.Lang(l.Name); lang == runner.JAX || lang == runner.Cpp {
			list = some
		}
		t.Run(l.Name, func(t *testing.T) { runGenerated(t, runner.Lang(l.Name), list) })
	}
}

// examplePrograms plans a text by each of its variables, with all that can be asked, and
// counts what is refused.
func examplePrograms(text string) (list []*generated, refused int, err error) {
	b := expr.NewBuilder(ops.Registry())
	tree, diagnostics := syntax.ParseProgram(text, syntax.Options{IsFunction: func(n string) bool { return b.Reg.Overloads(n) != nil }})
	if len(diagnostics) > 0 {
		return nil, 0, errors.New(diagnostics.Render(tree.File))
	}
	p, diagnostics := check.Check(b, tree, check.Options{})
	if len(diagnostics) > 0 {
		return nil, 0, errors.New(diagnostics.Render(p.File))
	}
	for _, v := range p.Vars {
		s := v.Symbol
		if s.Kind == expr.Function || s.Family != nil || s.Kind == expr.Scalar && s.Facts.Has(expr.Integer) || s.Facts.Has(expr.Onehot) {
			continue
		}
		req := nabla.ProgramRequest{Request: nabla.Request{Program: text, Wrt: []string{s.Name}, NoCheck: true}, Name: "f",
			What: []nabla.What{nabla.ValueOf, nabla.JacobianOf, nabla.JacobianVector, nabla.AdjointJacobian}}
		if p.Result.Shape.IsScalar() {
			req.What = []nabla.What{nabla.ValueOf, nabla.GradientOf, nabla.HessianOf, nabla.HessianVector, nabla.JacobianVector}
		}
		prog, err := nabla.NewProgram(req)
		var input *nabla.InputError
		if errors.As(err, &input) {
			refused++
			continue
		}
		if err != nil {
			return list, refused, fmt.Errorf("by %s: %w", s.Name, err)
		}
		g, err := exampleAt(b, p, prog, req, text+" by "+s.Name)
		var none *eval.NoPoint
		if err != nil && !errors.As(err, &none) {
			return list, refused, fmt.Errorf("by %s: %w", s.Name, err)
		}
		if g != nil {
			list = append(list, g)
		}
	}
	return list, refused, nil
}

// exampleAt draws the points of a program.
func exampleAt(b *expr.Builder, p *check.Program, prog *nabla.Program, req nabla.ProgramRequest, id string) (*generated, error) {
	g := &generated{req: req, prog: prog, job: runner.Job{ID: id, Func: "f", Check: true}}
	for _, r := range prog.Results {
		g.job.Ranks = append(g.job.Ranks, r.Value.Rank)
	}
	var names []string
	for _, q := range prog.Params {
		if q.Size != nil {
			names = append(names, q.Size.Name)
		}
	}
	for _, d := range prog.Sizes {
		names = append(names, d.Size.Name)
	}
	for _, v := range p.Vars {
		for _, d := range []*expr.Dim{v.Symbol.Shape.Rows, v.Symbol.Shape.Cols} {
			for _, n := range d.Names(nil) {
				names = append(names, n.Name)
			}
		}
		if f := v.Symbol.Family; f != nil {
			for _, n := range f.Size.Names(nil) {
				names = append(names, n.Name)
			}
		}
	}
	for k, values := range exampleSizes {
		sizes := map[string]int{}
		for _, n := range names {
			if _, ok := sizes[n]; !ok {
				sizes[n] = values[len(sizes)%len(values)]
			}
		}
		env, at, err := eval.Draw(b.Reg, []*expr.Node{p.Result}, sizes, uint64(k+1))
		if err != nil {
			return nil, err
		}
		args, err := exampleArguments(prog, env, sizes)
		if err != nil {
			return nil, err
		}
		g.job.Points = append(g.job.Points, args)
		want := make([]runner.Value, len(prog.Results))
		want[0] = runner.ValueOf(at[0], prog.Results[0].Value.Rank)
		g.want = append(g.want, want)
	}
	return g, nil
}

// exampleArguments are the arguments at a point, functions and families among them.
func exampleArguments(prog *nabla.Program, env *eval.Env, sizes map[string]int) ([]runner.Arg, error) {
	var args []runner.Arg
	functions := 0
	plain := *prog
	for _, q := range prog.Params {
		switch {
		case q.Sym != nil && q.Sym.Kind == expr.Function:
			for _, order := range q.Orders {
				args = append(args, runner.FuncArg(q.Sym.Name, runner.TestFunction(functions).Derivative(order)))
			}
			functions++
			continue
		case q.Sym != nil && q.Sym.Family != nil && q.Sym.Kind == expr.Matrix:
			args = append(args, runner.MatricesArg(q.Sym.Name, env.Families[q.Sym.Name]...))
			continue
		case q.Sym != nil && q.Sym.Family != nil && q.Sym.Kind == expr.Scalar:
			args = append(args, runner.VectorArg(q.Sym.Name, runner.Stack(env.Families[q.Sym.Name]...).Data...))
			continue
		}
		plain.Params = slices.Clone(prog.Params[:0:0])
		plain.Params = append(plain.Params, q)
		one, err := arguments(&plain, env, sizes)
		if err != nil {
			return nil, err
		}
		args = append(args, one...)
	}
	return args, nil
}
