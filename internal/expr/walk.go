package expr

import (
	"maps"

	"example.com/nabla/internal/limit"
)

// Walk calls f for n and every node below it, each once, a node before its operands.
func Walk(n *Node, f func(*Node)) {
	seen := map[*Node]bool{}
	var visit func(n *Node, depth int)
	visit = func(n *Node, depth int) {
		if seen[n] {
			return
		}
		limit.Rest(depth)
		seen[n] = true
		f(n)
		for _, a := range n.Args {
			visit(a, depth+1)
		}
	}
	visit(n, 0)
}

// Replace returns n with others put in for some of the nodes below it, which have
// their shapes. What is put in is not looked into.
func (b *Builder) Replace(n *Node, by map[*Node]*Node) *Node {
	memo := maps.Clone(by)
	if memo == nil {
		memo = map[*Node]*Node{}
	}
	var put func(n *Node) *Node
	put = func(n *Node) *Node {
		if m := memo[n]; m != nil {
			return m
		}
		b.Limit.Step(2)
		m := n
		args := make([]*Node, len(n.Args))
		changed := false
		for i, a := range n.Args {
			args[i] = put(a)
			changed = changed || args[i] != a
		}
		if changed {
			c := *n
			c.Args = args
			m = b.Intern(c)
		}
		memo[n] = m
		return m
	}
	return put(n)
}
