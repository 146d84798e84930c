package plan_test

import (
	"math"
	"testing"

	"example.com/nabla/internal/check"
	"example.com/nabla/internal/eval"
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/ops"
	"example.com/nabla/internal/plan"
	"example.com/nabla/internal/plan/plantest"
	"example.com/nabla/internal/syntax"
)

// parsed returns the result of a program.
func parsed(t *testing.T, text string) (*expr.Builder, *expr.Node) {
	t.Helper()
	b := expr.NewBuilder(ops.Registry())
	prog, list := syntax.ParseProgram(text, syntax.Options{})
	if len(list) > 0 {
		t.Fatalf("%s: %v", text, list)
	}
	p, list := check.Check(b, prog, check.Options{})
	if len(list) > 0 {
		t.Fatalf("%s: %v", text, list)
	}
	return b, p.Result
}

// Symmetric products that are scaled by what cannot be negative become products of one array
// with itself, also where entries are zero or next to it; others stay as they are.
func TestWithRoots(t *testing.T) {
	env := &eval.Env{Sizes: map[string]int{"m": 4, "n": 2}, Vars: map[string]expr.Dense{
		"X": {Rows: 4, Cols: 2, Data: []float64{1, 2, -3, 4, 5, -6, 7, 8}},
		"t": {Rows: 4, Cols: 1, Data: []float64{800, -1, 1e-170, 0}}}}
	for _, c := range []struct {
		program string
		roots   bool
	}{
		{"X'*diag(sigmoid(t).*sigmoid(-t))*X", true},
		{"X'*diag(t.^2)*X", true},
		{"(X'*diag(t.^2)*X)*(X'*diag(t.^2)*X)", true},
		{"X'*diag(1 ./ (1 + t.^2))*X", true},
		{"X'*(diag(softmax(t)) - softmax(t)*softmax(t)')*X", true},
		{"X'*diag(1 - tanh(t).^2)*X", true},
		{"X'*diag(t)*X", false},
		{"X'*diag(1 - t.^2)*X", false},
		{"X'*X", false},
	} {
		b, n := parsed(t, "X: matrix(m, n)\nt: vector(m)\n"+c.program)
		v := plan.NewLowerer(plan.NewMaker(b), plan.Options{Size: func(*expr.SizeName) int { return 10 }}).Result(n)
		p := &plan.Program{Builder: b, Results: []plan.Result{{Value: v}}}
		w := plan.WithRoots(p).Results[0].Value
		squares := 0
		for _, u := range plan.Schedule([]*plan.Value{w}) {
			if _, d, _, _, ok := plan.Square(u); ok && d == nil {
				squares++
			}
		}
		if c.roots != (w != v) || c.roots && squares == 0 {
			t.Errorf("%s became %v, of which %d are squares", c.program, w, squares)
		}
		got, err := plantest.Evaluate(env, w, v)
		if err != nil {
			t.Errorf("%s: %v", c.program, err)
			continue
		}
		for i, want := range got[1].Data {
			if x := got[0].Data[i]; !(math.Abs(x-want) <= 1e-14*math.Abs(want)) {
				t.Errorf("%s: entry %d is %v by roots and %v without", c.program, i, x, want)
			}
		}
	}
}

// The covariance of a softmax is right where one probability is next to one: the terms of
// diag(s) - s s' cancel there.
func TestCovariance(t *testing.T) {
	b, n := parsed(t, "A: matrix(m, n)\nx: vector(m)\nA'*(diag(softmax(x)) - softmax(x)*softmax(x)')*A")
	v := plan.NewLowerer(plan.NewMaker(b), plan.Options{Size: func(*expr.SizeName) int { return 10 }}).Result(n)
	if !v.Symmetric() {
		t.Errorf("%v is not known to be symmetric", v)
	}
	env := &eval.Env{Sizes: map[string]int{"m": 2, "n": 1}, Vars: map[string]expr.Dense{
		"A": {Rows: 2, Cols: 1, Data: []float64{1, 3}}, "x": {Rows: 2, Cols: 1, Data: []float64{0, -40}}}}
	got, err := plantest.Evaluate(env, v)
	if err != nil {
		t.Fatal(err)
	}
	p := 1 / (1 + math.Exp(40))
	if want := 4 * p * (1 - p); !(math.Abs(got[0].Data[0]-want) <= 1e-14*want) {
		t.Errorf("the variance is %v, want %v", got[0].Data[0], want)
	}
}
