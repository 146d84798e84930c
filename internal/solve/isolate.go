package solve

import (
	"slices"
	"sync"

	"example.com/nabla/internal/check"
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/index"
	"example.com/nabla/internal/raise"
	"example.com/nabla/internal/rat"
	"example.com/nabla/internal/source"
	"example.com/nabla/internal/syntax"
)

// An Inverse says how an operator is undone: t = Op(x) has the one solution x = Text
// where each of Positive is positive, entry by entry, and t is invertible if Invertible
// says so.
type Inverse struct {
	Op, Text   string
	Positive   []string
	Invertible bool
}

// inverses lists the operators that can be taken off.
var inverses = []Inverse{
	{Op: expr.OpInv, Text: "inv(t)", Invertible: true},
	{Op: "exp", Text: "log(t)", Positive: []string{"t"}},
	{Op: "log", Text: "exp(t)"},
	{Op: "sigmoid", Text: "log(t./(1 - t))", Positive: []string{"t", "1 - t"}},
	{Op: "softplus", Text: "log(exp(t) - 1)", Positive: []string{"t"}},
	{Op: "sinh", Text: "asinh(t)"},
	{Op: "asinh", Text: "sinh(t)"},
	{Op: "tanh", Text: "atanh(t)", Positive: []string{"1 - abs(t)"}},
	{Op: "atanh", Text: "tanh(t)"},
	{Op: "atan", Text: "tan(t)", Positive: []string{"pi/2 - abs(t)"}},
}

// Inverses lists the operators that Solve can take off an unknown.
func Inverses() []Inverse { return slices.Clone(inverses) }

// inverseTrees has the parsed texts of inverses: Text, then Positive.
var inverseTrees = sync.OnceValue(func() [][]syntax.Expr {
	out := make([][]syntax.Expr, len(inverses))
	for i, v := range inverses {
		for _, text := range append([]string{v.Text}, v.Positive...) {
			x, _, list := syntax.ParseExpr(text, syntax.Options{})
			if len(list) > 0 {
				panic("inverse of " + v.Op + ": " + list.Error())
			}
			out[i] = append(out[i], x)
		}
	}
	return out
})

// isolate solves an equation in which x occurs through one factor alone, an
// operator's application or a power: for the factor first, then for what stands
// inside.
// simply allows only factors that need no more than to be divided by a scalar.
func (s *Solver) isolate(eq Equation, x *index.Atom, ax raise.Axes, depth int, simply bool) (solved, bool) {
	conds := len(s.conds)
	out, ok := s.takeOff(eq, x, ax, depth, simply)
	if !ok {
		s.conds = s.conds[:conds]
	}
	return out, ok
}

