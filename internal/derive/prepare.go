package derive

import (
	"slices"

	"example.com/nabla/internal/check"
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/paper"
)

// A preparation rewrites a part of the expression before it is differentiated, as
// a person does. Lower-case u, v, z are vectors, capitals matrices; the letters
// m and n in rhs are the sizes of the variable named in size.
type preparation struct {
	rule     string
	lhs, rhs string
	size     string // the variable that m × n is the shape of
}

// preparations are tried in order at each node, from the root down.
var preparations = []preparation{
	{"norm-squared", "norm2(u)^2", "u'*u", "u"},
	{"frobenius-squared", "norm2(U)^2", "tr(U'*U)", "U"},
	{"norm-squared", "square(norm2(u))", "u'*u", "u"},
	{"frobenius-squared", "square(norm2(U))", "tr(U'*U)", "U"},
	{"norm", "norm2(u)", "sqrt(u'*u)", "u"},
	{"norm", "norm2(U)", "sqrt(tr(U'*U))", "U"},
	{"norm-squared", "sum(u.^2)", "u'*u", "u"},
	{"frobenius-squared", "sum(U.^2)", "tr(U'*U)", "U"},
	{"norm-squared", "sum(square(u))", "u'*u", "u"},
	{"frobenius-squared", "sum(square(U))", "tr(U'*U)", "U"},
	{"log-of-softmax", "log(softmax(z))", "z - ones(m)*log(ones(m)'*exp(z))", "z"},
	{"log-of-softmax", "log(softmaxcols(Z))", "Z - ones(m)*log(ones(m)'*exp(Z))", "Z"},
	{"log-of-softmax", "log(softmaxrows(Z))", "Z - log(exp(Z)*ones(n))*ones(n)'", "Z"},
}

// prepareAll rewrites the bodies and shows what became of them.
func (p *deriver) prepareAll() {
	for _, q := range p.parts {
		if !p.varies(q.body) {
			continue
		}
		steps := p.prepare(q.body)
		if len(steps) == 0 {
			continue
		}
		blk := p.open("preparation", paper.Words{En: "Rewriting", Zh: "改写"})
		lhs := p.formulaOf(p.nameOf(q))
		blk.lines = append(blk.lines, &line{lhs: lhs, node: q.body, index: q.index})
		for _, s := range steps {
			blk.lines = append(blk.lines, &line{node: s.node, notes: s.notes, expect: q.body, index: q.index})
		}
		q.body = steps[len(steps)-1].node
	}
}

// nameOf returns a part as it is called on a left-hand side.
func (p *deriver) nameOf(q *part) *expr.Node {
	if q.sym != nil {
		return p.operand(q)
	}
	if p.result == nil {
		p.result = p.newSymbol(q.body.Shape, nil)
		p.result.Name = q.name
	}
	return p.b.Var(p.result)
}

// prepare returns the steps that rewrite a body.
func (p *deriver) prepare(n *expr.Node) []step {
	var steps []step
	var notes []paper.Note
	sums := false
	add := func(note paper.Note) {
		if !slices.ContainsFunc(notes, func(o paper.Note) bool { return o.ID == note.ID && o.Rule.Text == note.Rule.Text }) {
			notes = append(notes, note)
		}
	}
	var visit func(n *expr.Node) *expr.Node
	memo := map[*expr.Node]*expr.Node{}
	visit = func(x *expr.Node) *expr.Node {
		if !p.varies(x) {
			return x
		}
		for k := range preparations {
			if r := p.prepared(&preparations[k], x); r != nil {
				add(noteOf(preparations[k].rule))
				sums = sums || r.Op.Name == expr.OpAdd
				return p.m.rewrite(r, visitArgs(p, visit), map[*expr.Node]*expr.Node{})
			}
		}
		if x.Op.Class == expr.Defined && x.Op.Scalar == nil {
			add(p.rowRule(x))
			return visit(p.definition(x))
		}
		return nil
	}
	r := p.m.rewrite(n, visit, memo)
	if len(notes) == 0 {
		return nil
	}
	steps = append(steps, step{node: r, notes: notes})
	if sums {
		if d := p.distribute(r); d != r {
			steps = append(steps, step{node: d, notes: []paper.Note{noteOf("distribute")}})
			r = d
		}
	}
	if f, facts := p.useFacts(r); f != r {
		note := noteOf("fact")
		note.Needs = facts
		steps = append(steps, step{node: f, notes: []paper.Note{note}})
	}
	return steps
}

// visitArgs rewrites below a node that a rule has made; the node itself is not
// tried again.
func visitArgs(p *deriver, visit func(*expr.Node) *expr.Node) func(*expr.Node) *expr.Node {
	return func(n *expr.Node) *expr.Node {
		for k := range preparations {
			if p.prepared(&preparations[k], n) != nil {
				return visit(n)
			}
		}
		return nil
	}
}

