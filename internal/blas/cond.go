package blas

import "math"

// Norm1 is the 1-norm of A, m × n: the largest sum of absolute values in a column. NaN
// propagates.
func Norm1(m, n int, a []float64, lda int) float64 {
	checkMatrix("A", m, n, a, lda)
	if m == 0 || n == 0 {
		return 0
	}
	w := scratch(n)
	clear(w.s)
	for i := range m {
		for j, v := range a[i*lda:][:n] {
			w.s[j] += math.Abs(v)
		}
	}
	top := AbsMax(w.s)
	w.free()
	return top
}

// LURcond estimates 1 / (‖A‖₁ ‖A⁻¹‖₁), given the factors from LU and norm = ‖A‖₁ of the
// matrix that was factored. It is 0 for a singular matrix, 1 for an empty one.
func (th Threads) LURcond(n int, lu []float64, ldlu int, piv []int, norm float64) float64 {
	checkMatrix("LU", n, n, lu, ldlu)
	return rcond(n, norm, func(trans bool, x []float64) {
		th.LUSolve(trans, n, 1, lu, ldlu, piv, x, 1)
	})
}

// CholeskyRcond estimates 1 / (‖A‖₁ ‖A⁻¹‖₁), given the factor from Cholesky and
// norm = ‖A‖₁ of the matrix that was factored.
func (th Threads) CholeskyRcond(n int, l []float64, ldl int, norm float64) float64 {
	checkMatrix("L", n, n, l, ldl)
	return rcond(n, norm, func(_ bool, x []float64) {
		th.CholeskySolve(n, 1, l, ldl, x, 1)
	})
}

// rcond estimates with the norm of A and solves by A and Aᵀ.
func rcond(n int, norm float64, solve func(trans bool, x []float64)) float64 {
	if n == 0 {
		return 1
	}
	if norm == 0 {
		return 0
	}
	r := 1 / norm / inverseNorm1(n, solve)
	if math.IsNaN(r) && !math.IsNaN(norm) {
		return 0 // the solves overflowed
	}
	return r
}

// inverseNorm1 estimates ‖A⁻¹‖₁ from below by a few solves: gradient ascent of the convex
// function ‖A⁻¹x‖₁ over the corners of the unit ball, and one more vector, with
// alternating signs, that catches what deceives the ascent (Higham, FORTRAN codes for
// estimating the one-norm of a real or complex matrix, ACM TOMS 14, 1988).
func inverseNorm1(n int, solve func(trans bool, x []float64)) float64 {
	xs, zs := scratch(n), scratch(n)
	defer xs.free()
	defer zs.free()
	x, z := xs.s, zs.s
	for i := range x {
		x[i] = 1 / float64(n)
	}
	best, at := 0.0, -1
	for range 5 {
		solve(false, x)
		norm := Asum(x)
		if !(norm > best) && at >= 0 {
			break
		}
		best = norm
		if n == 1 || best != best {
			return best
		}
		for i, v := range x {
			z[i] = math.Copysign(1, v)
		}
		solve(true, z)
		next := 0
		for i, v := range z {
			if math.Abs(v) > math.Abs(z[next]) {
				next = i
			}
		}
		if at >= 0 && math.Abs(z[next]) <= math.Abs(z[at]) {
			break
		}
		at = next
		clear(x)
		x[at] = 1
	}
	for i := range x {
		x[i] = 1 + float64(i)/float64(n-1)
		if i%2 == 1 {
			x[i] = -x[i]
		}
	}
	solve(false, x)
	if alt := 2 * Asum(x) / float64(3*n); alt > best {
		best = alt
	}
	return best
}