func (s *Solver) takeOff(eq Equation, x *index.Atom, ax raise.Axes, depth int, simply bool) (solved, bool) {
	sum, ok := expand(s.St, eq.Sum, x)
	if !ok {
		return solved{}, false
	}
	a, exp, ok := carrier(sum, x)
	if !ok || a == x && (exp.IsOne() || exp.Sign() < 0) {
		return solved{}, false
	}
	// The factor over the slots of its atom, as an unknown of its own: a group's
	// power and an operator's value become a fresh atom.
	axes, ok := s.axesOf(a, eq, ax, x)
	if !ok {
		return solved{}, false
	}
	power := s.St.Raw(a.Slots)
	power.MulAtom(a, power.Slot, exp)
	t := s.St.SumOf(a.Slots, power)
	shown, ok := s.node(t, axes)
	if !ok {
		return solved{}, false
	}
	sym := s.fresh(t, axes)
	if sym == nil {
		return solved{}, false
	}
	atom := s.St.Var(sym, false)
	if len(atom.Slots) != len(axes.Rows)+len(axes.Cols) {
		return solved{}, false // an axis of one entry, such as a family of one member, is none of a variable
	}
	b := s.St.Build(sum.Slots)
	for i := range sum.Terms {
		u := &sum.Terms[i]
		r, m := open(s.St, sum, u)
		for _, f := range u.Factors {
			if f.Atom == a {
				r.MulAtom(atom, s.order(remap(f.Idx, m), axes), rat.One)
			} else {
				r.MulAtom(f.Atom, remap(f.Idx, m), f.Exp)
			}
		}
		b.Add(r)
	}
	rows := len(axes.Rows)
	inner, fail := s.affine(Equation{b.Sum(), eq.Axes}, atom, raise.Axes{Rows: seq(0, rows), Cols: seq(rows, len(axes.Cols))})
	if fail != nil || inner.vec != nil || simply && inner.operator != nil && !inner.operator.Shape.IsScalar() {
		return solved{}, false
	}
	// The lines for the factor, with the factor in place of its name.
	steps := s.rename(inner.steps, sym, shown)
	value := inner.sum // over the slots of the fresh atom: rows, then columns
	out := solved{steps: steps, several: inner.several}
	if !exp.IsOne() {
		if value, ok = s.root(&out, value, a, exp, rows); !ok {
			return solved{}, false
		}
	}
	if a == x {
		// value is over (rows, columns), which is the order of x's slots by axes.
		out.sum = s.St.Permute(value, inversePlace(axes))
		if !exp.IsOne() {
			n, ok1 := s.node(out.sum, ax)
			name, ok2 := s.node(s.St.AtomSum(x, x.Slots, seq(0, len(x.Slots))), ax)
			if !ok1 || !ok2 {
				return solved{}, false
			}
			out.steps = append(out.steps, Step{Rule: "root", Operands: []*expr.Node{s.St.B.Num(exp)}, Left: name, Right: n})
		}
		return out, true
	}
	arg := a.Args[0]
	argAxes := axes
	switch a.Kind {
	case index.GroupAtom:
	case index.OpAtom:
		if len(a.Args) != 1 || a.Sym != nil {
			return solved{}, false
		}
		if value, ok = s.undo(a.Op, value, axes); !ok {
			return solved{}, false
		}
		if a.CoreIn == 2 && len(a.Slots) == 2 {
			argAxes = raise.Axes{Rows: []int{0}, Cols: []int{1}}
			if axes.Rows[0] != 0 {
				// The application stands transposed: its operand does too.
				argAxes = raise.Axes{Rows: []int{1}, Cols: []int{0}}
			}
		} else if a.CoreIn > 0 {
			return solved{}, false
		}
	default:
		return solved{}, false
	}
	next := s.St.AddSums([]*index.Sum{arg, s.St.Permute(value, inversePlace(argAxes))}, []rat.Rat{rat.One, rat.MinusOne})
	left, ok1 := s.node(arg, argAxes)
	right, ok2 := s.node(value, raise.Axes{Rows: seq(0, rows), Cols: seq(rows, len(axes.Cols))})
	if !ok1 || !ok2 {
		return solved{}, false
	}
	rule := Step{Rule: "undo", Left: left, Right: right}
	if a.Kind == index.OpAtom {
		rule.Operands = []*expr.Node{shown}
	} else {
		rule = Step{Rule: "root", Operands: []*expr.Node{s.St.B.Num(exp)}, Left: left, Right: right}
	}
	out.steps = append(out.steps, rule)
	if single(arg, x) {
		out.sum = s.St.Permute(value, inversePlace(argAxes))
		out.sum = s.onto(arg, x, out.sum)
		name, _ := s.node(s.St.AtomSum(x, x.Slots, seq(0, len(x.Slots))), ax)
		if n, ok := s.node(out.sum, ax); ok && name != left {
			out.steps = append(out.steps, Step{Rule: "transpose", Left: name, Right: n})
		}
		return out, true
	}
	rest, fail := s.solve(Equation{next, argAxes}, x, ax, depth+1)
	if fail != nil {
		return solved{}, false
	}
	rest.steps = append(out.steps, rest.steps...)
	rest.several = rest.several || out.several
	return rest, true
}

