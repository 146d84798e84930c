package server

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"

	"example.com/nabla/internal/message"
)

// A record is what is known of a request beside what it says: for the log and the metrics.
type record struct {
	id       string
	begin    time.Time
	computed time.Duration // until there was an answer, waiting included
	method   string        // of package wire; "" for everything else
	code     string        // of the error
	in, out  int           // bytes
	status   int
}

type recordKey struct{}

// note returns the record of a request.
func note(r *http.Request) *record {
	if rec, ok := r.Context().Value(recordKey{}).(*record); ok {
		return rec
	}
	return &record{}
}

// observe gives each request a number, logs and counts it, and answers for a handler that
// panics.
func (s *Server) observe(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rec := &record{id: newID(), begin: time.Now()}
		r = r.WithContext(context.WithValue(r.Context(), recordKey{}, rec))
		out := &observed{ResponseWriter: w, rec: rec}
		w.Header().Set("X-Request-ID", rec.id)
		s.metrics.inFlight.Add(1)
		defer s.metrics.inFlight.Add(-1)
		defer s.done(r, rec)
		defer func() {
			p := recover()
			if p == nil {
				return
			}
			if err, ok := p.(error); ok && errors.Is(err, http.ErrAbortHandler) {
				panic(p)
			}
			s.metrics.faults.add("")
			s.cfg.Log.Error("fault", "id", rec.id, "method", rec.method, "stack", string(debug.Stack()))
			if rec.status == 0 {
				e := fault(nil)
				number := message.Say("its number in the log is %s", rec.id)
				e.Notes, e.NotesZH = []string{number.En}, []string{number.Zh}
				s.fail(out, r, http.StatusInternalServerError, e)
			}
		}()
		next.ServeHTTP(out, r)
	})
}

// done logs and counts a request that has been answered.
func (s *Server) done(r *http.Request, rec *record) {
	seconds := time.Since(rec.begin).Seconds()
	target := rec.method
	if target == "" {
		target = "page"
		switch r.URL.Path {
		case "/healthz", "/metrics":
			target = r.URL.Path[1:]
		case "/api/v1/openapi.json":
			target = "openapi"
		}
		switch rec.status {
		case http.StatusNotFound:
			target = "unknown"
		case http.StatusMisdirectedRequest, http.StatusForbidden:
			target = "stranger"
		}
	}
	s.metrics.count(target, rec.status, seconds)
	level := slog.LevelInfo
	if rec.status >= 500 && rec.status != http.StatusServiceUnavailable {
		level = slog.LevelError
	}
	attrs := []slog.Attr{slog.String("id", rec.id), slog.String("verb", verb(r.Method)), slog.String("target", target), slog.Int("status", rec.status),
		slog.Float64("ms", float64(int(seconds*1e5))/100), slog.Int("in", rec.in), slog.Int("out", rec.out)}
	if rec.code != "" {
		attrs = append(attrs, slog.String("code", rec.code))
	}
	s.cfg.Log.LogAttrs(context.Background(), level, "request", attrs...)
}

// verb is a method of HTTP, which a client may invent.
func verb(method string) string {
	switch method {
	case "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS":
		return method
	}
	return "OTHER"
}

// newID returns a number for a request.
func newID() string {
	var b [8]byte
	rand.Read(b[:]) // never fails
	return hex.EncodeToString(b[:])
}

// observed sees what is written.
type observed struct {
	http.ResponseWriter
	rec *record
}

func (o *observed) WriteHeader(status int) {
	if o.rec.status == 0 {
		o.rec.status = status
	}
	o.ResponseWriter.WriteHeader(status)
}

func (o *observed) Write(p []byte) (int, error) {
	if o.rec.status == 0 {
		o.rec.status = http.StatusOK
	}
	n, err := o.ResponseWriter.Write(p)
	o.rec.out += n
	return n, err
}

// Unwrap is for http.ResponseController.
func (o *observed) Unwrap() http.ResponseWriter { return o.ResponseWriter }
