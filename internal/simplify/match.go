package simplify

import (
	"slices"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/index"
	"example.com/nabla/internal/rat"
)

// A matcher matches one rule against one application or product.
//
// Classes of the pattern and of the target are numbered through all levels of
// nesting: pattern classes are points, target classes spots. A pattern speaks of
// scalars where the target has entries, and of vectors where it has a vector for
// each index of a batch; so a variable stands for a sum together with the spots of
// its slots, some of which are the variable's own axes and the others ambient.
//
// Matching is a search: each step takes what is left to do as a function, and
// what a failed step has bound is unbound again by undo.
type matcher struct {
	rs *Rules
	st *index.Store
	r  *rule

	points  []point
	spots   []*expr.Dim // sizes
	ambient int         // spots below this one are outside of every sum and operand
	vars    []binding
	trail   []int // bound points as ≥ 0, bound variables as < 0

	// The product, when one is matched.
	raw  *index.Raw
	take []rat.Rat // by factor: the exponent matched once
	gone []int     // spots that the matched factors sum over
	coef rat.Rat   // numeric factor of what is matched once
}

// A point is a class of the pattern; at is its spot, −1 if not known yet.
type point struct {
	at    int
	bound bool // summed over in the product's pattern
	dim   *expr.Dim
}

// A binding is what a variable stands for: slot k of sum is the variable's own axis
// −1 − idx[k] if that is negative, else the ambient spot idx[k].
//
// A variable with a fact is an atom; its sum is made when it is needed, because
// making it tries the rules.
type binding struct {
	sum  *index.Sum
	atom *index.Atom
	idx  []int
}

func (b *binding) set() bool { return b.sum != nil || b.atom != nil }

func (m *matcher) reset(rs *Rules, st *index.Store, r *rule) {
	m.rs, m.st, m.r, m.raw = rs, st, r, nil
	m.points, m.spots, m.trail, m.gone = m.points[:0], m.spots[:0], m.trail[:0], m.gone[:0]
	m.vars = slices.Grow(m.vars[:0], len(r.vars))[:len(r.vars)]
	clear(m.vars)
	m.coef = rat.One
}

func (m *matcher) point(d *expr.Dim) int {
	m.points = append(m.points, point{at: -1, dim: d})
	return len(m.points) - 1
}

func (m *matcher) spot(d *expr.Dim) int {
	m.spots = append(m.spots, d)
	return len(m.spots) - 1
}

// undo unbinds what was bound since the trail had n entries.
func (m *matcher) undo(n int) {
	for len(m.trail) > n {
		k := len(m.trail) - 1
		if x := m.trail[k]; x >= 0 {
			m.points[x].at = -1
		} else {
			m.vars[-1-x] = binding{}
		}
		m.trail = m.trail[:k]
	}
}

// bind says that a point is at a spot.
func (m *matcher) bind(p, s int) bool {
	q := &m.points[p]
	if q.at >= 0 {
		return q.at == s
	}
	if q.bound && slices.Contains(m.raw.Slot, index.Ix(s)) {
		return false
	}
	for i := range m.points {
		// What the pattern sums over is nothing else besides.
		if m.points[i].at == s && (q.bound || m.points[i].bound) {
			return false
		}
	}
	q.at = s
	m.trail = append(m.trail, p)
	return true
}

// plain returns the variable that a sum is up to a number: no other factor, no
// diagonal.
func plain(s *index.Sum) (*index.Factor, bool) {
	if len(s.Terms) != 1 {
		return nil, false
	}
	t := &s.Terms[0]
	if len(t.Factors) != 1 || t.Factors[0].Atom.Kind != index.VarAtom || !t.Factors[0].Exp.IsOne() ||
		len(t.Dims) != len(t.Slot) || len(t.Factors[0].Idx) != len(t.Slot) {
		return nil, false
	}
	return &t.Factors[0], true
}

