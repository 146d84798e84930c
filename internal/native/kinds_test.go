package native_test

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"example.com/nabla/internal/eval"
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/native"
	"example.com/nabla/internal/plan"
	"example.com/nabla/internal/plan/plantest"
)

// A bench makes values and compares what native computes of them with their
// definitions.
type bench struct {
	*plan.Maker
	b      *expr.Builder
	env    *eval.Env
	params []plan.Parameter
	in     []native.Array
	rng    *rand.Rand
}

func newBench(sizes map[string]int) *bench {
	b := expr.NewBuilder(nil)
	return &bench{Maker: plan.NewMaker(b), b: b, rng: rand.New(rand.NewPCG(5, 6)),
		env: &eval.Env{Sizes: sizes, Vars: map[string]expr.Dense{}, Families: map[string][]expr.Dense{}}}
}

func (k *bench) size(name string) *expr.Dim {
	if name == "1" {
		return k.b.One()
	}
	return k.b.Sizes.Size(name)
}

// variable returns a parameter with entries that fill draws; a vector without cols, a
// scalar without rows.
func (k *bench) variable(name, rows, cols string, facts expr.Fact, fill func() float64) *plan.Value {
	kind := expr.Matrix
	switch {
	case rows == "":
		kind, rows, cols = expr.Scalar, "1", "1"
	case cols == "":
		kind, cols = expr.Vector, "1"
	}
	s := k.b.NewSymbol(name, kind, expr.Shape{Rows: k.size(rows), Cols: k.size(cols)}, facts)
	n := func(d string) int {
		if d == "1" {
			return 1
		}
		return k.env.Sizes[d]
	}
	d := expr.NewDense(n(rows), n(cols))
	for i := range d.Data {
		d.Data[i] = fill()
	}
	k.env.Vars[name] = d
	k.params = append(k.params, plan.Parameter{Sym: s})
	k.in = append(k.in, native.Array{Data: d.Data})
	return k.Param(s)
}

func (k *bench) normal() float64   { return k.rng.NormFloat64() }
func (k *bench) positive() float64 { return 0.5 + k.rng.Float64() }

// compare computes the values as a whole and in blocks along every size, on one
// and several threads.
func (k *bench) compare(t *testing.T, tolerance float64, values ...*plan.Value) {
	t.Helper()
	want, err := plantest.Evaluate(k.env, values...)
	if err != nil {
		t.Fatal(err)
	}
	list := []native.Options{{Whole: true}, {Whole: true, Threads: 3}, {Trace: true}, {}}
	for _, name := range []string{"m", "n", "k"} {
		for _, block := range []int{1, 5, 64} {
			list = append(list, native.Options{Along: name, Block: block, Threads: 2})
		}
		list = append(list, native.Options{Stream: name, Block: 7})
	}
	for _, o := range list {
		what := fmt.Sprintf("whole %v, trace %v, along %s%s in blocks of %d", o.Whole, o.Trace, o.Along, o.Stream, o.Block)
		o.Sizes = k.env.Sizes
		m, err := native.Compile(values, k.params, o)
		var not *native.NotStreamableError
		if errors.As(err, &not) {
			continue
		}
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		out := make([]native.Array, len(values))
		for range 2 {
			if err := m.Run(k.in, out); err != nil {
				t.Fatalf("%s: %v", what, err)
			}
		}
		for i, v := range values {
			if d := far([][]float64{want[i].Data}, [][]float64{out[i].Data}); !(d <= tolerance) {
				t.Errorf("%s: %s is far by %g", what, native.Formula(v), d)
			}
		}
	}
}

