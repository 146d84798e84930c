package main

import (
	"math"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

var negInf, posInf, nan = math.Inf(-1), math.Inf(1), math.NaN()

// magic added to a number below 2⁵¹ in absolute value rounds it to an integer, which then
// stands in the low bits of the sum.
const magic = 0x1.8p52

// ln 2 in two parts, the first rounded to nearest.
const (
	ln2Hi = 0x1.62e42fefa39efp-1
	ln2Lo = 0x1.abc9e3b39803fp-56
)

// expQ are the coefficients of Q in eʳ = 1 + r + r² Q(r) for |r| ≤ ½ ln 2, with a relative
// error below 2⁻⁶⁴, and logQ those of R in log((1+s)/(1−s)) = 2s + s³ R(s²) for
// 1/√2 ≤ (1+s)/(1−s) ≤ √2, log2Q those for 1 ≤ (1+s)/(1−s) ≤ 2, both below 2⁻⁵⁹: minimax
// polynomials by the algorithm of Remez.
var (
	expQ = []float64{
		0x1p-1, 0x1.555555555555bp-3, 0x1.5555555555503p-5, 0x1.111111110ec5dp-7,
		0x1.6c16c16c3048ep-10, 0x1.a01a01b37e34fp-13, 0x1.a01a01368ece6p-16,
		0x1.71ddf020d45a0p-19, 0x1.27e5b447b7c50p-22, 0x1.af6be7db3dbd2p-26,
		0x1.1e3d2ae1ba11ep-29,
	}
	logQ = []float64{
		0x1.5555555555592p-1, 0x1.999999997fd9fp-2, 0x1.24924941f3267p-2,
		0x1.c71c5207555d7p-3, 0x1.74663f64ab7c3p-3, 0x1.39a1aca3a74d2p-3,
		0x1.2f05ff79e5777p-3,
	}
	log2Q = []float64{
		0x1.5555555555535p-1, 0x1.99999999a081dp-2, 0x1.2492492086257p-2,
		0x1.c71c741f59037p-3, 0x1.745cb39f0ea05p-3, 0x1.3b1de3101d0ecp-3,
		0x1.106767354b887p-3, 0x1.efddb98d21e01p-4, 0x1.559ae83cc3e6ep-4,
		0x1.5c8c0817dbcc2p-3,
	}
)

// expHeld and logHeld are the constants of exp and log.
var (
	expHeld = append([]float64{math.Log2E, magic, ln2Hi, ln2Lo, 1}, expQ...)
	logHeld = append([]float64{logLn2Hi, logLn2Lo, 0.5, 1, 2, math.Sqrt2}, logQ...)
)

// reduce writes x = n ln 2 + r with an integer n and gives n, also as the low bits of
// magic + n, and eʳ − 1. x is at most about 1100 in absolute value, or NaN.
func (k *isa) reduce(x vec) (n, bits, em1 vec) {
	bits = k.fma(x, k.constant(math.Log2E), k.c(magic))
	n = k.sub(bits, k.c(magic))
	r := k.nfmab(n, k.c(ln2Hi), x)
	r = k.nfmab(n, k.c(ln2Lo), r)
	q := k.poly(r, expQ...)
	return n, bits, k.fma(k.mul(r, r), q, r)
}

// power is 2ⁿ for −1022 ≤ n ≤ 1023, given magic + n.
func (k *isa) power(bits vec) vec {
	r := k.vec()
	VPSLLQ(Imm(52), bits, r)
	VPADDQ(k.c(1), r, r)
	return r
}

// exp is eˣ for −746 ≤ x ≤ 710, or NaN.
func (k *isa) exp(x vec) vec {
	n, _, y := k.reduce(x)
	y = k.add(y, k.c(1))
	if k.avx512 {
		r := k.vec()
		VSCALEFPD(n, y, r)
		return r
	}
	// Two factors of about half the exponent, so that neither overflows and the result
	// is rounded once where it is denormal.
	half := k.fma(n, k.constant(0.5), k.c(magic))
	h := k.sub(half, k.c(magic))
	rest := k.add(k.sub(n, h), k.c(magic))
	return k.mul(k.mul(y, k.power(half)), k.power(rest))
}

// log is log x + c, where c is a small correction, or nil.
func (k *isa) log(x vec, c vec) vec {
	e, m := k.split(x)
	f := k.sub(m, k.c(1))
	half, small := k.logOf1(f, logQ)
	if c != nil {
		small = k.add(small, c)
	}
	small = k.fmab(e, k.c(logLn2Lo), small)
	y := k.sub(k.sub(half, small), f)
	y = k.sub(k.mul(e, k.c(logLn2Hi)), y)
	if k.avx512 {
		return y // the exponents of 0, ∞ and NaN and the mantissa of x < 0 do the rest
	}
	y = k.where(x, notLess, k.c(posInf), x, y)
	y = k.where(x, lt, k.c(0), k.c(nan), y)
	return k.where(x, eq, k.c(0), k.c(negInf), y)
}

// logOf1 gives half and small with log(1 + f) = f − (half − small), by a polynomial in
// (f/(2+f))².
func (k *isa) logOf1(f vec, q []float64) (half, small vec) {
	s := k.div(f, k.add(f, k.c(2)))
	z := k.mul(s, s)
	half = k.mul(k.mul(f, f), k.c(0.5))
	return half, k.mul(s, k.fma(z, k.poly(z, q...), half))
}

// ln 2 in two parts, of which the first has so few bits that its product with an exponent
// is exact.
const (
	logLn2Hi = 0x1.62e42feep-1
	logLn2Lo = 0x1.a39ef35793c76p-33
)

// split writes x = 2ᵉ m with 1/√2 ≤ m < √2.
func (k *isa) split(x vec) (e, m vec) {
	if k.avx512 {
		e, m = k.vec(), k.vec()
		VGETEXPPD(x, e)
		VGETMANTPD(Imm(0b1100), x, m) // in [1, 2), NaN for x < 0
		above := K()
		VCMPPD(Imm(gt), k.c(math.Sqrt2), m, above)
		VMULPD(k.c(0.5), m, above, m)
		VADDPD(k.c(1), e, above, e)
		return e, m
	}
	// A denormal number is scaled first.
	scaled := k.where(x, lt, k.c(0x1p-1022), k.mul(x, k.c(0x1p54)), x)
	less := k.whereElseZero(x, lt, k.c(0x1p-1022), k.constant(54))
	e, m = k.vec(), k.vec()
	const one, root = 0x3ff0000000000000, 0x3fe6a09e667f3bcd
	VPADDQ(k.bits(one-root), scaled, e)
	VPSRLQ(Imm(52), e, e) // e + 1023
	VPSLLQ(Imm(52), e, m)
	VPSUBQ(m, scaled, m)
	VPADDQ(k.bits(one), m, m)
	VPOR(k.c(0x1p52), e, e)
	e = k.sub(e, k.c(0x1p52+1023))
	return k.sub(e, less), m
}

// log1p is log(1 + x) for x > −1: the logarithm of the rounded sum, corrected for what
// the rounding lost.
func (k *isa) log1p(x vec) vec {
	u := k.add(x, k.c(1))
	lost := k.sub(x, k.sub(u, k.c(1)))
	c := k.div(lost, u)
	return k.log(u, k.whereElseZero(c, ordered, c, c)) // 0 where u is 0 or ∞
}

// functions are those that need a polynomial.
func functions(k *isa) {
	const one = "func(dst, x []float64)"
	unary := func(name string, constants, hold []float64, f func(k *isa, x, s []vec) vec) {
		elementwise{name, one, "dst", []string{"x"}, nil, 1, constants, hold, f}.emit(k)
	}
	unary("exp", []float64{710, -746}, expHeld, func(k *isa, x, s []vec) vec {
		return k.exp(k.max(s[1], k.min(s[0], x[0])))
	})
	unary("expm1", []float64{710, -40}, append([]float64{0.5, 0x1p-54}, expHeld...), func(k *isa, x, s []vec) vec {
		_, bits, em1 := k.reduce(k.max(s[1], k.min(s[0], x[0])))
		// 2ⁿ⁻¹, since 2¹⁰²⁴ is too large.
		VPSUBQ(k.bits(1), bits, bits)
		p := k.power(bits)
		y := k.fma(em1, p, k.sub(p, k.c(0.5)))
		y = k.add(y, y)
		return k.where(k.abs(x[0]), lt, k.c(0x1p-54), x[0], y)
	})
	unary("log", nil, logHeld, func(k *isa, x, _ []vec) vec { return k.log(x[0], nil) })
	unary("log1p", nil, logHeld, func(k *isa, x, _ []vec) vec {
		return k.where(x[0], eq, k.c(0), x[0], k.log1p(x[0])) // keeps −0
	})
	unary("tanh", []float64{22}, append([]float64{2}, expHeld...), func(k *isa, x, s []vec) vec {
		a := k.min(s[0], k.abs(x[0]))
		_, bits, em1 := k.reduce(k.add(a, a))
		p := k.power(bits)
		t := k.fma(em1, p, k.sub(p, k.c(1)))
		y := k.div(t, k.add(t, k.c(2)))
		return k.or(y, k.and(x[0], k.bits(1<<63)))
	})
	unary("sigmoid", []float64{-746, 1}, expHeld, func(k *isa, x, s []vec) vec {
		e := k.exp(k.max(s[0], k.or(x[0], k.bits(1<<63))))
		over := k.where(x[0], lt, k.c(0), e, s[1])
		return k.div(over, k.add(e, k.c(1)))
	})
	unary("softplus", []float64{-746, 0}, append(expHeld, log2Q...), func(k *isa, x, s []vec) vec {
		e := k.exp(k.max(s[0], k.or(x[0], k.bits(1<<63))))
		half, small := k.logOf1(e, log2Q)
		return k.add(k.max(s[1], x[0]), k.sub(e, k.sub(half, small)))
	})
	expShift(k)
}

// expShift is exp with a shift and the sum of the results.
func expShift(k *isa) {
	text("expShift"+k.name, "func(dst, x []float64, shift float64) float64")
	dst := Load(Param("dst").Base(), GP64()).(reg.GPVirtual)
	base := Load(Param("x").Base(), GP64()).(reg.GPVirtual)
	n := Load(Param("x").Len(), GP64()).(reg.GPVirtual)
	shift := k.broadcast("shift")
	top, bottom := k.constant(710), k.constant(-746)
	sum, zero := k.constant(0), k.constant(0)
	k.hold(expHeld)
	k.loop(n, 1, func(i reg.GPVirtual, v int, tail *mask) {
		x := k.sub(k.load(k.at(base, i, v), tail), shift)
		y := k.exp(k.max(bottom, k.min(top, x)))
		k.store(y, k.at(dst, i, v), tail)
		VADDPD(k.keep(y, zero, tail), sum, sum)
	})
	sum = k.across(sum, func(k *isa, a, b vec) vec { return k.add(a, b) })
	Store(sum.AsX(), ReturnIndex(0))
	k.done()
}
