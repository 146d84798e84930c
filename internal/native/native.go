// Package native runs numeric programs of package plan on float64 data: fast, in
// bounded memory and without allocation after the first run.
//
// Compile makes a Machine for given sizes, Run runs it. A machine is for one goroutine
// at a time; Clone makes another one of the same program, which shares nothing that
// changes.
//
// # How it runs
//
// Values become nodes (file graph.go): a transpose is a flag of who uses it, a spread
// vector or a scaling is no memory, a symmetric product has its own kernel. Nodes that
// act entry by entry, and the sums they end in, become loops (region.go, fuse.go),
// which run tile by tile within the first cache (loop.go). What is computed gets memory
// when it is first needed and gives it back after its last use (alloc.go).
//
// Where the data have many samples, along some axis, everything that varies over them
// is computed block by block (stream.go finds out what that is, pass.go runs it): X is
// read once for value and gradient, what lies between is never in memory as a whole,
// blocks run on all cores, and blocks may come from a file. Sums do not depend on the
// number of threads, only on the size of a block.
//
// Where what lies between is large and the samples are few, as with square matrices, the
// same passes run one block after the other, each on all cores, and sums are added up in
// the memory of the results (lean.go says when).
package native

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"

	"example.com/nabla/internal/blas"
	"example.com/nabla/internal/plan"
)

// Options say how a machine is made.
type Options struct {
	// Sizes has a value for each size name of the program.
	Sizes map[string]int
	// Threads is how many goroutines a run uses; values below 2 mean one.
	Threads int
	// Stream names the size of the samples: the values are computed in passes over
	// them, a block at a time, and variables with an axis of that size may come from a
	// Source. It is an error if that cannot be done. If empty, all arrays are in memory.
	Stream string
	// Along names a size along which arrays, which are in memory, are computed in blocks;
	// if empty, that is up to Compile.
	Along string
	// Block is the number of samples in a block; 0 chooses it so that what a block needs
	// stays in the second cache.
	Block int
	// Serial has one block computed after the other, each on all threads, and sums added up
	// in the memory of the results. That takes less memory where sums are large.
	Serial bool
	// Thrifty has steps computed in the memory of an operand where they can be, even if
	// that takes more time. Without Whole, Stream and Along it is up to Compile.
	Thrifty bool
	// Whole has everything computed as a whole, not in blocks.
	Whole bool
	// Functions has unknown functions by name, each followed by its derivatives.
	Functions map[string][]func(float64) float64
	// Trace has every run find the first step whose result has NaN or infinity while its
	// operands have none. That takes more time and memory.
	Trace bool
	// Describe says what a value is called in errors; if nil or its result is empty,
	// that is Formula.
	Describe func(*plan.Value) string
	// Progress is called now and then, by one goroutine at a time.
	Progress func(Progress)
}

// Progress says how far a run is: Done of Total samples in pass Pass of Passes, counted
// from 0.
type Progress struct{ Pass, Passes, Done, Total int }

// A Source has the rows of an array that need not be in memory. Its methods are called
// by several goroutines at once.
type Source interface {
	// View returns the rows from ≤ i < to, one after the other: in memory of its own, or
	// in buf, which is long enough. They are not changed.
	View(from, to int, buf []float64) ([]float64, error)
	// Block puts the entries left ≤ j < right of the rows from ≤ i < to in dst, row
	// after row.
	Block(from, to, left, right int, dst []float64) error
}

// An Array is an argument or a result.
type Array struct {
	// Shape has the lengths of the axes; it is only compared, and nil is not.
	Shape []int
	// Data has the entries, row after row.
	Data []float64
	// Source has them if Data is nil.
	Source Source
}

// A Machine runs a program. It is for one goroutine at a time.
type Machine struct {
	p *program
	m *memory
}

// Clone returns another machine of the same program, without memory yet.
func (m *Machine) Clone() *Machine { return &Machine{p: m.p} }

// Bytes is the memory that runs need at their peak, beside arguments and results, and
// beside buffers for blocks that a Source writes.
func (m *Machine) Bytes() int { return m.p.bytes(m.p.threads) }

