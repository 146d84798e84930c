package paper

import (
	"strings"

	"example.com/nabla/internal/source"
)

// spread puts spaces before the parts of a formula that have a mark until the
// shapes can stand under them side by side, each in the middle of its part.
func spread(f Formula) Formula {
	if len(f.Marks) == 0 {
		return f
	}
	runes := []rune(f.Text)
	var b strings.Builder
	out := Formula{LaTeX: f.LaTeX, Shaped: f.Shaped}
	at, column, chars, free := 0, 0, 0, -1 // free: the first column that no shape covers
	add := func(s string) {
		b.WriteString(s)
		column += source.Width(s)
		chars += len([]rune(s))
	}
	for _, m := range f.Marks {
		add(string(runes[at:m.From]))
		part := string(runes[m.From:m.To])
		shape := source.Width(m.Shape)
		inset := indent(source.Width(part), shape)
		if need := free - (column + inset); need > 0 {
			add(strings.Repeat(" ", need))
		}
		from := chars
		free = column + inset + shape + 1
		add(part)
		out.Marks = append(out.Marks, Mark{from, chars, m.Shape})
		at = m.To
	}
	add(string(runes[at:]))
	out.Text = b.String()
	return out
}

// indent returns where a shape starts that stands in the middle under a part.
func indent(part, shape int) int {
	if part >= shape {
		return (part - shape) / 2
	}
	return -((shape - part) / 2)
}

// shapeRows places the shapes under a formula. A shape that would touch the one
// to its left stands a row below.
func shapeRows(f Formula) [][]piece {
	runes := []rune(f.Text)
	var rows [][]piece
	var free []int // of each row, the first column that may be used
	for _, m := range f.Marks {
		from := source.Width(string(runes[:m.From]))
		width := source.Width(m.Shape)
		at := max(from+indent(source.Width(string(runes[m.From:m.To])), width), -1)
		k := 0
		for k < len(rows) && at < free[k] {
			k++
		}
		if k == len(rows) {
			rows, free = append(rows, nil), append(free, 0)
		}
		rows[k] = append(rows[k], piece{at: at, text: m.Shape})
		free[k] = at + width + 1
	}
	return rows
}

// extent returns the width of a formula with the shapes under it.
func extent(f Formula) int {
	w := source.Width(f.Text)
	for _, row := range shapeRows(f) {
		last := row[len(row)-1]
		w = max(w, last.at+source.Width(last.text))
	}
	return w
}
