package latex

import (
	"slices"
	"strings"

	"example.com/nabla/internal/source"
	"example.com/nabla/internal/syntax"
)

// A function is one that stands here by its command or word.
type function struct {
	name   string // in the language
	tokens int    // how many tokens it takes
	at     source.Span
}

// functionAhead reports whether a function of the language stands here: \log,
// \operatorname{tr}, \mathrm{tr}, \text{tr}.
func (p *reader) functionAhead() (function, bool) {
	t := p.tok()
	f := function{tokens: 1, at: t.span()}
	switch t.kind {
	case tCommand:
		if name := functionCommands[t.text]; name != "" {
			if t.text == "vec" && !p.vecOperator() {
				return f, false
			}
			f.name = name
			return f, true
		}
		if t.text != "operatorname" && t.text != "mathrm" && t.text != "mathbf" || p.pos+1 >= p.end {
			return f, false
		}
		i, k := p.argumentAt(p.pos + 1)
		if k-i > 64 {
			return f, false
		}
		word := ""
		for _, t := range p.toks[i:k] {
			switch {
			case t.kind == tLetter || t.kind == tNumber && word != "":
				word += t.text
			case t.kind == tText && word == "":
				word = t.text
			case t.kind == tCommand && functionCommands[t.text] != "" && k == i+1:
				word = functionCommands[t.text]
			case t.kind == tCommand && (t.text == "mathrm" || t.text == "rm"), t.kind == tOpen, t.kind == tClose:
			default:
				return f, false
			}
		}
		if p.toks[p.pos+1].kind == tOpen {
			k++
		}
		f.tokens = k - p.pos
		f.at = p.spanOf(p.pos, k)
		if f.name = p.functionName(word); f.name != "" {
			return f, true
		}
		if t.text == "operatorname" && runeCount(word) > 1 && p.known[word].name == "" {
			if isOptimum(word) {
				return f, false
			}
			hint := none
			switch word {
			case "rank", "Cov", "cov", "Var", "var", "E", "KL", "span", "dim", "ker":
				p.fail(f.at, say("%s is not in the language", word), none)
			}
			if next := p.ahead(f.tokens); next.sign("(") || next.sign("[") {
				hint = say("an elementwise function is declared beside the text, by %s: function", word)
			}
			p.fail(f.at, say("unknown function %s", word), hint)
		}
	case tText:
		if f.name = p.functionName(t.text); f.name != "" {
			return f, true
		}
	case tOpen: // {\rm tr}
		i, k := p.pos+1, int(t.match)
		if i < k && (p.toks[i].is("rm") || p.toks[i].is("sf")) {
			word := ""
			for _, t := range p.toks[i+1 : k] {
				if t.kind != tLetter {
					return f, false
				}
				word += t.text
			}
			f.tokens, f.at = k+1-p.pos, p.spanOf(p.pos, k+1)
			if f.name = p.functionName(word); f.name != "" {
				return f, true
			}
		}
	}
	return f, false
}

// functionName returns the function of the language that a word stands for, or
// "".
func (p *reader) functionName(word string) string {
	if runeCount(word) < 2 {
		return ""
	}
	if _, ok := p.known[word]; ok || p.isDefined(word) {
		return ""
	}
	if f, ok := functionWords[word]; ok {
		return f
	}
	if f := functionCommands[word]; f != "" {
		return f
	}
	if p.opts.IsFunction != nil && p.opts.IsFunction(word) {
		return word
	}
	return ""
}

// vecOperator reports whether \vec is the operator that stacks columns: it
// stands before a bracket. \vec{x} and \vec x are names.
func (p *reader) vecOperator() bool {
	next := p.ahead(1)
	return next.sign("(")
}

// wordFunction returns the number of letters of a function's name that is
// written in letters, as in tr(A), or 0.
func (p *reader) wordFunction() int {
	word, k := "", 0
	for p.ahead(k).kind == tLetter && (k == 0 || !p.ahead(k).space) {
		word += p.ahead(k).text
		if k++; k > 16 {
			return 0
		}
	}
	if k < 2 || p.functionName(word) == "" {
		return 0
	}
	next := p.ahead(k)
	if !next.sign("(") && !next.sign("[") {
		return 0
	}
	return k
}

// word returns the function that k letters stand for.
func (p *reader) word(k int) string {
	word := ""
	for i := range k {
		word += p.ahead(i).text
	}
	return p.functionName(word)
}

