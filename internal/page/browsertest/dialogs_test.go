package browsertest

import (
	"testing"

	"github.com/chromedp/chromedp/kb"
)

// TestExamplesSearch finds examples by words of either language, and by formula.
func TestExamplesSearch(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		for _, lang := range languages {
			b := start(t, s, view{lang: lang})
			b.click("#open-examples")
			b.until("the search has the focus", `document.activeElement.id === "examples-search" && __test.all("[data-example]").length > 150`)
			for _, c := range []struct{ search, id string }{
				{"least squares", "s08-least-squares"}, {"最小二乘", "s08-least-squares"}, {"covariance", "s09-covariance"}, {"协方差", "s09-covariance"},
				{"logsumexp", ""}, {"Softmax", "s10-softmax-regression"},
			} {
				b.keys("a", kb.ModifierCtrl)
				b.keys(kb.Backspace)
				b.enter(c.search)
				b.until(c.search+" is found", `document.querySelector("#examples-search").value === %s && __test.all("[data-example]").length < 60
					&& (%s === "" ? __test.all("[data-example]").length > 0 : __test.one("[data-example='" + %s + "']"))`, c.search, c.id, c.id)
			}
			b.keys("a", kb.ModifierCtrl)
			b.enter("qqqq")
			b.until("nothing is found", `__test.all("[data-example]").length === 0 && __test.one("#examples-list").innerText.trim() !== ""`)
			b.keys("a", kb.ModifierCtrl)
			b.enter("s08")
			b.keys("a", kb.ModifierCtrl)
			b.keys(kb.Backspace)
			b.keys(kb.ArrowDown)
			b.until("the first example has the focus", `document.activeElement.matches("[data-example]")`)
			id := eval[string](b, `document.activeElement.dataset.example`)
			b.keys(kb.Enter)
			for _, e := range seeds(t) {
				if e.ID == id {
					b.derives(request(e))
				}
			}
			b.until("the editor has the focus", `document.activeElement.id === "editor-text"`)
			b.quiet()
		}
	})
}

// TestHistory keeps what was derived, over a reload, until it is deleted.
func TestHistory(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		b := start(t, s, view{})
		for _, program := range []string{"x'*A*x", "tr(A*B)", "logdet(S)"} {
			b.write(program)
			b.keys(kb.Enter, kb.ModifierCtrl)
			b.until(program+" is kept", `(localStorage.getItem("nabla.history") ?? "").includes(%s)`, program)
		}
		b.open("")
		b.ready()
		b.click("#open-history")
		titles := `__test.all("[data-history] code").map((e) => e.textContent).join(" | ")`
		b.until("the newest is first", titles+` === "logdet(S) | tr(A·B) | xᵀ A x"`)
		b.keys("tr(")
		b.until("one is found", titles+` === "tr(A·B)"`)
		b.keys(kb.Backspace + kb.Backspace + kb.Backspace)
		b.click("[data-history='2']")
		b.derives(map[string]any{"expr": "x'*A*x", "wrt": []string{"x"}})
		b.click("#open-history")
		b.click("#history-list li:nth-child(2) button[aria-pressed=false]") // pins tr(A·B)
		b.until("it is first", titles+`.startsWith("tr(A·B)")`)
		b.click("#history-clear")
		b.until("it is left alone", titles+` === "tr(A·B)"`)
		b.keys(kb.Escape)
		b.until("the dialog is closed", `!document.querySelector("dialog[open]") && document.activeElement.id === "open-history"`)
		b.quiet()
	})
}

// TestBack goes back to the input before an example was chosen.
func TestBack(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		b := start(t, s, view{})
		b.write("x'*A*x")
		b.derives(map[string]any{"expr": "x'*A*x", "wrt": []string{"x"}})
		b.example("s09-covariance")
		b.until("the example is there", `document.querySelector("#editor-text").innerText.includes("Sigma")`)
		b.do(`history.back()`)
		b.until("the program is back", `document.querySelector("#editor-text").innerText.trim() === "x'*A*x"`)
		b.derives(map[string]any{"expr": "x'*A*x", "wrt": []string{"x"}})
		b.quiet()
	})
}
