package limit

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"
)

// stopped returns what f panics with, nil if it does not.
func stopped(t *testing.T, f func()) (err error) {
	t.Helper()
	defer func() {
		if r := recover(); r != nil {
			err = r.(*Stop)
		}
	}()
	f()
	return nil
}

// none is no context, as a request has it that is bounded in memory alone.
var none context.Context

func TestNothingBounded(t *testing.T) {
	if b := New(context.Background(), 0); b != nil {
		t.Errorf("a budget without bounds is %v, want nil", b)
	}
	if b := New(none, 0); b != nil {
		t.Errorf("a budget without bounds is %v, want nil", b)
	}
	var b *Budget
	b.Step(1 << 40)
	b.Take(1 << 40)
	b.Fits(1 << 40)
	b.Check()
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	b := New(ctx, 0)
	if err := stopped(t, func() { b.Step(10 * between) }); err != nil {
		t.Fatalf("stopped before it was cancelled: %v", err)
	}
	cancel()
	if err := stopped(t, func() {
		for range between + 1 {
			b.Step(1)
		}
	}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want Canceled", err)
	}
	if err := stopped(t, func() { b.Check() }); !errors.Is(err, context.Canceled) {
		t.Errorf("a budget that was spent goes on: %v", err)
	}
}

// late is a context whose deadline has passed though no timer has fired, as where one
// thread computes.
type late struct{ context.Context }

func (late) Deadline() (time.Time, bool) { return time.Now().Add(-time.Millisecond), true }
func (late) Done() <-chan struct{}       { return nil }

func TestDeadlineIsReadFromTheClock(t *testing.T) {
	b := New(late{context.Background()}, 0)
	if err := stopped(t, b.Check); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want DeadlineExceeded", err)
	}
}

func TestMemory(t *testing.T) {
	b := New(none, 1000)
	b.Take(600)
	if err := stopped(t, func() { b.Fits(500) }); !errors.Is(err, ErrMemory) {
		t.Errorf("got %v, want ErrMemory", err)
	}
	b = New(none, 1000)
	b.Take(600)
	b.Give(300)
	b.Fits(700)
	if err := stopped(t, func() { b.Take(701) }); !errors.Is(err, ErrMemory) {
		t.Errorf("got %v, want ErrMemory", err)
	}
}

func BenchmarkStep(b *testing.B) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Hour)
	defer cancel()
	budget := New(ctx, 0)
	for b.Loop() {
		budget.Step(1)
	}
}

// Work is counted as it is done, whatever becomes of the request.
func TestWork(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var work atomic.Int64
	b := New(ctx, 0)
	b.Count(&work)
	b.Check()
	for range 100 {
		b.Step(100)
	}
	b.Step(100_000)
	if n := work.Load(); n < 109_000 || n > 111_000 {
		t.Errorf("110000 units are counted as %d", n)
	}
	(*Budget)(nil).Count(&work)
}
