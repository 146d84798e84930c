package print

import (
	"strconv"
	"strings"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/rat"
)

// node returns the value of n: 1-D for a vector or a row.
func (g *generator) node(n *expr.Node) *ir {
	if x := g.nodes[n]; x != nil {
		return x
	}
	x := g.make1(n)
	if x.shape != n.Shape {
		x = g.oriented(x, n.Shape)
	}
	g.nodes[n] = x
	return x
}

func (g *generator) make1(n *expr.Node) *ir {
	switch n.Op.Name {
	case expr.OpNum:
		return g.number(n.Num)
	case expr.OpVar:
		return g.variable(n.Sym)
	case expr.OpSize:
		return g.sizeValue(n.Sizes[0])
	case expr.OpMember:
		g.symbols[n.Sym] = true
		return g.intern(ir{pattern: g.py.symbol(n.Sym) + "[" + g.py.index(n.Index) + "]", level: pyAtom, shape: n.Shape, cheap: true, loops: loopBit(n.Index)})
	case expr.OpSumOver:
		return g.intern(ir{pattern: "sum", args: []*ir{g.node(n.Args[0])}, dims: []*expr.Dim{n.Index.Size}, level: pyAtom, shape: n.Shape, loop: n.Index})
	case opIndex: // a family's members are counted from 0, see loop
		i := g.intern(ir{pattern: g.py.index(n.Index), level: pyAtom, shape: n.Shape, cheap: true, loops: loopBit(n.Index)})
		if g.ofFamily(n.Index) {
			return g.binary("+", pySum, n.Shape, i, g.number(rat.One))
		}
		return i
	case expr.OpApply:
		g.symbols[n.Sym] = true
		g.orders[n.Sym] = max(g.orders[n.Sym], n.Order)
		return g.make(pyAtom, n.Shape, g.py.function(n.Sym, n.Order)+"($1)", g.node(n.Args[0]))
	case expr.OpMul, expr.OpDiv, expr.OpNeg:
		p := newPyFactors()
		g.collect(n, false, p)
		return g.finish(p, n.Shape)
	case expr.OpAdd:
		return g.sum(n)
	case expr.OpT:
		return g.transpose(g.node(n.Args[0]))
	case expr.OpHadamard:
		x := g.node(n.Args[0])
		for _, a := range n.Args[1:] {
			if e := a.Args; a.Op.Name == expr.OpElDiv && e[0].Op.Name == expr.OpNum && e[0].Num.IsOne() {
				x = g.over(x, g.node(e[1]))
				continue
			}
			x = g.times(x, g.node(a))
		}
		return x
	case expr.OpElDiv:
		return g.over(g.node(n.Args[0]), g.node(n.Args[1]))
	case expr.OpPow, expr.OpElPow:
		return g.power(n)
	case expr.OpMPow:
		return g.matrixPower(g.node(n.Args[0]), g.node(n.Args[1]))
	case "inv":
		return g.inverseOf(n)
	case "tr":
		return g.trace(n.Args[0])
	case "dot":
		x, y := g.node(n.Args[0]), g.node(n.Args[1])
		return g.inner(x, y)
	case "outer":
		return g.outer(g.node(n.Args[0]), g.node(n.Args[1]))
	case "diagmat":
		return g.make(pyAtom, n.Shape, "np.diag($1)", g.node(n.Args[0]))
	case "diagvec":
		return g.diagonal(n)
	case "sum", "rowsum", "colsum":
		return g.total(n)
	case "vec":
		return g.vec(g.node(n.Args[0]))
	case "kron":
		return g.kron(n)
	case "khatrirao":
		return g.khatriRao(n)
	case "eye":
		if n.Shape.IsScalar() {
			return g.number(rat.One)
		}
		return g.sized(pyAtom, n.Shape, "np.eye(%1)", n.Sizes)
	case "ones", "zeros":
		return g.fill(n.Op.Name, n.Shape)
	case "commutation":
		if n.Shape.IsScalar() {
			return g.number(rat.One)
		}
		d := []*expr.Dim{n.Shape.Rows, n.Sizes[0], n.Sizes[1]}
		return g.sized(pyAtom, n.Shape, "np.eye(%1)[np.arange(%1).reshape(%3, %2).T.ravel()]", d)
	case "basis":
		return g.sized(pyAtom, n.Shape, "np.eye(1, %1, "+strconv.Itoa(n.Order-1)+")[0]", n.Sizes[:1])
	}
	return g.form(n)
}

func (g *generator) ofFamily(i *expr.Index) bool {
	for _, s := range g.b.Symbols() {
		if s.Family == i {
			return true
		}
	}
	return false
}

