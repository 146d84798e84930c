package derive

import (
	"slices"
	"unicode/utf8"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/paper"
)

// A column is a term on its way to the form M vec(dX) or M dx:
//
//	coef · Π scal / Π den · [Σ_i …] M₁ M₂ … vec(N)
type column struct {
	outer []frame
	frame
	ms    []*expr.Node
	veced bool
	n     *expr.Node
}

func (c *column) clone() *column {
	d := *c
	d.outer, d.scal, d.den, d.ms = slices.Clone(c.outer), slices.Clone(c.scal), slices.Clone(c.den), slices.Clone(c.ms)
	return &d
}

// jacobianDerivation differentiates a vector or matrix by each variable.
func (p *deriver) jacobianDerivation() {
	f := p.parts[len(p.parts)-1]
	p.inline = true
	for i := range p.req.Answers {
		a := &p.req.Answers[i]
		p.pass = i
		clear(p.moving)
		p.moving[a.Wrt] = true
		p.dep, p.hasDiff = map[*expr.Node]bool{}, map[*expr.Node]bool{}
		p.diffs = map[diffKey]*differential{}
		for _, q := range p.parts[:len(p.parts)-1] {
			if p.varies(q.body) {
				p.moving[q.sym] = true
				p.dep = map[*expr.Node]bool{}
			}
		}
		if i == 0 {
			p.prepareAll()
		}
		p.jacobian(f, a)
	}
}

func (p *deriver) jacobian(f *part, a *Answer) {
	blk := p.open("differential", paper.Words{En: "The differential", Zh: "求微分"})
	lhs := paper.Formula{Text: a.Symbol, LaTeX: a.SymbolLaTeX}
	ans := &paper.Formula{Text: a.Text, LaTeX: a.LaTeX}
	steps := p.differentialOfPart(f)
	if steps == nil {
		blk.lines = append(blk.lines, &line{lhs: lhs, node: a.Node, as: ans, result: true, notes: []paper.Note{noteOf("d-constant")}})
		return
	}
	first, last := steps[0].node, steps[len(steps)-1].node
	if isZero(last) {
		blk.chain(p.dName(f.name, nil), first, nil, p.shorten(steps))
		blk.lines = append(blk.lines, &line{lhs: lhs, node: a.Node, as: ans, result: true, notes: []paper.Note{noteOf("read-off")}})
		return
	}
	var coef, shown *expr.Node
	if a.Wrt.Shape.IsScalar() && a.Wrt.Family == nil {
		// Linear in dt: its coefficient is what is left with 1 for dt.
		with := map[*expr.Symbol]*expr.Node{p.differentialOf(p.variable(a.Wrt, nil)).sym: p.m.num(1)}
		coef = p.substitute(last, with)
		shown = p.m.mul(coef, p.d(p.variable(a.Wrt, nil)))
		if shown != last {
			steps = append(steps, step{node: shown, notes: []paper.Note{noteOf("scalar-out")}})
		}
		blk.chain(p.dName(f.name, nil), first, nil, p.shorten(steps))
		if !p.req.Numerator {
			coef = p.transposeShown(coef)
		}
	} else {
		blk.chain(p.dName(f.name, nil), first, nil, p.shorten(steps))
		if a.Wrt.Shape.IsScalar() && f.body.Shape.IsMatrix() {
			panic(giveUp("a matrix by the members of a family of scalars"))
		}
		coef = p.vectorise(blk, f, first, last, a.Wrt.Family)
		if !p.req.Numerator {
			coef = p.transposeShown(coef)
		}
	}
	note := noteOf("read-off")
	note.Rule = paper.Formula{Text: a.Identity, LaTeX: a.IdentityLaTeX}
	if p.req.ByRows && (f.body.Shape.IsMatrix() || a.Wrt.Shape.IsMatrix()) {
		note.Rule = p.identityByRows(f, a, lhs)
	}
	l := &line{lhs: lhs, node: coef, notes: []paper.Note{note}, index: a.Wrt.Family}
	blk.lines = append(blk.lines, l)
	if a.Node == nil {
		l.result = true
		return
	}
	l.expect, l.reads = p.b.Replace(a.Node, nil), true
	if p.text(coef) == a.Text {
		l.as, l.result = ans, true
		return
	}
	p.answerLine(blk, a, &line{node: p.b.Replace(a.Node, nil), as: ans, expect: coef, index: a.Wrt.Family, result: true, notes: []paper.Note{p.finalRule(coef, a)}})
}

