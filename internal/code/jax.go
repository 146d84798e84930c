package code

import (
	"strings"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/plan"
)

// jax is the dialect of Python with JAX: pure functions, in which nothing depends on the
// values of arrays, so that they can be compiled, mapped and differentiated.
var jax = pythonDialect{
	module: "jnp", imports: []string{"import jax", "import jax.numpy as jnp", "import jax.scipy as jsp", "import numpy as np"},
	unary: map[string]form{
		"neg": {"-~1", pyUnary, ""}, "exp": call("jnp.exp"), "log": call("jnp.log"), "sqrt": call("jnp.sqrt"),
		"square": {"#1 ** 2", pyPower, ""}, "sin": call("jnp.sin"), "cos": call("jnp.cos"), "tan": call("jnp.tan"),
		"asin": call("jnp.arcsin"), "acos": call("jnp.arccos"), "atan": call("jnp.arctan"),
		"sinh": call("jnp.sinh"), "cosh": call("jnp.cosh"), "tanh": call("jnp.tanh"),
		"asinh": call("jnp.arcsinh"), "acosh": call("jnp.arccosh"), "atanh": call("jnp.arctanh"),
		"sigmoid": call("jax.nn.sigmoid"), "softplus": call("jax.nn.softplus"),
		"relu": call("jax.nn.relu"), "step": {"jnp.heaviside($1, 0)", pyAtom, ""},
		"abs": call("jnp.abs"), "sign": call("jnp.sign"),
		"erf": call("jsp.special.erf"), "erfc": call("jsp.special.erfc"),
		"log1p": call("jnp.log1p"), "expm1": call("jnp.expm1"), "log2": call("jnp.log2"), "log10": call("jnp.log10"),
	},
	binary: map[string]form{
		"add": {"~1 + ^2", pySum, ""}, "sub": {"~1 - ^2", pySum, ""}, "mul": {"~1 * ^2", pyProduct, ""},
		"div": {"~1 / ^2", pyProduct, ""}, "pow": {"#1 ** #2", pyPower, ""},
		"max": call2("jnp.maximum"), "min": call2("jnp.minimum"),
	},
	forms: map[plan.Kind]form{
		plan.Pi:          {"jnp.pi", pyAtom, ""},
		plan.Eye:         {"jnp.eye(%R@T)", pyAtom, ""},
		plan.Commutation: {"jnp.eye(%R@T)[jnp.arange(%R).reshape(%2, %1).T.ravel()]", pyAtom, ""},
		plan.Col:         {"jnp.tile(#1[:, None], (1, %C))", pyAtom, ""},
		plan.Row:         {"jnp.tile($1, (%R, 1))", pyAtom, ""},
		plan.Sum:         call("jnp.sum"),
		plan.RowSum:      {"jnp.sum($1, axis=1)", pyAtom, ""},
		plan.ColSum:      {"jnp.sum($1, axis=0)", pyAtom, ""},
		plan.Dot:         {"~1 @ ^2", pyProduct, ""},
		plan.Norm:        {"_norm($1)", pyAtom, jaxNorm},
		plan.Trace:       call("jnp.trace"),
		plan.Transpose:   {"#1.T", pyAtom, ""},
		plan.Diagonal:    call("jnp.diag"),
		plan.DiagMatrix:  call("jnp.diag"),
		plan.Vec:         {"#1.T.ravel()", pyAtom, ""},
		plan.Unvec:       {"#1.reshape(%C, %R).T", pyAtom, ""},
		plan.Kron:        call2("jnp.kron"),
		plan.KhatriRao:   {"(#1[:, None, :] * #2).reshape(%R, %C)", pyAtom, ""},
		plan.KronApply:   {"_kron_apply($1, $2, $3)", pyAtom, pyKronApply},
		plan.Commute:     {"#1[jnp.arange(%R).reshape(%2, %1).T.ravel()]", pyAtom, ""},
		plan.AsColumn:    {"#1[:, None]", pyAtom, ""},
		plan.AsRow:       {"#1[None, :]", pyAtom, ""},
		plan.Flatten:     {"#1.ravel()", pyAtom, ""},
		plan.Item:        {"#1.reshape(())", pyAtom, ""},
		plan.MatMul:      {"~1 @ ^2", pyProduct, ""},
		plan.MatVec:      {"~1 @ ^2", pyProduct, ""},
		plan.Outer:       call2("jnp.outer"),
		plan.MatPow:      call2("jnp.linalg.matrix_power"),
		plan.Pinv:        call("jnp.linalg.pinv"),
	},
	softmax:   call("jax.nn.softmax"),
	logsumexp: call("jsp.special.logsumexp"),
	axes:      [3]string{"", ", axis=1", ", axis=0"},
	permute:   "transpose", axis: "axis",
	unit:    "jnp.eye(1, %R, &@T)[0]",
	unitAt:  "jax.nn.one_hot(&, %R@T)",
	columns: jaxColumns,
	special: jaxSystems, factors: true,
	loop: jaxLoop, traced: true,
	like: ", dtype=@.dtype", alone: ", dtype=float",
	arguments: []string{jaxExact, jaxArguments},
	number:    "jnp.asarray($@T)",
	notes:     jaxNotes,
	checks: pythonCheck{
		rng:       "np.random.default_rng(seed)",
		double:    func(s string) string { return "jnp.asarray(" + s + ", dtype=jnp.float64)" },
		random:    func(s string) string { return "jnp.asarray(rng.standard_normal(" + s + ".shape))" },
		largest:   func(s string) string { return "float(jnp.max(jnp.abs(" + s + "), initial=0))" },
		eye:       func(s string) string { return "jnp.eye(len(" + s + "))" },
		deviation: numpyDeviation,
		within:    "with _float64():", helper: jaxFloat64,
	},
}

