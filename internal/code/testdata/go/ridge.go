// Package ridge has the function Ridge.
package ridge

import (
	"errors"
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"
)

// Ridge returns a function and its derivatives, or an error if arguments do not fit.
//
//	f = inv(X'*X + a*eye(n) + diag(d.^2))*X'*y
func Ridge(X *mat.Dense, a float64, d, y []float64) ([]float64, error) {
	m, n := X.Dims()
	if X.IsEmpty() {
		return nil, errors.New("ridge: X is empty")
	}
	if len(d) != n {
		return nil, fmt.Errorf("ridge: d has %d entries, but X has %d columns: both must be n", len(d), n)
	}
	if len(y) != m {
		return nil, fmt.Errorf("ridge: y has %d entries, but X has %d rows: both must be m", len(y), m)
	}
	var t1 mat.Dense
	t1.Mul(X.T(), X)
	t2 := make([]float64, n)
	for i := range t2 {
		t2[i] = a + d[i]*d[i]
	}
	for i := range n {
		t1.Set(i, i, t1.At(i, i)+t2[i])
	}
	var lu mat.LU
	lu.Factorize(&t1)
	t3 := make([]float64, n)
	mat.NewVecDense(n, t3).MulVec(X.T(), mat.NewVecDense(m, y))
	v := make([]float64, n)
	if err := lu.SolveVecTo(mat.NewVecDense(n, v), false, mat.NewVecDense(n, t3)); singular(err) {
		return nil, errors.New("ridge: X'*X + diag(a + d.^2) is singular")
	}
	return v, nil
}

// singular reports whether err says that a matrix has no inverse. A result that may be
// inaccurate, since the matrix is ill-conditioned, is kept.
func singular(err error) bool {
	var cond mat.Condition
	return err != nil && (!errors.As(err, &cond) || math.IsInf(float64(cond), 1))
}
