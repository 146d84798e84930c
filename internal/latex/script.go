package latex

import (
	"slices"
	"strconv"

	"example.com/nabla/internal/source"
	"example.com/nabla/internal/syntax"
)

// A mark is an exponent that is no power.
type mark uint8

const (
	noMark mark = iota
	transposeMark
	inverseTransposeMark
	pseudoMark  // ^+, ^\dagger
	primeMark   // ^\prime, as often as n says
	entriesMark // ^{\odot k}
)

// exponentMark says what the exponent in a range is. For entriesMark n is the
// number of tokens before the power.
func (p *reader) exponentMark(i, k int) (m mark, n int) {
	i, k = p.unwrap(i, k)
	if i >= k {
		return noMark, 0
	}
	t := &p.toks[i]
	if k == i+1 {
		switch {
		case p.isTranspose(i, k):
			return transposeMark, 0
		case t.sign("+"), t.is("dagger"):
			return pseudoMark, 0
		}
	}
	if t.sign("-") && p.isTranspose(p.unwrap(i+1, k)) {
		return inverseTransposeMark, 0
	}
	if primes := k - i; t.sign("'") {
		for _, t := range p.toks[i:k] {
			if !t.sign("'") {
				return noMark, 0
			}
		}
		return primeMark, primes
	}
	if (t.is("odot") || t.is("circ") || t.sign(".")) && k > i+1 {
		return entriesMark, 1
	}
	return noMark, 0
}

// isTranspose reports whether a range is the mark of a transpose.
func (p *reader) isTranspose(i, k int) bool {
	if k != i+1 {
		return false
	}
	t := &p.toks[i]
	switch {
	case t.is("top"):
		return true
	case t.kind == tLetter && (t.text == "T" || t.text == "H"), t.kind == tText && (t.text == "T" || t.text == "H"):
		_, known := p.known[t.text]
		return !known && !p.isDefined(t.text)
	case t.kind == tCommand && (t.text == "mathrm" || t.text == "operatorname") && k > i+1:
		return p.isTranspose(p.unwrap(i+1, k))
	}
	return false
}

// label takes the exponent (k) or [k] of a name as a subscript: W^{(1)}.
func (p *reader) label(n *name, i, k int) bool {
	i, k = p.unwrap(i, k)
	if k-i != 3 {
		return false
	}
	open, t, close := &p.toks[i], &p.toks[i+1], &p.toks[i+2]
	if !(open.sign("(") && close.sign(")") || open.sign("[") && close.sign("]")) {
		return false
	}
	switch {
	case t.kind == tNumber && allDigits(t.text):
		n.subs = append(n.subs, t.text)
		p.note(p.spanOf(i, k), say("(%s) above a name is read as a part of the name", t.text))
	case t.kind == tLetter && slices.Contains(p.bound, t.text) && n.index == "":
		n.index, n.indexAt = t.text, t.span()
	case t.kind == tLetter:
		n.subs = append(n.subs, t.text)
		p.note(p.spanOf(i, k), say("(%s) above a name is read as a part of the name", t.text))
	default:
		return false
	}
	return true
}

// postfix reads the scripts after anything but a name.
func (p *reader) postfix(x syntax.Expr, start int32) syntax.Expr {
	for n := 0; ; n++ {
		t := p.tok()
		switch {
		case t.kind == tSup:
			at := p.pos
			p.pos++
			i, k := p.argument("^")
			x = p.raised(x, at, i, k, start)
		case t.sign("'"):
			p.pos++
			x = &syntax.Unary{At: p.from(start), Op: syntax.Transpose, OpAt: t.span(), X: x}
		case t.kind == tSub:
			p.pos++
			if p.relu(t) {
				i, k := p.argument("_")
				p.note(p.spanOf(i-1, k), say("(x)_+ is read as relu"))
				x = &syntax.Call{At: p.from(start), Func: syntax.Ident{Name: "relu", At: t.span()}, Args: []syntax.Expr{x}}
				continue
			}
			i, k := p.argument("_")
			at := p.spanOf(i, k)
			p.fail(at, say("entries of an expression are not read: subscript %s", clean(p.file.Slice(at))), say("write the formula with vectors and matrices"))
		case t.kind == tOpen && t.match == p.at()+1:
			p.pos += 2
		default:
			return x
		}
		if n > p.opts.MaxDepth {
			p.fail(t.span(), say("more than %d superscripts", p.opts.MaxDepth), none)
		}
	}
}

