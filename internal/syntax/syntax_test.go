package syntax

import (
	"strings"
	"testing"
)

// sexpr writes a tree in brackets, operator first.
func sexpr(x Expr) string {
	var b strings.Builder
	writeSexpr(&b, x)
	return b.String()
}

func writeSexpr(b *strings.Builder, x Expr) {
	head, kids := "", []Expr(nil)
	switch x := x.(type) {
	case *Number:
		b.WriteString(x.Text)
		return
	case *Name:
		b.WriteString(x.Name)
		return
	case *Call:
		head, kids = x.Func.Name+"()", x.Args
	case *Index:
		head, kids = x.Family.Name+"[]", []Expr{x.Sub}
	case *Unary:
		head, kids = x.Op.String(), []Expr{x.X}
	case *Binary:
		head, kids = x.Op.String(), []Expr{x.X, x.Y}
	case *Norm:
		head, kids = "norm"+x.Kind.String(), []Expr{x.X}
	case *Bars:
		head, kids = "bars", []Expr{x.X}
	case *SumOver:
		head, kids = "Σ "+x.Index.Name, []Expr{x.Body}
		if x.From != nil {
			head, kids = "Σ "+x.Index.Name, []Expr{x.From, x.To, x.Body}
		}
	case *Fill:
		head, kids = "0_", x.Sizes
		if x.One {
			head = "1_"
		}
	}
	b.WriteByte('(')
	b.WriteString(head)
	for _, k := range kids {
		b.WriteByte(' ')
		writeSexpr(b, k)
	}
	b.WriteByte(')')
}

func program(p *Program) string {
	var out []string
	for _, s := range p.Stmts {
		switch s := s.(type) {
		case *ExprStmt:
			out = append(out, sexpr(s.X))
		case *Definition:
			name := s.Name.Name
			if s.Index.Name != "" {
				name += "[" + s.Index.Name + "]"
			}
			out = append(out, "(= "+name+" "+sexpr(s.Body)+")")
		case *Decl:
			d := "(:"
			for _, n := range s.Names {
				d += " " + n.Name
			}
			if s.Index.Name != "" {
				d += " [" + s.Index.Name + "]"
			}
			d += " (" + s.Type.Kind.String()
			for _, x := range s.Type.Sizes {
				d += " " + sexpr(x)
			}
			d += ")"
			for _, f := range s.Facts {
				d += " " + f.Name
			}
			if s.Range != nil {
				d += " (" + s.Range.Index.Name + " " + sexpr(s.Range.From) + " " + sexpr(s.Range.To) + ")"
			}
			out = append(out, d+")")
		}
	}
	return strings.Join(out, " ")
}

