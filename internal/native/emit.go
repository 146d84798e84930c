package native

import (
	"fmt"

	"example.com/nabla/internal/blas"
	"example.com/nabla/internal/plan"
)

// A step is what a worker does next.
type step func(w *worker) error

// emit makes the steps of the region's tasks.
func (r *region) emit() {
	for _, t := range r.tasks {
		switch {
		case t.pass != nil:
			p := t.pass
			t.step = func(w *worker) error { return w.runPass(p) }
		case t.body != nil:
			t.body.emit()
			t.step = r.sumOver(t)
		case t.looping:
			t.step = r.loop(t)
		default:
			t.step = r.single(t, t.nodes[0])
		}
		if r.c.trace {
			r.traced(t)
		}
	}
}

// arg returns operand i of n.
func (r *region) arg(n *node, i int) ref { return r.ref(n.args[i], n.axes[i]) }

// adds reports whether n is added to what there is, which was cleared before.
func (r *region) adds(n *node) bool { return r.pass != nil && n.ends }

// temp gives a task memory while it runs.
func (r *region) temp(t *task, n int) int {
	s := r.c.addSlot(slot{kind: inArena, rows: n, cols: 1, size: n, axis: noAxis, worker: r.ofWorker()})
	t.temps = append(t.temps, s)
	return s
}

// single makes the step of a node that is no loop.
func (r *region) single(t *task, n *node) step {
	out := r.slots[n]
	if r.turning(n) {
		a := r.arg(n, 0)
		return func(w *worker) error {
			x, y := w.view(a), w.mats[out]
			if x.rows > 0 && &x.data[0] == &y.data[0] {
				turnInPlace(y)
			} else {
				w.threads.Transpose(x.rows, x.cols, x.data, x.ld, y.data, y.ld)
			}
			return nil
		}
	}
	if n.entrywise() {
		return r.scalar(n)
	}
	switch n.kind {
	case plan.Counter:
		k := r.c.counter(n.index)
		return func(w *worker) error {
			w.mats[out].data[0] = float64(w.counters[k])
			return nil
		}
	case plan.Member:
		return r.member(n, out)
	case plan.UnitAt:
		k := r.c.counter(n.index)
		return func(w *worker) error {
			d := w.mats[out].data
			clear(d)
			d[w.counters[k]-1] = 1
			return nil
		}
	case plan.Unit:
		at := n.count
		return func(w *worker) error {
			d := w.mats[out].data
			clear(d)
			d[at] = 1
			return nil
		}
	case plan.Commutation:
		p, q := n.count, n.rows/max(n.count, 1)
		return func(w *worker) error {
			m := w.mats[out]
			clear(m.data)
			for i := range p * q {
				m.data[i*m.ld+i%q*p+i/q] = 1
			}
			return nil
		}
	case plan.Softmax:
		if len(t.nodes) == 2 {
			return r.softmax(t, n, t.nodes[1])
		}
		return r.softmax(t, n, nil)
	case plan.LogSumExp:
		return r.logSumExp(t, n)
	case plan.MatMul, plan.MatVec, kindSquare, plan.Outer:
		return r.product(n, out)
	case plan.Trace, plan.Diagonal:
		a := r.arg(n, 0)
		sum := n.kind == plan.Trace
		return func(w *worker) error {
			m, d := w.view(a), w.mats[out].data
			s := 0.0
			for i := range m.rows {
				if sum {
					s += m.data[i*m.ld+i]
				} else {
					d[i] = m.data[i*m.ld+i]
				}
			}
			if sum {
				d[0] = s
			}
			return nil
		}
	case plan.Kron, plan.KhatriRao:
		return r.kron(n, out)
	case plan.KronApply:
		return r.kronApply(t, n, out)
	case plan.Commute:
		a, p, q := r.arg(n, 0), n.count, n.rows/max(n.count, 1)
		return func(w *worker) error {
			m, d := w.view(a), w.mats[out]
			for i := range p * q {
				copy(d.data[i*d.ld:][:m.cols], m.data[(i%q*p+i/q)*m.ld:])
			}
			return nil
		}
	case plan.MatPow:
		return r.power(t, n, out)
	case plan.LU, plan.Cholesky:
		return r.factorise(n, out)
	case plan.Solve, plan.Inverse:
		return r.solve(n, out)
	case plan.Det, plan.LogDet:
		return r.determinant(n, out)
	case plan.Pinv:
		return r.pinv(t, n, out)
	case plan.Contract:
		return r.contract(n, out)
	}
	panic(fmt.Sprintf("native: no step for a value of kind %d", n.kind))
}

