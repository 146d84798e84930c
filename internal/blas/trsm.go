package blas

import "sync"

// Tri describes a triangular matrix T and where it stands. The zero value is T X = B
// with T lower triangular as stored.
type Tri uint8

const (
	Lower Tri = 0      // entries above the diagonal are not read
	Upper Tri = 1 << 0 // entries below the diagonal are not read
	Trans Tri = 1 << 1 // op(T) is the transpose of what is stored
	Unit  Tri = 1 << 2 // the diagonal is taken for ones and not read
	Left  Tri = 0      // op(T) X = B
	Right Tri = 1 << 3 // X op(T) = B
)

// forward is whether op(T) is lower triangular.
func (f Tri) forward() bool { return f&Upper != 0 == (f&Trans != 0) }

// Trsm overwrites B, m × n, with the solution X of op(T) X = alpha B, or of
// X op(T) = alpha B with Right. T is m × m, or n × n with Right. A zero on the diagonal,
// or a denormal number, gives infinities and NaN. B must not overlap T.
func (th Threads) Trsm(f Tri, m, n int, alpha float64, t []float64, ldt int, b []float64, ldb int) {
	order := m
	if f&Right != 0 {
		order = n
	}
	checkMatrix("T", order, order, t, ldt)
	checkMatrix("B", m, n, b, ldb)
	if m == 0 || n == 0 {
		return
	}
	if alpha != 1 {
		scaleMatrix(m, n, alpha, b, ldb)
		if alpha == 0 {
			return
		}
	}
	th.trsm(f, m, n, t, ldt, b, ldb)
}

// Trsv overwrites x, n entries, with the solution of op(T) z = x.
func Trsv(f Tri, n int, t []float64, ldt int, x []float64) {
	checkMatrix("T", n, n, t, ldt)
	checkVector("x", n, x)
	solveVector(f&^Right, n, t, ldt, x)
}

// trsmParts is a solve cut into ranges of right-hand sides.
type trsmParts struct {
	f         Tri
	m, n      int
	t         []float64
	ldt       int
	b         []float64
	ldb, step int
}

var trsms = sync.Pool{New: func() any { return new(trsmParts) }}

func (g *trsmParts) do(i int) {
	at := i * g.step
	if g.f&Right != 0 {
		solveRight(g.f, min(g.step, g.m-at), g.n, g.t, g.ldt, g.b[at*g.ldb:], g.ldb)
	} else {
		solveLeft(g.f, g.m, min(g.step, g.n-at), g.t, g.ldt, g.b[at:], g.ldb)
	}
}

func (th Threads) trsm(f Tri, m, n int, t []float64, ldt int, b []float64, ldb int) {
	order, sides := m, n
	if f&Right != 0 {
		order, sides = n, m
	}
	work := float64(order) * float64(order) * float64(sides) / 2
	if most := min(int(work)/use.grain, (sides+15)/16); int(th) > most {
		th = Threads(most)
	}
	if th < 2 {
		if f&Right != 0 {
			solveRight(f, m, n, t, ldt, b, ldb)
		} else {
			solveLeft(f, m, n, t, ldt, b, ldb)
		}
		return
	}
	g := trsms.Get().(*trsmParts)
	*g = trsmParts{f: f, m: m, n: n, t: t, ldt: ldt, b: b, ldb: ldb, step: chunk(sides, 2*int(th), 16)}
	th.each((sides+g.step-1)/g.step, g)
	*g = trsmParts{}
	trsms.Put(g)
}

// half splits an order in two, at a multiple of the order of a small solve if it can.
func half(n int) int {
	h := n / 2
	for _, unit := range []int{triMax, 8} {
		if n >= 2*unit {
			return (h + unit - 1) / unit * unit
		}
	}
	return h
}

// block is op(T) from row i and column j on, as an operand of Gemm.
func (f Tri) block(t []float64, ldt, i, j int) []float64 {
	if f&Trans != 0 {
		i, j = j, i
	}
	return t[i*ldt+j:]
}

