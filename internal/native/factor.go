package native

import (
	"math"

	"example.com/nabla/internal/blas"
	"example.com/nabla/internal/plan"
)

// epsilon is half the distance from 1 to the next number.
const epsilon = 0x1p-53

// factors is what is kept of a factorisation beside its matrix.
type factors struct {
	pivots []int
	// scale has the largest absolute value of each column and of each row of the matrix;
	// of one that is positive definite the diagonal.
	scale []float64
	zero  int     // the first pivot that is zero, or −1
	rcond float64 // an estimate of 1/(‖A‖ ‖A⁻¹‖) if the matrix is singular to rounding, else 1
}

// singular reports whether the matrix is singular to rounding: its condition number is
// large and not by the units of rows and columns.
func (f *factors) singular() bool { return f.rcond < 1 }

// factorise makes the step of LU or Cholesky.
func (r *region) factorise(n *node, out int) step {
	a, v := r.arg(n, 0), n.args[0].n.v
	id := r.c.factorOf(n)
	if n.kind == plan.Cholesky {
		return func(w *worker) error { return w.cholesky(w.view(a), w.mats[out], &w.factors[id], v) }
	}
	return func(w *worker) error {
		w.lu(w.view(a), w.mats[out], &w.factors[id])
		return nil
	}
}

// cholesky factors x, which may be the memory of l.
func (w *worker) cholesky(x, l mat, f *factors, v *plan.Value) error {
	norm := blas.Norm1(x.rows, x.rows, x.data, x.ld)
	for i := range x.rows {
		f.scale[i] = x.data[i*x.ld+i]
	}
	copyMat(l, x)
	if bad := w.threads.Cholesky(l.rows, l.data, l.ld); bad >= 0 {
		// A pivot of 0 to rounding is that of a matrix that is singular, as XᵀX is where
		// columns depend on one another.
		if p := math.Abs(l.data[bad*l.ld+bad]); p <= float64(l.rows)*epsilon*f.scale[bad] {
			return w.singularError(v, p/norm)
		}
		return w.indefinite(v, bad)
	}
	f.rcond = 1
	// What the pivots are of the diagonal does not depend on units.
	for i := range l.rows {
		if p := l.data[i*l.ld+i]; p*p < float64(l.rows)*epsilon*f.scale[i] {
			return w.singularError(v, w.threads.CholeskyRcond(l.rows, l.data, l.ld, norm))
		}
	}
	return nil
}

// lu factors x, which may be the memory of l.
func (w *worker) lu(x, l mat, f *factors) {
	n := x.rows
	norm := blas.Norm1(n, n, x.data, x.ld)
	cols, rows := f.scale[:n], f.scale[n:2*n]
	clear(cols)
	for i := range n {
		row := x.data[i*x.ld:][:n]
		rows[i] = blas.AbsMax(row)
		for j, v := range row {
			cols[j] = max(cols[j], math.Abs(v))
		}
	}
	copyMat(l, x)
	f.zero = w.threads.LU(n, l.data, l.ld, f.pivots)
	f.rcond = 1
	if f.zero >= 0 {
		f.rcond = 0
		return
	}
	for i, p := range f.pivots {
		rows[i], rows[p] = rows[p], rows[i]
		if math.Abs(l.data[i*l.ld+i]) < float64(n)*epsilon*min(rows[i], cols[i]) {
			f.rcond = min(w.threads.LURcond(n, l.data, l.ld, f.pivots, norm), 0.5)
			return
		}
	}
}

// copyMat copies x to dst unless they are the same memory.
func copyMat(dst, x mat) {
	if x.rows == 0 || x.cols == 0 || &dst.data[0] == &x.data[0] {
		return
	}
	for i := range x.rows {
		copy(dst.data[i*dst.ld:][:x.cols], x.data[i*x.ld:])
	}
}

