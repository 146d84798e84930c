package paper

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"example.com/nabla/internal/source"
)

var update = flag.Bool("update", false, "rewrite the files in testdata")

var papers = []struct {
	name string
	make func() *Paper
}{{"least-squares", leastSquares}, {"softmax", softmaxRegression}, {"network", network}, {"long", long}}

// variants are the ways in which each paper is written for its golden files.
var variants = []struct {
	name string
	o    Options
}{
	{"en", Options{Lang: English}}, {"zh", Options{Lang: Chinese}},
	{"en-shapes", Options{Lang: English, Shapes: true}}, {"zh-shapes", Options{Lang: Chinese, Shapes: true}},
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got == string(want) {
		return
	}
	g, w := strings.Split(got, "\n"), strings.Split(string(want), "\n")
	for i := range max(len(g), len(w)) {
		if i >= len(g) || i >= len(w) || g[i] != w[i] {
			t.Errorf("%s differs from row %d on; -update rewrites it\n got %s\nwant %s", path, i+1, at(g, i), at(w, i))
			return
		}
	}
}

func at(rows []string, i int) string {
	if i < len(rows) {
		return rows[i]
	}
	return "(end)"
}

// TestGolden compares the papers in each form with files.
func TestGolden(t *testing.T) {
	for _, p := range papers {
		for i, v := range variants {
			if p.name == "long" && v.o.Lang == Chinese && v.o.Shapes {
				continue
			}
			golden(t, p.name+"-"+v.name+".txt", Text(p.make(), v.o))
			if i == 0 || i == 3 || p.name == "long" {
				golden(t, p.name+"-"+v.name+".md", Markdown(p.make(), v.o))
				golden(t, p.name+"-"+v.name+".tex", LaTeX(p.make(), v.o))
			}
		}
	}
	golden(t, "long-en-narrow.txt", Text(long(), Options{Width: 60, Shapes: true}))
	golden(t, "colour.txt", strings.ReplaceAll(Text(leastSquares(), Options{Shapes: true, Colour: true}), "\x1b", "ESC"))
}

// TestWidth checks that no row of text is wider than the terminal.
func TestWidth(t *testing.T) {
	for _, p := range papers {
		for _, v := range variants {
			for width := 60; width <= MaxWidth; width += 7 {
				o := v.o
				o.Width = width
				for _, row := range strings.Split(Text(p.make(), o), "\n") {
					if k := source.Width(row); k > width {
						t.Errorf("%s-%s: a row of %d columns at width %d: %s", p.name, v.name, k, width, row)
					}
					if strings.HasSuffix(row, " ") || strings.Contains(row, tie) {
						t.Errorf("%s-%s: spaces at the end or ties in %q", p.name, v.name, row)
					}
				}
			}
		}
	}
}

func TestWithoutTitle(t *testing.T) {
	p := leastSquares()
	p.Title = Words{}
	for name, s := range map[string]string{"text": Text(p, Options{}), "Markdown": Markdown(p, Options{})} {
		if strings.HasPrefix(s, "\n") {
			t.Errorf("%s starts with an empty row", name)
		}
	}
	if s := LaTeX(p, Options{}); strings.Contains(s, `{\Large`) {
		t.Error("LaTeX has an empty title")
	}
}

// TestNothingLost checks that each formula and note stands in the text, however
// narrow it is.
func TestNothingLost(t *testing.T) {
	squeeze := func(s string) string { return strings.NewReplacer(" ", "", "\n", "", tie, "").Replace(s) }
	for _, p := range papers {
		for _, width := range []int{40, 72, 160} {
			doc := p.make()
			text := squeeze(Text(doc, Options{Width: width}))
			for _, b := range doc.Blocks {
				for i := range b.Lines {
					l := &b.Lines[i]
					for _, part := range []string{l.Lhs.Text, l.Rhs.Text} {
						if !strings.Contains(text, squeeze(part)) {
							t.Errorf("%s at width %d: %s is missing", p.name, width, part)
						}
					}
					for _, n := range l.Notes {
						if !strings.Contains(text, squeeze(n.Name.En)) {
							t.Errorf("%s at width %d: the note %s is missing", p.name, width, n.Name.En)
						}
					}
				}
			}
		}
	}
}

