package latex

import (
	"slices"
	"strings"
	"unicode/utf8"

	"example.com/nabla/internal/source"
	"example.com/nabla/internal/syntax"
)

// atom reads what is no name: a number, something in brackets, a fraction, a
// function with its argument.
func (p *reader) atom() syntax.Expr {
	t := p.tok()
	if f, ok := p.functionAhead(); ok {
		return p.function(f)
	}
	switch t.kind {
	case tLetter:
		if k := p.wordFunction(); k > 0 {
			return p.function(function{name: p.word(k), tokens: k, at: p.spanOf(p.pos, p.pos+k)})
		}
	case tNumber:
		if p.fillAhead() {
			p.pos++
			return p.fill(map[string]string{"1": "ones", "0": "zeros"}[t.text], t.start)
		}
		p.pos++
		return &syntax.Number{At: t.span(), Text: t.text}
	case tOpen:
		return p.group()
	case tText:
		p.fail(t.span(), say("words in a formula are not read: %s", t.text), none)
	case tSign:
		switch t.text {
		case "(", "[", "\\{":
			p.pos++
			x := p.inside(t)
			return x
		case "⟨":
			return p.inner(t)
		case "|", "‖":
			return p.bars()
		}
	case tCommand:
		if x := p.command(t); x != nil {
			return x
		}
	}
	p.expected(say("a formula"))
	return nil
}

// group reads { sum }, which is a pair of brackets that is not printed.
func (p *reader) group() syntax.Expr {
	open := p.tok()
	i, k := p.pos+1, int(open.match)
	p.pos = k + 1
	bold := p.bold
	defer func() { p.bold = bold }()
	if i < k {
		switch t := &p.toks[i]; {
		case t.is("bf"):
			p.bold = true
			i++
		case t.is("rm"), t.is("it"), t.is("cal"), t.is("sf"), t.is("tt"), t.is("mit"):
			i++
		}
	}
	if i == k {
		// {} holds nothing; what follows it is the factor.
		return p.factor()
	}
	var x syntax.Expr
	p.in(i, k, func() { x = p.sum() })
	return x
}

// inside reads what stands in brackets, of which the first is taken, and takes
// the second.
func (p *reader) inside(open *token) syntax.Expr {
	x := p.bracketed(open)
	t := p.tok()
	if t.sign(",") {
		hint := say("the inner product is written \\langle x, y \\rangle or x^\\top y")
		if open.text == "[" {
			hint = say("give the matrix or vector a name")
		}
		p.fail(t.span(), say("brackets hold one expression, found ,"), hint)
	}
	p.close(open)
	return x
}

// bracketed reads a sum inside brackets, where a bar that is open outside
// cannot close.
func (p *reader) bracketed(open *token) syntax.Expr {
	bar, norm, arg := p.bar, p.norm, p.inArg
	p.bar, p.norm, p.inArg = false, false, 0
	x := p.sum()
	p.bar, p.norm, p.inArg = bar, norm, arg
	return x
}

// close takes the bracket that closes open.
func (p *reader) close(open *token) {
	t := p.tok()
	want := closers[open.text]
	if t.sign(want) {
		p.pos++
		return
	}
	if t.kind == tEnd {
		p.fail(open.span(), say("unbalanced bracket: %s is never closed", p.describe(open)), none)
	}
	if t.kind == tSign && slices.Contains([]string{")", "]", "\\}", "⟩"}, t.text) {
		p.fail(t.span(), say("unbalanced bracket: %s is closed by %s", p.describe(open), p.describe(t)), none)
	}
	p.trailing()
}

// inner reads ⟨A, B⟩.
func (p *reader) inner(open *token) syntax.Expr {
	p.pos++
	x := p.bracketed(open)
	t := p.tok()
	if !t.sign(",") && !(t.sign("|") && t.side == anySide) {
		p.expected(say(", and the other side of the inner product"))
	}
	p.pos++
	y := p.bracketed(open)
	p.close(open)
	at := p.from(open.start)
	return &syntax.Call{At: at, Func: syntax.Ident{Name: "dot", At: open.span()}, Args: []syntax.Expr{x, y}}
}

