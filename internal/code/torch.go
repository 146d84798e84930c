package code

import "example.com/nabla/internal/plan"

// torch is the dialect of Python with PyTorch, 1.13 and 2: it calls nothing that only one
// of them has. Type and device are those of the arguments.
var torch = pythonDialect{
	module: "torch", imports: []string{"import torch"},
	unary: map[string]form{
		"neg": {"-~1", pyUnary, ""}, "exp": call("torch.exp"), "log": call("torch.log"), "sqrt": call("torch.sqrt"),
		"square": {"#1 ** 2", pyPower, ""}, "sin": call("torch.sin"), "cos": call("torch.cos"), "tan": call("torch.tan"),
		"asin": call("torch.asin"), "acos": call("torch.acos"), "atan": call("torch.atan"),
		"sinh": call("torch.sinh"), "cosh": call("torch.cosh"), "tanh": call("torch.tanh"),
		"asinh": call("torch.asinh"), "acosh": call("torch.acosh"), "atanh": call("torch.atanh"),
		"sigmoid": call("torch.sigmoid"), "softplus": {"_softplus($1)", pyAtom, torchSoftplus},
		"relu": call("torch.relu"), "step": {"_step($1)", pyAtom, torchStep},
		"abs": call("torch.abs"), "sign": call("torch.sign"),
		"erf": call("torch.erf"), "erfc": call("torch.erfc"),
		"log1p": call("torch.log1p"), "expm1": call("torch.expm1"), "log2": call("torch.log2"), "log10": call("torch.log10"),
	},
	binary: map[string]form{
		"add": {"~1 + ^2", pySum, ""}, "sub": {"~1 - ^2", pySum, ""}, "mul": {"~1 * ^2", pyProduct, ""},
		"div": {"~1 / ^2", pyProduct, ""}, "pow": {"#1 ** #2", pyPower, ""},
		"max": call2("torch.maximum"), "min": call2("torch.minimum"),
	},
	clamp: map[string]form{"max": {"torch.clamp($1, min=$2)", pyAtom, ""}, "min": {"torch.clamp($1, max=$2)", pyAtom, ""}},
	forms: map[plan.Kind]form{
		plan.Pi:          {"math.pi", pyAtom, ""},
		plan.Eye:         {"torch.eye(%R@T)", pyAtom, ""},
		plan.Commutation: {"torch.eye(%R@T)[torch.arange(%R).reshape(%2, %1).T.reshape(-1)]", pyAtom, ""},
		plan.Col:         {"#1[:, None].repeat(1, %C)", pyAtom, ""},
		plan.Row:         {"#1.repeat(%R, 1)", pyAtom, ""},
		plan.Sum:         call("torch.sum"),
		plan.RowSum:      {"torch.sum($1, dim=1)", pyAtom, ""},
		plan.ColSum:      {"torch.sum($1, dim=0)", pyAtom, ""},
		plan.Dot:         {"~1 @ ^2", pyProduct, ""},
		plan.Inner:       call2("torch.tensordot"),
		plan.Norm:        {"_norm($1)", pyAtom, torchNorm},
		plan.Trace:       call("torch.trace"),
		plan.Transpose:   {"#1.T", pyAtom, ""},
		plan.Diagonal:    call("torch.diagonal"),
		plan.DiagMatrix:  call("torch.diag"),
		plan.Vec:         {"#1.T.reshape(-1)", pyAtom, ""},
		plan.Unvec:       {"#1.reshape(%C, %R).T", pyAtom, ""},
		plan.Kron:        {"_kron($1, $2)", pyAtom, torchKron},
		plan.KhatriRao:   {"(#1[:, None, :] * #2).reshape(%R, %C)", pyAtom, ""},
		plan.KronApply:   {"_kron_apply($1, $2, $3)", pyAtom, pyKronApply},
		plan.Commute:     {"#1[torch.arange(%R).reshape(%2, %1).T.reshape(-1)]", pyAtom, ""},
		plan.AsColumn:    {"#1[:, None]", pyAtom, ""},
		plan.AsRow:       {"#1[None, :]", pyAtom, ""},
		plan.Flatten:     {"#1.reshape(-1)", pyAtom, ""},
		plan.Item:        {"#1.reshape(())", pyAtom, ""},
		plan.MatMul:      {"~1 @ ^2", pyProduct, ""},
		plan.MatVec:      {"~1 @ ^2", pyProduct, ""},
		plan.Outer:       call2("torch.outer"),
		plan.MatPow:      call2("torch.linalg.matrix_power"),
		plan.Pinv:        call("torch.linalg.pinv"),
	},
	softmax:   call("torch.softmax"),
	logsumexp: call("torch.logsumexp"),
	axes:      [3]string{", dim=0", ", dim=1", ", dim=0"},
	permute:   "permute", axis: "dim",
	unit:    "torch.nn.functional.pad(torch.ones(1@T), (&, %R - &1))",
	unitAt:  "torch.nn.functional.pad(torch.ones(1@T), (&, %R - 1 - &))",
	full:    torchFull,
	special: torchSystems, factors: true,
	loop: pythonLoop,
	like: ", dtype=@.dtype, device=@.device", alone: ", dtype=torch.get_default_dtype()",
	copied:    ".clone()",
	arguments: []string{torchArguments},
	number:    "torch.tensor($@T)",
	checks: pythonCheck{
		rng:    "torch.Generator().manual_seed(seed)",
		double: func(s string) string { return "torch.as_tensor(" + s + ", dtype=torch.float64)" },
		random: func(s string) string {
			return "torch.randn(" + s + ".shape, generator=rng, dtype=" + s + ".dtype).to(" + s + ".device)"
		},
		largest: func(s string) string { return "float(torch.linalg.vector_norm(" + s + ", float(\"inf\")))" },
		eye: func(s string) string {
			return "torch.eye(len(" + s + "), dtype=" + s + ".dtype, device=" + s + ".device)"
		},
		deviation: torchDeviation,
		decorator: "@torch.no_grad()",
	},
}

