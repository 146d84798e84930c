package blas

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// eachKernels runs a test with each set of kernels that the processor has, and with
// goroutines also for little work.
func eachKernels(t *testing.T, test func(t *testing.T)) {
	was := use
	defer func() { use = was }()
	for _, k := range available() {
		k := *k
		k.grain = 1 << 14
		use = &k
		t.Run(k.name, test)
	}
}

func newRand() *rand.Rand { return rand.New(rand.NewPCG(3, 14)) }

func random(r *rand.Rand, n int) []float64 {
	x := Make(n)
	for i := range x {
		x[i] = r.NormFloat64()
	}
	return x
}

// matrix is a random matrix between guards: what lies between its rows must not change.
type matrix struct {
	rows, cols, ld int
	s              []float64
}

const guard = 1234.5

func randomMatrix(r *rand.Rand, rows, cols int) matrix {
	ld := max(cols, 1) + r.IntN(4)
	m := matrix{rows: rows, cols: cols, ld: ld, s: make([]float64, rows*ld+3)}
	for i := range m.s {
		m.s[i] = guard
	}
	for i := range rows {
		for j := range cols {
			m.s[i*ld+j] = r.NormFloat64()
		}
	}
	return m
}

func (m matrix) at(i, j int) float64     { return m.s[i*m.ld+j] }
func (m matrix) set(i, j int, v float64) { m.s[i*m.ld+j] = v }

func (m matrix) clone() matrix {
	m.s = append([]float64(nil), m.s...)
	return m
}

// op is the matrix or its transpose, as a function of indices.
func (m matrix) op(trans bool) func(i, j int) float64 {
	if trans {
		return func(i, j int) float64 { return m.at(j, i) }
	}
	return m.at
}

// shape is a random matrix of the shape of op(A).
func shape(r *rand.Rand, trans bool, rows, cols int) matrix {
	if trans {
		rows, cols = cols, rows
	}
	return randomMatrix(r, rows, cols)
}

func (m matrix) checkGuards(t *testing.T, what string) {
	t.Helper()
	for i := range m.s {
		if (i >= m.rows*m.ld || i%m.ld >= m.cols) && m.s[i] != guard {
			t.Fatalf("%s: entry %d between the rows was overwritten", what, i)
		}
	}
}

// near fails unless got is within tol of want, NaN of NaN, infinity of the same.
func near(t *testing.T, what string, got, want, tol float64) {
	t.Helper()
	if got == want || math.IsNaN(got) && math.IsNaN(want) {
		return
	}
	if !(math.Abs(got-want) <= tol) {
		t.Fatalf("%s: got %v, want %v", what, got, want)
	}
}

// multiplyNaive multiplies by definition; a is m × k and b k × n.
func multiplyNaive(m, n, k int, a, b func(i, j int) float64) func(i, j int) float64 {
	c, row := make([]float64, m*n), make([]float64, k)
	bt := make([]float64, n*k)
	for j := range n {
		for p := range k {
			bt[j*k+p] = b(p, j)
		}
	}
	for i := range m {
		for p := range row {
			row[p] = a(i, p)
		}
		for j := range n {
			s := 0.0
			for p, v := range bt[j*k:][:k] {
				s += row[p] * v
			}
			c[i*n+j] = s
		}
	}
	return func(i, j int) float64 { return c[i*n+j] }
}

// rounds is the number of random cases: fewer where they are slow.
func rounds(n int) int {
	if testing.Short() || raceEnabled {
		return (n + 9) / 10
	}
	return n
}

func trying(args ...any) string { return fmt.Sprint(args...) }
