package nabla_test

import (
	"slices"
	"testing"
	"time"

	"example.com/nabla"
)

// TestInstances works an example of every published case of first order: nearly all
// have one, and every derivative in it agrees with differences.
func TestInstances(t *testing.T) {
	cases := readCorpus(t)
	var times []float64
	asked, without := 0, 0
	for i := range cases {
		c := &cases[i]
		if c.Order > 1 {
			continue
		}
		asked++
		req := nabla.DeriveRequest{Request: request(c)}
		begin := time.Now()
		if _, err := nabla.Derive(req); err != nil {
			t.Errorf("%s: %v", c.ID, err)
			continue
		}
		plain := time.Since(begin)
		req.Instance = true
		begin = time.Now()
		d, err := nabla.Derive(req)
		if err != nil {
			t.Errorf("%s: %s by %s: %v", c.ID, c.Expr, c.Wrt, err)
			continue
		}
		times = append(times, (time.Since(begin) - plain).Seconds())
		b := d.Paper.Blocks[len(d.Paper.Blocks)-1]
		if b.ID != "instance" {
			t.Fatalf("%s: the last block is %s", c.ID, b.ID)
		}
		compared := 0
		for _, l := range b.Lines {
			if l.Checked {
				compared++
				if l.Error > 1e-6 || len(l.Notes) != 1 || l.Notes[0].Value.Text == "" {
					t.Errorf("%s: a derivative without differences: %s", c.ID, l.Lhs.Text)
				}
			}
		}
		if compared == 0 {
			without++
			t.Logf("%s: %s by %s has no example", c.ID, c.Expr, c.Wrt)
		}
	}
	slices.Sort(times)
	t.Logf("%d asked, %d without an example; median %.2f ms, p90 %.2f ms, worst %.0f ms", asked, without,
		1e3*times[len(times)/2], 1e3*times[len(times)*9/10], 1e3*times[len(times)-1])
	if without*20 > asked {
		t.Errorf("%d of %d cases have no example", without, asked)
	}
	if median := times[len(times)/2]; median > 5e-3 && !testing.Short() {
		t.Errorf("an example takes %.1f ms in the median, want at most 5 ms", 1e3*median)
	}
}
