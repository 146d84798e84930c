package code

import (
	"strings"

	"example.com/nabla/internal/plan"
)

// index takes the next name for an index of a loop over entries; looping-- gives it back.
func (g *golang) index() goExpr {
	g.looping++
	return goID(g.indices[g.looping-1])
}

// goEntries is the inside of a loop over the entries (i, j) of a matrix or (i) of a vector.
// Statements that what is inside needs stand before the loop.
type goEntries struct {
	g    *golang
	i, j goExpr
	rows []string // matrices of which a row has a name in the loop over i
	from []goExpr // and that row
	body []string // statements that come before the last one
}

// inline reports whether v is computed where it is used, in a loop.
func (g *golang) inline(v *plan.Value) bool {
	_, named := g.text[v]
	return !named && v.Entrywise() && v.Rank > 0 && g.uses[v] <= 1 && v.Name == "" && g.wanted[v] == "" && g.depth(v) == len(g.blocks)-1
}

// entry returns entry (i, j) of a matrix or (i) of a vector; a scalar is one for all.
func (c *goEntries) entry(v *plan.Value, i, j goExpr) goExpr {
	g := c.g
	if v.Rank == 0 {
		return g.constant(v)
	}
	_, named := g.text[v]
	switch {
	case named:
	case v.Kind == plan.Fill:
		return g.constant(v.Args[0])
	case v.Kind == plan.Col:
		return g.slice(v.Args[0]).at(i)
	case v.Kind == plan.Row:
		return g.slice(v.Args[0]).at(j)
	case v.Kind == plan.Transpose:
		return c.entry(v.Args[0], j, i)
	case v.Kind == plan.Outer && g.uses[v] <= 1 && g.wanted[v] == "" && v.Name == "":
		return goBin("*", g.slice(v.Args[0]).at(i), g.slice(v.Args[1]).at(j))
	case v.Kind == plan.Diagonal && g.uses[v] <= 1 && g.wanted[v] == "" && v.Name == "":
		return g.receiver(v.Args[0]).method("At", i, i)
	case g.inline(v):
		return c.short(c.compute(v, i, j))
	}
	if v.Rank == 1 {
		return g.slice(v).at(i)
	}
	if i.text == c.i.text && j.text == c.j.text {
		return goID(c.row(g.receiver(v))).at(j)
	}
	return g.receiver(v).method("At", i, j)
}

// compute returns the entry of a value that is computed entry by entry.
func (c *goEntries) compute(v *plan.Value, i, j goExpr) goExpr {
	arg := func(k int) goExpr { return c.entry(v.Args[k], i, j) }
	switch v.Kind {
	case plan.Unary:
		return c.g.unary(v.Fn, arg(0), c.local)
	case plan.Binary:
		x := arg(0)
		return binaryGo(v.Fn, x, arg(1))
	case plan.Apply:
		return goFn(c.g.Names.Function(v.Sym, v.Order), arg(0))
	}
	return c.entry(v, i, j)
}

// local gives x a name inside the loop.
func (c *goEntries) local(x goExpr) goExpr {
	name := c.g.Names.temporary()
	c.body = append(c.body, name+" := "+x.float().String())
	return goID(name)
}

// short gives x a name where it is long.
func (c *goEntries) short(x goExpr) goExpr {
	if x.len() > maxLine {
		return c.local(x)
	}
	return x
}

// row returns the name of row i of a matrix.
func (c *goEntries) row(m goExpr) string {
	key := m.String()
	name, ok := c.g.rows[key]
	if !ok {
		head, _, _ := strings.Cut(key, "[")
		name = c.g.Names.Fresh("row" + goName(head))
		c.g.rows[key] = name
	}
	for _, s := range c.rows {
		if s == name {
			return name
		}
	}
	c.rows = append(c.rows, name)
	c.from = append(c.from, m.method("RawRowView", c.i))
	return name
}

