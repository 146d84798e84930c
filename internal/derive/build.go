package derive

import (
	"slices"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/rat"
)

// A maker makes nodes as a person writes them: products and sums are flat, signs
// and numbers stand in front, ones and zeros are left out. It changes no order
// and multiplies nothing out.
type maker struct {
	b *expr.Builder
	// moving are the symbols whose facts do not hold: a differential moves them.
	moving map[*expr.Symbol]bool
}

func (m maker) num(k int64) *expr.Node { return m.b.Num(rat.Int(k)) }

func (m maker) zero(s expr.Shape) *expr.Node {
	if s.IsScalar() {
		return m.num(0)
	}
	return m.b.Sized(expr.OpZeros, s.Rows, s.Cols)
}

func isNum(n *expr.Node, k int64) bool {
	v, ok := n.Num.Int64()
	return n.Op.Name == expr.OpNum && ok && v == k
}

func isZero(n *expr.Node) bool { return isNum(n, 0) || n.Op.Name == expr.OpZeros }

func isOnes(n *expr.Node) bool { return n.Op.Name == "ones" }

// eye returns the identity of size d.
func (m maker) eye(d *expr.Dim) *expr.Node {
	if d.IsOne() {
		return m.num(1)
	}
	return m.b.Sized("eye", d)
}

// ones returns the r × c matrix of ones; a vector is a column, a row its transpose.
func (m maker) ones(r, c *expr.Dim) *expr.Node {
	switch {
	case r.IsOne() && c.IsOne():
		return m.num(1)
	case c.IsOne():
		return m.b.Sized("ones", r)
	case r.IsOne():
		return m.b.Node(expr.OpT, m.b.Sized("ones", c))
	}
	return m.b.Sized("ones", r, c)
}

// split takes sign and number from the front of a node: n = c · rest. The rest is
// nil where nothing is left.
func (m maker) split(n *expr.Node) (rat.Rat, *expr.Node) {
	switch n.Op.Name {
	case expr.OpNum:
		return n.Num, nil
	case expr.OpNeg:
		c, r := m.split(n.Args[0])
		return c.Neg(), r
	case expr.OpMul:
		if n.Args[0].Op.Name == expr.OpNum {
			rest := n.Args[1]
			if len(n.Args) > 2 {
				rest = m.b.Node(expr.OpMul, n.Args[1:]...)
			}
			return n.Args[0].Num, rest
		}
	case expr.OpDiv:
		if n.Args[1].Op.Name == expr.OpNum && !n.Args[1].Num.IsZero() {
			c, r := m.split(n.Args[0])
			return c.Div(n.Args[1].Num), r
		}
	}
	return rat.One, n
}

// times returns c · n.
func (m maker) times(c rat.Rat, n *expr.Node) *expr.Node {
	if n == nil {
		return m.b.Num(c)
	}
	k, rest := m.split(n)
	c = c.Mul(k)
	switch {
	case c.IsZero():
		return m.zero(n.Shape)
	case rest == nil:
		return m.b.Num(c)
	case c.IsOne(), isZero(rest):
		return rest
	case c.Equal(rat.MinusOne):
		return m.b.Node(expr.OpNeg, rest)
	case c.Sign() < 0:
		return m.b.Node(expr.OpNeg, m.times(c.Neg(), rest))
	}
	if one := c.Inv(); one.IsInt() {
		return m.b.Node(expr.OpDiv, rest, m.b.Num(one))
	}
	args := []*expr.Node{m.b.Num(c)}
	if rest.Op.Name == expr.OpMul {
		args = append(args, rest.Args...)
	} else {
		args = append(args, rest)
	}
	return m.b.Node(expr.OpMul, args...)
}

func (m maker) neg(n *expr.Node) *expr.Node { return m.times(rat.MinusOne, n) }

