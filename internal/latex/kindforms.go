package latex

import (
	"example.com/nabla/internal/syntax"
)

// evaluate finds the cost of the program for what is chosen, and reports
// whether it is over the limit.
func (c *chooser) evaluate(limit int) bool {
	last := ""
	for _, s := range c.out.Program.Stmts {
		switch s := s.(type) {
		case *syntax.Definition:
			last = s.Name.Name
		case *syntax.ExprStmt, *syntax.Equation:
			last = ""
		}
	}
	c.limit = limit
	c.memo, c.active = map[string]form{}, map[string]bool{}
	for _, s := range c.out.Program.Stmts {
		switch s := s.(type) {
		case *syntax.Definition:
			if f := c.defined(s.Name.Name); s.Name.Name == last {
				c.result(f)
			}
		case *syntax.ExprStmt:
			c.result(c.form(s.X))
		case *syntax.Equation:
			c.same(c.form(s.X), c.form(s.Y), s.X, s.Y)
		}
		if c.cost > c.limit {
			return true
		}
	}
	return false
}

// result adds the cost of what is differentiated: most often it is a scalar.
func (c *chooser) result(f form) {
	switch f {
	case column, matrix:
		c.cost += slight + 1 // two letters against the habit outweigh it
	case row:
		c.cost += 4 * slight
	}
}

func (c *chooser) defined(name string) form {
	if f, ok := c.memo[name]; ok || c.active[name] {
		return f
	}
	c.active[name] = true
	f := c.form(c.defs[name].Body)
	c.memo[name] = f
	return f
}

func (c *chooser) name(name string) form {
	if v := c.vars[name]; v != nil {
		return v.now
	}
	if c.defs[name] != nil {
		return c.defined(name)
	}
	if k, ok := c.declared[name]; ok {
		return formOf(k.kind)
	}
	if d := c.decls[name]; d != nil {
		return declaredForm(d)
	}
	if isPartial(name) || name[0] == '?' {
		return open
	}
	return scalar // a size, an index, π
}

// declaredForm is the form of a declared name; a matrix of one row is a row.
func declaredForm(d *syntax.Decl) form {
	if d.Type.Kind == syntax.MatrixKind && len(d.Type.Sizes) == 2 {
		if n, ok := d.Type.Sizes[0].(*syntax.Number); ok && n.Text == "1" {
			return row
		}
	}
	return formOf(d.Type.Kind)
}

func formOf(k syntax.Kind) form {
	switch k {
	case syntax.VectorKind:
		return column
	case syntax.MatrixKind:
		return matrix
	case syntax.FunctionKind:
		return open
	}
	return scalar
}

// form returns the form of an expression and adds what it costs.
func (c *chooser) form(x syntax.Expr) form {
	c.budget--
	if c.cost > c.limit {
		return open
	}
	switch x := x.(type) {
	case *syntax.Number:
		return scalar
	case *syntax.Name:
		return c.name(x.Name)
	case *syntax.Index:
		return c.name(x.Family.Name)
	case *syntax.Unary:
		return c.unary(x)
	case *syntax.Binary:
		return c.binary(x)
	case *syntax.Norm:
		if f := c.form(x.X); f == scalar {
			c.cost += c.unless(x.X, norms)
		} else if f == matrix && x.Kind == syntax.NormPlain && c.watching {
			c.note(x.At, say("the norm of a matrix without a suffix is read as the Frobenius norm"))
		}
		return scalar
	case *syntax.Bars:
		if f := c.form(x.X); f == column || f == row {
			c.fails()
		}
		return scalar
	case *syntax.SumOver:
		return c.form(x.Body)
	case *syntax.Call:
		return c.call(x)
	}
	return open
}

func (c *chooser) unary(x *syntax.Unary) form {
	f := c.form(x.X)
	switch x.Op {
	case syntax.Transpose:
		switch f {
		case scalar:
			c.cost += c.unless(x.X, wrong+odd)
		case column:
			return row
		case row:
			return column
		}
	case syntax.InvTranspose:
		c.need(f, matrix)
		return matrix
	}
	return f
}

// unless is the cost of what is not done with an expression, which is small where
// its names are declared.
func (c *chooser) unless(x syntax.Expr, cost int) int {
	if c.assumed(x) {
		return cost
	}
	return rare
}

// fails adds the cost of what does not fit at all.
func (c *chooser) fails() {
	c.cost += wrong
	c.bad++
}

// need adds the cost of a form that must be another one.
func (c *chooser) need(f, want form) {
	if f != open && f != want {
		c.fails()
	}
}

func literal(x syntax.Expr) bool {
	switch x := x.(type) {
	case *syntax.Number:
		return true
	case *syntax.Unary:
		return literal(x.X)
	case *syntax.Binary:
		return literal(x.X) && literal(x.Y)
	}
	return false
}

