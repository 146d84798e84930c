// Package numeric evaluates functions of matrices and their derivatives on float64 data.
//
// [Compile] differentiates a program of the language symbolically and plans its
// computation; [Func.Set] binds data to variables, [Func.Run] computes everything that
// was asked for in one go, sharing what the value and its derivatives have in common,
// and [Func.Get] gives the results. From the second run on nothing is allocated, unless
// sizes change. Sums over many samples are computed in blocks on all cores, and samples
// may come from a [Source] that is larger than memory.
//
// [Func.Objective] is what optimisers want: package gonum.org/v1/gonum/optimize, or any
// other that asks for value, gradient and Hessian at a point.
//
// A Func is for one goroutine at a time; [Func.Clone] makes another one that shares what
// does not change.
package numeric

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"gonum.org/v1/gonum/mat"

	"example.com/nabla"
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/native"
	"example.com/nabla/internal/plan"
)

// A Request asks for a function.
type Request struct {
	// ProgramRequest has the program, the variables to differentiate by (Wrt), and what is
	// computed (What): by default the value and, of a scalar, the gradients.
	nabla.ProgramRequest
	// Functions has unknown functions of the program by name, each followed by its
	// derivatives, as far as they occur.
	Functions map[string][]func(float64) float64
	// Threads is how many goroutines a run uses; values below 2 mean one.
	Threads int
	// Stream names the size of the samples if data come from a Source: everything is
	// computed in passes over them, a block at a time. It is an error of Run if that
	// cannot be done. If empty, all data are in memory, and what runs in blocks is chosen.
	Stream string
	// Block is the number of samples in a block; 0 chooses it.
	Block int
	// Trace has each run find the first step whose result has NaN or infinity, which is
	// an error then.
	Trace bool
	// Progress is called now and then while a run goes through the samples.
	Progress func(Progress)
}

// Progress says how far a run is: Done of Total samples in pass Pass of Passes, counted
// from 0.
type Progress = native.Progress

// A Source has the rows of an array that need not be in memory. Its methods are called
// by several goroutines at once.
type Source = native.Source

// A Func is a compiled function with its data.
type Func struct {
	req     Request
	prog    *nabla.Program
	args    []native.Array
	own     [][]float64 // copies of data that have no memory in row-major order
	set     []bool
	changed bool // since the machine was made, sizes may have changed
	machine *native.Machine
	sizes   map[string]int
	out     []native.Array
	shapes  [][]int // of results
	ran     bool
}

// Compile differentiates and plans. Unless req.NoCheck is set, every derivative has been
// compared with differences.
func Compile(req Request) (*Func, error) {
	p, err := nabla.NewProgram(req.ProgramRequest)
	if err != nil {
		return nil, err
	}
	return New(p, req), nil
}

// New returns a function for a program made before. Of req only the settings of runs
// matter.
func New(p *nabla.Program, req Request) *Func {
	f := &Func{req: req, prog: p, args: make([]native.Array, len(p.Params)), own: make([][]float64, len(p.Params)),
		set: make([]bool, len(p.Params)), out: make([]native.Array, len(p.Results)), changed: true}
	for k, q := range p.Params {
		f.set[k] = q.Sym != nil && q.Sym.Kind == expr.Function
	}
	return f
}

// Program returns what is computed.
func (f *Func) Program() *nabla.Program { return f.prog }

// Clone returns a function with the same data that may run at the same time. Data that
// Set did not copy are shared.
func (f *Func) Clone() *Func {
	g := New(f.prog, f.req)
	copy(g.args, f.args)
	copy(g.set, f.set)
	for k, d := range f.own {
		if d != nil {
			g.own[k] = slices.Clone(d)
			g.args[k].Data = g.own[k]
		}
	}
	if f.machine != nil && !f.changed {
		g.machine, g.sizes, g.shapes, g.changed = f.machine.Clone(), f.sizes, f.shapes, false
	}
	return g
}

// Params lists the variables that need data, in the order of the program.
func (f *Func) Params() []string {
	var list []string
	for _, q := range f.prog.Params {
		switch {
		case q.Sym == nil:
			list = append(list, q.Size.Name)
		case q.Sym.Kind != expr.Function:
			list = append(list, q.Sym.Name)
		}
	}
	return list
}