// Largest is the memory of the largest array that runs compute between arguments and
// results, in bytes.
func (m *Machine) Largest() int { return 8 * m.p.largest }

// Passes is how often a run goes through the samples; 0 if it does not run in blocks.
func (m *Machine) Passes() int { return len(m.p.passes) }

// Block is the number of samples in a block; 0 without passes.
func (m *Machine) Block() int {
	if len(m.p.passes) == 0 {
		return 0
	}
	return m.p.block
}

// Shape returns the lengths of the axes of result k.
func (m *Machine) Shape(k int) []int {
	r := &m.p.results[k]
	if r.rank == 3 {
		return []int{r.rows, r.member[0], r.member[1]}
	}
	return []int{r.rows, r.cols}[:r.rank]
}

// Size returns the shape of result k as rows and columns; of a stack of matrices each is a
// row.
func (m *Machine) Size(k int) (rows, cols int) {
	return m.p.results[k].rows, m.p.results[k].cols
}

// memory is what a machine has for itself.
type memory struct {
	program *program
	main    *worker
	workers []*worker
	pairs   []float64
	own     [][]float64 // results that the caller has no arrays for
	sources []Source    // by slot
	job     job
	passRun passRun
	loopRun loopRun
	ctx     context.Context
	done    atomic.Int64
	telling sync.Mutex
	told    int
}

// A worker is one goroutine's share.
type worker struct {
	memory     *memory
	threads    blas.Threads
	wide       blas.Threads // for large sums over samples
	mats       []mat
	tiles      []float64
	items      []item
	spreadCols []bool
	counters   []int
	integers   []int
	factors    []factors
	buffers    [][]float64
	normaliser normaliser
	from       int // the first sample of the block at hand
	count      int // how many it has
}

func newMemory(p *program) *memory {
	s := &memory{program: p, pairs: make([]float64, p.pairs), own: make([][]float64, len(p.results)), sources: make([]Source, len(p.slots))}
	s.job.prepare(s)
	s.main = s.newWorker(false)
	s.main.threads, s.main.wide = blas.Threads(p.threads), blas.Threads(p.threads)
	adders := p.adders(p.threads)
	for range p.threads {
		w := s.newWorker(true)
		w.threads, w.wide = 1, blas.Threads(max(1, p.threads/adders))
		s.workers = append(s.workers, w)
	}
	return s
}

func (s *memory) newWorker(inPass bool) *worker {
	p := s.program
	w := &worker{memory: s, mats: make([]mat, len(p.slots)), tiles: make([]float64, p.tiles*tileSize),
		items: make([]item, p.items), spreadCols: make([]bool, p.items), counters: make([]int, p.counters),
		integers: make([]int, p.integers), factors: make([]factors, len(p.factors))}
	size := p.arena
	if inPass {
		size = p.worker
	}
	data := make([]float64, size)
	for i := range p.slots {
		sl := &p.slots[i]
		m := mat{rows: sl.rows, cols: sl.cols, ld: sl.cols}
		switch {
		case sl.worker != inPass && sl.kind != inConst:
			continue
		case sl.kind == inArena:
			m.data = data[sl.off:][:sl.size:sl.size]
		case sl.kind == inConst:
			m.data = []float64{sl.c}
		}
		w.mats[i] = m
	}
	if inPass == (len(p.passes) > 0) || !inPass {
		for i, n := range p.factors {
			w.factors[i] = factors{pivots: make([]int, n), scale: make([]float64, 2*n)}
		}
	}
	return w
}

// Run computes the values. in has an array for each parameter, out one for each value:
// with Data of the right length, which is written, or with none, which is set to memory
// of the machine that the next run overwrites; out may be nil. Results are scratch memory
// before they are written: they must not overlap arguments, and after an error they have
// no meaning.
func (m *Machine) Run(in, out []Array) error { return m.RunContext(context.Background(), in, out) }

