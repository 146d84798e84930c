package print

import (
	"strings"
	"testing"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/ops"
	"example.com/nabla/internal/rat"
	"example.com/nabla/internal/syntax"
)

// A reader makes nodes from text as it stands, without any check or
// simplification, so that a case is one line.
type reader struct {
	b       *expr.Builder
	symbols map[string]*expr.Symbol
	indices map[string]*expr.Index
}

// declared are the variables of the cases.
var declared = []struct{ names, kind, rows, cols string }{
	{"a b c d t", "scalar", "", ""}, {"p", "integer", "", ""},
	{"x w u v z", "vector", "n", ""}, {"y s", "vector", "m", ""},
	{"X Y M", "matrix", "m", "n"}, {"A B C S", "matrix", "n", "n"}, {"P Q W", "matrix", "m", "m"},
	{"theta Sigma W1 x_bar loss x̄ ŷ", "vector", "n", ""},
	{"q", "vector", "k", ""}, {"r", "vector", "q", ""},
	{"sigma", "function", "", ""},
}

func newReader() *reader {
	r := &reader{b: expr.NewBuilder(ops.Registry()), symbols: map[string]*expr.Symbol{}, indices: map[string]*expr.Index{}}
	for _, d := range declared {
		for _, name := range strings.Fields(d.names) {
			one := r.b.One()
			shape, kind, facts := expr.Shape{Rows: one, Cols: one}, expr.Scalar, expr.Fact(0)
			switch d.kind {
			case "vector":
				shape.Rows, kind = r.b.Sizes.Size(d.rows), expr.Vector
			case "matrix":
				shape.Rows, shape.Cols, kind = r.b.Sizes.Size(d.rows), r.b.Sizes.Size(d.cols), expr.Matrix
			case "function":
				kind = expr.Function
			case "integer":
				facts = expr.Integer
			}
			r.symbols[name] = r.b.NewSymbol(name, kind, shape, facts)
		}
	}
	i := r.b.NewIndex("i", r.b.Sizes.Size("N"))
	r.indices["i"] = i
	f := r.b.NewSymbol("h", expr.Vector, expr.Shape{Rows: r.b.Sizes.Size("n"), Cols: r.b.One()}, 0)
	f.Family = i
	r.symbols["h"] = f
	return r
}

func (r *reader) read(t *testing.T, text string) *expr.Node {
	t.Helper()
	x, _, err := syntax.ParseExpr(text, syntax.Options{IsVariable: func(n string) bool { return r.symbols[n] != nil && n != "sigma" }})
	if len(err) > 0 {
		t.Fatalf("%s: %v", text, err)
	}
	return r.node(t, x)
}

func (r *reader) size(t *testing.T, x syntax.Expr) *expr.Dim {
	switch x := x.(type) {
	case *syntax.Number:
		n, _ := x.Int()
		return r.b.Const(int64(n))
	case *syntax.Name:
		return r.b.Sizes.Size(x.Name)
	case *syntax.Binary:
		l, q := r.size(t, x.X), r.size(t, x.Y)
		switch x.Op {
		case syntax.Add:
			return r.b.Add(l, q)
		case syntax.Sub:
			return r.b.Sub(l, q)
		}
		return r.b.Mul(l, q)
	}
	t.Fatalf("no size: %T", x)
	return nil
}

