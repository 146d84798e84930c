package server

import (
	"container/list"
	"context"
	"errors"
	"hash/maphash"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"example.com/nabla"
	"example.com/nabla/internal/message"
	"example.com/nabla/internal/wire"
)

// A scheduler runs requests of which nobody can say how long they take, so that short ones
// do not wait for long ones. It guesses, as in Harchol-Balter, Task Assignment with Unknown
// Duration, Journal of the ACM 49 (2002): every request starts in the quick lane. One that
// is not done within a quantum goes on in the slow lane if that has a place for it; else,
// if others wait, it is ended and waits for the slow lane, where it starts again. The more
// requests wait, the shorter the quantum is.
//
// The quantum is one of work, as the engine counts it, and not of time: where the machine is
// busy with other things everything takes long, and a short request is to stay one.
//
// Two kinds go to the slow lane at once: long texts, and requests that have been seen to be
// long, since whoever was refused comes back with the same request.
//
// The quick lane has as many places as the server has workers, the slow lane half as many.
// The Go scheduler shares the processors fairly among all places that are taken, so the
// quick lane always has two thirds of them.
type scheduler struct {
	quick, slow *lane
	limit       time.Duration // of computing
	wait        time.Duration // for a place
	heavy       memory
}

// The quantum of the quick lane lies between these, and is such that those who wait get
// their turn within spread.
const (
	longQuantum  = 100 * time.Millisecond
	shortQuantum = time.Millisecond
	spread       = 250 * time.Millisecond
	// again is the time after which what a request has done is looked at again.
	again = 2 * time.Millisecond
	// uncounted is how many quanta of time may pass for one of work: not everything is
	// counted, and where the machine is busy time passes without work.
	uncounted = 25
	// long is the work from which a request is remembered, longText the bytes from which one
	// is taken to be long: programs by people have some hundred.
	long     = 10 * time.Millisecond
	longText = 16 << 10
)

// Requests that may wait, for each place: in the slow lane, more would only wait in vain.
const (
	quickQueue = 512
	slowQueue  = 32
)

// errBusy is returned where a request would wait, or has waited, too long.
var errBusy = errors.New("the server is busy")

// errStuck is returned where the engine does not stop in time.
var errStuck = errors.New("the request does not end")

var errEvicted = errors.New("others wait")

func newScheduler(workers int, limit, wait time.Duration) *scheduler {
	return &scheduler{
		quick: newLane(workers, quickQueue*workers), slow: newLane((workers+1)/2, slowQueue*workers),
		limit: limit, wait: wait, heavy: memory{seed: maphash.MakeSeed(), known: map[uint64]bool{}},
	}
}

// A job computes an answer until its context is done, and counts the units of its work.
type job func(ctx context.Context, work *atomic.Int64) outcome

// An outcome is the answer to a request, or why there is none.
type outcome struct {
	json    []byte
	packed  []byte // json, compressed; nil where that is not wanted
	failure *wire.Error
}

// stopped reports whether the job was ended before it had an answer.
func (o *outcome) stopped() bool { return o.failure != nil && o.failure.Code == wire.CodeLimit }

// A run is a job that computes. It leaves its lane by itself.
type run struct {
	lane   *lane // guarded by the lanes' mutexes: see move
	mu     sync.Mutex
	cancel context.CancelFunc
	done   chan outcome
	begin  time.Time
	work   atomic.Int64 // units that it has done
}

// spent is the work that a run has done, as the time it would take a free processor.
func (r *run) spent() time.Duration { return time.Duration(r.work.Load()) * nabla.WorkUnit }

// past reports whether a run has had more than a quantum.
func (r *run) past(quantum time.Duration) bool {
	return r.spent() >= quantum || time.Since(r.begin) >= uncounted*quantum
}

// do runs a job for a request, given by its method and body, when it is its turn. It
// returns errBusy, errStuck, or the error of ctx.
func (s *scheduler) do(ctx context.Context, method string, body []byte, j job) (outcome, error) {
	patience, cancel := context.WithTimeout(ctx, s.wait)
	defer cancel()
	key := s.heavy.key(method, body)
	remember := func(r *run) {
		if r.spent() >= long {
			s.heavy.add(key)
		}
	}
	if len(body) < longText && !s.heavy.has(key) {
		if err := s.quick.enter(patience); err != nil {
			return outcome{}, refused(ctx, err)
		}
		r := s.start(ctx, s.quick, j)
		out, err := s.watch(ctx, r)
		remember(r)
		if err != errEvicted {
			return out, err
		}
	}
	if err := s.slow.enter(patience); err != nil {
		return outcome{}, refused(ctx, err)
	}
	r := s.start(ctx, s.slow, j)
	out, err := s.finish(ctx, r)
	remember(r)
	return out, err
}

// refused is the error of a request that did not get a place: its own, where the client
// has gone.
func refused(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return errBusy
}

