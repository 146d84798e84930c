package simplify

import (
	"slices"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/index"
	"example.com/nabla/internal/rat"
)

// special matches the patterns of operands whose variables are more than one atom
// each: diag(v), c*A and A*B. done is false for any other pattern.
func (m *matcher) special(p *index.Term, ps []int, t *index.Sum, ts []int, next func() bool) (done, ok bool) {
	f := p.Factors
	if len(f) == 1 && f[0].Atom.Kind == index.VarAtom && len(f[0].Idx) == 0 && !f[0].Exp.IsOne() && !m.vars[f[0].Atom.Sym.Ordinal].set() {
		n := len(m.trail)
		if m.root(f[0].Atom.Sym.Ordinal, f[0].Exp, t, ts) && next() {
			return true, true
		}
		m.undo(n)
		return true, false
	}
	for i := range f {
		if f[i].Atom.Kind != index.VarAtom || !f[i].Exp.IsOne() || m.vars[f[i].Atom.Sym.Ordinal].set() {
			return false, false
		}
	}
	if len(ps) == 4 {
		n := len(m.trail)
		if m.kronecker(p, t, ts) && next() {
			return true, true
		}
		m.undo(n)
		return true, false
	}
	if len(ps) != 2 || len(ts) < 2 || m.points[ps[0]].at < 0 || m.points[ps[1]].at < 0 {
		return false, false
	}
	// Slots 0 and 1 of the target are the axes; they may be exchanged.
	a, b := slices.Index(ts, m.points[ps[0]].at), slices.Index(ts, m.points[ps[1]].at)
	if a < 0 || b < 0 || a+b != 1 {
		return true, false
	}
	n := len(m.trail)
	switch {
	case len(f) == 1 && p.Slot[0] == p.Slot[1] && len(f[0].Idx) == 1:
		ok = m.diagonal(f[0].Atom.Sym.Ordinal, t, ts)
	case len(f) == 2 && len(f[0].Idx)+len(f[1].Idx) == 2:
		c, x := &f[0], &f[1]
		if len(c.Idx) > 0 {
			c, x = x, c
		}
		ok = m.scaled(c.Atom.Sym.Ordinal, x.Atom.Sym.Ordinal, t, ts, a)
	case len(f) == 2 && len(f[0].Idx) == 2 && len(f[1].Idx) == 2:
		first, second := &f[0], &f[1]
		if slices.Contains(second.Idx, p.Slot[0]) {
			first, second = second, first
		}
		ok = m.chain(first.Atom.Sym.Ordinal, second.Atom.Sym.Ordinal, t, ts, a)
	default:
		return false, false
	}
	if ok && next() {
		return true, true
	}
	m.undo(n)
	return true, false
}

// root matches x.^e by the product whose entrywise e-th power t is.
func (m *matcher) root(k int, e rat.Rat, t *index.Sum, ts []int) bool {
	if len(t.Terms) != 1 || !t.Terms[0].Coef.IsOne() || len(t.Terms[0].Factors) == 0 ||
		len(t.Terms[0].Dims) > distinct(t.Terms[0].Slot) || tied(&t.Terms[0]) {
		return false
	}
	s := &t.Terms[0]
	r := m.st.Raw(t.Slots)
	ok := true
	for i := range s.Factors {
		f := &s.Factors[i]
		q := f.Exp.Div(e)
		ok = ok && q.IsInt()
		r.MulAtom(f.Atom, remap(f.Idx, r.Slot), q)
	}
	x := m.st.SumOf(t.Slots, r)
	return ok && m.let(k, x, ts)
}

// kronecker matches kron(A, B), A and B square, whose slots are the rows of A and of
// B, then the columns. A is what hangs together with the first.
func (m *matcher) kronecker(p *index.Term, t *index.Sum, ts []int) bool {
	if len(p.Factors) != 2 || len(t.Terms) != 1 || len(ts) < 4 || tied(&t.Terms[0]) {
		return false
	}
	s := &t.Terms[0]
	if t.Slots[0] != t.Slots[2] || t.Slots[1] != t.Slots[3] {
		return false
	}
	outer := append([]index.Ix{s.Slot[0], s.Slot[2]}, s.Slot[4:]...)
	inner := append([]index.Ix{s.Slot[1], s.Slot[3]}, s.Slot[4:]...)
	left, right := connectedFrom(s, -1, s.Slot[4:], outer[0], outer[1]), connectedFrom(s, -1, s.Slot[4:], inner[0], inner[1])
	for i := range left {
		if left[i] == right[i] {
			return false
		}
	}
	a, b := p.Factors[0].Atom.Sym.Ordinal, p.Factors[1].Atom.Sym.Ordinal
	if !slices.Contains(p.Factors[0].Idx, p.Slot[0]) {
		a, b = b, a
	}
	pick := func(i, j int) []*expr.Dim { return append([]*expr.Dim{t.Slots[i], t.Slots[j]}, t.Slots[4:]...) }
	own := append([]int{-1, -2}, ts[4:]...)
	return m.let(a, m.part(s, pick(0, 2), outer, s.Coef, func(i int) bool { return left[i] }), own) &&
		m.let(b, m.part(s, pick(1, 3), inner, rat.One, func(i int) bool { return right[i] }), own)
}

