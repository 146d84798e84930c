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
		v.symmetric, v.posdef = arg(0).Args[0].Symmetric(), arg(0).Args[0].posdef
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
	case "add":
		v.symmetric = v.symmetric || transposes(x, y)
		v.posdef = x.posdef && semidefinite(y) || y.posdef && semidefinite(x)
	case "mul":
		v.posdef = positive(x) && y.posdef || x.posdef && positive(y)
	case "div":
		v.posdef = x.posdef && positive(y)
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
	return ok
}

// semidefinite reports whether a matrix is known to be positive semidefinite.
func semidefinite(v *Value) bool {
	if v.posdef {
		return true
	}
	switch v.Kind {
	case MatMul:
		return transposes(v.Args[0], v.Args[1])
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

// positive reports whether every entry is known to be positive.
func positive(v *Value) bool {
	switch v.Kind {
	case Param:
		return v.Sym.Facts.Has(expr.Positive)
	case Member, Item, Flatten, Fill, Transpose, Vec, Unvec, Col, Row, Diagonal:
		if v.Kind == Diagonal {
			return v.Args[0].posdef || positive(v.Args[0])
		}
		return positive(v.Args[0])
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
	case Unary:
		return v.Fn == "square" || v.Fn == "abs" || v.Fn == "relu" || v.Fn == "sqrt" || v.Fn == "step"
	case Norm:
		return true
	case Dot, Inner:
		return v.Args[0] == v.Args[1]
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
