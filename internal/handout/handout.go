// Package handout writes worked mathematics as a page: one HTML file that needs no
// other and no network. Call HTML.
package handout

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html"
	"strings"
	"sync"

	"example.com/nabla/internal/assets/katex"
	"example.com/nabla/internal/paper"
)

//go:embed handout.css
var style string

//go:embed handout.js
var script string

// resources are what every page has in it, and the hashes by which its policy
// allows them.
var resources = sync.OnceValue(func() (r struct{ style, script, policy string }) {
	r.style = katex.InlineStyle() + style
	r.script = katex.Script() + "\n" + script
	hash := func(s string) string {
		sum := sha256.Sum256([]byte(s))
		return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	}
	r.policy = "default-src 'none'; font-src data:; script-src " + hash(r.script) + "; style-src " + hash(r.style) +
		"; base-uri 'none'; form-action 'none'"
	return r
})

// HTML writes a paper as a page. Formulas are set by KaTeX, with MathML for screen
// readers; without JavaScript their plain text stands in their place. A rule that
// gives a line shows its formula when it is pointed at, tapped or chosen by the
// keyboard; printed pages list the rules at the end. The page follows the reader's
// choice of light or dark and fits a phone.
func HTML(p *paper.Paper, o paper.Options) string {
	w := &writer{p: p, o: o}
	lang := "en"
	if o.Lang == paper.Chinese {
		lang = "zh-CN"
	}
	title := ""
	for _, s := range p.Spans(p.Title, o.Lang) {
		title += s.Words + s.Formula.Text
	}
	if title == "" {
		title = "nabla" // a page must have one
	}
	r := resources()
	w.raw("<!DOCTYPE html>\n<html lang=\"" + lang + "\">\n<head>\n<meta charset=\"utf-8\">\n")
	w.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
	w.raw("<meta http-equiv=\"Content-Security-Policy\" content=\"" + html.EscapeString(r.policy) + "\">\n")
	w.raw("<meta name=\"color-scheme\" content=\"light dark\">\n<title>" + html.EscapeString(title) + "</title>\n")
	w.raw("<style>" + r.style + "</style>\n</head>\n<body>\n<main>\n")
	w.body()
	w.raw("</main>\n<script>" + r.script + "</script>\n</body>\n</html>\n")
	return w.out.String()
}

type writer struct {
	p   *paper.Paper
	o   paper.Options
	out strings.Builder
}

func (w *writer) raw(s string)  { w.out.WriteString(s) }
func (w *writer) text(s string) { w.out.WriteString(html.EscapeString(s)) }

// phrase writes one of the words that every writer has.
func (w *writer) phrase(id string) { w.text(paper.Phrase(id, w.o.Lang)) }

// formula writes a formula: its plain text in an element that has its LaTeX.
func (w *writer) formula(class, text, latex string) {
	w.raw("<span class=\"" + class + "\" data-tex=\"")
	w.text(latex)
	w.raw("\">")
	w.text(text)
	w.raw("</span>")
}

func (w *writer) spans(spans []paper.Span) {
	for _, s := range spans {
		if s.IsFormula() {
			w.formula("tex", s.Formula.Text, s.Formula.LaTeX)
		} else {
			w.text(s.Words)
		}
	}
}

func (w *writer) words(s paper.Words) { w.spans(w.p.Spans(s, w.o.Lang)) }

func (w *writer) body() {
	if w.p.Title.In(w.o.Lang) != "" {
		w.raw("<h1>")
		w.words(w.p.Title)
		w.raw("</h1>\n")
	}
	w.given()
	for i := range w.p.Blocks {
		w.block(&w.p.Blocks[i])
	}
	w.rules()
	if f, ok := w.p.Deviation(); ok {
		w.raw("<footer><p>")
		w.phrase("points")
		w.formula("tex", f.Text, f.LaTeX)
		w.phrase("stop")
		w.raw("</p></footer>\n")
	}
}

