package native_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"example.com/nabla/internal/native"
)

// TestBlocks runs losses in blocks of many sizes on several threads: the results are
// those of a run as a whole, and do not depend on the number of threads at all.
func TestBlocks(t *testing.T) {
	for _, l := range losses {
		if l.stream == "" {
			continue
		}
		t.Run(l.name, func(t *testing.T) {
			p := l.program(t)
			in := l.arguments(p)
			want := run(t, compile(t, p, in, native.Options{Whole: true}), in, len(p.Results))
			for _, o := range []native.Options{{Stream: l.stream}, {Stream: l.stream, Serial: true}} {
				for _, o.Block = range []int{1, 2, 3, 7, 16, 64, 100, 1000} {
					var first [][]float64
					for _, o.Threads = range []int{1, 2, 3, 8} {
						m := compile(t, p, in, o)
						got := run(t, m, in, len(p.Results))
						if d := far(want, got); !(d < 1e-12) {
							t.Fatalf("%+v: far by %g", o, d)
						}
						if first == nil {
							first = got
						} else if !equal(first, got) {
							t.Fatalf("%+v: other bits than on one thread", o)
						}
					}
				}
			}
		})
	}
}

// TestPasses says how often the samples are gone through.
func TestPasses(t *testing.T) {
	want := map[string]int{"least squares": 1, "logistic": 1, "two layers": 1, "centred": 2, "entropy of weights": 3, "softmax rows": 1, "scale": 1}
	for _, l := range losses {
		if n, ok := want[l.name]; ok {
			p := l.program(t)
			if m := compile(t, p, l.arguments(p), native.Options{Stream: l.stream}); m.Passes() != n {
				t.Errorf("%s: %d passes, want %d", l.name, m.Passes(), n)
			}
		}
	}
}

// A file is a source that counts how many rows are asked for.
type file struct {
	data []float64
	cols int
	fail int // the row that cannot be read, or 0
}

func (f *file) View(from, to int, buf []float64) ([]float64, error) {
	if f.fail > 0 && from <= f.fail && f.fail < to {
		return nil, fmt.Errorf("row %d cannot be read", f.fail)
	}
	return buf[:copy(buf, f.data[from*f.cols:to*f.cols])], nil
}

func (f *file) Block(from, to, left, right int, dst []float64) error {
	for i := from; i < to; i++ {
		copy(dst[(i-from)*(right-left):][:right-left], f.data[i*f.cols+left:])
	}
	return nil
}

// sourced returns the arguments with those of the samples as files.
func sourced(in []native.Array, count int) []native.Array {
	list := append([]native.Array(nil), in...)
	for i, a := range list {
		cols := 1
		if len(a.Shape) > 1 {
			cols = a.Shape[1]
		}
		if len(a.Shape) > 0 && (a.Shape[0] == count || cols == count) {
			list[i] = native.Array{Shape: a.Shape, Source: &file{data: a.Data, cols: cols}}
		}
	}
	return list
}

func TestSource(t *testing.T) {
	lists := append([]loss(nil), losses...)
	lists = append(lists, loss{name: "columns", text: "X: matrix(n, m); w: vector(n); y: vector(m)\nsum(log(1 + exp(-y.*(X'*w)))) + norm2(X)^2",
		wrt: []string{"w"}, what: all, sizes: map[string]int{"m": 211, "n": 5}, stream: "m"})
	for _, l := range lists {
		if l.stream == "" {
			continue
		}
		p := l.program(t)
		in := l.arguments(p)
		want := run(t, compile(t, p, in, native.Options{Whole: true}), in, len(p.Results))
		for _, serial := range []bool{false, true} {
			m := compile(t, p, in, native.Options{Stream: l.stream, Block: 10, Threads: 2, Serial: serial})
			for range 2 {
				got := run(t, m, sourced(in, l.sizes[l.stream]), len(p.Results))
				if d := far(want, got); !(d < 1e-12) {
					t.Errorf("%s: far by %g", l.name, d)
				}
			}
		}
	}
}

