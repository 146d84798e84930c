// Package limit bounds what one request takes: its time, by a context, and its memory.
//
// A Budget goes with a request through all stages, which call Step where they do
// something again and again, and Take where they keep memory. When the budget is spent
// both panic with a *Stop, which the public functions recover. A nil *Budget bounds
// nothing; its methods cost a comparison.
//
// The clock is read at the steps themselves: where there is one thread, as in a browser,
// no timer fires while the engine computes.
package limit

import (
	"context"
	"errors"
	"sync/atomic"
	"time"
)

// ErrMemory is the reason of a Stop where the memory is spent.
var ErrMemory = errors.New("memory limit exceeded")

// A Stop is what Step and Take panic with. Err is the context's error or ErrMemory.
type Stop struct{ Err error }

func (s *Stop) Error() string { return "stopped: " + s.Err.Error() }

// Unwrap returns the reason.
func (s *Stop) Unwrap() error { return s.Err }

// A Budget is what is left to a request. It is used by one goroutine.
type Budget struct {
	left     int // units of work until the clock is looked at
	ctx      context.Context
	done     <-chan struct{}
	deadline time.Time
	timed    bool
	bounded  bool  // in memory
	memory   int64 // bytes left
	stop     *Stop // what stopped the request; it stays stopped
	work     *atomic.Int64
}

// Unit is about the time of a unit of work where the processor does nothing else.
const Unit = 50 * time.Nanosecond

// Count lets the budget add the units of work that are done to a counter.
func (b *Budget) Count(work *atomic.Int64) {
	if b != nil {
		b.work = work
	}
}

// New returns a Budget of the time until ctx is done, which may be nil, and of memory
// bytes, 0 for no bound; nil where nothing is bounded, but in a browser, where deep
// recursions rest at the looks at the clock.
func New(ctx context.Context, memory int64) *Budget {
	b := &Budget{ctx: ctx, bounded: memory > 0, memory: memory}
	if ctx != nil {
		b.done = ctx.Done()
		b.deadline, b.timed = ctx.Deadline()
	}
	if b.done == nil && !b.timed && !b.bounded && !always {
		return nil
	}
	return b
}

// Step counts work of n units, of some 50 nanoseconds each, and panics with a *Stop where
// the time is over.
func (b *Budget) Step(n int) {
	if b != nil {
		if b.left -= n; b.left < 0 {
			b.Check()
		}
	}
}

// Check panics with a *Stop where the budget is spent. It looks at the clock.
//
//go:noinline
func (b *Budget) Check() {
	if err := b.Err(); err != nil {
		panic(b.stop)
	}
}

// Err returns the reason why the budget is spent, nil where it is not. It looks at the
// clock.
func (b *Budget) Err() error {
	if b == nil {
		return nil
	}
	if b.work != nil {
		b.work.Add(int64(between - b.left))
	}
	b.left = between
	rest()
	if b.stop == nil {
		select {
		case <-b.done:
			b.stop = &Stop{b.ctx.Err()}
		default:
			if b.timed && !time.Now().Before(b.deadline) {
				b.stop = &Stop{context.DeadlineExceeded}
			}
		}
	}
	if b.stop == nil {
		return nil
	}
	return b.stop.Err
}

// Take counts n bytes that are kept, and panics with a *Stop where there are none left.
// It counts as work, too.
func (b *Budget) Take(n int) {
	if b == nil {
		return
	}
	if b.memory -= int64(n); b.bounded && b.memory < 0 {
		if b.stop == nil {
			b.stop = &Stop{ErrMemory}
		}
		panic(b.stop)
	}
	b.Step(n / perUnit)
}

// perUnit is the number of bytes that are cleared in a unit of work.
const perUnit = 512

// End lifts the bounds: what the request made outlives it.
func (b *Budget) End() {
	if b != nil {
		*b = Budget{left: b.left}
	}
}

// Give takes back n bytes that were taken and are no longer kept.
func (b *Budget) Give(n int) {
	if b != nil {
		b.memory += int64(n)
	}
}

// Fits panics with a *Stop where n bytes more could not be taken. It is for what is
// needed for a moment.
func (b *Budget) Fits(n int) {
	if b != nil {
		b.Take(n)
		b.Give(n)
	}
}
