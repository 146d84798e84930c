package native

import (
	"math"

	"example.com/nabla/internal/blas"
	"example.com/nabla/internal/plan"
)

// A loop computes several nodes entry by entry in one pass over a domain of rows ×
// cols, and ends with reductions of them. It runs tile by tile: a tile is so small that
// everything on the way stays in the first cache.
//
// Each operand, constant and result within a tile is an item, by number: first what is
// loaded, then what is computed.
type loop struct {
	loads  []load
	code   []instruction
	items  int
	tiles  int  // registers: tiles of memory of the worker
	flat   bool // no operand or result knows of rows and columns
	square bool // tiles are square, since an operand is transposed
	reds   []reduction
	sums   int // entries of the accumulators that each worker has its own of
	// The domain; along axis it has as many entries as the block of samples at hand.
	rows, cols, axis int
}

// A source says how an item is loaded.
type source uint8

const (
	constant   source = iota
	number            // a scalar in memory
	entries           // memory of the domain's shape
	turned            // memory of the transposed shape
	downRows          // v_i
	acrossCols        // v_j
	identity          // 1 on the diagonal
	diagonal          // v_i on the diagonal
)

type load struct {
	from source
	ref  ref
	c    float64
	tile int  // register where the item must be gathered, or −1
	once bool // zero but in the first block of samples
}

// An instruction computes item dst from items x and y.
type instruction struct {
	unary  func(dst, x []float64)
	one    func(float64) float64
	binary *binaryFunction
	red    int // index of the reduction, or −1
	x, y   int // items; y is −1 if there is one
	dst    int
	tile   int // register of the result, or −1 if it is written to memory at once
	out    int // slot of memory that the result is stored in, or −1
	gaps   bool
}

// A reduction is a sum that a loop ends with.
type reduction struct {
	kind plan.Kind
	slot int
	size int  // entries of the accumulator
	own  bool // accumulates in the memory of the slot, which was cleared before
	// shared says that parts of the loop write parts of it.
	shared bool
}

// tileSize is the most entries of a tile.
const tileSize = 1024

// An item is what a tile has of it: a slice, or one number for all.
type item struct {
	s   []float64
	c   float64
	num bool
}

// A norm accumulates a sum of squares as scale² · sum, so that neither overflows.
type norm struct{ scale, sum float64 }

func (a norm) plus(b norm) norm {
	switch {
	case b.sum == 0:
		return a
	case a.sum == 0:
		return b
	case a.scale == b.scale:
		return norm{a.scale, a.sum + b.sum}
	case a.scale < b.scale:
		a, b = b, a
	}
	r := b.scale / a.scale
	return norm{a.scale, a.sum + b.sum*r*r}
}

// normOf returns the sum of squares of the entries of x.
func normOf(x []float64) norm {
	s := blas.Dot(x, x)
	if s > 1e-280 && s < 1e280 || math.IsNaN(s) {
		return norm{1, s}
	}
	m := blas.AbsMax(x)
	if m == 0 || math.IsInf(m, 0) {
		return norm{1, m}
	}
	s = 0
	for _, v := range x {
		s += (v / m) * (v / m)
	}
	return norm{m, s}
}

func (a norm) root() float64 { return a.scale * math.Sqrt(a.sum) }

// shape returns the domain.
func (l *loop) shape(w *worker) (rows, cols int) {
	switch l.axis {
	case 0:
		return w.count, l.cols
	case 1:
		return l.rows, w.count
	}
	return l.rows, l.cols
}

// run computes the entries lo ≤ k < hi of the domain if the loop is flat, else its
// rows lo ≤ i < hi. Reductions are added to the memory of their slots.
func (l *loop) run(w *worker, lo, hi int) {
	if l.flat {
		w.bind(l)
		for at := lo; at < hi; at += tileSize {
			l.flatTile(w, at, min(tileSize, hi-at))
		}
		return
	}
	_, cols := l.shape(w)
	if cols == 0 {
		return
	}
	high, wide := tiling(cols, l.square)
	w.bind(l)
	for c := 0; c < cols; c += wide {
		for i := range w.spreadCols {
			w.spreadCols[i] = false
		}
		for r := lo; r < hi; r += high {
			l.tile(w, r, c, min(high, hi-r), min(wide, cols-c), cols)
		}
	}
}

