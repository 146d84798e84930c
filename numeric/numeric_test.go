package numeric_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"runtime"
	"sync"
	"testing"

	"gonum.org/v1/gonum/diff/fd"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/optimize"

	"example.com/nabla"
	"example.com/nabla/numeric"
)

var all = []nabla.What{nabla.ValueOf, nabla.GradientOf, nabla.HessianOf}

// compile makes a function with data, drawn for those variables that are shapes.
func compile(t testing.TB, program string, wrt []string, what []nabla.What, data map[string]any) *numeric.Func {
	t.Helper()
	var req numeric.Request
	req.Program, req.Wrt, req.What, req.NoCheck = program, wrt, what, true
	f, err := numeric.Compile(req)
	if err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(3, 4))
	for _, name := range f.Params() {
		d := data[name]
		if shape, ok := d.([]int); ok {
			a := numeric.Array{Shape: shape, Data: make([]float64, product(shape))}
			for i := range a.Data {
				a.Data[i] = rng.NormFloat64() / 2
			}
			d = a
		}
		if err := f.Set(name, d); err != nil {
			t.Fatal(err)
		}
	}
	return f
}

func product(shape []int) int {
	n := 1
	for _, k := range shape {
		n *= k
	}
	return n
}

var problems = []struct {
	program string
	wrt     []string
	data    map[string]any
}{
	{"norm2(X*w - y)^2", []string{"w"}, map[string]any{"X": []int{7, 3}, "w": []int{3}, "y": []int{7}}},
	{"X: matrix(m, n); W: matrix(n, k); Y: matrix(m, k)\nsum(logsumexprows(X*W)) - sum(Y.*(X*W))", []string{"W"}, map[string]any{"X": []int{9, 3}, "W": []int{3, 4}, "Y": []int{9, 4}}},
	{"X: matrix(m, n); W: matrix(n, h); b: vector(h); v: vector(h); y: vector(m)\nnorm2(tanh(X*W + ones(m)*b')*v - y)^2", []string{"W", "b", "v"}, map[string]any{"X": []int{9, 3}, "W": []int{3, 4}, "b": []int{4}, "v": []int{4}, "y": []int{9}}},
	{"x[i]: vector(n), i = 1..N; w: vector(n); c: scalar\nsum(i, log(1 + exp(x[i]'*w))) + c*w'*w", []string{"w", "c"}, map[string]any{"x": []int{9, 3}, "w": []int{3}, "c": 0.3}},
	{"A: matrix(2, n)\nnorm2(A'*A)^2 + tr(A*A')", []string{"A"}, map[string]any{"A": []int{2, 3}}},
}

// TestObjective compares gradients and Hessians of objectives with differences.
func TestObjective(t *testing.T) {
	for _, c := range problems {
		what := all[:2]
		if len(c.wrt) == 1 {
			what = all
		}
		f := compile(t, c.program, c.wrt, what, c.data)
		o, err := f.Objective(c.wrt...)
		if err != nil {
			t.Errorf("%s: %v", c.program, err)
			continue
		}
		x := o.Start()
		got := make([]float64, len(x))
		o.Gradient(got, x)
		want := fd.Gradient(nil, o.Value, x, &fd.Settings{Formula: fd.Central})
		for i := range x {
			if math.Abs(got[i]-want[i]) > 1e-6*(1+math.Abs(want[i])) {
				t.Errorf("%s: entry %d of the gradient is %g, differences say %g", c.program, i, got[i], want[i])
			}
		}
		if !o.HasHessian() {
			continue
		}
		var h mat.SymDense
		o.Hessian(&h, x)
		var j mat.Dense
		j.ReuseAs(len(x), len(x))
		fd.Jacobian(&j, o.Gradient, x, &fd.JacobianSettings{Formula: fd.Central})
		for i := range x {
			for k := range x {
				if math.Abs(h.At(i, k)-j.At(i, k)) > 1e-5*(1+math.Abs(j.At(i, k))) {
					t.Errorf("%s: entry (%d, %d) of the Hessian is %g, differences say %g", c.program, i, k, h.At(i, k), j.At(i, k))
				}
			}
		}
	}
}

