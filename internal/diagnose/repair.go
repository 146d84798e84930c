package diagnose

import (
	"cmp"
	"slices"

	"example.com/nabla/internal/expr"
)

// Bounds of the search for one part that must be replaced.
const (
	mostRepairs = 3000
	smallPart   = 3 // nodes of a part that is named as wrong without saying how
)

// repair looks for a part of the claim that becomes right when it is replaced by a
// part of the expression, the truth or the claim itself. The part must be like what
// replaces it: a sum without one term, a product without a factor, the operand of a
// transpose or an inverse; or it must be small.
func (q *Question) repair() (Finding, bool) {
	var pool []*expr.Node
	seen := map[*expr.Node]bool{}
	var collect func(n *expr.Node)
	collect = func(n *expr.Node) {
		if seen[n] {
			return
		}
		seen[n] = true
		pool = append(pool, n)
		for _, a := range n.Args {
			collect(a)
		}
	}
	for _, d := range q.Domain {
		collect(d)
	}
	if q.Truth != nil {
		collect(q.Truth)
	}
	collect(q.Claim)
	size := map[*expr.Node]int{}
	measure(q.Claim, size)
	for _, n := range pool {
		measure(n, size)
	}
	slices.SortStableFunc(pool, func(a, b *expr.Node) int { return cmp.Compare(size[a], size[b]) })

	var places []place
	q.places(q.Claim, func(p place) bool {
		places = append(places, p)
		return len(places) < 300
	})
	places = places[1:] // a claim that is wrong as a whole is not repaired
	slices.SortStableFunc(places, func(a, b place) int { return cmp.Compare(size[a.n], size[b.n]) })
	tried, most := 0, budget(q.Claim, mostRepairs)
	for _, p := range places {
		for _, m := range pool {
			if m == p.n || m.Shape != p.n.Shape {
				continue
			}
			f, ok := compare(p.n, m)
			if !ok {
				if size[p.n] > smallPart || size[m] > smallPart || len(m.Args)+len(p.n.Args) > 0 && m.Op != p.n.Op {
					continue
				}
				f = Finding{Kind: WrongPart, Part: p.n, Within: m}
			}
			if tried++; tried > most {
				return Finding{}, false
			}
			if q.edited(p.rebuild(m), q.truth, false) {
				return f, true
			}
		}
	}
	return Finding{}, false
}

// measure counts the nodes of the tree of n.
func measure(n *expr.Node, size map[*expr.Node]int) int {
	if k := size[n]; k > 0 {
		return k
	}
	k := 1
	for _, a := range n.Args {
		k = min(k+measure(a, size), 1<<20)
	}
	size[n] = k
	return k
}

// compare says how what is must be changed to be what it should be.
func compare(is, should *expr.Node) (Finding, bool) {
	if part, ok := rest(should, is); ok {
		switch should.Op.Name {
		case expr.OpAdd:
			return Finding{Kind: MissingTerm, Part: part, Within: should}, true
		case expr.OpT:
			return Finding{Kind: MissingTranspose, Part: is, Within: should}, true
		case expr.OpInv:
			return Finding{Kind: MissingInverse, Part: is, Within: should}, true
		}
		return Finding{Kind: MissingFactor, Part: part, Within: should}, true
	}
	if part, ok := rest(is, should); ok {
		switch is.Op.Name {
		case expr.OpAdd:
			return Finding{Kind: SurplusTerm, Part: part, Within: is}, true
		case expr.OpT:
			return Finding{Kind: SurplusTranspose, Part: should, Within: is}, true
		case expr.OpInv:
			return Finding{Kind: SurplusInverse, Part: should, Within: is}, true
		}
		return Finding{Kind: SurplusFactor, Part: part, Within: is}, true
	}
	if is.Op == should.Op && is.Op.Name == expr.OpAdd && len(is.Args) == len(should.Args) {
		var wrong *expr.Node
		for i, a := range is.Args {
			b := should.Args[i]
			if a == b {
				continue
			}
			opposite := a.Op.Name == expr.OpNeg && a.Args[0] == b || b.Op.Name == expr.OpNeg && b.Args[0] == a
			if wrong != nil || !opposite {
				return Finding{}, false
			}
			wrong = b
		}
		if wrong != nil {
			return Finding{Kind: TermSign, Part: wrong, Within: should}, true
		}
	}
	return Finding{}, false
}

// rest returns the one operand that whole has besides those of part, where whole is a
// sum, a product, a transpose or an inverse of part.
func rest(whole, part *expr.Node) (*expr.Node, bool) {
	switch whole.Op.Name {
	case expr.OpT, expr.OpInv:
		return part, whole.Args[0] == part
	case expr.OpAdd, expr.OpMul, expr.OpHadamard:
	default:
		return nil, false
	}
	have := []*expr.Node{part}
	if part.Op == whole.Op {
		have = part.Args
	}
	if len(have)+1 != len(whole.Args) {
		return nil, false
	}
	var out *expr.Node
	k := 0
	for _, a := range whole.Args {
		switch {
		case k < len(have) && have[k] == a:
			k++
		case out == nil:
			out = a
		default:
			return nil, false
		}
	}
	return out, out != nil
}
