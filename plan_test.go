package nabla_test

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"example.com/nabla"
	"example.com/nabla/internal/eval"
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/ops"
	"example.com/nabla/internal/plan"
	"example.com/nabla/internal/plan/plantest"
	"example.com/nabla/internal/print"
)

// TestPlanCorpus lowers every published case and its answer in both layouts and
// compares the values with those of the nodes.
func TestPlanCorpus(t *testing.T) {
	cases := readCorpus(t)
	forms := 0
	for i := range cases {
		c := &cases[i]
		for _, layout := range []nabla.Layout{nabla.Denominator, nabla.Numerator} {
			req := request(c)
			req.Layout = layout
			a, err := nabla.Answer(req)
			if err != nil {
				continue // TestCorpus reports it
			}
			forms += indexForms(a)
			for k, sizes := range c.Dims {
				env, err := point(a.B, c, sizes, uint64(k+1), roots(a)...)
				var none *eval.NoPoint
				if errors.As(err, &none) {
					continue
				}
				if err != nil {
					t.Fatalf("%s: %v", c.ID, err)
				}
				if err := lowersRight(a, env); err != nil {
					t.Errorf("%s: %s by %s at %v: %v", c.ID, c.Expr, c.Wrt, sizes, err)
				}
			}
		}
	}
	t.Logf("%d answers in index form", forms)
}

// TestPlanRandom does the same for random programs.
func TestPlanRandom(t *testing.T) {
	count := 3000
	if testing.Short() {
		count = 300
	}
	questions := rapid.Custom(func(t *rapid.T) question { return generator{t}.question() })
	run, forms := 0, 0
	for i := range count {
		q := questions.Example(i)
		a, err := nabla.Answer(q.req)
		if err != nil {
			continue // TestRandom reports it
		}
		for k, sizes := range []map[string]int{{"n": 3, "m": 4, "p": 2, "N": 5}, {"n": 2, "m": 5, "p": 3, "N": 4}} {
			env, _, err := eval.Draw(a.B.Reg, roots(a), sizes, uint64(k+1))
			if err != nil {
				continue
			}
			run++
			forms += indexForms(a)
			if err := lowersRight(a, env); err != nil {
				t.Errorf("%v: %v", &q, err)
			}
		}
	}
	if run < count {
		t.Errorf("only %d of %d points", run, 2*count)
	}
	t.Logf("%d answers in index form", forms)
}

