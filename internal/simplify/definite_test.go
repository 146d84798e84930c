package simplify

import "testing"

func TestDefinite(t *testing.T) {
	decls := "K: matrix(n, n) posdef; S: matrix(n, n) symmetric; c: scalar positive; d: scalar; X: matrix(n, m); x: vector(n)"
	for _, c := range []struct {
		text string
		want bool
	}{
		{"K", true},
		{"K + c*eye(n)", true},
		{"X*X' + c*eye(n)", true},
		{"eye(n) + x*x'", true},
		{"2*K + X*X' + x*x'", true},
		{"inv(K) + c*eye(n)", true},
		{"c*inv(K + eye(n))", true},
		{"X*X'", false},
		{"K + d*eye(n)", false},
		{"K - c*eye(n)", false},
		{"S + c*eye(n)", false},
		{"K + ones(n, n)", false},
		{"K*K + S", false},
		{"K.*K + c*S", false},
		{"x*ones(n)' + eye(n)", false},
	} {
		x := newBench(t, decls, engine())
		if got := definite(x.lower(c.text)); got != c.want {
			t.Errorf("%s is positive definite at sight: %v, want %v", c.text, got, c.want)
		}
	}
}
