package nabla

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"

	"example.com/nabla/internal/limit"
	"example.com/nabla/internal/message"
)

// Limits bound what a request may take; the zero value bounds nothing.
type Limits struct {
	// Context, when it is done, ends the request, which then fails with a *LimitError
	// within some milliseconds, whatever stage it is in. Its deadline is read from the
	// clock, so it holds where no timer fires while the engine computes, as in a browser.
	// nil: never.
	Context context.Context
	// Memory is the number of bytes the request may take, approximately; it counts what
	// is kept and not what the garbage collector has yet to free. 0: unbounded.
	Memory int64
	// Work, if it is not nil, is added to while the request computes: units of work, of some
	// WorkUnit each where nothing else keeps the processor busy. It says what a request has
	// cost, which its time does not where many compute at once.
	Work *atomic.Int64

	budget *limit.Budget // of the request that has begun; others that it makes share it
}

// WorkUnit is about the time of a unit of Limits.Work.
const WorkUnit = limit.Unit

// ErrMemory is the reason of a LimitError where the memory is spent.
var ErrMemory = limit.ErrMemory

// A LimitError says that a request reached one of its limits. Unwrap gives
// context.Canceled, context.DeadlineExceeded or ErrMemory.
type LimitError struct {
	reason error
	memory int64
}

// Error says which limit it was.
func (e *LimitError) Error() string { return e.ErrorIn("en") }

// ErrorIn is Error in a language, en or zh.
func (e *LimitError) ErrorIn(lang string) string { return e.words().In(lang) }

func (e *LimitError) words() message.Text {
	switch {
	case errors.Is(e.reason, context.DeadlineExceeded):
		return say("the request takes longer than it may: its deadline has passed")
	case errors.Is(e.reason, ErrMemory):
		return say("the request takes more memory than it may: %s", bytes(e.memory))
	}
	return say("the request was cancelled")
}

// Unwrap returns the reason.
func (e *LimitError) Unwrap() error { return e.reason }

// bytes writes a number of bytes for people.
func bytes(n int64) string {
	for _, u := range []struct {
		name string
		size int64
	}{{"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10}} {
		if n >= u.size {
			return fmt.Sprintf("%.4g %s", float64(n)/float64(u.size), u.name)
		}
	}
	return fmt.Sprintf("%d bytes", n)
}

// begin makes the budget of a request, unless it is part of one that has begun.
func (l *Limits) begin() {
	if l.budget == nil {
		l.budget = limit.New(l.Context, l.Memory)
		l.budget.Count(l.Work)
	}
	l.budget.Check()
}

// end lifts the limits of a request whose result still computes; part says that the
// request is part of another one, which has not ended.
func (l *Limits) end(part bool) {
	if !part {
		l.budget.End()
	}
}

// recovered turns what a public function recovers from into its error: the end of a
// request at a limit, and what the input is to blame for. It panics again with anything
// else.
func (l *Limits) recovered(r any, fault func(any) error) error {
	if s, ok := r.(*limit.Stop); ok {
		return &LimitError{s.Err, l.Memory}
	}
	if err := fault(r); err != nil {
		return err
	}
	panic(r)
}
