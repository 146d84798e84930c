// Package solve solves equations in index form for a variable, where that can be
// done in closed form, and keeps every line on the way.
//
// An equation is a sum that is zero. It is affine in the unknown X where its
// derivative by X does not depend on X; then it is split into an operator and a
// constant, and the form of the operator, M X, X N, M X N, d ⊙ X or a sum of
// these, says how to take it to the other side. An equation that is not affine may
// become so when it is multiplied by what stands in its denominators, such as X on
// both sides of X⁻¹ − X⁻¹SX⁻¹ = 0, or when an operator of X is taken as the unknown.
//
// Make a Solver, then call Solve for one equation. Nothing here is checked by
// numbers: the caller does that.
package solve

import (
	"slices"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/index"
	"example.com/nabla/internal/lower"
	"example.com/nabla/internal/raise"
	"example.com/nabla/internal/rat"
	"example.com/nabla/internal/simplify"
)

// A Solver solves equations of one problem.
type Solver struct {
	St  *index.Store
	Low *lower.Lowerer
	Rs  *raise.Raiser
	// Domains adds to the conditions what an equation takes for granted of the value:
	// that it can be divided by and inverted where the equation does.
	Domains bool

	conds []Condition
}

// An Unknown is a variable that an equation is solved for.
type Unknown struct {
	Sym  *expr.Symbol
	Atom *index.Atom
	Axes raise.Axes // of the atom's slots
}

// NewUnknown returns the unknown of a variable, with its facts.
func NewUnknown(st *index.Store, s *expr.Symbol) Unknown {
	a := st.Var(s, false)
	n := a.RowAxes()
	return Unknown{Sym: s, Atom: a, Axes: raise.Axes{Rows: seq(0, n), Cols: seq(n, len(a.Slots)-n)}}
}

// An Equation says that a sum is zero; its slots are read as a matrix by Axes.
type Equation struct {
	Sum  *index.Sum
	Axes raise.Axes
}

// A Step is one line of a solution, Left = Right, with the name of the rule that
// leads to it from the line before. Operands are what the rule's text mentions.
type Step struct {
	Rule        string
	Operands    []*expr.Node
	Left, Right *expr.Node
}

// A Condition is what a step takes for granted: Node is invertible, nonzero,
// positive.
type Condition struct {
	Kind string
	Node *expr.Node
}

// Conditions.
const (
	Invertible = "invertible"
	Nonzero    = "nonzero"
	Positive   = "positive"
)

// A Solution gives the unknown in closed form.
type Solution struct {
	Unknown Unknown
	Steps   []Step
	// Sum is the value over the unknown's slots, Value the same in notation; where
	// Vec is set Value is vec(X), by columns.
	Sum        *index.Sum
	Value      *expr.Node
	Vec        bool
	Conditions []Condition
	// Several says that the value is one of several: the other sign of a root.
	Several bool
	// Operator is what was inverted in the affine equation that was solved last,
	// nil if it is a number.
	Operator *expr.Node
	Square   bool // the operator maps onto the space of the unknown
}

// A Failure says why there is no solution in closed form.
type Failure struct {
	Kind FailureKind
	// Op and Operand: the unknown occurs inside Op(Operand), if Kind is Inside.
	Op      *expr.Op
	Operand *expr.Node
	Steps   []Step // lines that hold all the same
	// Rest is what would have to be zero, if Kind is Free.
	Rest *index.Sum
}

// Never reports whether a sum is zero for no values of its variables, as far as its
// form tells.
func Never(sum *index.Sum) bool {
	if sum.IsZero() {
		return false
	}
	negative := true
	for i := range sum.Terms {
		t := sum.Terms[i]
		t.Coef = t.Coef.Neg()
		negative = negative && t.Coef.Sign() > 0
		for _, f := range t.Factors {
			negative = negative && f.Atom.Positive
		}
		for k, c := range t.Slot {
			negative = negative && !slices.Contains(t.Slot[:k], c)
		}
	}
	return negative || sum.Positive() || len(sum.Slots)%2 == 0 && len(sum.Slots) > 0 && identitySum(sum)
}

// A FailureKind classes failures.
type FailureKind int

