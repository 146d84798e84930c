// Package syntax reads the language: text to tokens to a tree of one struct
// per form, each with its place in the text.
//
// Start with [ParseProgram] for a text of statements, [ParseExpr] for one
// expression, [ParseDecl] and [ParseType] for a declaration. [Op] names
// the operators of the table that parser and printers share.
//
// The grammar, loosest first; operators of one line group to the left:
//
//	program : statements separated by line ends or ;   (# and % start comments)
//	stmt    : names ':' type facts | name '[' i ']' ':' type facts ',' range
//	        | name ('=' | ':=') sum | sum
//	sum     : product (('+' | '-') product)*
//	product : unary (('*' | '/' | '.*' | './' | '⊗' | nothing) unary)*
//	unary   : ('-' | '+') unary | postfix
//	postfix : atom ("'" | ('^' | '.^') ['-' | '+'] atom | superscript)*
//	atom    : number | name | name '(' sums ')' | name call | name '[' sum ']' | '(' sum ')'
//	        | '|' sum '|' | '‖' sum '‖' suffix | 'Σ_i' product | '√' atom | '1_n'
package syntax

import (
	"sync"

	"example.com/nabla/internal/limit"
	"example.com/nabla/internal/message"
	"example.com/nabla/internal/source"
)

// Options changes how a text is read. The zero value is ready to use.
type Options struct {
	// Name is the name of the text in messages.
	Name string
	// Juxtapose lets `A B` mean the product everywhere. Without it that holds
	// for a numeral on the left and in texts with an operator character
	// outside ASCII.
	Juxtapose bool
	// IsVariable reports whether a name is declared outside the text; nil if
	// there are none.
	IsVariable func(name string) bool
	// Letters says which names are products of their letters; see [Program.Readings].
	// Asked reports whether a name is asked for beside the text, by which such a name, or
	// a factor, is known; nil if there is none.
	Letters LetterRule
	Asked   func(name string) bool
	// IsFunction reports whether a name is a function. Where juxtaposition is
	// allowed, a name that is none and stands apart from ( is a factor.
	IsFunction func(name string) bool
	// MaxBytes and MaxDepth limit the text and its nesting; 0 means 256 KiB
	// and 10 000 levels, 2 000 in a browser.
	MaxBytes, MaxDepth int
	// Equations allows statements such as `A*X*B = C`. A lone name on the left
	// still makes a definition.
	Equations bool
	// LongNumbers allows numerals of any length, as printed answers may have them.
	LongNumbers bool
	// Limit is what the request may take; nil if nothing is bounded.
	Limit *limit.Budget

	onlyEquations bool // every statement is an equation
}

const (
	defaultMaxBytes = 256 << 10
	defaultMaxDepth = limit.TextDepth
	maxErrors       = 100 // statements with errors after which parsing stops
)

type parser struct {
	file  *source.File
	text  string
	toks  []token
	pos   int
	opts  *Options
	diags *source.List

	first    int       // index of the first token of the statement
	depth    int       // nesting now
	bar      tokenKind // innermost open bracket if it is a bar, else 0
	paper    bool
	declared map[string]bool // names of this text; true for a value
	readings []Reading
	operands map[string]bool // see isOperand
	slabs
}

// bailout ends a statement after its error is reported.
type bailout struct{}

// ParseProgram reads a text of statements. On errors, which are one per
// statement at most, the program holds the statements that could be read.
func ParseProgram(text string, opts Options) (*Program, source.List) {
	file := source.NewFile(opts.Name, text)
	prog := &Program{File: file}
	var diags source.List
	p, ok := newParser(file, 0, len(text), &opts, &diags)
	if !ok {
		return prog, diags
	}
	defer p.free()
	for p.tok().kind != tEOF && len(diags) < maxErrors {
		if p.tok().kind == tSep {
			p.pos++
			continue
		}
		if s := p.statement(); s != nil {
			prog.Stmts = append(prog.Stmts, s)
		}
	}
	prog.Readings = p.readings
	if len(prog.Stmts) == 0 && len(diags) == 0 {
		diags.Add(source.Span{}, say("expected an expression, found nothing"))
	}
	diags.Sort()
	return prog, diags
}

