"""Runs generated NumPy source. Reads a list of jobs from standard input,
{"id", "source", "cases": [{"args", "sizes", "want", "ndim"}]}, and writes one line
for each that does not give what is wanted."""
import inspect
import json
import sys
import warnings

import numpy as np

warnings.simplefilter("ignore")


def problem(job):
    space = {}
    exec(compile(job["source"], job["id"], "exec"), space)
    derivative = space["derivative"]
    for case in job["cases"]:
        named = {}
        for name in inspect.signature(derivative).parameters:
            plain = name[:-1] if name.endswith("_") and name not in case["args"] else name
            if plain in case["args"]:
                v = case["args"][plain]
                named[name] = np.array(v, dtype=float) if isinstance(v, list) else v
            else:
                named[name] = case["sizes"][plain]
        got = np.asarray(derivative(**named))
        want = np.array(case["want"])
        if got.ndim != case["ndim"]:
            return f"has {got.ndim} dimensions, not {case['ndim']}"
        if got.ndim == 1 and 1 in want.shape or got.ndim == 0:
            want = want.reshape(got.shape)
        if got.shape != want.shape:
            return f"has shape {got.shape}, not {want.shape}"
        error = np.max(np.abs(got - want)) / max(1e-3, np.max(np.abs(want)))
        if not error < 1e-8:
            return f"differs by {error:.2g}"
    return None


for job in json.load(sys.stdin):
    try:
        p = problem(job)
    except Exception as e:  # whatever the source raises is a failure of it
        p = f"{type(e).__name__}: {e}"
    if p:
        print(f"{job['id']}: {p}\n{job['source']}")
