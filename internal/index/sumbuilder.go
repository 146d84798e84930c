package index

import (
	"encoding/binary"
	"slices"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/rat"
)

// SumOf returns the sum of the given products, which it takes over.
func (st *Store) SumOf(slots []*expr.Dim, raws ...*Raw) *Sum {
	b := st.Build(slots)
	for _, r := range raws {
		b.Add(r)
	}
	return b.Sum()
}

// AtomSum returns the sum that is the atom alone; slot i of the sum is at
// position perm[i]… of the atom: idx gives the sum's slot for each of the atom's.
func (st *Store) AtomSum(a *Atom, slots []*expr.Dim, idx []int) *Sum {
	if a.Kind == GroupAtom && !a.Opaque {
		r := st.Raw(slots)
		x := st.ix(len(idx))
		for k, s := range idx {
			x[k] = r.Slot[s]
		}
		r.MulAtom(a, x, rat.One)
		return st.SumOf(slots, r)
	}
	// Nothing is summed over and nothing can merge: the term is canonical as it is.
	f := Factor{a, rat.One, st.ix(len(idx))}
	for k, s := range idx {
		f.Idx[k] = Ix(s)
	}
	if a.Symmetric && f.Idx[0] > f.Idx[1] {
		f.Idx[0], f.Idx[1] = f.Idx[1], f.Idx[0]
	}
	t := Term{Coef: rat.One, Slot: st.ix(len(slots)), Dims: st.dimSlab.Copy(slots), Factors: st.factors.Make(1)}
	t.Factors[0] = f
	for s := range t.Slot {
		t.Slot[s] = Ix(s)
	}
	st.lab.key = appendTermKey(st.lab.key[:0], t.Slot, t.Factors)
	t.key = st.bytes.Copy(st.lab.key)
	st.single[0] = t
	return st.internSum(slots, st.single[:])
}

// A SumBuilder collects terms; like terms are merged. Use it as a stack: a
// builder made later is finished first, or not shared.
type SumBuilder struct {
	st    *Store
	slots []*expr.Dim
	terms []Term
	done  bool // finished and given back
}

// Build starts a sum with the given slots.
func (st *Store) Build(slots []*expr.Dim) *SumBuilder {
	if n := len(st.builders); n > 0 {
		b := st.builders[n-1]
		st.builders = st.builders[:n-1]
		b.slots, b.terms, b.done = slots, b.terms[:0], false
		return b
	}
	return &SumBuilder{st: st, slots: slots}
}

// Add normalises r, adds it and takes it over.
func (b *SumBuilder) Add(r *Raw) {
	st := b.st
	if r.Coef.IsZero() {
		r.free()
		return
	}
	if s, perm, coef := st.soleGroup(r, len(b.slots)); s != nil {
		r.free()
		b.AddSum(s, coef, perm)
		return
	}
	t, ok := st.normalise(r)
	r.free()
	if !ok {
		return
	}
	if len(t.Factors) == 1 && t.Factors[0].Exp.IsOne() && t.Factors[0].Atom.Kind == GroupAtom && !t.Factors[0].Atom.Opaque {
		f := t.Factors[0]
		if perm, ok := injection(t.Slot, f.Idx); ok {
			b.AddSum(f.Atom.Args[0], t.Coef, perm)
			return
		}
	}
	b.terms = append(b.terms, t)
}

// soleGroup recognises coef · group with the sum's slots: its terms join the sum.
func (st *Store) soleGroup(r *Raw, n int) (*Sum, []int, rat.Rat) {
	if len(r.Factors) != 1 {
		return nil, nil, rat.Zero
	}
	f := &r.Factors[0]
	if f.Atom.Kind != GroupAtom || f.Atom.Opaque || !f.Exp.IsOne() || len(r.dims) != n {
		return nil, nil, rat.Zero
	}
	for c := range r.dims {
		if r.Find(Ix(c)) != Ix(c) {
			return nil, nil, rat.Zero // slots tied to one another
		}
	}
	perm, ok := injection(r.Slot, f.Idx)
	if !ok {
		return nil, nil, rat.Zero
	}
	return f.Atom.Args[0], perm, r.Coef
}

// injection returns, for each position of idx, the slot that shows its class, if the
// slots show different classes and so do the positions. Slots that are left over
// are spread.
func injection(slot, idx []Ix) (perm []int, ok bool) {
	for i, c := range slot {
		if slices.Contains(slot[:i], c) {
			return nil, false
		}
	}
	perm = make([]int, len(idx))
	for k, c := range idx {
		perm[k] = slices.Index(slot, c)
		if perm[k] < 0 || slices.Contains(perm[:k], perm[k]) {
			return nil, false
		}
	}
	return perm, true
}

