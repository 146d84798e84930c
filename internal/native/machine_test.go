package native_test

import (
	"errors"
	"math"
	"strings"
	"sync"
	"testing"

	"example.com/nabla"
	"example.com/nabla/internal/native"
)

// TestAllocations runs losses as a whole, in blocks and on threads: from the second run
// on nothing is allocated.
func TestAllocations(t *testing.T) {
	if raceDetector {
		t.Skip("pools of memory forget at random under the race detector")
	}
	for _, l := range losses {
		p := l.program(t)
		in := l.arguments(p)
		for _, o := range []native.Options{{Whole: true}, {Along: l.stream, Block: 16}, {Along: l.stream, Block: 16, Threads: 3}, {Along: l.stream, Block: 16, Threads: 3, Serial: true}} {
			m := compile(t, p, in, o)
			out := make([]native.Array, len(p.Results))
			if n := testing.AllocsPerRun(20, func() {
				if err := m.Run(in, out); err != nil {
					t.Fatal(err)
				}
			}); n > 0 {
				t.Errorf("%s, %+v: %v allocations", l.name, o, n)
			}
		}
	}
}

// TestMemory compares the memory at the peak with what a careful programmer needs.
func TestMemory(t *testing.T) {
	const m, n, k = 100000, 50, 10
	for _, c := range []struct {
		text string
		wrt  string
		want int // entries of the largest intermediate that is needed
	}{
		// In blocks nothing that is as long as the samples is needed.
		{"X: matrix(m, n); w: vector(n); y: vector(m)\nnorm2(X*w - y)^2", "w", 0},
		{"X: matrix(m, n); w: vector(n); y: vector(m)\nsum(log(1 + exp(-y.*(X*w))))", "w", 0},
		{"X: matrix(m, n); W: matrix(n, k); Y: matrix(m, k)\n-sum(Y.*log(exp(X*W)./(rowsum(exp(X*W))*ones(k)')))", "W", 0},
		// Square problems: one matrix at a time beside the results.
		{"T: matrix(p, p); U: matrix(p, p); V: matrix(p, p)\nnorm2(T - U*V')^2", "U", 1200 * 1200},
		{"A, B: matrix(p, p)\nsum(exp(A).*B) + sum(tanh(A))", "A", 0},
		{"S, P: matrix(p, p) posdef\ntr(S*P) - logdet(P)", "P", 0},
		{"S, P: matrix(p, p) posdef\ntr(inv(P)*S) + logdet(P)", "P", 1200 * 1200},
		// Products added to one another, and a factor that stays for its inverse.
		{"A, X, B: matrix(p, p)\ntr(A*X*B*X)", "X", 1200 * 1200},
		{"A, X, B: matrix(p, p)\nlogdet(X) + tr(A*X*B)", "X", 1200 * 1200},
		{"X: matrix(p, p)\ndet(X^2)", "X", 1200 * 1200},
	} {
		l := loss{text: c.text, wrt: []string{c.wrt}, what: valueGrad, sizes: map[string]int{"m": m, "n": n, "k": k, "p": 1200}}
		p := l.program(t)
		in := l.arguments(p)
		mach := compile(t, p, in, native.Options{})
		if got := mach.Bytes(); got > 8*c.want+native.Slack {
			t.Errorf("%s: %d bytes, should be %d", c.text, got, 8*c.want+native.Slack)
		}
	}
}

// TestClone runs machines of one program at the same time.
func TestClone(t *testing.T) {
	for _, l := range losses {
		p := l.program(t)
		in := l.arguments(p)
		m := compile(t, p, in, native.Options{Along: l.stream, Block: 20, Threads: 2})
		want := run(t, m, in, len(p.Results))
		var wg sync.WaitGroup
		for range 4 {
			wg.Add(1)
			go func() {
				defer wg.Done()
				c := m.Clone()
				for range 5 {
					out := make([]native.Array, len(p.Results))
					if err := c.Run(in, out); err != nil {
						t.Error(err)
						return
					}
					for k := range out {
						if !equal([][]float64{out[k].Data}, [][]float64{want[k]}) {
							t.Errorf("%s: result %d differs", l.name, k)
						}
					}
				}
			}()
		}
		wg.Wait()
	}
}

