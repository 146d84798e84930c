package server

import (
	"compress/gzip"
	"context"
	"errors"
	"io"
	"math"
	"mime"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"example.com/nabla/internal/message"
	"example.com/nabla/internal/wire"
)

// worthPacking is the number of bytes from which an answer is compressed.
const worthPacking = 1400

// api answers a method of package wire.
func (s *Server) api(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("method")
	m := wire.Find(name)
	if m == nil {
		s.unknown(w, r)
		return
	}
	note(r).method = name
	allowed := []string{"POST", "OPTIONS"}
	if m.Lists {
		allowed = []string{"GET", "HEAD", "POST", "OPTIONS"}
	}
	switch {
	case r.Method == "OPTIONS":
		preflight(w, strings.Join(allowed, ", "))
	case r.Method == "POST":
		s.call(w, r, name)
	case m.Lists && (r.Method == "GET" || r.Method == "HEAD"):
		s.lists[name].serve(w, r, ask)
	default:
		s.notAllowed(w, r, allowed...)
	}
}

// call answers a request in JSON.
func (s *Server) call(w http.ResponseWriter, r *http.Request, name string) {
	if kind, params, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" ||
		params["charset"] != "" && !strings.EqualFold(params["charset"], "utf-8") {
		w.Header().Set("Accept-Post", "application/json")
		s.refuse(w, r, http.StatusUnsupportedMediaType, message.Say("a request has the Content-Type application/json, in UTF-8"))
		return
	}
	if e := r.Header.Get("Content-Encoding"); e != "" && !strings.EqualFold(e, "identity") {
		w.Header().Set("Accept-Encoding", "identity")
		s.refuse(w, r, http.StatusUnsupportedMediaType, message.Say("a request is not compressed"))
		return
	}
	load := &load{server: s}
	defer load.drop()
	body, err := s.read(w, r, load)
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		s.refuse(w, r, http.StatusRequestEntityTooLarge, message.Say("a request has at most %d bytes", s.cfg.Body))
		return
	case errors.Is(err, errBusy):
		s.metrics.refused.add("memory")
		s.busy(w, r, message.Say("the server has too many requests in memory"), 1)
		return
	case errors.Is(err, os.ErrDeadlineExceeded):
		s.refuse(w, r, http.StatusRequestTimeout, message.Say("the request did not arrive in time"))
		return
	case err != nil:
		s.refuse(w, r, http.StatusBadRequest, message.Say("the request ends early"))
		return
	}
	control := http.NewResponseController(w)
	// The time to read is over; what is read from now on is whether the client has gone.
	control.SetReadDeadline(time.Time{})
	note(r).in = len(body)

	packed := acceptsGzip(r)
	out, err := s.sched.do(r.Context(), name, body, func(ctx context.Context, work *atomic.Int64) outcome {
		json, failure := s.cfg.call(wire.WithWork(wire.WithMemory(ctx, s.cfg.Memory), work), name, body)
		out := outcome{json: json, failure: failure}
		if failure == nil && packed && len(json) >= worthPacking {
			out.packed = compress(json, gzip.BestSpeed)
		}
		return out
	})
	note(r).computed = time.Since(note(r).begin)
	control.SetWriteDeadline(time.Now().Add(writeTime))
	switch {
	case errors.Is(err, errBusy):
		s.metrics.refused.add("busy")
		s.busy(w, r, message.Say("the server is busy"), s.retry())
	case errors.Is(err, errStuck):
		s.metrics.refused.add("stuck")
		s.busy(w, r, message.Say("the request takes longer than it may: %v", s.cfg.Time), s.retry())
	case err != nil && s.quit.Err() != nil:
		s.busy(w, r, message.Say("the server is going down"), 5)
	case err != nil: // the client has gone, nobody reads this
		s.fail(w, r, statusGone, wire.Say(wire.CodeLimit, message.Say("the request was cancelled")))
	case out.failure != nil:
		s.failed(w, r, &out)
	default:
		s.answer(w, r, &out, load)
	}
}

// statusGone is logged and counted where the client did not wait for the answer; it is
// never sent to anybody.
const statusGone = 499

// answer writes an answer.
func (s *Server) answer(w http.ResponseWriter, r *http.Request, out *outcome, load *load) {
	data := out.json
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Cache-Control", "no-store")
	if len(out.json) >= worthPacking {
		h.Add("Vary", "Accept-Encoding")
	}
	if out.packed != nil {
		data, out.json = out.packed, nil
		h.Set("Content-Encoding", "gzip")
	}
	// A client that reads slowly keeps its answer in memory.
	if !load.take(len(data)) {
		h.Del("Content-Encoding")
		s.metrics.refused.add("memory")
		s.busy(w, r, message.Say("the server has too many answers in memory"), 1)
		return
	}
	send(w, r, data)
}

