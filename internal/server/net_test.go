package server

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"example.com/nabla/internal/wire"
)

// listening runs a server on a listener of its own. It returns the address, and a function
// that stops it and returns what Serve returned.
func listening(t *testing.T, s *Server) (addr string, stop func() error) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Serve(ctx, l) }()
	stopped := false
	stop = func() error {
		if stopped {
			return nil
		}
		stopped = true
		cancel()
		select {
		case err := <-done:
			return err
		case <-time.After(20 * time.Second):
			t.Error("the server does not stop")
			return nil
		}
	}
	t.Cleanup(func() { stop() })
	return l.Addr().String(), stop
}

func post(addr, method, body string) (status int, answer string, err error) {
	resp, err := http.Post("http://"+addr+"/api/v1/"+method, "application/json", strings.NewReader(body))
	if err != nil {
		return 0, "", err
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	return resp.StatusCode, string(data), err
}

// eventually waits until a condition holds.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for begin := time.Now(); !holds(); time.Sleep(time.Millisecond) {
		if time.Since(begin) > 10*time.Second {
			t.Fatalf("%s: not within ten seconds", what)
		}
	}
}

// What runs when the server is stopped is finished, and new requests are refused.
func TestShutdown(t *testing.T) {
	begun, release := make(chan bool), make(chan bool)
	s, _ := fake(Config{}, func(ctx context.Context, _ string, _ []byte) ([]byte, *wire.Error) {
		begun <- true
		<-release
		return []byte(`"finished"`), nil
	})
	addr, stop := listening(t, s)
	idle, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer idle.Close()
	answer := make(chan string, 1)
	go func() {
		status, body, err := post(addr, "diff", "{}")
		answer <- fmt.Sprint(status, body, err)
	}()
	<-begun
	stopped := make(chan error, 1)
	go func() { stopped <- stop() }()
	eventually(t, "refuses connections", func() bool {
		c, err := net.Dial("tcp", addr)
		if err == nil {
			c.Close()
		}
		return err != nil
	})
	// Who was connected before and had not asked is told, or finds the connection closed.
	fmt.Fprintf(idle, "POST /api/v1/diff HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}")
	if resp, err := http.ReadResponse(bufio.NewReader(idle), nil); err == nil && resp.StatusCode != 503 {
		t.Errorf("a request after the end: %v", resp.Status)
	}
	if w := send1(s.Handler(), "POST", "/api/v1/diff", "{}"); w.Code != 503 || w.Header().Get("Retry-After") == "" {
		t.Errorf("a request after the end: %d", w.Code)
	}
	close(release)
	if got := <-answer; got != `200"finished"<nil>` {
		t.Errorf("what ran: %s", got)
	}
	if err := <-stopped; err != nil {
		t.Errorf("Serve: %v", err)
	}
}

// What does not finish is ended, so the server always stops.
func TestShutdownEnds(t *testing.T) {
	begun := make(chan bool, 1)
	s, _ := fake(Config{Drain: 50 * time.Millisecond, Time: time.Minute}, func(ctx context.Context, _ string, _ []byte) ([]byte, *wire.Error) {
		begun <- true
		<-ctx.Done()
		return nil, wire.NewError(ctx.Err())
	})
	addr, stop := listening(t, s)
	answer := make(chan int, 1)
	go func() {
		status, _, _ := post(addr, "diff", "{}")
		answer <- status
	}()
	<-begun
	begin := time.Now()
	if err := stop(); err != nil || time.Since(begin) > 5*time.Second {
		t.Errorf("%v after %v", err, time.Since(begin))
	}
	if status := <-answer; status != 503 {
		t.Errorf("what was ended: %d", status)
	}
}

