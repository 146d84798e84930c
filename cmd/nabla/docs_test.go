package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// seconds is a time in JSON.
var seconds = regexp.MustCompile(`"seconds":[-+.0-9e]+`)

// The figures of the lines of a derivation, as text or LaTeX and in JSON, are rounding
// errors as well.
var (
	errorFigure = regexp.MustCompile(`(the largest relative error is |最大相对误差为 )(\$?)\d( \\times |×)(10\^\{-?\d+\}|10[⁻⁰¹²³⁴-⁹]+)`)
	errorField  = regexp.MustCompile(`("error": )\d[.\d]*e-\d+`)
)

// Numbers that are printed in full are rounded in their last digits, and the gradient at a
// minimum is nothing else.
var (
	fullNumber = regexp.MustCompile(`(\d\.\d{8})\d{4,}`)
	smallNorm  = regexp.MustCompile(`(‖∇\S+‖ = )\S+,`)
	ownFile    = regexp.MustCompile(`^(\w+=)?([a-z-]+\.np[yz])$`)
)

// maskLines puts one figure for those of a derivation.
func maskLines(text string) string {
	return errorField.ReplaceAllString(errorFigure.ReplaceAllString(text, "${1}3×10⁻¹¹"), "${1}3e-11")
}

// TestDocs runs every command in the README and the documents, the lines that
// begin with "$ " in a block of console text, and compares the lines below it
// with what it prints.
func TestDocs(t *testing.T) {
	t.Chdir("../..")
	files, err := filepath.Glob("docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	commands := 0
	scratch := t.TempDir()
	for _, file := range append(files, "README.md", "examples/fit/README.md") {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		got := rerun(t, scratch, string(text), &commands)
		if got == string(text) {
			continue
		}
		if *update {
			if err := os.WriteFile(file, []byte(got), 0o666); err != nil {
				t.Fatal(err)
			}
			continue
		}
		t.Errorf("%s is not what nabla prints (go test ./cmd/nabla -update rewrites it):\n%s", file, firstDifference(got, string(text)))
	}
	if commands < 5 {
		t.Errorf("found %d commands: the blocks of console text are not read", commands)
	}
}

// rerun returns a document with the outputs in its console blocks replaced by
// what the commands print now.
func rerun(t *testing.T, scratch, text string, commands *int) string {
	var out strings.Builder
	console, skip := false, false
	for line := range strings.Lines(text) {
		switch {
		case strings.HasPrefix(line, "```"):
			console, skip = strings.TrimSpace(line) == "```console", false
			out.WriteString(line)
		case console && strings.HasPrefix(line, "$ "):
			out.WriteString(line)
			printed, ok := shell(t, scratch, strings.TrimSpace(line[2:]))
			if skip = ok; ok {
				*commands++
				out.WriteString(printed)
			}
		case !skip:
			out.WriteString(line)
		}
	}
	return out.String()
}

// shell runs a command line of nabla, which may have quotes and be fed by echo, and returns what it prints on both streams. Other commands are not run.
// Files of numbers without a folder, which one command writes and another reads, are in scratch.
func shell(t *testing.T, scratch, line string) (string, bool) {
	stdin := ""
	words := split(line)
	for i, w := range words {
		words[i] = ownFile.ReplaceAllString(w, "${1}"+scratch+"/$2")
	}
	if len(words) > 3 && words[0] == "echo" && words[2] == "|" {
		stdin, words = words[1]+"\n", words[3:]
	}
	if len(words) > 2 && words[0] == "go" && words[1] == "run" && words[2] == "./cmd/nabla" {
		words = words[2:]
	} else if len(words) == 0 || words[0] != "nabla" {
		return "", false
	}
	var both bytes.Buffer
	c := &command{stdin: strings.NewReader(stdin), stdout: &both, stderr: &both}
	if c.run(words[1:]) == exitInternal {
		t.Errorf("%s: %s", line, both.String())
	}
	text := strings.TrimRight(both.String(), "\n") + "\n"
	if text == "\n" {
		text = ""
	}
	text = figure.ReplaceAllString(text, "$1 3e-11")
	text = maskLines(text)
	text = fullNumber.ReplaceAllString(text, "$1…")
	text = smallNorm.ReplaceAllString(text, "${1}1e-12,")
	return seconds.ReplaceAllString(text, `"seconds":5e-05`), true
}

// split splits a command line at spaces outside quotes.
func split(line string) []string {
	var words []string
	word, begun := "", false
	var open rune // the quote that is open, or 0
	for _, r := range line {
		switch {
		case open != 0 && r == open:
			open = 0
		case open == 0 && (r == '\'' || r == '"'):
			open, begun = r, true
		case open == 0 && r == ' ':
			if begun {
				words = append(words, word)
			}
			word, begun = "", false
		default:
			word, begun = word+string(r), true
		}
	}
	if begun {
		words = append(words, word)
	}
	return words
}

// firstDifference shows the first line in which two texts differ.
func firstDifference(got, want string) string {
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range g {
		if i == len(w) || g[i] != w[i] {
			wrote := ""
			if i < len(w) {
				wrote = w[i]
			}
			return "prints " + g[i] + "\nreads  " + wrote
		}
	}
	return "prints less"
}
