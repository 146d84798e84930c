// Package plan has numeric programs: what a matrix DAG computes, as steps on
// scalars, vectors and matrices that a machine carries out, by algorithms that are
// cheap and right in floating point. Package code writes programs in eight
// languages, package native runs them.
//
// A Value is one step: immutable, interned, so that equal steps of one Maker are
// one pointer and common sub-expressions are computed once. In contrast to the DAG
// of package expr
//
//   - a value has a rank: vectors have no orientation, a row of the language is a
//     vector here until it is returned;
//   - nothing is built that is only applied: diag(v) M is a scaling, (A ⊗ B) vec(X)
//     a product, inv(A) b a system that is solved with a factorisation which others
//     share, x 1ᵀ in a sum is spread;
//   - products are binary, in the order that takes the least work.
//
// A Lowerer makes values of nodes and index forms; a Maker makes them one by one.
package plan

import (
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/rat"
)

// A Kind is what a value is computed by.
type Kind uint8

// Kinds. Shapes: x, y, v are vectors, A, B, M matrices, s scalars. Operands are
// values of the rank said; m, n, … are Rows and Cols of the result or of operands.
const (
	// Leaves.

	Param       Kind = iota // a variable as it is passed: Sym; for a family, all members, see Symbol
	Number                  // the rational Num
	Pi                      // the number π
	Size                    // the size Dims[0] as a scalar
	Counter                 // the value of the loop index Index as a scalar: 1 … n
	Fill                    // vector or matrix with all entries equal to the scalar Args[0]
	Eye                     // identity matrix
	Unit                    // unit vector with 1 at position Order (from 1)
	Commutation             // K with K vec(A) = vec(Aᵀ) for A of Dims[0] × Dims[1]

	// Entry by entry. Operands of Binary have one shape, except that a scalar, or
	// for a matrix a Col or Row of its shape, may stand for either.

	Unary  // Fn of each entry of Args[0]
	Binary // Fn of each pair of entries of Args[0] and Args[1]
	Apply  // the Order-th derivative of the unknown function Sym of each entry
	Col    // M with M_ij = v_i, spread and not built as operand of Binary
	Row    // M with M_ij = v_j, likewise

	// Reductions.

	Sum       // s: sum of the entries of a vector or matrix
	RowSum    // v: sum of each row of a matrix
	ColSum    // v: sum of each column of a matrix
	Dot       // s: Σ x_i y_i of two vectors
	Inner     // s: Σ A_ij B_ij of two matrices
	Norm      // s: √ Σ x_i² of a vector or matrix, without overflow
	Softmax   // softmax of a vector, or along Axis of a matrix
	LogSumExp // s of a vector; v along Axis of a matrix
	Trace     // s: Σ M_ii

	// Arrangement.

	Transpose  // Mᵀ
	Diagonal   // v_i = M_ii
	DiagMatrix // M with v on its diagonal
	Vec        // v: columns of M stacked
	Unvec      // M whose columns, stacked, are v
	Kron       // x ⊗ y of two vectors (a vector), A ⊗ B of two matrices
	KhatriRao  // columns a_j ⊗ b_j of two matrices
	KronApply  // (A ⊗ B) M for matrices Args = A, B, M; an Eye as A or B is not built
	Commute    // K M for the commutation matrix K of Dims[0] × Dims[1]: rows of M in another order
	AsColumn   // n × 1 matrix of a vector
	AsRow      // 1 × n matrix of a vector
	Flatten    // vector of an n × 1 or 1 × n matrix
	Item       // s: the only entry of a vector or matrix

	// Products and systems.

	MatMul   // A B
	MatVec   // A x
	Outer    // x yᵀ
	MatPow   // A to the integer power of the scalar Args[1], negative ones too
	LU       // factorisation of a square matrix with pivoting
	Cholesky // factorisation of a positive definite matrix
	Solve    // A⁻¹ B or A⁻¹ x for Args = factorisation, right-hand side; A⁻ᵀ if Trans
	Inverse  // A⁻¹ of a factorisation; A⁻ᵀ if Trans
	Det      // s: determinant of a factorisation
	LogDet   // s: log |A| of a factorisation of a matrix with positive determinant
	Pinv     // Moore–Penrose inverse of a matrix of full rank

	// Loops and tensors.

	Member   // member Index of the family Args[0], one rank lower
	SumOver  // Σ of Args[0] over Index = 1 … Dims[0]
	UnitAt   // unit vector with 1 at the position that is the value of the loop index Index
	Columns  // M whose column k is the vector Args[0] at Index = k, for k = 1 … Dims[0]
	Contract // sum of products over indices: see Spec
	Stack    // the matrices Args[0] at Index = 1 … Dims[0], of rank 3; a result and never an operand

	// Arrays, for languages that have them of any rank: see Options.

	Align   // Args[0] with axes in another order and spread over new ones: axis k is axis Perm[k], or new if that is −1
	Einsum  // sum of products of the entries of one or two arrays: see Spec; an axis for each index of its Result
	Reshape // the vector or matrix of an array: rows run over its first Order axes, columns over the others
)

