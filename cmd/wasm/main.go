// Command wasm is the engine for a browser: a WebAssembly module that answers what
// internal/wire answers, one request at a time. It is a reactor: no _start runs, the host
// calls _initialize once and then the exports below. It needs of its host what
// wasi_snapshot_preview1 calls clock_time_get, random_get and fd_write; the page's worker
// has them (internal/page/static/engine-worker.js), and internal/page/site builds it.
//
// To ask, the host writes the method's name and the request in JSON, one behind the other,
// into what buffer returns, and calls call. The answer lies where answer says, length bytes
// long, until the next request.
package main

import (
	"context"
	"time"
	"unsafe"

	"example.com/nabla/internal/wire"
)

func main() {}

// The request and the answer; both are kept here so that the collector does not free what
// the host still reads.
var request, reply []byte

// buffer returns room for a request of n bytes.
//
//go:wasmexport buffer
func buffer(n int32) unsafe.Pointer {
	request = make([]byte, n)
	return unsafe.Pointer(unsafe.SliceData(request))
}

// call answers a request whose first bytes name the method, within some milliseconds, and
// reports whether it could: 1 if so, 0 if the answer is {"error": …}.
//
//go:wasmexport call
func call(name, milliseconds int32) int32 {
	var ok bool
	reply, ok = respond(string(request[:name]), request[name:], time.Duration(milliseconds)*time.Millisecond)
	request = nil
	if ok {
		return 1
	}
	return 0
}

// answer returns where the answer lies.
//
//go:wasmexport answer
func answer() unsafe.Pointer { return unsafe.Pointer(unsafe.SliceData(reply)) }

// length returns the length of the answer.
//
//go:wasmexport length
func length() int32 { return int32(len(reply)) }

// memory is what an answer may take; a browser gives no more than four times as much.
const memory = 512 << 20

func respond(method string, body []byte, limit time.Duration) (answer []byte, ok bool) {
	ctx := wire.WithMemory(deadline(time.Now().Add(limit)), memory)
	answer, failure := wire.Call(ctx, method, body)
	if failure == nil {
		return answer, true
	}
	answer, _ = wire.Marshal(struct {
		Error *wire.Error `json:"error"`
	}{failure}, "") // strings and numbers of lines: nothing that JSON lacks
	return answer, false
}

// A deadline is a context that is done from some time on. No timer fires while a single
// thread computes, so it has no channel and looks at the clock instead.
type deadline time.Time

var _ context.Context = deadline{}

// Deadline returns the time.
func (d deadline) Deadline() (time.Time, bool) { return time.Time(d), true }

// Done returns nil: nothing can be told to one who does not ask.
func (d deadline) Done() <-chan struct{} { return nil }

// Err returns context.DeadlineExceeded when the time has come.
func (d deadline) Err() error {
	if time.Now().Before(time.Time(d)) {
		return nil
	}
	return context.DeadlineExceeded
}

// Value returns nil.
func (d deadline) Value(any) any { return nil }
