package nabla

import (
	"slices"
	"strings"

	"example.com/nabla/internal/derive"
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/paper"
	"example.com/nabla/internal/print"
)

// operatorSigns are the signs of the algebra, which has no printed form of its own.
var operatorSigns = map[string]string{
	expr.OpMul: "·", expr.OpHadamard: "⊙", expr.OpDiv: "/", expr.OpElDiv: "⊘", expr.OpAdd: "+", "sum": "Σ",
	expr.OpNeg: "−", expr.OpT: "·ᵀ",
}

// operator is a short sign for the operation of a node.
func (g *grapher) operator(n *gnode) string {
	m := n.core
	name := m.Op.Name
	switch {
	case name == expr.OpAdd && len(m.Args) == 2 && m.Args[1].Op.Name == expr.OpNeg:
		return "−"
	case len(m.Args) == 0:
		return "="
	case name == expr.OpSumOver:
		return "Σ" + letterBelow(m.Index.Name)
	case name == expr.OpApply:
		return m.Sym.Name + strings.Repeat("′", m.Order)
	case (name == expr.OpPow || name == expr.OpElPow || name == expr.OpMPow) && g.varies(m.Args[1]):
		return "·^·"
	case operatorSigns[name] != "":
		return operatorSigns[name]
	}
	if len(m.Args) > 1 && name != expr.OpPow && name != expr.OpElPow && name != expr.OpMPow {
		return strings.TrimSuffix(m.Op.Name, "rows")
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
		if m.Op.Name == expr.OpPow && len(m.Args[0].Args) == 1 && strings.HasPrefix(m.Args[0].Op.Name, "norm") {
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
	scalar := m.Shape.IsScalar() && m.Args[k].Shape.IsScalar()
	switch name := m.Op.Name; {
	case name == expr.OpNeg, name == expr.OpDiv && !g.varies(m.Args[1]):
	case name == expr.OpAdd:
		note("colon-linear")
	case name == expr.OpT:
		note("colon-transpose")
	case name == expr.OpMul && scalar:
		note("d-product")
	case name == expr.OpMul && g.decorated(m) == nil:
		note("colon-product")
	case name == expr.OpHadamard:
		note("colon-hadamard")
	case name == expr.OpDiv && k == 0, name == expr.OpElDiv && k == 0:
		note("d-constant-divisor")
	case name == expr.OpDiv, name == expr.OpElDiv:
		note("d-quotient")
	case name == expr.OpPow && m.Args[0].Op.Name == "norm2":
		if m.Args[0].Args[0].Shape.IsMatrix() {
			note("frobenius-squared")
		} else {
			note("norm-squared")
		}
	case name == expr.OpPow, name == expr.OpElPow:
		note("d-power")
	case name == expr.OpMPow:
		note("d-matrix-power")
	case name == expr.OpSumOver:
		note("colon-sum")
	case name == expr.OpApply:
		note("d-elementwise")
	case m.Op.Class != expr.Special:
		add(derive.OperatorNote(g.p.eng.reg, m.Op))
	}
}