// An Axis says along what a matrix is normalised or reduced.
type Axis uint8

// Axes.
const (
	Whole   Axis = iota // all entries: of a vector
	EachRow             // each row by itself
	EachCol             // each column by itself
)

// A Value is one step of a program.
type Value struct {
	ID   int // counts the values of a Maker; operands have smaller IDs
	Kind Kind
	Args []*Value
	// Rank is 0 for a scalar, 1 for a vector, 2 for a matrix; 3 for a Param that is
	// a family of matrices, and for a Stack; the number of axes of an array.
	Rank int
	// Axes has the sizes of an array of three axes or more, nil for all else. Rows is then
	// the first, Cols the product of the others.
	Axes []*expr.Dim
	// Rows and Cols are the sizes: a vector has Rows alone, Cols is one; both are one
	// for a scalar. A family has its member's, Sym.Family.Size of them.
	Rows, Cols *expr.Dim

	Fn    string       // Unary, Binary: the function, see Functions
	Num   rat.Rat      // Number
	Sym   *expr.Symbol // Param, Apply
	Index *expr.Index  // Counter, Member, SumOver, UnitAt, Columns, Stack
	Order int          // Unit, Apply, Reshape
	Perm  []int        // Align
	Dims  []*expr.Dim  // Size, SumOver, Columns, Stack, Commutation, Commute
	Axis  Axis         // Softmax, LogSumExp
	Trans bool         // Solve, Inverse
	Spec  *Spec        // Contract, Einsum

	// Loops has a bit for each loop index that the value depends on, see LoopBit.
	Loops uint64
	// Name is what the program calls the value, or empty.
	Name string

	symmetric, posdef, semidefinite, positive, nonnegative bool // what is known
}

// A Spec is an index expression: Operands has the indices of each operand, Result
// those of the result, by number; Sizes has their sizes. An index that is not in
// Result is summed over. The result is the matrix (or vector, if ColIndices is
// empty) whose rows run over the first RowIndices indices of Result and whose
// columns over the others, the first outermost (slowest). An Eye among the operands
// is a Kronecker delta and need not be built.
type Spec struct {
	Operands   [][]int
	Result     []int
	RowIndices int
	Sizes      []*expr.Dim
}

// Functions lists the functions of Unary values: those of the language that act
// entry by entry, and neg. Binary values have add, sub, mul, div, pow, max, min.
// Each must be right wherever its value is representable: sigmoid, softplus, log1p
// and expm1 neither overflow nor cancel; step(0) = 0 and sign(0) = 0.
var Functions = []string{"neg", "exp", "log", "sqrt", "square", "sin", "cos", "tan", "asin", "acos", "atan",
	"sinh", "cosh", "tanh", "asinh", "acosh", "atanh", "sigmoid", "softplus", "relu", "step", "abs", "sign",
	"erf", "erfc", "log1p", "expm1", "log2", "log10"}

// BinaryFunctions lists the functions of Binary values.
var BinaryFunctions = []string{"add", "sub", "mul", "div", "pow", "max", "min"}

// IsLoop reports whether the value is computed by a loop over Index.
func (v *Value) IsLoop() bool { return v.Kind == SumOver || v.Kind == Columns || v.Kind == Stack }

// IsScalar reports whether the value has rank 0.
func (v *Value) IsScalar() bool { return v.Rank == 0 }

// IsVector reports whether the value has rank 1.
func (v *Value) IsVector() bool { return v.Rank == 1 }

// IsMatrix reports whether the value has rank 2.
func (v *Value) IsMatrix() bool { return v.Rank == 2 }

// Entrywise reports whether the value is computed entry by entry of its operands,
// so that several of them can be one loop.
func (v *Value) Entrywise() bool { return v.Kind == Unary || v.Kind == Binary || v.Kind == Apply }

// Posdef reports whether the matrix is known to be symmetric and positive definite.
func (v *Value) Posdef() bool { return v.posdef }

// Symmetric reports whether the matrix is known to be symmetric.
func (v *Value) Symmetric() bool { return v.symmetric || v.posdef }

// Nonnegative reports whether no entry can be negative.
func (v *Value) Nonnegative() bool { return v.nonnegative }

// IsNumber reports whether the value is the number p/q.
func (v *Value) IsNumber(p, q int64) bool { return v.Kind == Number && v.Num.Equal(rat.New(p, q)) }

// LoopBit is the bit of an index in Value.Loops; indices from the 64th on share one.
func LoopBit(i *expr.Index) uint64 { return 1 << min(i.Ordinal, 63) }
