package raise

import (
	"encoding/binary"
	"slices"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/rat"
)

// Axes made of several classes. What reduction has left is a graph over the
// classes of the two axis lists (and interior classes that no rule could
// contract). Connected components make a Kronecker product, with commutation
// matrices where they cross; within a component (component.go)
//
//   - edges among row classes are diag(vec(·)) on the left, among column classes
//     on the right,
//   - rows that share one column class are a Khatri–Rao product,
//   - interior classes S cut the matrix in two: (rows × S) diag(·) (S × columns),
//   - anything else is a Hadamard product of matrices that are one factor each.

// A link is an edge of such a graph: a matrix with rows on class a and columns on
// class b, or a vector on a (b < 0).
type link struct {
	a, b int
	n    *expr.Node
}

func (l *link) has(c int) bool { return l.a == c || l.b == c }

// composite returns what is left of a graph as a matrix whose axes are lists of
// classes, outer first.
func (g *graph) composite(rows, cols []int) ([]*expr.Node, bool) {
	if !g.lay(rows, cols) {
		return nil, false
	}
	var links []link
	for i := range g.edges {
		if e := &g.edges[i]; e.a >= 0 {
			links = append(links, link{e.a, e.b, g.r.body(g.plain(e))})
		}
	}
	g.made = nil
	n := g.kronOf(rows, cols, links, g.hyper)
	g.made = nil
	if n.Shape.IsScalar() {
		g.r.mulScalar(&g.p, n, rat.One)
		return nil, true
	}
	return g.r.chainOf(n), true
}

// part is a connected component: positions in the lists of rows and columns, and
// the links.
type part struct {
	rows, cols []int // positions
	links      []link
	hyper      []operand
}

// parts splits a graph into connected components, in order of first position.
func (g *graph) parts(rows, cols []int, links []link, hyper []operand) []part {
	root := make([]int, len(g.verts))
	for i := range root {
		root[i] = i
	}
	find := func(c int) int {
		for root[c] != c {
			c = root[c]
		}
		return c
	}
	for _, l := range links {
		if l.b >= 0 {
			a, b := find(l.a), find(l.b)
			root[max(a, b)] = min(a, b)
		}
	}
	for i := range hyper {
		o := &hyper[i]
		classes := slices.Concat(o.rows, o.cols)
		for _, c := range classes[1:] {
			a, b := find(classes[0]), find(c)
			root[max(a, b)] = min(a, b)
		}
	}
	var out []part
	var of []int
	at := func(c int) *part {
		c = find(c)
		k := slices.Index(of, c)
		if k < 0 {
			k = len(of)
			of = append(of, c)
			out = append(out, part{})
		}
		return &out[k]
	}
	for i, c := range rows {
		p := at(c)
		p.rows = append(p.rows, i)
	}
	for i, c := range cols {
		p := at(c)
		p.cols = append(p.cols, i)
	}
	for _, l := range links {
		p := at(l.a)
		p.links = append(p.links, l)
	}
	for _, o := range hyper {
		p := at(slices.Concat(o.rows, o.cols)[0])
		p.hyper = append(p.hyper, o)
	}
	return out
}

func pick(list, at []int) []int {
	out := make([]int, len(at))
	for i, k := range at {
		out[i] = list[k]
	}
	return out
}

// kron returns the matrix with the given axes.
func (g *graph) kron(rows, cols []int, links []link) *expr.Node {
	return g.kronOf(rows, cols, links, nil)
}

// kronOf is kron for a graph with operands.
func (g *graph) kronOf(rows, cols []int, links []link, hyper []operand) *expr.Node {
	if len(rows)+len(cols) < manyClasses || len(hyper) > 0 {
		return g.kronNew(rows, cols, links, hyper)
	}
	key := kronKey(rows, cols, links)
	if n := g.made[key]; n != nil {
		return n
	}
	n := g.kronNew(rows, cols, links, nil)
	if g.made == nil {
		g.made = map[string]*expr.Node{}
	}
	g.made[key] = n
	return n
}

// manyClasses is from how many on the matrix of some classes is kept: a vector over n
// classes is cut at each place, and so is each of its parts, in 2ⁿ ways, but these
// have only n² different parts.
const manyClasses = 3

// kronKey tells graphs over the vertices of one graph apart.
func kronKey(rows, cols []int, links []link) string {
	key := make([]byte, 0, 4*(len(rows)+len(cols)+3*len(links)))
	for _, list := range [2][]int{rows, cols} {
		key = binary.AppendUvarint(key, uint64(len(list)))
		for _, c := range list {
			key = binary.AppendUvarint(key, uint64(c))
		}
	}
	for _, l := range links {
		key = binary.AppendUvarint(key, uint64(l.a))
		key = binary.AppendUvarint(key, uint64(l.b+1))
		key = binary.AppendUvarint(key, uint64(l.n.ID))
	}
	return string(key)
}