// tiling returns the rows and columns of tiles.
func tiling(cols int, square bool) (high, wide int) {
	if square {
		return 32, min(cols, 32)
	}
	parts := (cols + tileSize - 1) / tileSize
	wide = (cols + parts - 1) / parts
	return max(1, tileSize/wide), wide
}

// bind reads the constants and scalars.
func (w *worker) bind(l *loop) {
	for i := range l.loads {
		ld := &l.loads[i]
		switch {
		case ld.once && w.from > 0:
			w.items[i] = item{num: true}
		case ld.from == constant:
			w.items[i] = item{c: ld.c, num: true}
		case ld.from == number:
			w.items[i] = item{c: w.mats[ld.ref.slot].data[0], num: true}
		}
	}
}

func (w *worker) register(k int) []float64 { return w.tiles[k*tileSize : (k+1)*tileSize] }

// flatTile runs the code for n entries from the entry at.
func (l *loop) flatTile(w *worker, at, n int) {
	for i := range l.loads {
		if ld := &l.loads[i]; ld.from == entries && !(ld.once && w.from > 0) {
			w.items[i] = item{s: w.mats[ld.ref.slot].data[at : at+n]}
		}
	}
	for i := range l.code {
		in := &l.code[i]
		if in.red >= 0 {
			l.reduceAll(w, in, n)
			continue
		}
		var dst []float64
		if in.out >= 0 {
			dst = w.mats[in.out].data[at : at+n]
		} else {
			dst = w.register(in.tile)[:n]
		}
		in.compute(w, dst)
	}
}

// compute computes one item, a number where the operands are; memory is filled with it.
func (in *instruction) compute(w *worker, dst []float64) {
	x := &w.items[in.x]
	if in.y < 0 {
		if x.num {
			in.number(w, in.one(x.c), dst)
			return
		}
		in.unary(dst, x.s)
		w.items[in.dst] = item{s: dst}
		return
	}
	y := &w.items[in.y]
	switch {
	case x.num && y.num:
		in.number(w, in.binary.one(x.c, y.c), dst)
		return
	case x.num:
		in.binary.left(dst, x.c, y.s)
	case y.num:
		in.binary.right(dst, x.s, y.c)
	default:
		in.binary.many(dst, x.s, y.s)
	}
	w.items[in.dst] = item{s: dst}
}

func (in *instruction) number(w *worker, c float64, dst []float64) {
	w.items[in.dst] = item{c: c, num: true}
	if in.out >= 0 {
		blas.Fill(dst, c)
	}
}

// reduceAll adds a tile of n entries to a reduction to a scalar.
func (l *loop) reduceAll(w *worker, in *instruction, n int) {
	red := &l.reds[in.red]
	acc := w.mats[red.slot].data
	x := &w.items[in.x]
	switch red.kind {
	case plan.Sum:
		if x.num {
			acc[0] += x.c * float64(n)
		} else {
			acc[0] += blas.Sum(x.s)
		}
	case plan.Norm:
		var a norm
		if x.num {
			a = norm{math.Abs(x.c), float64(n)}
		} else {
			a = normOf(x.s)
		}
		a = norm{acc[0], acc[1]}.plus(a)
		acc[0], acc[1] = a.scale, a.sum
	case plan.Dot:
		y := &w.items[in.y]
		switch {
		case x.num && y.num:
			acc[0] += x.c * y.c * float64(n)
		case x.num:
			acc[0] += x.c * blas.Sum(y.s)
		case y.num:
			acc[0] += y.c * blas.Sum(x.s)
		default:
			acc[0] += blas.Dot(x.s, y.s)
		}
	}
}