// ofMatrix are the functions whose argument without brackets is a whole
// product, as in tr A B.
var ofMatrix = []string{"tr", "det", "logdet", "sum", "mean"}

// toScalar are the functions whose value is a scalar.
var toScalar = []string{"tr", "det", "logdet", "sum", "mean", "norm", "norm1", "norm2", "dot", "logsumexp"}

// inverseFunctions are those that \sin^{-1} stands for.
var inverseFunctions = map[string]string{"sin": "asin", "cos": "acos", "tan": "atan", "sinh": "asinh", "cosh": "acosh", "tanh": "atanh"}

// function reads a function with its scripts and its argument.
func (p *reader) function(f function) syntax.Expr {
	start := p.tok().start
	p.pos += f.tokens
	if f.name == "log" {
		if g, ok := p.functionAhead(); ok && g.name == "det" {
			p.pos += g.tokens
			f.name, f.at = "logdet", f.at.Join(g.at)
		}
	}
	type script struct{ at, i, k int }
	var power *script
	for {
		t := p.tok()
		switch {
		case t.kind == tSub:
			p.pos++
			i, k := p.argument("_")
			p.base10(&f, i, k)
			continue
		case t.kind == tSup && power == nil:
			at := p.pos
			p.pos++
			i, k := p.argument("^")
			a, b := p.unwrap(i, k)
			if inv := inverseFunctions[f.name]; b == a+2 && p.toks[a].sign("-") && p.toks[a+1].text == "1" {
				if inv == "" {
					p.fail(p.spanOf(at, k), say("the inverse of a function is not read"), say("a reciprocal is written %s(x)^{-1}", p.file.Slice(f.at)))
				}
				p.note(p.spanOf(at, k), say("the exponent −1 of %s is read as the inverse function", f.name))
				f.name = inv
				continue
			}
			power = &script{at, i, k}
			continue
		case t.sign("'"):
			p.fail(t.span(), say("the derivative of %s is not read", f.name), none)
		}
		break
	}
	call := p.operand(f, start)
	if power == nil {
		return call
	}
	x := p.raised(call, power.at, power.i, power.k, start)
	if b, ok := x.(*syntax.Binary); ok {
		b.At = p.from(start)
	}
	return x
}

// base10 reads the subscript of a function: the base of a logarithm.
func (p *reader) base10(f *function, i, k int) {
	at := p.spanOf(i, k)
	i, k = p.unwrap(i, k)
	if f.name == "log" && k == i+1 {
		switch p.toks[i].text {
		case "2":
			f.name = "log2"
			return
		case "10":
			f.name = "log10"
			return
		case "e":
			return
		}
	}
	word := clean(p.file.Slice(at))
	switch f.name {
	case "max":
		p.fail(f.at, say("the maximum over %s is not in the language", word), say("\\max(x, y) is the larger of each two entries"))
	case "min":
		p.fail(f.at, say("the minimum over %s is not in the language", word), say("\\min(x, y) is the smaller of each two entries"))
	case "log":
		p.fail(at, say("the logarithm to base %s is not in the language", word), say("\\log is the natural logarithm, \\log_2 and \\log_{10} those to base 2 and 10"))
	}
	p.fail(at, say("%s has no subscript", f.name), none)
}

// operand reads the operand of a function: what stands in brackets, or else the
// factors side by side.
func (p *reader) operand(f function, start int32) syntax.Expr {
	c := &syntax.Call{Func: syntax.Ident{Name: f.name, At: f.at}}
	t := p.tok()
	switch {
	case t.sign("(") || t.sign("[") || t.sign("\\{"):
		if slices.Contains(toScalar, f.name) && p.transposedBracket() {
			break // tr (A + B)^\top C
		}
		p.pos++
		c.Args = p.operands(t)
		c.At = p.from(start)
		return c
	case t.kind == tOpen && t.match > p.at()+1:
		i, k := p.pos+1, int(t.match)
		if _, isFn := p.functionAhead(); isFn {
			break
		}
		p.pos = k + 1
		if open := &p.toks[i]; (open.sign("(") || open.sign("[")) && p.encloses(i, k) {
			i, k = i+1, k-1
		}
		p.in(i, k, func() { c.Args = p.list() })
		c.At = p.from(start)
		return c
	case t.sign("|") || t.sign("‖") || t.sign("⟨"):
		open := t.start
		c.Args = []syntax.Expr{p.postfix(p.atom(), open)}
		c.At = p.from(start)
		return c
	case t.sign("-") || t.sign("+"):
		p.fail(t.span(), say("it is open where the argument of %s ends", p.file.Slice(f.at)), say("write brackets around it"))
	}
	if f.name == "max" || f.name == "min" {
		p.fail(f.at, say("\\%s needs two operands in brackets", f.name), say("write \\%s(0, x)", f.name))
	}
	x := p.juxtaposed(f)
	c.Args = []syntax.Expr{x}
	c.At = p.from(start)
	return c
}

