package plan

import (
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/rat"
)

// A factor is a vector or matrix in a product, perhaps transposed; a vector that is
// transposed is a row.
type factor struct {
	v *Value
	t bool
	// whole says that it is not taken apart.
	whole bool
	// height and width are the sizes where v is nil: then the factor stands for a matrix
	// or vector that is there, in questions what a product takes.
	height, width *expr.Dim
}

func (f factor) transposed() factor {
	if f.v == nil || f.v.Rank != 2 || !f.v.Symmetric() {
		f.t = !f.t
	}
	return f
}

// rows and cols are the sizes of the factor as it stands in the product.
func (f factor) rows() *expr.Dim { return f.side(f.t) }

func (f factor) cols() *expr.Dim { return f.side(!f.t) }

func (f factor) side(cols bool) *expr.Dim {
	switch {
	case f.v == nil && cols:
		return f.width
	case f.v == nil:
		return f.height
	case cols:
		return f.v.Cols
	}
	return f.v.Rows
}

// is reports whether the factor is a matrix of that kind.
func (f factor) is(k Kind) bool { return f.v != nil && f.v.Rank == 2 && f.v.Kind == k && !f.whole }

// operand stands for a value of that shape.
func operand(rows, cols *expr.Dim) factor { return factor{height: rows, width: cols} }

// column returns a vector, or a matrix with its own flag.
func column(v *Value) factor { return factor{v: v} }

func row(v *Value) factor { return factor{v: v, t: true} }

// isOnes reports whether the factor is a vector of ones.
func (f factor) isOnes() bool {
	return f.v != nil && f.v.Rank == 1 && f.v.Kind == Fill && f.v.Args[0].IsNumber(1, 1)
}

// factors are a product: a coefficient, scalars, divisors and a chain of vectors and
// matrices.
type factors struct {
	coef     rat.Rat
	num, den []*Value
	chain    []factor
}

func newFactors() *factors { return &factors{coef: rat.One} }

// collect takes n, or its transpose, apart into p.
func (l *Lowerer) collect(n *expr.Node, trans bool, p *factors) {
	switch n.Op.Name {
	case expr.OpNum:
		p.coef = p.coef.Mul(n.Num)
		return
	case expr.OpNeg:
		p.coef = p.coef.Neg()
		l.collect(n.Args[0], trans, p)
		return
	case expr.OpDiv:
		l.collect(n.Args[0], trans, p)
		l.divide(n.Args[1], p)
		return
	case expr.OpPow:
		if k := n.Args[1]; k.Op.Name == expr.OpNum && k.Num.Sign() < 0 {
			if k.Num.Equal(rat.MinusOne) {
				l.divide(n.Args[0], p)
			} else {
				p.den = append(p.den, l.pow(l.Node(n.Args[0]), l.Num(k.Num.Neg())))
			}
			return
		}
	case expr.OpT:
		l.collect(n.Args[0], !trans, p)
		return
	case expr.OpMul:
		l.collectProduct(n, trans, p)
		return
	}
	l.factor(n, trans, p)
}

// countNodes counts the factors of a product, or returns more than the limit.
func (l *Lowerer) countNodes(n *expr.Node, limit int) int {
	switch n.Op.Name {
	case expr.OpMul:
		total := 0
		for _, a := range n.Args {
			if total += l.countNodes(a, limit-total); total > limit {
				break
			}
		}
		return total
	case expr.OpT, expr.OpNeg, expr.OpDiv:
		return l.countNodes(n.Args[0], limit)
	}
	return 1
}

// factor puts the value of n, or its transpose, into p.
func (l *Lowerer) factor(n *expr.Node, trans bool, p *factors) {
	v := l.Node(n)
	if v.Rank == 0 {
		p.num = append(p.num, v)
		return
	}
	f := factor{v: v, t: trans}
	if v.Rank == 1 {
		f.t = n.Shape.IsRow() != trans
	} else if trans {
		f = factor{v: v}.transposed()
	}
	p.chain = append(p.chain, f)
}

// divide divides p by a scalar.
func (l *Lowerer) divide(n *expr.Node, p *factors) {
	q := newFactors()
	l.collect(n, false, q)
	if len(q.chain) > 0 {
		q.num = append(q.num, l.product(q.chain))
	}
	if q.coef.IsZero() {
		p.den = append(p.den, l.Int(0))
		return
	}
	p.coef = p.coef.Div(q.coef)
	p.den = append(p.den, q.num...)
	p.num = append(p.num, q.den...)
}

// collectProduct collects the operands of a product from the left; what makes a
// scalar on the way is one.
func (l *Lowerer) collectProduct(n *expr.Node, trans bool, p *factors) {
	q := newFactors()
	long := l.countNodes(n, longestChain) > longestChain
	for _, a := range n.Args {
		if long && !a.Shape.IsScalar() {
			l.factor(a, false, q)
		} else {
			l.collect(a, false, q)
		}
		if k := len(q.chain); k > 0 && q.chain[0].rows().IsOne() && q.chain[k-1].cols().IsOne() {
			q.num = append(q.num, l.product(q.chain))
			q.chain = nil
		}
	}
	p.coef = p.coef.Mul(q.coef)
	p.num, p.den = append(p.num, q.num...), append(p.den, q.den...)
	if trans {
		q.chain = reversed(q.chain)
	}
	p.chain = append(p.chain, q.chain...)
}