// Why an equation has no solution here.
const (
	NotAffine  FailureKind = iota // the unknown occurs in products with itself
	Inside                        // it occurs inside an operator
	Free                          // it does not occur: a constant that is not zero
	Everywhere                    // the equation says 0 = 0
	NoSolution                    // the left side is positive
	NotSquare                     // there are more or fewer equations than unknowns
	Notation                      // a line has no matrix notation
)

// Solve solves one equation for the unknown. Exactly one result is nil.
func (s *Solver) Solve(eq Equation, x Unknown) (*Solution, *Failure) {
	s.conds = nil
	sol, fail := s.solve(eq, x.Atom, x.Axes, 0)
	if fail != nil {
		return nil, fail
	}
	if s.Domains && sol.vec == nil && !sol.sum.IsZero() {
		s.domain(eq.Sum, x.Atom, sol.sum)
	}
	out := &Solution{Unknown: x, Sum: sol.sum, Steps: sol.steps, Several: sol.several, Conditions: s.conds,
		Operator: sol.operator, Square: true}
	if sol.vec != nil {
		out.Value, out.Vec = sol.vec, true
	} else {
		out.Value = sol.steps[len(sol.steps)-1].Right
	}
	return out, nil
}

// solved is the value of an atom that an equation gives.
type solved struct {
	sum      *index.Sum
	steps    []Step
	vec      *expr.Node // vec of the value where the value itself has no notation
	several  bool
	operator *expr.Node
}

// maxDepth bounds how many operators are taken off one after another.
const maxDepth = 6

// solve looks for the value of the atom x: directly, after multiplications, and by
// taking an operator of x as the unknown.
func (s *Solver) solve(eq Equation, x *index.Atom, ax raise.Axes, depth int) (solved, *Failure) {
	if eq.Sum.IsZero() {
		return solved{}, &Failure{Kind: Everywhere}
	}
	if !DependsOn(eq.Sum, x) {
		return solved{}, &Failure{Kind: Free, Rest: eq.Sum}
	}
	if depth > maxDepth {
		return solved{}, &Failure{Kind: NotAffine}
	}
	// States are the equation and what multiplications make of it.
	type state struct {
		eq    Equation
		steps []Step
	}
	queue := []state{{eq: eq}}
	seen := map[*index.Sum]bool{eq.Sum: true}
	var first *Failure
	note := func(f *Failure) {
		if first == nil {
			first = f
		}
	}
	for n := 0; n < len(queue) && n < maxStates; n++ {
		q := queue[n]
		if q.eq.Sum.IsZero() || !DependsOn(q.eq.Sum, x) {
			kind := Free
			if q.eq.Sum.IsZero() {
				kind = Everywhere
			}
			return solved{}, &Failure{Kind: kind, Steps: q.steps, Rest: q.eq.Sum}
		}
		if strip, step, ok := s.strip(q.eq, x); ok && !seen[strip.Sum] {
			// A factor that all terms share goes first.
			seen[strip.Sum] = true
			queue[n] = state{strip, append(slices.Clone(q.steps), step)}
			n--
			continue
		}
		if q.eq.Sum.Positive() || apart(q.eq.Sum) {
			return solved{}, &Failure{Kind: NoSolution, Steps: q.steps}
		}
		out, fail := s.affine(q.eq, x, ax)
		if fail == nil {
			out.steps = append(slices.Clone(q.steps), out.steps...)
			return out, nil
		}
		if fail.Kind != NotAffine {
			fail.Steps = append(slices.Clone(q.steps), fail.Steps...)
			return solved{}, fail
		}
		if out, ok := s.isolate(q.eq, x, ax, depth, true); ok {
			out.steps = append(slices.Clone(q.steps), out.steps...)
			return out, nil
		}
		note(s.why(q.eq, x))
		for _, m := range s.multiples(q.eq, x) {
			if !seen[m.eq.Sum] {
				seen[m.eq.Sum] = true
				queue = append(queue, state{m.eq, append(slices.Clone(q.steps), m.step)})
			}
		}
	}
	for _, q := range queue {
		if out, ok := s.isolate(q.eq, x, ax, depth, false); ok {
			out.steps = append(slices.Clone(q.steps), out.steps...)
			return out, nil
		}
	}
	return solved{}, first
}

// apart reports whether a scalar is not zero anywhere: all of its terms have one sign
// where they are not zero, and one of them is zero nowhere.
func apart(sum *index.Sum) bool {
	return len(sum.Slots) == 0 && Sign(sum) != 0 && slices.ContainsFunc(sum.Terms, func(t index.Term) bool {
		return !slices.ContainsFunc(t.Factors, func(f index.Factor) bool { return !f.Atom.Positive })
	})
}

