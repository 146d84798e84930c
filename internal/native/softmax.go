package native

import (
	"math"

	"example.com/nabla/internal/blas"
	"example.com/nabla/internal/plan"
)

// shift returns what is subtracted before exponentials are taken: the largest entry,
// unless that is infinite.
func shift(top float64) float64 {
	if math.IsInf(top, 0) {
		return 0
	}
	return top
}

// softmax makes the step of a softmax along the rows, or columns, or of a vector, and
// perhaps of the log-sum-exp of the same operand, lse.
func (r *region) softmax(t *task, n, lse *node) step {
	a, out := r.arg(n, 0), r.slots[n]
	also := -1
	if lse != nil {
		if s, ok := r.slots[lse]; ok {
			also = s
		}
	}
	if n.axis == plan.EachCol {
		temp := r.temp(t, 2*n.cols)
		return func(w *worker) error {
			x, y := w.view(a), w.mats[out]
			if x.rows == 0 {
				return nil
			}
			top, sum := w.mats[temp].data[:x.cols], w.mats[temp].data[x.cols:2*x.cols]
			topOfColumns(top, x)
			clear(sum)
			for i := range x.rows {
				row := y.data[i*y.ld:][:y.cols]
				blas.Sub(row, x.data[i*x.ld:][:x.cols], top)
				blas.Exp(row, row)
				blas.Add(sum, sum, row)
			}
			for i := range y.rows {
				row := y.data[i*y.ld:][:y.cols]
				blas.Div(row, row, sum)
			}
			if also >= 0 {
				l := w.mats[also].data[:x.cols]
				blas.Log(l, sum)
				blas.Add(l, l, top)
			}
			return nil
		}
	}
	whole := n.axis == plan.Whole
	temp := r.temp(t, 2*r.lines(n))
	return func(w *worker) error {
		x, y := w.view(a), w.mats[out]
		if whole {
			k := x.rows * x.cols
			x, y = mat{x.data, 1, k, k}, mat{y.data, 1, k, k}
		}
		if x.cols == 0 {
			return nil
		}
		buf := w.mats[temp].data
		top, sum := buf[:x.rows], buf[x.rows:2*x.rows]
		for i := range x.rows {
			from, to := x.data[i*x.ld:][:x.cols], y.data[i*y.ld:][:y.cols]
			top[i] = shift(blas.Max(from))
			sum[i] = blas.ExpShift(to, from, top[i])
			blas.MulScalar(to, to, 1/sum[i])
		}
		if also >= 0 {
			l := w.mats[also].data[:x.rows]
			blas.Log(l, sum)
			blas.Add(l, l, top)
		}
		return nil
	}
}

// lines returns how many rows are normalised, each by itself.
func (r *region) lines(n *node) int {
	switch {
	case n.axis == plan.Whole:
		return 1
	case n.axes[0] == 0 && r.inPass():
		return r.block
	}
	return n.args[0].rows
}

func topOfColumns(top []float64, x mat) {
	copy(top, x.data[:x.cols])
	for i := 1; i < x.rows; i++ {
		blas.Larger(top, top, x.data[i*x.ld:][:x.cols])
	}
	for j, v := range top {
		top[j] = shift(v)
	}
}

// logSumExp makes the step of a logarithm of a sum of exponentials. Where it is a sum
// over the samples, the accumulator has a shift for each result and then the sums of
// what was shifted.
func (r *region) logSumExp(t *task, n *node) step {
	a, out := r.arg(n, 0), r.slots[n]
	adds := r.adds(n)
	if n.axis != plan.EachCol {
		wide := n.args[0].cols
		switch axis := n.axes[0]; {
		case n.axis == plan.Whole && axis != noAxis:
			wide = r.block
		case n.axis == plan.Whole:
			wide *= n.args[0].rows
		case axis == 1:
			wide = r.block
		}
		temp := r.temp(t, wide)
		tops := r.temp(t, r.lines(n))
		whole := n.axis == plan.Whole
		return func(w *worker) error {
			x, y := w.view(a), w.mats[out].data
			if whole {
				k := x.rows * x.cols
				x = mat{x.data, 1, k, k}
			}
			if x.cols == 0 {
				if !adds {
					blas.Fill(y[:x.rows], math.Inf(-1))
				}
				return nil
			}
			buf, top := w.mats[temp].data[:x.cols], w.mats[tops].data[:x.rows]
			for i := range x.rows {
				row := x.data[i*x.ld:][:x.cols]
				top[i] = shift(blas.Max(row))
				s := blas.ExpShift(buf, row, top[i])
				if adds {
					addExp(&y[i], &y[x.rows+i], top[i], s)
				} else {
					y[i] = s
				}
			}
			if !adds {
				blas.Log(y[:x.rows], y[:x.rows])
				blas.Add(y[:x.rows], y[:x.rows], top)
			}
			return nil
		}
	}
	temp := r.temp(t, 3*n.args[0].cols)
	return func(w *worker) error {
		x, y := w.view(a), w.mats[out].data
		k := x.cols
		top, sum, row := w.mats[temp].data[:k], w.mats[temp].data[k:2*k], w.mats[temp].data[2*k:3*k]
		if x.rows == 0 {
			if !adds {
				blas.Fill(y[:k], math.Inf(-1))
			}
			return nil
		}
		topOfColumns(top, x)
		clear(sum)
		for i := range x.rows {
			blas.Sub(row, x.data[i*x.ld:][:k], top)
			blas.Exp(row, row)
			blas.Add(sum, sum, row)
		}
		for j := range k {
			if adds {
				addExp(&y[j], &y[k+j], top[j], sum[j])
			} else {
				y[j] = top[j] + math.Log(sum[j])
			}
		}
		return nil
	}
}

// addExp adds s exp(top) to sum exp(shift).
func addExp(shift, sum *float64, top, s float64) {
	switch {
	case *sum == 0:
		*shift, *sum = top, s
	case s == 0:
	case top <= *shift:
		*sum += s * math.Exp(top-*shift)
	default:
		*sum = *sum*math.Exp(*shift-top) + s
		*shift = top
	}
}
