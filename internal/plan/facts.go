package plan

import "example.com/nabla/internal/expr"

// learn finds out what is known of v from what is known of its operands: unknown is never
// true.
func (v *Value) learn() {
	if v.Rank == 2 {
		v.learnMatrix()
	}
	v.positive = v.learnPositive()
	v.nonnegative = v.positive || v.learnNonnegative()
	v.semidefinite = v.posdef || v.Rank == 2 && v.learnSemidefinite()
}

// learnMatrix finds out whether v is symmetric or positive definite.
func (v *Value) learnMatrix() {
	arg := func(i int) *Value { return v.Args[i] }
	switch v.Kind {
	case Param:
		if v.Sym.Family == nil {
			v.symmetric = v.Sym.Facts.Has(expr.Symmetric)
			v.posdef = v.Sym.Facts.Has(expr.Posdef)
		}
	case Member:
		s := v.Args[0].Sym
		v.symmetric, v.posdef = s.Facts.Has(expr.Symmetric), s.Facts.Has(expr.Posdef)
	case Eye:
		v.symmetric, v.posdef = true, true
	case DiagMatrix:
		v.symmetric, v.posdef = true, arg(0).positive
	case Fill:
		v.symmetric = v.Rows == v.Cols
	case Outer:
		v.symmetric = arg(0) == arg(1)
	case MatMul:
		v.symmetric = transposes(arg(0), arg(1)) || sandwich(v)
	case Inverse:
		v.symmetric, v.posdef = arg(0).Args[0].Symmetric(), arg(0).Kind == Cholesky
	case Unary:
		v.symmetric = arg(0).Symmetric()
	case Apply:
		v.symmetric = arg(0).Symmetric()
	case MatPow:
		v.symmetric, v.posdef = arg(0).Symmetric(), arg(0).posdef
	case Kron:
		v.symmetric = arg(0).Symmetric() && arg(1).Symmetric()
		v.posdef = arg(0).posdef && arg(1).posdef
	case Binary:
		v.learnBinary()
	case SumOver:
		v.symmetric, v.posdef = arg(0).Symmetric(), arg(0).posdef
	}
}

func (v *Value) learnBinary() {
	x, y := v.Args[0], v.Args[1]
	sym := func(a *Value) bool { return a.Rank == 0 || a.Symmetric() }
	v.symmetric = sym(x) && sym(y)
	switch v.Fn {
	case "add", "mul", "max", "min":
		v.symmetric = v.symmetric || transposes(x, y)
	}
	switch v.Fn {
	case "add":
		v.posdef = x.posdef && y.semidefinite || y.posdef && x.semidefinite
	case "mul":
		// With Schur, the Hadamard product of two definite matrices is definite.
		v.posdef = (x.posdef || x.Rank == 0 && x.positive) && (y.posdef || y.Rank == 0 && y.positive) && v.Rank == 2
	case "div":
		v.posdef = x.posdef && y.Rank == 0 && y.positive
	}
}

// sandwich reports whether the product is Mᵀ S M with S symmetric or diagonal, in
// any grouping.
func sandwich(v *Value) bool {
	a, b := v.Args[0], v.Args[1]
	if a.Kind == MatMul && transposes(a.Args[0], b) {
		return a.Args[1].Symmetric()
	}
	if b.Kind == MatMul && transposes(a, b.Args[1]) {
		return b.Args[0].Symmetric()
	}
	_, _, _, _, ok := Square(v)
	return ok || whitened(a, b) != nil
}

// whitened returns the factorised matrix S where a b is Mᵀ S⁻¹ M with S symmetric, else
// nil.
func whitened(a, b *Value) *Value {
	solves := func(x *Value) bool { return x.Kind == Solve && x.Args[0].Args[0].Symmetric() }
	switch {
	case a.Kind == Transpose && solves(a.Args[0]) && a.Args[0].Args[1] == b: // (S⁻¹ M)ᵀ M
		return a.Args[0].Args[0].Args[0]
	case solves(b) && transposes(a, b.Args[1]): // Mᵀ (S⁻¹ M)
		return b.Args[0].Args[0]
	}
	return nil
}

