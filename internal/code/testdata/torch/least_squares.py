import torch


def _arguments(**given):
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


def _deviation(got, want):
    """Largest difference relative to the largest entry, infinite where one is NaN."""
    if got.shape != want.shape:
        raise AssertionError(f"shape {tuple(got.shape)} where differences have {tuple(want.shape)}")
    scale = 1 + torch.linalg.vector_norm(want, float("inf"))
    deviation = float(torch.linalg.vector_norm(got - want, float("inf")) / scale)
    return deviation if deviation == deviation else float("inf")


def least_squares(X, w, y):
    """f = ‖X w − y‖²

    ∂f/∂w = 2 Xᵀ(X w − y)
    vector(n), denominator layout: df = (∂f/∂w)ᵀ dw
    """
    X, w, y = _arguments(X=(X, 2), w=(w, 1), y=(y, 1))
    m, n = X.shape
    if w.shape[0] != n:
        raise ValueError(f"w has {w.shape[0]} entries, but X has {n} columns: both must be n")
    if y.shape[0] != m:
        raise ValueError(f"y has {y.shape[0]} entries, but X has {m} rows: both must be m")
    t1 = X @ w - y
    value = t1 @ t1
    grad_w = 2 * (X.T @ t1)
    return value, grad_w


def _base1(X, w, y):
    t1 = X @ w - y
    return t1 @ t1


@torch.no_grad()
def check_least_squares(X, w, y, *, trials=3, seed=0, tolerance=1e-5):
    """Compares the derivatives with central differences in random directions.

    Returns the largest relative deviation; raises AssertionError above the tolerance.
    """
    rng = torch.Generator().manual_seed(seed)
    X = torch.as_tensor(X, dtype=torch.float64)
    w = torch.as_tensor(w, dtype=torch.float64)
    y = torch.as_tensor(y, dtype=torch.float64)
    worst = 0.0
    for _ in range(trials):
        d_w = torch.randn(w.shape, generator=rng, dtype=w.dtype).to(w.device)
        results = least_squares(X, w, y)
        step = 1e-6 * (1 + float(torch.linalg.vector_norm(w, float("inf"))))
        difference = (_base1(X, w + step * d_w, y) - _base1(X, w - step * d_w, y)) / (2 * step)
        worst = max(worst, _deviation(_along2(results[1], d_w), difference))
    if not worst <= tolerance:
        raise AssertionError(f"the derivatives deviate from differences by {worst:.1e}")
    return worst


def _along2(result, direction):
    return result @ direction
