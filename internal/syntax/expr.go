package syntax

import (
	"strings"
	"unicode/utf8"

	"example.com/nabla/internal/limit"
	"example.com/nabla/internal/source"
)

// shallow is the depth below which work is counted: to unwind a deep stack takes longer
// than to read what is nested there.
const shallow = 100

// expr reads operands joined by infix operators that bind at least as tight
// as min, which is PrecSum or PrecProduct.
func (p *parser) expr(min Prec) Expr {
	start := p.tok().start
	if p.depth < shallow {
		p.opts.Limit.Step(8)
	}
	p.enter()
	x := p.unary()
	_, numeral := x.(*Number)
	left := start // of the last operand
	for {
		t := p.tok()
		if t.kind == tOp {
			switch symbols[t.op].Prec {
			case PrecSum:
				if min > PrecSum {
					p.depth--
					return x
				}
				p.pos++
				y := p.expr(PrecProduct)
				x = p.binary(Binary{At: p.from(start), Op: t.op, OpAt: p.span(t), X: x, Y: y})
				numeral = false
				continue
			case PrecProduct:
				p.pos++
				left = p.tok().start
				y := p.unary()
				x = p.binary(Binary{At: p.from(start), Op: t.op, OpAt: p.span(t), X: x, Y: y})
				_, numeral = y.(*Number)
				continue
			}
		}
		if !p.startsFactor(t) {
			p.depth--
			return x
		}
		if !numeral && !p.paper || t.kind == tNumber && !p.fillAhead() {
			p.missingOperator(left)
		}
		left = t.start
		y := p.unary()
		x = p.binary(Binary{At: p.from(start), Op: Mul, OpAt: source.Span{Start: int(t.start), End: int(t.start)}, X: x, Y: y})
		_, numeral = y.(*Number)
	}
}

// startsFactor reports whether a token that follows an operand starts a
// factor of a product written as juxtaposition.
func (p *parser) startsFactor(t token) bool {
	switch t.kind {
	case tName, tNumber, tLParen, tSqrt, tSigma:
		return true
	case tBar, tNorm:
		return p.bar != t.kind && !(p.bar == tBar && t.kind == tNorm)
	}
	return false
}

// fillAhead reports whether 1_n or 0_n stands here.
func (p *parser) fillAhead() bool {
	t, next := p.tok(), p.toks[p.pos+1]
	if t.kind != tNumber || next.kind != tSub || next.space || t.end-t.start != 1 {
		return false
	}
	c := p.text[t.start]
	return c == '0' || c == '1'
}

// enter counts a level of nesting; the caller counts it down on return.
func (p *parser) enter() {
	limit.Rest(p.depth)
	if p.depth++; p.depth > p.opts.MaxDepth {
		p.fail(p.span(p.tok()), say("the expression is nested deeper than %d levels", p.opts.MaxDepth), none)
	}
}

// inBrackets reads an expression inside brackets, where a bar that is open
// outside cannot close.
func (p *parser) inBrackets() Expr {
	bar := p.bar
	p.bar = 0
	x := p.expr(PrecSum)
	p.bar = bar
	return x
}

func (p *parser) unary() Expr {
	t := p.tok()
	if t.kind == tOp && (t.op == Add || t.op == Sub) {
		p.enter()
		p.pos++
		x := p.unary()
		p.depth--
		op := Neg
		if t.op == Add {
			op = Plus
		}
		return p.unaryNode(Unary{At: p.from(t.start), Op: op, OpAt: p.span(t), X: x})
	}
	return p.postfix()
}

func (p *parser) postfix() Expr {
	start := p.tok().start
	x := p.atom()
	for n := 0; ; n++ {
		t := p.tok()
		switch {
		case t.kind == tOp && t.op == Transpose:
			p.pos++
			x = p.unaryNode(Unary{At: p.from(start), Op: Transpose, OpAt: p.span(t), X: x})
		case t.kind == tOp && symbols[t.op].Prec == PrecPostfix:
			p.pos++
			x = p.power(start, x, t)
		case t.kind == tSuper:
			p.pos++
			x = p.super(start, x, t)
		default:
			return x
		}
		if n > p.opts.MaxDepth {
			p.fail(p.span(t), say("more than %d postfix operators", p.opts.MaxDepth), none)
		}
	}
}