// learnSemidefinite reports whether a matrix is known to be positive semidefinite.
func (v *Value) learnSemidefinite() bool {
	switch v.Kind {
	case MatMul:
		return semidefiniteProduct(v)
	case Inverse:
		return v.Args[0].Args[0].semidefinite
	case Kron:
		return v.Args[0].semidefinite && v.Args[1].semidefinite
	case Outer:
		return v.Args[0] == v.Args[1]
	case DiagMatrix:
		return v.Args[0].nonnegative
	case Binary:
		x, y := v.Args[0], v.Args[1]
		switch v.Fn {
		case "add":
			return x.Rank == 2 && y.Rank == 2 && x.semidefinite && y.semidefinite
		case "mul":
			return x.Rank == 0 && x.nonnegative && y.semidefinite || y.Rank == 0 && y.nonnegative && x.semidefinite
		case "div":
			return y.Rank == 0 && y.positive && x.semidefinite
		}
	case SumOver:
		return v.Args[0].semidefinite
	}
	return false
}

// semidefiniteProduct reports whether the product is Mᵀ S M with S known to be
// semidefinite.
func semidefiniteProduct(v *Value) bool {
	if _, d, inverse, _, ok := Square(v); ok {
		return d == nil || d.positive || d.nonnegative && !inverse
	}
	a, b := v.Args[0], v.Args[1]
	switch {
	case a.Kind == MatMul && transposes(a.Args[0], b):
		return a.Args[1].semidefinite
	case b.Kind == MatMul && transposes(a, b.Args[1]):
		return b.Args[0].semidefinite
	}
	s := whitened(a, b)
	return s != nil && s.semidefinite
}

// learnPositive reports whether every entry is known to be positive.
func (v *Value) learnPositive() bool {
	switch v.Kind {
	case Param:
		return v.Sym.Facts.AllPositive() || v.Rank == 2 && v.Rows.IsOne() && v.Cols.IsOne() && v.posdef
	case Member, Item, Flatten, Fill, Transpose, Vec, Unvec, Col, Row, Sum, RowSum, ColSum, SumOver, Columns:
		return v.Args[0].positive
	case Diagonal, Trace:
		return v.Args[0].posdef || v.Args[0].positive
	case Det:
		return v.Args[0].Args[0].posdef
	case Kron:
		return v.Args[0].positive && v.Args[1].positive
	case Number:
		return v.Num.Sign() > 0
	case Size, Pi, Counter:
		return true
	case Unary:
		switch v.Fn {
		case "exp", "sigmoid", "cosh", "erfc", "softplus":
			return true
		case "sqrt":
			return v.Args[0].positive
		}
	case Softmax:
		return true
	case Binary:
		x, y := v.Args[0], v.Args[1]
		switch v.Fn {
		case "add":
			return x.positive && y.nonnegative || x.nonnegative && y.positive
		case "mul", "div", "min":
			return x.positive && y.positive
		case "max":
			return x.positive || y.positive
		case "pow":
			return x.positive
		}
	}
	return false
}

// learnNonnegative reports whether no entry can be negative.
func (v *Value) learnNonnegative() bool {
	switch v.Kind {
	case Number:
		return v.Num.Sign() >= 0
	case Param:
		return v.Sym.Facts&(expr.Simplex|expr.Onehot|expr.Positive) != 0
	case Member, Item, Flatten, Transpose, Vec, Unvec, RowSum, ColSum, SumOver, Columns:
		return v.Args[0].nonnegative
	case Diagonal, Trace:
		return v.Args[0].semidefinite || v.Args[0].nonnegative
	case Unary:
		return v.Fn == "square" || v.Fn == "abs" || v.Fn == "relu" || v.Fn == "sqrt" || v.Fn == "step"
	case Norm:
		return true
	case Dot, Inner:
		return v.Args[0] == v.Args[1] || quadratic(v.Args[0], v.Args[1]) || quadratic(v.Args[1], v.Args[0])
	case Binary:
		x, y := v.Args[0], v.Args[1]
		switch v.Fn {
		case "add", "mul":
			return x.nonnegative && y.nonnegative
		case "div":
			return x.nonnegative && y.positive
		case "sub":
			return x.isOne() && y.is("square") && withinOne(y.Args[0])
		}
	case Sum, Fill, Col, Row:
		return v.Args[0].nonnegative
	}
	return false
}

// withinOne reports whether the entries are functions without values beyond ±1.
func withinOne(v *Value) bool {
	return v.is("tanh") || v.is("sin") || v.is("cos") || v.is("erf") || v.is("sigmoid")
}

// quadratic reports whether xᵀy is xᵀ S x with S known to be semidefinite.
func quadratic(x, y *Value) bool {
	switch y.Kind {
	case MatVec:
		return y.Args[1] == x && y.Args[0].semidefinite
	case Solve:
		return y.Args[1] == x && y.Args[0].Args[0].semidefinite
	}
	return false
}
