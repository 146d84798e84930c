package plan

import (
	"math/bits"
	"slices"
)

// A set has a bit for each index of a contraction.
type set uint64

func setOf(list []int) (s set) {
	for _, i := range list {
		s |= 1 << i
	}
	return s
}

// A step is the product of some of the operands.
type step struct {
	cost    float64
	indices set // of the product: those that the result or other operands have
	at      int // a single operand
	x, y    *step
}

// mostOperands bounds the operands of which all orders are compared.
const mostOperands = 11

// path chooses the order in which the operands are multiplied: of all orders the
// cheapest. Of very many operands pairs are multiplied first after which least is left.
func (c *contraction) path() *step {
	sets := make([]set, len(c.operands))
	for k, t := range c.operands {
		sets[k] = setOf(t.indices())
	}
	return c.order(sets, mostOperands)
}

// order is path for operands with those indices; of at most so many all orders are compared.
func (c *contraction) order(sets []set, most int) *step {
	result := setOf(c.result)
	list := make([]*step, len(sets))
	for k, s := range sets {
		list[k] = &step{at: k, indices: s}
	}
	needed := func(skip ...int) set { // by the result and the others
		all := result
		for k, s := range list {
			if !slices.Contains(skip, k) {
				all |= s.indices
			}
		}
		return all
	}
	for k, s := range list {
		if kept := s.indices & needed(k); kept != s.indices {
			s.cost, s.indices = c.size(s.indices), kept
		}
	}
	for len(list) > most {
		if at := c.bucket(list, result); at != 0 {
			var inside, rest []*step
			for k, s := range list {
				if at&(1<<k) != 0 {
					inside = append(inside, s)
				} else {
					rest = append(rest, s)
				}
			}
			outside := result
			for _, s := range rest {
				outside |= s.indices
			}
			list = append(rest, c.best(inside, outside))
			continue
		}
		best, at, with, least := (*step)(nil), 0, 0, 0.0
		for i, x := range list {
			for j := i + 1; j < len(list); j++ {
				s := c.pair(x, list[j], needed(i, j))
				left := c.size(s.indices) - c.size(x.indices) - c.size(list[j].indices)
				if best == nil || left < least || left == least && s.cost < best.cost {
					best, at, with, least = s, i, j, left
				}
			}
		}
		list[at] = best
		list = slices.Delete(list, with, with+1)
	}
	return c.best(list, result)
}

// mostInBucket bounds the operands that are multiplied to sum over one index.
const mostInBucket = 8

// bucket returns the operands, a bit for each, that have an index of which the sum takes
// least; 0 if there is none that few have. Of a network the ends of chains go first, and
// last the samples, an index of nearly all.
func (c *contraction) bucket(list []*step, result set) (best uint64) {
	var least, least2 float64
	var all set
	for _, s := range list {
		all |= s.indices
	}
	for rest := all &^ result; rest != 0; rest &= rest - 1 {
		i := set(1) << bits.TrailingZeros64(uint64(rest))
		var union, others set
		var in uint64
		for k, s := range list {
			if s.indices&i != 0 {
				union |= s.indices
				in |= 1 << k
			} else {
				others |= s.indices
			}
		}
		n := bits.OnesCount64(in)
		if n < 2 || n > mostInBucket || len(list) > 64 {
			continue
		}
		cost, left := c.size(union), c.size(union&(others|result))
		if best == 0 || cost < least || cost == least && left < least2 {
			best, least, least2 = in, cost, left
		}
	}
	return best
}

// best multiplies operands in the cheapest of all orders; elsewhere has the indices that are
// needed by others.
func (c *contraction) best(list []*step, elsewhere set) *step {
	all := 1<<len(list) - 1
	best := make([]*step, all+1)
	for mask := 1; mask <= all; mask++ {
		outside, single := elsewhere, -1
		for k, s := range list {
			if mask&(1<<k) == 0 {
				outside |= s.indices
			} else {
				single = k
			}
		}
		if mask == 1<<single {
			best[mask] = list[single]
			continue
		}
		var least step
		for part := (mask - 1) & mask; part > mask&^part; part = (part - 1) & mask {
			x, y := best[part], best[mask&^part]
			if cost := x.cost + y.cost; least.x == nil || cost < least.cost {
				if s := c.pair(x, y, outside); least.x == nil || s.cost < least.cost {
					least = *s
				}
			}
		}
		best[mask] = &least
	}
	return best[all]
}

// pair is the product of two steps of which some indices are needed.
func (c *contraction) pair(x, y *step, needed set) *step {
	c.l.B.Limit.Step(1)
	kept := (x.indices | y.indices) & needed
	return &step{x: x, y: y, indices: kept, cost: x.cost + y.cost + c.pairCost(x.indices, y.indices, kept)}
}

func (c *contraction) pairCost(x, y, kept set) float64 {
	if c.l.arrays {
		all := c.size(x | y)
		if x&y&^kept != 0 && x&y&kept != 0 { // many small products
			all *= 1.5
		}
		return 2 * all
	}
	move := 0.0 // permutations
	for _, s := range [...]set{x, y} {
		if bits.OnesCount64(uint64(s)) > 2 {
			move += c.size(s)
		}
	}
	all := c.size(x | y)
	summed := x & y &^ kept
	switch {
	case summed == 0:
		return 2*all + move
	case x&y == summed:
		return 2*all + all/c.size(summed) + move
	}
	return 12*all + move // all the products are there at one time
}

// size is the number of entries of a tensor with those indices.
func (c *contraction) size(s set) float64 {
	p := 1.0
	for ; s != 0; s &= s - 1 {
		p *= c.lengths[bits.TrailingZeros64(uint64(s))]
	}
	return p
}

// split sorts the indices of a product of two: those of one alone, those of both that
// are kept, and those of both that are summed over.
func split(x, y []int, kept set) (left, right, batch, summed []int) {
	for _, i := range x {
		switch {
		case !slices.Contains(y, i):
			left = append(left, i)
		case kept&(1<<i) != 0:
			batch = append(batch, i)
		default:
			summed = append(summed, i)
		}
	}
	for _, i := range y {
		if !slices.Contains(x, i) {
			right = append(right, i)
		}
	}
	return left, right, batch, summed
}
