package plan

import (
	"slices"

	"example.com/nabla/internal/rat"
)

// A quotient divides by a sum of exponentials to a power.
type quotient struct {
	*Lowerer
	y     *Value // the sum, which may be a vector spread over the columns or rows of a matrix
	terms []exponential
	power int64
	// spread gives what is computed of the terms the shape of y.
	spread func(*Value) *Value
	narrow bool // the terms are of lower rank than y
}

// overExponentials returns x / y where y is a sum of exponentials or a power of one and x
// has exponentials too, each term of x by itself; else nil.
func (l *Lowerer) overExponentials(x, y *Value) *Value {
	if !l.hasExponential(x) {
		return nil
	}
	q := l.bySum(y)
	if q == nil {
		return nil
	}
	return q.of(x)
}

// bySum returns division by y, nil where that is no sum of exponentials or power of one.
func (l *Lowerer) bySum(y *Value) *quotient {
	q := quotient{Lowerer: l, y: y, power: 1, spread: func(v *Value) *Value { return v }}
	if y.is("square") {
		q.y, q.power = y.Args[0], 2
	} else if y.is("pow") && y.Args[1].Kind == Number {
		if n, ok := y.Args[1].Num.Int64(); ok && n > 1 && n <= 8 {
			q.y, q.power = y.Args[0], n
		}
	}
	sum := q.y
	if u, as := sum.spread(); u != nil {
		shape := sum
		q.narrow = true
		q.spread = func(v *Value) *Value { return l.respread(v, shape, as) }
		sum = u
	}
	if !l.hasExponential(sum) {
		return nil
	}
	var ok bool
	if q.terms, ok = l.exponentials(sum); !ok {
		return nil
	}
	return &q
}

// of returns x over the sum, or nil.
func (q *quotient) of(x *Value) *Value {
	if v := q.throughProduct(x); v != nil {
		return v
	}
	if x.is("neg") {
		if v := q.of(x.Args[0]); v != nil {
			return q.neg(v)
		}
	}
	if (x.is("add") || x.is("sub")) && x.Rank > q.y.Rank {
		var parts [2]*Value
		for k, a := range x.Args {
			if q.hasExponential(a) {
				parts[k] = q.of(a)
			}
			if parts[k] == nil {
				parts[k] = q.over(a, q.toPower(q.y))
			}
		}
		if x.is("sub") {
			return q.sub(parts[0], parts[1])
		}
		return q.add(parts[0], parts[1])
	}
	if x.is("mul") && q.power > 1 && q.hasExponential(x.Args[0]) && q.hasExponential(x.Args[1]) {
		// Each over its share: a factor alone may overflow.
		first, second := *q, *q
		first.power = min(q.exponentialFactors(x.Args[0], q.power), q.power-1)
		second.power -= first.power
		if a, b := first.of(x.Args[0]), second.of(x.Args[1]); a != nil && b != nil {
			return q.mul(a, b)
		}
	}
	terms, ok := q.weighed(x, 0)
	if !ok {
		return nil
	}
	var out []term
	for _, t := range terms {
		out = append(out, term{t.negative, q.ratio(t)})
	}
	return q.addUp(out)
}

// exponentialFactors counts the factors of a product that have exponentials, up to a number.
func (l *Lowerer) exponentialFactors(v *Value, most int64) int64 {
	switch {
	case most <= 0 || !l.hasExponential(v):
		return 0
	case v.is("mul"):
		n := l.exponentialFactors(v.Args[0], most)
		return n + l.exponentialFactors(v.Args[1], most-n)
	}
	return 1
}

// throughProduct divides the exponentials in a product xᵀ e or A e by a scalar before they are
// multiplied; nil for other values.
func (q *quotient) throughProduct(x *Value) *Value {
	if q.y.Rank != 0 {
		return nil
	}
	switch x.Kind {
	case Dot, Inner, MatVec, MatMul:
		for k, a := range x.Args {
			if !q.hasExponential(a) {
				continue
			}
			v := q.of(a)
			if v == nil {
				continue
			}
			fs := []*Value{x.Args[0], x.Args[1]}
			fs[k] = v
			switch x.Kind {
			case Dot, Inner:
				return q.InnerProduct(fs[0], fs[1])
			case MatVec:
				return q.MatVec(fs[0], fs[1])
			}
			return q.MatMul(fs[0], fs[1])
		}
	case Outer:
		if u, _ := x.spread(); u != nil {
			return nil
		}
		for k, a := range x.Args {
			if !q.hasExponential(a) {
				continue
			}
			if v := q.of(a); v != nil && k == 0 {
				return q.Outer(v, x.Args[1])
			} else if v != nil {
				return q.Outer(x.Args[0], v)
			}
		}
	case DiagMatrix:
		if v := q.of(x.Args[0]); v != nil {
			return q.DiagMatrix(v)
		}
	case Transpose:
		if v := q.of(x.Args[0]); v != nil {
			return q.Transpose(v)
		}
	}
	return nil
}

