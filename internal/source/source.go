// Package source holds the text of a program, spans of it, and the
// diagnostics that point into it.
//
// Start with [NewFile] for a text and [List] for what is wrong with it;
// [List.Render] prints each diagnostic with its line and a caret.
package source

import (
	"sort"
	"strings"
	"unicode/utf8"
)

// A Span is a half-open range of byte offsets into the text of a [File].
type Span struct {
	Start, End int
}

// IsZero reports whether the span is the zero span, which stands for "nowhere".
func (s Span) IsZero() bool { return s.Start == 0 && s.End == 0 }

// Join returns the smallest span that covers both s and t; a zero span is
// neutral.
func (s Span) Join(t Span) Span {
	switch {
	case s.IsZero():
		return t
	case t.IsZero():
		return s
	}
	return Span{min(s.Start, t.Start), max(s.End, t.End)}
}

// A File is one text with a name for messages. It is immutable apart from a
// table of line starts that is built when it is first asked for, so a File may
// not be rendered from two goroutines at once.
type File struct {
	// Name is put before line and column in messages; empty for a text that
	// came from the command line.
	Name string
	// Text is the whole source.
	Text string

	lines []int // byte offset of the start of each line
	last  place // that was asked for, so that many of one line take no long
}

// A place is an offset, the start of its line and its column.
type place struct{ offset, start, column int }

// NewFile returns a file of the given name and text.
func NewFile(name, text string) *File { return &File{Name: name, Text: text} }

// Slice returns the text under a span, clipped to the file.
func (f *File) Slice(s Span) string {
	a := min(max(s.Start, 0), len(f.Text))
	b := min(max(s.End, a), len(f.Text))
	return f.Text[a:b]
}

// Position returns the line and the column of a byte offset, both counted
// from 1; columns count runes. An offset outside the text is clipped to it.
func (f *File) Position(offset int) (line, column int) {
	i, start, _ := f.line(offset)
	offset = min(max(offset, start), len(f.Text))
	if f.last.column == 0 || f.last.start != start || f.last.offset > offset {
		f.last = place{start, start, 1}
	}
	f.last.column += utf8.RuneCountInString(f.Text[f.last.offset:offset])
	f.last.offset = offset
	return i + 1, f.last.column
}

// line returns the index of the line that holds offset and its bounds without
// the line end.
func (f *File) line(offset int) (i, start, end int) {
	if f.lines == nil {
		f.lines = append(f.lines, 0)
		for at := 0; ; {
			next := strings.IndexByte(f.Text[at:], '\n')
			if next < 0 {
				break
			}
			at += next + 1
			f.lines = append(f.lines, at)
		}
	}
	offset = min(max(offset, 0), len(f.Text))
	i = sort.SearchInts(f.lines, offset+1) - 1
	start, end = f.lines[i], len(f.Text)
	if i+1 < len(f.lines) {
		end = f.lines[i+1] - 1
	}
	if end > start && f.Text[end-1] == '\r' {
		end--
	}
	return i, start, end
}
