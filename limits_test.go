package nabla_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"runtime/metrics"
	"slices"
	"strings"
	"testing"
	"time"

	"example.com/nabla"
)

// Every function fails with a *LimitError where its context is done before it begins, and
// where a deadline passes that no timer has told of.
func TestLimitsReachEveryFunction(t *testing.T) {
	cancelled, cancel := context.WithCancel(context.Background())
	cancel()
	h := &hostileProgram{program: chain(40).Program, wrt: "W_1", order: 2}
	for _, f := range hostileFunctions {
		for _, c := range []struct {
			name   string
			limits nabla.Limits
			want   error
			text   string
		}{
			{"cancelled", nabla.Limits{Context: cancelled}, context.Canceled, "the request was cancelled"},
			{"passed", nabla.Limits{Context: untold{context.Background(), time.Now()}}, context.DeadlineExceeded, "deadline has passed"},
			{"soon", nabla.Limits{Context: untold{context.Background(), time.Now().Add(time.Millisecond)}}, context.DeadlineExceeded, "deadline has passed"},
			{"memory", nabla.Limits{Memory: 100_000}, nabla.ErrMemory, "more memory than it may: 97.66 KiB"},
		} {
			err := f.ask(h, c.limits)
			var limit *nabla.LimitError
			if !errors.As(err, &limit) || !errors.Is(err, c.want) || !strings.Contains(err.Error(), c.text) {
				t.Errorf("%s, %s: got error %v, want a LimitError %q", f.name, c.name, err, c.text)
			}
		}
	}
}

// untold is a context whose deadline no timer tells of, as where one thread computes.
type untold struct {
	context.Context
	at time.Time
}

func (u untold) Deadline() (time.Time, bool) { return u.at, true }

// A program that was made under limits computes when they have passed.
func TestProgramOutlivesLimits(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	req := nabla.ProgramRequest{Request: nabla.Request{Program: "norm2(X*w - y)^2", Wrt: []string{"w"}, Limits: nabla.Limits{Context: ctx, Memory: 64 << 20}}}
	p, err := nabla.NewProgram(req)
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	if n := p.Builder.Node("norm2", p.Builder.Var(p.Builder.Symbols()[1])); n == nil {
		t.Error("no node")
	}
}

// Whatever stage a request is in, it returns soon after its deadline, and nothing ends
// the process. A machine that is busy delays single returns, so the best of some counts.
func TestHostileProgramsReturn(t *testing.T) {
	for i := range hostilePrograms {
		h := &hostilePrograms[i]
		for _, f := range hostileFunctions {
			if h.only != "" && h.only != f.name {
				continue
			}
			deadlines := []time.Duration{time.Millisecond, 10 * time.Millisecond, 100 * time.Millisecond}
			if testing.Short() {
				deadlines = deadlines[(i+len(f.name))%2:][:1]
			}
			for _, d := range deadlines {
				late := time.Hour
				for try := 0; try < 4 && late > latest; try++ {
					late = min(late, lateness(t, h, f.name, d, f.ask))
				}
				if late > latest {
					t.Errorf("%s of %s: returned %v after its deadline of %v, want %v at most", f.name, h.name, late, d, latest)
				}
			}
		}
	}
}

// lateness is how long after its deadline a request returns, 0 if before.
func lateness(t *testing.T, h *hostileProgram, name string, d time.Duration, ask func(*hostileProgram, nabla.Limits) error) time.Duration {
	begin := time.Now()
	ctx, cancel := context.WithTimeout(context.Background(), d)
	defer cancel()
	err := ask(h, nabla.Limits{Context: ctx})
	took := time.Since(begin)
	var limit *nabla.LimitError
	switch {
	case errors.As(err, &limit):
		if took < d {
			t.Errorf("%s of %s: %v before its deadline of %v", name, h.name, err, d)
		}
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s of %s: got reason %v, want DeadlineExceeded", name, h.name, limit.Unwrap())
		}
	case errors.As(err, new(*nabla.InternalError)):
		t.Errorf("%s of %s: %v", name, h.name, err)
	}
	return max(0, took-d)
}

// What a request takes at its peak stays near its limit; the garbage collector lets some
// lie.
func TestMemoryStaysNearLimit(t *testing.T) {
	const limit = 64 << 20
	for _, c := range []struct {
		program, function string
		spent             bool // the limit is reached
	}{
		{"chain of squares", "differentiate", true},
		{"given sizes vector", "differentiate", true},
		{"chain of sizes", "generate", true},
		{"definite", "solve", true},
		{"given sizes Jacobian", "derive", false},
		{"layers", "program", false},
	} {
		i := slices.IndexFunc(hostilePrograms, func(h hostileProgram) bool { return h.name == c.program })
		k := slices.IndexFunc(hostileFunctions, func(f hostileFunction) bool { return f.name == c.function })
		peak, err := peakOf(func() error {
			ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
			defer cancel()
			return hostileFunctions[k].ask(&hostilePrograms[i], nabla.Limits{Context: ctx, Memory: limit})
		})
		if c.spent && !errors.Is(err, nabla.ErrMemory) {
			t.Errorf("%s of %s: got error %v, want ErrMemory", c.function, c.program, err)
		}
		if peak > 4*limit {
			t.Errorf("%s of %s: %d MiB at its peak, want %d at most", c.function, c.program, peak>>20, 4*limit>>20)
		}
	}
}

// peakOf is by how many bytes the heap and the stacks grow while f runs.
func peakOf(f func() error) (peak int64, err error) {
	heap := func() int64 {
		s := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}, {Name: "/memory/classes/heap/stacks:bytes"}}
		metrics.Read(s)
		return int64(s[0].Value.Uint64() + s[1].Value.Uint64())
	}
	runtime.GC()
	base := heap()
	done := make(chan error)
	go func() { done <- f() }()
	for {
		select {
		case err := <-done:
			return peak, err
		case <-time.After(time.Millisecond):
			peak = max(peak, heap()-base)
		}
	}
}

// Limits that are not reached change nothing, and the answer is there for good.
func TestLimitsChangeNothing(t *testing.T) {
	cases := readCorpus(t)
	for i := range cases {
		r := request(&cases[i])
		if i%9 > 0 || len(r.Wrt) == 0 {
			continue
		}
		for _, a := range answers[:2] {
			want, wantErr := a.ask(r)
			ctx, cancel := context.WithTimeout(context.Background(), time.Hour)
			limited := r
			limited.Limits = nabla.Limits{Context: ctx, Memory: 1 << 30}
			got, err := a.ask(limited)
			cancel()
			if got != want || fmt.Sprint(err) != fmt.Sprint(wantErr) {
				t.Errorf("%s, %s: got %.300s, %v, want %.300s, %v", cases[i].ID, a.name, got, err, want, wantErr)
			}
		}
	}
}
