"""A contender of measure.py in a process of its own: contender.py NAME FOLDER.

It reads lines of JSON: {"prepare": …} makes the function of a row and saves its result,
{"run": seconds} calls it for that time, at least once, and {"row": false} forgets it. Each
is answered by a line.
"""

import gc
import importlib.util
import json
import os
import sys
import time

os.environ.setdefault("JAX_ENABLE_X64", "1")

import numpy as np

from cases import CASES


def generated(path):
    """The generated function in a file."""
    spec = importlib.util.spec_from_file_location("generated", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.generated


def numpy_code(case, values, what, path):
    f = generated(path)
    return lambda: f(*values.values())


def on_device(values):
    import jax.numpy as jnp

    return [jnp.asarray(v) for v in values.values()]


def jax_code(case, values, what, path):
    import jax

    arrays = on_device(values)
    f = jax.jit(generated(path))
    return lambda: f(*arrays).block_until_ready()


def differentiated(case, values):
    """The variable's place among the arguments."""
    names = list(values)
    return names.index(case.wrt)


def jax_autodiff(case, values, what, path):
    import jax
    import jax.numpy as jnp

    def lse(z, axis):
        return jax.nn.logsumexp(z, axis=axis)

    def f(*arrays):
        return case.function(jnp, lse, dict(zip(values, arrays)))

    arrays = on_device(values)
    d = jax.jit((jax.grad if what == "grad" else jax.hessian)(f, argnums=differentiated(case, values)))
    return lambda: d(*arrays).block_until_ready()


def torch_autodiff(case, values, what, path):
    import torch
    import torch.func

    torch.set_default_dtype(torch.float64)
    tensors = [torch.from_numpy(np.ascontiguousarray(v)) for v in values.values()]

    def f(*arrays):
        return case.function(torch, torch.logsumexp, dict(zip(values, arrays)))

    d = (torch.func.grad if what == "grad" else torch.func.hessian)(f, argnums=differentiated(case, values))
    return lambda: d(*tensors)


KINDS = {"nabla numpy": numpy_code, "nabla jax": jax_code, "jax": jax_autodiff, "torch": torch_autodiff}


def versions(name):
    """What computes, in words; raises ImportError where it is missing."""
    if name == "nabla numpy":
        return f"NumPy {np.__version__}"
    if name == "torch":
        import torch

        return f"PyTorch {torch.__version__}"
    import jax

    return f"JAX {jax.__version__} on {jax.devices()[0].platform}"


def answer(name, folder, ask, state):
    if "prepare" in ask:
        row = ask["prepare"]
        case = next(c for c in CASES if c.name == row["case"])
        values = case.arguments(np.random.default_rng(7), row["sizes"])
        try:
            state["f"] = KINDS[name](case, values, row["what"], row["path"])
            result = np.asarray(state["f"]())
        except (RuntimeError, MemoryError) as e:
            return {"error": str(e).splitlines()[0]}
        path = os.path.join(folder, name.replace(" ", "_") + ".npy")
        np.save(path, result)
        return {"result": path, "shape": list(values[case.wrt].shape)}
    if "run" in ask:
        times = []
        begin = time.perf_counter()
        while not times or time.perf_counter() - begin < ask["run"]:
            start = time.perf_counter()
            state["f"]()
            times.append(time.perf_counter() - start)
        return {"times": times}
    state.clear()
    gc.collect()
    return {}


def main():
    name, folder = sys.argv[1:]
    replies = os.fdopen(os.dup(1), "w")  # what libraries print does not stand between them
    os.dup2(2, 1)
    try:
        print(json.dumps({"versions": versions(name)}), file=replies, flush=True)
    except ImportError as e:
        print(json.dumps({"error": str(e)}), file=replies, flush=True)
        return
    state = {}
    for line in sys.stdin:
        print(json.dumps(answer(name, folder, json.loads(line), state)), file=replies, flush=True)


if __name__ == "__main__":
    main()
