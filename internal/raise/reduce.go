package raise

import (
	"example.com/nabla/internal/rat"
)

// reduce contracts every class that is not free, as far as the rules go. It
// reports whether none is left.
//
// The rules, first the ones that make a part smaller:
//
//  1. a matrix with both ends on one class: its trace, or its diagonal as a vector
//  2. a class with vectors only: dot product or sum
//  3. a class with one matrix and vectors: matrix times vector
//  4. a class with two matrices: their product
//  5. a class with one matrix alone: sum of entries, or row sums
//  6. two matrices between the same classes: Hadamard product
//  7. a class with two matrices and vectors: M diag(v) N
//
// Every step removes a class or an edge.
func (g *graph) reduce() bool {
	for {
		switch {
		case g.loops(), g.dots(), g.matVec(), g.products(), g.sums(), g.parallel(), g.weighted():
		default:
			for c := range g.verts {
				if v := &g.verts[c]; !v.free && v.matrices > 0 {
					return false
				}
			}
			return true
		}
	}
}

// loops applies rule 1. A loop that is all there is on its class is a trace.
func (g *graph) loops() bool {
	done := false
	for i := 0; i < len(g.edges); i++ {
		e := g.edges[i]
		if e.a < 0 || e.a != e.b {
			continue
		}
		r := g.r
		done = true
		g.remove(i)
		i = -1
		if v := &g.verts[e.a]; !v.free && v.matrices == 0 && v.vectors == 0 && v.loops == 0 {
			r.trace(&g.p, g.plain(&e))
			continue
		}
		n := r.body(e.chain)
		if r.code(n) == opT {
			n = n.Args[0]
		}
		g.add(edge{a: e.a, b: -1, chain: r.chain1(r.make(r.op.diagvec, n)), exp: e.exp, ord: e.ord})
	}
	return done
}

// dots applies rule 2.
func (g *graph) dots() bool {
	done := false
	for c := range g.verts {
		v := &g.verts[c]
		if v.free || v.matrices > 0 || v.loops > 0 || v.vectors == 0 {
			continue
		}
		done = true
		g.dot(c)
	}
	return done
}

func (g *graph) dot(c int) {
	r := g.r
	first, second, n := -1, -1, 0
	for i := range g.edges {
		if e := &g.edges[i]; e.a == c && e.b < 0 {
			n++
			if first < 0 {
				first = i
			} else if second < 0 {
				second = i
			}
		}
	}
	squares := true
	for i := range g.edges {
		if e := &g.edges[i]; e.a == c && e.b < 0 {
			squares = squares && e.exp.Equal(rat.Int(2))
		}
	}
	switch {
	case squares && n > 1:
		var buf [6]entry
		list := buf[:0]
		for i := 0; i < len(g.edges); i++ {
			if e := g.edges[i]; e.a == c && e.b < 0 {
				list = append(list, entry{r.body(e.chain), rat.One, e.ord})
				g.remove(i)
			}
		}
		r.mulScalar(&g.p, r.norm(r.entrywise(list)), rat.Int(2))
	case n == 1:
		e := g.edges[first]
		g.remove(first)
		if e.exp.Equal(rat.Int(2)) {
			r.mulScalar(&g.p, r.norm(r.body(e.chain)), rat.Int(2))
			return
		}
		r.mulScalar(&g.p, r.total(g.plain(&e)), rat.One)
	case n == 2 && g.edges[first].exp.Sign() > 0 && g.edges[second].exp.Sign() > 0:
		u, v := g.edges[first], g.edges[second]
		g.remove(second)
		g.remove(first)
		if v.ord < u.ord {
			u, v = v, u
		}
		r.bilinear(&g.p, g.plain(&u), g.plain(&v))
	default:
		// The vector with the longest chain stands alone, the others are one
		// Hadamard product; a quotient is summed.
		best := -1
		for i := range g.edges {
			e := &g.edges[i]
			if e.a != c || e.b >= 0 {
				continue
			}
			if e.exp.IsOne() && len(e.chain) > 1 && (best < 0 || r.costs(e.chain) > r.costs(g.edges[best].chain)) {
				best = i
			}
		}
		if best < 0 {
			rest, _ := g.take(c)
			r.mulScalar(&g.p, r.total(rest), rat.One)
			return
		}
		e := g.edges[best]
		g.remove(best)
		rest, _ := g.take(c)
		r.bilinear(&g.p, rest, e.chain)
	}
}

// matVec applies rule 3.
func (g *graph) matVec() bool {
	done := false
	for c := range g.verts {
		v := &g.verts[c]
		if v.free || v.matrices != 1 || v.vectors == 0 || v.loops > 0 {
			continue
		}
		i := g.find(c, 0)
		m := g.edges[i]
		g.remove(i)
		vec, ord := g.take(c)
		d := m.a + m.b - c
		g.add(edge{a: d, b: -1, chain: g.r.concat(g.from(&m, d), vec), exp: rat.One, ord: joint(ord, m.ord)})
		done = true
	}
	return done
}

// products applies rule 4. Of a triangle the side that is an entrywise function is
// left over, for a Hadamard product with the other two.
func (g *graph) products() bool {
	return g.product(true) || g.product(false)
}

