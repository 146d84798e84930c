// Package gaussian has the function Gaussian.
package gaussian

import (
	"errors"
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"
)

// Gaussian returns a function and its derivatives, or an error if arguments do not fit.
//
//	f = (N*logdet(S) + tr(inv(S)*(X - ones(N)*mu')'*(X - ones(N)*mu')))/2
func Gaussian(S, X *mat.Dense, mu []float64) (float64, error) {
	N, _ := X.Dims()
	d, _ := S.Dims()
	if X.IsEmpty() {
		return 0, errors.New("gaussian: X is empty")
	}
	if S.IsEmpty() {
		return 0, errors.New("gaussian: S is empty")
	}
	if _, got := S.Dims(); got != d {
		return 0, fmt.Errorf("gaussian: S has %d columns and %d rows: both must be d", got, d)
	}
	if _, got := X.Dims(); got != d {
		return 0, fmt.Errorf("gaussian: X has %d columns, but S has %d rows: both must be d", got, d)
	}
	if len(mu) != d {
		return 0, fmt.Errorf("gaussian: mu has %d entries, but S has %d rows: both must be d", len(mu), d)
	}
	var chol mat.Cholesky
	if !chol.Factorize(symmetric(S)) {
		return 0, errors.New("gaussian: S is not positive definite")
	}
	t1 := mat.NewDense(N, d, nil)
	for i := range N {
		rowT1, rowX := t1.RawRowView(i), X.RawRowView(i)
		for j := range rowT1 {
			rowT1[j] = rowX[j] - mu[j]
		}
	}
	var t2 mat.Dense
	if err := chol.SolveTo(&t2, t1.T()); singular(err) {
		return 0, errors.New("gaussian: S is singular")
	}
	t3 := 0.0
	for i := range d {
		rowT2 := t2.RawRowView(i)
		for j := range rowT2 {
			t3 += t1.At(j, i) * rowT2[j]
		}
	}
	return 0.5 * (float64(N)*chol.LogDet() + t3), nil
}

// symmetric returns the symmetric matrix with the upper triangle of a.
func symmetric(a mat.Matrix) *mat.SymDense {
	n, _ := a.Dims()
	s := mat.NewSymDense(n, nil)
	for i := range n {
		for j := i; j < n; j++ {
			s.SetSym(i, j, a.At(i, j))
		}
	}
	return s
}

// singular reports whether err says that a matrix has no inverse. A result that may be
// inaccurate, since the matrix is ill-conditioned, is kept.
func singular(err error) bool {
	var cond mat.Condition
	return err != nil && (!errors.As(err, &cond) || math.IsInf(float64(cond), 1))
}
