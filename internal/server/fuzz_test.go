package server

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"example.com/nabla/internal/gallery"
	"example.com/nabla/internal/wire"
)

// hostile are requests by people who mean no good: large, deep, wide, or long to compute.
func hostile() map[string]string {
	expr := func(e string) string {
		data, _ := json.Marshal(map[string]any{"expr": e, "wrt": "X"})
		return string(data)
	}
	const n = 200 << 10
	cases := map[string]string{
		"a power of a power":     expr("logdet(X^60 + X'*X^59 + inv(X^58))"),
		"an exponent":            expr("tr(X)^999999999"),
		"digits":                 expr("tr(X)*" + strings.Repeat("9", n)),
		"decimals":               expr("tr(X)*1e-99999999"),
		"a tower":                expr("tr(X)^" + strings.Repeat("2^", 1000) + "2"),
		"brackets":               expr(strings.Repeat("(", n) + "tr(X)"),
		"closed brackets":        expr(strings.Repeat("(", 9000) + "tr(X)" + strings.Repeat(")", 9000)),
		"signs":                  expr(strings.Repeat("-", n) + "tr(X)"),
		"transposes":             expr("tr(X" + strings.Repeat("'", n) + ")"),
		"a long sum":             expr("tr(X)" + strings.Repeat("+tr(X)", n/6)),
		"a long sum of others":   expr("tr(X)" + strings.Repeat("+x1'*X*x2", n/9)),
		"a long product":         expr("tr(" + strings.Repeat("X*", n/2) + "X)"),
		"a long Hadamard":        expr("sum(" + strings.Repeat("X.*Y.*", n/6) + "X)"),
		"nested functions":       expr(strings.Repeat("exp(", 5000) + "X" + strings.Repeat(")", 5000)),
		"nested inverses":        expr("tr(" + strings.Repeat("inv(X+", 2000) + "X" + strings.Repeat(")", 2000) + ")"),
		"nested softmax":         expr("sum(" + strings.Repeat("softmax(X*", 300) + "ones(n)" + strings.Repeat(")", 300) + ")"),
		"Kronecker products":     expr("tr(" + strings.Repeat("kron(X,", 30) + "X" + strings.Repeat(")", 30) + ")"),
		"doubling definitions":   expr(doubling(60)),
		"many definitions":       expr(strings.Repeat("a = tr(X); ", n/12) + "a"),
		"many names":             expr(names(20000)),
		"sizes":                  expr("X: matrix(999999999, 999999999); tr(X'*X)"),
		"a large size":           expr("X: matrix(10^9, 10^9); tr(X'*X)"),
		"sizes of sizes":         expr("X: matrix(" + strings.Repeat("(n+1)*", 2000) + "1, 2); tr(X'*X)"),
		"sums in sums":           expr(strings.Repeat("sum(i = 1..p, ", 200) + "tr(X)" + strings.Repeat(")", 200)),
		"the last order":         `{"expr": "tr(X^4)", "wrt": "X", "order": 1000000000}`,
		"a high order":           `{"expr": "exp(sin(x'*x))*log(1 + x'*x)", "wrt": "x", "order": 9}`,
		"many variables":         `{"expr": "x'*x", "wrt": ["x"` + strings.Repeat(`,"x"`, 20000) + `]}`,
		"many declarations":      `{"expr": "x'*x", "wrt": "x", "vars": {"x": "vector(n)"` + declarations(5000) + `}}`,
		"a long name":            expr("tr(X) + " + strings.Repeat("a", n)),
		"line ends":              expr("tr(X)" + strings.Repeat("\n", n)),
		"semicolons":             expr(strings.Repeat(";", n) + "tr(X)"),
		"comments":               expr(strings.Repeat("# a\n", n/4) + "tr(X)"),
		"nothing readable":       expr(strings.Repeat("§", n/2)),
		"marks":                  expr("X" + strings.Repeat("̈", n/2)),
		"nested JSON":            strings.Repeat("[", n),
		"nested objects":         strings.Repeat(`{"a":`, n/5),
		"a field again":          `{"expr": "tr(X)"` + strings.Repeat(`, "expr": "tr(X)"`, 10000) + `}`,
		"escapes":                `{"expr": "` + strings.Repeat(`\u0000`, n/6) + `"}`,
		"half characters":        `{"expr": "\ud800 \udc00"}`,
		"a number beyond":        `{"expr": "tr(X)", "order": 1e400}`,
		"null":                   `{"expr": null, "wrt": null, "vars": null, "order": null}`,
		"a claim that is long":   `{"expr": "tr(X*X)", "wrt": "X", "claim": "` + strings.Repeat("X+", n/2) + `X"}`,
		"entries":                `{"expr": "X*X", "wrt": "X", "entry": ["999999999999999999999", "1", "1", "1"]}`,
		"an instance":            `{"expr": "logdet(X*X')", "wrt": "X", "instance": true, "documents": ["text", "markdown", "latex"]}`,
		"sizes of code":          `{"expr": "tr(X)", "wrt": "X", "sizes": {"n": 9223372036854775807}}`,
		"a name of code":         `{"expr": "tr(X)", "wrt": "X", "name": "` + strings.Repeat("f", n) + `"}`,
		"constraints":            `{"expr": "norm2(x)^2", "wrt": "x", "subject_to": ["A*x = b"` + strings.Repeat(`, "A*x = b"`, 2000) + `]}`,
		"a family of itself":     expr("x[i] = X*x[i]; Σ_i x[i]"),
		"families of each other": expr("x[i] = X*y[i]; y[i] = x[i]; Σ_i x[i]'*y[i]"),
		"an eigenvalue problem":  `{"expr": "det(X)*tr(inv(X))*logdet(X'*X)", "wrt": "X"}`,
	}
	return cases
}

