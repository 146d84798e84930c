package latex

import (
	"strings"
)

// A segment is the range of tokens of one statement.
type segment struct{ from, to int }

// relations are the commands that stand between the sides of a statement.
var relations = map[string]bool{"in": true, "coloneqq": true, "succ": true, "succeq": true, "geq": true, "leq": true, "neq": true,
	"approx": true, "sim": true, "propto": true, "rightarrow": true, "subset": true, "subseteq": true}

// infixCommands are the commands of infix operators.
var infixCommands = map[string]bool{"cdot": true, "times": true, "div": true, "odot": true, "circ": true, "oslash": true, "otimes": true, "ast": true, "pm": true, "mp": true}

// joins reports whether a token that ends a line wants an operand after it, or
// one that starts a line wants one before it.
func joins(t *token) bool {
	switch t.kind {
	case tSign:
		return strings.Contains("+-=*/:<>", t.text)
	case tCommand:
		return infixCommands[t.text] || relations[t.text]
	}
	return false
}

// separators are the words between statements.
var separators = map[string]bool{"where": true, "with": true, "and": true, "for": true, "if": true, "let": true, "given": true, "such that": true, "so": true,
	"so that": true, "then": true, "we have": true, "for all": true, "hence": true, "thus": true, "": true}

// split cuts the tokens into statements at \\, commas, semicolons and the ends
// of formulas outside of brackets. What only arranges is dropped: &, \quad, and
// \\ in front of or behind an operator, where a formula goes on.
func (p *reader) split() []segment {
	in := p.toks
	out := make([]token, 0, len(in))
	var segs []segment
	start := 0
	var braces []int32
	parens := 0
	cut := func(t *token) {
		for len(out) > start && out[len(out)-1].sign(".") {
			out = out[:len(out)-1]
		}
		if len(out) > start {
			segs = append(segs, segment{start, len(out)})
			// The separator stays, for messages.
			end := *t
			end.kind = tLine
			out = append(out, end)
		}
		start = len(out)
		parens = 0
	}
	for i := range in {
		t := &in[i]
		top := len(braces) == 0
		switch t.kind {
		case tOpen:
			braces = append(braces, int32(len(out)))
			out = append(out, *t)
			continue
		case tClose:
			open := braces[len(braces)-1]
			braces = braces[:len(braces)-1]
			out = append(out, *t)
			out[open].match = int32(len(out) - 1)
			out[len(out)-1].match = open
			continue
		case tAmp:
			continue
		case tEnd:
			cut(t)
			continue
		case tLine, tBreak:
			if top && !(parens > 0 && t.kind == tLine) && !p.goesOn(in, i, out, start) {
				cut(t)
			}
			continue
		case tText:
			w := strings.ToLower(strings.Trim(t.text, " ,.;:"))
			if top && separators[w] {
				cut(t)
				continue
			}
			if top && parens == 0 && (w == "s.t" || w == "subject to" || w == "s. t") {
				s := *t
				s.kind, s.text = tCommand, "subjectto"
				out = append(out, s)
				continue
			}
		case tNumber:
			if n := len(out); n > start && out[n-1].is("frac") && len(t.text) > 1 && allDigits(t.text) {
				// \frac12 takes one digit for each side.
				for _, cut := range []int{1, 1} {
					if len(t.text) > cut {
						digit := *t
						digit.text, digit.end = t.text[:cut], t.start+int32(cut)
						out = append(out, digit)
						t.text, t.start, t.space = t.text[cut:], t.start+int32(cut), false
					}
				}
			}
		case tCommand:
			if t.text == "quad" {
				if top && parens == 0 && len(out) > start && !joins(&out[len(out)-1]) && states(in[i+1:]) {
					cut(t)
				}
				continue
			}
		case tSign:
			switch t.text {
			case "(", "[", "\\{", "⟨":
				parens++
			case ")", "]", "\\}", "⟩":
				parens = max(parens-1, 0)
			case ";", ",":
				if top && parens == 0 {
					cut(t)
					continue
				}
			}
		}
		out = append(out, *t)
	}
	p.toks = append(out, in[len(in)-1])
	return p.regroup(segs)
}

