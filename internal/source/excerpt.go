package source

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Excerpts show at most this many columns of a line, around the caret.
const (
	windowWidth = 80
	windowLead  = 30 // columns kept before the caret when a line is cut
	tabWidth    = 4
)

// excerpt writes the line that holds the start of the span, indented by two
// columns, and below it a caret under the first column of the span and tildes
// under the rest of it.
func excerpt(b *strings.Builder, f *File, s Span) {
	_, start, end := f.line(s.Start)
	if strings.TrimSpace(f.Text[start:end]) == "" {
		return
	}
	at := min(max(s.Start, start), end)
	stop := min(max(s.End, at), end)

	// Cut the line to a window of whole runes around the caret.
	from, to := start, end
	if end-start > windowWidth { // bytes bound columns from above, tabs apart
		from = backward(f.Text, start, at, windowLead)
		to = forward(f.Text, at, end, windowWidth-windowLead)
		if from == start {
			to = forward(f.Text, start, end, windowWidth)
		}
		if to == end {
			from = backward(f.Text, start, end, windowWidth)
			from = min(from, backward(f.Text, start, at, 0))
		}
	}
	b.WriteString("  ")
	pad := 2
	if from > start {
		b.WriteString("…")
		pad++
	}
	pad += show(b, f.Text[from:at])
	width := show(b, f.Text[at:min(stop, max(to, at))])
	if to > at {
		show(b, f.Text[min(stop, to):to])
	}
	if to < end {
		b.WriteString("…")
	}
	b.WriteByte('\n')
	for ; pad > 0; pad-- {
		b.WriteByte(' ')
	}
	b.WriteByte('^')
	if utf8.RuneCountInString(f.Text[at:stop]) > 1 {
		for ; width > 1; width-- {
			b.WriteByte('~')
		}
	}
	b.WriteByte('\n')
}

// backward returns the least offset ≥ start from which to at there are at
// most the given number of columns.
func backward(text string, start, at, columns int) int {
	for at > start {
		r, n := utf8.DecodeLastRuneInString(text[start:at])
		if columns -= width(r); columns < 0 {
			break
		}
		at -= n
	}
	return at
}

// forward returns the greatest offset ≤ end that lies at most the given
// number of columns after at.
func forward(text string, at, end, columns int) int {
	for at < end {
		r, n := utf8.DecodeRuneInString(text[at:end])
		if columns -= width(r); columns < 0 {
			break
		}
		at += n
	}
	return at
}

// show writes s with tabs expanded and unprintable characters replaced, and
// returns the number of columns it takes.
func show(b *strings.Builder, s string) int {
	columns := 0
	for _, r := range s {
		columns += width(r)
		switch {
		case r == '\t':
			b.WriteString("    ")
		case unicode.IsControl(r):
			b.WriteRune(utf8.RuneError)
		default:
			b.WriteRune(r)
		}
	}
	return columns
}

// width returns the number of columns a terminal gives a rune: 0 for
// combining marks and invisible characters, 2 for wide East Asian characters
// and pictographs, else 1 (Unicode Standard Annex 11, classes W and F).
func width(r rune) int {
	switch {
	case r == '\t':
		return tabWidth
	case r < 0x300:
		return 1
	case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		return 0
	case r < 0x1100:
		return 1
	case r <= 0x115F,
		0x2E80 <= r && r <= 0x303E,
		0x3041 <= r && r <= 0x33FF,
		0x3400 <= r && r <= 0x4DBF,
		0x4E00 <= r && r <= 0x9FFF,
		0xA000 <= r && r <= 0xA4CF,
		0xAC00 <= r && r <= 0xD7A3,
		0xF900 <= r && r <= 0xFAFF,
		0xFE30 <= r && r <= 0xFE6F,
		0xFF00 <= r && r <= 0xFF60,
		0xFFE0 <= r && r <= 0xFFE6,
		0x1F300 <= r && r <= 0x1F64F,
		0x1F900 <= r && r <= 0x1F9FF,
		0x20000 <= r && r <= 0x3FFFD:
		return 2
	}
	return 1
}

// Width returns the number of columns a terminal gives to s.
func Width(s string) int {
	columns := 0
	for _, r := range s {
		columns += width(r)
	}
	return columns
}
