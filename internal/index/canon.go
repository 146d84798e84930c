package index

import (
	"encoding/binary"
	"slices"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/rat"
)

// Canonical labelling of a term. Classes that slots show are labelled by their
// first slot; the others by colour refinement, and where colours tie by trying
// each member of the first tied class and keeping the least encoding. Hashes
// only order; terms are compared by their exact encoding.

// canonBudget caps the labellings tried for one term. Past it the first is taken:
// equal terms may then stay apart, which is never wrong.
const canonBudget = 256

// alike is the number of labellings that must give one encoding for the members of
// a tied class to be taken for exchangeable, as the factors in tr(AXAX…) are.
const alike = 4

type labeller struct {
	colour []uint64 // by class
	next   []uint64
	label  []Ix
	order  []Ix // bound classes in order of colour
	best   []byte
	key    []byte
	perm   []Factor
	result []Factor
	budget int
	leaves int  // labellings tried
	differ bool // not all had one encoding
}

func mix(h, v uint64) uint64 {
	h ^= v + 0x9e3779b97f4a7c15 + h<<6 + h>>2
	h *= 0xff51afd7ed558ccd
	return h ^ h>>33
}

func expHash(e rat.Rat) uint64 {
	n, d, _ := e.Small()
	return uint64(n)*31 + uint64(d)
}

func (st *Store) factorHash(f *Factor, colour []uint64) uint64 {
	h := mix(uint64(f.Atom.ID)+1, expHash(f.Exp))
	if f.Atom.Symmetric && len(f.Idx) >= 2 {
		a, b := colour[f.Idx[0]], colour[f.Idx[1]]
		h = mix(h, min(a, b))
		h = mix(h, max(a, b))
		for _, c := range f.Idx[2:] {
			h = mix(h, colour[c])
		}
		return h
	}
	for _, c := range f.Idx {
		h = mix(h, colour[c])
	}
	return h
}

// refine runs colour refinement until no class of colours is split. bound comes out
// ordered by cells, members of a cell having one colour. A class that is alone in
// its cell keeps its colour; within a cell the new colours order.
func (st *Store) refine(fs []Factor, bound []Ix) {
	l := &st.lab
	cells := st.sortBound(bound)
	for cells < len(bound) {
		st.Limit.Step(len(fs) + len(bound))
		l.next = append(l.next[:0], l.colour...)
		for i := range fs {
			f := &fs[i]
			if len(f.Idx) == 0 {
				continue
			}
			h := st.factorHash(f, l.colour)
			for p, c := range f.Idx {
				if f.Atom.Symmetric && p < 2 {
					p = 0
				}
				l.next[c] += mix(h, uint64(p)+77)
			}
		}
		n := 0
		for i := 0; i < len(bound); {
			end := i + 1
			for end < len(bound) && l.colour[bound[end]] == l.colour[bound[i]] {
				end++
			}
			if end-i > 1 {
				old := l.colour[bound[i]]
				for _, c := range bound[i:end] {
					l.colour[c] = mix(old, l.next[c])
				}
				n += st.sortBound(bound[i:end])
			} else {
				n++
			}
			i = end
		}
		if n <= cells {
			return
		}
		cells = n
	}
}

// sortBound orders bound classes by colour and counts the colours.
func (st *Store) sortBound(bound []Ix) int {
	l := &st.lab
	if len(bound) == 0 {
		return 0
	}
	if len(bound) < 12 {
		for i := 1; i < len(bound); i++ {
			for j := i; j > 0 && l.colour[bound[j]] < l.colour[bound[j-1]]; j-- {
				bound[j], bound[j-1] = bound[j-1], bound[j]
			}
		}
	} else {
		slices.SortFunc(bound, func(a, b Ix) int {
			switch x, y := l.colour[a], l.colour[b]; {
			case x < y:
				return -1
			case x > y:
				return 1
			}
			return 0
		})
	}
	n := 1
	for i := 1; i < len(bound); i++ {
		if l.colour[bound[i]] != l.colour[bound[i-1]] {
			n++
		}
	}
	return n
}

// canonical labels the classes of a term whose factors are merged. slot and the
// indices use classes 0 … len(dims)−1, every class is shown by a slot or used by a
// factor. It returns the finished term.
func (st *Store) canonical(coef rat.Rat, slot []Ix, dims []*expr.Dim, fs []Factor) Term {
	l := &st.lab
	n := len(dims)
	l.colour = slices.Grow(l.colour[:0], n)[:n]
	for c := range l.colour {
		l.colour[c] = mix(uint64(dims[c].ID()), 0xabcdef)
	}
	l.label = slices.Grow(l.label[:0], n)[:n]
	for i := range l.label {
		l.label[i] = -1
	}
	shown := Ix(0)
	for _, c := range slot {
		if l.label[c] < 0 {
			l.label[c] = shown
			l.colour[c] = mix(uint64(shown), 0x5107)
			shown++
		}
	}
	bound := l.order[:0]
	for c := range l.label {
		if l.label[c] < 0 {
			bound = append(bound, Ix(c))
		}
	}
	l.order = bound
	if len(bound) > 0 {
		st.refine(fs, bound)
	}
	l.budget, l.leaves, l.differ = canonBudget, 0, false
	l.best = l.best[:0]
	st.search(slot, fs, bound, shown)

	t := Term{Coef: coef, Slot: st.ix(len(slot)), Dims: st.dimSlab.Make(n)}
	// The winning labels are read back from the result's factors, which search
	// left in canonical order with canonical classes.
	t.Factors = st.factors.Copy(l.result)
	for i := range t.Factors {
		f := &t.Factors[i]
		idx := st.ix(len(f.Idx))
		copy(idx, f.Idx)
		f.Idx = idx
		for p, c := range idx {
			t.Dims[c] = f.Atom.Slots[p]
		}
	}
	for s, c := range slot {
		t.Slot[s] = l.label[c] // shown classes are labelled before the search
		t.Dims[t.Slot[s]] = dims[c]
	}
	t.key = st.bytes.Copy(l.best)
	return t
}

