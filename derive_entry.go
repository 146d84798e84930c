package nabla

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"example.com/nabla/internal/check"
	"example.com/nabla/internal/derive"
	"example.com/nabla/internal/eval"
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/message"
	"example.com/nabla/internal/paper"
	"example.com/nabla/internal/print"
)

// An entry is one entry of a derivative, as a formula in entries.
type entry struct {
	p *problem
	a *answered
	// at are the indices as they were asked for: of the function's entry, then of the
	// variable's; names or numbers from 1 on.
	at   []string
	form *print.IndexForm // in general, with the free indices first
	// full is the form with the sums among its factors in entries too; nil if it has none.
	full *print.IndexForm
	// functionIndices of at are those of the function.
	functionIndices int
	// least are the sizes that the numbers in at need.
	least []eval.LeastSize
}

// entryOf returns the asked entry of the k-th derivative.
func (p *problem) entryOf(req *DeriveRequest, k int) (*entry, error) {
	a := &p.all[k]
	d := &p.res.Derivatives[k]
	e := &entry{p: p, a: a, at: req.Entry}
	x := p.prog.Wrt[k]
	f := p.prog.Result.Shape
	e.functionIndices = axes(f)
	want := e.functionIndices + axes(x.Shape)
	if want == 0 {
		return nil, plainError(say("%s is a scalar, it has no entries", d.Symbol))
	}
	if len(req.Entry) != want {
		example := []string{"i", "j", "k", "l"}[:want]
		has := "an entry of %s has %d indices, as in %s; found %s"
		if want == 1 {
			has = "an entry of %s has %d index, as in %s; found %s"
		}
		err := plainError(say(has, d.Symbol, want, strings.Join(example, ","), strings.Join(req.Entry, ",")))
		if e.functionIndices > 0 && axes(x.Shape) > 0 {
			err.suggest(say("first those of an entry of %s, then those of an entry of %s", p.res.Name, x.Name))
		}
		return nil, err
	}
	var dims []*expr.Dim
	for _, s := range []expr.Shape{f, x.Shape} {
		for _, n := range []*expr.Dim{s.Rows, s.Cols} {
			if !n.IsOne() {
				dims = append(dims, n)
			}
		}
	}
	for i, name := range req.Entry {
		of, shape := p.res.Name, f
		if i >= e.functionIndices {
			of, shape = x.Name, x.Shape
		}
		if err := p.entryIndex(name, dims[i], of, shape); err != nil {
			return nil, err
		}
		if n, err := strconv.Atoi(name); err == nil {
			e.least = append(e.least, eval.LeastSize{Dim: dims[i], Min: n})
		}
	}
	if a.check.F == nil || x.Family != nil || !slices.Equal(a.view.sum.Slots, dims) {
		return nil, plainError(say("no formula in entries is known for %s", d.Symbol))
	}
	full, ok := p.entryForm(a.view)
	if !ok || !evaluable(full) {
		full = nil
	}
	form, ok := p.indexForm(a.view)
	switch {
	case ok && evaluable(form):
		e.form = form
		if full != nil {
			nested := false
			derive.EachFactor(full, func(f *print.IndexFactor) { nested = nested || f.Inner != nil })
			if nested {
				e.full = full
			}
		}
	case full != nil:
		e.form = full
	default:
		return nil, plainError(say("no formula in entries is known for %s", d.Symbol))
	}
	return e, nil
}

// evaluable reports whether every factor of a form has a value by itself.
func evaluable(x *print.IndexForm) bool {
	ok := true
	derive.EachFactor(x, func(f *print.IndexFactor) {
		ok = ok && (f.Node == nil || f.IsFamily() || !mentionsFamily(f.Node))
	})
	return ok
}

