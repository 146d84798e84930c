package derive

import (
	"slices"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/rat"
)

// split takes a sum of scalars apart into terms.
func (p *deriver) terms(n *expr.Node) []*term {
	if n.Op.Name == expr.OpAdd {
		var out []*term
		for _, a := range n.Args {
			out = append(out, p.terms(a)...)
		}
		return out
	}
	c, rest := p.m.split(n)
	if rest == nil {
		return nil
	}
	if rest != n && rest.Op.Name == expr.OpAdd {
		out := p.terms(rest)
		for _, t := range out {
			if len(t.outer) > 0 {
				t.outer[0].coef = t.outer[0].coef.Mul(c)
			} else {
				t.coef = t.coef.Mul(c)
			}
		}
		return out
	}
	t := &term{frame: frame{coef: c}, n: rest}
	p.descend(t)
	return []*term{t}
}

// final returns the differential that the term has come down to, or nil. A row is
// final as its transpose, a column: df = g dxᵀ.
func (p *deriver) final(t *term) *expr.Node {
	n := t.n
	if n.Op.Name == expr.OpT && n.Args[0].Shape.IsRow() {
		n = n.Args[0]
	} else if n.Shape.IsRow() {
		return nil
	}
	if n.Sym != nil && p.diffOf[n.Sym] != nil {
		return n
	}
	return nil
}

// done reports whether the differential stands last.
func (p *deriver) done(t *term) bool {
	d := p.final(t)
	switch {
	case d == nil || len(t.r) > 0:
		return false
	case d.Shape.IsMatrix():
		return t.traced
	}
	return !t.traced
}

// descend moves what changes nothing in the text out of the way: signs, numbers,
// scalar factors in front, the factors of a product, and the trace.
func (p *deriver) descend(t *term) {
	for {
		n := t.n
		switch n.Op.Name {
		case expr.OpNeg:
			t.coef, t.n = t.coef.Neg(), n.Args[0]
			continue
		case expr.OpDiv:
			if p.hasDifferential(n.Args[1]) {
				panic(giveUp("a differential in a divisor"))
			}
			t.den = append(t.den, n.Args[1])
			t.n = n.Args[0]
			continue
		case expr.OpMul:
			if g := p.m.grouped(n.Args); n.Shape.IsScalar() && len(g) > 1 && len(g) < len(n.Args) {
				n = p.b.Node(expr.OpMul, g...) // (xᵀw) dxᵀw: scalars by themselves
			}
			k := p.place(n)
			if n.Args[k].Shape.IsScalar() && !n.Shape.IsScalar() {
				return // visible: scalar-out
			}
			if n.Shape.IsScalar() && n.Args[k].Shape.IsScalar() {
				t.scalarProducts(p, n.Args[:k], n.Args[k+1:])
				t.n = n.Args[k]
				continue
			}
			var l, r []*expr.Node
			for i, a := range n.Args {
				switch {
				case i == k:
				case a.Shape.IsScalar():
					t.factor(p, a)
				case i < k:
					l = append(l, a)
				default:
					r = append(r, a)
				}
			}
			t.l = append(t.l, l...)
			t.r = append(r, t.r...)
			t.n = n.Args[k]
			continue
		case "tr":
			if t.traced || len(t.l)+len(t.r) > 0 {
				break
			}
			t.traced, t.n = true, n.Args[0]
			continue
		}
		return
	}
}

// scalarProducts keeps the products before and after a scalar factor as scalars.
func (t *term) scalarProducts(p *deriver, before, after []*expr.Node) {
	for _, part := range [][]*expr.Node{before, after} {
		if slices.ContainsFunc(part, func(a *expr.Node) bool { return !a.Shape.IsScalar() }) {
			part = []*expr.Node{p.m.mul(part...)}
		}
		for _, a := range part {
			t.factor(p, a)
		}
	}
}

// factor puts a scalar before the trace.
func (t *term) factor(p *deriver, a *expr.Node) {
	c, rest := p.m.split(a)
	t.coef = t.coef.Mul(c)
	if rest != nil {
		t.scal = append(t.scal, rest)
	}
}

// place returns the operand with the differential. Where several have one, the
// expression is not linear.
func (p *deriver) place(n *expr.Node) int {
	at := -1
	for i, a := range n.Args {
		if p.hasDifferential(a) {
			if at >= 0 {
				panic(giveUp("a product of two differentials"))
			}
			at = i
		}
	}
	if at < 0 {
		panic(giveUp("a term without a differential"))
	}
	return at
}