// carrier returns the one atom, with its exponent, that carries x in a sum: each term
// that depends on x has it as one factor, with different indices, and x nowhere else.
func carrier(sum *index.Sum, x *index.Atom) (a *index.Atom, exp rat.Rat, ok bool) {
	for i := range sum.Terms {
		n := 0
		for _, f := range sum.Terms[i].Factors {
			if !atomDepends(f.Atom, x) {
				continue
			}
			if n++; n > 1 || a != nil && (f.Atom != a || !f.Exp.Equal(exp)) {
				return nil, rat.Zero, false
			}
			a, exp = f.Atom, f.Exp
		}
	}
	return a, exp, a != nil
}

// axesOf says how an atom that carries the unknown is read as a matrix: as the
// equation shows it, or in the order of its slots.
func (s *Solver) axesOf(a *index.Atom, eq Equation, ax raise.Axes, x *index.Atom) (raise.Axes, bool) {
	switch n := len(a.Slots); {
	case a == x:
		return ax, true
	case n == 0:
		return raise.Axes{}, true
	case n == 1 && len(eq.Axes.Cols) == 0, n == 1 && len(eq.Axes.Rows) > 0:
		return raise.Axes{Rows: []int{0}}, true
	case n == 1:
		return raise.Axes{Cols: []int{0}}, true
	case n == 2:
		for i := range eq.Sum.Terms {
			t := &eq.Sum.Terms[i]
			for _, f := range t.Factors {
				if f.Atom == a && len(eq.Axes.Rows) == 1 && len(eq.Axes.Cols) == 1 &&
					(f.Idx[1] == t.Slot[eq.Axes.Rows[0]] || f.Idx[0] == t.Slot[eq.Axes.Cols[0]]) {
					return raise.Axes{Rows: []int{1}, Cols: []int{0}}, true
				}
			}
		}
		return raise.Axes{Rows: []int{0}, Cols: []int{1}}, true
	}
	return raise.Axes{}, false
}

// order lists the classes of an atom's slots as rows, then columns.
func (s *Solver) order(idx []index.Ix, ax raise.Axes) []index.Ix {
	out := make([]index.Ix, 0, len(idx))
	for _, k := range ax.Rows {
		out = append(out, idx[k])
	}
	for _, k := range ax.Cols {
		out = append(out, idx[k])
	}
	return out
}

// place gives for each slot its place among rows, then columns.
func place(ax raise.Axes) []int {
	order := append(append([]int{}, ax.Rows...), ax.Cols...)
	out := make([]int, len(order))
	for k, i := range order {
		out[i] = k
	}
	return out
}

// inversePlace gives the slot that stands at each place.
func inversePlace(ax raise.Axes) []int { return append(append([]int{}, ax.Rows...), ax.Cols...) }

// fresh makes a variable of the shape of a sum. It is a part of no text.
func (s *Solver) fresh(t *index.Sum, ax raise.Axes) *expr.Symbol {
	if len(ax.Rows) > 1 || len(ax.Cols) > 1 {
		return nil
	}
	one := s.St.B.Const(1)
	shape := expr.Shape{Rows: one, Cols: one}
	kind := expr.Scalar
	if len(ax.Rows) == 1 {
		shape.Rows, kind = t.Slots[ax.Rows[0]], expr.Vector
	}
	if len(ax.Cols) == 1 {
		shape.Cols, kind = t.Slots[ax.Cols[0]], expr.Matrix
	}
	facts := expr.Fact(0)
	if t.Positive() {
		facts = expr.Positive
	}
	return s.St.B.NewSymbol("‹t›", kind, shape, facts)
}

// rename writes the lines found for a fresh variable with what it stands for.
func (s *Solver) rename(steps []Step, sym *expr.Symbol, shown *expr.Node) []Step {
	subst := func(n *expr.Node) *expr.Node {
		return s.St.B.Replace(n, map[*expr.Node]*expr.Node{s.St.B.Var(sym): shown})
	}
	out := make([]Step, len(steps))
	for i, st := range steps {
		out[i] = Step{Rule: st.Rule, Left: subst(st.Left), Right: subst(st.Right)}
		for _, o := range st.Operands {
			out[i].Operands = append(out[i].Operands, subst(o))
		}
	}
	return out
}

