package raise_test

import (
	"strings"
	"testing"

	"example.com/nabla/internal/eval"
	"example.com/nabla/internal/raise"
)

// What is lowered and raised again is in its usual notation and has its value.
// Letters as in the language: a–g scalars, h–z vectors, capitals matrices.
func TestRaise(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		// products and transposes
		{"A*B*x", "A·B·x"},
		{"x.*(x + x.^2) + x.*(2*x + x.^2)", "x.^2 ⊙ (3 + 2 x)"},
		{"x'*A*y", "xᵀ A y"},
		{"y'*A'*x", "xᵀ A y"},
		{"(A*B)'", "(A B)ᵀ"},
		{"B'*A'*C'", "(C A B)ᵀ"},
		{"A*x*(B*y)'", "A x (B y)ᵀ"},
		{"A'*x*y'", "Aᵀ x yᵀ"},
		{"inv(A)'*x*y'*inv(A)'", "A⁻ᵀ x yᵀ A⁻ᵀ"},
		{"A*A*A*x", "A³ x"},
		{"inv(X)*inv(X)", "X⁻²"},
		{"X'*X'*y", "(X²)ᵀ y"},
		{"A*X*A*X*B", "(A X)² B"},
		{"S: matrix(n, n) symmetric; S'*x", "S·x"},
		{"(x'*y)*A", "(xᵀ y) A"},
		// traces and norms
		{"tr(A*B)", "tr(A·B)"},
		{"tr(B*A)", "tr(B·A)"},
		{"tr(X*X'*L)", "tr(Xᵀ L X)"},
		{"tr(A'*B)", "tr(A Bᵀ)"},
		{"tr(x*y')", "xᵀ y"},
		{"tr(A*B*B'*A')", "‖A B‖²"},
		{"x'*x", "‖x‖²"},
		{"x'*A'*A*x", "‖A x‖²"},
		{"h'*X'*Y'*C*Y*X*h", "(Y X h)ᵀ C Y X h"},
		{"sum(X.*X)", "‖X‖²"},
		{"sum(x.*x.*y.*y)", "‖x ⊙ y‖²"},
		{"sum(abs(x))", "‖x‖₁"},
		{"sqrt(x'*x)", "‖x‖"},
		{"x/(x'*x)^(3/2)", "x / ‖x‖³"},
		{"sum(X)", "sum(X)"},
		{"sum(A*x)", "sum(A·x)"},
		{"X*ones(n)", "X·1ₙ"},
		// entrywise
		{"x.*y./z", "x ⊙ y ./ z"},
		{"1 ./(x.*y)", "1 ./ (x ⊙ y)"},
		{"x.*x", "x.^2"},
		{"x.*x.*y.*y", "(x ⊙ y).^2"},
		{"diag(x)*y", "x ⊙ y"},
		{"diag(x)*A*diag(y)", "(x yᵀ) ⊙ A"},
		{"diag(x)*A", "diag(x)·A"},
		{"A*diag(x)*B", "A·diag(x)·B"},
		{"diag(A*B)", "diag(A·B)"},
		{"exp(x)./exp(y)", "exp(x) ⊙ exp(−y)"},
		{"max(x, 0)", "max(x, 0)"},
		// softmax along an axis, in its cheaper orientation
		{"softmaxcols(X)", "softmaxcols(X)"},
		{"softmaxrows(X)", "softmaxrows(X)"},
		{"softmaxrows(X')'", "softmaxcols(X)"},
		{"logsumexprows(X)", "logsumexprows(X)"},
		{"logsumexpcols(X)'", "logsumexprows(Xᵀ)"},
		// sums: common factors, order, signs
		{"A*x + A'*x", "(A + Aᵀ) x"},
		{"A'*x + A*x", "(A + Aᵀ) x"},
		{"h*k'*X + k*h'*X", "(h kᵀ + k hᵀ) X"},
		{"A*X*X + X*A*X + X*X*A", "A X² + X A X + X² A"},
		{"inv(S) - inv(S)*C*inv(S)", "S⁻¹ − S⁻¹ C S⁻¹"},
		{"(A*B*C)*x + c*x", "A·B·C·x + c·x"},
		{"A*(X*w - y) + c*(X*w - y)", "(A + c Iₙ)(X w − y)"},
		{"-y + X*w", "X w − y"},
		{"A'*B' + C'", "(B A + C)ᵀ"},
		{"x/2 + y/2", "(x + y)/2"},
		{"2*x + 2*y - z", "2 (x + y) − z"},
		{"diag(x) + diag(y)", "diag(x + y)"},
		{"x.*y + x.*z", "x ⊙ (y + z)"},
		{"x + ones(n)", "1 + x"},
		{"a*x + b*x", "(a + b)·x"},
		{"kron(A, B) + kron(A, C)", "A ⊗ (B + C)"},
		// axes made of several
		{"A: matrix(m, n); B: matrix(p, q); C: matrix(n, n); D: matrix(q, q); kron(A, B)*kron(C, D)", "(A C) ⊗ (B D)"},
		{"kron(eye(m), eye(n))", "eye(m*n)"},
		{"vec(A*X*B)", "vec(A·X·B)"},
		{"A: matrix(p, m); X: matrix(m, n); B: matrix(n, q); kron(B', A)*vec(X)", "vec(A·X·B)"},
		{"X: matrix(m, n); commutation(m, n)*vec(X)", "vec(Xᵀ)"},
		{"vec(x*y')", "y ⊗ x"},
		{"khatrirao(A, B)*x", "vec(B diag(x) Aᵀ)"},
		{"A: matrix(p, m); B: matrix(m, n); C: matrix(p, q); diag(vec(A))*kron(B, C)", "diag(vec(A))(B ⊗ C)"},
		{"exp(kron(A, B))", "exp(A ⊗ B)"},
		{"A: matrix(m, m); B: matrix(n, n); C: matrix(m*n, m*n); x: vector(m*n); inv(kron(A, B) + C)*x", "(A ⊗ B + C)⁻¹ x"},
		{"norm2(kron(A, B)*x)", "sqrt(xᵀ((Aᵀ A) ⊗ (Bᵀ B)) x)"},
	} {
		t.Run(c.in, func(t *testing.T) {
			l := lowerText(t, declare(c.in), "")
			n, _ := l.raise(raise.Options{})
			if got := text(n); got != c.want {
				t.Errorf("%s: %s, want %s", c.in, got, c.want)
			}
			if n != nil {
				l.sameValue(t, n)
			}
		})
	}
}

