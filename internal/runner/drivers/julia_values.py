"""Evaluates the part of Julia that generated source uses, by what Julia's manual says of it. It
is no Julia: what it knows are the forms below, anything else is an error. Arrays are NumPy's,
read column by column; a lazy adjoint, a diagonal, a multiple of the identity and a
factorisation are types of their own, so that what Julia refuses is refused here too, and a
result that is lazy or a view of an argument is found."""
import itertools
import math
import operator
from fractions import Fraction

import numpy as np

np.seterr(all="ignore")


class JuliaError(Exception):
    """What the source throws."""

    def __init__(self, kind, message=""):
        super().__init__(f"{kind}: {message}")


class Unknown(Exception):
    """A form that is not known here."""


class Return(Exception):
    def __init__(self, value):
        self.value = value


class Irrational:
    def __init__(self, value):
        self.value = value


PI = Irrational(math.pi)


class Adjoint:
    """The lazy transpose of a vector or matrix."""

    def __init__(self, parent):
        self.parent = parent

    @property
    def vector(self):
        return self.parent.ndim == 1


class Diagonal:
    def __init__(self, diag):
        self.diag = diag


class Symmetric:
    def __init__(self, parent):
        self.parent = parent


class Scaling:
    """A multiple of the identity of any size."""

    def __init__(self, factor=1):
        self.factor = factor


class Factor:
    """A factorisation, of which the matrix is kept."""

    def __init__(self, kind, matrix, transposed=False):
        self.kind, self.matrix, self.transposed = kind, matrix, transposed


class Range:
    def __init__(self, first, step, last):
        self.items = range(first, last + (1 if step > 0 else -1), step)


class Colon:
    pass


class Type:
    def __init__(self, name, dtype=None):
        self.name, self.dtype = name, dtype


FLOAT64, FLOAT32 = Type("Float64", np.float64), Type("Float32", np.float32)
LAZY = (Adjoint, Diagonal, Symmetric, Range)


# numbers


def is_number(x):
    return isinstance(x, (bool, int, Fraction, Irrational, np.floating))


def is_array(x):
    return isinstance(x, np.ndarray) or isinstance(x, LAZY)


def real(x, like=np.float64):
    """x as a floating-point number of a type."""
    if isinstance(x, Irrational):
        x = x.value
    if isinstance(x, Fraction):
        return like(x.numerator) / like(x.denominator)
    return x if isinstance(x, np.floating) else like(x)


def promoted(a, b):
    """Two numbers as Julia promotes them; integers beside a float stay, which NumPy gives its type."""
    for x, y in ((a, b), (b, a)):
        if isinstance(x, np.floating):
            return tuple(real(z, type(x)) if isinstance(z, (Irrational, Fraction)) else z for z in (a, b))
    return tuple(np.float64(z.value) if isinstance(z, Irrational) else int(z) if isinstance(z, bool) else z for z in (a, b))


def divide(a, b):
    if isinstance(a, int) and isinstance(b, int):
        return np.float64(a) / np.float64(b)
    return a / b


def power(a, b):
    if isinstance(a, int) and isinstance(b, int):
        if b < 0 and a not in (1, -1):
            raise JuliaError("DomainError", "a negative power of an integer")
        return a**b if b >= 0 else a ** (-b)
    if isinstance(a, int):
        a = type(b)(a)
    if isinstance(b, np.floating) and a < 0 and b != np.floor(b):
        raise JuliaError("DomainError", "a power that is complex")
    return a**b if isinstance(b, int) and abs(b) < 2**31 else np.power(a, type(a)(b))


SCALAR = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": divide, "^": power,
    "<": operator.lt, ">": operator.gt, "<=": operator.le, ">=": operator.ge, "==": operator.eq, "!=": operator.ne,
    "max": lambda a, b: a + b if a != a or b != b else max(a, b), "min": lambda a, b: a + b if a != a or b != b else min(a, b),
    "copysign": lambda a, b: np.copysign(a, b),
}


def rational(a, b):
    if not (isinstance(a, int) and isinstance(b, int)):
        raise Unknown("// of other numbers than integers")
    return Fraction(a, b)


def scalar(op, a, b):
    if op == "//":
        return rational(a, b)
    a, b = promoted(a, b)
    x = SCALAR[op](a, b)
    if isinstance(x, np.bool_):
        return bool(x)
    if op in ("max", "min") and any(isinstance(z, np.floating) for z in (a, b)):
        return next(type(z) for z in (a, b) if isinstance(z, np.floating))(x)
    return x


def within(low, high):
    return lambda x: low <= x <= high


