// Package nabla differentiates matrix expressions and answers in matrix notation.
//
// A program in nabla's language (see docs/language.md) declares variables, names
// intermediate quantities and ends with an expression. Differentiate returns the
// derivative by one or several variables, with its shape, the layout it is stated
// in, the assumptions it rests on, and the figure of a numeric check:
//
//	r, err := nabla.Differentiate(nabla.Request{Program: "norm2(X*w - y)^2", Wrt: []string{"w"}})
//	fmt.Println(r.Derivatives[0].Text) // 2 Xᵀ(X w − y)
//
// An error that the input is to blame for is an *InputError with positions; any
// other error is nabla's own fault.
package nabla

import (
	"time"

	"example.com/nabla/internal/message"
	"example.com/nabla/internal/source"
)

// A Layout says how the derivative of anything but a scalar is arranged.
type Layout string

const (
	// Denominator layout: rows belong to the variable, ∂(Ax)/∂x = Aᵀ,
	// vec(dF) = (∂F/∂X)ᵀ vec(dX). The default.
	Denominator Layout = "denominator"
	// Numerator layout: rows belong to the function, ∂(Ax)/∂x = A.
	Numerator Layout = "numerator"
)

// A VecOrder says how vec stacks a matrix.
type VecOrder string

const (
	// Columns stacks columns, the default.
	Columns VecOrder = "columns"
	// Rows stacks rows.
	Rows VecOrder = "rows"
)

// A Request asks for derivatives.
type Request struct {
	Program string // text in the language; its last expression is differentiated
	File    string // name of the file the program came from, for messages; may be empty
	// Notation is what the program is written in. LaTeX may name the variables and the
	// order as well, which count where Wrt and Order are empty.
	Notation Notation
	// Vars are declarations from outside the program: name and declaration, such
	// as {"X", "matrix(m, n) symmetric"}. Their order does not matter.
	Vars []Declaration
	// Closed makes an undeclared name an error instead of inferring its type.
	Closed bool
	// Wrt are the variables to differentiate by. Order 2 with two names that
	// differ is not a mixed derivative: see Mixed.
	Wrt []string
	// Mixed differentiates by Wrt[0], then the result by Wrt[1], and so on.
	Mixed      bool
	Order      int      // 0 means 1
	Layout     Layout   // "" means Denominator
	Vec        VecOrder // "" means Columns
	Structured bool     // gradient in the free entries of symmetric, diagonal, … variables
	// Constraint names the structure for Structured instead of the declaration:
	// "symmetric", "diagonal", or "none".
	Constraint string
	NoCheck    bool // leave out the numeric check
	NoNumPy    bool // leave out the NumPy source
	// TextOnly leaves out every notation but Text.
	TextOnly bool
	// Show asks for views of the stages in Result.Stages: "ast", "dag", "index", "trace".
	Show []string
	// Limits of time and memory. Every function that takes a request obeys them.
	Limits Limits

	equations bool     // the program may end with an equation
	side      []string // equations beside the program
}

// A Declaration is a name and what it is.
type Declaration struct{ Name, Decl string }

// A Result is the answer to a Request.
type Result struct {
	// Name is the left-hand side of the differentiated expression, "f" if it has none,
	// or another letter where f is the name of something else.
	Name       string
	Expression string // as understood, in text notation
	// ExpressionLaTeX is the same in LaTeX; empty with TextOnly.
	ExpressionLaTeX string
	Shape           string // of the expression: "scalar", "vector(m)", "matrix(m, n)"
	Variables       []Variable
	Notes           []string // such as: exp of a matrix acts entry by entry
	NotesZH         []string // the same in Chinese
	// Definitions are the intermediates that the answers mention by name.
	Definitions []Named
	Derivatives []Derivative
	Stages      map[string]string // asked for with Request.Show
	Seconds     float64           // time from text to text, without check
}

// A Variable is what a name was understood as.
type Variable struct {
	Name, Decl string   // of a family, Name is x[i]
	Inferred   bool     // not declared, or not its sizes
	Unused     bool     // declared, but not in the expression
	Kind       string   // scalar, vector, matrix or function
	Sizes      []string // none, one or two
	Facts      []string // as declared: symmetric, positive, …
	Range      string   // of a family's index, such as i = 1..N
}

// Named is a name with its formula.
type Named struct{ Name, Text, LaTeX string }

// A Derivative is one answer.
type Derivative struct {
	Wrt    []string // the variable, repeated for higher orders
	Symbol string   // the left-hand side: ∂l/∂w, ∂²l/∂w∂wᵀ
	// SymbolLaTeX is the left-hand side in LaTeX.
	SymbolLaTeX string
	Text        string // Unicode notation, without a left-hand side
	Language    string // the same in ASCII, as the language reads it
	LaTeX       string
	NumPy       string // Python source defining derivative(...)
	// Where are sub-expressions named by nabla because the answer is long; Line and
	// LineLaTeX are the answer with these names.
	Where           []Named
	Line, LineLaTeX string
	Shape           string   // "scalar", "vector(n)", "matrix(m, n)", "row(n)"
	Dims            []string // sizes of the shape: none, one or two
	Layout          Layout
	Vec             VecOrder // "" where no vec is involved
	Identity        string   // the identity that defines the layout: dl = (∂l/∂w)ᵀ dw
	// IdentityLaTeX is the identity in LaTeX.
	IdentityLaTeX string
	Form          Form
	Structured    string // "" or the structure whose free entries it is the gradient in
	Zero          bool   // identically zero
	Remark        string // such as: l does not depend on w
	Assumptions   []string
	// The same in Chinese.
	RemarkZH      string
	AssumptionsZH []string
	Check         *Check // nil if not asked for
}

// A Form says what notation an answer needed.
type Form string

// Forms, from the most to the least familiar notation.
const (
	MatrixForm    Form = "matrix"
	KroneckerForm Form = "kronecker"
	IndexForm     Form = "index"
)

// A Check is the record of a numeric check.
type Check struct {
	// Reason says why nothing could be checked; empty when the check passed.
	Reason   string
	ReasonZH string
	Points   int
	Sizes    []string // the sets of sizes used: "m=3, n=5"
	MaxError float64  // largest relative deviation from differences
	Elapsed  time.Duration
}

// An InputError is a mistake in the input.
type InputError struct {
	Diagnostics []Diagnostic
	rendered    message.Text
	file        *source.File // what rendered was made of; nil if it points nowhere
	list        source.List
}

// A Diagnostic is one mistake with the range of text it is about, from Line and Column
// up to EndLine and EndColumn, which is behind it (from 1; columns count characters).
type Diagnostic struct {
	Line, Column       int
	EndLine, EndColumn int
	// In names the declaration from outside the program in whose text the range lies, or is
	// "claim" or "constraint" for those of a request; it is empty for the program.
	In      string
	Message string
	Notes   []string
	Hint    string
	// The same in Chinese.
	MessageZH string
	NotesZH   []string
	HintZH    string
}

// Error returns the first diagnostic as "line:column: message".
func (e *InputError) Error() string { return e.rendered.En }

// Render returns all diagnostics with source line and caret.
func (e *InputError) Render() string { return e.rendered.En }

// RenderIn is Render in a language, en or zh.
func (e *InputError) RenderIn(lang string) string { return e.rendered.In(lang) }

// An InternalError is a fault of nabla: an answer that failed its check or a
// printed form that does not read back.
type InternalError struct{ Message string }

// Error returns the message.
func (e *InternalError) Error() string { return "internal error: " + e.Message }
