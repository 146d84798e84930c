package native

import (
	"math"
	"slices"

	"example.com/nabla/internal/blas"
	"example.com/nabla/internal/plan"
)

// A pass goes through all samples once, a block at a time. Its workers each have
// buffers of their own for what varies over the samples; job.go says how they share the
// blocks and the accumulators of sums.
type pass struct {
	number int
	serial bool // one block after the other, each on all cores, with sums added up in place
	region *region
	leaves []*node // what it leaves in the program's memory: sums, what is stored
	reads  []*node // what it needs of the program's memory
	slices []int   // slots to be set for each block
	along  []int   // slots of buffers that are as long as the block
	sums   []sum
	sumLen int
	steps  []step
	nanos  float64 // an estimate of the time of all blocks on one core
}

// A sum is an accumulator of a pass.
type sum struct {
	kind plan.Kind // Norm and LogSumExp are no plain sums
	from int       // the worker's slot
	to   int       // the program's slot
	off  int       // of the total of one that is no plain sum, in state.pairs
	size int       // entries of the accumulator
}

// runPass is the program's step that runs a pass.
func (w *worker) runPass(p *pass) error {
	s := w.memory
	for _, a := range p.sums {
		switch a.kind {
		case plan.Norm:
			clear(s.pairs[a.off:][:2])
		case plan.LogSumExp:
			clearShifted(s.pairs[a.off:][:a.size])
		default:
			clear(w.mats[a.to].data)
		}
	}
	run := &s.passRun
	run.p, run.main = p, w
	if p.serial {
		return w.runSerial(run)
	}
	workers := s.program.adders(len(s.workers))
	for _, k := range s.workers[:workers] {
		k.adopt(w)
		k.count = -1
	}
	total := s.program.samples
	s.progressed(p.number, 0, total)
	block := s.program.block
	if !slices.ContainsFunc(s.sources, func(a Source) bool { return a != nil }) { // which may take any time
		workers = min(workers, 1+int(min(p.nanos/nanosPerShare, float64(workers))))
	}
	err := s.do(run, total, block, p.sumLen, workers)
	if err != nil {
		return err
	}
	w.finishSums(p)
	return nil
}

// runSerial runs the blocks of a pass one after the other. Sums that are plain are added
// up where they stay.
func (w *worker) runSerial(run *passRun) error {
	p, s := run.p, w.memory
	for _, a := range p.sums {
		if a.kind == plan.Norm || a.kind == plan.LogSumExp {
			w.mats[a.from].data = s.pairs[a.off:][:a.size]
		} else {
			w.mats[a.from].data = w.mats[a.to].data
		}
	}
	total, block := s.program.samples, s.program.block
	s.progressed(p.number, 0, total)
	w.count = -1
	for from := 0; from == 0 || from < total; from += block { // without samples, an empty block
		if err := run.block(w, from, min(from+block, total)); err != nil {
			return err
		}
	}
	w.from = 0
	w.finishSums(p)
	return nil
}

// finishSums makes those sums that are no plain ones of what was added up.
func (w *worker) finishSums(p *pass) {
	s := w.memory
	for _, a := range p.sums {
		to := w.mats[a.to].data
		switch a.kind {
		case plan.Norm:
			to[0] = norm{s.pairs[a.off], s.pairs[a.off+1]}.root()
		case plan.LogSumExp:
			half := a.size / 2
			for i := range half {
				to[i] = s.pairs[a.off+i] + math.Log(s.pairs[a.off+half+i])
			}
		}
	}
}

// nanosPerShare is how much work of a pass is worth another goroutine, in nanoseconds.
var nanosPerShare = 5000.0

// largeSum is the number of entries from which accumulators of a pass are not had by
// every worker.
const largeSum = 1 << 20

// adders returns how many of n workers have accumulators: all, unless these would take
// more memory than an eighth of the data.
func (p *program) adders(n int) int {
	if p.sums < largeSum {
		return n
	}
	data := 0
	for i := range p.params {
		if q := &p.params[i]; q.slot >= 0 {
			data += q.rows * q.cols
		}
	}
	return max(1, min(n, data/8/p.sums))
}

// adopt takes over where the program's memory is, and which block is at hand.
func (w *worker) adopt(main *worker) {
	w.from, w.count = main.from, main.count
	for i := range main.mats {
		if !w.memory.program.slots[i].worker {
			w.mats[i] = main.mats[i]
		}
	}
}

func clearShifted(pairs []float64) {
	half := len(pairs) / 2
	blas.Fill(pairs[:half], math.Inf(-1))
	clear(pairs[half:])
}

// passRun is the body of a job that is a pass.
type passRun struct {
	p    *pass
	main *worker
}

func (r *passRun) clear(w *worker, sums []float64) {
	at := 0
	for _, a := range r.p.sums {
		d := sums[at:][:a.size]
		at += a.size
		w.mats[a.from].data = d
		if a.kind == plan.LogSumExp {
			clearShifted(d)
		} else {
			clear(d)
		}
	}
}

func (r *passRun) block(w *worker, from, to int) error {
	s := w.memory
	if err := s.cancelled(); err != nil {
		return err
	}
	if err := w.setBlock(r.p, from, to); err != nil {
		return err
	}
	for _, t := range r.p.steps {
		if err := t(w); err != nil {
			return err
		}
	}
	s.progressed(r.p.number, to-from, s.program.samples)
	return nil
}

