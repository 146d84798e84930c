package data

import (
	"fmt"
	"io"
	"sync"
	"unsafe"
)

// stored is an array in a file: outer runs of inner consecutive numbers. In row-major
// order the runs are the rows; in Fortran's order they are the columns, one for each
// entry of a row. Blocks are read with ReadAt into a small buffer and decoded from there.
//
// The file is not mapped into memory. Summing a file of 2 GB in the page cache, four
// goroutines read it in blocks at 30 to 40 GB/s and the process stays at 10 MB; a
// mapping that gives its pages back after each block, to be bounded as well, comes to
// 9 to 18 GB/s, and a file that shrinks meanwhile ends a program that has it mapped.
type stored struct {
	from   io.ReaderAt
	offset int64 // of the first number
	num    number
	order  bool // Fortran's
	close  func() error

	outer   int
	inner   int
	fortran bool  // the runs are columns
	tail    []int // the shape without its first axis
}

// buffer is what ReadAt fills at once, small enough to stay in the cache of a core.
const buffer = 128 << 10

var buffers = sync.Pool{New: func() any { return new([buffer]byte) }}

// withShape is the same array with axes of length 1 added or taken away, which changes
// neither order.
func (s stored) withShape(shape []int) *stored {
	s.outer, s.inner, s.fortran, s.tail = 1, 1, false, nil
	if len(shape) == 0 {
		return &s
	}
	s.tail = shape[1:]
	rest, _ := entries(s.tail)
	s.outer, s.inner = shape[0], rest
	if s.order && len(shape) > 1 {
		s.outer, s.inner, s.fortran = rest, shape[0], true
	}
	return &s
}

func (s *stored) reshaped(shape []int) source { return s.withShape(shape) }

func (s *stored) shut() error { return s.close() }

// block reads the entries left ≤ c < right of the rows from ≤ r < to into dst, row
// after row, and counts the numbers that were rounded.
func (s *stored) block(from, to, left, right int, dst []float64) (rounded int, err error) {
	if from == to || left == right {
		return 0, nil
	}
	width := right - left
	if !s.fortran {
		return s.read(from, to, left, right, func(run int) ([]float64, int) {
			return dst[(run-from)*width:], 1
		})
	}
	if len(s.tail) == 1 {
		return s.read(left, right, from, to, func(run int) ([]float64, int) {
			return dst[run-left:], width
		})
	}
	for c := left; c < right; c++ {
		run := fortranIndex(c, s.tail)
		k, err := s.read(run, run+1, from, to, func(int) ([]float64, int) { return dst[c-left:], width })
		rounded += k
		if err != nil {
			return rounded, err
		}
	}
	return rounded, nil
}

// fortranIndex is the position in Fortran's order of entry c in row-major order.
func fortranIndex(c int, shape []int) int {
	index := 0
	size, _ := entries(shape)
	stride := size
	for i := len(shape) - 1; i >= 0; i-- {
		stride /= shape[i]
		index += c % shape[i] * stride
		c /= shape[i]
	}
	return index
}

// read reads the numbers i0 ≤ i < i1 of the runs o0 ≤ o < o1. Those of a run go to
// where place says: entries of a slice, as many apart as the step.
func (s *stored) read(o0, o1, i0, i1 int, place func(run int) ([]float64, int)) (rounded int, err error) {
	if dst, step := place(o0); s.num.direct && step == 1 && i1-i0 == s.inner {
		return 0, s.direct(dst[:(o1-o0)*s.inner], o0*s.inner)
	}
	size := s.num.size
	// Short runs are read several at once, with what stands between them.
	together := 1
	if most := buffer / size / s.inner; most > 1 {
		together = most
	}
	buf := buffers.Get().(*[buffer]byte)
	defer buffers.Put(buf)
	for o := o0; o < o1; o += together {
		last := min(o+together, o1) - 1
		if last > o {
			b := buf[:((last-o)*s.inner+i1-i0)*size]
			if err := s.readAt(b, o*s.inner+i0); err != nil {
				return rounded, err
			}
			if dst, step := place(o); step == 1 && i1-i0 == s.inner {
				rounded += s.num.decode(dst, 1, b)
				continue
			}
			for run := o; run <= last; run++ {
				dst, step := place(run)
				rounded += s.num.decode(dst, step, b[(run-o)*s.inner*size:][:(i1-i0)*size])
			}
			continue
		}
		dst, step := place(o)
		for i := i0; i < i1; {
			n := min(i1-i, buffer/size)
			b := buf[:n*size]
			if err := s.readAt(b, o*s.inner+i); err != nil {
				return rounded, err
			}
			rounded += s.num.decode(dst[(i-i0)*step:], step, b)
			i += n
		}
	}
	return rounded, nil
}

// direct reads numbers that stand in the file as they do in memory, from an index on.
func (s *stored) direct(dst []float64, index int) error {
	const most = 1 << 17
	for len(dst) > 0 {
		n := min(len(dst), most)
		if err := s.readAt(unsafe.Slice((*byte)(unsafe.Pointer(&dst[0])), 8*n), index); err != nil {
			return err
		}
		dst = dst[n:]
		index += n
	}
	return nil
}

// readAt fills b from the number at the index on.
func (s *stored) readAt(b []byte, index int) error {
	n, err := s.from.ReadAt(b, s.offset+int64(index)*int64(s.num.size))
	switch {
	case n == len(b):
		return nil
	case err == io.EOF:
		return fmt.Errorf("the file ends within the numbers: it has become shorter since it was opened")
	default:
		return err
	}
}
