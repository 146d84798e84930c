package code

import (
	"strconv"
	"strings"

	"example.com/nabla/internal/plan"
	"example.com/nabla/internal/rat"
)

// numpy is the dialect of Python with NumPy alone.
var numpy = pythonDialect{
	module: "np", imports: []string{"import numpy as np"},
	unary: map[string]form{
		"neg": {"-~1", pyUnary, ""}, "exp": call("np.exp"), "log": call("np.log"), "sqrt": call("np.sqrt"),
		"square": {"#1 ** 2", pyPower, ""}, "sin": call("np.sin"), "cos": call("np.cos"), "tan": call("np.tan"),
		"asin": call("np.arcsin"), "acos": call("np.arccos"), "atan": call("np.arctan"),
		"sinh": call("np.sinh"), "cosh": call("np.cosh"), "tanh": call("np.tanh"),
		"asinh": call("np.arcsinh"), "acosh": call("np.arccosh"), "atanh": call("np.arctanh"),
		"sigmoid": {"_sigmoid($1)", pyAtom, numpySigmoid}, "softplus": {"np.logaddexp(0, $1)", pyAtom, ""},
		"relu": {"np.maximum($1, 0)", pyAtom, ""}, "step": {"np.heaviside($1, 0)", pyAtom, ""},
		"abs": call("np.abs"), "sign": call("np.sign"),
		"erf": {"_erf($1)", pyAtom, numpyErf}, "erfc": {"_erfc($1)", pyAtom, numpyErfc},
		"log1p": call("np.log1p"), "expm1": call("np.expm1"), "log2": call("np.log2"), "log10": call("np.log10"),
	},
	binary: map[string]form{
		"add": {"~1 + ^2", pySum, ""}, "sub": {"~1 - ^2", pySum, ""}, "mul": {"~1 * ^2", pyProduct, ""},
		"div": {"~1 / ^2", pyProduct, ""}, "pow": {"#1 ** #2", pyPower, ""},
		"max": {"np.maximum($1, $2)", pyAtom, ""}, "min": {"np.minimum($1, $2)", pyAtom, ""},
	},
	forms: map[plan.Kind]form{
		plan.Pi:          {"np.pi", pyAtom, ""},
		plan.Eye:         {"np.eye(%R@T)", pyAtom, ""},
		plan.Commutation: {"np.eye(%R@T)[np.arange(%R).reshape(%2, %1).T.ravel()]", pyAtom, ""},
		plan.Col:         {"np.tile(#1[:, None], (1, %C))", pyAtom, ""},
		plan.Row:         {"np.tile($1, (%R, 1))", pyAtom, ""},
		plan.Sum:         call("np.sum"),
		plan.RowSum:      {"np.sum($1, axis=1)", pyAtom, ""},
		plan.ColSum:      {"np.sum($1, axis=0)", pyAtom, ""},
		plan.Dot:         {"~1 @ ^2", pyProduct, ""},
		plan.Inner:       {"np.vdot($1, $2)", pyAtom, ""},
		plan.Norm:        {"_norm($1)", pyAtom, numpyNorm},
		plan.Trace:       call("np.trace"),
		plan.Transpose:   {"#1.T", pyAtom, ""},
		plan.Diagonal:    call("np.diag"),
		plan.DiagMatrix:  call("np.diag"),
		plan.Vec:         {"#1.T.ravel()", pyAtom, ""},
		plan.Unvec:       {"#1.reshape(%C, %R).T", pyAtom, ""},
		plan.Kron:        {"np.kron($1, $2)", pyAtom, ""},
		plan.KhatriRao:   {"(#1[:, None, :] * #2).reshape(%R, %C)", pyAtom, ""},
		plan.KronApply:   {"_kron_apply($1, $2, $3)", pyAtom, pyKronApply},
		plan.Commute:     {"#1[np.arange(%R).reshape(%2, %1).T.ravel()]", pyAtom, ""},
		plan.AsColumn:    {"#1[:, None]", pyAtom, ""},
		plan.AsRow:       {"#1[None, :]", pyAtom, ""},
		plan.Flatten:     {"#1.ravel()", pyAtom, ""},
		plan.Item:        {"#1.ravel()[0]", pyAtom, ""},
		plan.MatMul:      {"~1 @ ^2", pyProduct, ""},
		plan.MatVec:      {"~1 @ ^2", pyProduct, ""},
		plan.Outer:       {"np.outer($1, $2)", pyAtom, ""},
		plan.MatPow:      {"np.linalg.matrix_power($1, $2)", pyAtom, ""},
		plan.Pinv:        call("np.linalg.pinv"),
	},
	softmax:   form{"_softmax($1)", pyAtom, numpySoftmax},
	logsumexp: form{"_logsumexp($1)", pyAtom, numpyLogSumExp},
	special:   numpySystems,
	loop:      pythonLoop,
	axes:      [3]string{"", ", axis=1", ", axis=0"},
	permute:   "transpose", axis: "axis",
	like:      ", dtype=@.dtype",
	alone:     ", dtype=float",
	copied:    ".copy()",
	arguments: []string{numpyArguments},
	unit:      "np.eye(1, %R, &@T)[0]",
	unitAt:    "np.eye(1, %R, &@T)[0]",
	number:    "float($)",
	checks: pythonCheck{
		rng:       "np.random.default_rng(seed)",
		double:    func(s string) string { return "np.asarray(" + s + ", dtype=float)[()]" },
		random:    func(s string) string { return "rng.standard_normal(np.shape(" + s + "))" },
		largest:   func(s string) string { return "np.max(np.abs(" + s + "), initial=0)" },
		eye:       func(s string) string { return "np.eye(len(" + s + "))" },
		deviation: numpyDeviation,
	},
}

