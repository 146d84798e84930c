package syntax

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"example.com/nabla/internal/source"
)

// sumSign returns the subscript of a name that is the sign of a sum with its index: Σ_i, or
// sum_i where a body or an upper limit follows.
func (p *parser) sumSign(name string) (sub string, ok bool) {
	if sub, ok = strings.CutPrefix(name, "Σ"); ok {
		return sub, sub != "" && p.bindsSum(name, sub)
	}
	if sub, ok = strings.CutPrefix(name, "sum"); ok && sub != "" && p.bindsSum(name, sub) {
		next := p.toks[p.pos+1]
		return sub, p.startsFactor(next) || strings.ContainsRune(sub, '=')
	}
	return "", false
}

// bindsSum reports whether the sign followed by sub binds a sum: the whole is not a
// variable, and sub is a subscript that starts with a letter.
func (p *parser) bindsSum(name, sub string) bool {
	if r, _ := utf8.DecodeRuneInString(sub); r != '_' && !isSubscript(r) || p.isVariable(name) {
		return false
	}
	r, _ := utf8.DecodeRuneInString(subscriptText(sub))
	return unicode.IsLetter(r)
}

// sumOver reads the index in the subscript at sub, an upper limit if one
// stands there, and the body, which is a product.
func (p *parser) sumOver(start int32, sub source.Span) Expr {
	s := &SumOver{}
	text := p.file.Slice(sub)
	if strings.HasPrefix(text, "_{") {
		p.sub(source.Span{Start: sub.Start + 2, End: sub.End - 1}, func(q *parser) {
			if q.tok().kind != tName {
				q.expected(say("an index"))
			}
			s.Index = q.ident()
			if q.tok().kind == tAssign {
				q.pos++
				s.From = q.expr(PrecSum)
				q.sizeOnly(s.From)
			}
			if q.tok().kind != tEOF {
				q.trailing(say("= and the first value of %s", s.Index.Name))
			}
		})
	} else {
		index, from, ranged := strings.Cut(subscriptText(text), "=")
		if !plainName(index) {
			p.fail(sub, say("expected an index, found %s", text), none)
		}
		s.Index = Ident{Name: index, At: sub}
		if ranged {
			s.From = p.scriptValue(from, sub)
		}
	}
	if s.From != nil {
		s.To = p.upperLimit(s.Index.Name)
	}
	s.Body = p.expr(PrecProduct)
	s.At = p.from(start)
	return s
}

// sumOfRange reads the operands of sum(i = 1..N, x).
func (p *parser) sumOfRange(start, open token) Expr {
	r := p.rangeOf()
	if p.tok().kind != tComma {
		p.expected(say("a comma and what is summed over %s", r.Index.Name))
	}
	p.pos++
	s := &SumOver{Index: r.Index, From: r.From, To: r.To, Body: p.inBrackets()}
	p.close(tRParen, open)
	s.At = p.from(start.start)
	return s
}

// upperLimit reads ^N, ^{N} or a superscript after the subscript of a sum.
func (p *parser) upperLimit(index string) Expr {
	t := p.tok()
	switch {
	case t.kind == tSuper:
		p.pos++
		return p.scriptValue(plain(p.word(t), superTable), p.span(t))
	case t.kind == tOp && t.op == Pow:
		p.pos++
		if open := p.tok(); open.kind == tLBrace {
			p.pos++
			x := p.inBrackets()
			p.close(tRBrace, open)
			return x
		}
		// The limit is one token, so that the body may start with a bracket.
		t := p.tok()
		p.pos++
		switch t.kind {
		case tName:
			return p.name(Name{At: p.span(t), Name: p.word(t)})
		case tNumber:
			return p.number(Number{At: p.span(t), Text: p.word(t)})
		}
		p.pos--
		p.expected(say("the last value of %s", index))
	}
	p.expected(say("^ and the last value of %s", index))
	return nil
}

// scriptValue turns the plain text of a script into a number or a name.
func (p *parser) scriptValue(text string, at source.Span) Expr {
	switch {
	case plainNumber(text):
		return p.number(Number{At: at, Text: text})
	case plainName(text):
		return p.name(Name{At: at, Name: text})
	}
	p.fail(at, say("expected a number or a name, found %s", p.file.Slice(at)), none)
	return nil
}

// plainNumber reports whether a script is an integer of at most nine digits.
func plainNumber(s string) bool {
	_, ok := (&Number{Text: s}).Int()
	return ok && s != ""
}

// plainName reports whether a script is a name, and not one that reads as a sum.
func plainName(s string) bool {
	if strings.HasPrefix(s, "Σ") && s != "Σ" {
		return false
	}
	for i, r := range s {
		if r == '_' || '0' <= r && r <= '9' {
			if i == 0 {
				return false
			}
			continue
		}
		if !unicode.IsLetter(r) && (i == 0 || !nameRune(r)) {
			return false
		}
	}
	return s != ""
}
