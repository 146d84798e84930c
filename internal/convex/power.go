package convex

import (
	"slices"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/index"
	"example.com/nabla/internal/rat"
)

// oneModulus reads |u|ᵃ u²ᵇ as |u|ᵃ⁺²ᵇ.
func (a *analyser) oneModulus(t *index.Term, vary []int) (index.Factor, bool) {
	if len(vary) != 2 {
		return index.Factor{}, false
	}
	f, u := t.Factors[vary[0]], t.Factors[vary[1]]
	abs := a.st.B.Reg.Op("abs")
	if u.Atom.Op == abs {
		f, u = u, f
	}
	k, integer := u.Exp.Int64()
	if f.Atom.Op != abs || !integer || k%2 != 0 || !isAtom(f.Atom.Args[0], u.Atom) || !slices.Equal(f.Idx, u.Idx) {
		return index.Factor{}, false
	}
	f.Exp = f.Exp.Add(u.Exp)
	return f, true
}

// powerPieces says how tᵉ is curved.
func powerPieces(e rat.Rat) []expr.Piece {
	k, integer := e.Int64()
	up, dn := half(0, false), negate(half(0, false))
	upOpen, dnOpen := half(0, true), negate(half(0, true))
	piece := func(on expr.Interval, b expr.Bend, tr expr.Trend) expr.Piece {
		return expr.Piece{On: on, Bend: b, Trend: tr, Strict: true}
	}
	switch {
	case integer && k > 0 && k%2 == 0:
		return []expr.Piece{piece(expr.Reals, expr.ConvexBend, expr.NoTrend),
			piece(up, expr.ConvexBend, expr.Rising), piece(dn, expr.ConvexBend, expr.Falling)}
	case integer && k > 0:
		return []expr.Piece{piece(up, expr.ConvexBend, expr.Rising), piece(dn, expr.ConcaveBend, expr.Rising)}
	case e.Sign() > 0 && e.Cmp(rat.One) > 0:
		return []expr.Piece{piece(up, expr.ConvexBend, expr.Rising)}
	case e.Sign() > 0:
		return []expr.Piece{piece(up, expr.ConcaveBend, expr.Rising)}
	case integer && k%2 == 0:
		return []expr.Piece{piece(upOpen, expr.ConvexBend, expr.Falling), piece(dnOpen, expr.ConvexBend, expr.Rising)}
	case integer:
		return []expr.Piece{piece(upOpen, expr.ConvexBend, expr.Falling), piece(dnOpen, expr.ConcaveBend, expr.Falling)}
	}
	return []expr.Piece{piece(upOpen, expr.ConvexBend, expr.Falling)}
}

// provePower proves the curvature of an atom to a power.
func (a *analyser) provePower(at *index.Atom, e rat.Rat, g goal) (p *proof, ok bool) {
	if e.IsOne() {
		return a.proveAtom(at, g)
	}
	if at.Kind == index.GroupAtom {
		if a.attempt(func() bool {
			p, ok = a.proveNorm(at.Args[0], e, g)
			return ok
		}) {
			return p, true
		}
		if a.attempt(func() bool {
			p, ok = a.powerOfProduct(at.Args[0], e, g)
			return ok
		}) {
			return p, true
		}
	}
	if p, ok = a.proveRoot(at, a.st.NumSum(e), a.powered(at, e), g); ok {
		return p, true
	}
	_, integer := e.Int64()
	natural := expr.Reals
	if !integer {
		natural = half(0, e.Sign() < 0)
	}
	if p, ok = a.compose(powerPieces(e), []*index.Sum{a.atomSum(at)}, natural, g, a.powered(at, e)); ok {
		return p, true
	}
	return a.logRule(at, e, g)
}

// powerOfProduct takes a power of a product factor by factor.
func (a *analyser) powerOfProduct(s *index.Sum, e rat.Rat, g goal) (*proof, bool) {
	if len(s.Terms) != 1 || s.Terms[0].Coef.Sign() < 0 {
		return nil, false
	}
	t := &s.Terms[0]
	if sums(t) {
		return nil, false
	}
	vary, held := a.split(t)
	if !a.need(a.part(t, held, classes(t, held), rat.One), half(0, true), false) {
		return nil, false
	}
	return a.powerProduct(t, vary, e, g)
}

// powered is atomᵉ as a sum over the atom's slots.
func (a *analyser) powered(at *index.Atom, e rat.Rat) *index.Sum {
	r := a.st.Raw(at.Slots)
	r.MulAtom(at, r.Slot, e)
	return a.st.SumOf(at.Slots, r)
}

// squareExponent reports whether s is the square of one factor.
func squareExponent(s *index.Sum) (is, ok bool) {
	if len(s.Terms) != 1 || len(s.Terms[0].Factors) != 1 {
		return false, false
	}
	return s.Terms[0].Factors[0].Exp.Equal(rat.Int(2)), true
}

// provePowerOf proves the curvature of xʸ where x or y is constant: with x > 0 the
// exponential exp(y log x), with y in an interval a power.
func (a *analyser) provePowerOf(at *index.Atom, g goal) (p *proof, ok bool) {
	x, y := at.Args[0], at.Args[1]
	self := a.atomSum(at)
	positive := half(0, true)
	if !a.sumVaries(x) {
		if !a.need(x, positive, false) || g != convex || !a.isAffine(y) {
			return nil, false
		}
		q, _ := a.prove(y, convex)
		q.steps = append(q.steps, Step{Rule: "exponential", Sum: self, Goal: g, Args: []*index.Sum{y}})
		return q, true
	}
	if a.sumVaries(y) {
		return nil, false
	}
	if len(x.Terms) == 1 && len(x.Terms[0].Factors) == 1 && isAtom(x, x.Terms[0].Factors[0].Atom) {
		if a.attempt(func() bool {
			p, ok = a.proveRoot(x.Terms[0].Factors[0].Atom, a.unspread(y), self, g)
			return ok
		}) {
			return p, true
		}
	}
	type option struct {
		in    expr.Interval
		piece expr.Piece
	}
	options := []option{
		{half(1, false), expr.Piece{On: positive, Bend: expr.ConvexBend, Trend: expr.Rising}},
		{expr.Interval{Lo: 0, Hi: 1}, expr.Piece{On: positive, Bend: expr.ConcaveBend, Trend: expr.Rising}},
		{negate(half(0, false)), expr.Piece{On: positive, Bend: expr.ConvexBend, Trend: expr.Falling}},
	}
	for _, taking := range [2]bool{false, true} {
		for _, o := range options {
			if a.attempt(func() bool {
				if !o.in.Holds(a.rangeOf(y)) {
					if !taking {
						return false
					}
					if o.in.Hi == 1 {
						if !a.need(y, half(0, false), false) || !a.assume(AtMostOne, y, false) {
							return false
						}
					} else if !a.need(y, o.in, false) {
						return false
					}
				}
				p, ok = a.compose([]expr.Piece{o.piece}, []*index.Sum{x}, positive, g, self)
				return ok
			}) {
				return p, true
			}
		}
	}
	return nil, false
}