// loop writes the loop, or the two loops, around the last statement. The outer one runs
// over the entries of a slice, if over names one, else up to the size of v.
func (c *goEntries) loop(v *plan.Value, over, last string) {
	g := c.g
	if over == "" {
		over = g.dim(v.Rows).String()
	}
	body := append(c.body, last)
	if v.Rank == 2 {
		inner := goBlock("for "+c.j.text+" := range "+c.columns(v), body)
		body = nil
		if len(c.rows) > 0 {
			var list []string
			for _, x := range c.from {
				list = append(list, x.print(min(len(c.from), 2)))
			}
			body = append(body, strings.Join(c.rows, ", ")+" := "+strings.Join(list, ", "))
		}
		body = append(body, inner...)
	}
	g.emit(goBlock("for "+c.i.text+" := range "+over, body)...)
}

// columns is what the inner loop runs over.
func (c *goEntries) columns(v *plan.Value) string {
	if len(c.rows) > 0 {
		return c.rows[0]
	}
	return c.g.dim(v.Cols).String()
}

// entries begins a loop over the entries of v; done ends it.
func (g *golang) entries(v *plan.Value) *goEntries {
	c := &goEntries{g: g, i: g.index()}
	if v.Rank == 2 {
		c.j = g.index()
	}
	return c
}

func (g *golang) done(v *plan.Value) { g.looping -= v.Rank }

// assign writes that dest becomes x: dest += y where x is dest + y.
func goAssign(dest, x goExpr) string {
	d := dest.String()
	if x.form == goBinary {
		l, r := x.args[0], x.args[1]
		switch {
		case l.String() == d:
			return d + " " + x.text + "= " + r.String()
		case r.String() == d && (x.text == "+" || x.text == "*"):
			return d + " " + x.text + "= " + l.String()
		}
	}
	return d + " = " + x.String()
}

// fresh memory is what these values are computed into, which one that uses it alone may
// overwrite.
func overwritable(v *plan.Value) bool {
	switch v.Kind {
	case plan.MatVec, plan.Solve, plan.RowSum, plan.ColSum, plan.Softmax, plan.LogSumExp, plan.MatMul, plan.Vec, plan.Kron,
		plan.SumOver, plan.Columns, plan.Stack, plan.Contract:
		return true
	}
	return false
}

// reuse finds an operand of v, entry by entry, whose memory v can take over, and gives
// it the name that v is to have.
func (g *golang) reuse(v *plan.Value) *plan.Value {
	var find func(u *plan.Value) *plan.Value
	find = func(u *plan.Value) *plan.Value {
		if u == v || g.inline(u) {
			for _, a := range u.Args {
				if w := find(a); w != nil {
					return w
				}
			}
			return nil
		}
		_, named := g.text[u]
		if !named && overwritable(u) && u.Rank == v.Rank && g.uses[u] == 1 && u.Name == "" && g.wanted[u] == "" && g.depth(u) == g.depth(v) {
			return u
		}
		return nil
	}
	u := find(v)
	if u != nil {
		g.wanted[u] = g.pick(v)
		g.wanted[v] = g.wanted[u]
	}
	return u
}

// leaf reports whether a vector or matrix is an operand as it stands, not part of a loop.
func (g *golang) leaf(v *plan.Value) bool {
	switch v.Kind {
	case plan.Col, plan.Row, plan.Fill:
		return false
	case plan.Transpose:
		return g.leaf(v.Args[0])
	}
	return v.Rank > 0 && !g.inline(v)
}

// entryVector computes a vector entry by entry.
func (g *golang) entryVector(v *plan.Value) {
	u := g.reuse(v)
	if g.wholeVector(v, u) {
		return
	}
	if u != nil {
		g.slice(u)
		g.bind(v, g.text[u])
	}
	c := g.entries(v)
	x := c.compute(v, c.i, c.j)
	var d goExpr
	if u == nil {
		d = g.newSlice(v)
	} else {
		d = goID(g.text[v])
	}
	c.loop(v, d.text, goAssign(d.at(c.i), x))
	g.done(v)
}