// planPrograms are what no operator's example shows: members, indices, unknown functions,
// powers with a symbol, and shapes with an axis of one.
var planPrograms = []string{
	"x[i]: vector(n), i = 1..N; A: matrix(n, n)\nsum(i, x[i]'*A*x[i])",
	"x[i]: vector(n), i = 1..N; A: matrix(n, n); w: vector(n)\nsum(i, exp(A*x[i])'*w*log(1 + exp(x[i]'*w)))",
	"x[i]: vector(n), i = 1..N; y[i]: scalar, i = 1..N; w: vector(n)\nsum(i, (x[i]'*w - y[i])^2)",
	"X[i]: matrix(n, n), i = 1..N; A: matrix(n, n)\nsum(i, logdet(X[i]*X[i]' + A*A'))",
	"X[i]: matrix(n, 1), i = 1..N; w: vector(n)\nsum(i, w'*X[i])",
	"A, B: matrix(n, n); p: scalar integer\nsum(k = 1..p, tr(A^(k-1)*B*A^(p-k)))",
	"A: matrix(n, n); w: vector(n); p: scalar integer\nw'*A^p*w/p + tr(A^(-p))",
	"w: vector(n); a: scalar; p: scalar integer\nsum(k = 1..p, k*sum(exp(k*a*w)))/p",
	"A: matrix(n, n); w: vector(n)\nw'*A^3*w + w'*A^(-2)*w + tr(A^7)",
	"σ: function; A: matrix(m, n); x: vector(n)\nsum(σ(A*x))",
	"σ, τ: function; A: matrix(m, n); x: vector(n)\nsum(τ(A*σ(x)))",
	"u: matrix(n, 1); A: matrix(n, n)\nu'*A*u",
	"u: matrix(1, n); A: matrix(n, n)\nu*A*u' + norm2(kron(u', u))^2",
	"v: vector(1); x: vector(n)\nnorm2(v*x')^2 + v'*v",
	"S: matrix(1, 1); x: vector(n)\nnorm2(S*x')^2",
	"A: matrix(m, n); B: matrix(p, q); x: vector(n*q)\nnorm2(kron(A, B)*x)^2",
	"A: matrix(m, n); x: vector(m*n); B: matrix(p, m*n)\nnorm2(B*vec(A') + B*commutation(m, n)*x)^2",
	"x, y: vector(n); B: matrix(m, n)\nnorm2(khatrirao(x', y'))^2 + norm2(khatrirao(B, y'))^2 + norm2(khatrirao(x', B))^2 + norm2(kron(x, B))^2",
	"A: matrix(m, n); B: matrix(p, n); x: vector(n); y: vector(m*p)\nnorm2(khatrirao(A, B)*x)^2 + norm2(khatrirao(A, B)'*y)^2 + norm2(khatrirao(A, B)*A')^2",
	"A: matrix(n, n) orthogonal; x: vector(n)\nx'*inv(A)*x",
	"A: matrix(n, n) posdef; x: vector(n); c: scalar positive\nx'*inv(A + c*eye(n))*x + logdet(A/c)",
	"A: matrix(n, n); B: matrix(n, m)\nsum(inv(A)*B) + sum(B'*inv(A')) + tr(inv(A)*B*B') + log(det(A*A'))",
	"x: vector(n); A: matrix(m, n)\nlog(sum(exp(A*x))) + sum(1./(1 + exp(-A*x))) + sum(log(1 + exp(A*x)))",
	"Z: matrix(m, n); Y: matrix(m, n)\nsum(Y.*log(exp(Z)./(rowsum(exp(Z))*ones(n)')))",
	"x: vector(n)\nsum(log(softmax(x))) + sum(log(sigmoid(x))) + sum(log(1 - sigmoid(x)))",
	"X: matrix(m, n); a: scalar\nsum((X - rowmean(X)*ones(n)').^2) + sum((X - ones(m)*colmean(X) + a).^3)",
	"X: matrix(m, n); u: vector(m); v: vector(n)\nsum(exp(u*ones(n)' + ones(m)*v' + X)) + sum((u*v').*X)",
	"x: vector(n); A: matrix(n, n)\nx'*(diag(x) - x*x')*A*(diag(x) + 2*eye(n))*x + tr(diag(x)*A*diag(x))",
}

