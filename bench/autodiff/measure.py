"""Times generated NumPy and JAX code beside jax.grad, jax.hessian (jit) and torch.func.

    measure.py NABLA [--quick] [--json FILE] [--only NAME] [--what grad|hess]

Each contender is a process of its own (contender.py), as a user has it: within one process
the waiting threads of OpenBLAS and those of XLA take the cores from each other, and a
product of 0.1 ms takes 10. They compute in double precision on the same data, in turns
that are long enough to be warm and short enough that all see the same machine; the median
of each is taken. Results are compared before anything is timed. NABLA is the command.
"""

import argparse
import json
import os
import platform
import random
import statistics
import subprocess
import sys
import tempfile
import time

import numpy as np

from cases import CASES

NAMES = ["jax", "nabla jax", "nabla numpy", "torch"]

TURN = 0.1  # seconds of a turn, or one call where that takes longer
PAUSE = 0.05  # between turns: threads that wait for work go to sleep


class Contender:
    """A process that runs one contender."""

    def __init__(self, name, folder):
        script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "contender.py")
        self.process = subprocess.Popen([sys.executable, script, name, folder], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.about = self.read()

    def read(self):
        line = self.process.stdout.readline()
        if not line:
            return {"error": f"the process has ended with {self.process.wait()}"}
        return json.loads(line)

    def ask(self, **question):
        self.process.stdin.write(json.dumps(question) + "\n")
        self.process.stdin.flush()
        return self.read()

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def generate(nabla, case, sizes, language, what, compressed, folder):
    """The path of the generated function of a case."""
    path = os.path.join(folder, language + ".py")
    command = [nabla, "gen", "--lang", language, "--what", what, "--name", "generated", "-o", path,
               "--size", ",".join(f"{k}={v}" for k, v in sizes.items()), "-", case.wrt]
    if compressed:
        command.insert(2, "--compressed")
    subprocess.run(command, input=case.program.encode(), check=True)
    return path


def flat(a, what, shape):
    """A result as nabla arranges it."""
    if what == "hess" and a.ndim == 4:
        n = shape[0] * shape[1]
        return a.transpose(1, 0, 3, 2).reshape(n, n)
    return a


def agree(answers, what, compressed):
    """Raises where a contender's result differs."""
    shape = answers["jax"]["shape"]
    want = flat(np.load(answers["jax"]["result"]), what, shape)
    for name, answer in answers.items():
        got = flat(np.load(answer["result"]), what, shape)
        if compressed and name.startswith("nabla"):
            got = np.kron(got, np.eye(shape[0]))
        if got.shape != want.shape or not np.max(np.abs(got - want)) <= 1e-8 * (1 + np.max(np.abs(want))):
            raise SystemExit(f"{name}: another result than jax")


def measure(contenders, budget):
    """Median seconds of each, in turns, for about budget seconds in all."""
    times = {name: [] for name in contenders}
    begin = time.perf_counter()
    rounds = 0
    while rounds < 3 or time.perf_counter() - begin < budget:
        for name in random.sample(list(contenders), len(contenders)):  # none always follows the same
            time.sleep(PAUSE)
            turn = contenders[name].ask(run=TURN)["times"]
            times[name] += turn[1:] or turn  # the first finds caches cold and threads asleep
        rounds += 1
    return {name: statistics.median(t) for name, t in times.items()}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("nabla")
    parser.add_argument("--quick", action="store_true", help="the smallest sizes, a tenth of the time")
    parser.add_argument("--json")
    parser.add_argument("--only", default="", help="cases whose name contains this")
    parser.add_argument("--what", choices=["grad", "hess"], help="gradients or Hessians alone")
    options = parser.parse_args()
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        contenders = {name: Contender(name, folder) for name in NAMES}
        for name in [n for n, c in contenders.items() if "error" in c.about]:
            if name != "torch":  # a machine without PyTorch has one column less
                raise SystemExit(f"{name}: {contenders[name].about['error']}")
            contenders.pop(name).close()
        about = sorted({c.about["versions"] for c in contenders.values()})
        print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, {', '.join(about)}")
        head = f"{'':52} {'jax ms':>9} {'nabla jax':>10} {'nabla numpy':>12} {'torch':>8}"
        for what in ("grad", "hess"):
            if options.what not in (None, what):
                continue
            print(f"\n{what}: time of jax in ms, and the time of others over it\n{head}")
            for case in CASES:
                if options.only not in case.name:
                    continue
                sizes = [(s, False) for s in (case.sizes if what == "grad" else case.hessian)]
                if what == "hess":
                    sizes += [(s, True) for s in case.compressed]
                for s, compressed in sizes[:1] if options.quick else sizes:
                    rows += row(options, case, s, what, compressed, contenders, folder)
        for c in contenders.values():
            c.close()
    if options.json:
        with open(options.json, "w") as f:
            json.dump(rows, f, indent=1)


def row(options, case, sizes, what, compressed, contenders, folder):
    """Measures and prints one row."""
    answers = {}
    for name, c in contenders.items():
        language = name.removeprefix("nabla ") if name.startswith("nabla") else None
        path = language and generate(options.nabla, case, sizes, language, what, compressed, folder)
        answers[name] = c.ask(prepare={"case": case.name, "sizes": sizes, "what": what, "path": path})
    refused = [a["error"] for a in answers.values() if "error" in a]
    if refused:
        print(f"{case.name} {sizes}: not measured, {refused[0][:60]}", flush=True)
        for c in contenders.values():
            c.ask(row=False)
        return []
    agree(answers, what, compressed)
    t = measure(contenders, 0.5 if options.quick else 4)
    for c in contenders.values():
        c.ask(row=False)
    name = case.name + " " + ",".join(f"{k}={v}" for k, v in sizes.items()) + (" compressed" if compressed else "")
    ratio = {k: v / t["jax"] for k, v in t.items()}
    print(f"{name:52} {1e3 * t['jax']:9.3f} {ratio['nabla jax']:10.4f} {ratio['nabla numpy']:12.4f} {ratio.get('torch', float('nan')):8.2f}", flush=True)
    return [{"case": name, "what": what, "seconds": t}]


if __name__ == "__main__":
    sys.exit(main())
