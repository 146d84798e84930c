package blas

import (
	"math"
	"math/rand/v2"
	"testing"
)

var orders = []int{0, 1, 2, 3, 7, 8, 15, 16, 17, 24, 31, 33, 65, 100, 150}

func TestTrsm(t *testing.T) {
	eachKernels(t, func(t *testing.T) {
		r := newRand()
		for f := range Tri(16) {
			for range rounds(40) {
				checkTrsm(t, r, f, orders[r.IntN(len(orders))], pick(r))
			}
			checkTrsm(t, r, f, 130, 100)
		}
	})
}

func checkTrsm(t *testing.T, r *rand.Rand, f Tri, order, sides int) {
	t.Helper()
	tri := randomMatrix(r, order, order)
	op := make([]float64, order*order) // op(T)
	for i := range order {
		for j := range order {
			inside := i == j && f&Unit == 0 || j < i && f&Upper == 0 || j > i && f&Upper != 0
			v := tri.at(i, j) / float64(order)
			if i == j {
				v = 1 + math.Abs(v)
			}
			tri.set(i, j, v)
			if !inside {
				tri.set(i, j, math.NaN())
				if v = 0; i == j {
					v = 1
				}
			}
			if f&Trans != 0 {
				op[j*order+i] = v
			} else {
				op[i*order+j] = v
			}
		}
	}
	at := func(i, j int) float64 { return op[i*order+j] }
	m, n := order, sides
	if f&Right != 0 {
		m, n = sides, order
	}
	b := randomMatrix(r, m, n)
	x := b.clone()
	alpha := []float64{1, 0, -0.5}[r.IntN(3)]
	threads := Threads(1 + 2*r.IntN(2))
	what := trying("trsm ", f, m, n, alpha, threads)
	threads.Trsm(f, m, n, alpha, tri.s, tri.ld, x.s, x.ld)
	x.checkGuards(t, what)
	var back func(i, j int) float64
	if f&Right != 0 {
		back = multiplyNaive(m, n, order, x.at, at)
	} else {
		back = multiplyNaive(m, n, order, at, x.at)
	}
	for i := range m {
		for j := range n {
			near(t, what, back(i, j), alpha*b.at(i, j), 1e-12)
		}
	}
	if f&Right == 0 {
		v := random(r, order)
		w := append([]float64(nil), v...)
		Trsv(f, order, tri.s, tri.ld, w)
		back := multiplyNaive(order, 1, order, at, func(p, _ int) float64 { return w[p] })
		for i := range v {
			near(t, "trsv", back(i, 0), v[i], 1e-12)
		}
	}
}

// positiveDefinite is M Mᵀ + n I.
func positiveDefinite(r *rand.Rand, n int) matrix {
	m, a := randomMatrix(r, n, n), randomMatrix(r, n, n)
	p := multiplyNaive(n, n, n, m.at, m.op(true))
	for i := range n {
		for j := range n {
			v := p(i, j)
			if i == j {
				v += float64(n)
			}
			a.set(i, j, v)
		}
	}
	return a
}

