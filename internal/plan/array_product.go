package plan

import (
	"math"
	"slices"

	"example.com/nabla/internal/rat"
)

// An arrayProduct is a monomial as a product of arrays.
type arrayProduct struct {
	e        *expansion
	operands []array
	scalar   *Value
	names    *local // of the indices in steps
	path     *step
}

// product makes the operands of a monomial and chooses the order in which they are
// multiplied; the result has those of the indices given that the monomial has.
func (e *expansion) product(m *monomial, result []int) *arrayProduct {
	p := &arrayProduct{e: e, names: &local{e: e}}
	scalar, list := e.merged(m)
	p.scalar = scalar
	for _, f := range list {
		var a array
		if f.v != nil {
			a = e.operand(f)
		} else {
			a = e.arraySum(f.sum, f.indices)
		}
		if len(a.axes) == 0 {
			p.scalar = e.l.mul(p.scalar, a.v)
			continue
		}
		p.operands = append(p.operands, a)
	}
	if len(p.operands) == 0 {
		p.operands = []array{{v: e.l.Int(1)}}
	}
	sets := make([]set, len(p.operands))
	var has []int
	for k, a := range p.operands {
		sets[k] = setOf(p.names.of(a.axes))
		for _, i := range a.axes {
			if slices.Contains(result, i) && !slices.Contains(has, i) {
				has = append(has, i)
			}
		}
	}
	c := &contraction{l: e.l, result: p.names.of(has)}
	for _, i := range p.names.names {
		c.lengths = append(c.lengths, e.l.dim(e.sizes[i]))
	}
	p.path = c.order(sets, mostOperands)
	return p
}

// operand returns the entries of a value as an array without axes of one entry or of one
// index twice.
func (e *expansion) operand(f entry) array {
	l := e.l
	a := array{v: f.v, axes: e.long(f.indices)}
	distinct := true
	for k, i := range a.axes {
		distinct = distinct && !slices.Contains(a.axes[:k], i)
	}
	switch {
	case f.v.Rank == 0:
	case len(a.axes) == 0:
		a.v = l.Item(f.v)
	case f.v.Rank == 2 && len(a.axes) == 1:
		a.v = l.Flatten(f.v)
	case f.v.Rank == 2 && !distinct:
		a.v, a.axes = l.diagonal(f.v), a.axes[:1]
	case !distinct || len(a.axes) < f.v.Rank:
		var kept []int
		for _, i := range a.axes {
			if !slices.Contains(kept, i) {
				kept = append(kept, i)
			}
		}
		return e.einsum(kept, array{f.v, f.indices})
	}
	return a
}

// value multiplies the operands and a number.
func (p *arrayProduct) value(c rat.Rat) array {
	e, s := p.e, p.path
	l := e.l
	scalar := l.scale(l.Num(c), p.scalar)
	if s.x == nil {
		return e.scaled(scalar, p.build(s))
	}
	x, y := p.build(s.x), p.build(s.y)
	summed := p.kept(s)
	// What has most entries is not what is scaled.
	if wide := func(a array) bool { return len(a.axes) > 2 }; !scalar.IsNumber(1, 1) && (wide(x) || wide(y) || len(e.union(x, y)) > 2) {
		if y.v.Kind == Eye || x.v.Kind != Eye && l.entries(x.v) < l.entries(y.v) {
			x = e.scaled(scalar, x)
		} else {
			y = e.scaled(scalar, y)
		}
		return e.multiply(x, y, summed)
	}
	return e.scaled(scalar, e.multiply(x, y, summed))
}

func (e *expansion) union(x, y array) []int {
	out := slices.Clone(x.axes)
	for _, i := range y.axes {
		if !slices.Contains(out, i) {
			out = append(out, i)
		}
	}
	return out
}

func (e *expansion) scaled(s *Value, a array) array {
	switch {
	case s.IsNumber(1, 1):
	case len(a.axes) > 2:
		a.v = e.l.Binary("mul", s, a.v)
	default:
		a.v = e.l.scale(s, a.v)
	}
	return a
}

// kept reports which indices a step keeps.
func (p *arrayProduct) kept(s *step) func(int) bool {
	return func(i int) bool { return s.indices&setOf(p.names.of([]int{i})) != 0 }
}

// build makes the product of a step.
func (p *arrayProduct) build(s *step) array {
	if s.x == nil {
		return p.e.reduce(p.operands[s.at], p.kept(s))
	}
	return p.e.multiply(p.build(s.x), p.build(s.y), p.kept(s))
}

// reduce sums over the axes that are not kept.
func (e *expansion) reduce(a array, kept func(int) bool) array {
	l := e.l
	var rest []int
	for _, i := range a.axes {
		if kept(i) {
			rest = append(rest, i)
		}
	}
	switch {
	case len(rest) == len(a.axes):
		return a
	case len(rest) == 0 && len(a.axes) < 3:
		return array{v: l.sumAll(a.v)}
	case len(a.axes) == 2 && rest[0] == a.axes[0]:
		return array{l.RowSum(a.v), rest}
	case len(a.axes) == 2:
		return array{l.ColSum(a.v), rest}
	}
	return e.einsum(rest, a)
}

