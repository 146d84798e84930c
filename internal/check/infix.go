package check

import (
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/message"
	"example.com/nabla/internal/source"
	"example.com/nabla/internal/syntax"
)

// A fold gathers the operands of an n-ary operator while a chain of infix
// operators is read from the left.
type fold struct {
	v    val
	op   string       // "" while there is one operand
	args []*expr.Node // operands of op
	buf  [8]*expr.Node
}

// chain types infix operators, from the leftmost operand on. Chains are not
// recursive, because a sum may have very many terms.
func (c *checker) chain(x *syntax.Binary) val {
	var buf [8]*syntax.Binary
	spine := buf[:0]
	left := syntax.Expr(x)
	for {
		b, ok := left.(*syntax.Binary)
		if !ok || b.Op.Symbol().Prec == syntax.PrecPostfix {
			break
		}
		spine = append(spine, b)
		left = b.X
	}
	f := fold{v: c.expr(left)}
	for i := len(spine) - 1; i >= 0; i-- {
		c.step(&f, spine[i])
	}
	c.flush(&f)
	return f.v
}

// step applies one operator of a chain to what was read so far.
func (c *checker) step(f *fold, b *syntax.Binary) {
	y := c.expr(b.Y)
	if f.v.bad() || y.bad() {
		f.v = val{}
		return
	}
	switch b.Op {
	case syntax.Add, syntax.Sub:
		shape, ok := c.oneShape(f.v.shape, y.shape, b.OpAt)
		if !ok {
			c.shapesDiffer(b, f.v, y)
			f.v = val{}
			return
		}
		if b.Op == syntax.Sub {
			if c.flex != nil {
				c.shifts(b, f.v, y)
			}
			y = c.negated(y)
		}
		c.gather(f, expr.OpAdd, shape, y, b)
	case syntax.Hadamard:
		shape, ok := c.oneShape(f.v.shape, y.shape, b.OpAt)
		if !ok {
			c.shapesDiffer(b, f.v, y)
			f.v = val{}
			return
		}
		c.gather(f, expr.OpHadamard, shape, y, b)
	case syntax.Mul:
		shape, ok := c.product(b, f.v, y)
		if !ok {
			f.v = val{}
			return
		}
		c.gather(f, expr.OpMul, shape, y, b)
	default:
		c.flush(f)
		f.v = c.quotientOrKron(b, f.v, y)
		if f.v.node != nil {
			c.place(f.v.node, b.At)
		}
	}
}

// gather adds an operand to the n-ary operator op.
func (c *checker) gather(f *fold, op string, shape expr.Shape, y val, b *syntax.Binary) {
	if c.build {
		if f.op != op {
			c.flush(f)
			f.op = op
			if f.args == nil {
				f.args = f.buf[:0]
			}
			f.args = append(f.args[:0], f.v.node)
		}
		f.args = append(f.args, y.node)
	}
	f.v = val{shape: shape, integer: op != expr.OpHadamard && f.v.whole() && y.whole()}
}

// flush makes the node of the operands gathered so far.
func (c *checker) flush(f *fold) {
	if f.op != "" && !f.v.bad() {
		f.v.node = c.b.Node(f.op, f.args...)
	}
	f.op = ""
}

func (c *checker) negated(v val) val {
	if v.isNum {
		return c.number(v.num.Neg())
	}
	return c.op(expr.OpNeg, v.shape, v)
}

// oneShape returns the shape of an operation entry by entry. A scalar is
// spread over the other operand.
func (c *checker) oneShape(x, y expr.Shape, at source.Span) (expr.Shape, bool) {
	switch {
	case y.IsScalar():
		return x, true
	case x.IsScalar():
		return y, true
	}
	m := c.mark()
	if c.equal(x.Rows, y.Rows, at) && c.equal(x.Cols, y.Cols, at) {
		return x, true
	}
	c.undo(m)
	return x, false
}

// shapesDiffer reports operands of +, −, .* or ./ whose shapes differ.
func (c *checker) shapesDiffer(b *syntax.Binary, x, y val) {
	left, right := c.operand(b.X, x), c.operand(b.Y, y)
	var head message.Text
	switch b.Op {
	case syntax.Add:
		head = say("cannot add %s and %s", left, right)
	case syntax.Sub:
		head = say("cannot subtract %s from %s", right, left)
	case syntax.Hadamard:
		head = say("cannot multiply %s and %s entry by entry", left, right)
	case syntax.HadamardDiv:
		head = say("cannot divide %s by %s entry by entry", left, right)
	default:
		head = say("cannot raise %s to %s entry by entry", left, right)
	}
	d := c.errorf(b.OpAt, "%s: %s", head, c.difference(x.shape, y.shape))
	d.Context = b.At
	if c.same(x.shape.Rows, y.shape.Cols) && c.same(x.shape.Cols, y.shape.Rows) {
		d.Hint = say("%s has matching shapes", infix(b.Op, b.X, transposed(b.Y)))
		if x.shape.IsRow() {
			d.Hint = say("%s has matching shapes", infix(b.Op, transposed(b.X), b.Y))
		}
	}
	c.explain(d, b.X, b.Y)
}