// ParseExpr reads one expression that is the whole text.
func ParseExpr(text string, opts Options) (Expr, *source.File, source.List) {
	prog, diags := ParseProgram(text, opts)
	if len(diags) > 0 {
		return nil, prog.File, diags
	}
	for _, s := range prog.Stmts {
		if _, ok := s.(*ExprStmt); !ok {
			diags.Add(s.Span(), say("expected an expression, found %s", stmtWord(s)))
			return nil, prog.File, diags
		}
	}
	if len(prog.Stmts) > 1 {
		diags.Add(prog.Stmts[1].Span(), say("expected one expression, found several"))
		return nil, prog.File, diags
	}
	return prog.Stmts[0].(*ExprStmt).X, prog.File, nil
}

// ParseEquation reads one equation that is the whole text, such as `A*x = b`; its
// left side may be a lone name.
func ParseEquation(text string, opts Options) (*Equation, source.List) {
	opts.onlyEquations = true
	prog, diags := ParseProgram(text, opts)
	switch {
	case len(diags) > 0:
	case len(prog.Stmts) > 1:
		diags.Add(prog.Stmts[1].Span(), say("expected one equation, found several"))
	default:
		return prog.Stmts[0].(*Equation), nil
	}
	return &Equation{File: prog.File}, diags
}

// ParseDecl reads one declaration such as `X: matrix(m, n) symmetric`.
func ParseDecl(text string, opts Options) (*Decl, source.List) {
	prog, diags := ParseProgram(text, opts)
	if len(diags) > 0 {
		return &Decl{File: prog.File}, diags
	}
	d, ok := prog.Stmts[0].(*Decl)
	switch {
	case !ok:
		e := diags.Add(prog.Stmts[0].Span(), say("expected a declaration, found %s", stmtWord(prog.Stmts[0])))
		e.Hint = say("a declaration has the form X: matrix(m, n)")
	case len(prog.Stmts) > 1:
		diags.Add(prog.Stmts[1].Span(), say("expected one declaration, found several"))
	default:
		return d, nil
	}
	return &Decl{File: prog.File}, diags
}

// ParseType reads what follows the colon of a declaration, such as
// `matrix(m, n) symmetric`, as the declaration of name.
func ParseType(name, text string, opts Options) (*Decl, source.List) {
	file := source.NewFile(opts.Name, text)
	d := &Decl{File: file, Names: []Ident{{Name: name}}}
	var diags source.List
	p, ok := newParser(file, 0, len(text), &opts, &diags)
	if !ok {
		return d, diags
	}
	defer p.free()
	p.guard(func() {
		p.declType(d)
		p.endOfStatement()
	})
	if len(diags) == 0 && p.tok().kind != tEOF {
		diags.Add(p.span(p.tok()), say("expected the end of the declaration, found %s", p.describe(p.tok())))
	}
	if len(diags) > 0 {
		return d, diags
	}
	d.At = source.Span{Start: 0, End: len(text)}
	if d.Range != nil {
		d.Index = d.Range.Index
	}
	return d, nil
}

func stmtWord(s Stmt) message.Text {
	switch s.(type) {
	case *Decl:
		return say("a declaration")
	case *Definition:
		return say("a definition")
	}
	return say("an expression")
}

