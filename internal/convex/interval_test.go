package convex

import (
	"math"
	"math/rand/v2"
	"testing"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/rat"
)

// TestIntervals compares the arithmetic of intervals with that of numbers in them, and
// sees to it that signs are not lost.
func TestIntervals(t *testing.T) {
	ends := []float64{math.Inf(-1), -2, -1, -0.3, 0, 0.25, 1, 3, math.Inf(1)}
	var all []expr.Interval
	for i, lo := range ends {
		for _, hi := range ends[i+1:] {
			for k := range 4 {
				all = append(all, expr.Interval{Lo: lo, Hi: hi, LoOpen: k&1 != 0 || math.IsInf(lo, 0), HiOpen: k&2 != 0 || math.IsInf(hi, 0)})
			}
		}
	}
	rng := rand.New(rand.NewPCG(1, 1))
	draw := func(i expr.Interval) float64 {
		switch r := rng.IntN(6); {
		case r == 0 && !i.LoOpen:
			return i.Lo
		case r == 1 && !i.HiOpen:
			return i.Hi
		}
		lo, hi := math.Max(i.Lo, -9), math.Min(i.Hi, 9)
		return lo + (hi-lo)*(0.01+0.98*rng.Float64())
	}
	holds := func(what string, r expr.Interval, x float64) {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return
		}
		if !r.Has(x) {
			t.Errorf("%s = %v does not hold %v", what, r, x)
		}
	}
	exps := []rat.Rat{rat.Int(2), rat.Int(3), rat.Int(-1), rat.Int(-2), rat.Int(-3), rat.Half, rat.New(-1, 2), rat.New(3, 2)}
	for n, i := range all {
		j := all[(n*7+3)%len(all)]
		for range 20 {
			x, y := draw(i), draw(j)
			holds("sum", add(i, j), x+y)
			holds("product", multiply(i, j), x*y)
			holds("hull", hull(i, j), x)
			holds("negative", negate(i), -x)
			if j.Has(x) {
				holds("intersection", intersect(i, j), x)
			}
			for _, e := range exps {
				if e.IsInt() || x >= 0 {
					holds("power "+e.String(), power(i, e), math.Pow(x, e.Float64()))
				}
			}
		}
	}
	positive, nonnegative, negative := half(0, true), half(0, false), negate(half(0, true))
	for _, c := range []struct {
		name string
		got  bool
	}{
		{"0 < x y", multiply(positive, positive).Positive()},
		{"0 ≤ x y", multiply(positive, nonnegative).Nonnegative()},
		{"x y may be 0", !multiply(positive, nonnegative).Positive()},
		{"x y < 0", multiply(positive, negative).Negative()},
		{"1/x > 0", power(positive, rat.MinusOne).Positive()},
		{"1/x < 0", power(negative, rat.MinusOne).Negative()},
		{"x² > 0", power(negative, rat.Int(2)).Positive()},
		{"x² ≥ 0", power(expr.Reals, rat.Int(2)).Nonnegative()},
		{"√x > 0", power(positive, rat.Half).Positive()},
		{"1 − σ > 0", add(point(rat.One), negate(expr.Interval{Lo: 0, Hi: 1, LoOpen: true, HiOpen: true})).Positive()},
	} {
		if !c.got {
			t.Errorf("%s is not seen", c.name)
		}
	}
}

// TestPhrases sees to it that every rule has its texts.
func TestPhrases(t *testing.T) {
	seen := map[string]bool{}
	for _, p := range Phrases() {
		if seen[p.Rule] || p.English == "" || p.Chinese == "" {
			t.Errorf("rule %s has two rows or a text missing", p.Rule)
		}
		seen[p.Rule] = true
	}
}
