package simplify

import (
	"slices"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/index"
	"example.com/nabla/internal/rat"
)

// ambients lists the ambient spots that the variables depend on.
func (m *matcher) ambients() []int {
	var out []int
	for _, b := range m.vars {
		for _, s := range b.idx {
			if s >= 0 && !slices.Contains(out, s) {
				out = append(out, s)
			}
		}
	}
	return out
}

// instance returns the pattern p with the variables put in. Its slots are those of
// p, then the ambient spots.
func (m *matcher) instance(p *index.Sum, ambient []int) *index.Sum {
	slots := make([]*expr.Dim, 0, len(p.Slots)+len(ambient))
	for _, d := range p.Slots {
		slots = append(slots, m.size(d))
	}
	for _, s := range ambient {
		slots = append(slots, m.spots[s])
	}
	b := m.st.Build(slots)
	for i := range p.Terms {
		b.Add(m.instanceTerm(&p.Terms[i], slots, ambient))
	}
	return b.Sum()
}

func (m *matcher) instanceTerm(t *index.Term, slots []*expr.Dim, ambient []int) *index.Raw {
	r := m.st.Raw(slots)
	r.Coef = t.Coef
	outer := slices.Clone(r.Slot[len(t.Slot):])
	at := make([]index.Ix, len(t.Dims))
	for c := range at {
		at[c] = -1
	}
	for k, c := range t.Slot {
		if at[c] < 0 {
			at[c] = r.Slot[k]
		} else {
			r.Union(at[c], r.Slot[k])
		}
	}
	for c := range at {
		if at[c] < 0 {
			at[c] = r.Class(m.size(t.Dims[c]))
		}
	}
	for i := range t.Factors {
		f := &t.Factors[i]
		idx := make([]index.Ix, 0, 4)
		for _, c := range f.Idx {
			idx = append(idx, at[c])
		}
		switch a := f.Atom; a.Kind {
		case index.VarAtom:
			b := m.vars[a.Sym.Ordinal]
			x := make([]index.Ix, len(b.idx))
			for k, s := range b.idx {
				if s < 0 {
					x[k] = idx[-1-s]
				} else {
					x[k] = outer[slices.Index(ambient, s)]
				}
			}
			if b.atom != nil {
				r.MulAtom(b.atom, x, f.Exp)
			} else {
				r.MulSum(b.sum, x, f.Exp)
			}
		case index.OpAtom:
			ap := index.Application{Op: a.Op, CoreIn: a.CoreIn, RowsIn: a.RowsIn}
			for _, d := range a.Slots[:a.Core] {
				ap.CoreOut = append(ap.CoreOut, m.size(d))
			}
			for _, s := range a.Args {
				ap.Args = append(ap.Args, m.instance(s, ambient))
			}
			r.MulSum(m.st.Apply(ap), append(idx, outer...), f.Exp)
		case index.GroupAtom:
			r.MulSum(m.instance(a.Args[0], ambient), append(idx, outer...), f.Exp)
		case index.SizeAtom:
			r.MulSize(m.named(a.Size), f.Exp)
		default:
			r.MulNum(a.Num, f.Exp)
		}
	}
	return r
}

// size returns the target's size for a size of the pattern.
func (m *matcher) size(d *expr.Dim) *expr.Dim {
	if d.IsOne() {
		return m.st.B.One()
	}
	for i := range m.points {
		if p := &m.points[i]; p.dim == d && p.at >= 0 {
			return m.spots[p.at]
		}
	}
	panic("rule " + m.r.Name + ": size " + d.String() + " is not known")
}

func (m *matcher) named(n *expr.SizeName) *expr.Dim {
	for i := range m.points {
		if p := &m.points[i]; p.at >= 0 && p.dim.String() == n.Name {
			return m.spots[p.at]
		}
	}
	panic("rule " + m.r.Name + ": size " + n.Name + " is not known")
}

// apply matches the rule against an application and returns its right side
// over the result's slots.
func (m *matcher) apply(ap *index.Application) *index.Sum {
	a := m.r.atom
	if a.CoreIn != ap.CoreIn || len(a.Args) != len(ap.Args) || a.Core != len(ap.CoreOut) {
		return nil
	}
	in := ap.Args[0].Slots
	batch := in[ap.CoreIn:]
	ts := make([]int, 0, 8)
	for _, d := range batch {
		ts = append(ts, m.spot(d))
	}
	m.ambient = len(batch)
	// The target's result axes are spots too: a rule may show them in its right side.
	out := make([]int, 0, 8)
	for _, d := range ap.CoreOut {
		out = append(out, m.spot(d))
	}
	out = append(out, ts...)
	res := make([]int, 0, 8)
	for i, d := range a.Slots {
		res = append(res, m.point(d))
		if i < a.Core && !m.bind(res[i], out[i]) {
			return nil
		}
	}
	ta := &index.Atom{Kind: index.OpAtom, Op: ap.Op, Args: ap.Args, Core: len(ap.CoreOut), CoreIn: ap.CoreIn, RowsIn: ap.RowsIn}
	var sum *index.Sum
	m.operands(a, ta, res[a.Core:], ts, false, func() bool {
		ambient := m.ambients()
		s := m.instance(m.r.rhs, ambient)
		m.assume()
		perm := make([]int, 0, len(s.Slots))
		for _, k := range m.r.at {
			perm = append(perm, slices.Index(out, m.points[res[k]].at))
		}
		for _, x := range ambient {
			perm = append(perm, len(ap.CoreOut)+x)
		}
		slots := append(slices.Clone(ap.CoreOut), batch...)
		b := m.st.Build(slots)
		b.AddSum(s, rat.One, perm)
		sum = b.Sum()
		return true
	})
	return sum
}
