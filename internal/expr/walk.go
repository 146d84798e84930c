package expr

import "maps"

// Walk calls f for n and every node below it, each once, a node before its operands.
func Walk(n *Node, f func(*Node)) {
	seen := map[*Node]bool{}
	var visit func(n *Node)
	visit = func(n *Node) {
		if seen[n] {
			return
		}
		seen[n] = true
		f(n)
		for _, a := range n.Args {
			visit(a)
		}
	}
	visit(n)
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
