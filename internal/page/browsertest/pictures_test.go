package browsertest

import (
	"flag"
	"os"
	"path/filepath"
	"testing"
)

var pictures = flag.String("pictures", "", "write pictures of the page to the `directory`, such as ../../../docs/pictures")

// TestPictures writes the pictures of the README, if asked to.
func TestPictures(t *testing.T) {
	if *pictures == "" {
		t.Skip("-pictures names no directory")
	}
	s := servedSite(t)
	save := func(name string, b *tab, whole bool) {
		if err := os.WriteFile(filepath.Join(*pictures, name+".png"), b.picture(whole), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		name    string
		view    view
		example string
	}{
		{"page", view{width: 1360, height: 860, scale: 2}, "s08-least-squares"},
		{"page-dark", view{width: 1360, height: 860, scale: 2, dark: true}, "s09-covariance"},
		{"page-zh", view{width: 1360, height: 860, scale: 2, lang: "zh"}, "s10-softmax-regression"},
		{"page-graph", view{width: 1360, height: 860, scale: 2}, "s10-softmax-regression"},
		{"page-phone", view{width: 390, height: 844, scale: 2, touch: true}, "s08-least-squares"},
	} {
		b := start(t, s, c.view)
		b.example(c.example)
		b.until("the derivation is there", `!__test.one("#answer .is-busy") && __test.one("[data-testid=paper-result]")`)
		b.do("document.activeElement.blur(); window.scrollTo(0, 0)")
		if c.name == "page-graph" {
			b.tab("graph")
			b.until("the graph is there", `__test.one("[data-testid=graph-box]")`)
			b.do(`document.activeElement.blur(); document.querySelector("[role=tablist]").scrollIntoView({block: "start", behavior: "instant"}); window.scrollBy(0, -120)`)
		}
		if c.view.touch {
			b.do(`document.querySelector("#answer").scrollIntoView({block: "start", behavior: "instant"})`)
		}
		b.do("new Promise((done) => setTimeout(done, 300))") // what moves has come to rest
		save(c.name, b, false)
	}
}
