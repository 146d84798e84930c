package blas

import (
	"math"
	"math/rand/v2"
	"testing"
)

// sizes are edges of the kernels, of the blocks, and what lies between.
var sizes = []int{0, 1, 2, 3, 4, 5, 7, 8, 9, 12, 15, 16, 17, 23, 24, 25, 31, 33, 48, 49, 65, 100, 130}

func pick(r *rand.Rand) int { return sizes[r.IntN(len(sizes))] }

var factors = []float64{0, 1, -1, 0.7}

func TestGemm(t *testing.T) {
	eachKernels(t, func(t *testing.T) {
		r := newRand()
		for range rounds(1500) {
			checkGemm(t, r, pick(r), pick(r), pick(r))
		}
		// More than one block each way.
		for _, s := range [][3]int{{200, 20, 600}, {7, 2100, 30}, {530, 50, 30}, {3, 3, 3000}, {30, 40, 5000}} {
			for range rounds(4) {
				checkGemm(t, r, s[0], s[1], s[2])
			}
		}
	})
}

func checkGemm(t *testing.T, r *rand.Rand, m, n, k int) {
	t.Helper()
	ta, tb := r.IntN(2) == 1, r.IntN(2) == 1
	a, b, c := shape(r, ta, m, k), shape(r, tb, k, n), randomMatrix(r, m, n)
	alpha, beta := factors[r.IntN(4)], factors[r.IntN(4)]
	threads := Threads(1 + 2*r.IntN(2))
	what := trying("gemm ", ta, tb, m, n, k, alpha, beta, threads, " ld ", a.ld, b.ld, c.ld)
	want := multiplyNaive(m, n, k, a.op(ta), b.op(tb))
	was := c.clone()
	if beta == 0 {
		for i := range m {
			for j := range n {
				c.set(i, j, math.NaN())
			}
		}
	}
	threads.Gemm(ta, tb, m, n, k, alpha, a.s, a.ld, b.s, b.ld, beta, c.s, c.ld)
	for i := range m {
		for j := range n {
			near(t, what, c.at(i, j), alpha*want(i, j)+beta*was.at(i, j), 1e-13*float64(k+10))
		}
	}
	c.checkGuards(t, what)
}

// A NaN or an infinity reaches the entries that it should, and no others.
func TestGemmNaN(t *testing.T) {
	eachKernels(t, func(t *testing.T) {
		r := newRand()
		for range rounds(200) {
			m, n, k := 1+pick(r), 1+pick(r), 1+pick(r)
			ta, tb := r.IntN(2) == 1, r.IntN(2) == 1
			a, b, c := shape(r, ta, m, k), shape(r, tb, k, n), randomMatrix(r, m, n)
			row := r.IntN(m)
			i, j := row, r.IntN(k)
			if ta {
				i, j = j, i
			}
			a.set(i, j, math.NaN())
			for i := range b.rows {
				for j := range b.cols {
					b.set(i, j, 0)
				}
			}
			Threads(1).Gemm(ta, tb, m, n, k, 1, a.s, a.ld, b.s, b.ld, 0, c.s, c.ld)
			for i := range m {
				for j := range n {
					if math.IsNaN(c.at(i, j)) != (i == row) {
						t.Fatalf("m=%d n=%d k=%d %t %t: entry (%d, %d) is %v, NaN is in row %d", m, n, k, ta, tb, i, j, c.at(i, j), row)
					}
				}
			}
			// Not read with alpha = 0.
			Threads(1).Gemm(ta, tb, m, n, k, 0, a.s, a.ld, b.s, b.ld, 0, c.s, c.ld)
			for i := range m {
				for j := range n {
					near(t, "alpha = 0", c.at(i, j), 0, 0)
				}
			}
		}
	})
}

func TestSyrk(t *testing.T) {
	eachKernels(t, func(t *testing.T) {
		r := newRand()
		for range rounds(500) {
			checkSyrk(t, r, pick(r), pick(r))
		}
		for range rounds(3) {
			checkSyrk(t, r, 150, 300)
			checkSyrk(t, r, 301, 40)
			checkSyrk(t, r, 20, 4000)
		}
	})
}

