package plan

import "example.com/nabla/internal/expr"

// arrangement returns vec, diagonal matrices, Kronecker products and the like; nil for
// others.
func (l *Lowerer) arrangement(n *expr.Node) *Value {
	switch n.Op.Name {
	case "outer":
		return l.outer(l.Node(n.Args[0]), l.Node(n.Args[1]))
	case "diagmat":
		x := l.Node(n.Args[0])
		if x.Rank == 0 {
			return x
		}
		return l.DiagMatrix(x)
	case "vec":
		x := l.Node(n.Args[0])
		if x.Rank < 2 {
			return x
		}
		return l.Vec(x)
	case "kron":
		return l.kron(n.Args[0].Shape, n.Args[1].Shape, l.Node(n.Args[0]), l.Node(n.Args[1]))
	case "khatrirao":
		return l.khatriRao(n)
	}
	return nil
}

func (l *Lowerer) outer(x, y *Value) *Value {
	if x.Rank == 0 || y.Rank == 0 {
		return l.mul(x, y)
	}
	return l.product([]factor{column(x), row(y)})
}

// kron returns the Kronecker product of values of those shapes.
func (l *Lowerer) kron(s, t expr.Shape, x, y *Value) *Value {
	switch {
	case x.Rank == 0:
		return l.scale(x, y)
	case y.Rank == 0:
		return l.scale(y, x)
	case s.IsVector() && t.IsRow():
		return l.outer(x, y)
	case s.IsRow() && t.IsVector():
		return l.outer(y, x)
	case x.Rank == 1 && y.Rank == 1:
		return l.Kron(x, y)
	}
	return l.Kron(l.two(x, s), l.two(y, t))
}

// two returns a value of that shape as a matrix.
func (l *Lowerer) two(x *Value, s expr.Shape) *Value {
	switch {
	case x.Rank == 2:
		return x
	case s.IsRow():
		return l.AsRow(x)
	}
	return l.AsColumn(x)
}

func (l *Lowerer) khatriRao(n *expr.Node) *Value {
	x, y := l.Node(n.Args[0]), l.Node(n.Args[1])
	s, t := n.Args[0].Shape, n.Args[1].Shape
	switch {
	case s.Cols.IsOne():
		return l.kron(s, t, x, y)
	case s.IsRow() && t.IsRow():
		return l.mul(x, y)
	case s.IsRow():
		return l.scaleCols(y, x)
	case t.IsRow():
		return l.scaleCols(x, y)
	}
	return l.KhatriRao(x, y)
}
