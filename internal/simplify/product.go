package simplify

import (
	"slices"

	"example.com/nabla/internal/index"
	"example.com/nabla/internal/rat"
)

// product matches the rule against the product raw, starting from factor at, and
// rewrites it. Classes of raw are the ambient spots.
func (m *matcher) product(raw *index.Raw, at int) bool {
	t := &m.r.lhs.Terms[0]
	f := &t.Factors[m.r.order[0]]
	if f.Exp.Sign() != raw.Factors[at].Exp.Sign() || len(raw.Factors) < len(t.Factors) {
		return false
	}
	if f.Atom.Kind == index.OpAtom && len(raw.Factors[at].Idx) < f.Atom.Core {
		return false // an operand of size 1 has no axes
	}
	if core := raw.Factors[at].Idx; m.r.bound && f.Atom.Kind == index.OpAtom && f.Atom.Core > 0 &&
		!slices.ContainsFunc(core[:f.Atom.Core], func(c index.Ix) bool { return !slices.Contains(raw.Slot, c) }) {
		return false // nothing is summed over
	}
	if m.r.echo && !m.echoes(raw, raw.Factors[at].Atom.Args[0]) {
		return false
	}
	for _, k := range m.r.order[1:] {
		if a := t.Factors[k].Atom; a.Kind == index.OpAtom && !slices.ContainsFunc(raw.Factors, func(g index.Factor) bool {
			return g.Atom.Op == a.Op && g.Atom.Sym == nil
		}) {
			return false
		}
	}
	m.raw = raw
	m.take = slices.Grow(m.take[:0], len(raw.Factors))[:len(raw.Factors)]
	for i := range m.take {
		m.take[i] = rat.Zero
	}
	m.ambient = raw.Classes()
	for c := range m.ambient {
		m.spots = append(m.spots, raw.Dim(index.Ix(c)))
	}
	pm := make([]int, len(t.Dims))
	for c, d := range t.Dims {
		pm[c] = m.point(d)
		m.points[pm[c]].bound = t.Bound(index.Ix(c))
	}
	tm := identity(m.ambient)
	return m.factorAt(t, pm, tm, 0, at) && m.replace(pm)
}

// echoes reports whether an atom of s is a factor.
func (m *matcher) echoes(raw *index.Raw, s *index.Sum) bool {
	var a *index.Atom
	if len(s.Terms) == 1 {
		if len(s.Terms[0].Factors) == 0 {
			return false
		}
		a = s.Terms[0].Factors[0].Atom
	} else if g, _, _, ok := m.st.FindGroup(s); ok {
		a = g
	} else {
		return false
	}
	for i := range raw.Factors {
		if raw.Factors[i].Atom == a {
			return true
		}
	}
	return false
}

// factorAt matches the k-th factor in order of matching, and those after it,
// against factor at (any if it is negative).
func (m *matcher) factorAt(t *index.Term, pm, tm []int, k, at int) bool {
	if k == len(m.r.order) {
		return m.complete() && m.alone(t, pm)
	}
	pf := &t.Factors[m.r.order[k]]
	if pf.Atom.Kind == index.VarAtom {
		if b := m.vars[pf.Atom.Sym.Ordinal]; b.set() {
			return m.embed(b, pick(pm, pf.Idx), pf.Exp, func() bool { return m.factorAt(t, pm, tm, k+1, -1) })
		}
	}
	for i := range m.raw.Factors {
		tf := &m.raw.Factors[i]
		if at >= 0 && i != at || !m.take[i].IsZero() || pf.Exp.Sign() != tf.Exp.Sign() && tf.Atom.Op != m.rs.e.exp {
			continue
		}
		n := len(m.trail)
		if m.factor(pf, pm, tf, tm, func(once rat.Rat) bool {
			m.take[i] = once
			return !once.IsZero() && m.factorAt(t, pm, tm, k+1, -1)
		}) {
			return true
		}
		m.take[i] = rat.Zero
		m.undo(n)
	}
	return false
}

// complete checks that what the pattern sums over is summed over here, in matched
// factors alone.
func (m *matcher) complete() bool {
	for i := range m.points {
		if m.points[i].bound && (m.points[i].at < 0 || !m.whole(m.points[i].at)) {
			return false
		}
	}
	for _, s := range m.gone {
		if !m.whole(s) {
			return false
		}
	}
	return m.times().Sign() > 0
}

