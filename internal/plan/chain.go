package plan

import (
	"encoding/binary"
	"slices"

	"example.com/nabla/internal/expr"
)

// product multiplies factors that fit: a scalar, a vector for a column or row, or a
// matrix. Where an inner size is one, a column meets a row: what is left and right of it
// is multiplied by itself.
func (l *Lowerer) product(list []factor) *Value {
	list, scalars := l.expand(list)
	v := l.covariance(list)
	if v == nil {
		v = l.distributed(list)
	}
	if v != nil {
		for _, s := range scalars {
			v = l.scale(s, v)
		}
		return v
	}
	var first, last *Value
	for i, part := range segments(list) {
		x := l.segment(part)
		switch {
		case x.Rank == 0:
			scalars = append(scalars, x)
		case i == 0:
			first = x
		default:
			last = x
		}
	}
	s := l.Int(1)
	for _, v := range scalars {
		s = l.timesDiagonal(v, s)
	}
	switch {
	case first != nil && last != nil:
		return l.scale(s, l.Outer(first, last))
	case first != nil:
		return l.scale(s, first)
	case last != nil:
		return l.scale(s, last)
	}
	return s
}

// distributed returns a product with a sum among its factors as the sum of the products
// with its terms, where that is worthwhile; else nil.
func (l *Lowerer) distributed(list []factor) *Value {
	for i, f := range list {
		if f.v == nil || f.whole || len(list) < 2 {
			continue
		}
		leaves := l.leaves(f.v)
		if leaves == nil {
			continue
		}
		rows, cols := list[0].rows(), list[len(list)-1].cols()
		cost := 2 * l.dim(rows) * l.dim(cols) * float64(len(leaves)-1)
		products := make([][]factor, len(leaves))
		for k, t := range leaves {
			fs := t.fs
			if f.t {
				fs = reversed(fs)
			}
			products[k] = slices.Concat(list[:i], fs, list[i+1:])
			cost += l.askCost(products[k])
		}
		if worthwhile*cost >= l.productCost(list) {
			continue
		}
		var terms []term
		for k, t := range leaves {
			v := l.product(products[k])
			for _, s := range t.scalars {
				v = l.scale(s, v)
			}
			terms = append(terms, l.signedTerm(v, t.negative))
		}
		return l.total(terms, expr.Shape{Rows: rows, Cols: cols})
	}
	return nil
}

// segments cuts a product where an inner size is one.
func segments(list []factor) (parts [][]factor) {
	from := 0
	for i, f := range list[:len(list)-1] {
		if f.cols().IsOne() {
			parts = append(parts, list[from:i+1])
			from = i + 1
		}
	}
	return append(parts, list[from:])
}

// segment multiplies factors with no inner size of one.
func (l *Lowerer) segment(list []factor) *Value {
	c := newChain(l, list)
	c.fill(len(list))
	return c.build(0, len(list)-1)
}

// productCost is what product takes.
func (l *Lowerer) productCost(list []factor) float64 {
	var key []byte
	for _, f := range list {
		key = f.appendKey(key)
	}
	if cost, ok := l.costs[string(key)]; ok {
		return cost
	}
	total := 0.0
	parts := segments(list)
	for _, part := range parts {
		c := newChain(l, part)
		c.fill(len(part))
		total += c.at(0, len(part)-1).cost
	}
	if len(parts) > 1 {
		total += 2 * l.dim(list[0].rows()) * l.dim(list[len(list)-1].cols())
	}
	l.costs[string(key)] = total
	return total
}

// A chain finds the order in which a product of factors takes the least work, by
// dynamic programming over its intervals: the product of an interval is that of a left
// and a right part, or a part to which a single factor is applied that need not be
// built. What some result is already made of costs nothing. Of orders of equal cost
// that with the smallest intermediate values is taken, then that which starts at a
// vector, from the left for matrices.
type chain struct {
	l     *Lowerer
	fs    []factor
	dims  []float64 // rows of each factor, and the columns of the last
	cells [][]cell  // of the intervals [i, i + n]
}

type cell struct {
	cost  float64 // flops of all that is not there
	space float64 // entries of the values that are made on the way, and of this one
	how   how
	split int // last factor of the left part
	key   string
	flip  bool // the key is that of the transpose
}

// cellBytes is about what a cell takes with its key.
const cellBytes = 96

type how uint8

const (
	single how = iota
	there      // already a value of a result
	dense      // product of the parts
	onLeft     // the left part is a factor that is applied
	onRight
	asSum    // 1ᵀ M 1
	asKron   // see chain.one
	asGram   // see chain.gram
	asTensor // see Lowerer.tensor
)