// TestTiles computes over shapes that need several tiles, whole and cut, upright and
// transposed.
func TestTiles(t *testing.T) {
	for _, sizes := range []map[string]int{{"m": 70, "n": 1100, "k": 33}, {"m": 1100, "n": 70, "k": 3}, {"m": 300, "n": 200, "k": 1}} {
		k := newBench(sizes)
		x := k.variable("X", "m", "n", 0, k.normal)
		y := k.variable("Y", "n", "m", 0, k.normal)
		u := k.variable("u", "m", "", 0, k.normal)
		v := k.variable("v", "n", "", 0, k.positive)
		c := k.variable("c", "", "", 0, k.positive)
		cols, rows := k.Col(u, k.size("n")), k.Row(v, k.size("m"))
		sum := k.Binary("add", x, k.Transpose(y))
		mixed := k.Binary("mul", k.Unary("tanh", sum), k.Binary("add", cols, k.Binary("mul", x, rows)))
		spread := k.Unary("exp", k.Binary("mul", k.Binary("add", cols, rows), k.Binary("div", k.Int(-1), c)))
		turned := k.Binary("sub", k.Transpose(x), y)
		k.compare(t, 1e-11,
			sum, mixed, spread, turned, k.Transpose(mixed),
			k.RowSum(mixed), k.ColSum(mixed), k.Sum(mixed), k.RowSum(spread), k.ColSum(spread), k.Sum(spread),
			k.RowSum(turned), k.ColSum(turned), k.InnerProduct(x, k.Transpose(y)), k.InnerProduct(mixed, spread), k.Norm(turned),
			k.Softmax(x, plan.EachRow), k.Softmax(x, plan.EachCol), k.LogSumExp(x, plan.EachRow), k.LogSumExp(x, plan.EachCol),
			k.Softmax(k.Transpose(y), plan.EachRow), k.LogSumExp(k.Transpose(y), plan.EachRow), k.Softmax(u, plan.Whole), k.LogSumExp(u, plan.Whole),
			k.Vec(x), k.Vec(k.Transpose(x)), k.Unvec(k.Vec(x), k.size("m"), k.size("n")), k.Sum(k.Col(u, k.size("k"))),
			k.Binary("max", x, k.Transpose(y)), k.Binary("min", c, x), k.AsRow(u), k.AsColumn(v), k.Outer(u, v), k.Kron(u, v))
	}
}

