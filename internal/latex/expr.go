package latex

import (
	"slices"

	"example.com/nabla/internal/source"
	"example.com/nabla/internal/syntax"
)

// sum reads terms joined by + and −.
func (p *reader) sum() syntax.Expr {
	p.enter()
	start := p.tok().start
	x := p.term()
	for {
		t := p.tok()
		op := syntax.NoOp
		switch {
		case t.sign("+"):
			op = syntax.Add
		case t.sign("-"):
			op = syntax.Sub
		}
		if op == syntax.NoOp {
			p.leave()
			return x
		}
		p.pos++
		y := p.term()
		x = &syntax.Binary{At: p.from(start), Op: op, OpAt: t.span(), X: x, Y: y}
	}
}

// term reads a term with the signs before it, which belong to its first factor
// as in the language.
func (p *reader) term() syntax.Expr {
	type sign struct {
		op syntax.Op
		at source.Span
	}
	var signs []sign
	for {
		t := p.tok()
		if p.depth+len(signs) > p.opts.MaxDepth {
			p.fail(t.span(), say("the formula is nested deeper than %d levels", p.opts.MaxDepth), none)
		}
		switch {
		case t.sign("-"):
			signs = append(signs, sign{syntax.Neg, t.span()})
		case t.sign("+"):
			signs = append(signs, sign{syntax.Plus, t.span()})
		case t.kind == tOpen && t.match == p.at()+2 && (p.ahead(1).sign("-") || p.ahead(1).sign("+")):
			// {-} is a sign where nothing stands before it.
			op := syntax.Neg
			if p.ahead(1).sign("+") {
				op = syntax.Plus
			}
			signs = append(signs, sign{op, t.span().Join(p.ahead(2).span())})
			p.pos += 2
		default:
			x := p.colon()
			for i := len(signs) - 1; i >= 0; i-- {
				x = p.signed(x, signs[i].op, signs[i].at)
			}
			return x
		}
		p.pos++
	}
}

func (p *reader) at() int32 { return int32(p.pos) }

// signed puts a sign before the first factor of a product.
func (p *reader) signed(x syntax.Expr, op syntax.Op, at source.Span) syntax.Expr {
	if b, ok := x.(*syntax.Binary); ok && b.Op.Symbol().Prec == syntax.PrecProduct {
		for {
			b.At = at.Join(b.At)
			left, ok := b.X.(*syntax.Binary)
			if !ok || left.Op.Symbol().Prec != syntax.PrecProduct {
				break
			}
			b = left
		}
		b.X = &syntax.Unary{At: at.Join(b.X.Span()), Op: op, OpAt: at, X: b.X}
		return x
	}
	return &syntax.Unary{At: at.Join(x.Span()), Op: op, OpAt: at, X: x}
}

// colon reads A : B, the inner product.
func (p *reader) colon() syntax.Expr {
	start := p.tok().start
	x := p.entries()
	t := p.tok()
	if !t.sign(":") {
		return x
	}
	p.pos++
	y := p.entries()
	if p.tok().sign(":") {
		p.fail(p.tok().span(), say("A : B : C is not read"), say("write brackets around one product"))
	}
	return &syntax.Call{At: p.from(start), Func: syntax.Ident{Name: "dot", At: t.span()}, Args: []syntax.Expr{x, y}}
}

// entryOps are the operators that bind looser than products side by side.
var entryOps = map[string]syntax.Op{"odot": syntax.Hadamard, "circ": syntax.Hadamard, "oslash": syntax.HadamardDiv, "otimes": syntax.Kron, "ast": syntax.NoOp}

// entries reads products joined by ⊙, ⊘ or ⊗.
func (p *reader) entries() syntax.Expr {
	start := p.tok().start
	x := p.product()
	first := ""
	for {
		t := p.tok()
		op, ok := entryOps[t.text]
		if t.kind != tCommand || !ok {
			return x
		}
		family := t.text
		if op == syntax.Hadamard || op == syntax.HadamardDiv {
			family = "odot"
		}
		if first != "" && first != family {
			p.fail(t.span(), say("the order of %s and the operator before it is open", p.describe(t)), say("write brackets"))
		}
		first = family
		if t.text == "circ" {
			p.note(t.span(), say("∘ is read as the product entry by entry"))
		}
		p.pos++
		y := p.product()
		if op == syntax.NoOp {
			p.note(t.span(), say("\\ast is read as the Khatri–Rao product"))
			x = &syntax.Call{At: p.from(start), Func: syntax.Ident{Name: "khatrirao", At: t.span()}, Args: []syntax.Expr{x, y}}
			continue
		}
		x = &syntax.Binary{At: p.from(start), Op: op, OpAt: t.span(), X: x, Y: y}
	}
}

