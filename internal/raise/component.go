package raise

import (
	"slices"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/rat"
)

// component returns the matrix of one connected component.
func (g *graph) component(rows, cols []int, links []link) *expr.Node {
	r := g.r
	if len(rows) == 0 && len(cols) > 0 {
		return r.t(g.component(cols, nil, links))
	}
	if inner := interior(rows, cols, links); len(inner) > 0 {
		return g.cut(rows, cols, inner, links)
	}
	if n := g.repeated(rows, cols, links); n != nil {
		return n
	}
	switch {
	case len(rows) == 1 && len(cols) <= 1:
		col := -1
		if len(cols) == 1 {
			col = cols[0]
		}
		return g.simple(rows[0], col, links)
	case len(cols) == 0:
		return g.stacked(rows, links)
	}
	best := g.weights(rows, cols, links)
	if best != nil && r.weighted {
		return best
	}
	for _, n := range []*expr.Node{g.shared(rows, cols, links), g.khatriRao(rows, cols, links)} {
		if n != nil && (best == nil || r.Cost(n) < r.Cost(best)) {
			best = n
		}
	}
	if best == nil {
		best = g.layers(rows, cols, links)
	}
	return best
}

// repeated takes a class that an axis list has twice out: rows [i, i] are the
// Khatri–Rao product of two identities times rows [i]. It returns nil if no class
// is repeated or nothing but the repetition is left.
func (g *graph) repeated(rows, cols []int, links []link) *expr.Node {
	if len(cols) == 0 {
		return nil
	}
	distinct := func(list []int) []int {
		var out []int
		for _, c := range list {
			if !slices.Contains(out, c) {
				out = append(out, c)
			}
		}
		return out
	}
	dr, dc := distinct(rows), distinct(cols)
	if len(dr) == len(rows) && len(dc) == len(cols) || len(dr) == 1 && len(dc) == 1 && dr[0] == dc[0] &&
		(len(rows) == 1 || len(cols) == 1) {
		return nil
	}
	r := g.r
	chain := r.chainOf(g.kron(dr, dc, links))
	if len(dr) < len(rows) {
		chain = r.concat(r.chainOf(g.kron(rows, dr, nil)), chain)
	}
	if len(dc) < len(cols) {
		chain = r.concat(chain, r.chainOf(g.kron(dc, cols, nil)))
	}
	return r.mul(chain)
}

// interior lists the classes of links that are no axes, in order.
func interior(rows, cols []int, links []link) []int {
	var out []int
	for _, l := range links {
		for _, c := range [2]int{l.a, l.b} {
			if c >= 0 && !slices.Contains(rows, c) && !slices.Contains(cols, c) && !slices.Contains(out, c) {
				out = append(out, c)
			}
		}
	}
	return out
}

// simple returns the matrix of one row class and one column class (or −1).
func (g *graph) simple(row, col int, links []link) *expr.Node {
	h := g.r.graph()
	defer g.r.release(h)
	h.verts = append(h.verts, g.verts...)
	for i := range h.verts {
		v := &h.verts[i]
		*v = vertex{dim: v.dim, free: true}
	}
	for i, l := range links {
		h.add(edge{a: l.a, b: l.b, chain: g.r.chainOf(l.n), exp: rat.One, ord: int32(i)})
	}
	h.reduce()
	return g.r.body(h.terminal(row, col))
}

// stacked returns a vector over several classes: the vec of the shortest matrix.
func (g *graph) stacked(rows []int, links []link) *expr.Node {
	r := g.r
	var best *expr.Node
	for s := 1; s < len(rows); s++ {
		var n *expr.Node
		if len(rows) == 2 {
			n = r.vec(g.simple(rows[1], rows[0], links))
		} else {
			n = r.vec(g.kron(rows[s:], rows[:s], links))
		}
		if best == nil || r.Cost(n) < r.Cost(best) {
			best = n
		}
	}
	return best
}

// weights takes the matrices among row classes out as a diagonal matrix on the
// left, those among column classes on the right; nil if there are none.
func (g *graph) weights(rows, cols []int, links []link) *expr.Node {
	var left, right, rest []link
	for _, l := range links {
		switch {
		case l.b >= 0 && slices.Contains(rows, l.a) && slices.Contains(rows, l.b) && len(rows) > 1:
			left = append(left, l)
		case l.b >= 0 && slices.Contains(cols, l.a) && slices.Contains(cols, l.b) && len(cols) > 1:
			right = append(right, l)
		default:
			rest = append(rest, l)
		}
	}
	if len(left) == 0 && len(right) == 0 {
		return nil
	}
	r := g.r
	chain := r.chainOf(g.kron(rows, cols, rest))
	if len(left) > 0 {
		chain = r.concat(r.chain1(r.diag(g.kron(rows, nil, left))), chain)
	}
	if len(right) > 0 {
		chain = r.concat(chain, r.chain1(r.diag(g.kron(cols, nil, right))))
	}
	return r.mul(chain)
}

// shared cuts a component at the classes that are both row and column; nil if a
// link joins the sides directly, or a side has no other class.
func (g *graph) shared(rows, cols []int, links []link) *expr.Node {
	var s []int
	for _, c := range rows {
		if slices.Contains(cols, c) && !slices.Contains(s, c) {
			s = append(s, c)
		}
	}
	if len(s) == 0 || len(s) >= len(rows) || len(s) >= len(cols) {
		return nil
	}
	var left, right []link
	for _, l := range links {
		onRow, onCol := false, false
		for _, c := range [2]int{l.a, l.b} {
			if c >= 0 && !slices.Contains(s, c) {
				onRow = onRow || slices.Contains(rows, c)
				onCol = onCol || slices.Contains(cols, c)
			}
		}
		switch {
		case onRow && onCol:
			return nil
		case onCol:
			right = append(right, l)
		default:
			left = append(left, l)
		}
	}
	r := g.r
	return r.mul(r.concat(r.chainOf(g.kron(rows, s, left)), r.chainOf(g.kron(s, cols, right))))
}

