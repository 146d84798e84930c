package derive

import (
	"slices"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/paper"
)

// widestNeed is the longest operand, in characters, that a condition names; of a
// longer one it speaks as of the operand.
const widestNeed = 40

// needs says what the rule for n's operator asks of its operands, as the row has it
// in Domain and Kink, and what powers and quotients ask; what is evident or declared
// is left out.
func (p *deriver) needs(n *expr.Node) []paper.Fact {
	kind, x := n.Op.Domain, (*expr.Node)(nil)
	if len(n.Args) > 0 {
		x = n.Args[0]
	}
	switch n.Op.Name {
	case expr.OpPow, expr.OpElPow:
		e := n.Args[1]
		switch k := e.Num; {
		case e.Op.Name != expr.OpNum || !k.IsInt():
			kind = "positive"
		case k.Sign() < 0:
			kind = "nonzero"
		default:
			kind = ""
		}
	case expr.OpMPow:
		if k, ok := n.Args[1].Num.Int64(); n.Args[1].Op.Name == expr.OpNum && ok && k < 0 {
			kind = "invertible"
		}
	case expr.OpDiv, expr.OpElDiv:
		if x = n.Args[1]; p.varies(x) {
			kind = "nonzero"
		}
	}
	if n.Op.Kink {
		kind = "nonzero"
		if len(n.Args) == 2 {
			y := n.Args[1]
			if p.req.Holds != nil && p.req.Holds(n, p.b.Node(expr.OpAdd, x, p.b.Node(expr.OpNeg, y)), kind) {
				return nil
			}
			return []paper.Fact{p.relation(p.formulaOf(x), " ≠ ", ` \neq `, p.formulaOf(y), n.Shape)}
		}
	}
	if kind == "" || x == nil || p.req.Holds == nil || p.req.Holds(n, x, kind) {
		return nil
	}
	if kind == "invertible" && p.told[told(p.condition("posdet", x))] {
		return nil
	}
	return []paper.Fact{p.condition(kind, x)}
}

// told is the key of a condition in deriver.told.
func told(f paper.Fact) string { return f.Formula.Text + "\n" + f.Words.En }

// condition is the property of x that kind names; see expr.Op.Domain.
func (p *deriver) condition(kind string, x *expr.Node) paper.Fact {
	long := p.width(x) > widestNeed
	say := func(en, zh, longEn, longZh string) paper.Fact {
		if long {
			return paper.Fact{Words: paper.Words{En: longEn, Zh: longZh}}
		}
		return paper.Fact{Words: p.words("$ $ "+en, "$ $ "+zh, p.formulaOf(x))}
	}
	switch kind {
	case "invertible":
		return say("is invertible", "可逆", "the operand is invertible", "其自变量可逆")
	case "fullrank":
		return say("has full rank", "满秩", "the operand has full rank", "其自变量满秩")
	case "posdet":
		if long {
			return paper.Fact{Words: paper.Words{En: "the determinant is positive", Zh: "行列式大于零"}}
		}
		x = p.b.Node("det", x)
		kind = "positive"
	}
	text := map[string][2]string{
		"positive": {" > 0", " > 0"}, "nonzero": {" ≠ 0", ` \neq 0`}, "nonnull": {" ≠ 0", ` \neq 0`}, "above1": {" > 1", " > 1"},
		"unit": {" < 1", " < 1"},
	}[kind]
	if text[0] == "" {
		return paper.Fact{Words: paper.Words{En: "the operand lies in the domain", Zh: "自变量在定义域内"}}
	}
	if long {
		return p.relation(paper.Formula{Text: "·", LaTeX: `\cdot`}, text[0], text[1], paper.Formula{}, x.Shape)
	}
	f := p.formulaOf(x)
	if kind == "unit" {
		f = paper.Formula{Text: "−1 < " + f.Text, LaTeX: "-1 < " + f.LaTeX}
	}
	shape := x.Shape
	if kind == "nonnull" {
		shape = expr.Shape{Rows: p.b.One(), Cols: p.b.One()}
	}
	return p.relation(f, text[0], text[1], paper.Formula{}, shape)
}

// relation writes l rel r, entry by entry where they are not scalars.
func (p *deriver) relation(l paper.Formula, rel, relTeX string, r paper.Formula, s expr.Shape) paper.Fact {
	f := paper.Formula{Text: l.Text + rel + r.Text, LaTeX: l.LaTeX + relTeX + r.LaTeX}
	if !s.IsScalar() {
		return paper.Fact{Words: p.words("$ $ in each entry", "$ $ 逐元素成立", f)}
	}
	return paper.Fact{Formula: f}
}

// once leaves the conditions of notes that have not been told before, and records
// them as told.
func (p *deriver) once(notes []paper.Note) []paper.Note {
	for i := range notes {
		var list []paper.Fact
		for _, f := range notes[i].Needs {
			if key := told(f); !p.told[key] {
				p.told[key] = true
				list = append(list, f)
			}
		}
		notes[i].Needs = list
	}
	return notes
}

// together adds a note to a list; one of the same rule gets its conditions.
func together(notes []paper.Note, n paper.Note) []paper.Note {
	k := slices.IndexFunc(notes, func(o paper.Note) bool { return o.ID == n.ID })
	if k < 0 {
		return append(notes, n)
	}
	for _, f := range n.Needs {
		notes[k].Needs = appendFact(slices.Clone(notes[k].Needs), f)
	}
	return notes
}
