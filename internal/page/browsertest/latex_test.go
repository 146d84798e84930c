package browsertest

import (
	"testing"

	"github.com/chromedp/chromedp/kb"
)

// paste puts text into what has the focus, as the clipboard does.
func (b *tab) paste(text string) {
	b.t.Helper()
	b.do(script(`navigator.clipboard.writeText(%s)`, text))
	b.keys("v", kb.ModifierCtrl)
}

// TestLaTeX pastes a formula in LaTeX: it is read, visibly, and can be corrected; mistakes are
// underlined in the LaTeX; the program can be had back.
func TestLaTeX(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		b := start(t, s, view{})
		b.do(`document.querySelector("#editor-text").focus()`)
		b.keys("a", kb.ModifierCtrl)
		b.paste(`\|Xw - y\|_2^2 + \lambda w^\top w`)
		program := `document.querySelector("#editor-text").innerText.trim()`
		b.until("it is read as a program", program+` !== "" && !`+program+`.includes("\\") && __test.one("#latex-text")?.innerText.includes("\\lambda")`)
		read := eval[string](b, program)
		b.derives(map[string]any{"expr": read, "wrt": []string{"w"}})
		b.set("LaTeX")
		b.accessible("LaTeX")

		// What is corrected in the program stays corrected.
		b.do(`document.querySelector("#editor-text").focus()`)
		b.keys(kb.End, kb.ModifierCtrl)
		b.enter(" + c")
		b.derives(map[string]any{"expr": read + " + c", "wrt": []string{"w"}})

		// A mistake in the LaTeX is underlined there.
		b.do(`document.querySelector("#latex-text").focus()`)
		b.keys("a", kb.ModifierCtrl)
		b.enter(`\frac{1}{2} x^\top \nosuch x`)
		b.until("the mistake is underlined", `document.querySelector("#latex .cm-lintRange-error")`)
		b.until("it is explained", `__test.one("[data-problem]")`)
		b.keys("a", kb.ModifierCtrl)
		b.enter(`\frac{1}{2} x^\top A x`)
		b.until("it is read", `!document.querySelector(".cm-lintRange-error") && `+program+`.includes("A")`)
		b.derives(map[string]any{"expr": eval[string](b, program), "wrt": []string{"x"}})
		b.click("#latex-close")
		b.until("the LaTeX is gone, the program stays", `!__test.one("#latex") && `+program+`.includes("A")`)
		b.quiet()
	})
}
