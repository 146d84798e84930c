package native

import (
	"fmt"
	"math"

	"example.com/nabla/internal/plan"
)

// make makes the node of a value, or a view of one.
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
		if v.Rank == 2 && g.census.inverted[v.Args[0]] != nil && 4*cols >= rows && !g.thrifty {
			// The inverse is there anyway, and a product is faster than a system, which would
			// be solved in the memory of the right-hand side.
			n.kind = plan.MatMul
			return g.multiply(n, g.inverse(v.Args[0], v.Trans), g.matrix(v, 1))
		}
		n.trans = v.Trans
		b := g.matrix(v, 1)
		if b.trans && b.rows > 1 && b.cols > 1 {
			// X = A⁻¹Bᵀ is stored as Xᵀ = B A⁻ᵀ.
			b = g.plainly(b.transposed())
			n.rows, n.cols = b.rows, b.cols
			n.right, n.trans, n.symmetric = true, !n.trans, false
			n.args = []operand{g.arg(v, 0), b}
			return see(g.add(n)).transposed()
		}
		n.args = []operand{g.arg(v, 0), g.plainly(b)}
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
	case plan.Stack:
		n.kind, n.stacked = plan.SumOver, true
		n.index, n.count = v.Index, g.dim(v.Dims[0])
		n.rows, n.cols = n.count, rows*cols
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

// product makes a MatMul node, symmetric products by their own kernel.
func (g *graph) product(v *plan.Value, n node) operand {
	if a, d, inverse, trans, ok := plan.Square(v); ok {
		n.kind, n.symmetric = kindSquare, true
		x := g.solid(g.operand(a))
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
