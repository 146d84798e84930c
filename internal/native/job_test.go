package native_test

import (
	"sync/atomic"
	"testing"
	"time"

	"example.com/nabla/internal/native"
)

// A slow source takes its time for some blocks.
type slow struct {
	file
	calls atomic.Int32
}

func (f *slow) View(from, to int, buf []float64) ([]float64, error) {
	if n := f.calls.Add(1); n%7 == 1 {
		time.Sleep(2 * time.Millisecond)
	}
	return f.file.View(from, to, buf)
}

// TestSlowBlocks has some blocks take so long that all accumulators but theirs are full:
// the other workers sleep until they can be merged, in order.
func TestSlowBlocks(t *testing.T) {
	for _, l := range losses {
		if l.stream == "" {
			continue
		}
		p := l.program(t)
		in := l.arguments(p)
		want := run(t, compile(t, p, in, native.Options{Stream: l.stream, Block: 1}), in, len(p.Results))
		for _, threads := range []int{2, 3, 8} {
			m := compile(t, p, in, native.Options{Stream: l.stream, Block: 1, Threads: threads})
			list := append([]native.Array(nil), in...)
			for i, a := range in {
				if len(a.Shape) > 0 && a.Shape[0] == l.sizes[l.stream] {
					cols := 1
					if len(a.Shape) > 1 {
						cols = a.Shape[1]
					}
					list[i] = native.Array{Shape: a.Shape, Source: &slow{file: file{data: a.Data, cols: cols}}}
				}
			}
			if got := run(t, m, list, len(p.Results)); !equal(want, got) {
				t.Errorf("%s: other bits on %d threads", l.name, threads)
			}
		}
	}
}
