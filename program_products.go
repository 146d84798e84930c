package nabla

import (
	"slices"

	"example.com/nabla/internal/eval"
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/index"
	"example.com/nabla/internal/plan"
	"example.com/nabla/internal/print"
	"example.com/nabla/internal/raise"
	"example.com/nabla/internal/rat"
)

// Products of derivatives with directions and cotangents are gradients of scalars: of
// ⟨∂f/∂X, V⟩ for a Hessian, of ⟨U, F⟩ for an adjoint Jacobian, of that along V for a
// Jacobian. No step has more than two axes.

// product is a Hessian or Jacobian times a direction, or the adjoint Jacobian times a
// cotangent.
func (g *programmer) product(r *plan.Result, s *expr.Symbol) error {
	if r.What == AdjointJacobian {
		d, err := g.adjoint(s)
		if err != nil {
			return err
		}
		return g.named(r, d, s, "the adjoint of ∂"+g.p.res.Name+"/∂"+memberName(s)+" at "+nameOf(g.extra[nil], "1"))
	}
	v := g.direction(s)
	if r.What == HessianVector && g.req.Joint {
		h, err := g.jointHessianTimes(s)
		if err != nil {
			return err
		}
		return g.named(r, h, s, "the part of "+s.Name+" in the Hessian by all variables times their directions")
	}
	if r.What == HessianVector {
		h, err := g.hessianTimes(s, s, v)
		if err != nil {
			return err
		}
		return g.named(r, h, s, "the Hessian by "+s.Name+" times "+v.Name)
	}
	h, err := g.jacobianTimes(s, v)
	if err != nil {
		return err
	}
	return g.named(r, h, nil, "the derivative in the direction "+v.Name)
}

// adjoint is the gradient of the function, or of its inner product with the cotangent if
// it is no scalar, in the arrangement of the argument.
func (g *programmer) adjoint(s *expr.Symbol) (view, error) {
	p := g.p
	u := p.f.sum
	if !p.f.scalar() {
		u = g.inner(u, p.st.Var(g.cotangent(), true), slices.Concat(p.f.axes.Rows, p.f.axes.Cols))
	}
	return g.gradient(u, s, g.argumentAxes(p.st.Var(s, true), s))
}

// gradient differentiates a scalar sum and compares with differences.
func (g *programmer) gradient(of *index.Sum, by *expr.Symbol, axes raise.Axes) (view, error) {
	d := g.p.derive(view{sum: of}, by)
	d.axes = axes
	return d, g.verify(of, d, by)
}

// directional is the inner product of a gradient with a direction.
func (g *programmer) directional(d view, v *expr.Symbol) *index.Sum {
	return g.inner(d.sum, g.p.st.Var(v, true), seq(len(d.sum.Slots)))
}

// hessianTimes is the gradient by s of a scalar's gradient by another variable along v: no
// matrix of the Hessian's size occurs.
func (g *programmer) hessianTimes(s, by, v *expr.Symbol) (view, error) {
	d, err := g.adjoint(by)
	if err != nil {
		return d, err
	}
	h, _ := g.p.further(d, func(d view) view {
		h := g.p.derive(view{sum: g.directional(d, v)}, s)
		h.axes = g.argumentAxes(g.p.st.Var(s, true), s)
		return h
	})
	return h, g.verify(g.directional(d, v), h, s)
}

// jointHessianTimes is the gradient by s of a scalar's derivative along the directions of
// all variables.
func (g *programmer) jointHessianTimes(s *expr.Symbol) (view, error) {
	p := g.p
	if g.joint == nil {
		b := p.st.Build(nil)
		for _, w := range p.prog.Wrt {
			d, err := g.adjoint(w)
			if err != nil {
				return d, err
			}
			g.addInner(b, d.sum, p.st.Var(g.direction(w), true), seq(len(d.sum.Slots)))
		}
		g.joint = b.Sum()
	}
	h, _ := p.further(view{sum: g.joint}, func(joint view) view {
		h := p.derive(joint, s)
		h.axes = g.argumentAxes(p.st.Var(s, true), s)
		return h
	})
	return h, g.verify(g.joint, h, s)
}

// jacobianTimes is the derivative in the direction v. What is no scalar is the gradient,
// by the cotangent, of what its adjoint has along v.
func (g *programmer) jacobianTimes(s, v *expr.Symbol) (view, error) {
	d, err := g.adjoint(s)
	if err != nil {
		return d, err
	}
	t := g.directional(d, v)
	if g.p.f.scalar() {
		return view{sum: t}, nil
	}
	rows, cols := len(g.p.f.axes.Rows), len(g.p.f.axes.Cols)
	return g.gradient(t, g.cotangent(), raise.Axes{Rows: seq(rows), Cols: shift(seq(cols), rows)})
}

func nameOf(s *expr.Symbol, other string) string {
	if s == nil {
		return other
	}
	return s.Name
}

// shift adds n to each index.
func shift(list []int, n int) []int {
	for i := range list {
		list[i] += n
	}
	return list
}

// argumentAxes are the axes of a derivative of a scalar by s in the arrangement of the
// argument; of a family by one member.
func (g *programmer) argumentAxes(x *index.Atom, s *expr.Symbol) raise.Axes {
	n := len(x.Slots)
	if s.Family != nil {
		n--
	}
	rows := x.RowAxes()
	return raise.Axes{Rows: seq(rows), Cols: shift(seq(n-rows), rows)}
}