func TestCholesky(t *testing.T) {
	eachKernels(t, func(t *testing.T) {
		r := newRand()
		for _, n := range orders {
			for _, threads := range []Threads{1, 3} {
				a := positiveDefinite(r, n)
				l := a.clone()
				for i := range n {
					for j := i + 1; j < n; j++ {
						l.set(i, j, math.NaN())
					}
				}
				if bad := threads.Cholesky(n, l.s, l.ld); bad >= 0 {
					t.Fatalf("n = %d: pivot %d is not positive", n, bad)
				}
				l.checkGuards(t, "cholesky")
				lower := func(i, j int) float64 {
					if j > i {
						return 0
					}
					return l.at(i, j)
				}
				back := multiplyNaive(n, n, n, lower, func(i, j int) float64 { return lower(j, i) })
				for i := range n {
					for j := range n {
						near(t, trying("L Lᵀ ", n), back(i, j), a.at(i, j), 1e-13*float64(n+5)*float64(n+5))
					}
				}
				b := randomMatrix(r, n, 1+pick(r))
				x := b.clone()
				threads.CholeskySolve(n, b.cols, l.s, l.ld, x.s, x.ld)
				x.checkGuards(t, "cholesky solve")
				back = multiplyNaive(n, b.cols, n, a.at, x.at)
				for i := range n {
					for j := range b.cols {
						near(t, trying("A X ", n), back(i, j), b.at(i, j), 1e-11)
					}
				}
				b = randomMatrix(r, 1+pick(r), n)
				x = b.clone()
				threads.CholeskySolveRight(b.rows, n, l.s, l.ld, x.s, x.ld)
				x.checkGuards(t, "cholesky solve on the right")
				back = multiplyNaive(b.rows, n, n, x.at, a.at)
				for i := range b.rows {
					for j := range n {
						near(t, trying("X A ", n), back(i, j), b.at(i, j), 1e-11)
					}
				}
				var inv matrix
				most := inverseApart
				for _, apart := range []int{0, most} {
					inverseApart = apart
					inv = l.clone()
					threads.CholeskyInverse(n, inv.s, inv.ld)
					inv.checkGuards(t, "cholesky inverse")
					checkInverse(t, n, a, inv)
				}
				inverseApart = most
				lu := a.clone()
				piv := make([]int, n)
				threads.LU(n, lu.s, lu.ld, piv)
				want, sign := LULogDet(n, lu.s, lu.ld, piv)
				near(t, "logdet", CholeskyLogDet(n, l.s, l.ld), want, 1e-11)
				near(t, "sign", sign, 1, 0)
				checkRcond(t, n, a, inv, threads.CholeskyRcond(n, l.s, l.ld, Norm1(n, n, a.s, a.ld)))
			}
		}
	})
}

func checkInverse(t *testing.T, n int, a, inv matrix) {
	t.Helper()
	back := multiplyNaive(n, n, n, a.at, inv.at)
	for i := range n {
		for j := range n {
			want := 0.0
			if i == j {
				want = 1
			}
			near(t, trying("A A⁻¹ ", n), back(i, j), want, 1e-9)
		}
	}
}

// checkRcond: the estimate is never below the true value, but for rounding, and seldom
// above three times it.
func checkRcond(t *testing.T, n int, a, inv matrix, got float64) {
	t.Helper()
	want := 1.0
	if n > 0 {
		want = 1 / (Norm1(n, n, a.s, a.ld) * Norm1(n, n, inv.s, inv.ld))
	}
	if !(got >= want*(1-1e-6) && got <= 3*want) {
		t.Fatalf("n = %d: condition estimated as 1/%.4g, is 1/%.4g", n, 1/got, 1/want)
	}
}

func TestCholeskyFails(t *testing.T) {
	eachKernels(t, func(t *testing.T) {
		r := newRand()
		for _, n := range orders {
			for range 3 {
				if n == 0 {
					continue
				}
				at := r.IntN(n)
				a := positiveDefinite(r, n)
				bad := []float64{-1, 0, math.NaN()}[r.IntN(3)]
				a.set(at, at, bad)
				if got := Threads(1).Cholesky(n, a.s, a.ld); got != at {
					t.Fatalf("n = %d: fails at pivot %d, want %d", n, got, at)
				}
			}
		}
	})
}

func TestLU(t *testing.T) {
	eachKernels(t, func(t *testing.T) {
		r := newRand()
		for _, n := range orders {
			for _, threads := range []Threads{1, 3} {
				a := randomMatrix(r, n, n)
				lu := a.clone()
				piv := make([]int, n)
				if bad := threads.LU(n, lu.s, lu.ld, piv); bad >= 0 {
					t.Fatalf("n = %d: zero pivot %d", n, bad)
				}
				lu.checkGuards(t, "lu")
				lower := func(i, j int) float64 {
					switch {
					case j > i:
						return 0
					case j == i:
						return 1
					}
					if math.Abs(lu.at(i, j)) > 1 {
						t.Fatalf("n = %d: a factor %v above 1: wrong pivot", n, lu.at(i, j))
					}
					return lu.at(i, j)
				}
				upper := func(i, j int) float64 {
					if j < i {
						return 0
					}
					return lu.at(i, j)
				}
				back := multiplyNaive(n, n, n, lower, upper)
				pa := a.clone()
				exchange(pa.s, pa.ld, n, piv)
				for i := range n {
					for j := range n {
						near(t, trying("L U ", n), back(i, j), pa.at(i, j), 1e-12*float64(n+5))
					}
				}
				inv := lu.clone()
				threads.LUInverseInPlace(n, inv.s, inv.ld, piv)
				inv.checkGuards(t, "lu inverse in place")
				checkInverse(t, n, a, inv)
				inv = randomMatrix(r, n, n)
				threads.LUInverse(n, lu.s, lu.ld, piv, inv.s, inv.ld)
				inv.checkGuards(t, "lu inverse")
				checkInverse(t, n, a, inv)
				norm := Norm1(n, n, a.s, a.ld)
				checkRcond(t, n, a, inv, threads.LURcond(n, lu.s, lu.ld, piv, norm))
				for _, trans := range []bool{false, true} {
					b := randomMatrix(r, n, 1+pick(r))
					x := b.clone()
					threads.LUSolve(trans, n, b.cols, lu.s, lu.ld, piv, x.s, x.ld)
					x.checkGuards(t, "lu solve")
					back = multiplyNaive(n, b.cols, n, a.op(trans), x.at)
					for i := range n {
						for j := range b.cols {
							near(t, trying("A X ", n, trans), back(i, j), b.at(i, j), 1e-9)
						}
					}
					b = randomMatrix(r, 1+pick(r), n)
					x = b.clone()
					threads.LUSolveRight(trans, b.rows, n, lu.s, lu.ld, piv, x.s, x.ld)
					x.checkGuards(t, "lu solve on the right")
					back = multiplyNaive(b.rows, n, n, x.at, a.op(trans))
					for i := range b.rows {
						for j := range n {
							near(t, trying("X A ", n, trans), back(i, j), b.at(i, j), 1e-9)
						}
					}
				}
			}
		}
	})
}

