package fit

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
)

// Near the edge of what a declaration allows the free parameters lose their effect: where
// an entry of a simplex is next to 0, the gradient by its parameter is too, whatever
// that by the entry. So a method can come to rest at an edge that is no minimum.

// farthest bounds by how much a parameter whose exponential is taken changes in one
// step of Newton's method, so that none leads to an edge.
const farthest = 3

// excess is by how much a step takes such a parameter farther than that: 1 or more, or
// less if it does not.
func (p *Problem) excess(s []float64) float64 {
	most := 0.0
	for _, v := range p.Variables {
		if v.t.linear() {
			continue
		}
		for i, d := range p.part(s, v) {
			if v.t.kind != cholesky || v.t.onDiagonal(i%v.t.size) {
				most = math.Max(most, math.Abs(d))
			}
		}
	}
	return most / farthest
}

// onDiagonal reports whether parameter k of a triangle is on its diagonal.
func (t *transform) onDiagonal(k int) bool {
	for i := range t.rows {
		if k == i*(i+1)/2+i {
			return true
		}
	}
	return false
}

const (
	edge  = 1e-4 // what is next to 0, of the others
	worth = 1e-6 // of the value, what leaving an edge is worth
)

// leave looks for a place with a lower value off the edges that u is at and that the
// function falls away from. It reports false if there is none.
func (p *Problem) leave(u []float64) ([]float64, bool) {
	value, _ := p.evaluate(u)
	var entries [][]float64
	for k, v := range p.Variables {
		x := slices.Clone(v.Values)
		entries = append(entries, v.t.inward(x, p.out[k+1].Data))
	}
	if !slices.ContainsFunc(entries, func(x []float64) bool { return x != nil }) {
		return nil, false
	}
	for _, part := range []float64{0.1, 1e-2, 1e-4} {
		next := slices.Clone(u)
		for k, v := range p.Variables {
			if entries[k] == nil {
				continue
			}
			x := make([]float64, len(v.Values))
			v.t.apply(p.part(u, v), x)
			for i := range x {
				x[i] = (1-part)*x[i] + part*entries[k][i]
			}
			if v.t.invert(x, p.part(next, v)) != nil {
				return nil, false
			}
		}
		if f, g := p.evaluate(next); p.err == nil && f < value-worth*math.Abs(value) && finite(g) {
			return next, true
		}
	}
	return nil, false
}

// inward returns entries inside of what the declaration allows, towards which the
// function falls from x, where the gradient by the entries is g. It is nil if x is at no
// edge, or the function rises from there.
func (t *transform) inward(x, g []float64) []float64 {
	if t.kind == entries {
		return nil
	}
	n := t.rows * t.cols
	to := slices.Clone(x)
	found := false
	for m := range t.members {
		x, g, to := x[m*n:(m+1)*n], g[m*n:(m+1)*n], to[m*n:(m+1)*n]
		switch t.kind {
		case exps:
			scale := norm(x) / math.Sqrt(float64(n))
			slope := make([]float64, t.size)
			for i, k := range t.at {
				if k >= 0 {
					slope[k] += g[i]
				}
			}
			for i, k := range t.at {
				if k >= 0 && x[i] < edge*math.Max(scale, 1) && slope[k] < 0 {
					to[i] = math.Max(scale, 1)
					found = true
				}
			}
		case softmax:
			for j := range t.cols {
				mean, count := t.inner(x, g, j), 0
				falls := func(i int) bool { return x[i] < edge && g[i] < mean }
				for i := j; i < n; i += t.cols {
					if falls(i) {
						count++
					}
				}
				if count == 0 {
					continue
				}
				found = true
				for i := j; i < n; i += t.cols {
					to[i] = 0
					if falls(i) {
						to[i] = 1 / float64(count)
					}
				}
			}
		case cholesky:
			var e mat.EigenSym
			if !e.Factorize(mat.NewSymDense(t.rows, slices.Clone(x)), true) {
				continue
			}
			values := e.Values(nil)
			scale := 0.0
			for _, v := range values {
				scale += v / float64(t.rows)
			}
			var q mat.Dense
			e.VectorsTo(&q)
			for k, v := range values {
				slope := 0.0
				for i := range t.rows {
					for j := range t.rows {
						slope += q.At(i, k) * g[i*t.rows+j] * q.At(j, k)
					}
				}
				if v >= edge*scale || slope >= 0 {
					continue
				}
				found = true
				for i := range t.rows {
					for j := range t.rows {
						to[i*t.rows+j] += scale * q.At(i, k) * q.At(j, k)
					}
				}
			}
		}
	}
	if !found {
		return nil
	}
	return to
}
