package codemirror

import (
	"bytes"
	"compress/gzip"
	"os"
	"regexp"
	"strings"
	"testing"
)

func read(t *testing.T, name string) string {
	t.Helper()
	b, err := Files.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestExports sees that the bundle is of the entry that lies beside it.
func TestExports(t *testing.T) {
	entry, err := os.ReadFile("entry.js")
	if err != nil {
		t.Fatal(err)
	}
	bundle := read(t, "codemirror.min.js")
	_, exported, ok := strings.Cut(bundle[strings.LastIndex(bundle, "export"):], "{")
	if !ok {
		t.Fatal("no exports at the end of the bundle")
	}
	have := map[string]bool{}
	for _, e := range strings.Split(exported[:strings.Index(exported, "}")], ",") {
		_, name, ok := strings.Cut(e, " as ")
		if !ok {
			name = e
		}
		have[name] = true
	}
	n := 0
	for _, m := range regexp.MustCompile(`(?m)^export \{ (.*) \} from`).FindAllStringSubmatch(string(entry), -1) {
		for _, name := range strings.Split(m[1], ", ") {
			n++
			if !have[name] {
				t.Errorf("the bundle does not export %s: run rebuild.sh", name)
			}
		}
	}
	if n != len(have) {
		t.Errorf("entry.js exports %d names, the bundle %d", n, len(have))
	}
}

// TestLicenses sees that each package that rebuild.sh bundles has its licence here.
func TestLicenses(t *testing.T) {
	script, err := os.ReadFile("rebuild.sh")
	if err != nil {
		t.Fatal(err)
	}
	license := read(t, "LICENSE")
	names := regexp.MustCompile(`(?m)^\t(\S+@\d\S*)$`).FindAllStringSubmatch(string(script), -1)
	if len(names) < 10 {
		t.Fatalf("rebuild.sh names %d packages", len(names))
	}
	for _, m := range names {
		_, text, ok := strings.Cut(license, "\n== "+m[1]+"\n")
		if text, _, _ = strings.Cut(text, "\n== "); !ok || !strings.Contains(text, "Permission is hereby granted") {
			t.Errorf("no licence of %s", m[1])
		}
	}
}

// TestPolicy sees that the bundle runs under a policy without inline style and eval.
func TestPolicy(t *testing.T) {
	bundle := read(t, "codemirror.min.js")
	for _, bad := range []string{"eval(", "new Function(", "setAttribute(\"style\""} {
		if strings.Contains(bundle, bad) {
			t.Errorf("the bundle has %s", bad)
		}
	}
	if !strings.Contains(bundle, "new CSSStyleSheet") || !strings.Contains(bundle, "replaceSync") {
		t.Error("the bundle constructs no style sheets")
	}
}

func TestSize(t *testing.T) {
	var b bytes.Buffer
	w, _ := gzip.NewWriterLevel(&b, gzip.BestCompression)
	w.Write([]byte(read(t, "codemirror.min.js")))
	w.Close()
	t.Logf("%d bytes, %d compressed", len(read(t, "codemirror.min.js")), b.Len())
	if b.Len() > 130_000 {
		t.Errorf("the bundle has %d bytes compressed", b.Len())
	}
}
