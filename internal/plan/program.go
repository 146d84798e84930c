package plan

import "example.com/nabla/internal/expr"

// A Program is one function: its parameters, what it returns and how the sizes are
// found and compared.
type Program struct {
	Builder *expr.Builder // has the symbols, sizes and indices
	Name    string
	Params  []Parameter
	Sizes   []SizeDef   // in an order in which each needs only those before it
	Checks  []SizeCheck // of the arguments' axes, after Sizes
	Results []Result
	// Free lists the indices that results have one value for each value of; they are
	// parameters as well. Only what stands beside an answer has any.
	Free []*expr.Index
	Doc  []string // what is computed: formulas, shapes, layout
	// Check is how the results are compared with differences; nil for the programs that
	// it consists of.
	Check *Check
}

// A Parameter is an argument of the program.
type Parameter struct {
	Sym *expr.Symbol // nil for a size that no variable shows
	// Orders lists which derivatives of an unknown function are passed, one function
	// each: 0 for itself.
	Orders []int
	Size   *expr.SizeName
	// Direction names the variable whose direction of differentiation the parameter
	// is (of a Hessian–vector or Jacobian–vector product), nil for others.
	Direction *expr.Symbol
	// Result says that the parameter is the result that a program of Check.Along is
	// about.
	Result bool
}

// ArgumentRank is the rank of the array that is passed for a variable, as it was
// declared: 0 scalar, 1 vector, 2 matrix (n × 1 and 1 × n too). A family has one rank
// more, the members along the first axis.
func ArgumentRank(s *expr.Symbol) int {
	r := 0
	switch s.Kind {
	case expr.Vector:
		r = 1
	case expr.Matrix:
		r = 2
	}
	if s.Family != nil {
		r++
	}
	return r
}

// An AxisOf is an axis of an argument, counted from 0: of a family the first is that of
// its members.
type AxisOf struct {
	Sym  *expr.Symbol
	Axis int
}

// Word says what the axis counts: entries, rows, columns or members.
func (at AxisOf) Word() string {
	k, rank := at.Axis, ArgumentRank(at.Sym)
	if at.Sym.Family != nil {
		if k == 0 {
			return "members"
		}
		k, rank = k-1, rank-1
	}
	switch {
	case rank == 1:
		return "entries"
	case k == 0:
		return "rows"
	}
	return "columns"
}

// A SizeDef says how a size is found: from the length of an axis,
//
//	size = root((± (length − Σ Minus)) / Over)
//
// where Root is 1 but for sizes that occur as a power.
type SizeDef struct {
	Size   *expr.SizeName
	From   AxisOf
	Minus  *expr.Dim // nil for zero
	Negate bool
	Over   *expr.Dim // nil for one
	Root   int
}

// Plain reports whether the size is the length of the axis.
func (d *SizeDef) Plain() bool {
	return d.Minus == nil && !d.Negate && d.Over == nil && d.Root <= 1
}

// A SizeCheck says that the length of an axis must be Want. Because is the axis that
// gave the size, if it is one; for the message that names both variables.
type SizeCheck struct {
	At      AxisOf
	Want    *expr.Dim
	Because *AxisOf
}

// What a result is.
type What string

// The kinds of results.
const (
	ValueOf  What = "value"   // the function
	Gradient What = "grad"    // of a scalar by a variable, in its shape
	Hessian  What = "hess"    // of a scalar by a variable: n × n, or of its stacked columns
	Mixed    What = "mixed"   // second derivative of a scalar by two variables, in the layout asked for
	HVP      What = "hvp"     // Hessian times a direction, in the variable's shape
	Jacobian What = "jac"     // of anything by a variable, in the layout asked for
	JVP      What = "jacprod" // derivative in a direction, in the function's shape
	VJP      What = "vjp"     // adjoint: the function's derivative applied to a cotangent, in the variable's shape
)

// A Result is a value that the program returns.
type Result struct {
	Name  string // an identifier: value, grad_w, mixed_w_b, …
	What  What
	Wrt   *expr.Symbol // nil for the value
	First *expr.Symbol // of a mixed derivative: the variable whose gradient is differentiated by Wrt
	Value *Value
	Shape expr.Shape // as in the language; a row is returned as a 1 × n matrix
	Text  string     // the formula: ∂f/∂w = 2 Xᵀ(X w − y)
	// Compressed says how the whole is made of what is returned where a Hessian has
	// structure, or is empty: "∂²f/∂vec(U)∂vec(U)ᵀ = I ⊗ M".
	Compressed string
}

// A Check compares the results of a program with differences: for result k and a
// random direction D of its variable, Along[k] of the result and D must be the
// derivative of Base[k] in that direction, (Base(x + hD) − Base(x − hD)) / 2h. The
// function that checks has the same parameters as the program; for directions among
// them it takes D.
type Check struct {
	// Base[k] is the program of the function that result k is the derivative of; nil for
	// a value. Its parameters are among the program's.
	Base []*Program
	// Along[k] has the result (Parameter.Result) and the direction (Parameter.Direction)
	// as parameters, and where it needs their sizes the program's variables too. It
	// returns what has the shape of Base's result.
	Along []*Program
}