// mentionsFamily reports whether the members of a family stand in n as one matrix, or
// one of them with an index that n does not sum over.
func mentionsFamily(n *expr.Node, summed ...*expr.Index) bool {
	switch n.Op.Name {
	case expr.OpVar:
		return n.Sym.Family != nil
	case expr.OpMember, expr.OpIndex:
		return !slices.Contains(summed, n.Index)
	case expr.OpSumOver:
		summed = append(slices.Clip(summed), n.Index)
	}
	return slices.ContainsFunc(n.Args, func(a *expr.Node) bool { return mentionsFamily(a, summed...) })
}

// axes counts the indices of an entry.
func axes(s expr.Shape) int {
	n := 0
	for _, d := range []*expr.Dim{s.Rows, s.Cols} {
		if !d.IsOne() {
			n++
		}
	}
	return n
}

// mostRows bounds the numbers of an entry, so that examples stay small.
const mostRows = 12

// entryIndex refuses what is no index of an axis of the given size.
func (p *problem) entryIndex(s string, size *expr.Dim, of string, shape expr.Shape) error {
	if n, err := strconv.Atoi(s); err == nil {
		most, fixed := size.Const()
		switch {
		case n < 1:
			return plainError(say("indices count from 1, found %s", s))
		case fixed && int64(n) > most:
			return plainError(say("the index %s is out of range: %s is %s", s, of, shapeString(shape)))
		case !fixed && n > mostRows:
			return plainError(say("the index %s is larger than %d; a name in its place gives the general entry", s, mostRows))
		}
		return nil
	}
	for i, r := range s {
		if !unicode.IsLetter(r) && (i == 0 || !unicode.IsDigit(r)) {
			return plainError(say("an index is a number or a name, found %s", strconv.Quote(s)))
		}
	}
	if s == "" {
		return plainError(say("an index is a number or a name, found %s", strconv.Quote(s)))
	}
	taken := p.prog.Lookup(s) != nil || p.b.LookupSize(s) != nil || p.res.Name == s ||
		slices.ContainsFunc(p.prog.Defs, func(d check.Def) bool { return d.Name == s })
	if taken {
		return plainError(say("%s is a name of the program, and cannot be the name of an index", s))
	}
	return nil
}

// symbol is the left-hand side at the given indices: ∂f[k]/∂X[2,1].
func (e *entry) symbol(at []string) paper.Formula {
	f, ft := subscripted(e.p.res.Name, at[:e.functionIndices])
	x, xt := subscripted(e.a.check.X.Name, at[e.functionIndices:])
	return paper.Formula{Text: "∂" + f + "/∂" + x, LaTeX: `\frac{\partial ` + ft + `}{\partial ` + xt + `}`}
}

func subscripted(name string, at []string) (text, latex string) {
	return print.IndexedName(name, at, false), print.IndexedName(name, at, true)
}

// place returns the row and column of an entry in the layout, counted from 0.
func (e *entry) place(b *eval.Board, at []int) (row, col int) {
	side := func(slots []int) int {
		k := 0
		for _, s := range slots {
			k = k*b.Size(e.form.Sizes[s]) + at[s]
		}
		return k
	}
	return side(e.a.view.axes.Rows), side(e.a.view.axes.Cols)
}

// block writes the entry, whose formula has been compared with differences at all
// values of the indices.
func (e *entry) block(pap *paper.Paper) (paper.Block, error) {
	first, err := e.line(e.form)
	if err != nil {
		return paper.Block{}, err
	}
	lhs := e.symbol(e.at)
	whole := paper.Formula{Text: e.a.sym.text(), LaTeX: e.a.sym.latex()}
	pap.Inline[whole.LaTeX] = whole.Text
	b := paper.Block{ID: "entry", Heading: paper.Words{En: "One entry", Zh: "一个元素"}}
	note := paper.Words{En: "one entry of $" + whole.LaTeX + "$", Zh: "$" + whole.LaTeX + "$ 的一个元素"}
	if row, col, ok := e.rowAndColumn(); ok {
		note = paper.Words{En: "row " + row, Zh: "第 " + row + " 行"}
		if col != "" {
			note = paper.Words{En: note.En + ", column " + col, Zh: note.Zh + "第 " + col + " 列"}
		}
		note = paper.Words{En: note.En + " of $" + whole.LaTeX + "$", Zh: "$" + whole.LaTeX + "$ 的" + note.Zh}
	}
	first.Lhs, first.Notes = lhs, []paper.Note{{ID: "one-entry", Name: note}}
	b.Lines = []paper.Line{first}
	if e.full == nil {
		return b, nil
	}
	second, err := e.line(e.full)
	if err != nil {
		return paper.Block{}, err
	}
	second.Notes = []paper.Note{{ID: "in-entries", Name: paper.Words{En: "its factors in entries too", Zh: "因子也写成元素"}}}
	if utf8.RuneCountInString(lhs.Text+second.Rhs.Text) <= widest {
		b.Lines = append(b.Lines, second)
	}
	return b, nil
}

