package page

import (
	"bytes"
	"compress/gzip"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// sources returns the page's own files of these extensions by name.
func sources(t *testing.T, extensions ...string) map[string]string {
	t.Helper()
	out := map[string]string{}
	for name, data := range files() {
		if !strings.HasPrefix(name, "assets/") && slices.Contains(extensions, path.Ext(name)) {
			out[name] = string(data)
		}
	}
	if len(out) == 0 {
		t.Fatalf("no files %v", extensions)
	}
	return out
}

var references = map[string]*regexp.Regexp{
	".html": regexp.MustCompile(`(?:src|href)="([^"#]+)"`),
	".js":   regexp.MustCompile(`(?m)(?:^(?:import|export) (?:[^"';=(]*\bfrom )?|\bimport\()"([^"\n]+)"`),
	".css":  regexp.MustCompile(`url\(["']?([^"')]+)`),
}

// TestReferences sees that each file that is named is there, and that none lies elsewhere.
func TestReferences(t *testing.T) {
	n := 0
	for name, text := range sources(t, ".html", ".js", ".css") {
		for _, m := range references[path.Ext(name)].FindAllStringSubmatch(text, -1) {
			n++
			if strings.HasPrefix(m[1], "data:") {
				continue
			}
			target := path.Join(path.Dir(name), m[1])
			if strings.Contains(m[1], "//") || strings.HasPrefix(m[1], "/") {
				t.Errorf("%s asks for %s, which is not the page's", name, m[1])
			} else if _, err := fs.Stat(FS(), target); err != nil {
				t.Errorf("%s asks for %s, which is not there", name, m[1])
			}
		}
	}
	if n < 30 {
		t.Errorf("found %d references: the expressions do not match", n)
	}
}

// TestInline sees that no document needs a policy with unsafe-inline.
func TestInline(t *testing.T) {
	bad := map[*regexp.Regexp]string{
		regexp.MustCompile(`(?i)<script(?:[^>]*)>[^<]`):              "inline script",
		regexp.MustCompile(`(?i)<style`):                             "inline style",
		regexp.MustCompile(`(?i)<[^>]*\s(?:style|on[a-z]+)\s*=`):     "a style or handler attribute",
		regexp.MustCompile(`(?i)["']javascript:`):                    "a javascript: address",
		regexp.MustCompile(`\binnerHTML\b|\bouterHTML\b|insertAdj`):  "markup from text",
		regexp.MustCompile(`setAttribute\(\s*["']style`):             "a style attribute",
		regexp.MustCompile(`createElement\(\s*["'](?:style|script)`): "a script or style element",
		regexp.MustCompile(`\beval\(|new Function\(`):                "code from text",
	}
	for name, text := range sources(t, ".html", ".js", ".svg") {
		for re, what := range bad {
			if at := re.FindString(text); at != "" {
				t.Errorf("%s has %s: %s", name, what, at)
			}
		}
	}
}

var entry = regexp.MustCompile(`(?m)^  "([a-z][\w.-]*)": "((?:[^"\\]|\\.)*)",$`)

// strings of a file with two tables, en first.
func tables(t *testing.T, name, text string) (en, zh map[string]string) {
	t.Helper()
	at := strings.Index(text, "zh = {")
	if at < 0 {
		t.Fatalf("%s has no table zh", name)
	}
	read := func(text string) map[string]string {
		m := map[string]string{}
		for _, e := range entry.FindAllStringSubmatch(text, -1) {
			if _, twice := m[e[1]]; twice {
				t.Errorf("%s: %s stands twice", name, e[1])
			}
			m[e[1]] = e[2]
		}
		return m
	}
	return read(text[:at]), read(text[at:])
}

// TestTexts sees that both languages have the same texts, with the same values in them, and
// that every text asked for is there and every text there is asked for.
func TestTexts(t *testing.T) {
	scripts := sources(t, ".js", ".html")
	all := map[string]string{}
	for _, name := range []string{"i18n.js", "answer/strings.js"} {
		text := scripts[name]
		en, zh := tables(t, name, text)
		if len(en) == 0 {
			t.Fatalf("%s: no texts found", name)
		}
		for _, key := range slices.Sorted(maps.Keys(en)) {
			if _, ok := zh[key]; !ok {
				t.Errorf("%s: %s is missing in Chinese", name, key)
			} else if a, b := places(en[key]), places(zh[key]); !slices.Equal(a, b) {
				t.Errorf("%s: %s has the values %v in English and %v in Chinese", name, key, a, b)
			}
			if _, twice := all[key]; twice {
				t.Errorf("%s stands in both files", key)
			}
			all[key] = en[key]
		}
		scripts[name] = text[strings.LastIndex(text, "\n};"):]
		for _, key := range slices.Sorted(maps.Keys(zh)) {
			if _, ok := en[key]; !ok {
				t.Errorf("%s: %s is missing in English", name, key)
			}
		}
	}
	comments := regexp.MustCompile(`(?m)^\s*(?:\*|/\*|//).*$`)
	for name, text := range scripts {
		scripts[name] = comments.ReplaceAllString(text, "")
	}
	// A key is a literal, or `prefix.${value}`, which stands for all keys of the prefix.
	literal := regexp.MustCompile("\\bt\\(\\s*\"([\\w.-]+)\"|data-t(?:-\\w+)?=\"([\\w.-]+)\"")
	used := map[string]bool{}
	for _, name := range slices.Sorted(maps.Keys(scripts)) {
		for _, m := range literal.FindAllStringSubmatch(scripts[name], -1) {
			key := m[1] + m[2]
			if _, ok := all[key]; !ok {
				t.Errorf("%s asks for the text %s, which does not exist", name, key)
			}
			used[key] = true
		}
	}
	text := strings.Join(slices.Sorted(maps.Values(scripts)), "\n")
	for key := range all {
		if strings.Contains(text, `"`+key+`"`) {
			used[key] = true
		}
		for at := strings.LastIndexByte(key, '.'); at > 0; at = strings.LastIndexByte(key[:at], '.') {
			if strings.Contains(text, "`"+key[:at+1]+"${") {
				used[key] = true
			}
		}
	}
	for _, key := range slices.Sorted(maps.Keys(all)) {
		if !used[key] {
			t.Errorf("nobody asks for the text %s", key)
		}
	}
}

// places returns the values that stand in a text, sorted.
func places(text string) []string {
	found := regexp.MustCompile(`\{\w+\}`).FindAllString(text, -1)
	slices.Sort(found)
	return found
}

// TestIds sees that the elements that scripts ask for by id stand in the document once.
func TestIds(t *testing.T) {
	index := string(files()["index.html"])
	for name, text := range sources(t, ".js") {
		if strings.HasPrefix(name, "answer/") {
			continue
		}
		for _, m := range regexp.MustCompile(`byId\("([^"]+)"\)`).FindAllStringSubmatch(text, -1) {
			if strings.Count(index, ` id="`+m[1]+`"`) != 1 {
				t.Errorf("%s asks for #%s, which index.html does not have once", name, m[1])
			}
		}
	}
}

// TestSize bounds what a browser loads before anything is shown.
func TestSize(t *testing.T) {
	size := func(names ...string) (n int) {
		for _, name := range names {
			var b bytes.Buffer
			w, _ := gzip.NewWriterLevel(&b, gzip.BestCompression)
			w.Write(files()[name])
			w.Close()
			n += b.Len()
		}
		return n
	}
	own := slices.Sorted(maps.Keys(sources(t, ".html", ".js", ".css", ".svg")))
	fonts := []string{"Main-Regular", "Main-Bold", "Math-Italic", "AMS-Regular", "Size1-Regular", "Size2-Regular", "Size3-Regular", "Size4-Regular"}
	for i, f := range fonts {
		fonts[i] = "assets/katex/fonts/KaTeX_" + f + ".woff2"
	}
	parts := []struct {
		name  string
		bytes int
		limit int
	}{
		{"the page's own files", size(own...), 130_000},
		{"CodeMirror", size("assets/codemirror/codemirror.min.js"), 130_000},
		{"KaTeX", size("assets/katex/katex.min.js", "assets/katex/katex.min.css"), 90_000},
		{"fonts of formulas", size(fonts...), 140_000},
	}
	total := 0
	for _, p := range parts {
		t.Logf("%s: %d bytes compressed", p.name, p.bytes)
		total += p.bytes
		if p.bytes > p.limit {
			t.Errorf("%s: %d bytes compressed, more than %d", p.name, p.bytes, p.limit)
		}
	}
	t.Logf("together %d", total)
}
