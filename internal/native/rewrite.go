package native

import "example.com/nabla/internal/plan"

// A census says how often values are used, and which products there are.
type census struct {
	uses     map[*plan.Value]int
	products []*plan.Value               // of matrices
	inverted map[*plan.Value]*plan.Value // inverses by their factorisations
}

// countUses takes the census of values.
func countUses(values []*plan.Value) census {
	c := census{uses: map[*plan.Value]int{}, inverted: map[*plan.Value]*plan.Value{}}
	var visit func(v *plan.Value)
	visit = func(v *plan.Value) {
		c.uses[v]++
		if c.uses[v] > 1 {
			return
		}
		switch v.Kind {
		case plan.MatMul:
			c.products = append(c.products, v)
		case plan.Inverse:
			c.inverted[v.Args[0]] = v
		}
		for _, a := range v.Args {
			visit(a)
		}
	}
	for _, v := range values {
		visit(v)
	}
	return c
}

// alone reports whether the value has one user, which may compute it another way.
func (c *census) alone(v *plan.Value) bool { return c.uses[v] == 1 }

// An applied names the product of a matrix and a vector or matrix.
type applied struct {
	m operand
	x operand
}

// apply returns M x, or Mᵀ x. Where M is a sum or a scaled matrix that nothing else
// needs, it is not built: (A + Aᵀ) x takes two products, which read A twice, and not a
// sum, which would write as much again.
func (g *graph) apply(v, m *plan.Value, x operand, trans bool) operand {
	n := node{kind: plan.MatVec, v: v, rows: g.dim(m.Rows), rank: 1, cols: 1}
	if trans {
		n.rows = g.dim(m.Cols)
	}
	if m.Kind == plan.Transpose {
		return g.apply(v, m.Args[0], x, !trans)
	}
	if g.census.alone(m) && (m.Kind == plan.Binary || m.Kind == plan.Unary && m.Fn == "neg") {
		if o, ok := g.applyEntries(n, m, x, trans); ok {
			return o
		}
	}
	if m.Kind == plan.Eye {
		return x
	}
	a := g.solid(g.operand(m))
	if trans {
		a = a.transposed()
	}
	key := applied{m: a, x: x}
	if o, ok := g.applications[key]; ok {
		return o
	}
	n.args = []operand{a, x}
	o := see(g.add(n))
	g.applications[key] = o
	return o
}

// applyEntries applies a matrix that is computed entry by entry of others, without
// building it; ok is false where that does not work.
func (g *graph) applyEntries(n node, m *plan.Value, x operand, trans bool) (o operand, ok bool) {
	vector := func(fn string, args ...operand) operand {
		e := node{kind: plan.Binary, fn: fn, v: n.v, rows: args[len(args)-1].rows, cols: 1, rank: 1, args: args}
		if len(args) == 1 {
			e.kind = plan.Unary
		}
		return see(g.add(e))
	}
	number := func(s operand, rows int) operand {
		s.rows, s.cols, s.spread = rows, 1, scalar
		return s
	}
	if m.Kind == plan.Unary {
		return vector("neg", g.apply(n.v, m.Args[0], x, trans)), true
	}
	a, b := m.Args[0], m.Args[1]
	// A vector scales on the side that it is spread along, which trans turns round.
	before, after := plan.Row, plan.Col
	if trans {
		before, after = after, before
	}
	switch m.Fn {
	case "add", "sub":
		for _, p := range []*plan.Value{a, b} {
			switch p.Kind {
			case plan.Col, plan.Row, plan.Fill:
				return o, false
			}
			if p.Rank != 2 {
				return o, false
			}
		}
		if a.Kind == plan.DiagMatrix || b.Kind == plan.DiagMatrix {
			return o, false
		}
		return vector(m.Fn, g.apply(n.v, a, x, trans), g.apply(n.v, b, x, trans)), true
	case "mul":
		if b.Rank == 0 || b.Kind == plan.Col || b.Kind == plan.Row {
			a, b = b, a
		}
	case "div":
		a, b = b, a
	default:
		return o, false
	}
	// b scaled, or divided, by a.
	inOrder := func(s, y operand) operand {
		if m.Fn == "div" {
			return vector("div", y, s)
		}
		return vector("mul", s, y)
	}
	switch {
	case b.Rank != 2 || b.Kind == plan.Col || b.Kind == plan.Row:
		return o, false
	case a.Rank == 0:
		y := g.apply(n.v, b, x, trans)
		s := number(g.operand(a), y.rows)
		if m.Fn == "div" {
			return see(g.add(node{kind: plan.Binary, fn: "div", v: n.v, rows: y.rows, cols: 1, rank: 1, args: []operand{y, s}})), true
		}
		return vector("mul", s, y), true
	case a.Kind == after:
		return inOrder(g.plainly(g.operand(a.Args[0])), g.apply(n.v, b, x, trans)), true
	case a.Kind == before:
		return g.apply(n.v, b, inOrder(g.plainly(g.operand(a.Args[0])), x), trans), true
	}
	return o, false
}

// inner returns operands with the same inner product as x and y, if one of those is a
// product A B that is needed for nothing else: of ⟨x, A B⟩ = ⟨Aᵀ x, B⟩ = ⟨x Bᵀ, A⟩ the
// one whose product is there anyway.
func (g *graph) inner(x, y *plan.Value) (a, b operand, ok bool) {
	for range 2 {
		p, turned := y, false
		if p.Kind == plan.Transpose && g.census.alone(p) {
			p, turned = p.Args[0], true
		}
		if p.Kind == plan.MatMul && g.census.alone(p) {
			if q, other, ok := g.census.another(x, p, turned); ok {
				o := g.solid(g.operand(other))
				if turned {
					o = o.transposed()
				}
				found := g.operand(q)
				found.n.shared = true
				return found, o, true
			}
		}
		x, y = y, x
	}
	return a, b, false
}

// another finds a product q and a matrix m with ⟨x, p⟩ = ⟨q, m⟩ for a product p, or
// ⟨x, pᵀ⟩ = ⟨q, mᵀ⟩ if turned.
func (c *census) another(x, p *plan.Value, turned bool) (q, m *plan.Value, ok bool) {
	a, b := p.Args[0], p.Args[1]
	for _, q := range c.products {
		s, t := q.Args[0], q.Args[1]
		switch {
		case q == p:
		case !turned && t == x && opposite(s, a), turned && s == x && t == a:
			return q, b, true
		case !turned && s == x && opposite(t, b), turned && t == x && s == b:
			return q, a, true
		}
	}
	return nil, nil, false
}

// opposite reports whether b = aᵀ.
func opposite(a, b *plan.Value) bool {
	return a.Kind == plan.Transpose && a.Args[0] == b || b.Kind == plan.Transpose && b.Args[0] == a ||
		a == b && a.Symmetric()
}
