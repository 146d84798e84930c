package print

import (
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/rat"
)

// An elem is a factor of a product that is no scalar: a node, perhaps transposed
// and inverted, or a value.
type elem struct {
	n              *expr.Node
	trans, inverse bool
	v              *ir // not nil: this value, and n is nil
}

func (e elem) shape() expr.Shape {
	s := expr.Shape{}
	if e.v != nil {
		s = e.v.shape
	} else {
		s = e.n.Shape
	}
	if e.trans {
		return s.T()
	}
	return s
}

// is reports whether the factor is of that operator.
func (e elem) is(op string) bool { return e.v == nil && e.n.Op.Name == op }

func (e elem) isOnes() bool { return e.is("ones") && !e.n.Shape.IsMatrix() }

// special reports whether the factor is applied to others rather than built.
func (e elem) special() bool {
	return e.v == nil && (e.inverse || e.is("diagmat") || e.is("eye") || e.is("commutation") || e.is("kron") ||
		e.is("ones") || e.is(expr.OpMPow))
}

// weight orders the factors of a product by how much is lost when one is built.
func (e elem) weight() int {
	switch {
	case !e.special():
		return 0
	case e.is("kron") && !e.inverse:
		if a, b := e.n.Args[0].Shape, e.n.Args[1].Shape; !a.IsMatrix() || !b.IsMatrix() {
			return 1
		}
		return 4
	case e.is(expr.OpMPow):
		return 2
	case e.is("commutation") || e.is("eye"):
		return 5
	}
	return 3
}

// pyFactors are a coefficient, scalars, divisors and a chain of factors.
type pyFactors struct {
	coef     rat.Rat
	num, den []*ir
	chain    []elem
}

func newPyFactors() *pyFactors { return &pyFactors{coef: rat.One} }

// collect takes n, or its transpose, apart into p.
func (g *generator) collect(n *expr.Node, trans bool, p *pyFactors) {
	switch n.Op.Name {
	case expr.OpNum:
		p.coef = p.coef.Mul(n.Num)
		return
	case expr.OpNeg:
		p.coef = p.coef.Neg()
		g.collect(n.Args[0], trans, p)
		return
	case expr.OpDiv:
		g.collect(n.Args[0], trans, p)
		g.divide(n.Args[1], p)
		return
	case expr.OpPow:
		if k := n.Args[1]; k.Op.Name == expr.OpNum && k.Num.Sign() < 0 {
			if k.Num.Equal(rat.MinusOne) {
				g.divide(n.Args[0], p)
			} else {
				p.den = append(p.den, g.powerOf(n.Args[0], k.Num.Neg(), n.Shape))
			}
			return
		}
	case expr.OpT:
		g.collect(n.Args[0], !trans, p)
		return
	case expr.OpMul:
		g.collectProduct(n, trans, p)
		return
	case "inv":
		if !n.Shape.IsScalar() { // a system is solved, see apply
			x := n.Args[0]
			if x.Op.Name == expr.OpT {
				x, trans = x.Args[0], !trans
			}
			p.chain = append(p.chain, elem{n: x, trans: trans, inverse: true})
			return
		}
	}
	if n.Shape.IsScalar() {
		p.num = append(p.num, g.node(n))
		return
	}
	p.chain = append(p.chain, elem{n: n, trans: trans})
}

func (g *generator) divide(n *expr.Node, p *pyFactors) {
	q := newPyFactors()
	g.collect(n, false, q)
	if q.coef.IsZero() {
		p.den = append(p.den, g.number(rat.Zero))
		return
	}
	p.coef = p.coef.Div(q.coef)
	p.den = append(p.den, q.num...)
	p.num = append(p.num, q.den...)
	if len(q.chain) > 0 {
		p.den = append(p.den, g.chain(q.chain))
	}
}

