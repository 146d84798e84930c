package blas

import "sync"

// product is one call of Gemm or Syrk, or one worker's part of it.
type product struct {
	transA, transB bool
	m, n, k        int
	alpha          float64
	a              []float64
	lda            int
	b              []float64
	ldb            int
	d              []float64 // if not nil, row p of op(B) is multiplied by d[p]
	beta           float64
	c              []float64
	ldc            int
	// lower restricts the work to tiles that touch entries (i, j) of C with j ≤ i + shift.
	lower bool
	shift int
}

// Gemm sets C to alpha op(A) op(B) + beta C, where op(A) is m × k, op(B) k × n and C
// m × n; op transposes if transA or transB is set, so that the A passed is then k × m.
// C must not overlap A or B.
func (th Threads) Gemm(transA, transB bool, m, n, k int, alpha float64, a []float64, lda int, b []float64, ldb int, beta float64, c []float64, ldc int) {
	checkOp("A", transA, m, k, a, lda)
	checkOp("B", transB, k, n, b, ldb)
	checkMatrix("C", m, n, c, ldc)
	p := product{transA: transA, transB: transB, m: m, n: n, k: k, alpha: alpha,
		a: a, lda: lda, b: b, ldb: ldb, beta: beta, c: c, ldc: ldc}
	th.multiply(&p)
}

func checkOp(name string, trans bool, rows, cols int, a []float64, lda int) {
	if trans {
		rows, cols = cols, rows
	}
	checkMatrix(name, rows, cols, a, lda)
}

// Syrk sets C, n × n, to alpha A Aᵀ + beta C with A n × k, or with trans to
// alpha Aᵀ A + beta C with A k × n. Of C only the lower triangle is read; both triangles
// are written.
func (th Threads) Syrk(trans bool, n, k int, alpha float64, a []float64, lda int, beta float64, c []float64, ldc int) {
	th.SyrkDiag(trans, n, k, alpha, a, lda, nil, beta, c, ldc)
}

// SyrkDiag is Syrk with weights: C becomes alpha A diag(d) Aᵀ + beta C, or with trans
// alpha Aᵀ diag(d) A + beta C; d has k entries of any sign, or is nil for ones.
func (th Threads) SyrkDiag(trans bool, n, k int, alpha float64, a []float64, lda int, d []float64, beta float64, c []float64, ldc int) {
	checkOp("A", trans, n, k, a, lda)
	if d != nil {
		checkVector("d", k, d)
	}
	checkMatrix("C", n, n, c, ldc)
	th.syrkLower(trans, n, k, alpha, a, lda, d, beta, c, ldc)
	th.mirror(n, c, ldc)
}

// syrkLower is SyrkDiag that leaves the strict upper triangle as scratch: tiles across
// the diagonal write there.
func (th Threads) syrkLower(trans bool, n, k int, alpha float64, a []float64, lda int, d []float64, beta float64, c []float64, ldc int) {
	p := product{transA: trans, transB: !trans, m: n, n: n, k: k, alpha: alpha,
		a: a, lda: lda, b: a, ldb: lda, d: d, beta: beta, c: c, ldc: ldc, lower: true}
	th.multiply(&p)
}

// mirror copies the lower triangle to the upper one.
func (th Threads) mirror(n int, c []float64, ldc int) {
	strips := (n + use.lanes - 1) / use.lanes
	if th < 2 || n*n < 4*smallRead {
		(&mirrored{n, strips, c, ldc}).do(0)
		return
	}
	// Strip i has i blocks; there are enough ranges that they even out.
	g := mirrors.Get().(*mirrored)
	*g = mirrored{n, (strips + 8*int(th) - 1) / (8 * int(th)), c, ldc}
	th.each((strips+g.step-1)/g.step, g)
	g.c = nil
	mirrors.Put(g)
}

// mirrored is a triangle that is copied, cut into ranges of strips of rows.
type mirrored struct {
	n, step int
	c       []float64
	ldc     int
}

var mirrors = sync.Pool{New: func() any { return new(mirrored) }}

