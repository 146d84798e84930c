package latex

import (
	"slices"
	"strings"

	"example.com/nabla/internal/source"
	"example.com/nabla/internal/syntax"
)

// program reads all statements.
func (p *reader) program() {
	segs := p.split()
	if len(p.diags) > 0 {
		return
	}
	p.prescan()
	for _, s := range segs {
		if len(p.diags) >= maxErrors {
			break
		}
		p.first, p.pos, p.end = s.from, s.from, s.to
		p.depth, p.bar, p.norm, p.inArg, p.bold = 0, false, false, 0, false
		p.bound = p.bound[:0]
		p.guard(p.statement)
	}
	if len(p.diags) > 0 {
		return
	}
	p.finish()
	if len(p.out.Program.Stmts) == 0 && len(p.diags) == 0 {
		p.diags.Add(source.Span{}, say("expected a formula, found nothing"))
	}
}

// prescan finds the letters that are indices and ends of sums, and how e and σ
// are used, which decides how they are read before they are met.
func (p *reader) prescan() {
	p.indices, p.limits, p.letters = map[string]bool{}, map[string]bool{}, map[string]bool{}
	p.ranges = map[string]syntax.Expr{}
	p.fonts = map[string]bool{}
	if p.defined == nil {
		p.defined = map[string][]string{}
	}
	for _, k := range p.declared {
		if k.family != "" {
			p.indices[k.family] = true
		}
	}
	var calligraphic int // the end of the argument of \mathcal
	for i := range p.toks {
		t := &p.toks[i]
		next := &token{}
		if i+1 < len(p.toks) {
			next = &p.toks[i+1]
		}
		switch {
		case t.is("mathcal") && next.kind == tOpen:
			calligraphic = int(next.match)
		case t.is("mathcal"):
			calligraphic = i + 1
		case t.kind == tLetter && i > calligraphic:
			p.letters[t.text] = true
			if t.text == "e" && (i == 0 || p.toks[i-1].kind != tSub) {
				if i >= 2 && p.toks[i-2].is("mathrm") && next.kind == tClose && i+2 < len(p.toks) && p.toks[i+2].kind == tSup {
					break // \mathrm{e}^x
				}
				if next.kind != tSup {
					p.eNamed = true
				} else if i+2 < len(p.toks) {
					a, b := p.argumentAt(i + 2)
					if a, b = p.unwrap(a, b); b == a+1 && (p.toks[a].is("top") || p.toks[a].kind == tLetter && p.toks[a].text == "T") {
						p.eNamed = true
					}
				}
			}
		case t.is("sum"):
			p.scanSum(i + 1)
		case t.is("dots") && i >= 4:
			// i = 1, …, N
			k := i - 1
			if p.toks[k].text == "," {
				k--
			}
			if p.toks[k].text == "2" && p.toks[k-1].text == "," {
				k -= 2
			}
			if k >= 2 && p.toks[k].text == "1" && p.toks[k-1].sign("=") && p.toks[k-2].kind == tLetter {
				p.indices[p.toks[k-2].text] = true
			}
		}
	}
}

// argumentAt returns the range of the argument that starts at a token.
func (p *reader) argumentAt(i int) (int, int) {
	if p.toks[i].kind == tOpen {
		return i + 1, int(p.toks[i].match)
	}
	return i, i + 1
}

// scanSum notes the index and the end of the sum whose scripts start at i.
func (p *reader) scanSum(i int) {
	for i+1 < len(p.toks) && (p.toks[i].kind == tSub || p.toks[i].kind == tSup) {
		a, b := p.argumentAt(i + 1)
		if p.toks[i].kind == tSup {
			for _, t := range p.toks[a:b] {
				if t.kind == tLetter {
					p.limits[t.text] = true
				}
			}
		} else {
			wanted := true
			for _, t := range p.toks[a:b] {
				switch {
				case t.kind == tLetter && wanted:
					p.indices[t.text] = true
					wanted = false
				case t.sign(","):
					wanted = true
				default:
					wanted = false
				}
			}
		}
		i = b
		if p.toks[i].kind == tClose {
			i++
		}
	}
}

