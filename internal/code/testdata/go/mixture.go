// Package mixture has the function Mixture.
package mixture

import (
	"errors"
	"fmt"
	"math"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// Mixture returns a function and its derivatives, or an error if arguments do not fit.
//
//	f = sum(k, sum(sigma(A[k]*x - c)))/(1 + c^2) + norm2(x)*x'*sigmoid(x)
func Mixture(sigma func(float64) float64, A []*mat.Dense, x []float64, c float64) (float64, error) {
	if len(A) == 0 {
		return 0, errors.New("mixture: A is empty")
	}
	K := len(A)
	n, _ := A[0].Dims()
	if len(x) != n {
		return 0, fmt.Errorf("mixture: x has %d entries, but A[k] has %d rows: both must be n", len(x), n)
	}
	for index, member := range A {
		if rows, cols := member.Dims(); rows != n || cols != n {
			return 0, fmt.Errorf("mixture: A[%d] is %d × %d, must be %d × %d", index, rows, cols, n, n)
		}
	}
	t1 := 0.0
	for k := range K {
		t2 := make([]float64, n)
		mat.NewVecDense(n, t2).MulVec(A[k], mat.NewVecDense(n, x))
		t3 := 0.0
		for i := range n {
			t3 += sigma(t2[i] - c)
		}
		t1 += t3
	}
	t4 := 0.0
	for i := range n {
		t4 += x[i] * sigmoid(x[i])
	}
	return t1/(1+c*c) + floats.Norm(x, 2)*t4, nil
}

// sigmoid returns 1 / (1 + exp(-x)) without overflow.
func sigmoid(x float64) float64 {
	z := math.Exp(-math.Abs(x))
	if x < 0 {
		return z / (1 + z)
	}
	return 1 / (1 + z)
}
