package main

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

// TestHostile gives the command line what no user means. It answers with status 1
// and a message, or with an answer, in bounded time and never panics.
func TestHostile(t *testing.T) {
	chain := func(unit string, n int) string {
		return strings.TrimSuffix(strings.Repeat(unit, n), unit[len(unit)-1:])
	}
	for _, c := range []struct {
		name, text string
		status     int
	}{
		{"brackets", strings.Repeat("(", 100000), exitInput},
		{"closed brackets", strings.Repeat("(", 100000) + "x" + strings.Repeat(")", 100000), exitInput},
		{"calls", strings.Repeat("exp(", 100000) + "x", exitInput},
		{"minus signs", strings.Repeat("-", 100000) + "x", exitInput},
		{"transposes", "x" + strings.Repeat("'", 100000), exitInput},
		{"a megabyte of letters", strings.Repeat("x", 1<<20), exitInput},
		{"a megabyte of lines", strings.Repeat("\n", 1<<20), exitInput},
		{"a megabyte of zero bytes", strings.Repeat("\x00", 1<<20), exitInput},
		{"no UTF-8", "x'*\xff\xfe*x", exitInput},
		{"a large power", "tr(X^1000000)", exitInput},
		{"a large number", "x^1e400*x", exitInput},
		{"many digits", strings.Repeat("9", 100000) + "*x", exitInput},
		{"towers", "2^2^2^2^2^2^2^2^2*a", exitOK},
		{"a large size", "x: vector(1000000000)\nx'*x", exitOK},
		{"cycles", "a = b\nb = c\nc = a", exitInput},
		{"many errors", strings.Repeat("A*\n", 2000), exitInput},
		{"a long sum", chain("x'*x+", 20000), exitOK},
		{"nothing", "", exitInput},
		{"a comment", "# nothing", exitInput},
	} {
		t.Run(c.name, func(t *testing.T) {
			var out, errs bytes.Buffer
			cmd := &command{stdin: strings.NewReader(c.text), stdout: &out, stderr: &errs}
			begin := time.Now()
			status := cmd.run([]string{"diff", "-", "--no-check", "--format", "language"})
			took := time.Since(begin)
			if status != c.status && c.status == exitInput || status == exitInternal {
				t.Errorf("status %d, want %d: %.300s", status, c.status, errs.String())
			}
			if status == exitInput && (out.Len() > 0 || errs.Len() == 0 || errs.Len() > 20000) {
				t.Errorf("%d bytes on standard output, %d on standard error", out.Len(), errs.Len())
			}
			// Fifty times what a quiet machine needs: it may have other work.
			if took > 5*time.Second {
				t.Errorf("took %v", took)
			}
			t.Log(took, strings.SplitN(errs.String(), "\n", 2)[0])
			// The same, asked for its curvature.
			out.Reset()
			errs.Reset()
			cmd.stdin = strings.NewReader(c.text)
			begin = time.Now()
			status = cmd.run([]string{"convex", "-", "--format", "json"})
			if took = time.Since(begin); took > 10*time.Second || status == exitInternal || status == exitUsage {
				t.Errorf("convex: status %d after %v: %.300s", status, took, errs.String())
			}
		})
	}
}

// TestHostileLines gives --jsonl the same as requests: every line has its answer.
func TestHostileLines(t *testing.T) {
	lines := []string{
		`{"id":1,"expr":"` + strings.Repeat("(", 100000) + `","wrt":"x"}`,
		strings.Repeat("garbage ", 1<<17),
		`{"id":3,"expr":"x'*x","wrt":"x","order":1000000}`,
		`{"id":4,"vars":{"":""},"expr":"x","wrt":"x"}`,
		`{"id":5,"expr":"","wrt":""}`,
		`{"id":6,"expr":"x","wrt":["x","x","x","x"]}`,
		strings.Repeat("[", 100000),
		`{"id":8,"expr":"x'*x","wrt":"x"}`,
	}
	var out, errs bytes.Buffer
	cmd := &command{stdin: strings.NewReader(strings.Join(lines, "\n") + "\n"), stdout: &out, stderr: &errs}
	begin := time.Now()
	if status := cmd.run([]string{"diff", "--jsonl", "--no-check"}); status != exitOK || errs.Len() > 0 {
		t.Errorf("status %d: %s", status, errs.String())
	}
	if took := time.Since(begin); took > 10*time.Second {
		t.Errorf("took %v", took)
	}
	answers := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(answers) != len(lines) {
		t.Fatalf("%d answers to %d lines", len(answers), len(lines))
	}
	for i, a := range answers {
		if strings.Contains(a, `"internal":true`) {
			t.Errorf("%.80s: %.300s", lines[i], a)
		}
	}
	if last := answers[len(answers)-1]; !strings.HasPrefix(last, `{"id":8,"ok":true`) {
		t.Errorf("the last request is answered with %s", last)
	}
}