UNARY = {
    "exp": np.exp, "log": np.log, "sqrt": np.sqrt, "sin": np.sin, "cos": np.cos, "tan": np.tan, "asin": np.arcsin,
    "acos": np.arccos, "atan": np.arctan, "sinh": np.sinh, "cosh": np.cosh, "tanh": np.tanh, "asinh": np.arcsinh,
    "acosh": np.arccosh, "atanh": np.arctanh, "log1p": np.log1p, "expm1": np.expm1, "log2": np.log2, "log10": np.log10,
}
DOMAIN = {"log": within(0, np.inf), "sqrt": within(0, np.inf), "log2": within(0, np.inf), "log10": within(0, np.inf),
          "log1p": within(-1, np.inf), "asin": within(-1, 1), "acos": within(-1, 1), "acosh": within(1, np.inf), "atanh": within(-1, 1)}


def unary(name, x):
    if name in ("abs", "sign", "-"):
        if isinstance(x, Irrational):
            x = np.float64(x.value)
        return {"abs": abs, "-": operator.neg, "sign": lambda x: type(x)(int(x > 0) - int(x < 0)) if x == x else x}[name](x)
    x = real(x)
    if name in DOMAIN and x == x and not DOMAIN[name](x):
        raise JuliaError("DomainError", f"{name} of {x}")
    return UNARY[name](x)


# arrays


def dense(x):
    if isinstance(x, Adjoint):
        return x.parent[None, :] if x.vector else x.parent.T
    if isinstance(x, Diagonal):
        return np.diag(x.diag)
    if isinstance(x, Symmetric):
        return np.triu(x.parent) + np.triu(x.parent, 1).T
    if isinstance(x, Range):
        return np.array(x.items, dtype=np.int64)
    return x


def size(x):
    if is_number(x):
        return ()
    if isinstance(x, (list, tuple)):
        return (len(x),)
    return dense(x).shape


def mismatch(*shapes):
    raise JuliaError("DimensionMismatch", "sizes " + " and ".join(map(str, shapes)))


def each(f, *args):
    """f of each entry, with the axes of length 1 and those that are missing at the end spread."""
    arrays = [dense(a) for a in args if is_array(a)]
    for a in args:
        if not is_array(a) and not is_number(a):
            raise Unknown(f"broadcasting over {type(a).__name__}")
    if not arrays:
        return f(*args)
    rank = max(a.ndim for a in arrays)
    spread = [dense(a).reshape(dense(a).shape + (1,) * (rank - dense(a).ndim)) if is_array(a) else a for a in args]
    for axis in range(rank):
        lengths = {a.shape[axis] for a in spread if isinstance(a, np.ndarray)} - {1}
        if len(lengths) > 1:
            mismatch(*[a.shape for a in arrays])
    shape = np.broadcast_shapes(*[a.shape for a in spread if isinstance(a, np.ndarray)])
    spread = [np.broadcast_to(a, shape) if isinstance(a, np.ndarray) else a for a in spread]
    out = [f(*[item(a, at) for a in spread]) for at in np.ndindex(*shape)]
    return collect(out, shape, [a.dtype for a in arrays])


def item(a, at):
    if not isinstance(a, np.ndarray):
        return a
    x = a[at]
    return int(x) if isinstance(x, np.integer) else bool(x) if isinstance(x, np.bool_) else x


def collect(out, shape, dtypes=()):
    """An array of entries, which are of one type."""
    if not out:
        floats = [d for d in dtypes if d.kind == "f"]
        return np.zeros(shape, dtype=floats[0] if floats else np.float64)
    kinds = {type(x) for x in out}
    if len(kinds) > 1 and not kinds <= {bool, int}:
        raise JuliaError("TypeError", f"entries of different types {sorted(k.__name__ for k in kinds)}")
    return np.array(out).reshape(shape, order="C")


def matrix(x):
    a = dense(x)
    if a.ndim != 2:
        raise JuliaError("MethodError", "a matrix is needed")
    return a


def times(a, b):
    if is_number(a) and is_number(b):
        return scalar("*", a, b)
    if isinstance(a, Scaling) or isinstance(b, Scaling):
        if isinstance(a, Scaling) and isinstance(b, Scaling):
            return Scaling(scalar("*", a.factor, b.factor))
        s, x = (a, b) if isinstance(a, Scaling) else (b, a)
        return Scaling(scalar("*", s.factor, x)) if is_number(x) else times(s.factor, x)
    if is_number(a) or is_number(b):
        x, y = (a, b) if is_number(a) else (b, a)
        if isinstance(y, list):
            return [times(x, z) for z in y]
        if isinstance(y, Diagonal):
            return Diagonal(each(lambda u, v: scalar("*", u, v), x, y.diag))
        return each(lambda u, v: scalar("*", u, v), x, y)
    if isinstance(a, Adjoint) and a.vector and not (isinstance(b, Adjoint) and b.vector):
        p, q = a.parent, dense(b)
        if p.shape[0] != q.shape[0]:
            mismatch((1,) + p.shape, q.shape)
        return p @ q if q.ndim == 1 else Adjoint(p @ q)
    p, q = dense(a), dense(b)
    if p.ndim == 1:  # a column by a row
        if q.ndim != 2 or q.shape[0] != 1:
            raise JuliaError("MethodError", "no product of a vector with a vector or matrix")
        return p[:, None] * q
    if p.shape[1] != q.shape[0]:
        mismatch(p.shape, q.shape)
    return p @ q