func (p *deriver) hasDifferential(n *expr.Node) bool {
	if v, ok := p.hasDiff[n]; ok {
		return v
	}
	v := n.Sym != nil && p.diffOf[n.Sym] != nil || slices.ContainsFunc(n.Args, p.hasDifferential)
	p.hasDiff[n] = v
	return v
}

// advance takes the next move. It returns the rule's name and what the term has
// become; the text may be the same as before.
func (p *deriver) advance(t *term) (string, []*term) {
	u := t.clone()
	one := func(rule string) (string, []*term) {
		p.descend(u)
		return rule, []*term{u}
	}
	n := u.n
	if n.Op.Name == expr.OpAdd {
		var out []*term
		for _, a := range n.Args {
			v := u.clone()
			v.n = a
			p.descend(v)
			out = append(out, v)
		}
		switch {
		case p.colon:
			return "colon-linear", out
		case u.traced:
			return "trace-linear", out
		}
		return "distribute", out
	}
	matrix := p.differentialShape(n).IsMatrix()
	// A matrix differential is reached inside a trace.
	if !u.traced && matrix && (len(u.l)+len(u.r) > 0 || !n.Shape.IsScalar() || n.Op.Name == expr.OpSumOver) && p.inside(u).Shape.IsScalar() {
		u.traced = true
		if p.colon && n.Op.Name != expr.OpSumOver {
			return one("colon")
		}
		return one("trace-of-scalar")
	}
	cyclic := func() (string, []*term) {
		u.l = append(slices.Clone(u.r), u.l...)
		u.r = nil
		if u.traced && !matrix && p.inside(u).Shape.IsScalar() {
			u.traced = false
		}
		return one("trace-cyclic")
	}
	untrace := u.traced && !matrix && len(u.r) == 0 && p.inside(u).Shape.IsScalar()
	if untrace {
		u.traced = false
		return one("trace-of-scalar")
	}
	if d := p.final(u); d != nil {
		switch {
		case len(u.r) > 0 && u.traced:
			return cyclic()
		case len(u.r) > 0:
			// L d is a scalar already, and so is R.
			u.factor(p, p.m.mul(u.r...))
			u.r = nil
			return one("scalar-out")
		}
		panic(giveUp("a differential that cannot be moved to the end"))
	}
	switch n.Op.Name {
	case expr.OpT:
		return p.transposed(u, one)
	case expr.OpVar, expr.OpMember: // a row
		return p.transposed(u, one)
	case expr.OpMul:
		k := p.place(n) // a scalar with the differential scales a matrix
		rest := append(slices.Clone(n.Args[:k]), n.Args[k+1:]...)
		return p.scalarOut(u, p.m.mul(rest...), n.Args[k], one)
	case expr.OpHadamard:
		k := p.place(n)
		rest := append(slices.Clone(n.Args[:k]), n.Args[k+1:]...)
		if n.Args[k].Shape.IsScalar() && !n.Shape.IsScalar() {
			return p.scalarOut(u, p.m.hadamard(rest...), n.Args[k], one)
		}
		return p.hadamard(u, rest, nil, n.Args[k], one, cyclic)
	case expr.OpElDiv:
		if n.Args[0].Shape.IsScalar() && !n.Shape.IsScalar() {
			return p.scalarOut(u, p.m.eldiv(p.m.num(1), n.Args[1]), n.Args[0], one)
		}
		return p.hadamard(u, nil, n.Args[1], n.Args[0], one, cyclic)
	case expr.OpSumOver:
		f := u.frame
		f.index = n.Index
		u.outer = append(u.outer, f)
		u.frame = frame{coef: rat.One}
		u.n = n.Args[0]
		if p.colon {
			return one("colon-sum")
		}
		return one("trace-sum")
	case "tr":
		u.factorOut(p)
		u.traced, u.l, u.r, u.n = true, nil, nil, n.Args[0]
		return one("scalar-out")
	}
	if r, rule := p.asProduct(n); r != nil {
		u.n = r
		if p.colon && n.Op.Name == "dot" {
			rule = "colon-product" // it is written as before
		}
		return one(rule)
	}
	switch n.Op.Name {
	case "diagmat":
		switch {
		case !u.traced && len(u.r) > 0 && u.r[0].Shape.IsVector():
			u.n = p.m.hadamard(n.Args[0], u.r[0])
			u.r = u.r[1:]
			return one("diag-hadamard")
		case u.traced && len(u.r) > 0:
			return cyclic()
		case u.traced:
			g := p.b.Node("diagvec", p.left(u))
			u.l, u.n = []*expr.Node{p.m.t(g)}, n.Args[0]
			u.traced = matrix
			return one("trace-diag")
		}
	case "diagvec":
		if u.traced && len(u.r) > 0 {
			return cyclic()
		}
		if g := p.left(u); g.Shape.IsRow() {
			u.l, u.n, u.traced = []*expr.Node{p.m.diag(p.m.t(g))}, n.Args[0], true
			return one("diag-trace")
		}
	case "vec":
		if u.traced && len(u.r) > 0 {
			return cyclic()
		}
		if g := p.left(u); g.Op.Name == expr.OpT && g.Args[0].Op.Name == "vec" {
			u.l, u.n, u.traced = []*expr.Node{p.m.t(g.Args[0].Args[0])}, n.Args[0], true
			return one("vec-inner")
		}
	}
	return p.byAdjoint(u, one)
}