// solve makes the step of a system of equations or an inverse.
func (r *region) solve(n *node, out int) step {
	l := r.arg(n, 0)
	factor := n.args[0].n
	id, v := r.c.factorOf(factor), factor.args[0].n.v
	trans := n.trans
	lu := factor.kind == plan.LU
	if n.kind == plan.Inverse {
		return func(w *worker) error {
			x := w.mats[out]
			f := &w.factors[id]
			if lu && f.singular() {
				return w.singularError(v, f.rcond)
			}
			m := w.view(l)
			switch {
			case !lu:
				copyMat(x, m)
				w.threads.CholeskyInverse(x.rows, x.data, x.ld)
			case x.rows > 0 && &x.data[0] == &m.data[0]:
				w.threads.LUInverseInPlace(x.rows, x.data, x.ld, f.pivots)
			default:
				w.threads.LUInverse(x.rows, m.data, m.ld, f.pivots, x.data, x.ld)
			}
			return nil
		}
	}
	b := r.arg(n, 1)
	right := n.right
	return func(w *worker) error {
		m, y, x := w.view(l), w.view(b), w.mats[out]
		f := &w.factors[id]
		if lu && f.singular() {
			return w.singularError(v, f.rcond)
		}
		copyMat(x, y)
		switch {
		case right && lu:
			w.threads.LUSolveRight(trans, y.rows, m.rows, m.data, m.ld, f.pivots, x.data, x.ld)
		case right:
			w.threads.CholeskySolveRight(y.rows, m.rows, m.data, m.ld, x.data, x.ld)
		case lu:
			w.threads.LUSolve(trans, m.rows, y.cols, m.data, m.ld, f.pivots, x.data, x.ld)
		default:
			w.threads.CholeskySolve(m.rows, y.cols, m.data, m.ld, x.data, x.ld)
		}
		return nil
	}
}

// determinant makes the step of a determinant or its logarithm.
func (r *region) determinant(n *node, out int) step {
	l := r.arg(n, 0)
	factor := n.args[0].n
	id := r.c.factorOf(factor)
	lu, log := factor.kind == plan.LU, n.kind == plan.LogDet
	return func(w *worker) error {
		m, d := w.view(l), w.mats[out].data
		f := &w.factors[id]
		switch {
		case log && !lu:
			d[0] = blas.CholeskyLogDet(m.rows, m.data, m.ld)
		case log:
			v, sign := blas.LULogDet(m.rows, m.data, m.ld, f.pivots)
			if sign < 0 {
				v = math.NaN()
			}
			d[0] = v
		default:
			// A mantissa and an exponent: products on the way may overflow.
			p, e := 1.0, 0
			for i := range m.rows {
				v := m.data[i*m.ld+i]
				if !lu {
					v *= v
				} else if f.pivots[i] != i {
					v = -v
				}
				var k int
				p, k = math.Frexp(p * v)
				e += k
			}
			d[0] = math.Ldexp(p, e)
		}
		return nil
	}
}

// power makes the step of an integer power of a matrix, by squaring.
func (r *region) power(t *task, n *node, out int) step {
	a, by := r.arg(n, 0), r.arg(n, 1).slot
	size := n.rows * n.rows
	square, next := r.temp(t, size), r.temp(t, size)
	id, v := r.c.factorOf(n), n.args[0].n.v
	return func(w *worker) error {
		x, p := w.view(a), w.mats[out]
		k := int(w.mats[by].data[0])
		rows := x.rows
		of := func(s int) mat { return mat{w.mats[s].data, rows, rows, rows} }
		s, u := of(square), of(next)
		copyMat(s, x)
		if k < 0 {
			f := &w.factors[id]
			w.lu(s, s, f)
			if f.singular() {
				return w.singularError(v, f.rcond)
			}
			w.threads.LUInverse(rows, s.data, rows, f.pivots, u.data, rows)
			s, u = u, s
			k = -k
		}
		clear(p.data)
		for i := range rows {
			p.data[i*p.ld+i] = 1
		}
		first := true
		for k > 0 {
			if k&1 == 1 {
				if first {
					copyMat(p, s)
					first = false
				} else {
					w.threads.Gemm(false, false, rows, rows, rows, 1, p.data, p.ld, s.data, rows, 0, u.data, rows)
					copyMat(p, u)
				}
			}
			if k >>= 1; k > 0 {
				w.threads.Gemm(false, false, rows, rows, rows, 1, s.data, rows, s.data, rows, 0, u.data, rows)
				s, u = u, s
			}
		}
		return nil
	}
}
