package nabla_test

import (
	"strings"
	"testing"

	"example.com/nabla"
)

// TestLaTeXDifferentials has claims with d before expressions. The verdict is "equal", the
// kind of what is wrong, or where and how the claim is refused.
func TestLaTeXDifferentials(t *testing.T) {
	for _, c := range []struct{ program, wrt, claim, want string }{
		{`\|Xw-y\|_2^2`, "w", `\mathrm{d}f = 2(Xw-y)^\top \mathrm{d}(Xw-y) \\ = 2(Xw-y)^\top \mathrm{d}(Xw)`, "equal"},
		{`\|Xw-y\|_2^2`, "w", `df = 2\,\mathrm d\left(Xw\right)^\top (Xw-y) = 2\,d(Xw)^T(Xw-y)`, "equal"},
		{`\|Xw-y\|_2^2`, "w", `df = 2 (Xw-y)^\top X \dd{w} = 2(Xw-y)^\top \dd{(Xw)}`, "equal"},
		{`\|Xw-y\|_2^2`, "w", `df = d((Xw-y)^\top(Xw-y))`, "equal"},
		{`\|Xw-y\|_2^2`, "w", `df = (Xw-y)^\top \mathrm{d}(Xw)`, "factor"},
		{`\|Xw-y\|_2^2`, "w", `df = 2(Xw-y)^\top \mathrm{d}(y)`, "zero"},
		{`\operatorname{tr}(X^\top A X)`, "X", `df = \mathrm{d}\operatorname{tr}(X^\top A X) = \operatorname{tr}(\mathrm{d}(X^\top)AX + X^\top A\,\mathrm{d}X)`, "equal"},
		{`\operatorname{tr}(X^\top A X)`, "X", `df = \operatorname{tr}(\mathrm{d}(X^\top A I X + I))`, "equal"},
		{`\operatorname{tr}(X^\top A X)`, "X", `df = \operatorname{tr}(X^\top A\,\mathrm{d}(X))`, "missing-term"},
		{`\|Xw-y\|_2^2`, "w", `df = \mathrm{d}\|Xw-y\|^2`, "1:16: d of"},
		{`\|Xw-y\|_2^2`, "w", `df = \mathrm{d}(w)^2`, "1:19: the power of a differential"},
		{`d^\top x`, "x", `\mathrm{d}f = \mathrm{d}(d^\top x)`, "1:15: the differential of an expression is not read"},
		{`d (x+1)^2`, "x", `2 d(x+1)`, "equal"}, // d is a variable
	} {
		v, err := nabla.Verify(nabla.VerifyRequest{Program: c.program, Notation: nabla.LaTeXNotation, Wrt: c.wrt, Claim: c.claim, ClaimNotation: nabla.LaTeXNotation})
		got := ""
		switch {
		case err != nil:
			if got = err.Error(); strings.HasPrefix(got, c.want) {
				continue
			}
		case v.Equal:
			got = "equal"
		default:
			got = v.Kind
		}
		if got != c.want {
			t.Errorf("%s by %s, %s: %s, want %s", c.program, c.wrt, c.claim, got, c.want)
		}
	}
}
