package numeric

import (
	"fmt"
	"strings"

	"gonum.org/v1/gonum/mat"

	"example.com/nabla"
)

// A Result is something that a run computed. Its memory is the function's, which the
// next run overwrites.
type Result struct {
	Name  string // value, grad_w, hess_w, …
	What  nabla.What
	Wrt   string // the variable it is by, "" for the value
	Shape []int
	Data  []float64 // row after row
	Text  string    // the formula
}

// Results lists the names of what is computed: value, grad_w, hess_w, ….
func (f *Func) Results() []string {
	var list []string
	for _, r := range f.prog.Results {
		list = append(list, r.Name)
	}
	return list
}

// Get returns a result of the last run by name. It panics if there is none of the name
// or no run has succeeded.
func (f *Func) Get(name string) Result {
	for k, r := range f.prog.Results {
		if r.Name == name {
			return f.result(k)
		}
	}
	panic(fmt.Sprintf("numeric: no result %s; there are %s", name, strings.Join(f.Results(), ", ")))
}

// Value returns the value of a scalar function.
func (f *Func) Value() float64 { return f.Get("value").Scalar() }

// Gradient returns the gradient by a variable, in its shape, row after row.
func (f *Func) Gradient(wrt string) []float64 {
	k, ok := f.find(nabla.GradientOf, wrt)
	if !ok {
		panic("numeric: no gradient by " + wrt + " was asked for")
	}
	return f.result(k).Data
}

// Hessian returns the Hessian by a variable, n × n, or by the stacked columns of a
// matrix.
func (f *Func) Hessian(wrt string) *mat.SymDense {
	k, ok := f.find(nabla.HessianOf, wrt)
	if !ok {
		panic("numeric: no Hessian by " + wrt + " was asked for")
	}
	return f.result(k).Sym()
}

func (f *Func) find(what nabla.What, wrt string) (int, bool) {
	for k, r := range f.prog.Results {
		if r.What == what && (r.Wrt == nil && wrt == "" || r.Wrt != nil && r.Wrt.Name == wrt) {
			return k, true
		}
	}
	return 0, false
}

func (f *Func) result(k int) Result {
	if !f.ran {
		panic("numeric: no run has succeeded since the data changed")
	}
	r := &f.prog.Results[k]
	s := Result{Name: r.Name, What: r.What, Shape: f.shapes[k], Data: f.out[k].Data, Text: r.Text}
	if r.Wrt != nil {
		s.Wrt = r.Wrt.Name
	}
	return s
}

// Scalar returns the only entry.
func (r Result) Scalar() float64 {
	if len(r.Data) != 1 {
		panic(fmt.Sprintf("numeric: %s has %d entries", r.Name, len(r.Data)))
	}
	return r.Data[0]
}

// Vector returns the entries as a vector that shares them.
func (r Result) Vector() *mat.VecDense { return mat.NewVecDense(len(r.Data), r.Data) }

// Matrix returns the entries as a matrix that shares them; a vector is a column.
func (r Result) Matrix() *mat.Dense {
	switch len(r.Shape) {
	case 2:
		return mat.NewDense(r.Shape[0], r.Shape[1], r.Data)
	default:
		return mat.NewDense(len(r.Data), 1, r.Data)
	}
}

// Sym returns a square matrix, which must be symmetric, as one that shares its entries.
func (r Result) Sym() *mat.SymDense {
	if len(r.Data) == 1 {
		return mat.NewSymDense(1, r.Data)
	}
	if len(r.Shape) != 2 || r.Shape[0] != r.Shape[1] {
		panic(fmt.Sprintf("numeric: %s of the shape %v is not square", r.Name, r.Shape))
	}
	return mat.NewSymDense(r.Shape[0], r.Data)
}
