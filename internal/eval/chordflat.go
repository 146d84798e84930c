package eval

import (
	"math"
	"slices"

	"example.com/nabla/internal/expr"
)

// Flat looks for a direction in which the expression is not curved at all: it takes
// the second differences at one point along a basis of the directions that random
// points span, and returns the least eigenvalue over the largest, both in absolute
// value. ok is false where no figure was found.
func (c *Chords) Flat() (ratio float64, ok bool) {
	n := c.Dim()
	if n > 20 || c.Draw() != nil {
		return 0, false
	}
	base := c.flatten(c.x)
	// Directions: differences of random points, orthonormalised; what adds none is
	// left out, as the space of symmetric matrices is smaller than n.
	var dirs [][]float64
	for range 3*n + 6 {
		if !c.Turn() {
			continue
		}
		d := c.flatten(c.y)
		size := 0.0
		for k := range d {
			d[k] -= base[k]
			size += d[k] * d[k]
		}
		for range 2 {
			for _, e := range dirs {
				dot := 0.0
				for k := range d {
					dot += d[k] * e[k]
				}
				for k := range d {
					d[k] -= dot * e[k]
				}
			}
		}
		norm := 0.0
		for _, x := range d {
			norm += x * x
		}
		if norm <= 1e-12*size {
			continue
		}
		for k := range d {
			d[k] /= math.Sqrt(norm)
		}
		dirs = append(dirs, d)
	}
	if len(dirs) == 0 {
		return 0, false
	}
	const h = 2e-3
	top := 0.0 // the largest of the values
	at := func(i, j int, si, sj float64) (float64, bool) {
		p := slices.Clone(base)
		for k := range p {
			p[k] += h * (si*dirs[i][k] + sj*dirs[j][k])
		}
		c.unflatten(p)
		v, err := c.f.run(true)
		if err != nil || !finite(v.Data) {
			return 0, false
		}
		top = max(top, math.Abs(v.Data[0]))
		return v.Data[0], true
	}
	m := expr.NewDense(len(dirs), len(dirs))
	for i := range dirs {
		for j := range i + 1 {
			a, ok1 := at(i, j, 1, 1)
			b, ok2 := at(i, j, 1, -1)
			d, ok3 := at(i, j, -1, 1)
			e, ok4 := at(i, j, -1, -1)
			if !ok1 || !ok2 || !ok3 || !ok4 {
				return 0, false
			}
			x := (a - b - d + e) / (4 * h * h)
			m.Set(i, j, x)
			m.Set(j, i, x)
		}
	}
	values, vectors := eigen(m)
	least, largest, flattest := math.Inf(1), 0.0, 0
	for k, v := range values {
		if v = math.Abs(v); v < least {
			least, flattest = v, k
		}
		largest = math.Max(largest, math.Abs(v))
	}
	// Where a step changes the value by a good part of itself, as that of x⁴⁰⁰, the entries
	// of the point decide which directions are seen at all.
	if largest*h*h > top/200 {
		return 0, false
	}
	if largest == 0 {
		// A value of zero all around may be one that is too small for a number, such as
		// that of x to the power 10⁹.
		c.unflatten(base)
		return 0, c.value() == nil && c.f.slots[c.f.root].Data[0] != 0
	}
	// What is much less curved than the rest, as exp(8 x) where x is small, still bends on a
	// long way: by as much as the rest where it gets as far.
	along := make([]float64, len(base))
	for j := range dirs {
		for k := range along {
			along[k] += vectors.At(j, flattest) * dirs[j][k]
		}
	}
	for _, step := range []float64{0.25, 0.5, 1, 2, 4, 8} {
		visible := 1e-9
		if step > 1 {
			visible = 1e-6 // the direction itself is not exact
		}
		if c.bends(base, along, step, visible) {
			return 1, true
		}
	}
	return least / largest, true
}

// bends reports whether the expression is no straight line between x − h d, x and x + h d,
// by more than a part visible of the values.
func (c *Chords) bends(x, d []float64, h, visible float64) bool {
	var f [3]float64
	for i := range f {
		p := slices.Clone(x)
		for k := range p {
			p[k] += h * float64(i-1) * d[k]
		}
		c.unflatten(p)
		v, err := c.f.run(true)
		if err != nil || !finite(v.Data) {
			return false
		}
		f[i] = v.Data[0]
	}
	return math.Abs(f[0]-2*f[1]+f[2]) > visible*max(math.Abs(f[0]), math.Abs(f[1]), math.Abs(f[2]))
}

func (c *Chords) flatten(from [][]float64) []float64 {
	var out []float64
	for i := range c.pt.vars {
		if c.wrt[i] {
			out = append(out, from[i]...)
		}
	}
	return out
}

func (c *Chords) unflatten(p []float64) {
	for i, v := range c.pt.vars {
		from := c.x[i]
		if c.wrt[i] {
			from, p = p[:len(from)], p[len(from):]
		}
		k := 0
		for _, d := range v.vals {
			k += copy(d.Data, from[k:])
		}
	}
}

// eigen returns the eigenvalues of a symmetric matrix, and its eigenvectors as columns,
// by Jacobi's rotations. m is used up.
func eigen(m expr.Dense) (values []float64, vectors expr.Dense) {
	n := m.Rows
	vectors = expr.NewDense(n, n)
	for i := range n {
		vectors.Set(i, i, 1)
	}
	for range 40 {
		off := 0.0
		for p := range n {
			for q := range p {
				off += m.At(p, q) * m.At(p, q)
				if m.At(p, q) == 0 {
					continue
				}
				theta := (m.At(q, q) - m.At(p, p)) / (2 * m.At(p, q))
				t := 1 / (math.Abs(theta) + math.Sqrt(theta*theta+1))
				if theta < 0 {
					t = -t
				}
				co := 1 / math.Sqrt(t*t+1)
				si := t * co
				for k := range n {
					a, b := m.At(k, p), m.At(k, q)
					m.Set(k, p, co*a-si*b)
					m.Set(k, q, si*a+co*b)
				}
				for k := range n {
					a, b := vectors.At(k, p), vectors.At(k, q)
					vectors.Set(k, p, co*a-si*b)
					vectors.Set(k, q, si*a+co*b)
				}
				for k := range n {
					a, b := m.At(p, k), m.At(q, k)
					m.Set(p, k, co*a-si*b)
					m.Set(q, k, si*a+co*b)
				}
			}
		}
		if off < 1e-30 {
			break
		}
	}
	values = make([]float64, n)
	for i := range values {
		values[i] = m.At(i, i)
	}
	return values, vectors
}
