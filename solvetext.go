package nabla

import (
	"slices"
	"strings"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/paper"
	"example.com/nabla/internal/print"
	"example.com/nabla/internal/raise"
	"example.com/nabla/internal/rat"
	"example.com/nabla/internal/simplify"
	"example.com/nabla/internal/solve"
)

// text prints a node on one line.
func (q *stationary) text(n *expr.Node) string {
	o := *q.po
	o.MaxTokens = -1
	return print.Text(q.abbreviate(n), &o).Result
}

func (q *stationary) latex(n *expr.Node) string {
	o := *q.po
	o.MaxTokens = -1
	return print.LaTeX(q.abbreviate(n), &o).Result
}

// repeats reports whether line k says what the line before says: nothing had to be done.
func (q *stationary) repeats(k int) bool {
	if k == 0 {
		return false
	}
	a, b := q.lines[k-1], q.lines[k]
	return a.unknown == b.unknown && a.step.Left == b.step.Left && a.step.Right == b.step.Right
}

// reason is the rule of a line in words, with operands and names written as asked for.
func (q *stationary) reason(l line, operand func(*expr.Node) string, name func(string) string) paper.Words {
	r := ruleOf(l.step.Rule)
	var known []string
	for _, n := range strings.Split(l.known, ", ") {
		known = append(known, name(n))
	}
	args := []string{"$p", strings.Join(known, ", "), "$x", name(l.unknown)}
	for i, n := range l.step.Operands {
		args = append(args, "$"+string(rune('1'+i)), operand(n))
	}
	fill := strings.NewReplacer(args...)
	return paper.Words{En: fill.Replace(r.en), Zh: fill.Replace(r.zh)}
}

// print writes the lines and values.
func (q *stationary) print() {
	for k, l := range q.lines {
		if q.repeats(k) {
			continue
		}
		s := SolveLine{Unknown: l.unknown, Rule: l.step.Rule,
			Text: q.text(l.step.Left) + " = " + q.text(l.step.Right), LaTeX: q.latex(l.step.Left) + " = " + q.latex(l.step.Right)}
		s.Reason = Phrase(q.reason(l, q.text, func(name string) string { return name }))
		if q.lineErrors != nil {
			s.Error = q.lineErrors[k]
		}
		q.out.Lines = append(q.out.Lines, s)
		if l.step.Rule == "root" && q.out.Outcome == Solved && slices.ContainsFunc(q.out.Solutions, func(v SolvedValue) bool { return v.Unknown == l.unknown && v.Several }) {
			q.out.Remarks = append(q.out.Remarks, phrase("several"))
		}
	}
	if q.lagrange != nil {
		q.out.Lagrangian = &Named{"L", q.text(q.lagrange), q.latex(q.lagrange)}
	}
}