// hasExponential reports whether v is made of exponentials by what positiveTerms and weighed
// take apart.
func (l *Lowerer) hasExponential(v *Value) bool {
	if l.bounded[v] {
		return false
	}
	has, known := l.exponential[v]
	if !known {
		has = l.findExponential(v)
		l.exponential[v] = has
	}
	return has
}

func (l *Lowerer) findExponential(v *Value) bool {
	l.B.Limit.Step(1)
	switch v.Kind {
	case Sum, SumOver, RowSum, ColSum, Dot, Inner, MatVec, MatMul, Outer, DiagMatrix, Col, Row, Transpose:
	case Unary:
		switch v.Fn {
		case "exp", "cosh", "sinh":
			return true
		case "neg", "square", "sqrt":
		default:
			return false
		}
	case Binary:
		switch v.Fn {
		case "add", "sub", "mul", "div", "pow":
		default:
			return false
		}
	default:
		return false
	}
	return slices.ContainsFunc(v.Args, l.hasExponential)
}

// A weighedTerm is weight · exp(log) with a sign; nil stands for one and for zero.
type weighedTerm struct {
	negative    bool
	weight, log *Value
}

// weighed returns the terms of a numerator; ok is false where there are too many.
func (l *Lowerer) weighed(x *Value, depth int) (list []weighedTerm, ok bool) {
	l.B.Limit.Step(1)
	one := func(weight, log *Value) ([]weighedTerm, bool) {
		return []weighedTerm{{weight: weight, log: log}}, true
	}
	const most, deepest = 4, 6
	switch {
	case depth > deepest:
	case x.is("exp"):
		return one(nil, x.Args[0])
	case x.is("cosh"), x.is("sinh"):
		half, z := l.Num(rat.New(1, 2)), x.Args[0]
		return []weighedTerm{{weight: half, log: z}, {negative: x.is("sinh"), weight: half, log: l.neg(z)}}, true
	case x.is("neg"):
		list, ok = l.weighed(x.Args[0], depth+1)
		for i := range list {
			list[i].negative = !list[i].negative
		}
		return list, ok
	case (x.is("add") || x.is("sub")) && l.hasExponential(x):
		a, aok := l.weighed(x.Args[0], depth+1)
		if !aok || len(a) >= most {
			return nil, false
		}
		b, bok := l.weighed(x.Args[1], depth+1)
		for i := range b {
			b[i].negative = b[i].negative != x.is("sub")
		}
		return append(a, b...), bok && len(a)+len(b) <= most
	case (x.is("mul") || x.is("div")) && l.hasExponential(x):
		a, aok := l.weighed(x.Args[0], depth+1)
		b, bok := l.weighed(x.Args[1], depth+1)
		if !aok || !bok || len(a) > 1 && (len(b) > 1 || x.is("div")) {
			break
		}
		for _, s := range a {
			for _, t := range b {
				if x.is("div") {
					if len(b) > 1 {
						return one(x, nil)
					}
					list = append(list, weighedTerm{s.negative != t.negative, l.dividedWeight(s.weight, t.weight), l.apart(s.log, t.log)})
				} else {
					list = append(list, weighedTerm{s.negative != t.negative, l.weightProduct(s.weight, t.weight), l.sumOfLogs(s.log, t.log)})
				}
			}
		}
		return list, len(list) <= most
	case x.is("square"):
		if a, ok := l.weighed(x.Args[0], depth+1); ok && len(a) == 1 && a[0].log != nil {
			return one(l.weightProduct(a[0].weight, a[0].weight), l.sumOfLogs(a[0].log, a[0].log))
		}
	case x.Kind == Sum || x.Kind == RowSum || x.Kind == ColSum:
		if sum, ok := l.exponentials(x); ok && len(sum) == 1 {
			return one(nil, sum[0].log)
		}
	}
	return one(x, nil)
}

