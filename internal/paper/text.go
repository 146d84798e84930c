package paper

import (
	"slices"
	"strings"
	"unicode/utf8"

	"example.com/nabla/internal/source"
)

// Text writes a paper for a terminal, at most Width columns wide: formulas are
// aligned at their relation, the rule that gives a line stands to the right of it
// in a column of its own, and ∴ stands before a result. A line that would be wider
// goes on below, and so does a note.
func Text(p *Paper, o Options) string {
	w := &textWriter{p: p, o: o, width: o.Width, first: firstTime()}
	if w.width == 0 {
		w.width = DefaultWidth
	}
	w.width = min(max(w.width, 40), MaxWidth)
	w.paper()
	return w.out.String()
}

// Geometry of Text.
const (
	margin    = 2  // columns before a formula; a result has its sign there
	gutter    = 3  // columns between a formula and a note
	wideLhs   = 32 // a left side that is wider stands on a line of its own
	notesNeed = 34 // columns that are kept free for notes
)

// A style is how a piece of text looks in a terminal with colours.
type style string

const (
	plain   style = ""
	heading style = "\x1b[1m"
	faint   style = "\x1b[2m"
	strong  style = "\x1b[1m"
	reset         = "\x1b[0m"
)

type textWriter struct {
	p     *Paper
	o     Options
	width int
	first func(*Note) bool
	out   strings.Builder
	row   []piece
}

// A piece is text at a column of the row under way.
type piece struct {
	at   int
	text string
	look style
}

func (w *textWriter) put(at int, text string, look style) {
	if text != "" {
		w.row = append(w.row, piece{at, text, look})
	}
}

// end writes the row under way. A piece that starts before the end of the one to
// its left is moved to the right.
func (w *textWriter) end() {
	if len(w.row) == 0 && w.out.Len() == 0 {
		return // no empty row at the top
	}
	slices.SortStableFunc(w.row, func(a, b piece) int { return a.at - b.at })
	column := 0
	for _, p := range w.row {
		for ; column < p.at; column++ {
			w.out.WriteByte(' ')
		}
		if w.o.Colour && p.look != plain {
			w.out.WriteString(string(p.look) + p.text + reset)
		} else {
			w.out.WriteString(p.text)
		}
		column += source.Width(p.text)
	}
	w.row = w.row[:0]
	w.out.WriteByte('\n')
}

func (w *textWriter) paper() {
	if title := w.words(w.p.Title); title != "" {
		widest := 0
		for _, line := range wrap(title, w.width) {
			w.put(0, line, heading)
			w.end()
			widest = max(widest, source.Width(line))
		}
		w.put(0, strings.Repeat("─", widest), faint)
		w.end()
	}
	w.given()
	for i := range w.p.Blocks {
		w.block(&w.p.Blocks[i])
	}
	if f, ok := w.p.Deviation(); ok {
		w.end()
		w.paragraph(Phrase("points", w.o.Lang)+f.Text+Phrase("stop", w.o.Lang), faint)
	}
}

// words returns words with the plain text of their formulas.
func (w *textWriter) words(s Words) string { return spansText(w.p.Spans(s, w.o.Lang), notesNeed) }

// spansText writes a sentence; in a formula of at most width columns no row ends.
func spansText(spans []Span, width int) string {
	var b strings.Builder
	for _, s := range spans {
		b.WriteString(s.Words)
		if t := s.Formula.Text; source.Width(t) <= width {
			b.WriteString(strings.ReplaceAll(t, " ", tie))
		} else {
			b.WriteString(t)
		}
	}
	return b.String()
}

// tie is a space where no row ends; wrap writes it as a space.
const tie = "\u00a0"

func (w *textWriter) paragraph(s string, look style) {
	for _, line := range wrap(s, w.width) {
		w.put(0, line, look)
		w.end()
	}
}

// given writes what is given: a formula a line, its facts in a column.
func (w *textWriter) given() {
	if len(w.p.Given) == 0 {
		return
	}
	w.end()
	w.put(0, Phrase("given", w.o.Lang), heading)
	w.end()
	type entry struct {
		lines []Formula
		words string
	}
	entries, column := make([]entry, len(w.p.Given)), 0
	for i := range w.p.Given {
		g := &w.p.Given[i]
		e := entry{lines: w.fit(g.Formula, w.width-margin), words: w.words(g.Words)}
		if remark := w.words(g.Remark); remark != "" {
			if e.words != "" {
				e.words += Phrase("comma", w.o.Lang)
			}
			e.words += remark
		}
		entries[i] = e
		if end := margin + source.Width(e.lines[0].Text) + gutter; len(e.lines) == 1 && end <= w.width-notesNeed {
			column = max(column, end)
		}
	}
	column = max(column, 12)
	for _, e := range entries {
		at := margin
		for k, f := range e.lines {
			if k == 1 {
				at += 2
			}
			w.put(at, f.Text, plain)
			note := ""
			if k == len(e.lines)-1 {
				note = e.words
			}
			w.finish(f, at, note, column)
		}
	}
}

// finish ends the row under way, which ends with the formula f at the column at: it
// writes the note to the right of it, and the shapes under it. Both may take more
// rows; a note that has no room beside the formula comes after the shapes.
func (w *textWriter) finish(f Formula, at int, note string, column int) {
	var notes []string
	if note != "" {
		notes = wrap(note, w.width-column)
	}
	beside := at+source.Width(f.Text)+2 <= column
	put := func() {
		if len(notes) > 0 {
			w.put(column, notes[0], faint)
			notes = notes[1:]
		}
	}
	if beside {
		put()
	}
	w.end()
	if w.o.Shapes {
		for _, row := range shapeRows(f) {
			for _, p := range row {
				w.put(at+p.at, p.text, faint)
			}
			if beside {
				put()
			}
			w.end()
		}
	}
	if beside || len(notes) < 2 {
		for len(notes) > 0 {
			put()
			w.end()
		}
		return
	}
	// A note that stands alone may start farther to the left.
	column = max(w.width-source.Width(note), min(column, at+2))
	for _, row := range wrap(note, w.width-column) {
		w.put(column, row, faint)
		w.end()
	}
}

