package corpus

import "testing"

func TestCountTokens(t *testing.T) {
	isVariable := func(name string) bool { return len(name) == 1 || name == "x̄" }
	for _, c := range []struct {
		text string
		want int
	}{
		{"x", 1},
		{"2*X*w", 5},
		{"2 X w", 5},
		{"2 Xᵀ(X w − y)", 10},
		{"2*X'*(X*w-y)", 10},
		{"X⁻ᵀ", 2},
		{"X⁻¹", 2},
		{"‖x‖²", 3},
		{"||x||_2^2", 4},
		{"‖A‖_F ‖B‖_F", 5},
		{"|X| X⁻ᵀ", 5},
		{"exp(X b)", 4},
		{"X(b)", 3},
		{"Iₙ ⊗ Aᵀ", 4},
		{"I_{mn}", 1},
		{"K₂,₃ vec(A)", 4},
		{"1.5e-3 x", 3},
		{"½ x", 3},
		{"Σ_i x[i]", 4},
		{"∑_{i} x_i", 2},
		{"√x", 2},
		{"x.^2 .* y", 5},
		{"x̄ y", 3},
		{"−(a + b)", 4},
		{"a⊤b", 4},
		{"", 0},
	} {
		if got := CountTokens(c.text, isVariable); got != c.want {
			t.Errorf("%s: %d tokens, want %d", c.text, got, c.want)
		}
	}
}

// The corpus states the length of each formula, as counted by the program that
// the formulas were published with.
func TestCountOfCorpus(t *testing.T) {
	cases, err := Read("../../testdata/corpus.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	for i := range cases {
		c := &cases[i]
		if c.Expected == nil {
			continue
		}
		if got := CountTokens(*c.Expected, c.IsVariable); got != c.ExpectedNodes {
			t.Errorf("%s: %s: %d tokens, want %d", c.ID, *c.Expected, got, c.ExpectedNodes)
		}
	}
}
