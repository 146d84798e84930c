package print

import (
	"slices"
	"strings"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/rat"
)

// A factor of a product as written: the node n; or, if lo < hi, its operands
// lo … hi − 1 as a product in brackets.
type factor struct {
	n      *expr.Node
	lo, hi int
	invert bool // n is a power, its exponent changes sign
	flip   bool // n is a sum, all its signs change
}

// A product is written as a sign, a coefficient, factors, and at the end a
// quotient by all divisors: −3 a bᵀ / (2 c).
type product struct {
	negative bool
	coef     rat.Rat
}

// product writes a node that is a number, a product, a quotient or a negative.
func (w *writer) product(n *expr.Node, min int) {
	nums, dens := len(w.num), len(w.den)
	p := product{coef: rat.One}
	w.gather(n, &p, false, false)
	w.emit(p, nums, dens, min, true)
	w.num, w.den = w.num[:nums], w.den[:dens]
}

// term writes a term of a sum with the operator before it; first says that there
// is none before it, flip that its sign changes.
func (w *writer) term(n *expr.Node, first, flip bool) {
	nums, dens := len(w.num), len(w.den)
	p := product{coef: rat.One}
	w.gather(n, &p, false, false)
	p.negative = p.negative != flip
	switch {
	case p.negative && first:
		if !w.absorb(nums) {
			w.op(w.sign)
		}
	case p.negative:
		w.op(w.minus)
	case !first:
		w.str(w.plus)
	}
	w.emit(p, nums, dens, levelProduct, false)
	w.num, w.den = w.num[:nums], w.den[:dens]
}

// negative reports whether n is written with a minus sign in front.
func (w *writer) negative(n *expr.Node) bool {
	switch n.Op.Name {
	case expr.OpNum, expr.OpNeg, expr.OpDiv, expr.OpMul:
		nums, dens := len(w.num), len(w.den)
		p := product{coef: rat.One}
		w.gather(n, &p, false, false)
		w.num, w.den = w.num[:nums], w.den[:dens]
		return p.negative
	}
	return false
}

// opens reports whether the factors of a, an operand of the product n, are
// written among those of n. A quotient opens when its numerator does.
func (w *writer) opens(n, a *expr.Node) bool {
	x := a
	for w.unnamed(x) {
		switch x.Op.Name {
		case expr.OpNeg, expr.OpDiv:
			x = x.Args[0]
			continue
		case expr.OpMul:
			return a == n.Args[0] && !a.Shape.IsScalar() && !hasGroup(n) || plain(x)
		}
		break
	}
	return true
}

// plain reports whether the factors of a product can be written within another
// product: either all are scalars, or no product of neighbours is a scalar.
func plain(n *expr.Node) bool {
	if n.Shape.IsScalar() {
		for _, a := range n.Args {
			if !a.Shape.IsScalar() {
				return false
			}
		}
		return true
	}
	for _, a := range n.Args {
		if a.Op.Name == expr.OpMul && !plain(a) {
			return false
		}
	}
	return !hasGroup(n)
}

// hasGroup reports whether the factors of n, from the left, make a scalar out of
// vectors before the end, as in xᵀy A.
func hasGroup(n *expr.Node) bool {
	var rows *expr.Dim
	for i, a := range n.Args {
		switch {
		case a.Shape.IsScalar():
		case rows == nil:
			rows = a.Shape.Rows
		case rows.IsOne() && a.Shape.Cols.IsOne():
			if i < len(n.Args)-1 {
				return true
			}
			rows = nil
		}
	}
	return false
}

// gather takes n apart into sign, coefficient, factors and divisors. With invert
// n is a scalar that divides; with closed a product stays one factor.
func (w *writer) gather(n *expr.Node, p *product, invert, closed bool) {
	if _, ok := w.named(n); ok {
		w.push(factor{n: n}, invert)
		return
	}
	switch n.Op.Name {
	case expr.OpNum:
		r := n.Num
		if r.Sign() < 0 {
			p.negative, r = !p.negative, r.Neg()
		}
		if !invert {
			p.coef = p.coef.Mul(r)
			return
		}
		if !r.IsZero() {
			p.coef = p.coef.Div(r)
			return
		}
	case expr.OpNeg:
		p.negative = !p.negative
		w.gather(n.Args[0], p, invert, closed)
		return
	case expr.OpDiv:
		w.gather(n.Args[0], p, invert, closed)
		w.gather(n.Args[1], p, !invert, false)
		return
	case expr.OpPow:
		if k := n.Args[1]; k.Op.Name == expr.OpNum && k.Num.Sign() < 0 {
			if k.Num.Equal(rat.MinusOne) {
				w.gather(n.Args[0], p, !invert, closed)
			} else {
				w.push(factor{n: n, invert: true}, !invert)
			}
			return
		}
	case expr.OpMul:
		if closed {
			break
		}
		if invert {
			if plain(n) {
				for _, a := range n.Args {
					w.gather(a, p, true, false)
				}
				return
			}
			break
		}
		w.gatherProduct(n, p)
		return
	}
	w.push(factor{n: n}, invert)
}

