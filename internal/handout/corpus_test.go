package handout

import (
	"encoding/json"
	"errors"
	"html"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"example.com/nabla"
	"example.com/nabla/internal/assets/katex"
	"example.com/nabla/internal/corpus"
	"example.com/nabla/internal/paper"
	"example.com/nabla/internal/source"
)

// derivations are those of all published cases, with shapes.
func derivations(t *testing.T) map[string]*paper.Paper {
	t.Helper()
	cases, err := corpus.Read("../../testdata/corpus.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]*paper.Paper{}
	for i := range cases {
		c := &cases[i]
		req := nabla.DeriveRequest{Request: nabla.Request{Program: c.Expr, Closed: true, Wrt: []string{c.Wrt}, Order: c.Order, NoNumPy: true}, Shapes: true}
		for _, n := range c.Names() {
			req.Vars = append(req.Vars, nabla.Declaration{Name: n, Decl: c.Vars[n]})
		}
		d, err := nabla.Derive(req)
		if errors.Is(err, nabla.ErrNoDerivation) {
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", c.ID, err)
			continue
		}
		out[c.ID] = d.Paper
	}
	if len(out) < len(cases)*9/10 {
		t.Errorf("%d of %d cases have a derivation", len(out), len(cases))
	}
	return out
}

// TestCorpusText checks that no row of a derivation is wider than the terminal.
func TestCorpusText(t *testing.T) {
	for id, p := range derivations(t) {
		for _, width := range []int{80, 100, paper.MaxWidth} {
			for _, shapes := range []bool{false, true} {
				for _, row := range strings.Split(paper.Text(p, paper.Options{Lang: paper.Chinese, Width: width, Shapes: shapes}), "\n") {
					if k := source.Width(row); k > width {
						t.Errorf("%s: %d columns at width %d: %s", id, k, width, row)
					}
				}
			}
		}
	}
}

// TestCorpusInKaTeX checks that KaTeX knows every formula of the derivations, as they
// stand on pages and in Markdown.
func TestCorpusInKaTeX(t *testing.T) {
	if os.Getenv("NABLA_CHROMIUM") == "" {
		t.Skip("NABLA_CHROMIUM is not set")
	}
	seen := map[string]bool{}
	var list []string
	add := func(latex string) {
		if latex != "" && !seen[latex] {
			seen[latex] = true
			list = append(list, latex)
		}
	}
	for id, p := range derivations(t) {
		for _, o := range []paper.Options{{}, {Lang: paper.Chinese, Shapes: true}} {
			w := &writer{p: p, o: o}
			w.body()
			for _, part := range strings.Split(w.out.String(), `data-tex="`)[1:] {
				add(html.UnescapeString(part[:strings.Index(part, `"`)]))
			}
			md := strings.ReplaceAll(strings.ReplaceAll(paper.Markdown(p, o), `\$`, ""), "$$", "$")
			parts := strings.Split(md, "$")
			if len(parts)%2 == 0 {
				t.Errorf("%s: dollar signs are not in pairs", id)
			}
			for i := 1; i < len(parts); i += 2 {
				add(parts[i])
			}
		}
	}
	if len(list) < 3000 {
		t.Errorf("only %d formulas", len(list))
	}
	data, err := json.Marshal(list)
	if err != nil {
		t.Fatal(err)
	}
	dom, console := chromium(t, `<!DOCTYPE html><meta charset="utf-8"><title></title><script>`+katex.Script()+`</script><pre></pre><script>
		const bad = [], list = `+string(data)+`;
		for (const s of list) try { katex.renderToString(s, { throwOnError: true, strict: "ignore" }); } catch (e) { bad.push(e.message + "\n" + s); }
		document.querySelector("pre").textContent = list.length + " set\n" + bad.slice(0, 10).join("\n");
	</script>`)
	if console != "" {
		t.Error(console)
	}
	result := html.UnescapeString(dom[strings.Index(dom, "<pre>")+len("<pre>") : strings.Index(dom, "</pre>")])
	if n, bad, _ := strings.Cut(result, " set\n"); bad != "" || n == "" || n == "0" {
		t.Errorf("KaTeX: %s", result)
	}
}

// TestCorpusInXeLaTeX compiles some of the derivations: no line may be too wide, and
// no character missing.
func TestCorpusInXeLaTeX(t *testing.T) {
	xelatex := os.Getenv("NABLA_XELATEX")
	if xelatex == "" {
		t.Skip("NABLA_XELATEX is not set")
	}
	all := derivations(t)
	// The longest lines, sums over families, Kronecker products, a Hessian.
	for _, id := range []string{"ml-batchnorm-jac", "adv-nest-diagdiag", "se-3145005r", "mc-svm", "zu-ex2"} {
		p := all[id]
		if p == nil {
			t.Errorf("no case %s", id)
			continue
		}
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, "paper.tex"), []byte(paper.LaTeX(p, paper.Options{Shapes: true})), 0o644); err != nil {
				t.Fatal(err)
			}
			cmd := exec.Command(xelatex, "-interaction=nonstopmode", "-halt-on-error", "paper.tex")
			cmd.Dir = dir
			out, err := cmd.CombinedOutput()
			if err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			for _, row := range strings.Split(string(out), "\n") {
				if strings.HasPrefix(row, "Overfull \\hbox") || strings.HasPrefix(row, "Missing character") {
					t.Error(row)
				}
			}
		})
	}
}
