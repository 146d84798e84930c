package raise

import (
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/index"
	"example.com/nabla/internal/rat"
)

var one = rat.One

// atom returns a node and an exponent whose power is a^exp: the node's rows are
// the atom's first open slot and its columns the second. The exponent differs
// from exp where a power of a is better a power of something else: exp(x)^2 is
// exp(2 x), and of (‖x‖²)^(1/2) the base is ‖x‖.
func (r *Raiser) atom(a *index.Atom, exp rat.Rat, fix []*expr.Index) (*expr.Node, rat.Rat, bool) {
	if a.Kind == index.OpAtom && a.Sym == nil && a.Op.Name == "exp" && !exp.IsOne() {
		n, ok := r.expPower(a, exp, fix)
		return n, one, ok
	}
	n, ok := r.atomNode(a, fix)
	if !ok {
		return nil, exp, false
	}
	if a.Kind == index.GroupAtom && r.code(n) == opPow && r.code(n.Args[1]) == opNum && r.powMerges(n, exp) {
		return n.Args[0], n.Args[1].Num.Mul(exp), true
	}
	return n, exp, true
}

// atomOrder returns the place of a in a product: by the first variable that
// occurs in it, then variables before functions before groups; sizes come last.
func (r *Raiser) atomOrder(a *index.Atom) int32 {
	const last = 1 << 26
	switch a.Kind {
	case index.VarAtom:
		return int32(a.Sym.Ordinal) << 2
	case index.SizeAtom:
		return last + int32(a.Size.Ordinal)<<2
	case index.NumAtom, index.ConstAtom:
		return last - 4
	}
	if a.ID < len(r.orders) && r.orders[a.ID] != 0 {
		return r.orders[a.ID]
	}
	o := int32(last)
	for _, s := range a.Args {
		for i := range s.Terms {
			for k := range s.Terms[i].Factors {
				o = min(o, r.atomOrder(s.Terms[i].Factors[k].Atom)&^(compound|3))
			}
		}
	}
	if a.Kind == index.GroupAtom {
		o |= 2
	} else {
		o |= 1
	}
	o |= compound
	if a.ID >= len(r.orders) {
		r.orders = append(r.orders, make([]int32, a.ID+16-len(r.orders))...)
	}
	r.orders[a.ID] = o
	return o
}

// expPower returns exp(x)^k as exp(k x).
func (r *Raiser) expPower(a *index.Atom, k rat.Rat, fix []*expr.Index) (*expr.Node, bool) {
	p, ok := r.content(a.Args[0], fix)
	if !ok {
		return nil, false
	}
	q := *p
	q.coef = q.coef.Mul(k)
	n := r.argument(&q)
	return r.make(a.Op, n), true
}

// argument returns p as an operand of an elementwise operator, which spreads
// scalars.
func (r *Raiser) argument(p *product) *expr.Node {
	if n, ok := r.spread(p); ok {
		return n
	}
	return r.node(p)
}

// atomNode returns the node of a, remembered.
func (r *Raiser) atomNode(a *index.Atom, fix []*expr.Index) (*expr.Node, bool) {
	if fix == nil && a.ID < len(r.atoms) && r.atoms[a.ID] != nil {
		return r.atoms[a.ID], true
	}
	n, ok := r.raiseAtom(a, fix)
	if !ok {
		return nil, false
	}
	if fix == nil {
		if a.ID >= len(r.atoms) {
			r.atoms = append(r.atoms, make([]*expr.Node, a.ID+16-len(r.atoms))...)
		}
		r.atoms[a.ID] = n
		if a.Symmetric && len(a.Slots) == 2 && n.Shape.Rows == n.Shape.Cols {
			r.markSymmetric(n)
		}
	}
	return n, true
}