// raised puts the exponent in the range i to k on x; at is the index of ^.
func (p *reader) raised(x syntax.Expr, at, i, k int, start int32) syntax.Expr {
	opAt := p.spanOf(at, max(k, at+1))
	span := source.Span{Start: int(start), End: opAt.End}
	if k < len(p.toks) && p.toks[k].kind == tClose && i > at+1 {
		opAt.End, span.End = int(p.toks[k].end), int(p.toks[k].end)
	}
	unary := func(op syntax.Op) syntax.Expr {
		return &syntax.Unary{At: span, Op: op, OpAt: opAt, X: x}
	}
	m, n := p.exponentMark(i, k)
	a, b := p.unwrap(i, k)
	switch m {
	case transposeMark:
		t := &p.toks[a]
		if t.kind == tLetter && t.text == "T" && p.limits["T"] {
			p.fail(opAt, say("T is the end of a sum as well as the mark of the transpose"), say("write ^\\top for the transpose"))
		}
		if t.kind != tCommand && t.text == "H" {
			p.note(opAt, say("the conjugate transpose ^H is the transpose, since everything is real"))
		}
		return unary(syntax.Transpose)
	case inverseTransposeMark:
		return unary(syntax.InvTranspose)
	case primeMark:
		for range n {
			x = unary(syntax.Transpose)
		}
		return x
	case pseudoMark:
		return &syntax.Call{At: span, Func: syntax.Ident{Name: "pinv", At: opAt}, Args: []syntax.Expr{x}}
	}
	if a >= b {
		p.fail(opAt, say("expected an exponent, found nothing"), none)
	}
	if b == a+1 {
		t := &p.toks[a]
		switch {
		case t.sign("*"), t.is("ast"), t.is("star"):
			p.fail(opAt, say("^* may be a transpose, an optimum or a convolution"), say("the transpose is written ^\\top, a name x_{\\mathrm{opt}}"))
		case t.is("circ"), t.is("perp"), t.is("odot"), t.sign("-"):
			p.fail(opAt, say("the exponent %s is not read", p.describe(t)), none)
		case t.kind == tNumber && p.toks[i].kind != tOpen && i == a && k < p.end && p.toks[k].kind == tNumber && !p.toks[k].space:
			p.fail(p.toks[k].span(), say("the exponent needs braces"), none)
		}
	}
	op := syntax.Pow
	if m == entriesMark {
		op = syntax.HadamardPow
		a += n
	}
	var y syntax.Expr
	p.in(a, b, func() { y = p.sum() })
	return &syntax.Binary{At: span, Op: op, OpAt: opAt, X: x, Y: y}
}

// open returns a name for a size that is to be inferred.
func (p *reader) open(at source.Span) *syntax.Name {
	p.number++
	n := "?" + strconv.Itoa(p.number)
	p.out.Free = append(p.out.Free, n)
	return &syntax.Name{At: at, Name: n}
}

func call(name string, at source.Span, args ...syntax.Expr) *syntax.Call {
	return &syntax.Call{At: at, Func: syntax.Ident{Name: name, At: at}, Args: args}
}

// identity is I, or I_n.
func (p *reader) identity(at source.Span, size syntax.Expr) syntax.Expr {
	if size == nil {
		p.note(at, say("I is read as the identity matrix"))
		size = p.open(at)
	}
	return call("eye", at, size)
}

