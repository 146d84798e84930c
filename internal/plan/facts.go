package plan

import "example.com/nabla/internal/expr"

// learn finds out whether the matrix v is symmetric or positive definite: unknown is
// never true.
func (v *Value) learn() {
	if v.Rank != 2 {
		return
	}
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
		v.symmetric, v.posdef = true, positive(arg(0))
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
		v.posdef = x.posdef && semidefinite(y) || y.posdef && semidefinite(x)
	case "mul":
		// With Schur, the Hadamard product of two definite matrices is definite.
		v.posdef = (x.posdef || x.Rank == 0 && positive(x)) && (y.posdef || y.Rank == 0 && positive(y)) && v.Rank == 2
	case "div":
		v.posdef = x.posdef && y.Rank == 0 && positive(y)
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
	for _, p := range [][2]*Value{{a, b}, {b, a}} {
		x, y := p[0], p[1]
		trans := x.Kind == Transpose
		if trans {
			x = x.Args[0]
		}
		if x.Kind != Solve || !x.Args[0].Args[0].Symmetric() {
			continue
		}
		if m := x.Args[1]; trans && m == y || !trans && transposes(m, y) {
			return x.Args[0].Args[0]
		}
	}
	return nil
}

// semidefinite reports whether a matrix is known to be positive semidefinite.
func semidefinite(v *Value) bool {
	if v.posdef {
		return true
	}
	switch v.Kind {
	case MatMul:
		return semidefiniteProduct(v)
	case Inverse:
		return semidefinite(v.Args[0].Args[0])
	case Kron:
		return semidefinite(v.Args[0]) && semidefinite(v.Args[1])
	case Outer:
		return v.Args[0] == v.Args[1]
	case DiagMatrix:
		return nonnegative(v.Args[0])
	case Binary:
		x, y := v.Args[0], v.Args[1]
		switch v.Fn {
		case "add":
			return x.Rank == 2 && y.Rank == 2 && semidefinite(x) && semidefinite(y)
		case "mul":
			return x.Rank == 0 && nonnegative(x) && semidefinite(y) || y.Rank == 0 && nonnegative(y) && semidefinite(x)
		case "div":
			return y.Rank == 0 && positive(y) && semidefinite(x)
		}
	case SumOver:
		return semidefinite(v.Args[0])
	}
	return false
}

// semidefiniteProduct reports whether the product is Mᵀ S M with S known to be
// semidefinite.
func semidefiniteProduct(v *Value) bool {
	if _, d, inverse, _, ok := Square(v); ok {
		return d == nil || positive(d) || nonnegative(d) && !inverse
	}
	a, b := v.Args[0], v.Args[1]
	switch {
	case a.Kind == MatMul && transposes(a.Args[0], b):
		return semidefinite(a.Args[1])
	case b.Kind == MatMul && transposes(a, b.Args[1]):
		return semidefinite(b.Args[0])
	}
	s := whitened(a, b)
	return s != nil && semidefinite(s)
}

// positive reports whether every entry is known to be positive.
func positive(v *Value) bool {
	switch v.Kind {
	case Param:
		return v.Sym.Facts.Has(expr.Positive) || v.Rank == 2 && v.Rows.IsOne() && v.Cols.IsOne() && v.posdef
	case Member, Item, Flatten, Fill, Transpose, Vec, Unvec, Col, Row, Sum, RowSum, ColSum:
		return positive(v.Args[0])
	case Diagonal, Trace:
		return v.Args[0].posdef || positive(v.Args[0])
	case Det:
		return v.Args[0].Args[0].posdef
	case Kron:
		return positive(v.Args[0]) && positive(v.Args[1])
	case Number:
		return v.Num.Sign() > 0
	case Size, Pi, Counter:
		return true
	case Unary:
		switch v.Fn {
		case "exp", "sigmoid", "cosh", "erfc", "softplus":
			return true
		case "sqrt":
			return positive(v.Args[0])
		}
	case Softmax:
		return true
	case Binary:
		x, y := v.Args[0], v.Args[1]
		switch v.Fn {
		case "add":
			return positive(x) && nonnegative(y) || nonnegative(x) && positive(y)
		case "mul", "div", "min":
			return positive(x) && positive(y)
		case "max":
			return positive(x) || positive(y)
		case "pow":
			return positive(x)
		}
	}
	return false
}

// nonnegative reports whether no entry can be negative.
func nonnegative(v *Value) bool {
	if positive(v) {
		return true
	}
	switch v.Kind {
	case Number:
		return v.Num.Sign() >= 0
	case Param:
		return v.Sym.Facts&(expr.Simplex|expr.Onehot) != 0
	case Member, Item, Flatten, Transpose, Vec, Unvec, RowSum, ColSum:
		return nonnegative(v.Args[0])
	case Diagonal, Trace:
		return semidefinite(v.Args[0]) || nonnegative(v.Args[0])
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
			return nonnegative(x) && nonnegative(y)
		case "div":
			return nonnegative(x) && positive(y)
		}
	case Sum, Fill, Col, Row:
		return nonnegative(v.Args[0])
	}
	return false
}

// quadratic reports whether xᵀy is xᵀ S x with S known to be semidefinite.
func quadratic(x, y *Value) bool {
	switch y.Kind {
	case MatVec:
		return y.Args[1] == x && semidefinite(y.Args[0])
	case Solve:
		return y.Args[1] == x && semidefinite(y.Args[0].Args[0])
	}
	return false
}
