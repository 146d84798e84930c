package blas

import (
	"math"
	"sync"
)

// LU overwrites A, n × n, with L below the diagonal (its ones are not stored) and U from
// the diagonal on, where P A = L U by partial pivoting: in step i rows i and piv[i] ≥ i
// were exchanged. piv has n entries. The result is −1, or the zero-based index of the
// first pivot that is exactly zero; the factors are complete, but A is singular. NaN
// counts as a pivot.
func (th Threads) LU(n int, a []float64, lda int, piv []int) int {
	checkMatrix("A", n, n, a, lda)
	if len(piv) < n {
		panic("blas: too few entries for the pivots")
	}
	return th.lu(n, n, a, lda, piv[:n])
}

// lu factors the m × n matrix A, m ≥ n: the left half of the columns, then the right
// half with what the left one takes off it.
func (th Threads) lu(m, n int, a []float64, lda int, piv []int) int {
	if n <= luWidth {
		return luBase(m, n, a, lda, piv)
	}
	h := half(n)
	bad := th.lu(m, h, a, lda, piv[:h])
	right := a[h:]
	exchange(right, lda, n-h, piv[:h])
	th.trsm(Left|Lower|Unit, h, n-h, a, lda, right, lda)
	rest := a[h*lda+h:]
	th.Gemm(false, false, m-h, n-h, h, -1, a[h*lda:], lda, right, lda, 1, rest, lda)
	if later := th.lu(m-h, n-h, rest, lda, piv[h:n]); bad < 0 && later >= 0 {
		bad = h + later
	}
	exchange(a[h*lda:], lda, h, piv[h:n])
	for i := h; i < n; i++ {
		piv[i] += h
	}
	return bad
}

// exchange swaps row i with row piv[i] in the first n columns, one after the other.
func exchange(a []float64, lda, n int, piv []int) {
	for i, p := range piv {
		if p != i {
			x, y := a[i*lda:][:n], a[p*lda:][:n]
			for j, v := range x {
				x[j], y[j] = y[j], v
			}
		}
	}
}

// luWidth is the number of columns that are factored one by one.
const luWidth = 16

// luPanel is a copy of few columns of a matrix, each without gaps.
type luPanel struct {
	buffer
	rows rows
}

var luPanels = sync.Pool{New: func() any { return new(luPanel) }}

// luBase factors an m × n matrix with n ≤ luWidth column by column, in a copy with the
// columns as rows. Column j first gets all updates by the columns before it.
func luBase(m, n int, a []float64, lda int, piv []int) int {
	p := luPanels.Get().(*luPanel)
	defer luPanels.Put(p)
	ld := m + 8 // not a power of two, so that columns fall on separate cache lines
	p.grow(n * ld)
	s := p.s
	transpose(m, n, a, lda, s, ld)
	bad := -1
	for j := range n {
		col := s[j*ld:][:m]
		for i := range j {
			v := col[i]
			for q := i + 1; q < j; q++ {
				col[q] -= s[i*ld+q] * v
			}
		}
		rest := col[j:]
		if j > 0 {
			p.rows = rows{a: s[j:], lda: ld, m: j, n: m - j, x: col, y: rest, alpha: -1}
			use.addRows(&p.rows)
		}
		at := j + firstLargest(rest)
		piv[j] = at
		if at != j {
			for q := range n {
				s[q*ld+j], s[q*ld+at] = s[q*ld+at], s[q*ld+j]
			}
		}
		if pivot := col[j]; pivot != 0 {
			DivScalar(rest[1:], rest[1:], pivot)
		} else if bad < 0 {
			bad = j
		}
	}
	p.rows = rows{}
	transpose(n, m, s, ld, a, lda)
	return bad
}

// firstLargest is the index of the first entry that is NaN, or else of the first of the
// largest absolute value.
func firstLargest(x []float64) int {
	top := use.absMax(x)
	if top == top {
		return use.firstAbs(x, top)
	}
	for i, v := range x {
		if v != v {
			return i
		}
	}
	return 0
}

// LUSolve overwrites B, n × nrhs, with A⁻¹ B, or A⁻ᵀ B with trans, given the factors
// from LU.
func (th Threads) LUSolve(trans bool, n, nrhs int, lu []float64, ldlu int, piv []int, b []float64, ldb int) {
	checkMatrix("LU", n, n, lu, ldlu)
	checkMatrix("B", n, nrhs, b, ldb)
	if n == 0 || nrhs == 0 {
		return
	}
	if !trans {
		exchange(b, ldb, nrhs, piv[:n])
		th.trsm(Left|Lower|Unit, n, nrhs, lu, ldlu, b, ldb)
		th.trsm(Left|Upper, n, nrhs, lu, ldlu, b, ldb)
		return
	}
	th.trsm(Left|Upper|Trans, n, nrhs, lu, ldlu, b, ldb)
	th.trsm(Left|Lower|Unit|Trans, n, nrhs, lu, ldlu, b, ldb)
	for i := n - 1; i >= 0; i-- {
		if p := piv[i]; p != i {
			x, y := b[i*ldb:][:nrhs], b[p*ldb:][:nrhs]
			for j, v := range x {
				x[j], y[j] = y[j], v
			}
		}
	}
}

