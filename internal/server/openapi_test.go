package server

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
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

// An object is a JSON object whose members keep their order.
type object []member

type member struct {
	name  string
	value any
}

func (o object) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, m := range o {
		if i > 0 {
			b.WriteByte(',')
		}
		name, err := wire.Marshal(m.name, "")
		if err != nil {
			return nil, err
		}
		value, err := wire.Marshal(m.value, "")
		if err != nil {
			return nil, err
		}
		b.Write(bytes.TrimSpace(name))
		b.WriteByte(':')
		b.Write(bytes.TrimSpace(value))
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// words are the fields that take or have one of a few words, by type and name.
var words = map[string][]string{
	"Problem.layout": {"denominator", "numerator"}, "Problem.vec": {"columns", "rows"}, "Problem.from": {"", "latex"},
	"Problem.constraint":    {"", "symmetric", "diagonal", "none"},
	"DiffRequest.show":      {"ast", "dag", "index", "trace"},
	"DeriveRequest.style":   {"trace", "colon"},
	"DeriveRequest.detail":  {"full", "brief"},
	"DeriveRequest.as":      {"sum", "matrix"},
	"DeriveRequest.lang":    {"en", "zh"},
	"GraphRequest.lang":     {"en", "zh"},
	"GraphRequest.theme":    {"light", "dark"},
	"Derivative.layout":     {"denominator", "numerator"},
	"Derivative.vec":        {"columns", "rows"},
	"Derivative.form":       {"matrix", "kronecker", "index"},
	"Derivative.structured": {"symmetric", "diagonal"},
	"Verdict.layout":        {"denominator", "numerator"},
	"Variable.kind":         {"scalar", "vector", "matrix", "function"},
	"Solution.outcome":      {"solved", "eigenvectors", "no closed form", "no stationary point", "no solution", "every point", "not unique"},
	"Curvature.curvature":   {"affine", "convex", "concave", "conditional", "neither", "unknown"},
	"Error.code":            {wire.CodeInput, wire.CodeRequest, wire.CodeMethod, wire.CodeLimit, wire.CodeInternal},
	"Example.layout":        {"denominator", "numerator"},
	"Example.vec":           {"columns", "rows"},
}

// examples are a request for each method.
var examples = map[string]string{
	"diff":    `{"expr": "norm2(X*w - y)^2", "wrt": "w"}`,
	"derive":  `{"expr": "x'*A*x", "wrt": "x", "lang": "en", "documents": ["markdown"]}`,
	"verify":  `{"expr": "x'*A*x", "wrt": "x", "claim": "2*A*x"}`,
	"solve":   `{"expr": "norm2(X*w - y)^2 + c*norm2(w)^2", "vars": {"c": "scalar positive"}, "wrt": "w"}`,
	"convex":  `{"expr": "logsumexp(A*x + b)", "wrt": "x"}`,
	"gen":     `{"expr": "norm2(X*w - y)^2", "wrt": "w", "lang": "julia", "what": ["value", "grad"]}`,
	"inspect": `{"expr": "z = X*w; l = norm2(z - y)^2", "wrt": "w"}`,
	"graph":   `{"expr": "norm2(X*w - y)^2", "wrt": "w"}`,
}

// A describer makes schemas of Go types.
type describer struct {
	t        *testing.T
	names    map[reflect.Type]string
	schemas  object
	comments map[string]map[string]string // by the path of a package, then Type or Type.Field
	used     map[string]bool              // of words
}

// schema describes a type: a struct with a name by reference.
func (d *describer) schema(t reflect.Type) any {
	switch t {
	case reflect.TypeFor[wire.Declarations]():
		return object{{"type", "object"}, {"additionalProperties", object{{"type", "string"}}}}
	case reflect.TypeFor[wire.Names]():
		return object{{"oneOf", []any{object{{"type", "string"}}, object{{"type", "array"}, {"items", object{{"type", "string"}}}}}}}
	}
	switch t.Kind() {
	case reflect.Pointer:
		return d.schema(t.Elem())
	case reflect.String:
		return object{{"type", "string"}}
	case reflect.Bool:
		return object{{"type", "boolean"}}
	case reflect.Int, reflect.Int64:
		return object{{"type", "integer"}}
	case reflect.Float64:
		return object{{"type", "number"}}
	case reflect.Slice:
		return object{{"type", "array"}, {"items", d.schema(t.Elem())}}
	case reflect.Array:
		return object{{"type", "array"}, {"items", d.schema(t.Elem())}, {"minItems", t.Len()}, {"maxItems", t.Len()}}
	case reflect.Map:
		return object{{"type", "object"}, {"additionalProperties", d.schema(t.Elem())}}
	case reflect.Struct:
		return object{{"$ref", "#/components/schemas/" + d.named(t)}}
	}
	d.t.Fatalf("no schema for %v", t)
	return nil
}

// named adds a struct to the schemas and returns its name there. Types of the same name
// in different packages have the same schema.
func (d *describer) named(t reflect.Type) string {
	if name, ok := d.names[t]; ok {
		return name
	}
	name := t.Name()
	for other, taken := range d.names {
		if taken == name && other != t {
			if !sameFields(other, t) {
				name = strings.ToUpper(t.PkgPath()[strings.LastIndex(t.PkgPath(), "/")+1:][:1]) + t.PkgPath()[strings.LastIndex(t.PkgPath(), "/")+1:][1:] + name
				break
			}
			d.names[t] = name
			return name
		}
	}
	d.names[t] = name
	at := len(d.schemas)
	d.schemas = append(d.schemas, member{name, nil})
	s := object{{"type", "object"}}
	if doc := d.comment(t, ""); doc != "" {
		s = append(s, member{"description", doc})
	}
	properties, required := d.fields(t)
	s = append(s, member{"properties", properties})
	if len(required) > 0 {
		s = append(s, member{"required", required})
	}
	if strings.HasSuffix(name, "Request") {
		s = append(s, member{"additionalProperties", false})
	}
	d.schemas[at].value = s
	return name
}

func sameFields(a, b reflect.Type) bool {
	if a.NumField() != b.NumField() {
		return false
	}
	for i := range a.NumField() {
		if a.Field(i).Tag != b.Field(i).Tag || a.Field(i).Type.Kind() != b.Field(i).Type.Kind() {
			return false
		}
	}
	return true
}

// fields are the properties of a struct, and those that are always there.
func (d *describer) fields(t reflect.Type) (properties object, required []string) {
	for i := range t.NumField() {
		f := t.Field(i)
		tag := f.Tag.Get("json")
		if f.Anonymous && tag == "" {
			inner := f.Type
			if inner.Kind() == reflect.Pointer {
				inner = inner.Elem()
			}
			more, always := d.fields(inner)
			properties, required = append(properties, more...), append(required, always...)
			continue
		}
		if tag == "-" || !f.IsExported() {
			continue
		}
		name, options, _ := strings.Cut(tag, ",")
		if name == "" {
			d.t.Errorf("%v.%s has no name in JSON", t, f.Name)
		}
		s, ok := d.schema(f.Type).(object)
		if !ok {
			d.t.Fatalf("%v.%s has no schema", t, f.Name)
		}
		key := t.Name() + "." + name
		if list, ok := words[key]; ok {
			d.used[key] = true
			s = enumerate(s, list)
		}
		if doc := d.comment(t, f.Name); doc != "" {
			s = append(s, member{"description", doc})
		}
		properties = append(properties, member{name, s})
		if !strings.Contains(options, "omitempty") && !strings.Contains(options, "omitzero") {
			required = append(required, name)
		}
	}
	return properties, required
}

// enumerate restricts a string, or the strings in a list, to some words.
func enumerate(s object, list []string) object {
	for i, m := range s {
		if m.name == "items" {
			s = slices.Clone(s)
			s[i].value = enumerate(m.value.(object), list)
			return s
		}
	}
	return append(slices.Clone(s), member{"enum", list})
}

// comment is what the source says of a type or of its field.
func (d *describer) comment(t reflect.Type, field string) string {
	path := t.PkgPath()
	all, ok := d.comments[path]
	if !ok {
		all = readComments(d.t, filepath.Join("..", "..", strings.TrimPrefix(strings.TrimPrefix(path, "example.com/nabla"), "/")))
		d.comments[path] = all
	}
	if field != "" {
		return all[t.Name()+"."+field]
	}
	return all[t.Name()]
}

// readComments reads the comments of the types of a package, as sentences.
func readComments(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no source in %s: %v", dir, err)
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		for _, decl := range file.Decls {
			g, ok := decl.(*ast.GenDecl)
			if !ok {
				continue
			}
			for _, spec := range g.Specs {
				ts, ok := spec.(*ast.TypeSpec)
				if !ok {
					continue
				}
				s, ok := ts.Type.(*ast.StructType)
				if !ok {
					continue
				}
				out[ts.Name.Name] = sentence(g.Doc)
				for _, f := range s.Fields.List {
					doc := sentence(f.Doc)
					if doc == "" {
						doc = sentence(f.Comment)
					}
					for _, n := range f.Names {
						out[ts.Name.Name+"."+n.Name] = doc
					}
				}
			}
		}
	}
	return out
}

