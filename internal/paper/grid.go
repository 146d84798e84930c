package paper

import (
	"strings"

	"example.com/nabla/internal/source"
)

// A Piece is a part of a formula that stands beside others in text: a run of
// characters, or a matrix of numbers, which is as many rows high as it has.
type Piece struct {
	Text string     `json:"text,omitempty"`
	Rows [][]string `json:"rows,omitempty"`
}

// largestMatrix is the number of rows or columns of a matrix up to which all of them
// are written; of a larger one only the first and the last are, with dots between.
const largestMatrix = 12

// Matrix returns a matrix with the given entries as a formula: in brackets of several
// rows in text, with Text on one line as [1 −2; 0 3]. One of a single entry is that
// entry.
func Matrix(cells [][]Formula) Formula {
	if len(cells) == 1 && len(cells[0]) == 1 {
		return cells[0][0]
	}
	cells = elided(cells)
	var rows [][]string
	text, latex := "[", `\begin{bmatrix} `
	for i, r := range cells {
		if i > 0 {
			text += "; "
			latex += ` \\ `
		}
		var row []string
		for j, c := range r {
			if j > 0 {
				text += " "
				latex += " & "
			}
			text += c.Text
			latex += c.LaTeX
			row = append(row, c.Text)
		}
		rows = append(rows, row)
	}
	text += "]"
	return Formula{Text: text, LaTeX: latex + ` \end{bmatrix}`, Pieces: []Piece{{Rows: rows}}}
}

// elided leaves out the middle of a matrix that is too large to be taken in.
func elided(cells [][]Formula) [][]Formula {
	keep := func(n int) []int {
		var at []int
		for i := range n {
			switch {
			case n <= largestMatrix || i < 4 || i == n-1:
				at = append(at, i)
			case i == 4:
				at = append(at, -1)
			}
		}
		return at
	}
	rows, cols := keep(len(cells)), keep(len(cells[0]))
	if len(rows) == len(cells) && len(cols) == len(cells[0]) {
		return cells
	}
	var out [][]Formula
	for _, i := range rows {
		var r []Formula
		for _, j := range cols {
			switch {
			case i < 0 && j < 0:
				r = append(r, Formula{Text: "⋱", LaTeX: `\ddots`})
			case i < 0:
				r = append(r, Formula{Text: "⋮", LaTeX: `\vdots`})
			case j < 0:
				r = append(r, Formula{Text: "⋯", LaTeX: `\cdots`})
			default:
				r = append(r, cells[i][j])
			}
		}
		out = append(out, r)
	}
	return out
}

// Beside returns formulas one after the other as one.
func Beside(list ...Formula) Formula {
	var out Formula
	tall := false
	for _, f := range list {
		out.Text += f.Text
		out.LaTeX += f.LaTeX
		if len(f.Pieces) > 0 {
			tall = true
			out.Pieces = append(out.Pieces, f.Pieces...)
		} else {
			out.Pieces = append(out.Pieces, Piece{Text: f.Text})
		}
	}
	if !tall {
		out.Pieces = nil
	}
	return out
}

// A box is a rectangle of characters.
type box struct {
	rows  []string
	width int
}

func textBox(s string) box { return box{[]string{s}, source.Width(s)} }

// boxOf returns a piece as it stands in text: columns are aligned right, rows stand in
// brackets.
func boxOf(p Piece) box {
	if len(p.Rows) == 0 {
		return textBox(p.Text)
	}
	widths := make([]int, len(p.Rows[0]))
	for _, r := range p.Rows {
		for j, c := range r {
			widths[j] = max(widths[j], source.Width(c))
		}
	}
	var b box
	for i, r := range p.Rows {
		left, right := "⎢", "⎥"
		switch {
		case len(p.Rows) == 1:
			left, right = "[", "]"
		case i == 0:
			left, right = "⎡", "⎤"
		case i == len(p.Rows)-1:
			left, right = "⎣", "⎦"
		}
		row := left
		for j, c := range r {
			if j > 0 {
				row += "  "
			}
			row += strings.Repeat(" ", widths[j]-source.Width(c)) + c
		}
		b.rows = append(b.rows, row+right)
	}
	b.width = source.Width(b.rows[0])
	return b
}

