package index

import (
	"slices"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/message"
	"example.com/nabla/internal/rat"
)

// ErrZeroDivision is the panic value for a negative or fractional power of a sum
// that is identically zero; the root package turns it into a diagnostic.
var ErrZeroDivision = message.Errorf("division by an expression that is identically zero")

// ErrNegativeRoot is the panic value for a fractional power of a negative number.
var ErrNegativeRoot = message.Errorf("fractional power of a negative number")

// A Raw is a term under construction: a product of factors over classes that may
// still be identified with one another. Make one with Store.Raw, multiply into
// it, and give it to a SumBuilder.
type Raw struct {
	st      *Store
	Coef    rat.Rat
	Slot    []Ix
	Factors []Factor
	dims    []*expr.Dim
	parent  []Ix // union-find over classes
	// Rewrites counts how often the rules have rewritten this product.
	Rewrites int
}

// Raw returns the empty product, 1, with the given slots shown by new classes.
// It is valid until it is added to a SumBuilder.
func (st *Store) Raw(slots []*expr.Dim) *Raw {
	var r *Raw
	if n := len(st.pool); n > 0 {
		r = st.pool[n-1]
		st.pool = st.pool[:n-1]
		r.Slot, r.Factors, r.dims, r.parent = r.Slot[:0], r.Factors[:0], r.dims[:0], r.parent[:0]
	} else {
		r = &Raw{st: st}
	}
	r.Coef, r.Rewrites = rat.One, 0
	for _, d := range slots {
		r.Slot = append(r.Slot, r.Class(d))
	}
	return r
}

func (r *Raw) free() { r.st.pool = append(r.st.pool, r) }

// Class returns a new class of size d.
func (r *Raw) Class(d *expr.Dim) Ix {
	c := Ix(len(r.dims))
	r.dims = append(r.dims, d)
	r.parent = append(r.parent, c)
	return c
}

// Dim returns the size of class c.
func (r *Raw) Dim(c Ix) *expr.Dim { return r.dims[c] }

// Find returns the class that c has been identified with.
func (r *Raw) Find(c Ix) Ix {
	for r.parent[c] != c {
		r.parent[c] = r.parent[r.parent[c]]
		c = r.parent[c]
	}
	return c
}

// Union identifies classes a and b.
func (r *Raw) Union(a, b Ix) {
	a, b = r.Find(a), r.Find(b)
	if a > b {
		a, b = b, a
	}
	r.parent[b] = a
}

// Classes returns how many classes r has, those identified with others included.
func (r *Raw) Classes() int { return len(r.dims) }

// Discard takes away a bound class that no factor uses any more, so that it does
// not count as a sum of ones.
func (r *Raw) Discard(c Ix) { r.dims[c] = r.st.B.One() }

// MulAtom multiplies by atom[idx]^exp. idx is copied.
func (r *Raw) MulAtom(a *Atom, idx []Ix, exp rat.Rat) {
	own := r.st.ix(len(idx))
	copy(own, idx)
	r.Factors = append(r.Factors, Factor{a, exp, own})
}

// MulTerm multiplies by coef times a term whose slots are shown by idx.
func (r *Raw) MulTerm(t *Term, idx []Ix) {
	r.Coef = r.Coef.Mul(t.Coef)
	r.mulFactors(t, idx, rat.One)
}

// Inline multiplies by the factors of t alone and returns the class of each of
// t's classes; skip (or −1) names a factor that is left out.
func (r *Raw) Inline(t *Term, idx []Ix, skip int) []Ix {
	m := r.Place(t, idx)
	for k := range t.Factors {
		if k != skip {
			f := &t.Factors[k]
			r.Factors = append(r.Factors, Factor{f.Atom, f.Exp, r.remap(f.Idx, m)})
		}
	}
	return m
}

// noClass stands for a slot that is given up; no factor uses its class.
const noClass Ix = -2

// Place returns the class of r for each of t's classes: those that slots show are
// idx, identified where two slots show one class, the others are new.
func (r *Raw) Place(t *Term, idx []Ix) []Ix {
	m := r.st.ix(len(t.Dims))
	for i := range m {
		m[i] = -1
	}
	for s, c := range t.Slot {
		if m[c] == -1 {
			m[c] = idx[s]
		} else {
			r.Union(m[c], idx[s])
		}
	}
	for c := range m {
		if m[c] == -1 {
			m[c] = r.Class(t.Dims[c])
		}
	}
	return m
}

func (r *Raw) remap(idx, m []Ix) []Ix {
	out := r.st.ix(len(idx))
	for i, c := range idx {
		out[i] = m[c]
	}
	return out
}

func (r *Raw) mulFactors(t *Term, idx []Ix, exp rat.Rat) {
	m := r.Place(t, idx)
	for k := range t.Factors {
		f := &t.Factors[k]
		e := f.Exp
		if !exp.IsOne() {
			e = e.Mul(exp)
		}
		r.Factors = append(r.Factors, Factor{f.Atom, e, r.remap(f.Idx, m)})
	}
}

// MulNum multiplies by q^exp.
func (r *Raw) MulNum(q, exp rat.Rat) {
	if k, ok := exp.Int64(); ok {
		if q.IsZero() && k <= 0 {
			panic(ErrZeroDivision)
		}
		r.Coef = r.Coef.Mul(q.Pow(int(k)))
		return
	}
	switch q.Sign() {
	case 0:
		if exp.Sign() < 0 {
			panic(ErrZeroDivision)
		}
		r.Coef = rat.Zero
		return
	case -1:
		panic(ErrNegativeRoot)
	}
	num, den, ok := exp.Small()
	if !ok && exp.IsInt() && !q.IsOne() {
		panic(rat.ErrTooLarge)
	}
	if root, ok := q.Root(int(den)); ok {
		r.Coef = r.Coef.Mul(root.Pow(int(num)))
		return
	}
	if q.IsOne() {
		return
	}
	r.MulAtom(r.st.num(q), nil, exp)
}