func sentence(c *ast.CommentGroup) string { return strings.Join(strings.Fields(c.Text()), " ") }

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

// A validator compares values with schemas. Beyond what schemas say it refuses members
// that they do not name: what is returned is to be described.
type validator struct{ root map[string]any }

func newValidator(t *testing.T) *validator {
	v := &validator{}
	if err := json.Unmarshal(openAPI(), &v.root); err != nil {
		t.Fatal(err)
	}
	return v
}

func (v *validator) resolve(s map[string]any) map[string]any {
	for {
		ref, ok := s["$ref"].(string)
		if !ok {
			return s
		}
		var at any = v.root
		for part := range strings.SplitSeq(strings.TrimPrefix(ref, "#/"), "/") {
			at = at.(map[string]any)[part]
		}
		s = at.(map[string]any)
	}
}

// check returns what is wrong with a value, "" if nothing is.
func (v *validator) check(path string, value any, schema map[string]any) string {
	s := v.resolve(schema)
	if list, ok := s["oneOf"].([]any); ok {
		for _, one := range list {
			if v.check(path, value, one.(map[string]any)) == "" {
				return ""
			}
		}
		return path + " is none of the forms"
	}
	if list, ok := s["enum"].([]any); ok && !slices.Contains(list, value) {
		return fmt.Sprintf("%s is %v, not one of %v", path, value, list)
	}
	kind, _ := s["type"].(string)
	switch x := value.(type) {
	case string:
		if kind == "string" {
			return ""
		}
	case bool:
		if kind == "boolean" {
			return ""
		}
	case float64:
		if kind == "number" || kind == "integer" && x == float64(int64(x)) {
			return ""
		}
	case []any:
		if kind != "array" {
			break
		}
		if n, ok := s["minItems"].(float64); ok && len(x) != int(n) {
			return fmt.Sprintf("%s has %d items", path, len(x))
		}
		for i, item := range x {
			if wrong := v.check(fmt.Sprintf("%s[%d]", path, i), item, s["items"].(map[string]any)); wrong != "" {
				return wrong
			}
		}
		return ""
	case map[string]any:
		if kind != "object" {
			break
		}
		properties, _ := s["properties"].(map[string]any)
		for name, one := range x {
			inner, ok := properties[name].(map[string]any)
			if !ok {
				inner, ok = s["additionalProperties"].(map[string]any)
			}
			if !ok {
				return path + " has a member that is not described: " + name
			}
			if wrong := v.check(path+"."+name, one, inner); wrong != "" {
				return wrong
			}
		}
		required, _ := s["required"].([]any)
		for _, name := range required {
			if _, ok := x[name.(string)]; !ok {
				return fmt.Sprintf("%s has no %v", path, name)
			}
		}
		return ""
	}
	return fmt.Sprintf("%s is %T, not %s", path, value, kind)
}