var treeCases = []struct{ text, want string }{
	// Precedence and grouping.
	{"a + b*c", "(+ a (* b c))"},
	{"a - b - c", "(- (- a b) c)"},
	{"a - (b - c)", "(- a (- b c))"},
	{"-x^2", "(- (^ x 2))"},
	{"-x*y", "(* (- x) y)"},
	{"x^-1", "(^ x (- 1))"},
	{"x^+1", "(^ x (+ 1))"},
	{"X^2'", "(' (^ X 2))"},
	{"X'^2", "(^ (' X) 2)"},
	{"x^2^3", "(^ (^ x 2) 3)"},
	{"a/b*c", "(* (/ a b) c)"},
	{"a.*b./c.^d", "(./ (.* a b) (.^ c d))"},
	{"a*-b", "(* a (- b))"},
	{"--a", "(- (- a))"},
	{"A @ B", "(* A B)"},
	{"1./x", "(./ 1 x)"},
	{"2.*x", "(.* 2 x)"},
	{"2.5.*x", "(.* 2.5 x)"},
	{"x.^-1", "(.^ x (- 1))"},
	{"x^{-1}", "(^ x (- 1))"},
	{"x^{n+1}", "(^ x (+ n 1))"},
	{"f(x)", "(f() x)"},
	{"f(x, y+1)", "(f() x (+ y 1))"},
	{"f()", "(f())"},
	{"x[i]", "(x[] i)"},
	{"x[i]'*y[i+1]", "(* (' (x[] i)) (y[] (+ i 1)))"},
	// Transposes.
	{"A'B", "error"},
	{"A'*B", "(* (' A) B)"},
	{"A.'", "(' A)"},
	{"A’*B", "(* (' A) B)"},
	{"Aᵀ B", "(* (' A) B)"},
	{"A⊤B", "(* (' A) B)"},
	{"A^T*B", "(* (' A) B)"},
	{"A^⊤*B", "(* (' A) B)"},
	{"A^{T}*B", "(* (' A) B)"},
	{"A^(-T)", "(⁻ᵀ A)"},
	{"A^-T", "(⁻ᵀ A)"},
	{"A^{-T}", "(⁻ᵀ A)"},
	{"T: scalar; A^T", "(: T (scalar)) (^ A T)"},
	{"T: scalar; A^-T", "(: T (scalar)) (^ A (- T))"},
	{"A⁻ᵀ", "(⁻ᵀ A)"},
	{"A^-(T)", "(^ A (- T))"},
	{"a^(T(b))", "(^ a (T() b))"},
	{"A⁻¹", "(^ A (- 1))"},
	{"A²ᵀ", "(' (^ A 2))"},
	{"Aᵀ²", "(^ (' A) 2)"},
	{"A⁻¹ᵀ", "(' (^ A (- 1)))"},
	{"x¹²", "(^ x 12)"},
	{"xⁿ", "(^ x n)"},
	{"x⁻ᵏ", "(^ x (- k))"},
	{"(a+b)′", "(' (+ a b))"},
	// Unicode operators.
	{"a ⊙ b ∘ c", "(.* (.* a b) c)"},
	{"a ⊘ b", "(./ a b)"},
	{"A ⊗ B*C", "(* (⊗ A B) C)"},
	{"a − b · c", "(- a (* b c))"},
	{"a × b ÷ c", "(/ (* a b) c)"},
	{"√x + √(x+1)", "(+ (sqrt() x) (sqrt() (+ x 1)))"},
	{"½ x", "(* ½ x)"},
	{"（a＋b）＊c", "(* (+ a b) c)"},
	{"f（x，y）", "(f() x y)"},
	// Juxtaposition.
	{"2x", "(* 2 x)"},
	{"2 x'*y", "(* (* 2 (' x)) y)"},
	{"2(x+1)", "(* 2 (+ x 1))"},
	{"3*2 x", "(* (* 3 2) x)"},
	{"2 Xᵀ(X w − y)", "(* (* 2 (' X)) (- (* X w) y))"},
	{"Xᵀ exp(X w)", "(* (' X) (exp() (* X w)))"},
	{"x: vector(n); y: vector(n); xᵀ y (y+x)", "(: x (vector n)) (: y (vector n)) (* (* (' x) y) (+ y x))"},
	{"x: vector(n); x(2)", "(: x (vector n)) (x() 2)"},
	{"s: function; s(xᵀ)", "(: s (function)) (s() (' x))"},
	{"1/2 x", "(* (/ 1 2) x)"},
	{"2 ‖x‖ |a|", "(* (* 2 (norm x)) (bars a))"},
	{"A 1ₙ", "error"},
	{"A·B 1ₙ − b", "(- (* (* A B) (1_ n)) b)"},
	{"2e", "(* 2 e)"},
	{"2exp(x)", "(* 2 (exp() x))"},
	// Bars and norms.
	{"|x|", "(bars x)"},
	{"|a| + |b|", "(+ (bars a) (bars b))"},
	{"|a*|b||", "(bars (* a (bars b)))"},
	{"|a|*|b|", "(* (bars a) (bars b))"},
	{"||x||", "(norm x)"},
	{"||x - y||^2", "(^ (norm (- x y)) 2)"},
	{"‖X w − y‖²", "(^ (norm (- (* X w) y)) 2)"},
	{"‖X‖_F²", "(^ (norm_F X) 2)"},
	{"‖X‖_F^2", "(^ (norm_F X) 2)"},
	{"‖x‖₁ + ||y||_2", "(+ (norm_1 x) (norm_2 y))"},
	{"‖x‖₂²", "(^ (norm_2 x) 2)"},
	{"‖x/‖x‖‖", "(norm (/ x (norm x)))"},
	{"|‖x‖|", "(bars (norm x))"},
	{"‖|a|‖", "(norm (bars a))"},
	{"|(a|b|)|", "error"},
	{"log |Σ|", "error"},
	{"log(|Σ|)", "(log() (bars Σ))"},
	// Sums.
	{"sum(i, x[i])", "(sum() i (x[] i))"},
	{"Σ_i x[i]", "(Σ i (x[] i))"},
	{"Σᵢ x[i]", "(Σ i (x[] i))"},
	{"-Σ_i a*b + c", "(+ (- (Σ i (* a b))) c)"},
	{"2*Σ_i a*b", "(* 2 (Σ i (* a b)))"},
	{"∑_{i} x[i]", "(Σ i (x[] i))"},
	{"Σ_{i=1}^N x[i]", "(Σ i 1 N (x[] i))"},
	{"Σ_{i=1}^{N} x[i]", "(Σ i 1 N (x[] i))"},
	{"∑ᵢ₌₁ᴺ x[i]", "(Σ i 1 N (x[] i))"},
	{"∑_{i=1}^N (a+b)", "(Σ i 1 N (+ a b))"},
	{"sum(k = 1..p, X^(k-1)*A)", "(Σ k 1 p (* (^ X (- k 1)) A))"},
	{"2*sum(i = 1…N, a + b)/c", "(/ (* 2 (Σ i 1 N (+ a b))) c)"},
	{"a = sum(k = 1..3, k)", "(= a (Σ k 1 3 k))"},
	{"sum(k = 1..p)", "error"},
	{"sum(k = p, a)", "error"},
	{"Σ + Σ'", "(+ Σ (' Σ))"},
	{"Σ₁*Σ₂", "(* Σ₁ Σ₂)"},
	{"Σ_x: matrix(n,n); Σ_x*Σ_x", "(: Σ_x (matrix n n)) (* Σ_x Σ_x)"},
	// Names and numbers.
	{"x̄ + ŷ + W₁ + x_1 + W_{1,2} + α + 变量 + x′ + x_bar", "(+ (+ (+ (+ (+ (+ (+ (+ x̄ ŷ) W₁) x_1) W_{1,2}) α) 变量) x′) x_bar)"},
	{"Iₙ + I_n", "(+ Iₙ I_n)"},
	{"1ₙ*1_n' + 0_{m×n} + 1_{n+1} + 0_{m,n} + 1_3", "(+ (+ (+ (+ (* (1_ n) (' (1_ n))) (0_ m n)) (1_ (+ n 1))) (0_ m n)) (1_ 3))"},
	{"1e-3 + .5 + 1.5E+2", "(+ (+ 1e-3 .5) 1.5E+2)"},
	// Statements.
	{"a = W*x\nb := a'", "(= a (* W x)) (= b (' a))"},
	{"a[i] = W*x[i]", "(= a[i] (* W (x[] i)))"},
	{"X: matrix(m, n) symmetric posdef", "(: X (matrix m n) symmetric posdef)"},
	{"A, B: matrix(n,n), symmetric", "(: A B (matrix n n) symmetric)"},
	{"x: vector(2*n+1); c: scalar positive", "(: x (vector (+ (* 2 n) 1))) (: c (scalar) positive)"},
	{"x[i]: vector(n) onehot, i = 1..N", "(: x [i] (vector n) onehot (i 1 N))"},
	{"x[i]: vector(n), i=1…N", "(: x [i] (vector n) (i 1 N))"},
	{"x[i]: vector(n), i = 1, …, N", "(: x [i] (vector n) (i 1 N))"},
	{"x[i], y[i]: vector(n), i = 1..N", "error"},
	{"σ: function", "(: σ (function))"},
	{"# a comment\na = (1 +\n  2) % more\n\n;; a *\n b", "(= a (+ 1 2)) (* a b)"},
	{"a + ...\n b", "(+ a b)"},
	{"x^2;", "(^ x 2)"},
}

