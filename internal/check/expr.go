package check

import (
	"strings"
	"unicode/utf8"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/limit"
	"example.com/nabla/internal/message"
	"example.com/nabla/internal/rat"
	"example.com/nabla/internal/source"
	"example.com/nabla/internal/syntax"
)

// expr types an expression. Errors are reported and give a bad value, on which
// nothing further is reported.
func (c *checker) expr(x syntax.Expr) val {
	c.b.Limit.Step(4)
	limit.Rest(c.depth)
	if c.depth++; c.depth > limit.TreeDepth {
		if !c.deep {
			c.deep = true
			c.errorf(x.Span(), "the expression is nested deeper than %d levels, with the definitions that it mentions", limit.TreeDepth)
		}
		c.depth--
		return val{}
	}
	v := c.exprOf(x)
	c.depth--
	if v.node != nil {
		c.place(v.node, x.Span())
	}
	return v
}

// place keeps the place where a node was written first.
func (c *checker) place(n *expr.Node, at source.Span) {
	if c.spans == nil {
		c.spans = make([]source.Span, 0, 32)
	}
	for len(c.spans) <= n.ID {
		c.spans = append(c.spans, source.Span{})
	}
	if c.spans[n.ID].IsZero() {
		c.spans[n.ID] = at
	}
}

func (c *checker) exprOf(x syntax.Expr) val {
	switch x := x.(type) {
	case *syntax.Number:
		if n, ok := x.Int(); ok {
			return c.number(rat.Int(int64(n)))
		}
		return c.number(rat.FromBig(x.Rat()))
	case *syntax.Name:
		return c.name(x)
	case *syntax.Call:
		return c.call(x)
	case *syntax.Index:
		n, ok := x.Sub.(*syntax.Name)
		if !ok {
			d := c.errorf(x.Sub.Span(), "the index of %s must be bound by a sum, got %s", x.Family.Name, c.text(x.Sub))
			d.Hint = say("a sum over the members is sum(i, %s[i])", x.Family.Name)
			return val{}
		}
		return c.member(x.Family, n.Name, n.At)
	case *syntax.Unary:
		return c.unary(x)
	case *syntax.Binary:
		if x.Op.Symbol().Prec == syntax.PrecPostfix {
			return c.power(x)
		}
		return c.chain(x)
	case *syntax.Norm:
		return c.norm(x)
	case *syntax.Bars:
		return c.bars(x)
	case *syntax.SumOver:
		return c.sumOver(x.Index, x.From, x.To, x.Body)
	case *syntax.Fill:
		return c.fill(x)
	}
	panic("check: unknown expression")
}

// scalar is the shape 1 × 1.
func (c *checker) scalar() expr.Shape { return expr.Shape{Rows: c.sz.One(), Cols: c.sz.One()} }

func (c *checker) number(r rat.Rat) val {
	v := val{shape: c.scalar(), num: r, isNum: true}
	if c.build {
		v.node = c.b.Num(r)
	}
	return v
}

// op applies an operator whose operands fit.
func (c *checker) op(name string, shape expr.Shape, args ...val) val {
	v := val{shape: shape}
	switch name {
	case expr.OpNeg:
		v.integer = args[0].integer
	case expr.OpPow:
		v.integer = args[0].integer && args[1].isNum && args[1].num.IsInt() && args[1].num.Sign() >= 0
	}
	if c.build {
		var buf [4]*expr.Node
		nodes := buf[:0]
		for _, a := range args {
			nodes = append(nodes, a.node)
		}
		v.node = c.b.Node(name, nodes...)
	}
	return v
}

// name resolves a name that is used as a value.
func (c *checker) name(x *syntax.Name) val {
	if i := c.boundIndex(x.Name); i != nil {
		v := val{shape: c.scalar(), integer: true}
		if c.build {
			v.node = c.b.IndexValue(i.index)
		}
		return v
	}
	e := c.find(x.Name)
	if e == nil {
		return c.undeclaredName(x)
	}
	switch {
	case e.bound != nil:
		return val{shape: e.shape, node: e.bound, integer: e.bound.Sym != nil && e.bound.Sym.Facts.Has(expr.Integer)}
	case e.def != nil && e.def.Index.Name != "" || e.decl != nil && e.decl.Range != nil || e.size != nil:
		c.errorf(x.At, "%s is a family, not a single value", x.Name).Hint = say("a member of it is %s[i]", x.Name)
		return val{}
	case e.def != nil:
		return c.defined(e, x.At)
	}
	return c.use(e, x.At)
}

