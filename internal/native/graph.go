package native

import (
	"fmt"
	"math"
	"slices"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/plan"
)

// Kinds of nodes beside those of plan.
const (
	kindConst  plan.Kind = 200 + iota // scalar known when compiled
	kindCopy                          // operand built as it is seen
	kindSquare                        // Aᵀ diag(d) A or A diag(d) Aᵀ, a symmetric product: args A, perhaps d
)

// A spread says how an operand of a loop covers the loop's domain.
type spread uint8

const (
	whole  spread = iota // an entry for each
	scalar               // one entry
	byRow                // v_i: plan.Col
	byCol                // v_j: plan.Row
	unity                // the identity matrix: no node
	onDiag               // diag(v)
)

// A shaping says how an operand sees the memory of its node.
type shaping uint8

const (
	asStored shaping = iota
	column           // all entries as one column
	fixed            // as rows × cols, transposed afterwards if trans
)

// An operand is a node as one of its users sees it: rows × cols after trans.
type operand struct {
	n          *node
	rows, cols int
	trans      bool
	shaping    shaping
	spread     spread
}

// A node is a value that is computed and has memory, a parameter or a constant.
type node struct {
	id         int
	kind       plan.Kind
	fn         string
	v          *plan.Value // what it is, for messages
	args       []operand
	rows, cols int
	rank       int
	loops      []*expr.Index // the loop indices it depends on, by ordinal
	c          float64       // kindConst
	index      *expr.Index   // Counter, Member, SumOver
	count      int           // SumOver: how often; Unit: the position, from 0
	columns    bool          // SumOver: the operand is not added but is a column each time
	order      int           // Apply
	axis       plan.Axis     // Softmax, LogSumExp
	trans      bool          // Solve, Inverse, kindSquare: Aᵀ diag(d) A
	symmetric  bool
	spec       *contraction
	alpha      int  // MatMul, kindSquare: the argument that is a factor, or 0
	shared     bool // MatMul: another product is this one or its transpose
	param      int  // Param: its position

	state
}

func (n *node) size() int { return n.rows * n.cols }

// entrywise reports whether the node acts entry by entry, so that it can be one of
// several in a loop.
func (n *node) entrywise() bool {
	switch n.kind {
	case plan.Unary, plan.Binary, plan.Apply, kindCopy:
		return true
	}
	return false
}

// reducing reports whether the node is a reduction that a loop can end with.
func (n *node) reducing() bool {
	switch n.kind {
	case plan.Sum, plan.Dot, plan.Inner, plan.Norm, plan.RowSum, plan.ColSum:
		return true
	}
	return false
}

// inLoop reports whether the node depends on the index.
func (n *node) inLoop(i *expr.Index) bool { return slices.Contains(n.loops, i) }

// A graph has the nodes that values are made of.
type graph struct {
	list   []*node
	of     map[*plan.Value]operand
	copies map[operand]*node
	consts map[float64]*node
	sizes  func(*expr.SizeName) int64
	params map[*expr.Symbol]int
	fns    map[string][]func(float64) float64
	// split has the softmaxes that are made of two steps, since they run along the
	// samples.
	split    map[*plan.Value]bool
	inverses map[*node]*node // of factorisations
	census   census
	// applications are the products so far.
	applications map[applied]operand
}

// userError is a fault of the caller, found while nodes are made.
type userError struct{ error }

func (g *graph) fail(format string, args ...any) {
	panic(userError{fmt.Errorf(format, args...)})
}

func (g *graph) dim(d *expr.Dim) int {
	n := d.Value(g.sizes)
	if n < 0 {
		g.fail("the size %s is %d", d, n)
	}
	return int(n)
}

func (g *graph) add(n node) *node {
	n.id = len(g.list)
	for _, a := range n.args {
		if a.n == nil {
			continue
		}
		for _, i := range a.n.loops {
			if !slices.Contains(n.loops, i) {
				n.loops = append(n.loops, i)
			}
		}
	}
	switch n.kind {
	case plan.Counter, plan.Member, plan.UnitAt:
		n.loops = append(n.loops, n.index)
	case plan.SumOver:
		n.loops = slices.DeleteFunc(n.loops, func(i *expr.Index) bool { return i == n.index })
	}
	slices.SortFunc(n.loops, func(a, b *expr.Index) int { return a.Ordinal - b.Ordinal })
	m := &n
	g.list = append(g.list, m)
	return m
}

