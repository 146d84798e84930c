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
	return Replace(st, s, func(a *index.Atom) *index.Sum {
		if !bare(a) {
			return nil
		}
		v := st.Var(a.Sym, false)
		return st.AtomSum(v, v.Slots, identity(len(v.Slots)))
	})
}

// Replace returns s with other sums for some of its variables: with gives the sum
// over an atom's slots that stands for it, or nil to keep it.
func Replace(st *index.Store, s *index.Sum, with func(*index.Atom) *index.Sum) *index.Sum {
	r := &restorer{st: st, with: with, atoms: make([]restored, len(st.Atoms()))}
	return r.sum(s)
}

type restorer struct {
	st    *index.Store
	with  func(*index.Atom) *index.Sum // of a variable
	atoms []restored                   // by atom ID
}

// restored is what has become of an atom: sum is nil if it is as it was.
type restored struct {
	known bool
	sum   *index.Sum
}

func (r *restorer) sum(s *index.Sum) *index.Sum {
	changed := false
	for i := range s.Terms {
		for j := range s.Terms[i].Factors {
			changed = r.atom(s.Terms[i].Factors[j].Atom) != nil || changed
		}
	}
	if !changed {
		return s
	}
	b := r.st.Build(s.Slots)
	for i := range s.Terms {
		t := &s.Terms[i]
		raw, m := product(r.st, s, t)
		for j := range t.Factors {
			f := &t.Factors[j]
			if x := r.atom(f.Atom); x != nil {
				raw.MulSum(x, remap(f.Idx, m), f.Exp)
			} else {
				raw.MulAtom(f.Atom, remap(f.Idx, m), f.Exp)
			}
		}
		b.Add(raw)
	}
	return b.Sum()
}

// atom returns the sum over the atom's slots that it has become, or nil.
func (r *restorer) atom(a *index.Atom) *index.Sum {
	if a.ID >= len(r.atoms) {
		return nil // made here, from restored ones
	}
	if x := &r.atoms[a.ID]; x.known {
		return x.sum
	}
	var out *index.Sum
	switch {
	case a.Kind == index.VarAtom:
		out = r.with(a)
	case len(a.Args) > 0:
		args := make([]*index.Sum, len(a.Args))
		changed := false
		for k, s := range a.Args {
			args[k] = r.sum(s)
			changed = changed || args[k] != s
		}
		switch {
		case !changed:
		case a.Kind == index.GroupAtom && a.Opaque:
			out = r.st.Wrap(args[0])
		case a.Kind == index.GroupAtom:
			out = args[0]
		default:
			out = r.st.Apply(index.Application{Op: a.Op, Fn: a.Sym, Order: a.Order, Args: args,
				CoreIn: a.CoreIn, RowsIn: a.RowsIn, CoreOut: slices.Clone(a.Slots[:a.Core])})
		}
	}
	r.atoms[a.ID] = restored{true, out}
	return out
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
