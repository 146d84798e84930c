package nabla

import (
	"slices"
	"strings"

	"example.com/nabla/internal/check"
	"example.com/nabla/internal/convex"
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/index"
	"example.com/nabla/internal/message"
	"example.com/nabla/internal/print"
	"example.com/nabla/internal/raise"
	"example.com/nabla/internal/rat"
	"example.com/nabla/internal/solve"
)

// kind says what the stationary points are, from curvature: of the function in all
// unknowns, or in one after the other with the values of those before put in. The least
// value over several variables is the least over the last of the least over the first.
func (q *stationary) kind() error {
	k := &q.out.Kind
	k.Point = "unknown"
	if q.prog.Equation != nil && q.out.Outcome == NoClosedForm {
		q.out.Remarks = append(q.out.Remarks, phrase("run-root"))
	}
	if q.prog.Equation != nil || q.out.Outcome == Eigenvectors || q.out.Outcome == NoStationaryPoint || q.out.Outcome == EveryPoint {
		return nil
	}
	whole, err := q.curvatureOf(q.prog.Result, q.prog.Wrt)
	if err != nil {
		return err
	}
	if q.out.Outcome != Solved {
		q.advise(whole)
		return nil
	}
	k.Unique = !slices.ContainsFunc(q.out.Solutions, func(v SolvedValue) bool { return v.Several })
	stages := []curved{whole}
	if len(whole.verdicts) == 0 && q.lagrange == nil && len(q.unknowns) > 1 {
		if stages, err = q.stages(); err != nil {
			return err
		}
	}
	if q.lagrange != nil && slices.ContainsFunc(q.prog.Side, func(e check.Equation) bool { return q.curved(e.Diff) }) {
		k.Text = phrase("kind-curved")
		return nil
	}
	if q.sayKind(stages) {
		q.otherwise()
		return nil
	}
	switch {
	case q.traceless():
		k.Point = "saddle"
		k.Text = phrase("kind-traceless")
	case q.indefinite():
		k.Point = "saddle"
		k.Text = phrase("kind-indefinite")
	case q.scalarKind():
	case whole.neither:
		k.Text = phrase("kind-neither", q.saidNames())
	default:
		k.Text = phrase("kind-unknown", q.saidNames())
	}
	return nil
}

// stages looks at the unknowns one after the other, in the order of the solution.
func (q *stationary) stages() ([]curved, error) {
	f := q.prog.Result
	var out []curved
	for k := range q.joint.Parts {
		p := &q.joint.Parts[k]
		if p.Index != p.Equation || p.Vec {
			return nil, nil
		}
		c, err := q.curvatureOf(f, []*expr.Symbol{p.Unknown.Sym})
		if err != nil {
			return nil, err
		}
		if len(c.verdicts) != 1 || slices.ContainsFunc(c.verdicts[0].Conditions, func(d convex.Condition) bool {
			return d.Node == nil || slices.ContainsFunc(q.prog.Wrt, func(s *expr.Symbol) bool { return mentions(d.Node, s) })
		}) {
			return nil, nil // a condition on other unknowns does not hold whatever the rest
		}
		out = append(out, c)
		f = q.b.Replace(f, map[*expr.Node]*expr.Node{q.b.Var(p.Unknown.Sym): p.Value})
	}
	return out, nil
}

