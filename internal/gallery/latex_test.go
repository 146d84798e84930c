package gallery_test

import (
	"strings"
	"testing"

	"example.com/nabla"
	"example.com/nabla/internal/gallery"
)

// The LaTeX of an example is read as its program.
func TestLaTeX(t *testing.T) {
	_, list := gallery.List()
	read := 0
	for _, e := range list {
		if e.LaTeX == "" {
			continue
		}
		read++
		req := request(e)
		want, err := nabla.Differentiate(req)
		if err != nil {
			t.Fatal(err)
		}
		req.Notation, req.Program = nabla.LaTeXNotation, e.LaTeX
		for line := range strings.Lines(e.Expr) {
			names, decl, ok := strings.Cut(strings.TrimSpace(line), ": ")
			if !ok || strings.Contains(names, "=") {
				continue
			}
			for name := range strings.SplitSeq(names, ", ") {
				req.Vars = append(req.Vars, nabla.Declaration{Name: name, Decl: decl})
			}
		}
		got, err := nabla.Differentiate(req)
		if err != nil {
			t.Errorf("%s: %v", e.ID, err)
			continue
		}
		for i, d := range got.Derivatives {
			if d.Text != want.Derivatives[i].Text {
				t.Errorf("%s: %s, want %s", e.ID, d.Text, want.Derivatives[i].Text)
			}
		}
	}
	if read < 50 {
		t.Errorf("%d examples have LaTeX", read)
	}
}
