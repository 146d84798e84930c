package nabla_test

import (
	"testing"

	"example.com/nabla"
	"example.com/nabla/internal/runner"
)

// TestValueAlone asks for the value without a derivative: its check has nothing to compare.
func TestValueAlone(t *testing.T) {
	sizes := map[string]int{"m": 4, "n": 3, "N": 5}
	var all []*generated
	for _, text := range []string{
		"5",
		"a: scalar; exp(a)",
		"A: matrix(m, n); x: vector(n); tanh(A*x)",
		"x[i]: vector(n), i = 1..N; w: vector(n); sum(i, (x[i]'*w)^2)",
	} {
		g, err := familyProgram(text, "", []nabla.What{nabla.ValueOf}, nabla.Denominator, sizes)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		all = append(all, g)
	}
	for _, l := range nabla.Languages() {
		t.Run(l.Name, func(t *testing.T) { runGenerated(t, runner.Lang(l.Name), some(l.Name, all)) })
	}
}
