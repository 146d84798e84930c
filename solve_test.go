package nabla_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"example.com/nabla"
)

// TestSolve compares the outcome, the values and what they take for granted with known
// answers. That the values are right is checked by numbers before Solve returns; the
// table says that they are the ones of the textbooks, as text.
func TestSolve(t *testing.T) {
	const (
		solved = nabla.Solved
		none   = nabla.NoClosedForm
	)
	for _, c := range []struct {
		name, program, vars, wrt, subject string
		outcome                           nabla.Outcome
		want                              string // values, separated by "; "
		provided                          string // conditions, separated by "; "
		remark                            string // a part of the remarks
	}{
		// Least squares and its relatives.
		{name: "least squares", program: "norm2(X*w - y)^2", wrt: "w", outcome: solved,
			want: "w = (Xᵀ X)⁻¹ Xᵀ y", provided: "Xᵀ X is invertible, which is so where X has full column rank"},
		{name: "mean squares", program: "norm2(X*w - y)^2/m", wrt: "w", vars: "X: matrix(m, n)", outcome: solved,
			want: "w = (Xᵀ X)⁻¹ Xᵀ y", provided: "Xᵀ X is invertible, which is so where X has full column rank"},
		{name: "sum over samples", program: "x[i]: vector(n), i = 1..N; y[i]: scalar, i = 1..N; Σ_i (x[i]ᵀ w − y[i])²", wrt: "w", outcome: solved,
			want: "w = (Σ_i x[i] x[i]ᵀ)⁻¹ Σ_i y[i] x[i]", provided: "Σ_i x[i] x[i]ᵀ is invertible"},
		{name: "ridge", program: "norm2(X*w - y)^2 + λ*w'*w", wrt: "w", outcome: solved,
			want: "w = (Xᵀ X + λ Iₙ)⁻¹ Xᵀ y", provided: "Xᵀ X + λ Iₙ is invertible, which is so for λ > 0"},
		{name: "ridge, positive", program: "norm2(X*w - y)^2 + λ*norm2(w)^2", vars: "λ: scalar positive", wrt: "w", outcome: solved,
			want: "w = (Xᵀ X + λ Iₙ)⁻¹ Xᵀ y"},
		{name: "ridge, matrix", program: "norm2(X*W - Y)^2 + c*tr(W'*W)", vars: "c: scalar positive", wrt: "W", outcome: solved,
			want: "W = (Xᵀ X + c Iₙ)⁻¹ Xᵀ Y"},
		{name: "Tikhonov", program: "norm2(X*w - y)^2 + norm2(G*w)^2", wrt: "w", outcome: solved,
			want: "w = (Xᵀ X + Gᵀ G)⁻¹ Xᵀ y", provided: "Xᵀ X + Gᵀ G is invertible"},
		{name: "weighted by a matrix", program: "(X*w - y)'*W*(X*w - y)", vars: "W: matrix(m, m) posdef", wrt: "w", outcome: solved,
			want: "w = (Xᵀ W X)⁻¹ Xᵀ W y", provided: "Xᵀ W X is invertible, which is so where X has full column rank"},
		{name: "weighted by a vector", program: "(X*w - y)'*diag(d)*(X*w - y)", vars: "d: vector(m) positive", wrt: "w", outcome: solved,
			want: "w = (Xᵀ diag(d) X)⁻¹ Xᵀ(y ⊙ d)", provided: "Xᵀ diag(d) X is invertible"},
		{name: "generalised", program: "(X*w - y)'*inv(Σ)*(X*w - y)", vars: "Σ: matrix(m, m) posdef", wrt: "w", outcome: solved,
			want: "w = (Xᵀ Σ⁻¹ X)⁻¹ Xᵀ Σ⁻¹ y", provided: "Xᵀ Σ⁻¹ X is invertible, which is so where X has full column rank"},
		{name: "multi-output", program: "norm2(X*W - Y)^2", wrt: "W", outcome: solved,
			want: "W = (Xᵀ X)⁻¹ Xᵀ Y", provided: "Xᵀ X is invertible, which is so where X has full column rank"},
		{name: "two-sided", program: "norm2(A*X*B - C)^2", wrt: "X", outcome: solved,
			want:     "X = (Aᵀ A)⁻¹ Aᵀ C Bᵀ(B Bᵀ)⁻¹",
			provided: "Aᵀ A is invertible, which is so where A has full column rank; B Bᵀ is invertible, which is so where B has full row rank"},
		{name: "two-sided ridge", program: "norm2(A*X*B - C)^2 + c*norm2(X)^2", wrt: "X", outcome: solved,
			want: "vec(X) = ((B Bᵀ) ⊗ (Aᵀ A) + c eye(n*p))⁻¹ vec(Aᵀ C Bᵀ)", provided: "(B Bᵀ) ⊗ (Aᵀ A) + c eye(n*p) is invertible"},
		{name: "norm, not squared", program: "norm2(X*w - y)", wrt: "w", outcome: solved, want: "w = (Xᵀ X)⁻¹ Xᵀ y",
			provided: "Xᵀ X is invertible, which is so where X has full column rank; X w − y ≠ 0"},
		{name: "entrywise", program: "sum((x - y).^2./d)", vars: "d: vector(n) positive", wrt: "x", outcome: solved, want: "x = y"},
		{name: "intercept", program: "norm2(X*w + b - y)^2", wrt: "w b", outcome: solved,
			want:     "b = −sum(X w − y)/m; w = (Xᵀ(X − 1ₘ 1ₘᵀ X/m))⁻¹ Xᵀ(y − sum(y)/m)",
			provided: "Xᵀ(X − 1ₘ 1ₘᵀ X/m) is invertible"},
		{name: "intercept, multi-output", program: "norm2(X*W + ones(m)*b' - Y)^2", vars: "X: matrix(m, n); b: vector(p)", wrt: "W b", outcome: solved,
			want:     "b = −(X W − Y)ᵀ 1ₘ/m; W = (Xᵀ(X − 1ₘ 1ₘᵀ X/m))⁻¹ Xᵀ(Y − 1ₘ 1ₘᵀ Y/m)",
			provided: "Xᵀ(X − 1ₘ 1ₘᵀ X/m) is invertible"},
		{name: "regression with its variance", program: "norm2(y - X*w)^2/(2*s) + sum(ones(m))*log(s)/2",
			vars: "s: scalar positive; X: matrix(m, n)", wrt: "w s", outcome: solved,
			want: "w = (Xᵀ X)⁻¹ Xᵀ y; s = ‖y − X (Xᵀ X)⁻¹ Xᵀ y‖²/m",
			provided: "Xᵀ X is invertible, which is so where X has full column rank; " +
				"‖y − X (Xᵀ X)⁻¹ Xᵀ y‖²/m > 0"},
		{name: "rank one", program: "(a'*x - b)^2", vars: "a: vector(n)", wrt: "x", outcome: nabla.Underdetermined, remark: "singular for all data that were tried"},
		{name: "rank one, homogeneous", program: "(y'*x)*(y'*x)", wrt: "x", outcome: nabla.Underdetermined, remark: "singular for all data that were tried"},
		{name: "centred", program: "norm2(x - sum(x)/sum(ones(n)))^2", vars: "x: vector(n)", wrt: "x", outcome: nabla.Underdetermined,
			remark: "singular for all data that were tried"},
		{name: "antisymmetric operator", program: "1 - 2*(x'*y)/(sum(x) + sum(y))", wrt: "x", outcome: nabla.Underdetermined},
		{name: "root of a quadratic form", program: "sqrt(x'*A*x)", wrt: "x", outcome: none, remark: "outside the domain"},

		// Quadratic forms.
		{name: "quadratic", program: "x'*A*x/2 - r'*x", wrt: "x", outcome: solved, want: "x = 2 (A + Aᵀ)⁻¹ r", provided: "A + Aᵀ is invertible"},
		{name: "quadratic, symmetric", program: "x'*A*x/2 - r'*x", vars: "A: matrix(n, n) symmetric", wrt: "x", outcome: solved,
			want: "x = A⁻¹ r", provided: "A is invertible"},
		{name: "quadratic, posdef", program: "x'*A*x/2 - r'*x", vars: "A: matrix(n, n) posdef", wrt: "x", outcome: solved, want: "x = A⁻¹ r"},
		{name: "quadratic, homogeneous", program: "x'*A*x", vars: "A: matrix(n, n) posdef", wrt: "x", outcome: solved, want: "x = 0"},
		{name: "quadratic in a matrix", program: "tr(X'*A*X*B) - 2*tr(C'*X)", vars: "A: matrix(m, m) symmetric; B: matrix(n, n) symmetric", wrt: "X",
			outcome: solved, want: "X = A⁻¹ C B⁻¹", provided: "A is invertible; B is invertible"},
		{name: "two variables", program: "norm2(A*x - z)^2 + norm2(x - y)^2 + norm2(y - u)^2", wrt: "x y", outcome: solved,
			want:     "x = (Iₙ + Aᵀ A)⁻¹(Aᵀ z + y); y = (2 Iₙ − (Iₙ + Aᵀ A)⁻¹)⁻¹((Iₙ + Aᵀ A)⁻¹ Aᵀ z + u)",
			provided: "2 Iₙ − (Iₙ + Aᵀ A)⁻¹ is invertible"},
		{name: "two numbers", program: "a^2 + b^2 + a*b - a", wrt: "a b", outcome: solved, want: "a = 2/3; b = −1/3"},
		{name: "two constraints", program: "w'*S*w/2", vars: "S: matrix(n, n) posdef", wrt: "w", subject: "sum(w) = 1; r'*w = c", outcome: solved,
			want: "w = −S⁻¹(λ₂ r + λ₁); λ₁ = −(1 + λ₂ sum(S⁻¹ r)) / sum(S⁻¹); " +
				"λ₂ = (c − sum(S⁻¹ r) / sum(S⁻¹)) / (sum(S⁻¹ r)² / sum(S⁻¹) − rᵀ S⁻¹ r)",
			provided: "sum(S⁻¹) ≠ 0; sum(S⁻¹ r)² / sum(S⁻¹) − rᵀ S⁻¹ r ≠ 0"},
		{name: "bilinear", program: "x'*A*y", vars: "A: matrix(n, n)", wrt: "x y", outcome: solved, want: "x = 0; y = 0", provided: "A is invertible"},

		// Scalars and likelihoods.
		{name: "parabola", program: "a*t^2 + b*t + c", vars: "t: scalar", wrt: "t", outcome: solved, want: "t = −b / (2 a)", provided: "a ≠ 0"},
		{name: "cubic", program: "t^3 - 3*t", vars: "t: scalar", wrt: "t", outcome: solved, want: "t = 1", remark: "opposite sign"},
		{name: "variance", program: "n*log(s)/2 + norm2(x)^2/(2*s)", vars: "s: scalar positive; n: scalar positive; x: vector(k)", wrt: "s",
			outcome: solved, want: "s = ‖x‖²/n", provided: "‖x‖²/n > 0"},
		{name: "Poisson rate", program: "r - k*log(r)", vars: "r: scalar positive; k: scalar positive", wrt: "r", outcome: solved, want: "r = k"},
		{name: "exponential rate", program: "n*log(r) - r*sum(x)", vars: "r: scalar positive; n: scalar; x: vector(k) positive", wrt: "r",
			outcome: solved, want: "r = n / sum(x)", provided: "n / sum(x) > 0"},
		{name: "Bernoulli", program: "k*log(p) + (n - k)*log(1 - p)", vars: "k: scalar; n: scalar; p: scalar positive", wrt: "p", outcome: solved,
			want: "p = k/n", provided: "n ≠ 0; k/n > 0; 1 − k/n > 0"},
		{name: "Poisson rates", program: "y'*log(x) - sum(x)", wrt: "x", outcome: solved, want: "x = y", provided: "y > 0 in each entry"},
		{name: "domain that the solution lies in", program: "sum(log(x)) - sum(x)", wrt: "x", outcome: solved, want: "x = 1ₙ"},
		{name: "multinomial", program: "y'*log(x)", vars: "x: vector(n) positive; y: vector(n) positive", wrt: "x", subject: "sum(x) = 1", outcome: solved,
			want: "x = y / sum(y); λ = −sum(y)"},
		{name: "exponentials", program: "sum(exp(x)) - r'*x", wrt: "x", outcome: solved, want: "x = log(r)", provided: "r > 0 in each entry"},

		// The Gaussian likelihood.
		{name: "mean and covariance", program: "x[i]: vector(m), i = 1..N; l = logdet(Σ) + 1/N*Σ_i (x[i] − μ)ᵀ Σ⁻¹ (x[i] − μ)",
			vars: "Σ: matrix(m, m) posdef; μ: vector(m)", wrt: "Σ μ", outcome: solved, want: "μ = x̄; Σ = S", provided: "S is positive definite"},
		{name: "mean and covariance, asked the other way", program: "x[i]: vector(m), i = 1..N; l = logdet(Σ) + 1/N*Σ_i (x[i] − μ)ᵀ Σ⁻¹ (x[i] − μ)",
			vars: "Σ: matrix(m, m) posdef; μ: vector(m)", wrt: "μ Σ", outcome: solved, want: "μ = x̄; Σ = S", provided: "S is positive definite"},
		{name: "covariance", program: "x[i]: vector(m), i = 1..N; x̄ = 1/N*Σ_i x[i]; l = log|Σ| + 1/N*Σ_i (x[i] − x̄)ᵀ Σ⁻¹ (x[i] − x̄)",
			vars: "Σ: matrix(m, m)", wrt: "Σ", outcome: solved, want: "Σ = S", provided: "det(S) > 0"},
		{name: "covariance, matrix form", program: "logdet(Σ) + tr(Σ⁻¹ S)", vars: "Σ: matrix(m, m) posdef; S: matrix(m, m) posdef", wrt: "Σ",
			outcome: solved, want: "Σ = S"},
		{name: "covariance, not declared definite", program: "logdet(Σ) + tr(Σ⁻¹ S)", vars: "Σ: matrix(m, m) posdef; S: matrix(m, m) symmetric", wrt: "Σ",
			outcome: solved, want: "Σ = S", provided: "S is positive definite"},
		{name: "precision, not declared symmetric", program: "tr(S*P) - logdet(P)", vars: "P: matrix(n, n) posdef", wrt: "P",
			outcome: solved, want: "P = 2 (S + Sᵀ)⁻¹", provided: "(S + Sᵀ)/2 is positive definite"},
		{name: "covariance, data matrix", program: "logdet(Σ) + tr(X'*inv(Σ)*X)/N", vars: "Σ: matrix(m, m) posdef; X: matrix(m, N)", wrt: "Σ",
			outcome: solved, want: "Σ = X Xᵀ/N", provided: "X Xᵀ/N is positive definite"},
		{name: "precision", program: "tr(S*P) - logdet(P)", vars: "S: matrix(n, n) posdef; P: matrix(n, n) posdef", wrt: "P",
			outcome: solved, want: "P = S⁻¹"},
		{name: "precision, not symmetric", program: "tr(S*P) - logdet(P)", wrt: "P", outcome: solved, want: "P = S⁻¹",
			provided: "S is invertible; det(S) > 0"},
		{name: "symmetric unknown", program: "norm2(A*S - B)^2", vars: "S: matrix(n, n) symmetric", wrt: "S", outcome: solved,
			want:     "vec(S) = (Iₙ ⊗ (Aᵀ A) + (Aᵀ A) ⊗ Iₙ)⁻¹ vec(Aᵀ B + Bᵀ A)",
			provided: "Iₙ ⊗ (Aᵀ A) + (Aᵀ A) ⊗ Iₙ is invertible: no eigenvalue of the one matrix is the negative of one of the other"},

		{name: "family of one", program: "x[i]: vector(n), i = 1..1; z[i] = x[i]*a + c; Σ_i b'*log(z[i])", wrt: "c", outcome: none},

		// Constraints.
		{name: "constrained quadratic", program: "x'*Q*x/2 + c'*x", vars: "Q: matrix(n, n) posdef; c: vector(n)", wrt: "x", subject: "A*x = b",
			outcome: solved, want: "x = Q⁻¹(Aᵀ(A Q⁻¹ Aᵀ)⁻¹(A Q⁻¹ c + b) − c); λ = −(A Q⁻¹ Aᵀ)⁻¹(A Q⁻¹ c + b)",
			provided: "A Q⁻¹ Aᵀ is invertible, which is so where A has full row rank"},
		{name: "least norm", program: "x'*x", wrt: "x", subject: "A*x = b", outcome: solved,
			want: "x = Aᵀ(A Aᵀ)⁻¹ b; λ = −2 (A Aᵀ)⁻¹ b", provided: "A Aᵀ is invertible, which is so where A has full row rank"},
		{name: "projection", program: "norm2(x - z)^2", wrt: "x", subject: "A*x = b", outcome: solved,
			want:     "x = z − Aᵀ(A Aᵀ)⁻¹(A z − b); λ = 2 (A Aᵀ)⁻¹(A z − b)",
			provided: "A Aᵀ is invertible, which is so where A has full row rank"},
		{name: "portfolio", program: "w'*S*w", vars: "S: matrix(n, n) posdef", wrt: "w", subject: "sum(w) = 1", outcome: solved,
			want: "w = S⁻¹ 1ₙ / sum(S⁻¹); λ = −2 / sum(S⁻¹)", provided: "sum(S⁻¹) ≠ 0"},
		{name: "matrix constraint", program: "norm2(X)^2", wrt: "X", subject: "X*1_n = r", vars: "X: matrix(m, n)", outcome: solved,
			want: "X = r 1ₙᵀ/n; λ = −2 r/n"},
		{name: "constrained least squares", program: "norm2(X*w - y)^2", wrt: "w", subject: "A*w = b", outcome: solved,
			want: "w = (Xᵀ X)⁻¹(Xᵀ y − Aᵀ(A (Xᵀ X)⁻¹ Aᵀ)⁻¹(A (Xᵀ X)⁻¹ Xᵀ y − b)); " +
				"λ = 2 (A (Xᵀ X)⁻¹ Aᵀ)⁻¹(A (Xᵀ X)⁻¹ Xᵀ y − b)",
			provided: "Xᵀ X is invertible, which is so where X has full column rank; A (Xᵀ X)⁻¹ Aᵀ is invertible"},
		{name: "largest entropy", program: "-sum(p.*log(p))", vars: "p: vector(n) positive", wrt: "p", subject: "sum(p) = 1", outcome: solved,
			want: "p = 1ₙ/n; λ = 1 + log(1/n)"},
		{name: "several components", program: "tr(W'*A*W)", vars: "W: matrix(n, k); A: matrix(n, n) symmetric", wrt: "W", subject: "W'*W = eye(k)",
			outcome: none, remark: "solutions W other than zero"},
		{name: "redundant constraint", program: "x'*x", wrt: "x", subject: "sum(x) = 1; 2*sum(x) = 2", outcome: nabla.Underdetermined,
			remark: "if it follows from the others, leave it out"},
		{name: "contradictory constraints", program: "x'*x", wrt: "x", subject: "sum(x) = 1; sum(x) = 2", outcome: nabla.NoStationaryPoint,
			remark: "the constraints contradict one another, for −1 is never zero"},
		{name: "constraints contradictory but for special data", program: "x'*x", wrt: "x", subject: "sum(x) = b; 2*sum(x) = c",
			outcome: nabla.NoStationaryPoint, remark: "there is no stationary point unless 2 b − c = 0"},
		{name: "empty sphere", program: "y'*x", wrt: "x", subject: "x'*x = -1", outcome: nabla.NoStationaryPoint, remark: "positive everywhere"},
		{name: "unknown below a fraction line", program: "a^2 + b^2", wrt: "a b", subject: "a/b = 2", outcome: none, remark: "no data were found"},
		{name: "other sign of a root that was put in", program: "a + b", wrt: "a b", subject: "1/a + 1/b = 1", outcome: solved,
			want: "a = 2; b = 2; λ = −4", remark: "may give another stationary point"},
		{name: "linear with a linear constraint", program: "a'*x", vars: "a: vector(n)", wrt: "x", subject: "sum(x) = 1", outcome: none,
			remark: "sequential quadratic programming"},
		{name: "principal component", program: "x'*A*x", vars: "A: matrix(n, n) symmetric", wrt: "x", subject: "x'*x = 1",
			outcome: nabla.Eigenvectors, remark: "smallest eigenvalue λ gives the minimum"},

		// Equations.
		{name: "linear system", program: "A*x = b", wrt: "x", outcome: solved, want: "x = A⁻¹ b", provided: "A is invertible"},
		{name: "two-sided equation", program: "A*X*B = C", wrt: "X", outcome: solved, want: "X = A⁻¹ C B⁻¹", provided: "A is invertible; B is invertible"},
		{name: "affine equation", program: "A*X + B = C", wrt: "X", outcome: solved, want: "X = A⁻¹(C − B)", provided: "A is invertible"},
		{name: "transposed unknown", program: "A*X'*B = C", wrt: "X", outcome: solved, want: "X = B⁻ᵀ Cᵀ A⁻ᵀ", provided: "B is invertible; A is invertible"},
		{name: "Sylvester", program: "A*X + X*B = C", wrt: "X", outcome: solved, want: "vec(X) = (Iₚ ⊗ A + Bᵀ ⊗ Iₙ)⁻¹ vec(C)",
			provided: "Iₚ ⊗ A + Bᵀ ⊗ Iₙ is invertible: no eigenvalue of the one matrix is the negative of one of the other"},
		{name: "Lyapunov", program: "A*X + X*A' = C", wrt: "X", outcome: solved, want: "vec(X) = (Iₙ ⊗ A + A ⊗ Iₙ)⁻¹ vec(C)",
			provided: "Iₙ ⊗ A + A ⊗ Iₙ is invertible: no eigenvalue of the one matrix is the negative of one of the other"},
		{name: "Stein", program: "X - A*X*B = C", wrt: "X", outcome: solved, want: "vec(X) = (eye(m*n) − Bᵀ ⊗ A)⁻¹ vec(C)",
			provided: "eye(m*n) − Bᵀ ⊗ A is invertible"},
		{name: "Hadamard equation", program: "A.*X = B", wrt: "X", outcome: solved, want: "X = B ./ A", provided: "A ≠ 0 in each entry"},
		{name: "inside exp", program: "exp(a*t + b) = c", vars: "t: scalar", wrt: "t", outcome: solved, want: "t = (log(c) − b)/a", provided: "c > 0; a ≠ 0"},
		{name: "tall system", program: "X*w = y", vars: "X: matrix(m, n)", wrt: "w", outcome: nabla.Underdetermined, remark: "minimise"},
		{name: "singular operator", program: "X + X' = C", wrt: "X", outcome: nabla.Underdetermined, remark: "singular"},
		{name: "positive", program: "exp(x) + 1 = 0", wrt: "x", outcome: nabla.NoSolution, remark: "there is no solution"},
		{name: "no real root", program: "t^2 + 1 = 0", vars: "t: scalar", wrt: "t", outcome: nabla.NoSolution, remark: "there is no solution"},
		{name: "odd root of a negative number", program: "t^3 = -8", vars: "t: scalar", wrt: "t", outcome: solved, want: "t = −2"},
		{name: "even root", program: "x.^2 = y", wrt: "x", outcome: solved, want: "x = sqrt(y)", provided: "y > 0 in each entry",
			remark: "the opposite sign of the root, in any of its entries, may give another solution"},
		{name: "Riccati", program: "X*A*X = B", wrt: "X", outcome: none, remark: "not linear in X"},

		// No closed form, no stationary point.
		{name: "logistic regression", program: "-sum(y.*log(sigmoid(X*w))) - sum((1 - y).*log(1 - sigmoid(X*w)))", wrt: "w", outcome: none,
			remark: "w stands inside sigmoid(X·w)"},
		{name: "softmax regression", program: "-y'*log(softmax(W*x))", wrt: "W", outcome: none, remark: "W stands inside softmax(W·x)"},
		{name: "network", program: "norm2(U*tanh(W*x) - y)^2", wrt: "W", outcome: none, remark: "tanh(W·x)"},
		{name: "lasso", program: "norm2(X*w - y)^2 + c*norm1(w)", wrt: "w", outcome: none, remark: "sign(w)"},
		{name: "factorisation", program: "norm2(A*B - X)^2", wrt: "A B", outcome: none, remark: "B stands inside"},
		{name: "quartic", program: "norm2(x)^4 - norm2(x)^2", wrt: "x", outcome: none, remark: "not linear in x"},
		{name: "linear", program: "a'*x", vars: "a: vector(n)", wrt: "x", outcome: nabla.NoStationaryPoint, remark: "unless a = 0"},
		{name: "linear, by a number", program: "2*t + 1", vars: "t: scalar", wrt: "t", outcome: nabla.NoStationaryPoint, remark: "does not depend on t"},
		{name: "exponential", program: "exp(t)", vars: "t: scalar", wrt: "t", outcome: nabla.NoStationaryPoint},
		{name: "log-determinant", program: "log(det(X))", wrt: "X", outcome: nabla.NoStationaryPoint},
		{name: "determinant", program: "det(X)", wrt: "X", outcome: none, remark: "X stands inside det(X)"},
		{name: "unused", program: "x'*x", wrt: "z", outcome: nabla.EveryPoint},
	} {
		t.Run(c.name, func(t *testing.T) {
			req := nabla.SolveRequest{Program: c.program, For: strings.Fields(c.wrt), Vars: declarations(c.vars)}
			if c.subject != "" {
				req.SubjectTo = strings.Split(c.subject, "; ")
			}
			s, err := nabla.Solve(req)
			if err != nil {
				t.Fatal(err)
			}
			var values, conds, remarks []string
			for _, v := range s.Solutions {
				values = append(values, v.Symbol+" = "+v.Text)
			}
			for _, p := range s.Conditions {
				conds = append(conds, p.En)
			}
			for _, p := range s.Remarks {
				remarks = append(remarks, p.En)
			}
			if s.Outcome != c.outcome {
				t.Errorf("outcome %q, want %q", s.Outcome, c.outcome)
			}
			if got := strings.Join(values, "; "); got != c.want {
				t.Errorf("values  %s\nwant    %s", got, c.want)
			}
			if got := strings.Join(conds, "; "); s.Outcome == solved && got != c.provided {
				t.Errorf("provided %s\nwant     %s", got, c.provided)
			}
			if got := strings.Join(remarks, "\n"); !strings.Contains(got, c.remark) {
				t.Errorf("remarks %s\nwant    %s", got, c.remark)
			}
			if s.Outcome == solved && (s.Check == nil || s.Check.Points == 0 || s.Check.MaxError > 1e-9) {
				t.Errorf("check %+v", s.Check)
			}
			for _, l := range s.Lines {
				if l.Text == "" || l.LaTeX == "" || l.Reason.En == "" || l.Reason.Zh == "" || strings.ContainsAny(l.Reason.En+l.Reason.Zh, "$") {
					t.Errorf("line %+v", l)
				}
			}
			for _, p := range append(append([]nabla.Phrase{}, s.Conditions...), s.Remarks...) {
				if p.Zh == "" || p.En == "" || strings.Contains(p.En+p.Zh, "$") {
					t.Errorf("phrase %+v", p)
				}
			}
			if k := s.Kind; strings.Contains(k.Text.En+k.Text.Zh, "$") || k.Text.En != "" && k.TeX.En != "" && !strings.Contains(k.TeX.Zh, "$") {
				t.Errorf("kind %+v", k)
			}
			if all, err := json.Marshal(s); err != nil || strings.Contains(string(all), "\\u000") {
				t.Errorf("marks of formulas are left: %s (%v)", all, err)
			}
		})
	}
}

