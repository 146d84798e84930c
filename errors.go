package nabla

import (
	"slices"

	"example.com/nabla/internal/message"
	"example.com/nabla/internal/source"
	"example.com/nabla/internal/syntax"
)

func inputError(file *source.File, list source.List) *InputError {
	e := &InputError{rendered: message.Text{En: list.RenderIn(file, "en"), Zh: list.RenderIn(file, "zh")}, file: file, list: list}
	for _, d := range list {
		f := file
		if d.File != nil {
			f = d.File
		}
		at := Diagnostic{Message: d.Message.En, MessageZH: d.Message.Zh, Notes: message.English(d.Notes), NotesZH: message.Chinese(d.Notes),
			Hint: d.Hint.En, HintZH: d.Hint.Zh}
		at.Line, at.Column = f.Position(d.Span.Start)
		at.EndLine, at.EndColumn = f.Position(max(d.Span.Start, d.Span.End))
		e.Diagnostics = append(e.Diagnostics, at)
	}
	return e
}

// of says which diagnostics are about declarations from outside the program: those in
// the texts of decls.
func (e *InputError) of(list source.List, decls []*syntax.Decl) *InputError {
	for i, d := range list {
		for _, decl := range decls {
			if d.File != nil && d.File == decl.File {
				e.Diagnostics[i].In = declaredName(decl)
			}
		}
	}
	return e
}

// within says that the diagnostics are about another text than the program's.
func (e *InputError) within(text string) *InputError {
	for i := range e.Diagnostics {
		e.Diagnostics[i].In = text
	}
	return e
}

// declaredName is the name that a declaration from outside the program was given by.
func declaredName(d *syntax.Decl) string {
	name := d.Names[0].Name
	if d.Index.Name != "" {
		name += "[" + d.Index.Name + "]"
	}
	return name
}

// plainError is an input error about the whole text.
func plainError(text message.Text) *InputError {
	return &InputError{Diagnostics: []Diagnostic{{Line: 1, Column: 1, EndLine: 1, EndColumn: 1, Message: text.En, MessageZH: text.Zh}},
		rendered: message.Text{En: "1:1: " + text.En + "\n", Zh: "1:1: " + text.Zh + "\n"}}
}

// declared reports whether a name is declared, as a function or as a variable.
func declared(decls []*syntax.Decl, name string, function bool) bool {
	return slices.ContainsFunc(decls, func(d *syntax.Decl) bool {
		return (d.Type.Kind == syntax.FunctionKind) == function && declares(d, name)
	})
}

// suggest adds a hint to the first diagnostic.
func (e *InputError) suggest(hint message.Text) {
	d := &e.Diagnostics[0]
	d.Hint, d.HintZH = hint.En, hint.Zh
	line := say("hint: %s", hint)
	e.rendered.En += line.En + "\n"
	e.rendered.Zh += line.Zh + "\n"
}

// say makes a sentence of a template of the catalogue.
var say = message.Say

// none stands for a hint that there is none of.
var none message.Text

func declares(d *syntax.Decl, name string) bool {
	for _, n := range d.Names {
		if n.Name == name {
			return true
		}
	}
	return false
}
