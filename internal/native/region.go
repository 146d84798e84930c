package native

import (
	"slices"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/plan"
)

// A region is straight-line code: the whole program, one pass over the samples, which
// computes a block of them, or the body of a SumOver.
type region struct {
	c      *compiler
	outer  *region // nil for the program
	pass   *pass   // not nil for a pass
	number int     // of the pass
	index  *expr.Index
	block  int // most samples of a block

	nodes  []*node // what is computed here, in an order that fits
	outs   []*node // what is used outside
	reads  []*node // what is used here and computed outside
	slots  map[*node]int
	slices map[slice]int
	tasks  []*task
	of     map[*node]*task
	order  []*task
	peak   int // entries of memory
	count  map[*node]int
	lent   map[*node]int // nodes in the memory of a result, see lend
}

// A task is a step and what it computes.
type task struct {
	id      int
	nodes   []*node
	reads   []*node // computed by other tasks of the region
	stay    []*node // of nodes: what others use, so that it needs memory
	body    *region // SumOver
	pass    *pass   // a pass, whose nodes are those that it leaves
	temps   []int   // slots that are used while it runs
	looping bool    // its nodes are fusible
	bodyAt  int     // where the memory of the inner region is
	loop    *loop
	step    step
}

// A slice is the block of a slot that is at hand.
type slice struct {
	slot       int
	shaping    shaping
	rows, cols int
	axis       int
}

// owns reports whether the region computes the node, and not its surroundings.
func (r *region) owns(n *node) bool {
	switch {
	case n.kind == plan.Param || n.kind == kindConst:
		return false
	case r.index != nil:
		return n.inLoop(r.index)
	case r.pass != nil:
		if n.ends {
			return n.level == r.number+1
		}
		return n.form == along && len(n.loops) == 0 && !(n.stored && n.level < r.number)
	}
	return len(n.loops) == 0 && n.form == free
}

// collect finds what must be computed for the nodes outs.
func (r *region) collect(outs []*node) {
	r.outs = outs
	r.slots, r.slices, r.of = map[*node]int{}, map[slice]int{}, map[*node]*task{}
	seen := map[*node]bool{}
	var visit func(n *node)
	visit = func(n *node) {
		if n == nil || seen[n] || n.kind == kindConst {
			return
		}
		seen[n] = true
		if r.outer == nil && (n.ends || n.form == along && n.kind != plan.Param) {
			// A pass computes it, or stores it.
			k := n.level
			if n.ends {
				k--
			}
			for _, m := range r.c.passes[k].reads {
				visit(m)
			}
			if n.ends {
				r.nodes = append(r.nodes, n)
			}
			return
		}
		if !r.owns(n) {
			r.reads = append(r.reads, n)
			return
		}
		if n.kind == plan.SumOver {
			for _, m := range r.bodyOf(n).reads {
				visit(m)
			}
		} else {
			for _, a := range n.args {
				visit(a.n)
			}
		}
		r.nodes = append(r.nodes, n)
	}
	for _, n := range outs {
		visit(n)
	}
}

// bodyOf returns the region that sums over the index of n.
func (r *region) bodyOf(n *node) *region {
	key := bodyKey{r, n}
	if b := r.c.bodies[key]; b != nil {
		return b
	}
	b := &region{c: r.c, outer: r, index: n.index, block: r.block}
	b.collect([]*node{n.args[0].n})
	r.c.bodies[key] = b
	return b
}

type bodyKey struct {
	r *region
	n *node
}

// form cuts the region into tasks.
func (r *region) form(eager, single bool) {
	r.tasks = nil
	clear(r.of)
	passes := map[int]*task{}
	for _, n := range r.nodes {
		var t *task
		switch {
		case r.outer == nil && n.ends:
			t = r.passTask(passes, n.level-1)
		case r.fusible(n) && !single:
			t = r.fuse(n, eager)
		case !single:
			t = r.pair(n)
		}
		if t == nil {
			t = r.newTask()
			t.nodes, t.looping = []*node{n}, r.fusible(n)
			if n.kind == plan.SumOver {
				t.body = r.bodyOf(n)
				t.body.form(eager, single)
			}
		}
		r.of[n] = t
	}
	if r.outer == nil {
		// Passes that end nothing store something.
		for k := range r.c.passes {
			r.passTask(passes, k)
		}
	}
	r.link()
}

