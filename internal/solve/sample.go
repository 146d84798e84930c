package solve

import (
	"slices"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/index"
	"example.com/nabla/internal/rat"
)

// Samples returns a Namer that names means over the members of a family: the factors
// that run along its index, summed over it and divided by its size, become one
// variable. A matrix is called S, a sum of the members
// themselves has the family's name with a bar. taken reports which names are in use.
func (s *Solver) Samples(taken func(string) bool) Namer {
	given := map[*index.Sum]Named{}
	return func(sum *index.Sum, free []*index.Atom) (*index.Sum, []Named) {
		var names []Named
		b := s.St.Build(sum.Slots)
		changed := false
		for i := range sum.Terms {
			t := &sum.Terms[i]
			if r, n, ok := s.sample(sum, t, free, given, taken); ok {
				b.Add(r)
				changed = true
				if !slices.ContainsFunc(names, func(m Named) bool { return m.Atom == n.Atom }) {
					names = append(names, n)
				}
				continue
			}
			r, m := open(s.St, sum, t)
			mulFactors(r, t, m, -1)
			b.Add(r)
		}
		out := b.Sum()
		if !changed {
			return sum, nil
		}
		return out, names
	}
}

// sample names the sum over a family in one term.
func (s *Solver) sample(sum *index.Sum, t *index.Term, free []*index.Atom, given map[*index.Sum]Named, taken func(string) bool) (*index.Raw, Named, bool) {
	for c := range t.Dims {
		family := familyOf(t, index.Ix(c))
		if family == nil || !t.Bound(index.Ix(c)) {
			continue
		}
		inside := func(f index.Factor) bool { return slices.Contains(f.Idx, index.Ix(c)) }
		var edge []index.Ix // classes that the factors inside share with the rest
		good := true
		mean := slices.ContainsFunc(t.Factors, func(f index.Factor) bool {
			return f.Atom.Kind == index.SizeAtom && f.Exp.Equal(rat.MinusOne) && isSize(family.Family.Size, f.Atom.Size)
		})
		for _, f := range t.Factors {
			if !inside(f) {
				continue
			}
			good = good && !slices.ContainsFunc(free, func(a *index.Atom) bool { return atomDepends(f.Atom, a) })
			for _, d := range f.Idx {
				outer := slices.Contains(t.Slot, d) || slices.ContainsFunc(t.Factors, func(g index.Factor) bool {
					return !inside(g) && slices.Contains(g.Idx, d)
				})
				if outer && !slices.Contains(edge, d) {
					edge = append(edge, d)
				}
			}
		}
		if !good || !mean || len(edge) == 0 || len(edge) > 2 {
			continue
		}
		dims := make([]*expr.Dim, len(edge))
		for k, d := range edge {
			dims[k] = t.Dims[d]
		}
		body := s.St.Raw(dims)
		m := make([]index.Ix, len(t.Dims))
		for d := range m {
			if k := slices.Index(edge, index.Ix(d)); k >= 0 {
				m[d] = body.Slot[k]
			} else {
				m[d] = body.Class(t.Dims[d])
			}
		}
		for _, f := range t.Factors {
			if inside(f) {
				body.MulAtom(f.Atom, remap(f.Idx, m), f.Exp)
			}
		}
		for d := range m {
			used := slices.ContainsFunc(t.Factors, func(f index.Factor) bool { return inside(f) && slices.Contains(f.Idx, index.Ix(d)) })
			if !used {
				body.Discard(m[d])
			}
		}
		body.MulSize(family.Family.Size, rat.MinusOne)
		value := s.St.SumOf(dims, body)
		n, known := given[value]
		if !known {
			n = s.named(value, family, taken)
			given[value] = n
		}
		r, all := open(s.St, sum, t)
		for _, f := range t.Factors {
			if !inside(f) {
				r.MulAtom(f.Atom, remap(f.Idx, all), f.Exp)
			}
		}
		r.MulSize(family.Family.Size, rat.One)
		r.MulAtom(n.Atom, remap(edge, all), rat.One)
		// The class of the family and those inside are gone.
		for d, k := range all {
			if !slices.Contains(edge, index.Ix(d)) && slices.ContainsFunc(t.Factors, func(f index.Factor) bool {
				return inside(f) && slices.Contains(f.Idx, index.Ix(d))
			}) {
				r.Discard(k)
			}
		}
		return r, n, true
	}
	return nil, Named{}, false
}

// familyOf returns a family whose members class c of t runs along, or nil.
func familyOf(t *index.Term, c index.Ix) *expr.Symbol {
	var in func(a *index.Atom, slot int) *expr.Symbol
	in = func(a *index.Atom, slot int) *expr.Symbol {
		if a.Kind == index.VarAtom {
			if a.Sym.Family != nil && slot == len(a.Slots)-1 {
				return a.Sym
			}
			return nil
		}
		if a.Kind != index.GroupAtom {
			return nil
		}
		inner := a.Args[0]
		for i := range inner.Terms {
			u := &inner.Terms[i]
			for _, f := range u.Factors {
				for k, d := range f.Idx {
					if d == u.Slot[slot] {
						if s := in(f.Atom, k); s != nil {
							return s
						}
					}
				}
			}
		}
		return nil
	}
	for _, f := range t.Factors {
		for k, d := range f.Idx {
			if d == c {
				if s := in(f.Atom, k); s != nil {
					return s
				}
			}
		}
	}
	return nil
}

func isSize(d *expr.Dim, name *expr.SizeName) bool {
	coef, pows, ok := d.Monomial()
	return ok && coef == 1 && len(pows) == 1 && pows[0].Exp == 1 && pows[0].Name == name
}

// named makes the variable for a sum over a family.
func (s *Solver) named(value *index.Sum, family *expr.Symbol, taken func(string) bool) Named {
	one := s.St.B.Const(1)
	shape := expr.Shape{Rows: value.Slots[0], Cols: one}
	kind, name, rule := expr.Vector, "s", "sample-moment"
	facts := expr.Fact(0)
	if len(value.Slots) == 2 {
		shape.Cols = value.Slots[1]
		kind, name = expr.Matrix, "S"
		if value == s.St.Permute(value, []int{1, 0}) {
			facts = expr.Symmetric
			if slices.ContainsFunc(value.Terms[0].Factors, func(f index.Factor) bool { return f.Atom.Kind == index.GroupAtom }) {
				rule = "sample-covariance"
			}
		}
	} else if t := &value.Terms[0]; len(t.Factors) == 2 && t.Coef.IsOne() {
		name, rule = family.Name+"\u0304", "sample-mean"
	}
	base := name
	for k := 1; taken(name); k++ {
		name = base + string(rune('₀'+k%10))
	}
	sym := s.St.B.NewSymbol(name, kind, shape, facts)
	return Named{NewUnknown(s.St, sym), value, rule}
}
