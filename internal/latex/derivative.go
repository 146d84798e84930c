package latex

import (
	"slices"
	"strings"

	"example.com/nabla/internal/source"
	"example.com/nabla/internal/syntax"
)

// A request is a derivative that the text asks for.
type request struct {
	names []string // to differentiate by; none in \nabla f
	order int      // 0 where a minimum is asked for
	at    source.Span
}

// derivative reads what stands before a formula that is differentiated, as
// \nabla_w or \min_w, or goes into \frac{\partial f}{\partial w}; the formula
// is then the rest of the range. It reports false and takes nothing where no
// derivative is asked for.
func (p *reader) derivative() (request, bool) {
	from := p.pos
	t := p.tok()
	r := request{order: 1}
	switch {
	case t.is("nabla"):
		p.pos++
		p.nablaScripts(&r)
	case t.is("frac"):
		ok := false
		if r, ok = p.derivativeFraction(); !ok {
			p.pos = from
			return r, false
		}
	case t.is("partial"):
		if r, ok := p.inlineDerivative(); ok {
			return r, true
		}
		p.pos = from
		return r, false
	default:
		ok := false
		if r, ok = p.optimum(); !ok {
			p.pos = from
			return r, false
		}
	}
	r.at = p.spanOf(from, p.pos)
	// The formula is all that follows, so it must be one term or in brackets.
	if r.order > 0 && p.severalTerms() {
		p.fail(r.at, say("it is open how much is differentiated"), say("write brackets around the whole formula, or name it first, as in f(x) = …"))
	}
	return r, true
}

// severalTerms reports whether the rest of the range has a + or − outside of
// brackets, behind its first token.
func (p *reader) severalTerms() bool {
	depth := 0
	for j := p.pos; j < p.end; j++ {
		t := &p.toks[j]
		switch {
		case t.kind == tOpen:
			j = int(t.match)
		case t.kind != tSign:
		case strings.Contains("([⟨", t.text) || t.text == "\\{" || (t.text == "|" || t.text == "‖") && t.side == leftSide:
			depth++
		case strings.Contains(")]⟩", t.text) || t.text == "\\}" || (t.text == "|" || t.text == "‖") && t.side == rightSide:
			depth--
		case (t.text == "|" || t.text == "‖") && t.side == anySide:
			// A bar opens where an operand is wanted and closes elsewhere.
			for k := j + 1; k < p.end; k++ {
				if p.toks[k].sign(t.text) && p.toks[k].side == anySide {
					j = k
					break
				}
			}
		case depth == 0 && j > p.pos && (t.text == "+" || t.text == "-"):
			if prev := &p.toks[j-1]; prev.kind == tCommand && infixCommands[prev.text] {
				continue
			}
			return true
		}
	}
	return false
}

// nablaScripts reads the variables and the order of \nabla.
func (p *reader) nablaScripts(r *request) {
	for {
		switch t := p.tok(); t.kind {
		case tSub:
			p.pos++
			i, k := p.argument("_")
			p.in(i, k, func() { r.names = p.variables() })
			continue
		case tSup:
			p.pos++
			i, k := p.argument("^")
			i, k = p.unwrap(i, k)
			switch {
			case k == i+1 && p.toks[i].text == "2":
				r.order = 2
			case k == i+1 && p.toks[i].text == "3":
				r.order = 3
			default:
				p.fail(p.spanOf(i, k), say("the order of a derivative is a number, found %s", clean(p.file.Slice(p.spanOf(i, k)))), none)
			}
			continue
		}
		return
	}
}