func (r *Raiser) raiseAtom(a *index.Atom, fix []*expr.Index) (*expr.Node, bool) {
	switch a.Kind {
	case index.VarAtom:
		return r.variable(a, fix), true
	case index.SizeAtom:
		return r.b.Size(r.b.Sizes.Size(a.Size.Name)), true
	case index.NumAtom:
		return r.b.Num(a.Num), true
	case index.ConstAtom:
		if a.Counts {
			if fix == nil {
				return nil, false
			}
			return r.b.IndexValue(fix[0]), true
		}
		return r.b.Make(a.Op, nil, a.Sizes, a.Order), true
	case index.GroupAtom:
		p, ok := r.content(a.Args[0], fix)
		if !ok {
			return nil, false
		}
		return r.node(p), true
	case index.OpAtom:
		if a.CoreIn == 0 {
			return r.elementwise(a, fix)
		}
		return r.core(a, fix)
	}
	return nil, false
}

// variable returns the node of a variable: its rows are its first open slot. A
// row vector is transposed, so that a vector is a column.
func (r *Raiser) variable(a *index.Atom, fix []*expr.Index) *expr.Node {
	s := a.Sym
	if s.Family == nil {
		n := r.b.Var(s)
		if a.Core == 0 && len(a.Slots) == 1 {
			return r.t(n)
		}
		return n
	}
	if fix != nil && fix[len(fix)-1] != nil {
		n := r.b.Member(s, fix[len(fix)-1])
		if n.Shape.IsRow() {
			return r.t(n)
		}
		return n
	}
	// The members side by side as columns; scalars as a vector.
	shape := expr.Shape{Rows: s.Family.Size, Cols: r.b.One()}
	if len(a.Slots) == 2 {
		shape = expr.Shape{Rows: a.Slots[0], Cols: s.Family.Size}
	}
	return r.b.Intern(expr.Node{Op: r.b.Reg.Op(expr.OpVar), Shape: shape, Sym: s})
}

// elementwise returns the node of an elementwise operator or unknown function.
func (r *Raiser) elementwise(a *index.Atom, fix []*expr.Index) (*expr.Node, bool) {
	var buf [2]*expr.Node
	args := buf[:0]
	full := false
	for _, s := range a.Args {
		p, ok := r.content(s, fix)
		if !ok {
			return nil, false
		}
		n := r.argument(p)
		full = full || !n.Shape.IsScalar()
		args = append(args, n)
	}
	if a.Sym != nil {
		return r.b.Apply(a.Sym, a.Order, args[0]), true
	}
	if a.Op == r.op.mpow {
		return nil, false
	}
	if a.Op == r.op.pow && full {
		return r.make(r.op.elpow, args...), true
	}
	if a.Op == r.op.elpow && !full {
		return r.make(r.op.pow, args...), true
	}
	return r.make(a.Op, args...), true
}

// core returns the node of an operator on whole axes, applied along one axis of
// a matrix where there is a batch axis.
func (r *Raiser) core(a *index.Atom, fix []*expr.Index) (*expr.Node, bool) {
	s := a.Args[0]
	open := 0 // batch slots that are not fixed
	for k := a.CoreIn; k < len(s.Slots); k++ {
		if fix == nil || fix[a.Core+k-a.CoreIn] == nil {
			open++
		}
	}
	var inner []*expr.Index
	if fix != nil {
		inner = make([]*expr.Index, len(s.Slots))
		copy(inner[a.CoreIn:], fix[a.Core:])
	}
	ax := r.naturalCore(a, inner)
	p, ok := r.sum(s, ax, inner)
	if !ok {
		return nil, false
	}
	n := r.node(p)
	var rest []*expr.Node
	for _, x := range a.Args[1:] { // exponents of matrix powers
		var at []*expr.Index
		if fix != nil && len(x.Slots) > 0 {
			at = fix[a.Core:]
		}
		q, ok := r.content(x, at)
		if !ok {
			return nil, false
		}
		if x := r.inverted(n); a.Op == r.op.mpow && x != nil {
			// (X⁻¹)^p is X^(−p).
			m := *q
			m.coef = m.coef.Neg()
			n, q = x, &m
		}
		rest = append(rest, r.exponent(q))
	}
	switch {
	case open == 0:
		if a.Op == r.op.inv {
			return r.inverse(n), true
		}
		if a.Op.TransposeInvariant && r.code(n) == opT {
			n = n.Args[0]
		}
		if t := r.t(n); a.Op == r.op.mpow && (r.code(n) == opT || r.Cost(t) < r.Cost(n)) {
			return r.t(r.make(a.Op, append([]*expr.Node{t}, rest...)...)), true
		}
		out := r.make(a.Op, append([]*expr.Node{n}, rest...)...)
		if out.Shape.IsRow() {
			out = r.t(out) // one slot is a column: pinv of a vector is a row
		}
		return out, true
	case open > 1 || a.CoreIn != 1 || a.Core > 1:
		return nil, false
	}
	// n has the core axis as rows and the batch as columns.
	along, ok := r.op.along[a.Op]
	if !ok || along[0] == nil || along[1] == nil {
		return nil, false
	}
	t := r.t(n)
	if a.Core == 0 {
		// A column over the batch.
		if r.Cost(n)+1 < r.Cost(t) {
			return r.t(r.make(along[1], n)), true
		}
		return r.make(along[0], t), true
	}
	if r.Cost(t)+1 < r.Cost(n) {
		return r.t(r.make(along[0], t)), true
	}
	return r.make(along[1], n), true
}

