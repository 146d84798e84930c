package nabla_test

import (
	"testing"

	"example.com/nabla"
)

// TestProductsWithFacts asks for products with Hessians by variables whose facts the
// notation rests on, one by one and jointly.
func TestProductsWithFacts(t *testing.T) {
	for _, fact := range []string{"", "diagonal", "symmetric", "posdef", "positive", "toeplitz", "orthogonal"} {
		for _, f := range []string{"tr(X*A*X*X'*A) + x'*X*x", "norm2(X - A)^2*(x'*x)", "sum(exp(X.*A)) + norm2(X*x)^2"} {
			for _, joint := range []bool{false, true} {
				text := "X: matrix(n, n) " + fact + "; A: matrix(n, n); x: vector(n); " + f
				_, err := nabla.NewProgram(nabla.ProgramRequest{Request: nabla.Request{Program: text, Wrt: []string{"X", "x"}},
					What: []nabla.What{nabla.HessianVector}, Joint: joint})
				if err != nil {
					t.Errorf("%s, joint %v: %v", text, joint, err)
				}
			}
		}
	}
}
