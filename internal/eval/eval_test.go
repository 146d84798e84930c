package eval

import (
	"errors"
	"math"
	"strings"
	"testing"

	"example.com/nabla/internal/dense"
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/ops"
	"example.com/nabla/internal/rat"
)

// A world is a Builder with the variables of most cases: scalars a, b; vectors
// x, z: n and y: m; matrices X, A: m × n, S: n × n.
type world struct {
	*expr.Builder
	m, n                         *expr.Dim
	a, b, x, y, z, X, A, S, P, p *expr.Node
}

func newWorld() *world {
	b := expr.NewBuilder(ops.Registry())
	w := &world{Builder: b, m: b.Sizes.Size("m"), n: b.Sizes.Size("n")}
	add := func(name string, kind expr.Kind, rows, cols *expr.Dim, f expr.Fact) *expr.Node {
		return b.Var(b.NewSymbol(name, kind, expr.Shape{Rows: rows, Cols: cols}, f))
	}
	one := b.One()
	w.a = add("a", expr.Scalar, one, one, 0)
	w.b = add("b", expr.Scalar, one, one, 0)
	w.x = add("x", expr.Vector, w.n, one, 0)
	w.y = add("y", expr.Vector, w.m, one, 0)
	w.z = add("z", expr.Vector, w.n, one, 0)
	w.X = add("X", expr.Matrix, w.m, w.n, 0)
	w.A = add("A", expr.Matrix, w.m, w.n, 0)
	w.S = add("S", expr.Matrix, w.n, w.n, 0)
	w.P = add("P", expr.Matrix, w.n, w.n, expr.Posdef)
	w.p = add("p", expr.Scalar, one, one, expr.Integer)
	return w
}

func (w *world) num(n int64) *expr.Node                    { return w.Num(rat.Int(n)) }
func (w *world) mul(args ...*expr.Node) *expr.Node         { return w.Node(expr.OpMul, args...) }
func (w *world) add(args ...*expr.Node) *expr.Node         { return w.Node(expr.OpAdd, args...) }
func (w *world) t(x *expr.Node) *expr.Node                 { return w.Node(expr.OpT, x) }
func (w *world) f(name string, x ...*expr.Node) *expr.Node { return w.Node(name, x...) }
func (w *world) sub(a, b *expr.Node) *expr.Node            { return w.add(a, w.Node(expr.OpNeg, b)) }
func matrixOf(rows int, v ...float64) expr.Dense {
	return expr.Dense{Rows: rows, Cols: len(v) / rows, Data: v}
}
func (w *world) family(n string, size, N *expr.Dim) *expr.Node {
	s := w.NewSymbol(n, expr.Vector, expr.Shape{Rows: size, Cols: w.One()}, 0)
	s.Family = w.NewIndex("i", N)
	return w.Member(s, s.Family)
}