// see returns the node as it is stored.
func see(n *node) operand { return operand{n: n, rows: n.rows, cols: n.cols} }

func (o operand) transposed() operand {
	if o.spread == whole && o.shaping == asStored && o.n.symmetric {
		return o
	}
	o.rows, o.cols, o.trans = o.cols, o.rows, !o.trans
	switch o.spread {
	case byRow:
		o.spread = byCol
	case byCol:
		o.spread = byRow
	}
	if o.rows == 1 && o.cols == 1 {
		o.trans = false
	}
	return o
}

// stored returns the rows and columns of the memory that the operand sees.
func (o operand) stored() (rows, cols int) {
	if o.trans {
		return o.cols, o.rows
	}
	return o.rows, o.cols
}

// number returns a constant.
func (g *graph) number(c float64) operand {
	if n := g.consts[c]; n != nil {
		return see(n)
	}
	n := g.add(node{kind: kindConst, rows: 1, cols: 1, c: c})
	if !math.IsNaN(c) {
		g.consts[c] = n
	}
	return see(n)
}

// solid returns the operand as memory of its shape, perhaps transposed: what is only
// spread is built.
func (g *graph) solid(o operand) operand {
	if o.spread == whole {
		return o
	}
	return see(g.build(o))
}

// build returns a node with the entries of the operand, as it is seen.
func (g *graph) build(o operand) *node {
	if n := g.copies[o]; n != nil {
		return n
	}
	n := g.add(node{kind: kindCopy, rows: o.rows, cols: o.cols, rank: 2, args: []operand{o}})
	if o.n != nil {
		n.v = o.n.v
	}
	if o.cols == 1 {
		n.rank = 1
	}
	g.copies[o] = n
	return n
}

// operand returns a value as an operand.
func (g *graph) operand(v *plan.Value) operand {
	if o, ok := g.of[v]; ok {
		return o
	}
	o := g.make(v)
	g.of[v] = o
	return o
}

func (g *graph) arg(v *plan.Value, i int) operand { return g.operand(v.Args[i]) }

// matrix returns an argument as memory.
func (g *graph) matrix(v *plan.Value, i int) operand { return g.solid(g.arg(v, i)) }

// plain returns an argument as memory that is not transposed.
func (g *graph) plain(v *plan.Value, i int) operand { return g.plainly(g.matrix(v, i)) }

func (g *graph) plainly(o operand) operand {
	if o = g.solid(o); o.trans {
		if o.rows == 1 || o.cols == 1 {
			o.shaping, o.trans = fixed, false
			return o
		}
		return see(g.build(o))
	}
	return o
}

func (g *graph) make(v *plan.Value) operand {
	rows, cols := g.dim(v.Rows), g.dim(v.Cols)
	n := node{kind: v.Kind, v: v, rows: rows, cols: cols, rank: v.Rank, fn: v.Fn, symmetric: v.Symmetric()}
	switch v.Kind {
	case plan.Param:
		p, ok := g.params[v.Sym]
		if !ok {
			g.fail("the program uses %s, which is not among its parameters", v.Sym.Name)
		}
		n.param = p
		if v.Rank == 3 {
			n.rows, n.cols = g.dim(v.Sym.Family.Size), rows*cols
		}
		return see(g.add(n))
	case plan.Number:
		return g.number(v.Num.Float64())
	case plan.Pi:
		return g.number(math.Pi)
	case plan.Size:
		return g.number(float64(v.Dims[0].Value(g.sizes)))
	case plan.Counter, plan.UnitAt:
		n.index = v.Index
		return see(g.add(n))
	case plan.Fill:
		o := g.arg(v, 0)
		return operand{n: o.n, rows: rows, cols: cols, spread: scalar}
	case plan.Eye:
		return operand{rows: rows, cols: cols, spread: unity}
	case plan.DiagMatrix:
		o := g.plain(v, 0)
		o.rows, o.cols, o.spread = rows, cols, onDiag
		return o
	case plan.Unit:
		n.count = v.Order - 1
		if n.count < 0 || n.count >= rows {
			g.fail("the unit vector with 1 at position %d has only %d entries", v.Order, rows)
		}
		return see(g.add(n))
	case plan.Commutation:
		n.count = g.dim(v.Dims[0])
		return see(g.add(n))
	case plan.Unary, plan.Binary, plan.Apply:
		return g.entrywise(v, n)
	case plan.Col, plan.Row:
		o := g.plain(v, 0)
		o.rows, o.cols, o.spread = rows, cols, byRow
		if v.Kind == plan.Row {
			o.spread = byCol
		}
		return o
	case plan.Transpose:
		if p := v.Args[0]; p.Kind == plan.MatMul && g.census.alone(p) && g.of[p].n == nil {
			if _, _, _, _, square := plan.Square(p); !square {
				// (A B)ᵀ = BᵀAᵀ
				n.kind, n.v = plan.MatMul, p
				return g.multiply(n, g.matrix(p, 1).transposed(), g.matrix(p, 0).transposed())
			}
		}
		return g.arg(v, 0).transposed()
	case plan.AsColumn, plan.Item, plan.Flatten:
		return g.columned(g.solid(g.arg(v, 0)))
	case plan.AsRow:
		return g.columned(g.solid(g.arg(v, 0))).transposed()
	case plan.Vec:
		o := g.matrix(v, 0)
		if o.trans || o.rows == 1 || o.cols == 1 {
			return g.columned(o)
		}
		return g.columned(see(g.build(o.transposed())))
	case plan.Unvec:
		o := g.plain(v, 0)
		if rows == 1 || cols == 1 {
			o.rows, o.cols, o.shaping, o.trans = rows, cols, column, cols != 1
			return o
		}
		o.rows, o.cols, o.shaping, o.trans = rows, cols, fixed, true
		return o
	}
	return g.compound(v, n)
}

