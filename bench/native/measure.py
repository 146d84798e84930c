"""Times nabla's own evaluation beside NumPy with OpenBLAS and JAX, in one run.

    measure.py NABLA NATIVE [--threads N] [--quick] [--only NAME] [--json FILE]

NABLA is the command, NATIVE the program built from bench/native. NumPy runs what
nabla gen writes for it, JAX runs jit(value_and_grad) of the function as one writes it,
and what nabla gen writes. The median of each is taken; with --threads 1 the script should
run under taskset -c 0, so that one core is all there is.

Contenders take turns of many calls in a row, as an optimiser calls them, in random order.
Before each turn is a pause: the threads of OpenBLAS keep all cores busy for 100 ms after a
call, waiting for the next, and what runs then runs at half its speed or less. --mixed has
single calls without a pause instead. Turns during which other processes had more than a
twentieth of the cores do not count; where the machine is never quiet, the quietest do, and
the line says how quiet those were.
"""

import argparse
import importlib.util
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time

os.environ.setdefault("JAX_ENABLE_X64", "1")

import jax
import jax.numpy as jnp
import numpy as np

rng = np.random.default_rng(3)


def normal(*shape):
    return rng.standard_normal(shape)


def onehot(rows, columns):
    return np.eye(columns)[rng.integers(columns, size=rows)]


def spd(n):
    a = normal(n, n) / np.sqrt(n)
    return a @ a.T + np.eye(n)


LEAST = ("X: matrix(m, n)\ny: vector(m)\nw: vector(n)\nl = norm2(X*w - y)^2", "w",
         lambda m, n: {"X": normal(m, n), "y": normal(m), "w": normal(n)},
         lambda X, y, w: jnp.sum((X @ w - y) ** 2), 2)
LOGISTIC = ("X: matrix(m, n)\ny: vector(m)\nw: vector(n)\nl = sum(log(1 + exp(-y.*(X*w))))", "w",
            lambda m, n: {"X": normal(m, n), "y": np.sign(normal(m)), "w": normal(n) / np.sqrt(n)},
            lambda X, y, w: jnp.sum(jnp.log1p(jnp.exp(-y * (X @ w)))), 2)
SOFTMAX = ("X: matrix(m, n)\nY: matrix(m, k)\nW: matrix(n, k)\nl = sum(logsumexprows(X*W)) - tr(Y'*X*W)", "W",
           lambda m, n, k: {"X": normal(m, n), "Y": onehot(m, k), "W": normal(n, k) / np.sqrt(n)},
           lambda X, Y, W: jnp.sum(jax.nn.logsumexp(X @ W, axis=1)) - jnp.sum(Y * (X @ W)), 2)
NETWORK = ("x[i]: vector(d), i = 1..N\ny[i]: vector(k), i = 1..N\nW1: matrix(p, d)\nb1: vector(p)\nW2: matrix(k, p)\nb2: vector(k)\n"
           "h[i] = sigmoid(W1*x[i] + b1)\nl = sum(i, logsumexp(W2*h[i] + b2) - y[i]'*(W2*h[i] + b2))", "W1,b1,W2,b2",
           lambda m, n, p, k: {"x": normal(m, n), "y": onehot(m, k), "W1": normal(p, n) / np.sqrt(n), "b1": normal(p),
                               "W2": normal(k, p) / np.sqrt(p), "b2": normal(k)},
           None, (2, 3, 4, 5))


def network(x, y, W1, b1, W2, b2):
    z = jax.nn.sigmoid(x @ W1.T + b1) @ W2.T + b2
    return jnp.sum(jax.nn.logsumexp(z, axis=1)) - jnp.sum(y * z)


NETWORK = NETWORK[:3] + (network,) + NETWORK[4:]
GAUSSIAN = ("S: matrix(n, n) posdef\nC: matrix(n, n) posdef\nl = logdet(S) + tr(inv(S)*C)", "S",
            lambda n: {"S": spd(n), "C": spd(n)},
            lambda S, C: jnp.linalg.slogdet(S)[1] + jnp.trace(jnp.linalg.solve(S, C)), 0)

CASES = [
    ("least squares 1e5 x 100", LEAST, (100000, 100), "value,grad"),
    ("logistic 1e5 x 100", LOGISTIC, (100000, 100), "value,grad"),
    ("logistic 1e5 x 100 with Hessian", LOGISTIC, (100000, 100), "value,grad,hess"),
    ("softmax 1e5 x 100, 10 classes", SOFTMAX, (100000, 100, 10), "value,grad"),
    ("two layers 1e5 x 100, 64, 10", NETWORK, (100000, 100, 64, 10), "value,grad"),
] + [
    (f"{name} {n}", case, sizes(n), "value,grad")
    for name, case, sizes in (("least squares", LEAST, lambda n: (n, n)), ("logistic", LOGISTIC, lambda n: (n, n)),
                              ("softmax, as many classes", SOFTMAX, lambda n: (n, n, n)),
                              ("two layers, all", NETWORK, lambda n: (n, n, n, n)), ("Gaussian", GAUSSIAN, lambda n: (n,)))
    for n in (512, 1024, 2048)
]


