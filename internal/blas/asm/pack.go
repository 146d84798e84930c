package main

import (
	"fmt"
	"math"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// packing emits what copies blocks of matrices: with rows kept, into panels of one vector
// for A and of three for B, and transposed, for both and for Transpose.
func packing(k *isa) {
	panels(k, 1)
	panels(k, 3)
	strip(k)
	copyRows(k)
}

// panels copies rows of src to panels of v vectors: entry (q, j·v·lanes + i) goes to
// dst[j·jump + q·v·lanes + i], times scale[q] unless scale is empty. The last panel is
// filled up with zeros.
func panels(k *isa, v int) {
	text(fmt.Sprintf("panels%d%s", v, k.name), "func(dst []float64, jump int, src []float64, ld, rows, cols int, scale []float64)")
	get := func(name string) reg.GPVirtual { return Load(Param(name), GP64()).(reg.GPVirtual) }
	dst := Load(Param("dst").Base(), GP64()).(reg.GPVirtual)
	src := Load(Param("src").Base(), GP64()).(reg.GPVirtual)
	jump, ld, rows, cols := get("jump"), get("ld"), get("rows"), get("cols")
	SHLQ(Imm(3), jump)
	SHLQ(Imm(3), ld)
	width := v * k.lanes()

	// Without factors, one is read again and again.
	scale, given, one := GP64(), GP64(), GP64()
	Load(Param("scale").Base(), scale)
	Load(Param("scale").Len(), given)
	LEAQ(memory(math.Float64bits(1)), one)
	TESTQ(given, given)
	CMOVQEQ(one, scale)
	step, none := GP64(), GP64()
	MOVQ(I32(8), step)
	XORQ(none, none)
	TESTQ(given, given)
	CMOVQEQ(none, step)

	row, panel, next, last, end := newLabel("row"), newLabel("panel"), newLabel("next"), newLabel("last"), newLabel("end")
	from, to, left := GP64(), GP64(), GP64()
	// The masks of the vectors of the last panel, the same for each row.
	masks := make([]*mask, v)
	rest := GP64()
	MOVQ(cols, rest)
	full := newLabel("full")
	Label(full)
	CMPQ(rest, Imm(uint64(width)))
	cut := newLabel("cut")
	JLT(LabelRef(cut))
	SUBQ(Imm(uint64(width)), rest)
	JMP(LabelRef(full))
	Label(cut)
	lanes, zero := GP64(), GP64()
	XORQ(zero, zero)
	for i := range masks {
		n := GP64()
		MOVQ(I32(int32(k.lanes())), lanes)
		MOVQ(rest, n)
		CMPQ(n, lanes)
		CMOVQGT(lanes, n)
		CMPQ(n, zero)
		CMOVQLT(zero, n)
		masks[i] = k.tail(n)
		SUBQ(lanes, rest)
	}

	Label(row)
	TESTQ(rows, rows)
	JZ(LabelRef(end))
	MOVQ(src, from)
	MOVQ(dst, to)
	MOVQ(cols, left)
	factor := k.vec()
	VBROADCASTSD(Mem{Base: scale}, factor)
	ADDQ(step, scale)
	Label(panel)
	CMPQ(left, Imm(uint64(width)))
	JLT(LabelRef(last))
	// Fetch four rows ahead: the processor itself does not, as the stores are in its way.
	for i := 0; i < v; i += 64 / (8 * k.lanes()) {
		PREFETCHT0(Mem{Base: from, Index: ld, Scale: 4, Disp: 8 * i * k.lanes()})
	}
	for i := range v {
		at := 8 * i * k.lanes()
		k.store(k.mul(k.load(Mem{Base: from, Disp: at}, nil), factor), Mem{Base: to, Disp: at}, nil)
	}
	ADDQ(Imm(uint64(8*width)), from)
	ADDQ(jump, to)
	SUBQ(Imm(uint64(width)), left)
	JMP(LabelRef(panel))
	Label(last)
	TESTQ(left, left)
	JZ(LabelRef(next))
	for i := range v {
		at := 8 * i * k.lanes()
		k.store(k.mul(k.load(Mem{Base: from, Disp: at}, masks[i]), factor), Mem{Base: to, Disp: at}, nil)
	}
	Label(next)
	ADDQ(ld, src)
	ADDQ(Imm(uint64(8*width)), dst)
	DECQ(rows)
	JMP(LabelRef(row))
	Label(end)
	k.done()
}

// strip transposes a strip of at most lanes rows of src: entry (i, q) goes to
// dst[q·ldd + i]. Rows that are missing are not written, but the last one is read again
// in their place.
func strip(k *isa) {
	text("strip"+k.name, "func(dst []float64, ldd int, src []float64, lds, rows, cols int)")
	get := func(name string) reg.GPVirtual { return Load(Param(name), GP64()).(reg.GPVirtual) }
	dst := Load(Param("dst").Base(), GP64()).(reg.GPVirtual)
	src := Load(Param("src").Base(), GP64()).(reg.GPVirtual)
	ldd, lds, rows, cols := get("ldd"), get("lds"), get("rows"), get("cols")
	SHLQ(Imm(3), ldd)
	SHLQ(Imm(3), lds)
	n := k.lanes()

	// Pointers to the rows.
	row := []reg.GPVirtual{src}
	for i := 1; i < n; i++ {
		p, step := GP64(), GP64()
		XORQ(step, step)
		CMPQ(rows, Imm(uint64(i)))
		CMOVQGT(lds, step)
		LEAQ(Mem{Base: row[i-1], Index: step, Scale: 1}, p)
		row = append(row, p)
	}
	only := k.tail(rows)
	at := GP64()
	XORQ(at, at)
	loop, last, end, done := newLabel("loop"), newLabel("last"), newLabel("end"), newLabel("done")
	body := func(tail *mask) {
		var x []vec
		for i := range n {
			x = append(x, k.load(Mem{Base: row[i], Index: at, Scale: 8}, tail))
		}
		for _, y := range k.transposed(x) {
			if tail != nil {
				TESTQ(cols, cols)
				JZ(LabelRef(done))
				DECQ(cols)
			}
			k.store(y, Mem{Base: dst}, only)
			ADDQ(ldd, dst)
		}
	}
	Label(loop)
	CMPQ(cols, Imm(uint64(n)))
	JLT(LabelRef(last))
	body(nil)
	ADDQ(Imm(uint64(n)), at)
	SUBQ(Imm(uint64(n)), cols)
	JMP(LabelRef(loop))
	Label(last)
	TESTQ(cols, cols)
	JZ(LabelRef(end))
	left := GP64()
	MOVQ(cols, left)
	body(k.tail(left))
	Label(done)
	Label(end)
	k.done()
}

// transposed is a square of registers transposed.
func (k *isa) transposed(x []vec) []vec {
	// Pairs of rows: even and odd columns of both.
	var pairs []vec
	for i := 0; i < len(x); i += 2 {
		low, high := k.vec(), k.vec()
		VUNPCKLPD(x[i+1], x[i], low)
		VUNPCKHPD(x[i+1], x[i], high)
		pairs = append(pairs, low, high)
	}
	if !k.avx512 {
		y := make([]vec, 4)
		for j := range 2 {
			y[j], y[j+2] = k.vec(), k.vec()
			VPERM2F128(Imm(0x20), pairs[2+j], pairs[j], y[j])
			VPERM2F128(Imm(0x31), pairs[2+j], pairs[j], y[j+2])
		}
		return y
	}
	// Of pairs[2p+j], the 128-bit lane l has column 2l+j of rows 2p and 2p+1.
	y := make([]vec, 8)
	for j := range 2 {
		shuffle := func(imm uint64, a, b vec) vec {
			r := k.vec()
			VSHUFF64X2(Imm(imm), b, a, r)
			return r
		}
		even01, odd01 := shuffle(0x88, pairs[j], pairs[2+j]), shuffle(0xdd, pairs[j], pairs[2+j])
		even23, odd23 := shuffle(0x88, pairs[4+j], pairs[6+j]), shuffle(0xdd, pairs[4+j], pairs[6+j])
		y[j], y[4+j] = shuffle(0x88, even01, even23), shuffle(0xdd, even01, even23)
		y[2+j], y[6+j] = shuffle(0x88, odd01, odd23), shuffle(0xdd, odd01, odd23)
	}
	return y
}

// copyRows copies a matrix row by row.
func copyRows(k *isa) {
	text("copyRows"+k.name, "func(dst []float64, ldd int, src []float64, lds, rows, cols int)")
	get := func(name string) reg.GPVirtual { return Load(Param(name), GP64()).(reg.GPVirtual) }
	dst := Load(Param("dst").Base(), GP64()).(reg.GPVirtual)
	src := Load(Param("src").Base(), GP64()).(reg.GPVirtual)
	ldd, lds, rows, cols := get("ldd"), get("lds"), get("rows"), get("cols")
	SHLQ(Imm(3), ldd)
	SHLQ(Imm(3), lds)
	row, end := newLabel("row"), newLabel("end")
	Label(row)
	TESTQ(rows, rows)
	JZ(LabelRef(end))
	k.loop(cols, 1, func(i reg.GPVirtual, v int, tail *mask) {
		k.store(k.load(k.at(src, i, v), tail), k.at(dst, i, v), tail)
	})
	ADDQ(lds, src)
	ADDQ(ldd, dst)
	DECQ(rows)
	JMP(LabelRef(row))
	Label(end)
	k.done()
}
