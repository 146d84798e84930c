package plan

import (
	"slices"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/rat"
)

// spread returns the vector of which an Outer has equal columns (Col) or equal rows
// (Row), or nil.
func (v *Value) spread() (x *Value, as Kind) {
	if v.Kind != Outer {
		return nil, 0
	}
	switch {
	case row(v.Args[1]).isOnes():
		return v.Args[0], Col
	case row(v.Args[0]).isOnes():
		return v.Args[1], Row
	}
	return nil, 0
}

// respread returns the matrix with equal columns or rows x of the shape of v.
func (l *Lowerer) respread(x, v *Value, as Kind) *Value {
	if as == Col {
		return l.Outer(x, l.FillVector(l.Int(1), v.Cols))
	}
	return l.Outer(l.FillVector(l.Int(1), v.Rows), x)
}

// unary returns fn of each entry; the stable forms are in lower_stable.go.
func (l *Lowerer) unary(fn string, x *Value) *Value {
	if v := l.stableUnary(fn, x); v != nil {
		return v
	}
	if u, as := x.spread(); u != nil {
		return l.respread(l.unary(fn, u), x, as)
	}
	if x.Kind == Transpose {
		return l.Transpose(l.unary(fn, x.Args[0]))
	}
	return l.Unary(fn, x)
}

func (l *Lowerer) neg(x *Value) *Value {
	if u, as := x.spread(); u != nil {
		return l.respread(l.neg(u), x, as)
	}
	if x.Kind == Outer {
		return l.Outer(l.neg(x.Args[0]), x.Args[1])
	}
	switch x.Kind {
	case DiagMatrix:
		return l.DiagMatrix(l.neg(x.Args[0]))
	case Transpose:
		return l.Transpose(l.neg(x.Args[0]))
	}
	return l.Neg(x)
}

// binary is Binary, with equal columns or rows spread and not built.
func (l *Lowerer) binary(fn string, x, y *Value) *Value {
	u, us := x.spread()
	v, vs := y.spread()
	switch {
	case u != nil && (y.Rank == 0 || y.Kind == Fill):
		return l.respread(l.binary(fn, u, entryOf(y)), x, us)
	case v != nil && (x.Rank == 0 || x.Kind == Fill):
		return l.respread(l.binary(fn, entryOf(x), v), y, vs)
	case u != nil && v != nil && us == vs:
		return l.respread(l.binary(fn, u, v), x, us)
	case x.Kind == Outer && y.Kind == Outer && (fn == "mul" || fn == "div"):
		return l.Outer(l.binary(fn, x.Args[0], y.Args[0]), l.binary(fn, x.Args[1], y.Args[1]))
	case u != nil && v != nil: // one of the two is built
		return l.Binary(fn, x, l.view(v, y, vs))
	case v != nil && x.whole():
		return l.Binary(fn, x, l.view(v, y, vs))
	case u != nil && y.whole():
		return l.Binary(fn, l.view(u, x, us), y)
	case x.Kind == Transpose && y.Kind == Transpose:
		return l.Transpose(l.binary(fn, x.Args[0], y.Args[0]))
	case x.Kind == Transpose && y.Rank == 0:
		return l.Transpose(l.binary(fn, x.Args[0], y))
	case x.Rank == 0 && y.Kind == Transpose:
		return l.Transpose(l.binary(fn, x, y.Args[0]))
	}
	return l.Binary(fn, x, y)
}

// view returns the Col or Row of the shape of v.
func (l *Lowerer) view(x, v *Value, as Kind) *Value {
	if as == Col {
		return l.Col(x, v.Cols)
	}
	return l.Row(x, v.Rows)
}

// entryOf returns the entry of a Fill, and a scalar as it is.
func entryOf(v *Value) *Value {
	if v.Rank > 0 {
		return v.Args[0]
	}
	return v
}

func (l *Lowerer) add(x, y *Value) *Value {
	switch {
	case y.is("neg") && y.Rank >= x.Rank:
		return l.sub(x, y.Args[0])
	case x.is("neg") && x.Rank >= y.Rank:
		return l.sub(y, x.Args[0])
	}
	return l.binary("add", x, y)
}

func (l *Lowerer) sub(x, y *Value) *Value {
	if v := l.stableSub(x, y); v != nil {
		return v
	}
	if y.is("neg") && y.Rank >= x.Rank {
		return l.add(x, y.Args[0])
	}
	return l.binary("sub", x, y)
}

func (l *Lowerer) mul(x, y *Value) *Value {
	if v := l.stableMul(x, y); v != nil {
		return v
	}
	return l.binary("mul", x, y)
}

func (l *Lowerer) div(x, y *Value) *Value {
	if v := l.stableDiv(x, y); v != nil {
		return v
	}
	return l.binary("div", x, y)
}

// entrywise returns a Hadamard product or an entrywise quotient.
func (l *Lowerer) entrywise(n *expr.Node) *Value {
	e := &entries{factors: *newFactors()}
	l.collectEntries(n, false, e)
	if e.coef.IsZero() {
		return l.fill(l.Int(0), n.Shape)
	}
	x := l.entryProduct(e, n.Shape)
	p := &e.factors
	if x != nil {
		x = l.quotients(p, x)
	}
	return l.scaled(p, x)
}

// entries are a product of entries: scalars as in factors, and values.
type entries struct {
	factors
	top, bottom []*Value
}