// TestPlanPrograms lowers the examples of every operator and further programs, with the
// derivatives by each variable.
func TestPlanPrograms(t *testing.T) {
	programs := planPrograms
	for _, o := range ops.Registry().Ops() {
		programs = append(programs, o.Examples...)
	}
	seen := map[string]bool{}
	for _, text := range programs {
		names, err := nabla.Variables(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		for _, name := range names {
			for order := 1; order <= 2; order++ {
				a, err := nabla.Answer(nabla.Request{Program: text, Wrt: []string{name}, Order: order})
				if err != nil {
					if order == 1 {
						t.Errorf("%s by %s: %v", text, name, err)
					}
					continue
				}
				for _, n := range roots(a) {
					expr.Walk(n, func(n *expr.Node) { seen[n.Op.Name] = true })
				}
				if drawAndCompare(t, a, fmt.Sprintf("%s by %s, order %d", text, name, order)) == 0 {
					t.Errorf("%s by %s: no point", text, name)
				}
			}
		}
	}
	for _, o := range ops.Registry().Ops() {
		if !seen[o.Name] {
			t.Errorf("%s is not lowered by any program", o.Name)
		}
	}
}

// drawAndCompare lowers at several sizes and returns how many points there are.
func drawAndCompare(t *testing.T, a *nabla.Answered, name string) (seen int) {
	t.Helper()
	for k, base := range []int{0, 1, 2} {
		sizes := map[string]int{}
		var names []*expr.SizeName
		for _, d := range a.B.Dims() {
			names = d.Names(names)
		}
		for i, n := range names {
			sizes[n.Name] = 2 + (i+base)%4
			if n.Symbol != nil {
				delete(sizes, n.Name)
			}
		}
		env, _, err := eval.Draw(a.B.Reg, roots(a), sizes, uint64(k+1))
		if err != nil {
			continue
		}
		seen++
		if err := lowersRight(a, env); err != nil {
			t.Errorf("%s at %v: %v", name, sizes, err)
		}
	}
	return seen
}

// roots are the nodes that must have values.
func roots(a *nabla.Answered) []*expr.Node {
	list := []*expr.Node{a.F}
	for _, n := range a.Nodes {
		if n != nil {
			list = append(list, n)
		}
	}
	return list
}

// indexForms counts answers that have an index form.
func indexForms(a *nabla.Answered) (n int) {
	for _, x := range a.Forms {
		if x != nil {
			n++
		}
	}
	return n
}

// lowersRight lowers an expression and its derivatives by one Lowerer and compares.
func lowersRight(a *nabla.Answered, env *eval.Env) error {
	rng := rand.New(rand.NewPCG(uint64(len(a.B.Nodes())), 3))
	estimates := map[*expr.SizeName]int{} // other orders of products are tried by other sizes
	l := plan.NewLowerer(plan.NewMaker(a.B), plan.Options{Size: func(n *expr.SizeName) int {
		if estimates[n] == 0 {
			estimates[n] = 1 + int(math.Exp(8*rng.Float64()))
		}
		return estimates[n]
	}})
	var want []expr.Dense
	var values []*plan.Value
	w, err := eval.Evaluate(a.B.Reg, a.F, env)
	if err != nil {
		return nil // too near to a singular matrix
	}
	want, values = append(want, w), append(values, l.Result(a.F))
	for i, n := range a.Nodes {
		if n != nil {
			w, err = eval.Evaluate(a.B.Reg, n, env)
		} else {
			w, err = indexValue(a.B.Reg, a.Forms[i], env)
		}
		if err != nil {
			return nil
		}
		if n != nil {
			want, values = append(want, w), append(values, l.Result(n))
		}
		if x := a.Whole[i]; x != nil {
			want, values = append(want, w), append(values, l.Result(x))
		}
		if x := a.Forms[i]; x != nil {
			want, values = append(want, w), append(values, l.IndexForm(x))
			if n != nil {
				want, values = append(want, w), append(values, l.Cheaper(n, x))
			}
		}
	}
	got, err := plantest.Evaluate(env, values...)
	if err != nil {
		return err
	}
	for i := range want {
		if err := near(want[i], got[i], 1e-7); err != nil {
			return fmt.Errorf("result %d: %w", i, err)
		}
	}
	return factsHold(env, values)
}

// factsHold checks what is said to be known of every value that the results are made
// of.
func factsHold(env *eval.Env, roots []*plan.Value) error {
	seen := map[*plan.Value]bool{}
	var list []*plan.Value
	var visit func(v *plan.Value)
	visit = func(v *plan.Value) {
		if seen[v] {
			return
		}
		seen[v] = true
		for _, a := range v.Args {
			visit(a)
		}
		if v.Rank == 2 && v.Loops == 0 && v.Symmetric() {
			list = append(list, v)
		}
	}
	for _, v := range roots {
		visit(v)
	}
	values, err := plantest.Evaluate(env, list...)
	if err != nil {
		return err
	}
	for i, d := range values {
		for r := range d.Rows {
			for c := range r {
				x, y := d.At(r, c), d.At(c, r)
				if math.Abs(x-y) > 1e-8*(1+math.Abs(x)) {
					return fmt.Errorf("%v is not symmetric: %v", list[i], d)
				}
			}
		}
		if list[i].Posdef() && plantest.CheckPosdef(d) != nil {
			return fmt.Errorf("%v is not positive definite: %v", list[i], d)
		}
	}
	return nil
}

// indexValue evaluates an IndexForm entry by entry.
func indexValue(reg *expr.Registry, x *print.IndexForm, env *eval.Env) (expr.Dense, error) {
	size := func(d *expr.Dim) int {
		return int(d.Value(func(n *expr.SizeName) int64 { return int64(env.Sizes[n.Name]) }))
	}
	sizes := make([]int, len(x.Sizes))
	for i, d := range x.Sizes {
		sizes[i] = size(d)
	}
	product := func(list []int) int {
		p := 1
		for _, i := range list {
			p *= sizes[i]
		}
		return p
	}
	out := expr.NewDense(product(x.Rows), product(x.Cols))
	for _, t := range x.Terms {
		nodes := map[int]expr.Dense{}
		bound := make([]bool, len(sizes))
		for k, f := range t.Factors {
			for _, i := range f.Indices {
				bound[i] = true
			}
			if f.Node != nil && !f.IsFamily() {
				d, err := eval.Evaluate(reg, f.Node, env)
				if err != nil {
					return out, err
				}
				nodes[k] = d
			}
		}
		for _, list := range [][]int{x.Rows, x.Cols} {
			for _, i := range list {
				bound[i] = true
			}
		}
		at := make([]int, len(sizes))
		var run func(i int)
		run = func(i int) {
			if i < len(sizes) {
				for at[i] = 0; at[i] < sizes[i]; at[i]++ {
					run(i + 1)
					if !bound[i] {
						break
					}
				}
				at[i] = 0
				return
			}
			v := t.Coef.Float64()
			for k, f := range t.Factors {
				v *= indexFactor(&f, nodes[k], at, env)
			}
			r, c := 0, 0
			for _, k := range x.Rows {
				r = r*sizes[k] + at[k]
			}
			for _, k := range x.Cols {
				c = c*sizes[k] + at[k]
			}
			out.Data[r*out.Cols+c] += v
		}
		run(0)
	}
	return out, nil
}

func indexFactor(f *print.IndexFactor, d expr.Dense, at []int, env *eval.Env) float64 {
	indices := f.Indices
	switch {
	case f.Node == nil:
		if at[indices[0]] == at[indices[1]] {
			return 1
		}
		return 0
	case f.IsFamily():
		d = env.Families[f.Node.Sym.Name][at[indices[len(indices)-1]]]
		indices = indices[:len(indices)-1]
	}
	v := 0.0
	switch len(indices) {
	case 0:
		v = d.Data[0]
	case 1:
		v = d.Data[at[indices[0]]]
	case 2:
		v = d.At(at[indices[0]], at[indices[1]])
	}
	if e := f.Exp.Float64(); e != 0 {
		v = math.Pow(v, e)
	}
	return v
}

// TestPlanDeep lowers derivatives of a network with many layers, whose Hessian is a sum
// in a product in a sum, to the depth of the network.
func TestPlanDeep(t *testing.T) {
	text, f := "x: vector(n)\n", "x"
	for i := range 12 {
		text += fmt.Sprintf("W%d: matrix(n, n)\n", i)
		f = fmt.Sprintf("tanh(W%d*%s)", i, f)
	}
	for order := 1; order <= 2; order++ {
		a, err := nabla.Answer(nabla.Request{Program: text + "sum(" + f + ")", Wrt: []string{"W0"}, Order: order})
		if err != nil {
			t.Fatal(err)
		}
		if drawAndCompare(t, a, f) == 0 {
			t.Error("no point")
		}
	}
}

// indexPrograms have derivatives with three and more indices, and families.
var indexPrograms = []struct {
	program, wrt string
	order        int
}{
	{"A: matrix(m, n); x: vector(n)\nsum((A*x).^3)", "x", 3},
	{"A: matrix(m, n); x: vector(n)\nsum(exp(A*x))^2", "x", 3},
	{"x: vector(n)\nlogsumexp(x)", "x", 3},
	{"x: vector(n); A: matrix(n, n)\n(x'*A*x)^2*sum(x.^2)", "x", 3},
	{"X: matrix(m, n); A: matrix(m, m)\ntr(X'*A*X*X'*X)", "X", 2},
	{"X: matrix(m, n); A: matrix(m, m)\nsum(exp(A*X).*(X*X'*A*X))", "X", 2},
	{"X: matrix(n, n); A: matrix(n, n)\nsum((X*A*X).^2)*X", "X", 1},
	{"x[i]: vector(n), i = 1..N; w: vector(n)\nsum(i, exp(x[i]'*w))", "w", 3},
	{"X[i]: matrix(n, 1), i = 1..N; w: vector(n)\nsum(i, w'*X[i])*w", "w", 1},
	{"c[i]: scalar, i = 1..N; a: scalar\nsum(i, exp(c[i]*a))", "a", 2},
}

// TestPlanIndexForms lowers answers in index notation.
func TestPlanIndexForms(t *testing.T) {
	for _, c := range indexPrograms {
		a, err := nabla.Answer(nabla.Request{Program: c.program, Wrt: []string{c.wrt}, Order: c.order})
		if err != nil {
			t.Errorf("%s: %v", c.program, err)
			continue
		}
		if indexForms(a) == 0 {
			t.Errorf("%s: no index form", c.program)
		}
		for k, sizes := range []map[string]int{{"n": 3, "m": 4, "p": 2, "N": 5}, {"n": 2, "m": 5, "p": 3, "N": 4}} {
			env, _, err := eval.Draw(a.B.Reg, roots(a), sizes, uint64(k+1))
			if err != nil {
				t.Fatal(err)
			}
			if err := lowersRight(a, env); err != nil {
				t.Errorf("%s: %v", c.program, err)
			}
		}
	}
}
