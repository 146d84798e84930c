// Package dense has the small dense linear algebra that kernels and numeric
// checks need: LU factorisation with partial pivoting, determinant, inverse,
// solve and product of real matrices of a few rows. It knows no operators. Work counts
// what it does on the budget of a request.
package dense

import (
	"errors"
	"math"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/limit"
)

// ErrSingular is returned where a matrix has no inverse to working precision.
var ErrSingular = errors.New("matrix is singular")

// An LU is a factorisation PA = LU of a square matrix, L unit lower triangular.
type LU struct {
	n     int
	a     []float64 // L below the diagonal, U on and above it
	perm  []int     // row of A in each row of PA
	sign  float64   // of the permutation
	small float64   // least |pivot| over the largest entry of A
	work  Work
}

// Work is the budget that the operations are counted on; the zero value bounds nothing.
type Work struct{ Limit *limit.Budget }

// perUnit is the number of multiplications in a unit of work.
const perUnit = 32

// count counts so many multiplications.
func (w Work) count(n int) {
	if w.Limit != nil {
		w.Limit.Step(1 + n/perUnit)
	}
}

// bytes counts a matrix of so many entries, for the moment.
func (w Work) bytes(entries int) {
	if w.Limit != nil {
		w.Limit.Fits(8 * entries)
	}
}

// Factor factorises the square matrix a, which it leaves as it is. A singular
// matrix has a factorisation too; Det of it is zero and Solve refuses it.
func Factor(a expr.Dense) *LU { return Work{}.Factor(a) }

// Factor is the function Factor.
func (w Work) Factor(a expr.Dense) *LU {
	n := a.Rows
	w.bytes(len(a.Data))
	f := &LU{n: n, a: append([]float64(nil), a.Data...), perm: make([]int, n), sign: 1, work: w}
	largest := 0.0
	for _, v := range f.a {
		largest = math.Max(largest, math.Abs(v))
	}
	least := math.Inf(1)
	for i := range f.perm {
		f.perm[i] = i
	}
	for k := range n {
		p := k
		for i := k + 1; i < n; i++ {
			if math.Abs(f.a[i*n+k]) > math.Abs(f.a[p*n+k]) {
				p = i
			}
		}
		if p != k {
			for j := range n {
				f.a[k*n+j], f.a[p*n+j] = f.a[p*n+j], f.a[k*n+j]
			}
			f.perm[k], f.perm[p] = f.perm[p], f.perm[k]
			f.sign = -f.sign
		}
		pivot := f.a[k*n+k]
		least = math.Min(least, math.Abs(pivot))
		if pivot == 0 {
			continue
		}
		for i := k + 1; i < n; i++ {
			w.count(n - k)
			m := f.a[i*n+k] / pivot
			f.a[i*n+k] = m
			for j := k + 1; j < n; j++ {
				f.a[i*n+j] -= m * f.a[k*n+j]
			}
		}
	}
	if largest > 0 {
		f.small = least / largest
	}
	return f
}

// Det returns the determinant.
func (f *LU) Det() float64 {
	d := f.sign
	for k := range f.n {
		d *= f.a[k*f.n+k]
	}
	return d
}

// LogDet returns the logarithm of |det| and the sign of det.
func (f *LU) LogDet() (log, sign float64) {
	sign = f.sign
	for k := range f.n {
		u := f.a[k*f.n+k]
		if u < 0 {
			sign = -sign
		}
		log += math.Log(math.Abs(u))
	}
	return log, sign
}

// Singular reports whether the least pivot is below 1e-13 of the largest entry.
func (f *LU) Singular() bool { return f.n > 0 && !(f.small > 1e-13) }

// Condition returns the least |pivot| over the largest |entry| of A, 0 for a
// singular matrix: a cheap measure of how well A can be inverted.
func (f *LU) Condition() float64 { return f.small }

// Solve returns A⁻¹B, or ErrSingular.
func (f *LU) Solve(b expr.Dense) (expr.Dense, error) {
	if f.Singular() {
		return expr.Dense{}, ErrSingular
	}
	n, m := f.n, b.Cols
	f.work.bytes(n * m)
	x := expr.NewDense(n, m)
	for i, p := range f.perm {
		copy(x.Data[i*m:(i+1)*m], b.Data[p*m:(p+1)*m])
	}
	for i := range n {
		for k := range i {
			f.work.count(m)
			if l := f.a[i*n+k]; l != 0 {
				for j := range m {
					x.Data[i*m+j] -= l * x.Data[k*m+j]
				}
			}
		}
	}
	for i := n - 1; i >= 0; i-- {
		for k := i + 1; k < n; k++ {
			f.work.count(m)
			if u := f.a[i*n+k]; u != 0 {
				for j := range m {
					x.Data[i*m+j] -= u * x.Data[k*m+j]
				}
			}
		}
		for j := range m {
			x.Data[i*m+j] /= f.a[i*n+i]
		}
	}
	return x, nil
}

// Inverse returns A⁻¹, or ErrSingular.
func (f *LU) Inverse() (expr.Dense, error) { return f.Solve(Identity(f.n)) }

// Identity returns the n × n identity.
func Identity(n int) expr.Dense {
	d := expr.NewDense(n, n)
	for i := range n {
		d.Data[i*n+i] = 1
	}
	return d
}

// Mul returns the matrix product ab.
func Mul(a, b expr.Dense) expr.Dense { return Work{}.Mul(a, b) }

// Mul is the function Mul.
func (w Work) Mul(a, b expr.Dense) expr.Dense {
	w.bytes(a.Rows * b.Cols)
	c := expr.NewDense(a.Rows, b.Cols)
	for i := range a.Rows {
		row := c.Data[i*b.Cols : (i+1)*b.Cols]
		for k := range a.Cols {
			w.count(b.Cols)
			if v := a.Data[i*a.Cols+k]; v != 0 {
				for j, w := range b.Data[k*b.Cols : (k+1)*b.Cols] {
					row[j] += v * w
				}
			}
		}
	}
	return c
}

// Transpose returns aᵀ.
func Transpose(a expr.Dense) expr.Dense {
	t := expr.NewDense(a.Cols, a.Rows)
	for i := range a.Rows {
		for j := range a.Cols {
			t.Data[j*a.Rows+i] = a.Data[i*a.Cols+j]
		}
	}
	return t
}

// Scalar returns the 1 × 1 matrix v.
func Scalar(v float64) expr.Dense { return expr.Dense{Rows: 1, Cols: 1, Data: []float64{v}} }
