package native

import (
	"fmt"

	"example.com/nabla/internal/plan"
)

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
