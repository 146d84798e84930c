package simplify

import (
	"slices"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/index"
	"example.com/nabla/internal/rat"
)

// A partner is a square that occurs in the sum at hand, such as cos(x)²; the square
// of sin(x) is then multiplied out as 1 − cos(x)² where that makes terms merge.
type partner struct {
	op  *expr.Op
	arg *index.Sum
	sum *index.Sum // what stands for the square of op(arg), once asked for
}

// A divisor is a group to a negative power that occurs in the sum at hand.
type divisor struct {
	atom *index.Atom
	exp  rat.Rat
}

var two = rat.Int(2)

// lookFor notes the squares of operators and the divisors in t.
func (sh *shortener) lookFor(t *index.Term) {
	e := sh.engine()
	for j := range t.Factors {
		f := &t.Factors[j]
		if open(f.Atom) && f.Exp.Sign() < 0 {
			sh.divisors = append(sh.divisors, divisor{f.Atom, f.Exp})
		}
		if e == nil {
			continue
		}
		if a := f.Atom; a.Kind == index.OpAtom && a.Sym == nil && e.squares[a.Op] != nil && f.Exp.IsInt() && f.Exp.Cmp(two) >= 0 {
			sh.partners = append(sh.partners, partner{op: a.Op, arg: a.Args[0]})
		}
	}
}

func (sh *shortener) engine() *Engine {
	if rs, ok := sh.st.Rules.(*Rules); ok && rs != nil {
		return rs.e
	}
	return nil
}

// content returns the sum that a factor may be multiplied out as, over the slots of
// its atom, or nil: a group's content, for a square what a rule says. A group g below a
// fraction bar is multiplied out as g/g² where another term has the divisor g², so that
// 1/g − x²/g² may have one numerator.
func (sh *shortener) content(f *index.Factor) *index.Sum {
	a := f.Atom
	if open(a) {
		if len(a.Args[0].Terms) > 1 && (f.Exp.IsOne() || f.Exp.Sign() < 0 && slices.ContainsFunc(sh.divisors, func(d divisor) bool {
			return d.atom == a && d.exp.Equal(f.Exp.Sub(rat.One))
		})) {
			return a.Args[0]
		}
		return nil
	}
	if len(sh.partners) == 0 || a.Kind != index.OpAtom || a.Sym != nil || !f.Exp.IsInt() || f.Exp.Cmp(two) < 0 {
		return nil
	}
	for i := range sh.partners {
		p := &sh.partners[i]
		if p.op != a.Op || p.arg != a.Args[0] {
			continue
		}
		if p.sum == nil {
			p.sum = sh.square(a)
		}
		return p.sum
	}
	return nil
}

// square returns what a rule says the square of a is, over the slots of a.
func (sh *shortener) square(a *index.Atom) *index.Sum {
	rs := sh.st.Rules.(*Rules)
	if !rs.enter() {
		return nil
	}
	defer func() { rs.depth-- }()
	m := rs.matcher(sh.st, rs.e.squares[a.Op])
	x := m.r.lhs.Terms[0].Factors[0].Atom.Args[0].Terms[0].Factors[0].Atom.Sym.Ordinal
	for _, d := range a.Slots {
		m.spot(d)
	}
	m.vars[x] = binding{sum: a.Args[0], idx: identity(len(a.Slots))}
	return m.instance(m.r.rhs, identity(len(a.Slots)))
}

// left returns what is left of a factor when it is multiplied out once.
func left(f *index.Factor) (index.Factor, bool) {
	switch {
	case open(f.Atom) && f.Exp.Sign() < 0:
		return index.Factor{Atom: f.Atom, Exp: f.Exp.Sub(rat.One), Idx: f.Idx}, true
	case open(f.Atom) || f.Exp.Equal(two):
		return index.Factor{}, false
	}
	return index.Factor{Atom: f.Atom, Exp: f.Exp.Sub(two), Idx: f.Idx}, true
}