// scalar makes the step of a function of numbers.
func (r *region) scalar(n *node) step {
	out, x := r.slots[n], r.arg(n, 0).slot
	switch {
	case n.kind == plan.Apply:
		f := r.c.g.fns[n.fn][n.order]
		return func(w *worker) error {
			w.mats[out].data[0] = f(w.mats[x].data[0])
			return nil
		}
	case n.kind == plan.Binary:
		f, y := binaryFunctions[n.fn].one, r.arg(n, 1).slot
		if n.once > 0 {
			return func(w *worker) error {
				v := [2]float64{w.mats[x].data[0], w.mats[y].data[0]}
				if w.from > 0 {
					v[n.once-1] = 0
				}
				w.mats[out].data[0] = f(v[0], v[1])
				return nil
			}
		}
		return func(w *worker) error {
			w.mats[out].data[0] = f(w.mats[x].data[0], w.mats[y].data[0])
			return nil
		}
	}
	fn := n.fn
	if n.kind == kindCopy {
		fn = "copy"
	}
	f := unaryFunctions[fn].one
	return func(w *worker) error {
		w.mats[out].data[0] = f(w.mats[x].data[0])
		return nil
	}
}

// product makes the step of a product of matrices and vectors.
func (r *region) product(n *node, out int) step {
	beta := 0.0
	if r.adds(n) {
		beta = 1
	}
	a := r.arg(n, 0)
	by := -1
	if n.alpha > 0 {
		by = r.arg(n, n.alpha).slot
	}
	// A sum over samples that is large is computed by few workers, each of which uses
	// several goroutines for it. Its inner dimension is that of a block, and what is
	// cut is the result: so rounding does not depend on their number.
	threads := func(w *worker) blas.Threads { return w.threads }
	if r.adds(n) {
		threads = func(w *worker) blas.Threads { return w.wide }
	}
	alpha := func(w *worker) float64 {
		if by < 0 {
			return 1
		}
		return w.mats[by].data[0]
	}
	switch {
	case n.kind == kindSquare:
		trans := n.trans
		var d *ref
		if len(n.args) > 1 && n.alpha != 1 {
			by := r.arg(n, 1)
			d = &by
		}
		return func(w *worker) error {
			x, c := w.view(a), w.mats[out]
			rows, k := x.rows, x.cols
			if trans {
				rows, k = k, rows
			}
			if d != nil {
				threads(w).SyrkDiag(trans, rows, k, alpha(w), x.data, x.ld, w.view(*d).data, beta, c.data, c.ld)
			} else {
				threads(w).Syrk(trans, rows, k, alpha(w), x.data, x.ld, beta, c.data, c.ld)
			}
			return nil
		}
	case n.kind == plan.MatVec:
		v := r.arg(n, 1)
		return func(w *worker) error {
			x := w.view(a)
			w.threads.Gemv(a.trans, x.rows, x.cols, 1, x.data, x.ld, w.view(v).data, beta, w.mats[out].data)
			return nil
		}
	case n.kind == plan.Outer:
		v := r.arg(n, 1)
		return func(w *worker) error {
			x, y, c := w.view(a), w.view(v), w.mats[out]
			for i := range c.rows {
				blas.MulScalar(c.data[i*c.ld:][:c.cols], y.data[:c.cols], x.data[i])
			}
			return nil
		}
	}
	b := r.arg(n, 1)
	var onto *ref
	sign := 1.0
	if n.onto > 0 {
		y := r.arg(n, n.onto)
		onto, beta = &y, 1
		if n.minus {
			sign = -1
		}
	}
	return func(w *worker) error {
		x, y, c := w.view(a), w.view(b), w.mats[out]
		k := x.cols
		if a.trans {
			k = x.rows
		}
		if onto != nil {
			copyMat(c, w.view(*onto))
		}
		threads(w).Gemm(a.trans, b.trans, c.rows, c.cols, k, sign*alpha(w), x.data, x.ld, y.data, y.ld, beta, c.data, c.ld)
		return nil
	}
}

func (r *region) member(n *node, out int) step {
	a := r.arg(n, 0)
	k, rows, cols := r.c.counter(n.index), n.rows, n.cols
	sliced := n.sampled
	return func(w *worker) error {
		i := w.counters[k] - 1
		if sliced {
			i -= w.from
		}
		f := w.mats[a.slot]
		w.mats[out] = mat{f.data[i*f.ld:][:rows*cols], rows, cols, cols}
		return nil
	}
}

