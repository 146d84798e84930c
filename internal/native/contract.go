package native

import "example.com/nabla/internal/plan"

// A contraction is a sum of products of entries over indices: for each index its size
// and how far apart its values are in the result and in each operand.
type contraction struct {
	sizes   []int
	result  []int   // stride by index
	strides [][]int // by operand, then by index
	outer   []int   // the indices in the order of the loops, those of the result first
	inner   int     // how many of outer are in the result
}

func (g *graph) contraction(v *plan.Value, n node) operand {
	s := v.Spec
	c := &contraction{}
	for _, d := range s.Sizes {
		c.sizes = append(c.sizes, g.dim(d))
	}
	// The values of an identity matrix's indices are equal: one index stands for both.
	same := make([]int, len(c.sizes))
	for i := range same {
		same[i] = i
	}
	root := func(i int) int {
		for same[i] != i {
			i = same[i]
		}
		return i
	}
	for k, a := range v.Args {
		if a.Kind == plan.Eye && len(s.Operands[k]) == 2 {
			i, j := root(s.Operands[k][0]), root(s.Operands[k][1])
			same[max(i, j)] = min(i, j)
		}
	}
	strides := func(indices []int) []int {
		out := make([]int, len(c.sizes))
		step := 1
		for k := len(indices) - 1; k >= 0; k-- {
			out[root(indices[k])] += step
			step *= c.sizes[indices[k]]
		}
		return out
	}
	c.result = strides(s.Result)
	for k, a := range v.Args {
		if a.Kind == plan.Eye && len(s.Operands[k]) == 2 {
			continue
		}
		n.args = append(n.args, g.plain(v, k))
		c.strides = append(c.strides, strides(s.Operands[k]))
	}
	inResult := make([]bool, len(c.sizes))
	for _, i := range s.Result {
		inResult[root(i)] = true
	}
	for _, first := range []bool{true, false} {
		for i := range c.sizes {
			if root(i) == i && inResult[i] == first {
				c.outer = append(c.outer, i)
			}
		}
		if first {
			c.inner = len(c.outer)
		}
	}
	n.spec = c
	return see(g.add(n))
}

// contract makes the step of a contraction.
func (r *region) contract(n *node, out int) step {
	args := make([]ref, len(n.args))
	for i := range args {
		args[i] = r.arg(n, i)
	}
	c := n.spec
	at := r.c.ints(len(c.sizes) + len(args))
	return func(w *worker) error {
		d := w.mats[out].data
		clear(d)
		for _, i := range c.outer {
			if c.sizes[i] == 0 {
				return nil
			}
		}
		state := w.integers[at:][:len(c.sizes)+len(args)]
		clear(state)
		count, offs := state[:len(c.sizes)], state[len(c.sizes):]
		to := 0
		for {
			p := 1.0
			for k := range args {
				p *= w.mats[args[k].slot].data[offs[k]]
			}
			d[to] += p
			k := len(c.outer) - 1
			for ; k >= 0; k-- {
				i := c.outer[k]
				count[i]++
				to += c.result[i]
				for j := range offs {
					offs[j] += c.strides[j][i]
				}
				if count[i] < c.sizes[i] {
					break
				}
				to -= c.sizes[i] * c.result[i]
				for j := range offs {
					offs[j] -= c.sizes[i] * c.strides[j][i]
				}
				count[i] = 0
			}
			if k < 0 {
				return nil
			}
		}
	}
}
