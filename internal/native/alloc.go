package native

import (
	"slices"

	"example.com/nabla/internal/plan"
)

// schedule chooses the order of the tasks: each after what it reads, in order of first
// need from the results on. Of two such orders it keeps the one with less memory.
func (r *region) schedule() {
	for _, t := range r.tasks {
		if t.body != nil {
			t.body.schedule()
		}
	}
	best, at := -1, 0
	var orders [2][]*task
	for k := range orders {
		orders[k] = r.depthFirst(k == 1)
		r.order = orders[k]
		if p := r.place(); best < 0 || p < best {
			best, at = p, k
		}
	}
	r.order = orders[at]
	r.peak = r.place()
	for n, k := range r.lent {
		s := &r.c.slots[r.slots[n]]
		s.kind, s.param = inResult, k
	}
}

// depthFirst lists the tasks in order of first need; what a task reads last comes first
// if reversed.
func (r *region) depthFirst(reversed bool) []*task {
	var order []*task
	seen := make([]bool, len(r.tasks))
	var visit func(t *task)
	visit = func(t *task) {
		if seen[t.id] {
			return
		}
		seen[t.id] = true
		for i := range t.reads {
			if reversed {
				i = len(t.reads) - 1 - i
			}
			visit(r.of[t.reads[i]])
		}
		order = append(order, t)
	}
	for _, n := range r.outs {
		if t := r.of[n]; t != nil {
			visit(t)
		}
	}
	for _, t := range r.tasks {
		visit(t)
	}
	return order
}

// An interval is memory in use.
type interval struct{ off, size int }

// An arena hands out memory, from the smallest gap that is large enough.
type arena struct {
	used []interval // by offset
	peak int
}

// align keeps buffers apart by whole cache lines.
const align = 8

func (a *arena) take(size int) int {
	size = (size + align - 1) / align * align
	at, off, best := len(a.used), 0, -1
	end := 0
	for i, u := range a.used {
		if gap := u.off - end; gap >= size && (best < 0 || gap < best) {
			best, at, off = gap, i, end
		}
		end = max(end, u.off+u.size)
	}
	if best < 0 {
		off = end
	}
	a.used = slices.Insert(a.used, at, interval{off, size})
	a.peak = max(a.peak, off+size)
	return off
}

func (a *arena) drop(off int) {
	for i, u := range a.used {
		if u.off == off && u.size > 0 {
			a.used = slices.Delete(a.used, i, i+1)
			return
		}
	}
}

// place gives what the tasks compute, in their order, offsets in the region's memory,
// and returns how many entries of memory that takes. A result may take the place of an
// operand that nobody needs any more.
func (r *region) place() int {
	last := map[*node]int{}
	for k, t := range r.order {
		for _, n := range t.stay {
			last[n] = max(last[n], k)
		}
		for _, n := range t.reads {
			last[n] = k
		}
	}
	for _, n := range r.outs {
		last[n] = len(r.order)
	}
	var a arena
	slots := r.c.slots
	r.lend(last)
	ours := func(n *node) *slot {
		k, ok := r.slots[n]
		if _, lent := r.lent[n]; lent || !ok || slots[k].kind != inArena || slots[k].size == 0 {
			return nil
		}
		return &slots[k]
	}
	for k, t := range r.order {
		taken := map[*node]bool{}
		for _, n := range t.stay {
			s := ours(n)
			if s == nil {
				continue
			}
			stolen := false
			for _, m := range t.reads {
				o := ours(m)
				if o == nil || last[m] != k || taken[m] || o.size != s.size || !r.c.inPlace || !r.mayTake(t, m, n) {
					continue
				}
				s.off, stolen, taken[m] = o.off, true, true
				break
			}
			if !stolen {
				s.off = a.take(s.size)
			}
		}
		for _, i := range t.temps {
			slots[i].off = a.take(slots[i].size)
		}
		if b := t.inner(); b != nil && b.peak > 0 {
			t.bodyAt = a.take(b.peak)
			a.drop(t.bodyAt)
		}
		for _, i := range t.temps {
			a.drop(slots[i].off)
		}
		for _, list := range [][]*node{t.reads, t.stay} {
			for _, n := range list {
				if s := ours(n); s != nil && last[n] == k && !taken[n] {
					a.drop(s.off)
				}
			}
		}
	}
	return a.peak
}

// lend finds what can be computed in the memory of a result, which is idle until the
// result is: an operand that the result may be stored over, an operand of that, and so
// on.
func (r *region) lend(last map[*node]int) {
	r.lent = map[*node]int{}
	if r.outer != nil || !r.c.inPlace {
		return
	}
	for k := len(r.order) - 1; k >= 0; k-- {
		t := r.order[k]
		for _, n := range t.stay {
			s := r.c.slots[r.slots[n]]
			result, ok := r.lent[n]
			if s.kind == inResult {
				result, ok = s.param, true
			}
			if !ok {
				continue
			}
			for _, m := range t.reads {
				slot, here := r.slots[m]
				if !here {
					continue
				}
				o := r.c.slots[slot]
				_, lent := r.lent[m]
				if !lent && o.kind == inArena && o.size == s.size && last[m] == k && r.mayTake(t, m, n) {
					r.lent[m] = result
					break
				}
			}
		}
	}
}

// mayTake reports whether the task can store out in the memory of its operand in.
func (r *region) mayTake(t *task, in, out *node) bool {
	if t.looping {
		return t.stealable(in, out, r.slots)
	}
	if t.pass != nil {
		return false // other blocks read it
	}
	from := 0
	switch out.kind {
	case plan.LU, plan.Cholesky, plan.Softmax:
	case plan.Solve:
		from = 1
	default:
		return false
	}
	for i, a := range out.args {
		if (a.n == in) != (i == from) {
			return false
		}
	}
	return true
}

// inner returns the region that runs as a part of the task, in the same memory, or nil.
func (t *task) inner() *region {
	if t.pass != nil && t.pass.serial {
		return t.pass.region
	}
	return t.body
}

// settle turns offsets in the region's memory to those in the memory it is part of.
func (r *region) settle(base int) {
	for _, t := range r.tasks {
		for _, n := range t.stay {
			if s := &r.c.slots[r.slots[n]]; s.kind == inArena {
				s.off += base
			}
		}
		for _, i := range t.temps {
			r.c.slots[i].off += base
		}
		if b := t.inner(); b != nil {
			b.settle(base + t.bodyAt)
		}
	}
}
