package raise

import (
	"slices"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/rat"
)

// A feature is something that terms of a sum may have in common.
type feature struct {
	kind featureKind
	n, m *expr.Node
	neg  bool // a divisor
	coef rat.Rat
}

type featureKind uint8

const (
	byCoef featureKind = iota
	byScalar
	byLeft    // first factor of the chain
	byRight   // last factor of the chain
	byEntry   // Hadamard factor or entrywise divisor
	byKronL   // left operand of kron
	byKronR   // right operand of kron
	byKronEnd // first factors (neg: last factors) of both operands of kron
	byWrapper // diag or vec around the whole chain
)

// features calls f for each feature of p.
func (r *Raiser) features(p *product, f func(feature)) {
	if c := p.coef.Abs(); !c.IsOne() && (len(p.chain) > 0 || len(p.scalars) > 0) {
		f(feature{kind: byCoef, coef: c})
	}
	for _, s := range p.scalars {
		f(feature{kind: byScalar, n: s.n, neg: s.exp.Sign() < 0})
	}
	k := len(p.chain)
	if k == 0 {
		return
	}
	f(feature{kind: byLeft, n: p.chain[0]})
	f(feature{kind: byRight, n: p.chain[k-1]})
	if k > 1 {
		return
	}
	n := p.chain[0]
	switch r.code(n) {
	case opKron:
		f(feature{kind: byKronL, n: n.Args[0]})
		f(feature{kind: byKronR, n: n.Args[1]})
		p, q := r.chainOf(n.Args[0]), r.chainOf(n.Args[1])
		f(feature{kind: byKronEnd, n: p[0], m: q[0]})
		f(feature{kind: byKronEnd, n: p[len(p)-1], m: q[len(q)-1], neg: true})
	case opDiagMat:
		f(feature{kind: byWrapper, n: nil})
	case opVec:
		f(feature{kind: byWrapper, n: nil, neg: true})
	default:
		if r.isOnes(n) {
			return
		}
		var buf [6]entry
		for _, e := range r.entries(buf[:0], n, rat.One) {
			f(feature{kind: byEntry, n: e.n, neg: e.exp.Sign() < 0})
		}
	}
}

// entries appends n as a Hadamard product of powers.
func (r *Raiser) entries(list []entry, n *expr.Node, exp rat.Rat) []entry {
	r.b.Limit.Step(1)
	switch r.code(n) {
	case opHadamard:
		for _, a := range n.Args {
			list = r.entries(list, a, exp)
		}
		return list
	case opElDiv:
		return r.entries(r.entries(list, n.Args[0], exp), n.Args[1], exp.Neg())
	case opElPow:
		if k := n.Args[1]; r.code(k) == opNum {
			return append(list, entry{n.Args[0], k.Num.Mul(exp), r.order(n)})
		}
	case opNum:
		if n.Num.IsOne() {
			return list
		}
	}
	return append(list, entry{n, exp, r.order(n)})
}

// merged joins the entries of one node: x ⊙ x is x to the power 2.
func merged(list []entry) []entry {
	out := list[:0]
next:
	for _, e := range list {
		for i := range out {
			if out[i].n == e.n {
				out[i].exp = out[i].exp.Add(e.exp)
				continue next
			}
		}
		out = append(out, e)
	}
	return slices.DeleteFunc(out, func(e entry) bool { return e.exp.IsZero() })
}

