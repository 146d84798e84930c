package raise

import (
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/index"
	"example.com/nabla/internal/rat"
)

// term raises one term of a sum with the given slots as axes.
func (r *Raiser) term(t *index.Term, ax Axes, fixed []*expr.Index) (*product, bool) {
	g := r.graph()
	defer r.release(g)
	if !g.load(t, ax, fixed) {
		return nil, false
	}
	if g.p.zero() { // a group is zero by the facts of variables, as S − Sᵀ
		axis := func(slots []int) *expr.Dim {
			d := r.b.One()
			for _, s := range slots {
				d = r.b.Mul(d, t.Dims[t.Slot[s]])
			}
			return d
		}
		return &product{coef: rat.Zero, shape: expr.Shape{Rows: axis(ax.Rows), Cols: axis(ax.Cols)}}, true
	}
	done := g.reduce()
	if len(g.hyper) > 0 || !done || len(ax.Rows) > 1 || len(ax.Cols) > 1 {
		rows, cols := make([]int, len(ax.Rows)), make([]int, len(ax.Cols))
		for i, s := range ax.Rows {
			rows[i] = int(t.Slot[s])
		}
		for i, s := range ax.Cols {
			cols[i] = int(t.Slot[s])
		}
		chain, ok := g.composite(rows, cols)
		if !ok {
			return nil, false
		}
		g.p.chain = chain
	} else {
		row, col := -1, -1
		if len(ax.Rows) == 1 {
			row = int(t.Slot[ax.Rows[0]])
		}
		if len(ax.Cols) == 1 {
			col = int(t.Slot[ax.Cols[0]])
		}
		g.p.chain = g.terminal(row, col)
	}
	p := g.p
	p.scalars = append([]entry(nil), p.scalars...)
	sortEntries(p.scalars)
	p.shape = r.one.Shape
	if k := len(p.chain); k > 0 {
		p.shape = expr.Shape{Rows: p.chain[0].Shape.Rows, Cols: p.chain[k-1].Shape.Cols}
	}
	return r.distributed(&p), true
}

// distributed multiplies a sum in the chain of p out where that takes a diagonal
// matrix away: diag(v) (A − 1 uᵀ) is diag(v) A − v uᵀ, which may have more in
// common with what stands around it. It returns the shorter of the two, or a
// form that is symmetric at sight.
func (r *Raiser) distributed(p *product) *product {
	at := -1
	for i, n := range p.chain {
		if r.code(n) == opAdd && len(n.Args) <= 3 &&
			(i > 0 && r.code(p.chain[i-1]) == opDiagMat && r.outerOnes(n, true) ||
				i+1 < len(p.chain) && r.code(p.chain[i+1]) == opDiagMat && r.outerOnes(n, false)) {
			at = i
			break
		}
	}
	if at < 0 || !p.shape.IsMatrix() || len(p.sums) > 0 {
		return p
	}
	list := make([]*product, 0, 3)
	for _, a := range p.chain[at].Args {
		if a.Shape.IsScalar() {
			return p
		}
		q := *p
		q.scalars = p.scalars[:len(p.scalars):len(p.scalars)]
		q.chain = r.split(&q, a)
		before, after := p.chain[:at], p.chain[at+1:]
		if k := len(before); k > 0 && r.code(before[k-1]) == opDiagMat && r.isOnes(q.chain[0]) {
			q.chain = r.concat(r.chainOf(before[k-1].Args[0]), q.chain[1:])
			before = before[:k-1]
		}
		last := len(q.chain) - 1
		if len(after) > 0 && r.code(after[0]) == opDiagMat && r.isOnes(r.t(q.chain[last])) {
			q.chain = r.concat(q.chain[:last], r.flip(r.chainOf(after[0].Args[0])))
			after = after[1:]
		}
		q.chain = r.concat(r.concat(before, q.chain), after)
		list = append(list, &q)
	}
	r.tries = maxTries
	q := r.combine(list, p.shape)
	q.ord = p.ord
	extra := 0
	if r.symmetric(r.body(q.chain)) { // and can be seen to be
		extra = r.Cost(p.chain[at]) / 2
	}
	if r.cost(q) <= r.cost(p)+extra {
		return q
	}
	return p
}

// outerOnes reports whether a term of a sum is an outer product 1 uᵀ (left) or
// u 1ᵀ.
func (r *Raiser) outerOnes(n *expr.Node, left bool) bool {
	for _, a := range n.Args {
		for r.code(a) == opNeg || r.code(a) == opDiv {
			a = a.Args[0]
		}
		if r.code(a) != opMul {
			continue
		}
		x := a.Args[len(a.Args)-1]
		if left {
			k := 0
			for k < len(a.Args)-1 && a.Args[k].Shape.IsScalar() {
				k++
			}
			x = a.Args[k]
		} else {
			x = r.t(x)
		}
		if r.isOnes(x) && x.Shape.Cols.IsOne() {
			return true
		}
	}
	return false
}

// terminal returns what is left of a reduced graph as a matrix with the given
// classes as rows and columns (−1: none).
func (g *graph) terminal(row, col int) []*expr.Node {
	r := g.r
	switch {
	case row < 0 && col < 0:
		return nil
	case col < 0:
		return g.column(row)
	case row < 0:
		return r.flip(g.column(col))
	case row == col:
		return r.chain1(r.diag(r.body(g.column(row))))
	}
	if !g.connected(row, col) {
		u, v := g.column(row), g.column(col)
		if len(u) == 1 && len(v) == 1 && r.isOnes(u[0]) && r.isOnes(v[0]) {
			return r.chain1(r.ones(g.verts[row].dim, g.verts[col].dim))
		}
		return r.concat(u, r.flip(v))
	}
	// Rule 6 has left one matrix between the two.
	i := g.find(row, 0)
	m := g.edges[i]
	g.remove(i)
	chain := g.from(&m, row)
	u, _ := g.take(row)
	v, _ := g.take(col)
	if u != nil && v != nil {
		// (u vᵀ) ⊙ M is shorter than diag(u) M diag(v).
		outer := r.body(r.concat(u, r.flip(v)))
		list := [2]entry{{outer, one, 0}, {r.body(chain), one, 1}}
		return r.chain1(r.entrywise(list[:]))
	}
	if u != nil {
		chain = r.concat(r.chain1(r.diag(r.body(u))), chain)
	}
	if v != nil {
		chain = r.concat(chain, r.chain1(r.diag(r.body(v))))
	}
	return chain
}

// connected reports whether a matrix joins the two classes.
func (g *graph) connected(a, b int) bool {
	for i := range g.edges {
		if e := &g.edges[i]; e.a == a && e.b == b || e.a == b && e.b == a {
			return true
		}
	}
	return false
}

// column returns the vectors on class c as one chain; ones if there are none.
func (g *graph) column(c int) []*expr.Node {
	if v, _ := g.take(c); v != nil {
		return v
	}
	return g.r.chain1(g.r.ones(g.verts[c].dim, g.r.b.One()))
}
