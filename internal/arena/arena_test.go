package arena

import "testing"

// Pieces do not overlap, are zero also after a Reset, and do not grow into each other.
func TestSlab(t *testing.T) {
	var s Slab[int]
	for round := range 3 {
		var pieces [][]int
		for n := range 150 {
			p := s.Make(n)
			for i := range p {
				if p[i] != 0 {
					t.Fatalf("round %d: piece %d is not zero", round, n)
				}
				p[i] = n
			}
			pieces = append(pieces, p)
		}
		_ = append(pieces[5], 1)
		for n, p := range pieces {
			for _, v := range p {
				if v != n {
					t.Fatalf("round %d: piece %d holds %d", round, n, v)
				}
			}
		}
		s.Reset()
	}
}