func newChain(l *Lowerer, fs []factor) *chain {
	c := &chain{l: l, fs: fs, dims: make([]float64, len(fs)+1)}
	for i, f := range fs {
		c.dims[i] = l.dim(f.rows())
	}
	c.dims[len(fs)] = l.dim(fs[len(fs)-1].cols())
	return c
}

func (c *chain) at(i, j int) *cell { return &c.cells[i][j-i] }

// fill finds the best order for every interval of at most that many factors.
func (c *chain) fill(longest int) {
	c.cells = make([][]cell, len(c.fs))
	for i := range c.fs {
		c.l.B.Limit.Fits(cellBytes * len(c.fs) * min(longest, i))
		c.cells[i] = make([]cell, min(longest, len(c.fs)-i))
	}
	for n := range longest {
		for i := 0; i+n < len(c.fs); i++ {
			c.choose(i, i+n)
		}
	}
}

func (c *chain) choose(i, j int) {
	b := c.at(i, j)
	c.l.B.Limit.Step(4 + 2*(j-i))
	b.key, b.flip = keyOf(c.fs[i : j+1])
	times := c.l.trips(c.fs[i : j+1])
	if i == j {
		b.cost = times * c.l.buildCost(c.fs[i])
		if b.cost > 0 {
			b.space = c.dims[i] * c.dims[i+1]
		}
		return
	}
	if v := c.l.made[b.key]; v != nil && c.l.used[v] {
		b.how = there
		return
	}
	own := c.dims[i] * c.dims[j+1]
	found := false
	consider := func(k int, h how, cost, space float64) {
		space += own
		if !found || cost < b.cost || cost == b.cost && space < b.space {
			found = true
			b.how, b.split, b.cost, b.space = h, k, cost, space
		}
	}
	each := func(k int) {
		c.l.B.Limit.Step(2)
		left, right := c.at(i, k), c.at(k+1, j)
		m, q, n := c.dims[i], c.dims[k+1], c.dims[j+1]
		if f, made, ok := c.one(i, k); ok {
			if a, ok := c.l.applyCost(f, c.fs[j].cols()); ok {
				if c.fs[j].cols().IsOne() { // applied part by part
					made = 0
				}
				consider(k, onLeft, right.cost+times*(made+a), right.space)
			}
		}
		if f, made, ok := c.one(k+1, j); ok {
			if a, ok := c.l.applyCost(f.transposed(), c.fs[i].rows()); ok {
				if c.fs[i].rows().IsOne() {
					made = 0
				}
				consider(k, onRight, left.cost+times*(made+a), left.space)
			}
		}
		work := 2*m*q*n + m*n
		if i == k && c.fs[i].isOnes() || k+1 == j && c.fs[j].isOnes() {
			work = m*q*n + m*n
		}
		work *= times
		if left.key == right.key {
			consider(k, dense, left.cost+work, left.space)
		} else {
			consider(k, dense, left.cost+right.cost+work, left.space+right.space)
		}
	}
	if c.fs[i].isOnes() && c.fs[j].isOnes() && j > i+1 {
		inner := c.at(i+1, j-1)
		consider(j, asSum, inner.cost+times*(c.dims[i+1]*c.dims[j]+1), inner.space)
	}
	if _, made, ok := c.one(i, j); ok {
		consider(j, asKron, times*(made+2*own), 0)
	}
	if _, made, ok := c.gram(i, j); ok {
		consider(j, asGram, times*(made+2*own), 0)
	}
	if j == i+2 {
		if s, args, ok := c.l.tensor(c.fs[i], c.fs[i+1], c.fs[j]); ok {
			consider(j, asTensor, times*c.l.contractCost(s, args...), 0)
		}
	}
	if c.fs[j].cols().IsOne() {
		for k := i; k < j; k++ {
			each(k)
		}
	} else {
		for k := j - 1; k >= i; k-- {
			each(k)
		}
	}
}

// one returns an interval as one factor, a single one or a Kronecker product
// (A ⊗ B)(C ⊗ D) = A C ⊗ B D of all, with what its parts take.
func (c *chain) one(i, j int) (f factor, cost float64, ok bool) {
	if i == j {
		return c.fs[i], 0, true
	}
	var parts [2][]factor
	for n := i; n <= j; n++ {
		if !c.fs[n].is(Kron) || c.l.used[c.fs[n].v] {
			return f, 0, false
		}
		for k := range 2 {
			g := factor{v: c.fs[n].v.Args[k], t: c.fs[n].t}
			if n > i && (g.rows().IsOne() || parts[k][n-i-1].cols() != g.rows()) {
				return f, 0, false
			}
			parts[k] = append(parts[k], g)
		}
	}
	var args [2]*Value
	for k, list := range parts {
		if list[0].rows().IsOne() || list[len(list)-1].cols().IsOne() {
			return f, 0, false
		}
		fs, _ := c.l.expand(list)
		cost += c.l.productCost(fs)
		args[k] = c.l.product(list)
	}
	return column(c.l.Kron(args[0], args[1])), cost, true
}