// has reports whether p has feature f.
func (r *Raiser) has(p *product, f *feature) bool {
	k := len(p.chain)
	r.b.Limit.Step(1 + len(p.scalars)/16)
	switch f.kind {
	case byCoef:
		return p.coef.Abs().Equal(f.coef) && (k > 0 || len(p.scalars) > 0)
	case byScalar:
		for _, s := range p.scalars {
			if s.n == f.n && (s.exp.Sign() < 0) == f.neg {
				return true
			}
		}
	case byLeft:
		return k > 0 && p.chain[0] == f.n
	case byRight:
		return k > 0 && p.chain[k-1] == f.n
	case byKronL:
		return k == 1 && r.code(p.chain[0]) == opKron && p.chain[0].Args[0] == f.n
	case byKronR:
		return k == 1 && r.code(p.chain[0]) == opKron && p.chain[0].Args[1] == f.n
	case byKronEnd:
		if k != 1 || r.code(p.chain[0]) != opKron {
			return false
		}
		x, y := r.chainOf(p.chain[0].Args[0]), r.chainOf(p.chain[0].Args[1])
		if f.neg {
			return x[len(x)-1] == f.n && y[len(y)-1] == f.m
		}
		return x[0] == f.n && y[0] == f.m
	case byWrapper:
		return k == 1 && (r.code(p.chain[0]) == opVec && f.neg || r.code(p.chain[0]) == opDiagMat && !f.neg)
	case byEntry:
		if k != 1 {
			return false
		}
		var buf [6]entry
		for _, e := range r.entries(buf[:0], p.chain[0], rat.One) {
			if e.n == f.n && (e.exp.Sign() < 0) == f.neg {
				return true
			}
		}
	}
	return false
}

// saving estimates the tokens that taking f out of count terms saves.
func (r *Raiser) saving(f *feature, count int) int {
	k := 1
	switch f.kind {
	case byCoef:
		if !f.coef.IsInt() && !f.coef.Num().IsOne() {
			k = 3
		}
	case byWrapper:
		return count - 1
	case byKronEnd:
		k = r.Cost(f.n) + r.Cost(f.m) + 1
	default:
		k = r.Cost(f.n)
	}
	return (count - 1) * (k + 1)
}

// factor takes common factors out of a list of at least two products until
// nothing is saved.
func (r *Raiser) factor(list []*product, shape expr.Shape) []*product {
	var banned []feature
	for len(list) > 1 && r.tries > 0 {
		r.tries -= 1 + len(list)/maxFactored
		var best feature
		gain := 0
		for i, p := range list[:min(len(list)-1, maxFactored)] {
			r.features(p, func(f feature) {
				count := 1
				for _, q := range list[i+1:] {
					if r.has(q, &f) {
						count++
					}
				}
				if count < 2 {
					return
				}
				if s := r.saving(&f, count); s > gain && !contains(banned, &f) {
					best, gain = f, s
				}
			})
		}
		if gain == 0 {
			return list
		}
		// A term that is the factor alone would leave an identity; it stays
		// outside while others have the factor too.
		bare := 0
		if best.kind == byLeft || best.kind == byRight {
			n := 0
			for _, p := range list {
				switch {
				case !r.has(p, &best):
				case len(p.chain) == 1:
					bare++
				default:
					n++
				}
			}
			if n < 2 {
				bare = 0
			}
		}
		var buf, buf2 [8]*product
		group, others := buf[:0], buf2[:0]
		at := -1
		before := -1
		for i, p := range list {
			if !r.has(p, &best) || bare > 0 && len(p.chain) == 1 {
				others = append(others, p)
				continue
			}
			if at < 0 {
				at = i
			}
			before += 1 + r.cost(p)
			group = append(group, p)
		}
		q := r.takeOut(&best, group, shape)
		if q == nil || before-r.cost(q) < r.worth(&best, group, others) {
			banned = append(banned, best)
			continue
		}
		q.ord = group[0].ord
		for _, p := range group {
			q.ord = min(q.ord, p.ord)
		}
		next := make([]*product, 0, len(others)+1)
		next = append(append(append(next, others[:at]...), q), others[at:]...)
		list = next
	}
	return list
}