func TestTree(t *testing.T) {
	for _, c := range treeCases {
		p, diags := ParseProgram(c.text, Options{})
		got := program(p)
		if len(diags) > 0 {
			got = "error"
			if c.want != "error" {
				t.Errorf("%s\n%s", c.text, diags.Render(p.File))
				continue
			}
		}
		if got != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.text, got, c.want)
		}
	}
}

func TestJuxtaposeOption(t *testing.T) {
	opts := Options{Juxtapose: true, IsVariable: func(n string) bool { return n == "w" }, IsFunction: func(n string) bool { return n == "exp" }}
	for _, c := range []struct{ text, want string }{
		{"X w", "(* X w)"},
		{"w (x)", "(* w x)"},
		{"w(x)", "(* w x)"},
		{"X (w)", "(* X w)"},
		{"exp (w)", "(exp() w)"},
		{"foo(w)", "(foo() w)"},
		{"exp|w| + 1", "(+ (exp() (bars w)) 1)"},
	} {
		x, file, diags := ParseExpr(c.text, opts)
		if diags != nil {
			t.Errorf("%s\n%s", c.text, diags.Render(file))
		} else if got := sexpr(x); got != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.text, got, c.want)
		}
	}
}

// Text and parser agree on every form of the table.
func TestTextRoundTrip(t *testing.T) {
	for _, c := range treeCases {
		p, diags := ParseProgram(c.text, Options{})
		if len(diags) > 0 {
			continue
		}
		checkRoundTrip(t, p)
	}
}

