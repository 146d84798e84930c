package index

import (
	"encoding/binary"
	"slices"
	"sync"

	"example.com/nabla/internal/arena"
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/limit"
	"example.com/nabla/internal/rat"
)

// Rules are the rewrites that hold between operators. The Store applies them
// whenever it makes an atom or normalises a term, so that both spellings of a
// thing meet; it knows no operator by name itself.
type Rules interface {
	// Atom may return another form of an application (see Store.Apply), a sum
	// over the result's slots.
	Atom(st *Store, ap *Application) (*Sum, bool)
	// Term may rewrite r in place, once; it is called again until it reports
	// false. Factors are merged, their classes and the slots' are resolved.
	Term(st *Store, r *Raw) bool
}

// A Store makes and interns sums and atoms for one problem. It is used by one
// goroutine.
type Store struct {
	B     *expr.Builder
	Rules Rules         // may be nil
	Limit *limit.Budget // the Builder's

	sums  map[string]*Sum
	nsums int
	atoms []*Atom
	index map[string]*Atom
	refs  map[string]atomRef

	// axes are the refinements of variables' axes asked for by lowering: a row
	// axis of size p*n as the list [p, n].
	axes map[axisKey][]*expr.Dim

	pool     []*Raw
	builders []*SumBuilder
	keyBuf   []byte
	lab      labeller
	single   [1]Term

	// Memory of what is made, taken back by Release.
	ixs      arena.Slab[Ix]
	sumSlab  arena.Slab[Sum]
	atomSlab arena.Slab[Atom]
	termSlab arena.Slab[Term]
	factors  arena.Slab[Factor]
	dimSlab  arena.Slab[*expr.Dim]
	bytes    arena.Slab[byte]
}

type axisKey struct {
	sym  *expr.Symbol
	cols bool
}

var stores = sync.Pool{New: func() any {
	return &Store{sums: make(map[string]*Sum, 64), index: make(map[string]*Atom, 32), refs: make(map[string]atomRef, 16)}
}}

// NewStore returns an empty Store whose sizes are b's.
func NewStore(b *expr.Builder, rules Rules) *Store {
	st := stores.Get().(*Store)
	st.B, st.Rules = b, rules
	if b != nil && b.Limit != nil {
		st.Limit = b.Limit
		st.ixs.Bound(b.Limit)
		st.sumSlab.Bound(b.Limit)
		st.atomSlab.Bound(b.Limit)
		st.termSlab.Bound(b.Limit)
		st.factors.Bound(b.Limit)
		st.dimSlab.Bound(b.Limit)
		st.bytes.Bound(b.Limit)
	}
	return st
}

// Release gives the Store's memory back. Neither it nor anything made by it may
// be used afterwards.
func (st *Store) Release() {
	clear(st.sums)
	clear(st.index)
	clear(st.refs)
	clear(st.atoms)
	st.B, st.Rules, st.Limit, st.axes, st.nsums, st.atoms = nil, nil, nil, nil, 0, st.atoms[:0]
	st.ixs.Reset()
	st.sumSlab.Reset()
	st.atomSlab.Reset()
	st.termSlab.Reset()
	st.factors.Reset()
	st.dimSlab.Reset()
	st.bytes.Reset()
	stores.Put(st)
}

// internedBytes is about what the entry of an interned sum or atom takes beside its key.
const internedBytes = 64

// ix returns a fresh tuple of n indices, all 0.
func (st *Store) ix(n int) []Ix { return st.ixs.Make(n) }

// Atoms returns every atom by ID.
func (st *Store) Atoms() []*Atom { return st.atoms }

func (st *Store) intern(key []byte, a Atom) *Atom {
	if old := st.index[string(key)]; old != nil {
		return old
	}
	if st.Limit != nil {
		st.Limit.Take(internedBytes + len(key))
	}
	p := st.keep(a)
	st.index[string(key)] = p
	return p
}

// keep gives a new atom its ID.
func (st *Store) keep(a Atom) *Atom {
	a.ID = len(st.atoms)
	a.Counts = a.Kind == ConstAtom && a.Op.Name == expr.OpIndex
	a.tangent = a.Kind == TangentAtom
	for _, s := range a.Args {
		a.Counts = a.Counts || s.counts
		a.tangent = a.tangent || s.tangent
	}
	p := st.atomSlab.New()
	*p = a
	st.atoms = append(st.atoms, p)
	return p
}

// RefineAxis declares that an axis of a variable is made of several, the outer
// first. Lowering asks for it before the variable is used.
func (st *Store) RefineAxis(s *expr.Symbol, cols bool, dims []*expr.Dim) {
	if st.axes == nil {
		st.axes = map[axisKey][]*expr.Dim{}
	}
	st.axes[axisKey{s, cols}] = dims
}

// Axis returns the elementary axes of a variable's rows or columns (none for 1).
func (st *Store) Axis(s *expr.Symbol, cols bool) []*expr.Dim {
	if d := st.axes[axisKey{s, cols}]; d != nil {
		return d
	}
	d := s.Shape.Rows
	if cols {
		d = s.Shape.Cols
	}
	if d.IsOne() {
		return nil
	}
	return []*expr.Dim{d}
}

// fragile are the facts that a perturbation of the variable breaks.
const fragile = expr.Symmetric | expr.Posdef | expr.Diagonal | expr.Orthogonal | expr.Onehot | expr.Simplex | expr.Toeplitz