func (g *mirrored) do(k int) {
	n, c, ldc := g.n, g.c, g.ldc
	for i := k * g.step * use.lanes; i < min((k+1)*g.step*use.lanes, n); i += use.lanes {
		rows := min(use.lanes, n-i)
		if i > 0 {
			use.strip(c[i:], ldc, c[i*ldc:], ldc, rows, i)
		}
		for r := i + 1; r < i+rows; r++ {
			for j := i; j < r; j++ {
				c[j*ldc+r] = c[r*ldc+j]
			}
		}
	}
}

func (th Threads) multiply(p *product) {
	if p.m == 0 || p.n == 0 {
		return
	}
	if p.k == 0 || p.alpha == 0 {
		scaleMatrix(p.m, p.n, p.beta, p.c, p.ldc)
		return
	}
	if !p.lower && p.d == nil && (p.n == 1 || p.m == 1) {
		th.thin(p)
		return
	}
	work := float64(p.m) * float64(p.n) * float64(p.k)
	if p.lower {
		work /= 2
	}
	if most := int(work) / use.grain; int(th) > most {
		th = Threads(most)
	}
	if th < 2 {
		w := workspaces.Get().(*workspace)
		w.serial(p)
		workspaces.Put(w)
		return
	}
	th.split(p)
}

// thin multiplies where op(A) has one row or op(B) one column.
func (th Threads) thin(p *product) {
	if p.n == 1 {
		// C = alpha op(A) b + beta C. Copy what has gaps.
		x, y := p.b, p.c
		var xs, ys *buffer
		if !p.transB && p.ldb > 1 {
			xs = scratch(p.k)
			gather(xs.s, p.b, p.ldb)
			x = xs.s
		}
		if p.ldc > 1 && p.m > 1 {
			ys = scratch(p.m)
			if p.beta != 0 {
				gather(ys.s, p.c, p.ldc)
			}
			y = ys.s
		}
		rows, cols := p.m, p.k
		if p.transA {
			rows, cols = cols, rows
		}
		th.gemv(p.transA, rows, cols, p.alpha, p.a, p.lda, x, p.beta, y)
		if ys != nil {
			for i, v := range ys.s {
				p.c[i*p.ldc] = v
			}
			ys.free()
		}
		if xs != nil {
			xs.free()
		}
		return
	}
	// Cᵀ = alpha op(B)ᵀ a + beta Cᵀ.
	x := p.a
	var xs *buffer
	if p.transA && p.lda > 1 {
		xs = scratch(p.k)
		gather(xs.s, p.a, p.lda)
		x = xs.s
	}
	rows, cols := p.k, p.n
	if p.transB {
		rows, cols = cols, rows
	}
	th.gemv(!p.transB, rows, cols, p.alpha, p.b, p.ldb, x, p.beta, p.c)
	if xs != nil {
		xs.free()
	}
}

// gather copies the entries of a column to dst.
func gather(dst, col []float64, ld int) {
	for i := range dst {
		dst[i] = col[i*ld]
	}
}

// scaleMatrix multiplies by beta; zero overwrites.
func scaleMatrix(m, n int, beta float64, c []float64, ldc int) {
	if beta == 1 {
		return
	}
	for i := range m {
		row := c[i*ldc:][:n]
		if beta == 0 {
			clear(row)
		} else {
			Scal(beta, row)
		}
	}
}

// workspace has what one goroutine needs to multiply.
type workspace struct {
	a, b buffer
	t    tile
	part product
}

var workspaces = sync.Pool{New: func() any { return new(workspace) }}

// serial multiplies on one goroutine: loops over blocks of B, then of A, then tiles.
func (w *workspace) serial(p *product) {
	bl := &use.blocking
	// Tiles read rows of A in place, but not columns, which are far apart.
	copyA := p.transA
	copyB := p.transB || p.d != nil || !bl.rawB || p.m > 4*bl.mr && p.n > bl.nr
	t := &w.t
	t.alpha, t.ldc = p.alpha, p.ldc
	for jc := 0; jc < p.n; jc += bl.nc {
		nc := min(bl.nc, p.n-jc)
		for pc := 0; pc < p.k; pc += t.k {
			// What is left in blocks of equal length.
			blocks := (p.k - pc + bl.kc - 1) / bl.kc
			kc := (p.k - pc + blocks - 1) / blocks
			t.k = kc
			t.beta = 1
			if pc == 0 {
				t.beta = p.beta
			}
			if copyB {
				w.packB(p, bl, pc, kc, jc, nc)
			}
			for ic := 0; ic < p.m; ic += bl.mc {
				mc := min(bl.mc, p.m-ic)
				if p.lower && jc > ic+mc-1+p.shift {
					continue
				}
				if copyA {
					w.packA(p, bl, ic, mc, pc, kc)
				}
				w.block(p, bl, copyA, copyB, ic, mc, jc, nc, pc)
			}
		}
	}
	t.a, t.b, t.c = nil, nil, nil
}