// prepared returns rhs where lhs matches n.
func (p *deriver) prepared(r *preparation, n *expr.Node) *expr.Node {
	pat := patterns(p.b.Reg)[r]
	if pat.root.Op.Name != n.Op.Name {
		return nil
	}
	bound := map[string]*expr.Node{}
	if !match(pat.root, n, bound) {
		return nil
	}
	var names []check.Binding
	for name, node := range bound {
		names = append(names, check.Binding{Name: name, Node: node})
	}
	shape := bound[r.size].Shape
	sizes := []check.SizeBinding{{Name: "m", Dim: shape.Rows}, {Name: "n", Dim: shape.Cols}}
	return p.flat(p.read(r.rhs, names, sizes))
}

// flat makes a node anew in the maker's manner.
func (p *deriver) flat(n *expr.Node) *expr.Node {
	moves := func(n *expr.Node) bool { return hasOperands(n) && p.varies(n) }
	return remade(n, moves, func(n *expr.Node, args []*expr.Node) *expr.Node {
		switch {
		case n.Op.Name != expr.OpT:
			return p.m.remake(n, args)
		case args[0].Op.Name == expr.OpT || args[0].Shape.IsScalar():
			return p.m.t(args[0])
		}
		return p.b.Node(expr.OpT, args[0]) // as written: (X w − y)ᵀ
	})
}

// distribute multiplies products out over sums.
func (p *deriver) distribute(n *expr.Node) *expr.Node {
	linear := func(n *expr.Node) bool {
		switch n.Op.Name {
		case expr.OpAdd, expr.OpNeg, expr.OpMul, "tr", expr.OpDiv, expr.OpSumOver, expr.OpT:
			return p.varies(n)
		}
		return false
	}
	return remade(n, linear, p.overSum)
}

// overSum makes n with the operands args, multiplied out where one is a sum.
func (p *deriver) overSum(n *expr.Node, args []*expr.Node) *expr.Node {
	if n.Op.Name != expr.OpAdd {
		for k, a := range args {
			c, rest := p.m.split(a)
			if rest == nil || rest.Op.Name != expr.OpAdd || n.Op.Name == expr.OpDiv && k > 0 {
				continue
			}
			var terms []*expr.Node
			for _, t := range rest.Args {
				if t.Shape != rest.Shape {
					return p.m.remake(n, args)
				}
				part := slices.Clone(args)
				part[k] = t
				terms = append(terms, p.m.times(c, p.overSum(n, part)))
			}
			return p.m.add(terms...)
		}
	}
	return p.m.remake(n, args)
}

// useFacts replaces what declared facts say is one: yᵀ1 = 1, and Yᵀ1 = 1 by
// columns.
func (p *deriver) useFacts(n *expr.Node) (*expr.Node, []paper.Fact) {
	var facts []paper.Fact
	memo := map[*expr.Node]*expr.Node{}
	r := p.m.rewrite(n, func(n *expr.Node) *expr.Node {
		if n.Op.Name != expr.OpMul {
			return nil
		}
		for i := 0; i+1 < len(n.Args); i++ {
			l, r := n.Args[i], n.Args[i+1]
			if l.Op.Name != expr.OpT || !isOnes(r) || r.Shape.IsMatrix() || l.Args[0].Sym == nil {
				continue
			}
			s := l.Args[0].Sym
			if s.Facts&(expr.Onehot|expr.Simplex) == 0 {
				continue
			}
			facts = appendFact(facts, p.factOf(l.Args[0], s))
			args := slices.Clone(n.Args)
			args = slices.Replace(args, i, i+2, p.m.ones(l.Shape.Rows, p.b.One()))
			return p.m.mul(args...)
		}
		return nil
	}, memo)
	return r, facts
}

func appendFact(list []paper.Fact, f paper.Fact) []paper.Fact {
	if slices.ContainsFunc(list, func(o paper.Fact) bool { return o.Formula.Text == f.Formula.Text && o.Words == f.Words }) {
		return list
	}
	return append(list, f)
}

// factOf says what the declared facts of x mean.
func (p *deriver) factOf(x *expr.Node, s *expr.Symbol) paper.Fact {
	f := p.formulaOf(x)
	one := func(text, latex, en, zh string) paper.Fact {
		return paper.Fact{Formula: paper.Formula{Text: text, LaTeX: latex}, Words: paper.Words{En: en, Zh: zh}}
	}
	switch {
	case s.Facts&(expr.Onehot|expr.Simplex) != 0 && x.Shape.IsMatrix():
		return one("1ᵀ"+f.Text+" = 1ᵀ", `\mathbf 1^\top `+f.LaTeX+` = \mathbf 1^\top`, "", "")
	case s.Facts&(expr.Onehot|expr.Simplex) != 0:
		return one("1ᵀ"+f.Text+" = 1", `\mathbf 1^\top `+f.LaTeX+" = 1", "", "")
	case s.Facts.Has(expr.Orthogonal):
		return one(f.Text+"ᵀ"+f.Text+" = I", f.LaTeX+`^\top `+f.LaTeX+" = I", "", "")
	case s.Facts.Has(expr.Diagonal):
		w := p.words("$ $ is diagonal", "$ $ 是对角矩阵", f)
		return paper.Fact{Words: w}
	case s.Facts.Has(expr.Symmetric):
		return one(f.Text+"ᵀ = "+f.Text, f.LaTeX+`^\top = `+f.LaTeX, "", "")
	}
	w := p.words("the facts of $ $", "$ $ 的已知条件", f)
	return paper.Fact{Words: w}
}