// identityByRows is the identity with vec of transposes, which stacks rows.
func (p *deriver) identityByRows(f *part, a *Answer, lhs paper.Formula) paper.Formula {
	side := func(name string, s expr.Shape) paper.Formula {
		d := p.dName(name, nil)
		switch {
		case s.IsMatrix():
			return paper.Formula{Text: "vec(" + d.Text + "ᵀ)", LaTeX: `\operatorname{vec}(` + d.LaTeX + `^\top)`}
		case s.IsRow():
			return paper.Formula{Text: d.Text + "ᵀ", LaTeX: d.LaTeX + `^\top`}
		}
		return d
	}
	name := a.Wrt.Name
	if a.Wrt.Family != nil {
		name += "[" + a.Wrt.Family.Name + "]"
	}
	df, dx := side(f.name, f.body.Shape), side(name, a.Wrt.Shape)
	t, tTeX := "ᵀ ", `^\top `
	if p.req.Numerator {
		t, tTeX = " ", `\,`
	}
	return paper.Formula{Text: df.Text + " = (" + lhs.Text + ")" + t + dx.Text,
		LaTeX: df.LaTeX + ` = \left(` + lhs.LaTeX + `\right)` + tTeX + dx.LaTeX}
}

// vectorise brings dF to the form M vec(dX) and returns M; of a family with the index
// member to Σ_i M_i vec(dX_i).
func (p *deriver) vectorise(blk *block, f *part, first, n *expr.Node, member *expr.Index) *expr.Node {
	lhs := p.dName(f.name, nil)
	c := &column{frame: frame{coef: one}, n: n}
	expect := first
	var steps []step
	switch {
	case f.body.Shape.IsRow():
		c.n, expect = p.m.t(n), p.m.t(first)
		lhs.Text += "ᵀ"
		lhs.LaTeX += `^\top`
		steps = append(steps, step{node: c.n, notes: []paper.Note{noteOf("d-transpose")}})
	case !f.body.Shape.IsVector():
		c.veced = true
		if p.req.ByRows {
			c.n, expect = p.m.t(n), p.m.t(first)
			lhs.Text += "ᵀ"
			lhs.LaTeX += `^\top`
		}
		expect = p.m.vec(expect)
		lhs.Text, lhs.LaTeX = "vec("+lhs.Text+")", `\operatorname{vec}(`+lhs.LaTeX+")"
		id := "vec-both"
		if p.req.ByRows {
			id = "vec-rows"
		}
		steps = append(steps, step{node: p.m.vec(c.n), notes: []paper.Note{noteOf(id)}})
	}
	shown := n
	if len(steps) > 0 {
		shown = steps[0].node
	}
	p.settle(c)
	cols := []*column{c}
	for k := 0; ; k++ {
		if k > maxSteps {
			panic(giveUp("the vectorisation does not end"))
		}
		at := slices.IndexFunc(cols, func(c *column) bool { return !p.settled(c) })
		if at < 0 {
			break
		}
		rule, _ := p.moveColumn(cols[at])
		var next []*column
		for _, c := range cols {
			if !p.settled(c) {
				if r, become := p.moveColumn(c); r == rule {
					next = append(next, become...)
					continue
				}
			}
			next = append(next, c)
		}
		cols = next
		var defs []step
		for p.tooWide(p.writeColumns(cols)) {
			d := p.nameLongest(cols)
			if d == nil {
				break
			}
			defs = append(defs, *d)
		}
		if w := p.writeColumns(cols); w != shown {
			shown = w
			steps = append(append(steps, defs...), step{node: w, notes: []paper.Note{noteOf(rule)}})
		}
	}
	// Under whatever index of a sum a member stands, it is that member.
	index := p.freeIndex(cols[0].n)
	var ms []*expr.Node
	for _, c := range cols {
		m := p.coefficient(c)
		if member != nil {
			i := p.freeIndex(c.n)
			if i == nil || i.Size != member.Size || !slices.ContainsFunc(c.outer, func(f frame) bool { return f.index == i }) {
				panic(giveUp("members under another index"))
			}
			m = p.b.Reindex(m, i, index)
		}
		ms = append(ms, m)
	}
	m := p.m.add(ms...)
	dx := cols[0].n
	if cols[0].veced {
		dx = p.m.vec(dx)
	}
	w := p.m.mul(m, dx)
	if member != nil {
		w = p.m.sumOver(index, w)
		m = p.b.Reindex(m, index, member)
	}
	if w != shown && len(cols) > 0 {
		rule := "vec-collect"
		if len(cols) == 1 {
			switch {
			case len(cols[0].outer) > 0 && member == nil:
				rule = "sum-out"
			case cols[0].veced:
				rule = "vec-scale"
			default:
				rule = "scalar-out"
			}
		}
		steps = append(steps, step{node: w, notes: []paper.Note{noteOf(rule)}})
	}
	if len(steps) > 0 {
		if f.body.Shape.IsVector() {
			lhs = paper.Formula{} // the same equation goes on
		}
		blk.chain(lhs, expect, nil, p.shorten(steps))
	}
	return m
}

