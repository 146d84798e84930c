package simplify

import (
	"slices"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/index"
)

// An Assumption is something taken for granted of an operand. Kind is "positive",
// "nonzero", "invertible", or another Domain of an operator.
type Assumption struct {
	Kind    string
	Operand *index.Sum
	// Rows and Cols are the slots of the operand that are its axes (rows, then
	// columns, at most one slot each); the rest runs along.
	Rows, Cols []int
}

// Assumptions returns what the rules used so far have taken for granted, each
// once, in the order of use.
func (rs *Rules) Assumptions() []Assumption { return rs.assumed }

// assume records the assumptions of the rule that has matched.
func (m *matcher) assume() {
	for k := range m.r.vars {
		v := &m.r.vars[k]
		b := m.vars[k]
		if v.assume == "" || b.sum == nil || Evident(v.assume, b.sum) {
			continue
		}
		a := Assumption{Kind: v.assume, Operand: b.sum}
		for i, s := range b.idx {
			switch s {
			case -1:
				a.Rows = append(a.Rows, i)
			case -2:
				a.Cols = append(a.Cols, i)
			}
		}
		m.rs.assumed = with(m.rs.assumed, a)
	}
}

func with(list []Assumption, a Assumption) []Assumption {
	if slices.ContainsFunc(list, func(b Assumption) bool { return a.Kind == b.Kind && a.Operand == b.Operand }) {
		return list
	}
	return append(list, a)
}

// Domains adds to list what the operators in s ask of their operands, each once,
// in the order of the factors.
func Domains(s *index.Sum, list []Assumption) []Assumption {
	seen := map[*index.Atom]bool{}
	var visit func(s *index.Sum)
	visit = func(s *index.Sum) {
		for i := range s.Terms {
			for j := range s.Terms[i].Factors {
				a := s.Terms[i].Factors[j].Atom
				if seen[a] {
					continue
				}
				seen[a] = true
				for _, arg := range a.Args {
					visit(arg)
				}
				if a.Kind != index.OpAtom || a.Sym != nil || a.Op.Domain == "" || Evident(a.Op.Domain, a.Args[0]) ||
					a.Op.Name == expr.OpElPow && integral(a.Args[1]) {
					continue
				}
				as := Assumption{Kind: a.Op.Domain, Operand: a.Args[0]}
				for k := range a.CoreIn {
					if k < a.RowsIn {
						as.Rows = append(as.Rows, k)
					} else {
						as.Cols = append(as.Cols, k)
					}
				}
				list = with(list, as)
			}
		}
	}
	visit(s)
	return list
}

// Evident reports whether s has the property that an operator's Domain asks for by
// its form or by a declared fact.
func Evident(kind string, s *index.Sum) bool {
	switch kind {
	case "positive", "nonzero":
		return s.Positive()
	case "invertible":
		return hasFacts(s, expr.Invertible) || definite(s)
	case "posdet":
		return hasFacts(s, expr.Posdef) || definite(s)
	}
	return false
}

// integral reports whether every entry of s is an integer by its form, so that as
// an exponent it takes any base.
func integral(s *index.Sum) bool {
	for i := range s.Terms {
		t := &s.Terms[i]
		if !t.Coef.IsInt() {
			return false
		}
		for j := range t.Factors {
			f := &t.Factors[j]
			whole := false
			switch a := f.Atom; a.Kind {
			case index.SizeAtom:
				whole = true
			case index.VarAtom:
				whole = a.Sym.Facts.Has(expr.Integer)
			case index.ConstAtom:
				whole = a.Counts
			case index.GroupAtom:
				whole = integral(a.Args[0])
			}
			if !whole || !f.Exp.IsInt() || f.Exp.Sign() < 0 {
				return false
			}
		}
	}
	return true
}

// ordinary reports whether s is known to vanish at exceptional points only, as a
// function without kinks does. relu(x) is zero on half of the space, and so are most
// entries of a diagonal or onehot variable.
func ordinary(s *index.Sum) bool {
	budget := 200
	var visit func(s *index.Sum) bool
	visit = func(s *index.Sum) bool {
		for i := range s.Terms {
			t := &s.Terms[i]
			if tied(t) {
				return false
			}
			for j := range t.Factors {
				a := t.Factors[j].Atom
				if budget--; budget < 0 || a.Kind == index.ConstAtom && !a.Positive || a.Kind == index.OpAtom && a.Sym == nil && a.Op.Kink ||
					a.Kind == index.VarAtom && a.Sym.Facts&(expr.Diagonal|expr.Onehot) != 0 {
					return false
				}
				for _, arg := range a.Args {
					if !visit(arg) {
						return false
					}
				}
			}
		}
		return len(s.Terms) > 0
	}
	return visit(s)
}

// hasFacts reports whether s is a variable with the facts.
func hasFacts(s *index.Sum, facts expr.Fact) bool {
	if len(s.Terms) != 1 {
		return false
	}
	t := &s.Terms[0]
	if len(t.Factors) != 1 || !t.Coef.IsOne() || !t.Factors[0].Exp.IsOne() || len(t.Dims) != len(t.Factors[0].Idx) {
		return false
	}
	a := t.Factors[0].Atom
	return a.Kind == index.VarAtom && !a.Bare && a.Sym.Facts.Has(facts)
}

// nonnegative reports whether every entry of s is known to be at least zero.
func nonnegative(s *index.Sum) bool {
	for i := range s.Terms {
		t := &s.Terms[i]
		if t.Coef.Sign() < 0 {
			return false
		}
		for j := range t.Factors {
			f := &t.Factors[j]
			k, integer := f.Exp.Int64()
			if !f.Atom.Positive && !(integer && k%2 == 0) &&
				!(f.Atom.Kind == index.VarAtom && f.Atom.Sym.Facts.Has(expr.Positive)) &&
				!(f.Atom.Kind == index.OpAtom && f.Atom.Sym == nil && f.Atom.Op.Nonnegative) {
				return false
			}
		}
	}
	return true
}