// collectProduct collects the operands of a product from the left; what makes a
// scalar on the way is one.
func (g *generator) collectProduct(n *expr.Node, trans bool, p *pyFactors) {
	q := newPyFactors()
	for _, a := range n.Args {
		g.collect(a, false, q)
		if k := len(q.chain); k > 0 && q.chain[0].shape().Rows.IsOne() && q.chain[k-1].shape().Cols.IsOne() {
			q.num = append(q.num, g.chain(q.chain))
			q.chain = nil
		}
	}
	p.coef = p.coef.Mul(q.coef)
	p.num, p.den = append(p.num, q.num...), append(p.den, q.den...)
	if !trans {
		p.chain = append(p.chain, q.chain...)
		return
	}
	for i := len(q.chain) - 1; i >= 0; i-- {
		e := q.chain[i]
		e.trans = !e.trans
		p.chain = append(p.chain, e)
	}
}

// finish multiplies everything: first the scalars, then what is larger.
func (g *generator) finish(p *pyFactors, shape expr.Shape) *ir {
	negative := p.coef.Sign() < 0
	c := p.coef.Abs()
	var s *ir
	mul := func(x *ir) {
		if s == nil {
			s = x
		} else {
			s = g.times(s, x)
		}
	}
	den := p.den
	num := c
	if !c.IsOne() && !c.Num().IsOne() && !exactDecimal(c) {
		num = c.Num()
	} else if c.Num().IsOne() && !c.IsOne() {
		num = rat.One // divide by the denominator
	}
	bottom := rat.One
	if !num.Equal(c) {
		bottom = c.Den()
	}
	if !num.IsOne() {
		if negative {
			num, negative = num.Neg(), false
		}
		mul(g.number(num))
	}
	for _, x := range p.num {
		mul(x)
	}
	if !bottom.IsOne() {
		den = append([]*ir{g.number(bottom)}, den...)
	}
	var d *ir
	for _, x := range den {
		if d == nil {
			d = x
		} else {
			d = g.times(d, x)
		}
	}
	if len(p.chain) > 0 {
		x := g.chain(p.chain)
		switch {
		case s != nil && d != nil:
			s = g.times(g.over(s, d), x)
		case s != nil:
			s = g.times(s, x)
		case d != nil:
			s = g.over(x, d)
		default:
			s = x
		}
	} else {
		if s == nil {
			s = g.number(rat.One)
		}
		if d != nil {
			s = g.over(s, d)
		}
	}
	if negative {
		s = g.negate(s)
	}
	return g.oriented(s, shape)
}

// exactDecimal reports whether r is written as one decimal.
func exactDecimal(r rat.Rat) bool {
	_, q, ok := r.Small()
	return ok && (q == 1 || q == 2 || q == 4 || q == 8 || q == 5 || q == 10)
}

// chain multiplies factors none of which is a scalar. Where an inner size is one,
// a column meets a row: an outer product.
func (g *generator) chain(list []elem) *ir {
	list = g.dropIdentities(list)
	var parts [][]elem
	from := 0
	for i, e := range list[:len(list)-1] {
		if e.shape().Cols.IsOne() {
			parts = append(parts, list[from:i+1])
			from = i + 1
		}
	}
	parts = append(parts, list[from:])
	if len(parts) == 1 {
		return g.segment(parts[0])
	}
	var scalar, first, last *ir
	for i, part := range parts {
		x := g.segment(part)
		switch {
		case x.shape.IsScalar() && scalar == nil:
			scalar = x
		case x.shape.IsScalar():
			scalar = g.times(scalar, x)
		case i == 0:
			first = x
		default:
			last = x
		}
	}
	var x *ir
	switch {
	case first != nil && last != nil:
		x = g.outer(first, last)
	case first != nil:
		x = first
	case last != nil:
		x = last
	default:
		return scalar
	}
	if scalar != nil {
		x = g.times(scalar, x)
	}
	return x
}

func (g *generator) dropIdentities(list []elem) []elem {
	var out []elem
	for _, e := range list {
		if !e.is("eye") {
			out = append(out, e)
		}
	}
	if len(out) == 0 {
		return list[:1]
	}
	return out
}

