package blas

import (
	"math"
	"math/big"
	"slices"
	"testing"
)

var special = []float64{0, math.Copysign(0, -1), 1, -1, math.Inf(1), math.Inf(-1), math.NaN(),
	math.MaxFloat64, -math.MaxFloat64, math.SmallestNonzeroFloat64, -math.SmallestNonzeroFloat64,
	0x1p-1022, -0x1p-1022, 0x1.8p-1030, -0x1.8p-1030, 0x1p-53, -0x1p-53, 0x1p-54, 1e-300, -1e-300, 1e300, -1e300,
	709.782712893384, 709.7827128933841, 710, 708, -708.3964185322641, -708.3964185322642, -745.1332191019411,
	-745.1332191019412, -746, -744, -1022 * math.Ln2, -37.5, 37.5, 36.7368, -36.7368, 0.5, 2, math.Sqrt2, math.Sqrt2 / 2, -0.5,
	-0.9999999999999999, -1.0000000000000002, 0.9999999999999999, 1.0000000000000002, 19.0615, 22, 1024 * math.Ln2, 1e10, -1e10}

const prec = 160

// bigExp is eˣ to about prec bits for |x| below 1000: the series for x / 2ᵏ, squared k
// times.
func bigExp(x *big.Float) *big.Float {
	if x.Sign() == 0 {
		return big.NewFloat(1).SetPrec(prec)
	}
	k := max(x.MantExp(nil)+8, 0)
	y := new(big.Float).SetPrec(prec+40).SetMantExp(x, -k)
	sum, term := new(big.Float).SetPrec(prec+40).SetInt64(1), new(big.Float).SetPrec(prec+40).SetInt64(1)
	for i := int64(1); i < 60; i++ {
		term.Mul(term, y)
		term.Quo(term, new(big.Float).SetInt64(i))
		sum.Add(sum, term)
		if term.Sign() == 0 || sum.MantExp(nil)-term.MantExp(nil) > prec+40 {
			break
		}
	}
	for range k {
		sum.Mul(sum, sum)
	}
	return sum
}

// bigLog is log x for x > 0, by Newton's method on the exponential.
func bigLog(x *big.Float) *big.Float {
	e := x.MantExp(nil)
	m := new(big.Float).SetPrec(prec).SetMantExp(x, -e)
	f, _ := m.Float64()
	y := new(big.Float).SetPrec(prec + 40).SetFloat64(math.Log(f))
	y.Add(y, new(big.Float).Mul(ln2, new(big.Float).SetPrec(prec+40).SetInt64(int64(e))))
	for range 2 {
		// y ← y + 2 (x − eʸ)/(x + eʸ) has an error of third order.
		ey := bigExp(y)
		num := new(big.Float).SetPrec(prec+40).Sub(x, ey)
		num.Quo(num, new(big.Float).SetPrec(prec+40).Add(x, ey))
		y.Add(y, num.Mul(num, big.NewFloat(2)))
	}
	return y
}

// ln2 is 2 Σ 1/((2i+1) 3^(2i+1)).
var ln2 = func() *big.Float {
	s := new(big.Float).SetPrec(prec + 60)
	p := new(big.Float).SetPrec(prec+60).Quo(big.NewFloat(2).SetPrec(prec+60), big.NewFloat(3))
	for i := int64(1); i < 300; i += 2 {
		s.Add(s, new(big.Float).SetPrec(prec+60).Quo(p, new(big.Float).SetInt64(i)))
		p.Quo(p, new(big.Float).SetInt64(9))
	}
	return s
}()

func bigOf(x float64) *big.Float { return new(big.Float).SetPrec(prec + 40).SetFloat64(x) }

func plus(a, b *big.Float) *big.Float {
	// Enough bits for 1 + e⁻⁷⁴⁵.
	return new(big.Float).SetPrec(1400).Add(a, b)
}

// series is x + c₂x²/d₂ + c₃x³/d₃ + …, for |x| < 2⁻³⁰, where the functions lose digits.
func series(x float64, c ...[2]int64) *big.Float {
	sum, power := bigOf(x), bigOf(x)
	for _, q := range c {
		power = new(big.Float).Mul(power, bigOf(x))
		term := new(big.Float).Mul(power, new(big.Float).SetInt64(q[0]))
		sum = new(big.Float).Add(sum, term.Quo(term, new(big.Float).SetInt64(q[1])))
	}
	return sum
}

func exactExpm1(x float64) *big.Float {
	if math.Abs(x) < 0x1p-30 {
		return series(x, [2]int64{1, 2}, [2]int64{1, 6}, [2]int64{1, 24}, [2]int64{1, 120})
	}
	return plus(bigExp(bigOf(x)), big.NewFloat(-1))
}

func exactLog1p(x float64) *big.Float {
	if math.Abs(x) < 0x1p-30 {
		return series(x, [2]int64{-1, 2}, [2]int64{1, 3}, [2]int64{-1, 4}, [2]int64{1, 5})
	}
	return bigLog(plus(bigOf(x), big.NewFloat(1)))
}

