package code

import (
	"math"
	"strings"
	"testing"

	"example.com/nabla/internal/plan"
	"example.com/nabla/internal/runner"
)

// python runs statements after the source of a program in a dialect of Python: they
// define a function ask, which returns numbers.
func python(t *testing.T, lang runner.Lang, p *plan.Program, statements string, results int) []runner.Value {
	t.Helper()
	runner.Need(t, lang)
	files, err := Write(string(lang), p)
	if err != nil {
		t.Fatal(err)
	}
	out, err := runner.Run(lang, []runner.Job{{ID: t.Name(), Source: files[0].Source + "\n\n" + statements, Func: "ask",
		Ranks: make([]int, results), Points: [][]runner.Arg{{runner.ScalarArg("none", 0)}}}})
	if err != nil {
		t.Fatal(err)
	}
	if f := out[0].Failure(); f != "" {
		t.Fatal(f)
	}
	return out[0].Points[0].Values
}

// TestJAXLoop demands that what is compiled does not grow with the members of a family,
// that a loop in a loop is right where the last block is not full, and that it can be
// differentiated.
func TestJAXLoop(t *testing.T) {
	k := newKit()
	f, i, _ := k.family("x", 1, "m", "one")
	j := k.b.NewIndex("j", k.dim("N"))
	d := k.m.Binary("sub", k.m.Member(f, i), k.m.Member(f, j))
	p, _ := k.program("kind", k.m.SumOver(i, k.m.Unary("log1p", k.m.SumOver(j, k.m.InnerProduct(d, d)))))
	got := python(t, runner.JAX, p, `
def ask(_):
    text = lambda n: len(jax.jit(kind).lower(jnp.ones((n, 3))).as_text())
    x = jnp.asarray(np.random.default_rng(1).standard_normal((700, 3)))
    want = lambda x: jnp.sum(jnp.log1p(jnp.sum((x[:, None] - x) ** 2, axis=(1, 2))))
    few = x[:300]
    slope = jnp.max(jnp.abs(jax.grad(kind)(few) - jax.grad(want)(few)))
    return float(text(10_000)), float(text(100_000)), kind(x) / want(x), jax.jit(kind)(x) / want(x), 1 + slope
`, 5)
	if small, large := got[0].Data[0], got[1].Data[0]; large > 1.1*small {
		t.Errorf("%v characters are compiled for 10 000 members, %v for 100 000", small, large)
	}
	for _, v := range got[2:] {
		if math.Abs(v.Data[0]-1) > 1e-12 {
			t.Errorf("the sum or its derivative is %v times what it must be", v.Data[0])
		}
	}
}

// TestJAXFloat64 demands that float64 arrays are not rounded in silence, and that the
// check computes in double precision all the same.
func TestJAXFloat64(t *testing.T) {
	got := python(t, runner.JAX, leastSquares(), `
def ask(_):
    X, w, y = np.ones((3, 2)), np.ones(2), np.arange(3.0)
    double = least_squares(X, w, y)[0].dtype == np.float64
    mixed = least_squares(X, w.astype("f"), y)[1].dtype == np.float64
    with jax.enable_x64(False):
        try:
            least_squares(X, w, y)
        except TypeError as error:
            refused = "X is float64, which JAX rounds to float32" in str(error)
        single = least_squares(X.astype("f"), jnp.ones(2), [0.0, 1.0, 2.0])[1].dtype == np.float32
        whole = least_squares(np.ones((3, 2), int), [1, 1], [0, 1, 2])[1].dtype == np.float32
        worst = check_least_squares(X, w, y)
    return tuple(float(v) for v in (double, mixed, refused, single, whole, worst < 1e-9))
`, 6)
	for i, v := range got {
		if v.Data[0] != 1 {
			t.Errorf("answer %d is %v", i+1, v.Data[0])
		}
	}
}

