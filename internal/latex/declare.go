package latex

import (
	"example.com/nabla/internal/source"
	"example.com/nabla/internal/syntax"
)

// declaration reads names \in set, where \in is the token i.
func (p *reader) declaration(i int) {
	from, end := p.pos, p.end
	p.end = i
	var names []syntax.Ident
	var index *syntax.Ident
	for {
		n, ok := p.named()
		if !ok {
			p.expected(say("a name that is declared"))
		}
		if len(n.subs) > 0 && index == nil {
			last := n.subs[len(n.subs)-1]
			if p.indices[last] || p.ranges[last] != nil {
				index = &syntax.Ident{Name: last, At: n.at}
				n.subs = n.subs[:len(n.subs)-1]
			}
		}
		if n.index != "" {
			index = &syntax.Ident{Name: n.index, At: n.at}
		}
		names = append(names, syntax.Ident{Name: p.resolve(n), At: n.at})
		if index != nil && len(names) > 1 {
			p.fail(n.at, say("families are declared one at a time"), none)
		}
		if !p.tok().sign(",") {
			break
		}
		p.pos++
	}
	if p.pos < p.end {
		if p.tok().sign("(") {
			p.fail(p.tok().span(), say("a value of a function is not declared"), none)
		}
		p.trailing()
	}
	p.end = end
	if index == nil && len(names) == 1 && p.rangeIn(names[0]) {
		return
	}
	p.set(names, index, p.spanOf(from, i))
}

// rangeIn reads i \in \{1, \dots, N\}.
func (p *reader) rangeIn(n syntax.Ident) bool {
	i := p.pos + 1
	if i+2 >= p.end || !p.toks[i].sign("\\{") || p.toks[i+1].text != "1" {
		return false
	}
	i += 2
	for i < p.end && (p.toks[i].sign(",") || p.toks[i].is("dots") || p.toks[i].text == "2") {
		i++
	}
	if i >= p.end || !p.toks[i-1].sign(",") && !p.toks[i-1].is("dots") || !p.toks[p.end-1].sign("\\}") {
		return false
	}
	if !p.indices[n.Name] {
		return false
	}
	end := p.end
	p.pos, p.end = i, end-1
	p.ranges[n.Name] = p.size()
	if p.pos < p.end {
		p.trailing()
	}
	p.pos, p.end = end, end
	return true
}

// rangeStatement reads i = 1, \dots, N, where = is the token i.
func (p *reader) rangeStatement(i int) bool {
	if i != p.pos+1 || p.toks[p.pos].kind != tLetter || p.toks[i+1].text != "1" {
		return false
	}
	j := i + 2
	dots := false
	for j < p.end && (p.toks[j].sign(",") || p.toks[j].is("dots") || p.toks[j].kind == tLine || p.toks[j].text == "2") {
		dots = dots || p.toks[j].is("dots")
		j++
	}
	if !dots || j >= p.end {
		return false
	}
	index := p.toks[p.pos].text
	p.pos = j
	p.ranges[index] = p.size()
	if p.pos < p.end {
		p.trailing()
	}
	return true
}

// set reads \in and a set, and declares the names.
func (p *reader) set(names []syntax.Ident, index *syntax.Ident, at source.Span) {
	d := &syntax.Decl{File: p.file, Names: names}
	if index != nil {
		d.Index = *index
	}
	for _, n := range names {
		if _, ok := p.declared[n.Name]; ok {
			p.fail(n.At, say("%s is declared outside of the text as well", n.Name), none)
		}
	}
	p.pos++ // \in
	t := p.tok()
	letter := t.text
	from := p.pos
	switch {
	case t.is("mathbb"), t.is("mathbf"), t.is("mathcal"), t.is("mathrm"):
		p.pos++
		i, k := p.argument("\\" + t.text)
		i, k = p.unwrap(i, k)
		if k != i+1 {
			p.pos = from
			p.expected(say("a set such as \\mathbb{R}^n"))
		}
		letter = p.toks[i].text
	case t.is("R"), t.kind == tLetter:
		p.pos++
	case t.sign("\\{"), t.sign("["), t.sign("("):
		p.interval(d, at)
		return
	default:
		p.expected(say("a set such as \\mathbb{R}^n"))
	}
	setAt := p.spanOf(from, p.pos)
	var sizes []syntax.Expr
	suffix := ""
scripts:
	for {
		switch p.tok().kind {
		case tSup:
			p.pos++
			i, k := p.argument("^")
			p.in(i, k, func() {
				sizes = append(sizes, p.size())
				for p.tok().is("times") || p.tok().sign(",") {
					p.pos++
					sizes = append(sizes, p.size())
				}
			})
		case tSub:
			p.pos++
			i, k := p.argument("_")
			for _, t := range p.toks[i:k] {
				suffix += t.text
			}
		default:
			break scripts
		}
	}
	fact := func(name string) { d.Facts = append(d.Facts, syntax.Ident{Name: name, At: setAt}) }
	switch letter {
	case "R", "ℝ":
		switch suffix {
		case "", "+", "≥0", "geq0":
		case "++", ">0":
			fact("positive")
		default:
			p.fail(setAt, say("the set R_%s is not known", suffix), none)
		}
		if suffix == "+" || suffix == "geq0" {
			p.note(setAt, say("that entries are not negative is not used"))
		}
	case "S":
		if len(sizes) != 1 {
			p.fail(setAt, say("the symmetric matrices have one size"), say("write \\mathbb{S}^n"))
		}
		sizes = append(sizes, sizes[0])
		switch suffix {
		case "":
			fact("symmetric")
		case "+":
			fact("symmetric")
			p.note(setAt, say("of positive semidefinite matrices it is used that they are symmetric"))
		case "++":
			fact("posdef")
		}
	case "Z", "N":
		if len(sizes) > 0 {
			p.fail(setAt, say("vectors of integers are not in the language"), say("write \\mathbb{R}^n"))
		}
		fact("integer")
	case "C":
		p.fail(setAt, say("complex numbers are not in the language"), none)
	default:
		p.fail(setAt, say("the set %s is not known", clean(p.file.Slice(setAt))), say("sets are \\mathbb{R}, \\mathbb{R}^n, \\mathbb{R}^{m \\times n} and \\mathbb{S}^n"))
	}
	one := func(x syntax.Expr) bool {
		n, ok := x.(*syntax.Number)
		return ok && n.Text == "1"
	}
	switch {
	case len(sizes) > 2:
		p.fail(setAt, say("arrays of more than two axes are not in the language"), none)
	case len(sizes) == 2 && one(sizes[1]):
		sizes = sizes[:1]
	}
	d.Type = syntax.Type{Kind: [...]syntax.Kind{syntax.ScalarKind, syntax.VectorKind, syntax.MatrixKind}[len(sizes)], Sizes: sizes, At: setAt}
	d.At = source.Span{Start: at.Start, End: p.prevEnd()}
	p.declares(d)
}