// columned returns the entries of memory in its order as one column.
func (g *graph) columned(o operand) operand {
	o.rows, o.cols = o.rows*o.cols, 1
	if o.shaping != asStored || o.trans || o.n.cols != 1 {
		o.shaping = column
	}
	o.trans = false
	return o
}

// compound makes the nodes that act on whole matrices.
func (g *graph) compound(v *plan.Value, n node) operand {
	rows, cols := n.rows, n.cols
	switch v.Kind {
	case plan.Sum, plan.Dot, plan.Inner, plan.Norm, plan.RowSum, plan.ColSum:
		return g.reduction(v, n)
	case plan.Softmax, plan.LogSumExp:
		return g.normalised(v, n)
	case plan.MatMul:
		return g.product(v, n)
	case plan.MatVec:
		return g.apply(v, v.Args[0], g.plain(v, 1), false)
	case plan.Kron, plan.KhatriRao, plan.Outer:
		n.args = []operand{g.plain(v, 0), g.plain(v, 1)}
	case plan.KronApply:
		n.args = []operand{g.factor(v, 0), g.factor(v, 1), g.plain(v, 2)}
	case plan.Commute:
		n.count = g.dim(v.Dims[0])
		n.args = []operand{g.plain(v, 0)}
	case plan.Trace, plan.Diagonal:
		n.args = []operand{g.matrix(v, 0)}
	case plan.MatPow:
		n.args = []operand{g.plain(v, 0), g.arg(v, 1)}
	case plan.LU, plan.Cholesky:
		// The factorisation of a transpose serves as well: only users see which.
		o := g.matrix(v, 0)
		if v.Kind == plan.Cholesky && o.trans {
			o = o.transposed()
		}
		n.args = []operand{g.plainly(o)}
	case plan.Solve:
		if v.Rank == 2 && g.census.inverted[v.Args[0]] != nil && 4*cols >= rows {
			// The inverse is there anyway, and a product is faster than a system.
			n.kind = plan.MatMul
			return g.multiply(n, g.inverse(v.Args[0], v.Trans), g.matrix(v, 1))
		}
		n.trans = v.Trans
		n.args = []operand{g.arg(v, 0), g.plain(v, 1)}
	case plan.Inverse:
		return g.inverse(v.Args[0], v.Trans)
	case plan.Det, plan.LogDet:
		n.args = []operand{g.arg(v, 0)}
	case plan.Pinv:
		n.args = []operand{g.plain(v, 0)}
	case plan.Member:
		n.index = v.Index
		n.args = []operand{g.arg(v, 0)}
	case plan.Columns:
		n.kind, n.columns = plan.SumOver, true
		n.index, n.count = v.Index, g.dim(v.Dims[0])
		n.args = []operand{g.plain(v, 0)}
	case plan.SumOver:
		n.index, n.count = v.Index, g.dim(v.Dims[0])
		body := g.solid(g.arg(v, 0))
		if body.trans {
			n.rows, n.cols = n.cols, n.rows
			n.args = []operand{body.transposed()}
			return see(g.add(n)).transposed()
		}
		n.args = []operand{body}
	case plan.Contract:
		return g.contraction(v, n)
	default:
		panic(fmt.Sprintf("native: no such kind of value: %d", v.Kind))
	}
	return see(g.add(n))
}