// power reads the exponent after ^ or .^.
func (p *parser) power(start int32, x Expr, op token) Expr {
	if op.op == Pow {
		if k, n := p.transposeMark(); k != NoOp {
			p.pos += n
			return p.unaryNode(Unary{At: p.from(start), Op: k, OpAt: p.from(op.start), X: x})
		}
	}
	t := p.tok()
	if t.kind == tLBrace {
		p.pos++
		y := p.inBrackets()
		p.close(tRBrace, t)
		return p.binary(Binary{At: p.from(start), Op: op.op, OpAt: p.span(op), X: x, Y: y})
	}
	signed := t.kind == tOp && (t.op == Sub || t.op == Add)
	if signed {
		p.pos++
	}
	y := p.atom()
	if signed {
		sign := Neg
		if t.op == Add {
			sign = Plus
		}
		y = p.unaryNode(Unary{At: p.from(t.start), Op: sign, OpAt: p.span(t), X: y})
	}
	return p.binary(Binary{At: p.from(start), Op: op.op, OpAt: p.span(op), X: x, Y: y})
}

// transposeMark recognises T, ⊤, -T and the same in brackets after ^, unless T
// is a variable, and returns the operator and the number of tokens.
func (p *parser) transposeMark() (Op, int) {
	i := p.pos
	var close tokenKind
	if c, ok := closer[p.toks[i].kind]; ok && c != tRBracket {
		close = c
		i++
	}
	op := Transpose
	if t := p.toks[i]; t.kind == tOp && t.op == Sub {
		op = InvTranspose
		i++
	}
	switch t := p.toks[i]; {
	case t.kind == tOp && t.op == Transpose && p.text[t.start] >= utf8.RuneSelf:
	case t.kind == tSuper && p.word(t) == "ᵀ":
	case t.kind == tName && p.word(t) == "T" && !p.isVariable("T") && p.toks[i+1].kind != tLBracket:
	default:
		return NoOp, 0
	}
	i++
	if close != 0 {
		if p.toks[i].kind != close {
			return NoOp, 0
		}
		i++
	}
	return op, i - p.pos
}

// super decodes a run of superscript characters: ᵀ, ⁻ᵀ, or a power.
func (p *parser) super(start int32, x Expr, t token) Expr {
	run := p.word(t)
	at := t.start
	for len(run) > 0 {
		op := Transpose
		n := len("ᵀ")
		switch {
		case strings.HasPrefix(run, "ᵀ"):
		case strings.HasPrefix(run, "⁻ᵀ"):
			op, n = InvTranspose, len("⁻ᵀ")
		default:
			n = strings.IndexRune(run, 'ᵀ')
			if n < 0 {
				n = len(run)
			}
			y := p.exponent(run[:n], at)
			x = p.binary(Binary{At: source.Span{Start: int(start), End: int(at) + n}, Op: Pow, OpAt: source.Span{Start: int(at), End: int(at) + n}, X: x, Y: y})
			run, at = run[n:], at+int32(n)
			continue
		}
		end := int(at) + n
		x = p.unaryNode(Unary{At: source.Span{Start: int(start), End: end}, Op: op, OpAt: source.Span{Start: int(at), End: end}, X: x})
		run, at = run[n:], at+int32(n)
	}
	return x
}

// exponent reads superscript digits or a superscript name, with a sign.
func (p *parser) exponent(run string, start int32) Expr {
	at := source.Span{Start: int(start), End: int(start) + len(run)}
	text := plain(run, superTable)
	sign := NoOp
	switch text[0] {
	case '-':
		sign, text = Neg, text[1:]
	case '+':
		sign, text = Plus, text[1:]
	}
	digits, letters := 0, 0
	for _, c := range []byte(text) {
		switch {
		case '0' <= c && c <= '9':
			digits++
		case 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z':
			letters++
		}
	}
	var y Expr
	switch len(text) {
	case 0:
		p.fail(at, say("expected an exponent, found %s", run), none)
	case digits:
		if digits > MaxDigits && !p.opts.LongNumbers {
			p.fail(at, say("a number may have at most 1000 digits"), none)
		}
		y = p.number(Number{At: at, Text: text})
	case letters:
		y = p.name(Name{At: at, Name: text})
	default:
		p.fail(at, say("expected a number or a name as exponent, found %s", run), say("write the exponent as ^(%s)", plain(run, superTable)))
	}
	if sign != NoOp {
		y = p.unaryNode(Unary{At: at, Op: sign, OpAt: at, X: y})
	}
	return y
}

