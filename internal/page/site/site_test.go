package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"example.com/nabla"
	"example.com/nabla/internal/corpus"
	"example.com/nabla/internal/wire"
)

// A question is a request to the engine.
type question struct {
	Method string          `json:"method"`
	Body   json.RawMessage `json:"body"`
	Limit  int             `json:"limit,omitempty"` // milliseconds
	seed   bool            // one of the seeds' examples
}

// deep is nested more deeply than the stack of a worker allows; the engine of the browser
// says so, where the native one says that a bracket is not closed.
var deep = strings.Repeat("(", 5000)

// heavy takes the engine long.
const heavy = "logdet(X^40 + X'*X^39)"

// A reply is what the worker said, and when.
type reply struct {
	ID   int     `json:"id"`
	OK   bool    `json:"ok"`
	JSON string  `json:"json"`
	MS   float64 `json:"ms"`
}

// seeds are the worked examples of the subject in examples/, with the variables.
var seeds = [][]string{
	{"s01-gradient.nb", "x"}, {"s02-vector-by-scalar.nb", "t"}, {"s03-vector-by-vector.nb", "x"}, {"s04-row-by-vector.nb", "x"},
	{"s05-quadratic-form.nb", "x"}, {"s06-product-rule.nb", "t"}, {"s06-product-rule-vector.nb", "t"},
	{"s07-differential-scalar.nb", "x"}, {"s07-differential-matrix.nb", "X"}, {"s08-least-squares.nb", "w"}, {"s09-covariance.nb", "Sigma"},
	{"s10-softmax-regression.nb", "W"}, {"s11-two-layers.nb", "W1", "W2"}, {"s12-two-layers-steps.nb", "W1", "W2", "b1", "b2"},
	{"s13-two-layers-matrix.nb", "W1", "W2", "b1", "b2"}, {"s14-matrix-by-matrix.nb", "X"}, {"s15-linear-matrix.nb", "X"}, {"s16-linear-vector.nb", "x"},
}

func questions(t *testing.T) []question {
	t.Helper()
	var list []question
	add := func(seed bool, method string, body map[string]any) {
		text, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, question{Method: method, Body: text, seed: seed})
	}
	add(false, "diff", map[string]any{"expr": "norm2(X*w - y)^2", "wrt": "w"})
	languages := []string{"numpy", "jax", "torch", "julia", "matlab", "r", "cpp", "go"}
	for _, s := range seeds {
		program, err := os.ReadFile(filepath.Join("..", "..", "..", "examples", s[0]))
		if err != nil {
			t.Fatal(err)
		}
		for _, method := range []string{"inspect", "diff", "derive", "gen"} {
			add(true, method, map[string]any{"expr": string(program), "wrt": s[1:]})
		}
	}
	cases, err := corpus.Read(filepath.Join("..", "..", "..", "testdata", "corpus.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range cases {
		if testing.Short() && i%8 != 0 {
			continue
		}
		vars := map[string]string{}
		for _, n := range c.Names() {
			vars[n] = c.Vars[n]
		}
		add(false, "inspect", map[string]any{"expr": c.Expr, "vars": vars, "closed": true})
		add(false, "diff", map[string]any{"expr": c.Expr, "vars": vars, "wrt": c.Wrt, "order": c.Order, "layout": "numerator"})
		add(false, "gen", map[string]any{"expr": c.Expr, "vars": vars, "wrt": c.Wrt, "lang": languages[i%len(languages)]})
		add(false, "derive", map[string]any{"expr": c.Expr, "vars": vars, "wrt": c.Wrt, "order": c.Order, "documents": []string{"markdown"}})
		add(false, "convex", map[string]any{"expr": c.Expr, "vars": vars, "wrt": c.Wrt})
		add(false, "solve", map[string]any{"expr": c.Expr, "vars": vars, "wrt": c.Wrt})
		if c.Expected != nil && c.Order == 1 {
			add(false, "verify", map[string]any{"expr": c.Expr, "vars": vars, "wrt": c.Wrt, "layout": "numerator", "claim": *c.Expected})
			add(false, "verify", map[string]any{"expr": c.Expr, "vars": vars, "wrt": c.Wrt, "layout": "numerator", "claim": "2*(" + *c.Expected + ")"})
		}
		add(false, "graph", map[string]any{"expr": c.Expr, "vars": vars, "wrt": c.Wrt, "instance": true, "documents": []string{"svg"}})
		if r, err := nabla.Differentiate(nabla.Request{Program: c.Expr, Wrt: []string{c.Wrt}, NoNumPy: true}); err == nil {
			add(false, "inspect", map[string]any{"expr": r.ExpressionLaTeX, "from": "latex", "vars": vars})
		}
		// What one sees while the expression is typed.
		half := []rune(c.Expr)
		add(false, "inspect", map[string]any{"expr": string(half[:len(half)*2/3])})
	}
	add(false, "ops", map[string]any{})
	add(false, "languages", map[string]any{})
	add(false, "examples", map[string]any{})
	add(false, "diff", map[string]any{"unknown": 1})
	add(false, "missing", map[string]any{})
	add(false, "diff", map[string]any{"expr": deep, "wrt": "x"})
	for method, more := range map[string]map[string]any{"diff": {"order": 2}, "derive": {"order": 2}, "solve": {}, "convex": {}, "gen": {"what": []string{"hess"}}} {
		body := map[string]any{"expr": heavy, "wrt": "X"}
		maps.Copy(body, more)
		add(false, method, body)
		list[len(list)-1].Limit = 3
	}
	add(false, "diff", map[string]any{"expr": "x'*x", "wrt": "x"}) // by a new engine
	return list
}