func exactLog(x float64) *big.Float {
	if x == 1 {
		return bigOf(0)
	}
	return bigLog(bigOf(x))
}

func exactTanh(x float64) *big.Float {
	if math.Abs(x) < 0x1p-30 {
		return series(x, [2]int64{0, 1}, [2]int64{-1, 3}, [2]int64{0, 1}, [2]int64{2, 15})
	}
	e := bigExp(bigOf(2 * x))
	return over(plus(e, big.NewFloat(-1)), plus(e, big.NewFloat(1)))
}

// bigPi is 16 atan(1/5) − 4 atan(1/239).
var bigPi = func() *big.Float {
	const prec = 400
	f := func(n int64) *big.Float { return new(big.Float).SetPrec(prec).SetInt64(n) }
	atan := func(inverse int64) *big.Float {
		sum, power := f(0), new(big.Float).Quo(f(1), f(inverse))
		for i := int64(1); i < 400; i += 2 {
			sum.Add(sum, new(big.Float).Quo(power, f(i)))
			power.Quo(power, f(-inverse*inverse))
		}
		return sum
	}
	a, b := atan(5), atan(239)
	return a.Sub(a.Mul(a, f(16)), b.Mul(b, f(4)))
}()

// exactSin is sin(x + quarter π/2), by the series after a reduction by multiples of 2π.
func exactSin(x float64, quarter int64) *big.Float {
	const prec = 400
	if quarter == 0 && math.Abs(x) < 0x1p-30 {
		return series(x, [2]int64{0, 1}, [2]int64{-1, 6}, [2]int64{0, 1}, [2]int64{1, 120})
	}
	y := new(big.Float).SetPrec(prec).SetFloat64(x)
	half := new(big.Float).SetPrec(prec).Quo(bigPi, big.NewFloat(2))
	y.Add(y, new(big.Float).SetPrec(prec).Mul(half, new(big.Float).SetInt64(quarter)))
	turns := math.Round(x / (2 * math.Pi))
	y.Sub(y, new(big.Float).SetPrec(prec).Mul(bigPi, big.NewFloat(2*turns)))
	sum, term := new(big.Float).Copy(y), new(big.Float).Copy(y)
	square := new(big.Float).Mul(y, y)
	for i := int64(2); i < 200; i += 2 {
		term.Mul(term, square)
		term.Quo(term, new(big.Float).SetInt64(-i*(i+1)))
		sum.Add(sum, term)
	}
	return sum
}

func over(a, b *big.Float) *big.Float { return new(big.Float).SetPrec(prec+40).Quo(a, b) }

// ulps is the error of got in units in the last place of the exact value.
func ulps(got float64, want *big.Float) float64 {
	rounded, _ := want.Float64()
	if math.IsInf(rounded, 0) || math.IsInf(got, 0) || math.IsNaN(got) {
		if got == rounded {
			return 0
		}
		return math.Inf(1)
	}
	diff := new(big.Float).Sub(bigOf(got), want)
	_, e := math.Frexp(rounded)
	unit := max(e-53, -1074)
	if rounded == 0 {
		unit = -1074
	}
	d, _ := diff.SetMantExp(diff, -unit).Float64()
	return math.Abs(d)
}

// A function of one variable: the exact value where it is finite, the bound on the error,
// and where to try it.
type exactCase struct {
	name   string
	f      func(dst, x []float64)
	exact  func(x float64) *big.Float // not called for NaN and infinities
	std    func(x float64) float64    // right at the edges
	bound  float64
	lo, hi float64
}

var exactCases = []exactCase{
	{"exp", Exp, func(x float64) *big.Float { return bigExp(bigOf(x)) }, exp, 2, -750, 712},
	{"expm1", Expm1, exactExpm1, expm1, 2, -60, 712},
	{"log", Log, exactLog, log, 1, 0x1p-1074, math.MaxFloat64},
	{"log1p", Log1p, exactLog1p, math.Log1p, 2, -0.9999999, 1e6},
	{"tanh", Tanh, exactTanh, tanh, 3, -25, 25},
	{"sigmoid", Sigmoid, func(x float64) *big.Float {
		return over(bigOf(1), plus(bigOf(1), bigExp(bigOf(-x))))
	}, func(x float64) float64 { return 1 / (1 + math.Exp(-x)) }, 3, -750, 60},
	{"softplus", Softplus, func(x float64) *big.Float {
		if x > 100 {
			return bigOf(x)
		}
		if x < -100 {
			return bigExp(bigOf(x)) // but for a relative e⁻¹⁰⁰
		}
		return bigLog(plus(bigOf(1), bigExp(bigOf(x))))
	}, func(x float64) float64 { return math.Log1p(math.Exp(x)) }, 3, -750, 60},
	{"sin", Sin, func(x float64) *big.Float { return exactSin(x, 0) }, math.Sin, 2, -1e6, 1e6},
	{"cos", Cos, func(x float64) *big.Float { return exactSin(x, 1) }, math.Cos, 2, -1e6, 1e6},
}

