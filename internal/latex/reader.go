package latex

import (
	"slices"
	"strings"

	"example.com/nabla/internal/message"
	"example.com/nabla/internal/source"
	"example.com/nabla/internal/syntax"
)

// A reader turns tokens into the tree.
type reader struct {
	opts  *Options
	file  *source.File
	text  string
	toks  []token
	diags source.List
	out   *Reading

	known    map[string]known // declared names by how LaTeX writes them
	declared map[string]known // the same by their own name
	facts    []fact

	first, pos, end int  // of the statement: its first token, where reading is, its end
	depth           int  // nesting now
	bar             bool // the innermost open bracket is |
	norm            bool // it is ‖
	inArg           int  // depth of arguments without brackets
	bold            bool // inside \mathbf{…}

	bound   []string                // indices of the sums around
	indices map[string]bool         // the letters that are indices of sums somewhere
	limits  map[string]bool         // the letters that are ends of sums somewhere
	defined map[string][]string     // names defined so far, with the arguments of L(w)
	eNamed  bool                    // e is a variable: it stands alone somewhere
	letters map[string]bool         // letters that occur outside of \mathcal
	fonts   map[string]bool         // names that are written in bold somewhere
	number  int                     // sizes left open so far
	argsOf  []string                // the arguments of the last L(w) = …
	argsFor string                  // its name
	askedAt source.Span             // where a derivative is asked for
	asked   []*syntax.Name          // names whose derivative is asked for
	crossed map[*syntax.Binary]bool // products written with ×
	euler   map[*syntax.Call]bool   // exp written as e^…
	dotted  map[*syntax.Binary]bool // products written with a dot
	ranges  map[string]syntax.Expr  // the ends of indices
}

// A fact is one that the text states of a name.
type fact struct {
	name  string
	facts []syntax.Ident
	at    source.Span
}

// bailout ends a statement after its error is reported.
type bailout struct{}

// guard runs f, stops it at the first error, and reports whether there was none.
func (p *reader) guard(f func()) (ok bool) {
	defer func() {
		if r := recover(); r != nil {
			if _, is := r.(bailout); !is {
				panic(r)
			}
			ok = false
		}
	}()
	f()
	return true
}

// fail reports an error and ends the statement.
func (p *reader) fail(at source.Span, text, hint message.Text) {
	p.diags.Add(at, text).Hint = hint
	panic(bailout{})
}

func (p *reader) note(at source.Span, text message.Text) {
	for _, n := range p.out.Notes {
		if n.Text == text {
			return
		}
	}
	p.out.Notes = append(p.out.Notes, Note{at, text})
}

// enter counts a level of nesting; leave counts it down.
func (p *reader) enter() {
	if p.depth++; p.depth > p.opts.MaxDepth {
		p.fail(p.tok().span(), say("the formula is nested deeper than %d levels", p.opts.MaxDepth), none)
	}
}

func (p *reader) leave() { p.depth-- }

// tok returns the next token; at the end of the range one of kind tEnd.
func (p *reader) tok() *token {
	if p.pos < p.end {
		return &p.toks[p.pos]
	}
	end := p.prevEnd()
	return &token{kind: tEnd, start: int32(end), end: int32(end)}
}

// ahead returns the token n places on, of kind tEnd past the end.
func (p *reader) ahead(n int) *token {
	if p.pos+n < p.end {
		return &p.toks[p.pos+n]
	}
	return &token{kind: tEnd}
}

// prevEnd returns the end of the last token taken.
func (p *reader) prevEnd() int {
	if p.pos > 0 {
		return int(p.toks[p.pos-1].end)
	}
	return 0
}

// from returns the span from an offset to the end of the last token taken.
func (p *reader) from(start int32) source.Span {
	return source.Span{Start: int(start), End: max(p.prevEnd(), int(start))}
}

// spanOf returns the span of the tokens from i to before k.
func (p *reader) spanOf(i, k int) source.Span {
	if i >= k {
		return source.Span{Start: int(p.toks[i].start), End: int(p.toks[i].start)}
	}
	return source.Span{Start: int(p.toks[i].start), End: int(p.toks[k-1].end)}
}

// in runs f on the tokens from i to before k, which it has to take all, and
// goes on after them.
func (p *reader) in(i, k int, f func()) {
	pos, end := p.pos, p.end
	bar, norm, arg := p.bar, p.norm, p.inArg
	p.pos, p.end, p.bar, p.norm, p.inArg = i, k, false, false, 0
	f()
	if p.pos < p.end {
		p.trailing()
	}
	p.pos, p.end, p.bar, p.norm, p.inArg = pos, end, bar, norm, arg
}

// describe names a token in a message.
func (p *reader) describe(t *token) message.Text {
	if t.kind == tEnd {
		switch {
		case p.end < len(p.toks) && p.toks[p.end].kind == tClose:
			return message.Same("}")
		case p.end < len(p.toks) && p.toks[p.end].kind == tLine && p.toks[p.end].start < p.toks[p.end].end:
			return message.Same(p.file.Slice(p.toks[p.end].span()))
		}
		return say("the end")
	}
	s := p.file.Slice(t.span())
	if s == "" {
		s = t.text
	}
	return message.Same(s)
}

