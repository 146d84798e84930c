package server

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"example.com/nabla/internal/wire"
)

// loopback is the address of a listener that tests need not have.
var loopback = &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 8765}

// send1 sends a request to a handler, as JSON unless the header says otherwise.
func send1(h http.Handler, method, path, body string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "http://127.0.0.1:8765"+path, strings.NewReader(body))
	if method == "POST" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(header); i += 2 {
		if header[i] == "Host" {
			r.Host = header[i+1]
		} else if header[i+1] == "" {
			r.Header.Del(header[i])
		} else {
			r.Header.Set(header[i], header[i+1])
		}
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// Each row is a request, its status and a part of the answer.
func TestAnswers(t *testing.T) {
	h := Handler()
	for _, c := range []struct {
		method, path, body string
		status             int
		want               string
	}{
		{"GET", "/", "", 200, "<!doctype html>"},
		{"GET", "/index.html", "", 200, `<meta name="nabla-engine" content="http">`},
		{"GET", "/main.js", "", 200, "import"},
		{"GET", "/assets/katex/LICENSE", "", 200, "MIT"},
		{"GET", "/assets", "", 404, `"code":"method"`},
		{"GET", "/../server.go", "", 307, ""},
		{"GET", "/%2e%2e/server.go", "", 404, ""},
		{"POST", "/", "{}", 405, `"message":"this address takes GET, HEAD"`},
		{"GET", "/api", "", 404, `"code":"method"`},
		{"GET", "/api/v2/diff", "", 404, `"code":"method"`},
		{"GET", "/api/v1/", "", 404, `"code":"method"`},
		{"GET", "/api/v1/languages", "", 200, `"name":"numpy"`},
		{"GET", "/api/v1/examples", "", 200, `"zh":"二次型"`},
		{"GET", "/api/v1/diff", "", 405, `"message":"this address takes POST, OPTIONS"`},
		{"PUT", "/api/v1/ops", "", 405, `"message":"this address takes GET, HEAD, POST, OPTIONS"`},
		{"POST", "/api/v1/ops", "{}", 200, `"name":"kron"`},
		{"POST", "/api/v1/diff", `{"expr": "x'*A*x", "wrt": "x"}`, 200, `"text":"(A + Aᵀ) x"`},
		{"POST", "/api/v1/derive", `{"expr": "x'*A*x", "wrt": "x"}`, 200, `"paper":{"title":`},
		{"POST", "/api/v1/diff", `{"expr": "x'*A*", "wrt": "x"}`, 422, `"line":1,"column":6`},
		{"POST", "/api/v1/diff", `{`, 400, `"code":"request"`},
		{"POST", "/api/v1/diff", ``, 422, `"code":"input"`},
		{"POST", "/api/v1/diff", `{"exp": 1}`, 400, `no field is called \"exp\"`},
		{"POST", "/api/v1/diff", "\xff", 400, `UTF-8`},
		{"POST", "/api/v1/nothing", `{}`, 404, `no method is called \"nothing\"`},
		{"POST", "/api/v1/diff", strings.Repeat(" ", 256<<10+1), 413, "a request has at most 262144 bytes"},
		{"GET", "/healthz", "", 200, `{"status":"ok"}`},
		{"DELETE", "/metrics", "", 405, `"code":"request"`},
		{"GET", "/metrics", "", 200, "nabla_build_info"},
	} {
		w := send1(h, c.method, c.path, c.body)
		if w.Code != c.status || !strings.Contains(w.Body.String(), c.want) {
			t.Errorf("%s %s %.40q: %d %.300s, want %d %s", c.method, c.path, c.body, w.Code, w.Body, c.status, c.want)
		}
		if strings.HasPrefix(c.path, "/api/") && (w.Header().Get("Content-Type") != "application/json" || !json.Valid(w.Body.Bytes())) {
			t.Errorf("%s %s: no JSON: %.200s", c.method, c.path, w.Body)
		}
		if w.Code == 405 && w.Header().Get("Allow") == "" {
			t.Errorf("%s %s: no Allow header", c.method, c.path)
		}
	}
}

func TestContentType(t *testing.T) {
	h := Handler()
	for kind, status := range map[string]int{
		"application/json":                   200,
		"application/json; charset=utf-8":    200,
		"Application/JSON;charset=\"UTF-8\"": 200,
		"application/json; charset=latin1":   415,
		"text/plain":                         415,
		"application/x-www-form-urlencoded":  415,
		"multipart/form-data; boundary=x":    415,
		"":                                   415,
		"json":                               415,
	} {
		if w := send1(h, "POST", "/api/v1/inspect", `{"expr": "x'*x"}`, "Content-Type", kind); w.Code != status {
			t.Errorf("%q: %d, want %d", kind, w.Code, status)
		}
	}
	if w := send1(h, "POST", "/api/v1/inspect", "\x1f\x8b", "Content-Encoding", "gzip"); w.Code != 415 {
		t.Errorf("a compressed request: %d", w.Code)
	}
}

func TestHost(t *testing.T) {
	everywhere := &net.TCPAddr{IP: net.IPv4zero, Port: 80}
	other := &net.TCPAddr{IP: net.IPv4(192, 0, 2, 7), Port: 80}
	for _, c := range []struct {
		addr   net.Addr
		host   string
		status int
	}{
		{loopback, "127.0.0.1:8765", 200},
		{loopback, "127.0.0.1", 200},
		{loopback, "localhost:8765", 200},
		{loopback, "LocalHost.", 200},
		{loopback, "[::1]:9000", 200}, // through a tunnel
		{loopback, "math.example.org", 200},
		{loopback, "MATH.example.org:80", 200},
		{loopback, "evil.example", 421},
		{loopback, "localhost.evil.example", 421},
		{loopback, "127.0.0.1.evil.example:8765", 421},
		{loopback, "192.0.2.7", 421},
		{loopback, "", 421},
		{loopback, "localhost:8765:8765", 421},
		{everywhere, "192.0.2.7:80", 200},
		{everywhere, "[2001:db8::1]", 200},
		{everywhere, "localhost", 200},
		{everywhere, "evil.example", 421},
		{other, "192.0.2.7", 200},
		{other, "192.0.2.8", 421},
		{other, "localhost", 421},
	} {
		h := New(c.addr, Config{Hosts: []string{"math.example.org"}}).Handler()
		for _, path := range []string{"/", "/healthz", "/metrics", "/api/v1/ops"} {
			if w := send1(h, "GET", path, "", "Host", c.host); w.Code != c.status {
				t.Errorf("Host %q at %v for %s: %d, want %d", c.host, c.addr, path, w.Code, c.status)
			}
		}
	}
}

func TestOrigin(t *testing.T) {
	closed, open := Handler(), New(loopback, Config{Origins: []string{"https://example.org"}}).Handler()
	all := New(loopback, Config{Origins: []string{"*"}}).Handler()
	const body = `{"expr": "x'*x"}`
	for _, c := range []struct {
		h              http.Handler
		origin         string
		status         int
		allowed, other string
	}{
		{closed, "", 200, "", ""},
		{closed, "http://127.0.0.1:8765", 200, "", ""},
		{closed, "https://127.0.0.1:8765", 200, "", ""}, // a proxy with TLS
		{closed, "http://127.0.0.1", 403, "", ""},
		{closed, "http://localhost:8765", 403, "", ""},
		{closed, "https://example.org", 403, "", ""},
		{closed, "null", 403, "", ""},
		{closed, "file://", 403, "", ""},
		{open, "https://example.org", 200, "https://example.org", ""},
		{open, "http://example.org", 403, "", ""},
		{open, "https://example.org.evil.example", 403, "", ""},
		{all, "https://evil.example", 200, "*", ""},
		{all, "null", 200, "*", ""},
	} {
		for _, method := range []string{"POST", "GET", "OPTIONS"} {
			path := "/api/v1/inspect"
			if method == "GET" {
				path = "/api/v1/ops"
			}
			w := send1(c.h, method, path, body, "Origin", c.origin)
			status := c.status
			if status == 200 && method == "OPTIONS" {
				status = 204
			}
			if got := w.Header().Get("Access-Control-Allow-Origin"); w.Code != status || got != c.allowed {
				t.Errorf("%s from %q: %d, allowed %q; want %d, %q", method, c.origin, w.Code, got, status, c.allowed)
			}
			if c.origin != "" && !strings.Contains(strings.Join(w.Header().Values("Vary"), ","), "Origin") {
				t.Errorf("%s from %q: the answer does not vary by origin", method, c.origin)
			}
			if method == "OPTIONS" && (w.Header().Get("Access-Control-Allow-Headers") != "") != (c.allowed != "") {
				t.Errorf("preflight from %q: headers %q", c.origin, w.Header().Get("Access-Control-Allow-Headers"))
			}
		}
	}
}

func TestSafeHeaders(t *testing.T) {
	h := Handler()
	for _, path := range []string{"/", "/main.js", "/healthz", "/metrics", "/api/v1/ops", "/nothing"} {
		w := send1(h, "GET", path, "")
		for _, want := range safeHeaders {
			value := want[1]
			if want[0] == "Content-Security-Policy" && (path == "/" || path == "/main.js") {
				value = pagePolicy
			}
			if got := w.Header().Get(want[0]); got != value {
				t.Errorf("%s: %s is %q", path, want[0], got)
			}
		}
		if strings.Contains(w.Header().Get("Content-Security-Policy"), "unsafe-inline") {
			t.Errorf("%s: inline script or style is allowed", path)
		}
	}
}

func TestStatic(t *testing.T) {
	s := New(loopback, Config{})
	h := s.Handler()
	index := send1(h, "GET", "/", "")
	version := "v/" + s.static.hash + "/"
	for _, want := range []string{`src="` + version + `main.js"`, `href="` + version + `assets/katex/katex.min.css"`} {
		if !strings.Contains(index.Body.String(), want) {
			t.Errorf("the document does not link %s", want)
		}
	}
	if c := index.Header().Get("Cache-Control"); c != "no-cache" {
		t.Errorf("the document is cached: %s", c)
	}
	plain, kept := send1(h, "GET", "/main.js", ""), send1(h, "GET", "/"+version+"main.js", "")
	if kept.Code != 200 || kept.Body.String() != plain.Body.String() || !strings.Contains(kept.Header().Get("Cache-Control"), "immutable") {
		t.Errorf("%smain.js: %d, %q", version, kept.Code, kept.Header().Get("Cache-Control"))
	}
	if w := send1(h, "GET", "/v/0123456789abcdef/main.js", ""); w.Code != 404 {
		t.Errorf("a file of another version: %d", w.Code)
	}
	for path := range s.static.files {
		w := send1(h, "GET", "/"+path, "")
		tag := w.Header().Get("ETag")
		if w.Code != 200 || tag == "" || w.Header().Get("Content-Type") == "application/octet-stream" {
			t.Errorf("%s: %d, ETag %q, %q", path, w.Code, tag, w.Header().Get("Content-Type"))
		}
		if w := send1(h, "GET", "/"+path, "", "If-None-Match", `"x", W/`+tag); w.Code != 304 || w.Body.Len() > 0 {
			t.Errorf("%s, which the client has: %d", path, w.Code)
		}
		if head := send1(h, "HEAD", "/"+path, ""); head.Body.Len() > 0 || head.Header().Get("Content-Length") != fmt.Sprint(w.Body.Len()) {
			t.Errorf("HEAD %s: %d bytes, Content-Length %s", path, head.Body.Len(), head.Header().Get("Content-Length"))
		}
		packed := send1(h, "GET", "/"+path, "", "Accept-Encoding", "br, gzip;q=0.8")
		if packed.Header().Get("Content-Encoding") == "" {
			continue
		}
		if got := unpack(t, packed.Body); !bytes.Equal(got, w.Body.Bytes()) || packed.Header().Get("ETag") == tag {
			t.Errorf("%s compressed: %d bytes, ETag %s", path, len(got), packed.Header().Get("ETag"))
		}
		if !strings.Contains(w.Header().Get("Vary"), "Accept-Encoding") {
			t.Errorf("%s does not vary by encoding", path)
		}
	}
	if w := send1(h, "GET", "/main.js", "", "Accept-Encoding", "gzip;q=0, identity"); w.Header().Get("Content-Encoding") != "" {
		t.Error("gzip is sent to who refuses it")
	}
}

func unpack(t *testing.T, r io.Reader) []byte {
	t.Helper()
	z, err := gzip.NewReader(r)
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// A long answer is compressed, a short one is not.
func TestCompressedAnswer(t *testing.T) {
	h := Handler()
	const body = `{"expr": "norm2(X*w - y)^2", "wrt": "w", "no_check": true}`
	plain, packed := send1(h, "POST", "/api/v1/derive", body), send1(h, "POST", "/api/v1/derive", body, "Accept-Encoding", "gzip")
	if packed.Header().Get("Content-Encoding") != "gzip" || packed.Body.Len() > plain.Body.Len()/2 {
		t.Errorf("%d bytes, compressed %d", plain.Body.Len(), packed.Body.Len())
	}
	if got := unpack(t, packed.Body); !json.Valid(got) || !strings.Contains(string(got), `"paper"`) {
		t.Errorf("%.100s", got)
	}
	if w := send1(h, "POST", "/api/v1/diff", `{"expr": "("}`, "Accept-Encoding", "gzip"); w.Header().Get("Content-Encoding") != "" {
		t.Error("a short error is compressed")
	}
}

// fake returns a server whose engine is f, and what it logs.
func fake(cfg Config, f func(ctx context.Context, method string, body []byte) ([]byte, *wire.Error)) (*Server, *bytes.Buffer) {
	var log bytes.Buffer
	cfg.call, cfg.Log = f, slog.New(slog.NewJSONHandler(&log, nil))
	return New(loopback, cfg), &log
}

// A panic is answered with status 500 and a number that is in the log with the place, and
// others are answered as before.
func TestPanic(t *testing.T) {
	s, log := fake(Config{}, func(_ context.Context, _ string, body []byte) ([]byte, *wire.Error) {
		if strings.Contains(string(body), "secret") {
			panic("secret")
		}
		return []byte("{}"), nil
	})
	w := send1(s.Handler(), "POST", "/api/v1/diff", `{"expr": "secret"}`)
	id := w.Header().Get("X-Request-ID")
	if w.Code != 500 || !strings.Contains(w.Body.String(), id) || !strings.Contains(w.Body.String(), `"code":"internal"`) {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if !strings.Contains(log.String(), id) || !strings.Contains(log.String(), "TestPanic") {
		t.Errorf("the log has neither number nor place: %s", log)
	}
	if strings.Contains(log.String()+w.Body.String(), "secret") {
		t.Errorf("the log or the answer has the request: %s %s", log, w.Body)
	}
	if w := send1(s.Handler(), "POST", "/api/v1/diff", `{}`); w.Code != 200 {
		t.Errorf("after a panic: %d", w.Code)
	}
}

// A panic of a handler is answered as well, and one that closes the connection closes it.
func TestPanicOfHandler(t *testing.T) {
	s := New(loopback, Config{})
	h := s.observe(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { panic("broken") }))
	if w := send1(h, "GET", "/", ""); w.Code != 500 || !json.Valid(w.Body.Bytes()) {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

// The log has one record for each request with what is stated, and nothing that it says.
func TestLog(t *testing.T) {
	s, log := fake(Config{}, wire.Call)
	send1(s.Handler(), "POST", "/api/v1/diff?secret", `{"expr": "secret'*secret"}`)
	send1(s.Handler(), "GET", "/secret", "")
	send1(s.Handler(), "SECRET", "/", "")
	lines := strings.Split(strings.TrimSpace(log.String()), "\n")
	if len(lines) != 3 {
		t.Fatalf("%d records: %s", len(lines), log)
	}
	var got struct {
		Msg, ID, Verb, Target string
		Status, In, Out       int
		MS                    float64
	}
	if err := json.Unmarshal([]byte(lines[0]), &got); err != nil {
		t.Fatal(err)
	}
	if got.Msg != "request" || len(got.ID) != 16 || got.Verb != "POST" || got.Target != "diff" || got.Status != 200 ||
		got.In == 0 || got.Out == 0 || got.MS <= 0 {
		t.Errorf("%+v", got)
	}
	if strings.Contains(strings.ToLower(log.String()), "secret") {
		t.Errorf("the log has what requests say: %s", log)
	}
}

// What is held by requests and answers is bounded, and given back.
func TestHeld(t *testing.T) {
	s, _ := fake(Config{Held: 64 << 10}, func(context.Context, string, []byte) ([]byte, *wire.Error) {
		return bytes.Repeat([]byte("1"), 60<<10), nil
	})
	if w := send1(s.Handler(), "POST", "/api/v1/diff", strings.Repeat(" ", 100<<10)); w.Code != 503 || w.Header().Get("Retry-After") == "" {
		t.Errorf("a request larger than what may be held: %d", w.Code)
	}
	if w := send1(s.Handler(), "POST", "/api/v1/diff", strings.Repeat(" ", 20<<10)); w.Code != 503 || !strings.Contains(w.Body.String(), "answers") {
		t.Errorf("a request and an answer: %d", w.Code)
	}
	if w := send1(s.Handler(), "POST", "/api/v1/diff", "{}"); w.Code != 200 {
		t.Errorf("an answer alone: %d", w.Code)
	}
	if n := s.held.Load(); n != 0 {
		t.Errorf("%d bytes are still held", n)
	}
}

// A request whose engine does not stop is answered all the same.
func TestStuck(t *testing.T) {
	release := make(chan bool)
	s, _ := fake(Config{Time: 10 * time.Millisecond, Workers: 1}, func(_ context.Context, _ string, body []byte) ([]byte, *wire.Error) {
		if string(body) == "stuck" {
			<-release
		}
		return []byte("{}"), nil
	})
	begin := time.Now()
	if w := send1(s.Handler(), "POST", "/api/v1/diff", "stuck"); w.Code != 503 || w.Header().Get("Retry-After") == "" {
		t.Errorf("%d", w.Code)
	}
	if d := time.Since(begin); d > 5*time.Second {
		t.Errorf("after %v", d)
	}
	if w := send1(s.Handler(), "POST", "/api/v1/diff", "{}"); w.Code != 200 {
		t.Errorf("beside one that is stuck: %d", w.Code)
	}
	close(release)
}
