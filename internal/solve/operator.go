package solve

import (
	"slices"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/index"
	"example.com/nabla/internal/raise"
	"example.com/nabla/internal/rat"
)

// A form is how an operator acts on the unknown.
type form int

const (
	scaling   form = iota // c X with a scalar c
	entrywise             // D ⊙ X
	leftward              // M X, also of a vector
	rightward             // X Nᵀ
	twosided              // M X Nᵀ
	general               // a sum of such: by vec
)

// A linear is the operator of an affine equation with its form. Its slots are the
// row and column slots of the equation, then those of the unknown.
type linear struct {
	form  form
	op    *index.Sum
	m, n  *index.Sum // the factors: over (row of equation, row of unknown), and the same for columns
	c     *index.Sum // the scalar, or the entries of D
	atom  *index.Atom
	eq    Equation
	ax    raise.Axes
	terms []part
}

// A part is one term of an operator as scalar · M X Nᵀ.
type part struct {
	scalar, m, n *index.Sum
}

// operator finds the form of p.op.
func (s *Solver) operator(p split, eq Equation, x *index.Atom, ax raise.Axes) linear {
	l := linear{form: general, op: p.op, atom: x, eq: eq, ax: ax}
	ne := len(eq.Sum.Slots)
	if d, ok := s.diagonal(p.op, ne); ok {
		l.form, l.c = entrywise, d
		for k := ne - 1; k >= 0; k-- {
			if !l.c.DependsOn(k) {
				l.c = s.St.DropSlot(l.c, k)
			}
		}
		if len(l.c.Slots) == 0 {
			l.form = scaling
		} else {
			l.c = d
		}
		return l
	}
	switch {
	case len(ax.Rows) == 1 && len(ax.Cols) == 0, len(ax.Rows) == 0 && len(ax.Cols) == 1:
		l.form, l.m = leftward, p.op
		if len(ax.Rows) == 0 {
			l.form, l.m, l.n = rightward, nil, p.op
		}
		return l
	case len(ax.Rows) != 1 || len(ax.Cols) != 1:
		return l
	}
	// A matrix equation: the slots of the equation and of the unknown as (row, column).
	slots := []int{eq.Axes.Rows[0], eq.Axes.Cols[0], ne + ax.Rows[0], ne + ax.Cols[0]}
	for i := range p.op.Terms {
		q, ok := s.part(p.op, &p.op.Terms[i], slots)
		if !ok {
			return l
		}
		l.terms = append(l.terms, q)
	}
	sameM, sameN := true, true
	for _, q := range l.terms {
		sameM = sameM && q.m == l.terms[0].m
		sameN = sameN && q.n == l.terms[0].n
	}
	identity := func(sum *index.Sum) bool {
		return len(sum.Terms) == 1 && len(sum.Terms[0].Factors) == 0 && sum.Terms[0].Slot[0] == sum.Terms[0].Slot[1]
	}
	first := l.terms[0]
	switch {
	case sameN && identity(first.n):
		l.form, l.m = leftward, s.total(l.terms, false)
	case sameM && identity(first.m):
		l.form, l.n = rightward, s.total(l.terms, true)
	case sameN:
		l.form, l.m, l.n = twosided, s.total(l.terms, false), first.n
	case sameM:
		l.form, l.m, l.n = twosided, first.m, s.total(l.terms, true)
	}
	return l
}

// diagonal returns the entries of an operator that acts entry by entry.
func (s *Solver) diagonal(op *index.Sum, ne int) (*index.Sum, bool) {
	if len(op.Slots) != 2*ne {
		return nil, false
	}
	for i := range op.Terms {
		for k := range ne {
			if op.Terms[i].Slot[k] != op.Terms[i].Slot[ne+k] {
				return nil, false
			}
		}
	}
	b := s.St.Build(op.Slots[:ne])
	for i := range op.Terms {
		t := &op.Terms[i]
		r := s.St.Raw(op.Slots[:ne])
		r.Coef = t.Coef
		idx := append(append([]index.Ix{}, r.Slot...), r.Slot...)
		mulFactors(r, t, r.Place(t, idx), -1)
		b.Add(r)
	}
	return b.Sum(), true
}

