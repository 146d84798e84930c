package nabla_test

import (
	"errors"
	"strings"
	"testing"

	"example.com/nabla"
)

// A convexCase is a program with the verdict that is known of it. Want is the
// curvature, then after a colon what else the first verdict must say: "strict",
// "strong", "not strict", "if CONDITION", "on CONDITION", "strict if CONDITION", each
// between semicolons.
type convexCase struct{ program, wrt, want string }

// atoms are the functions of the CVX and CVXPY references that are differentiable, or
// have kinks that the language has, with their published curvature. On the domain that
// the reference gives, where the function has more than one.
var atoms = []convexCase{
	// Elementwise functions.
	{"sum(abs(x))", "x", "convex"},                                                               // abs
	{"-sum(x.*log(x))", "x", "concave: strict; on x > 0 in each entry"},                          // entr
	{"sum(exp(x))", "x", "convex: strict"},                                                       // exp
	{"x: vector(n) positive; sum(1./x)", "x", "convex: strict"},                                  // inv_pos
	{"x: vector(n) positive; y: vector(n) positive; sum(x.*log(x./y) - x + y)", "x y", "convex"}, // kl_div
	{"sum(log(x))", "x", "concave: strict; on x > 0 in each entry"},                              // log
	{"sum(log1p(x))", "x", "concave: strict"},                                                    // log1p
	{"sum(log(erfc(-x/sqrt(2))/2))", "x", "concave"},                                             // log_normcdf
	{"sum(log(1 + exp(x)))", "x", "convex: strict"},                                              // logistic
	{"sum(softplus(x))", "x", "convex: strict"},                                                  // logistic
	{"sum(max(x, y))", "x y", "convex"},                                                          // maximum
	{"sum(min(x, y))", "x y", "concave"},                                                         // minimum
	{"sum(-x)", "x", "affine"},                                                                   // neg
	{"sum(relu(x))", "x", "convex: not strict"},                                                  // pos
	{"sum(max(0, x))", "x", "convex"},                                                            // pos
	{"sum(relu(-x))", "x", "convex"},                                                             // neg part
	{"x: vector(n) positive; sum(x.^(-2))", "x", "convex: strict"},                               // power, p < 0
	{"sum(x.^(-1/2))", "x", "convex: strict; on x > 0 in each entry"},                            // power, p < 0
	{"sum(x.^(1/3))", "x", "concave: strict; on x ≥ 0 in each entry"},                            // power, 0 < p < 1
	{"sum(x.^1)", "x", "affine"},                                                                 // power, p = 1
	{"sum(x.^(3/2))", "x", "convex: strict; on x ≥ 0 in each entry"},                             // power, p > 1
	{"sum(x.^400)", "x", "convex"},                                                               // strictly, which numbers do not show
	{"sum(exp(7*x)) + a'*x", "x", "convex: strict"},
	{"D: matrix(m, m) diagonal positive; sum(D.*X.*X)", "X", "convex: not strict"},
	{"norm2(pinv(A)*X - C)^2", "X", "convex: strict if pinv(A) has full column rank"},
	{"h'*max(S, 0)*h", "h", "conditional"},
	{"sum(exp(8*x)) + a'*x", "x", "convex: strict"},
	{"sum(x.^4)", "x", "convex: strict"},                                                 // power, p even
	{"x: vector(n) positive; sum(x.^3)", "x", "convex: strict"},                          // power, p > 1
	{"sum(relu(x).^2)", "x", "convex"},                                                   // square_pos
	{"sum(abs(x).^3)", "x", "convex"},                                                    // pow_abs
	{"sum(abs(x).^(3/2))", "x", "convex"},                                                // pow_abs
	{"sum(relu(x).^3)", "x", "convex"},                                                   // pow_pos
	{"x: vector(n) positive; y: vector(n) positive; sum(x.*log(x./y))", "x y", "convex"}, // rel_entr
	{"sum(2*relu(x) + 3*relu(-x))", "x", "convex"},                                       // scalene
	{"sum(sqrt(x))", "x", "concave: strict"},                                             // sqrt
	{"sum(square(x))", "x", "convex: strict; strong"},                                    // square
	{"x: vector(n) positive; sum(x.*exp(x))", "x", "convex: strict"},                     // xexp
	{"a: scalar positive; b: scalar positive; b*exp(a/b)", "a b", "convex"},              // perspective of exp
	{"a: scalar; b: scalar positive; b*log(1 + exp(a/b))", "a b", "convex"},              // perspective of logistic

	// Scalar functions of vectors.
	{"x: scalar positive; y: scalar positive; sqrt(x*y)", "x y", "concave"},                           // geo_mean
	{"x: vector(n) positive; exp(mean(log(x)))", "x", "concave"},                                      // geo_mean
	{"x: scalar positive; y: scalar positive; z: scalar positive; (x*y*z)^(1/3)", "x y z", "concave"}, // geo_mean
	{"x: vector(n) positive; 1/sum(1./x)", "x", "concave"},                                            // harmonic_mean
	{"x: scalar positive; y: scalar positive; 1/(x*y)", "x y", "convex"},                              // inv_prod
	{"x: vector(n) positive; exp(-sum(log(x)))", "x", "convex"},                                       // inv_prod
	{"logsumexp(x)", "x", "convex: not strict"},                                                       // log_sum_exp
	{"log(sum(exp(A*x + y)))", "x", "convex"},                                                         // log_sum_exp
	{"sum(logsumexprows(X))", "X", "convex"},                                                          // log_sum_exp along an axis
	{"mean(x)", "x", "affine"},                                                                        // mean
	{"norm2(x)", "x", "convex: not strict"},                                                           // norm2
	{"norm1(x)", "x", "convex: not strict"},                                                           // norm1
	{"norm2(X)", "X", "convex"},                                                                       // norm of Frobenius
	{"sum(rowsum(X.*X).^(1/2))", "X", "convex"},                                                       // mixed_norm
	{"sum(abs(x).^3)^(1/3)", "x", "convex"},                                                           // pnorm, p = 3
	{"sum(x.^4)^(1/4)", "x", "convex"},                                                                // pnorm, p = 4
	{"x: vector(n) positive; sum(x.^(1/2))^2", "x", "concave"},                                        // pnorm, p = 1/2
	{"x: vector(n) positive; sum(x.^(-2))^(-1/2)", "x", "concave"},                                    // pnorm, p = −2
	{"P: matrix(n, n) posdef; x'*P*x", "x", "convex: strict; strong"},                                 // quad_form
	{"P: matrix(n, n) posdef; -x'*P*x", "x", "concave: strict; strong"},                               // quad_form
	{"t: scalar positive; x'*x/t", "x t", "convex"},                                                   // quad_over_lin
	{"t: scalar positive; sum(relu(x).^2)/t", "x t", "convex"},                                        // quad_pos_over_lin
	{"sqrt(sum((x - mean(x)).^2)/n); x: vector(n)", "x", "convex"},                                    // std
	{"sum((x - mean(x)).^2)/n; x: vector(n)", "x", "convex"},                                          // var
	{"sum((A*x - y).^2)", "x", "convex: strict if A has full column rank"},                            // sum_squares
	{"norm1(D*x)", "x", "convex"},                                                                     // tv
	{"dot(x, y)", "x", "affine"},                                                                      // scalar_product
	{"sum(x.*w)", "x", "affine"},                                                                      // sum
	{"mean(abs(x - mean(x)))", "x", "convex"},                                                         // avg_abs_dev

	// Scalar functions of matrices.
	{"X: matrix(n, n) posdef; logdet(X)", "X", "concave: strict"},   // log_det
	{"X: matrix(n, n) posdef; log(det(X))", "X", "concave: strict"}, // log_det
	{"X: matrix(n, n) posdef; 1/det(X)", "X", "convex"},             // det_inv
	{"det(X)^(1/n); X: matrix(n, n) posdef", "X", "concave"},        // det_rootn
	{"det(X)^(1/3); X: matrix(3, 3) posdef", "X", "concave"},        // det_rootn
	{"tr(X)", "X", "affine"},                                        // trace
	{"X: matrix(n, n) posdef; tr(inv(X))", "X", "convex"},           // tr_inv
	{"P: matrix(n, n) posdef; x'*inv(P)*x", "x P", "convex"},        // matrix_frac
	{"P: matrix(n, n) posdef; tr(X'*inv(P)*X)", "X P", "convex"},    // matrix_frac
	{"sum(X.*Y)", "X", "affine"},                                    // sum of a Hadamard product
	{"tr(kron(A, X)*B)", "X", "affine"},                             // kron
}