// product reads products joined by a dot, which may be that of vectors:
// x · A y is x · (A y).
func (p *reader) product() syntax.Expr {
	start := p.tok().start
	x := p.factors()
	for {
		t := p.tok()
		if !t.is("cdot") {
			return x
		}
		p.pos++
		b := &syntax.Binary{Op: syntax.Mul, OpAt: t.span(), X: x, Y: p.factors()}
		b.At = p.from(start)
		if p.dotted == nil {
			p.dotted = map[*syntax.Binary]bool{}
		}
		p.dotted[b] = true
		x = b
	}
}

// factors reads factors side by side or joined by × * /.
func (p *reader) factors() syntax.Expr {
	start := p.tok().start
	x := p.signedFactor()
	var over syntax.Expr // what the last operator divides by, unless it is a number under a number
	half := false        // it is a number under a number
	for {
		t := p.tok()
		op := syntax.NoOp
		at := t.span()
		switch {
		case t.is("times"), t.sign("*"):
			op = syntax.Mul
		case t.sign("/"), t.is("div"):
			op = syntax.Div
		case p.startsFactor(t):
			if t.kind == tNumber && !p.fillAhead() {
				p.trailing()
			}
			if over != nil && !p.standsApart(t) {
				p.fail(t.span(), say("it is open whether %s belongs to the divisor", p.describe(t)), say("write \\frac{…}{…} or brackets"))
			}
			if half && !p.standsApart(t) {
				p.note(source.Span{Start: int(start), End: at.Start}, say("a/b c is read as (a/b) c"))
			}
			if over != nil {
				if _, number := over.(*syntax.Number); !number && !t.is("sum") {
					p.fail(t.span(), say("it is open whether %s belongs to the divisor", p.describe(t)), say("write \\frac{…}{…} or brackets"))
				}
			}
			over, half = nil, false
			y := p.factor()
			x = &syntax.Binary{At: p.from(start), Op: syntax.Mul, OpAt: source.Span{Start: at.Start, End: at.Start}, X: x, Y: y}
			continue
		default:
			return x
		}
		p.pos++
		y := p.signedFactor()
		over, half = nil, false
		if op == syntax.Div {
			_, n := x.(*syntax.Number)
			_, d := y.(*syntax.Number)
			if half = n && d; !half {
				over = y
			}
		}
		b := &syntax.Binary{At: p.from(start), Op: op, OpAt: at, X: x, Y: y}
		if t.is("times") {
			if p.crossed == nil {
				p.crossed = map[*syntax.Binary]bool{}
			}
			p.crossed[b] = true
		}
		x = b
	}
}

// standsApart reports whether a factor after a quotient is no part of the divisor
// for any reader: a sum, a norm, something in brackets.
func (p *reader) standsApart(t *token) bool {
	return t.is("sum") || t.kind == tSign && (t.text == "‖" || t.text == "(" || t.text == "[") || p.doubleBar(t)
}

// signedFactor reads a factor that may have signs after an operator, as in
// a \cdot -b.
func (p *reader) signedFactor() syntax.Expr {
	t := p.tok()
	op := syntax.Neg
	switch {
	case t.sign("+"):
		op = syntax.Plus
	case !t.sign("-"):
		return p.factor()
	}
	p.enter()
	p.pos++
	x := p.signedFactor()
	p.leave()
	return &syntax.Unary{At: p.from(t.start), Op: op, OpAt: t.span(), X: x}
}

// startsFactor reports whether a token that follows an operand starts a factor.
func (p *reader) startsFactor(t *token) bool {
	switch t.kind {
	case tLetter, tNumber, tOpen:
		return true
	case tText:
		return isWord(t.text)
	case tSign:
		switch t.text {
		case "(", "[", "\\{", "⟨":
			return true
		case "|":
			return t.side == leftSide || t.side == anySide && !p.bar && !(p.norm && p.doubleBar(t))
		case "‖":
			return t.side == leftSide || t.side == anySide && !p.norm && !p.bar
		}
	case tCommand:
		switch t.text {
		case "cdot", "times", "div", "odot", "circ", "oslash", "otimes", "ast", "top", "dagger", "in", "succ", "succeq", "coloneqq", "dots",
			"star", "quad", "R":
			return false
		case "sum", "frac", "sqrt", "mathbf", "mathrm", "mathcal", "mathbb", "operatorname", "mathbbone", "norm", "abs", "inner", "underset", "underbrace", "overbrace", "differential",
			"nabla", "partial":
			return true
		}
		if _, refused := refusals[t.text]; refused {
			return false
		}
		return isCommand(t.text)
	}
	return false
}

// doubleBar reports whether two bars stand side by side, ||.
func (p *reader) doubleBar(t *token) bool {
	next := p.ahead(1)
	return t.sign("|") && next.sign("|") && !next.space && next.start == t.end
}