// domain notes what the value must be so that the equation has a value there:
// what is inverted is invertible, what is divided by is not zero.
func (s *Solver) domain(sum *index.Sum, x *index.Atom, value *index.Sum) {
	by := map[*index.Atom]*index.Sum{x: value}
	seen := map[*index.Atom]bool{}
	var look func(sum *index.Sum)
	look = func(sum *index.Sum) {
		for i := range sum.Terms {
			for _, f := range sum.Terms[i].Factors {
				a := f.Atom
				if !atomDepends(a, x) {
					continue
				}
				if f.Exp.Sign() < 0 && len(a.Slots) == 0 {
					s.assume(Nonzero, Substitute(s.St, s.St.AtomSum(a, nil, nil), by), raise.Axes{})
				}
				if seen[a] {
					continue
				}
				seen[a] = true
				if a.Kind == index.OpAtom && a.Op.Name == expr.OpInv && len(a.Slots) == 2 {
					s.assume(Invertible, Substitute(s.St, a.Args[0], by), raise.Axes{Rows: []int{0}, Cols: []int{1}})
				}
				for _, arg := range a.Args {
					look(arg)
				}
			}
		}
	}
	look(sum)
}

// maxStates bounds the multiplications that are tried.
const maxStates = 24

// why names an operator that the unknown stands inside.
func (s *Solver) why(eq Equation, x *index.Atom) *Failure {
	var found *index.Atom
	var look func(sum *index.Sum)
	look = func(sum *index.Sum) {
		for i := range sum.Terms {
			for _, f := range sum.Terms[i].Factors {
				if found != nil || f.Atom == x || !atomDepends(f.Atom, x) {
					continue
				}
				if f.Atom.Kind == index.OpAtom {
					found = f.Atom
					return
				}
				for _, a := range f.Atom.Args {
					look(a)
				}
			}
		}
	}
	look(eq.Sum)
	if found == nil {
		return &Failure{Kind: NotAffine}
	}
	out := &Failure{Kind: Inside, Op: found.Op}
	a := found.Args[0]
	rows := found.RowsIn
	if found.CoreIn == 0 {
		rows = min(1, len(a.Slots))
	}
	if n, form := s.Rs.Raise(a, raise.Axes{Rows: seq(0, rows), Cols: seq(rows, len(a.Slots)-rows)}); len(a.Slots) <= 2 && form != raise.Index {
		out.Operand = n
	}
	return out
}

// node raises a sum; it reports false where there is no matrix notation.
func (s *Solver) node(sum *index.Sum, ax raise.Axes) (*expr.Node, bool) {
	n, form := s.Rs.Raise(simplify.Shorten(s.St, sum), ax)
	return n, form != raise.Index
}

// zero returns the number zero or the zeros of the shape that the axes have.
func (s *Solver) zero() *expr.Node { return s.St.B.Num(rat.Zero) }

// reciprocal reports whether a sum is one term that is divided by all of its factors.
func reciprocal(sum *index.Sum) bool {
	return len(sum.Terms) == 1 && !slices.ContainsFunc(sum.Terms[0].Factors, func(f index.Factor) bool { return f.Exp.Sign() > 0 }) &&
		len(sum.Terms[0].Dims) == len(sum.Slots)
}

func (s *Solver) assume(kind string, sum *index.Sum, ax raise.Axes) {
	switch {
	case kind == Invertible && simplify.Definite(sum):
		return
	case kind != Invertible && sum.Positive():
		return
	}
	if kind == Nonzero {
		sum = s.primitive(sum)
	}
	if kind != Invertible && reciprocal(sum) && (kind == Nonzero || Sign(sum) > 0) {
		return // where it has a value
	}
	if c, ok := sum.Const(); ok && !c.IsZero() {
		return
	}
	n, form := s.Rs.Raise(sum, ax)
	if form == raise.Index {
		return
	}
	for kind == Invertible && (n.Op.Name == expr.OpT || n.Op.Name == expr.OpInv) {
		n = n.Args[0]
	}
	c := Condition{kind, n}
	if !slices.Contains(s.conds, c) {
		s.conds = append(s.conds, c)
	}
}