// segment multiplies factors that conform with no inner size of one.
func (g *generator) segment(list []elem) *ir {
	k := len(list)
	row, col := list[0].shape().Rows.IsOne(), list[k-1].shape().Cols.IsOne()
	switch {
	case k == 1:
		return g.dense(list[0])
	case row && col:
		if k%2 == 0 && palindrome(list) {
			x := g.fold(list[k/2:])
			return g.inner(x, x)
		}
		return g.inner(g.oriented(g.dense(list[0]), list[0].shape()), g.fold(list[1:]))
	case col:
		return g.fold(list)
	case row:
		return g.transpose(g.fold(reversed(list)))
	}
	pivot := 0
	for i, e := range list {
		if e.weight() < list[pivot].weight() {
			pivot = i
		}
	}
	x := g.dense(list[pivot])
	for _, e := range list[pivot+1:] {
		x = g.right(x, e)
	}
	for i := pivot - 1; i >= 0; i-- {
		x = g.left(list[i], x)
	}
	return x
}

// reversed returns the factors of the transpose.
func reversed(list []elem) []elem {
	out := make([]elem, len(list))
	for i, e := range list {
		e.trans = !e.trans
		out[len(list)-1-i] = e
	}
	return out
}

// palindrome reports whether the product is zᵀz.
func palindrome(list []elem) bool {
	k := len(list)
	for i := range k / 2 {
		a, b := list[i], list[k-1-i]
		if a.n != b.n || a.v != b.v || a.inverse != b.inverse || a.trans == b.trans {
			return false
		}
	}
	return true
}

// fold multiplies matrices and a last vector from the right.
func (g *generator) fold(list []elem) *ir {
	k := len(list)
	x := g.dense(list[k-1])
	for i := k - 2; i >= 0; i-- {
		x = g.apply(list[i], x)
	}
	return x
}

// dense builds a factor.
func (g *generator) dense(e elem) *ir {
	x := e.v
	if x == nil {
		x = g.node(e.n)
		if e.inverse {
			if e.is("diagmat") {
				x = g.make(pyAtom, e.n.Shape, "np.diag($1)", g.over(g.number(rat.One), g.node(e.n.Args[0])))
			} else {
				g.bare[e.n.ID] = true
				x = g.inverseMatrix(e.n)
			}
		}
	}
	if e.trans {
		x = g.transpose(x)
	}
	return x
}

// matrix builds the matrix of a factor that is not inverted.
func (g *generator) matrix(e elem) *ir {
	e.inverse = false
	return g.dense(e)
}

// solve notes a linear system with an inverse, and reports whether it is to be
// solved rather than multiplied by the inverse.
func (g *generator) solve(e elem, rhs *ir) bool {
	s := g.solves[e.n.ID]
	if s == nil {
		s = map[*ir]bool{}
		g.solves[e.n.ID] = s
	}
	s[rhs] = true
	return !g.inverse[e.n.ID]
}

// apply multiplies a matrix by a vector.
func (g *generator) apply(e elem, v *ir) *ir {
	s := e.shape()
	shape := expr.Shape{Rows: s.Rows, Cols: g.b.One()}
	switch {
	case e.is("diagmat") && e.inverse:
		return g.over(v, g.node(e.n.Args[0]))
	case e.is("diagmat"):
		return g.times(g.node(e.n.Args[0]), v)
	case e.is("eye"):
		return v
	case e.is("ones") && e.n.Shape.IsMatrix():
		return g.sized(pyAtom, shape, "np.full(%1, $1)", []*expr.Dim{s.Rows}, g.sumOf(v))
	case e.inverse:
		if g.solve(e, v) {
			return g.make(pyAtom, shape, "np.linalg.solve($1, $2)", g.matrix(e), v)
		}
	case e.is("commutation"):
		m, n := e.n.Sizes[0], e.n.Sizes[1]
		if e.trans {
			m, n = n, m
		}
		return g.make(pyAtom, shape, "#1.ravel()", g.transpose(g.unvec(v, n, m)))
	case e.is("kron"):
		return g.applyKron(e, v)
	case e.is(expr.OpMPow):
		if k := e.n.Args[1]; k.Op.Name == expr.OpNum {
			if c, ok := k.Num.Int64(); ok && c >= 2 && c <= 8 || c <= -1 && c >= -8 {
				f := elem{n: e.n.Args[0], trans: e.trans, inverse: c < 0}
				for range max(c, -c) {
					v = g.apply(f, v)
				}
				return v
			}
		}
	}
	m := g.dense(e)
	if isOnes(v) {
		if m.pattern == "#1.T" {
			return g.make(pyAtom, shape, "np.sum($1, axis=0)", m.args[0])
		}
		return g.make(pyAtom, shape, "np.sum($1, axis=1)", m)
	}
	return g.binary("@", pyProduct, shape, m, v)
}

