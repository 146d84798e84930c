package nabla_test

import (
	"errors"
	"strings"
	"testing"

	"example.com/nabla"
)

// Claims that are right in a part of the domain, by accident at some sizes, or nearly:
// none is called equal.
func TestVerifyNeverEqual(t *testing.T) {
	for _, c := range []struct{ program, wrt, claim, kind string }{
		{"sum(x.^2)", "x", "2*abs(x)", "needs-fact"},
		{"sum(x.^2)", "x", "2*sqrt(x.^2)", "needs-fact"},
		{"sum(x.^2)", "x", "2*exp(log(x))", "narrower-domain"},
		{"sum(x.^2)", "x", "x + abs(x)", "needs-fact"},
		{"sum(x.^2)", "x", "min(max(2*x, -4), 4)", ""},
		{"a^2", "a", "2*abs(a)", "needs-fact"},
		{"sum(x.^2)", "x", "2*x + (n-2)*(n-3)*(n-4)*x", ""},
		{"sum(x.^2)", "x", "2.0000000001*x", ""},
		{"sum(x.^2)", "x", "2*x + 1e-13*ones(n)", ""},
		{"sum(exp(x))", "x", "exp(0.99999999999*x)", "close"},
		{"logdet(A) + 0*tr(B)", "A", "inv(A + 1e-12*A*A')'", ""},
		{"tr(inv(X))", "X", "-inv(X)'*inv(X)'*abs(det(X))/det(X)", ""},
		{"tr(X)", "X", "ones(n, n)", ""},
		{"x'*A*x", "x", "2*A*x", "needs-fact"},
		{"-y'*log(softmax(x))", "x", "softmax(x) - y", "needs-fact"},
		{"norm2(x)", "x", "x", "factor"},
		{"sum(relu(x))", "x", "ones(n)", "needs-fact"},
		{"sum(abs(x))", "x", "x./abs(x).*sign(x)", "needs-fact"},
		{"max(norm1(x), 1/a)", "a", "-step(1/a + norm1(x))/a^2", ""},
		{"W[i]: matrix(m, m), i = 1..N; sum(i, sum(W[i])^2)", "W", "sum(W[i])", ""},
		{"x'*A*x - x'*A'*x", "x", "1e-12*x", "not-zero"},
		{"x'*A*x", "x", "0", "zero"},
		{"sum(A*x)", "x", "A'*ones(m) + zeros(n) + (m-n)*x", ""},
		{"sum(x)", "x", "ones(n)/n", "factor"},
		{"sum(x.^2)", "x", "2*x'", "transposed"},
		{"A*x", "x", "A", "other-layout"},
		{"A*X*B", "X", "kron(A', B)", "other-vec-order"},
		{"sum(x.^3)", "x", "6*diag(x)", "other-order"},
		{"sum(log(x))", "x", "1./x + 0*log(-1)*x", "no-value"},
		{"x[i]: vector(n), i = 1..N; sum(i, norm2(x[i] - m)^2)", "x", "2*(m - x[i])", "sign"},
		{"x[i]: vector(n), i = 1..N; sum(i, m'*x[i])", "x", "2*m", "factor"},
		{"norm2(X*w - y)^2 + c*norm2(w)^2", "w", "2*X'*(X*w - y) + c*w", "term-coefficient"},
		{"sum(x.^3)", "x", "sum(x.^3)", "function-itself"},
		{"x'*A*y", "x", "A'*x", "other-variable"},
		{"sum(x.^3)", "x", "3*(x.*x)'*dx", "differential"},
		{"logdet(S)", "S", "2*inv(S) - diag(diag(inv(S)))", "structured-gradient"},
		{"sum(sin(x))", "x", "-cos(x)", "sign"},
		{"sum(sin(W*x))", "x", "cos(W*x)", "wrong-shape"},
		{"y'*tanh(W*x)", "x", "W'*y", "missing-factor"},
		{"y'*tanh(W*x)", "x", "W'*(y.*(1 + tanh(W*x).^2))", "term-sign"},
		{"y'*inv(A)*x", "A", "-inv(A)'*y*x'", "missing-factor"},
		{"tr(A*X*B)", "X", "B*A", "transposed"},
		{"norm2(X*w - y)^2 + c*norm2(w)^2", "w", "2*X'*(X*w - y)", "missing-term"},
		{"norm2(X*w - y)^2", "w", "2*X'*(X*w - y) + w", "surplus-term"},
		{"norm2(X*w - y)^2", "w", "2*X'*X*w", "missing-term"},
		{"norm2(X*w - y)^2", "w", "2*X'*(X*w + y)", "term-sign"},
		{"norm2(X*w - y)^2", "w", "-X'*(X*w - y)", "factor"},
		{"norm2(X*w - y)^2", "w", "-2*(X*w - y)'*X", "sign-and-transposed"},
		{"norm2(X*w - y)^2", "w", "(X*w - y)'*X", "factor-and-transposed"},
		{"tr(A*X*X')", "X", "A*X + A*X", ""},
		{"det(X)", "X", "det(X)*inv(X)", "transposed"},
		{"det(X)", "X", "det(X)*X'", ""},
		{"sigma: function; sum(sigma(W*x))", "x", "W'*sigma(W*x)", "wrong-part"},
		{"p: scalar integer; tr(A*X^p)", "A", "(X')^(p-1)", ""},
		{"x[i]: vector(n), i = 1..N; Σ_i (x[i]'*w)^2", "w", "Σ_i (x[i]'*w)*x[i]", "factor"},
		{"x[i]: vector(n), i = 1..N; Σ_i (x[i]'*w)^2", "x[i]", "(x[i]'*w)*w", "factor"},
		{"x[i]: vector(n), i = 1..N; Σ_i (x[i]'*w)^2", "x[i]", "2*(x[i]'*w)*x[i]", "wrong-part"},
	} {
		v, err := nabla.Verify(nabla.VerifyRequest{Program: c.program, Wrt: c.wrt, Claim: c.claim})
		if err != nil {
			t.Errorf("%s by %s, claim %s: %v", c.program, c.wrt, c.claim, err)
			continue
		}
		if v.Equal {
			t.Errorf("%s by %s, claim %s is called equal, %s", c.program, c.wrt, c.claim, v.Argument)
		}
		if c.kind != "" && v.Kind != c.kind {
			t.Errorf("%s by %s, claim %s: found %s (%s), want %s", c.program, c.wrt, c.claim, v.Kind, v.Message, c.kind)
		}
		if strings.Contains(v.Message+v.MessageZH, "%!") || v.Message == "" || v.MessageZH == "" {
			t.Errorf("%s by %s, claim %s: message %q, %q", c.program, c.wrt, c.claim, v.Message, v.MessageZH)
		}
	}
}

