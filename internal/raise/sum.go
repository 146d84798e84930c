package raise

import (
	"slices"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/index"
	"example.com/nabla/internal/rat"
)

// sum raises s with the given axes as one factored product.
func (r *Raiser) sum(s *index.Sum, ax Axes, fixed []*expr.Index) (*product, bool) {
	if len(s.Terms) == 1 {
		p, ok := r.term(&s.Terms[0], ax, fixed)
		if ok && len(p.sums) > 0 {
			if list := r.overSums([]*product{p}, p.shape); len(list) > 0 {
				return list[0], true
			}
			return &product{coef: rat.Zero, shape: p.shape}, true
		}
		return p, ok
	}
	shape := expr.Shape{Rows: r.axis(s, ax.Rows), Cols: r.axis(s, ax.Cols)}
	var buf [8]*product
	list := buf[:0]
	for i := range s.Terms {
		p, ok := r.term(&s.Terms[i], ax, fixed)
		if !ok {
			return nil, false
		}
		if !p.zero() {
			list = append(list, p)
		}
	}
	if slices.ContainsFunc(list, func(p *product) bool { return len(p.sums) > 0 }) {
		list = r.overSums(list, shape)
	}
	r.tries = maxTries
	return r.combine(list, shape), true
}

func (r *Raiser) axis(s *index.Sum, slots []int) *expr.Dim {
	switch len(slots) {
	case 0:
		return r.b.One()
	case 1:
		return s.Slots[slots[0]]
	}
	d := r.b.One()
	for _, k := range slots {
		d = r.b.Mul(d, s.Slots[k])
	}
	return d
}

// maxFactored is how many terms are searched for factors that others have too.
const maxFactored = 40

// maxTries is how many times, in all, a factor is taken out of a sum and of what
// remains of it. A factor that saves nothing costs a try too.
const maxTries = 80

// combine returns the sum of products of one shape as one product. Common
// factors are taken out greedily, the largest saving of tokens first; list is
// used up.
func (r *Raiser) combine(list []*product, shape expr.Shape) *product {
	switch {
	case len(list) == 0:
		return &product{coef: rat.Zero, shape: shape}
	case len(list) > 1:
		list = r.likeTerms(r.flatten(list, shape))
	}
	switch {
	case len(list) == 0:
		return &product{coef: rat.Zero, shape: shape}
	case len(list) == 1:
		return list[0]
	case r.allOnes(list):
		return r.multipleOfOnes(list, shape)
	case shape.IsRow():
		return r.flipped(list, shape)
	case shape.IsMatrix():
		gain := 0
		for _, p := range list {
			gain += r.flipGain(p.chain)
		}
		if gain > 1 {
			return r.flipped(list, shape)
		}
	}
	list = r.factor(list, shape)
	if len(list) == 1 {
		return list[0]
	}
	return r.add(list, shape)
}

// allOnes reports whether every product is a multiple of ones.
func (r *Raiser) allOnes(list []*product) bool {
	return !slices.ContainsFunc(list, func(p *product) bool { return len(p.chain) != 1 || !r.isOnes(p.chain[0]) })
}

// multipleOfOnes combines multiples of ones as the scalars that they are.
func (r *Raiser) multipleOfOnes(list []*product, shape expr.Shape) *product {
	chain := list[0].chain
	scalars := make([]*product, len(list))
	for i, p := range list {
		q := *p
		q.chain, q.shape = nil, r.one.Shape
		scalars[i] = &q
	}
	w := *r.combine(scalars, r.one.Shape)
	w.chain, w.shape = chain, shape
	return &w
}

// flatten puts the terms of a sum that is itself a term, with no factor, in its
// place.
func (r *Raiser) flatten(list []*product, shape expr.Shape) []*product {
	for i, p := range list {
		var n *expr.Node
		switch {
		case !p.coef.Abs().IsOne():
			continue
		case len(p.chain) == 1 && len(p.scalars) == 0:
			n = p.chain[0]
		case len(p.chain) == 0 && len(p.scalars) == 1 && p.scalars[0].exp.IsOne():
			n = p.scalars[0].n
		default:
			continue
		}
		if r.code(n) != opAdd {
			continue
		}
		out := append([]*product(nil), list[:i]...)
		for _, a := range n.Args {
			q := &product{coef: p.coef, shape: shape, ord: p.ord}
			chain := r.split(q, a)
			if shape.IsScalar() {
				if len(chain) > 0 {
					r.mulScalar(q, r.mul(chain), rat.One)
				}
			} else {
				if a.Shape.IsScalar() {
					if len(chain) > 0 {
						r.mulScalar(q, r.mul(chain), rat.One)
					}
					chain = r.chain1(r.ones(shape.Rows, shape.Cols))
				}
				q.chain = chain
			}
			out = append(out, q)
		}
		return r.flatten(append(out, list[i+1:]...), shape)
	}
	return list
}