// encloses reports whether the bracket at i closes at the last token before k.
func (p *reader) encloses(i, k int) bool {
	depth := 0
	for j := i; j < k; j++ {
		if p.toks[j].kind != tSign {
			continue
		}
		switch p.toks[j].text {
		case "(", "[", "\\{", "⟨":
			depth++
		case ")", "]", "\\}", "⟩":
			if depth--; depth == 0 {
				return j == k-1
			}
		}
	}
	return false
}

// transposedBracket reports whether the bracket that opens here has the mark of
// a transpose behind it, so that it is a matrix of which a trace is taken.
func (p *reader) transposedBracket() bool {
	depth := 0
	for j := p.pos; j < min(p.end, p.pos+longest); j++ {
		t := &p.toks[j]
		if t.kind == tOpen {
			j = int(t.match)
			continue
		}
		if t.kind != tSign {
			continue
		}
		switch t.text {
		case "(", "[", "\\{", "⟨":
			depth++
		case ")", "]", "\\}", "⟩":
			if depth--; depth > 0 {
				continue
			}
			if j+1 >= p.end {
				return false
			}
			if p.toks[j+1].sign("'") {
				return true
			}
			if p.toks[j+1].kind != tSup || j+2 >= p.end {
				return false
			}
			i, k := p.argumentAt(j + 2)
			m, _ := p.exponentMark(i, k)
			return m == transposeMark
		}
	}
	return false
}

// operands reads the operands in brackets, of which the first bracket is taken.
func (p *reader) operands(open *token) []syntax.Expr {
	var args []syntax.Expr
	for {
		args = append(args, p.bracketed(open))
		if !p.tok().sign(",") {
			break
		}
		p.pos++
	}
	p.close(open)
	return args
}

// list reads operands up to the end of the range.
func (p *reader) list() []syntax.Expr {
	args := []syntax.Expr{p.sum()}
	for p.tok().sign(",") {
		p.pos++
		args = append(args, p.sum())
	}
	return args
}

// juxtaposed reads the argument of a function without brackets: factors side by
// side, up to an operator or another function.
func (p *reader) juxtaposed(f function) syntax.Expr {
	matrix := slices.Contains(ofMatrix, f.name)
	start := p.tok().start
	p.enter()
	defer p.leave()
	p.inArg++
	defer func() { p.inArg-- }()
	if g, ok := p.functionAhead(); ok {
		return p.function(g)
	}
	if p.tok().is("sum") {
		return p.sumOver()
	}
	x := p.factor()
	for n := 1; ; n++ {
		t := p.tok()
		if !p.startsFactor(t) || t.kind == tNumber || t.is("sum") {
			return x
		}
		if g, ok := p.functionAhead(); ok && (!matrix || slices.Contains(toScalar, g.name)) {
			return x
		}
		if k := p.wordFunction(); k > 0 && (!matrix || slices.Contains(toScalar, p.word(k))) {
			return x
		}
		if f.name != "tr" {
			if !matrix && (t.kind == tSign || f.name == "diag" || f.name == "vec") {
				p.fail(t.span(), say("it is open where the argument of %s ends", p.file.Slice(f.at)), say("write brackets around it"))
			}
			defer func(at source.Span) {
				p.note(at, say("the argument of %s is %s", f.name, clean(p.file.Slice(x.Span()))))
			}(f.at)
		}
		y := p.factor()
		x = &syntax.Binary{At: p.from(start), Op: syntax.Mul, OpAt: emptySpan(t), X: x, Y: y}
	}
}

// likely are the letters that stand for functions more often than for values.
const likely = "fghFGHJφϕψΦΨρ"

