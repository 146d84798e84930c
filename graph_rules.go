package nabla

import (
	"cmp"
	"slices"
	"strings"

	"example.com/nabla/internal/derive"
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/paper"
	"example.com/nabla/internal/print"
)

// operator is a short sign for the operation of a node.
func (g *grapher) operator(n *gnode) string {
	m := n.core
	name := m.Op.Name
	power := name == expr.OpPow || name == expr.OpElPow || name == expr.OpMPow
	switch {
	case name == expr.OpAdd && len(m.Args) == 2 && m.Args[1].Op.Name == expr.OpNeg:
		return "−"
	case len(m.Args) == 0:
		return "="
	case name == expr.OpSumOver:
		return "Σ" + letterBelow(m.Index.Name)
	case name == expr.OpApply:
		return m.Sym.Name + strings.Repeat("′", m.Order)
	case m.Op.Sign != "" && (!power || g.varies(m.Args[1])):
		return m.Op.Sign
	case len(m.Args) > 1 && !power:
		return cmp.Or(m.Op.Base, name)
	}
	// The printed form with a dot for the operand: ‖·‖², ·⁻¹, exp.
	x := m.Args[0]
	if name == expr.OpPow && len(x.Args) == 1 && !g.isNode(m, x) {
		x = x.Args[0]
	}
	b := g.p.b
	dot := &expr.Symbol{Name: "·", Kind: expr.Matrix, Shape: x.Shape, Ordinal: len(b.Symbols())}
	o := &print.Options{MaxTokens: -1, Spell: func(s *expr.Symbol, _ *expr.Index, _ bool) (string, bool, bool) { return "·", true, s == dot }}
	by := map[*expr.Node]*expr.Node{x: {ID: -1, Op: b.Reg.Op(expr.OpVar), Shape: x.Shape, Sym: dot}}
	text := print.Text(replaceApart(m, by), o).Result
	if call, ok := strings.CutSuffix(text, "(·)"); ok && call != "" {
		return call
	}
	return text
}

// subscriptLetters are those that Unicode has.
var subscriptLetters = map[string]string{"i": "ᵢ", "j": "ⱼ", "k": "ₖ", "l": "ₗ", "m": "ₘ", "n": "ₙ", "p": "ₚ", "r": "ᵣ", "s": "ₛ", "t": "ₜ", "u": "ᵤ", "v": "ᵥ"}

// letterBelow writes an index below the line, or after _ where Unicode cannot.
func letterBelow(name string) string {
	if s := subscriptLetters[name]; s != "" {
		return s
	}
	return "_" + name
}

// replaceApart puts others in for operands, in nodes that no builder knows.
func replaceApart(n *expr.Node, by map[*expr.Node]*expr.Node) *expr.Node {
	if m := by[n]; m != nil {
		return m
	}
	c := *n
	c.Args = slices.Clone(n.Args)
	for i, a := range c.Args {
		c.Args[i] = replaceApart(a, by)
	}
	return &c
}

// rules are those by which the adjoint of n becomes a contribution to that of its
// operand o: one for each operation between them, the outermost first.
func (g *grapher) rules(n, o *gnode) []paper.Note {
	var notes []paper.Note
	add := func(note paper.Note) {
		if !slices.ContainsFunc(notes, func(x paper.Note) bool { return x.ID == note.ID }) {
			notes = append(notes, note)
		}
	}
	var down func(m *expr.Node) bool
	below := map[*expr.Node]bool{}
	var has func(m *expr.Node) bool
	has = func(m *expr.Node) bool {
		v, ok := below[m]
		if !ok {
			v = m.Sym == o.sym && len(m.Args) == 0 || slices.ContainsFunc(m.Args, has)
			below[m] = v
		}
		return v
	}
	down = func(m *expr.Node) bool {
		if len(m.Args) == 0 {
			return m.Sym == o.sym
		}
		k := slices.IndexFunc(m.Args, has)
		if k < 0 {
			return false
		}
		g.rule(m, k, add)
		// A squared norm is one step.
		if m.Op.Name == expr.OpPow && len(m.Args[0].Op.Square) > 0 {
			return down(m.Args[0].Args[0])
		}
		return down(m.Args[k])
	}
	down(n.body)
	return notes
}

// rule adds the rule of m for its k-th operand.
func (g *grapher) rule(m *expr.Node, k int, add func(paper.Note)) {
	note := func(id string) { add(derive.Note(id)) }
	op := m.Op
	switch {
	case op.Name == expr.OpDiv && !g.varies(m.Args[1]):
	case op.ScalarRule != "" && m.Shape.IsScalar() && m.Args[k].Shape.IsScalar():
		note(op.ScalarRule)
	case op.ScalarRule != "" && g.decorated(m) != nil:
	case op.Name == expr.OpPow && len(m.Args[0].Op.Square) > 0:
		of := 0
		if m.Args[0].Args[0].Shape.IsMatrix() {
			of = 1
		}
		note(ruleFor(m.Args[0].Op.Square, of))
	case len(op.Rules) > 0:
		note(ruleFor(op.Rules, k))
	case op.Class != expr.Special:
		add(derive.OperatorNote(g.p.eng.reg, op))
	}
}

// ruleFor is the k-th of the rules, the last for what is after it.
func ruleFor(rules []string, k int) string { return rules[min(k, len(rules)-1)] }
