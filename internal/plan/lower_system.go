package plan

import "example.com/nabla/internal/expr"

// system returns inverses and determinants; nil for others.
func (l *Lowerer) system(n *expr.Node) *Value {
	switch n.Op.Name {
	case expr.OpInv:
		return l.inverse(l.Node(n.Args[0]))
	case "det":
		return l.det(l.Node(n.Args[0]))
	case "logdet":
		return l.logDet(l.Node(n.Args[0]))
	case "adj":
		x := l.Node(n.Args[0])
		if x.Rank == 0 {
			return l.Int(1)
		}
		return l.scale(l.det(x), l.inverse(x))
	case "pinv":
		return l.pinv(l.Node(n.Args[0]))
	}
	return nil
}

// factorise returns the factorisation of a square matrix or of its transpose. Where only
// a determinant is wanted, which may be zero, the matrix need not have an inverse.
func (l *Lowerer) factorise(x *Value, singular bool) *Value {
	if x.Kind == Transpose {
		x = x.Args[0]
	}
	f := l.Factor(x)
	if f.Kind == Cholesky && !x.Posdef() && !l.used[f] {
		if g := l.LU(x); singular || l.used[g] {
			return g
		}
	}
	return f
}

// inverse returns A⁻¹; products apply it as a system.
func (l *Lowerer) inverse(x *Value) *Value {
	switch x.Kind {
	case Eye:
		return x
	case Transpose:
		return l.Transpose(l.inverse(x.Args[0]))
	case DiagMatrix:
		return l.DiagMatrix(l.div(l.Int(1), x.Args[0]))
	case Commutation:
		return l.Transpose(x)
	case Inverse:
		if a := x.Args[0].Args[0]; x.Trans {
			return l.Transpose(a)
		} else {
			return a
		}
	case MatPow:
		return l.matrixPower(x.Args[0], l.neg(x.Args[1]))
	case Kron:
		if a, b := x.Args[0], x.Args[1]; a.Rows == a.Cols && b.Rows == b.Cols {
			return l.Kron(l.inverse(a), l.inverse(b))
		}
	case Param, Member:
		s := x.Sym
		if s == nil {
			s = x.Args[0].Sym
		}
		if s.Facts.Has(expr.Orthogonal) && x.Rank == 2 {
			return l.Transpose(x)
		}
	case Unary:
		if x.Fn == "neg" {
			return l.neg(l.inverse(x.Args[0]))
		}
	case Binary:
		a, b := x.Args[0], x.Args[1]
		switch {
		case x.Rank == 0:
		case x.Fn == "mul" && a.Rank == 0:
			return l.over(l.inverse(b), a)
		case x.Fn == "mul" && b.Rank == 0:
			return l.over(l.inverse(a), b)
		case x.Fn == "div" && b.Rank == 0:
			return l.scale(b, l.inverse(a))
		}
	}
	if x.Rank == 0 {
		return l.div(l.Int(1), x)
	}
	return l.Inverse(l.factorise(x, false), false)
}

func (l *Lowerer) det(x *Value) *Value {
	switch {
	case x.Rank == 0:
		return x
	case x.Kind == Eye:
		return l.Int(1)
	case x.Kind == Inverse:
		return l.div(l.Int(1), l.det(x.Args[0].Args[0]))
	}
	return l.Det(l.factorise(x, true))
}

func (l *Lowerer) logDet(x *Value) *Value {
	switch {
	case x.Rank == 0:
		return l.unary("log", x)
	case x.Kind == Eye:
		return l.Int(0)
	case x.Kind == Inverse:
		return l.neg(l.logDet(x.Args[0].Args[0]))
	case x.Kind == DiagMatrix && x.Args[0].positive:
		return l.sumAll(l.unary("log", x.Args[0]))
	}
	if x.Kind == Binary && (x.Fn == "mul" || x.Fn == "div") {
		// log |cA| is n log c + log |A|.
		a, c := x.Args[0], x.Args[1]
		if x.Fn == "mul" && a.Rank == 0 {
			a, c = c, a
		}
		if c.Rank == 0 && c.positive {
			s := l.mul(l.Size(x.Rows), l.unary("log", c))
			if x.Fn == "div" {
				return l.sub(l.logDet(a), s)
			}
			return l.add(s, l.logDet(a))
		}
	}
	return l.LogDet(l.factorise(x, false))
}

// pinv returns the Moore–Penrose inverse, xᵀ / xᵀx of a vector.
func (l *Lowerer) pinv(x *Value) *Value {
	switch x.Rank {
	case 0:
		return l.div(l.Int(1), x)
	case 1:
		return l.over(x, l.InnerProduct(x, x))
	}
	if x.Kind == Transpose {
		return l.Transpose(l.pinv(x.Args[0]))
	}
	return l.Pinv(x)
}
