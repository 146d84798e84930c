package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// π/2 in three parts and its reciprocal.
const (
	halfPi1   = 0x1.921fb54442d18p+0
	halfPi2   = 0x1.1a62633145c07p-54
	halfPi3   = -0x1.f1976b7ed8fbcp-110
	twoOverPi = 0x1.45f306dc9c883p-1
)

// trigLimit is the largest argument that three parts of π/2 reduce without loss.
const trigLimit = 1e6 // as in package blas

// sinQ and cosQ are the coefficients of S and C in sin r = r + r³ S(r²) and
// cos r = 1 − ½r² + r⁴ C(r²) for |r| ≤ π/4, with errors below 2⁻⁵⁸ and 2⁻⁶⁴ (Remez).
var (
	sinQ = []float64{
		-0x1.5555555555549p-3, 0x1.111111110f885p-7, -0x1.a01a019c12d4ap-13,
		0x1.71de3578b1086p-19, -0x1.ae5e66f2a824ep-26, 0x1.5d9333ebd2309p-33,
	}
	cosQ = []float64{
		0x1.555555555554cp-5, -0x1.6c16c16c151b8p-10, 0x1.a01a019cb6b82p-16,
		-0x1.27e4f80d2d070p-22, 0x1.1ee9edecd65a9p-29, -0x1.8faf94370077ep-37,
	}
)

// trig emits sine and cosine. They stop before a vector with an entry above the limit and
// return how many entries are done.
func trig(k *isa) {
	for quarter, name := range []string{"sin", "cos"} {
		text(name+k.name, "func(dst, x []float64) int")
		dst := Load(Param("dst").Base(), GP64()).(reg.GPVirtual)
		base := Load(Param("x").Base(), GP64()).(reg.GPVirtual)
		n := Load(Param("x").Len(), GP64()).(reg.GPVirtual)
		done, stop := GP64(), newLabel("stop")
		k.hold(append(append([]float64{twoOverPi, magic, halfPi1, halfPi2, halfPi3, 0.5, 1, trigLimit}, sinQ...), cosQ...))
		k.loop(n, 1, func(i reg.GPVirtual, v int, tail *mask) {
			MOVQ(i, done)
			x := k.load(k.at(base, i, v), tail)
			k.jumpIfAny(k.abs(x), notLessEqual, k.c(trigLimit), stop)
			k.store(k.wave(x, quarter), k.at(dst, i, v), tail)
		})
		MOVQ(n, done)
		Label(stop)
		Store(done, ReturnIndex(0))
		k.done()
	}
}

const notLessEqual = 0x16 // true for NaN

// jumpIfAny jumps if a compares to b in some lane.
func (k *isa) jumpIfAny(a vec, cmp int, b op, label string) {
	if k.avx512 {
		m := K()
		VCMPPD(Imm(uint64(cmp)), b, a, m)
		KORTESTB(m, m)
	} else {
		m, bits := k.vec(), GP32()
		VCMPPD(Imm(uint64(cmp)), b, a, m)
		VMOVMSKPD(m, bits)
		TESTL(bits, bits)
	}
	JNZ(LabelRef(label))
}

// wave is sin(x + quarter π/2).
func (k *isa) wave(x vec, quarter int) vec {
	bits := k.fma(x, k.constant(twoOverPi), k.c(magic))
	n := k.sub(bits, k.c(magic))
	r := k.nfmab(n, k.c(halfPi1), x)
	r = k.nfmab(n, k.c(halfPi2), r)
	r = k.nfmab(n, k.c(halfPi3), r)
	z := k.mul(r, r)
	s := k.fma(k.mul(r, z), k.poly(z, sinQ...), r)
	// 1 − ½z, and what its rounding lost.
	half := k.mul(z, k.c(0.5))
	w := k.sub(k.constant(1), half)
	lost := k.sub(k.sub(k.constant(1), w), half)
	c := k.add(w, k.fma(k.mul(z, z), k.poly(z, cosQ...), lost))

	// With n = 4q + p: sine or cosine by the lowest bit of p, the sign by the other.
	if quarter == 1 {
		VPADDQ(k.bits(1), bits, bits)
	}
	odd, sign := k.vec(), k.vec()
	VPSLLQ(Imm(63), bits, odd)
	VPSLLQ(Imm(62), bits, sign)
	y := k.vec()
	if k.avx512 {
		m := K()
		VPMOVQ2M(odd, m)
		VBLENDMPD(c, s, m, y)
	} else {
		VBLENDVPD(odd, c, s, y)
	}
	y = k.xor(y, k.and(sign, k.bits(1<<63)))
	if quarter == 0 {
		y = k.where(x, eq, k.c(0), x, y) // keeps −0
	}
	return y
}
