package derive

import (
	"slices"
	"unicode/utf8"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/paper"
	"example.com/nabla/internal/print"
)

// A line is a step under way.
type line struct {
	lhs   paper.Formula
	node  *expr.Node
	as    *paper.Formula // how node is written, where not by us
	notes []paper.Note
	index *expr.Index // the line holds for each value of it
	// expect has the value that the line must have; nil for a definition.
	expect *expr.Node
	result bool
	reads  bool // the derivative, read off: it must be the answer
	// gives names the symbol that has the value of this line from here on.
	gives *expr.Symbol
}

// A block is a group of lines under way.
type block struct {
	id      string
	heading paper.Words
	intro   []paper.Words
	lines   []*line
}

func (p *deriver) open(id string, heading paper.Words) *block {
	b := &block{id: id, heading: heading}
	p.blocks = append(p.blocks, b)
	return b
}

// chain adds lines that continue lhs, each of the value of expect.
func (b *block) chain(lhs paper.Formula, expect *expr.Node, index *expr.Index, steps []step) {
	again := true
	for _, s := range steps {
		l := &line{node: s.node, notes: s.notes, expect: expect, index: index}
		if s.define != nil {
			l.lhs, l.expect, l.gives = paper.Formula{Text: s.define.Name, LaTeX: print.LaTeXName(s.define.Name)}, nil, s.define
		} else if again {
			l.lhs = lhs
		}
		again = s.define != nil
		b.lines = append(b.lines, l)
	}
}

// scalarDerivation differentiates a scalar by all variables at once.
func (p *deriver) scalarDerivation() {
	f := p.parts[len(p.parts)-1]
	p.prepareAll()
	blk := p.open("differential", paper.Words{En: "The differential", Zh: "求微分"})
	steps := p.differentialOfPart(f)
	if steps == nil {
		p.constant(f)
		return
	}
	first := steps[0].node
	last := steps[len(steps)-1].node
	moves := p.moves(last)
	blk.chain(p.dName(f.name, nil), first, nil, append(p.shorten(steps), p.shorten(moves)...))
	p.readOff(blk, f, last, moves, true)
	number := 2
	for k := len(p.parts) - 2; k >= 0; k-- {
		q := p.parts[k]
		if q.gradient == nil && len(q.from) > 0 {
			p.gradientLines(p.blocks[len(p.blocks)-1], q)
		}
		if q.gradient == nil { // the function does not vary with it
			q.done = true
			continue
		}
		p.through(q, &number)
	}
	p.answerComplete(p.blocks[len(p.blocks)-1])
}

// differentialOfPart returns d(body) and what the rules make of it, or nil if the
// body does not vary.
func (p *deriver) differentialOfPart(q *part) []step {
	if !p.varies(q.body) {
		return nil
	}
	n := p.d(q.body)
	steps := append([]step{{node: n, notes: []paper.Note{noteOf("take-differential")}}}, p.differentials(n)...)
	// What an intermediate stands for is called by its name: h ⊙ (1 − h).
	names := map[*expr.Node]*expr.Node{}
	for _, o := range p.parts {
		if o.sym != nil && len(o.body.Args) > 0 {
			names[o.body] = p.operand(o)
		}
	}
	for i := range steps[1:] {
		steps[i+1].node = p.over(steps[i+1].node, names)
	}
	return steps
}

// through takes the derivative by an intermediate on to what it is made of.
func (p *deriver) through(q *part, number *int) {
	name := p.formulaOf(p.operand(q))
	blk := p.open("composition", p.words("Through $ $", "经过 $ $", name))
	steps := p.differentialOfPart(q)
	last := steps[len(steps)-1].node
	blk.chain(p.dName(q.name, q.index), steps[0].node, q.index, p.shorten(steps))
	f := p.parts[len(p.parts)-1]
	lhs := p.dName(f.name, nil)
	if !p.whole(q) {
		lhs = p.partName(f.name, *number)
		blk.intro = append(blk.intro, p.words("The part of $ $ that comes through $ $ is called $ $.", "$ $ 中经过 $ $ 的部分记作 $ $。",
			p.dName(f.name, nil), name, lhs))
		*number++
	}
	// dl = tr((∂l/∂q)ᵀ dq)
	own := p.ownDifferential(q)
	grad := p.gradientNode(q)
	start := p.inProduct(grad, own, q.index)
	with := p.m.rewrite(start, func(n *expr.Node) *expr.Node {
		if n == own {
			return last
		}
		return nil
	}, map[*expr.Node]*expr.Node{})
	lines := []step{{node: start, notes: []paper.Note{p.compositionNote()}}, {node: with, notes: []paper.Note{noteOf("substitute")}}}
	moves := p.moves(with)
	blk.chain(lhs, start, nil, append(lines, p.shorten(moves)...))
	p.readOff(blk, q, with, moves, false)
}

