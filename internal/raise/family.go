package raise

import (
	"slices"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/index"
	"example.com/nabla/internal/rat"
)

// Families. In the sum form a class that is the family index of some variable is
// not reduced: it is fixed to an index, the member x[i] is a vector like any
// other, and the term is summed over the index afterwards. A fixed class is
// passed down into groups and operands, whose slots it fixes.

// fixKey identifies a sum with some of its slots fixed.
type fixKey struct {
	sum int
	fix [4]int32 // ordinal of the index plus 1, for each slot
}

type slotKey struct{ sum, slot int }

// environment returns, for each class of t, the index that it is fixed to, nil
// if there is none: by the slots of the sum, or because it is bound and a family
// index. The latter are returned as sums.
func (r *Raiser) environment(t *index.Term, fixed []*expr.Index) (env, sums []*expr.Index) {
	set := func(c index.Ix, i *expr.Index) {
		if env == nil {
			env = make([]*expr.Index, len(t.Dims))
		}
		env[c] = i
	}
	for s, i := range fixed {
		if i != nil {
			set(t.Slot[s], i)
		}
	}
	all := r.opts.Family == FamilySum
	if !all && !t.Counts() {
		return env, nil
	}
	for c := range t.Dims {
		if env != nil && env[c] != nil || !t.Bound(index.Ix(c)) {
			continue
		}
		if f := r.familyClass(t, index.Ix(c), all); f != nil && r.separable(t, index.Ix(c)) {
			i := r.freshIndex(f, env)
			set(index.Ix(c), i)
			sums = append(sums, i)
		}
	}
	slices.SortFunc(sums, func(a, b *expr.Index) int { return a.Ordinal - b.Ordinal })
	return env, sums
}

// familyClass returns the index that class c of t is: that of a family (if all) or
// one whose value occurs; nil if it is none.
func (r *Raiser) familyClass(t *index.Term, c index.Ix, all bool) *expr.Index {
	for k := range t.Factors {
		f := &t.Factors[k]
		for p, x := range f.Idx {
			if x == c {
				if i := r.familySlot(f.Atom, p, all); i != nil {
					return i
				}
			}
		}
	}
	return nil
}

func (r *Raiser) familySlot(a *index.Atom, p int, all bool) *expr.Index {
	switch {
	case !all && !a.Counts:
		return nil
	case a.Kind == index.VarAtom:
		if p == len(a.Slots)-1 {
			return a.Sym.Family
		}
		return nil
	case a.Kind == index.ConstAtom && a.Counts:
		return r.countingIndex(a.Slots[p])
	case a.CoreIn > 0 && p < a.Core:
		return nil
	}
	for k, s := range a.Args {
		at := p
		if a.CoreIn > 0 {
			if at -= a.Core; k == 0 {
				at += a.CoreIn
			}
		}
		if at >= len(s.Slots) {
			continue
		}
		if i := r.familyOf(s, at, all); i != nil {
			return i
		}
	}
	return nil
}

func (r *Raiser) familyOf(s *index.Sum, slot int, all bool) *expr.Index {
	key := slotKey{s.ID, slot}
	if i, ok := r.familyAt[key]; ok {
		return i
	}
	if r.familyAt == nil {
		r.familyAt = map[slotKey]*expr.Index{}
	}
	var found *expr.Index
	for k := range s.Terms {
		t := &s.Terms[k]
		if i := r.familyClass(t, t.Slot[slot], all); i != nil {
			found = i
			break
		}
	}
	r.familyAt[key] = found
	return found
}

// separable reports whether every factor of t with class c has an entry, member or part
// for one value of it: not a softmax along the members, nor a variable that is no family.
func (r *Raiser) separable(t *index.Term, c index.Ix) bool {
	for k := range t.Factors {
		f := &t.Factors[k]
		for p, x := range f.Idx {
			if x == c && !r.separableSlot(f.Atom, p) {
				return false
			}
		}
	}
	return true
}

func (r *Raiser) separableSlot(a *index.Atom, p int) bool {
	switch {
	case a.Kind == index.VarAtom:
		return a.Sym.Family != nil && p == len(a.Slots)-1
	case a.Kind == index.ConstAtom:
		return a.Counts
	case a.CoreIn > 0 && p < a.Core:
		return false
	}
	for k, s := range a.Args {
		at := p
		if a.CoreIn > 0 {
			if at -= a.Core; k == 0 {
				at += a.CoreIn
			}
		}
		if at >= len(s.Slots) {
			continue
		}
		for k := range s.Terms {
			if t := &s.Terms[k]; !r.separable(t, t.Slot[at]) {
				return false
			}
		}
	}
	return true
}

// countingIndex returns the first index that runs from 1 to d; a new one if the
// program has none.
func (r *Raiser) countingIndex(d *expr.Dim) *expr.Index {
	for _, i := range r.b.Indices() {
		if i.Size == d {
			return i
		}
	}
	return r.b.NewIndex(r.indexName("kijlrst"), d)
}

