package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The figure of a numeric check depends on the processor's rounding; that it is
// small is checked by nabla itself.
var figure = regexp.MustCompile(`(largest relative error|最大相对误差) \d\.\de[-+]\d\d`)

// TestExamples runs each file in examples as its header says and compares with
// the golden text in testdata/examples.
func TestExamples(t *testing.T) {
	golden, err := filepath.Abs("testdata/examples")
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir("../..")
	files, err := filepath.Glob("examples/*.nb")
	if err != nil || len(files) < 25 {
		t.Fatalf("%d examples (%v)", len(files), err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".nb")
		t.Run(name, func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got := runHeader(t, string(text))
			path := filepath.Join(golden, name+".txt")
			if *update {
				if err := os.WriteFile(path, []byte(got), 0o666); err != nil {
					t.Fatal(err)
				}
				return
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
}

// runHeader runs the commands in the comments at the head of an example.
func runHeader(t *testing.T, text string) string {
	var all strings.Builder
	runs := 0
	for line := range strings.Lines(text) {
		line, ok := strings.CutPrefix(strings.TrimSpace(line), "# run: nabla ")
		if !ok {
			continue
		}
		runs++
		if runs > 1 {
			all.WriteString("\n")
		}
		all.WriteString("$ nabla " + line + "\n")
		all.WriteString(output(t, strings.Fields(line)))
	}
	if runs == 0 {
		t.Error("no line # run: nabla diff … says how to run the example")
	}
	return all.String()
}

// output runs a command that succeeds and returns its standard output.
func output(t *testing.T, args []string) string {
	t.Helper()
	var stdout, stderr bytes.Buffer
	c := &command{stdin: strings.NewReader(""), stdout: &stdout, stderr: &stderr}
	if status := c.run(args); status != exitOK || stderr.Len() > 0 {
		t.Errorf("nabla %s: status %d\n%s", strings.Join(args, " "), status, stderr.String())
	}
	return figure.ReplaceAllString(stdout.String(), "$1 …")
}
