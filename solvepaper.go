package nabla

import (
	"cmp"
	"strings"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/message"
	"example.com/nabla/internal/paper"
	"example.com/nabla/internal/print"
)

// formulaOf writes a node in each notation.
func (q *stationary) formulaOf(n *expr.Node) paper.Formula {
	return paper.Formula{Text: q.text(n), LaTeX: q.latex(n)}
}

// inline puts a node into words, between dollar signs.
func (q *stationary) inline(n *expr.Node) string {
	f := q.formulaOf(n)
	q.inlined[f.LaTeX] = f.Text
	return "$" + f.LaTeX + "$"
}

// inlineName puts a name into words.
func (q *stationary) inlineName(name string) string {
	tex := print.LaTeXName(name)
	q.inlined[tex] = name
	return "$" + tex + "$"
}

// worked arranges the solution as a document.
func (q *stationary) worked() *paper.Paper {
	o := q.out
	p := &paper.Paper{Inline: q.inlined}
	q.given(p)
	var names []string
	for _, s := range q.prog.Wrt {
		names = append(names, q.inlineName(s.Name))
	}
	unknowns := strings.Join(names, ", ")
	p.Title = paper.Words{En: "Solution of an equation for " + unknowns, Zh: "求方程关于 " + unknowns + " 的解"}
	of := paper.Block{ID: "function"}
	if q.prog.Equation == nil {
		f := q.inlineName(o.Name)
		p.Title = paper.Words{En: "Stationary points of " + f + " in " + unknowns, Zh: "求 " + f + " 关于 " + unknowns + " 的驻点"}
		of.Lines = append(of.Lines, paper.Line{Lhs: paper.Formula{Text: o.Name, LaTeX: print.LaTeXName(o.Name)}, Rhs: q.formulaOf(q.prog.Result)})
	}
	for i := range o.Gradients {
		g := &o.Gradients[i]
		of.Lines = append(of.Lines, paper.Line{Lhs: paper.Formula{Text: g.Symbol, LaTeX: g.SymbolLaTeX}, Rhs: paper.Formula{Text: g.Text, LaTeX: g.LaTeX},
			Checked: g.Check != nil && g.Check.Points > 0, Error: deviation(g.Check)})
	}
	if q.lagrange != nil {
		of.Lines = append(of.Lines, paper.Line{Lhs: paper.Formula{Text: "L", LaTeX: "L"}, Rhs: q.formulaOf(q.lagrange),
			Notes: []paper.Note{{ID: "lagrangian", Name: paper.Words{En: "the Lagrangian", Zh: "拉格朗日函数"}}}})
	}
	if len(of.Lines) > 0 {
		p.Blocks = append(p.Blocks, of)
	}
	lines := paper.Block{ID: "solution", Heading: paper.Words{En: "Solution", Zh: "求解"}}
	last := map[string]int{}
	for k, l := range q.lines {
		if q.repeats(k) {
			continue
		}
		s := paper.Line{Lhs: q.formulaOf(l.step.Left), Rhs: q.formulaOf(l.step.Right),
			Notes: []paper.Note{{ID: l.step.Rule, Name: q.reason(l, q.inline, q.inlineName)}}}
		if q.lineErrors != nil && o.Check != nil {
			s.Checked, s.Error = true, q.lineErrors[k]
		}
		last[l.unknown] = len(lines.Lines)
		lines.Lines = append(lines.Lines, s)
	}
	for _, v := range o.Solutions {
		lines.Lines[last[v.Unknown]].Result = true
	}
	p.Blocks = append(p.Blocks, lines)
	end := paper.Block{ID: "remarks"}
	for i, c := range q.conditionWords {
		if i == 0 {
			c.En, c.Zh = "Provided that "+c.En, "条件："+c.Zh
		} else {
			c.En, c.Zh = "and that "+c.En, "且 "+c.Zh
		}
		end.After = append(end.After, c)
	}
	if k := o.Kind.Text; o.Outcome == Solved && k.En != "" {
		end.After = append(end.After, q.set(k))
	}
	for _, r := range o.Remarks {
		end.After = append(end.After, q.set(r))
	}
	if len(end.After) > 0 {
		p.Blocks = append(p.Blocks, end)
	}
	return p
}

// set is a sentence with its formulas as they stand in a document.
func (q *stationary) set(p Phrase) paper.Words {
	words := func(s string) string {
		message.Formulas(s, func(text, latex string) { q.inlined[latex] = text })
		return cmp.Or(message.TeX(s), s)
	}
	return paper.Words{En: words(p.En), Zh: words(p.Zh)}
}

// plainWords takes the marks of formulas out of what is said.
func (q *stationary) plainWords() {
	plain := func(p *Phrase) { p.En, p.Zh = message.Plain(p.En), message.Plain(p.Zh) }
	k := &q.out.Kind
	k.TeX = Phrase{message.TeX(k.Text.En), message.TeX(k.Text.Zh)}
	plain(&k.Text)
	for i := range q.out.Remarks {
		plain(&q.out.Remarks[i])
	}
}

func deviation(c *Check) float64 {
	if c == nil {
		return 0
	}
	return c.MaxError
}
