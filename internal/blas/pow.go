package blas

import "math"

// Pow sets dst to x to the power p, as math.Pow defines it. For multiples of one half up
// to eight it multiplies, takes a root and divides, with a rounding for each. dst may be
// x.
func Pow(dst, x []float64, p float64) {
	sameLength(len(dst), len(x))
	halves := int(2 * p)
	if p == 0 || !(math.Abs(p) <= 8) || float64(halves) != 2*p {
		Map(dst, x, func(v float64) float64 { return math.Pow(v, p) })
		return
	}
	const piece = 512
	w := scratch(2 * piece)
	for at := 0; at < len(x); at += piece {
		n := min(piece, len(x)-at)
		powHalves(dst[at:at+n], x[at:at+n], halves, w.s[:n], w.s[piece:piece+n])
	}
	w.free()
}

// powHalves sets dst to x to the power halves/2; base and root are scratch memory.
func powHalves(dst, x []float64, halves int, base, root []float64) {
	copy(base, x)
	odd := halves%2 != 0
	if odd {
		// The power is +∞ for −∞ and that of +0 for −0, where the root is not.
		for i, v := range base {
			switch {
			case math.IsInf(v, -1):
				base[i] = math.Inf(1)
			case v == 0:
				base[i] = 0
			}
		}
		use.sqrt(root, base)
	}
	whole, first := max(halves, -halves)/2, true
	for ; whole > 0; whole /= 2 {
		if whole%2 == 1 {
			if first {
				copy(dst, base)
			} else {
				use.mul(dst, dst, base)
			}
			first = false
		}
		if whole > 1 {
			use.square(base, base)
		}
	}
	switch {
	case odd && first:
		copy(dst, root)
	case odd:
		use.mul(dst, dst, root)
	}
	if halves < 0 {
		use.scalarDiv(dst, 1, dst)
	}
}