func (r *reader) node(t *testing.T, x syntax.Expr) *expr.Node {
	t.Helper()
	b := r.b
	switch x := x.(type) {
	case *syntax.Number:
		return b.Num(rat.FromBig(x.Rat()))
	case *syntax.Name:
		if s := r.symbols[x.Name]; s != nil {
			return b.Var(s)
		}
		if base, sub, ok := syntax.SplitSubscript(x.Name); ok && base == "I" {
			return b.Sized("eye", r.subscript(sub))
		}
		if x.Name == "pi" {
			return b.Node("pi")
		}
		return b.Size(r.b.Sizes.Size(x.Name))
	case *syntax.Fill:
		name := "zeros"
		if x.One {
			name = "ones"
		}
		return b.Sized(name, r.size(t, x.Sizes[0]))
	case *syntax.Index:
		return b.Member(r.symbols[x.Family.Name], r.indices["i"])
	case *syntax.SumOver:
		return b.SumOver(r.indices["i"], r.node(t, x.Body))
	case *syntax.Norm:
		name := "norm2"
		if x.Kind == syntax.NormOne {
			name = "norm1"
		}
		return b.Node(name, r.node(t, x.X))
	case *syntax.Unary:
		n := r.node(t, x.X)
		switch x.Op {
		case syntax.Neg:
			if n.Op.Name == expr.OpNum {
				return b.Num(n.Num.Neg())
			}
			return b.Node(expr.OpNeg, n)
		case syntax.Transpose:
			return b.Node(expr.OpT, n)
		}
		return b.Node(expr.OpT, b.Node("inv", n))
	case *syntax.Binary:
		l, q := r.node(t, x.X), r.node(t, x.Y)
		switch x.Op {
		case syntax.Sub:
			if q.Op.Name == expr.OpNum {
				q = b.Num(q.Num.Neg())
			} else {
				q = b.Node(expr.OpNeg, q)
			}
			fallthrough
		case syntax.Add:
			if l.Op.Name == expr.OpAdd {
				return b.Node(expr.OpAdd, append(append([]*expr.Node(nil), l.Args...), q)...)
			}
			return b.Node(expr.OpAdd, l, q)
		case syntax.Mul:
			if l.Op.Name == expr.OpMul && l.Args[0].Op.Name != expr.OpMul {
				return b.Node(expr.OpMul, append(append([]*expr.Node(nil), l.Args...), q)...)
			}
			return b.Node(expr.OpMul, l, q)
		case syntax.Div:
			if l.Op.Name == expr.OpNum && q.Op.Name == expr.OpNum {
				return b.Num(l.Num.Div(q.Num))
			}
			return b.Node(expr.OpDiv, l, q)
		case syntax.Hadamard:
			return b.Node(expr.OpHadamard, l, q)
		case syntax.HadamardDiv:
			return b.Node(expr.OpElDiv, l, q)
		case syntax.Kron:
			return b.Node("kron", l, q)
		case syntax.HadamardPow:
			return b.Node(expr.OpElPow, l, q)
		case syntax.Pow:
			switch {
			case l.Shape.IsScalar():
				return b.Node(expr.OpPow, l, q)
			case q.Op.Name == expr.OpNum && q.Num.Equal(rat.MinusOne):
				return b.Node("inv", l)
			}
			return b.Node(expr.OpMPow, l, q)
		}
	case *syntax.Call:
		name := x.Func.Name
		if f := r.symbols[strings.TrimRight(name, "′")]; f != nil {
			return b.Apply(f, strings.Count(name, "′"), r.node(t, x.Args[0]))
		}
		if name == "sum" && len(x.Args) == 2 {
			return b.SumOver(r.indices["i"], r.node(t, x.Args[1]))
		}
		if name == "basis" {
			k, _ := x.Args[1].(*syntax.Number).Int()
			return b.Make(b.Reg.Op(name), nil, []*expr.Dim{r.size(t, x.Args[0])}, k)
		}
		list := b.Reg.Overloads(name)
		if len(list) == 0 {
			t.Fatalf("no operator %s", name)
		}
		op := list[0]
		if len(op.Sizes) > 0 {
			var dims []*expr.Dim
			for _, a := range x.Args {
				dims = append(dims, r.size(t, a))
			}
			return b.Make(op, nil, dims, 0)
		}
		var args []*expr.Node
		for _, a := range x.Args {
			args = append(args, r.node(t, a))
		}
		if name == "diag" && !args[0].Shape.IsVector() {
			op = list[1]
		}
		return b.Make(op, args, nil, 0)
	}
	t.Fatalf("cannot read %T", x)
	return nil
}

func (r *reader) subscript(sub string) *expr.Dim {
	if n := int64(sub[0] - '0'); n >= 0 && n < 10 {
		return r.b.Const(n)
	}
	return r.b.Sizes.Size(sub)
}

