package check

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/message"
	"example.com/nabla/internal/ops"
	"example.com/nabla/internal/source"
	"example.com/nabla/internal/syntax"
)

// sexpr writes a node in brackets, operator first.
func sexpr(n *expr.Node) string {
	if n == nil {
		return "none"
	}
	var parts []string
	switch n.Op.Name {
	case expr.OpNum:
		return n.Num.String()
	case expr.OpVar:
		return n.Sym.Name
	case expr.OpSize:
		return "#" + n.Sizes[0].String()
	case expr.OpMember:
		return n.Sym.Name + "[" + n.Index.Name + "]"
	case expr.OpIndex:
		return n.Index.Name
	case expr.OpSumOver:
		parts = append(parts, "Σ", n.Index.Name+"≤"+n.Index.Size.String())
	case expr.OpApply:
		parts = append(parts, n.Sym.Name+strings.Repeat("′", n.Order))
	default:
		parts = append(parts, n.Op.Name)
	}
	for _, d := range n.Sizes {
		parts = append(parts, "#"+d.String())
	}
	if n.Op.Name != expr.OpApply && n.Order != 0 {
		parts = append(parts, "@"+strconv.Itoa(n.Order))
	}
	for _, a := range n.Args {
		parts = append(parts, sexpr(a))
	}
	return "(" + strings.Join(parts, " ") + ")"
}

// run checks a text with options; each of decls is a declaration.
func run(t testing.TB, text string, opts Options, decls ...string) (*Program, *source.File, source.List) {
	t.Helper()
	reg := ops.Registry()
	for _, d := range decls {
		decl, diags := syntax.ParseDecl(d, syntax.Options{})
		if diags != nil {
			t.Fatalf("%s: %s", d, diags)
		}
		opts.Decls = append(opts.Decls, decl)
	}
	prog, diags := syntax.ParseProgram(text, syntax.Options{IsFunction: func(n string) bool { return reg.Overloads(n) != nil }, Letters: syntax.PaperProducts})
	if diags != nil {
		t.Fatalf("%s", diags.Render(prog.File))
	}
	p, diags := Check(expr.NewBuilder(reg), prog, opts)
	return p, prog.File, diags
}