// inverse returns the inverse of a factorised matrix, or its transpose.
func (g *graph) inverse(factor *plan.Value, trans bool) operand {
	f := g.operand(factor)
	x := g.inverses[f.n]
	if x == nil {
		x = g.add(node{kind: plan.Inverse, v: g.census.inverted[factor], rows: f.rows, cols: f.rows, rank: 2, symmetric: factor.Args[0].Symmetric(), args: []operand{f}})
		g.inverses[f.n] = x
	}
	if trans {
		return see(x).transposed()
	}
	return see(x)
}

// factor returns an operand of KronApply; an identity matrix stays one.
func (g *graph) factor(v *plan.Value, i int) operand {
	o := g.arg(v, i)
	if o.spread == unity {
		return o
	}
	return g.plainly(o)
}

// level returns operands of a loop over rows × cols and whether all that are matrices
// are transposed, in which case the loop runs over the transposes.
func level(args []operand) (turned bool) {
	for _, a := range args {
		if a.spread == whole && a.rows != 1 && a.cols != 1 {
			if !a.trans {
				return false
			}
			turned = true
		}
	}
	return turned
}

// entrywise makes a Unary, Binary or Apply node.
func (g *graph) entrywise(v *plan.Value, n node) operand {
	if v.Kind == plan.Apply {
		fns := g.fns[v.Sym.Name]
		if v.Order >= len(fns) || fns[v.Order] == nil {
			what := "the function " + v.Sym.Name
			if v.Order > 0 {
				what = fmt.Sprintf("derivative %d of the function %s", v.Order, v.Sym.Name)
			}
			g.fail("%s is not given", what)
		}
		n.order, n.fn = v.Order, v.Sym.Name
	}
	for i := range v.Args {
		n.args = append(n.args, g.arg(v, i))
	}
	if c, ok := g.folded(n); ok {
		return g.number(c)
	}
	if o, ok := g.scaledProduct(v, &n); ok {
		return o
	}
	for i, a := range n.args {
		if v.Rank > 0 && a.rows == 1 && a.cols == 1 && v.Args[i].Rank == 0 {
			n.args[i].spread = scalar
			n.args[i].rows, n.args[i].cols = n.rows, n.cols
		}
	}
	turned := level(n.args)
	if turned {
		n.rows, n.cols = n.cols, n.rows
		for i := range n.args {
			n.args[i] = n.args[i].transposed()
		}
	}
	for i := range n.args {
		n.args[i] = straight(n.args[i])
	}
	o := see(g.add(n))
	if turned {
		o = o.transposed()
	}
	return o
}

// scaledProduct makes a number or scalar parameter times a product a factor of the
// product, or its negative; ok is false if v is something else.
func (g *graph) scaledProduct(v *plan.Value, n *node) (o operand, ok bool) {
	if v.Rank != 2 {
		return o, false
	}
	var by operand
	p := 0
	switch {
	case v.Kind == plan.Unary && v.Fn == "neg":
		by = g.number(-1)
	case v.Kind == plan.Binary && v.Fn == "mul" && v.Args[0].Rank == 0:
		by, p = n.args[0], 1
	case v.Kind == plan.Binary && v.Fn == "mul" && v.Args[1].Rank == 0:
		by = n.args[1]
	default:
		return o, false
	}
	o = n.args[p]
	if by.n.kind != kindConst && by.n.kind != plan.Param || !g.census.alone(v.Args[p]) || v.Args[p].Kind != plan.MatMul ||
		o.n == nil || o.n.kind != plan.MatMul && o.n.kind != kindSquare || o.n.shared || o.n.alpha > 0 {
		return o, false
	}
	if o.n.kind == plan.MatMul {
		delete(g.applications, applied{o.n.args[0], o.n.args[1]})
	}
	// Its only user is this one; should a rewriting use it as well, it is made anew.
	delete(g.of, v.Args[p])
	o.n.alpha, o.n.v = len(o.n.args), v
	by.spread = scalar
	o.n.args = append(o.n.args, by)
	return o, true
}

// straight takes the transposition off an operand with one row or column, where the
// memory is the same.
func straight(o operand) operand {
	if o.spread == whole && o.trans && (o.rows == 1 || o.cols == 1) {
		o.trans, o.shaping = false, fixed
	}
	return o
}