// sum matches a whole sum. ps and ts are the points and spots of the slots. next
// gets the number λ with target = λ · pattern; unless free, λ is 1.
func (m *matcher) sum(p *index.Sum, ps []int, t *index.Sum, ts []int, free bool, next func(rat.Rat) bool) bool {
	if f, ok := plain(p); ok {
		return m.variable(f, p.Terms[0].Slot, ps, p.Terms[0].Coef, t, ts, func() bool { return next(rat.One) })
	}
	rest := -1
	for i := range p.Terms {
		if f := p.Terms[i].Factors; len(p.Terms) > 1 && len(f) == 1 && f[0].Atom.Kind == index.VarAtom {
			rest = i
		}
	}
	if done, ok := m.shift(p, ps, t, ts, func() bool { return next(rat.One) }); done {
		return ok
	}
	if len(p.Terms) == 1 {
		if done, ok := m.special(&p.Terms[0], ps, t, ts, func() bool { return next(rat.One) }); done {
			return ok
		}
	}
	if rest < 0 && len(p.Terms) != len(t.Terms) || len(p.Terms) > len(t.Terms) {
		return false
	}
	used := make([]bool, len(t.Terms))
	scale, scaled := rat.One, !free || rest >= 0
	var terms func(k int) bool
	terms = func(k int) bool {
		if k == len(p.Terms) {
			if rest < 0 {
				return next(scale)
			}
			return m.remainder(&p.Terms[rest], ps, t, ts, used, func() bool { return next(rat.One) })
		}
		if k == rest {
			return terms(k + 1)
		}
		pt := &p.Terms[k]
		for i := range t.Terms {
			if used[i] {
				continue
			}
			q := t.Terms[i].Coef.Div(pt.Coef)
			was, set := scale, scaled
			if !scaled {
				scale, scaled = q, true
			}
			if q.Equal(scale) {
				used[i] = true
				n := len(m.trail)
				if m.term(pt, ps, &t.Terms[i], ts, func() bool { return terms(k + 1) }) {
					return true
				}
				m.undo(n)
				used[i] = false
			}
			scale, scaled = was, set
		}
		return false
	}
	return terms(0)
}

// remainder matches a variable against the terms that are not used.
func (m *matcher) remainder(pt *index.Term, ps []int, t *index.Sum, ts []int, used []bool, next func() bool) bool {
	b := m.st.Build(t.Slots)
	for i := range t.Terms {
		if !used[i] {
			r := m.st.Raw(t.Slots)
			r.MulTerm(&t.Terms[i], r.Slot)
			b.Add(r)
		}
	}
	return m.variable(&pt.Factors[0], pt.Slot, ps, pt.Coef, b.Sum(), ts, next)
}

// variable matches coef times a variable against the sum t.
func (m *matcher) variable(f *index.Factor, slot []index.Ix, ps []int, coef rat.Rat, t *index.Sum, ts []int, next func() bool) bool {
	k := f.Atom.Sym.Ordinal
	if v := &m.r.vars[k]; v.negative && !m.vars[k].set() {
		if _, q := m.st.Unit(t); q.Sign() >= 0 {
			return false
		}
	}
	own := make([]int, len(f.Idx))
	for i, c := range f.Idx {
		own[i] = ps[slices.Index(slot, c)]
	}
	if !coef.IsOne() {
		t = m.st.Scale(t, coef.Inv())
	}
	return m.assign(k, own, t, ts, next)
}

// assign lets variable k, whose axes are at the points own, be the sum t; if it is
// something already, that must be the same.
func (m *matcher) assign(k int, own []int, t *index.Sum, ts []int, next func() bool) bool {
	t, ts = m.lean(own, t, ts)
	n := len(m.trail)
	b := m.vars[k]
	if !b.set() {
		b = binding{sum: t, idx: slices.Clone(ts)}
		for j, p := range own {
			i := slices.Index(ts, m.points[p].at)
			if i < 0 {
				return false
			}
			b.idx[i] = -1 - j
		}
		for _, s := range b.idx {
			if s >= m.ambient {
				return false
			}
		}
		if !m.allowed(&m.r.vars[k], t) {
			return false
		}
		m.vars[k] = b
		m.trail = append(m.trail, -1-k)
		if next() {
			return true
		}
		m.undo(n)
		return false
	}
	return m.same(b, own, t, ts, next)
}

