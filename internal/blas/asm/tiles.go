package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// The fields of tile, by offset.
const (
	tileA, tileB, tileC                = 0, 24, 48
	tileK                              = 72
	tileRsa, tileCsa, tileRsb, tileLdc = 80, 88, 96, 104
	tileAlpha, tileBeta                = 112, 120
	tileN                              = 136
)

// tiles emits the kernels of Gemm for each number of rows and of vectors in a row.
func tiles(k *isa) {
	for v := 1; v <= 3; v++ {
		for m := 1; m <= k.lanes(); m++ {
			tile(k, m, v)
		}
	}
}

// tile is the kernel for m rows and v vectors. The sums stay in registers; each step
// loads a row of B and multiplies it by the entries of a column of A. With AVX-512 the
// last vector of B is read through the mask of the columns; with AVX2 B has full panels.
func tile(k *isa, m, v int) {
	text(fmt.Sprintf("tile%dx%d%s", m, v, k.name), "func(t *tile)")
	t := Load(Param("t"), GP64())
	get := func(at int) reg.GPVirtual {
		r := GP64()
		MOVQ(field(t, at), r)
		return r
	}
	a, b, n := get(tileA), get(tileB), get(tileK)
	csa, rsb := get(tileCsa), get(tileRsb)
	SHLQ(Imm(3), csa)
	SHLQ(Imm(3), rsb)
	row := rowsOf(m, a, get(tileRsa))

	var last *mask
	if k.avx512 {
		last = k.columns(get(tileN), v)
	}
	sums := make([][]vec, m)
	for i := range sums {
		for range v {
			z := k.vec()
			VXORPD(z, z, z)
			sums[i] = append(sums[i], z)
		}
	}
	loop, end := newLabel("loop"), newLabel("end")
	TESTQ(n, n)
	JZ(LabelRef(end))
	Label(loop)
	var bs []vec
	for j := range v {
		at := Mem{Base: b, Disp: 8 * k.lanes() * j}
		if j == v-1 {
			bs = append(bs, k.load(at, last))
		} else {
			bs = append(bs, k.load(at, nil))
		}
	}
	for i := range m {
		if k.avx512 && v == 1 {
			VFMADD231PD_BCST(row[i], bs[0], sums[i][0])
			continue
		}
		x := k.vec()
		VBROADCASTSD(row[i], x)
		for j := range v {
			VFMADD231PD(x, bs[j], sums[i][j])
		}
	}
	ADDQ(csa, a)
	ADDQ(rsb, b)
	DECQ(n)
	JNZ(LabelRef(loop))
	Label(end)

	// C ← alpha AB + beta C.
	if !k.avx512 {
		last = k.columns(get(tileN), v)
	}
	alpha := k.vec()
	VBROADCASTSD(field(t, tileAlpha), alpha)
	for i := range m {
		for j := range v {
			VMULPD(alpha, sums[i][j], sums[i][j])
		}
	}
	ldc := get(tileLdc)
	SHLQ(Imm(3), ldc)
	only := newLabel("only")
	skipIfZero(field(t, tileBeta), only)
	beta := k.vec()
	VBROADCASTSD(field(t, tileBeta), beta)
	k.eachOfC(get(tileC), ldc, m, v, last, func(i, j int, at Mem, tail *mask) {
		if tail == nil {
			VFMADD231PD(at, beta, sums[i][j])
		} else {
			VFMADD231PD(k.load(at, tail), beta, sums[i][j])
		}
	})
	Label(only)
	k.eachOfC(get(tileC), ldc, m, v, last, func(i, j int, at Mem, tail *mask) {
		k.store(sums[i][j], at, tail)
	})
	k.done()
}

// eachOfC walks over the vectors of C; the last of each row has a mask.
func (k *isa) eachOfC(c, ldc reg.GPVirtual, m, v int, last *mask, f func(i, j int, at Mem, tail *mask)) {
	for i := range m {
		for j := range v {
			tail := last
			if j < v-1 {
				tail = nil
			}
			f(i, j, Mem{Base: c, Disp: 8 * k.lanes() * j}, tail)
		}
		if i < m-1 {
			ADDQ(ldc, c)
		}
	}
}

// columns is the mask of the last of v vectors that hold n columns.
func (k *isa) columns(n reg.GPVirtual, v int) *mask {
	SUBQ(Imm(uint64(k.lanes()*(v-1))), n)
	return k.tail(n)
}

// rowsOf are the places of the entries of a column of A at the pointer a, with the
// distance rs in entries: up to eight with four registers.
func rowsOf(m int, a, rs reg.GPVirtual) []Mem {
	SHLQ(Imm(3), rs)
	mems := []Mem{{Base: a}}
	if m > 1 {
		mems = append(mems, Mem{Base: a, Index: rs, Scale: 1})
	}
	if m > 2 {
		mems = append(mems, Mem{Base: a, Index: rs, Scale: 2})
	}
	var rs3 reg.GPVirtual
	if m > 3 {
		rs3 = GP64()
		LEAQ(Mem{Base: rs, Index: rs, Scale: 2}, rs3)
		mems = append(mems, Mem{Base: a, Index: rs3, Scale: 1})
	}
	if m > 4 {
		mems = append(mems, Mem{Base: a, Index: rs, Scale: 4})
	}
	if m > 5 {
		rs5 := GP64()
		LEAQ(Mem{Base: rs, Index: rs, Scale: 4}, rs5)
		mems = append(mems, Mem{Base: a, Index: rs5, Scale: 1})
	}
	if m > 6 {
		mems = append(mems, Mem{Base: a, Index: rs3, Scale: 2})
	}
	if m > 7 {
		rs7 := GP64()
		LEAQ(Mem{Base: rs3, Index: rs, Scale: 4}, rs7)
		mems = append(mems, Mem{Base: a, Index: rs7, Scale: 1})
	}
	return mems
}
