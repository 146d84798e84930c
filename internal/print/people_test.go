package print

import (
	"strings"
	"testing"

	"example.com/nabla/internal/eval"
	"example.com/nabla/internal/expr"
)

// spell writes w as dw, x as ∂l/∂x, and the member h[i] as dhᵢ.
func spell(s *expr.Symbol, i *expr.Index, latex bool) (text string, tight, ok bool) {
	switch {
	case i != nil && latex:
		return `\mathrm{d}h_` + i.Name, true, true
	case i != nil:
		return "dh[" + i.Name + "]", true, true
	case s.Name == "w" && latex:
		return `\mathrm{d}w`, true, true
	case s.Name == "w":
		return "dw", true, true
	case s.Name == "x" && latex:
		return `\frac{\partial l}{\partial x}`, false, true
	case s.Name == "x":
		return "∂l/∂x", false, true
	}
	return "", false, false
}

// spellNothing makes Text write for people.
func spellNothing(*expr.Symbol, *expr.Index, bool) (text string, tight, ok bool) {
	return "", false, false
}

func TestSpell(t *testing.T) {
	for _, c := range []struct{ in, text, latex string }{
		{`w`, `dw`, `\mathrm{d}w`},
		{`A*w`, `A dw`, `A \, \mathrm{d}w`},
		{`x'*w`, `(∂l/∂x)ᵀ dw`, `\left(\frac{\partial l}{\partial x}\right)^\top \, \mathrm{d}w`},
		{`w*y'`, `dw yᵀ`, `\mathrm{d}w \, y^\top`},
		{`2*w`, `2 dw`, `2 \, \mathrm{d}w`},
		{`w'*u`, `dwᵀ u`, `\mathrm{d}w^\top u`},
		{`w'`, `dwᵀ`, `\mathrm{d}w^\top`},
		{`x`, `∂l/∂x`, `\frac{\partial l}{\partial x}`},
		{`-x`, `−(∂l/∂x)`, `-\frac{\partial l}{\partial x}`},
		{`x + u`, `∂l/∂x + u`, `\frac{\partial l}{\partial x} + u`},
		{`u - x`, `u − ∂l/∂x`, `u - \frac{\partial l}{\partial x}`},
		{`2*x`, `2 (∂l/∂x)`, `2 \frac{\partial l}{\partial x}`},
		{`x*y'`, `(∂l/∂x) yᵀ`, `\frac{\partial l}{\partial x} y^\top`},
		{`A*x`, `A (∂l/∂x)`, `A \frac{\partial l}{\partial x}`},
		{`A'*x`, `Aᵀ(∂l/∂x)`, `A^\top \frac{\partial l}{\partial x}`},
		{`x.*u`, `(∂l/∂x) ⊙ u`, `\frac{\partial l}{\partial x} \odot u`},
		{`diag(x)`, `diag(∂l/∂x)`, `\operatorname{diag}\left(\frac{\partial l}{\partial x}\right)`},
		{`x.^2`, `(∂l/∂x).^2`, `\left(\frac{\partial l}{\partial x}\right)^{\odot 2}`},
		{`x/a`, `(∂l/∂x)/a`, `\frac{1}{a} \frac{\partial l}{\partial x}`},
		{`x/2`, `(∂l/∂x)/2`, `\frac{1}{2} \frac{\partial l}{\partial x}`},
		{`b*x/a`, `b (∂l/∂x)/a`, `\frac{b}{a} \frac{\partial l}{\partial x}`},
		{`kron(x,u)`, `(∂l/∂x) ⊗ u`, `\frac{\partial l}{\partial x} \otimes u`},
		{`sum(i, h[i]*h[i]')`, `Σ_i dh[i] dh[i]ᵀ`, `\sum_{i=1}^{N} \mathrm{d}h_i \, \mathrm{d}h_i^\top`},
		{`(A+B)*(u+w)`, `(A + B)(u + dw)`, `(A + B) (u + \mathrm{d}w)`},
	} {
		r := newReader()
		n := r.read(t, c.in)
		o := &Options{Builder: r.b, Spell: spell}
		if got := Text(n, o).String(); got != c.text {
			t.Errorf("text of %s:\n got %s\nwant %s", c.in, got, c.text)
		}
		if got := LaTeX(n, o).String(); got != c.latex {
			t.Errorf("LaTeX of %s:\n got %s\nwant %s", c.in, got, c.latex)
		}
		plain := &Options{Builder: r.b}
		if got, want := Language(n, o).String(), Language(n, plain).String(); got != want {
			t.Errorf("the language's text of %s is spelled: %s, not %s", c.in, got, want)
		}
	}
}

