package native

import (
	"slices"

	"example.com/nabla/internal/plan"
)

// schedule chooses the order of the tasks: each after what it reads, in order of first
// need from the results on. Of such orders it keeps the first with the least memory.
func (r *region) schedule() {
	for _, t := range r.tasks {
		if t.body != nil {
			t.body.schedule()
		}
	}
	best := -1
	var order []*task
	for _, waits := range [][][]*task{make([][]*task, len(r.tasks)), r.waits()} {
		for _, reversed := range []bool{false, true} {
			r.order = r.depthFirst(waits, reversed)
			if p := r.place(); best < 0 || p < best {
				best, order = p, r.order
			}
		}
	}
	r.order = order
	r.peak = r.place()
	for n, k := range r.lent {
		s := &r.c.slots[r.slots[n]]
		s.kind, s.param = inResult, k
	}
}

// depthFirst lists the tasks in order of first need, each after those it waits for; what a
// task reads last comes first if reversed.
func (r *region) depthFirst(waits [][]*task, reversed bool) []*task {
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
		for _, u := range waits[t.id] {
			visit(u)
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

// manyTasks is the number of tasks from which nothing waits: to find out what would takes
// the third power of it.
const manyTasks = 200

// waits returns for each task which others come before it so that it can store a result in
// the memory of an operand: those that read that operand, too.
func (r *region) waits() [][]*task {
	list := make([][]*task, len(r.tasks))
	if len(r.tasks) > manyTasks || !r.c.inPlace {
		return list
	}
	var needs func(t, u *task, seen []bool) bool
	needs = func(t, u *task, seen []bool) bool { // whether t comes after u
		if t == u {
			return true
		}
		if seen[t.id] {
			return false
		}
		seen[t.id] = true
		for _, n := range t.reads {
			if needs(r.of[n], u, seen) {
				return true
			}
		}
		for _, v := range list[t.id] {
			if needs(v, u, seen) {
				return true
			}
		}
		return false
	}
	for _, t := range r.tasks {
		for _, n := range t.stay {
			for _, m := range t.reads {
				if r.c.slots[r.slots[m]].size != r.c.slots[r.slots[n]].size || !r.mayTake(t, m, n) {
					continue
				}
				var others []*task
				free := !slices.Contains(r.outs, m)
				for _, u := range r.tasks {
					if u != t && slices.Contains(u.reads, m) {
						others = append(others, u)
						free = free && !needs(u, t, make([]bool, len(r.tasks)))
					}
				}
				if free {
					list[t.id] = append(list[t.id], others...)
					break
				}
			}
		}
	}
	return list
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
	r.borrow(last)
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

// borrow finds what else can be in the memory of a result before anything else is: the
// largest first.
func (r *region) borrow(last map[*node]int) {
	if r.outer != nil || !r.c.inPlace {
		return
	}
	type span struct{ from, to, result int }
	var busy []span
	type waiting struct {
		n    *node
		from int
		size int
	}
	var list []waiting
	slots := r.c.slots
	for k, t := range r.order {
		for _, n := range t.stay {
			s := slots[r.slots[n]]
			result, lent := r.lent[n]
			switch {
			case lent:
				busy = append(busy, span{k, last[n], result})
			case s.kind == inResult:
				busy = append(busy, span{k, len(r.order), s.param})
			case s.kind == inArena && s.size > 0:
				list = append(list, waiting{n, k, s.size})
			}
		}
	}
	slices.SortStableFunc(list, func(a, b waiting) int { return b.size - a.size })
	var results []slot
	for n, k := range r.c.resultOf {
		if s := slots[r.slots[n]]; s.kind == inResult && s.param == k {
			results = append(results, s)
		}
	}
	slices.SortFunc(results, func(a, b slot) int { return a.param - b.param })
	for _, w := range list {
		for _, s := range results {
			if s.size < w.size || slices.ContainsFunc(busy, func(b span) bool {
				return b.result == s.param && w.from <= b.to && b.from <= last[w.n]
			}) {
				continue
			}
			r.lent[w.n] = s.param
			busy = append(busy, span{w.from, last[w.n], s.param})
			break
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
	case plan.Inverse:
		if in.kind == plan.LU && !r.c.g.thrifty {
			return false // it takes longer
		}
	case kindCopy: // a step by itself where it turns a square matrix, see turning
	case plan.Solve:
		from = 1
	case plan.MatMul:
		if out.onto == 0 {
			return false
		}
		from = out.onto
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