// bars reads |x| and ‖x‖ with its suffix.
func (p *reader) bars() syntax.Expr {
	open := p.tok()
	double := open.sign("‖")
	p.pos++
	two := false
	if !double && open.side != rightSide {
		if n := p.tok(); n.sign("|") && !n.space && n.start == open.end && n.side == open.side {
			double, two = true, true
			p.pos++
		}
	}
	bar, norm, arg := p.bar, p.norm, p.inArg
	p.bar, p.norm, p.inArg = !double, double, 0
	x := p.sum()
	p.bar, p.norm, p.inArg = bar, norm, arg
	t := p.tok()
	closed := t.sign("‖") && double && !two || t.sign("|") && !double || two && p.doubleBar(t)
	if !closed {
		if t.kind == tEnd {
			p.fail(open.span(), say("unbalanced bar: %s is never closed", p.describe(open)), none)
		}
		p.trailing()
	}
	p.pos++
	if two {
		p.pos++
	}
	if !double {
		if p.tok().kind == tSub {
			p.fail(p.tok().span(), say("|x| has no suffix"), say("the norm is written \\|x\\|_2"))
		}
		return &syntax.Bars{At: p.from(open.start), X: x}
	}
	return p.norms(x, open.start)
}

// norms reads the suffix of a norm, which may stand after an exponent.
func (p *reader) norms(x syntax.Expr, start int32) syntax.Expr {
	n := &syntax.Norm{X: x}
	if p.tok().kind == tSub {
		p.pos++
		n.Kind = p.normKind()
	} else if p.tok().kind == tSup {
		// ‖x‖^2_2: the suffix is read first.
		at := p.pos
		p.pos++
		i, k := p.argument("^")
		if p.tok().kind == tSub {
			p.pos++
			n.Kind = p.normKind()
			n.At = p.from(start)
			y := p.raised(n, at, i, k, start)
			if b, ok := y.(*syntax.Binary); ok {
				b.At = p.from(start)
			}
			return y
		}
		p.pos = at
	}
	n.At = p.from(start)
	return n
}

// normKind reads the suffix of a norm, of which _ is taken.
func (p *reader) normKind() syntax.NormKind {
	i, k := p.argument("_")
	at := p.spanOf(i, k)
	i, k = p.unwrap(i, k)
	if k == i+1 {
		t := &p.toks[i]
		switch t.text {
		case "F", "f", "Fro", "fro", "HS":
			return syntax.NormFrobenius
		case "1":
			return syntax.NormOne
		case "2":
			return syntax.NormTwo
		}
	}
	text := ""
	for _, t := range p.toks[i:k] {
		text += t.text
	}
	if strings.EqualFold(text, "fro") || strings.EqualFold(text, "frob") || text == "HS" {
		return syntax.NormFrobenius
	}
	if text == "ℓ2" || text == "ell2" {
		return syntax.NormTwo
	}
	hint := say("the suffixes are _2, _F and _1")
	if k == i+1 && p.toks[i].kind == tLetter && 'A' <= text[0] && text[0] <= 'Z' || text == "Σ" || text == "Sigma" {
		hint = say("a weighted norm is written x^\\top %s x", clean(p.file.Slice(at)))
	}
	p.fail(at, say("the norm with suffix %s is not in the language", clean(p.file.Slice(at))), hint)
	return 0
}

