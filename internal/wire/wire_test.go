package wire

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"
	"unicode"
)

// Each row is a method, a request and a part of the answer.
func TestCall(t *testing.T) {
	for _, c := range []struct{ method, request, want string }{
		{"diff", `{"expr": "norm2(X*w - y)^2", "wrt": "w"}`, `"text":"2 Xᵀ(X w − y)"`},
		{"diff", `{"expr": "tr(S*A)", "wrt": ["S"], "vars": {"S": "matrix(n, n) symmetric"}, "structured": true}`, `"structured":"symmetric"`},
		{"diff", `{"expr": "A*x", "wrt": "x", "layout": "numerator"}`, `"layout":"numerator"`},
		{"diff", `{"expr": "logsumexp(x)", "order": 2}`, `"symbol_latex":"\\frac{\\partial^{2} f}{\\partial x \\, \\partial x^\\top}"`},
		{"derive", `{"expr": "x'*A*x", "wrt": "x", "documents": ["markdown"], "lang": "zh"}`, `"markdown":"#`},
		{"derive", `{"expr": "x'*A*x", "wrt": "x", "style": "colon"}`, `"paper":{"title":`},
		{"verify", `{"expr": "norm2(X*w - y)^2", "wrt": "w", "claim": "X'*(X*w - y)"}`, `"equal":false`},
		{"verify", `{"expr": "norm2(X*w - y)^2", "wrt": "w", "claim": "2X^\\top(Xw-y)", "claim_from": "latex"}`, `"equal":true`},
		{"verify", `{"expr": "l = -y'*log(softmax(W*x))", "vars": {"y": "vector(m) onehot"}, "wrt": "W", "claim": "\\mathrm{d}l = 0 \\\\\n\\frac{\\partial l}{\\partial W} = x y^\\top", "claim_from": "latex"}`, `"first_wrong_line":1`},
		{"verify", `{"expr": "l = norm2(X*w - y)^2", "wrt": "w", "claim": "dl = 2*(X*w - y)'*X*dw\n∂l/∂w = 2*X'*(X*w - y)"}`,
			`"symbol_latex":"\\mathrm{d}l","text":"2 (X w − y)ᵀ X dw","language":"2*(X*w - y)'*X*dw","latex":"2 (X w - y)^\\top X \\, \\mathrm{d}w"`},
		{"verify", `{"expr": "z_1 = X*w - y; l = norm2(z_1)^2", "wrt": "w", "claim": "z_1 = X*w"}`, `"claim":{"symbol":"z_1","symbol_latex":"z_1","text":"X·w"`},
		{"verify", `{"expr": "norm2(X*w1)^2", "wrt": "w1", "claim": "X'*X*w1"}`, `"variables":[{"name":"X","name_latex":"X","kind":"matrix"`},
		{"diff", `{"expr": "Sigma*x_1", "wrt": "x_1"}`, `"variables":[{"name":"Sigma","name_latex":"\\Sigma","decl"`},
		{"convex", `{"expr": "w1: scalar; g = sin(w1)", "wrt": "w1"}`, `"from":[{"name":"w1","name_latex":"w_1","rows"`},
		{"solve", `{"expr": "norm2(X*w1 - y)^2", "wrt": "w1"}`, `"symbol_latex":"w_1","text"`},
		{"solve", `{"expr": "norm2(X*w - y)^2", "wrt": "w"}`, `"outcome":"solved"`},
		{"solve", `{"expr": "norm2(x)^2", "wrt": "x", "subject_to": ["A*x = b"]}`, `"constraints":["A·x = b"]`},
		{"convex", `{"expr": "logsumexp(A*x)", "wrt": "x"}`, `"curvature":"convex"`},
		{"gen", `{"expr": "norm2(X*w - y)^2", "wrt": "w", "lang": "julia", "what": ["grad"]}`, `"files":[{"name":`},
		{"graph", `{"expr": "norm2(X*w - y)^2"}`, `"operator":"‖·‖²","formula":{"text":"‖v2‖²"`},
		{"graph", `{"expr": "norm2(X*w - y)^2", "instance": true, "direction": "down", "documents": ["svg", "dot"]}`, `"documents":{"dot":"digraph nabla {`},
		{"gen", `{"expr": "x: vector(1); sum(x)*B", "wrt": "x", "what": ["jac"]}`, `"files":[{"name":`},
		{"inspect", `{"expr": "z = X*w; l = norm2(z - y)^2"}`, `"definitions":[{"symbol":"z","symbol_latex":"z","text":"X·w"`},
		{"inspect", `{"expr": "A*X = B"}`, `"text":"A·X = B"`},
		{"inspect", `{"expr": "sum(i, (w'*x[i])^2)", "vars": {"x[i]": "vector(n), i = 1..N"}}`, `"kind":"vector","sizes":["n"],"range":"i = 1..N"`},
		{"languages", ``, `{"name":"numpy",`},
		{"ops", `{}`, `"name":"kron"`},
		{"examples", ``, `{"id":"s05-quadratic-form","topic":"basics","title":{"en":"The quadratic form","zh":"二次型"}`},
	} {
		got, err := Call(t.Context(), c.method, []byte(c.request))
		if err != nil {
			t.Errorf("%s %s: %s", c.method, c.request, err.Message)
			continue
		}
		if !strings.Contains(string(got), c.want) || !json.Valid(got) {
			t.Errorf("%s %s: no %s in\n%s", c.method, c.request, c.want, got)
		}
	}
}

