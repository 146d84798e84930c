package server

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"example.com/nabla"
	"example.com/nabla/internal/gallery"
	"example.com/nabla/internal/wire"
)

var update = flag.Bool("update", false, "rewrite what is generated in the documents")

// describe makes the description of the whole interface.
func describe(t *testing.T) []byte {
	d := &describer{t: t, names: map[reflect.Type]string{}, comments: map[string]map[string]string{}, used: map[string]bool{}}
	words["GenRequest.lang"] = nil
	for _, l := range nabla.Languages() {
		words["GenRequest.lang"] = append(words["GenRequest.lang"], l.Name)
	}
	words["GenRequest.what"] = nil
	for _, w := range nabla.Whats {
		words["GenRequest.what"] = append(words["GenRequest.what"], string(w))
	}
	ref := func(kind, name string) object { return object{{"$ref", "#/components/" + kind + "/" + name}} }
	content := func(schema any) object {
		return object{{"application/json", object{{"schema", schema}}}}
	}
	failures := object{}
	for _, f := range [][2]string{{"400", "Malformed"}, {"403", "Stranger"}, {"405", "WrongVerb"}, {"413", "TooLarge"}, {"415", "NoJSON"}, {"421", "WrongHost"},
		{"422", "Mistake"}, {"500", "Fault"}, {"503", "Busy"}} {
		failures = append(failures, member{f[0], ref("responses", f[1])})
	}
	paths := object{}
	for _, m := range wire.Methods() {
		answer := object{{"description", "The answer."}, {"content", content(d.schema(reflect.TypeOf(m.Answer())))}}
		op := object{{"operationId", m.Name}, {"summary", m.Doc}}
		item := object{}
		if m.Lists {
			item = append(item, member{"get", append(slices.Clone(op), member{"responses", object{{"200", answer},
				{"304", object{{"description", "The client has the answer already, by its ETag."}}}, {"403", ref("responses", "Stranger")}, {"421", ref("responses", "WrongHost")}}})})
			op[0].value = m.Name + "ByPost"
			op = append(op, member{"requestBody", object{{"content", content(object{{"type", "object"}, {"additionalProperties", false}})}}})
		} else {
			example := examples[m.Name]
			if !json.Valid([]byte(example)) {
				t.Fatalf("%s has no example", m.Name)
			}
			body := object{{"schema", d.schema(reflect.TypeOf(m.Request()))}, {"example", json.RawMessage(example)}}
			op = append(op, member{"requestBody", object{{"required", true}, {"content", object{{"application/json", body}}}}})
		}
		op = append(op, member{"responses", append(object{{"200", answer}}, failures...)})
		paths = append(paths, member{"/api/v1/" + m.Name, append(item, member{"post", op})})
	}
	text := func(kind, schema string) object {
		return object{{kind, object{{"schema", object{{"type", schema}}}}}}
	}
	simple := func(id, summary string, content object) object {
		return object{{"get", object{{"operationId", id}, {"summary", summary}, {"responses", object{{"200", object{{"description", "The answer."}, {"content", content}}}}}}}}
	}
	paths = append(paths,
		member{"/api/v1/openapi.json", simple("openapi", "This description.", text("application/json", "object"))},
		member{"/healthz", simple("healthz", "Whether the server takes requests.", text("application/json", "object"))},
		member{"/metrics", simple("metrics", "Metrics in the text format of Prometheus.", text("text/plain", "string"))})
	failure := object{{"type", "object"}, {"properties", object{{"error", d.schema(reflect.TypeFor[wire.Error]())}}}, {"required", []string{"error"}}}
	d.schemas = append(d.schemas, member{"Failure", failure})
	slices.SortFunc(d.schemas, func(a, b member) int { return strings.Compare(a.name, b.name) })
	retry := object{{"Retry-After", object{{"description", "Seconds after which to try again."}, {"schema", object{{"type", "integer"}}}}}}
	responses := object{}
	for _, r := range [][2]string{
		{"Malformed", "The request is no JSON object of the fields that are known."},
		{"Stranger", "Pages of that origin may not ask this server."},
		{"WrongVerb", "The address takes other methods of HTTP, which the header Allow lists."},
		{"TooLarge", "The request is larger than 256 KiB."},
		{"NoJSON", "The request has another Content-Type than application/json."},
		{"WrongHost", "The Host header does not name this server."},
		{"Mistake", "The expression, a declaration, a claim or a constraint is wrong; the error says where."},
		{"Fault", "A fault of nabla; the error has its number in the log."},
		{"Busy", "The request took more time or memory than it may, or the server is busy."},
	} {
		body := object{{"description", r[1]}}
		if r[0] == "Busy" {
			body = append(body, member{"headers", retry})
		}
		responses = append(responses, member{r[0], append(body, member{"content", content(ref("schemas", "Failure"))})})
	}
	for key := range words {
		if !d.used[key] && key != "Problem.from" {
			t.Errorf("no field %s", key)
		}
	}
	out, err := wire.Marshal(object{
		{"openapi", "3.1.0"},
		{"info", object{{"title", "nabla"}, {"version", "1"}, {"summary", "Derivatives of matrix expressions, with derivation, checks and code."},
			{"description", "Each method takes a JSON object and returns one. See docs/api.md for examples and docs/language.md for the language of expressions."},
			{"license", object{{"name", "See LICENSE"}}}}},
		{"servers", []any{object{{"url", "http://127.0.0.1:8765"}, {"description", "nabla serve"}}}},
		{"paths", paths},
		{"components", object{{"schemas", d.schemas}, {"responses", responses}}},
	}, "  ")
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// The description that is served is that of the types that are.
func TestOpenAPI(t *testing.T) {
	file := filepath.Join("..", "..", "docs", "openapi.json")
	want := describe(t)
	if *update {
		if err := os.WriteFile(file, want, 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	w := send1(Handler(), "GET", "/api/v1/openapi.json", "")
	if w.Code != 200 || w.Header().Get("Content-Type") != "application/json" {
		t.Fatalf("%d %v", w.Code, w.Header())
	}
	if !bytes.Equal(w.Body.Bytes(), want) {
		t.Errorf("docs/openapi.json is not what the types say: go test ./internal/server -run TestOpenAPI -update\n%s", differ(w.Body.String(), string(want)))
	}
}

// differ shows the first lines that are not equal.
func differ(got, want string) string {
	a, b := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return fmt.Sprintf("line %d is\n%s\nwant\n%s", i+1, a[i], b[i])
		}
	}
	return fmt.Sprintf("%d lines, want %d", len(a), len(b))
}

// What the server answers is as described: for each example of the gallery by each method,
// for requests with every option, and for mistakes.
func TestAnswersAsDescribed(t *testing.T) {
	v := newValidator(t)
	h := Handler()
	answers := map[string]int{}
	try := func(method, body string) {
		t.Helper()
		var request any
		if err := json.Unmarshal([]byte(body), &request); err != nil {
			t.Fatalf("%s: %v", body, err)
		}
		w := send1(h, "POST", "/api/v1/"+method, body)
		answers[fmt.Sprint(method, w.Code)]++
		if w.Code == 200 {
			if wrong := v.check(method, request, v.schemaOf(method, 0)); wrong != "" {
				t.Errorf("request %.200s: %s", body, wrong)
			}
		}
		var answer any
		if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil {
			t.Fatalf("%s %s: %v", method, body, err)
		}
		if wrong := v.check(method, answer, v.schemaOf(method, w.Code)); wrong != "" {
			t.Errorf("answer to %s %.200s: %s", method, body, wrong)
		}
	}
	_, list := gallery.List()
	for _, m := range wire.Methods() {
		if m.Lists {
			try(m.Name, "{}")
			continue
		}
		try(m.Name, examples[m.Name])
		try(m.Name, `{"expr": "x'*("}`)
		try(m.Name, `{"expr": "x", "option": 1}`)
		try(m.Name, `{"expr": 1}`)
		if answers[m.Name+"200"] == 0 || answers[m.Name+"422"] == 0 || answers[m.Name+"400"] == 0 {
			t.Errorf("%s: %v", m.Name, answers)
		}
		for i, e := range list {
			if testing.Short() && i%10 != 0 {
				continue
			}
			q := map[string]any{"expr": e.Expr, "wrt": e.Wrt, "order": min(max(e.Order, 1), 2), "vec": "rows", "layout": "numerator"}
			switch m.Name {
			case "derive":
				q["documents"], q["shapes"], q["instance"], q["lang"] = []string{"text", "markdown", "latex"}, true, true, "zh"
			case "verify":
				q["wrt"], q["claim"] = e.Wrt[0], e.Wrt[0]
			case "gen":
				q["what"], q["sizes"] = []string{"value", "grad"}, map[string]int{"n": 3}
			case "graph":
				q["documents"], q["instance"] = []string{"svg", "dot"}, true
			case "diff", "inspect":
				q["show"] = []string{"ast", "dag", "index", "trace"}
			}
			body, err := json.Marshal(q)
			if err != nil {
				t.Fatal(err)
			}
			try(m.Name, string(body))
		}
	}
	for _, m := range wire.Methods() {
		if !m.Lists && answers[m.Name+"200"] < 10 {
			t.Errorf("%s: %v", m.Name, answers)
		}
	}
}
