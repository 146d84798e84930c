package browsertest

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"strings"
	"testing"

	"example.com/nabla/internal/wire"
)

// TestCopy copies a derivative in every form.
func TestCopy(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		b := start(t, s, view{})
		d := ask[wire.Result](t, "diff", map[string]any{"expr": leastSquares, "wrt": []string{"w"}}).Derivatives[0]
		b.shows([]wire.Derivative{d})
		equation := d.SymbolLaTeX + " = " + d.LaTeX
		for form, want := range map[string]string{
			"latex": equation, "markdown": "$$\n" + equation + "\n$$\n", "text": d.Symbol + " = " + d.Text, "language": d.Language, "numpy": d.NumPy,
		} {
			if got := b.copied(form); got != want {
				t.Errorf("copied as %s: %q, want %q", form, got, want)
			}
		}
		mathml := b.copied("mathml")
		if !strings.HasPrefix(mathml, "<math") || !strings.HasSuffix(mathml, "</math>") {
			t.Errorf("copied as MathML: %q", mathml)
		}
		if errors := eval[int](b, `new DOMParser().parseFromString(%s, "application/xml").querySelectorAll("parsererror").length`, mathml); errors != 0 {
			t.Errorf("the MathML is no XML: %q", mathml)
		}
		if link := b.copied("link"); !strings.HasPrefix(link, s.url+"#n1.") {
			t.Errorf("the link is %q", link)
		}
		// The whole derivation, as documents.
		for form, want := range map[string]string{"latex": `\documentclass`, "markdown": "$$", "text": "2 Xᵀ(X w − y)"} {
			b.do(`navigator.clipboard.writeText("")`)
			b.click("[data-testid=copy-derivation]")
			b.click(":popover-open [data-testid=copy-derivation-" + form + "]")
			if got := b.clipboard(); !strings.Contains(got, want) {
				t.Errorf("the derivation as %s lacks %q: %q", form, want, oneLine(got, 200))
			}
		}
		b.click("[data-testid=copy-derivation]")
		name, data := b.download(":popover-open [data-testid=copy-derivation-download]")
		if !strings.HasSuffix(name, ".tex") || !bytes.Contains(data, []byte(`\end{document}`)) {
			t.Errorf("%s: %q", name, oneLine(string(data), 200))
		}
		b.quiet()
	})
}

// TestLink carries a whole input from one tab to another.
func TestLink(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		b := start(t, s, view{})
		b.write("S: matrix(n, n) symmetric # a fact\nx'*S*x + c")
		b.click("tr[data-variable=S] [data-part=by]")
		b.click("tr[data-variable=x] [data-part=by]")
		b.choose("layout", "numerator")
		b.click("#structured")
		q := map[string]any{"expr": "S: matrix(n, n) symmetric # a fact\nx'*S*x + c", "wrt": []string{"S"}, "layout": "numerator", "structured": true}
		b.derives(q)
		b.tab("code")
		b.click("[data-testid=code-tab-julia]")
		b.do(`navigator.clipboard.writeText("")`)
		b.click("#copy-link")
		link := b.clipboard()
		if !strings.HasPrefix(link, s.url+"#n1.") {
			t.Fatalf("the link is %q", link)
		}
		state := `JSON.stringify([document.querySelector("#editor-text").innerText, [...document.querySelectorAll("input:checked")].map((e) => [e.name, e.value, e.ariaLabel, e.id]), __test.answers(),
			__test.all("[role=tab][aria-selected=true]").map((e) => e.dataset.testid)])`
		before := eval[string](b, state)
		other := b.beside()
		other.open(strings.TrimPrefix(link, s.url))
		other.ready()
		other.derives(q)
		other.until("everything is as it was", state+" === %s", before)
		other.quiet()
		b.quiet()
	})
}

// TestFragments opens links that were cut, made by others, or made to do harm.
func TestFragments(t *testing.T) {
	packed := func(text string) string {
		var out bytes.Buffer
		w, err := flate.NewWriter(&out, 9)
		if err != nil {
			t.Fatal(err)
		}
		w.Write([]byte(text))
		w.Close()
		return base64.RawURLEncoding.EncodeToString(out.Bytes())
	}
	eachSite(t, func(t *testing.T, s *site) {
		b := newTab(t, s, view{})
		for _, c := range []struct{ fragment, want string }{
			{"nonsense", "damaged"},
			{"n1.", "damaged"},
			{"n1.%%%", "damaged"},
			{"n1.AAAA", "damaged"},
			{"n1." + packed(`{"text": "x'*x"`), "damaged"},
			{"n1." + packed(`[1, 2]`), "damaged"},
			{"n1." + packed(`{"text": 7}`), "damaged"},
			{"n1." + packed(`{"wrt": ["x", {}]}`), "damaged"},
			{"n1." + packed(`{"order": "<img src=x onerror=alert(1)>"}`), "damaged"},
			{"n1." + packed(`{"text": "`+strings.Repeat("x", 40_000)+`"}`), "damaged"},
			{"n1." + packed(strings.Repeat(" ", 50_000_000)), "damaged"},
			{"n7." + packed(`{}`), "newer version"},
		} {
			b.open("?" + s.name + "#" + c.fragment)
			b.ready()
			b.until(oneLine(c.fragment, 40)+" is refused in words", `__test.one("#toast")?.textContent.includes(%s)`, c.want)
			b.do(`location.hash = ""`)
		}
		// What can be read is data and nothing else.
		evil := `</script><img src=x onerror="window.hurt = 1">`
		b.open("#n1." + packed(`{"text": "x'*x # `+strings.ReplaceAll(evil, `"`, `\"`)+`", "vars": {"__proto__": "scalar", "constructor": "scalar"}, "tabs": {"answer": "__proto__"}, "extra": {"toString": "1"}, "unknown": 3}`))
		b.ready()
		b.until("the program is there", `document.querySelector("#editor-text").innerText.includes("onerror")`)
		if eval[bool](b, `"hurt" in window`) {
			t.Error("a link runs code")
		}
		b.quiet()
	})
}