// folded computes a function of numbers.
func (g *graph) folded(n node) (float64, bool) {
	if n.kind == plan.Apply {
		return 0, false
	}
	for _, a := range n.args {
		if a.n == nil || a.n.kind != kindConst || a.spread != whole {
			return 0, false
		}
	}
	if n.kind == plan.Unary {
		return unaryFunctions[n.fn].one(n.args[0].n.c), true
	}
	return binaryFunctions[n.fn].one(n.args[0].n.c, n.args[1].n.c), true
}

// reduction makes a sum, inner product or norm.
func (g *graph) reduction(v *plan.Value, n node) operand {
	if v.Kind == plan.Inner {
		if x, y, ok := g.inner(v.Args[0], v.Args[1]); ok {
			n.args = []operand{x, y}
		}
	}
	if n.args == nil {
		for i := range v.Args {
			n.args = append(n.args, g.arg(v, i))
		}
	}
	if level(n.args) {
		for i := range n.args {
			n.args[i] = n.args[i].transposed()
		}
		switch n.kind {
		case plan.RowSum:
			n.kind = plan.ColSum
		case plan.ColSum:
			n.kind = plan.RowSum
		}
	}
	for i := range n.args {
		n.args[i] = straight(n.args[i])
	}
	if n.kind == plan.Inner {
		n.kind = plan.Dot
	}
	return see(g.add(n))
}

// normalised makes a Softmax or LogSumExp node.
func (g *graph) normalised(v *plan.Value, n node) operand {
	n.axis = v.Axis
	o := g.matrix(v, 0)
	turned := o.trans
	if turned {
		o = o.transposed()
		switch n.axis {
		case plan.EachRow:
			n.axis = plan.EachCol
		case plan.EachCol:
			n.axis = plan.EachRow
		}
	}
	n.args = []operand{o}
	if n.kind == plan.LogSumExp {
		return see(g.add(n))
	}
	n.rows, n.cols = o.rows, o.cols
	var out operand
	if g.split[v] {
		out = see(g.softmaxInSteps(n))
	} else {
		out = see(g.add(n))
	}
	if turned {
		return out.transposed()
	}
	return out
}

// softmaxInSteps makes exp(x − logsumexp(x)).
func (g *graph) softmaxInSteps(n node) *node {
	lse := n
	lse.kind, lse.rank, lse.rows, lse.cols = plan.LogSumExp, 1, 1, 1
	spread := scalar
	switch n.axis {
	case plan.EachRow:
		lse.rows, spread = n.rows, byRow
	case plan.EachCol:
		lse.rows, spread = n.cols, byCol
	default:
		lse.rank = 0
	}
	by := see(g.add(lse))
	by.rows, by.cols, by.spread = n.rows, n.cols, spread
	d := n
	d.kind, d.fn, d.args = plan.Binary, "sub", []operand{n.args[0], by}
	e := n
	e.kind, e.fn, e.args = plan.Unary, "exp", []operand{see(g.add(d))}
	return g.add(e)
}

// product makes a MatMul node, symmetric products by their own kernel.
func (g *graph) product(v *plan.Value, n node) operand {
	if a, d, inverse, trans, ok := plan.Square(v); ok {
		n.kind, n.symmetric = kindSquare, true
		x := g.matrix2(a)
		if x.trans {
			x, trans = x.transposed(), !trans
		}
		n.trans = trans
		n.args = []operand{x}
		if d != nil {
			w := g.plainly(g.operand(d))
			if inverse {
				r := node{kind: plan.Binary, fn: "div", v: d, rows: w.rows, cols: 1, rank: 1, args: []operand{g.number(1), w}}
				r.args[0].spread, r.args[0].rows = scalar, w.rows
				w = see(g.add(r))
			}
			n.args = append(n.args, w)
		}
		return see(g.add(n))
	}
	return g.multiply(n, g.matrix(v, 0), g.matrix(v, 1))
}

// multiply makes n the product of two matrices, unless that, or its transpose, is there.
func (g *graph) multiply(n node, a, b operand) operand {
	if o, ok := g.applications[applied{a, b}]; ok {
		o.n.shared = true
		return o
	}
	if o, ok := g.applications[applied{b.transposed(), a.transposed()}]; ok {
		o.n.shared = true
		return o.transposed()
	}
	n.args = []operand{a, b}
	o := see(g.add(n))
	g.applications[applied{a, b}] = o
	return o
}

func (g *graph) matrix2(v *plan.Value) operand { return g.solid(g.operand(v)) }
