package convex

import (
	"math"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/rat"
)

// Intervals are computed in floating point and rounded outwards: a bound that is a
// small integer is exact, any other is moved a little away, so that every number
// that the operands allow is inside.

const exactInteger = 1 << 53

func down(x float64) float64 {
	if math.IsInf(x, 0) || x == math.Trunc(x) && math.Abs(x) < exactInteger {
		return x
	}
	return math.Nextafter(x, math.Inf(-1))
}

func up(x float64) float64 { return -down(-x) }

func point(r rat.Rat) expr.Interval {
	x := r.Float64()
	return expr.Interval{Lo: down(x), Hi: up(x)}
}

func half(lo float64, open bool) expr.Interval {
	return expr.Interval{Lo: lo, LoOpen: open, Hi: math.Inf(1), HiOpen: true}
}

func negate(i expr.Interval) expr.Interval {
	return expr.Interval{Lo: -i.Hi, Hi: -i.Lo, LoOpen: i.HiOpen, HiOpen: i.LoOpen}
}

func add(i, j expr.Interval) expr.Interval {
	return expr.Interval{Lo: down(i.Lo + j.Lo), Hi: up(i.Hi + j.Hi), LoOpen: i.LoOpen || j.LoOpen, HiOpen: i.HiOpen || j.HiOpen}
}

// bound is one end of an interval; an open one does not belong to it.
type bound struct {
	at   float64
	open bool
}

// times multiplies two ends. Zero times infinity is zero: the infinity is never
// reached.
func (a bound) times(b bound) bound {
	if a.at == 0 && !a.open || b.at == 0 && !b.open {
		return bound{0, false}
	}
	if a.at == 0 || b.at == 0 {
		return bound{0, true}
	}
	return bound{a.at * b.at, a.open || b.open}
}

func multiply(i, j expr.Interval) expr.Interval {
	ends := [4]bound{}
	for k, a := range [2]bound{{i.Lo, i.LoOpen}, {i.Hi, i.HiOpen}} {
		for l, b := range [2]bound{{j.Lo, j.LoOpen}, {j.Hi, j.HiOpen}} {
			ends[2*k+l] = a.times(b)
		}
	}
	lo, hi := ends[0], ends[0]
	for _, e := range ends[1:] {
		if e.at < lo.at || e.at == lo.at && !e.open {
			lo = e
		}
		if e.at > hi.at || e.at == hi.at && !e.open {
			hi = e
		}
	}
	// Where both operands can be zero inside, zero is a product even if no end shows it.
	if lo.at == 0 && (i.Has(0) || j.Has(0)) {
		lo.open = false
	}
	if hi.at == 0 && (i.Has(0) || j.Has(0)) {
		hi.open = false
	}
	return expr.Interval{Lo: down(lo.at), Hi: up(hi.at), LoOpen: lo.open, HiOpen: hi.open}
}

// intersect returns what lies in both. What is known of one thing twice is never
// contradictory, so the result is not empty where both are true.
func intersect(i, j expr.Interval) expr.Interval {
	r := i
	if j.Lo > r.Lo || j.Lo == r.Lo && j.LoOpen {
		r.Lo, r.LoOpen = j.Lo, j.LoOpen
	}
	if j.Hi < r.Hi || j.Hi == r.Hi && j.HiOpen {
		r.Hi, r.HiOpen = j.Hi, j.HiOpen
	}
	return r
}

func hull(i, j expr.Interval) expr.Interval {
	r := i
	if j.Lo < r.Lo || j.Lo == r.Lo && !j.LoOpen {
		r.Lo, r.LoOpen = j.Lo, j.LoOpen
	}
	if j.Hi > r.Hi || j.Hi == r.Hi && !j.HiOpen {
		r.Hi, r.HiOpen = j.Hi, j.HiOpen
	}
	return r
}

// power returns where tᵉ lies for t in i. A fractional power is of what is not
// negative.
func power(i expr.Interval, e rat.Rat) expr.Interval {
	if e.IsOne() {
		return i
	}
	k, integer := e.Int64()
	if !integer {
		i = intersect(i, half(0, e.Sign() < 0))
		if i.Lo > i.Hi {
			return expr.Reals
		}
	}
	if integer && k < 0 && !i.Positive() && !i.Negative() {
		if k%2 == 0 {
			return half(0, true)
		}
		return expr.Reals
	}
	raise := func(b bound) bound {
		switch {
		case b.at == 0 && e.Sign() < 0 && i.Negative() && k%2 != 0:
			return bound{math.Inf(-1), true}
		case b.at == 0 && e.Sign() < 0:
			return bound{math.Inf(1), true}
		case math.IsInf(b.at, 0) && e.Sign() < 0:
			return bound{0, true}
		}
		return bound{math.Pow(b.at, e.Float64()), b.open}
	}
	lo, hi := raise(bound{i.Lo, i.LoOpen}), raise(bound{i.Hi, i.HiOpen})
	switch {
	case integer && k%2 == 0 && i.Has(0):
		top := lo
		if hi.at > top.at || hi.at == top.at && !hi.open {
			top = hi
		}
		lo, hi = bound{0, false}, top
	case lo.at > hi.at:
		lo, hi = hi, lo
	}
	// math.Pow is accurate to an ulp or so; small integers are exact.
	r := expr.Interval{Lo: lo.at, Hi: hi.at, LoOpen: lo.open, HiOpen: hi.open}
	if r.Lo != math.Trunc(r.Lo) {
		r.Lo -= math.Abs(r.Lo) * 1e-12
	}
	if r.Hi != math.Trunc(r.Hi) {
		r.Hi += math.Abs(r.Hi) * 1e-12
	}
	return r
}