// doubling is a program whose value, written out, has 2ⁿ terms.
func doubling(n int) string {
	var b strings.Builder
	last := "X"
	for i := range n {
		name := "Y" + strings.Repeat("i", i+1)
		b.WriteString(name + " = " + last + "*" + last + "'\n")
		last = name
	}
	return b.String() + "tr(" + last + ")"
}

func names(n int) string {
	var b strings.Builder
	b.WriteString("tr(X)")
	for i := range n {
		b.WriteString(" + a" + strings.Repeat("0", 4-min(4, i%5)) + string(rune('a'+i%26)))
	}
	return b.String()
}

func declarations(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(`, "y` + strings.Repeat("y", i%200) + string(rune('a'+i%26)) + string(rune('a'+i/26%26)) + string(rune('a'+i/676%26)) + `": "matrix(m, n)"`)
	}
	return b.String()
}

// strict is a server with tight limits.
func strict() *Server {
	return New(loopback, Config{Time: 300 * time.Millisecond, Memory: 64 << 20})
}

// answered fails unless an answer is one that the interface promises.
func answered(t *testing.T, h http.Handler, method, body string) int {
	begin := time.Now()
	w := send1(h, "POST", "/api/v1/"+method, body)
	if d := time.Since(begin); d > 3*time.Second {
		t.Errorf("%s %.100q took %v", method, body, d)
	}
	if !slices.Contains([]int{200, 400, 413, 422, 503}, w.Code) {
		t.Errorf("%s %.300q: %d %.300s", method, body, w.Code, w.Body)
	}
	if !json.Valid(w.Body.Bytes()) {
		t.Errorf("%s %.300q: no JSON: %.300s", method, body, w.Body)
	}
	var e struct{ Error *wire.Error }
	if err := json.Unmarshal(w.Body.Bytes(), &e); w.Code != 200 && (err != nil || e.Error == nil || e.Error.Message == "" || e.Error.Line < 1 || e.Error.Column < 1) {
		t.Errorf("%s %.300q: %d without an error: %.300s", method, body, w.Code, w.Body)
	}
	return w.Code
}

// Every hostile request gets a stated answer in time, by every method.
func TestHostile(t *testing.T) {
	s := strict()
	for name, body := range hostile() {
		for _, m := range wire.Methods() {
			if testing.Short() && m.Name != "diff" && m.Name != "derive" {
				continue
			}
			begin := time.Now()
			status := answered(t, s.Handler(), m.Name, body)
			if d := time.Since(begin); testing.Verbose() && d > 500*time.Millisecond {
				t.Logf("%s by %s: %d after %v", name, m.Name, status, d)
			}
		}
	}
}

// FuzzCall sends any body to any method.
func FuzzCall(f *testing.F) {
	var methods []string
	for _, m := range wire.Methods() {
		methods = append(methods, m.Name)
	}
	_, list := gallery.List()
	for i, e := range list {
		body, err := json.Marshal(map[string]any{"expr": e.Expr, "wrt": e.Wrt, "order": max(e.Order, 1)})
		if err != nil {
			f.Fatal(err)
		}
		f.Add(i%len(methods), string(body))
	}
	for _, body := range []string{
		`{"expr": "norm2(X*w - y)^2", "wrt": "w", "claim": "2*X'*(X*w - y)"}`, `{"expr": "norm2(x)^2", "wrt": "x", "subject_to": ["A*x = b"]}`,
		`{"expr": "x'*A*x", "wrt": "x", "lang": "julia", "what": ["value", "grad", "hess", "hvp"], "sizes": {"n": 3}, "name": "f", "compressed": true}`,
		`{"expr": "A*X*B", "wrt": "X", "style": "colon", "detail": "brief", "shapes": true, "documents": ["text", "markdown", "latex"], "lang": "zh", "entry": ["1", "j", "2", "l"]}`,
		`{"expr": "\\|Xw-y\\|_2^2", "from": "latex", "wrt": "w"}`, `{"expr": "Σ_i (x[i]'*w)^2", "vars": {"x[i]": "vector(n), i = 1..N"}, "as": "matrix"}`,
		`{}`, `[]`, `{`, `null`, `{"expr": ""}`, `{"expr": "x'*x", "layout": "numerator", "vec": "rows", "structured": true, "constraint": "symmetric", "closed": true}`,
	} {
		for i := range methods {
			f.Add(i, body)
		}
	}
	h := strict().Handler()
	f.Fuzz(func(t *testing.T, method int, body string) {
		answered(t, h, methods[uint(method)%uint(len(methods))], body)
	})
}
