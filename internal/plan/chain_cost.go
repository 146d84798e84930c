package plan

import "example.com/nabla/internal/expr"

// buildCost is what it takes to have the entries of a factor that could be applied
// instead; those of others are needed in any order and cost nothing.
func (l *Lowerer) buildCost(f factor) float64 {
	v := f.v
	if v == nil || v.Rank != 2 || l.used[v] {
		return 0
	}
	switch v.Kind {
	case DiagMatrix, Commutation, Eye, Kron, KhatriRao:
		return l.dim(v.Rows) * l.dim(v.Cols)
	case Inverse, MatPow:
		return flops(v, l.size)
	case Binary:
		total := 0.0
		for _, t := range l.leaves(v) {
			total += l.productCost(t.fs) + l.dim(v.Rows)*l.dim(v.Cols)
		}
		return total
	}
	return 0
}

// applyCost is what it takes to multiply a factor that need not be built by a vector or
// matrix with that many columns; ok is false for other factors.
func (l *Lowerer) applyCost(f factor, cols *expr.Dim) (cost float64, ok bool) {
	v := f.v
	if v == nil || v.Rank != 2 {
		return 0, false
	}
	m, n, c, vector := l.dim(f.rows()), l.dim(f.cols()), l.dim(cols), cols.IsOne()
	switch v.Kind {
	case DiagMatrix, Commutation:
		return m * c, true
	case Eye:
		return 0, true
	case Kron:
		a, b := factor{v: v.Args[0], t: f.t}, factor{v: v.Args[1], t: f.t}
		if vector {
			return l.kronCost(a, b), true
		}
		return kronFlops(a.v.Kind == Eye, b.v.Kind == Eye, l.dim(a.rows()), l.dim(a.cols()), l.dim(b.rows()), l.dim(b.cols()), c), true
	case KhatriRao:
		p := l.dim(v.Args[0].Cols)
		if vector && f.t {
			return 2*l.dim(v.Rows)*p + 2*l.dim(v.Args[1].Rows)*p, true
		}
		return 2*l.dim(v.Rows)*p + p*min(l.dim(v.Args[0].Rows), l.dim(v.Args[1].Rows)), vector
	case Inverse:
		return 2 * m * n * c, true
	case MatPow:
		k, ok := smallPower(v)
		return 2 * float64(max(k, -k)) * m * n * c, ok
	case Binary:
		return l.sumCost(f, cols)
	}
	return 0, false
}

// kronCost is what vec(B X Aᵀ) takes.
func (l *Lowerer) kronCost(a, b factor) float64 {
	list, _ := l.expand([]factor{b})
	list = append(list, operand(b.cols(), a.cols()))
	right, _ := l.expand([]factor{a.transposed()})
	list = append(list, right...)
	return l.productCost(dropEyes(list))
}

func dropEyes(list []factor) (out []factor) {
	for _, f := range list {
		if f.v == nil || f.v.Kind != Eye {
			out = append(out, f)
		}
	}
	return out
}

// sumCost is what it takes to apply the terms of a sum one by one. That must save
// much: a sum that is built first is the more accurate where terms cancel.
func (l *Lowerer) sumCost(f factor, cols *expr.Dim) (cost float64, ok bool) {
	list := l.leaves(f.v)
	if list == nil {
		return 0, false
	}
	m, n, c := l.dim(f.rows()), l.dim(f.cols()), l.dim(cols)
	x := operand(f.cols(), cols)
	for _, t := range list {
		fs := t.fs
		if f.t {
			fs = reversed(fs)
		}
		cost += m*c + l.productCost(dropEyes(append(fs[:len(fs):len(fs)], x)))
	}
	return cost, cost < 0.6*(l.buildCost(f)+2*m*n*c)
}
