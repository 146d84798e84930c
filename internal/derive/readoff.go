package derive

import (
	"slices"
	"unicode/utf8"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/paper"
	"example.com/nabla/internal/print"
)

// readOff records what the derivatives by the leaves get from q and writes those
// that are complete.
func (p *deriver) readOff(blk *block, q *part, start *expr.Node, moves []step) {
	n := start
	if len(moves) > 0 {
		n = moves[len(moves)-1].node
	}
	list := p.readings(p.final1(n))
	for _, r := range list {
		g := r.coef
		if !r.node.Shape.IsRow() && !r.node.Shape.IsScalar() {
			g = p.transposeShown(g)
		}
		c := contribution{g, r.index, q}
		if w := p.partOf(r.d.of.Sym); w != nil {
			w.from = append(w.from, c)
		} else {
			p.answers[r.d.of.Sym] = append(p.answers[r.d.of.Sym], c)
		}
	}
	q.done = true
	if len(list) == 1 {
		p.calledByName(blk, list[0], n)
	}
	for _, o := range p.parts[:len(p.parts)-1] {
		if o.gradient == nil && len(o.from) > 0 && p.complete(o.sym) {
			p.gradientLines(blk, o)
		}
	}
	p.answerComplete(blk)
}

// calledByName writes the differential once more where the answer has names for
// parts of the coefficient: dl = tr((Σ⁻¹ − Σ⁻¹SΣ⁻¹)ᵀ dΣ).
func (p *deriver) calledByName(blk *block, r reading, value *expr.Node) {
	k := slices.IndexFunc(p.req.Answers, func(a Answer) bool { return a.Wrt == r.d.of.Sym })
	if k < 0 || r.index != nil || len(p.answers[r.d.of.Sym]) != 1 || !p.complete(r.d.of.Sym) {
		return
	}
	a := &p.req.Answers[k]
	if a.Node == nil || len(a.Where) > 0 || !p.hasName(a.Node, map[*expr.Node]bool{}) {
		return
	}
	coef := a.Node
	if !r.node.Shape.IsRow() {
		coef = p.m.t(coef)
	}
	n := p.applied(reading{r.d, r.node, nil, coef})
	o := p.options()
	o.Names = p.req.Names
	as := paper.Formula{Text: print.Text(n, o).Result, LaTeX: print.LaTeX(n, o).Result}
	if utf8.RuneCountInString(as.Text) <= maxWidth {
		blk.lines = append(blk.lines, &line{node: n, as: &as, expect: value, notes: []paper.Note{noteOf("call-by-name")}})
		p.called[a.Wrt] = true
	}
}

// hasName reports whether a part of n has a name that is no part of the derivation.
func (p *deriver) hasName(n *expr.Node, seen map[*expr.Node]bool) bool {
	if seen[n] {
		return false
	}
	seen[n] = true
	if name, ok := p.req.Names[n]; ok && !slices.ContainsFunc(p.parts, func(q *part) bool { return q.name == name }) {
		return true
	}
	return slices.ContainsFunc(n.Args, func(a *expr.Node) bool { return p.hasName(a, seen) })
}

// answerComplete writes the answers of which nothing is missing any more.
func (p *deriver) answerComplete(blk *block) {
	for i := range p.req.Answers {
		a := &p.req.Answers[i]
		if !p.answered[a.Wrt] && p.complete(a.Wrt) {
			p.answered[a.Wrt] = true
			p.answerLines(blk, a)
		}
	}
}

// transposeShown is Mᵀ, written as such where M is a sum.
func (p *deriver) transposeShown(n *expr.Node) *expr.Node {
	c, rest := p.m.split(n)
	if rest != nil && rest.Op.Name == expr.OpAdd {
		return p.m.times(c, p.b.Node(expr.OpT, rest))
	}
	return p.m.t(n)
}

