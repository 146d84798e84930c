package nabla_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"example.com/nabla"
)

func TestInspect(t *testing.T) {
	for _, c := range []struct {
		program string
		want    string // definitions, expression and variables
	}{
		{"norm2(X*w - y)^2", "‖X w − y‖²: scalar | X matrix(m, n), w vector(n), y vector(m)"},
		{"S: matrix(n, n) symmetric; l = tr(S*S)", "l = tr(S·S): scalar | S matrix(n, n) symmetric | S"},
		{"x[i]: vector(n), i = 1..N; z[i] = W*x[i]; sum(i, norm2(z[i])^2)", "z[i] = W·x[i]; Σ_i ‖W x[i]‖²: scalar | W matrix(m, n), x[i] vector(n), i = 1..N"},
		{"A*X*B = C", "A·X·B = C: matrix(m, q) | A matrix(m, n), X matrix(n, p), B matrix(p, q), C matrix(m, q)"},
		{"norm2(X*w - y)^2 + lambda*norm2(w)^2", "‖X w − y‖² + lambda ‖w‖²: scalar | X matrix(m, n), w vector(n), y vector(m), lambda scalar"},
		{"theta'*x + a'*x + eta_1", "thetaᵀ x + aᵀ x + eta_1: scalar | theta vector(n), x vector(n), a vector(n), eta_1 scalar"},
		{"a'*X", "aᵀ X: row(n) | a vector(m), X matrix(m, n)"},
		{"a'*X*a", "aᵀ X a: scalar | a vector(n), X matrix(n, n)"},
		{"a'*a'", "a·a: scalar | a scalar | a"},
		{"2 + 3", "2 + 3: scalar | "},
	} {
		in, err := nabla.Inspect(nabla.Request{Program: c.program})
		if err != nil {
			t.Errorf("%s: %v", c.program, err)
			continue
		}
		var parts, vars []string
		for _, d := range in.Definitions {
			parts = append(parts, d.Symbol+" = "+d.Text)
		}
		last := in.Expression.Text + ": " + in.Expression.Shape
		if in.Expression.Symbol != "" {
			last = in.Expression.Symbol + " = " + last
		}
		for _, v := range in.Variables {
			vars = append(vars, v.Name+" "+v.Decl)
		}
		got := strings.Join(append(parts, last), "; ") + " | " + strings.Join(vars, ", ")
		if len(in.Wrt) > 0 {
			got += " | " + strings.Join(in.Wrt, ", ")
		}
		if got != c.want {
			t.Errorf("%s:\n%s\nwant\n%s", c.program, got, c.want)
		}
	}
}

// A name has one subscript in LaTeX, which a second one would break.
func TestInspectSymbols(t *testing.T) {
	in, err := nabla.Inspect(nabla.Request{Program: "x[i]: vector(n), i = 1..N; a1[i] = W1*x[i]; h_bar = sum(i, a1[i]); l = norm2(h_bar)^2"})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, d := range append(in.Definitions, in.Expression) {
		got = append(got, d.SymbolLaTeX)
	}
	if want := `a_{1,i}; \bar{h}; l`; strings.Join(got, "; ") != want {
		t.Errorf("%s, want %s", strings.Join(got, "; "), want)
	}
}

// Each diagnostic has the range it is about, and names the declaration whose text it
// points into.
func TestDiagnosticRange(t *testing.T) {
	_, err := nabla.Inspect(nabla.Request{Program: "exp(A*B)\n  + αβ*q", Closed: true,
		Vars: []nabla.Declaration{{Name: "A", Decl: "matrix(m, n)"}, {Name: "B", Decl: "matrix(n, n) symetric"}}})
	var input *nabla.InputError
	if !errors.As(err, &input) || input.Diagnostics[0].In != "B" || input.Diagnostics[0].Column != 14 || input.Diagnostics[0].EndColumn != 22 {
		t.Errorf("%+v", input)
	}
	_, err = nabla.Inspect(nabla.Request{Program: "exp(A) +\n    αβ", Closed: true, Vars: []nabla.Declaration{{Name: "A", Decl: "scalar"}}})
	if !errors.As(err, &input) || len(input.Diagnostics) != 1 {
		t.Fatalf("%v", err)
	}
	d := input.Diagnostics[0]
	if d.In != "" || d.Line != 2 || d.Column != 5 || d.EndLine != 2 || d.EndColumn != 7 {
		t.Errorf("%+v", d)
	}
}

// A mistake outside the program says in which text it is.
func TestDiagnosticOutside(t *testing.T) {
	in := func(err error) string {
		var input *nabla.InputError
		if !errors.As(err, &input) || len(input.Diagnostics) == 0 {
			return fmt.Sprint(err)
		}
		inChinese(t, input)
		return input.Diagnostics[0].In
	}
	for _, claim := range []string{"X'*(X*w - y", "dl = 2*g(w)", "∂l/∂q = 0"} {
		_, err := nabla.Verify(nabla.VerifyRequest{Program: "l = norm2(X*w - y)^2", Wrt: "w", Claim: claim})
		if got := in(err); got != "claim" {
			t.Errorf("%s: the mistake is in %q", claim, got)
		}
	}
	for _, side := range []string{"A*w = ", "A*B = C"} {
		_, err := nabla.Solve(nabla.SolveRequest{Program: "norm2(X*w - y)^2", For: []string{"w"}, SubjectTo: []string{side}})
		if got := in(err); got != "constraint" {
			t.Errorf("%s: the mistake is in %q", side, got)
		}
	}
}