// difference says in which side two shapes differ.
func (c *checker) difference(x, y expr.Shape) message.Text {
	rows, cols := c.same(x.Rows, y.Rows), c.same(x.Cols, y.Cols)
	switch {
	case x.IsVector() && y.IsVector():
		return say("lengths %s and %s differ", c.dimText(x.Rows), c.dimText(y.Rows))
	case rows && !cols:
		return say("columns %s and %s differ", c.dimText(x.Cols), c.dimText(y.Cols))
	case cols && !rows:
		return say("rows %s and %s differ", c.dimText(x.Rows), c.dimText(y.Rows))
	}
	return say("the shapes differ")
}

// product returns the shape of a product, or reports why there is none.
func (c *checker) product(b *syntax.Binary, x, y val) (expr.Shape, bool) {
	switch {
	case x.shape.IsScalar():
		return y.shape, true
	case y.shape.IsScalar():
		return x.shape, true
	}
	m := c.mark()
	if c.equal(x.shape.Cols, y.shape.Rows, b.OpAt) {
		return expr.Shape{Rows: x.shape.Rows, Cols: y.shape.Cols}, true
	}
	c.undo(m)
	d := c.errorf(b.OpAt, "cannot multiply %s by %s: inner dimensions %s and %s differ",
		c.operand(b.X, x), c.operand(b.Y, y), c.dimText(x.shape.Cols), c.dimText(y.shape.Rows))
	d.Context = b.At
	switch {
	case x.shape.IsVector() && y.shape.IsVector() && c.same(x.shape.Rows, y.shape.Rows):
		d.Hint = say("%s is the inner product, %s the product of the entries", infix(syntax.Mul, transposed(b.X), b.Y), infix(syntax.Hadamard, b.X, b.Y))
	case c.same(x.shape.Cols, y.shape.Cols):
		d.Hint = say("%s has matching shapes", infix(b.Op, b.X, transposed(b.Y)))
	case c.same(x.shape.Rows, y.shape.Rows):
		d.Hint = say("%s has matching shapes", infix(b.Op, transposed(b.X), b.Y))
	}
	c.explain(d, b.X, b.Y)
	return expr.Shape{}, false
}

// quotientOrKron types /, ./ and ⊗.
func (c *checker) quotientOrKron(b *syntax.Binary, x, y val) val {
	switch b.Op {
	case syntax.Kron:
		return c.apply("kron", syntax.Ident{Name: b.Op.String(), At: b.OpAt}, []syntax.Expr{b.X, b.Y}, []val{x, y})
	case syntax.HadamardDiv:
		shape, ok := c.oneShape(x.shape, y.shape, b.OpAt)
		if !ok {
			c.shapesDiffer(b, x, y)
			return val{}
		}
		if !shape.IsScalar() {
			return c.op(expr.OpElDiv, shape, x, y)
		}
	case syntax.Div:
		if !y.shape.IsScalar() {
			return c.badDivisor(b, x, y)
		}
	}
	if y.isNum {
		if y.num.IsZero() {
			c.errorf(b.OpAt, "division by zero").Context = b.At
			return val{}
		}
		if x.isNum {
			return c.number(x.num.Div(y.num))
		}
	}
	return c.op(expr.OpDiv, x.shape, x, y)
}

func (c *checker) badDivisor(b *syntax.Binary, x, y val) val {
	d := c.errorf(b.OpAt, "cannot divide by %s: / needs a scalar on its right", c.operand(b.Y, y))
	d.Context = b.At
	sameShape := x.shape.IsScalar() || c.same(x.shape.Rows, y.shape.Rows) && c.same(x.shape.Cols, y.shape.Cols)
	square := y.shape.IsMatrix() && c.same(y.shape.Rows, y.shape.Cols)
	inverse := infix(syntax.Mul, b.X, &syntax.Call{Func: syntax.Ident{Name: "inv"}, Args: []syntax.Expr{b.Y}})
	switch {
	case square && c.same(x.shape.Cols, y.shape.Rows):
		d.Hint = say("%s multiplies by the inverse, %s divides entry by entry", inverse, infix(syntax.HadamardDiv, b.X, b.Y))
		if !sameShape {
			d.Hint = say("%s multiplies by the inverse", inverse)
		}
	case sameShape:
		d.Hint = say("%s divides entry by entry", infix(syntax.HadamardDiv, b.X, b.Y))
	}
	c.explain(d, b.Y)
	return val{}
}

