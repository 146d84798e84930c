package derive

import (
	"maps"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/paper"
)

// A Rule is a rule by which a line may follow, for the reference.
type Rule struct {
	Section string // of the reference
	paper.Note
}

// sections of the reference begin at a rule of the table.
var sections = map[string]string{
	"norm-squared":      "Rewriting before differentiation",
	"take-differential": "Differentials",
	"trace-of-scalar":   "Moves",
	"colon":             "Moves with inner products, with `--style colon`",
	"vec-both":          "Vectorisation",
	"composition":       "Composition and the end",
	"layout":            "By the definition",
}

// Rules lists the rules in the order of the table, and after the differentials of the
// algebra those that stand in the rows of operators. Elementwise functions share one
// rule, d-elementwise; each is told with its own formula and, as its name in JSON, d-
// and the operator's name.
func Rules(reg *expr.Registry) []Rule {
	var out []Rule
	section := ""
	add := func(n paper.Note) { out = append(out, Rule{section, n}) }
	for i := range rules {
		if s := sections[rules[i].id]; s != "" {
			if section == sections["take-differential"] {
				section = "Differentials and definitions in the rows of operators"
				for _, n := range rowRules(reg) {
					add(n)
				}
			}
			section = s
		}
		add(rules[i].note())
	}
	return out
}

// rowRules are the rules made from rows that have a name of their own.
func rowRules(reg *expr.Registry) []paper.Note {
	p := &deriver{b: expr.NewBuilder(reg)}
	elementwise := noteOf("d-elementwise").Name
	var out []paper.Note
	for _, op := range reg.Ops() {
		if op.Signature() == nil || op.Differential == "" && op.Class != expr.Defined {
			continue
		}
		if n := p.rowRule(&expr.Node{Op: op}); n.Name != elementwise {
			out = append(out, n)
		}
	}
	return out
}

// Note returns a rule of the table as a note on a line.
func Note(id string) paper.Note { return ruleByID[id].note() }

// OperatorNote returns the rule made from an operator's row: its differential, or its
// definition. An operator that has neither, a structural one, is linear in each operand.
func OperatorNote(reg *expr.Registry, op *expr.Op) paper.Note {
	p := &deriver{b: expr.NewBuilder(reg)}
	defer p.b.Release()
	n := &expr.Node{Op: op}
	if op.Class == expr.Structural {
		return p.linearRule(n)
	}
	return p.rowRule(n)
}

// Inline returns the plain text of the formulas in the names of rules, by their LaTeX.
func Inline() map[string]string { return maps.Clone(inNames) }
