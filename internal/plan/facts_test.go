package plan

import "testing"

// What is known of the matrices that programs compute: posdef, symmetric or neither.
func TestFacts(t *testing.T) {
	for _, c := range []struct{ program, want string }{
		{"X: matrix(m, n); X'*X", "symmetric"},
		{"X: matrix(m, n); X'*X + eye(n)", "posdef"},
		{"X: matrix(m, n); X'*X - eye(n)", "symmetric"},
		{"X: matrix(m, n); s: vector(m) positive; X'*diag(s)*X + 2*eye(n)", "posdef"},
		{"X: matrix(m, n); s: vector(m); X'*diag(s)*X + 2*eye(n)", "symmetric"},
		{"X: matrix(m, n); s: vector(m); X'*diag(s.^2)*X + 2*eye(n)", "posdef"},
		{"X: matrix(m, n); c: scalar; X'*X + c*eye(n)", "symmetric"},
		{"A: matrix(n, n) posdef; inv(A)", "posdef"},
		{"A: matrix(n, n) posdef; x: vector(n); diag(exp(x))*A", ""},
		{"A: matrix(n, n) posdef; x: vector(n); A + x*x'", "posdef"},
		{"A: matrix(n, n) posdef; x: vector(n); A - x*x'", "symmetric"},
		{"A, B: matrix(n, n) posdef; A.*B", "posdef"},
		{"A, B: matrix(n, n) posdef; A*B", ""},
		{"A: matrix(n, n) posdef; c: scalar; A*exp(c)", "posdef"},
		{"A: matrix(n, n) posdef; c: scalar; A*c", "symmetric"},
		{"A: matrix(n, n) posdef; A/tr(A)", "posdef"},
		{"A: matrix(n, n); A + A'", "symmetric"},
		{"A: matrix(n, n); A.*A'", "symmetric"},
		{"A: matrix(n, n); exp(A + A')", "symmetric"},
		{"A: matrix(n, n) symmetric; inv(A) + eye(n)", "symmetric"},
		{"X: matrix(n, m); S: matrix(m, m) posdef; X*inv(S)*X' + eye(n)", "posdef"},
		{"X: matrix(n, m); S: matrix(m, m); X*inv(S)*X' + eye(n)", ""},
		{"X: matrix(m, n); S: matrix(n, n) posdef; inv(S)*X'*X", ""},
		{"X: matrix(m, n); S: matrix(n, n) posdef; X'*X*inv(S)", ""},
		{"x[i]: vector(n), i = 1..N; sum(i, x[i]*x[i]') + eye(n)", "posdef"},
		{"A: matrix(n, n) posdef; B: matrix(m, m) posdef; kron(A, B)", "posdef"},
		{"x: vector(n); diag(softmax(x))", "posdef"},
		{"x: vector(n); diag(softmax(x)) - softmax(x)*softmax(x)'", "symmetric"},
	} {
		b, n := parse(t, c.program)
		v := NewLowerer(NewMaker(b), Options{Size: sizesOf}).Node(n)
		got := ""
		switch {
		case v.Posdef():
			got = "posdef"
		case v.Symmetric():
			got = "symmetric"
		}
		if got != c.want {
			t.Errorf("%s: %q is known, want %q: %v", c.program, got, c.want, v)
		}
	}
}