// kronParts returns the factors of a Kronecker product.
func kronParts(e elem) (a, b elem) {
	split := func(n *expr.Node) elem {
		f := elem{n: n, trans: e.trans}
		for f.n.Op.Name == expr.OpT {
			f.n, f.trans = f.n.Args[0], !f.trans
		}
		if f.n.Op.Name == expr.OpInv {
			f.n, f.inverse = f.n.Args[0], true
		}
		return f
	}
	return split(e.n.Args[0]), split(e.n.Args[1])
}

// applyKron multiplies (A ⊗ B) v: with V the matrix whose rows, side by side,
// are v, it is the rows of A V Bᵀ, side by side.
func (g *generator) applyKron(e elem, v *ir) *ir {
	a, b := kronParts(e)
	if a.shape().IsScalar() || b.shape().IsScalar() {
		return g.binary("@", pyProduct, expr.Shape{Rows: e.shape().Rows, Cols: g.b.One()}, g.dense(e), v)
	}
	bt := b
	bt.trans = !b.trans
	w := elem{v: g.unvec(v, a.shape().Cols, b.shape().Cols)}
	x := g.chain([]elem{a, w, bt})
	shape := expr.Shape{Rows: e.shape().Rows, Cols: g.b.One()}
	if x.shape.IsMatrix() {
		return g.make(pyAtom, shape, "#1.ravel()", x)
	}
	return g.oriented(x, shape)
}

// left multiplies a factor and a matrix.
func (g *generator) left(e elem, x *ir) *ir {
	s := e.shape()
	shape := expr.Shape{Rows: s.Rows, Cols: x.shape.Cols}
	switch {
	case e.is("diagmat"):
		d := g.make(pyAtom, expr.Shape{Rows: s.Rows, Cols: g.b.One()}, "#1[:, None]", g.node(e.n.Args[0]))
		if e.inverse {
			return g.binary("/", pyProduct, shape, x, d)
		}
		return g.binary("*", pyProduct, shape, d, x)
	case e.is("eye"):
		return x
	case e.is("ones"):
		if s.IsMatrix() {
			sums := g.make(pyAtom, expr.Shape{Rows: g.b.One(), Cols: x.shape.Cols}, "np.sum($1, axis=0)", x)
			return g.sized(pyAtom, shape, "np.tile($1, (%1, 1))", []*expr.Dim{s.Rows}, sums)
		}
	case e.inverse:
		if g.solve(e, x) {
			return g.make(pyAtom, shape, "np.linalg.solve($1, $2)", g.matrix(e), x)
		}
	case e.is("commutation"):
		m, n := e.n.Sizes[0], e.n.Sizes[1]
		if e.trans {
			m, n = n, m
		}
		return g.sized(pyAtom, shape, "#1[np.arange(%1).reshape(%2, %3).T.ravel()]", []*expr.Dim{s.Rows, n, m}, x)
	case e.is("kron"):
		a, b := kronParts(e)
		if !a.shape().IsScalar() && !b.shape().IsScalar() {
			return g.leftKron(a, b, x)
		}
	}
	return g.binary("@", pyProduct, shape, g.dense(e), x)
}

