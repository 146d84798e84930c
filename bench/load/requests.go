package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"

	"example.com/nabla/internal/gallery"
)

// A kind is a kind of client, with the statuses that it may get.
type kind struct {
	name string
	next func(r *rand.Rand) request
}

// A request is what is sent, and what may come back besides 503.
type request struct {
	verb, path, contentType string
	body                    string
	want                    []int
	gone                    bool // the client closes the connection without waiting
}

// A mix says how many of a hundred requests are of which kind.
type mix struct {
	name  string
	parts []part
}

type part struct {
	percent int
	kind    *kind
}

var mixes = []mix{
	{"usual", []part{{60, &short}, {15, &longer}, {10, &files}, {8, &mistakes}, {5, &hostile}, {2, &leavers}}},
	{"flood", []part{{40, &short}, {5, &mistakes}, {50, &hostile}, {5, &leavers}}},
}

// pick chooses a kind.
func (m mix) pick(r *rand.Rand) *kind {
	n := r.IntN(100)
	for _, p := range m.parts {
		if n -= p.percent; n < 0 {
			return p.kind
		}
	}
	return m.parts[0].kind
}

var _, examples = gallery.List()

// ask is a request about an expression.
func ask(method string, fields map[string]any, want ...int) request {
	body, err := json.Marshal(fields)
	if err != nil {
		panic(err)
	}
	return request{verb: "POST", path: "/api/v1/" + method, contentType: "application/json", body: string(body), want: want}
}

func about(r *rand.Rand, method string) request {
	e := examples[r.IntN(len(examples))]
	return ask(method, map[string]any{"expr": e.Expr, "wrt": e.Wrt, "order": max(1, min(e.Order, 2))}, 200)
}

var (
	// short are what a page asks while one types and when one has finished.
	short = kind{"inspect, diff", func(r *rand.Rand) request {
		return about(r, []string{"inspect", "inspect", "diff"}[r.IntN(3)])
	}}
	longer = kind{"derive, gen, graph", func(r *rand.Rand) request {
		return about(r, []string{"derive", "gen", "graph"}[r.IntN(3)])
	}}
	files = kind{"page, lists", func(r *rand.Rand) request {
		return request{verb: "GET", path: []string{"/", "/main.js", "/assets/katex/katex.min.css", "/api/v1/examples", "/healthz", "/metrics"}[r.IntN(6)], want: []int{200}}
	}}
	mistakes = kind{"mistakes", func(r *rand.Rand) request {
		switch r.IntN(6) {
		case 0:
			return ask("diff", map[string]any{"expr": "x'*A*", "wrt": "x"}, 422)
		case 1:
			return ask("derive", map[string]any{"expr": "A*B", "vars": map[string]string{"A": "matrix(m, n)", "B": "matrix(p, q)"}}, 422)
		case 2:
			q := ask("diff", nil, 400)
			q.body = `{"expr": "x'*x", "wrt"`
			return q
		case 3:
			q := ask("diff", map[string]any{"expr": "x"}, 415)
			q.contentType = "text/plain"
			return q
		case 4:
			return ask("diff", map[string]any{"expr": strings.Repeat("x + ", 80<<10) + "x"}, 413)
		}
		return ask("integrate", nil, 404)
	}}
	hostile = kind{"hostile", func(r *rand.Rand) request { return heavy(r) }}
	leavers = kind{"leave early", func(r *rand.Rand) request {
		q := heavy(r)
		q.gone = true
		return q
	}}
)

// heavy is a request that takes long, of which nearly none is like another.
func heavy(r *rand.Rand) request {
	x := fmt.Sprintf("X%d", r.IntN(1e9))
	p := 30 + r.IntN(30)
	expr, order := "", 1
	switch r.IntN(5) {
	case 0: // a large Hessian
		expr, order = fmt.Sprintf("logdet(%[1]s^%[2]d + %[1]s'*%[1]s^%[3]d)", x, p, p-1), 2
	case 1: // deep
		expr = "sum(" + strings.Repeat("softmax("+x+"*", 4*p) + "ones(n)" + strings.Repeat(")", 4*p) + ")"
	case 2: // wide
		var b strings.Builder
		b.WriteString("tr(" + x + ")")
		for i := range 100 * p {
			fmt.Fprintf(&b, " + log(1 + a%d'*%s*b%d)", i, x, i)
		}
		expr = b.String()
	case 3: // many terms from few characters
		expr = fmt.Sprintf("tr((%[1]s + A + B*C + diag(u) + u*v')^%[2]d)", x, 6+r.IntN(8))
		order = 2
	case 4: // a value that doubles
		last := x
		var b strings.Builder
		for i := range p {
			fmt.Fprintf(&b, "Y%d = %s*%s' + %s\n", i, last, last, last)
			last = fmt.Sprintf("Y%d", i)
		}
		expr = b.String() + "logdet(" + last + ")"
	}
	return ask([]string{"diff", "derive", "solve", "convex", "graph"}[r.IntN(5)], map[string]any{"expr": expr, "wrt": x, "order": order}, 200, 422)
}
