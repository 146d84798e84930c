"""Times SymPy on the published corpus and compares with nabla.

    sympy_times.py CASES NABLA_TIMES

For each case SymPy builds the expression from matrix expressions of symbolic
sizes, differentiates and prints it, from text to text as nabla does, with its
cache cleared before, and has ten seconds. An answer counts where it is free of unevaluated derivatives
and is not zero where the published one is not; more of it is not verified. Prints
a table in Markdown.
"""
import json
import re
import signal
import statistics
import sys
import time
import warnings

import sympy as sp
from sympy.matrices.expressions import (DiagMatrix, Determinant, HadamardPower, Inverse,
                                        KroneckerProduct, MatrixSymbol, OneMatrix, Trace, Transpose,
                                        ZeroMatrix, hadamard_product)

LIMIT = 10.0
ROUNDS = 3
TOKEN = re.compile(r"\s*(?:(\d+\.?\d*(?:[eE][+-]?\d+)?)|([A-Za-z_]\w*)|(\.\*|\./|\.\^|[-+*/^'(),]))")


class Unsupported(Exception):
    """SymPy has no such operator for matrix expressions, or no answer."""


class Reader:
    """Reads the language of nabla into SymPy."""

    def __init__(self, text, names, sizes):
        self.tokens, at = [], 0
        text = text.rstrip()
        while at < len(text):
            m = TOKEN.match(text, at)
            if not m:
                raise Unsupported(f"character {text[at]}")
            self.tokens.append(m.group(m.lastindex))
            at = m.end()
        self.tokens.append("")
        self.at, self.names, self.sizes = 0, names, sizes

    def peek(self):
        return self.tokens[self.at]

    def take(self):
        self.at += 1
        return self.tokens[self.at - 1]

    def sum(self):
        x = self.product()
        while self.peek() in ("+", "-"):
            op, y = self.take(), self.product()
            x = add(x, y if op == "+" else -y)
        return x

    def product(self):
        x = self.unary()
        while self.peek() in ("*", "/", ".*", "./"):
            op, y = self.take(), self.unary()
            if op == "*":
                x = x * y
            elif op == "/":
                x = x / y
            elif op == ".*":
                x = hadamard_product(x, y) if matrix(x) and matrix(y) else x * y
            elif matrix(y):
                x = hadamard_product(x, HadamardPower(y, -1)) if matrix(x) else x * HadamardPower(y, -1)
            else:
                x = x / y
        return x

    def unary(self):
        if self.peek() == "-":
            self.take()
            return -self.unary()
        if self.peek() == "+":
            self.take()
            return self.unary()
        return self.postfix()

    def postfix(self):
        x = self.atom()
        while self.peek() in ("'", "^", ".^"):
            op = self.take()
            if op == "'":
                x = Transpose(x) if matrix(x) else x
                continue
            sign = -1 if self.peek() == "-" and self.take() else 1
            e = sign * self.atom()
            x = HadamardPower(x, e) if op == ".^" and matrix(x) else x ** e
        return x

    def atom(self):
        t = self.take()
        if t == "(":
            x = self.sum()
            self.take()
            return x
        if t[:1].isdigit():
            return sp.Rational(t)
        if self.peek() == "(" and t not in self.names:
            self.take()
            args = [self.sum()]
            while self.peek() == ",":
                self.take()
                args.append(self.sum())
            self.take()
            return call(t, args)
        if t in self.names:
            return self.names[t]
        if t in self.sizes:
            return self.sizes[t]
        raise Unsupported(t)


def matrix(x):
    return getattr(x, "is_Matrix", False)


def add(x, y):
    if matrix(x) and not matrix(y):
        y = y * OneMatrix(*x.shape)
    elif matrix(y) and not matrix(x):
        x = x * OneMatrix(*y.shape)
    return x + y


def total(x):
    if not matrix(x):
        return x
    return Trace(OneMatrix(1, x.rows) * x * OneMatrix(x.cols, 1))


_t = sp.Dummy("t")
ENTRYWISE = {
    "exp": sp.exp, "log": sp.log, "sqrt": sp.sqrt, "sin": sp.sin, "cos": sp.cos, "tan": sp.tan,
    "tanh": sp.tanh, "atanh": sp.atanh, "abs": sp.Abs, "sign": sp.sign,
    "sigmoid": sp.Lambda(_t, 1 / (1 + sp.exp(-_t))), "relu": sp.Lambda(_t, sp.Max(_t, 0)),
}


