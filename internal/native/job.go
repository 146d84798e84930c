package native

import (
	"sync"
	"sync/atomic"

	"example.com/nabla/internal/blas"
)

// A body is what a job does with blocks: it adds what it finds to sums.
type body interface {
	clear(w *worker, sums []float64)     // before the blocks of a segment, which add to sums
	block(w *worker, from, to int) error // a block
	merge(sums []float64)                // adds those of a segment to the totals
}

// A job runs blocks on the workers of a machine.
//
// Blocks are grouped into segments, by their number alone. A worker takes the next
// segment and adds up its blocks in order; the sums of segments are added to the totals
// in order, by whoever is there: so totals do not depend on how many workers there are
// or how fast they are. Segment s has accumulator s mod ring for its sums. There are more
// of them than workers, so that a worker seldom waits for one that is slower.
type job struct {
	memory          *memory
	body            body
	total, size     int // units, and in a block
	segment, blocks int // blocks in a segment, and altogether
	segments        int
	ring, length    int // accumulators, and entries of one
	sums            []float64
	ended           []ending
	next            atomic.Int64 // the segment that is begun next
	turn            atomic.Int64 // the segment that is merged next
	merging         sync.Mutex
	waiting         atomic.Int32 // workers that sleep until turn changes
	mu              sync.Mutex
	cond            sync.Cond
	err             error
	failed          atomic.Bool
}

// An ending says that a segment is computed and not merged yet.
type ending struct {
	is  atomic.Bool
	err error
}

// ringEntries is the number of entries of accumulators that there are beyond one for
// each worker.
const ringEntries = 1 << 15

// ringOf returns how many accumulators n workers have.
func ringOf(n, length int) int {
	if n < 2 {
		return 1
	}
	return max(n, min(4*n, ringEntries/max(1, length)))
}

// accumulators returns how many entries the accumulators of n workers have.
func (p *program) accumulators(n int) int {
	adders := p.adders(n)
	return max(ringOf(adders, p.sums)*p.sums, ringOf(n, p.loopSums)*p.loopSums)
}

func (j *job) prepare(s *memory) {
	p := s.program
	j.memory = s
	j.cond.L = &j.mu
	j.sums = make([]float64, p.accumulators(p.threads))
	j.ended = make([]ending, 4*p.threads)
}

// do runs the job on up to n workers, with so many entries to be summed, and returns the
// error of the earliest block that fails.
func (s *memory) do(b body, total, size, sums int, n int) error {
	j := &s.job
	j.body, j.total, j.size = b, total, size
	j.blocks = max(1, (total+size-1)/size) // without samples, an empty block
	j.segment = segmentOf(j.blocks, sums)
	j.segments = (j.blocks + j.segment - 1) / j.segment
	j.ring, j.length = ringOf(n, sums), sums
	j.next.Store(0)
	j.turn.Store(0)
	j.err = nil
	j.failed.Store(false)
	blas.Threads(min(n, j.segments)).Together(j)
	j.body = nil
	return j.err
}

// segmentOf returns how many blocks a segment has, given how many there are and how
// many entries are merged after each: enough segments for many workers, few enough that
// merging takes little.
func segmentOf(blocks, entries int) int {
	segments := min(256, max(16, (1<<24)/max(1, entries)))
	return max(1, (blocks+segments-1)/segments)
}

// Work has worker k take segments until there are none.
func (j *job) Work(k int) {
	w := j.memory.workers[k]
	for {
		s := int(j.next.Add(1)) - 1
		if s >= j.segments {
			return
		}
		if s-j.ring >= int(j.turn.Load()) {
			j.await(s - j.ring + 1)
		}
		var err error
		if !j.failed.Load() {
			j.body.clear(w, j.accumulator(s))
			for k := s * j.segment; k < min((s+1)*j.segment, j.blocks) && err == nil; k++ {
				err = j.body.block(w, k*j.size, min((k+1)*j.size, j.total))
			}
			if err != nil {
				j.failed.Store(true)
			}
		}
		e := &j.ended[s%j.ring]
		e.err = err
		e.is.Store(true)
		j.merge()
	}
}

func (j *job) accumulator(s int) []float64 { return j.sums[s%j.ring*j.length:][:j.length] }

// merge adds the segments whose turn it is, unless another worker is about it. That one
// looks once more when it has let go.
func (j *job) merge() {
	for {
		s := int(j.turn.Load())
		if s >= j.segments || !j.ended[s%j.ring].is.Load() || !j.merging.TryLock() {
			return
		}
		for s = int(j.turn.Load()); s < j.segments; s++ {
			e := &j.ended[s%j.ring]
			if !e.is.Load() {
				break
			}
			switch {
			case j.err != nil:
			case e.err != nil:
				j.err = e.err
			case !j.failed.Load():
				j.body.merge(j.accumulator(s))
			}
			e.err = nil
			e.is.Store(false)
			j.turn.Store(int64(s + 1))
		}
		j.merging.Unlock()
		if j.waiting.Load() > 0 {
			j.mu.Lock()
			j.cond.Broadcast()
			j.mu.Unlock()
		}
	}
}

// await returns when the segments before turn are merged. Others are about to do that: it
// stays awake for a while.
func (j *job) await(turn int) {
	var p blas.Patience
	for p.Left() {
		if int(j.turn.Load()) >= turn {
			return
		}
	}
	j.mu.Lock()
	j.waiting.Add(1)
	for int(j.turn.Load()) < turn {
		j.cond.Wait()
	}
	j.waiting.Add(-1)
	j.mu.Unlock()
}