func TestCheck(t *testing.T) {
	for _, c := range []struct{ text, want, understood string }{
		// Inference.
		{"norm2(X*w - y)^2", "(pow (norm2 (add (mul X w) (neg y))) 2)", "X: m × n, w: n, y: m"},
		{"x'*A*x", "(mul (t x) A x)", "x: n, A: n × n"},
		{"x'*A*y", "(mul (t x) A y)", "x: m, A: m × n, y: n"},
		{"A*B*C", "(mul A B C)", "A: m × n, B: n × p, C: p × q"},
		{"tr(A*B)", "(tr (mul A B))", "A: m × n, B: n × m"},
		{"W2*sigmoid(W1*x)", "(mul W2 (sigmoid (mul W1 x)))", "W2: m × n, W1: n × p, x: p"},
		{"a*x + b", "(add (mul a x) b)", "a: scalar, x: n, b: scalar"},
		{"inv(X)", "(inv X)", "X: n × n"},
		{"kron(A,B)*x", "(mul (kron A B) x)", "A: m × n, B: p × q, x: n*q"},
		{"diag(x)*A", "(mul (diagmat x) A)", "x: m, A: m × n"},
		{"diag(A)", "(diagvec A)", "A: n × n"},
		{"x*y'", "(mul x (t y))", "x: n, y: p"},
		{"X + ones(m, 3)", "(add X (ones #m #3))", "X: m × 3"},
		{"tr(A*eye(k))", "(tr (mul A (eye #k)))", "A: k × k"},
		{"A + I_k", "(add A (eye #k))", "A: k × k"},
		{"Iₙ*x", "(mul (eye #n) x)", "x: n"},
		{"X - 1ₙ*h'", "(add X (neg (mul (ones #n) (t h))))", "X: n × p, h: p"},
		{"y − X β", "(add y (neg (mul X β)))", "y: m, X: m × n, β: n"},
		{"λ*‖w‖²", "(mul λ (pow (norm2 w) 2))", "λ: scalar, w: n"},
		{"ones(n)'*x/n", "(div (mul (t (ones #n)) x) #n)", "x: n"},
		{"-Σ_i y[i]'*log(softmax(W*x[i] + b))",
			"(neg (Σ i≤N (mul (t y[i]) (log (softmax (add (mul W x[i]) b))))))",
			"y[i]: m, i = 1..N, W: m × n, x[i]: n, i = 1..N, b: scalar"},
		{"Σᵢ (xᵢᵀ w − cᵢ)²", "(Σ i≤N (pow (add (mul (t x[i]) w) (neg c[i])) 2))", "x[i]: n, i = 1..N, w: n, c[i]: scalar, i = 1..N"},
		{"sum(i, x[i]'*x[i])", "(Σ i≤N (mul (t x[i]) x[i]))", "x[i]: n, i = 1..N"},
		{"sum(i, i*x[i])", "(Σ i≤N (mul i x[i]))", "x[i]: n, i = 1..N"},
		{"p: scalar integer; Σ_{k=1}^p A^(k-1)*B*A^(p-k)",
			"(Σ k≤p (mul (mpow A (add k -1)) B (mpow A (add p (neg k)))))", "p: scalar integer, A: n × n, B: n × n"},
		{"sum(k = 1..3, a^k) + sum(k = 1..n, k)*ones(n)'*x", "(add (Σ k≤3 (pow a k)) (mul (Σ k≤n k) (t (ones #n)) x))", "a: scalar, x: n"},
		{"t'*A", "(mul (t t) A)", "t: m, A: m × n"},
		{"l = log|Σ| + (1/N) Σᵢ (xᵢ − x̄)ᵀ Σ⁻¹ (xᵢ − x̄); x̄ = (1/N) Σᵢ xᵢ; x[i]: vector(m), i = 1..N; Σ: matrix(m, m) symmetric posdef",
			"(add (log (det Σ)) (mul (div 1 #N) (Σ i≤N (mul (t (add x[i] (neg (mul (div 1 #N) (Σ i≤N x[i]))))) (inv Σ) (add x[i] (neg (mul (div 1 #N) (Σ i≤N x[i]))))))))",
			"Σ: m × m symmetric posdef, x[i]: m, i = 1..N"},
		{"I*x", "(mul I x)", "I: m × n, x: n"},
		// Letters that say what hardly anybody means.
		{"norm2(A*x - b)^2", "(pow (norm2 (add (mul A x) (neg b))) 2)", "A: m × n, x: n, b: m"},
		{"norm2(b - A*x)^2", "(pow (norm2 (add b (neg (mul A x)))) 2)", "b: m, A: m × n, x: n"},
		{"norm2(x - c - y)^2", "(pow (norm2 (add x (neg c) (neg y))) 2)", "x: n, c: n, y: n"},
		{"norm2(X*w + b - y)^2", "(pow (norm2 (add (mul X w) b (neg y))) 2)", "X: m × n, w: n, b: scalar, y: m"},
		{"sum(log(x - eps))", "(sum (log (add x (neg eps))))", "x: n, eps: scalar"},
		{"norm2(X - c)^2", "(pow (norm2 (add X (neg c))) 2)", "X: m × n, c: scalar"},
		{"log(w'*x - b)", "(log (add (mul (t w) x) (neg b)))", "w: n, x: n, b: scalar"},
		{"(x - μ)'*Σ^-1*(x - μ)", "(mul (t (add x (neg μ))) (inv Σ) (add x (neg μ)))", "x: n, μ: n, Σ: n × n"},
		{"a'*X*b", "(mul (t a) X b)", "a: m, X: m × n, b: n"},
		{"x'*b", "(mul (t x) b)", "x: n, b: n"},
		{"det(A + t*B)", "(det (add A (mul t B)))", "A: n × n, t: scalar, B: n × n"},
		{"tr(inv(K + s^2*eye(n)))", "(tr (inv (add K (mul (pow s 2) (eye #n)))))", "K: n × n, s: scalar"},
		{"Σ_i (y[i] - w'*x[i])^2", "(Σ i≤N (pow (add y[i] (neg (mul (t w) x[i]))) 2))", "y[i]: scalar, i = 1..N, w: n, x[i]: n, i = 1..N"},
		{"Σ_i log(1 + exp(-y[i]*w'*x[i]))", "(Σ i≤N (log (add 1 (exp (mul (neg y[i]) (t w) x[i])))))", "y[i]: scalar, i = 1..N, w: n, x[i]: n, i = 1..N"},
		{"Σ_i x[i]*x[i]'", "(Σ i≤N (mul x[i] (t x[i])))", "x[i]: n, i = 1..N"},
		{"Σ_i x[i] - c", "(add (Σ i≤N x[i]) (neg c))", "x[i]: n, i = 1..N, c: n"},
		// Operators.
		{"2*3/4", "(div (mul 2 3) 4)", ""},
		{"1/2*x", "(mul 1/2 x)", "x: n"},
		{"-a^2*b", "(mul (neg (pow a 2)) b)", "a: scalar, b: scalar"},
		{"a - b - 1", "(add a (neg b) -1)", "a: scalar, b: scalar"},
		{"x.*y./z.^2", "(eldiv (hadamard x y) (elpow z 2))", "x: n, y: n, z: n"},
		{"a.^b + a./b", "(add (pow a b) (div a b))", "a: scalar, b: scalar"},
		{"X^-1*X⁻ᵀ", "(mul (inv X) (t (inv X)))", "X: n × n"},
		{"X^3", "(mpow X 3)", "X: n × n"},
		{"A ⊗ B", "(kron A B)", "A: m × n, B: p × q"},
		{"a'", "(t a)", "a: n"},
		{"|a| + |X|", "(add (abs a) (det X))", "a: scalar, X: n × n"},
		{"max(0, x)", "(max 0 x)", "x: n"},
		{"√a", "(sqrt a)", "a: scalar"},
		{"log(2*pi)*a", "(mul (log (mul 2 (pi))) a)", "a: scalar"},
		{"basis(n, 2)'*x", "(mul (t (basis #n @2)) x)", "x: n"},
		{"A: matrix(m, n); commutation(m, n)*vec(A)", "(mul (commutation #m #n) (vec A))", ""},
		{"A*(B*x)", "(mul A (mul B x))", "A: m × n, B: n × p, x: p"},
		// Declarations and definitions.
		{"X: matrix(m, n)\nw: vector(n)\nX*w", "(mul X w)", "X: m × n, w: n"},
		{"S: matrix(n, n) symmetric posdef; c: scalar positive; c*S", "(mul c S)", "c: scalar positive, S: n × n symmetric posdef"},
		{"p: scalar integer; tr(X^p)", "(tr (mpow X p))", "X: n × n, p: scalar integer"},
		{"p: scalar integer; tr(X^(2*p - 1))", "(tr (mpow X (add (mul 2 p) -1)))", "X: n × n, p: scalar integer"},
		{"A: matrix(2*n, n+1); A'", "(t A)", "A: 2*n × (n + 1)"},
		{"σ: function; sum(σ(W*x)) + sum(σ′(x))", "(add (sum (σ (mul W x))) (sum (σ′ x)))", ""},
		{"l = y'*h; h = tanh(a1); a1 = W*x; l", "(mul (t y) (tanh (mul W x)))", "y: m, W: m × n, x: n"},
		{"a = W*x\nl = sum(a)", "(sum (mul W x))", "W: m × n, x: n"},
		{"x[i]: vector(n), i = 1..N; w: vector(n); sum(i, w'*x[i])/N", "(div (Σ i≤N (mul (t w) x[i])) #N)", "w: n, x[i]: n, i = 1..N"},
		{"x[i]: vector(n), i = 1..N; a[i] = W*x[i]; Σ_j sum(a[j])", "(Σ j≤N (sum (mul W x[j])))", "W: m × n, x[i]: n, i = 1..N"},
		{"x[i]: vector(n), i = 1..N; x̄ = (1/N)*Σ_i x[i]; Σ_i (x[i] - x̄)'*(x[i] - x̄)",
			"(Σ i≤N (mul (t (add x[i] (neg (mul (div 1 #N) (Σ i≤N x[i]))))) (add x[i] (neg (mul (div 1 #N) (Σ i≤N x[i]))))))", "x[i]: n, i = 1..N"},
		{"Σ_{j=1}^M x[j]'*w", "(Σ j≤M (mul (t x[j]) w))", "x[j]: n, j = 1..M, w: n"},
	} {
		p, file, diags := run(t, c.text, Options{})
		if diags != nil {
			t.Errorf("%s\n%s", c.text, diags.Render(file))
			continue
		}
		if got := sexpr(p.Result); got != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.text, got, c.want)
		}
		if got := p.Understood(); c.understood != "" && got != c.understood {
			t.Errorf("%s\n got %s\nwant %s", c.text, got, c.understood)
		}
	}
}