// Claims that are right in an unusual form.
func TestVerifyEqual(t *testing.T) {
	for _, c := range []struct {
		program, wrt, claim string
		argument            nabla.Argument
	}{
		{"norm2(X*w - y)^2", "w", "2*X'*X*w - 2*X'*y", nabla.CanonicalForm},
		{"norm2(X*w - y)^2", "w", "2 Xᵀ(X w − y)", nabla.CanonicalForm},
		{"norm2(X*w - y)^2", "w", "2X'X w - 2X'y", nabla.CanonicalForm},
		{"norm2(X*w - y)^2", "w", "-2*(y'*X - w'*X'*X)'", nabla.CanonicalForm},
		{"S: matrix(n, n) symmetric; x'*S*x", "x", "(S + S')*x", nabla.CanonicalForm},
		{"y: vector(n) onehot; -y'*log(softmax(x))", "x", "softmax(x) - y", nabla.CanonicalForm},
		{"sum(relu(x))", "x", "(1 + sign(x))/2", nabla.ByNumbers},
		{"sum(log(1 + exp(x)))", "x", "1./(1 + exp(-x))", nabla.CanonicalForm},
		{"sum(log(1 + exp(x)))", "x", "exp(x)./(1 + exp(x))", ""},
		{"sum(sin(x).^2)", "x", "sin(2*x)", nabla.ByNumbers},
		{"log(a)", "a", "1/abs(a)", ""}, // log(a) has a value for a > 0 only
		{"x'*A*x - x'*A'*x", "x", "0", nabla.CanonicalForm},
		{"x'*A*x - x'*A'*x", "x", "zeros(n)", nabla.CanonicalForm},
		{"x[i]: vector(n), i = 1..N; Σ_i (x[i]'*w)^2", "w", "2 Σ_i (x[i]ᵀw) x[i]", nabla.CanonicalForm},
		{"x[i]: vector(n), i = 1..N; Σ_i (x[i]'*w)^2", "x[i]", "2*(x[i]'*w)*w", nabla.CanonicalForm},
		{"A*X*B", "X", "kron(B, A')", nabla.CanonicalForm},
		{"sigma: function; sum(sigma(W*x))", "x", "W'*sigma′(W*x)", nabla.CanonicalForm},
	} {
		v, err := nabla.Verify(nabla.VerifyRequest{Program: c.program, Wrt: c.wrt, Claim: c.claim})
		switch {
		case err != nil:
			t.Errorf("%s by %s, claim %s: %v", c.program, c.wrt, c.claim, err)
		case !v.Equal:
			t.Errorf("%s by %s, claim %s: %s", c.program, c.wrt, c.claim, v.Message)
		case c.argument != "" && v.Argument != c.argument:
			t.Errorf("%s by %s, claim %s: %s", c.program, c.wrt, c.claim, v.Argument)
		}
	}
}

