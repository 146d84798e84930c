import jax
import jax.numpy as jnp
import numpy as np


def _exact(name, value):
    """The value, unless JAX would round it."""
    if isinstance(value, np.ndarray) and value.dtype == np.float64 and not jax.config.jax_enable_x64:
        raise TypeError(
            f"{name} is float64, which JAX rounds to float32: pass float32, "
            "or call jax.config.update('jax_enable_x64', True) first"
        )
    return value


def _arguments(**given):
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


def _float64():
    """A context in which JAX computes in double precision."""
    if hasattr(jax, "enable_x64"):
        return jax.enable_x64(True)
    from jax.experimental import enable_x64

    return enable_x64()


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

    Pure: for jax.jit, jax.vmap and jax.grad.
    For float64, call jax.config.update('jax_enable_x64', True) first.
    """
    X, w, y = _arguments(X=(X, 2), w=(w, 1), y=(y, 1))
    m, n = X.shape
    if w.shape[0] != n:
        raise ValueError(f"w has {w.shape[0]} entries, but X has {n} columns: both must be n")
    if y.shape[0] != m:
        raise ValueError(f"y has {y.shape[0]} entries, but X has {m} rows: both must be m")
    t1 = X @ w - y
    value = t1 @ t1
    grad_w = 2 * (t1 @ X)
    return value, grad_w


def _base1(X, w, y):
    t1 = X @ w - y
    return t1 @ t1


def check_least_squares(X, w, y, *, trials=3, seed=0, tolerance=1e-5):
    """Compares the derivatives with central differences in random directions.

    Returns the largest relative deviation; raises AssertionError above the tolerance.
    """
    with _float64():
        rng = np.random.default_rng(seed)
        X = jnp.asarray(X, dtype=jnp.float64)
        w = jnp.asarray(w, dtype=jnp.float64)
        y = jnp.asarray(y, dtype=jnp.float64)
        worst = 0.0
        for _ in range(trials):
            d_w = jnp.asarray(rng.standard_normal(w.shape))
            results = least_squares(X, w, y)
            step = 1e-6 * (1 + float(jnp.max(jnp.abs(w), initial=0)))
            difference = (_base1(X, w + step * d_w, y) - _base1(X, w - step * d_w, y)) / (2 * step)
            worst = max(worst, _deviation(_along2(results[1], d_w), difference))
        if not worst <= tolerance:
            raise AssertionError(f"the derivatives deviate from differences by {worst:.1e}")
    return worst


def _along2(result, direction):
    return result @ direction