// use is the value of a variable.
func (c *checker) use(e *entity, at source.Span) val {
	c.variable(e, true)
	switch {
	case e.shape.Rows == nil:
		return val{}
	case e.kind == expr.Function:
		c.errorf(at, "%s is a function and needs an operand", e.name).Hint = say("apply it, as in %s(x)", e.name)
		return val{}
	}
	v := val{shape: e.shape, integer: e.facts.Has(expr.Integer)}
	if c.build {
		v.node = e.node
	}
	return v
}

// undeclaredName resolves a name that is no variable or definition: a member
// written with a subscript, a size, a constant, an identity matrix, or else an
// undeclared variable.
func (c *checker) undeclaredName(x *syntax.Name) val {
	base, sub, split := syntax.SplitSubscript(x.Name)
	if split && c.boundIndex(sub) != nil {
		return c.member(syntax.Ident{Name: base, At: x.At}, sub, x.At)
	}
	if c.isSize(x.Name) {
		return c.sizeAsValue(x)
	}
	if ops := c.functions(x.Name); len(ops) > 0 {
		o := ops[0]
		if o.Class == expr.Special && o.Signature() == nil && len(o.Sizes) == 0 {
			return c.op(o.Name, c.scalar())
		}
		c.errorf(x.At, "%s is a function and needs an operand", x.Name).Hint = say("apply it, as in %s(%s)", x.Name, example(o))
		return val{}
	}
	if split && base == "I" {
		if n := c.subscriptSize(sub, x.At); n != nil {
			return c.sized("eye", expr.Shape{Rows: n, Cols: n}, 0, n)
		}
		return val{}
	}
	if c.opts.Closed {
		return c.unknownName(x.Name, x.At)
	}
	if c.kindOf(x.Name) < 0 {
		c.errorf(x.At, "the first letter of %s does not tell its type", x.Name).Hint = say("declare it, as in %s: vector(n)", x.Name)
		return val{}
	}
	if x.Name == "I" {
		c.note(say("I is taken as a variable; the identity matrix is eye(n) or I_n"))
	}
	if hint, ok := c.asProduct(x.Name); ok {
		c.note(hint)
	}
	return c.use(c.undeclared(x.Name, x.At, nil), x.At)
}

// functions returns the operators that a name calls. A name of one letter is
// none where it is a value, so that t is a vector.
func (c *checker) functions(name string) []*expr.Op {
	if utf8.RuneCountInString(name) == 1 {
		return nil
	}
	return c.b.Reg.Overloads(name)
}

// example returns the operands in a hint for a function.
func example(o *expr.Op) string {
	if len(o.Sizes) > 0 {
		var sizes []string
		for _, s := range o.Sizes {
			sizes = append(sizes, strings.TrimSuffix(s, "?"))
		}
		return strings.Join(sizes, ", ")
	}
	return strings.Join(o.Params, ", ")
}

// sizeAsValue is a size used as a number.
func (c *checker) sizeAsValue(x *syntax.Name) val {
	d := c.sizeName(x, c.prog.File)
	if d == nil {
		return val{}
	}
	v := val{shape: c.scalar(), integer: true}
	if c.build {
		v.node = c.b.Size(d)
	}
	return v
}

// subscriptSize reads the subscript of I_n as a size.
func (c *checker) subscriptSize(sub string, at source.Span) *expr.Dim {
	x, file, diags := syntax.ParseExpr(sub, syntax.Options{})
	if diags != nil {
		c.errorf(at, "the subscript %s is no size", sub)
		return nil
	}
	before := len(*c.diags)
	d := c.size(x, file)
	for _, e := range (*c.diags)[before:] {
		e.File, e.Span = nil, at
	}
	return d
}

func (c *checker) unary(x *syntax.Unary) val {
	v := c.expr(x.X)
	if v.bad() {
		return v
	}
	switch x.Op {
	case syntax.Plus:
		return v
	case syntax.Neg:
		if v.isNum {
			return c.number(v.num.Neg())
		}
		return c.op(expr.OpNeg, v.shape, v)
	case syntax.Transpose:
		if v.shape.IsScalar() {
			return v
		}
		return c.op(expr.OpT, v.shape.T(), v)
	}
	inv := c.apply("inv", syntax.Ident{Name: x.Op.String(), At: x.OpAt}, []syntax.Expr{x.X}, []val{v})
	if inv.bad() || inv.shape.IsScalar() {
		return inv
	}
	return c.op(expr.OpT, inv.shape, inv)
}

