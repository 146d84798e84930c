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
	"example.com/nabla/internal/source"
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
			id := "several"
			if q.prog.Equation != nil {
				id += "-solutions"
			}
			if !l.step.Right.Shape.IsScalar() {
				id += "-entries"
			}
			if p := phrase(id); !slices.Contains(q.out.Remarks, p) {
				q.out.Remarks = append(q.out.Remarks, p)
			}
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
		q.weaker()
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
		multiplier := func(i int) bool { return i >= len(xs)-q.extra }
		// Numbers and what is as short are put in; multipliers are, unless the value
		// becomes too long to be read.
		for w, way := range []struct {
			which func(i int) bool
			limit int
		}{{func(int) bool { return true }, source.Width(q.text(value))}, {multiplier, longestValue}} {
			sum := q.solver.Back(q.joint, k, way.which)
			if vec && w == 0 || sum == part.Sum || multiplier(part.Index) {
				continue
			}
			n, form := q.rs.Raise(sum, x.Axes)
			if form == raise.Index || source.Width(q.text(n)) > way.limit {
				continue
			}
			value, vec = n, false
			q.add(x, solve.Step{Rule: "substitute", Left: q.b.Var(x.Sym), Right: n})
			q.lines[len(q.lines)-1].known = q.lambdaNames()
			if q.lagrange == nil {
				q.lines[len(q.lines)-1].known = q.laterNames(k)
			}
			break
		}
		symbol := q.b.Var(x.Sym)
		if vec {
			symbol = q.b.Node("vec", symbol)
		}
		q.out.Solutions = append(q.out.Solutions, SolvedValue{Unknown: x.Sym.Name, Symbol: q.text(symbol), Text: q.text(value),
			Language: print.Language(value, q.po).String(), LaTeX: q.latex(value), Shape: shapeString(symbol.Shape), Several: part.Several})
	}
}

// longestValue is the width of the longest value into which multipliers are put.
const longestValue = 120

// laterNames lists the unknowns that were solved for after part k.
func (q *stationary) laterNames(k int) string {
	var list []int
	for _, p := range q.joint.Parts[k+1:] {
		list = append(list, p.Index)
	}
	slices.Sort(list)
	return q.namesOf(list)
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

// failure says why there is no closed form.
func (q *stationary) failure() {
	f := q.fail
	x := q.unknowns[f.Index]
	name := saidName(x.Sym.Name)
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
			inside = q.said(q.b.Node(f.Op.Name, f.Operand))
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
				remark("no-solution-if", q.said(last.Left))
			}
		case q.lagrange != nil && f.Rest != nil && q.straight():
			if solve.Never(f.Rest) {
				remark("contradiction", q.said(last.Left))
			} else {
				remark("contradiction-generic", q.said(last.Left))
			}
		case q.prog.Equation != nil || q.lagrange != nil:
			remark("dropped", name)
			o.Outcome = NoClosedForm
		case f.Rest != nil && solve.Never(f.Rest):
			remark("free", name)
		default:
			remark("free-generic", q.said(last.Left))
		}
	case solve.NoSolution:
		if o.Outcome = NoStationaryPoint; q.prog.Equation != nil {
			o.Outcome = NoSolution
			remark("no-solution")
			break
		}
		remark("positive")
	case solve.Everywhere:
		o.Outcome = EveryPoint
		if len(q.unknowns) > 1 || q.prog.Equation != nil {
			o.Outcome = Underdetermined
			if f.Equation >= len(q.grads) && q.lagrange != nil {
				remark("redundant", name)
			} else {
				remark("dependent", name)
			}
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

// straight reports whether the constraints are linear in the unknowns and what was
// solved for took nothing for granted of them, so that what does not hold of the rest
// holds for no values of the unknowns.
func (q *stationary) straight() bool {
	for _, e := range q.prog.Side {
		if q.curved(e.Diff) {
			return false
		}
	}
	return !slices.ContainsFunc(q.joint.Parts, func(p solve.Part) bool {
		return slices.ContainsFunc(p.Conditions, func(c solve.Condition) bool {
			return slices.ContainsFunc(q.unknowns, func(u solve.Unknown) bool { return mentions(c.Node, u.Sym) })
		})
	})
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
		q.out.Remarks = append(q.out.Remarks, phrase("homogeneous", saidName(x.Sym.Name), saidName(q.lambda[0].Name)))
		return true
	}
	q.follow(0, x, solve.Step{Rule: "eigenvectors", Operands: []*expr.Node{lambda, factor}, Left: left, Right: right})
	q.out.Outcome = Eigenvectors
	q.out.Remarks = append(q.out.Remarks, phrase("eigenvectors", saidName(x.Sym.Name)))
	if c, ok := q.fail.Sum.Const(); ok && c.Sign() < 0 && q.bounded() {
		q.out.Remarks = append(q.out.Remarks, phrase("eigen-extremes", saidName(q.lambda[0].Name)))
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
