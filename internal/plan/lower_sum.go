package plan

import (
	"slices"

	"example.com/nabla/internal/expr"
)

// A term is a summand without its sign.
type term struct {
	negative bool
	v        *Value
}

// sum returns a sum.
func (l *Lowerer) sum(n *expr.Node) *Value {
	var terms []term
	var collect func(n *expr.Node, negative bool)
	collect = func(n *expr.Node, negative bool) {
		switch {
		case n.Op.Name == expr.OpAdd:
			for _, a := range n.Args {
				collect(a, negative)
			}
			return
		case n.Op.Name == expr.OpNeg:
			collect(n.Args[0], !negative)
			return
		}
		terms = append(terms, l.signedTerm(l.Node(n), negative))
	}
	collect(n, false)
	return l.total(terms, n.Shape)
}

// signedTerm takes the sign out of a value.
func (l *Lowerer) signedTerm(v *Value, negative bool) term {
	switch {
	case v.Kind == Unary && v.Fn == "neg":
		return term{!negative, v.Args[0]}
	case v.Kind == Number && v.Num.Sign() < 0:
		return term{!negative, l.Neg(v)}
	case v.is("mul") && v.Args[0].Kind == Number && v.Args[0].Num.Sign() < 0:
		return term{!negative, l.mul(l.Neg(v.Args[0]), v.Args[1])}
	}
	return term{negative, v}
}

// total adds terms of a shape, and scalars, which are added to each entry. Of terms
// with equal columns or equal rows only one column or row is added up; scalars are
// added to what is smallest.
func (l *Lowerer) total(terms []term, shape expr.Shape) *Value {
	var full []term
	var scalars, cols, rows, diagonals []term
	for _, t := range terms {
		v := t.v
		switch {
		case v.Rank == 0:
			scalars = append(scalars, t)
		case v.Kind == Fill && !shape.IsScalar():
			scalars = append(scalars, term{t.negative, v.Args[0]})
		case v.Kind == Outer && row(v.Args[1]).isOnes():
			cols = append(cols, term{t.negative, v.Args[0]})
		case v.Kind == Outer && row(v.Args[0]).isOnes():
			rows = append(rows, term{t.negative, v.Args[1]})
		case v.Kind == DiagMatrix || v.Kind == Eye:
			diagonals = append(diagonals, term{t.negative, l.diagonalOf(v)})
		default:
			full = append(full, t)
		}
	}
	if len(full)+len(cols)+len(rows)+len(diagonals) == 0 {
		return l.fill(l.addUp(scalars), shape)
	}
	if diagonals != nil {
		v := l.addUp(diagonals)
		full = append(full, term{v: l.DiagMatrix(v)})
	}
	switch {
	case full == nil && cols != nil:
		full = []term{{v: l.Outer(l.addUp(append(cols, scalars...)), l.FillVector(l.Int(1), shape.Cols))}}
		cols, scalars = nil, nil
	case full == nil:
		full = []term{{v: l.Outer(l.FillVector(l.Int(1), shape.Rows), l.addUp(append(rows, scalars...)))}}
		rows, scalars = nil, nil
	case cols != nil:
		cols, scalars = append(cols, scalars...), nil
	case rows != nil:
		rows, scalars = append(rows, scalars...), nil
	}
	if cols != nil {
		s := l.signed(cols)
		full = append(full, term{s.negative, l.Col(s.v, shape.Cols)})
	}
	if rows != nil {
		s := l.signed(rows)
		full = append(full, term{s.negative, l.Row(s.v, shape.Rows)})
	}
	if scalars != nil {
		full = append(full, l.signed(scalars))
	}
	return l.addUp(full)
}

// signed adds terms up and takes a sign out.
func (l *Lowerer) signed(terms []term) term {
	if len(terms) == 1 {
		return terms[0]
	}
	v := l.addUp(terms)
	if v.Kind == Unary && v.Fn == "neg" {
		return term{true, v.Args[0]}
	}
	return term{v: v}
}

// addUp adds terms from the first that is whole, one of rank at least the others' and no
// Col or Row, and positive if there is one.
func (l *Lowerer) addUp(terms []term) *Value {
	rank := 0
	for _, t := range terms {
		rank = max(rank, t.v.Rank)
	}
	first := -1
	for i, t := range terms {
		if t.v.Rank < rank || t.v.Kind == Col || t.v.Kind == Row {
			continue
		}
		if first < 0 || !t.negative {
			first = i
			if !t.negative {
				break
			}
		}
	}
	x := terms[first].v
	second := -1
	if terms[first].negative {
		second = slices.IndexFunc(terms, func(t term) bool { return !t.negative && t.v.whole() })
		if second >= 0 { // a scalar less x
			x = l.sub(terms[second].v, x)
		} else {
			x = l.neg(x)
		}
	}
	for i, t := range terms {
		switch {
		case i == first, i == second:
		case t.negative:
			x = l.sub(x, t.v)
		default:
			x = l.add(x, t.v)
		}
	}
	return x
}

// columnShape is the shape of a vector.
func columnShape(b *expr.Builder, rows *expr.Dim) expr.Shape {
	return expr.Shape{Rows: rows, Cols: b.One()}
}

// diagonalOf returns the diagonal of a DiagMatrix or Eye.
func (l *Lowerer) diagonalOf(v *Value) *Value {
	if v.Kind == Eye {
		return l.FillVector(l.Int(1), v.Rows)
	}
	return v.Args[0]
}
