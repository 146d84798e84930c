package fit

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gonum.org/v1/gonum/mat"
)

// TestIndefinite minimises functions from where their Hessians have negative curvature,
// or are singular: no iteration ascends, and the end is a minimum.
func TestIndefinite(t *testing.T) {
	for _, c := range []struct {
		m     example
		start []float64
		want  float64
		whole bool // found with the Hessian alone
	}{
		{example{"x: vector(n); l = sum((x.^2 - 1).^2)", "", "x", map[string]int{"n": 3}}, []float64{0.1, -0.2, 2}, 0, false},
		{example{"x: vector(n); l = sum((x.^2 - 1).^2)", "", "x", map[string]int{"n": 3}}, []float64{0, 0.5, 2}, 0, true},
		{example{"x: vector(n); l = sum((x.^2 - 1).^2)", "", "x", map[string]int{"n": 3}}, []float64{0, 0, 0}, 0, true},
		{example{"x: vector(n); A: matrix(n, n); l = sum(x.^4) + x'*A*x", "A=[0,4;4,0]", "x", nil}, []float64{1, 1.001}, -8, false},
		{example{"x: vector(n); A: matrix(n, n); l = sum(x.^4) + x'*A*x", "A=[0,4;4,0]", "x", nil}, []float64{0, 0}, -8, true},
		{example{"a, b: scalar; l = (1 - a)^2 + 100*(b - a^2)^2", "", "a", nil}, nil, 0, false},
		{example{"x: vector(n); A: matrix(m, n); l = norm2(A*x - ones(m))^2", "A=[1,1;1,1]", "x", nil}, []float64{5, 0}, 0, false},
		{example{"U: matrix(n, k); A: matrix(n, n); l = norm2(U*U' - A)^2", "A=[4,0,0;0,1,0;0,0,1]", "U", map[string]int{"k": 1}}, []float64{0, 0, 1}, 2, true},
	} {
		names := c.m.names
		starts := map[string]Start{names: {Values: c.start}}
		if names == "a" {
			c.m.names, starts = "a,b", map[string]Start{"a": {Values: []float64{-1.2}}, "b": {Values: []float64{1}}}
		}
		for _, dense := range []bool{true, false} {
			if c.whole && !dense {
				continue
			}
			p := problem(t, c.m, starts, true)
			p.second.dense = dense
			last := math.Inf(1)
			r, err := p.Minimize(context.Background(), Options{Method: "newton", Tolerance: 1e-8, MaxIterations: 100, Report: func(it Iteration) {
				if it.Value > last+1e-11*math.Abs(last) {
					t.Errorf("%s from %v: iteration %d ascends from %v to %v", c.m.text, c.start, it.Number, last, it.Value)
				}
				last = it.Value
			}})
			if err != nil || !r.Converged || math.Abs(r.Last.Value-c.want) > 1e-7 {
				t.Errorf("%s from %v, with a matrix %v: %+v, %v; want %v", c.m.text, c.start, dense, r, err, c.want)
			}
		}
	}
}