// expected reports that what was wanted is not what stands here.
func (p *reader) expected(what message.Text) {
	t := p.tok()
	if t.kind == tCommand {
		p.refuse(t)
	}
	if t.kind == tSign {
		switch t.text {
		case ")", "]", "\\}", "⟩":
			if !p.opened(t.text) {
				p.fail(t.span(), say("unbalanced bracket: %s was never opened", p.describe(t)), none)
			}
		case "<", ">":
			p.fail(t.span(), say("inequalities are not read"), say("signs are declared, as in x > 0"))
		case "!":
			p.fail(t.span(), say("factorials are not in the language"), none)
		}
	}
	found := say("expected %s, found %s", what, p.describe(t))
	if p.pos > p.first && p.pos <= len(p.toks) {
		if prev := &p.toks[p.pos-1]; prev.kind != tOpen && p.file.Slice(prev.span()) != "" {
			found = say("expected %s after %s, found %s", what, p.file.Slice(prev.span()), p.describe(t))
		}
	}
	p.fail(t.span(), found, none)
}

var closers = map[string]string{"(": ")", "[": "]", "\\{": "\\}", "⟨": "⟩"}

// opened reports whether a bracket of this statement that close would close is
// open.
func (p *reader) opened(close string) bool {
	var stack []string
	for _, t := range p.toks[p.first:p.pos] {
		if t.kind != tSign {
			continue
		}
		if c := closers[t.text]; c != "" {
			stack = append(stack, c)
		} else if n := len(stack); n > 0 && stack[n-1] == t.text {
			stack = stack[:n-1]
		}
	}
	return slices.Contains(stack, close)
}

// refuse reports a command that cannot be read.
func (p *reader) refuse(t *token) {
	if r, ok := refusals[t.text]; ok {
		p.fail(t.span(), say(r[0]), say(r[1]))
	}
	if !isCommand(t.text) {
		hint := none
		if s := suggestCommand(t.text); s != "" {
			hint = say("did you mean %s?", "\\"+s)
		} else if len(t.text) > 1 {
			hint = say("a name of several letters is written \\mathrm{%s}, a function \\operatorname{%s}", t.text, t.text)
		}
		p.fail(t.span(), say("unknown command \\%s", t.text), hint)
	}
}

// trailing reports a token that cannot follow an operand.
func (p *reader) trailing() {
	t := p.tok()
	switch {
	case t.sign("="):
		p.fail(t.span(), say("unexpected =: only a name at the start of a statement can be defined"), none)
	case t.sign(","):
		p.fail(t.span(), say("unexpected , in a formula"), say("statements are separated by \\\\"))
	case t.kind == tNumber:
		p.fail(t.span(), say("a number cannot follow a factor"), say("write the number first, or \\cdot between them"))
	case t.kind == tText:
		p.fail(t.span(), say("words in a formula are not read: %s", t.text), none)
	}
	p.expected(say("an operator or the end of the formula"))
}

// isCommand reports whether the reader knows a command.
func isCommand(name string) bool {
	if functionCommands[name] != "" || accents[name] != "" || refusals[name][0] != "" || syntax.Greek(name) != "" {
		return true
	}
	return slices.Contains(otherCommands, name)
}

// otherCommands are those that the code knows by name.
var otherCommands = []string{"frac", "sqrt", "cdot", "times", "div", "odot", "circ", "oslash", "otimes", "ast", "star", "top", "dagger", "in", "succ", "succeq",
	"coloneqq", "dots", "sum", "nabla", "partial", "mathbf", "mathrm", "mathcal", "mathbb", "operatorname", "mathbbone", "R", "arg", "argmin", "argmax",
	"underset", "overset", "norm", "abs", "inner", "differential", "underline", "quad", "rm", "bf", "it", "cal", "sf", "tt", "text", "left", "right",
	"lVert", "rVert", "lvert", "rvert", "langle", "rangle", "begin", "end", "Vert", "vert", "textstyle", "boldsymbol", "underbrace", "overbrace", "wp",
	"emptyset", "perp", "int", "mathop", "backslash", "tag", "label", "bigl", "bigr", "intercal", "lambda", "mid"}

// suggestCommand returns a known command at an edit distance of at most 2.
func suggestCommand(name string) string {
	best, found := 3, ""
	if len(name) <= 3 {
		best = 2
	}
	try := func(s string) {
		if d := distance(name, s, best); d < best || d == best && found != "" && d < 3 && s < found {
			best, found = d, s
		}
	}
	for _, s := range sortedCommands {
		try(s)
	}
	return found
}

var sortedCommands = func() []string {
	var list []string
	for s := range functionCommands {
		list = append(list, s)
	}
	for s := range accents {
		list = append(list, s)
	}
	list = append(list, otherCommands...)
	list = append(list, syntax.GreekCommands()...)
	slices.Sort(list)
	return slices.Compact(list)
}()

// distance is the number of letters to insert, delete, replace or swap with
// their neighbour that turns a into b, or limit if it is at least that.
func distance(a, b string, limit int) int {
	if len(a)-len(b) >= limit || len(b)-len(a) >= limit {
		return limit
	}
	var rows [3][40]int
	if len(b) >= 40 {
		return limit
	}
	for j := range len(b) + 1 {
		rows[1][j] = j
	}
	for i := 1; i <= len(a); i++ {
		rows[2][0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			d := min(rows[1][j]+1, rows[2][j-1]+1, rows[1][j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d = min(d, rows[0][j-2]+1)
			}
			rows[2][j] = d
		}
		rows[0], rows[1] = rows[1], rows[2]
	}
	return min(rows[1][len(b)], limit)
}

// clean joins a text to one line for a message.
func clean(s string) string { return strings.Join(strings.Fields(s), " ") }
