package code

import (
	"slices"
	"strings"
	"unicode"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/plan"
)

// align writes an array with its axes in another order and new ones. New axes before all
// others need not be written: they come by themselves.
func (d *pythonDialect) align(w *Writer, v *plan.Value) (string, int) {
	text := w.Arg(v.Args[0], pyAtom)
	var order []int
	for _, p := range v.Perm {
		if p >= 0 {
			order = append(order, p)
		}
	}
	n := len(order)
	swapped := slices.Clone(order)
	if n > 1 {
		swapped[n-1], swapped[n-2] = swapped[n-2], swapped[n-1]
	}
	switch {
	case slices.IsSorted(order):
	case n == 2:
		text += ".T"
	case slices.IsSorted(swapped):
		text += ".swapaxes(" + itoa(n-2) + ", " + itoa(n-1) + ")"
	default:
		text += "." + d.permute + "(" + numbers(order) + ")"
	}
	first := slices.IndexFunc(v.Perm, func(p int) bool { return p >= 0 })
	if !slices.Contains(v.Perm[first:], -1) {
		return text, pyAtom
	}
	var at []string
	for _, p := range v.Perm[first:] {
		if p < 0 {
			at = append(at, "None")
		} else {
			at = append(at, ":")
		}
	}
	return text + "[" + strings.Join(at, ", ") + "]", pyAtom
}

// numbers writes integers between commas.
func numbers(list []int) string {
	text := make([]string, len(list))
	for k, i := range list {
		text[k] = itoa(i)
	}
	return strings.Join(text, ", ")
}

// tuple writes integers as one or as a tuple.
func tuple(list []int) string {
	if len(list) == 1 {
		return itoa(list[0])
	}
	return "(" + numbers(list) + ")"
}

// einsum writes a sum of products as a sum over axes, a product of matrices for each value of
// the axes before, a product over axes of two arrays, or else by its indices.
func (d *pythonDialect) einsum(w *Writer, v *plan.Value) (string, int) {
	s := v.Spec
	a, result := s.Operands[0], s.Result
	if len(v.Args) == 1 {
		var kept, axes []int
		for k, i := range a {
			if slices.Contains(result, i) {
				kept = append(kept, i)
			} else {
				axes = append(axes, k)
			}
		}
		if slices.Equal(kept, result) && len(axes) > 0 && distinct(a) {
			return d.module + ".sum(" + w.Arg(v.Args[0], 0) + ", " + d.axis + "=" + tuple(axes) + ")", pyAtom
		}
		return d.subscripts(w, v)
	}
	b := s.Operands[1]
	if stackedProduct(a, b, result) {
		return w.Form(form{"^1 @ ^2", pyProduct, ""}, v)
	}
	var summed, at, bt []int
	for k, i := range a {
		if !slices.Contains(result, i) {
			summed, at = append(summed, i), append(at, k)
			bt = append(bt, slices.Index(b, i))
		}
	}
	rest := func(list []int) []int {
		return slices.DeleteFunc(slices.Clone(list), func(i int) bool { return slices.Contains(summed, i) })
	}
	if slices.Equal(result, slices.Concat(rest(a), rest(b))) && distinct(result) && !slices.Contains(bt, -1) {
		f := form{d.module + ".tensordot($1, $2, (" + tuple(at) + ", " + tuple(bt) + "))", pyAtom, ""}
		if d.module == "torch" {
			f.text = "torch.tensordot($1, $2, dims=([" + numbers(at) + "], [" + numbers(bt) + "]))"
		}
		return w.Form(f, v)
	}
	return d.subscripts(w, v)
}

func distinct(list []int) bool {
	for k, i := range list {
		if slices.Contains(list[:k], i) {
			return false
		}
	}
	return true
}

// stackedProduct reports whether the operator of matrix products computes the sum: over the
// last axis of a and the last but one of b, or the only one, where the axes before are equal
// or only one operand's.
func stackedProduct(a, b, result []int) bool {
	s := a[len(a)-1]
	if slices.Contains(result, s) || !distinct(a) || !distinct(b) {
		return false
	}
	p, rows := a[:max(len(a)-2, 0)], a[max(len(a)-2, 0):len(a)-1]
	if len(b) == 1 {
		return b[0] == s && slices.Equal(result, a[:len(a)-1])
	}
	q, cols := b[:len(b)-2], b[len(b)-1:]
	if b[len(b)-2] != s {
		return false
	}
	switch {
	case len(q) == 0:
	case len(p) == 0:
		p = q
	case !slices.Equal(p, q):
		return false
	}
	return slices.Equal(result, slices.Concat(p, rows, cols))
}

// subscripts writes einsum with a letter for each index: the first of the name of its size,
// or the next that is free.
func (d *pythonDialect) subscripts(w *Writer, v *plan.Value) (string, int) {
	letters := make([]rune, len(v.Spec.Sizes))
	for i, size := range v.Spec.Sizes {
		c := unicode.ToLower(firstLetter(size))
		for slices.Contains(letters[:i], c) {
			if c++; c > 'z' {
				c = 'a'
			}
		}
		letters[i] = c
	}
	text := func(list []int) string {
		s := ""
		for _, i := range list {
			s += string(letters[i])
		}
		return s
	}
	var subscripts, args []string
	for k, a := range v.Args {
		subscripts = append(subscripts, text(v.Spec.Operands[k]))
		args = append(args, w.Arg(a, 0))
	}
	out := d.module + ".einsum('" + strings.Join(subscripts, ",") + "->" + text(v.Spec.Result) + "', " + strings.Join(args, ", ")
	return out + ")", pyAtom
}

func firstLetter(d *expr.Dim) rune {
	for _, c := range d.String() {
		if c < unicode.MaxASCII && unicode.IsLetter(c) {
			return c
		}
	}
	return 'i'
}