func (p *parser) atom() Expr {
	t := p.tok()
	switch t.kind {
	case tName:
		return p.named()
	case tNumber:
		if p.fillAhead() {
			return p.fill()
		}
		p.pos++
		return p.number(Number{At: p.span(t), Text: p.word(t)})
	case tLParen:
		p.pos++
		x := p.inBrackets()
		p.close(tRParen, t)
		return x
	case tBar, tNorm:
		return p.bars()
	case tSqrt:
		p.enter()
		p.pos++
		x := p.atom()
		p.depth--
		return &Call{At: p.from(t.start), Func: Ident{Name: "sqrt", At: p.span(t)}, Args: []Expr{x}}
	case tSigma:
		p.pos++
		sub := p.tok()
		if sub.kind != tSub {
			p.fail(p.span(t), say("the sum has no index"), say("write the index as in ∑_i x[i]"))
		}
		p.pos++
		return p.sumOver(t.start, p.span(sub))
	}
	if t.kind == tLBracket {
		p.fail(p.span(t), say("unexpected [: matrix literals are not part of the language"), say("x[i] is a member of a family"))
	}
	p.expected(say("an expression"))
	return nil
}

// named reads a name, a call, a member of a family, or a sum whose sign is
// the Greek letter Σ.
func (p *parser) named() Expr {
	t := p.tok()
	name := p.word(t)
	if sub, ok := p.sumSign(name); ok {
		p.pos++
		return p.sumOver(t.start, source.Span{Start: int(t.end) - len(sub), End: int(t.end)})
	}
	p.pos++
	switch next := p.tok(); next.kind {
	case tLParen:
		call := true
		if p.paper {
			call = !p.isVariable(name) && (!next.space && !p.isOperand(name) || p.isFunction(name))
		}
		if !call {
			break
		}
		p.pos++
		if name == "sum" && p.tok().kind == tName && p.toks[p.pos+1].kind == tAssign && !p.isVariable(name) {
			return p.sumOfRange(t, next)
		}
		args := p.args(next)
		return &Call{At: p.from(t.start), Func: Ident{Name: name, At: p.span(t)}, Args: args}
	case tBar, tNorm:
		// log|X| and log‖x‖ stand in papers for a call.
		if p.bar != next.kind && p.opts.IsFunction != nil && p.isFunction(name) && !p.isVariable(name) {
			arg := p.bars()
			return &Call{At: p.from(t.start), Func: Ident{Name: name, At: p.span(t)}, Args: []Expr{arg}}
		}
	case tName:
		// log det(X) stands in papers for a call of a call.
		if p.opts.IsFunction != nil && p.isFunction(name) && !p.isVariable(name) && p.callAhead() {
			arg := p.named()
			if next := p.tok(); next.kind == tSuper || next.kind == tOp && symbols[next.op].Prec == PrecPostfix {
				inner := p.file.Slice(arg.Span())
				p.fail(p.span(next), say("what is raised to a power, %s or %s, is not clear", inner, name+" "+inner), say("brackets say it, as in %s(%s)", name, inner))
			}
			return &Call{At: p.from(t.start), Func: Ident{Name: name, At: p.span(t)}, Args: []Expr{arg}}
		}
	case tLBracket:
		p.pos++
		sub := p.inBrackets()
		p.close(tRBracket, next)
		return &Index{At: p.from(t.start), Family: Ident{Name: name, At: p.span(t)}, Sub: sub}
	}
	return p.name(Name{At: p.span(t), Name: name})
}

// maxChain is the most functions that stand before an operand without brackets.
const maxChain = 4

// callAhead reports whether a call stands here, itself perhaps of a call.
func (p *parser) callAhead() bool {
	for i := p.pos; i < p.pos+maxChain && p.toks[i].kind == tName; i++ {
		if name := p.word(p.toks[i]); p.isVariable(name) || !p.isFunction(name) {
			return false
		}
		switch next := p.toks[i+1]; next.kind {
		case tLParen:
			return true
		case tBar, tNorm:
			return p.bar != next.kind
		}
	}
	return false
}

