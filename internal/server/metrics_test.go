package server

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// A metricFamily is what stands under one name in the text format.
type metricFamily struct {
	kind    string
	samples map[string]float64 // by the name and the labels as they stand
	order   []string
}

var (
	metricName = regexp.MustCompile(`^[a-zA-Z_:][a-zA-Z0-9_:]*$`)
	sampleLine = regexp.MustCompile(`^([a-zA-Z_:][a-zA-Z0-9_:]*)(\{(.*)\})? (\S+)$`)
	labelPart  = regexp.MustCompile(`^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(,|$)`)
)

// parseMetrics reads the text format of Prometheus, version 0.0.4, and refuses what a
// strict reader may refuse: families that are apart, samples before their type, labels
// twice, buckets that shrink or do not end in +Inf.
func parseMetrics(text string) (map[string]*metricFamily, error) {
	families := map[string]*metricFamily{}
	current, helped := "", ""
	if !strings.HasSuffix(text, "\n") {
		return nil, fmt.Errorf("the last line has no end")
	}
	for i, line := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		fail := func(format string, args ...any) error {
			return fmt.Errorf("line %d, %s: %s", i+1, line, fmt.Sprintf(format, args...))
		}
		if rest, ok := strings.CutPrefix(line, "# HELP "); ok {
			name, help, _ := strings.Cut(rest, " ")
			if !metricName.MatchString(name) || help == "" || families[name] != nil {
				return nil, fail("no name, no help, or a family twice")
			}
			helped = name
			continue
		}
		if rest, ok := strings.CutPrefix(line, "# TYPE "); ok {
			name, kind, _ := strings.Cut(rest, " ")
			if name != helped || families[name] != nil || !slices.Contains([]string{"counter", "gauge", "histogram"}, kind) {
				return nil, fail("a type without help, twice, or unknown")
			}
			families[name] = &metricFamily{kind: kind, samples: map[string]float64{}}
			current = name
			continue
		}
		m := sampleLine.FindStringSubmatch(line)
		if m == nil {
			return nil, fail("no sample")
		}
		f := families[current]
		base := m[1]
		if f != nil && f.kind == "histogram" {
			for _, suffix := range []string{"_bucket", "_sum", "_count"} {
				base = strings.TrimSuffix(base, suffix)
			}
		}
		if f == nil || base != current {
			return nil, fail("not of the family above")
		}
		labels, err := parseLabels(m[3])
		if err != nil {
			return nil, fail("%v", err)
		}
		v, err := strconv.ParseFloat(m[4], 64)
		if err != nil {
			return nil, fail("%v", err)
		}
		if f.kind != "gauge" && (v < 0 || math.IsNaN(v)) || f.kind == "counter" && !strings.HasSuffix(current, "_total") {
			return nil, fail("no counter")
		}
		key := m[1] + "{" + labels + "}"
		if _, twice := f.samples[key]; twice {
			return nil, fail("a sample twice")
		}
		f.samples[key] = v
		f.order = append(f.order, key)
	}
	for name, f := range families {
		if err := f.check(name); err != nil {
			return nil, err
		}
	}
	return families, nil
}

// parseLabels returns the labels with their values, in order of their names.
func parseLabels(text string) (string, error) {
	var all []string
	seen := map[string]bool{}
	for text != "" {
		m := labelPart.FindStringSubmatch(text)
		if m == nil {
			return "", fmt.Errorf("no label in %q", text)
		}
		if seen[m[1]] {
			return "", fmt.Errorf("label %s twice", m[1])
		}
		seen[m[1]] = true
		all = append(all, m[1]+"="+m[2])
		text = text[len(m[0]):]
	}
	return strings.Join(all, ","), nil
}

