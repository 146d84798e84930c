package plan

// MatMul returns A B.
func (m *Maker) MatMul(a, b *Value) *Value {
	switch {
	case a.Cols != b.Rows:
		panic("plan: product of matrices that do not fit")
	case a.Kind == Eye:
		return b
	case b.Kind == Eye:
		return a
	case a.Kind == Outer:
		return m.Outer(a.Args[0], m.MatVec(m.Transpose(b), a.Args[1]))
	case b.Kind == Outer:
		return m.Outer(m.MatVec(a, b.Args[0]), b.Args[1])
	case a.Kind == Transpose && b.Kind == Transpose:
		return m.Transpose(m.MatMul(b.Args[0], a.Args[0]))
	case a.Kind == Fill || b.Kind == Fill:
		return m.fillProduct(a, b)
	case a.Kind == AsColumn && b.Kind == AsRow:
		return m.Outer(a.Args[0], b.Args[0])
	}
	return m.matrix(a.Rows, b.Cols, Value{Kind: MatMul, Args: []*Value{a, b}})
}

// fillProduct multiplies matrices one of which has equal entries: c 1 1ᵀ B is
// c 1 (Bᵀ1)ᵀ.
func (m *Maker) fillProduct(a, b *Value) *Value {
	one := m.Int(1)
	if a.Kind == Fill {
		return m.Outer(m.FillVector(a.Args[0], a.Rows), m.ColSum(b))
	}
	return m.Outer(m.RowSum(a), m.Binary("mul", m.FillVector(one, b.Cols), b.Args[0]))
}

// MatVec returns A x.
func (m *Maker) MatVec(a, x *Value) *Value {
	switch {
	case a.Cols != x.Rows:
		panic("plan: product of a matrix and a vector that do not fit")
	case a.Kind == Eye:
		return x
	case a.Kind == DiagMatrix:
		return m.Binary("mul", a.Args[0], x)
	case a.Kind == Outer:
		return m.Binary("mul", m.InnerProduct(a.Args[1], x), a.Args[0])
	case a.Kind == Fill:
		return m.FillVector(m.Binary("mul", a.Args[0], m.Sum(x)), a.Rows)
	case x.Kind == Fill && x.Args[0].IsNumber(1, 1):
		return m.RowSum(a)
	case x.Kind == Fill:
		return m.Binary("mul", x.Args[0], m.RowSum(a))
	case x.Kind == Unary && x.Fn == "neg":
		return m.Neg(m.MatVec(a, x.Args[0]))
	case a.Kind == Binary && (a.Fn == "add" || a.Fn == "sub") && atHand(a.Args[0]) && atHand(a.Args[1]):
		// Two products read what one sum would read, and it would be written and read again.
		return m.Binary(a.Fn, m.MatVec(a.Args[0], x), m.MatVec(a.Args[1], x))
	}
	return m.vector(a.Rows, Value{Kind: MatVec, Args: []*Value{a, x}})
}

// atHand reports whether a matrix is there without being computed, or is applied to a
// vector for less than its entries.
func atHand(a *Value) bool {
	switch a.Kind {
	case Param, Member, Outer, Eye, DiagMatrix:
		return a.Rank == 2
	case Transpose:
		return atHand(a.Args[0])
	}
	return false
}

// Outer returns x yᵀ.
func (m *Maker) Outer(x, y *Value) *Value {
	if x.Kind == Fill && y.Kind == Fill {
		return m.FillMatrix(m.Binary("mul", x.Args[0], y.Args[0]), x.Rows, y.Rows)
	}
	return m.matrix(x.Rows, y.Rows, Value{Kind: Outer, Args: []*Value{x, y}})
}

// MatPow returns A to the power of an integer scalar.
func (m *Maker) MatPow(a, k *Value) *Value {
	switch {
	case k.IsNumber(1, 1):
		return a
	case k.IsNumber(2, 1):
		return m.MatMul(a, a)
	case k.IsNumber(-1, 1):
		return m.Inverse(m.Factor(a), false)
	}
	return m.like(a, Value{Kind: MatPow, Args: []*Value{a, k}})
}

// Factor returns the factorisation of a square matrix that has an inverse: Cholesky where
// it is known to be positive semidefinite, and so is definite, else LU.
func (m *Maker) Factor(a *Value) *Value {
	if a.semidefinite {
		return m.like(a, Value{Kind: Cholesky, Args: []*Value{a}})
	}
	return m.LU(a)
}

// LU returns the factorisation of a square matrix with pivoting, singular ones too.
func (m *Maker) LU(a *Value) *Value { return m.like(a, Value{Kind: LU, Args: []*Value{a}}) }

// Solve returns A⁻¹ b, or A⁻ᵀ b, for a factorisation of A and a vector or matrix b.
func (m *Maker) Solve(factor, b *Value, trans bool) *Value {
	trans = trans && !factor.Args[0].Symmetric()
	if b.Kind == Eye {
		return m.Inverse(factor, trans)
	}
	if b.Kind == Outer {
		return m.Outer(m.Solve(factor, b.Args[0], trans), b.Args[1])
	}
	return m.like(b, Value{Kind: Solve, Args: []*Value{factor, b}, Trans: trans})
}

// Inverse returns A⁻¹, or A⁻ᵀ, of a factorisation of A.
func (m *Maker) Inverse(factor *Value, trans bool) *Value {
	return m.like(factor, Value{Kind: Inverse, Args: []*Value{factor}, Trans: trans && !factor.Args[0].Symmetric()})
}

// Det returns the determinant of a factorised matrix.
func (m *Maker) Det(factor *Value) *Value { return m.scalar(Value{Kind: Det, Args: []*Value{factor}}) }

// LogDet returns the logarithm of the determinant of a factorised matrix, which is
// positive.
func (m *Maker) LogDet(factor *Value) *Value {
	return m.scalar(Value{Kind: LogDet, Args: []*Value{factor}})
}

// Pinv returns the Moore–Penrose inverse.
func (m *Maker) Pinv(a *Value) *Value {
	return m.matrix(a.Cols, a.Rows, Value{Kind: Pinv, Args: []*Value{a}})
}
