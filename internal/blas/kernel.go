package blas

// A tile is one call of the kernel of Gemm: C ← alpha A B + beta C for an m × n block of
// C that fits into registers, with entry (i, p) of A at a[i*rsa+p*csa], row p of B at
// b[p*rsb:], and row i of C at c[i*ldc:]. Kernels in assembly read the fields by offset.
type tile struct {
	a, b, c            []float64
	k                  int
	rsa, csa, rsb, ldc int
	alpha, beta        float64
	m, n               int
}

// blocking says how Gemm cuts for a kernel: tiles of mr × nr, blocks of A of mc × kc
// that stay in the second cache, blocks of B of kc × nc that stay in the last.
type blocking struct {
	mr, nr     int
	mc, kc, nc int
	// rawB is whether the kernel reads only the n columns of B it is asked for, so that B
	// need not be copied into panels padded to nr columns.
	rawB bool
	// grain is the number of multiplications for which another goroutine costs as much as
	// it saves.
	grain int
}

// tileGo is the kernel in Go. B has four columns, of which n count. A row that is
// missing is replaced by the last one.
func tileGo(t *tile) {
	var (
		c00, c01, c02, c03 float64
		c10, c11, c12, c13 float64
	)
	for i := 0; i < t.m; i += 2 {
		a0 := t.a[i*t.rsa:]
		a1 := t.a[min(i+1, t.m-1)*t.rsa:]
		b := t.b
		c00, c01, c02, c03 = 0, 0, 0, 0
		c10, c11, c12, c13 = 0, 0, 0, 0
		pa, pb := 0, 0
		for range t.k {
			x0, x1 := a0[pa], a1[pa]
			row := (*[4]float64)(b[pb:])
			y := row[0]
			c00 += x0 * y
			c10 += x1 * y
			y = row[1]
			c01 += x0 * y
			c11 += x1 * y
			y = row[2]
			c02 += x0 * y
			c12 += x1 * y
			y = row[3]
			c03 += x0 * y
			c13 += x1 * y
			pa += t.csa
			pb += t.rsb
		}
		t.store(i, [4]float64{c00, c01, c02, c03})
		if i+1 < t.m {
			t.store(i+1, [4]float64{c10, c11, c12, c13})
		}
	}
}

// store writes the first n entries of a row of the product to row i of C.
func (t *tile) store(i int, v [4]float64) {
	c := t.c[i*t.ldc:][:t.n]
	if t.beta == 0 {
		for j := range c {
			c[j] = t.alpha * v[j]
		}
		return
	}
	for j := range c {
		c[j] = t.alpha*v[j] + t.beta*c[j]
	}
}
