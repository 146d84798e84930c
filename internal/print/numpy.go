package print

import (
	"strconv"
	"strings"

	"example.com/nabla/internal/expr"
)

// A Function says what Python function to write.
type Function struct {
	// Builder made the nodes; its symbols are the program's variables.
	Builder *expr.Builder
	// Results are returned, as a tuple if there are several: a float, a 1-D array
	// for a vector, a 2-D array for a row or a matrix.
	Results []*expr.Node
	// Index holds results in index notation; they follow Results.
	Index []*IndexForm
	// Doc are the lines of the docstring.
	Doc []string
	// Name is the function's name, "derivative" if empty.
	Name string
}

// NumPy writes a Python function that needs only NumPy. Its parameters are the
// variables in the order of the program: a float for a scalar (an int if it is
// declared integer), a 1-D array for a vector, a 2-D array for a matrix, a
// sequence of members for a family, a callable for an unknown function, with
// dsigma, d2sigma, … for its derivatives. Only the variables that occur and those
// that show a size are parameters; a size that no variable shows is a parameter
// of its own name.
//
// Values in the function are 1-D for vectors and rows and 2-D for matrices. A
// product is computed from its vectors outwards; diagonal, commutation and
// Kronecker factors and inverses are applied and not built.
func NumPy(f Function) string {
	inverse := map[int]bool{}
	names := newPyNames(f.Builder)
	g := newGenerator(f.Builder, names, nil)
	for _, n := range f.Results {
		g.node(n)
	}
	for _, x := range f.Index {
		g.indexForm(x)
	}
	for id, solves := range g.solves {
		// Three systems with one matrix cost more than its inverse.
		if g.bare[id] || len(solves) >= 3 {
			inverse[id] = true
		}
	}
	if len(inverse) == 0 {
		return g.source(f, g.results(f))
	}
	g = newGenerator(f.Builder, names, inverse)
	return g.source(f, g.results(f))
}

// results returns the values that the function returns.
func (g *generator) results(f Function) []*ir {
	var results []*ir
	for _, n := range f.Results {
		results = append(results, g.result(n))
	}
	for _, x := range f.Index {
		results = append(results, g.indexForm(x))
	}
	return results
}

// A generator makes Python expressions out of nodes.
type generator struct {
	b     *expr.Builder
	py    *pyNames
	nodes map[*expr.Node]*ir
	table map[string]*ir
	list  []*ir
	key   []byte

	// solves holds the linear systems with an inverse by the ID of the inverted
	// node; bare says that the inverse itself is wanted.
	solves  map[int]map[*ir]bool
	bare    map[int]bool
	inverse map[int]bool // invert these once instead of solving

	preludes []string
	symbols  map[*expr.Symbol]bool // those that occur
	orders   map[*expr.Symbol]int  // of functions: the highest derivative
}

func newGenerator(b *expr.Builder, names *pyNames, inverse map[int]bool) *generator {
	return &generator{b: b, nodes: map[*expr.Node]*ir{}, table: map[string]*ir{}, py: names,
		solves: map[int]map[*ir]bool{}, bare: map[int]bool{}, inverse: inverse,
		symbols: map[*expr.Symbol]bool{}, orders: map[*expr.Symbol]int{}}
}

// Precedence levels of Python, loosest first.
const (
	pySum = iota + 1
	pyProduct
	pyUnary
	pyPower
	pyAtom
)

// An ir is a Python expression; equal ones are one pointer. In the pattern, $1 is
// the first operand in brackets or between commas, #1 an operand that must bind
// like a name, ~1 one of the same level as the whole, ^1 of the next level; %1 is
// the first size.
type ir struct {
	id      int
	pattern string
	args    []*ir
	dims    []*expr.Dim
	level   int
	shape   expr.Shape
	loops   uint64      // indices that it depends on
	loop    *expr.Index // not nil: the sum of the operand over the index
	cheap   bool        // not worth a name
	uses    int

	// A vector and a row can have one source. base is the first of such values,
	// nil for that one itself, which lists the others.
	base     *ir
	variants []*ir
}

// source returns the value that stands for all of the same source.
func (n *ir) source() *ir {
	if n.base != nil {
		return n.base
	}
	return n
}

// make returns the expression of that pattern.
func (g *generator) make(level int, shape expr.Shape, pattern string, args ...*ir) *ir {
	return g.intern(ir{pattern: pattern, args: args, level: level, shape: shape})
}