func (p *deriver) compositionNote() paper.Note {
	n := noteOf("composition")
	if p.colon {
		n.Rule = paper.Formula{Text: "dl = ∂l/∂Y : dY", LaTeX: `\mathrm{d}l = \tfrac{\partial l}{\partial Y} : \mathrm{d}Y`}
	}
	return n
}

// whole reports whether all of the differential comes through q.
func (p *deriver) whole(q *part) bool {
	for _, o := range p.parts {
		if o == q {
			break
		}
		if o.gradient != nil || len(o.from) > 0 {
			return false
		}
	}
	for _, a := range p.req.Answers {
		if len(p.fromOf(a.Wrt)) > 0 {
			return false
		}
	}
	return true
}

// inProduct is ⟨g, d⟩, summed over the members of a family.
func (p *deriver) inProduct(g, d *expr.Node, index *expr.Index) *expr.Node {
	m := p.m
	var n *expr.Node
	switch {
	case d.Shape.IsScalar():
		n = m.mul(g, d)
	case p.colon:
		n = p.inner(g, d)
	case d.Shape.IsRow():
		n = m.mul(g, m.t(d))
	case d.Shape.IsVector():
		n = m.mul(m.t(g), d)
	default:
		n = m.tr(m.mul(m.t(g), d))
	}
	if index != nil {
		n = m.sumOver(index, n)
	}
	return n
}

// moves brings the differentials in a scalar to the end.
func (p *deriver) moves(n *expr.Node) []step {
	var out []step
	shown := n
	emit := func(n *expr.Node, notes ...paper.Note) {
		if n == shown {
			return
		}
		shown = n
		out = append(out, step{node: n, notes: notes})
	}
	terms := p.merge(p.terms(n))
	if p.colon {
		emit(p.writeAll(terms), noteOf("colon"))
	}
	for range maxSteps {
		for p.tooWide(p.writeAll(terms)) {
			d := p.nameLongestTerm(terms)
			if d == nil {
				break
			}
			shown = nil
			out = append(out, *d)
		}
		at := slices.IndexFunc(terms, func(t *term) bool { return !p.done(t) })
		if at < 0 {
			return append(out, p.collect(terms, shown)...)
		}
		rule, _ := p.advance(terms[at])
		var next []*term
		notes := []paper.Note{noteOf(rule)}
		for _, t := range terms {
			if !p.done(t) {
				if r, become := p.advance(t); r == rule {
					// In the colon notation factors change sides visibly.
					if p.colon && len(notes) == 1 && rule != "colon-product" && slices.ContainsFunc(become, func(u *term) bool { return len(u.l)+len(u.r) > len(t.l)+len(t.r) }) {
						notes = append(notes, noteOf("colon-product"))
					}
					next = append(next, become...)
					continue
				}
			}
			next = append(next, t)
		}
		terms = p.merge(next)
		emit(p.writeAll(terms), notes...)
	}
	panic(giveUp("the moves do not end"))
}

// nameLongestTerm gives the longest of the factors before the differentials a name.
func (p *deriver) nameLongestTerm(terms []*term) *step {
	var body *expr.Node
	width := 12
	for _, t := range terms {
		if len(t.l) == 0 || len(t.outer) > 0 {
			continue
		}
		if m := p.m.mul(t.l...); p.width(m) > width && p.freeIndex(m) == nil {
			body, width = m, p.width(m)
		}
	}
	if body == nil {
		return nil
	}
	s := p.nameFor(body)
	for _, t := range terms {
		if len(t.l) > 0 && p.m.mul(t.l...) == body {
			t.l = []*expr.Node{p.b.Var(s)}
		}
	}
	return &step{node: body, notes: []paper.Note{noteOf("name")}, define: s}
}

func (p *deriver) writeAll(terms []*term) *expr.Node {
	list := []*expr.Node{p.m.num(0)}
	for _, t := range terms {
		list = append(list, p.write(t))
	}
	return p.m.add(list...)
}

