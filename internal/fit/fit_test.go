package fit

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"

	"example.com/nabla"
	"example.com/nabla/internal/bind"
)

// An example is a function with data.
type example struct {
	text  string
	data  string // separated by spaces
	names string // of what is fitted
	sizes map[string]int
}

// bounds has the data of problems.
var bounds = map[*Problem]*bind.Bound{}

func problem(t *testing.T, m example, starts map[string]Start, second bool) *Problem {
	t.Helper()
	p, err := tryProblem(m, starts, second)
	if err != nil {
		t.Fatalf("%s: %v", m.text, err)
	}
	return p
}

func tryProblem(m example, starts map[string]Start, second bool) (*Problem, error) {
	names := strings.Split(m.names, ",")
	req := nabla.ProgramRequest{Request: nabla.Request{Program: m.text, Wrt: names}, What: []nabla.What{nabla.ValueOf, nabla.GradientOf}}
	prog, err := nabla.NewProgram(req)
	if err != nil {
		return nil, err
	}
	b, err := bind.Bind(bind.Request{Program: prog, Data: strings.Fields(m.data), Flag: "--data", Free: names, Sizes: m.sizes})
	if err != nil {
		return nil, err
	}
	machine, err := b.Machine(prog, bind.Options{})
	if err != nil {
		return nil, err
	}
	p, err := New(prog, b, machine, names, starts, 1)
	bounds[p] = b
	if err != nil || !second {
		return p, err
	}
	req.What, req.Joint = []nabla.What{nabla.HessianVector}, true
	if prog, err = nabla.NewProgram(req); err != nil {
		return nil, err
	}
	if machine, err = b.Machine(prog, bind.Options{}); err != nil {
		return nil, err
	}
	p.SetSecond(prog, machine)
	return p, nil
}

const vectors = "y=[1,2,-1] X=[1,2;0,1;2,-1]"

// models have all kinds of variables.
var models = []example{
	{"X: matrix(m, n); y: vector(m); b: scalar; norm2(X*w + b - y)^2", vectors, "w,b", nil},
	{"X: matrix(m, n); y: vector(m); sum(log(1 + exp(-y.*(X*w)))) + norm2(w)^2/2", vectors, "w", nil},
	{"A: matrix(m, n); U: matrix(m, k); V: matrix(n, k); norm2(A - U*V')^2", "A=[1,2;3,4;5,7]", "U,V", map[string]int{"k": 2}},
	{"x: vector(n) positive; y: vector(n); sum(x) - y'*log(x)", "y=[1,2,3]", "x", nil},
	{"x: vector(n) simplex; y: vector(n); -y'*log(x)", "y=[1,2,3]", "x", nil},
	{"P: matrix(n, m) simplex; Y: matrix(n, m); -sum(Y.*log(P))", "Y=[1,2;3,1;1,1]", "P", nil},
	{"S: matrix(n, n) posdef; A: matrix(n, n); tr(S*A) - logdet(S)", "A=[2,1;1,3]", "S", nil},
	{"S: matrix(n, n) symmetric; A: matrix(n, n); norm2(S - A)^2", "A=[2,1,4;1,3,6;0,1,1]", "S", nil},
	{"D: matrix(n, n) diagonal; A: matrix(n, n); norm2(D - A)^2", "A=[2,1;1,3]", "D", nil},
	{"D: matrix(n, n) diagonal posdef; A: matrix(n, n); tr(D*A) - logdet(D)", "A=[2,1;1,3]", "D", nil},
	{"T: matrix(n, n) toeplitz; A: matrix(n, n); norm2(T - A)^2", "A=[2,1,4;1,3,6;0,1,1]", "T", nil},
	{"x[i]: vector(n), i = 1..N; u[i]: vector(n), i = 1..N; sum(i, norm2(x[i] - u[i])^2)", "x=[1,2;3,4;5,6]", "u", nil},
	{"P: matrix(n, m) positive; Y: matrix(n, m); sum(P) - sum(Y.*log(P))", "Y=[1,2;3,1;1,1]", "P", nil},
	{"c[i]: scalar positive, i = 1..N; y[i]: scalar, i = 1..N; sum(i, c[i] - y[i]*log(c[i]))", "y=[1,2,4]", "c", nil},
	{"p[i]: vector(n) simplex, i = 1..N; y[i]: vector(n), i = 1..N; -sum(i, y[i]'*log(p[i]))", "y=[1,3;2,2]", "p", nil},
	{"p[i]: vector(n) positive, i = 1..N; q: vector(n) simplex; y[i]: vector(n), i = 1..N; sum(i, sum(p[i]) - y[i]'*log(p[i].*q))", "y=[1,3;2,2]", "p,q", nil},
	{"S: matrix(n, n) posdef; u: vector(n); X: matrix(m, n); A: matrix(n, n); m*logdet(S)/2 + tr(inv(S)*(X'*X - X'*ones(m)*u' - u*ones(m)'*X + m*u*u'))/2 + tr(A*inv(S))", "X=[1,2;0,1;2,-1;1,1] A=[1,0;0,1]", "S,u", nil},
	{"S: matrix(n, n) posdef; w: vector(n) simplex; c: scalar positive; A: matrix(n, n); (1 + c)*tr(S*A) - logdet(S) + c^2 - log(c) + norm2(S*w)^2", "A=[2,1,0;1,3,1;0,1,2]", "S,w,c", nil},
	{"T: matrix(n, n) symmetric toeplitz positive; A: matrix(n, n); sum(T) - sum(A.*log(T))", "A=[2,1,4;1,3,6;4,1,1]", "T", nil},
}