func declarations(list string) []nabla.Declaration {
	var out []nabla.Declaration
	for _, d := range strings.Split(list, "; ") {
		if name, decl, ok := strings.Cut(d, ": "); ok {
			out = append(out, nabla.Declaration{Name: name, Decl: decl})
		}
	}
	return out
}

// TestSolveRenamed sees that the names of variables change nothing but themselves.
func TestSolveRenamed(t *testing.T) {
	for _, c := range [][2]string{
		{"norm2(X*w - y)^2 + norm2(G*w)^2", "norm2(B*z - u)^2 + norm2(A*z)^2"},
		{"norm2(X*w - y)^2/2 + w'*A*w", "norm2(A*z - x)^2/2 + z'*X*z"},
	} {
		first := map[string]string{"X": "B", "w": "z", "y": "u", "G": "A"}
		if strings.HasSuffix(c[0], "w'*A*w") {
			first = map[string]string{"X": "A", "w": "z", "y": "x", "A": "X"}
		}
		a, err := nabla.Solve(nabla.SolveRequest{Program: c[0], For: []string{"w"}})
		if err != nil {
			t.Fatal(err)
		}
		b, err := nabla.Solve(nabla.SolveRequest{Program: c[1], For: []string{"z"}})
		if err != nil {
			t.Fatal(err)
		}
		rename := func(s string) string {
			var out strings.Builder
			for _, r := range s {
				if to, ok := first[string(r)]; ok {
					out.WriteString(to)
				} else {
					out.WriteRune(r)
				}
			}
			return out.String()
		}
		for k := range a.Lines {
			if got := rename(a.Lines[k].Text); got != b.Lines[k].Text {
				t.Errorf("%s renamed is %s, want %s", a.Lines[k].Text, got, b.Lines[k].Text)
			}
		}
	}
}