// merge adds up terms that are alike but for their number.
func (p *deriver) merge(terms []*term) []*term {
	var out []*term
	at := map[*expr.Node]int{}
	for _, t := range terms {
		unit := t.clone()
		unit.coef = one
		n := p.write(unit)
		k, ok := at[n]
		if !ok {
			at[n] = len(out)
			out = append(out, t)
			continue
		}
		sum := out[k].clone()
		sum.coef = sum.coef.Add(t.coef)
		out[k] = sum
	}
	return slices.DeleteFunc(out, func(t *term) bool { return t.coef.IsZero() })
}

// A reading is the coefficient of one differential: M in tr(M dX).
type reading struct {
	d     *differential
	node  *expr.Node // the differential as an operand
	index *expr.Index
	coef  *expr.Node // M; a row for a vector, the derivative itself for a row
}

// readings gathers the coefficients of final terms.
func (p *deriver) readings(terms []*term) []reading {
	var out []reading
	for _, t := range terms {
		n := p.final(t)
		d := p.diffOf[n.Sym]
		coef := p.left(t)
		if n.Shape.IsScalar() {
			coef = p.m.num(1)
			if len(t.l)+len(t.r) > 0 {
				panic(giveUp("factors beside a scalar differential"))
			}
		}
		coef = t.frame.wrap(p.m, coef)
		var index *expr.Index
		for _, f := range slices.Backward(t.outer) {
			if n.Op.Name == expr.OpMember && n.Index == f.index {
				index = f.index
				coef = f.wrap(p.m, coef)
				continue
			}
			coef = f.wrap(p.m, p.m.sumOver(f.index, coef))
		}
		k := slices.IndexFunc(out, func(r reading) bool { return r.d == d && (r.index == nil) == (index == nil) })
		if k < 0 {
			out = append(out, reading{d, n, index, coef})
			continue
		}
		if index != out[k].index { // Σ_j u_j dx_j is Σ_i u_i dx_i
			coef = p.exchange(coef, index, out[k].index)
		}
		out[k].coef = p.m.add(out[k].coef, coef)
	}
	return out
}

// exchange exchanges two indices in n, free and bound.
func (p *deriver) exchange(n *expr.Node, i, j *expr.Index) *expr.Node {
	memo := map[*expr.Node]*expr.Node{}
	var walk func(n *expr.Node) *expr.Node
	walk = func(n *expr.Node) *expr.Node {
		if r := memo[n]; r != nil {
			return r
		}
		c := *n
		c.Args = slices.Clone(n.Args)
		for k, a := range n.Args {
			c.Args[k] = walk(a)
		}
		switch n.Index {
		case i:
			c.Index = j
		case j:
			c.Index = i
		}
		if n.Index == nil {
			c.Index = nil
		}
		r := p.b.Intern(c)
		memo[n] = r
		return r
	}
	return walk(n)
}

// collect takes the sums inside and gathers terms with one differential.
func (p *deriver) collect(terms []*term, shown *expr.Node) []step {
	list := p.readings(terms)
	all := []*expr.Node{p.m.num(0)}
	for _, r := range list {
		all = append(all, p.applied(r))
	}
	n := p.m.add(all...)
	if n == shown {
		return nil
	}
	var notes []paper.Note
	out := slices.ContainsFunc(terms, func(t *term) bool {
		d := p.final(t)
		return slices.ContainsFunc(t.outer, func(f frame) bool { return d.Op.Name != expr.OpMember || d.Index != f.index })
	})
	switch {
	case out && p.colon:
		notes = append(notes, noteOf("colon-sum"))
	case out && slices.ContainsFunc(list, func(r reading) bool { return r.node.Shape.IsMatrix() }):
		notes = append(notes, noteOf("trace-sum"))
	case out:
		notes = append(notes, noteOf("sum-out"))
	}
	if len(list) < len(terms) {
		id := "collect"
		switch {
		case p.colon:
			id = "colon-collect"
		case !slices.ContainsFunc(list, func(r reading) bool { return r.node.Shape.IsMatrix() }):
			id = "collect-vector"
		}
		notes = append(notes, noteOf(id))
	}
	if len(notes) == 0 {
		notes = append(notes, noteOf("gather"))
	}
	return []step{{node: n, notes: notes}}
}

