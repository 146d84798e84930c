package solve

import (
	"slices"

	"example.com/nabla/internal/index"
	"example.com/nabla/internal/rat"
)

// Substitute returns s with each atom of by replaced by a sum over the atom's
// slots. A sum of several terms stays one factor where it is put in.
func Substitute(st *index.Store, s *index.Sum, by map[*index.Atom]*index.Sum) *index.Sum {
	return st.Substitute(s, func(a *index.Atom) *index.Sum { return by[a] })
}

// Sign returns 1 or −1 for a scalar that is known to be positive or negative where it
// has a value and is not zero, else 0: a sum of terms of one sign, each a product of
// positive factors and of even powers.
func Sign(s *index.Sum) int {
	sign := 0
	for i := range s.Terms {
		t := &s.Terms[i]
		for _, f := range t.Factors {
			if k, ok := f.Exp.Int64(); !(f.Atom.Positive || ok && k%2 == 0 || f.Atom.Kind == index.GroupAtom && len(f.Atom.Slots) == 0 && Sign(f.Atom.Args[0]) > 0) {
				return 0
			}
		}
		if i > 0 && t.Coef.Sign() != sign {
			return 0
		}
		sign = t.Coef.Sign()
	}
	return sign
}

// DependsOn reports whether an atom occurs in s, at any depth.
func DependsOn(s *index.Sum, a *index.Atom) bool {
	for i := range s.Terms {
		if termDepends(&s.Terms[i], a) {
			return true
		}
	}
	return false
}

func termDepends(t *index.Term, a *index.Atom) bool {
	return slices.ContainsFunc(t.Factors, func(f index.Factor) bool { return atomDepends(f.Atom, a) })
}

func atomDepends(b, a *index.Atom) bool {
	return b == a || b.ID > a.ID && slices.ContainsFunc(b.Args, func(s *index.Sum) bool { return DependsOn(s, a) })
}

// maxRounds and maxTerms bound how far products are multiplied out.
const (
	maxRounds = 24
	maxTerms  = 200
)

// expand multiplies out the groups of s that depend on the atom, so that its terms
// show how the atom occurs. It reports false where that grows too long.
func expand(st *index.Store, s *index.Sum, a *index.Atom) (*index.Sum, bool) {
	for range maxRounds {
		next := expandOnce(st, s, a)
		if next == s {
			return s, true
		}
		if len(next.Terms) > maxTerms {
			return s, false
		}
		s = next
	}
	return s, true // scalar factors that the normal form keeps as groups
}

func expandOnce(st *index.Store, s *index.Sum, a *index.Atom) *index.Sum {
	opens := func(f index.Factor) bool {
		k, ok := f.Exp.Int64()
		return ok && k > 0 && f.Atom.Kind == index.GroupAtom && atomDepends(f.Atom, a)
	}
	if !slices.ContainsFunc(s.Terms, func(t index.Term) bool { return slices.ContainsFunc(t.Factors, opens) }) {
		return s
	}
	b := st.Build(s.Slots)
	for i := range s.Terms {
		t := &s.Terms[i]
		at := slices.IndexFunc(t.Factors, opens)
		if at < 0 {
			r, m := open(st, s, t)
			mulFactors(r, t, m, -1)
			b.Add(r)
			continue
		}
		f := &t.Factors[at]
		inner := f.Atom.Args[0]
		for k := range inner.Terms {
			r, m := open(st, s, t)
			mulFactors(r, t, m, at)
			r.MulTerm(&inner.Terms[k], remap(f.Idx, m))
			if e := f.Exp.Sub(rat.One); !e.IsZero() {
				r.MulAtom(f.Atom, remap(f.Idx, m), e)
			}
			b.Add(r)
		}
	}
	return b.Sum()
}

// open starts a product over the slots of s with the coefficient of its term t and
// returns the class of each of t's classes.
func open(st *index.Store, s *index.Sum, t *index.Term) (*index.Raw, []index.Ix) {
	r := st.Raw(s.Slots)
	r.Coef = t.Coef
	return r, r.Place(t, r.Slot)
}

// mulFactors multiplies r by the factors of t but one (or −1 for all), whose
// classes are given by m.
func mulFactors(r *index.Raw, t *index.Term, m []index.Ix, but int) {
	for j := range t.Factors {
		if j != but {
			f := &t.Factors[j]
			r.MulAtom(f.Atom, remap(f.Idx, m), f.Exp)
		}
	}
}

func remap(idx, m []index.Ix) []index.Ix {
	out := make([]index.Ix, len(idx))
	for i, c := range idx {
		out[i] = m[c]
	}
	return out
}

// seq returns n numbers from first on.
func seq(first, n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = first + i
	}
	return out
}
