package native_test

import (
	"fmt"
	"runtime"
	"testing"

	"example.com/nabla/internal/native"
)

// benchmarks are compared with NumPy.
var benchmarks = []loss{
	{"least-squares", "X: matrix(m, n); w: vector(n); y: vector(m)\nnorm2(X*w - y)^2", []string{"w"}, valueGrad, map[string]int{"m": 100000, "n": 100}, "m"},
	{"logistic", "X: matrix(m, n); w: vector(n); y: vector(m)\nsum(log(1 + exp(-y.*(X*w))))", []string{"w"}, valueGrad, map[string]int{"m": 100000, "n": 100}, "m"},
	{"logistic-hessian", "X: matrix(m, n); w: vector(n); y: vector(m)\nsum(log(1 + exp(-y.*(X*w))))", []string{"w"}, all, map[string]int{"m": 100000, "n": 100}, "m"},
	{"softmax", "X: matrix(m, n); W: matrix(n, k); Y: matrix(m, k)\nsum(logsumexprows(X*W)) - sum(Y.*(X*W))", []string{"W"}, valueGrad, map[string]int{"m": 100000, "n": 100, "k": 10}, "m"},
	{"two-layers", "X: matrix(m, n); W: matrix(n, h); b: vector(h); v: vector(h); y: vector(m)\nnorm2(tanh(X*W + ones(m)*b')*v - y)^2", []string{"W", "b", "v"}, valueGrad, map[string]int{"m": 100000, "n": 100, "h": 64}, "m"},
	{"gaussian-512", "S, P: matrix(n, n) posdef\ntr(S*P) - logdet(P)", []string{"P"}, valueGrad, map[string]int{"n": 512}, ""},
	{"gaussian-2048", "S, P: matrix(n, n) posdef\ntr(S*P) - logdet(P)", []string{"P"}, valueGrad, map[string]int{"n": 2048}, ""},
	{"likelihood-512", "S, P: matrix(n, n) posdef\nlogdet(P) + tr(inv(P)*S)", []string{"P"}, valueGrad, map[string]int{"n": 512}, ""},
	{"likelihood-2048", "S, P: matrix(n, n) posdef\nlogdet(P) + tr(inv(P)*S)", []string{"P"}, valueGrad, map[string]int{"n": 2048}, ""},
	{"quadratic-2048", "A: matrix(n, n); x: vector(n)\nx'*A*x", []string{"x"}, valueGrad, map[string]int{"n": 2048}, ""},
	{"factorise-512", "T, U, V: matrix(n, n)\nnorm2(T - U*V')^2", []string{"U"}, valueGrad, map[string]int{"n": 512}, ""},
	{"factorise-2048", "T, U, V: matrix(n, n)\nnorm2(T - U*V')^2", []string{"U"}, valueGrad, map[string]int{"n": 2048}, ""},
	{"entrywise-2048", "A, B: matrix(n, n)\nsum(exp(A).*B) + sum(tanh(A))", []string{"A"}, valueGrad, map[string]int{"n": 2048}, ""},
}

func BenchmarkLoss(b *testing.B) {
	for _, threads := range []int{1, runtime.NumCPU()} {
		for _, l := range benchmarks {
			b.Run(fmt.Sprintf("%s/%d", l.name, threads), func(b *testing.B) {
				p := l.program(b)
				in := l.arguments(p)
				m := compile(b, p, in, native.Options{Threads: threads})
				out := make([]native.Array, len(p.Results))
				if err := m.Run(in, out); err != nil {
					b.Fatal(err)
				}
				for b.Loop() {
					if err := m.Run(in, out); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(m.Passes()), "passes")
				b.ReportMetric(float64(m.Bytes())/1e6, "MB")
			})
		}
	}
}
