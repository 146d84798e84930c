package code

import (
	"strings"

	"example.com/nabla/internal/plan"
)

// A form is how something is written: in Text $1, $2 are operands between commas or
// brackets, #1 an operand that must bind like a name, ~1 one at the level of the whole,
// ^1 one that binds tighter; %1, %2 are the sizes Dims, %R and %C the rows and columns
// of the result. A helper is source that the text needs.
type form struct {
	text   string
	level  int
	helper string
}

// Form writes v by a form.
func (w *Writer) Form(f form, v *plan.Value) (string, int) {
	if f.helper != "" {
		w.Helper(f.helper)
	}
	args := make([]string, len(v.Args))
	var b strings.Builder
	t := f.text
	for i := 0; i < len(t); i++ {
		c := t[i]
		next := byte(0)
		if i+1 < len(t) {
			next = t[i+1]
		}
		k := int(next) - '1'
		switch {
		case c == '%' && (next == 'R' || next == 'C'):
			d := v.Rows
			if next == 'C' {
				d = v.Cols
			}
			b.WriteString(w.Size(d, bracketed(t, i, 2)))
		case c == '%' && k >= 0 && k < len(v.Dims):
			b.WriteString(w.Size(v.Dims[k], bracketed(t, i, 2)))
		case (c == '$' || c == '#' || c == '~' || c == '^') && k >= 0 && k < len(v.Args):
			min := 0
			switch c {
			case '#':
				min = w.Top
			case '~':
				min = f.level
			case '^':
				min = f.level + 1
			}
			if args[k] == "" {
				args[k] = w.Operand(v, k, min)
			}
			b.WriteString(args[k])
		default:
			b.WriteByte(c)
			continue
		}
		i++
	}
	return b.String(), f.level
}

// bracketed returns the level that a size needs at t[i:i+n]: none between brackets or
// commas, a product's operand's elsewhere.
func bracketed(t string, i, n int) int {
	before, after := byte('('), byte(')')
	if i > 0 {
		before = t[i-1]
	}
	if s := strings.TrimLeft(t[:i], " "); s != "" {
		before = strings.TrimRight(t[:i], " ")[len(strings.TrimRight(t[:i], " "))-1]
	}
	if i+n < len(t) {
		after = t[i+n]
	}
	if strings.IndexByte("(,[", before) >= 0 && strings.IndexByte("),]:", after) >= 0 {
		return 0
	}
	return 1 << 10
}

// Operand writes operand k of v. Where v is Binary, a Col or Row is spread by the
// language's own means, unless the other operand has not the axis along which it is.
func (w *Writer) Operand(v *plan.Value, k, min int) string {
	a := v.Args[k]
	if w.Spread != nil && spreads(v, k) {
		if s, ok := w.Spread(w, a, min); ok {
			return s
		}
	}
	return w.Arg(a, min)
}

// spreads reports whether operand k of a Binary is a Col or Row that the other operand
// gives its shape: a matrix that is no such view along the same axis.
func spreads(v *plan.Value, k int) bool {
	if v.Kind != plan.Binary || len(v.Args) != 2 {
		return false
	}
	a, b := v.Args[k], v.Args[1-k]
	return (a.Kind == plan.Col || a.Kind == plan.Row) && b.Rank == 2 && b.Kind != a.Kind
}