// command reads a command that starts an atom; nil if it starts none.
func (p *reader) command(t *token) syntax.Expr {
	switch t.text {
	case "frac":
		return p.frac()
	case "sqrt":
		return p.sqrt()
	case "sum":
		return p.sumOver()
	case "mathbbone":
		p.pos++
		return p.fill("ones", t.start)
	case "mathbb":
		return p.blackboard()
	case "mathbf":
		return p.boldGroup()
	case "mathrm", "mathcal":
		p.pos++
		i, k := p.argument("\\" + t.text)
		if k == i+1 && p.toks[i].kind == tNumber {
			p.pos = i // \mathrm{1}
			return p.boldGroup()
		}
		p.fail(p.spanOf(i, k), say("expected a name, found %s", clean(p.file.Slice(p.spanOf(i, k)))), none)
	case "operatorname":
		p.pos++
		i, k := p.argument("\\operatorname")
		at := p.spanOf(i, k)
		p.fail(at, say("unknown function %s", clean(p.file.Slice(at))), none)
	case "norm", "abs":
		p.pos++
		i, k := p.argument("\\" + t.text)
		var x syntax.Expr
		p.in(i, k, func() { x = p.sum() })
		if t.text == "norm" {
			return p.norms(x, t.start)
		}
		return &syntax.Bars{At: p.from(t.start), X: x}
	case "inner":
		p.pos++
		var xs [2]syntax.Expr
		for n := range xs {
			i, k := p.argument("\\" + t.text)
			p.in(i, k, func() { xs[n] = p.sum() })
		}
		return &syntax.Call{At: p.from(t.start), Func: syntax.Ident{Name: "dot", At: t.span()}, Args: xs[:]}
	case "underset":
		// What stands below is a remark, as the shape of a factor.
		p.pos++
		p.argument("\\underset")
		i, k := p.argument("\\underset")
		var x syntax.Expr
		p.in(i, k, func() { x = p.sum() })
		return x
	case "underbrace", "overbrace":
		p.pos++
		i, k := p.argument("\\" + t.text)
		var x syntax.Expr
		p.in(i, k, func() { x = p.sum() })
		if s := p.tok().kind; s == tSub || s == tSup {
			p.pos++
			p.argument("_")
		}
		return x
	case "nabla", "partial", "differential":
		p.fail(t.span(), say("a derivative inside of a formula is not read"), say("the derivative is asked for at the start of a formula, as in \\nabla_x f, or beside it"))
	case "argmin", "argmax", "arg":
		p.fail(t.span(), say("a minimiser inside of a formula is not read"), none)
	case "R":
		p.fail(t.span(), say("a set of numbers stands after \\in"), say("a declaration is written X \\in \\mathbb{R}^{m \\times n}"))
	}
	return nil
}

// blackboard reads 𝟙 by \mathbb; other letters are sets or expectations.
func (p *reader) blackboard() syntax.Expr {
	t := p.tok()
	p.pos++
	i, k := p.argument("\\mathbb")
	at := p.spanOf(i, k)
	if k == i+1 && (p.toks[i].text == "1" || p.toks[i].text == "I") {
		return p.fill("ones", t.start)
	}
	what := say(map[string]string{"E": "expectations are not read", "P": "probabilities are not read", "V": "variances are not read", "R": "a set of numbers stands after \\in"}[clean(p.file.Slice(at))])
	if what.IsZero() {
		what = say("\\mathbb{%s} is no name", clean(p.file.Slice(at)))
	}
	p.fail(p.from(t.start), what, none)
	return nil
}

// boldGroup reads \mathbf{1}, \mathbf{0} and \mathbf{X w}.
func (p *reader) boldGroup() syntax.Expr {
	t := p.tok()
	if t.kind == tCommand {
		p.pos++
	}
	i, k := p.argument("\\mathbf")
	a, b := p.unwrap(i, k)
	if b == a+1 && p.toks[a].kind == tNumber {
		switch p.toks[a].text {
		case "1":
			return p.fill("ones", t.start)
		case "0":
			return p.fill("zeros", t.start)
		}
	}
	bold := p.bold
	p.bold = true
	var x syntax.Expr
	p.in(i, k, func() { x = p.sum() })
	p.bold = bold
	return x
}

// frac reads a fraction.
func (p *reader) frac() syntax.Expr {
	t := p.tok()
	p.pos++
	ti, tk := p.argument("\\frac")
	bi, bk := p.argument("\\frac")
	if x := p.derivativeName(t, ti, tk, bi, bk); x != nil {
		return x
	}
	x, y := p.fracSide(ti, tk), p.fracSide(bi, bk)
	return &syntax.Binary{At: p.from(t.start), Op: syntax.Div, OpAt: t.span(), X: x, Y: y}
}

func (p *reader) fracSide(i, k int) syntax.Expr {
	if i == k {
		p.fail(p.spanOf(i, k), say("the fraction has an empty side"), none)
	}
	var x syntax.Expr
	p.in(i, k, func() { x = p.sum() })
	return x
}

// sqrt reads \sqrt{x} and \sqrt[3]{x}.
func (p *reader) sqrt() syntax.Expr {
	t := p.tok()
	p.pos++
	var root syntax.Expr
	if p.tok().sign("[") {
		p.pos++
		root = p.bracketed(p.tok())
		if !p.tok().sign("]") {
			p.expected(say("]"))
		}
		p.pos++
	}
	var x syntax.Expr
	if n := p.tok(); n.sign("(") {
		p.pos++
		x = p.inside(n)
	} else {
		i, k := p.argument("\\sqrt")
		p.in(i, k, func() { x = p.sum() })
	}
	at := p.from(t.start)
	if root != nil {
		one := &syntax.Number{At: root.Span(), Text: "1"}
		return &syntax.Binary{At: at, Op: syntax.Pow, OpAt: t.span(), X: x,
			Y: &syntax.Binary{At: root.Span(), Op: syntax.Div, OpAt: root.Span(), X: one, Y: root}}
	}
	return &syntax.Call{At: at, Func: syntax.Ident{Name: "sqrt", At: t.span()}, Args: []syntax.Expr{x}}
}