// TestSolveRefuses sees that mistakes are the user's, with a place.
func TestSolveRefuses(t *testing.T) {
	for _, c := range []struct {
		req  nabla.SolveRequest
		want string
	}{
		{nabla.SolveRequest{Program: "A*x", For: []string{"x"}}, "stationary points are those of a scalar, but A·x is vector(m)"},
		{nabla.SolveRequest{Program: "x[i]: vector(n), i = 1..N; Σ_i x[i]ᵀ x[i]", For: []string{"x"}}, "cannot solve for the members of x"},
		{nabla.SolveRequest{Program: "Q: matrix(n, n) orthogonal; tr(A*Q)", For: []string{"Q"}}, "cannot solve for Q, which is declared orthogonal"},
		{nabla.SolveRequest{Program: "x'*x", For: []string{"x", "x"}}, "x is asked for twice"},
		{nabla.SolveRequest{Program: "A*X*B = C"}, "a variable to solve for is required"},
		{nabla.SolveRequest{Program: "A*X*B = C", For: []string{"X", "A"}}, "an equation is solved for one variable"},
		{nabla.SolveRequest{Program: "A*x = b", For: []string{"x"}, SubjectTo: []string{"x = 1"}}, "not solved subject to others"},
		{nabla.SolveRequest{Program: "x'*x", For: []string{"x"}, SubjectTo: []string{"A*x"}}, "expected = and the other side"},
		{nabla.SolveRequest{Program: "A: matrix(m, n); b: vector(k); x'*x", For: []string{"x"}, SubjectTo: []string{"A*x = b"}},
			"the sides of the equation differ in shape: A*x (m) and b (k)"},
		{nabla.SolveRequest{Program: "norm2(X*w - y", For: []string{"w"}}, "unbalanced parenthesis"},
		{nabla.SolveRequest{Program: "x: vector(2000000); x'*x", For: []string{"x"}}, "hint: write large sizes as names"},
		{nabla.SolveRequest{Program: "", For: []string{"w"}}, "expected an expression, found nothing"},
	} {
		_, err := nabla.Solve(c.req)
		var input *nabla.InputError
		if !errors.As(err, &input) {
			t.Errorf("%+v: %v", c.req, err)
			continue
		}
		inChinese(t, input)
		if got := input.Render(); !strings.Contains(got, c.want) {
			t.Errorf("%+v says\n%s\nwant %s", c.req, got, c.want)
		}
	}
}

