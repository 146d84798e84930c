package runner

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode"

	"example.com/nabla/internal/expr"
)

// A Lang is a target language.
type Lang string

// The target languages.
const (
	NumPy  Lang = "numpy"
	JAX    Lang = "jax"
	Torch  Lang = "torch"
	Julia  Lang = "julia"
	MATLAB Lang = "matlab"
	R      Lang = "r"
	Go     Lang = "go"
	Cpp    Lang = "cpp"
)

// Langs lists the target languages.
func Langs() []Lang { return []Lang{NumPy, JAX, Torch, Julia, MATLAB, R, Go, Cpp} }

// Runs reports whether source of the language is run; Julia's is parsed, and evaluated
// where a job asks for Values.
func (l Lang) Runs() bool { return l != Julia }

// Float32 reports whether the language computes in float32.
func (l Lang) Float32() bool { return l != Go && l != R }

// A Job is source with points to run it at.
type Job struct {
	ID          string // for messages
	Source      string
	CheckSource string  // MATLAB: the text of NAME_check.m
	Func        string  // NAME
	Ranks       []int   // of the results: 0 a scalar, 1 a vector, 2 a matrix, 3 matrices
	Points      [][]Arg // arguments in order; the kinds are the same at all points
	Float32     bool    // pass float32 and demand it of the results
	Check       bool    // call the check at each point as well
	Via         Via     // JAX, Julia: how the function is called
}

// A Via is how a function of JAX or Julia is called.
type Via string

// Ways to call a JAX function.
const (
	Plain Via = ""     // operation by operation
	Jit   Via = "jit"  // compiled, with integers and functions static
	VMap  Via = "vmap" // over a batch of the same arguments twice
	// Values has Julia evaluated by the project's own reading of its manual, for the forms
	// that generated source uses. It is no Julia: what is wrong with the reading is wrong
	// with the source too.
	Values Via = "values"
)

// A Kind is what an argument is.
type Kind int

// The kinds of arguments.
const (
	Scalar Kind = iota
	Integer
	Vector
	Matrix
	Matrices
	Func
)

// An Arg is an argument with its value.
type Arg struct {
	Name     string // for messages
	Kind     Kind
	Value    Value    // unless Kind is Func
	Function Function // if Kind is Func
}

// ScalarArg is a number.
func ScalarArg(name string, x float64) Arg {
	return Arg{Name: name, Kind: Scalar, Value: Value{Data: []float64{x}}}
}

// IntegerArg is a whole number.
func IntegerArg(name string, n int) Arg {
	return Arg{Name: name, Kind: Integer, Value: Value{Data: []float64{float64(n)}}}
}

// VectorArg is a vector.
func VectorArg(name string, data ...float64) Arg {
	return Arg{Name: name, Kind: Vector, Value: Value{Shape: []int{len(data)}, Data: data}}
}

// MatrixArg is a matrix with its entries row by row.
func MatrixArg(name string, rows, cols int, data ...float64) Arg {
	return Arg{Name: name, Kind: Matrix, Value: Value{Shape: []int{rows, cols}, Data: data}}
}

// MatricesArg is a family of matrices of equal shape.
func MatricesArg(name string, members ...expr.Dense) Arg {
	return Arg{Name: name, Kind: Matrices, Value: Stack(members...)}
}

// FuncArg is a function that applies entry by entry.
func FuncArg(name string, f Function) Arg { return Arg{Name: name, Kind: Func, Function: f} }

// A Function is t ↦ Amp·sin(A t + B) + E·exp(C t).
type Function struct{ Amp, A, B, E, C float64 }

// At returns the value at t.
func (f Function) At(t float64) float64 {
	return f.Amp*math.Sin(f.A*t+f.B) + f.E*math.Exp(f.C*t)
}

// Derivative returns the derivative of the given order.
func (f Function) Derivative(order int) Function {
	for range order {
		f.Amp, f.B, f.E = f.Amp*f.A, f.B+math.Pi/2, f.E*f.C
	}
	return f
}

// TestFunction returns what package eval puts for the k-th unknown function of a program,
// counted from 0.
func TestFunction(k int) Function {
	x := float64(k % 16)
	return Function{Amp: 1, A: 0.8 + 0.05*x, B: 0.3 + 0.4*x, E: 1.5, C: 0.5}
}