// declare adds the sizes that the tests' texts name.
func declare(in string) string {
	for _, c := range []struct{ use, decl string }{
		{"ones(n)", "X: matrix(m, n); x: vector(n); "},
		{"eye(", "m1: scalar; "},
	} {
		if strings.Contains(in, c.use) && !strings.Contains(in, ":") {
			in = c.decl + in
		}
	}
	return in
}

// Derivatives in numerator layout.
func TestDerivatives(t *testing.T) {
	for _, c := range []struct {
		in, wrt, want string
		form          raise.Form
	}{
		{"norm2(X*w - y)^2", "w", "2 Xᵀ(X w − y)", raise.Matrix},
		{"A: matrix(n, n) symmetric; norm2(X*X' - A)^2", "X", "4 (X Xᵀ − A) X", raise.Matrix},
		{"a*exp(X*x)*b", "x", "a·b·diag(exp(X·x))·X", raise.Matrix},
		{"x'*A*x*(x'*x)", "x", "2 (xᵀ A x) x + ‖x‖²(A + Aᵀ) x", raise.Matrix},
		{"x/norm2(x)", "x", "Iₙ / ‖x‖ − x xᵀ / ‖x‖³", raise.Matrix},
		{"A: matrix(p, m); X: matrix(m, n); A*X", "X", "Iₙ ⊗ A", raise.Kronecker},
		{"X: matrix(m, n); X'", "X", "commutation(m, n)", raise.Kronecker},
		{"X: matrix(m, n); sin(X)", "X", "diag(vec(cos(X)))", raise.Kronecker},
		{"X: matrix(n, n); X*X", "X", "Iₙ ⊗ X + Xᵀ ⊗ Iₙ", raise.Kronecker},
		{"x: vector(n); x*x'", "x", "Iₙ ⊗ x + x ⊗ Iₙ", raise.Kronecker},
		{"X: matrix(n, n); diag(X)", "X", "khatrirao(Iₙ, Iₙ)ᵀ", raise.Kronecker},
		{"X: matrix(n, n); A: matrix(n, n); A*diag(diag(X))", "X",
			"khatrirao(Iₙ, A) khatrirao(Iₙ, Iₙ)ᵀ", raise.Kronecker},
		{"X: matrix(m, n); Y: matrix(p, q); kron(X, Y)", "X",
			"(eye(n*q) ⊗ commutation(m, p))(Iₙ ⊗ vec(Y) ⊗ Iₘ)", raise.Kronecker},
		{"a: vector(p); X: matrix(p*n, m); b: vector(m); kron(a', eye(n))*X*b", "X", "bᵀ ⊗ aᵀ ⊗ Iₙ", raise.Kronecker},
	} {
		t.Run(c.in+" by "+c.wrt, func(t *testing.T) {
			l := lowerText(t, c.in, c.wrt)
			l.derive()
			n, form := l.raise(raise.Options{})
			if got := text(n); got != c.want || form != c.form {
				t.Errorf("%s by %s: %s (%v), want %s (%v)", c.in, c.wrt, got, form, c.want, c.form)
			}
			if n == nil {
				return
			}
			if _, err := eval.Check(&eval.Problem{Reg: l.b.Reg, F: l.result, D: n, X: l.wrt}); err != nil {
				t.Error(err)
			}
		})
	}
}