// applied writes tr(M dX), uᵀdx, g dxᵀ or c dt.
func (p *deriver) applied(r reading) *expr.Node {
	n := r.node
	switch {
	case n.Shape.IsScalar():
		n = p.m.mul(r.coef, n)
	case p.colon:
		g := r.coef
		if !n.Shape.IsRow() {
			g = p.m.t(g)
		}
		n = p.inner(g, n)
	case n.Shape.IsRow():
		n = p.m.mul(r.coef, p.m.t(n))
	case n.Shape.IsVector():
		n = p.m.mul(r.coef, n)
	default:
		n = p.m.tr(p.m.mul(r.coef, n))
	}
	if r.index != nil {
		n = p.m.sumOver(r.index, n)
	}
	return n
}

// readOff records what the derivatives by the leaves get from q and writes those
// that are complete.
func (p *deriver) readOff(blk *block, q *part, start *expr.Node, moves []step, first bool) {
	n := start
	if len(moves) > 0 {
		n = moves[len(moves)-1].node
	}
	_ = first
	for _, r := range p.readings(p.final1(n)) {
		g := r.coef
		if !r.node.Shape.IsRow() && !r.node.Shape.IsScalar() {
			g = p.transposeShown(g)
		}
		c := contribution{g, r.index, q}
		if w := p.partOf(r.d.of.Sym); w != nil {
			w.from = append(w.from, c)
		} else {
			p.answers[r.d.of.Sym] = append(p.answers[r.d.of.Sym], c)
		}
	}
	q.done = true
	for _, o := range p.parts[:len(p.parts)-1] {
		if o.gradient == nil && len(o.from) > 0 && p.complete(o.sym) {
			p.gradientLines(blk, o)
		}
	}
	p.answerComplete(blk)
}

// answerComplete writes the answers of which nothing is missing any more.
func (p *deriver) answerComplete(blk *block) {
	for i := range p.req.Answers {
		a := &p.req.Answers[i]
		if !p.answered[a.Wrt] && p.complete(a.Wrt) {
			p.answered[a.Wrt] = true
			p.answerLines(blk, a)
		}
	}
}

// final1 takes a node that the moves have finished apart again.
func (p *deriver) final1(n *expr.Node) []*term {
	terms := p.terms(n)
	for range maxSteps {
		at := slices.IndexFunc(terms, func(t *term) bool { return !p.done(t) })
		if at < 0 {
			return terms
		}
		_, become := p.advance(terms[at])
		terms = slices.Concat(terms[:at], become, terms[at+1:])
	}
	panic(giveUp("the moves do not end"))
}

// transposeShown is Mᵀ, written as such where M is a sum.
func (p *deriver) transposeShown(n *expr.Node) *expr.Node {
	c, rest := p.m.split(n)
	if rest != nil && rest.Op.Name == expr.OpAdd {
		return p.m.times(c, p.b.Node(expr.OpT, rest))
	}
	return p.m.t(n)
}

// complete reports whether every part that s occurs in has been taken through.
func (p *deriver) complete(s *expr.Symbol) bool {
	if p.users == nil {
		p.users = map[*expr.Symbol][]*part{}
		for _, q := range p.parts {
			p.eachSymbol(q.body, func(s *expr.Symbol) { p.users[s] = append(p.users[s], q) })
		}
	}
	return !slices.ContainsFunc(p.users[s], func(q *part) bool { return !q.done })
}

func (p *deriver) occurs(n *expr.Node, s *expr.Symbol) bool {
	return n.Sym == s || slices.ContainsFunc(n.Args, func(a *expr.Node) bool { return p.occurs(a, s) })
}

func (p *deriver) partOf(s *expr.Symbol) *part {
	for _, q := range p.parts {
		if q.sym != nil && q.sym == s {
			return q
		}
	}
	return nil
}

func (p *deriver) fromOf(s *expr.Symbol) []contribution { return p.answers[s] }

// total adds the contributions up.
func (p *deriver) total(list []contribution) (*expr.Node, *expr.Index) {
	if len(list) == 1 {
		return list[0].node, list[0].index
	}
	var nodes []*expr.Node
	for _, c := range list {
		if c.index != list[0].index {
			panic(giveUp("contributions under different indices"))
		}
		nodes = append(nodes, c.node)
	}
	return p.m.add(nodes...), list[0].index
}

