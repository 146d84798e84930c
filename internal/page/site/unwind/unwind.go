// Package unwind is defer, panic and recover for a compiler that lacks the last: TinyGo,
// for WebAssembly, ends the program at a panic. The command above it rewrites the engine's
// sources before it gives them to TinyGo: panic(v) becomes panic(unwind.Throw(v)), and a
// function that defers keeps what it defers in a Frame and has its body run by it.
//
//	func f() (err error) {
//		var frame unwind.Frame
//		frame.Run(func() {
//			frame.Defer(func() { if r := unwind.Recover(); r != nil { err = … } })
//			…
//		})
//		return
//	}
//
// With Go itself the same sources mean the same, by Go's own panic and recover, so tests can
// compare. With TinyGo the host unwinds the stack, by an exception of its language; faults
// that the machine finds, such as an index out of range, are no panics there and reach the
// host.
package unwind

// A Frame is what one call of a function has deferred.
type Frame struct {
	deferred []func()
	panicked *thrown // what unwinds the function, nil if nothing does
}

// A thrown is the value of a panic.
type thrown struct{ value any }

// current is the frame whose deferred functions run, nil outside of them.
var current *Frame

// Defer adds a function that runs when the body has ended.
func (f *Frame) Defer(fn func()) { f.deferred = append(f.deferred, fn) }

// Run runs the body and then what it deferred, last first. It panics with what unwound the
// body if none of these recovers it.
func (f *Frame) Run(body func()) {
	outer := current
	current = nil
	f.panicked = try(body)
	for len(f.deferred) > 0 {
		last := len(f.deferred) - 1
		fn := f.deferred[last]
		f.deferred = f.deferred[:last]
		current = f
		if p := try(fn); p != nil {
			f.panicked = p
		}
	}
	current = outer
	if f.panicked != nil {
		panic(Throw(f.panicked.value))
	}
}

// Recover ends the panic that unwinds the function which deferred the caller, and returns its
// value; nil if there is none.
func Recover() any {
	if current == nil || current.panicked == nil {
		return nil
	}
	v := current.panicked.value
	current.panicked = nil
	return v
}