// Each row is a request and its error as JSON, without the rendered text.
func TestCallErrors(t *testing.T) {
	for _, c := range []struct{ method, request, want string }{
		{"diff", `{"expr": "exp(A*B)", "wrt": "A", "vars": {"A": "matrix(m, n)", "B": "matrix(p, n)"}}`,
			`{"code":"input","line":1,"column":6,"end_line":1,"end_column":7,"message":"cannot multiply A (m × n) by B (p × n): inner dimensions n and p differ","hint":"A*B' has matching shapes"}`},
		{"diff", `{"expr": "x'*y", "wrt": "x", "vars": {"x": "vecto(n)"}}`,
			`{"code":"input","line":1,"column":1,"end_line":1,"end_column":6,"in":"x","message":"expected matrix, vector, scalar or function, found vecto","hint":"a declaration has the form X: matrix(m, n)"}`},
		{"diff", `{"exp": "x"}`, `{"code":"request","line":1,"column":1,"end_line":1,"end_column":1,"message":"no field is called \"exp\""}`},
		{"diff", `[]`, `{"code":"request","line":1,"column":1,"end_line":1,"end_column":1,"message":"a request is a JSON object, found an array"}`},
		{"diff", `{"expr": "x", "order": "2"}`, `{"code":"request","line":1,"column":26,"end_line":1,"end_column":26,"message":"order is an integer, found a string"}`},
		{"diff", `{"expr": "x"} 1`, `{"code":"request","line":1,"column":15,"end_line":1,"end_column":15,"message":"a request is one JSON object, more follows"}`},
		{"diff", `{"expr": "x"}}`, `{"code":"request","line":1,"column":14,"end_line":1,"end_column":14,"message":"a request is one JSON object, more follows"}`},
		{"diff", `{"expr": "x"`, `{"code":"request","line":1,"column":12,"end_line":1,"end_column":12,"message":"a request is one JSON object: unexpected end of JSON input"}`},
		{"diff", `{"expr": "x'*x", "layout": "both"}`, `{"code":"request","line":1,"column":1,"end_line":1,"end_column":1,"message":"layout is denominator or numerator, found \"both\""}`},
		{"graph", `{"expr": "x'*x", "direction": "up"}`, `{"code":"request","line":1,"column":1,"end_line":1,"end_column":1,"message":"direction is right or down, found \"up\""}`},
		{"verify", `{"expr": "x'*x", "wrt": "x", "claim": "2(x", "claim_from": "latex"}`,
			`{"code":"input","line":1,"column":2,"end_line":1,"end_column":3,"in":"claim","message":"unbalanced bracket: ( is never closed"}`},
		{"verify", `{"expr": "x'*", "wrt": "x", "claim": "2x", "claim_from": "latex"}`,
			`{"code":"input","line":1,"column":4,"end_line":1,"end_column":4,"message":"expected an expression after *, found end of input"}`},
		{"differ", `{}`, `{"code":"method","line":1,"column":1,"end_line":1,"end_column":1,"message":"no method is called \"differ\""}`},
	} {
		_, err := Call(t.Context(), c.method, []byte(c.request))
		if err == nil {
			t.Errorf("%s %s: no error", c.method, c.request)
			continue
		}
		plain := *err
		han := func(s string) bool {
			return strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) })
		}
		if !han(err.MessageZH) || len(err.NotesZH) != len(err.Notes) || (err.Hint == "") != (err.HintZH == "") || err.Rendered != "" && !strings.Contains(err.RenderedZH, err.MessageZH) {
			t.Errorf("%s %s: in Chinese %+v", c.method, c.request, plain)
		}
		err.Rendered, err.RenderedZH, err.MessageZH, err.HintZH = "", "", "", ""
		got, _ := Marshal(err, "")
		if strings.Replace(strings.TrimSpace(string(got)), `,"message_zh":""`, "", 1) != c.want {
			t.Errorf("%s %s:\n%s\nwant\n%s", c.method, c.request, got, c.want)
		}
	}
}

