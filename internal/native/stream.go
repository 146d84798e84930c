package native

import (
	"fmt"
	"slices"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/plan"
)

// A form says how a node varies over the samples.
type form uint8

const (
	free  form = iota // does not depend on which block of samples is at hand
	along             // axis of its memory runs over the samples: a block of it is computed from a block
	part              // inside a SumOver: sum over the samples of the block, additive over blocks
)

// noAxis stands for an operand that is used whole.
const noAxis = -1

// state is what the analysis finds out about a node.
type state struct {
	form form
	// over is the axis of the memory that runs over the samples, where form is along.
	over int
	// level is, for a free node, how many passes over the samples come before it, and
	// for the others the first pass in which it can be computed.
	level int
	// ends says that the node is a sum over the samples that pass level − 1 computes.
	ends bool
	// stored says that the node, which is along, is kept for all samples.
	stored bool
	// sampled says that the node is a Member of a family of samples, or a SumOver them.
	sampled bool
	// once is the operand, counted from 1, of a sum over the samples of a block and
	// something else, which is added in the first block only; else 0.
	once int
	// axes has for each operand the axis of its memory, as the operand shapes it, along
	// which a block is used, or noAxis.
	axes []int
}

// A samples says which axes run over the samples.
type samples struct {
	count  int
	axis   map[*expr.Symbol]int // of parameters, 0 or 1
	index  []*expr.Index        // of families, axis 0
	stored bool                 // every array is in memory: what is along can be kept, parameters used whole
	inner  bool                 // what depends on a loop index may be along, too
}

// An analysis finds out in how many passes over the samples the nodes of a graph are
// computed.
type analysis struct {
	s      *samples
	passes int
	split  []*plan.Value // softmaxes along the samples, to be made of two steps
	err    error         // the first reason why it cannot be done
}

// analyse fills in the state of every node.
func analyse(g *graph, s *samples) *analysis {
	a := &analysis{s: s}
	for _, n := range g.list {
		n.state = state{axes: make([]int, len(n.args))}
		for i := range n.axes {
			n.axes[i] = noAxis
		}
		if s != nil {
			a.node(n)
		}
		if n.ends {
			a.passes = max(a.passes, n.level)
		}
	}
	return a
}

// finish marks what must be stored since results are along the samples.
func (a *analysis) finish(results []operand) {
	for _, o := range results {
		if o.n != nil && o.n.form == along && o.n.kind != plan.Param {
			a.keep(o.n)
		}
	}
}

// keep has pass n.level store what it computes of n.
func (a *analysis) keep(n *node) int {
	n.stored = true
	a.passes = max(a.passes, n.level+1)
	return n.level + 1
}

func (a *analysis) refuse(n *node, why string) {
	if a.err == nil {
		a.err = &NotStreamableError{Value: n.v, Reason: why}
	}
}

// whole returns the level from which all of an operand is there.
func (a *analysis) whole(user *node, o operand) int {
	if o.n == nil {
		return 0
	}
	n := o.n
	switch {
	case n.form == free:
		return n.level
	case n.form == along && a.s.stored && n.kind == plan.Param:
		return 0
	case n.form == along && a.s.stored && len(n.loops) == 0:
		return a.keep(n)
	}
	a.refuse(user, "needs all samples at once")
	return 0
}

// wholly makes n a free node of whole operands.
func (a *analysis) wholly(n *node) {
	n.form = free
	for i, o := range n.args {
		n.axes[i] = noAxis
		n.level = max(n.level, a.whole(n, o))
	}
}

// seen returns the axis of an operand, as the user sees it, that runs over the samples;
// ok is false where that cannot be said, noAxis where none does.
func seen(o operand) (axis int, ok bool) {
	if o.n == nil || o.n.form != along {
		return noAxis, true
	}
	at := o.n.over
	if o.shaping != asStored {
		if o.n.rows != 1 && o.n.cols != 1 {
			return noAxis, false
		}
		rows, cols := o.stored()
		switch {
		case o.shaping == column || cols == 1:
			at = 0
		case rows == 1:
			at = 1
		default:
			return noAxis, false
		}
	}
	switch o.spread {
	case scalar, unity, onDiag:
		return noAxis, false
	case byRow:
		return 0, true
	case byCol:
		return 1, true
	}
	if o.trans {
		at = 1 - at
	}
	return at, true
}

