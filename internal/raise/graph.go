package raise

import (
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/index"
	"example.com/nabla/internal/rat"
)

// An edge is a matrix with its rows on class a and its columns on class b, or a
// column vector on class a (b < 0), raised entrywise to exp. Dead edges have a < 0.
type edge struct {
	a, b  int
	chain []*expr.Node
	exp   rat.Rat
	ord   int32
}

// A vertex is what a graph knows of a class.
type vertex struct {
	dim      *expr.Dim
	free     bool // shown by a slot of the result
	vectors  int
	matrices int // self-loops not counted
	loops    int
}

// A graph is a term under reduction. The result is p times the sum over the
// classes that are not free of the product of the edges.
type graph struct {
	r     *Raiser
	p     product
	edges []edge
	verts []vertex
	hyper []operand             // operands with more than two classes
	made  map[string]*expr.Node // matrices of parts, while composite runs: see kronOf
}

// graph returns an empty graph; put it back with release.
func (r *Raiser) graph() *graph {
	if n := len(r.free); n > 0 {
		g := r.free[n-1]
		r.free = r.free[:n-1]
		return g
	}
	return &graph{r: r}
}

func (r *Raiser) release(g *graph) {
	clear(g.edges)
	g.edges, g.verts, g.hyper, g.p = g.edges[:0], g.verts[:0], g.hyper[:0], product{}
	r.free = append(r.free, g)
}

// load fills the graph with a term whose slots in rows and cols are free. fixed
// gives the family index to which a slot is fixed, if any.
func (g *graph) load(t *index.Term, ax Axes, fixed []*expr.Index) bool {
	r := g.r
	g.p = product{coef: t.Coef, ord: -1}
	for _, d := range t.Dims {
		g.verts = append(g.verts, vertex{dim: d})
	}
	for _, s := range ax.Rows {
		g.verts[t.Slot[s]].free = true
	}
	for _, s := range ax.Cols {
		g.verts[t.Slot[s]].free = true
	}
	env, sums := r.environment(t, fixed)
	g.p.sums = sums
	for i := range t.Factors {
		if !g.factor(&t.Factors[i], env) {
			return false
		}
	}
	return true
}

// factor adds atom[idx]^exp. env gives the index that a class is fixed to.
func (g *graph) factor(f *index.Factor, env []*expr.Index) bool {
	r := g.r
	a := f.Atom
	ord := r.atomOrder(a)
	g.p.ord = leading(g.p.ord, ord, len(f.Idx) == 0)
	idx := f.Idx
	var fix []*expr.Index
	if env != nil {
		fix = fixOf(idx, env)
	}
	if fix != nil {
		var open []index.Ix
		for k, c := range idx {
			if fix[k] == nil {
				open = append(open, c)
			}
		}
		idx = open
	}
	if composite(a, len(idx)) {
		return g.hyperFactor(f, fix)
	}
	// A group to the power 1 brings its product: its scalars join those of the
	// term, its chain the chains of the term.
	if a.Kind == index.GroupAtom && f.Exp.IsOne() {
		q, ok := r.content(a.Args[0], fix)
		if !ok {
			return false
		}
		g.absorb(q, idx, ord)
		return true
	}
	n, exp, ok := r.atom(a, f.Exp, fix)
	if !ok {
		return false
	}
	if len(idx) == 0 {
		r.mulScalar(&g.p, n, exp)
		return true
	}
	if r.code(n) == opNeg && exp.IsInt() {
		if k, _ := exp.Int64(); k%2 != 0 {
			g.p.coef = g.p.coef.Neg()
		}
		n = n.Args[0]
	}
	if n.Shape.IsScalar() { // a function of what does not depend on the slots
		r.mulScalar(&g.p, n, exp)
		return true
	}
	e := edge{a: int(idx[0]), b: -1, exp: exp, ord: ord}
	if len(idx) == 2 {
		e.b = int(idx[1])
	}
	if exp.IsOne() {
		e.chain = r.chainOf(n)
	} else {
		e.chain = r.chain1(n)
	}
	g.add(e)
	return true
}

// compound marks the order of what is not a variable alone; in a Hadamard product
// it comes after the variables.
const compound = 1 << 27

// joint is the order of a product of two factors.
func joint(a, b int32) int32 { return min(a&^compound, b&^compound) | compound }

// leading returns the order of a term to which a factor of order ord comes: of
// the first variable among the factors with indices, of the scalars if there are
// none. Scalars alone carry the bit byScalars.
func leading(old, ord int32, scalar bool) int32 {
	const byScalars = 1 << 29
	ord = ord &^ compound >> 2
	if scalar {
		ord |= byScalars
	}
	if old < 0 {
		return ord
	}
	return min(old, ord)
}

// absorb multiplies by the product q of a group with the given classes.
func (g *graph) absorb(q *product, idx []index.Ix, ord int32) {
	r := g.r
	g.p.coef = g.p.coef.Mul(q.coef)
	for _, s := range q.scalars {
		r.mulScalar(&g.p, s.n, s.exp)
	}
	if len(idx) == 0 || q.zero() || len(q.chain) == 1 && r.isOnes(q.chain[0]) {
		return
	}
	e := edge{a: int(idx[0]), b: -1, exp: rat.One, ord: ord | compound, chain: q.chain}
	if len(idx) == 2 {
		e.b = int(idx[1])
	}
	g.add(e)
}

func (g *graph) add(e edge) {
	g.edges = append(g.edges, e)
	g.count(&e, 1)
}

func (g *graph) count(e *edge, k int) {
	switch {
	case e.b < 0:
		g.verts[e.a].vectors += k
	case e.a == e.b:
		g.verts[e.a].loops += k
	default:
		g.verts[e.a].matrices += k
		g.verts[e.b].matrices += k
	}
}

// remove kills edge i.
func (g *graph) remove(i int) {
	e := &g.edges[i]
	g.count(e, -1)
	e.a, e.b = -1, -1
	if i == len(g.edges)-1 {
		g.edges = g.edges[:i]
	}
}

// find returns the first edge from i on that is a matrix at class c.
func (g *graph) find(c, i int) int {
	for ; i < len(g.edges); i++ {
		if e := &g.edges[i]; e.a >= 0 && e.b >= 0 && (e.a == c || e.b == c) {
			return i
		}
	}
	return -1
}

// from returns the chain of edge e with its rows on class c.
func (g *graph) from(e *edge, c int) []*expr.Node {
	chain := g.plain(e)
	if e.a != c {
		return g.r.flip(chain)
	}
	return chain
}

// plain returns the chain of e with its exponent put in.
func (g *graph) plain(e *edge) []*expr.Node {
	if e.exp.IsOne() {
		return e.chain
	}
	l := [1]entry{{g.r.body(e.chain), e.exp, e.ord}}
	return g.r.chainOf(g.r.entrywise(l[:]))
}

// take removes the vectors on class c and returns their Hadamard product as a
// chain, nil if there are none, and the least order among them.
func (g *graph) take(c int) ([]*expr.Node, int32) {
	var buf [6]entry
	list := buf[:0]
	var single edge
	for i := 0; i < len(g.edges); i++ {
		e := g.edges[i]
		if e.a != c || e.b >= 0 {
			continue
		}
		single = e
		list = append(list, entry{g.r.body(e.chain), e.exp, e.ord})
		g.remove(i)
	}
	switch len(list) {
	case 0:
		return nil, 0
	case 1:
		return g.plain(&single), single.ord
	}
	n := g.r.entrywise(list)
	return g.r.chain1(n), list[0].ord
}