func writeJAX(p *plan.Program) []File { return jax.write(p) }

// jaxNotes says under which of JAX's transformations a function works.
func jaxNotes(w *Writer) []string {
	var static []string
	for _, q := range w.Prog.Params {
		switch {
		case q.Sym == nil:
			static = append(static, "'"+w.Names.Size(q.Size)+"'")
		case q.Sym.Kind == expr.Function:
			for _, k := range q.Orders {
				static = append(static, "'"+w.Names.Function(q.Sym, k)+"'")
			}
		case isCount(q.Sym):
			static = append(static, "'"+w.Names.Symbol(q.Sym)+"'")
		}
	}
	note := "Pure: for jax.jit, jax.vmap and jax.grad."
	if len(static) > 0 {
		note = "Pure: for jax.vmap, jax.grad and jax.jit with static_argnames=[" + strings.Join(static, ", ") + "]."
	}
	return []string{"", note, "For float64, call jax.config.update('jax_enable_x64', True) first."}
}

// jaxSystems writes factorisations and what is made of them. One that is used once is
// part of the function that solves.
func jaxSystems(d *pythonDialect, w *Writer, v *plan.Value) (string, int) {
	switch v.Kind {
	case plan.LU:
		return w.Form(call("jsp.linalg.lu_factor"), v)
	case plan.Cholesky:
		return w.Form(call("jsp.linalg.cho_factor"), v)
	}
	factor := v.Args[0]
	if factor.Kind == plan.LU && w.uses[factor] == 1 && v.Kind != plan.LogDet {
		return pythonSystem(w, v, "jnp", "")
	}
	f := w.Arg(factor, 0)
	by := "jsp.linalg.cho_solve("
	trans := ""
	if factor.Kind == plan.LU {
		by = "jsp.linalg.lu_solve("
		if v.Trans {
			trans = ", trans=1"
		}
	}
	switch v.Kind {
	case plan.Solve:
		return by + f + ", " + w.Arg(v.Args[1], 0) + trans + ")", pyAtom
	case plan.Inverse:
		return d.typed(w, form{by + f + ", jnp.eye(%R@T)" + trans + ")", pyAtom, ""}, v)
	case plan.Det:
		if factor.Kind == plan.Cholesky {
			return "jnp.prod(jnp.diag(" + f + "[0])) ** 2", pyPower
		}
		w.Helper(jaxLUDet)
		return "_lu_det(" + f + ")", pyAtom
	case plan.LogDet:
		if factor.Kind == plan.Cholesky {
			return "2 * jnp.sum(jnp.log(jnp.diag(" + f + "[0])))", pyProduct
		}
		w.Helper(jaxLULogDet)
		return "_lu_logdet(" + f + ")", pyAtom
	}
	panic("code: JAX has no form of a value")
}