// leftKron multiplies (A ⊗ B) X as (A ⊗ I)(I ⊗ B) X. Matmul takes a row as a
// 1-D array on the left, and blocks of rows as a stack of matrices.
func (g *generator) leftKron(a, b elem, x *ir) *ir {
	r := x.shape.Cols
	m, n, p, q := a.shape().Rows, a.shape().Cols, b.shape().Rows, b.shape().Cols
	if !b.is("eye") {
		shape := expr.Shape{Rows: g.b.Mul(n, p), Cols: r}
		dims := []*expr.Dim{n, q, r, shape.Rows}
		switch {
		case q.IsOne():
			x = g.sized(pyAtom, shape, "(#2[:, None] * #1[:, None, :]).reshape(%4, %3)", dims, x, g.dense(b))
		case b.is("diagmat") && !b.inverse:
			x = g.sized(pyAtom, shape, "(#2[:, None] * #1.reshape(%1, %2, %3)).reshape(%4, %3)", dims, x, g.node(b.n.Args[0]))
		case b.inverse && !b.is("diagmat") && g.solve(b, x):
			x = g.sized(pyAtom, shape, "np.linalg.solve($2, #1.reshape(%1, %2, %3)).reshape(%4, %3)", dims, x, g.matrix(b))
		default:
			x = g.sized(pyAtom, shape, "(#2 @ #1.reshape(%1, %2, %3)).reshape(%4, %3)", dims, x, g.dense(b))
		}
	}
	if a.is("eye") {
		return x
	}
	shape := expr.Shape{Rows: g.b.Mul(m, p), Cols: r}
	dims := []*expr.Dim{n, g.b.Mul(p, r), shape.Rows, r}
	switch {
	case n.IsOne():
		return g.sized(pyAtom, shape, "(#2[:, None, None] * #1).reshape(%3, %4)", dims, x, g.dense(a))
	case m.IsOne():
		return g.sized(pyAtom, shape, "(#2 @ #1.reshape(%1, %2)).reshape(%3, %4)", dims, x, g.dense(a))
	}
	x = g.left(a, g.sized(pyAtom, expr.Shape{Rows: n, Cols: dims[1]}, "#1.reshape(%1, %2)", dims, x))
	return g.sized(pyAtom, shape, "#1.reshape(%1, %2)", dims[2:], x)
}

// right multiplies a matrix and a factor.
func (g *generator) right(x *ir, e elem) *ir {
	s := e.shape()
	shape := expr.Shape{Rows: x.shape.Rows, Cols: s.Cols}
	switch {
	case e.is("diagmat") && e.inverse:
		return g.binary("/", pyProduct, shape, x, g.node(e.n.Args[0]))
	case e.is("diagmat"):
		return g.binary("*", pyProduct, shape, x, g.node(e.n.Args[0]))
	case e.is("eye"):
		return x
	case e.is("commutation"):
		m, n := e.n.Sizes[0], e.n.Sizes[1]
		if e.trans {
			m, n = n, m
		}
		return g.sized(pyAtom, shape, "#1[:, np.arange(%1).reshape(%2, %3).T.ravel()]", []*expr.Dim{s.Rows, m, n}, x)
	case e.inverse && !g.inverse[e.n.ID] || e.is("kron") && !e.inverse || e.is("ones") && s.IsMatrix():
		e.trans = !e.trans
		return g.transpose(g.left(e, g.transpose(x)))
	}
	return g.binary("@", pyProduct, shape, x, g.dense(e))
}

// trace writes the trace of n: of a product of two as the sum of the entries of
// A ⊙ Bᵀ.
func (g *generator) trace(n *expr.Node) *ir {
	p := newPyFactors()
	g.collect(n, false, p)
	q := &pyFactors{coef: p.coef, num: p.num, den: p.den}
	if len(p.chain) > 0 {
		q.num = append(q.num, g.traceChain(g.dropIdentities(p.chain)))
	}
	return g.finish(q, g.scalarShape())
}