func checkRoundTrip(t *testing.T, p *Program) {
	t.Helper()
	for _, s := range p.Stmts {
		e, ok := s.(*ExprStmt)
		if !ok {
			continue
		}
		declared := map[string]bool{}
		for _, s := range p.Stmts {
			switch s := s.(type) {
			case *Decl:
				for _, n := range s.Names {
					declared[n.Name] = s.Type.Kind != FunctionKind
				}
			case *Definition:
				declared[s.Name.Name] = true
			}
		}
		text := Text(e.X)
		y, file, diags := ParseExpr(text, Options{IsVariable: func(n string) bool { return declared[n] }, MaxBytes: 1 << 24})
		if diags != nil {
			t.Errorf("printed text of %q does not parse:\n%s", p.File.Text, diags.Render(file))
		} else if sexpr(y) != sexpr(e.X) {
			t.Errorf("%q is printed as %q\n got %s\nwant %s", p.File.Text, text, sexpr(y), sexpr(e.X))
		}
	}
}

func TestType(t *testing.T) {
	d, diags := ParseType("S", "matrix(n,n) symmetric posdef", Options{})
	if got := program(&Program{Stmts: []Stmt{d}}); diags != nil || got != "(: S (matrix n n) symmetric posdef)" {
		t.Errorf("got %s, %v", got, diags)
	}
	for _, c := range []struct{ text, want string }{
		{"matrix(n,n) +", "expected an operator or the end of the statement after ), found +"},
		{"vector(n); x", "expected the end of the declaration, found ;"},
		{"", "expected matrix, vector, scalar or function, found end of input"},
	} {
		if _, diags := ParseType("S", c.text, Options{}); diags.Error() != c.want {
			t.Errorf("%q: got %v, want %s", c.text, diags, c.want)
		}
	}
	for _, c := range []struct{ text, want string }{
		{"x + 1", "expected a declaration, found an expression"},
		{"x: scalar; y: scalar", "expected one declaration, found several"},
	} {
		if _, diags := ParseDecl(c.text, Options{}); diags.Error() != c.want {
			t.Errorf("%q: got %v, want %s", c.text, diags, c.want)
		}
	}
}

