package derive

import (
	"strconv"
	"strings"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/paper"
	"example.com/nabla/internal/print"
)

// A symbolKind says what a symbol of the derivation stands for.
type symbolKind int

const (
	plainSymbol      symbolKind = iota
	gradientSymbol              // ∂l/∂a
	partDifferential            // da, of an intermediate
)

type spelling struct {
	kind symbolKind
	part *part
}

func itoa(n int) string { return strconv.Itoa(n) }

// options are those of a line.
func (p *deriver) options() *print.Options {
	return &print.Options{Builder: p.b, MaxTokens: -1, Spell: p.spell, Colon: p.colon}
}

func (p *deriver) text(n *expr.Node) string { return print.Text(n, p.options()).Result }

// formulaOf writes a node in all notations.
func (p *deriver) formulaOf(n *expr.Node) paper.Formula {
	o := p.options()
	f := paper.Formula{LaTeX: print.LaTeX(n, o).Result}
	o.Shapes = p.req.Shapes
	text := print.Text(n, o)
	f.Text = text.Result
	if p.req.Shapes {
		f.Shaped = print.LaTeX(n, o).Result
		for _, m := range text.Marks {
			f.Marks = append(f.Marks, paper.Mark(m))
		}
	}
	return f
}

// spell writes the symbols of the derivation.
func (p *deriver) spell(s *expr.Symbol, i *expr.Index, latex bool) (text string, tight, ok bool) {
	if d := p.diffOf[s]; d != nil {
		n := d.of
		if d.leaf && i != nil && n.Index != i {
			n = p.b.Member(n.Sym, i)
		}
		return p.dOf(n, latex), true, true
	}
	switch sp := p.spelled[s]; sp.kind {
	case gradientSymbol:
		f := p.gradientName(sp.part, i)
		if latex {
			return f.LaTeX, false, true
		}
		return f.Text, false, true
	case partDifferential:
		f := p.dName(sp.part.name, i)
		if latex {
			return f.LaTeX, true, true
		}
		return f.Text, true, true
	}
	return "", false, false
}

// indexed is the name of a member.
func indexed(name string, i *expr.Index) string {
	if i == nil {
		return name
	}
	return name + "[" + i.Name + "]"
}

// dName writes the differential of a name.
func (p *deriver) dName(name string, i *expr.Index) paper.Formula {
	name = indexed(name, i)
	return paper.Formula{Text: "d" + name, LaTeX: `\mathrm{d}` + print.LaTeXName(name)}
}

// partName writes the k-th part of the differential of a name.
func (p *deriver) partName(name string, k int) paper.Formula {
	return paper.Formula{Text: "d" + name + subscript(k), LaTeX: `\mathrm{d}` + print.LaTeXName(name) + "_{" + itoa(k) + "}"}
}

func subscript(k int) string {
	var b strings.Builder
	for _, c := range itoa(k) {
		b.WriteRune('₀' + c - '0')
	}
	return b.String()
}

func (p *deriver) gradientName(q *part, i *expr.Index) paper.Formula {
	f := p.parts[len(p.parts)-1].name
	name := indexed(q.name, i)
	return paper.Formula{
		Text:  "∂" + f + "/∂" + name,
		LaTeX: `\frac{\partial ` + print.LaTeXName(f) + `}{\partial ` + print.LaTeXName(name) + `}`,
	}
}

// dOf writes dn: dX, d exp(X b), d(X w − y).
func (p *deriver) dOf(n *expr.Node, latex bool) string {
	o := p.options()
	text, tex := print.Text(n, o).Result, ""
	if latex {
		tex = print.LaTeX(n, o).Result
	}
	if n.Op.Name == expr.OpVar || n.Op.Name == expr.OpMember {
		if latex {
			return `\mathrm{d}` + tex
		}
		return "d" + text
	}
	return p.dOfText(text, tex, latex)
}

// dOfText puts d before what is written, in brackets unless it is an application.
func (p *deriver) dOfText(text, tex string, latex bool) string {
	call := isCall(text)
	switch {
	case call && latex:
		return `\mathrm{d}` + tex
	case call:
		return "d " + text
	case !latex:
		return "d(" + text + ")"
	case strings.Contains(tex, `\frac`) || strings.Contains(tex, `\sum`):
		return `\mathrm{d}\left(` + tex + `\right)`
	}
	return `\mathrm{d}(` + tex + ")"
}

// isCall reports whether a text is one application, f(…), |…| or ‖…‖.
func isCall(text string) bool {
	r := []rune(text)
	k := 0
	for k < len(r) && (r[k] >= 'a' && r[k] <= 'z' || r[k] >= 'A' && r[k] <= 'Z' || r[k] >= '0' && r[k] <= '9') {
		k++
	}
	if k >= len(r) {
		return false
	}
	if r[k] != '(' || k == 0 {
		return false
	}
	depth := 0
	for i := k; i < len(r); i++ {
		switch r[i] {
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return i == len(r)-1
			}
		}
	}
	return false
}

// words puts formulas for the places marked $ $ in both texts.
func (p *deriver) words(en, zh string, formulas ...paper.Formula) paper.Words {
	for _, f := range formulas {
		p.paper.Inline[f.LaTeX] = f.Text
		en = strings.Replace(en, "$ $", "$"+f.LaTeX+"$", 1)
		zh = strings.Replace(zh, "$ $", "$"+f.LaTeX+"$", 1)
	}
	return paper.Words{En: en, Zh: zh}
}

// identityOf writes what defines the derivative by a variable or intermediate.
func (p *deriver) identityOf(x *expr.Node, d paper.Formula) paper.Formula {
	f := p.parts[len(p.parts)-1].name
	df := p.dName(f, nil)
	dx := p.formulaOf(x)
	dx = paper.Formula{Text: "d" + dx.Text, LaTeX: `\mathrm{d}` + dx.LaTeX}
	g := paper.Formula{Text: "(" + d.Text + ")", LaTeX: `\left(` + d.LaTeX + `\right)`}
	switch {
	case x.Shape.IsScalar():
		return paper.Formula{Text: df.Text + " = " + g.Text + " " + dx.Text, LaTeX: df.LaTeX + " = " + d.LaTeX + `\,` + dx.LaTeX}
	case p.colon:
		return paper.Formula{Text: df.Text + " = " + g.Text + " : " + dx.Text, LaTeX: df.LaTeX + " = " + d.LaTeX + " : " + dx.LaTeX}
	case x.Shape.IsRow():
		return paper.Formula{Text: df.Text + " = " + g.Text + " " + dx.Text + "ᵀ", LaTeX: df.LaTeX + " = " + d.LaTeX + `\,` + dx.LaTeX + `^\top`}
	case x.Shape.IsVector():
		return paper.Formula{Text: df.Text + " = " + g.Text + "ᵀ " + dx.Text, LaTeX: df.LaTeX + " = " + g.LaTeX + `^\top ` + dx.LaTeX}
	}
	return paper.Formula{Text: df.Text + " = tr(" + g.Text + "ᵀ " + dx.Text + ")", LaTeX: df.LaTeX + ` = \operatorname{tr}\left(` + g.LaTeX + `^\top ` + dx.LaTeX + `\right)`}
}
