package simplify

import (
	"slices"

	"example.com/nabla/internal/index"
)

// Restore returns s with the declared facts of every variable back in force.
//
// Differentiation is by bare variables, without the facts that a perturbation would
// break. Afterwards the facts hold at the point where the derivative is taken: what
// is symmetric merges and the rules that ask for facts apply. A further derivative
// is never taken of the restored sum.
func Restore(st *index.Store, s *index.Sum) *index.Sum {
	bare := func(a *index.Atom) bool { return a.Kind == index.VarAtom && a.Bare && a.Sym.Facts != 0 }
	if !slices.ContainsFunc(st.Atoms(), bare) {
		return s
	}
	return st.Substitute(s, func(a *index.Atom) *index.Sum {
		if !bare(a) {
			return nil
		}
		v := st.Var(a.Sym, false)
		return st.AtomSum(v, v.Slots, identity(len(v.Slots)))
	})
}

// product starts a product over the slots of s with the coefficient of its term t,
// and returns the class of each of t's classes.
func product(st *index.Store, s *index.Sum, t *index.Term) (*index.Raw, []index.Ix) {
	r := st.Raw(s.Slots)
	r.Coef = t.Coef
	return r, r.Place(t, r.Slot)
}

func remap(idx, m []index.Ix) []index.Ix {
	out := make([]index.Ix, len(idx))
	for i, c := range idx {
		out[i] = m[c]
	}
	return out
}