func (w *writer) given() {
	if len(w.p.Given) == 0 {
		return
	}
	w.raw("<section class=\"given\">\n<h2>")
	w.phrase("given")
	w.raw("</h2>\n<ul>\n")
	for i := range w.p.Given {
		g := &w.p.Given[i]
		class := ""
		if g.IsDefinition() {
			class = " class=\"definition\""
		}
		w.raw("<li" + class + ">")
		w.formula("tex", g.Formula.Text, g.Formula.In(w.o))
		words, remark := g.Words.In(w.o.Lang) != "", g.Remark.In(w.o.Lang) != ""
		if words || remark {
			w.raw(" <span class=\"remark\">")
			w.words(g.Words)
			if words && remark {
				w.phrase("comma")
			}
			w.words(g.Remark)
			w.raw("</span>")
		}
		w.raw("</li>\n")
	}
	w.raw("</ul>\n</section>\n")
}

func (w *writer) paragraphs(list []paper.Words) {
	for _, s := range list {
		w.raw("<p>")
		w.words(s)
		w.raw("</p>\n")
	}
}

func (w *writer) block(b *paper.Block) {
	w.raw("<section>\n")
	if b.Heading.In(w.o.Lang) != "" {
		w.raw("<h2>")
		w.words(b.Heading)
		w.raw("</h2>\n")
	}
	w.paragraphs(b.Intro)
	if len(b.Lines) > 0 {
		w.raw("<ol class=\"lines\">\n")
		for i := range b.Lines {
			w.line(&b.Lines[i])
		}
		w.raw("</ol>\n")
	}
	w.paragraphs(b.After)
	w.raw("</section>\n")
}

func (w *writer) line(l *paper.Line) {
	class := ""
	if l.Result {
		class = " class=\"result\""
	}
	w.raw("<li" + class + ">")
	if l.Rhs.Text == "" {
		w.formula("statement tex", l.Lhs.Text, paper.Breakable(l.Lhs.In(w.o)))
	} else {
		if l.Lhs.Text != "" {
			w.formula("lhs tex", l.Lhs.Text, `\displaystyle `+l.Lhs.In(w.o))
		}
		w.formula("sign tex", l.SignText(), `{}`+l.SignLaTeX()+`{}`)
		w.raw("<div class=\"rhs\">")
		w.formula("tex", l.Rhs.Text, `\displaystyle `+paper.Breakable(l.Rhs.In(w.o)))
		w.raw("</div>")
	}
	if len(l.Notes) > 0 {
		w.raw("<div class=\"note\">")
		for i := range l.Notes {
			if i > 0 {
				w.phrase("and")
			}
			w.note(&l.Notes[i])
		}
		w.raw("</div>")
	}
	w.raw("</li>\n")
}

// note writes a rule by name, with its formula to be opened, and the facts used.
func (w *writer) note(n *paper.Note) {
	if n.Rule.Text == "" {
		w.words(n.Name)
	} else {
		w.raw("<details name=\"rule\"><summary>")
		w.words(n.Name)
		w.raw("</summary><div class=\"rule\">")
		w.formula("tex", n.Rule.Text, n.Rule.LaTeX)
		w.raw(" <code>")
		w.text(n.ID)
		w.raw("</code></div></details>")
	}
	if n.Value.Text != "" {
		w.phrase("colon")
		w.formula("tex", n.Value.Text, n.Value.LaTeX)
	}
	if len(n.Needs) == 0 {
		return
	}
	w.raw(" <span class=\"fact\">[")
	for i, f := range n.Needs {
		if i > 0 {
			w.phrase("comma")
		}
		if f.Formula.Text != "" {
			w.formula("tex", f.Formula.Text, f.Formula.LaTeX)
			if f.Words.In(w.o.Lang) != "" {
				w.phrase("comma")
			}
		}
		w.words(f.Words)
	}
	w.raw("]</span>")
}

// rules lists the rules with their formulas, for print.
func (w *writer) rules() {
	rules := w.p.Rules()
	if len(rules) == 0 {
		return
	}
	w.raw("<section class=\"rules\">\n<h2>")
	w.phrase("rules")
	w.raw("</h2>\n<ul>\n")
	for _, n := range rules {
		w.raw("<li>")
		w.words(n.Name)
		w.phrase("colon")
		w.formula("tex", n.Rule.Text, n.Rule.LaTeX)
		w.raw("</li>\n")
	}
	w.raw("</ul>\n</section>\n")
}
