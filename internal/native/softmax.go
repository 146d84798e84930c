package native

import (
	"math"
	"sync"

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

// A normaliser computes softmaxes or log-sum-exps along the rows or the columns of a
// matrix. Those of different lines may be computed at the same time.
type normaliser struct {
	x, y     mat // y is empty for a log-sum-exp
	columns  bool
	adds     bool      // to shifts and sums in lse, see logSumExp
	top, sum []float64 // one for each line
	lse      []float64 // log-sum-exps, or nil
}

// lineGrain is the number of entries below which lines are not shared out.
const lineGrain = 1 << 13

// normalise runs a normaliser on the goroutines that the worker may use.
func (w *worker) normalise(f normaliser) {
	w.normaliser = f
	lines, long, unit := f.x.rows, f.x.cols, 1
	if f.columns {
		// Ranges of columns begin on lines of the cache, and are long enough for vectors.
		lines, long, unit = long, lines, 64
	}
	grain := (lineGrain/max(1, long) + unit) / unit * unit
	w.threads.Over(lines, grain, &w.normaliser)
	w.normaliser = normaliser{}
}

// Range computes the lines lo ≤ i < hi.
func (f *normaliser) Range(lo, hi int) {
	if f.columns {
		f.columnRange(lo, hi)
	} else {
		f.rowRange(lo, hi)
	}
	if f.lse != nil && !f.adds {
		l := f.lse[lo:hi]
		blas.Log(l, f.sum[lo:hi])
		blas.Add(l, l, f.top[lo:hi])
	}
}

func (f *normaliser) rowRange(lo, hi int) {
	var b *line
	if f.y.data == nil {
		b = lines.Get().(*line)
		defer lines.Put(b)
	}
	for i := lo; i < hi; i++ {
		from := f.x.data[i*f.x.ld:][:f.x.cols]
		top := shift(blas.Max(from))
		f.top[i] = top
		if b == nil {
			to := f.y.data[i*f.y.ld:][:f.y.cols]
			f.sum[i] = blas.ExpShift(to, from, top)
			blas.MulScalar(to, to, 1/f.sum[i])
			continue
		}
		s := 0.0
		for len(from) > len(b) {
			s += blas.ExpShift(b[:], from[:len(b)], top)
			from = from[len(b):]
		}
		s += blas.ExpShift(b[:len(from)], from, top)
		if f.adds {
			addExp(&f.lse[i], &f.lse[f.x.rows+i], top, s)
		} else {
			f.sum[i] = s
		}
	}
}

// A line is memory for exponentials that are only summed.
type line [tileSize]float64

var lines = sync.Pool{New: func() any { return new(line) }}

func (f *normaliser) columnRange(lo, hi int) {
	x, k := f.x, hi-lo
	top, sum := f.top[lo:hi], f.sum[lo:hi]
	copy(top, x.data[lo:hi])
	for i := 1; i < x.rows; i++ {
		blas.Larger(top, top, x.data[i*x.ld+lo:][:k])
	}
	for j, v := range top {
		top[j] = shift(v)
	}
	clear(sum)
	if f.y.data == nil {
		b := lines.Get().(*line)
		defer lines.Put(b)
		for c := 0; c < k; c += len(b) {
			n := min(len(b), k-c)
			for i := range x.rows {
				blas.Sub(b[:n], x.data[i*x.ld+lo+c:][:n], top[c:c+n])
				blas.Exp(b[:n], b[:n])
				blas.Add(sum[c:c+n], sum[c:c+n], b[:n])
			}
		}
		if f.adds {
			for j := lo; j < hi; j++ {
				addExp(&f.lse[j], &f.lse[x.cols+j], f.top[j], f.sum[j])
			}
		}
		return
	}
	for i := range x.rows {
		row := f.y.data[i*f.y.ld+lo:][:k]
		blas.Sub(row, x.data[i*x.ld+lo:][:k], top)
		blas.Exp(row, row)
		blas.Add(sum, sum, row)
	}
	for i := range x.rows {
		row := f.y.data[i*f.y.ld+lo:][:k]
		blas.Div(row, row, sum)
	}
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
	whole, columns := n.axis == plan.Whole, n.axis == plan.EachCol
	temp := r.temp(t, 2*r.lines(n))
	return func(w *worker) error {
		f := normaliser{x: w.view(a), y: w.mats[out], columns: columns}
		if whole {
			k := f.x.rows * f.x.cols
			f.x, f.y = mat{f.x.data, 1, k, k}, mat{f.y.data, 1, k, k}
		}
		if f.x.rows == 0 || f.x.cols == 0 {
			return nil
		}
		count := f.x.rows
		if columns {
			count = f.x.cols
		}
		buf := w.mats[temp].data
		f.top, f.sum = buf[:count], buf[count:2*count]
		if also >= 0 {
			f.lse = w.mats[also].data[:count]
		}
		w.normalise(f)
		return nil
	}
}

// lines returns how many rows or columns are normalised, each by itself.
func (r *region) lines(n *node) int {
	o, count := 0, n.args[0].rows
	switch n.axis {
	case plan.Whole:
		return 1
	case plan.EachCol:
		o, count = 1, n.args[0].cols
	}
	if n.axes[0] == o && r.inPass() {
		return r.block
	}
	return count
}

// logSumExp makes the step of a logarithm of a sum of exponentials. Where it is a sum
// over the samples, the accumulator has a shift for each result and then the sums of
// what was shifted.
func (r *region) logSumExp(t *task, n *node) step {
	a, out := r.arg(n, 0), r.slots[n]
	adds := r.adds(n)
	whole, columns := n.axis == plan.Whole, n.axis == plan.EachCol
	temp := r.temp(t, 2*r.lines(n))
	return func(w *worker) error {
		f := normaliser{x: w.view(a), columns: columns, adds: adds}
		if whole {
			k := f.x.rows * f.x.cols
			f.x = mat{f.x.data, 1, k, k}
		}
		count, long := f.x.rows, f.x.cols
		if columns {
			count, long = long, count
		}
		f.lse = w.mats[out].data
		if long == 0 {
			if !adds {
				blas.Fill(f.lse[:count], math.Inf(-1))
			}
			return nil
		}
		buf := w.mats[temp].data
		f.top, f.sum = buf[:count], buf[count:2*count]
		w.normalise(f)
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
