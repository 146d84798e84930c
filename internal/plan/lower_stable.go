package plan

import "slices"

// What stands here turns formulas that overflow or cancel into functions that do
// not: 1/(1 + exp(−x)) into sigmoid(x), log Σ exp into LogSumExp, and so on.

func (v *Value) is(fn string) bool { return (v.Kind == Unary || v.Kind == Binary) && v.Fn == fn }

// isOne reports whether every entry is one.
func (v *Value) isOne() bool {
	return v.IsNumber(1, 1) || v.Kind == Fill && v.Args[0].IsNumber(1, 1)
}

// oneBefore reports whether x is a one, or ones, that y has at least the rank of.
func oneBefore(x, y *Value) bool { return x.isOne() && x.Rank <= y.Rank }

// plusOne returns y where v is 1 + y, else nil.
func plusOne(v *Value) *Value {
	if !v.is("add") {
		return nil
	}
	x, y := v.Args[0], v.Args[1]
	switch {
	case x.isOne():
		return y
	case y.isOne():
		return x
	}
	return nil
}

func (l *Lowerer) stableUnary(fn string, x *Value) *Value {
	switch fn {
	case "neg":
		return l.neg(x)
	case "log":
		return l.stableLog(x)
	case "log1p":
		if x.is("exp") {
			return l.unary("softplus", x.Args[0])
		}
		if l.hasExponential(x) {
			if list, ok := l.exponentials(l.add(l.Int(1), x)); ok {
				return l.logOf(list)
			}
		}
	case "sqrt":
		switch {
		case (x.Kind == Dot || x.Kind == Inner) && x.Args[0] == x.Args[1]:
			return l.Norm(x.Args[0])
		case x.is("square"):
			return l.unary("abs", x.Args[0])
		}
	case "square":
		switch {
		case x.Kind == Norm:
			return l.InnerProduct(x.Args[0], x.Args[0])
		case x.is("sqrt"), x.is("neg") || x.is("abs"):
			if x.is("sqrt") {
				return x.Args[0]
			}
			return l.unary("square", x.Args[0])
		}
	case "exp":
		if v := l.softmaxOf(x); v != nil {
			return v
		}
		if x.is("log") {
			return x.Args[0]
		}
	}
	return nil
}

// stableLog returns log x of the forms that it knows.
func (l *Lowerer) stableLog(x *Value) *Value {
	exponent := func(v *Value) *Value {
		if v.is("exp") {
			return v.Args[0]
		}
		return nil
	}
	switch {
	case x.is("exp"):
		return x.Args[0]
	case x.is("sigmoid"):
		return l.neg(l.unary("softplus", l.neg(x.Args[0])))
	case x.Kind == Det:
		return l.logDet(x.Args[0].Args[0])
	case x.Kind == Sum:
		if z := exponent(x.Args[0]); z != nil {
			return l.logSumExp(z, Whole)
		}
	case x.Kind == RowSum:
		if z := exponent(x.Args[0]); z != nil {
			return l.logSumExp(z, EachRow)
		}
	case x.Kind == ColSum:
		if z := exponent(x.Args[0]); z != nil {
			return l.logSumExp(z, EachCol)
		}
	case x.Kind == SumOver && x.Rank == 0:
		if z := exponent(x.Args[0]); z != nil {
			return l.logSumExp(l.counted(x.Index, z), Whole)
		}
	case x.Kind == Softmax:
		z := x.Args[0]
		s := l.LogSumExp(z, x.Axis)
		switch x.Axis {
		case EachRow:
			return l.Binary("sub", z, l.Col(s, z.Cols))
		case EachCol:
			return l.Binary("sub", z, l.Row(s, z.Rows))
		}
		return l.sub(z, s)
	}
	if l.hasExponential(x) {
		if v := l.logOfExponentials(x); v != nil {
			return v
		}
	}
	if y := plusOne(x); y != nil {
		if z := exponent(y); z != nil {
			return l.unary("softplus", z)
		}
		return l.unary("log1p", y)
	}
	if x.is("sub") && x.Args[0].isOne() && x.Args[1].Rank == x.Rank {
		return l.unary("log1p", l.neg(x.Args[1]))
	}
	return nil
}

// logSumExp is LogSumExp, of all entries of a matrix too.
func (l *Lowerer) logSumExp(z *Value, axis Axis) *Value {
	if z.Rank == 2 && axis == Whole {
		z = l.Vec(z)
	}
	return l.LogSumExp(z, axis)
}

// softmaxOf returns exp(x) where x is z − logsumexp(z), else nil.
func (l *Lowerer) softmaxOf(x *Value) *Value {
	if !x.is("sub") {
		return nil
	}
	z, s := x.Args[0], x.Args[1]
	if s.Kind == Col || s.Kind == Row {
		s = s.Args[0]
	}
	if s.Kind == LogSumExp && s.Args[0] == z {
		return l.Softmax(z, s.Axis)
	}
	return nil
}

func (l *Lowerer) stableSub(x, y *Value) *Value {
	switch {
	case oneBefore(x, y) && y.is("sigmoid"):
		return l.unary("sigmoid", l.neg(y.Args[0]))
	case oneBefore(x, y) && y.is("erf"):
		return l.unary("erfc", y.Args[0])
	case oneBefore(x, y) && y.is("erfc"):
		return l.unary("erf", y.Args[0])
	case x.is("exp") && oneBefore(y, x):
		return l.unary("expm1", x.Args[0])
	case oneBefore(x, y) && y.is("exp"):
		return l.neg(l.unary("expm1", y.Args[0]))
	}
	return nil
}

func (l *Lowerer) stableDiv(x, y *Value) *Value {
	if z := plusOne(y); z != nil && z.is("exp") {
		switch e := z.Args[0]; {
		case oneBefore(x, y):
			return l.unary("sigmoid", l.neg(e))
		case x == z:
			return l.unary("sigmoid", e)
		}
	}
	if v := l.softmaxBy(x, y); v != nil {
		return v
	}
	return l.overExponentials(x, y)
}

// softmaxBy returns x / y where that is a softmax as it is defined, else nil.
func (l *Lowerer) softmaxBy(x, y *Value) *Value {
	if !x.is("exp") {
		return nil
	}
	z := x.Args[0]
	s, axis := y, Whole
	if u, as := y.spread(); u != nil {
		s, axis = u, EachRow
		if as == Row {
			axis = EachCol
		}
	}
	want := map[Axis]Kind{Whole: Sum, EachRow: RowSum, EachCol: ColSum}[axis]
	if s.Kind != want || s.Args[0] != x {
		return nil
	}
	if axis == Whole && z.Rank == 2 {
		return l.Unvec(l.Softmax(l.Vec(z), Whole), z.Rows, z.Cols)
	}
	return l.Softmax(z, axis)
}

// quotients finds the stable forms of scalars and of x, which may be nil, over the
// divisors of p.
func (l *Lowerer) quotients(p *factors, x *Value) *Value {
	den := p.den
	p.den = nil
	if slices.ContainsFunc(den, func(d *Value) bool { return l.bySum(d) != nil }) {
		den = l.together(den)
		x = l.exponentialsTogether(p, x)
	}
next:
	for _, d := range den {
		if x != nil {
			if v := l.stableDiv(x, d); v != nil {
				x = v
				continue
			}
		}
		for i, s := range p.num {
			if v := l.stableDiv(s, d); v != nil {
				p.num[i] = v
				continue next
			}
		}
		if v := l.stableDiv(l.Int(1), d); v != nil {
			p.num = append(p.num, v)
			continue
		}
		p.den = append(p.den, d)
	}
	return x
}
