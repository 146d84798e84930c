package plan

import (
	"cmp"
	"encoding/binary"
	"slices"

	"example.com/nabla/internal/rat"
)

// Terms of an index form that have an entry in common, up to the names of indices that are
// summed over, become that entry times the sum of what is left of them: Σ A[i,a] B[a,j] +
// Σ A[i,b] C[b,j] is A[i,a] (B[a,j] + C[a,j]). What is left is treated so again, which is
// Horner's rule: of a network of many layers, whose Hessian has a term for each layer that
// passes through all layers below, each layer is passed once.
//
// Where an index that differs in the others is equal to a fixed one in a term, as in
// A[i,a] A[j,a] d[a] beside A[i,a] A[j,b] G[a,b], the rest has a delta: δ[a,b] d[a].

// factor takes entries that several monomials have in common out of their sum, as long as
// that saves work. The free indices are fixed.
func (e *expansion) factor(list []*monomial) []*monomial {
	if len(list) < 2 || slices.ContainsFunc(list, e.whole) {
		return list
	}
	h := &horner{expansion: e, costs: map[*monomial]float64{}}
	for _, i := range e.result {
		h.fix(i)
	}
	return h.sum(list)
}

// A horner factors sums; fixed are the indices that are fixed in the sum at hand.
type horner struct {
	*expansion
	fixed []bool
	costs map[*monomial]float64 // of what stands in the sum at hand
}

// mostPatterns is how many patterns of a sum are compared by what they save.
const mostPatterns = 12

// sum factors a sum of monomials: again and again what saves most is taken out.
func (h *horner) sum(list []*monomial) []*monomial {
	for len(list) > 1 {
		var best *pull
		for _, p := range h.patterns(list) {
			for _, q := range h.pulls(list, p) {
				if q.gain > 0 && (best == nil || q.gain > best.gain) {
					best = q
				}
			}
		}
		if best == nil {
			break
		}
		var rest []*monomial
		first := -1
		for k, m := range list {
			switch {
			case best.from[k] == nil:
				rest = append(rest, m)
			case first < 0:
				first = len(rest)
			}
		}
		list = slices.Insert(rest, first, best.done(h))
	}
	return list
}

// A pattern is an entry that several monomials have in common. A position is a fixed index,
// or −1 − k for the k-th that is none.
type pattern struct {
	v         *Value
	positions []int
	key       string
	at        []int // by monomial: which of its entries it is, −1 if none
	count     int   // of the monomials that have it
	loose     int   // positions that are not fixed
	deltas    int   // that it takes
}

// isFixed reports whether an index is fixed in the sum at hand.
func (h *horner) isFixed(i int) bool { return i < len(h.fixed) && h.fixed[i] }

// patterns returns the entries that several monomials have, the best first.
func (h *horner) patterns(list []*monomial) []*pattern {
	// An entry at no fixed index brings further indices only.
	attached := len(indicesOf(list, h.isFixed)) > 0
	var out []*pattern
	seen := map[string]bool{}
	for _, m := range list {
		for _, f := range m.entries {
			p := h.patternOf(f)
			if p == nil || seen[p.key] || attached && p.loose > 0 && p.loose == len(p.positions) {
				continue
			}
			seen[p.key] = true
			for _, o := range list {
				h.l.B.Limit.Step(1)
				at, deltas := h.find(p, o)
				p.at = append(p.at, at)
				if at >= 0 {
					p.count++
					p.deltas += deltas
				}
			}
			if p.count > 1 {
				out = append(out, p)
			}
		}
	}
	slices.SortStableFunc(out, func(p, q *pattern) int {
		return cmp.Or(cmp.Compare(q.count, p.count), cmp.Compare(p.loose, q.loose), cmp.Compare(p.deltas, q.deltas))
	})
	return out[:min(len(out), mostPatterns)]
}