func (w *writer) push(f factor, invert bool) {
	if invert {
		w.den = append(w.den, f)
	} else {
		w.num = append(w.num, f)
	}
}

// gatherProduct takes the factors of n apart. Neighbours whose product is a
// scalar stay together when other factors follow: (xᵀy) A.
func (w *writer) gatherProduct(n *expr.Node, p *product) {
	if !hasGroup(n) {
		for _, a := range n.Args {
			w.gather(a, p, false, !w.opens(n, a))
		}
		return
	}
	start := -1 // of the vectors that may make a scalar
	var rows *expr.Dim
	for i, a := range n.Args {
		switch {
		case a.Shape.IsScalar():
			if start < 0 {
				w.gather(a, p, false, !w.opens(n, a))
			}
			continue
		case start < 0:
			start, rows = i, a.Shape.Rows
		case rows.IsOne() && a.Shape.Cols.IsOne():
			w.push(factor{n: n, lo: start, hi: i + 1}, false)
			start = -1
			continue
		}
	}
	if start >= 0 {
		for _, a := range n.Args[start:] {
			w.gather(a, p, false, !w.opens(n, a))
		}
	}
}

func (f factor) scalar() bool { return f.lo < f.hi || f.n.Shape.IsScalar() }

// emit writes a product whose factors are on the stacks from nums and dens on.
func (w *writer) emit(p product, nums, dens, min int, signed bool) {
	k, d := len(w.num)-nums, len(w.den)-dens
	top, bottom := p.coef.Num(), p.coef.Den()
	coefficient := !top.IsOne() || k == 0
	divided := d > 0 || !bottom.IsOne()
	negative := p.negative && signed && !p.coef.IsZero() && !w.absorb(nums)
	single := !divided && (k == 0 || k == 1 && !coefficient)

	level := levelProduct
	if single {
		if level = levelAtom; negative {
			level = levelUnary
		}
	}
	b := w.open(level < min)
	if b.at >= 0 {
		min = levelSum
	}
	if negative {
		w.op(w.sign)
	}
	switch {
	case single && k == 0:
		w.number(top)
	case single:
		f := w.num[nums]
		if negative && min < levelPostfix {
			min = levelPostfix
			if w.productLike(f.n) {
				min = levelProduct
			}
		}
		w.factor(f, min)
	case divided && w.latex:
		w.fraction(top, bottom, nums, dens)
	default:
		if coefficient {
			w.number(top)
			w.pending = k > 0
		}
		w.factors(nums, !divided)
		if divided {
			w.divisors(bottom, dens)
		}
	}
	w.close(b)
}

// absorb lets the minus sign of a product change the signs of a difference among
// its factors, which is shorter: −A (x − y) is A (y − x).
func (w *writer) absorb(nums int) bool {
	for i := nums; i < len(w.num); i++ {
		f := w.num[i]
		if f.lo < f.hi || !w.isSum(f.n) || len(f.n.Args) > 3 {
			continue
		}
		minus := 0
		for _, a := range f.n.Args {
			if w.isSum(a) {
				minus = len(f.n.Args)
				break
			}
			if w.negative(a) {
				minus++
			}
		}
		if minus > 0 && minus < len(f.n.Args) {
			w.num[i].flip = true
			return true
		}
	}
	return false
}

// productLike reports whether n is written with an infix operator of the level
// of the product, but is none.
func (w *writer) productLike(n *expr.Node) bool {
	if _, ok := w.named(n); ok {
		return false
	}
	switch n.Op.Name {
	case expr.OpHadamard, expr.OpElDiv, expr.OpSumOver:
		return true
	}
	f := w.pattern(n.Op)
	return f.Level == levelProduct
}

// factors writes the factors from nums on, side by side. last says that nothing
// of the level of a product follows.
func (w *writer) factors(nums int, last bool) {
	k := len(w.num) - nums
	scalars := true
	for i := range k {
		f := w.num[nums+i]
		if i > 0 {
			w.pending = true
		}
		end := i == k-1
		switch {
		case end && f.lo < f.hi && scalars:
			w.group(f)
		case end && scalars && f.n.Op.Name == expr.OpMul && !f.invert && !w.negative(f.n):
			w.node(f.n, levelProduct) // c xᵀy
		case end && last && k == 1 && w.productLike(f.n):
			w.node(f.n, levelProduct) // 2 x ⊙ y
		case end && last && f.n.Op.Name == expr.OpSumOver:
			w.node(f.n, levelProduct)
		default:
			w.factor(f, levelPostfix)
		}
		scalars = scalars && f.scalar()
	}
}

// factor writes one factor in brackets where it needs them.
func (w *writer) factor(f factor, min int) {
	switch {
	case f.lo < f.hi:
		b := w.open(min > levelProduct)
		w.group(f)
		w.close(b)
	case f.flip:
		flipped := func() {
			b := w.open(min > levelSum)
			w.sum(f.n, levelSum, true)
			w.close(b)
		}
		if w.marking && !f.n.Shape.IsScalar() {
			w.factorOf(f.n.Shape, false, flipped)
		} else {
			flipped()
		}
	case f.invert:
		w.powerOf(f.n, f.n.Args[1].Num.Neg(), min)
	default:
		w.node(f.n, min)
	}
}