// add returns the sum; equal terms are gathered.
func (m maker) add(list ...*expr.Node) *expr.Node {
	shape := list[0].Shape
	var terms []*expr.Node
	var coefs []rat.Rat
	var walk func(n *expr.Node, c rat.Rat)
	walk = func(n *expr.Node, c rat.Rat) {
		if shape.IsScalar() {
			shape = n.Shape
		}
		if isZero(n) {
			return
		}
		if n.Op.Name == expr.OpAdd {
			for _, a := range n.Args {
				walk(a, c)
			}
			return
		}
		k, rest := m.split(n)
		if rest != nil && rest.Op.Name == expr.OpAdd && rest != n && (k.IsOne() || k.Equal(rat.MinusOne)) {
			walk(rest, c.Mul(k))
			return
		}
		for i, t := range terms {
			if t == rest {
				coefs[i] = coefs[i].Add(c.Mul(k))
				return
			}
		}
		terms, coefs = append(terms, rest), append(coefs, c.Mul(k))
	}
	for _, n := range list {
		walk(n, rat.One)
	}
	var out []*expr.Node
	for i, t := range terms {
		if !coefs[i].IsZero() {
			out = append(out, m.times(coefs[i], t))
		}
	}
	switch len(out) {
	case 0:
		return m.zero(shape)
	case 1:
		if shape.IsScalar() || !out[0].Shape.IsScalar() {
			return out[0]
		}
	}
	if !spread(out, shape) {
		out = append(out, m.zero(shape)) // scalars alone have nothing to be spread over
	}
	return m.b.Node(expr.OpAdd, out...)
}

// mul returns the product. Scalars among the factors keep their place; numbers
// and signs come to the front.
func (m maker) mul(list ...*expr.Node) *expr.Node {
	shape := m.b.ResultShape(m.b.Reg.Op(expr.OpMul), list, nil)
	c := rat.One
	var args []*expr.Node
	scalar := func() bool { // what stands so far is one
		return len(args) == 0 || m.b.ResultShape(m.b.Reg.Op(expr.OpMul), args, nil).IsScalar()
	}
	var eye *expr.Node
	var walk func(n *expr.Node)
	walk = func(n *expr.Node) {
		k, rest := m.split(n)
		c = c.Mul(k)
		switch {
		case rest == nil:
		case rest.Op.Name == expr.OpMul && (!rest.Shape.IsScalar() || shape.IsScalar() && scalar()):
			for _, a := range rest.Args {
				walk(a)
			}
		case isIdentity(rest):
			eye = rest
		default:
			if k := len(args); k > 0 && !rest.Shape.IsScalar() {
				if p := m.power(args[k-1], rest); p != nil {
					args[k-1] = p
					return
				}
			}
			args = append(args, rest)
		}
	}
	for _, n := range list {
		if isZero(n) {
			return m.zero(shape)
		}
		walk(n)
	}
	if eye != nil && scalar() && !shape.IsScalar() {
		args = append(args, eye)
	}
	switch len(args) {
	case 0:
		return m.b.Num(c)
	case 1:
		return m.times(c, args[0])
	}
	m.conform(args)
	if !shape.IsScalar() {
		args = m.grouped(args)
	}
	if len(args) == 1 {
		return m.times(c, args[0])
	}
	return m.times(c, m.b.Node(expr.OpMul, args...))
}

// grouped makes factors whose product is a scalar one factor, so that those after
// them can be multiplied by themselves: (xᵀx) A b.
func (m maker) grouped(args []*expr.Node) []*expr.Node {
	var out []*expr.Node
	from := 0
	shape := expr.Shape{Rows: m.b.One(), Cols: m.b.One()}
	for i, a := range args {
		switch {
		case a.Shape.IsScalar():
			if from == i {
				out, from = append(out, a), i+1
			}
			continue
		case from == i || shape.IsScalar():
			shape = a.Shape
		default:
			shape = expr.Shape{Rows: shape.Rows, Cols: a.Shape.Cols}
		}
		if shape.IsScalar() && i+1 < len(args) {
			out = append(out, m.b.Node(expr.OpMul, args[from:i+1]...))
			from = i + 1
		}
	}
	return append(out, args[from:]...)
}