func writeNumPy(p *plan.Program) []File { return numpy.write(p) }

// numpySystems writes linear systems. NumPy has no function that shares a factorisation:
// a third system with one matrix, or a first beside its inverse, costs more than a product
// with the inverse.
func numpySystems(_ *pythonDialect, w *Writer, v *plan.Value) (string, int) {
	factor := v.Args[0]
	solves, inverses := 0, 0
	for _, u := range w.Users(factor) {
		switch u.Kind {
		case plan.Solve:
			solves++
		case plan.Inverse:
			inverses++
		}
	}
	matrix := func(min int) string { return w.Arg(factor.Args[0], min) }
	if v.Kind == plan.Inverse || v.Kind == plan.Solve && (inverses > 0 || solves > 2) {
		text := func() string { return "np.linalg.inv(" + matrix(0) + ")" }
		inverse := ""
		if solves+inverses > 1 {
			inverse = w.Shared(factor, text)
		} else {
			inverse = text()
		}
		if v.Trans {
			inverse += ".T"
		}
		if v.Kind == plan.Inverse {
			return inverse, pyAtom
		}
		return inverse + " @ " + w.Arg(v.Args[1], pyProduct+1), pyProduct
	}
	switch v.Kind {
	case plan.Solve:
		a := matrix(0)
		if v.Trans {
			a = matrix(pyAtom) + ".T"
		}
		return "np.linalg.solve(" + a + ", " + w.Arg(v.Args[1], 0) + ")", pyAtom
	case plan.Det:
		return "np.linalg.det(" + matrix(0) + ")", pyAtom
	case plan.LogDet:
		if factor.Kind == plan.Cholesky {
			return "2 * np.sum(np.log(np.diag(np.linalg.cholesky(" + matrix(0) + "))))", pyProduct
		}
		w.Helper(numpyLogDet)
		return "_logdet(" + matrix(0) + ")", pyAtom
	}
	panic("code: NumPy has no form of a value")
}

