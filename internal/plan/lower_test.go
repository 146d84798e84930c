package plan

import (
	"fmt"
	"strings"
	"testing"

	"example.com/nabla/internal/check"
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/ops"
	"example.com/nabla/internal/syntax"
)

// parse returns the node of a program; declarations stand before the last semicolon.
func parse(t *testing.T, text string) (*expr.Builder, *expr.Node) {
	t.Helper()
	b := expr.NewBuilder(ops.Registry())
	prog, list := syntax.ParseProgram(strings.ReplaceAll(text, ";", "\n"), syntax.Options{})
	if len(list) > 0 {
		t.Fatalf("%s: %v", text, list)
	}
	p, list := check.Check(b, prog, check.Options{})
	if len(list) > 0 {
		t.Fatalf("%s: %v", text, list)
	}
	return b, p.Result
}

// sizesOf are m = 1000, n = 100, p = 70, q = 50, k = 10.
func sizesOf(n *expr.SizeName) int {
	return map[string]int{"m": 1000, "n": 100, "p": 70, "q": 50, "k": 10, "N": 5000}[n.Name]
}

// TestLowered compares what programs are computed by.
func TestLowered(t *testing.T) {
	for _, c := range []struct{ program, want string }{
		// The order of products.
		{"X: matrix(m, n); w: vector(n); X'*(X*w)", "(X' @ (X @ w))"},
		{"X: matrix(m, n); w: vector(n); X'*X*w", "(X' @ (X @ w))"},
		{"X: matrix(m, n); w: vector(n); w'*X'*X", "row((X' @ (X @ w)))"},
		{"X: matrix(m, n); w: vector(n); w'*X'*X*w", "dot((X @ w), (X @ w))"},
		{"A: matrix(n, m); B: matrix(m, n); C: matrix(n, k); A*B*C", "(A @ (B @ C))"},
		{"A: matrix(k, m); B: matrix(m, n); C: matrix(n, n); A*B*C", "((A @ B) @ C)"},
		{"x: vector(n); y: vector(m); A: matrix(m, k); x*y'*A", "(x ∘ (A' @ y))"},
		{"x, y: vector(n); z: vector(m); x*(y'*x)*z'", "((dot(x, y) .* x) ∘ z)"},
		{"x, z: vector(m); A: matrix(n, m); B: matrix(m, n); A*x*z'*B", "((A @ x) ∘ (B' @ z))"},
		{"X: matrix(m, n); s: vector(m); X'*diag(s)*X", "((col(s) .* X)' @ X)"},
		{"X: matrix(m, n); s: vector(m); w: vector(n); X'*diag(s)*X*w", "(X' @ (s .* (X @ w)))"},
		{"X: matrix(m, n); s: vector(m); X'*inv(diag(s))*X", "((X ./ col(s))' @ X)"},
		{"A: matrix(n, n); s, u: vector(n); diag(s)*A*diag(u)", "((col(s) .* A) .* row(u))"},
		{"s, u, w: vector(n); diag(s)*diag(u)*w", "((s .* u) .* w)"},
		{"A: matrix(n, n); w: vector(n); A^3*w", "(A @ (A @ (A @ w)))"},
		{"A: matrix(n, n); A^3", "matpow(A, 3)"},
		// Kronecker products and commutations are applied.
		{"A: matrix(m, n); B: matrix(p, q); X: matrix(q, n); kron(A, B)*vec(X)", "vec(((B @ X) @ A'))"},
		{"A: matrix(m, n); B: matrix(p, q); X: matrix(q, n); kron(A, eye(q))*vec(X)", "vec((X @ A'))"},
		{"A: matrix(m, n); B: matrix(p, q); x: vector(n); y: vector(q); kron(A, B)*kron(x, y)", "kron((A @ x), (B @ y))"},
		{"X: matrix(m, n); commutation(m, n)*vec(X)", "vec(X')"},
		{"A: matrix(m, n); B: matrix(p, n); x: vector(n); khatrirao(A, B)*x", "vec(((B .* row(x)) @ A'))"},
		{"A: matrix(m, n); B: matrix(p, n); Y: matrix(p, m); khatrirao(A, B)'*vec(Y)", "colsum((B .* (Y @ A)))"},
		// Sums.
		{"X: matrix(m, n); u: vector(m); v: vector(n); X - u*ones(n)' + ones(m)*v'", "((X - col(u)) + row(v))"},
		{"u: vector(m); v: vector(n); u*ones(n)' + ones(m)*v' + 1", "(((u + 1) ∘ fill(1)) + row(v))"},
		{"s: vector(n); x: vector(n); (diag(s) - s*s')*x", "((s .* x) - (dot(s, x) .* s))"},
		{"X: matrix(m, n); c: scalar; x: vector(n); (X'*X + c*eye(n))*x", "((X' @ (X @ x)) + (c .* x))"},
		{"A: matrix(n, n); x: vector(n); (A + A')*x", "((A @ x) + (A' @ x))"},
		{"X: matrix(m, n); u: vector(n); y: vector(m); (X - ones(m)*u')'*y", "((X - row(u))' @ y)"},
		{"X: matrix(m, n); A: matrix(n, n); sum(A*X') + sum(A)", "(dot(colsum(A), colsum(X)) + sum(A))"},
		{"A: matrix(n, n); a: scalar; -a*A - 2", "(neg((a .* A)) - 2)"},
		// Traces and diagonals.
		{"A: matrix(m, n); B: matrix(n, m); tr(A*B)", "inner(A, B')"},
		{"A: matrix(m, n); B: matrix(n, m); C: matrix(n, n); tr(A*C*B)", "inner(C, (B @ A)')"},
		{"A: matrix(m, n); S: matrix(m, m); tr(A'*S*A) + tr(A'*A)", "(inner(A, (S @ A)) + inner(A, A))"},
		{"A: matrix(m, n); d: vector(n); tr(A*diag(d)*A')", "dot(d, colsum(square(A)))"},
		{"x: vector(m); A: matrix(m, m); tr(A*x*x')", "dot(x, (A @ x))"},
		{"A: matrix(m, n); B: matrix(n, m); diag(A*B)", "rowsum((A .* B'))"},
		{"A: matrix(m, n); diag(A*A' + 2*eye(m))", "(rowsum(square(A)) + 2)"},
		{"A, B: matrix(m, n); sum(A.*B)", "inner(A, B)"},
		{"A: matrix(m, n); B: matrix(m, k); C: matrix(n, k); sum(A.*(B*C'))", "inner(C, (A' @ B))"},
		{"A: matrix(m, n); x: vector(m); y: vector(n); sum(A.*(x*y'))", "dot(y, (A' @ x))"},
		{"A: matrix(n, n); B: matrix(m, m); tr(kron(A, B))", "(tr(A) .* tr(B))"},
		// Systems.
		{"A: matrix(n, n); b: vector(n); inv(A)*b", `(lu(A) \ b)`},
		{"A: matrix(n, n); b: vector(n); b'*inv(A)", `row((lu(A)' \ b))`},
		{"A: matrix(n, n) posdef; b: vector(n); b'*inv(A)*b + logdet(A)", `(dot(b, (cholesky(A) \ b)) + logdet(cholesky(A)))`},
		{"X: matrix(m, n); y: vector(n); inv(X'*X + eye(n))*y", `(cholesky(((X' @ X) + eye(n))) \ y)`},
		{"A: matrix(n, n); B: matrix(n, k); tr(B'*inv(A)*B)", `inner(B, (lu(A) \ B))`},
		{"A, B: matrix(n, n); tr(inv(A)*B)", `inner(inv(lu(A)), B')`},
		{"A: matrix(n, n); inv(A')", `inv(lu(A))'`},
		{"A: matrix(n, n); a: scalar; b: vector(n); inv(a*A)*b + inv(A)*b", `(((lu(A) \ b) ./ a) + (lu(A) \ b))`},
		{"A: matrix(n, n) orthogonal; b: vector(n); inv(A)*b", "(A' @ b)"},
		{"A: matrix(n, n); B: matrix(p, p); X: matrix(p, n); inv(kron(A, B))*vec(X)", `vec((lu(A) \ (lu(B) \ X)')')`},
		{"A: matrix(n, n); adj(A)", "(det(lu(A)) .* inv(lu(A)))"},
		{"A: matrix(n, n); log(det(A))", "logdet(lu(A))"},
		{"X: matrix(m, n); s: vector(m) positive; y: vector(n); inv(X'*diag(s)*X)*y", `(cholesky(((col(s) .* X)' @ X)) \ y)`},
		{"X: matrix(m, n); s: vector(m); y: vector(n); inv(X'*diag(sigmoid(s))*X + eye(n))*y", `(cholesky((((col(sigmoid(s)) .* X)' @ X) + eye(n))) \ y)`},
		{"X: matrix(n, m); S: matrix(m, m) posdef; y: vector(n); inv(X*inv(S)*X')*y", `(cholesky((X @ (cholesky(S) \ X'))) \ y)`},
		{"X: matrix(n, m); logdet(X*X'/3)", "((n .* log(1/3)) + logdet(cholesky((X @ X'))))"},
		{"X: matrix(n, m); det(X*X')", "det(lu((X @ X')))"},
		{"A: matrix(n, n) diagonal; x: vector(n); inv(A)*x", "(x ./ diagonal(A))"},
		{"A: matrix(n, n) symmetric; x: vector(n); inv(A')*x + A'*x", `((lu(A) \ x) + (A @ x))`},
		// Functions.
		{"x: vector(n); norm2(x)^2", "dot(x, x)"},
		{"x: vector(n); sqrt(x'*x)", "norm(x)"},
		{"x: vector(n); log(sum(exp(x)))", "logsumexp(x)"},
		{"x: vector(n); log(mean(exp(x)))", "(logsumexp(x) - log(n))"},
		{"x: vector(n); log(1 + exp(-x))", "softplus(neg(x))"},
		{"x: vector(n); 1./(1 + exp(-x))", "sigmoid(x)"},
		{"a: scalar; 1/(1 + exp(-a))", "sigmoid(a)"},
		{"a: scalar; exp(a)/(1 + exp(a))", "sigmoid(a)"},
		{"x: vector(n); exp(x)./(1 + exp(x))", "sigmoid(x)"},
		{"x: vector(n); exp(x)/sum(exp(x))", "softmax(x)"},
		{"X: matrix(m, n); exp(X)./(rowsum(exp(X))*ones(n)')", "softmaxrows(X)"},
		{"X: matrix(m, n); exp(X)./(ones(m)*colsum(exp(X)))", "softmaxcols(X)"},
		{"X: matrix(m, n); log(exp(X)./(rowsum(exp(X))*ones(n)'))", "(X - col(logsumexprows(X)))"},
		{"x: vector(n); log(softmax(x))", "(x - logsumexp(x))"},
		{"x: vector(n); exp(x - logsumexp(x))", "softmax(x)"},
		{"x: vector(n); log(sigmoid(x))", "neg(softplus(neg(x)))"},
		{"x: vector(n); log(1 - sigmoid(x))", "neg(softplus(x))"},
		{"x: vector(n); sigmoid(x).*(1 - sigmoid(x))", "(sigmoid(x) .* sigmoid(neg(x)))"},
		{"x: vector(n); log(1 + x) + exp(x) - 1", "((log1p(x) + exp(x)) - 1)"},
		{"x: vector(n); exp(x) - 1", "expm1(x)"},
		{"x: vector(n); x.^(-1/2) + x.^(-2) + x.^3", "(((1 ./ sqrt(x)) + (1 ./ square(x))) + (x.^3))"},
		{"X: matrix(m, n); mean(X) + sum(rowmean(X))", "((sum(X) ./ m*n) + (sum(X) ./ n))"},
		{"X: matrix(m, n); u: vector(m); exp(u*ones(n)') .* X", "(X .* col(exp(u)))"},
		{"X: matrix(m, n); u: vector(m); v: vector(n); (u*v').*X", "((col(u) .* X) .* row(v))"},
		{"A: matrix(n, n); s: vector(n); diag(s).*A", "diag((s .* diagonal(A)))"},
		// Families.
		{"x[i]: vector(n), i = 1..N; A: matrix(n, n); sum(i, x[i]'*A*x[i])", "Σ_i(dot(x[i], (A @ x[i])))"},
		{"x[i]: vector(n), i = 1..N; a: scalar; sum(i, a*x[i])", "(a .* Σ_i(x[i]))"},
	} {
		b, n := parse(t, c.program)
		l := NewLowerer(NewMaker(b), Options{Size: sizesOf})
		if got := l.Result(n).String(); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.program, got, c.want)
		}
	}
}

