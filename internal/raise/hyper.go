package raise

import (
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/index"
)

// An operand is an atom with more than two classes.
type operand struct{}

func (g *graph) hyperFactor(f *index.Factor, idx []index.Ix, fix []*expr.Index) bool { return false }

func (r *Raiser) refined(a *index.Atom, fix []*expr.Index) bool { return len(a.Slots) > 2 }