func checkSyrk(t *testing.T, r *rand.Rand, n, k int) {
	t.Helper()
	trans := r.IntN(2) == 1
	a, c := shape(r, trans, n, k), randomMatrix(r, n, n)
	var d []float64
	if r.IntN(2) == 1 {
		d = random(r, k)
	}
	alpha, beta := factors[r.IntN(4)], factors[r.IntN(4)]
	threads := Threads(1 + 2*r.IntN(2))
	what := trying("syrk ", trans, n, k, alpha, beta, threads, d != nil)
	left := a.op(trans)
	right := func(p, j int) float64 {
		if d == nil {
			return left(j, p)
		}
		return d[p] * left(j, p)
	}
	want := multiplyNaive(n, n, k, left, right)
	was := c.clone()
	for i := range n {
		for j := range n {
			if j > i || beta == 0 {
				c.set(i, j, math.NaN())
			}
		}
	}
	threads.SyrkDiag(trans, n, k, alpha, a.s, a.ld, d, beta, c.s, c.ld)
	for i := range n {
		for j := range i + 1 {
			near(t, what, c.at(i, j), alpha*want(i, j)+beta*was.at(i, j), 1e-13*float64(k+10))
			near(t, what+" mirrored", c.at(j, i), c.at(i, j), 0)
		}
	}
	c.checkGuards(t, what)
}

func TestGemvGer(t *testing.T) {
	eachKernels(t, func(t *testing.T) {
		r := newRand()
		shapes := [][2]int{{3000, 100}, {100, 3000}, {1, 200000}, {200000, 1}, {100000, 3}}
		for i := range rounds(600) {
			m, n := pick(r), pick(r)
			if i < len(shapes) {
				m, n = shapes[i][0], shapes[i][1]
			}
			trans := r.IntN(2) == 1
			a := randomMatrix(r, m, n)
			alpha, beta := factors[r.IntN(4)], factors[r.IntN(4)]
			threads := Threads(1 + 2*r.IntN(2))
			what := trying("gemv ", trans, m, n, alpha, beta, threads)
			nx, ny := n, m
			if trans {
				nx, ny = m, n
			}
			x, y := random(r, nx), random(r, ny+2)
			want := multiplyNaive(ny, 1, nx, a.op(trans), func(p, _ int) float64 { return x[p] })
			was := append([]float64(nil), y...)
			if beta == 0 {
				for i := range ny {
					y[i] = math.NaN()
				}
			}
			threads.Gemv(trans, m, n, alpha, a.s, a.ld, x, beta, y)
			for i := range ny {
				near(t, what, y[i], alpha*want(i, 0)+beta*was[i], 1e-13*float64(nx+10))
			}
			near(t, what, y[ny], was[ny], 0)

			x, y = random(r, m), random(r, n)
			before := a.clone()
			threads.Ger(m, n, alpha, x, y, a.s, a.ld)
			for i := range m {
				for j := range n {
					near(t, "ger", a.at(i, j), before.at(i, j)+alpha*x[i]*y[j], 1e-13)
				}
			}
			a.checkGuards(t, "ger")
			b := randomMatrix(r, n, m)
			threads.Transpose(m, n, a.s, a.ld, b.s, b.ld)
			for i := range m {
				for j := range n {
					near(t, "transpose", b.at(j, i), a.at(i, j), 0)
				}
			}
			b.checkGuards(t, "transpose")
		}
	})
}

func TestShapesPanic(t *testing.T) {
	x := make([]float64, 12)
	cases := map[string]func(){
		"short":    func() { Threads(1).Gemm(false, false, 3, 3, 5, 1, x, 5, make([]float64, 15), 3, 0, x, 3) },
		"ld":       func() { Threads(1).Gemm(false, false, 3, 3, 3, 1, x, 2, x, 3, 0, make([]float64, 9), 3) },
		"negative": func() { Threads(1).Gemm(false, false, -1, 3, 3, 1, x, 3, x, 3, 0, x, 3) },
		"vector":   func() { Threads(1).Gemv(false, 3, 4, 1, x, 4, x[:3], 0, make([]float64, 3)) },
		"lengths":  func() { Add(x, x, x[:11]) },
		"dot":      func() { Dot(x, x[:11]) },
	}
	for name, f := range cases {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", name)
				}
			}()
			f()
		}()
	}
}
