package index

import (
	"encoding/binary"
	"slices"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/rat"
)

// An atomRef is an atom seen from a caller's slots: position k of the atom's
// tuple is the caller's slot perm[k].
type atomRef struct {
	atom *Atom
	perm []int
}

// Unit returns u and q with s = q u, where u has no numeric factor. Of all the
// multiples of a sum and of its transpose, u or uᵀ is the one met first in this
// Store, so that all share it. A factor is taken out of a sum met first only if its coefficients
// have one denominator: x − y/4 stays as it is, and 4 x − y is 4 (x − y/4) then.
func (st *Store) Unit(s *Sum) (*Sum, rat.Rat) {
	if s.unit == nil {
		st.findUnit(s)
	}
	return s.unit, s.unitCoef
}

func (st *Store) findUnit(s *Sum) {
	if len(s.Terms) == 0 {
		s.unit, s.unitCoef = s, rat.One
		return
	}
	nums, all, negative := rat.Zero, rat.Zero, true
	den, same := s.Terms[0].Coef.Den(), true
	for i := range s.Terms {
		c := s.Terms[i].Coef
		same = same && c.Den().Equal(den)
		nums, all = rat.GCD(nums, c.Num()), rat.GCD(all, c)
		negative = negative && c.Sign() < 0
	}
	sign := rat.One
	if negative {
		sign = rat.MinusOne
	}
	// The primitive multiple, with coprime integers, knows the unit of its multiples.
	all = all.Mul(sign)
	primitive := st.Scale(s, all.Inv())
	if primitive.unit == nil {
		if !st.knownUnit(primitive) {
			u := primitive
			if !same {
				u = st.Scale(s, nums.Mul(sign).Inv())
			}
			primitive.unit, primitive.unitCoef = u, nums.Mul(sign).Div(all)
			if same {
				primitive.unitCoef = rat.One
			}
		}
	}
	u := primitive.unit
	s.unit, s.unitCoef = u, all.Mul(primitive.unitCoef)
	u.unit, u.unitCoef = u, rat.One
}

// knownUnit gives a primitive sum the unit of its negative or of its transpose, if
// one of them has been met.
func (st *Store) knownUnit(s *Sum) bool {
	if m := st.negated(s); m != nil && m.unit != nil {
		s.unit, s.unitCoef = m.unit, m.unitCoef.Neg()
		return true
	}
	if len(s.Slots) != 2 {
		return false
	}
	t := st.Transpose(s)
	if t.unit != nil {
		s.unit, s.unitCoef = st.Transpose(t.unit), t.unitCoef
		return true
	}
	if m := st.negated(t); m != nil && m.unit != nil {
		s.unit, s.unitCoef = st.Transpose(m.unit), m.unitCoef.Neg()
		return true
	}
	return false
}

// negated returns −s if it has been made already.
func (st *Store) negated(s *Sum) *Sum {
	key := st.keyBuf[:0]
	for _, d := range s.Slots {
		key = binary.AppendUvarint(key, uint64(d.ID()))
	}
	key = append(key, 0xfe)
	for i := range s.Terms {
		key = s.Terms[i].Coef.Neg().AppendKey(key)
		key = binary.AppendUvarint(key, uint64(len(s.Terms[i].key)))
		key = append(key, s.Terms[i].key...)
	}
	st.keyBuf = key
	return st.sums[string(key)]
}

// Group returns the group atom of s without its numeric factor: s = coef · atom,
// position k of the atom being slot perm[k] of s.
func (st *Store) Group(s *Sum) (a *Atom, coef rat.Rat, perm []int) {
	u, q := st.Unit(s)
	a, _, perm = st.groupAs(u)
	return a, q, perm
}

// FindGroup is Group for a sum that has been grouped before; otherwise it
// reports false and makes nothing.
func (st *Store) FindGroup(s *Sum) (a *Atom, coef rat.Rat, perm []int, ok bool) {
	u, q := st.Unit(s)
	if u.group == nil {
		if len(u.Slots) != 2 || st.Transpose(u).group == nil {
			return nil, rat.Zero, nil, false
		}
		st.makeGroup(u) // shares the transpose's
	}
	return u.group, q, u.groupPerm, true
}

// groupAs returns the group atom of exactly s, sign and factor included.
func (st *Store) groupAs(s *Sum) (*Atom, rat.Rat, []int) {
	if s.group == nil {
		st.makeGroup(s)
	}
	return s.group, rat.One, s.groupPerm
}

