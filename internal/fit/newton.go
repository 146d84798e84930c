package fit

import (
	"math"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/optimize"

	"example.com/nabla/internal/bind"
	"example.com/nabla/internal/native"
	"example.com/nabla/internal/plan"
)

// MostWhole is the largest number of parameters for which a Hessian is computed as a
// matrix, mostDense for which it is put together from products with unit vectors,
// mostStreamed if each of them is a run over files; beyond, products with directions are
// all that is computed.
const (
	MostWhole    = 1000
	mostDense    = 200
	mostStreamed = 20
)

// second computes the Hessian by all parameters, or its products with directions.
type second struct {
	p     *Problem
	m     *bind.Machine
	out   []native.Array
	whole bool        // the machine's result is the Hessian
	dirs  [][]float64 // the direction of each variable
}

// SetSecond gives the problem second derivatives: a program whose results are, for each
// variable, the derivative of its gradient in the direction of all variables together.
func (p *Problem) SetSecond(prog *plan.Program, m *bind.Machine) error {
	s := &second{p: p, m: m, out: make([]native.Array, len(prog.Results))}
	for _, v := range p.Variables {
		if !v.t.linear() {
			return &Error{Message: "newton takes variables that are free, symmetric, diagonal or toeplitz, and " + bind.Declaration(v.Sym) + " is declared otherwise",
				Hint: "--method lbfgs has no such limits"}
		}
		dir := make([]float64, len(v.Values))
		s.dirs = append(s.dirs, dir)
		for k, q := range prog.Params {
			switch {
			case q.Sym == nil:
			case q.Direction != nil && q.Direction.Name == v.Sym.Name:
				m.Args[k] = native.Array{Shape: v.Shape, Data: dir}
			case q.Direction == nil && q.Sym.Name == v.Sym.Name:
				m.Args[k] = native.Array{Shape: v.Shape, Data: v.Values}
			}
		}
	}
	p.second = s
	return nil
}

// SetHessian gives the problem of a single variable its Hessian: the only result of a
// program, by the entries of the variable row after row. It reports false if the variable
// has facts.
func (p *Problem) SetHessian(prog *plan.Program, m *bind.Machine) bool {
	v := p.Variables[0]
	if len(p.Variables) > 1 || v.t.kind != entries || v.t.size != v.t.rows*v.t.cols {
		return false
	}
	for k, q := range prog.Params {
		if q.Sym != nil && q.Sym.Name == v.Sym.Name {
			m.Args[k] = native.Array{Shape: v.Shape, Data: v.Values}
		}
	}
	p.second = &second{p: p, m: m, out: make([]native.Array, 1), whole: true}
	return true
}

// dense reports whether the Hessian is made as a matrix.
func (s *second) dense() bool {
	n := len(s.p.u)
	return s.whole || n <= mostStreamed || n <= mostDense && s.m.Stream == ""
}

// product sets hd to the Hessian at u times d.
func (s *second) product(u, d, hd []float64) bool {
	p := s.p
	p.set(u)
	for k, v := range p.Variables {
		v.t.apply(p.part(d, v), s.dirs[k])
	}
	if err := s.m.RunContext(p.ctx, s.m.Args, s.out); err != nil {
		if !numeric(err) && p.err == nil {
			p.err = err
		}
		return false
	}
	for k, v := range p.Variables {
		v.t.pull(p.part(u, v), v.Values, s.out[k].Data, p.part(hd, v))
	}
	return true
}

// hessian fills h with the Hessian at u, with the identity where it has no value.
func (s *second) hessian(h *mat.SymDense, u []float64) {
	n := len(u)
	if s.whole {
		s.p.set(u)
		err := s.m.RunContext(s.p.ctx, s.m.Args, s.out)
		if err != nil && !numeric(err) && s.p.err == nil {
			s.p.err = err
		}
		ok := err == nil && finite(s.out[0].Data)
		for i := range n {
			for j := range i + 1 {
				x := 0.0
				switch {
				case ok:
					x = (s.out[0].Data[i*n+j] + s.out[0].Data[j*n+i]) / 2
				case i == j:
					x = 1
				}
				h.SetSym(i, j, x)
			}
		}
		return
	}
	full := mat.NewDense(n, n, nil)
	d, hd := make([]float64, n), make([]float64, n)
	for j := range n {
		d[j] = 1
		if !s.product(u, d, hd) {
			for i := range hd {
				hd[i] = 0
			}
			hd[j] = 1
		}
		d[j] = 0
		full.SetCol(j, hd)
	}
	for i := range n {
		for j := range i + 1 {
			h.SetSym(i, j, (full.At(i, j)+full.At(j, i))/2)
		}
	}
}

// A truncated is Newton's direction by conjugate gradients that stop early: where the
// curvature is negative, or the residual is small enough for superlinear convergence
// (Nocedal and Wright, Numerical Optimization, algorithm 7.1).
type truncated struct {
	s           *second
	z, r, d, hd []float64
}

// InitDirection implements optimize.NextDirectioner.
func (t *truncated) InitDirection(loc *optimize.Location, dir []float64) float64 {
	n := len(loc.X)
	t.z, t.r, t.d, t.hd = make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)
	return t.NextDirection(loc, dir)
}

// NextDirection implements optimize.NextDirectioner.
func (t *truncated) NextDirection(loc *optimize.Location, dir []float64) float64 {
	g := loc.Gradient
	size := norm(g)
	tol := math.Min(0.5, math.Sqrt(size)) * size
	clear(t.z)
	copy(t.r, g)
	for i, v := range g {
		t.d[i] = -v
	}
	rr := dot(t.r, t.r)
	for k := range max(20, 2*len(g)) {
		ok := t.s.product(loc.X, t.d, t.hd)
		curvature := dot(t.d, t.hd)
		if !ok || !finite(t.hd) || curvature <= 0 {
			if k == 0 {
				copy(t.z, t.d)
			}
			break
		}
		alpha := rr / curvature
		for i := range t.z {
			t.z[i] += alpha * t.d[i]
			t.r[i] += alpha * t.hd[i]
		}
		next := dot(t.r, t.r)
		if math.Sqrt(next) <= tol {
			break
		}
		beta := next / rr
		for i := range t.d {
			t.d[i] = beta*t.d[i] - t.r[i]
		}
		rr = next
	}
	copy(dir, t.z)
	return 1
}

func dot(x, y []float64) float64 {
	s := 0.0
	for i, v := range x {
		s += v * y[i]
	}
	return s
}
