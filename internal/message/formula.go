package message

import "strings"

// A formula in a sentence is its text and its LaTeX between marks that no text has.
const (
	begin  = "\x01"
	middle = "\x02"
	end    = "\x03"
)

// Formula marks a formula, to be put into a sentence. What the sentence says is then
// [Plain] of it, and [TeX] of it to be set.
func Formula(text, latex string) string { return begin + text + middle + latex + end }

// Plain is a sentence with its formulas as text.
func Plain(s string) string {
	return replace(s, func(text, latex string) string { return text })
}

// TeX is a sentence with its formulas in LaTeX, each between dollar signs; "" where it has
// none.
func TeX(s string) string {
	if !strings.Contains(s, begin) {
		return ""
	}
	return replace(s, func(text, latex string) string { return "$" + latex + "$" })
}

func replace(s string, put func(text, latex string) string) string {
	if !strings.Contains(s, begin) {
		return s
	}
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(s, begin)
		b.WriteString(before)
		if !found {
			return b.String()
		}
		inner, after, _ := strings.Cut(rest, end)
		text, latex, _ := strings.Cut(inner, middle)
		b.WriteString(put(text, latex))
		s = after
	}
}

// Formulas calls f with every formula of a sentence.
func Formulas(s string, f func(text, latex string)) {
	replace(s, func(text, latex string) string { f(text, latex); return "" })
}