func (g *graph) product(spare bool) bool {
	for c := range g.verts {
		v := &g.verts[c]
		if v.free || v.matrices != 2 || v.vectors > 0 || v.loops > 0 {
			continue
		}
		i := g.find(c, 0)
		k := g.find(c, i+1)
		m, n := g.edges[i], g.edges[k]
		a, b := m.a+m.b-c, n.a+n.b-c
		if a == b && (!(m.exp.IsOne() && n.exp.IsOne()) || g.entryLike(&m, &n, a)) {
			continue // rule 6
		}
		if spare && a != b && (g.function(&m) || g.function(&n)) && g.connected(a, b) {
			continue
		}
		g.remove(k)
		g.remove(i)
		g.add(edge{a: a, b: b, chain: g.r.concat(g.from(&m, a), g.from(&n, c)), exp: rat.One, ord: joint(m.ord, n.ord)})
		return true
	}
	return false
}

// entryLike reports whether two matrices with both ends in common, whose product
// would give a trace or the diagonal of M Nᵀ on class a, are rather a Hadamard
// product whose entries or rows are summed: if one of them is an entrywise
// function, and that is shorter, or for row sums hardly longer.
func (g *graph) entryLike(m, n *edge, a int) bool {
	if !g.function(m) && !g.function(n) {
		return false
	}
	r := g.r
	x, y := g.from(m, a), g.from(n, a)
	entries := r.costs(x) + r.costs(y)
	product := min(r.costs(x)+r.costs(r.flip(y)), r.costs(r.flip(x))+r.costs(y))
	v := &g.verts[a]
	if !v.free && v.matrices == 2 && v.vectors == 0 && v.loops == 0 {
		return entries < product
	}
	return entries <= product
}

// function reports whether an edge is an entrywise function of a matrix.
func (g *graph) function(e *edge) bool {
	if len(e.chain) != 1 {
		return false
	}
	x := e.chain[0]
	if g.r.code(x) == opT {
		x = x.Args[0]
	}
	switch g.r.code(x) {
	case opElementwise, opApply, opElPow, opElDiv, opAlong:
		return true
	}
	return false
}

// sums applies rule 5.
func (g *graph) sums() bool {
	r := g.r
	for c := range g.verts {
		v := &g.verts[c]
		if v.free || v.matrices != 1 || v.vectors > 0 || v.loops > 0 {
			continue
		}
		i := g.find(c, 0)
		m := g.edges[i]
		g.remove(i)
		d := m.a + m.b - c
		if w := &g.verts[d]; !w.free && w.matrices == 0 && w.vectors == 0 && w.loops == 0 {
			if m.exp.Equal(rat.Int(2)) {
				r.mulScalar(&g.p, r.norm(r.body(m.chain)), rat.Int(2))
			} else {
				r.mulScalar(&g.p, r.total(g.plain(&m)), rat.One)
			}
			return true
		}
		ones := r.chain1(r.ones(g.verts[c].dim, r.b.One()))
		g.add(edge{a: d, b: -1, chain: r.concat(g.from(&m, d), ones), exp: rat.One, ord: joint(m.ord, m.ord)})
		return true
	}
	return false
}

// parallel applies rule 6.
func (g *graph) parallel() bool {
	r := g.r
	for i := range g.edges {
		m := g.edges[i]
		if m.a < 0 || m.b < 0 || m.a == m.b {
			continue
		}
		var buf [6]entry
		list := append(buf[:0], entry{r.body(m.chain), m.exp, m.ord})
		for k := len(g.edges) - 1; k > i; k-- {
			e := g.edges[k]
			if e.a == m.a && e.b == m.b {
				list = append(list, entry{r.body(e.chain), e.exp, e.ord})
			} else if e.a == m.b && e.b == m.a {
				list = append(list, entry{r.t(r.body(e.chain)), e.exp, e.ord})
			} else {
				continue
			}
			g.remove(k)
		}
		if len(list) == 1 {
			continue
		}
		// Orient the product so that it has the fewest transposes.
		gain := 0
		for _, e := range list {
			gain += r.Cost(e.n) - r.Cost(r.t(e.n))
		}
		g.remove(i)
		if gain > 0 {
			for k := range list {
				list[k].n = r.t(list[k].n)
			}
			m.a, m.b = m.b, m.a
		}
		exp := rat.One
		if e := list[0].exp; e.Equal(rat.Int(2)) && sameExponent(list) {
			// Kept as a square, which may become a norm.
			exp = e
			for k := range list {
				list[k].exp = rat.One
			}
		}
		n := r.entrywise(list)
		g.add(edge{a: m.a, b: m.b, chain: r.chain1(n), exp: exp, ord: list[0].ord})
		return true
	}
	return false
}

// weighted applies rule 7.
func (g *graph) weighted() bool {
	r := g.r
	for c := range g.verts {
		v := &g.verts[c]
		if v.free || v.matrices != 2 || v.vectors == 0 || v.loops > 0 {
			continue
		}
		i := g.find(c, 0)
		k := g.find(c, i+1)
		m, n := g.edges[i], g.edges[k]
		a, b := m.a+m.b-c, n.a+n.b-c
		g.remove(k)
		g.remove(i)
		w, ord := g.take(c)
		d := r.chain1(r.diag(r.body(w)))
		chain := r.concat(r.concat(g.from(&m, a), d), g.from(&n, c))
		g.add(edge{a: a, b: b, chain: chain, exp: rat.One, ord: joint(m.ord, joint(n.ord, ord))})
		return true
	}
	return false
}
