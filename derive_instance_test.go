package nabla_test

import (
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

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
		var plain time.Duration
		var err error
		for range 2 { // the first time also fills what is kept
			begin := time.Now()
			_, err = nabla.Derive(req)
			plain = time.Since(begin)
		}
		if err != nil {
			t.Errorf("%s: %v", c.ID, err)
			continue
		}
		req.Instance = true
		begin := time.Now()
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

// TestRandomInstances works examples of random typed programs in both styles: what is
// shown agrees with differences, or there is no example.
func TestRandomInstances(t *testing.T) {
	asked, without := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		if !given["rapid.checks"] && asked > 800 {
			return // each takes as long as several answers
		}
		g := generator{t}
		q := g.question()
		q.req.Order, q.req.Mixed, q.req.Wrt, q.req.Structured = 1, false, q.req.Wrt[:1], false
		req := nabla.DeriveRequest{Request: q.req, Colon: g.below(2) == 0, Instance: true}
		defer faults(t, "%v colon %v", &q, req.Colon)
		d, err := nabla.Derive(req)
		var wrong *nabla.InternalError
		switch {
		case errors.As(err, &wrong):
			t.Fatalf("%v colon %v: %v", &q, req.Colon, err)
		case err != nil:
			return
		}
		asked++
		if g.below(4) == 0 {
			for n := 1; n <= 4; n++ {
				req.Entry = []string{"i1", "i2", "i3", "i4"}[:n]
				if _, err := nabla.Derive(req); errors.As(err, &wrong) {
					t.Fatalf("%v entry %v: %v", &q, req.Entry, err)
				}
			}
		}
		if b := block(d.Paper, "instance"); len(b.Lines) == 0 {
			without++
			if os.Getenv("NABLA_MISSING") != "" {
				t.Logf("%v colon %v: no example", &q, req.Colon)
			}
		}
	})
	t.Logf("%d asked, %d without an example", asked, without)
	if without*10 > asked {
		t.Errorf("%d of %d programs have no example", without, asked)
	}
}

// TestInstanceIsIndependent sees that an example depends neither on names nor on how
// the lines are written.
func TestInstanceIsIndependent(t *testing.T) {
	example := func(program, wrt string, colon bool) string {
		d, err := nabla.Derive(nabla.DeriveRequest{Request: nabla.Request{Program: program, Wrt: []string{wrt}}, Instance: true, Colon: colon, Brief: colon})
		if err != nil {
			t.Fatalf("%s by %s: %v", program, wrt, err)
		}
		text := ""
		for _, l := range block(d.Paper, "instance").Lines {
			text += l.Lhs.Text + " " + l.Sign + " " + l.Rhs.Text + "\n"
		}
		return text
	}
	for _, c := range []struct{ program, wrt, renamed, by string }{
		{"X: matrix(m, n); w: vector(n); y: vector(m); norm2(X*w - y)^2", "w", "B: matrix(a, z); p: vector(z); h: vector(a); norm2(B*p - h)^2", "p"},
		{"y: vector(m) onehot; W: matrix(m, n); x: vector(n); a = W*x; l = -y'*log(softmax(a))", "W",
			"q: vector(z) onehot; A: matrix(z, k); b: vector(k); c = A*b; d = -q'*log(softmax(c))", "A"},
		{"S: matrix(n, n) posdef; x: vector(n); x'*inv(S)*x + logdet(S)", "S", "A: matrix(k, k) posdef; z: vector(k); z'*inv(A)*z + logdet(A)", "A"},
	} {
		want := example(c.program, c.wrt, false)
		if got := example(c.program, c.wrt, true); got != want {
			t.Errorf("%s: in brief with inner products the example is\n%sand else\n%s", c.program, got, want)
		}
		digits := func(s string) string {
			return strings.Map(func(r rune) rune {
				if r < 'A' || r > 'z' {
					return r
				}
				return -1
			}, s)
		}
		if got := example(c.renamed, c.by, false); digits(got) != digits(want) {
			t.Errorf("%s: with other names the example is\n%sand else\n%s", c.program, got, want)
		}
	}
}