func writeTorch(p *plan.Program) []File { return torch.write(p) }

// torchFull repeats a tensor of no axes.
func torchFull(_ *pythonDialect, w *Writer, v *plan.Value) (string, int) {
	if v.Rank == 1 {
		return w.Form(form{"#1.repeat(%R)", pyAtom, ""}, v)
	}
	return w.Form(form{"#1.repeat(%R, %C)", pyAtom, ""}, v)
}

// torchSystems writes factorisations and what is made of them. One that is used once is
// part of the function that solves.
func torchSystems(d *pythonDialect, w *Writer, v *plan.Value) (string, int) {
	switch v.Kind {
	case plan.LU:
		return w.Form(call("torch.linalg.lu_factor"), v)
	case plan.Cholesky:
		return w.Form(call("torch.linalg.cholesky"), v)
	}
	factor := v.Args[0]
	if factor.Kind == plan.LU && w.uses[factor] == 1 {
		return pythonSystem(w, v, "torch", torchLogDet)
	}
	f := w.Arg(factor, 0)
	cholesky := factor.Kind == plan.Cholesky
	solve := func(b string) string {
		switch {
		case cholesky:
			return "torch.cholesky_solve(" + b + ", " + f + ")"
		case v.Trans:
			return "torch.linalg.lu_solve(*" + f + ", " + b + ", adjoint=True)"
		}
		return "torch.linalg.lu_solve(*" + f + ", " + b + ")"
	}
	switch v.Kind {
	case plan.Solve:
		if v.Rank == 1 {
			return solve(w.Arg(v.Args[1], pyAtom)+"[:, None]") + "[:, 0]", pyAtom
		}
		return solve(w.Arg(v.Args[1], 0)), pyAtom
	case plan.Inverse:
		if cholesky {
			return "torch.cholesky_inverse(" + f + ")", pyAtom
		}
		return d.typed(w, form{solve("torch.eye(%R@T)"), pyAtom, ""}, v)
	case plan.Det:
		if cholesky {
			return "torch.prod(torch.diagonal(" + f + ")) ** 2", pyPower
		}
		w.Helper(torchLUDet)
		return "_lu_det(" + f + ")", pyAtom
	case plan.LogDet:
		if cholesky {
			return "2 * torch.sum(torch.log(torch.diagonal(" + f + ")))", pyProduct
		}
		w.Helper(torchLULogDet)
		return "_lu_logdet(" + f + ")", pyAtom
	}
	panic("code: PyTorch has no form of a value")
}

