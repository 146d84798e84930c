package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// An elementwise kernel sets dst to f of entries of the slices and of scalars.
type elementwise struct {
	name, signature string
	dst             string
	in, scalars     []string
	unroll          int
	// constants are values kept in registers, after the scalars.
	constants []float64
	hold      []float64 // constants to keep in registers if there are enough
	f         func(k *isa, x, s []vec) vec
}

func (e elementwise) emit(k *isa) {
	text(e.name+k.name, e.signature)
	dst, n := Load(Param(e.dst).Base(), GP64()), Load(Param(e.dst).Len(), GP64()).(reg.GPVirtual)
	var in []reg.GPVirtual
	for _, name := range e.in {
		if name == e.dst {
			in = append(in, dst.(reg.GPVirtual))
			continue
		}
		in = append(in, Load(Param(name).Base(), GP64()).(reg.GPVirtual))
	}
	var s []vec
	for _, name := range e.scalars {
		s = append(s, k.broadcast(name))
	}
	for _, v := range e.constants {
		s = append(s, k.constant(v))
	}
	k.hold(e.hold)
	k.loop(n, max(e.unroll, 1), func(i reg.GPVirtual, v int, tail *mask) {
		var x []vec
		for _, base := range in {
			x = append(x, k.load(k.at(base, i, v), tail))
		}
		k.store(e.f(k, x, s), k.at(dst.(reg.GPVirtual), i, v), tail)
	})
	k.done()
}

// vectors are the operations that are an instruction or two.
func vectors(k *isa) {
	const two, one, scalar, left = "func(dst, a, b []float64)", "func(dst, x []float64)",
		"func(dst, a []float64, s float64)", "func(dst []float64, s float64, a []float64)"
	binary := func(name string, f func(k *isa, x, s []vec) vec) {
		elementwise{name, two, "dst", []string{"a", "b"}, nil, 4, nil, nil, f}.emit(k)
	}
	unary := func(name string, f func(k *isa, x, s []vec) vec) {
		elementwise{name, one, "dst", []string{"x"}, nil, 4, nil, nil, f}.emit(k)
	}
	with := func(name, signature string, f func(k *isa, x, s []vec) vec) {
		elementwise{name, signature, "dst", []string{"a"}, []string{"s"}, 4, nil, nil, f}.emit(k)
	}
	binary("add", func(k *isa, x, _ []vec) vec { return k.add(x[0], x[1]) })
	binary("sub", func(k *isa, x, _ []vec) vec { return k.sub(x[0], x[1]) })
	binary("mul", func(k *isa, x, _ []vec) vec { return k.mul(x[0], x[1]) })
	binary("div", func(k *isa, x, _ []vec) vec { return k.div(x[0], x[1]) })
	binary("larger", func(k *isa, x, _ []vec) vec { return larger(k, x[0], x[1]) })
	binary("less", func(k *isa, x, _ []vec) vec { return less(k, x[0], x[1]) })
	with("addScalar", scalar, func(k *isa, x, s []vec) vec { return k.add(x[0], s[0]) })
	with("mulScalar", scalar, func(k *isa, x, s []vec) vec { return k.mul(x[0], s[0]) })
	with("divScalar", scalar, func(k *isa, x, s []vec) vec { return k.div(x[0], s[0]) })
	with("maxScalar", scalar, func(k *isa, x, s []vec) vec { return larger(k, x[0], s[0]) })
	with("minScalar", scalar, func(k *isa, x, s []vec) vec { return less(k, x[0], s[0]) })
	with("scalarSub", left, func(k *isa, x, s []vec) vec { return k.sub(s[0], x[0]) })
	with("scalarDiv", left, func(k *isa, x, s []vec) vec { return k.div(s[0], x[0]) })
	elementwise{"mulAdd", "func(dst, a, b, c []float64)", "dst", []string{"a", "b", "c"}, nil, 4, nil, nil,
		func(k *isa, x, _ []vec) vec { return k.fma(x[0], x[1], x[2]) }}.emit(k)
	elementwise{"axpby", "func(dst []float64, alpha float64, a []float64, beta float64, b []float64)", "dst",
		[]string{"a", "b"}, []string{"alpha", "beta"}, 4, nil, nil,
		func(k *isa, x, s []vec) vec { return k.fma(x[0], s[0], k.mul(x[1], s[1])) }}.emit(k)
	elementwise{"axpy", "func(alpha float64, x, y []float64)", "y",
		[]string{"x", "y"}, []string{"alpha"}, 4, nil, nil,
		func(k *isa, x, s []vec) vec { return k.fma(x[0], s[0], x[1]) }}.emit(k)
	unary("neg", func(k *isa, x, _ []vec) vec { return k.neg(x[0]) })
	unary("abs", func(k *isa, x, _ []vec) vec { return k.abs(x[0]) })
	unary("square", func(k *isa, x, _ []vec) vec { return k.mul(x[0], x[0]) })
	unary("sqrt", func(k *isa, x, _ []vec) vec { r := k.vec(); VSQRTPD(x[0], r); return r })
	unary("step", func(k *isa, x, _ []vec) vec {
		return k.where(x[0], unordered, x[0], x[0], k.whereElseZero(x[0], gt, k.c(0), k.c(1)))
	})
	unary("sign", func(k *isa, x, _ []vec) vec {
		r := k.where(x[0], gt, k.c(0), k.c(1), x[0])
		return k.where(x[0], lt, k.c(0), k.c(-1), r)
	})
}