var forms = []struct{ in, text, language, latex string }{
	{`2*X'*(X*w - y)`, `2 Xᵀ(X w − y)`, `2*X'*(X*w - y)`, `2 X^\top (X w - y)`},
	{`A*x`, `A·x`, `A*x`, `A x`},
	{`A*B*x`, `A·B·x`, `A*B*x`, `A B x`},
	{`(A+A')*x`, `(A + Aᵀ) x`, `(A + A')*x`, `(A + A^\top) x`},
	{`inv(A)`, `A⁻¹`, `inv(A)`, `A^{-1}`},
	{`inv(A)'`, `A⁻ᵀ`, `inv(A)'`, `A^{-\top}`},
	{`inv(A')`, `A⁻ᵀ`, `inv(A')`, `A^{-\top}`},
	{`norm2(x)^2`, `‖x‖²`, `norm2(x)^2`, `\lVert x \rVert_2^{2}`},
	{`norm2(X)`, `‖X‖`, `norm2(X)`, `\lVert X \rVert_F`},
	{`norm1(x)`, `‖x‖₁`, `norm1(x)`, `\lVert x \rVert_1`},
	{`a^2`, `a²`, `a^2`, `a^{2}`},
	{`A^3`, `A³`, `A^3`, `A^{3}`},
	{`A^p`, `A^p`, `A^p`, `A^{p}`},
	{`A^(p-1)`, `A^(p − 1)`, `A^(p - 1)`, `A^{p - 1}`},
	{`x.^2`, `x.^2`, `x.^2`, `x^{\odot 2}`},
	{`X.^(-1)`, `1 ./ X`, `1 ./ X`, `1 \oslash X`},
	{`x.^(1/2)`, `sqrt(x)`, `sqrt(x)`, `\sqrt{x}`},
	{`x.^(-1/2)`, `1 ./ sqrt(x)`, `1 ./ sqrt(x)`, `1 \oslash \sqrt{x}`},
	{`x.^(1/3)`, `x.^(1/3)`, `x.^(1/3)`, `x^{\odot 1/3}`},
	{`x.^a`, `x.^a`, `x.^a`, `x^{\odot a}`},
	{`a^(1/2)`, `sqrt(a)`, `sqrt(a)`, `\sqrt{a}`},
	{`a^(-2)`, `1 / a²`, `1/a^2`, `\frac{1}{a^{2}}`},
	{`a^(-1/2)`, `1 / sqrt(a)`, `1/sqrt(a)`, `\frac{1}{\sqrt{a}}`},
	{`a^b`, `a^b`, `a^b`, `a^{b}`},
	{`x.*w`, `x ⊙ w`, `x .* w`, `x \odot w`},
	{`A*(x.*w)`, `A (x ⊙ w)`, `A*(x .* w)`, `A (x \odot w)`},
	{`(A*x).*w`, `(A x) ⊙ w`, `(A*x) .* w`, `(A x) \odot w`},
	{`x.*w./u`, `x ⊙ w ./ u`, `x .* w ./ u`, `x \odot w \oslash u`},
	{`x./w.*u`, `x ⊙ u ./ w`, `x .* u ./ w`, `x \odot u \oslash w`},
	{`x./(w.*u)`, `x ./ (w ⊙ u)`, `x ./ (w .* u)`, `x \oslash (w \odot u)`},
	{`1 ./x`, `1 ./ x`, `1 ./ x`, `1 \oslash x`},
	{`kron(A,B)`, `A ⊗ B`, `kron(A, B)`, `A \otimes B`},
	{`kron(kron(A,B),C)`, `A ⊗ B ⊗ C`, `kron(kron(A, B), C)`, `A \otimes B \otimes C`},
	{`kron(A,kron(B,C))`, `A ⊗ B ⊗ C`, `kron(A, kron(B, C))`, `A \otimes B \otimes C`},
	{`kron(A*B,C)`, `(A B) ⊗ C`, `kron(A*B, C)`, `(A B) \otimes C`},
	{`kron(A,B)*x`, `(A ⊗ B) x`, `kron(A, B)*x`, `(A \otimes B) x`},
	{`2*kron(A,B)`, `2 A ⊗ B`, `2*kron(A, B)`, `2 A \otimes B`},
	{`-kron(A,B)`, `−A ⊗ B`, `-kron(A, B)`, `-A \otimes B`},
	{`kron(A+B,C')`, `(A + B) ⊗ Cᵀ`, `kron(A + B, C')`, `(A + B) \otimes C^\top`},
	{`eye(n)`, `Iₙ`, `eye(n)`, `I_{n}`},
	{`eye(m*n)`, `eye(n*m)`, `eye(n*m)`, `I_{n m}`},
	{`eye(q)`, `I_q`, `eye(q)`, `I_{q}`},
	{`eye(3)`, `I₃`, `eye(3)`, `I_{3}`},
	{`ones(n)`, `1ₙ`, `ones(n)`, `\mathbf{1}_{n}`},
	{`ones(m,n)`, `ones(m, n)`, `ones(m, n)`, `\mathbf{1}_{m \times n}`},
	{`ones(q)`, `ones(q)`, `ones(q)`, `\mathbf{1}_{q}`},
	{`ones(n)'`, `1ₙᵀ`, `ones(n)'`, `\mathbf{1}_{n}^\top`},
	{`2*ones(n)`, `2 1ₙ`, `2*ones(n)`, `2 \mathbf{1}_{n}`},
	{`x*ones(n)'`, `x 1ₙᵀ`, `x*ones(n)'`, `x \mathbf{1}_{n}^\top`},
	{`zeros(n)`, `0ₙ`, `zeros(n)`, `\mathbf{0}_{n}`},
	{`zeros(m,n)`, `zeros(m, n)`, `zeros(m, n)`, `\mathbf{0}_{m \times n}`},
	{`tr(A*B)`, `tr(A·B)`, `tr(A*B)`, `\operatorname{tr}(A B)`},
	{`det(A)`, `det(A)`, `det(A)`, `\det(A)`},
	{`logdet(S)`, `logdet(S)`, `logdet(S)`, `\log\det(S)`},
	{`diag(x)`, `diag(x)`, `diag(x)`, `\operatorname{diag}(x)`},
	{`diag(A)`, `diag(A)`, `diag(A)`, `\operatorname{diag}(A)`},
	{`vec(X)`, `vec(X)`, `vec(X)`, `\operatorname{vec}(X)`},
	{`exp(2*x)`, `exp(2 x)`, `exp(2*x)`, `\exp(2 x)`},
	{`sum(i, h[i]*h[i]')`, `Σ_i h[i] h[i]ᵀ`, `sum(i, h[i]*h[i]')`, `\sum_{i=1}^{N} h_i h_i^\top`},
	{`2*sum(i, h[i])`, `2 Σ_i h[i]`, `2*sum(i, h[i])`, `2 \sum_{i=1}^{N} h_i`},
	{`sum(i, h[i]+x)*a`, `(Σ_i (h[i] + x)) a`, `sum(i, h[i] + x)*a`, `\left(\sum_{i=1}^{N} (h_i + x)\right) a`},
	{`sum(i, h[i])/N`, `(Σ_i h[i])/N`, `sum(i, h[i])/N`, `\frac{1}{N} \sum_{i=1}^{N} h_i`},
	{`a*sum(i, h[i]'*x)/2`, `a (Σ_i h[i]ᵀ x)/2`, `a*sum(i, h[i]'*x)/2`, `\frac{a}{2} \sum_{i=1}^{N} h_i^\top x`},
	{`sum(i,h[i])'*x`, `(Σ_i h[i])ᵀ x`, `sum(i, h[i])'*x`, `\left(\sum_{i=1}^{N} h_i\right)^\top x`},
	{`h[i]`, `h[i]`, `h[i]`, `h_i`},
	{`sigma(x)`, `sigma(x)`, `sigma(x)`, `\sigma(x)`},
	{`sigma′(x)`, `sigma′(x)`, `sigma′(x)`, `\sigma'(x)`},
	{`sigma′′(x)`, `sigma′′(x)`, `sigma′′(x)`, `\sigma''(x)`},
	{`-x`, `−x`, `-x`, `-x`},
	{`-(x+w)`, `−(x + w)`, `-(x + w)`, `-(x + w)`},
	{`-(A*x)`, `−A x`, `-A*x`, `-A x`},
	{`x-w`, `x − w`, `x - w`, `x - w`},
	{`-x+w`, `w − x`, `w - x`, `w - x`},
	{`-x-w`, `−x − w`, `-x - w`, `-x - w`},
	{`x-(w-u)`, `x − (w − u)`, `x - (w - u)`, `x - (w - u)`},
	{`x+(w+u)`, `x + w + u`, `x + w + u`, `x + w + u`},
	{`x/norm2(x)`, `x / ‖x‖`, `x/norm2(x)`, `\frac{x}{\lVert x \rVert_2}`},
	{`(a+b)/2`, `(a + b)/2`, `(a + b)/2`, `\frac{a + b}{2}`},
	{`1/2*X`, `X/2`, `X/2`, `\frac{X}{2}`},
	{`-3/2*x*w'`, `−3 x wᵀ/2`, `-3*x*w'/2`, `-\frac{3}{2} x w^\top`},
	{`x*w'/a`, `x wᵀ/a`, `x*w'/a`, `\frac{1}{a} x w^\top`},
	{`a/b`, `a/b`, `a/b`, `\frac{a}{b}`},
	{`a/(b*c)`, `a / (b·c)`, `a/(b*c)`, `\frac{a}{b c}`},
	{`a/b/c`, `a / (b·c)`, `a/(b*c)`, `\frac{a}{b c}`},
	{`a/b*x`, `a·x/b`, `a*x/b`, `\frac{a}{b} x`},
	{`(x'*w)*A`, `(xᵀ w) A`, `(x'*w)*A`, `(x^\top w) A`},
	{`x'*w*A`, `(xᵀ w) A`, `(x'*w)*A`, `(x^\top w) A`},
	{`a*(x'*w)`, `a xᵀ w`, `a*x'*w`, `a x^\top w`},
	{`2*(x'*w)`, `2 xᵀ w`, `2*x'*w`, `2 x^\top w`},
	{`x*(w'*u)`, `x (wᵀ u)`, `x*(w'*u)`, `x (w^\top u)`},
	{`x*w'*u`, `x wᵀ u`, `x*w'*u`, `x w^\top u`},
	{`2*(x'*A*x)*(A+A')*x`, `2 (xᵀ A x)(A + Aᵀ) x`, `2*(x'*A*x)*(A + A')*x`, `2 (x^\top A x) (A + A^\top) x`},
	{`x'*x/2`, `xᵀ x/2`, `x'*x/2`, `\frac{x^\top x}{2}`},
	{`(x'*x)^2`, `(xᵀ x)²`, `(x'*x)^2`, `(x^\top x)^{2}`},
	{`sum(y)`, `sum(y)`, `sum(y)`, `\operatorname{sum}(y)`},
	{`c*(a+b)*x`, `c·(a + b)·x`, `c*(a + b)*x`, `c (a + b) x`},
	{`(a+b)*x`, `(a + b)·x`, `(a + b)*x`, `(a + b) x`},
	{`x*(a+b)`, `x·(a + b)`, `x*(a + b)`, `x (a + b)`},
	{`A*(x+w)`, `A·(x + w)`, `A*(x + w)`, `A (x + w)`},
	{`(A+B)*(x+w)`, `(A + B)·(x + w)`, `(A + B)*(x + w)`, `(A + B) (x + w)`},
	{`A'*(x+w)`, `Aᵀ(x + w)`, `A'*(x + w)`, `A^\top (x + w)`},
	{`A*x/(2*a)`, `A·x / (2 a)`, `A*x/(2*a)`, `\frac{1}{2 a} A x`},
	{`a/(x'*x)*A`, `a A / (xᵀ x)`, `a*A/(x'*x)`, `\frac{a}{x^\top x} A`},
	{`2*a^(-2)*x`, `2 x / a²`, `2*x/a^2`, `\frac{2}{a^{2}} x`},
	{`2^a`, `2^a`, `2^a`, `2^{a}`},
	{`3*2^a`, `3·2^a`, `3*2^a`, `3 \cdot 2^{a}`},
	{`-a`, `−a`, `-a`, `-a`},
	{`-2`, `−2`, `-2`, `-2`},
	{`1/2`, `1/2`, `1/2`, `\frac{1}{2}`},
	{`-1/2`, `−1/2`, `-1/2`, `-\frac{1}{2}`},
	{`a^(1/2)*x`, `sqrt(a)·x`, `sqrt(a)*x`, `\sqrt{a} x`},
	{`exp(x).*w`, `exp(x) ⊙ w`, `exp(x) .* w`, `\exp(x) \odot w`},
	{`tr(A)*(B+C)`, `tr(A)·(B + C)`, `tr(A)*(B + C)`, `\operatorname{tr}(A) (B + C)`},
	{`commutation(m,n)`, `commutation(m, n)`, `commutation(m, n)`, `K_{m,n}`},
	{`commutation(n,m)*vec(X)`, `commutation(n, m)·vec(X)`, `commutation(n, m)*vec(X)`, `K_{n,m} \operatorname{vec}(X)`},
	{`basis(n,2)`, `basis(n, 2)`, `basis(n, 2)`, `\mathbf{e}_{2}`},
	{`softmax(A*x)`, `softmax(A·x)`, `softmax(A*x)`, `\operatorname{softmax}(A x)`},
	{`-y'*y`, `−yᵀ y`, `-y'*y`, `-y^\top y`},
	{`x'`, `xᵀ`, `x'`, `x^\top`},
	{`A'*x`, `Aᵀ x`, `A'*x`, `A^\top x`},
	{`(A*x)'`, `(A x)ᵀ`, `(A*x)'`, `(A x)^\top`},
	{`(A^2)'`, `(A²)ᵀ`, `(A^2)'`, `(A^{2})^\top`},
	{`(x.^2)'`, `(x.^2)ᵀ`, `(x.^2)'`, `(x^{\odot 2})^\top`},
	{`(A')^2`, `(Aᵀ)²`, `(A')^2`, `(A^\top)^{2}`},
	{`inv(A)^2`, `A⁻²`, `A^(-2)`, `A^{-2}`},
	{`inv(A^2)`, `A⁻²`, `inv(A^2)`, `A^{-2}`},
	{`inv(A*B)`, `(A B)⁻¹`, `inv(A*B)`, `(A B)^{-1}`},
	{`inv(diag(x))`, `diag(x)⁻¹`, `inv(diag(x))`, `\operatorname{diag}(x)^{-1}`},
	{`n`, `n`, `n`, `n`},
	{`n*x`, `n·x`, `n*x`, `n x`},
	{`m*n`, `m·n`, `m*n`, `m n`},
	{`x/n`, `x/n`, `x/n`, `\frac{x}{n}`},
	{`x/(m*n)`, `x / (m·n)`, `x/(m*n)`, `\frac{x}{m n}`},
	{`log(2*pi)`, `log(2 pi)`, `log(2*pi)`, `\log(2 \pi)`},
	{`theta'*Sigma`, `thetaᵀ Sigma`, `theta'*Sigma`, `\theta^\top \Sigma`},
	{`W1+x_bar`, `W1 + x_bar`, `W1 + x_bar`, `W_1 + \bar{x}`},
	{`loss`, `loss`, `loss`, `\mathrm{loss}`},
	{`x̄ - ŷ`, `x̄ − ŷ`, `x̄ - ŷ`, `\bar{x} - \hat{y}`},
	{`max(x,w)`, `max(x, w)`, `max(x, w)`, `\max(x, w)`},
	{`khatrirao(X,Y)`, `khatrirao(X, Y)`, `khatrirao(X, Y)`, `X \ast Y`},
	{`A-2`, `A − 2`, `A - 2`, `A - 2`},
	{`x-1`, `x − 1`, `x - 1`, `x - 1`},
	{`2*x-3*w`, `2 x − 3 w`, `2*x - 3*w`, `2 x - 3 w`},
	{`abs(x)`, `abs(x)`, `abs(x)`, `\operatorname{abs}(x)`},
	{`abs(a)`, `abs(a)`, `abs(a)`, `\lvert a \rvert`},
	{`relu(x)`, `relu(x)`, `relu(x)`, `\operatorname{relu}(x)`},
	{`sigmoid(x)`, `sigmoid(x)`, `sigmoid(x)`, `\operatorname{sigmoid}(x)`},
	{`A*x*x'*A/sqrt(x'*A*x)^3`, `A x xᵀ A / sqrt(xᵀ A x)³`, `A*x*x'*A/sqrt(x'*A*x)^3`, `\frac{1}{\sqrt{x^\top A x}^{3}} A x x^\top A`},
	{`a*x'*w*A`, `a (xᵀ w) A`, `a*(x'*w)*A`, `a (x^\top w) A`},
	{`x.*(-w)`, `x ⊙ (−w)`, `x .* (-w)`, `x \odot (-w)`},
	{`(-x).*w`, `(−x) ⊙ w`, `(-x) .* w`, `(-x) \odot w`},
	{`A*(-x)`, `−A x`, `-A*x`, `-A x`},
	{`-(-x)`, `x`, `x`, `x`},
	{`(x'*w)/(a+b)*X`, `(xᵀ w) X / (a + b)`, `(x'*w)*X/(a + b)`, `\frac{x^\top w}{a + b} X`},
	{`(x'*w)*2`, `2 xᵀ w`, `2*x'*w`, `2 x^\top w`},
	{`(1-a/norm2(x))*A`, `(1 − a / ‖x‖) A`, `(1 - a/norm2(x))*A`, `\left(1 - \frac{a}{\lVert x \rVert_2}\right) A`},
	{`a/norm2(x)^3*x*x'`, `a x xᵀ / ‖x‖³`, `a*x*x'/norm2(x)^3`, `\frac{a}{\lVert x \rVert_2^{3}} x x^\top`},
	{`0`, `0`, `0`, `0`},
	{`0*x`, `0 x`, `0*x`, `0 x`},
	{`(2*a-1)/b`, `(2 a − 1)/b`, `(2*a - 1)/b`, `\frac{2 a - 1}{b}`},
	{`A.*B*x`, `(A ⊙ B) x`, `(A .* B)*x`, `(A \odot B) x`},
	{`2*A.*B`, `(2 A) ⊙ B`, `(2*A) .* B`, `(2 A) \odot B`},
	{`-(A.*B)`, `−A ⊙ B`, `-A .* B`, `-A \odot B`},
	{`(A.*B)/2`, `(A ⊙ B)/2`, `(A .* B)/2`, `\frac{A \odot B}{2}`},
	{`kron(x',A)`, `xᵀ ⊗ A`, `kron(x', A)`, `x^\top \otimes A`},
	{`sum(x)^2`, `sum(x)²`, `sum(x)^2`, `\operatorname{sum}(x)^{2}`},
	{`a*ones(m,n)`, `a·ones(m, n)`, `a*ones(m, n)`, `a \mathbf{1}_{m \times n}`},
	{`exp(a)*x`, `exp(a)·x`, `exp(a)*x`, `\exp(a) x`},
	{`(A+B)'`, `(A + B)ᵀ`, `(A + B)'`, `(A + B)^\top`},
	{`-(A*(x-w))`, `A (w − x)`, `A*(w - x)`, `A (w - x)`},
	{`-2*(x-w)*y'+X'`, `Xᵀ − 2 (x − w) yᵀ`, `X' - 2*(x - w)*y'`, `X^\top - 2 (x - w) y^\top`},
	{`-(x+w)*y'`, `−(x + w) yᵀ`, `-(x + w)*y'`, `-(x + w) y^\top`},
	{`-(1-a)*x`, `(a − 1) x`, `(a - 1)*x`, `(a - 1) x`},
	{`A''`, `(Aᵀ)ᵀ`, `(A')'`, `(A^\top)^\top`},
}

func TestForms(t *testing.T) {
	for _, c := range forms {
		r := newReader()
		n := r.read(t, c.in)
		o := &Options{Builder: r.b}
		for _, f := range []struct {
			kind, want string
			print      func(*expr.Node, *Options) Document
		}{{"text", c.text, Text}, {"language", c.language, Language}, {"latex", c.latex, LaTeX}} {
			if got := f.print(n, o).String(); got != f.want {
				t.Errorf("%s of %s:\n got %s\nwant %s", f.kind, c.in, got, f.want)
			}
		}
	}
}