// TestFlops bounds the work of programs by what careful people need.
func TestFlops(t *testing.T) {
	const m, n, k = 1000, 100, 10
	for _, c := range []struct {
		program string
		most    float64
	}{
		{"X: matrix(m, n); w: vector(n); X'*X*w", 4.1 * m * n},
		{"X: matrix(m, n); X'*X*X'*X", 2.1*m*n*n + 2.1*n*n*n},
		{"A: matrix(n, n); A^8", 6.1 * n * n * n},
		{"A: matrix(n, n); tr(A^8)", 4.1 * n * n * n},
		{"A: matrix(n, n); B: matrix(n, k); inv(A)*B + inv(A')*B", 0.7*n*n*n + 4.1*n*n*k},
		{"X: matrix(m, n); P: matrix(m, k); kron(eye(k), X')*diag(vec(P))*kron(eye(k), X)", 2.2*m*n*n*k + 6*n*n*k*k},
		{"X: matrix(m, n); P: matrix(m, k); kron(X', eye(k))*diag(vec(P'))*kron(X, eye(k))", 2.2*m*n*n*k + 6*n*n*k*k},
		{"A: matrix(n, n); B: matrix(k, k); X: matrix(k, n); kron(A, B)*vec(X)", 2.1*n*n*k + 2.1*n*k*k},
		{"A: matrix(n, n); B: matrix(m, n); C: matrix(m, n); sum(A.*(B'*C))", 2.2 * m * n * n},
		{"x[i]: vector(n), i = 1..N; A: matrix(m, n); sum(i, x[i]'*A'*A*x[i])", 2.1*m*n*n + 5000*2.1*n*n},
		{"x[i]: vector(n), i = 1..N; A: matrix(m, n); sum(i, A*x[i])", 2.1*m*n + 5000*2*n},
		{"A: matrix(m, n); B: matrix(k, n); khatrirao(A, B)'*khatrirao(A, B)", 2.1*n*n*(m+k) + 3*n*n},
	} {
		b, node := parse(t, c.program)
		l := NewLowerer(NewMaker(b), Options{Size: sizesOf})
		v := l.Result(node)
		if got := TotalFlops([]*Value{v}, sizesOf); got > c.most {
			t.Errorf("%s: takes %.3g, want at most %.3g: %v", c.program, got, c.most, v)
		}
	}
}

