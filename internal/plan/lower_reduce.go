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
		return l.norm(arg())
	case "softmax", "softmaxrows", "softmaxcols":
		return l.softmax(n)
	case "logsumexp", "logsumexprows", "logsumexpcols":
		return l.logSumExpOf(n)
	}
	return nil
}

// norm returns the Euclidean norm.
func (l *Lowerer) norm(x *Value) *Value {
	switch {
	case x.Rank == 0:
		return l.unary("abs", x)
	case x.Kind == Outer:
		return l.mul(l.norm(x.Args[0]), l.norm(x.Args[1]))
	case x.Kind == DiagMatrix:
		return l.norm(x.Args[0])
	}
	return l.Norm(x)
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

// sumAll returns the sum of all entries: of a product 1ᵀ A B 1, of a Hadamard product the
// inner product.
func (l *Lowerer) sumAll(x *Value) *Value {
	if x.Rank == 0 {
		return x
	}
	if !l.used[x] && x.Kind == Binary && x.Fn == "mul" {
		if a, b := x.Args[0], x.Args[1]; a.whole() && b.whole() && a.Rank == b.Rank {
			return l.inner(a, b)
		}
	}
	if !l.used[x] && x.is("square") {
		return l.InnerProduct(x.Args[0], x.Args[0])
	}
	one := l.Int(1)
	left, right := row(l.FillVector(one, x.Rows)), column(l.FillVector(one, x.Cols))
	if x.Rank == 1 {
		return l.product([]factor{left, column(x)})
	}
	return l.product([]factor{left, column(x), right})
}

// whole reports whether the value is no Col or Row.
func (v *Value) whole() bool { return v.Kind != Col && v.Kind != Row }

// inner returns the sum of the products of entries: of vectors their product, of
// matrices the trace of XᵀY, cut where it is cheapest.
func (l *Lowerer) inner(x, y *Value) *Value {
	if x == y {
		if x.Kind == Outer {
			a, b := x.Args[0], x.Args[1]
			return l.mul(l.InnerProduct(a, a), l.InnerProduct(b, b))
		}
		return l.InnerProduct(x, y)
	}
	if x.Rank == 0 {
		return l.mul(x, y)
	}
	if x.Rank == 1 {
		return l.product([]factor{row(x), column(y)})
	}
	fs, scalars := l.expand([]factor{column(x).transposed(), column(y)})
	v := l.traceProduct(fs)
	for _, s := range scalars {
		v = l.mul(s, v)
	}
	return v
}
