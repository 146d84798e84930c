package plan

import "example.com/nabla/internal/expr"

// Trace returns the trace of a square matrix.
func (m *Maker) Trace(x *Value) *Value {
	switch x.Kind {
	case Transpose:
		return m.Trace(x.Args[0])
	case Eye:
		return m.Size(x.Rows)
	case DiagMatrix:
		return m.Sum(x.Args[0])
	case Fill:
		return m.Binary("mul", m.Size(x.Rows), x.Args[0])
	case Outer:
		return m.InnerProduct(x.Args[0], x.Args[1])
	case MatMul:
		return m.InnerProduct(x.Args[0], m.Transpose(x.Args[1]))
	case Kron:
		if a := x.Args[0]; a.Rank == 2 && a.Rows == a.Cols {
			return m.Binary("mul", m.Trace(a), m.Trace(x.Args[1]))
		}
	}
	return m.scalar(Value{Kind: Trace, Args: []*Value{x}})
}

// Transpose returns the transpose of a matrix.
func (m *Maker) Transpose(x *Value) *Value {
	switch {
	case x.Kind == Transpose:
		return x.Args[0]
	case x.Symmetric():
		return x
	case x.Kind == Fill:
		return m.FillMatrix(x.Args[0], x.Cols, x.Rows)
	case x.Kind == Col:
		return m.Row(x.Args[0], x.Cols)
	case x.Kind == Row:
		return m.Col(x.Args[0], x.Rows)
	case x.Kind == Outer:
		return m.Outer(x.Args[1], x.Args[0])
	case x.Kind == Inverse:
		return m.Inverse(x.Args[0], !x.Trans)
	case x.Kind == AsColumn:
		return m.AsRow(x.Args[0])
	case x.Kind == AsRow:
		return m.AsColumn(x.Args[0])
	case x.Kind == Commutation:
		return m.Commutation(x.Dims[1], x.Dims[0])
	}
	return m.matrix(x.Cols, x.Rows, Value{Kind: Transpose, Args: []*Value{x}})
}

// Diagonal returns the diagonal of a square matrix.
func (m *Maker) Diagonal(x *Value) *Value {
	switch x.Kind {
	case Transpose:
		return m.Diagonal(x.Args[0])
	case Eye:
		return m.FillVector(m.Int(1), x.Rows)
	case DiagMatrix:
		return x.Args[0]
	case Fill:
		return m.FillVector(x.Args[0], x.Rows)
	case Outer:
		return m.Binary("mul", x.Args[0], x.Args[1])
	}
	return m.vector(x.Rows, Value{Kind: Diagonal, Args: []*Value{x}})
}

// DiagMatrix returns the matrix with x on its diagonal.
func (m *Maker) DiagMatrix(x *Value) *Value {
	if x.Kind == Fill {
		if x.Args[0].IsNumber(1, 1) {
			return m.Eye(x.Rows)
		}
	}
	return m.matrix(x.Rows, x.Rows, Value{Kind: DiagMatrix, Args: []*Value{x}})
}

// Vec stacks the columns of a matrix.
func (m *Maker) Vec(x *Value) *Value {
	n := m.B.Mul(x.Cols, x.Rows)
	switch x.Kind {
	case Unvec:
		return x.Args[0]
	case AsColumn, AsRow:
		return m.Flatten(x)
	case Fill:
		return m.FillVector(x.Args[0], n)
	case Outer:
		return m.Kron(x.Args[1], x.Args[0])
	}
	return m.vector(n, Value{Kind: Vec, Args: []*Value{x}})
}

// Unvec returns the rows × cols matrix whose columns, stacked, are x.
func (m *Maker) Unvec(x *Value, rows, cols *expr.Dim) *Value {
	switch {
	case x.Kind == Vec && x.Args[0].Rows == rows:
		return x.Args[0]
	case x.Kind == Fill:
		return m.FillMatrix(x.Args[0], rows, cols)
	case x.Kind == Kron && x.Args[1].Rows == rows:
		return m.Outer(x.Args[1], x.Args[0])
	}
	return m.matrix(rows, cols, Value{Kind: Unvec, Args: []*Value{x}})
}

// Kron returns the Kronecker product of two vectors or of two matrices.
func (m *Maker) Kron(x, y *Value) *Value {
	rows := m.B.Mul(x.Rows, y.Rows)
	if x.Rank == 1 {
		return m.vector(rows, Value{Kind: Kron, Args: []*Value{x, y}})
	}
	if x.Kind == Eye && y.Kind == Eye {
		return m.Eye(rows)
	}
	return m.matrix(rows, m.B.Mul(x.Cols, y.Cols), Value{Kind: Kron, Args: []*Value{x, y}})
}

