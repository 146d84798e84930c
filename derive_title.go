package nabla

import (
	"strconv"

	"example.com/nabla/internal/paper"
	"example.com/nabla/internal/print"
	"example.com/nabla/internal/source"
)

// titleWidth is the number of columns up to which a function stands in a title by its formula.
const titleWidth = 48

// titled gives a derivation its title: Derivative of l = ‖X w − y‖² by w.
func (p *problem) titled(pap *paper.Paper) {
	name := p.res.Name
	text, latex := name, print.LaTeXName(name)
	if full := text + " = " + p.res.Expression; source.Width(full) <= titleWidth {
		text, latex = full, latex+" = "+print.LaTeX(p.prog.Result, p.po).String()
	}
	if pap.Inline == nil {
		pap.Inline = map[string]string{}
	}
	formula := func(text, latex string) string {
		pap.Inline[latex] = text
		return "$" + latex + "$"
	}
	f := formula(text, latex)
	by := paper.Words{}
	for i, s := range p.prog.Wrt {
		member := memberName(s)
		x := formula(member, print.LaTeXName(member))
		switch {
		case i == 0:
			by = paper.Words{En: x, Zh: x}
		case i == len(p.prog.Wrt)-1:
			by.En, by.Zh = by.En+" and "+x, by.Zh+"、"+x
		default:
			by.En, by.Zh = by.En+", "+x, by.Zh+"、"+x
		}
	}
	what := paper.Words{En: "Derivative", Zh: "导数"}
	if n := p.req.Order; n > 1 {
		what = paper.Words{En: "Derivative of order " + strconv.Itoa(n), Zh: strconv.Itoa(n) + " 阶导数"}
	}
	pap.Title = paper.Words{En: what.En + " of " + f + " by " + by.En, Zh: "求 " + f + " 对 " + by.Zh + " 的" + what.Zh}
}