// factorOut makes what stands beside a scalar a factor in front.
func (t *term) factorOut(p *deriver) {
	rest := slices.Concat(t.l, t.r)
	if len(rest) == 0 {
		return
	}
	n := p.m.mul(rest...)
	if t.traced {
		n = p.m.tr(n)
	}
	t.factor(p, n)
}

// scalarOut takes the scalar s, which has the differential, out of L s X R.
func (p *deriver) scalarOut(u *term, x, s *expr.Node, one func(string) (string, []*term)) (string, []*term) {
	n := p.m.mul(slices.Concat(u.l, []*expr.Node{x}, u.r)...)
	if u.traced {
		n = p.m.tr(n)
	}
	u.factor(p, n)
	u.traced, u.l, u.r, u.n = false, nil, nil, s
	return one("scalar-out")
}

// transposed transposes the whole product.
func (p *deriver) transposed(u *term, one func(string) (string, []*term)) (string, []*term) {
	flip := func(list []*expr.Node) []*expr.Node {
		var out []*expr.Node
		for _, a := range slices.Backward(list) {
			out = append(out, p.m.t(a))
		}
		return out
	}
	u.l, u.r = flip(u.r), flip(u.l)
	u.n = p.m.inward(u.n)
	switch {
	case p.colon:
		return one("colon-transpose")
	case u.traced:
		return one("trace-transpose")
	}
	return one("inner-symmetric")
}

// hadamard moves the factors of c = b ⊙ c to the other side; div are divisors.
func (p *deriver) hadamard(u *term, b []*expr.Node, div, c *expr.Node, one func(string) (string, []*term), cyclic func() (string, []*term)) (string, []*term) {
	n := u.n
	if n.Shape.IsScalar() {
		for _, x := range b {
			u.factor(p, x)
		}
		if div != nil {
			u.den = append(u.den, div)
		}
		u.n = c
		return one("scalar-out")
	}
	if len(u.r) > 0 {
		switch {
		case u.traced:
			return cyclic()
		case n.Shape.IsRow():
			return p.transposed(u, one)
		case n.Shape.IsMatrix():
			u.traced = true
			return one("trace-of-scalar")
		}
		u.factor(p, p.m.mul(u.r...))
		u.r = nil
		return one("scalar-out")
	}
	if n.Shape.IsRow() {
		return p.transposed(u, one)
	}
	g := p.m.t(p.left(u))
	ones := isOnes(g)
	args := append([]*expr.Node{g}, b...)
	h := p.m.hadamard(args...)
	if div != nil {
		h = p.m.eldiv(h, div)
	}
	u.l, u.n = []*expr.Node{p.m.t(h)}, c
	switch {
	case p.colon:
		return one("colon-hadamard")
	case n.Shape.IsMatrix():
		return one("hadamard-trace")
	case ones && len(b) > 0:
		return one("ones-hadamard")
	}
	return one("hadamard-inner")
}

