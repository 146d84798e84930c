package ops

import (
	"math"
	"slices"
	"strings"
	"testing"

	"example.com/nabla/internal/dense"
	"example.com/nabla/internal/expr"
)

func TestRegistry(t *testing.T) {
	r := Registry()
	for _, name := range []string{expr.OpNum, expr.OpVar, expr.OpSize, expr.OpMember, expr.OpSumOver, expr.OpIndex, expr.OpApply,
		expr.OpAdd, expr.OpNeg, expr.OpMul, expr.OpDiv, expr.OpHadamard, expr.OpElDiv, expr.OpPow, expr.OpElPow,
		expr.OpMPow, expr.OpT} {
		r.Op(name)
	}
	for _, c := range []struct{ name, want string }{
		{"diag", "diagmat diagvec"}, {"trace", "tr"}, {"transpose", "t"}, {"normF", "norm2"}, {"arcsin", "asin"},
		{"mul", ""}, {"num", ""},
	} {
		var got []string
		for _, o := range r.Overloads(c.name) {
			got = append(got, o.Name)
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%s means %q, want %q", c.name, s, c.want)
		}
	}
	domains := []string{"", "positive", "nonzero", "unit", "above1", "invertible", "posdet", "fullrank", "nonnull"}
	for _, o := range r.Ops() {
		if !slices.Contains(domains, o.Domain) {
			t.Errorf("%s: unknown domain %q", o.Name, o.Domain)
		}
		if !strings.HasSuffix(o.Doc, ".") || strings.Count(o.Doc, ". ") > 0 {
			t.Errorf("%s: doc is not one sentence: %s", o.Name, o.Doc)
		}
		if o.Base != "" && r.Find(o.Base) == nil {
			t.Errorf("%s: no base %s", o.Name, o.Base)
		}
		for _, p := range o.Params {
			if o.Differential != "" && !slices.Contains(o.Integers, p) && !strings.Contains(o.Differential, "d"+p) {
				t.Errorf("%s: differential lacks d%s", o.Name, p)
			}
		}
	}
}

func TestScalars(t *testing.T) {
	for _, c := range []struct {
		name string
		args []float64
		want float64
	}{
		{"exp", []float64{1}, math.E}, {"log", []float64{math.E}, 1}, {"sqrt", []float64{2}, math.Sqrt2},
		{"sigmoid", []float64{-1000}, 0}, {"sigmoid", []float64{0}, 0.5}, {"sigmoid", []float64{1000}, 1},
		{"softplus", []float64{0}, math.Ln2}, {"softplus", []float64{800}, 800}, {"softplus", []float64{-2}, math.Log1p(math.Exp(-2))},
		{"relu", []float64{-3}, 0}, {"relu", []float64{3}, 3}, {"step", []float64{-1}, 0}, {"step", []float64{2}, 1},
		{"sign", []float64{-2}, -1}, {"abs", []float64{-2}, 2}, {"erf", []float64{0.5}, 0.5204998778130465},
		{"erfc", []float64{0.5}, 0.4795001221869535}, {"log2", []float64{8}, 3}, {"log10", []float64{1000}, 3},
		{"max", []float64{1, 2}, 2}, {"min", []float64{1, 2}, 1}, {"square", []float64{-3}, 9},
		{"acosh", []float64{math.Cosh(2)}, 2}, {"atanh", []float64{math.Tanh(0.3)}, 0.3},
	} {
		if got := Registry().Op(c.name).Scalar(c.args); math.Abs(got-c.want) > 1e-14*(1+math.Abs(c.want)) {
			t.Errorf("%s(%v) = %v, want %v", c.name, c.args, got, c.want)
		}
	}
}

func TestKernels(t *testing.T) {
	m := func(rows int, v ...float64) expr.Dense { return expr.Dense{Rows: rows, Cols: len(v) / rows, Data: v} }
	for _, c := range []struct {
		name string
		arg  expr.Dense
		want expr.Dense
	}{
		{"det", m(3, 0, 2, 1, 3, 0, 1, 1, 1, 1), dense.Scalar(-1)},
		{"logdet", m(2, 0, 1, -2, 0), dense.Scalar(math.Ln2)},
		{"inv", m(2, 1, 2, 3, 4), m(2, -2, 1, 1.5, -0.5)},
		{"adj", m(2, 1, 2, 3, 4), m(2, 4, -2, -3, 1)},
		{"pinv", m(2, 1, 0), m(1, 1, 0)},
		{"pinv", m(1, 3, 4), m(2, 0.12, 0.16)},
		{"softmax", m(2, 1000, 1000+math.Log(3)), m(2, 0.25, 0.75)},
		{"logsumexp", m(2, 1000, 1000), dense.Scalar(1000 + math.Ln2)},
		{"mean", m(2, 1, 2, 3, 6), dense.Scalar(3)},
		{"rowmean", m(2, 1, 2, 3, 6), m(2, 1.5, 4.5)},
		{"colmean", m(2, 1, 2, 3, 6), m(1, 2, 4)},
		{"norm2", m(2, 3, 4), dense.Scalar(5)},
		{"norm1", m(2, 3, -4), dense.Scalar(7)},
	} {
		got, err := Registry().Op(c.name).Kernel(&expr.Call{Args: []expr.Dense{c.arg}})
		if err != nil || got.Rows != c.want.Rows || got.Cols != c.want.Cols {
			t.Errorf("%s(%v) = %v, %v, want %v", c.name, c.arg, got, err, c.want)
			continue
		}
		for i, v := range got.Data {
			if math.Abs(v-c.want.Data[i]) > 1e-12 {
				t.Errorf("%s(%v) = %v, want %v", c.name, c.arg, got, c.want)
			}
		}
	}
	for _, name := range []string{"inv", "adj", "logdet"} {
		if _, err := Registry().Op(name).Kernel(&expr.Call{Args: []expr.Dense{m(2, 1, 2, 2, 4)}}); err == nil {
			t.Errorf("%s of a singular matrix has no error", name)
		}
	}
}
