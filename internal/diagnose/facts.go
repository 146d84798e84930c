package diagnose

import (
	"example.com/nabla/internal/eval"
	"example.com/nabla/internal/expr"
)

// Facts that a claim may rest on: those that people use without saying so, and those
// under which almost any claim is right.
var (
	likely   = []expr.Fact{expr.Symmetric, expr.Positive, expr.Simplex, expr.Posdef}
	unlikely = []expr.Fact{expr.Onehot, expr.Orthogonal, expr.Diagonal}
)

// mostPaired bounds the facts of which pairs are tried: in a deep network there are
// thousands of pairs, each with points of its own.
const mostPaired = 30

// facts looks for a fact of one variable, or of two, or one fact of all square
// matrices, at which the claim is right.
func (q *Question) facts(list []expr.Fact) (Finding, bool) {
	if !q.sameShape() {
		return Finding{}, false
	}
	var known []Known
	for _, f := range list {
		for _, s := range q.Free {
			if possible(s, f) {
				known = append(known, Known{s, f})
			}
		}
	}
	if len(q.Domain) > 0 { // each needs points of its own
		known = known[:min(len(known), max(24, budget(q.Domain[0], 4000)/10))]
	}
	for _, k := range known {
		if q.rightIf(k) {
			return Finding{Kind: NeedsFact, Facts: []Known{k}}, true
		}
	}
	if len(known) > mostPaired {
		return Finding{}, false
	}
	for i, k := range known {
		for _, l := range known[i+1:] {
			if k.Symbol != l.Symbol && q.rightIf(k, l) {
				return Finding{Kind: NeedsFact, Facts: []Known{k, l}}, true
			}
		}
	}
	return Finding{}, false
}

// possible reports whether a fact can be new of a variable.
func possible(s *expr.Symbol, f expr.Fact) bool {
	if s.Kind == expr.Function || s.Facts.Has(f) || s.Facts&(expr.Integer|expr.Onehot|expr.Orthogonal|expr.Diagonal) != 0 {
		return false
	}
	square := s.Shape.Rows == s.Shape.Cols && !s.Shape.IsScalar()
	switch f {
	case expr.Symmetric, expr.Posdef, expr.Orthogonal, expr.Diagonal:
		return square && s.Facts&(expr.Toeplitz|expr.Simplex) == 0
	case expr.Simplex, expr.Onehot:
		return !s.Shape.Rows.IsOne() && s.Facts&(expr.Symmetric|expr.Toeplitz) == 0
	case expr.Positive:
		return s.Facts&(expr.Posdef|expr.Simplex) == 0
	}
	return false
}

func (q *Question) rightIf(known ...Known) bool {
	facts := func(s *expr.Symbol) (f expr.Fact) {
		for _, k := range known {
			if k.Symbol == s {
				f |= k.Fact
			}
		}
		return f
	}
	return q.holdsAt(facts, func(t *eval.Trial) (expr.Dense, bool) {
		v, err := q.trueValue(t)
		return v, err == nil && !zero(v)
	})
}
