package blas

import (
	"fmt"
	"testing"
)

// The kernels to measure are chosen by NABLA_KERNELS, the threads by the name.

func report(b *testing.B, flops float64) {
	b.ReportMetric(flops*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
}

func BenchmarkGemm(b *testing.B) {
	r := newRand()
	for _, s := range []struct {
		m, n, k int
		ta, tb  bool
	}{
		{32, 32, 32, false, false}, {64, 64, 64, false, false}, {128, 128, 128, false, false},
		{256, 256, 256, false, false}, {512, 512, 512, false, false}, {1024, 1024, 1024, false, false},
		{2048, 2048, 2048, false, false}, {1024, 1024, 1024, true, false}, {1024, 1024, 1024, false, true},
		{1024, 1024, 1024, true, true},
		{100000, 1, 100, false, false}, {100000, 10, 100, false, false}, {100000, 64, 100, false, false},
		{100, 1, 100000, true, false}, {100, 10, 100000, true, false}, {100, 64, 100000, true, false},
	} {
		x, y, z := random(r, s.m*s.k), random(r, s.k*s.n), Make(s.m*s.n)
		lda, ldb := s.k, s.n
		if s.ta {
			lda = s.m
		}
		if s.tb {
			ldb = s.k
		}
		for _, threads := range []Threads{1, 4} {
			b.Run(fmt.Sprintf("%dx%dx%d/%t/%t/%d", s.m, s.n, s.k, s.ta, s.tb, threads), func(b *testing.B) {
				for b.Loop() {
					threads.Gemm(s.ta, s.tb, s.m, s.n, s.k, 1, x, lda, y, ldb, 0, z, s.n)
				}
				report(b, 2*float64(s.m)*float64(s.n)*float64(s.k))
			})
		}
	}
}

func BenchmarkFactor(b *testing.B) {
	r := newRand()
	for _, n := range []int{64, 256, 512, 1024, 2048} {
		a := random(r, n*n)
		for i := range n {
			a[i*n+i] += 2 * float64(n)
		}
		for i := range n {
			for j := range i {
				a[j*n+i] = a[i*n+j]
			}
		}
		w := Make(n * n)
		piv := make([]int, n)
		for _, threads := range []Threads{1, 4} {
			cube := float64(n) * float64(n) * float64(n)
			b.Run(fmt.Sprintf("cholesky/%d/%d", n, threads), func(b *testing.B) {
				for b.Loop() {
					copy(w, a)
					threads.Cholesky(n, w, n)
				}
				report(b, cube/3)
			})
			b.Run(fmt.Sprintf("lu/%d/%d", n, threads), func(b *testing.B) {
				for b.Loop() {
					copy(w, a)
					threads.LU(n, w, n, piv)
				}
				report(b, 2*cube/3)
			})
			b.Run(fmt.Sprintf("trsm/%d/%d", n, threads), func(b *testing.B) {
				for b.Loop() {
					copy(w, a)
					threads.Trsm(Left|Lower, n, n, 1, a, n, w, n)
				}
				report(b, cube)
			})
			b.Run(fmt.Sprintf("syrk/%d/%d", n, threads), func(b *testing.B) {
				for b.Loop() {
					threads.Syrk(true, n, n, 1, a, n, 0, w, n)
				}
				report(b, cube)
			})
		}
	}
}

func BenchmarkVector(b *testing.B) {
	for _, n := range []int{1000, 1e7} {
		x, y := Make(n), Make(n)
		for i := range x {
			x[i] = float64(i%1000)/100 + 0.01
		}
		for _, f := range []struct {
			name string
			f    func()
		}{
			{"exp", func() { Exp(y, x) }}, {"expm1", func() { Expm1(y, x) }}, {"log", func() { Log(y, x) }},
			{"log1p", func() { Log1p(y, x) }}, {"tanh", func() { Tanh(y, x) }}, {"sigmoid", func() { Sigmoid(y, x) }},
			{"sinh", func() { Sinh(y, x) }}, {"tan", func() { Tan(y, x) }}, {"asinh", func() { Asinh(y, x) }}, {"log2", func() { Log2(y, x) }},
			{"softplus", func() { Softplus(y, x) }}, {"expshift", func() { ExpShift(y, x, 1) }},
			{"add", func() { Add(y, x, x) }}, {"muladd", func() { MulAdd(y, x, x, x) }}, {"axpy", func() { Axpy(1e-9, x, y) }},
			{"dot", func() { Dot(y, x) }}, {"sum", func() { Sum(x) }}, {"max", func() { Max(x) }},
		} {
			b.Run(fmt.Sprintf("%s/%d", f.name, n), func(b *testing.B) {
				for b.Loop() {
					f.f()
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/entry")
			})
		}
	}
}

// BenchmarkTile is the kernel of Gemm with all its data in the first cache: the speed
// that Gemm could reach.
func BenchmarkTile(b *testing.B) {
	k := use
	const steps = 192
	t := &tile{a: Make(k.mr * steps), b: Make(k.nr * steps), c: Make(k.mr * k.nr), k: steps,
		rsa: 1, csa: k.mr, rsb: k.nr, ldc: k.nr, alpha: 1, beta: 1, m: k.mr, n: k.nr}
	for b.Loop() {
		k.tile(t)
	}
	report(b, 2*float64(k.mr*k.nr*steps))
}

func BenchmarkGemv(b *testing.B) {
	r := newRand()
	for _, s := range [][2]int{{100, 100}, {300, 300}, {2000, 2000}, {100000, 100}, {20000, 500}} {
		m, n := s[0], s[1]
		a, x, y := random(r, m*n), random(r, m+n), Make(m+n)
		for _, trans := range []bool{false, true} {
			b.Run(fmt.Sprintf("%dx%d/%t", m, n, trans), func(b *testing.B) {
				for b.Loop() {
					Threads(1).Gemv(trans, m, n, 1, a, n, x, 0, y)
				}
				report(b, 2*float64(m)*float64(n))
			})
		}
	}
}