// sayKind writes the statement that stages of one direction each prove.
func (q *stationary) sayKind(stages []curved) bool {
	if len(stages) == 0 || len(stages[0].verdicts) == 0 {
		return false
	}
	k := &q.out.Kind
	word := func(v *convex.Verdict) (point, curvature Phrase) {
		if v.Curvature == convex.Concave {
			return Phrase{"maximum", "最大点"}, Phrase{"concave", "凹函数"}
		}
		return Phrase{"minimum", "最小点"}, Phrase{"convex", "凸函数"}
	}
	variable := func(c *curved) string {
		var names []string
		for _, s := range c.wrt {
			names = append(names, saidName(s.Name))
		}
		if c.inverse != nil {
			return q.said(c.inverse)
		}
		return strings.Join(names, ", ")
	}
	among, amongZh := "", ""
	if q.lagrange != nil {
		among, amongZh = " among the points that satisfy the constraints", "满足约束的点中的"
	}
	first := &stages[0].verdicts[0]
	point, _ := word(first)
	for i := range stages {
		for j := range stages[i].verdicts {
			cut := restriction(&stages[i].verdicts[j])
			switch {
			case cut == nil:
			case len(stages) > 1 || len(stages[0].verdicts) > 1:
				return false
			default:
				en, zh := q.saidCondition(cut)
				among += " among those where " + en
				amongZh += "限于 " + zh + " 时的"
			}
		}
	}
	if len(stages) > 1 {
		var en, zh []string
		var all []convex.Condition
		for i := range stages {
			v := &stages[i].verdicts[0]
			if v.Curvature != first.Curvature {
				return false
			}
			all = append(all, v.Conditions...)
			_, c := word(v)
			if i == 0 {
				en = append(en, c.En+" in "+variable(&stages[i])+" whatever the rest")
				zh = append(zh, "无论其余变量取何值，对 "+variable(&stages[i])+" 是"+c.Zh)
			} else {
				en = append(en, "then, with what is known put in, in "+variable(&stages[i]))
				zh = append(zh, "代入后对 "+variable(&stages[i])+" 仍是"+c.Zh)
			}
		}
		if len(all) > 2 {
			return false
		}
		k.Point, k.Global = point.En, true
		k.Text = Phrase{"global " + point.En + ": " + saidName(q.out.Name) + " is " + strings.Join(en, ", "),
			"全局" + point.Zh + "：" + saidName(q.out.Name) + " " + strings.Join(zh, "，")}
		if len(all) > 0 {
			c, z := q.conditionText(all)
			k.Text.En, k.Text.Zh = k.Text.En+", if "+c, k.Text.Zh+"（若 "+z+"）"
			k.Point = "conditional"
		}
		q.only()
		return true
	}
	c := &stages[0]
	_, curvature := word(first)
	if first.Unconditional() {
		k.Point, k.Global = point.En, restriction(first) == nil
		k.Text = Phrase{"global " + point.En + among + ": " + saidName(q.out.Name) + " is " + curvature.En + " in " + variable(c),
			amongZh + "全局" + point.Zh + "：" + saidName(q.out.Name) + " 对 " + variable(c) + " 是" + curvature.Zh}
		q.only()
		return true
	}
	k.Point, k.Global = "conditional", true
	var en, zh []string
	exact := len(c.verdicts) == 2 && q.lagrange == nil && len(q.joint.Parts) == 1 && q.constantHessian()
	for i := range c.verdicts {
		v := &c.verdicts[i]
		p, w := word(v)
		e, z := q.conditionText(v.Conditions)
		en = append(en, "global "+p.En+among+" if "+e+", where "+saidName(q.out.Name)+" is "+w.En)
		zh = append(zh, "若 "+z+"，则 "+saidName(q.out.Name)+" 是"+w.Zh+"，驻点为"+amongZh+"全局"+p.Zh)
		exact = exact && len(v.Conditions) == 1 && (v.Conditions[0].Exact || v.Conditions[0].Node == q.joint.Parts[0].Operator)
	}
	if exact {
		en, zh = append(en, "otherwise a saddle point"), append(zh, "否则为鞍点")
	}
	k.Text = Phrase{strings.Join(en, "; "), strings.Join(zh, "；")}
	return true
}

// only adds that the stationary point is the only one.
func (q *stationary) only() {
	if k := &q.out.Kind; k.Unique {
		k.Text.En, k.Text.Zh = k.Text.En+"; there is no other", k.Text.Zh+"；且唯一"
	}
}

