package print

import (
	"slices"
	"strings"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/rat"
)

// An IndexForm is a result that has no matrix notation: a sum of terms in index
// notation, as a matrix whose rows and columns are several indices each.
type IndexForm struct {
	// Sizes are the sizes of the indices, which are numbers from 0 on; Names are
	// their names, i, j, k, … if nil.
	Sizes []*expr.Dim
	Names []string
	// Rows and Cols are the free indices, the outer (slower) first.
	Rows, Cols []int
	Terms      []IndexTerm
}

// An IndexTerm is a coefficient times factors, summed over every index of theirs
// that is not free.
type IndexTerm struct {
	Coef    rat.Rat
	Factors []IndexFactor
}

// An IndexFactor is a power of an entry of a node: no index for a scalar, one
// for a vector or row, two for a matrix. With Node nil it is the Kronecker delta
// of two indices. For the variable of a family the last index is that of the member.
type IndexFactor struct {
	Node    *expr.Node
	Indices []int
	Exp     rat.Rat // 1 if it is not a number
	// Inner is a sum as a factor, in place of Node: its first indices, which are free,
	// are Indices here. It is for text and LaTeX alone.
	Inner *IndexForm
}

// StartTerm starts a term of x for a product over classes of indices: slot has the class of
// each free index 0, 1, …, dims the sizes of the classes. Two free indices of one class are a
// Kronecker delta; the other classes are numbered on. It returns the index of each class.
func StartTerm[Class ~int32](x *IndexForm, coef rat.Rat, slot []Class, dims []*expr.Dim) (t IndexTerm, at []int) {
	t.Coef, at = coef, make([]int, len(dims))
	for c := range at {
		at[c] = -1
	}
	for k, c := range slot {
		if at[c] < 0 {
			at[c] = k
		} else {
			t.Factors = append(t.Factors, IndexFactor{Indices: []int{at[c], k}, Exp: rat.One})
		}
	}
	for c := range at {
		if at[c] < 0 {
			at[c] = len(x.Sizes)
			x.Sizes = append(x.Sizes, dims[c])
		}
	}
	return t, at
}

// IsFamily reports whether the factor is an entry of a member of a family.
func (f *IndexFactor) IsFamily() bool {
	return f.Node != nil && f.Node.Op.Name == expr.OpVar && f.Node.Sym.Family != nil
}

// IndexText writes the entry of an IndexForm at its free indices in Unicode:
// Σ_{k,l} A[i,k] B[k,l] δ[l,j].
func IndexText(x *IndexForm, o *Options) string { return indexEntry(x, o, unicodeNotation) }

// IndexLaTeX writes the entry of an IndexForm at its free indices as LaTeX.
func IndexLaTeX(x *IndexForm, o *Options) string { return indexEntry(x, o, latexNotation) }

func indexEntry(x *IndexForm, o *Options, notation *notation) string {
	if o == nil {
		o = &Options{}
	}
	w := writer{notation: notation, options: o, names: o.Names}
	w.indexSum(x, x.IndexNames(o.Builder))
	return string(w.out)
}

func (w *writer) indexSum(x *IndexForm, names []string) {
	if len(x.Terms) == 0 {
		w.str("0")
	}
	for i, t := range x.Terms {
		switch negative := t.Coef.Sign() < 0; {
		case negative && i == 0:
			w.op(w.sign)
		case negative:
			w.op(w.minus)
		case i > 0:
			w.str(w.plus)
		}
		w.indexTerm(x, t, names)
	}
}

// IndexNames returns the names of the indices, chosen among i, j, k, … so that
// none is the name of a variable or size.
func (x *IndexForm) IndexNames(b *expr.Builder) []string {
	if x.Names != nil {
		return x.Names
	}
	w := writer{options: &Options{Builder: b}}
	var names []string
	for suffix := ""; len(names) < len(x.Sizes); suffix += "'" {
		for _, c := range "ijklrstuvwabcd" {
			if name := string(c) + suffix; len(names) < len(x.Sizes) && !w.reserved(name) {
				names = append(names, name)
			}
		}
	}
	return names
}

// At returns the form with names for its free indices, in the order of Sizes: names
// of indices or numbers from 1 on; no other has a name that is to be avoided. Each term's other indices are named anew. Where
// deltas have two equal names they are 1, and terms vanish where they have two
// different numbers.
func (x *IndexForm) At(b *expr.Builder, free []string, avoid ...string) *IndexForm {
	out := *x
	more := *x
	more.Names, more.Sizes = nil, append(slices.Clone(x.Sizes), x.Sizes...)
	for range avoid {
		more.Sizes = append(more.Sizes, b.One())
	}
	names := more.IndexNames(b)[len(free):]
	out.Names = slices.Clone(free)
	names = slices.DeleteFunc(names, func(s string) bool { return slices.Contains(free, s) || slices.Contains(avoid, s) })
	out.Names = append(out.Names, make([]string, len(x.Sizes)-len(free))...)
	isNumber := func(s string) bool { return s[0] >= '0' && s[0] <= '9' }
	out.Terms = nil
terms:
	for _, t := range x.Terms {
		var factors []IndexFactor
		bound := 0
		for i := len(free); i < len(x.Sizes); i++ { // in the order in which sums are written
			if t.has(i) {
				out.Names[i] = names[bound]
				bound++
			}
		}
		for _, f := range t.Factors {
			if f.Node == nil && f.Inner == nil && f.Indices[0] < len(free) && f.Indices[1] < len(free) {
				a, b := free[f.Indices[0]], free[f.Indices[1]]
				if a == b {
					continue
				}
				if isNumber(a) && isNumber(b) {
					continue terms
				}
			}
			factors = append(factors, f)
		}
		t.Factors = factors
		out.Terms = append(out.Terms, t)
	}
	return &out
}

