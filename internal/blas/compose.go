package blas

import (
	"math"
	"sync"
)

// Functions that are made of others, piece by piece within the first cache. Without vector
// kernels they are those of package math.

// A piece is what a composed function needs beside dst and x.
type piece struct{ a, b, c [pieceLength]float64 }

const pieceLength = 256

var pieces = sync.Pool{New: func() any { return new(piece) }}

func compose(dst, x []float64, std func(float64) float64, f func(dst, x, a, b, c []float64)) {
	sameLength(len(dst), len(x))
	if use.sin == nil && std != nil {
		Map(dst, x, std)
		return
	}
	p := pieces.Get().(*piece)
	for len(x) > 0 {
		n := min(len(x), pieceLength)
		f(dst[:n], x[:n], p.a[:n], p.b[:n], p.c[:n])
		dst, x = dst[n:], x[n:]
	}
	pieces.Put(p)
}

// beyond uses f where |x| > limit; a has |x|.
func beyond(dst, x, a []float64, limit float64, f func(float64) float64) {
	if use.max(a) <= limit {
		return
	}
	for i, v := range a {
		if v > limit {
			dst[i] = f(x[i])
		}
	}
}

// largeExp is an argument whose exponential is finite, but not by much.
const largeExp = 700

// largeCosh is the hyperbolic cosine of x > largeExp. It is finite a little longer than the
// exponential, and than package math has it.
func largeCosh(x float64) float64 {
	h := math.Exp(math.Abs(x) / 2)
	return 0.5 * h * h
}

func largeSinh(x float64) float64 { return math.Copysign(largeCosh(x), x) }

// Sinh sets dst to the hyperbolic sine of x, within 3 ulp with vector kernels. dst may be x.
func Sinh(dst, x []float64) { compose(dst, x, math.Sinh, sinh) }

// sinh is (e + e/(e + 1))/2 with e = exp|x| − 1, with the sign of x.
func sinh(dst, x, a, b, c []float64) {
	copy(c, x)
	use.abs(a, x)
	use.expm1(b, a)
	use.addScalar(dst, b, 1)
	use.div(dst, b, dst)
	use.add(dst, dst, b)
	use.mulScalar(dst, dst, 0.5)
	use.sign(b, c)
	use.mul(dst, dst, b)
	beyond(dst, c, a, largeExp, largeSinh)
}

// Cosh sets dst to the hyperbolic cosine of x, within 3 ulp with vector kernels. dst may be x.
func Cosh(dst, x []float64) { compose(dst, x, math.Cosh, cosh) }

// cosh is (e + 1/e)/2 with e = exp|x|.
func cosh(dst, x, a, b, c []float64) {
	use.abs(a, x)
	use.exp(b, a)
	use.scalarDiv(c, 1, b)
	use.add(dst, b, c)
	use.mulScalar(dst, dst, 0.5)
	beyond(dst, a, a, largeExp, largeCosh)
}

// Tan sets dst to the tangent of x, within 4 ulp for |x| ≤ 10⁶, else as package math has
// sine and cosine. dst may be x.
func Tan(dst, x []float64) { compose(dst, x, math.Tan, tan) }

func tan(dst, x, a, b, _ []float64) {
	Sin(a, x)
	Cos(b, x)
	use.div(dst, a, b)
}

// largeSquare is an argument whose square is finite.
const largeSquare = 1e150

// Asinh sets dst to the inverse hyperbolic sine of x, within 3 ulp. dst may be x.
func Asinh(dst, x []float64) { compose(dst, x, math.Asinh, asinh) }

// asinh is log(1 + |x| + x²/(1 + √(x² + 1))), with the sign of x.
func asinh(dst, x, a, b, c []float64) {
	copy(c, x)
	use.abs(a, x)
	use.square(b, a)
	use.addScalar(dst, b, 1)
	use.sqrt(dst, dst)
	use.addScalar(dst, dst, 1)
	use.div(dst, b, dst)
	use.add(dst, dst, a)
	use.log1p(dst, dst)
	use.sign(b, c)
	use.mul(dst, dst, b)
	beyond(dst, c, a, largeSquare, math.Asinh)
}

// Acosh sets dst to the inverse hyperbolic cosine of x, within 3 ulp: NaN below 1. dst may
// be x.
func Acosh(dst, x []float64) { compose(dst, x, math.Acosh, acosh) }

// acosh is log(1 + t + √(t (t + 2))) with t = x − 1.
func acosh(dst, x, a, b, c []float64) {
	copy(c, x)
	use.addScalar(a, x, -1)
	use.addScalar(b, a, 2)
	use.mul(b, a, b)
	use.sqrt(b, b)
	use.add(dst, a, b)
	use.log1p(dst, dst)
	for i, v := range c {
		if v < 1 {
			dst[i] = math.NaN()
		}
	}
	beyond(dst, c, c, largeSquare, math.Acosh)
}

// Atanh sets dst to the inverse hyperbolic tangent of x, within 3 ulp: infinite at ±1, NaN
// beyond. dst may be x.
func Atanh(dst, x []float64) { compose(dst, x, math.Atanh, atanh) }

// atanh is log(1 + 2|x|/(1 − |x|))/2, with the sign of x.
func atanh(dst, x, a, b, c []float64) {
	use.sign(c, x)
	use.abs(a, x)
	use.scalarSub(b, 1, a)
	use.mulScalar(a, a, 2)
	use.div(a, a, b)
	use.log1p(a, a)
	use.mulScalar(c, c, 0.5)
	use.mul(dst, a, c)
}

// Log2 sets dst to the logarithm of x to the base 2, within 2 ulp, and exactly for powers
// of 2. dst may be x.
func Log2(dst, x []float64) { compose(dst, x, nil, log2) }

func log2(dst, x, a, _, _ []float64) {
	use.log(a, x)
	use.mulScalar(a, a, math.Log2E)
	const mantissa = 1<<52 - 1
	for i, v := range x {
		if bits := math.Float64bits(v); bits&mantissa == 0 && v > 0 && v <= math.MaxFloat64 {
			a[i] = float64(int(bits>>52) - 1023)
		} else if bits <= mantissa && v > 0 {
			a[i] = math.Log2(v)
		}
	}
	copy(dst, a)
}

// Log10 sets dst to the logarithm of x to the base 10, within 2 ulp, and exactly for
// powers of 10 from 1 to 10²². dst may be x.
func Log10(dst, x []float64) { compose(dst, x, nil, log10) }

func log10(dst, x, a, _, _ []float64) {
	use.log(a, x)
	use.mulScalar(a, a, math.Log10E)
	for i, v := range a {
		if v > -0.1 && v < 22.1 {
			r := int(v + 0.5)
			if d := v - float64(r); d < 1e-14 && d > -1e-14 && math.Pow10(r) == x[i] {
				a[i] = float64(r)
			}
		}
	}
	copy(dst, a)
}