// larger and less give NaN if one of both is: the instructions give the second then.
func larger(k *isa, a, b vec) vec { return k.where(a, unordered, a, a, k.max(a, b)) }
func less(k *isa, a, b vec) vec   { return k.where(a, unordered, a, a, k.min(a, b)) }

// A reduction combines the terms of a slice, or of two.
type reduction struct {
	name string
	in   []string
	// init is what an empty slice gives; without terms it changes nothing.
	init float64
	term func(k *isa, acc vec, x []vec) vec
	join func(k *isa, a, b vec) vec
	// nan has the reduction look for NaN itself, because join loses them.
	nan bool
}

func reductions(k *isa) {
	sum := func(k *isa, a, b vec) vec { return k.add(a, b) }
	larger := func(k *isa, a, b vec) vec { return k.max(a, b) }
	for _, r := range []reduction{
		{"dot", []string{"x", "y"}, 0, func(k *isa, acc vec, x []vec) vec { return k.fma(x[0], x[1], acc) }, sum, false},
		{"sum", []string{"x"}, 0, func(k *isa, acc vec, x []vec) vec { return k.add(acc, x[0]) }, sum, false},
		{"asum", []string{"x"}, 0, func(k *isa, acc vec, x []vec) vec { return k.add(acc, k.abs(x[0])) }, sum, false},
		{"max", []string{"x"}, negInf, func(k *isa, acc vec, x []vec) vec { return k.max(acc, x[0]) }, larger, true},
		{"min", []string{"x"}, posInf, func(k *isa, acc vec, x []vec) vec { return k.min(acc, x[0]) },
			func(k *isa, a, b vec) vec { return k.min(a, b) }, true},
		{"absMax", []string{"x"}, 0, func(k *isa, acc vec, x []vec) vec { return k.max(acc, k.abs(x[0])) }, larger, true},
	} {
		r.emit(k)
	}
}

func (r reduction) emit(k *isa) {
	const accumulators = 4
	signature := "func(x []float64) float64"
	if len(r.in) == 2 {
		signature = "func(x, y []float64) float64"
	}
	text(r.name+k.name, signature)
	n := Load(Param("x").Len(), GP64()).(reg.GPVirtual)
	var in []reg.GPVirtual
	for _, name := range r.in {
		in = append(in, Load(Param(name).Base(), GP64()).(reg.GPVirtual))
	}
	var acc []vec
	for range accumulators {
		acc = append(acc, k.constant(r.init))
	}
	var nan vec
	if r.nan {
		nan = k.constant(0)
	}
	k.loop(n, accumulators, func(i reg.GPVirtual, v int, tail *mask) {
		var x []vec
		for _, base := range in {
			x = append(x, k.load(k.at(base, i, v), tail))
		}
		if tail != nil && r.init != 0 {
			x[0] = k.keep(x[0], acc[0], tail)
		}
		VMOVUPD(r.term(k, acc[v], x), acc[v])
		if r.nan {
			// Once a lane of nan is NaN it stays so.
			VMOVUPD(k.where(x[0], unordered, x[0], x[0], nan), nan)
		}
	})
	for half := accumulators / 2; half > 0; half /= 2 {
		for v := range half {
			acc[v] = r.join(k, acc[v], acc[v+half])
		}
	}
	result := k.across(acc[0], r.join)
	if r.nan {
		nan = k.across(nan, func(k *isa, a, b vec) vec { return k.add(a, b) })
		ADDSD(nan.AsX(), result.AsX())
	}
	Store(result.AsX(), ReturnIndex(0))
	k.done()
}

// across joins the lanes of a register; the result is in the lowest.
func (k *isa) across(a vec, join func(k *isa, a, b vec) vec) vec {
	narrow := &isa{name: "AVX2"}
	y := a
	if k.avx512 {
		high := YMM()
		VEXTRACTF64X4(Imm(1), a, high)
		y = join(narrow, a.AsY().(vec), high)
	}
	high := YMM()
	VPERM2F128(Imm(1), y, y, high)
	y = join(narrow, y, high)
	swapped := YMM()
	VPERMILPD(Imm(5), y, swapped)
	return join(narrow, y, swapped)
}
