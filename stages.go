package nabla

import (
	"slices"
	"strconv"
	"strings"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/syntax"
)

// stages writes the views of the stages that the request asks for; index and
// trace are completed by each answer.
func (p *problem) stages() {
	for _, name := range p.req.Show {
		var b strings.Builder
		switch name {
		case "ast":
			syntax.WriteTree(&b, p.tree)
		case "dag":
			p.writeDAG(&b)
		case "index":
			b.WriteString(p.res.Name + " = " + p.f.sum.String() + "\n")
		}
		p.res.Stages[name] += b.String()
	}
}

func (p *problem) shows(stage string) bool { return slices.Contains(p.req.Show, stage) }

// show adds a line to a stage.
func (p *problem) show(stage, line string) { p.res.Stages[stage] += line + "\n" }

// writeDAG lists the nodes below the expression, one a line: number, operator,
// operands, shape.
func (p *problem) writeDAG(b *strings.Builder) {
	seen := map[*expr.Node]bool{}
	var visit func(n *expr.Node)
	visit = func(n *expr.Node) {
		if seen[n] {
			return
		}
		seen[n] = true
		for _, a := range n.Args {
			visit(a)
		}
		b.WriteString("%" + strconv.Itoa(n.ID) + " = " + n.Op.Name)
		switch {
		case n.Op.Name == expr.OpNum:
			b.WriteString(" " + n.Num.String())
		case n.Sym != nil:
			b.WriteString(" " + n.Sym.Name)
		}
		if n.Index != nil {
			b.WriteString(" [" + n.Index.Name + "]")
		}
		for _, d := range n.Sizes {
			b.WriteString(" " + d.String())
		}
		for _, a := range n.Args {
			b.WriteString(" %" + strconv.Itoa(a.ID))
		}
		b.WriteString(": " + shapeString(n.Shape) + "\n")
	}
	visit(p.prog.Result)
}
