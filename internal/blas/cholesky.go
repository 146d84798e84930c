package blas

import "math"

// Cholesky overwrites the lower triangle of A, n × n symmetric, with L of A = L Lᵀ. Only
// the lower triangle is read; the strict upper one is overwritten with what happens to
// be there. The result is −1, or if A is not positive definite (or has a NaN) the
// zero-based index of the pivot that is not positive: the leading minor of that order
// plus one fails, and A is left half done with that pivot on its diagonal.
func (th Threads) Cholesky(n int, a []float64, lda int) int {
	checkMatrix("A", n, n, a, lda)
	return th.cholesky(n, a, lda)
}

func (th Threads) cholesky(n int, a []float64, lda int) int {
	if n <= 16 {
		return choleskyBase(n, a, lda)
	}
	h := half(n)
	if bad := th.cholesky(h, a, lda); bad >= 0 {
		return bad
	}
	below := a[h*lda:]
	rest := a[h*lda+h:]
	th.trsm(Right|Lower|Trans, n-h, h, a, lda, below, lda)
	th.syrkLower(false, n-h, h, -1, below, lda, nil, 1, rest, lda)
	if bad := th.cholesky(n-h, rest, lda); bad >= 0 {
		return h + bad
	}
	return -1
}

func choleskyBase(n int, a []float64, lda int) int {
	for i := range n {
		ri := a[i*lda:][:i+1]
		for j := range i {
			rj := a[j*lda:][:j+1]
			s := ri[j]
			for q, v := range rj[:j] {
				s -= ri[q] * v
			}
			ri[j] = s / rj[j]
		}
		s := ri[i]
		for _, v := range ri[:i] {
			s -= v * v
		}
		if !(s > 0) {
			ri[i] = s
			return i
		}
		ri[i] = math.Sqrt(s)
	}
	return -1
}

// CholeskySolve overwrites B, n × nrhs, with A⁻¹ B, given the factor from Cholesky.
func (th Threads) CholeskySolve(n, nrhs int, l []float64, ldl int, b []float64, ldb int) {
	th.Trsm(Left|Lower, n, nrhs, 1, l, ldl, b, ldb)
	th.Trsm(Left|Lower|Trans, n, nrhs, 1, l, ldl, b, ldb)
}

// CholeskySolveRight overwrites B, m × n, with B A⁻¹, given the factor from Cholesky.
func (th Threads) CholeskySolveRight(m, n int, l []float64, ldl int, b []float64, ldb int) {
	th.Trsm(Right|Lower|Trans, m, n, 1, l, ldl, b, ldb)
	th.Trsm(Right|Lower, m, n, 1, l, ldl, b, ldb)
}

// CholeskyInverse overwrites the factor from Cholesky with both triangles of A⁻¹, n × n.
func (th Threads) CholeskyInverse(n int, l []float64, ldl int) {
	checkMatrix("L", n, n, l, ldl)
	if n <= inverseApart {
		inv := scratch(n * n)
		th.lowerInverse(Lower, n, l, ldl, inv.s, n)
		th.Syrk(true, n, n, 1, inv.s, n, 0, l, ldl)
		inv.free()
		return
	}
	th.invertLower(n, l, ldl)
	th.squareLower(n, l, ldl)
	th.mirror(n, l, ldl)
}

// inverseApart is the order up to which a triangle is inverted in other memory: that is
// more work, but in fewer pieces.
var inverseApart = 512

// lowerInverse sets X to the inverse of a lower triangular T, zeros above the diagonal;
// of f it reads Unit.
func (th Threads) lowerInverse(f Tri, n int, t []float64, ldt int, x []float64, ldx int) {
	for i := range n {
		row := x[i*ldx:][:n]
		clear(row)
		row[i] = 1
	}
	th.lowerInverseOf(f, n, t, ldt, x, ldx)
}

// lowerInverseOf inverts halves: the block below is −T₂⁻¹ T₂₁ T₁⁻¹.
func (th Threads) lowerInverseOf(f Tri, n int, t []float64, ldt int, x []float64, ldx int) {
	if n <= triMax {
		solveLeft(f, n, n, t, ldt, x, ldx)
		return
	}
	h := half(n)
	th.lowerInverseOf(f, h, t, ldt, x, ldx)
	th.Gemm(false, false, n-h, h, h, -1, t[h*ldt:], ldt, x, ldx, 0, x[h*ldx:], ldx)
	th.trsm(f, n-h, h, t[h*ldt+h:], ldt, x[h*ldx:], ldx)
	th.lowerInverseOf(f, n-h, t[h*ldt+h:], ldt, x[h*ldx+h:], ldx)
}

// CholeskyLogDet is the logarithm of det A, given the factor from Cholesky.
func CholeskyLogDet(n int, l []float64, ldl int) float64 {
	checkMatrix("L", n, n, l, ldl)
	p := logProduct{}
	for i := range n {
		p.times(l[i*ldl+i])
	}
	return 2 * p.log()
}

// logProduct is a product kept as a mantissa and an exponent, so that its logarithm
// needs one logarithm and loses no digits to a sum of many.
type logProduct struct {
	mantissa float64 // times one; zero stands for one
	exponent int
}

func (p *logProduct) times(v float64) {
	if p.mantissa == 0 && p.exponent == 0 {
		p.mantissa = 1
	}
	m, e := math.Frexp(v)
	p.mantissa *= m
	p.exponent += e
	m, e = math.Frexp(p.mantissa)
	p.mantissa = m
	p.exponent += e
}

func (p *logProduct) log() float64 {
	if p.mantissa == 0 && p.exponent == 0 {
		return 0
	}
	return math.Log(math.Abs(p.mantissa)) + float64(p.exponent)*math.Ln2
}
