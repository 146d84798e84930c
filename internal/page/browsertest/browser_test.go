// Package browsertest has the tests of the page in a real browser: what a reader sees, types,
// clicks and hears. It has tests alone.
//
// NABLA_CHROMIUM names the browser; without it the tests are skipped. Each test runs with
// both transports: the page of the server, and the static site with the engine as
// WebAssembly, from a file server that adds no header. A test fails also for what it does not
// look at: a message of level error on the console, a violation of the page's policy, an
// exception, a request to anything but this machine.
//
//	NABLA_CHROMIUM=/usr/bin/chromium go test ./internal/page/browsertest
//
// NABLA_SITE names a static site that is built already, as ./test has one; else it is built,
// which takes longer than the tests. With NABLA_SHOTS=DIR a failing test leaves a picture and the document of each tab in DIR.
package browsertest

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"example.com/nabla/internal/server"
)

var (
	// browser is the context of the one browser of all tests, nil if none is named.
	browser context.Context
	// scratch is a folder that is gone when the tests have ended.
	scratch string
)

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	program := os.Getenv("NABLA_CHROMIUM")
	if program == "" {
		return m.Run()
	}
	dir, err := os.MkdirTemp("", "nabla-browser")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	// Children of the browser may write a little longer than it lives.
	defer func() {
		for range 50 {
			if os.RemoveAll(dir) == nil {
				return
			}
			time.Sleep(100 * time.Millisecond)
		}
	}()
	outside := httptest.NewServer(&strangers)
	defer outside.Close()
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(program),
		chromedp.UserDataDir(filepath.Join(dir, "profile")),
		chromedp.NoSandbox,
		chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-domain-reliability", true),
		chromedp.Flag("disable-features", "Translate,OptimizationHints,MediaRouter,AutofillServerCommunication"),
		chromedp.Flag("no-pings", true),
		// A mouse, which a machine without a screen lacks.
		chromedp.Flag("blink-settings", "primaryHoverType=2,availableHoverTypes=2,primaryPointerType=4,availablePointerTypes=4"),
		// Whatever is not on this machine is asked of the proxy, which knows no answer.
		chromedp.ProxyServer(outside.URL),
	)
	ctx, cancel := chromedp.NewExecAllocator(context.Background(), options...)
	defer cancel()
	ctx, cancel = chromedp.NewContext(ctx)
	defer cancel()
	if err := chromedp.Do(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "the browser does not start:", err)
		return 1
	}
	browser, scratch = ctx, dir
	return m.Run()
}

// strangers notes what pages ask of hosts that are not this machine; what the browser itself
// asks of its makers in spite of its flags is left out.
var strangers recorder

type recorder struct {
	mu   sync.Mutex
	urls []string
}

func (r *recorder) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	host := q.URL.Hostname()
	if !strings.HasSuffix(host, ".google.com") && !strings.HasSuffix(host, ".googleapis.com") {
		r.mu.Lock()
		r.urls = append(r.urls, q.Method+" "+q.URL.String())
		r.mu.Unlock()
	}
	http.Error(w, "no network", http.StatusBadGateway)
}

// take returns what was noted and forgets it.
func (r *recorder) take() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	urls := r.urls
	r.urls = nil
	return urls
}

// A site is the page as one of the transports gives it.
type site struct {
	name string // "http" or "worker"
	url  string // ends in a slash
	// offline makes the site answer nothing, as if the network were gone; online ends that.
	offline, online func()
}

// sites starts both and returns them, or skips the test if there is no browser.
func sites(t *testing.T) []*site {
	t.Helper()
	if browser == nil {
		t.Skip("NABLA_CHROMIUM is not set")
	}
	all, err := started()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// started serves both sites as long as the tests run.
var started = sync.OnceValues(func() ([]*site, error) {
	dir, err := buildSite(scratch)
	if err != nil {
		return nil, err
	}
	return []*site{served(), serve("worker", http.FileServer(http.Dir(dir)))}, nil
})

// served is the page of the server, which is there at once.
var served = sync.OnceValue(func() *site { return serve("http", server.Handler()) })

// servedSite is served for tests that need no other transport.
func servedSite(t *testing.T) *site {
	t.Helper()
	if browser == nil {
		t.Skip("NABLA_CHROMIUM is not set")
	}
	return served()
}

func serve(name string, h http.Handler) *site {
	var mu sync.RWMutex
	gone := false
	set := func(v bool) func() {
		return func() {
			mu.Lock()
			gone = v
			mu.Unlock()
		}
	}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.RLock()
		g := gone
		mu.RUnlock()
		if g {
			panic(http.ErrAbortHandler) // closes the connection
		}
		h.ServeHTTP(w, r)
	}))
	return &site{name: name, url: s.URL + "/", offline: set(true), online: set(false)}
}

// eachSite runs a test with each transport.
func eachSite(t *testing.T, f func(t *testing.T, s *site)) {
	for _, s := range sites(t) {
		t.Run(s.name, func(t *testing.T) { f(t, s) })
	}
}

// languages are those of the interface.
var languages = []string{"en", "zh"}

// oneLine shortens a text for a message.
func oneLine(s string, n int) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > n {
		return string(r[:n]) + "…"
	}
	return s
}