// TestModels compares the steps of both models with the least values of quadratics within
// a radius, found by many trials.
func TestModels(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for trial := range 200 {
		n := 1 + trial%4
		h := mat.NewSymDense(n, nil)
		g := make([]float64, n)
		for i := range n {
			g[i] = r.NormFloat64()
			for j := range i + 1 {
				h.SetSym(i, j, r.NormFloat64())
			}
			h.SetSym(i, i, h.At(i, i)+float64(trial%3))
		}
		if trial%7 == 0 { // the hard case: no slope along an eigenvector
			for i := range n {
				for j := range i {
					h.SetSym(i, j, 0)
				}
			}
			h.SetSym(0, 0, -1)
			g[0] = 0
		}
		radius := math.Exp(r.NormFloat64())
		at := func(s []float64) float64 {
			x := mat.NewVecDense(n, slices.Clone(s))
			return dot(g, s) + mat.Inner(x, h, x)/2
		}
		m := newMatrixModel(1, g, mat.NewSymDense(n, slices.Clone(h.RawSymmetric().Data)))
		s := make([]float64, n)
		decrease, length, _ := m.step(radius, s)
		size := 0.0
		for i, v := range s {
			size += (v * m.scale[i]) * (v * m.scale[i])
		}
		if size = math.Sqrt(size); math.Abs(size-length) > 1e-8*length || length > radius*(1+1e-5) {
			t.Errorf("trial %d: the step has the length %v, says %v, radius %v", trial, size, length, radius)
		}
		if math.Abs(decrease+at(s)) > 1e-9*(1+math.Abs(at(s))) || decrease < 0 {
			t.Errorf("trial %d: the decrease is %v, says %v", trial, -at(s), decrease)
		}
		for range 2000 {
			x := make([]float64, n)
			for i := range x {
				x[i] = r.NormFloat64()
			}
			scale := radius * math.Pow(r.Float64(), 1/float64(n)) / norm(x)
			for i := range x {
				x[i] *= scale / m.scale[i]
			}
			if at(x) < -decrease-1e-5*(1+decrease) {
				t.Fatalf("trial %d: %v at %v, the step has %v at %v", trial, at(x), x, -decrease, s)
			}
		}
	}
}

// TestKinks minimises functions that have no gradient at their minima, or no slope that a
// search could want on the way there.
func TestKinks(t *testing.T) {
	for _, c := range []struct {
		m    example
		want float64
	}{
		{example{"x: vector(n); c: vector(n); l = norm2(x - c)", "c=[1,2]", "x", nil}, 0},
		{example{"x: vector(n); c: vector(n); l = norm2(x - c) + sum(abs(x - 1))", "c=[1,2]", "x", nil}, 1},
		{example{"X: matrix(m, n); y: vector(m); l = sum(abs(X*w - y))", vectors, "w", nil}, 1.4},
	} {
		for _, method := range Methods {
			p := problem(t, c.m, nil, method == "newton")
			r, err := p.Minimize(context.Background(), Options{Method: method, Tolerance: 1e-8, MaxIterations: 3000})
			if err != nil || r.Reason == Limit || !(math.Abs(r.Last.Value-c.want) < 0.1) {
				t.Errorf("%s by %s: %+v, %v", c.m.text, method, r, err)
			}
		}
	}
}

// TestLeave looks at edges that the function falls away from, and at others.
func TestLeave(t *testing.T) {
	n := map[string]int{"n": 3}
	for _, c := range []struct {
		m      example
		values []float64
		want   bool
	}{
		{example{"x: vector(n) simplex; c: vector(n); l = c'*x", "c=[3,1,2]", "x", nil}, []float64{1e-12, 1e-12, 1}, true},
		{example{"x: vector(n) simplex; c: vector(n); l = c'*x", "c=[3,1,2]", "x", nil}, []float64{1e-12, 1, 1e-12}, false},
		{example{"x: vector(n) positive; l = sum((x - 1).^2)", "", "x", n}, []float64{1, 1e-20, 1}, true},
		{example{"x: vector(n) positive; l = sum((x + 1).^2)", "", "x", n}, []float64{1e-9, 1e-20, 1e-20}, false},
		{example{"S: matrix(n, n) posdef; A: matrix(n, n); l = norm2(S - A)^2", "A=[2,1;1,3]", "S", nil}, []float64{1, 1, 1, 1 + 1e-10}, true},
		{example{"S: matrix(n, n) posdef; A: matrix(n, n); l = norm2(S - A)^2", "A=[1,1;1,1]", "S", nil}, []float64{1, 1, 1, 1 + 1e-10}, false},
	} {
		p := problem(t, c.m, map[string]Start{c.m.names: {Values: c.values}}, false)
		p.ctx = context.Background()
		u := slices.Clone(p.u)
		before, _ := p.evaluate(u)
		next, ok := p.leave(u)
		if ok != c.want {
			t.Errorf("%s at %v: %v", c.m.text, c.values, ok)
		}
		if !ok {
			continue
		}
		if after, _ := p.evaluate(next); after >= before {
			t.Errorf("%s at %v: from %v to %v", c.m.text, c.values, before, after)
		}
	}
}
