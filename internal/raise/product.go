package raise

import (
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/rat"
)

// A product is coef · Π scalars · chain: what a term is raised to, and what the
// factored form of a sum is. Products are not changed once they are shared.
type product struct {
	coef    rat.Rat
	scalars []entry      // 1 × 1 bases, each once; exponents are not zero
	chain   []*expr.Node // matrix product from left to right; none for a scalar
	shape   expr.Shape
	ord     int32         // order of first occurrence, for the order of terms
	sums    []*expr.Index // indices of families that it is yet to be summed over
}

func (p *product) zero() bool { return p.coef.IsZero() }

// mulScalar multiplies p by n^exp; n is taken apart where it is a product.
func (r *Raiser) mulScalar(p *product, n *expr.Node, exp rat.Rat) {
	r.b.Limit.Step(1 + len(p.scalars)/8)
	if exp.IsInt() {
		switch r.code(n) {
		case opNum:
			if k, ok := exp.Int64(); ok && !n.Num.IsZero() {
				p.coef = p.coef.Mul(n.Num.Pow(int(k)))
				return
			}
		case opNeg:
			if k, ok := exp.Int64(); ok {
				if k%2 != 0 {
					p.coef = p.coef.Neg()
				}
				r.mulScalar(p, n.Args[0], exp)
				return
			}
		case opDiv:
			r.mulScalar(p, n.Args[0], exp)
			r.mulScalar(p, n.Args[1], exp.Neg())
			return
		case opMul:
			scalars := true
			for _, a := range n.Args {
				scalars = scalars && a.Shape.IsScalar()
			}
			if scalars {
				for _, a := range n.Args {
					r.mulScalar(p, a, exp)
				}
				return
			}
		}
	}
	if r.code(n) == opPow && r.code(n.Args[1]) == opNum && r.powMerges(n, exp) {
		r.mulScalar(p, n.Args[0], n.Args[1].Num.Mul(exp))
		return
	}
	for i := range p.scalars {
		if p.scalars[i].n == n {
			s := append([]entry(nil), p.scalars...)
			s[i].exp = s[i].exp.Add(exp)
			if s[i].exp.IsZero() {
				s = append(s[:i], s[i+1:]...)
			}
			p.scalars = s
			return
		}
	}
	k := len(p.scalars)
	ord := r.order(n) << 1 // variables first
	if r.code(n) != opVar && r.code(n) != opSize {
		ord |= 1 << 29
	}
	p.scalars = append(p.scalars[:k:k], entry{n, exp, ord})
}

// powMerges reports whether (x^a)^exp may be written x^(a·exp): exp is an
// integer, or x is a norm and so not negative.
func (r *Raiser) powMerges(n *expr.Node, exp rat.Rat) bool {
	return exp.IsInt() || r.code(n.Args[0]) == opNorm
}

// node returns p as a node.
func (r *Raiser) node(p *product) *expr.Node {
	if p.zero() {
		return r.zeros(p.shape)
	}
	if len(p.chain) == 1 && len(p.scalars) == 0 && p.coef.IsOne() {
		return p.chain[0]
	}
	var nbuf, dbuf [12]*expr.Node
	num, den := nbuf[:0], dbuf[:0]
	top, bottom := p.coef.Num().Abs(), p.coef.Den()
	if !top.IsOne() {
		num = append(num, r.b.Num(top))
	}
	if !bottom.IsOne() {
		den = append(den, r.b.Num(bottom))
	}
	for _, e := range p.scalars {
		if e.exp.Sign() > 0 {
			num = append(num, r.power(e.n, e.exp))
		} else {
			den = append(den, r.power(e.n, e.exp.Neg()))
		}
	}
	num = r.materialise(num, p.chain)
	var n *expr.Node
	if len(num) == 0 {
		n = r.one
	} else {
		n = r.mul(num)
	}
	if len(den) > 0 {
		n = r.make(r.op.div, n, r.mul(den))
	}
	if p.coef.Sign() < 0 {
		n = r.neg(n)
	}
	return n
}

func (r *Raiser) zeros(s expr.Shape) *expr.Node {
	switch {
	case s.IsScalar():
		return r.num(0)
	case s.Cols.IsOne():
		return r.b.Make(r.op.zeros, nil, []*expr.Dim{s.Rows}, 0)
	}
	return r.b.Make(r.op.zeros, nil, []*expr.Dim{s.Rows, s.Cols}, 0)
}

// spread returns the scalar whose value every entry of p has, if p is that:
// a multiple of ones.
func (r *Raiser) spread(p *product) (*expr.Node, bool) {
	if p.zero() {
		return r.num(0), true
	}
	if len(p.chain) != 1 || !r.isOnes(p.chain[0]) {
		return nil, false
	}
	q := *p
	q.chain = nil
	q.shape = r.one.Shape
	return r.node(&q), true
}

// body returns the chain of p alone as one node.
func (r *Raiser) body(chain []*expr.Node) *expr.Node {
	var buf [12]*expr.Node
	return r.mul(r.materialise(buf[:0], chain))
}
