package blas

import "sync"

// invertLower overwrites a lower triangle T of order n with its inverse. With halves T₁,
// T₂ and T₂₁ below, the block below is −T₂⁻¹ T₂₁ T₁⁻¹.
func (th Threads) invertLower(n int, t []float64, ldt int) {
	if n <= triMax {
		s := scratch(n * n)
		clear(s.s)
		for i := range n {
			s.s[i*n+i] = 1
		}
		solveLeft(Lower, n, n, t, ldt, s.s, n)
		for i := range n {
			copy(t[i*ldt:][:i+1], s.s[i*n:])
		}
		s.free()
		return
	}
	h := half(n)
	below, rest := t[h*ldt:], t[h*ldt+h:]
	th.Trsm(Right|Lower, n-h, h, -1, t, ldt, below, ldt)
	th.trsm(Left|Lower, n-h, h, rest, ldt, below, ldt)
	th.invertLower(h, t, ldt)
	th.invertLower(n-h, rest, ldt)
}

// invertUpper overwrites an upper triangle T of order n with its inverse, and leaves what is
// below as it is.
func (th Threads) invertUpper(n int, t []float64, ldt int) {
	if n <= triMax {
		s := scratch(n * n)
		clear(s.s)
		for i := range n {
			s.s[i*n+i] = 1
		}
		solveLeft(Upper, n, n, t, ldt, s.s, n)
		for i := range n {
			copy(t[i*ldt+i:][:n-i], s.s[i*n+i:])
		}
		s.free()
		return
	}
	h := half(n)
	beside, rest := t[h:], t[h*ldt+h:]
	th.Trsm(Left|Upper, h, n-h, -1, t, ldt, beside, ldt)
	th.trsm(Right|Upper, h, n-h, rest, ldt, beside, ldt)
	th.invertUpper(h, t, ldt)
	th.invertUpper(n-h, rest, ldt)
}

// squareLower overwrites a lower triangle T of order n with the lower one of TᵀT; the
// strict upper one is scratch.
func (th Threads) squareLower(n int, t []float64, ldt int) {
	if n <= triMax {
		s := scratch(n * n)
		copyLower(n, s.s, n, t, ldt)
		th.syrkLower(true, n, n, 1, s.s, n, nil, 0, t, ldt)
		s.free()
		return
	}
	h := half(n)
	below, rest := t[h*ldt:], t[h*ldt+h:]
	th.squareLower(h, t, ldt)
	th.syrkLower(true, h, n-h, 1, below, ldt, nil, 1, t, ldt)
	th.timesLower(n-h, h, rest, ldt, below, ldt)
	th.squareLower(n-h, rest, ldt)
}

// copyLower copies a lower triangle of order n, with zeros above.
func copyLower(n int, dst []float64, ldd int, t []float64, ldt int) {
	for i := range n {
		row := dst[i*ldd:][:n]
		copy(row, t[i*ldt:][:i+1])
		clear(row[i+1:])
	}
}

// lowerParts is a product with a triangle cut into ranges of columns.
type lowerParts struct {
	m, n      int
	t         []float64
	ldt       int
	b         []float64
	ldb, step int
}

var lowers = sync.Pool{New: func() any { return new(lowerParts) }}

func (g *lowerParts) do(i int) {
	at := i * g.step
	timesLower(g.m, min(g.step, g.n-at), g.t, g.ldt, g.b[at:], g.ldb)
}

// timesLower overwrites B, m × n, with TᵀB, where T is a lower triangle of order m.
func (th Threads) timesLower(m, n int, t []float64, ldt int, b []float64, ldb int) {
	work := float64(m) * float64(m) * float64(n) / 2
	if most := min(int(work)/use.grain, (n+15)/16); int(th) > most {
		th = Threads(most)
	}
	if th < 2 {
		timesLower(m, n, t, ldt, b, ldb)
		return
	}
	g := lowers.Get().(*lowerParts)
	*g = lowerParts{m: m, n: n, t: t, ldt: ldt, b: b, ldb: ldb, step: chunk(n, 2*int(th), 16)}
	th.each((n+g.step-1)/g.step, g)
	*g = lowerParts{}
	lowers.Put(g)
}

// timesLower multiplies on one goroutine: the first half of the rows needs the second,
// which comes after it.
func timesLower(m, n int, t []float64, ldt int, b []float64, ldb int) {
	one := Threads(1)
	if m <= triMax {
		s := scratch(m*m + m*n)
		tri, x := s.s[:m*m], s.s[m*m:]
		copyLower(m, tri, m, t, ldt)
		for i := range m {
			copy(x[i*n:][:n], b[i*ldb:])
		}
		one.Gemm(true, false, m, n, m, 1, tri, m, x, n, 0, b, ldb)
		s.free()
		return
	}
	h := half(m)
	timesLower(h, n, t, ldt, b, ldb)
	one.Gemm(true, false, h, n, m-h, 1, t[h*ldt:], ldt, b[h*ldb:], ldb, 1, b, ldb)
	timesLower(m-h, n, t[h*ldt+h:], ldt, b[h*ldb:], ldb)
}
