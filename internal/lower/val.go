// Package lower turns the matrix DAG into index form.
//
// A structural operator is index structure: its signature says which axes of its
// operands are one index. Every other operator becomes an atom. A defined
// operator is lowered through its text. Call New, then Lower.
package lower

import (
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/index"
)

// A Val is a sum seen as a matrix: which of its slots make the row axis and the
// column axis (outer first, none for size 1), and which are batch indices:
// indices of families over which the matrix varies, or the slots of an atom
// inside a rule. Transposition and vec change the view alone.
type Val struct {
	S          *index.Sum
	Rows, Cols []int
	Batch      []Batch
}

// A Batch is a slot that runs along with an index from outside: a family index
// (its ordinal) or an anonymous one (negative).
type Batch struct {
	ID   int
	Slot int
}

// Scalar reports whether v has no axes of its own.
func (v Val) Scalar() bool { return len(v.Rows) == 0 && len(v.Cols) == 0 }

func (v Val) batchSlot(id int) int {
	for _, b := range v.Batch {
		if b.ID == id {
			return b.Slot
		}
	}
	return -1
}

func count(n int) []int { return span(0, n) }

// few are the first natural numbers; spans of them are shared and never written to.
var few = [...]int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}

func span(from, n int) []int {
	switch {
	case n == 0:
		return nil
	case from+n <= len(few):
		return few[from : from+n : from+n]
	}
	s := make([]int, n)
	for i := range s {
		s[i] = from + i
	}
	return s
}

// A Template is the text of a definition or differential as a DAG over the
// operator's parameters.
type Template struct {
	Root    *expr.Node
	Params  []*expr.Symbol // values, by ordinal of the template's builder
	DParams []*expr.Symbol // differentials of the parameters; nil in a definition
	// Letters are the template's size names by letter number of the signature.
	Letters []*expr.SizeName
}

// Templates has the templates of a registry's operators.
type Templates struct {
	Definition   map[*expr.Op]*Template
	Differential map[*expr.Op]*Template
	Tied         map[*expr.Op]*Template // Differential where several operands vary, of those that have it
}
