package code

import (
	"strings"
	"testing"

	"example.com/nabla/internal/check"
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/ops"
	"example.com/nabla/internal/plan"
	"example.com/nabla/internal/syntax"
)

// lowered makes a program of an expression as it stands.
func lowered(t *testing.T, declarations, text string) *plan.Program {
	t.Helper()
	b := expr.NewBuilder(ops.Registry())
	tree, list := syntax.ParseProgram(declarations+"\n"+text, syntax.Options{IsFunction: func(n string) bool { return b.Reg.Overloads(n) != nil }})
	if len(list) > 0 {
		t.Fatal(list)
	}
	p, list := check.Check(b, tree, check.Options{Closed: true})
	if len(list) > 0 {
		t.Fatal(list.Render(p.File))
	}
	l := plan.NewLowerer(plan.NewMaker(b), plan.Options{})
	var spare []*expr.Symbol
	for _, v := range p.Vars {
		if v.Symbol.Kind != expr.Function {
			spare = append(spare, v.Symbol)
		}
	}
	return plan.Assemble(b, "derivative", nil, []plan.Result{{Value: l.Result(p.Result)}}, spare...)
}

const declarations = `A, B, C: matrix(n, n)
X: matrix(n, m)
x, u, w: vector(n)
y: vector(m)
a: scalar
p: scalar integer
sigma: function
h[i]: vector(n), i = 1..N`

// body returns the statements of a function but for the conversion of the arguments,
// with "; " between them.
func body(source string) string {
	_, s, _ := strings.Cut(source, "def derivative(")
	var out []string
	for _, line := range strings.Split(strings.TrimSpace(s), "\n")[1:] {
		if !strings.Contains(line, "np.asarray(") && !strings.Contains(line, "np.float64(") {
			out = append(out, strings.TrimPrefix(line, "    "))
		}
	}
	return strings.Join(out, "; ")
}

// TestBare compares what is computed with what a careful programmer would write.
func TestBare(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		// What has no name lends its memory.
		{"norm2(X - A*X)^2", "t1 = _less(X, A @ X); return np.vdot(t1, t1)"},
		{"(1 - tanh(A).^2).*B", "return _less(1, np.tanh(A) ** 2) * B"},
		{"a - exp(A)", "return _less(a, np.exp(A))"},
		{"tr((A - tanh(B))*tanh(B))", "t1 = np.tanh(B); return np.vdot(A - t1, t1.T)"},
		{"1 - A", "return 1 - A"},
		{"1 - tanh(x).^2", "return 1 - np.tanh(x) ** 2"},
		{"2*X*(X'*w - y)", "return 2 * (X @ (X.T @ w - y))"},
		{"inv(A)*x", "return np.linalg.solve(A, x)"},
		{"x'*inv(A)", "return np.linalg.solve(A.T, x)[None, :]"},
		{"inv(A)", "return np.linalg.inv(A)"},
		{"inv(A)'*x*w'*inv(A)'", "return np.outer(np.linalg.solve(A.T, x), np.linalg.solve(A, w))"},
		{"tr(A*B)", "return np.vdot(A, B.T)"},
		{"tr(A'*B)", "return np.vdot(A, B)"},
		{"tr(x*w'*A)", "return w @ (A @ x)"},
		{"kron(eye(n), A)*vec(B)", "return (A @ B).T.ravel()"},
		{"kron(A, B)*vec(C)", "return (B @ C @ A.T).T.ravel()"},
		{"kron(eye(m), eye(n))", "m = X.shape[1]; n = X.shape[0]; return np.eye(m * n, dtype=X.dtype)"},
		{"commutation(n, m)*vec(X)", "return X.ravel().copy()"},
		{"diag(x)*A*diag(w)", "return x[:, None] * A * w"},
		{"X'*diag(x)*X", "return (x[:, None] * X).T @ X"},
		{"X - x*ones(m)'", "return X - x[:, None]"},
		{"X + ones(n)*y'", "return X + y"},
		{"ones(n)'*X", "return np.sum(X, axis=0)[None, :]"},
		{"x'*A'*A*x", "t1 = A @ x; return t1 @ t1"},
		{"inv(A)*x + inv(A)*B*w + inv(A)'*u", "t1 = np.linalg.inv(A); return t1 @ x + t1 @ (B @ w) + t1.T @ u"},
		{"norm2(A*x)^2", "t1 = A @ x; return t1 @ t1"},
		{"A^3*x", "return A @ (A @ (A @ x))"},
		{"A^p", "p = int(p); return np.linalg.matrix_power(A, p).copy()"},
		{"sum(i, A*h[i])", "N = h.shape[0]; t1 = 0; for i in range(N):;     t1 = t1 + h[i]; return A @ t1"},
		{"sum(i, (exp(A + B)*h[i]).*h[i])", "N = h.shape[0]; t2 = np.exp(A + B); t1 = 0; for i in range(N):;     t1 = t1 + t2 @ h[i] * h[i]; return t1"},
		{"sigma(A*x) + sigma(w)", "return sigma(A @ x) + sigma(w)"},
		{"log(sum(exp(x)))", "return _logsumexp(x)"},
		{"1/(1+exp(-a))", "return _sigmoid(a)"},
	} {
		if got := body(Bare(lowered(t, declarations, c.in))); got != c.want {
			t.Errorf("source of %s:\n got %s\nwant %s", c.in, got, c.want)
		}
	}
}
