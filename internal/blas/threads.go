package blas

import (
	"sync"
	"sync/atomic"
)

// A task is a loop whose iterations may run at the same time.
type task interface{ do(i int) }

// team shares the iterations of a task out, one after the other.
type team struct {
	next atomic.Int64
	n    int
	task task
}

var teams = sync.Pool{New: func() any { return new(team) }}

// Work does iterations that nobody has taken.
func (t *team) Work(int) {
	for {
		i := int(t.next.Add(1)) - 1
		if i >= t.n {
			return
		}
		t.task.do(i)
	}
}

// each runs the iterations 0 … n−1 of a task and returns when all are done.
func (th Threads) each(n int, work task) {
	if th = min(th, Threads(n)); th < 2 {
		for i := range n {
			work.do(i)
		}
		return
	}
	t := teams.Get().(*team)
	t.next.Store(0)
	t.n, t.task = n, work
	th.Together(t)
	t.task = nil
	teams.Put(t)
}

// A Body is what a loop does for a range of its iterations.
type Body interface {
	// Range runs the iterations lo ≤ i < hi.
	Range(lo, hi int)
}

// loop is a task over ranges of a longer loop.
type loop struct {
	n, step int
	body    Body
}

func (l *loop) do(i int) { l.body.Range(i*l.step, min((i+1)*l.step, l.n)) }

var loops = sync.Pool{New: func() any { return new(loop) }}

// Over has body run ranges lo ≤ i < hi that make up 0 … n−1, each but the last with a
// multiple of grain iterations, at least grain. Ranges may run at the same time; a panic
// in one that another goroutine runs ends the program.
func (th Threads) Over(n, grain int, body Body) {
	if n <= 0 {
		return
	}
	grain = max(grain, 1)
	if th < 2 || n <= grain {
		body.Range(0, n)
		return
	}
	// A few ranges for each worker even out what else the machine does.
	chunks := min((n+grain-1)/grain, 4*int(th))
	step := (n + chunks - 1) / chunks
	step = (step + grain - 1) / grain * grain
	l := loops.Get().(*loop)
	*l = loop{n: n, step: step, body: body}
	th.each((n+step-1)/step, l)
	l.body = nil
	loops.Put(l)
}

type function func(lo, hi int)

func (f function) Range(lo, hi int) { f(lo, hi) }

// For is Over for a function. A function that holds variables allocates where it is
// written; a Body that is kept does not.
func (th Threads) For(n, grain int, body func(lo, hi int)) { th.Over(n, grain, function(body)) }
