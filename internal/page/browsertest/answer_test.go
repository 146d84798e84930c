package browsertest

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"

	"example.com/nabla/internal/gallery"
	"example.com/nabla/internal/wire"
)

// ask is the engine's answer, without page and transport.
func ask[A any](t *testing.T, method string, request any) A {
	t.Helper()
	body, err := json.Marshal(request)
	if err != nil {
		t.Fatal(err)
	}
	data, failure := wire.Call(context.Background(), method, body)
	if failure != nil {
		if data, err = wire.Marshal(map[string]any{"error": failure}, ""); err != nil {
			t.Fatal(err)
		}
	}
	var a A
	if err := json.Unmarshal(data, &a); err != nil {
		t.Fatal(err)
	}
	return a
}

// request is what an example asks.
func request(e gallery.Example) map[string]any {
	r := map[string]any{"expr": e.Expr, "wrt": e.Wrt}
	if e.Order > 1 {
		r["order"] = e.Order
	}
	if e.Mixed {
		r["mixed"] = true
	}
	if e.Layout != "" {
		r["layout"] = e.Layout
	}
	if e.Vec != "" {
		r["vec"] = e.Vec
	}
	if e.Structured {
		r["structured"] = true
	}
	return r
}

// seeds are the worked examples.
func seeds(t *testing.T) []gallery.Example {
	t.Helper()
	_, all := gallery.List()
	all = slices.DeleteFunc(all, func(e gallery.Example) bool { return e.Topic != "basics" })
	if len(all) < 16 {
		t.Fatalf("%d worked examples", len(all))
	}
	return all
}

// shows waits until the answer is these derivatives, in text.
func (b *tab) shows(ds []wire.Derivative) {
	b.t.Helper()
	var want []string
	for _, d := range ds {
		want = append(want, d.Symbol+" = "+d.Text)
	}
	b.until("the answer is "+strings.Join(want, "; "), `!__test.one("#answer .is-busy") && JSON.stringify(__test.answers()) === JSON.stringify(%s)`, want)
}

// example chooses an example from the dialog.
func (b *tab) example(id string) {
	b.t.Helper()
	b.click("#open-examples")
	b.click("[data-example='" + id + "']")
	b.until("the dialog is closed", `!document.querySelector("dialog[open]")`)
}

// width makes the window so wide.
func (b *tab) width(w int) {
	b.t.Helper()
	command(b, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
		Width: int64(w), Height: int64(b.view.height), DeviceScaleFactor: b.view.scale, Mobile: b.view.touch})
	b.do(`__test.frames()`)
}

// fits fails if the page is wider than the window: what is too wide scrolls in its own box.
func (b *tab) fits(state string) {
	b.t.Helper()
	over := eval[[]string](b, `(() => {
		const wide = document.scrollingElement.scrollWidth;
		if (wide <= innerWidth) return [];
		const out = [...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > innerWidth + 1 && e.checkVisibility()
			&& !e.parentElement.closest(".a-scroll, .cm-scroller, [class*=scroll]"));
		return [wide + " of " + innerWidth, ...out.slice(0, 6).map((e) => e.tagName + "#" + e.id + "." + e.className + " " + e.getBoundingClientRect().right)];
	})()`)
	if len(over) > 0 {
		b.t.Errorf("%s: the page is wider than the window: %s", state, strings.Join(over, "; "))
	}
}

// set fails if a formula of what is seen is not set by KaTeX.
func (b *tab) set(state string) {
	b.t.Helper()
	bad := eval[[]string](b, `[...document.querySelectorAll(".katex-error, #preview .formula > code")].map((e) => e.textContent)
		.concat([...document.querySelectorAll(".tex")].filter((e) => e.textContent !== "" && !e.querySelector(".katex")).map((e) => e.textContent))`)
	for _, f := range bad {
		b.t.Errorf("%s: KaTeX does not set %s", state, f)
	}
}

// TestSeeds goes through the worked examples in both languages: what is shown, and what is
// copied, is what the engine answers.
func TestSeeds(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		for _, lang := range languages {
			t.Run(lang, func(t *testing.T) {
				b := start(t, s, view{lang: lang})
				if got := eval[string](b, "document.documentElement.lang"); !strings.HasPrefix(got, lang) {
					t.Fatalf("the page's language is %s", got)
				}
				for _, e := range seeds(t) {
					if t.Failed() {
						return // the picture is of the example that failed
					}
					b.seed(e)
				}
				b.quiet()
			})
		}
	})
}

func (b *tab) seed(e gallery.Example) {
	t := b.t
	t.Helper()
	want := ask[wire.Result](t, "diff", request(e))
	// Chosen from the dialog or, which is quicker, by a link.
	if b.view.lang == "en" {
		b.example(e.ID)
	} else {
		b.do(script("location.hash = %s", "example="+e.ID))
	}
	b.shows(want.Derivatives)
	if eval[bool](b, `!!__test.one("#latex")`) {
		t.Errorf("%s: the page says that LaTeX was read", e.ID)
	}
	type counted struct{ Lines, Blocks int }
	paper := ask[struct {
		Paper struct {
			Blocks []struct{ Lines []struct{} }
		}
	}](t, "derive", request(e)).Paper
	wanted := counted{Blocks: len(paper.Blocks)}
	for _, block := range paper.Blocks {
		wanted.Lines += len(block.Lines)
	}
	b.until("the derivation is there", `!__test.one("[data-testid=derivation] .is-busy") && document.querySelectorAll("[data-testid=derivation] .a-lines > li").length === %s`, wanted.Lines)
	got := eval[counted](b, `({Lines: __test.all("[data-testid=derivation] .a-lines > li").length, Blocks: __test.all("[data-testid=derivation] [data-block]").length})`)
	if got != wanted {
		t.Errorf("%s: the derivation has %d blocks with %d lines, want %d with %d", e.ID, got.Blocks, got.Lines, wanted.Blocks, wanted.Lines)
	}
	b.set(e.ID)
	b.fits(e.ID)
	b.width(360)
	b.fits(e.ID)
	b.width(b.view.width)
	if b.view.lang != "en" {
		return // what is copied has no words
	}
	d := want.Derivatives[len(want.Derivatives)-1]
	text := b.copied("text")
	if line := text[strings.LastIndexByte(text, '\n')+1:]; line != d.Symbol+" = "+d.Text[strings.LastIndexByte(d.Text, '\n')+1:] {
		t.Errorf("%s: copied %q, want %s = %s", e.ID, text, d.Symbol, d.Text)
	}
}

// copied copies the last derivative in a form and returns what the clipboard has.
func (b *tab) copied(form string) string {
	b.t.Helper()
	b.do(`navigator.clipboard.writeText("")`)
	b.do(`document.querySelectorAll("[data-testid=derivative]").forEach((e, i, all) => e.toggleAttribute("data-last", i === all.length - 1))`)
	b.click("[data-last] [data-testid=copy]")
	b.click(":popover-open [data-testid=copy-" + form + "]")
	return b.clipboard()
}

// clipboard waits until the clipboard has text, and returns it.
func (b *tab) clipboard() string {
	b.t.Helper()
	b.until("something is copied", `navigator.clipboard.readText().then((s) => s !== "")`)
	return eval[string](b, `navigator.clipboard.readText()`)
}