// sized is make for a pattern with sizes.
func (g *generator) sized(level int, shape expr.Shape, pattern string, dims []*expr.Dim, args ...*ir) *ir {
	return g.intern(ir{pattern: pattern, args: args, dims: dims, level: level, shape: shape})
}

func (g *generator) intern(n ir) *ir {
	k := append(g.key[:0], n.pattern...)
	k = append(k, 0, byte(n.level))
	for _, a := range n.args {
		k = strconv.AppendInt(append(k, ' '), int64(a.source().id), 10)
		n.loops |= a.loops
	}
	for _, d := range n.dims {
		k = strconv.AppendInt(append(k, 'd'), int64(d.ID()), 10)
	}
	if n.loop != nil {
		k = strconv.AppendInt(append(k, 'l'), int64(n.loop.Ordinal), 10)
		n.loops &^= loopBit(n.loop)
	}
	g.key = k
	if m := g.table[string(k)]; m != nil {
		return g.oriented(m, n.shape)
	}
	n.id = len(g.list)
	m := &n
	g.table[string(k)] = m
	g.list = append(g.list, m)
	return m
}

func loopBit(i *expr.Index) uint64 { return 1 << min(i.Ordinal, 63) }

// oriented returns n as a value of that shape. Vectors and rows are both 1-D, so
// that only the shape on record changes.
func (g *generator) oriented(n *ir, shape expr.Shape) *ir {
	n = n.source()
	if n.shape == shape {
		return n
	}
	for _, m := range n.variants {
		if m.shape == shape {
			return m
		}
	}
	m := *n
	m.shape, m.base, m.variants = shape, n, nil
	n.variants = append(n.variants, &m)
	return &m
}

// transpose returns the transpose of a value.
func (g *generator) transpose(n *ir) *ir {
	if !n.shape.IsMatrix() {
		return g.oriented(n, n.shape.T())
	}
	if n.pattern == "#1.T" {
		return n.args[0]
	}
	t := g.make(pyAtom, n.shape.T(), "#1.T", n)
	t.cheap = n.cheap
	return t
}

// two returns n as a 2-D array.
func (g *generator) two(n *ir) *ir {
	switch {
	case n.shape.IsMatrix():
		return n
	case n.shape.IsVector():
		return g.make(pyAtom, n.shape, "#1[:, None]", n)
	case n.shape.IsRow():
		return g.make(pyAtom, n.shape, "#1[None, :]", n)
	}
	return g.make(pyAtom, n.shape, "np.array([[$1]])", n)
}

// flat returns a 2-D array of the shape of n in the form that values have.
func (g *generator) flat(n *ir) *ir {
	switch {
	case n.shape.IsMatrix():
		return n
	case n.shape.IsVector():
		return g.make(pyAtom, n.shape, "#1[:, 0]", n)
	case n.shape.IsRow():
		return g.make(pyAtom, n.shape, "#1[0]", n)
	}
	return g.make(pyAtom, n.shape, "#1[0, 0]", n)
}

func (g *generator) binary(op string, level int, shape expr.Shape, x, y *ir) *ir {
	return g.make(level, shape, "~1 "+op+" ^2", x, y)
}

func (g *generator) times(x, y *ir) *ir {
	shape := x.shape
	if shape.IsScalar() {
		shape = y.shape
	}
	return g.binary("*", pyProduct, shape, x, y)
}

func (g *generator) over(x, y *ir) *ir {
	shape := x.shape
	if shape.IsScalar() {
		shape = y.shape
	}
	return g.binary("/", pyProduct, shape, x, y)
}

func (g *generator) scalarShape() expr.Shape { return expr.Shape{Rows: g.b.One(), Cols: g.b.One()} }

func (g *generator) prelude(s string) {
	for _, p := range g.preludes {
		if p == s {
			return
		}
	}
	g.preludes = append(g.preludes, s)
}

// result is node in the form that is returned.
func (g *generator) result(n *expr.Node) *ir {
	x := g.node(n)
	switch {
	case x.shape.IsScalar():
		return g.make(pyAtom, x.shape, "float($1)", x)
	case x.shape.IsRow():
		return g.two(x)
	}
	if strings.HasPrefix(x.pattern, "np.diag(") && x.shape.IsVector() || len(x.args) == 0 && x.cheap {
		return g.make(pyAtom, x.shape, "#1.copy()", x) // not a view of what came in
	}
	return x
}