// statement reads one statement.
func (p *reader) statement() {
	for p.tok().kind == tText && strings.HasSuffix(p.tok().text, ":") {
		p.pos++
	}
	if p.tok().is("subjectto") {
		p.refuse(p.tok())
	}
	i := p.relation(p.pos, p.end)
	if i == p.end {
		p.expression()
		return
	}
	t := &p.toks[i]
	switch {
	case i == p.pos:
		p.fail(t.span(), say("there is nothing before %s", p.describe(t)), none)
	case t.sign("=") || t.is("coloneqq"):
		if p.rangeStatement(i) {
			return
		}
		p.equation(i)
	case t.is("in"):
		p.declaration(i)
	case t.is("succ"), t.is("succeq"), t.is("geq"), t.sign(">"):
		p.sign(i)
	default:
		p.pos = i
		p.expected(say("an operator"))
	}
}

func (p *reader) add(s syntax.Stmt) { p.out.Program.Stmts = append(p.out.Program.Stmts, s) }

// expression reads a formula that stands alone.
func (p *reader) expression() {
	start := p.tok().start
	asked, derived := p.derivative()
	if p.tok().kind == tEnd && derived {
		p.fail(p.from(start), say("there is nothing that is differentiated"), none)
	}
	x := p.sum()
	if p.pos < p.end {
		p.trailing()
	}
	if derived {
		p.differentiated(x, asked)
		if n, ok := x.(*syntax.Name); ok {
			p.asked = append(p.asked, n)
			return
		}
	}
	p.add(&syntax.ExprStmt{X: x})
}

// result makes a definition the expression of the program; the last one is so
// by itself.
func (p *reader) result(n *syntax.Name) {
	last := ""
	for _, s := range p.out.Program.Stmts {
		if d, ok := s.(*syntax.Definition); ok {
			last = d.Name.Name
		}
	}
	if last != n.Name {
		p.add(&syntax.ExprStmt{X: n})
	}
}

// equation reads name = …, L(w) = …, or two formulas with = between them.
func (p *reader) equation(i int) {
	lhs := segment{p.pos, i}
	end := p.end
	right := p.rightSide(i + 1)
	if d, ok := p.derivativeSide(lhs); ok {
		p.claimed(d, lhs, right)
		return
	}
	if p.symmetry(lhs, right) {
		return
	}
	p.pos, p.end = lhs.from, lhs.to
	n, args, ok := p.definedName()
	if !ok || p.opts.OnlyEquations {
		p.sides(lhs, right, end)
		return
	}
	text := p.resolve(n)
	if p.opts.Equations && args == nil && p.mentions(text, right) {
		p.sides(lhs, right, end)
		return
	}
	d := &syntax.Definition{Name: syntax.Ident{Name: text, At: n.at}}
	if n.index == "" && len(n.subs) > 0 && args == nil {
		// z_i = …, where i is the index of a sum.
		last := n.subs[len(n.subs)-1]
		if p.indices[last] {
			n.subs = n.subs[:len(n.subs)-1]
			d.Name.Name = p.resolve(n)
			d.Index = syntax.Ident{Name: last, At: n.at}
			p.bound = append(p.bound, last)
		}
	}
	p.pos, p.end = right.from, right.to
	start := p.tok().start
	asked, derived := p.derivative()
	if derived && p.tok().kind == tEnd {
		p.fail(p.from(start), say("there is nothing that is differentiated"), none)
	}
	d.Body = p.sum()
	if p.pos < p.end {
		p.trailing()
	}
	d.At = source.Span{Start: int(p.toks[lhs.from].start), End: p.prevEnd()}
	if derived {
		// w* = argmin …, g = ∇f: what is differentiated is the formula.
		p.differentiated(d.Body, asked)
		p.add(&syntax.ExprStmt{X: d.Body})
		return
	}
	p.defined[d.Name.Name] = args
	if args != nil {
		p.arguments(args, d.Name.Name)
	}
	p.add(d)
}

// rightSide returns the right side of an equation that starts at i. Of
// f = g = h the first side that is not a lone name is read, since all are
// equal.
func (p *reader) rightSide(i int) segment {
	s := segment{i, p.relation(i, p.end)}
	for s.to < p.end {
		t := &p.toks[s.to]
		if !t.sign("=") && !t.is("coloneqq") {
			p.pos = s.to
			p.first = s.from
			p.expected(say("an operator"))
		}
		next := segment{s.to + 1, p.relation(s.to+1, p.end)}
		if !p.lone(s) {
			p.note(t.span(), say("of several right-hand sides the first is read"))
			return s
		}
		s = next
	}
	if s.from == s.to {
		p.pos = s.from
		p.expected(say("a formula"))
	}
	return s
}