// TestSolveCorpus looks for the stationary points of every published scalar function:
// each has an answer or is refused with a message, and no line of an answer is too long
// to be read.
func TestSolveCorpus(t *testing.T) {
	cases := readCorpus(t)
	outcomes := map[nabla.Outcome]int{}
	refused := 0
	for i := range cases {
		c := &cases[i]
		if c.Order > 1 {
			continue
		}
		r := request(c)
		s, err := nabla.Solve(nabla.SolveRequest{Program: r.Program, Vars: r.Vars, Closed: true, For: r.Wrt, Layout: r.Layout})
		var input *nabla.InputError
		switch {
		case errors.As(err, &input):
			inChinese(t, input)
			refused++
		case err != nil:
			t.Errorf("%s: %s by %s: %v", c.ID, c.Expr, c.Wrt, err)
		default:
			outcomes[s.Outcome]++
			if s.Outcome == nabla.Solved && (s.Check == nil || s.Check.Points == 0) {
				t.Errorf("%s: %s by %s: not checked", c.ID, c.Expr, c.Wrt)
			}
		}
	}
	t.Logf("%d refused, %v", refused, outcomes)
	if outcomes[nabla.Solved] < 50 {
		t.Errorf("%d solved", outcomes[nabla.Solved])
	}
}