// let binds variable k if its conditions hold.
func (m *matcher) let(k int, s *index.Sum, idx []int) bool {
	if !m.allowed(&m.r.vars[k], s) {
		return false
	}
	m.vars[k] = binding{sum: s, idx: idx}
	m.trail = append(m.trail, -1-k)
	return true
}

// shift matches v + c, where c does not depend on the axis of v. done is false for any
// other pattern.
func (m *matcher) shift(p *index.Sum, ps []int, t *index.Sum, ts []int, next func() bool) (done, ok bool) {
	if len(p.Terms) != 2 || len(ps) != 1 {
		return false, false
	}
	v, c := -1, -1
	for i := range p.Terms {
		f := p.Terms[i].Factors
		if len(f) != 1 || f[0].Atom.Kind != index.VarAtom || m.vars[f[0].Atom.Sym.Ordinal].set() {
			return false, false
		}
		if len(f[0].Idx) == 1 {
			v = f[0].Atom.Sym.Ordinal
		} else {
			c = f[0].Atom.Sym.Ordinal
		}
	}
	k := slices.Index(ts, m.points[ps[0]].at)
	if v < 0 || c < 0 || k < 0 || len(t.Terms) < 2 {
		return true, false
	}
	var parts [2]*index.Sum // without and with the axis
	for with := range parts {
		b := m.st.Build(t.Slots)
		for i := range t.Terms {
			if shows(&t.Terms[i], k) == (with == 1) {
				r := m.st.Raw(t.Slots)
				r.MulTerm(&t.Terms[i], r.Slot)
				b.Add(r)
			}
		}
		parts[with] = b.Sum()
		if parts[with].IsZero() {
			return true, false
		}
	}
	idx := slices.Clone(ts)
	idx[k] = -1
	n := len(m.trail)
	if m.let(v, parts[1], idx) && m.let(c, m.st.DropSlot(parts[0], k), slices.Delete(slices.Clone(ts), k, k+1)) && next() {
		return true, true
	}
	m.undo(n)
	return true, false
}

// shows reports whether slot k of t is more than ones.
func shows(t *index.Term, k int) bool {
	c := t.Slot[k]
	for j, d := range t.Slot {
		if j != k && d == c {
			return true
		}
	}
	return slices.ContainsFunc(t.Factors, func(f index.Factor) bool { return slices.Contains(f.Idx, c) })
}

// diagonal matches diag(v).
func (m *matcher) diagonal(k int, t *index.Sum, ts []int) bool {
	for i := range t.Terms {
		if t.Terms[i].Slot[0] != t.Terms[i].Slot[1] {
			return false
		}
	}
	if len(t.Terms) == 0 {
		return false
	}
	slots := slices.Delete(slices.Clone(t.Slots), 1, 2)
	b := m.st.Build(slots)
	for i := range t.Terms {
		r := m.st.Raw(slots)
		r.MulTerm(&t.Terms[i], slices.Insert(slices.Clone(r.Slot), 0, r.Slot[0]))
		b.Add(r)
	}
	return m.let(k, b.Sum(), append([]int{-1}, ts[2:]...))
}

// scaled matches c*A: a number in front of a sum, or what a single term has besides
// the factors that hang together with the axes. a is the slot of the row axis.
func (m *matcher) scaled(c, x int, t *index.Sum, ts []int, a int) bool {
	own := append([]int{-1 - a, -2 + a}, ts[2:]...)
	if len(t.Terms) != 1 {
		u, q := m.st.Unit(t)
		return len(t.Terms) > 0 && !q.IsOne() && m.let(c, m.st.NumSum(q), nil) && m.let(x, u, own)
	}
	s := &t.Terms[0]
	core := connected(s, -1, s.Slot[0], s.Slot[1])
	if s.Coef.IsOne() && !slices.Contains(core, false) {
		return false
	}
	outer := m.part(s, t.Slots[2:], s.Slot[2:], s.Coef, func(i int) bool { return !core[i] })
	inner := m.part(s, t.Slots, s.Slot, rat.One, func(i int) bool { return core[i] })
	return m.let(c, outer, ts[2:]) && m.let(x, inner, own)
}

