package plan

import (
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/rat"
)

// Sums of exponentials overflow where their logarithms and quotients do not. They are
// written by the logarithms of their terms: log(eᵃ + eᵇ) = max(a, b) + log(1 + e^−|a − b|), and
// eᵃ/(eᵃ + eᵇ) = 1/(1 + e^(b − a)).

// An exponential is one term of a sum, coef · exp(log); log is nil for zero. Negative
// coefficients occur in numerators only.
type exponential struct {
	coef rat.Rat
	log  *Value
}

// exponentials returns what v > 0 is the sum of; ok is false where no term is an
// exponential, or not all are known to be positive.
func (l *Lowerer) exponentials(v *Value) (list []exponential, ok bool) {
	list, found := l.positiveTerms(v, 0)
	return l.gathered(list), list != nil && found
}

// longestSum bounds the terms of a sum of exponentials.
const longestSum = 16

// positiveTerms returns the terms of v, nil where one may not be positive, and whether one is
// an exponential.
func (l *Lowerer) positiveTerms(v *Value, depth int) (list []exponential, found bool) {
	l.B.Limit.Step(1)
	one := func(coef rat.Rat, log *Value) []exponential { return []exponential{{coef, log}} }
	if depth > longestSum {
		return nil, false
	}
	switch {
	case v.Kind == Number && v.Num.Sign() > 0:
		return one(v.Num, nil), false
	case v.is("exp"):
		return one(rat.One, v.Args[0]), true
	case v.is("cosh"):
		half, z := rat.New(1, 2), v.Args[0]
		return []exponential{{half, z}, {half, l.neg(z)}}, true
	case v.Kind == Sum || v.Kind == RowSum || v.Kind == ColSum:
		if z := v.Args[0]; z.is("exp") {
			axis := map[Kind]Axis{Sum: Whole, RowSum: EachRow, ColSum: EachCol}[v.Kind]
			return one(rat.One, l.logSumExp(z.Args[0], axis)), true
		}
	case v.Kind == SumOver && v.Rank == 0:
		body := v.Args[0]
		if x, fx := l.positiveTerms(body, depth+1); x != nil && fx {
			return one(rat.One, l.logSumExp(l.counted(v.Index, l.logOf(l.gathered(x))), Whole)), true
		}
	case v.Kind == Dot || v.Kind == Inner:
		for k, z := range v.Args {
			if w := v.Args[1-k]; z.is("exp") && w.positive {
				return one(rat.One, l.logSumExp(l.add(z.Args[0], l.unary("log", w)), Whole)), true
			}
		}
	case v.Kind == MatVec && v.Args[1].positive:
		e, w := v.Args[0], v.Args[1]
		switch {
		case e.is("exp"):
			z := e.Args[0]
			return one(rat.One, l.logSumExp(l.add(z, l.Row(l.unary("log", w), z.Rows)), EachRow)), true
		case e.Kind == Transpose && e.Args[0].is("exp"):
			z := e.Args[0].Args[0]
			return one(rat.One, l.logSumExp(l.add(z, l.Col(l.unary("log", w), z.Cols)), EachCol)), true
		}
	case v.is("add"):
		x, fx := l.positiveTerms(v.Args[0], depth+1)
		if x == nil {
			return nil, false
		}
		y, fy := l.positiveTerms(v.Args[1], depth+1)
		if y == nil || len(x)+len(y) > longestSum {
			return nil, false
		}
		return append(x[:len(x):len(x)], y...), fx || fy
	case v.is("mul"), v.is("div"):
		x, fx := l.positiveTerms(v.Args[0], depth+2)
		y, fy := l.positiveTerms(v.Args[1], depth+2)
		if v.is("mul") && len(y) > 1 {
			x, y = y, x
		}
		if x == nil || len(y) != 1 || !fx && !fy {
			break
		}
		c := y[0]
		for i, t := range x {
			if v.is("mul") {
				x[i] = exponential{t.coef.Mul(c.coef), l.sumOfLogs(t.log, c.log)}
			} else {
				x[i] = exponential{t.coef.Div(c.coef), l.apart(t.log, c.log)}
			}
		}
		return x, true
	case v.is("square"):
		x, fx := l.positiveTerms(v.Args[0], depth+1)
		if len(x) == 1 && fx {
			return one(x[0].coef.Mul(x[0].coef), l.sumOfLogs(x[0].log, x[0].log)), true
		}
	case v.Kind == Col || v.Kind == Row || v.Kind == Outer:
		u, as := v.spread()
		if v.Kind != Outer {
			u, as = v.Args[0], v.Kind
		}
		if u == nil {
			break
		}
		x, fx := l.positiveTerms(u, depth+1)
		for i, t := range x {
			if t.log != nil && t.log.Rank > 0 {
				x[i].log = l.respread(t.log, v, as)
			}
		}
		if fx {
			return x, true
		}
		return nil, false
	}
	if depth == 0 || !v.positive || v.Kind == Fill {
		return nil, false
	}
	return one(rat.One, l.unary("log", v)), false
}

