package diagnose

import (
	"slices"

	"example.com/nabla/internal/eval"
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/rat"
)

// An edit is a formula with one thing changed.
type edit struct {
	kind         Kind
	node         *expr.Node
	part, within *expr.Node
}

// surplus is what an edit of the claim says, where the same edit of the truth says
// that something is missing.
var surplus = map[Kind]Kind{
	MissingTerm: SurplusTerm, MissingFactor: SurplusFactor, MissingTranspose: SurplusTranspose,
	MissingInverse: SurplusInverse, TermSign: TermSign, FactorOrder: FactorOrder, Exponent: Exponent,
}

// Bounds of the search for one change: the number of changes, and the nodes that all
// the changed formulas have together, which are what their values cost.
const (
	mostEdits = 600
	mostNodes = 400_000
)

// budget is the number of formulas as large as n that may be tried.
func budget(n *expr.Node, most int) int {
	return max(8, min(most, mostNodes/measure(n, map[*expr.Node]int{})))
}

// edits looks for one change at any depth of the truth that gives the claim, or of the
// claim that gives the truth, and then for one with the sign wrong besides.
func (q *Question) edits() (Finding, bool) {
	var ofTruth, ofClaim []edit
	if q.Truth != nil {
		ofTruth = q.variants(q.Truth)
	}
	ofClaim = q.variants(q.Claim)
	for _, negative := range []bool{false, true} {
		for _, e := range ofTruth {
			if q.edited(e.node, q.claim, negative) {
				return Finding{Kind: e.kind, Part: e.part, Within: e.within, Negative: negative}, true
			}
		}
		for _, e := range ofClaim {
			if surplus[e.kind] != "" && q.edited(e.node, q.truth, negative) {
				return Finding{Kind: surplus[e.kind], Part: e.part, Within: e.within, Negative: negative}, true
			}
		}
	}
	return Finding{}, false
}

// edited reports whether an edited formula has the wanted values.
func (q *Question) edited(n *expr.Node, want []expr.Dense, negative bool) bool {
	seen := 0
	for i, t := range q.trials {
		if q.claim[i].Data == nil {
			continue
		}
		v, err := t.Value(n, q.Family)
		if err != nil {
			return false
		}
		if negative {
			for k := range v.Data {
				v.Data[k] = -v.Data[k]
			}
		}
		if d := eval.Apart(v, want[i]); !(d <= guessing) {
			return false
		}
		seen++
	}
	return seen > 0
}

// A place is a node in a formula, as a tree, and what the formula is with another in
// its stead.
type place struct {
	n       *expr.Node
	rebuild func(*expr.Node) *expr.Node
}

// places calls f for each place of a formula, those near the root first, until f
// returns false.
func (q *Question) places(n *expr.Node, f func(place) bool) {
	queue := []place{{n, func(m *expr.Node) *expr.Node { return m }}}
	for len(queue) > 0 {
		p := queue[0]
		queue = queue[1:]
		if !f(p) {
			return
		}
		for i, a := range p.n.Args {
			queue = append(queue, place{a, func(m *expr.Node) *expr.Node {
				c := *p.n
				c.Args = slices.Clone(p.n.Args)
				c.Args[i] = m
				return p.rebuild(q.B.Intern(c))
			}})
		}
	}
}

// variants returns the formulas that differ from n in one place and have its shape,
// changes near the root first.
func (q *Question) variants(n *expr.Node) []edit {
	var out []edit
	most := budget(n, mostEdits)
	q.places(n, func(p place) bool {
		q.editsAt(p.n, func(kind Kind, m, part *expr.Node) {
			if m.Shape == p.n.Shape && m != p.n && len(out) < most {
				out = append(out, edit{kind, p.rebuild(m), part, p.n})
			}
		})
		return len(out) < most
	})
	return out
}

// editsAt calls f for each change of the node n itself.
func (q *Question) editsAt(n *expr.Node, f func(kind Kind, m, part *expr.Node)) {
	b := q.B
	nary := func(args []*expr.Node) *expr.Node {
		if len(args) == 1 {
			return args[0]
		}
		return b.Make(n.Op, args, n.Sizes, n.Order)
	}
	without := func(i, k int) []*expr.Node { return slices.Delete(slices.Clone(n.Args), i, i+k) }
	replaced := func(i int, m *expr.Node) []*expr.Node {
		args := slices.Clone(n.Args)
		args[i] = m
		return args
	}
	switch n.Op.Name {
	case expr.OpAdd:
		for i, a := range n.Args {
			f(MissingTerm, nary(without(i, 1)), a)
		}
		for i, a := range n.Args {
			f(TermSign, nary(replaced(i, b.Node(expr.OpNeg, a))), a)
		}
	case expr.OpHadamard:
		for i, a := range n.Args {
			f(MissingFactor, nary(without(i, 1)), a)
		}
	case expr.OpMul:
		for k := 1; k <= 2; k++ {
			for i := 0; i+k <= len(n.Args) && k < len(n.Args); i++ {
				if args := without(i, k); fits(args) {
					part := n.Args[i]
					if k == 2 {
						part = b.Make(n.Op, n.Args[i:i+2], nil, 0)
					}
					f(MissingFactor, nary(args), part)
				}
			}
		}
		for i := range n.Args[1:] {
			args := slices.Clone(n.Args)
			args[i], args[i+1] = args[i+1], args[i]
			if fits(args) {
				f(FactorOrder, nary(args), n)
			}
		}
	case expr.OpDiv, expr.OpElDiv:
		f(MissingFactor, n.Args[0], b.Make(n.Op, []*expr.Node{b.Num(rat.One), n.Args[1]}, nil, 0))
	case expr.OpNeg:
		f(TermSign, n.Args[0], n.Args[0])
	case expr.OpT:
		f(MissingTranspose, n.Args[0], n.Args[0])
	case expr.OpInv:
		f(MissingInverse, n.Args[0], n.Args[0])
	case expr.OpApply: // the function where its derivative belongs
		if n.Order > 0 {
			m := b.Apply(n.Sym, n.Order-1, n.Args[0])
			f(WrongPart, m, m)
		}
	case expr.OpPow, expr.OpElPow, expr.OpMPow:
		if e := n.Args[1]; e.Op.Name == expr.OpNum {
			for _, step := range []rat.Rat{rat.MinusOne, rat.One} {
				if p := e.Num.Add(step); !p.IsZero() {
					f(Exponent, nary([]*expr.Node{n.Args[0], b.Num(p)}), n)
				}
			}
			f(Exponent, n.Args[0], n)
		}
	}
	for i, a := range n.Args {
		if a.Op.Name == expr.OpT && (n.Op.Name == expr.OpMul || n.Op.Name == expr.OpAdd) && a.Shape.Rows != a.Shape.Cols {
			if args := replaced(i, a.Args[0]); fits(args) && n.Op.Name == expr.OpMul {
				f(MissingTranspose, nary(args), a.Args[0])
			}
		}
	}
}

// fits reports whether factors can be multiplied from left to right.
func fits(args []*expr.Node) bool {
	if len(args) == 0 {
		return false
	}
	_, ok := expr.ProductShape(args)
	return ok
}