func (g *generator) traceChain(list []elem) *ir {
	k := len(list)
	if k == 1 {
		e := list[0]
		switch {
		case e.is("eye"):
			return g.sizeValue(e.n.Shape.Rows)
		case e.is("diagmat") && !e.inverse:
			return g.sumOf(g.node(e.n.Args[0]))
		case e.is("kron") && e.n.Args[0].Shape.Rows == e.n.Args[0].Shape.Cols:
			return g.times(g.trace(e.n.Args[0]), g.trace(e.n.Args[1]))
		}
		return g.make(pyAtom, g.scalarShape(), "np.trace($1)", g.dense(list[0]))
	}
	// Rotate so that the product starts with a row, with a diagonal matrix, or
	// ends with a matrix as it is.
	rotate := func(i int) []elem { return append(append([]elem(nil), list[i:]...), list[:i]...) }
	for i, e := range list {
		if e.shape().Rows.IsOne() {
			return g.chain(rotate(i))
		}
	}
	for i, e := range list {
		if e.is("diagmat") {
			d := g.node(e.n.Args[0])
			if e.inverse {
				d = g.over(g.number(rat.One), d)
			}
			return g.inner(d, g.diagonalOf(rotate(i)[1:]))
		}
	}
	for i := range list {
		l := rotate(i)
		if l[k-1].special() {
			continue
		}
		plain := false
		for _, e := range l[:k-1] {
			plain = plain || !e.special()
		}
		if plain {
			return g.sumOf(g.entries(l))
		}
	}
	return g.make(pyAtom, g.scalarShape(), "np.trace($1)", g.segment(list))
}

// entries returns A ⊙ Bᵀ for a product A B whose last factor is B, or its
// transpose.
func (g *generator) entries(list []elem) *ir {
	k := len(list)
	x, y := g.segment(list[:k-1]), g.dense(list[k-1])
	if x.pattern == "#1.T" && y.pattern != "#1.T" {
		return g.times(x.args[0], y)
	}
	return g.times(x, g.transpose(y))
}

// diagonal writes the diagonal of a matrix.
func (g *generator) diagonal(n *expr.Node) *ir {
	p := newPyFactors()
	g.collect(n.Args[0], false, p)
	if n.Shape.IsScalar() || len(p.chain) == 0 {
		return g.node(n.Args[0])
	}
	d := g.diagonalOf(g.dropIdentities(p.chain))
	q := &pyFactors{coef: p.coef, num: p.num, den: p.den, chain: []elem{{v: d}}}
	return g.finish(q, n.Shape)
}

func (g *generator) diagonalOf(list []elem) *ir {
	k := len(list)
	vector := expr.Shape{Rows: list[0].shape().Rows, Cols: g.b.One()}
	if k == 1 {
		switch e := list[0]; {
		case e.is("eye"):
			return g.fill("ones", vector)
		case e.is("diagmat") && !e.inverse:
			return g.node(e.n.Args[0])
		}
		return g.make(pyAtom, vector, "np.diag($1)", g.dense(list[0]))
	}
	for i := range k - 1 {
		if list[i].shape().Cols.IsOne() { // x yᵀ
			x, y := g.chain(list[:i+1]), g.chain(list[i+1:])
			return g.oriented(g.times(x, g.oriented(y, y.shape.T())), vector)
		}
	}
	switch {
	case list[0].is("diagmat") && !list[0].inverse:
		return g.times(g.node(list[0].n.Args[0]), g.diagonalOf(list[1:]))
	case list[k-1].is("diagmat") && !list[k-1].inverse:
		return g.times(g.node(list[k-1].n.Args[0]), g.diagonalOf(list[:k-1]))
	case list[k-1].special() && !list[0].special():
		list = reversed(list)
	}
	if list[k-1].special() {
		return g.make(pyAtom, vector, "np.diag($1)", g.segment(list))
	}
	x, y := g.segment(list[:k-1]), g.dense(list[k-1])
	return g.make(pyAtom, vector, "np.sum($1, axis=1)", g.times(x, g.transpose(y)))
}
