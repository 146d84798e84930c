package native

import (
	"math"

	"example.com/nabla/internal/blas"
)

// pinv makes the step of a Moore–Penrose inverse of a matrix of full rank by a QR
// factorisation of the matrix, or of its transpose if that is the higher one.
func (r *region) pinv(t *task, n *node, out int) step {
	a := r.arg(n, 0)
	high, wide := n.cols, n.rows // of A
	turned := high < wide
	if turned {
		high, wide = wide, high
	}
	temp := r.temp(t, 2*high*wide+2*wide)
	v := n.args[0].n.v
	return func(w *worker) error {
		x, y := w.view(a), w.mats[out]
		m := w.mats[temp].data
		q := mat{m[:high*wide], high, wide, wide}
		p := mat{m[high*wide:][:high*wide], wide, high, high}
		diag, dots := m[2*high*wide:][:wide], m[2*high*wide+wide:][:wide]
		if turned {
			blas.Threads(1).Transpose(x.rows, x.cols, x.data, x.ld, q.data, q.ld)
		} else {
			copyMat(q, x)
		}
		most, least := householder(q, diag, dots)
		if !(least > most*float64(high)*epsilon) {
			return w.rankDeficient(v, least/most)
		}
		// A⁺ = R⁻¹ Qᵀ: apply the reflections to the first columns of the identity, from
		// the last on, and solve.
		clear(p.data)
		for k := range wide {
			p.data[k*p.ld+k] = 1
		}
		for k := wide - 1; k >= 0; k-- {
			// Row i of p is column i of Q. H = 1 − u uᵀ with |u|² = 2.
			for i := range wide {
				row := p.data[i*p.ld:]
				s := 0.0
				for j := k; j < high; j++ {
					s += q.data[j*q.ld+k] * row[j]
				}
				for j := k; j < high; j++ {
					row[j] -= s * q.data[j*q.ld+k]
				}
			}
		}
		for k := wide - 1; k >= 0; k-- {
			row := p.data[k*p.ld:][:high]
			for j := k + 1; j < wide; j++ {
				blas.Axpy(-q.data[k*q.ld+j], p.data[j*p.ld:][:high], row)
			}
			blas.MulScalar(row, row, 1/diag[k])
		}
		if turned {
			blas.Threads(1).Transpose(p.rows, p.cols, p.data, p.ld, y.data, y.ld)
		} else {
			copyMat(y, p)
		}
		return nil
	}
}

// householder overwrites A, of at least as many rows as columns, with reflections
// u, |u|² = 2, in and below the diagonal and R above it; diag becomes the diagonal of R.
// It returns the largest and the least absolute value of that.
func householder(a mat, diag, dots []float64) (most, least float64) {
	least = math.Inf(1)
	for k := range a.cols {
		s := 0.0
		for i := k; i < a.rows; i++ {
			s = math.Hypot(s, a.data[i*a.ld+k])
		}
		if a.data[k*a.ld+k] > 0 {
			s = -s
		}
		diag[k] = s
		most, least = max(most, math.Abs(s)), min(least, math.Abs(s))
		if s == 0 {
			continue
		}
		// u = (x − s e) / √(s² − s x₁)
		c := 1 / math.Sqrt(s*s-s*a.data[k*a.ld+k])
		a.data[k*a.ld+k] -= s
		for i := k; i < a.rows; i++ {
			a.data[i*a.ld+k] *= c
		}
		d := dots[k+1 : a.cols]
		clear(d)
		for i := k; i < a.rows; i++ {
			blas.Axpy(a.data[i*a.ld+k], a.data[i*a.ld+k+1:][:len(d)], d)
		}
		for i := k; i < a.rows; i++ {
			blas.Axpy(-a.data[i*a.ld+k], d, a.data[i*a.ld+k+1:][:len(d)])
		}
	}
	return most, least
}