// Names to differentiate by: declared, undeclared, absent, defined.
func TestWrt(t *testing.T) {
	for _, c := range []struct {
		text string
		wrt  string
		want string
	}{
		{"norm2(X*w - y)^2", "w", "(pow (norm2 (add (mul X w) (neg y))) 2) by w; X: m × n, w: n, y: m"},
		{"x'*x", "y z", "(mul (t x) x) by y z; x: n, y: p, z: q"},
		{"a = W*x; l = -y'*log(softmax(a))", "a", "(mul (neg (t y)) (log (softmax a))) by a; y: m, a: m, W: m × n, x: n"},
		{"h = tanh(a); a = W*x; l = sum(h) + sum(a)", "a", "(add (sum (tanh a)) (sum a)) by a; a: m, W: m × n, x: n"},
		{"h = tanh(a); a = W*x; l = sum(h) + sum(a)", "h", "(add (sum h) (sum (mul W x))) by h; h: m, W: m × n, x: n"},
		{"a = W*x; y'*y", "a", "(mul (t y) y) by a; y: n, W: m × p, x: p, a: m"},
		{"a = 2; 1", "a", "1 by a; a: scalar"},
		{"x[i]: vector(n), i = 1..N; Σ_i x[i]'*x[i]", "x", "(Σ i≤N (mul (t x[i]) x[i])) by x; x[i]: n, i = 1..N"},
		{"x[i]: vector(n), i = 1..N; a[i] = W*x[i]; Σ_i a[i]'*a[i]", "a", "(Σ i≤N (mul (t a[i]) a[i])) by a; a[i]: m, i = 1..N, x[i]: n, i = 1..N, W: m × n"},
		{"x[i]: vector(n), i = 1..N; Σ_i x[i]'*x[i]", "x[i]", "(Σ i≤N (mul (t x[i]) x[i])) by x; x[i]: n, i = 1..N"},
	} {
		p, file, diags := run(t, c.text, Options{Wrt: strings.Fields(c.wrt)})
		if diags != nil {
			t.Errorf("%s\n%s", c.text, diags.Render(file))
			continue
		}
		var by []string
		for _, s := range p.Wrt {
			by = append(by, s.Name)
		}
		if got := sexpr(p.Result) + " by " + strings.Join(by, " ") + "; " + p.Understood(); got != c.want {
			t.Errorf("%s by %s\n got %s\nwant %s", c.text, c.wrt, got, c.want)
		}
	}
}

