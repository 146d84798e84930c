package blas

import (
	"bufio"
	"fmt"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestServe lets bench_numpy.py measure in turn with NumPy: it reads "case NAME
// THREADS SIZES…" and then "run" any number of times, each answered with the seconds.
func TestServe(t *testing.T) {
	if os.Getenv("NABLA_SERVE") == "" {
		t.Skip("for bench_numpy.py")
	}
	in := bufio.NewScanner(os.Stdin)
	var run func()
	for in.Scan() {
		words := strings.Fields(in.Text())
		switch words[0] {
		case "case":
			var n []int
			for _, w := range words[2:] {
				v, err := strconv.Atoi(w)
				if err != nil {
					t.Fatal(err)
				}
				n = append(n, v)
			}
			run = measured(words[1], Threads(n[0]), n[1:])
			if run == nil {
				t.Fatalf("no case %s", words[1])
			}
			fmt.Println("ready")
		case "run":
			start := time.Now()
			run()
			fmt.Println(time.Since(start).Seconds())
		}
	}
}

// measured prepares a case. Each run repeats short work, as the script does.
func measured(name string, th Threads, n []int) func() {
	r := newRand()
	switch name {
	case "gemm", "gemm_tn", "gemm_nt":
		m, cols, k, reps := n[0], n[1], n[2], n[3]
		a, b, c := random(r, m*k), random(r, k*cols), Make(m*cols)
		ta, tb := name == "gemm_tn", name == "gemm_nt"
		lda, ldb := k, cols
		if ta {
			lda = m
		}
		if tb {
			ldb = k
		}
		return func() {
			for range reps {
				th.Gemm(ta, tb, m, cols, k, 1, a, lda, b, ldb, 0, c, cols)
			}
		}
	case "syrk":
		cols, k, reps := n[0], n[1], n[2]
		a, c := random(r, k*cols), Make(cols*cols)
		return func() {
			for range reps {
				th.Syrk(true, cols, k, 1, a, cols, 0, c, cols)
			}
		}
	case "gemv", "gemv_t":
		rows, cols, reps := n[0], n[1], n[2]
		a, x, y := random(r, rows*cols), random(r, rows+cols), Make(rows+cols)
		return func() {
			for range reps {
				th.Gemv(name == "gemv_t", rows, cols, 1, a, cols, x, 0, y)
			}
		}
	case "cholesky", "solve", "slogdet", "inv":
		order, reps := n[0], n[1]
		a, w, inv := random(r, order*order), Make(order*order), Make(order*order)
		x := random(r, order)
		for i := range order {
			for j := range i {
				a[j*order+i] = a[i*order+j]
			}
			a[i*order+i] += 3 * math.Sqrt(float64(order))
		}
		piv := make([]int, order)
		return func() {
			for range reps {
				copy(w, a)
				if name == "cholesky" {
					if th.Cholesky(order, w, order) >= 0 {
						panic("not positive definite")
					}
					continue
				}
				th.LU(order, w, order, piv)
				switch name {
				case "solve":
					th.LUSolve(false, order, 1, w, order, piv, x, 1)
				case "slogdet":
					LULogDet(order, w, order, piv)
				case "inv":
					th.LUInverse(order, w, order, piv, inv, order)
				}
			}
		}
	}
	f := map[string]func(dst, x []float64){"exp": Exp, "expm1": Expm1, "log": Log, "log1p": Log1p, "tanh": Tanh,
		"sqrt": Sqrt, "sin": Sin, "cos": Cos, "add": func(dst, x []float64) { Add(dst, x, x) }, "mul": func(dst, x []float64) { Mul(dst, x, x) },
		"sum": func(_, x []float64) { Sum(x) }, "max": func(_, x []float64) { Max(x) }}[name]
	if f == nil {
		return nil
	}
	size, reps := n[0], n[1]
	x, y := Make(size), Make(size)
	for i := range x {
		x[i] = r.Float64()*10 + 0.01
	}
	body := func(lo, hi int) { f(y[lo:hi], x[lo:hi]) }
	return func() {
		for range reps {
			th.For(size, 1<<14, body)
		}
	}
}
