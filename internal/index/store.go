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
