package nabla

import (
	"strings"

	"example.com/nabla/internal/eval"
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/rat"
)

// structured turns the unconstrained gradient G of a scalar by a matrix variable
// into the gradient in the variable's free entries, and names the structure:
// G + Gᵀ − diag(G) for a symmetric variable, diag(G) for a diagonal one. The
// structure is the one asked for, or else that of the declaration; a variable
// without structure keeps G.
func (p *problem) structured(v view, s *expr.Symbol) (view, string, eval.Structure, error) {
	const (
		diagonal  = "diagonal"
		symmetric = "symmetric"
	)
	structure := p.req.Constraint
	switch {
	case structure != "":
	case s.Facts.Has(expr.Diagonal):
		structure = diagonal
	case s.Facts&(expr.Toeplitz|expr.Orthogonal|expr.Onehot|expr.Simplex) != 0:
		structure = strings.Join(s.Facts.Names(), " ")
	case s.Facts.Has(expr.Symmetric):
		structure = symmetric
	}
	switch {
	case structure == "" || structure == "none":
		return v, "", eval.FreeEntries, nil
	case structure != symmetric && structure != diagonal:
		return v, "", 0, plainError(say("the gradient in free entries is known for symmetric and diagonal variables, not for %s, which is %s", s.Name, structure))
	case !p.f.scalar() || p.req.Order > 1 || p.req.Mixed:
		return v, "", 0, plainError(say("the gradient in free entries is that of a scalar, order 1; %s is %s, order %d", p.res.Name, p.res.Shape, max(p.req.Order, len(p.req.Wrt))))
	case len(v.axes.Rows) != 1 || len(v.axes.Cols) != 1 || v.sum.Slots[0] != v.sum.Slots[1]:
		return v, "", 0, plainError(say("%s is %s and cannot be %s", s.Name, shapeString(s.Shape), structure))
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
	if structure == diagonal {
		onDiagonal(rat.One)
		return view{b.Sum(), v.axes}, diagonal, eval.DiagonalEntries, nil
	}
	b.AddSum(v.sum, rat.One, nil)
	turned := seq(len(slots)) // the rest is the index of a member
	turned[0], turned[1] = 1, 0
	b.AddSum(v.sum, rat.One, turned)
	onDiagonal(rat.MinusOne)
	return view{b.Sum(), v.axes}, symmetric, eval.SymmetricEntries, nil
}
