package plan

import (
	"slices"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/print"
	"example.com/nabla/internal/rat"
)

// An expansion is an index form with values for its nodes: a sum of monomials. Indices are
// numbers; those that are new get the next. What is fixed stands outside of a sum over
// indices: first the free indices, inside of a product that has been taken out of a sum
// those of what was taken out too.
type expansion struct {
	l     *Lowerer
	sizes []*expr.Dim
	// result are the free indices: those of the rows, then those of the columns.
	result []int
	order  map[int]float64 // of axes, see array
}

// A monomial is a coefficient times entries, summed over every index that is not fixed
// where it stands.
type monomial struct {
	coef    rat.Rat
	entries []entry
}

// An entry is that of a value at indices, one for each axis, or of a sum of monomials in
// which its indices are fixed. An Eye is a Kronecker delta.
type entry struct {
	v       *Value
	sum     []*monomial
	indices []int
}

// expansion makes one of an index form, without terms that vanish.
func (l *Lowerer) expansion(x *print.IndexForm) (*expansion, []*monomial) {
	e := &expansion{l: l, sizes: slices.Clone(x.Sizes), result: slices.Concat(x.Rows, x.Cols)}
	var list []*monomial
	for k := range x.Terms {
		if !x.Terms[k].Coef.IsZero() {
			list = append(list, e.monomial(x, &x.Terms[k]))
		}
	}
	return e, list
}

// monomial returns a term. Squares and cubes are repeated factors, so that one of them can be
// taken out of a sum.
func (e *expansion) monomial(x *print.IndexForm, t *print.IndexTerm) *monomial {
	m := &monomial{coef: t.Coef}
	for k := range t.Factors {
		f := t.Factors[k]
		times := int64(1)
		if n, ok := f.Exp.Int64(); ok && (n == 2 || n == 3) && len(f.Indices) > 0 {
			times, f.Exp = n, rat.One
		}
		v, indices := e.l.indexFactor(x, &f), slices.Clone(f.Indices)
		if f.IsFamily() {
			indices = e.familyIndices(&f)
		}
		if v.Kind == Transpose && len(indices) == 2 {
			v, indices = v.Args[0], []int{indices[1], indices[0]}
		}
		for range times {
			m.entries = append(m.entries, entry{v: v, indices: slices.Clone(indices)})
		}
	}
	e.rename(m)
	return m
}

// familyIndices returns the indices of a family's parameter, that of the member first.
// Axes of one entry have an index of their own.
func (e *expansion) familyIndices(f *print.IndexFactor) []int {
	k := len(f.Indices) - 1
	out, rest := []int{f.Indices[k]}, f.Indices[:k]
	shape := f.Node.Sym.Shape
	for _, d := range []*expr.Dim{shape.Rows, shape.Cols}[:ArgumentRank(f.Node.Sym)-1] {
		if d.IsOne() {
			out = append(out, e.index(d))
			continue
		}
		out, rest = append(out, rest[0]), rest[1:]
	}
	return out
}

// index returns a new index.
func (e *expansion) index(d *expr.Dim) int {
	e.sizes = append(e.sizes, d)
	return len(e.sizes) - 1
}

// free reports whether an index is one of the result.
func (e *expansion) free(i int) bool { return slices.Contains(e.result, i) }

// rename gives indices that are equal by a delta one name, as far as they are not free.
func (e *expansion) rename(m *monomial) {
	for k := 0; k < len(m.entries); k++ {
		f := m.entries[k]
		if f.v == nil || f.v.Kind != Eye {
			continue
		}
		i, j := f.indices[0], f.indices[1]
		if e.free(i) {
			i, j = j, i
		}
		if e.free(i) || i == j { // the last is left to the contraction
			continue
		}
		m.entries = slices.Delete(m.entries, k, k+1)
		used := m.has(j) || e.free(j)
		m.replace(i, j)
		if !used && !m.has(j) {
			m.entries = append(m.entries, entry{v: e.l.Size(e.sizes[j])})
		}
		k = -1
	}
}

// has reports whether an index occurs.
func (m *monomial) has(i int) bool {
	return slices.ContainsFunc(m.entries, func(f entry) bool { return slices.Contains(f.indices, i) })
}

// replace puts j in the place of i.
func (m *monomial) replace(i, j int) {
	for _, f := range m.entries {
		for k := range f.indices {
			if f.indices[k] == i {
				f.indices[k] = j
			}
		}
		for _, t := range f.sum {
			t.replace(i, j)
		}
	}
}

// clone returns a copy whose indices can be replaced.
func (m *monomial) clone() *monomial {
	c := &monomial{coef: m.coef, entries: slices.Clone(m.entries)}
	for k := range c.entries {
		f := &c.entries[k]
		f.indices, f.sum = slices.Clone(f.indices), slices.Clone(f.sum)
		for n := range f.sum {
			f.sum[n] = f.sum[n].clone()
		}
	}
	return c
}