// part takes a term apart into a scalar, what joins the rows, and what joins the
// columns.
func (s *Solver) part(op *index.Sum, t *index.Term, slots []int) (part, bool) {
	comp := components(t)
	at := func(k int) index.Ix { return comp[t.Slot[slots[k]]] }
	// What joins the rows may fall apart, as u vᵀ, but nothing joins rows and columns.
	if at(0) == at(1) || at(0) == at(3) || at(2) == at(1) || at(2) == at(3) {
		return part{}, false
	}
	side := func(row, col int) *index.Sum {
		inside := func(c index.Ix) bool { return comp[c] == at(row) || comp[c] == at(col) }
		r := s.St.Raw([]*expr.Dim{op.Slots[slots[row]], op.Slots[slots[col]]})
		m := make([]index.Ix, len(t.Dims))
		for c := range m {
			m[c] = -1
		}
		m[t.Slot[slots[row]]] = r.Slot[0]
		if c := t.Slot[slots[col]]; m[c] >= 0 {
			r.Union(m[c], r.Slot[1])
		} else {
			m[c] = r.Slot[1]
		}
		for c := range m {
			if m[c] < 0 && inside(index.Ix(c)) {
				m[c] = r.Class(t.Dims[c])
			}
		}
		for _, f := range t.Factors {
			if len(f.Idx) > 0 && inside(f.Idx[0]) {
				r.MulAtom(f.Atom, remap(f.Idx, m), f.Exp)
			}
		}
		return s.St.SumOf([]*expr.Dim{op.Slots[slots[row]], op.Slots[slots[col]]}, r)
	}
	scalar := s.St.Raw(nil)
	scalar.Coef = t.Coef
	for _, f := range t.Factors {
		switch {
		case len(f.Idx) == 0:
			scalar.MulAtom(f.Atom, nil, f.Exp)
		case !slices.Contains([]index.Ix{at(0), at(1), at(2), at(3)}, comp[f.Idx[0]]):
			return part{}, false
		}
	}
	return part{s.St.SumOf(nil, scalar), side(0, 2), side(1, 3)}, true
}

// total adds up the parts' M or N with their scalars.
func (s *Solver) total(parts []part, n bool) *index.Sum {
	pick := func(p part) *index.Sum {
		if n {
			return p.n
		}
		return p.m
	}
	slots := pick(parts[0]).Slots
	b := s.St.Build(slots)
	for _, p := range parts {
		sum := pick(p)
		for i := range sum.Terms {
			r, m := open(s.St, sum, &sum.Terms[i])
			mulFactors(r, &sum.Terms[i], m, -1)
			r.MulSum(p.scalar, nil, rat.One)
			b.Add(r)
		}
	}
	return b.Sum()
}

// left writes the left side of the equation, the operator applied to the unknown.
func (s *Solver) left(l linear) (*expr.Node, bool) {
	e := l.eq.Sum.Slots
	r := s.St.Raw(e)
	x := make([]index.Ix, len(l.atom.Slots))
	row := func() (int, int) { return l.eq.Axes.Rows[0], l.ax.Rows[0] }
	col := func() (int, int) { return l.eq.Axes.Cols[0], l.ax.Cols[0] }
	join := func(sum *index.Sum, at func() (int, int)) {
		i, j := at()
		if sum == nil {
			x[j] = r.Slot[i]
			return
		}
		x[j] = r.Class(l.atom.Slots[j])
		r.MulSum(sum, []index.Ix{r.Slot[i], x[j]}, rat.One)
	}
	switch l.form {
	case scaling:
		r.MulSum(l.c, nil, rat.One)
		copy(x, s.aligned(l, r.Slot))
	case entrywise:
		r.MulSum(l.c, r.Slot, rat.One)
		copy(x, s.aligned(l, r.Slot))
	case general:
		b := s.St.Build(e)
		for i := range l.op.Terms {
			t := &l.op.Terms[i]
			q := s.St.Raw(e)
			q.Coef = t.Coef
			idx := append([]index.Ix{}, q.Slot...)
			for _, d := range l.atom.Slots {
				idx = append(idx, q.Class(d))
			}
			mulFactors(q, t, q.Place(t, idx), -1)
			q.MulAtom(l.atom, idx[len(e):], rat.One)
			b.Add(q)
		}
		r.Coef = rat.Zero
		return s.node(b.Sum(), l.eq.Axes)
	default:
		if len(l.ax.Rows) > 0 {
			join(l.m, row)
		}
		if len(l.ax.Cols) > 0 {
			join(l.n, col)
		}
	}
	r.MulAtom(l.atom, x, rat.One)
	n, f := s.Rs.Raise(s.St.SumOf(e, r), l.eq.Axes)
	return n, f != raise.Index
}

