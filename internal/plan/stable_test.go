package plan_test

import (
	"math"
	"strings"
	"testing"

	"example.com/nabla/internal/check"
	"example.com/nabla/internal/eval"
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/ops"
	"example.com/nabla/internal/plan"
	"example.com/nabla/internal/plan/plantest"
	"example.com/nabla/internal/syntax"
)

// Values are right where a formula as it stands overflows or cancels.
func TestStable(t *testing.T) {
	for _, c := range []struct {
		program string
		x       []float64
		want    []float64
	}{
		{"log(1 + exp(x))", []float64{800, -800, 0}, []float64{800, 0, math.Ln2}},
		{"1./(1 + exp(-x))", []float64{800, -800, -40}, []float64{1, 0, 4.248354255291589e-18}},
		{"exp(x)./(1 + exp(x))", []float64{800, -800, 40}, []float64{1, 0, 1}},
		{"1 - sigmoid(x)", []float64{800, 40, -40}, []float64{0, 4.248354255291589e-18, 1}},
		{"1 - 1./(1 + exp(-x))", []float64{800, 40, -40}, []float64{0, 4.248354255291589e-18, 1}},
		{"log(sigmoid(x))", []float64{-800, 800, 0}, []float64{-800, 0, -math.Ln2}},
		{"log(1 - sigmoid(x))", []float64{-800, 800, 0}, []float64{0, -800, -math.Ln2}},
		{"log(1./(1 + exp(-x)))", []float64{-800, 800, 0}, []float64{-800, 0, -math.Ln2}},
		{"log(sum(exp(x)))", []float64{1000, 1000, 1000}, []float64{1000 + math.Log(3)}},
		{"log(mean(exp(x)))", []float64{-1000, -1000, -1000}, []float64{-1000}},
		{"log(sum(exp(x))/2)", []float64{1000, 1000, -1000}, []float64{1000}},
		{"exp(x)/sum(exp(x))", []float64{1000, 1000, -1000}, []float64{0.5, 0.5, 0}},
		{"log(exp(x)/sum(exp(x)))", []float64{1000, 1000, -1000}, []float64{-math.Ln2, -math.Ln2, -2000 - math.Ln2}},
		{"log(softmax(x))", []float64{1000, 1000, -1000}, []float64{-math.Ln2, -math.Ln2, -2000 - math.Ln2}},
		{"exp(x - logsumexp(x))", []float64{1000, 1000, -1000}, []float64{0.5, 0.5, 0}},
		{"norm2(x)", []float64{3e200, 4e200, 0}, []float64{5e200}},
		{"sqrt(x'*x)", []float64{3e-200, 4e-200, 0}, []float64{5e-200}},
		{"x/norm2(x)", []float64{3e200, 4e200, 0}, []float64{0.6, 0.8, 0}},
		{"log(1 + x)", []float64{1e-20, 1e-10, 0}, []float64{1e-20, 1e-10 - 5e-21, 0}},
		{"exp(x) - 1", []float64{1e-20, 1e-10, 0}, []float64{1e-20, 1e-10 + 5e-21, 0}},
		{"1 - erf(x)", []float64{6, 0, 7}, []float64{math.Erfc(6), 1, math.Erfc(7)}},
		{"log(exp(x) + exp(-x))", []float64{800, -800, 0}, []float64{800, 800, math.Ln2}},
		{"log(exp(2*x) + exp(-x))", []float64{800, -800, 0}, []float64{1600, 800, math.Ln2}},
		{"log(exp(x) + exp(x.^2) + 3)", []float64{800, -1000, -1e-9}, []float64{640000, 1e6, math.Log(5) - 2e-10}},
		{"log(exp(x) + exp(2*x))", []float64{-900, 900, 0}, []float64{-900, 1800, math.Ln2}},
		{"log(1 + exp(x) + exp(-x))", []float64{-900, 900, 0}, []float64{900, 900, math.Log(3)}},
		{"log(2*exp(x) + exp(-x)/2)", []float64{-900, 900, 0}, []float64{900 - math.Ln2, 900 + math.Ln2, math.Log(2.5)}},
		{"log((exp(x) + exp(-x))/2)", []float64{-900, 900, 0}, []float64{900 - math.Ln2, 900 - math.Ln2, 0}},
		{"log(cosh(x))", []float64{-900, 900, 1}, []float64{900 - math.Ln2, 900 - math.Ln2, math.Log(math.Cosh(1))}},
		{"log(2*cosh(x))", []float64{-900, 900, 0}, []float64{900, 900, math.Ln2}},
		{"log(sum(exp(x)) + 1)", []float64{900, 900, 0}, []float64{900 + math.Ln2}},
		{"log(sum(exp(x)) + exp(norm2(x)))", []float64{900, 0, 0}, []float64{900 + math.Ln2}},
		{"log(exp(x) + sum(exp(x)))", []float64{900, 0, 900}, []float64{900 + math.Log(3), 900 + math.Ln2, 900 + math.Log(3)}},
		{"log(exp(x) + softplus(x))", []float64{900, 1000, 800}, []float64{900, 1000, 800}},
		{"log(sum(softplus(x).*exp(x)))", []float64{900, 0, 0}, []float64{900 + math.Log(900)}},
		{"log(sum(k = 1..3, exp(k*sum(x))))", []float64{800, 0, 0}, []float64{2400}},
		{"log(sum(k = 1..3, exp(x'*x)*exp(k*sum(x)))/2)", []float64{-100, 0, 0}, []float64{9900 - math.Ln2}},
		{"log(exp(x*x')*exp(-1000*x))", []float64{1, 1, -1}, []float64{999, 999, 1001}},
		{"exp(x)./(exp(x) + exp(-x))", []float64{800, -800, -20}, []float64{1, 0, 1 / (1 + math.Exp(40))}},
		{"exp(x)./(exp(x) + exp(-x) + 1)", []float64{800, -800, 0}, []float64{1, 0, 1.0 / 3}},
		{"(exp(x) + exp(-x))./(exp(x) + exp(-x) + 1)", []float64{800, -800, 0}, []float64{1, 1, 2.0 / 3}},
		{"(2*exp(x) - exp(-2*x))./(exp(x) + exp(-2*x))", []float64{800, -800, 0}, []float64{2, -1, 0.5}},
		{"exp(x)./(1 + exp(x)).^2", []float64{800, -800, 0}, []float64{0, 0, 0.25}},
		{"exp(2*x)./(1 + exp(x)).^2", []float64{800, -800, 0}, []float64{1, 0, 0.25}},
		{"exp(3*x)./(1 + exp(x)).^3", []float64{800, -800, 0}, []float64{1, 0, 0.125}},
		{"exp(x).*exp(x.^2)./(exp(x) + exp(x.^2)).^2", []float64{800, -800, 0}, []float64{0, 0, 0.25}},
		{"exp(x)/(1 + sum(exp(x)))", []float64{800, 800, 0}, []float64{0.5, 0.5, 0}},
		{"x'*exp(x)/(1 + sum(exp(x)))", []float64{800, 800, 0}, []float64{800}},
		{"exp(x)*exp(x)'/(1 + sum(exp(x)))^2*x", []float64{800, 800, 0}, []float64{400, 400, 0}},
		{"sum(exp(x))/(1 + sum(exp(x)))", []float64{800, 800, 0}, []float64{1}},
		{"exp(x)/(sum(exp(x)) + exp(norm2(x)))", []float64{800, 0, 0}, []float64{0.5, 0, 0}},
		{"log((1 + exp(x)).*(2 + exp(x)))", []float64{800, -800, 0}, []float64{1600, math.Ln2, math.Log(6)}},
		{"log((1 + exp(x))./(2 + exp(x)))", []float64{800, -800, 0}, []float64{0, -math.Ln2, math.Log(2.0 / 3)}},
		{"log(sqrt(exp(x) + 1)) + log((exp(x) + 1).^3)", []float64{800, -800, 0}, []float64{2800, 0, 3.5 * math.Ln2}},
		{"exp(x).*((1 - exp(x)./(1 + exp(x) + exp(-x)))./(1 + exp(x) + exp(-x)))", []float64{800, -800, 0}, []float64{0, 0, 2.0 / 9}},
		{"(diag(exp(x)) - exp(x)*exp(x)'/(1 + sum(exp(x))))/(1 + sum(exp(x)))", []float64{800, 800, 0}, []float64{0.25, -0.25, 0, -0.25}},
		{"log(det(diag(exp(x))))", []float64{-300, -300, -300}, []float64{-900}},
	} {
		b := expr.NewBuilder(ops.Registry())
		prog, _ := syntax.ParseProgram("x: vector(n)\n"+strings.ReplaceAll(c.program, ";", "\n"), syntax.Options{})
		p, list := check.Check(b, prog, check.Options{})
		if len(list) > 0 {
			t.Errorf("%s: %v", c.program, list)
			continue
		}
		v := plan.NewLowerer(plan.NewMaker(b), plan.Options{}).Result(p.Result)
		env := &eval.Env{Sizes: map[string]int{"n": len(c.x)}, Vars: map[string]expr.Dense{"x": {Rows: len(c.x), Cols: 1, Data: c.x}}}
		got, err := plantest.Evaluate(env, v)
		if err != nil {
			t.Errorf("%s: %v", c.program, err)
			continue
		}
		for i, want := range c.want {
			if x := got[0].Data[i]; !(math.Abs(x-want) <= 1e-12*math.Abs(want)) {
				t.Errorf("%s at %v is %v, want %v: %v", c.program, c.x, got[0].Data, c.want, v)
				break
			}
		}
	}
}
