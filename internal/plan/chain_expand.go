package plan

// expand takes products apart that stand among the factors and that no result is made
// of so far, drops identities and joins diagonal matrices that meet. The scalars that
// come out are appended to scalars.
func (l *Lowerer) expand(list []factor) (out []factor, scalars []*Value) {
	e := expander{l: l, alone: len(list) == 1}
	n := 0
	for _, f := range list {
		n += l.count(f.v, longestChain-n)
	}
	e.long = n > longestChain
	for _, f := range list {
		e.put(f)
	}
	if len(e.out) == 0 { // identities alone
		e.out = append(e.out, column(l.Eye(list[0].rows())))
	}
	return e.out, e.scalars
}

// longestChain bounds the factors of which the best order is sought. Powers by repeated
// squaring would have exponentially many.
const longestChain = 32

// count counts the factors that products come apart into, or returns more than the limit.
func (l *Lowerer) count(v *Value, limit int) int {
	l.B.Limit.Step(1)
	if v == nil || limit < 0 || l.used[v] {
		return 1
	}
	switch v.Kind {
	case MatMul, MatVec, Solve:
		n := l.count(v.Args[0], limit)
		return n + l.count(v.Args[1], limit-n)
	case Transpose, Unary, RowSum, ColSum, AsColumn, AsRow:
		return l.count(v.Args[0], limit)
	case Binary:
		return max(l.count(v.Args[0], limit), l.count(v.Args[1], limit))
	case MatPow:
		return 8
	}
	return 1
}

type expander struct {
	l       *Lowerer
	alone   bool // one factor, of which no power is taken apart
	long    bool // too many factors to take products apart
	out     []factor
	scalars []*Value
}

func (e *expander) put(f factor) {
	e.l.B.Limit.Step(1)
	if f.v == nil || f.whole || !e.view(f) && (e.long || e.l.used[f.v] || !e.product(f)) {
		e.add(f)
	}
}

// both puts the product of two factors, or its transpose.
func (e *expander) both(x, y factor, t bool) {
	if t {
		x, y = y.transposed(), x.transposed()
	}
	e.put(x)
	e.put(y)
}

// view puts what is never built, and reports whether f is such.
func (e *expander) view(f factor) bool {
	l, v := e.l, f.v
	switch v.Kind {
	case Transpose, AsRow:
		e.put(factor{v: v.Args[0], t: !f.t})
	case AsColumn:
		e.put(factor{v: v.Args[0], t: f.t})
	case Eye:
	case Inverse:
		if !v.Trans {
			return false
		}
		e.add(factor{v: l.Inverse(v.Args[0], false), t: !f.t})
	case Commutation:
		if !f.t {
			return false
		}
		e.add(column(l.Transpose(v)))
	case Outer:
		e.both(column(v.Args[0]), row(v.Args[1]), f.t)
	case Fill:
		s := v.Args[0]
		one := l.Int(1)
		if v.Rank == 1 && s.IsNumber(1, 1) {
			return false
		}
		if !s.IsNumber(1, 1) {
			e.scalars = append(e.scalars, s)
		}
		if v.Rank == 2 {
			e.both(column(l.FillVector(one, v.Rows)), row(l.FillVector(one, v.Cols)), f.t)
		} else {
			e.add(factor{v: l.FillVector(one, v.Rows), t: f.t})
		}
	default:
		return false
	}
	return true
}

// product puts the factors of a product, and reports whether f is one.
func (e *expander) product(f factor) bool {
	l, v := e.l, f.v
	switch v.Kind {
	case MatMul, MatVec:
		e.both(column(v.Args[0]), column(v.Args[1]), f.t)
	case Solve:
		e.both(factor{v: l.Inverse(v.Args[0], v.Trans)}, column(v.Args[1]), f.t)
	case MatPow:
		return e.power(f)
	case RowSum:
		e.both(column(v.Args[0]), column(l.FillVector(l.Int(1), v.Args[0].Cols)), f.t)
	case ColSum:
		e.both(column(v.Args[0]).transposed(), column(l.FillVector(l.Int(1), v.Args[0].Rows)), f.t)
	case Unary:
		if v.Fn != "neg" {
			return false
		}
		e.scalars = append(e.scalars, l.Int(-1))
		e.put(factor{v: v.Args[0], t: f.t})
	case Binary:
		return e.scaling(f)
	default:
		return false
	}
	return true
}

