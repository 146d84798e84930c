package blas

import (
	"sync"
	"testing"
)

// Separate callers may use everything at the same time.
func TestConcurrentUse(t *testing.T) {
	var wg sync.WaitGroup
	for caller := range 6 {
		wg.Go(func() {
			r := newRand()
			for i := range 8 {
				threads := Threads(1 + (caller+i)%4)
				n := 60 + 10*i
				a := positiveDefinite(r, n)
				l := a.clone()
				if threads.Cholesky(n, l.s, l.ld) >= 0 {
					t.Error("not positive definite")
				}
				x := randomMatrix(r, n, n)
				b := x.clone()
				threads.CholeskySolve(n, n, l.s, l.ld, x.s, x.ld)
				threads.Gemm(false, false, n, n, n, -1, a.s, a.ld, x.s, x.ld, 1, b.s, b.ld)
				for i := range n {
					if AbsMax(b.s[i*b.ld:][:n]) > 1e-9 {
						t.Error("residual too large")
					}
				}
			}
		})
	}
	wg.Wait()
}

func TestFor(t *testing.T) {
	for _, threads := range []Threads{0, 1, 2, 5} {
		for _, n := range []int{0, 1, 10, 1000, 1001} {
			for _, grain := range []int{0, 1, 7, 400, 5000} {
				seen := make([]int, n)
				threads.For(n, grain, func(lo, hi int) {
					if g := max(grain, 1); lo%g != 0 || hi < n && hi%g != 0 || lo >= hi {
						t.Errorf("range %d … %d with grain %d", lo, hi, grain)
					}
					for i := lo; i < hi; i++ {
						seen[i]++
					}
				})
				for i, s := range seen {
					if s != 1 {
						t.Fatalf("iteration %d ran %d times", i, s)
					}
				}
			}
		}
	}
}

func TestNoAllocation(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector empties pools")
	}
	eachKernels(t, func(t *testing.T) {
		r := newRand()
		n := 150
		a := positiveDefinite(r, n)
		c := a.clone()
		x, y := random(r, n), random(r, n)
		piv := make([]int, n)
		for _, threads := range []Threads{1, 3} {
			cases := map[string]func(){
				"gemm": func() { threads.Gemm(true, true, n, n, n, 1, a.s, a.ld, a.s, a.ld, 0, c.s, c.ld) },
				"syrk": func() { threads.Syrk(true, n, n, 1, a.s, a.ld, 0, c.s, c.ld) },
				"gemv": func() { threads.Gemv(true, n, n, 1, a.s, a.ld, x, 0, y) },
				"ger":  func() { threads.Ger(n, n, 1, x, y, c.s, c.ld) },
				"lu": func() {
					copy(c.s, a.s)
					threads.LU(n, c.s, c.ld, piv)
					threads.LUSolve(false, n, 1, c.s, c.ld, piv, x, 1)
					threads.LURcond(n, c.s, c.ld, piv, 1)
				},
				"cholesky": func() {
					copy(c.s, a.s)
					threads.Cholesky(n, c.s, c.ld)
					threads.CholeskySolve(n, 1, c.s, c.ld, x, 1)
				},
				"exp": func() { Exp(y, x) },
				"dot": func() { Dot(y, x) },
			}
			for name, f := range cases {
				if got := testing.AllocsPerRun(20, f); got >= 1 {
					t.Errorf("%s with %d threads: %v allocations", name, threads, got)
				}
			}
		}
	})
}
