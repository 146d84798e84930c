package expr

import "slices"

// FreeIndices returns the indices that n is one member for each value of: those of
// members and index values that no sum around them has, in order of occurrence.
func FreeIndices(n *Node) []*Index { return FreeIndicesIn(n, map[*Node][]*Index{}) }

// FreeIndicesIn is FreeIndices with a memory of the nodes that were looked at, for many
// nodes of one DAG.
func FreeIndicesIn(n *Node, memo map[*Node][]*Index) []*Index {
	if f, ok := memo[n]; ok {
		return f
	}
	var list []*Index
	if n.Op.Name == OpMember || n.Op.Name == OpIndex {
		list = append(list, n.Index)
	}
	for _, a := range n.Args {
		for _, i := range FreeIndicesIn(a, memo) {
			if !slices.Contains(list, i) && !(n.Op.Name == OpSumOver && n.Index == i) {
				list = append(list, i)
			}
		}
	}
	memo[n] = list
	return list
}

// Reindex returns n with the free index from replaced by to. A sum that has the index to
// for its own gets another one.
func (b *Builder) Reindex(n *Node, from, to *Index) *Node {
	if from == to {
		return n
	}
	memo := map[*Node]*Node{}
	var put func(n *Node) *Node
	put = func(n *Node) *Node {
		if m := memo[n]; m != nil {
			return m
		}
		m := n
		switch {
		case n.Op.Name == OpMember && n.Index == from:
			m = b.Member(n.Sym, to)
		case n.Op.Name == OpIndex && n.Index == from:
			m = b.IndexValue(to)
		case n.Op.Name == OpSumOver && n.Index == from:
		case n.Op.Name == OpSumOver && n.Index == to && slices.Contains(FreeIndices(n), from):
			own := b.NewIndex(b.freshIndex(to.Name), to.Size)
			m = b.SumOver(own, put(b.Reindex(n.Args[0], to, own)))
		default:
			c := *n
			c.Args = slices.Clone(n.Args)
			for i, a := range c.Args {
				c.Args[i] = put(a)
			}
			if !slices.Equal(c.Args, n.Args) {
				m = b.Intern(c)
			}
		}
		memo[n] = m
		return m
	}
	return put(n)
}

// freshIndex is a name that no index has.
func (b *Builder) freshIndex(name string) string {
	for slices.ContainsFunc(b.indices, func(i *Index) bool { return i.Name == name }) {
		name += "′"
	}
	return name
}