// power is a b as a power of one square matrix, or nil.
func (m maker) power(a, b *expr.Node) *expr.Node {
	split := func(n *expr.Node) (*expr.Node, int64) {
		if n.Op.Name == expr.OpMPow {
			if k, ok := n.Args[1].Num.Int64(); ok && n.Args[1].Op.Name == expr.OpNum {
				return n.Args[0], k
			}
		}
		return n, 1
	}
	x, j := split(a)
	y, k := split(b)
	if x != y || x.Shape.Rows != x.Shape.Cols || j < 0 || k < 0 || len(x.Args) > 0 {
		return nil
	}
	return m.b.Node(expr.OpMPow, x, m.num(j+k))
}

// conform gives up where the factors of a product do not fit: nothing is built
// that has no value.
func (m maker) conform(args []*expr.Node) {
	if _, ok := expr.ProductShape(args); !ok {
		panic(giveUp("a product whose factors do not fit"))
	}
}

func isIdentity(n *expr.Node) bool { return n.Op.Name == "eye" }

// t returns the transpose, taken into products; of a sum or an entrywise product
// it stays outside unless every operand is a transpose.
func (m maker) t(n *expr.Node) *expr.Node {
	if n.Shape.IsScalar() {
		return n
	}
	switch n.Op.Name {
	case expr.OpT:
		return n.Args[0]
	case expr.OpNeg:
		return m.b.Node(expr.OpNeg, m.t(n.Args[0]))
	case expr.OpAdd, expr.OpHadamard, expr.OpElDiv:
		if !slices.ContainsFunc(n.Args, func(a *expr.Node) bool { return !m.turned(a) }) {
			args := slices.Clone(n.Args)
			for i, a := range args {
				args[i] = m.t(a)
			}
			return m.b.Node(n.Op.Name, args...)
		}
	case expr.OpDiv:
		return m.b.Node(expr.OpDiv, m.t(n.Args[0]), n.Args[1])
	case expr.OpSumOver:
		return m.b.SumOver(n.Index, m.t(n.Args[0]))
	case expr.OpMul:
		var scalars, rest []*expr.Node
		for _, a := range slices.Backward(n.Args) {
			if a.Shape.IsScalar() {
				scalars = append(scalars, a)
			} else {
				rest = append(rest, m.t(a))
			}
		}
		slices.Reverse(scalars)
		return m.mul(append(scalars, rest...)...)
	case expr.OpZeros:
		return m.b.Sized(expr.OpZeros, n.Shape.Cols, n.Shape.Rows)
	case "eye", "diagmat":
		return n
	case "ones":
		if n.Shape.IsMatrix() {
			return m.ones(n.Shape.Cols, n.Shape.Rows)
		}
	}
	if n.Sym != nil && n.Op.Name == expr.OpVar && n.Sym.Facts.Has(expr.Symmetric) && !m.moving[n.Sym] {
		return n
	}
	return m.b.Node(expr.OpT, n)
}

// inward returns the transpose, taken into entrywise products as well.
func (m maker) inward(n *expr.Node) *expr.Node {
	switch n.Op.Name {
	case expr.OpHadamard, expr.OpElDiv, expr.OpAdd:
		args := slices.Clone(n.Args)
		for i, a := range args {
			args[i] = m.t(a)
		}
		return m.b.Node(n.Op.Name, args...)
	}
	return m.t(n)
}

// turned reports whether the transpose of n is shorter than n, or as short.
func (m maker) turned(n *expr.Node) bool {
	switch n.Op.Name {
	case expr.OpT:
		return true
	case expr.OpNeg, expr.OpDiv:
		return m.turned(n.Args[0])
	case expr.OpMul:
		return !slices.ContainsFunc(n.Args, func(a *expr.Node) bool { return !m.turned(a) })
	}
	return n.Shape.IsScalar() || m.t(n) == n
}