// freshIndex returns the family's own index, or another one over the same
// members if that is in use.
func (r *Raiser) freshIndex(f *expr.Index, used []*expr.Index) *expr.Index {
	for k := 0; ; k++ {
		i := f
		if k > 0 {
			for len(r.spare) < k {
				r.spare = append(r.spare, nil)
			}
			if r.spare[k-1] == nil || r.spare[k-1].Size != f.Size {
				r.spare[k-1] = r.b.NewIndex(r.indexName("ijklrstuv"), f.Size)
			}
			i = r.spare[k-1]
		}
		if !slices.Contains(used, i) {
			return i
		}
	}
}

// Distinct renames the indices of sums that have the letter of one that n is one member
// for, or of one that is bound around them.
func (r *Raiser) Distinct(n *expr.Node) *expr.Node { return r.distinct(n, nil) }

// distinct renames the indices of sums so that none has the letter of one that is bound
// around it or that n is one member for, fixed among them: texts tell indices by their
// letters.
func (r *Raiser) distinct(n *expr.Node, fixed []*expr.Index) *expr.Node {
	if len(r.b.Indices()) == 0 {
		return n
	}
	var scope []*expr.Index
	for _, i := range slices.Concat(fixed, expr.FreeIndices(n)) {
		if i != nil && !slices.Contains(scope, i) {
			scope = append(scope, i)
		}
	}
	sums := map[*expr.Node]bool{}
	var has func(n *expr.Node) bool
	has = func(n *expr.Node) bool {
		found, seen := sums[n]
		if !seen {
			found = r.code(n) == opSumOver
			for _, a := range n.Args {
				found = has(a) || found
			}
			sums[n] = found
		}
		return found
	}
	var within func(n *expr.Node, scope []*expr.Index) *expr.Node
	within = func(n *expr.Node, scope []*expr.Index) *expr.Node {
		if !has(n) {
			return n
		}
		if r.code(n) == opSumOver {
			i, body := n.Index, n.Args[0]
			if named(scope, i.Name) {
				i = r.otherIndex(i, scope)
				body = r.b.Reindex(body, n.Index, i)
			}
			return r.b.SumOver(i, within(body, append(slices.Clone(scope), i)))
		}
		c := *n
		c.Args = make([]*expr.Node, len(n.Args))
		for k, a := range n.Args {
			c.Args[k] = within(a, scope)
		}
		if slices.Equal(c.Args, n.Args) {
			return n
		}
		return r.b.Intern(c)
	}
	return within(n, scope)
}

func named(list []*expr.Index, name string) bool {
	return slices.ContainsFunc(list, func(i *expr.Index) bool { return i.Name == name })
}

// otherIndex returns an index over the same values whose letter none of the scope and
// nothing else has.
func (r *Raiser) otherIndex(i *expr.Index, scope []*expr.Index) *expr.Index {
	for _, j := range r.b.Indices() {
		if j.Size == i.Size && !named(scope, j.Name) && !slices.ContainsFunc(r.b.Symbols(), func(s *expr.Symbol) bool {
			return s.Name == j.Name || s.Family != nil && s.Family != j && s.Family.Name == j.Name
		}) {
			return j
		}
	}
	return r.b.NewIndex(r.indexName("ijklrstuv"), i.Size)
}

// indexName returns a letter that nothing else is called.
func (r *Raiser) indexName(letters string) string {
	taken := func(name string) bool {
		for _, s := range r.b.Symbols() {
			if s.Name == name || s.Family != nil && s.Family.Name == name {
				return true
			}
		}
		for _, i := range r.b.Indices() {
			if i.Name == name {
				return true
			}
		}
		return r.b.LookupSize(name) != nil
	}
	for suffix := ""; ; suffix += "′" {
		for _, c := range letters {
			if name := string(c) + suffix; !taken(name) {
				return name
			}
		}
	}
}

// fixOf returns the indices that a factor's slots are fixed to, nil if none is.
func fixOf(idx []index.Ix, env []*expr.Index) []*expr.Index {
	for _, c := range idx {
		if env[c] != nil {
			fix := make([]*expr.Index, len(idx))
			for k, c := range idx {
				fix[k] = env[c]
			}
			return fix
		}
	}
	return nil
}

// fixedContent is content for a sum with fixed slots.
func (r *Raiser) fixedContent(s *index.Sum, fix []*expr.Index) (*product, bool) {
	key := fixKey{sum: s.ID}
	var ax Axes
	for k := range s.Slots {
		switch {
		case fix[k] != nil && k < len(key.fix):
			key.fix[k] = int32(fix[k].Ordinal) + 1
		case len(ax.Rows) == 0:
			ax.Rows = []int{k}
		case len(ax.Cols) == 0:
			ax.Cols = []int{k}
		default:
			return nil, false
		}
	}
	if p, ok := r.fixed[key]; ok && len(fix) <= len(key.fix) {
		return p, true
	}
	p, ok := r.sum(s, ax, fix)
	if !ok {
		return nil, false
	}
	if r.fixed == nil {
		r.fixed = map[fixKey]*product{}
	}
	r.fixed[key] = p
	return p, true
}

