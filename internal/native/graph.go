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
	times      float64       // how often they have it computed
	c          float64       // kindConst
	index      *expr.Index   // Counter, Member, SumOver
	count      int           // SumOver: how often; Unit: the position, from 0
	columns    bool          // SumOver: the operand is not added but is a column each time
	stacked    bool          // SumOver: the entries of the operand are a row each time
	order      int           // Apply
	axis       plan.Axis     // Softmax, LogSumExp
	trans      bool          // Solve, Inverse, kindSquare: Aᵀ diag(d) A
	right      bool          // Solve: of X op(A) = B
	symmetric  bool
	spec       *contraction
	alpha      int  // MatMul, kindSquare: the argument that is a factor, or 0
	onto       int  // MatMul: the argument that the product is added to, or 0
	minus      bool // MatMul with onto: the product is subtracted
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
	thrifty  bool // what can be computed in the memory of an operand is
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
	n.times = 1
	for _, i := range n.loops {
		n.times *= float64(g.dim(i.Size))
	}
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
