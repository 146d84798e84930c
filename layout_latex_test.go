package nabla

import (
	"testing"

	"example.com/nabla/internal/expr"
)

func TestIdentityLaTeX(t *testing.T) {
	b := expr.NewBuilder(nil)
	one, m, n := b.One(), b.Sizes.Size("m"), b.Sizes.Size("n")
	scalar, vector, matrix := expr.Shape{Rows: one, Cols: one}, expr.Shape{Rows: n, Cols: one}, expr.Shape{Rows: m, Cols: n}
	for _, c := range []struct {
		f, x   expr.Shape
		layout Layout
		want   string
	}{
		{scalar, scalar, Denominator, `\mathrm{d}l = \left(\frac{\partial l}{\partial W_1}\right) \, \mathrm{d}W_1`},
		{scalar, vector, Denominator, `\mathrm{d}l = \left(\frac{\partial l}{\partial W_1}\right)^\top \, \mathrm{d}W_1`},
		{scalar, matrix, Numerator, `\mathrm{d}l = \operatorname{tr}\left(\left(\frac{\partial l}{\partial W_1}\right)^\top \, \mathrm{d}W_1\right)`},
		{vector, vector, Numerator, `\mathrm{d}l = \left(\frac{\partial l}{\partial W_1}\right) \, \mathrm{d}W_1`},
		{matrix, matrix, Denominator, `\operatorname{vec}(\mathrm{d}l) = \left(\frac{\partial l}{\partial W_1}\right)^\top \, \operatorname{vec}(\mathrm{d}W_1)`},
	} {
		s := symbol{"l", []string{"W1"}, []expr.Shape{c.x}, c.f}
		if got := s.identityLaTeX(c.layout); got != c.want {
			t.Errorf("got %s, want %s", got, c.want)
		}
	}
}
