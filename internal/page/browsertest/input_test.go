package browsertest

import (
	"strings"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"example.com/nabla/internal/wire"
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

// keys presses the keys of characters, one after the other, with modifiers. As from a
// keyboard, a key that the page takes types nothing.
func (b *tab) keys(keys string, modifiers ...chromedp.Modifier) {
	b.t.Helper()
	var with int64
	for _, m := range modifiers {
		with |= int64(m)
	}
	for _, r := range keys {
		k := kb.Keys[r]
		if k == nil {
			b.t.Fatalf("there is no key %q", r)
		}
		held := with
		if k.Shift {
			held |= int64(kb.ModifierShift)
		}
		p := input.DispatchKeyEventParams{Type: "rawKeyDown", Modifiers: held, Key: k.Key, Code: k.Code, NativeVirtualKeyCode: k.Native, WindowsVirtualKeyCode: k.Windows}
		if k.Text != "" && with&^int64(kb.ModifierShift) == 0 {
			p.Type, p.Text, p.UnmodifiedText = "keyDown", k.Text, k.Unmodified
		}
		command(b, input.DispatchKeyEvent, p)
		p.Type, p.Text, p.UnmodifiedText = "keyUp", "", ""
		command(b, input.DispatchKeyEvent, p)
	}
}

// click clicks the first visible element of a selector, or taps it on a phone.
func (b *tab) click(selector string) {
	b.t.Helper()
	b.until(selector+" is there", `__test.one(%s)`, selector)
	type point struct{ X, Y float64 }
	p := eval[point](b, `(async () => {
		const e = __test.one(%s);
		let r = e.getBoundingClientRect();
		// A pointer meets what stands still; whoever listens to scrolling has heard of it.
		const still = async () => {
			for (let k = 0; k < 20; k++) {
				const was = r;
				await __test.frames();
				r = e.getBoundingClientRect();
				if (r.x === was.x && r.y === was.y) return;
			}
		};
		if (r.top < 0 || r.left < 0 || r.bottom > innerHeight || r.right > innerWidth || !e.contains(document.elementFromPoint(r.x + r.width / 2, r.y + r.height / 2))) {
			e.scrollIntoView({block: "center", inline: "center", behavior: "instant"});
			await still();
		}
		return {X: r.x + r.width / 2, Y: r.y + r.height / 2};
	})()`, selector)
	act := chromedp.MouseClickXY(p.X, p.Y)
	if b.view.touch {
		act = chromedp.TapXY(p.X, p.Y)
	}
	b.must("click "+selector, chromedp.Do(b.ctx, act))
}

// choose clicks one of the buttons that belong together.
func (b *tab) choose(name, value string) {
	b.t.Helper()
	b.click("label:has(input[name=" + name + "][value='" + value + "'])")
}

// TestState sees that the page does not call itself ready while it does not know yet what was
// typed, be the input before it right or wrong.
func TestState(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		b := start(t, s, view{})
		b.write("x'*")
		b.until("the problem is known", `document.body.dataset.state === "problem"`)
		for _, key := range []string{"x", "x", kb.Backspace} {
			b.do(`document.querySelector("#editor-text").addEventListener("keyup", () => { window.__state = document.body.dataset.state; }, { once: true })`)
			b.keys(key)
			if got := eval[string](b, `window.__state`); got != "working" {
				t.Errorf("after %q the page is %s", key, got)
			}
			b.until("the answer stands", `document.body.dataset.state === "ready"`)
		}
		b.quiet()
	})
}

// TestProblems sees that a mistake is underlined where it is, while it is typed, and
// explained in words that lead to it.
func TestProblems(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		b := start(t, s, view{})
		b.write("A: matrix(m, n)\nB: matrix(p, q)\ntr(A*B)")
		b.until("the mistake is underlined", `document.querySelector("#editor .cm-lintRange-error")?.textContent === "*"`)
		b.until("the text box says so", `document.querySelector("#editor-text").getAttribute("aria-invalid") === "true"`)
		want := ask[failed](t, "inspect", map[string]any{"expr": "A: matrix(m, n)\nB: matrix(p, q)\ntr(A*B)"}).Error
		b.until("it is explained", `document.querySelector("#problems").innerText.includes(%s)`, want.Message)
		if got := eval[string](b, `document.querySelector("#problems").innerText`); !strings.Contains(got, "line 3, column 5") {
			t.Errorf("the problem reads %q, want it at line 3, column 5", got)
		}
		for _, said := range []string{want.MessageZH, want.Message} {
			b.click("#switch-lang")
			b.until("it is explained in the other language", `document.querySelector("#problems").innerText.includes(%s)`, said)
		}
		// The place is a button that leads there.
		b.click("#problems button.place")
		b.until("the cursor is there", `document.activeElement.id === "editor-text" && getSelection().focusNode.textContent.includes("*")`)
		b.enter("'")
		b.write("x'*x")
		b.until("nothing is underlined", `!document.querySelector("#editor .cm-lintRange-error") && !document.querySelector("[data-problem]")`)
		b.quiet()
	})
}

