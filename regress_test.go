package nabla_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"example.com/nabla"
)

// TestRegressions has programs that once failed, each with its answer, or with none
// where passing the numeric check is all that is asked.
func TestRegressions(t *testing.T) {
	for _, c := range []struct {
		program, wrt string
		order        int
		want         string
	}{
		// The differential of pinv of a vector has a tangent inside a scalar.
		{"pinv(x)*y", "x", 1, ""},
		// A core operator along rows and along columns.
		{"tr(G'*softmaxrows(Q*K')*V)", "V", 1, "softmaxcols(K Qᵀ) G"},
		// A second derivative rests on no fact of the variable.
		{"S: matrix(n, n) symmetric; logdet(S)", "S", 2, "−commutation(n, n)(S⁻¹ ⊗ S⁻¹)"},
		// No division by what may be zero at ordinary points.
		{"log(1 + a^2)", "a", 1, "2 a / (1 + a²)"},
		{"sum(log(1 + x.^2))", "x", 1, "2 x ./ (1 + x.^2)"},
		// The derivative by one definition does not cut the path through another.
		{"h = tanh(A*x); z = B*h; sum(z)", "h", 1, "Bᵀ 1ₘ"},
		// A difference and its negative, transposed, are multiples of one group.
		{"sum((A - B).*(B' - A')')", "A", 1, "2 (B − A)"},
		// An index that only a group of constants shows counts its size.
		{"sum((ones(m, m) + ones(m, m)*a)*(a*ones(m, m)))", "a", 1, "m³(2 a + 1)"},
		// An index that also runs along the batch sums no softmax and no onehot column.
		{"tr(softmaxrows(X))", "X", 1, ""},
		{"tr(softmaxcols(X))", "X", 1, ""},
		{"Y: matrix(n, n) onehot; c*tr(Y)", "c", 1, "tr(Y)"},
		// Of a positive diagonal matrix the entries off the diagonal are zero.
		{"D: matrix(m, m) diagonal positive; sum(sign(D).*X)", "X", 1, "sign(D)"},
		{"D: matrix(m, m) diagonal positive; sum(abs(D).*X)", "X", 1, "D"},
		// Neither members of a family nor the columns of a row sum to one, nor does a part of the rows.
		{"y[i]: vector(1) onehot, i = 1..3; sum(i, y[i]*c)", "c", 1, "Σ_i y[i]"},
		{"y: matrix(1, m) simplex; a*y*ones(m)", "a", 1, "sum(y)"},
		{"y: vector(n*m) simplex; x'*kron(ones(n)', eye(m))*y", "x", 1, "(1ₙᵀ ⊗ Iₘ) y"},
		// Facts of definite matrices and of signs are drawn together.
		{"T: matrix(n, n) posdef positive; a*sum(abs(T))", "T", 1, "a·ones(n, n)"},
		// Operands of four slots have entries to assume things of.
		{"sum(log(kron(A, B)))", "A", 1, "p q·(1 ./ A)"},
		// A factor that stands twice in a Hadamard product is taken out once.
		{"(x' + x'.*x')*(2*x + x.*x)", "x", 2, "4 Iₙ + diag(x ⊙ (18 + 12 x))"},
	} {
		res, err := nabla.Differentiate(nabla.Request{Program: c.program, Wrt: []string{c.wrt}, Order: c.order})
		if err != nil {
			t.Errorf("%s by %s: %v", c.program, c.wrt, err)
			continue
		}
		if got := res.Derivatives[0].Text; c.want != "" && got != c.want {
			t.Errorf("%s by %s: %s, want %s", c.program, c.wrt, got, c.want)
		}
	}
}

// Numbers and exponents of answers may be longer than those of programs.
func TestLongNumbers(t *testing.T) {
	for _, c := range []struct{ program, starts string }{
		{"x: scalar\nx*10^1000*10^1000", "1000000000"},
		{"x: scalar\n(x^1000)^1000", "1000000 x⁹⁹⁹⁹⁹⁹"},
		{"X: matrix(n, n)\nsum((X^64)^2*A)", ""},
	} {
		wrt := string("xX"[min(strings.Count(c.program, "X"), 1)])
		r, err := nabla.Differentiate(nabla.Request{Program: c.program, Wrt: []string{wrt}, Limits: nabla.Limits{}})
		if err != nil {
			t.Errorf("%s: %v", c.program, err)
			continue
		}
		if text := r.Derivatives[0].Text; !strings.HasPrefix(text, c.starts) {
			t.Errorf("%s: got %.80s, want %s…", c.program, text, c.starts)
		}
	}
}

