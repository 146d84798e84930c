package nabla_test

import (
	"strings"
	"testing"

	"example.com/nabla"
	"example.com/nabla/internal/paper"
)

// block returns the block of a paper with an id, or nil.
func block(p *paper.Paper, id string) *paper.Block {
	for k := range p.Blocks {
		if p.Blocks[k].ID == id {
			return &p.Blocks[k]
		}
	}
	return nil
}

func TestEntry(t *testing.T) {
	for _, c := range []struct{ program, wrt, entry, want, latex string }{
		{"norm2(X*w - y)^2", "X", "2,1", "∂f/∂X[2,1] = 2 w[1] (X w − y)[2] = 2 w[1] (Σ_{j} X[2,j] w[j] − y[2])",
			`\frac{\partial f}{\partial {X}_{2 1}} = 2 {w}_{1} {(X w - y)}_{2} = 2 {w}_{1} \left(\sum_{j} {X}_{2 j} {w}_{j} - {y}_{2}\right)`},
		{"norm2(X*w - y)^2", "X", "a,b", "∂f/∂X[a,b] = 2 w[b] (X w − y)[a] = 2 w[b] (Σ_{j} X[a,j] w[j] − y[a])", ""},
		{"norm2(A*X*B - C)^2", "X", "i,j", "∂f/∂X[i,j] = 2 Σ_{k,l} A[k,i] B[j,l] (A X B − C)[k,l] = 2 Σ_{k,l} A[k,i] B[j,l] (Σ_{r,s} A[k,s] X[s,r] B[r,l] − C[k,l])", ""},
		{"norm2(X - u*ones(n)')^2", "u", "2", "∂f/∂u[2] = −2 Σ_{j} (X − u 1ₙᵀ)[2,j] = −2 Σ_{j} (X[2,j] − u[2])", ""},
		{"x[i]: vector(n), i = 1..N; y[i]: scalar, i = 1..N; sum(i, (x[i]'*w - y[i])^2)", "w", "2", "∂f/∂w[2] = 2 Σ_{j} x[j][2] (Σ_{k} x[j][k] w[k] − y[j])", ""},
		{"tr(X*A*X')", "X", "i,j", "∂f/∂X[i,j] = Σ_{k} X[i,k] A[j,k] + Σ_{k} X[i,k] A[k,j]", ""},
		{"tr(X*A*X')", "X", "k,j", "∂f/∂X[k,j] = Σ_{l} X[k,l] A[j,l] + Σ_{l} X[k,l] A[l,j]", ""},
		{"tr(X)", "X", "2,2", "∂f/∂X[2,2] = 1", ""},
		{"tr(X)", "X", "2,1", "∂f/∂X[2,1] = 0", ""},
		{"tr(X)", "X", "i,j", "∂f/∂X[i,j] = δ[i,j]", ""},
		{"A*x", "x", "i,j", "∂f[i]/∂x[j] = A[i,j]", ""},
		{"A*x", "x", "12,3", "∂f[12]/∂x[3] = A[12,3]", `\frac{\partial {f}_{12}}{\partial {x}_{3}} = {A}_{12,3}`},
		{"A*X*B", "X", "i,j,k,l", "∂f[i,j]/∂X[k,l] = A[i,k] B[l,j]", ""},
		{"a*x", "a", "3", "∂f[3]/∂a = x[3]", ""},
		{"X: matrix(3, 2); norm2(X)^2", "X", "3,2", "∂f/∂X[3,2] = 2 X[3,2]", ""},
		{"x'*x", "x", "i", "∂f/∂x[i] = 2 x[i]", ""},
		{"x[i]: vector(n), i = 1..N; sum(i, x[i]'*w)", "w", "2", "∂f/∂w[2] = Σ_{j} x[j][2]", `\frac{\partial f}{\partial {w}_{2}} = \sum_{j} (x_j)_{2}`},
		{"W1: matrix(m, n); tr(W1*W1')", "W1", "2,1", "∂f/∂W1[2,1] = 2 W1[2,1]", `\frac{\partial f}{\partial (W_1)_{2 1}} = 2 (W_1)_{2 1}`},
		{"W: matrix(m, n); h = sigmoid(W*x); l = y'*h", "W", "2,1", "∂l/∂W[2,1] = y[2] x[1] h[2] (1 − h)[2] = y[2] x[1] h[2] (1 − h[2])", ""},
		{"W: matrix(m, n); z = W*x; l = sum(exp(z))", "z", "2", "∂l/∂z[2] = exp(z)[2]", ""},
	} {
		d, err := nabla.Derive(nabla.DeriveRequest{Request: nabla.Request{Program: c.program, Wrt: []string{c.wrt}}, Entry: strings.Split(c.entry, ",")})
		if err != nil {
			t.Errorf("%s by %s at %s: %v", c.program, c.wrt, c.entry, err)
			continue
		}
		b := block(d.Paper, "entry")
		got, latex := "", ""
		for _, l := range b.Lines {
			if !l.Checked || l.Error > 1e-6 {
				t.Errorf("%s by %s at %s: not compared: %s", c.program, c.wrt, c.entry, l.Rhs.Text)
			}
			got += l.Lhs.Text + " = " + l.Rhs.Text
			latex += l.Lhs.LaTeX + " = " + l.Rhs.LaTeX
		}
		if got != c.want {
			t.Errorf("%s by %s at %s: %s, want %s", c.program, c.wrt, c.entry, got, c.want)
		}
		if got := latex; c.latex != "" && got != c.latex {
			t.Errorf("%s by %s at %s: %s, want %s", c.program, c.wrt, c.entry, got, c.latex)
		}
	}
}

