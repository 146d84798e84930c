// Package index has the index form, the one form in which equal things are equal.
//
// A Sum is a set of Terms with the same free indices (its slots). A Term is a
// rational coefficient times a product of Factors; a Factor is an Atom with a
// tuple of indices and a rational exponent. Indices are numbered within a term
// and called classes: a slot names the class it shows, a class that no slot
// shows is summed over. A class may occur in any number of factors, which is how
// Hadamard products, diag and spreading need no operators of their own; two
// slots with one class are an identity matrix, a slot whose class occurs in no
// factor is a vector of ones. So Sum{slots i,j; term with both slots on class 0
// and no factor} is eye(n).
//
// A Store makes and interns everything: equal Sums of one Store are one pointer,
// whatever the order and the transposes in which they were written. Call
// NewStore, then VarFactor, SizeSum and Apply for atoms and Sum for sums.
package index

import (
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/rat"
)

// Ix is an index class, numbered from 0 within a term. In a canonical term the
// classes that slots show come first, in order of the slots.
type Ix int32

// A Factor is atom[idx…]^exp.
type Factor struct {
	Atom *Atom
	Exp  rat.Rat
	Idx  []Ix // one class for each slot of the atom
}

// A Term is Coef · Π Factors, summed over every class that Slot does not show.
type Term struct {
	Coef    rat.Rat
	Slot    []Ix        // the class that each slot of the sum shows
	Dims    []*expr.Dim // size of each class
	Factors []Factor    // canonical order
	key     []byte      // exact encoding of all but Coef
}

// Bound reports whether class c is summed over.
func (t *Term) Bound(c Ix) bool {
	for _, s := range t.Slot {
		if s == c {
			return false
		}
	}
	return true
}

// Counts reports whether the value of an index occurs in t.
func (t *Term) Counts() bool {
	for i := range t.Factors {
		if t.Factors[i].Atom.Counts {
			return true
		}
	}
	return false
}

// holdsTangent reports whether a tangent is among the factors of t or inside a
// group among them.
func (t *Term) holdsTangent() bool {
	for i := range t.Factors {
		if t.Factors[i].Atom.tangent {
			return true
		}
	}
	return false
}

// A Sum is an interned sum of terms with the same slots. No terms: zero.
type Sum struct {
	ID    int
	Slots []*expr.Dim
	Terms []Term // canonical order, no two alike but for the coefficient

	t         *Sum // the transpose (two slots), once asked for
	unit      *Sum // this sum = unitCoef · unit, once asked for
	unitCoef  rat.Rat
	counts    bool  // the value of an index occurs in it
	tangent   bool  // a tangent occurs in it, at whatever depth of groups
	group     *Atom // the group of this content, its slot k being groupPerm[k] of this
	groupPerm []int
}

// AtomKind says what an atom is.
type AtomKind uint8

const (
	// VarAtom is a variable. Its slots are the axes of its shape that are not 1
	// (each possibly refined into several), then the family index if it has one.
	VarAtom AtomKind = iota
	// SizeAtom is a size name as a number.
	SizeAtom
	// NumAtom is a positive rational number; it occurs with fractional exponents only.
	NumAtom
	// OpAtom is an operator applied to sums: elementwise, core, or an unknown function.
	OpAtom
	// GroupAtom is an unexpanded sum used as a factor. Its content has no
	// numeric factor and the sign it was first met with.
	GroupAtom
	// ConstAtom is an operator without operands that is no index structure (basis).
	ConstAtom
	// TangentAtom is the differential of a parameter while a rule is instantiated.
	TangentAtom
)

// An Atom is what carries indices. IDs count atoms in order of creation, and an
// atom is made after everything inside it.
type Atom struct {
	ID   int
	Kind AtomKind

	Sym   *expr.Symbol // VarAtom; OpAtom of an unknown function: the function
	Bare  bool         // VarAtom: without facts, as while differentiating by it
	Size  *expr.SizeName
	Num   rat.Rat
	Op    *expr.Op    // OpAtom, ConstAtom: the Base operator, never a row-wise variant
	Order int         // OpAtom of an unknown function: order of derivative; ConstAtom: position
	Sizes []*expr.Dim // ConstAtom: size arguments

	// Args are the operands of an OpAtom, or the one content of a GroupAtom.
	//
	// Group: the atom's slots are the sum's. Elementwise: all operands have the
	// atom's slots (spread where they do not depend on one). Core: the operand's
	// slots are the operator's operand axes (rows, then columns) followed by
	// batch slots; the atom's slots are the result's axes followed by the same
	// batch slots. So inv: (row, col) and no batch; softmax of the columns of a
	// matrix: operand (row | col as batch), atom (row, col).
	Args []*Sum
	// Slots are the sizes of the index tuple; Core of them are result axes of a
	// core operator (row axes of a variable), the rest are batch.
	Slots []*expr.Dim
	Core  int
	// CoreIn of the first operand's slots are its own axes (RowsIn of them row
	// axes), the rest are batch. Zero for an elementwise operator.
	CoreIn, RowsIn int
	// Opaque: a group that is never dissolved, so that long products stay short.
	Opaque bool

	// Symmetric: the two core slots (or the two slots, if not a core operator)
	// can be exchanged.
	Symmetric bool
	Positive  bool // every entry is > 0 (assuming the domains hold)
	// Counts: the value of an index, 1 … N, occurs in it.
	Counts bool
	// tangent: it is a tangent or a group that holds one.
	tangent bool
}

// RowAxes returns how many of a variable's slots are its row axis; the rest up to
// the family slot are the column axis.
func (a *Atom) RowAxes() int { return a.Core }
