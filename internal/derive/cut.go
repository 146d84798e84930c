package derive

import (
	"slices"
	"strings"
	"unicode/utf8"

	"example.com/nabla/internal/expr"
)

// A tooWide is the panic value where a line is longer than a reader can take in.
type tooWide struct{ text string }

func (t *tooWide) Error() string { return "a line is too long: " + t.text }

// cut names a part of the longest body: of the sub-expressions that vary, the one
// whose name shortens the body most while its own body stays shorter than the
// rest. It reports whether there was one.
func (p *deriver) cut(least int) bool {
	k, longest := -1, 0
	for i, q := range p.parts {
		if n := utf8.RuneCountInString(p.text(q.body)); n > longest && p.best(q.body, least) != nil {
			k, longest = i, n
		}
	}
	if k < 0 {
		return false
	}
	n := p.best(p.parts[k].body, least)
	q := &part{body: n, tool: true, index: p.freeIndex(n)}
	q.sym = p.newSymbol(n.Shape, q.index)
	letter := "t"
	if n.Shape.IsMatrix() {
		letter = "T"
	}
	q.name = p.freshName(n.Shape, letter)
	q.sym.Name = q.name
	q.sym.Facts = p.symmetryOf(n)
	p.moving[q.sym] = p.varies(n)
	p.dep = map[*expr.Node]bool{}
	with := map[*expr.Node]*expr.Node{n: p.operand(q)}
	for _, o := range p.parts {
		o.body = p.b.Replace(o.body, with)
	}
	p.parts = slices.Insert(p.parts, p.firstUse(q), q)
	return true
}

// firstUse is the place of a new part: before all that mention it.
func (p *deriver) firstUse(q *part) int {
	return slices.IndexFunc(p.parts, func(o *part) bool { return p.occurs(o.body, q.sym) })
}

// best is the sub-expression that a name would help most, or nil.
func (p *deriver) best(root *expr.Node, least int) *expr.Node {
	count := map[*expr.Node]int{}
	inner := map[*expr.Node]bool{} // operands of functions: where a person cuts
	var nodes []*expr.Node
	var walk func(n *expr.Node)
	walk = func(n *expr.Node) {
		if count[n]++; count[n] > 1 {
			return
		}
		nodes = append(nodes, n)
		for _, a := range n.Args {
			c := n.Op.Class
			inner[a] = inner[a] || c == expr.Elementwise || c == expr.Core || n.Op.Name == expr.OpApply
			walk(a)
		}
	}
	walk(root)
	whole := p.size(root)
	var best *expr.Node
	score := 0
	for _, n := range nodes {
		if n == root || len(n.Args) == 0 || p.leaf(n) || len(p.freeIndices(n)) > 1 {
			continue
		}
		if n.Op.Name == expr.OpT || n.Op.Name == expr.OpNeg || n.Op.Name == expr.OpNum {
			continue
		}
		size := p.size(n)
		if size < least || size > whole-2 {
			continue
		}
		saved := (size - 1) * count[n]
		rest := whole - saved
		s := whole - max(rest, size) // the longer of the two bodies counts
		if p.varies(n) {
			s += s / 2
		}
		if inner[n] {
			s *= 2
		}
		if s > score {
			best, score = n, s
		}
	}
	return best
}

// size counts the nodes of the tree that n is written as.
func (p *deriver) size(n *expr.Node) int {
	s := 1
	for _, a := range n.Args {
		if s += p.size(a); s > 1<<20 {
			return s
		}
	}
	return s
}

// freshName is a name that nothing else has: the letter and a number. Scalars and
// vectors have small letters.
func (p *deriver) freshName(s expr.Shape, letter string) string {
	if !s.IsMatrix() {
		letter = strings.ToLower(letter)
	}
	taken := func(name string) bool {
		return slices.ContainsFunc(p.b.Symbols(), func(s *expr.Symbol) bool { return s.Name == name && p.live(s) }) ||
			p.b.Sizes.LookupSize(name) != nil || name == p.req.Name || slices.Contains(p.req.Taken, name) ||
			slices.ContainsFunc(p.req.Definitions, func(d Definition) bool { return d.Name == name })
	}
	for k := p.numbered[letter] + 1; ; k++ {
		if name := letter + itoa(k); !taken(name) {
			p.numbered[letter] = k
			return name
		}
	}
}

// live reports whether a symbol belongs to the program or to this attempt.
func (p *deriver) live(s *expr.Symbol) bool {
	return s.Ordinal < p.before || p.partOf(s) != nil || p.named[s]
}