// TestRuns says that a value and a gradient at one point are one run.
func TestRuns(t *testing.T) {
	c := problems[0]
	f := compile(t, c.program, c.wrt, all, c.data)
	o, err := f.Objective("w")
	if err != nil {
		t.Fatal(err)
	}
	x := []float64{1, 2, 3}
	o.Value(x)
	o.Gradient(make([]float64, 3), x)
	var h mat.SymDense
	o.Hessian(&h, x)
	o.Value(x)
	if o.Runs() != 1 {
		t.Errorf("%d runs", o.Runs())
	}
	x[0] = 5
	o.Value(x)
	if o.Runs() != 2 {
		t.Errorf("%d runs", o.Runs())
	}
	if g := o.Split(x, "w"); g[0] != 5 {
		t.Errorf("the part of w is %v", g)
	}
}

// TestFuncOfObjective says that an objective leaves the function alone.
func TestFuncOfObjective(t *testing.T) {
	c := problems[0]
	f := compile(t, c.program, c.wrt, nil, c.data)
	if err := f.Run(); err != nil {
		t.Fatal(err)
	}
	want := f.Value()
	o, err := f.Objective("w")
	if err != nil {
		t.Fatal(err)
	}
	o.Value([]float64{7, 8, 9})
	if err := f.Run(); err != nil || f.Value() != want {
		t.Errorf("the value is %g, was %g: %v", f.Value(), want, err)
	}
}

func TestAllocations(t *testing.T) {
	for _, c := range problems {
		f := compile(t, c.program, c.wrt, nil, c.data)
		o, err := f.Objective(c.wrt...)
		if err != nil {
			t.Fatal(err)
		}
		x, g := o.Start(), make([]float64, o.Len())
		w, name := make([]float64, product(shapeOf(c.data[c.wrt[0]]))), c.wrt[0]
		i := 0.0
		if n := testing.AllocsPerRun(20, func() {
			i++
			x[0], w[0] = i, i
			o.Value(x)
			o.Gradient(g, x)
			if err := f.SetSlice(name, w); err != nil {
				t.Fatal(err)
			}
			if err := f.Run(); err != nil {
				t.Fatal(err)
			}
		}); n > 0 && !raceDetector {
			t.Errorf("%s: %v allocations", c.program, n)
		}
	}
}

func shapeOf(d any) []int {
	s, _ := d.([]int)
	return s
}

func TestClone(t *testing.T) {
	for _, c := range problems {
		f := compile(t, c.program, c.wrt, nil, c.data)
		if err := f.Run(); err != nil {
			t.Fatal(err)
		}
		want := f.Value()
		var wg sync.WaitGroup
		for range runtime.NumCPU() {
			g := f.Clone()
			wg.Add(1)
			go func() {
				defer wg.Done()
				for range 10 {
					if err := g.Run(); err != nil || g.Value() != want {
						t.Errorf("%s: %g, want %g: %v", c.program, g.Value(), want, err)
						return
					}
				}
			}()
		}
		wg.Wait()
	}
}

// TestSet gives data in every form.
func TestSet(t *testing.T) {
	f := compile(t, "X: matrix(m, n); w: vector(n); c: scalar\nnorm2(X*w)^2 + c", []string{"w"}, nil,
		map[string]any{"X": numeric.Array{Shape: []int{2, 2}, Data: []float64{1, 2, 3, 4}}, "w": []float64{1, 1}, "c": 0.0})
	run := func(want float64) {
		t.Helper()
		if err := f.Run(); err != nil {
			t.Error(err)
			return
		}
		if f.Value() != want {
			t.Errorf("the value is %g, want %g", f.Value(), want)
		}
	}
	set := func(name string, data any) {
		t.Helper()
		if err := f.Set(name, data); err != nil {
			t.Error(err)
		}
	}
	run(58)
	x := mat.NewDense(2, 2, []float64{1, 0, 0, 1})
	set("X", x)
	run(2)
	x.Set(0, 0, 3) // shared
	run(10)
	set("X", x.T())
	x.Set(0, 0, 0) // copied
	run(10)
	set("X", mat.NewDense(3, 3, []float64{1, 1, 9, 1, 1, 9, 9, 9, 9}).Slice(0, 2, 0, 2))
	run(8)
	set("w", mat.NewVecDense(2, []float64{2, 0}))
	run(8)
	set("c", 1)
	run(9)
	set("X", mat.NewSymDense(2, []float64{0, 1, 0, 0}))
	run(5)
	set("X", mat.NewDense(3, 2, []float64{1, 0, 1, 0, 1, 0})) // another size
	run(13)
	if err := f.SetSlice("X", []float64{0, 0, 0, 0, 1, 0}); err != nil {
		t.Error(err)
	}
	run(5)
}

