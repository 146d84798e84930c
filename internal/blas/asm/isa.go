package main

import (
	"fmt"
	"math"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// isa is an instruction set. Its methods emit what differs between the two, or what is
// used so often that a short name helps. As in Go's assembler, sources come first.
type isa struct {
	name   string
	avx512 bool
	// held are constants that stand in registers for now.
	held map[uint64]vec
}

type vec = reg.VecVirtual

func (k *isa) lanes() int {
	if k.avx512 {
		return 8
	}
	return 4
}

func (k *isa) vec() vec {
	if k.avx512 {
		return ZMM()
	}
	return YMM()
}

// An op is a register or a memory operand.
type op = Op

var constants = map[uint64]Mem{}

// memory is a constant in memory with the same eight bytes in each of four lanes.
func memory(u uint64) Mem {
	m, ok := constants[u]
	if !ok {
		m = GLOBL(fmt.Sprintf("c%016x", u), RODATA|NOPTR)
		for i := range 4 {
			DATA(8*i, U64(u))
		}
		constants[u] = m
	}
	return m
}

// bits is a constant with the same eight bytes in each lane.
func (k *isa) bits(u uint64) op {
	if r, ok := k.held[u]; ok {
		return r
	}
	if k.avx512 {
		// The linker aligns to 32 bytes: 64 may lie on two lines of the cache.
		r := k.vec()
		VBROADCASTSD(memory(u), r)
		return r
	}
	return memory(u)
}

// holdMost is the number of constants that leave registers for the rest.
const holdMost = 16

// hold loads constants into registers, with AVX-512, where there are enough.
func (k *isa) hold(constants []float64) {
	k.held = nil
	if !k.avx512 {
		return
	}
	held := map[uint64]vec{}
	for _, c := range constants {
		u := math.Float64bits(c)
		if held[u] == nil && len(held) < holdMost {
			held[u] = k.vec()
			VBROADCASTSD(memory(u), held[u])
		}
	}
	k.held = held
}

func (k *isa) c(v float64) op { return k.bits(math.Float64bits(v)) }

// constant is a constant in a register.
func (k *isa) constant(v float64) vec {
	return k.copy(k.c(v))
}

func (k *isa) add(a vec, b op) vec { r := k.vec(); VADDPD(b, a, r); return r }
func (k *isa) sub(a vec, b op) vec { r := k.vec(); VSUBPD(b, a, r); return r }
func (k *isa) mul(a vec, b op) vec { r := k.vec(); VMULPD(b, a, r); return r }
func (k *isa) div(a vec, b op) vec { r := k.vec(); VDIVPD(b, a, r); return r }
func (k *isa) and(a vec, b op) vec { r := k.vec(); VANDPD(b, a, r); return r }
func (k *isa) or(a vec, b op) vec  { r := k.vec(); VORPD(b, a, r); return r }
func (k *isa) xor(a vec, b op) vec { r := k.vec(); VXORPD(b, a, r); return r }

// max and min give b if one of both is NaN, or both are zero.
func (k *isa) max(a vec, b op) vec { r := k.vec(); VMAXPD(b, a, r); return r }
func (k *isa) min(a vec, b op) vec { r := k.vec(); VMINPD(b, a, r); return r }

func (k *isa) abs(a vec) vec { return k.and(a, k.bits(1<<63-1)) }
func (k *isa) neg(a vec) vec { return k.xor(a, k.bits(1<<63)) }

func (k *isa) copy(a op) vec { r := k.vec(); VMOVUPD(a, r); return r }

// fma is a b + c, with a and b in registers.
func (k *isa) fma(a, b vec, c op) vec {
	r := k.copy(a)
	VFMADD213PD(c, b, r)
	return r
}

// fmab is a b + c, with a and c in registers.
func (k *isa) fmab(a vec, b op, c vec) vec {
	r := k.copy(c)
	VFMADD231PD(b, a, r)
	return r
}

// nfmab is c − a b.
func (k *isa) nfmab(a vec, b op, c vec) vec {
	r := k.copy(c)
	VFNMADD231PD(b, a, r)
	return r
}

// poly is c[0] + c[1] x + …, by Estrin's scheme: pairs of terms, then pairs of pairs with
// x², and so on. The chain of instructions that wait for each other is a third of that of
// Horner's rule; it limits how many vectors the processor works on at once.
func (k *isa) poly(x vec, c ...float64) vec {
	powers := map[int]vec{1: x}
	for p := 2; p < len(c); p *= 2 {
		powers[p] = k.mul(powers[p/2], powers[p/2])
	}
	var sum func(c []float64) op
	sum = func(c []float64) op {
		if len(c) == 1 {
			return k.c(c[0])
		}
		p := 1
		for 2*p < len(c) {
			p *= 2
		}
		high := k.copy(sum(c[p:]))
		VFMADD213PD(sum(c[:p]), powers[p], high)
		return high
	}
	return sum(c).(vec)
}

// Comparisons, false for NaN unless they ask for it.
const (
	eq        = 0x00
	lt        = 0x11
	unordered = 0x03
	ordered   = 0x07
	gt        = 0x1e
	notLess   = 0x15 // not a < b; true for NaN
)

// where is yes in the lanes where a compares to b, no elsewhere.
func (k *isa) where(a vec, cmp int, b, yes op, no vec) vec {
	r := k.vec()
	if k.avx512 {
		m := K()
		VCMPPD(Imm(uint64(cmp)), b, a, m)
		VBLENDMPD(yes, no, m, r)
		return r
	}
	m := k.vec()
	VCMPPD(Imm(uint64(cmp)), b, a, m)
	VBLENDVPD(m, yes, no, r)
	return r
}

// whereElseZero is yes in the lanes where a compares to b, 0 elsewhere.
func (k *isa) whereElseZero(a vec, cmp int, b op, yes op) vec {
	r := k.vec()
	if k.avx512 {
		m := K()
		VCMPPD(Imm(uint64(cmp)), b, a, m)
		VMOVUPD_Z(yes, m, r)
		return r
	}
	m := k.vec()
	VCMPPD(Imm(uint64(cmp)), b, a, m)
	VANDPD(yes, m, r)
	return r
}

// mask selects the first lanes of a register.
type mask struct {
	k reg.OpmaskVirtual
	v vec
}

// tail is the mask of the first n lanes, 0 < n < lanes. It destroys n.
func (k *isa) tail(n reg.GPVirtual) *mask {
	if k.avx512 {
		all := GP64()
		MOVQ(I32(-1), all)
		BZHIQ(n, all, all)
		m := &mask{k: K()}
		KMOVB(all.As32(), m.k)
		return m
	}
	table := GP64()
	LEAQ(laneTable(), table)
	m := &mask{v: YMM()}
	NEGQ(n)
	VMOVUPD(Mem{Base: table, Index: n, Scale: 8, Disp: 32}, m.v)
	return m
}

var lanes Mem

// laneTable has four lanes of ones, then four of zeros.
func laneTable() Mem {
	if lanes.Base == nil {
		lanes = GLOBL("lanes", RODATA|NOPTR)
		for i := range 8 {
			v := uint64(0)
			if i < 4 {
				v = math.MaxUint64
			}
			DATA(8*i, U64(v))
		}
	}
	return lanes
}

// load reads lanes; those not in the mask are zero.
func (k *isa) load(m Mem, tail *mask) vec {
	r := k.vec()
	switch {
	case tail == nil:
		VMOVUPD(m, r)
	case k.avx512:
		VMOVUPD_Z(m, tail.k, r)
	default:
		VMASKMOVPD(m, tail.v, r)
	}
	return r
}

func (k *isa) store(v vec, m Mem, tail *mask) {
	switch {
	case tail == nil:
		VMOVUPD(v, m)
	case k.avx512:
		VMOVUPD(v, tail.k, m)
	default:
		VMASKMOVPD(v, tail.v, m)
	}
}

// keep is v in the lanes of the mask, other elsewhere.
func (k *isa) keep(v, other vec, tail *mask) vec {
	if tail == nil {
		return v
	}
	r := k.vec()
	if k.avx512 {
		VBLENDMPD(v, other, tail.k, r)
	} else {
		VBLENDVPD(tail.v, v, other, r)
	}
	return r
}

// broadcast fills a register with a scalar parameter.
func (k *isa) broadcast(name string) vec {
	x := XMM()
	Load(Param(name), x)
	r := k.vec()
	VBROADCASTSD(x, r)
	return r
}

// loop emits the loops over n entries: over u vectors at a time if u > 1, over one
// vector, and what is left. The body gets the index of the first entry, the number of
// the vector among the u, and the mask.
func (k *isa) loop(n reg.GPVirtual, u int, body func(i reg.GPVirtual, v int, tail *mask)) {
	i, left := GP64(), GP64()
	XORQ(i, i)
	MOVQ(n, left)
	for _, step := range []int{u, 1} {
		top, end := newLabel("loop"), newLabel("done")
		CMPQ(left, Imm(uint64(step*k.lanes())))
		JLT(LabelRef(end))
		Label(top)
		for v := range step {
			body(i, v, nil)
		}
		ADDQ(Imm(uint64(step*k.lanes())), i)
		SUBQ(Imm(uint64(step*k.lanes())), left)
		CMPQ(left, Imm(uint64(step*k.lanes())))
		JGE(LabelRef(top))
		Label(end)
		if u == 1 {
			break
		}
	}
	end := newLabel("end")
	TESTQ(left, left)
	JZ(LabelRef(end))
	body(i, 0, k.tail(left))
	Label(end)
}

// newLabel is a label that no other has.
func newLabel(name string) string {
	labels++
	return fmt.Sprintf("%s%d", name, labels)
}

var labels int

// at is entry i + v·lanes of a slice.
func (k *isa) at(base, i reg.GPVirtual, v int) Mem {
	return Mem{Base: base, Index: i, Scale: 8, Disp: 8 * v * k.lanes()}
}

// done ends a function.
func (k *isa) done() {
	k.held = nil
	VZEROUPPER()
	RET()
}
