package eval

import (
	"math"

	"example.com/nabla/internal/dense"
	"example.com/nabla/internal/expr"
)

// How far a sampled point keeps from kinks, from the edges of domains and from
// singular matrices (least pivot over largest entry).
const (
	kinkMargin   = 0.05
	zeroMargin   = 1e-3
	edgeMargin   = 0.02
	pivotMargin  = 1e-3
	positiveEdge = 1e-9
)

// guard refuses operands that are no ordinary points of the operator.
func (p *program) guard(in *instr) error {
	n := in.node
	switch in.code {
	case opDiv, opElDiv:
		for _, v := range p.slots[in.args[1]].Data {
			if !(math.Abs(v) > zeroMargin) {
				return &unfit{n, n.Args[1], "divisor is zero"}
			}
		}
		return nil
	case opElPow:
		a, da, b, db := p.two(in, max(len(p.slots[in.args[0]].Data), len(p.slots[in.args[1]].Data)))
		for i := range max(len(a), len(b)) {
			x, e := a[i*da], b[i*db]
			integer := e == math.Round(e) && !moves(n.Args[1])
			if !integer && !(x > positiveEdge) || e < 0 && !(math.Abs(x) > zeroMargin) {
				return &unfit{n, n.Args[0], "base must be positive"}
			}
		}
		return nil
	case opMPow:
		if p.slots[in.args[1]].Data[0] < 0 {
			return p.invertible(in, false)
		}
		return nil
	}
	if in.node.Op.Kink && in.moved {
		a := p.slots[in.args[0]].Data
		for i := range a {
			v := a[i]
			if len(in.args) == 2 {
				b := p.slots[in.args[1]].Data
				v -= b[i%len(b)]
			}
			if !(math.Abs(v) > kinkMargin) {
				return &unfit{n, n.Args[0], "point is beside a kink"}
			}
		}
		if len(in.args) == 2 && len(a) == 1 {
			for _, w := range p.slots[in.args[1]].Data {
				if !(math.Abs(a[0]-w) > kinkMargin) {
					return &unfit{n, n.Args[1], "point is beside a kink"}
				}
			}
		}
	}
	switch n.Op.Domain {
	case "":
		return nil
	case "nonnull":
		for _, v := range p.slots[in.args[0]].Data {
			if math.Abs(v) > zeroMargin {
				return nil
			}
		}
		return &unfit{n, n.Args[0], "operand must not vanish"}
	case "invertible":
		return p.invertible(in, false)
	case "posdet":
		return p.invertible(in, true)
	case "fullrank":
		a := p.slots[in.args[0]]
		g := dense.Transpose(a)
		if a.Rows >= a.Cols {
			g = p.work().Mul(g, a)
		} else {
			g = p.work().Mul(a, g)
		}
		if p.work().Factor(g).Condition() < pivotMargin {
			return &unfit{n, n.Args[0], "operand must have full rank"}
		}
		return nil
	}
	for _, v := range p.slots[in.args[0]].Data {
		if !inside(n.Op.Domain, v) {
			return &unfit{n, n.Args[0], "operand must be " + n.Op.Domain}
		}
	}
	return nil
}

func inside(domain string, v float64) bool {
	switch domain {
	case "positive":
		return v > positiveEdge
	case "nonzero":
		return math.Abs(v) > zeroMargin
	case "unit":
		return math.Abs(v) < 1-edgeMargin
	case "above1":
		return v > 1+edgeMargin
	}
	return true
}

func (p *program) invertible(in *instr, positive bool) error {
	f := p.work().Factor(p.slots[in.args[0]])
	if !(f.Condition() > pivotMargin) {
		return &unfit{in.node, in.node.Args[0], "operand must be invertible"}
	}
	if positive && !(f.Det() > 0) {
		return &unfit{in.node, in.node.Args[0], "determinant must be positive"}
	}
	return nil
}

// moves reports whether an exponent can take values other than integers.
func moves(n *expr.Node) bool {
	switch n.Op.Name {
	case expr.OpNum, expr.OpSize, expr.OpIndex:
		return false // the value itself tells
	case expr.OpVar:
		return !n.Sym.Facts.Has(expr.Integer)
	case expr.OpAdd, expr.OpNeg, expr.OpMul:
		for _, a := range n.Args {
			if moves(a) {
				return true
			}
		}
		return false
	}
	return true
}
