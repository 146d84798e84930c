package blas

import (
	"math"
	"testing"
)

// Plain operations agree with Go's, at each length and each place.
func TestOperations(t *testing.T) {
	unary := map[string]struct {
		f    func(dst, x []float64)
		want func(x float64) float64
	}{
		"neg":    {Neg, func(x float64) float64 { return -x }},
		"abs":    {Abs, math.Abs},
		"sqrt":   {Sqrt, math.Sqrt},
		"square": {Square, func(x float64) float64 { return x * x }},
		"step": {Step, func(x float64) float64 {
			if math.IsNaN(x) {
				return x
			}
			if x > 0 {
				return 1
			}
			return 0
		}},
		"sign": {Sign, func(x float64) float64 {
			if x > 0 {
				return 1
			}
			if x < 0 {
				return -1
			}
			return x
		}},
		"relu":      {func(dst, x []float64) { MaxScalar(dst, x, 0) }, func(x float64) float64 { return max(x, 0) }},
		"minscalar": {func(dst, x []float64) { MinScalar(dst, x, 0.3) }, func(x float64) float64 { return min(x, 0.3) }},
		"add s":     {func(dst, x []float64) { AddScalar(dst, x, 0.3) }, func(x float64) float64 { return x + 0.3 }},
		"mul s":     {func(dst, x []float64) { MulScalar(dst, x, 0.3) }, func(x float64) float64 { return x * 0.3 }},
		"div s":     {func(dst, x []float64) { DivScalar(dst, x, 0.3) }, func(x float64) float64 { return x / 0.3 }},
		"s sub":     {func(dst, x []float64) { ScalarSub(dst, 0.3, x) }, func(x float64) float64 { return 0.3 - x }},
		"s div":     {func(dst, x []float64) { ScalarDiv(dst, 0.3, x) }, func(x float64) float64 { return 0.3 / x }},
		"scal":      {func(dst, x []float64) { copy(dst, x); Scal(0.3, dst) }, func(x float64) float64 { return x * 0.3 }},
		"fill":      {func(dst, x []float64) { Fill(dst, 7) }, func(float64) float64 { return 7 }},
	}
	binary := map[string]struct {
		f    func(dst, a, b []float64)
		want func(a, b float64) float64
	}{
		"add":    {Add, func(a, b float64) float64 { return a + b }},
		"sub":    {Sub, func(a, b float64) float64 { return a - b }},
		"mul":    {Mul, func(a, b float64) float64 { return a * b }},
		"div":    {Div, func(a, b float64) float64 { return a / b }},
		"larger": {Larger, func(a, b float64) float64 { return max(a, b) }},
		"less":   {Less, func(a, b float64) float64 { return min(a, b) }},
	}
	same := func(got, want float64) bool {
		return got == want && (got != 0 || math.Signbit(got) == math.Signbit(want)) || math.IsNaN(got) && math.IsNaN(want)
	}
	eachKernels(t, func(t *testing.T) {
		r := newRand()
		for n := range 130 {
			a, b, c := random(r, n), random(r, n), random(r, n)
			for i := range a {
				switch r.IntN(4) {
				case 0:
					a[i] = special[r.IntN(len(special))]
				case 1:
					b[i] = special[r.IntN(len(special))]
				}
			}
			dst := make([]float64, n+1)
			for name, u := range unary {
				dst[n] = guard
				u.f(dst[:n], a)
				for i, v := range a {
					if want := u.want(v); !same(dst[i], want) && !(name == "relu" && v == 0 && dst[i] == 0) {
						t.Fatalf("%s(%v) = %v, want %v (entry %d of %d)", name, v, dst[i], want, i, n)
					}
				}
				again := append([]float64(nil), a...)
				u.f(again, again)
				for i := range again {
					if !same(again[i], dst[i]) {
						t.Fatalf("%s in place: entry %d of %d is %v, not %v", name, i, n, again[i], dst[i])
					}
				}
				if dst[n] != guard {
					t.Fatalf("%s wrote past the end", name)
				}
			}
			for name, u := range binary {
				u.f(dst[:n], a, b)
				for i := range a {
					if want := u.want(a[i], b[i]); !same(dst[i], want) && !(want == 0 && dst[i] == 0) {
						t.Fatalf("%s(%v, %v) = %v, want %v (entry %d of %d)", name, a[i], b[i], dst[i], want, i, n)
					}
				}
				for second := range 2 {
					in := [2][]float64{append([]float64(nil), a...), append([]float64(nil), b...)}
					u.f(in[second], in[0], in[1])
					for i := range a {
						if !same(in[second][i], dst[i]) {
							t.Fatalf("%s in place: entry %d of %d is %v, not %v", name, i, n, in[second][i], dst[i])
						}
					}
				}
				if dst[n] != guard {
					t.Fatalf("%s wrote past the end", name)
				}
			}
			close := func(got, want float64) bool {
				return same(got, want) || math.Abs(got-want) <= 4e-16*(math.Abs(want)+10)
			}
			MulAdd(dst[:n], a, b, c)
			for i := range a {
				if want := a[i]*b[i] + c[i]; !close(dst[i], want) && !(math.Abs(want) > 1e290) {
					t.Fatalf("muladd(%v, %v, %v) = %v, want %v", a[i], b[i], c[i], dst[i], want)
				}
			}
			Axpby(dst[:n], 0.7, a, -1.5, c)
			for i := range a {
				if want := 0.7*a[i] - 1.5*c[i]; !close(dst[i], want) {
					t.Fatalf("axpby(%v, %v) = %v, want %v", a[i], c[i], dst[i], want)
				}
			}
			copy(dst, c)
			Axpy(0.7, a, dst[:n])
			for i := range a {
				if want := 0.7*a[i] + c[i]; !close(dst[i], want) {
					t.Fatalf("axpy(%v, %v) = %v, want %v", a[i], c[i], dst[i], want)
				}
			}
			if dst[n] != guard {
				t.Fatal("axpy or its like wrote past the end")
			}
		}
	})
}