func TestErrors(t *testing.T) {
	f := compile(t, "X: matrix(m, n); w: vector(n)\nnorm2(X*w)^2", []string{"w"}, nil, map[string]any{"X": []int{3, 2}, "w": []int{2}})
	for _, c := range []struct {
		err  error
		want string
	}{
		{f.Set("z", 1.0), "the program has no variable z; it has X, w"},
		{f.Set("X", []float64{1}), "X has 6 entries, the slice has 1"},
		{f.Set("X", 3.0), "X is a matrix, not a number"},
		{f.Set("w", mat.NewDense(2, 2, nil)), "w is a vector, which *mat.Dense is not"},
		{f.Set("w", "text"), "w is a vector, which string is not"},
		{f.Set("w", numeric.Array{Shape: []int{3}, Data: []float64{1}}), "w is a vector, which an array of the shape [3] with 1 entries is not"},
	} {
		if c.err == nil || c.err.Error() != c.want {
			t.Errorf("the error is %v, want %q", c.err, c.want)
		}
	}
	if err := f.Set("w", []float64{1, 2, 3}); err != nil {
		t.Error(err)
	}
	if err := f.Run(); err == nil || err.Error() != "w has 3 entries, but X has 2 columns: both must be n" {
		t.Errorf("the error is %v", err)
	}
	if err := f.Set("w", []float64{1, 2}); err != nil {
		t.Error(err)
	}
	if err := f.Run(); err != nil {
		t.Errorf("after an error: %v", err)
	}
	var req numeric.Request
	req.Program, req.Wrt = "norm2(X*w)^2", []string{"w"}
	g, err := numeric.Compile(req)
	if err != nil {
		t.Fatal(err)
	}
	if err := g.Run(); err == nil || err.Error() != "the variable X has no data" {
		t.Errorf("the error is %v", err)
	}
	req.Program, req.Wrt = "norm2(X*w", []string{"w"}
	var fault *nabla.InputError
	if _, err := numeric.Compile(req); !errors.As(err, &fault) {
		t.Errorf("the error is %v", err)
	}
}

// TestOutside minimises a function with a domain: a line search that leaves it turns
// back.
func TestOutside(t *testing.T) {
	f := compile(t, "P: matrix(n, n) posdef; S: matrix(n, n)\ntr(S*P) - logdet(P)", []string{"P"}, all,
		map[string]any{"S": mat.NewDense(2, 2, []float64{2, 1, 1, 1}), "P": mat.NewDense(2, 2, []float64{3, 0, 0, 3})})
	for _, m := range []optimize.Method{&optimize.LBFGS{Linesearcher: &optimize.Backtracking{}}, &optimize.Newton{Linesearcher: &optimize.Backtracking{}}} {
		o, err := f.Objective("P")
		if err != nil {
			t.Fatal(err)
		}
		outside := 0
		p := o.Problem()
		value := p.Func
		p.Func = func(x []float64) float64 {
			v := value(x)
			if math.IsInf(v, 1) {
				outside++
			}
			return v
		}
		res, err := optimize.Minimize(p, o.Start(), &optimize.Settings{GradientThreshold: 1e-8}, m)
		if err != nil && res == nil {
			t.Fatal(err)
		}
		want := []float64{1, -1, -1, 2}
		for i := range want {
			if math.Abs(res.X[i]-want[i]) > 1e-6 {
				t.Errorf("%T ends at %v: %v", m, res.X, err)
				break
			}
		}
		if outside == 0 {
			t.Errorf("%T was never outside of the domain", m)
		}
	}
}