// Derivations line by line with a mistake in one line.
func TestVerifyLines(t *testing.T) {
	const logistic = "y: vector(m) onehot; a = W*x; l = -y'*log(softmax(a))"
	const network = "y: vector(k) onehot; W1: matrix(m, n); W2: matrix(k, m); x: vector(n); a = W1*x; h = sigmoid(a); b = W2*h; l = -y'*log(softmax(b))"
	for _, c := range []struct {
		program, wrt, claim string
		line                int // the first wrong one, 0 for none
		kind                string
	}{
		{"l = norm2(X*w - y)^2", "w", "r = X*w - y\ndr = X*dw\ndl = 2 rᵀ dr\n   = 2 rᵀ X dw\n∂l/∂w = 2 Xᵀ r", 0, ""},
		{"l = norm2(X*w - y)^2", "w", "dl = 2*(X*w - y)'*d(X*w - y)\n   = 2*(X*w - y)'*d(X*w)", 0, ""},
		{"l = norm2(X*w - y)^2", "w", "dl = (X*w - y)'*d(X*w)", 1, "factor"},
		{"l = norm2(X*w - y)^2", "w", "dl = 2*(X*w - y)'*d(y)", 1, "zero"},
		{"l = tr(X'*A*X)", "X", "dl = tr(d(X')*A*X) + tr(X'*A*d(X))\n   = d(tr(X'*A*X))", 0, ""},
		{"l = tr(X'*A*X)", "X", "dl = tr(X'*A*d(X))", 1, "missing-term"},
		{"l = norm2(X*w - y)^2", "w", "dl = 2*(X*w - y)'*X*dw\ngrad = X'*(X*w - y)", 2, "factor"},
		{"l = norm2(X*w - y)^2", "w", "l = (X*w - y)'*(X*w - y)\ndl = (X*dw)'*(X*w - y)\n = 2*(X*w - y)'*X*dw", 2, "factor"},
		{"l = norm2(X*w - y)^2", "w", "l = w'*X'*X*w - 2*y'*X*w + y'*y\ndl = 2*w'*X'*X*dw - 2*y'*X*dw\ndl/dw = 2*X'*X*w - 2*X'*y", 0, ""},
		{"l = norm2(X*w - y)^2", "w", "l = w'*X'*X*w - y'*X*w + y'*y", 1, ""},
		{"l = norm2(X*w - y)^2", "w", "dl = 2*(X*w - y)'*X*dw = 2*(X*w + y)'*X*dw", 1, "term-sign"},
		{logistic, "W", "da = dW*x\ndl = (softmax(a) - y)'*da\n = tr(x*(softmax(a) - y)'*dW)\n∂l/∂W = (softmax(a) - y)*x'", 0, ""},
		{logistic, "W", "da = dW*x\ndl = (softmax(a) - y)'*da\n∂l/∂a = softmax(a) - y\n∂l/∂W = x*(softmax(a) - y)'", 4, "transposed"},
		{logistic, "W", "# start\n\nda = dW*x\ndl = (y - softmax(a))'*da\n∂l/∂W = (softmax(a) - y)*x'", 4, "sign"},
		{"a = W*x; l = -y'*log(softmax(a))", "W", "da = dW*x\ndl = (softmax(a) - y)'*da", 2, "needs-fact"},
		{logistic, "W", "∂l/∂a = softmax(a) - y\n∂l/∂W = (∂l/∂a) xᵀ", 0, ""},
		{logistic, "W", "∂l/∂a = softmax(a) - y\n∂l/∂W = x (∂l/∂a)ᵀ", 2, "transposed"},
		{logistic, "W", "da = dW x\ndl = (∂l/∂a)ᵀ da = tr((∂l/∂a)ᵀ dW x) = tr(x (∂l/∂a)ᵀ dW)\n∂l/∂W = 2 (∂l/∂a) xᵀ", 3, "factor"},
		{network, "W1", "∂l/∂h = W2ᵀ (softmax(b) − y)\n∂l/∂a = ∂l/∂h ⊙ h ⊙ (1 − h)\n∂l/∂W1 = ∂l/∂a xᵀ", 0, ""},
		{network, "W1", "∂l/∂h = W2ᵀ (softmax(b) − y)\n∂l/∂a = ∂l/∂h ⊙ h\n∂l/∂W1 = ∂l/∂a xᵀ", 2, "missing-factor"},
		{"l = tr(A*inv(X))", "X", "dl = tr(A*inv(X)*dX*inv(X))\n∂l/∂X = -(inv(X)*A*inv(X))'", 1, "sign"},
		{"l = tr(A*inv(X))", "X", "dl = -tr(A*inv(X)*dX*inv(X))\n = -tr(inv(X)*A*inv(X)*dX)\n∂l/∂X = -inv(X)*A*inv(X)", 3, "transposed"},
		{"l = logdet(X)", "X", "dl = tr(inv(X)*dX)\n∂l/∂X = inv(X)'", 0, ""},
		{"l = logdet(X)", "X", "dl = tr(X*dX)", 1, ""},
		{"f = det(X)^2", "X", "df = 2*det(X)*tr(inv(X)*dX)\n = 2*det(X)^2*tr(inv(X)*dX)", 1, "factor"},
		{"F = A*X*B", "X", "dF = A*dX*B\nvec(dF) = kron(B', A)*vec(dX)\n∂F/∂X = kron(B, A')", 0, ""},
		{"F = A*X*B", "X", "dF = A*dX*B\nvec(dF) = -kron(B', A)*vec(dX)", 2, "sign"},
		{"F = A*X*B", "X", "dF = A*dX*B\n∂F/∂X = kron(B', A)", 2, "other-layout"},
		{"l = x'*A*x", "x", "dl = dx'*A*x + x'*A*dx; dl = x'*(A' + A)*dx; grad = (A + A')*x", 0, ""},
		{"l = x'*A*x", "x", "dl = dx'*A*x\n∂l/∂x = (A + A')*x", 1, "missing-term"},
		{"l = x'*A*x", "x", "dl = dx'*A*x + x'*dA*x + x'*A*dx\n∂l/∂x = (A + A')*x\n∂l/∂A = x*x'", 0, ""},
		{"l = sum(tanh(W*x))", "x", "u = W*x\ndu = W*dx\ndl = (1 - tanh(u))'*du", 3, ""},
		{"l = sum(tanh(W*x))", "x", "u = W*x\nv = tanh(u)\ndl = sum((1 - v.^2).*(W*dx))\n∂l/∂x = W'*(1 - v.^2)", 0, ""},
		{"l = a'*x", "x", "∂²l/∂x∂xᵀ = 0", 0, ""},
		{"l = x'*A*x", "x", "∂l/∂x = (A + A')*x\n∂²l/∂x∂xᵀ = A", 2, ""},
		{"l = x'*A*x", "x", "∇l = (A + A')*x\n∇_A l = x*x'\n∇²l = A + A'", 0, ""},
		{"x[i]: vector(n), i = 1..N; l = Σ_i (x[i]'*w)^2", "w", "dl = 2 Σ_i (x[i]ᵀ w) x[i]ᵀ dw\n∂l/∂w = Σ_i (x[i]ᵀ w) x[i]", 2, "factor"},
	} {
		v, err := nabla.Verify(nabla.VerifyRequest{Program: c.program, Wrt: c.wrt, Claim: c.claim})
		if err != nil {
			t.Errorf("%s by %s:\n%s\n%v", c.program, c.wrt, c.claim, err)
			continue
		}
		if v.Line != c.line || v.Equal != (c.line == 0) || c.kind != "" && v.Kind != c.kind {
			t.Errorf("%s by %s:\n%s\nline %d %s (%s), want line %d %s", c.program, c.wrt, c.claim, v.Line, v.Kind, v.Message, c.line, c.kind)
		}
	}
}