// Exponents written as numbers are bounded: of matrices because a power is a
// product of that many factors, of scalars to keep coefficients small.
const (
	maxMatrixPower = 64
	maxScalarPower = 1000
)

// power types ^ and .^.
func (c *checker) power(x *syntax.Binary) val {
	base, exp := c.expr(x.X), c.expr(x.Y)
	if base.bad() || exp.bad() {
		return val{}
	}
	if exp.isNum && !c.opts.LargePowers {
		if n, ok := exp.num.Int64(); exp.num.IsInt() && (!ok || n < -maxScalarPower || n > maxScalarPower) && (base.shape.IsScalar() || x.Op == syntax.HadamardPow) {
			c.errorf(x.Y.Span(), "an exponent must lie between %d and %d, got %s", -maxScalarPower, maxScalarPower, c.quote(x.Y)).Context = x.At
			return val{}
		}
	}
	if x.Op == syntax.HadamardPow {
		shape, ok := c.oneShape(base.shape, exp.shape, x.OpAt)
		switch {
		case !ok:
			c.shapesDiffer(x, base, exp)
			return val{}
		case !shape.IsScalar():
			return c.op(expr.OpElPow, shape, base, exp)
		}
	}
	if !exp.shape.IsScalar() {
		d := c.errorf(x.OpAt, "the exponent must be a scalar, got %s", c.operand(x.Y, exp))
		d.Context = x.At
		if base.shape.IsScalar() || c.same(base.shape.Rows, exp.shape.Rows) && c.same(base.shape.Cols, exp.shape.Cols) {
			d.Hint = say("%s raises entry by entry", infix(syntax.HadamardPow, x.X, x.Y))
		} else if n, ok := x.Y.(*syntax.Name); ok && base.shape.IsMatrix() && c.flex != nil {
			d.Hint = say("declare it, as in %s: scalar integer", n.Name)
		}
		c.explain(d, x.Y)
		return val{}
	}
	if base.shape.IsScalar() {
		return c.op(expr.OpPow, base.shape, base, exp)
	}
	return c.matrixPower(x, base, exp)
}

// matrixPower types a power of a square matrix.
func (c *checker) matrixPower(x *syntax.Binary, base, exp val) val {
	if !base.shape.IsMatrix() || !c.equal(base.shape.Rows, base.shape.Cols, x.OpAt) {
		d := c.errorf(x.OpAt, "cannot raise %s to a power: ^ needs a scalar or a square matrix", c.operand(x.X, base))
		d.Context = x.At
		d.Hint = say("%s raises each entry", infix(syntax.HadamardPow, x.X, x.Y))
		c.explain(d, x.X)
		return val{}
	}
	if !exp.isNum {
		if !exp.integer {
			d := c.errorf(x.Y.Span(), "the exponent of a matrix must be an integer or a scalar declared integer, got %s", c.quote(x.Y))
			d.Context = x.At
			if n, ok := x.Y.(*syntax.Name); ok && !exp.integer {
				d.Hint = say("declare it, as in %s: scalar integer", n.Name)
			}
			return val{}
		}
		return c.op(expr.OpMPow, base.shape, base, exp)
	}
	n, small := exp.num.Int64()
	switch {
	case !exp.num.IsInt():
		d := c.errorf(x.Y.Span(), "the exponent of a matrix must be an integer, got %s", c.quote(x.Y))
		d.Context = x.At
		d.Hint = say("%s raises each entry", infix(syntax.HadamardPow, x.X, x.Y))
		return val{}
	case c.opts.LargePowers && n != -1:
	case !small || n < -maxMatrixPower || n > maxMatrixPower:
		c.errorf(x.Y.Span(), "the exponent of a matrix must lie between %d and %d, got %s", -maxMatrixPower, maxMatrixPower, c.quote(x.Y)).Context = x.At
		return val{}
	case n == -1:
		return c.op("inv", base.shape, base)
	}
	return c.op(expr.OpMPow, base.shape, base, exp)
}
