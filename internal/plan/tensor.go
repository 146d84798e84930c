package plan

import (
	"slices"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/rat"
)

// A tensor is a value whose rows and columns run over several indices each, the first
// outermost; a scalar has none, a vector none for columns.
type tensor struct {
	v          *Value
	rows, cols []int
}

// contraction multiplies matrices and vectors entry by entry over indices and sums over
// those that are not in the result: see Spec. It is a Contract taken apart into matrix
// products, Khatri–Rao products and permutations of indices, pair by pair in the order
// that takes the least work.
type contraction struct {
	l        *Lowerer
	sizes    []*expr.Dim
	lengths  []float64 // estimates of sizes
	result   []int
	operands []tensor
	scalars  []*Value // sizes of indices that occur nowhere
}

// contract returns the value of a sum of products over indices. A family of matrices is
// left to a Contract.
func (l *Lowerer) contract(s *Spec, rows, cols *expr.Dim, args ...*Value) *Value {
	if len(s.Sizes) > 64 || slices.ContainsFunc(args, func(a *Value) bool { return a.Rank > 2 }) {
		return l.Contract(s, rows, cols, args...)
	}
	if l.arrays {
		e := &expansion{l: l, sizes: slices.Clone(s.Sizes), result: s.Result}
		m := &monomial{coef: rat.One}
		for k, a := range args {
			m.entries = append(m.entries, entry{v: a, indices: slices.Clone(s.Operands[k])})
		}
		e.rename(m)
		return e.arrays([]*monomial{m}, s.Result[:s.RowIndices], s.Result[s.RowIndices:])
	}
	c := &contraction{l: l, sizes: s.Sizes, result: slices.Clone(s.Result)}
	c.take(s, args)
	v := c.value(c.path(), s.Result[:s.RowIndices], s.Result[s.RowIndices:])
	for _, x := range c.scalars {
		v = l.scale(x, v)
	}
	switch {
	case s.RowIndices == len(s.Result) || v.Rank == 2:
	case rows.IsOne():
		v = l.AsRow(v)
	default:
		v = l.AsColumn(v)
	}
	return v
}

// contractCost is what contract takes.
func (l *Lowerer) contractCost(s *Spec, args ...*Value) float64 {
	c := &contraction{l: l, sizes: s.Sizes, result: slices.Clone(s.Result)}
	c.take(s, args)
	return c.path().cost + 2*c.size(setOf(c.result))
}

// take makes the operands: deltas rename indices that are summed over, axes of one entry
// vanish, and what has the same indices is multiplied. Of the tensors that are operands
// beside the values no delta renames an index.
func (c *contraction) take(s *Spec, args []*Value, tensors ...tensor) {
	l := c.l
	for _, d := range s.Sizes {
		c.lengths = append(c.lengths, l.dim(d))
	}
	name := make([]int, len(s.Sizes))
	for i := range name {
		name[i] = i
	}
	used := make([]bool, len(args))
	for k, a := range args {
		if a.Kind != Eye {
			continue
		}
		i, j := name[s.Operands[k][0]], name[s.Operands[k][1]]
		if slices.Contains(s.Result, i) {
			i, j = j, i
		}
		if slices.Contains(s.Result, i) && i != j {
			continue // a delta of the result
		}
		used[k] = true
		for n := range name {
			if name[n] == i {
				name[n] = j
			}
		}
	}
	seen := make([]bool, len(s.Sizes))
	for k, a := range args {
		if used[k] {
			continue
		}
		t := tensor{v: a}
		var list []int
		for _, i := range s.Operands[k] {
			if !s.Sizes[i].IsOne() {
				list = append(list, name[i])
			}
		}
		switch {
		case a.Rank == 2 && len(list) == 1:
			t.v = l.Flatten(a)
		case a.Rank > 0 && len(list) == 0:
			t.v = l.Item(a)
		case len(list) == 2 && list[0] == list[1]:
			t.v, list = l.diagonal(a), list[:1]
		}
		for n, i := range list {
			seen[i] = true
			if n == 0 {
				t.rows = []int{i}
			} else {
				t.cols = []int{i}
			}
		}
		c.join(t)
	}
	for _, t := range tensors {
		for _, i := range t.indices() {
			seen[i] = true
		}
		c.join(t)
	}
	for i, d := range s.Sizes {
		switch {
		case seen[i] || name[i] != i || d.IsOne():
		case slices.Contains(c.result, i):
			c.join(tensor{v: l.FillVector(l.Int(1), d), rows: []int{i}})
		default:
			c.scalars = append(c.scalars, l.Size(d))
		}
	}
	if len(c.operands) == 0 {
		c.operands = []tensor{{v: l.Int(1)}}
	}
}

// join adds an operand, or multiplies it to one of the same indices.
func (c *contraction) join(t tensor) {
	for k, o := range c.operands {
		switch {
		case slices.Equal(o.rows, t.rows) && slices.Equal(o.cols, t.cols):
			c.operands[k].v = c.l.mul(o.v, t.v)
			return
		case len(o.cols) > 0 && slices.Equal(o.rows, t.cols) && slices.Equal(o.cols, t.rows):
			c.operands[k].v = c.l.mul(o.v, c.l.Transpose(t.v))
			return
		}
	}
	c.operands = append(c.operands, t)
}

func (c *contraction) dims(set []int) *expr.Dim {
	d := c.l.B.One()
	for _, i := range set {
		d = c.l.B.Mul(d, c.sizes[i])
	}
	return d
}

// build makes the product of a step.
func (s *step) build(c *contraction) tensor {
	if s.x == nil {
		return c.reduce(c.operands[s.at], s.indices)
	}
	return c.multiply(s.x.build(c), s.y.build(c), s.indices)
}