// scaling returns what v is a multiple of and the factor, or nil: a number times or a size
// under a vector or matrix that is no part of a loop.
func (g *golang) scaling(v *plan.Value) (of *plan.Value, factor func() goExpr) {
	if v.Kind == plan.Unary {
		if v.Fn == "neg" && g.leaf(v.Args[0]) {
			return v.Args[0], func() goExpr { return goInt(-1) }
		}
		return nil, nil
	}
	x, y := v.Args[0], v.Args[1]
	switch {
	case v.Fn == "mul" && x.Rank == 0 && g.leaf(y):
		return y, func() goExpr { return g.scalar(x) }
	case v.Fn == "mul" && y.Rank == 0 && g.leaf(x):
		return x, func() goExpr { return g.scalar(y) }
	case v.Fn == "div" && y.Kind == plan.Size && g.leaf(x): // whose reciprocal neither overflows nor vanishes
		return x, func() goExpr { return goBin("/", goInt(1), g.scalar(y)) }
	}
	return nil, nil
}

// wholeVector writes v by a function of package floats, if it has one.
func (g *golang) wholeVector(v, u *plan.Value) bool {
	if v.Kind == plan.Apply {
		return false
	}
	if x, factor := g.scaling(v); x != nil {
		s := factor()
		if u == nil {
			g.declare(v, goFn("floats.ScaleTo", goFn("make", goID("[]float64"), g.dim(v.Rows)), s, g.slice(x)))
			return true
		}
		d := g.slice(u)
		g.emit(goFn("floats.Scale", s, d).String())
		g.bind(v, d.text)
		return true
	}
	name := map[string]string{"add": "floats.Add", "sub": "floats.Sub", "mul": "floats.Mul", "div": "floats.Div"}[v.Fn]
	if v.Kind != plan.Binary || name == "" || !g.leaf(v.Args[0]) || !g.leaf(v.Args[1]) {
		return false
	}
	x, y := v.Args[0], v.Args[1]
	switch {
	case u == y && (v.Fn == "add" || v.Fn == "mul"):
		x, y = y, x
	case u == y:
		return false
	}
	if u == nil {
		a := g.slice(x)
		g.declare(v, goFn(name+"To", goFn("make", goID("[]float64"), g.dim(v.Rows)), a, g.slice(y)))
		return true
	}
	d := g.slice(x)
	g.emit(goFn(name, d, g.slice(y)).String())
	g.bind(v, d.text)
	return true
}

// entryMatrix computes a matrix entry by entry.
func (g *golang) entryMatrix(v *plan.Value) {
	if g.diagonalShift(v) {
		return
	}
	u := g.reuse(v)
	if g.wholeMatrix(v, u) {
		return
	}
	if u != nil {
		g.receiver(u)
		g.bind(v, g.text[u])
	}
	if v.Kind == plan.Fill && v.Args[0].IsNumber(0, 1) {
		g.newZeros(v)
		return
	}
	g.fillEntries(v, u, func(c *goEntries) goExpr { return c.compute(v, c.i, c.j) })
}

// fillEntries writes the loops that compute the entries of v, which has no name yet
// unless it takes over the memory of u.
func (g *golang) fillEntries(v, u *plan.Value, compute func(c *goEntries) goExpr) {
	c := g.entries(v)
	var d goExpr
	if u != nil {
		d = goID(c.row(goID(g.text[v]))).at(c.j)
	}
	name := ""
	if u == nil {
		name = g.pick(v)
		g.wanted[v] = name
		d = goID(c.row(goID(name))).at(c.j)
	}
	x := compute(c)
	if u == nil {
		g.newZeros(v)
	}
	c.loop(v, "", goAssign(d, x))
	g.done(v)
}

// wholeMatrix writes v by a method of mat.Dense, if it has one.
func (g *golang) wholeMatrix(v, u *plan.Value) bool {
	if v.Kind != plan.Unary && v.Kind != plan.Binary {
		return false
	}
	var a goExpr
	x, factor := g.scaling(v)
	name := "Scale"
	if x != nil {
		a = factor()
	} else {
		name = map[string]string{"add": "Add", "sub": "Sub", "mul": "MulElem", "div": "DivElem"}[v.Fn]
		if v.Kind != plan.Binary || name == "" || !g.leaf(v.Args[0]) || !g.leaf(v.Args[1]) {
			return false
		}
		a, x = g.matrix(v.Args[0]), v.Args[1]
	}
	b := g.matrix(x)
	var d goExpr
	if u != nil {
		d = goID(g.text[u])
		g.bind(v, d.text)
	} else {
		d = g.newDense(v)
	}
	g.emit(d.method(name, a, b).String())
	return true
}