// TestShapesApart checks that shapes never touch, with and without room made for
// them, and that each stands under its part.
func TestShapesApart(t *testing.T) {
	for _, p := range papers {
		for _, b := range p.make().Blocks {
			for _, l := range b.Lines {
				for _, g := range []Formula{l.Rhs, spread(l.Rhs)} {
					rows := shapeRows(g)
					if len(l.Rhs.Marks) > 0 && g.Text != l.Rhs.Text && len(rows) != 1 {
						t.Errorf("%s: shapes in %d rows after room was made", g.Text, len(rows))
					}
					count := 0
					for _, row := range rows {
						end := -1
						for _, s := range row {
							if s.at < end {
								t.Errorf("%s: the shape %s at column %d touches the one before", g.Text, s.text, s.at)
							}
							end = s.at + source.Width(s.text) + 1
							count++
						}
					}
					if count != len(l.Rhs.Marks) {
						t.Errorf("%s: %d of %d shapes", g.Text, count, len(l.Rhs.Marks))
					}
					runes := []rune(g.Text)
					for i, m := range g.Marks {
						o, old := l.Rhs.Marks[i], []rune(l.Rhs.Text)
						if string(runes[m.From:m.To]) != string(old[o.From:o.To]) {
							t.Errorf("%s: the mark of %s moved to %s", g.Text, string(old[o.From:o.To]), string(runes[m.From:m.To]))
						}
					}
				}
			}
		}
	}
}

func TestBreakText(t *testing.T) {
	for _, c := range []struct {
		in    string
		width int
		want  string
	}{
		{"a + b", 5, "a + b"},
		{"aa + bb − cc", 8, "aa + bb|− cc"},
		{"tr((A + B) C) + tr(D)", 16, "tr((A + B) C)|+ tr(D)"},
		{"A B C D E F G", 8, "A B C D|E F G"},
		{"f(aaaa + bbbb, cccc)", 16, "f(aaaa + bbbb,|cccc)"},
		{"‖aaaa − bbbb‖ ⊙ cccc", 16, "‖aaaa − bbbb‖|⊙ cccc"},
		{"(aaaaaaaa + bbbbbbbb) c", 14, "(aaaaaaaa|+ bbbbbbbb)|c"},
		{"unbreakable", 5, "unbreakable"},
		{"x = y + z", 6, "x = y|+ z"},
	} {
		var rows []string
		for _, r := range breakText(Formula{Text: c.in}, c.width) {
			rows = append(rows, r.Text)
		}
		if got := strings.Join(rows, "|"); got != c.want {
			t.Errorf("%s at %d: %s, want %s", c.in, c.width, got, c.want)
		}
	}
}

func TestBreakTeX(t *testing.T) {
	for _, c := range []struct {
		in    string
		limit float64
		want  string
	}{
		{`a + b`, 20, `a + b`},
		{`a + b - c + d`, 11, `a + b - c|+ d`},
		{`\operatorname{tr}(A + B) + \frac{a + b}{c - d}`, 16, `\operatorname{tr}(A + B)|+ \frac{a + b}{c - d}`},
		{`\left(a + b + c + d\right) e`, 8, `\left(a + b + c + d\right)|e`},
		{`-a`, 1, `-a`},
		{`\left(a + b + c + d\right)`, 5, `\left(a + b + c + d\right)`},
		{`x_{a + b} \odot y^{c + d} \odot z`, 12, `x_{a + b} \odot y^{c + d}|\odot z`},
		{`A \, \mathrm{d}X \, B C`, 6, `A \, \mathrm{d}X \, B|C`},
		{`\log \det(A + B) C`, 15, `\log \det(A + B)|C`},
	} {
		rows := breakTeX(c.in, c.limit)
		if got := strings.Join(rows, "|"); got != c.want {
			t.Errorf("%s at %g: %s, want %s", c.in, c.limit, got, c.want)
		}
	}
	for _, p := range papers {
		for _, b := range p.make().Blocks {
			for _, l := range b.Lines {
				for limit := 10.0; limit < 90; limit += 9 {
					rows := breakTeX(l.Rhs.LaTeX, limit)
					if got, want := strings.ReplaceAll(strings.Join(rows, ""), " ", ""), strings.ReplaceAll(l.Rhs.LaTeX, " ", ""); got != want {
						t.Errorf("%s is broken into %s", want, got)
					}
					for _, r := range rows {
						if strings.Count(r, "{") != strings.Count(r, "}") || strings.Count(r, `\left`) != strings.Count(r, `\right`) {
							t.Errorf("unbalanced: %s", r)
						}
					}
				}
			}
		}
	}
}