// fillAhead reports whether 1_n or 1^\top stands here, the vector of ones.
func (p *reader) fillAhead() bool {
	t := p.tok()
	if t.kind != tNumber || t.text != "1" && t.text != "0" {
		return false
	}
	switch next := p.ahead(1); next.kind {
	case tSub:
		return true
	case tSup:
		if p.pos+2 < p.end && t.text == "1" {
			i, k := p.argumentAt(p.pos + 2)
			mark, _ := p.exponentMark(i, k)
			return mark == transposeMark
		}
	case tSign:
		return next.text == "'" && t.text == "1"
	}
	return false
}

// factor reads an atom with its scripts.
func (p *reader) factor() syntax.Expr {
	p.enter()
	defer p.leave()
	start := p.tok().start
	if x, ok := p.differentialOf(); ok {
		return p.postfix(x, start)
	}
	if n, ok := p.tryName(); ok {
		return p.ofName(n, start)
	}
	x := p.atom()
	return p.postfix(x, start)
}

// tryName reads the base of a name unless a function stands here.
func (p *reader) tryName() (*name, bool) {
	t := p.tok()
	if t.kind == tCommand && (t.is("differential") || p.opts.Differentials && t.is("mathrm")) {
		if n, ok := p.differential(); ok {
			return n, true
		}
	}
	if t.kind == tLetter && t.text == "d" && p.opts.Differentials {
		if n, ok := p.differential(); ok {
			return n, true
		}
	}
	if _, ok := p.functionAhead(); ok {
		return nil, false
	}
	if t.kind == tLetter && p.wordFunction() > 0 {
		return nil, false
	}
	return p.base()
}

// differentialOf reads d before an expression in brackets or a function, of a claim, as
// d(…). The superscripts of a function belong to what is differentiated.
func (p *reader) differentialOf() (syntax.Expr, bool) {
	from, t := p.pos, p.tok()
	n := p.isD(p.pos, p.end)
	// Where d is a variable d(…) is a product in the language.
	if _, known := p.known["d"]; !p.opts.Differentials || n == 0 || known || t.is("partial") || t.is("nabla") {
		return nil, false
	}
	p.pos += n
	d := p.spanOf(from, p.pos)
	next := p.tok()
	bracket := next.sign("(") || next.sign("[")
	_, function := p.functionAhead()
	if !bracket && !function && !next.sign("‖") && !(next.kind == tOpen && next.match > p.at()+1) {
		p.pos = from
		return nil, false
	}
	var x syntax.Expr
	if bracket {
		x = p.atom()
		if up := p.tok(); up.kind == tSup {
			i, k := p.argumentAt(p.pos + 1)
			if m, _ := p.exponentMark(i, k); m != transposeMark {
				p.fail(up.span(), say("the power of a differential and the differential of a power are written alike"), say("write d((…)^2) or (d(…))^2"))
			}
		}
	} else {
		x = p.factor()
	}
	return &syntax.Call{At: p.from(t.start), Func: syntax.Ident{Name: "d", At: d}, Args: []syntax.Expr{x}}, true
}

// differential reads d before a name as the name of its differential.
func (p *reader) differential() (*name, bool) {
	from := p.pos
	t := p.tok()
	if t.is("mathrm") {
		n, ok := p.base()
		if !ok || n.base != "d" {
			p.pos = from
			return nil, false
		}
	} else {
		p.pos++
	}
	if _, ok := p.known["d"]; ok && t.kind == tLetter {
		p.pos = from
		return nil, false
	}
	if t.is("differential") && p.tok().kind == tOpen { // \dd{x}
		i, k := p.argument("\\" + t.text)
		var n *name
		ok := false
		after := p.pos
		p.in(i, k, func() { n, ok = p.named() })
		if !ok {
			p.pos = from
			return nil, false
		}
		p.pos = after
		n.at = p.spanOf(from, after)
		n.diff = true
		return n, true
	}
	next := p.tok()
	if _, ok := p.functionAhead(); ok || next.sign("(") || next.sign("[") || next.kind == tOpen && next.match > p.at()+1 {
		p.fail(p.spanOf(from, p.pos), say("the differential of an expression is not read"), say("name the expression, as in z = …, and write dz"))
	}
	n, ok := p.base()
	if !ok {
		p.pos = from
		return nil, false
	}
	n.diff, n.at = true, p.spanOf(from, p.pos)
	return n, true
}

