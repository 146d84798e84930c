// Package plantest evaluates numeric programs straight from the definitions of
// their values, slowly and without regard to rounding: it is what other evaluators
// and generated code are compared with.
package plantest

import (
	"errors"
	"fmt"
	"math"

	"example.com/nabla/internal/eval"
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/ops"
	"example.com/nabla/internal/plan"
)

// Evaluate returns the values at the sizes, variables and families of env: a scalar is
// 1 × 1, a vector a column, a matrix as it is. Unknown functions are the stand-ins of
// package eval, by their order among the program's functions that occur in the values.
// It is an error where a variable or size has no value or a matrix is singular.
func Evaluate(env *eval.Env, values ...*plan.Value) ([]expr.Dense, error) {
	e := &evaluator{env: env, index: map[*expr.Index]int{}, known: map[*plan.Value]expr.Dense{}}
	e.listFunctions(values)
	out := make([]expr.Dense, len(values))
	for i, v := range values {
		out[i] = e.value(v)
	}
	return out, e.err
}

type evaluator struct {
	env       *eval.Env
	index     map[*expr.Index]int // present values of loop indices, from 1
	known     map[*plan.Value]expr.Dense
	functions []*expr.Symbol
	err       error
}

// listFunctions finds the unknown functions by ordinal.
func (e *evaluator) listFunctions(values []*plan.Value) {
	seen := map[*plan.Value]bool{}
	var visit func(v *plan.Value)
	visit = func(v *plan.Value) {
		if seen[v] {
			return
		}
		seen[v] = true
		if v.Kind == plan.Apply {
			at := 0
			for at < len(e.functions) && e.functions[at].Ordinal < v.Sym.Ordinal {
				at++
			}
			if at == len(e.functions) || e.functions[at] != v.Sym {
				e.functions = append(e.functions[:at], append([]*expr.Symbol{v.Sym}, e.functions[at:]...)...)
			}
		}
		for _, a := range v.Args {
			visit(a)
		}
	}
	for _, v := range values {
		visit(v)
	}
}

func (e *evaluator) fail(err error) {
	if e.err == nil && err != nil {
		e.err = err
	}
}

// size returns the value of a size.
func (e *evaluator) size(d *expr.Dim) int {
	return int(d.Value(func(n *expr.SizeName) int64 {
		if v, ok := e.env.Sizes[n.Name]; ok {
			return int64(v)
		}
		if d, ok := e.env.Vars[n.Name]; ok && len(d.Data) == 1 {
			return int64(d.Data[0]) // an integer scalar that an index runs up to
		}
		e.fail(fmt.Errorf("size %s has no value", n.Name))
		return 1
	}))
}

// value returns the value of v, which is remembered while the loop indices that it
// depends on keep their values.
func (e *evaluator) value(v *plan.Value) expr.Dense {
	if d, ok := e.known[v]; ok {
		return d
	}
	d := e.compute(v)
	if rows, cols := e.size(v.Rows), e.size(v.Cols); v.Rank < 3 && !factorisation(v) && e.err == nil && (d.Rows != rows || d.Cols != cols) {
		panic(fmt.Sprintf("plantest: %v is %d × %d, not %d × %d", v.Kind, d.Rows, d.Cols, rows, cols))
	}
	e.known[v] = d
	return d
}

func factorisation(v *plan.Value) bool { return v.Kind == plan.LU || v.Kind == plan.Cholesky }

func (e *evaluator) sumOver(v *plan.Value) expr.Dense {
	total := expr.NewDense(e.size(v.Rows), e.size(v.Cols))
	e.loop(v, func(_ int, term expr.Dense) {
		for k, x := range term.Data {
			total.Data[k] += x
		}
	})
	return total
}

func (e *evaluator) columns(v *plan.Value) expr.Dense {
	m := expr.NewDense(e.size(v.Rows), e.size(v.Cols))
	e.loop(v, func(j int, column expr.Dense) {
		for i, x := range column.Data {
			m.Set(i, j, x)
		}
	})
	return m
}