// sumOver makes the step that runs a body for each value of an index, and adds what it
// gives or takes it as a column.
func (r *region) sumOver(t *task) step {
	n := t.nodes[0]
	out, k := r.slots[n], r.c.counter(n.index)
	root := t.body.ref(n.args[0], noAxis)
	if n.axes[0] != noAxis {
		root = t.body.ref(n.args[0], n.axes[0])
	}
	adds, sampled, count := r.adds(n), n.sampled, n.count
	body := t.body
	return func(w *worker) error {
		sum := w.mats[out]
		if !adds {
			for i := range sum.rows {
				clear(sum.data[i*sum.ld:][:sum.cols])
			}
		}
		from, to := 0, count
		if sampled {
			from, to = w.from, w.from+w.count
		}
		for i := from; i < to; i++ {
			w.counters[k] = i + 1
			for _, t := range body.order {
				if err := t.step(w); err != nil {
					return err
				}
			}
			m := w.view(root)
			if n.stacked {
				row := sum.data[i*sum.ld:][:sum.cols]
				for j := range m.rows {
					dst := row[j*m.cols:][:m.cols]
					if adds {
						blas.Add(dst, dst, m.data[j*m.ld:][:m.cols])
					} else {
						copy(dst, m.data[j*m.ld:][:m.cols])
					}
				}
				continue
			}
			if n.columns {
				for j := range sum.rows {
					if adds {
						sum.data[j*sum.ld+i] += m.data[j*m.ld]
					} else {
						sum.data[j*sum.ld+i] = m.data[j*m.ld]
					}
				}
				continue
			}
			for i := range sum.rows {
				dst := sum.data[i*sum.ld:][:sum.cols]
				blas.Add(dst, dst, m.data[i*m.ld:][:sum.cols])
			}
		}
		return nil
	}
}

// kron makes the step of a Kronecker or Khatri–Rao product.
func (r *region) kron(n *node, out int) step {
	a, b := r.arg(n, 0), r.arg(n, 1)
	if n.kind == plan.KhatriRao {
		return func(w *worker) error {
			x, y, d := w.view(a), w.view(b), w.mats[out]
			for i := range x.rows {
				for j := range y.rows {
					blas.Mul(d.data[(i*y.rows+j)*d.ld:][:d.cols], x.data[i*x.ld:][:d.cols], y.data[j*y.ld:][:d.cols])
				}
			}
			return nil
		}
	}
	return func(w *worker) error {
		x, y, d := w.view(a), w.view(b), w.mats[out]
		for i := range x.rows {
			for k := range y.rows {
				row := d.data[(i*y.rows+k)*d.ld:]
				for j := range x.cols {
					blas.MulScalar(row[j*y.cols:][:y.cols], y.data[k*y.ld:][:y.cols], x.data[i*x.ld+j])
				}
			}
		}
		return nil
	}
}

// kronApply makes the step of (A ⊗ B) X: with the rows of X numbered by two indices,
// B is applied to the second and A to the first.
func (r *region) kronApply(t *task, n *node, out int) step {
	x := r.arg(n, 2)
	var a, b *ref
	for i, f := range []**ref{&a, &b} {
		if n.args[i].spread != unity {
			by := r.arg(n, i)
			*f = &by
		}
	}
	ra, rb, ca, cb := n.args[0].rows, n.args[1].rows, n.args[0].cols, n.args[1].cols
	mid := -1
	if a != nil && b != nil {
		mid = r.temp(t, ca*rb*n.cols)
	}
	return func(w *worker) error {
		x, d := w.view(x), w.mats[out]
		cols := d.cols
		if b != nil {
			m, to := w.view(*b), d.data
			if mid >= 0 {
				to = w.mats[mid].data
			}
			for i := range ca {
				w.threads.Gemm(false, false, rb, cols, cb, 1, m.data, m.ld, x.data[i*cb*x.ld:], x.ld, 0, to[i*rb*cols:], cols)
			}
			if mid < 0 {
				return nil
			}
			x = mat{to, ca * rb, cols, cols}
		}
		// The rows with the same first index are one row now; they have no gaps.
		m := w.view(*a)
		w.threads.Gemm(false, false, ra, rb*cols, ca, 1, m.data, m.ld, x.data, rb*cols, 0, d.data, rb*cols)
		return nil
	}
}