func (p *deriver) writeColumns(cols []*column) *expr.Node {
	var all []*expr.Node
	for _, c := range cols {
		all = append(all, p.writeColumn(c))
	}
	return p.m.add(all...)
}

// nameLongest gives the longest of the matrices before the differentials a name.
func (p *deriver) nameLongest(cols []*column) *step {
	var body *expr.Node
	width := 12
	for _, c := range cols {
		if len(c.ms) == 0 {
			continue
		}
		// A part that depends on the index of a sum has no name of its own.
		if m := p.m.mul(c.ms...); p.width(m) > width && len(p.freeIndices(m)) == 0 {
			body, width = m, p.width(m)
		}
	}
	if body == nil {
		return nil
	}
	s := p.nameFor(body)
	for _, c := range cols {
		if len(c.ms) > 0 && p.m.mul(c.ms...) == body {
			c.ms = []*expr.Node{p.b.Var(s)}
		}
	}
	return &step{node: body, notes: []paper.Note{noteOf("name")}, define: s}
}

// nameFor makes a symbol for a coefficient.
func (p *deriver) nameFor(body *expr.Node) *expr.Symbol {
	s := p.newSymbol(body.Shape, nil)
	p.named[s] = true
	s.Name = p.freshName(body.Shape, "M")
	return s
}

func (p *deriver) width(n *expr.Node) int { return utf8.RuneCountInString(p.text(n)) }

// tooWide reports whether a line needs names for its coefficients: where names
// for parts of the expression did not make it short enough.
func (p *deriver) tooWide(n *expr.Node) bool { return p.relaxed && p.width(n) > maxWidth }

func (p *deriver) writeColumn(c *column) *expr.Node {
	n := c.n
	if c.veced {
		n = p.m.vec(n)
	}
	n = p.m.mul(append(slices.Clone(c.ms), n)...)
	return p.around(c, n)
}

func (p *deriver) around(c *column, n *expr.Node) *expr.Node {
	return p.m.within(&c.frame, c.outer, n)
}

func (p *deriver) coefficient(c *column) *expr.Node {
	m := c.ms
	if len(m) == 0 {
		d := c.n.Shape.Rows
		if c.veced {
			d = p.b.Mul(d, c.n.Shape.Cols)
		}
		m = []*expr.Node{p.m.eye(d)}
	}
	n := c.frame.wrap(p.m, p.m.mul(m...))
	for _, f := range slices.Backward(c.outer) {
		if p.freeIndex(c.n) == f.index {
			n = f.wrap(p.m, n)
			continue
		}
		n = f.wrap(p.m, p.m.sumOver(f.index, n))
	}
	return n
}