func TestReductions(t *testing.T) {
	eachKernels(t, func(t *testing.T) {
		r := newRand()
		for n := range 200 {
			x, y := random(r, n), random(r, n)
			var sum, asum, dot, sq, shifted float64
			top, least, abs := math.Inf(-1), math.Inf(1), 0.0
			for i, v := range x {
				sum += v
				asum += math.Abs(v)
				dot += v * y[i]
				sq += v * v
				shifted += math.Exp(v - 0.3)
				top, least, abs = max(top, v), min(least, v), max(abs, math.Abs(v))
			}
			tol := 1e-14 * float64(n+1)
			near(t, "sum", Sum(x), sum, tol)
			near(t, "asum", Asum(x), asum, tol)
			near(t, "dot", Dot(x, y), dot, tol)
			near(t, "nrm2", Nrm2(x), math.Sqrt(sq), tol)
			near(t, "max", Max(x), top, 0)
			near(t, "min", Min(x), least, 0)
			near(t, "absmax", AbsMax(x), abs, 0)
			dst := make([]float64, n+1)
			dst[n] = guard
			near(t, "expshift", ExpShift(dst[:n], x, 0.3), shifted, tol*10)
			for i, v := range x {
				near(t, "expshift", dst[i], math.Exp(v-0.3), 1e-15*math.Exp(v))
			}
			near(t, "expshift past the end", dst[n], guard, 0)
			if n > 0 {
				at := r.IntN(n)
				x[at] = math.NaN()
				for name, f := range map[string]func([]float64) float64{"sum": Sum, "asum": Asum, "nrm2": Nrm2, "max": Max, "min": Min, "absmax": AbsMax} {
					near(t, name+" of NaN", f(x), math.NaN(), 0)
				}
				x[at] = math.Inf(-1)
				near(t, "max", Max(x[at:at+1]), math.Inf(-1), 0)
				near(t, "min", Min(x), math.Inf(-1), 0)
				near(t, "absmax", AbsMax(x), math.Inf(1), 0)
				near(t, "nrm2", Nrm2(x), math.Inf(1), 0)
			}
		}
		for _, scale := range []float64{1e200, 1e-200, 1e308, 5e-324 * 16} {
			near(t, "nrm2 far out", Nrm2([]float64{3 * scale / 8, -4 * scale / 8}), 5*scale/8, 1e-15*scale)
		}
	})
}

func TestPow(t *testing.T) {
	eachKernels(t, func(t *testing.T) {
		r := newRand()
		x := append(random(r, 1100), special...)
		for i := range 1000 {
			x[i] = math.Exp(10 * x[i])
		}
		y, again := make([]float64, len(x)), make([]float64, len(x))
		for _, p := range []float64{0, 1, 2, 3, 4, 5, 7, 8, 0.5, 1.5, 2.5, 3.5, 7.5, 0.3, 9, 9.5, -3.7, math.NaN(), math.Inf(1), 1e300} {
			for _, p := range []float64{p, -p} {
				Pow(y, x, p)
				copy(again, x)
				Pow(again, again, p)
				for i, v := range x {
					want := math.Pow(v, p)
					near(t, trying("in place ", v, "^", p), again[i], y[i], 0)
					if math.IsInf(y[i], 0) && math.Abs(want) > 1e300 || math.Abs(want) < 1e-300 && math.Abs(y[i]) < 1e-300 {
						continue // an intermediate result overflows a little earlier
					}
					near(t, trying(v, "^", p), y[i], want, 2e-15*math.Abs(want))
				}
			}
		}
	})
}