// lone reports whether a range is a name that is not defined, or that applied
// to names, as f(x).
func (p *reader) lone(s segment) bool {
	if s.to-s.from > 40 {
		return false
	}
	ok := false
	pos, end, notes := p.pos, p.end, len(p.out.Notes)
	diags := len(p.diags)
	p.guard(func() {
		p.pos, p.end = s.from, s.to
		n, _, found := p.definedName()
		ok = found && !p.isDefined(p.resolve(n))
	})
	p.pos, p.end = pos, end
	p.diags, p.out.Notes = p.diags[:diags], p.out.Notes[:notes]
	return ok
}

// definedName reads the range as a name, or as a name with arguments in
// brackets, which are names as well. args is nil where there are none.
func (p *reader) definedName() (n *name, args []string, ok bool) {
	if t := p.tok(); t.kind == tCommand && functionCommands[t.text] != "" || t.kind == tText && !isWord(t.text) {
		return nil, nil, false
	}
	n, ok = p.named()
	if !ok {
		return nil, nil, false
	}
	if p.tok().kind == tSup { // w^* = \arg\min …
		p.pos++
		i, k := p.argument("^")
		i, k = p.unwrap(i, k)
		if k != i+1 || !(p.toks[i].sign("*") || p.toks[i].is("ast") || p.toks[i].is("star")) {
			return nil, nil, false
		}
		n.subs = append(n.subs, "star")
	}
	if p.pos == p.end {
		return n, nil, true
	}
	t := p.tok()
	if !t.sign("(") && !t.sign("[") {
		return nil, nil, false
	}
	closer := closers[t.text]
	p.pos++
	args = []string{}
	for {
		a, found := p.named()
		if !found {
			return nil, nil, false
		}
		args = append(args, p.resolve(a))
		t := p.tok()
		p.pos++
		switch {
		case t.sign(closer) && p.pos >= p.end:
			return n, args, true
		case t.sign(","), t.sign(";"):
		case t.sign("|"):
			args = append(args, "|")
		default:
			return nil, nil, false
		}
		if t.sign(";") {
			args = append(args, "|")
		}
	}
}

// arguments takes the arguments of L(w) = … as the variables to differentiate
// by, where the text names no others.
func (p *reader) arguments(args []string, of string) {
	if slices.Contains(args, "|") {
		p.argsOf, p.argsFor = nil, of
		return
	}
	p.argsOf, p.argsFor = args, of
}

// mentions reports whether the right side of an equation has the name of its
// left side, so that it is no definition.
func (p *reader) mentions(text string, s segment) bool {
	found := false
	pos, end, diags, notes := p.pos, p.end, len(p.diags), len(p.out.Notes)
	p.guard(func() {
		p.pos, p.end = s.from, s.to
		syntax.Walk(p.sum(), func(x syntax.Expr) {
			if n, ok := x.(*syntax.Name); ok && n.Name == text {
				found = true
			}
		})
	})
	p.pos, p.end, p.diags, p.out.Notes = pos, end, p.diags[:diags], p.out.Notes[:notes]
	return found
}

// sides reads an equation between two formulas.
func (p *reader) sides(lhs, right segment, end int) {
	equal := &p.toks[right.from-1]
	p.first, p.pos, p.end = lhs.from, lhs.from, lhs.to
	x := p.sum()
	if p.pos < p.end {
		p.trailing()
	}
	if !p.opts.Equations && !p.opts.OnlyEquations {
		p.fail(equal.span(), say("unexpected =: only a name at the start of a statement can be defined"), say("an equation is solved, not differentiated"))
	}
	p.pos, p.end = right.from, right.to
	y := p.sum()
	if p.pos < p.end {
		p.trailing()
	}
	p.add(&syntax.Equation{File: p.file, X: x, Y: y, Equal: equal.span()})
}

