package nabla_test

import (
	"slices"
	"strings"
	"testing"

	"example.com/nabla"
	"example.com/nabla/internal/paper"
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
		// Members of a family; the derivative may be the same by each.
		{program: "x[i]: vector(n), i = 1..N; W*sum(i, x[i])", wrt: []string{"x"}},
		{program: "x[i]: vector(n), i = 1..N; sum(i, m'*x[i])", wrt: []string{"x"}},
		{program: "c[i]: scalar, i = 1..N; x[i]: vector(n), i = 1..N; sum(i, c[i]*x[i])", wrt: []string{"x", "c"}},
		{program: "X[i]: matrix(n, n), i = 1..N; sum(i, X[i]*A*X[i])", wrt: []string{"X"}},
		{program: "x[k]: vector(n), k = 1..N; sum(i = 1..N, norm2(A*x[i] - m)^2)", wrt: []string{"x"}},
		{program: "x[k]: vector(n), k = 1..N; sum(i = 1..N, A*x[i])", wrt: []string{"x"}},
		{program: "u[k]: vector(n), k = 1..N; sum(i = 1..N, norm2(khatrirao(eye(n), u[i]'))^2)", wrt: []string{"u"}},
		{program: "W[k]: matrix(n, n), k = 1..N; Q: matrix(n, n); sum(i = 1..N, kron(diag(W[i]), Q'))", wrt: []string{"Q"}},
		// The adjoint of an operator that has a row for its operand.
		{program: "x: vector(n); norm2(kron(A, x'))^2 + norm2(khatrirao(B, x'))^2", wrt: []string{"x"}},
		// What moves is a multiple by zero.
		{program: "diag(0*c)", wrt: []string{"c"}},
		// A line has what the function has no longer.
		{program: "norm2(x) + 0*s", wrt: []string{"x"}},
		{program: "norm2(x)^2 + 0*sum(0*s)", wrt: []string{"x"}},
		// A step moves a value that is large.
		{program: "norm2(x + a)^200 + 0*sum(0*s*b)", wrt: []string{"a"}},
		// What is left of a sum keeps its shape.
		{program: "w: vector(n); norm2(0*w + 1 + c)*sum(w)", wrt: []string{"w"}},
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

// TestLargeConstant sees that what moves below the rounding of a sum is not taken for 0.
func TestLargeConstant(t *testing.T) {
	_, err := nabla.Derive(nabla.DeriveRequest{Request: nabla.Request{Program: "sum(x) + 10^20", Wrt: []string{"x"}}})
	if err == nil || !strings.Contains(err.Error(), "differences do not settle") {
		t.Errorf("where rounding hides what moves: %v", err)
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

// TestConditionsOfRules names what the rules ask of their operands, once, and leaves
// out what is evident or declared.
func TestConditionsOfRules(t *testing.T) {
	for _, c := range []struct {
		program, wrt string
		want         []string
	}{
		{"tr(inv(X)) + tr(inv(X)*A)", "X", []string{"X is invertible"}},
		{"S: matrix(n, n) posdef; tr(inv(S)) + log(det(S))", "S", []string{"Sᵀ = S"}},
		{"log(det(X'*A*X))", "X", []string{"det(Xᵀ A X) > 0"}},
		{"sum(log(1 + exp(x)))", "x", nil},
		{"sum(log(x)) + sum(abs(x))", "x", []string{"x > 0 in each entry", "x ≠ 0 in each entry"}},
		{"norm2(A*x - y)", "x", []string{"(A x − y)ᵀ(A x − y) > 0"}},
		{"x'*A*x/(x'*x)", "x", []string{"xᵀ x ≠ 0"}},
		{"tr(pinv(X)*A)", "X", []string{"X has full rank"}},
		{"X^(-2)", "X", []string{"X is invertible"}},
		{"sum(max(x, y))", "x", []string{"x ≠ y in each entry"}},
		{"sum(asin(x))", "x", []string{"−1 < x < 1 in each entry"}},
	} {
		for _, brief := range []bool{false, true} {
			d, err := nabla.Derive(nabla.DeriveRequest{Request: nabla.Request{Program: c.program, Wrt: []string{c.wrt}}, Brief: brief})
			if err != nil {
				t.Errorf("%s: %v", c.program, err)
				continue
			}
			var got []string
			for _, b := range d.Paper.Blocks {
				for _, l := range b.Lines {
					for _, n := range l.Notes {
						for _, f := range n.Needs {
							text := f.Formula.Text
							for _, s := range d.Paper.Spans(f.Words, paper.English) {
								text += s.Words + s.Formula.Text
							}
							got = append(got, text)
						}
					}
				}
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("%s (brief %v): %q, want %q", c.program, brief, got, c.want)
			}
		}
	}
}

// TestRulesOfVectors speaks of vec only where a line has one, and of a transpose that
// is carried out only where the answer has none.
func TestRulesOfVectors(t *testing.T) {
	for program, want := range map[string][]string{
		"x/(x'*x)": {"take-differential", "d-quotient", "d-product", "distribute", "inner-symmetric", "regroup", "vec-collect", "read-off", "transpose-out",
			"layout", "entry", "entries-laid-out"},
		"X: matrix(m, n); c*X/2": {"take-differential", "d-constant-factor", "vec-both", "vec-scale", "read-off", "simplify"},
		"X*X'": {"take-differential", "d-product", "vec-both", "vec-linear", "vec-identity", "vec-product", "vec-transpose", "vec-collect",
			"read-off", "simplify"},
		"A.*X": {"take-differential", "d-constant-hadamard", "vec-both", "vec-hadamard", "read-off"},
	} {
		wrt := "X"
		if program[0] == 'x' {
			wrt = "x"
		}
		d, err := nabla.Derive(nabla.DeriveRequest{Request: nabla.Request{Program: program, Wrt: []string{wrt}}})
		if err != nil {
			t.Errorf("%s: %v", program, err)
			continue
		}
		var got []string
		for _, b := range d.Paper.Blocks {
			for _, l := range b.Lines {
				for _, n := range l.Notes {
					got = append(got, n.ID)
				}
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", program, got, want)
		}
	}
}

// TestNoSampleForm refuses --as sum where a sample would stand outside the sum.
func TestNoSampleForm(t *testing.T) {
	const want = "1:1: the program cannot be written as a sum over samples: one would stand outside the sum\n"
	for _, program := range []string{"A*X", "vec(A*X*B)", "inv(A*X*B)"} {
		_, err := nabla.Derive(nabla.DeriveRequest{Request: nabla.Request{Program: program, Wrt: []string{"X"}}, As: nabla.AsSum})
		if err == nil || err.Error() != want {
			t.Errorf("%s: %v", program, err)
		}
	}
}

// TestNameOfResult does not call the result as something in it.
func TestNameOfResult(t *testing.T) {
	for program, want := range map[string]string{"f: function; f(A*x)": "y", "f*x": "y", "f: function; f(x) - y": "g", "A*x": "f", "f = A*x": "f"} {
		d, err := nabla.Derive(nabla.DeriveRequest{Request: nabla.Request{Program: program, Wrt: []string{"x"}}})
		if err != nil {
			t.Errorf("%s: %v", program, err)
		} else if d.Result.Name != want {
			t.Errorf("%s: called %s, want %s", program, d.Result.Name, want)
		}
	}
}