// variables reads names with commas between them, up to the end of the range.
// x \in \mathbb{R}^n declares x.
func (p *reader) variables() []string {
	var names []string
	for {
		at := p.pos
		n, ok := p.named()
		if !ok {
			p.expected(say("a variable"))
		}
		if n.index != "" || len(n.subs) > 0 && p.indices[n.subs[len(n.subs)-1]] && p.known[n.text()].name == "" {
			p.fail(n.at, say("the derivative by a member of a family is asked for beside the text"), none)
		}
		names = append(names, p.resolve(n))
		if t := p.tok(); t.is("in") {
			p.set([]syntax.Ident{{Name: p.resolve(n), At: n.at}}, nil, p.spanOf(at, p.pos))
			return names
		}
		switch t := p.tok(); {
		case t.sign(","):
			p.pos++
		case t.kind == tEnd:
			return names
		default:
			p.expected(say("a comma or the end of the variables"))
		}
	}
}

// isD reports whether the token is the sign of a differential: ∂, d, \mathrm d.
// It returns the number of its tokens.
func (p *reader) isD(i, k int) int {
	if i >= k {
		return 0
	}
	t := &p.toks[i]
	switch {
	case t.is("partial"), t.is("differential"), t.is("nabla"):
		return 1
	case t.kind == tLetter && t.text == "d":
		if _, ok := p.known["d"]; ok || p.isDefined("d") {
			return 0
		}
		return 1
	case t.is("mathrm") && i+1 < k:
		a, b := p.argumentAt(i + 1)
		if b == a+1 && p.toks[a].kind == tLetter && p.toks[a].text == "d" {
			if p.toks[i+1].kind == tOpen {
				b++
			}
			return b - i
		}
	}
	return 0
}

// derivativeFraction reads \frac{\partial}{\partial w} and goes into
// \frac{\partial f}{\partial w}.
func (p *reader) derivativeFraction() (request, bool) {
	p.pos++
	r := request{order: 1}
	if p.pos >= p.end {
		return r, false
	}
	ti, tk := p.argument("\\frac")
	if p.pos >= p.end {
		return r, false
	}
	bi, bk := p.argument("\\frac")
	after := p.pos
	d := p.isD(ti, tk)
	if d == 0 || p.isD(bi, bk) == 0 {
		return r, false
	}
	order := 1
	ti += d
	if ti < tk && p.toks[ti].kind == tSup {
		a, b := p.argumentAt(ti + 1)
		if b != a+1 || p.toks[a].kind != tNumber || len(p.toks[a].text) != 1 {
			return r, false
		}
		order = int(p.toks[a].text[0] - '0')
		if ti = b; p.toks[ti-0].kind == tClose && p.toks[ti].match == int32(a-1) {
			ti++
		}
	}
	ok := false
	p.in(bi, bk, func() { r.names, r.order, ok = p.denominator(); p.pos = p.end })
	if !ok {
		return r, false
	}
	if r.order != order {
		p.fail(p.spanOf(bi, bk), say("the order of the derivative above and below differs"), none)
	}
	if ti == tk {
		p.pos = after
		return r, true
	}
	// The formula is in the numerator; nothing may follow.
	if after < p.end {
		p.pos = after
		p.fail(p.tok().span(), say("a derivative as a part of a formula is not read"), say("name what is differentiated first, as in f(x) = …"))
	}
	p.pos, p.end = ti, tk
	return r, true
}

