package nabla_test

import (
	"errors"
	"os"
	"strings"
	"testing"

	"example.com/nabla"
)

// TestSampleForms derives programs with many samples in the other form: the
// program has the same value there, and the last line of each answer is as said.
func TestSampleForms(t *testing.T) {
	read := func(name string) string {
		text, err := os.ReadFile("examples/" + name)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	for _, c := range []struct {
		program string
		wrt     string
		as      nabla.SampleForm
		want    string // the last result line; an error where it begins with "error: "
	}{
		{read("s12-two-layers-sum.nb"), "b2", nabla.AsMatrix,
			"(softmaxcols(W2 sigmoid(W1 X + b1 ones(N)ᵀ) + b2 ones(N)ᵀ) − Y) ones(N)"},
		{read("s13-two-layers-matrix.nb"), "W1", nabla.AsSum, "Σ_i (∂l/∂a1[i]) x[i]ᵀ"},
		{read("s13-two-layers-matrix.nb"), "b2", nabla.AsSum, "Σ_i ∂l/∂a2[i]"},
		{"norm2(X*w - y)^2", "w", nabla.AsSum, "2 Σ_i (wᵀ x[i] − y[i]) x[i]"},
		{"x[i]: vector(n), i = 1..N\ny[i]: scalar, i = 1..N\nsum(i, (x[i]'*w - y[i])^2)", "w", nabla.AsMatrix, "2 X (Xᵀ w − y)"},
		{"x[i]: vector(n), i = 1..N\nsum(i, (x[i]'*w)^2)", "x", nabla.AsMatrix, "2 w wᵀ X"},
		{"sum(log(1 + exp(-y.*(X*w))))", "w", nabla.AsSum, "−Σ_i (1 − sigmoid((wᵀ x[i]) y[i])) y[i] x[i]"},
		// Members that are rows, and definitions that have no name in the other form.
		{"x[i]: matrix(1, n), i = 1..N\nsum(i, (x[i]*w)^2)", "w", nabla.AsMatrix, "2 X Xᵀ w"},
		{"x[i]: matrix(1, n), i = 1..N\nsum(i, (x[i]*w)^2)", "x", nabla.AsMatrix, "2 w wᵀ X"},
		{"x[i]: vector(n), i = 1..N\nD[i] = diag(x[i])\nsum(i, w'*D[i]*w)", "w", nabla.AsMatrix, "2 w ⊙ (X ones(N))"},
		{"D = diag(X*w)\nsum(D)", "w", nabla.AsSum, "Σ_i x[i]"},
		{"X: matrix(n, n)\nx'*X*x", "x", nabla.AsSum, "error: no size counts samples"},
		{"B[i]: matrix(n, n), i = 1..N\nx: vector(n)\nsum(i, x'*B[i]*x)", "x", nabla.AsMatrix, "error: B[i] is a matrix"},
		{"norm2(X*w - y)^2", "w", nabla.AsMatrix, "2 Xᵀ(X w − y)"}, // is in matrix form
	} {
		d, err := nabla.Derive(nabla.DeriveRequest{Request: nabla.Request{Program: c.program, Wrt: []string{c.wrt}}, As: c.as})
		if want, refused := strings.CutPrefix(c.want, "error: "); refused {
			var input *nabla.InputError
			if !errors.As(err, &input) || !strings.Contains(err.Error(), want) {
				t.Errorf("%s as %s: error %v, want %s", c.program, c.as, err, want)
			} else {
				inChinese(t, input)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s as %s: %v", c.program, c.as, err)
			continue
		}
		last := ""
		for _, b := range d.Paper.Blocks {
			for _, l := range b.Lines {
				if l.Result {
					last = l.Rhs.Text
				}
			}
		}
		if last != c.want {
			t.Errorf("%s by %s as %s: %s, want %s", c.program, c.wrt, c.as, last, c.want)
		}
	}
}

// TestDoubleSums derives sums over pairs of members.
func TestDoubleSums(t *testing.T) {
	for _, c := range []struct{ program, want string }{
		{"x[i]: vector(n), i = 1..N\nsum(i, sum(j, norm2(x[i] - x[j])^2))", "4 (N x[i] − Σ_{k=1}^N x[k])"},
		{"x[i]: vector(n), i = 1..N\nsum(i, (x[i]'*w)^2)", "2 (x[i]ᵀ w) w"},
	} {
		d, err := nabla.Derive(nabla.DeriveRequest{Request: nabla.Request{Program: c.program, Wrt: []string{"x"}}})
		if err != nil {
			t.Errorf("%s: %v", c.program, err)
			continue
		}
		b := d.Paper.Blocks[len(d.Paper.Blocks)-1]
		if l := b.Lines[len(b.Lines)-1]; !l.Result || l.Rhs.Text != c.want {
			t.Errorf("%s: %s, want %s", c.program, l.Rhs.Text, c.want)
		}
	}
}
