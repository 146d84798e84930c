package nabla_test

import (
	"fmt"
	"strings"
	"testing"

	"example.com/nabla"
	"example.com/nabla/internal/derive"
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/ops"
	"example.com/nabla/internal/paper"
)

// Marks around the generated part of docs/derivations.md.
const (
	beginRules = "<!-- rules: generated from the table by go test -update -->\n"
	endRules   = "<!-- end of rules -->\n"
)

// TestRuleReference compares the rules in docs/derivations.md with their table.
func TestRuleReference(t *testing.T) {
	upToDate(t, "docs/derivations.md", beginRules, endRules, rulesReference(t))
}

// rulesReference writes a table for each section.
func rulesReference(t *testing.T) string {
	var b strings.Builder
	section := ""
	seen := map[string]bool{}
	for _, r := range derive.Rules(ops.Registry()) {
		if r.Name.En == "" || r.Name.Zh == "" || seen[r.ID] || r.Section == "" || (r.Rule.Text == "") != (r.Rule.LaTeX == "") {
			t.Errorf("rule %s is listed twice, or lacks a name, a section or a notation", r.ID)
		}
		seen[r.ID] = true
		if r.Section != section {
			section = r.Section
			fmt.Fprintf(&b, "\n### %s\n\n| English | 中文 | identity | `id` |\n|---|---|---|---|\n", section)
		}
		p := &paper.Paper{Inline: derive.Inline()}
		name := func(l paper.Lang) string {
			s := ""
			for _, part := range p.Spans(r.Name, l) {
				s += part.Words + part.Formula.Text
			}
			return escape(s)
		}
		fmt.Fprintf(&b, "| %s | %s | %s | `%s` |\n", name(paper.English), name(paper.Chinese), escape(r.Rule.Text), r.ID)
	}
	b.WriteString("\n")
	return b.String()
}

// TestFactWords declares a variable with each fact of the language: a derivation tells
// it in words of both languages.
func TestFactWords(t *testing.T) {
	for _, fact := range expr.FactNames {
		program := "X: matrix(n, n) " + fact + "; x: vector(n); x'*X*x"
		switch fact {
		case "onehot", "simplex":
			program = "X: vector(n) " + fact + "; x: vector(n); X'*x"
		case "integer":
			program = "X: scalar " + fact + "; x: vector(n); X*x'*x"
		}
		d, err := nabla.Derive(nabla.DeriveRequest{Request: nabla.Request{Program: program, Wrt: []string{"x"}}})
		if err != nil {
			t.Errorf("%s: %v", fact, err)
			continue
		}
		told := false
		for _, g := range d.Paper.Given {
			if strings.HasPrefix(g.Formula.Text, "X ") {
				told = g.Words.En != "" && g.Words.Zh != ""
			}
		}
		if !told {
			t.Errorf("%s: what is given says nothing of it", fact)
		}
	}
}