// gram returns the product of the transpose of a Khatri–Rao product and another,
// (A ∗ B)ᵀ (C ∗ D) = AᵀC ⊙ BᵀD, with what its parts take.
func (c *chain) gram(i, j int) (v *Value, cost float64, ok bool) {
	if j != i+1 || !c.fs[i].is(KhatriRao) || !c.fs[i].t || !c.fs[j].is(KhatriRao) || c.fs[j].t {
		return nil, 0, false
	}
	x, y := c.fs[i].v.Args, c.fs[j].v.Args
	if x[0].Rows != y[0].Rows || x[1].Rows != y[1].Rows {
		return nil, 0, false
	}
	var parts [2]*Value
	for k := range 2 {
		list, scalars := c.l.expand([]factor{column(x[k]).transposed(), column(y[k])})
		cost += c.l.productCost(list)
		parts[k] = c.l.product(list)
		for _, s := range scalars {
			parts[k] = c.l.scale(s, parts[k])
		}
	}
	return c.l.mul(parts[0], parts[1]), cost, true
}

// trips is how often a product of factors is computed.
func (l *Lowerer) trips(fs []factor) float64 {
	bits := uint64(0)
	for _, f := range fs {
		if f.v != nil {
			bits |= f.v.Loops
		}
	}
	if bits == 0 {
		return 1
	}
	return trips(bits, l.B.Indices(), l.size)
}

// keyOf identifies a product up to transposition.
func keyOf(fs []factor) (key string, flip bool) {
	var a, b []byte
	for i := range fs {
		a = fs[i].appendKey(a)
		b = fs[len(fs)-1-i].transposed().appendKey(b)
	}
	if string(b) < string(a) {
		return string(b), true
	}
	return string(a), false
}

func (f factor) appendKey(b []byte) []byte {
	flags := uint64(0)
	if f.t {
		flags = 1
	}
	if f.whole {
		flags |= 2
	}
	if f.v == nil { // an operand of which only the sizes are known
		b = binary.AppendUvarint(b, flags)
		b = binary.AppendUvarint(b, uint64(f.height.ID()))
		return binary.AppendUvarint(b, uint64(f.width.ID()))
	}
	return binary.AppendUvarint(b, uint64(f.v.ID+1)<<2|flags)
}

// build makes the product of an interval.
func (c *chain) build(i, j int) *Value {
	b := c.at(i, j)
	l := c.l
	var v *Value
	switch b.how {
	case single:
		if c.fs[i].v.Rank == 1 {
			return c.fs[i].v
		}
		return l.dense(c.fs[i])
	case there:
		v := l.made[b.key]
		if b.flip && v.Rank == 2 {
			return l.Transpose(v)
		}
		return v
	case onLeft:
		f, _, _ := c.one(i, b.split)
		v = l.applyLeft(f, c.build(b.split+1, j))
	case onRight:
		f, _, _ := c.one(b.split+1, j)
		v = l.applyRight(c.build(i, b.split), f)
	case asKron:
		f, _, _ := c.one(i, j)
		v = f.v
	case asSum:
		v = l.Sum(c.build(i+1, j-1))
	case asGram:
		v, _, _ = c.gram(i, j)
	case asTensor:
		s, args, _ := l.tensor(c.fs[i], c.fs[i+1], c.fs[j])
		v = l.contracted(s, args)
	case dense:
		v = l.times(c.build(i, b.split), c.build(b.split+1, j))
	}
	if b.flip && v.Rank == 2 {
		l.made[b.key] = l.Transpose(v)
	} else {
		l.made[b.key] = v
	}
	return v
}

// times multiplies two values that are built: a vector on the left is a row, one on the
// right a column.
func (l *Lowerer) times(x, y *Value) *Value {
	switch {
	case x.Rank == 1 && y.Rank == 1:
		return l.InnerProduct(x, y)
	case x.Rank == 1:
		return l.MatVec(l.Transpose(y), x)
	case y.Rank == 1:
		return l.MatVec(x, y)
	}
	return l.MatMul(x, y)
}
