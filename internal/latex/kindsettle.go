package latex

import (
	"unicode"
	"unicode/utf8"

	"example.com/nabla/internal/message"
	"example.com/nabla/internal/syntax"
)

// dots makes inner products of the dots between vectors, and of other dots
// products from left to right.
func (c *chooser) dots() {
	if len(c.diags) > 0 || len(c.dotted) == 0 {
		return
	}
	for _, s := range c.out.Program.Stmts {
		switch s := s.(type) {
		case *syntax.Definition:
			s.Body = c.rewrite(s.Body)
		case *syntax.ExprStmt:
			s.X = c.rewrite(s.X)
		case *syntax.Equation:
			s.X, s.Y = c.rewrite(s.X), c.rewrite(s.Y)
		}
	}
}

func (c *chooser) rewrite(x syntax.Expr) syntax.Expr {
	switch x := x.(type) {
	case *syntax.Unary:
		x.X = c.rewrite(x.X)
	case *syntax.Norm:
		x.X = c.rewrite(x.X)
	case *syntax.Bars:
		x.X = c.rewrite(x.X)
	case *syntax.SumOver:
		x.Body = c.rewrite(x.Body)
	case *syntax.Call:
		for i := range x.Args {
			x.Args[i] = c.rewrite(x.Args[i])
		}
	case *syntax.Binary:
		if !c.dotted[x] {
			x.X, x.Y = c.rewrite(x.X), c.rewrite(x.Y)
			return x
		}
		x.X, x.Y = c.rewrite(x.X), c.rewrite(x.Y)
		if c.inner[x] {
			c.note(x.OpAt, say("the dot between vectors is read as the inner product"))
			return &syntax.Call{At: x.At, Func: syntax.Ident{Name: "dot", At: x.OpAt}, Args: []syntax.Expr{x.X, x.Y}}
		}
		return leftward(x)
	}
	return x
}

// leftward groups a product whose right operand is one to the left: a (b c) as
// (a b) c.
func leftward(x *syntax.Binary) syntax.Expr {
	y, ok := x.Y.(*syntax.Binary)
	if !ok || y.Op != syntax.Mul || x.Op != syntax.Mul {
		return x
	}
	left := leftward(&syntax.Binary{At: x.X.Span().Join(y.X.Span()), Op: syntax.Mul, OpAt: x.OpAt, X: x.X, Y: y.X})
	return &syntax.Binary{At: x.At, Op: syntax.Mul, OpAt: y.OpAt, X: left, Y: y.Y}
}

// mixes refuses a scalar that is added to a vector or a matrix, unless it is a
// number or declared so: in papers that is a mistake, or a product meant
// otherwise.
func (c *chooser) mixes() {
	for _, v := range c.list {
		v.now = v.best
		if r, _ := utf8.DecodeRuneInString(v.name); v.best == scalar && unicode.IsUpper(r) {
			c.note(v.at, say("%s is read as a scalar", clean(c.file.Slice(v.at))))
		}
	}
	if len(c.diags) > 0 {
		return
	}
	c.watching, c.bad, c.inner = true, 0, map[*syntax.Binary]bool{}
	c.budget = evaluations
	c.evaluate(1 << 30)
	c.watching = false
	if c.cross != nil && c.bad == 0 {
		d := c.diags.Add(c.cross.OpAt, say("the cross product of vectors is not in the language"))
		d.Hint = say("the inner product is written x^\\top y, the product entry by entry x \\odot y")
		return
	}
	if c.power != nil && c.bad == 0 {
		d := c.diags.Add(c.power.At, say("e to a matrix may be the power series or taken entry by entry"))
		d.Hint = say("the series is not in the language; entry by entry is written \\exp(…)")
		return
	}
	if c.mixed == nil || c.bad > 0 {
		return
	}
	x, y := c.mixed.X, c.mixed.Y
	if c.scalarLeft {
		x, y = y, x
	}
	said := "a scalar, %s, is multiplied entry by entry with %s, %s"
	hint := "a scalar multiplies without a sign"
	switch c.mixed.Op {
	case syntax.Add:
		said = "a scalar, %s, is added to %s, %s"
	case syntax.Sub:
		said = "a scalar, %s, is added to or subtracted from %s, %s"
	}
	if c.mixed.Op == syntax.Add || c.mixed.Op == syntax.Sub {
		hint = "a vector of equal entries is written c \\mathbf{1}, a multiple of the identity c I"
	}
	c.diags.Add(c.mixed.OpAt, say(said, c.quote(y), c.forms[0].words(), c.quote(x))).Hint = say(hint)
}

// words names a form in a message.
func (f form) words() message.Text {
	switch f {
	case column:
		return say("a vector")
	case row:
		return say("a row")
	case matrix:
		return say("a matrix")
	}
	return say("a scalar")
}

// quote returns an expression as written, cut if it is long.
func (p *reader) quote(x syntax.Expr) string {
	t := []rune(clean(p.file.Slice(x.Span())))
	if len(t) > 40 {
		return string(t[:39]) + "…"
	}
	return string(t)
}

// assumed reports whether an expression has a name that nothing declares.
func (c *chooser) assumed(x syntax.Expr) bool {
	if found, ok := c.has[x]; ok {
		return found
	}
	found := false
	defer func() { c.has[x] = found }()
	syntax.Walk(x, func(x syntax.Expr) {
		switch x := x.(type) {
		case *syntax.Name:
			found = found || c.vars[x.Name] != nil
		case *syntax.Index:
			found = found || c.vars[x.Family.Name] != nil
		}
	})
	return found
}