// collect gathers the lines of what was solved, what the numeric check puts in, the
// values and their conditions.
func (q *stationary) collect() {
	xs := q.unknowns
	var names, values []assignment
	for k := range q.joint.Parts {
		part := &q.joint.Parts[k]
		x := xs[part.Index]
		known := q.namesOf(part.Put)
		atEnd := 0
		for _, st := range part.Steps {
			if st.Rule == "name" {
				atEnd++
			}
		}
		nameLine := func(n solve.Named) {
			ax := raise.Axes{Rows: []int{0}}
			if len(n.Sum.Slots) == 2 {
				ax.Cols = []int{1}
			}
			body, _ := q.rs.Raise(n.Sum, ax)
			if body == nil {
				return
			}
			for _, a := range names {
				if a.sym == n.Sym {
					return
				}
			}
			names = append(names, assignment{sym: n.Sym, node: body})
			left := q.b.Var(n.Sym)
			q.add(x, solve.Step{Rule: n.Rule, Operands: []*expr.Node{left}, Left: left, Right: body})
		}
		if atEnd == 0 {
			for _, n := range part.Names {
				nameLine(n)
			}
		}
		from := part.Equation // its line
		if part.Before != nil {
			st := *part.Before
			if len(part.Put) == 0 {
				st.Rule = "name"
			}
			from = q.follow(-1, x, st)
			q.lines[from].known = known
		}
		for _, st := range part.Steps {
			if st.Rule == "name" {
				for _, n := range part.Names {
					nameLine(n)
				}
			}
			if st.Rule == "collect-divide" && q.prog.Equation == nil && part.Operator != nil {
				if _, _, ok := gram(part.Operator); ok && q.lagrange == nil {
					st.Rule = "normal-equations"
				}
			}
			from = q.follow(from, x, st)
		}
		values = append(values, assignment{x.Sym, part.Value, part.Vec})
		q.conditions(part)
	}
	if q.fail == nil {
		q.domains()
	}
	q.assigned = names
	for k := len(values) - 1; k >= 0; k-- {
		q.assigned = append(q.assigned, values[k])
	}
	if q.fail != nil {
		return
	}
	for k := range q.joint.Parts {
		part := &q.joint.Parts[k]
		x := xs[part.Index]
		value, vec := part.Value, part.Vec
		if part.Index < len(xs)-q.extra {
			sum := q.solver.Back(q.joint, k, func(i int) bool { return i >= len(xs)-q.extra })
			if sum != part.Sum {
				if n, form := q.rs.Raise(sum, x.Axes); form != raise.Index {
					value, vec = n, false
					q.add(x, solve.Step{Rule: "substitute", Left: q.b.Var(x.Sym), Right: n})
					q.lines[len(q.lines)-1].known = q.lambdaNames()
				}
			}
		}
		symbol := q.b.Var(x.Sym)
		if vec {
			symbol = q.b.Node("vec", symbol)
		}
		q.out.Solutions = append(q.out.Solutions, SolvedValue{Unknown: x.Sym.Name, Symbol: q.text(symbol), Text: q.text(value),
			Language: print.Language(value, q.po).String(), LaTeX: q.latex(value), Shape: shapeString(symbol.Shape), Several: part.Several})
	}
}

// namesOf lists the names of unknowns.
func (q *stationary) namesOf(list []int) string {
	var names []string
	for _, k := range list {
		names = append(names, q.unknowns[k].Sym.Name)
	}
	return strings.Join(names, ", ")
}

func (q *stationary) lambdaNames() string {
	var names []string
	for _, s := range q.lambda {
		names = append(names, s.Name)
	}
	return strings.Join(names, ", ")
}

// gram reports whether a node is AᵀA or AᵀWA, and returns A; rows says that it is
// AAᵀ with a transpose last, whose rows count.
func gram(n *expr.Node) (a *expr.Node, rows, ok bool) {
	if n.Op.Name != expr.OpMul || len(n.Args) < 2 || len(n.Args) > 3 {
		return nil, false, false
	}
	x, y := n.Args[0], n.Args[len(n.Args)-1]
	if x.Shape.IsScalar() {
		return nil, false, false
	}
	switch {
	case x.Op.Name == expr.OpT && x.Args[0] == y:
		a = y
	case y.Op.Name == expr.OpT && y.Args[0] == x:
		a, rows = x, true
	default:
		return nil, false, false
	}
	if len(n.Args) == 3 {
		w := n.Args[1]
		if w.Op.Name == expr.OpInv {
			w = w.Args[0]
		}
		if w.Sym == nil || !w.Sym.Facts.Has(expr.Posdef) {
			return nil, false, false
		}
	}
	return a, rows, true
}