// Mistakes in the claim point at the claim.
func TestVerifyErrors(t *testing.T) {
	for _, c := range []struct{ program, claim, message string }{
		{"norm2(X*w - y)^2", "", "1:1: a claim is required"},
		{"norm2(X*w - y)^2", "# nothing", "1:1: a claim is required"},
		{"norm2(X*w - y)^2", "2*X'*(X*w - y", "1:6: unbalanced parenthesis"},
		{"norm2(X*w - y)^2", "2*X'*(X*w - z)", "1:13: unknown name z"},
		{"norm2(X*w - y)^2", "2*X*(X*w - y)", "1:4: cannot multiply"},
		{"norm2(X*w - y)^2", "dl = 2*(X*w - y)'*X*dw\ngrad = 2*X*(X*w - y)", "2:11: cannot multiply"},
		{"norm2(X*w - y)^2", "X'*X*w = X'*y", "1:1: an equation is no claim"},
		{"norm2(X*w - y)^2", "= 2*X'*(X*w - y)", "1:3: there is no left-hand side"},
		{"norm2(X*w - y)^2", "dl = ", "an expression is required after ="},
		{"norm2(X*w - y)^2", "a = 2", "1:5: the lines define names and claim nothing"},
		{"l = norm2(X*w - y)^2", "∂g/∂w = 2", "1:1: unknown quantity g"},
		{"l = norm2(X*w - y)^2", "∂l/∂q = 2", "unknown name q"},
		{"l = norm2(X*w - y)^2", "w = 2", "1:1: w is a variable"},
		{"l = norm2(X*w - y)^2", "d²l = 2*dw'*X'*X*dw", "1:1: second differentials are not verified"},
		{"l = norm2(X*w - y)^2", "2 ∂l/∂q", "1:3: unknown name q"},
		{"l = norm2(X*w - y)^2", "2 ∂g/∂w", "1:3: unknown derivative ∂g/∂w"},
		{"l = norm2(X*w - y)^2", "2 ∂ w", "1:3:"},
		{"l = norm2(X*w - y)^2", "X*∂l/∂w*w", "1:8: cannot multiply X*∂l/∂w"},
		{"norm2(X*w - y)^2", "\xff", "1:1: the claim is not valid UTF-8"},
		{"norm2(X*w - y", "2", "1:6: unbalanced parenthesis"},
		{"norm2(X*w - y)^2", "2*X'*(X*w - y)*sofmax(w)", "1:16:"},
		{"norm2(X*w - y)^2", strings.Repeat("(", 20000), "1:"},
		{"norm2(X*w - y)^2", strings.Repeat("w + ", 20000) + "w", "1:1: the claim has"},
	} {
		_, err := nabla.Verify(nabla.VerifyRequest{Program: c.program, Wrt: "w", Claim: c.claim})
		var input *nabla.InputError
		if !errors.As(err, &input) {
			t.Errorf("%.40q: %v, want an input error", c.claim, err)
			continue
		}
		inChinese(t, input)
		if !strings.Contains(err.Error(), c.message) {
			t.Errorf("%.40q: %v\nwant %s", c.claim, err, c.message)
		}
	}
}

