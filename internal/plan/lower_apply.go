package plan

// dense returns the matrix of a factor.
func (l *Lowerer) dense(f factor) *Value {
	if f.t {
		return l.Transpose(f.v)
	}
	return f.v
}

// applyLeft multiplies a factor, a matrix, and a vector or matrix; what is only
// applied is not built.
func (l *Lowerer) applyLeft(f factor, x *Value) *Value {
	switch v := f.v; v.Kind {
	case Eye:
		return x
	case DiagMatrix:
		if x.Rank == 1 {
			return l.timesDiagonal(x, v.Args[0])
		}
		return l.scaleRows(v.Args[0], x)
	case Commutation:
		if f.t {
			return l.Commute(v.Dims[1], v.Dims[0], x)
		}
		return l.Commute(v.Dims[0], v.Dims[1], x)
	case Kron:
		return l.applyKron(factor{v.Args[0], f.t}, factor{v.Args[1], f.t}, x)
	case KhatriRao:
		if x.Rank == 1 {
			return l.applyKhatriRao(v, f.t, x)
		}
	case Inverse:
		if x.Kind == DiagMatrix {
			return l.scaleCols(l.dense(f), x.Args[0])
		}
		return l.Solve(v.Args[0], x, v.Trans != f.t)
	case MatPow:
		if k, ok := smallPower(v); ok && x.Rank == 1 {
			g := column(v.Args[0])
			if k < 0 {
				g, k = column(l.inverse(v.Args[0])), -k
			}
			if f.t != (g.v.Kind == Transpose) {
				g = g.transposed()
			}
			if g.v.Kind == Transpose {
				g.v = g.v.Args[0]
			}
			for range k {
				x = l.applyLeft(g, x)
			}
			return x
		}
	}
	if x.Rank == 1 {
		return l.MatVec(l.dense(f), x)
	}
	if x.Kind == DiagMatrix {
		return l.scaleCols(l.dense(f), x.Args[0])
	}
	return l.MatMul(l.dense(f), x)
}

// applyRight multiplies a row vector or matrix and a factor, a matrix.
func (l *Lowerer) applyRight(x *Value, f factor) *Value {
	if x.Rank == 1 {
		return l.applyLeft(f.transposed(), x)
	}
	switch v := f.v; v.Kind {
	case Eye:
		return x
	case DiagMatrix:
		return l.scaleCols(x, v.Args[0])
	case Commutation, Kron, Inverse:
		return l.Transpose(l.applyLeft(f.transposed(), l.Transpose(x)))
	}
	if x.Kind == DiagMatrix {
		return l.scaleRows(x.Args[0], l.dense(f))
	}
	return l.MatMul(x, l.dense(f))
}

// timesDiagonal returns diag(d) x for a vector.
func (l *Lowerer) timesDiagonal(x, d *Value) *Value {
	if y := reciprocal(d); y != nil {
		return l.div(x, y)
	}
	return l.mul(d, x)
}

// smallPower returns the exponent of a MatPow that is cheaper applied to a vector time
// and again than built.
func smallPower(v *Value) (int64, bool) {
	if v.Args[1].Kind != Number {
		return 0, false
	}
	k, ok := v.Args[1].Num.Int64()
	return k, ok && k >= -8 && k <= 8
}

// applyKron returns (A ⊗ B) x: for a vector vec(B X Aᵀ) with x = vec(X).
func (l *Lowerer) applyKron(a, b factor, x *Value) *Value {
	if x.Rank == 2 {
		return l.KronApply(l.dense(a), l.dense(b), x)
	}
	rows, cols := b.cols(), a.cols()
	var w []factor
	switch {
	case rows.IsOne():
		w = []factor{row(x)}
	case cols.IsOne():
		w = []factor{column(x)}
	default:
		w = []factor{column(l.Unvec(x, rows, cols))}
	}
	y := l.product(append(append([]factor{b}, w...), a.transposed()))
	if y.Rank == 1 {
		return y
	}
	return l.Vec(y)
}

// applyKhatriRao returns K x or Kᵀ x for the columns a_j ⊗ b_j: vec(B diag(x) Aᵀ), or
// the column sums of B ⊙ (X A) with x = vec(X).
func (l *Lowerer) applyKhatriRao(v *Value, t bool, x *Value) *Value {
	a, b := v.Args[0], v.Args[1]
	if t {
		m := l.Unvec(x, b.Rows, a.Rows)
		return l.columnSums(l.mul(b, l.product([]factor{column(m), column(a)})))
	}
	return l.Vec(l.product([]factor{column(b), column(l.DiagMatrix(x)), column(a).transposed()}))
}

func (l *Lowerer) columnSums(x *Value) *Value { return l.ColSum(x) }
