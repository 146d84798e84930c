package eval

import (
	"fmt"
	"math"

	"example.com/nabla/internal/expr"
)

// Weights of central differences of orders 4 and 6 at h, 2h, 3h.
var (
	order4 = []float64{8. / 12, -1. / 12}
	order6 = []float64{45. / 60, -9. / 60, 1. / 60}
)

// compare compares the derivative with differences at the present point.
// Close agreement with differences of order 4 is a proof. Without it, orders 4 and 6
// are compared with each other at shrinking steps, and the derivative is wrong
// only where they settle on another value.
func (k *checker) compare(m int, got expr.Dense) error {
	rows, cols := k.resultShape()
	if got.Rows != rows || got.Cols != cols {
		return &Mismatch{Sizes: k.pt.Sizes(), What: fmt.Sprintf("its shape is %d × %d, the layout requires %d × %d", got.Rows, got.Cols, rows, cols)}
	}
	size := len(k.base.Data)
	if k.fine == nil {
		k.pt.inv.limit.Fits(2 * 8 * len(k.dirs) * size)
		k.coarse = make([]float64, len(k.dirs)*size)
		k.fine = make([]float64, len(k.dirs)*size)
	}
	if err := k.difference(m, 1e-3, k.coarse, order4); err == nil {
		if worst, _ := k.deviation(got, k.coarse, 1e-3); worst < k.Tolerance/100 {
			k.worst = math.Max(k.worst, worst)
			return nil
		}
	}
	for _, h := range []float64{2e-3, 5e-4, 1e-4} {
		if k.difference(m, h, k.coarse, order4) != nil || k.difference(m, h, k.fine, order6) != nil {
			continue
		}
		worst, at := k.deviation(got, k.fine, h)
		if worst < k.Tolerance {
			k.worst = math.Max(k.worst, worst)
			return nil
		}
		if settled(k.coarse, k.fine, k.Tolerance/10) {
			at.Sizes = k.pt.Sizes()
			return at
		}
	}
	return &unsteady{}
}

// difference fills out with the derivative of F along each direction.
func (k *checker) difference(m int, h float64, out, weights []float64) error {
	size := len(k.base.Data)
	clear(out)
	for i, d := range k.dirs {
		col := out[i*size : (i+1)*size]
		k.pt.inv.limit.Step(1 + size)
		for w, weight := range weights {
			for _, sign := range [2]float64{1, -1} {
				k.move(m, d, sign*float64(w+1)*h)
				v, err := k.moved(m)
				if err == nil { // before the variable is restored: F may be the variable
					for j, x := range v.Data {
						col[j] += sign * weight / h * x
					}
				}
				k.move(m, d, 0)
				if err != nil {
					return err
				}
			}
		}
		if !finite(col) {
			return &unsteady{}
		}
	}
	return nil
}

// move sets the entries of a direction to their base values plus step. The base
// values are kept aside; a step of 0 restores them.
func (k *checker) move(m int, d direction, step float64) {
	n := len(k.x.vals[0].Data)
	if step == 0 {
		for i, e := range d.entries {
			k.x.vals[m+e/n].Data[e%n] = k.saved[i]
		}
		return
	}
	k.saved = k.saved[:0]
	for _, e := range d.entries {
		p := &k.x.vals[m+e/n].Data[e%n]
		k.saved = append(k.saved, *p)
		*p += step
	}
}

func settled(a, b []float64, tolerance float64) bool {
	scale, gap := floor, 0.0
	for i := range a {
		scale = math.Max(scale, math.Abs(b[i]))
		gap = math.Max(gap, math.Abs(a[i]-b[i]))
	}
	return gap <= tolerance*scale
}

// resultShape is the shape of the derivative in the layout.
func (k *checker) resultShape() (rows, cols int) {
	f, x, n := k.base, k.x.vals[0], k.entries()
	switch {
	case k.scalarF() && k.whole():
		return len(x.Data), len(k.x.vals)
	case k.scalarF():
		return x.Rows, x.Cols
	case k.X.Shape.IsScalar() && !k.whole() && k.Denominator:
		return f.Cols, f.Rows
	case k.X.Shape.IsScalar() && !k.whole():
		return f.Rows, f.Cols
	case k.Denominator:
		return n, len(f.Data)
	}
	return len(f.Data), n
}

// scalarF reports whether F is a scalar by its shape, not by its value's size.
func (k *checker) scalarF() bool {
	if v := k.FView; v != nil {
		return len(v.Rows)+len(v.Cols) == 0
	}
	return k.F.Shape.IsScalar()
}

// whole reports whether the variable is a family taken as one matrix.
func (k *checker) whole() bool { return k.X.Family != nil && k.Index == nil }

// entries is the number of entries of the variable.
func (k *checker) entries() int {
	n := len(k.x.vals[0].Data)
	if k.whole() {
		n *= len(k.x.vals)
	}
	return n
}

// place returns the row and column in the result of entry j of F by entry e of
// the variable.
func (k *checker) place(j, e int) (row, col int) {
	x := k.x.vals[0]
	switch {
	case k.scalarF() && k.whole():
		return k.vecOf(e%len(x.Data), x), e / len(x.Data)
	case k.scalarF():
		return e / x.Cols, e % x.Cols
	case k.X.Shape.IsScalar() && !k.whole():
		row, col = j/k.base.Cols, j%k.base.Cols
	case k.whole():
		row = k.vecOf(j, k.base)
		col = k.vecOf(e%len(x.Data), x) + e/len(x.Data)*len(x.Data)
		if k.ByRows {
			col = k.vecOf(e%len(x.Data), x)*len(k.x.vals) + e/len(x.Data)
		}
	default:
		row, col = k.vecOf(j, k.base), k.vecOf(e, x)
	}
	if k.Denominator {
		row, col = col, row
	}
	return row, col
}

// vecOf is the position in vec of the entry stored at e.
func (k *checker) vecOf(e int, d expr.Dense) int {
	if k.ByRows {
		return e
	}
	return e%d.Cols*d.Rows + e/d.Cols
}

// deviation returns the largest deviation of got from the differences with step h,
// relative to the largest of them, and where it is. What F's rounding makes of a
// difference does not count. Entries that no direction moves must vanish in
// structured derivatives.
func (k *checker) deviation(got expr.Dense, diff []float64, h float64) (float64, *Mismatch) {
	size := len(k.base.Data)
	scale, largest := 0.0, 0.0
	for _, v := range diff {
		scale = math.Max(scale, math.Abs(v))
	}
	for _, v := range k.base.Data {
		largest = math.Max(largest, math.Abs(v))
	}
	k.faint = scale < floor/1000
	scale = math.Max(scale, floor)
	scale = math.Max(scale, rounding*largest/(h*k.Tolerance))
	worst := &Mismatch{}
	see := func(row, col int, want float64) {
		g := got.At(row, col)
		if e := math.Abs(g-want) / scale; e >= worst.Relative {
			*worst = Mismatch{Row: row + 1, Col: col + 1, Got: g, Want: want, Relative: e}
		}
	}
	for i, d := range k.dirs {
		for _, e := range d.entries {
			k.pt.inv.limit.Step(1 + size/4)
			for j := range size {
				row, col := k.place(j, e)
				see(row, col, diff[i*size+j])
			}
		}
	}
	if x := k.x.vals[0]; k.Structure == DiagonalEntries {
		for e := range x.Data {
			if e/x.Cols != e%x.Cols {
				k.pt.inv.limit.Step(1 + size/4)
				for j := range size {
					row, col := k.place(j, e)
					see(row, col, 0)
				}
			}
		}
	}
	return worst.Relative, worst
}
