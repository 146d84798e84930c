"""Runs generated source for NumPy, JAX or PyTorch: driver.py LANG DIR FIRST LAST RESULTS.
The files are described in protocol.go."""
import os
import sys
import types
import warnings

import numpy as np

warnings.simplefilter("ignore")
lang, folder, first, last, results = sys.argv[1:]
out = open(results, "a", encoding="utf-8")

jax = torch = None
if lang == "jax":
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)
    jax.config.update("jax_disable_most_optimizations", True)  # everything runs once
elif lang == "torch":
    import torch

    torch.set_default_dtype(torch.float64)
    torch.set_num_threads(1)


def write(kind, text=""):
    text = str(text).replace("\\", "\\\\").replace("\n", "\\n")
    out.write(f"{kind} {text}\n" if text else kind + "\n")
    out.flush()


def message(e):
    if isinstance(e, SyntaxError):
        return f"SyntaxError: {e.lineno}:{e.offset}: {e.msg}"
    return f"{type(e).__name__}: {e}"


def array(values, shape, single):
    a = np.array([float(v) for v in values], dtype=np.float32 if single else np.float64).reshape(shape)
    if lang == "jax":
        return jnp.asarray(a)
    if lang == "torch":
        return torch.from_numpy(a)
    return a


def function(numbers):
    amp, a, b, e, c = map(float, numbers)
    m = {"numpy": np, "jax": jax and jax.numpy, "torch": torch}[lang]

    def f(t):
        if lang == "torch":
            t = torch.as_tensor(t)
        return amp * m.sin(a * t + b) + e * m.exp(c * t)

    return f


def read_args(path, single):
    words = iter(open(path, encoding="utf-8").read().split())
    take = lambda n: [next(words) for _ in range(n)]
    points, count = map(int, take(2))
    kinds, all_args = [], []
    for p in range(points):
        args = []
        for k in range(count):
            kind = next(words)
            if p == 0:
                kinds.append(kind)
            if kind == "S":
                args.append(float(next(words)))
            elif kind == "I":
                args.append(int(next(words)))
            elif kind == "F":
                args.append(function(take(5)))
            else:
                shape = [int(s) for s in take({"V": 1, "M": 2, "L": 3}[kind])]
                args.append(array(take(int(np.prod(shape))), shape, single))
        all_args.append(args)
    return kinds, all_args


def transformed(f, via, kinds, single):
    still = [k for k, kind in enumerate(kinds) if kind in "IF"]
    if via == "jit":
        return jax.jit(f, static_argnums=still)
    if via == "vmap":
        axes = [None if k in still else 0 for k in range(len(kinds))]

        def twice(*args):
            dtype = jnp.float32 if single else jnp.float64
            batch = [a if axis is None else jnp.stack([jnp.asarray(a, dtype)] * 2) for a, axis in zip(args, axes)]
            mapped = jax.vmap(f, in_axes=axes)(*batch)
            return jax.tree_util.tree_map(lambda r: r[1], mapped)

        return twice
    return f


def write_value(v):
    if isinstance(v, (int, float)) and not isinstance(v, (bool, np.generic)):
        write("V", f"number 0 {float(v)!r}")
        return
    if lang == "torch" and isinstance(v, torch.Tensor):
        if v.requires_grad:
            raise TypeError("a result that requires a gradient")
        v = v.numpy()
    elif lang == "jax" and isinstance(v, jax.Array):
        v = np.asarray(v)
    elif not isinstance(v, (np.ndarray, np.generic)) or lang != "numpy":
        raise TypeError(f"a result of type {type(v).__name__}")
    numbers = [repr(float(x)) for x in v.ravel()]
    write("V", " ".join([v.dtype.name, str(v.ndim), *map(str, v.shape), *numbers]))


def run(path):
    name, results, check, single, via = open(path + "/job", encoding="utf-8").read().split()
    single = single == "1"
    kinds, points = read_args(path + "/args", single)
    np.random.seed(1)  # what a check draws does not depend on other jobs
    if lang == "torch":
        torch.manual_seed(1)
    try:
        module = types.ModuleType(name)
        source = open(path + "/source.py", encoding="utf-8").read()
        exec(compile(source, name + ".py", "exec"), module.__dict__)
        f = transformed(getattr(module, name), via, kinds, single)
        g = getattr(module, "check_" + name) if check == "1" else None
    except Exception as e:
        write("E", message(e))
        return
    for args in points:
        write("P")
        try:
            got = f(*args)
            if results == "1":
                got = (got,)
            elif not isinstance(got, tuple):
                raise TypeError(f"returns {type(got).__name__}, not a tuple")
            for v in got:
                write_value(v)
        except Exception as e:
            write("X", message(e))
        if g is not None:
            try:
                write("C", repr(float(g(*args))))
            except Exception as e:
                write("Y", message(e))


def main():
    for k in range(int(first), int(last) + 1):
        write("J", k)
        run(os.path.join(folder, str(k)))
        write("D")


if lang == "torch":
    with torch.no_grad():
        main()
else:
    main()