// lean leaves out the slots on which a matrix does not depend: the operand of a
// power whose exponent varies along them.
func (m *matcher) lean(own []int, t *index.Sum, ts []int) (*index.Sum, []int) {
	if len(own) != 2 || len(ts) == 2 {
		return t, ts
	}
	axis := func(s int) bool {
		return slices.ContainsFunc(own, func(p int) bool { return m.points[p].at == s })
	}
	for k := len(ts) - 1; k >= 0; k-- {
		if !axis(ts[k]) && !t.DependsOn(k) {
			t, ts = m.st.DropSlot(t, k), slices.Delete(slices.Clone(ts), k, k+1)
		}
	}
	return t, ts
}

// same compares a binding with a sum seen at ts, up to a transposition.
func (m *matcher) same(b binding, own []int, t *index.Sum, ts []int, next func() bool) bool {
	n := len(m.trail)
	if b.sum == t && m.along(b, own, ts) && next() {
		return true
	}
	m.undo(n)
	if len(ts) == 2 && len(b.idx) == 2 && b.sum.Slots[0] == t.Slots[1] && b.sum.Slots[1] == t.Slots[0] &&
		m.st.Transpose(t) == b.sum && m.along(b, own, []int{ts[1], ts[0]}) && next() {
		return true
	}
	m.undo(n)
	return false
}

func (m *matcher) along(b binding, own, ts []int) bool {
	for i, s := range b.idx {
		if s < 0 && !m.bind(own[-1-s], ts[i]) || s >= 0 && s != ts[i] {
			return false
		}
	}
	return true
}

// allowed checks a variable's conditions but for the sign.
func (m *matcher) allowed(v *variable, t *index.Sum) bool {
	return (!v.positive || t.Positive()) && (!v.nonnegative || nonnegative(t)) &&
		(v.facts == 0 || hasFacts(t, v.facts)) && (v.assume != "nonzero" || ordinary(t))
}

// term matches a whole term but for the coefficient.
func (m *matcher) term(p *index.Term, ps []int, t *index.Term, ts []int, next func() bool) bool {
	if len(p.Factors) != len(t.Factors) || len(p.Dims)-distinct(p.Slot) != len(t.Dims)-distinct(t.Slot) ||
		len(p.Slot)-distinct(p.Slot) != len(t.Slot)-distinct(t.Slot) {
		return false
	}
	// Slots that are one class in the pattern are one in the target.
	for i, c := range p.Slot {
		if j := slices.Index(p.Slot, c); j < i {
			a, b := slices.Index(ts, m.points[ps[i]].at), slices.Index(ts, m.points[ps[j]].at)
			if a < 0 || b < 0 || t.Slot[a] != t.Slot[b] {
				return false
			}
		}
	}
	pm, tm := make([]int, len(p.Dims)), make([]int, len(t.Dims))
	for c := range pm {
		if k := slices.Index(p.Slot, index.Ix(c)); k >= 0 {
			pm[c] = ps[k]
		} else {
			pm[c] = m.point(p.Dims[c])
		}
	}
	bound := -1
	for c := range tm {
		if k := slices.Index(t.Slot, index.Ix(c)); k >= 0 {
			tm[c] = ts[k]
		} else {
			tm[c] = m.spot(t.Dims[c])
			bound = tm[c]
		}
	}
	if len(p.Dims)-distinct(p.Slot) == 1 && !m.bind(pm[len(pm)-1], bound) {
		return false
	}
	used := make([]bool, len(t.Factors))
	var factors func(k int) bool
	factors = func(k int) bool {
		if k == len(p.Factors) {
			return next()
		}
		pf := &p.Factors[k]
		for i := range t.Factors {
			tf := &t.Factors[i]
			if used[i] {
				continue
			}
			used[i] = true
			n := len(m.trail)
			if m.factor(pf, pm, tf, tm, func(once rat.Rat) bool { return once.Equal(tf.Exp) && factors(k+1) }) {
				return true
			}
			m.undo(n)
			used[i] = false
		}
		return false
	}
	return factors(0)
}