// The types that are found may not depend on how names are spelled, as long as
// their first letters say the same.
func TestRenaming(t *testing.T) {
	for _, c := range []struct{ a, b string }{
		{"norm2(X*w - y)^2 + x'*A*w", "norm2(B*z - h)^2 + o'*M*z"},
		{"kron(A,B)*x + tr(X)*y", "kron(Z,C)*u + tr(A)*w"},
	} {
		p, _, _ := run(t, c.a, Options{})
		q, _, _ := run(t, c.b, Options{})
		if len(p.Vars) != len(q.Vars) {
			t.Fatalf("%s: %s and %s", c.a, p.Understood(), q.Understood())
		}
		for i := range p.Vars {
			a, b := p.Vars[i], q.Vars[i]
			if strings.TrimPrefix(a.String(), a.Symbol.Name) != strings.TrimPrefix(b.String(), b.Symbol.Name) {
				t.Errorf("%s: %s and %s", c.a, a, b)
			}
		}
	}
}

func TestInstantiate(t *testing.T) {
	b := expr.NewBuilder(ops.Registry())
	m, n := b.Sizes.Size("m"), b.Sizes.Size("n")
	x := b.Var(b.NewSymbol("Z", expr.Matrix, expr.Shape{Rows: m, Cols: n}, 0))
	e, file, _ := syntax.ParseExpr("sum(X)/(i*j)", syntax.Options{})
	node, diags := Instantiate(b, file, e, []Binding{{"X", x}}, []SizeBinding{{"i", m}, {"j", n}})
	if diags != nil {
		t.Fatal(diags.Render(file))
	}
	if got := sexpr(node); got != "(div (sum Z) (mul #m #n))" {
		t.Errorf("got %s", got)
	}
}