// Var returns the atom of a variable. A bare one has none of the facts that a
// perturbation would break; differentiation is by bare variables. Without such
// facts the two are the same.
func (st *Store) Var(s *expr.Symbol, bare bool) *Atom {
	bare = bare && s.Facts&fragile != 0
	kind := byte('v')
	if bare {
		kind = 'w'
	}
	key := binary.AppendUvarint(append(st.keyBuf[:0], kind), uint64(s.Ordinal))
	st.keyBuf = key
	if a := st.index[string(key)]; a != nil {
		return a
	}
	rows, cols := st.Axis(s, false), st.Axis(s, true)
	slots := append(slices.Clone(rows), cols...)
	if s.Family != nil {
		slots = append(slots, s.Family.Size)
	}
	symmetric := !bare && s.Facts.Has(expr.Symmetric) && len(rows) == 1 && len(cols) == 1
	return st.intern(key, Atom{Kind: VarAtom, Sym: s, Bare: bare, Slots: slots, Core: len(rows),
		Symmetric: symmetric, Positive: s.Facts.AllPositive()})
}

func (st *Store) size(n *expr.SizeName) *Atom {
	if n.Symbol != nil {
		return st.Var(n.Symbol, false)
	}
	key := binary.AppendUvarint(append(st.keyBuf[:0], 'd'), uint64(n.Ordinal))
	st.keyBuf = key
	return st.intern(key, Atom{Kind: SizeAtom, Size: n, Positive: true})
}

func (st *Store) num(q rat.Rat) *Atom {
	key := q.AppendKey(append(st.keyBuf[:0], 'n'))
	st.keyBuf = key
	return st.intern(key, Atom{Kind: NumAtom, Num: q, Positive: true})
}

// Const returns the atom of an operator without operands (basis) that has the
// given slots.
func (st *Store) Const(op *expr.Op, sizes []*expr.Dim, order int, slots []*expr.Dim) *Atom {
	key := append(append(st.keyBuf[:0], 'c'), op.Name...)
	key = binary.AppendUvarint(append(key, 0), uint64(order))
	for _, d := range sizes {
		key = binary.AppendUvarint(key, uint64(d.ID()))
	}
	st.keyBuf = key
	return st.intern(key, Atom{Kind: ConstAtom, Op: op, Order: order, Sizes: sizes, Slots: slots, Core: len(slots),
		Positive: op.Positive})
}

// SizeSum returns the size d as a number.
func (st *Store) SizeSum(d *expr.Dim) *Sum {
	b := st.Build(nil)
	d.Terms(func(coef int64, pows []expr.DimPow) {
		r := st.Raw(nil)
		r.Coef = rat.Int(coef)
		for _, p := range pows {
			r.MulAtom(st.size(p.Name), nil, rat.Int(int64(p.Exp)))
		}
		b.Add(r)
	})
	return b.Sum()
}

// DimOf returns the size whose value s is: an integer polynomial without slots in
// sizes and integer scalars. It is the inverse of SizeSum.
func (st *Store) DimOf(s *Sum) (*expr.Dim, bool) {
	sizes := &st.B.Sizes
	d := sizes.Const(0)
	for i := range s.Terms {
		t := &s.Terms[i]
		c, ok := t.Coef.Int64()
		if !ok || len(t.Dims) > 0 {
			return nil, false
		}
		p := sizes.Const(c)
		for j := range t.Factors {
			var of *expr.Dim
			switch a := t.Factors[j].Atom; {
			case a.Kind == SizeAtom:
				of = sizes.Size(a.Size.Name)
			case a.Kind == VarAtom && len(a.Slots) == 0 && a.Sym.Facts.Has(expr.Integer):
				of = st.B.Count(a.Sym)
			default:
				return nil, false
			}
			k, ok := t.Factors[j].Exp.Int64()
			if !ok || k < 0 || k > maxDegree {
				return nil, false
			}
			for range k {
				p = sizes.Mul(p, of)
			}
		}
		d = sizes.Add(d, p)
	}
	return d, len(s.Slots) == 0
}

// maxDegree bounds the powers in what is taken as a size.
const maxDegree = 16

// NumSum returns the number q.
func (st *Store) NumSum(q rat.Rat) *Sum {
	r := st.Raw(nil)
	r.Coef = q
	return st.SumOf(nil, r)
}

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

// IsZero reports whether s is identically zero in this form.
func (s *Sum) IsZero() bool { return len(s.Terms) == 0 }

// Const returns the number that s is, if it has no slots and no factors.
func (s *Sum) Const() (rat.Rat, bool) {
	if len(s.Slots) > 0 {
		return rat.Zero, false
	}
	if len(s.Terms) == 0 {
		return rat.Zero, true
	}
	if len(s.Terms) == 1 && len(s.Terms[0].Factors) == 0 {
		return s.Terms[0].Coef, true
	}
	return rat.Zero, false
}

// Positive reports whether every entry of s is known to be positive: no term is negative
// anywhere, and one is positive everywhere.
func (s *Sum) Positive() bool {
	positive := false
	for i := range s.Terms {
		t := &s.Terms[i]
		if !t.nonnegative() {
			return false
		}
		positive = positive || t.positive() && len(t.Slot) == distinct(t.Slot)
	}
	return positive
}