// jaxLoop writes sums over an index by a function of it.
func jaxLoop(w *Writer, list []*plan.Value, totals []string, body []string, texts []string) []string {
	w.Helper(jaxSumOver)
	name := w.Names.numbered("term")
	out := jaxTerm(w, name, []string{w.Names.Index(list[0].Index)}, body, texts)
	return append(out, strings.Join(totals, ", ")+" = _sum_over("+name+", "+w.Size(list[0].Dims[0], 0)+")")
}

// jaxTerm writes the function of the terms of sums.
func jaxTerm(w *Writer, name string, params, body, texts []string) []string {
	out := []string{"", "def " + name + "(" + strings.Join(params, ", ") + "):"}
	if len(body) > 0 && body[0] == "" {
		body = body[1:]
	}
	out = append(out, w.IndentLines(append(body, "return "+strings.Join(texts, ", ")))...)
	return append(out, "")
}

// jaxColumns writes columns side by side, or matrices along a first axis, by a function of
// the index.
func jaxColumns(w *Writer, v *plan.Value, total string, body []string, text string) []string {
	w.Helper(jaxStack)
	stem, turned := "column", ".T"
	if v.Kind == plan.Stack {
		stem, turned = "member", ""
	}
	name := w.Names.numbered(stem)
	out := []string{"def " + name + "(" + w.Names.Index(v.Index) + "):"}
	out = append(out, w.IndentLines(append(body, "return "+text))...)
	return append(out, total+" = _stack("+name+", "+w.Size(v.Dims[0], 0)+")"+turned)
}

// jaxPower is a power by an exponent that is the index of a loop.
var jaxPower = form{"_matrix_power($1, $2)", pyAtom, jaxMatrixPower}

const jaxArguments = `def _arguments(**given):
    """Arrays of one floating-point type, float32 if all are; each has the rank stated."""
    arrays = {name: jnp.asarray(_exact(name, value)) for name, (value, _) in given.items()}
    for name, a in arrays.items():
        if jnp.issubdtype(a.dtype, jnp.complexfloating):
            raise TypeError(f"{name} must have real numbers, got {a.dtype}")
    dtype = jnp.result_type(float, *arrays.values())
    for name, (_, rank) in given.items():
        if arrays[name].ndim != rank:
            what = ("a scalar", "a vector", "a matrix", "a stack of matrices")[rank]
            raise ValueError(f"{name} must be {what}, got an array with {arrays[name].ndim} axes")
    result = [a.astype(dtype) for a in arrays.values()]
    return result if len(result) > 1 else result[0]
`

const jaxNorm = `def _norm(x):
    """The Euclidean norm, scaled so that no square overflows or underflows."""
    top = jax.lax.stop_gradient(jnp.max(jnp.abs(x), initial=0))
    scale = jnp.where((top > 0) & (top < jnp.inf), top, 1)
    return scale * jnp.sqrt(jnp.sum((x / scale) ** 2))
`

const jaxLUDet = `def _lu_det(factor):
    """The determinant of a matrix by its factorisation."""
    lu, pivots = factor
    swaps = jnp.sum(pivots != jnp.arange(len(pivots)))
    return jnp.where(swaps % 2 == 0, 1, -1) * jnp.prod(jnp.diag(lu))
`

const jaxLULogDet = `def _lu_logdet(factor):
    """log of the determinant by a factorisation, NaN where that is not positive."""
    lu, pivots = factor
    d = jnp.diag(lu)
    minus = jnp.sum(pivots != jnp.arange(len(pivots))) + jnp.sum(d < 0)
    return jnp.where((minus % 2 == 0) & jnp.all(d != 0), jnp.sum(jnp.log(jnp.abs(d))), jnp.nan)
`