// MulSize multiplies by d^exp.
func (r *Raw) MulSize(d *expr.Dim, exp rat.Rat) {
	coef, pows, ok := d.Monomial()
	if !ok {
		r.MulSum(r.st.SizeSum(d), nil, exp)
		return
	}
	r.MulNum(rat.Int(coef), exp)
	for _, p := range pows {
		r.MulAtom(r.st.size(p.Name), nil, exp.Mul(rat.Int(int64(p.Exp))))
	}
}

// MulSum multiplies by s[idx]^exp, where the power is entrywise. A single term
// is multiplied in; several become a group.
func (r *Raw) MulSum(s *Sum, idx []Ix, exp rat.Rat) {
	switch {
	case exp.IsZero():
		return
	case len(s.Terms) == 0:
		if exp.Sign() < 0 {
			panic(ErrZeroDivision)
		}
		r.Coef = rat.Zero
		return
	case len(s.Terms) > 1:
		r.mulGroup(s, idx, exp)
		return
	}
	t := &s.Terms[0]
	if exp.IsOne() {
		r.MulTerm(t, idx)
		return
	}
	bound := len(t.Dims) > distinct(t.Slot)
	diagonal := len(t.Slot) > distinct(t.Slot)
	_, integer := exp.Int64()
	switch {
	case diagonal && exp.Sign() < 0:
		panic(ErrZeroDivision) // entries off the diagonal are zero
	case !bound && (integer || t.distributes()):
		r.MulNum(t.Coef, exp)
		r.mulFactors(t, idx, exp)
	default:
		r.mulPower(s, t, idx, exp)
	}
}

// mulPower multiplies by the power of a single term that cannot be distributed
// whole: what is free of bound classes (and known positive, if the exponent is no
// integer) comes out, the rest is a group.
func (r *Raw) mulPower(s *Sum, t *Term, idx []Ix, exp rat.Rat) {
	_, integer := exp.Int64()
	inner := r.st.Raw(s.Slots)
	m := inner.Place(t, inner.Slot)
	outer := r.st.ix(len(t.Dims)) // bound classes stay inside
	for s, c := range t.Slot {
		outer[c] = idx[s]
	}
	var free []Factor
	for k := range t.Factors {
		f := &t.Factors[k]
		out := (integer || f.Atom.Positive) && !slices.ContainsFunc(f.Idx, t.Bound)
		if out {
			free = append(free, Factor{f.Atom, f.Exp.Mul(exp), r.remap(f.Idx, outer)})
		} else {
			inner.MulAtom(f.Atom, inner.remap(f.Idx, m), f.Exp)
		}
	}
	coef := t.Coef
	if coef.Sign() < 0 && !integer {
		coef, inner.Coef = coef.Neg(), rat.MinusOne
	}
	r.MulNum(coef, exp)
	r.Factors = append(r.Factors, free...)
	rest := r.st.SumOf(s.Slots, inner)
	if len(rest.Terms) == 1 && len(rest.Terms[0].Factors) == 0 {
		if rest.Terms[0].Coef.IsOne() {
			return
		}
		if rest.Terms[0].Coef.Sign() < 0 && !integer {
			panic(ErrNegativeRoot)
		}
	}
	r.mulGroup(rest, idx, exp)
}

func (r *Raw) mulGroup(s *Sum, idx []Ix, exp rat.Rat) {
	for k := range s.Slots {
		if !s.DependsOn(k) { // spread along the slot: the group does without it
			r.MulSum(r.st.DropSlot(s, k), slices.Delete(slices.Clone(idx), k, k+1), exp)
			return
		}
	}
	_, integer := exp.Int64()
	a, coef, perm := r.st.Group(s)
	if coef.Sign() < 0 && !integer {
		// The sign stays inside: (−g)^(1/2) is no multiple of g^(1/2).
		a, coef, perm = r.st.groupAs(s)
	}
	r.MulNum(coef, exp)
	g := r.st.ix(len(perm))
	for k, p := range perm {
		g[k] = idx[p]
	}
	r.MulAtom(a, g, exp)
}

func distinct(slots []Ix) int {
	n := Ix(-1) // slots of a canonical term show classes 0, 1, … in order
	for _, c := range slots {
		n = max(n, c)
	}
	return int(n) + 1
}

// positive reports whether every factor and the coefficient are known positive.
func (t *Term) positive() bool {
	if t.Coef.Sign() <= 0 {
		return false
	}
	for i := range t.Factors {
		if !t.Factors[i].Atom.Positive {
			return false
		}
	}
	return true
}

// nonnegative reports whether the coefficient is positive and every factor is positive or an
// even power.
func (t *Term) nonnegative() bool {
	if t.Coef.Sign() <= 0 {
		return false
	}
	for i := range t.Factors {
		f := &t.Factors[i]
		if k, integer := f.Exp.Int64(); !f.Atom.Positive && !(integer && k%2 == 0) {
			return false
		}
	}
	return true
}

// distributes reports whether (coef · Π f)^e is coef^e · Π f^e for every e: all
// factors are positive but at most one, and that one is no even power (whose root
// would lose a sign).
func (t *Term) distributes() bool {
	if t.Coef.Sign() <= 0 {
		return false
	}
	open := 0
	for i := range t.Factors {
		f := &t.Factors[i]
		if f.Atom.Positive {
			continue
		}
		if k, ok := f.Exp.Int64(); ok && k%2 == 0 {
			return false
		}
		open++
	}
	return open <= 1
}