// pyNumber writes r: an integer, a decimal where that is exact and short, or p / q.
func pyNumber(r rat.Rat) (string, int) {
	level := pyAtom
	text := r.Abs().String()
	if p, q, ok := r.Abs().Small(); ok && q > 1 {
		level = pyProduct
		switch q {
		case 2, 4, 5, 8, 10:
			level = pyAtom
			text = strconv.FormatFloat(float64(p)/float64(q), 'g', -1, 64)
		default:
			text = strconv.FormatInt(p, 10) + " / " + strconv.FormatInt(q, 10)
		}
	} else if !ok {
		level = pyProduct
		text = strings.Replace(text, "/", " / ", 1)
	}
	if r.Sign() < 0 {
		text, level = "-"+text, min(level, pyUnary)
	}
	return text, level
}

const numpyLess = `def _less(a, b):
    """a - b, in the memory of b, which has no other use."""
    return np.subtract(a, b, out=b) if np.ndim(a) == 0 or np.shape(a) == np.shape(b) else a - b
`

const numpySigmoid = `def _sigmoid(x):
    """1 / (1 + exp(-x)) without overflow."""
    z = np.exp(-np.abs(x))
    return np.where(x >= 0, 1, z) / (1 + z)
`

const numpyErf = `def _erf(x):
    """The error function of each entry."""
    from math import erf

    return np.vectorize(erf, otypes=[float])(x).astype(x.dtype)[()]
`

const numpyErfc = `def _erfc(x):
    """The complementary error function of each entry."""
    from math import erfc

    return np.vectorize(erfc, otypes=[float])(x).astype(x.dtype)[()]
`

const numpySoftmax = `def _softmax(x, axis=None):
    """exp(x) over its sum, without overflow."""
    z = np.exp(x - np.max(x, axis=axis, keepdims=True))
    return z / np.sum(z, axis=axis, keepdims=True)
`

const numpyLogSumExp = `def _logsumexp(x, axis=None):
    """log of the sum of exp(x), without overflow."""
    top = np.max(x, axis=axis, keepdims=True)
    return np.squeeze(top, axis) + np.log(np.sum(np.exp(x - top), axis=axis))
`

const numpyNorm = `def _norm(x):
    """The Euclidean norm, scaled so that no square overflows or underflows."""
    top = np.max(np.abs(x), initial=0)
    return top * np.linalg.norm(x / top) if 0 < top < np.inf else top
`

const numpyLogDet = `def _logdet(a):
    """log of a determinant, NaN where that is not positive."""
    sign, value = np.linalg.slogdet(a)
    return value if sign > 0 else np.nan
`

const numpyArguments = `def _arguments(**given):
    """Arrays of one floating-point type, float32 if all are; each has the rank stated."""
    arrays = {name: np.asarray(value) for name, (value, _) in given.items()}
    for name, a in arrays.items():
        if a.dtype.kind not in "biuf":
            raise TypeError(f"{name} must have real numbers, got {a.dtype}")
    kinds = [a.dtype for a, (value, rank) in zip(arrays.values(), given.values()) if rank or isinstance(value, np.generic)]
    dtype = np.result_type(*kinds) if kinds else np.dtype(float)
    if dtype.kind != "f":
        dtype = np.dtype(float)
    for name, (_, rank) in given.items():
        if arrays[name].ndim != rank:
            what = ("a scalar", "a vector", "a matrix", "a stack of matrices")[rank]
            raise ValueError(f"{name} must be {what}, got an array with {arrays[name].ndim} axes")
    result = [a.astype(dtype, copy=False)[()] for a in arrays.values()]
    return result if len(result) > 1 else result[0]
`

const numpyDeviation = `def _deviation(got, want):
    """Largest difference relative to the largest entry, infinite where one is NaN."""
    got, want = np.asarray(got), np.asarray(want)
    if got.shape != want.shape:
        raise AssertionError(f"shape {got.shape} where differences have {want.shape}")
    scale = 1 + np.max(np.abs(want), initial=0)
    deviation = float(np.max(np.abs(got - want), initial=0) / scale)
    return deviation if deviation == deviation else float("inf")
`