// denominator reads ∂w, ∂w², ∂w ∂wᵀ.
func (p *reader) denominator() (names []string, order int, ok bool) {
	for p.pos < p.end {
		d := p.isD(p.pos, p.end)
		if d == 0 {
			return nil, 0, false
		}
		p.pos += d
		bracket := p.tok()
		if g, is := p.functionAhead(); is && g.name == "vec" {
			p.pos += g.tokens
			bracket = p.tok()
		}
		if bracket.sign("(") {
			p.pos++
		}
		from := p.pos
		n, found := p.named()
		if !found {
			return nil, 0, false
		}
		if bracket.sign("(") {
			if !p.tok().sign(")") {
				return nil, 0, false
			}
			p.pos++
		}
		if n.index != "" || len(n.subs) > 0 && p.indices[n.subs[len(n.subs)-1]] && p.known[n.text()].name == "" {
			p.fail(n.at, say("the derivative by a member of a family is asked for beside the text"), none)
		}
		name := p.resolve(n)
		if strings.HasSuffix(name, "′") && p.known[name].name == "" {
			name = strings.TrimRight(name, "′") // ∂x ∂x'
		}
		power := 1
		transposed := name != p.resolve(n)
		if p.tok().kind == tSup {
			p.pos++
			i, k := p.argument("^")
			a, b := p.unwrap(i, k)
			m, _ := p.exponentMark(i, k)
			switch {
			case m == transposeMark:
				transposed = true
			case b == a+1 && p.toks[a].kind == tNumber && len(p.toks[a].text) == 1 && p.toks[a].text >= "1":
				power = int(p.toks[a].text[0] - '0')
			default:
				return nil, 0, false
			}
		}
		if transposed && len(names) == 0 && p.pos == p.end {
			p.fail(p.spanOf(from, p.pos), say("the derivative by a transpose is a matter of layout"), say("differentiate by %s and ask for the numerator layout", name))
		}
		if len(names) > 0 && names[0] != name {
			p.fail(n.at, say("mixed derivatives are asked for beside the text"), none)
		}
		names = []string{name}
		order += power
	}
	return names, order, len(names) > 0
}

// inlineDerivative reads \partial f / \partial w.
func (p *reader) inlineDerivative() (request, bool) {
	from := p.pos
	slash := -1
	for j := p.pos; j < p.end; j++ {
		if p.toks[j].kind == tOpen {
			j = int(p.toks[j].match)
		} else if p.toks[j].sign("/") {
			if slash >= 0 {
				return request{}, false
			}
			slash = j
		}
	}
	if slash < 0 || p.isD(slash+1, p.end) == 0 {
		return request{}, false
	}
	r := request{}
	ok := false
	p.in(slash+1, p.end, func() { r.names, r.order, ok = p.denominator(); p.pos = p.end })
	if !ok || r.order != 1 {
		return r, false
	}
	r.at = p.spanOf(from, p.end)
	p.pos, p.end = from+1, slash
	return r, true
}

// optimum reads \min_w, \arg\min_w, \operatorname*{argmin}_w and the like.
func (p *reader) optimum() (request, bool) {
	r := request{}
	t := p.tok()
	if t.is("underset") || t.is("underbrace") {
		p.pos++
		if p.pos >= p.end {
			return r, false
		}
		i, k := p.argument("\\underset")
		if p.pos >= p.end {
			return r, false
		}
		a, b := p.argument("\\underset")
		after := p.pos
		p.pos = a
		n := p.optimumWord(b)
		if n == 0 || a+n != b {
			return r, false
		}
		p.in(i, k, func() { r.names = p.variables() })
		p.pos = after
		return r, true
	}
	n := p.optimumWord(p.end)
	if n == 0 {
		return r, false
	}
	p.pos += n
	if p.tok().kind != tSub {
		return r, false
	}
	p.pos++
	i, k := p.argument("_")
	p.in(i, k, func() { r.names = p.variables() })
	return r, true
}

// optimumWord returns the number of tokens of min, arg min, … that stand here,
// before the token end.
func (p *reader) optimumWord(end int) int {
	i := p.pos
	if i >= end {
		return 0
	}
	t := &p.toks[i]
	switch {
	case t.is("min"), t.is("max"), t.is("argmin"), t.is("argmax"):
		return 1
	case t.is("arg"):
		if i+1 < end && (p.toks[i+1].is("min") || p.toks[i+1].is("max")) {
			return 2
		}
	case t.kind == tText && isOptimum(t.text):
		return 1
	case t.is("operatorname") || t.is("mathrm"):
		if i+1 >= end {
			return 0
		}
		a, b := p.argumentAt(i + 1)
		word := ""
		for _, t := range p.toks[a:b] {
			if t.kind == tLetter || t.kind == tText || t.kind == tCommand {
				if t.text != "mathrm" && t.text != "quad" && t.text != "operatorname" {
					word += t.text
				}
			}
		}
		if !isOptimum(word) {
			return 0
		}
		if p.toks[i+1].kind == tOpen {
			b++
		}
		return b - i
	}
	return 0
}