// take notes that operand i is used in blocks along an axis as the user sees it, and
// returns the level from which that is possible.
func (a *analysis) take(n *node, i, axis int) int {
	o := n.args[i]
	if o.n != nil && o.n.form == free && len(o.n.loops) > 0 && o.spread != scalar {
		// There is no slice of what changes within a block.
		a.refuse(n, "needs samples of what depends on the index of a sum")
	}
	if o.spread == byRow || o.spread == byCol {
		if (o.spread == byRow) != (axis == 0) {
			return a.whole(n, o)
		}
		axis = 0
		if o.shaping == asStored && o.n.cols != 1 {
			axis = 1
		}
		n.axes[i] = axis
		return o.n.level
	}
	if o.spread == scalar {
		return a.whole(n, o)
	}
	at, ok := seen(o)
	if o.trans {
		axis = 1 - axis
	}
	n.axes[i] = axis
	if o.n.form == along && ok {
		if o.trans {
			at = 1 - at
		}
		if at == axis {
			return o.n.level
		}
	}
	// A block of what is there whole.
	return a.whole(n, o)
}

// node fills in the state of a node whose operands have theirs.
func (a *analysis) node(n *node) {
	if n.kind == plan.Param {
		if axis, ok := a.s.axis[n.v.Sym]; ok {
			n.form, n.over = along, axis
		}
		return
	}
	if n.kind == plan.Member || n.kind == plan.SumOver {
		a.loop(n)
		return
	}
	depends, parts := false, false
	for _, o := range n.args {
		if o.n != nil && o.n.form != free {
			depends = true
			parts = parts || o.n.form == part
		}
	}
	switch {
	case parts:
		a.linear(n)
	case !depends, len(n.loops) > 0 && (!a.s.inner || a.sampled(n)):
		a.wholly(n)
	default:
		a.dependent(n)
	}
}

// sampled reports whether n depends on the index of a family of samples.
func (a *analysis) sampled(n *node) bool {
	return slices.ContainsFunc(a.s.index, n.inLoop)
}

func (a *analysis) loop(n *node) {
	o := n.args[0]
	sampled := slices.Contains(a.s.index, n.index)
	switch {
	case n.columns && o.n.form != part, n.stacked && (sampled || o.n.form != part):
		a.wholly(n)
	case n.kind == plan.Member && sampled && o.n.form == along:
		n.sampled, n.axes[0] = true, 0
	case n.kind == plan.SumOver && sampled && o.n.form == free:
		n.sampled = true
		n.level = a.whole(n, o)
		a.end(n)
	case n.kind == plan.SumOver && o.n.form == along && a.s.inner:
		axis, ok := seen(o)
		if !ok {
			a.wholly(n)
			return
		}
		n.form, n.over, n.level = along, axis, a.take(n, 0, axis)
	case n.kind == plan.SumOver && o.n.form == part:
		n.level = o.n.level
		a.end(n)
	default:
		a.wholly(n)
	}
}

// end makes n a sum over the samples, computed in pass n.level.
func (a *analysis) end(n *node) {
	if len(n.loops) > 0 {
		n.form = part
		return
	}
	n.form, n.ends = free, true
	n.level++
}

// linear passes on what is a part of a sum over the samples.
func (a *analysis) linear(n *node) {
	ok := false
	switch {
	case n.kind == kindCopy, n.kind == plan.Unary && n.fn == "neg":
		ok = true
	case n.kind == plan.Binary && (n.fn == "add" || n.fn == "sub"):
		ok = true
		for i, o := range n.args {
			switch {
			case o.n == nil || o.n.form == free:
				n.once = i + 1
			case o.n.form == along:
				ok = false
			}
		}
	case n.kind == plan.Binary && (n.fn == "mul" || n.fn == "div"):
		x, y := n.args[0], n.args[1]
		ok = x.n != nil && y.n != nil && (x.n.form == part && y.n.form == free || n.fn == "mul" && x.n.form == free && y.n.form == part)
	}
	if !ok {
		a.refuse(n, "uses a sum over the samples inside of another sum")
		return
	}
	n.form = part
	for _, o := range n.args {
		if o.n != nil {
			n.level = max(n.level, o.n.level)
		}
	}
}

