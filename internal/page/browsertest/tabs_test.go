package browsertest

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"example.com/nabla/internal/wire"
)

// tab chooses one of the tabs below the answer.
func (b *tab) tab(name string) {
	b.t.Helper()
	b.click("[data-testid=answer-tab-" + name + "]")
	b.until("the tab is chosen", `document.querySelector("[data-testid=answer-tab-" + %s + "]").getAttribute("aria-selected") === "true"`, name)
	b.settled()
}

// settled waits until nothing is on its way to the answer.
func (b *tab) settled() {
	b.t.Helper()
	b.until("the answer stands", `document.body.dataset.state === "ready" && !document.querySelector("#answer [aria-busy=true], #answer .is-busy")`)
}

// leastSquares is what the tabs are tried with.
const leastSquares = "norm2(X*w - y)^2"

// TestCode looks at the code in every language, copies it and downloads it.
func TestCode(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		b := start(t, s, view{})
		b.tab("code")
		languages := ask[wire.Languages](t, "languages", struct{}{}).Languages
		if len(languages) < 8 {
			t.Fatalf("%d languages", len(languages))
		}
		for _, l := range languages {
			b.click("[data-testid=code-tab-" + l.Name + "]")
			want := ask[struct {
				Files []struct{ Name, Source string }
			}](t, "gen", map[string]any{"expr": leastSquares, "wrt": []string{"w"}, "lang": l.Name, "what": []string{"value", "grad"}}).Files
			for _, f := range want {
				b.until(l.Title+" is shown", `__test.all("[data-testid=code-file]").some((e) => e.dataset.name === %s && e.querySelector("[data-testid=code-source]").textContent === %s)`, f.Name, f.Source)
			}
			if l.Name != "numpy" {
				continue
			}
			b.do(`navigator.clipboard.writeText("")`)
			b.click("[data-testid=code-copy]")
			if got := b.clipboard(); got != want[0].Source {
				t.Errorf("copied %q, want %q", got, want[0].Source)
			}
			name, data := b.download("[data-testid=code-download]")
			if name != want[0].Name || string(data) != want[0].Source {
				t.Errorf("%s has %q, want %s with %q", name, data, want[0].Name, want[0].Source)
			}
		}
		b.quiet()
	})
}

// TestConvexity looks at the verdict and at the stationary point of least squares.
func TestConvexity(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		b := start(t, s, view{})
		b.tab("convex")
		b.until("least squares are convex", `__test.one("[data-testid=convex-verdict]")?.dataset.curvature === "convex"`)
		if n := eval[int](b, `__test.all("[data-testid=convex-certificate] li").length`); n == 0 {
			t.Error("no proof is shown")
		}
		b.tab("solve")
		b.until("there is a solution", `__test.one("[data-testid=solve-outcome]")?.dataset.outcome === "solved"`)
		want := ask[struct {
			Solutions []struct{ Unknown, LaTeX string }
		}](t, "solve", map[string]any{"expr": leastSquares, "wrt": []string{"w"}}).Solutions
		got := eval[[]string](b, `__test.formulas("[data-testid=solution]").map((f) => f.replaceAll("\\mathopen{(", "(").replaceAll("})", ")"))`)
		if len(want) != 1 || len(got) != 1 || !strings.HasSuffix(got[0], want[0].LaTeX) {
			t.Errorf("the solutions are %q, want %v", got, want)
		}
		b.set("stationary point")
		b.click("[data-testid=solve-subject]")
		b.enter("C*w = d")
		b.until("the multiplier is there", `__test.formulas("[data-testid=solve]").some((f) => f.includes("\\lambda"))`)
		b.set("stationary point under a constraint")

		b.write("x'*A*x")
		b.tab("convex")
		b.until("a segment refutes it", `__test.all("[data-testid=convex-counterexample]").length > 0 || __test.one("[data-testid=convex-if]")`)
		b.quiet()
	})
}

// TestClaim has claims checked: right, wrong, and a derivation with a wrong line.
func TestClaim(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		b := start(t, s, view{})
		b.tab("verify")
		check := func(claim string) {
			b.do(`document.querySelector("[data-testid=verify-claim]").focus()`)
			b.keys("a", kb.ModifierCtrl)
			b.keys(kb.Backspace)
			b.enter(claim)
			b.keys(kb.Enter, kb.ModifierCtrl)
		}
		verdict := func(equal string) {
			t.Helper()
			b.until("the verdict is "+equal, `__test.one("[data-testid=verify-verdict]")?.dataset.equal === %s && !document.querySelector("[data-testid=verify].is-busy")`, equal)
			b.set("verdict")
		}
		check("2*X'*(X*w - y)")
		verdict("true")
		check("X'*(X*w - y)")
		verdict("false")
		want := ask[struct{ Message struct{ En string } }](t, "verify", map[string]any{"expr": leastSquares, "wrt": []string{"w"}, "claim": "X'*(X*w - y)"}).Message.En
		if got := eval[string](b, `document.querySelector("[data-testid=verify-message]").textContent`); want == "" || got != want {
			t.Errorf("the message is %q, want %q", got, want)
		}
		if eval[bool](b, `!!__test.one("[data-testid=verify-truth]")`) {
			t.Error("the right answer is given away")
		}
		b.click("[data-testid=verify-reveal]")
		b.until("it is shown when asked for", `__test.one("[data-testid=verify-truth]")`)
		check("df = 2*(X*w - y)'*X*dw\n∂f/∂w = X'*(X*w - y)")
		verdict("false")
		b.until("the second line is wrong", `__test.all("[data-testid=verify-line]").map((e) => e.dataset.state).join() === "right,wrong"`)
		check("X'*(X*w - y")
		b.until("a claim that cannot be read is explained, with the place", `__test.one("[data-testid=verify] .a-error-place")?.textContent.includes("^")`)
		b.quiet()
	})
}

// TestNumbers looks at the example with small integers.
func TestNumbers(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		b := start(t, s, view{})
		b.tab("numbers")
		b.until("there are numbers", `__test.formulas("[data-testid=numbers]").some((f) => f.includes("matrix"))`)
		b.set("numbers")
		b.quiet()
	})
}
