package paper

import "strings"

// markdownLimit is the estimated width of a formula up to which it stands in one
// row, with its note or without.
const markdownLimit = 86

// Markdown writes a paper as Markdown with formulas between dollar signs. No
// command in them needs a character that Markdown takes for its own, and none is
// beyond what KaTeX and MathJax know.
func Markdown(p *Paper, o Options) string {
	w := &markdownWriter{p: p, o: o}
	w.paper()
	return strings.TrimPrefix(w.out.String(), "\n")
}

type markdownWriter struct {
	p   *Paper
	o   Options
	out strings.Builder
}

func (w *markdownWriter) paper() {
	if t := w.words(w.p.Title); t != "" {
		w.out.WriteString("# " + t + "\n")
	}
	if len(w.p.Given) > 0 {
		w.out.WriteString("\n## " + Phrase("given", w.o.Lang) + "\n\n")
		for i := range w.p.Given {
			w.given(&w.p.Given[i])
		}
	}
	for i := range w.p.Blocks {
		w.block(&w.p.Blocks[i])
	}
	if rules := w.p.Rules(); len(rules) > 0 {
		w.out.WriteString("\n## " + Phrase("rules", w.o.Lang) + "\n\n")
		for _, n := range rules {
			w.out.WriteString("- " + w.words(n.Name) + Phrase("colon", w.o.Lang) + inlineMath(n.Rule) + "\n")
		}
	}
	if f, ok := w.p.Deviation(); ok {
		w.out.WriteString("\n*" + Phrase("points", w.o.Lang) + inlineMath(f) + Phrase("stop", w.o.Lang) + "*\n")
	}
}

// never leaves the formulas of rules out of notes; they are listed at the end, since
// a wide column of notes would not fit on a page.
func never(*Note) bool { return false }

// words returns words with their formulas between dollar signs.
func (w *markdownWriter) words(s Words) string {
	var b strings.Builder
	for _, s := range w.p.Spans(s, w.o.Lang) {
		if s.IsFormula() {
			b.WriteString(inlineMath(s.Formula))
		} else {
			b.WriteString(escapeMarkdown(s.Words))
		}
	}
	return b.String()
}

func (w *markdownWriter) given(g *Given) {
	w.out.WriteString("- " + "$" + plainCommands(g.Formula.In(w.o)) + "$")
	sep := Phrase("comma", w.o.Lang)
	if s := w.words(g.Words); s != "" {
		w.out.WriteString(sep + s)
	}
	if s := w.words(g.Remark); s != "" {
		w.out.WriteString(Phrase("open", w.o.Lang) + s + Phrase("close", w.o.Lang))
	}
	w.out.WriteByte('\n')
}

func (w *markdownWriter) block(b *Block) {
	if h := w.words(b.Heading); h != "" {
		w.out.WriteString("\n## " + h + "\n")
	}
	for _, s := range b.Intro {
		w.out.WriteString("\n" + w.words(s) + "\n")
	}
	if len(b.Lines) > 0 {
		w.out.WriteString("\n$$\n\\begin{aligned}\n")
		for i := range b.Lines {
			w.line(&b.Lines[i], i == len(b.Lines)-1)
		}
		w.out.WriteString("\\end{aligned}\n$$\n")
	}
	for _, s := range b.After {
		w.out.WriteString("\n" + w.words(s) + "\n")
	}
}

func (w *markdownWriter) line(l *Line, last bool) {
	var b strings.Builder
	lhs, rhs := l.Lhs.In(w.o), l.Rhs.In(w.o)
	note := noteTeX(w.p.NoteSpans(l, w.o.Lang, never))
	if l.Rhs.Text == "" {
		b.WriteString("& ")
		lhs, rhs = "", lhs
	} else {
		b.WriteString(lhs + " &" + l.SignLaTeX() + " ")
	}
	rows := breakTeX(rhs, markdownLimit)
	switch {
	case l.Result && len(rows) == 1:
		b.WriteString(`\boxed{` + rhs + "}")
	case l.Result:
		b.WriteString("\\boxed{\\begin{aligned} & " + strings.Join(rows, " \\\\ & \\quad ") + " \\end{aligned}}")
	default:
		b.WriteString(strings.Join(rows, " \\\\\n&\\quad "))
	}
	if note != "" {
		end := texWidth(rows[len(rows)-1])
		if end+texWidth(note) <= markdownLimit+10 {
			b.WriteString(" && " + note)
		} else {
			b.WriteString(" \\\\\n& && " + note)
		}
	}
	if !last {
		b.WriteString(` \\`)
	}
	w.out.WriteString(plainCommands(b.String()) + "\n")
}

// noteTeX writes a note for math mode, without math mode within its words.
func noteTeX(spans []Span) string {
	var b strings.Builder
	for _, s := range spans {
		if s.IsFormula() {
			b.WriteString(s.Formula.LaTeX)
		} else {
			b.WriteString(`\text{` + escapeText(s.Words) + "}")
		}
	}
	return b.String()
}

func inlineMath(f Formula) string { return "$" + plainCommands(f.LaTeX) + "$" }

// plainCommands replaces what a Markdown reader may take for its own, a backslash
// before punctuation and signs of markup, and \operatorname, which some forbid.
// Ends of rows stay: every reader of formulas in Markdown knows them. What replaces a
// space is no macro, since KaTeX expands at most 1000 in a formula.
func plainCommands(s string) string {
	const operator = `\operatorname{`
	var b strings.Builder
	for {
		i := strings.Index(s, operator)
		if i < 0 {
			break
		}
		open := i + len(operator) - 1
		end := min(closing(s, open)+1, len(s))
		b.WriteString(s[:i] + `\mathop{\mathrm` + s[open:end] + "}")
		s = s[end:]
	}
	return markdownCommands.Replace(b.String() + s)
}

var markdownCommands = strings.NewReplacer(`\\`, `\\`, `\,`, `\mkern3mu `, `\;`, `\mkern5mu `, `\!`, `\mkern-3mu `,
	`\|`, `\Vert `, `\{`, `\lbrace `, `\}`, `\rbrace `, "<", `\lt `, ">", `\gt `, "*", `\ast `)

// escapeMarkdown writes words so that nothing in them is markup.
func escapeMarkdown(s string) string { return markdownEscapes.Replace(s) }

var markdownEscapes = strings.NewReplacer(`\`, `\\`, "*", `\*`, "_", `\_`, "`", "\\`", "[", `\[`, "]", `\]`, "<", "&lt;",
	">", "&gt;", "#", `\#`, "|", `\|`, "~", `\~`, "&", "&amp;", "$", `\$`)