func TestEvaluate(t *testing.T) {
	w := newWorld()
	xi := w.family("u", w.n, w.Sizes.Size("N"))
	env := &Env{
		Sizes: map[string]int{"m": 2, "n": 3, "N": 2},
		Vars: map[string]expr.Dense{
			"a": scalar(2), "b": scalar(-3), "p": scalar(3),
			"x": matrixOf(3, 1, 2, 3), "y": matrixOf(2, 4, 5), "z": matrixOf(3, 0, 1, -1),
			"X": matrixOf(2, 1, 2, 3, 4, 5, 6), "A": matrixOf(2, 0, 1, 0, 2, 0, 1),
			"S": matrixOf(3, 2, 0, 0, 0, 1, 1, 0, 0, 1),
		},
		Families: map[string][]expr.Dense{"u": {matrixOf(3, 1, 1, 1), matrixOf(3, 0, 1, 2)}},
	}
	for _, c := range []struct {
		name string
		n    *expr.Node
		want expr.Dense
	}{
		{"X*x", w.mul(w.X, w.x), matrixOf(2, 14, 32)},
		{"a*X*x", w.mul(w.a, w.X, w.x), matrixOf(2, 28, 64)},
		{"X*a*x", w.mul(w.X, w.a, w.x), matrixOf(2, 28, 64)},
		{"x*x'*a", w.mul(w.z, w.t(w.x), w.a), matrixOf(3, 0, 0, 0, 2, 4, 6, -2, -4, -6)},
		{"y'*X*x", w.mul(w.t(w.y), w.X, w.x), scalar(216)},
		{"X + a", w.add(w.X, w.a), matrixOf(2, 3, 4, 5, 6, 7, 8)},
		{"a + y", w.add(w.a, w.y), matrixOf(2, 6, 7)},
		{"-y", w.f(expr.OpNeg, w.y), matrixOf(2, -4, -5)},
		{"X.*A", w.f(expr.OpHadamard, w.X, w.A), matrixOf(2, 0, 2, 0, 8, 0, 6)},
		{"a.*y", w.f(expr.OpHadamard, w.a, w.y), matrixOf(2, 8, 10)},
		{"y/a", w.f(expr.OpDiv, w.y, w.a), matrixOf(2, 2, 2.5)},
		{"a./y", w.f(expr.OpElDiv, w.a, w.y), matrixOf(2, 0.5, 0.4)},
		{"y.^2", w.f(expr.OpElPow, w.y, w.num(2)), matrixOf(2, 16, 25)},
		{"a^b", w.f(expr.OpPow, w.a, w.b), scalar(0.125)},
		{"S^p", w.f(expr.OpMPow, w.S, w.p), matrixOf(3, 8, 0, 0, 0, 1, 3, 0, 0, 1)},
		{"S^-2", w.f(expr.OpMPow, w.S, w.num(-2)), matrixOf(3, 0.25, 0, 0, 0, 1, -2, 0, 0, 1)},
		{"S^0", w.f(expr.OpMPow, w.S, w.num(0)), dense.Identity(3)},
		{"X'", w.t(w.X), matrixOf(3, 1, 4, 2, 5, 3, 6)},
		{"tr(S)", w.f("tr", w.S), scalar(4)},
		{"sum(X)", w.f("sum", w.X), scalar(21)},
		{"rowsum(X)", w.f("rowsum", w.X), matrixOf(2, 6, 15)},
		{"colsum(X)", w.f("colsum", w.X), matrixOf(1, 5, 7, 9)},
		{"dot(X, A)", w.f("dot", w.X, w.A), scalar(16)},
		{"outer(y, z)", w.f("outer", w.y, w.z), matrixOf(2, 0, 4, -4, 0, 5, -5)},
		{"diag(z)", w.f("diagmat", w.z), matrixOf(3, 0, 0, 0, 0, 1, 0, 0, 0, -1)},
		{"diag(S)", w.f("diagvec", w.S), matrixOf(3, 2, 1, 1)},
		{"vec(X)", w.f("vec", w.X), matrixOf(6, 1, 4, 2, 5, 3, 6)},
		{"kron(y, z)", w.f("kron", w.y, w.z), matrixOf(6, 0, 4, -4, 0, 5, -5)},
		{"kron(y', X)", w.f("kron", w.t(w.y), w.X), matrixOf(2, 4, 8, 12, 5, 10, 15, 16, 20, 24, 20, 25, 30)},
		{"khatrirao(X, A)", w.f("khatrirao", w.X, w.A), matrixOf(4, 0, 2, 0, 2, 0, 3, 0, 5, 0, 8, 0, 6)},
		{"eye(m)", w.Sized("eye", w.m), dense.Identity(2)},
		{"ones(m)", w.Sized("ones", w.m), matrixOf(2, 1, 1)},
		{"ones(m, n)", w.Sized("ones", w.m, w.n), matrixOf(2, 1, 1, 1, 1, 1, 1)},
		{"zeros(n)", w.Sized("zeros", w.n), matrixOf(3, 0, 0, 0)},
		{"basis(n, 2)", w.Make(w.Reg.Op("basis"), nil, []*expr.Dim{w.n}, 2), matrixOf(3, 0, 1, 0)},
		{"K vec(X)", w.mul(w.Sized("commutation", w.m, w.n), w.f("vec", w.X)), matrixOf(6, 1, 2, 3, 4, 5, 6)},
		{"pi", w.f("pi"), scalar(math.Pi)},
		{"m*n", w.Size(w.Mul(w.m, w.n)), scalar(6)},
		{"relu(z)", w.f("relu", w.z), matrixOf(3, 0, 1, 0)},
		{"max(z, a)", w.f("max", w.z, w.a), matrixOf(3, 2, 2, 2)},
		{"norm2(y)^2", w.f(expr.OpPow, w.f("norm2", w.y), w.num(2)), scalar(41)},
		{"softmaxrows(A-A)", w.f("softmaxrows", w.sub(w.A, w.A)), matrixOf(2, 1./3, 1./3, 1./3, 1./3, 1./3, 1./3)},
		{"softmaxcols(A-A)", w.f("softmaxcols", w.sub(w.A, w.A)), matrixOf(2, .5, .5, .5, .5, .5, .5)},
		{"logsumexprows(A-A)", w.f("logsumexprows", w.sub(w.A, w.A)), matrixOf(2, math.Log(3), math.Log(3))},
		{"logsumexpcols(A-A)", w.f("logsumexpcols", w.sub(w.A, w.A)), matrixOf(1, math.Ln2, math.Ln2, math.Ln2)},
		{"Σ_i x'*u[i]", w.SumOver(xi.Index, w.mul(w.t(w.x), xi)), scalar(14)},
		{"Σ_i u[i]", w.SumOver(xi.Index, xi), matrixOf(3, 1, 2, 3)},
		{"Σ_i u[i]*(Σ_i x'*u[i])", w.SumOver(xi.Index, w.mul(xi, w.SumOver(xi.Index, w.mul(w.t(w.x), xi)))), matrixOf(3, 14, 28, 42)},
		{"Σ_i a", w.SumOver(xi.Index, w.a), scalar(4)},
	} {
		got, err := Evaluate(w.Reg, c.n, env)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if got.Rows != c.want.Rows || got.Cols != c.want.Cols || !near(got, c.want) {
			t.Errorf("%s = %v, want %v", c.name, got, c.want)
		}
	}
}

