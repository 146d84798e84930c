package browsertest

import (
	"strings"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// start opens the page and waits until it takes input.
func start(t *testing.T, s *site, v view) *tab {
	t.Helper()
	b := newTab(t, s, v)
	b.open("")
	b.ready()
	return b
}

// ready waits until the input has been understood, or has a problem.
func (b *tab) ready() {
	b.t.Helper()
	b.until("the page is ready", `["ready", "problem"].includes(document.body.dataset.state)`)
}

// write replaces the program by what is typed.
func (b *tab) write(program string) {
	b.t.Helper()
	b.do(`document.querySelector("#editor-text").focus()`)
	b.keys("a", kb.ModifierCtrl)
	b.keys(kb.Backspace)
	b.enter(program)
}

// enter types text where the cursor is, key by key.
func (b *tab) enter(text string) {
	b.t.Helper()
	for i, line := range strings.Split(text, "\n") {
		if i > 0 {
			b.keys(kb.Enter)
		}
		for _, r := range line {
			if r < 0x80 {
				b.keys(string(r))
			} else {
				command(b, input.InsertText, input.InsertTextParams{Text: string(r)})
			}
		}
	}
}

// keys presses keys with modifiers.
func (b *tab) keys(keys string, modifiers ...chromedp.Modifier) {
	b.t.Helper()
	b.must("keys", chromedp.Do(b.ctx, chromedp.KeyEvent(keys, chromedp.KeyModifiers(modifiers...))))
}

// click clicks the first visible element of a selector, or taps it on a phone.
func (b *tab) click(selector string) {
	b.t.Helper()
	b.until(selector+" is there", `__test.one(%s)`, selector)
	type point struct{ X, Y float64 }
	p := eval[point](b, `(async () => {
		const e = __test.one(%s);
		let r = e.getBoundingClientRect();
		if (r.top < 0 || r.left < 0 || r.bottom > innerHeight || r.right > innerWidth || !e.contains(document.elementFromPoint(r.x + r.width / 2, r.y + r.height / 2))) {
			e.scrollIntoView({block: "center", inline: "center", behavior: "instant"});
			await __test.frames(); // whoever listens to scrolling has heard of it
		}
		r = e.getBoundingClientRect();
		return {X: r.x + r.width / 2, Y: r.y + r.height / 2};
	})()`, selector)
	act := chromedp.MouseClickXY(p.X, p.Y)
	if b.view.touch {
		act = chromedp.TapXY(p.X, p.Y)
	}
	b.must("click "+selector, chromedp.Do(b.ctx, act))
}

func TestType(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		b := start(t, s, view{})
		b.write("y'*inv(A)*x")
		b.until("the formula is shown", `__test.formulas("#preview .formula").join() === "y^\\top A^{-1} x"`)
		b.do(`1`)
		b.quiet()
	})
}