// start runs a job in a place of a lane that has been entered.
func (s *scheduler) start(ctx context.Context, l *lane, j job) *run {
	ctx, cancel := context.WithTimeout(ctx, s.limit)
	r := &run{lane: l, cancel: cancel, done: make(chan outcome, 1), begin: time.Now()}
	go func() {
		defer cancel()
		out := safely(ctx, &r.work, j)
		r.mu.Lock()
		r.lane.leave()
		r.lane = nil
		r.mu.Unlock()
		r.done <- out
	}()
	return r
}

// fault is what a request is told where nabla is wrong.
func fault(stack []byte) *wire.Error {
	e := wire.Say(wire.CodeInternal, message.Say("the request failed by a fault of nabla"))
	e.Stack = stack
	return e
}

// safely runs a job; a panic becomes an outcome, since in a goroutine it would end the
// program.
func safely(ctx context.Context, work *atomic.Int64, j job) (out outcome) {
	defer func() {
		if p := recover(); p != nil {
			out = outcome{failure: fault(debug.Stack())}
		}
	}()
	return j(ctx, work)
}

// watch waits for a run in the quick lane. It returns errEvicted for one that has been
// ended for taking longer than others can wait.
func (s *scheduler) watch(ctx context.Context, r *run) (outcome, error) {
	timer := time.NewTimer(shortQuantum)
	defer timer.Stop()
	for {
		select {
		case out := <-r.done:
			return out, nil
		case <-ctx.Done():
			return outcome{}, ctx.Err()
		case <-timer.C:
		}
		switch {
		case !r.past(s.quantum()):
			timer.Reset(again)
		case s.move(r):
			return s.finish(ctx, r)
		case time.Since(r.begin) > s.limit:
			return s.finish(ctx, r)
		case s.quick.waiting() == 0:
			timer.Reset(again)
		default:
			r.cancel()
			out, err := s.finish(ctx, r)
			if err == nil && out.stopped() {
				return out, errEvicted
			}
			return out, err
		}
	}
}

// quantum is the time that a request gets in the quick lane.
func (s *scheduler) quantum() time.Duration {
	waiting := s.quick.waiting()
	if waiting == 0 {
		return longQuantum
	}
	return min(max(spread*time.Duration(s.quick.places)/time.Duration(waiting), shortQuantum), longQuantum)
}

// move lets a run go on in the slow lane, if that has a place.
func (s *scheduler) move(r *run) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.lane == nil || !s.slow.tryEnter() {
		return false
	}
	r.lane.leave()
	r.lane = s.slow
	return true
}

// finish waits for the end of a run, which comes with the end of its time at the latest.
func (s *scheduler) finish(ctx context.Context, r *run) (outcome, error) {
	timer := time.NewTimer(time.Until(r.begin.Add(s.limit + grace)))
	defer timer.Stop()
	select {
	case out := <-r.done:
		return out, nil
	case <-ctx.Done():
		return outcome{}, ctx.Err()
	case <-timer.C:
		return outcome{}, errStuck
	}
}

// A lane is a number of places, and those who wait for one, in the order in which they
// came.
type lane struct {
	places int
	most   int // who may wait

	mu    sync.Mutex
	free  int
	queue list.List // of chan struct{}, closed when a place is given
}

func newLane(places, most int) *lane { return &lane{places: places, most: most, free: places} }

// enter waits for a place until ctx is done.
func (l *lane) enter(ctx context.Context) error {
	l.mu.Lock()
	if l.free > 0 {
		l.free--
		l.mu.Unlock()
		return nil
	}
	if l.queue.Len() >= l.most {
		l.mu.Unlock()
		return errBusy
	}
	turn := make(chan struct{})
	e := l.queue.PushBack(turn)
	l.mu.Unlock()
	select {
	case <-turn:
		return nil
	case <-ctx.Done():
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	select {
	case <-turn: // given in the meantime
		l.pass()
	default:
		l.queue.Remove(e)
	}
	return ctx.Err()
}

// tryEnter takes a place if one is free.
func (l *lane) tryEnter() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.free == 0 {
		return false
	}
	l.free--
	return true
}

// leave gives a place back.
func (l *lane) leave() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.pass()
}

// pass gives a place to who waits longest.
func (l *lane) pass() {
	if e := l.queue.Front(); e != nil {
		close(l.queue.Remove(e).(chan struct{}))
		return
	}
	l.free++
}

func (l *lane) waiting() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.queue.Len()
}

func (l *lane) running() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.places - l.free
}

// A memory has the last requests that took long, by their hash with a seed that nobody
// knows.
type memory struct {
	seed maphash.Seed

	mu    sync.Mutex
	known map[uint64]bool
	ring  [4096]uint64
	next  int
}

func (m *memory) key(method string, body []byte) uint64 {
	var h maphash.Hash
	h.SetSeed(m.seed)
	h.WriteString(method)
	h.WriteByte(0)
	h.Write(body)
	return h.Sum64()
}

func (m *memory) has(key uint64) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.known[key]
}

func (m *memory) add(key uint64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.known[key] {
		return
	}
	delete(m.known, m.ring[m.next])
	m.ring[m.next] = key
	m.next = (m.next + 1) % len(m.ring)
	m.known[key] = true
}