// known are further functions, negatives included.
var known = []convexCase{
	// Quadratic forms.
	{"x'*A*x", "x", "conditional: if A + Aᵀ is positive semidefinite; strict if A + Aᵀ is positive definite"},
	{"-x'*A*x/2 + y'*x", "x", "conditional: if A + Aᵀ is negative semidefinite"},
	{"A: matrix(n, n) symmetric; x'*A*x - y'*x", "x", "conditional: if A is positive semidefinite"},
	{"x'*A'*A*x", "x", "convex: strict if A has full column rank"},
	{"A: matrix(n, n) invertible; x'*A'*A*x", "x", "convex: strict; strong"},
	{"A: matrix(n, n) posdef; sqrt(x'*A*x)", "x", "convex: not strict"},
	{"tr(X'*A*X*B)", "X", "conditional"},
	{"A: matrix(n, n) posdef; B: matrix(m, m) posdef; tr(X'*A*X*B)", "X", "convex: strict; strong"},
	{"tr(X^2)", "X", "neither"},
	{"X: matrix(n, n) symmetric; tr(X^2)", "X", "convex: strict; strong"},
	{"X: matrix(n, n) symmetric; tr(X^3)", "X", "neither"},
	{"tr(X'*X)", "X", "convex: strict; strong"},
	{"a*x'*x", "x", "conditional: if a ≥ 0; strict if a > 0"},
	{"a: scalar positive; a*x'*x", "x", "convex: strict; strong"},
	{"a'*x*(b'*x); a: vector(n); b: vector(n)", "x", "neither"},
	{"(y'*x)^2", "x", "convex: not strict"},
	{"(y'*x)^3", "x", "neither"},
	{"x'*y", "x y", "neither"},
	{"x'*y", "x", "affine"},
	{"x'*A*y", "x y", "neither"},
	{"a*b", "a b", "neither"},
	{"u: vector(m); v: vector(n); u'*X*v", "X", "affine"},
	{"det(X)", "X", "neither"},
	{"X: matrix(n, n) posdef; det(X)", "X", "neither"},
	{"-logdet(X*X')", "X", "neither"},
	{"logdet(X)", "X", "neither: if X is symmetric positive definite"},
	{"X: matrix(n, n) symmetric; logdet(X)", "X", "conditional: if X is positive definite"},
	{"tr(inv(X))", "X", "neither: if X is symmetric positive definite"},
	{"y'*inv(X)*y", "X y", "neither: if X is symmetric positive definite"},
	{"tr(A*inv(X))", "X", "neither: if A is symmetric positive semidefinite; if X is symmetric positive definite"},
	{"A: matrix(n, n) posdef; tr(A*inv(X))", "X", "neither: if X is symmetric positive definite"},
	{"logdet(eye(n) + A*diag(x)*A'); A: matrix(n, m)", "x", "conditional: if Iₙ + A diag(x) Aᵀ is positive definite"},
	{"x: vector(m) positive; logdet(eye(n) + A*diag(x)*A'); A: matrix(n, m)", "x", "concave"},
	{"-logdet(eye(n) - X'*X); X: matrix(n, n) symmetric", "X", "neither"},
	{"y'*inv(S)*y; S: matrix(n, n) symmetric", "y", "conditional: if S is positive definite"},
	{"x'*x/c", "x", "conditional: if c > 0; strict"},
	{"sum(F.*X.*X)", "X", "conditional: if F ≥ 0 in each entry"},
	{"X: matrix(n, n); sum((1 + X.^2).^eye(n))", "X", "convex: not strict"}, // of the diagonal alone
	{"X: matrix(n, n); sum(exp(X).^eye(n))", "X", "convex: not strict"},
	{"X: matrix(n, n); sum((1 + X.^2).^(eye(n) + 1))", "X", "convex: strict"},
	{"tr(Y'*M*Y)", "Y", "conditional: if M + Mᵀ is positive semidefinite"},
	{"-log(1 - x'*x)", "x", "convex: strict; on 1 − ‖x‖² > 0"},
	{"-sum(log(y - A*x))", "x", "convex: strict if A has full column rank"},

	// Losses.
	{"norm2(X*w - y)^2", "w", "convex: strict if X has full column rank"},
	{"norm2(X*w - y)", "w", "convex"},
	{"norm2(X*w - y)^2 + sum(exp(w))", "w", "convex: strict; not strong"},
	{"norm2(X*w - y)^2 + c*sum(exp(w))", "w", "conditional: if c ≥ 0; strong if; strict if X has full column rank"},
	{"c: scalar positive; sum(log(1 + exp(-y.*(X*w)))) + c*norm2(w)^2", "w", "convex: strict; strong"},
	{"norm2(X*w - y)^2 + c*norm2(w)^2", "w", "conditional: if c ≥ 0; strict if c > 0"},
	{"c: scalar positive; norm2(X*w - y)^2 + c*norm2(w)^2", "w", "convex: strict; strong"},
	{"norm2(X*w - y)^2/(2*m) + c*norm1(w); X: matrix(m, n)", "w", "conditional: if c ≥ 0"},
	{"c: scalar positive; norm2(X*w - y)^2 + c*norm1(w)", "w", "convex"},
	{"norm1(X*w - y)", "w", "convex"},
	{"sum(log(1 + exp(-y.*(X*w))))", "w", "convex"},
	{"-y'*log(sigmoid(X*w)) - (1 - y)'*log(1 - sigmoid(X*w))", "w", "convex: strict if X has full column rank"},
	{"y: vector(m) simplex; -y'*log(softmax(W*x))", "W", "convex: not strict"},
	{"-y'*log(softmax(W*x))", "W", "conditional: if y ≥ 0 in each entry"},
	{"y: vector(m) onehot; -y'*log(softmax(W*x)) + norm2(W)^2", "W", "convex: strict; strong"},
	{"sum(max(0, 1 - y.*(X*w))) + norm2(w)^2/2", "w", "convex: strict; strong"},
	{"y: vector(m) positive; sum(exp(X*w) - y.*(X*w))", "w", "convex: strict if X has full column rank"},
	{"sum(sqrt(1 + (X*w - y).^2))", "w", "convex"},
	{"sum(log(cosh(X*w - y)))", "w", "convex"},
	{"-y'*sigmoid(X*w)", "w", "neither"},
	{"norm2(sigmoid(X*w) - y)^2", "w", "neither"},
	{"norm2(softmax(W*x) - y)^2", "W", "neither"},
	{"x[i]: vector(n), i = 1..N; y[i]: scalar, i = 1..N; Σ_i (x[i]ᵀ w − y[i])²", "w", "convex: strict if the x[i] span the space"},
	{"x[i]: vector(n), i = 1..N; Σ_i norm2(x[i] − u)", "u", "convex"},

	// The Gaussian likelihood.
	{"S: matrix(n, n) posdef; X: matrix(n, n) posdef; logdet(X) + tr(S*inv(X))", "X", "neither"},
	{"S: matrix(n, n) posdef; X: matrix(n, n) posdef; -logdet(X) + tr(S*X)", "X", "convex: strict"},
	{"P: matrix(n, n) posdef; x[i]: vector(n), i = 1..N; logdet(P) + Σ_i (x[i] − u)ᵀ P⁻¹ (x[i] − u)", "u", "convex: strict; strong"},
	{"P: matrix(n, n) posdef; x[i]: vector(n), i = 1..N; Σ_i (x[i] − u)ᵀ P⁻¹ (x[i] − u) − N logdet(P)", "P u", "convex"},

	// Networks and factorisations.
	{"norm2(X - U*V')^2", "U V", "neither"},
	{"norm2(X - U*V')^2", "U", "convex: strict if V has full column rank"},
	{"norm2(W2*tanh(W1*x) - y)^2", "W1", "neither"},
	{"norm2(W2*tanh(W1*x) - y)^2", "W2", "convex"},
	{"norm2(W2*relu(W1*x) - y)^2", "W1", "neither"},
	{"y: vector(k) onehot; -y'*log(softmax(W2*sigmoid(W1*x)))", "W1", "neither"},
	{"y: vector(k) onehot; -y'*log(softmax(W2*sigmoid(W1*x)))", "W2", "convex"},

	// Functions of one number.
	{"a^3", "a", "neither: if a ≥ 0"},
	{"1/a", "a", "neither: if a > 0"},
	{"a^4 - 2*a^2", "a", "neither"},
	{"a^4 + a^2", "a", "convex: strict"},
	{"sin(a)", "a", "neither"},
	{"a^2 + sin(a)", "a", "convex: strict; strong"},
	{"a^2 + cos(a)", "a", "convex: strict; strong"},
	{"a*atan(a)", "a", "convex: strict"},
	{"exp(-a^2)", "a", "neither"},
	{"log(1 + a^2)", "a", "neither"},
	{"sqrt(1 + a^2)", "a", "convex: strict"},
	{"tanh(a)", "a", "neither"},
	{"(a + 1)^2 - a^2", "a", "affine"},
	{"a: scalar positive; 1/a + log(a)", "a", "neither"},
	{"exp(a)*exp(b)", "a b", "convex"},
	{"exp(norm2(x)^2)", "x", "convex: strict"},
	{"log(exp(a) + exp(b))", "a b", "convex"},
	{"a^2/b", "a b", "neither: if b > 0"},
	{"sum(x.*log(x./y))", "x y", "conditional: if x > 0 in each entry; if y > 0 in each entry"},
	{"sum(x.*(log(x) - log(y)))", "x y", "conditional"},
	{"sqrt(a*b)", "a b", "conditional: if a ≥ 0; if b ≥ 0"},
	{"-log(a*b)", "a b", "conditional: if a > 0; if b > 0"},
	{"c*log(a) - a", "a", "conditional: if c ≤ 0; on a > 0"},
	{"a^2 + b^2 + 2*a*b", "a b", "convex: not strict"},
	{"a^2 + b^2 + a*b", "a b", "convex: strict; strong"},
	{"a*b - a^2 - b^2", "a b", "concave: strict; strong"},
	{"a^2 + b^2 + 3*a*b", "a b", "neither"},
	{"a^2 + b^2 + c^2 - a*b - b*c - c*a", "a b c", "convex: not strict"},
	{"a^2 + b^2 + c^2 + 2*a*b + 2*b*c", "a b c", "neither"},
	{"norm2(x - y)^2 + x'*y", "x y", "convex: strict; strong"},
	{"x'*x + y'*y + 3*x'*y", "x y", "neither"},
	{"x: vector(n) positive; x'*x/sum(x)", "x", "convex"},
	{"norm2(A*x - y)^2/sum(x)", "x", "neither: if sum(x) > 0"},
	{"a: scalar positive; b: scalar positive; (a^2 + b^2)/(a + b)", "a b", "convex"},
	{"x: vector(n) positive; x'*x/sum(x)^2", "x", "neither"},
	{"abs(a) - abs(b)", "a b", "neither"},
	// What cancels but for rounding is no counterexample: this is −Σ min(xᵢ, 0)².
	{"sum(max(x, 0).^2) - x'*x", "x", "unknown"},
	{"1000*sum(abs(x).^3) - 2000*sum(relu(x).^3) + 1000*sum(x.^3)", "x", "unknown"},
	{"sigma(a); sigma: function", "a", "unknown"},
}

