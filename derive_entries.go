package nabla

import (
	"errors"
	"slices"
	"unicode/utf8"

	"example.com/nabla/internal/check"
	"example.com/nabla/internal/derive"
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/paper"
	"example.com/nabla/internal/print"
)

// byEntries adds how the derivative of a vector by a vector follows from its
// definition: one entry ∂fⱼ/∂xᵢ, and how the entries are laid out. Scalars and rows
// count as vectors; a scalar by a vector is shown where an unknown function occurs.
func (p *problem) byEntries(pap *paper.Paper, k int) error {
	d := &p.res.Derivatives[k]
	f, x := p.prog.Result.Shape, p.prog.Wrt[k]
	if f.IsMatrix() || x.Shape.IsMatrix() || x.Family != nil || d.Zero || p.req.Order > 1 {
		return nil
	}
	if slices.ContainsFunc(p.prog.Vars, func(v check.Var) bool { return v.Occurs && v.Symbol.Family != nil }) {
		return nil // x[i] is a member, not an entry
	}
	if f.IsScalar() && (x.Shape.IsScalar() || !p.unknownFunctions()) {
		return nil
	}
	v := p.simplify(p.derive(p.f, x))
	if len(v.axes.Rows) > 1 || len(v.axes.Cols) > 1 {
		return nil // an index of kron(x, y) is two
	}
	form, ok := p.indexForm(v)
	if !ok {
		return nil
	}
	names := slices.Clone(form.IndexNames(p.b))
	fi, xi := "", ""
	slot := 0
	if !f.IsScalar() {
		fi, slot = names[0], 1
	}
	if !x.Shape.IsScalar() {
		xi = names[slot]
	}
	if fi != "" && xi != "" && p.req.Layout == Denominator {
		names[0], names[1] = names[1], names[0] // rows have the first letter
		fi, xi = names[0], names[1]
	}
	form.Names = names
	o := &print.Options{Builder: p.b}
	fName, xName := p.res.Name, x.Name
	fEntry, xEntry := entryOf(fName, fi), entryOf(xName, xi)
	symbol := paper.Formula{Text: d.Symbol, LaTeX: d.SymbolLaTeX}
	partial := paper.Formula{Text: "∂" + fEntry + "/∂" + xEntry,
		LaTeX: `\frac{\partial ` + print.LaTeXName(fEntry) + `}{\partial ` + print.LaTeXName(xEntry) + `}`}
	at, atTeX := xi, xi
	switch {
	case fi != "" && xi != "":
		row, col := xi, fi
		if p.req.Layout == Numerator {
			row, col = fi, xi
		}
		at, atTeX = row+","+col, row+col
	case xi == "":
		at, atTeX = fi, fi
	}
	lhs := paper.Formula{Text: "(" + d.Symbol + ")[" + at + "]", LaTeX: `\left(` + d.SymbolLaTeX + `\right)_{` + atTeX + `}`}
	value := paper.Formula{Text: print.IndexText(form, o), LaTeX: print.IndexLaTeX(form, o)}
	if utf8.RuneCountInString(value.Text) > widest {
		return nil
	}
	// The entry is compared with differences, as every line is.
	e := &entry{p: p, a: &p.all[k], form: form}
	worst, err := derive.CheckEntries(p.b, form, len(v.sum.Slots), &e.a.check, e.place)
	var wrong *derive.Mistake
	switch {
	case errors.As(err, &wrong):
		return &InternalError{wrong.Message}
	case err != nil:
		return nil
	}
	note := func(id string) []paper.Note { return []paper.Note{derive.Note(id)} }
	b := paper.Block{ID: "entries", Heading: paper.Words{En: "By the definition", Zh: "按定义"}}
	laid := p.laidOut(f, x.Shape, fName, xName)
	pap.Inline[laid.LaTeX] = laid.Text
	pap.Inline[symbol.LaTeX] = symbol.Text
	b.Intro = []paper.Words{{
		En: "Each entry of $" + symbol.LaTeX + "$ is a partial derivative; in " + string(p.req.Layout) + " layout they stand as $" + laid.LaTeX + "$.",
		Zh: "$" + symbol.LaTeX + "$ 的每个元素是一个偏导数；按" + layoutZh[p.req.Layout] + "布局排列为 $" + laid.LaTeX + "$。",
	}}
	b.Lines = []paper.Line{
		{Lhs: lhs, Rhs: partial, Notes: note("layout")},
		{Rhs: value, Notes: note("entry"), Checked: true, Error: worst},
		{Lhs: symbol, Rhs: paper.Formula{Text: d.Line, LaTeX: d.LineLaTeX}, Result: true, Checked: true, Error: worst,
			Notes: note("entries-laid-out")},
	}
	pap.Blocks = append(pap.Blocks, b)
	return nil
}

