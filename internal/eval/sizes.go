package eval

import (
	"errors"
	"math/rand/v2"
	"slices"
)

var errNoSize = errors.New("a size is not positive")

// sizings returns choices of values for the size names: small, distinct while
// there are at most four names, first the ones that differ most in order, so
// that tall and wide matrices both occur. Sizes given as numbers are as given.
func (inv *inventory) sizings(limit int) [][]int {
	k := len(inv.names)
	if k == 0 {
		return [][]int{nil}
	}
	var out [][]int
	add := func(s []int) {
		if len(out) < limit && !slices.ContainsFunc(out, func(t []int) bool { return slices.Equal(s, t) }) && inv.wide(s) {
			out = append(out, s)
		}
	}
	down, up := make([]int, k), make([]int, k)
	for i := range k {
		down[i] = 2 + (k-1-i)%3
		up[i] = 2 + i%4
		if k <= 4 {
			down[i] = 2 + k - 1 - i
		}
	}
	add(down)
	add(up)
	rng := rand.New(rand.NewPCG(7, uint64(k)))
	pool := make([]int, max(k, 4))
	for i := range pool {
		pool[i] = 2 + i%4
	}
	for range 6 * limit {
		rng.Shuffle(len(pool), func(i, j int) { pool[i], pool[j] = pool[j], pool[i] })
		add(slices.Clone(pool[:k]))
	}
	return out
}

// wide reports whether every variable's size is at least 2 where it is not the
// number 1, so that a size n − 1 does not turn a matrix into a vector, and every
// index has a value.
func (inv *inventory) wide(sizes []int) bool {
	pt := Point{inv: inv, sizes: sizes}
	for _, d := range inv.dims {
		if _, given := d.Const(); !given && pt.size(d) < 2 {
			return false
		}
	}
	for _, d := range inv.ranges {
		if pt.size(d) < 1 {
			return false
		}
	}
	return true
}
