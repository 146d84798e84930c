package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"example.com/nabla/internal/source"
)

// solveFigure matches the figures of the numeric check, which depend on the
// processor's rounding; that they are small nabla checks itself.
var solveFigure = regexp.MustCompile(`(largest relative error|最大相对误差|"error":|"max_error":|"seconds":) *\d(\.\d+)?(e[-+]\d+)?`)

// texFigure matches the same in a LaTeX document.
var texFigure = regexp.MustCompile(`\$\d+(\.\d+)? \\times 10\^\{-\d+\}\$|\$0\$`)

// TestSolveGolden runs the command on the first line of each file in testdata/solve and
// compares the rest of the file with what it prints.
func TestSolveGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/solve/*.txt")
	if err != nil || len(files) < 10 {
		t.Fatalf("%d files (%v)", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			line, want, _ := strings.Cut(string(text), "\n")
			words := split(strings.TrimPrefix(line, "$ nabla "))
			var out, errs bytes.Buffer
			c := &command{stdin: strings.NewReader(""), stdout: &out, stderr: &errs}
			if status := c.run(words); status != exitOK || errs.Len() > 0 {
				t.Fatalf("status %d\n%s", status, errs.String())
			}
			got := solveFigure.ReplaceAllString(out.String(), "$1 …")
			got = texFigure.ReplaceAllString(got, `$$…$$`)
			for l := range strings.Lines(got) {
				if source.Width(strings.TrimSuffix(l, "\n")) > solveWidth && !strings.Contains(line, "json") {
					t.Errorf("%d columns: %s", source.Width(l), l)
				}
			}
			if *update {
				if err := os.WriteFile(file, []byte(line+"\n"+got), 0o666); err != nil {
					t.Fatal(err)
				}
				return
			}
			if got != want {
				t.Errorf("%s\n%s", firstDifference(got, want), got)
			}
		})
	}
}
