package diagnose

import (
	"math"

	"example.com/nabla/internal/eval"
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/rat"
)

// mostTerms bounds the terms of which subsets are tried.
const mostTerms = 12

// terms looks for up to most terms that are missing or too many, and for one whose sign
// or number is wrong; where most is more than 1, also for one with another coefficient.
func (q *Question) terms(most int) (Finding, bool) {
	if len(q.Terms) > 1 && len(q.Terms) <= mostTerms {
		values, ok := q.values(q.Terms)
		if ok {
			if set := q.subset(most, values, -1, q.claim, q.truth); set != nil {
				return Finding{Kind: MissingTerm, Part: q.sum(q.Terms, set)}, true
			}
			for k, v := range values {
				if f, ok := q.scaledTerm(v); ok {
					kind := TermCoefficient
					if f.Base == nil && f.Number.Equal(rat.MinusOne) {
						kind = TermSign
					} else if most == 1 && f.Base != nil {
						continue // a factor that is missing says more
					}
					return Finding{Kind: kind, Part: q.Terms[k], Factor: f}, true
				}
			}
		}
	}
	if len(q.ClaimTerms) > 1 && len(q.ClaimTerms) <= mostTerms {
		values, ok := q.values(q.ClaimTerms)
		if ok {
			if set := q.subset(most, values, -1, q.truth, q.claim); set != nil {
				return Finding{Kind: SurplusTerm, Part: q.sum(q.ClaimTerms, set)}, true
			}
		}
	}
	return Finding{}, false
}

// values evaluates nodes at the trials.
func (q *Question) values(nodes []*expr.Node) ([][]expr.Dense, bool) {
	out := make([][]expr.Dense, len(nodes))
	for k, n := range nodes {
		for i, t := range q.trials {
			if q.claim[i].Data == nil {
				out[k] = append(out[k], expr.Dense{})
				continue
			}
			v, err := t.Value(n, q.Family)
			if err != nil {
				return nil, false
			}
			out[k] = append(out[k], v)
		}
	}
	return out, true
}

// subset returns up to most terms, three at the most, with whole + sign · Σ terms = part, fewest first.
func (q *Question) subset(most int, terms [][]expr.Dense, sign float64, part, whole []expr.Dense) []int {
	n := len(terms)
	try := func(set ...int) bool {
		if len(set) == n {
			return false
		}
		seen := 0
		for i := range q.trials {
			if q.claim[i].Data == nil {
				continue
			}
			sum := expr.NewDense(whole[i].Rows, whole[i].Cols)
			copy(sum.Data, whole[i].Data)
			for _, k := range set {
				if !add(sum, terms[k][i], sign) {
					return false
				}
			}
			if d := eval.Apart(sum, part[i]); !(d <= guessing) {
				return false
			}
			seen++
		}
		return seen > 0
	}
	for a := range n {
		if try(a) {
			return []int{a}
		}
	}
	if most < 2 {
		return nil
	}
	for a := range n {
		for b := a + 1; b < n; b++ {
			if try(a, b) {
				return []int{a, b}
			}
		}
	}
	for a := range n {
		for b := a + 1; b < n; b++ {
			for c := b + 1; c < n; c++ {
				if try(a, b, c) {
					return []int{a, b, c}
				}
			}
		}
	}
	return nil
}

// add adds factor · t to sum in place; a scalar is spread.
func add(sum, t expr.Dense, factor float64) bool {
	switch {
	case t.Rows == sum.Rows && t.Cols == sum.Cols:
		for k, v := range t.Data {
			sum.Data[k] += factor * v
		}
	case len(t.Data) == 1:
		for k := range sum.Data {
			sum.Data[k] += factor * t.Data[0]
		}
	default:
		return false
	}
	return true
}

// scaledTerm returns the factor that a true term has in the claim, all others being
// right.
func (q *Question) scaledTerm(term []expr.Dense) (Factor, bool) {
	rest := make([]expr.Dense, len(term))
	for i, t := range term {
		if q.claim[i].Data == nil {
			continue
		}
		rest[i] = expr.NewDense(q.claim[i].Rows, q.claim[i].Cols)
		copy(rest[i].Data, q.claim[i].Data)
		if !add(rest[i], q.truth[i], -1) || !add(rest[i], t, 1) {
			return Factor{}, false
		}
	}
	ratios, ok := q.ratios(term, rest)
	if !ok {
		return Factor{}, false
	}
	for _, r := range ratios {
		if math.Abs(r) < 1e-6 {
			return Factor{}, false
		}
	}
	return q.recognise(ratios)
}

// sum is the sum of some of the nodes.
func (q *Question) sum(nodes []*expr.Node, set []int) *expr.Node {
	if len(set) == 1 {
		return nodes[set[0]]
	}
	var args []*expr.Node
	for _, k := range set {
		args = append(args, nodes[k])
	}
	return q.B.Node(expr.OpAdd, args...)
}
