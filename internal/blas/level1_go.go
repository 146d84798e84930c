package blas

import "math"

func dotGo(x, y []float64) float64 {
	var s0, s1, s2, s3 float64
	i := 0
	for ; i+4 <= len(x); i += 4 {
		u, v := x[i:i+4:i+4], y[i:i+4:i+4]
		s0 += u[0] * v[0]
		s1 += u[1] * v[1]
		s2 += u[2] * v[2]
		s3 += u[3] * v[3]
	}
	for ; i < len(x); i++ {
		s0 += x[i] * y[i]
	}
	return (s0 + s1) + (s2 + s3)
}

func axpyGo(alpha float64, x, y []float64) {
	y = y[:len(x)]
	for i, v := range x {
		y[i] += alpha * v
	}
}

func sumGo(x []float64) float64 {
	var s0, s1, s2, s3 float64
	i := 0
	for ; i+4 <= len(x); i += 4 {
		u := x[i : i+4 : i+4]
		s0 += u[0]
		s1 += u[1]
		s2 += u[2]
		s3 += u[3]
	}
	for ; i < len(x); i++ {
		s0 += x[i]
	}
	return (s0 + s1) + (s2 + s3)
}

func asumGo(x []float64) float64 {
	var s0, s1 float64
	i := 0
	for ; i+2 <= len(x); i += 2 {
		s0 += math.Abs(x[i])
		s1 += math.Abs(x[i+1])
	}
	if i < len(x) {
		s0 += math.Abs(x[i])
	}
	return s0 + s1
}

func maxGo(x []float64) float64 {
	m := math.Inf(-1)
	for _, v := range x {
		if v > m || v != v {
			if v != v {
				return v
			}
			m = v
		}
	}
	return m
}

func minGo(x []float64) float64 {
	m := math.Inf(1)
	for _, v := range x {
		if v < m || v != v {
			if v != v {
				return v
			}
			m = v
		}
	}
	return m
}

func absMaxGo(x []float64) float64 {
	m := 0.0
	for _, v := range x {
		v = math.Abs(v)
		if v > m || v != v {
			if v != v {
				return v
			}
			m = v
		}
	}
	return m
}

func firstAbsGo(x []float64, v float64) int {
	for i, u := range x {
		if math.Abs(u) == v {
			return i
		}
	}
	return len(x)
}
