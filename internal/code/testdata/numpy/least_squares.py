import numpy as np


def _arguments(**given):
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


def _deviation(got, want):
    """Largest difference relative to the largest entry, infinite where one is NaN."""
    got, want = np.asarray(got), np.asarray(want)
    if got.shape != want.shape:
        raise AssertionError(f"shape {got.shape} where differences have {want.shape}")
    scale = 1 + np.max(np.abs(want), initial=0)
    deviation = float(np.max(np.abs(got - want), initial=0) / scale)
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


def check_least_squares(X, w, y, *, trials=3, seed=0, tolerance=1e-5):
    """Compares the derivatives with central differences in random directions.

    Returns the largest relative deviation; raises AssertionError above the tolerance.
    """
    rng = np.random.default_rng(seed)
    X = np.asarray(X, dtype=float)[()]
    w = np.asarray(w, dtype=float)[()]
    y = np.asarray(y, dtype=float)[()]
    worst = 0.0
    for _ in range(trials):
        d_w = rng.standard_normal(np.shape(w))
        results = least_squares(X, w, y)
        step = 1e-6 * (1 + np.max(np.abs(w), initial=0))
        difference = (_base1(X, w + step * d_w, y) - _base1(X, w - step * d_w, y)) / (2 * step)
        worst = max(worst, _deviation(_along2(results[1], d_w), difference))
    if not worst <= tolerance:
        raise AssertionError(f"the derivatives deviate from differences by {worst:.1e}")
    return worst


def _along2(result, direction):
    return result @ direction