def plus(op, a, b):
    if is_number(a) and is_number(b):
        return scalar(op, a, b)
    if isinstance(a, list) and isinstance(b, list) and len(a) == len(b):
        return [plus(op, x, y) for x, y in zip(a, b)]
    if isinstance(a, Scaling) and isinstance(b, Scaling):
        return Scaling(scalar(op, a.factor, b.factor))
    for x, y in ((a, b), (b, a)):
        if isinstance(y, Scaling):
            m = matrix(x)
            if m.shape[0] != m.shape[1]:
                mismatch(m.shape)
            full = np.eye(m.shape[0], dtype=m.dtype) * m.dtype.type(real(y.factor, m.dtype.type))
            return m + full if op == "+" else m - full if y is b else full - m
    if not (is_array(a) and is_array(b)):
        raise JuliaError("MethodError", f"no method {op} of a number and an array; broadcasting is meant")
    if dense(a).shape != dense(b).shape:
        mismatch(dense(a).shape, dense(b).shape)
    return each(lambda u, v: scalar(op, u, v), a, b)


def solve(a, b):
    if isinstance(a, Factor):
        m, singular = a.matrix.T if a.transposed else a.matrix, False
    elif isinstance(a, Diagonal):
        raise Unknown("a system with a Diagonal")
    else:
        m, singular = matrix(a), True
    y = dense(b)
    if m.shape[0] != m.shape[1] or m.shape[0] != y.shape[0]:
        mismatch(m.shape, y.shape)
    if singular:
        regular(m)
    return np.linalg.solve(m, y)


def regular(m):
    if m.shape[0] != m.shape[1]:
        mismatch(m.shape)
    if np.linalg.slogdet(m)[0] == 0:
        raise JuliaError("SingularException")
    return m


def over(a, b):
    if is_number(b):
        if is_number(a):
            return scalar("/", a, b)
        if isinstance(a, Scaling):
            return Scaling(scalar("/", a.factor, b))
        if is_array(a):
            return each(lambda u, v: scalar("/", u, v), a, b)
    raise Unknown("/ of these")


def raised(a, b):
    if is_number(a):
        return scalar("^", a, b)
    if not isinstance(b, int):
        raise Unknown("a power of a matrix that is no integer")
    m = matrix(a)
    if b < 0:
        m, b = np.linalg.inv(regular(m)), -b
    return np.linalg.matrix_power(m, b).copy()


def binary(op, a, b):
    if op.startswith("."):
        return each(lambda u, v: scalar(op[1:], u, v), a, b)
    if op == "*":
        return times(a, b)
    if op in ("+", "-"):
        return plus(op, a, b)
    if op == "/":
        return over(a, b)
    if op == "\\":
        return solve(a, b)
    if op == "^":
        return raised(a, b)
    if op in ("==", "!=") and isinstance(a, tuple):
        return (a == b) == (op == "==")
    if is_number(a) and is_number(b):
        return scalar(op, a, b)
    raise Unknown(f"{op} of these")


def adjoint(x):
    if isinstance(x, np.ndarray):
        if x.ndim > 2:
            raise JuliaError("MethodError", "no adjoint of an array of three axes")
        return Adjoint(x)
    if isinstance(x, Adjoint):
        return x.parent
    if isinstance(x, Factor):
        return Factor(x.kind, x.matrix, not x.transposed)
    if isinstance(x, (Scaling, Diagonal, Symmetric)) or is_number(x):
        return x
    raise Unknown("an adjoint of this")


# functions


def lengths(dims):
    return tuple(dims[0]) if len(dims) == 1 and isinstance(dims[0], tuple) else tuple(dims)