func TestBreakable(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{`A B C`, `A B C`},
		{`A B + C D`, `A B + C D`},
		{`\operatorname{tr}(A B C D E F G H J K L M N O P Q R S) + A B`,
			`\operatorname{tr}(A \allowbreak B \allowbreak C \allowbreak D \allowbreak E \allowbreak F \allowbreak G \allowbreak H \allowbreak J ` +
				`\allowbreak K \allowbreak L \allowbreak M \allowbreak N \allowbreak O \allowbreak P \allowbreak Q \allowbreak R \allowbreak S) + A B`},
		{`\frac{A B C D E F G H J K L M N O P Q R S}{A}`, `\frac{A B C D E F G H J K L M N O P Q R S}{A}`},
	} {
		if got := Breakable(c.in); got != c.want {
			t.Errorf("%s: %s, want %s", c.in, got, c.want)
		}
	}
}

func TestWrap(t *testing.T) {
	for _, c := range []struct {
		in    string
		width int
		want  string
	}{
		{"one two three", 8, "one two|three"},
		{"甲乙丙丁戊己", 8, "甲乙丙丁|戊己"},
		{"甲乙丙丁，戊己", 8, "甲乙丙|丁，戊己"},
		{"甲乙（丙丁）戊", 8, "甲乙（丙|丁）戊"},
		{"甲乙丙（丁）", 8, "甲乙丙|（丁）"},
		{"甲 ab 乙丙", 8, "甲 ab 乙|丙"},
		{"unbreakable", 8, "unbreakable"},
		{"tr(A" + tie + "B) x", 8, "tr(A B)|x"},
		{"", 8, ""},
	} {
		if got := strings.Join(wrap(c.in, c.width), "|"); got != c.want {
			t.Errorf("%s at %d: %s, want %s", c.in, c.width, got, c.want)
		}
	}
}

// TestMarkdownIsPlain checks that the formulas have no command that Markdown or a
// reader of it takes for something else, and that dollars are in pairs.
func TestMarkdownIsPlain(t *testing.T) {
	for _, p := range papers {
		for _, v := range variants {
			md := Markdown(p.make(), v.o)
			for i, part := range strings.Split(strings.ReplaceAll(md, `\$`, ""), "$") {
				_ = i
				if i%2 == 1 {
					for _, bad := range []string{`\,`, `\;`, `\!`, `\|`, `\{`, `\operatorname`, "*", "<"} {
						if strings.Contains(part, bad) {
							t.Errorf("%s-%s: %s in the formula %s", p.name, v.name, bad, part)
						}
					}
				}
			}
			if k := strings.Count(strings.ReplaceAll(md, `\$`, ""), "$"); k%2 != 0 {
				t.Errorf("%s-%s: %d dollar signs", p.name, v.name, k)
			}
			if a, b := strings.Count(md, `\begin{aligned}`), strings.Count(md, `\end{aligned}`); a != b || a < len(p.make().Blocks) {
				t.Errorf("%s-%s: %d environments begin, %d end", p.name, v.name, a, b)
			}
		}
	}
}