func (l *Lowerer) collectEntries(n *expr.Node, inverse bool, e *entries) {
	switch n.Op.Name {
	case expr.OpHadamard:
		for _, a := range n.Args {
			l.collectEntries(a, inverse, e)
		}
		return
	case expr.OpElDiv:
		l.collectEntries(n.Args[0], inverse, e)
		l.collectEntries(n.Args[1], !inverse, e)
		return
	case expr.OpMul, expr.OpDiv, expr.OpNeg, expr.OpNum, expr.OpT:
		p := newFactors()
		l.collect(n, false, p)
		if p.coef.IsZero() {
			break
		}
		if inverse {
			p.coef = rat.One.Div(p.coef)
			p.num, p.den = p.den, p.num
		}
		e.coef = e.coef.Mul(p.coef)
		e.num, e.den = append(e.num, p.num...), append(e.den, p.den...)
		if len(p.chain) > 0 {
			e.put(l.product(p.chain), inverse)
		}
		return
	}
	e.put(l.Node(n), inverse)
}

func (e *entries) put(v *Value, inverse bool) {
	switch {
	case v.Rank == 0 && inverse:
		e.den = append(e.den, v)
	case v.Rank == 0:
		e.num = append(e.num, v)
	case inverse:
		e.bottom = append(e.bottom, v)
	default:
		e.top = append(e.top, v)
	}
}

// entryProduct multiplies the values that are no scalars; nil if there are none. What
// is x yᵀ scales rows and columns; with a diagonal matrix only the diagonals are
// multiplied.
func (l *Lowerer) entryProduct(e *entries, shape expr.Shape) *Value {
	if !shape.IsMatrix() {
		return l.quotient(l.all(e.top), l.all(e.bottom))
	}
	for i, v := range e.top {
		if v.Kind == DiagMatrix || v.Kind == Eye {
			d := l.diagonalOf(v)
			for j, w := range e.top {
				if j != i {
					d = l.mul(d, l.diagonal(w))
				}
			}
			for _, w := range e.bottom {
				d = l.div(d, l.diagonal(w))
			}
			return l.DiagMatrix(d)
		}
	}
	var top, bottom, left, right, spread, spreadUnder []*Value
	for _, v := range e.top {
		switch u, _ := v.spread(); {
		case u != nil:
			spread = append(spread, v)
		case v.Kind == Outer:
			left, right = append(left, v.Args[0]), append(right, v.Args[1])
		default:
			top = append(top, v)
		}
	}
	for _, v := range e.bottom {
		if u, _ := v.spread(); u != nil {
			spreadUnder = append(spreadUnder, v)
		} else {
			bottom = append(bottom, v)
		}
	}
	x := l.quotient(l.all(top), l.all(bottom))
	if u := l.all(left); u != nil && x != nil {
		x = l.scaleCols(l.scaleRows(u, x), l.all(right))
	} else if u != nil {
		x = l.Outer(u, l.all(right))
	}
	if s := l.all(spread); s != nil && x != nil {
		x = l.mul(x, s)
	} else if s != nil {
		x = s
	}
	for _, s := range spreadUnder {
		x = l.quotient(x, s)
	}
	return x
}

// all multiplies values entry by entry.
func (l *Lowerer) all(list []*Value) *Value {
	if len(list) == 0 {
		return nil
	}
	x := list[0]
	for _, y := range list[1:] {
		x = l.mul(x, y)
	}
	return x
}

// quotient returns x / y; nil stands for ones.
func (l *Lowerer) quotient(x, y *Value) *Value {
	switch {
	case y == nil:
		return x
	case x == nil:
		return l.div(l.Int(1), y)
	}
	return l.div(x, y)
}

// scaleRows returns diag(d) M.
func (l *Lowerer) scaleRows(d, x *Value) *Value {
	if d.Kind == Fill {
		return l.scale(d.Args[0], x)
	}
	switch x.Kind {
	case DiagMatrix, Eye:
		return l.DiagMatrix(l.timesDiagonal(l.diagonalOf(x), d))
	case Outer:
		return l.Outer(l.timesDiagonal(x.Args[0], d), x.Args[1])
	case Transpose:
		return l.Transpose(l.scaleCols(x.Args[0], d))
	}
	if y := reciprocal(d); y != nil {
		return l.Binary("div", x, l.Col(y, x.Cols))
	}
	return l.Binary("mul", l.Col(d, x.Cols), x)
}

// scaleCols returns M diag(d).
func (l *Lowerer) scaleCols(x, d *Value) *Value {
	if d.Kind == Fill {
		return l.scale(d.Args[0], x)
	}
	switch x.Kind {
	case DiagMatrix, Eye:
		return l.DiagMatrix(l.timesDiagonal(l.diagonalOf(x), d))
	case Outer:
		return l.Outer(x.Args[0], l.timesDiagonal(x.Args[1], d))
	case Transpose:
		return l.Transpose(l.scaleRows(d, x.Args[0]))
	}
	if y := reciprocal(d); y != nil {
		return l.Binary("div", x, l.Row(y, x.Rows))
	}
	return l.Binary("mul", x, l.Row(d, x.Rows))
}

// reciprocal returns y where v is 1/y, else nil.
func reciprocal(v *Value) *Value {
	if v.Kind == Binary && v.Fn == "div" && v.Args[0].IsNumber(1, 1) && v.Args[1].Rank == v.Rank {
		return v.Args[1]
	}
	return nil
}

// function returns an operator that acts entry by entry.
func (l *Lowerer) function(n *expr.Node) *Value {
	name := n.Op.Name
	switch {
	case slices.Contains(Functions, name):
		return l.unary(name, l.Node(n.Args[0]))
	case slices.Contains(BinaryFunctions, name):
		x := l.Node(n.Args[0])
		for _, a := range n.Args[1:] {
			x = l.binary(name, x, l.Node(a))
		}
		return x
	}
	panic("plan: operator " + name + " is not lowered")
}
