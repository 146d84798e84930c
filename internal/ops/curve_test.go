package ops

import (
	"math"
	"math/rand/v2"
	"testing"

	"example.com/nabla/internal/dense"
	"example.com/nabla/internal/expr"
)

// TestCurves compares what the rows say of curvature, trend and range with values at
// random points.
func TestCurves(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 5))
	pieces := 0
	for _, o := range Registry().Ops() {
		for _, p := range o.Pieces() {
			pieces++
			for range 300 {
				var x, y, up expr.Dense
				if p.Posdef {
					x, y, up = spd(rng), spd(rng), expr.Dense{}
					up = sum(x, spd(rng), 1)
				} else {
					n := 1
					if o.Class == expr.Core {
						n = 3
					}
					x, y, up = expr.NewDense(n, len(o.Params)), expr.NewDense(n, len(o.Params)), expr.NewDense(n, len(o.Params))
					for i := range x.Data {
						x.Data[i], y.Data[i] = inInterval(rng, p.On), inInterval(rng, p.On)
						up.Data[i] = math.Max(x.Data[i], y.Data[i])
					}
				}
				if o.Domain == "fullrank" || o.Domain == "invertible" && !p.Posdef {
					continue // a row that says nothing
				}
				fx, fy, fm, fu := apply(t, o, x), apply(t, o, y), apply(t, o, sum(x, y, 0.5)), apply(t, o, up)
				for _, v := range fx.Data {
					if !p.Range.Has(v) && math.Abs(v) < 1e8 && !edge(p.Range, v) {
						t.Errorf("%s: value %v is not in the range of %+v", o.Name, v, p)
					}
				}
				for range 3 {
					z := probe(rng, fx)
					a, b, m, u := z(fx), z(fy), z(fm), z(fu)
					scale := 1e-9 * (1 + math.Abs(a) + math.Abs(b))
					gap := (a+b)/2 - m
					if p.Bend == expr.LogConvexBend || p.Bend == expr.LogConcaveBend {
						gap = (math.Log(a)+math.Log(b))/2 - math.Log(m)
					}
					strict := p.Strict && distance(x, y) > 0.1 && math.Abs(a-b) > 1e-3
					switch p.Bend {
					case expr.ConvexBend, expr.LogConvexBend:
						if gap < -scale || strict && !(gap > 0) {
							t.Errorf("%s: not convex between %v and %v: %v", o.Name, x, y, gap)
						}
					case expr.ConcaveBend, expr.LogConcaveBend:
						if gap > scale || strict && !(gap < 0) {
							t.Errorf("%s: not concave between %v and %v: %v", o.Name, x, y, gap)
						}
					case expr.AffineBend:
						if math.Abs(gap) > scale {
							t.Errorf("%s: not affine between %v and %v: %v", o.Name, x, y, gap)
						}
					}
					if float64(p.Trend)*(u-a) < -scale {
						t.Errorf("%s: from %v to %v it goes from %v to %v", o.Name, x, up, a, u)
					}
				}
			}
		}
	}
	if pieces < 50 {
		t.Errorf("%d pieces were looked at", pieces)
	}
}

// TestRangesCover sees to it that the ranges of an elementwise row hold every value, and
// that the pieces leave no gap.
func TestRangesCover(t *testing.T) {
	domains := map[string]expr.Interval{"": expr.Reals, "nonzero": expr.Reals,
		"positive": {Lo: 0, Hi: math.Inf(1), LoOpen: true, HiOpen: true},
		"unit":     {Lo: -1, Hi: 1, LoOpen: true, HiOpen: true},
		"above1":   {Lo: 1, Hi: math.Inf(1), LoOpen: true, HiOpen: true}}
	for _, o := range Registry().Ops() {
		if o.Class != expr.Elementwise || len(o.Params) > 1 {
			continue
		}
		rng := rand.New(rand.NewPCG(1, 2))
		lo, hi := math.Inf(1), math.Inf(-1)
		for _, p := range o.Pieces() {
			lo, hi = math.Min(lo, p.On.Lo), math.Max(hi, p.On.Hi)
		}
		for range 1000 {
			x := inInterval(rng, domains[o.Domain])
			v := o.Scalar([]float64{x})
			covered, held := x < lo || x > hi, false
			for _, p := range o.Pieces() {
				covered = covered || p.On.Has(x)
				held = held || p.Range.Has(v)
			}
			if !covered {
				t.Errorf("%s: no piece tells of %v", o.Name, x)
			}
			if !held {
				t.Errorf("%s: no range holds %v", o.Name, v)
			}
		}
	}
}

// TestDegrees compares the degrees of homogeneous operators of 3 × 3 matrices with
// values.
func TestDegrees(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 4))
	n := 0
	for _, o := range Registry().Ops() {
		if o.Degree == "" {
			continue
		}
		n++
		x := spd(rng)
		want := 8 * apply(t, o, x).Data[0]
		if got := apply(t, o, sum(x, x, 1)).Data[0]; math.Abs(got-want) > 1e-9*math.Abs(want) {
			t.Errorf("%s: twice the operand gives %v, want %v", o.Name, got, want)
		}
	}
	if n == 0 {
		t.Error("no operator is homogeneous")
	}
}

// edge reports whether a value has been rounded to an open bound.
func edge(i expr.Interval, v float64) bool {
	return math.Abs(v-i.Lo) < 1e-12 || math.Abs(v-i.Hi) < 1e-12
}

func inInterval(rng *rand.Rand, i expr.Interval) float64 {
	lo, hi := math.Max(i.Lo, -5), math.Min(i.Hi, 5)
	return lo + (hi-lo)*(0.001+0.998*rng.Float64())
}

func spd(rng *rand.Rand) expr.Dense {
	b := expr.NewDense(3, 3)
	for i := range b.Data {
		b.Data[i] = rng.NormFloat64()
	}
	m := dense.Mul(b, dense.Transpose(b))
	for i := range 3 {
		m.Data[4*i] += 0.3
	}
	return m
}

// sum returns c (a + b).
func sum(a, b expr.Dense, c float64) expr.Dense {
	r := expr.NewDense(a.Rows, a.Cols)
	for i := range r.Data {
		r.Data[i] = c * (a.Data[i] + b.Data[i])
	}
	return r
}

func distance(a, b expr.Dense) float64 {
	d := 0.0
	for i := range a.Data {
		d = math.Max(d, math.Abs(a.Data[i]-b.Data[i]))
	}
	return d
}

func apply(t *testing.T, o *expr.Op, x expr.Dense) expr.Dense {
	t.Helper()
	if o.Scalar != nil {
		return dense.Scalar(o.Scalar(x.Data))
	}
	v, err := o.Kernel(&expr.Call{Args: []expr.Dense{x}})
	if err != nil {
		t.Fatalf("%s: %v", o.Name, err)
	}
	return v
}

// probe returns a number that depends on a value as its order does: an entry, or zᵀMz
// for a square matrix.
func probe(rng *rand.Rand, f expr.Dense) func(expr.Dense) float64 {
	if f.Rows == f.Cols && f.Rows > 1 {
		z := expr.NewDense(f.Rows, 1)
		for i := range z.Data {
			z.Data[i] = rng.NormFloat64()
		}
		return func(m expr.Dense) float64 { return dense.Mul(dense.Transpose(z), dense.Mul(m, z)).Data[0] }
	}
	i := rng.IntN(len(f.Data))
	return func(m expr.Dense) float64 { return m.Data[i] }
}