// root takes the exponent off: a^exp = value gives a = value^(1/exp).
func (s *Solver) root(out *solved, value *index.Sum, a *index.Atom, exp rat.Rat, rows int) (*index.Sum, bool) {
	num, den, small := exp.Small()
	if !small {
		return nil, false
	}
	if Sign(value) < 0 {
		// Only an odd power has negative values.
		if den != 1 || num%2 == 0 || a.Positive {
			return nil, false
		}
		root, ok := s.root(out, s.St.Scale(value, rat.MinusOne), a, exp, rows)
		if !ok {
			return nil, false
		}
		return s.St.Scale(root, rat.MinusOne), true
	}
	inv := rat.One.Div(exp)
	ax := raise.Axes{Rows: seq(0, rows), Cols: seq(rows, len(value.Slots)-rows)}
	if value.IsZero() {
		if exp.Sign() < 0 {
			return nil, false
		}
		return value, true
	}
	switch {
	case inv.IsInt():
		// A root is undone by a power: a itself is then not negative.
		if !exp.IsOne() && exp.Sign() > 0 && !value.Positive() {
			s.assume(Positive, value, ax)
		}
	case a.Positive:
		s.assume(Positive, value, ax)
	default:
		s.assume(Positive, value, ax)
		if num%2 == 0 {
			out.several = true
		}
	}
	if exp.Sign() < 0 && inv.IsInt() {
		s.assume(Nonzero, value, ax)
	}
	r := s.St.Raw(value.Slots)
	r.MulSum(value, r.Slot, inv)
	return s.St.SumOf(value.Slots, r), true
}

// undo applies the inverse of an operator to a value over (rows, columns).
func (s *Solver) undo(op *expr.Op, value *index.Sum, ax raise.Axes) (*index.Sum, bool) {
	i := slices.IndexFunc(inverses, func(v Inverse) bool { return v.Op == op.Name })
	if i < 0 {
		return nil, false
	}
	rows := len(ax.Rows)
	own := raise.Axes{Rows: seq(0, rows), Cols: seq(rows, len(value.Slots)-rows)}
	if inverses[i].Invertible {
		s.assume(Invertible, value, own)
	}
	n, ok := s.node(value, own)
	if value.IsZero() || !ok {
		return nil, false
	}
	var out *index.Sum
	for k, tree := range inverseTrees()[i] {
		x, list := check.Instantiate(s.St.B, source.NewFile("", ""), tree, []check.Binding{{Name: "t", Node: n}}, nil)
		if len(list) > 0 {
			return nil, false
		}
		v := s.Low.Lower(x)
		if k == 0 {
			out = s.St.Permute(v.S, place(raise.Axes{Rows: v.Rows, Cols: v.Cols}))
		} else {
			s.assume(Positive, v.S, raise.Axes{Rows: v.Rows, Cols: v.Cols})
		}
	}
	return out, true
}

// single reports whether a sum is the atom alone, perhaps transposed.
func single(sum *index.Sum, x *index.Atom) bool {
	if len(sum.Terms) != 1 || len(sum.Slots) != len(x.Slots) {
		return false
	}
	t := &sum.Terms[0]
	return t.Coef.IsOne() && len(t.Factors) == 1 && t.Factors[0].Atom == x && t.Factors[0].Exp.IsOne() &&
		len(t.Dims) == len(x.Slots)
}

// onto returns the value of x where arg, which is x perhaps transposed, has the given
// value.
func (s *Solver) onto(arg *index.Sum, x *index.Atom, value *index.Sum) *index.Sum {
	t := &arg.Terms[0]
	perm := make([]int, len(x.Slots))
	for k, c := range t.Slot {
		perm[k] = slices.Index(t.Factors[0].Idx, c)
	}
	return s.St.Permute(value, perm)
}
