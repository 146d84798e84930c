package convex

import (
	"slices"

	"example.com/nabla/internal/index"
	"example.com/nabla/internal/rat"
)

// injectiveMap reports whether an affine sum takes different values at any two
// points, under conditions of rank.
func (a *analyser) injectiveMap(s *index.Sum) ([]Condition, bool) {
	var of *index.Term
	for i := range s.Terms {
		if a.termVaries(&s.Terms[i]) {
			if of != nil {
				return nil, false
			}
			of = &s.Terms[i]
		}
	}
	if of == nil {
		return nil, false
	}
	return a.injectiveTerm(of, nil)
}

// injectiveTerm is injectiveMap for a linear term whose values are shown by its
// slots and the given classes.
func (a *analyser) injectiveTerm(t *index.Term, shown []index.Ix) ([]Condition, bool) {
	x := -1
	for i := range t.Factors {
		if a.varies(t.Factors[i].Atom) {
			x = i
		}
	}
	f := &t.Factors[x]
	visible := func(c index.Ix) bool { return !t.Bound(c) || slices.Contains(shown, c) }
	if f.Atom.Kind == index.GroupAtom {
		// Everything else must leave the group's entries apart.
		for i := range t.Factors {
			if i != x {
				return nil, false
			}
		}
		for _, c := range f.Idx {
			if !visible(c) {
				return nil, false
			}
		}
		return a.injectiveMap(f.Atom.Args[0])
	}
	at := slices.Clone(f.Idx)
	for i, c := range at {
		if slices.Contains(at[:i], c) {
			return nil, false
		}
	}
	used := make([]bool, len(t.Factors))
	used[x] = true
	var conds []Condition
	count := func(c index.Ix) (n int) {
		for i := range t.Factors {
			if !used[i] && slices.Contains(t.Factors[i].Idx, c) {
				n++
			}
		}
		return n
	}
	for again := true; again; {
		again = false
		for k := range t.Factors {
			l := &t.Factors[k]
			if used[k] || len(l.Idx) != 2 || !l.Exp.IsOne() || l.Idx[0] == l.Idx[1] {
				continue
			}
			for p := range 2 {
				from, to := l.Idx[p], l.Idx[1-p]
				i := slices.Index(at, from)
				if i < 0 || visible(from) || slices.Contains(at, to) || count(from) != 1 {
					continue
				}
				rel := FullColumnRank
				if p == 0 {
					rel = FullRowRank
				}
				if !a.invertible(l.Atom) {
					conds = append(conds, Condition{Relation: rel, Operand: a.atomSum(l.Atom)})
				}
				at[i] = to
				used[k], again = true, true
				break
			}
		}
	}
	var weights []int
	for k := range t.Factors {
		if !used[k] {
			weights = append(weights, k)
			for _, c := range t.Factors[k].Idx {
				if !visible(c) {
					return nil, false
				}
			}
		}
	}
	for _, c := range at {
		if !visible(c) {
			return nil, false
		}
	}
	if len(weights) > 0 {
		w := a.part(t, weights, classes(t, weights), rat.One)
		if r := a.rangeOf(w); !r.Positive() && !r.Negative() {
			u, _ := a.st.Unit(w)
			conds = append(conds, Condition{Relation: NonZero, Operand: u})
		}
	}
	// A class that nothing but the variable shows in another slot would repeat it;
	// that is no loss.
	return conds, true
}
