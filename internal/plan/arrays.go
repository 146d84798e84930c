package plan

import (
	"cmp"
	"math"
	"slices"

	"example.com/nabla/internal/expr"
)

// An array is a value with the index of each axis. Where a language has arrays of any rank,
// an index form is computed by them: entry by entry, spread along the axes that an operand
// has not, and by products that sum over an axis, for each value of the axes that both have.
//
// The axis of samples, which most factors have, comes first; then come the others in the
// order of the free indices that they lead to, so that products need few transposes.
type array struct {
	v    *Value
	axes []int
}

// arrays returns the sum of monomials by arrays.
func (e *expansion) arrays(list []*monomial, rows, cols []int) *Value {
	l := e.l
	rows, cols = e.long(rows), e.long(cols)
	result := slices.Concat(rows, cols)
	list = e.factor(list)
	e.findOrder(list)
	if v := e.kronecker(list, rows, cols); v != nil {
		return v
	}
	for _, i := range result { // an index of no factor: ones
		for _, m := range list {
			if !m.has(i) {
				m.entries = append(m.entries, entry{v: l.FillVector(l.Int(1), e.sizes[i]), indices: []int{i}})
			}
		}
	}
	a := e.arraySum(list, result)
	v := e.align(a, result)
	if len(cols) == 0 {
		return l.Reshape(v, len(rows))
	}
	if len(rows) == 0 {
		return l.AsRow(l.Reshape(v, len(cols)))
	}
	return l.Reshape(v, len(rows))
}

// long leaves out indices of one value.
func (e *expansion) long(list []int) []int {
	return slices.DeleteFunc(slices.Clone(list), func(i int) bool { return e.sizes[i].IsOne() })
}

// kronecker returns a single product of two matrices without an index in common as their
// Kronecker product, nil for all else.
func (e *expansion) kronecker(list []*monomial, rows, cols []int) *Value {
	if len(list) != 1 || len(rows) != 2 || len(cols) != 2 {
		return nil
	}
	p := e.product(list[0], slices.Concat(rows, cols))
	s := p.path
	if s.x == nil {
		return nil
	}
	first, second := setOf(p.names.of([]int{rows[0], cols[0]})), setOf(p.names.of([]int{rows[1], cols[1]}))
	x, y := s.x, s.y
	if x.indices == second {
		x, y = y, x
	}
	if x.indices != first || y.indices != second {
		return nil
	}
	a := e.align(p.build(x), []int{rows[0], cols[0]})
	b := e.align(p.build(y), []int{rows[1], cols[1]})
	return e.l.scale(e.l.Num(list[0].coef), e.l.scale(p.scalar, e.l.Kron(a, b)))
}

// findOrder finds the order of axes: see array.
func (e *expansion) findOrder(list []*monomial) {
	e.order = map[int]float64{}
	for k, i := range e.result {
		e.order[i] = float64(1 + k)
	}
	for _, m := range list {
		counts := map[int]int{}
		var seen []int
		m.visit(func(f entry) {
			for _, i := range f.indices {
				if counts[i] == 0 {
					seen = append(seen, i)
				}
				counts[i]++
			}
		})
		sample, most := -1, 2
		for _, i := range seen {
			if counts[i] > most && !e.free(i) {
				sample, most = i, counts[i]
			}
		}
		if sample >= 0 {
			e.order[sample] = 0
		}
	}
	for again := true; again; {
		again = false
		for _, m := range list {
			m.visit(func(f entry) {
				near := math.Inf(1)
				for _, i := range f.indices {
					if o, ok := e.order[i]; ok && o > 0 {
						near = min(near, o)
					}
				}
				for _, i := range f.indices {
					if _, ok := e.order[i]; !ok && !math.IsInf(near, 1) && f.v != nil {
						e.order[i] = near + 1e-3
						again = true
					}
				}
			})
		}
	}
}

// visit calls f for the entries of a monomial and of the sums in it.
func (m *monomial) visit(f func(entry)) {
	for _, x := range m.entries {
		if x.v != nil {
			f(x)
		}
	}
	for _, x := range m.entries {
		for _, t := range x.sum {
			t.visit(f)
		}
	}
}

// inOrder sorts indices in the order of axes.
func (e *expansion) inOrder(list []int) []int {
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(i, j int) int { return cmp.Or(cmp.Compare(e.place(i), e.place(j)), cmp.Compare(i, j)) })
	return list
}

func (e *expansion) place(i int) float64 {
	if o, ok := e.order[i]; ok {
		return o
	}
	return math.Inf(1)
}

// arraySum adds monomials up; what has not all the indices is spread.
func (e *expansion) arraySum(list []*monomial, indices []int) array {
	l := e.l
	var sum array
	negative := false
	for k, m := range list {
		a := e.product(m, indices).value(m.coef.Abs())
		switch sign := m.coef.Sign() < 0; {
		case k == 0:
			sum, negative = a, sign
		case negative == sign:
			sum = e.combine("add", sum, a)
		case negative:
			sum, negative = e.combine("sub", a, sum), false
		default:
			sum = e.combine("sub", sum, a)
		}
	}
	if negative {
		sum.v = l.neg(sum.v)
	}
	return sum
}

// sizesOf returns the sizes of axes.
func (e *expansion) sizesOf(axes []int) []*expr.Dim {
	out := make([]*expr.Dim, len(axes))
	for k, i := range axes {
		out[k] = e.sizes[i]
	}
	return out
}

// align returns the array as a value with those axes; those that it has not are new.
func (e *expansion) align(a array, axes []int) *Value {
	perm := make([]int, len(axes))
	for k, i := range axes {
		perm[k] = slices.Index(a.axes, i)
	}
	return e.l.Align(a.v, perm, e.sizesOf(axes))
}

// combine adds, subtracts or multiplies entry by entry.
func (e *expansion) combine(fn string, x, y array) array {
	l := e.l
	axes := slices.Clone(x.axes)
	for _, i := range y.axes {
		if !slices.Contains(axes, i) {
			axes = append(axes, i)
		}
	}
	switch {
	case len(axes) > 2 || len(x.axes) < 2 && len(y.axes) < 2:
		axes = e.inOrder(axes)
	case len(x.axes) < len(axes):
		axes = y.axes
	}
	u, v := x.v, y.v
	if len(x.axes) > 0 {
		u = e.align(x, axes)
	}
	if len(y.axes) > 0 {
		v = e.align(y, axes)
	}
	switch {
	case len(axes) > 2:
		return array{l.Binary(fn, u, v), axes}
	case fn == "mul" && len(axes) == 2 && len(x.axes) == 1 && len(y.axes) == 1:
		if x.axes[0] != axes[0] {
			x, y = y, x
		}
		return array{l.Outer(x.v, y.v), axes}
	case fn == "add":
		return array{l.add(u, v), axes}
	case fn == "sub":
		return array{l.sub(u, v), axes}
	case u.Rank == 0 || v.Rank == 0:
		if u.Rank > 0 {
			u, v = v, u
		}
		return array{l.scale(u, v), axes}
	}
	return array{l.mul(u, v), axes}
}