// minima are their least values, by hand; NaN for those without a formula.
var minima = []float64{0.0, math.NaN(), 0.0, 3 - 2*math.Log(2) + 3 - 3*math.Log(3), math.NaN(), math.NaN(), 2 + math.Log(5), 16.0/2 + 25.0/2, 2, 2 + math.Log(6), math.NaN(), 0,
	9 - 2*math.Log(2) - 3*math.Log(3), 7 - 2*math.Log(2) - 4*math.Log(4), -math.Log(0.25) - 3*math.Log(0.75) - 4*math.Log(0.5), math.NaN(), math.NaN(), math.NaN(), math.NaN()}

// TestGradients compares gradients by the free parameters with differences.
func TestGradients(t *testing.T) {
	for _, m := range models {
		p := problem(t, m, nil, false)
		p.ctx = context.Background()
		r := rand.New(rand.NewPCG(1, 2))
		u := make([]float64, p.Free())
		for i := range u {
			u[i] = 0.3 * r.NormFloat64()
		}
		_, g := p.evaluate(u)
		g = slices.Clone(g)
		for i := range u {
			const h = 1e-5
			at := func(x float64) float64 {
				v := slices.Clone(u)
				v[i] += x
				f, _ := p.evaluate(v)
				return f
			}
			want := (at(h) - at(-h)) / (2 * h)
			if math.Abs(g[i]-want) > 1e-6*(1+math.Abs(want)) {
				t.Errorf("%s: parameter %d: %v, by differences %v", m.text, i, g[i], want)
			}
		}
		// apply and invert are inverses.
		for _, v := range p.Variables {
			x, w, y := slices.Clone(v.Values), make([]float64, v.t.free()), make([]float64, len(v.Values))
			if err := v.t.invert(x, w); err != nil {
				t.Errorf("%s: %v", m.text, err)
			}
			v.t.apply(w, y)
			for i := range x {
				if math.Abs(x[i]-y[i]) > 1e-12*(1+math.Abs(x[i])) {
					t.Errorf("%s: %s[%d] is %v and comes back as %v", m.text, v.Sym.Name, i, x[i], y[i])
				}
			}
		}
	}
}

// TestHessians compares Hessians by all parameters together with differences of
// gradients.
func TestHessians(t *testing.T) {
	for _, m := range models {
		p := problem(t, m, nil, true)
		p.ctx = context.Background()
		u := make([]float64, p.Free())
		for i := range u {
			u[i] = 0.1 * float64(i%5-2)
		}
		n := len(u)
		h := mat.NewSymDense(n, nil)
		if !p.second.at(u) || !p.second.hessian(h) {
			t.Fatalf("%s: no Hessian", m.text)
		}
		for j := range n {
			const step = 1e-5
			at := func(x float64) []float64 {
				v := slices.Clone(u)
				v[j] += x
				_, g := p.evaluate(v)
				return slices.Clone(g)
			}
			hi, lo := at(step), at(-step)
			for i := range n {
				if want := (hi[i] - lo[i]) / (2 * step); math.Abs(h.At(i, j)-want) > 1e-5*(1+math.Abs(want)) {
					t.Errorf("%s: entry (%d, %d) is %v, by differences %v", m.text, i, j, h.At(i, j), want)
				}
			}
		}
	}
}