// A verdict does not depend on the names of the variables.
func TestVerifyRenamed(t *testing.T) {
	rename := strings.NewReplacer("X", "Q", "w", "a1", "y", "k")
	for _, claim := range []string{"X'*(X*w - y)", "2*X'*(X*w + y)", "2*X'*X*w", "2*(X*w - y)'*X", "2*X'*(X*w - y)"} {
		decls := func(f func(string) string) []nabla.Declaration {
			return []nabla.Declaration{{Name: f("X"), Decl: "matrix(m, n)"}, {Name: f("w"), Decl: "vector(n)"}, {Name: f("y"), Decl: "vector(m)"}}
		}
		same := func(s string) string { return s }
		a, err := nabla.Verify(nabla.VerifyRequest{Program: "norm2(X*w - y)^2", Vars: decls(same), Wrt: "w", Claim: claim})
		if err != nil {
			t.Fatal(err)
		}
		b, err := nabla.Verify(nabla.VerifyRequest{Program: rename.Replace("norm2(X*w - ") + "k)^2", Vars: decls(rename.Replace), Wrt: "a1", Claim: rename.Replace(claim)})
		if err != nil {
			t.Fatal(err)
		}
		if a.Kind != b.Kind || rename.Replace(a.Part.Text) != b.Part.Text {
			t.Errorf("%s: %s %q, renamed %s %q", claim, a.Kind, a.Part.Text, b.Kind, b.Part.Text)
		}
	}
}
