package plan

import "slices"

// trace returns the trace of a square matrix, or a scalar as it is. That of a product
// is the inner product of two parts of it, wherever it is cut; that of a sum of
// products is the sum of theirs.
func (l *Lowerer) trace(x *Value) *Value {
	if x.Rank == 0 {
		return x
	}
	if list := l.leaves(x); list != nil {
		var terms []term
		for _, t := range list {
			v := l.traceProduct(t.fs)
			for _, s := range t.scalars {
				v = l.mul(s, v)
			}
			terms = append(terms, l.signedTerm(v, t.negative))
		}
		return l.addUp(terms)
	}
	fs, scalars := l.expand([]factor{column(x)})
	v := l.traceProduct(fs)
	for _, s := range scalars {
		v = l.mul(s, v)
	}
	return v
}

func rotate(fs []factor, by int) []factor { return slices.Concat(fs[by:], fs[:by]) }

// traceProduct returns the trace of a product.
func (l *Lowerer) traceProduct(fs []factor) *Value {
	k := len(fs)
	for i, f := range fs {
		if f.rows().IsOne() {
			return l.product(rotate(fs, i))
		}
	}
	if k > 1 && fs[0].v.Kind == DiagMatrix && fs[k-1].v.Kind == DiagMatrix {
		fs, _ = l.expand(rotate(fs, k-1))
		k = len(fs)
	}
	if k == 1 && fs[0].is(MatPow) && !l.used[fs[0].v] {
		e := expander{l: l}
		e.put(fs[0])
		fs, k = e.out, len(e.out)
	}
	if k == 1 {
		return l.traceOf(fs[0].v)
	}
	c := newChain(l, slices.Concat(fs, fs))
	c.fill(k)
	best, found := cut{}, false
	consider := func(t cut) {
		if !found || t.cost < best.cost || t.cost == best.cost && t.space < best.space {
			best, found = t, true
		}
	}
	for a := range k {
		whole := c.at(a, a+k-1)
		consider(cut{a, a, whole.cost + c.dims[a] + 1, whole.space})
		for b := a + 1; a < k-1 && b < k; b++ {
			left, right := c.at(a, b-1), c.at(b, a+k-1)
			t := cut{a, b, left.cost + right.cost + 2*c.dims[a]*c.dims[b] + 1, left.space + right.space}
			switch {
			case c.diagonal(a, b-1):
				t.cost, t.space = 2*c.dims[a]+1+c.diagonalCost(b, a+k-1), right.space
			case c.diagonal(b, a+k-1):
				t.cost, t.space = 2*c.dims[a]+1+c.diagonalCost(a, b-1), left.space
			case left.key == right.key:
				t.cost, t.space = t.cost-right.cost, left.space
			}
			consider(t)
		}
	}
	return c.traceAt(best, k)
}

// A cut is where a trace becomes the inner product of the factors from a to b and of
// the others; a = b: the trace of all, from a on.
type cut struct {
	a, b        int
	cost, space float64
}

func (c *chain) traceAt(t cut, k int) *Value {
	l := c.l
	switch {
	case t.a == t.b:
		return l.Trace(c.build(t.a, t.a+k-1))
	case c.diagonal(t.a, t.b-1):
		return l.InnerProduct(c.fs[t.a].v.Args[0], c.buildDiagonal(t.b, t.a+k-1))
	case c.diagonal(t.b, t.a+k-1):
		return l.InnerProduct(c.fs[t.b].v.Args[0], c.buildDiagonal(t.a, t.b-1))
	}
	return l.InnerProduct(c.build(t.a, t.b-1), l.Transpose(c.build(t.b, t.a+k-1)))
}

// traceOf returns the trace of a matrix that is no product.
func (l *Lowerer) traceOf(x *Value) *Value {
	if !l.used[x] {
		switch x.Kind {
		case Kron:
			if a, b := x.Args[0], x.Args[1]; a.Rows == a.Cols {
				return l.mul(l.trace(a), l.trace(b))
			}
		case Unary, Binary, Apply:
			if d := l.diagonalOfEntries(x); d != nil {
				return l.sumAll(d)
			}
		}
	}
	return l.Trace(x)
}

// diagonal reports whether the interval is a diagonal matrix.
func (c *chain) diagonal(i, j int) bool { return i == j && c.fs[i].v.Kind == DiagMatrix }

// diagonalCost is what the diagonal of an interval takes.
func (c *chain) diagonalCost(i, j int) float64 {
	_, cost := c.cutDiagonal(i, j)
	return cost
}

