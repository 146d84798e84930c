package browsertest

import (
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp/kb"

	"example.com/nabla/internal/wire"
)

// slack is how much longer than its goal anything may take on a machine with other work.
const slack = 3

func median(list []float64) float64 {
	slices.Sort(list)
	return list[len(list)/2]
}

// TestSpeed measures what a reader waits for: the first answer after a cold load, the formula
// after a keystroke, the answers of the worked examples.
func TestSpeed(t *testing.T) {
	if testing.Short() {
		t.Skip("figures need a quiet machine")
	}
	eachSite(t, func(t *testing.T, s *site) {
		within := func(what string, got, goal float64) {
			t.Helper()
			t.Logf("%s: %s: %.0f ms, goal %.0f ms", s.name, what, got, goal)
			if got > slack*goal {
				t.Errorf("%s takes %.0f ms, more than %d times the goal of %.0f ms", what, got, slack, goal)
			}
		}

		// From the request for the page, nothing in a cache, to the derivative.
		b := newTab(t, s, view{})
		command(b, network.SetCacheDisabled, network.SetCacheDisabledParams{CacheDisabled: true})
		var cold []float64
		for range 3 {
			b.open("about:blank")
			b.open("")
			b.until("the first answer is there", `__test.seen`)
			cold = append(cold, eval[float64](b, `__test.seen`))
		}
		within("first answer after a cold load", median(cold), 1000)

		// Twenty keystrokes, each until its formula is drawn. Whether another one is drawn
		// instead would not do: it may be that of the keystroke before.
		formula := func(program string) string {
			return ask[wire.Inspection](t, "inspect", map[string]any{"expr": program}).Expression.LaTeX
		}
		b.write("norm2(X*w")
		b.ready()
		b.do(`document.querySelector("#editor-text").focus()`)
		var keys []float64
		for i := range 20 {
			b.do(`window.__drawn = new Promise((done) => {
				const box = document.querySelector("#preview");
				let from;
				document.querySelector("#editor-text").addEventListener("keydown", () => { from = performance.now(); }, { capture: true, once: true });
				new MutationObserver((_, o) => { o.disconnect(); requestAnimationFrame(() => setTimeout(() => done(performance.now() - from))); }).observe(box, { childList: true, subtree: true });
			}); 0`)
			key, now := "1", formula("norm2(X*w1)") // another name
			if i%2 == 1 {
				key, now = kb.Backspace, formula("norm2(X*w)")
			}
			b.keys(key)
			keys = append(keys, eval[float64](b, `window.__drawn`))
			b.until("the formula is there", `document.querySelector("#preview .expression").dataset.latex === %s`, now)
		}
		within("formula after a keystroke", median(keys), 100)

		// What the engine takes, without the pause after which it is asked.
		var all []float64
		worst, slowest := 0.0, ""
		for _, e := range seeds(t) {
			took := eval[float64](b, `(async () => {
				const ask = window.__ask ?? (window.__ask = (await import("./transport.js")).chooseTransport());
				await ask.call("languages", {});
				const from = performance.now();
				await ask.call("diff", %s);
				return performance.now() - from;
			})()`, request(e))
			all = append(all, took)
			if took > worst {
				worst, slowest = took, e.ID
			}
		}
		t.Logf("%s: the slowest of the worked examples is %s with %.0f ms", s.name, slowest, worst)
		within("answer of a worked example", median(all), 50)
		within("answer of the slowest worked example", worst, 50)
		b.quiet()
	})
}

// TestOffline goes on without the network once the static site is loaded; the page of a
// server says that the server is gone, and comes back with it.
func TestOffline(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		b := start(t, s, view{})
		b.derives(map[string]any{"expr": leastSquares, "wrt": []string{"w"}})
		b.until("the fonts are there", `document.fonts.size > 15 && [...document.fonts].every((f) => f.status === "loaded")`)
		s.offline()
		defer s.online()
		b.write("x'*A*x")
		if s.name == "worker" {
			b.derives(map[string]any{"expr": "x'*A*x", "wrt": []string{"x"}})
			for _, tab := range []string{"code", "numbers", "convex", "solve", "graph"} {
				b.tab(tab)
				b.until(tab+" is there", `__test.all("[role=tabpanel] *").length > 10 && !__test.one("[data-testid=answer-error]")`)
			}
			b.example("s09-covariance")
			b.until("the example is there", `__test.answers()?.[0].startsWith("∂l/∂Sigma")`)
			// The browser fetches the icon anew with each address.
			for _, p := range b.takeProblems() {
				if !strings.Contains(p, "icon.svg") {
					t.Error(p)
				}
			}
			return
		}
		b.until("the page says so", `__test.one("[data-problem=network]")`)
		s.online()
		b.click("#retry")
		b.derives(map[string]any{"expr": "x'*A*x", "wrt": []string{"x"}})
		b.takeProblems() // the browser's words about connections that were refused
	})
}

// TestReloadOffline loads the static site again without the network, in a new tab too.
func TestReloadOffline(t *testing.T) {
	for _, s := range sites(t) {
		if s.name != "worker" {
			continue
		}
		b := start(t, s, view{})
		b.derives(map[string]any{"expr": leastSquares, "wrt": []string{"w"}})
		eval[bool](b, `navigator.serviceWorker.ready.then(() => true)`)
		b.until("the files are kept", `caches.keys().then((names) => names.length === 1)`)
		s.offline()
		defer s.online()
		b.open("")
		b.derives(map[string]any{"expr": leastSquares, "wrt": []string{"w"}})
		b.write("x'*A*x")
		b.derives(map[string]any{"expr": "x'*A*x", "wrt": []string{"x"}})
		b.takeProblems() // the service worker asks for its own script, which is not there
	}
}

// TestTransports sees that the answers are the same with both transports.
func TestTransports(t *testing.T) {
	var answers [][]wire.Derivative
	for _, s := range sites(t) {
		b := start(t, s, view{})
		d := eval[[]wire.Derivative](b, `import("./transport.js").then((m) => m.chooseTransport().call("diff", {expr: "l = -y'*log(softmax(W*x))", wrt: ["W", "x"]})).then((r) => r.derivatives)`)
		for i := range d {
			// Processors round differently; that every check was passed is seen elsewhere.
			d[i].Check.Seconds, d[i].Check.MaxError = 0, 0
		}
		answers = append(answers, d)
	}
	if a, b := script("%s", answers[0]), script("%s", answers[1]); a != b {
		t.Errorf("the server answers %s, the engine in the browser %s", a, b)
	}
}