// TestSolveKind compares what is said of the stationary point.
func TestSolveKind(t *testing.T) {
	for _, c := range []struct {
		program, vars, wrt, subject string
		point                       string
		want                        string
	}{
		{"norm2(X*w - y)^2", "", "w", "", "minimum", "global minimum: f is convex in w; there is no other"},
		{"-norm2(X*w - y)^2", "", "w", "", "maximum", "global maximum: f is concave in w; there is no other"},
		{"norm2(X*w - y)^2 + c*w'*w", "c: scalar positive", "w", "", "minimum", "global minimum: f is convex in w; there is no other"},
		{"norm2(X*w + b - y)^2", "", "w b", "", "minimum", "global minimum: f is convex in w, b; there is no other"},
		{"x'*A*x/2 - r'*x", "A: matrix(n, n) symmetric", "x", "", "conditional",
			"global minimum if A is positive semidefinite, where f is convex; global maximum if A is negative semidefinite, where f is concave; " +
				"otherwise a saddle point"},
		{"x'*A*x/2 - r'*x", "", "x", "", "conditional",
			"global minimum if A + Aᵀ is positive semidefinite, where f is convex; " +
				"global maximum if A + Aᵀ is negative semidefinite, where f is concave; otherwise a saddle point"},
		{"x'*A*x/2 - r'*x", "A: matrix(n, n) posdef", "x", "", "minimum", "global minimum: f is convex in x; there is no other"},
		{"(X*w - y)'*W*(X*w - y)", "W: matrix(m, m) symmetric", "w", "", "conditional",
			"global minimum if W is positive semidefinite, where f is convex; global maximum if W is negative semidefinite, where f is concave"},
		{"x'*A*y", "A: matrix(n, n)", "x y", "", "saddle",
			"saddle point: the Hessian does not depend on the point and its diagonal blocks are zero, so that it has eigenvalues of both signs"},
		{"t^3 - 3*t", "t: scalar", "t", "", "minimum", "local minimum: the second derivative there is 6 > 0"},
		{"r - k*log(r)", "r: scalar positive; k: scalar positive", "r", "", "minimum", "global minimum: f is convex in r; there is no other"},
		{"n*log(s)/2 + norm2(x)^2/(2*s)", "s: scalar positive; n: scalar positive; x: vector(k)", "s", "", "minimum",
			"global minimum: f is convex in 1/s; there is no other"},
		{"k*log(p) + (n - k)*log(1 - p)", "k: scalar; n: scalar; p: scalar positive", "p", "", "conditional",
			"global minimum if k ≤ 0 and n − k ≤ 0, where f is convex; global maximum if k ≥ 0 and n − k ≥ 0, where f is concave"},
		{"logdet(Σ) + tr(inv(Σ)*S)", "Σ: matrix(m, m) posdef; S: matrix(m, m) posdef", "Σ", "", "minimum",
			"global minimum: f is convex in Σ⁻¹; there is no other"},
		{"x[i]: vector(m), i = 1..N; l = logdet(Σ) + 1/N*Σ_i (x[i] − μ)ᵀ Σ⁻¹ (x[i] − μ)", "Σ: matrix(m, m) posdef; μ: vector(m)", "Σ μ", "", "minimum",
			"global minimum: l is convex in μ whatever the rest, then, with what is known put in, in Σ⁻¹; there is no other"},
		{"tr(S*P) - logdet(P)", "", "P", "", "minimum",
			"global minimum among those where P is symmetric positive definite: f is convex in P; there is no other"},
		{"x'*x", "", "x", "A*x = b", "minimum", "global minimum among the points that satisfy the constraints: f is convex in x; there is no other"},
		{"a^2 - b^2", "", "a b", "", "saddle", "saddle point: the Hessian is constant and has eigenvalues of both signs"},
		{"norm2(x - y)^2 - 3*x'*y", "", "x y", "", "saddle", "saddle point: the Hessian is constant and has eigenvalues of both signs"},
		{"norm2(x - y)^2 + 3*x'*y", "", "x y", "", "minimum", "global minimum: f is convex in x, y; there is no other"},
		{"tr(X^2)", "X: matrix(n, n)", "X", "", "unknown", "unknown: the function is neither convex nor concave in X"},
		{"y'*log(x) - sum(x)", "", "x", "", "maximum", "global maximum: f is concave in x; there is no other"},
		{"c*log(x) - x", "c: scalar; x: scalar", "x", "", "maximum", "global maximum: f is concave in x; there is no other"},
		{"logdet(Σ) + tr(inv(Σ)*S)", "Σ: matrix(m, m) posdef; S: matrix(m, m) symmetric", "Σ", "", "minimum",
			"global minimum: f is convex in Σ⁻¹; there is no other"},
		{"logdet(Σ) + tr(inv(Σ)*S)", "", "Σ", "", "unknown", "unknown: the function is neither convex nor concave in Σ"},
		{"sum(exp(x)) - r'*x", "", "x", "", "minimum", "global minimum: f is convex in x; there is no other"},
	} {
		s, err := nabla.Solve(solveRequest(c.program, c.vars, c.wrt, c.subject))
		if err != nil {
			t.Errorf("%s: %v", c.program, err)
			continue
		}
		if k := s.Kind; k.Point != c.point || k.Text.En != c.want || k.Text.Zh == "" {
			t.Errorf("%s by %s: %s\n  %s\n  want %s\n  %s\n  %s", c.program, c.wrt, k.Point, k.Text.En, c.point, c.want, k.Text.Zh)
		}
	}
}

