package nabla_test

import (
	"context"
	"errors"
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
