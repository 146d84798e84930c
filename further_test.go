package nabla_test

import (
	"strings"
	"testing"

	"example.com/nabla"
)

// TestFurther has derivatives of higher order that are short because what they are taken
// of has been recognised before.
func TestFurther(t *testing.T) {
	for _, c := range []struct {
		program, by string
		order       int
		want        string
	}{
		{"x: vector(n); sum(log(exp(x) + exp(-x)))", "x", 2, "diag(1 − tanh(x).^2)"},
		{"x: vector(n); sum(log(exp(x) + exp(-x)))", "x", 3, "−2 diag(tanh(x) ⊙ (1 − tanh(x).^2)) khatrirao(Iₙ, Iₙ)ᵀ"},
		{"X: matrix(m, n); sum(log(exp(X*w) + exp(-X*w)))", "w", 2, "Xᵀ diag(1 − tanh(X w).^2) X"},
		{"x: vector(n); sum(log(cosh(x)))", "x", 2, "diag(1 − tanh(x).^2)"},
		{"x: vector(n); sum(log(1 + exp(x)))", "x", 2, "diag(sigmoid(x) ⊙ (1 − sigmoid(x)))"},
		{"X: matrix(m, n); sum(log(1 + exp(-y.*(X*w))))", "w", 2, "Xᵀ diag(y.^2 ⊙ sigmoid(y ⊙ (X w)) ⊙ (1 − sigmoid(y ⊙ (X w)))) X"},
		// One numerator over a common denominator.
		{"x: vector(n); sum(sqrt(1 + x.^2))", "x", 2, "diag(1 ./ sqrt(1 + x.^2).^3)"},
		{"x: vector(n); sum(log(exp(3*x) + exp(-x)))", "x", 2, "16 diag(1 ./ (exp(2 x) + exp(−2 x)).^2)"},
		{"x: scalar; log(exp(x) + exp(-x))", "x", 4, "2 (1 − tanh(x)²)(3 tanh(x)² − 1)"},
	} {
		r, err := nabla.Differentiate(nabla.Request{Program: strings.ReplaceAll(c.program, "; ", "\n"), Wrt: []string{c.by}, Order: c.order})
		if err != nil {
			t.Errorf("%s: %v", c.program, err)
			continue
		}
		d := &r.Derivatives[0]
		if d.Text != c.want {
			t.Errorf("%s, order %d: %s, want %s", c.program, c.order, d.Text, c.want)
		}
		if d.Check == nil || d.Check.Points == 0 {
			t.Errorf("%s, order %d: not compared with differences", c.program, c.order)
		}
	}
}

// A stage that shows rules shows those of the derivative that is answered.
func TestFurtherTrace(t *testing.T) {
	r, err := nabla.Differentiate(nabla.Request{Program: "x: vector(n)\nsum(log(exp(x) + exp(-x)))", Wrt: []string{"x"}, Order: 2, Show: []string{"trace"}})
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(r.Stages["trace"], "adjoint of x: "); n != 2 {
		t.Errorf("the trace has %d adjoints of x, want those of two derivatives:\n%s", n, r.Stages["trace"])
	}
}