// asProduct writes sums and outer products as matrix products.
func (p *deriver) asProduct(n *expr.Node) (*expr.Node, string) {
	m := p.m
	var x *expr.Node
	if len(n.Args) > 0 {
		x = n.Args[0]
	}
	switch n.Op.Name {
	case "sum":
		if x.Op.Name == expr.OpHadamard {
			k := p.place(x)
			rest := m.hadamard(append(slices.Clone(x.Args[:k]), x.Args[k+1:]...)...)
			switch {
			case x.Args[k].Shape != x.Shape || rest.Shape != x.Shape:
			case x.Shape.IsMatrix():
				return m.tr(m.mul(m.t(rest), x.Args[k])), "sum-of-matrix-product"
			case x.Shape.IsVector():
				return m.mul(m.t(rest), x.Args[k]), "sum-of-product"
			}
		}
		list := []*expr.Node{x}
		if !x.Shape.Rows.IsOne() {
			list = append([]*expr.Node{m.ones(m.b.One(), x.Shape.Rows)}, list...)
		}
		if !x.Shape.Cols.IsOne() {
			list = append(list, m.ones(x.Shape.Cols, m.b.One()))
		}
		return m.mul(list...), "sum-as-ones"
	case "rowsum":
		return m.mul(x, m.ones(x.Shape.Cols, m.b.One())), "sum-as-ones"
	case "colsum":
		return m.mul(m.ones(m.b.One(), x.Shape.Rows), x), "sum-as-ones"
	case "outer":
		return m.mul(x, m.t(n.Args[1])), "outer-product"
	case "dot":
		if x.Shape.IsMatrix() {
			return m.tr(m.mul(m.t(x), n.Args[1])), "sum-of-matrix-product"
		}
		if x.Shape.IsRow() {
			return m.mul(x, m.t(n.Args[1])), "sum-of-product"
		}
		return m.mul(m.t(x), n.Args[1]), "sum-of-product"
	}
	return nil, ""
}

// differentialShape is the shape of the differential in n.
func (p *deriver) differentialShape(n *expr.Node) expr.Shape {
	var found *expr.Node
	var walk func(n *expr.Node)
	walk = func(n *expr.Node) {
		if found != nil || !p.hasDifferential(n) {
			return
		}
		if n.Sym != nil && p.diffOf[n.Sym] != nil {
			found = n
			return
		}
		for _, a := range n.Args {
			walk(a)
		}
	}
	walk(n)
	if found == nil {
		panic(giveUp("a term without a differential"))
	}
	return found.Shape
}

// byAdjoint takes a move that the engine finds: with X the operand of a linear
// operator, ⟨G, op(X)⟩ = ⟨op*(G), X⟩, where op*(G) is the derivative by X.
func (p *deriver) byAdjoint(u *term, one func(string) (string, []*term)) (string, []*term) {
	n := u.n
	k := p.place(n)
	x := n.Args[k]
	beta := p.newSymbol(x.Shape, nil)
	args := slices.Clone(n.Args)
	args[k] = p.b.Var(beta)
	c := *n
	c.Args = args
	v := u.clone()
	v.n = p.b.Intern(c)
	whole := p.inside(v)
	if u.traced {
		whole = p.m.tr(whole)
	}
	g := p.req.Gradient(whole, beta)
	if g == nil {
		panic(giveUp("no notation for the adjoint of " + n.Op.Name))
	}
	g = p.underIndexOf(whole, g, n)
	switch {
	case x.Shape.IsScalar():
		u.traced, u.l, u.r = false, nil, nil
		u.factor(p, g)
	case x.Shape.IsRow():
		u.traced, u.l, u.r = false, nil, []*expr.Node{p.m.t(g)}
	default:
		u.traced, u.l, u.r = x.Shape.IsMatrix(), []*expr.Node{p.m.t(g)}, nil
	}
	u.n = x
	return one("adjoint")
}

// underIndexOf returns g, which the engine made from n, with the index that n has: the engine
// writes a member under its family's own.
func (p *deriver) underIndexOf(n, g, op *expr.Node) *expr.Node {
	under := p.freeIndices(n)
	for _, i := range p.freeIndices(g) {
		switch {
		case slices.Contains(under, i):
		case len(under) == 1 && under[0].Size == i.Size:
			g = p.b.Reindex(g, i, under[0])
		default:
			panic(giveUp(op.Op.Name + " under several indices"))
		}
	}
	return g
}