// settled reports whether the differential stands last.
func (p *deriver) settled(c *column) bool {
	n := c.n
	if n.Op.Name == expr.OpT && (n.Args[0].Shape.IsRow() || p.req.ByRows && n.Args[0].Shape.IsMatrix()) {
		n = n.Args[0]
	} else if n.Shape.IsRow() || p.req.ByRows && n.Shape.IsMatrix() {
		return false
	}
	return n.Sym != nil && p.diffOf[n.Sym] != nil
}

// settle moves what changes nothing in the text out of the way.
func (p *deriver) settle(c *column) {
	for {
		n := c.n
		switch {
		case n.Op.Name == expr.OpNeg:
			c.coef, c.n = c.coef.Neg(), n.Args[0]
			continue
		case n.Op.Name == expr.OpDiv:
			c.den = append(c.den, n.Args[1])
			c.n = n.Args[0]
			continue
		case n.Op.Name == expr.OpMul || n.Op.Name == expr.OpHadamard:
			k := p.place(n)
			var rest []*expr.Node
			taken := false
			for i, a := range n.Args {
				if i != k && a.Shape.IsScalar() {
					v, r := p.m.split(a)
					c.coef = c.coef.Mul(v)
					if r != nil {
						c.scal = append(c.scal, r)
					}
					taken = true
					continue
				}
				rest = append(rest, a)
			}
			if taken {
				if len(rest) == 1 {
					c.n = rest[0]
				} else {
					c.n = p.b.Node(n.Op.Name, rest...)
				}
				continue
			}
		case n.Op.Name == "vec" && !c.veced:
			c.veced, c.n = true, n.Args[0]
			continue
		}
		if c.veced && !c.n.Shape.IsMatrix() {
			c.veced = false
			if c.n.Shape.IsRow() {
				c.n = p.m.inward(c.n)
				continue
			}
		}
		return
	}
}

// moveColumn takes the next move.
func (p *deriver) moveColumn(c *column) (string, []*column) {
	u := c.clone()
	n := u.n
	m := p.m
	step := func(rule string, next *expr.Node, veced bool, ms ...*expr.Node) (string, []*column) {
		for _, x := range ms {
			k, rest := m.split(x)
			u.coef = u.coef.Mul(k)
			if rest != nil && !isIdentity(rest) {
				u.ms = append(u.ms, rest)
			}
		}
		u.n, u.veced = next, veced
		p.settle(u)
		return rule, []*column{u}
	}
	switch n.Op.Name {
	case expr.OpAdd:
		var out []*column
		for _, a := range n.Args {
			v := u.clone()
			v.n = a
			p.settle(v)
			out = append(out, v)
		}
		if !u.veced {
			return "distribute", out
		}
		return "vec-linear", out
	case expr.OpVar, expr.OpMember:
		if n.Shape.IsMatrix() { // by rows: vec(dX) = K vec(dXᵀ)
			return step("vec-transpose", m.t(n), true, p.b.Sized("commutation", n.Shape.Cols, n.Shape.Rows))
		}
	case expr.OpT:
		b := n.Args[0]
		if b.Shape.IsMatrix() {
			return step("vec-transpose", b, true, p.b.Sized("commutation", b.Shape.Rows, b.Shape.Cols))
		}
		if r, rule := p.asProduct(b); r != nil {
			return step(rule, m.t(r), u.veced)
		}
		if r := m.inward(b); r != n {
			return step("d-transpose", r, false)
		}
		n = b // a row has the entries of its transpose
	case expr.OpMul:
		return p.vecProduct(u, step)
	case expr.OpHadamard, expr.OpElDiv:
		var rest []*expr.Node
		var x *expr.Node
		if n.Op.Name == expr.OpElDiv {
			x = n.Args[0]
			rest = append(rest, m.eldiv(m.num(1), n.Args[1]))
		} else {
			k := p.place(n)
			x = n.Args[k]
			rest = append(slices.Clone(n.Args[:k]), n.Args[k+1:]...)
		}
		b := m.hadamard(rest...)
		switch {
		case x.Shape.IsScalar():
			return p.scalarLast(u, b, x, step)
		case u.veced:
			return step("vec-hadamard", x, true, m.diag(m.vec(b)))
		}
		return step("diag-of-hadamard", x, false, m.diag(b))
	case "tr":
		x := n.Args[0]
		if x.Op.Name == expr.OpMul {
			k := p.place(x)
			if y := x.Args[k]; y.Shape.IsMatrix() {
				g := m.t(m.mul(slices.Concat(x.Args[k+1:], x.Args[:k])...))
				return step("vec-trace", y, true, m.t(m.vec(g)))
			}
		}
		return step("vec-trace", x, true, m.t(m.vec(m.eye(x.Shape.Rows))))
	case expr.OpSumOver:
		f := u.frame
		f.index = n.Index
		u.outer = append(u.outer, f)
		u.frame = frame{coef: one}
		rule := "distribute"
		if u.veced {
			rule = "vec-sum"
		}
		return step(rule, n.Args[0], u.veced)
	}
	if r, rule := p.asProduct(n); r != nil {
		return step(rule, r, u.veced)
	}
	// Any other linear operator has a matrix, which the engine finds.
	k := p.place(n)
	x := n.Args[k]
	beta := p.newSymbol(x.Shape, nil)
	args := slices.Clone(n.Args)
	args[k] = p.b.Var(beta)
	w := *n
	w.Args = args
	operator := p.b.Intern(w)
	j := p.req.Jacobian(operator, beta)
	if j == nil {
		panic(giveUp("no notation for the matrix of " + n.Op.Name))
	}
	j = p.underIndexOf(operator, j, n)
	if x.Shape.IsRow() {
		x = m.inward(x) // has the same entries
	}
	rule := "matrix-of-operator"
	if u.veced || x.Shape.IsMatrix() {
		rule = "vec-operator"
	}
	return step(rule, x, x.Shape.IsMatrix(), j)
}