// complete reports whether every part that s occurs in has been taken through.
func (p *deriver) complete(s *expr.Symbol) bool {
	if p.users == nil {
		p.users = map[*expr.Symbol][]*part{}
		for _, q := range p.parts {
			p.eachSymbol(q.body, func(s *expr.Symbol) { p.users[s] = append(p.users[s], q) })
		}
	}
	return !slices.ContainsFunc(p.users[s], func(q *part) bool { return !q.done })
}

func (p *deriver) fromOf(s *expr.Symbol) []contribution { return p.answers[s] }

// total adds the contributions up; to the derivative by a family with the index member,
// they are contributions to that member's, whatever the indices of their sums are called.
func (p *deriver) total(list []contribution, member *expr.Index) (*expr.Node, *expr.Index) {
	var nodes []*expr.Node
	index := list[0].index
	for _, c := range list {
		switch {
		case c.index == nil || member == nil || c.index.Size != member.Size:
			if c.index != list[0].index {
				panic(giveUp("contributions under different indices"))
			}
			nodes = append(nodes, c.node)
		default:
			nodes, index = append(nodes, p.b.Reindex(c.node, c.index, member)), member
		}
	}
	if len(nodes) == 1 {
		return nodes[0], index
	}
	return p.m.add(nodes...), index
}

// readNote is the note of a line that reads a derivative off.
func (p *deriver) readNote(list []contribution, identity paper.Formula) paper.Note {
	if len(list) > 1 {
		return noteOf("add-contributions")
	}
	n := noteOf("read-off")
	n.Rule = identity
	return n
}

// gradientLines writes ∂l/∂q.
func (p *deriver) gradientLines(blk *block, q *part) {
	n, index := p.total(q.from, q.index)
	if index == nil && q.index != nil {
		panic(giveUp("a family's derivative without its index"))
	}
	q.gradient = p.newSymbol(q.sym.Shape, q.index)
	p.spelled[q.gradient] = spelling{kind: gradientSymbol, part: q}
	lhs := p.formulaOf(p.gradientNode(q))
	l := &line{lhs: lhs, node: n, index: q.index, notes: []paper.Note{p.readNote(q.from, p.identityOf(p.operand(q), lhs))}}
	blk.lines = append(blk.lines, l)
	last := l
	if s := p.simplified(n); s != nil && p.text(s) != p.text(n) && p.better(s, n) {
		last = &line{node: s, index: q.index, notes: []paper.Note{noteOf("simplify")}, expect: n}
		blk.lines = append(blk.lines, last)
	}
	last.gives = q.gradient
}

// answerLines writes the derivative by a variable, up to the engine's answer.
func (p *deriver) answerLines(blk *block, a *Answer) {
	list := p.answers[a.Wrt]
	lhs := paper.Formula{Text: a.Symbol, LaTeX: a.SymbolLaTeX}
	ans := &paper.Formula{Text: a.Text, LaTeX: a.LaTeX}
	if len(list) == 0 {
		p.answerLine(blk, a, &line{lhs: lhs, node: a.Node, as: ans, result: true, notes: []paper.Note{noteOf("d-constant")}})
		return
	}
	n, index := p.total(list, a.Wrt.Family)
	note := p.readNote(list, p.defining(a, index, lhs))
	if p.called[a.Wrt] {
		// The line above has the answer's names: the answer is read off it.
		p.answerLine(blk, a, &line{lhs: lhs, node: p.b.Replace(a.Node, nil), as: ans, expect: n, result: true, notes: []paper.Note{note}})
		return
	}
	l := &line{lhs: lhs, node: n, index: index, notes: []paper.Note{note}}
	blk.lines = append(blk.lines, l)
	if a.Node != nil {
		l.expect, l.reads = p.b.Replace(a.Node, nil), true
	}
	last := l
	if p.stays(n) {
		if s := p.simplified(n); s != nil && p.text(s) != p.text(n) && p.better(s, n) {
			last = &line{node: s, index: index, expect: n, notes: []paper.Note{noteOf("simplify")}}
			blk.lines = append(blk.lines, last)
		}
		last.result = true
		if !p.req.Expand {
			return
		}
	}
	if a.Node == nil {
		last.result = true
		return
	}
	if p.text(last.node) != a.Text {
		note := p.finalRule(last.node, a)
		if p.mentions(n) {
			note = noteOf("put-back")
		}
		last.result = false
		last = &line{node: p.b.Replace(a.Node, nil), as: ans, index: index, expect: n, notes: []paper.Note{note}}
		p.answerLine(blk, a, last)
	}
	last.result = true
}