def generated(nabla, case, what, language, folder):
    path = os.path.join(folder, language + ".py")
    subprocess.run([nabla, "gen", "--lang", language, "--what", what, "--name", "generated", "-o", path, "-"] + case[1].split(","),
                   input=case[0].encode(), check=True)
    spec = importlib.util.spec_from_file_location("generated_" + language, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.generated


def others(servers):
    """The seconds that processes other than this one and its servers had on our cores."""
    cores = {f"cpu{k}" for k in os.sched_getaffinity(0)}
    ticks = 0
    with open("/proc/stat") as f:
        for line in f:
            words = line.split()
            if words[0] in cores:
                ticks += sum(int(w) for w in words[1:9]) - int(words[4]) - int(words[5])  # but idle and waiting
    for pid in ["self"] + [s.pid for s in servers]:
        with open(f"/proc/{pid}/stat") as f:
            words = f.read().rpartition(")")[2].split()
            ticks -= int(words[11]) + int(words[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def turn(f, servers):
    """Calls f for 120 ms. Returns the share of the cores that others had, and the times of
    the calls after the first 20 ms."""
    times = []
    time.sleep(0.2)
    before = others(servers)
    begin = now = time.perf_counter()
    while now - begin < 0.12:
        t = f()
        now = time.perf_counter()
        if now - begin > 0.02:
            times.append(t)
    return (others(servers) - before) / (now - begin) / len(os.sched_getaffinity(0)), times


def quiet(turns, least=3):
    """The turns that others did not disturb."""
    good = [t for t in turns if t[0] < 0.05]
    return good if len(good) >= least else sorted(turns)[:least]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("nabla")
    parser.add_argument("native")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", action="append", help="cases whose name contains this; may be repeated")
    parser.add_argument("--mixed", action="store_true")
    parser.add_argument("--json")
    options = parser.parse_args()
    print(f"{options.threads} threads; NumPy {np.__version__}, JAX {jax.__version__}")
    print(f"{'time of NumPy in ms, and speed over NumPy':42} {'NumPy ms':>9} {'nabla':>8} {'jax':>8} {'gen jax':>8}")
    rows = []
    for name, case, sizes, what in CASES:
        if options.only and not any(o in name for o in options.only) or options.quick and sizes[0] > 1024:
            continue
        with tempfile.TemporaryDirectory() as folder:
            values = case[2](*sizes)
            for k, v in values.items():
                np.save(os.path.join(folder, k + ".npy"), v)
            with open(os.path.join(folder, "case.nb"), "w") as f:
                f.write(case[0])
            server = subprocess.Popen([options.native, os.path.join(folder, "case.nb"), case[1], what, str(options.threads), folder],
                                      stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            if not server.stdout.readline().startswith("ready"):
                raise SystemExit(name + ": the native evaluator does not start")
            arrays = list(values.values())
            on_device = [jnp.asarray(a) for a in arrays]
            numpy_function = generated(options.nabla, case, what, "numpy", folder)
            jax_function = jax.jit(generated(options.nabla, case, what, "jax", folder))
            if "hess" in what:
                auto = jax.jit(lambda *a: (jax.value_and_grad(case[3], case[4])(*a), jax.hessian(case[3], case[4])(*a)))
            else:
                auto = jax.jit(jax.value_and_grad(case[3], case[4]))
            want = numpy_function(*arrays)
            for k, w in enumerate(want):
                got = np.load(os.path.join(folder, f"native_{k}.npy")).reshape(np.shape(w))
                if np.max(np.abs(got - w)) > 1e-8 * (1 + np.max(np.abs(w))):
                    raise SystemExit(f"{name}: result {k} differs")

            def native():
                server.stdin.write("\n")
                server.stdin.flush()
                return float(server.stdout.readline())

            def timed(f):
                def once():
                    start = time.perf_counter()
                    f()
                    return time.perf_counter() - start
                return once

            contenders = {"numpy": timed(lambda: numpy_function(*arrays)), "nabla": native,
                          "jax": timed(lambda: jax.block_until_ready(auto(*on_device))),
                          "gen jax": timed(lambda: jax.block_until_ready(jax_function(*on_device)))}
            times = {k: [] for k in contenders}
            for f in contenders.values():
                f()
            begin, turns = time.perf_counter(), {k: [] for k in contenders}
            while True:
                for k in random.sample(list(contenders), len(contenders)):  # none always follows the same
                    if options.mixed:
                        turns[k].append((0, [contenders[k]()]))
                    else:
                        turns[k].append(turn(contenders[k], [server]))
                seconds = time.perf_counter() - begin
                if seconds < (1 if options.quick else 5) or len(turns["numpy"]) < 3:
                    continue
                if seconds > 30 or options.quick or all(quiet(t)[-1][0] < 0.05 for t in turns.values()):
                    break
            loud = 0
            for k, t in turns.items():
                loud = max(loud, max(share for share, _ in quiet(t)))
                times[k] = [x for _, list in quiet(t) for x in list]
            server.stdin.close()
            server.wait()
            median = {k: statistics.median(t) for k, t in times.items()}
            rows.append({"case": name, "threads": options.threads, "seconds": median})
            base = median["numpy"]
            print(f"{name:42} {1e3 * base:9.2f} {base / median['nabla']:8.2f} {base / median['jax']:8.2f} {base / median['gen jax']:8.2f}"
                  + (f"   others had {100 * loud:.0f} %" if loud >= 0.05 else ""), flush=True)
    if options.json:
        with open(options.json, "w") as f:
            json.dump(rows, f, indent=1)


if __name__ == "__main__":
    sys.exit(main())