// exponent returns p as a node with its sign inside: −p − 1, not −(p + 1).
func (r *Raiser) exponent(p *product) *expr.Node {
	if p.coef.Equal(rat.MinusOne) && len(p.chain) == 0 && len(p.scalars) == 1 && p.scalars[0].exp.IsOne() {
		if n := p.scalars[0].n; r.code(n) == opAdd {
			args := make([]*expr.Node, len(n.Args))
			for i, a := range n.Args {
				args[i] = r.neg(a)
			}
			return r.b.Intern(expr.Node{Op: n.Op, Args: args, Shape: n.Shape})
		}
	}
	return r.node(p)
}

// inverted returns X where n is X⁻¹ or its transpose where n is that of X⁻¹; nil
// for anything else.
func (r *Raiser) inverted(n *expr.Node) *expr.Node {
	switch {
	case r.code(n) == opInv:
		return n.Args[0]
	case r.code(n) == opT && r.code(n.Args[0]) == opInv:
		return r.t(n.Args[0].Args[0])
	}
	return nil
}

// inverse returns inv(n); the transpose is taken outside, where it costs nothing.
func (r *Raiser) inverse(n *expr.Node) *expr.Node {
	if r.code(n) == opT {
		return r.t(r.make(r.op.inv, n.Args[0]))
	}
	if r.code(n) == opInv {
		return n.Args[0]
	}
	return r.make(r.op.inv, n)
}

// naturalCore returns the axes of a core operator's operand: its own row axes
// and column axes; with one core axis a batch axis makes the columns.
func (r *Raiser) naturalCore(a *index.Atom, fix []*expr.Index) Axes {
	var ax Axes
	for k := range a.Args[0].Slots {
		switch {
		case fix != nil && fix[k] != nil:
		case k < a.RowsIn:
			ax.Rows = append(ax.Rows, k)
		default:
			ax.Cols = append(ax.Cols, k)
		}
	}
	return ax
}

// content returns a sum with its first open slot as rows and its second as
// columns, remembered.
func (r *Raiser) content(s *index.Sum, fix []*expr.Index) (*product, bool) {
	if fix != nil {
		return r.fixedContent(s, fix)
	}
	if s.ID < len(r.sums) && r.sums[s.ID] != nil {
		return r.sums[s.ID], true
	}
	r.b.Limit.Step(8)
	var ax Axes
	switch len(s.Slots) {
	case 0:
	case 1:
		ax = column
	case 2:
		ax = matrix
	default:
		return nil, false
	}
	p, ok := r.sum(s, ax, nil)
	if !ok {
		return nil, false
	}
	if s.ID >= len(r.sums) {
		r.sums = append(r.sums, make([]*product, s.ID+32-len(r.sums))...)
	}
	r.sums[s.ID] = p
	return p, true
}

var (
	column = Axes{Rows: []int{0}}
	matrix = Axes{Rows: []int{0}, Cols: []int{1}}
)