const jaxSumOver = `def _sum_over(term, count):
    """Sum of term(i), an array or several, over i < count.

    Neither memory nor what is compiled grows with count: as many terms are computed at
    once as make arrays of up to 2^18 entries.
    """
    program, out = jax.make_jaxpr(term, return_shape=True)(0)
    entries = max([v.aval.size for e in program.eqns for v in e.outvars], default=1)
    block = max(1, min(count, 2**18 // max(1, entries)))

    def add(k, totals):
        i = k * block + jnp.arange(block)

        def plus(total, terms):
            inside = jnp.expand_dims(i < count, range(1, terms.ndim))
            return total + jnp.sum(jnp.where(inside, terms, 0), axis=0)

        return jax.tree.map(plus, totals, jax.vmap(term)(jnp.minimum(i, count - 1)))

    zeros = jax.tree.map(lambda t: jnp.zeros(t.shape, t.dtype), out)
    return jax.lax.fori_loop(0, -(-count // block), add, zeros)
`

const jaxStack = `def _stack(part, count):
    """The arrays part(i) for i < count along a first axis.

    As many are computed at once as make arrays of up to 2^22 entries.
    """
    program = jax.make_jaxpr(part)(0)
    entries = max([v.aval.size for e in program.eqns for v in e.outvars], default=1)
    block = max(1, min(count, 2**22 // max(1, entries)))
    return jax.lax.map(part, jnp.arange(count), batch_size=block)
`

const jaxMatrixPower = `def _matrix_power(a, k):
    """a to the power of an integer k that may be the index of a loop."""

    def step(state):
        base, power, k = state
        return base @ base, jnp.where(k % 2 == 1, power @ base, power), k // 2

    base = jax.lax.cond(k < 0, jnp.linalg.inv, lambda a: a, a)
    start = base, jnp.eye(len(a), dtype=a.dtype), jnp.abs(k)
    return jax.lax.while_loop(lambda state: state[2] > 0, step, start)[1]
`

// XLA's products in double precision on CPUs are slow where the left operand is a transpose,
// and fast where rows of it are taken, half of them too; not where these are much longer than
// the result, nor in single precision.
const jaxSymmetric = `def _symmetric_product(a, b):
    """a @ b, which is symmetric; large ones on a CPU by blocks of the upper half."""

    def halves(a, b, least=256):
        n = len(a)
        if n < least:
            return a @ b
        k = n // 2
        corner = a[:k] @ b[:, k:]
        return jnp.block([[halves(a[:k], b[:, :k], 800), corner], [corner.T, halves(a[k:], b[:, k:], 800)]])

    if a.dtype != jnp.float64 or len(a) < 256 or a.shape[1] > 4 * len(a):
        return a @ b
    return jax.lax.platform_dependent(a, b, cpu=halves, default=jnp.matmul)
`

// jaxPlusTranspose writes the sum of a matrix and a transpose, or its difference with one.
func jaxPlusTranspose(w *Writer, v *plan.Value) (string, bool) {
	x, y := v.Args[0], v.Args[1]
	whole := func(v *plan.Value) bool { return v.Rank == 2 && v.Kind != plan.Col && v.Kind != plan.Row }
	switch {
	case v.Fn == "add" && y.Kind == plan.Transpose && whole(x):
	case v.Fn == "add" && x.Kind == plan.Transpose && whole(y):
		x, y = y, x
	case v.Fn == "sub" && y.Kind == plan.Transpose && whole(x):
		w.Helper(jaxTransposeSum)
		return "_plus_transpose(" + w.Arg(x, 0) + ", -" + w.Arg(y.Args[0], pyUnary) + ")", true
	default:
		return "", false
	}
	w.Helper(jaxTransposeSum)
	return "_plus_transpose(" + w.Arg(x, 0) + ", " + w.Arg(y.Args[0], 0) + ")", true
}

// XLA adds a matrix and a transpose entry by entry on CPUs, in the order of one of them.
const jaxTransposeSum = `def _plus_transpose(a, b):
    """a + b.T; large ones on a CPU by blocks of rows, which stay in the cache."""

    def blocks(a, b):
        k = max(256, len(a) // 32)
        return jnp.concatenate([a[i : i + k] + b[:, i : i + k].T for i in range(0, len(a), k)])

    if len(a) < 256:
        return a + b.T
    return jax.lax.platform_dependent(a, b, cpu=blocks, default=lambda a, b: a + b.T)
`

const jaxFloat64 = `def _float64():
    """A context in which JAX computes in double precision."""
    if hasattr(jax, "enable_x64"):
        return jax.enable_x64(True)
    from jax.experimental import enable_x64

    return enable_x64()
`
