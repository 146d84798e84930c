package native

import "example.com/nabla/internal/plan"

// accumulate has sums Y + A B and Y − A B, where nothing else needs the product or Y,
// computed as products that are added to Y, so that there is one matrix in place of two.
func (g *graph) accumulate(results []operand) {
	uses := map[*node]int{}
	for _, n := range g.list {
		for _, a := range n.args {
			uses[a.n]++
		}
	}
	for _, o := range results {
		uses[o.n]++
	}
	for _, n := range g.list {
		if n.kind != plan.Binary || n.fn != "add" && n.fn != "sub" || n.rank != 2 {
			continue
		}
		for i := range 2 {
			i = 1 - i // what is subtracted can only be the second
			p, y := n.args[i], n.args[1-i]
			if i == 0 && n.fn == "sub" || !lone(p, uses) || !lone(y, uses) ||
				p.n.kind != plan.MatMul || p.n.onto > 0 || len(p.n.loops) != len(n.loops) || len(y.n.loops) != len(n.loops) {
				continue
			}
			if y.trans {
				if y.n.kind != plan.MatMul || y.n.onto > 0 {
					continue
				}
				y = turn(y.n)
			}
			if p.trans {
				p = turn(p.n)
			}
			n.kind, n.minus = plan.MatMul, n.fn == "sub"
			n.alpha = p.n.alpha
			n.args = append(append([]operand(nil), p.n.args...), y)
			n.onto = len(p.n.args)
			n.axes = make([]int, len(n.args))
			for k := range n.axes {
				n.axes[k] = noAxis
			}
			break
		}
	}
}

// lone reports whether the operand is all of a matrix that is computed for one user.
func lone(o operand, uses map[*node]int) bool {
	return o.n != nil && o.spread == whole && o.shaping == asStored && uses[o.n] == 1 &&
		o.n.kind != plan.Param && o.n.kind != plan.Member && o.n.kind != kindConst && o.n.kind != plan.SumOver
}

// turn has a product stored as its transpose, and returns that.
func turn(n *node) operand {
	n.args[0], n.args[1] = n.args[1].transposed(), n.args[0].transposed()
	n.rows, n.cols = n.cols, n.rows
	return see(n)
}

// turnInPlace transposes a square matrix, square by square.
func turnInPlace(m mat) {
	const side = 32
	for r := 0; r < m.rows; r += side {
		for c := 0; c <= r; c += side {
			for i := r; i < min(r+side, m.rows); i++ {
				row := m.data[i*m.ld:]
				for j := c; j < min(c+side, i); j++ {
					row[j], m.data[j*m.ld+i] = m.data[j*m.ld+i], row[j]
				}
			}
		}
	}
}