func isOptimum(s string) bool {
	return slices.Contains([]string{"argmin", "argmax", "arg min", "arg max", "min", "max", "minimize", "maximize", "minimise", "maximise", "Minimize"}, s)
}

// differentiated keeps what a derivative is asked for of.
func (p *reader) differentiated(x syntax.Expr, r request) {
	names := r.names
	if len(names) == 0 {
		if n, ok := x.(*syntax.Name); ok && n.Name == p.argsFor {
			names = p.argsOf
		}
	}
	if p.out.Wrt != nil && !slices.Equal(p.out.Wrt, names) || p.out.Order > 0 && r.order > 0 && p.out.Order != r.order {
		p.fail(r.at, say("the text asks for a second derivative"), say("ask for one derivative at a time"))
	}
	p.out.Wrt, p.askedAt = names, r.at
	if r.order > 0 {
		p.out.Order = r.order
	}
}

// derivativeSide reports whether the left side of an equation is a derivative.
func (p *reader) derivativeSide(s segment) (request, bool) {
	if s.from >= s.to {
		return request{}, false
	}
	switch t := &p.toks[s.from]; {
	case t.is("nabla"), t.is("partial"):
		return request{}, true
	case t.is("frac"):
		i, k := p.argumentAt(s.from + 1)
		return request{}, p.isD(i, k) > 0 && s.to-s.from < 60 && p.toks[i].kind != tLetter || p.isD(i, k) > 0 && k < s.to && p.toks[k].kind == tClose && k+1 < s.to && p.isD(p.argumentAt(k+1)) > 0
	}
	return request{}, false
}

// claimed reads \frac{\partial L}{\partial w} = ?. Any other right-hand side is
// a claim, which is no part of a program.
func (p *reader) claimed(_ request, lhs, right segment) {
	open := right.to == right.from+1 && (p.toks[right.from].sign("?") || p.toks[right.from].is("dots"))
	if !open {
		p.fail(p.spanOf(right.from, right.to), say("the right-hand side is the claim of a derivative"), say("leave it out; verify compares claims"))
	}
	p.pos, p.end = lhs.from, lhs.to
	p.expression()
}

// derivativeName reads \frac{\partial l}{\partial a} as a name where
// differentials are names; nil where the fraction is another one.
func (p *reader) derivativeName(t *token, ti, tk, bi, bk int) syntax.Expr {
	top, bottom := p.isD(ti, tk), p.isD(bi, bk)
	if top == 0 || bottom == 0 || p.toks[ti].kind == tLetter && (tk-ti < 2 || bk-bi < 2) {
		return nil
	}
	if p.toks[ti].kind == tLetter && !p.opts.Differentials {
		return nil
	}
	if !p.opts.Differentials {
		p.fail(p.from(t.start), say("a derivative inside of a formula is not read"), say("name what is differentiated first, as in f(x) = …"))
	}
	text := ""
	for n, s := range []segment{{ti + top, tk}, {bi + bottom, bk}} {
		p.in(s.from, s.to, func() {
			n, ok := p.named()
			if !ok || p.pos < p.end {
				p.fail(p.spanOf(s.from, s.to), say("expected a name, found %s", clean(p.file.Slice(p.spanOf(s.from, s.to)))), none)
			}
			if n.index != "" {
				text += "∂" + p.resolve(n) + "[" + n.index + "]"
				return
			}
			text += "∂" + p.resolve(n)
		})
		if n == 0 {
			text += "/"
		}
	}
	return &syntax.Name{At: p.from(t.start), Name: text}
}