func distinct(slots []index.Ix) int {
	n := index.Ix(-1)
	for _, c := range slots {
		n = max(n, c)
	}
	return int(n) + 1
}

// factor matches the atom of a factor. next gets the exponent of the target's atom
// for which the factor is matched once.
func (m *matcher) factor(pf *index.Factor, pm []int, tf *index.Factor, tm []int, next func(once rat.Rat) bool) bool {
	pa, ta := pf.Atom, tf.Atom
	if pa.Kind != ta.Kind && pa.Kind != index.VarAtom {
		return false
	}
	switch pa.Kind {
	case index.VarAtom:
		v := &m.r.vars[pa.Sym.Ordinal]
		if v.facts == 0 || ta.Kind != index.VarAtom || m.vars[pa.Sym.Ordinal].set() {
			return false
		}
		return m.declared(pf, pm, tf, tm, next)
	case index.OpAtom:
		if pa.Op != ta.Op || ta.Sym != nil || pa.Core != ta.Core || pa.CoreIn != ta.CoreIn {
			return false
		}
		if pa.Op == m.rs.e.exp {
			if f, ok := plain(pa.Args[0]); ok {
				return m.exponential(f, pf, pm, tf, tm, next)
			}
		}
		return m.application(pf, pm, tf, tm, func() bool { return next(pf.Exp) })
	case index.GroupAtom:
		if ta.Opaque {
			return false
		}
		return m.sum(pa.Args[0], pick(pm, pf.Idx), ta.Args[0], pick(tm, tf.Idx), true, func(scale rat.Rat) bool {
			if scale.IsOne() {
				return next(pf.Exp)
			}
			k, ok := pf.Exp.Int64()
			if !ok {
				return false
			}
			was := m.coef
			m.coef = was.Mul(scale.Pow(int(k)).Inv())
			if next(pf.Exp) {
				return true
			}
			m.coef = was
			return false
		})
	case index.NumAtom:
		return pa.Num.Equal(ta.Num) && next(pf.Exp)
	}
	return false
}

func pick(m []int, idx []index.Ix) []int {
	out := make([]int, len(idx))
	for i, c := range idx {
		out[i] = m[c]
	}
	return out
}

// declared matches a variable that the rule asks a fact of. Slots past the
// variable's own are a family's, or the columns that the fact holds of one by one.
func (m *matcher) declared(pf *index.Factor, pm []int, tf *index.Factor, tm []int, next func(rat.Rat) bool) bool {
	a := tf.Atom
	k := pf.Atom.Sym.Ordinal
	if a.Bare || !a.Sym.Facts.Has(m.r.vars[k].facts) || !sameAxes(pf.Atom, a) {
		return false
	}
	n := len(m.trail)
	b := binding{atom: a, idx: make([]int, len(a.Slots))}
	for i := range a.Slots {
		if i < len(pf.Idx) {
			b.idx[i] = -1 - i
		} else if b.idx[i] = tm[tf.Idx[i]]; b.idx[i] >= m.ambient {
			return false
		}
	}
	own, ts := pick(pm, pf.Idx), pick(tm, tf.Idx)
	m.vars[k] = b
	m.trail = append(m.trail, -1-k)
	if m.along(b, own, ts) && next(pf.Exp) {
		return true
	}
	for len(m.trail) > n+1 {
		m.undo(len(m.trail) - 1)
	}
	if a.Symmetric && len(ts) == 2 && m.along(b, own, []int{ts[1], ts[0]}) && next(pf.Exp) {
		return true
	}
	m.undo(n)
	return false
}

