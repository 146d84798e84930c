package fit

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// A model is the quadratic m(s) = gᵀs + ½ sᵀHs of the decrease of a function around a
// point, to be minimised where s is not longer than a radius.
type model interface {
	// step sets s to where the model is small within the radius, and returns by how much
	// it decreases there, s' length, and whether the radius bounds it. Without a bound, where
	// the model has no minimum, it takes a radius itself.
	step(radius float64, s []float64) (decrease, length float64, bounded bool)
	// convex reports whether no negative curvature has been found.
	convex() bool
}

// A matrixModel has the Hessian. Lengths are those of D s, D² being the diagonal of the
// Hessian, so that they do not depend on the units of the parameters.
type matrixModel struct {
	scale  []float64 // D
	g      []float64 // D⁻¹ g
	newton []float64 // −(D⁻¹ H D⁻¹)⁻¹ D⁻¹ g, nil if that matrix is not positive definite
	h      *mat.SymDense
	// The eigenvalues of D⁻¹ H D⁻¹ and its eigenvectors, and Qᵀ D⁻¹ g, once they are needed.
	values []float64
	q      mat.Dense
	c      []float64
	f      float64 // the function
}

// mostCondition bounds the condition number of a Hessian whose Cholesky factor is used.
const mostCondition = 1e14

func newMatrixModel(f float64, g []float64, h *mat.SymDense) *matrixModel {
	n := len(g)
	m := &matrixModel{scale: make([]float64, n), g: make([]float64, n), h: h, f: f}
	most := 0.0
	for i := range n {
		for j := range i + 1 {
			most = math.Max(most, math.Abs(h.At(i, j)))
		}
	}
	if most == 0 {
		most = 1
	}
	for i := range n {
		m.scale[i] = math.Sqrt(math.Max(math.Abs(h.At(i, i)), 1e-16*most))
		m.g[i] = g[i] / m.scale[i]
	}
	for i := range n {
		for j := range i + 1 {
			h.SetSym(i, j, h.At(i, j)/(m.scale[i]*m.scale[j]))
		}
	}
	var chol mat.Cholesky
	if chol.Factorize(h) && chol.Cond() < mostCondition {
		z := mat.NewVecDense(n, nil)
		if chol.SolveVecTo(z, mat.NewVecDense(n, m.g)) == nil && finite(z.RawVector().Data) {
			z.ScaleVec(-1, z)
			m.newton = z.RawVector().Data
		}
	}
	return m
}

// eigen computes the eigenvalues, in ascending order.
func (m *matrixModel) eigen() {
	if m.values != nil {
		return
	}
	n := len(m.g)
	m.values, m.c = make([]float64, n), make([]float64, n)
	var e mat.EigenSym
	if !e.Factorize(m.h, true) { // the gradient alone is known, then
		for i := range n {
			m.values[i] = 1
		}
		m.q.CloneFrom(eye(n))
	} else {
		e.Values(m.values)
		e.VectorsTo(&m.q)
	}
	mat.NewVecDense(n, m.c).MulVec(m.q.T(), mat.NewVecDense(n, m.g))
	// Along parameters that change nothing, such as what a softmax is shifted by, there is
	// but rounding.
	small, size := m.small(), norm(m.c)
	for i, v := range m.values {
		if math.Abs(v) <= small && math.Abs(m.c[i]) <= 1e-7*size {
			m.c[i] = 0
		}
	}
}

func eye(n int) *mat.DiagDense {
	d := mat.NewDiagDense(n, nil)
	for i := range n {
		d.SetDiag(i, 1)
	}
	return d
}

// small is below what an eigenvalue may be 0.
func (m *matrixModel) small() float64 {
	return 1e-12 * math.Max(math.Abs(m.values[0]), math.Abs(m.values[len(m.values)-1]))
}

func (m *matrixModel) convex() bool {
	if m.newton != nil {
		return true
	}
	m.eigen()
	return m.values[0] >= -1e4*m.small()
}

// step solves the problem of the trust region by its eigenvalues (Nocedal and Wright,
// Numerical Optimization, section 4.3): s = −(H + μ)⁻¹ g with the least μ ≥ 0 for which
// H + μ is positive semidefinite and s is not longer than the radius.
func (m *matrixModel) step(radius float64, s []float64) (decrease, length float64, bounded bool) {
	if m.newton != nil {
		if length = norm(m.newton); length <= radius {
			for i, v := range m.newton {
				s[i] = v / m.scale[i]
			}
			return -dot(m.g, m.newton) / 2, length, false
		}
	}
	m.eigen()
	n := len(m.c)
	z := make([]float64, n)
	at := func(mu float64) float64 {
		for i, c := range m.c {
			z[i] = 0
			if c != 0 {
				z[i] = -c / (m.values[i] + mu)
			}
		}
		if !finite(z) {
			return math.Inf(1)
		}
		return norm(z)
	}
	low := 0.0
	if least := m.values[0]; least < m.small() {
		low = m.small() - least
	}
	length = at(low)
	if math.IsInf(radius, 1) && (m.values[0] < -m.small() || math.IsInf(length, 1)) {
		if radius = norm(m.g); radius == 0 {
			radius = 0.01 * math.Sqrt(1+math.Abs(m.f))
		}
	}
	if length > radius {
		high := math.Max(2*low, norm(m.c)/radius)
		for at(low+high) > radius {
			high *= 4
		}
		a, b := low, low+high
		for range 200 {
			// A mean that suits both ends of what may be many orders of magnitude.
			mid := low + math.Sqrt(math.Max(a-low, 1e-20*(b-low))*(b-low))
			if !(a < mid && mid < b) {
				break
			}
			if at(mid) > radius {
				a = mid
			} else {
				b = mid
			}
			if b-a <= 1e-6*(b-low) {
				break
			}
		}
		length, bounded = at(b), true
	} else if m.values[0] < -m.small() {
		// The gradient has next to nothing along the least eigenvector: go along it as
		// far as the radius lets.
		along := math.Sqrt(math.Max(0, radius*radius-length*length))
		if m.c[0] > 0 {
			along = -along
		}
		z[0] += along
		length, bounded = norm(z), true
	}
	for i, c := range m.c {
		decrease -= z[i] * (c + m.values[i]*z[i]/2)
	}
	x := mat.NewVecDense(n, s)
	x.MulVec(&m.q, mat.NewVecDense(n, z))
	for i := range s {
		s[i] /= m.scale[i]
	}
	return decrease, length, bounded
}

