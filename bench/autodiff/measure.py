"""Times generated NumPy and JAX code beside jax.grad, jax.hessian (jit) and torch.func.

    measure.py NABLA [--quick] [--json FILE] [--only NAME]

All contenders of a row run in turn, in double precision on the same data, and the median
of each is taken; so a row is one run on one machine. Results are compared before anything
is timed. NABLA is the command.
"""

import argparse
import importlib.util
import json
import os
import platform
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

from cases import CASES

try:
    import torch
    import torch.func

    torch.set_default_dtype(torch.float64)
except ImportError:  # a machine without PyTorch has one column less
    torch = None


def generate(nabla, case, sizes, language, what, compressed, folder):
    """The generated function of a case as a Python function."""
    path = os.path.join(folder, f"{language}_{what}_{abs(hash((case.name, str(sizes), compressed)))}.py")
    command = [nabla, "gen", "--lang", language, "--what", what, "--name", "generated", "-o", path,
               "--size", ",".join(f"{k}={v}" for k, v in sizes.items()), "-", case.wrt]
    if compressed:
        command.insert(2, "--compressed")
    subprocess.run(command, input=case.program.encode(), check=True)
    spec = importlib.util.spec_from_file_location("generated", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.generated


def contenders(nabla, case, sizes, what, compressed, folder):
    """Functions without arguments by name; each returns its result when it is ready."""
    values = case.arguments(np.random.default_rng(7), sizes)
    names = list(values)
    at = names.index(case.wrt if case.wrt in names else "W1")
    out = {}
    numpy_function = generate(nabla, case, sizes, "numpy", what, compressed, folder)
    out["nabla numpy"] = lambda: numpy_function(*values.values())
    on_device = [jnp.asarray(v) for v in values.values()]
    jax_function = jax.jit(generate(nabla, case, sizes, "jax", what, compressed, folder))
    out["nabla jax"] = lambda: jax_function(*on_device).block_until_ready()

    def lse(z, axis):
        return jax.nn.logsumexp(z, axis=axis)

    def f(*arrays):
        return case.function(jnp, lse, dict(zip(names, arrays)))

    derivative = jax.jit((jax.grad if what == "grad" else jax.hessian)(f, argnums=at))
    out["jax"] = lambda: derivative(*on_device).block_until_ready()
    if torch is not None:
        tensors = [torch.from_numpy(np.ascontiguousarray(v)) for v in values.values()]

        def tlse(z, axis):
            return torch.logsumexp(z, axis)

        def g(*arrays):
            return case.function(torch, tlse, dict(zip(names, arrays)))

        torch_function = (torch.func.grad if what == "grad" else torch.func.hessian)(g, argnums=at)
        out["torch"] = lambda: torch_function(*tensors)
    return out, values[names[at]].shape


def flat(result, what, shape):
    """A result as nabla arranges it."""
    a = np.asarray(result)
    if what == "hess" and a.ndim == 4:
        n = shape[0] * shape[1]
        return a.transpose(1, 0, 3, 2).reshape(n, n)
    return a


def agree(functions, what, shape, compressed):
    """Raises where a contender's result differs."""
    want = flat(functions["jax"](), what, shape)
    for name, function in functions.items():
        got = flat(function(), what, shape)
        if compressed and name.startswith("nabla"):
            got = np.kron(got, np.eye(shape[0]))
        if got.shape != want.shape or np.max(np.abs(got - want)) > 1e-8 * (1 + np.max(np.abs(want))):
            raise SystemExit(f"{name}: another result than jax")


def measure(functions, budget):
    """Median seconds of each, in turns, for about budget seconds in all."""
    times = {name: [] for name in functions}
    begin = time.perf_counter()
    while time.perf_counter() - begin < budget or len(times["jax"]) < 3:
        for name in random.sample(list(functions), len(functions)):  # none always follows the same
            start = time.perf_counter()
            functions[name]()
            times[name].append(time.perf_counter() - start)
        if len(times["jax"]) >= 2000:
            break
    return {name: statistics.median(t) for name, t in times.items()}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("nabla")
    parser.add_argument("--quick", action="store_true", help="the smallest sizes, a tenth of the time")
    parser.add_argument("--json")
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    rows = []
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, "
          f"NumPy {np.__version__}, JAX {jax.__version__} on {jax.devices()[0].platform}"
          + (f", PyTorch {torch.__version__}" if torch else ""))
    head = f"{'':52} {'jax ms':>9} {'nabla jax':>10} {'nabla numpy':>12} {'torch':>8}"
    with tempfile.TemporaryDirectory() as folder:
        for what in ("grad", "hess"):
            print(f"\n{what}: time of jax in ms, and the time of others over it\n{head}")
            for case in CASES:
                if options.only not in case.name:
                    continue
                sizes = [(s, False) for s in (case.sizes if what == "grad" else case.hessian)]
                if what == "hess":
                    sizes += [(s, True) for s in case.compressed]
                for s, compressed in sizes[:1] if options.quick else sizes:
                    functions, shape = contenders(options.nabla, case, s, what, compressed, folder)
                    try:
                        agree(functions, what, shape, compressed)
                    except (RuntimeError, MemoryError) as e:
                        print(f"{case.name} {s}: not measured, {str(e).splitlines()[0][:60]}", flush=True)
                        continue
                    t = measure(functions, 0.2 if options.quick else 2)
                    name = case.name + " " + ",".join(f"{k}={v}" for k, v in s.items()) + (" compressed" if compressed else "")
                    ratio = {k: v / t["jax"] for k, v in t.items()}
                    rows.append({"case": name, "what": what, "seconds": t})
                    print(f"{name:52} {1e3 * t['jax']:9.3f} {ratio['nabla jax']:10.4f} {ratio['nabla numpy']:12.4f} {ratio.get('torch', float('nan')):8.2f}", flush=True)
    if options.json:
        with open(options.json, "w") as f:
            json.dump(rows, f, indent=1)


if __name__ == "__main__":
    sys.exit(main())