// loop runs over the values of an index, j = 0, 1, …, with the operand of v for each, and
// forgets after each what depends on it.
func (e *evaluator) loop(v *plan.Value, each func(j int, operand expr.Dense)) {
	for i := range e.size(v.Dims[0]) {
		e.index[v.Index] = i + 1
		each(i, e.value(v.Args[0]))
		for w := range e.known {
			if w.Loops&plan.LoopBit(v.Index) != 0 {
				delete(e.known, w)
			}
		}
	}
	delete(e.index, v.Index)
}

// param returns the array of a variable; a family's members are its rows or, for one
// of matrices, stand below each other.
func (e *evaluator) param(v *plan.Value) expr.Dense {
	if v.Sym.Family == nil {
		d, ok := e.env.Vars[v.Sym.Name]
		if !ok {
			e.fail(fmt.Errorf("%s has no value", v.Sym.Name))
			return expr.NewDense(e.size(v.Rows), e.size(v.Cols))
		}
		return d
	}
	members, ok := e.env.Families[v.Sym.Name]
	if !ok || len(members) == 0 {
		e.fail(fmt.Errorf("%s has no value", v.Sym.Name))
		return expr.NewDense(e.size(v.Rows), e.size(v.Cols))
	}
	var out expr.Dense
	for _, d := range members {
		out.Data = append(out.Data, d.Data...)
	}
	switch v.Rank {
	case 1:
		out.Rows, out.Cols = len(members), 1
	case 2:
		out.Rows, out.Cols = len(members), members[0].Rows
	case 3:
		out.Rows, out.Cols = len(members)*members[0].Rows, members[0].Cols
	}
	return out
}

// build makes the value of v entry by entry.
func (e *evaluator) build(v *plan.Value, entry func(i, j int) float64) expr.Dense {
	return build(e.size(v.Rows), e.size(v.Cols), entry)
}

func build(rows, cols int, entry func(i, j int) float64) expr.Dense {
	d := expr.NewDense(rows, cols)
	for i := range rows {
		for j := range cols {
			d.Set(i, j, entry(i, j))
		}
	}
	return d
}

// unary are the functions that no operator of the language has by that name.
var unary = map[string]func(float64) float64{"neg": func(x float64) float64 { return -x }}

var binary = map[string]func(x, y float64) float64{
	"add": func(x, y float64) float64 { return x + y },
	"sub": func(x, y float64) float64 { return x - y },
	"mul": func(x, y float64) float64 { return x * y },
	"div": func(x, y float64) float64 { return x / y },
	"pow": math.Pow, "max": math.Max, "min": math.Min,
}

func function(name string) func(float64) float64 {
	if f := unary[name]; f != nil {
		return f
	}
	f := ops.Registry().Op(name).Scalar
	return func(x float64) float64 { return f([]float64{x}) }
}

var errPosdef = errors.New("matrix is not symmetric and positive definite")

// CheckPosdef returns an error unless a is symmetric to rounding with positive pivots.
func CheckPosdef(a expr.Dense) error {
	scale := 0.0
	for _, v := range a.Data {
		scale = math.Max(scale, math.Abs(v))
	}
	l := expr.NewDense(a.Rows, a.Cols)
	for i := range a.Rows {
		for j := range i + 1 {
			if math.Abs(a.At(i, j)-a.At(j, i)) > 1e-9*scale {
				return errPosdef
			}
			s := a.At(i, j)
			for k := range j {
				s -= l.At(i, k) * l.At(j, k)
			}
			if i > j {
				l.Set(i, j, s/l.At(j, j))
			} else if s <= 0 {
				return errPosdef
			} else {
				l.Set(i, i, math.Sqrt(s))
			}
		}
	}
	return nil
}

// stack computes matrices one below the other, as a family of matrices stands.
func (e *evaluator) stack(v *plan.Value) expr.Dense {
	n := e.size(v.Rows)
	m := expr.NewDense(n*e.size(v.Dims[0]), e.size(v.Cols))
	e.loop(v, func(k int, member expr.Dense) { copy(m.Data[k*n*m.Cols:], member.Data) })
	return m
}