// TestProducts multiplies matrices in every orientation, scaled and summed.
func TestProducts(t *testing.T) {
	k := newBench(map[string]int{"m": 40, "n": 30, "k": 7})
	x := k.variable("X", "m", "n", 0, k.normal)
	y := k.variable("Y", "m", "n", 0, k.normal)
	w := k.variable("W", "n", "k", 0, k.normal)
	z := k.variable("Z", "m", "k", 0, k.normal)
	a := k.variable("A", "n", "n", 0, k.normal)
	v := k.variable("v", "n", "", 0, k.positive)
	s := k.variable("s", "m", "", 0, k.positive)
	c := k.variable("c", "", "", 0, k.positive)
	xt, n, m := k.Transpose(x), k.size("n"), k.size("m")
	products := []*plan.Value{k.MatMul(x, w), k.MatMul(k.Transpose(w), xt), k.MatMul(xt, z), k.MatMul(k.Transpose(z), x), k.MatMul(x, xt), k.MatMul(xt, x),
		k.MatMul(xt, k.Binary("mul", k.Col(s, n), x)), k.MatMul(xt, k.Binary("div", x, k.Col(s, n))), k.MatMul(x, k.Binary("mul", xt, k.Col(v, m))),
		k.MatMul(k.Binary("mul", x, k.Row(v, m)), xt), k.MatMul(a, a), k.MatMul(a, k.Transpose(a))}
	var values []*plan.Value
	for _, p := range products {
		values = append(values, p, k.Binary("mul", c, p), k.Neg(p), k.Transpose(k.Binary("mul", k.Int(3), p)))
	}
	k.compare(t, 1e-11, values...)
	// Each alone, so that it has one user.
	for _, p := range products {
		k.compare(t, 1e-11, k.Binary("mul", c, p))
		k.compare(t, 1e-11, k.Transpose(p))
		k.compare(t, 1e-11, k.Neg(p))
		k.compare(t, 1e-11, k.Binary("add", p, k.Binary("mul", c, p)))
	}
	for _, f := range []func() *plan.Value{
		func() *plan.Value { return k.Binary("add", x, y) },
		func() *plan.Value { return k.Binary("sub", x, k.Binary("mul", c, y)) },
		func() *plan.Value { return k.Binary("div", k.Binary("add", x, y), c) },
		func() *plan.Value { return k.Binary("mul", k.Col(s, n), k.Binary("add", x, y)) },
		func() *plan.Value { return k.Binary("mul", k.Unary("exp", x), k.Row(v, m)) },
		func() *plan.Value { return k.Binary("div", x, k.Row(v, m)) },
		func() *plan.Value { return k.Binary("div", x, k.Col(s, n)) },
		func() *plan.Value { return k.Binary("div", k.Col(s, n), k.Unary("exp", x)) },
		func() *plan.Value { return k.Neg(k.Binary("mul", x, k.Row(v, m))) },
		func() *plan.Value { return k.Binary("mul", x, y) },
		func() *plan.Value { return k.Binary("add", x, k.Col(s, n)) },
	} {
		k.compare(t, 1e-11, k.MatVec(f(), v))
		k.compare(t, 1e-11, k.MatVec(k.Transpose(f()), s))
		k.compare(t, 1e-11, k.MatVec(f(), v), f())
	}
	square := func(c *plan.Value) *plan.Value { return k.Binary("add", k.Binary("mul", c, k.Eye(n)), a) }
	k.compare(t, 1e-11, k.MatVec(square(c), v), k.MatVec(k.Transpose(square(k.Int(2))), v))
	k.compare(t, 1e-11, k.MatVec(k.Binary("add", a, k.DiagMatrix(v)), v), k.Binary("mul", k.DiagMatrix(v), a))
	// Inner products of products, beside products that are there.
	for _, p := range []*plan.Value{k.MatMul(xt, z), k.MatMul(xt, k.Unary("tanh", z))} {
		k.compare(t, 1e-11, k.InnerProduct(w, p), k.MatMul(x, w))
		k.compare(t, 1e-11, k.InnerProduct(k.Transpose(w), k.Transpose(p)), k.MatMul(x, w))
	}
	wt := k.Transpose(w)
	k.compare(t, 1e-11, k.InnerProduct(wt, k.MatMul(k.Transpose(z), x)), k.MatMul(x, w))
	k.compare(t, 1e-11, k.InnerProduct(z, k.MatMul(x, w)), k.MatMul(xt, z))
	k.compare(t, 1e-11, k.InnerProduct(z, k.MatMul(x, w)), k.MatMul(z, wt))
	k.compare(t, 1e-11, k.InnerProduct(k.Transpose(z), k.Transpose(k.MatMul(x, w))), k.MatMul(z, wt))
	k.compare(t, 1e-11, k.InnerProduct(z, k.MatMul(x, w)), k.Binary("mul", k.Int(2), k.MatMul(xt, z)))
}

// TestSystems solves, inverts and takes determinants and powers.
func TestSystems(t *testing.T) {
	k := newBench(map[string]int{"m": 9, "n": 6, "k": 3})
	a := k.variable("A", "n", "n", 0, k.normal)
	x := k.variable("X", "m", "n", 0, k.normal)
	b := k.variable("B", "n", "k", 0, k.normal)
	v := k.variable("v", "n", "", 0, k.normal)
	p := k.Binary("add", k.Eye(k.size("n")), k.MatMul(k.Transpose(x), x))
	big := k.Binary("add", k.MatMul(x, k.Transpose(x)), k.Eye(k.size("m")))
	f, g := k.Factor(a), k.Factor(p)
	if g.Kind != plan.Cholesky {
		t.Fatal("I + XᵀX is not known to be positive definite")
	}
	var values []*plan.Value
	for _, f := range []*plan.Value{f, g} {
		for _, trans := range []bool{false, true} {
			values = append(values, k.Solve(f, v, trans), k.Solve(f, b, trans), k.Inverse(f, trans))
		}
		values = append(values, k.Det(f))
	}
	values = append(values, k.LogDet(g), k.LogDet(k.Factor(k.MatMul(a, a))), k.Pinv(x), k.Pinv(k.Transpose(x)), k.Trace(a), k.Diagonal(a), k.LogDet(k.Factor(big)))
	for _, n := range []int64{0, 3, 5, -1, -3} {
		values = append(values, k.MatPow(a, k.Int(n)))
	}
	k.compare(t, 1e-9, values...)
	for _, v := range values {
		k.compare(t, 1e-9, v)
	}
}