// worth is how many tokens taking f out of the group must save. Horner's scheme
// and brackets with an identity in them read worse than what they replace, so
// they have to save more.
func (r *Raiser) worth(f *feature, group, others []*product) int {
	if f.kind != byLeft && f.kind != byRight {
		return 1
	}
	whole, bare := true, false
	for _, p := range group {
		whole = whole && len(p.chain) == 1
		bare = bare || len(p.chain) == 1
	}
	if bare && !whole {
		return 4
	}
	if len(others) == 0 {
		return 1
	}
	for _, p := range group {
		n := 0
		for _, x := range p.chain {
			if x == f.n {
				n++
			}
		}
		if n > 1 {
			return 3
		}
	}
	return 1
}

func contains(list []feature, f *feature) bool {
	for i := range list {
		g := &list[i]
		if g.kind == f.kind && g.n == f.n && g.m == f.m && g.neg == f.neg && (f.kind != byCoef || g.coef.Equal(f.coef)) {
			return true
		}
	}
	return false
}

// takeOut returns the sum of the group, all of whose members have feature f,
// with f taken out; nil if that cannot be written.
func (r *Raiser) takeOut(f *feature, group []*product, shape expr.Shape) *product {
	rest := make([]*product, len(group))
	switch f.kind {
	case byCoef:
		for i, p := range group {
			q := *p
			q.coef = p.coef.Div(f.coef)
			rest[i] = &q
		}
		q := *r.combine(rest, shape)
		q.coef = q.coef.Mul(f.coef)
		return &q
	case byScalar:
		return r.takeScalar(f, group, shape)
	case byLeft:
		return r.takeLeft(group)
	case byRight:
		for i, p := range group {
			rest[i] = r.transposed(p)
		}
		q := r.takeLeft(rest)
		if q == nil {
			return nil
		}
		return r.transposed(q)
	case byEntry:
		return r.takeEntry(f, group, shape)
	case byKronEnd:
		return r.takeKronEnd(f, group)
	}
	// One operand of an operator, the rest of the operator being common.
	k := 0
	if f.kind == byKronL {
		k = 1
	}
	for i, p := range group {
		q := *p
		x := p.chain[0].Args[k]
		q.chain = r.chainOf(x)
		q.shape = x.Shape
		if i > 0 && x.Shape != rest[0].shape {
			return nil
		}
		rest[i] = &q
	}
	q := *r.combine(rest, rest[0].shape)
	if q.zero() {
		q.shape = shape
		return &q
	}
	var n *expr.Node
	switch x := r.body(q.chain); {
	case f.kind == byKronL:
		n = r.kron2(f.n, x)
	case f.kind == byKronR:
		n = r.kron2(x, f.n)
	case f.neg:
		n = r.vec(x)
	default:
		n = r.diag(x)
	}
	q.chain, q.shape = r.chain1(n), shape
	return &q
}

func (r *Raiser) takeScalar(f *feature, group []*product, shape expr.Shape) *product {
	least := rat.Zero
	exponent := func(p *product) rat.Rat {
		for _, s := range p.scalars {
			if s.n == f.n {
				return s.exp
			}
		}
		return rat.Zero
	}
	for i, p := range group {
		if e := exponent(p); i == 0 || e.Abs().Cmp(least.Abs()) < 0 {
			least = e
		}
	}
	rest := make([]*product, len(group))
	for i, p := range group {
		q := *p
		q.scalars = make([]entry, 0, len(p.scalars))
		for _, s := range p.scalars {
			if s.n == f.n {
				if s.exp = s.exp.Sub(least); s.exp.IsZero() {
					continue
				}
			}
			q.scalars = append(q.scalars, s)
		}
		rest[i] = &q
	}
	q := *r.combine(rest, shape)
	r.mulScalar(&q, f.n, least)
	q.scalars = append([]entry(nil), q.scalars...)
	sortEntries(q.scalars)
	return &q
}