// readNote is the note of a line that reads a derivative off.
func (p *deriver) readNote(list []contribution, identity paper.Formula) paper.Note {
	if len(list) > 1 {
		return noteOf("add-contributions")
	}
	n := noteOf("read-off")
	n.Rule = identity
	return n
}

// gradientLines writes ∂l/∂q.
func (p *deriver) gradientLines(blk *block, q *part) {
	n, index := p.total(q.from)
	if index == nil && q.index != nil {
		panic(giveUp("a family's derivative without its index"))
	}
	q.gradient = p.newSymbol(q.sym.Shape, q.index)
	p.spelled[q.gradient] = spelling{kind: gradientSymbol, part: q}
	lhs := p.formulaOf(p.gradientNode(q))
	l := &line{lhs: lhs, node: n, index: q.index, notes: []paper.Note{p.readNote(q.from, p.identityOf(p.operand(q), lhs))}}
	blk.lines = append(blk.lines, l)
	last := l
	if s := p.simplified(n); s != nil && p.text(s) != p.text(n) && p.better(s, n) {
		last = &line{node: s, index: q.index, notes: []paper.Note{noteOf("simplify")}, expect: n}
		blk.lines = append(blk.lines, last)
	}
	last.gives = q.gradient
}

// answerLines writes the derivative by a variable, up to the engine's answer.
func (p *deriver) answerLines(blk *block, a *Answer) {
	list := p.answers[a.Wrt]
	lhs := paper.Formula{Text: a.Symbol, LaTeX: a.SymbolLaTeX}
	ans := &paper.Formula{Text: a.Text, LaTeX: a.LaTeX}
	if len(list) == 0 {
		p.answerLine(blk, a, &line{lhs: lhs, node: a.Node, as: ans, result: true, notes: []paper.Note{noteOf("d-constant")}})
		return
	}
	n, index := p.total(list)
	l := &line{lhs: lhs, node: n, index: index, notes: []paper.Note{p.readNote(list, p.defining(a, index, lhs))}}
	blk.lines = append(blk.lines, l)
	if a.Node != nil {
		l.expect, l.reads = p.over(a.Node, nil), true
	}
	last := l
	if p.stays(n) {
		if s := p.simplified(n); s != nil && p.text(s) != p.text(n) && p.better(s, n) {
			last = &line{node: s, index: index, expect: n, notes: []paper.Note{noteOf("simplify")}}
			blk.lines = append(blk.lines, last)
		}
		last.result = true
		if !p.req.Expand {
			return
		}
	}
	if a.Node == nil {
		last.result = true
		return
	}
	if p.text(last.node) != a.Text {
		note := p.finalRule(last.node, a)
		if p.mentions(n) {
			note = noteOf("put-back")
		}
		last.result = false
		last = &line{node: p.over(a.Node, nil), as: ans, index: index, expect: n, notes: []paper.Note{note}}
		p.answerLine(blk, a, last)
	}
	last.result = true
}

// finalRule says what leads from the last line to the engine's answer.
func (p *deriver) finalRule(last *expr.Node, a *Answer) paper.Note {
	_, rest := p.m.split(a.Node)
	switch {
	case p.mentions(last):
		return noteOf("put-back")
	case last.Op.Name == expr.OpT && (rest == nil || rest.Op.Name != expr.OpT):
		return noteOf("transpose-out")
	}
	return noteOf("simplify")
}

// answerLine writes the engine's answer, with the names it needs before it.
func (p *deriver) answerLine(blk *block, a *Answer, l *line) {
	for _, w := range a.Where {
		blk.lines = append(blk.lines, &line{lhs: paper.Formula{Text: w.Name, LaTeX: print.LaTeXName(w.Name)},
			as: &paper.Formula{Text: w.Text, LaTeX: w.LaTeX}, notes: []paper.Note{noteOf("name")}})
	}
	if len(a.Where) > 0 {
		l.lhs = paper.Formula{Text: a.Symbol, LaTeX: a.SymbolLaTeX}
	}
	blk.lines = append(blk.lines, l)
}

// defining is the identity that an answer is read off by.
func (p *deriver) defining(a *Answer, index *expr.Index, lhs paper.Formula) paper.Formula {
	f := p.identityOf(p.variable(a.Wrt, index), lhs)
	if !p.colon {
		f.Text = a.Identity
		if a.IdentityLaTeX != "" {
			f.LaTeX = a.IdentityLaTeX
		}
	}
	return f
}

