package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// The fields of rows, by offset.
const (
	rowsA, rowsX, rowsY   = 0, 24, 48
	rowsM, rowsN, rowsLda = 72, 80, 88
	rowsAlpha, rowsBeta   = 96, 104
	rowsAtOnce            = 4
)

func field(base Register, at int) Mem { return Mem{Base: base, Disp: at} }

type Register = reg.Register

func rowKernels(k *isa) {
	addRows(k)
	dotRows(k)
}

// rowSet is a walk over the rows of A, four at a time and then one at a time.
type rowSet struct {
	k         *isa
	p         reg.Register
	a, x, y   reg.GPVirtual
	m, n, lda reg.GPVirtual // lda in bytes
	lda3      reg.GPVirtual
}

func newRowSet(k *isa, name string) *rowSet {
	text(name+k.name, "func(p *rows)")
	s := &rowSet{k: k, p: Load(Param("p"), GP64())}
	get := func(at int) reg.GPVirtual {
		r := GP64()
		MOVQ(field(s.p, at), r)
		return r
	}
	s.a, s.x, s.y, s.m, s.n, s.lda = get(rowsA), get(rowsX), get(rowsY), get(rowsM), get(rowsN), get(rowsLda)
	SHLQ(Imm(3), s.lda)
	s.lda3 = GP64()
	LEAQ(Mem{Base: s.lda, Index: s.lda, Scale: 2}, s.lda3)
	return s
}

// each emits body for four rows, then for one; body advances nothing.
func (s *rowSet) each(body func(rows int)) {
	for _, rows := range []int{rowsAtOnce, 1} {
		top, end := newLabel("rows"), newLabel("norows")
		Label(top)
		CMPQ(s.m, Imm(uint64(rows)))
		JLT(LabelRef(end))
		body(rows)
		if rows == 1 {
			ADDQ(s.lda, s.a)
		} else {
			LEAQ(Mem{Base: s.a, Index: s.lda, Scale: 4}, s.a)
		}
		SUBQ(Imm(uint64(rows)), s.m)
		JMP(LabelRef(top))
		Label(end)
	}
	s.k.done()
}

// pointers are the rows at the current place.
func (s *rowSet) pointers(rows int) []reg.GPVirtual {
	r := []reg.GPVirtual{s.a}
	for q := 1; q < rows; q++ {
		p := GP64()
		if q < 3 {
			LEAQ(Mem{Base: s.a, Index: s.lda, Scale: uint8(q)}, p)
		} else {
			LEAQ(Mem{Base: s.a, Index: s.lda3, Scale: 1}, p)
		}
		r = append(r, p)
	}
	return r
}

// addRows adds alpha x[i] times row i to y.
func addRows(k *isa) {
	s := newRowSet(k, "addRows")
	alpha := XMM()
	MOVSD(field(s.p, rowsAlpha), alpha)
	s.each(func(rows int) {
		var f []vec
		for q := range rows {
			x, v := XMM(), k.vec()
			VMULSD(field(s.x, 8*q), alpha, x)
			VBROADCASTSD(x, v)
			f = append(f, v)
		}
		ADDQ(Imm(uint64(8*rows)), s.x)
		at := s.pointers(rows)
		k.loop(s.n, 2, func(i reg.GPVirtual, v int, tail *mask) {
			y := k.load(k.at(s.y, i, v), tail)
			for q := range rows {
				if tail == nil {
					VFMADD231PD(k.at(at[q], i, v), f[q], y)
				} else {
					VFMADD231PD(k.load(k.at(at[q], i, v), tail), f[q], y)
				}
			}
			k.store(y, k.at(s.y, i, v), tail)
		})
	})
}

// dotRows sets y[i] to alpha times row i times x, plus beta y[i] unless beta is zero.
func dotRows(k *isa) {
	s := newRowSet(k, "dotRows")
	s.each(func(rows int) {
		at := s.pointers(rows)
		sums := make([][2]vec, rows)
		for q := range sums {
			sums[q] = [2]vec{k.constant(0), k.constant(0)}
		}
		k.loop(s.n, 2, func(i reg.GPVirtual, v int, tail *mask) {
			x := k.load(k.at(s.x, i, v), tail)
			for q := range rows {
				if tail == nil {
					VFMADD231PD(k.at(at[q], i, v), x, sums[q][v])
				} else {
					VFMADD231PD(k.load(k.at(at[q], i, v), tail), x, sums[q][v])
				}
			}
		})
		narrow := &isa{name: "AVX2"}
		var half []vec // four lanes each
		for q := range rows {
			sum := k.add(sums[q][0], sums[q][1])
			if k.avx512 {
				high := YMM()
				VEXTRACTF64X4(Imm(1), sum, high)
				sum = narrow.add(sum.AsY().(vec), high)
			}
			half = append(half, sum)
		}
		store := newLabel("store")
		if rows == 1 {
			sum := narrow.across(half[0], func(k *isa, a, b vec) vec { return k.add(a, b) }).AsX()
			VMULSD(field(s.p, rowsAlpha), sum, sum)
			s.skipIfBetaZero(store)
			beta := XMM()
			MOVSD(field(s.p, rowsBeta), beta)
			VFMADD231SD(field(s.y, 0), beta, sum)
			Label(store)
			VMOVSD(sum, field(s.y, 0))
		} else {
			// [a0+a1 b0+b1 a2+a3 b2+b3] and the same of c and d; then the halves.
			ab, cd, low, high := YMM(), YMM(), YMM(), YMM()
			VHADDPD(half[1], half[0], ab)
			VHADDPD(half[3], half[2], cd)
			VPERM2F128(Imm(0x20), cd, ab, low)
			VPERM2F128(Imm(0x31), cd, ab, high)
			sum := narrow.add(low, high)
			f := YMM()
			VBROADCASTSD(field(s.p, rowsAlpha), f)
			VMULPD(f, sum, sum)
			s.skipIfBetaZero(store)
			VBROADCASTSD(field(s.p, rowsBeta), f)
			VFMADD231PD(field(s.y, 0), f, sum)
			Label(store)
			VMOVUPD(sum, field(s.y, 0))
		}
		ADDQ(Imm(uint64(8*rows)), s.y)
	})
}

// skipIfBetaZero jumps if beta is 0 or −0.
func (s *rowSet) skipIfBetaZero(label string) { skipIfZero(field(s.p, rowsBeta), label) }

func skipIfZero(m Mem, label string) {
	b := GP64()
	MOVQ(m, b)
	ADDQ(b, b)
	JZ(LabelRef(label))
}