// patternOf makes a pattern of an entry, nil for one that stays where it is: a sum, or a
// delta of an index that others may replace.
func (h *horner) patternOf(f entry) *pattern {
	if f.v == nil {
		return nil
	}
	p := &pattern{v: f.v}
	key := binary.AppendUvarint(nil, uint64(f.v.ID))
	for k, i := range f.indices {
		switch first := slices.Index(f.indices, i); {
		case h.isFixed(i):
			p.positions = append(p.positions, i)
		case first < k:
			p.positions = append(p.positions, p.positions[first])
		default:
			p.loose++
			p.positions = append(p.positions, -p.loose)
		}
		if f.v.Kind == Eye && !h.free(i) {
			return nil
		}
		key = binary.AppendVarint(key, int64(p.positions[k]))
	}
	p.key = string(key)
	return p
}

// find returns which entry of a monomial fits a pattern with the fewest deltas, −1 if none.
func (h *horner) find(p *pattern, m *monomial) (at, deltas int) {
	at = -1
	for k, f := range m.entries {
		if f.v != p.v {
			continue
		}
		if n, ok := h.fits(p, m, f.indices); ok && (at < 0 || n < deltas) {
			at, deltas = k, n
		}
	}
	return at, deltas
}

// fits reports whether indices of a monomial are those of a pattern, and how many deltas say
// so. What is fixed must be equal, perhaps by a delta that the monomial has.
func (h *horner) fits(p *pattern, m *monomial, indices []int) (deltas int, ok bool) {
	var image [8]int
	known := 0
	for k, i := range indices {
		q := p.positions[k]
		switch {
		case q >= 0:
			if i != q && !m.equal(i, q) {
				return 0, false
			}
		case -q <= known:
			if image[-q-1] != i {
				return 0, false
			}
		default:
			if h.isFixed(i) || slices.Contains(image[:known], i) {
				deltas++
			}
			image[known] = i
			known++
		}
	}
	return deltas, true
}

// equal reports whether the monomial has a delta of two indices.
func (m *monomial) equal(i, j int) bool {
	return slices.ContainsFunc(m.entries, func(f entry) bool {
		return f.v != nil && f.v.Kind == Eye && (f.indices[0] == i && f.indices[1] == j || f.indices[0] == j && f.indices[1] == i)
	})
}

// A pull is a pattern taken out of some of the monomials.
type pull struct {
	taken entry
	inner *horner     // of the sum of what is left
	from  []*monomial // by monomial of the sum: what is left of it, nil if it has no part
	gain  float64
}

// pulls returns the ways to take a pattern out: of all monomials that have it, and of those of
// which what is left has the same fixed indices.
func (h *horner) pulls(list []*monomial, p *pattern) []*pull {
	inner := &horner{expansion: h.expansion, costs: map[*monomial]float64{}, fixed: slices.Clone(h.fixed)}
	taken := entry{v: p.v, indices: slices.Clone(p.positions)}
	first := slices.IndexFunc(p.at, func(at int) bool { return at >= 0 })
	for n, q := range p.positions {
		if q < 0 {
			k := slices.Index(p.positions, q)
			if k == n {
				taken.indices[n] = h.index(h.sizes[list[first].entries[p.at[first]].indices[n]])
				inner.fix(taken.indices[n])
			}
			taken.indices[n] = taken.indices[k]
		}
	}
	all := &pull{taken: taken, inner: inner, from: make([]*monomial, len(list))}
	out := []*pull{all}
	var groups [][]int // fixed indices
	for k, m := range list {
		if p.at[k] < 0 {
			continue
		}
		all.from[k] = h.without(m, p.at[k], taken.indices)
		has := indicesOf(all.from[k:k+1], inner.isFixed)
		n := slices.IndexFunc(groups, func(g []int) bool { return slices.Equal(g, has) })
		if n < 0 {
			n = len(groups)
			groups = append(groups, has)
			out = append(out, &pull{taken: taken, inner: inner, from: make([]*monomial, len(list))})
		}
		out[n+1].from[k] = all.from[k]
	}
	if len(groups) == 1 {
		out = out[:1]
	}
	for _, q := range out {
		apart, rest := 0.0, []*monomial(nil)
		for k, m := range q.from {
			if m != nil {
				apart += h.cost(list[k])
				rest = append(rest, m)
			}
		}
		if len(rest) > 1 {
			m := &monomial{coef: rat.One, entries: []entry{taken, {sum: rest, indices: indicesOf(rest, inner.isFixed)}}}
			q.gain = apart - h.costOf(m, h.isFixed)
		}
	}
	return out
}

