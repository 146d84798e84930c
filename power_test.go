package nabla_test

import (
	"strings"
	"testing"
	"time"

	"example.com/nabla"
	"example.com/nabla/internal/corpus"
)

// Powers whose exponent is an integer symbol: the answer, then what it assumes.
// Each passes the numeric check.
func TestSymbolicPowers(t *testing.T) {
	for _, c := range []struct{ program, wrt, want string }{
		{"tr(A*X^p)", "X", "Σ_{k=1}^p (X^(p − k) A X^(k − 1))ᵀ | p ≥ 1"},
		{"tr(X^p)", "X", "p (X^(p − 1))ᵀ | p ≥ 1"},
		{"tr(A*X^(p-2)) + tr(X^p)", "X", "Σ_{k=1}^{p − 2} (X^(p − k − 2) A X^(k − 1))ᵀ + p (X^(p − 1))ᵀ | p ≥ 2"},
		{"tr(A*X^(2*p-3))", "X", "Σ_{k=1}^{2 p − 3} (X^(2 p − k − 3) A X^(k − 1))ᵀ | p ≥ 2"},
		{"tr(X^(p+2))", "X", "(p + 2)(X^(p + 1))ᵀ | p ≥ 1"},
		{"tr(X^(2-p)) + tr(X^(3+2*p))", "X", "((2 p + 3) X^(2 p + 2) − (p − 2) X^(1 − p))ᵀ | X is invertible, p ≥ 2"},
		{"tr(A*inv(X^p))", "X", "−Σ_{k=1}^p (X^(k − p − 1) A X^(−k))ᵀ | X is invertible, p ≥ 1"},
		{"tr(A*X^(-p))", "X", "−Σ_{k=1}^p (X^(k − p − 1) A X^(−k))ᵀ | X is invertible, p ≥ 1"},
		{"tr(A*X^(1-p))", "X", "−Σ_{k=1}^{p − 1} (X^(k − p) A X^(−k))ᵀ | X is invertible, p ≥ 1"},
		{"det(X^p)", "X", "p det(X)^p X⁻ᵀ | X is invertible"},
		{"X: matrix(m, m) posdef; logdet(X^p)", "X", "p X⁻¹ | det(X^p) > 0, p ≥ 1"},
		{"tr(X^(p^2))", "X", "p²(X^(p² − 1))ᵀ | p² ≥ 0"},
		{"q[i]: scalar integer, i = 1..N; sum(i, tr(A*X^q[i]))", "A", "Σ_i (X^q[i])ᵀ |"},
		{"A: matrix(m, m); B: matrix(n, n); tr(kron(A, B)^p)", "A", "p tr(B^p)(A^(p − 1))ᵀ | p ≥ 1"},
		{"A: matrix(m, m); B: matrix(n, n); tr(inv(kron(A, B + eye(n))))", "A", "−tr((Iₙ + B)⁻¹)(A⁻²)ᵀ | A is invertible, Iₙ + B is invertible"},
		{"tr(A*diag(x)^p)", "x", "p (diag(A) ⊙ x.^(p − 1)) |"},
		{"tr(X^p*A*X^p*X)", "X", "Σ_{k=1}^{2 p + 1} (X^(k − 1) A X^(2 p − k + 1))ᵀ | p ≥ 1"},
		{"tr(A*X^p)", "A", "(X^p)ᵀ |"},
		{"X^p", "X", "Σ_{k=1}^p (X^(p − k))ᵀ ⊗ X^(k − 1) | p ≥ 1"},
		{"X^p*y", "X", "Σ_{k=1}^p (X^(p − k) y)ᵀ ⊗ X^(k − 1) | p ≥ 1"},
		{"tr((A*X')^p)", "X", "p (A Xᵀ)^(p − 1) A | p ≥ 1"},
		{"a: scalar; tr((a*A)^p)", "a", "p tr((a A)^(p − 1) A) | p ≥ 1"},
		{"X: matrix(m, m) symmetric; tr(A*X^p)", "X", "Σ_{k=1}^p X^(k − 1) Aᵀ X^(p − k) | p ≥ 1"},
		{"X: matrix(m, m); tr(A*X^m)", "X", "Σ_{k=1}^m (X^(m − k) A X^(k − 1))ᵀ |"},
		{"x[i]: vector(m), i = 1..N; sum(i, x[i]'*X^p*x[i])", "X", "Σ_i Σ_{k=1}^p (X^(p − k) x[i] x[i]ᵀ X^(k − 1))ᵀ | p ≥ 1"},
		{"c: scalar; c^p", "c", "p c^(p − 1) |"},
		{"sum(x.^p)", "x", "p x.^(p − 1) |"},
		{"X: matrix(m, n); sum((X*w).^n)", "w", "n Xᵀ(X w).^(n − 1) |"},
		{"c: scalar; sum(k = 1..p, k*c^k)", "c", "Σ_{k=1}^p k² c^(k − 1) |"},
	} {
		res, err := nabla.Differentiate(nabla.Request{Program: c.program, Wrt: []string{c.wrt}, Layout: nabla.Numerator,
			Vars: []nabla.Declaration{{Name: "p", Decl: "scalar integer"}}})
		if err != nil {
			t.Errorf("%s: %v", c.program, err)
			continue
		}
		d := res.Derivatives[0]
		got := d.Text + " | " + strings.Join(d.Assumptions, ", ")
		if strings.TrimSpace(got) != c.want {
			t.Errorf("%s by %s\n got %s\nwant %s", c.program, c.wrt, got, c.want)
		}
		if d.Check == nil || d.Check.Points == 0 {
			t.Errorf("%s by %s: not checked: %+v", c.program, c.wrt, d.Check)
		}
	}
}

