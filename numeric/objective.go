package numeric

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/optimize"

	"example.com/nabla"
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/native"
)

// An Objective is a scalar function of some of its variables, which make up one point
// x: their entries one after the other, a matrix row after row.
//
// Value and gradient are computed together and kept for the point, so that asking for
// one after the other costs one run. The Hessian is computed only when it is asked for.
// An Objective is for one goroutine at a time.
type Objective struct {
	f       *Func // its own
	vars    []objectiveVariable
	x       []float64 // the variables' memory
	light   *native.Machine
	out     []native.Array // of light: the value, then a gradient for each variable
	known   bool           // the light machine has run at x
	whole   bool           // f has
	err     error
	hessian int // the result of f, or −1
	runs    int
}

type objectiveVariable struct {
	name       string
	from, to   int // in x
	rows, cols int
	symmetric  bool
}

// Objective returns the function of the variables, at first at their present data; of
// the others the data are what they are now. The value and the gradients by the
// variables must be among what was asked for. With one variable whose Hessian was asked
// for there is a Hessian.
func (f *Func) Objective(vars ...string) (*Objective, error) {
	f = f.Clone()
	if err := f.prepare(); err != nil {
		return nil, err
	}
	value, ok := f.find(nabla.ValueOf, "")
	if !ok || f.prog.Results[value].Value.Rank != 0 {
		return nil, errors.New("the program does not compute the value of a scalar function")
	}
	o := &Objective{f: f, hessian: -1}
	list := []int{value}
	n := 0
	for _, name := range vars {
		k, err := f.param(name)
		if err != nil {
			return nil, err
		}
		grad, ok := f.find(nabla.GradientOf, name)
		if !ok {
			return nil, fmt.Errorf("the program does not compute the gradient by %s", name)
		}
		if f.args[k].Source != nil {
			return nil, fmt.Errorf("%s comes from a source and cannot vary", name)
		}
		list = append(list, grad)
		v := objectiveVariable{name: name, from: n, rows: 1, cols: 1}
		if shape := f.args[k].Shape; len(shape) > 0 {
			v.rows, v.cols = shape[0], size(shape[1:])
		}
		sym := f.prog.Params[k].Sym
		v.symmetric = sym != nil && sym.Kind == expr.Matrix && sym.Family == nil && sym.Facts.Has(expr.Symmetric)
		n += v.rows * v.cols
		v.to = n
		o.vars = append(o.vars, v)
	}
	o.x = make([]float64, n)
	for _, v := range o.vars {
		k, _ := f.param(v.name)
		d := o.x[v.from:v.to:v.to]
		copy(d, f.args[k].Data)
		f.args[k].Data, f.own[k] = d, nil
	}
	if len(vars) == 1 {
		if k, ok := f.find(nabla.HessianOf, vars[0]); ok {
			o.hessian = k
		}
	}
	var err error
	if o.light, err = f.compile(list); err != nil {
		return nil, err
	}
	o.out = make([]native.Array, len(list))
	return o, nil
}

// Start returns the point that was evaluated last; at first, the data of the variables.
func (o *Objective) Start() []float64 { return slices.Clone(o.x) }

// Len is the number of entries of a point.
func (o *Objective) Len() int { return len(o.x) }

// Runs counts evaluations of value and gradient at new points.
func (o *Objective) Runs() int { return o.runs }

// Split returns the part of a point, or of a gradient, that is a variable's.
func (o *Objective) Split(x []float64, name string) []float64 {
	for _, v := range o.vars {
		if v.name == name {
			return x[v.from:v.to]
		}
	}
	panic("numeric: " + name + " is no variable of the objective")
}

// Err returns the error of the last evaluation, or nil.
func (o *Objective) Err() error { return o.err }

// move sets the variables to x.
func (o *Objective) move(x []float64) {
	if len(x) != len(o.x) {
		panic(fmt.Sprintf("numeric: a point of %d entries, not %d", len(x), len(o.x)))
	}
	if !slices.Equal(x, o.x) {
		copy(o.x, x)
		o.known, o.whole = false, false
	}
}