// reversed returns the factors of the transpose.
func reversed(list []factor) []factor {
	out := make([]factor, len(list))
	for i, f := range list {
		out[len(list)-1-i] = f.transposed()
	}
	return out
}

// finish multiplies everything.
func (l *Lowerer) finish(p *factors, shape expr.Shape) *Value {
	if p.coef.IsZero() {
		return l.fill(l.Int(0), shape)
	}
	l.dividedFactors(p)
	var x *Value
	if len(p.chain) > 0 {
		x = l.product(p.chain)
	}
	return l.scaled(p, l.quotients(p, x))
}

// scaled multiplies x, nil for one, by the coefficient and scalars of p.
func (l *Lowerer) scaled(p *factors, x *Value) *Value {
	negative := p.coef.Sign() < 0
	c := p.coef.Abs()
	if negative && !c.IsOne() {
		c, negative = p.coef, false
	}
	s := l.Num(c)
	for _, v := range p.num {
		s = l.mul(s, v)
	}
	den := l.Int(1)
	for _, v := range p.den {
		den = l.mul(den, v)
	}
	switch {
	case x == nil:
		x = l.div(s, den)
	case s.IsNumber(1, 1):
		x = l.over(x, den)
	default:
		x = l.scale(l.div(s, den), x)
	}
	if negative {
		x = l.neg(x)
	}
	return x
}

// over divides x by a scalar.
func (l *Lowerer) over(x, s *Value) *Value {
	if s.IsNumber(1, 1) {
		return x
	}
	switch x.Kind {
	case Transpose:
		return l.Transpose(l.over(x.Args[0], s))
	}
	if l.scalesWithin(x) {
		return l.scale(l.div(l.Int(1), s), x)
	}
	return l.div(x, s)
}

// scale multiplies x by a scalar, where it is least work.
func (l *Lowerer) scale(s, x *Value) *Value {
	if s.IsNumber(1, 1) {
		return x
	}
	if s.IsNumber(-1, 1) {
		return l.neg(x)
	}
	if !l.scalesWithin(x) {
		return l.timesDiagonal(x, s)
	}
	smaller := func(a, b *Value) bool { // whether b is what is scaled
		ones := func(v *Value) bool { return v.Kind == Eye || v.isOne() }
		if ones(a) != ones(b) {
			return ones(a)
		}
		return l.entries(b) < l.entries(a)
	}
	a := x.Args
	switch x.Kind {
	case Fill:
		return l.refill(x, l.mul(s, a[0]))
	case Eye:
		return l.DiagMatrix(l.FillVector(s, x.Rows))
	case DiagMatrix:
		return l.DiagMatrix(l.scale(s, a[0]))
	case Transpose:
		return l.Transpose(l.scale(s, a[0]))
	case Commute:
		return l.Commute(x.Dims[0], x.Dims[1], l.scale(s, a[0]))
	case Outer:
		if smaller(a[0], a[1]) {
			return l.Outer(a[0], l.scale(s, a[1]))
		}
		return l.Outer(l.scale(s, a[0]), a[1])
	case Kron:
		if smaller(a[0], a[1]) {
			return l.Kron(a[0], l.scale(s, a[1]))
		}
		return l.Kron(l.scale(s, a[0]), a[1])
	case KhatriRao:
		if smaller(a[0], a[1]) {
			return l.KhatriRao(a[0], l.scale(s, a[1]))
		}
		return l.KhatriRao(l.scale(s, a[0]), a[1])
	}
	return l.binary(x.Fn, l.scale(s, a[0]), l.scale(s, a[1]))
}

func (l *Lowerer) entries(v *Value) float64 { return l.dim(v.Rows) * l.dim(v.Cols) }

// scalesWithin reports whether a scalar is best multiplied to a part of x.
func (l *Lowerer) scalesWithin(x *Value) bool {
	if l.used[x] && x.Kind != Outer && x.Kind != Fill && x.Kind != Eye {
		return false
	}
	switch x.Kind {
	case Fill, Eye, DiagMatrix, Outer, Kron, KhatriRao:
		return true
	case Transpose, Commute:
		return x.Kind == Transpose || l.scalesWithin(x.Args[0])
	case Binary:
		return x.Rank == 2 && (x.Fn == "add" || x.Fn == "sub") && l.scalesWithin(x.Args[0]) && l.scalesWithin(x.Args[1])
	}
	return false
}

// dim is the size that the order of products is chosen by.
func (l *Lowerer) dim(d *expr.Dim) float64 { return dimValue(d, l.size) }
