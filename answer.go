package nabla

import (
	"errors"
	"fmt"
	"time"

	"example.com/nabla/internal/diff"
	"example.com/nabla/internal/eval"
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/index"
	"example.com/nabla/internal/print"
	"example.com/nabla/internal/raise"
)

// derive differentiates v by one variable and arranges the result.
func (p *problem) derive(v view, s *expr.Symbol) view {
	a := p.st.Var(s, true)
	d := diff.Reverse(p.low, v.sum, []*index.Atom{a})[0]
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

// answer differentiates by the variables in turn and prints the result.
func (p *problem) answer(by []*expr.Symbol) error {
	v := p.f
	sym := symbol{f: p.res.Name, shape: p.prog.Result.Shape}
	vecUsed := false
	before := p.prog.Result // what the last derivative is taken of
	for i, s := range by {
		if i > 0 && !p.req.NoCheck {
			if n, form := p.rs.Raise(v.sum, v.axes); form != raise.Index {
				before = n
			}
		}
		next := p.derive(v, s)
		vecUsed = vecUsed || usesVec(v.axes, raise.Axes{Rows: axis(s.Shape.Rows), Cols: axis(s.Shape.Cols)})
		v = next
		sym.wrt = append(sym.wrt, s.Name)
		sym.kinds = append(sym.kinds, s.Shape)
	}
	if p.shows("index") {
		p.show("index", sym.text()+" = "+v.sum.String())
	}
	v, err := p.simplify(v)
	if err != nil {
		return err
	}
	structure, entries := "", eval.FreeEntries
	if p.req.Structured {
		if v, structure, entries, err = p.structured(v, by[0]); err != nil {
			return err
		}
	}
	n, form := p.rs.Raise(v.sum, v.axes)
	if n == nil {
		return &InternalError{"no matrix notation for " + v.sum.String()}
	}
	d := Derivative{Wrt: sym.wrt, Symbol: sym.text(), Layout: p.req.Layout, Identity: sym.identity(p.req.Layout),
		Form: Form(form.String()), Shape: shapeString(n.Shape), Structured: structure}
	if vecUsed {
		d.Vec = p.req.Vec
	}
	for _, s := range []*expr.Dim{n.Shape.Rows, n.Shape.Cols} {
		if !s.IsOne() {
			d.Dims = append(d.Dims, s.String())
		}
	}
	short := p.abbreviate(n)
	d.Text = print.Text(short, p.po).String()
	d.Language = print.Language(short, p.po).String()
	d.LaTeX = print.LaTeX(short, p.po).String()
	d.Assumptions = p.assumptions(v.sum)
	if v.sum.IsZero() {
		d.Zero = true
		d.Remark = fmt.Sprintf("%s does not depend on %s", p.res.Name, sym.wrt[0])
	}
	p.seconds += time.Since(p.begin)
	if !p.req.NoNumPy {
		d.NumPy = print.NumPy(print.Function{Builder: p.b, Results: []*expr.Node{n},
			Doc: []string{d.Symbol + " = " + d.Text, d.Shape + ", " + string(d.Layout) + " layout: " + d.Identity}})
	}
	if !p.req.NoCheck {
		c, err := p.check(before, n, by[len(by)-1], entries)
		if err != nil {
			return err
		}
		d.Check = c
	}
	p.begin = time.Now()
	p.res.Derivatives = append(p.res.Derivatives, d)
	return nil
}

// simplify runs the passes between differentiation and raising.
func (p *problem) simplify(v view) (view, error) {
	return v, nil
}

// check compares d with differences of f by s.
func (p *problem) check(f, d *expr.Node, s *expr.Symbol, entries eval.Structure) (*Check, error) {
	begin := time.Now()
	rep, err := eval.Check(&eval.Problem{Reg: p.eng.reg, F: f, D: d, X: s, Index: s.Family,
		Denominator: p.req.Layout == Denominator, ByRows: p.req.Vec == Rows, Structure: entries})
	var wrong *eval.Mismatch
	switch {
	case errors.As(err, &wrong):
		return nil, &InternalError{err.Error()}
	case err != nil:
		return &Check{Reason: err.Error()}, nil
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

func axis(d *expr.Dim) []int {
	if d.IsOne() {
		return nil
	}
	return []int{0}
}
