package nabla_test

import (
	"errors"
	"testing"

	"example.com/nabla"
)

// TestSecondDerivations derives the second derivative of every published scalar: what
// has one in matrix notation has a derivation of readable length or is refused, and
// the last line is the answer.
func TestSecondDerivations(t *testing.T) {
	cases := readCorpus(t)
	asked, missing := 0, 0
	for i := range cases {
		req := request(&cases[i])
		req.Order = 2
		d, err := nabla.Derive(nabla.DeriveRequest{Request: req})
		var input *nabla.InputError
		if errors.As(err, &input) {
			continue // no scalar, or a power whose second derivative is refused
		}
		asked++
		if errors.Is(err, nabla.ErrNoDerivation) {
			missing++
			t.Logf("%s: %s by %s: %v", cases[i].ID, cases[i].Expr, cases[i].Wrt, err)
			continue
		}
		if err != nil {
			t.Errorf("%s: %s by %s: %v", cases[i].ID, cases[i].Expr, cases[i].Wrt, err)
			continue
		}
		last := ""
		for _, b := range d.Paper.Blocks {
			for _, l := range b.Lines {
				if l.Result {
					last = l.Rhs.Text
				}
			}
		}
		if n := len(d.Result.Derivatives); last != d.Result.Derivatives[n-1].Line && !d.Result.Derivatives[n-1].Zero {
			t.Errorf("%s: the last line is %s, the answer %s", cases[i].ID, last, d.Result.Derivatives[n-1].Line)
		}
	}
	t.Logf("%d asked, %d without derivation", asked, missing)
	if missing*20 > asked {
		t.Errorf("%d of %d have no derivation", missing, asked)
	}
}

// TestNamesOfAttempts has derivations in which a coefficient has the name of one of another
// shape, of an attempt with fewer parts.
func TestNamesOfAttempts(t *testing.T) {
	for _, program := range []string{"exp(sum((1 + (S + S').^2).^eye(n)))", "(sum((1 + (S.^eye(n)).^2).^eye(n)))^2"} {
		_, err := nabla.Derive(nabla.DeriveRequest{Request: nabla.Request{Program: "S: matrix(n, n)\n" + program, Wrt: []string{"S"}, Order: 2}})
		if err != nil {
			t.Errorf("%s: %v", program, err)
		}
	}
}