// LUSolveRight overwrites B, m × n, with B A⁻¹, or B A⁻ᵀ with trans, given the factors
// from LU.
func (th Threads) LUSolveRight(trans bool, m, n int, lu []float64, ldlu int, piv []int, b []float64, ldb int) {
	checkMatrix("LU", n, n, lu, ldlu)
	checkMatrix("B", m, n, b, ldb)
	if m == 0 || n == 0 {
		return
	}
	if trans {
		for i := range m {
			row := b[i*ldb:][:n]
			for j, p := range piv[:n] {
				row[j], row[p] = row[p], row[j]
			}
		}
		th.trsm(Right|Lower|Unit|Trans, m, n, lu, ldlu, b, ldb)
		th.trsm(Right|Upper|Trans, m, n, lu, ldlu, b, ldb)
		return
	}
	th.trsm(Right|Upper, m, n, lu, ldlu, b, ldb)
	th.trsm(Right|Lower|Unit, m, n, lu, ldlu, b, ldb)
	exchangeBack(m, n, piv, b, ldb)
}

// exchangeBack swaps columns i and piv[i] of B, m × n, beginning with the last.
func exchangeBack(m, n int, piv []int, b []float64, ldb int) {
	for i := range m {
		row := b[i*ldb:][:n]
		for j := n - 1; j >= 0; j-- {
			row[j], row[piv[j]] = row[piv[j]], row[j]
		}
	}
}

// LUInverse sets X, n × n, to A⁻¹, given the factors from LU, which X must not overlap.
func (th Threads) LUInverse(n int, lu []float64, ldlu int, piv []int, x []float64, ldx int) {
	checkMatrix("LU", n, n, lu, ldlu)
	checkMatrix("X", n, n, x, ldx)
	if n == 0 {
		return
	}
	// U X = L⁻¹ P, with the columns of L⁻¹ put in their places.
	th.lowerInverse(Lower|Unit, n, lu, ldlu, x, ldx)
	exchangeBack(n, n, piv, x, ldx)
	th.trsm(Left|Upper, n, n, lu, ldlu, x, ldx)
}

// LUInverseInPlace overwrites the factors from LU with A⁻¹, n × n. On several goroutines
// it takes longer than LUInverse.
func (th Threads) LUInverseInPlace(n int, lu []float64, ldlu int, piv []int) {
	checkMatrix("LU", n, n, lu, ldlu)
	if n == 0 {
		return
	}
	// X L = U⁻¹, some columns at a time, the last ones first; their part of L makes room.
	th.invertUpper(n, lu, ldlu)
	w := scratch(n * min(n, inverseWidth))
	for at := (n - 1) / inverseWidth * inverseWidth; at >= 0; at -= inverseWidth {
		k := min(inverseWidth, n-at)
		for i := at; i < n; i++ {
			own := max(0, min(i-at, k))
			row := lu[i*ldlu+at:][:own]
			copy(w.s[(i-at)*k:], row)
			clear(row)
		}
		if end := at + k; end < n {
			th.Gemm(false, false, n, k, n-end, -1, lu[end:], ldlu, w.s[k*k:], k, 1, lu[at:], ldlu)
		}
		th.trsm(Right|Lower|Unit, n, k, w.s, k, lu[at:], ldlu)
	}
	w.free()
	exchangeBack(n, n, piv, lu, ldlu)
}

// inverseWidth is the number of columns of an inverse that are computed at a time.
const inverseWidth = 128

// LULogDet is log |det A| and the sign of det A, 1, −1 or 0, given the factors from LU.
// The logarithm for the sign 0 is −∞; with NaN in the factors both are NaN.
func LULogDet(n int, lu []float64, ldlu int, piv []int) (log, sign float64) {
	checkMatrix("LU", n, n, lu, ldlu)
	p := logProduct{}
	sign = 1
	for i := range n {
		v := lu[i*ldlu+i]
		switch {
		case v == 0:
			return math.Inf(-1), 0
		case v != v:
			return v, v
		}
		if v < 0 != (piv[i] != i) {
			sign = -sign
		}
		p.times(v)
	}
	return p.log(), sign
}
