package native

import (
	"slices"

	"example.com/nabla/internal/blas"
	"example.com/nabla/internal/plan"
)

// A fuser makes the loop of a task.
type fuser struct {
	r      *region
	t      *task
	l      *loop
	rows   int // of the domain, those of all samples
	cols   int
	axis   int // of the domain that runs over the samples, or noAxis
	loaded map[loadKey]int
	item   map[*node]int
}

type loadKey struct {
	o    operand
	axis int
	once bool
}

// loop makes the step of a task that is a loop.
func (r *region) loop(t *task) step {
	f := &fuser{r: r, t: t, l: &loop{}, loaded: map[loadKey]int{}, item: map[*node]int{}}
	f.rows, f.cols = domain(t.nodes[0])
	f.axis = domainAxis(t.nodes[0])
	if !r.inPass() {
		f.axis = noAxis
	}
	l := f.l
	l.rows, l.cols, l.axis = f.rows, f.cols, f.axis
	for _, n := range t.nodes {
		for i := range n.args {
			f.load(n, i)
		}
	}
	l.items = len(l.loads)
	for _, n := range t.nodes {
		f.instruction(n)
	}
	f.flatten()
	f.registers()
	t.loop = l
	r.c.fit(l)
	return func(w *worker) error {
		w.runLoop(l)
		return nil
	}
}

// load sees to it that operand i of n has an item.
func (f *fuser) load(n *node, i int) {
	o := n.args[i]
	if o.n != nil && slices.Contains(f.t.nodes, o.n) {
		return
	}
	key := loadKey{o, n.axes[i], n.once == i+1}
	if _, ok := f.loaded[key]; ok {
		return
	}
	ld := load{tile: -1, once: key.once}
	switch {
	case o.spread == unity:
		ld.from = identity
	case o.n.kind == kindConst:
		ld.from, ld.c = constant, o.n.c
	case o.spread == scalar:
		ld.from = number
	case o.spread == byRow && f.cols == 1, o.spread == byCol && f.rows == 1:
		ld.from = entries
	case o.spread == byRow && f.rows == 1 && f.axis != 0, o.spread == byCol && f.cols == 1 && f.axis != 1:
		ld.from = number
	case o.spread == byRow:
		ld.from = downRows
	case o.spread == byCol:
		ld.from = acrossCols
	case o.spread == onDiag:
		ld.from = diagonal
	case o.trans:
		ld.from = turned
	default:
		ld.from = entries
	}
	if o.n != nil && ld.from != constant {
		ld.ref = f.r.arg(n, i)
	}
	f.loaded[key] = len(f.l.loads)
	f.l.loads = append(f.l.loads, ld)
}

// operand returns the item of operand i of n.
func (f *fuser) operand(n *node, i int) int {
	o := n.args[i]
	if o.n != nil {
		if k, ok := f.item[o.n]; ok {
			return k
		}
	}
	return f.loaded[loadKey{o, n.axes[i], n.once == i+1}]
}

// instruction adds what computes n.
func (f *fuser) instruction(n *node) {
	l := f.l
	in := instruction{red: -1, y: -1, tile: -1, out: -1}
	in.x = f.operand(n, 0)
	if len(n.args) > 1 {
		in.y = f.operand(n, 1)
	}
	if n.reducing() {
		s := f.r.slots[n]
		size := n.size()
		if n.kind == plan.Norm {
			size = 2
		}
		shared := n.kind == plan.RowSum
		in.red = len(l.reds)
		l.reds = append(l.reds, reduction{kind: n.kind, slot: s, size: size, own: f.r.adds(n), shared: shared})
		if !shared {
			l.sums += size
		}
		l.code = append(l.code, in)
		return
	}
	switch n.kind {
	case plan.Binary:
		fn := binaryFunctions[n.fn]
		in.binary = &fn
	case plan.Apply:
		fn := f.r.c.g.fns[n.fn][n.order]
		in.one = fn
		in.unary = func(dst, x []float64) { blas.Map(dst, x, fn) }
	default:
		name := n.fn
		if n.kind == kindCopy {
			name = "copy"
		}
		in.one, in.unary = unaryFunctions[name].one, unaryFunctions[name].many
	}
	if slices.Contains(f.t.stay, n) {
		in.out = f.r.slots[n]
		in.gaps = f.r.c.gaps(in.out)
	}
	in.dst = l.items
	f.item[n] = l.items
	l.items++
	l.code = append(l.code, in)
}

// flatten finds out whether rows and columns matter, and tiles must be square.
func (f *fuser) flatten() {
	l := f.l
	l.flat = true
	for _, ld := range l.loads {
		switch ld.from {
		case constant, number:
		case entries:
			if f.r.gapped(ld.ref) {
				l.flat = false
			}
		case turned:
			l.flat, l.square = false, true
		default:
			l.flat = false
		}
	}
	for _, in := range l.code {
		if in.gaps {
			l.flat = false
		}
	}
	for _, red := range l.reds {
		if red.kind == plan.RowSum || red.kind == plan.ColSum {
			l.flat = false
		}
	}
}

// gapped reports whether the memory of an operand has gaps between its rows.
func (r *region) gapped(f ref) bool { return f.shaping == asStored && r.c.gaps(f.slot) }

// registers gives each item that needs one a tile of memory.
func (f *fuser) registers() {
	l := f.l
	last := make([]int, l.items) // the last instruction that reads an item
	for k, in := range l.code {
		last[in.x] = k
		if in.y >= 0 {
			last[in.y] = k
		}
	}
	var spare []int
	take := func() int {
		if n := len(spare); n > 0 {
			k := spare[n-1]
			spare = spare[:n-1]
			return k
		}
		l.tiles++
		return l.tiles - 1
	}
	held := make([]int, l.items)
	for i := range held {
		held[i] = -1
	}
	if !l.flat {
		for i := range l.loads {
			ld := &l.loads[i]
			if ld.from == constant || ld.from == number {
				continue
			}
			ld.tile = take()
			if ld.from != acrossCols { // which stays from tile to tile
				held[i] = ld.tile
			}
		}
	}
	for k := range l.code {
		in := &l.code[k]
		free := func(i int) {
			if i >= 0 && last[i] == k && held[i] >= 0 {
				spare = append(spare, held[i])
				held[i] = -1
			}
		}
		free(in.x)
		free(in.y)
		if in.red >= 0 {
			continue
		}
		if in.out < 0 || !l.flat {
			in.tile = take()
			held[in.dst] = in.tile
			if last[in.dst] <= k {
				free(in.dst)
				if held[in.dst] >= 0 {
					spare = append(spare, held[in.dst])
					held[in.dst] = -1
				}
			}
		}
	}
}

// stealable reports whether the result out may be stored in the memory of operand in,
// which nothing else reads afterwards: every instruction that reads it runs before out
// is written, or writes it.
func (t *task) stealable(in, out *node, slots map[*node]int) bool {
	if t.loop == nil || !out.entrywise() {
		return false
	}
	writer := -1
	for k, c := range t.loop.code {
		if c.out >= 0 && c.out == slots[out] {
			writer = k
		}
	}
	if writer < 0 || t.loop.code[writer].gaps {
		return false
	}
	for i, ld := range t.loop.loads {
		if ld.from == constant || ld.from == identity || ld.ref.slot != slots[in] {
			continue
		}
		if ld.from != entries || ld.ref.shaping == fixed && ld.ref.trans {
			return false
		}
		for k, c := range t.loop.code {
			if (c.x == i || c.y == i) && k > writer {
				return false
			}
		}
	}
	return true
}
