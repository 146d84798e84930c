package browsertest

import (
	"os"
	"strings"
	"sync"
)

// axe is axe-core, which knows what assistive software needs.
var axe = sync.OnceValues(func() (string, error) {
	data, err := os.ReadFile("testdata/axe/axe.min.js")
	return string(data), err
})

type finding struct {
	ID, Impact, Help string
	Nodes            []struct{ HTML, Why string }
}

// accessible fails for what axe-core finds serious or critical in what the tab shows now.
func (b *tab) accessible(state string) {
	b.t.Helper()
	source, err := axe()
	b.must("axe-core", err)
	before := b.takeProblems()
	// The debugger's evaluation is not held back by the page's policy; what axe-core does to
	// the page is, and that is not the page's fault.
	defer func() {
		b.mu.Lock()
		b.problems = before
		b.mu.Unlock()
	}()
	b.do("if (!window.axe) {" + source + "}")
	// What is below .katex-html is hidden from assistive software, has the colour of the text
	// around it, and is most of the document.
	findings := eval[[]finding](b, `axe.run({exclude: [[".katex-html"]]}, {resultTypes: ["violations"], preload: false}).then((r) => r.violations
		.map((v) => ({ID: v.id, Impact: v.impact, Help: v.help, Nodes: v.nodes.map((n) => ({HTML: n.html, Why: n.failureSummary}))})))`)
	for _, f := range findings {
		var where []string
		for i, n := range f.Nodes {
			if i == 4 {
				where = append(where, "…")
				break
			}
			where = append(where, oneLine(n.HTML, 160)+"\n    "+oneLine(n.Why, 300))
		}
		text := f.Impact + ": " + f.ID + ": " + f.Help + "\n  " + strings.Join(where, "\n  ")
		if f.Impact == "serious" || f.Impact == "critical" {
			b.t.Errorf("%s: axe-core, %s", state, text)
		} else {
			b.t.Logf("%s: axe-core, %s", state, text)
		}
	}
}
