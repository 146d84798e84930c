package message

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"
)

// sayers are the functions that take a template, and which argument it is.
var sayers = map[string]int{"Say": 0, "say": 0, "Errorf": 0, "errorf": 1, "wrtError": 1, "malformed": 1, "Wrap": 1}

// templates returns the templates that stand in calls in the source of nabla, and all
// string literals there are.
func templates(t *testing.T) (said, literals map[string]string) {
	said, literals = map[string]string{}, map[string]string{}
	root := filepath.Join("..", "..")
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := d.Name()
		if d.IsDir() {
			if path != root && (name == "testdata" || name == "node_modules" || strings.HasPrefix(name, ".") || name == "message") {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		fset := token.NewFileSet()
		f, err := parser.ParseFile(fset, path, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.BasicLit:
				if s, err := strconv.Unquote(n.Value); err == nil && n.Kind == token.STRING {
					literals[s] = fset.Position(n.Pos()).String()
				}
			case *ast.CallExpr:
				name, from := "", ""
				switch f := n.Fun.(type) {
				case *ast.Ident:
					name = f.Name
				case *ast.SelectorExpr:
					name = f.Sel.Name
					if x, ok := f.X.(*ast.Ident); ok {
						from = x.Name
					}
				}
				k, ok := sayers[name]
				if !ok || k >= len(n.Args) || (name == "Errorf" || name == "Wrap") && from != "message" && from != "msg" || strings.Contains(path, "internal/derive/") && name == "say" {
					return true // fmt.Errorf is no message
				}
				if l, ok := n.Args[k].(*ast.BasicLit); ok && l.Kind == token.STRING {
					s, _ := strconv.Unquote(l.Value)
					said[s] = fset.Position(l.Pos()).String()
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return said, literals
}

var verb = regexp.MustCompile(`%(\[\d+\])?[a-z%]`)

// verbs lists the verbs of a template by the argument they are for.
func verbs(s string) []string {
	var out []string
	next := 1
	for _, m := range verb.FindAllStringSubmatch(s, -1) {
		kind := m[0][len(m[0])-1:]
		if kind == "%" {
			continue
		}
		if m[1] != "" {
			next, _ = strconv.Atoi(strings.Trim(m[1], "[]"))
		}
		out = append(out, fmt.Sprint(next, kind))
		next++
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Every template has its Chinese, with the same arguments, and every Chinese is of a
// template that is somewhere.
func TestCatalogue(t *testing.T) {
	said, literals := templates(t)
	if len(said) < 300 {
		t.Fatalf("%d templates", len(said))
	}
	for _, s := range slices.Sorted(keys(said)) {
		if _, ok := find(s); !ok && strings.ContainsFunc(s, unicode.IsLetter) {
			t.Errorf("%s: no Chinese of %q", said[s], s)
		}
	}
	seen := map[string]bool{}
	for _, list := range catalogues {
		for _, e := range list {
			if seen[e.en] {
				t.Errorf("%q stands twice", e.en)
			}
			seen[e.en] = true
			if _, ok := literals[e.en]; !ok {
				t.Errorf("nobody says %q", e.en)
			}
			if a, b := verbs(e.en), verbs(e.zh); !slices.Equal(a, b) {
				t.Errorf("%q: arguments %v and %v", e.en, a, b)
			}
			if !strings.ContainsFunc(e.zh, func(r rune) bool { return unicode.Is(unicode.Han, r) }) && len(verbs(e.en)) < 2 {
				t.Errorf("%q: no Chinese in %q", e.en, e.zh)
			}
			if strings.HasSuffix(e.zh, "。") || regexp.MustCompile(`\p{Han} ?[,;:]|[，；：] `).MatchString(e.zh) {
				t.Errorf("%q: punctuation of %q", e.en, e.zh)
			}
		}
	}
}

func keys(m map[string]string) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}
