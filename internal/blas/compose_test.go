package blas

import (
	"math"
	"math/big"
	"testing"
)

func halved(x *big.Float) *big.Float { return over(x, bigOf(2)) }

func minus(a, b *big.Float) *big.Float { return plus(a, new(big.Float).Neg(b)) }

// root is √(x² + d).
func root(x, d float64) *big.Float {
	s := plus(new(big.Float).SetPrec(1400).Mul(bigOf(x), bigOf(x)), bigOf(d))
	return new(big.Float).SetPrec(1400).Sqrt(s)
}

func exactAsinh(x float64) *big.Float {
	if math.Abs(x) < 0x1p-30 {
		return series(x, [2]int64{0, 1}, [2]int64{-1, 6}, [2]int64{0, 1}, [2]int64{3, 40})
	}
	y := bigLog(plus(bigOf(math.Abs(x)), root(x, 1)))
	if x < 0 {
		y.Neg(y)
	}
	return y
}

var composedCases = []exactCase{
	{"sinh", Sinh, func(x float64) *big.Float {
		if math.Abs(x) < 0x1p-30 {
			return series(x, [2]int64{0, 1}, [2]int64{1, 6}, [2]int64{0, 1}, [2]int64{1, 120})
		}
		return halved(minus(bigExp(bigOf(x)), bigExp(bigOf(-x))))
	}, math.Sinh, 3, -712, 712},
	{"cosh", Cosh, func(x float64) *big.Float { return halved(plus(bigExp(bigOf(x)), bigExp(bigOf(-x)))) }, math.Cosh, 3, -712, 712},
	{"tan", Tan, func(x float64) *big.Float { return over(exactSin(x, 0), exactSin(x, 1)) }, math.Tan, 4, -1e6, 1e6},
	{"asinh", Asinh, exactAsinh, math.Asinh, 3, -1e300, 1e300},
	{"acosh", Acosh, func(x float64) *big.Float {
		if x == 1 {
			return bigOf(0)
		}
		return bigLog(plus(bigOf(x), root(x, -1)))
	}, math.Acosh, 3, 1, 1e300},
	{"atanh", Atanh, func(x float64) *big.Float {
		if math.Abs(x) < 0x1p-30 {
			return series(x, [2]int64{0, 1}, [2]int64{1, 3}, [2]int64{0, 1}, [2]int64{1, 5})
		}
		return halved(bigLog(over(plus(bigOf(1), bigOf(x)), minus(bigOf(1), bigOf(x)))))
	}, math.Atanh, 3, -0.9999999999999999, 0.9999999999999999},
	{"log2", Log2, func(x float64) *big.Float { return over(exactLog(x), ln2) }, math.Log2, 2, 0x1p-1074, math.MaxFloat64},
	{"log10", Log10, func(x float64) *big.Float { return over(exactLog(x), bigLog(bigOf(10))) }, math.Log10, 2, 0x1p-1074, math.MaxFloat64},
}

func TestComposedExact(t *testing.T) {
	n := rounds(4000)
	eachKernels(t, func(t *testing.T) {
		for _, c := range composedCases {
			if use.sin == nil && c.name[:3] != "log" {
				continue // package math
			}
			c.exactly(t, n)
		}
	})
}

// At the edges they are what package math has.
func TestComposedSpecial(t *testing.T) {
	eachKernels(t, func(t *testing.T) {
		for _, c := range composedCases {
			for shift := range 9 {
				x := append(make([]float64, shift), special...)
				for k := range 300 {
					x = append(x, math.Ldexp(1, k-150))
				}
				for k := range 23 {
					x = append(x, math.Pow10(k))
				}
				y := make([]float64, len(x))
				c.f(y, x)
				for i, v := range x {
					want := c.std(v)
					if c.name[:3] == "log" && v > 0 && v <= math.MaxFloat64 && v != 1 {
						want, _ = c.exact(v).Float64() // package math is not so exact
					}
					if c.name == "log10" && v >= 1 && v <= 1e22 && v == math.Pow10(int(math.Round(want))) {
						want = math.Round(want)
						if y[i] != want {
							t.Errorf("log10(%v) = %v", v, y[i])
						}
					}
					if c.name == "log2" && want == math.Round(want) && v == math.Ldexp(1, int(want)) && y[i] != want {
						t.Errorf("log2(%v) = %v", v, y[i])
					}
					switch {
					case math.IsNaN(want) && math.IsNaN(y[i]):
					case y[i] == want && math.Signbit(y[i]) == math.Signbit(want):
					case math.Abs(y[i]-want) <= max(2e-15*math.Abs(want), 1e-323) && v != 0:
					default:
						t.Errorf("%s(%v) = %v, want %v", c.name, v, y[i], want)
					}
				}
			}
		}
	})
}