// sumOver reads \sum_i x and \sum_{i=1}^N x. The body reaches to the end of the
// product.
func (p *reader) sumOver() syntax.Expr {
	t := p.tok()
	p.pos++
	var indices []syntax.Ident
	var from, to syntax.Expr
	done := false
	for !done {
		switch s := p.tok(); s.kind {
		case tSub:
			p.pos++
			i, k := p.argument("_")
			p.in(i, k, func() { indices, from = p.binder() })
		case tSup:
			p.pos++
			i, k := p.argument("^")
			p.in(i, k, func() { to = p.size() })
		default:
			done = true
		}
	}
	sign := p.from(t.start)
	if len(indices) == 0 {
		if to != nil {
			p.fail(sign, say("the sum has no index"), say("write the index as in \\sum_{i=1}^n x_i"))
		}
		p.note(sign, say("∑ without an index is read as the sum of all entries"))
		p.enter()
		x := p.sumBody()
		p.leave()
		return &syntax.Call{At: p.from(t.start), Func: syntax.Ident{Name: "sum", At: sign}, Args: []syntax.Expr{x}}
	}
	if to != nil && from == nil {
		from = &syntax.Number{At: to.Span(), Text: "1"}
	}
	if from != nil && to == nil {
		p.fail(sign, say("the sum has no upper end"), say("write \\sum_{i=1}^N"))
	}
	if len(indices) > 1 && to != nil {
		p.fail(sign, say("a sum over several indices has no range"), say("write one sum for each index"))
	}
	for _, i := range indices {
		if slices.Contains(p.bound, i.Name) {
			p.fail(i.At, say("the index %s is bound by an outer sum", i.Name), none)
		}
	}
	if to != nil && p.ranges[indices[0].Name] == nil {
		p.ranges[indices[0].Name] = to
	}
	n := len(p.bound)
	for _, i := range indices {
		p.bound = append(p.bound, i.Name)
	}
	arg := p.inArg
	p.inArg = 0
	p.enter()
	x := p.sumBody()
	p.leave()
	p.inArg = arg
	p.bound = p.bound[:n]
	for k := len(indices) - 1; k >= 0; k-- {
		x = &syntax.SumOver{At: p.from(t.start), Index: indices[k], From: from, To: to, Body: x}
	}
	return x
}

// sumBody reads what a sum adds up.
func (p *reader) sumBody() syntax.Expr {
	if t := p.tok(); t.sign("-") || t.sign("+") {
		return p.term()
	}
	return p.entries()
}

// binder reads what stands below a sum: i, i = 1, or i, j.
func (p *reader) binder() (indices []syntax.Ident, from syntax.Expr) {
	for {
		t := p.tok()
		if t.kind != tLetter && !(t.kind == tCommand && syntax.Greek(t.text) != "") {
			p.expected(say("the index of the sum"))
		}
		p.pos++
		name := t.text
		if t.kind == tCommand {
			name = syntax.Greek(t.text)
		}
		indices = append(indices, syntax.Ident{Name: name, At: t.span()})
		switch n := p.tok(); {
		case n.sign(","):
			p.pos++
		case n.sign("="):
			p.pos++
			return indices, p.size()
		case n.kind == tEnd:
			return indices, nil
		case n.is("in"), n.is("neq"), n.is("leq"), n.is("geq"), n.sign("<"), n.sign(">"):
			p.fail(n.span(), say("sums with a condition are not read"), say("the index of a sum runs from 1 to a size, as in \\sum_{i=1}^N"))
		default:
			if n.kind == tLetter {
				continue // \sum_{ij}
			}
			p.expected(say("= or the end of the index"))
		}
	}
}

// emptySpan is the place before a token.
func emptySpan(t *token) source.Span { return source.Span{Start: int(t.start), End: int(t.start)} }

// runeCount is the number of characters of s.
func runeCount(s string) int { return utf8.RuneCountInString(s) }
