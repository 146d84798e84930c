package blas

import (
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// A Crew is work that goroutines share as they come.
type Crew interface {
	// Work does what there is until all of it is taken, by this call or by others that run
	// at the same time. k, from 0 on, is different for each of these.
	Work(k int)
}

// Together calls w.Work(0) and, on other goroutines, w.Work(k) for some k < th, and
// returns when all of these have returned. How many there are, if any, is open: nobody
// is waited for who has not begun when Work(0) returns.
//
// Who helps is a goroutine that stays awake for a while after it has helped, since
// waking a sleeping thread takes longer than most of what is shared: see helper.
func (th Threads) Together(w Crew) {
	if th < 2 {
		w.Work(0)
		return
	}
	c := calls.Get().(*call)
	c.crew = w
	c.state.Store(int64(th-1)*placesOne | int64(th-1)*freeOne)
	staff.engage(c, int(th)-1)
	w.Work(0)
	c.close()
	c.crew = nil
	calls.Put(c)
}

// A call is one use of Together. It is used again for another when that is over: a helper
// that comes late finds it closed, or with other work, which it may do as well.
type call struct {
	crew Crew
	// state has how many run beside the caller, how many more may join, how many could
	// at first, and whether the caller sleeps until the last of them has left.
	state atomic.Int64
	over  chan struct{}
	_     [64]byte // others' calls are on other lines of the cache
}

const (
	runningMask = 1<<20 - 1
	freeOne     = 1 << 20
	placesOne   = 1 << 40
	fieldMask   = 1<<20 - 1
	sleeping    = 1 << 62
)

var calls = sync.Pool{New: func() any { return &call{over: make(chan struct{}, 1)} }}

// join takes one of the places and returns its number, unless there is none left.
func (c *call) join() (k int, ok bool) {
	for {
		s := c.state.Load()
		free := s / freeOne & fieldMask
		if free == 0 {
			return 0, false
		}
		if c.state.CompareAndSwap(s, s-freeOne+1) {
			return int(s/placesOne&fieldMask - free + 1), true
		}
	}
}

// leave is called by who has joined.
func (c *call) leave() {
	if s := c.state.Add(-1); s&runningMask == 0 && s&sleeping != 0 {
		c.over <- struct{}{}
	}
}

// close lets nobody join any more and waits for those who have.
func (c *call) close() {
	s := c.state.And(^int64(fieldMask * freeOne))
	if s&runningMask == 0 {
		return
	}
	var p Patience
	for p.Left() {
		if c.state.Load()&runningMask == 0 {
			return
		}
	}
	if c.state.Or(sleeping)&runningMask != 0 {
		<-c.over
	}
}

// awake is how long who waits stays awake. To wake three threads, of which each wakes the
// next, takes 100 µs on a virtual machine.
const awake = 100 * time.Microsecond

// A Patience is for a loop that waits for another goroutine: it says when to sleep.
type Patience struct {
	turns int
	begin time.Time
}

// Left waits for a moment and reports whether to go on looking. It does for up to 100 µs.
func (p *Patience) Left() bool {
	switch p.turns++; {
	case p.turns == 1:
		p.begin = time.Now()
	case p.turns%16 == 0 && time.Since(p.begin) > awake:
		return false
	}
	pause(8)
	return true
}

// A helper is a goroutine that joins calls. Without one it looks for a while whether it
// is engaged again, and ends.
type helper struct {
	call  atomic.Pointer[call] // that it is engaged for
	start func()               // bound once, since a go statement with arguments allocates
	_     [64]byte
}

// crowd are the helpers of the process, at most one less than processors, whoever calls:
// where everybody is at work, calls do theirs alone.
type crowd struct {
	mu    sync.Mutex
	count int       // of those that run
	idle  []*helper // those awake without work, the last one first engaged
	spare []*helper // those that have ended
}

var staff crowd

// engage has up to n helpers join the call.
func (s *crowd) engage(c *call, n int) {
	s.mu.Lock()
	for ; n > 0 && len(s.idle) > 0; n-- {
		last := len(s.idle) - 1
		h := s.idle[last]
		s.idle = s.idle[:last]
		h.call.Store(c)
	}
	for most := runtime.GOMAXPROCS(0) - 1; n > 0 && s.count < most; n-- {
		var h *helper
		if last := len(s.spare) - 1; last >= 0 {
			h = s.spare[last]
			s.spare = s.spare[:last]
		} else {
			h = new(helper)
			h.start = h.run
		}
		s.count++
		h.call.Store(c)
		go h.start()
	}
	s.mu.Unlock()
}

func (h *helper) run() {
	for h.engaged() {
		c := h.call.Load()
		h.call.Store(nil)
		if k, ok := c.join(); ok {
			c.crew.Work(k)
			c.leave()
		}
	}
}

// engaged waits for a call; false means that there was none for long.
func (h *helper) engaged() bool {
	if h.call.Load() != nil { // the first one
		return true
	}
	staff.mu.Lock()
	staff.idle = append(staff.idle, h)
	staff.mu.Unlock()
	var p Patience
	for p.Left() {
		if h.call.Load() != nil {
			return true
		}
	}
	staff.mu.Lock()
	defer staff.mu.Unlock()
	at := slices.Index(staff.idle, h)
	if at < 0 {
		return true
	}
	staff.idle = slices.Delete(staff.idle, at, at+1)
	staff.spare = append(staff.spare, h)
	staff.count--
	return false
}