def reshape(x, *dims):
    x, dims = dense(x), list(lengths(dims))
    if any(isinstance(d, Colon) for d in dims):
        rest = math.prod(d for d in dims if not isinstance(d, Colon))
        if rest == 0 or x.size % rest:
            mismatch(x.shape, dims)
        dims = [x.size // rest if isinstance(d, Colon) else d for d in dims]
    if math.prod(dims) != x.size:
        mismatch(x.shape, dims)
    return x.reshape(dims, order="F")


def reduced(f, x, dims, empty):
    x = dense(x)
    if isinstance(dims, Colon):
        return f(x) if x.size or empty else mismatch(x.shape)
    return f(x, axis=dims - 1, keepdims=True)


def summed(*args, dims=Colon(), init=None):
    if len(args) == 2:
        return sum_of([args[0](y) for y in entries(args[1])], init)
    if isinstance(args[0], Generator):
        return sum_of(args[0].items, init)
    return reduced(np.sum, args[0], dims, True)


def sum_of(items, init):
    if not items and init is None:
        raise JuliaError("ArgumentError", "reducing over an empty collection is not allowed")
    total = init
    for y in items:
        total = y if total is None else scalar("+", total, y)
    return total


def entries(x):
    if isinstance(x, (list, tuple)):
        return list(x)
    a = dense(x)
    return [item(a.reshape(-1, order="F"), i) for i in range(a.size)]


def norm(x, p=2):
    if isinstance(x, list):
        x = np.array([norm(y) for y in x])
    a = np.abs(dense(x) if is_array(x) else np.array([real(x)]))
    top = np.max(a, initial=0)
    if p != 2 and p != np.inf:
        raise Unknown("this norm")
    if p == np.inf or top == 0 or not np.isfinite(top):
        return top
    return top * np.sqrt(np.sum((a / top) ** 2))


def dot(x, y):
    a, b = dense(x), dense(y)
    if a.shape != b.shape:
        mismatch(a.shape, b.shape)
    return np.sum(a * b, dtype=np.result_type(a, b))


def symmetric_positive(x):
    if not isinstance(x, Symmetric):
        raise Unknown("cholesky of what is not Symmetric")
    m = dense(x)
    try:
        np.linalg.cholesky(m)
    except np.linalg.LinAlgError:
        raise JuliaError("PosDefException", "matrix is not positive definite; Cholesky factorization failed.") from None
    return Factor("cholesky", m)


def inverse(x):
    m = (x.matrix.T if x.transposed else x.matrix) if isinstance(x, Factor) else regular(matrix(x))
    return np.linalg.inv(m)


def determinant(x):
    return np.linalg.det(x.matrix if isinstance(x, Factor) else matrix(x))


def logdet(x):
    sign, value = np.linalg.slogdet(x.matrix if isinstance(x, Factor) else matrix(x))
    if sign < 0:
        raise JuliaError("DomainError", "the determinant is negative")
    return value


def kron(a, b):
    a, b = dense(a), dense(b)
    if a.dtype == np.int64 and b.dtype.kind == "f":
        a = a.astype(b.dtype)
    if b.dtype == np.int64 and a.dtype.kind == "f":
        b = b.astype(a.dtype)
    return np.kron(a, b)


def permutedims(x, order=None):
    a = dense(x)
    if order is not None:
        return np.transpose(a, [k - 1 for k in order]).copy(order="F")
    return a[None, :].copy() if a.ndim == 1 else a.T.copy()


def repeat(x, *counts):
    a = dense(x)
    return np.tile(a.reshape(a.shape + (1,) * (len(counts) - a.ndim)), counts)


def only(x):
    a = dense(x)
    if a.size != 1:
        raise JuliaError("ArgumentError", "only of other than one entry")
    return a.reshape(-1)[0]


def filled(value):
    def f(t, *dims):
        if not isinstance(t, Type):
            raise Unknown("an array of entries without a type")
        return np.full(lengths(dims), value, dtype=t.dtype, order="F")
    return f


def fill(x, *dims):
    if not isinstance(x, np.floating):
        raise JuliaError("TypeError", f"an array of {type(x).__name__}")
    return np.full(lengths(dims), x, dtype=type(x), order="F")


def view(x, *at):
    return index(x, at)


def index(x, at):
    if isinstance(x, Range):
        x = dense(x)
    if isinstance(x, (list, tuple)):
        return x[place(at[0], len(x))]
    a = dense(x)
    if len(at) == 1 and a.ndim != 1:
        raise Unknown("an index into all entries")
    if len(at) != a.ndim:
        raise JuliaError("BoundsError", "too many or few indices")
    key = []
    for k, i in enumerate(at):
        if isinstance(i, Colon):
            key.append(slice(None))
        elif isinstance(i, np.ndarray):
            key.append(i - 1)
            if i.size and (i.min() < 1 or i.max() > a.shape[k]):
                raise JuliaError("BoundsError")
        else:
            key.append(place(i, a.shape[k]))
    return item(a, tuple(key)) if all(isinstance(i, int) for i in at) else a[tuple(key)]


def place(i, n):
    if not isinstance(i, int) or not 1 <= i <= n:
        raise JuliaError("BoundsError", f"index {i} of {n}")
    return i - 1


def converted(t, x):
    if isinstance(x, np.ndarray):
        raise JuliaError("MethodError", f"no {t.name} of an array")
    if t.dtype is None:
        raise Unknown(f"conversion to {t.name}")
    if isinstance(x, Fraction):
        return t.dtype(x.numerator) / t.dtype(x.denominator)
    return t.dtype(x.value if isinstance(x, Irrational) else x)


def type_of(x):
    for t in (FLOAT64, FLOAT32):
        if isinstance(x, t.dtype):
            return t
    raise Unknown("a type of this")


def is_a(x, name):
    kinds = {"UniformScaling": Scaling, "Real": (int, Fraction, Irrational, np.floating)}
    if name not in kinds:
        raise Unknown(f"isa {name}")
    return isinstance(x, kinds[name])


def throw(e):
    raise e


def fail(message):
    raise JuliaError("ErrorException", message)


class Random:
    rng = np.random.default_rng(0)


def randn(*dims):
    dims = lengths(dims)
    return np.asarray(Random.rng.standard_normal(dims), order="F") if dims else np.float64(Random.rng.standard_normal())


FUNCTIONS = {
    "one": lambda x: type_one(x, 1), "zero": lambda x: type_one(x, 0), "ones": filled(1), "zeros": filled(0), "fill": fill,
    "float": lambda x: real(x), "promote": lambda *x: tuple(np.array(x)), "oftype": lambda x, y: converted(type_of(x), y),
    "typeof": type_of, "eps": lambda x: np.spacing(abs(x)), "ifelse": lambda c, a, b: a if c else b,
    "reshape": reshape, "vec": lambda x: reshape(x, Colon()), "permutedims": permutedims, "repeat": repeat, "view": view,
    "copy": lambda x: np.array(dense(x), order="F"), "only": only, "sum": summed, "maximum": lambda x, dims=Colon(): reduced(np.max, x, dims, False),
    "dot": dot, "norm": norm, "tr": lambda x: np.trace(matrix(x)), "diag": lambda x: np.diag(matrix(x)).copy(), "kron": kron,
    "cholesky": symmetric_positive, "lu": lambda x: Factor("lu", regular(matrix(x)).copy()), "inv": inverse, "det": determinant,
    "logdet": logdet, "pinv": lambda x: np.linalg.pinv(matrix(x)), "Symmetric": lambda x: Symmetric(matrix(x)),
    "Diagonal": lambda x: Diagonal(np.diag(x) if np.ndim(x) == 2 else x), "Matrix": lambda x: np.array(matrix(x)),
    "size": lambda x, k=None: size(x) if k is None else (size(x) + (1,) * k)[k - 1], "length": lambda x: math.prod(size(x)),
    "first": lambda x: x[0], "isempty": lambda x: math.prod(size(x)) == 0, "all": lambda f, x: all(f(y) for y in entries(x)),
    "div": lambda a, b: int(math.trunc(a / b)), "round": lambda t, x: int(np.rint(x)), "throw": throw, "error": fail, "randn": randn,
    "DimensionMismatch": lambda m: JuliaError("DimensionMismatch", m), "ArgumentError": lambda m: JuliaError("ArgumentError", m),
}
for _name in UNARY:
    FUNCTIONS[_name] = lambda x, _name=_name: unary(_name, x) if is_number(x) else throw(Unknown(f"{_name} of a matrix"))
for _name in ("abs", "sign"):
    FUNCTIONS[_name] = lambda x, _name=_name: unary(_name, x)
for _name in ("max", "min", "copysign"):
    FUNCTIONS[_name] = lambda a, b, _name=_name: scalar(_name, a, b)


def type_one(x, value):
    return x.dtype(value) if isinstance(x, Type) else type(x)(value)


# the tree


class Generator:
    def __init__(self, items):
        self.items = items


class Scope(dict):
    def __init__(self, parent=None):
        self.parent = parent

    def find(self, name):
        s = self
        while s is not None and name not in s:
            s = s.parent
        return s

    def assign(self, name, value):
        """Assigns where the name is local, in a function around too, else here."""
        s = self.find(name)
        (self if s is None or s.parent is None else s)[name] = value


class Function:
    def __init__(self, machine, name, signature, body, scope):
        self.machine, self.name, self.body, self.scope = machine, name, body, scope
        self.bounds = {}
        while signature.type in ("signature", "where_expression"):
            if signature.type == "where_expression":
                for n in walk(signature.named_children[1]):
                    if n.type == "binary_expression":
                        self.bounds[n.named_children[0].text.decode()] = n.named_children[2].text.decode()
            signature = signature.named_children[0]
        arguments = signature.named_children[1]
        self.positional, self.keywords = [], {}
        late = False
        for c in arguments.children:
            if c.type == ";":
                late = True
            elif c.is_named and "comment" not in c.type:
                if c.type == "named_argument":
                    if not late:
                        raise Unknown("an optional parameter")
                    self.keywords[c.named_children[0].text.decode()] = c.named_children[-1]
                else:
                    self.positional.append(c)

    def __call__(self, *args, **keywords):
        if len(args) != len(self.positional):
            raise JuliaError("MethodError", f"{self.name} has no method of {len(args)} arguments")
        inner = Scope(self.scope)
        for c, x in zip(self.positional, args):
            if c.type == "typed_expression":
                self.match(c.named_children[1].text.decode().replace(" ", ""), x, inner)
                c = c.named_children[0]
            inner[c.text.decode()] = x
        for k, default in self.keywords.items():
            inner[k] = keywords.pop(k) if k in keywords else self.machine.value(default, inner)
        if keywords:
            raise JuliaError("MethodError", f"{self.name} has no keywords {sorted(keywords)}")
        try:
            return self.machine.block(self.body, inner)
        except Return as r:
            return r.value

    def match(self, t, x, scope):
        """Binds the type parameter, or raises what Julia does where an argument has another type."""
        wrong = JuliaError("MethodError", f"{self.name} has no method for {type(x).__name__} as {t}")
        if t == "Integer":
            ok = isinstance(x, int)
        elif t == "Real":
            ok = is_number(x)
        else:
            if t.startswith("AbstractVector{<:"):
                if not isinstance(x, list):
                    raise wrong
                for y in x:
                    self.match(t[len("AbstractVector{<:"):-1], y, scope)
                return
            name, _, parameter = t.partition("{")
            ok = isinstance(x, np.ndarray) and {"AbstractVector": 1, "AbstractMatrix": 2}.get(name) == x.ndim and x.dtype.kind == "f"
            if ok and parameter:
                have = type_of(x.dtype.type(0))
                ok = scope.setdefault(parameter[:-1], have) is have and self.bounds.get(parameter[:-1]) == "AbstractFloat"
        if not ok:
            raise wrong


def walk(node):
    yield node
    for c in node.named_children:
        yield from walk(c)


def definition(node):
    """The signature and the body of a function, in either form."""
    if node.type == "function_definition":
        return node.named_children[0], node.named_children[1:]
    if node.type == "assignment" and node.named_children[0].type == "call_expression":
        return node.named_children[0], node.named_children[2:]
    return None


class Machine:
    """Runs a file: the functions that it defines are in globals."""

    def __init__(self, root):
        self.globals = Scope()
        self.globals.update(FUNCTIONS)
        self.globals.update({"Float64": FLOAT64, "Int": Type("Int"), "I": Scaling(), "π": PI, "Inf": np.float64(np.inf), "true": True, "false": False})
        self.block(root.named_children, self.globals)

    def block(self, nodes, scope):
        value = None
        for n in nodes:
            if n.type not in ("line_comment", "block_comment", "using_statement"):
                value = self.value(n, scope)
        return value

    def value(self, node, scope):
        found = definition(node)
        if found is not None:
            signature, body = found
            head = signature
            while head.type != "call_expression":
                head = head.named_children[0]
            name = head.named_children[0].text.decode()
            scope[name] = Function(self, name, signature, body, scope)
            return None
        method = getattr(self, node.type, None)
        if method is None:
            raise Unknown(f"{node.type}: {node.text.decode()}")
        return method(node, scope)

    # leaves

    def identifier(self, node, scope):
        name = node.text.decode()
        s = scope.find(name)
        if s is None:
            raise JuliaError("UndefVarError", name)
        return s[name]

    def integer_literal(self, node, scope):
        return int(node.text)

    def float_literal(self, node, scope):
        return np.float64(node.text.decode())

    def boolean_literal(self, node, scope):
        return node.text == b"true"

    def operator(self, node, scope):
        if node.text == b":":
            return Colon()
        raise Unknown(node.text.decode())

    def string_literal(self, node, scope):
        out = ""
        for c in node.named_children:
            out += show(self.value(c.named_children[0], scope)) if c.type == "string_interpolation" else c.text.decode()
        return out

    # expressions

    def parenthesized_expression(self, node, scope):
        if len(node.named_children) != 1:
            raise Unknown(node.text.decode())
        return self.value(node.named_children[0], scope)

    def tuple_expression(self, node, scope):
        return tuple(self.value(c, scope) for c in node.named_children)

    open_tuple = tuple_expression

    def adjoint_expression(self, node, scope):
        return adjoint(self.value(node.named_children[0], scope))

    def juxtaposition_expression(self, node, scope):
        a, b = (self.value(c, scope) for c in node.named_children)
        return times(a, b)

    def range_expression(self, node, scope):
        first = node.named_children[0]
        nodes = (first.named_children if first.type == "range_expression" else [first]) + node.named_children[1:]
        parts = [self.value(c, scope) for c in nodes]
        if not all(isinstance(p, int) for p in parts):
            raise Unknown("a range of other numbers than integers")
        return Range(parts[0], 1 if len(parts) == 2 else parts[1], parts[-1])

    def unary_expression(self, node, scope):
        return self.negated(node.named_children[0].text.decode(), self.value(node.named_children[1], scope))

    def negated(self, op, x):
        if op == "!":
            return not x
        if op == "-" and not is_number(x) or op == ".-":
            return each(lambda u: unary("-", u), x)
        if op == "-":
            return unary("-", x)
        raise Unknown(f"unary {op}")

    def binary_expression(self, node, scope):
        left, op, right = node.named_children
        op = op.text.decode()
        if op in ("||", "&&"):
            x = self.value(left, scope)
            if not isinstance(x, bool):
                raise JuliaError("TypeError", f"non-boolean ({type(x).__name__}) used in boolean context")
            return self.value(right, scope) if x == (op == "&&") else x
        if op == "isa":
            return is_a(self.value(left, scope), right.text.decode())
        return binary(op, self.value(left, scope), self.value(right, scope))

    def ternary_expression(self, node, scope):
        test, yes, no = node.named_children
        return self.value(yes if self.value(test, scope) else no, scope)

    def arrow_function_expression(self, node, scope):
        parameter, body = node.named_children

        def f(x):
            inner = Scope(scope)
            inner[parameter.text.decode()] = x
            return self.value(body, inner)
        return f

    def arguments(self, node, scope):
        clauses = [c for c in node.named_children if c.type == "for_clause"]
        positional, keywords = [], {}
        for c in node.named_children:
            if c.type == "named_argument":
                keywords[c.named_children[0].text.decode()] = self.value(c.named_children[-1], scope)
            elif c.type != "for_clause" and not clauses:
                positional.append(self.value(c, scope))
        if clauses:
            positional = [Generator(self.loop(node.named_children[0], clauses, scope)[0])]
        return positional, keywords

    def call_expression(self, node, scope):
        head = node.named_children[0]
        args, keywords = self.arguments(node.named_children[1], scope)
        if head.type == "operator":
            return self.negated(head.text.decode(), *args)
        if head.type == "parametrized_type_expression":
            t = self.value(head.named_children[1].named_children[0], scope)
            if head.named_children[0].text != b"Matrix" or len(args) != 3 or not isinstance(args[0], Scaling):
                raise Unknown(head.text.decode())
            return np.eye(args[1], args[2], dtype=t.dtype) * t.dtype(args[0].factor)
        if node.named_children[-1].type == "do_clause":
            return self.mapped(head, args, node.named_children[-1], scope)
        return self.apply(self.value(head, scope), args, keywords)

    def mapped(self, head, args, clause, scope):
        """map(items) do x … end, of which the values are arrays."""
        if head.text != b"map" or len(args) != 1:
            raise Unknown(f"{head.text.decode()} with do")
        parameter, *body = clause.named_children
        out = []
        for x in iterated(args[0]):
            inner = Scope(scope)
            inner[parameter.named_children[0].text.decode()] = x
            out.append(self.block(body, inner))
        if not all(isinstance(x, np.ndarray) for x in out):
            raise Unknown("map to other values than arrays")
        return out

    def apply(self, f, args, keywords):
        if isinstance(f, Type):
            return converted(f, *args)
        if isinstance(f, Scaling):
            return Diagonal(np.full(args[0], f.factor))
        if not callable(f):
            raise JuliaError("MethodError", "objects of this type are not callable")
        return f(*args, **keywords)

    def broadcast_call_expression(self, node, scope):
        f = self.value(node.named_children[0], scope)
        args, keywords = self.arguments(node.named_children[1], scope)
        if keywords:
            raise Unknown("broadcasting with keywords")
        if node.named_children[0].text.decode() == "float" or isinstance(f, (Type, Function)) or callable(f):
            return each(lambda *x: self.apply(f, list(x), {}), *args)
        raise Unknown("broadcasting of this")

    def index_expression(self, node, scope):
        head, at = node.named_children
        if at.type == "comprehension_expression":
            t = self.value(head, scope)
            items, shape = self.loop(at.named_children[0], at.named_children[1:], scope)
            return np.array([t.dtype(x) for x in items]).reshape(shape, order="F")
        x = self.value(head, scope)
        return index(x, [dense(self.value(c, scope)) for c in at.named_children])

    def comprehension_expression(self, node, scope):
        items, shape = self.loop(node.named_children[0], node.named_children[1:], scope)
        if items and not is_number(items[0]):
            return items
        array = collect(items, (len(items),))
        return array.reshape(shape, order="F")

    def loop(self, body, clauses, scope):
        """The values of the body, the first variable fastest, and the lengths of the loops."""
        bindings = [b for c in clauses for b in c.named_children]
        ranges = [iterated(self.value(b.named_children[-1], scope)) for b in bindings]
        out = []
        for values in itertools.product(*reversed(ranges)):
            inner = Scope(scope)
            for b, x in zip(bindings, reversed(values)):
                inner[b.named_children[0].text.decode()] = x
            out.append(self.value(body, inner))
        return out, tuple(len(r) for r in ranges)

    # statements

    def assignment(self, node, scope):
        left, right = node.named_children[0], self.value(node.named_children[-1], scope)
        if left.type in ("open_tuple", "tuple_expression"):
            for c, x in zip(left.named_children, right, strict=True):
                scope.assign(c.text.decode(), x)
        elif left.type == "identifier":
            scope.assign(left.text.decode(), right)
        else:
            raise Unknown(f"assignment to {left.text.decode()}")
        return right

    def fill(self, node, scope):
        left, right = node.named_children[0], self.value(node.named_children[-1], scope)
        if left.type != "index_expression":
            raise Unknown(node.text.decode())
        x, at = (left.named_children[0], left.named_children[1].named_children)
        place = index(self.value(x, scope), [self.value(c, scope) for c in at])
        if not isinstance(place, np.ndarray) or place.base is None or size(right) not in (place.shape, ()):
            mismatch(size(place), size(right))
        place[...] = dense(right)

    def compound_assignment_expression(self, node, scope):
        left, op, right = node.named_children
        op, name = op.text.decode(), left.text.decode()
        if op == ".=":
            return self.fill(node, scope)
        x, y = self.value(left, scope), self.value(right, scope)
        z = binary(op[:-1], x, y)
        if op.startswith("."):
            if not isinstance(x, np.ndarray) or size(z) not in (x.shape, ()):
                mismatch(size(x), size(z))
            x[...] = z
        else:
            scope.assign(name, z)

    def return_statement(self, node, scope):
        raise Return(self.value(node.named_children[0], scope) if node.named_children else None)

    def for_statement(self, node, scope):
        binding = node.named_children[0]
        for x in iterated(self.value(binding.named_children[-1], scope)):
            inner = Scope(scope)
            inner[binding.named_children[0].text.decode()] = x
            self.block(node.named_children[1:], inner)

    def while_statement(self, node, scope):
        while self.value(node.named_children[0], scope):
            self.block(node.named_children[1:], Scope(scope))

    def if_statement(self, node, scope):
        if any(c.type in ("else_clause", "elseif_clause") for c in node.named_children):
            raise Unknown("else")
        if self.value(node.named_children[0], scope):
            self.block(node.named_children[1:], scope)


def iterated(x):
    if isinstance(x, Range):
        return list(x.items)
    if isinstance(x, (list, tuple)):
        return list(x)
    raise Unknown("a loop over this")


def show(x):
    if isinstance(x, tuple):
        return "(" + ", ".join(map(show, x)) + ("," if len(x) == 1 else "") + ")"
    return str(x)


# jobs


def make_function(amp, a, b, e, c):
    return lambda t: type(t)(amp * np.sin(a * np.float64(t) + b) + e * np.exp(c * np.float64(t)))


def read_args(path, dtype):
    words = open(path, encoding="utf-8").read().split()
    at = 2

    def take(n):
        nonlocal at
        at += n
        return words[at - n:at]

    points = []
    for _ in range(int(words[0])):
        args = []
        for _ in range(int(words[1])):
            kind = take(1)[0]
            if kind == "F":
                args.append(make_function(*map(float, take(5))))
                continue
            shape = [int(w) for w in take("VML".find(kind) + 1)]
            x = np.array([float(w) for w in take(math.prod(shape))], dtype=dtype).reshape(shape)
            args.append({"S": lambda: x[()], "I": lambda: int(x[()]), "L": lambda: [np.asfortranarray(m) for m in x]}.get(
                kind, lambda: np.asfortranarray(x))())
        points.append(args)
    return points


def written(x, args):
    """A result in the words of the protocol."""
    arrays = [m for a in args for m in (a if isinstance(a, list) else [a]) if isinstance(m, np.ndarray)]
    parts = x if isinstance(x, list) else [x] if isinstance(x, np.ndarray) else []
    if any(np.shares_memory(p, a) for p in parts for a in arrays):
        raise JuliaError("Remark", "a result is a view of an argument")
    if not parts and not isinstance(x, np.floating):
        raise JuliaError("Remark", f"a result is a {type(x).__name__}")
    x = np.asarray(x)
    if x.dtype.kind != "f":
        raise JuliaError("Remark", f"a result is an array of {x.dtype}")
    return " ".join(["V", x.dtype.name, str(x.ndim), *map(str, x.shape), *(repr(float(y)) for y in x.ravel())])


def run(path, root, say):
    """Calls the function, and the check, at the points of a job."""
    name, results, check, single, _ = open(path + "/job", encoding="utf-8").read().split()
    Random.rng = np.random.default_rng(0)
    try:
        machine = Machine(root)
    except (JuliaError, Unknown) as e:
        say("E", str(e))
        return
    for args in read_args(path + "/args", np.float32 if single == "1" else np.float64):
        say("P", "")
        try:
            before = [np.copy(a) if isinstance(a, np.ndarray) else a for a in args]
            got = machine.globals[name](*args)
            got = got if int(results) > 1 else (got,)
            for line in [written(x, args) for x in got]:
                say(*line.split(" ", 1))
            for a, b in zip(args, before):
                if isinstance(a, np.ndarray) and not np.array_equal(a, b, equal_nan=True):
                    raise JuliaError("Remark", "an argument was changed")
        except Exception as e:
            say("X", f"{type(e).__name__} {e}" if not isinstance(e, JuliaError) else str(e))
        if check == "1":
            try:
                say("C", repr(float(machine.globals[name + "_check"](*args))))
            except Exception as e:
                say("Y", f"{type(e).__name__} {e}" if not isinstance(e, JuliaError) else str(e))
