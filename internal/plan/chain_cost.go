package plan

import "example.com/nabla/internal/expr"

// buildCost is what it takes to have the entries of a factor that could be applied
// instead; those of others are needed in any order and cost nothing.
func (l *Lowerer) buildCost(f factor) float64 {
	v := f.v
	if v == nil || v.Rank != 2 || f.whole || l.used[v] {
		return 0
	}
	switch v.Kind {
	case DiagMatrix, Commutation, Eye, Kron, KhatriRao, Inverse, MatPow:
		return flops(v, l.size)
	case Binary:
		if cost, ok := l.builds[v]; ok {
			return cost
		}
		total := 0.0
		list := l.leaves(v)
		for i, t := range list {
			if i > 0 {
				total += 2 * l.entries(v)
			}
			if !t.thin() {
				total += l.productCost(t.fs)
			}
		}
		l.builds[v] = total
		return total
	}
	return 0
}

// thin reports whether a term is added without being built: equal columns or rows, or a
// diagonal matrix.
func (t *leaf) thin() bool {
	k := len(t.fs)
	if k == 1 {
		return t.fs[0].v.Kind == DiagMatrix || t.fs[0].v.Kind == Eye
	}
	return t.fs[0].isOnes() || t.fs[k-1].isOnes()
}

// applyCost is what it takes to multiply a factor that need not be built by a vector or
// matrix with that many columns; ok is false for other factors.
func (l *Lowerer) applyCost(f factor, cols *expr.Dim) (cost float64, ok bool) {
	v := f.v
	if v == nil || v.Rank != 2 || f.whole {
		return 0, false
	}
	m, n, c, vector := l.dim(f.rows()), l.dim(f.cols()), l.dim(cols), cols.IsOne()
	switch v.Kind {
	case DiagMatrix:
		return 2 * m * c, true
	case Commutation:
		return m * c, true
	case Eye:
		return 0, true
	case Kron:
		a, b := factor{v: v.Args[0], t: f.t}, factor{v: v.Args[1], t: f.t}
		if vector {
			return l.kronCost(a, b), true
		}
		return m*c + kronFlops(a.v.Kind == Eye, b.v.Kind == Eye, l.dim(a.rows()), l.dim(a.cols()), l.dim(b.rows()), l.dim(b.cols()), c), true
	case KhatriRao:
		a, b, p := l.dim(v.Args[0].Rows), l.dim(v.Args[1].Rows), l.dim(v.Args[0].Cols)
		if f.t {
			return 2*a*b*p + 4*b*p + p, vector
		}
		return 2*a*b*p + a*b + 2*p*min(a, b), vector
	case Inverse:
		return 2*m*n*c + m*c, true
	case Binary:
		return l.sumCost(f, cols)
	}
	return 0, false
}

// kronCost is what vec(B X Aᵀ) takes.
func (l *Lowerer) kronCost(a, b factor) float64 {
	return l.askCost([]factor{b, operand(b.cols(), a.cols()), a.transposed()})
}

// askCost is what product takes for factors with an operand among them.
func (l *Lowerer) askCost(list []factor) float64 {
	list, _ = l.expand(list)
	return l.productCost(list)
}

// worthwhile is how many times cheaper it must be to multiply the terms of a sum one by
// one: a sum that is built first is the more accurate where terms cancel, as in a matrix
// less the means of its columns.
const worthwhile = 2.5

// sumCost is what it takes to apply the terms of a sum one by one; ok is false where that
// is not worthwhile.
func (l *Lowerer) sumCost(f factor, cols *expr.Dim) (cost float64, ok bool) {
	list := l.leaves(f.v)
	if list == nil {
		return 0, false
	}
	m, n, c := l.dim(f.rows()), l.dim(f.cols()), l.dim(cols)
	x := operand(f.cols(), cols)
	for i, t := range list {
		fs := t.fs
		if f.t {
			fs = reversed(fs)
		}
		if i > 0 {
			cost += 2 * m * c
		}
		cost += l.askCost(append(fs[:len(fs):len(fs)], x))
	}
	return cost, worthwhile*cost < l.buildCost(f)+2*m*n*c
}