// kronNew makes what kronOf returns.
func (g *graph) kronNew(rows, cols []int, links []link, hyper []operand) *expr.Node {
	ps := g.parts(rows, cols, links, hyper)
	if len(ps) == 0 {
		return g.r.one
	}
	if len(ps) == 1 {
		return g.around(rows, cols, links, hyper)
	}
	if len(links)+len(hyper) == 0 && len(ps) == len(rows)+len(cols) {
		// Nothing but ones, and no index twice.
		size := func(list []int) *expr.Dim {
			d := g.r.b.One()
			for _, c := range list {
				d = g.r.b.Mul(d, g.verts[c].dim)
			}
			return d
		}
		return g.r.ones(size(rows), size(cols))
	}
	nodes := make([]*expr.Node, len(ps))
	for i, p := range ps {
		nodes[i] = g.around(pick(rows, p.rows), pick(cols, p.cols), p.links, p.hyper)
	}
	if order := inOrder(ps, true, true); order != nil {
		return g.join(ps, nodes, order)
	}
	var best *expr.Node
	for _, keep := range [][2]bool{{false, true}, {true, false}, {false, false}} {
		order := inOrder(ps, keep[0], keep[1])
		if order == nil || best != nil && !keep[0] && !keep[1] {
			continue
		}
		chain := g.r.chainOf(g.join(ps, nodes, order))
		var toRows, toCols []int
		for _, k := range order {
			toRows = append(toRows, ps[k].rows...)
			toCols = append(toCols, ps[k].cols...)
		}
		chain = g.r.concat(g.permutation(rows, pos(len(rows)), toRows), chain)
		chain = g.r.concat(chain, g.permutation(cols, toCols, pos(len(cols))))
		if n := g.r.mul(chain); best == nil || g.r.Cost(n) < g.r.Cost(best) {
			best = n
		}
	}
	return best
}

func pos(n int) []int {
	p := make([]int, n)
	for i := range p {
		p[i] = i
	}
	return p
}

// inOrder returns an order of the components in which the row positions (if
// keepRows) and the column positions (if keepCols) come in order, or nil.
func inOrder(ps []part, keepRows, keepCols bool) []int {
	var order []int
	used := make([]bool, len(ps))
	row, col := 0, 0
	fits := func(at []int, next int) bool {
		for i, p := range at {
			if p != next+i {
				return false
			}
		}
		return true
	}
	for range ps {
		k := -1
		for i, p := range ps {
			if used[i] || keepRows && !fits(p.rows, row) || keepCols && !fits(p.cols, col) {
				continue
			}
			if k < 0 || len(p.rows)+len(p.cols) < len(ps[k].rows)+len(ps[k].cols) {
				k = i
			}
		}
		if k < 0 {
			return nil
		}
		used[k] = true
		order = append(order, k)
		row += len(ps[k].rows)
		col += len(ps[k].cols)
	}
	return order
}

// join returns the Kronecker product of the components in order. A column and a
// row are an outer product.
func (g *graph) join(ps []part, nodes []*expr.Node, order []int) *expr.Node {
	r := g.r
	n := nodes[order[0]]
	for _, k := range order[1:] {
		m := nodes[k]
		switch {
		case n.Shape.Cols.IsOne() && m.Shape.Rows.IsOne() && !n.Shape.IsScalar() && !m.Shape.IsScalar():
			n = r.mul(r.concat(r.chainOf(n), r.chainOf(m)))
		case n.Shape.Rows.IsOne() && m.Shape.Cols.IsOne() && !n.Shape.IsScalar() && !m.Shape.IsScalar():
			n = r.mul(r.concat(r.chainOf(m), r.chainOf(n)))
		default:
			n = r.kron2(n, m)
		}
	}
	return n
}

// permutation returns the matrix, as a chain of kron(I, commutation, I), whose
// row axes are the classes in the order to and whose column axes are the same in
// the order from; both list positions in classes.
func (g *graph) permutation(classes, to, from []int) []*expr.Node {
	r := g.r
	cur := slices.Clone(to)
	size := func(at []int) *expr.Dim {
		d := r.b.One()
		for _, p := range at {
			d = r.b.Mul(d, g.verts[classes[p]].dim)
		}
		return d
	}
	var chain []*expr.Node
	for i := range from {
		j := slices.Index(cur, from[i])
		if j == i {
			continue
		}
		k := r.commute(size(cur[i:j]), size(cur[j:j+1]))
		chain = append(chain, r.kron2(r.kron2(r.eye(size(cur[:i])), k), r.eye(size(cur[j+1:]))))
		x := cur[j]
		copy(cur[i+1:j+1], cur[i:j])
		cur[i] = x
	}
	return chain
}