func TestEntryErrors(t *testing.T) {
	for _, c := range []struct{ program, wrt, entry, want string }{
		{"norm2(X*w)^2", "X", "2", "an entry of ∂f/∂X has 2 indices, as in i,j; found 2"},
		{"norm2(X*w)^2", "w", "2,1", "an entry of ∂f/∂w has 1 index, as in i; found 2,1"},
		{"A*x", "x", "1", "hint: first those of an entry of f, then those of an entry of x"},
		{"norm2(X*w)^2", "X", "0,1", "indices count from 1, found 0"},
		{"X: matrix(3, 2); sum(X)", "X", "4,1", "the index 4 is out of range: X is matrix(3, 2)"},
		{"X: matrix(3, 2); sum(X)", "X", "1,3", "the index 3 is out of range: X is matrix(3, 2)"},
		{"sum(X)", "X", "1,1000000", "the index 1000000 is larger than 12"},
		{"sum(X)", "X", "1,99999999999999999999", "an index is a number or a name"},
		{"sum(X)", "X", "1,", "an index is a number or a name"},
		{"sum(X)", "X", "1,-2", "indices count from 1, found -2"},
		{"sum(X)", "X", "1,a+b", "an index is a number or a name"},
		{"a*sum(X)", "X", "a,i", "a is a name of the program"},
		{"X: matrix(m, n); sum(X)", "X", "m,i", "m is a name of the program"},
		{"r = norm2(x); l = r^2", "x", "r", "r is a name of the program"},
		{"a^2", "a", "1", "∂f/∂a is a scalar, it has no entries"},
		{"x[i]: vector(n), i = 1..N; sum(i, norm2(x[i])^2)", "x", "1", "no formula in entries is known for ∂f/∂x[i]"},
	} {
		_, err := nabla.Derive(nabla.DeriveRequest{Request: nabla.Request{Program: c.program, Wrt: []string{c.wrt}}, Entry: strings.Split(c.entry, ",")})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s by %s at %s: %v, want %s", c.program, c.wrt, c.entry, err, c.want)
		}
	}
	_, err := nabla.Derive(nabla.DeriveRequest{Request: nabla.Request{Program: "x'*x", Wrt: []string{"x"}, Order: 2}, Entry: []string{"1", "1"}})
	if err == nil || !strings.Contains(err.Error(), "first derivative") {
		t.Errorf("an entry of a second derivative: %v", err)
	}
}

// TestEntriesOfCorpus asks for the general entry of every published case of first
// order, and for numbers in an example.
func TestEntriesOfCorpus(t *testing.T) {
	cases := readCorpus(t)
	asked, without := 0, 0
	for i := range cases {
		c := &cases[i]
		if c.Order > 1 {
			continue
		}
		req := nabla.DeriveRequest{Request: request(c), Instance: true}
		var d *nabla.Derivation
		var err error
		for n := range 5 {
			req.Entry = []string{"i1", "i2", "i3", "i4"}[:n]
			if d, err = nabla.Derive(req); err == nil && n > 0 || err != nil && !strings.Contains(err.Error(), "an entry of") {
				break
			}
		}
		asked++
		if err != nil && strings.Contains(err.Error(), "has no entries") {
			asked--
			continue
		}
		if err != nil && strings.Contains(err.Error(), "no formula in entries") {
			without++
			t.Logf("%s: %s by %s: %v", c.ID, c.Expr, c.Wrt, err)
			continue
		}
		if err != nil {
			t.Errorf("%s: %s by %s: %v", c.ID, c.Expr, c.Wrt, err)
			continue
		}
		lines := block(d.Paper, "instance").Lines
		if !strings.Contains(lines[len(lines)-1].Lhs.Text, "[") || !lines[len(lines)-1].Checked {
			t.Errorf("%s: the entry has no number", c.ID)
		}
	}
	t.Logf("%d asked, %d without a formula", asked, without)
	if without*20 > asked {
		t.Errorf("%d of %d entries have no formula", without, asked)
	}
}