// line is the right side of a line for a form of the entry, compared with differences.
func (e *entry) line(form *print.IndexForm) (paper.Line, error) {
	worst, err := derive.CheckEntries(e.p.b, form, len(e.at), &e.a.check, e.place)
	var wrong *derive.Mistake
	switch {
	case errors.As(err, &wrong):
		return paper.Line{}, &InternalError{wrong.Message}
	case err != nil:
		return paper.Line{}, plainError(say("the entry could not be compared with numbers: %s", message.Of(err)))
	}
	form = form.At(e.p.b, e.at)
	o := &print.Options{Builder: e.p.b, Names: e.p.po.Names}
	return paper.Line{Rhs: paper.Formula{Text: print.IndexText(form, o), LaTeX: print.IndexLaTeX(form, o)}, Checked: true, Error: worst}, nil
}

// rowAndColumn says where the entry stands, if rows and columns are one index each.
func (e *entry) rowAndColumn() (row, col string, ok bool) {
	ax := e.a.view.axes
	if len(ax.Rows) > 1 || len(ax.Cols) > 1 || len(ax.Rows) == 0 {
		return "", "", false
	}
	row = e.at[ax.Rows[0]]
	if len(ax.Cols) == 1 {
		col = e.at[ax.Cols[0]]
	}
	return row, col, true
}

// numbers returns the entry in a worked example: named indices are 2 where they come
// first and the size allows it, and 1 elsewhere.
func (e *entry) numbers(b *eval.Board) []derive.InstanceEntry {
	at := make([]int, len(e.at))
	names := make([]string, len(e.at))
	for i, s := range e.at {
		n, err := strconv.Atoi(s)
		if k := slices.Index(e.at[:i], s); err != nil && k >= 0 {
			n = at[k] + 1
		} else if err != nil {
			n = 1
			if i == 0 && b.Size(e.form.Sizes[i]) > 1 {
				n = 2
			}
		}
		if n > b.Size(e.form.Sizes[i]) {
			return nil
		}
		at[i], names[i] = n-1, strconv.Itoa(n)
	}
	v, err := derive.EntryValue(b, e.form, at)
	if err != nil {
		return nil
	}
	row, col := e.place(b, at)
	return []derive.InstanceEntry{{Name: e.symbol(names), Row: row, Col: col, Value: v}}
}

// entries adds the asked entry of each derivative.
func (p *problem) entries(req *DeriveRequest, pap *paper.Paper) ([]*entry, error) {
	var list []*entry
	for k := range p.res.Derivatives {
		e, err := p.entryOf(req, k)
		if err != nil {
			return nil, err
		}
		b, err := e.block(pap)
		if err != nil {
			return nil, err
		}
		if n := len(pap.Blocks); n > 0 && pap.Blocks[n-1].ID == b.ID {
			pap.Blocks[n-1].Lines = append(pap.Blocks[n-1].Lines, b.Lines...)
		} else {
			pap.Blocks = append(pap.Blocks, b)
		}
		list = append(list, e)
	}
	return list, nil
}
