package print

import (
	"strings"
	"testing"

	"example.com/nabla/internal/expr"
)

func TestNames(t *testing.T) {
	r := newReader()
	z := r.read(t, "A*x - w")
	n := r.b.Node(expr.OpMul, r.read(t, "A'"), r.b.Node("exp", z))
	o := &Options{Builder: r.b, Names: map[*expr.Node]string{z: "z", n: "g"}}
	for _, c := range []struct {
		n      *expr.Node
		expand bool
		want   string
	}{{n, false, "g"}, {n, true, "Aᵀ exp(z)"}, {z, true, "A x − w"}, {r.b.Node("inv", r.b.Node("diagmat", z)), false, "diag(z)⁻¹"}} {
		o.Expand = c.expand
		if got := Text(c.n, o).String(); got != c.want {
			t.Errorf("got %s, want %s", got, c.want)
		}
	}
}

func TestIdentityNames(t *testing.T) {
	r := newReader()
	n := r.read(t, "eye(n)")
	one := r.b.One()
	r.b.NewSymbol("I_n", expr.Scalar, expr.Shape{Rows: one, Cols: one}, 0)
	if got := Text(n, &Options{Builder: r.b}).String(); got != "eye(n)" {
		t.Errorf("got %s beside a variable I_n", got)
	}
}

func TestDefinitions(t *testing.T) {
	r := newReader()
	n := r.read(t, "exp(A*x + w)'*A*(exp(A*x + w).*tanh(A*x + w))*x")
	d := Text(n, &Options{Builder: r.b, MaxTokens: 10})
	want := "t1 = A·x + w\n(exp(t1)ᵀ A (exp(t1) ⊙ tanh(t1))) x"
	if got := d.String(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	d = LaTeX(n, &Options{Builder: r.b, MaxTokens: 10})
	if got, want := d.Result, `(\exp(t_1)^\top A (\exp(t_1) \odot \tanh(t_1))) x`; got != want || d.Definitions[0].Name != "t_1" {
		t.Errorf("got %s after %v, want %s", got, d.Definitions, want)
	}
	if got, want := d.String(), "\\begin{aligned}\nt_1 &= A x + w \\\\\n& "+d.Result+"\n\\end{aligned}"; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	r.b.Sizes.Size("t1") // a size of that name
	if got := Text(n, &Options{Builder: r.b, MaxTokens: 10}).Definitions[0].Name; got != "t_1" {
		t.Errorf("definition is called %s beside a size t1", got)
	}
}

// A part of a sum that contains its index has no meaning outside the sum.
func TestDefinitionsInSums(t *testing.T) {
	r := newReader()
	n := r.read(t, "sum(i, exp(A*h[i] - w).*exp(A*h[i] - w).*(A*x - w).*(A*x - w))")
	for _, d := range Text(n, &Options{Builder: r.b, MaxTokens: 5}).Definitions {
		if strings.Contains(d.Text, "h[") {
			t.Errorf("%s = %s stands outside the sum", d.Name, d.Text)
		}
	}
}

// The text of a DAG whose tree is exponential is linear in its nodes.
func TestLinear(t *testing.T) {
	r := newReader()
	n := r.read(t, "tanh(A*x)")
	a := r.read(t, "A")
	const layers = 2000
	for range layers {
		n = r.b.Node(expr.OpMul, a, r.b.Node(expr.OpHadamard, r.b.Node("tanh", n), n))
	}
	for _, f := range []func(*expr.Node, *Options) Document{Text, Language, LaTeX} {
		d := f(n, &Options{Builder: r.b})
		if got := len(d.String()); got > 100*layers {
			t.Errorf("%d layers take %d bytes", layers, got)
		}
	}
}

func BenchmarkText(b *testing.B) {
	r := newReader()
	n := r.read(&testing.T{}, "2*A'*(softmax(A*x + w) - u)*x' + 3*(x'*A*x)*inv(A + A')*C")
	o := &Options{Builder: r.b}
	b.ReportAllocs()
	for b.Loop() {
		Text(n, o)
	}
}

func BenchmarkLaTeX(b *testing.B) {
	r := newReader()
	n := r.read(&testing.T{}, "2*A'*(softmax(A*x + w) - u)*x' + 3*(x'*A*x)*inv(A + A')*C")
	o := &Options{Builder: r.b}
	b.ReportAllocs()
	for b.Loop() {
		LaTeX(n, o)
	}
}
