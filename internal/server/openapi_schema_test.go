package server

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"example.com/nabla/internal/wire"
)

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