func (st *Store) makeGroup(s *Sum) {
	n := len(s.Slots)
	symmetric := false
	if n == 2 && (s.Slots[0] == s.Slots[1] || s.t != nil) {
		t := st.Transpose(s)
		if t.group != nil && t != s {
			s.group, s.groupPerm = t.group, []int{t.groupPerm[1], t.groupPerm[0]}
			for k, p := range t.groupPerm {
				s.groupPerm[k] = 1 - p
			}
			return
		}
		symmetric = t == s
	} else if n >= 2 {
		for _, perm := range permutations(n)[1:] {
			p := st.Permute(s, perm) // slot perm[k] of p is slot k of s
			if p.group != nil {
				inv := make([]int, n)
				for k, x := range p.groupPerm {
					inv[k] = slices.Index(perm, x)
				}
				s.group, s.groupPerm = p.group, inv
				return
			}
			if n > 3 {
				break // larger groups are rare; a missed merge is not wrong
			}
		}
	}
	a := st.keep(Atom{Kind: GroupAtom, Args: []*Sum{s}, Slots: s.Slots, Symmetric: symmetric, Positive: s.Positive()})
	s.group, s.groupPerm = a, identity(n)
}

func identity(n int) []int {
	p := make([]int, n)
	for i := range p {
		p[i] = i
	}
	return p
}

// permutations lists the orders of 0 … n−1, the identity first.
func permutations(n int) [][]int {
	out := [][]int{{}}
	for k := range n {
		var next [][]int
		for _, p := range out {
			for at := len(p); at >= 0; at-- {
				next = append(next, slices.Insert(slices.Clone(p), at, k))
			}
		}
		out = next
	}
	return out
}

// An Application is an operator applied to sums.
//
// Elementwise: every operand has the result's slots. Core: the operand's slots
// are its row axes and column axes, CoreIn in all, then batch slots; the result's
// are CoreOut result axes, then the same batch slots; further operands (the
// exponent of a matrix power) are scalars, with the batch slots or without any.
type Application struct {
	Op      *expr.Op
	Fn      *expr.Symbol // unknown function
	Order   int          // its order of derivative
	Args    []*Sum
	CoreIn  int
	RowsIn  int         // of CoreIn, the row axes
	CoreOut []*expr.Dim // sizes of the result axes
}

// Apply returns the application as a sum over the result's slots.
func (st *Store) Apply(ap Application) *Sum {
	if st.Rules != nil && ap.Op != nil && ap.Fn == nil {
		if s, ok := st.Rules.Atom(st, &ap); ok {
			return s
		}
	}
	return st.ApplyAsIs(ap)
}

// ApplyAsIs is Apply without the rules for atoms.
func (st *Store) ApplyAsIs(ap Application) *Sum {
	batch := ap.Args[0].Slots[ap.CoreIn:]
	slots := append(slices.Clone(ap.CoreOut), batch...)
	key := ap.key(st)
	ref, ok := st.refs[string(key)]
	if !ok {
		k := string(key)
		ref = st.makeRef(ap)
		st.refs[k] = ref
	}
	return st.AtomSum(ref.atom, slots, ref.perm)
}

func (ap *Application) key(st *Store) []byte {
	key := append(st.keyBuf[:0], 'o')
	if ap.Fn != nil {
		key = binary.AppendUvarint(append(key, 'f'), uint64(ap.Fn.Ordinal))
		key = binary.AppendUvarint(key, uint64(ap.Order))
	} else {
		key = append(append(key, ap.Op.Name...), 0, byte(ap.CoreIn))
	}
	for _, s := range ap.Args {
		key = binary.AppendUvarint(key, uint64(s.ID))
	}
	st.keyBuf = key
	return key
}

// makeRef finds or makes the atom: slots on which no operand depends are left
// out, and an application to permuted operands shares the atom met first.
func (st *Store) makeRef(ap Application) atomRef {
	in := len(ap.Args[0].Slots)
	out := len(ap.CoreOut)
	for i, s := range ap.Args[1:] {
		if ap.CoreIn > 0 && len(s.Slots) > 0 && !s.dependsOnAny() {
			ap.Args = slices.Clone(ap.Args)
			for len(s.Slots) > 0 {
				s = st.DropSlot(s, 0)
			}
			ap.Args[i+1] = s
			return st.refOf(ap)
		}
	}
	for k := ap.CoreIn; k < in; k++ {
		depends := false
		for i, s := range ap.Args {
			p := ap.batch(i, k)
			depends = depends || p < len(s.Slots) && s.DependsOn(p)
		}
		if depends {
			continue
		}
		inner := ap
		inner.Args = make([]*Sum, len(ap.Args))
		for i, s := range ap.Args {
			inner.Args[i] = s
			if p := ap.batch(i, k); p < len(s.Slots) {
				inner.Args[i] = st.DropSlot(s, p)
			}
		}
		ref := st.refOf(inner)
		dropped := out + k - ap.CoreIn
		perm := slices.Clone(ref.perm)
		for i := range perm {
			if perm[i] >= dropped {
				perm[i]++
			}
		}
		return atomRef{ref.atom, perm}
	}
	if ap.CoreIn == 0 && in >= 2 && in <= 3 {
		for _, perm := range permutations(in)[1:] {
			if ref, ok := st.permuted(ap, perm); ok {
				return ref
			}
		}
	}
	symmetric := false
	if ap.CoreIn == 2 && (in == 2 || in <= 4 && ap.RowsIn == 1 && ap.Args[0].Slots[0] == ap.Args[0].Slots[1]) {
		var t *Sum
		if in == 2 {
			t = st.Transpose(ap.Args[0])
		} else {
			t = st.Permute(ap.Args[0], []int{1, 0, 2, 3}[:in])
		}
		if t != ap.Args[0] {
			other := ap
			other.Args = append([]*Sum{t}, ap.Args[1:]...)
			if out == 0 && ap.Op.TransposeInvariant || out == 2 {
				if ref, ok := st.refs[string(other.key(st))]; ok {
					perm := slices.Clone(ref.perm)
					for i := range perm {
						if out == 2 && perm[i] < 2 {
							perm[i] = 1 - perm[i]
						}
					}
					return atomRef{ref.atom, perm}
				}
			}
		} else {
			symmetric = out == 2
		}
	}
	if ap.CoreIn == 0 && in == 2 && ap.Args[0].Slots[0] == ap.Args[0].Slots[1] {
		symmetric = !slices.ContainsFunc(ap.Args, func(s *Sum) bool { return st.Transpose(s) != s })
	}
	slots := append(slices.Clone(ap.CoreOut), ap.Args[0].Slots[ap.CoreIn:]...)
	a := st.keep(Atom{Kind: OpAtom, Op: ap.Op, Sym: ap.Fn, Order: ap.Order, Args: ap.Args, Slots: slots,
		Core: out, CoreIn: ap.CoreIn, RowsIn: ap.RowsIn, Symmetric: symmetric,
		Positive: ap.Fn == nil && ap.Op.Positive})
	return atomRef{a, identity(len(slots))}
}