// Lines take fields that they do not know, defaults, and have errors of their own form.
func TestLine(t *testing.T) {
	d := LineDefaults{Layout: "numerator", NoCheck: true}
	for _, c := range []struct{ line, want string }{
		{`{"id":1,"expr":"A*x","wrt":"x","other":2}`, `"id":1,"ok":true,"wrt":["x"],"shape":["m","n"],"layout":"numerator"`},
		{`{"id":1,"expr":"A*x","wrt":"x","layout":"denominator"}`, `"layout":"denominator"`},
		{`{"id":[2],"expr":"x'*","wrt":"x"}`, `{"id":[2],"ok":false,"error":{"line":1,"column":4,"message":"expected an expression after *, found end of input","hint":""}}`},
		{`{"id":3,"expr":"x'*x","wrt":"x","from":"tex"}`, `{"id":3,"ok":false,"error":{"line":1,"column":1,"message":"from is language or latex, found \"tex\"","hint":""}}`},
		{`{"id":4,"expr":"x'*x","wrt":"x"} {}`, `{"id":null,"ok":false,"error":{"line":1,"column":34,"message":"a request is one JSON object, more follows","hint":""}}`},
		{`{"id":5,"expr":"A*A'*B*x","wrt":"x","vars":{"A":"matrix(m,n)","B":"matrix(p,q)"}}`, `"more":[{"line":1,"column":5,"message":"cannot multiply`},
	} {
		if got := string(Line([]byte(c.line), d)); !strings.Contains(got, c.want) {
			t.Errorf("%s: no %s in\n%s", c.line, c.want, got)
		}
	}
}

func TestCallContext(t *testing.T) {
	ctx, cancel := context.WithDeadline(t.Context(), time.Now())
	defer cancel()
	if _, err := Call(ctx, "diff", []byte(`{"expr": "x'*x"}`)); err == nil || err.Code != CodeLimit || err.Status() != 503 {
		t.Errorf("a request past its time: %v", err)
	}
}

// Every method that computes ends with the time and the memory it has.
func TestCallLimits(t *testing.T) {
	heavy := map[string]string{
		"diff":   `{"expr": "logdet(X^40 + X'*X^39)", "wrt": "X", "order": 2}`,
		"derive": `{"expr": "logdet(X^40 + X'*X^39)", "wrt": "X", "order": 2}`,
		"verify": `{"expr": "logdet(X^40 + X'*X^39)", "wrt": "X", "order": 2, "claim": "X"}`,
		"gen":    `{"expr": "logdet(X^40 + X'*X^39)", "wrt": "X", "what": ["hess"]}`,
		"solve":  `{"expr": "logdet(X^40 + X'*X^39)", "wrt": "X"}`,
		"convex": `{"expr": "logdet(X^40 + X'*X^39)", "wrt": "X"}`,
	}
	for _, m := range Methods() {
		body, ok := heavy[m.Name]
		if !ok {
			continue
		}
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Millisecond)
		begin := time.Now()
		_, err := Call(ctx, m.Name, []byte(body))
		cancel()
		if err == nil || err.Code != CodeLimit || !strings.Contains(err.Message, "longer than it may") || time.Since(begin) > time.Second {
			t.Errorf("%s with 3 ms: %v after %v", m.Name, err, time.Since(begin))
		}
		_, err = Call(WithMemory(t.Context(), 1<<12), m.Name, []byte(body))
		if err == nil || err.Code != CodeLimit || !strings.Contains(err.Message, "more memory than it may: 4 KiB") {
			t.Errorf("%s with 4 KiB: %v", m.Name, err)
		}
	}
}