// block makes n along an axis, with operands in blocks along the axes given, or
// noAxis for those that are used whole.
func (a *analysis) block(n *node, axis int, operands ...int) {
	n.form, n.over = along, axis
	a.takeAll(n, operands)
}

// sum makes n a sum over the samples, with operands likewise.
func (a *analysis) sum(n *node, operands ...int) {
	a.takeAll(n, operands)
	a.end(n)
}

func (a *analysis) takeAll(n *node, operands []int) {
	for i, axis := range operands {
		if axis == noAxis {
			n.level = max(n.level, a.whole(n, n.args[i]))
		} else {
			n.level = max(n.level, a.take(n, i, axis))
		}
	}
}

// dependent fills in the state of a node with an operand along the samples.
func (a *analysis) dependent(n *node) {
	var at [3]int
	for i, o := range n.args {
		axis, ok := seen(o)
		if !ok {
			a.wholly(n)
			return
		}
		if i < len(at) {
			at[i] = axis
		}
	}
	switch {
	case n.entrywise(), n.reducing():
		a.entries(n)
	case n.kind == plan.Softmax, n.kind == plan.LogSumExp:
		a.normalised(n, at[0])
	case n.kind == plan.MatMul:
		switch x, y := at[0], at[1]; {
		case x == 1 || y == 0 && x == noAxis:
			a.sum(n, 1, 0)
		case x == 0:
			a.block(n, 0, 0, noAxis)
		default:
			a.block(n, 1, noAxis, 1)
		}
	case n.kind == plan.MatVec:
		if at[0] == 0 {
			a.block(n, 0, 0, noAxis)
		} else {
			a.sum(n, 1, 0)
		}
	case n.kind == kindSquare:
		inner := 1
		if n.trans {
			inner = 0
		}
		switch {
		case at[0] == 1-inner:
			a.wholly(n)
		case len(n.args) > 1 && n.alpha != 1:
			a.sum(n, inner, 0)
		default:
			a.sum(n, inner)
		}
	case n.kind == plan.Outer:
		if at[0] == 0 {
			a.block(n, 0, 0, noAxis)
		} else {
			a.block(n, 1, noAxis, 0)
		}
	case n.kind == plan.KhatriRao && (at[0] == 1 || at[1] == 1):
		a.block(n, 1, 1, 1)
	default:
		a.wholly(n)
	}
}

// entries fills in the state of what acts entry by entry and of reductions.
func (a *analysis) entries(n *node) {
	axis := noAxis
	for _, o := range n.args {
		at, _ := seen(o)
		if at != noAxis && axis == noAxis {
			axis = at
		}
	}
	for _, o := range n.args {
		if o.spread == unity || o.spread == onDiag {
			a.wholly(n)
			return
		}
	}
	axes := make([]int, len(n.args))
	for i := range axes {
		axes[i] = axis
	}
	switch {
	case n.entrywise():
		a.block(n, axis, axes...)
	case n.kind == plan.RowSum && axis == 0, n.kind == plan.ColSum && axis == 1:
		a.block(n, 0, axes...)
	default:
		a.sum(n, axes...)
	}
}

func (a *analysis) normalised(n *node, axis int) {
	across := n.axis == plan.EachRow && axis == 0 || n.axis == plan.EachCol && axis == 1
	switch {
	case n.kind == plan.LogSumExp && across:
		a.block(n, 0, axis)
	case n.kind == plan.LogSumExp:
		a.sum(n, axis)
	case across:
		a.block(n, axis, axis)
	default:
		a.split = append(a.split, n.v)
		a.wholly(n)
	}
}

// A NotStreamableError says why values cannot be computed block by block.
type NotStreamableError struct {
	Value  *plan.Value // the first that cannot, or nil
	Reason string
	Text   string // the value in words
}

func (e *NotStreamableError) Error() string {
	what := e.Text
	switch {
	case e.Value == nil:
		return "cannot go through the samples block by block: " + e.Reason
	case what == "":
		what = "a step"
	}
	return fmt.Sprintf("cannot go through the samples block by block: %s %s", what, e.Reason)
}