func (c exactCase) in(x float64) bool { return x >= c.lo && x <= c.hi }

// exactly compares n random points and the special ones with exact values, in place as well.
func (c exactCase) exactly(t *testing.T, n int) {
	t.Helper()
	x := c.points(n)
	for _, v := range special {
		if c.in(v) {
			x = append(x, v)
		}
	}
	worst, at := 0.0, 0.0
	y, z := make([]float64, len(x)), slices.Clone(x)
	c.f(y, x)
	c.f(z, z)
	for i, v := range x {
		if u := ulps(y[i], c.exact(v)); u > worst {
			worst, at = u, v
		}
		if math.Float64bits(y[i]) != math.Float64bits(z[i]) {
			t.Errorf("%s(%v) = %v is %v in place", c.name, v, y[i], z[i])
		}
	}
	if worst > c.bound {
		out := []float64{0}
		c.f(out, []float64{at})
		t.Errorf("%s(%v) = %v is off by %.2f ulp, allowed are %v", c.name, at, out[0], worst, c.bound)
	}
	t.Logf("%s: at most %.2f ulp, at %v", c.name, worst, at)
}

// points are random in the domain, uniform and uniform in the exponent.
func (c exactCase) points(n int) []float64 {
	r := newRand()
	var x []float64
	for len(x) < n {
		v := c.lo + (c.hi-c.lo)*r.Float64()
		if math.IsInf(v, 0) {
			v = 1
		}
		if len(x)%2 == 0 {
			v = math.Ldexp(1+r.Float64(), r.IntN(80)-70)
			if c.lo == 0x1p-1074 && len(x)%4 == 0 {
				v = math.Ldexp(1+r.Float64(), r.IntN(2090)-1070)
			}
			if r.IntN(2) == 0 {
				v = -v
			}
		}
		if len(x)%7 == 0 {
			v = 1 + math.Ldexp(r.Float64()-0.5, -r.IntN(30)) // near the zero of log
		}
		if len(x)%5 == 0 && (c.name == "sin" || c.name == "cos" || c.name == "tan") {
			v = float64(r.IntN(1<<r.IntN(20))) * (math.Pi / 2) // next to a zero
		}
		if c.in(v) {
			x = append(x, v)
		}
	}
	return x
}

func TestFunctionsExact(t *testing.T) {
	n := rounds(4000)
	eachKernels(t, func(t *testing.T) {
		for _, c := range exactCases {
			if use.sin == nil && (c.name == "sin" || c.name == "cos") {
				continue // package math
			}
			c.exactly(t, n)
		}
	})
}

// What is not a number in the ordinary sense, at each place of a vector register.
func TestFunctionsSpecial(t *testing.T) {
	eachKernels(t, func(t *testing.T) {
		for _, c := range exactCases {
			for shift := range 9 {
				x := append(make([]float64, shift), special...)
				y := make([]float64, len(x))
				c.f(y, x)
				for i, v := range x {
					want := c.std(v)
					switch {
					case c.name == "sigmoid" && v < -709 && v > -750:
						want = math.Exp(v)
					case c.name == "softplus" && v > 700:
						want = v
					}
					if math.IsNaN(want) && math.IsNaN(y[i]) {
						continue
					}
					tol := 4e-16 * math.Abs(want)
					if c.name == "softplus" && v < -30 {
						tol = 4 * 5e-16 * math.Abs(want)
					}
					tol = max(tol, 5e-324)
					if !(y[i] == want || math.Abs(y[i]-want) <= tol) {
						t.Errorf("%s(%v) = %v, want %v", c.name, v, y[i], want)
					}
					if v == 0 && want == 0 && math.Signbit(want) != math.Signbit(y[i]) {
						t.Errorf("%s(%v) = %v: wrong sign of zero", c.name, v, y[i])
					}
				}
			}
		}
	})
}

// A dense grid against package math, which is off by at most one ulp itself.
func TestFunctionsGrid(t *testing.T) {
	n := rounds(2_000_000)
	eachKernels(t, func(t *testing.T) {
		x, y := make([]float64, 1000), make([]float64, 1000)
		for _, c := range exactCases {
			if slices.Contains([]string{"tanh", "sigmoid", "softplus", "sin", "cos"}, c.name) {
				continue
			}
			lo, hi := c.lo, c.hi
			if c.name == "log" {
				lo, hi = 1e-3, 1e3
			}
			for at := 0; at < n; at += len(x) {
				for i := range x {
					x[i] = lo + (hi-lo)*(float64(at+i)+0.37)/float64(n)
				}
				c.f(y, x)
				for i, v := range x {
					want := c.std(v)
					if math.Abs(y[i]-want) > (c.bound+1)*(math.Nextafter(math.Abs(want), math.Inf(1))-math.Abs(want)) {
						t.Fatalf("%s(%v) = %v, want %v", c.name, v, y[i], want)
					}
				}
			}
		}
	})
}
