package blas

import "math"

// Dot is the sum of x[i] y[i] over slices of equal length.
func Dot(x, y []float64) float64 { sameLength(len(x), len(y)); return use.dot(x, y) }

// Axpy adds alpha x to y; the slices have equal length. x may be y.
func Axpy(alpha float64, x, y []float64) { sameLength(len(x), len(y)); use.axpy(alpha, x, y) }

// Scal multiplies x by alpha.
func Scal(alpha float64, x []float64) { use.mulScalar(x, x, alpha) }

// Sum is the sum of the entries of x.
func Sum(x []float64) float64 { return use.sum(x) }

// Asum is the sum of the absolute values of the entries of x.
func Asum(x []float64) float64 { return use.asum(x) }

// Max is the largest entry of x, −∞ if there is none, NaN if an entry is.
func Max(x []float64) float64 { return use.max(x) }

// Min is the least entry of x, +∞ if there is none, NaN if an entry is.
func Min(x []float64) float64 { return use.min(x) }

// AbsMax is the largest absolute value of the entries of x, 0 if there is none, NaN if
// an entry is.
func AbsMax(x []float64) float64 { return use.absMax(x) }

// Nrm2 is the Euclidean norm of x. It neither overflows nor underflows unless the result
// does.
func Nrm2(x []float64) float64 {
	s := Dot(x, x)
	if s > 0x1p-900 && s < 0x1p1000 {
		return math.Sqrt(s)
	}
	// Out of the safe range, or NaN, or all zero: scale by the largest entry.
	top := AbsMax(x)
	if top == 0 || math.IsInf(top, 0) || math.IsNaN(top) {
		return top
	}
	_, e := math.Frexp(top)
	scale := math.Ldexp(1, -max(e, -1000))
	s = 0
	for _, v := range x {
		v *= scale
		s += v * v
	}
	return math.Sqrt(s) / scale
}