// group writes the operands of a product that make a scalar.
func (w *writer) group(f factor) {
	nums, dens := len(w.num), len(w.den)
	p := product{coef: rat.One}
	for _, a := range f.n.Args[f.lo:f.hi] {
		w.push(factor{n: a}, false)
	}
	w.emit(p, nums, dens, levelProduct, true)
	w.num, w.den = w.num[:nums], w.den[:dens]
}

// divisors writes / and what divides.
func (w *writer) divisors(bottom rat.Rat, dens int) {
	d := len(w.den) - dens
	n := d
	if !bottom.IsOne() {
		n++
	}
	if n == 1 {
		if d == 0 || w.short(w.den[dens]) || !w.paper {
			w.str("/")
		} else {
			w.str(" / ")
		}
		if d == 0 {
			w.number(bottom)
		} else {
			w.factor(w.den[dens], levelPostfix)
		}
		return
	}
	if w.paper {
		w.str(" / ")
	} else {
		w.str("/")
	}
	b := w.open(true)
	w.bottom(bottom, dens)
	w.close(b)
}

// bottom writes the product of all that divides.
func (w *writer) bottom(coef rat.Rat, dens int) {
	if !coef.IsOne() || len(w.den) == dens {
		w.number(coef)
		w.pending = len(w.den) > dens
	}
	for i := dens; i < len(w.den); i++ {
		if i > dens {
			w.pending = true
		}
		if i == dens && len(w.den) == dens+1 && coef.IsOne() {
			w.factor(w.den[i], levelSum)
		} else {
			w.factor(w.den[i], levelPostfix)
		}
	}
}

// short reports whether a divisor is one name.
func (w *writer) short(f factor) bool {
	if f.lo < f.hi || f.invert {
		return false
	}
	if _, ok := w.named(f.n); ok {
		return true
	}
	if f.n.Op.Name == expr.OpSize {
		_, pows, ok := f.n.Sizes[0].Monomial()
		return ok && len(pows) == 1
	}
	return f.n.Op.Name == expr.OpVar
}

// fraction writes a product with divisors in LaTeX: the scalars as a fraction,
// then the rest. A single factor that is no sum goes into the numerator.
func (w *writer) fraction(top, bottom rat.Rat, nums, dens int) {
	end := len(w.num)
	scalars, rest := nums, 0
	for i := nums; i < end; i++ {
		if !w.num[i].scalar() {
			rest++
		}
	}
	inside := rest == 0 || end-nums == 1 && top.IsOne() && w.num[nums].n.Op.Name != expr.OpAdd ||
		w.scalarProduct(nums)
	if inside && slices.ContainsFunc(w.num[nums:end], w.isTall) {
		inside = false
	}
	if !inside {
		for scalars < end && w.num[scalars].scalar() && !w.isTall(w.num[scalars]) {
			scalars++
		}
	} else {
		scalars = end
	}
	w.tall++
	w.str(`\frac{`)
	if !top.IsOne() || scalars == nums {
		w.number(top)
		w.pending = scalars > nums
	}
	tail := append([]factor(nil), w.num[scalars:]...)
	w.num = w.num[:scalars]
	if len(w.num)-nums == 1 && top.IsOne() {
		w.factor(w.num[nums], levelSum)
	} else {
		w.factors(nums, true)
	}
	w.out = append(w.out, "}{"...)
	w.bottom(bottom, dens)
	w.out = append(w.out, '}')
	w.numeral = false
	if len(tail) > 0 {
		w.num = append(w.num, tail...)
		w.pending = true
		w.factors(scalars, true)
	}
}

// isTall reports whether a factor stands beside a fraction and not in it: one with a
// sum Σ in it, or a symbol that the caller spells as a fraction or with a sum.
func (w *writer) isTall(f factor) bool {
	return f.lo >= f.hi && w.hasSum(f.n)
}

func (w *writer) hasSum(n *expr.Node) bool {
	if !w.unnamed(n) {
		return false
	}
	switch n.Op.Name {
	case expr.OpSumOver:
		return true
	case expr.OpVar, expr.OpMember:
		if w.options.Spell == nil {
			return false
		}
		text, _, ok := w.options.Spell(n.Sym, n.Index, true)
		return ok && (strings.Contains(text, `\frac`) || strings.Contains(text, `\sum`))
	}
	return slices.ContainsFunc(n.Args, w.hasSum)
}

// scalarProduct reports whether the factors from nums on, which are not all
// scalars, make a scalar, as in xᵀA y.
func (w *writer) scalarProduct(nums int) bool {
	var rows, cols *expr.Dim
	for _, f := range w.num[nums:] {
		if f.scalar() {
			continue
		}
		if rows == nil {
			rows = f.n.Shape.Rows
		}
		cols = f.n.Shape.Cols
	}
	return rows != nil && rows.IsOne() && cols.IsOne()
}
