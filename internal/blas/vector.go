package blas

import "math"

// Map sets dst[i] to f(x[i]). dst may be x.
func Map(dst, x []float64, f func(float64) float64) {
	sameLength(len(dst), len(x))
	for i, v := range x {
		dst[i] = f(v)
	}
}

// Fill sets each entry of dst to s.
func Fill(dst []float64, s float64) {
	for i := range dst {
		dst[i] = s
	}
}

// Add sets dst to a + b entry by entry. dst may be a or b.
func Add(dst, a, b []float64) { same3(dst, a, b); use.add(dst, a, b) }

// Sub sets dst to a − b entry by entry. dst may be a or b.
func Sub(dst, a, b []float64) { same3(dst, a, b); use.sub(dst, a, b) }

// Mul sets dst to the products of the entries of a and b. dst may be a or b.
func Mul(dst, a, b []float64) { same3(dst, a, b); use.mul(dst, a, b) }

// Div sets dst to the quotients of the entries of a and b. dst may be a or b.
func Div(dst, a, b []float64) { same3(dst, a, b); use.div(dst, a, b) }

// Larger sets dst to the larger of each two entries, NaN if one is. Which zero stands
// for two zeros of different sign is open. dst may be a or b.
func Larger(dst, a, b []float64) { same3(dst, a, b); use.larger(dst, a, b) }

// Less sets dst to the lesser of each two entries, NaN if one is. Which zero stands for
// two zeros of different sign is open. dst may be a or b.
func Less(dst, a, b []float64) { same3(dst, a, b); use.less(dst, a, b) }

// AddScalar sets dst to a + s. dst may be a.
func AddScalar(dst, a []float64, s float64) { sameLength(len(dst), len(a)); use.addScalar(dst, a, s) }

// MulScalar sets dst to a times s. dst may be a.
func MulScalar(dst, a []float64, s float64) { sameLength(len(dst), len(a)); use.mulScalar(dst, a, s) }

// DivScalar sets dst to a divided by s, rounded as a division is. dst may be a.
func DivScalar(dst, a []float64, s float64) { sameLength(len(dst), len(a)); use.divScalar(dst, a, s) }

// ScalarSub sets dst to s − a. dst may be a.
func ScalarSub(dst []float64, s float64, a []float64) {
	sameLength(len(dst), len(a))
	use.scalarSub(dst, s, a)
}

// ScalarDiv sets dst to s divided by the entries of a. dst may be a.
func ScalarDiv(dst []float64, s float64, a []float64) {
	sameLength(len(dst), len(a))
	use.scalarDiv(dst, s, a)
}

// MaxScalar sets dst to the larger of a and s, as Larger does; with s = 0 it is relu.
// dst may be a.
func MaxScalar(dst, a []float64, s float64) { sameLength(len(dst), len(a)); use.maxScalar(dst, a, s) }

// MinScalar sets dst to the lesser of a and s, as Less does. dst may be a.
func MinScalar(dst, a []float64, s float64) { sameLength(len(dst), len(a)); use.minScalar(dst, a, s) }

// MulAdd sets dst to the products of the entries of a and b, plus c, with one or two
// roundings. dst may be a, b or c.
func MulAdd(dst, a, b, c []float64) {
	same3(dst, a, b)
	sameLength(len(dst), len(c))
	use.mulAdd(dst, a, b, c)
}

// Axpby sets dst to alpha a + beta b; both are read whatever alpha and beta are. dst may
// be a or b.
func Axpby(dst []float64, alpha float64, a []float64, beta float64, b []float64) {
	same3(dst, a, b)
	use.axpby(dst, alpha, a, beta, b)
}

func same3(dst, a, b []float64) {
	sameLength(len(dst), len(a))
	sameLength(len(dst), len(b))
}

// Neg sets dst to −x. dst may be x.
func Neg(dst, x []float64) { sameLength(len(dst), len(x)); use.neg(dst, x) }