// block multiplies a block of A by a block of B. If A is read in place, the tiles that
// share rows of A follow each other, else those that share columns of B.
func (w *workspace) block(p *product, bl *blocking, copyA, copyB bool, ic, mc, jc, nc, pc int) {
	outer, inner := (nc+bl.nr-1)/bl.nr, (mc+bl.mr-1)/bl.mr
	if !copyA {
		outer, inner = inner, outer
	}
	for o := range outer {
		for i := range inner {
			ir, jr := i*bl.mr, o*bl.nr
			if !copyA {
				ir, jr = o*bl.mr, i*bl.nr
			}
			w.tile(p, bl, copyA, copyB, ic, ir, mc, jc, jr, nc, pc)
		}
	}
}

func (w *workspace) tile(p *product, bl *blocking, copyA, copyB bool, ic, ir, mc, jc, jr, nc, pc int) {
	t := &w.t
	t.m, t.n = min(bl.mr, mc-ir), min(bl.nr, nc-jr)
	row, col := ic+ir, jc+jr
	if p.lower && col > row+t.m-1+p.shift {
		return
	}
	switch {
	case copyA:
		t.a, t.rsa, t.csa = w.a.s[ir*t.k:], 1, bl.mr
	case p.transA:
		t.a, t.rsa, t.csa = p.a[pc*p.lda+row:], 1, p.lda
	default:
		t.a, t.rsa, t.csa = p.a[row*p.lda+pc:], p.lda, 1
	}
	if copyB {
		t.b, t.rsb = w.b.s[jr*t.k:], bl.nr
	} else {
		t.b, t.rsb = p.b[pc*p.ldb+col:], p.ldb
	}
	t.c = p.c[row*p.ldc+col:]
	use.tile(t)
}

// packA copies a block of op(A) into panels of mr rows, in a panel column after column.
func (w *workspace) packA(p *product, bl *blocking, ic, mc, pc, kc int) {
	mr := bl.mr
	w.a.grow((mc + mr - 1) / mr * mr * kc)
	if p.transA {
		use.panelsA(w.a.s, kc*mr, p.a[pc*p.lda+ic:], p.lda, kc, mc, nil)
	} else {
		packStrips(w.a.s, mr, p.a[ic*p.lda+pc:], p.lda, mc, kc)
	}
}

// packB copies a block of op(B) into panels of nr columns, row after row, and multiplies
// row q by d[q].
func (w *workspace) packB(p *product, bl *blocking, pc, kc, jc, nc int) {
	nr := bl.nr
	w.b.grow((nc + nr - 1) / nr * nr * kc)
	var d []float64
	if p.d != nil {
		d = p.d[pc : pc+kc]
	}
	if !p.transB {
		use.panelsB(w.b.s, kc*nr, p.b[pc*p.ldb+jc:], p.ldb, kc, nc, d)
		return
	}
	packStrips(w.b.s, nr, p.b[jc*p.ldb+pc:], p.ldb, nc, kc)
	for jr := 0; jr < nc && d != nil; jr += nr {
		panel := w.b.s[jr*kc : (jr+nr)*kc]
		for q, v := range d {
			Scal(v, panel[q*nr:(q+1)*nr])
		}
	}
}

// packStrips copies rows of src to columns of panels of the given width.
func packStrips(dst []float64, width int, src []float64, ld, rows, cols int) {
	for i := 0; i < rows; i += width {
		panel := dst[i*cols : (i+width)*cols]
		here := min(width, rows-i)
		for j := 0; j < here; j += use.lanes {
			use.strip(panel[j:], width, src[(i+j)*ld:], ld, min(use.lanes, here-j), cols)
		}
	}
}
