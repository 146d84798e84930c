package plan

import "example.com/nabla/internal/expr"

// DefaultSize returns estimates of the sizes of a program by which its products are
// ordered where none are given: about 100, all different, so that n × n is not taken
// for m × n; ten times that for a size that is that of rows alone, as of samples; 10 000
// for that of a family; 5 for an integer that counts terms.
func DefaultSize(b *expr.Builder) func(*expr.SizeName) int {
	family, across, tall := map[*expr.SizeName]bool{}, map[*expr.SizeName]bool{}, map[*expr.SizeName]bool{}
	mark := func(set map[*expr.SizeName]bool, d *expr.Dim) {
		for _, n := range d.Names(nil) {
			set[n] = true
		}
	}
	for _, s := range b.Symbols() {
		if s.Family != nil {
			mark(family, s.Family.Size)
		}
		mark(across, s.Shape.Cols)
		if s.Shape.IsMatrix() && s.Shape.Rows != s.Shape.Cols {
			mark(tall, s.Shape.Rows)
		}
	}
	return func(n *expr.SizeName) int {
		size := 90 + 7*n.Ordinal%50
		switch {
		case n.Symbol != nil:
			return 5
		case family[n]:
			return 100 * size
		case tall[n] && !across[n]:
			return 10 * size
		}
		return size
	}
}
