package native

import (
	"example.com/nabla/internal/plan"
)

// A mat is memory seen as a matrix, row after row, ld apart; a vector has one column.
type mat struct {
	data           []float64
	rows, cols, ld int
}

// A ref is a slot as an operand sees it.
type ref struct {
	slot       int
	trans      bool
	shaping    shaping
	rows, cols int // of memory shaped as fixed
}

// view returns the memory of an operand; trans is for the caller to see to.
func (w *worker) view(r ref) mat {
	m := w.mats[r.slot]
	switch {
	case r.shaping == asStored:
		return m
	case r.shaping == column || r.cols == 1:
		n := m.rows * m.cols
		return mat{m.data, n, 1, 1}
	case r.rows == 1:
		n := m.rows * m.cols
		return mat{m.data, 1, n, n}
	}
	return mat{m.data, r.rows, r.cols, r.cols}
}

// A slotKind says where the memory of a slot is.
type slotKind uint8

const (
	inArena  slotKind = iota // of the program or of a worker
	inParam                  // an argument
	inResult                 // an array that is returned
	inSlice                  // a block of another slot
	inSum                    // an accumulator of a worker, or where a sum stays
	inMember                 // set while the program runs
	inConst                  // a number
)

// A slot is memory of a worker by number.
type slot struct {
	kind       slotKind
	rows, cols int
	axis       int // the axis that has as many entries as the block at hand, or noAxis
	size       int // entries of memory
	off        int // in its arena
	worker     bool
	param      int // argument or result
	of         slice
	c          float64
	n          *node
}

func (c *compiler) addSlot(s slot) int {
	c.slots = append(c.slots, s)
	return len(c.slots) - 1
}

// memory returns the rows, columns and entries of what a region computes of a node.
func (r *region) memory(n *node) (rows, cols, axis, size int) {
	rows, cols, axis = n.rows, n.cols, noAxis
	if n.form == along && r.inPass() {
		axis = n.over
		if axis == 0 {
			rows = r.block
		} else {
			cols = r.block
		}
	}
	size = rows * cols
	if n.kind == plan.Norm {
		size = 2 // a norm while it accumulates
	}
	return rows, cols, axis, size
}

// inPass reports whether the region or one around it is a pass.
func (r *region) inPass() bool {
	for ; r != nil; r = r.outer {
		if r.pass != nil {
			return true
		}
	}
	return false
}

// ofWorker reports whether the region's memory is one of each worker's own.
func (r *region) ofWorker() bool { return r.inPass() && !r.c.serial }

// giveSlots gives the nodes that need memory their slots.
func (r *region) giveSlots() {
	for _, t := range r.tasks {
		for _, n := range t.stay {
			s := r.slotFor(n)
			r.slots[n] = r.c.addSlot(s)
			if s.kind == inSlice {
				r.pass.slices = append(r.pass.slices, r.slots[n])
			}
		}
		if t.body != nil {
			t.body.giveSlots()
		}
	}
}

func (r *region) slotFor(n *node) slot {
	rows, cols, axis, size := r.memory(n)
	s := slot{rows: rows, cols: cols, axis: axis, size: size, n: n, worker: r.ofWorker()}
	switch {
	case n.kind == plan.Member:
		s.kind, s.size = inMember, 0
	case r.outer == nil:
		if k, ok := r.c.resultOf[n]; ok {
			s.kind, s.param = inResult, k
		}
	case r.pass != nil && n.ends:
		s.kind = inSum
		if n.kind == plan.LogSumExp {
			s.size = 2 * size
		}
	case r.pass != nil && n.stored:
		s.kind, s.of = inSlice, slice{slot: r.outer.slots[n], axis: n.over}
	}
	return s
}

// ref returns an operand whose memory is used in blocks along an axis, or whole.
func (r *region) ref(o operand, axis int) ref {
	rows, cols := o.stored()
	f := ref{trans: o.trans, shaping: o.shaping, rows: rows, cols: cols}
	if o.n.kind == kindConst {
		f.slot = r.c.constant(o.n)
		return f
	}
	if s, ok := r.slots[o.n]; ok {
		if axis != noAxis && o.n.form == free && r.inPass() {
			panic("native: a block of what the region computes as a whole")
		}
		f.slot = s
		return f
	}
	if r.pass == nil {
		if r.outer == nil {
			return r.param(o.n, f)
		}
		return r.outer.ref(o, axis)
	}
	f = r.outer.ref(o, noAxis)
	if axis == noAxis {
		return f
	}
	if o.n.form == along {
		if at, ok := blockAxis(o); ok && at == axis {
			f.slot = r.slice(slice{slot: f.slot, axis: o.n.over})
			return f
		}
	}
	f.slot = r.slice(slice{f.slot, f.shaping, f.rows, f.cols, axis})
	f.shaping = asStored
	return f
}

// blockAxis returns the axis of memory, as the operand shapes it, that runs over the
// samples.
func blockAxis(o operand) (int, bool) {
	o.spread = whole
	at, ok := seen(o)
	if o.trans {
		at = 1 - at
	}
	return at, ok
}

// param returns a parameter, which has its slot, or what a pass stores.
func (r *region) param(n *node, f ref) ref {
	s, ok := r.c.paramSlot[n]
	if !ok {
		panic("native: a value that no region computes")
	}
	f.slot = s
	return f
}

// slice returns the slot that is the block at hand of another one.
func (r *region) slice(of slice) int {
	if of.shaping == asStored {
		of.rows, of.cols = 0, 0
	}
	if s, ok := r.slices[of]; ok {
		return s
	}
	base := r.c.slots[of.slot]
	s := r.c.addSlot(slot{kind: inSlice, of: of, axis: of.axis, worker: r.ofWorker(), n: base.n})
	r.slices[of] = s
	r.pass.slices = append(r.pass.slices, s)
	return s
}

func (c *compiler) constant(n *node) int {
	if s, ok := c.constSlots[n]; ok {
		return s
	}
	s := c.addSlot(slot{kind: inConst, rows: 1, cols: 1, size: 1, c: n.c, axis: noAxis, n: n})
	c.constSlots[n] = s
	return s
}

// gaps reports whether the memory of a slot has gaps between its rows.
func (c *compiler) gaps(s int) bool {
	sl := &c.slots[s]
	if sl.kind != inSlice || sl.of.axis == 0 {
		return false
	}
	rows := c.slots[sl.of.slot].rows
	if sl.of.shaping == fixed {
		rows = sl.of.rows
	}
	return sl.of.shaping != column && rows != 1
}