// bound returns the indices that are not free, by number.
func (x *IndexForm) bound() []int {
	var list []int
	for i := range x.Sizes {
		if !x.free(i) {
			list = append(list, i)
		}
	}
	return list
}

func (x *IndexForm) free(i int) bool {
	for _, side := range [][]int{x.Rows, x.Cols} {
		for _, k := range side {
			if k == i {
				return true
			}
		}
	}
	return false
}

func (t *IndexTerm) has(i int) bool {
	for _, f := range t.Factors {
		for _, k := range f.Indices {
			if k == i {
				return true
			}
		}
	}
	return false
}

func (w *writer) indexTerm(x *IndexForm, t IndexTerm, names []string) {
	c := t.Coef.Abs()
	if top := c.Num(); !top.IsOne() {
		w.number(top)
		w.pending = true
	}
	open := false
	for _, i := range x.bound() {
		if !t.has(i) {
			continue
		}
		if open {
			w.out = append(w.out, ',')
		} else {
			w.str(map[bool]string{false: "Σ_{", true: `\sum_{`}[w.latex])
			open = true
		}
		w.out = append(w.out, names[i]...)
	}
	if open {
		w.out = append(w.out, "} "...)
	}
	if len(t.Factors) == 0 && !w.pending {
		w.number(rat.One)
	}
	w.pending = w.pending && !open && len(t.Factors) > 0
	for k, f := range t.Factors {
		if k > 0 {
			w.pending = true
		}
		w.indexFactor(f, names)
	}
	if d := c.Den(); !d.IsOne() {
		w.str("/")
		w.number(d)
	}
}

func (w *writer) indexFactor(f IndexFactor, names []string) {
	indices := f.Indices
	power := !f.Exp.Equal(rat.One) && f.Exp != (rat.Rat{})
	if f.Inner != nil {
		var at []string
		for _, k := range f.Indices {
			at = append(at, names[k])
		}
		inner := f.Inner.At(w.options.Builder, at, names...)
		w.str(map[bool]string{false: "(", true: `\left(`}[w.latex])
		w.indexSum(inner, inner.Names)
		w.str(map[bool]string{false: ")", true: `\right)`}[w.latex])
		if power {
			e, integer := f.Exp.Int64()
			w.superscript(false, integer, e, f.Exp)
		}
		return
	}
	switch {
	case f.Node == nil && w.latex:
		w.str(`\delta`)
	case f.Node == nil:
		w.str("δ")
	case f.IsFamily():
		member := names[indices[len(indices)-1]]
		indices = indices[:len(indices)-1]
		if w.latex {
			name := LaTeXName(f.Node.Sym.Name + "[" + member + "]")
			if len(indices) > 0 {
				name = indexable(name)
			}
			w.str(name)
		} else {
			w.str(f.Node.Sym.Name + "[" + member + "]")
		}
	case w.latex && len(f.Indices) > 0:
		name, ok := w.named(f.Node)
		if !ok && f.Node.Op.Name == expr.OpVar {
			name = f.Node.Sym.Name
		}
		open, end := "{", "}"
		if strings.Contains(LaTeXName(name), "_") {
			open, end = "(", ")" // W₁ with the index 21 is not W₁₂₁
		}
		w.str(open)
		w.node(f.Node, levelAtom)
		w.str(end)
	default:
		w.node(f.Node, levelAtom)
	}
	if len(indices) > 0 {
		w.str(map[bool]string{false: "[", true: "_{"}[w.latex])
		separator := ","
		if w.latex && !slices.ContainsFunc(indices, func(k int) bool { return len(names[k]) > 1 }) {
			separator = " "
		}
		for i, k := range indices {
			if i > 0 {
				w.str(separator)
			}
			w.str(names[k])
		}
		w.str(map[bool]string{false: "]", true: "}"}[w.latex])
	}
	if power {
		e, integer := f.Exp.Int64()
		w.superscript(false, integer, e, f.Exp)
	}
}

// indexable writes the LaTeX of a name so that an index may follow: what has an index
// already stands in brackets.
func indexable(tex string) string {
	if strings.Contains(tex, "_") {
		return "(" + tex + ")"
	}
	return "{" + tex + "}"
}

// IndexedName writes a name with indices after it, X[2,1].
func IndexedName(name string, at []string, latex bool) string {
	if !latex {
		if len(at) > 0 {
			name += "[" + strings.Join(at, ",") + "]"
		}
		return name
	}
	tex := LaTeXName(name)
	if len(at) == 0 {
		return tex
	}
	separator := " "
	if slices.ContainsFunc(at, func(s string) bool { return len(s) > 1 }) {
		separator = ","
	}
	return indexable(tex) + "_{" + strings.Join(at, separator) + "}"
}
