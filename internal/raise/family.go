package raise

import (
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/index"
)

type fixedSum struct{}

func (r *Raiser) environment(t *index.Term, fixed []*expr.Index) []*expr.Index { return nil }

func (g *graph) sumSizes(env []*expr.Index) {}

func fixOf(idx []index.Ix, env []*expr.Index) []*expr.Index { return nil }

func (r *Raiser) fixedContent(s *index.Sum, fix []*expr.Index) (*product, bool) { return nil, false }

func (r *Raiser) wrapSums(p *product, g *graph, t *index.Term) {}