// KhatriRao returns the column-wise Kronecker product of two matrices with equally
// many columns.
func (m *Maker) KhatriRao(x, y *Value) *Value {
	return m.matrix(m.B.Mul(x.Rows, y.Rows), x.Cols, Value{Kind: KhatriRao, Args: []*Value{x, y}})
}

// KronApply returns (A ⊗ B) X for matrices; an Eye as A or B costs nothing.
func (m *Maker) KronApply(a, b, x *Value) *Value {
	if a.Kind == Eye && b.Kind == Eye {
		return x
	}
	return m.matrix(m.B.Mul(a.Rows, b.Rows), x.Cols, Value{Kind: KronApply, Args: []*Value{a, b, x}})
}

// Commute returns K x, K being the commutation matrix of p × q matrices: for a vector
// vec(unvec(x)ᵀ), for a matrix its rows in that order.
func (m *Maker) Commute(p, q *expr.Dim, x *Value) *Value {
	if p.IsOne() || q.IsOne() {
		return x
	}
	if x.Rank == 1 {
		return m.Vec(m.Transpose(m.Unvec(x, p, q)))
	}
	return m.matrix(x.Rows, x.Cols, Value{Kind: Commute, Args: []*Value{x}, Dims: []*expr.Dim{p, q}})
}

// AsColumn returns a vector as an n × 1 matrix, a scalar as a 1 × 1 matrix.
func (m *Maker) AsColumn(x *Value) *Value {
	return m.matrix(x.Rows, m.B.One(), Value{Kind: AsColumn, Args: []*Value{x}})
}

// AsRow returns a vector as a 1 × n matrix.
func (m *Maker) AsRow(x *Value) *Value {
	return m.matrix(m.B.One(), x.Rows, Value{Kind: AsRow, Args: []*Value{x}})
}

// Flatten returns the entries of an n × 1 or 1 × n matrix as a vector.
func (m *Maker) Flatten(x *Value) *Value {
	if x.Kind == AsColumn || x.Kind == AsRow {
		if x.Args[0].Rank == 0 {
			return m.FillVector(x.Args[0], m.B.One())
		}
		return x.Args[0]
	}
	return m.vector(m.B.Mul(x.Rows, x.Cols), Value{Kind: Flatten, Args: []*Value{x}})
}

// Item returns the only entry of a vector or matrix.
func (m *Maker) Item(x *Value) *Value { return m.scalar(Value{Kind: Item, Args: []*Value{x}}) }

// Member returns member i of a family, a Param.
func (m *Maker) Member(family *Value, i *expr.Index) *Value {
	s := family.Sym.Shape
	return m.intern(Value{Kind: Member, Args: []*Value{family}, Rank: family.Rank - 1, Rows: s.Rows, Cols: s.Cols, Index: i})
}

// SumOver returns the sum of body over i = 1 … i.Size.
func (m *Maker) SumOver(i *expr.Index, body *Value) *Value {
	if body.Loops&LoopBit(i) == 0 {
		return m.Binary("mul", m.Size(i.Size), body)
	}
	return m.like(body, Value{Kind: SumOver, Args: []*Value{body}, Index: i, Dims: []*expr.Dim{i.Size}})
}

// UnitAt returns the unit vector of n entries whose 1 is where the loop index i is.
func (m *Maker) UnitAt(n *expr.Dim, i *expr.Index) *Value {
	return m.vector(n, Value{Kind: UnitAt, Index: i})
}

// Columns returns the matrix whose column k is the vector body at i = k.
func (m *Maker) Columns(i *expr.Index, body *Value) *Value {
	if body.Loops&LoopBit(i) == 0 {
		return m.Outer(body, m.FillVector(m.Int(1), i.Size))
	}
	return m.matrix(body.Rows, i.Size, Value{Kind: Columns, Args: []*Value{body}, Index: i, Dims: []*expr.Dim{i.Size}})
}

// Stack returns the matrices body at i = 1 … i.Size, in the shape in which a family of
// matrices is passed.
func (m *Maker) Stack(i *expr.Index, body *Value) *Value {
	return m.intern(Value{Kind: Stack, Rank: 3, Rows: body.Rows, Cols: body.Cols, Args: []*Value{body}, Index: i, Dims: []*expr.Dim{i.Size}})
}

// Contract returns a sum of products of entries: see Spec. Its shape is rows × cols.
func (m *Maker) Contract(s *Spec, rows, cols *expr.Dim, args ...*Value) *Value {
	v := Value{Kind: Contract, Args: args, Spec: s, Dims: s.Sizes}
	switch {
	case len(s.Result) == 0:
		return m.scalar(v)
	case s.RowIndices == len(s.Result):
		return m.vector(rows, v)
	}
	return m.matrix(rows, cols, v)
}