// symmetry reads A = A^\top as a fact.
func (p *reader) symmetry(lhs, right segment) bool {
	name := func(s segment) (text string, transposed, ok bool) {
		if s.to-s.from > 20 {
			return
		}
		pos, end, diags := p.pos, p.end, len(p.diags)
		p.guard(func() {
			p.pos, p.end = s.from, s.to
			n, found := p.named()
			if !found {
				return
			}
			text = p.resolve(n)
			if strings.HasSuffix(text, "′") && n.primes == "′" {
				n.primes = ""
				text, transposed = p.resolve(n), true
			}
			if p.tok().kind == tSup {
				p.pos++
				i, k := p.argument("^")
				mark, _ := p.exponentMark(i, k)
				transposed = mark == transposeMark
				if !transposed {
					return
				}
			}
			ok = p.pos == p.end
		})
		p.pos, p.end, p.diags = pos, end, p.diags[:diags]
		return
	}
	a, s, ok := name(lhs)
	b, t, ok2 := name(right)
	if !ok || !ok2 || a != b || s == t {
		return false
	}
	p.state(a, "symmetric", p.spanOf(lhs.from, right.to))
	return true
}

// occurring refuses a variable to differentiate by that does not occur, such as
// the index in \max_i.
func (p *reader) occurring() {
	for i, name := range p.out.Wrt {
		found := p.isDefined(name)
		look := func(x syntax.Expr) {
			syntax.Walk(x, func(x syntax.Expr) {
				switch x := x.(type) {
				case *syntax.Name:
					found = found || x.Name == name
				case *syntax.Index:
					found = found || x.Family.Name == name
				}
			})
		}
		for _, s := range p.out.Program.Stmts {
			switch s := s.(type) {
			case *syntax.Definition:
				look(s.Body)
			case *syntax.ExprStmt:
				look(s.X)
			case *syntax.Equation:
				look(s.X)
				look(s.Y)
			}
		}
		if found {
			continue
		}
		if p.askedAt.IsZero() { // an argument of L(w, x)
			p.out.Wrt = slices.Delete(slices.Clone(p.out.Wrt), i, i+1)
			p.occurring()
			return
		}
		p.diags.Add(p.askedAt, say("%s does not occur in what is differentiated", name))
		return
	}
}

// state keeps a fact of a name.
func (p *reader) state(name, fact string, at source.Span) {
	for i := range p.facts {
		if p.facts[i].name == name {
			p.facts[i].facts = append(p.facts[i].facts, syntax.Ident{Name: fact, At: at})
			return
		}
	}
	p.facts = append(p.facts, fact1(name, fact, at))
}

func fact1(name, word string, at source.Span) fact {
	return fact{name: name, facts: []syntax.Ident{{Name: word, At: at}}, at: at}
}

// finish puts facts into declarations and settles the variables to
// differentiate by.
func (p *reader) finish() {
	p.ranged()
	for _, n := range p.asked {
		if !p.isDefined(n.Name) && p.declared[n.Name].name == "" {
			p.diags.Add(n.At, say("nothing says what %s is", clean(p.file.Slice(n.At)))).Hint = say("define it, as in %s = …", clean(p.file.Slice(n.At)))
			continue
		}
		p.result(n)
		if n.Name == p.argsFor && len(p.out.Wrt) == 0 {
			p.out.Wrt = p.argsOf
		}
	}
	if len(p.out.Wrt) == 0 && p.argsOf != nil {
		last := ""
		alone := false
		for _, s := range p.out.Program.Stmts {
			switch s := s.(type) {
			case *syntax.Definition:
				last = s.Name.Name
			case *syntax.ExprStmt, *syntax.Equation:
				alone = true
			}
		}
		if last == p.argsFor && !alone {
			p.out.Wrt = p.argsOf
		}
	}
	p.occurring()
	for _, s := range p.out.Program.Stmts {
		d, ok := s.(*syntax.Decl)
		if !ok {
			continue
		}
		for i := range p.facts {
			f := &p.facts[i]
			if len(d.Names) == 1 && d.Names[0].Name == f.name {
				for _, g := range f.facts {
					if !slices.ContainsFunc(d.Facts, func(h syntax.Ident) bool { return h.Name == g.Name }) {
						d.Facts = append(d.Facts, g)
					}
				}
				f.name = ""
			} else if slices.ContainsFunc(d.Names, func(n syntax.Ident) bool { return n.Name == f.name }) {
				p.diags.Add(f.at, say("%s is declared together with others", f.name)).Hint = say("declare %s by itself", f.name)
				f.name = ""
			}
		}
	}
	for _, f := range p.facts {
		if _, ok := p.declared[f.name]; ok && f.name != "" {
			p.diags.Add(f.at, say("%s is declared outside of the text", f.name)).Hint = say("put %s into its declaration", f.facts[0].Name)
		}
	}
}