// site returns the files of the site: of the one that NABLA_SITE names, or of a new one by
// the compiler that NABLA_SITE_COMPILER names.
func site(t *testing.T) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	if dir := os.Getenv("NABLA_SITE"); dir != "" {
		err := fs.WalkDir(os.DirFS(dir), ".", func(path string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() {
				files[path], err = os.ReadFile(filepath.Join(dir, path))
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return files
	}
	e, err := build(cmp.Or(os.Getenv("NABLA_SITE_COMPILER"), "auto"))
	if err != nil {
		t.Fatal(err)
	}
	if files, err = assemble(e); err != nil {
		t.Fatal(err)
	}
	return files
}

// ask has the questions answered by the engine of a site in Chromium.
func ask(t *testing.T, files map[string][]byte, list []question) []reply {
	t.Helper()
	dir := t.TempDir()
	site := filepath.Join(dir, "site")
	if err := write(site, files); err != nil {
		t.Fatal(err)
	}
	replies := make([]reply, len(list))
	var mu sync.Mutex
	got := 0
	done := make(chan struct{})
	mux := http.NewServeMux()
	mux.Handle("/", http.FileServer(http.Dir(site)))
	for _, name := range []string{"ask.html", "ask.js"} {
		mux.HandleFunc("/"+name, func(w http.ResponseWriter, r *http.Request) {
			http.ServeFile(w, r, filepath.Join("testdata", name))
		})
	}
	mux.HandleFunc("/questions", func(w http.ResponseWriter, r *http.Request) {
		json.NewEncoder(w).Encode(list)
	})
	mux.HandleFunc("/answer", func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		var a reply
		if err := json.NewDecoder(r.Body).Decode(&a); err != nil || a.ID != got {
			t.Errorf("answer %d: %v, id %d", got, err, a.ID)
			return
		}
		replies[got] = a
		got++
	})
	mux.HandleFunc("/done", func(http.ResponseWriter, *http.Request) { close(done) })
	server := httptest.NewServer(mux)
	defer server.Close()

	ctx, cancel := context.WithTimeout(t.Context(), 8*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, os.Getenv("NABLA_CHROMIUM"), "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
		"--user-data-dir="+filepath.Join(dir, "profile"), "--remote-debugging-port=0", server.URL+"/ask.html")
	var errs bytes.Buffer
	cmd.Stderr = &errs
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	select {
	case <-done:
	case <-ctx.Done():
		t.Errorf("%d of %d answers came\n%s", got, len(list), errs.String())
	}
	cancel()
	cmd.Wait() // it was killed
	server.CloseClientConnections()
	return replies
}

// busy is how much longer than alone the engine may take on a machine that others use, too.
const busy = 4

// TestAnswers compares the engine in the browser with the native one: the same answers to
// the published corpus and to the seeds' examples, and in time.
func TestAnswers(t *testing.T) {
	if os.Getenv("NABLA_CHROMIUM") == "" {
		t.Skip("NABLA_CHROMIUM is not set")
	}
	files := site(t)
	list := questions(t)
	for _, m := range wire.Methods() {
		if !slices.ContainsFunc(list, func(q question) bool { return q.Method == m.Name }) {
			t.Errorf("nothing is asked of %s", m.Name)
		}
	}
	replies := ask(t, files, list)
	times := map[string][]float64{}
	bad := 0
	for i, q := range list {
		if strings.Contains(string(q.Body), deep) {
			// A browser's stack holds less than a processor's (package limit).
			if r := replies[i]; r.OK || !strings.Contains(r.JSON, `"code":"limit"`) && !strings.Contains(r.JSON, "nested deeper than 2000 levels") {
				t.Errorf("%s of %d brackets: %.300s", q.Method, len(deep), r.JSON)
			}
			continue
		}
		if q.Limit > 0 {
			if replies[i].OK || !strings.Contains(replies[i].JSON, `"code":"limit"`) || replies[i].MS > busy*1000 {
				t.Errorf("%s within %d ms: after %.0f ms %.300s", q.Method, q.Limit, replies[i].MS, replies[i].JSON)
			}
			continue
		}
		text, failure := wire.Call(t.Context(), q.Method, q.Body)
		if failure != nil {
			text, _ = wire.Marshal(map[string]any{"error": failure}, "")
		}
		if d := difference(text, []byte(replies[i].JSON)); d != "" || replies[i].OK != (failure == nil) {
			if bad++; bad <= 20 {
				t.Errorf("%s %.300s: ok %v: %.500s", q.Method, q.Body, replies[i].OK, d)
				if !replies[i].OK {
					t.Errorf("%.500s", replies[i].JSON)
				}
			}
		}
		key := q.Method
		if q.seed {
			key = "seeds " + key
		}
		if i > 0 {
			times[key] = append(times[key], replies[i].MS)
		}
	}
	if bad > 20 {
		t.Errorf("%d of %d answers differ", bad, len(list))
	}
	_, tiny := files["assets/engine/LICENSE-tinygo"]
	t.Logf("TinyGo %v: engine %d bytes, all files %d; first answer after %.0f ms", tiny, len(files["engine.bin"]), sent(files), replies[0].MS)
	for _, key := range slices.Sorted(maps.Keys(times)) {
		list := times[key]
		slices.Sort(list)
		t.Logf("%-14s %4d  median %6.1f ms  90th percentile %6.1f ms  longest %6.1f ms", key, len(list), list[len(list)/2], list[len(list)*9/10], list[len(list)-1])
	}
	if total := sent(files); tiny && total > 1_500_000 {
		t.Errorf("the site takes %d bytes, compressed", total)
	}
	if replies[0].MS > busy*1000 {
		t.Errorf("the first answer took %.0f ms", replies[0].MS)
	}
	for key, list := range times {
		if strings.HasPrefix(key, "seeds ") && list[len(list)-1] > busy*50 {
			t.Errorf("%s: %.0f ms", key, list[len(list)-1])
		}
	}
}

// difference says where two answers differ, but for times and the last digits of numbers,
// which differ from platform to platform; "" where they agree.
func difference(a, b []byte) string {
	var x, y any
	if err := json.Unmarshal(a, &x); err != nil {
		return "native: " + err.Error()
	}
	if err := json.Unmarshal(b, &y); err != nil {
		return fmt.Sprintf("browser: %v: %.200s", err, b)
	}
	return differ("", x, y)
}

// figure is the error of a check in a document.
var figure = regexp.MustCompile(`\$[0-9.]+ \\times 10\^\{-[0-9]+\}\$`)

func differ(at string, x, y any) string {
	switch x := x.(type) {
	case map[string]any:
		z, ok := y.(map[string]any)
		if !ok || len(x) != len(z) {
			return fmt.Sprintf("%s: %v, in the browser %v", at, x, y)
		}
		for _, k := range slices.Sorted(maps.Keys(x)) {
			if k == "seconds" {
				continue
			}
			w, ok := z[k]
			if !ok {
				return at + "." + k + " is missing in the browser"
			}
			if d := differ(at+"."+k, x[k], w); d != "" {
				return d
			}
		}
		return ""
	case []any:
		z, ok := y.([]any)
		if !ok || len(x) != len(z) {
			return fmt.Sprintf("%s: %v, in the browser %v", at, x, y)
		}
		for i := range x {
			if d := differ(fmt.Sprintf("%s[%d]", at, i), x[i], z[i]); d != "" {
				return d
			}
		}
		return ""
	case string:
		z, ok := y.(string)
		if ok && (x == z || strings.HasPrefix(at, ".documents") && figure.ReplaceAllString(x, "…") == figure.ReplaceAllString(z, "…")) {
			return ""
		}
	case float64:
		if z, ok := y.(float64); ok && math.Abs(x-z) <= 1e-7*max(1, math.Abs(x)) {
			return ""
		}
	}
	if x != y {
		return fmt.Sprintf("%s: %v, in the browser %v", at, x, y)
	}
	return ""
}

func TestWrite(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "site")
	if err := write(dir, map[string][]byte{"engine.bin": {1}, "a/b": {2}, "old": {3}}); err != nil {
		t.Fatal(err)
	}
	if err := write(dir, map[string][]byte{"engine.bin": {1}, "a/b": {4}}); err != nil {
		t.Fatal(err)
	}
	if data, err := os.ReadFile(filepath.Join(dir, "a", "b")); err != nil || !bytes.Equal(data, []byte{4}) {
		t.Error(data, err)
	}
	if _, err := os.Stat(filepath.Join(dir, "old")); !os.IsNotExist(err) {
		t.Error("a file of an earlier site is left")
	}
	other := t.TempDir()
	if err := os.WriteFile(filepath.Join(other, "thesis.tex"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := write(other, map[string][]byte{"engine.bin": {1}}); err == nil {
		t.Error("a directory that is no site was overwritten")
	}
}
