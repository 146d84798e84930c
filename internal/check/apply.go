package check

import (
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/message"
	"example.com/nabla/internal/source"
	"example.com/nabla/internal/syntax"
)

// apply types the operator that a surface name means for the given operands:
// the first overload whose signature fits. name is what the registry knows, at
// what the user wrote.
func (c *checker) apply(name string, at syntax.Ident, xs []syntax.Expr, args []val) val {
	ops := c.b.Reg.Overloads(name)
	for _, o := range ops {
		m := c.mark()
		letters, ok := c.fits(o, args, at.At)
		if !ok {
			c.undo(m)
			continue
		}
		shape := args[0].shape
		if o.Spread {
			for _, a := range args {
				if !a.shape.IsScalar() {
					shape = a.shape
					break
				}
			}
		} else if shape = c.resultShape(o.Signature(), letters, at.At); shape.Rows == nil {
			return val{}
		}
		if o.Name == expr.OpT && shape.IsScalar() {
			return args[0]
		}
		c.noteEntrywise(o, args[0])
		return c.op(o.Name, shape, args...)
	}
	c.doNotFit(ops, at, xs, args)
	return val{}
}

// fits reports whether operands match the signature of an operator, and returns
// the sizes of its letters.
func (c *checker) fits(o *expr.Op, args []val, at source.Span) ([]*expr.Dim, bool) {
	sig := o.Signature()
	if len(args) != len(sig.Args) && !(o.Variadic && len(args) > len(sig.Args)) {
		return nil, false
	}
	if o.Spread {
		shape := args[0].shape
		for _, a := range args[1:] {
			var ok bool
			if shape, ok = c.oneShape(shape, a.shape, at); !ok {
				return nil, false
			}
		}
		return nil, true
	}
	letters := make([]*expr.Dim, sig.Letters)
	for i, a := range args {
		axes := sig.Args[min(i, len(sig.Args)-1)]
		if !c.fitsAxis(letters, axes.Rows, a.shape.Rows, at) || !c.fitsAxis(letters, axes.Cols, a.shape.Cols, at) {
			return nil, false
		}
	}
	return letters, true
}

func (c *checker) fitsAxis(letters []*expr.Dim, axis []int, d *expr.Dim, at source.Span) bool {
	if len(axis) == 0 {
		return d.IsOne()
	}
	l := axis[0]
	if letters[l] == nil {
		letters[l] = d
		return true
	}
	return c.equal(letters[l], d, at)
}

// resultShape computes the shape of a result from the sizes of the letters. It
// has no Rows if a size is too large, which is then reported.
func (c *checker) resultShape(sig *expr.Sig, letters []*expr.Dim, at source.Span) expr.Shape {
	size := func(axis []int) *expr.Dim {
		p := c.sz.One()
		for i, l := range axis {
			p = c.sz.Mul(p, letters[l])
			if i > 0 && p != nil {
				if p = c.bounded(p, at, c.prog.File); p == nil {
					return nil
				}
			}
		}
		return p
	}
	s := expr.Shape{Rows: size(sig.Result.Rows)}
	if s.Rows != nil {
		s.Cols = size(sig.Result.Cols)
	}
	if s.Cols == nil {
		s.Rows = nil
	}
	return s
}

// noteEntrywise says once that a function with a namesake for matrices is taken
// of each entry.
func (c *checker) noteEntrywise(o *expr.Op, x val) {
	if o.Class != expr.Elementwise && o.Class != expr.Defined || !x.shape.IsMatrix() || !c.same(x.shape.Rows, x.shape.Cols) {
		return
	}
	for _, m := range matrixFunctions {
		if m.entrywise == o.Name {
			c.note(say("%s of a matrix is taken entry by entry", o.Name))
		}
	}
}

// doNotFit reports operands that no overload takes.
func (c *checker) doNotFit(ops []*expr.Op, at syntax.Ident, xs []syntax.Expr, args []val) {
	var needs, got []message.Text
	for _, o := range ops {
		if len(o.Params) == len(args) || o.Variadic {
			needs = append(needs, requirement(o))
		}
	}
	for i, a := range args {
		got = append(got, c.operand(xs[i], a))
	}
	d := c.errorf(at.At, "%s needs %s, got %s", at.Name, message.Or(needs), message.And(got))
	d.Context = at.At.Join(xs[len(xs)-1].Span())
	d.Hint = c.fitHint(ops, at, xs, args)
	c.explain(d, xs...)
}

// requirement says in words what an operator takes.
func requirement(o *expr.Op) message.Text {
	sig := o.Signature()
	if len(sig.Args) == 1 {
		a := sig.Args[0]
		switch {
		case len(a.Rows) == 0 && len(a.Cols) == 0:
			return say("a scalar")
		case len(a.Cols) == 0:
			return say("a vector")
		case len(a.Rows) == 1 && len(a.Cols) == 1 && a.Rows[0] == a.Cols[0]:
			return say("a square matrix")
		}
		return say("a matrix")
	}
	one := true
	shapes := make([]string, len(sig.Args))
	var list []message.Text
	side := func(axis []int) string {
		if len(axis) == 0 {
			return "1"
		}
		return "ijkl"[axis[0] : axis[0]+1]
	}
	for i, a := range sig.Args {
		shapes[i] = side(a.Rows)
		if len(a.Cols) > 0 {
			shapes[i] += " × " + side(a.Cols)
		}
		one = one && shapes[i] == shapes[0]
		list = append(list, message.Same(shapes[i]))
	}
	if one {
		return say("operands of one shape")
	}
	return say("operands of shapes %s", message.And(list))
}

// fitHint proposes what fits: an operator along rows or columns, or a
// transposed operand.
func (c *checker) fitHint(ops []*expr.Op, at syntax.Ident, xs []syntax.Expr, args []val) message.Text {
	try := func(o *expr.Op, args []val) bool {
		m := c.mark()
		_, ok := c.fits(o, args, at.At)
		c.undo(m)
		return ok
	}
	var along []message.Text
	for _, o := range c.b.Reg.Ops() {
		if o.Base == ops[0].Name && args[0].shape.IsMatrix() && try(o, args) {
			along = append(along, message.Same(o.Name+"("+c.quote(xs[0])+")"))
		}
	}
	if len(along) > 0 {
		return message.Or(along)
	}
	for i := len(args) - 1; i >= 0; i-- {
		turned := append([]val(nil), args...)
		turned[i].shape = args[i].shape.T()
		for _, o := range ops {
			if !try(o, turned) {
				continue
			}
			operands := append([]syntax.Expr(nil), xs...)
			operands[i] = transposed(xs[i])
			return say("%s has matching shapes", syntax.Text(&syntax.Call{Func: syntax.Ident{Name: at.Name}, Args: operands}))
		}
	}
	return message.Text{}
}
