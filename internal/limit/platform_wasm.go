//go:build wasm

package limit

import "runtime"

// between is the number of units of work between two looks at the clock.
const between = 250

const (
	textDepth = 2000
	treeDepth = 2000
)

// always says that every request has a budget.
const always = true

// rest lets the scheduler run. A call of Go is one of WebAssembly, and the engine that runs
// it has a stack of a megabyte or less; when a goroutine is scheduled anew, its calls so
// far are on Go's own stack alone, which is large. So a recursion that rests now and
// then may be deep.
func rest() { runtime.Gosched() }
