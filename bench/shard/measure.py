"""Times a step of generated code whose samples are divided among devices.

    measure.py NABLA [--quick]

NABLA is the command. Logistic regression in double precision runs as one process with one
device, as one with eight virtual devices, and as two processes with one device each, which
talk over loopback; for each a process is started anew in every round, in turn, and the
median of the rounds' medians is taken. Virtual devices and processes share the cores of
this machine: what is measured is the cost of dividing, not the gain.
"""

import argparse
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time

PROGRAM = "X: matrix(m, n)\nlogistic = sum(log(1 + exp(-y.*(X*w))))/m\n"
WAYS = {"1 device": (1, 1), "8 virtual devices": (1, 8), "2 processes": (2, 1)}


def child(processes, process, port, m, n):
    """Places the samples and times value, gradient and Hessian; process 0 prints."""
    import jax
    import numpy as np

    jax.config.update("jax_enable_x64", True)
    if processes > 1:
        jax.distributed.initialize(f"localhost:{port}", processes, process)
    import logistic as module

    rows = module.part(m)
    rng = np.random.default_rng(process)
    X = rng.standard_normal((rows.stop - rows.start, n))
    X, y = module.place(X, np.sign(X[:, 0]), m)
    w = np.zeros(n)

    def step():
        results = module.logistic(X=X, w=w, y=y)
        for r in results:
            r.block_until_ready()
        return results

    value = float(step()[0])
    times = []
    for _ in range(15):
        start = time.perf_counter()
        step()
        times.append(time.perf_counter() - start)
    if process == 0:
        print("RESULT", json.dumps(dict(seconds=statistics.median(times), value=value)))


def run(folder, processes, devices, m, n):
    with socket.socket() as s:
        s.bind(("localhost", 0))
        port = s.getsockname()[1]
    env = dict(os.environ, PYTHONPATH=folder, JAX_PLATFORMS="cpu", XLA_FLAGS=f"--xla_force_host_platform_device_count={devices}")
    started = [
        subprocess.Popen([sys.executable, __file__, "--child", str(processes), str(k), str(port), str(m), str(n)],
                         env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for k in range(processes)
    ]
    said = [p.communicate() for p in started]
    for p, (_, errors) in zip(started, said):
        if p.returncode:
            raise SystemExit(errors)
    return json.loads(next(line for line in said[0][0].splitlines() if line.startswith("RESULT"))[7:])


def main():
    if sys.argv[1] == "--child":
        return child(*map(int, sys.argv[2:]))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("nabla")
    parser.add_argument("--quick", action="store_true", help="small sizes, one round")
    args = parser.parse_args()
    rounds = 1 if args.quick else 5
    print("| samples × columns | what |", " | ".join(WAYS), "| 8 : 1 | 2 : 1 |")
    print("|---|---|" + "--:|" * (len(WAYS) + 2))
    for what in ("value,grad", "value,grad,hess"):
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run([args.nabla, "gen", "--lang", "jax", "--shard", "m", "--what", what, "--name", "logistic",
                            "-o", os.path.join(folder, "logistic.py"), "-", "w"], input=PROGRAM.encode(), check=True)
            for m, n in [(20_000, 50)] if args.quick else [(100_000, 50), (1_000_000, 50)]:
                seconds = {name: [] for name in WAYS}
                for _ in range(rounds):
                    for name, way in WAYS.items():
                        seconds[name].append(run(folder, *way, m, n)["seconds"])
                t = [statistics.median(s) for s in seconds.values()]
                row = [f"{1000 * x:.1f} ms" for x in t] + [f"{t[1] / t[0]:.2f}", f"{t[2] / t[0]:.2f}"]
                print(f"| {m:,} × {n} | {what.replace(',', ', ')} | ".replace(",0", " 0") + " | ".join(row) + " |", flush=True)


main()
