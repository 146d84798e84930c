package blas

import "sync"

// A buffer is scratch memory from the pool.
type buffer struct{ s []float64 }

var buffers = sync.Pool{New: func() any { return new(buffer) }}

// scratch returns a buffer with n entries of any value; give it back with free.
func scratch(n int) *buffer {
	b := buffers.Get().(*buffer)
	b.grow(n)
	return b
}

func (b *buffer) grow(n int) {
	if cap(b.s) < n {
		b.s = Make(n)
	}
	b.s = b.s[:n]
}

func (b *buffer) free() { buffers.Put(b) }