func TestPlainCommands(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{`\operatorname{tr}(A) \\ b`, `\mathop{\mathrm{tr}}(A) \\ b`},
		{`\operatorname{a}\operatorname{b}`, `\mathop{\mathrm{a}}\mathop{\mathrm{b}}`},
		{`A\,B`, `A\mkern3mu B`},
		{`\\\,`, `\\\mkern3mu `},
		{`a < b`, `a \lt  b`},
	} {
		if got := plainCommands(c.in); got != c.want {
			t.Errorf("%s: %s, want %s", c.in, got, c.want)
		}
	}
}

// TestXeLaTeX compiles the papers. No line may be too wide and no character may be
// missing in the fonts. NABLA_XELATEX is the program.
func TestXeLaTeX(t *testing.T) {
	xelatex := os.Getenv("NABLA_XELATEX")
	if xelatex == "" {
		t.Skip("NABLA_XELATEX is not set")
	}
	for _, p := range papers {
		for i, v := range variants {
			if i == 1 || i == 2 {
				continue
			}
			t.Run(p.name+"-"+v.name, func(t *testing.T) {
				t.Parallel()
				compile(t, xelatex, LaTeX(p.make(), v.o))
			})
		}
	}
	// Letters of names: in Fandol, in Latin Modern, and in neither.
	for _, l := range []Lang{English, Chinese} {
		t.Run("letters-"+string(l), func(t *testing.T) {
			t.Parallel()
			p := leastSquares()
			p.Blocks[0].Lines[0].Lhs = Formula{Text: "损失", LaTeX: `\text{损}\text{失}`}
			p.Blocks[0].Lines[1].Rhs = Formula{Text: "потеря äß ℓ ა か", LaTeX: `\text{потеря äß} \ell \text{ა} \text{か}`}
			p.Title = Words{"потеря ა − ᵀ σ ∂", "потеря ა − ᵀ σ ∂"}
			compile(t, xelatex, LaTeX(p, Options{Lang: l}))
		})
	}
}

func compile(t *testing.T, xelatex, doc string) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "paper.tex"), []byte(doc), 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(xelatex, "-interaction=nonstopmode", "-halt-on-error", "paper.tex")
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	log, err := os.ReadFile(filepath.Join(dir, "paper.log"))
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range strings.Split(string(log), "\n") {
		if strings.HasPrefix(row, "Overfull \\hbox") || strings.HasPrefix(row, "Missing character") {
			t.Error(row)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "paper.pdf")); err != nil {
		t.Error(err)
	}
}

// TestJSON fixes the fields' names. The files of whole papers are also what package
// handout tests its pages with.
func TestJSON(t *testing.T) {
	data, err := json.MarshalIndent(softmaxRegression().Blocks[1].Lines[1], "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "line.json", string(data)+"\n")
	for _, c := range papers {
		p := c.make()
		data, err = json.MarshalIndent(p, "", " ")
		if err != nil {
			t.Fatal(err)
		}
		golden(t, c.name+".json", string(data)+"\n")
		var back Paper
		if err := json.Unmarshal(data, &back); err != nil {
			t.Fatal(err)
		}
		if got, want := fmt.Sprintf("%+v", back), fmt.Sprintf("%+v", *p); got != want {
			t.Errorf("JSON reads back as\n%s\nwritten was\n%s", got, want)
		}
	}
}

func TestDeviation(t *testing.T) {
	for _, c := range []struct {
		worst float64
		want  string
	}{{0, "0"}, {3.2e-11, "3×10⁻¹¹"}, {1, "1"}, {9.99e-8, "1×10⁻⁷"}} {
		p := &Paper{Blocks: []Block{{Lines: []Line{{Checked: true, Error: c.worst / 2}, {Checked: true, Error: c.worst}, {Error: 5}}}}}
		if f, ok := p.Deviation(); !ok || f.Text != c.want {
			t.Errorf("%g: %s, %v; want %s", c.worst, f.Text, ok, c.want)
		}
	}
	if _, ok := (&Paper{}).Deviation(); ok {
		t.Error("a deviation without lines")
	}
}
