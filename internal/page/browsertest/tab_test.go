package browsertest

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	cdpbrowser "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// A view is what a reader's device and habits are.
type view struct {
	lang          string // of the browser; "en" if empty
	dark          bool
	width, height int     // in CSS pixels; 1440 × 900 if 0
	touch         bool    // a phone
	scale         float64 // device pixels per CSS pixel; 1 if 0
}

var phone = view{width: 390, height: 844, touch: true}

func (v view) String() string {
	s := fmt.Sprintf("%s-%d", v.lang, v.width)
	if v.dark {
		s += "-dark"
	}
	return s
}

func (v view) filled() view {
	if v.lang == "" {
		v.lang = "en"
	}
	if v.width == 0 {
		v.width, v.height = 1440, 900
	}
	if v.scale == 0 {
		v.scale = 1
	}
	return v
}

// A tab is a tab of the browser with storage of its own. Its methods end the test where what
// they need is not there.
type tab struct {
	t    *testing.T
	ctx  context.Context
	site *site
	view view

	mu       sync.Mutex
	problems []string // of the console
	requests []string // addresses asked for by the document
}

// wait is how long a tab waits for what should be there at once.
const wait = 15 * time.Second

// newTab opens an empty tab as v says, and closes it when the test ends.
func newTab(t *testing.T, s *site, v view) *tab {
	t.Helper()
	ctx, cancel := chromedp.NewContext(browser, chromedp.WithNewBrowserContext())
	return prepare(t, ctx, cancel, s, v)
}

// beside opens another tab with the same storage.
func (b *tab) beside() *tab {
	b.t.Helper()
	ctx, cancel := chromedp.NewContext(browser, chromedp.WithExistingBrowserContext(chromedp.FromContext(b.ctx).BrowserContextID))
	return prepare(b.t, ctx, cancel, b.site, b.view)
}

func prepare(t *testing.T, ctx context.Context, cancel func(), s *site, v view) *tab {
	t.Helper()
	v = v.filled()
	b := &tab{t: t, ctx: ctx, site: s, view: v}
	t.Cleanup(func() {
		if t.Failed() {
			b.leave()
		}
		cancel()
	})
	b.must("the tab opens", chromedp.Do(ctx))
	b.must("the tab is listened to", chromedp.Listen(ctx, b.event))
	accept := map[string]string{"en": "en-GB,en", "zh": "zh-CN,zh"}[v.lang]
	if accept == "" {
		accept = v.lang
	}
	agent := "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome Safari/537.36"
	scheme := "light"
	if v.dark {
		scheme = "dark"
	}
	touches := int64(0)
	if v.touch {
		touches = 1
	}
	command(b, network.Enable, network.EnableParams{})
	command(b, log.Enable, cdp.Empty{})
	command(b, emulation.SetUserAgentOverride, emulation.SetUserAgentOverrideParams{UserAgent: agent, AcceptLanguage: accept})
	command(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"}}})
	command(b, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
		Width: int64(v.width), Height: int64(v.height), DeviceScaleFactor: v.scale, Mobile: v.touch})
	command(b, emulation.SetTouchEmulationEnabled, emulation.SetTouchEmulationEnabledParams{Enabled: v.touch, MaxTouchPoints: touches})
	command(b, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: helpers})
	id := chromedp.FromContext(ctx).BrowserContextID
	for _, name := range []string{"clipboard-read", "clipboard-write"} {
		_, err := chromedp.CallBrowser(ctx, cdpbrowser.SetPermission, cdpbrowser.SetPermissionParams{
			Permission: &cdpbrowser.PermissionDescriptor{Name: name, AllowWithoutSanitization: false}, Setting: "granted", Origin: strings.TrimSuffix(s.url, "/"), BrowserContextID: id})
		b.must("the clipboard is open", err)
	}
	return b
}

// helpers is what tests find in each document.
const helpers = `window.__test = {
	// The elements of a selector that can be seen.
	all(selector, root = document) {
		return [...root.querySelectorAll(selector)].filter((e) => e.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && e.getClientRects().length > 0);
	},
	one(selector) { return this.all(selector)[0] ?? null; },
	// Milliseconds from the start of the navigation until the first derivative was drawn.
	seen: 0,
	// Waits until what was changed is drawn.
	frames() { return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))); },
	// The derivatives that are shown, as they are read out.
	answers() {
		const root = document.querySelector("#answer");
		return root.classList.contains("is-old") ? null : this.all("[data-testid=derivative-formula]", root).map((e) => e.getAttribute("aria-label"));
	},
	// The LaTeX of the formulas below the elements of a selector.
	formulas(selector) {
		return [...document.querySelectorAll(selector)].flatMap((e) => [...e.querySelectorAll("annotation[encoding='application/x-tex']")].map((a) => a.textContent));
	},
};
new MutationObserver((_, o) => {
	if (!document.querySelector("[data-testid=derivative-formula] .katex")) return;
	o.disconnect();
	requestAnimationFrame(() => setTimeout(() => { __test.seen = performance.now(); }));
}).observe(document, { childList: true, subtree: true });`

