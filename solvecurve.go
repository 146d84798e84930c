package nabla

import (
	"errors"
	"slices"

	"example.com/nabla/internal/convex"
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/index"
	"example.com/nabla/internal/lower"
	"example.com/nabla/internal/rat"
)

// A curved is what is known of the curvature of a function in some variables: in
// themselves, or in the inverse of one.
type curved struct {
	wrt      []*expr.Symbol
	inverse  *expr.Node // the inverse that is the variable instead, nil for none
	verdicts []convex.Verdict
	neither  bool
}

// decides reports whether a verdict says what a stationary point is, whatever its
// place: none of its conditions is on the variables.
func decides(v *convex.Verdict) bool {
	return (v.Curvature == convex.Convex || v.Curvature == convex.Concave) &&
		!slices.ContainsFunc(v.Conditions, func(c convex.Condition) bool { return c.Domain || c.Text == "" })
}

// restricted returns a verdict in which conditions that make a variable definite count
// as its domain: the set that the verdict is about is convex.
func restricted(v convex.Verdict) convex.Verdict {
	var rest []convex.Condition
	v.Domain = slices.Clone(v.Domain)
	for _, c := range v.Conditions {
		if c.Domain && definite(c.Relation) {
			v.Domain = append(v.Domain, c)
		} else {
			rest = append(rest, c)
		}
	}
	v.Conditions = rest
	return v
}

func definite(r convex.Relation) bool {
	return r == convex.PSD || r == convex.PD || r == convex.NSD || r == convex.ND
}

// restriction returns what makes the set that a verdict is about smaller than where
// the function has a value: log|X| is concave where X is positive definite, and has a
// value wherever the determinant is positive.
func restriction(v *convex.Verdict) *convex.Condition {
	for i := range v.Domain {
		if definite(v.Domain[i].Relation) {
			return &v.Domain[i]
		}
	}
	return nil
}

// excluded reports whether a verdict rests on a condition under which there is no
// stationary point: that what is the value of a variable is negative, where the variable
// is positive.
func (q *stationary) excluded(v *convex.Verdict) bool {
	if q.fail != nil {
		return false
	}
	for _, c := range v.Conditions {
		strict, opposite := q.provided(c)
		if strict && opposite {
			return true
		}
	}
	for _, p := range q.joint.Parts {
		cut := restriction(v)
		positive := p.Unknown.Sym.Facts.Has(expr.Posdef) || p.Unknown.Sym.Facts.Has(expr.Positive) ||
			cut != nil && cut.Relation == convex.PD && cut.Node == q.b.Var(p.Unknown.Sym)
		if !positive || p.Vec {
			continue
		}
		unit, sign := q.st.Unit(p.Sum)
		for _, c := range v.Conditions {
			negative := c.Relation == convex.NSD || c.Relation == convex.ND || c.Relation == convex.NonPositive || c.Relation == convex.Negative
			if negative && sign.Sign() > 0 && (c.Operand == unit || c.Operand == q.transposed(unit)) {
				return true
			}
		}
	}
	return false
}

// settled returns a verdict without the conditions that the solution takes for granted
// anyway.
func (q *stationary) settled(v convex.Verdict) convex.Verdict {
	v.Conditions = slices.DeleteFunc(slices.Clone(v.Conditions), func(c convex.Condition) bool {
		strict, opposite := q.provided(c)
		return strict && !opposite
	})
	return v
}

// provided reports whether the solution takes for granted that the operand of a
// condition is positive, or positive definite; opposite, that the condition says that
// it is negative.
func (q *stationary) provided(c convex.Condition) (strict, opposite bool) {
	if q.fail != nil || c.Node == nil || c.Domain {
		return false, false
	}
	say := " > 0"
	switch c.Relation {
	case convex.NonNegative, convex.Positive:
	case convex.NonPositive, convex.Negative:
		opposite = true
	case convex.PSD, convex.PD:
		say = " is positive definite"
	case convex.NSD, convex.ND:
		say, opposite = " is positive definite", true
	default:
		return false, false
	}
	if say == " > 0" && !c.Node.Shape.IsScalar() {
		say += " in each entry"
	}
	return slices.ContainsFunc(q.out.Conditions, func(p Phrase) bool { return p.En == q.text(c.Node)+say }), opposite
}

func (q *stationary) transposed(s *index.Sum) *index.Sum {
	if len(s.Slots) != 2 {
		return s
	}
	return q.st.Transpose(s)
}

// analyse asks for the curvature of a scalar in variables. An input that convexity
// cannot be asked of has none.
func (q *stationary) analyse(n *expr.Node, wrt []*expr.Symbol) (r *convex.Report, err error) {
	defer func() {
		if x := recover(); x != nil {
			if q.fault(x) == nil {
				panic(x)
			}
			r, err = nil, nil // it has no value anywhere
		}
	}()
	low, err := lower.New(q.st, q.eng.templates, func(s *expr.Symbol) bool { return slices.Contains(wrt, s) }, n)
	if err != nil {
		return nil, nil // the axes are split otherwise
	}
	r, err = convex.Analyse(&convex.Problem{Node: n, F: low.Lower(n).S, Low: low, Wrt: wrt, Raiser: q.rs, Print: q.po})
	var refuted *convex.Refuted
	if errors.As(err, &refuted) {
		return nil, &InternalError{refuted.Message}
	}
	return r, err
}

// curvatureOf looks at a function in variables, and where that decides nothing in the
// inverse of each one that can be inverted: the stationary points are the same ones.
func (q *stationary) curvatureOf(n *expr.Node, wrt []*expr.Symbol) (curved, error) {
	out := curved{wrt: wrt}
	r, err := q.analyse(n, wrt)
	if err != nil || r == nil {
		return out, err
	}
	keep := func(r *convex.Report) {
		for i := range r.Verdicts {
			if v := q.settled(restricted(r.Verdicts[i])); decides(&v) && !q.excluded(&v) {
				out.verdicts = append(out.verdicts, v)
			}
		}
	}
	keep(r)
	out.neither = r.Curvature == convex.Neither
	// What needs no condition says more than what does.
	sure := func() bool {
		return slices.ContainsFunc(out.verdicts, func(v convex.Verdict) bool { return v.Unconditional() })
	}
	for k, s := range wrt {
		if sure() || !s.Facts.Has(expr.Posdef) && !(s.Shape.IsScalar() && s.Facts.Has(expr.Positive)) {
			continue
		}
		b := q.b
		p := b.NewSymbol("‹"+s.Name+"⁻¹›", s.Kind, s.Shape, s.Facts)
		x, inverse := b.Var(s), b.Node(expr.OpInv, b.Var(s))
		put := b.Node(expr.OpInv, b.Var(p))
		if s.Shape.IsScalar() {
			one := b.Node(expr.OpDiv, b.Num(rat.One), b.Var(p))
			put, inverse = one, b.Node(expr.OpDiv, b.Num(rat.One), x)
		}
		other := slices.Clone(wrt)
		other[k] = p
		r, err := q.analyse(b.Replace(n, map[*expr.Node]*expr.Node{x: put}), other)
		if err != nil {
			return out, err
		}
		if r == nil {
			continue
		}
		before := out.verdicts
		out.verdicts = nil
		if keep(r); len(before) == 0 && len(out.verdicts) > 0 || sure() {
			out.inverse = inverse
		} else {
			out.verdicts = before
		}
	}
	return out, nil
}