func (g *generator) variable(s *expr.Symbol) *ir {
	g.symbols[s] = true
	name := g.py.symbol(s)
	switch {
	case s.Kind == expr.Matrix && s.Shape.IsScalar():
		name += "[0, 0]"
	case s.Kind == expr.Matrix && s.Shape.IsVector():
		name += "[:, 0]"
	case s.Kind == expr.Matrix && s.Shape.IsRow(), s.Kind == expr.Vector && s.Shape.IsScalar():
		name += "[0]"
	}
	return g.leaf(name, s.Shape)
}

func (g *generator) leaf(text string, shape expr.Shape) *ir {
	return g.intern(ir{pattern: text, level: pyAtom, shape: shape, cheap: true})
}

// number writes r: an integer, a decimal where that is exact and short, or p / q.
func (g *generator) number(r rat.Rat) *ir {
	level := pyAtom
	text := r.Abs().String()
	if p, q, ok := r.Abs().Small(); ok && q > 1 {
		level = pyProduct
		if q == 2 || q == 4 || q == 8 || q == 5 || q == 10 {
			level = pyAtom
			text = strconv.FormatFloat(float64(p)/float64(q), 'g', -1, 64)
		} else {
			text = strconv.FormatInt(p, 10) + " / " + strconv.FormatInt(q, 10)
		}
	} else if !ok {
		text = strings.Replace(text, "/", " / ", 1)
		level = pyProduct
	}
	if r.Sign() < 0 {
		text, level = "-"+text, min(level, pyUnary)
	}
	return g.intern(ir{pattern: text, level: level, shape: g.scalarShape(), cheap: true})
}

func (g *generator) sizeValue(d *expr.Dim) *ir {
	level := pyAtom
	if c, pows, ok := d.Monomial(); !ok {
		level = pySum
	} else if len(pows) != 1 || c != 1 || pows[0].Exp != 1 {
		level = pyProduct
	}
	x := g.sized(level, g.scalarShape(), "%1", []*expr.Dim{d})
	x.cheap = true
	return x
}

func (g *generator) fill(name string, shape expr.Shape) *ir {
	switch {
	case shape.IsScalar():
		return g.leaf(map[string]string{"ones": "1.0", "zeros": "0.0"}[name], shape)
	case shape.IsMatrix():
		return g.sized(pyAtom, shape, "np."+name+"((%1, %2))", []*expr.Dim{shape.Rows, shape.Cols})
	case shape.IsRow():
		return g.sized(pyAtom, shape, "np."+name+"(%1)", []*expr.Dim{shape.Cols})
	}
	return g.sized(pyAtom, shape, "np."+name+"(%1)", []*expr.Dim{shape.Rows})
}

// isOnes reports whether x is a vector or row of ones.
func isOnes(x *ir) bool { return x.pattern == "np.ones(%1)" }

// sum writes a sum. In a sum of matrices a term x 1ᵀ or 1 xᵀ is spread by NumPy
// and not built.
func (g *generator) sum(n *expr.Node) *ir {
	type term struct {
		negative bool
		x        *ir
		thin     bool
	}
	var terms []term
	full := -1 // the first term that is not negative and not thin
	for _, a := range n.Args {
		p := newPyFactors()
		g.collect(a, false, p)
		t := term{negative: p.coef.Sign() < 0}
		p.coef = p.coef.Abs()
		if n.Shape.IsMatrix() && a.Shape.IsMatrix() {
			if v := g.thin(p, a.Shape); v != nil {
				t.x, t.thin = v, true
			}
		}
		if t.x == nil {
			t.x = g.finish(p, a.Shape)
		}
		if !t.thin && !t.negative && full < 0 && a.Shape == n.Shape {
			full = len(terms)
		}
		terms = append(terms, t)
	}
	if full < 0 {
		full = 0
		for i, t := range terms {
			if !t.negative {
				full = i
				break
			}
		}
	}
	if n.Shape.IsMatrix() {
		spread, whole := -1, false
		for i, t := range terms {
			whole = whole || !t.thin && n.Args[i].Shape.IsMatrix()
			if t.thin && (spread < 0 || i == full) {
				spread = i
			}
		}
		if !whole { // one term must have the whole shape
			p := newPyFactors()
			g.collect(n.Args[spread], false, p)
			p.coef = p.coef.Abs()
			terms[spread].x = g.finish(p, n.Args[spread].Shape)
		}
	}
	x := terms[full].x
	if terms[full].negative {
		x = g.negate(x)
	}
	for i, t := range terms {
		switch {
		case i == full:
		case t.negative:
			x = g.binary("-", pySum, n.Shape, x, t.x)
		default:
			x = g.binary("+", pySum, n.Shape, x, t.x)
		}
	}
	return x
}

