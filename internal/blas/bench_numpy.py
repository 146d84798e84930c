"""Times package blas against NumPy, in turn, and prints medians and their ratio.

    go test -c -o blas.test ./internal/blas
    python internal/blas/bench_numpy.py ./blas.test [--threads 1,4] [--rounds 9] [--only gemm]

A ratio above 1 means that package blas is faster. Both sides write into arrays that
exist already where NumPy can.
"""

import argparse
import os
import statistics
import subprocess
import time

import numpy as np
from threadpoolctl import threadpool_limits

parser = argparse.ArgumentParser()
parser.add_argument("binary")
parser.add_argument("--threads", default="1")
parser.add_argument("--rounds", type=int, default=9)
parser.add_argument("--only", default="")
arguments = parser.parse_args()

rng = np.random.default_rng(1)


def gemm(m, n, k, reps, ta=False, tb=False):
    a = rng.standard_normal((k, m)).T if ta else rng.standard_normal((m, k))
    b = rng.standard_normal((n, k)).T if tb else rng.standard_normal((k, n))
    c = np.empty((m, n))
    return lambda: [np.dot(a, b, out=c) for _ in range(reps)]


def syrk(n, k, reps):
    a, c = rng.standard_normal((k, n)), np.empty((n, n))
    return lambda: [np.dot(a.T, a, out=c) for _ in range(reps)]


def gemv(m, n, reps, trans=False):
    a = rng.standard_normal((m, n))
    a = a.T if trans else a
    x, y = rng.standard_normal(a.shape[1]), np.empty(a.shape[0])
    return lambda: [np.dot(a, x, out=y) for _ in range(reps)]


def factor(f):
    def case(n, reps):
        a = rng.standard_normal((n, n))
        a = np.tril(a) + np.tril(a, -1).T + 3 * np.sqrt(n) * np.eye(n)
        x = rng.standard_normal(n)
        return lambda: [f(a, x) for _ in range(reps)]

    return case


def entries(f):
    def case(n, reps):
        x, y = rng.random(n) * 10 + 0.01, np.empty(n)
        return lambda: [f(x, y) for _ in range(reps)]

    return case


makers = {
    "gemm": gemm,
    "gemm_tn": lambda *s: gemm(*s, ta=True),
    "gemm_nt": lambda *s: gemm(*s, tb=True),
    "syrk": syrk,
    "gemv": gemv,
    "gemv_t": lambda *s: gemv(*s, trans=True),
    "cholesky": factor(lambda a, x: np.linalg.cholesky(a)),
    "solve": factor(lambda a, x: np.linalg.solve(a, x)),
    "slogdet": factor(lambda a, x: np.linalg.slogdet(a)),
    "inv": factor(lambda a, x: np.linalg.inv(a)),
    "add": entries(lambda x, y: np.add(x, x, out=y)),
    "mul": entries(lambda x, y: np.multiply(x, x, out=y)),
    "sum": entries(lambda x, y: x.sum()),
    "max": entries(lambda x, y: x.max()),
}
for name in ["exp", "expm1", "log", "log1p", "tanh", "sqrt", "sin", "cos"]:
    makers[name] = entries(lambda x, y, f=getattr(np, name): f(x, out=y))

# Sizes, then how often a run repeats the work.
cases = [("gemm", n, n, n, r) for n, r in [(16, 4000), (64, 400), (128, 100), (512, 2), (1024, 1), (2048, 1)]]
cases += [(t, n, n, n, 1) for t in ["gemm_tn", "gemm_nt"] for n in [512, 1024]]
cases += [("gemm", 100000, n, 100, 1) for n in [1, 10, 64]]
cases += [("gemm_tn", 100, n, 100000, 1) for n in [1, 10, 64]]
cases += [("syrk", 100, 100000, 1), ("syrk", 1000, 1000, 1)]
cases += [(t, *s) for t in ["gemv", "gemv_t"] for s in [(100000, 100, 1), (2000, 2000, 4), (300, 300, 100)]]
cases += [(t, n, r) for t in ["cholesky", "solve", "slogdet", "inv"] for n, r in [(64, 50), (256, 5), (512, 2), (1024, 1), (2048, 1)]]
cases += [
    (t, n, r)
    for t in ["exp", "expm1", "log", "log1p", "tanh", "sqrt", "sin", "cos", "add", "mul", "sum", "max"]
    for n, r in [(1000, 1000), (10**7, 1)]
]

server = subprocess.Popen(
    [arguments.binary, "-test.run", "^TestServe$", "-test.timeout", "0"],
    stdin=subprocess.PIPE,
    stdout=subprocess.PIPE,
    text=True,
    env={**os.environ, "NABLA_SERVE": "1"},
)


def ask(line):
    server.stdin.write(line + "\n")
    server.stdin.flush()
    return server.stdout.readline().strip()


print(f"{'case':28} {'threads':>7} {'NumPy ms':>10} {'blas ms':>10} {'ratio':>6}")
for name, *sizes in cases:
    label = name + " " + "x".join(map(str, sizes[:-1]))
    if arguments.only not in label:
        continue
    for threads in map(int, arguments.threads.split(",")):
        run = makers[name](*sizes)
        ask(f"case {name} {threads} " + " ".join(map(str, sizes)))
        ours, theirs = [], []
        with threadpool_limits(threads):
            run()
            ask("run")
            for _ in range(arguments.rounds):
                start = time.perf_counter()
                run()
                theirs.append(time.perf_counter() - start)
                ours.append(float(ask("run")))
        t, o = (statistics.median(v) * 1e3 / sizes[-1] for v in (theirs, ours))
        print(f"{label:28} {threads:7} {t:10.4f} {o:10.4f} {t / o:6.2f}", flush=True)
server.stdin.close()
server.wait()
