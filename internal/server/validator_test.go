package server

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
)

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