func (q *stationary) names() string {
	var names []string
	for _, s := range q.prog.Wrt {
		names = append(names, s.Name)
	}
	return strings.Join(names, ", ")
}

// hessians calls f for each block ∂²f/∂x∂y of the Hessian in the unknowns that are
// differentiated by.
func (q *stationary) hessians(f func(i, j int, h *index.Sum)) {
	for i, s := range q.prog.Wrt {
		g := q.derive(q.f, s)
		for j, t := range q.prog.Wrt {
			h := q.derive(g, t)
			f(i, j, q.simplify(h).sum)
		}
	}
}

// constantHessian reports whether the Hessian does not depend on the unknowns.
func (q *stationary) constantHessian() bool {
	constant := true
	q.hessians(func(i, j int, h *index.Sum) {
		for _, u := range q.unknowns {
			constant = constant && !solve.DependsOn(h, u.Atom)
		}
	})
	return constant
}

// traceless reports whether the Hessian is constant and its diagonal blocks are zero
// while others are not, as that of xᵀAy: it has eigenvalues of both signs.
func (q *stationary) traceless() bool {
	if q.lagrange != nil || len(q.prog.Wrt) < 2 || !q.constantHessian() {
		return false
	}
	zero, some := true, false
	q.hessians(func(i, j int, h *index.Sum) {
		if i == j {
			zero = zero && h.IsZero()
		} else {
			some = some || !h.IsZero()
		}
	})
	return zero && some
}

// indefinite reports whether the Hessian is a matrix of numbers, each times the identity,
// with eigenvalues of both signs: one of its principal minors of order two is negative,
// or its diagonal has both signs. It is then so at any size.
func (q *stationary) indefinite() bool {
	if q.lagrange != nil {
		return false
	}
	n := len(q.prog.Wrt)
	c := make([][]rat.Rat, n)
	for i := range c {
		c[i] = make([]rat.Rat, n)
	}
	ok := true
	q.hessians(func(i, j int, h *index.Sum) {
		c[i][j] = rat.Zero
		if h.IsZero() {
			return
		}
		t := &h.Terms[0]
		if len(h.Terms) > 1 || len(t.Factors) > 0 || len(t.Slot)%2 != 0 || len(t.Dims) != len(t.Slot)/2 {
			ok = false
			return
		}
		for k := range len(t.Slot) / 2 {
			ok = ok && t.Slot[k] == t.Slot[len(t.Slot)/2+k]
		}
		c[i][j] = t.Coef
	})
	if !ok {
		return false
	}
	for i := range n {
		for j := range i {
			if c[i][i].Mul(c[j][j]).Cmp(c[i][j].Mul(c[j][i])) < 0 {
				return true
			}
		}
	}
	return false
}

// scalarKind decides by the sign of the second derivative at the value found, for one
// scalar unknown.
func (q *stationary) scalarKind() bool {
	if len(q.unknowns) != 1 || !q.prog.Wrt[0].Shape.IsScalar() || len(q.joint.Parts) != 1 {
		return false
	}
	u := q.unknowns[0]
	var at *index.Sum
	q.hessians(func(_, _ int, h *index.Sum) {
		at = solve.Substitute(q.st, h, map[*index.Atom]*index.Sum{u.Atom: q.joint.Parts[0].Sum})
	})
	sign := solve.Sign(at)
	if sign == 0 {
		return false
	}
	n, form := q.rs.Raise(at, raise.Axes{})
	if form == raise.Index {
		return false
	}
	k := &q.out.Kind
	if sign > 0 {
		k.Point = "minimum"
		k.Text = phrase("kind-local-minimum", q.said(n))
	} else {
		k.Point = "maximum"
		k.Text = phrase("kind-local-maximum", q.said(n))
	}
	return true
}