// likeTerms adds up products that differ in their coefficient alone.
func (r *Raiser) likeTerms(list []*product) []*product {
	out := list[:0]
next:
	for _, p := range list {
		for k, q := range out {
			if len(q.chain) != len(p.chain) || len(q.scalars) != len(p.scalars) || !same(q.chain, p.chain) {
				continue
			}
			if !sameScalars(p.scalars, q.scalars) {
				continue
			}
			m := *q
			m.coef = m.coef.Add(p.coef)
			out[k] = &m
			continue next
		}
		out = append(out, p)
	}
	keep := out[:0]
	for _, p := range out {
		if !p.zero() {
			keep = append(keep, p)
		}
	}
	return keep
}

func sameScalars(a, b []entry) bool {
	for i := range a {
		if a[i].n != b[i].n || !a[i].exp.Equal(b[i].exp) {
			return false
		}
	}
	return true
}

// flipped combines the transposes and transposes the result.
func (r *Raiser) flipped(list []*product, shape expr.Shape) *product {
	back := make([]*product, len(list))
	for i, p := range list {
		back[i] = r.transposed(p)
	}
	list = r.factor(back, shape.T())
	if len(list) == 1 {
		return r.transposed(list[0])
	}
	return r.transposed(r.add(list, shape.T()))
}

func (r *Raiser) transposed(p *product) *product {
	q := *p
	q.chain, q.shape = r.flip(p.chain), p.shape.T()
	return &q
}

// add returns the sum of products without further factoring, a positive term
// first.
func (r *Raiser) add(list []*product, shape expr.Shape) *product {
	for i := 1; i < len(list); i++ {
		for k := i; k > 0 && r.before(list[k], list[k-1]); k-- {
			list[k], list[k-1] = list[k-1], list[k]
		}
	}
	if r.integers(list) {
		list = append(list[1:], list[0]) // p + 1
	}
	negative := true
	for i, p := range list {
		if p.coef.Sign() > 0 {
			copy(list[1:i+1], list[:i])
			list[0] = p
			negative = false
			break
		}
	}
	full := false // some term has the shape of the whole by itself
	for _, p := range list {
		full = full || !(len(p.chain) == 1 && r.isOnes(p.chain[0]))
	}
	args := make([]*expr.Node, len(list))
	ord := list[0].ord
	for i, p := range list {
		q := *p
		if negative {
			q.coef = q.coef.Neg()
		}
		ord = min(ord, p.ord)
		if n, ok := r.spread(&q); ok && full {
			args[i] = n
		} else {
			args[i] = r.node(&q)
		}
	}
	sum := &product{coef: rat.One, shape: shape, ord: ord}
	if negative {
		sum.coef = rat.MinusOne
	}
	n := r.b.Intern(expr.Node{Op: r.op.add, Args: args, Shape: shape})
	if shape.IsScalar() {
		sum.scalars = []entry{{n, rat.One, ord}}
	} else {
		sum.chain = r.chain1(n)
	}
	return sum
}

// integers reports whether a sum is a number and then integer symbols, indices or
// sizes.
func (r *Raiser) integers(list []*product) bool {
	for i, p := range list {
		if len(p.chain) > 0 || (len(p.scalars) == 0) != (i == 0) {
			return false
		}
		for _, e := range p.scalars {
			switch c := r.code(e.n); {
			case c == opSize || c == opIndex || c == opVar && e.n.Sym.Facts.Has(expr.Integer):
			default:
				return false
			}
		}
	}
	return true
}

// before orders terms: constants, then by first occurrence.
func (r *Raiser) before(a, b *product) bool {
	if a.ord != b.ord {
		return a.ord < b.ord
	}
	if len(a.chain) != len(b.chain) {
		return false
	}
	for i := range a.chain {
		if c := r.compare(a.chain[i], b.chain[i]); c != 0 {
			return c < 0
		}
	}
	for i := range min(len(a.scalars), len(b.scalars)) {
		if c := r.compare(a.scalars[i].n, b.scalars[i].n); c != 0 {
			return c < 0
		}
	}
	return false
}

// cost returns the tokens of p as a term, its sign left aside.
func (r *Raiser) cost(p *product) int {
	q := *p
	q.coef = q.coef.Abs()
	if n, ok := r.spread(&q); ok {
		return r.Cost(n)
	}
	return r.Cost(r.node(&q))
}
