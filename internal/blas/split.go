package blas

import "sync"

// parts is a product cut into a grid of blocks of C, or, where C is small and the inner
// dimension long, into ranges of the inner dimension with a sum of its own each.
type parts struct {
	p          product
	rows, cols int // size of a block of C
	gridN      int // blocks in a row of the grid
	inner      int // length of a range of the inner dimension; 0 if not cut
	sums       []float64
}

var partsPool = sync.Pool{New: func() any { return new(parts) }}

// split multiplies on several goroutines.
func (th Threads) split(p *product) {
	bl := &use.blocking
	g := partsPool.Get().(*parts)
	*g = parts{p: *p}
	tilesM, tilesN := (p.m+bl.mr-1)/bl.mr, (p.n+bl.nr-1)/bl.nr
	// A sum for each worker is cheap where C is small against the inner dimension.
	if p.m*p.n <= 1<<17 && p.k > 8*max(p.m, p.n) || tilesM*tilesN < 4*int(th) && p.k >= 4*bl.kc {
		th.splitInner(g)
	} else {
		// Blocks of about a square number of entries, some for each worker.
		want := 3 * int(th)
		if p.lower {
			want *= 2
		}
		gm, gn := 1, 1
		for gm*gn < want && (gm < tilesM || gn < tilesN) {
			if gn < tilesN && (gm >= tilesM || p.n/gn > p.m/gm) {
				gn++
			} else {
				gm++
			}
		}
		g.rows = (tilesM + gm - 1) / gm * bl.mr
		g.cols = (tilesN + gn - 1) / gn * bl.nr
		gm, g.gridN = (p.m+g.rows-1)/g.rows, (p.n+g.cols-1)/g.cols
		th.each(gm*g.gridN, g)
	}
	*g = parts{}
	partsPool.Put(g)
}

func (g *parts) do(i int) {
	w := workspaces.Get().(*workspace)
	p := &w.part
	*p = g.p
	if g.inner > 0 {
		g.rangeOf(i, p)
	} else {
		g.blockOf(i, p)
	}
	if p.m > 0 {
		w.serial(p)
	}
	*p = product{}
	workspaces.Put(w)
}

// blockOf restricts p to block i of the grid.
func (g *parts) blockOf(i int, p *product) {
	r, c := i/g.gridN*g.rows, i%g.gridN*g.cols
	p.m, p.n = min(g.rows, p.m-r), min(g.cols, p.n-c)
	if p.lower && c > r+p.m-1 {
		p.m = 0
		return
	}
	p.shift = r - c
	if p.transA {
		p.a = p.a[r:]
	} else {
		p.a = p.a[r*p.lda:]
	}
	if p.transB {
		p.b = p.b[c*p.ldb:]
	} else {
		p.b = p.b[c:]
	}
	p.c = p.c[r*p.ldc+c:]
}

// rangeOf restricts p to range i of the inner dimension and its own sum.
func (g *parts) rangeOf(i int, p *product) {
	at := i * g.inner
	p.k = min(g.inner, p.k-at)
	if p.transA {
		p.a = p.a[at*p.lda:]
	} else {
		p.a = p.a[at:]
	}
	if p.transB {
		p.b = p.b[at:]
	} else {
		p.b = p.b[at*p.ldb:]
	}
	if p.d != nil {
		p.d = p.d[at:]
	}
	p.c, p.ldc, p.beta = g.sums[i*p.m*p.n:][:p.m*p.n], p.n, 0
}

// splitInner multiplies ranges of the inner dimension and adds the products in order.
func (th Threads) splitInner(g *parts) {
	p := &g.p
	bl := &use.blocking
	ranges := min(2*int(th), (p.k+bl.kc-1)/bl.kc)
	g.inner = (p.k + ranges - 1) / ranges
	g.inner = (g.inner + bl.kc - 1) / bl.kc * bl.kc
	ranges = (p.k + g.inner - 1) / g.inner
	sums := scratch(ranges * p.m * p.n)
	g.sums = sums.s
	th.each(ranges, g)
	for i := range p.m {
		n := p.n
		if p.lower {
			n = i + 1
		}
		row := p.c[i*p.ldc:][:n]
		switch p.beta {
		case 0:
			clear(row)
		case 1:
		default:
			Scal(p.beta, row)
		}
		for r := range ranges {
			Axpy(1, sums.s[r*p.m*p.n+i*p.n:][:n], row)
		}
	}
	sums.free()
}
