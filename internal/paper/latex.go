package paper

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
)

// LaTeX writes a paper as a complete document for xelatex: one column of A4, the
// rule that gives a line flush right in grey, results in a box. It needs the
// packages of TeX Live's collection of recommended ones, and for Chinese ctex with
// the Fandol fonts.
func LaTeX(p *Paper, o Options) string {
	w := &latexWriter{p: p, o: o, first: firstTime()}
	body := knownLetters(w.paper())
	var b strings.Builder
	b.WriteString(w.preamble(body))
	b.WriteString("\\begin{document}\n")
	b.WriteString(body)
	b.WriteString("\\end{document}\n")
	return b.String()
}

// lineLimit is the width of the text block in the unit of texWidth, without and with
// Chinese, where the type is larger.
var lineLimit = map[bool]float64{false: 82, true: 75}

type latexWriter struct {
	p     *Paper
	o     Options
	first func(*Note) bool
	out   strings.Builder
}

func (w *latexWriter) preamble(body string) string {
	var b strings.Builder
	switch {
	case w.o.Lang == Chinese:
		b.WriteString("\\documentclass[UTF8,zihao=-4,fontset=fandol,a4paper,fleqn]{ctexart}\n")
	default:
		b.WriteString("\\documentclass[11pt,a4paper,fleqn]{article}\n")
		if strings.ContainsFunc(body, inFandol) {
			b.WriteString("\\usepackage{xeCJK}\n\\setCJKmainfont{FandolSong-Regular.otf}[BoldFont=FandolSong-Bold.otf,ItalicFont=FandolKai-Regular.otf]\n")
		}
	}
	if strings.ContainsFunc(body, isCyrillic) {
		b.WriteString("\\xeCJKDeclareCharClass{CJK}{\"0400 -> \"04FF}\n")
	}
	b.WriteString(`\usepackage{amsmath,amssymb,mathtools}
\usepackage[margin=25mm]{geometry}
\usepackage{graphicx,xcolor}
\setlength{\parindent}{0pt}
\setlength{\emergencystretch}{3em}
\setlength{\parskip}{4pt plus 2pt}
\setlength{\mathindent}{1.5em}
\setlength{\jot}{5pt}
\setlength{\fboxsep}{5pt}
\AtBeginDocument{\abovedisplayskip=7pt plus 3pt minus 2pt \belowdisplayskip=\abovedisplayskip
  \abovedisplayshortskip=\abovedisplayskip \belowdisplayshortskip=\abovedisplayskip}
\pagestyle{plain}
\allowdisplaybreaks
% \rulenote{note}: why a line holds, flush right; \fitted{part}{formula}: made smaller
% where it is wider than that part of the line.
\definecolor{note}{gray}{0.42}
\newcommand{\rulenote}[1]{\tag*{\footnotesize\color{note}\settowidth{\dimen0}{#1}%
  \ifdim\dimen0>0.9\linewidth\parbox{0.9\linewidth}{\raggedleft #1}\else #1\fi}}
\newcommand{\fitted}[2]{\setbox0\hbox{$\displaystyle #2$}%
  \ifdim\wd0>#1\linewidth\resizebox{#1\linewidth}{!}{\box0}\else\box0\fi}
\newcommand{\heading}[1]{\par\bigskip\penalty-200\noindent{\large\bfseries\boldmath #1}\nopagebreak}
`)
	if strings.Contains(body, `{bmatrix}`) {
		b.WriteString("\\setcounter{MaxMatrixCols}{" + strconv.Itoa(largestMatrix) + "}\n")
	}
	return b.String()
}

// inFandol reports whether a letter is set in the Fandol fonts, which have Chinese,
// kana and Cyrillic.
func inFandol(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana) || isCyrillic(r)
}

func isCyrillic(r rune) bool { return 0x400 <= r && r <= 0x4FF }

