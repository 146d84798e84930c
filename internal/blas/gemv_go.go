package blas

import "sync"

// rows are the arguments of the kernels of Gemv, for A m × n. Kernels in assembly read
// the fields by offset.
type rows struct {
	a, x, y     []float64
	m, n, lda   int
	alpha, beta float64
}

var rowsPool = sync.Pool{New: func() any { return new(rows) }}

// dotRowsGo sets y[i] to alpha times row i of A times x, plus beta y[i].
func dotRowsGo(p *rows) {
	m, n, lda := p.m, p.n, p.lda
	x, y := p.x[:n], p.y[:m]
	var s [4]float64
	for i := 0; i < m; i += 4 {
		k := min(4, m-i)
		if k == 4 {
			r0 := p.a[i*lda:][:n]
			r1 := p.a[(i+1)*lda:][:n]
			r2 := p.a[(i+2)*lda:][:n]
			r3 := p.a[(i+3)*lda:][:n]
			var s0, s1, s2, s3 float64
			for j, v := range x {
				s0 += r0[j] * v
				s1 += r1[j] * v
				s2 += r2[j] * v
				s3 += r3[j] * v
			}
			s = [4]float64{s0, s1, s2, s3}
		} else {
			for q := range k {
				s[q] = dotGo(p.a[(i+q)*lda:][:n], x)
			}
		}
		to := y[i : i+k]
		for q := range to {
			if p.beta == 0 {
				to[q] = p.alpha * s[q]
			} else {
				to[q] = p.alpha*s[q] + p.beta*to[q]
			}
		}
	}
}

// addRowsGo adds alpha x[i] times row i of A to y for all i.
func addRowsGo(p *rows) {
	m, n, lda, alpha := p.m, p.n, p.lda, p.alpha
	x, y := p.x[:m], p.y[:n]
	i := 0
	for ; i+4 <= m; i += 4 {
		r0 := p.a[i*lda:][:n]
		r1 := p.a[(i+1)*lda:][:n]
		r2 := p.a[(i+2)*lda:][:n]
		r3 := p.a[(i+3)*lda:][:n]
		x0, x1, x2, x3 := alpha*x[i], alpha*x[i+1], alpha*x[i+2], alpha*x[i+3]
		for j := range y {
			y[j] += x0*r0[j] + x1*r1[j] + x2*r2[j] + x3*r3[j]
		}
	}
	for ; i < m; i++ {
		axpyGo(alpha*x[i], p.a[i*lda:][:n], y)
	}
}