func (g *generator) negate(x *ir) *ir { return g.make(pyUnary, x.shape, "-~1", x) }

// thin returns the term x 1ᵀ as a column x[:, None], and 1 xᵀ as the row x.
func (g *generator) thin(p *pyFactors, shape expr.Shape) *ir {
	k := len(p.chain)
	if k < 2 {
		return nil
	}
	cut := 0
	for i, e := range p.chain[:k-1] {
		if e.shape().Cols.IsOne() {
			if cut > 0 {
				return nil
			}
			cut = i + 1
		}
	}
	if cut == 0 {
		return nil
	}
	q := *p
	switch {
	case cut == k-1 && p.chain[k-1].isOnes():
		q.chain = p.chain[:cut]
		v := g.finish(&q, expr.Shape{Rows: shape.Rows, Cols: g.b.One()})
		return g.make(pyAtom, shape, "#1[:, None]", v)
	case cut == 1 && p.chain[0].isOnes():
		q.chain = p.chain[1:]
		return g.finish(&q, expr.Shape{Rows: g.b.One(), Cols: shape.Cols})
	}
	return nil
}

// power writes a scalar or entrywise power.
func (g *generator) power(n *expr.Node) *ir {
	base, k := n.Args[0], n.Args[1]
	if k.Op.Name == expr.OpNum {
		return g.powerOf(base, k.Num, n.Shape)
	}
	return g.make(pyPower, n.Shape, "#1 ** #2", g.node(base), g.node(k))
}

// powerOf writes base to the power of a number, entry by entry. NumPy takes
// negative bases to integer exponents.
func (g *generator) powerOf(base *expr.Node, k rat.Rat, shape expr.Shape) *ir {
	two, _ := k.Int64()
	switch {
	case k.Equal(rat.Half):
		return g.make(pyAtom, shape, "np.sqrt($1)", g.node(base))
	case two == 2 && k.IsInt() && base.Op.Name == "norm2":
		x := g.node(base.Args[0])
		return g.inner(x, x)
	case k.Sign() < 0 && k.Equal(rat.MinusOne):
		return g.over(g.number(rat.One), g.node(base))
	case k.Equal(rat.Half.Neg()):
		return g.over(g.number(rat.One), g.powerOf(base, rat.Half, shape))
	}
	return g.make(pyPower, shape, "#1 ** #2", g.node(base), g.number(k))
}

func (g *generator) matrixPower(x, k *ir) *ir {
	return g.flat(g.make(pyAtom, x.shape, "np.linalg.matrix_power($1, $2)", g.two(x), k))
}

// inverseOf writes an inverse that is no factor of a product.
func (g *generator) inverseOf(n *expr.Node) *ir {
	x := n.Args[0]
	switch x.Op.Name {
	case "diagmat":
		return g.make(pyAtom, n.Shape, "np.diag($1)", g.over(g.number(rat.One), g.node(x.Args[0])))
	case expr.OpT:
		g.bare[x.Args[0].ID] = true
		return g.transpose(g.inverseMatrix(x.Args[0]))
	}
	g.bare[x.ID] = true
	return g.inverseMatrix(x)
}

func (g *generator) inverseMatrix(x *expr.Node) *ir {
	return g.flat(g.make(pyAtom, x.Shape, "np.linalg.inv($1)", g.two(g.node(x))))
}

// inner writes Σ x_ij y_ij.
func (g *generator) inner(x, y *ir) *ir {
	switch {
	case x.shape.IsMatrix():
		return g.make(pyAtom, g.scalarShape(), "np.sum($1)", g.times(x, y))
	case x.shape.IsScalar() || y.shape.IsScalar():
		return g.times(x, y)
	case isOnes(x):
		return g.sumOf(y)
	case isOnes(y):
		return g.sumOf(x)
	}
	return g.binary("@", pyProduct, g.scalarShape(), x, g.oriented(y, x.shape))
}

func (g *generator) sumOf(x *ir) *ir { return g.make(pyAtom, g.scalarShape(), "np.sum($1)", x) }

func (g *generator) outer(x, y *ir) *ir {
	return g.make(pyAtom, expr.Shape{Rows: g.length(x), Cols: g.length(y)}, "np.outer($1, $2)", x, y)
}

