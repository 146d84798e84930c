package simplify

import (
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

var two = rat.Int(2)

// lookFor notes the squares of operators in t.
func (sh *shortener) lookFor(t *index.Term) {
	e := sh.engine()
	if e == nil {
		return
	}
	for j := range t.Factors {
		f := &t.Factors[j]
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
// its atom, or nil: a group's content, and for a square what a rule says.
func (sh *shortener) content(f *index.Factor) *index.Sum {
	a := f.Atom
	if open(a) {
		if f.Exp.IsOne() && len(a.Args[0].Terms) > 1 {
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
	if open(f.Atom) || f.Exp.Equal(two) {
		return index.Factor{}, false
	}
	return index.Factor{Atom: f.Atom, Exp: f.Exp.Sub(two), Idx: f.Idx}, true
}