// same is the form of what is added up or multiplied entry by entry.
func (c *chooser) same(f, g form, x, y syntax.Expr) form {
	switch {
	case f == open:
		return g
	case g == open, f == g:
		return f
	case f == scalar && literal(x), g == scalar && literal(y):
		c.cost += slight
	case f == scalar && !c.assumed(x), g == scalar && !c.assumed(y):
		c.cost += rare // declared so
	case f == scalar || g == scalar:
		c.cost += unusual
	default:
		c.fails()
		return open
	}
	if f == scalar {
		return g
	}
	return f
}

func (c *chooser) binary(x *syntax.Binary) form {
	f := c.form(x.X)
	switch x.Op {
	case syntax.Add, syntax.Sub, syntax.Hadamard, syntax.HadamardDiv:
		g := c.form(x.Y)
		r := c.same(f, g, x.X, x.Y)
		if c.watching && c.mixed == nil && (f == scalar) != (g == scalar) && f != open && g != open {
			if y := x.Y; f == scalar && !literal(x.X) && c.assumed(x.X) {
				c.mixed, c.scalarLeft, c.forms[0] = x, true, g
			} else if g == scalar && !literal(y) && c.assumed(y) {
				c.mixed, c.forms[0] = x, f
			}
		}
		if r == scalar && (x.Op == syntax.Hadamard || x.Op == syntax.HadamardDiv) {
			c.cost += rare
		}
		if f == open && g == scalar && (x.Op == syntax.Add || x.Op == syntax.Sub) {
			return open
		}
		return r
	case syntax.Mul:
		g := c.form(x.Y)
		if f == column && g == column && c.dotted[x] {
			if c.watching {
				c.inner[x] = true
			}
			return scalar
		}
		if f == column && g == column && c.crossed[x] {
			if c.watching && c.cross == nil {
				c.cross = x
			}
			return column
		}
		if f == matrix && g == scalar {
			switch x.Y.(type) {
			case *syntax.Name, *syntax.Index:
				c.cost += c.unless(x.Y, behind)
			}
		}
		return c.product(f, g)
	case syntax.Div:
		c.need(c.form(x.Y), scalar)
		return f
	case syntax.Kron:
		g := c.form(x.Y)
		if f == scalar || g == scalar {
			c.cost += unusual
		}
		switch {
		case f == open || g == open:
			return open
		case f == g && f != scalar:
			return f
		}
		return matrix
	case syntax.Pow:
		c.need(c.form(x.Y), scalar)
		if f == column || f == row {
			c.fails()
		}
		if f == matrix && !literal(x.Y) {
			c.cost += unusual
		}
		return f
	case syntax.HadamardPow:
		c.form(x.Y)
		if f == scalar {
			c.cost += rare
		}
		return f
	}
	return open
}

func (c *chooser) product(f, g form) form {
	switch {
	case f == scalar:
		return g
	case g == scalar:
		if f != open {
			c.cost += 6 * slight // scalars stand in front
		}
		return f
	case f == open || g == open:
		return open
	case f == matrix && g == matrix:
		return matrix
	case f == matrix && g == column, f == row && g == column:
		if f == row {
			return scalar
		}
		return column
	case f == row && g == matrix:
		return row
	case f == column && g == row:
		return matrix
	}
	c.fails()
	return open
}

func (c *chooser) call(x *syntax.Call) form {
	if sized(x.Func.Name) {
		switch {
		case x.Func.Name == "basis", len(x.Args) == 1 && x.Func.Name != "eye":
			return column
		}
		return matrix
	}
	var args []form
	for _, a := range x.Args {
		args = append(args, c.form(a))
	}
	first := open
	if len(args) > 0 {
		first = args[0]
	}
	switch x.Func.Name {
	case "tr", "det", "logdet":
		c.need(first, matrix)
		return scalar
	case "inv", "pinv", "adj", "softmaxrows", "softmaxcols":
		c.need(first, matrix)
		return matrix
	case "sum", "mean", "norm", "norm1", "norm2", "normF":
		if first == scalar {
			c.cost += c.unless(x.Args[0], norms)
		}
		return scalar
	case "logsumexp", "softmax":
		c.need(first, column)
		if x.Func.Name == "softmax" {
			return column
		}
		return scalar
	case "dot", "inner":
		if len(args) == 2 {
			c.same(args[0], args[1], x.Args[0], x.Args[1])
			if first == scalar {
				c.cost += rare
			}
		}
		return scalar
	case "outer":
		return matrix
	case "khatrirao", "kron":
		return matrix
	case "diag":
		switch first {
		case scalar, row:
			c.fails()
		case column:
			return matrix
		case matrix:
			return column
		}
		return open
	case "vec":
		c.need(first, matrix)
		return column
	case "rowsum", "rowmean", "logsumexprows":
		c.need(first, matrix)
		return column
	case "colsum", "colmean", "logsumexpcols":
		c.need(first, matrix)
		return row
	case "exp":
		if c.watching && first == matrix && c.euler[x] && c.power == nil {
			c.power = x
		}
	case "max", "min":
		if len(args) == 2 {
			return c.same(args[0], args[1], x.Args[0], x.Args[1])
		}
	}
	return first
}
