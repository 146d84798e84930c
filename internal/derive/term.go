package derive

import (
	"slices"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/rat"
)

var one = rat.One

// A term is a scalar that is linear in one differential, on its way to the form
// tr(M dX) or gᵀdx:
//
//	coef · Π scal / Π den · [Σ_i …] tr(L₁ … N R₁ …)
//
// where N contains the differential and nothing else does.
type term struct {
	outer  []frame // sums around it, the outermost first, each with what stands before it
	frame          // what stands before the trace, in the innermost sum
	traced bool
	l, r   []*expr.Node
	n      *expr.Node
}

// A frame is a coefficient, and the sum that it stands before.
type frame struct {
	coef      rat.Rat
	scal, den []*expr.Node
	index     *expr.Index
}

// within puts a frame around n, and then the sums outside it with theirs.
func (m maker) within(f *frame, outer []frame, n *expr.Node) *expr.Node {
	n = f.wrap(m, n)
	for _, f := range slices.Backward(outer) {
		n = f.wrap(m, m.sumOver(f.index, n))
	}
	return n
}

func (f *frame) wrap(m maker, n *expr.Node) *expr.Node {
	scal := slices.Clone(f.scal)
	var den []*expr.Node
	for _, d := range f.den {
		if i := slices.Index(scal, d); i >= 0 {
			scal = slices.Delete(scal, i, i+1)
		} else {
			den = append(den, d)
		}
	}
	n = m.mul(append(scal, n)...)
	for _, d := range den {
		n = m.div(n, d)
	}
	return m.times(f.coef, n)
}

func (t *term) clone() *term {
	c := *t
	c.outer, c.scal, c.den = slices.Clone(t.outer), slices.Clone(t.scal), slices.Clone(t.den)
	c.l, c.r = slices.Clone(t.l), slices.Clone(t.r)
	return &c
}

// left is the product of the left factors, or the identity that fits n.
func (p *deriver) left(t *term) *expr.Node {
	if len(t.l) == 0 {
		return p.m.eye(t.n.Shape.Rows)
	}
	return p.m.mul(t.l...)
}

// inside is L N R.
func (p *deriver) inside(t *term) *expr.Node {
	return p.m.mul(slices.Concat(t.l, []*expr.Node{t.n}, t.r)...)
}

// write makes the term a node.
func (p *deriver) write(t *term) *expr.Node {
	n := p.inside(t)
	switch {
	case p.colon && (t.traced || len(t.l) > 0 || len(t.r) > 0) && !t.n.Shape.IsScalar():
		n = p.inner(p.weight(t), t.n)
	case t.traced:
		if c, r := p.m.split(n); r != nil {
			n = p.m.times(c, p.b.Node("tr", r))
		}
	}
	return p.wrap(t, n)
}

// wrap puts what stands before the trace around n.
func (p *deriver) wrap(t *term, n *expr.Node) *expr.Node {
	return p.m.within(&t.frame, t.outer, n)
}

// weight is what stands before the colon: (R L)ᵀ.
func (p *deriver) weight(t *term) *expr.Node {
	if len(t.l)+len(t.r) == 0 {
		return p.m.eye(t.n.Shape.Rows)
	}
	return p.m.t(p.m.mul(slices.Concat(t.r, t.l)...))
}

func (p *deriver) inner(a, b *expr.Node) *expr.Node {
	if a.Shape != b.Shape {
		panic(giveUp("an inner product of " + p.text(a) + " and " + p.text(b)))
	}
	c, ra := p.m.split(a)
	k, rb := p.m.split(b)
	if ra == nil || rb == nil {
		return p.m.mul(a, b)
	}
	return p.m.times(c.Mul(k), p.b.Node("dot", ra, rb))
}
