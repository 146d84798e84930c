package fit

import (
	"gonum.org/v1/gonum/mat"

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

// second computes the Hessian by all free parameters at a point, or its products with
// directions.
type second struct {
	p     *Problem
	m     *bind.Machine
	out   []native.Array
	whole bool // the machine's result is the Hessian by the entries of the only variable
	dense bool // the Hessian is made as a matrix

	u      []float64   // the point
	values [][]float64 // the entries of each variable there
	grad   [][]float64 // the gradient by them; nil for one whose transform is linear
	dirs   [][]float64 // the direction of each variable
}

// SetSecond gives the problem second derivatives: a program whose results are, for each
// variable, the derivative of its gradient in the direction of all variables together.
func (p *Problem) SetSecond(prog *plan.Program, m *bind.Machine) {
	s := newSecond(p, prog, m)
	for i, v := range p.Variables {
		for k, q := range prog.Params {
			if q.Sym != nil && q.Direction != nil && q.Direction.Name == v.Sym.Name {
				m.Args[k] = native.Array{Shape: v.Shape, Data: s.dirs[i]}
			}
		}
	}
	p.second = s
}

// SetHessian gives the problem of a single variable its Hessian: the only result of a
// program, by the entries of the variable row after row. It reports false if entries of
// the variable share parameters.
func (p *Problem) SetHessian(prog *plan.Program, m *bind.Machine) bool {
	v := p.Variables[0]
	if len(p.Variables) > 1 || v.Sym.Family != nil || v.t.kind == cholesky || v.t.size != v.t.rows*v.t.cols {
		return false
	}
	p.second = newSecond(p, prog, m)
	p.second.whole, p.second.dense = true, true
	return true
}

func newSecond(p *Problem, prog *plan.Program, m *bind.Machine) *second {
	n := len(p.u)
	s := &second{p: p, m: m, out: make([]native.Array, len(prog.Results)), u: make([]float64, n),
		dense: n <= mostStreamed || n <= mostDense && m.Stream == ""}
	for _, v := range p.Variables {
		n := len(v.Values)
		values := make([]float64, n)
		for k, q := range prog.Params {
			if q.Sym != nil && q.Direction == nil && q.Sym.Name == v.Sym.Name {
				m.Args[k] = native.Array{Shape: v.Shape, Data: values}
			}
		}
		var grad []float64
		if !v.t.linear() {
			grad = make([]float64, n)
		}
		s.values, s.grad, s.dirs = append(s.values, values), append(s.grad, grad), append(s.dirs, make([]float64, n))
	}
	return s
}

// at sets the point. It reports false where the function has no value.
func (s *second) at(u []float64) bool {
	p := s.p
	if f, _ := p.evaluate(u); f-f != 0 {
		return false
	}
	copy(s.u, u)
	for k, v := range p.Variables {
		copy(s.values[k], v.Values)
		if s.grad[k] != nil {
			copy(s.grad[k], p.out[k+1].Data)
		}
	}
	return true
}

// run runs the machine and reports whether it has a result.
func (s *second) run() bool {
	err := s.m.RunContext(s.p.ctx, s.m.Args, s.out)
	if err != nil && !numeric(err) && s.p.err == nil {
		s.p.err = err
	}
	return err == nil
}

// product sets hd to the Hessian at the point times d.
func (s *second) product(d, hd []float64) bool {
	p := s.p
	for k, v := range p.Variables {
		v.t.push(p.part(s.u, v), s.values[k], p.part(d, v), s.dirs[k])
	}
	if !s.run() {
		return false
	}
	for k, v := range p.Variables {
		s.pull(k, v, s.out[k].Data, d, hd)
	}
	return finite(hd)
}

// pull sets the part of hd that belongs to a variable, from the derivative hx of the
// gradient by its entries in the direction d.
func (s *second) pull(k int, v *Variable, hx, d, hd []float64) {
	p := s.p
	v.t.pull(p.part(s.u, v), s.values[k], hx, p.part(hd, v))
	if s.grad[k] != nil {
		v.t.bend(p.part(s.u, v), s.values[k], s.grad[k], p.part(d, v), p.part(hd, v))
	}
}

// hessian fills h with the Hessian at the point; it reports false where that has no
// value.
func (s *second) hessian(h *mat.SymDense) bool {
	n := len(s.u)
	if s.whole && !s.run() {
		return false
	}
	full := mat.NewDense(n, n, nil)
	d, hd := make([]float64, n), make([]float64, n)
	for j := range n {
		d[j] = 1
		switch v := s.p.Variables[0]; {
		case !s.whole:
			if !s.product(d, hd) {
				return false
			}
		case v.t.linear():
			copy(hd, s.out[0].Data[j*n:(j+1)*n])
		default:
			dx, hx := s.dirs[0], make([]float64, n)
			v.t.push(s.u, s.values[0], d, dx)
			for i := range hx {
				if dx[i] != 0 {
					axpy(hx, dx[i], s.out[0].Data[i*n:(i+1)*n])
				}
			}
			s.pull(0, v, hx, d, hd)
		}
		if !finite(hd) {
			return false
		}
		d[j] = 0
		full.SetCol(j, hd)
	}
	for i := range n {
		for j := range i + 1 {
			h.SetSym(i, j, (full.At(i, j)+full.At(j, i))/2)
		}
	}
	return true
}

func dot(x, y []float64) float64 {
	s := 0.0
	for i, v := range x {
		s += v * y[i]
	}
	return s
}

// axpy adds a·x to y.
func axpy(y []float64, a float64, x []float64) {
	for i, v := range x {
		y[i] += a * v
	}
}
