package paper

import (
	"slices"
	"strconv"
	"strings"
)

// A Span is a part of a sentence: words, or a formula.
type Span struct {
	Words   string  // empty where Formula is set
	Formula Formula // set for a formula
}

// IsFormula reports whether the part is a formula.
func (s Span) IsFormula() bool { return s.Words == "" }

// In returns the formula in LaTeX, with shapes if the options ask for them.
func (f Formula) In(o Options) string {
	if o.Shapes && f.Shaped != "" {
		return f.Shaped
	}
	return f.LaTeX
}

// Spans takes words in one language apart into words and formulas.
func (p *Paper) Spans(w Words, l Lang) []Span {
	var out []Span
	for i, part := range strings.Split(w.In(l), "$") {
		switch {
		case part == "":
		case i%2 == 0:
			out = append(out, Span{Words: part})
		default:
			text, ok := p.Inline[part]
			if !ok {
				text = part
			}
			out = append(out, Span{Formula: Formula{Text: text, LaTeX: part}})
		}
	}
	return out
}

// Phrases are the few words that the writers add themselves.
var phrases = map[string]Words{
	"given":  {"Given", "已知"},
	"comma":  {", ", "，"},
	"and":    {"; ", "；"},
	"colon":  {": ", "："},
	"open":   {" (", "（"},
	"close":  {")", "）"},
	"stop":   {".", "。"},
	"rules":  {"Rules used", "所用法则"},
	"points": {"Each line was compared with numbers at random points; the largest relative error is ", "每一行都在随机点上用数值核对过，最大相对误差为 "},
}

// Phrase returns one of the few words that every writer of papers needs.
func Phrase(id string, l Lang) string { return phrases[id].In(l) }

// NoteSpans returns the notes of a line as one sentence: the rules by name, with the
// formula of those for which have is true, and the facts that they use in square
// brackets.
func (p *Paper) NoteSpans(line *Line, l Lang, have func(*Note) bool) []Span {
	var out []Span
	words := func(s string) {
		if k := len(out); k > 0 && !out[k-1].IsFormula() {
			out[k-1].Words += s
			return
		}
		out = append(out, Span{Words: s})
	}
	for i := range line.Notes {
		n := &line.Notes[i]
		formula := n.Rule.Text != "" && have(n)
		if !formula && len(n.Needs) == 0 && slices.ContainsFunc(line.Notes[:i], func(o Note) bool { return o.Name == n.Name }) {
			continue // it is said already
		}
		switch again := i > 0 && n.Name == line.Notes[i-1].Name; {
		case again && formula:
			words(phrases["comma"].In(l)) // the same kind of rule for another function
			out = append(out, Span{Formula: n.Rule})
		case again:
		default:
			if i > 0 {
				words(phrases["and"].In(l))
			}
			for _, s := range p.Spans(n.Name, l) {
				if s.IsFormula() {
					out = append(out, s)
				} else {
					words(s.Words)
				}
			}
			if formula {
				words(phrases["colon"].In(l))
				out = append(out, Span{Formula: n.Rule})
			}
		}
		if n.Value.Text != "" {
			words(phrases["colon"].In(l))
			out = append(out, Span{Formula: n.Value})
		}
		for k, f := range n.Needs {
			if k == 0 {
				words(" [")
			} else {
				words(phrases["comma"].In(l))
			}
			if f.Formula.Text != "" {
				out = append(out, Span{Formula: f.Formula})
				if f.Words.In(l) != "" {
					words(phrases["comma"].In(l))
				}
			}
			for _, s := range p.Spans(f.Words, l) {
				if s.IsFormula() {
					out = append(out, s)
				} else {
					words(s.Words)
				}
			}
		}
		if len(n.Needs) > 0 {
			words("]")
		}
	}
	return out
}

// Rules returns the rules that the lines use and that have a formula, each once, in
// order of first use.
func (p *Paper) Rules() []Note {
	var out []Note
	first := firstTime()
	for i := range p.Blocks {
		for j := range p.Blocks[i].Lines {
			for _, n := range p.Blocks[i].Lines[j].Notes {
				if n.Rule.Text != "" && first(&n) {
					out = append(out, n)
				}
			}
		}
	}
	return out
}

// firstTime returns a function that is true the first time it is asked for a rule.
func firstTime() func(*Note) bool {
	seen := map[string]bool{}
	return func(n *Note) bool {
		if seen[n.ID] {
			return false
		}
		seen[n.ID] = true
		return true
	}
}

// IsDefinition reports whether a given is an equation and no declaration.
func (g *Given) IsDefinition() bool { return strings.Contains(g.Formula.Text, " = ") }

// Deviation returns the largest relative error of the lines that were checked, as a
// formula; ok is false if none was.
func (p *Paper) Deviation() (f Formula, ok bool) {
	worst := 0.0
	for i := range p.Blocks {
		for j := range p.Blocks[i].Lines {
			if l := &p.Blocks[i].Lines[j]; l.Checked {
				ok = true
				worst = max(worst, l.Error)
			}
		}
	}
	if !ok {
		return f, false
	}
	mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(worst, 'e', 0, 64), "e")
	e, _ := strconv.Atoi(exponent)
	if worst == 0 || e == 0 {
		return Formula{Text: mantissa, LaTeX: mantissa}, true
	}
	return Formula{
		Text:  mantissa + "×10" + superscript(e),
		LaTeX: mantissa + ` \times 10^{` + strconv.Itoa(e) + "}",
	}, true
}

// superscript writes an integer in superscript digits.
func superscript(k int) string {
	return strings.NewReplacer("-", "⁻", "0", "⁰", "1", "¹", "2", "²", "3", "³", "4", "⁴", "5", "⁵", "6", "⁶", "7", "⁷",
		"8", "⁸", "9", "⁹").Replace(strconv.Itoa(k))
}

// signs are the relations between the sides of a line, and their LaTeX.
var signs = map[string]string{"": "=", "=": "=", "≈": `\approx`, "≠": `\ne`, "≤": `\le`, "≥": `\ge`, "<": "<", ">": ">",
	"≡": `\equiv`, ":=": ":=", "∈": `\in`, "⇒": `\Rightarrow`, "⇔": `\Leftrightarrow`, "→": `\to`, "∝": `\propto`,
	"⪰": `\succeq`, "⪯": `\preceq`, "≻": `\succ`, "≺": `\prec`}

// SignLaTeX returns the relation of the line in LaTeX.
func (l *Line) SignLaTeX() string {
	if s, ok := signs[l.Sign]; ok {
		return s
	}
	return `\mathrel{` + escapeLaTeX(l.Sign) + "}"
}

// SignText returns the relation of the line.
func (l *Line) SignText() string {
	if l.Sign == "" {
		return "="
	}
	return l.Sign
}