// named fills in a product's value and documentation. It has the shape of the variable s,
// or of the function where that is nil.
func (g *programmer) named(r *plan.Result, v view, s *expr.Symbol, what string) error {
	v = g.p.simplify(v)
	if s != nil && s.Family != nil {
		g.document(r, what+", for "+memberName(s), what, g.ofMember(v, s.Family))
		return g.memberwise(r, v, s)
	}
	n, form := g.rs.Raise(v.sum, v.axes)
	if form == raise.Index {
		x, ok := g.p.indexForm(v)
		if !ok {
			return noNotation(what)
		}
		r.Value = g.low.IndexForm(x)
		r.Shape = expr.Shape{Rows: r.Value.Rows, Cols: r.Value.Cols}
	} else {
		r.Value, r.Shape = g.low.Result(n), n.Shape
	}
	// For people, members are written as they are in the program.
	n, form = g.p.rs.Raise(v.sum, v.axes)
	if form == raise.Index {
		n = nil
	}
	g.document(r, what, what, n)
	g.doc = append(g.doc, shapeString(r.Shape))
	return nil
}

// document writes what a result is, with its formula after the colon, or other words where
// it has none.
func (g *programmer) document(r *plan.Result, what, other string, n *expr.Node) {
	if n == nil {
		r.Text = other
		g.doc = append(g.doc, "", r.Text)
		return
	}
	text := print.Text(n, g.p.po)
	r.Text = what + ": " + text.String()
	if len(text.Definitions) == 0 {
		g.doc = append(g.doc, "", r.Text)
		return
	}
	g.doc = append(g.doc, "", what+": "+text.Result+", where")
	for _, d := range text.Definitions {
		g.doc = append(g.doc, "  "+d.Name+" = "+d.Text)
	}
}

// verify compares a derivative of a scalar sum with differences.
func (g *programmer) verify(of *index.Sum, d view, by *expr.Symbol) error {
	p := g.p
	if p.req.NoCheck {
		return nil
	}
	if by.Family != nil {
		return g.verifyMembers(view{sum: of}, d.sum, by)
	}
	pr := &eval.Problem{Reg: p.b, X: by, Denominator: true}
	if slices.ContainsFunc(p.prog.Wrt, func(s *expr.Symbol) bool { return s.Facts != 0 }) {
		// Notation rests on facts, which do not hold where differences are taken.
		pr.F, pr.FView, pr.DView = p.prog.Result, p.evalView(view{sum: of}), p.evalView(d)
	} else {
		// The text of an answer has members of families; so have the nodes that are compared.
		n, form := p.rs.Raise(of, raise.Axes{})
		dn, dform := p.rs.Raise(d.sum, d.axes)
		if form == raise.Index || dform == raise.Index {
			return nil
		}
		pr.F, pr.D = n, dn
	}
	_, err := runCheck(pr)
	return err
}

// inner is Σ of s times the atom a, slot at[k] of s being slot k of the atom.
func (g *programmer) inner(s *index.Sum, a *index.Atom, at []int) *index.Sum {
	b := g.p.st.Build(nil)
	g.addInner(b, s, a, at)
	return b.Sum()
}

// addInner adds it to b.
func (g *programmer) addInner(b *index.SumBuilder, s *index.Sum, a *index.Atom, at []int) {
	st := g.p.st
	for i := range s.Terms {
		r := st.Raw(nil)
		idx := make([]index.Ix, len(s.Slots))
		for k, d := range s.Slots {
			idx[k] = r.Class(d)
		}
		r.MulTerm(&s.Terms[i], idx)
		of := make([]index.Ix, len(at))
		for k, slot := range at {
			of[k] = idx[slot]
		}
		r.MulAtom(a, of, rat.One)
		b.Add(r)
	}
}

// direction is the variable dX for a direction of X, made once.
func (g *programmer) direction(s *expr.Symbol) *expr.Symbol {
	if d := g.extra[s]; d != nil {
		return d
	}
	d := g.likeVariable("d"+s.Name, s)
	g.extra[s] = d
	return d
}

// likeVariable makes a variable of the shape of another.
func (g *programmer) likeVariable(name string, s *expr.Symbol) *expr.Symbol {
	d := g.p.b.NewSymbol(g.freshName(name), s.Kind, s.Shape, 0)
	d.Family = s.Family
	g.refine(d, g.p.st.Axis(s, false), g.p.st.Axis(s, true))
	return d
}

// cotangent is the variable of the function's shape that its adjoint is applied to.
func (g *programmer) cotangent() *expr.Symbol {
	if c := g.extra[nil]; c != nil {
		return c
	}
	f := g.p.f
	shape := g.p.prog.Result.Shape
	kind := expr.Matrix
	if shape.Cols.IsOne() {
		kind = expr.Vector
	}
	c := g.p.b.NewSymbol(g.freshName("cotangent"), kind, shape, 0)
	var rows, cols []*expr.Dim
	for _, k := range f.axes.Rows {
		rows = append(rows, f.sum.Slots[k])
	}
	for _, k := range f.axes.Cols {
		cols = append(cols, f.sum.Slots[k])
	}
	g.refine(c, rows, cols)
	g.extra[nil] = c
	return c
}

// refine gives the axes of a variable the parts that they have elsewhere.
func (g *programmer) refine(s *expr.Symbol, rows, cols []*expr.Dim) {
	if len(rows) > 1 {
		g.p.st.RefineAxis(s, false, rows)
	}
	if len(cols) > 1 {
		g.p.st.RefineAxis(s, true, cols)
	}
}

// freshName returns name, with _ after it until no variable or size has it.
func (g *programmer) freshName(name string) string {
	for g.p.b.LookupSize(name) != nil || slices.ContainsFunc(g.p.b.Symbols(), func(s *expr.Symbol) bool { return s.Name == name }) {
		name += "_"
	}
	return name
}
