package syntax

import "testing"

// A program's text is read as the same statements, and its marks cover it.
func TestProgramText(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"X: matrix(m, n+1) symmetric; f = X*w", "X: matrix(m, n + 1) symmetric\nf = X*w"},
		{"A, B: matrix(n, n); tr(A*B)", "A, B: matrix(n, n)\ntr(A*B)"},
		{"x[i]: vector(n) positive, i = 1..N\nz[i] = a*x[i]\nsum(i, z[i])", "x[i]: vector(n) positive, i = 1..N\nz[i] = a*x[i]\nsum(i, z[i])"},
		{"s: function; c: scalar integer; s(c)", "s: function\nc: scalar integer\ns(c)"},
	} {
		p, diags := ParseProgram(c.text, Options{})
		if diags != nil {
			t.Fatalf("%s: %s", c.text, diags)
		}
		got, marks := ProgramText(p.Stmts)
		if got != c.want {
			t.Errorf("%s: got %q, want %q", c.text, got, c.want)
		}
		again, diags := ParseProgram(got, Options{})
		if diags != nil || program(again) != program(p) {
			t.Errorf("%s: %q reads as another program", c.text, got)
		}
		for _, m := range marks {
			if m.At.Start < 0 || m.At.End > len(got) || m.Of.End > len(c.text) || m.At.Start > m.At.End {
				t.Errorf("%s: mark %v", c.text, m)
			}
		}
	}
	x, _, _ := ParseExpr("a + tr(X')", Options{})
	text, marks := MarkedText(x)
	found := false
	for _, m := range marks {
		found = found || text[m.At.Start:m.At.End] == "X'" && m.Of.Start == 7 && m.Of.End == 9
	}
	if !found {
		t.Errorf("no mark of X' in %v", marks)
	}
}

func TestIsName(t *testing.T) {
	for s, want := range map[string]bool{"x": true, "W_1": true, "β": true, "x_bar": true, "损失": true, "": false, "1x": false, "x y": false, "ʳ": false, "x²": false, "_x": false, "x'": false, " x": false, "x ": false} {
		if got := IsName(s); got != want {
			t.Errorf("%q: %v", s, got)
		}
	}
}