func near(a, b expr.Dense) bool {
	for i, v := range a.Data {
		if !(math.Abs(v-b.Data[i]) <= 1e-12*(1+math.Abs(v))) {
			return false
		}
	}
	return true
}

func TestTestFunctionDerivatives(t *testing.T) {
	for order := range 3 {
		f, d := newTestFunction(2, order), newTestFunction(2, order+1)
		got := (f.at(0.7+1e-4) - f.at(0.7-1e-4)) / 2e-4
		if math.Abs(got-d.at(0.7)) > 1e-6 {
			t.Errorf("order %d: derivative is %v, want %v", order+1, d.at(0.7), got)
		}
	}
}

func TestCheck(t *testing.T) {
	w := newWorld()
	N := w.Sizes.Size("N")
	u := w.family("u", w.n, N)
	sigma := w.NewSymbol("sigma", expr.Function, expr.Shape{Rows: w.One(), Cols: w.One()}, 0)
	r := w.sub(w.mul(w.X, w.x), w.y)
	sq := w.f(expr.OpPow, w.f("norm2", r), w.num(2))
	grad := w.mul(w.num(2), w.t(w.X), r)
	i, im := w.Sized("eye", w.n), w.Sized("eye", w.m)
	xx := w.f("sum", w.f(expr.OpHadamard, w.X, w.X))
	logX := w.f("log", w.X)
	for _, c := range []struct {
		name string
		pr   Problem
		want string
	}{
		{"norm2(X*x-y)^2 by x", Problem{F: sq, X: w.x.Sym, D: grad}, ""},
		{"norm2(X*x-y)^2 by x, wrong sign", Problem{F: sq, X: w.x.Sym, D: w.f(expr.OpNeg, grad)}, "derivative fails the numeric check at m = 3, n = 2: entry (2, 1) is 4.38522012, differences give -4.38522012"},
		{"norm2(X*x-y)^2 by x, transposed", Problem{F: sq, X: w.x.Sym, D: w.t(grad)},
			"derivative fails the numeric check at m = 3, n = 2: its shape is 1 × 2, the layout requires 2 × 1"},
		{"norm2(X*x-y)^2 by X", Problem{F: sq, X: w.X.Sym, D: w.mul(w.num(2), r, w.t(w.x))}, ""},
		{"X*x by x, numerator", Problem{F: w.mul(w.X, w.x), X: w.x.Sym, D: w.X}, ""},
		{"X*x by x, denominator", Problem{F: w.mul(w.X, w.x), X: w.x.Sym, D: w.t(w.X), Denominator: true}, ""},
		{"x' by x", Problem{F: w.t(w.x), X: w.x.Sym, D: i}, ""},
		{"X by X", Problem{F: w.X, X: w.X.Sym, D: w.Sized("eye", w.Mul(w.m, w.n))}, ""},
		{"u[i] by u[i]", Problem{F: u, X: u.Sym, Index: u.Index, D: i}, ""},
		{"a*x' by a", Problem{F: w.mul(w.a, w.t(w.x)), X: w.a.Sym, D: w.t(w.x)}, ""},
		{"a*x' by a, denominator", Problem{F: w.mul(w.a, w.t(w.x)), X: w.a.Sym, D: w.x, Denominator: true}, ""},
		{"X*S by X", Problem{F: w.mul(w.X, w.S), X: w.X.Sym, D: w.f("kron", w.t(w.S), im)}, ""},
		{"X*S by X, denominator", Problem{F: w.mul(w.X, w.S), X: w.X.Sym, D: w.f("kron", w.S, im), Denominator: true}, ""},
		{"X*S by X, rows", Problem{F: w.mul(w.X, w.S), X: w.X.Sym, D: w.f("kron", im, w.t(w.S)), ByRows: true}, ""},
		{"X*S by S", Problem{F: w.mul(w.X, w.S), X: w.S.Sym, D: w.f("kron", i, w.X)}, ""},
		{"X' by X", Problem{F: w.t(w.X), X: w.X.Sym, D: w.Sized("commutation", w.m, w.n)}, ""},
		{"logdet(S) by S", Problem{F: w.f("logdet", w.S), X: w.S.Sym, D: w.t(w.f("inv", w.S))}, ""},
		{"logdet(P) by P", Problem{F: w.f("logdet", w.P), X: w.P.Sym, D: w.f("inv", w.P)}, ""},
		{"logdet(P) by P, symmetric", Problem{F: w.f("logdet", w.P), X: w.P.Sym, Structure: SymmetricEntries,
			D: w.sub(w.mul(w.num(2), w.f("inv", w.P)), w.f("diagmat", w.f("diagvec", w.f("inv", w.P))))}, ""},
		{"tr(S*S) by S, diagonal", Problem{F: w.f("tr", w.mul(w.S, w.S)), X: w.S.Sym, Structure: DiagonalEntries,
			D: w.mul(w.num(2), w.f("diagmat", w.f("diagvec", w.S)))}, ""},
		{"tr(S*S) by S, diagonal, off-diagonal kept", Problem{F: w.f("tr", w.mul(w.S, w.S)), X: w.S.Sym, Structure: DiagonalEntries,
			D: w.mul(w.num(2), w.t(w.S))}, "derivative fails the numeric check at n = 2: entry (1, 2)"},
		{"logdet(X'*X) by X", Problem{F: w.f("logdet", w.mul(w.t(w.X), w.X)), X: w.X.Sym,
			D: w.mul(w.num(2), w.X, w.f("inv", w.mul(w.t(w.X), w.X)))}, ""},
		{"logdet(X*X') by X", Problem{F: w.f("logdet", w.mul(w.X, w.t(w.X))), X: w.X.Sym,
			D: w.mul(w.num(2), w.f("inv", w.mul(w.X, w.t(w.X))), w.X)}, ""},
		{"sum(log(X)) by X", Problem{F: w.f("sum", logX), X: w.X.Sym, D: w.f(expr.OpElDiv, w.num(1), w.X)}, ""},
		{"sum(log(X*x)) by x", Problem{F: w.f("sum", w.f("log", w.mul(w.X, w.x))), X: w.x.Sym,
			D: w.mul(w.t(w.X), w.f(expr.OpElDiv, w.num(1), w.mul(w.X, w.x)))}, ""},
		{"sum(acosh(X*x)) by x", Problem{F: w.f("sum", w.f("acosh", w.mul(w.X, w.x))), X: w.x.Sym,
			D: w.mul(w.t(w.X), w.f(expr.OpElDiv, w.num(1), w.f("sqrt", w.add(w.f(expr.OpElPow, w.mul(w.X, w.x), w.num(2)), w.num(-1)))))}, ""},
		{"norm1(X*x-y) by x", Problem{F: w.f("norm1", r), X: w.x.Sym, D: w.mul(w.t(w.X), w.f("sign", r))}, ""},
		{"tr(S^p) by S", Problem{F: w.f("tr", w.f(expr.OpMPow, w.S, w.p)), X: w.S.Sym,
			D: w.mul(w.p, w.t(w.f(expr.OpMPow, w.S, w.add(w.p, w.num(-1)))))}, ""},
		{"sum(sigma(X*x)) by x", Problem{F: w.f("sum", w.Apply(sigma, 0, w.mul(w.X, w.x))), X: w.x.Sym,
			D: w.mul(w.t(w.X), w.Apply(sigma, 1, w.mul(w.X, w.x)))}, ""},
		{"b by x", Problem{F: w.b, X: w.x.Sym, D: w.Sized("zeros", w.n)}, ""},
		{"Σ (x'*u[i])^2 by x", Problem{F: w.SumOver(u.Index, w.f(expr.OpPow, w.mul(w.t(w.x), u), w.num(2))), X: w.x.Sym,
			D: w.mul(w.num(2), w.SumOver(u.Index, w.mul(u, w.t(u))), w.x)}, ""},
		{"Σ (x'*u[i])^2 by u[i]", Problem{F: w.SumOver(u.Index, w.f(expr.OpPow, w.mul(w.t(w.x), u), w.num(2))), X: u.Sym, Index: u.Index,
			D: w.mul(w.num(2), w.x, w.t(w.x), u)}, ""},
		{"Σ (x'*u[i])^2 by u[i], one too many", Problem{F: w.SumOver(u.Index, w.f(expr.OpPow, w.mul(w.t(w.x), u), w.num(2))), X: u.Sym, Index: u.Index,
			D: w.mul(w.num(2), w.x, w.t(w.x), w.SumOver(u.Index, u))}, "derivative fails the numeric check"},
		{"Σ x'*u[i] by u", Problem{F: w.SumOver(u.Index, w.mul(w.t(w.x), u)), X: u.Sym, D: w.mul(w.x, w.t(w.Sized("ones", N)))}, ""},
		{"log(-sum(X.*X)) by X", Problem{F: w.f("log", w.f(expr.OpNeg, xx)), X: w.X.Sym, D: w.X}, "no random point for the numeric check: log: operand must be positive"},
		{"step(sum(X)) by X", Problem{F: w.f("step", w.f("sum", w.X)), X: w.X.Sym, D: w.Sized("zeros", w.m, w.n)}, ""},
	} {
		c.pr.Reg = w.Reg
		rep, err := Check(&c.pr)
		switch {
		case c.want == "" && err != nil:
			t.Errorf("%s: %v", c.name, err)
		case c.want == "" && (rep.MaxError > 1e-7 || len(rep.Sizes) != 2):
			t.Errorf("%s: %+v", c.name, rep)
		case c.want != "" && (err == nil || !strings.HasPrefix(err.Error(), c.want)):
			t.Errorf("%s: got %v, want %s", c.name, err, c.want)
		}
	}
}

