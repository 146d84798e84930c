package solve

import (
	"slices"

	"example.com/nabla/internal/index"
)

// A Joint is the solution of several equations for as many unknowns.
type Joint struct {
	// Parts are the solutions in the order in which they were found. One may depend
	// on the unknowns of later ones.
	Parts []Part
}

// A Part is the solution of one equation for the unknown Index.
type Part struct {
	Index, Equation int
	// Put lists the unknowns whose values were put into the equation before, and
	// Before is the equation as it then was, as a line; nil where nothing was put in.
	Put    []int
	Before *Step
	*Solution
	// Names are what Name brought in, for the equation and for the value.
	Names []Named
}

// A Named is a part of an equation that got a name.
type Named struct {
	Unknown // of the name
	Sum     *index.Sum
	// Rule names what kind of thing it is: sample-mean, sample-covariance (of
	// deviations), sample-moment.
	Rule string
}

// A Namer may give names to parts of an equation or value; free lists the atoms that
// it may not hide.
type Namer func(sum *index.Sum, free []*index.Atom) (*index.Sum, []Named)

// A JointFailure says which equation could not be solved.
type JointFailure struct {
	*Failure
	Index, Equation int
	Put             []int // as in Part
	Before          *Step
	// Sum is the equation that failed, with the values found so far put in.
	Sum *index.Sum
}

// SolveSystem solves as many equations as there are unknowns, by putting in the value
// of one unknown into the other equations. Equation k is tried for unknown k before
// others are. Of the unknowns that can be solved for, one is taken first whose value
// depends on no other unknown, then the one with the fewest axes; the last extra
// unknowns (multipliers) come after the others.
func (s *Solver) SolveSystem(eqs []Equation, xs []Unknown, extra int, name Namer) (*Joint, *JointFailure) {
	y := &system{Solver: s, xs: xs, eqs: slices.Clone(eqs), put: make([][]int, len(eqs)), extra: extra, name: name}
	y.open, y.left = seq(0, len(xs)), seq(0, len(eqs))
	out := &Joint{}
	for len(y.open) > 0 {
		best, fail := y.best()
		if best == nil {
			return out, fail
		}
		if name != nil {
			y.renamed(best)
		}
		out.Parts = append(out.Parts, *best)
		y.putIn(best)
	}
	return out, nil
}

// A system is the state of SolveSystem.
type system struct {
	*Solver
	xs         []Unknown
	eqs        []Equation
	put        [][]int // by equation: the unknowns whose values were put in
	open, left []int   // unknowns and equations that remain
	extra      int
	name       Namer
}

// free lists the atoms of the unknowns that remain.
func (y *system) free() []*index.Atom {
	var out []*index.Atom
	for _, k := range y.open {
		out = append(out, y.xs[k].Atom)
	}
	return out
}

// order lists the unknowns that remain in the order in which they are tried.
func (y *system) order() []int {
	out := slices.Clone(y.open)
	key := func(k int) int {
		if k >= len(y.xs)-y.extra {
			return 100
		}
		return len(y.xs[k].Atom.Slots)
	}
	slices.SortStableFunc(out, func(a, b int) int { return key(a) - key(b) })
	return out
}

func (y *system) best() (best *Part, fail *JointFailure) {
	for _, own := range []bool{true, false} {
		for _, k := range y.order() {
			for _, e := range y.left {
				if (e == k) != own {
					continue
				}
				part, alone, f := y.try(k, e)
				switch {
				case f != nil && (fail == nil || own && f.Kind == Free && fail.Kind != Free):
					fail = f
				case f != nil:
				case alone:
					return part, nil
				case best == nil:
					best = part
				}
			}
		}
		if best != nil {
			return best, nil
		}
	}
	return nil, fail
}

// try solves equation e for unknown k; alone says that the value depends on no other
// unknown.
func (y *system) try(k, e int) (part *Part, alone bool, fail *JointFailure) {
	eq, names := y.eqs[e], []Named(nil)
	if y.name != nil {
		eq.Sum, names = y.name(eq.Sum, y.free())
	}
	var before *Step
	if len(y.put[e]) > 0 || len(names) > 0 {
		if st, ok := y.line("substitute", eq); ok {
			before = &st
		}
	}
	sol, f := y.Solve(eq, y.xs[k])
	if f != nil {
		return nil, false, &JointFailure{f, k, e, y.put[e], before, eq.Sum}
	}
	for _, a := range y.free() {
		if a != y.xs[k].Atom && DependsOn(sol.Sum, a) {
			return &Part{Index: k, Equation: e, Put: y.put[e], Before: before, Solution: sol, Names: names}, false, nil
		}
	}
	return &Part{Index: k, Equation: e, Put: y.put[e], Before: before, Solution: sol, Names: names}, true, nil
}

// renamed writes the value of a part with names for its sums over samples.
func (y *system) renamed(p *Part) {
	value, names := y.name(p.Sum, y.free())
	if len(names) == 0 {
		return
	}
	n, ok := y.node(value, p.Unknown.Axes)
	if !ok {
		return
	}
	p.Sum, p.Value, p.Vec = value, n, false
	p.Steps = append(p.Steps, Step{Rule: "name", Left: p.Steps[len(p.Steps)-1].Left, Right: n})
	p.Names = append(p.Names, names...)
}

// putIn puts the value of a part into the equations that remain.
func (y *system) putIn(p *Part) {
	y.open = slices.DeleteFunc(y.open, func(k int) bool { return k == p.Index })
	y.left = slices.DeleteFunc(y.left, func(e int) bool { return e == p.Equation })
	by := map[*index.Atom]*index.Sum{p.Unknown.Atom: p.Sum}
	for _, e := range y.left {
		if next := Substitute(y.St, y.eqs[e].Sum, by); next != y.eqs[e].Sum {
			y.eqs[e].Sum, y.put[e] = next, append(slices.Clone(y.put[e]), p.Index)
		}
	}
}

// Back returns the value of a part with the values of later parts put in.
func (s *Solver) Back(j *Joint, k int, which func(index int) bool) *index.Sum {
	sum := j.Parts[k].Sum
	for _, p := range j.Parts[k+1:] {
		if which(p.Index) {
			sum = Substitute(s.St, sum, map[*index.Atom]*index.Sum{p.Unknown.Atom: p.Sum})
		}
	}
	return sum
}