func TestLUDeterminant(t *testing.T) {
	cases := []struct {
		n         int
		a         []float64
		log, sign float64
	}{
		{0, nil, 0, 1},
		{1, []float64{-2}, math.Log(2), -1},
		{1, []float64{1}, 0, 1},
		{2, []float64{0, 1, 1, 0}, 0, -1},
		{2, []float64{1, 2, 2, 4}, math.Inf(-1), 0},
		{3, []float64{0, 0, 1, 1, 0, 0, 0, 1, 0}, 0, 1},
		{2, []float64{1e-200, 0, 0, 1e-200}, -400 * math.Ln10, 1},
		{2, []float64{-1e200, 0, 0, 1e300}, 500 * math.Ln10, -1},
		{2, []float64{math.NaN(), 0, 0, 1}, math.NaN(), math.NaN()},
		{2, []float64{0, 1, math.NaN(), 1}, math.NaN(), math.NaN()},
	}
	for _, c := range cases {
		piv := make([]int, c.n)
		bad := Threads(1).LU(c.n, c.a, max(c.n, 1), piv)
		log, sign := LULogDet(c.n, c.a, max(c.n, 1), piv)
		near(t, "log", log, c.log, 1e-12)
		near(t, "sign", sign, c.sign, 0)
		if (bad >= 0) != (c.sign == 0) {
			t.Errorf("%v: zero pivot %d", c.a, bad)
		}
	}
}

// A singular matrix of each order is reported at the pivot where it shows.
func TestLUSingular(t *testing.T) {
	eachKernels(t, func(t *testing.T) {
		r := newRand()
		for _, n := range orders[1:] {
			a := randomMatrix(r, n, n)
			at := r.IntN(n)
			for i := range n {
				a.set(i, at, 0)
			}
			piv := make([]int, n)
			if bad := Threads(1).LU(n, a.s, a.ld, piv); bad != at {
				t.Fatalf("n = %d: zero column %d, reported %d", n, at, bad)
			}
			if rc := Threads(1).LURcond(n, a.s, a.ld, piv, 1); rc != 0 {
				t.Fatalf("n = %d: reciprocal condition %v of a singular matrix", n, rc)
			}
		}
	})
}

// The Hilbert matrices are the classic of bad condition.
func TestRcondHilbert(t *testing.T) {
	// The 1-norm condition numbers, from exact inverses.
	want := map[int]float64{2: 27, 3: 748, 4: 28375, 5: 943656, 6: 29070279}
	for n, cond := range want {
		a := make([]float64, n*n)
		for i := range n {
			for j := range n {
				a[i*n+j] = 1 / float64(i+j+1)
			}
		}
		norm := Norm1(n, n, a, n)
		l := append([]float64(nil), a...)
		Threads(1).Cholesky(n, l, n)
		got := 1 / Threads(1).CholeskyRcond(n, l, n, norm)
		near(t, trying("Hilbert ", n), got, cond, 1e-4*cond)
	}
}
