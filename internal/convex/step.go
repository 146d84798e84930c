package convex

import (
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/index"
	"example.com/nabla/internal/raise"
)

// A Step is one line of a certificate: a rule and what it was applied to.
type Step struct {
	Rule string // kebab-case; Phrases has its texts
	Goal goal
	Sum  *index.Sum   // what has the curvature
	Args []*index.Sum // what it follows from

	Piece    *expr.Piece // of the outer function, in a composition
	Negative bool        // the weight is at most zero
	Axes     *raise.Axes // of Sum, if not those of its slots in their order
	Var      *expr.Symbol
	Whole    bool // Sum is the Hessian of the line before
}
