package native_test

import (
	"fmt"
	"testing"

	"example.com/nabla"
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/native"
	"example.com/nabla/internal/plan"
)

// squares are the losses that bench/native times, at the sizes given.
func squares(m, n, p, k int) []loss {
	sizes := map[string]int{"m": m, "n": n, "p": p, "k": k}
	network := map[string]int{"N": m, "d": n, "p": p, "k": k}
	of := func(name string) string { return fmt.Sprintf("%s at %d × %d, %d, %d", name, m, n, p, k) }
	logistic := "X: matrix(m, n)\ny: vector(m)\nw: vector(n)\nsum(log(1 + exp(-y.*(X*w))))"
	return []loss{
		{of("least squares"), "X: matrix(m, n)\ny: vector(m)\nw: vector(n)\nnorm2(X*w - y)^2", []string{"w"}, valueGrad, sizes, ""},
		{of("logistic"), logistic, []string{"w"}, valueGrad, sizes, ""},
		{of("logistic with Hessian"), logistic, []string{"w"}, all, sizes, ""},
		{of("Gaussian"), "S: matrix(n, n) posdef\nC: matrix(n, n) posdef\nlogdet(S) + tr(inv(S)*C)", []string{"S"}, valueGrad, sizes, ""},
		{of("softmax"), "X: matrix(m, n)\nY: matrix(m, k)\nW: matrix(n, k)\nsum(logsumexprows(X*W)) - tr(Y'*X*W)", []string{"W"}, valueGrad, sizes, ""},
		{of("two layers"), "x[i]: vector(d), i = 1..N\ny[i]: vector(k), i = 1..N\nW1: matrix(p, d)\nb1: vector(p)\nW2: matrix(k, p)\nb2: vector(k)\n" +
			"h[i] = sigmoid(W1*x[i] + b1)\nl = sum(i, logsumexp(W2*h[i] + b2) - y[i]'*(W2*h[i] + b2))", []string{"W1", "b1", "W2", "b2"}, valueGrad, network, ""},
	}
}

// sized makes the machine of a program for sizes that need no arguments to be found.
func sized(t *testing.T, p *nabla.Program, o native.Options) *native.Machine {
	t.Helper()
	values := make([]*plan.Value, len(p.Results))
	for i, r := range p.Results {
		values[i] = r.Value
	}
	m, err := native.Compile(values, p.Params, o)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestLeast compares the memory beside arguments and results with the largest single array
// between them that a program without blocks has, and what is not worth saving, on one thread and on several. With -v it
// prints the table of docs/performance.md.
func TestLeast(t *testing.T) {
	var list []loss
	list = append(list, squares(100000, 100, 64, 10)...)
	for _, n := range []int{512, 1024, 2048, 3000} {
		list = append(list, squares(n, n, n, n)...)
	}
	for _, l := range list {
		p := l.program(t)
		largest := sized(t, p, native.Options{Sizes: l.sizes, Whole: true}).Largest()
		var arguments, results int
		for _, a := range p.Params {
			arguments += 8 * entries(a, l.sizes)
		}
		var bytes []int
		for _, threads := range []int{1, 4} {
			m := sized(t, p, native.Options{Sizes: l.sizes, Threads: threads})
			if got := m.Bytes(); got > largest+native.Slack {
				t.Errorf("%s, %d threads: %d bytes, should be %d", l.name, threads, got, largest+native.Slack)
			}
			bytes = append(bytes, m.Bytes())
			results = 0
			for k := range p.Results {
				rows, cols := m.Size(k)
				results += 8 * rows * cols
			}
		}
		t.Logf("| %s | %s | %s | %s | %s | %s |", l.name, human(arguments), human(results), human(bytes[0]), human(bytes[1]), human(largest))
	}
}

// entries is the number of entries of an argument.
func entries(p plan.Parameter, sizes map[string]int) int {
	if p.Sym == nil {
		return 0
	}
	value := func(d *expr.Dim) int {
		return int(d.Value(func(n *expr.SizeName) int64 { return int64(sizes[n.Name]) }))
	}
	n := value(p.Sym.Shape.Rows) * value(p.Sym.Shape.Cols)
	if f := p.Sym.Family; f != nil {
		n *= value(f.Size)
	}
	return n
}

// human writes a number of bytes with three digits.
func human(n int) string {
	if n < 1e5 {
		return fmt.Sprintf("%.3g kB", float64(n)/1e3)
	}
	return fmt.Sprintf("%.3g MB", float64(n)/1e6)
}