// A power by repeated squaring is lowered in no time, to as many products.
func TestSquarings(t *testing.T) {
	text := "A0: matrix(n, n); "
	for i := range 40 {
		text += fmt.Sprintf("A%d = A%d*A%d; ", i+1, i, i)
	}
	b, n := parse(t, text+"x: vector(n); A40*x")
	v := NewLowerer(NewMaker(b), Options{Size: sizesOf}).Result(n)
	if got, most := TotalFlops([]*Value{v}, sizesOf), 41*2.1*100*100*100; got > most {
		t.Errorf("takes %.3g, want at most %.3g", got, most)
	}
}

// A result uses the products of an earlier one where that is cheaper.
func TestShared(t *testing.T) {
	b, gradient := parse(t, "X: matrix(m, n); w: vector(n); X'*X*w")
	x := gradient.Args[1] // X
	hessian := b.Node(expr.OpMul, b.Node(expr.OpT, x), x)
	l := NewLowerer(NewMaker(b), Options{Size: sizesOf})
	if got, want := l.Result(gradient).String(), "(X' @ (X @ w))"; got != want {
		t.Errorf("alone: got %s, want %s", got, want)
	}
	if got, want := l.Result(hessian).String(), "(X' @ X)"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	l = NewLowerer(NewMaker(b), Options{Size: sizesOf})
	l.Result(hessian)
	if got, want := l.Result(gradient).String(), "((X' @ X) @ w)"; got != want {
		t.Errorf("after XᵀX: got %s, want %s", got, want)
	}
}

func TestName(t *testing.T) {
	b, n := parse(t, "X: matrix(m, n); w: vector(n); tanh(X*w)")
	l := NewLowerer(NewMaker(b), Options{Size: sizesOf})
	l.Name(n, "h")
	l.Name(n, "again")
	l.Name(n.Args[0].Args[0], "M")
	v := l.Result(n)
	if v.Name != "h" || v.Args[0].Name != "" || v.Args[0].Args[0].Name != "" {
		t.Errorf("names are %q, %q, %q", v.Name, v.Args[0].Name, v.Args[0].Args[0].Name)
	}
}
