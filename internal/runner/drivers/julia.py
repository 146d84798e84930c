"""Parses generated Julia with tree-sitter's grammar, which is no Julia: julia.py DIR FIRST LAST RESULTS.
The files are described in protocol.go. Besides syntax it sees that each name that is used is
bound before, or is one of Base's or LinearAlgebra's below; that the functions which are called
from outside are there with the parameters they are called with; and that a function which
has several results returns as many."""
import os
import sys

import julia_values
import tree_sitter
import tree_sitter_julia

BASE = set("""
Any AbstractArray AbstractFloat AbstractMatrix AbstractVector AbstractString ArgumentError Array AssertionError Bool
BoundsError Colon Complex DimensionMismatch DomainError ErrorException Exception Float32 Float64 Function
Inf Inf32 Int Int32 Int64 Integer InexactError Matrix Missing NaN NaN32 NTuple NamedTuple Nothing Number Pair
Real Signed String StridedMatrix StridedVector Symbol Tuple Type UnitRange Union Vararg Vector VecOrMat
abs abs2 acos acosh all any applicable asin asinh atan atanh axes broadcast cat cbrt ceil clamp collect
complex conj convert copy copysign copyto! cos cosh count cumprod cumsum deg2rad div dropdims eachcol
eachindex eachrow eachslice eltype empty enumerate eps error exp exp2 exp10 expm1 extrema false fill fill!
filter findall findfirst findmax findmin first firstindex fld float floor foldl foldr foreach hasproperty
hcat hypot identity ifelse imag inv invoke isa isapprox isempty isequal isfinite isinf isinteger isnan isodd
iseven iszero keys kron last lastindex length log log10 log1p log2 map map! mapfoldl mapreduce mapslices max
maximum maxintfloat merge min minimum minmax missing mod mod1 muladd ndims nothing ntuple oftype one ones oneunit
parent permutedims pi prod promote promote_type push! rad2deg range real reduce reinterpret rem repeat
repr reshape rethrow reverse round selectdim sign signbit similar sin sincos sinh size sort sortperm splat
sqrt stack string sum sum! tan tanh throw transpose adjoint true trues falses tuple typemax typemin typeof
undef values vcat vec view widen xor zero zeros zip π ℯ im println print show
getindex setindex! getproperty hash in only fma pairs eachindex parse rand randn
""".split())

LINEAR_ALGEBRA = set("""
Adjoint Bidiagonal BLAS Cholesky ColumnNorm Diagonal Eigen Factorization Hermitian I LAPACK LU
LowerTriangular NoPivot PosDefException QR RowMaximum SVD SingularException Symmetric SymTridiagonal Transpose
Tridiagonal UniformScaling UnitLowerTriangular UnitUpperTriangular UpperTriangular
adjoint adjoint! axpy! axpby! bunchkaufman checksquare cholesky cholesky! cond cross det diag diagind diagm
dot eigen eigvals eigvecs factorize isdiag ishermitian isposdef issuccess issymmetric istril istriu kron kron!
ldiv! ldlt ldlt! lmul! logabsdet logdet lq lu lu! mul! norm normalize nullspace opnorm pinv qr rank rdiv!
rmul! svd svdvals tr transpose transpose! tril tril! triu triu! ⋅ ×
""".split())

MODULES = {"LinearAlgebra": LINEAR_ALGEBRA, "Base": BASE, "Random": {"rand", "randn", "Xoshiro", "MersenneTwister", "rand!", "randn!"},
           "Printf": set(), "Test": set(), "SparseArrays": {"sparse", "spdiagm", "SparseMatrixCSC"}}

PARSER = tree_sitter.Parser(tree_sitter.Language(tree_sitter_julia.language()))


class Scope(dict):
    """Names, with the scope around."""

    def __init__(self, parent=None):
        self.parent = parent

    def has(self, name):
        return name in self or self.parent is not None and self.parent.has(name)


