package code

import (
	"slices"
	"strings"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/plan"
)

// A contraction is a Contract value without the identity matrices that only rename an
// index. Operand k has the indices operands[k].
type contraction struct {
	args     []*plan.Value
	operands [][]int
	result   []int // the last index of the rows first, then the last of the columns: the fastest first
	sizes    []*expr.Dim
	summed   []int // indices that are not in the result, in order
}

// contractionOf takes a Contract apart. With repeats, an operand may have an index twice
// after a renaming.
func contractionOf(v *plan.Value, repeats bool) *contraction {
	c := &contraction{sizes: v.Spec.Sizes}
	free := v.Spec.Result
	operands := make([][]int, len(v.Args))
	for k, list := range v.Spec.Operands {
		operands[k] = slices.Clone(list)
	}
	gone := make([]bool, len(v.Args))
	for k, a := range v.Args {
		if a.Kind != plan.Eye || operands[k][0] == operands[k][1] {
			continue
		}
		keep, drop := operands[k][0], operands[k][1]
		if slices.Contains(free, drop) {
			keep, drop = drop, keep
		}
		if slices.Contains(free, drop) {
			continue
		}
		known, twice := false, false
		for j, list := range operands {
			if j == k || gone[j] {
				continue
			}
			has := slices.Contains(list, keep)
			known = known || has || slices.Contains(list, drop)
			twice = twice || has && slices.Contains(list, drop)
		}
		if !known || twice && !repeats {
			continue
		}
		gone[k] = true
		for _, list := range operands {
			for i := range list {
				if list[i] == drop {
					list[i] = keep
				}
			}
		}
	}
	for k, a := range v.Args {
		if !gone[k] {
			c.args = append(c.args, a)
			c.operands = append(c.operands, operands[k])
		}
	}
	rows := slices.Clone(free[:v.Spec.RowIndices])
	cols := slices.Clone(free[v.Spec.RowIndices:])
	slices.Reverse(rows)
	slices.Reverse(cols)
	c.result = append(rows, cols...)
	for _, list := range c.operands {
		for _, i := range list {
			if !slices.Contains(c.result, i) && !slices.Contains(c.summed, i) {
				c.summed = append(c.summed, i)
			}
		}
	}
	return c
}

// distinct gives indices that an operand has twice another name each, and returns the
// pairs that must be equal.
func (c *contraction) distinct() (pairs [][2]int) {
	c.sizes = slices.Clone(c.sizes)
	for _, list := range c.operands {
		for p, i := range list {
			if slices.Contains(list[:p], i) {
				list[p] = len(c.sizes)
				c.sizes = append(c.sizes, c.sizes[i])
				pairs = append(pairs, [2]int{i, list[p]})
			}
		}
	}
	return pairs
}

// numbersFrom1 writes indices as a list, counted from 1.
func numbersFrom1(list []int) string {
	var text []string
	for _, i := range list {
		text = append(text, itoa(i+1))
	}
	return strings.Join(text, ", ")
}