// A sum over the members of a family is a matrix, or stays a sum.
func TestFamilies(t *testing.T) {
	const data = "x[i]: vector(n), i = 1..N; y[i]: scalar, i = 1..N; w: vector(n); "
	for _, c := range []struct {
		mode     raise.FamilyMode
		in, want string
	}{
		{raise.FamilySum, data + "sum(i, (x[i]'*w - y[i])^2)", "Σ_i (x[i]ᵀ w − y[i])²"},
		{raise.FamilySum, data + "sum(i, x[i]*w' + w*x[i]')", "Σ_i (x[i] wᵀ + w x[i]ᵀ)"},
		{raise.FamilySum, data + "sum(i, y[i]*(x[i] - sum(j, x[j])/N))", "Σ_i y[i] (x[i] − (Σ_j x[j])/N)"},
		{raise.FamilySum, "B[i]: matrix(n, n), i = 1..N; x: vector(n); sum(i, inv(B[i])*x)", "(Σ_i B[i]⁻¹) x"},
		{raise.FamilyMatrix, "B[i]: matrix(n, n), i = 1..N; x: vector(n); sum(i, inv(B[i])*x)", "(Σ_i B[i]⁻¹) x"},
	} {
		in := strings.Replace(c.in, "sum(j, x[j])", "sum(i, x[i])", 1)
		if in != c.in {
			in = strings.Replace(in, "sum(i, y", "u = sum(i, x[i])/N; sum(i, y", 1)
			in = strings.Replace(in, "sum(i, x[i])/N))", "u))", 1)
		}
		l := lowerText(t, in, "")
		n, _ := l.raise(raise.Options{Family: c.mode})
		if got := text(n); got != c.want {
			t.Errorf("%s: %s, want %s", in, got, c.want)
		}
		if n != nil {
			l.sameValue(t, n)
		}
	}
	l := lowerText(t, data+"sum(i, (x[i]'*w - y[i])^2)", "")
	if n, _ := l.raise(raise.Options{}); text(n) != "‖xᵀ w − y‖²" {
		t.Errorf("as a matrix: %s", text(n))
	}
}
