package derive

import (
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/paper"
	"example.com/nabla/internal/print"
)

// A line is a step under way.
type line struct {
	lhs   paper.Formula
	node  *expr.Node
	as    *paper.Formula // how node is written, where not by us
	notes []paper.Note
	index *expr.Index // the line holds for each value of it
	// expect has the value that the line must have; nil for a definition.
	expect *expr.Node
	result bool
	reads  bool // the derivative, read off: it must be the answer
	// gives names the symbol that has the value of this line from here on.
	gives *expr.Symbol
}

// A block is a group of lines under way.
type block struct {
	id      string
	heading paper.Words
	intro   []paper.Words
	lines   []*line
}

func (p *deriver) open(id string, heading paper.Words) *block {
	b := &block{id: id, heading: heading}
	p.blocks = append(p.blocks, b)
	return b
}

// chain adds lines that continue lhs, each of the value of expect.
func (b *block) chain(lhs paper.Formula, expect *expr.Node, index *expr.Index, steps []step) {
	again := true
	for _, s := range steps {
		l := &line{node: s.node, notes: s.notes, expect: expect, index: index}
		if s.define != nil {
			l.lhs, l.expect, l.gives = paper.Formula{Text: s.define.Name, LaTeX: print.LaTeXName(s.define.Name)}, nil, s.define
		} else if again {
			l.lhs = lhs
		}
		again = s.define != nil
		b.lines = append(b.lines, l)
	}
}

// scalarDerivation differentiates a scalar by all variables at once.
func (p *deriver) scalarDerivation() {
	f := p.parts[len(p.parts)-1]
	p.prepareAll()
	blk := p.open("differential", paper.Words{En: "The differential", Zh: "求微分"})
	steps := p.differentialOfPart(f)
	if steps == nil {
		p.constant()
		return
	}
	first := steps[0].node
	last := steps[len(steps)-1].node
	moves := p.moves(last)
	blk.chain(p.dName(f.name, nil), first, nil, append(p.shorten(steps), p.shorten(moves)...))
	p.readOff(blk, f, last, moves)
	number := 2
	for k := len(p.parts) - 2; k >= 0; k-- {
		q := p.parts[k]
		if q.gradient == nil && len(q.from) > 0 {
			p.gradientLines(p.blocks[len(p.blocks)-1], q)
		}
		if q.gradient == nil { // the function does not vary with it
			q.done = true
			continue
		}
		p.through(q, &number)
	}
	p.answerComplete(p.blocks[len(p.blocks)-1])
}

// differentialOfPart returns d(body) and what the rules make of it, or nil if the
// body does not vary.
func (p *deriver) differentialOfPart(q *part) []step {
	if !p.varies(q.body) {
		return nil
	}
	n := p.d(q.body)
	steps := append([]step{{node: n, notes: []paper.Note{noteOf("take-differential")}}}, p.differentials(n)...)
	// What an intermediate stands for is called by its name: h ⊙ (1 − h).
	names := map[*expr.Node]*expr.Node{}
	for _, o := range p.parts {
		if o.sym != nil && len(o.body.Args) > 0 {
			names[o.body] = p.operand(o)
		}
	}
	for i := range steps[1:] {
		steps[i+1].node = p.b.Replace(steps[i+1].node, names)
	}
	return steps
}

// through takes the derivative by an intermediate on to what it is made of.
func (p *deriver) through(q *part, number *int) {
	name := p.formulaOf(p.operand(q))
	blk := p.open("composition", p.words("Through $ $", "经过 $ $", name))
	steps := p.differentialOfPart(q)
	last := steps[len(steps)-1].node
	blk.chain(p.dName(q.name, q.index), steps[0].node, q.index, p.shorten(steps))
	f := p.parts[len(p.parts)-1]
	lhs := p.dName(f.name, nil)
	if !p.whole(q) {
		lhs = p.partName(f.name, *number)
		blk.intro = append(blk.intro, p.words("The part of $ $ that comes through $ $ is called $ $.", "$ $ 中经过 $ $ 的部分记作 $ $。",
			p.dName(f.name, nil), name, lhs))
		*number++
	}
	// dl = tr((∂l/∂q)ᵀ dq)
	own := p.ownDifferential(q)
	grad := p.gradientNode(q)
	start := p.inProduct(grad, own, q.index)
	with := p.m.rewrite(start, func(n *expr.Node) *expr.Node {
		if n == own {
			return last
		}
		return nil
	}, map[*expr.Node]*expr.Node{})
	lines := []step{{node: start, notes: []paper.Note{p.compositionNote()}}, {node: with, notes: []paper.Note{noteOf("substitute")}}}
	moves := p.moves(with)
	blk.chain(lhs, start, nil, append(lines, p.shorten(moves)...))
	p.readOff(blk, q, with, moves)
}

func (p *deriver) compositionNote() paper.Note {
	n := noteOf("composition")
	if p.colon {
		n.Rule = paper.Formula{Text: "dl = ∂l/∂Y : dY", LaTeX: `\mathrm{d}l = \tfrac{\partial l}{\partial Y} : \mathrm{d}Y`}
	}
	return n
}

// whole reports whether all of the differential comes through q.
func (p *deriver) whole(q *part) bool {
	for _, o := range p.parts {
		if o == q {
			break
		}
		if o.gradient != nil || len(o.from) > 0 {
			return false
		}
	}
	for _, a := range p.req.Answers {
		if len(p.fromOf(a.Wrt)) > 0 {
			return false
		}
	}
	return true
}

// inProduct is ⟨g, d⟩, summed over the members of a family.
func (p *deriver) inProduct(g, d *expr.Node, index *expr.Index) *expr.Node {
	m := p.m
	var n *expr.Node
	switch {
	case d.Shape.IsScalar():
		n = m.mul(g, d)
	case p.colon:
		n = p.inner(g, d)
	case d.Shape.IsRow():
		n = m.mul(g, m.t(d))
	case d.Shape.IsVector():
		n = m.mul(m.t(g), d)
	default:
		n = m.tr(m.mul(m.t(g), d))
	}
	if index != nil {
		n = m.sumOver(index, n)
	}
	return n
}

// constant writes that the function does not vary.
func (p *deriver) constant() {
	blk := p.blocks[len(p.blocks)-1]
	for i := range p.req.Answers {
		p.answerLines(blk, &p.req.Answers[i])
	}
}

// shorten leaves every step in full detail and one of several in brief.
func (p *deriver) shorten(steps []step) []step {
	if !p.req.Brief || len(steps) < 2 {
		return steps
	}
	last := step{node: steps[len(steps)-1].node}
	var out []step
	for _, s := range steps {
		if s.define != nil {
			out = append(out, s)
			continue
		}
		for _, n := range s.notes {
			if n.ID != "take-differential" {
				last.notes = together(last.notes, n)
			}
		}
	}
	return append(out, last)
}
