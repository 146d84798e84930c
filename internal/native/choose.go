package native

import (
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/plan"
)

// blockBytes is how much of the second cache a block may fill.
const blockBytes = 400 << 10

// chooseBlock returns how many samples a block has, from a trial with a small block.
func (c *compiler) chooseBlock(p *program, s *samples) int {
	perSample := 0
	for _, ps := range c.passes {
		n := ps.region.peak / c.block
		for _, k := range ps.slices {
			sl := &c.slots[k]
			if base := &c.slots[sl.of.slot]; base.rows*base.cols > 0 {
				n += base.rows * base.cols / max(1, s.count)
			}
		}
		perSample = max(perSample, n)
	}
	// There are some blocks for each worker, however many that are: sums must not depend on it.
	block := min(blockBytes/8/max(1, perSample), s.count/16)
	least := 32
	for _, n := range c.g.list {
		// Products with a large matrix read it again for each block.
		if n.kind == plan.MatMul && n.form == along {
			for _, a := range n.args {
				if a.n.form == free && a.n.size() > 1<<15 {
					least = 256
				}
			}
		}
	}
	for _, ps := range c.passes {
		// Accumulators that no cache holds are read and written again for each block.
		if ps.sumLen > largeSum {
			least = 512
		}
	}
	block = min(max(block, least), 8192)
	return (block + 31) / 32 * 32
}

// choose returns the axis along which the values are computed in blocks, or nil for
// none, by an estimate of the time.
func choose(g *graph, params []plan.Parameter, results []operand) *samples {
	// A nanosecond is worth tens of multiplications in the caches, or some bytes of
	// memory.
	var best *samples
	least := 0.9 * wholeCost(g)
	for _, s := range candidates(g, params) {
		a := analyse(g, s)
		a.finish(results)
		if a.err != nil {
			continue
		}
		if cost := a.cost(g); cost < least {
			best, least = s, cost
		}
	}
	return best
}

// fewest is the least number of samples that are cut into blocks.
const fewest = 128

// candidates returns what samples there may be: for each size of an axis of a variable,
// the axes of that size.
func candidates(g *graph, params []plan.Parameter) []*samples {
	var list []*samples
	tried := map[*expr.Dim]bool{}
	for _, p := range params {
		if p.Sym == nil || p.Sym.Kind == expr.Function {
			continue
		}
		dims := []*expr.Dim{p.Sym.Shape.Rows, p.Sym.Shape.Cols}
		if p.Sym.Family != nil {
			dims = []*expr.Dim{p.Sym.Family.Size}
		}
		for _, d := range dims {
			if tried[d] {
				continue
			}
			tried[d] = true
			count := g.dim(d)
			if count < fewest {
				continue
			}
			for _, inner := range []bool{true, false} {
				s := &samples{count: count, axis: map[*expr.Symbol]int{}, stored: true, inner: inner}
				for _, q := range params {
					if q.Sym != nil && q.Sym.Kind != expr.Function {
						_ = s.add(q.Sym, func(e *expr.Dim) bool { return e == d })
					}
				}
				s.addIndices(g, d.String())
				list = append(list, s)
			}
		}
	}
	return list
}

const (
	nanosPerWord = 0.3      // memory, of a core
	cacheWords   = 1 << 16  // what need not be read from memory again
	multiplies   = 1.0 / 20 // nanoseconds for one in a product of matrices
)

// work returns the time of a node's arithmetic, in nanoseconds.
func work(n *node) float64 {
	size := float64(n.size())
	arg := func(i int) float64 { return float64(n.args[i].rows) * float64(n.args[i].cols) }
	switch n.kind {
	case plan.Unary, plan.Softmax:
		return size
	case plan.Apply:
		return 10 * size
	case plan.Binary, kindCopy:
		return 0.2 * size
	case plan.Sum, plan.Dot, plan.Norm, plan.RowSum, plan.ColSum:
		return 0.1 * arg(0)
	case plan.LogSumExp:
		return arg(0)
	case plan.MatMul:
		return multiplies * size * float64(n.args[0].cols)
	case kindSquare:
		return multiplies * arg(0) * float64(n.rows) / 2
	case plan.MatVec:
		return 0.1 * arg(0)
	case plan.Outer, plan.Kron, plan.KhatriRao:
		return 0.1 * size
	case plan.SumOver:
		return 200*float64(n.count) + size
	case plan.LU, plan.Cholesky, plan.Inverse, plan.Pinv, plan.MatPow:
		return multiplies * size * float64(n.rows)
	case plan.Solve:
		return multiplies * size * float64(n.rows)
	}
	return size
}

// traffic returns the time to read or write memory of a node as a whole.
func traffic(size int) float64 {
	if size < cacheWords {
		return 0
	}
	return nanosPerWord * float64(size)
}

// wholeCost estimates the time of a run without blocks.
func wholeCost(g *graph) float64 {
	t := 0.0
	for _, n := range g.list {
		c := work(n)
		if n.kind != plan.Param && n.kind != kindConst {
			c += traffic(n.size())
		}
		for _, a := range n.args {
			if a.n != nil && (a.spread == whole || a.n.kind == plan.Param) {
				c += traffic(a.n.size())
			}
		}
		t += n.times * c
	}
	return t
}

// blocks estimates how often a pass computes what depends on a loop index alone: for
// each block.
func (a *analysis) blocks(n *node) float64 {
	if len(n.loops) == 0 || a.sampled(n) {
		return 1
	}
	return float64(1 + a.s.count/256)
}

// cost estimates the time of a run in blocks.
func (a *analysis) cost(g *graph) float64 {
	t := 0.0
	need := make([]map[*node]bool, a.passes)
	for k := range need {
		need[k] = map[*node]bool{}
	}
	var visit func(n *node, k int)
	visit = func(n *node, k int) {
		if n == nil || need[k][n] || n.form == free && !(n.ends && n.level == k+1) || n.stored && n.level < k {
			return
		}
		need[k][n] = true
		for _, o := range n.args {
			visit(o.n, k)
		}
	}
	for _, n := range g.list {
		switch {
		case len(n.loops) > 0 && n.form != free:
		case n.ends:
			visit(n, n.level-1)
		case n.form == along && n.stored:
			visit(n, n.level)
			t += 2 * traffic(n.size())
		case n.form == free:
			c := work(n) + traffic(n.size())
			for _, o := range n.args {
				if o.n != nil {
					c += traffic(o.n.size())
				}
			}
			t += n.times * c * a.blocks(n)
		}
	}
	for _, set := range need {
		for _, n := range g.list {
			if !set[n] {
				continue
			}
			t += n.times * work(n)
			if n.kind == plan.Param {
				t += traffic(n.size())
			}
		}
	}
	return t
}