// takeLeft takes the longest common beginning of the chains out.
func (r *Raiser) takeLeft(group []*product) *product {
	first := group[0].chain
	k := len(first)
	for _, p := range group[1:] {
		c := 0
		for c < k && c < len(p.chain) && p.chain[c] == first[c] {
			c++
		}
		k = c
	}
	left := first[:k]
	inner := left[k-1].Shape.Cols
	rest := make([]*product, len(group))
	whole := true
	for _, p := range group {
		whole = whole && len(p.chain) == k
	}
	shape := expr.Shape{Rows: inner, Cols: group[0].shape.Cols}
	if whole {
		shape = r.one.Shape
	}
	for i, p := range group {
		q := *p
		q.chain, q.shape = p.chain[k:], shape
		if len(q.chain) == 0 && !whole && !inner.IsOne() {
			q.chain = r.chain1(r.eye(inner))
		}
		rest[i] = &q
	}
	q := *r.combine(rest, shape)
	q.shape = group[0].shape
	if !q.zero() {
		q.chain = r.concat(left, q.chain)
	}
	return &q
}

// takeEntry takes a Hadamard factor out.
func (r *Raiser) takeEntry(f *feature, group []*product, shape expr.Shape) *product {
	var least rat.Rat
	for i, p := range group {
		var buf [6]entry
		for _, e := range merged(r.entries(buf[:0], p.chain[0], rat.One)) {
			if e.n == f.n && (i == 0 || e.exp.Abs().Cmp(least.Abs()) < 0) {
				least = e.exp
			}
		}
	}
	rest := make([]*product, len(group))
	for i, p := range group {
		var buf [6]entry
		list := merged(r.entries(buf[:0], p.chain[0], rat.One))
		kept := list[:0]
		for _, e := range list {
			if e.n == f.n {
				if e.exp = e.exp.Sub(least); e.exp.IsZero() {
					continue
				}
			}
			kept = append(kept, e)
		}
		q := *p
		if len(kept) == 0 {
			q.chain = r.chain1(r.ones(shape.Rows, shape.Cols))
		} else {
			n := r.entrywise(kept)
			q.chain = r.chainOf(n)
		}
		rest[i] = &q
	}
	q := *r.combine(rest, shape)
	if q.zero() {
		return &q
	}
	if len(q.chain) == 1 && r.isOnes(q.chain[0]) {
		list := [1]entry{{f.n, least, 0}}
		q.chain = r.chainOf(r.entrywise(list[:]))
		return &q
	}
	var buf [6]entry
	list := append(buf[:0], entry{f.n, least, r.order(f.n)})
	for _, e := range r.entries(nil, r.body(q.chain), rat.One) {
		e.ord = max(e.ord, list[0].ord)
		list = append(list, e)
	}
	q.chain = r.chain1(r.entrywise(list))
	return &q
}

// takeKronEnd takes the first factors of both operands of kron out:
// kron(G x, G) + kron(G, G x) is kron(G, G) (kron(x, I) + kron(I, x)).
func (r *Raiser) takeKronEnd(f *feature, group []*product) *product {
	rest := make([]*product, len(group))
	for i, p := range group {
		var inner [2]*expr.Node
		for k := range inner {
			chain := r.chainOf(p.chain[0].Args[k])
			switch {
			case len(chain) == 1 && f.neg:
				inner[k] = r.eye(chain[0].Shape.Rows)
			case len(chain) == 1:
				inner[k] = r.eye(chain[0].Shape.Cols)
			case f.neg:
				inner[k] = r.mul(chain[:len(chain)-1])
			default:
				inner[k] = r.mul(chain[1:])
			}
		}
		n := r.kron2(inner[0], inner[1])
		q := *p
		q.chain, q.shape = r.chain1(n), n.Shape
		if i > 0 && n.Shape != rest[0].shape {
			return nil
		}
		rest[i] = &q
	}
	q := *r.combine(rest, rest[0].shape)
	q.shape = group[0].shape
	end := r.chain1(r.kron2(f.n, f.m))
	switch {
	case q.zero():
	case f.neg:
		q.chain = r.concat(q.chain, end)
	default:
		q.chain = r.concat(end, q.chain)
	}
	return &q
}