// run computes value and gradient at x unless that was done already.
func (o *Objective) run(x []float64) bool {
	o.move(x)
	if !o.known {
		o.runs++
		o.note(o.light.Run(o.f.args, o.out), &o.known)
	}
	return o.known
}

func (o *Objective) note(err error, done *bool) {
	*done = err == nil
	o.err = err
}

// outside reports whether the last evaluation failed since the point is outside of the
// domain: a matrix is singular or not positive definite there.
func (o *Objective) outside() bool {
	var singular *native.SingularError
	var indefinite *native.IndefiniteError
	var rank *native.RankError
	return errors.As(o.err, &singular) || errors.As(o.err, &indefinite) || errors.As(o.err, &rank)
}

// Value returns the value at x: +∞ where a matrix is singular or not positive definite,
// so that a line search turns back, and NaN where another error occurs. See Err.
func (o *Objective) Value(x []float64) float64 {
	switch {
	case o.run(x):
	case o.outside():
		return math.Inf(1)
	default:
		return math.NaN()
	}
	return o.out[0].Data[0]
}

// Gradient puts the gradient at x in dst, NaN if it cannot be computed.
func (o *Objective) Gradient(dst, x []float64) {
	if !o.run(x) {
		for i := range dst {
			dst[i] = math.NaN()
		}
		return
	}
	for k, v := range o.vars {
		copy(dst[v.from:v.to], o.out[k+1].Data)
	}
}

// HasHessian reports whether the Hessian is computed: there is one variable, and it was
// asked for.
func (o *Objective) HasHessian() bool { return o.hessian >= 0 }

// Hessian puts the Hessian at x in dst, NaN if it cannot be computed. Of a variable that
// is declared symmetric it is that on the symmetric matrices, to which a Newton step from
// one of them keeps; for a direction E = −Eᵀ, which the gradient never has a part in, it
// is the identity, so that it is positive definite where it is so on symmetric matrices.
func (o *Objective) Hessian(dst *mat.SymDense, x []float64) {
	n := len(x)
	if dst.IsEmpty() {
		dst.ReuseAsSym(n)
	}
	o.move(x)
	if !o.whole {
		o.note(o.f.Run(), &o.whole)
	}
	v := &o.vars[0]
	h := o.f.out[o.hessian].Data
	at := func(i, j int) float64 { return h[v.stacked(i)*n+v.stacked(j)] }
	for i := range n {
		for j := i; j < n; j++ {
			switch {
			case !o.whole:
				dst.SetSym(i, j, math.NaN())
			case v.symmetric:
				s, t := v.turned(i), v.turned(j)
				d := (at(i, j) + at(s, j) + at(i, t) + at(s, t)) / 4
				if i == j {
					d += 0.5
				}
				if i == t {
					d -= 0.5
				}
				dst.SetSym(i, j, d)
			default:
				dst.SetSym(i, j, at(i, j))
			}
		}
	}
}

// turned returns where entry i of a square matrix is in its transpose.
func (v *objectiveVariable) turned(i int) int { return i%v.cols*v.rows + i/v.cols }

// stacked returns where entry i of a matrix, row after row, is in its stacked columns.
func (v *objectiveVariable) stacked(i int) int {
	if v.cols == 1 {
		return i
	}
	return i%v.cols*v.rows + i/v.cols
}

// Problem returns the objective for package optimize. Methods stop with Err's error
// where an evaluation fails, but not outside of the domain.
func (o *Objective) Problem() optimize.Problem {
	p := optimize.Problem{
		Func: o.Value,
		Grad: o.Gradient,
		Status: func() (optimize.Status, error) {
			if o.err != nil && !o.outside() {
				return optimize.Failure, o.err
			}
			return optimize.NotTerminated, nil
		},
	}
	if o.HasHessian() {
		p.Hess = o.Hessian
	}
	return p
}