// failed writes why there is no answer.
func (s *Server) failed(w http.ResponseWriter, r *http.Request, out *outcome) {
	e := *out.failure
	switch e.Code {
	case wire.CodeInternal:
		s.metrics.faults.add("")
		s.cfg.Log.Error("fault", "id", note(r).id, "method", note(r).method, "stack", string(e.Stack))
		number := message.Say("this is a fault of nabla; its number in the log is %s", note(r).id)
		e.Notes, e.NotesZH = append(slices.Clone(e.Notes), number.En), append(slices.Clone(e.NotesZH), number.Zh)
	case wire.CodeLimit:
		s.metrics.refused.add("limit")
		w.Header().Set("Retry-After", strconv.Itoa(s.retry()))
	}
	s.fail(w, r, e.Status(), &e)
}

// retry is the time in seconds after which a place may be free.
func (s *Server) retry() int { return max(1, int(math.Ceil(s.cfg.Time.Seconds()))) }

// fail writes an error in JSON.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, status int, e *wire.Error) {
	e.Line, e.Column = max(e.Line, 1), max(e.Column, 1)
	e.EndLine, e.EndColumn = max(e.EndLine, e.Line), max(e.EndColumn, 1)
	note(r).code = e.Code
	data, err := wire.Marshal(map[string]any{"error": e}, "")
	if err != nil {
		panic(err) // strings and numbers
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Length", strconv.Itoa(len(data)))
	w.WriteHeader(status)
	if r.Method != "HEAD" {
		w.Write(data)
	}
}

// refuse says that the form of a request is wrong.
func (s *Server) refuse(w http.ResponseWriter, r *http.Request, status int, text message.Text) {
	s.fail(w, r, status, wire.Say(wire.CodeRequest, text))
}

// busy says when to try again.
func (s *Server) busy(w http.ResponseWriter, r *http.Request, text message.Text, seconds int) {
	w.Header().Set("Retry-After", strconv.Itoa(seconds))
	s.fail(w, r, http.StatusServiceUnavailable, wire.Say(wire.CodeLimit, text))
}

func (s *Server) unknown(w http.ResponseWriter, r *http.Request) {
	text := message.Say("there is nothing at this address")
	if name, ok := strings.CutPrefix(r.URL.Path, "/api/v1/"); ok && len(name) < 40 {
		text = message.Say("no method is called %q", name)
	}
	s.fail(w, r, http.StatusNotFound, wire.Say(wire.CodeMethod, text))
}

func (s *Server) notAllowed(w http.ResponseWriter, r *http.Request, allowed ...string) {
	w.Header().Set("Allow", strings.Join(allowed, ", "))
	s.refuse(w, r, http.StatusMethodNotAllowed, message.Say("this address takes %s", strings.Join(allowed, ", ")))
}

// only restricts a handler to some methods of HTTP.
func (s *Server) only(h http.HandlerFunc, allowed ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		for _, m := range allowed {
			if r.Method == m {
				h(w, r)
				return
			}
		}
		s.notAllowed(w, r, allowed...)
	}
}

func (s *Server) describe(w http.ResponseWriter, r *http.Request) { s.openapi.serve(w, r, ask) }

func (s *Server) health(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	send(w, r, []byte(`{"status":"ok"}`+"\n"))
}

// send writes a whole answer.
func send(w http.ResponseWriter, r *http.Request, data []byte) {
	w.Header().Set("Content-Length", strconv.Itoa(len(data)))
	w.WriteHeader(http.StatusOK)
	if r.Method != "HEAD" {
		w.Write(data) // an error says that the client has gone
	}
}

// A load is what one request holds of the bytes that all together may hold.
type load struct {
	server *Server
	bytes  int64
}

// take holds n bytes more, unless there are too many already.
func (l *load) take(n int) bool {
	if l.server.held.Add(int64(n)) > l.server.cfg.Held {
		l.server.held.Add(-int64(n))
		return false
	}
	l.bytes += int64(n)
	return true
}

func (l *load) drop() { l.server.held.Add(-l.bytes) }

// read reads the body of a request. It holds what it has read and not what was announced:
// who sends slowly takes no memory from others.
func (s *Server) read(w http.ResponseWriter, r *http.Request, load *load) ([]byte, error) {
	if r.ContentLength > s.cfg.Body {
		w.Header().Set("Connection", "close")
		return nil, &http.MaxBytesError{Limit: s.cfg.Body}
	}
	from := http.MaxBytesReader(w, r.Body, s.cfg.Body)
	var body []byte
	for {
		if len(body) == cap(body) {
			more := max(cap(body), 2048)
			if !load.take(more) {
				return nil, errBusy
			}
			body = append(make([]byte, 0, cap(body)+more), body...)
		}
		n, err := from.Read(body[len(body):cap(body)])
		body = body[:len(body)+n]
		if err == io.EOF {
			return body, nil
		}
		if err != nil {
			return nil, err
		}
	}
}
