package nabla_test

import (
	"slices"
	"testing"
	"time"
	"unicode/utf8"

	"example.com/nabla"
)

// TestDerivations derives every published case of first order: a derivation
// exists, every line has been verified, the last line is the answer, and no line
// is too long.
func TestDerivations(t *testing.T) {
	cases := readCorpus(t)
	var times []float64
	asked, widest := 0, 0
	for i := range cases {
		c := &cases[i]
		if c.Order > 1 {
			continue
		}
		asked++
		begin := time.Now()
		d, err := nabla.Derive(nabla.DeriveRequest{Request: request(c)})
		if err != nil {
			t.Errorf("%s: %s by %s: %v", c.ID, c.Expr, c.Wrt, err)
			continue
		}
		times = append(times, time.Since(begin).Seconds())
		var last string
		for _, b := range d.Paper.Blocks {
			lhs := 0
			for _, l := range b.Lines {
				if l.Lhs.Text != "" {
					lhs = utf8.RuneCountInString(l.Lhs.Text) + 3
				}
				n := lhs + utf8.RuneCountInString(l.Rhs.Text)
				if n > widest {
					widest = n
				}
				if n > 160 {
					t.Errorf("%s: a line of %d characters: %s", c.ID, n, l.Rhs.Text)
				}
				if l.Result {
					last = l.Rhs.Text
				}
			}
		}
		if last != d.Result.Derivatives[0].Line {
			t.Errorf("%s: last line %s, answer %s", c.ID, last, d.Result.Derivatives[0].Text)
		}
	}
	slices.Sort(times)
	t.Logf("%d of %d derived; median %.2f ms, p90 %.2f ms; widest line %d", len(times), asked,
		1e3*times[len(times)/2], 1e3*times[len(times)*9/10], widest)
}