// TestThreads compares runs of large problems on one and several threads: sums that
// loops end with do not depend on that.
func TestThreads(t *testing.T) {
	l := loss{text: "A, B: matrix(p, p)\nsum(exp(A).*B) + sum(tanh(A)) + norm2(A.*B) + norm2(colsum(A.*A.*B))^2", wrt: []string{"A"}, what: valueGrad, sizes: map[string]int{"p": 300}}
	p := l.program(t)
	in := l.arguments(p)
	want := run(t, compile(t, p, in, native.Options{Whole: true}), in, 2)
	for _, threads := range []int{2, 5} {
		if got := run(t, compile(t, p, in, native.Options{Whole: true, Threads: threads}), in, 2); !equal(want, got) {
			t.Errorf("other bits on %d threads: far by %g", threads, far(want, got))
		}
	}
}

// TestThreadsLines has softmaxes and log-sum-exps, along rows and columns, shared out.
func TestThreadsLines(t *testing.T) {
	for _, text := range []string{
		"A, B: matrix(p, q)\nsum(logsumexprows(A)) - sum(A.*B)",
		"A, B: matrix(p, q)\nsum(logsumexprows(A'*A)) + sum(logsumexprows(A)) + sum(softmaxrows(A).*B)",
		"A, B: matrix(p, q)\nsum(logsumexprows(A')) - sum(A.*B)",
		"A, B: matrix(p, q)\nsum(softmaxrows(A').*B')",
	} {
		for _, sizes := range []map[string]int{{"p": 301, "q": 203}, {"p": 7, "q": 9001}, {"p": 9001, "q": 7}} {
			if sizes["q"] > 1000 && strings.Contains(text, "A'*A") {
				continue
			}
			for _, what := range [][]nabla.What{{nabla.ValueOf}, valueGrad} {
				l := loss{name: text, text: text, wrt: []string{"A"}, what: what, sizes: sizes}
				p := l.program(t)
				in := l.arguments(p)
				want := run(t, compile(t, p, in, native.Options{Whole: true}), in, len(p.Results))
				for _, threads := range []int{2, 5} {
					if got := run(t, compile(t, p, in, native.Options{Whole: true, Threads: threads}), in, len(p.Results)); far(want, got) > 1e-14 {
						t.Errorf("%s, %v: far by %g on %d threads", text, sizes, far(want, got), threads)
					}
				}
			}
		}
	}
}

func TestErrors(t *testing.T) {
	nan := math.NaN()
	zero := []float64{0, 0, 0, 0}
	for _, c := range []struct {
		text, wrt string
		data      map[string][]float64
		want      string
	}{
		{"A: matrix(n, n); b: vector(n)\nb'*inv(A)*b", "b", map[string][]float64{"A": {1, 2, 2, 4}}, "A is singular: its condition number is infinite"},
		{"A: matrix(n, n); b: vector(n)\nb'*inv(A + A')*b", "b", map[string][]float64{"A": zero}, "A + A' is singular: its condition number is infinite"},
		{"A: matrix(n, n); b: vector(n)\nb'*inv(A)*b", "b", map[string][]float64{"A": {0.1, 0.2, 0.3, 0.6000000000000001}}, "A is singular to rounding: its condition number is about"},
		{"A: matrix(n, n) posdef; b: vector(n)\nb'*inv(A)*b", "b", map[string][]float64{"A": {1, 2, 2, 1}}, "A is not positive definite: its leading minor of order 2 is not positive"},
		{"A: matrix(n, n) posdef; b: vector(n)\nb'*inv(A)*b", "b", map[string][]float64{"A": {1, 1e-12, 1e-12, 1e-20}}, ""},
		{"A: matrix(n, n); b: vector(n)\nb'*inv(A)*b", "b", map[string][]float64{"A": {1, 0, 0, 1e-20}}, ""},
		{"A: matrix(n, n); b: vector(n)\nnorm2(b)^2 + det(A)", "b", map[string][]float64{"A": {1, 2, 2, 4}}, ""},
		{"A: matrix(n, n); b: vector(n)\nsum(log(A*b))", "b", map[string][]float64{"A": {1, 0, 0, 1}, "b": {1, -1}}, ""},
		{"A: matrix(n, n); b: vector(n)\nsum(log(A*b))", "b", map[string][]float64{"A": {1, nan, 0, 1}, "b": {1, -1}}, ""},
	} {
		l := loss{name: c.text, text: c.text, wrt: []string{c.wrt}, what: valueGrad, sizes: map[string]int{"n": 2}}
		p := l.program(t)
		in := l.arguments(p)
		for i, q := range p.Params {
			if d := c.data[q.Sym.Name]; d != nil {
				in[i].Data = d
			}
		}
		err := compile(t, p, in, native.Options{}).Run(in, nil)
		switch {
		case c.want == "" && err == nil:
		case c.want == "" || err == nil || !strings.HasPrefix(err.Error(), c.want):
			t.Errorf("%s: the error is %v, want %q", c.text, err, c.want)
		}
	}
}

