"""The functions that generated code is compared on with automatic differentiation.

A case has the program in nabla's language and the same function as one writes it for JAX
and PyTorch: xp is jax.numpy or torch, lse the library's logsumexp.
"""

import numpy as np


class Case:
    """A function, the variable it is differentiated by, and the sizes to measure at."""

    def __init__(self, name, program, wrt, sizes, arguments, function, hessian=None, compressed=None):
        self.name = name
        self.program = program
        self.wrt = wrt
        self.sizes = sizes  # of the gradient
        self.hessian = sizes if hessian is None else hessian
        self.compressed = compressed or []
        self.arguments = arguments  # (rng, sizes) -> dict in the program's order
        self.function = function  # (xp, lse, arguments) -> number


def normal(rng, *shape):
    return rng.standard_normal(shape)


def onehot(rng, rows, columns):
    return np.eye(columns)[rng.integers(columns, size=rows)]


def spd(rng, n):
    a = rng.standard_normal((n, n)) / np.sqrt(n)
    return a @ a.T + np.eye(n)


LAYERS = 10


def deep(xp, lse, a):
    h = a["X"]
    for k in range(1, LAYERS):
        h = xp.tanh(a[f"W{k}"] @ h)
    return xp.sum((a[f"W{LAYERS}"] @ h - a["Y"]) ** 2)


def deep_program():
    lines = ["X: matrix(d, N)"] + [f"W{k}: matrix(d, d)" for k in range(1, LAYERS + 1)] + ["Y: matrix(d, N)"]
    before = "X"
    for k in range(1, LAYERS):
        lines.append(f"H{k} = tanh(W{k}*{before})")
        before = f"H{k}"
    return "\n".join(lines + [f"l = norm2(W{LAYERS}*{before} - Y)^2"])


def deep_arguments(rng, s):
    a = {"X": normal(rng, s["d"], s["N"])}
    for k in range(1, LAYERS + 1):
        a[f"W{k}"] = normal(rng, s["d"], s["d"]) / np.sqrt(s["d"])
    a["Y"] = normal(rng, s["d"], s["N"])
    return a


def network(xp, lse, a):
    h = xp.tanh(a["X"] @ a["W1"].T)
    z = h @ a["W2"].T
    return xp.sum(lse(z, 1)) - xp.sum(a["Y"] * z)


CASES = [
    Case("x'Ax", "x: vector(n)\nA: matrix(n, n)\nf = x'*A*x", "x",
         [{"n": 100}, {"n": 1000}, {"n": 4000}],
         lambda rng, s: {"x": normal(rng, s["n"]), "A": normal(rng, s["n"], s["n"])},
         lambda xp, lse, a: a["x"] @ (a["A"] @ a["x"]),
         hessian=[{"n": 100}, {"n": 1000}]),
    Case("logistic regression", "X: matrix(m, n)\ny: vector(m)\nw: vector(n)\nf = sum(log(1 + exp(-y.*(X*w))))", "w",
         [{"m": 200, "n": 100}, {"m": 1000, "n": 500}, {"m": 4000, "n": 2000}],
         lambda rng, s: {"X": normal(rng, s["m"], s["n"]), "y": np.sign(normal(rng, s["m"])), "w": normal(rng, s["n"]) / np.sqrt(s["n"])},
         lambda xp, lse, a: xp.sum(xp.log1p(xp.exp(-a["y"] * (a["X"] @ a["w"])))),
         hessian=[{"m": 200, "n": 100}, {"m": 1000, "n": 500}, {"m": 4000, "n": 2000}]),
    Case("||T - UV'||^2 by U", "T: matrix(n, n)\nU: matrix(n, k)\nV: matrix(n, k)\nf = norm2(T - U*V')^2", "U",
         [{"n": 100, "k": 5}, {"n": 1000, "k": 5}],
         lambda rng, s: {"T": normal(rng, s["n"], s["n"]), "U": normal(rng, s["n"], s["k"]), "V": normal(rng, s["n"], s["k"])},
         lambda xp, lse, a: xp.sum((a["T"] - a["U"] @ a["V"].T) ** 2),
         hessian=[{"n": 50, "k": 5}, {"n": 200, "k": 5}, {"n": 1000, "k": 5}],
         compressed=[{"n": 50, "k": 5}, {"n": 200, "k": 5}, {"n": 1000, "k": 5}]),
    Case("log-sum-exp", "A: matrix(m, n)\nx: vector(n)\nf = logsumexp(A*x)", "x",
         [{"m": 200, "n": 100}, {"m": 2000, "n": 1000}],
         lambda rng, s: {"A": normal(rng, s["m"], s["n"]), "x": normal(rng, s["n"]) / np.sqrt(s["n"])},
         lambda xp, lse, a: lse(a["A"] @ a["x"], 0)),
    Case("softmax regression", "X: matrix(m, n)\nY: matrix(m, k)\nW: matrix(n, k)\nf = sum(logsumexprows(X*W)) - tr(Y'*X*W)", "W",
         [{"m": 500, "n": 50, "k": 10}, {"m": 20000, "n": 100, "k": 10}],
         lambda rng, s: {"X": normal(rng, s["m"], s["n"]), "Y": onehot(rng, s["m"], s["k"]), "W": normal(rng, s["n"], s["k"]) / np.sqrt(s["n"])},
         lambda xp, lse, a: xp.sum(lse(a["X"] @ a["W"], 1)) - xp.sum(a["Y"] * (a["X"] @ a["W"])),
         hessian=[{"m": 100, "n": 10, "k": 5}, {"m": 500, "n": 20, "k": 5}, {"m": 2000, "n": 50, "k": 5}]),
    Case("two-layer network", "x[i]: vector(d), i = 1..N\ny[i]: vector(k), i = 1..N\nW1: matrix(p, d)\nW2: matrix(k, p)\n"
         "l = sum(i, logsumexp(W2*tanh(W1*x[i])) - y[i]'*W2*tanh(W1*x[i]))", "W1",
         [{"N": 500, "d": 20, "p": 30, "k": 10}, {"N": 10000, "d": 64, "p": 100, "k": 10}],
         lambda rng, s: {"X": normal(rng, s["N"], s["d"]), "Y": onehot(rng, s["N"], s["k"]),
                         "W1": normal(rng, s["p"], s["d"]) / np.sqrt(s["d"]), "W2": normal(rng, s["k"], s["p"]) / np.sqrt(s["p"])},
         network, hessian=[{"N": 50, "d": 5, "p": 8, "k": 3}, {"N": 500, "d": 20, "p": 30, "k": 10}]),
    Case("log det", "S: matrix(n, n) posdef\nf = logdet(S)", "S",
         [{"n": 100}, {"n": 500}, {"n": 1000}],
         lambda rng, s: {"S": spd(rng, s["n"])},
         lambda xp, lse, a: xp.linalg.slogdet(a["S"])[1],
         hessian=[{"n": 10}, {"n": 30}]),
    Case("10-layer tanh network by W1", deep_program(), "W1",
         [{"d": 50, "N": 100}, {"d": 200, "N": 1000}], deep_arguments, deep,
         hessian=[{"d": 5, "N": 20}, {"d": 10, "N": 50}, {"d": 20, "N": 200}]),
]