// stays reports whether an answer is left in the user's intermediates.
func (p *deriver) stays(n *expr.Node) bool {
	user, tool := false, false
	p.eachSymbol(n, func(s *expr.Symbol) {
		if sp, ok := p.spelled[s]; ok && sp.kind == gradientSymbol {
			user = user || !sp.part.tool
			tool = tool || sp.part.tool
		}
		if q := p.partOf(s); q != nil && q.tool {
			tool = true
		}
	})
	return user && !tool
}

// mentions reports whether n has a symbol that the answer does not have.
func (p *deriver) mentions(n *expr.Node) bool {
	found := false
	p.eachSymbol(n, func(s *expr.Symbol) {
		q := p.partOf(s)
		found = found || p.named[s] || p.spelled[s].kind == gradientSymbol || q != nil && q.tool
	})
	return found
}

func (p *deriver) eachSymbol(n *expr.Node, f func(*expr.Symbol)) {
	seen := map[*expr.Node]bool{}
	var walk func(n *expr.Node)
	walk = func(n *expr.Node) {
		if seen[n] {
			return
		}
		seen[n] = true
		if n.Sym != nil {
			f(n.Sym)
		}
		for _, a := range n.Args {
			walk(a)
		}
	}
	walk(n)
}

func (p *deriver) variable(s *expr.Symbol, index *expr.Index) *expr.Node {
	if s.Family != nil && index != nil {
		return p.b.Member(s, index)
	}
	return p.b.Var(s)
}

func (p *deriver) gradientNode(q *part) *expr.Node {
	if q.index != nil {
		return p.b.Member(q.gradient, q.index)
	}
	return p.b.Var(q.gradient)
}

// ownDifferential is dq where it stands for what the rules made of it.
func (p *deriver) ownDifferential(q *part) *expr.Node {
	s := p.newSymbol(q.sym.Shape, q.index)
	p.spelled[s] = spelling{kind: partDifferential, part: q}
	p.own = append(p.own, ownDifferential{s, q})
	if q.index != nil {
		return p.b.Member(s, q.index)
	}
	return p.b.Var(s)
}

// simplified is the engine's form of a line, or nil.
func (p *deriver) simplified(n *expr.Node) *expr.Node {
	// A member stands for a variable of its own.
	index := p.freeIndex(n)
	if index == nil {
		return p.req.Simplify(n)
	}
	back := map[*expr.Symbol]*expr.Node{}
	plain := map[*expr.Node]*expr.Node{}
	bad := false
	p.eachNode(n, func(n *expr.Node) {
		bad = bad || n.Op.Name == expr.OpSumOver || n.Op.Name == expr.OpIndex
		if n.Op.Name == expr.OpMember {
			s := p.newSymbol(n.Shape, nil)
			s.Facts = n.Sym.Facts
			back[s] = n
			plain[n] = p.b.Var(s)
		}
	})
	if bad {
		return nil
	}
	s := p.req.Simplify(p.over(n, plain))
	if s == nil {
		return nil
	}
	return p.substitute(s, back)
}

func (p *deriver) eachNode(n *expr.Node, f func(*expr.Node)) {
	seen := map[*expr.Node]bool{}
	var walk func(n *expr.Node)
	walk = func(n *expr.Node) {
		if seen[n] {
			return
		}
		seen[n] = true
		f(n)
		for _, a := range n.Args {
			walk(a)
		}
	}
	walk(n)
}

// better reports whether the engine's form reads better than the one at hand.
func (p *deriver) better(s, n *expr.Node) bool {
	return utf8.RuneCountInString(p.text(s)) < utf8.RuneCountInString(p.text(n)) || n.Op.Name == expr.OpT
}

// constant writes that the function does not vary.
func (p *deriver) constant(f *part) {
	blk := p.blocks[len(p.blocks)-1]
	for i := range p.req.Answers {
		p.answerLines(blk, &p.req.Answers[i])
	}
	_ = f
}

// shorten leaves every step in full detail and one of several in brief.
func (p *deriver) shorten(steps []step) []step {
	if !p.req.Brief || len(steps) < 2 {
		return steps
	}
	last := step{node: steps[len(steps)-1].node}
	var out []step
	for _, s := range steps {
		if s.define != nil {
			out = append(out, s)
			continue
		}
		for _, n := range s.notes {
			if n.ID != "take-differential" {
				last.notes = together(last.notes, n)
			}
		}
	}
	return append(out, last)
}