// check sees that the buckets of a histogram grow and end in the count.
func (f *metricFamily) check(name string) error {
	if f.kind != "histogram" {
		if len(f.samples) == 0 && f.kind == "gauge" {
			return fmt.Errorf("%s has no sample", name)
		}
		return nil
	}
	last, bound := 0.0, math.Inf(-1)
	for _, key := range f.order {
		v := f.samples[key]
		switch {
		case strings.HasPrefix(key, name+"_bucket{"):
			_, le, ok := strings.Cut(strings.TrimSuffix(key, "}"), "le=")
			b, err := strconv.ParseFloat(le, 64)
			if !ok || err != nil || b <= bound || v < last {
				return fmt.Errorf("%s: bounds or buckets shrink", key)
			}
			last, bound = v, b
		case strings.HasPrefix(key, name+"_count{"):
			if !math.IsInf(bound, 1) || v != last {
				return fmt.Errorf("%s is %g, the last bucket %g of bound %g", key, v, last, bound)
			}
			last, bound = 0, math.Inf(-1)
		}
	}
	return nil
}

func TestMetrics(t *testing.T) {
	s := New(loopback, Config{Version: `a "strange" \ version`})
	h := s.Handler()
	send1(h, "POST", "/api/v1/diff", `{"expr": "x'*x"}`)
	send1(h, "POST", "/api/v1/diff", `{"expr": "x'*"}`)
	send1(h, "POST", "/api/v1/diff", `{"expr": "x'*"}`)
	send1(h, "POST", "/api/v1/inspect", `{"expr": "x"}`)
	send1(h, "GET", "/nothing", "")
	send1(h, "GET", "/", "", "Host", "evil.example")
	w := send1(h, "GET", "/metrics", "")
	if kind := w.Header().Get("Content-Type"); kind != "text/plain; version=0.0.4; charset=utf-8" {
		t.Errorf("Content-Type %s", kind)
	}
	got, err := parseMetrics(w.Body.String())
	if err != nil {
		t.Fatalf("%v\n%s", err, w.Body)
	}
	for name, samples := range map[string]map[string]float64{
		"nabla_requests_total": {
			"{status=200,target=diff}": 1, "{status=422,target=diff}": 2, "{status=200,target=inspect}": 1,
			"{status=404,target=unknown}": 1, "{status=421,target=stranger}": 1,
		},
		"nabla_requests_in_flight": {"{}": 1}, // the one that asks
		"nabla_running":            {"{lane=quick}": 0, "{lane=slow}": 0},
		"nabla_refused_total":      {"{reason=busy}": 0, "{reason=limit}": 0},
		"nabla_faults_total":       {"{}": 0},
		"nabla_held_bytes":         {"{}": 0},
	} {
		for labels, want := range samples {
			if v, ok := got[name].samples[name+labels]; !ok || v != want {
				t.Errorf("%s%s is %g, want %g (there: %v)", name, labels, v, want, ok)
			}
		}
	}
	if n := got["nabla_request_duration_seconds"].samples["nabla_request_duration_seconds_count{target=diff}"]; n != 3 {
		t.Errorf("%g times of diff", n)
	}
	if got["go_goroutines"].samples["go_goroutines{}"] < 1 {
		t.Error("no goroutines")
	}
}

// What a strict reader refuses is refused by the reader above.
func TestMetricsReader(t *testing.T) {
	for _, bad := range []string{
		"a 1", "a 1\n", "# TYPE a gauge\na 1\n", "# HELP a b\n# TYPE a gauge\n# HELP c d\n# TYPE c gauge\nc 1\na 1\n",
		"# HELP a b\n# TYPE a gauge\na{x=\"1\",x=\"2\"} 1\n", "# HELP a b\n# TYPE a gauge\na{x=\"1\" 1\n", "# HELP a b\n# TYPE a gauge\na 1\na 2\n",
		"# HELP a_total b\n# TYPE a_total counter\na_total -1\n", "# HELP a b\n# TYPE a gauge\na one\n",
		"# HELP a b\n# TYPE a histogram\na_bucket{le=\"1\"} 2\na_bucket{le=\"+Inf\"} 1\na_sum 1\na_count 1\n",
		"# HELP a b\n# TYPE a histogram\na_bucket{le=\"1\"} 2\na_sum 1\na_count 2\n",
	} {
		if _, err := parseMetrics(bad); err == nil {
			t.Errorf("read without complaint: %q", bad)
		}
	}
}