func TestCheckRefusesLargeSizes(t *testing.T) {
	w := newWorld()
	big := w.Const(3000)
	X := w.Var(w.NewSymbol("B", expr.Matrix, expr.Shape{Rows: big, Cols: big}, 0))
	if _, err := Check(&Problem{Reg: w.Reg, F: w.f("sum", X), X: X.Sym, D: w.Sized("ones", big, big)}); !errors.Is(err, ErrTooLarge) {
		t.Errorf("got %v", err)
	}
}

func TestEqual(t *testing.T) {
	w := newWorld()
	for _, c := range []struct {
		name string
		a, b *expr.Node
		want string
	}{
		{"(X*x)' = x'*X'", w.t(w.mul(w.X, w.x)), w.mul(w.t(w.x), w.t(w.X)), ""},
		{"tr(P) = sum(diag(P))", w.f("tr", w.P), w.f("sum", w.f("diagvec", w.P)), ""},
		{"P' = P", w.t(w.P), w.P, ""},
		{"S' ≠ S", w.t(w.S), w.S, "values differ at entry"},
		{"x ≠ x'", w.t(w.x), w.x, "shapes differ: 1 × 2 and 2 × 1"},
		{"log(a*b) = log(a) + log(b)", w.f("log", w.mul(w.a, w.b)), w.add(w.f("log", w.a), w.f("log", w.b)), ""},
	} {
		err := Equal(w.Reg, c.a, c.b, 1)
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.HasPrefix(err.Error(), c.want)) {
			t.Errorf("%s: got %v, want %q", c.name, err, c.want)
		}
	}
}