func TestSourceFails(t *testing.T) {
	l := losses[0]
	p := l.program(t)
	in := l.arguments(p)
	list := sourced(in, l.sizes["m"])
	list[0].Source.(*file).fail = 150
	m := compile(t, p, in, native.Options{Stream: "m", Block: 10, Threads: 4})
	if err := m.Run(list, nil); err == nil || err.Error() != "row 150 cannot be read" {
		t.Errorf("the error is %v", err)
	}
	if err := m.Run(in, nil); err != nil {
		t.Errorf("after an error: %v", err)
	}
}

func TestNotStreamable(t *testing.T) {
	for _, c := range []struct{ text, wrt, stream, want string }{
		{"X: matrix(m, n); w: vector(m)\nnorm2(X*X'*w)^2", "w", "m", "has an entry for each sample"},
		{"X: matrix(m, n)\nlogdet(X*X' + eye(m))", "X", "m", "needs all samples at once"},
		{"X: matrix(m, n); w: vector(n)\nnorm2(X*w)^2", "w", "k", "no variable has an axis of size k"},
		{"A: matrix(n, n); w: vector(n)\nw'*A*w", "w", "n", "both axes of A run over the samples"},
	} {
		l := loss{name: c.text, text: c.text, wrt: []string{c.wrt}, what: valueGrad, sizes: map[string]int{"m": 6, "n": 4}}
		p := l.program(t)
		_, err := machine(p, l.arguments(p), native.Options{Stream: c.stream})
		var not *native.NotStreamableError
		if !errors.As(err, &not) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want one that says %q", c.text, err, c.want)
		}
	}
}

func TestCancel(t *testing.T) {
	l := losses[2]
	p := l.program(t)
	in := l.arguments(p)
	ctx, cancel := context.WithCancel(context.Background())
	blocks := 0
	m := compile(t, p, in, native.Options{Stream: "m", Block: 1, Threads: 2, Progress: func(native.Progress) {
		if blocks++; blocks == 20 {
			cancel()
		}
	}})
	if err := m.RunContext(ctx, in, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("the error is %v", err)
	}
	if blocks > 30 {
		t.Errorf("%d blocks after the end", blocks-20)
	}
}

func TestProgress(t *testing.T) {
	for _, l := range losses {
		if l.name != "centred" {
			continue
		}
		p := l.program(t)
		in := l.arguments(p)
		var last native.Progress
		m := compile(t, p, in, native.Options{Stream: "m", Block: 10, Threads: 3, Progress: func(q native.Progress) {
			if q.Pass < last.Pass || q.Pass == last.Pass && q.Done < last.Done || q.Total != 211 || q.Passes != 2 {
				t.Errorf("%+v after %+v", q, last)
			}
			last = q
		}})
		run(t, m, in, len(p.Results))
		if last.Pass != 1 || last.Done != 211 {
			t.Errorf("the last report is %+v", last)
		}
	}
}

// TestLargeSums adds up a Hessian that is too large for every worker to have one.
func TestLargeSums(t *testing.T) {
	l := loss{text: "X: matrix(m, n); w: vector(n)\nsum(exp(X*w))", wrt: []string{"w"}, what: all, sizes: map[string]int{"m": 3000, "n": 1100}}
	p := l.program(t)
	in := l.arguments(p)
	for i := range in[1].Data {
		in[1].Data[i] /= 100
	}
	want := run(t, compile(t, p, in, native.Options{Whole: true}), in, 3)
	var first [][]float64
	for _, threads := range []int{1, 2, 4} {
		m := compile(t, p, in, native.Options{Stream: "m", Threads: threads})
		if most := 8*1100*1100 + 8*threads*2*m.Block()*1100; m.Bytes() > most {
			t.Errorf("%d bytes on %d threads, should be %d", m.Bytes(), threads, most)
		}
		got := run(t, m, in, 3)
		if d := far(want, got); !(d < 1e-12) {
			t.Errorf("far by %g on %d threads", d, threads)
		}
		if first == nil {
			first = got
		} else if !equal(first, got) {
			t.Errorf("other bits on %d threads", threads)
		}
	}
}
