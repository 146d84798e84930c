package nabla_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"example.com/nabla"
	"example.com/nabla/internal/eval"
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/plan"
	"example.com/nabla/internal/plan/plantest"
	"example.com/nabla/internal/runner"
)

// familyPrograms have derivatives by families of each kind.
var familyPrograms = []struct {
	text, wrt string
	scalar    bool
}{
	{"s[i]: scalar, i = 1..N; sum(i, exp(s[i])*s[i]) + sum(i, s[i])^2", "s", true},
	{"s[i]: scalar, i = 1..N; x[i]: vector(n), i = 1..N; y: vector(n); norm2(sum(i, s[i]*x[i]) - y)^2", "s", true},
	{"x[i]: vector(n), i = 1..N; w: vector(n); sum(i, log(1 + exp(x[i]'*w))) + norm2(sum(i, x[i]))^2", "x", true},
	{"x[i]: vector(n), i = 1..N; w: vector(n); log(sum(i, exp(x[i]'*w)))", "x", true},
	{"W[i]: matrix(m, n), i = 1..N; x: vector(n); y: vector(m); sum(i, norm2(W[i]*x - y)^4)", "W", true},
	{"W[i]: matrix(m, n), i = 1..N; x: vector(n); y: vector(m); norm2(sum(i, sigmoid(W[i]*x)) - y)^2", "W", true},
	{"A[i]: matrix(n, n), i = 1..N; B[i]: matrix(n, n), i = 1..N; sum(i, tr(A[i]'*B[i]*A[i]))^2", "A", true},
	{"S[k]: matrix(n, n) posdef, k = 1..K; x[k]: vector(n), k = 1..K; sum(k, logdet(S[k]) + x[k]'*inv(S[k])*x[k])", "S", true},
	{"C[i]: matrix(n, n) symmetric, i = 1..N; x: vector(n); sum(i, (x'*C[i]*x)^2)", "C", true},
	{"V[i]: matrix(n, 1), i = 1..N; u: vector(n); sum(i, tanh(u'*V[i])^2)", "V", true},
	{"A[i]: matrix(n, n), i = 1..N; c[i]: vector(n), i = 1..N; sum(i, log(3 + (c[i]'*inv(A[i] + 3*eye(n))*c[i])^2))", "c", true},
	{"A[i]: matrix(n, n), i = 1..N; s[i]: scalar, i = 1..N; b: vector(n); sum(i, sin(s[i])*b'*inv(A[i] + 3*eye(n) + s[i]*eye(n))*b)", "s", true},
	// One member, members of one entry, and both.
	{"s[i]: scalar, i = 1..1; sum(i, exp(s[i]))", "s", true},
	{"x[i]: vector(1), i = 1..1; sum(i, exp(x[i]))", "x", true},
	{"x[i]: vector(1), i = 1..N; sum(i, exp(x[i]))", "x", true},
	{"x[i]: vector(n), i = 1..1; exp(sum(i, x[i]'*x[i]))", "x", true},
	{"V[i]: matrix(1, 1), i = 1..1; sum(i, exp(V[i]))", "V", true},
	{"V[i]: matrix(1, n), i = 1..1; sum(i, exp(V[i]*V[i]'))", "V", true},
	{"s[i]: scalar, i = 1..N; x: vector(n); sum(i, s[i]^2)*x", "s", false},
	{"x[i]: vector(n), i = 1..N; sum(i, x[i]*norm2(x[i])^2)", "x", false},
	{"x[i]: vector(n), i = 1..N; sum(i, x[i]*x[i]')", "x", false},
	{"W[i]: matrix(m, n), i = 1..N; x: vector(n); sum(i, tanh(W[i]*x))", "W", false},
}

