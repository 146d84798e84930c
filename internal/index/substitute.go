package index

import "slices"

// Substitute returns s with other sums for some of its atoms: with gives the sum
// over an atom's slots that stands for it, or nil to look inside. A sum of several
// terms stays one factor where it is put in. What is put in is not looked into.
func (st *Store) Substitute(s *Sum, with func(*Atom) *Sum) *Sum {
	u := &substitution{st: st, with: with, atoms: make([]substitute, len(st.Atoms()))}
	return u.sum(s)
}

type substitution struct {
	st    *Store
	with  func(*Atom) *Sum
	atoms []substitute // by atom ID
}

// A substitute is what has become of an atom: sum is nil if it is as it was.
type substitute struct {
	known bool
	sum   *Sum
}

func (u *substitution) sum(s *Sum) *Sum {
	changed := false
	for i := range s.Terms {
		for j := range s.Terms[i].Factors {
			changed = u.atom(s.Terms[i].Factors[j].Atom) != nil || changed
		}
	}
	if !changed {
		return s
	}
	b := u.st.Build(s.Slots)
	for i := range s.Terms {
		t := &s.Terms[i]
		r := u.st.Raw(s.Slots)
		r.Coef = t.Coef
		m := r.Place(t, r.Slot)
		for j := range t.Factors {
			f := &t.Factors[j]
			if x := u.atom(f.Atom); x != nil {
				r.MulSum(x, shown(f.Idx, m), f.Exp)
			} else {
				r.MulAtom(f.Atom, shown(f.Idx, m), f.Exp)
			}
		}
		b.Add(r)
	}
	return b.Sum()
}

// shown returns the classes that a factor's index tuple has in another product.
func shown(idx, m []Ix) []Ix {
	out := make([]Ix, len(idx))
	for i, c := range idx {
		out[i] = m[c]
	}
	return out
}

func (u *substitution) atom(a *Atom) *Sum {
	if a.ID >= len(u.atoms) {
		return nil // made here
	}
	if x := &u.atoms[a.ID]; x.known {
		return x.sum
	}
	out := u.with(a)
	if out == nil && len(a.Args) > 0 {
		args := make([]*Sum, len(a.Args))
		changed := false
		for k, s := range a.Args {
			args[k] = u.sum(s)
			changed = changed || args[k] != s
		}
		switch {
		case !changed:
		case a.Kind == GroupAtom && a.Opaque:
			out = u.st.Wrap(args[0])
		case a.Kind == GroupAtom:
			out = args[0]
		default:
			out = u.st.Apply(Application{Op: a.Op, Fn: a.Sym, Order: a.Order, Args: args,
				CoreIn: a.CoreIn, RowsIn: a.RowsIn, CoreOut: slices.Clone(a.Slots[:a.Core])})
		}
	}
	u.atoms[a.ID] = substitute{true, out}
	return out
}

// Open multiplies out, in each term of s, the first factor with exponent 1 that is
// a group and that opens chooses. It reports whether there was any.
func (st *Store) Open(s *Sum, opens func(*Factor) bool) (*Sum, bool) {
	at := make([]int, len(s.Terms))
	changed := false
	for i := range s.Terms {
		at[i] = slices.IndexFunc(s.Terms[i].Factors, func(f Factor) bool {
			return f.Atom.Kind == GroupAtom && f.Exp.IsOne() && opens(&f)
		})
		changed = changed || at[i] >= 0
	}
	if !changed {
		return s, false
	}
	b := st.Build(s.Slots)
	for i := range s.Terms {
		t := &s.Terms[i]
		k := at[i]
		if k < 0 {
			r := st.Raw(s.Slots)
			r.MulTerm(t, r.Slot)
			b.Add(r)
			continue
		}
		g := t.Factors[k].Atom.Args[0]
		for j := range g.Terms {
			r := st.Raw(s.Slots)
			r.Coef = t.Coef
			m := r.Inline(t, r.Slot, k)
			r.MulTerm(&g.Terms[j], shown(t.Factors[k].Idx, m))
			b.Add(r)
		}
	}
	return b.Sum(), true
}