// TestSolveAdvice compares what is said to run where there is no closed form.
func TestSolveAdvice(t *testing.T) {
	for _, c := range []struct{ program, vars, wrt, want string }{
		{"-sum(y.*log(sigmoid(X*w))) - sum((1 - y).*log(1 - sigmoid(X*w)))", "", "w", "the function is convex in w, so any"},
		{"-y'*log(softmax(W*x))", "y: vector(m) onehot", "W", "the function is convex in W, so any"},
		{"norm2(X*w - y)^2 + c*norm1(w)", "c: scalar positive", "w", "the function is convex in w but has kinks"},
		{"norm2(X*w - y)^2 + c*norm1(w)", "", "w", "the function is convex in w if c ≥ 0 but has kinks"},
		{"norm2(U*tanh(W*x) - y)^2", "", "W", "from several starting points"},
		{"X*A*X = B", "", "X", "Newton's method on the equation"},
	} {
		s, err := nabla.Solve(solveRequest(c.program, c.vars, c.wrt, ""))
		if err != nil {
			t.Errorf("%s: %v", c.program, err)
			continue
		}
		last := s.Remarks[len(s.Remarks)-1]
		if !strings.Contains(last.En, c.want) || last.Zh == "" {
			t.Errorf("%s: %s, want %s", c.program, last.En, c.want)
		}
	}
}

func solveRequest(program, vars, wrt, subject string) nabla.SolveRequest {
	req := nabla.SolveRequest{Program: program, For: strings.Fields(wrt), Vars: declarations(vars)}
	if subject != "" {
		req.SubjectTo = strings.Split(subject, "; ")
	}
	return req
}
