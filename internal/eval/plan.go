package eval

import (
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/limit"
)

// A plan evaluates a structural operator from its signature: it runs over the
// values of all letters, multiplies the operands' entries and adds the product
// to the result's entry. An axis of several letters has the first outermost.
type plan struct {
	sizes   []int
	result  []int   // stride of each letter
	strides [][]int // the same for each operand
	kernel  func(*expr.Call) (expr.Dense, error)
}

func (c *compiler) newPlan(in *instr) *plan {
	n, sig := in.node, in.node.Op.Signature()
	p := &plan{sizes: make([]int, sig.Letters)}
	for i := range p.sizes {
		p.sizes[i] = 1
	}
	for k, ax := range sig.Args {
		a := c.p.slots[in.args[k]]
		if len(ax.Rows) == 1 {
			p.sizes[ax.Rows[0]] = max(p.sizes[ax.Rows[0]], a.Rows)
		}
		if len(ax.Cols) == 1 {
			p.sizes[ax.Cols[0]] = max(p.sizes[ax.Cols[0]], a.Cols)
		}
	}
	if len(sig.Args) == 0 {
		for i, d := range n.Sizes {
			p.sizes[i] = c.p.point.size(d)
		}
	}
	p.result = p.stridesOf(sig.Result, c.p.slots[in.out].Cols)
	for k, ax := range sig.Args {
		p.strides = append(p.strides, p.stridesOf(ax, c.p.slots[in.args[k]].Cols))
	}
	return p
}

func (p *plan) stridesOf(ax expr.Axes, cols int) []int {
	out := make([]int, len(p.sizes))
	axis := func(letters []int, unit int) {
		for i := len(letters) - 1; i >= 0; i-- {
			out[letters[i]] += unit
			unit *= p.sizes[letters[i]]
		}
	}
	axis(ax.Rows, cols)
	axis(ax.Cols, 1)
	return out
}

func (p *plan) run(lim *limit.Budget, out []float64, args []expr.Dense) {
	clear(out)
	p.add(lim, out, args)
}

// add is run without clearing out first.
func (p *plan) add(lim *limit.Budget, out []float64, args []expr.Dense) {
	var buf [16]int
	at, offsets := buf[:8:8], buf[8:]
	if n := max(len(p.sizes), len(args)); n > 8 {
		at, offsets = make([]int, n), make([]int, n)
	}
	r, steps := 0, 0
	for {
		v := 1.0
		for k := range args {
			v *= args[k].Data[offsets[k]]
		}
		out[r] += v
		if lim != nil {
			if steps++; steps%chunk == 0 {
				lim.Step(chunk / 4)
			}
		}
		l := len(p.sizes) - 1
		for ; l >= 0; l-- {
			at[l]++
			r += p.result[l]
			for k := range args {
				offsets[k] += p.strides[k][l]
			}
			if at[l] < p.sizes[l] {
				break
			}
			r -= p.sizes[l] * p.result[l]
			for k := range args {
				offsets[k] -= p.sizes[l] * p.strides[k][l]
			}
			at[l] = 0
		}
		if l < 0 {
			return
		}
	}
}
