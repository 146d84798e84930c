package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// triMax is the order up to which package blas solves with these kernels, and the leading
// dimension of the triangle.
const triMax = 64

// solves emits the solution with a small lower triangle in registers: lanes rows of v
// vectors each.
func solves(k *isa) {
	for v := 1; v <= 3; v++ {
		text(fmt.Sprintf("solve%d%s", v, k.name), "func(x, t, inverse []float64)")
		x := Load(Param("x").Base(), GP64())
		t := Load(Param("t").Base(), GP64())
		inverse := Load(Param("inverse").Base(), GP64())
		width := 3 * k.lanes()
		at := func(i, j int) Mem { return Mem{Base: x, Disp: 8 * (i*width + j*k.lanes())} }
		rows := make([][]vec, k.lanes())
		for i := range rows {
			for j := range v {
				rows[i] = append(rows[i], k.load(at(i, j), nil))
			}
		}
		for i := range rows {
			f := k.vec()
			VBROADCASTSD(Mem{Base: inverse, Disp: 8 * i}, f)
			for j := range v {
				VMULPD(f, rows[i][j], rows[i][j])
				k.store(rows[i][j], at(i, j), nil)
			}
			for below := i + 1; below < len(rows); below++ {
				f := k.vec()
				VBROADCASTSD(Mem{Base: t, Disp: 8 * (below*triMax + i)}, f)
				for j := range v {
					VFNMADD231PD(f, rows[i][j], rows[below][j])
				}
			}
		}
		k.done()
	}
}

// firstAbs is the least index i with |x[i]| = v, or the length.
func firstAbs(k *isa) {
	text("firstAbs"+k.name, "func(x []float64, v float64) int")
	base := Load(Param("x").Base(), GP64()).(reg.GPVirtual)
	n := Load(Param("x").Len(), GP64()).(reg.GPVirtual)
	v := k.broadcast("v")
	result, i, found := GP64(), GP64(), GP64()
	XORQ(i, i)
	loop, short, hit, next, done := newLabel("loop"), newLabel("short"), newLabel("hit"), newLabel("next"), newLabel("done")
	compare := func(x vec) {
		if k.avx512 {
			m := K()
			VCMPPD(Imm(eq), v, k.abs(x), m)
			KMOVB(m, found.As32())
		} else {
			m := k.vec()
			VCMPPD(Imm(eq), v, k.abs(x), m)
			VMOVMSKPD(m, found.As32())
		}
	}
	MOVQ(n, result)
	Label(loop)
	left := GP64()
	MOVQ(n, left)
	SUBQ(i, left)
	CMPQ(left, Imm(uint64(k.lanes())))
	JLT(LabelRef(short))
	compare(k.load(k.at(base, i, 0), nil))
	Label(hit)
	TESTL(found.As32(), found.As32())
	JZ(LabelRef(next))
	TZCNTL(found.As32(), found.As32())
	LEAQ(Mem{Base: i, Index: found, Scale: 1}, result)
	// A zero that stands for an entry past the end does not count.
	CMPQ(result, n)
	CMOVQGT(n, result)
	JMP(LabelRef(done))
	Label(next)
	ADDQ(Imm(uint64(k.lanes())), i)
	JMP(LabelRef(loop))
	Label(short)
	TESTQ(left, left)
	JLE(LabelRef(done))
	compare(k.load(k.at(base, i, 0), k.tail(left)))
	JMP(LabelRef(hit))
	Label(done)
	Store(result, ReturnIndex(0))
	k.done()
}