// Direction returns the variable that stands for the direction of wrt in a
// Hessian–vector or Jacobian–vector product, or "" if there is none.
func (f *Func) Direction(wrt string) string {
	for _, q := range f.prog.Params {
		if q.Direction != nil && q.Direction.Name == wrt {
			return q.Sym.Name
		}
	}
	return ""
}

// param returns the position of a variable.
func (f *Func) param(name string) (int, error) {
	for k, q := range f.prog.Params {
		if q.Sym != nil && q.Sym.Name == name && q.Sym.Kind != expr.Function || q.Sym == nil && q.Size.Name == name {
			return k, nil
		}
	}
	return 0, fmt.Errorf("the program has no variable %s; it has %s", name, strings.Join(f.Params(), ", "))
}

// rank returns how many axes the array of a parameter has.
func (f *Func) rank(k int) int {
	if q := f.prog.Params[k]; q.Sym != nil {
		return plan.ArgumentRank(q.Sym)
	}
	return 0
}

// shape notes the shape of a parameter's data.
func (f *Func) shape(k int, shape ...int) {
	if !f.set[k] || !slices.Equal(f.args[k].Shape, shape) {
		f.args[k].Shape = slices.Clone(shape)
		f.changed = true
	}
	if q := f.prog.Params[k]; q.Sym == nil || q.Sym.Count != nil {
		f.changed = true // its value is a size
	}
	f.set[k] = true
}

// Set gives a variable its data:
//
//   - a scalar: float64 or int
//   - a vector, or a family of scalars: []float64, mat.Vector
//   - a matrix, or a family of vectors, one a row: mat.Matrix
//   - anything: Array
//
// Slices, and matrices of type *mat.Dense, are not copied where they have no gaps: what
// is changed in them later counts in the next run. Other data are copied.
func (f *Func) Set(name string, data any) error {
	k, err := f.param(name)
	if err != nil {
		return err
	}
	rank := f.rank(k)
	switch d := data.(type) {
	case float64:
		return f.setNumber(k, d)
	case int:
		return f.setNumber(k, float64(d))
	case []float64:
		return f.SetSlice(name, d)
	case Array:
		return f.setArray(k, d)
	case mat.Vector:
		if rank == 1 {
			f.copied(k, d, false)
			f.shape(k, d.Len())
			return nil
		}
	}
	if m, ok := data.(mat.Matrix); ok && rank == 2 {
		rows, cols := m.Dims()
		if d, ok := m.(*mat.Dense); ok && d.RawMatrix().Stride == cols {
			f.args[k].Data, f.args[k].Source, f.own[k] = d.RawMatrix().Data, nil, nil
		} else {
			f.copied(k, m, true)
		}
		f.shape(k, rows, cols)
		return nil
	}
	return fmt.Errorf("%s is %s, which %T is not", name, rankWords[rank], data)
}

var rankWords = []string{"a number", "a vector", "a matrix", "a family of matrices"}

// copied copies entries.
func (f *Func) copied(k int, m mat.Matrix, matrix bool) {
	rows, cols := m.Dims()
	d := f.own[k]
	if len(d) != rows*cols {
		d = make([]float64, rows*cols)
	}
	for i := range rows {
		for j := range cols {
			d[i*cols+j] = m.At(i, j)
		}
	}
	f.own[k], f.args[k].Data, f.args[k].Source = d, d, nil
}

func (f *Func) setNumber(k int, v float64) error {
	if f.rank(k) != 0 {
		return fmt.Errorf("%s is %s, not a number", f.prog.Params[k].Sym.Name, rankWords[f.rank(k)])
	}
	if f.own[k] == nil {
		f.own[k] = make([]float64, 1)
	}
	f.own[k][0] = v
	f.args[k].Data = f.own[k]
	f.shape(k)
	return nil
}

// SetSlice is Set for a slice: the entries of a vector, or those of a matrix, row after
// row, of the shape that it has already. It does not allocate.
func (f *Func) SetSlice(name string, data []float64) error {
	k, err := f.param(name)
	if err != nil {
		return err
	}
	switch rank := f.rank(k); {
	case rank == 1:
		if !f.set[k] || len(f.args[k].Shape) != 1 || f.args[k].Shape[0] != len(data) {
			f.shape(k, len(data))
		}
	case rank == 0 && len(data) == 1:
		return f.setNumber(k, data[0])
	case !f.set[k]:
		return fmt.Errorf("%s is %s: give its shape with an Array or a matrix first", name, rankWords[rank])
	case len(data) != size(f.args[k].Shape):
		return fmt.Errorf("%s has %d entries, the slice has %d", name, size(f.args[k].Shape), len(data))
	}
	f.args[k].Data, f.args[k].Source, f.own[k] = data, nil, nil
	return nil
}

