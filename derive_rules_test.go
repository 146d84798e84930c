package nabla_test

import (
	"os"
	"path/filepath"
	"testing"

	"example.com/nabla"
	"example.com/nabla/internal/derive"
	"example.com/nabla/internal/ops"
)

// TestRulesOccur derives the published cases, the examples of the operators and
// the programs in examples: each rule of the table gives a line of one of them, so
// that none is there for nothing and each has been compared by numbers.
func TestRulesOccur(t *testing.T) {
	used := map[string]bool{}
	ask := func(r nabla.Request) {
		for _, colon := range []bool{false, true} {
			d, err := nabla.Derive(nabla.DeriveRequest{Request: r, Colon: colon})
			if err != nil {
				continue // whether there should be one is tested elsewhere
			}
			for _, b := range d.Paper.Blocks {
				for _, l := range b.Lines {
					for _, n := range l.Notes {
						used[n.ID] = true
					}
				}
			}
		}
	}
	cases := readCorpus(t)
	for i := range cases {
		r := request(&cases[i])
		r.Order = 1
		ask(r)
	}
	for _, op := range ops.Registry().Ops() {
		for _, e := range op.Examples {
			for _, v := range []string{"x", "X", "A", "y"} {
				ask(nabla.Request{Program: e, Wrt: []string{v}, Vec: nabla.Rows})
			}
		}
	}
	for _, e := range []string{"sum(A.*softmaxrows(X))", "norm2(x')", "X: matrix(m, n); c*X", "kron(x, y)",
		"x[i]: vector(n), i = 1..N; A*sum(i, X*x[i]*x[i]')"} {
		for _, v := range []string{"x", "X"} {
			ask(nabla.Request{Program: e, Wrt: []string{v}})
		}
	}
	files, _ := filepath.Glob("examples/*.nb")
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range []string{"Sigma", "W1", "w", "x", "X", "t"} {
			ask(nabla.Request{Program: string(text), Wrt: []string{v}})
		}
	}
	for _, r := range derive.Rules(ops.Registry()) {
		if !used[r.ID] {
			t.Errorf("the rule %s gives no line", r.ID)
		}
	}
}