func TestColon(t *testing.T) {
	for _, c := range []struct{ in, text, latex string }{
		{`dot(A,B)`, `A : B`, `A : B`},
		{`dot(A,B*C)`, `A : B C`, `A : B C`},
		{`2*dot(A,B*C)`, `2 A : B C`, `2 A : B C`},
		{`a*dot(A,B)`, `a (A : B)`, `a (A : B)`},
		{`-dot(A,B)`, `−A : B`, `-A : B`},
		{`dot(A,-B)`, `A : (−B)`, `A : (-B)`},
		{`dot(-A,B)`, `−A : B`, `-A : B`},
		{`dot(A,-(B*C))`, `A : (−B C)`, `A : (-B C)`},
		{`dot(A+B,C)`, `(A + B) : C`, `(A + B) : C`},
		{`dot(A,B.*C)`, `A : (B ⊙ C)`, `A : (B \odot C)`},
		{`dot(A,B)+dot(B,C)`, `A : B + B : C`, `A : B + B : C`},
		{`dot(A,B)-dot(B,C)`, `A : B − B : C`, `A : B - B : C`},
		{`dot(A,B)*dot(B,C)`, `(A : B)(B : C)`, `(A : B) (B : C)`},
		{`dot(A,B)*C`, `(A : B) C`, `(A : B) C`},
		{`dot(A,dot(A,B)*C)`, `A : (A : B) C`, `A : (A : B) C`},
		{`dot(A,B)/2`, `(A : B)/2`, `\frac{A : B}{2}`},
		{`dot(A,B)^2`, `(A : B)²`, `(A : B)^{2}`},
		{`dot(inv(A)',B)`, `A⁻ᵀ : B`, `A^{-\top} : B`},
		{`log(dot(A,B))`, `log(A : B)`, `\log(A : B)`},
		{`dot(A/2,B)`, `A/2 : B`, `\frac{A}{2} : B`},
	} {
		r := newReader()
		n := r.read(t, c.in)
		o := &Options{Builder: r.b, Colon: true}
		if got := Text(n, o).String(); got != c.text {
			t.Errorf("text of %s:\n got %s\nwant %s", c.in, got, c.text)
		}
		if got := LaTeX(n, o).String(); got != c.latex {
			t.Errorf("LaTeX of %s:\n got %s\nwant %s", c.in, got, c.latex)
		}
		if got, plain := Language(n, o).String(), Language(n, nil).String(); got != plain {
			t.Errorf("the language's text of %s has a colon: %s", c.in, got)
		}
	}
}

// TestSpelledReread checks the brackets around symbols that are spelled as products:
// what is written with x·1 for each x is read back as the same value.
func TestSpelledReread(t *testing.T) {
	read := 0
	for _, s := range samples(t) {
		o := &Options{Builder: s.b, MaxTokens: -1, Spell: func(x *expr.Symbol, i *expr.Index, latex bool) (string, bool, bool) {
			return x.Name + "·1", false, i == nil
		}}
		text := Text(s.node, o).String()
		if !strings.Contains(text, "·1") {
			continue // without an operator outside ASCII it is for people only
		}
		n, err := s.reread(text)
		if err != nil {
			t.Errorf("%s: printed as\n%s\n%v", s.name, text, err)
			continue
		}
		read++
		switch err := eval.Equal(s.b.Reg, s.node, n, 1).(type) {
		case nil, *eval.NoPoint:
		default:
			t.Errorf("%s: printed as\n%s\n%v", s.name, text, err)
		}
	}
	if read < 500 {
		t.Errorf("only %d texts were read back", read)
	}
}
