package source

import (
	"sort"
	"strconv"
	"strings"

	"example.com/nabla/internal/message"
)

// A Diagnostic is one thing wrong with a text. Its message is lower case,
// has no final period, and states what is required and what was found in the
// names of the user.
type Diagnostic struct {
	// Span is the tight range: the operator or the name at fault.
	Span Span
	// Context is the wider range that explains it, such as the whole product;
	// zero if there is none.
	Context Span
	// Message says what is required and what was found.
	Message message.Text
	// Notes give further facts, one line each.
	Notes []message.Text
	// Hint says what to write instead; zero if nothing is known to be right.
	Hint message.Text
	// File is the file the spans point into when it is not the one given to
	// [List.Render], as for a declaration that came as an option.
	File *File
}

// A List is the diagnostics of one text. As an error it is the messages
// alone; [List.Render] shows them in place.
type List []*Diagnostic

// Add appends a diagnostic of the given span and message and returns it, so
// that notes and a hint can be put in.
func (l *List) Add(span Span, text message.Text) *Diagnostic {
	d := &Diagnostic{Span: span, Message: text}
	*l = append(*l, d)
	return d
}

// Err returns the list as an error, or nil if it is empty.
func (l List) Err() error {
	if len(l) == 0 {
		return nil
	}
	return l
}

// Error joins the messages, in English, with "; ".
func (l List) Error() string {
	var b strings.Builder
	for i, d := range l {
		if i > 0 {
			b.WriteString("; ")
		}
		b.WriteString(d.Message.En)
	}
	return b.String()
}

// Sort orders the list by position, keeping the order of diagnostics at the
// same position. Diagnostics of other files come first.
func (l List) Sort() {
	sort.SliceStable(l, func(i, j int) bool {
		a, b := l[i], l[j]
		if (a.File == nil) != (b.File == nil) {
			return a.File != nil
		}
		return a.File == b.File && a.Span.Start < b.Span.Start
	})
}

// maxShown bounds the diagnostics that one rendering prints in full.
const maxShown = 20

// Render returns the diagnostics as text: for each, the position and message,
// the line of source with a caret under the span, then notes and hint. Spans
// without a file of their own point into f.
func (l List) Render(f *File) string { return l.RenderIn(f, "en") }

// RenderIn is Render in a language, en or zh.
func (l List) RenderIn(f *File, lang string) string {
	var b strings.Builder
	for i, d := range l {
		if i == maxShown {
			b.WriteString(message.Say("and %d more errors", len(l)-maxShown).In(lang))
			b.WriteByte('\n')
			break
		}
		d.render(&b, f, lang)
	}
	return b.String()
}

// Render returns one diagnostic as text, as [List.Render] does.
func (d *Diagnostic) Render(f *File) string {
	var b strings.Builder
	d.render(&b, f, "en")
	return b.String()
}

func (d *Diagnostic) render(b *strings.Builder, f *File, lang string) {
	if d.File != nil {
		f = d.File
	}
	if f.Name != "" {
		b.WriteString(f.Name)
		b.WriteByte(':')
	}
	line, column := f.Position(d.Span.Start)
	b.WriteString(strconv.Itoa(line))
	b.WriteByte(':')
	b.WriteString(strconv.Itoa(column))
	b.WriteString(": ")
	b.WriteString(d.Message.In(lang))
	b.WriteByte('\n')
	excerpt(b, f, d.Span)
	for _, n := range d.Notes {
		b.WriteString(message.Say("note: %s", n).In(lang))
		b.WriteByte('\n')
	}
	if !d.Hint.IsZero() {
		b.WriteString(message.Say("hint: %s", d.Hint).In(lang))
		b.WriteByte('\n')
	}
}
