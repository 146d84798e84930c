package browsertest

import (
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"
)

// TestKeyboard uses the page without a mouse.
func TestKeyboard(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		b := start(t, s, view{})
		b.derives(map[string]any{"expr": leastSquares, "wrt": []string{"w"}})
		b.until("the derivation is there", `__test.one("[data-testid=paper-result]")`)

		// Tab reaches everything that can be clicked, in the order of the page, once.
		reach := eval[[]string](b, `(() => {
			window.__stops = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [contenteditable=true], [tabindex]")]
				.filter((e) => e.checkVisibility({visibilityProperty: true}) && e.getClientRects().length > 0 && !e.disabled && (e.isContentEditable || e.tabIndex >= 0) && !(e.type === "radio" && !e.checked));
			return window.__stops.map((e) => e.id || e.dataset.testid || e.outerHTML.slice(0, 80));
		})()`)
		b.do(`document.activeElement.blur(); window.scrollTo(0, 0)`)
		var order []int
		for range len(reach) + 5 {
			b.keys(kb.Tab)
			at := eval[int](b, `window.__stops.indexOf(document.activeElement)`)
			if at < 0 {
				if eval[bool](b, `document.activeElement === document.body`) {
					break // the end of the page
				}
				t.Errorf("the focus is at %s, which is not among the stops", eval[string](b, `document.activeElement.outerHTML.slice(0, 200)`))
				break
			}
			order = append(order, at)
			b.focusSeen()
		}
		for i, name := range reach {
			if !slices.Contains(order, i) {
				t.Errorf("Tab does not reach %s", name)
			}
		}
		if !slices.IsSorted(order) {
			t.Errorf("the focus does not go in the order of the page: %v", order)
		}

		// Into the editor, out of it forwards and backwards.
		b.do(`document.querySelector("#editor-text").focus()`)
		b.keys(kb.Tab)
		b.until("Tab leaves the editor", `document.activeElement.id !== "editor-text"`)
		b.keys(kb.Tab, kb.ModifierShift)
		b.until("Shift-Tab comes back", `document.activeElement.id === "editor-text"`)
		b.keys(kb.Tab, kb.ModifierShift)
		b.until("and leaves again", `document.activeElement.id !== "editor-text"`)

		// Ctrl-Enter derives at once.
		b.write("x'*A*x")
		b.keys(kb.Enter, kb.ModifierCtrl)
		b.derives(map[string]any{"expr": "x'*A*x", "wrt": []string{"x"}})

		// A list of tabs is one stop; arrows walk it.
		b.do(`document.querySelector("[role=tab][aria-selected=true]").focus()`)
		tabs := eval[int](b, `document.activeElement.parentElement.querySelectorAll("[role=tab]").length`)
		seen := map[string]bool{}
		for range tabs {
			b.keys(kb.ArrowRight)
			b.until("the tab is open", `document.activeElement.getAttribute("aria-selected") === "true" && !document.getElementById(document.activeElement.getAttribute("aria-controls")).hidden`)
			seen[eval[string](b, "document.activeElement.id")] = true
		}
		if len(seen) != tabs {
			t.Errorf("arrows reach %d of %d tabs", len(seen), tabs)
		}
		b.keys(kb.Tab)
		b.until("Tab goes into the panel", `!document.activeElement.matches("[role=tab]") || document.activeElement.closest("[role=tabpanel]")`)

		// Dialogs close by Escape and give the focus back.
		for _, id := range []string{"open-examples", "open-history", "open-help"} {
			b.do(script(`document.getElementById(%s).focus()`, id))
			b.keys(kb.Enter)
			b.until(id+" opens", `document.querySelector("dialog[open]")?.contains(document.activeElement)`)
			for range 3 {
				b.keys(kb.Tab)
				b.until("the focus stays inside", `document.activeElement === document.body || document.querySelector("dialog[open]").contains(document.activeElement)`)
			}
			b.do(`document.querySelector("dialog[open] button").focus()`)
			b.keys(kb.Escape)
			b.until(id+" gives the focus back", `!document.querySelector("dialog[open]") && document.activeElement.id === %s`, id)
		}

		// A menu opens and closes by the keyboard.
		b.do(`__test.one("[data-testid=copy]").focus()`)
		b.keys(kb.Enter)
		b.until("the menu has the focus", `document.activeElement.matches(":popover-open [role=menuitem]")`)
		b.keys(kb.ArrowDown)
		b.until("the arrow goes down", `document.activeElement.previousElementSibling?.matches("[role=menuitem]")`)
		b.keys(kb.Escape)
		b.until("the menu is closed", `!document.querySelector(":popover-open") && document.activeElement.dataset.testid === "copy"`)

		// A rule explains itself when it is reached.
		b.do(`document.querySelector("[data-testid=answer-tab-derivation]").click()`)
		b.until("the derivation is there", `__test.one("[data-testid=rule]")`)
		b.do(`document.querySelector("[data-testid=rule]").focus()`)
		b.keys(kb.Tab, kb.ModifierShift)
		b.keys(kb.Tab)
		b.until("the rule is explained", `__test.one("[data-testid=rule-tip]:popover-open .katex") && document.activeElement.getAttribute("aria-describedby") === document.querySelector("[data-testid=rule-tip]").id`)
		b.keys(kb.Escape)
		b.until("Escape closes it", `!document.querySelector(":popover-open")`)
		b.quiet()
	})
}

// focusSeen fails if nobody could see where the focus is.
func (b *tab) focusSeen() {
	b.t.Helper()
	bad := eval[string](b, `(() => {
		const e = document.activeElement, r = e.getBoundingClientRect();
		const seen = (x) => { const s = getComputedStyle(x); return s.outlineStyle !== "none" && parseFloat(s.outlineWidth) > 0 || s.boxShadow !== "none"; };
		const label = e.closest("label"), near = [e, e.parentElement, e.closest(".cm-editor"), e.closest(".editor"), label, e.nextElementSibling, label?.querySelector("span")].filter(Boolean);
		if (r.bottom < 0 || r.top > innerHeight) return "is out of sight";
		return e.isContentEditable || near.some(seen) ? "" : "has no mark"; // a text has its cursor
	})()`)
	if bad != "" {
		b.t.Errorf("the focus %s: %s", bad, oneLine(eval[string](b, `document.activeElement.outerHTML`), 160))
	}
}

// TestEditorKeys types as one does: brackets close, names complete, undo undoes.
func TestEditorKeys(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		b := start(t, s, view{})
		text := `document.querySelector("#editor-text").innerText.trim()`
		b.write("tr(A*B)")
		b.until("brackets are not doubled", text+` === "tr(A*B)"`)
		b.keys("z", kb.ModifierCtrl)
		b.keys("z", kb.ModifierCtrl)
		b.keys("z", kb.ModifierCtrl)
		b.until("undo undoes", text+` !== "tr(A*B)"`)
		b.write("logd")
		b.until("completions are offered", `__test.one(".cm-tooltip-autocomplete")?.innerText.includes("logdet")`)
		b.do(`new Promise((done) => setTimeout(done, 150))`) // sooner, a key is not meant for them
		b.keys(kb.Tab)
		b.until("Tab takes one", text+`.startsWith("logdet")`)
		b.write(`x'*\Sigma`)
		b.until("a name is offered as a character", `__test.one(".cm-tooltip-autocomplete")`)
		b.keys(kb.Escape)
		b.until("Escape closes them", `!__test.one(".cm-tooltip-autocomplete")`)
		if got := eval[string](b, text); !strings.Contains(got, "x'*") {
			t.Errorf("the text is %q", got)
		}
		b.takeProblems()
	})
}