// power puts the factors of a small power, so that they can be multiplied to others one
// by one.
func (e *expander) power(f factor) bool {
	k := f.v.Args[1]
	if e.alone || k.Kind != Number {
		return false
	}
	n, ok := k.Num.Int64()
	if !ok || n < -8 || n > 8 {
		return false
	}
	base := f.v.Args[0]
	if n < 0 {
		base, n = e.l.inverse(base), -n
	}
	for range n {
		e.put(factor{v: base, t: f.t})
	}
	return true
}

// scaling puts a matrix or vector that is scaled, by a scalar or as diag(d) M.
func (e *expander) scaling(f factor) bool {
	l, v := e.l, f.v
	x, y := v.Args[0], v.Args[1]
	switch {
	case v.Fn == "mul" && x.Rank == 0:
		e.scalars = append(e.scalars, x)
		e.put(factor{v: y, t: f.t})
	case v.Fn == "mul" && y.Rank == 0:
		e.scalars = append(e.scalars, y)
		e.put(factor{v: x, t: f.t})
	case v.Fn == "div" && y.Rank == 0:
		e.scalars = append(e.scalars, l.div(l.Int(1), y))
		e.put(factor{v: x, t: f.t})
	case v.Fn == "mul" && x.Kind == Col && y.Rank == 2:
		e.both(column(l.DiagMatrix(x.Args[0])), column(y), f.t)
	case v.Fn == "mul" && y.Kind == Row:
		e.both(column(x), column(l.DiagMatrix(y.Args[0])), f.t)
	case v.Fn == "div" && y.Kind == Col && x.Rank == 2:
		e.both(column(l.DiagMatrix(l.div(l.Int(1), y.Args[0]))), column(x), f.t)
	case v.Fn == "div" && y.Kind == Row && x.Rank == 2:
		e.both(column(x), column(l.DiagMatrix(l.div(l.Int(1), y.Args[0]))), f.t)
	default:
		return false
	}
	return true
}

// add appends a factor; two diagonal matrices become one.
func (e *expander) add(f factor) {
	if k := len(e.out); k > 0 && f.is(DiagMatrix) && e.out[k-1].is(DiagMatrix) {
		d := e.l.timesDiagonal(f.v.Args[0], e.out[k-1].v.Args[0])
		e.out[k-1] = column(e.l.DiagMatrix(d))
		return
	}
	e.out = append(e.out, f)
}

// A leaf is a term of a sum of matrices: scalars times a product.
type leaf struct {
	negative bool
	scalars  []*Value
	fs       []factor
}

// leaves returns the terms of a sum of matrices, of which one at least is cheaper to
// apply than to build; nil for all else and for what results are made of.
func (l *Lowerer) leaves(v *Value) (list []leaf) {
	if v.Rank != 2 || v.Kind != Binary || v.Fn != "add" && v.Fn != "sub" || l.used[v] {
		return nil
	}
	if list, ok := l.terms[v]; ok {
		return list
	}
	defer func() { l.terms[v] = list }()
	structured := false
	var walk func(x *Value, negative bool)
	walk = func(x *Value, negative bool) {
		f := leaf{negative: negative}
		one := l.Int(1)
		switch {
		case x.Rank == 0:
			f.scalars = []*Value{x}
			f.fs = []factor{column(l.FillVector(one, v.Rows)), row(l.FillVector(one, v.Cols))}
		case x.Kind == Col:
			f.fs = []factor{column(x.Args[0]), row(l.FillVector(one, v.Cols))}
		case x.Kind == Row:
			f.fs = []factor{column(l.FillVector(one, v.Rows)), row(x.Args[0])}
		case x.Kind == Binary && (x.Fn == "add" || x.Fn == "sub") && !l.used[x]:
			walk(x.Args[0], negative)
			walk(x.Args[1], negative != (x.Fn == "sub"))
			return
		default:
			f.fs, f.scalars = l.expand([]factor{column(x)})
		}
		switch f.fs[0].v.Kind {
		case DiagMatrix, Eye, Kron, Commutation, Inverse, MatPow:
			structured = true
		}
		structured = structured || len(f.fs) > 1
		list = append(list, f)
	}
	walk(v, false)
	if !structured {
		return nil
	}
	return list
}