// Abs sets dst to |x|. dst may be x.
func Abs(dst, x []float64) { sameLength(len(dst), len(x)); use.abs(dst, x) }

// Sqrt sets dst to the square roots of x. dst may be x.
func Sqrt(dst, x []float64) { sameLength(len(dst), len(x)); use.sqrt(dst, x) }

// Square sets dst to the squares of x. dst may be x.
func Square(dst, x []float64) { sameLength(len(dst), len(x)); use.square(dst, x) }

// Step sets dst to 1 where x > 0, 0 where x ≤ 0 and NaN where x is. dst may be x.
func Step(dst, x []float64) { sameLength(len(dst), len(x)); use.step(dst, x) }

// Sign sets dst to 1 where x > 0, −1 where x < 0 and x itself elsewhere, which is zero
// or NaN. dst may be x.
func Sign(dst, x []float64) { sameLength(len(dst), len(x)); use.sign(dst, x) }

// Exp sets dst to eˣ, within 2 ulp. dst may be x.
func Exp(dst, x []float64) { sameLength(len(dst), len(x)); use.exp(dst, x) }

// Expm1 sets dst to eˣ − 1, within 2 ulp also near zero. dst may be x.
func Expm1(dst, x []float64) { sameLength(len(dst), len(x)); use.expm1(dst, x) }

// Log sets dst to the natural logarithm of x, within 1 ulp: −∞ for zeros, NaN below. dst
// may be x.
func Log(dst, x []float64) { sameLength(len(dst), len(x)); use.log(dst, x) }

// Log1p sets dst to log(1 + x), within 2 ulp also near zero. dst may be x.
func Log1p(dst, x []float64) { sameLength(len(dst), len(x)); use.log1p(dst, x) }

// Tanh sets dst to the hyperbolic tangent of x, within 3 ulp. dst may be x.
func Tanh(dst, x []float64) { sameLength(len(dst), len(x)); use.tanh(dst, x) }

// Sigmoid sets dst to 1/(1 + e⁻ˣ), within 3 ulp. dst may be x.
func Sigmoid(dst, x []float64) { sameLength(len(dst), len(x)); use.sigmoid(dst, x) }

// Softplus sets dst to log(1 + eˣ), within 3 ulp. dst may be x.
func Softplus(dst, x []float64) { sameLength(len(dst), len(x)); use.softplus(dst, x) }

// ExpShift sets dst to e^(x − shift) and returns the sum, as softmax and log-sum-exp
// need it. dst may be x.
func ExpShift(dst, x []float64, shift float64) float64 {
	sameLength(len(dst), len(x))
	return use.expShift(dst, x, shift)
}

// Sin sets dst to the sine of x, within 2 ulp for |x| ≤ 10⁶ but on processors without
// kernels of their own, else as package math does. dst may be x.
func Sin(dst, x []float64) { sameLength(len(dst), len(x)); wave(dst, x, use.sin, math.Sin) }

// Cos sets dst to the cosine of x, as Sin does. dst may be x.
func Cos(dst, x []float64) { sameLength(len(dst), len(x)); wave(dst, x, use.cos, math.Cos) }

// waveLimit is the largest argument that the kernels of sine and cosine take.
const waveLimit = 1e6

// wave uses the kernel, and package math for the entries that it does not take.
func wave(dst, x []float64, kernel func(dst, x []float64) int, std func(float64) float64) {
	if kernel == nil {
		Map(dst, x, std)
		return
	}
	for len(x) > 0 {
		n := kernel(dst, x)
		next := min(n+use.lanes, len(x))
		for i := n; i < next; i++ {
			if v := x[i]; math.Abs(v) <= waveLimit {
				kernel(dst[i:i+1], x[i:i+1])
			} else {
				dst[i] = std(v)
			}
		}
		dst, x = dst[next:], x[next:]
	}
}
