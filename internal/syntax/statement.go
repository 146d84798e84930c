package syntax

import (
	"example.com/nabla/internal/message"
	"example.com/nabla/internal/source"
)

// statement reads one statement and returns nil if it has an error. The
// position is then after its end.
func (p *parser) statement() (s Stmt) {
	p.opts.Limit.Step(8)
	p.first, p.depth, p.bar = p.pos, 0, 0
	p.guard(func() {
		x := p.statementBody()
		p.endOfStatement()
		s = x
	})
	for k := p.tok().kind; k != tSep && k != tEOF; k = p.tok().kind {
		p.pos++
	}
	return s
}

func (p *parser) statementBody() Stmt {
	if p.opts.onlyEquations {
		x := p.expr(PrecSum)
		if p.tok().kind != tAssign {
			p.expected(say("= and the other side of the equation"))
		}
		return p.equation(x)
	}
	if p.tok().kind == tName {
		i := p.pos + 1
		family := p.toks[i].kind == tLBracket && p.toks[i+1].kind == tName && p.toks[i+2].kind == tRBracket
		if family {
			i += 3
		}
		switch p.toks[i].kind {
		case tAssign:
			return p.definition()
		case tColon:
			return p.declaration()
		case tComma:
			if !family && p.listOfNames(i) {
				return p.declaration()
			}
		}
	}
	x := p.expr(PrecSum)
	if p.opts.Equations && p.tok().kind == tAssign {
		return p.equation(x)
	}
	return &ExprStmt{X: x}
}

// equation reads an equation whose left side is read, from the equals sign on.
func (p *parser) equation(x Expr) *Equation {
	e := &Equation{File: p.file, X: x, Equal: p.span(p.tok())}
	p.pos++
	e.Y = p.expr(PrecSum)
	return e
}

// listOfNames reports whether names separated by commas and then a colon
// stand from the comma i on.
func (p *parser) listOfNames(i int) bool {
	for p.toks[i].kind == tComma && p.toks[i+1].kind == tName {
		i += 2
	}
	return p.toks[i].kind == tColon
}

func (p *parser) endOfStatement() {
	if t := p.tok(); t.kind != tSep && t.kind != tEOF {
		p.trailing(say("an operator or the end of the statement"))
	}
}

func (p *parser) familyIndex() Ident {
	if p.tok().kind != tLBracket {
		return Ident{}
	}
	p.pos++
	index := p.ident()
	p.pos++
	return index
}

func (p *parser) definition() Stmt {
	start := p.tok().start
	d := &Definition{Name: p.ident()}
	d.Index = p.familyIndex()
	p.pos++ // =
	d.Body = p.expr(PrecSum)
	d.At = p.from(start)
	return d
}

func (p *parser) declaration() Stmt {
	start := p.tok().start
	d := &Decl{File: p.file}
	d.Names = append(d.Names, p.ident())
	d.Index = p.familyIndex()
	for p.tok().kind == tComma {
		p.pos++
		d.Names = append(d.Names, p.ident())
	}
	p.pos++ // :
	p.declType(d)
	d.At = p.from(start)
	switch {
	case d.Index.Name != "" && d.Range == nil:
		p.fail(d.Index.At, say("the family %s has no range for %s", d.Names[0].Name, d.Index.Name), say("add , %s = 1..N", d.Index.Name))
	case d.Index.Name == "" && d.Range != nil:
		p.fail(d.Range.Index.At, say("a range needs a family, as in %s[%s]", d.Names[0].Name, d.Range.Index.Name), none)
	case d.Range != nil && d.Range.Index.Name != d.Index.Name:
		p.fail(d.Range.Index.At, say("the index of %s is %s, the range is of %s", d.Names[0].Name, d.Index.Name, d.Range.Index.Name), none)
	}
	return d
}

// declType reads type, facts and range.
func (p *parser) declType(d *Decl) {
	t := p.tok()
	if t.kind != tName {
		p.expected(say("matrix, vector, scalar or function"))
	}
	switch p.word(t) {
	case "scalar":
		d.Type.Kind = ScalarKind
	case "vector":
		d.Type.Kind = VectorKind
	case "matrix":
		d.Type.Kind = MatrixKind
	case "function":
		d.Type.Kind = FunctionKind
	default:
		p.fail(p.span(t), say("expected matrix, vector, scalar or function, found %s", p.word(t)), say("a declaration has the form X: matrix(m, n)"))
	}
	p.pos++
	want := 0
	switch d.Type.Kind {
	case VectorKind:
		want = 1
	case MatrixKind:
		want = 2
	}
	if open := p.tok(); open.kind == tLParen {
		p.pos++
		for p.tok().kind != tRParen || len(d.Type.Sizes) > 0 {
			d.Type.Sizes = append(d.Type.Sizes, p.expr(PrecSum))
			if p.tok().kind != tComma {
				break
			}
			p.pos++
		}
		p.close(tRParen, open)
	}
	d.Type.At = p.from(t.start)
	if got := len(d.Type.Sizes); got != want {
		p.fail(d.Type.At, say("%s needs %s, got %d", p.word(t), sizeCount(want), got), message.Same(sizeHint[d.Type.Kind]))
	}
	for p.tok().kind == tName {
		d.Facts = append(d.Facts, p.ident())
	}
	for p.tok().kind == tComma {
		p.pos++
		if p.tok().kind != tName {
			p.expected(say("a fact or a range such as i = 1..N"))
		}
		if p.toks[p.pos+1].kind == tAssign {
			d.Range = p.rangeOf()
			return
		}
		for p.tok().kind == tName {
			d.Facts = append(d.Facts, p.ident())
		}
	}
}

func sizeCount(n int) message.Text {
	switch n {
	case 0:
		return say("no sizes")
	case 1:
		return say("1 size")
	}
	return say("%d sizes", n)
}

var sizeHint = [...]string{VectorKind: "vector(n)", MatrixKind: "matrix(m, n)", FunctionKind: ""}

// rangeOf reads `i = 1..N`, also as `i = 1, …, N`.
func (p *parser) rangeOf() *Range {
	r := &Range{Index: p.ident()}
	p.pos++ // =
	r.From = p.expr(PrecSum)
	if p.tok().kind == tComma && p.toks[p.pos+1].kind == tRange {
		p.pos++
	}
	if p.tok().kind != tRange {
		p.expected(say(".."))
	}
	p.pos++
	if p.tok().kind == tComma {
		p.pos++
	}
	r.To = p.expr(PrecSum)
	return r
}

// sub parses a range of the text that lies inside one token, such as the
// sizes in 1_{m×n}, with f.
func (p *parser) sub(span source.Span, f func(*parser)) {
	inner, _ := newParser(p.file, span.Start, span.End, p.opts, p.diags)
	inner.declared, inner.depth = p.declared, p.depth
	defer inner.free()
	before := len(*p.diags)
	inner.guard(func() { f(inner) })
	if len(*p.diags) > before {
		panic(bailout{})
	}
}