// conditions says what a part takes for granted.
func (q *stationary) conditions(part *solve.Part) {
	add := func(id string, nodes ...*expr.Node) {
		var texts, inline []string
		for _, n := range nodes {
			texts, inline = append(texts, q.text(n)), append(inline, q.inline(n))
		}
		p := phrase(id, texts...)
		if !slices.Contains(q.out.Conditions, p) {
			q.out.Conditions = append(q.out.Conditions, p)
			q.conditionWords = append(q.conditionWords, paper.Words(phrase(id, inline...)))
		}
	}
	s := part.Unknown.Sym
	if s.Facts.Has(expr.Posdef) && !part.Vec && !simplify.Definite(part.Sum) {
		add("posdef-value", part.Value)
	}
	positive := s.Facts.Has(expr.Positive) && !part.Vec && !part.Sum.Positive()
	for _, c := range part.Conditions {
		if c.Node == part.Value && (s.Facts.Has(expr.Posdef) && c.Kind == solve.Invertible || positive && c.Kind == solve.Nonzero) {
			continue // said by what follows
		}
		scalar := c.Node.Shape.IsScalar()
		switch c.Kind {
		case solve.Invertible:
			a, rows, ok := gram(c.Node)
			switch {
			case ok && rows:
				add("row-rank", c.Node, a)
			case ok:
				add("column-rank", c.Node, a)
			case sylvester(c.Node):
				add("sylvester", c.Node)
			default:
				if s := ridge(c.Node); s != nil {
					add("invertible-if", c.Node, s)
					break
				}
				add("invertible", c.Node)
			}
		case solve.Nonzero:
			if scalar {
				add("nonzero", c.Node)
			} else {
				add("nonzero-entries", c.Node)
			}
		case solve.Positive:
			if scalar {
				add("positive-value", c.Node)
			} else {
				add("positive-matrix", c.Node)
			}
		}
	}
	switch {
	case !positive:
	case part.Value.Shape.IsScalar():
		add("positive-value", part.Value)
	default:
		add("positive-matrix", part.Value)
	}
}

// domains adds what the gradients take for granted of the variables solved for.
func (q *stationary) domains() {
	for _, g := range q.out.Gradients {
		for _, a := range g.Assumptions {
			if base, ok := strings.CutSuffix(a, " is invertible"); ok && slices.Contains(g.Assumptions, "det("+base+") > 0") {
				continue
			}
			if base, ok := strings.CutSuffix(a, " ≠ 0"); ok && slices.Contains(g.Assumptions, base+" > 0") {
				continue
			}
			p := Phrase{a, a}
			for _, w := range [][2]string{{" is invertible", " 可逆"}, {" in each entry", "（逐元素）"}, {" has full rank", " 满秩"}} {
				p.Zh = strings.ReplaceAll(p.Zh, w[0], w[1])
			}
			if !slices.ContainsFunc(q.out.Conditions, func(c Phrase) bool { return c.En == p.En || strings.HasPrefix(c.En, p.En+",") }) {
				q.out.Conditions = append(q.out.Conditions, p)
				q.conditionWords = append(q.conditionWords, paper.Words(p))
			}
		}
	}
}

// sylvester reports whether a node is I ⊗ A + B ⊗ I.
func sylvester(n *expr.Node) bool {
	if n.Op.Name != expr.OpAdd || len(n.Args) != 2 {
		return false
	}
	at := [2]int{-1, -1} // which factor is the identity
	for k, a := range n.Args {
		if a.Op.Name != "kron" || len(a.Args) != 2 {
			return false
		}
		for i, f := range a.Args {
			if f.Op.Name == "eye" {
				at[k] = i
			}
		}
	}
	return at[0] >= 0 && at[1] >= 0 && at[0] != at[1]
}

// ridge returns the scalar c of a sum AᵀA + c I, or nil.
func ridge(n *expr.Node) *expr.Node {
	if n.Op.Name != expr.OpAdd || len(n.Args) != 2 {
		return nil
	}
	var c *expr.Node
	grams := 0
	for _, a := range n.Args {
		if _, _, ok := gram(a); ok {
			grams++
		} else if a.Op.Name == expr.OpMul && len(a.Args) == 2 && a.Args[0].Op.Name == expr.OpVar && a.Args[0].Shape.IsScalar() &&
			a.Args[1].Op.Name == "eye" {
			c = a.Args[0]
		}
	}
	if grams != 1 {
		return nil
	}
	return c
}