// ofName reads what follows the base of a name: scripts, then a bracket if it
// is applied.
func (p *reader) ofName(n *name, start int32) syntax.Expr {
	type script struct{ i, k, at int } // of ^; i < 0 for a prime
	var sups []script
	for {
		t := p.tok()
		if len(sups) > p.opts.MaxDepth {
			p.fail(t.span(), say("more than %d superscripts", p.opts.MaxDepth), none)
		}
		switch {
		case t.kind == tSub:
			p.pos++
			if p.relu(t) {
				p.fail(t.span(), say("the positive part of a name needs brackets"), say("write (%s)_+", n.base))
			}
			if p.sizedName(n) {
				continue
			}
			p.subscript(n)
		case t.kind == tSup:
			at := p.pos
			p.pos++
			i, k := p.argument("^")
			if p.label(n, i, k) {
				continue
			}
			sups = append(sups, script{i, k, at})
		case t.sign("'"):
			with := *n
			with.primes += "′"
			if _, ok := p.known[with.text()]; ok && len(sups) == 0 {
				n.primes = with.primes
			} else {
				sups = append(sups, script{-1, 0, p.pos})
			}
			p.pos++
		case t.kind == tOpen && t.match == p.at()+1:
			p.pos += 2 // {}
		default:
			goto scripts
		}
	}
scripts:
	n.at = p.from(start)
	if len(sups) > 0 {
		n.at = source.Span{Start: int(start), End: int(p.toks[max(sups[0].at-1, 0)].end)}
	}
	var x syntax.Expr
	if t := p.tok(); t.sign("(") || t.sign("[") {
		primes := 0
		for _, s := range sups {
			if s.i < 0 {
				primes++
			}
		}
		if call, ok := p.applied(n, primes == len(sups), primes, start); ok {
			return p.postfix(call, start)
		}
	}
	switch {
	case n.base == "e" && n.text() == "e" && len(sups) == 1 && sups[0].i >= 0 && p.isExponential(sups[0].i, sups[0].k):
		p.note(n.at, say("e^{…} is read as exp"))
		return p.exponential(n.at, sups[0].i, sups[0].k, start)
	default:
		x = p.nameOrConstant(n)
	}
	for _, s := range sups {
		if s.i < 0 {
			x = &syntax.Unary{At: source.Span{Start: int(start), End: int(p.toks[s.at].end)}, Op: syntax.Transpose, OpAt: p.toks[s.at].span(), X: x}
			continue
		}
		x = p.raised(x, s.at, s.i, s.k, start)
	}
	return x
}

// isExponential reports whether e with that exponent is the number e: e is no
// variable and the exponent no transpose.
func (p *reader) isExponential(i, k int) bool {
	if _, ok := p.known["e"]; ok || p.isDefined("e") || p.eNamed || slices.Contains(p.bound, "e") || slices.Contains(p.opts.Wrt, "e") {
		return false
	}
	mark, _ := p.exponentMark(i, k)
	return mark == noMark
}

func (p *reader) exponential(at source.Span, i, k int, start int32) syntax.Expr {
	var arg syntax.Expr
	p.in(i, k, func() { arg = p.sum() })
	call := &syntax.Call{At: p.from(start), Func: syntax.Ident{Name: "exp", At: at}, Args: []syntax.Expr{arg}}
	if p.euler == nil {
		p.euler = map[*syntax.Call]bool{}
	}
	p.euler[call] = true
	return call
}

// nameOrConstant returns what a name stands for: π, the identity matrix, the
// number of a size, or a variable.
func (p *reader) nameOrConstant(n *name) syntax.Expr {
	text := n.text()
	_, known := p.known[text]
	if known || n.diff || p.isDefined(text) || n.index != "" {
		return p.value(n)
	}
	switch {
	case text == "π" && !slices.Contains(p.opts.Wrt, "π"):
		return &syntax.Name{At: n.at, Name: "pi"}
	case text == "I" && n.sizes == nil && !slices.Contains(p.opts.Wrt, "I"):
		return p.identity(n.at, nil)
	case n.base == "I" && len(n.sizes) == 1:
		return p.identity(n.at, n.sizes[0])
	case n.base == "K" && len(n.sizes) == 2:
		p.note(n.at, say("%s is read as the commutation matrix", clean(p.file.Slice(n.at))))
		return call("commutation", n.at, n.sizes...)
	case n.bold && n.base == "e" && len(n.subs) == 1 && len(n.accents) == 0 && allDigits(n.subs[0]):
		return p.basis(n)
	case n.word && p.opts.IsFunction != nil && p.opts.IsFunction(text):
		p.fail(n.at, say("%s is a function and needs an operand", text), say("apply it, as in \\operatorname{%s}(x)", text))
	}
	return p.value(n)
}

// relu reports whether the subscript of which _ is taken is +.
func (p *reader) relu(t *token) bool {
	if p.pos >= p.end {
		return false
	}
	i, k := p.argumentAt(p.pos)
	return k == i+1 && p.toks[i].sign("+")
}