// TestFamilyDerivatives asks for everything by families, in all languages; what is
// returned has the values of the plan, and the check passes.
func TestFamilyDerivatives(t *testing.T) {
	sizes := map[string]int{"N": 3, "K": 3, "n": 2, "m": 4}
	var all []*generated
	for _, c := range familyPrograms {
		what := []nabla.What{nabla.ValueOf, nabla.GradientOf, nabla.HessianOf, nabla.HessianVector, nabla.AdjointJacobian}
		if !c.scalar {
			what = []nabla.What{nabla.ValueOf, nabla.JacobianOf, nabla.JacobianVector, nabla.AdjointJacobian}
		}
		for _, layout := range []nabla.Layout{nabla.Denominator, nabla.Numerator} {
			if c.scalar && layout == nabla.Numerator {
				continue
			}
			g, err := familyProgram(c.text, c.wrt, what, layout, sizes)
			if err != nil {
				t.Errorf("%s by %s: %v", c.text, c.wrt, err)
				continue
			}
			all = append(all, g)
		}
	}
	for _, l := range nabla.Languages() {
		t.Run(l.Name, func(t *testing.T) { runGenerated(t, runner.Lang(l.Name), some(l.Name, all)) })
	}
}

// some are all programs, or each third for languages whose compilers take most of a second
// for each.
func some(language string, all []*generated) []*generated {
	if language != "cpp" && language != "jax" {
		return all
	}
	var list []*generated
	for i, g := range all {
		if i%3 == 1 {
			list = append(list, g)
		}
	}
	return list
}

// familyProgram plans a program at a point, with its values by the definition of each step.
func familyProgram(text, wrt string, what []nabla.What, layout nabla.Layout, sizes map[string]int) (*generated, error) {
	req := nabla.ProgramRequest{Request: nabla.Request{Program: text, Wrt: strings.Fields(wrt), Layout: layout}, Name: "f", What: what}
	prog, err := nabla.NewProgram(req)
	if err != nil {
		return nil, err
	}
	env := &eval.Env{Sizes: sizes, Vars: map[string]expr.Dense{}, Families: map[string][]expr.Dense{}}
	size := func(d *expr.Dim) int {
		return int(d.Value(func(s *expr.SizeName) int64 { return int64(sizes[s.Name]) }))
	}
	for k, q := range prog.Params {
		if q.Sym.Kind == expr.Function {
			continue
		}
		members := 1
		if q.Sym.Family != nil {
			members = size(q.Sym.Family.Size)
		}
		for i := range members {
			v := expr.NewDense(size(q.Sym.Shape.Rows), size(q.Sym.Shape.Cols))
			for j := range v.Data {
				v.Data[j] = math.Cos(float64(7*j+j*j+3*k+5*i)) / 2
				if q.Sym.Facts.Has(expr.Positive) && !q.Sym.Facts.Has(expr.Symmetric) {
					v.Data[j] = math.Abs(v.Data[j]) + 0.3
				}
			}
			if q.Sym.Facts.Has(expr.Symmetric) {
				for r := range v.Rows {
					for c := range r {
						v.Set(c, r, v.At(r, c))
					}
					v.Set(r, r, v.At(r, r)+2)
				}
			}
			if q.Sym.Family != nil {
				env.Families[q.Sym.Name] = append(env.Families[q.Sym.Name], v)
			} else {
				env.Vars[q.Sym.Name] = v
			}
		}
	}
	g := &generated{req: req, prog: prog, job: runner.Job{ID: fmt.Sprint(text, " by ", wrt, " ", layout), Func: "f", Check: true}}
	var values []*plan.Value
	for _, r := range prog.Results {
		g.job.Ranks = append(g.job.Ranks, r.Value.Rank)
		values = append(values, r.Value)
	}
	args, err := arguments(prog, env, sizes)
	if err != nil {
		return nil, err
	}
	g.job.Points = [][]runner.Arg{args}
	list, err := plantest.Evaluate(env, values...)
	if err != nil {
		return nil, err
	}
	var want []runner.Value
	for k, v := range list {
		if r := values[k]; r.Rank == 3 {
			want = append(want, runner.Value{Shape: []int{len(v.Data) / (size(r.Rows) * size(r.Cols)), size(r.Rows), size(r.Cols)}, Data: v.Data})
		} else {
			want = append(want, runner.ValueOf(v, r.Rank))
		}
	}
	g.want = [][]runner.Value{want}
	return g, nil
}