// setBlock points the slots of a pass to a block of samples.
func (w *worker) setBlock(p *pass, from, to int) error {
	w.from = from
	if w.count != to-from {
		w.count = to - from
		for _, k := range p.along {
			s := &w.memory.program.slots[k]
			m := &w.mats[k]
			if s.axis == 0 {
				m.rows = w.count
			} else {
				m.cols, m.ld = w.count, w.count
			}
		}
	}
	for _, k := range p.slices {
		s := &w.memory.program.slots[k]
		base := ref{slot: s.of.slot, shaping: s.of.shaping, rows: s.of.rows, cols: s.of.cols}
		if src := w.memory.sources[s.of.slot]; src != nil {
			err := w.fetch(src, k, s.of.axis, from, to)
			if err == nil && w.memory.program.trace {
				err = w.finite(s.n.v, k, false)
			}
			if err != nil {
				return err
			}
			continue
		}
		m := w.view(base)
		if s.of.axis == 0 {
			// No longer than the block: what clears it must not reach into others.
			m.data, m.rows = m.data[min(from*m.ld, len(m.data)):min(to*m.ld, len(m.data))], to-from
		} else {
			m.data, m.cols = m.data[min(from, len(m.data)):], to-from
		}
		w.mats[k] = m
	}
	return nil
}

// fetch has a source give a block of the parameter that slot k is a block of.
func (w *worker) fetch(src Source, k, axis, from, to int) error {
	base := w.memory.main.mats[w.memory.program.slots[k].of.slot]
	count := to - from
	if axis == 0 {
		buf := w.buffer(k, count*base.cols)
		d, err := src.View(from, to, buf)
		if err != nil {
			return err
		}
		w.mats[k] = mat{d, count, base.cols, base.cols}
		return nil
	}
	buf := w.buffer(k, count*base.rows)
	if err := src.Block(0, base.rows, from, to, buf); err != nil {
		return err
	}
	w.mats[k] = mat{buf, base.rows, count, count}
	return nil
}

// buffer returns memory for a block from a source.
func (w *worker) buffer(k, n int) []float64 {
	if w.buffers == nil {
		w.buffers = make([][]float64, len(w.mats))
	}
	if cap(w.buffers[k]) < n {
		w.buffers[k] = make([]float64, n)
	}
	return w.buffers[k][:n]
}

func (r *passRun) merge(sums []float64) {
	at := 0
	for _, a := range r.p.sums {
		mine := sums[at:][:a.size]
		at += a.size
		switch a.kind {
		case plan.Norm:
			total := r.main.memory.pairs[a.off:]
			t := norm{total[0], total[1]}.plus(norm{mine[0], mine[1]})
			total[0], total[1] = t.scale, t.sum
		case plan.LogSumExp:
			total := r.main.memory.pairs[a.off:]
			half := a.size / 2
			for i := range half {
				addExp(&total[i], &total[half+i], mine[i], mine[half+i])
			}
		default:
			to := r.main.mats[a.to].data[:len(mine)]
			blas.Add(to, to, mine)
		}
	}
}

// parallelLoop is the number of entries from which a loop of the program is cut into
// parts, whether or not there are several workers, so that sums do not depend on that.
const parallelLoop = 1 << 15

// runLoop runs a loop over all of its domain.
func (w *worker) runLoop(l *loop) {
	rows, cols := l.shape(w)
	for i := range l.reds {
		if red := &l.reds[i]; !red.own {
			clear(w.mats[red.slot].data)
		}
	}
	total := rows
	if l.flat {
		total = rows * cols
	}
	if w == w.memory.main && rows*cols >= parallelLoop && total > 1 {
		run := &w.memory.loopRun
		run.l, run.main = l, w
		unit := total
		if l.flat {
			unit = 1
		} else {
			unit = cols
		}
		high, _ := tiling(cols, l.square)
		size := max(1, parallelLoop/2/unit)
		if !l.flat {
			size = (size + high - 1) / high * high
		}
		for _, k := range w.memory.workers {
			k.adopt(w)
		}
		// There is no error: loops do not fail.
		_ = w.memory.do(run, total, size, l.sums, len(w.memory.workers))
	} else {
		l.run(w, 0, total)
	}
	for i := range l.reds {
		if red := &l.reds[i]; red.kind == plan.Norm && !red.own {
			d := w.mats[red.slot].data
			d[0] = norm{d[0], d[1]}.root()
		}
	}
}

// loopRun is the body of a job that is a loop.
type loopRun struct {
	l    *loop
	main *worker
}

func (r *loopRun) clear(w *worker, sums []float64) {
	at := 0
	for i := range r.l.reds {
		red := &r.l.reds[i]
		if red.shared {
			continue
		}
		d := sums[at:][:red.size]
		at += red.size
		clear(d)
		w.mats[red.slot].data = d
	}
}

func (r *loopRun) block(w *worker, from, to int) error {
	r.l.run(w, from, to)
	return nil
}

func (r *loopRun) merge(sums []float64) {
	at := 0
	for i := range r.l.reds {
		red := &r.l.reds[i]
		if red.shared {
			continue
		}
		mine, total := sums[at:][:red.size], r.main.mats[red.slot].data
		at += red.size
		if red.kind == plan.Norm {
			t := norm{total[0], total[1]}.plus(norm{mine[0], mine[1]})
			total[0], total[1] = t.scale, t.sum
		} else {
			blas.Add(total[:len(mine)], total[:len(mine)], mine)
		}
	}
}
