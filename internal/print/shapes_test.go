package print

import (
	"strings"
	"testing"
)

// under writes a text with the shapes of its parts after them: 2 [Xᵀ n×m].
func under(d Document) string {
	var b strings.Builder
	runes, at := []rune(d.Result), 0
	for _, m := range d.Marks {
		b.WriteString(string(runes[at:m.From]) + "[" + string(runes[m.From:m.To]) + " " + m.Shape + "]")
		at = m.To
	}
	return b.String() + string(runes[at:])
}

func TestShapes(t *testing.T) {
	for _, c := range []struct{ in, text, latex string }{
		{`A`, `[A n×n]`, `\underset{\,n \times n\,}{A}`},
		{`a`, `a`, `a`},
		{`A*x`, `[A n×n] [x n×1]`, `\underset{\,n \times n\,}{A} \underset{\,n \times 1\,}{x}`},
		{`2*X'*(X*w-y)`, `2 [Xᵀ n×m][(X w − y) m×1]`, `2 \underset{\,n \times m\,}{X^\top} \underset{\,m \times 1\,}{(X w - y)}`},
		{`X*w-y`, `[X m×n] [w n×1] − [y m×1]`, `\underset{\,m \times n\,}{X} \underset{\,n \times 1\,}{w} - \underset{\,m \times 1\,}{y}`},
		{`-X'*(X*w-y)`, `[Xᵀ n×m][(y − X w) m×1]`, `\underset{\,n \times m\,}{X^\top} \underset{\,m \times 1\,}{(y - X w)}`},
		{`tr(A'*B)`, `tr([Aᵀ n×n] [B n×n])`, `\operatorname{tr}(\underset{\,n \times n\,}{A^\top} \underset{\,n \times n\,}{B})`},
		{`tr(A*B)*x`, `tr([A n×n] [B n×n]) [x n×1]`, `\operatorname{tr}(\underset{\,n \times n\,}{A} \underset{\,n \times n\,}{B}) \underset{\,n \times 1\,}{x}`},
		{`(x'*w)*A`, `([xᵀ 1×n] [w n×1]) [A n×n]`, `(\underset{\,1 \times n\,}{x^\top} \underset{\,n \times 1\,}{w}) \underset{\,n \times n\,}{A}`},
		{`norm2(X*w-y)^2`, `‖[X m×n] [w n×1] − [y m×1]‖²`, `\lVert \underset{\,m \times n\,}{X} \underset{\,n \times 1\,}{w} - \underset{\,m \times 1\,}{y} \rVert_2^{2}`},
		{`softmax(A*x)-w`, `[softmax(A x) n×1] − [w n×1]`, `\underset{\,n \times 1\,}{\operatorname{softmax}(A x)} - \underset{\,n \times 1\,}{w}`},
		{`(A*x).*w`, `[(A x) n×1] ⊙ [w n×1]`, `\underset{\,n \times 1\,}{(A x)} \odot \underset{\,n \times 1\,}{w}`},
		{`kron(eye(n),A')`, `[Iₙ n×n] ⊗ [Aᵀ n×n]`, `\underset{\,n \times n\,}{I_{n}} \otimes \underset{\,n \times n\,}{A^\top}`},
		{`kron(A,B)*x`, `[(A ⊗ B) n²×n²] [x n×1]`, `\underset{\,n^{2} \times n^{2}\,}{(A \otimes B)} \underset{\,n \times 1\,}{x}`},
		{`vec(X)`, `[vec(X) nm×1]`, `\underset{\,n m \times 1\,}{\operatorname{vec}(X)}`},
		{`inv(A*B)*x`, `[(A B)⁻¹ n×n] [x n×1]`, `\underset{\,n \times n\,}{(A B)^{-1}} \underset{\,n \times 1\,}{x}`},
		{`a*x/norm2(w)`, `a [x n×1] / ‖[w n×1]‖`, `\frac{a}{\lVert \underset{\,n \times 1\,}{w} \rVert_2} \underset{\,n \times 1\,}{x}`},
		{`x./w`, `[x n×1] ./ [w n×1]`, `\underset{\,n \times 1\,}{x} \oslash \underset{\,n \times 1\,}{w}`},
		{`x.^(-2)`, `1 ./ [x.^2 n×1]`, `1 \oslash \underset{\,n \times 1\,}{x^{\odot 2}}`},
		{`x.^2+exp(x)`, `[x.^2 n×1] + [exp(x) n×1]`, `\underset{\,n \times 1\,}{x^{\odot 2}} + \underset{\,n \times 1\,}{\exp(x)}`},
		{`sum(i, h[i]*h[i]')`, `Σ_i [h[i] n×1] [h[i]ᵀ 1×n]`, `\sum_{i=1}^{N} \underset{\,n \times 1\,}{h_i} \underset{\,1 \times n\,}{h_i^\top}`},
		{`sum(i, h[i])'*x`, `[(Σ_i h[i])ᵀ 1×n] [x n×1]`, `\underset{\,1 \times n\,}{\left(\sum_{i=1}^{N} h_i\right)^\top} \underset{\,n \times 1\,}{x}`},
		{`(A+B)*(x+w)`, `[(A + B) n×n][(x + w) n×1]`, `\underset{\,n \times n\,}{(A + B)} \underset{\,n \times 1\,}{(x + w)}`},
		{`3*2^a*x`, `3·2^a [x n×1]`, `3 \cdot 2^{a} \underset{\,n \times 1\,}{x}`},
		{`(1-a/norm2(x))*A`, `(1 − a / ‖[x n×1]‖) [A n×n]`, `\left(1 - \frac{a}{\lVert \underset{\,n \times 1\,}{x} \rVert_2}\right) \underset{\,n \times n\,}{A}`},
		{`x*w'/a`, `[x n×1] [wᵀ 1×n]/a`, `\frac{1}{a} \underset{\,n \times 1\,}{x} \underset{\,1 \times n\,}{w^\top}`},
	} {
		r := newReader()
		n := r.read(t, c.in)
		o := &Options{Builder: r.b, Shapes: true}
		d := Text(n, o)
		if got := under(d); got != c.text {
			t.Errorf("text of %s:\n got %s\nwant %s", c.in, got, c.text)
		}
		latex := LaTeX(n, o)
		if got := latex.String(); got != c.latex {
			t.Errorf("LaTeX of %s:\n got %s\nwant %s", c.in, got, c.latex)
		}
		if len(latex.Marks) > 0 {
			t.Errorf("LaTeX of %s has marks", c.in)
		}
		// Shapes change nothing else.
		plain := &Options{Builder: r.b, Spell: spellNothing}
		if want := Text(n, plain).Result; d.Result != want {
			t.Errorf("text of %s with shapes is %s, without %s", c.in, d.Result, want)
		}
	}
}

