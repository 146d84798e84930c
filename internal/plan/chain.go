package plan

// expand takes products apart that stand among the factors and drops identities. The
// scalars that come out are appended to scalars.
func (l *Lowerer) expand(list []factor) (out []factor, scalars []*Value) {
	var put func(f factor)
	both := func(x, y factor, t bool) {
		if t {
			x, y = y.transposed(), x.transposed()
		}
		put(x)
		put(y)
	}
	put = func(f factor) {
		v := f.v
		switch v.Kind {
		case Transpose:
			put(factor{v.Args[0], !f.t})
			return
		case AsColumn:
			put(factor{v.Args[0], f.t})
			return
		case AsRow:
			put(factor{v.Args[0], !f.t})
			return
		case Eye:
			return
		case Outer:
			both(column(v.Args[0]), row(v.Args[1]), f.t)
			return
		case Fill:
			if s := v.Args[0]; !s.IsNumber(1, 1) {
				scalars = append(scalars, s)
				put(factor{l.refill(v, l.Int(1)), f.t})
				return
			}
			if v.Rank == 2 {
				one := l.Int(1)
				both(column(l.FillVector(one, v.Rows)), row(l.FillVector(one, v.Cols)), f.t)
				return
			}
		case Unary:
			if v.Fn == "neg" {
				scalars = append(scalars, l.Int(-1))
				put(factor{v.Args[0], f.t})
				return
			}
		}
		out = append(out, f)
	}
	for _, f := range list {
		put(f)
	}
	if len(out) == 0 { // identities alone
		out = append(out, column(l.Eye(list[0].rows())))
	}
	return out, scalars
}

// product multiplies factors that fit: a scalar, a vector for a column or row, or a
// matrix.
func (l *Lowerer) product(list []factor) *Value {
	list, scalars := l.expand(list)
	var parts [][]factor
	from := 0
	for i, f := range list[:len(list)-1] {
		if f.cols().IsOne() {
			parts = append(parts, list[from:i+1])
			from = i + 1
		}
	}
	parts = append(parts, list[from:])
	var first, last *Value
	for i, part := range parts {
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
		s = l.mul(s, v)
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

// segment multiplies factors with no inner size of one.
func (l *Lowerer) segment(list []factor) *Value {
	k := len(list)
	row, col := list[0].rows().IsOne(), list[k-1].cols().IsOne()
	switch {
	case k == 1:
		if list[0].v.Rank == 1 {
			return list[0].v
		}
		return l.dense(list[0])
	case row && col:
		x := l.fold(list[1:])
		return l.InnerProduct(list[0].v, x)
	case col:
		return l.fold(list)
	case row:
		return l.fold(reversed(list))
	}
	x := l.dense(list[0])
	for _, f := range list[1:] {
		x = l.applyRight(x, f)
	}
	return x
}

// fold multiplies matrices and a last vector from the right.
func (l *Lowerer) fold(list []factor) *Value {
	x := list[len(list)-1].v
	for i := len(list) - 2; i >= 0; i-- {
		x = l.applyLeft(list[i], x)
	}
	return x
}