// diagonalShift writes the sum of a matrix and a diagonal one, which is not built.
func (g *golang) diagonalShift(v *plan.Value) bool {
	if v.Kind != plan.Binary || v.Fn != "add" && v.Fn != "sub" {
		return false
	}
	x, y, op := v.Args[0], v.Args[1], "+"
	negate := false
	switch {
	case g.diagonal(y):
		if v.Fn == "sub" {
			op = "-"
		}
	case g.diagonal(x):
		negate = v.Fn == "sub"
		x, y = y, x
	default:
		return false
	}
	if x.Rank != 2 || g.diagonal(x) {
		return false
	}
	u := g.reuse(v)
	if u != nil && u == x || u != nil && !g.leaf(x) {
		g.receiver(u)
		g.bind(v, g.text[u])
	}
	switch {
	case u == x && negate:
		g.emit(goID(g.text[u]).method("Scale", goInt(-1), g.matrix(u)).String())
	case u == x:
	case g.leaf(x) && negate:
		m := g.matrix(x)
		g.emit(g.newDense(v).method("Scale", goInt(-1), m).String())
	case g.leaf(x):
		g.declare(v, goFn("mat.DenseCopyOf", g.matrix(x)))
	default:
		g.fillEntries(v, u, func(c *goEntries) goExpr {
			e := c.entry(x, c.i, c.j)
			if negate {
				e = goNeg(e)
			}
			return e
		})
	}
	d, i := goID(g.text[v]), g.index()
	c := &goEntries{g: g, i: i}
	s := c.diagonalEntry(y)
	if s.form == goUnary {
		s, op = s.args[0], map[string]string{"+": "-", "-": "+"}[op]
	}
	set := d.method("Set", i, i, goBin(op, d.method("At", i, i), s))
	g.emit(goBlock("for "+i.text+" := range "+g.dim(v.Rows).String(), []string{set.String()})...)
	g.looping--
	return true
}

// diagonal reports whether v is a diagonal matrix that is not yet computed: an identity
// matrix, one with a vector on the diagonal, or a multiple of these.
func (g *golang) diagonal(v *plan.Value) bool {
	if _, named := g.text[v]; named || v.Rank != 2 || v.Name != "" || g.wanted[v] != "" {
		return false
	}
	switch v.Kind {
	case plan.Eye, plan.DiagMatrix:
		return true
	case plan.Binary:
		x, y := v.Args[0], v.Args[1]
		return g.inline(v) && (v.Fn == "mul" && x.Rank == 0 && g.diagonal(y) || (v.Fn == "mul" || v.Fn == "div") && y.Rank == 0 && g.diagonal(x))
	case plan.Unary:
		return v.Fn == "neg" && g.inline(v) && g.diagonal(v.Args[0])
	}
	return false
}

// diagonalEntry returns entry (i, i) of a diagonal matrix.
func (c *goEntries) diagonalEntry(v *plan.Value) goExpr {
	switch v.Kind {
	case plan.Eye:
		return goInt(1)
	case plan.DiagMatrix:
		if x := v.Args[0]; x.Kind == plan.Fill {
			return c.g.constant(x.Args[0])
		}
		return c.g.slice(v.Args[0]).at(c.i)
	case plan.Unary:
		return goNeg(c.diagonalEntry(v.Args[0]))
	}
	x, y := v.Args[0], v.Args[1]
	if x.Rank == 0 {
		a, e := c.g.constant(x), c.diagonalEntry(y)
		if y.Kind == plan.Eye {
			return a
		}
		return goBin("*", a, e)
	}
	e, a := c.diagonalEntry(x), c.g.constant(y)
	if v.Fn == "mul" && x.Kind == plan.Eye {
		return a
	}
	return binaryGo(v.Fn, e, a)
}