func TestNotes(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"tr(log(X*X') + exp(X*X') + exp(X*X'))", "log of a matrix is taken entry by entry; exp of a matrix is taken entry by entry"},
		{"sum(exp(X*w))", ""},
		{"tr(X + I)", "I is taken as a variable; the identity matrix is eye(n) or I_n"},
		{"‖Xw − y‖² + λ‖w‖²", "Xw is read as the product X w"},
		{"norm2(X*w)^2 + tr(Xw)", "Xw is one name; the product is X*w"},
	} {
		p, _, diags := run(t, c.text, Options{})
		if diags != nil {
			t.Fatal(diags)
		}
		if got := strings.Join(message.English(p.Notes), "; "); got != c.want {
			t.Errorf("%s: got %s, want %s", c.text, got, c.want)
		}
	}
}

// Every node of the result has the place where it was written.
func TestSpans(t *testing.T) {
	p, file, _ := run(t, "tr((A*X)'*B)", Options{})
	var got []string
	var walk func(n *expr.Node)
	walk = func(n *expr.Node) {
		got = append(got, file.Slice(p.Span(n)))
		for _, a := range n.Args {
			walk(a)
		}
	}
	walk(p.Result)
	if s := strings.Join(got, " | "); s != "tr((A*X)'*B) | (A*X)'*B | (A*X)' | A*X | A | X | B" {
		t.Errorf("got %s", s)
	}
}

func TestDeep(t *testing.T) {
	chain := strings.Repeat("tanh(W*", 2500) + "x" + strings.Repeat(")", 2500)
	if p, file, diags := run(t, chain, Options{}); diags != nil || p.Understood() != "W: n × n, x: n" {
		t.Errorf("a chain of 2500 layers: %s", diags.Render(file))
	}
	if _, file, diags := run(t, "x"+strings.Repeat(" + x", 50_000), Options{}); diags != nil {
		t.Errorf("a sum of 50000 terms: %s", diags.Render(file))
	}
}

// Long and repetitive programs take time in proportion to their length.
func TestBounded(t *testing.T) {
	many := func(n int, f func(i int) string) string {
		var b strings.Builder
		for i := range n {
			b.WriteString(f(i))
		}
		return b.String()
	}
	n := strconv.Itoa
	for _, c := range []struct{ name, text string }{
		{"undeclared matrices", "A0" + many(20_000, func(i int) string { return "*A" + n(i) })},
		{"undeclared vectors", "x0" + many(20_000, func(i int) string { return "+x" + n(i) })},
		{"declarations", many(4000, func(i int) string { return "X" + n(i) + ": matrix(n" + n(i) + ", n" + n(i+1) + ");" }) + "X0" + many(3999, func(i int) string { return "*X" + n(i+1) })},
		{"chain of definitions", "a0 = x;" + many(9000, func(i int) string { return "a" + n(i+1) + " = tanh(W*a" + n(i) + ");" })},
		{"doubling definitions", "a0 = x*x';" + many(60, func(i int) string { return "a" + n(i+1) + " = a" + n(i) + "*a" + n(i) + ";" })},
		{"doubling families", "a0[i] = x[i]*x[i]';" + many(60, func(i int) string { return "a" + n(i+1) + "[i] = a" + n(i) + "[i]*a" + n(i) + "[i];" }) + "Σ_i a60[i]"},
		{"growing sizes", "A0 = kron(x,x');" + many(60, func(i int) string { return "A" + n(i+1) + " = kron(A" + n(i) + ",A" + n(i) + ");" })},
		{"unknown functions", "1" + many(10_000, func(i int) string { return "+f" + n(i) + "(x)" })},
		{"dots", strings.Repeat("... ", 60_000)},
	} {
		start := time.Now()
		prog, diags := syntax.ParseProgram(c.text, syntax.Options{})
		if diags == nil {
			Check(expr.NewBuilder(ops.Registry()), prog, Options{})
		}
		if d := time.Since(start); d > 10*time.Second {
			t.Errorf("%s: %v", c.name, d)
		} else {
			t.Logf("%s: %v", c.name, d)
		}
	}
}

