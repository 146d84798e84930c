package raise

import (
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/index"
)

type operand struct{}

func (g *graph) hyperFactor(f *index.Factor, idx []index.Ix, fix []*expr.Index) bool { return false }

func (r *Raiser) refined(a *index.Atom, fix []*expr.Index) bool { return len(a.Slots) > 2 }

func (g *graph) composite(rows, cols []int) ([]*expr.Node, bool) { return nil, false }