func (w *textWriter) block(b *Block) {
	w.end()
	if h := w.words(b.Heading); h != "" {
		w.paragraph(h, heading)
	}
	for _, s := range b.Intro {
		w.paragraph(w.words(s), plain)
	}
	w.lines(b.Lines)
	for _, s := range b.After {
		w.paragraph(w.words(s), plain)
	}
}

// A set is a line with its place on the page.
type set struct {
	line  *Line
	lhs   Formula
	above bool      // the left side stands on a line of its own
	rhs   []Formula // the right side, broken into rows
	note  []Span
}

func (w *textWriter) lines(lines []Line) {
	if len(lines) == 0 {
		return
	}
	lhs, sign := 0, 0
	for i := range lines {
		l := &lines[i]
		if k := source.Width(l.Lhs.Text); k <= wideLhs && l.Rhs.Text != "" {
			lhs = max(lhs, k)
		}
		sign = max(sign, source.Width(l.SignText()))
	}
	relation := margin + lhs
	if lhs > 0 {
		relation++
	}
	right := relation + sign + 1
	sets, column := make([]set, len(lines)), 0
	for i := range lines {
		l := &lines[i]
		s := set{line: l, note: w.p.NoteSpans(l, w.o.Lang, w.first)}
		if l.Rhs.Text == "" {
			s.rhs = w.fit(l.Lhs, w.width-margin)
			sets[i] = s
			continue
		}
		s.lhs = w.spreadIf(l.Lhs)
		s.above = source.Width(s.lhs.Text) > lhs
		s.rhs = w.fit(l.Rhs, w.width-right)
		for _, f := range s.rhs {
			if s.tall() {
				break
			}
			if end := right + source.Width(f.Text) + gutter; len(s.note) > 0 && len(s.rhs) == 1 && end <= w.width-notesNeed {
				column = max(column, end)
			}
		}
		sets[i] = s
	}
	for i := range sets {
		if s := &sets[i]; s.tall() && s.line.Rhs.Text != "" {
			if end := right + widthOf(s.line.Rhs.boxes()) + gutter; end+widthOf(s.noteBoxes()) <= w.width {
				column = max(column, end)
			}
		}
	}
	column = max(column, min(right+24, w.width-notesNeed))
	for i := range sets {
		if sets[i].tall() {
			w.tallSet(&sets[i], relation, right, column)
			continue
		}
		w.set(&sets[i], relation, right, column)
	}
}

func (w *textWriter) set(s *set, relation, right, column int) {
	look := plain
	if s.line.Result {
		look = strong
		w.put(0, "∴", look)
	}
	at := right
	switch {
	case s.line.Rhs.Text == "":
		at = margin
	case s.above:
		w.put(margin, s.lhs.Text, look)
		w.finish(s.lhs, margin, "", 0)
		w.put(relation, s.line.SignText(), look)
	default:
		w.put(margin, s.lhs.Text, look)
		w.put(relation, s.line.SignText(), look)
	}
	for k, f := range s.rhs {
		if k == 1 {
			at += 2
		}
		w.put(at, f.Text, look)
		note := ""
		if k == len(s.rhs)-1 {
			note = spansText(s.note, w.width-column)
		}
		if k == 0 && !s.above && s.line.Rhs.Text != "" {
			whole, from := join(s.lhs, margin, f, at)
			w.finish(whole, from, note, column)
		} else {
			w.finish(f, at, note, column)
		}
	}
}

// join returns two formulas of one row as one, for the shapes under them, and its
// column.
func join(a Formula, at int, b Formula, bt int) (Formula, int) {
	gap := bt - at - source.Width(a.Text)
	shift := utf8.RuneCountInString(a.Text) + gap
	out := Formula{Text: a.Text + strings.Repeat(" ", gap) + b.Text, Marks: slices.Clone(a.Marks)}
	for _, m := range b.Marks {
		out.Marks = append(out.Marks, Mark{m.From + shift, m.To + shift, m.Shape})
	}
	return out, at
}

// fit breaks a formula into rows of at most width columns, with room for shapes
// where they are asked for. The rows after the first are to be indented by two.
func (w *textWriter) fit(f Formula, width int) []Formula {
	if !w.o.Shapes || len(f.Marks) == 0 {
		f.Marks = nil
		return breakText(f, width)
	}
	if g := spread(f); extent(g) <= width {
		return []Formula{g}
	}
	// A part that is long enough to be broken itself has no place for its shape.
	short := f
	short.Marks = slices.DeleteFunc(slices.Clone(f.Marks), func(m Mark) bool { return 2*(m.To-m.From) > width })
	rows := breakText(short, width*3/4)
	for i, r := range rows {
		if i == 1 {
			width -= 2 // for the indentation
		}
		if g := spread(r); extent(g) <= width {
			rows[i] = g
		} else if extent(r) > width {
			rows[i].Marks = nil
		}
	}
	return rows
}

// spreadIf makes room for shapes where they are asked for.
func (w *textWriter) spreadIf(f Formula) Formula {
	if w.o.Shapes {
		return spread(f)
	}
	f.Marks = nil
	return f
}