// TestWhole compares Hessians of one result with those by products.
func TestWhole(t *testing.T) {
	done := 0
	for _, m := range append(models, example{"A: matrix(m, n); U: matrix(m, k); V: matrix(n, k); norm2(A - U*V')^2", "A=[1,2;3,4;5,7] V=[1,2;3,5]", "U", nil}) {
		if strings.Contains(m.names, ",") {
			continue
		}
		p := problem(t, m, nil, true)
		p.ctx = context.Background()
		n := p.Free()
		by, whole := mat.NewSymDense(n, nil), mat.NewSymDense(n, nil)
		u := make([]float64, n)
		for i := range u {
			u[i] = 0.1 * float64(i%5-2)
		}
		if !p.second.at(u) || !p.second.hessian(by) {
			t.Fatalf("%s: no Hessian", m.text)
		}
		prog, err := nabla.NewProgram(nabla.ProgramRequest{Request: nabla.Request{Program: m.text, Wrt: []string{m.names}, Vec: nabla.Rows}, What: []nabla.What{nabla.HessianOf}})
		if err != nil {
			if p.Variables[0].Sym.Family == nil {
				t.Errorf("%s: %v", m.text, err)
			}
			continue
		}
		machine, err := bounds[p].Machine(prog, bind.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if !p.SetHessian(prog, machine) {
			continue
		}
		done++
		if !p.second.at(u) || !p.second.hessian(whole) {
			t.Fatalf("%s: no Hessian", m.text)
		}
		if !mat.EqualApprox(by, whole, 1e-10) {
			t.Errorf("%s:\n%v by products\n%v whole", m.text, mat.Formatted(by), mat.Formatted(whole))
		}
	}
	if done < 6 {
		t.Errorf("only %d models have such a Hessian", done)
	}
}

// TestMinimize finds the minima by each method, Newton's also with products alone.
func TestMinimize(t *testing.T) {
	for k, m := range models {
		value := math.NaN()
		for _, method := range []string{"lbfgs", "newton", "products", "gd"} {
			p := problem(t, m, nil, method == "newton" || method == "products")
			o := Options{Method: method, Tolerance: 1e-8, MaxIterations: 5000}
			if method == "products" {
				p.second.dense, o.Method = false, "newton"
			}
			if o.Method == "newton" {
				last := math.Inf(1)
				o.MaxIterations = 60
				o.Report = func(it Iteration) {
					if it.Value > last+1e-11*math.Abs(last) {
						t.Errorf("%s by %s: iteration %d ascends from %v to %v", m.text, method, it.Number, last, it.Value)
					}
					last = it.Value
				}
			}
			r, err := p.Minimize(context.Background(), o)
			if err != nil || !r.Converged {
				t.Errorf("%s by %s: %+v, %v", m.text, method, r, err)
				continue
			}
			if math.IsNaN(value) {
				value = r.Last.Value
			}
			if math.Abs(r.Last.Value-value) > 1e-5*(1+math.Abs(value)) {
				t.Errorf("%s by %s: %v, before %v", m.text, method, r.Last.Value, value)
			}
			f, g := p.evaluate(p.u)
			if f != r.Last.Value || norm(g) != r.Last.Gradient {
				t.Errorf("%s by %s: the variables have the value %v, the result says %v", m.text, method, f, r.Last.Value)
			}
		}
		if want := minima[k]; !math.IsNaN(want) && math.Abs(value-want) > 1e-6*(1+math.Abs(want)) {
			t.Errorf("%s: %v, by hand %v", m.text, value, want)
		}
	}
}

// TestTruncated compares Newton's method by conjugate gradients with that by the matrix.
func TestTruncated(t *testing.T) {
	m := example{"X: matrix(m, n); y: vector(m); sum(log(1 + exp(-y.*(X*w)))) + norm2(w)^2/20", "X=random y=ones", "w", map[string]int{"m": 50, "n": mostDense + 30}}
	p := problem(t, m, nil, true)
	r, err := p.Minimize(context.Background(), Options{Method: "newton", Tolerance: 1e-10, MaxIterations: 50})
	if err != nil || !r.Converged || r.Last.Number > 30 {
		t.Fatalf("%+v, %v", r, err)
	}
	q := problem(t, m, nil, false)
	s, err := q.Minimize(context.Background(), Options{Method: "lbfgs", Tolerance: 1e-8, MaxIterations: 5000})
	if err != nil || math.Abs(r.Last.Value-s.Last.Value) > 1e-9*s.Last.Value {
		t.Errorf("newton %+v, lbfgs %+v, %v", r, s, err)
	}
}

// TestInterrupt ends a run after some iterations; the variables have the best values.
func TestInterrupt(t *testing.T) {
	m := models[1]
	p := problem(t, m, nil, false)
	ctx, cancel := context.WithCancel(context.Background())
	var last Iteration
	r, err := p.Minimize(ctx, Options{Method: "gd", Tolerance: 0, MaxIterations: 1000, Report: func(it Iteration) {
		last = it
		if it.Number == 3 {
			cancel()
		}
	}})
	if err != nil || r.Reason != Interrupted || r.Converged || last.Number != 3 {
		t.Fatalf("%+v, %v after %+v", r, err, last)
	}
	p.ctx = context.Background()
	if f, _ := p.evaluate(slices.Clone(p.u)); f != last.Value {
		t.Errorf("the variables have the value %v, the last iteration had %v", f, last.Value)
	}
	q := problem(t, m, nil, false)
	if r, err := q.Minimize(ctx, Options{Method: "lbfgs", Tolerance: 1e-6, MaxIterations: 1000}); err != nil || r.Reason != Interrupted {
		t.Errorf("before the start: %+v, %v", r, err)
	}
}

// TestFails compares what is said of what cannot be fitted.
func TestFails(t *testing.T) {
	for _, c := range []struct {
		m      example
		starts map[string]Start
		want   string
	}{
		{example{"x: vector(n); c: vector(n); c'*x", "c=[1,2]", "x", nil}, nil, "the fit diverges: the value falls from 0"},
		{example{"x: vector(n) positive; sum(log(x))", "", "x", map[string]int{"n": 2}}, nil, "the fit diverges: the value falls from 0"},
		{example{"x: vector(n); sum(log(x))", "", "x", map[string]int{"n": 2}}, nil, "the value at the start is -Inf"},
		{example{"x: vector(n); sum(sqrt(x))", "", "x", map[string]int{"n": 2}}, map[string]Start{"x": {Values: []float64{-1, 1}}}, "the value at the start is NaN"},
		{example{"x: vector(n); A: matrix(n, n); x'*inv(A)*x", "x=[1,2]", "A", nil}, map[string]Start{"A": {Fill: "zeros"}}, "A is singular"},
		{example{"Q: matrix(n, n) orthogonal; tr(Q)", "", "Q", map[string]int{"n": 2}}, nil, "Q is declared orthogonal, which fitting does not keep"},
		{example{"Q: matrix(n, n) posdef toeplitz; tr(Q)", "", "Q", map[string]int{"n": 2}}, nil, "Q is declared symmetric, posdef, toeplitz, which fitting does not keep together"},
		{example{"S: matrix(n, n) posdef; tr(S)", "", "S", map[string]int{"n": 2}}, map[string]Start{"S": {Values: []float64{1, 2, 2, 1}}},
			"the start of S does not fit its declaration, S: matrix(n, n): it is not positive definite: its leading minor of order 2 is not positive"},
		{example{"x: vector(n) simplex; c: vector(n); c'*x", "c=[1,2]", "x", nil}, map[string]Start{"x": {Fill: "ones"}},
			"the start of x does not fit its declaration, x: vector(n): its entries sum to 2, not to 1"},
	} {
		p, err := tryProblem(c.m, c.starts, false)
		if err == nil {
			_, err = p.Minimize(context.Background(), Options{Method: "lbfgs", Tolerance: 1e-6, MaxIterations: 1000})
		}
		if err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", c.m.text, err, c.want)
		}
		var d *DivergedError
		if strings.Contains(c.want, "diverges") && !errors.As(err, &d) {
			t.Errorf("%s: %T", c.m.text, err)
		}
	}
}
