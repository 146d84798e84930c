// Package server answers nabla's requests over HTTP and serves the page.
//
// New makes a Server of a Config, and Serve runs it on a listener until a context is done.
// The methods are those of package wire, at /api/v1/; what they take and return is described
// by /api/v1/openapi.json. Requests are run by lanes (see scheduler), so that those that
// take long keep none waiting that do not.
//
// The server trusts nobody: it answers only where the Host header names it, only pages of
// its own origin unless others are allowed, and bounds the bytes, the time and the memory
// of each request and of all together.
package server

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"runtime"
	"sync/atomic"
	"time"

	"example.com/nabla/internal/wire"
)

// A Config says what a Server does; the zero value of a field means its default.
type Config struct {
	// Hosts are names by which the server may be addressed, besides localhost and the
	// addresses that it listens on.
	Hosts []string
	// Origins are origins such as https://example.org whose pages may ask the server, or
	// "*" for all. Without any, only the server's own page may.
	Origins []string
	Time    time.Duration // that a request may compute: 5 s
	Memory  int64         // bytes that a request may take: 256 MiB
	Workers int           // requests of each lane that compute at once: as many as processors
	Wait    time.Duration // that a request waits for its turn: 5 s
	Drain   time.Duration // that requests get to finish when the server stops: 10 s
	Body    int64         // bytes of a request: 256 KiB
	Held    int64         // bytes of all requests and answers in memory: 256 MiB
	Conns   int           // connections: 4096; further ones wait to be accepted
	// Log gets one record for each request, without anything of what it says; nil
	// keeps silent.
	Log     *slog.Logger
	Version string // of the program, for the metrics

	call func(ctx context.Context, method string, body []byte) ([]byte, *wire.Error)
}

func (c *Config) defaults() {
	def(&c.Time, 5*time.Second)
	def(&c.Memory, 256<<20)
	def(&c.Workers, runtime.GOMAXPROCS(0))
	def(&c.Wait, 5*time.Second)
	def(&c.Drain, 10*time.Second)
	def(&c.Body, 256<<10)
	def(&c.Held, 256<<20)
	def(&c.Conns, 4096)
	def(&c.Version, "unknown")
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.call == nil {
		c.call = wire.Call
	}
}

func def[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}

// Times that a client gets; a slower one holds a connection, and nothing else.
const (
	headerTime = 5 * time.Second  // to send the header of a request
	readTime   = 15 * time.Second // to send all of it
	writeTime  = 20 * time.Second // to take the answer
	idleTime   = time.Minute      // between requests
	headerSize = 16 << 10         // bytes of a header
	grace      = time.Second      // that the engine gets to notice the end of its time
)

// A Server answers requests. Make one with New.
type Server struct {
	cfg      Config
	sched    *scheduler
	metrics  *metrics
	static   *static
	lists    map[string]*file
	openapi  *file
	held     atomic.Int64 // bytes of requests and answers in memory
	draining atomic.Bool
	host     hostCheck
	handler  http.Handler
	// quit is done when what still runs has to end.
	quit context.Context
	stop context.CancelFunc
}

// New returns a server for a listener at addr, whose address says by which hosts it may
// be called.
func New(addr net.Addr, cfg Config) *Server {
	cfg.defaults()
	s := &Server{cfg: cfg, metrics: newMetrics(cfg.Version), host: newHostCheck(addr, cfg.Hosts)}
	s.sched = newScheduler(cfg.Workers, cfg.Time, cfg.Wait)
	s.quit, s.stop = context.WithCancel(context.Background())
	s.static = pageFiles()
	s.openapi = newFile("openapi.json", openAPI())
	s.lists = map[string]*file{}
	for _, m := range wire.Methods() {
		if m.Lists {
			list, failure := wire.Call(context.Background(), m.Name, nil)
			if failure != nil {
				panic(failure)
			}
			s.lists[m.Name] = newFile(m.Name+".json", list)
		}
	}
	s.handler = s.routes()
	return s
}

// Handler is the server without a listener.
func (s *Server) Handler() http.Handler { return s.handler }

func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/api/v1/openapi.json", s.only(s.describe, "GET", "HEAD"))
	mux.HandleFunc("/api/v1/{method}", s.api)
	mux.HandleFunc("/api", s.unknown)
	mux.HandleFunc("/api/", s.unknown)
	mux.HandleFunc("/healthz", s.only(s.health, "GET", "HEAD"))
	mux.HandleFunc("/metrics", s.only(s.report, "GET", "HEAD"))
	mux.HandleFunc("/", s.only(s.page, "GET", "HEAD"))
	return s.observe(s.guard(mux))
}

// Serve answers on l until ctx is done. Then it accepts nothing more, lets what is under
// way finish within Config.Drain, ends what still runs, and returns nil.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	h := &http.Server{
		Handler:           s.handler,
		ReadHeaderTimeout: headerTime,
		ReadTimeout:       readTime,
		WriteTimeout:      2*(s.cfg.Wait+s.cfg.Time) + writeTime,
		IdleTimeout:       idleTime,
		MaxHeaderBytes:    headerSize,
		ErrorLog:          slog.NewLogLogger(s.cfg.Log.Handler(), slog.LevelWarn),
		BaseContext:       func(net.Listener) context.Context { return s.quit },
	}
	failed := make(chan error, 1)
	go func() { failed <- h.Serve(limitConns(l, s.cfg.Conns)) }()
	select {
	case err := <-failed:
		s.stop()
		return err
	case <-ctx.Done():
	}
	s.draining.Store(true)
	drain, cancel := context.WithTimeout(context.Background(), s.cfg.Drain)
	defer cancel()
	if h.Shutdown(drain) != nil {
		// What is cancelled answers at once that it is.
		s.stop()
		last, cancel := context.WithTimeout(context.Background(), 2*grace)
		defer cancel()
		if h.Shutdown(last) != nil {
			h.Close()
		}
	}
	s.stop()
	if err := <-failed; !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// Handler returns a server with the default limits for tests of the page, to be called by
// an address of this machine.
func Handler() http.Handler {
	return New(&net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)}, Config{}).Handler()
}
