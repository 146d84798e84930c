package blas

import "os"

// kernels are the inner loops for one instruction set. Slices of one call have equal
// lengths; the exported functions see to that.
type kernels struct {
	name string
	blocking
	tile func(*tile)

	// panelsA and panelsB copy rows of src to panels as wide as a tile is high, and as it
	// is wide: entry (q, j·width + i) goes to dst[j·jump + q·width + i], times scale[q]
	// unless scale is empty. The last panel is filled up with zeros.
	panelsA, panelsB func(dst []float64, jump int, src []float64, ld, rows, cols int, scale []float64)
	// strip transposes at most lanes rows: entry (i, q) of src goes to dst[q·ldd + i].
	strip    func(dst []float64, ldd int, src []float64, lds, rows, cols int)
	lanes    int
	copyRows func(dst []float64, ldd int, src []float64, lds, rows, cols int)
	// solve overwrites the first n columns of X, as many rows as a tile has, of which row i
	// begins at x[i*nr], with T⁻¹ X for a lower triangle with the leading dimension triMax;
	// inverse has the reciprocals of its diagonal.
	solve func(x, t, inverse []float64, n int)

	dotRows, addRows                 func(p *rows)
	dot                              func(x, y []float64) float64
	firstAbs                         func(x []float64, v float64) int // the least index i with |x[i]| = v, or the length
	axpy                             func(alpha float64, x, y []float64)
	sum, asum, max, min, absMax      func(x []float64) float64
	add, sub, mul, div, larger, less func(dst, a, b []float64)
	addScalar, mulScalar, divScalar  func(dst, a []float64, s float64)
	scalarSub, scalarDiv             func(dst []float64, s float64, a []float64)
	maxScalar, minScalar             func(dst, a []float64, s float64)
	mulAdd                           func(dst, a, b, c []float64)
	axpby                            func(dst []float64, alpha float64, a []float64, beta float64, b []float64)

	neg, abs, sqrt, square, step, sign              func(dst, x []float64)
	exp, expm1, log, log1p, tanh, sigmoid, softplus func(dst, x []float64)
	// sin and cos stop before what they cannot reduce and return how many entries are done;
	// nil stands for package math.
	sin, cos func(dst, x []float64) int
	expShift func(dst, x []float64, shift float64) float64
}

// portable are the kernels in Go, for every platform.
var portable = kernels{
	name: "go", blocking: blocking{mr: 4, nr: 4, mc: 128, kc: 256, nc: 1024, grain: 1 << 15}, tile: tileGo,
	panelsA: panelsGo, panelsB: panelsGo, strip: stripGo, copyRows: copyRowsGo, lanes: 4, solve: solveGo, firstAbs: firstAbsGo,
	dotRows: dotRowsGo, addRows: addRowsGo, dot: dotGo, axpy: axpyGo,
	sum: sumGo, asum: asumGo, max: maxGo, min: minGo, absMax: absMaxGo,
	add: addGo, sub: subGo, mul: mulGo, div: divGo, larger: largerGo, less: lessGo,
	addScalar: addScalarGo, mulScalar: mulScalarGo, divScalar: divScalarGo,
	scalarSub: scalarSubGo, scalarDiv: scalarDivGo, maxScalar: maxScalarGo, minScalar: minScalarGo,
	mulAdd: mulAddGo, axpby: axpbyGo,
	neg: negGo, abs: absGo, sqrt: sqrtGo, square: squareGo, step: stepGo, sign: signGo,
	exp: expGo, expm1: expm1Go, log: logGo, log1p: log1pGo, tanh: tanhGo,
	sigmoid: sigmoidGo, softplus: softplusGo, expShift: expShiftGo,
}

// use are the kernels in use: the best that the processor has, or those named by the
// environment variable NABLA_KERNELS (go, avx2 or avx512) if it has them. They change
// only in tests.
var use = choose(os.Getenv("NABLA_KERNELS"))

func choose(name string) *kernels {
	all := available()
	for _, k := range all {
		if k.name == name {
			return k
		}
	}
	return all[len(all)-1]
}

// Kernels is the name of the kernels in use: go, avx2 or avx512.
func Kernels() string { return use.name }