// RunContext is Run that stops with the context's error when that is done: within the
// time of a block where there are passes, else at the end of a step.
func (m *Machine) RunContext(ctx context.Context, in, out []Array) error {
	if m.m == nil {
		m.m = newMemory(m.p)
	}
	s := m.m
	if err := s.bind(in, out); err != nil {
		return err
	}
	if m.p.trace {
		if err := s.checkArguments(); err != nil {
			return err
		}
	}
	s.ctx = ctx
	defer func() { s.ctx = nil }()
	for _, t := range m.p.steps {
		if err := s.cancelled(); err != nil {
			return err
		}
		if err := t(s.main); err != nil {
			return err
		}
	}
	for _, c := range m.p.copies {
		copy(s.own[c.to], s.main.mats[c.from].data)
	}
	for k := range out {
		if out[k].Data == nil {
			out[k].Data = s.own[k]
		}
	}
	return nil
}

// Result returns result k of the last run that was given no array for it.
func (m *Machine) Result(k int) []float64 { return m.m.own[k] }

func (s *memory) cancelled() error {
	select {
	case <-s.ctx.Done():
		return s.ctx.Err()
	default:
		return nil
	}
}

func (s *memory) progressed(pass, samples, total int) {
	tell := s.program.progress
	if tell == nil {
		return
	}
	if samples == 0 {
		s.done.Store(0)
		s.told = 0
	}
	done := int(s.done.Add(int64(samples)))
	s.telling.Lock()
	if done >= s.told {
		s.told = done
		tell(Progress{pass, len(s.program.passes), done, total})
	}
	s.telling.Unlock()
}

// bind points the slots of parameters and results to the caller's arrays.
func (s *memory) bind(in, out []Array) error {
	p := s.program
	if len(in) != len(p.params) {
		return fmt.Errorf("the program has %d parameters, %d arrays are given", len(p.params), len(in))
	}
	if out != nil && len(out) != len(p.results) {
		return fmt.Errorf("the program has %d results, %d arrays are given", len(p.results), len(out))
	}
	for i := range p.params {
		q := &p.params[i]
		if q.slot < 0 {
			continue
		}
		a := &in[i]
		if err := q.fits(a); err != nil {
			return err
		}
		s.sources[q.slot] = nil
		if a.Data == nil && a.Source != nil {
			s.sources[q.slot] = a.Source
		}
		s.main.mats[q.slot] = mat{a.Data, q.rows, q.cols, q.cols}
	}
	for k := range p.results {
		r := &p.results[k]
		n := r.rows * r.cols
		switch {
		case out != nil && out[k].Data != nil:
			if len(out[k].Data) != n {
				return fmt.Errorf("result %d has %d entries, its array %d", k+1, n, len(out[k].Data))
			}
			s.own[k] = out[k].Data
		case len(s.own[k]) != n || s.own[k] == nil:
			s.own[k] = make([]float64, n)
		}
		for _, i := range r.slots {
			s.main.mats[i].data = s.own[k][:min(n, p.slots[i].size)]
		}
	}
	return nil
}

// fits returns an error unless the array is one for the parameter.
func (q *param) fits(a *Array) error {
	if a.Shape != nil {
		ok := len(a.Shape) == q.rank
		for i := 0; ok && i < q.rank; i++ {
			ok = a.Shape[i] == q.shape[i]
		}
		if !ok {
			return fmt.Errorf("%s has the shape %s, the program is for %s", q.name, shapeText(a.Shape), shapeText(q.shape[:q.rank]))
		}
	}
	switch {
	case a.Data == nil && a.Source != nil && q.along != noAxis:
	case a.Data == nil && a.Source != nil:
		return fmt.Errorf("%s must be in memory: none of its axes runs over the samples", q.name)
	case len(a.Data) != q.rows*q.cols:
		return fmt.Errorf("%s has %d entries, the program is for %d", q.name, len(a.Data), q.rows*q.cols)
	}
	return nil
}

func shapeText(shape []int) string {
	if len(shape) == 0 {
		return "of a number"
	}
	s := fmt.Sprint(shape[0])
	for _, n := range shape[1:] {
		s += fmt.Sprint(" × ", n)
	}
	if len(shape) == 1 {
		s += " entries"
	}
	return s
}