func (r *region) newTask() *task {
	t := &task{id: len(r.tasks)}
	r.tasks = append(r.tasks, t)
	return t
}

func (r *region) passTask(passes map[int]*task, k int) *task {
	t := passes[k]
	if t == nil {
		t = r.newTask()
		t.pass = r.c.passes[k]
		t.nodes = t.pass.leaves
		for _, n := range t.nodes {
			r.of[n] = t
		}
		passes[k] = t
	}
	return t
}

// inputs calls f for every node that a task or node uses directly.
func (r *region) inputs(t *task, f func(n *node)) {
	switch {
	case t.pass != nil:
		for _, n := range t.pass.reads {
			f(n)
		}
	case t.body != nil:
		for _, n := range t.body.reads {
			f(n)
		}
	default:
		for _, n := range t.nodes {
			for _, a := range n.args {
				if a.n != nil {
					f(a.n)
				}
			}
		}
	}
}

// link finds what tasks read and what they leave for others.
func (r *region) link() {
	stay := map[*node]bool{}
	for _, n := range r.outs {
		stay[n] = true
	}
	live := r.tasks[:0]
	for _, t := range r.tasks {
		if len(t.nodes) == 0 {
			continue
		}
		t.id = len(live)
		live = append(live, t)
		t.reads = nil
		r.inputs(t, func(n *node) {
			if s := r.of[n]; s != nil && s != t {
				stay[n] = true
				if !slices.Contains(t.reads, n) {
					t.reads = append(t.reads, n)
				}
			}
		})
	}
	r.tasks = live
	for _, t := range r.tasks {
		t.stay = nil
		for _, n := range t.nodes {
			if stay[n] || t.body != nil || t.pass != nil {
				t.stay = append(t.stay, n)
			}
		}
	}
}

// fusible reports whether the node can be one of several in a loop.
func (r *region) fusible(n *node) bool {
	return !r.turning(n) && (n.entrywise() || n.reducing()) && !(n.entrywise() && n.rank == 0)
}

// turning reports whether the node is the transpose of a square matrix that is made in the
// memory of that matrix if it can be.
func (r *region) turning(n *node) bool {
	if n.kind != kindCopy || !r.c.g.thrifty || n.rows != n.cols || n.rows == 1 || n.form != free {
		return false
	}
	a := n.args[0]
	return a.trans && a.spread == whole && a.shaping == asStored
}

// domain returns the rows and columns that a loop for n runs over.
func domain(n *node) (rows, cols int) {
	if n.entrywise() {
		return n.rows, n.cols
	}
	return n.args[0].rows, n.args[0].cols
}

// uses counts the users of each node in the region, and outside.
func (r *region) uses() map[*node]int {
	count := map[*node]int{}
	for _, n := range r.nodes {
		if n.kind == plan.SumOver {
			for _, m := range r.bodyOf(n).reads {
				count[m]++
			}
			continue
		}
		if n.ends && r.outer == nil {
			continue
		}
		for i, a := range n.args {
			if a.n != nil && !slices.ContainsFunc(n.args[:i], func(b operand) bool { return b.n == a.n }) {
				count[a.n]++
			}
		}
	}
	for _, p := range r.c.passes {
		if r.outer == nil {
			for _, n := range p.reads {
				count[n]++
			}
		}
	}
	for _, n := range r.outs {
		count[n]++
	}
	return count
}

const largestLoop = 48