const torchArguments = `def _arguments(**given):
    """Tensors of one floating-point type on one device; each has the rank stated."""
    # Python's numbers and lists keep their digits until the type is known.
    typed = {name: hasattr(value, "dtype") for name, (value, _) in given.items()}
    tensors = {
        name: torch.as_tensor(value) if typed[name] else torch.as_tensor(value, dtype=torch.float64)
        for name, (value, _) in given.items()
    }
    for name, (_, rank) in given.items():
        if tensors[name].is_complex():
            raise TypeError(f"{name} must have real numbers, got {tensors[name].dtype}")
        if tensors[name].ndim != rank:
            what = ("a scalar", "a vector", "a matrix", "a stack of matrices")[rank]
            raise ValueError(f"{name} must be {what}, got a tensor with {tensors[name].ndim} axes")
    # Tensors with axes tell type and device; scalars follow them.
    first = [name for name in given if given[name][1]] or [name for name in given if torch.is_tensor(given[name][0])]
    default = torch.get_default_dtype()
    dtypes = [tensors[name].dtype if typed[name] else default for name in first] or [default]
    device = tensors[first[0]].device if first else None
    dtype = dtypes[0]
    for other in dtypes:
        dtype = torch.promote_types(dtype, other)
    for name in first:
        if tensors[name].device != device:
            raise ValueError(f"{name} is on {tensors[name].device}, but {first[0]} is on {device}")
    if not dtype.is_floating_point:
        dtype = default
    result = [t.to(dtype=dtype, device=device) for t in tensors.values()]
    return result if len(result) > 1 else result[0]
`

const torchSoftplus = `def _softplus(x):
    """log(1 + exp(x)) without overflow."""
    return torch.relu(x) + torch.log1p(torch.exp(-torch.abs(x)))
`

const torchStep = `def _step(x):
    """1 where an entry is positive, else 0."""
    return (x > 0).to(x.dtype)
`

// torchKron sees to it that PyTorch 1.13 takes transposes.
const torchKron = `def _kron(a, b):
    """The Kronecker product of arrays that may be views."""
    return torch.kron(a.contiguous(), b.contiguous())
`

const torchNorm = `def _norm(x):
    """The Euclidean norm, scaled so that no square overflows or underflows."""
    top = torch.linalg.vector_norm(x.detach(), float("inf"))
    scale = torch.where((top > 0) & (top < float("inf")), top, torch.ones_like(top))
    return scale * torch.linalg.vector_norm(x / scale)
`

const torchLogDet = `def _logdet(a):
    """log of a determinant, NaN where that is not positive."""
    sign, value = torch.linalg.slogdet(a)
    return value.masked_fill(sign <= 0, float("nan"))
`

const torchLUDet = `def _lu_det(factor):
    """The determinant of a matrix by its factorisation."""
    lu, pivots = factor
    swaps = torch.sum(pivots != torch.arange(1, len(pivots) + 1, device=pivots.device))
    return (1 - 2 * (swaps % 2)) * torch.prod(torch.diagonal(lu))
`

const torchLULogDet = `def _lu_logdet(factor):
    """log of the determinant by a factorisation, NaN where that is not positive."""
    lu, pivots = factor
    d = torch.diagonal(lu)
    minus = torch.sum(pivots != torch.arange(1, len(pivots) + 1, device=pivots.device)) + torch.sum(d < 0)
    return torch.sum(torch.log(torch.abs(d))).masked_fill((minus % 2 == 1) | torch.any(d == 0), float("nan"))
`

const torchDeviation = `def _deviation(got, want):
    """Largest difference relative to the largest entry, infinite where one is NaN."""
    if got.shape != want.shape:
        raise AssertionError(f"shape {tuple(got.shape)} where differences have {tuple(want.shape)}")
    scale = 1 + torch.linalg.vector_norm(want, float("inf"))
    deviation = float(torch.linalg.vector_norm(got - want, float("inf")) / scale)
    return deviation if deviation == deviation else float("inf")
`