// sizedName reads the subscript of I or K, of which _ is taken, as sizes. It
// takes nothing where the subscript is none or the name is declared.
func (p *reader) sizedName(n *name) bool {
	if n.base != "I" && n.base != "K" || len(n.accents)+len(n.subs)+len(n.sizes) > 0 || n.word || p.pos >= p.end {
		return false
	}
	i, k := p.argumentAt(p.pos)
	comma := 0
	text := n.base + "_"
	for _, t := range p.toks[i:k] {
		switch {
		case t.kind == tLetter:
			if slices.Contains(p.bound, t.text) || p.indices[t.text] {
				return false
			}
			text += t.text
		case t.kind == tNumber && allDigits(t.text):
			text += t.text
		case t.sign(","):
			comma++
			text += "_"
		case t.sign("+"), t.sign("-"), t.sign("("), t.sign(")"), t.is("cdot"), t.kind == tSup, t.kind == tOpen, t.kind == tClose:
		default:
			return false
		}
	}
	if _, ok := p.known[text]; ok || comma != map[string]int{"I": 0, "K": 1}[n.base] || p.isDefined(text) || i == k {
		return false
	}
	i, k = p.argument("_")
	p.in(i, k, func() {
		n.sizes = append(n.sizes, p.size())
		for p.tok().sign(",") {
			p.pos++
			n.sizes = append(n.sizes, p.size())
		}
	})
	return true
}

// basis is \mathbf e_k, the k-th unit vector, of a size that is to be inferred.
func (p *reader) basis(n *name) syntax.Expr {
	p.note(n.at, say("a bold e with a number is read as a unit vector"))
	return call("basis", n.at, p.open(n.at), &syntax.Number{At: n.at, Text: n.subs[0]})
}

// fill is 𝟏, 𝟏_n, 𝟏_{m × n} or the same of zeros; the digit is taken.
func (p *reader) fill(word string, start int32) syntax.Expr {
	at := p.from(start)
	if p.tok().kind != tSub {
		return call(word, at, p.open(at))
	}
	p.pos++
	i, k := p.argument("_")
	var sizes []syntax.Expr
	p.in(i, k, func() {
		sizes = append(sizes, p.size())
		if t := p.tok(); t.is("times") || t.sign(",") {
			p.pos++
			sizes = append(sizes, p.size())
		}
	})
	return &syntax.Call{At: p.from(start), Func: syntax.Ident{Name: word, At: at}, Args: sizes}
}

// size reads a size: names and numbers with + − and products.
func (p *reader) size() syntax.Expr {
	start := p.tok().start
	x := p.sizeTerm()
	for {
		t := p.tok()
		op := syntax.NoOp
		switch {
		case t.sign("+"):
			op = syntax.Add
		case t.sign("-"):
			op = syntax.Sub
		default:
			return x
		}
		p.pos++
		y := p.sizeTerm()
		x = &syntax.Binary{At: p.from(start), Op: op, OpAt: t.span(), X: x, Y: y}
	}
}

func (p *reader) sizeTerm() syntax.Expr {
	start := p.tok().start
	x := p.sizeFactor()
	for {
		t := p.tok()
		switch {
		case t.is("cdot"), t.sign("*"):
			p.pos++
		case t.kind == tLetter, t.kind == tNumber, t.sign("("), t.kind == tText, t.kind == tCommand && t.text != "times":
		default:
			return x
		}
		at := p.tok().span()
		y := p.sizeFactor()
		x = &syntax.Binary{At: p.from(start), Op: syntax.Mul, OpAt: source.Span{Start: at.Start, End: at.Start}, X: x, Y: y}
	}
}

func (p *reader) sizeFactor() syntax.Expr {
	p.enter()
	defer p.leave()
	t := p.tok()
	var x syntax.Expr
	switch {
	case t.kind == tNumber:
		p.pos++
		x = &syntax.Number{At: t.span(), Text: t.text}
	case t.sign("("):
		p.pos++
		x = p.size()
		if !p.tok().sign(")") {
			p.expected(say(")"))
		}
		p.pos++
	default:
		n, ok := p.named()
		if !ok {
			p.expected(say("a size"))
		}
		if n.index != "" {
			n.subs = append(n.subs, n.index)
		}
		x = &syntax.Name{At: n.at, Name: p.resolve(n)}
	}
	if p.tok().kind == tSup {
		at := p.tok().span()
		p.pos++
		i, k := p.argument("^")
		var y syntax.Expr
		p.in(i, k, func() { y = p.size() })
		x = &syntax.Binary{At: p.from(t.start), Op: syntax.Pow, OpAt: at, X: x, Y: y}
	}
	return x
}
