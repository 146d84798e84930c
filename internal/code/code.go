// Package code writes the numeric programs of package plan in programming languages.
//
// Write is the function to call. A target is one language with its libraries; each
// has a file of its own with the forms of the values (numpy.go), and languages that
// share a grammar share one for the rest (python.go). What all have in common, which
// values get names, in what order statements stand, where brackets are needed, is the
// Writer's.
package code

import (
	"fmt"
	"strings"

	"example.com/nabla/internal/plan"
)

// A File is generated source.
type File struct {
	Name   string // such as loss.py
	Source string
}

// A Target is a language to write in.
type Target struct {
	Name  string // as asked for: "numpy"
	Title string // for people: "NumPy"
	write func(p *plan.Program) []File
}

// targets lists the languages in the order of the help text.
var targets = []Target{
	{"numpy", "NumPy", writeNumPy},
}

// Targets returns the languages in order.
func Targets() []Target { return targets }

// Find returns the target of that name, or nil.
func Find(name string) *Target {
	for i := range targets {
		if targets[i].Name == name {
			return &targets[i]
		}
	}
	return nil
}

// Write writes a program in a language. The first file has the function.
func Write(target string, p *plan.Program) ([]File, error) {
	t := Find(target)
	if t == nil {
		return nil, fmt.Errorf("no language %q", target)
	}
	return t.write(p), nil
}

// lines splits a text, for templates of several lines.
func lines(s string) []string { return strings.Split(strings.TrimSuffix(s, "\n"), "\n") }
