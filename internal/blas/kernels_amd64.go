package blas

//go:generate go -C asm run . -out ../kernels_amd64.s -declarations ../declarations_amd64.go

// available are the kernels that this processor can run, the fastest last.
func available() []*kernels {
	all := []*kernels{&portable}
	v2, v512 := detect()
	if v2 {
		all = append(all, &avx2)
	}
	if v512 {
		all = append(all, &avx512)
	}
	return all
}

// detect tells whether processor and operating system support AVX2 with FMA, and AVX-512
// with what the kernels use of it.
func detect() (v2, v512 bool) {
	has := func(r uint32, bits ...uint) bool {
		for _, b := range bits {
			if r>>b&1 == 0 {
				return false
			}
		}
		return true
	}
	if top, _, _, _ := cpuid(0, 0); top < 7 {
		return false, false
	}
	_, _, c, _ := cpuid(1, 0)
	const fma, osxsave, avx = 12, 27, 28
	if !has(c, fma, osxsave, avx) {
		return false, false
	}
	state, _ := xgetbv()
	if !has(state, 1, 2) { // the registers X and Y are saved
		return false, false
	}
	_, b, _, _ := cpuid(7, 0)
	const avx2, bmi2, f, dq, bw, vl = 5, 8, 16, 17, 30, 31
	if !has(b, avx2, bmi2) {
		return false, false
	}
	return true, has(b, f, dq, bw, vl) && has(state, 5, 6, 7) // and Z and the masks
}

var avx2 = kernels{
	name: "avx2", blocking: blocking{mr: 4, nr: 12, mc: 96, kc: 256, nc: 2040, grain: 1 << 17}, tile: tileAVX2,
	panelsA: panels1AVX2, panelsB: panels3AVX2, strip: stripAVX2, copyRows: copyRowsAVX2, solve: solveAVX2, firstAbs: firstAbsAVX2, lanes: 4,
	dotRows: dotRowsAVX2, addRows: addRowsAVX2, dot: dotAVX2, axpy: axpyAVX2,
	sum: sumAVX2, asum: asumAVX2, max: maxAVX2, min: minAVX2, absMax: absMaxAVX2,
	add: addAVX2, sub: subAVX2, mul: mulAVX2, div: divAVX2, larger: largerAVX2, less: lessAVX2,
	addScalar: addScalarAVX2, mulScalar: mulScalarAVX2, divScalar: divScalarAVX2,
	scalarSub: scalarSubAVX2, scalarDiv: scalarDivAVX2, maxScalar: maxScalarAVX2, minScalar: minScalarAVX2,
	mulAdd: mulAddAVX2, axpby: axpbyAVX2,
	neg: negAVX2, abs: absAVX2, sqrt: sqrtAVX2, square: squareAVX2, step: stepAVX2, sign: signAVX2,
	exp: expAVX2, expm1: expm1AVX2, log: logAVX2, log1p: log1pAVX2, tanh: tanhAVX2,
	sigmoid: sigmoidAVX2, softplus: softplusAVX2, sin: sinAVX2, cos: cosAVX2, expShift: expShiftAVX2,
}

var avx512 = kernels{
	name: "avx512", blocking: blocking{mr: 8, nr: 24, mc: 96, kc: 256, nc: 2040, rawB: true, grain: 1 << 18}, tile: tileAVX512,
	panelsA: panels1AVX512, panelsB: panels3AVX512, strip: stripAVX512, copyRows: copyRowsAVX512, solve: solveAVX512, firstAbs: firstAbsAVX512, lanes: 8,
	dotRows: dotRowsAVX512, addRows: addRowsAVX512, dot: dotAVX512, axpy: axpyAVX512,
	sum: sumAVX512, asum: asumAVX512, max: maxAVX512, min: minAVX512, absMax: absMaxAVX512,
	add: addAVX512, sub: subAVX512, mul: mulAVX512, div: divAVX512, larger: largerAVX512, less: lessAVX512,
	addScalar: addScalarAVX512, mulScalar: mulScalarAVX512, divScalar: divScalarAVX512,
	scalarSub: scalarSubAVX512, scalarDiv: scalarDivAVX512, maxScalar: maxScalarAVX512, minScalar: minScalarAVX512,
	mulAdd: mulAddAVX512, axpby: axpbyAVX512,
	neg: negAVX512, abs: absAVX512, sqrt: sqrtAVX512, square: squareAVX512, step: stepAVX512, sign: signAVX512,
	exp: expAVX512, expm1: expm1AVX512, log: logAVX512, log1p: log1pAVX512, tanh: tanhAVX512,
	sigmoid: sigmoidAVX512, softplus: softplusAVX512, sin: sinAVX512, cos: cosAVX512, expShift: expShiftAVX512,
}

// The kernels of Gemm by the number of vectors in a row and the number of rows.

var tilesAVX2 = [3][4]func(*tile){
	{tile1x1AVX2, tile2x1AVX2, tile3x1AVX2, tile4x1AVX2},
	{tile1x2AVX2, tile2x2AVX2, tile3x2AVX2, tile4x2AVX2},
	{tile1x3AVX2, tile2x3AVX2, tile3x3AVX2, tile4x3AVX2},
}

func tileAVX2(t *tile) { tilesAVX2[(t.n-1)/4][t.m-1](t) }

var tilesAVX512 = [3][8]func(*tile){
	{tile1x1AVX512, tile2x1AVX512, tile3x1AVX512, tile4x1AVX512, tile5x1AVX512, tile6x1AVX512, tile7x1AVX512, tile8x1AVX512},
	{tile1x2AVX512, tile2x2AVX512, tile3x2AVX512, tile4x2AVX512, tile5x2AVX512, tile6x2AVX512, tile7x2AVX512, tile8x2AVX512},
	{tile1x3AVX512, tile2x3AVX512, tile3x3AVX512, tile4x3AVX512, tile5x3AVX512, tile6x3AVX512, tile7x3AVX512, tile8x3AVX512},
}

func tileAVX512(t *tile) { tilesAVX512[(t.n-1)/8][t.m-1](t) }

var solvesAVX2 = [3]func(x, t, inverse []float64){solve1AVX2, solve2AVX2, solve3AVX2}

func solveAVX2(x, t, inverse []float64, n int) { solvesAVX2[(n-1)/4](x, t, inverse) }

var solvesAVX512 = [3]func(x, t, inverse []float64){solve1AVX512, solve2AVX512, solve3AVX512}

func solveAVX512(x, t, inverse []float64, n int) { solvesAVX512[(n-1)/8](x, t, inverse) }