// failed is an answer that is an error.
type failed struct{ Error wire.Error }

// TestVariables chooses variables and changes what they are, by clicking alone.
func TestVariables(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		b := start(t, s, view{})
		b.write("x'*A*x")
		q := map[string]any{"expr": "x'*A*x", "wrt": []string{"x"}}
		b.derives(q)
		b.click("tr[data-variable=A] [data-part=by]")
		q["wrt"] = []string{"x", "A"}
		b.derives(q)
		b.click("tr[data-variable=x] [data-part=by]")
		q["wrt"] = []string{"A"}
		b.derives(q)
		b.click("tr[data-variable=A] [data-part=facts]")
		b.click("[data-fact=symmetric]")
		q["vars"] = map[string]string{"A": "matrix(n, n) symmetric"}
		b.derives(q)
		b.click("#structured")
		q["structured"] = true
		b.derives(q)
		b.click("#structured")
		delete(q, "structured")
		b.click("tr[data-variable=x] [data-part=by]")
		b.click("tr[data-variable=A] [data-part=by]")
		q["wrt"] = []string{"x"}
		b.derives(q)
		b.choose("order", "2")
		q["order"] = 2
		b.derives(q)
		b.choose("order", "1")
		delete(q, "order")
		b.choose("layout", "numerator")
		q["layout"] = "numerator"
		b.derives(q)
		b.click("tr[data-variable=A] [data-part=reset]")
		delete(q, "vars")
		b.derives(q)
		// Something is always differentiated by, and the boxes say what.
		b.click("tr[data-variable=x] [data-part=by]")
		b.until("the last box stays as the answer is", `document.activeElement.matches("tr[data-variable=x] [data-part=by]:checked")`)
		b.derives(q)

		// A letter of a product without an operator is a variable like another; a link keeps it.
		b.write("xᵀAx")
		q = map[string]any{"expr": "xᵀAx", "wrt": []string{"x"}, "layout": "numerator"}
		b.derives(q)
		b.until("the facts are still open", `__test.one("[data-fact=symmetric]")`)
		b.click("[data-fact=symmetric]")
		q["vars"] = map[string]string{"A": "matrix(n, n) symmetric"}
		b.derives(q)
		b.until("the address holds it", `(await (await import("./state.js")).decode(location.hash)).state?.vars.A === "matrix(n, n) symmetric"`)
		b.do(`location.reload()`)
		b.derives(q)
		b.click("tr[data-variable=A] [data-part=reset]")

		b.write("A*X*B")
		q = map[string]any{"expr": "A*X*B", "wrt": []string{"X"}, "layout": "numerator"}
		b.click("tr[data-variable=X] [data-part=by]")
		b.derives(q)
		b.choose("vec", "rows")
		q["vec"] = "rows"
		b.derives(q)
		b.quiet()
	})
}

// derives waits until the answer is that of a request.
func (b *tab) derives(q map[string]any) {
	b.t.Helper()
	ds := ask[wire.Result](b.t, "diff", q).Derivatives
	if len(ds) == 0 {
		b.t.Fatalf("%v has no answer", q)
	}
	b.shows(ds)
}

// TestType writes what is in the editor as a formula at once, and then its derivative.
func TestType(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		b := start(t, s, view{})
		b.derives(map[string]any{"expr": "norm2(X*w - y)^2", "wrt": []string{"w"}})
		b.write("y'*inv(A)*x")
		b.until("the formula is shown", `__test.formulas("#preview .formula").join() === "y^\\top A^{-1} x"`)
		b.quiet()
	})
}
