import numpy as np


def least_squares(X, w, y):
    """‖X w − y‖² and its gradient 2 Xᵀ(X w − y)."""
    if X.shape != (y.shape[0], w.shape[0]):
        raise ValueError(f"X is {X.shape[0]} × {X.shape[1]}, but y has {y.shape[0]} entries and w {w.shape[0]}")
    r = X @ w - y
    return r @ r, 2 * (X.T @ r)


def check_least_squares(X, w, y, h=1e-6):
    gradient = least_squares(X, w, y)[1]
    v = np.cos(np.arange(len(w)))
    slope = (least_squares(X, w + h * v, y)[0] - least_squares(X, w - h * v, y)[0]) / (2 * h)
    error = abs(gradient @ v - slope) / max(1, abs(slope))
    if not error < 1e-6:
        raise AssertionError(f"the gradient is off by {error:.2g}")
    return error