// hadamard returns the entrywise product; scalars are factors.
func (m maker) hadamard(list ...*expr.Node) *expr.Node {
	var scalars, args, divisors []*expr.Node
	shape := list[0].Shape
	c := rat.One
	var walk func(n *expr.Node)
	walk = func(n *expr.Node) {
		if shape.IsScalar() {
			shape = n.Shape
		}
		k, rest := m.split(n)
		c = c.Mul(k)
		switch {
		case rest == nil:
		case rest.Shape.IsScalar():
			scalars = append(scalars, rest)
		case rest.Op.Name == expr.OpHadamard:
			for _, a := range rest.Args {
				walk(a)
			}
		case isOnes(rest), rest.Op.Name == expr.OpT && isOnes(rest.Args[0]):
		case rest.Op.Name == expr.OpElDiv && (isOnes(rest.Args[0]) || isNum(rest.Args[0], 1)) && len(list) > 1:
			divisors = append(divisors, rest.Args[1])
		default:
			args = append(args, rest)
		}
	}
	for _, n := range list {
		if isZero(n) {
			for _, o := range list {
				if !o.Shape.IsScalar() {
					return m.zero(o.Shape)
				}
			}
			return m.num(0)
		}
		walk(n)
	}
	if len(args) == 0 && !shape.IsScalar() {
		args = append(args, m.ones(shape.Rows, shape.Cols))
	}
	if len(args) > 1 {
		args = []*expr.Node{m.b.Node(expr.OpHadamard, args...)}
	}
	for _, d := range divisors {
		args[0] = m.eldiv(args[0], d)
	}
	all := append(scalars, args...)
	if len(all) == 0 {
		return m.b.Num(c)
	}
	return m.times(c, m.mul(all...))
}

// div returns n / s for a scalar s.
func (m maker) div(n, s *expr.Node) *expr.Node {
	if isZero(n) {
		return n
	}
	c, rest := m.split(s)
	if rest == nil {
		return m.times(c.Inv(), n)
	}
	k, top := m.split(n)
	switch {
	case top == nil:
		top = m.num(1)
	case top == rest:
		return m.b.Num(k.Div(c))
	case top.Op.Name == expr.OpMul && slices.Contains(top.Args, rest):
		i := slices.Index(top.Args, rest)
		return m.times(k.Div(c), m.mul(slices.Delete(slices.Clone(top.Args), i, i+1)...))
	}
	return m.times(k.Div(c), m.b.Node(expr.OpDiv, top, rest))
}

// eldiv returns the entrywise quotient.
func (m maker) eldiv(n, d *expr.Node) *expr.Node {
	switch {
	case isZero(n) && !n.Shape.IsScalar():
		return n
	case d.Shape.IsScalar():
		return m.div(n, d)
	}
	k, top := m.split(n)
	c, bottom := m.split(d)
	if top == nil {
		top = m.num(1)
	}
	return m.times(k.Div(c), m.b.Node(expr.OpElDiv, top, bottom))
}

// tr returns the trace; that of a scalar is the scalar.
func (m maker) tr(n *expr.Node) *expr.Node {
	switch {
	case n.Shape.IsScalar():
		return n
	case isZero(n):
		return m.num(0)
	}
	c, rest := m.split(n)
	return m.times(c, m.b.Node("tr", rest))
}

func (m maker) vec(n *expr.Node) *expr.Node {
	switch {
	case n.Shape.Cols.IsOne():
		return n
	case n.Shape.Rows.IsOne():
		return m.t(n)
	}
	c, rest := m.split(n)
	return m.times(c, m.b.Node("vec", rest))
}

func (m maker) kron(a, b *expr.Node) *expr.Node {
	switch {
	case a.Shape.IsScalar() || b.Shape.IsScalar():
		return m.mul(a, b)
	case isIdentity(a) && isIdentity(b):
		return m.eye(m.b.Mul(a.Shape.Rows, b.Shape.Rows))
	}
	return m.b.Node("kron", a, b)
}

// diag returns the diagonal matrix of a column.
func (m maker) diag(v *expr.Node) *expr.Node {
	switch {
	case v.Shape.IsScalar():
		return v
	case isOnes(v):
		return m.eye(v.Shape.Rows)
	}
	return m.b.Node("diagmat", v)
}

// sumOver returns Σ_i n with what does not depend on i in front.
func (m maker) sumOver(i *expr.Index, n *expr.Node) *expr.Node {
	c, rest := m.split(n)
	if rest == nil {
		rest = m.num(1)
	}
	return m.times(c, m.b.SumOver(i, rest))
}