class Reader:
    def __init__(self, text):
        self.lines = text.split(b"\n")
        self.remarks = []
        self.functions = {}  # name to (fewest, most) positional parameters and the node

    def remark(self, node, text):
        row, byte = node.start_point
        column = len(self.lines[row][:byte].decode(errors="replace")) + 1
        self.remarks.append((row, column, f"{row + 1}:{column}: {text}"))

    def syntax(self, node):
        if node.is_missing:
            self.remark(node, f"missing {node.type}")
        elif node.type == "ERROR":
            self.remark(node, "syntax error")
        elif node.has_error:
            for c in node.children:
                self.syntax(c)

    # names

    def bind(self, node, scope):
        """Binds the names of a pattern: what stands left of an assignment or is a parameter."""
        if node.type == "identifier":
            scope[text(node)] = True
        elif node.type in ("tuple_expression", "open_tuple", "argument_list", "parenthesized_expression"):
            for c in node.named_children:
                self.bind(c, scope)
        elif node.type in ("splat_expression", "const_statement", "local_statement"):
            self.bind(node.named_children[0], scope)
        elif node.type in ("typed_expression", "unary_typed_expression"):
            for c in node.named_children[1:]:
                self.use(c, scope)
            self.bind(node.named_children[0], scope)
        elif node.type in ("named_argument", "named_field", "assignment"):  # a default
            self.use(node.named_children[-1], scope)
            self.bind(node.named_children[0], scope)
        else:  # an entry or a field
            self.use(node, scope)

    def head(self, node, scope):
        """Binds the parameters of a signature and returns its call."""
        if node.type == "where_expression":
            self.types(node.named_children[1:], scope)
            return self.head(node.named_children[0], scope)
        if node.type in ("signature", "typed_expression"):
            return self.head(node.named_children[0], scope)
        return node

    def types(self, nodes, scope):
        for n in nodes:
            if n.type == "identifier":
                scope[text(n)] = True
            elif n.type == "binary_expression":  # T <: Real
                scope[text(n.named_children[0])] = True
            else:
                self.types(n.named_children, scope)

    def function(self, node, signature, body, scope):
        inner = Scope(scope)
        call = self.head(signature, inner)
        if call.type != "call_expression":
            self.bind(call, inner)
        else:
            name, parameters = call.named_children[0], call.named_children[1]
            if name.type == "identifier":
                scope[text(name)] = True
            self.bind(parameters, inner)
        for n in body:
            self.use(n, inner)

    def declare(self, node, scope):
        """Binds what a block of the outermost level declares: functions may call each other."""
        for n in node.named_children:
            if n.type == "module_definition":
                self.declare(n, scope)
            found = definition(n)
            if found is None:
                continue
            call = self.head(found[0], Scope())
            if call.type != "call_expression":
                continue
            name = text(call.named_children[0])
            scope[name] = True
            parameters = positional(call.named_children[1])
            needed = sum(p.type not in ("named_argument", "splat_expression") for p in parameters)
            most = len(parameters) if all(p.type != "splat_expression" for p in parameters) else None
            self.functions.setdefault(name, []).append((needed, most, n))

    def all(self, nodes, scope):
        for n in nodes:
            self.use(n, scope)

    def use(self, node, scope):
        kind, children = node.type, node.named_children
        found = definition(node)
        if kind == "identifier":
            if not scope.has(text(node)) and text(node) not in ("begin", "end"):
                self.remark(node, f"{text(node)} is not defined")
        elif found is not None:
            self.function(node, *found, scope)
        elif kind in ("quote_expression", "macro_identifier", "export_statement"):
            pass
        elif kind == "assignment":
            self.use(children[-1], scope)
            self.bind(children[0], scope)
        elif kind in ("local_statement", "const_statement", "global_statement"):
            for c in children:
                if c.type == "identifier":
                    scope[text(c)] = True
                else:
                    self.use(c, scope)
        elif kind in ("using_statement", "import_statement"):
            self.imports(children, scope)
        elif kind == "module_definition":
            inner = Scope(scope)
            self.declare(node, inner)
            self.all(children[1:], inner)
        elif kind == "struct_definition":
            self.struct(children, scope)
        elif kind in ("for_statement", "let_statement", "comprehension_expression", "generator"):
            inner = Scope(scope)
            late = []
            for c in children:
                if c.type in ("for_clause", "for_binding", "let_binding"):
                    for b in c.named_children if c.type == "for_clause" else [c]:
                        self.use(b.named_children[-1], inner)
                        self.bind(b.named_children[0], inner)
                else:
                    late.append(c)
            self.all(late, inner)
        elif kind == "while_statement":
            self.use(children[0], scope)
            self.all(children[1:], Scope(scope))
        elif kind == "try_statement":
            inner = Scope(scope)
            for c in children:
                if c.type in ("catch_clause", "finally_clause", "else_clause"):
                    self.use(c, scope)
                else:
                    self.use(c, inner)
        elif kind == "catch_clause":
            inner = Scope(scope)
            if children and children[0].type == "identifier":
                inner[text(children[0])] = True
            self.all(children, inner)
        elif kind in ("arrow_function_expression", "do_clause"):
            inner = Scope(scope)
            if children:
                self.bind(children[0], inner)
            self.all(children[1:], inner)
        elif kind == "field_expression":
            if text(children[0]) not in MODULES:
                self.use(children[0], scope)
        elif kind in ("named_argument", "named_field"):
            self.use(children[-1], scope)
        elif kind == "call_expression":
            self.call(node, scope)
            self.all(children, scope)
        elif any(c.type == "for_clause" for c in children):  # a generator without brackets of its own
            inner = Scope(scope)
            clauses = [c for c in children if c.type == "for_clause"]
            for c in clauses:
                for b in c.named_children:
                    self.use(b.named_children[-1], inner)
                    self.bind(b.named_children[0], inner)
            self.all([c for c in children if c not in clauses], inner)
        else:
            self.all(children, scope)

    def call(self, node, scope):
        name = text(node.named_children[0])
        known = self.functions.get(name)
        arguments = node.named_children[1]
        if known is None or arguments.type != "argument_list":
            return
        given = positional(arguments)
        if any(a.type == "splat_expression" for a in given) or any(c.type == "do_clause" for c in node.children):
            return
        n = len([a for a in given if a.type != "named_argument"])
        if not any(least <= n and (most is None or n <= most) for least, most, _ in known):
            self.remark(node, f"{name} has no method of {n} arguments")

    def imports(self, children, scope):
        for c in children:
            if c.type == "selected_import":
                module, *names = c.named_children
                for n in names:
                    scope[text(n)] = True
                    if text(module) in MODULES and text(n) not in MODULES[text(module)] and n.type == "identifier":
                        self.remark(n, f"{text(module)} has no {text(n)}")
            elif text(c) in MODULES:
                scope.update(dict.fromkeys(MODULES[text(c)], True))
            else:
                self.remark(c, f"{text(c)} is not a module of Julia itself")

    def struct(self, children, scope):
        inner = Scope(scope)
        head, *fields = children
        names = [n for n in walk(head) if n.type == "identifier"]
        scope[text(names[0])] = True
        for n in names[1:]:
            inner[text(n)] = True
        for f in fields:
            if f.type == "typed_expression":
                self.use(f.named_children[1], inner)

    # functions that are called from outside

    def needs(self, name, arguments, results):
        known = self.functions.get(name)
        if known is None:
            self.remarks.append((-1, 0, f"{name} is not defined"))
            return
        fits = [n for least, most, n in known if least <= arguments and (most is None or arguments <= most)]
        if not fits:
            self.remark(known[0][2], f"{name} has no method of {arguments} arguments")
        if results < 2:
            return
        for f in fits:
            for r in returns(f):
                value = r.named_children[0] if r.named_children else None
                if value is not None and (value.type == "identifier" or
                                          value.type == "call_expression" and text(value.named_children[0]) in self.functions):
                    continue  # of whatever
                n = 1 if value is None or value.type not in ("open_tuple", "tuple_expression") else len(value.named_children)
                if n != results:
                    self.remark(r, f"returns {n} results, not {results}")