// TestJAXSymmetric demands that symmetric products by blocks are the products, whatever their
// sizes, and can be compiled, mapped and differentiated.
func TestJAXSymmetric(t *testing.T) {
	k := newKit()
	x, _ := k.matrix("X", "m", "n")
	s, _ := k.vector("s", "m")
	p, _ := k.program("kind", k.m.MatMul(k.m.Transpose(k.m.Binary("mul", k.m.Col(s, x.Cols), x)), x))
	got := python(t, runner.JAX, p, `
def ask(_):
    worst = 0.0
    for m, n in (3, 2), (255, 255), (257, 256), (120, 301), (500, 801), (90, 1603), (2000, 300):
        rng = np.random.default_rng(n)
        x, s = jnp.asarray(rng.standard_normal((m, n))), jnp.asarray(rng.standard_normal(m))
        got, want = jax.jit(kind)(x, s), x.T @ (s[:, None] * x)
        worst = max(worst, float(jnp.max(jnp.abs(got - want))))
        worst = max(worst, float(jnp.max(jnp.abs(got - got.T))) if n < 256 or m > 4 * n else 0.0)
    f = lambda x: jnp.sum(jnp.sin(kind(x, s)))
    g = lambda x: jnp.sum(jnp.sin(x.T @ (s[:, None] * x)))
    x, s = x[:300], s[:300]
    slope = float(jnp.max(jnp.abs(jax.grad(f)(x) - jax.grad(g)(x))))
    mapped = float(jnp.max(jnp.abs(jax.vmap(f)(x[None])[0] - g(x))))
    return worst, slope, mapped
`, 3)
	for i, v := range got {
		if !(v.Data[0] <= 1e-8) {
			t.Errorf("deviation %d is %v", i+1, v.Data[0])
		}
	}
}

// TestJAXPlusTranspose demands the same of sums with a transpose.
func TestJAXPlusTranspose(t *testing.T) {
	for _, fn := range []string{"add", "sub"} {
		k := newKit()
		x, _ := k.matrix("X", "m", "n")
		y, _ := k.matrix("Y", "n", "m")
		p, _ := k.program("kind", k.m.Binary(fn, x, k.m.Transpose(y)))
		got := python(t, runner.JAX, p, `
def ask(_):
    worst = 0.0
    for m, n in (3, 2), (255, 4), (256, 256), (257, 300), (1025, 3):
        rng = np.random.default_rng(n)
        x, y = jnp.asarray(rng.standard_normal((m, n))), jnp.asarray(rng.standard_normal((n, m)))
        want = x `+map[string]string{"add": "+", "sub": "-"}[fn]+` y.T
        worst = max(worst, float(jnp.max(jnp.abs(jax.jit(kind)(x, y) - want))), float(jnp.max(jnp.abs(kind(x, y) - want))))
    return worst, float("_plus_transpose" in globals())
`, 2)
		if got[0].Data[0] != 0 || got[1].Data[0] != 1 {
			t.Errorf("%s: deviation and helper are %v", fn, got)
		}
	}
}

// TestIntegers demands that an integer is one, and that JAX says what static arguments are.
func TestIntegers(t *testing.T) {
	for _, lang := range []runner.Lang{runner.NumPy, runner.JAX, runner.Torch} {
		t.Run(string(lang), func(t *testing.T) {
			k := newKit()
			a, _ := k.matrix("A", "m", "m")
			p, _ := k.program("kind", k.m.MatPow(a, k.m.Param(k.integer("c", 2))))
			source := `
def ask(_):
    said = ""
    try:
        kind([[1.0, 2.0], [3.0, 4.0]], 2.5)
    except TypeError as error:
        said = str(error)
    return float("c must be an integer" in said), float(kind([[1.0, 2.0], [3.0, 4.0]], 3)[0, 0])
`
			if lang == runner.JAX {
				source = strings.Replace(source, `    return`, `    try:
        jax.jit(kind)(jnp.eye(2), 2)
    except TypeError as error:
        said = said if "c must be an integer" in str(error) and "static_argn" in str(error) else str(error)
    return`, 1)
			}
			if got := python(t, lang, p, source, 2); got[0].Data[0] != 1 || got[1].Data[0] != 37 {
				t.Error(got)
			}
		})
	}
}

