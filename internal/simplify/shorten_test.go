package simplify

import (
	"testing"

	"example.com/nabla/internal/diff"
	"example.com/nabla/internal/eval"
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/index"
	"example.com/nabla/internal/lower"
	"example.com/nabla/internal/ops"
)

// derivative returns the simplified derivative of text by the variable.
func (x *bench) derivative(text, by string, order int) *index.Sum {
	x.t.Helper()
	x.wrt = []string{by}
	n, p := x.node(text)
	l, err := lower.New(x.st, templates(), func(s *expr.Symbol) bool { return s == p.Wrt[0] }, n)
	if err != nil {
		x.t.Fatal(text, err)
	}
	s := arranged(x.st, l.Lower(n))
	for range order {
		s = diff.Reverse(l, s, []*index.Atom{x.st.Var(p.Wrt[0], true)}, nil)[0]
	}
	return Shorten(x.st, Restore(x.st, s))
}

func TestDerivatives(t *testing.T) {
	for _, c := range []struct {
		text, by string
		order    int
		want     string
	}{
		{"-y'*log(sigmoid(x)) - (1 - y)'*log(1 - sigmoid(x))", "x", 1, "-1 y[i] + 1 sigmoid{1 x[i]}[i]"},
		{"-c*log(sigmoid(d)) - (1 - c)*log(1 - sigmoid(d))", "d", 1, "-1 c + 1 sigmoid{1 d}"},
		{"-c*log(sigmoid(d)) - (1 - c)*log(1 - sigmoid(d))", "d", 2, "1 sigmoid{1 d} {1 - 1 sigmoid{1 d}}"},
		{"norm2(X*x - w)^2 - norm2(X*x)^2", "x", 1, "-2 X[a,i] w[a]"},
		{"norm2(X*x - w)^2", "x", 1, "2 X[a,i] {1 X[i,a] x[a] - 1 w[i]}[a]"},
		{"sum(h)*c", "c", 1, "1"},
		{"-h'*log(softmax(x))", "x", 1, "-1 h[i] + 1 softmax{1 x[i]}[i]"},
		{"-s'*log(softmax(x))", "x", 1, "-1 s[i] + 1 softmax{1 x[i]}[i]"},
		{"logdet(P)", "P", 1, "1 inv{1 P[i,j]}[i,j]"},
		{"x'*S*x", "S", 1, "1 x[i] x[j]"},
		{"tr(S*S)", "S", 1, "2 S[i,j]"},
		{"tr(Q'*A*Q)", "Q", 1, "1 A[i,a] Q[a,j] + 1 A[a,i] Q[a,j]"},
		{"tr(inv(X'*X)*X'*X)", "X", 1, "0"},
		{"X*inv(X'*X)*X'*X", "x", 1, "0"},
		{"norm2(x - sum(x)/sum(ones(n))*ones(n))^2", "x", 1, "2 x[i] - 2 n^-1 {1 x[a]}"},
		{"sum(log(exp(A*x) + exp(-A*x)))", "x", 1, "1 A[a,i] tanh{1 A[i,a] x[a]}[a]"},
		{"logsumexp(y + log(softmax(x)))", "x", 1, "-1 softmax{1 x[i]}[i] + 1 softmax{1 y[i] + 1 x[i]}[i]"},
		{"sqrt(1 + d^2)", "d", 2, "1 {1 + 1 d^2}^-3/2"},
		{"tr((A + c*B)^3)", "c", 2, "6 B[a,b] B[c,a] {1 A[i,j] + 1 c B[i,j]}[b,c]"},
		{"log(det(A*B))", "A", 1, "1 inv{1 A[i,j]}[j,i]"},
		{"det(A^3)", "A", 1, "3 det{1 A[i,j]}^3 inv{1 A[i,j]}[j,i]"},
	} {
		x := newBench(t, decls, engine())
		if got := x.derivative(c.text, c.by, c.order).String(); got != c.want {
			t.Errorf("∂(%s)/∂%s is %s, want %s", c.text, c.by, got, c.want)
		}
	}
}

// What Shorten does to expressions, and that the value stays.
func TestShorten(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"(1 - y).*sigmoid(x) - y.*(1 - sigmoid(x))", "-1 y[i] + 1 sigmoid{1 x[i]}[i]"},
		{"A*(x - y) + A*(y - z)", "1 A[i,a] x[a] - 1 A[i,a] z[a]"},
		{"X'*(X*x - w) + X'*w", "1 X[b,i] X[b,a] x[a]"},
		{"(x - y).*(x + y) + y.*y", "1 x[i]^2"},
		{"X'*(X*x - w) + c*x", "1 X[a,i] {1 X[i,a] x[a] - 1 w[i]}[a] + 1 x[i] c"},
		{"c*(1 + d/c)", "1 c + 1 d"},
		{"x./(c*(1 + x'*x/c)) + y./(c*(1 + x'*x/c)).^2", "1 x[i] {1 x[a]^2 + 1 c}^-1 + 1 y[i] {1 x[a]^2 + 1 c}^-2"},
		{"y./(c*(1 + x'*x/c))", "1 y[i] {1 c + 1 x[a]^2}^-1"},
		{"(y - y.*tanh(x)).*z", "1 y[i] z[i] {1 - 1 tanh{1 x[i]}[i]}[i]"},
		{"sin(x).^2 + cos(x).^2", "1"},
		{"c*cos(x).^2.*y + c*sin(x).^2.*y", "1 c y[i]"},
		{"2 - 2*sin(x).^3.*y - 2*cos(x).^2.*sin(x).*y", "2 - 2 sin{1 x[i]}[i] y[i]"},
		{"cosh(x).^2 - sinh(x).^2", "1"},
		{"sin(x).^2 + y", "1 sin{1 x[i]}[i]^2 + 1 y[i]"},
		{"sum(A.*cos(A).^2) + sum(A.*sin(A).^2)", "1 A[b,a]"},
		{"c*(1 + d)", "1 c {1 + 1 d}"},
		{"x./(1 + x.*x)", "1 x[i] {1 + 1 x[i]^2}[i]^-1"}, // has a value at 0, 1/(1/x + x) has none
		{"exp(x).*(exp(-2*x) - 1)./(exp(x) + exp(-x))", "-1 tanh{1 x[i]}[i]"},
		{"y.*(exp(-x)./(exp(x) + exp(-x)) - exp(x)./(exp(x) + exp(-x)))", "-1 y[i] tanh{1 x[i]}[i]"},
		{"2*A*(x - y)", "2 A[i,a] {1 x[i] - 1 y[i]}[a]"},
		{"(x'*x - c^2)*x", "1 x[i] {1 x[a]^2 - 1 c^2}"},
		{"tanh(A*(x - y) + A*y)", "1 tanh{1 A[i,a] y[a] + 1 A[i,a] {1 x[i] - 1 y[i]}[a]}[i]"},
		{"B*(A*(x - y) + A*y)", "1 B[i,a] A[a,b] x[b]"},
	} {
		x := newBench(t, decls, engine())
		s := Shorten(x.st, x.lower(c.text))
		if got := s.String(); got != c.want {
			t.Errorf("%s is %s, want %s", c.text, got, c.want)
		}
		n, _ := x.node(c.text)
		v := x.view(c.text)
		v.Sum = Shorten(x.st, v.Sum)
		if err := eval.EqualView(ops.Registry(), n, v, 1); err != nil {
			t.Errorf("%s: %v", c.text, err)
		}
	}
}