// TestAssumptionsOfKron: what is taken for granted of the entries of a Kronecker product is
// said, as of any matrix.
func TestAssumptionsOfKron(t *testing.T) {
	for _, c := range []struct{ program, want string }{
		{"A: matrix(m, m); log(kron(A, A))", "A ⊗ A > 0 in each entry"},
		{"sum(sqrt(1 + kron(A, B)))", "1 + A ⊗ B > 0 in each entry"},
		{"sum(abs(kron(A, B)))", "A ⊗ B ≠ 0 in each entry"},
	} {
		res, err := nabla.Differentiate(nabla.Request{Program: c.program, Wrt: []string{"A"}})
		if err != nil {
			t.Errorf("%s: %v", c.program, err)
			continue
		}
		if d := res.Derivatives[0]; !slices.Contains(d.Assumptions, c.want) || d.Check == nil || d.Check.Points == 0 {
			t.Errorf("%s: assumes %q, checked %+v", c.program, d.Assumptions, d.Check)
		}
	}
}

// TestFoundByRandomPrograms has programs that no answer was found for, or one that could
// not be read, with the words that are asked for in the answer.
func TestFoundByRandomPrograms(t *testing.T) {
	for _, c := range []struct {
		req  nabla.Request
		want string
	}{
		// Indices of sums have letters that nothing around them has, and a range where the
		// letter does not tell it.
		{nabla.Request{Program: "x[i]: vector(n), i = 1..N; sum(i, x[i])'*sum(i, x[i])", Wrt: []string{"x"}}, "2 Σ_{j=1}^N x[j]"},
		{nabla.Request{Program: "v[i]: vector(n), i = 1..M; y[i]: vector(n), i = 1..N; sum(i = 1..M, v[i])'*sum(i = 1..N, exp(y[i]))",
			Wrt: []string{"y"}}, "Σ_{j=1}^M v[j] ⊙ exp(y[i])"},
		{nabla.Request{Program: "b[i]: scalar, i = 1..N; a[i]: scalar, i = 1..M; sum(i = 1..N, b[i]^2)*sum(i = 1..M, a[i]*i)", Wrt: []string{"a"}},
			"i Σ_{j=1}^N b[j]²"},
		// A function that is declared outside of a text in paper notation.
		{nabla.Request{Program: "Σ_i φ(x[i])", Vars: []nabla.Declaration{{Name: "φ", Decl: "function"}, {Name: "x[i]", Decl: "scalar, i = 1..N"}},
			Wrt: []string{"x"}}, "φ′(x[i])"},
		// π before a bracket is a factor.
		{nabla.Request{Program: "x: vector(n); y: vector(n); a: scalar; pi*(x + y)*a", Wrt: []string{"a"}}, "pi (x + y)ᵀ"},
		// Definitions beside the expression may have axes of their own.
		{nabla.Request{Program: "y: vector(n); a: scalar; W = y - basis(n, 1); norm2(kron(a, y))^2", Wrt: []string{"a"}}, "2 a ‖y‖²"},
		{nabla.Request{Program: "x: vector(n*n); a: scalar; w = x + commutation(n, n)*x; a^2", Wrt: []string{"a"}}, "2 a"},
		// A unit vector along an axis that is split.
		{nabla.Request{Program: "X: matrix(n, n); Y: matrix(n, n); basis(n*n, 1)'*kron(X, Y)*basis(n*n, 1)", Wrt: []string{"X"}},
			"(basis(n, 1)ᵀ Y basis(n, 1)) basis(n, 1) basis(n, 1)ᵀ"},
		{nabla.Request{Program: "X: matrix(2, 2); Y: matrix(3, 3); basis(6, 5)'*kron(X, Y)*basis(6, 4)", Wrt: []string{"X"}},
			"(basis(3, 2)ᵀ Y basis(3, 1)) basis(2, 2) basis(2, 2)ᵀ"},
		{nabla.Request{Program: "S[i]: matrix(n, n) diagonal, i = 1..N; X: matrix(n, n); Q: matrix(n, n); c = dot(sum(i, S[i]), X' - X); tr(Q)", Wrt: []string{"Q"}}, "Iₙ"},
		// What cancels entry by entry leaves ones of its shape.
		{nabla.Request{Program: "sum((W*H).*log(W*H))", Wrt: []string{"W"}}, "(1 + log(W H)) Hᵀ"},
		{nabla.Request{Program: "sum((W*H).*log(W*H))", Wrt: []string{"H"}}, "Wᵀ(1 + log(W H))"},
		// A part that facts make zero, within a product.
		{nabla.Request{Program: "Q: matrix(m, m) symmetric; C = (Q - Q').*Q^3; tr(C)", Wrt: []string{"Q"}}, "zeros(m, m)"},
		// A row along an axis that is split.
		{nabla.Request{Program: "y: vector(n*m); x: vector(n); z: vector(m); pinv(y)*kron(x, z)", Wrt: []string{"y"}}, ""},
		// An axis of the result that shows one index twice is no axis of a part.
		{nabla.Request{Program: "S: matrix(n, n); x: vector(n); exp(kron(S.*eye(n), x))", Wrt: []string{"S"}}, ""},
		// Values beside the edge of a domain are values.
		{nabla.Request{Program: "x: vector(n*n) simplex; sum(x.^(-2))", Wrt: []string{"x"}}, "−2 (1 ./ x.^3)"},
		// Operands that are equal all around a point.
		{nabla.Request{Program: "a: scalar; max(a, abs(a))", Wrt: []string{"a"}}, "step(a − abs(a)) + (1 − step(a − abs(a))) sign(a)"},
		// Numeric programs of products with an axis of one entry.
		{nabla.Request{Program: "A: matrix(n*n, n); C: matrix(n, n); softmaxrows((A'./(1 + (A').^2))*khatrirao(C, C))",
			Wrt: []string{"A"}, Layout: nabla.Numerator}, ""},
	} {
		res, err := nabla.Differentiate(c.req)
		if err != nil {
			t.Errorf("%s: %v", c.req.Program, err)
			continue
		}
		d := &res.Derivatives[0]
		if c.want != "" && d.Text != c.want {
			t.Errorf("%s: %s, want %s", c.req.Program, d.Text, c.want)
		}
		if d.Check == nil || d.Check.Points == 0 {
			t.Errorf("%s: %s is not checked: %+v", c.req.Program, d.Text, d.Check)
		}
	}
}

