package syntax

import (
	"math/big"

	"example.com/nabla/internal/source"
)

// A Program is a parsed text: its statements in order.
type Program struct {
	File  *source.File
	Stmts []Stmt
	// Readings are the names of several letters that could be meant as products.
	Readings []Reading
}

// A Stmt is a statement: *[Decl], *[Definition], *[ExprStmt] or *[Equation].
type Stmt interface {
	Span() source.Span
	stmt()
}

// An Ident is a name at a place.
type Ident struct {
	Name string
	At   source.Span
}

// A Kind is the form of a declared type.
type Kind uint8

// The kinds of declared types.
const (
	ScalarKind   Kind = iota
	VectorKind        // one size
	MatrixKind        // two sizes
	FunctionKind      // an unknown elementwise function
)

var kindNames = [...]string{"scalar", "vector", "matrix", "function"}

// String returns the keyword of the kind.
func (k Kind) String() string { return kindNames[k] }

// A Type is the shape of a declaration: `matrix(m, n)`, `vector(n)`,
// `scalar`, `function`.
type Type struct {
	Kind  Kind
	Sizes []Expr // 2 for a matrix, 1 for a vector, else 0
	At    source.Span
}

// A Range is the range of an index, `i = 1..N`; both ends are included.
type Range struct {
	Index    Ident
	From, To Expr
}

// A Decl declares one or several names of one type, or a family:
// `A, B: matrix(n, n) symmetric`, `x[i]: vector(n), i = 1..N`.
type Decl struct {
	File  *source.File // the text the spans point into
	Names []Ident
	Index Ident // the index of a family, its Name empty otherwise
	Type  Type
	Facts []Ident
	Range *Range // nil unless the declaration is of a family
	At    source.Span
}

// A Definition names an expression: `a = W*x`. With an index it defines a
// family: `a[i] = W*x[i]`.
type Definition struct {
	Name  Ident
	Index Ident // its Name is empty if there is none
	Body  Expr
	At    source.Span
}

// An ExprStmt is an expression as a statement.
type ExprStmt struct {
	X Expr
}

// An Equation says that two expressions are equal: `A*X*B = C`. It is read
// where Options.Equations allows it, and by ParseEquation.
type Equation struct {
	File  *source.File // the text the spans point into
	X, Y  Expr
	Equal source.Span // of the equals sign
}

func (*Decl) stmt()       {}
func (*Definition) stmt() {}
func (*ExprStmt) stmt()   {}
func (*Equation) stmt()   {}

// Span returns the range of the equation.
func (e *Equation) Span() source.Span { return e.X.Span().Join(e.Y.Span()) }

// Span returns the range of the declaration.
func (d *Decl) Span() source.Span { return d.At }

// Span returns the range of the definition.
func (d *Definition) Span() source.Span { return d.At }

// Span returns the range of the expression.
func (e *ExprStmt) Span() source.Span { return e.X.Span() }

// An Expr is an expression: a pointer to one of the structs below. Brackets
// leave no node, but the span of a bracketed expression includes them only
// where it is an operand, in the span of the operation.
type Expr interface {
	Span() source.Span
	expr()
}

