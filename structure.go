package nabla

import (
	"strings"

	"example.com/nabla/internal/eval"
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/rat"
)

// structured turns the unconstrained gradient G of a scalar by a matrix variable
// into the gradient in the variable's free entries, and names the structure:
// G + Gᵀ − diag(G) for a symmetric variable, diag(G) for a diagonal one. A
// variable without structure keeps G.
func (p *problem) structured(v view, s *expr.Symbol) (view, string, eval.Structure, error) {
	const (
		diagonal  = "diagonal"
		symmetric = "symmetric"
	)
	switch {
	case s.Facts&(expr.Symmetric|expr.Diagonal|expr.Toeplitz|expr.Orthogonal|expr.Onehot|expr.Simplex) == 0:
		return v, "", eval.FreeEntries, nil
	case s.Facts&(expr.Toeplitz|expr.Orthogonal|expr.Onehot|expr.Simplex) != 0:
		return v, "", 0, plainError("--structured knows symmetric and diagonal variables; " + s.Name + " is " + strings.Join(s.Facts.Names(), " "))
	case !p.f.scalar() || p.req.Order > 1 || p.req.Mixed:
		return v, "", 0, plainError("--structured is for the gradient of a scalar; leave it out for " + p.res.Name)
	}
	slots := v.sum.Slots
	b := p.st.Build(slots)
	onDiagonal := func(coef rat.Rat) {
		for i := range v.sum.Terms {
			r := p.st.Raw(slots)
			r.Coef = coef
			r.Union(r.Slot[0], r.Slot[1])
			r.MulTerm(&v.sum.Terms[i], r.Slot)
			b.Add(r)
		}
	}
	if s.Facts.Has(expr.Diagonal) {
		onDiagonal(rat.One)
		return view{b.Sum(), v.axes}, diagonal, eval.DiagonalEntries, nil
	}
	b.AddSum(v.sum, rat.One, nil)
	b.AddSum(v.sum, rat.One, []int{1, 0})
	onDiagonal(rat.MinusOne)
	return view{b.Sum(), v.axes}, symmetric, eval.SymmetricEntries, nil
}
