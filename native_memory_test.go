package nabla_test

import (
	"testing"

	"example.com/nabla"
	"example.com/nabla/internal/native"
	"example.com/nabla/internal/plan"
)

// moreMemory has the published cases whose value and gradient need more memory, beside
// arguments and results, than one array of the size of the largest between them, and how
// many such arrays they need: products whose factors are both computed, systems whose
// matrix and right-hand side both are, and sums over samples that are solved for.
var moreMemory = map[string]int{
	"adv-nest-chain8": 2,
	"adv-nest-schur":  2,
	"boyd-logdetaff":  2,
	"cookbook-126":    2,
	"cookbook-63":     2,
	"mc-svm":          3,
	"minka-logdetXAX": 2,
	"mit-adjoint":     2,
	"ml-edf":          2,
	"ml-gauss-nll-S":  2,
	"ml-gauss-nll-X":  2,
	"ml-gauss-nll-u":  3,
	"ml-joseph":       2,
	"ml-labelprop":    3,
	"ml-matnormal-U":  3,
	"ml-pca-var":      2,
	"sc-31420":        2,
	"se-3764596":      2,
	"se-pcca":         2,
	"sympy-038":       2,
	"sympy-082":       2,
	"sympy-082r":      2,
	"sympy-084r":      4,
}

// TestNativeMemory compares the memory of each published case, at sizes of 1,000, with the
// largest array between arguments and results that a program without blocks has.
func TestNativeMemory(t *testing.T) {
	const n = 1000
	cases := readCorpus(t)
	count := 0
	for i := range cases {
		c := &cases[i]
		if c.Order > 1 {
			continue
		}
		req := request(c)
		req.NoCheck = true
		o := native.Options{Sizes: map[string]int{}, Threads: 4}
		for name := range c.Dims[0] {
			o.Sizes[name] = n
		}
		p, err := nabla.NewProgram(nabla.ProgramRequest{Request: req, What: []nabla.What{nabla.ValueOf, nabla.GradientOf}, Sizes: o.Sizes})
		if err != nil {
			continue // there is no value and gradient of a matrix
		}
		values := make([]*plan.Value, len(p.Results))
		for k, r := range p.Results {
			values[k] = r.Value
		}
		m, err := native.Compile(values, p.Params, o)
		if err != nil {
			continue // a size that is a constant in the case
		}
		o.Whole = true
		w, err := native.Compile(values, p.Params, o)
		if err != nil {
			t.Fatalf("%s: %v", c.ID, err)
		}
		count++
		more, listed := moreMemory[c.ID]
		if got, most := m.Bytes(), max(1, more)*w.Largest()+native.Slack; got > most {
			t.Errorf("%s: %s by %s: %d bytes, should be %d", c.ID, c.Expr, c.Wrt, got, most)
		}
		if listed && m.Bytes() <= w.Largest()+native.Slack {
			t.Errorf("%s needs no more than others: it should not be listed", c.ID)
		}
	}
	t.Logf("%d cases, %d of which need more", count, len(moreMemory))
	if count < 150 {
		t.Errorf("only %d cases", count)
	}
}
