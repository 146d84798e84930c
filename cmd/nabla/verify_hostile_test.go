package main

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"
)

// TestHostileClaims gives nabla verify claims that no user means. It answers with a
// verdict or with a message, in bounded time, and never panics.
func TestHostileClaims(t *testing.T) {
	chain := func(unit string, n int) string {
		return strings.TrimSuffix(strings.Repeat(unit, n), unit[len(unit)-1:])
	}
	for _, c := range []struct {
		name, program, claim string
		status               int
	}{
		{"brackets", "x'*x", strings.Repeat("(", 60000), exitBadInput},
		{"a megabyte", "x'*x", strings.Repeat("x", 1<<20), exitBadInput},
		{"equals signs", "x'*x", strings.Repeat("=", 10000), exitBadInput},
		{"many lines", "x'*x", strings.Repeat("a = x\n", 5000), exitBadInput},
		{"zero bytes", "x'*x", strings.Repeat("\x00", 1000), exitBadInput},
		{"no UTF-8", "x'*x", "2*\xffx", exitBadInput},
		{"a large power", "x'*x", "x.^1000000*2", exitNotEqual},
		{"a tower", "a^2", "2^2^2^2^2^2^2^2^2*x", exitNotEqual},
		{"a large root", "x'*x", "exp(0.99999999999*x)", exitNotEqual},
		{"a long sum", "x'*x", chain("x+", 3000), exitNotEqual},
		{"a long right sum", "x'*x", chain("x+", 200) + "-198*x", exitOK},
		{"a long product", "tr(A*A)", chain("A*", 300), exitNotEqual},
		{"a large size", "x: vector(100000000)\nx'*x", "2*x", exitOK},
		{"a large wrong size", "x: vector(100000000)\nx'*x", "3*x", exitBadInput},
		{"many files of comments", "x'*x", strings.Repeat("# no\n", 5000), exitBadInput},
		{"cycles", "x'*x", "a = b\nb = a\ngrad = a", exitBadInput},
		{"itself", "x'*x", "grad = grad", exitBadInput},
		{"hidden names", "x'*x", "claim! = x", exitBadInput},
		{"division by zero", "x'*x", "x/0", exitNotEqual},
		{"a deep network", func() string {
			var b strings.Builder
			b.WriteString("h0 = W0*x\n")
			for i := range 60 {
				fmt.Fprintf(&b, "h%d = tanh(W%d*h%d)\n", i+1, i+1, i)
			}
			return b.String() + "norm2(h60 - y)^2"
		}(), "x", exitNotEqual},
		{"no value", "x'*x", "log(-1)*x", exitNotEqual},
		{"a matrix that is singular", "x'*x", "inv(x*x')*x", exitNotEqual},
	} {
		t.Run(c.name, func(t *testing.T) {
			var out, errs bytes.Buffer
			cmd := &command{stdin: strings.NewReader(c.claim), stdout: &out, stderr: &errs}
			begin := time.Now()
			status := cmd.run([]string{"verify", c.program, "x", "-"})
			took := time.Since(begin)
			if status != c.status && (c.status != exitNotEqual || status != exitBadInput) {
				t.Errorf("status %d, want %d: %.300s%.300s", status, c.status, errs.String(), out.String())
			}
			if status == exitBadInput && (out.Len() > 0 || errs.Len() == 0 || errs.Len() > 20000) {
				t.Errorf("%d bytes on standard output, %d on standard error", out.Len(), errs.Len())
			}
			// Many times what a quiet machine needs: it may have other work.
			if took > 15*time.Second {
				t.Errorf("took %v", took)
			}
			t.Log(took, status, strings.SplitN(errs.String(), "\n", 2)[0])
		})
	}
}
