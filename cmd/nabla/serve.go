package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"math"
	"net"
	"net/url"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"runtime/debug"
	"strings"
	"syscall"
	"time"

	"example.com/nabla/internal/data"
	"example.com/nabla/internal/server"
)

const helpServe = `usage: nabla serve [flags]

Serves the page at / and the methods as JSON over HTTP at /api/v1/, until it is
interrupted; then it finishes what is under way. Prints the address of the page on
standard output, and one line for each request, without what it says, on standard error.

flags:
  --addr ADDR          address to listen on (default 127.0.0.1:8765; port 0 is any free one)
  --host NAME          a name by which it may be called, beside localhost and its
                       addresses; may be repeated
  --cors ORIGIN        an origin such as https://example.org whose pages may ask it, or *;
                       may be repeated (default none but its own page)
  --limit-time TIME    that a request may compute (default 5s)
  --limit-memory SIZE  that a request may take (default 256MB)
  --workers N          requests that compute at once (default as many as processors)
  --log FORMAT         text (default), json or none
  --open               open the page in a browser

Whoever reaches ADDR may use the server: it knows no users. It speaks plain HTTP; for
others than this machine, put a proxy with TLS before it.

exit status: 0 it was interrupted; 1 the address cannot be used; 2 the command line is
wrong.
`

// serveFlags are the flags of nabla serve.
type serveFlags struct {
	addr        string
	hosts, cors []string
	limit       time.Duration
	memory      int64
	workers     int
	log         string
	open        bool
}

func (f *serveFlags) define(fs *flag.FlagSet) {
	fs.StringVar(&f.addr, "addr", "127.0.0.1:8765", "")
	fs.Func("host", "", func(s string) error {
		if s == "" || strings.ContainsAny(s, "/ ") {
			return errors.New("want a name such as math.example.org")
		}
		f.hosts = append(f.hosts, s)
		return nil
	})
	fs.Func("cors", "", func(s string) error {
		if u, err := url.Parse(s); s != "*" && (err != nil || u.Host == "" || s != u.Scheme+"://"+u.Host) {
			return errors.New("want an origin such as https://example.org")
		}
		f.cors = append(f.cors, s)
		return nil
	})
	fs.Func("limit-time", "", func(s string) (err error) {
		if f.limit, err = time.ParseDuration(s); err != nil || f.limit <= 0 {
			return errors.New("want a time such as 5s or 500ms")
		}
		return nil
	})
	fs.Func("limit-memory", "", func(s string) error {
		var ok bool
		if f.memory, ok = data.ParseBytes(s); !ok {
			return errors.New("want a size such as 256MB")
		}
		return nil
	})
	fs.IntVar(&f.workers, "workers", runtime.GOMAXPROCS(0), "")
	fs.StringVar(&f.log, "log", "text", "")
	fs.BoolVar(&f.open, "open", false, "")
	f.limit, f.memory = 5*time.Second, 256e6
}

// logger writes records to w.
func (f *serveFlags) logger(w io.Writer) *slog.Logger {
	switch f.log {
	case "json":
		return slog.New(slog.NewJSONHandler(w, nil))
	case "none":
		return nil
	}
	return slog.New(slog.NewTextHandler(w, nil))
}

// serveHTTP is the command nabla serve.
func (c *command) serveHTTP(args []string) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	// A second signal ends the program at once.
	context.AfterFunc(ctx, stop)
	return c.serveUntil(ctx, args)
}

func (c *command) serveUntil(ctx context.Context, args []string) int {
	var f serveFlags
	fs := newFlags("serve")
	f.define(fs)
	_, err := c.parse(fs, args, func(operands []string) error {
		switch {
		case len(operands) > 0:
			return fmt.Errorf("no operand is taken, found %s", operands[0])
		case f.workers < 1:
			return fmt.Errorf("--workers is 1 or more, found %d", f.workers)
		}
		return choose(choice{"log", f.log, []string{"text", "json", "none"}})
	})
	if err != nil {
		return c.fail(err)
	}
	l, err := net.Listen("tcp", f.addr)
	if err != nil {
		fmt.Fprintf(c.stderr, "nabla: %v\n", err)
		return exitInput
	}
	// The collector works harder when the lanes are full of requests near their limit.
	if debug.SetMemoryLimit(-1) == math.MaxInt64 {
		debug.SetMemoryLimit(2*int64(f.workers)*f.memory + 512<<20)
		defer debug.SetMemoryLimit(math.MaxInt64)
	}
	s := server.New(l.Addr(), server.Config{Hosts: f.hosts, Origins: f.cors, Time: f.limit, Memory: f.memory, Workers: f.workers,
		Log: f.logger(c.stderr), Version: release})
	page := address(l.Addr())
	fmt.Fprintln(c.stdout, page)
	if f.open {
		if err := browse(page); err != nil {
			fmt.Fprintf(c.stderr, "nabla: no browser could be started: %v\n", err)
		}
	}
	if err := s.Serve(ctx, l); err != nil {
		fmt.Fprintf(c.stderr, "nabla: %v\n", err)
		return exitInput
	}
	return exitOK
}

// address is where a browser on this machine finds what listens at addr.
func address(addr net.Addr) string {
	host := addr.String()
	if tcp, ok := addr.(*net.TCPAddr); ok && tcp.IP.IsUnspecified() {
		host = fmt.Sprintf("localhost:%d", tcp.Port)
	}
	return "http://" + host + "/"
}

// browse opens a page in the browser of the user.
func browse(page string) error {
	name, args := "xdg-open", []string{page}
	switch runtime.GOOS {
	case "darwin":
		name = "open"
	case "windows":
		name, args = "rundll32", []string{"url.dll,FileProtocolHandler", page}
	}
	cmd := exec.Command(name, args...)
	if err := cmd.Start(); err != nil {
		return err
	}
	go cmd.Wait()
	return nil
}