// dependsOn reports whether n has a member with one of the indices or the value
// of one.
func (r *Raiser) dependsOn(n *expr.Node, sums []*expr.Index) bool {
	seen := map[*expr.Node]bool{}
	var visit func(n *expr.Node) bool
	visit = func(n *expr.Node) bool {
		if seen[n] {
			return false
		}
		seen[n] = true
		switch r.code(n) {
		case opMember, opIndex:
			return slices.Contains(sums, n.Index)
		case opSumOver:
			if k := slices.Index(sums, n.Index); k >= 0 { // bound here: another index of this name
				return len(sums) > 1 && r.dependsOn(n.Args[0], slices.Delete(slices.Clone(sums), k, k+1))
			}
		}
		return slices.ContainsFunc(n.Args, visit)
	}
	return visit(n)
}

// overSums returns products with the sums over their indices written out; terms
// over the same indices share one sum. list is used up.
func (r *Raiser) overSums(list []*product, shape expr.Shape) []*product {
	out := list[:0:0]
	for i, p := range list {
		if p == nil {
			continue
		}
		if len(p.sums) == 0 {
			out = append(out, p)
			continue
		}
		group := []*product{p}
		for k := i + 1; k < len(list); k++ {
			if list[k] != nil && slices.Equal(list[k].sums, p.sums) {
				group = append(group, list[k])
				list[k] = nil
			}
		}
		q := *r.combine(group, shape)
		if q.zero() {
			continue
		}
		// From the innermost sum on, what does not depend on its index stands in front and
		// behind. Innermost is the index that the most factors do not depend on.
		w := &product{coef: rat.One, shape: shape, ord: p.ord, scalars: q.scalars, chain: q.chain}
		sums := slices.Clone(p.sums)
		slices.SortStableFunc(sums, func(i, j *expr.Index) int { return r.independent(w, i) - r.independent(w, j) })
		for _, i := range slices.Backward(sums) {
			w = r.overSum(w, i)
		}
		w.coef = q.coef
		out = append(out, w)
	}
	return out
}

// independent counts the factors that do not depend on an index.
func (r *Raiser) independent(p *product, i *expr.Index) int {
	count, of := 0, []*expr.Index{i}
	for _, e := range p.scalars {
		if !r.dependsOn(e.n, of) {
			count++
		}
	}
	for _, n := range p.chain {
		if !r.dependsOn(n, of) {
			count++
		}
	}
	return count
}

// overSum returns Σ_i p.
func (r *Raiser) overSum(p *product, i *expr.Index) *product {
	w := &product{coef: rat.One, shape: p.shape, ord: p.ord}
	body := product{coef: rat.One, ord: p.ord}
	of := []*expr.Index{i}
	for _, e := range p.scalars {
		if r.dependsOn(e.n, of) {
			body.scalars = append(body.scalars, e)
		} else {
			w.scalars = append(w.scalars, e)
		}
	}
	from, to := 0, len(p.chain)
	for from < to && !r.dependsOn(p.chain[from], of) {
		from++
	}
	for to > from && !r.dependsOn(p.chain[to-1], of) {
		to--
	}
	body.chain = p.chain[from:to]
	n := r.b.SumOver(i, r.node(&body))
	if n.Shape.IsScalar() {
		r.mulScalar(w, n, rat.One)
		w.chain = r.concat(p.chain[:from], p.chain[to:])
	} else {
		w.chain = r.concat(r.concat(p.chain[:from], r.chain1(n)), p.chain[to:])
	}
	return w
}

// member returns, by slot, the index that the slots outside the axes are fixed to:
// the derivative by x[i] has the slot of i besides its axes. nil if there is none.
func (r *Raiser) member(s *index.Sum, ax Axes) []*expr.Index {
	if len(ax.Rows)+len(ax.Cols) == len(s.Slots) {
		return nil
	}
	fixed := make([]*expr.Index, len(s.Slots))
	for k := range s.Slots {
		if slices.Contains(ax.Rows, k) || slices.Contains(ax.Cols, k) {
			continue
		}
		for i := range s.Terms {
			if f := r.familyClass(&s.Terms[i], s.Terms[i].Slot[k], true); f != nil {
				fixed[k] = f
				break
			}
		}
		if fixed[k] == nil && len(s.Terms) > 0 {
			// Every member has the same value: any family of this size has the index.
			if fixed[k] = r.familyOfSize(s.Slots[k]); fixed[k] == nil {
				panic("raise: a slot is in no axis and belongs to no family")
			}
		}
	}
	return fixed
}

// familyOfSize is the index of a family with d members, or nil.
func (r *Raiser) familyOfSize(d *expr.Dim) *expr.Index {
	for _, s := range r.b.Symbols() {
		if s.Family != nil && s.Family.Size == d {
			return s.Family
		}
	}
	return nil
}
