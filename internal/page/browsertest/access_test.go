package browsertest

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp/kb"
)

// TestAccessible has axe-core look at every state of the page: with both languages, both
// themes, on a desk and on a phone, though not with every combination of them.
func TestAccessible(t *testing.T) {
	s := servedSite(t)
	for _, v := range []view{
		{lang: "en"}, {lang: "zh", dark: true, width: phone.width, height: phone.height, touch: true},
	} {
		t.Run(fmt.Sprint(v.filled()), func(t *testing.T) {
			b := start(t, s, v)
			see := func(state string) {
				t.Helper()
				b.accessible(state)
				b.fits(state)
				b.set(state)
			}
			b.derives(map[string]any{"expr": leastSquares, "wrt": []string{"w"}})
			b.until("the derivation is there", `__test.one("[data-testid=paper-result]")`)
			see("derivation")
			for _, tab := range []string{"code", "numbers", "convex", "solve", "verify", "graph"} {
				b.tab(tab)
				b.until(tab+" is there", `__test.all("[role=tabpanel] *").length > 10`)
				b.settled()
				if tab == "verify" {
					b.click("[data-testid=verify-claim]")
					b.enter("X'*(X*w - y)")
					b.keys(kb.Enter, kb.ModifierCtrl)
					b.until("the verdict is there", `__test.one("[data-testid=verify-reveal]")`)
					b.click("[data-testid=verify-reveal]")
				}
				see(tab)
			}
			b.click("[data-testid=answer-tab-derivation]")
			b.click("[data-testid=copy]")
			see("menu")
			b.keys(kb.Escape)
			b.click("[data-testid=rule]")
			b.until("the rule is explained", `__test.one("[data-testid=rule-tip]:popover-open")`)
			see("rule")
			b.keys(kb.Escape)
			b.click("[data-testid=present-open]")
			b.until("the first line is shown", `__test.one("[data-testid=present]")`)
			see("line by line")
			b.keys(kb.Escape)
			for _, id := range []string{"examples", "history", "help"} {
				b.click("#open-" + id)
				b.until(id+" is open", `document.querySelector("dialog[open]")?.id === %s`, id)
				see(id)
				b.keys(kb.Escape)
			}
			b.write("tr(A*+")
			b.until("the problem is shown", `__test.one("[data-problem]")`)
			see("problem")
			if b.view.touch {
				b.click("#choices > summary")
			}
			b.write("S: matrix(n, n) symmetric; z[i]: vector(p), i = 1..N; x'*S*x + sum(i, norm2(z[i])^2)")
			b.until("the problem is gone", `!__test.one("[data-problem]") && !document.querySelector("#answer").classList.contains("is-old")`)
			b.settled()
			b.click("tr[data-variable=S] [data-part=facts]")
			b.until("the facts are open", `__test.one("[data-fact]")`)
			see("facts")
			b.quiet()
		})
	}
}

// TestPhone uses the page with a thumb.
func TestPhone(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		b := start(t, s, phone)
		b.example("s08-least-squares")
		for _, e := range seeds(t) {
			if e.ID == "s08-least-squares" {
				b.derives(request(e))
			}
		}
		if eval[bool](b, `document.activeElement.id === "editor-text"`) {
			t.Error("the keyboard covers the answer")
		}
		b.until("the derivation is there", `__test.one("[data-testid=rule]")`)
		b.click("[data-testid=rule]")
		b.until("a tap explains a rule", `__test.one("[data-testid=rule-tip]:popover-open .katex")`)
		b.click("h1")
		b.until("a tap beside it closes it", `!document.querySelector(":popover-open")`)
		// What is tapped is large enough for a thumb, or stands in text.
		small := eval[[]string](b, `__test.all("button, select, summary, input[type=checkbox]").filter((e) => {
			const r = (e.closest("label") ?? e).getBoundingClientRect();
			return (r.width < 24 || r.height < 24) && !e.closest(".a-note, .place, p");
		}).map((e) => (e.id || e.dataset.testid || e.outerHTML.slice(0, 90)) + " " + Math.round(e.getBoundingClientRect().width) + "×" + Math.round(e.getBoundingClientRect().height))`)
		for _, e := range small {
			t.Errorf("smaller than 24 pixels: %s", e)
		}
		b.quiet()
	})
}

// TestTheme follows the system, and what is chosen stays.
func TestTheme(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		luminance := `(() => {
			const c = document.createElement("canvas").getContext("2d");
			c.fillStyle = getComputedStyle(document.body).backgroundColor;
			c.fillRect(0, 0, 1, 1);
			return c.getImageData(0, 0, 1, 1).data[0];
		})()`
		for _, dark := range []bool{false, true} {
			b := start(t, s, view{dark: dark})
			if got := eval[int](b, luminance); (got < 128) != dark {
				t.Errorf("dark %v: the page has luminance %d", dark, got)
			}
			b.click("#switch-theme") // light
			b.until("it is light", `document.documentElement.dataset.theme === "light" && `+luminance+` > 128`)
			b.click("#switch-theme") // dark
			b.until("it is dark", `document.documentElement.dataset.theme === "dark" && `+luminance+` < 128`)
			b.open("")
			b.ready()
			b.until("it stays dark", luminance+` < 128`)
			b.quiet()
		}
	})
}

// TestEngineInChinese sees that what the engine says is in the language of the page:
// assumptions, remarks, notes, and why a node has no derivative.
func TestEngineInChinese(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		b := start(t, s, view{lang: "zh"})
		for _, c := range []struct{ text, where, want string }{
			{"logdet(A) + tr(inv(S)*A)\nS: matrix(n, n)", "#answer", "可逆"},
			{"w: vector(n)\nw'*w - w'*w", "#answer", "无关"},
			{"A: matrix(n, n)\nsum(exp(A))", "#notes", "矩阵的 exp 逐元素计算"},
		} {
			b.write(c.text)
			b.until(c.want+" is said", `document.querySelector(%s)?.textContent.replace(/\s/g, "").includes(%s.replace(/\s/g, ""))`, c.where, c.want)
		}
		b.quiet()
	})
}

// TestLanguage follows the browser, and what is chosen stays; the input does too.
func TestLanguage(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		for _, c := range []struct{ accept, lang string }{{"en", "en"}, {"fr-FR,fr,zh-TW,en", "zh"}} {
			b := start(t, s, view{lang: c.accept})
			if got := eval[string](b, `document.documentElement.lang.slice(0, 2)`); got != c.lang {
				t.Errorf("%s: the page's language is %s", c.accept, got)
			}
			b.write("x'*x")
			b.derives(map[string]any{"expr": "x'*x", "wrt": []string{"x"}})
			b.click("#switch-lang")
			b.until("the language is the other one", `document.documentElement.lang.slice(0, 2) !== %s`, c.lang)
			b.derives(map[string]any{"expr": "x'*x", "wrt": []string{"x"}})
			han := `/\p{Script=Han}/u.test(document.querySelector("#answer").innerText.replace("中文", ""))`
			b.until("the words are in it", han+` === %s`, c.lang == "en")
			b.open("")
			b.ready()
			if eval[bool](b, script(`document.documentElement.lang.slice(0, 2) === %s`, c.lang)) {
				t.Errorf("%s: the language that was chosen is forgotten", c.accept)
			}
			b.quiet()
		}
	})
}