// alone checks that an index that the pattern sums over stands in the matched
// factors just as often as in the pattern: Σ_i softmax(X)_ii runs along the rows of
// X as well and is no sum of a softmax. What an operand of several factors takes
// in is compared with the operand itself.
func (m *matcher) alone(t *index.Term, pm []int) bool {
	for c := range t.Dims {
		if !t.Bound(index.Ix(c)) {
			continue
		}
		want, operand := 0, false
		for k := range t.Factors {
			f := &t.Factors[k]
			n := occurrences(f.Idx, index.Ix(c))
			operand = operand || n > 0 && f.Atom.Kind == index.VarAtom && m.r.vars[f.Atom.Sym.Ordinal].facts == 0
			want += n
		}
		if operand {
			continue
		}
		got := 0
		for i := range m.raw.Factors {
			if !m.take[i].IsZero() {
				got += occurrences(m.raw.Factors[i].Idx, index.Ix(m.points[pm[c]].at))
			}
		}
		if got != want {
			return false
		}
	}
	return true
}

func occurrences(idx []index.Ix, c index.Ix) int {
	n := 0
	for _, x := range idx {
		if x == c {
			n++
		}
	}
	return n
}

func (m *matcher) whole(s int) bool {
	c := index.Ix(s)
	if slices.Contains(m.raw.Slot, c) {
		return false
	}
	for i := range m.raw.Factors {
		f := &m.raw.Factors[i]
		if slices.Contains(f.Idx, c) && !m.take[i].Equal(f.Exp) {
			return false
		}
	}
	return true
}

// times returns how often the pattern fits into the product: once if it sums over
// something, else as often as the exponents allow. A fraction is possible where
// all exponents agree and all factors are positive.
func (m *matcher) times() rat.Rat {
	if m.r.bound || len(m.gone) > 0 {
		for i, q := range m.take {
			if !q.IsZero() && (m.raw.Factors[i].Exp.Sign() != q.Sign() || m.raw.Factors[i].Exp.Abs().Cmp(q.Abs()) < 0) {
				return rat.Zero
			}
		}
		return rat.One
	}
	least, equal, positive := rat.Zero, true, m.coef.Sign() > 0
	first := true
	for i, q := range m.take {
		if q.IsZero() {
			continue
		}
		f := &m.raw.Factors[i]
		k := f.Exp.Div(q)
		positive = positive && f.Atom.Positive
		if first {
			least, first = k, false
			continue
		}
		equal = equal && k.Equal(least)
		if k.Cmp(least) < 0 {
			least = k
		}
	}
	if least.IsInt() || equal && positive {
		return least
	}
	return rat.Int(floor(least))
}

func floor(q rat.Rat) int64 {
	n, d, _ := q.Small()
	k := n / d
	if n%d < 0 {
		k--
	}
	return k
}

// replace puts the right side in place of what is matched.
func (m *matcher) replace(pm []int) bool {
	k := m.times()
	ambient := m.ambients()
	s := m.instance(m.r.rhs, ambient)
	m.assume()
	raw := m.raw
	for i := range raw.Factors {
		if !m.take[i].IsZero() {
			raw.Factors[i].Exp = raw.Factors[i].Exp.Sub(m.take[i].Mul(k))
		}
	}
	if !m.coef.IsOne() {
		raw.MulNum(m.coef, k.Neg())
	}
	for i := range m.points {
		if m.points[i].bound {
			raw.Discard(index.Ix(m.points[i].at))
		}
	}
	for _, c := range m.gone {
		raw.Discard(index.Ix(c))
	}
	idx := make([]index.Ix, 0, len(s.Slots))
	for i := range m.r.rhs.Slots {
		p := pm[m.r.lhs.Terms[0].Slot[i]]
		idx = append(idx, index.Ix(m.points[p].at))
	}
	for _, c := range ambient {
		idx = append(idx, index.Ix(c))
	}
	raw.MulSum(s, idx, k)
	return true
}