// indicesOf returns those that occur in monomials and are fixed, in order.
func indicesOf(list []*monomial, fixed func(int) bool) []int {
	var out []int
	for _, m := range list {
		for _, f := range m.entries {
			for _, i := range f.indices {
				if fixed(i) {
					out = append(out, i)
				}
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// merged writes equal entries as one power, and returns scalars apart.
func (e *expansion) merged(m *monomial) (scalar *Value, list []entry) {
	l := e.l
	scalar = l.Int(1)
	for k, f := range m.entries {
		if len(f.indices) == 0 && f.v != nil {
			scalar = l.mul(scalar, f.v)
			continue
		}
		same := func(g entry) bool { return f.v != nil && g.v == f.v && slices.Equal(g.indices, f.indices) }
		if slices.ContainsFunc(m.entries[:k], same) {
			continue
		}
		times := 0
		for _, g := range m.entries[k:] {
			if same(g) {
				times++
			}
		}
		if times > 1 && f.v.Kind != Eye {
			f.v = l.pow(f.v, l.Int(int64(times)))
		}
		list = append(list, f)
	}
	return scalar, list
}

// A local numbering has the indices of one product from 0 on.
type local struct {
	e     *expansion
	names []int // by local number
}

func (n *local) of(list []int) []int {
	out := make([]int, len(list))
	for k, i := range list {
		out[k] = slices.Index(n.names, i)
		if out[k] < 0 {
			out[k] = len(n.names)
			n.names = append(n.names, i)
		}
	}
	return out
}

func (n *local) back(list []int) []int {
	out := make([]int, len(list))
	for k, i := range list {
		out[k] = n.names[i]
	}
	return out
}

// contraction makes a monomial, without its coefficient, a contraction whose result has the
// indices given; the scalar is yet to be multiplied.
func (e *expansion) contraction(m *monomial, result []int) (c *contraction, scalar *Value, n *local) {
	n = &local{e: e}
	scalar, list := e.merged(m)
	s := &Spec{Result: n.of(result)}
	var args []*Value
	var sums []tensor
	for _, f := range list {
		if f.v != nil {
			args = append(args, f.v)
			s.Operands = append(s.Operands, n.of(f.indices))
			continue
		}
		t := e.sum(f.sum, f.indices)
		sums = append(sums, tensor{v: t.v, rows: n.of(t.rows), cols: n.of(t.cols)})
	}
	for _, i := range n.names {
		s.Sizes = append(s.Sizes, e.sizes[i])
	}
	c = &contraction{l: e.l, sizes: s.Sizes, result: slices.Clone(s.Result)}
	c.take(s, args, sums...)
	for _, x := range c.scalars {
		scalar = e.l.scale(x, scalar)
	}
	return c, scalar, n
}

// sum adds monomials up, arranged as the largest of them comes.
func (e *expansion) sum(list []*monomial, indices []int) tensor {
	l := e.l
	var most float64
	var like tensor
	type part struct {
		c      *contraction
		t      tensor
		scalar *Value
		n      *local
	}
	parts := make([]part, len(list))
	for k, m := range list {
		c, scalar, n := e.contraction(m, indices)
		path := c.path()
		t := path.build(c)
		parts[k] = part{c, t, scalar, n}
		if k == 0 || path.cost > most {
			most, like = path.cost, tensor{rows: n.back(t.rows), cols: n.back(t.cols)}
		}
	}
	var terms []term
	shape := expr.Shape{Rows: l.B.One(), Cols: l.B.One()}
	for k, p := range parts {
		rows, cols := p.n.of(like.rows), p.n.of(like.cols)
		shape = expr.Shape{Rows: p.c.dims(rows), Cols: p.c.dims(cols)}
		v := l.scale(p.scalar, p.c.arrange(p.t, rows, cols))
		terms = append(terms, l.signedTerm(l.scale(l.Num(list[k].coef), v), false))
	}
	like.v = l.total(terms, shape)
	return like
}

// whole reports whether a monomial is left to a Contract: one with a family of matrices,
// unless there are arrays, or with more indices than a contraction has.
func (e *expansion) whole(m *monomial) bool {
	return e.large(m) || !e.l.arrays && slices.ContainsFunc(m.entries, func(f entry) bool { return f.v != nil && f.v.Rank > 2 })
}

// large reports whether a monomial has more indices than a set.
func (e *expansion) large(m *monomial) bool {
	all := slices.Clone(e.result)
	for _, f := range m.entries {
		for _, i := range f.indices {
			if !slices.Contains(all, i) {
				all = append(all, i)
			}
		}
	}
	return len(all) > 64
}

// contract returns the value of a monomial without sums as a Contract.
func (e *expansion) contract(m *monomial, rows, cols []int) *Value {
	l := e.l
	n := &local{e: e}
	scalar, list := e.merged(m)
	s := &Spec{Result: n.of(slices.Concat(rows, cols)), RowIndices: len(rows)}
	var args []*Value
	for _, f := range list {
		args = append(args, f.v)
		s.Operands = append(s.Operands, n.of(f.indices))
	}
	for _, i := range slices.Concat(rows, cols) { // an index of no factor: ones
		if !m.has(i) {
			args = append(args, l.FillVector(l.Int(1), e.sizes[i]))
			s.Operands = append(s.Operands, n.of([]int{i}))
		}
	}
	for _, i := range n.names {
		s.Sizes = append(s.Sizes, e.sizes[i])
	}
	return l.scale(scalar, l.Contract(s, e.dims(rows), e.dims(cols), args...))
}

func (e *expansion) dims(list []int) *expr.Dim {
	d := e.l.B.One()
	for _, i := range list {
		d = e.l.B.Mul(d, e.sizes[i])
	}
	return d
}
