package convex

import (
	"math"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/index"
	"example.com/nabla/internal/rat"
)

// A Relation is what a condition asks of its operand.
type Relation string

// Relations. The first four hold entry by entry, those with a curved sign for
// symmetric matrices: A ⪰ 0 says that A is symmetric positive semidefinite.
const (
	NonNegative    Relation = "≥ 0"
	Positive       Relation = "> 0"
	NonPositive    Relation = "≤ 0"
	Negative       Relation = "< 0"
	AtLeastOne     Relation = "≥ 1"
	AtMostOne      Relation = "≤ 1"
	NonZero        Relation = "≠ 0"
	InUnit         Relation = "in (−1, 1)"
	AboveOne       Relation = "> 1"
	PSD            Relation = "⪰ 0"
	NSD            Relation = "⪯ 0"
	PD             Relation = "≻ 0"
	ND             Relation = "≺ 0"
	FullColumnRank Relation = "full column rank"
	FullRowRank    Relation = "full row rank"
)

// interval is where a relation puts every entry of its operand.
func (r Relation) interval() (expr.Interval, bool) {
	switch r {
	case NonNegative:
		return half(0, false), true
	case Positive:
		return half(0, true), true
	case NonPositive:
		return negate(half(0, false)), true
	case Negative:
		return negate(half(0, true)), true
	case AtLeastOne:
		return half(1, false), true
	case AboveOne:
		return half(1, true), true
	case AtMostOne:
		return negate(half(-1, false)), true
	case InUnit:
		return expr.Interval{Lo: -1, Hi: 1, LoOpen: true, HiOpen: true}, true
	}
	return expr.Reals, false
}

// relationFor names the relation of the interval, if it has one.
func relationFor(i expr.Interval) (Relation, bool) {
	switch {
	case i.Lo == 0 && math.IsInf(i.Hi, 1):
		if i.LoOpen {
			return Positive, true
		}
		return NonNegative, true
	case i.Hi == 0 && math.IsInf(i.Lo, -1):
		if i.HiOpen {
			return Negative, true
		}
		return NonPositive, true
	case i.Lo == 1 && math.IsInf(i.Hi, 1):
		if i.LoOpen {
			return AboveOne, true
		}
		return AtLeastOne, true
	case i.Lo == -1 && i.Hi == 1 && i.LoOpen && i.HiOpen:
		return InUnit, true
	}
	return "", false
}

// opposite is the relation that −E has where E has r.
func (r Relation) opposite() Relation {
	switch r {
	case NonNegative:
		return NonPositive
	case Positive:
		return Negative
	case NonPositive:
		return NonNegative
	case Negative:
		return Positive
	case PSD:
		return NSD
	case NSD:
		return PSD
	case PD:
		return ND
	case ND:
		return PD
	}
	return r
}

// strict is the relation without its limits.
func (r Relation) strict() Relation {
	switch r {
	case NonNegative:
		return Positive
	case NonPositive:
		return Negative
	case PSD:
		return PD
	case NSD:
		return ND
	}
	return r
}

// A Condition is what a verdict rests on besides the declared facts.
type Condition struct {
	Relation Relation
	// Operand has no slots, one for a vector or two for a matrix; further slots run
	// along the members of a family.
	Operand *index.Sum
	// Domain says that the condition restricts the variables. Natural says that the
	// function has no value elsewhere.
	Domain, Natural bool
	// Exact says that the verdict holds if and only if the condition does.
	Exact bool
	// Node is the operand in matrix notation, Text, LaTeX and Chinese the condition as
	// written.
	// Members is the family whose members as columns are the operand, if it is one.
	Node                 *expr.Node
	Members              *expr.Symbol
	Text, LaTeX, Chinese string

	form *form // of which Operand is the Hessian
}

// need reports whether every entry of s lies in the interval; if that is not known
// it takes it as a condition where it may.
func (a *analyser) need(s *index.Sum, i expr.Interval, natural bool) bool {
	if i.Holds(a.rangeOf(s)) {
		return true
	}
	rel, ok := relationFor(i)
	left := intersect(a.rangeOf(s), i)
	if !ok || len(s.Slots) > 2 || left.Lo >= left.Hi {
		return false // a condition that hardly ever holds
	}
	return a.assume(rel, s, natural)
}

// needPSD does the same for the order of symmetric matrices. It is never the natural
// domain: a determinant is positive of other matrices, too.
func (a *analyser) needPSD(s *index.Sum, rel Relation) bool {
	ok, definite := a.psd(s)
	if ok && (rel == PSD || definite) {
		return true
	}
	return len(s.Slots) == 2 && s.Slots[0] == s.Slots[1] && a.assume(rel, s, false)
}

// upright writes a condition on the sign of 1/(c d) as one of c d.
func (a *analyser) upright(s *index.Sum, rel Relation) (*index.Sum, Relation) {
	switch rel {
	case NonNegative, Positive, NonPositive, Negative:
	default:
		return s, rel
	}
	if len(s.Terms) != 1 || len(s.Terms[0].Dims) != len(s.Slots) {
		return s, rel
	}
	t := &s.Terms[0]
	r := a.st.Raw(s.Slots)
	r.Coef = t.Coef
	at := r.Place(t, r.Slot)
	turned := false
	for _, f := range t.Factors {
		idx := make([]index.Ix, len(f.Idx))
		for i, c := range f.Idx {
			idx[i] = at[c]
		}
		e := f.Exp
		if e.Equal(rat.MinusOne) {
			e, turned = rat.One, true
		}
		r.MulAtom(f.Atom, idx, e)
	}
	x := a.st.SumOf(s.Slots, r)
	if !turned {
		return s, rel
	}
	return x, rel.strict()
}

func (a *analyser) assume(rel Relation, s *index.Sum, natural bool) bool {
	domain := a.sumVaries(s)
	natural = natural && domain
	if rel != PSD && rel != NSD && rel != PD && rel != ND {
		s, rel = a.upright(a.unspread(s), rel)
	}
	u, q := a.st.Unit(s)
	if q.Sign() < 0 {
		rel = rel.opposite()
	}
	if rel == AtLeastOne || rel == AtMostOne || rel == AboveOne || rel == InUnit {
		u = s
	}
	// A condition taken before may be made stricter.
	for i := range a.conds {
		c := &a.conds[i]
		if c.Operand != u {
			continue
		}
		if c.Relation == rel || c.Relation == rel.strict() {
			return true
		}
		if c.Relation.strict() == rel {
			c.Relation, c.Natural = rel, natural && c.Natural
			clear(a.ranges)
			return true
		}
		return false // contradictory
	}
	if !natural {
		if a.allow == 0 {
			return false
		}
		a.allow--
	}
	a.conds = append(a.conds, Condition{Relation: rel, Operand: u, Domain: domain, Natural: natural})
	clear(a.ranges)
	return true
}
