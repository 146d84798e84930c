package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// seeds are the worked examples of the subject: the elementary kinds, least squares,
// the covariance, softmax regression by expansion and by composition, the network
// of two layers for one sample, as a sum over samples and in matrix form, and a
// matrix by a matrix. Each is derived in both languages; the texts are in
// testdata/seeds.
var seeds = []struct {
	name string
	args []string
}{
	{"s01-scalar-by-vector", []string{"s01-gradient.nb", "x"}},
	{"s02-vector-by-scalar", []string{"s02-vector-by-scalar.nb", "t"}},
	{"s02-vector-by-scalar-numerator", []string{"s02-vector-by-scalar.nb", "t", "--layout", "numerator"}},
	{"s03-vector-by-vector", []string{"s03-vector-by-vector.nb", "x"}},
	{"s03-vector-by-vector-numerator", []string{"s03-vector-by-vector.nb", "x", "--layout", "numerator"}},
	{"s04-row-by-vector", []string{"s04-row-by-vector.nb", "x"}},
	{"s05-quadratic-form", []string{"s05-quadratic-form.nb", "x"}},
	{"s06-product-rule", []string{"s06-product-rule.nb", "t"}},
	{"s06-product-rule-vector", []string{"s06-product-rule-vector.nb", "t"}},
	{"s07-differential-scalar", []string{"s07-differential-scalar.nb", "x"}},
	{"s07-differential-matrix", []string{"s07-differential-matrix.nb", "X"}},
	{"s08-least-squares", []string{"s08-least-squares.nb", "w"}},
	{"s09-covariance", []string{"s09-covariance.nb", "Sigma"}},
	{"s10-softmax-expansion", []string{"-l", "W"}},
	{"s10-softmax-composition", []string{"s10-softmax-regression.nb", "W"}},
	{"s11-two-layers", []string{"s11-two-layers.nb", "W1", "W2"}},
	{"s12-two-layers-sum", []string{"s12-two-layers-steps.nb", "W1", "W2", "b1", "b2"}},
	{"s13-two-layers-matrix", []string{"s13-two-layers-matrix.nb", "W1", "W2", "b1", "b2"}},
	{"s14-matrix-by-matrix", []string{"s14-matrix-by-matrix.nb", "X"}},
	{"s14-matrix-by-matrix-rows", []string{"s14-matrix-by-matrix.nb", "X", "--vec", "rows"}},
	{"s15-linear-matrix", []string{"s15-linear-matrix.nb", "X"}},
	{"s16-linear-vector", []string{"s16-linear-vector.nb", "x"}},
}

// expansion is softmax regression without an intermediate.
const expansion = "y: vector(m) onehot\nW: matrix(m, n)\nx: vector(n)\nl = -y'*log(softmax(W*x))"

func TestSeeds(t *testing.T) {
	for _, s := range seeds {
		for _, lang := range []string{"en", "zh"} {
			program := filepath.Join("..", "..", "examples", s.args[0])
			if s.args[0] == "-l" {
				program = expansion
			}
			args := append([]string{"derive", "--lang", lang, program}, s.args[1:]...)
			var out, errs bytes.Buffer
			c := &command{stdout: &out, stderr: &errs}
			if code := c.run(args); code != exitOK {
				t.Errorf("%s %s: exit %d: %s", s.name, lang, code, errs.String())
				continue
			}
			got := maskLines(out.String())
			name := filepath.Join("testdata", "seeds", s.name+"."+lang+".txt")
			if *update {
				if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
				continue
			}
			want, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("%s %s:\n%s\nwant\n%s", s.name, lang, got, want)
			}
		}
	}
}