func (l *Lowerer) weightProduct(a, b *Value) *Value {
	switch {
	case a == nil:
		return b
	case b == nil:
		return a
	}
	return l.mul(a, b)
}

func (l *Lowerer) dividedWeight(a, b *Value) *Value {
	switch {
	case b == nil:
		return a
	case a == nil:
		a = l.Int(1)
	}
	return l.binary("div", a, b)
}

// ratio returns a term of the numerator over the sum.
func (q *quotient) ratio(t weighedTerm) *Value {
	v := q.ratioOf(t)
	q.bounded[v] = true
	return v
}

func (q *quotient) ratioOf(t weighedTerm) *Value {
	weight := t.weight
	if weight == nil {
		weight = q.Int(1)
	}
	if t.log == nil {
		// Where the sum overflows this is zero, and right.
		return q.binary("div", weight, q.toPower(q.y))
	}
	if len(q.terms) == 1 || q.narrow || q.y.Rank < t.log.Rank {
		d := q.apart(t.log, q.spread(q.scaleBy(rat.Int(q.power), q.logOf(q.terms))))
		if d == nil {
			return q.mul(weight, q.filled(t.log, q.Int(1)))
		}
		return q.mul(weight, q.unary("exp", d))
	}
	c, x := factorOf(t.log)
	log := q.scaleBy(c.Div(rat.Int(q.power)), x)
	den := q.Int(0)
	for _, u := range q.terms {
		e := q.Num(u.coef)
		if d := q.apart(u.log, log); d != nil {
			e = q.mul(e, q.unary("exp", d))
		}
		den = q.add(den, e)
	}
	r := q.div(q.Int(1), den) // or a sigmoid
	if q.power == 1 && r.is("div") {
		return q.binary("div", weight, den)
	}
	return q.mul(weight, q.toPower(r))
}

func (q *quotient) toPower(x *Value) *Value { return q.pow(x, q.Int(q.power)) }

// together returns divisors with those that occur several times as powers.
func (l *Lowerer) together(den []*Value) (out []*Value) {
	for i, d := range den {
		if slices.Contains(den[:i], d) {
			continue
		}
		n := int64(0)
		for _, e := range den[i:] {
			if e == d {
				n++
			}
		}
		out = append(out, l.pow(d, l.Int(n)))
	}
	return out
}

// exponentialsTogether multiplies the exponentials among scalars and x, each of which may
// overflow where their product over a sum does not.
func (l *Lowerer) exponentialsTogether(p *factors, x *Value) *Value {
	var all *Value
	var others []*Value
	for _, s := range p.num {
		switch {
		case !l.hasExponential(s):
			others = append(others, s)
		case all == nil:
			all = s
		default:
			all = l.mul(all, s)
		}
	}
	if all == nil {
		return x
	}
	if x != nil && l.hasExponential(x) {
		p.num = others
		return l.mul(all, x)
	}
	p.num = append(others, all)
	return x
}

// stableMul returns x y where one is a quotient by a sum of exponentials and the other has
// exponentials, which are divided first; else nil.
func (l *Lowerer) stableMul(x, y *Value) *Value {
	for _, p := range [][2]*Value{{x, y}, {y, x}} {
		e, w := p[0], p[1]
		if w.is("div") && l.hasExponential(e) && !l.bounded[w] {
			if v := l.overExponentials(e, w.Args[1]); v != nil {
				return l.mul(w.Args[0], v)
			}
		}
	}
	return nil
}

// dividedFactors divides factors of a chain that have exponentials by scalars that are sums of
// such, before they are multiplied.
func (l *Lowerer) dividedFactors(p *factors) {
	for k, d := range p.den {
		q := l.bySum(d)
		if q == nil {
			continue
		}
		for i, f := range p.chain {
			if !l.hasExponential(f.v) {
				continue
			}
			one := *q
			one.power = 1
			v := one.of(f.v)
			if v == nil {
				continue
			}
			p.chain[i].v = v
			if q.power--; q.power == 0 {
				break
			}
		}
		p.den[k] = q.toPower(q.y)
	}
}