// TestFunctions compares each function with that of package math on numbers, vectors
// and, by tiles, matrices.
func TestFunctions(t *testing.T) {
	k := newBench(map[string]int{"m": 37, "n": 61, "k": 2})
	x := k.variable("X", "m", "n", 0, func() float64 { return 0.1 + 0.8*k.rng.Float64() })
	y := k.variable("Y", "m", "n", 0, k.positive)
	c := k.variable("c", "", "", 0, k.positive)
	var values []*plan.Value
	for _, fn := range plan.Functions {
		z := x
		if fn == "acosh" {
			z = k.Binary("add", x, k.Int(1))
		}
		values = append(values, k.Unary(fn, z))
		if fn != "acosh" && fn != "asin" && fn != "acos" && fn != "atanh" {
			values = append(values, k.Unary(fn, c))
		}
	}
	for _, fn := range plan.BinaryFunctions {
		values = append(values, k.Binary(fn, x, y), k.Binary(fn, c, y), k.Binary(fn, y, c), k.Binary(fn, c, k.Sum(x)))
	}
	k.compare(t, 1e-12, values...)
}

// TestNorms takes norms that squares overflow or underflow in.
func TestNorms(t *testing.T) {
	for _, scale := range []float64{1, 1e200, 1e-200, 1e-310, 0} {
		k := newBench(map[string]int{"m": 2000, "n": 30, "k": 2})
		x := k.variable("X", "m", "n", 0, func() float64 { return scale * k.rng.NormFloat64() })
		v := k.variable("v", "m", "", 0, func() float64 {
			if k.rng.IntN(100) > 0 {
				return 1e-250 * k.rng.Float64()
			}
			return scale
		})
		k.compare(t, 1e-11, k.Norm(x), k.Norm(v), k.Norm(k.Col(v, k.size("n"))))
	}
	k := newBench(map[string]int{"m": 3, "n": 2, "k": 2})
	v := k.variable("v", "m", "", 0, func() float64 { return math.Inf(-1) })
	m, err := native.Compile([]*plan.Value{k.Norm(v), k.LogSumExp(v, plan.Whole)}, k.params, native.Options{Sizes: k.env.Sizes})
	if err != nil {
		t.Fatal(err)
	}
	out := make([]native.Array, 2)
	if err := m.Run(k.in, out); err != nil || !math.IsInf(out[0].Data[0], 1) || !math.IsInf(out[1].Data[0], -1) {
		t.Errorf("of infinities: %v, %v", out, err)
	}
}

// TestEmpty runs with no samples.
func TestEmpty(t *testing.T) {
	for _, l := range losses {
		if l.stream != "m" || l.name == "ridge" || l.name == "centred" || l.name == "scale" || l.name == "entropy of weights" {
			continue
		}
		l.sizes = map[string]int{"m": 0, "n": 3, "k": 2, "h": 2}
		p := l.program(t)
		in := l.arguments(p)
		for _, o := range []native.Options{{Whole: true}, {Stream: "m"}, {Stream: "m", Threads: 2, Block: 3}} {
			for k, r := range run(t, compile(t, p, in, o), in, len(p.Results)) {
				for _, v := range r {
					if v != 0 {
						t.Errorf("%s: result %d is %v", l.name, k, r)
					}
				}
			}
		}
	}
}
