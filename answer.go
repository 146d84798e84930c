package nabla

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"example.com/nabla/internal/diff"
	"example.com/nabla/internal/eval"
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/index"
	"example.com/nabla/internal/message"
	"example.com/nabla/internal/print"
	"example.com/nabla/internal/raise"
	"example.com/nabla/internal/simplify"
)

// derive differentiates v by one variable and arranges the result.
func (p *problem) derive(v view, s *expr.Symbol) view {
	a := p.st.Var(s, true)
	var trace func(*index.Atom, *index.Sum)
	if p.shows("trace") {
		trace = func(b *index.Atom, adjoint *index.Sum) {
			p.show("trace", "adjoint of "+b.String()+": "+adjoint.String())
		}
	}
	d := diff.Reverse(p.low, v.sum, []*index.Atom{a}, trace)[0]
	if trace != nil {
		trace(a, d)
	}
	base := len(v.sum.Slots)
	var x raise.Axes
	for i := range a.Slots {
		switch {
		case i < a.RowAxes():
			x.Rows = append(x.Rows, base+i)
		case s.Family == nil || i < len(a.Slots)-1:
			x.Cols = append(x.Cols, base+i)
		}
	}
	return view{d, arrange(v.axes, x, p.req.Layout, p.req.Vec)}
}

// Limits of what is shown. A derivative of high order grows without bound; past
// these it is refused before it takes long.
const (
	maxOrder = 50
	maxTerms = 500
	maxSlots = 16
)

// answer differentiates by the variables in turn and prints the result.
func (p *problem) answer(by []*expr.Symbol) error {
	v := p.f
	sym := symbol{f: p.res.Name, shape: p.prog.Result.Shape}
	vecUsed := false
	before := v              // what the last derivative is taken of
	var steps []eval.Problem // before it, those that rest on what was shortened
	for k, s := range by {
		before = v
		if k == 0 {
			v = p.derive(v, s)
		} else {
			shortened := false
			v, shortened = p.further(v, func(v view) view { return p.derive(v, s) })
			if shortened && k < len(by)-1 {
				steps = append(steps, p.step(before, v, by[:k+1]))
			}
		}
		if len(v.sum.Terms) > maxTerms || len(v.sum.Slots) > maxSlots {
			return plainError(say("the derivative of order %d is too large to be shown: %d terms with %d indices",
				len(sym.wrt)+1, len(v.sum.Terms), len(v.sum.Slots)))
		}
		vecUsed = vecUsed || usesVec(before.axes, raise.Axes{Rows: axis(s.Shape.Rows), Cols: axis(s.Shape.Cols)})
		sym.wrt = append(sym.wrt, memberName(s))
		sym.kinds = append(sym.kinds, s.Shape)
	}
	last := by[len(by)-1]
	if p.shows("index") {
		p.show("index", sym.text()+" = "+v.sum.String())
	}
	v = p.simplify(v)
	structure, entries := "", eval.FreeEntries
	if p.req.Structured || p.req.Constraint != "" {
		var err error
		if v, structure, entries, err = p.structured(v, by[0]); err != nil {
			return err
		}
	}
	d := Derivative{Wrt: sym.wrt, Symbol: sym.text(), SymbolLaTeX: sym.latex(), Layout: p.req.Layout, Identity: sym.identity(p.req.Layout),
		IdentityLaTeX: sym.identityLaTeX(p.req.Layout),
		Structured:    structure}
	if vecUsed {
		d.Vec = p.req.Vec
	}
	n, form := p.rs.Raise(v.sum, v.axes)
	d.Form = Form(form.String())
	var tensor *print.IndexForm
	if form == raise.Index && last.Family != nil {
		return plainError(say("the derivative by one member %s has an entry of a function of all members, which has no notation", memberName(last)))
	}
	if form == raise.Index {
		x, ok := p.indexForm(v)
		if !ok {
			return noNotation(sym.text())
		}
		p.printIndexForm(&d, x, v)
		tensor = x
	} else {
		// Terms of several families have the index of one of them.
		if free := expr.FreeIndices(n); last.Family != nil && len(free) == 1 {
			n = p.rs.Distinct(p.b.Reindex(n, free[0], last.Family))
		}
		n = p.abbreviate(n)
		p.printMatrixForm(&d, n)
	}
	assumptions := p.assumptions(v.sum, by)
	d.Assumptions, d.AssumptionsZH = message.English(assumptions), message.Chinese(assumptions)
	if v.sum.IsZero() {
		d.Zero = true
		remark := say("%s does not depend on %s", p.res.Name, sym.wrt[0])
		d.Remark, d.RemarkZH = remark.En, remark.Zh
	}
	p.seconds += time.Since(p.begin)
	p.last = answered{sym: sym, view: v, of: before, node: n}
	if !p.req.NoNumPy && !p.req.TextOnly {
		d.NumPy = p.numpy(&d, n, tensor)
	}
	if !p.req.NoCheck {
		if n != nil {
			var err error
			if n, err = p.reread(d.Text, n); err != nil {
				return err
			}
		}
		for i := range steps {
			if _, err := runCheck(&steps[i]); err != nil {
				return err
			}
		}
		pr := p.step(before, v, by)
		pr.Structure = entries
		if n != nil {
			pr.D, pr.DView = n, nil
		}
		c, err := runCheck(&pr)
		if err != nil {
			return err
		}
		d.Check, p.last.check = c, pr
	}
	p.begin = time.Now()
	p.nodes = append(p.nodes, n)
	p.all = append(p.all, p.last)
	p.res.Derivatives = append(p.res.Derivatives, d)
	return nil
}

