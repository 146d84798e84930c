package unwind

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

var errInner = errors.New("inner")

// said is what the functions below did, in order.
var said []string

func say(format string, args ...any) { said = append(said, fmt.Sprintf(format, args...)) }

func recovers(body func()) (err error) {
	var frame Frame
	frame.Run(func() {
		frame.Defer(func() {
			if r := Recover(); r != nil {
				say("recovered %v", r)
				err, _ = r.(error)
			}
		})
		body()
	})
	return
}

func cleans(name string, body func()) {
	var frame Frame
	frame.Run(func() {
		frame.Defer(func() { say("first of %s %v", name, Recover() != nil && name == "greedy") })
		frame.Defer(func() { say("last of %s", name) })
		body()
	})
}

func TestFrames(t *testing.T) {
	throw := func() { panic(Throw(errInner)) }
	for _, c := range []struct {
		name, want string
		body       func()
	}{
		{"nothing", "", func() {}},
		{"a panic", "recovered inner", throw},
		{"inner frames run first", "last of greedy, first of greedy true", func() { cleans("greedy", throw) }},
		{"a panic in a deferred function replaces", "recovered second", func() {
			var frame Frame
			frame.Run(func() {
				frame.Defer(func() { panic(Throw(errors.New("second"))) })
				throw()
			})
		}},
		{"a deferred function's own frames do not recover for others", "recovered inner, last of other, first of other false, recovered inner", func() {
			var frame Frame
			frame.Run(func() {
				frame.Defer(func() {
					recovers(throw)
					cleans("other", func() {})
				})
				throw()
			})
		}},
		{"no panic to recover", "last of quiet, first of quiet false", func() { cleans("quiet", func() {}) }},
	} {
		said = nil
		recovers(c.body)
		if got := strings.Join(said, ", "); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	if err := recovers(throw); err != errInner {
		t.Error(err)
	}
	if current != nil {
		t.Error("a frame is left")
	}
}
