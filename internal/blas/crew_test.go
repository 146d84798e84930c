package blas

import (
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// A census counts how often each item is taken, and which workers are at it.
type census struct {
	next   atomic.Int64
	taken  []atomic.Int32
	inside []atomic.Int32 // by worker: how many run with its number now
	wrong  atomic.Int32
	within func(i int)
}

func (c *census) Work(k int) {
	if k < 0 || k >= len(c.inside) || c.inside[k].Add(1) != 1 {
		c.wrong.Add(1)
		return
	}
	for {
		i := int(c.next.Add(1)) - 1
		if i >= len(c.taken) {
			break
		}
		c.taken[i].Add(1)
		if c.within != nil {
			c.within(i)
		}
	}
	c.inside[k].Add(-1)
}

func together(t *testing.T, threads Threads, n int, within func(i int)) {
	t.Helper()
	c := &census{taken: make([]atomic.Int32, n), inside: make([]atomic.Int32, max(1, int(threads))), within: within}
	threads.Together(c)
	for i := range c.taken {
		if got := c.taken[i].Load(); got != 1 {
			t.Errorf("item %d was taken %d times", i, got)
		}
	}
	for k := range c.inside {
		if c.inside[k].Load() != 0 {
			t.Errorf("worker %d has not returned", k)
		}
	}
	if c.wrong.Load() != 0 {
		t.Error("two workers with the same number, or one that is out of range")
	}
}

func wait(d time.Duration) {
	for begin := time.Now(); time.Since(begin) < d; {
	}
}

func TestTogether(t *testing.T) {
	for _, processors := range []int{1, 2, 4} {
		func() {
			defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(processors))
			for _, threads := range []Threads{0, 1, 2, 3, 9} {
				for _, n := range []int{0, 1, 5, 100} {
					for _, d := range []time.Duration{0, 3 * time.Microsecond} {
						together(t, threads, n, func(int) { wait(d) })
					}
				}
			}
		}()
	}
}

// TestTogetherSlow has helpers and callers wait until they sleep.
func TestTogetherSlow(t *testing.T) {
	for _, slow := range []int{0, 1, 2, 3} {
		together(t, 4, 4, func(i int) {
			if i == slow {
				time.Sleep(5 * awake)
			}
		})
	}
}

// TestTogetherAtOnce calls from many goroutines, and from within the work.
func TestTogetherAtOnce(t *testing.T) {
	var wg sync.WaitGroup
	for caller := range 8 {
		wg.Go(func() {
			for round := range 50 {
				together(t, 4, 6, func(i int) {
					if (caller+round+i)%5 == 0 {
						together(t, 3, 4, func(int) { wait(time.Microsecond) })
					}
				})
				if round%10 == caller {
					time.Sleep(2 * awake)
				}
			}
		})
	}
	wg.Wait()
}

// TestHelpers has a call that needs two goroutines at once, and sees that they end when
// there is no call any more.
func TestHelpers(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(4))
	before := ended(t)
	for range 20 {
		// The first goroutine waits for the second. A helper is always free, but for those
		// that other calls engaged, which have ended.
		var arrived atomic.Int32
		begin := time.Now()
		together(t, 3, 2, func(int) {
			arrived.Add(1)
			for arrived.Load() < 2 && time.Since(begin) < 10*time.Second {
				runtime.Gosched()
			}
		})
		if arrived.Load() != 2 {
			t.Fatal("no helper came")
		}
	}
	if most := runtime.GOMAXPROCS(0) - 1; staff.running() > most {
		t.Errorf("%d helpers, should be at most %d", staff.running(), most)
	}
	if after := ended(t); after > before {
		t.Errorf("%d goroutines before, %d after", before, after)
	}
}

func (s *crowd) running() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.count
}

// ended waits until there are no helpers, and returns the number of goroutines.
func ended(t *testing.T) int {
	t.Helper()
	begin := time.Now()
	for staff.running() > 0 {
		if time.Since(begin) > 10*time.Second {
			t.Fatalf("%d helpers after ten seconds without work", staff.running())
		}
		time.Sleep(awake)
	}
	time.Sleep(10 * time.Millisecond) // those that have counted themselves out end
	return runtime.NumGoroutine()
}

// TestTogetherAllocates counts what many calls allocate, with helpers that are awake and
// with such as must be started.
func TestTogetherAllocates(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector empties pools")
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(4))
	x := make([]float64, 1<<16)
	body := func(lo, hi int) { MulScalar(x[lo:hi], x[lo:hi], 1) }
	for _, pause := range []time.Duration{0, 3 * awake} {
		run := func(calls int) uint64 {
			var a, b runtime.MemStats
			runtime.ReadMemStats(&a)
			for range calls {
				Threads(4).For(len(x), 1024, body)
				time.Sleep(pause)
			}
			runtime.ReadMemStats(&b)
			return b.Mallocs - a.Mallocs
		}
		run(600)
		// The runtime has lists of goroutines that have ended, and of channels' waiters, for
		// each processor, which fill up before the others take from them.
		if got := run(200); got > 100 {
			t.Errorf("%d allocations in 200 calls with pauses of %v", got, pause)
		}
	}
}