// embed finds the sum that a variable stands for, to the power exp, among the
// factors of the product. own are the points of the variable's axes.
func (m *matcher) embed(b binding, own []int, exp rat.Rat, next func() bool) bool {
	coef := rat.One
	var fs []index.Factor
	var slot []index.Ix
	var classes int
	if b.atom != nil {
		slot = make([]index.Ix, len(b.idx))
		for k := range slot {
			slot[k] = index.Ix(k)
		}
		classes = len(slot)
		fs = []index.Factor{{Atom: b.atom, Exp: rat.One, Idx: slot}}
	} else if len(b.sum.Terms) == 1 {
		t := &b.sum.Terms[0]
		fs, slot, coef, classes = t.Factors, t.Slot, t.Coef, len(t.Dims)
		if distinct(slot) < len(slot) || len(fs) == 0 {
			return false
		}
	} else {
		a, q, perm, ok := m.st.FindGroup(b.sum)
		if !ok {
			return false
		}
		slot = make([]index.Ix, len(perm))
		idx := make([]index.Ix, len(perm))
		for k, p := range perm {
			slot[k], idx[k] = index.Ix(k), index.Ix(p)
		}
		coef, classes = q, len(perm)
		fs = []index.Factor{{Atom: a, Exp: rat.One, Idx: idx}}
	}
	if !coef.IsOne() && !exp.IsInt() {
		return false
	}
	e := &embedding{m: m, fs: fs, exp: exp, next: next, own: own, b: b, slot: slot}
	e.at = make([]int, classes)
	for c := range e.at {
		e.at[c] = -1
	}
	for k, c := range slot {
		if s := b.idx[k]; s >= 0 {
			e.at[c] = s
		} else {
			e.at[c] = m.points[own[-1-s]].at
		}
	}
	e.used = make([]bool, len(fs))
	was := m.coef
	if k, ok := exp.Int64(); ok && !coef.IsOne() {
		m.coef = was.Mul(coef.Pow(int(k)))
	}
	if e.step(0) {
		return true
	}
	m.coef = was
	return false
}

// An embedding is the search for the factors of a term in the product.
type embedding struct {
	m    *matcher
	fs   []index.Factor
	exp  rat.Rat
	at   []int // spot of each class of the term, −1 if not known yet
	used []bool
	slot []index.Ix
	b    binding
	own  []int
	next func() bool
}

func (e *embedding) step(done int) bool {
	m := e.m
	if done == len(e.fs) {
		return e.finish()
	}
	// A factor with a known class, or without any.
	k := -1
	for i := range e.fs {
		if !e.used[i] && (len(e.fs[i].Idx) == 0 || slices.ContainsFunc(e.fs[i].Idx, func(c index.Ix) bool { return e.at[c] >= 0 })) {
			k = i
			break
		}
	}
	if k < 0 {
		return false
	}
	f := &e.fs[k]
	once := f.Exp.Mul(e.exp)
	e.used[k] = true
	for i := range m.raw.Factors {
		g := &m.raw.Factors[i]
		if g.Atom != f.Atom || !m.take[i].IsZero() || g.Exp.Sign() != once.Sign() || g.Exp.Abs().Cmp(once.Abs()) < 0 {
			continue
		}
		for swap := range 2 {
			if swap == 1 && !f.Atom.Symmetric {
				break
			}
			if e.unify(f, g, swap == 1, func() bool {
				m.take[i] = once
				if e.step(done + 1) {
					return true
				}
				m.take[i] = rat.Zero
				return false
			}) {
				return true
			}
		}
	}
	e.used[k] = false
	return false
}

func (e *embedding) unify(f, g *index.Factor, swap bool, next func() bool) bool {
	saved := slices.Clone(e.at)
	for p, c := range f.Idx {
		q := p
		if swap && p < 2 {
			q = 1 - p
		}
		s := int(g.Idx[q])
		if e.at[c] < 0 {
			e.at[c] = s
		}
		if e.at[c] != s {
			copy(e.at, saved)
			return false
		}
	}
	if next() {
		return true
	}
	copy(e.at, saved)
	return false
}

func (e *embedding) finish() bool {
	m := e.m
	n, g := len(m.trail), len(m.gone)
	for k, c := range e.slot {
		if e.at[c] < 0 || e.b.idx[k] < 0 && !m.bind(e.own[-1-e.b.idx[k]], e.at[c]) {
			m.undo(n)
			return false
		}
	}
	for c, s := range e.at {
		if !slices.Contains(e.slot, index.Ix(c)) {
			m.gone = append(m.gone, s)
		}
	}
	if e.next() {
		return true
	}
	m.gone = m.gone[:g]
	m.undo(n)
	return false
}
