package convex

import (
	"slices"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/index"
	"example.com/nabla/internal/raise"
	"example.com/nabla/internal/rat"
)

// signByDenominator finds the sign of a sum that is a quotient of sums: it multiplies
// by the positive denominators and multiplies out.
func (a *analyser) signByDenominator(s *index.Sum) expr.Interval {
	least := map[*index.Atom]rat.Rat{}
	var order []*index.Atom
	for i := range s.Terms {
		for _, f := range s.Terms[i].Factors {
			if f.Atom.Kind != index.GroupAtom || len(f.Idx) > 0 || f.Exp.Sign() >= 0 || !a.atomRange(f.Atom).Positive() {
				continue
			}
			if e, ok := least[f.Atom]; !ok {
				order = append(order, f.Atom)
				least[f.Atom] = f.Exp
			} else if f.Exp.Cmp(e) < 0 {
				least[f.Atom] = f.Exp
			}
		}
	}
	if len(order) == 0 {
		return expr.Reals
	}
	b := a.st.Build(nil)
	for i := range s.Terms {
		r := a.st.Raw(nil)
		r.MulTerm(&s.Terms[i], nil)
		for _, at := range order {
			r.MulAtom(at, nil, least[at].Neg())
		}
		b.Add(r)
	}
	x := b.Sum()
	for range 4 {
		b := a.st.Build(nil)
		changed := false
		for i := range x.Terms {
			t := &x.Terms[i]
			k := slices.IndexFunc(t.Factors, func(f index.Factor) bool {
				return f.Atom.Kind == index.GroupAtom && len(f.Idx) == 0 && f.Exp.Sign() > 0 && f.Exp.IsInt()
			})
			if k < 0 {
				r := a.st.Raw(nil)
				r.MulTerm(t, nil)
				b.Add(r)
				continue
			}
			changed = true
			f := &t.Factors[k]
			g := f.Atom.Args[0]
			for j := range g.Terms {
				r := a.st.Raw(nil)
				r.Coef = t.Coef
				r.Inline(t, nil, k)
				r.MulTerm(&g.Terms[j], nil)
				if rest := f.Exp.Sub(rat.One); !rest.IsZero() {
					r.MulAtom(f.Atom, nil, rest)
				}
				b.Add(r)
			}
		}
		x = b.Sum()
		if !changed || len(x.Terms) > maxExpanded {
			break
		}
	}
	switch r := a.rangeOf(x); {
	case r.Nonnegative():
		return half(0, r.Positive())
	case r.Nonpositive():
		return negate(half(0, r.Negative()))
	}
	return expr.Reals
}

// withoutIdentity returns the matrix S of a form I ⊗ S or S ⊗ I, which is semidefinite
// if and only if the form is.
func (a *analyser) withoutIdentity(f *form) *form {
	for k := range f.left {
		if len(f.left) != 2 || f.symmetric {
			break
		}
		l, r := f.left[k], f.right[k]
		other := []int{f.left[1-k], f.right[1-k]}
		free := true
		for i := range f.s.Terms {
			t := &f.s.Terms[i]
			c := t.Slot[l]
			free = free && c == t.Slot[r] && c != t.Slot[other[0]] && c != t.Slot[other[1]] &&
				!slices.ContainsFunc(t.Factors, func(f index.Factor) bool { return slices.Contains(f.Idx, c) })
		}
		if !free {
			continue
		}
		slots := []*expr.Dim{f.s.Slots[other[0]], f.s.Slots[other[1]]}
		b := a.st.Build(slots)
		for i := range f.s.Terms {
			x := a.st.Raw(slots)
			idx := make([]index.Ix, 4)
			one := x.Class(f.s.Slots[l])
			idx[l], idx[r] = one, one
			idx[other[0]], idx[other[1]] = x.Slot[0], x.Slot[1]
			x.MulTerm(&f.s.Terms[i], idx)
			x.Discard(one)
			b.Add(x)
		}
		return &form{s: b.Sum(), left: []int{0}, right: []int{1}, axes: raise.Axes{Rows: []int{0}, Cols: []int{1}}}
	}
	return f
}

// maxExpanded bounds the terms of a Hessian that is multiplied out.
const maxExpanded = 200

// expand multiplies out the groups of a Hessian that have no sign by themselves.
func (a *analyser) expand(s *index.Sum) *index.Sum {
	for range 4 {
		next, opened := a.st.Open(s, func(f *index.Factor) bool {
			r := a.rangeOf(f.Atom.Args[0])
			return !r.Nonnegative() && !r.Nonpositive()
		})
		if !opened || len(next.Terms) > maxExpanded || next == s {
			return s
		}
		s = next
	}
	return s
}
