package latex

import (
	"strings"

	"example.com/nabla/internal/source"
	"example.com/nabla/internal/syntax"
)

// A Claim is one right-hand side of a derivation with its left-hand side.
type Claim struct {
	// Left is the left-hand side in the language, such as ∂l/∂w or dl; empty where
	// the line is a formula alone, or goes on from the last left-hand side.
	Left   string
	LeftAt source.Span
	// Goes says that the line goes on from the last left-hand side.
	Goes bool
	X    syntax.Expr
}

// ReadClaims reads a claim of a derivative, or a derivation line by line: dl = …,
// \frac{\partial l}{\partial w} = …, or a formula. Free are the names that stand
// for sizes to be inferred.
func ReadClaims(text string, opts Options) (claims []Claim, free []string, notes []Note, diags source.List) {
	opts.Differentials = true
	p, diags := newReader(text, &opts)
	if len(diags) > 0 {
		return nil, nil, nil, diags
	}
	segs := p.split()
	if len(p.diags) == 0 {
		p.prescan()
	}
	for _, s := range segs {
		if len(p.diags) > 0 {
			break
		}
		p.first, p.pos, p.end = s.from, s.from, s.to
		p.depth, p.bar, p.norm, p.inArg, p.bold = 0, false, false, 0, false
		p.bound = p.bound[:0]
		p.guard(func() { claims = append(claims, p.claims()...) })
	}
	if len(p.diags) == 0 && len(claims) == 0 {
		p.diags.Add(source.Span{}, say("a claim is required: the derivative as you have it"))
	}
	if len(p.diags) > 0 {
		p.diags.Sort()
		return nil, nil, nil, p.diags
	}
	return claims, p.out.Free, p.out.Notes, nil
}

// claims reads one line, which may have several equals signs.
func (p *reader) claims() []Claim {
	var out []Claim
	end := p.end
	i := p.relation(p.pos, end)
	if i == end {
		x := p.sum()
		if p.pos < p.end {
			p.trailing()
		}
		return []Claim{{X: x}}
	}
	c := Claim{Goes: true}
	if i > p.pos {
		c.Goes = false
		c.LeftAt = p.spanOf(p.pos, i)
		p.end = i
		c.Left = p.leftSide()
	}
	for i < end {
		t := &p.toks[i]
		if !t.sign("=") && !t.is("coloneqq") {
			p.pos, p.end = i, end
			p.expected(say("="))
		}
		next := p.relation(i+1, end)
		p.pos, p.end = i+1, next
		if i+1 == next {
			p.fail(t.span(), say("an expression is required after ="), none)
		}
		c.X = p.sum()
		if p.pos < p.end {
			p.trailing()
		}
		out = append(out, c)
		c = Claim{Goes: true}
		i = next
	}
	return out
}

// leftSide reads the left side of a claim and returns it in the language.
func (p *reader) leftSide() string {
	from := p.pos
	t := p.tok()
	after := func(n *name) string {
		if p.pos < p.end && (p.tok().sign("(") || p.tok().sign("[")) {
			p.pos = p.end // L(w)
		}
		return p.resolve(n)
	}
	switch {
	case t.is("nabla"):
		p.pos++
		r := request{order: 1}
		p.nablaScripts(&r)
		text := "∇"
		if r.order > 1 {
			text += map[int]string{2: "²", 3: "³"}[r.order]
		}
		if len(r.names) > 1 {
			p.fail(p.spanOf(from, p.pos), say("a claim is about one variable"), none)
		}
		if len(r.names) == 1 {
			text += "_{" + r.names[0] + "}"
		}
		if p.pos < p.end {
			n, ok := p.named()
			if !ok {
				break
			}
			text += " " + after(n)
		}
		if p.pos == p.end {
			return text
		}
	case t.is("frac"):
		end := p.end
		r, ok := p.derivativeFraction()
		if !ok || p.pos == p.end {
			break
		}
		n, ok := p.named()
		if !ok {
			break
		}
		text := after(n)
		if p.pos < p.end {
			break
		}
		p.pos, p.end = end, end
		switch r.order {
		case 1:
			return "∂" + text + "/∂" + r.names[0]
		case 2:
			return "∂²" + text + "/∂" + r.names[0] + "∂" + r.names[0] + "ᵀ"
		}
	case t.is("partial"):
		end := p.end
		r, ok := p.inlineDerivative()
		if !ok {
			break
		}
		n, ok := p.named()
		if !ok || p.pos < p.end {
			break
		}
		p.pos, p.end = end, end
		return "∂" + p.resolve(n) + "/∂" + r.names[0]
	default:
		if f, ok := p.functionAhead(); ok && f.name == "vec" {
			p.pos += f.tokens
			if p.tok().sign("(") {
				p.pos++
				if n, ok := p.differential(); ok && p.tok().sign(")") && p.pos+1 == p.end {
					p.pos++
					return "vec(" + p.resolve(n) + ")"
				}
			}
			break
		}
		n, ok := p.differential()
		if !ok {
			n, ok = p.named()
		}
		if !ok {
			break
		}
		if text := after(n); p.pos == p.end {
			return text
		}
	}
	p.fail(p.spanOf(from, max(p.end, from+1)), say("an equation is no claim of a derivative"), say("claim what a derivative, a differential or a name is, as in \\frac{\\partial l}{\\partial w} = …"))
	return ""
}

// ClaimText returns claims in the language, one a line, with the marks of their
// parts.
func ClaimText(claims []Claim) (string, []syntax.Mark) {
	var b strings.Builder
	var marks []syntax.Mark
	for i, c := range claims {
		if i > 0 {
			b.WriteByte('\n')
		}
		from := b.Len()
		b.WriteString(c.Left)
		marks = append(marks, syntax.Mark{At: source.Span{Start: from, End: b.Len()}, Of: c.LeftAt})
		if c.Left != "" {
			b.WriteByte(' ')
		}
		if c.Left != "" || c.Goes {
			b.WriteString("= ")
		}
		at := b.Len()
		text, inner := syntax.MarkedText(c.X)
		b.WriteString(text)
		for _, m := range inner {
			marks = append(marks, syntax.Mark{At: source.Span{Start: m.At.Start + at, End: m.At.End + at}, Of: m.Of})
		}
		marks = append(marks, syntax.Mark{At: source.Span{Start: from, End: b.Len()}, Of: c.LeftAt.Join(c.X.Span())})
	}
	return b.String(), marks
}
