package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestRewrite runs a program as it stands and rewritten.
func TestRewrite(t *testing.T) {
	src, err := os.ReadFile(filepath.Join("testdata", "rewrite", "main.go"))
	if err != nil {
		t.Fatal(err)
	}
	changed, err := rewrite("main.go", src)
	if err != nil {
		t.Fatal(err)
	}
	for _, left := range []string{"defer ", "recover()", "panic(r)"} {
		if strings.Contains(strings.ReplaceAll(string(changed), "with defer, panic", ""), left) {
			t.Errorf("%s is left", left)
		}
	}
	if a, b := strings.Count(string(src), "\n"), strings.Count(string(changed), "\n"); a != b {
		t.Errorf("%d lines have become %d", a, b)
	}
	dir := t.TempDir()
	unwind, err := unwindSources()
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{"go.mod": []byte("module example.com/nabla\n\ngo 1.26\n"), "before/main.go": src, "after/main.go": changed}
	for name, text := range unwind {
		files["internal/page/site/unwind/"+name] = text
	}
	if err := writeAll(dir, files); err != nil {
		t.Fatal(err)
	}
	var outputs []string
	for _, pkg := range []string{"./before", "./after"} {
		cmd := exec.Command("go", "run", pkg)
		cmd.Dir = dir
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%s: %v\n%s\n%s", pkg, err, out, changed)
		}
		outputs = append(outputs, string(out))
	}
	if outputs[0] != outputs[1] {
		t.Errorf("before:\n%s\nafter:\n%s", outputs[0], outputs[1])
	}
	if n := strings.Count(outputs[0], "\n"); n < 15 {
		t.Errorf("%d lines printed:\n%s", n, outputs[0])
	}
}

func TestRewriteLeaves(t *testing.T) {
	const plain = "package p\n\nfunc f(x int) int { return x }\n"
	if got, err := rewrite("p.go", []byte(plain)); err != nil || string(got) != plain {
		t.Errorf("%v %s", err, got)
	}
	if _, err := rewrite("p.go", []byte("package p\n\nfunc f() (_ int) { defer g(); return 1 }\n")); err == nil {
		t.Error("a result without a name was accepted")
	}
}