// interval reads \{0, 1\}^n and [0, 1].
func (p *reader) interval(d *syntax.Decl, at source.Span) {
	open := p.tok()
	depth := 0
	for p.pos < p.end {
		t := p.tok()
		p.pos++
		if t.sign("\\{") || t.sign("[") || t.sign("(") {
			depth++
		}
		if t.sign("\\}") || t.sign("]") || t.sign(")") {
			if depth--; depth == 0 {
				break
			}
		}
	}
	if depth > 0 {
		p.fail(open.span(), say("unbalanced bracket: %s is never closed", p.describe(open)), none)
	}
	setAt := p.from(open.start)
	d.Type.At = setAt
	if p.tok().kind == tSup {
		p.pos++
		i, k := p.argument("^")
		p.in(i, k, func() { d.Type.Sizes = append(d.Type.Sizes, p.size()) })
		d.Type.Kind = syntax.VectorKind
	}
	p.note(setAt, say("of %s the shape alone is used", clean(p.file.Slice(setAt))))
	d.At = source.Span{Start: at.Start, End: p.prevEnd()}
	p.declares(d)
}

// declares adds a declaration. What may follow is the range of its index.
func (p *reader) declares(d *syntax.Decl) {
	if t := p.tok(); t.is("forall") {
		p.pos++
		if n, ok := p.named(); ok && n.base == d.Index.Name && p.pos == p.end {
			p.add(d)
			return
		}
	}
	if p.pos < p.end {
		p.trailing()
	}
	p.add(d)
}

// sign reads A \succ 0 and x > 0, where the relation is the token i.
func (p *reader) sign(i int) {
	t := &p.toks[i]
	from, end := p.pos, p.end
	if i+2 != end || p.toks[i+1].text != "0" {
		p.fail(t.span(), say("inequalities are not read"), say("signs are declared, as in x > 0"))
	}
	p.end = i
	for {
		n, ok := p.named()
		if !ok {
			p.fail(t.span(), say("inequalities are not read"), say("signs are declared, as in x > 0"))
		}
		name := p.resolve(n)
		at := p.spanOf(from, end)
		switch {
		case t.is("succ"):
			p.state(name, "posdef", at)
		case t.is("succeq"):
			p.state(name, "symmetric", at)
			p.note(at, say("of positive semidefinite matrices it is used that they are symmetric"))
		case t.sign(">"):
			p.state(name, "positive", at)
		default:
			p.note(at, say("that entries are not negative is not used"))
		}
		if !p.tok().sign(",") {
			break
		}
		p.pos++
	}
	if p.pos < p.end {
		p.fail(t.span(), say("inequalities are not read"), say("signs are declared, as in x > 0"))
	}
}

// ranged gives each family its range: where it is stated, or where a sum over
// its index has one.
func (p *reader) ranged() {
	for _, s := range p.out.Program.Stmts {
		d, ok := s.(*syntax.Decl)
		if !ok || d.Index.Name == "" {
			continue
		}
		to := p.ranges[d.Index.Name]
		if to == nil {
			p.diags.Add(d.Index.At, say("the range of %s is unknown", d.Index.Name)).Hint = say("write %s = 1, \\dots, N", d.Index.Name)
			continue
		}
		d.Range = &syntax.Range{Index: d.Index, From: &syntax.Number{At: to.Span(), Text: "1"}, To: to}
	}
}
