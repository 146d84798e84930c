package expr

import (
	"fmt"
	"strings"

	"example.com/nabla/internal/limit"
)

// A Class says how an operator behaves in index form.
type Class int

const (
	// Structural operators are index structure: their signature is their
	// meaning, and the product rule is their differential.
	Structural Class = iota
	// Elementwise operators act entry by entry on operands of one shape.
	Elementwise
	// Core operators act on the axes of their signature as a whole (inv, det,
	// softmax along an axis) and have a differential.
	Core
	// Defined operators stand for a text in the language (norm2, mean).
	Defined
	// Special operators have a payload and are known to lowering by name: num,
	// var, size, member, sumover, index, apply, add, neg, div, eldiv, pow, elpow, mpow.
	Special
)

// An Op is one operator: everything that is known of it stands in its row.
// Rows are data in package ops; a Registry checks them when it is made.
type Op struct {
	Name    string   // canonical name, as called in the language
	Aliases []string // further spellings
	Usage   string   // how it is written, for the reference, if not as a call
	Family  string   // heading in the reference: "elementwise", "products", …
	Class   Class

	// Sig gives the shapes, and for Structural operators the meaning. Several
	// rows may share a surface name through Overload; check takes the first
	// whose signature fits.
	Sig      string
	Overload string   // surface name under which check finds this row, if not Name; "-": it cannot be called
	Variadic bool     // the last operand may repeat (n-ary add, mul, hadamard, max)
	Spread   bool     // a scalar operand is spread over the others' shape
	Sizes    []string // names of size arguments: eye(n), ones(m, n); "n?" is optional
	IntArg   bool     // the last size argument is a position, not a size (basis)

	// Params are the operands' names in Definition, Differential and Doc; the
	// differential of a parameter x is written dx, of X dX.
	Params []string
	// Integers are those of Params that are integers; they have no differential,
	// and an index in Differential may run up to them.
	Integers []string
	// Definition is the meaning of a Defined operator, as text. A letter of Sig,
	// used as a value, is the size of that axis: mean is "sum(X)/(i*j)".
	Definition string
	// Differential is the operator's differential, linear in the d-names, as
	// text in the language: "-inv(X)*dX*inv(X)", "exp(x).*dx".
	Differential string
	// Tied is the differential where both operands depend on the variable. The two are
	// equal except where the operands are: those may be equal all around a point, as the
	// diagonals of X and Xᵀ are, and the differential must then be that of either.
	Tied string
	// Base names the Core operator that this row applies along one axis of a
	// matrix (softmaxrows: softmax along the columns' letter); Along is that letter.
	// Index form knows the base alone; Differential is for derivations then.
	Base  string
	Along string

	// Kernel evaluates the operator on dense values; a Call's Sizes end with the
	// position where IntArg is set. Elementwise operators give Scalar instead, and
	// so do Defined ones that act entry by entry. Structural operators need
	// neither: their signature is evaluated.
	Kernel func(*Call) (Dense, error)
	Scalar func(args []float64) float64

	// Domain of the operands, for sampling and for the assumptions reported:
	// "", "positive", "nonzero", "unit" (−1 < x < 1), "above1", "invertible",
	// "posdet" (positive determinant), "fullrank" (full row or column rank),
	// "nonnull" (not all entries zero).
	Domain string
	// Kink says that the operator is not differentiable where an operand (for
	// max and min: the difference of the operands) is zero; samples keep away.
	Kink bool
	// Positive and Nonnegative are facts of the result's entries for every
	// operand in the domain. Preserves lists facts of the first operand that
	// the result has too; a 1 × 1 result that is posdef is positive.
	Positive, Nonnegative bool
	Preserves             []Fact
	// Curve says of the value, part by part of the operands' domain, how it is
	// curved, whether it rises or falls with every operand, and between which bounds
	// it lies (see ParsePiece). The ranges together hold every value, and the parts
	// together are one interval on which the operator is continuous unless it has a
	// Kink. Rows with a Base have the base's, Defined operators that of their meaning.
	Curve []string
	// Degree names the letter of Sig whose size is the degree in which the operator is
	// homogeneous: f(c X) = c^n f(X) for c > 0.
	Degree string
	// Scalar-valued Core operators of a matrix that do not change under
	// transposition (det, logdet).
	TransposeInvariant bool

	// Printed forms. An empty form is an error unless the printer knows the
	// operator as part of the notation itself (Class Special and the algebra).
	Text, LaTeX Form
	// ColonText and ColonLaTeX replace Text and LaTeX where the inner product of
	// matrices is written with a colon, A : B; empty: they do not.
	ColonText, ColonLaTeX Form

	// Sign is the operation alone in a character or two, where it has no printed form;
	// of a power, where the exponent varies. Rules names the rules of derivations by which
	// an adjoint passes to each operand, the last of them to the others too, and ScalarRule
	// that where all are scalars; an operator with a Differential or Definition has a rule
	// of its own. Square names the rules for the square of a norm, of a vector and of a
	// matrix: a person takes it in one step.
	Sign       string
	Rules      []string
	ScalarRule string
	Square     []string

	Doc      string   // one sentence, with the formula
	Examples []string // inputs in the language that a test differentiates

	sig    *Sig
	pieces []Piece
}

// Signature returns the parsed signature.
func (o *Op) Signature() *Sig { return o.sig }

