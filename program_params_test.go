package nabla_test

import (
	"strings"
	"testing"

	"example.com/nabla"
)

// TestParameters compares the parameters of programs: each is needed for what is asked.
func TestParameters(t *testing.T) {
	for _, c := range []struct {
		text, wrt string
		what      []nabla.What
		want      string
	}{
		{"A: matrix(m, n); x: vector(n); tanh(A*x)", "x", []nabla.What{nabla.JacobianVector}, "A x dx"},
		{"A: matrix(m, n); x: vector(n); tanh(A*x)", "x", []nabla.What{nabla.AdjointJacobian}, "A x cotangent"},
		{"A: matrix(m, n); x: vector(n); tanh(A*x)", "x", []nabla.What{nabla.JacobianVector, nabla.AdjointJacobian}, "A x dx cotangent"},
		{"A: matrix(m, n); x: vector(n); logsumexp(A*x)", "x", []nabla.What{nabla.HessianOf, nabla.HessianVector}, "A x dx"},
		{"A: matrix(m, n); x: vector(n); dx: vector(n); logsumexp(A*x + A*dx)", "x", []nabla.What{nabla.HessianVector}, "A x dx dx_"},
		{"X: matrix(m, p); b: scalar; b*X'*X.^2", "X", []nabla.What{nabla.JacobianOf, nabla.JacobianVector, nabla.AdjointJacobian}, "X b dX cotangent"},
		{"x[i]: vector(n), i = 1..N; w: vector(n); sum(i, norm2(x[i] - w)^4)", "w", []nabla.What{nabla.HessianOf, nabla.HessianVector}, "x w dw"},
	} {
		p, err := nabla.NewProgram(nabla.ProgramRequest{Request: nabla.Request{Program: c.text, Wrt: []string{c.wrt}, NoCheck: true}, What: c.what})
		if err != nil {
			t.Errorf("%s: %v", c.text, err)
			continue
		}
		var names []string
		for _, q := range p.Params {
			names = append(names, q.Sym.Name)
		}
		if got := strings.Join(names, " "); got != c.want {
			t.Errorf("%s, %v: the parameters are %s, want %s", c.text, c.what, got, c.want)
		}
	}
}
