package convex

import (
	"slices"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/index"
	"example.com/nabla/internal/rat"
)

// proveMatrix proves the curvature of a function of a positive definite matrix, in
// the order of symmetric matrices where it is a matrix itself.
func (a *analyser) proveMatrix(at *index.Atom, g goal) (*proof, bool) {
	for _, piece := range at.Op.Pieces() {
		if !piece.Posdef || !bends(&piece, g) || len(at.Args) != 1 {
			continue
		}
		x := at.Args[0]
		p := &proof{}
		rule := "matrix-affine"
		if !a.isAffine(x) {
			want := goal(piece.Trend) * g
			if want == 0 {
				return nil, false
			}
			q, ok := a.proveLoewner(x, want)
			if !ok {
				return nil, false
			}
			p.add(q)
			rule = "matrix-concave"
			if want == convex {
				rule = "matrix-convex"
			}
		} else if len(x.Terms) > 1 {
			p.steps = append(p.steps, Step{Rule: "affine", Sum: x})
		}
		if !a.needPSD(x, PD) {
			return nil, false
		}
		p.strict = nil
		if piece.Strict && a.isAffine(x) && len(at.Slots) == 0 {
			if conds, ok := a.injectiveMap(x); ok {
				p.setStrict(a.variables(x, nil), conds, false)
			}
		}
		p.steps = append(p.steps, Step{Rule: rule, Sum: a.atomSum(at), Goal: g, Args: []*index.Sum{x}})
		return p, true
	}
	return nil, false
}

// proveRoot proves that the n-th root of a positive function of a positive definite
// matrix is concave, where its logarithm is concave and it is homogeneous of degree n:
// det(X)^(1/n). A positive function that is homogeneous of degree one and quasi-concave
// is concave. by is the exponent, self the power.
func (a *analyser) proveRoot(at *index.Atom, by, self *index.Sum, g goal) (*proof, bool) {
	if g != concave || at.Kind != index.OpAtom || at.Sym != nil || at.Op.Degree == "" || len(at.Args) != 1 || len(at.Slots) > 0 {
		return nil, false
	}
	x := at.Args[0]
	piece := slices.IndexFunc(at.Op.Pieces(), func(p expr.Piece) bool {
		return p.Posdef && p.Bend == expr.LogConcaveBend && p.Trend == expr.Rising
	})
	r := a.st.Raw(nil)
	r.MulSum(by, nil, rat.One)
	r.MulSize(x.Slots[0], rat.One)
	if one, ok := a.st.SumOf(nil, r).Const(); piece < 0 || !ok || !one.IsOne() {
		return nil, false
	}
	p, ok := a.proveLoewner(x, concave)
	if !ok || !a.needPSD(x, PD) {
		return nil, false
	}
	p.strict = nil
	p.steps = append(p.steps, Step{Rule: "root", Sum: self, Goal: g, Args: []*index.Sum{x, a.atomSum(at)}})
	return p, true
}

func (a *analyser) proveMatrixAtom(at *index.Atom, g goal) (*proof, bool) {
	if at.Core > 0 {
		return nil, false // the entries of a matrix have no curvature of their own
	}
	return a.proveMatrix(at, g)
}

// proveLoewner proves that vᵀs v is convex or concave for every vector v.
func (a *analyser) proveLoewner(s *index.Sum, g goal) (*proof, bool) {
	if len(s.Slots) != 2 {
		return nil, false
	}
	f := matrixForm(s)
	p := &proof{}
	for i := range s.Terms {
		t := &s.Terms[i]
		if !a.termVaries(t) || a.affineTerm(t) {
			continue
		}
		q, ok := a.proveForm(s, t, f.legs(t), nil, g)
		if !ok {
			return nil, false
		}
		p.steps = append(p.steps, q.steps...)
	}
	if len(s.Terms) > 1 {
		p.steps = append(p.steps, Step{Rule: "sum", Sum: s, Goal: g})
	}
	return p, true
}