// Pieces returns the parsed Curve.
func (o *Op) Pieces() []Piece { return o.pieces }

// A Form is a printed form. In Pattern $1, $2, … are the operands, $* all of them
// with commas, %1, %2, … the size arguments, %k the position of basis, $# the 2 or
// F of the norm of a vector or matrix. Level is the precedence of the whole, Arg the
// least precedence at which an operand needs no parentheses (syntax.Prec).
type Form struct {
	Pattern    string
	Level, Arg int
}

// A Call is one evaluation of a kernel: operands as dense matrices (a scalar is
// 1 × 1, a vector a column) and the values of size arguments.
type Call struct {
	Args  []Dense
	Sizes []int
	Limit *limit.Budget // on which a kernel counts its work; may be nil
}

// Dense is a matrix of float64 in row-major order.
type Dense struct {
	Rows, Cols int
	Data       []float64
}

// NewDense returns a zero matrix.
func NewDense(rows, cols int) Dense { return Dense{rows, cols, make([]float64, rows*cols)} }

// At returns entry (i, j).
func (d Dense) At(i, j int) float64 { return d.Data[i*d.Cols+j] }

// Set sets entry (i, j).
func (d Dense) Set(i, j int, v float64) { d.Data[i*d.Cols+j] = v }

// A Registry holds the operators by name.
type Registry struct {
	ops      []*Op
	byName   map[string]*Op
	surface  map[string][]*Op // overloads by surface name, aliases included
	surfaces []string
}

// NewRegistry checks the rows and indexes them. A row with a field missing is an
// error: nothing has a default that could be wrong in silence.
func NewRegistry(rows ...[]Op) (*Registry, error) {
	r := &Registry{byName: map[string]*Op{}, surface: map[string][]*Op{}}
	for _, family := range rows {
		for i := range family {
			o := &family[i]
			if err := o.check(); err != nil {
				return nil, err
			}
			if r.byName[o.Name] != nil {
				return nil, fmt.Errorf("operator %s: declared twice", o.Name)
			}
			r.byName[o.Name] = o
			r.ops = append(r.ops, o)
			names := append([]string{o.Name}, o.Aliases...)
			switch {
			case o.Overload == "-":
				names = o.Aliases
			case o.Overload != "":
				names[0] = o.Overload
			}
			for _, n := range names {
				if r.surface[n] == nil {
					r.surfaces = append(r.surfaces, n)
				}
				r.surface[n] = append(r.surface[n], o)
			}
		}
	}
	return r, nil
}

func (o *Op) check() error {
	fail := func(what string) error { return fmt.Errorf("operator %s: %s", o.Name, what) }
	if o.Name == "" || o.Doc == "" || o.Family == "" {
		return fail("name, family and doc are required")
	}
	if o.Class == Special && o.Sig == "" {
		return nil
	}
	sig, ok := ParseSig(o.Sig)
	if !ok {
		return fail("bad signature " + o.Sig)
	}
	o.sig = sig
	if o.Class == Special {
		return nil
	}
	if len(o.Params) != len(sig.Args) {
		return fail("one parameter name for each operand is required")
	}
	o.pieces = make([]Piece, len(o.Curve))
	for i, text := range o.Curve {
		var err error
		if o.pieces[i], err = ParsePiece(text); err != nil {
			return fail(err.Error())
		}
	}
	if o.Degree != "" && !strings.Contains(o.Sig, o.Degree) {
		return fail("no letter " + o.Degree)
	}
	if len(o.Curve) == 0 && (o.Class == Elementwise || o.Class == Core && o.Base == "") {
		return fail("an elementwise or core operator needs Curve")
	}
	switch o.Class {
	case Elementwise:
		if o.Scalar == nil || o.Differential == "" {
			return fail("an elementwise operator needs Scalar and Differential")
		}
	case Core:
		if o.Differential == "" || o.Base == "" && o.Kernel == nil {
			return fail("a core operator needs Differential, and Kernel or Base")
		}
	case Defined:
		if o.Definition == "" || o.Kernel == nil && o.Scalar == nil {
			return fail("a defined operator needs Definition and Kernel or Scalar")
		}
	}
	if len(o.Examples) == 0 {
		return fail("at least one example is required")
	}
	return nil
}

// Op returns the operator of that canonical name; it panics when there is none,
// because phases ask only for the algebra that every registry has.
func (r *Registry) Op(name string) *Op {
	o := r.byName[name]
	if o == nil {
		panic("no operator " + name)
	}
	return o
}

// Budget is nil: what is done with a Registry alone is not bounded.
func (r *Registry) Budget() *limit.Budget { return nil }

// Operators are a Registry, or a Builder, whose Limit then holds.
type Operators interface {
	Find(name string) *Op
	Budget() *limit.Budget
}

// Find returns the operator of that canonical name, or nil.
func (r *Registry) Find(name string) *Op { return r.byName[name] }

// Overloads returns the operators that a surface name can mean, in order.
func (r *Registry) Overloads(name string) []*Op { return r.surface[name] }

// SurfaceNames returns every name that can be called, in order of declaration.
func (r *Registry) SurfaceNames() []string { return r.surfaces }

// Ops returns all operators in order of declaration.
func (r *Registry) Ops() []*Op { return r.ops }
