package native_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"example.com/nabla"
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/native"
	"example.com/nabla/internal/plan"
)

// A loss is a program of the language with sizes, and the variable to differentiate by.
type loss struct {
	name, text string
	wrt        []string
	what       []nabla.What
	sizes      map[string]int
	stream     string
}

var valueGrad = []nabla.What{nabla.ValueOf, nabla.GradientOf}

var all = []nabla.What{nabla.ValueOf, nabla.GradientOf, nabla.HessianOf}

// losses are what people fit, at small sizes; m counts samples.
var losses = []loss{
	{"least squares", "X: matrix(m, n); w: vector(n); y: vector(m)\nnorm2(X*w - y)^2", []string{"w"}, valueGrad, map[string]int{"m": 211, "n": 5}, "m"},
	{"ridge", "X: matrix(m, n); w: vector(n); y: vector(m); c: scalar\nnorm2(X*w - y)^2/m + c*norm2(w)^2", []string{"w"}, all, map[string]int{"m": 211, "n": 5}, "m"},
	{"logistic", "X: matrix(m, n); w: vector(n); y: vector(m)\nsum(log(1 + exp(-y.*(X*w))))", []string{"w"}, all, map[string]int{"m": 211, "n": 5}, "m"},
	{"softmax", "X: matrix(m, n); W: matrix(n, k); Y: matrix(m, k)\nsum(logsumexprows(X*W)) - sum(Y.*(X*W))", []string{"W"}, valueGrad, map[string]int{"m": 211, "n": 5, "k": 3}, "m"},
	{"softmax rows", "X: matrix(m, n); W: matrix(n, k); Y: matrix(m, k)\n-sum(Y.*log(exp(X*W)./(rowsum(exp(X*W))*ones(k)')))", []string{"W"}, valueGrad, map[string]int{"m": 211, "n": 5, "k": 3}, "m"},
	{"two layers", "X: matrix(m, n); W: matrix(n, h); b: vector(h); v: vector(h); y: vector(m)\nnorm2(tanh(X*W + ones(m)*b')*v - y)^2", []string{"W", "b", "v"}, valueGrad, map[string]int{"m": 211, "n": 5, "h": 4}, "m"},
	{"centred", "X: matrix(m, n); w: vector(n)\nnorm2((X - ones(m)*colmean(X))*w)^2", []string{"w"}, all, map[string]int{"m": 211, "n": 5}, "m"},
	{"family", "x[i]: vector(n), i = 1..N; y[i]: scalar, i = 1..N; w: vector(n)\nsum(i, (x[i]'*w - y[i])^2)", []string{"w"}, all, map[string]int{"N": 101, "n": 5}, "N"},
	{"gaussian", "S, P: matrix(n, n) posdef\ntr(S*P) - logdet(P)", []string{"P"}, valueGrad, map[string]int{"n": 17}, ""},
	{"entropy", "z: vector(m)\nsum(softmax(z).*log(softmax(z)))", []string{"z"}, valueGrad, map[string]int{"m": 300}, ""},
	{"entropy of weights", "X: matrix(m, n); w: vector(n)\nsum(softmax(X*w).*(X*w)) - logsumexp(X*w)", []string{"w"}, valueGrad, map[string]int{"m": 300, "n": 4}, "m"},
	{"scale", "X: matrix(m, n); w: vector(n); y: vector(m)\nnorm2(X*w - y)/norm2(y)", []string{"w"}, valueGrad, map[string]int{"m": 211, "n": 5}, "m"},
}

// program makes the program of a loss.
func (l *loss) program(t testing.TB) *nabla.Program {
	t.Helper()
	p, err := nabla.NewProgram(nabla.ProgramRequest{Request: nabla.Request{Program: l.text, Wrt: l.wrt, NoCheck: true}, What: l.what, Sizes: l.sizes})
	if err != nil {
		t.Fatalf("%s: %v", l.name, err)
	}
	return p
}

// arguments draws arrays for a program.
func (l *loss) arguments(p *nabla.Program) []native.Array {
	rng := rand.New(rand.NewPCG(1, 2))
	var in []native.Array
	value := func(d *expr.Dim) int {
		return int(d.Value(func(n *expr.SizeName) int64 { return int64(l.sizes[n.Name]) }))
	}
	for _, q := range p.Params {
		if q.Sym == nil {
			in = append(in, native.Array{Data: []float64{float64(l.sizes[q.Size.Name])}})
			continue
		}
		var shape []int
		if f := q.Sym.Family; f != nil {
			shape = append(shape, value(f.Size))
		}
		if q.Sym.Kind != expr.Scalar {
			shape = append(shape, value(q.Sym.Shape.Rows))
		}
		if q.Sym.Kind == expr.Matrix {
			shape = append(shape, value(q.Sym.Shape.Cols))
		}
		n := 1
		for _, k := range shape {
			n *= k
		}
		a := native.Array{Shape: shape, Data: make([]float64, n)}
		for i := range a.Data {
			a.Data[i] = rng.NormFloat64()
		}
		if q.Sym.Facts.Has(expr.Posdef) {
			posdef(a.Data, shape[0])
		}
		in = append(in, a)
	}
	return in
}

// posdef makes A + Aᵀ + 4√n I of A.
func posdef(a []float64, n int) {
	for i := range n {
		for j := range i + 1 {
			s := a[i*n+j] + a[j*n+i]
			a[i*n+j], a[j*n+i] = s, s
		}
		a[i*n+i] += 4 * math.Sqrt(float64(n))
	}
}

// compile makes a machine of a program.
func compile(t testing.TB, p *nabla.Program, in []native.Array, o native.Options) *native.Machine {
	t.Helper()
	m, err := machine(p, in, o)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func machine(p *nabla.Program, in []native.Array, o native.Options) (*native.Machine, error) {
	sizes, err := native.Sizes(p, in)
	if err != nil {
		return nil, err
	}
	o.Sizes = sizes
	values := make([]*plan.Value, len(p.Results))
	for i, r := range p.Results {
		values[i] = r.Value
	}
	return native.Compile(values, p.Params, o)
}

// run returns the results.
func run(t testing.TB, m *native.Machine, in []native.Array, results int) [][]float64 {
	t.Helper()
	out := make([]native.Array, results)
	if err := m.Run(in, out); err != nil {
		t.Fatal(err)
	}
	list := make([][]float64, results)
	for i, a := range out {
		list[i] = append(list[i], a.Data...)
	}
	return list
}

// far returns the largest difference between results relative to their largest entry.
func far(a, b [][]float64) float64 {
	worst := 0.0
	for k := range a {
		if len(a[k]) != len(b[k]) {
			return math.Inf(1)
		}
		scale, diff := 0.0, 0.0
		for i := range a[k] {
			scale = max(scale, math.Abs(a[k][i]), math.Abs(b[k][i]))
			diff = max(diff, math.Abs(a[k][i]-b[k][i]))
		}
		if math.IsNaN(diff) {
			return math.NaN()
		}
		if scale > 0 {
			worst = max(worst, diff/scale)
		}
	}
	return worst
}

func equal(a, b [][]float64) bool {
	for k := range a {
		for i := range a[k] {
			if math.Float64bits(a[k][i]) != math.Float64bits(b[k][i]) {
				return false
			}
		}
	}
	return true
}
