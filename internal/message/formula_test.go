package message

import "testing"

func TestFormula(t *testing.T) {
	for _, c := range []struct{ said, plain, tex string }{
		{"no formula", "no formula", ""},
		{Formula("f", "f") + " is convex in " + Formula("Σ⁻¹", `\Sigma^{-1}`), "f is convex in Σ⁻¹", `$f$ is convex in $\Sigma^{-1}$`},
		{Say("%s has full rank", Formula("X", "X")).Zh, "X 满秩", "$X$ 满秩"},
	} {
		if got := Plain(c.said); got != c.plain {
			t.Errorf("%q, want %q", got, c.plain)
		}
		if got := TeX(c.said); got != c.tex {
			t.Errorf("%q, want %q", got, c.tex)
		}
	}
}