// length returns the number of entries of a 1-D value.
func (g *generator) length(x *ir) *expr.Dim {
	if x.shape.Rows.IsOne() {
		return x.shape.Cols
	}
	return x.shape.Rows
}

// total writes the sum of all entries, of each row or of each column.
func (g *generator) total(n *expr.Node) *ir {
	x := g.node(n.Args[0])
	switch {
	case n.Op.Name == "sum" || n.Shape.IsScalar():
		if x.shape.IsScalar() {
			return x
		}
		return g.sumOf(x)
	case !x.shape.IsMatrix(): // rows of one entry, or columns of one
		return x
	case n.Op.Name == "rowsum":
		return g.make(pyAtom, n.Shape, "np.sum($1, axis=1)", x)
	}
	return g.make(pyAtom, n.Shape, "np.sum($1, axis=0)", x)
}

// vec stacks columns.
func (g *generator) vec(x *ir) *ir {
	size := expr.Shape{Rows: g.b.Mul(x.shape.Cols, x.shape.Rows), Cols: g.b.One()}
	if !x.shape.IsMatrix() {
		return g.oriented(x, size)
	}
	return g.make(pyAtom, size, "#1.ravel()", g.transpose(x))
}

// unvec returns the rows × cols matrix whose rows, side by side, are v.
func (g *generator) unvec(v *ir, rows, cols *expr.Dim) *ir {
	shape := expr.Shape{Rows: rows, Cols: cols}
	if !shape.IsMatrix() {
		return g.oriented(v, shape)
	}
	if v.pattern == "#1.ravel()" && v.args[0].shape == shape {
		return v.args[0]
	}
	return g.sized(pyAtom, shape, "#1.reshape(%1, %2)", []*expr.Dim{rows, cols}, v)
}

// kron builds a Kronecker product that is no factor.
func (g *generator) kron(n *expr.Node) *ir {
	a, b := n.Args[0], n.Args[1]
	if a.Op.Name == "eye" && b.Op.Name == "eye" {
		return g.sized(pyAtom, n.Shape, "np.eye(%1)", []*expr.Dim{n.Shape.Rows})
	}
	return g.kronOf(g.node(a), g.node(b), n.Shape)
}

func (g *generator) kronOf(x, y *ir, shape expr.Shape) *ir {
	switch s, t := x.shape, y.shape; {
	case s.IsScalar() || t.IsScalar():
		return g.times(x, y)
	case s.IsVector() && t.IsVector() || s.IsRow() && t.IsRow():
		return g.make(pyAtom, shape, "np.kron($1, $2)", x, y)
	case s.IsVector() && t.IsRow():
		return g.outer(x, y)
	case s.IsRow() && t.IsVector():
		return g.outer(y, x)
	}
	return g.make(pyAtom, shape, "np.kron($1, $2)", g.two(x), g.two(y))
}

func (g *generator) khatriRao(n *expr.Node) *ir {
	x, y := g.node(n.Args[0]), g.node(n.Args[1])
	switch {
	case x.shape.Cols.IsOne():
		return g.kronOf(x, y, n.Shape)
	case x.shape.IsRow() || y.shape.IsRow():
		p := g.times(x, y)
		return g.oriented(p, n.Shape)
	}
	return g.sized(pyAtom, n.Shape, "(#1[:, None, :] * #2).reshape(%1, %2)",
		[]*expr.Dim{n.Shape.Rows, n.Shape.Cols}, x, y)
}

// form writes n by its operator's row.
func (g *generator) form(n *expr.Node) *ir {
	f := &n.Op.NumPy
	if f.Pattern == "" {
		panic("print: operator " + n.Op.Name + " has no Python form")
	}
	if f.Prelude != "" {
		g.prelude(f.Prelude)
	}
	args := make([]*ir, len(n.Args))
	for i, a := range n.Args {
		args[i] = g.node(a)
	}
	pattern := f.Pattern
	if strings.Contains(pattern, "$*") {
		list := "$1"
		for i := range args[1:] {
			list += ", $" + strconv.Itoa(i+2)
		}
		pattern = strings.Replace(pattern, "$*", list, 1)
	}
	flat := false
	for i := range args {
		mark := "#" + strconv.Itoa(i+1)
		if strings.Contains(pattern, mark) {
			args[i] = g.two(args[i])
			pattern = strings.ReplaceAll(pattern, mark, "$"+mark[1:])
			r := n.Op.Signature().Result
			flat = len(r.Rows) > 0 && len(r.Cols) > 0
		}
	}
	x := g.make(pyAtom, n.Shape, pattern, args...)
	if flat {
		return g.flat(x)
	}
	return x
}
