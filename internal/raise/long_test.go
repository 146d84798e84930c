package raise_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"example.com/nabla/internal/raise"
)

// The nodes made for long products and sums grow no faster than the answer.
func TestLong(t *testing.T) {
	count := func(in string, opts raise.Options) int {
		l := lowerText(t, in, "X")
		l.derive()
		before := len(l.b.Nodes())
		n, form := l.raise(opts)
		if n == nil || form != raise.Matrix {
			t.Fatalf("%s…: no matrix form", in[:40])
		}
		return len(l.b.Nodes()) - before
	}
	for _, c := range []struct {
		name string
		in   func(k int) string
	}{
		{"power", func(k int) string {
			return "A, X: matrix(n, n); tr(" + strings.Repeat("A*X*", k-1) + "A*X)"
		}},
		{"terms", func(k int) string {
			return "A, B, X: matrix(n, n); tr(B*" + strings.Repeat("A*X*", k-1) + "A*X)"
		}},
		{"layers", func(k int) string {
			return "A, X: matrix(n, n); sum(" + strings.Repeat("tanh(A*", k) + "X" + strings.Repeat(")", k) + ")"
		}},
		{"sum", func(k int) string {
			var b strings.Builder
			b.WriteString("X: matrix(n, n); ")
			for i := range k {
				fmt.Fprintf(&b, "A%d: matrix(n, n); ", i)
			}
			for i := range k {
				fmt.Fprintf(&b, "+ tr(A%d*X*X')", i)
			}
			return strings.Replace(b.String(), "; +", "; ", 1)
		}},
	} {
		small, large := count(c.in(16), raise.Options{}), count(c.in(64), raise.Options{})
		t.Logf("%s: %d and %d nodes", c.name, small, large)
		if limit := 16*small + 2000; large > limit {
			t.Errorf("%s: %d nodes for 16, %d for 64", c.name, small, large)
		}
	}
}

var word = regexp.MustCompile(`\b[A-Za-z]\w*\b`)

// Renaming the variables and sizes renames the answer, and changes nothing else.
func TestNamesDoNotMatter(t *testing.T) {
	rename := map[string]string{"X": "A", "A": "M", "B": "Z", "w": "a1", "y": "q", "x": "zeta", "m": "k", "n": "d"}
	swap := func(s string) string {
		return word.ReplaceAllStringFunc(s, func(w string) string {
			if r, ok := rename[w]; ok {
				return r
			}
			return w
		})
	}
	const decls = "X: matrix(m, n); A: matrix(m, m); B: matrix(n, n); w: vector(n); y: vector(m); x: vector(n); "
	for _, c := range []struct{ in, wrt string }{
		{"norm2(X*w - y)^2 + y'*A*y", "w"},
		{"norm2(X*w - y)^2 + y'*A*y", "y"},
		{"tr(X'*A*X*B*X'*A'*X)", "X"},
		{"y'*A*X*w*(x'*B*w) + sum(exp(X*w).*y)", "w"},
		{"sum((X*B).*(A*X)) + logdet(B'*B)", "B"},
		{"sin(A*X*B)", "X"},
		{"A*diag(X*w)*X", "w"},
	} {
		answer := func(in, wrt string) string {
			l := lowerText(t, in, wrt)
			l.derive()
			n, _ := l.raise(raise.Options{})
			return text(n)
		}
		got, want := answer(swap(decls+c.in), swap(c.wrt)), swap(subscriptless(answer(decls+c.in, c.wrt)))
		if subscriptless(got) != want {
			t.Errorf("%s by %s: renamed, it is %s, not %s", c.in, c.wrt, got, want)
		}
	}
}

// subscriptless writes sizes in full, because some letters have no subscript.
func subscriptless(s string) string {
	r := strings.NewReplacer("Iₙ", "eye(n)", "Iₘ", "eye(m)", "Iₖ", "eye(k)", "1ₙ", "ones(n)", "1ₘ", "ones(m)", "1ₖ", "ones(k)")
	return r.Replace(s)
}

func BenchmarkRaise(b *testing.B) {
	for _, c := range []struct{ name, in, wrt string }{
		{"least-squares", "norm2(X*w - y)^2", "w"},
		{"quadratic", "x'*A*x + h'*x", "x"},
		{"network", "norm2(V*tanh(W*x + h) + u - y)^2", "W"},
		{"jacobian", "A: matrix(p, m); X: matrix(m, n); sin(A*X)", "X"},
		{"gaussian", "S: matrix(n, n) symmetric; X: matrix(m, n); m*logdet(S) + tr(X*inv(S)*X')", "S"},
	} {
		b.Run(c.name, func(b *testing.B) {
			l := lowerText(b, c.in, c.wrt)
			l.derive()
			b.ReportAllocs()
			for b.Loop() {
				l.raise(raise.Options{})
			}
		})
	}
}