// AddSum adds coef · s, where slot k of s is slot perm[k] of the sum being built
// (nil: the same).
func (b *SumBuilder) AddSum(s *Sum, coef rat.Rat, perm []int) {
	if coef.IsZero() {
		return
	}
	b.st.Limit.Step(1 + len(s.Terms))
	if perm == nil || isIdentity(perm) && len(perm) == len(b.slots) {
		for _, t := range s.Terms {
			t.Coef = t.Coef.Mul(coef)
			b.terms = append(b.terms, t)
		}
		return
	}
	for i := range s.Terms {
		r := b.st.Raw(b.slots)
		r.Coef = coef
		idx := b.st.ix(len(perm))
		for k, p := range perm {
			idx[k] = r.Slot[p]
		}
		r.MulTerm(&s.Terms[i], idx)
		t, ok := b.st.normalise(r)
		r.free()
		if ok {
			b.terms = append(b.terms, t)
		}
	}
}

func isIdentity(perm []int) bool {
	for i, p := range perm {
		if p != i {
			return false
		}
	}
	return true
}

// Sum finishes: merges like terms, orders, interns.
func (b *SumBuilder) Sum() *Sum {
	if b.done {
		panic("index: a sum is finished twice")
	}
	b.done = true
	st := b.st
	ts := b.terms
	if len(ts) > 1 {
		slices.SortStableFunc(ts, func(x, y Term) int {
			st.Limit.Step(1)
			return compareTerms(&x, &y)
		})
		out := ts[:0]
		for _, t := range ts {
			if k := len(out); k > 0 && string(out[k-1].key) == string(t.key) {
				if out[k-1].Coef.Long() {
					st.Limit.Check()
				}
				out[k-1].Coef = out[k-1].Coef.Add(t.Coef)
				continue
			}
			if k := len(out); k > 0 && out[k-1].Coef.IsZero() {
				out = out[:k-1]
			}
			out = append(out, t)
		}
		ts = out
	}
	if k := len(ts); k > 0 && ts[k-1].Coef.IsZero() {
		ts = ts[:k-1]
	}
	s := st.internSum(b.slots, ts)
	clear(b.terms)
	st.builders = append(st.builders, b)
	return s
}

// internSum returns the sum of canonical terms, which are in order; they are copied.
func (st *Store) internSum(slots []*expr.Dim, ts []Term) *Sum {
	key := st.keyBuf[:0]
	for _, d := range slots {
		key = binary.AppendUvarint(key, uint64(d.ID()))
	}
	key = append(key, 0xfe)
	for i := range ts {
		key = ts[i].Coef.AppendKey(key)
		key = binary.AppendUvarint(key, uint64(len(ts[i].key)))
		key = append(key, ts[i].key...)
	}
	st.keyBuf = key
	st.Limit.Step(len(ts) + len(key)>>6)
	s := st.sums[string(key)]
	if s == nil {
		if st.Limit != nil {
			st.Limit.Take(internedBytes + len(key))
		}
		s = st.sumSlab.New()
		*s = Sum{ID: st.nsums, Slots: st.dimSlab.Copy(slots), Terms: st.termSlab.Copy(ts)}
		for i := range ts {
			s.counts = s.counts || ts[i].Counts()
			s.tangent = s.tangent || ts[i].holdsTangent()
		}
		st.nsums++
		st.sums[string(key)] = s
	}
	return s
}

// Transpose returns s with its two slots exchanged.
func (st *Store) Transpose(s *Sum) *Sum {
	if s.t == nil {
		s.t = st.Permute(s, []int{1, 0})
		s.t.t = s
	}
	return s.t
}

// Permute returns the sum whose slot perm[k] is slot k of s.
func (st *Store) Permute(s *Sum, perm []int) *Sum {
	slots := make([]*expr.Dim, len(s.Slots))
	for k, p := range perm {
		slots[p] = s.Slots[k]
	}
	b := st.Build(slots)
	b.AddSum(s, rat.One, perm)
	return b.Sum()
}

// Scale returns q s.
func (st *Store) Scale(s *Sum, q rat.Rat) *Sum {
	if q.IsOne() {
		return s
	}
	b := st.Build(s.Slots)
	b.AddSum(s, q, nil)
	return b.Sum()
}

// AddSums returns Σ coefs[i] sums[i]; all have the same slots.
func (st *Store) AddSums(sums []*Sum, coefs []rat.Rat) *Sum {
	b := st.Build(sums[0].Slots)
	for i, s := range sums {
		b.AddSum(s, coefs[i], nil)
	}
	return b.Sum()
}
