package nabla_test

import (
	"testing"

	"example.com/nabla"
)

// TestDerivationsOfKinds derives programs of kinds that a derivation treats in
// ways of their own: each derivative has a result, and every line that is not a
// definition or an answer that stays in intermediates has been compared.
func TestDerivationsOfKinds(t *testing.T) {
	for _, c := range []struct {
		program string
		wrt     []string
		order   int
	}{
		// A vector or matrix by several variables, one after the other.
		{program: "tanh(A*x + b)", wrt: []string{"x", "A", "b"}},
		{program: "(x./y)*a", wrt: []string{"x", "y"}},
		{program: "b*inv(A + x*y')*b", wrt: []string{"x", "y"}},
		{program: "h = A*x; f = A*tanh(h)", wrt: []string{"x", "A"}},
		// Rows.
		{program: "colsum(X)*a", wrt: []string{"X"}},
		{program: "softmaxcols(X)", wrt: []string{"X"}},
		{program: "logsumexpcols(A*X)", wrt: []string{"X"}},
		// The gradient moves without the facts of its variable.
		{program: "S: matrix(n, n) posdef; x'*inv(S)*x", wrt: []string{"S"}, order: 2},
		{program: "K: matrix(n, n) symmetric; logdet(K) - y'*inv(K)*y", wrt: []string{"K"}, order: 2},
		// Names for coefficients stand outside the sums.
		{program: "x[i]: vector(n), i = 1..N; sum(i, norm2(tanh(W*x[i]))^2)", wrt: []string{"W"}, order: 2},
	} {
		d, err := nabla.Derive(nabla.DeriveRequest{Request: nabla.Request{Program: c.program, Wrt: c.wrt, Order: c.order}})
		if err != nil {
			t.Errorf("%s by %v: %v", c.program, c.wrt, err)
			continue
		}
		results := map[string]string{}
		for _, b := range d.Paper.Blocks {
			lhs := ""
			for _, l := range b.Lines {
				if l.Lhs.Text != "" {
					lhs = l.Lhs.Text
				}
				if l.Result {
					results[lhs] = l.Rhs.Text
				}
			}
		}
		for _, a := range d.Result.Derivatives {
			if got := results[a.Symbol]; got != a.Line {
				t.Errorf("%s: %s = %s, the answer is %s", c.program, a.Symbol, got, a.Line)
			}
		}
	}
}

// TestSecondDerivativesOfFamilies are refused.
func TestSecondDerivativesOfFamilies(t *testing.T) {
	const family = "x[i]: vector(n), i = 1..N; sum(i, (w.*w)'*x[i])"
	const want = "1:1: derivatives of higher order by a family of variables are not supported: x[i]\n"
	if _, err := nabla.Differentiate(nabla.Request{Program: family, Wrt: []string{"x"}, Order: 2}); err == nil || err.Error() != want {
		t.Errorf("order 2: %v", err)
	}
	if _, err := nabla.Differentiate(nabla.Request{Program: family, Wrt: []string{"w", "x"}, Mixed: true}); err == nil || err.Error() != want {
		t.Errorf("mixed: %v", err)
	}
	if _, err := nabla.Derive(nabla.DeriveRequest{Request: nabla.Request{Program: family, Wrt: []string{"x"}, Order: 2}}); err == nil || err.Error() != want {
		t.Errorf("derived: %v", err)
	}
}

// TestEntryOfKron has no entry by the definition: an index of kron is two indices.
func TestEntryOfKron(t *testing.T) {
	d, err := nabla.Derive(nabla.DeriveRequest{Request: nabla.Request{Program: "(x'*y)*kron(x, y)", Wrt: []string{"x"}}})
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range d.Paper.Blocks {
		if b.ID == "entries" {
			t.Errorf("an entry: %s", b.Lines[1].Rhs.Text)
		}
	}
}
