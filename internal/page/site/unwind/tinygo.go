//go:build tinygo

package unwind

// hostTry calls resume and returns 1 if throw ended it, after it has put the pointer of the
// stack back to what it was.
//
//go:wasmimport nabla try
func hostTry() int32

// hostThrow ends all calls up to the last hostTry.
//
//go:wasmimport nabla throw
func hostThrow()

var (
	pending func()
	value   any
)

//export resume
func resume() {
	fn := pending
	pending = nil
	fn()
}

func try(fn func()) *thrown {
	pending = fn
	if hostTry() == 0 {
		return nil
	}
	p := &thrown{value}
	value = nil
	return p
}

// Throw starts a panic; it does not return.
func Throw(v any) any {
	value = v
	hostThrow()
	return nil
}
