package main

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

// A syncBuffer is written by a command that runs.
type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// serving runs nabla serve with flags until the test ends; it returns the address that it
// prints, its standard error, and a function that interrupts it and returns the status.
func serving(t *testing.T, flags ...string) (address string, stderr *syncBuffer, stop func() int) {
	t.Helper()
	var stdout syncBuffer
	stderr = &syncBuffer{}
	c := &command{stdout: &stdout, stderr: stderr}
	ctx, cancel := context.WithCancel(t.Context())
	status := make(chan int, 1)
	go func() { status <- c.serveUntil(ctx, append([]string{"--addr", "127.0.0.1:0"}, flags...)) }()
	for begin := time.Now(); !strings.HasSuffix(stdout.String(), "\n"); time.Sleep(time.Millisecond) {
		if time.Since(begin) > 10*time.Second {
			t.Fatalf("no address is printed: %s", stderr)
		}
	}
	stop = sync.OnceValue(func() int { cancel(); return <-status })
	t.Cleanup(func() { stop() })
	return strings.TrimSpace(stdout.String()), stderr, stop
}

func TestServe(t *testing.T) {
	page, stderr, stop := serving(t, "--log", "json", "--host", "math.example.org", "--cors", "https://example.org", "--limit-time", "2s", "--limit-memory", "100MB", "--workers", "2")
	for _, c := range []struct {
		path, host, want string
		status           int
	}{
		{"", "", `<meta name="nabla-engine" content="http">`, 200},
		{"api/v1/languages", "math.example.org", `"numpy"`, 200},
		{"api/v1/languages", "evil.example", `--host`, 421},
		{"metrics", "", "version=\"" + release + "\"", 200},
	} {
		req, _ := http.NewRequest("GET", page+c.path, nil)
		req.Host = c.host
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(resp.Body)
		resp.Body.Close()
		if resp.StatusCode != c.status || !strings.Contains(string(body), c.want) {
			t.Errorf("%s at %q: %d %.200s", c.path, c.host, resp.StatusCode, body)
		}
	}
	if status := stop(); status != exitOK {
		t.Errorf("status %d: %s", status, stderr)
	}
	if n := strings.Count(stderr.String(), `"msg":"request"`); n != 4 {
		t.Errorf("%d records for four requests:\n%s", n, stderr)
	}
	if _, err := http.Get(page); err == nil {
		t.Error("answers after its end")
	}
}

// Mistakes of the command line, and an address that is taken.
func TestServeMistakes(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	for _, m := range []struct {
		args   string
		status int
		want   string
	}{
		{"--addr " + l.Addr().String(), exitInput, "address already in use"},
		{"--addr nowhere:x", exitInput, "nabla: "},
		{"--workers 0", exitUsage, "--workers is 1 or more, found 0"},
		{"--log xml", exitUsage, `--log is text, json or none, found "xml"`},
		{"--cors example.org", exitUsage, "want an origin such as https://example.org"},
		{"--cors https://example.org/path", exitUsage, "want an origin such as https://example.org"},
		{"--host http://a/b", exitUsage, "want a name such as math.example.org"},
		{"--limit-time 0s", exitUsage, "want a time such as 5s"},
		{"--limit-memory much", exitUsage, "want a size such as 256MB"},
		{"here", exitUsage, "no operand is taken, found here"},
	} {
		var stdout, stderr bytes.Buffer
		c := &command{stdout: &stdout, stderr: &stderr}
		if status := c.run(append([]string{"serve"}, strings.Fields(m.args)...)); status != m.status || !strings.Contains(stderr.String(), m.want) || stdout.Len() > 0 {
			t.Errorf("serve %s: status %d, %s%s", m.args, status, &stdout, &stderr)
		}
	}
}

func TestServeAddress(t *testing.T) {
	for ip, want := range map[string]string{"127.0.0.1": "http://127.0.0.1:80/", "::1": "http://[::1]:80/", "0.0.0.0": "http://localhost:80/", "::": "http://localhost:80/"} {
		if got := address(&net.TCPAddr{IP: net.ParseIP(ip), Port: 80}); got != want {
			t.Errorf("%s: %s, want %s", ip, got, want)
		}
	}
	if !strings.Contains(helpServe, "127.0.0.1:8765") {
		t.Error("the help does not state the default address")
	}
}