def call(name, args):
    x = args[0]
    if name in ENTRYWISE:
        return x.applyfunc(ENTRYWISE[name]) if matrix(x) else ENTRYWISE[name](x)
    if name == "tr":
        return Trace(x)
    if name == "det":
        return Determinant(x)
    if name == "logdet":
        return sp.log(Determinant(x))
    if name == "inv":
        return Inverse(x)
    if name == "sum":
        return total(x)
    if name == "norm2":
        return sp.sqrt(Trace(Transpose(x) * x)) if matrix(x) else sp.Abs(x)
    if name == "norm1":
        return total(call("abs", [x]))
    if name == "eye":
        return sp.Identity(x)
    if name in ("ones", "zeros"):
        return (OneMatrix if name == "ones" else ZeroMatrix)(x, args[1] if len(args) > 1 else 1)
    if name == "kron":
        return KroneckerProduct(*args)
    if name == "diag" and x.cols == 1:
        return DiagMatrix(x)
    if name == "logsumexp":
        return sp.log(total(call("exp", [x])))
    if name == "softmax":
        e = call("exp", [x])
        return e / total(e)
    raise Unsupported(name)


def build(case):
    sizes, names = {}, {}

    def size(text):
        for n in re.findall(r"[A-Za-z_]\w*", text):
            sizes.setdefault(n, sp.Symbol(n, integer=True, positive=True))
        return Reader(text, {}, sizes).sum()
    for name, decl in case["vars"].items():
        kind, _, rest = decl.partition("(")
        dims = [size(d) for d in rest.partition(")")[0].split(",")] if rest else []
        kind = kind.split()[0]
        names[name] = (sp.Symbol(name) if kind == "scalar"
                       else MatrixSymbol(name, dims[0], 1 if kind == "vector" else dims[1]))
    return Reader(case["expr"], names, sizes).sum(), names[case["wrt"]]


def derive(expression, x, order):
    for _ in range(order):
        expression = expression.diff(x)
    return str(expression)


def refused(text, expected):
    """Why a text is no answer, or None."""
    if re.search(r"Derivative|Subs\(", text):
        return "not evaluated"
    if text == "0" and expected and not re.fullmatch(r"0|zeros\(.*\)", expected):
        return "zero where the derivative is not"
    return None


def timed(case):
    """Seconds of the fastest of some rounds, or the reason why there is none."""
    def late(*_):
        raise TimeoutError
    signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, LIMIT)
    try:
        best = None
        for _ in range(ROUNDS):
            sp.core.cache.clear_cache()
            begin = time.perf_counter()
            expression, x = build(case)
            text = derive(expression, x, case["order"])
            took = time.perf_counter() - begin
            best = took if best is None else min(best, took)
        return (None, why) if (why := refused(text, case["expected"])) else (best, None)
    except TimeoutError:
        return None, "longer than ten seconds"
    except Unsupported:
        return None, "no such operator"
    except Exception as e:  # whatever SymPy raises is no answer
        return None, type(e).__name__
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def main():
    cases = [json.loads(line) for line in open(sys.argv[1], encoding="utf-8")]
    ours = json.load(open(sys.argv[2], encoding="utf-8"))
    ratios, theirs, reasons = [], [], {}
    for c in cases:
        seconds, why = timed(c)
        if seconds is None:
            reasons[why] = reasons.get(why, 0) + 1
            continue
        theirs.append(seconds)
        if ours[c["id"]]:
            ratios.append((seconds / ours[c["id"]], c["id"]))
    mine = [s for s in ours.values() if s]
    ratios.sort()
    us = lambda s: f"{1e6 * s:,.0f} µs"
    q = lambda values, f: sorted(values)[int(f * (len(values) - 1))]
    print(f"| {len(cases)} published derivatives | nabla | SymPy {sp.__version__} |")
    print("|---|---:|---:|")
    print(f"| answers | {len(mine)} | {len(theirs)} |")
    print(f"| median time | {us(statistics.median(mine))} | {us(statistics.median(theirs))} |")
    print(f"| 90th percentile | {us(q(mine, 0.9))} | {us(q(theirs, 0.9))} |")
    print(f"| longest | {us(max(mine))} | {us(max(theirs))} |")
    print()
    print(f"Where SymPy answers, nabla is {statistics.median(r for r, _ in ratios):,.0f} times as fast in the median, "
          f"{ratios[0][0]:,.0f} times at least ({ratios[0][1]}) and {ratios[-1][0]:,.0f} times at most ({ratios[-1][1]}).")
    print()
    print("SymPy gives no answer to the rest: "
          + ", ".join(f"{w} ({n})" for w, n in sorted(reasons.items(), key=lambda p: -p[1])) + ".")


if __name__ == "__main__":
    sys.setrecursionlimit(3000)
    warnings.simplefilter("ignore")
    main()
