package derive

import (
	"slices"
	"testing"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/ops"
)

// Rules that rows name are in the table, and every operator of the algebra that has
// operands has one; a sign needs none.
func TestRulesOfRows(t *testing.T) {
	for _, o := range ops.Registry().Ops() {
		for _, id := range slices.Concat(o.Rules, o.Square, []string{o.ScalarRule}) {
			if id != "" && ruleByID[id] == nil {
				t.Errorf("%s: no rule is called %s", o.Name, id)
			}
		}
		leaf := slices.Contains([]string{expr.OpNum, expr.OpVar, expr.OpSize, expr.OpMember, expr.OpIndex}, o.Name)
		if o.Class == expr.Special && o.Family == "algebra" && !leaf && o.Name != expr.OpNeg && len(o.Rules) == 0 {
			t.Errorf("%s: no rule", o.Name)
		}
	}
}