// chain matches A*B: a single term that falls apart at a summed class of the size
// of both axes, or from which the factors of one axis alone come off as a diagonal
// matrix. A is the shortest possible. a is the slot of the row axis.
func (m *matcher) chain(x, y int, t *index.Sum, ts []int, a int) bool {
	if len(t.Terms) != 1 {
		return false
	}
	s := &t.Terms[0]
	row, col := s.Slot[a], s.Slot[1-a]
	if row == col || len(s.Factors) < 2 || slices.Contains(connected(s, -1, row, col), false) {
		return false
	}
	dims := append([]*expr.Dim{s.Dims[row], s.Dims[row]}, t.Slots[2:]...)
	own := append([]int{-1, -2}, ts[2:]...)
	split := func(left []bool, r0, c0, r1, c1 index.Ix) bool {
		l := m.part(s, dims, append([]index.Ix{r0, c0}, s.Slot[2:]...), s.Coef, func(i int) bool { return left[i] })
		r := m.part(s, dims, append([]index.Ix{r1, c1}, s.Slot[2:]...), rat.One, func(i int) bool { return !left[i] })
		return m.let(x, l, own) && m.let(y, r, own)
	}
	if d := alone(s, row); slices.Contains(d, true) {
		return split(d, row, row, row, col)
	}
	var best []bool
	var at index.Ix
	for c := range s.Dims {
		b := index.Ix(c)
		if !s.Bound(b) || s.Dims[b] != s.Dims[row] {
			continue
		}
		left := connected(s, b, row)
		if touches(s, left, col) || best != nil && count(best) <= count(left) {
			continue
		}
		best, at = left, b
	}
	if best != nil && slices.Contains(best, false) {
		return split(best, row, at, at, col)
	}
	if d := alone(s, col); slices.Contains(d, true) {
		for i := range d {
			d[i] = !d[i]
		}
		return split(d, row, col, col, col)
	}
	return false
}

func count(in []bool) int {
	n := 0
	for _, x := range in {
		if x {
			n++
		}
	}
	return n
}

// alone reports which factors have class c and no other but a batch's.
func alone(t *index.Term, c index.Ix) []bool {
	in := make([]bool, len(t.Factors))
	for i := range t.Factors {
		idx := t.Factors[i].Idx
		in[i] = slices.Contains(idx, c) && !slices.ContainsFunc(idx, func(d index.Ix) bool {
			return d != c && !slices.Contains(t.Slot[2:], d)
		})
	}
	return in
}

func touches(t *index.Term, in []bool, c index.Ix) bool {
	for i := range t.Factors {
		if in[i] && slices.Contains(t.Factors[i].Idx, c) {
			return true
		}
	}
	return false
}

// connected reports which factors of t hang together with the given classes through
// classes that are not a batch's nor cut.
func connected(t *index.Term, cut index.Ix, from ...index.Ix) []bool {
	return connectedFrom(t, cut, t.Slot[2:], from...)
}

func connectedFrom(t *index.Term, cut index.Ix, batch []index.Ix, from ...index.Ix) []bool {
	in := make([]bool, len(t.Factors))
	reached := slices.Clone(from)
	for grown := true; grown; {
		grown = false
		for i := range t.Factors {
			f := &t.Factors[i]
			if in[i] || !slices.ContainsFunc(f.Idx, func(c index.Ix) bool { return slices.Contains(reached, c) }) {
				continue
			}
			in[i], grown = true, true
			for _, c := range f.Idx {
				if c != cut && !slices.Contains(batch, c) && !slices.Contains(reached, c) {
					reached = append(reached, c)
				}
			}
		}
	}
	return in
}

// part returns the product of some factors of t as a sum whose slots show the given
// classes of t.
func (m *matcher) part(t *index.Term, slots []*expr.Dim, shown []index.Ix, coef rat.Rat, in func(i int) bool) *index.Sum {
	r := m.st.Raw(slots)
	r.Coef = coef
	at := make([]index.Ix, len(t.Dims))
	for c := range at {
		at[c] = -1
	}
	for k, c := range shown {
		if at[c] < 0 {
			at[c] = r.Slot[k]
		} else {
			r.Union(at[c], r.Slot[k])
		}
	}
	for i := range t.Factors {
		if !in(i) {
			continue
		}
		f := &t.Factors[i]
		idx := make([]index.Ix, len(f.Idx))
		for p, c := range f.Idx {
			if at[c] < 0 {
				at[c] = r.Class(t.Dims[c])
			}
			idx[p] = at[c]
		}
		r.MulAtom(f.Atom, idx, f.Exp)
	}
	return m.st.SumOf(slots, r)
}
