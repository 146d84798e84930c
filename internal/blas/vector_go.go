package blas

import "math"

func addGo(dst, a, b []float64) {
	b, dst = b[:len(a)], dst[:len(a)]
	for i, v := range a {
		dst[i] = v + b[i]
	}
}

func subGo(dst, a, b []float64) {
	b, dst = b[:len(a)], dst[:len(a)]
	for i, v := range a {
		dst[i] = v - b[i]
	}
}

func mulGo(dst, a, b []float64) {
	b, dst = b[:len(a)], dst[:len(a)]
	for i, v := range a {
		dst[i] = v * b[i]
	}
}

func divGo(dst, a, b []float64) {
	b, dst = b[:len(a)], dst[:len(a)]
	for i, v := range a {
		dst[i] = v / b[i]
	}
}

func largerGo(dst, a, b []float64) {
	b, dst = b[:len(a)], dst[:len(a)]
	for i, v := range a {
		dst[i] = max(v, b[i])
	}
}

func lessGo(dst, a, b []float64) {
	b, dst = b[:len(a)], dst[:len(a)]
	for i, v := range a {
		dst[i] = min(v, b[i])
	}
}

func addScalarGo(dst, a []float64, s float64) {
	dst = dst[:len(a)]
	for i, v := range a {
		dst[i] = v + s
	}
}

func mulScalarGo(dst, a []float64, s float64) {
	dst = dst[:len(a)]
	for i, v := range a {
		dst[i] = v * s
	}
}

func divScalarGo(dst, a []float64, s float64) {
	dst = dst[:len(a)]
	for i, v := range a {
		dst[i] = v / s
	}
}

func scalarSubGo(dst []float64, s float64, a []float64) {
	dst = dst[:len(a)]
	for i, v := range a {
		dst[i] = s - v
	}
}

func scalarDivGo(dst []float64, s float64, a []float64) {
	dst = dst[:len(a)]
	for i, v := range a {
		dst[i] = s / v
	}
}

func maxScalarGo(dst, a []float64, s float64) {
	dst = dst[:len(a)]
	for i, v := range a {
		dst[i] = max(v, s)
	}
}

func minScalarGo(dst, a []float64, s float64) {
	dst = dst[:len(a)]
	for i, v := range a {
		dst[i] = min(v, s)
	}
}

func mulAddGo(dst, a, b, c []float64) {
	b, c, dst = b[:len(a)], c[:len(a)], dst[:len(a)]
	for i, v := range a {
		dst[i] = v*b[i] + c[i]
	}
}

func axpbyGo(dst []float64, alpha float64, a []float64, beta float64, b []float64) {
	b, dst = b[:len(a)], dst[:len(a)]
	for i, v := range a {
		dst[i] = alpha*v + beta*b[i]
	}
}

func negGo(dst, x []float64) {
	dst = dst[:len(x)]
	for i, v := range x {
		dst[i] = -v
	}
}

func absGo(dst, x []float64)    { Map(dst, x, math.Abs) }
func sqrtGo(dst, x []float64)   { Map(dst, x, math.Sqrt) }
func squareGo(dst, x []float64) { mulGo(dst, x, x) }

func stepGo(dst, x []float64) {
	dst = dst[:len(x)]
	for i, v := range x {
		switch {
		case v > 0:
			v = 1
		case v <= 0:
			v = 0
		}
		dst[i] = v
	}
}

func signGo(dst, x []float64) {
	dst = dst[:len(x)]
	for i, v := range x {
		switch {
		case v > 0:
			v = 1
		case v < 0:
			v = -1
		}
		dst[i] = v
	}
}

func expGo(dst, x []float64)   { Map(dst, x, exp) }
func expm1Go(dst, x []float64) { Map(dst, x, expm1) }
func logGo(dst, x []float64)   { Map(dst, x, log) }
func log1pGo(dst, x []float64) { Map(dst, x, math.Log1p) }
func tanhGo(dst, x []float64)  { Map(dst, x, tanh) }

// exp is math.Exp, which on amd64 is infinite already for some x below log MaxFloat64.
func exp(x float64) float64 {
	if x > 709 && x < 710 {
		return math.Exp(x-1) * math.E
	}
	return math.Exp(x)
}

// expm1 is math.Expm1, which is infinite for the largest x with a finite value.
func expm1(x float64) float64 {
	if x > 709 {
		return exp(x)
	}
	return math.Expm1(x)
}

// log is math.Log, which on amd64 is wrong for denormal numbers.
func log(x float64) float64 {
	if x > 0 && x < 0x1p-1022 {
		return math.Log(x*0x1p60) - 60*math.Ln2
	}
	return math.Log(x)
}

// tanh by expm1: math.Tanh is off by more than 3 ulp in places.
func tanh(x float64) float64 {
	t := expm1(2 * math.Abs(x))
	if math.IsInf(t, 1) {
		return math.Copysign(1, x)
	}
	return math.Copysign(t/(t+2), x)
}

func sigmoidGo(dst, x []float64) {
	Map(dst, x, func(v float64) float64 {
		e := math.Exp(-math.Abs(v))
		if v < 0 {
			return e / (1 + e)
		}
		return 1 / (1 + e)
	})
}

func softplusGo(dst, x []float64) {
	Map(dst, x, func(v float64) float64 {
		return max(v, 0) + math.Log1p(math.Exp(-math.Abs(v)))
	})
}

func expShiftGo(dst, x []float64, shift float64) float64 {
	dst = dst[:len(x)]
	s := 0.0
	for i, v := range x {
		e := exp(v - shift)
		dst[i] = e
		s += e
	}
	return s
}
