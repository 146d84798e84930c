package nabla_test

import (
	"errors"
	"strings"
	"testing"

	"example.com/nabla"
	"example.com/nabla/internal/runner"
)

// TestMixed asks for second derivatives by two and three variables of all kinds, in both
// layouts and all languages.
func TestMixed(t *testing.T) {
	sizes := map[string]int{"m": 4, "n": 3, "k": 2}
	var all []*generated
	for _, c := range []struct{ text, wrt string }{
		{"X: matrix(m, n); w: vector(n); b: scalar; sum(log(1 + exp(X*w + b)))", "w b"},
		{"X: matrix(m, n); w: vector(n); b: scalar; sum(log(1 + exp(X*w + b)))", "b w"},
		{"a: scalar; b: scalar; exp(a*b) + a^2*b^3", "a b"},
		{"x: vector(n); y: vector(m); A: matrix(n, m); tanh(x'*A*y)", "x y A"},
		{"U: matrix(m, k); V: matrix(n, k); T: matrix(m, n); norm2(T - U*V')^2", "U V"},
		{"W1: matrix(k, n); W2: matrix(m, k); x: vector(n); y: vector(m); norm2(W2*tanh(W1*x) - y)^2", "W1 W2"},
		{"S: matrix(n, n) posdef; m: vector(n); x: vector(n); logdet(S) + (x - m)'*inv(S)*(x - m)", "S m"},
		{"r: scalar positive; S: matrix(n, n) symmetric; x: vector(n); x'*S*x*log(r) + r*norm2(S*x)^2", "S r"},
		{"c: matrix(1, n); x: vector(n); sum(exp(c*x))", "c x"},
	} {
		for _, layout := range []nabla.Layout{nabla.Denominator, nabla.Numerator} {
			g, err := familyProgram(c.text, c.wrt, []nabla.What{nabla.ValueOf, nabla.MixedHessian}, layout, sizes)
			if err != nil {
				t.Errorf("%s by %s: %v", c.text, c.wrt, err)
				continue
			}
			all = append(all, g)
		}
	}
	for _, l := range nabla.Languages() {
		t.Run(l.Name, func(t *testing.T) { runGenerated(t, runner.Lang(l.Name), some(l.Name, all)) })
	}
}

// TestMixedRefused names what mixed derivatives are not of.
func TestMixedRefused(t *testing.T) {
	for _, c := range []struct{ text, wrt, want string }{
		{"x: vector(n); norm2(x)^2", "x", "mixed derivatives are by two variables or more, one is named"},
		{"A: matrix(m, n); x: vector(n); A*x", "A x", "mixed is of a scalar"},
		{"x[i]: vector(n), i = 1..N; w: vector(n); sum(i, (x[i]'*w)^2)", "w x", "mixed derivatives by the members of a family are not supported: x[i]"},
	} {
		_, err := nabla.NewProgram(nabla.ProgramRequest{Request: nabla.Request{Program: c.text, Wrt: strings.Fields(c.wrt)}, What: []nabla.What{nabla.MixedHessian}})
		var input *nabla.InputError
		if !errors.As(err, &input) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %s", c.text, err, c.want)
		}
	}
}