// tile runs the code for a tile of high × wide entries at row r and column c.
func (l *loop) tile(w *worker, r, c, high, wide, cols int) {
	n := high * wide
	for i := range l.loads {
		l.load(w, i, r, c, high, wide, cols)
	}
	for i := range l.code {
		in := &l.code[i]
		if in.red >= 0 {
			l.reduce(w, in, r, c, high, wide, cols)
			continue
		}
		if in.out < 0 {
			in.compute(w, w.register(in.tile)[:n])
			continue
		}
		m := &w.mats[in.out]
		at := r*m.ld + c
		if high == 1 || wide == m.ld {
			in.compute(w, m.data[at:at+n])
			continue
		}
		in.compute(w, w.register(in.tile)[:n])
		it := &w.items[in.dst]
		if it.num {
			blas.Fill(w.register(in.tile)[:n], it.c)
			it = &item{s: w.register(in.tile)[:n]}
		}
		for k := range high {
			copy(m.data[at+k*m.ld:][:wide], it.s[k*wide:])
		}
	}
}

// load makes item i of a tile.
func (l *loop) load(w *worker, i, r, c, high, wide, cols int) {
	ld := &l.loads[i]
	if ld.once && w.from > 0 {
		return
	}
	n := high * wide
	switch ld.from {
	case constant, number:
		return
	case entries:
		m := w.view(ld.ref)
		at := r*m.ld + c
		if high == 1 || wide == m.ld {
			w.items[i] = item{s: m.data[at : at+n]}
			return
		}
		s := w.register(ld.tile)[:n]
		for k := range high {
			copy(s[k*wide:(k+1)*wide], m.data[at+k*m.ld:])
		}
		w.items[i] = item{s: s}
	case turned:
		m := w.view(ld.ref)
		s := w.register(ld.tile)[:n]
		for j := range wide {
			row := m.data[(c+j)*m.ld+r:][:high]
			at := j
			for _, v := range row {
				s[at] = v
				at += wide
			}
		}
		w.items[i] = item{s: s}
	case downRows:
		v := w.mats[ld.ref.slot].data[r : r+high]
		switch {
		case high == 1:
			w.items[i] = item{c: v[0], num: true}
		case wide == 1:
			w.items[i] = item{s: v}
		default:
			s := w.register(ld.tile)[:n]
			for k, x := range v {
				blas.Fill(s[k*wide:(k+1)*wide], x)
			}
			w.items[i] = item{s: s}
		}
	case acrossCols:
		v := w.mats[ld.ref.slot].data[c : c+wide]
		switch {
		case wide == 1:
			w.items[i] = item{c: v[0], num: true}
		case high == 1:
			w.items[i] = item{s: v}
		default:
			// The first tile of a column of tiles is as high as any.
			s := w.register(ld.tile)[:n]
			if !w.spreadCols[i] {
				for k := range high {
					copy(s[k*wide:], v)
				}
				w.spreadCols[i] = true
			}
			w.items[i] = item{s: s}
		}
	case identity, diagonal:
		s := w.register(ld.tile)[:n]
		clear(s)
		for k := range high {
			if j := r + k - c; j >= 0 && j < wide {
				s[k*wide+j] = 1
				if ld.from == diagonal {
					s[k*wide+j] = w.mats[ld.ref.slot].data[r+k]
				}
			}
		}
		w.items[i] = item{s: s}
	}
}

// reduce adds a tile to a reduction.
func (l *loop) reduce(w *worker, in *instruction, r, c, high, wide, cols int) {
	red := &l.reds[in.red]
	if red.kind != plan.RowSum && red.kind != plan.ColSum {
		l.reduceAll(w, in, high*wide)
		return
	}
	acc := w.mats[red.slot].data
	x := &w.items[in.x]
	if red.kind == plan.RowSum {
		for k := range high {
			s := x.c * float64(wide)
			if !x.num {
				s = blas.Sum(x.s[k*wide : (k+1)*wide])
			}
			acc[r+k] += s
		}
		return
	}
	acc = acc[c : c+wide]
	if x.num {
		blas.AddScalar(acc, acc, x.c*float64(high))
		return
	}
	for k := range high {
		blas.Add(acc, acc, x.s[k*wide:(k+1)*wide])
	}
}
