package plan

import "example.com/nabla/internal/expr"

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
		return l.applyKron(factor{v: v.Args[0], t: f.t}, factor{v: v.Args[1], t: f.t}, x)
	case KhatriRao:
		if x.Rank == 1 {
			return l.applyKhatriRao(v, f.t, x)
		}
	case Inverse:
		if x.Kind == DiagMatrix {
			return l.scaleCols(l.dense(f), x.Args[0])
		}
		return l.Solve(v.Args[0], x, v.Trans != f.t)
	case Binary:
		return l.applySum(f, x)
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
	}
	return l.Transpose(l.applyLeft(f.transposed(), l.Transpose(x)))
}

// applySum adds up the products with the terms of a sum.
func (l *Lowerer) applySum(f factor, x *Value) *Value {
	var terms []term
	for _, t := range l.leaves(f.v) {
		fs := t.fs
		if f.t {
			fs = reversed(fs)
		}
		v := l.product(append(fs[:len(fs):len(fs)], factor{v: x, whole: true}))
		for _, s := range t.scalars {
			v = l.scale(s, v)
		}
		terms = append(terms, l.signedTerm(v, t.negative))
	}
	return l.total(terms, expr.Shape{Rows: f.rows(), Cols: x.Cols})
}

// timesDiagonal returns d x entry by entry, for scalars and vectors; of a reciprocal it
// makes a quotient.
func (l *Lowerer) timesDiagonal(x, d *Value) *Value {
	if y := reciprocal(d); y != nil {
		return l.div(x, y)
	}
	if y := reciprocal(x); y != nil && d.Rank == x.Rank {
		return l.div(d, y)
	}
	return l.mul(d, x)
}

// applyKron returns (A ⊗ B) x: for a vector vec(B X Aᵀ) with x = vec(X).
func (l *Lowerer) applyKron(a, b factor, x *Value) *Value {
	if x.Rank == 2 {
		return l.kronApply(a, b, x)
	}
	rows, cols := b.cols(), a.cols()
	w := factor{v: x, whole: true}
	switch {
	case rows.IsOne():
		w.t = true
	case !cols.IsOne():
		w = column(l.Unvec(x, rows, cols))
	}
	y := l.product([]factor{b, w, a.transposed()})
	if y.Rank == 1 {
		return y
	}
	return l.Vec(y)
}

// kronApply returns (A ⊗ B) X for a matrix X; with a diagonal matrix, rows are scaled.
func (l *Lowerer) kronApply(a, b factor, x *Value) *Value {
	one := l.Int(1)
	switch {
	case a.v.Kind == DiagMatrix:
		x = l.kronApply(column(l.Eye(a.v.Rows)), b, x)
		return l.scaleRows(l.Kron(a.v.Args[0], l.FillVector(one, b.rows())), x)
	case b.v.Kind == DiagMatrix:
		x = l.kronApply(a, column(l.Eye(b.v.Rows)), x)
		return l.scaleRows(l.Kron(l.FillVector(one, a.rows()), b.v.Args[0]), x)
	}
	return l.KronApply(l.dense(a), l.dense(b), x)
}

// applyKhatriRao returns K x or Kᵀ x for the columns a_j ⊗ b_j: vec(B diag(x) Aᵀ), or
// the column sums of B ⊙ (X A) with x = vec(X).
func (l *Lowerer) applyKhatriRao(v *Value, t bool, x *Value) *Value {
	a, b := v.Args[0], v.Args[1]
	if t {
		m := l.Unvec(x, b.Rows, a.Rows)
		return l.ColSum(l.mul(b, l.product([]factor{column(m), column(a)})))
	}
	return l.Vec(l.product([]factor{column(b), column(l.DiagMatrix(x)), column(a).transposed()}))
}