// rows is a source in memory.
type rows struct {
	data []float64
	cols int
}

func (r rows) View(from, to int, buf []float64) ([]float64, error) {
	return buf[:copy(buf, r.data[from*r.cols:to*r.cols])], nil
}

func (r rows) Block(from, to, left, right int, dst []float64) error {
	for i := from; i < to; i++ {
		copy(dst[(i-from)*(right-left):][:right-left], r.data[i*r.cols+left:])
	}
	return nil
}

func TestSource(t *testing.T) {
	const m, n = 1000, 4
	data := map[string]any{"X": []int{m, n}, "w": []int{n}, "y": []int{m}}
	f := compile(t, "X: matrix(m, n); w: vector(n); y: vector(m)\nnorm2(X*w - y)^2", []string{"w"}, nil, data)
	if err := f.Run(); err != nil {
		t.Fatal(err)
	}
	want := f.Value()
	var req numeric.Request
	req.Program, req.Wrt, req.NoCheck = "X: matrix(m, n); w: vector(n); y: vector(m)\nnorm2(X*w - y)^2", []string{"w"}, true
	req.Stream, req.Threads, req.Block = "m", 2, 64
	g, err := numeric.Compile(req)
	if err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(3, 4))
	draw := func(n int) []float64 {
		d := make([]float64, n)
		for i := range d {
			d[i] = rng.NormFloat64() / 2
		}
		return d
	}
	for _, err := range []error{g.SetSource("X", rows{draw(m * n), n}, m, n), g.Set("w", draw(n)), g.SetSource("y", rows{draw(m), 1}, m), g.Run()} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if d := math.Abs(g.Value() - want); d > 1e-12*want {
		t.Errorf("the value is %g, want %g", g.Value(), want)
	}
}

// TestProducts compares products with Jacobians and Hessians with the matrices.
func TestProducts(t *testing.T) {
	data := map[string]any{"A": []int{4, 3}, "x": []int{3}, "dx": []int{3}, "cotangent": []int{4}}
	f := compile(t, "A: matrix(m, n); x: vector(n)\nA*tanh(x)", []string{"x"},
		[]nabla.What{nabla.JacobianOf, nabla.JacobianVector, nabla.AdjointJacobian}, data)
	g := compile(t, "A: matrix(m, n); x: vector(n)\nlogsumexp(A*x)", []string{"x"},
		[]nabla.What{nabla.HessianOf, nabla.HessianVector}, data)
	for _, f := range []*numeric.Func{f, g} {
		if f.Direction("A") != "" {
			t.Errorf("the direction of A is %q", f.Direction("A"))
		}
		d := mat.NewVecDense(3, []float64{1, -2, 3})
		if err := f.Set(f.Direction("x"), d); err != nil {
			t.Fatal(err)
		}
		if err := f.Run(); err != nil {
			t.Fatal(err)
		}
		first, product := f.Get(f.Results()[0]), f.Get(f.Results()[1])
		// In denominator layout a Jacobian has the variable along its rows.
		m := mat.Matrix(first.Matrix())
		if first.What == nabla.JacobianOf {
			m = m.T()
		}
		var want mat.VecDense
		want.MulVec(m, d)
		if !mat.EqualApprox(&want, product.Vector(), 1e-12) {
			t.Errorf("%s is %v, want %v", product.Name, product.Data, want.RawVector().Data)
		}
		if first.What == nabla.HessianOf && !mat.EqualApprox(f.Hessian("x"), first.Matrix(), 1e-15) {
			t.Errorf("the Hessian is not symmetric: %v", first.Data)
		}
	}
	c := mat.NewVecDense(4, []float64{1, 2, 3, 4})
	if err := f.Set("cotangent", c); err != nil {
		t.Fatal(err)
	}
	if err := f.Run(); err != nil {
		t.Fatal(err)
	}
	var want mat.VecDense
	want.MulVec(f.Get("jac_x").Matrix(), c)
	if got := f.Get(f.Results()[2]); !mat.EqualApprox(&want, got.Vector(), 1e-12) {
		t.Errorf("%s is %v, want %v", got.Name, got.Data, want.RawVector().Data)
	}
}