// advise says what to run where there is no closed form.
func (q *stationary) advise(c curved) {
	if q.out.Outcome != NoClosedForm {
		return
	}
	kink := slices.ContainsFunc(q.b.Nodes(), func(n *expr.Node) bool { return n.Op.Kink && q.fail != nil && q.fail.Failure.Kind == solve.Inside })
	if q.lagrange != nil {
		q.out.Remarks = append(q.out.Remarks, phrase("run-constrained"))
		return
	}
	id, en, zh := "run-local", q.saidNames(), q.saidNames()
	if len(c.verdicts) > 0 && c.inverse == nil {
		v := &c.verdicts[0]
		switch {
		case kink && v.Curvature == convex.Convex:
			id = "run-kink"
		case kink:
		case v.Curvature == convex.Convex:
			id = "run-convex"
		default:
			id = "run-concave"
		}
		if !v.Unconditional() {
			e, z := q.conditionText(v.Conditions)
			en, zh = en+" if "+e, zh+"（若 "+z+"）"
		}
	}
	p := phrase(id, "\x00")
	q.out.Remarks = append(q.out.Remarks, Phrase{strings.ReplaceAll(p.En, "\x00", en), strings.ReplaceAll(p.Zh, "\x00", zh)})
}

// conditionText lists conditions in both languages.
func (q *stationary) conditionText(list []convex.Condition) (en, zh string) {
	for i := range list {
		if i > 0 {
			en, zh = en+" and ", zh+"且 "
		}
		e, z := q.saidCondition(&list[i])
		en, zh = en+e, zh+z
	}
	return en, zh
}

// saidCondition is a condition with what is a formula of it marked: all, or its operand.
func (q *stationary) saidCondition(c *convex.Condition) (en, zh string) {
	if c.Chinese == "" || c.Chinese == c.Text {
		en = message.Formula(c.Text, c.LaTeX)
		return en, en
	}
	if c.Node != nil {
		x := q.text(c.Node)
		e, isEn := strings.CutPrefix(c.Text, x+" ")
		z, isZh := strings.CutPrefix(c.Chinese, x+" ")
		if isEn && isZh {
			return q.said(c.Node) + " " + e, q.said(c.Node) + " " + z
		}
	}
	return c.Text, c.Chinese
}

// said is a node as a formula in a sentence.
func (q *stationary) said(n *expr.Node) string { return message.Formula(q.text(n), q.latex(n)) }

// saidName is a name as a formula in a sentence.
func saidName(name string) string { return message.Formula(name, print.LaTeXName(name)) }

// saidNames are the variables as formulas in a sentence.
func (q *stationary) saidNames() string {
	var names []string
	for _, s := range q.prog.Wrt {
		names = append(names, saidName(s.Name))
	}
	return strings.Join(names, ", ")
}

// otherwise says what holds of normal equations whose matrix is singular: they can be
// solved all the same, since f has a least value.
func (q *stationary) otherwise() {
	if len(q.joint.Parts) != 1 || q.lagrange != nil || q.out.Kind.Point != "minimum" {
		return
	}
	p := &q.joint.Parts[0]
	if p.Steps[len(p.Steps)-1].Rule != "left-inverse" {
		return
	}
	singular := slices.ContainsFunc(p.Conditions, func(c solve.Condition) bool { return c.Kind == solve.Invertible && c.Node == p.Operator })
	for _, l := range q.out.Lines {
		if l.Rule != "normal-equations" || !singular || p.Vec {
			continue
		}
		at := slices.IndexFunc(q.lines, func(l line) bool { return l.step.Rule == "normal-equations" })
		right := q.lines[at].step.Right
		if right.Shape.Rows != p.Operator.Shape.Cols {
			return // the operator stands on the right as well
		}
		n := q.b.Node(expr.OpMul, q.b.Node("pinv", p.Operator), right)
		q.out.Remarks = append(q.out.Remarks, phrase("otherwise", message.Formula(p.Unknown.Sym.Name+" = "+q.text(n), print.LaTeXName(p.Unknown.Sym.Name)+" = "+q.latex(n))))
	}
}