// applied decides what a name before a bracket is: a function, the name of
// L(w) = …, or a factor. only says that nothing but primes stands between them.
func (p *reader) applied(n *name, only bool, primes int, start int32) (syntax.Expr, bool) {
	open := p.tok()
	text := p.resolve(n)
	if k, ok := p.known[n.text()]; ok {
		if k.kind != syntax.FunctionKind {
			return nil, false
		}
		if !only {
			p.fail(n.at, say("a power of the function %s needs brackets", text), say("write (%s(x))^2", text))
		}
		p.pos++
		args := p.operands(open)
		return &syntax.Call{At: p.from(start), Func: syntax.Ident{Name: text + strings.Repeat("′", primes), At: n.at}, Args: args}, true
	}
	if args, ok := p.defined[text]; ok {
		if args == nil {
			return nil, false
		}
		return p.definedFunction(n, text, args), true
	}
	if slices.Contains(p.bound, n.base) || slices.Contains(p.opts.Wrt, text) {
		return nil, false
	}
	if (text == "σ" || text == "σ_sigmoid") && n.index == "" {
		if !only || primes > 0 {
			if primes > 0 {
				p.fail(n.at, say("the derivative of σ is not read"), say("write \\sigma(x)(1 - \\sigma(x))"))
			}
			return nil, false
		}
		p.note(n.at, say("σ is read as sigmoid"))
		p.pos++
		return &syntax.Call{At: p.from(start), Func: syntax.Ident{Name: "sigmoid", At: n.at}, Args: p.operands(open)}, true
	}
	if n.word && len(n.subs) == 0 {
		p.fail(n.at, say("unknown function %s", text), say("an elementwise function is declared beside the text, by %s: function", text))
	}
	if !only {
		return nil, false
	}
	inside, closed := p.insideBrackets()
	if !closed {
		return nil, false
	}
	if primes > 0 || strings.Contains(likely, n.base) && len(n.subs) == 0 || inside {
		if len(n.subs) > 0 && !inside || n.index != "" {
			return nil, false
		}
		p.fail(n.at, say("%s before a bracket may be a function or a factor", clean(p.file.Slice(n.at))), say("a product is written %s \\cdot (…); a function is defined, as in f(x) = …, or declared beside the text, by %s: function", clean(p.file.Slice(n.at)), text))
	}
	return nil, false
}

// longest is the number of tokens that are looked at ahead.
const longest = 500

// insideBrackets reports whether the bracket that opens here holds a lone name
// or a list, as the arguments of a function do, and whether it is closed.
func (p *reader) insideBrackets() (arguments, closed bool) {
	depth := 0
	things := 0
	sub := false
	for j := p.pos; j < p.end; j++ {
		t := &p.toks[j]
		if j-p.pos > longest {
			return arguments, true
		}
		switch {
		case t.sign("("), t.sign("["):
			depth++
			if depth > 1 {
				things += 2
			}
		case t.sign(")"), t.sign("]"):
			if depth--; depth == 0 {
				return arguments || things <= 1, true
			}
		case t.sign(","), t.sign(";"):
			if depth == 1 {
				arguments = true
			}
		case t.sign("|") && depth == 1 && t.side == anySide && j > p.pos+1:
			if things == 1 {
				arguments = true
			}
			things++
		case t.kind == tSub:
			sub = true
			continue
		case t.kind == tOpen:
			if !sub {
				things++
			}
			j = int(t.match)
		case t.kind == tCommand && takesArgument(t.text):
		case sub:
		default:
			things++
		}
		sub = false
	}
	return false, false
}

// definedFunction reads f(x) where f(x) = … was read: with the same arguments
// it is that quantity.
func (p *reader) definedFunction(n *name, text string, args []string) syntax.Expr {
	open := p.tok()
	from := p.pos
	p.pos++
	var got []string
	closer := closers[open.text]
	for {
		a, ok := p.named()
		if !ok {
			break
		}
		got = append(got, p.resolve(a))
		t := p.tok()
		p.pos++
		if t.sign(closer) {
			want := slices.DeleteFunc(slices.Clone(args), func(s string) bool { return s == "|" })
			if slices.Equal(got, want) {
				return &syntax.Name{At: p.from(n.atStart()), Name: text}
			}
			break
		}
		if !t.sign(",") && !t.sign(";") && !t.sign("|") {
			break
		}
	}
	p.fail(p.spanOf(from, min(from+1, p.end)), say("%s is defined for the arguments %s and read with them alone", text, strings.Join(args, ", ")), say("write its formula out for other arguments"))
	return nil
}

func (n *name) atStart() int32 { return int32(n.at.Start) }