func BenchmarkCheck(b *testing.B) {
	reg := ops.Registry()
	for _, c := range []struct {
		name, text string
		decls      []string
	}{
		{"declared", "norm2(X*w - y)^2 + c*w'*w", []string{"X: matrix(m, n)", "w: vector(n)", "y: vector(m)", "c: scalar"}},
		{"inferred", "norm2(X*w - y)^2 + c*w'*w", nil},
	} {
		b.Run(c.name, func(b *testing.B) {
			var opts Options
			for _, d := range c.decls {
				decl, _ := syntax.ParseDecl(d, syntax.Options{})
				opts.Decls = append(opts.Decls, decl)
			}
			prog, _ := syntax.ParseProgram(c.text, syntax.Options{})
			b.ReportAllocs()
			for b.Loop() {
				if _, diags := Check(expr.NewBuilder(reg), prog, opts); diags != nil {
					b.Fatal(diags)
				}
			}
		})
	}
}

// No program makes the check panic, and what it accepts has shapes that the
// builder agrees with.
func FuzzCheck(f *testing.F) {
	for _, s := range []string{
		"norm2(X*w - y)^2", "kron(A,B)*x + vec(A*B')", "a = W*x; l = sum(a); l", "x[i]: vector(n), i = 1..N; Σ_i x[i]'*w/N",
		"S: matrix(n, n) symmetric; tr(S^3) + |S| + ‖S‖_F²", "σ: function; σ′(x)", "A: matrix(2*n, n+1); A⁻ᵀ", "max(0, 1 - y.*(X*w))",
		"a[i] = W*x[i]; Σ_j a[j]", "basis(n, 2) + I_n*ones(n)", "diag(diag(A)*x')", "softmaxrows(X).^2./Y", "-x^2 - c/0", "x β + Xᵀ α",
	} {
		f.Add(s)
	}
	reg := ops.Registry()
	f.Fuzz(func(t *testing.T, text string) {
		prog, diags := syntax.ParseProgram(text, syntax.Options{IsFunction: func(n string) bool { return reg.Overloads(n) != nil }})
		if diags != nil {
			return
		}
		for _, opts := range []Options{{}, {Closed: true}, {Wrt: []string{"a", "x", "w"}}} {
			p, diags := Check(expr.NewBuilder(reg), prog, opts)
			if diags != nil {
				diags.Render(prog.File)
				continue
			}
			if p.Result == nil || p.Result.Shape.Rows == nil || strings.Contains(p.Understood(), "?") {
				t.Errorf("%q gives %s with %s", text, sexpr(p.Result), p.Understood())
			}
		}
	})
}

// TestEquation types equations: in the program, where the difference is the result,
// and beside it, where they take part in inference.
func TestEquation(t *testing.T) {
	equation := func(text string) *syntax.Equation {
		e, diags := syntax.ParseEquation(text, syntax.Options{})
		if diags != nil {
			t.Fatal(diags)
		}
		return e
	}
	b := expr.NewBuilder(ops.Registry())
	prog, diags := syntax.ParseProgram("A*X*B = C", syntax.Options{Equations: true})
	if diags != nil {
		t.Fatal(diags)
	}
	p, diags := Check(b, prog, Options{})
	if diags != nil {
		t.Fatal(diags)
	}
	if got := sexpr(p.Result); got != "(add (mul A X B) (neg C))" || p.Equation == nil || sexpr(p.Equation.Right) != "C" {
		t.Errorf("result %s, equation %v", got, p.Equation)
	}
	for _, c := range []struct{ side, want string }{
		{"A*x = b", "(add (mul A x) (neg b))"}, // b is taken as a vector
		{"sum(x) = 1", "(add (sum x) -1)"},
		{"x = 0", "(add x 0)"},
		{"A*x = A", "1:5: the sides of the equation differ in shape: A*x (m) and A (m × n)"},
		{"x = u'*u", "1:3: the sides of the equation differ in shape: x (n) and u'*u (scalar)"},
	} {
		p, file, diags := run(t, "x'*x", Options{Side: []*syntax.Equation{equation(c.side)}})
		if diags != nil {
			if got, _, _ := strings.Cut(diags.Render(file), "\n"); got != c.want {
				t.Errorf("%s: %s, want %s", c.side, got, c.want)
			}
			continue
		}
		if got := sexpr(p.Side[0].Diff); got != c.want {
			t.Errorf("%s: %s, want %s", c.side, got, c.want)
		}
	}
}