// TestTorchTypes demands that types and devices follow the arguments with axes, and that
// an argument may require a gradient or not.
func TestTorchTypes(t *testing.T) {
	got := python(t, runner.Torch, leastSquares(), `
def ask(_):
    X, w, y = torch.ones((3, 2)), torch.ones(2), torch.arange(3)
    single = least_squares(X.float(), w.float(), y)[1].dtype == torch.float32
    double = least_squares(X.double(), w.float(), y)[1].dtype == torch.float64
    half = least_squares(X.bfloat16(), w.bfloat16(), y)[1].dtype == torch.bfloat16
    try:
        least_squares(X, w.to("meta"), y)
    except ValueError as error:
        refused = str(error) == "w is on meta, but X is on cpu"
    meta = least_squares(X.to("meta"), w.to("meta"), y.to("meta"))[1].device.type == "meta"
    with torch.enable_grad():
        v = torch.ones(2, dtype=torch.float64, requires_grad=True)
        value, ours = least_squares(X.double(), v, y)
        (theirs,) = torch.autograd.grad(value, v)
    same = torch.allclose(ours, theirs)
    return tuple(float(v) for v in (single, double, half, refused, meta, same))
`, 6)
	for i, v := range got {
		if v.Data[0] != 1 {
			t.Errorf("answer %d is %v", i+1, v.Data[0])
		}
	}
}

// TestNoViews demands that what is returned shares no memory with an argument.
func TestNoViews(t *testing.T) {
	views := []struct {
		name string
		make func(m *plan.Maker, v *plan.Value) *plan.Value
	}{
		{"itself", func(m *plan.Maker, v *plan.Value) *plan.Value { return v }},
		{"transpose", (*plan.Maker).Transpose}, {"diagonal", (*plan.Maker).Diagonal}, {"vec", (*plan.Maker).Vec},
		{"rows", func(m *plan.Maker, v *plan.Value) *plan.Value { return m.Vec(m.Transpose(v)) }},
		{"row", func(m *plan.Maker, v *plan.Value) *plan.Value { return m.AsRow(m.Vec(m.Transpose(v))) }},
		{"power", func(m *plan.Maker, v *plan.Value) *plan.Value { return m.MatPow(v, m.Size(m.B.Sizes.Size("p"))) }},
	}
	for _, lang := range []runner.Lang{runner.NumPy, runner.Torch} {
		t.Run(string(lang), func(t *testing.T) {
			runner.Need(t, lang)
			var jobs []runner.Job
			for _, v := range views {
				k := newKit()
				a, _ := k.matrix("A", "m", "m")
				p, args := k.program("kind", v.make(k.m, a))
				files, err := Write(string(lang), p)
				if err != nil {
					t.Fatal(err)
				}
				source := "\n\ndef ask(a, c=1):\n    kind(*(a, 1)[:" + itoa(len(args)) + "])[...] = 7\n    return a\n"
				args[0] = runner.MatrixArg("A", 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1)
				jobs = append(jobs, runner.Job{ID: v.name, Source: files[0].Source + source, Func: "ask", Ranks: []int{2}, Points: [][]runner.Arg{args}})
			}
			out, err := runner.Run(lang, jobs)
			if err != nil {
				t.Fatal(err)
			}
			for i, o := range out {
				if f := o.Failure(); f != "" {
					t.Errorf("%s: %s", o.ID, f)
				} else if sumOf(o.Points[0].Values[0].Data) != 9 {
					t.Errorf("%s is a view of the argument\n%s", o.ID, jobs[i].Source)
				}
			}
		})
	}
}