func (p *parser) args(open token) []Expr {
	var args []Expr
	for p.tok().kind != tRParen || len(args) > 0 {
		args = append(args, p.inBrackets())
		if p.tok().kind != tComma {
			break
		}
		p.pos++
	}
	p.close(tRParen, open)
	return args
}

// bars reads |x| or ‖x‖ with a suffix. A bar opens where an operand is
// expected and closes elsewhere.
func (p *parser) bars() Expr {
	open := p.tok()
	p.pos++
	bar := p.bar
	p.bar = open.kind
	x := p.expr(PrecSum)
	p.bar = bar
	t := p.tok()
	switch {
	case t.kind == open.kind:
		p.pos++
	case open.kind == tBar && t.kind == tNorm && p.text[t.start] == '|':
		// || closes two bars one after the other.
		half := &p.toks[p.pos]
		half.kind = tBar
		half.start++
		return &Bars{At: source.Span{Start: int(open.start), End: int(t.start) + 1}, X: x}
	case t.kind == tEOF || t.kind == tSep:
		p.fail(p.span(open), say("unbalanced bar: %s is never closed", p.word(open)), none)
	default:
		p.trailing(say("an operator or %s", p.word(open)))
	}
	if open.kind == tBar {
		return &Bars{At: p.from(open.start), X: x}
	}
	kind := NormPlain
	if sub := p.tok(); sub.kind == tSub && !sub.space {
		switch subscriptText(p.word(sub)) {
		case "F", "f", "fro", "Fro":
			kind = NormFrobenius
		case "1":
			kind = NormOne
		case "2":
			kind = NormTwo
		default:
			p.fail(p.span(sub), say("the norm with suffix %s is not known", p.word(sub)), say("the suffixes are _F, _1 and _2"))
		}
		p.pos++
	}
	return &Norm{At: p.from(open.start), Kind: kind, X: x}
}

// fill reads 1_n, 1ₙ, 0_{m×n}.
func (p *parser) fill() Expr {
	t := p.tok()
	f := &Fill{One: p.text[t.start] == '1'}
	p.pos++
	sub := p.tok()
	p.pos++
	f.At = p.from(t.start)
	f.Sizes = p.sizes(p.span(sub))
	return f
}

// sizes reads the subscript of a fill: a name or number, or in braces one or
// two sizes separated by × or a comma.
func (p *parser) sizes(at source.Span) (sizes []Expr) {
	text := p.file.Slice(at)
	if !strings.HasPrefix(text, "_{") {
		text = subscriptText(text)
		if plainNumber(text) {
			return []Expr{p.number(Number{At: at, Text: text})}
		}
		if !plainName(text) {
			p.fail(at, say("expected a size as subscript, found %s", p.file.Slice(at)), none)
		}
		return []Expr{p.name(Name{At: at, Name: text})}
	}
	p.sub(source.Span{Start: at.Start + 2, End: at.End - 1}, func(q *parser) {
		sizes = append(sizes, q.expr(PrecSum))
		if b, ok := sizes[0].(*Binary); ok && b.Op == Mul && q.file.Slice(b.OpAt) == "×" {
			sizes = []Expr{b.X, b.Y}
		} else if q.tok().kind == tComma {
			q.pos++
			sizes = append(sizes, q.expr(PrecSum))
		}
		if q.tok().kind != tEOF {
			q.trailing(say("a size"))
		}
		for _, x := range sizes {
			q.sizeOnly(x)
		}
	})
	return sizes
}

// sizeOnly refuses a form in a subscript that no size has, so that braces do not
// nest.
func (p *parser) sizeOnly(x Expr) {
	switch x := x.(type) {
	case *Name:
		if !strings.ContainsRune(x.Name, '{') {
			return
		}
	case *Number:
		return
	case *Unary:
		p.sizeOnly(x.X)
		return
	case *Binary:
		p.sizeOnly(x.X)
		p.sizeOnly(x.Y)
		return
	}
	p.fail(x.Span(), say("expected a size in the subscript, found %s", p.file.Slice(x.Span())), none)
}