// solveLeft solves op(T) X = B on one goroutine: with T cut in two, the second half of
// the unknowns follows from the first by a product.
func solveLeft(f Tri, m, n int, t []float64, ldt int, b []float64, ldb int) {
	if n == 1 && ldb == 1 {
		solveVector(f, m, t, ldt, b)
		return
	}
	if m <= triMax {
		w := smallSolves.Get().(*smallSolve)
		w.left(f, m, n, t, ldt, b, ldb)
		smallSolves.Put(w)
		return
	}
	h := half(m)
	tr := f&Trans != 0
	one := Threads(1)
	if f.forward() {
		solveLeft(f, h, n, t, ldt, b, ldb)
		one.Gemm(tr, false, m-h, n, h, -1, f.block(t, ldt, h, 0), ldt, b, ldb, 1, b[h*ldb:], ldb)
		solveLeft(f, m-h, n, t[h*ldt+h:], ldt, b[h*ldb:], ldb)
		return
	}
	solveLeft(f, m-h, n, t[h*ldt+h:], ldt, b[h*ldb:], ldb)
	one.Gemm(tr, false, h, n, m-h, -1, f.block(t, ldt, 0, h), ldt, b[h*ldb:], ldb, 1, b, ldb)
	solveLeft(f, h, n, t, ldt, b, ldb)
}

// solveRight solves X op(T) = B on one goroutine.
func solveRight(f Tri, m, n int, t []float64, ldt int, b []float64, ldb int) {
	if n <= triMax {
		w := smallSolves.Get().(*smallSolve)
		w.right(f, m, n, t, ldt, b, ldb)
		smallSolves.Put(w)
		return
	}
	h := half(n)
	tr := f&Trans != 0
	one := Threads(1)
	if f.forward() {
		// op(T) is lower triangular: the last columns come first.
		solveRight(f, m, n-h, t[h*ldt+h:], ldt, b[h:], ldb)
		one.Gemm(false, tr, m, h, n-h, -1, b[h:], ldb, f.block(t, ldt, h, 0), ldt, 1, b, ldb)
		solveRight(f, m, h, t, ldt, b, ldb)
		return
	}
	solveRight(f, m, h, t, ldt, b, ldb)
	one.Gemm(false, tr, m, n-h, h, -1, b, ldb, f.block(t, ldt, 0, h), ldt, 1, b[h:], ldb)
	solveRight(f, m, n-h, t[h*ldt+h:], ldt, b[h:], ldb)
}

// solveVector solves op(T) z = x in blocks, each followed by a product with a vector.
func solveVector(f Tri, n int, t []float64, ldt int, x []float64) {
	const nb = 32
	blocks := (n + nb - 1) / nb
	tr := f&Trans != 0
	for s := range blocks {
		at := s * nb
		if !f.forward() {
			at = (blocks - 1 - s) * nb
		}
		k := min(nb, n-at)
		solveVectorBase(f, k, t[at*ldt+at:], ldt, x[at:at+k])
		// What is left of x: the entries after, or before, the block.
		lo, hi := at+k, n
		if !f.forward() {
			lo, hi = 0, at
		}
		if lo == hi {
			continue
		}
		r, c := hi-lo, k
		if tr {
			r, c = c, r
		}
		gemvSerial(tr, r, c, -1, f.block(t, ldt, lo, at), ldt, x[at:at+k], 1, x[lo:hi])
	}
}

func solveVectorBase(f Tri, n int, t []float64, ldt int, x []float64) {
	ri, ci := ldt, 1
	if f&Trans != 0 {
		ri, ci = 1, ldt
	}
	for s := range n {
		i, lo, hi := s, 0, s
		if !f.forward() {
			i = n - 1 - s
			lo, hi = i+1, n
		}
		v := x[i]
		for j := lo; j < hi; j++ {
			v -= t[i*ri+j*ci] * x[j]
		}
		if f&Unit == 0 {
			v /= t[i*ldt+i]
		}
		x[i] = v
	}
}