// aligned returns the classes of the unknown's slots where it stands entry by entry
// in the equation.
func (s *Solver) aligned(l linear, slot []index.Ix) []index.Ix {
	out := make([]index.Ix, len(l.atom.Slots))
	for k, i := range l.ax.Rows {
		out[i] = slot[l.eq.Axes.Rows[k]]
	}
	for k, i := range l.ax.Cols {
		out[i] = slot[l.eq.Axes.Cols[k]]
	}
	return out
}

// inverse returns the inverse of a square matrix whose first rows slots are its
// rows.
func (s *Solver) inverse(m *index.Sum, rows int) *index.Sum {
	ax := raise.Axes{Rows: seq(0, rows), Cols: seq(rows, len(m.Slots)-rows)}
	inv := s.St.Apply(index.Application{Op: s.St.B.Reg.Op(expr.OpInv), Args: []*index.Sum{m},
		CoreIn: len(m.Slots), RowsIn: rows, CoreOut: append(append([]*expr.Dim{}, m.Slots[rows:]...), m.Slots[:rows]...)})
	if !identitySum(m) {
		s.assume(Invertible, s.primitive(m), ax)
	}
	return inv
}

// primitive returns a sum without the number that all its terms have in common.
func (s *Solver) primitive(m *index.Sum) *index.Sum {
	q := rat.Zero
	negative := 0
	for i := range m.Terms {
		q = rat.GCD(q, m.Terms[i].Coef)
		negative += m.Terms[i].Coef.Sign()
	}
	if negative < 0 {
		q = q.Neg()
	}
	if q.IsZero() || q.IsOne() {
		return m
	}
	return s.St.Scale(m, rat.One.Div(q))
}

func identitySum(m *index.Sum) bool {
	if len(m.Terms) != 1 || len(m.Terms[0].Factors) > 0 {
		return false
	}
	t := &m.Terms[0]
	n := len(t.Slot) / 2
	for k := range n {
		if t.Slot[k] != t.Slot[n+k] {
			return false
		}
	}
	return true
}

// invert brings the operator to the right side.
func (s *Solver) invert(l linear, rhs *index.Sum) (solved, *Failure) {
	st := s.St
	name, _ := s.node(st.AtomSum(l.atom, l.atom.Slots, seq(0, len(l.atom.Slots))), l.ax)
	step := Step{Left: name}
	out := solved{}
	slots := l.atom.Slots
	r := st.Raw(slots)
	back := make([]index.Ix, len(l.eq.Sum.Slots)) // the class of each slot of the right side
	toRow := func(sum *index.Sum, e, x int) {
		if sum == nil {
			back[e] = r.Slot[x]
			return
		}
		back[e] = r.Class(l.eq.Sum.Slots[e])
		r.MulSum(s.inverse(sum, 1), []index.Ix{r.Slot[x], back[e]}, rat.One)
	}
	for k, i := range l.ax.Rows {
		back[l.eq.Axes.Rows[k]] = r.Slot[i]
	}
	for k, i := range l.ax.Cols {
		back[l.eq.Axes.Cols[k]] = r.Slot[i]
	}
	switch l.form {
	case scaling:
		step.Rule = "divide-by"
		if !isOne(l.c) {
			s.assume(Nonzero, l.c, raise.Axes{})
			out.operator = s.must(l.c, raise.Axes{})
		}
		step.Operands = nodes(out.operator)
		r.MulSum(l.c, nil, rat.MinusOne)
	case entrywise:
		step.Rule = "divide-entrywise"
		s.assume(Nonzero, l.c, l.eq.Axes)
		out.operator = s.must(l.c, l.eq.Axes)
		step.Operands = nodes(out.operator)
		r.MulSum(l.c, back, rat.MinusOne)
	case general:
		return s.byVec(l, rhs, name)
	default:
		if len(l.ax.Rows) > 0 {
			toRow(l.m, l.eq.Axes.Rows[0], l.ax.Rows[0])
		}
		if len(l.ax.Cols) > 0 {
			toRow(l.n, l.eq.Axes.Cols[0], l.ax.Cols[0])
		}
		pair := raise.Axes{Rows: []int{0}, Cols: []int{1}}
		switch {
		case l.n == nil:
			step.Rule, out.operator = "left-inverse", s.must(s.primitive(l.m), pair)
			step.Operands = nodes(out.operator)
		case l.m == nil:
			step.Rule, out.operator = "right-inverse", s.must(s.primitive(st.Transpose(l.n)), pair)
			step.Operands = nodes(out.operator)
		default:
			step.Rule = "both-inverses"
			step.Operands = nodes(s.must(s.primitive(l.m), pair), s.must(s.primitive(st.Transpose(l.n)), pair))
			out.operator = step.Operands[0]
		}
	}
	if rhs.IsZero() {
		r.Coef = rat.Zero
		out.sum = st.SumOf(slots)
		step.Right = s.zero()
	} else {
		r.MulSum(rhs, back, rat.One)
		out.sum = st.SumOf(slots, r)
		right, ok := s.node(out.sum, l.ax)
		if !ok {
			return solved{}, &Failure{Kind: Notation}
		}
		step.Right = right
	}
	if isOne(l.c) && l.form == scaling {
		out.steps = nil
		return solved{sum: out.sum, steps: []Step{{Rule: step.Rule, Left: name, Right: step.Right}}}, nil
	}
	out.steps = []Step{step}
	return out, nil
}