func (c *checker) norm(x *syntax.Norm) val {
	v := c.expr(x.X)
	if v.bad() {
		return v
	}
	name := "norm2"
	switch x.Kind {
	case syntax.NormOne:
		name = "norm1"
		if v.shape.IsMatrix() {
			c.note(say("‖X‖₁ of a matrix is the sum of the absolute values of its entries"))
		}
	case syntax.NormTwo:
		if v.shape.IsMatrix() {
			d := c.errorf(x.At, "the spectral norm of a matrix is not supported, got %s", c.operand(x.X, v))
			d.Hint = say("‖X‖_F is the Frobenius norm")
			return val{}
		}
	}
	return c.op(name, c.scalar(), v)
}

func (c *checker) bars(x *syntax.Bars) val {
	v := c.expr(x.X)
	switch {
	case v.bad():
		return v
	case v.shape.IsScalar():
		return c.op("abs", v.shape, v)
	case v.shape.IsVector() || v.shape.IsRow():
		d := c.errorf(x.At, "|·| is the determinant of a square matrix or the absolute value of a scalar, got %s", c.operand(x.X, v))
		d.Hint = say("the norm is ‖x‖ or norm2(x), the absolute values of the entries are abs(x)")
		return val{}
	}
	return c.apply("det", syntax.Ident{Name: "|·|", At: x.At}, []syntax.Expr{x.X}, []val{v})
}

func (c *checker) fill(x *syntax.Fill) val {
	name := "zeros"
	if x.One {
		name = "ones"
	}
	shape := c.scalar()
	var sizes []*expr.Dim
	for i, s := range x.Sizes {
		d := c.size(s, c.prog.File)
		if d == nil {
			return val{}
		}
		if i == 0 {
			shape.Rows = d
		} else {
			shape.Cols = d
		}
		sizes = append(sizes, d)
	}
	return c.sized(name, shape, 0, sizes...)
}

// sized makes an operator with size arguments.
func (c *checker) sized(name string, shape expr.Shape, order int, sizes ...*expr.Dim) val {
	v := val{shape: shape}
	if c.build {
		v.node = c.b.Make(c.b.Reg.Op(name), nil, sizes, order)
	}
	return v
}

// defined is the value of a definition: its body, or a variable of its shape if
// it is differentiated by.
func (c *checker) defined(e *entity, at source.Span) val {
	if e.open {
		return c.cyclic(e, at)
	}
	if e.cut {
		c.cutShape(e)
		if e.shape.Rows == nil {
			return val{}
		}
		return c.use(e, at)
	}
	return c.body(e)
}

// cutShape types the body of a cut definition for its shape alone, so that the
// variables inside it do not count as occurring before it.
func (c *checker) cutShape(e *entity) {
	if e.typed {
		return
	}
	e.typed = true
	build := c.build
	c.build = false
	v := c.body(e)
	c.build = build
	e.shape = v.shape
	if !v.bad() {
		e.kind = v.shape.Kind()
	}
}

// body types the body of a definition once, and once more if nodes are wanted
// after its shape alone was.
func (c *checker) body(e *entity) val {
	if e.done && (e.body.node != nil || !c.build || e.body.bad()) {
		return e.body
	}
	e.open = true
	c.opened = append(c.opened, e)
	bound := c.bound
	c.bound = nil
	e.body = c.expr(e.def.Body)
	c.bound = bound
	c.opened = c.opened[:len(c.opened)-1]
	e.open, e.done = false, true
	return e.body
}

// cyclic reports the use of a definition inside itself, with the definitions
// on the way.
func (c *checker) cyclic(e *entity, at source.Span) val {
	if c.circle {
		return val{} // said where the range of an index was looked for
	}
	d := c.errorf(at, "the definition of %s is cyclic", e.name)
	way := c.opened
	for way[0] != e {
		way = way[1:]
	}
	var steps []message.Text
	for i, from := range way {
		to := e
		if i+1 < len(way) {
			to = way[i+1]
		}
		steps = append(steps, say("%s uses %s", from.name, to.name))
	}
	if len(steps) > 1 && len(steps) < 10 {
		d.Notes = []message.Text{message.Join(steps, message.Text{En: ", ", Zh: "，"})}
	}
	return val{}
}

// unknownName reports a name that nothing declares, once.
func (c *checker) unknownName(name string, at source.Span) val {
	if !c.reported.has(name) {
		c.reported.add(name)
		c.errorf(at, "unknown name %s", name).Hint = c.suggestName(name)
	}
	return val{}
}
