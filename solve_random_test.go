package nabla_test

import (
	"errors"
	"flag"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"example.com/nabla"
)

// TestSolveRandom looks for stationary points of random scalar programs, and solves
// random equations: none panics and no solution fails its own check.
func TestSolveRandom(t *testing.T) {
	asked, solved, enough := 0, 0, 1500
	if f := flag.Lookup("rapid.checks"); f.Value.String() != "10000" {
		enough = -1 // as many as are asked for
	}
	rapid.Check(t, func(t *rapid.T) {
		if asked == enough {
			return
		}
		g := generator{t}
		var text string
		switch g.below(4) {
		case 0: // an equation between two expressions of one shape
			s := g.shape()
			text = g.expr(s, 1+g.below(2)).a + " = " + g.expr(s, g.below(2)).a
		case 1:
			text = "norm2(" + g.expr(shape{"n", "1"}, 1+g.below(2)).a + ")^2 + " + g.expr(shape{"1", "1"}, 1).a
		default:
			text = g.expr(shape{"1", "1"}, 1+g.below(3)).a
		}
		var occur []string
		for _, v := range pool {
			if strings.Contains(text, v.name) {
				occur = append(occur, v.name)
			}
		}
		if len(occur) == 0 {
			return
		}
		req := nabla.SolveRequest{Program: text, Vars: poolVars(strings.NewReplacer()), For: []string{occur[g.below(len(occur))]}}
		if other := occur[g.below(len(occur))]; other != req.For[0] && g.below(3) == 0 {
			req.For = append(req.For, other)
		}
		defer faults(t, "%s by %v", text, req.For)
		asked++
		s, err := nabla.Solve(req)
		var input *nabla.InputError
		switch {
		case errors.As(err, &input):
		case err != nil:
			t.Fatalf("%s by %v: %v", text, req.For, err)
		case s.Outcome == nabla.Solved:
			solved++
		}
	})
	t.Logf("%d programs, %d of them solved", asked, solved)
}
