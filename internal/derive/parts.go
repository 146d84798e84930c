package derive

import (
	"slices"

	"example.com/nabla/internal/expr"
)

// A part is the function or an intermediate: a name and its body over variables
// and earlier parts.
type part struct {
	name  string
	sym   *expr.Symbol // stands for it; nil for the function
	index *expr.Index  // of a family
	body  *expr.Node
	// written is the body as the user wrote it.
	written *expr.Node
	tool    bool // named by us, not by the user
	done    bool // taken through
	// gradient stands for the derivative of the function by it; nil until it is known.
	gradient *expr.Symbol
	from     []contribution
}

// A contribution is what one path adds to the derivative by a part or variable.
type contribution struct {
	node  *expr.Node
	index *expr.Index
	via   *part
}

// system takes the expression apart at the names that the user gave, and at as
// many places of our own choice as said.
func (p *deriver) system(cuts int) {
	for _, a := range p.req.Answers {
		p.moving[a.Wrt] = true
	}
	named := map[*expr.Node]*part{}
	nodeOf := map[*expr.Node]*expr.Node{}
	bySymbol := map[string]*part{}
	occurs := map[*expr.Node]bool{}
	expr.Walk(p.req.Result, func(n *expr.Node) { occurs[n] = true })
	defs := slices.Clone(p.req.Definitions)
	slices.SortStableFunc(defs, func(a, b Definition) int { return a.Node.ID - b.Node.ID })
	for _, d := range defs {
		if d.Node == p.req.Result || !occurs[d.Node] || len(d.Node.Args) == 0 || named[d.Node] != nil {
			continue
		}
		q := bySymbol[d.Name]
		if q == nil {
			q = &part{name: d.Name, index: d.Index}
			q.body = p.b.Replace(d.Node, nodeOf)
			q.sym = p.newSymbol(d.Node.Shape, d.Index)
			q.sym.Name = d.Name
			q.sym.Facts = p.symmetryOf(d.Node)
			bySymbol[d.Name] = q
			p.parts = append(p.parts, q)
			if p.varies(q.body) {
				p.moving[q.sym] = true
			}
		}
		named[d.Node] = q
		if d.Index != nil {
			nodeOf[d.Node] = p.b.Member(q.sym, d.Index)
		} else {
			nodeOf[d.Node] = p.b.Var(q.sym)
		}
	}
	f := &part{name: p.req.Name, body: p.b.Replace(p.req.Result, nodeOf)}
	p.parts = append(p.parts, f)
	for _, q := range p.parts {
		q.body = p.m.regroup(q.body)
	}
	for range cuts {
		// Larger parts first; in the end also σ(z).
		if !p.cut(3) && !p.cut(2) {
			p.exhausted = true
			break
		}
	}
	for _, q := range p.parts {
		q.written = q.body
	}
}

// symmetryOf is the fact that a constant intermediate is symmetric by itself.
func (p *deriver) symmetryOf(n *expr.Node) expr.Fact {
	if !n.Shape.IsMatrix() || n.Shape.Rows != n.Shape.Cols || p.varies(n) || p.freeIndex(n) != nil {
		return 0
	}
	if s := p.req.Simplify(n); s != nil && s == p.req.Simplify(p.b.Node(expr.OpT, n)) {
		return expr.Symmetric
	}
	return 0
}

// newSymbol makes a symbol that stands for something of the derivation.
func (p *deriver) newSymbol(shape expr.Shape, family *expr.Index) *expr.Symbol {
	kind := expr.Matrix
	switch {
	case shape.IsScalar():
		kind = expr.Scalar
	case shape.IsVector():
		kind = expr.Vector
	}
	s := p.b.NewSymbol("", kind, shape, 0)
	s.Name = "·" + itoa(s.Ordinal)
	s.Family = family
	return s
}

// operand returns a part as an operand.
func (p *deriver) operand(q *part) *expr.Node {
	if q.index != nil {
		return p.b.Member(q.sym, q.index)
	}
	return p.b.Var(q.sym)
}

func (p *deriver) occurs(n *expr.Node, s *expr.Symbol) bool {
	return n.Sym == s || slices.ContainsFunc(n.Args, func(a *expr.Node) bool { return p.occurs(a, s) })
}

func (p *deriver) partOf(s *expr.Symbol) *part {
	for _, q := range p.parts {
		if q.sym != nil && q.sym == s {
			return q
		}
	}
	return nil
}

// eachSymbol calls f for the symbol of every node that has one.
func (p *deriver) eachSymbol(n *expr.Node, f func(*expr.Symbol)) {
	expr.Walk(n, func(n *expr.Node) {
		if n.Sym != nil {
			f(n.Sym)
		}
	})
}

func (p *deriver) variable(s *expr.Symbol, index *expr.Index) *expr.Node {
	if s.Family != nil && index != nil {
		return p.b.Member(s, index)
	}
	return p.b.Var(s)
}

func (p *deriver) gradientNode(q *part) *expr.Node {
	if q.index != nil {
		return p.b.Member(q.gradient, q.index)
	}
	return p.b.Var(q.gradient)
}

// ownDifferential is dq where it stands for what the rules made of it.
func (p *deriver) ownDifferential(q *part) *expr.Node {
	s := p.newSymbol(q.sym.Shape, q.index)
	p.spelled[s] = spelling{kind: partDifferential, part: q}
	p.own = append(p.own, ownDifferential{s, q})
	if q.index != nil {
		return p.b.Member(s, q.index)
	}
	return p.b.Var(s)
}