// The Python source of such answers gives the values of their text read back, in
// which the exponent is a range.
func TestSymbolicPowersInPython(t *testing.T) {
	var jobs []numpyJob
	for i, expr := range []string{"tr(A*X^p)", "tr(X^p)", "X^p", "X^p*y", "tr(A*X^(2*p-1)*B)", "tr(A*inv(X^p))", "tr(A*(X*B')^p)",
		"sum(exp(X^p))", "tr(A*X^n)", "sum((X*y).^p)", "sum(k = 1..p, k*tr(X)^k)", "sum(k = 1..n, tr(X)^k)/n", "tr(A*X^p*B*X^p)"} {
		for _, layout := range []nabla.Layout{nabla.Numerator, nabla.Denominator} {
			c := &corpus.Case{ID: expr + " " + string(layout), Expr: expr, Wrt: "X", Layout: string(layout), Dims: []map[string]int{{"n": 3}, {"n": 4}},
				Domain: map[string]string{"X": "small"},
				Vars:   map[string]string{"p": "scalar integer", "A": "matrix(n, n)", "B": "matrix(n, n)", "X": "matrix(n, n)", "y": "vector(n)"}}
			res, err := nabla.Differentiate(request(c))
			if err != nil {
				t.Errorf("%s: %v", c.ID, err)
				continue
			}
			if res.Derivatives[0].Check == nil || res.Derivatives[0].Check.Points == 0 {
				t.Errorf("%s: not checked", c.ID)
			}
			j, err := job(c, &res.Derivatives[0])
			if err != nil {
				t.Errorf("%d %s: %v", i, c.ID, err)
				continue
			}
			jobs = append(jobs, j)
		}
	}
	runNumPy(t, python(t), jobs)
}

// An integer up to which something counts is no variable to differentiate by.
func TestDerivativeByCount(t *testing.T) {
	for _, c := range []struct{ program, wrt, want string }{
		{"tr(X^p)", "p", "the derivative of a power of a matrix by its exponent is not supported"},
		{"Σ_{k=1}^p k", "p", "the derivative by p, up to which an index runs, is not supported"},
		{"sum(k = 1..p, tr(X^k))", "X", "the derivative of a power of a matrix whose exponent is no fixed integer is not supported"},
	} {
		_, err := nabla.Differentiate(nabla.Request{Program: c.program, Wrt: []string{c.wrt},
			Vars: []nabla.Declaration{{Name: "p", Decl: "scalar integer"}}})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s by %s: %v, want %s", c.program, c.wrt, err, c.want)
		}
	}
}

// Powers of powers are products of bounded length.
func TestPowerOfPower(t *testing.T) {
	for _, c := range []struct{ program, want string }{
		{"tr((X^8)^64)", "512 (X⁵¹¹)ᵀ"},
		{"tr((X^64)^64)", "1:4: a power that is a product of more than 512 matrices is not supported"},
		{"tr((A*X*A)^64*(X^33)^16)", "1:15: a power that is a product of more than 512 matrices is not supported"},
		{"Y = X^64; Z = Y^64; tr(A*Z^-64)", "2:5: a power that is a product of more than 512 matrices is not supported"},
	} {
		res, err := nabla.Differentiate(nabla.Request{Program: strings.ReplaceAll(c.program, "; ", "\n"), Wrt: []string{"X"}})
		got := ""
		if err != nil {
			got, _, _ = strings.Cut(err.Error(), "\n")
		} else {
			got = res.Derivatives[0].Text
		}
		if got != c.want {
			t.Errorf("%s: %s, want %s", c.program, got, c.want)
		}
	}
}

// A check whose loops would take too long is left out, and says so.
func TestLongSums(t *testing.T) {
	begin := time.Now()
	res, err := nabla.Differentiate(nabla.Request{Program: "a: scalar; sum(i = 1..1000, sum(j = 1..1000, sum(k = 1..1000, i*j*k*a)))", Wrt: []string{"a"}})
	if err != nil {
		t.Fatal(err)
	}
	d := res.Derivatives[0]
	if d.Text != "(Σ_{i=1}^1000 i)³" || d.Check == nil || !strings.Contains(d.Check.Reason, "too many steps") {
		t.Errorf("%s, check %+v", d.Text, d.Check)
	}
	if took := time.Since(begin); took > 5*time.Second {
		t.Errorf("took %v", took)
	}
}
