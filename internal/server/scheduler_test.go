package server

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"example.com/nabla"
	"example.com/nabla/internal/wire"
)

// works returns a job that takes time, unless it is ended. It counts as work what the
// engine would in that time.
func works(d time.Duration) job {
	return func(ctx context.Context, work *atomic.Int64) outcome {
		tick := time.NewTicker(time.Millisecond)
		defer tick.Stop()
		for begin := time.Now(); time.Since(begin) < d; {
			select {
			case <-tick.C:
				work.Store(int64(time.Since(begin) / nabla.WorkUnit))
			case <-ctx.Done():
				return outcome{failure: wire.NewError(ctx.Err())}
			}
		}
		return outcome{json: []byte("{}")}
	}
}

// Many that take long, all different, do not keep those waiting that do not.
func TestShortOnesPass(t *testing.T) {
	s := newScheduler(2, time.Second, 10*time.Second)
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	var group sync.WaitGroup
	var long atomic.Int64
	for i := range 60 {
		group.Go(func() {
			for j := 0; ctx.Err() == nil; j++ {
				if _, err := s.do(ctx, "diff", fmt.Appendf(nil, "%d %d", i, j), works(400*time.Millisecond)); err == nil {
					long.Add(1)
				}
			}
		})
	}
	time.Sleep(50 * time.Millisecond)
	var times []time.Duration
	for i := range 60 {
		begin := time.Now()
		out, err := s.do(context.Background(), "diff", fmt.Appendf(nil, "short %d", i), works(time.Millisecond))
		if err != nil || out.failure != nil {
			t.Errorf("a short one: %v %v", err, out.failure)
		}
		times = append(times, time.Since(begin))
	}
	stop()
	group.Wait()
	slices.Sort(times)
	// One of 60 waits in the quick lane for at most all the others: 60 quanta of two places.
	if worst := times[len(times)-1]; worst > 60*longQuantum/2 {
		t.Errorf("a short one took %v, half of them less than %v", worst, times[len(times)/2])
	}
	if long.Load() == 0 {
		t.Error("none that takes long was answered")
	}
}

// One that takes long and is alone runs where it is; after it has been ended once for
// others, it goes to the slow lane at once.
func TestLongOne(t *testing.T) {
	s := newScheduler(1, 5*time.Second, 5*time.Second)
	runs := atomic.Int64{}
	count := func(j job) job {
		return func(ctx context.Context, work *atomic.Int64) outcome { runs.Add(1); return j(ctx, work) }
	}
	for range 2 {
		if out, err := s.do(context.Background(), "diff", []byte("long"), count(works(300*time.Millisecond))); err != nil || out.failure != nil {
			t.Fatalf("%v %v", err, out.failure)
		}
	}
	if n := runs.Load(); n != 2 {
		t.Errorf("two requests ran %d times", n)
	}
	var group sync.WaitGroup
	runs.Store(0)
	for i := range 3 {
		group.Go(func() {
			out, err := s.do(context.Background(), "diff", fmt.Appendf(nil, "long %d", i), count(works(700*time.Millisecond)))
			if err != nil || out.failure != nil {
				t.Errorf("%v %v", err, out.failure)
			}
		})
	}
	group.Wait()
	if n := runs.Load(); n < 4 || n > 6 {
		t.Errorf("three requests for two places ran %d times", n)
	}
	if s.quick.running() != 0 || s.slow.running() != 0 || s.quick.waiting() != 0 || s.slow.waiting() != 0 {
		t.Error("places are not given back")
	}
}

// Who waits too long or finds too many waiting is refused; who gives up leaves the queue.
func TestRefused(t *testing.T) {
	l := newLane(1, 2)
	if err := l.enter(context.Background()); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	gone := make(chan error)
	for range 2 {
		go func() { gone <- l.enter(ctx) }()
	}
	for l.waiting() < 2 {
		time.Sleep(time.Millisecond)
	}
	if err := l.enter(context.Background()); err != errBusy {
		t.Errorf("the queue is full: %v", err)
	}
	cancel()
	for range 2 {
		if <-gone == nil {
			t.Error("who gave up got a place")
		}
	}
	if l.waiting() != 0 {
		t.Error("who gave up still waits")
	}
	l.leave()
	if l.running() != 0 {
		t.Errorf("%d places are taken", l.running())
	}

	s := newScheduler(1, time.Second, 50*time.Millisecond)
	var group sync.WaitGroup
	var refused atomic.Int64
	for i := range 8 {
		group.Go(func() {
			if _, err := s.do(context.Background(), "diff", []byte{byte(i)}, works(500*time.Millisecond)); err == errBusy {
				refused.Add(1)
			}
		})
	}
	group.Wait()
	if n := refused.Load(); n < 4 || n > 7 {
		t.Errorf("%d of 8 are refused where one or two can be answered", n)
	}
}

// Places are given in order.
func TestLaneOrder(t *testing.T) {
	l := newLane(1, 10)
	if err := l.enter(context.Background()); err != nil {
		t.Fatal(err)
	}
	got := make(chan int, 5)
	for i := range 5 {
		go func() {
			if l.enter(context.Background()) == nil {
				got <- i
				l.leave()
			}
		}()
		for l.waiting() <= i {
			time.Sleep(time.Millisecond)
		}
	}
	l.leave()
	for want := range 5 {
		if i := <-got; i != want {
			t.Errorf("number %d is served as number %d", i, want)
		}
	}
}

func TestMemoryForgets(t *testing.T) {
	m := &newScheduler(1, 1, 1).heavy
	for i := range 5000 {
		m.add(m.key("diff", fmt.Append(nil, i)))
	}
	if len(m.known) != len(m.ring) || m.has(m.key("diff", []byte("0"))) || !m.has(m.key("diff", []byte("4999"))) || m.has(m.key("gen", []byte("4999"))) {
		t.Errorf("%d are known", len(m.known))
	}
}

// The quantum shrinks with the number of those who wait.
func TestQuantum(t *testing.T) {
	s := newScheduler(4, time.Second, time.Second)
	for waiting, want := range map[int]time.Duration{0: longQuantum, 5: longQuantum, 50: 20 * time.Millisecond, 2000: shortQuantum} {
		for s.quick.queue.Len() < waiting {
			s.quick.queue.PushBack(make(chan struct{}))
		}
		for s.quick.queue.Len() > waiting {
			s.quick.queue.Remove(s.quick.queue.Front())
		}
		if got := s.quantum(); got != want {
			t.Errorf("%d wait: %v, want %v", waiting, got, want)
		}
	}
}

// What takes long and works little, where the machine is busy, is not taken for long.
func TestBusyMachine(t *testing.T) {
	s := newScheduler(1, time.Second, 5*time.Second)
	var group sync.WaitGroup
	for i := range 20 {
		group.Go(func() {
			out, err := s.do(context.Background(), "diff", fmt.Append(nil, i), func(ctx context.Context, work *atomic.Int64) outcome {
				time.Sleep(5 * shortQuantum)
				work.Add(int64(shortQuantum / 2 / nabla.WorkUnit))
				return outcome{json: []byte("{}")}
			})
			if err != nil || out.failure != nil {
				t.Errorf("%v %v", err, out.failure)
			}
		})
	}
	group.Wait()
	if n := len(s.heavy.known); n > 0 {
		t.Errorf("%d of 20 short requests are remembered as long", n)
	}
}