// boxes returns what a formula consists of in text.
func (f Formula) boxes() []box {
	if len(f.Pieces) == 0 {
		return []box{textBox(f.Text)}
	}
	var out []box
	for _, p := range f.Pieces {
		out = append(out, boxOf(p))
	}
	return out
}

// flow puts boxes side by side in groups of at most width columns. A box that is wider
// makes a group by itself.
func flow(boxes []box, width int) [][]box {
	var out [][]box
	used := 0
	for i, b := range boxes {
		need := b.width
		if i+1 < len(boxes) && len(b.rows) == 1 && len(boxes[i+1].rows) > 1 {
			need += boxes[i+1].width // a name stays with its matrix
		}
		if len(out) == 0 || used+need > width && used > 0 && !strings.HasPrefix(b.rows[0], ",") {
			out = append(out, nil)
			used = 0
			if len(b.rows) == 1 {
				b = textBox(strings.TrimLeft(b.rows[0], " "))
			}
		}
		out[len(out)-1] = append(out[len(out)-1], b)
		used += b.width
	}
	for _, g := range out {
		if b := &g[len(g)-1]; len(b.rows) == 1 {
			*b = textBox(strings.TrimRight(b.rows[0], " "))
		}
	}
	return out
}

// tall reports whether a line has more than one row of characters in text.
func (s *set) tall() bool {
	if len(s.line.Rhs.Pieces) > 0 || len(s.line.Lhs.Pieces) > 0 {
		return true
	}
	for _, n := range s.note {
		if len(n.Formula.Pieces) > 0 {
			return true
		}
	}
	return false
}

// noteBoxes returns the note of a line that is tall.
func (s *set) noteBoxes() []box {
	var out []box
	for _, n := range s.note {
		if n.IsFormula() {
			out = append(out, n.Formula.boxes()...)
		} else {
			out = append(out, textBox(n.Words))
		}
	}
	return out
}

func widthOf(boxes []box) int {
	n := 0
	for _, b := range boxes {
		n += b.width
	}
	return n
}

// tallSet writes a line that is tall: the sides at their columns, in the middle of
// what is beside them, and the note to the right, or below where there is no room.
func (w *textWriter) tallSet(s *set, relation, right, column int) {
	look, at := plain, right
	body := s.line.Rhs
	if s.line.Rhs.Text == "" {
		body, at = s.line.Lhs, margin
	}
	if s.line.Result {
		look = strong
	}
	groups := flow(body.boxes(), w.width-at)
	note := s.noteBoxes()
	for k, g := range groups {
		height := heightOf(g)
		beside := k == len(groups)-1 && len(note) > 0 && at+widthOf(g)+gutter <= column && column+widthOf(note) <= w.width
		if beside {
			height = max(height, heightOf(note))
		}
		for r := range height {
			if r == (height-1)/2 && k == 0 && s.line.Rhs.Text != "" {
				if s.line.Result {
					w.put(0, "∴", look)
				}
				w.put(margin, s.lhs.Text, look)
				w.put(relation, s.line.SignText(), look)
			}
			w.rowOf(g, at, r, height, look)
			if beside {
				w.rowOf(note, column, r, height, faint)
			}
			w.end()
		}
		if beside {
			note = nil
		}
	}
	if len(note) == 0 {
		return
	}
	for _, g := range flow(note, w.width-at-2) {
		height := heightOf(g)
		for r := range height {
			w.rowOf(g, at+2, r, height, faint)
			w.end()
		}
	}
}

func heightOf(boxes []box) int {
	h := 1
	for _, b := range boxes {
		h = max(h, len(b.rows))
	}
	return h
}

// rowOf puts one row of boxes that stand in the middle of a height.
func (w *textWriter) rowOf(boxes []box, at, row, height int, look style) {
	for _, b := range boxes {
		if k := row - (height-len(b.rows))/2; len(b.rows) == 1 && row == (height-1)/2 {
			w.put(at, b.rows[0], look)
		} else if len(b.rows) > 1 && k >= 0 && k < len(b.rows) {
			w.put(at, b.rows[k], look)
		}
		at += b.width
	}
}