// khatriRao returns a component with one column class (or one row class) whose
// rows are joined through it alone; nil if that is not its form.
func (g *graph) khatriRao(rows, cols []int, links []link) *expr.Node {
	r := g.r
	if len(rows) == 1 && len(cols) > 1 {
		if n := g.khatriRao(cols, rows, links); n != nil {
			return r.t(n)
		}
		return nil
	}
	if len(cols) != 1 {
		return nil
	}
	c := cols[0]
	of := make([][]link, len(rows))
	var weight []link
	for _, l := range links {
		switch {
		case l.a == c && l.b < 0:
			weight = append(weight, l)
			continue
		case l.b >= 0 && l.a != c && l.b != c:
			return nil
		}
		x := l.a
		if x == c {
			x = l.b
		}
		k := slices.Index(rows, x)
		of[k] = append(of[k], l)
	}
	// A repeated row class would need its links twice.
	for i, x := range rows {
		if x != c && slices.Contains(rows[:i], x) {
			return nil
		}
	}
	var n *expr.Node
	for i := len(rows) - 1; i >= 0; i-- {
		m := g.simple(rows[i], c, of[i])
		if n == nil {
			n = m
		} else {
			r.form = max(r.form, Kronecker)
			n = r.make(r.op.khatrirao, m, n)
		}
	}
	if len(weight) > 0 {
		n = r.mul(r.concat(r.chain1(n), r.chainOf(g.simple(c, c, weight))))
	}
	return n
}

// cut splits a component at its interior classes and at those that are both row
// and column.
func (g *graph) cut(rows, cols, inner []int, links []link) *expr.Node {
	r := g.r
	s := inner
	for _, c := range rows {
		if slices.Contains(cols, c) && !slices.Contains(s, c) {
			s = append(s, c)
		}
	}
	// A link that joins the sides directly: its column class is cut as well.
	for _, l := range links {
		if l.b < 0 || slices.Contains(s, l.a) || slices.Contains(s, l.b) {
			continue
		}
		switch {
		case slices.Contains(rows, l.a) && slices.Contains(cols, l.b):
			s = append(s, l.b)
		case slices.Contains(rows, l.b) && slices.Contains(cols, l.a):
			s = append(s, l.a)
		}
	}
	var left, mid, right []link
	for _, l := range links {
		on := func(axis []int) bool {
			return slices.Contains(axis, l.a) && !slices.Contains(s, l.a) ||
				l.b >= 0 && slices.Contains(axis, l.b) && !slices.Contains(s, l.b)
		}
		switch {
		case on(rows):
			left = append(left, l)
		case on(cols):
			right = append(right, l)
		default:
			mid = append(mid, l)
		}
	}
	// The order of S follows the rows, so that the left factor needs no
	// commutation if that can be.
	key := func(c int) int {
		k := slices.Index(rows, c)
		for _, l := range left {
			if l.b >= 0 && l.has(c) {
				if i := slices.Index(rows, l.a+l.b-c); i >= 0 && (k < 0 || i < k) {
					k = i
				}
			}
		}
		if k < 0 {
			k = len(rows)
		}
		return k
	}
	slices.SortStableFunc(s, func(a, b int) int { return key(a) - key(b) })
	weight := g.kron(s, nil, mid)
	switch {
	case len(rows) == 0:
		return r.total(r.chainOf(weight))
	case len(cols) == 0 && len(right) == 0:
		return r.mul(r.concat(r.chainOf(g.kron(rows, s, left)), r.chainOf(weight)))
	}
	chain := r.chainOf(g.kron(rows, s, left))
	if !r.isOnes(weight) {
		chain = r.concat(chain, r.chain1(r.diag(weight)))
	}
	return r.mul(r.concat(chain, r.chainOf(g.kron(s, cols, right))))
}

// layers returns a component as a Hadamard product of matrices over its axes,
// each of which takes as many links as make a Kronecker product. The identity of
// a class that is both row and column is in the first.
func (g *graph) layers(rows, cols []int, links []link) *expr.Node {
	r := g.r
	var layers []*expr.Node
	for rest := links; len(rest) > 0 || len(layers) == 0; {
		var take, later []link
		var busy []int
		rc, cc := rows, cols
		if len(layers) > 0 {
			// Positions that repeat a class are free here.
			rc, cc = slices.Clone(rows), slices.Clone(cols)
			seen := make([]int, 0, len(rc)+len(cc))
			for _, list := range [2][]int{rc, cc} {
				for i, c := range list {
					if slices.Contains(seen, c) {
						g.verts = append(g.verts, vertex{dim: g.verts[c].dim, free: true})
						list[i] = len(g.verts) - 1
					}
					seen = append(seen, c)
				}
			}
		}
		for _, l := range rest {
			if slices.Contains(busy, l.a) || l.b >= 0 && slices.Contains(busy, l.b) {
				later = append(later, l)
				continue
			}
			take = append(take, l)
			busy = append(busy, l.a)
			if l.b >= 0 {
				busy = append(busy, l.b)
			}
		}
		layers = append(layers, g.kron(rc, cc, take))
		rest = later
	}
	if len(layers) == 1 {
		return layers[0]
	}
	return r.make(r.op.hadamard, layers...)
}