// knownLetters writes letters that no font of the document has by their code, since
// TeX would leave them out without a word.
func knownLetters(s string) string {
	if !strings.ContainsFunc(s, unknownLetter) {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		if unknownLetter(r) {
			fmt.Fprintf(&b, `\texttt{U+%04X}`, r)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

func unknownLetter(r rune) bool {
	return r >= 0x250 && unicode.In(r, unicode.L, unicode.M) && !inFandol(r)
}

func (w *latexWriter) paper() string {
	if t := w.words(w.p.Title); t != "" {
		w.out.WriteString("{\\raggedright\\Large\\bfseries\\boldmath " + t + "\\par}\n\\smallskip\\hrule\\medskip\n")
	}
	w.given()
	for i := range w.p.Blocks {
		w.block(&w.p.Blocks[i])
	}
	if f, ok := w.p.Deviation(); ok {
		w.out.WriteString("\n\\medskip{\\footnotesize\\color{note}" + escapeLaTeX(Phrase("points", w.o.Lang)) + "$" + f.LaTeX + "$" +
			escapeLaTeX(Phrase("stop", w.o.Lang)) + "\\par}\n")
	}
	return w.out.String()
}

func (w *latexWriter) words(s Words) string { return spansLaTeX(w.p.Spans(s, w.o.Lang)) }

func spansLaTeX(spans []Span) string {
	var b strings.Builder
	for _, s := range spans {
		if s.IsFormula() {
			b.WriteString("$" + s.Formula.LaTeX + "$")
		} else {
			b.WriteString(escapeLaTeX(s.Words))
		}
	}
	return b.String()
}

// given writes declarations as a sentence and definitions as lines.
func (w *latexWriter) given() {
	if len(w.p.Given) == 0 {
		return
	}
	w.out.WriteString("\\heading{" + escapeLaTeX(Phrase("given", w.o.Lang)) + "}\n")
	sep := escapeLaTeX(Phrase("comma", w.o.Lang))
	var declared []string
	var lines []Line
	for i := range w.p.Given {
		g := &w.p.Given[i]
		note := w.words(g.Words)
		if s := w.words(g.Remark); s != "" {
			if note != "" {
				note += sep
			}
			note += s
		}
		if g.IsDefinition() {
			lines = append(lines, Line{Lhs: g.Formula, Notes: []Note{{Name: g.Words}}})
			continue
		}
		s := "$" + g.Formula.In(w.o) + "$"
		if note != "" {
			s += Phrase("open", w.o.Lang) + note + Phrase("close", w.o.Lang)
		}
		declared = append(declared, s)
	}
	if len(declared) > 0 {
		w.out.WriteString("\n" + strings.Join(declared, sep+"\n") + escapeLaTeX(Phrase("stop", w.o.Lang)) + "\n")
	}
	w.lines(lines)
}

func (w *latexWriter) block(b *Block) {
	w.out.WriteString("\n")
	if h := w.words(b.Heading); h != "" {
		w.out.WriteString("\\heading{" + h + "}\n")
	}
	// No empty line before the lines: TeX would start a paragraph for them.
	for _, s := range b.Intro {
		w.out.WriteString("\n" + w.words(s) + "\n")
	}
	w.lines(b.Lines)
	for _, s := range b.After {
		w.out.WriteString(w.words(s) + "\n\n")
	}
}

func (w *latexWriter) lines(lines []Line) {
	if len(lines) == 0 {
		return
	}
	widest := 0.0
	for i := range lines {
		if k := texWidth(lines[i].Lhs.LaTeX); k <= wideLhs && lines[i].Rhs.Text != "" {
			widest = max(widest, k)
		}
	}
	w.out.WriteString("\\begin{align*}\n")
	for i := range lines {
		w.line(&lines[i], widest)
		if i < len(lines)-1 {
			w.out.WriteString(` \\`)
		}
		w.out.WriteString("\n")
	}
	w.out.WriteString("\\end{align*}\n")
}

// line writes one line of an align environment.
func (w *latexWriter) line(l *Line, lhs float64) {
	left, right := l.Lhs.In(w.o), l.Rhs.In(w.o)
	line := lineLimit[w.o.Lang == Chinese]
	limit := line - lhs - 6
	switch {
	case l.Rhs.Text == "":
		w.out.WriteString("& ")
		left, right = "", left
	case texWidth(left) > wideLhs:
		w.out.WriteString("\\mathrlap{" + left + "} \\\\\n& " + l.SignLaTeX() + " ")
	default:
		w.out.WriteString(left + " & " + l.SignLaTeX() + " ")
	}
	rows := breakTeX(right, limit)
	for i, r := range rows {
		if texWidth(r) > 0.85*limit { // the estimate may be wrong
			rows[i] = fmt.Sprintf(`\fitted{%.2f}{%s}`, (limit-6)/line, r)
		}
	}
	switch {
	case l.Result && len(rows) == 1:
		w.out.WriteString(`\boxed{` + rows[0] + "}")
	case l.Result:
		w.out.WriteString("\\boxed{\\begin{aligned} & " + strings.Join(rows, " \\\\ & \\quad ") + " \\end{aligned}}")
	default:
		w.out.WriteString(strings.Join(rows, " \\\\\n& \\quad "))
	}
	if note := spansLaTeX(w.p.NoteSpans(l, w.o.Lang, w.first)); note != "" {
		w.out.WriteString("\n  \\rulenote{" + note + "}")
	}
}

// textSymbols are characters of formulas that stand in words, and their LaTeX.
var textSymbols = map[rune]string{'−': "-", '⊙': `\odot`, '⊗': `\otimes`, '×': `\times`, '·': `\cdot`, '∂': `\partial`,
	'ᵀ': `^\top`, '⁻': `^-`, '¹': "^1", '²': "^2", '³': "^3", '′': "'", '∈': `\in`, 'ℝ': `\mathbb{R}`, '‖': `\Vert`, '∇': `\nabla`,
	'≥': `\ge`, '≤': `\le`, '≠': `\ne`, '≈': `\approx`, '⇒': `\Rightarrow`, '⇔': `\Leftrightarrow`, '→': `\to`, '√': `\surd`,
	'₀': "_0", '₁': "_1", '₂': "_2", '₃': "_3", 'ᵢ': "_i", 'ⱼ': "_j", '⟨': `\langle`, '⟩': `\rangle`, '⪰': `\succeq`, '⪯': `\preceq`,
	'α': `\alpha`, 'β': `\beta`, 'γ': `\gamma`, 'δ': `\delta`, 'ε': `\varepsilon`, 'ζ': `\zeta`, 'η': `\eta`, 'θ': `\theta`,
	'κ': `\kappa`, 'λ': `\lambda`, 'μ': `\mu`, 'ν': `\nu`, 'ξ': `\xi`, 'π': `\pi`, 'ρ': `\rho`, 'σ': `\sigma`, 'τ': `\tau`,
	'φ': `\varphi`, 'χ': `\chi`, 'ψ': `\psi`, 'ω': `\omega`, 'Γ': `\Gamma`, 'Δ': `\Delta`, 'Θ': `\Theta`, 'Λ': `\Lambda`,
	'Σ': `\Sigma`, 'Φ': `\Phi`, 'Ψ': `\Psi`, 'Ω': `\Omega`}

// textEscapes are the characters that TeX takes for its own in words.
var textEscapes = map[rune]string{'\\': `\textbackslash{}`, '{': `\{`, '}': `\}`, '$': `\$`, '&': `\&`, '#': `\#`,
	'%': `\%`, '_': `\_`, '^': `\textasciicircum{}`, '~': `\textasciitilde{}`, '<': `\textless{}`, '>': `\textgreater{}`}

// escapeLaTeX writes words so that TeX sets them as they are.
func escapeLaTeX(s string) string { return escape(s, true) }

// escapeText is escapeLaTeX for the words in a formula on a page, where fonts have
// every character.
func escapeText(s string) string { return escape(s, false) }

func escape(s string, symbols bool) string {
	var b strings.Builder
	for _, r := range s {
		switch e, m := textEscapes[r], textSymbols[r]; {
		case e != "":
			b.WriteString(e)
		case m != "" && symbols:
			b.WriteString("$" + m + "$")
		case r < ' ':
			b.WriteByte(' ')
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