// multiply returns the product of two arrays, summed over the axes that are not kept.
func (e *expansion) multiply(x, y array, kept func(int) bool) array {
	var left, right, batch, summed []int
	for _, i := range x.axes {
		switch {
		case !slices.Contains(y.axes, i):
			left = append(left, i)
		case kept(i):
			batch = append(batch, i)
		default:
			summed = append(summed, i)
		}
	}
	for _, i := range y.axes {
		if !slices.Contains(x.axes, i) {
			right = append(right, i)
		}
	}
	first := func(list []int) float64 { // the place of the first
		place := math.Inf(1)
		for _, i := range list {
			place = min(place, e.place(i))
		}
		return place
	}
	switch {
	case len(summed) == 0:
		return e.combine("mul", x, y)
	case len(x.axes) < 3 && len(y.axes) < 3 && len(batch) == 0:
		return e.matrixProduct(x, y, left, right, summed)
	case len(batch) == 0 && len(summed) == 1 && len(x.axes) == 2 && len(y.axes) > 2:
		return e.timesMatrix(y, x, left[0], summed[0])
	case len(batch) == 0 && len(summed) == 1 && len(y.axes) == 2 && len(x.axes) > 2:
		return e.timesMatrix(x, y, right[0], summed[0])
	case len(left)+len(right) == 0:
		return e.reduce(e.combine("mul", x, y), kept)
	case first(right) < first(left):
		x, y, left, right = y, x, right, left
	}
	batch = e.inOrder(batch)
	if len(batch) > 0 && len(summed) == 1 && len(left) == 1 && len(right) == 1 {
		u, v := slices.Concat(batch, left, summed), slices.Concat(batch, summed, right)
		x, y = array{e.align(x, u), u}, array{e.align(y, v), v}
	}
	return e.einsum(slices.Concat(batch, left, right), x, y)
}

// timesMatrix multiplies an array of three axes or more and a matrix with an axis r that
// takes the place of the axis s. The result has r where s was if that is last but one, else
// last.
func (e *expansion) timesMatrix(x, m array, r, s int) array {
	n := len(x.axes)
	rest := slices.DeleteFunc(slices.Clone(x.axes), func(i int) bool { return i == s })
	switch at := slices.Index(x.axes, s); {
	case at == n-2 && e.place(r) < e.place(x.axes[n-1]):
		axes := slices.Insert(rest, n-2, r)
		return e.einsum(axes, array{e.align(m, []int{r, s}), []int{r, s}}, x)
	case at == n-1:
		m = array{e.align(m, []int{s, r}), []int{s, r}}
	}
	return e.einsum(append(rest, r), x, m)
}

// matrixProduct multiplies scalars, vectors and matrices without an axis that both keep.
func (e *expansion) matrixProduct(x, y array, left, right, summed []int) array {
	l := e.l
	whole := func(v *Value) factor { return factor{v: v, whole: !applied(v)} }
	switch {
	case len(left)+len(right) == 0:
		return array{v: l.InnerProduct(x.v, e.align(y, x.axes))}
	case len(left) == 0:
		x, y, left, right = y, x, right, left
		fallthrough
	case len(right) == 0:
		a := e.align(x, []int{left[0], summed[0]})
		return array{l.product([]factor{whole(a), whole(y.v)}), left}
	}
	// As both stand, or as fewer transposes are needed; samples stay where they are.
	turns := 0
	if x.axes[0] != left[0] {
		turns++
	}
	if y.axes[0] != summed[0] {
		turns++
	}
	sampleLast := e.place(left[0]) == 0 && x.axes[1] == left[0] || e.place(right[0]) == 0 && y.axes[1] == right[0]
	swap := turns == 2
	if turns == 1 {
		swap = (e.place(left[0]) > e.place(right[0])) != sampleLast
	}
	if swap {
		x, y, left, right = y, x, right, left
	}
	a, b := e.align(x, []int{left[0], summed[0]}), e.align(y, []int{summed[0], right[0]})
	return array{l.product([]factor{whole(a), whole(b)}), []int{left[0], right[0]}}
}

// einsum sums products of the entries of arrays over the indices that are not in the result.
func (e *expansion) einsum(result []int, list ...array) array {
	n := &local{e: e}
	s := &Spec{}
	var args []*Value
	for _, a := range list {
		args = append(args, a.v)
		s.Operands = append(s.Operands, n.of(a.axes))
	}
	s.Result = n.of(result)
	s.Sizes = e.sizesOf(n.names)
	return array{e.l.Einsum(s, args...), result}
}
