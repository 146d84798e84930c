package blas

import "testing"

func TestMake(t *testing.T) {
	for _, n := range []int{0, 1, 1000, 1 << 19, 1<<20 + 3} {
		x := Make(n)
		if len(x) != n || AbsMax(x) != 0 {
			t.Errorf("Make(%d) has %d entries, the largest %v", n, len(x), AbsMax(x))
		}
		Fill(x, 2)
		near(t, "sum", Sum(x), 2*float64(n), 0)
	}
}
