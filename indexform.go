package nabla

import (
	"slices"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/index"
	"example.com/nabla/internal/print"
	"example.com/nabla/internal/raise"
)

// indexForm writes a view term by term in index notation, each factor a scalar,
// vector or matrix in matrix notation with its indices. It is the last resort:
// most answers have a matrix form. ok is false for a factor with more than two
// indices that is no product.
func (p *problem) indexForm(v view) (form *print.IndexForm, ok bool) {
	return p.indexSum(v, false)
}

// entryForm is indexForm with the sums among the factors, such as X w − y, written in
// entries too.
func (p *problem) entryForm(v view) (form *print.IndexForm, ok bool) {
	return p.indexSum(v, true)
}

func (p *problem) indexSum(v view, groups bool) (form *print.IndexForm, ok bool) {
	form = &print.IndexForm{Sizes: slices.Clone(v.sum.Slots), Rows: v.axes.Rows, Cols: v.axes.Cols}
	for i := range v.sum.Terms {
		if !p.indexTerm(form, &v.sum.Terms[i], groups) {
			return nil, false
		}
	}
	return form, true
}

// indexTerm adds a term.
func (p *problem) indexTerm(form *print.IndexForm, t *index.Term, groups bool) bool {
	out, at := print.StartTerm(form, t.Coef, t.Slot, t.Dims)
	for i := range t.Factors {
		f := &t.Factors[i]
		x := print.IndexFactor{Exp: f.Exp}
		var ok bool
		if slots := len(f.Atom.Slots); groups && f.Atom.Kind == index.GroupAtom && slots > 0 {
			x.Inner, ok = p.indexSum(view{f.Atom.Args[0], raise.Axes{Rows: seq(slots)}}, true)
		} else {
			x.Node, ok = p.operand(f.Atom)
		}
		if !ok {
			return false
		}
		for _, c := range f.Idx {
			x.Indices = append(x.Indices, at[c])
		}
		out.Factors = append(out.Factors, x)
	}
	form.Terms = append(form.Terms, out)
	return true
}

// operand raises an atom with its slots as a scalar, vector or matrix.
func (p *problem) operand(a *index.Atom) (*expr.Node, bool) {
	if len(a.Slots) > 2 {
		return nil, false
	}
	n, form := p.rs.Raise(p.st.AtomSum(a, a.Slots, seq(len(a.Slots))), natural(len(a.Slots)))
	return n, form != raise.Index
}

// printIndexForm fills in the texts of an answer in index notation: the entry at
// the free indices, which the remark names.
func (p *problem) printIndexForm(d *Derivative, x *print.IndexForm, v view) {
	names := x.IndexNames(p.b)
	side := func(slots []int) (size *expr.Dim, list string) {
		size = p.b.One()
		for i, s := range slots {
			if i > 0 {
				list += ", "
			}
			size = p.b.Mul(size, v.sum.Slots[s])
			list += names[s]
		}
		return size, list
	}
	rows, r := side(v.axes.Rows)
	cols, c := side(v.axes.Cols)
	d.Shape = shapeString(expr.Shape{Rows: rows, Cols: cols})
	for _, s := range []*expr.Dim{rows, cols} {
		if !s.IsOne() {
			d.Dims = append(d.Dims, s.String())
		}
	}
	d.Text, d.LaTeX = print.IndexText(x, p.po), print.IndexLaTeX(x, p.po)
	d.Language = d.Text
	remark := say("no matrix notation was found: this is the entry in row (%s), the first index being the slower", r)
	if c != "" {
		remark = say("no matrix notation was found: this is the entry in row (%s) and column (%s), the first index being the slower", r, c)
	}
	d.Remark, d.RemarkZH = remark.En, remark.Zh
}

// noNotation refuses a formula of which not even the entries can be written: an operator that
// takes whole rows or columns stands in it along an axis that is made of several.
func noNotation(what string) error {
	return plainError(say("%s has no notation: it has entries of a function of whole rows or columns along an axis that is made of several", what))
}
