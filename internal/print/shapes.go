package print

import (
	"bytes"
	"slices"
	"unicode/utf8"

	"example.com/nabla/internal/expr"
)

// A Mark says that a part of a text has a shape.
type Mark struct {
	From, To int // the part, counted in characters from 0
	Shape    string
}

// marked writes n with the shape of each factor, which is what a reader takes in
// as one thing: a name, a transpose, an inverse, a power, the value of a function,
// whatever stands in brackets. Within a factor nothing is marked, so that shapes
// are never nested; a scalar has no shape, and what it is made of is marked instead.
func (w *writer) marked(n *expr.Node, min int) {
	w.factorOf(n.Shape, w.isUnit(n), func() { w.bare(n, min) })
}

// factorOf has write put down a part of the given shape, with a mark if the part
// is a factor: a unit, or in brackets. Whether there are brackets is seen from the
// text; if there are none, it is written once more with marks on its own factors.
func (w *writer) factorOf(shape expr.Shape, unit bool, write func()) {
	before := *w
	w.marking = false
	write()
	w.marking = true
	from := len(before.out)
	part := trimJoin(w.out[from:])
	if !unit && !bracketed(part) {
		out, marks := w.out, before.marks
		*w = before
		w.out, w.marks = out[:from], marks
		write()
		return
	}
	from = len(w.out) - len(part)
	if w.latex {
		head := append(append([]byte(`\underset{\,`), w.shape(shape)...), `\,}{`...)
		w.out = append(slices.Insert(w.out, from, head...), '}')
		return
	}
	w.marks = append(w.marks, span{from, len(w.out), string(w.shape(shape))})
}

// A span is a Mark counted in bytes of the text under way.
type span struct {
	from, to int
	shape    string
}

// trimJoin cuts the product sign off that was due before a part.
func trimJoin(part []byte) []byte {
	for _, sign := range []string{"·", ` \cdot `, ` \, `} {
		part = bytes.TrimPrefix(part, []byte(sign))
	}
	return bytes.TrimLeft(part, " ")
}

// isUnit reports whether n is written as one thing whatever is around it.
func (w *writer) isUnit(n *expr.Node) bool {
	if _, ok := w.named(n); ok {
		return true
	}
	switch n.Op.Name {
	case expr.OpVar, expr.OpMember, expr.OpApply, expr.OpT, expr.OpInv, expr.OpMPow, "eye", "ones", "zeros":
		return true
	case expr.OpElPow: // with a negative number it is a quotient
		k := n.Args[1]
		return k.Op.Name != expr.OpNum || k.Num.Sign() >= 0
	case expr.OpNum, expr.OpNeg, expr.OpMul, expr.OpDiv, expr.OpAdd, expr.OpHadamard, expr.OpElDiv, expr.OpSumOver:
		return false
	}
	return w.pattern(n.Op).Level >= levelPostfix
}

// bracketed reports whether one pair of brackets holds all of a text.
func bracketed(text []byte) bool {
	text = bytes.TrimPrefix(text, []byte(`\left`))
	if len(text) == 0 || text[0] != '(' || text[len(text)-1] != ')' {
		return false
	}
	depth := 0
	for i, c := range text {
		switch c {
		case '(':
			depth++
		case ')':
			depth--
		}
		if depth == 0 {
			return i == len(text)-1
		}
	}
	return false
}

// shape writes m×n, mn×1, (m + n)×1.
func (w *writer) shape(s expr.Shape) []byte {
	if !w.latex {
		return append(append(denseSize(s.Rows), "×"...), denseSize(s.Cols)...)
	}
	v := &writer{notation: w.notation, options: w.options}
	v.size(s.Rows, levelProduct)
	v.out = append(v.out, ` \times `...)
	v.numeral, v.sizeName, v.pending = false, false, false
	v.size(s.Cols, levelProduct)
	return v.out
}

// denseSize writes one size as densely as can be: factors of one letter side by side.
func denseSize(d *expr.Dim) []byte {
	dense := true
	d.Terms(func(_ int64, pows []expr.DimPow) {
		for _, p := range pows {
			dense = dense && utf8.RuneCountInString(p.Name.Name) == 1
		}
	})
	v := &writer{notation: unicodeNotation, options: &Options{}}
	v.size(d, levelProduct)
	out := v.dotted()
	if dense {
		out = bytes.ReplaceAll(out, []byte("·"), nil)
		if _, _, one := d.Monomial(); one {
			out = bytes.ReplaceAll(out, []byte(" "), nil) // 2n
		}
	}
	return out
}

// takeMarks returns the marks of what was written, counted in characters.
func (w *writer) takeMarks() []Mark {
	var marks []Mark
	for _, s := range w.marks {
		from := utf8.RuneCount(w.out[:s.from])
		marks = append(marks, Mark{from, from + utf8.RuneCount(w.out[s.from:s.to]), s.shape})
	}
	return marks
}