// SetSource has blocks of a variable come from a source, see Request.Stream.
func (f *Func) SetSource(name string, src Source, shape ...int) error {
	k, err := f.param(name)
	if err != nil {
		return err
	}
	f.args[k].Data, f.args[k].Source, f.own[k] = nil, src, nil
	f.shape(k, shape...)
	return nil
}

// An Array has the entries of a scalar, vector or matrix, or of a family, whose first
// axis counts the members, row after row.
type Array struct {
	Shape []int
	Data  []float64
}

func (f *Func) setArray(k int, a Array) error {
	if len(a.Shape) != f.rank(k) || size(a.Shape) != len(a.Data) {
		return fmt.Errorf("%s is %s, which an array of the shape %v with %d entries is not", f.prog.Params[k].Sym.Name, rankWords[f.rank(k)], a.Shape, len(a.Data))
	}
	f.args[k].Data, f.args[k].Source, f.own[k] = a.Data, nil, nil
	f.shape(k, a.Shape...)
	return nil
}

func size(shape []int) int {
	n := 1
	for _, k := range shape {
		n *= k
	}
	return n
}

// prepare makes a machine for the shapes of the data.
func (f *Func) prepare() error {
	if !f.changed {
		return nil
	}
	for k, q := range f.prog.Params {
		if !f.set[k] {
			name := ""
			if q.Sym != nil {
				name = q.Sym.Name
			} else {
				name = q.Size.Name
			}
			return fmt.Errorf("the variable %s has no data", name)
		}
	}
	sizes, err := native.Sizes(f.prog, f.args)
	if err != nil {
		return err
	}
	f.changed = false
	if f.machine != nil && sameSizes(sizes, f.sizes) {
		return nil
	}
	f.machine, f.sizes, f.ran = nil, sizes, false
	all := make([]int, len(f.prog.Results))
	for k := range all {
		all[k] = k
	}
	m, err := f.compile(all)
	if err != nil {
		f.changed = true
		return err
	}
	f.shapes = make([][]int, len(all))
	for k := range f.prog.Results {
		f.shapes[k] = m.Shape(k)
		f.out[k] = native.Array{}
	}
	f.machine = m
	return nil
}

// compile makes a machine for some of the results.
func (f *Func) compile(results []int) (*native.Machine, error) {
	values := make([]*plan.Value, len(results))
	for i, k := range results {
		values[i] = f.prog.Results[k].Value
	}
	return native.Compile(values, f.prog.Params, native.Options{Sizes: f.sizes, Functions: f.req.Functions,
		Threads: f.req.Threads, Stream: f.req.Stream, Block: f.req.Block, Trace: f.req.Trace, Progress: f.req.Progress})
}

func sameSizes(a, b map[string]int) bool {
	if len(a) != len(b) {
		return false
	}
	for k, v := range a {
		if w, ok := b[k]; !ok || v != w {
			return false
		}
	}
	return true
}

// Run computes the results from the data. An error names the variables whose sizes
// disagree, the matrix that is singular, or what else is in the way.
func (f *Func) Run() error { return f.RunContext(context.Background()) }

// RunContext is Run that can be stopped.
func (f *Func) RunContext(ctx context.Context) error {
	f.ran = false
	if err := f.prepare(); err != nil {
		return err
	}
	if err := f.machine.RunContext(ctx, f.args, f.out); err != nil {
		return err
	}
	f.ran = true
	return nil
}

// Steps lists what a run does, step by step, for the present sizes.
func (f *Func) Steps() (string, error) {
	if err := f.prepare(); err != nil {
		return "", err
	}
	return f.machine.Steps(), nil
}

// Bytes is the memory that a run needs at its peak beside data and results.
func (f *Func) Bytes() (int, error) {
	if err := f.prepare(); err != nil {
		return 0, err
	}
	return f.machine.Bytes(), nil
}
