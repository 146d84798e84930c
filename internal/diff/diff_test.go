package diff_test

import (
	"testing"

	"example.com/nabla/internal/check"
	"example.com/nabla/internal/diff"
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/index"
	"example.com/nabla/internal/lower"
	"example.com/nabla/internal/ops"
	"example.com/nabla/internal/syntax"
)

// derivative lowers a program and differentiates it by a variable, without rules.
func derivative(t *testing.T, program, wrt string) *index.Sum {
	t.Helper()
	reg := ops.Registry()
	templates, err := lower.Compile(reg)
	if err != nil {
		t.Fatal(err)
	}
	b := expr.NewBuilder(reg)
	tree, list := syntax.ParseProgram(program, syntax.Options{})
	if len(list) > 0 {
		t.Fatal(list)
	}
	prog, list := check.Check(b, tree, check.Options{Wrt: []string{wrt}})
	if len(list) > 0 {
		t.Fatal(list)
	}
	st := index.NewStore(b, nil)
	l, err := lower.New(st, templates, func(s *expr.Symbol) bool { return s == prog.Wrt[0] }, prog.Result)
	if err != nil {
		t.Fatal(err)
	}
	a := st.Var(prog.Wrt[0], true)
	return diff.Reverse(l, l.Lower(prog.Result).S, []*index.Atom{a}, nil)[0]
}

func TestReverse(t *testing.T) {
	for _, c := range []struct{ program, wrt, want string }{
		{"x'*A*x", "x", "1 x[a] A[i,a] + 1 x[a] A[a,i]"},
		{"norm2(X*w - y)^2", "w", "2 X[a,i] {1 w[a] X[i,a] - 1 y[i]}[a]"},
		{"tr(A*X*B)", "X", "1 A[a,i] B[j,a]"},
		{"A*x", "x", "1 A[i,j]"},
		{"A*X", "X", "1 δ[j,l] A[i,k]"}, // slots: rows and columns of AX, then of X
		{"x", "x", "1 δ[i,j]"},
		{"sum(x)", "x", "1"},
		{"a'*y", "q", "0"},
		{"logdet(X)", "X", "1 inv{1 X[i,j]}[j,i]"},
		{"S: matrix(n, n) symmetric; tr(S*B)", "S", "1 B[j,i]"}, // entry by entry, whatever is declared
		{"sigma: function; sum(sigma(x))", "x", "1 sigma′{1 x[i]}[i]"},
	} {
		if got := derivative(t, c.program, c.wrt).String(); got != c.want {
			t.Errorf("∂(%s)/∂%s = %s, want %s", c.program, c.wrt, got, c.want)
		}
	}
}

// The derivative by a variable that does not occur has no terms, but the slots.
func TestZero(t *testing.T) {
	d := derivative(t, "X: matrix(m, n); A*x", "X")
	if !d.IsZero() || len(d.Slots) != 3 {
		t.Errorf("∂(A x)/∂X = %v with %d slots, want 0 with 3", d, len(d.Slots))
	}
}
