package plan

import "example.com/nabla/internal/expr"

// reduction returns sums, traces, norms, diagonals and the like; nil for others.
func (l *Lowerer) reduction(n *expr.Node) *Value {
	arg := func() *Value { return l.Node(n.Args[0]) }
	switch n.Op.Name {
	case "tr":
		return l.trace(arg())
	case "diagvec":
		return l.diagonal(arg())
	case "dot":
		return l.inner(arg(), l.Node(n.Args[1]))
	case "sum":
		return l.sumAll(arg())
	case "rowsum":
		return l.rowSum(n)
	case "colsum":
		return l.colSum(n)
	case "mean":
		return l.over(l.sumAll(arg()), l.Size(l.B.Mul(n.Args[0].Shape.Rows, n.Args[0].Shape.Cols)))
	case "rowmean":
		return l.over(l.rowSum(n), l.Size(n.Args[0].Shape.Cols))
	case "colmean":
		return l.over(l.colSum(n), l.Size(n.Args[0].Shape.Rows))
	case "norm1":
		return l.sumAll(l.unary("abs", arg()))
	case "norm2":
		if x := arg(); x.Rank > 0 {
			return l.Norm(x)
		}
		return l.unary("abs", arg())
	case "softmax", "softmaxrows", "softmaxcols":
		return l.softmax(n)
	case "logsumexp", "logsumexprows", "logsumexpcols":
		return l.logSumExpOf(n)
	}
	return nil
}

// along returns the axis of softmaxrows and its like, and whether the lines have more
// than one entry.
func along(n *expr.Node) (axis Axis, several bool) {
	s := n.Args[0].Shape
	switch n.Op.Along {
	case "j": // each row
		axis, several = EachRow, !s.Cols.IsOne()
		if s.Rows.IsOne() {
			axis = Whole
		}
	case "i":
		axis, several = EachCol, !s.Rows.IsOne()
		if s.Cols.IsOne() {
			axis = Whole
		}
	default:
		several = !s.IsScalar()
	}
	return axis, several
}

func (l *Lowerer) softmax(n *expr.Node) *Value {
	x := l.Node(n.Args[0])
	axis, several := along(n)
	if !several {
		return l.filled(x, l.Int(1))
	}
	return l.Softmax(x, axis)
}

func (l *Lowerer) logSumExpOf(n *expr.Node) *Value {
	x := l.Node(n.Args[0])
	axis, several := along(n)
	if !several {
		return x
	}
	return l.LogSumExp(x, axis)
}

func (l *Lowerer) rowSum(n *expr.Node) *Value {
	x := l.Node(n.Args[0])
	switch s := n.Args[0].Shape; {
	case s.IsMatrix():
		return l.product([]factor{column(x), column(l.FillVector(l.Int(1), s.Cols))})
	case s.Rows.IsOne():
		return l.sumAll(x)
	}
	return x
}

func (l *Lowerer) colSum(n *expr.Node) *Value {
	x := l.Node(n.Args[0])
	switch s := n.Args[0].Shape; {
	case s.IsMatrix():
		return l.product([]factor{row(l.FillVector(l.Int(1), s.Rows)), column(x)})
	case s.Cols.IsOne():
		return l.sumAll(x)
	}
	return x
}

// sumAll returns the sum of all entries.
func (l *Lowerer) sumAll(x *Value) *Value {
	if x.Rank == 2 {
		one := l.Int(1)
		return l.product([]factor{row(l.FillVector(one, x.Rows)), column(x), column(l.FillVector(one, x.Cols))})
	}
	return l.Sum(x)
}

// inner returns the sum of the products of entries.
func (l *Lowerer) inner(x, y *Value) *Value { return l.InnerProduct(x, y) }

// trace returns the trace of a square matrix, or a scalar as it is.
func (l *Lowerer) trace(x *Value) *Value {
	if x.Rank == 0 {
		return x
	}
	return l.Trace(x)
}

// diagonal returns the diagonal of a square matrix, or a scalar as it is.
func (l *Lowerer) diagonal(x *Value) *Value {
	if x.Rank == 0 {
		return x
	}
	return l.Diagonal(x)
}