// byVec solves a general linear equation through vec by columns.
func (s *Solver) byVec(l linear, rhs *index.Sum, name *expr.Node) (solved, *Failure) {
	st, b := s.St, s.St.B
	ne := len(l.eq.Sum.Slots)
	at := append(append([]int{}, l.eq.Axes.Cols...), l.eq.Axes.Rows...)
	rows := len(at)
	for _, i := range append(append([]int{}, l.ax.Cols...), l.ax.Rows...) {
		at = append(at, ne+i)
	}
	to := make([]int, len(at)) // the place of each slot of op
	for k, i := range at {
		to[i] = k
	}
	k := st.Permute(l.op, to)
	ax := raise.Axes{Rows: seq(0, rows), Cols: seq(rows, len(at)-rows)}
	kn, ok := s.node(k, ax)
	if !ok {
		return solved{}, &Failure{Kind: Notation}
	}
	inv := s.inverse(k, rows)
	r := st.Raw(l.atom.Slots)
	idx := make([]index.Ix, 0, 2*rows)
	for _, i := range append(append([]int{}, l.ax.Cols...), l.ax.Rows...) {
		idx = append(idx, r.Slot[i])
	}
	back := make([]index.Ix, ne)
	for _, i := range at[:rows] {
		back[i] = r.Class(l.eq.Sum.Slots[i])
		idx = append(idx, back[i])
	}
	r.MulSum(inv, idx, rat.One)
	out := solved{operator: kn}
	vecX := b.Node("vec", name)
	if rhs.IsZero() {
		r.Coef = rat.Zero
		out.sum = st.SumOf(l.atom.Slots)
		out.steps = []Step{{Rule: "vec", Left: b.Node(expr.OpMul, kn, vecX), Right: s.zero()},
			{Rule: "left-inverse", Operands: nodes(kn), Left: name, Right: s.zero()}}
		return out, nil
	}
	r.MulSum(rhs, back, rat.One)
	out.sum = st.SumOf(l.atom.Slots, r)
	rn, ok := s.node(rhs, l.eq.Axes)
	if !ok {
		return solved{}, &Failure{Kind: Notation}
	}
	vecB := b.Node("vec", rn)
	out.vec = b.Node(expr.OpMul, b.Node(expr.OpInv, kn), vecB)
	out.steps = []Step{
		{Rule: "vec", Left: b.Node(expr.OpMul, kn, vecX), Right: vecB},
		{Rule: "left-inverse", Operands: nodes(kn), Left: vecX, Right: out.vec},
	}
	return out, nil
}

func (s *Solver) must(sum *index.Sum, ax raise.Axes) *expr.Node {
	n, ok := s.node(sum, ax)
	if !ok {
		return nil
	}
	return n
}

func nodes(list ...*expr.Node) []*expr.Node {
	var out []*expr.Node
	for _, n := range list {
		if n != nil {
			out = append(out, n)
		}
	}
	return out
}

func isOne(c *index.Sum) bool {
	if c == nil || len(c.Slots) > 0 {
		return false
	}
	q, ok := c.Const()
	return ok && q.IsOne()
}