// counted returns the vector of what a scalar is at each value of a loop's index.
func (l *Lowerer) counted(i *expr.Index, x *Value) *Value {
	if x.Kind == Member && x.Index == i {
		return x.Args[0]
	}
	return l.Flatten(l.Columns(i, l.FillVector(x, l.B.One())))
}

// gathered adds up the terms with equal exponents, constants first.
func (l *Lowerer) gathered(list []exponential) (out []exponential) {
next:
	for _, t := range list {
		for i, u := range out {
			if u.log == t.log {
				out[i].coef = u.coef.Add(t.coef)
				continue next
			}
		}
		if t.log == nil {
			out = append([]exponential{t}, out...)
		} else {
			out = append(out, t)
		}
	}
	return out
}

// sumOfLogs returns a + b; nil is zero.
func (l *Lowerer) sumOfLogs(a, b *Value) *Value {
	switch {
	case a == nil:
		return b
	case b == nil:
		return a
	}
	if s := l.multiple(a, b, false); s != nil {
		return s
	}
	return l.add(a, b)
}

// apart returns a − b, of multiples of one value a multiple; nil is zero.
func (l *Lowerer) apart(a, b *Value) *Value {
	switch {
	case a == b:
		return nil
	case b == nil:
		return a
	case a == nil:
		return l.neg(b)
	}
	if s := l.multiple(a, b, true); s != nil {
		return s
	}
	return l.sub(a, b)
}

// multiple returns a + b, or a − b, of multiples of one value, else nil.
func (l *Lowerer) multiple(a, b *Value, minus bool) *Value {
	p, x := factorOf(a)
	q, y := factorOf(b)
	if x != y {
		return nil
	}
	if minus {
		q = q.Neg()
	}
	return l.scaleBy(p.Add(q), x)
}

// factorOf returns v as a rational times a value.
func factorOf(v *Value) (rat.Rat, *Value) {
	switch {
	case v.is("neg"):
		c, x := factorOf(v.Args[0])
		return c.Neg(), x
	case v.is("mul") && v.Args[0].Kind == Number:
		return v.Args[0].Num, v.Args[1]
	}
	return rat.One, v
}

// scaleBy returns c x.
func (l *Lowerer) scaleBy(c rat.Rat, x *Value) *Value {
	switch {
	case c.IsOne():
		return x
	case c.Neg().IsOne():
		return l.neg(x)
	}
	return l.mul(l.Num(c), x)
}

// logOfExponentials returns the logarithm of a sum of exponentials, or of a product or power
// of such; nil for other values.
func (l *Lowerer) logOfExponentials(v *Value) *Value {
	if list, ok := l.exponentials(v); ok {
		return l.logOf(list)
	}
	log := func(i int) *Value { return l.unary("log", v.Args[i]) }
	switch {
	case v.is("square") && v.Args[0].positive:
		return l.mul(l.Int(2), log(0))
	case v.is("sqrt") && v.Args[0].positive:
		return l.mul(l.Num(rat.New(1, 2)), log(0))
	case v.is("pow") && v.Args[0].positive && v.Args[1].Rank == 0:
		return l.mul(v.Args[1], log(0))
	case v.is("mul") && v.Args[0].positive && v.Args[1].positive:
		return l.add(log(0), log(1))
	case v.is("div") && v.Args[0].positive && v.Args[1].positive:
		return l.sub(log(0), log(1))
	}
	return nil
}

// logOf returns the logarithm of a sum of exponentials.
func (l *Lowerer) logOf(list []exponential) *Value {
	// A common coefficient is a summand.
	common := list[0].coef
	for _, t := range list {
		if !t.coef.Equal(common) {
			common = rat.One
		}
	}
	var total *Value
	for i, t := range list {
		log := t.log
		if log == nil {
			log = l.Int(0)
		}
		if c := t.coef.Div(common); !c.IsOne() {
			log = l.add(log, l.unary("log", l.Num(c)))
		}
		if i == 0 {
			total = log
		} else {
			total = l.logAddExp(total, log)
		}
	}
	if !common.IsOne() {
		total = l.add(total, l.unary("log", l.Num(common)))
	}
	return total
}

// logAddExp returns log(eᵃ + eᵇ).
func (l *Lowerer) logAddExp(a, b *Value) *Value {
	softplus := func(x *Value) *Value { return l.unary("softplus", x) }
	switch {
	case a.IsNumber(0, 1):
		return softplus(b)
	case b.IsNumber(0, 1):
		return softplus(a)
	}
	p, x := factorOf(a)
	if q, y := factorOf(b); x == y && p.Add(q).IsZero() {
		size := l.unary("abs", a)
		if a.is("neg") {
			size = l.unary("abs", b)
		}
		return l.add(size, softplus(l.mul(l.Int(-2), size)))
	}
	distance := l.unary("abs", l.apart(a, b))
	return l.add(l.binary("max", a, b), softplus(l.neg(distance)))
}
