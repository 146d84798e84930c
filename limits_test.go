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
