package print

import (
	"strings"
	"testing"
)

func TestLaTeXName(t *testing.T) {
	for _, c := range []struct{ name, want string }{
		{"x", "x"}, {"W1", "W_1"}, {"W12", "W_{12}"}, {"W_1", "W_1"}, {"W₁", "W_1"}, {"x_ij", `x_{\mathrm{ij}}`},
		{"x_bar", `\bar{x}`}, {"x_bar_1", `\bar{x}_1`}, {"x_hat", `\hat{x}`}, {"theta_hat", `\hat{\theta}`},
		{"x̄", `\bar{x}`}, {"ŷ", `\hat{y}`}, {"σ̂", `\hat{\sigma }`}, {"Σ", `\Sigma`}, {"Sigma", `\Sigma`}, {"sigma1", `\sigma_1`},
		{"mu", `\mu`}, {"α_t", `\alpha_t`}, {"loss", `\mathrm{loss}`}, {"Loss_max", `\mathrm{Loss}_{\mathrm{max}}`},
		{"x′", "{x'}"}, {"x_1′", "{x_1'}"}, {"x_{ij}", `x_{\mathrm{ij}}`}, {"x_{i,j}", `x_{\mathrm{i,j}}`}, {"_x", `\mathrm{\_x}`},
		{"权重", `\mathrm{\text{权}\text{重}}`}, {"Tau", `\mathrm{T}`}, {"ẍ̄y", `\mathrm{\bar{\ddot{x}}y}`}, {"αβ", `\mathrm{\alpha \beta}`}, {"ab_cd_e", `\mathrm{ab}_{\mathrm{cd},e}`},
	} {
		if got := latexName(c.name); got != c.want {
			t.Errorf("%s is %s, want %s", c.name, got, c.want)
		}
	}
	if got, want := indexedName("W1", "i"), "W_{1,i}"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// A name with as many marks as a text may have takes no longer than any other.
func TestLaTeXNameMarks(t *testing.T) {
	const n = 100_000
	if got := latexName("x" + strings.Repeat("\u0304", n)); len(got) != n*len(`\bar{}`)+1 || !strings.Contains(got, "{x}") {
		t.Errorf("%d bytes", len(got))
	}
}