// sameAxes reports whether the axes of a rule's variable are those of the variable a, as
// that fact speaks of them: an axis of one entry is none, and one whose size is a product
// may be several.
func sameAxes(p, a *index.Atom) bool {
	own := len(a.Slots)
	if a.Sym.Family != nil {
		own--
	}
	return a.RowAxes() == p.RowAxes() && (len(p.Slots) == p.RowAxes() || own == len(p.Slots))
}

func identity(n int) []int {
	p := make([]int, n)
	for i := range p {
		p[i] = i
	}
	return p
}

// exponential matches exp(x)^e with exp(u)^f: a factor of the operand is a factor
// of the exponent.
func (m *matcher) exponential(x *index.Factor, pf *index.Factor, pm []int, tf *index.Factor, tm []int, next func(rat.Rat) bool) bool {
	k := x.Atom.Sym.Ordinal
	own, ts := pick(pm, pf.Idx), pick(tm, tf.Idx)
	arg := tf.Atom.Args[0]
	b := m.vars[k]
	if !b.set() {
		n := len(m.trail)
		q := tf.Exp.Div(pf.Exp)
		if m.assign(k, own, m.st.Scale(arg, q), ts, func() bool { return next(tf.Exp) }) {
			return true
		}
		m.undo(n)
		return false
	}
	u, q := m.st.Unit(b.sum)
	return m.same(binding{sum: u, idx: b.idx}, own, arg, ts, func() bool { return next(pf.Exp.Mul(q)) })
}

// application matches an operator applied to operands.
func (m *matcher) application(pf *index.Factor, pm []int, tf *index.Factor, tm []int, next func() bool) bool {
	pa, ta := pf.Atom, tf.Atom
	pidx, tidx := pick(pm, pf.Idx), pick(tm, tf.Idx)
	core := pa.Core
	n := len(m.trail)
	np, ns := len(m.points), len(m.spots)
	swaps := 1
	if pa.CoreIn == 2 && core == 2 {
		swaps = 2 // the operator commutes with transposition
	}
	for swap := range swaps {
		ok := true
		for i := range core {
			j := i
			if swap == 1 {
				j = 1 - i
			}
			ok = ok && m.bind(pidx[i], tidx[j])
		}
		if ok && m.operands(pa, ta, pidx[core:], tidx[core:], swap == 1, next) {
			return true
		}
		m.undo(n)
		m.points, m.spots = m.points[:np], m.spots[:ns]
	}
	return false
}

// operands matches the operands of two applications of one operator. pb and tb are
// the points and spots of the slots after the result's axes.
func (m *matcher) operands(pa, ta *index.Atom, pb, tb []int, swap bool, next func() bool) bool {
	ps, ts := make([]int, 0, 4), make([]int, 0, 4)
	for i := range pa.CoreIn {
		ps = append(ps, m.point(pa.Args[0].Slots[i]))
		ts = append(ts, m.spot(ta.Args[0].Slots[i]))
	}
	if len(ts) == 2 && pa.Args[0].Slots[0] == pa.Args[0].Slots[1] && ta.Args[0].Slots[0] != ta.Args[0].Slots[1] {
		return false
	}
	for i, p := range ps {
		j := i
		if swap {
			j = 1 - i
		}
		if !m.bind(p, ts[j]) {
			return false
		}
	}
	return m.rest(pa, ta, 0, append(ps, pb...), append(ts, tb...), next)
}

// rest matches the operands from the k-th on.
func (m *matcher) rest(pa, ta *index.Atom, k int, ps, ts []int, next func() bool) bool {
	if k == len(pa.Args) {
		return next()
	}
	if k == 1 && pa.CoreIn > 0 { // a scalar, which may vary along the batch
		ps, ts = ps[pa.CoreIn:], ts[pa.CoreIn:]
	}
	if k > 0 && len(ta.Args[k].Slots) == 0 {
		ps, ts = ps[:0], ts[:0]
	}
	return m.sum(pa.Args[k], ps, ta.Args[k], ts, false, func(rat.Rat) bool { return m.rest(pa, ta, k+1, ps, ts, next) })
}