// search labels bound classes by colour; ties are split by individualising.
func (st *Store) search(slot []Ix, fs []Factor, bound []Ix, shown Ix) {
	l := &st.lab
	tie := -1
	for i := 1; i < len(bound); i++ {
		if l.colour[bound[i]] == l.colour[bound[i-1]] {
			tie = i - 1
			break
		}
	}
	if tie < 0 || l.budget <= 0 {
		l.budget--
		for i, c := range bound {
			l.label[c] = shown + Ix(i)
		}
		st.encode(slot, fs)
		return
	}
	end := tie + 1
	for end < len(bound) && l.colour[bound[end]] == l.colour[bound[tie]] {
		end++
	}
	saved := slices.Clone(l.colour)
	order := slices.Clone(bound)
	for i, c := range order[tie:end] {
		if i > 0 && (l.budget <= 0 || l.leaves >= alike && !l.differ) {
			break
		}
		copy(l.colour, saved)
		copy(bound, order)
		l.colour[c] = mix(l.colour[c], 0x1d)
		st.refine(fs, bound)
		st.search(slot, fs, bound, shown)
	}
	copy(l.colour, saved)
	copy(bound, order)
}

func compareFactors(a, b *Factor) int {
	if c := a.Atom.ID - b.Atom.ID; c != 0 {
		return c
	}
	if !a.Exp.Equal(b.Exp) {
		return a.Exp.Cmp(b.Exp)
	}
	for i := range a.Idx {
		if c := a.Idx[i] - b.Idx[i]; c != 0 {
			return int(c)
		}
	}
	return 0
}

// encode writes the term under the current labels and keeps it if it is least.
func (st *Store) encode(slot []Ix, fs []Factor) {
	l := &st.lab
	total := 0
	for i := range fs {
		total += len(fs[i].Idx)
	}
	perm := l.perm[:0]
	buf := st.ix(total)
	for i := range fs {
		f := fs[i]
		idx := buf[:len(f.Idx):len(f.Idx)]
		buf = buf[len(f.Idx):]
		for p, c := range f.Idx {
			idx[p] = l.label[c]
		}
		if f.Atom.Symmetric && idx[0] > idx[1] {
			idx[0], idx[1] = idx[1], idx[0]
		}
		f.Idx = idx
		perm = append(perm, f)
	}
	l.perm = perm
	if len(perm) < 12 {
		for i := 1; i < len(perm); i++ {
			for j := i; j > 0 && compareFactors(&perm[j], &perm[j-1]) < 0; j-- {
				perm[j], perm[j-1] = perm[j-1], perm[j]
			}
		}
	} else {
		slices.SortFunc(perm, func(a, b Factor) int { return compareFactors(&a, &b) })
	}
	buf = st.ix(len(slot))
	for i, c := range slot {
		buf[i] = l.label[c]
	}
	k := appendTermKey(l.key[:0], buf, perm)
	l.key = k
	l.leaves++
	l.differ = l.differ || l.leaves > 1 && string(k) != string(l.best)
	if len(l.best) == 0 || string(k) < string(l.best) {
		l.best = append(l.best[:0], k...)
		l.result = append(l.result[:0], perm...)
	}
}

// appendTermKey appends the exact encoding of a term with canonical classes.
func appendTermKey(k []byte, slot []Ix, fs []Factor) []byte {
	for _, c := range slot {
		k = binary.AppendUvarint(k, uint64(c))
	}
	k = append(k, 0xfe)
	for i := range fs {
		f := &fs[i]
		k = binary.AppendUvarint(k, uint64(f.Atom.ID))
		k = f.Exp.AppendKey(k)
		for _, c := range f.Idx {
			k = binary.AppendUvarint(k, uint64(c))
		}
	}
	return k
}

// compareTerms orders the terms of a sum: by atoms in order of first occurrence.
func compareTerms(a, b *Term) int {
	for i := range min(len(a.Factors), len(b.Factors)) {
		if c := compareFactors(&a.Factors[i], &b.Factors[i]); c != 0 {
			return c
		}
	}
	if c := len(a.Factors) - len(b.Factors); c != 0 {
		return c
	}
	return slices.Compare(a.Slot, b.Slot)
}