func TestNumberValue(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"12", "12"}, {"0.25", "1/4"}, {"1e-2", "1/100"}, {"½", "1/2"}, {".5", "1/2"}, {"1234567890123", "1234567890123"}, {"1.5e1", "15"},
	} {
		if got := (&Number{Text: c.text}).Rat().RatString(); got != c.want {
			t.Errorf("%s: got %s, want %s", c.text, got, c.want)
		}
	}
}

func TestSplitSubscript(t *testing.T) {
	for _, c := range []struct {
		name, base, sub string
		ok              bool
	}{
		{"Iₙ", "I", "n", true}, {"I_n", "I", "n", true}, {"I_{n}", "I", "n", true}, {"x₁₂", "x", "12", true},
		{"x", "x", "", false}, {"x_", "x", "", false}, {"W_1", "W", "1", true},
	} {
		if b, s, ok := SplitSubscript(c.name); b != c.base || s != c.sub || ok != c.ok {
			t.Errorf("%s: got %s %s %v", c.name, b, s, ok)
		}
	}
}

func TestWriteTree(t *testing.T) {
	p, _ := ParseProgram("x: vector(n)\nl = -‖x‖²", Options{})
	var b strings.Builder
	if err := WriteTree(&b, p); err != nil {
		t.Fatal(err)
	}
	want := `declaration x: vector  1:1
  name n  1:11
definition l  2:1
  negation  2:5
    power  2:9
      norm  2:6
        name x  2:7
      number 2  2:9
`
	if b.String() != want {
		t.Errorf("got\n%s\nwant\n%s", b.String(), want)
	}
}

// Parsing never panics, and what is parsed survives printing.
func FuzzParse(f *testing.F) {
	for _, c := range treeCases {
		f.Add(c.text)
	}
	for _, c := range errorCases {
		f.Add(c.text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		p, diags := ParseProgram(text, Options{})
		diags.Render(p.File)
		if len(diags) == 0 {
			checkRoundTrip(t, p)
		}
	})
}

func BenchmarkParse(b *testing.B) {
	const text = "tr((A*X*B - C)'*(A*X*B - C)) + norm2(X*w - y)^2/2 - logdet(X'*X + c*eye(n))"
	b.ReportAllocs()
	for b.Loop() {
		if _, diags := ParseProgram(text[:75], Options{}); diags != nil {
			b.Fatal(diags)
		}
	}
}

// TestEquation reads equations where they are allowed, and says what is missing.
func TestEquation(t *testing.T) {
	prog, diags := ParseProgram("B = A; A*X*B = C", Options{Equations: true})
	if len(diags) > 0 || len(prog.Stmts) != 2 {
		t.Fatalf("%v, %d statements", diags, len(prog.Stmts))
	}
	if _, ok := prog.Stmts[0].(*Definition); !ok {
		t.Errorf("B = A is %T", prog.Stmts[0])
	}
	e, ok := prog.Stmts[1].(*Equation)
	if !ok || Text(e.X) != "A*X*B" || Text(e.Y) != "C" {
		t.Errorf("A*X*B = C is %T", prog.Stmts[1])
	}
	if _, diags := ParseProgram("A*X*B = C", Options{}); len(diags) != 1 {
		t.Errorf("an equation where none is allowed: %v", diags)
	}
	for _, c := range []struct{ text, want string }{
		{"b = A*x", ""},
		{"A*x = b", ""},
		{"A*x", "1:4: expected = and the other side of the equation after x, found end of input"},
		{"A*x =", "1:6: expected an expression after =, found end of input"},
		{"a = b; c = d", "1:8: expected one equation, found several"},
		{"", "1:1: expected an expression, found nothing"},
	} {
		e, diags := ParseEquation(c.text, Options{})
		got, _, _ := strings.Cut(diags.Render(e.File), "\n")
		if got != c.want {
			t.Errorf("%q: %q, want %q", c.text, got, c.want)
		}
		if c.want == "" && (e.X == nil || e.Y == nil) {
			t.Errorf("%q has no sides", c.text)
		}
	}
}