var layoutZh = map[Layout]string{Denominator: "分母", Numerator: "分子"}

// unknownFunctions reports whether the expression has one.
func (p *problem) unknownFunctions() bool {
	return slices.ContainsFunc(p.b.Symbols(), func(s *expr.Symbol) bool { return s.Kind == expr.Function })
}

func entryOf(name, index string) string {
	if index == "" {
		return name
	}
	return name + "[" + index + "]"
}

// laidOut writes the matrix of partial derivatives.
func (p *problem) laidOut(f, x expr.Shape, fName, xName string) paper.Formula {
	length := func(s expr.Shape) string {
		if s.IsRow() {
			return s.Cols.String()
		}
		return s.Rows.String()
	}
	part := func(fi, xi string) string {
		return `\frac{\partial ` + print.LaTeXName(entryOf(fName, fi)) + `}{\partial ` + print.LaTeXName(entryOf(xName, xi)) + `}`
	}
	text := func(fi, xi string) string { return "∂" + entryOf(fName, fi) + "/∂" + entryOf(xName, xi) }
	m, n := length(f), length(x)
	switch {
	case f.IsScalar() && !x.IsRow():
		return paper.Formula{Text: "[" + text("", "1") + "; …; " + text("", n) + "]",
			LaTeX: `\begin{bmatrix} ` + part("", "1") + ` \\ \vdots \\ ` + part("", n) + ` \end{bmatrix}`}
	case f.IsScalar():
		return paper.Formula{Text: "[" + text("", "1") + ", …, " + text("", n) + "]",
			LaTeX: `\begin{bmatrix} ` + part("", "1") + ` & \cdots & ` + part("", n) + ` \end{bmatrix}`}
	case x.IsScalar() && (p.req.Layout == Numerator) == f.IsRow() || x.IsScalar() && p.req.Layout == Denominator && f.IsVector():
		return paper.Formula{Text: "[" + text("1", "") + ", …, " + text(m, "") + "]",
			LaTeX: `\begin{bmatrix} ` + part("1", "") + ` & \cdots & ` + part(m, "") + ` \end{bmatrix}`}
	case x.IsScalar():
		return paper.Formula{Text: "[" + text("1", "") + "; …; " + text(m, "") + "]",
			LaTeX: `\begin{bmatrix} ` + part("1", "") + ` \\ \vdots \\ ` + part(m, "") + ` \end{bmatrix}`}
	}
	at := func(row, col string) string { return part(col, row) }
	atText := func(row, col string) string { return text(col, row) }
	rows, cols := n, m
	if p.req.Layout == Numerator {
		at = func(row, col string) string { return part(row, col) }
		atText = func(row, col string) string { return text(row, col) }
		rows, cols = m, n
	}
	return paper.Formula{
		Text: "[" + atText("1", "1") + ", …, " + atText("1", cols) + "; …; " + atText(rows, "1") + ", …, " + atText(rows, cols) + "]",
		LaTeX: `\begin{bmatrix} ` + at("1", "1") + ` & \cdots & ` + at("1", cols) + ` \\ \vdots & \ddots & \vdots \\ ` +
			at(rows, "1") + ` & \cdots & ` + at(rows, cols) + ` \end{bmatrix}`,
	}
}
