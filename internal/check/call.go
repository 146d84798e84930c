package check

import (
	"strings"
	"unicode/utf8"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/message"
	"example.com/nabla/internal/syntax"
)

// matrixFunctions are functions of matrices that the language does not have,
// with the function that acts entry by entry.
var matrixFunctions = []struct{ name, entrywise string }{
	{"expm", "exp"}, {"logm", "log"}, {"sqrtm", "sqrt"}, {"sinm", "sin"}, {"cosm", "cos"},
}

// call types a call of a function.
func (c *checker) call(x *syntax.Call) val {
	if index := c.sumIndex(x); index != "" && c.find("sum") == nil {
		n := x.Args[0].(*syntax.Name)
		return c.sumOver(syntax.Ident{Name: n.Name, At: n.At}, nil, nil, x.Args[1])
	}
	if e, order := c.function(x.Func.Name); e != nil {
		return c.unknownFunctionOf(e, order, x)
	}
	ops := c.b.Reg.Overloads(x.Func.Name)
	if e := c.find(x.Func.Name); e != nil && (len(ops) == 0 || e.bound != nil) {
		return c.notAFunction(e, x)
	}
	if len(ops) == 0 {
		return c.unknownFunction(x)
	}
	if len(ops[0].Sizes) > 0 || len(ops[0].Params) == 0 {
		return c.constant(ops[0], x)
	}
	if !takes(ops, len(x.Args)) {
		d := c.errorf(x.Func.At, "%s needs %s, got %d", x.Func.Name, operandCount(ops), len(x.Args))
		d.Context = x.At
		if x.Func.Name == "sum" {
			d.Hint = say("a sum over an index is written sum(i, x[i]), with a family x[i]")
		}
		return val{}
	}
	var buf [4]val
	args := buf[:0]
	bad := false
	for _, a := range x.Args {
		v := c.expr(a)
		bad = bad || v.bad()
		args = append(args, v)
	}
	if bad {
		return val{}
	}
	return c.apply(x.Func.Name, x.Func, x.Args, args)
}

// function returns the declared unknown function of that name, and how many
// primes the name has.
func (c *checker) function(name string) (*entity, int) {
	for order := 0; ; order++ {
		if e := c.find(name); e != nil {
			if e.decl != nil && e.decl.Type.Kind == syntax.FunctionKind {
				return e, order
			}
			return nil, 0
		}
		cut := strings.TrimSuffix(name, "′")
		if cut == name {
			return nil, 0
		}
		name = cut
	}
}

func (c *checker) unknownFunctionOf(e *entity, order int, x *syntax.Call) val {
	c.variable(e, true)
	if len(x.Args) != 1 {
		c.errorf(x.Func.At, "%s needs 1 operand, got %d", x.Func.Name, len(x.Args)).Context = x.At
		return val{}
	}
	v := c.expr(x.Args[0])
	if v.bad() || e.shape.Rows == nil {
		return val{}
	}
	r := val{shape: v.shape}
	if c.build {
		r.node = c.b.Apply(e.sym, order, v.node)
	}
	return r
}

// takes reports whether one of the operators takes n operands.
func takes(ops []*expr.Op, n int) bool {
	for _, o := range ops {
		if k := len(o.Params); n == k || o.Variadic && n > k {
			return true
		}
	}
	return false
}

func operandCount(ops []*expr.Op) message.Text {
	n := len(ops[0].Params)
	s := say("%d operands", n)
	if n == 1 {
		s = say("1 operand")
	}
	if ops[0].Variadic {
		s = say("at least %s", s)
	}
	return s
}

func (c *checker) notAFunction(e *entity, x *syntax.Call) val {
	what := say("a value")
	switch {
	case e.decl != nil:
		what = kindText(e.decl.Type.Kind)
	case e.def != nil:
		what = say("a definition")
	}
	d := c.errorf(x.Func.At, "%s is %s, not a function", x.Func.Name, what)
	d.Context = x.At
	if len(x.Args) == 1 {
		d.Hint = say("a product is written %s", infix(syntax.Mul, &syntax.Name{Name: x.Func.Name}, x.Args[0]))
	}
	return val{}
}

func (c *checker) unknownFunction(x *syntax.Call) val {
	name := x.Func.Name
	for _, m := range matrixFunctions {
		if m.name == name {
			d := c.errorf(x.Func.At, "%s is not supported: functions of a matrix act entry by entry", name)
			d.Context = x.At
			d.Hint = say("%s(X) takes %s of each entry", m.entrywise, m.entrywise)
			return val{}
		}
	}
	d := c.errorf(x.Func.At, "unknown function %s", name)
	d.Context = x.At
	known := c.b.Reg.SurfaceNames()
	for _, e := range c.entities {
		if e.decl != nil && e.decl.Type.Kind == syntax.FunctionKind {
			known = append(known[:len(known):len(known)], e.name)
		}
	}
	if len(*c.diags) <= maxSuggestions {
		d.Hint = suggest(name, known)
	}
	switch {
	case name == "σ" || name == "sigma":
		d.Hint = say("the logistic function is sigmoid; any function is declared by %s: function", name)
	case d.Hint.IsZero() && len(x.Args) == 1 && kindOf(name) == expr.Matrix && utf8.RuneCountInString(name) <= 2:
		d.Hint = say("a product is written %s; an elementwise function is declared by %s: function", name+"*("+c.quote(x.Args[0])+")", name)
	case d.Hint.IsZero():
		d.Hint = say("an elementwise function is declared by %s: function", name)
	}
	return val{}
}

// constant types an operator with sizes for operands: eye(n), basis(n, k).
func (c *checker) constant(o *expr.Op, x *syntax.Call) val {
	least := len(o.Sizes)
	for least > 0 && strings.HasSuffix(o.Sizes[least-1], "?") {
		least--
	}
	if n := len(x.Args); n < least || n > len(o.Sizes) {
		count := say("%d sizes", least)
		switch {
		case least < len(o.Sizes):
			count = say("%d or %d sizes", least, len(o.Sizes))
		case len(o.Sizes) == 1:
			count = say("1 size")
		}
		c.errorf(x.Func.At, "%s needs %s, got %d", x.Func.Name, count, n).Context = x.At
		return val{}
	}
	args, order := x.Args, 0
	if o.IntArg {
		last := args[len(args)-1]
		args = args[:len(args)-1]
		n, ok := last.(*syntax.Number)
		if ok {
			order, ok = n.Int()
		}
		if !ok || order < 1 {
			c.errorf(last.Span(), "the position in %s must be a whole number from 1, got %s", x.Func.Name, c.text(last)).Context = x.At
			return val{}
		}
	}
	var sizes []*expr.Dim
	for _, a := range args {
		d := c.size(a, c.prog.File)
		if d == nil {
			return val{}
		}
		sizes = append(sizes, d)
	}
	if o.IntArg {
		if n, ok := sizes[0].Const(); ok && int64(order) > n {
			c.errorf(x.At, "the position in %s must be at most %d, got %d", x.Func.Name, n, order)
			return val{}
		}
	}
	sig := o.Signature()
	letters := make([]*expr.Dim, 0, 4)
	if sig != nil {
		for i := range sig.Letters {
			if i < len(sizes) {
				letters = append(letters, sizes[i])
			} else {
				letters = append(letters, c.sz.One())
			}
		}
	}
	shape := c.scalar()
	if sig != nil {
		if shape = c.resultShape(sig, letters, x.At); shape.Rows == nil {
			return val{}
		}
	}
	v := val{shape: shape}
	if c.build {
		v.node = c.b.Make(o, nil, sizes, order)
	}
	return v
}