// event notes what goes wrong without the page's showing it.
func (b *tab) event(ev any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	note := func(format string, values ...any) { b.problems = append(b.problems, fmt.Sprintf(format, values...)) }
	switch ev := ev.(type) {
	case *runtime.EventExceptionThrown:
		d := ev.ExceptionDetails
		text := d.Text
		if d.Exception != nil {
			text += " " + d.Exception.Description
		}
		note("exception: %s (%s:%d)", text, d.URL, d.LineNumber+1)
	case *runtime.EventConsoleAPICalled:
		if ev.Type != "error" && ev.Type != "assert" && ev.Type != "warning" {
			return
		}
		var words []string
		for _, a := range ev.Args {
			words = append(words, string(a.Value)+a.Description)
		}
		note("console.%s: %s", ev.Type, strings.Join(words, " "))
	case *log.EventEntryAdded:
		e := ev.Entry
		if e.Level != "error" {
			return
		}
		// The browser reports every answer of 400 and above as an error. An expression that
		// is wrong is answered with 422, as it should be.
		if e.Source == "network" && strings.Contains(e.URL, "/api/v1/") && strings.Contains(e.Text, "422") {
			return
		}
		note("%s: %s (%s)", e.Source, e.Text, e.URL)
	case *network.EventRequestWillBeSent:
		b.requests = append(b.requests, ev.Request.URL)
	}
}

// quiet fails for what was written to the console and for requests to other hosts.
func (b *tab) quiet() {
	b.t.Helper()
	for _, p := range b.takeProblems() {
		b.t.Error(p)
	}
	b.mu.Lock()
	requests := b.requests
	b.requests = nil
	b.mu.Unlock()
	for _, url := range requests {
		if !strings.HasPrefix(url, b.site.url) && !strings.HasPrefix(url, "data:") && !strings.HasPrefix(url, "blob:"+b.site.url) {
			b.t.Errorf("the page asks for %s", url)
		}
	}
	for _, url := range strangers.take() {
		b.t.Errorf("the browser asks for %s", url)
	}
}

func (b *tab) takeProblems() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	p := b.problems
	b.problems = nil
	return p
}

// must ends the test for an error.
func (b *tab) must(what string, err error) {
	if err != nil {
		b.t.Helper()
		b.t.Fatalf("%s: %v", what, err)
	}
}

// open goes to an address below the site and waits until it is loaded.
func (b *tab) open(path string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 2*wait)
	defer cancel()
	url := b.site.url + path
	if path == "about:blank" {
		url = path
	}
	b.must("open "+path, chromedp.Do(ctx, chromedp.Navigate(url)))
}

// do evaluates JavaScript, awaits a promise, and drops the value.
func (b *tab) do(js string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, wait)
	defer cancel()
	_, err := chromedp.Run(ctx, chromedp.Evaluate[chromedp.Void](js, chromedp.EvalAwaitPromise))
	b.must(oneLine(js, 80), err)
}

// eval evaluates JavaScript, awaits a promise, and returns the value.
func eval[T any](b *tab, js string, values ...any) T {
	b.t.Helper()
	v, err := try[T](b, wait, js, values...)
	b.must(oneLine(js, 80), err)
	return v
}

// try does as eval. The values are put for the verbs %q and the like as JSON.
func try[T any](b *tab, limit time.Duration, js string, values ...any) (T, error) {
	ctx, cancel := context.WithTimeout(b.ctx, limit)
	defer cancel()
	return chromedp.Run(ctx, chromedp.Evaluate[T](script(js, values...), chromedp.EvalAwaitPromise))
}

// script puts values into JavaScript, as JSON for each "%s".
func script(js string, values ...any) string {
	texts := make([]any, len(values))
	for i, v := range values {
		data, err := json.Marshal(v)
		if err != nil {
			panic(err)
		}
		texts[i] = string(data)
	}
	if len(texts) == 0 {
		return js
	}
	return fmt.Sprintf(js, texts...)
}

// until waits until an expression is true.
func (b *tab) until(what, js string, values ...any) {
	b.t.Helper()
	js = script(js, values...)
	end := time.Now().Add(wait)
	for {
		ok, err := try[bool](b, wait, "(async () => !!(await ("+js+")))()")
		if err == nil && ok {
			return
		}
		if time.Now().After(end) {
			b.t.Fatalf("waited in vain until %s: %s (error: %v)", what, oneLine(js, 200), err)
		}
		time.Sleep(15 * time.Millisecond)
	}
}

// command runs a command of the protocol.
func command[P, R any](b *tab, c cdp.Command[P, R], p P) R {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, wait)
	defer cancel()
	r, err := chromedp.Call(ctx, c, p)
	b.must(c.Method, err)
	return r
}

// picture returns what the tab shows as PNG; whole includes what is below.
func (b *tab) picture(whole bool) []byte {
	b.t.Helper()
	r, err := chromedp.Call(b.ctx, page.CaptureScreenshot, page.CaptureScreenshotParams{CaptureBeyondViewport: &whole})
	b.must("picture", err)
	return r.Data
}

// leave saves a picture and the document for who looks into a failure.
func (b *tab) leave() {
	dir := os.Getenv("NABLA_SHOTS")
	if dir == "" {
		return
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		b.t.Log(err)
		return
	}
	name := filepath.Join(dir, strings.NewReplacer("/", "_", " ", "_").Replace(b.t.Name()))
	ctx, cancel := context.WithTimeout(b.ctx, 5*time.Second)
	defer cancel()
	if r, err := chromedp.Call(ctx, page.CaptureScreenshot, page.CaptureScreenshotParams{}); err == nil {
		b.save(name+".png", r.Data)
	}
	if dom, err := chromedp.Run(ctx, chromedp.Evaluate[string]("document.documentElement.outerHTML")); err == nil {
		b.save(name+".html", []byte(dom))
	}
}

func (b *tab) save(name string, data []byte) {
	if err := os.WriteFile(name, data, 0o644); err != nil {
		b.t.Log(err)
		return
	}
	b.t.Logf("see %s", name)
}