// newParser reads the tokens of a range of the file. It is false if the text
// is over the limit, which is then reported.
func newParser(file *source.File, from, to int, opts *Options, diags *source.List) (*parser, bool) {
	most := opts.MaxBytes
	if most == 0 {
		most = defaultMaxBytes
	}
	if len(file.Text) > most {
		diags.Add(source.Span{}, say("the text has %d bytes, the limit is %d", len(file.Text), most))
		return nil, false
	}
	if opts.MaxDepth == 0 {
		opts.MaxDepth = defaultMaxDepth
	}
	l := lexer{text: file.Text, at: from, end: to, long: opts.LongNumbers, diags: diags, toks: (*tokenPool.Get().(*[]token))[:0]}
	opts.Limit.Step(to - from)
	l.run()
	opts.Limit.Take(len(l.toks) * tokenBytes)
	p := &parser{file: file, text: file.Text, toks: l.toks, opts: opts, diags: diags, paper: l.paper || opts.Juxtapose}
	p.slabs = newSlabs(l.toks)
	if l.names {
		p.findNames()
	}
	if from == 0 && to == len(file.Text) { // no subscript
		p.findTransposes()
		p.splitNames()
	}
	return p, true
}

// tokenBytes is about what a token and its part of the tree take.
const tokenBytes = 128

// tokenPool keeps the tokens' memory: nothing of the tree points into them.
var tokenPool = sync.Pool{New: func() any { s := make([]token, 0, 64); return &s }}

// maxPooled is the number of tokens past which their memory is given up.
const maxPooled = 1 << 12

// free gives the tokens back; the parser is not used afterwards.
func (p *parser) free() {
	if toks := p.toks; cap(toks) <= maxPooled {
		tokenPool.Put(&toks) // not &p.toks, which would keep the parser alive
	}
}

// findNames collects the names that the text declares or defines, so that a
// name may be used before its declaration.
func (p *parser) findNames() {
	p.declared = map[string]bool{}
	start := true
	for i := range p.toks {
		if start && p.toks[i].kind == tName {
			p.findName(i)
		}
		start = p.toks[i].kind == tSep
	}
}

func (p *parser) findName(i int) {
	first := i
	for {
		i++
		if p.toks[i].kind == tLBracket && p.toks[i+1].kind == tName && p.toks[i+2].kind == tRBracket {
			i += 3
		}
		if p.toks[i].kind != tComma || p.toks[i+1].kind != tName {
			break
		}
		i++
	}
	if k := p.toks[i].kind; k != tColon && k != tAssign {
		return
	}
	value := !(p.toks[i].kind == tColon && p.toks[i+1].kind == tName && p.word(p.toks[i+1]) == "function")
	for ; first < i; first++ {
		if p.toks[first].kind == tName && p.toks[first-min(first, 1)].kind != tLBracket {
			p.declared[p.word(p.toks[first])] = value
		}
	}
}

func (p *parser) isVariable(name string) bool {
	if value, ok := p.declared[name]; ok {
		return value
	}
	return p.opts.IsVariable != nil && p.opts.IsVariable(name)
}

// isFunction reports whether a name apart from its bracket is a function.
func (p *parser) isFunction(name string) bool {
	if value, ok := p.declared[name]; ok {
		return !value
	}
	return p.opts.IsFunction == nil || p.opts.IsFunction(name)
}

func (p *parser) tok() token          { return p.toks[p.pos] }
func (p *parser) word(t token) string { return p.text[t.start:t.end] }
func (p *parser) span(t token) (s source.Span) {
	return source.Span{Start: int(t.start), End: int(t.end)}
}

// prevEnd returns the end of the last token taken.
func (p *parser) prevEnd() int { return int(p.toks[p.pos-1].end) }

// from returns the span from an offset to the end of the last token taken.
func (p *parser) from(start int32) source.Span {
	return source.Span{Start: int(start), End: p.prevEnd()}
}

func (p *parser) ident() Ident {
	t := p.tok()
	p.pos++
	return Ident{Name: p.word(t), At: p.span(t)}
}

// guard runs f and stops it at the first error.
func (p *parser) guard(f func()) {
	defer func() {
		if r := recover(); r != nil {
			if _, ok := r.(bailout); !ok {
				panic(r)
			}
		}
	}()
	f()
}