func TestDenseSize(t *testing.T) {
	r := newReader()
	b := r.b
	n, m, long := b.Sizes.Size("n"), b.Sizes.Size("m"), b.Sizes.Size("batch")
	two := b.Const(2)
	for _, c := range []struct {
		got  []byte
		want string
	}{
		{denseSize(b.One()), "1"}, {denseSize(two), "2"}, {denseSize(b.Mul(two, n)), "2n"}, {denseSize(b.Mul(n, n)), "n²"},
		{denseSize(b.Mul(n, m)), "nm"}, {denseSize(b.Add(n, m)), "(n + m)"}, {denseSize(b.Add(b.Mul(two, n), two)), "(2 n + 2)"},
		{denseSize(b.Mul(n, long)), "n·batch"}, {denseSize(b.Sub(n, two)), "(n − 2)"},
	} {
		if string(c.got) != c.want {
			t.Errorf("got %s, want %s", c.got, c.want)
		}
	}
}

// TestSpelledShapes checks that the mark of a symbol that the caller spells is around
// it alone.
func TestSpelledShapes(t *testing.T) {
	r := newReader()
	o := &Options{Builder: r.b, Shapes: true, Spell: spell}
	n := r.read(t, "x'*A*w")
	if got, want := under(Text(n, o)), "[(∂l/∂x)ᵀ 1×n] [A n×n] [dw n×1]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	want := `\underset{\,1 \times n\,}{\left(\frac{\partial l}{\partial x}\right)^\top} \underset{\,n \times n\,}{A} \, \underset{\,n \times 1\,}{\mathrm{d}w}`
	if got := LaTeX(n, o).Result; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestShapesEverywhere checks on all cases of the package that marks lie in the
// text one after the other and that shapes change nothing else.
func TestShapesEverywhere(t *testing.T) {
	for _, c := range forms {
		r := newReader()
		n := r.read(t, c.in)
		o, plain := &Options{Builder: r.b, Shapes: true}, &Options{Builder: r.b, Spell: spellNothing}
		d := Text(n, o)
		if want := Text(n, plain).Result; d.Result != want {
			t.Errorf("%s with shapes is %s, without %s", c.in, d.Result, want)
		}
		at := 0
		for _, m := range d.Marks {
			if m.From < at || m.To <= m.From || m.To > len([]rune(d.Result)) || !strings.Contains(m.Shape, "×") {
				t.Errorf("%s: mark %v after column %d of %s", c.in, m, at, d.Result)
			}
			at = m.To
		}
		if len(d.Marks) == 0 && !n.Shape.IsScalar() {
			t.Errorf("%s: no mark in %s", c.in, d.Result)
		}
		latex, want := LaTeX(n, o).Result, LaTeX(n, plain).Result
		if got := withoutUnderset(t, latex); got != want {
			t.Errorf("%s with shapes is %s in LaTeX, without %s", c.in, got, want)
		}
		if k := strings.Count(latex, `\underset`); k < len(d.Marks) { // \frac and infix forms save brackets
			t.Errorf("%s: %d marks in LaTeX, %d in text", c.in, k, len(d.Marks))
		}
	}
}

// withoutUnderset takes \underset{\,…\,}{x} apart and leaves x.
func withoutUnderset(t *testing.T, s string) string {
	const head = `\underset{`
	for {
		i := strings.Index(s, head)
		if i < 0 {
			return s
		}
		from := group(s, i+len(head)-1)
		to := group(s, from)
		if from < 0 || to < 0 {
			t.Fatalf("unbalanced: %s", s)
		}
		s = s[:i] + s[from+1:to-1] + s[to:]
	}
}

// group returns the end of the group in braces that starts at s[i].
func group(s string, i int) int {
	depth := 0
	for ; i < len(s); i++ {
		switch s[i] {
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return -1
}

// TestShapesOfSamples checks on random expressions, and on those of the corpus, that
// shapes change nothing but what stands under the text.
func TestShapesOfSamples(t *testing.T) {
	for _, s := range samples(t) {
		o, plain := &Options{Builder: s.b, Shapes: true}, &Options{Builder: s.b, MaxTokens: -1, Spell: spellNothing}
		d := Text(s.node, o)
		if want := Text(s.node, plain).Result; d.Result != want {
			t.Errorf("%s with shapes is %s, without %s", s.name, d.Result, want)
		}
		at, length := 0, len([]rune(d.Result))
		for _, m := range d.Marks {
			if m.From < at || m.To <= m.From || m.To > length {
				t.Errorf("%s: mark %v after column %d of %s", s.name, m, at, d.Result)
			}
			at = m.To
		}
		latex := LaTeX(s.node, o).Result
		if got, want := withoutUnderset(t, latex), LaTeX(s.node, plain).Result; got != want {
			t.Errorf("%s with shapes is %s in LaTeX, without %s", s.name, got, want)
		}
		if strings.Count(latex, `\underset`) == 0 && !s.node.Shape.IsScalar() {
			t.Errorf("%s: no shape in %s", s.name, latex)
		}
	}
}
