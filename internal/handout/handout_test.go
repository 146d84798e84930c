package handout

import (
	"encoding/json"
	"flag"
	"html"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"example.com/nabla/internal/paper"
)

var update = flag.Bool("update", false, "rewrite the files in testdata")

var names = []string{"least-squares", "softmax", "network", "long"}

func read(t *testing.T, name string) *paper.Paper {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "paper", "testdata", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	p := &paper.Paper{}
	if err := json.Unmarshal(data, p); err != nil {
		t.Fatal(err)
	}
	return p
}

// visible returns the page without the style sheet and the script, which are not
// ours to compare.
func visible(page string) string {
	page = regexp.MustCompile(`(?s)<style>.*?</style>`).ReplaceAllString(page, "<style></style>")
	page = regexp.MustCompile(`(?s)<script>.*?</script>`).ReplaceAllString(page, "<script></script>")
	return regexp.MustCompile(`sha256-[A-Za-z0-9+/=]*`).ReplaceAllString(page, "sha256-…")
}

func TestGolden(t *testing.T) {
	for _, name := range names {
		for _, o := range []paper.Options{{Lang: paper.English}, {Lang: paper.Chinese, Shapes: true}} {
			page := HTML(read(t, name), o)
			if len(page) > 800_000 {
				t.Errorf("%s: %d bytes", name, len(page))
			}
			path := filepath.Join("testdata", name+"-"+string(o.Lang)+".html")
			got := visible(page)
			if *update {
				if err := os.MkdirAll("testdata", 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
				continue
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("%s differs; -update rewrites it\n%s", path, got)
			}
		}
	}
}

// TestEscapes checks that names and words cannot leave their place in the page.
func TestEscapes(t *testing.T) {
	const bad = `"><script>alert(1)</script>&'`
	w := paper.Words{En: bad, Zh: bad}
	f := paper.Formula{Text: bad, LaTeX: bad}
	p := &paper.Paper{Title: w, Given: []paper.Given{{Formula: f, Words: w, Remark: w}}, Blocks: []paper.Block{{ID: bad, Heading: w, Intro: []paper.Words{w},
		Lines: []paper.Line{{Lhs: f, Rhs: f, Sign: bad, Notes: []paper.Note{{ID: bad, Name: w, Rule: f, Needs: []paper.Fact{{Formula: f, Words: w}}}}}, {Lhs: f}},
		After: []paper.Words{w}}}}
	page := visible(HTML(p, paper.Options{}))
	if strings.Contains(page, "alert(1)</script>") || strings.Contains(page, `"><script`) {
		t.Errorf("a name leaves its place: %s", page)
	}
	if k := strings.Count(page, "&lt;script&gt;alert(1)"); k < 15 {
		t.Errorf("%d of the names stand in the page", k)
	}
}

// TestSelfContained checks that the page asks for nothing.
func TestSelfContained(t *testing.T) {
	page := HTML(read(t, "softmax"), paper.Options{})
	for _, bad := range []string{"src=", "href=", "@import", "url(fonts"} {
		if strings.Contains(visible(page), bad) || bad != "src=" && bad != "href=" && strings.Contains(page, bad) {
			t.Errorf("the page has %s", bad)
		}
	}
}

// chromium opens a page without a network and returns its document and what was
// written to the console. NABLA_CHROMIUM is the program.
func chromium(t *testing.T, page string) (dom, console string) {
	t.Helper()
	program := os.Getenv("NABLA_CHROMIUM")
	if program == "" {
		t.Skip("NABLA_CHROMIUM is not set")
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "page.html")
	if err := os.WriteFile(file, []byte(page), 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--user-data-dir="+filepath.Join(dir, "profile"),
		"--host-resolver-rules=MAP * ~NOTFOUND", "--enable-logging=stderr", "--virtual-time-budget=5000", "--dump-dom", "file://"+file)
	var out, errs strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v\n%s", err, errs.String())
	}
	var rows []string
	for _, row := range strings.Split(errs.String(), "\n") {
		if strings.Contains(row, "CONSOLE") {
			rows = append(rows, row)
		}
	}
	return out.String(), strings.Join(rows, "\n")
}

// TestChromium checks that each formula of a page is set, that nothing in it is
// unknown to KaTeX, and that its policy stops nothing.
func TestChromium(t *testing.T) {
	for _, name := range names {
		for _, o := range []paper.Options{{Lang: paper.English}, {Lang: paper.Chinese, Shapes: true}} {
			t.Run(name+"-"+string(o.Lang), func(t *testing.T) {
				t.Parallel()
				page := HTML(read(t, name), o)
				want := strings.Count(visible(page), "data-tex=")
				dom, console := chromium(t, page)
				if console != "" {
					t.Error(console)
				}
				dom = visible(dom)
				if k := strings.Count(dom, `<span class="katex">`); k != want || k == 0 {
					t.Errorf("%d formulas are set, %d stand in the page", k, want)
				}
				if k := strings.Count(dom, "<math xmlns"); k != want {
					t.Errorf("%d formulas in MathML, %d stand in the page", k, want)
				}
				for _, bad := range []string{"katex-error", "mathcolor=\"#cc0000\""} {
					if strings.Contains(dom, bad) {
						t.Errorf("KaTeX does not know a command: %s", bad)
					}
				}
			})
		}
	}
}

// TestMarkdownInKaTeX checks that the formulas of the Markdown files of package
// paper are known to KaTeX.
func TestMarkdownInKaTeX(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("..", "paper", "testdata", "*.md"))
	if err != nil || len(files) < 4 {
		t.Fatalf("%d files: %v", len(files), err)
	}
	var b strings.Builder
	count := 0
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		s := strings.ReplaceAll(string(data), `\$`, "")
		for i, part := range strings.Split(strings.ReplaceAll(s, "$$", "$"), "$") {
			if i%2 == 1 {
				b.WriteString("<p data-tex=\"" + html.EscapeString(part) + "\"></p>")
				count++
			}
		}
	}
	dom, console := chromium(t, "<!DOCTYPE html><meta charset=utf-8><body>"+b.String()+"<script>"+resources().script+"</script>")
	if console != "" {
		t.Error(console)
	}
	dom = visible(dom)
	if k := strings.Count(dom, `<span class="katex">`); k != count {
		t.Errorf("%d of %d formulas are set", k, count)
	}
	if at := strings.Index(dom, "katex-error"); at >= 0 {
		t.Errorf("KaTeX does not know a command: %.300s", dom[at:])
	}
}