func TestTrace(t *testing.T) {
	inf := math.Inf(1)
	for _, c := range []struct {
		text string
		a, b []float64
		want string
	}{
		{"A: matrix(n, n); b: vector(n)\nsum(log(A*b).^2)", []float64{1, 0, 0, 1}, []float64{1, -1}, "NaN first arises in entry 2 of log(A*b)"},
		{"A: matrix(n, n); b: vector(n)\nsum(exp(A*b).^2)", []float64{1, 0, 0, 1}, []float64{1000, 1}, "infinity first arises in entry 1 of exp(2*(A*b))"},
		{"A: matrix(n, n); b: vector(n)\nsum((A*b).^2)", []float64{1, 0, 0, inf}, []float64{1, 1}, "A has infinity in entry (2, 2)"},
		{"A: matrix(n, n); b: vector(n)\nsum((A*b).^2)", []float64{1, 0, 0, 1}, []float64{1, 1}, ""},
	} {
		l := loss{name: c.text, text: c.text, wrt: []string{"b"}, what: valueGrad, sizes: map[string]int{"n": 2}}
		p := l.program(t)
		in := l.arguments(p)
		in[0].Data, in[1].Data = c.a, c.b
		for _, o := range []native.Options{{Trace: true}, {Trace: true, Along: "n", Threads: 2, Block: 1}} {
			err := compile(t, p, in, o).Run(in, nil)
			var not *native.NotFiniteError
			switch {
			case c.want == "" && err == nil:
			case c.want == "" || !errors.As(err, &not) || err.Error() != c.want:
				t.Errorf("%s: the error is %v, want %q", c.text, err, c.want)
			}
		}
	}
}

func TestArguments(t *testing.T) {
	l := losses[0]
	p := l.program(t)
	in := l.arguments(p)
	m := compile(t, p, in, native.Options{})
	for _, c := range []struct {
		in, out []native.Array
		want    string
	}{
		{in[:2], nil, "the program has 3 parameters, 2 arrays are given"},
		{in, make([]native.Array, 3), "the program has 2 results, 3 arrays are given"},
		{[]native.Array{{Data: in[0].Data[:10]}, in[1], in[2]}, nil, "X has 10 entries, the program is for 1055"},
		{[]native.Array{{Data: in[0].Data, Shape: []int{5, 211}}, in[1], in[2]}, nil, "X has the shape 5 × 211, the program is for 211 × 5"},
		{[]native.Array{in[0], {Source: &file{}}, in[2]}, nil, "w must be in memory: none of its axes runs over the samples"},
		{in, []native.Array{{}, {Data: make([]float64, 3)}}, "result 2 has 5 entries, its array 3"},
	} {
		if err := m.Run(c.in, c.out); err == nil || err.Error() != c.want {
			t.Errorf("the error is %v, want %q", err, c.want)
		}
	}
	for _, c := range []struct {
		shape []int
		want  string
	}{
		{[]int{4}, "y has 4 entries, but X has 211 rows: both must be m"},
		{[]int{211, 1}, "y must be a vector, got a matrix"},
	} {
		list := append([]native.Array(nil), in...)
		list[2] = native.Array{Shape: c.shape}
		if _, err := native.Sizes(p, list); err == nil || err.Error() != c.want {
			t.Errorf("the error is %v, want %q", err, c.want)
		}
	}
}

func TestSteps(t *testing.T) {
	l := losses[2]
	p := l.program(t)
	m := compile(t, p, l.arguments(p), native.Options{Along: "m", Block: 64})
	want := `pass 1, blocks of 64 of 211 samples:
  X*w
  y.*(X*w); -(y.*(X*w)); softplus(-(y.*(X*w))); sum(softplus(-(y.*(X*w)))); sigmoid(-(y.*(X*w))); y.*sigmoid(-(y.*(X*w))); y.^2; sigmoid(y.*(X*w)); y.^2.*sigmoid(y.*(X*w)); y.^2.*sigmoid(y.*(X*w)).*sigmoid(-(y.*(X*w)))
  X'*(y.*sigmoid(-(y.*(X*w))))
  (y.^2.*sigmoid(…).*sigmoid(-…).*X)'*X
as a whole:
  sum(softplus(-(y.*(X*w)))); X'*(y.*sigmoid(-(y.*(X*w)))); (y.^2.*sigmoid(…).*sigmoid(-…).*X)'*X
  -(X'*(y.*sigmoid(-(y.*…))))
`
	if got := m.Steps(); got != want {
		t.Errorf("the steps are\n%s", got)
	}
}