// A productModel has products with the Hessian alone, for conjugate gradients that stop
// at the radius, where the curvature is negative, or where the residual is small enough
// for superlinear convergence (Steihaug 1983; Nocedal and Wright, algorithm 7.2).
type productModel struct {
	s     *second
	g     []float64
	tol   float64 // of the residual, relative to the gradient
	found bool    // negative curvature

	// The way that the conjugate gradients went, for radii that are smaller than the first:
	// from 0 to their first point and from there straight to their last. The model decreases
	// along both.
	first, last []float64
	curve       float64 // gᵀHg
	m1, m2      float64 // the model at those
	slope       float64 // at the first, along the second part
	bounded     bool    // the last is on the boundary
}

func (m *productModel) convex() bool { return !m.found }

func (m *productModel) step(radius float64, s []float64) (decrease, length float64, bounded bool) {
	if m.last == nil {
		m.solve(radius)
	}
	if length = norm(m.last); length <= radius {
		copy(s, m.last)
		return -m.m2, length, m.bounded
	}
	one := norm(m.first)
	if one >= radius {
		size := norm(m.g)
		t := radius / size
		for i, v := range m.g {
			s[i] = -t * v
		}
		return t*size*size - t*t*m.curve/2, radius, true
	}
	var rest []float64
	for i, v := range m.last {
		rest = append(rest, v-m.first[i])
	}
	t := reach(m.first, rest, radius)
	for i, v := range m.first {
		s[i] = v + t*rest[i]
	}
	return -(m.m1 + t*(m.slope+t*(m.m2-m.m1-m.slope))), radius, true
}

// reach returns t ≥ 0 for which z + t d has the length radius ≥ ‖z‖.
func reach(z, d []float64, radius float64) float64 {
	a, b, c := dot(d, d), dot(z, d), dot(z, z)-radius*radius
	if a == 0 {
		return 0
	}
	root := math.Sqrt(math.Max(0, b*b-a*c))
	if b > 0 {
		return -c / (b + root)
	}
	return (root - b) / a
}

func (m *productModel) solve(radius float64) {
	n := len(m.g)
	z, r, d, hd := make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)
	copy(r, m.g)
	for i, v := range m.g {
		d[i] = -v
	}
	rr := dot(r, r)
	stop := m.tol * math.Sqrt(rr)
	value := 0.0
	var r1 []float64
	// to goes on by t, after which the model has changed by −t rr + ½ t² curvature.
	to := func(t, curvature float64, product bool) {
		axpy(z, t, d)
		value += t * (t*curvature/2 - rr)
		if product {
			axpy(r, t, hd)
		}
		if m.first == nil {
			m.first, m.m1, m.curve = append([]float64(nil), z...), value, curvature
			r1 = append([]float64(nil), r...)
		}
	}
	for k := range max(20, 2*n) {
		if !m.s.product(d, hd) {
			if k == 0 { // the gradient alone is known
				to(1, rr, false)
			}
			break
		}
		curvature := dot(d, hd)
		if curvature <= 0 {
			m.found = m.found || curvature < 0
			far := radius
			if math.IsInf(far, 1) {
				far = 2 * norm(z)
				if k == 0 {
					far = 1
					if curvature < 0 {
						far = math.Sqrt(rr) * rr / -curvature
					}
				}
			}
			m.bounded = true
			to(reach(z, d, far), curvature, true)
			break
		}
		alpha := rr / curvature
		if edge := reach(z, d, radius); !math.IsInf(radius, 1) && edge <= alpha {
			m.bounded = true
			to(edge, curvature, true)
			break
		}
		to(alpha, curvature, true)
		next := dot(r, r)
		if math.Sqrt(next) <= stop {
			break
		}
		beta := next / rr
		for i := range d {
			d[i] = beta*d[i] - r[i]
		}
		rr = next
	}
	m.last, m.m2 = z, value
	for i, v := range r1 {
		m.slope += v * (z[i] - m.first[i])
	}
}