// batch returns the slot of operand i that is slot k of the first, a batch slot.
func (ap *Application) batch(i, k int) int {
	if i > 0 {
		return k - ap.CoreIn
	}
	return k
}

func (st *Store) refOf(ap Application) atomRef {
	key := string(ap.key(st))
	ref, ok := st.refs[key]
	if !ok {
		ref = st.makeRef(ap)
		st.refs[key] = ref
	}
	return ref
}

// permuted looks for the atom of the same operands with their slots permuted.
func (st *Store) permuted(ap Application, perm []int) (atomRef, bool) {
	other := ap
	other.Args = make([]*Sum, len(ap.Args))
	for i, s := range ap.Args {
		if len(perm) == 2 {
			other.Args[i] = st.Transpose(s)
		} else {
			other.Args[i] = st.Permute(s, perm)
		}
	}
	ref, ok := st.refs[string(other.key(st))]
	if !ok {
		return atomRef{}, false
	}
	// Slot perm[k] of the other is slot k of ours.
	p := make([]int, len(ref.perm))
	for i, x := range ref.perm {
		p[i] = slices.Index(perm, x)
	}
	return atomRef{ref.atom, p}, true
}

func (s *Sum) dependsOnAny() bool {
	for k := range s.Slots {
		if s.DependsOn(k) {
			return true
		}
	}
	return false
}

// DependsOn reports whether any term has slot k in a factor or tied to another slot.
func (s *Sum) DependsOn(k int) bool {
	for i := range s.Terms {
		t := &s.Terms[i]
		c := t.Slot[k]
		for j, d := range t.Slot {
			if j != k && d == c {
				return true
			}
		}
		for j := range t.Factors {
			if slices.Contains(t.Factors[j].Idx, c) {
				return true
			}
		}
	}
	return false
}

// DropSlot returns s without slot k, on which it does not depend.
func (st *Store) DropSlot(s *Sum, k int) *Sum {
	slots := slices.Delete(slices.Clone(s.Slots), k, k+1)
	b := st.Build(slots)
	for i := range s.Terms {
		r := st.Raw(slots)
		r.MulTerm(&s.Terms[i], slices.Insert(slices.Clone(r.Slot), k, noClass))
		b.Add(r)
	}
	return b.Sum()
}

// Wrap returns s as a single opaque factor, which products do not multiply out.
func (st *Store) Wrap(s *Sum) *Sum {
	key := binary.AppendUvarint(append(st.keyBuf[:0], 'g'), uint64(s.ID))
	st.keyBuf = key
	a := st.intern(key, Atom{Kind: GroupAtom, Opaque: true, Args: []*Sum{s}, Slots: s.Slots, Positive: s.Positive()})
	return st.AtomSum(a, s.Slots, identity(len(s.Slots)))
}

// Tangent returns the differential of the k-th parameter of a rule, with the
// parameter's slots.
func (st *Store) Tangent(k int, slots []*expr.Dim) *Atom {
	key := binary.AppendUvarint(append(st.keyBuf[:0], 't'), uint64(k))
	for _, d := range slots {
		key = binary.AppendUvarint(key, uint64(d.ID()))
	}
	st.keyBuf = key
	return st.intern(key, Atom{Kind: TangentAtom, Order: k, Slots: slots})
}
