package plan

import (
	"slices"

	"example.com/nabla/internal/expr"
)

// contractFlops is about what a Contract takes when its operands are multiplied pair by
// pair: the index that is summed over is at each step the one that costs least, and a
// Kronecker delta is none.
func (v *Value) contractFlops(dim func(*expr.Dim) float64) float64 {
	same := make([]int, len(v.Spec.Sizes)) // of indices that deltas make equal, the least
	for i := range same {
		same[i] = i
	}
	var sets [][]int
	for k, a := range v.Args {
		list := v.Spec.Operands[k]
		if a.Kind == Eye && len(list) == 2 {
			x, y := same[list[0]], same[list[1]]
			for i := range same {
				if same[i] == max(x, y) {
					same[i] = min(x, y)
				}
			}
		}
	}
	for k, a := range v.Args {
		if a.Kind != Eye {
			sets = append(sets, union(same, v.Spec.Operands[k]))
		}
	}
	size := func(set []int) float64 {
		p := 1.0
		for _, i := range set {
			p *= dim(v.Spec.Sizes[i])
		}
		return p
	}
	result := union(same, v.Spec.Result)
	total := 0.0
	for {
		best, least := -1, 0.0
		for _, i := range union(same, sets...) {
			if !slices.Contains(result, i) {
				if c := size(with(same, sets, i)); best < 0 || c < least {
					best, least = i, c
				}
			}
		}
		if best < 0 {
			break
		}
		left := with(same, sets, best)
		sets = slices.DeleteFunc(sets, func(s []int) bool { return slices.Contains(s, best) })
		left = slices.DeleteFunc(left, func(i int) bool { return i == best })
		sets = append(sets, left)
		total += 2*least + size(left)
	}
	return total + float64(len(sets))*size(result)
}

// with returns the indices of all operands that have index i.
func with(same []int, sets [][]int, i int) []int {
	var list [][]int
	for _, s := range sets {
		if slices.Contains(s, i) {
			list = append(list, s)
		}
	}
	return union(same, list...)
}

// union returns the different indices of lists, sorted.
func union(same []int, lists ...[]int) []int {
	var out []int
	for _, list := range lists {
		for _, i := range list {
			out = append(out, same[i])
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
