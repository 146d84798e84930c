package server

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"os"
	"runtime"
	rtm "runtime/metrics"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// bounds are the upper bounds of the buckets of times, in seconds.
var bounds = []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10}

// metrics are what /metrics reports, in the text format of Prometheus, version 0.0.4. The
// format is a few lines; the library for it would be the program's largest dependency.
type metrics struct {
	begin    time.Time
	version  string
	inFlight atomic.Int64
	refused  counters // with status 503, by reason
	faults   counters

	mu       sync.Mutex
	requests map[requestKey]uint64
	times    map[string]*histogram
}

type requestKey struct {
	target string
	status int
}

// A histogram counts the values up to each bound, and those beyond the last.
type histogram struct {
	counts [14]uint64
	sum    float64
}

func newMetrics(version string) *metrics {
	m := &metrics{begin: time.Now(), version: version, requests: map[requestKey]uint64{}, times: map[string]*histogram{}}
	for _, reason := range []string{"busy", "limit", "memory", "stuck"} {
		m.refused.set(reason)
	}
	m.faults.set("")
	return m
}

// count counts a request that has been answered.
func (m *metrics) count(target string, status int, seconds float64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.requests[requestKey{target, status}]++
	h := m.times[target]
	if h == nil {
		h = &histogram{}
		m.times[target] = h
	}
	i, _ := slices.BinarySearch(bounds, seconds)
	h.counts[i]++
	h.sum += seconds
}

// counters are numbers by one label, which only grow.
type counters struct {
	mu sync.Mutex
	n  map[string]uint64
}

func (c *counters) set(label string) { c.change(label, 0) }
func (c *counters) add(label string) { c.change(label, 1) }

func (c *counters) change(label string, by uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.n == nil {
		c.n = map[string]uint64{}
	}
	c.n[label] += by
}

func (c *counters) list() (labels []string, n map[string]uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Sorted(maps.Keys(c.n)), maps.Clone(c.n)
}

// report answers /metrics.
func (s *Server) report(w http.ResponseWriter, r *http.Request) {
	var b bytes.Buffer
	s.writeMetrics(&b)
	w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	send(w, r, b.Bytes())
}

func (s *Server) writeMetrics(b *bytes.Buffer) {
	m := s.metrics
	family := func(name, kind, help string) { fmt.Fprintf(b, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, kind) }
	sample := func(name, labels string, v float64) {
		if labels != "" {
			labels = "{" + labels + "}"
		}
		fmt.Fprintf(b, "%s%s %s\n", name, labels, strconv.FormatFloat(v, 'g', -1, 64))
	}
	one := func(name, kind, help string, v float64) {
		family(name, kind, help)
		sample(name, "", v)
	}

	family("nabla_build_info", "gauge", "The program and the Go it was built with; always 1.")
	sample("nabla_build_info", label("goversion", runtime.Version())+","+label("version", m.version), 1)

	m.mu.Lock()
	family("nabla_requests_total", "counter", "Requests that were answered, by what they asked for and by HTTP status; 499 where the client had gone.")
	for _, k := range slices.SortedFunc(maps.Keys(m.requests), func(a, b requestKey) int {
		return cmp.Or(strings.Compare(a.target, b.target), a.status-b.status)
	}) {
		sample("nabla_requests_total", label("status", strconv.Itoa(k.status))+","+label("target", k.target), float64(m.requests[k]))
	}
	family("nabla_request_duration_seconds", "histogram", "Time from the header of a request to the end of its answer.")
	for _, target := range slices.Sorted(maps.Keys(m.times)) {
		h, below := m.times[target], uint64(0)
		for i, n := range h.counts {
			below += n
			bound := "+Inf"
			if i < len(bounds) {
				bound = strconv.FormatFloat(bounds[i], 'g', -1, 64)
			}
			sample("nabla_request_duration_seconds_bucket", label("target", target)+","+label("le", bound), float64(below))
		}
		sample("nabla_request_duration_seconds_sum", label("target", target), h.sum)
		sample("nabla_request_duration_seconds_count", label("target", target), float64(below))
	}
	m.mu.Unlock()

	one("nabla_requests_in_flight", "gauge", "Requests that are being answered.", float64(m.inFlight.Load()))
	lanes := []struct {
		name string
		*lane
	}{{"quick", s.sched.quick}, {"slow", s.sched.slow}}
	family("nabla_running", "gauge", "Requests that compute, by lane.")
	for _, l := range lanes {
		sample("nabla_running", label("lane", l.name), float64(l.running()))
	}
	family("nabla_waiting", "gauge", "Requests that wait for their turn, by lane.")
	for _, l := range lanes {
		sample("nabla_waiting", label("lane", l.name), float64(l.waiting()))
	}
	family("nabla_refused_total", "counter", "Requests that were answered with status 503, by reason.")
	labels, n := m.refused.list()
	for _, reason := range labels {
		sample("nabla_refused_total", label("reason", reason), float64(n[reason]))
	}
	_, n = m.faults.list()
	one("nabla_faults_total", "counter", "Requests that failed by a fault of nabla.", float64(n[""]))
	one("nabla_held_bytes", "gauge", "Bytes of requests and answers in memory.", float64(s.held.Load()))

	one("go_goroutines", "gauge", "Goroutines.", float64(runtime.NumGoroutine()))
	read := []rtm.Sample{{Name: "/memory/classes/heap/objects:bytes"}, {Name: "/memory/classes/total:bytes"}}
	rtm.Read(read)
	one("go_heap_bytes", "gauge", "Bytes of objects on the heap.", float64(read[0].Value.Uint64()))
	one("go_memory_bytes", "gauge", "Bytes that the Go runtime has from the system.", float64(read[1].Value.Uint64()))
	if n, ok := resident(); ok {
		one("process_resident_memory_bytes", "gauge", "Resident memory.", float64(n))
	}
	one("process_start_time_seconds", "gauge", "Start of the program, in seconds since 1970.", float64(m.begin.UnixMilli())/1000)
}

// label is one label with its value, quoted as the format asks for.
func label(name, value string) string {
	return name + `="` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(value) + `"`
}

// resident is the resident memory of the program, where the system tells it.
func resident() (int64, bool) {
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0, false
	}
	fields := strings.Fields(string(text))
	if len(fields) < 2 {
		return 0, false
	}
	pages, err := strconv.ParseInt(fields[1], 10, 64)
	return pages * int64(os.Getpagesize()), err == nil
}