// done returns what is taken times the factored sum of what is left.
func (q *pull) done(h *horner) *monomial {
	rest := slices.DeleteFunc(slices.Clone(q.from), func(m *monomial) bool { return m == nil })
	c := content(rest)
	for k, m := range rest {
		rest[k] = &monomial{coef: m.coef.Div(c), entries: m.entries}
	}
	out := &monomial{coef: c, entries: []entry{q.taken}}
	rest = q.inner.sum(rest)
	if len(rest) == 1 {
		out.coef = c.Mul(rest[0].coef)
		out.entries = append(out.entries, rest[0].entries...)
		return out
	}
	out.entries = append(out.entries, entry{sum: rest, indices: indicesOf(rest, q.inner.isFixed)})
	return out
}

func (h *horner) fix(i int) {
	for len(h.fixed) <= i {
		h.fixed = append(h.fixed, false)
	}
	h.fixed[i] = true
}

// without returns a monomial without one of its entries, whose indices have new names: they
// are replaced where they are bound, and else a delta says that they are equal.
func (h *horner) without(m *monomial, at int, names []int) *monomial {
	m = m.clone()
	indices := m.entries[at].indices
	m.entries = slices.Delete(m.entries, at, at+1)
	for k, name := range names {
		i := indices[k]
		switch {
		case i == name || m.equal(i, name):
		case h.isFixed(i) || slices.Contains(names[:k], i):
			m.entries = append(m.entries, entry{v: h.l.Eye(h.sizes[i]), indices: []int{i, name}})
		default:
			m.replace(i, name)
			for n := range indices {
				if indices[n] == i {
					indices[n] = name
				}
			}
		}
	}
	return m
}

// content is what coefficients have in common: the least, if it divides the others.
func content(list []*monomial) rat.Rat {
	c := list[0].coef
	for _, m := range list {
		if m.coef.Abs().Cmp(c.Abs()) < 0 {
			c = m.coef
		}
	}
	for _, m := range list {
		if !m.coef.Div(c).IsInt() {
			return rat.One
		}
	}
	return c
}

// cost is about what it takes to have a monomial, and to add it to the sum at hand.
func (h *horner) cost(m *monomial) float64 {
	if c, ok := h.costs[m]; ok {
		return c
	}
	c := h.costOf(m, h.isFixed)
	h.costs[m] = c
	return c
}

// quickOperands bounds the operands of which all orders are compared in an estimate.
const quickOperands = 6

// costOf is the cost of a monomial as a term of a sum in which indices are fixed.
func (e *expansion) costOf(m *monomial, fixed func(int) bool) float64 {
	n := &local{e: e}
	c := &contraction{l: e.l, result: n.of(indicesOf([]*monomial{m}, fixed))}
	inside := 0.0
	var sets []set
	for _, f := range m.entries {
		if len(f.indices) > 0 {
			sets = append(sets, setOf(n.of(f.indices)))
		}
		if f.sum != nil {
			within := func(i int) bool { return slices.Contains(f.indices, i) }
			for _, t := range f.sum {
				inside += e.costOf(t, within)
			}
		}
	}
	for _, i := range n.names {
		c.lengths = append(c.lengths, e.l.dim(e.sizes[i]))
	}
	if len(sets) > 0 {
		inside += c.order(sets, quickOperands).cost
	}
	return inside + c.size(setOf(c.result))
}
