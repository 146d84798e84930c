package blas

import "sync"

// Gemv sets y to alpha A x + beta y for A m × n, or with trans to alpha Aᵀ x + beta y.
// x and y have no gaps; y must not overlap A or x.
func (th Threads) Gemv(trans bool, m, n int, alpha float64, a []float64, lda int, x []float64, beta float64, y []float64) {
	checkMatrix("A", m, n, a, lda)
	nx, ny := n, m
	if trans {
		nx, ny = m, n
	}
	checkVector("x", nx, x)
	checkVector("y", ny, y)
	th.gemv(trans, m, n, alpha, a, lda, x, beta, y)
}

// smallRead is the number of entries read from memory for which another goroutine costs
// as much as it saves.
const smallRead = 1 << 15

func (th Threads) gemv(trans bool, m, n int, alpha float64, a []float64, lda int, x []float64, beta float64, y []float64) {
	ny := m
	if trans {
		ny = n
	}
	if ny == 0 {
		return
	}
	y = y[:ny]
	if m == 0 || n == 0 || alpha == 0 {
		scaleMatrix(1, ny, beta, y, ny)
		return
	}
	if most := m * n / smallRead; int(th) > most {
		th = Threads(most)
	}
	if th < 2 {
		gemvSerial(trans, m, n, alpha, a, lda, x, beta, y)
		return
	}
	g := gemvs.Get().(*gemvParts)
	*g = gemvParts{trans: trans, m: m, n: n, alpha: alpha, a: a, lda: lda, x: x, beta: beta, y: y}
	switch {
	case !trans:
		g.step = chunk(m, 4*int(th), 8)
		th.each((m+g.step-1)/g.step, g)
	case n > 4*m:
		g.byColumns = true
		g.step = chunk(n, 4*int(th), 64)
		th.each((n+g.step-1)/g.step, g)
	default:
		// Ranges of rows with a sum of their own each.
		g.step = chunk(m, 2*int(th), 8)
		ranges := (m + g.step - 1) / g.step
		sums := scratch(ranges * n)
		g.sums = sums.s
		th.each(ranges, g)
		scaleMatrix(1, n, beta, y, n)
		for r := range ranges {
			Axpy(1, sums.s[r*n:(r+1)*n], y)
		}
		sums.free()
	}
	*g = gemvParts{}
	gemvs.Put(g)
}

// chunk is the length of about want ranges that make up n, a multiple of unit.
func chunk(n, want, unit int) int {
	c := (n + want - 1) / want
	return (c + unit - 1) / unit * unit
}

// gemvParts is a product with a vector cut into ranges.
type gemvParts struct {
	trans     bool
	m, n      int
	alpha     float64
	a         []float64
	lda       int
	x         []float64
	beta      float64
	y         []float64
	step      int
	byColumns bool
	sums      []float64
}

var gemvs = sync.Pool{New: func() any { return new(gemvParts) }}

func (g *gemvParts) do(i int) {
	at := i * g.step
	switch {
	case g.byColumns:
		n := min(g.step, g.n-at)
		gemvSerial(true, g.m, n, g.alpha, g.a[at:], g.lda, g.x, g.beta, g.y[at:at+n])
	case g.trans:
		m := min(g.step, g.m-at)
		gemvSerial(true, m, g.n, g.alpha, g.a[at*g.lda:], g.lda, g.x[at:], 0, g.sums[i*g.n:(i+1)*g.n])
	default:
		m := min(g.step, g.m-at)
		gemvSerial(false, m, g.n, g.alpha, g.a[at*g.lda:], g.lda, g.x, g.beta, g.y[at:at+m])
	}
}

func gemvSerial(trans bool, m, n int, alpha float64, a []float64, lda int, x []float64, beta float64, y []float64) {
	if trans {
		scaleMatrix(1, n, beta, y, n)
	}
	// The kernels take their arguments in a struct from the pool: through a function
	// variable it would not stay on the stack. A goroutine in a kernel cannot be stopped
	// for the garbage collector, so each call gets a few hundred microseconds of work.
	r := rowsPool.Get().(*rows)
	step := max(1, 1<<21/n)
	for i := 0; i < m; i += step {
		k := min(step, m-i)
		*r = rows{m: k, n: n, a: a[i*lda:], lda: lda, x: x, y: y, alpha: alpha, beta: beta}
		if trans {
			r.x = x[i:]
			use.addRows(r)
		} else {
			r.y = y[i:]
			use.dotRows(r)
		}
	}
	*r = rows{}
	rowsPool.Put(r)
}

// Ger adds alpha x yᵀ to A, m × n. A must not overlap x or y.
func (th Threads) Ger(m, n int, alpha float64, x, y, a []float64, lda int) {
	checkVector("x", m, x)
	checkVector("y", n, y)
	checkMatrix("A", m, n, a, lda)
	if m == 0 || n == 0 || alpha == 0 {
		return
	}
	if th < 2 || m*n < smallRead {
		gerSerial(m, n, alpha, x, y, a, lda)
		return
	}
	g := gers.Get().(*gerParts)
	*g = gerParts{m: m, n: n, alpha: alpha, x: x, y: y, a: a, lda: lda, step: chunk(m, 2*int(th), 1)}
	th.each((m+g.step-1)/g.step, g)
	*g = gerParts{}
	gers.Put(g)
}

// gerParts is an outer product cut into ranges of rows.
type gerParts struct {
	m, n      int
	alpha     float64
	x, y, a   []float64
	lda, step int
}

var gers = sync.Pool{New: func() any { return new(gerParts) }}

func (g *gerParts) do(i int) {
	at := i * g.step
	gerSerial(min(g.step, g.m-at), g.n, g.alpha, g.x[at:], g.y, g.a[at*g.lda:], g.lda)
}

func gerSerial(m, n int, alpha float64, x, y, a []float64, lda int) {
	for i := range m {
		Axpy(alpha*x[i], y[:n], a[i*lda:][:n])
	}
}

// Transpose sets B, n × m, to the transpose of A, m × n. They must not overlap.
func (th Threads) Transpose(m, n int, a []float64, lda int, b []float64, ldb int) {
	checkMatrix("A", m, n, a, lda)
	checkMatrix("B", n, m, b, ldb)
	if th < 2 || m*n < smallRead {
		transpose(m, n, a, lda, b, ldb)
		return
	}
	g := turns.Get().(*turnParts)
	*g = turnParts{m: m, n: n, a: a, lda: lda, b: b, ldb: ldb, step: chunk(m, 4*int(th), 16)}
	th.each((m+g.step-1)/g.step, g)
	*g = turnParts{}
	turns.Put(g)
}

// turnParts is a transposition cut into ranges of rows.
type turnParts struct {
	m, n      int
	a         []float64
	lda       int
	b         []float64
	ldb, step int
}

var turns = sync.Pool{New: func() any { return new(turnParts) }}

func (g *turnParts) do(i int) {
	at := i * g.step
	transpose(min(g.step, g.m-at), g.n, g.a[at*g.lda:], g.lda, g.b[at:], g.ldb)
}

// transpose works in strips, cut so that the lines written stay in the first cache for
// the next strip.
func transpose(m, n int, a []float64, lda int, b []float64, ldb int) {
	const nb = 128
	for j := 0; j < n; j += nb {
		cols := min(nb, n-j)
		for i := 0; i < m; i += use.lanes {
			use.strip(b[j*ldb+i:], ldb, a[i*lda+j:], lda, min(use.lanes, m-i), cols)
		}
	}
}
