package convex

import (
	"slices"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/index"
	"example.com/nabla/internal/rat"
)

// A goal is the curvature that is to be proved.
type goal int8

const (
	convex  goal = 1
	concave goal = -1
)

// An analyser has what is known and assumed in one analysis.
type analyser struct {
	st  *index.Store
	wrt []*expr.Symbol

	vary   map[*index.Atom]bool
	affine map[*index.Sum]bool
	ranges map[*index.Sum]expr.Interval
	depth  int // of ranges, which give up below a limit
	steps  int // of the search for a proof, which is bounded

	// conds are the conditions taken so far; allow is how many that are not the
	// natural domain of an operator may be taken.
	conds []Condition
	allow int
}

// maxSteps bounds the search for one proof.
const maxSteps = 4000

func newAnalyser(st *index.Store, wrt []*expr.Symbol) *analyser {
	return &analyser{st: st, wrt: wrt, vary: map[*index.Atom]bool{}, affine: map[*index.Sum]bool{},
		ranges: map[*index.Sum]expr.Interval{}}
}

// varies reports whether an atom depends on the variables.
func (a *analyser) varies(at *index.Atom) bool {
	if v, ok := a.vary[at]; ok {
		return v
	}
	a.st.Limit.Step(8)
	v := at.Kind == index.VarAtom && slices.Contains(a.wrt, at.Sym)
	for _, s := range at.Args {
		v = v || a.sumVaries(s)
	}
	a.vary[at] = v
	return v
}

func (a *analyser) sumVaries(s *index.Sum) bool {
	return slices.ContainsFunc(s.Terms, func(t index.Term) bool { return a.termVaries(&t) })
}

func (a *analyser) termVaries(t *index.Term) bool {
	return slices.ContainsFunc(t.Factors, func(f index.Factor) bool { return a.varies(f.Atom) })
}

// split lists the factors of a term that vary and those that do not.
func (a *analyser) split(t *index.Term) (vary, held []int) {
	for k := range t.Factors {
		if a.varies(t.Factors[k].Atom) {
			vary = append(vary, k)
		} else {
			held = append(held, k)
		}
	}
	return vary, held
}

// sums reports whether a factor has an index that is summed over.
func sums(t *index.Term) bool {
	return slices.ContainsFunc(t.Factors, func(f index.Factor) bool { return slices.ContainsFunc(f.Idx, t.Bound) })
}

// variables lists the variables that s depends on.
func (a *analyser) variables(s *index.Sum, list []*expr.Symbol) []*expr.Symbol {
	for i := range s.Terms {
		for _, f := range s.Terms[i].Factors {
			list = a.variablesOf(f.Atom, list)
		}
	}
	return list
}

func (a *analyser) variablesOf(at *index.Atom, list []*expr.Symbol) []*expr.Symbol {
	if !a.varies(at) {
		return list
	}
	if at.Kind == index.VarAtom && !slices.Contains(list, at.Sym) {
		list = append(list, at.Sym)
	}
	for _, s := range at.Args {
		list = a.variables(s, list)
	}
	return list
}

// isAffine reports whether every entry of s is affine in the variables.
func (a *analyser) isAffine(s *index.Sum) bool {
	if v, ok := a.affine[s]; ok {
		return v
	}
	v := true
	for i := range s.Terms {
		n := 0
		for _, f := range s.Terms[i].Factors {
			if !a.varies(f.Atom) {
				continue
			}
			n++
			v = v && n == 1 && f.Exp.IsOne() && a.affineAtom(f.Atom)
		}
	}
	a.affine[s] = v
	return v
}

func (a *analyser) affineAtom(at *index.Atom) bool {
	return at.Kind == index.VarAtom || at.Kind == index.GroupAtom && a.isAffine(at.Args[0])
}

// atomSum returns the sum that an atom is.
func (a *analyser) atomSum(at *index.Atom) *index.Sum {
	if at.Kind == index.GroupAtom {
		return at.Args[0]
	}
	idx := make([]int, len(at.Slots))
	for i := range idx {
		idx[i] = i
	}
	return a.st.AtomSum(at, at.Slots, idx)
}

// part returns coef times the product of some factors of a term as a sum whose
// slots show the given classes; every other class of those factors is summed over.
func (a *analyser) part(t *index.Term, which []int, classes []index.Ix, coef rat.Rat) *index.Sum {
	slots := make([]*expr.Dim, len(classes))
	for i, c := range classes {
		slots[i] = t.Dims[c]
	}
	r := a.st.Raw(slots)
	r.Coef = coef
	place := make([]index.Ix, len(t.Dims))
	for i := range place {
		place[i] = -1
	}
	for i, c := range classes {
		place[c] = r.Slot[i]
	}
	for _, k := range which {
		f := &t.Factors[k]
		idx := make([]index.Ix, len(f.Idx))
		for i, c := range f.Idx {
			if place[c] < 0 {
				place[c] = r.Class(t.Dims[c])
			}
			idx[i] = place[c]
		}
		r.MulAtom(f.Atom, idx, f.Exp)
	}
	return a.st.SumOf(slots, r)
}

// unspread returns s without the slots on which it does not depend: a scalar that is
// spread over a vector has the scalar's range.
func (a *analyser) unspread(s *index.Sum) *index.Sum {
	for k := len(s.Slots) - 1; k >= 0; k-- {
		if !s.DependsOn(k) {
			s = a.st.DropSlot(s, k)
		}
	}
	return s
}

// termSum returns one term of s as a sum.
func (a *analyser) termSum(s *index.Sum, t *index.Term) *index.Sum {
	if len(s.Terms) == 1 {
		return s
	}
	r := a.st.Raw(s.Slots)
	r.MulTerm(t, r.Slot)
	return a.st.SumOf(s.Slots, r)
}

// classes lists the classes of some factors, each once, in order.
func classes(t *index.Term, which []int) []index.Ix {
	var out []index.Ix
	for _, k := range which {
		for _, c := range t.Factors[k].Idx {
			if !slices.Contains(out, c) {
				out = append(out, c)
			}
		}
	}
	slices.Sort(out)
	return out
}

// attempt runs f and takes back the conditions it has taken if it fails.
func (a *analyser) attempt(f func() bool) bool {
	saved, allow := slices.Clone(a.conds), a.allow
	if f() {
		return true
	}
	if !slices.Equal(saved, a.conds) {
		a.conds = saved
		clear(a.ranges)
	}
	a.allow = allow
	return false
}