// finalRule says what leads from the last line to the engine's answer.
func (p *deriver) finalRule(last *expr.Node, a *Answer) paper.Note {
	_, rest := p.m.split(a.Node)
	switch {
	case p.mentions(last):
		return noteOf("put-back")
	case last.Op.Name == expr.OpT && (rest == nil || rest.Op.Name != expr.OpT):
		return noteOf("transpose-out")
	}
	return noteOf("simplify")
}

// answerLine writes the engine's answer, with the names it needs before it.
func (p *deriver) answerLine(blk *block, a *Answer, l *line) {
	for _, w := range a.Where {
		blk.lines = append(blk.lines, &line{lhs: paper.Formula{Text: w.Name, LaTeX: print.LaTeXName(w.Name)},
			as: &paper.Formula{Text: w.Text, LaTeX: w.LaTeX}, notes: []paper.Note{noteOf("name")}})
	}
	if len(a.Where) > 0 {
		l.lhs = paper.Formula{Text: a.Symbol, LaTeX: a.SymbolLaTeX}
	}
	blk.lines = append(blk.lines, l)
}

// defining is the identity that an answer is read off by.
func (p *deriver) defining(a *Answer, index *expr.Index, lhs paper.Formula) paper.Formula {
	f := p.identityOf(p.variable(a.Wrt, index), lhs)
	if !p.colon {
		f.Text = a.Identity
		if a.IdentityLaTeX != "" {
			f.LaTeX = a.IdentityLaTeX
		}
	}
	return f
}

// stays reports whether an answer is left in the user's intermediates.
func (p *deriver) stays(n *expr.Node) bool {
	user, tool := false, false
	p.eachSymbol(n, func(s *expr.Symbol) {
		if sp, ok := p.spelled[s]; ok && sp.kind == gradientSymbol {
			user = user || !sp.part.tool
			tool = tool || sp.part.tool
		}
		if q := p.partOf(s); q != nil && q.tool {
			tool = true
		}
	})
	return user && !tool
}

// mentions reports whether n has a symbol that the answer does not have.
func (p *deriver) mentions(n *expr.Node) bool {
	found := false
	p.eachSymbol(n, func(s *expr.Symbol) {
		q := p.partOf(s)
		found = found || p.named[s] || p.spelled[s].kind == gradientSymbol || q != nil && q.tool
	})
	return found
}

// simplified is the engine's form of a line, or nil.
func (p *deriver) simplified(n *expr.Node) *expr.Node {
	// A member stands for a variable of its own.
	index := p.freeIndex(n)
	if index == nil {
		return p.req.Simplify(n)
	}
	back := map[*expr.Symbol]*expr.Node{}
	plain := map[*expr.Node]*expr.Node{}
	bad := false
	expr.Walk(n, func(n *expr.Node) {
		bad = bad || n.Op.Name == expr.OpSumOver || n.Op.Name == expr.OpIndex
		if n.Op.Name == expr.OpMember {
			s := p.newSymbol(n.Shape, nil)
			s.Facts = n.Sym.Facts
			back[s] = n
			plain[n] = p.b.Var(s)
		}
	})
	if bad {
		return nil
	}
	s := p.req.Simplify(p.b.Replace(n, plain))
	if s == nil {
		return nil
	}
	return p.substitute(s, back)
}

// better reports whether the engine's form reads better than the one at hand.
func (p *deriver) better(s, n *expr.Node) bool {
	return utf8.RuneCountInString(p.text(s)) < utf8.RuneCountInString(p.text(n)) || n.Op.Name == expr.OpT
}
