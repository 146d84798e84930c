package browsertest

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
)

// TestPrint prints a handout: the function, its derivative and the derivation, and nothing to
// click.
func TestPrint(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		for _, v := range []view{{}, {lang: "zh", dark: true}} {
			b := start(t, s, v)
			b.example("s08-least-squares")
			b.until("the derivation is there", `__test.one("[data-testid=paper-result]") && __test.answers()?.[0].startsWith("∂l/∂w")`)
			// The derivation is printed whichever tab is open.
			b.tab("verify")
			b.until("the derivation is ready", `document.querySelector("[data-testid=paper-result]")`)
			command(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"})
			controls := eval[[]string](b, `__test.all("button:not(.a-rule), input, select, textarea, nav, [role=tab], .cm-editor, summary, dialog").map((e) => e.id || e.dataset.testid || e.outerHTML.slice(0, 100))`)
			if len(controls) > 0 {
				t.Errorf("controls are printed: %s", strings.Join(controls, "; "))
			}
			if n := eval[int](b, `__test.all("[data-testid=paper-line], [data-testid=paper-result]").length`); n < 5 {
				t.Errorf("%d lines are printed", n)
			}
			if got := eval[string](b, `getComputedStyle(document.body).color`); got != "rgb(0, 0, 0)" && !strings.HasPrefix(got, "rgb(2") && !strings.HasPrefix(got, "rgb(1") {
				t.Errorf("%v: the text is %s on paper", b.view, got)
			}
			r := command(b, page.PrintToPDF, page.PrintToPDFParams{})
			file := filepath.Join(t.TempDir(), "page.pdf")
			if err := os.WriteFile(file, r.Data, 0o644); err != nil {
				t.Fatal(err)
			}
			if dir := os.Getenv("NABLA_SHOTS"); dir != "" {
				os.MkdirAll(dir, 0o755)
				os.WriteFile(filepath.Join(dir, "print-"+s.name+"-"+b.view.lang+".pdf"), r.Data, 0o644)
			}
			if text, err := exec.Command("pdftotext", "-layout", file, "-").Output(); err == nil {
				for _, word := range map[string][]string{"en": {"The differential", "product rule"}, "zh": {"求微分", "乘积"}}[b.view.lang] {
					if !strings.Contains(string(text), word) {
						t.Errorf("the print lacks %q: %s", word, oneLine(string(text), 400))
					}
				}
			}
			b.quiet()
		}
	})
}
