package convex

import (
	"math"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/index"
	"example.com/nabla/internal/rat"
)

// maxDepth bounds the nesting of expressions that ranges look into.
const maxDepth = 60

// rangeOf returns an interval that holds every entry of s wherever s has a value
// and the conditions taken so far hold.
func (a *analyser) rangeOf(s *index.Sum) expr.Interval {
	if len(s.Terms) == 0 {
		return expr.Interval{}
	}
	s = a.unspread(s)
	if r, ok := a.ranges[s]; ok {
		return r
	}
	if a.depth >= maxDepth {
		return expr.Reals
	}
	a.depth++
	r := a.termRange(&s.Terms[0])
	for i := range s.Terms[1:] {
		if r == expr.Reals {
			break
		}
		r = add(r, a.termRange(&s.Terms[i+1]))
	}
	for i := range s.Terms {
		// Entries that a term with tied slots leaves out are zero.
		t := &s.Terms[i]
		for j, c := range t.Slot {
			for _, d := range t.Slot[:j] {
				if c == d && len(s.Terms) > 1 {
					r = expr.Reals
				} else if c == d {
					r = hull(r, expr.Interval{})
				}
			}
		}
	}
	a.depth--
	if len(a.conds) > 0 {
		u, q := a.st.Unit(s)
		for i := range a.conds {
			if c := &a.conds[i]; c.Operand == s {
				if i, ok := c.Relation.interval(); ok {
					r = intersect(r, i)
				}
			} else if c.Operand == u {
				if i, ok := c.Relation.interval(); ok {
					r = intersect(r, multiply(i, point(q)))
				}
			}
		}
	}
	a.ranges[s] = r
	return r
}

// termRange is rangeOf for one term.
func (a *analyser) termRange(t *index.Term) expr.Interval {
	r := point(t.Coef)
	unsure := false // a factor without a sign
	for i := range t.Factors {
		f := a.factorRange(&t.Factors[i])
		unsure = unsure || !f.Nonnegative() && !f.Nonpositive()
		r = multiply(r, f)
	}
	for c, d := range t.Dims {
		if t.Bound(index.Ix(c)) {
			r = multiply(r, count(d))
		}
	}
	if unsure && len(t.Factors) > 1 {
		// A product of two like factors: x'*P*x.
		if a.mirrored(t) {
			sign := half(0, false)
			if t.Coef.Sign() < 0 {
				sign = negate(sign)
			}
			r = intersect(r, sign)
		}
	}
	return r
}

// count is where the number of values of an index lies.
func count(d *expr.Dim) expr.Interval {
	if c, ok := d.Const(); ok {
		return point(rat.Int(c))
	}
	_, pows, ok := d.Monomial()
	for _, p := range pows {
		ok = ok && p.Name.Symbol == nil
	}
	if ok {
		return half(1, false)
	}
	return half(0, false)
}

func (a *analyser) factorRange(f *index.Factor) expr.Interval {
	at := f.Atom
	r := a.atomRange(at)
	if len(f.Idx) >= 2 && at.Core == 2 && f.Idx[0] == f.Idx[1] && !r.Positive() {
		// The diagonal of a definite matrix.
		if ok, definite := a.psdAtom(at); ok {
			r = intersect(r, half(0, definite))
		}
	}
	return power(r, f.Exp)
}

func (a *analyser) atomRange(at *index.Atom) expr.Interval {
	r := expr.Reals
	switch at.Kind {
	case index.VarAtom:
		switch {
		case at.Sym.Facts&(expr.Onehot|expr.Simplex) != 0:
			r = expr.Interval{Lo: 0, Hi: 1}
		case at.Sym.Facts.Has(expr.Positive):
			r = half(0, at.Sym.Facts.AllPositive())
		}
		for i := range a.conds {
			if c := &a.conds[i]; isAtom(c.Operand, at) {
				if i, ok := c.Relation.interval(); ok {
					r = intersect(r, i)
				}
			}
		}
	case index.SizeAtom:
		r = half(1, false)
	case index.NumAtom:
		r = point(at.Num)
	case index.ConstAtom:
		switch {
		case at.Positive:
			r = half(0, true)
		case at.Op.Nonnegative:
			r = half(0, false)
		}
	case index.GroupAtom:
		r = a.rangeOf(at.Args[0])
	case index.OpAtom:
		if at.Sym == nil {
			r = a.opRange(at)
		}
	}
	if at.Positive {
		r = intersect(r, half(0, true))
	}
	return r
}

// isAtom reports whether s is the atom alone.
func isAtom(s *index.Sum, at *index.Atom) bool {
	if len(s.Terms) != 1 {
		return false
	}
	t := &s.Terms[0]
	return len(t.Factors) == 1 && t.Factors[0].Atom == at && t.Coef.IsOne() && t.Factors[0].Exp.IsOne() &&
		len(t.Dims) == len(at.Slots) && len(t.Slot) == len(t.Dims)
}

// opRange is the range of an operator's value by the pieces of its row.
func (a *analyser) opRange(at *index.Atom) expr.Interval {
	out, first := expr.Reals, true
	if len(at.Args) == 0 {
		return out
	}
	arg := a.rangeOf(at.Args[0])
	for _, s := range at.Args[1:] {
		arg = hull(arg, a.rangeOf(s))
	}
	within := expr.Reals
	for _, p := range at.Op.Pieces() {
		if p.Posdef {
			if ok, definite := a.psd(at.Args[0]); ok && definite {
				within = intersect(within, p.Range)
			}
			continue
		}
		if p.On.Holds(arg) {
			within = intersect(within, p.Range)
		}
		// The parts that tell of bounds cover the domain.
		if first {
			out, first = p.Range, false
		} else {
			out = hull(out, p.Range)
		}
	}
	if at.Op.Name == expr.OpElPow {
		if x := a.rangeOf(at.Args[0]); x.Positive() {
			within = half(0, true)
		}
	}
	if ps := at.Op.Pieces(); len(at.Args) == 2 && len(ps) > 0 && ps[0].Trend == expr.Rising && at.Op.Scalar != nil {
		within = intersect(within, a.choice(at))
	}
	if first {
		return within
	}
	return intersect(out, within)
}

// choice is the range of an operator that rises with both of its operands.
func (a *analyser) choice(at *index.Atom) expr.Interval {
	x, y := a.rangeOf(at.Args[0]), a.rangeOf(at.Args[1])
	f := at.Op.Scalar
	lo, hi := f([]float64{x.Lo, y.Lo}), f([]float64{x.Hi, y.Hi})
	return expr.Interval{Lo: down(lo), Hi: up(hi), LoOpen: math.IsInf(lo, 0), HiOpen: math.IsInf(hi, 0)}
}