// TestTiedOperands: the entries of max(X, Xᵀ) on the diagonal are those of X, although the
// operands are equal there, where differences are not taken.
func TestTiedOperands(t *testing.T) {
	for program, want := range map[string]string{"X: matrix(n, n); tr(max(X, X'))": "Iₙ", "X: matrix(n, n); tr(min(X', X))": "Iₙ"} {
		res, err := nabla.Differentiate(nabla.Request{Program: program, Wrt: []string{"X"}})
		if err != nil || res.Derivatives[0].Text != want {
			t.Errorf("%s: %+v, %v, want %s", program, res, err, want)
		}
	}
}

// TestNamesOfParts: a part of a long answer is not called as a definition is, whatever
// becomes of that.
func TestNamesOfParts(t *testing.T) {
	res, err := nabla.Differentiate(nabla.Request{Program: "z: vector(2); Q: matrix(2, 2); s1 = 1*2; sum(z)/softplus(exp(z'*Q*z))", Wrt: []string{"z"}, Order: 2})
	if err != nil {
		t.Fatal(err)
	}
	if d := &res.Derivatives[0]; len(d.Where) == 0 || d.Where[0].Name == "s1" {
		t.Errorf("%+v", d.Where)
	}
}

// TestNoNotation: what cannot be written is refused, and is no fault.
func TestNoNotation(t *testing.T) {
	_, err := nabla.Differentiate(nabla.Request{Program: "w: vector(n); S: matrix(m, m); C: matrix(m, m*n); kron(S, w).*softmaxcols(C')", Wrt: []string{"S"}})
	var input *nabla.InputError
	if !errors.As(err, &input) || !strings.Contains(err.Error(), "has no notation") {
		t.Error(err)
	}
}

// TestVerifyFoundByRandomPrograms has claims that are right.
func TestVerifyFoundByRandomPrograms(t *testing.T) {
	for _, c := range []struct{ program, wrt, claim string }{
		// Where both are zero everywhere, a factor makes no difference.
		{"w: vector(m); min(w'*w, 0)", "w", "4*step(-w'*w)*w"},
		// A letter with two ranges has that of the members inside.
		{"v[i]: vector(2), i = 1..M; y[i]: vector(2), i = 1..N; sum(i, v[i])'*sum(i, exp(y[i]))", "y", "sum(j = 1..M, v[j]) .* exp(y[i])"},
	} {
		v, err := nabla.Verify(nabla.VerifyRequest{Program: c.program, Wrt: c.wrt, Claim: c.claim})
		if err != nil || !v.Equal {
			t.Errorf("%s by %s, claim %s: %+v, %v", c.program, c.wrt, c.claim, v, err)
		}
	}
}

// TestProgramsFoundByRandomPrograms has requests for numeric programs that panicked, or were
// refused as faults of nabla.
func TestProgramsFoundByRandomPrograms(t *testing.T) {
	for _, req := range []nabla.Request{
		{Program: "x: vector(n*n); a: scalar; w = x + commutation(n, n)*x; a^2", Wrt: []string{"a"}},
		{Program: "a: scalar; s: scalar; n: scalar; x = ones(m)*s; y: vector(m); w = y - x; mean(kron(s, a))", Wrt: []string{"a"}},
	} {
		if _, err := nabla.NewProgram(nabla.ProgramRequest{Request: req}); err != nil {
			t.Errorf("%s: %v", req.Program, err)
		}
	}
}

// What is positive need not be said to differ from 0.
func TestImpliedAssumption(t *testing.T) {
	res, err := nabla.Differentiate(nabla.Request{Program: "a'*x + log(a'*X*b)", Wrt: []string{"X"}})
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(res.Derivatives[0].Assumptions, "; "); got != "aᵀ X b > 0" {
		t.Errorf("it is assumed: %s", got)
	}
}