// reduce sums an operand over indices that nothing else has.
func (c *contraction) reduce(t tensor, kept set) tensor {
	l := c.l
	has := func(list []int) bool { return len(list) > 0 && kept&setOf(list) != 0 }
	switch {
	case len(t.cols) > 0 && !has(t.rows) && !has(t.cols):
		return tensor{v: l.sumAll(t.v)}
	case len(t.cols) > 0 && !has(t.cols):
		ones := column(l.FillVector(l.Int(1), t.v.Cols))
		return tensor{v: l.product([]factor{column(t.v), ones}), rows: t.rows}
	case len(t.cols) > 0 && !has(t.rows):
		ones := row(l.FillVector(l.Int(1), t.v.Rows))
		return tensor{v: l.product([]factor{ones, column(t.v)}), rows: t.cols}
	case len(t.cols) == 0 && len(t.rows) > 0 && !has(t.rows):
		return tensor{v: l.sumAll(t.v)}
	}
	return t
}

// multiply returns the product of two tensors, summed over the indices that are not
// kept.
func (c *contraction) multiply(x, y tensor, kept set) tensor {
	l := c.l
	left, right, batch, summed := split(x.indices(), y.indices(), kept)
	if len(batch) == 0 {
		if len(summed) == 0 {
			switch {
			case len(left) == 0 || len(right) == 0:
				if x.v.Rank > 0 {
					x, y = y, x
				}
				return tensor{v: l.scale(x.v, y.v), rows: y.rows, cols: y.cols}
			}
			return tensor{v: l.Outer(c.arrange(x, left, nil), c.arrange(y, right, nil)), rows: left, cols: right}
		}
		a, b := c.arrange(x, left, summed), c.arrange(y, summed, right)
		if len(left) == 0 {
			a = c.arrange(x, summed, nil)
		}
		v := l.product([]factor{{v: a, whole: !applied(a), t: len(left) == 0}, {v: b, whole: !applied(b)}})
		if len(left) == 0 {
			left, right = right, nil
		}
		return tensor{v: v, rows: left, cols: right}
	}
	if len(left)+len(right)+len(summed) == 0 { // entry by entry
		return tensor{v: l.mul(x.v, c.arrange(y, x.rows, x.cols)), rows: x.rows, cols: x.cols}
	}
	// Column by column of the indices that both have.
	inner := slices.Concat(batch, summed)
	var t tensor
	switch a, b := c.arrange(x, left, inner), c.arrange(y, right, inner); {
	case len(left) == 0 && len(right) == 0:
		t = tensor{v: l.mul(c.arrange(x, inner, nil), c.arrange(y, inner, nil)), rows: inner}
	case len(left) == 0:
		t = tensor{v: l.scaleCols(b, c.arrange(x, inner, nil)), rows: right, cols: inner}
	case len(right) == 0:
		t = tensor{v: l.scaleCols(a, c.arrange(y, inner, nil)), rows: left, cols: inner}
	default:
		t = tensor{v: l.KhatriRao(a, b), rows: slices.Concat(left, right), cols: inner}
	}
	if len(summed) > 0 {
		rest := slices.Concat(t.rows, batch)
		if len(t.cols) == 0 {
			rest = batch
		}
		m := c.arrange(t, rest, summed)
		t = tensor{v: l.product([]factor{column(m), column(l.FillVector(l.Int(1), m.Cols))}), rows: rest}
	}
	return t
}

// applied reports whether a matrix is one that products need not build.
func applied(v *Value) bool {
	if v.Kind == Transpose {
		v = v.Args[0]
	}
	return v.Kind == Inverse || v.Kind == DiagMatrix || v.Kind == Kron
}

// value makes the product of a step in an arrangement of its indices. An outer product
// of matrices is a Kronecker product if it can be.
func (c *contraction) value(s *step, rows, cols []int) *Value {
	l := c.l
	if s.x == nil {
		return c.arrange(s.build(c), rows, cols)
	}
	x, y := s.x.build(c), s.y.build(c)
	if rows, cols := c.wide(rows), c.wide(cols); len(cols) > 0 {
		for range 2 {
			r, i := c.part(rows, x)
			k, j := c.part(cols, x)
			if r > 0 && r < len(rows) && k > 0 && k < len(cols) && i == 0 && len(x.indices()) == r+k && len(y.indices()) == len(rows)+len(cols)-r-k {
				if j == 0 {
					return l.Kron(c.arrange(x, rows[:r], cols[:k]), c.arrange(y, rows[r:], cols[k:]))
				}
				a, b := cols[:len(cols)-k], cols[len(cols)-k:] // first those of y
				v := l.Kron(c.arrange(x, rows[:r], b), c.arrange(y, rows[r:], a))
				return l.Transpose(l.Commute(c.dims(a), c.dims(b), l.Transpose(v)))
			}
			x, y = y, x
		}
	}
	return c.arrange(c.multiply(x, y, s.indices), rows, cols)
}

// part returns how many of the indices in the list are those of t, where they stand side
// by side at the start or at the end of it, and where they start; else 0.
func (c *contraction) part(list []int, t tensor) (n, at int) {
	has := func(i int) bool { return slices.Contains(t.rows, i) || slices.Contains(t.cols, i) }
	for _, i := range list {
		if has(i) {
			n++
		}
	}
	switch {
	case !slices.ContainsFunc(list[n:], has):
		return n, 0
	case !slices.ContainsFunc(list[:len(list)-n], has):
		return n, len(list) - n
	}
	return 0, 0
}

func (t tensor) indices() []int { return slices.Concat(t.rows, t.cols) }
