// Package arena hands out memory that is given back all at once.
//
// A Slab serves the small objects of one problem: they are never freed one by
// one, and when the problem is done the same memory serves the next. Nothing made
// from a Slab may be kept past its Reset.
package arena

import (
	"unsafe"

	"example.com/nabla/internal/limit"
)

// keep is the number of bytes that a Slab keeps over a Reset; what a large
// problem took beyond that goes back to the garbage collector.
const keep = 1 << 20

// first is the number of elements of a Slab's first chunk; later ones double until they
// have largest bytes, since clearing more takes long.
const (
	first   = 64
	largest = 1 << 22
)

// A Slab allocates values of one type. The zero value is ready to use.
type Slab[T any] struct {
	chunks [][]T
	at     int // the chunk in use
	used   int // of it
	total  int // elements in all chunks

	limit *limit.Budget // of the problem
	taken int           // bytes taken from it
}

// Bound lets new chunks count as memory of a budget until the next Reset.
func (s *Slab[T]) Bound(b *limit.Budget) { s.limit = b }

// New returns a zero value.
func (s *Slab[T]) New() *T { return &s.Make(1)[0] }

// Make returns n zero values; appending to them reallocates.
func (s *Slab[T]) Make(n int) []T {
	for s.at < len(s.chunks) {
		if c := s.chunks[s.at]; s.used+n <= len(c) {
			out := c[s.used : s.used+n : s.used+n]
			s.used += n
			clear(out)
			return out
		}
		s.at, s.used = s.at+1, 0
	}
	var zero T
	each := int(unsafe.Sizeof(zero))
	size := max(first, n, min(s.total, largest/max(each, 1)))
	if s.limit != nil {
		bytes := size * each
		s.limit.Take(bytes)
		s.taken += bytes
	}
	s.chunks = append(s.chunks, make([]T, size))
	s.total += size
	s.used = n
	return s.chunks[s.at][:n:n]
}

// Copy returns a copy of list.
func (s *Slab[T]) Copy(list []T) []T {
	out := s.Make(len(list))
	copy(out, list)
	return out
}

// Reset takes everything back.
func (s *Slab[T]) Reset() {
	var zero T
	if s.total*int(unsafe.Sizeof(zero)) > keep {
		s.chunks, s.total = nil, 0
	}
	s.limit.Give(s.taken)
	s.at, s.used, s.limit, s.taken = 0, 0, nil, 0
}
