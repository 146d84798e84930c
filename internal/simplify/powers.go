package simplify

import (
	"slices"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/index"
	"example.com/nabla/internal/rat"
)

// powers rewrites applications that are powers of something: exp(q x) is exp(x)^q,
// so that products of exponentials merge, and an exponent that has become a number
// is the exponent of a factor or counts the factors of a product.
func (rs *Rules) powers(st *index.Store, ap *index.Application) (*index.Sum, bool) {
	switch ap.Op {
	case rs.e.exp:
		u, q := st.Unit(ap.Args[0])
		if q.IsOne() || len(u.Terms) == 0 {
			return nil, false
		}
		base := *ap
		base.Args = []*index.Sum{u}
		return power(st, st.Apply(base), q), true
	case rs.e.elpow:
		if q, ok := number(ap.Args[1]); ok {
			return power(st, ap.Args[0], q), true
		}
	case rs.e.mpow:
		if q, ok := number(ap.Args[1]); ok && ap.CoreIn == 2 {
			if k, ok := q.Int64(); ok && k >= -maxFactors && k <= maxFactors {
				return rs.matrixPower(st, ap, int(k)), true
			}
		}
		if ap.CoreIn == 2 && negative(ap.Args[1]) {
			// X^(−p) is (X⁻¹)^p: what counts factors is not negative.
			base := *ap
			base.Args = []*index.Sum{rs.inverse(st, ap), st.Scale(ap.Args[1], rat.MinusOne)}
			return st.Apply(base), true
		}
	}
	return nil, false
}

// maxFactors limits the powers of a matrix that are written out as products.
const maxFactors = 64

// number returns the number that every entry of s is.
func number(s *index.Sum) (rat.Rat, bool) {
	switch {
	case len(s.Terms) == 0:
		return rat.Zero, true
	case len(s.Terms) == 1 && len(s.Terms[0].Factors) == 0 && distinct(s.Terms[0].Slot) == len(s.Slots):
		return s.Terms[0].Coef, true
	}
	return rat.Zero, false
}

func power(st *index.Store, s *index.Sum, q rat.Rat) *index.Sum {
	r := st.Raw(s.Slots)
	r.MulSum(s, r.Slot, q)
	return st.SumOf(s.Slots, r)
}

// negative reports whether every term of s but a number has a minus sign.
func negative(s *index.Sum) bool {
	return !slices.ContainsFunc(s.Terms, func(t index.Term) bool { return t.Coef.Sign() > 0 && len(t.Factors) > 0 })
}

// inverse returns the inverse of the first operand.
func (rs *Rules) inverse(st *index.Store, ap *index.Application) *index.Sum {
	x := ap.Args[0]
	return st.Apply(index.Application{Op: rs.e.reg.Op(expr.OpInv), Args: ap.Args[:1], CoreIn: 2, RowsIn: 1,
		CoreOut: []*expr.Dim{x.Slots[0], x.Slots[1]}})
}

// matrixPower returns the product of k factors, of −k inverses if k is negative.
func (rs *Rules) matrixPower(st *index.Store, ap *index.Application, k int) *index.Sum {
	x := ap.Args[0]
	if k < 0 {
		x, k = rs.inverse(st, ap), -k
	}
	r := st.Raw(x.Slots)
	end := r.Slot[1]
	at := r.Slot[0]
	idx := slices.Clone(r.Slot)
	for i := range k {
		idx[0], idx[1] = at, end
		if i < k-1 {
			idx[1] = r.Class(x.Slots[1])
		}
		r.MulSum(x, idx, rat.One)
		at = idx[1]
	}
	if k == 0 {
		r.Union(at, end)
	}
	return st.SumOf(x.Slots, r)
}