// When the client goes, the engine stops.
func TestDisconnect(t *testing.T) {
	begun, ended := make(chan bool, 1), make(chan error, 1)
	s, _ := fake(Config{Time: time.Minute}, func(ctx context.Context, _ string, _ []byte) ([]byte, *wire.Error) {
		begun <- true
		<-ctx.Done()
		ended <- ctx.Err()
		return nil, wire.NewError(ctx.Err())
	})
	addr, _ := listening(t, s)
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(c, "POST /api/v1/diff HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}")
	<-begun
	c.Close()
	select {
	case err := <-ended:
		if err != context.Canceled {
			t.Errorf("ended by %v", err)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("the engine goes on")
	}
	eventually(t, "places are free", func() bool { return s.sched.quick.running()+s.sched.slow.running() == 0 })
	eventually(t, "it is counted", func() bool {
		s.metrics.mu.Lock()
		defer s.metrics.mu.Unlock()
		return s.metrics.requests[requestKey{"diff", statusGone}] == 1
	})
}

// The true engine ends at its time, and within its memory.
func TestEngineLimits(t *testing.T) {
	addr, _ := listening(t, New(loopback, Config{Time: 50 * time.Millisecond}))
	begin := time.Now()
	status, body, err := post(addr, "diff", `{"expr": "logdet(X^60 + X'*X^59)", "wrt": "X", "order": 2}`)
	if err != nil || status != 503 || !strings.Contains(body, `"code":"limit"`) || time.Since(begin) > 2*time.Second {
		t.Errorf("%d %s %v after %v", status, body, err, time.Since(begin))
	}
	addr, _ = listening(t, New(loopback, Config{Memory: 1 << 16}))
	status, body, err = post(addr, "diff", `{"expr": "logdet(X^60 + X'*X^59)", "wrt": "X", "order": 2}`)
	if err != nil || status != 503 || !strings.Contains(body, "more memory than it may") {
		t.Errorf("%d %s %v", status, body, err)
	}
}

// Clients that send slowly, or nothing, or too much hold a connection for a while and do
// not keep others from being answered.
func TestBadClients(t *testing.T) {
	if testing.Short() {
		t.Skip("waits for the times that clients get")
	}
	s := New(loopback, Config{Conns: 300})
	addr, _ := listening(t, s)
	var closed atomic.Int64
	const each = 60
	clients := []struct {
		name  string
		start string
		drip  string // sent again and again
		want  string // beginning of the answer; "" for none
	}{
		{"half open", "", "", ""},
		{"a header that does not end", "GET / HTTP/1.1\r\nHost: localhost\r\n", "X-A: b\r\n", ""},
		{"a body that comes slowly", "POST /api/v1/diff HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 200000\r\n\r\n{", " ", "HTTP/1.1 408 "},
		{"a huge header", "GET / HTTP/1.1\r\nHost: localhost\r\nX-A: " + strings.Repeat("a", 64<<10) + "\r\n\r\n", "", "HTTP/1.1 431 "},
	}
	for _, c := range clients {
		for range each {
			go func() {
				defer closed.Add(1)
				conn, err := net.Dial("tcp", addr)
				if err != nil {
					t.Error(err)
					return
				}
				defer conn.Close()
				conn.SetDeadline(time.Now().Add(2 * readTime))
				go func() {
					for _, err := io.WriteString(conn, c.start); err == nil && c.drip != ""; _, err = io.WriteString(conn, c.drip) {
						time.Sleep(100 * time.Millisecond)
					}
				}()
				got, err := io.ReadAll(conn)
				if e, ok := err.(net.Error); ok && e.Timeout() {
					t.Errorf("%s: the connection stays open", c.name)
				}
				if c.want == "" && len(got) > 0 && !strings.HasPrefix(string(got), "HTTP/1.1 408 ") || err == nil && !strings.HasPrefix(string(got), c.want) {
					t.Errorf("%s: answer %.100q", c.name, got)
				}
			}()
		}
	}
	time.Sleep(200 * time.Millisecond)
	for range 20 {
		begin := time.Now()
		status, _, err := post(addr, "inspect", `{"expr": "x'*x"}`)
		if err != nil || status != 200 || time.Since(begin) > 2*time.Second {
			t.Fatalf("beside bad clients: %d %v after %v", status, err, time.Since(begin))
		}
	}
	if held := s.held.Load(); held > each*16<<10 {
		t.Errorf("%d clients who send slowly hold %d bytes", each, held)
	}
	for begin := time.Now(); closed.Load() < int64(each*len(clients)); time.Sleep(10 * time.Millisecond) {
		if time.Since(begin) > 2*readTime+5*time.Second {
			t.Fatalf("%d of %d connections are closed", closed.Load(), each*len(clients))
		}
	}
	if n := s.held.Load(); n != 0 {
		t.Errorf("%d bytes are still held", n)
	}
}

// Connections beyond the bound wait until others are closed.
func TestConnections(t *testing.T) {
	addr, stop := listening(t, New(loopback, Config{Conns: 2}))
	var open []net.Conn
	for range 2 {
		c, err := net.Dial("tcp", addr)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		fmt.Fprintf(c, "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
		if resp, err := http.ReadResponse(bufio.NewReader(c), nil); err != nil || resp.StatusCode != 200 {
			t.Fatalf("%v %v", resp, err)
		}
		open = append(open, c)
	}
	third, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer third.Close()
	fmt.Fprintf(third, "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
	third.SetReadDeadline(time.Now().Add(100 * time.Millisecond))
	if _, err := third.Read(make([]byte, 1)); err == nil {
		t.Error("a third connection is answered")
	}
	open[0].Close()
	third.SetReadDeadline(time.Now().Add(10 * time.Second))
	if resp, err := http.ReadResponse(bufio.NewReader(third), nil); err != nil || resp.StatusCode != 200 {
		t.Errorf("after another is closed: %v %v", resp, err)
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
}

// A client that does not read its answer is cut off; what it holds is given back.
func TestSlowReader(t *testing.T) {
	if testing.Short() {
		t.Skip("waits for the time that clients get")
	}
	big, _ := json.Marshal(strings.Repeat("x", 64<<20))
	s, _ := fake(Config{}, func(context.Context, string, []byte) ([]byte, *wire.Error) { return big, nil })
	addr, _ := listening(t, s)
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	fmt.Fprintf(c, "POST /api/v1/diff HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}")
	eventually(t, "the answer is held", func() bool { return s.held.Load() > 64<<20 })
	begin := time.Now()
	for s.held.Load() > 0 {
		if time.Since(begin) > writeTime+10*time.Second {
			t.Fatalf("%d bytes are still held", s.held.Load())
		}
		time.Sleep(10 * time.Millisecond)
	}
	if status, _, err := post(addr, "inspect", `{}`); err != nil || status != 200 {
		t.Errorf("afterwards: %d %v", status, err)
	}
}