// A Value is a scalar, vector, matrix or list of matrices of equal shape: Shape is empty,
// [n], [rows, cols] or [count, rows, cols], and Data has the entries, the last index fastest.
type Value struct {
	Shape []int
	Data  []float64
}

// ValueOf returns a matrix as a value of the rank: a scalar, a vector or a matrix. It
// panics where the shape does not allow that.
func ValueOf(d expr.Dense, rank int) Value {
	switch {
	case rank == 0 && d.Rows == 1 && d.Cols == 1:
		return Value{Data: d.Data}
	case rank == 1 && d.Cols == 1:
		return Value{Shape: []int{d.Rows}, Data: d.Data}
	case rank == 2:
		return Value{Shape: []int{d.Rows, d.Cols}, Data: d.Data}
	}
	panic(fmt.Sprintf("runner: a %d × %d matrix has not rank %d", d.Rows, d.Cols, rank))
}

// Stack returns matrices of equal shape as one value.
func Stack(members ...expr.Dense) Value {
	v := Value{Shape: []int{len(members), 0, 0}}
	for _, m := range members {
		v.Shape[1], v.Shape[2] = m.Rows, m.Cols
		v.Data = append(v.Data, m.Data...)
	}
	return v
}

// shape writes the shape for a person.
func (v Value) shape() string {
	if len(v.Shape) == 0 {
		return "scalar"
	}
	parts := make([]string, len(v.Shape))
	for i, n := range v.Shape {
		parts[i] = fmt.Sprint(n)
	}
	return strings.Join(parts, " × ")
}

// An Outcome is what became of a job.
type Outcome struct {
	ID     string
	Err    string   // why there are no points: does not parse or build, has no such function, crashes
	Points []Result // in the order of the job's points; none where source is only parsed
}

// A Result is what a job gave at a point.
type Result struct {
	Values   []Value
	Err      string  // what the function raised, or why its results are none
	Check    float64 // what the check returned
	CheckErr string  // what the check raised
}

// Failure returns the first error of a job, with its point, or "".
func (o *Outcome) Failure() string {
	if o.Err != "" {
		return o.Err
	}
	for i, r := range o.Points {
		switch {
		case r.Err != "":
			return fmt.Sprintf("at point %d: %s", i+1, r.Err)
		case r.CheckErr != "":
			return fmt.Sprintf("check at point %d: %s", i+1, r.CheckErr)
		}
	}
	return ""
}

// GoName returns a name in CamelCase: least_squares becomes LeastSquares.
func GoName(name string) string {
	var b strings.Builder
	up := true
	for _, r := range name {
		if r == '_' {
			up = true
			continue
		}
		if up {
			r = unicode.ToUpper(r)
		}
		up = false
		b.WriteRune(r)
	}
	return b.String()
}

// problem returns why a job cannot be given to any language, or "".
func (j *Job) problem(lang Lang) string {
	switch {
	case j.Func == "":
		return "the job names no function"
	case len(j.Ranks) == 0:
		return "the job has no results"
	case len(j.Points) == 0:
		return "the job has no points"
	case j.Float32 && !lang.Float32():
		return fmt.Sprintf("%s computes in float64 only", lang)
	case j.Check && lang == MATLAB && j.CheckSource == "":
		return "the job has no source of a check"
	case j.Via == Values && lang != Julia, j.Via != Plain && j.Via != Values && lang != JAX:
		return fmt.Sprintf("%s has no %s", lang, j.Via)
	}
	for _, p := range j.Points {
		if !slices.EqualFunc(p, j.Points[0], func(a, b Arg) bool { return a.Kind == b.Kind }) {
			return "the points have different kinds of arguments"
		}
		for _, a := range p {
			if size := a.Value.size(); a.Kind != Func && len(a.Value.Data) != size {
				return fmt.Sprintf("%s has %d entries, not %d", a.Name, len(a.Value.Data), size)
			}
		}
	}
	return ""
}

func (v Value) size() int {
	n := 1
	for _, k := range v.Shape {
		n *= k
	}
	return n
}