// printMatrixForm fills in the texts of an answer in matrix notation.
func (p *problem) printMatrixForm(d *Derivative, n *expr.Node) {
	d.Shape = shapeString(n.Shape)
	for _, s := range []*expr.Dim{n.Shape.Rows, n.Shape.Cols} {
		if !s.IsOne() {
			d.Dims = append(d.Dims, s.String())
		}
	}
	text := print.Text(n, p.po)
	d.Text, d.Line = text.String(), text.Result
	for _, w := range text.Definitions {
		d.Where = append(d.Where, Named{Name: w.Name, Text: w.Text})
	}
	if p.req.TextOnly {
		return
	}
	latex := print.LaTeX(n, p.po)
	d.LineLaTeX = latex.Result
	d.LaTeX, d.Language = latex.String(), print.Language(n, p.po).String()
	for i, w := range latex.Definitions {
		d.Where[i].LaTeX = w.Text
	}
}

// step is the problem to compare a view with differences of what it is the derivative of
// by the last of some variables.
func (p *problem) step(before, v view, by []*expr.Symbol) eval.Problem {
	s := by[len(by)-1]
	pr := eval.Problem{Reg: p.b, F: p.prog.Result, DView: p.evalView(v), X: s, Index: s.Family,
		Denominator: p.req.Layout == Denominator, ByRows: p.req.Vec == Rows}
	if len(by) > 1 {
		pr.F, pr.FView = p.checkable(before, by)
	}
	return pr
}

// checkable returns what the next derivative is taken of, for the check: a node if
// there is one, else index form beside the original expression. Notation rests on
// the facts of variables, which do not hold where differences are taken.
func (p *problem) checkable(v view, by []*expr.Symbol) (*expr.Node, *eval.View) {
	if slices.ContainsFunc(by, func(s *expr.Symbol) bool { return s.Facts != 0 }) {
		return p.prog.Result, p.evalView(v)
	}
	if n, form := p.rs.Raise(v.sum, v.axes); form != raise.Index {
		return n, nil
	}
	return p.prog.Result, p.evalView(v)
}

func (p *problem) evalView(v view) *eval.View {
	return &eval.View{Sum: v.sum, Rows: v.axes.Rows, Cols: v.axes.Cols}
}

// simplify runs the passes between differentiation and raising: the declared facts
// of the variables are in force again, and groups that are shorter multiplied out
// are.
func (p *problem) simplify(v view) view {
	return view{simplify.Shorten(p.st, simplify.Restore(p.st, v.sum)), v.axes}
}

// runCheck compares an answer with differences. A mismatch is an internal error;
// where nothing could be compared the record says why.
func runCheck(pr *eval.Problem) (*Check, error) {
	begin := time.Now()
	rep, err := eval.Check(pr)
	var wrong *eval.Mismatch
	switch {
	case errors.As(err, &wrong):
		return nil, &InternalError{err.Error()}
	case err != nil:
		reason := message.Of(err)
		return &Check{Reason: reason.En, ReasonZH: reason.Zh}, nil
	}
	c := &Check{Points: rep.Points, MaxError: rep.MaxError, Elapsed: time.Since(begin)}
	for _, set := range rep.Sizes {
		text := ""
		for i, s := range set {
			if i > 0 {
				text += ", "
			}
			text += fmt.Sprintf("%s = %d", s.Name, s.Value)
		}
		c.Sizes = append(c.Sizes, text)
	}
	return c, nil
}

// memberName is the name that a derivative is by: x[i] for a family.
func memberName(s *expr.Symbol) string {
	if s.Family == nil {
		return s.Name
	}
	return s.Name + "[" + s.Family.Name + "]"
}

func axis(d *expr.Dim) []int {
	if d.IsOne() {
		return nil
	}
	return []int{0}
}
