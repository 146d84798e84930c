package print

import (
	"slices"
	"strconv"

	"example.com/nabla/internal/expr"
)

// within reports whether the tree of n has at most limit nodes. It stops as
// soon as it has seen more.
func (w *writer) within(n *expr.Node, limit int) bool {
	left := limit
	var walk func(n *expr.Node)
	walk = func(n *expr.Node) {
		if left--; left < 0 {
			return
		}
		if len(w.names) > 0 && n != w.root {
			if _, named := w.names[n]; named {
				return
			}
		}
		if len(n.Args) > 2 {
			left -= len(n.Args) - 2 // an n-ary operator is written n − 1 times
		}
		for _, a := range n.Args {
			walk(a)
		}
	}
	walk(n)
	return left >= 0
}

// A part is a node that gets a name.
type part struct {
	node *expr.Node
	name string
}

// minSaving is what a name must save in tokens: the definition costs two, and a
// name that saves nearly nothing is harder to read than what it stands for.
const minSaving = 4

// plan chooses the parts of n that get names, in an order in which each is
// defined before it is used. A node whose text is needed u times and costs c
// tokens, with the parts below it already named, saves (u − 1)(c − 1) tokens.
// What stays unnamed is either used once or of bounded length, so that the
// whole text is linear in the number of nodes. A node that costs large tokens or
// more gets a name however often it is used; 0 means none.
func (w *writer) plan(root *expr.Node, large int32) []part {
	w.limit.Fits(24 * root.ID)
	nodes := w.reachable(root)
	uses := make([]int32, root.ID+1)
	for _, n := range nodes {
		for _, a := range n.Args {
			uses[a.ID]++
		}
	}
	for _, n := range slices.Backward(nodes) {
		if transparent(n) {
			uses[n.Args[0].ID] += uses[n.ID] - 1
		}
	}
	open := openIndices(nodes, root.ID+1)
	cost := make([]int32, root.ID+1)
	taken := map[string]bool{}
	for _, n := range nodes {
		if n.Sym != nil {
			taken[n.Sym.Name] = true
		}
	}
	for _, name := range w.names {
		taken[name] = true
	}
	for _, name := range w.options.Reserved {
		taken[name] = true
	}
	var parts []part
	for _, n := range nodes {
		if _, named := w.names[n]; named && n != w.root {
			cost[n.ID] = 1
			continue
		}
		c := int32(max(len(n.Args)-1, 1))
		for _, a := range n.Args {
			c += cost[a.ID]
		}
		cost[n.ID] = c
		if n == root || transparent(n) || open[n.ID] != 0 ||
			(uses[n.ID] < 2 || (uses[n.ID]-1)*(c-1) < minSaving) && (large == 0 || c < large) {
			continue
		}
		cost[n.ID] = 1
		parts = append(parts, part{n, w.freshName(n, len(parts)+1, taken)})
	}
	return parts
}

// transparent reports whether n is so light a form of its operand that the
// operand gets the name instead.
func transparent(n *expr.Node) bool { return n.Op.Name == expr.OpT || n.Op.Name == expr.OpNeg }

// openIndices returns for each node, by ID, the indices that occur in it outside
// their sum, as a bit mask. Such a part has no meaning outside that sum. Indices
// from the 64th on share the last bit, which no sum clears.
func openIndices(nodes []*expr.Node, limit int) []uint64 {
	open := make([]uint64, limit)
	bit := func(i *expr.Index) uint64 { return 1 << min(i.Ordinal, 63) }
	for _, n := range nodes {
		m := uint64(0)
		for _, a := range n.Args {
			m |= open[a.ID]
		}
		switch {
		case n.Op.Name == expr.OpMember || n.Op.Name == opIndex:
			m |= bit(n.Index)
		case n.Op.Name == expr.OpSumOver && n.Index.Ordinal < 63:
			m &^= bit(n.Index)
		}
		open[n.ID] = m
	}
	return open
}

// reachable returns the nodes below and including root, by ID; arguments come
// before what uses them.
func (w *writer) reachable(root *expr.Node) []*expr.Node {
	seen := make([]bool, root.ID+1)
	var nodes []*expr.Node
	var walk func(n *expr.Node)
	walk = func(n *expr.Node) {
		if seen[n.ID] {
			return
		}
		seen[n.ID] = true
		w.limit.Step(2)
		if _, named := w.names[n]; !named || n == w.root {
			for _, a := range n.Args {
				walk(a)
			}
		}
		nodes = append(nodes, n)
	}
	walk(root)
	return nodes
}

// freshName returns T1, T2, … for matrices, t… for vectors and rows, s… for
// scalars: a name that nothing else has.
func (w *writer) freshName(n *expr.Node, number int, taken map[string]bool) string {
	letter := "t"
	switch {
	case n.Shape.IsScalar():
		letter = "s"
	case n.Shape.IsMatrix():
		letter = "T"
	}
	for suffix := ""; ; suffix += "_" {
		name := letter + suffix + strconv.Itoa(number)
		if !taken[name] && !w.reserved(name) {
			taken[name] = true
			return name
		}
	}
}

// reserved reports whether the program has a variable or a size of that name.
func (w *writer) reserved(name string) bool {
	b := w.options.Builder
	if b == nil {
		return false
	}
	if b.LookupSize(name) != nil {
		return true
	}
	return slices.ContainsFunc(b.Symbols(), func(s *expr.Symbol) bool { return s.Name == name })
}