// TestConvexKnown compares verdicts with those known.
func TestConvexKnown(t *testing.T) {
	if len(known) < 60 || len(atoms) < 60 {
		t.Errorf("%d and %d cases", len(known), len(atoms))
	}
	for _, c := range append(atoms, known...) {
		r, err := nabla.Curvature(nabla.ConvexRequest{Program: c.program, Wrt: strings.Fields(c.wrt)})
		if err != nil {
			var input *nabla.InputError
			if errors.As(err, &input) {
				t.Errorf("%s by %s: %s", c.program, c.wrt, input.Render())
			} else {
				t.Errorf("%s by %s: %v", c.program, c.wrt, err)
			}
			continue
		}
		curvature, more, _ := strings.Cut(c.want, ": ")
		if r.Curvature != curvature {
			t.Errorf("%s by %s is %s, want %s", c.program, c.wrt, r.Curvature, curvature)
			continue
		}
		said := says(r)
		for _, w := range strings.Split(more, "; ") {
			if w != "" && !strings.Contains(said, "; "+w+";") {
				t.Errorf("%s by %s: want %q among %q", c.program, c.wrt, w, said)
			}
		}
	}
}

// says writes the first verdict as the cases do.
func says(r *nabla.CurvatureReport) string {
	if len(r.Verdicts) == 0 {
		return ""
	}
	v := &r.Verdicts[0]
	s := ";"
	add := func(words string) { s += " " + words + ";" }
	switch {
	case !v.Strict:
		add("not strict")
	case len(v.StrictIf) == 0:
		add("strict")
		if v.Strong {
			add("strong")
		}
	}
	if v.Strong && len(v.StrictIf) > 0 {
		add("strong if")
	} else if !v.Strong {
		add("not strong")
	}
	for _, c := range v.StrictIf {
		add("strict if " + c.Text)
	}
	for _, c := range v.If {
		add("if " + c.Text)
	}
	for _, c := range v.Domain {
		add("on " + c.Text)
	}
	return s
}
