package nabla_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "example.com/nabla"

// layers lists the packages from the bottom to the top; a package imports only
// packages before it.
var layers = []string{
	"internal/message",
	"internal/limit",
	"internal/arena",
	"internal/rat",
	"internal/source",
	"internal/message/messagetest",
	"internal/syntax",
	"internal/expr",
	"internal/dense",
	"internal/blas",
	"internal/index",
	"internal/ops",
	"internal/check",
	"internal/lower",
	"internal/diff",
	"internal/simplify",
	"internal/raise",
	"internal/print",
	"internal/latex",
	"internal/plan",
	"internal/code",
	"internal/native",
	"internal/paper",
	"internal/eval",
	"internal/plan/plantest",
	"internal/diagnose",
	"internal/convex",
	"internal/solve",
	"internal/derive",
	"internal/graphview",
	"", // the public package
	"internal/gallery",
	"internal/wire",
	"numeric",
	"internal/data",
	"internal/bind",
	"internal/fit",
	"internal/assets/codemirror",
	"internal/assets/katex",
	"internal/page",
	"internal/handout",
	"docs",
	"internal/server",
	"internal/corpus",
	"internal/runner",
	"cmd/nabla",
	"cmd/wasm",
	"internal/page/site/lzma",
	"internal/page/site/unwind",
	"internal/page/site",
	"bench",
	"bench/load",
	"bench/native",
}

// refused are imports that would make the engine large when it is compiled for
// a browser.
var refused = []string{"regexp", "text/template", "html/template", "net", "net/http", "os/exec"}

// aboveEngine are the packages that no browser needs.
var aboveEngine = []string{
	"internal/data",
	"internal/bind",
	"internal/fit",
	"internal/assets/codemirror",
	"internal/assets/katex",
	"internal/page",
	"internal/handout",
	"docs",
	"internal/server",
	"internal/corpus",
	"internal/runner",
	"internal/page/site",
	"cmd/nabla",
	"bench",
	"bench/load",
	"bench/native",
	"numeric",
}

func TestImports(t *testing.T) {
	rank := map[string]int{}
	for i, l := range layers {
		rank[l] = i
	}
	files := 0
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "testdata" || strings.HasPrefix(d.Name(), ".") && path != ".") {
			return filepath.SkipDir
		}
		if d.IsDir() && path != "." {
			// A generator with a module of its own is no part of this one.
			if _, err := os.Stat(filepath.Join(path, "go.mod")); err == nil {
				return filepath.SkipDir
			}
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		files++
		pkg := filepath.ToSlash(filepath.Dir(path))
		if pkg == "." {
			pkg = ""
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		at, known := rank[pkg]
		if !known {
			t.Errorf("%s: package %s has no place in the layers", path, pkg)
			return nil
		}
		for _, spec := range file.Imports {
			name, _ := strconv.Unquote(spec.Path.Value)
			if inner, ok := strings.CutPrefix(name+"/", module+"/"); ok {
				inner = strings.TrimSuffix(inner, "/")
				if r, known := rank[inner]; !known || r >= at {
					t.Errorf("%s imports %s, which is not below it", path, name)
				}
				continue
			}
			gonum := strings.HasPrefix(name, "gonum.org/v1/gonum/") && slices.Contains(aboveEngine, pkg)
			if first, _, _ := strings.Cut(name, "/"); strings.Contains(first, ".") && !gonum {
				t.Errorf("%s imports %s: only tests use modules of others, and packages above the engine gonum", path, name)
			}
			if !slices.Contains(aboveEngine, pkg) && slices.Contains(refused, name) {
				t.Errorf("%s imports %s: the engine stays small without it", path, name)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files < 20 {
		t.Errorf("read %d files: the walk does not reach the module", files)
	}
}