// cutDiagonal finds the last factor of the left part L where diag(L R) is Σ L ⊙ Rᵀ by
// rows, with the cost of all.
func (c *chain) cutDiagonal(i, j int) (split int, cost float64) {
	if i == j {
		return i, c.at(i, j).cost + c.dims[i]
	}
	if c.diagonal(i, i) {
		return i, 2*c.dims[i] + c.diagonalCost(i+1, j)
	}
	if c.diagonal(j, j) {
		return j - 1, 2*c.dims[i] + c.diagonalCost(i, j-1)
	}
	split = -1
	for k := i; k < j; k++ {
		left, right := c.at(i, k), c.at(k+1, j)
		t := left.cost + 3*c.dims[i]*c.dims[k+1] + c.dims[i]
		if left.key != right.key {
			t += right.cost
		}
		if split < 0 || t < cost {
			split, cost = k, t
		}
	}
	return split, cost
}

func (c *chain) buildDiagonal(i, j int) *Value {
	l := c.l
	if i == j {
		return l.diagonalEntries(c.fs[i].v)
	}
	k, _ := c.cutDiagonal(i, j)
	switch {
	case c.diagonal(i, i):
		return l.timesDiagonal(c.buildDiagonal(i+1, j), c.fs[i].v.Args[0])
	case c.diagonal(j, j):
		return l.timesDiagonal(c.buildDiagonal(i, j-1), c.fs[j].v.Args[0])
	}
	x, y := c.build(i, k), l.Transpose(c.build(k+1, j))
	if x == y {
		return l.RowSum(l.unary("square", x))
	}
	if x.Kind == Transpose && y.Kind == Transpose {
		return l.ColSum(l.mul(x.Args[0], y.Args[0]))
	}
	return l.RowSum(l.mul(x, y))
}

// diagonal returns the diagonal of a square matrix, or a scalar as it is. Of a product
// no entries are computed beside it.
func (l *Lowerer) diagonal(x *Value) *Value {
	if x.Rank == 0 {
		return x
	}
	if list := l.leaves(x); list != nil {
		var terms []term
		for _, t := range list {
			v := l.diagonalProduct(t.fs)
			for _, s := range t.scalars {
				v = l.scale(s, v)
			}
			terms = append(terms, l.signedTerm(v, t.negative))
		}
		return l.total(terms, columnShape(l.B, x.Rows))
	}
	fs, scalars := l.expand([]factor{column(x)})
	v := l.diagonalProduct(fs)
	for _, s := range scalars {
		v = l.scale(s, v)
	}
	return v
}

func (l *Lowerer) diagonalProduct(fs []factor) *Value {
	parts := segments(fs)
	if k := len(parts); k > 1 { // x yᵀ
		v := l.mul(l.product(parts[0]), l.product(parts[k-1]))
		for _, p := range parts[1 : k-1] {
			v = l.scale(l.product(p), v)
		}
		return v
	}
	c := newChain(l, fs)
	c.fill(len(fs))
	return c.buildDiagonal(0, len(fs)-1)
}

// diagonalEntries returns the diagonal of a matrix that is no product.
func (l *Lowerer) diagonalEntries(x *Value) *Value {
	if !l.used[x] {
		switch x.Kind {
		case Kron:
			if a, b := x.Args[0], x.Args[1]; a.Rows == a.Cols {
				return l.Kron(l.diagonal(a), l.diagonal(b))
			}
		case Unary, Binary, Apply:
			if d := l.diagonalOfEntries(x); d != nil {
				return d
			}
		}
	}
	return l.Diagonal(x)
}

// diagonalOfEntries returns the diagonal of what is computed entry by entry.
func (l *Lowerer) diagonalOfEntries(x *Value) *Value {
	of := func(v *Value) *Value {
		if v.Kind == Col || v.Kind == Row {
			return v.Args[0]
		}
		return l.diagonal(v)
	}
	switch x.Kind {
	case Unary:
		return l.unary(x.Fn, of(x.Args[0]))
	case Apply:
		return l.Apply(x.Sym, x.Order, of(x.Args[0]))
	}
	a, b := of(x.Args[0]), of(x.Args[1])
	switch x.Fn {
	case "add":
		return l.add(a, b)
	case "sub":
		return l.sub(a, b)
	case "mul":
		return l.mul(a, b)
	case "div":
		return l.div(a, b)
	}
	return l.binary(x.Fn, a, b)
}
