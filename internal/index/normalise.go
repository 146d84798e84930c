package index

import (
	"slices"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/rat"
)

// normalise turns a product into a canonical term, or reports that it is zero.
//
// In order: classes are resolved; equal factors merge; the rules are applied
// until none fires; bound classes without a factor become sizes; connected
// components without slots become scalar groups, unless the term is one such
// component alone; the classes are labelled.
func (st *Store) normalise(r *Raw) (Term, bool) {
	if r.Coef.Long() {
		st.Limit.Check()
	}
	n := len(r.Factors)
	st.Limit.Step(4 + n)
	for {
		r.merge()
		if r.Coef.IsZero() {
			return Term{}, false
		}
		if st.Rules == nil || !st.Rules.Term(st, r) {
			break
		}
	}
	if r.sizes() {
		r.merge()
	}
	if r.components() {
		r.merge()
		if r.Coef.IsZero() {
			return Term{}, false
		}
	}
	// Compact the classes.
	slot, dims, fs := r.compact()
	return st.canonical(r.Coef, slot, dims, fs), true
}

// merge resolves classes and joins factors with the same atom and indices.
// Exponents always add: where x^a and x^b are both real, so is x^(a+b), and equal
// to their product.
func (r *Raw) merge() {
	for i, c := range r.Slot {
		r.Slot[i] = r.Find(c)
	}
	for i := range r.Factors {
		f := &r.Factors[i]
		for p, c := range f.Idx {
			f.Idx[p] = r.Find(c)
		}
		if f.Atom.Symmetric && f.Idx[0] > f.Idx[1] {
			f.Idx[0], f.Idx[1] = f.Idx[1], f.Idx[0]
		}
	}
	fs := r.Factors
	out := fs[:0]
next:
	for _, f := range fs {
		r.st.Limit.Step(1 + len(out)/16)
		for k := range out {
			g := &out[k]
			if g.Atom == f.Atom && slices.Equal(g.Idx, f.Idx) {
				g.Exp = g.Exp.Add(f.Exp)
				continue next
			}
		}
		out = append(out, f)
	}
	keep := out[:0]
	for _, f := range out {
		switch {
		case f.Exp.Long():
			panic(rat.ErrTooLarge)
		case f.Exp.IsZero():
		case f.Atom.Kind == NumAtom && f.Exp.IsInt():
			r.MulNumInt(f.Atom.Num, f.Exp)
		default:
			keep = append(keep, f)
		}
	}
	clear(fs[len(keep):])
	r.Factors = keep
}

// MulNumInt multiplies the coefficient by q^exp for an integer exp.
func (r *Raw) MulNumInt(q, exp rat.Rat) {
	k, ok := exp.Int64()
	if !ok && !q.IsOne() {
		panic(rat.ErrTooLarge)
	}
	r.Coef = r.Coef.Mul(q.Pow(int(k)))
}

// sizes replaces bound classes that occur nowhere by their sizes.
func (r *Raw) sizes() bool {
	used := r.st.ix(len(r.dims))
	clear(used)
	for _, c := range r.Slot {
		used[c] = 1
	}
	for i := range r.Factors {
		for _, c := range r.Factors[i].Idx {
			used[c] = 1
		}
	}
	changed := false
	for c := range used {
		if used[c] == 0 && r.parent[c] == Ix(c) {
			used[c] = 1
			r.MulSize(r.dims[c], rat.One)
			changed = true
		}
	}
	return changed
}

