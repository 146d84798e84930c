// Package fit minimises numeric programs over some of their variables, by methods of
// gonum/optimize with derived derivatives.
//
// [New] makes a problem of a program that returns a value and its gradients, and a
// machine that runs it on data; [Problem.Minimize] solves it.
package fit

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"

	"example.com/nabla/internal/bind"
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/native"
	"example.com/nabla/internal/plan"
)

// An Error is what cannot be fitted, and what to do.
type Error struct{ Message, Hint string }

// Error is the message, with the hint on a second line.
func (e *Error) Error() string {
	if e.Hint == "" {
		return e.Message
	}
	return e.Message + "\nhint: " + e.Hint
}

// A Variable is one that is fitted.
type Variable struct {
	Sym    *expr.Symbol
	Shape  []int
	Values []float64 // the start; then the best there is
	t      *transform
	param  int // of the program
	off    int // of its parameters in u
}

// A Problem is a function to be minimised over variables.
type Problem struct {
	Variables []*Variable
	m         *bind.Machine
	out       []native.Array
	u, gu     []float64 // where the function was evaluated last, and the gradient there
	value     float64
	known     bool
	low       []float64 // where the least value was met since it was looked for, and that value
	lowValue  float64
	second    *second // nil without second derivatives
	ctx       context.Context
	err       error // what stops the run
	evals     int
	start     float64 // the value at the start
	least     float64 // a value below shows that there is no minimum
}

// A Start says where a variable starts: at values, at "zeros", "ones" or "random", or,
// if it is empty, where the transform takes it to.
type Start struct {
	Values []float64
	Fill   string
}

// New makes a problem of a program whose results are the value and the gradient by each
// of the variables, in this order.
func New(prog *plan.Program, b *bind.Bound, m *bind.Machine, names []string, starts map[string]Start, seed uint64) (*Problem, error) {
	p := &Problem{m: m, out: make([]native.Array, len(prog.Results)), least: math.Inf(-1)}
	total := 0
	for _, name := range names {
		bound := b.Find(name)
		v := &Variable{Sym: bound.Sym, Shape: bound.Shape}
		var err error
		if v.t, err = newTransform(v.Sym, v.Shape); err != nil {
			return nil, err
		}
		v.Values = make([]float64, v.t.members*v.t.rows*v.t.cols)
		for k, q := range prog.Params {
			if q.Sym != nil && q.Sym.Name == name {
				v.param = k
				v.Sym = q.Sym
			}
		}
		m.Args[v.param] = native.Array{Shape: v.Shape, Data: v.Values}
		v.off = total
		total += v.t.free()
		p.Variables = append(p.Variables, v)
	}
	p.u, p.gu = make([]float64, total), make([]float64, total)
	for _, v := range p.Variables {
		if err := v.begin(p.part(p.u, v), starts[v.Sym.Name], seed); err != nil {
			return nil, err
		}
		v.t.apply(p.part(p.u, v), v.Values)
	}
	return p, nil
}

// begin sets the parameters of a variable to its start.
func (v *Variable) begin(u []float64, s Start, seed uint64) error {
	h := fnv.New64a()
	h.Write([]byte(v.Sym.Name))
	r := rand.New(rand.NewPCG(seed, h.Sum64()))
	x := s.Values
	switch s.Fill {
	case "random":
		v.t.random(u, r)
		return nil
	case "zeros", "ones":
		x = make([]float64, len(v.Values))
		for i := range x {
			if s.Fill == "ones" {
				x[i] = 1
			}
		}
	}
	if x == nil {
		v.t.start(u, v.Sym.Kind == expr.Matrix, r)
		return nil
	}
	if err := v.t.invert(x, u); err != nil {
		return &Error{Message: fmt.Sprintf("the start of %s does not fit its declaration, %s: %v", v.Sym.Name, bind.Declaration(v.Sym), err),
			Hint: fmt.Sprintf("--init %s=random, or none, starts at what fits", v.Sym.Name)}
	}
	return nil
}

// part is the part of u that belongs to a variable.
func (p *Problem) part(u []float64, v *Variable) []float64 { return u[v.off : v.off+v.t.free()] }

// Free is the number of free parameters.
func (p *Problem) Free() int { return len(p.u) }

// set sets the variables' entries from u.
func (p *Problem) set(u []float64) {
	for _, v := range p.Variables {
		v.t.apply(p.part(u, v), v.Values)
	}
}

// evaluate computes value and gradient at u. Where a matrix is singular or not positive
// definite, the value is infinite.
func (p *Problem) evaluate(u []float64) (float64, []float64) {
	if p.known && equal(u, p.u) {
		return p.value, p.gu
	}
	copy(p.u, u)
	p.known = true
	p.set(u)
	p.evals++
	err := p.m.RunContext(p.ctx, p.m.Args, p.out)
	if err != nil {
		p.value = math.Inf(1)
		for i := range p.gu {
			p.gu[i] = math.NaN()
		}
		if !numeric(err) && p.err == nil || p.evals == 1 {
			p.err = err
		}
		return p.value, p.gu
	}
	p.value = p.out[0].Data[0]
	if p.value < p.least && p.err == nil {
		p.err = &DivergedError{p.value, p.start, norm(u)}
	}
	for k, v := range p.Variables {
		v.t.pull(p.part(u, v), v.Values, p.out[k+1].Data, p.part(p.gu, v))
	}
	if p.value < p.lowValue && finite(p.gu) {
		p.low, p.lowValue = append(p.low[:0], u...), p.value
	}
	return p.value, p.gu
}

// numeric reports whether an error is one of the numbers at hand, which other values of
// the variables may not have.
func numeric(err error) bool {
	var singular *native.SingularError
	var indefinite *native.IndefiniteError
	var rank *native.RankError
	return errors.As(err, &singular) || errors.As(err, &indefinite) || errors.As(err, &rank)
}

func equal(a, b []float64) bool {
	for i, x := range a {
		if x != b[i] {
			return false
		}
	}
	return true
}

func norm(x []float64) float64 {
	scale, sum := 0.0, 1.0
	for _, v := range x {
		switch a := math.Abs(v); {
		case a == 0:
		case a > scale:
			sum = 1 + sum*(scale/a)*(scale/a)
			scale = a
		default:
			sum += (a / scale) * (a / scale)
		}
	}
	if math.IsNaN(sum) {
		return sum
	}
	return scale * math.Sqrt(sum)
}

func finite(x []float64) bool {
	s := 0.0
	for _, v := range x {
		s += v * 0
	}
	return s == 0
}