def text(node):
    return node.text.decode()


def walk(node):
    yield node
    for c in node.named_children:
        yield from walk(c)


def returns(node):
    """The return statements of a function, without those of functions in it."""
    for c in node.named_children:
        if c.type == "return_statement":
            yield c
        elif definition(c) is None and c.type not in ("arrow_function_expression", "do_clause"):
            yield from returns(c)


def definition(node):
    """The signature and the body of a function, in either form."""
    if node.type in ("function_definition", "macro_definition") and node.named_children:
        return node.named_children[0], node.named_children[1:]
    if node.type == "assignment" and node.named_children:
        left = node.named_children[0]
        while left.type in ("where_expression", "typed_expression") and left.named_children:
            left = left.named_children[0]
        if left.type == "call_expression":
            return node.named_children[0], node.named_children[1:]
    return None


def positional(list_):
    """The arguments or parameters before the semicolon."""
    out = []
    for c in list_.children:
        if c.type == ";":
            break
        if c.is_named and "comment" not in c.type:
            out.append(c)
    return out


def problems(path):
    """What is wrong with the source of a job, and its tree."""
    name, results, check, _, _ = open(path + "/job", encoding="utf-8").read().split()
    arguments = int(open(path + "/args", encoding="utf-8").read().split(None, 2)[1])
    source = open(path + "/source.jl", "rb").read()
    root = PARSER.parse(source).root_node
    r = Reader(source)
    r.syntax(root)
    if not r.remarks:
        scope = Scope()
        scope.update(dict.fromkeys(BASE, True))
        r.declare(root, scope)
        r.all(root.named_children, scope)
        r.needs(name, arguments, int(results))
        if check == "1":
            r.needs(name + "_check", arguments, 1)
    return [t for _, _, t in sorted(set(r.remarks))], root


def main():
    folder, first, last, results = sys.argv[1:]
    with open(results, "a", encoding="utf-8") as out:
        for k in range(int(first), int(last) + 1):
            def say(kind, message):
                print(kind, message.replace("\\", "\\\\").replace("\n", "\\n"), file=out)

            say("J", str(k))
            path = os.path.join(folder, str(k))
            found, root = problems(path)
            if found:
                say("E", "\n".join(found[:5]))
            elif open(path + "/job", encoding="utf-8").read().split()[4] == "values":
                julia_values.run(path, root, say)
            print("D", file=out, flush=True)


main()
