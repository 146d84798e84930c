package plan

import (
	"slices"
	"testing"
)

// TestTurns brings orders of few and of many indices into others.
func TestTurns(t *testing.T) {
	for n := 2; n <= 12; n++ {
		from, to := make([]int, n), make([]int, n)
		for i := range n {
			from[i], to[i] = i, (5*i+3)%n
		}
		if n%5 == 0 {
			to = slices.Clone(from)
			slices.Reverse(to)
		}
		now := from
		list := turns(from, to)
		for _, m := range list {
			if m.b == 0 || m.c == 0 || m.a+m.b+m.c != n {
				t.Fatalf("%v to %v: %v", from, to, list)
			}
			now = m.apply(now)
		}
		if !slices.Equal(now, to) || len(list) > n-1 {
			t.Errorf("%v to %v: %v", from, to, list)
		}
	}
}