// failure says why there is no closed form.
func (q *stationary) failure() {
	f := q.fail
	x := q.unknowns[f.Index]
	name := x.Sym.Name
	if q.eigenvectors() {
		return
	}
	from := f.Equation
	if f.Before != nil {
		from = q.follow(-1, x, *f.Before)
		q.lines[len(q.lines)-1].known = q.namesOf(f.Put)
	}
	for _, st := range f.Steps {
		from = q.follow(from, x, st)
	}
	o := q.out
	o.Outcome = NoClosedForm
	remark := func(id string, args ...string) { o.Remarks = append(o.Remarks, phrase(id, args...)) }
	switch f.Kind {
	case solve.Inside:
		inside := f.Op.Name
		if f.Operand != nil && len(f.Op.Params) == 1 {
			inside = q.text(q.b.Node(f.Op.Name, f.Operand))
		}
		remark("inside", name, inside)
	case solve.Free:
		o.Outcome = NoStationaryPoint
		last := q.lines[len(q.lines)-1].step
		others := slices.ContainsFunc(q.unknowns, func(u solve.Unknown) bool {
			return u.Atom != x.Atom && solve.DependsOn(f.Sum, u.Atom)
		})
		switch {
		case others:
			o.Outcome = NoClosedForm
			remark("coupled", name)
		case q.prog.Equation != nil && f.Rest != nil:
			o.Outcome = NoSolution
			if solve.Never(f.Rest) {
				remark("no-solution")
			} else {
				remark("no-solution-if", q.text(last.Left))
			}
		case q.prog.Equation != nil || q.lagrange != nil:
			remark("contradiction", name)
			o.Outcome = NoClosedForm
		case f.Rest != nil && solve.Never(f.Rest):
			remark("free", name)
		default:
			remark("free-generic", q.text(last.Left))
		}
	case solve.NoSolution:
		o.Outcome = NoStationaryPoint
		remark("positive")
	case solve.Everywhere:
		o.Outcome = EveryPoint
		if len(q.unknowns) > 1 || q.prog.Equation != nil {
			o.Outcome = Underdetermined
			remark("dependent", name)
		} else {
			remark("everywhere")
		}
	case solve.NotSquare:
		o.Outcome = Underdetermined
		remark("not-square", name)
	case solve.Notation:
		remark("notation", name)
	default:
		remark("not-affine", name)
	}
}

// eigenvectors recognises a constrained problem whose gradient is linear in the
// unknown: the solution zero does not satisfy the constraint, so the operator must be
// singular.
func (q *stationary) eigenvectors() bool {
	if len(q.lambda) != 1 || len(q.prog.Wrt) != 1 || q.fail.Kind != solve.Free || len(q.joint.Parts) != 1 {
		return false
	}
	part := q.joint.Parts[0]
	if part.Index != 0 || !part.Sum.IsZero() {
		return false
	}
	x := q.unknowns[0]
	vector := len(x.Atom.Slots) == 1 && q.lambda[0].Shape.IsScalar()
	g := q.simplify(q.derive(q.f, x.Sym))
	left, right, factor, ok := q.solver.Apart(solve.Equation{Sum: q.eqs[0].Sum, Axes: q.eqs[0].Axes}, g.sum)
	if !ok {
		return false
	}
	if factor == nil {
		factor = q.b.Num(rat.One)
	}
	q.lines = q.lines[:2] // the gradient and the constraint
	q.assigned, q.out.Conditions, q.out.Solutions = nil, nil, nil
	lambda := q.b.Var(q.lambda[0])
	if !vector {
		q.follow(0, x, solve.Step{Rule: "homogeneous", Operands: []*expr.Node{lambda, factor}, Left: left, Right: right})
		q.out.Outcome = NoClosedForm
		q.out.Remarks = append(q.out.Remarks, phrase("homogeneous", x.Sym.Name, q.lambda[0].Name))
		return true
	}
	q.follow(0, x, solve.Step{Rule: "eigenvectors", Operands: []*expr.Node{lambda, factor}, Left: left, Right: right})
	q.out.Outcome = Eigenvectors
	q.out.Remarks = append(q.out.Remarks, phrase("eigenvectors", x.Sym.Name))
	if c, ok := q.fail.Sum.Const(); ok && c.Sign() < 0 && q.bounded() {
		q.out.Remarks = append(q.out.Remarks, phrase("eigen-extremes", q.lambda[0].Name))
	}
	q.out.Remarks = append(q.out.Remarks, phrase("run-eigen"))
	return true
}

// bounded reports whether the constraint is a positive definite quadratic form less
// something that is constant, so that the points which satisfy it are a bounded set.
func (q *stationary) bounded() bool {
	v := q.low.Lower(q.prog.Side[0].Diff)
	s := q.prog.Wrt[0]
	h := q.derive(q.derive(view{v.S, raise.Axes{Rows: v.Rows, Cols: v.Cols}}, s), s)
	return simplify.Definite(q.simplify(h).sum)
}