// goesOn reports whether the formula goes on after the end of a line at i.
func (p *reader) goesOn(in []token, i int, out []token, start int) bool {
	last := len(out) - 1
	for last-1 > start && out[last].kind == tClose && out[last-1].kind == tOpen {
		last -= 2 // {}
	}
	if last >= start && joins(&out[last]) {
		return true
	}
	amp := false
	for k := i + 1; k < len(in); k++ {
		switch t := &in[k]; {
		case t.kind == tAmp:
			amp = true
		case t.kind == tLine || t.kind == tBreak || t.is("quad"):
		case t.sign("-") && in[i].kind == tLine && !amp && len(out) > start:
			p.diags.Add(t.span(), say("a line that starts with − may go on from the line before or be a formula of its own")).Hint = say("write & or an operator at the end of the line before it where it goes on, {-} where it is a formula of its own")
			return true
		case t.sign("-"):
			return amp
		default:
			return joins(t)
		}
	}
	return false
}

// states reports whether what follows up to the next separator is a statement
// of its own: it has a relation.
func states(in []token) bool {
	depth := 0
	for i := range in {
		t := &in[i]
		switch {
		case t.kind == tOpen:
			depth++
		case t.kind == tClose:
			depth--
		case depth > 0:
		case t.kind == tEnd, t.kind == tLine, t.kind == tBreak, t.sign(";"), t.kind == tText && separators[strings.ToLower(t.text)]:
			return false
		case t.kind == tText || t.is("subjectto"):
			return true
		case t.sign("=") || t.kind == tCommand && relations[t.text]:
			return i > 0 && !joins(&in[0])
		}
		if depth < 0 {
			return false
		}
	}
	return false
}

// regroup joins what commas cut but belongs together: x, y \in …, and
// i = 1, \dots, N.
func (p *reader) regroup(segs []segment) []segment {
	var out []segment
	for i := 0; i < len(segs); i++ {
		s := segs[i]
		switch {
		case i+1 < len(segs) && p.dots(segs[i+1]) && i+2 < len(segs):
			s.to = segs[i+2].to
			i += 2
		case i+1 < len(segs) && p.startsWithDots(segs[i+1]):
			s.to = segs[i+1].to
			i++
		default:
			k := i
			for k+1 < len(segs) && p.commaAfter(segs[k]) && p.isName(segs[k]) {
				k++
			}
			if k > i && p.hasIn(segs[k]) {
				s.to = segs[k].to
				i = k
			} else if k > i { // a list of names that is no declaration
				out = append(out, segs[i:k]...)
				i = k - 1
				continue
			}
		}
		for j := s.from; j < s.to; j++ {
			if t := &p.toks[j]; t.kind == tLine && t.text == "," {
				t.kind = tSign
			}
		}
		out = append(out, s)
	}
	return out
}

func (p *reader) dots(s segment) bool { return s.to == s.from+1 && p.toks[s.from].is("dots") }

func (p *reader) startsWithDots(s segment) bool { return p.toks[s.from].is("dots") }

func (p *reader) commaAfter(s segment) bool {
	t := &p.toks[s.to]
	return t.kind == tLine && t.text == ","
}

// isName reports whether a segment is one name.
func (p *reader) isName(s segment) bool {
	if s.to-s.from > 40 {
		return false
	}
	ok := false
	diags := len(p.diags)
	p.pos, p.end = s.from, s.to
	p.guard(func() {
		_, ok = p.named()
		ok = ok && p.pos == p.end
	})
	p.diags = p.diags[:diags]
	return ok
}

// hasIn reports whether the first relation of a segment is ∈, ≻ or >.
func (p *reader) hasIn(s segment) bool {
	i := p.relation(s.from, s.to)
	return i < s.to && (p.toks[i].is("in") || p.toks[i].is("succ") || p.toks[i].is("succeq") || p.toks[i].sign(">") || p.toks[i].is("geq"))
}

// relation returns the index of the first relation between i and k outside of
// brackets, or k.
func (p *reader) relation(i, k int) int {
	parens := 0
	for ; i < k; i++ {
		switch t := &p.toks[i]; {
		case t.kind == tOpen:
			i = int(t.match)
		case t.kind == tSign:
			switch t.text {
			case "(", "[", "\\{", "⟨":
				parens++
			case ")", "]", "\\}", "⟩":
				parens--
			case "=", "<", ">":
				if parens <= 0 {
					return i
				}
			}
		case t.kind == tCommand && relations[t.text] && parens <= 0:
			return i
		}
	}
	return k
}