func TestSamplesHaveTheirFacts(t *testing.T) {
	w := newWorld()
	k := w.Const(4)
	for f := expr.Fact(1); f <= expr.Toeplitz; f <<= 1 {
		rows, cols := k, k
		if f == expr.Onehot || f == expr.Simplex {
			cols = w.One()
		}
		if f == expr.Integer {
			rows, cols = w.One(), w.One()
		}
		s := w.NewSymbol("v"+f.Names()[0], expr.Matrix, expr.Shape{Rows: rows, Cols: cols}, f)
		inv := newInventory(w.Reg, nil, s)
		pt, err := inv.newPoint(nil)
		if err != nil {
			t.Fatal(err)
		}
		for m := range modes {
			sm := newSampler(inv, 5)
			sm.modes[0] = m
			sm.draw(pt)
			if d := pt.vars[0].vals[0]; !has(f, d) {
				t.Errorf("mode %d: %v is not %s", m, d, f.Names()[0])
			}
		}
	}
}

func has(f expr.Fact, d expr.Dense) bool {
	all := func(ok func(i, j int) bool) bool {
		for i := range d.Rows {
			for j := range d.Cols {
				if !ok(i, j) {
					return false
				}
			}
		}
		return true
	}
	total := 0.0
	for _, v := range d.Data {
		total += v
	}
	switch f {
	case expr.Symmetric:
		return all(func(i, j int) bool { return d.At(i, j) == d.At(j, i) })
	case expr.Posdef:
		return all(func(i, j int) bool { return math.Abs(d.At(i, j)-d.At(j, i)) < 1e-15 }) && dense.Factor(d).Det() > 0
	case expr.Diagonal:
		return all(func(i, j int) bool { return i == j || d.At(i, j) == 0 })
	case expr.Orthogonal:
		return near(dense.Mul(dense.Transpose(d), d), dense.Identity(d.Cols))
	case expr.Onehot:
		return total == 1 && all(func(i, j int) bool { return d.At(i, j) == 0 || d.At(i, j) == 1 })
	case expr.Simplex:
		return math.Abs(total-1) < 1e-15 && all(func(i, j int) bool { return d.At(i, j) > 0 })
	case expr.Positive:
		return all(func(i, j int) bool { return d.At(i, j) > 0 })
	case expr.Invertible:
		return dense.Factor(d).Condition() > 1e-6
	case expr.Integer:
		return all(func(i, j int) bool { return d.At(i, j) == math.Round(d.At(i, j)) })
	case expr.Toeplitz:
		return all(func(i, j int) bool { return i == 0 || j == 0 || d.At(i, j) == d.At(i-1, j-1) })
	}
	return true
}

func BenchmarkCheck(b *testing.B) {
	w := newWorld()
	r := w.sub(w.mul(w.X, w.x), w.y)
	sq := w.f(expr.OpPow, w.f("norm2", r), w.num(2))
	pr := Problem{Reg: w.Reg, F: sq, X: w.X.Sym, D: w.mul(w.num(2), r, w.t(w.x))}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Check(&pr); err != nil {
			b.Fatal(err)
		}
	}
}