// fuse returns the task whose loop n can be part of, or nil. Without eager, n must be
// what alone uses an operand, or a reduction to something smaller.
func (r *region) fuse(n *node, eager bool) *task {
	if r.count == nil {
		r.count = r.uses()
	}
	rows, cols := domain(n)
	var groups []*task
	for _, a := range n.args {
		if a.n == nil || a.spread != whole || a.trans || a.shaping != asStored || !r.fusible(a.n) || !a.n.entrywise() {
			continue
		}
		t := r.of[a.n]
		if t == nil || !t.isLoop() || slices.Contains(groups, t) || len(t.nodes) >= largestLoop {
			continue
		}
		if dr, dc := domain(a.n); dr != rows || dc != cols || domainAxis(t.nodes[0]) != domainAxis(n) {
			continue
		}
		if !eager && r.count[a.n] > 1 && !(n.reducing() && n.size() < a.n.size()) {
			continue
		}
		groups = append(groups, t)
	}
	// Every other operand, and every other group, must be there before the loop runs.
	for len(groups) > 0 {
		bad := r.late(n, groups)
		if bad < 0 {
			break
		}
		groups = slices.Delete(groups, bad, bad+1)
	}
	if len(groups) == 0 {
		return nil
	}
	t := groups[0]
	for _, g := range groups[1:] {
		for _, m := range g.nodes {
			r.of[m] = t
		}
		t.nodes = append(t.nodes, g.nodes...)
		g.nodes = nil
	}
	slices.SortFunc(t.nodes, func(a, b *node) int { return a.id - b.id })
	t.nodes = append(t.nodes, n)
	return t
}

// pair returns the task of the other of a softmax and a log-sum-exp of the same
// operand, which share the exponentials, or nil.
func (r *region) pair(n *node) *task {
	if n.kind != plan.Softmax && n.kind != plan.LogSumExp || n.ends {
		return nil
	}
	for _, t := range r.tasks {
		if len(t.nodes) != 1 {
			continue
		}
		m := t.nodes[0]
		if (m.kind == plan.Softmax || m.kind == plan.LogSumExp) && m.kind != n.kind && !m.ends && m.axis == n.axis &&
			m.args[0] == n.args[0] && m.axes[0] == n.axes[0] {
			t.nodes = append(t.nodes, n)
			if n.kind == plan.Softmax {
				t.nodes[0], t.nodes[1] = n, m
			}
			return t
		}
	}
	return nil
}

// isLoop reports whether the task is a loop.
func (t *task) isLoop() bool {
	return t.body == nil && t.pass == nil && len(t.nodes) > 0 && t.looping
}

// domainAxis returns the axis of the domain of a loop for n that runs over the
// samples, or noAxis.
func domainAxis(n *node) int {
	if n.entrywise() {
		if n.form == along {
			return n.over
		}
		return noAxis
	}
	for i, a := range n.args {
		switch axis := n.axes[i]; {
		case axis == noAxis:
		case a.spread == byRow:
			return 0
		case a.spread == byCol:
			return 1
		case a.trans:
			return 1 - axis
		default:
			return axis
		}
	}
	return noAxis
}

// late returns the index of a group that something n or another group needs depends
// on, or −1.
func (r *region) late(n *node, groups []*task) int {
	seen := map[*task]bool{}
	var upstream func(t *task) int
	upstream = func(t *task) int {
		found := -1
		seen[t] = true
		r.inputs(t, func(m *node) {
			s := r.of[m]
			if s == nil || s == t || found >= 0 {
				return
			}
			if i := slices.Index(groups, s); i >= 0 {
				found = i
			} else if !seen[s] {
				found = upstream(s)
			}
		})
		return found
	}
	for _, a := range n.args {
		t := r.of[a.n]
		if t == nil {
			continue
		}
		if i := slices.Index(groups, t); i >= 0 {
			if n.once > 0 && n.args[n.once-1].n == a.n || a.spread != whole || a.trans || a.shaping != asStored {
				return i // used in another order than the loop's
			}
			continue
		}
		if seen[t] {
			continue
		}
		if i := upstream(t); i >= 0 {
			return i
		}
	}
	for _, g := range groups {
		if i := upstream(g); i >= 0 {
			return i
		}
	}
	return -1
}