// schemaOf returns the schema of a request (status 0) or an answer.
func (v *validator) schemaOf(method string, status int) map[string]any {
	op := v.root["paths"].(map[string]any)["/api/v1/"+method].(map[string]any)["post"].(map[string]any)
	part := op["requestBody"]
	if status != 0 {
		part = op["responses"].(map[string]any)[fmt.Sprint(status)]
	}
	content := v.resolve(part.(map[string]any))["content"].(map[string]any)
	return content["application/json"].(map[string]any)["schema"].(map[string]any)
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

// The validator sees what is wrong.
func TestValidator(t *testing.T) {
	v := newValidator(t)
	for _, bad := range []string{
		`{}`, `[]`, `null`, `{"expr": 1}`, `{"expr": "x", "unknown": 1}`, `{"expr": "x", "layout": "both"}`, `{"expr": "x", "wrt": 1}`,
		`{"expr": "x", "order": 1.5}`, `{"expr": "x", "vars": {"x": 1}}`, `{"expr": "x", "show": ["tokens"]}`, `{"expr": "x", "closed": "yes"}`,
	} {
		var value any
		if err := json.Unmarshal([]byte(bad), &value); err != nil {
			t.Fatal(err)
		}
		if v.check("diff", value, v.schemaOf("diff", 0)) == "" {
			t.Errorf("%s is said to be right", bad)
		}
	}
}