// fail reports an error and ends the statement. It is silent if the lexer has
// reported a character of the statement, which may be the reason.
func (p *parser) fail(at source.Span, text, hint message.Text) {
	bad := false
	for i := p.first; i < len(p.toks) && (i <= p.pos || p.toks[i-1].kind != tSep); i++ {
		bad = bad || p.toks[i].kind == tBad
	}
	if !bad {
		d := p.diags.Add(at, text)
		d.Hint = hint
	}
	panic(bailout{})
}

// describe names a token in a message.
func (p *parser) describe(t token) message.Text {
	switch t.kind {
	case tEOF:
		return say("end of input")
	case tSep:
		if p.text[t.start] == '\n' {
			return say("end of line")
		}
	}
	return message.Same(p.word(t))
}

// expected reports that what was wanted is not what stands here.
func (p *parser) expected(what message.Text) {
	t := p.tok()
	if t.kind == tRParen || t.kind == tRBracket || t.kind == tRBrace {
		if !p.opened(t.kind) {
			p.fail(p.span(t), say("unbalanced bracket: %s was never opened", p.word(t)), none)
		}
	}
	found := say("expected %s, found %s", what, p.describe(t))
	if p.pos > p.first {
		found = say("expected %s after %s, found %s", what, p.word(p.toks[p.pos-1]), p.describe(t))
	}
	at := p.span(t)
	if t.kind == tSep && p.pos > 0 {
		at = source.Span{Start: p.prevEnd(), End: p.prevEnd()}
	}
	p.fail(at, found, none)
}

var closer = map[tokenKind]tokenKind{tLParen: tRParen, tLBracket: tRBracket, tLBrace: tRBrace}

// opened reports whether a bracket of this statement that the token here
// would close is open.
func (p *parser) opened(close tokenKind) bool {
	var stack []tokenKind
	for _, t := range p.toks[p.first:p.pos] {
		if c, ok := closer[t.kind]; ok {
			stack = append(stack, c)
		} else if n := len(stack); n > 0 && stack[n-1] == t.kind {
			stack = stack[:n-1]
		}
	}
	for _, c := range stack {
		if c == close {
			return true
		}
	}
	return false
}

// close takes the bracket that closes the one opened by the token open.
func (p *parser) close(kind tokenKind, open token) {
	t := p.tok()
	if t.kind == kind {
		p.pos++
		return
	}
	if t.kind == tEOF || t.kind == tSep {
		unbalanced := "unbalanced parenthesis: %s is never closed"
		if open.kind != tLParen {
			unbalanced = "unbalanced bracket: %s is never closed"
		}
		p.fail(p.span(open), say(unbalanced, p.word(open)), none)
	}
	p.trailing(say("an operator or %s", closeText[kind]))
}

var closeText = map[tokenKind]string{tRParen: ")", tRBracket: "]", tRBrace: "}"}

// trailing reports a token that cannot follow an operand.
func (p *parser) trailing(what message.Text) {
	t := p.tok()
	switch t.kind {
	case tSub:
		p.fail(p.span(t), say("unexpected subscript %s", p.word(t)), none)
	case tAssign:
		p.fail(p.span(t), say("unexpected %s: only a name at the start of a statement can be defined", p.word(t)), none)
	case tColon:
		p.fail(p.span(t), say("unexpected :, a declaration starts with a name"), say("a declaration has the form X: matrix(m, n)"))
	}
	p.expected(what)
}

// missingOperator reports that no operator stands between the operand that
// starts at left and the one that starts here. The latter is read first, so
// that the hint can show the product.
func (p *parser) missingOperator(left int32) {
	t := p.tok()
	x := p.text[left:p.prevEnd()]
	p.unary()
	y := p.text[t.start:p.prevEnd()]
	if len(x) > 40 || len(y) > 40 {
		p.fail(p.span(t), say("missing operator before %s", p.word(t)), none)
	}
	p.fail(p.span(t), say("missing operator between %s and %s", x, y), message.Same(x+"*"+y))
}
