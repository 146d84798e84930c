// Package leastsquares has the function LeastSquares.
package leastsquares

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// LeastSquares returns a function and its derivatives, or an error if arguments do not fit.
//
//	f = ‖X w − y‖²
//
//	∂f/∂w = 2 Xᵀ(X w − y)
//	vector(n), denominator layout: df = (∂f/∂w)ᵀ dw
func LeastSquares(X *mat.Dense, w, y []float64) (value float64, gradW []float64, err error) {
	m, n := X.Dims()
	if X.IsEmpty() {
		return 0, nil, errors.New("leastsquares: X is empty")
	}
	if len(w) != n {
		return 0, nil, fmt.Errorf("leastsquares: w has %d entries, but X has %d columns: both must be n", len(w), n)
	}
	if len(y) != m {
		return 0, nil, fmt.Errorf("leastsquares: y has %d entries, but X has %d rows: both must be m", len(y), m)
	}
	t1 := make([]float64, m)
	mat.NewVecDense(m, t1).MulVec(X, mat.NewVecDense(n, w))
	floats.Sub(t1, y)
	value = floats.Dot(t1, t1)
	gradW = make([]float64, n)
	mat.NewVecDense(n, gradW).MulVec(X.T(), mat.NewVecDense(m, t1))
	floats.Scale(2, gradW)
	return value, gradW, nil
}

// CheckLeastSquares compares the derivatives with central differences in three random
// directions. It returns the largest relative deviation, and an error if that is above
// 1e-5 or if arguments do not fit.
func CheckLeastSquares(X *mat.Dense, w, y []float64) (float64, error) {
	rng := rand.New(rand.NewPCG(0, 0))
	worst := 0.0
	for range 3 {
		dw := randomVector(rng, len(w))
		_, gradW, err := LeastSquares(X, w, y)
		if err != nil {
			return 0, err
		}
		step := 1e-6 * (1 + floats.Norm(w, math.Inf(1)))
		up := base1(X, movedVector(w, step, dw), y)
		down := base1(X, movedVector(w, -step, dw), y)
		slope := along2(gradW, dw)
		worst = max(worst, deviation([]float64{slope}, []float64{up}, []float64{down}, step))
	}
	if !(worst <= 1e-5) {
		return worst, fmt.Errorf("leastsquares: the derivatives deviate from differences by %.1e", worst)
	}
	return worst, nil
}

// base1 is what is differentiated.
func base1(X *mat.Dense, w, y []float64) float64 {
	m, n := X.Dims()
	t1 := make([]float64, m)
	mat.NewVecDense(m, t1).MulVec(X, mat.NewVecDense(n, w))
	floats.Sub(t1, y)
	return floats.Dot(t1, t1)
}

// along2 is what gradW says of a direction.
func along2(result, direction []float64) float64 {
	return floats.Dot(result, direction)
}

// deviation returns how far derivatives along a direction are from (up - down)/(2 step),
// relative to the largest of these.
func deviation(along, up, down []float64, step float64) float64 {
	if len(along) != len(up) {
		return math.Inf(1)
	}
	worst, scale := 0.0, 1.0
	for i, d := range along {
		slope := (up[i] - down[i]) / (2 * step)
		worst = max(worst, math.Abs(d-slope))
		scale = max(scale, 1+math.Abs(slope))
	}
	return worst / scale
}

// randomVector draws n entries from the normal distribution.
func randomVector(rng *rand.Rand, n int) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = rng.NormFloat64()
	}
	return x
}

// movedVector returns x + step d.
func movedVector(x []float64, step float64, d []float64) []float64 {
	return floats.AddScaledTo(make([]float64, len(x)), x, step, d)
}