// A columnStep finishes a move: the next operand, whether it stands in a vec, and the
// matrices that come before it.
type columnStep func(rule string, next *expr.Node, veced bool, ms ...*expr.Node) (string, []*column)

// scalarLast moves the scalar s, which has the differential, behind the matrix b.
func (p *deriver) scalarLast(u *column, b, s *expr.Node, step columnStep) (string, []*column) {
	if u.veced {
		return step("vec-scalar", s, false, p.m.vec(b))
	}
	return step("scalar-last", s, false, b)
}

// vecProduct takes the factors out of a product.
func (p *deriver) vecProduct(u *column, step columnStep) (string, []*column) {
	m, n := p.m, u.n
	k := p.place(n)
	x := n.Args[k]
	before, after := n.Args[:k], n.Args[k+1:]
	if x.Shape.IsScalar() {
		return p.scalarLast(u, m.mul(slices.Concat(before, after)...), x, step)
	}
	if x.Op.Name == "diagmat" && len(after) > 0 && after[0].Shape.IsVector() {
		h := m.hadamard(x.Args[0], after[0])
		return step("diag-hadamard", m.mul(slices.Concat(before, []*expr.Node{h}, after[1:])...), u.veced)
	}
	l := m.eye(x.Shape.Rows)
	if len(before) > 0 {
		l = m.mul(before...)
	}
	r := m.eye(x.Shape.Cols)
	if len(after) > 0 {
		r = m.mul(after...)
	}
	switch {
	case !u.veced && len(after) == 0:
		return step("regroup", x, false, l)
	case !u.veced && x.Shape.IsRow():
		return step("inner-symmetric", m.t(x), false, l, m.t(r))
	case u.veced && len(before) == 0:
		u.n = p.b.Node(expr.OpMul, append([]*expr.Node{l}, n.Args...)...)
		return "vec-identity", []*column{u}
	case x.Shape.IsMatrix() && len(before) == 0 && !x.Shape.Rows.IsOne():
		u.n = p.b.Node(expr.OpMul, append([]*expr.Node{l}, n.Args...)...)
		return "vec-identity", []*column{u}
	case x.Shape.IsMatrix() && len(after) == 0:
		u.n = p.b.Node(expr.OpMul, append(slices.Clone(n.Args), r)...)
		return "vec-identity", []*column{u}
	case x.Shape.IsRow():
		return step("vec-product", m.t(x), false, m.kron(m.t(r), l))
	}
	return step("vec-product", x, x.Shape.IsMatrix(), m.kron(m.t(r), l))
}
