package plan

import "example.com/nabla/internal/expr"

// contractFlops is what a Contract takes by loops over all its indices; a Kronecker delta
// makes two of them one. Only what has a family of matrices among its operands is left to
// be computed so, see Lowerer.contract.
func (v *Value) contractFlops(dim func(*expr.Dim) float64) float64 {
	same := make([]int, len(v.Spec.Sizes)) // the least of those that are equal
	for i := range same {
		same[i] = i
	}
	operands := 0
	for k, a := range v.Args {
		list := v.Spec.Operands[k]
		if a.Kind != Eye || len(list) != 2 {
			operands++
			continue
		}
		x, y := same[list[0]], same[list[1]]
		for i := range same {
			if same[i] == max(x, y) {
				same[i] = min(x, y)
			}
		}
	}
	total := float64(operands + 1)
	for i, d := range v.Spec.Sizes {
		if same[i] == i {
			total *= dim(d)
		}
	}
	return total
}