// components wraps connected components without slots as scalar groups. A lone
// component that is the whole indexed part of a scalar term stays inline.
func (r *Raw) components() bool {
	n := len(r.dims)
	if n == 0 && !r.soleScalarGroup() {
		return false
	}
	// comp is a second union-find, over classes joined by factors.
	comp := r.st.ix(n)
	for i := range comp {
		comp[i] = Ix(i)
	}
	find := func(c Ix) Ix {
		for comp[c] != c {
			c = comp[c]
		}
		return c
	}
	for i := range r.Factors {
		f := &r.Factors[i]
		for _, c := range f.Idx[min(1, len(f.Idx)):] {
			a, b := find(f.Idx[0]), find(c)
			if a != b {
				comp[max(a, b)] = min(a, b)
			}
		}
	}
	// Roots that reach a slot.
	open := func(root Ix) bool {
		for _, c := range r.Slot {
			if find(c) == root {
				return true
			}
		}
		return false
	}
	// A component with a tangent, also inside a group, stays inline: a rule's
	// differential is linear in it, term by term.
	tangent := Ix(-1)
	var closed []Ix
	indexed := false
	scalars := 0 // scalar groups of one term
	for i := range r.Factors {
		f := &r.Factors[i]
		if len(f.Idx) == 0 {
			if f.Atom.oneTerm() {
				scalars++
			}
			continue
		}
		root := find(f.Idx[0])
		if f.Atom.tangent {
			tangent = root
		}
		if open(root) {
			indexed = true
		} else if !slices.Contains(closed, root) {
			closed = append(closed, root)
		}
	}
	indexed = indexed || len(r.Slot) > 0
	if k := slices.Index(closed, tangent); k >= 0 {
		closed, indexed = slices.Delete(closed, k, k+1), true
	}
	switch {
	case !indexed && len(closed) == 1 && scalars == 0:
		return false
	case !indexed && len(closed) == 0 && scalars == 1:
		return r.dissolveScalarGroup()
	case len(closed) == 0:
		return false
	}
	fs := slices.Clone(r.Factors)
	r.Factors = r.Factors[:0]
	for _, f := range fs {
		if len(f.Idx) == 0 || !slices.Contains(closed, find(f.Idx[0])) {
			r.Factors = append(r.Factors, f)
		}
	}
	for _, root := range closed {
		sub := r.st.Raw(nil)
		m := r.st.ix(n)
		for i := range m {
			m[i] = -1
		}
		for _, f := range fs {
			if len(f.Idx) == 0 || find(f.Idx[0]) != root {
				continue
			}
			idx := r.st.ix(len(f.Idx))
			for p, c := range f.Idx {
				if m[c] < 0 {
					m[c] = sub.Class(r.dims[c])
				}
				idx[p] = m[c]
			}
			sub.MulAtom(f.Atom, idx, f.Exp)
		}
		s := r.st.SumOf(nil, sub)
		switch {
		case len(s.Terms) == 0:
			r.Coef = rat.Zero
			return true
		case len(s.Terms) == 1 && plainScalar(&s.Terms[0]):
			r.MulTerm(&s.Terms[0], nil)
		default:
			r.mulGroup(s, nil, rat.One)
		}
	}
	return true
}

// plainScalar reports whether a scalar term has no indexed factor, so that it
// needs no group of its own.
func plainScalar(t *Term) bool { return len(t.Dims) == 0 }

func (r *Raw) soleScalarGroup() bool {
	n := 0
	for i := range r.Factors {
		f := &r.Factors[i]
		if f.Atom.oneTerm() && f.Exp.IsOne() {
			n++
		}
	}
	return n == 1 && len(r.Slot) == 0
}

// dissolveScalarGroup puts the content of the one scalar group of one term back
// inline, if its exponent is 1.
func (r *Raw) dissolveScalarGroup() bool {
	for i := range r.Factors {
		f := r.Factors[i]
		if len(f.Idx) == 0 && f.Atom.oneTerm() && f.Exp.IsOne() {
			r.Factors = slices.Delete(r.Factors, i, i+1)
			r.MulTerm(&f.Atom.Args[0].Terms[0], nil)
			return true
		}
	}
	return false
}

// compact renumbers the classes in use from 0.
func (r *Raw) compact() (slot []Ix, dims []*expr.Dim, fs []Factor) {
	m := r.st.ix(len(r.dims))
	for i := range m {
		m[i] = -1
	}
	number := func(c Ix) Ix {
		if m[c] < 0 {
			m[c] = Ix(len(dims))
			dims = append(dims, r.dims[c])
		}
		return m[c]
	}
	dims = r.st.dimSlab.Make(len(r.dims))[:0]
	slot = r.st.ix(len(r.Slot))
	for i, c := range r.Slot {
		slot[i] = number(c)
	}
	for i := range r.Factors {
		idx := r.Factors[i].Idx
		for p, c := range idx {
			idx[p] = number(c)
		}
	}
	return slot, dims, r.Factors
}

// oneTerm reports whether a is a group of one term that may be put inline.
func (a *Atom) oneTerm() bool {
	return a.Kind == GroupAtom && !a.Opaque && len(a.Args[0].Terms) == 1
}