type (
	// A Number is an exact rational written as digits, a decimal or a
	// fraction sign.
	Number struct {
		At   source.Span
		Text string // as written
	}

	// A Name is a variable, a size or a defined name.
	Name struct {
		At   source.Span
		Name string
	}

	// A Call applies a function by name.
	Call struct {
		At   source.Span
		Func Ident
		Args []Expr
	}

	// An Index is a member of a family, `x[i]`.
	Index struct {
		At     source.Span
		Family Ident
		Sub    Expr
	}

	// A Unary is a prefix sign (Neg, Plus) or a postfix Transpose or
	// InvTranspose.
	Unary struct {
		At   source.Span
		Op   Op
		OpAt source.Span
		X    Expr
	}

	// A Binary is an infix operator or a power. A product written as
	// juxtaposition has an empty OpAt at the start of its right operand.
	Binary struct {
		At   source.Span
		Op   Op
		OpAt source.Span
		X, Y Expr
	}

	// A Norm is `‖x‖` or `||x||` with an optional suffix.
	Norm struct {
		At   source.Span
		Kind NormKind
		X    Expr
	}

	// A Bars is `|x|`: the absolute value of a scalar, the determinant of a
	// matrix.
	Bars struct {
		At source.Span
		X  Expr
	}

	// A SumOver is a sum with a binder, `Σ_i x` or `Σ_{i=1}^N x`. From and To
	// are nil if no range is written.
	SumOver struct {
		At       source.Span
		Index    Ident
		From, To Expr
		Body     Expr
	}

	// A Fill is `1_n`, `1ₙ`, `0_{m×n}`: a vector or matrix of ones or zeros.
	Fill struct {
		At    source.Span
		One   bool
		Sizes []Expr // one or two
	}
)

func (*Number) expr()  {}
func (*Name) expr()    {}
func (*Call) expr()    {}
func (*Index) expr()   {}
func (*Unary) expr()   {}
func (*Binary) expr()  {}
func (*Norm) expr()    {}
func (*Bars) expr()    {}
func (*SumOver) expr() {}
func (*Fill) expr()    {}

// Span returns the range of the literal.
func (x *Number) Span() source.Span { return x.At }

// Span returns the range of the name.
func (x *Name) Span() source.Span { return x.At }

// Span returns the range of the call with its brackets.
func (x *Call) Span() source.Span { return x.At }

// Span returns the range of the member with its index.
func (x *Index) Span() source.Span { return x.At }

// Span returns the range of operator and operand.
func (x *Unary) Span() source.Span { return x.At }

// Span returns the range of both operands.
func (x *Binary) Span() source.Span { return x.At }

// Span returns the range with the bars and the suffix.
func (x *Norm) Span() source.Span { return x.At }

// Span returns the range with the bars.
func (x *Bars) Span() source.Span { return x.At }

// Span returns the range from the sign to the end of the body.
func (x *SumOver) Span() source.Span { return x.At }

// Span returns the range with the subscript.
func (x *Fill) Span() source.Span { return x.At }

// A NormKind is the suffix of a norm.
type NormKind uint8

// The norms.
const (
	NormPlain     NormKind = iota // Euclidean or Frobenius
	NormFrobenius                 // ‖X‖_F
	NormOne                       // ‖x‖₁: the sum of absolute values
	NormTwo                       // ‖x‖₂: Euclidean; of a matrix, spectral
)

var normSuffixes = [...]string{"", "_F", "_1", "_2"}

// String returns the suffix in plain text.
func (k NormKind) String() string { return normSuffixes[k] }

// fractions holds the fraction signs that are numbers.
var fractions = map[rune]string{'½': "1/2", '¼': "1/4", '¾': "3/4", '⅓': "1/3", '⅔': "2/3", '⅕': "1/5", '⅛': "1/8"}

// Rat returns the exact value of the literal; the caller owns the result.
func (x *Number) Rat() *big.Rat {
	r := new(big.Rat)
	if n, ok := x.Int(); ok {
		return r.SetInt64(int64(n))
	}
	text := x.Text
	if c := []rune(text); len(c) == 1 {
		if f, ok := fractions[c[0]]; ok {
			text = f
		}
	}
	r.SetString(text) // the lexer has checked the form
	return r
}

// Int returns the value of a literal that is written as at most nine digits.
func (x *Number) Int() (int, bool) {
	if len(x.Text) > 9 {
		return 0, false
	}
	n := 0
	for i := 0; i < len(x.Text); i++ {
		c := x.Text[i] - '0'
		if c > 9 {
			return 0, false
		}
		n = n*10 + int(c)
	}
	return n, true
}
