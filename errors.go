package nabla

import (
	"example.com/nabla/internal/source"
	"example.com/nabla/internal/syntax"
)

func inputError(file *source.File, list source.List) *InputError {
	e := &InputError{rendered: list.Render(file)}
	for _, d := range list {
		line, col := file.Position(d.Span.Start)
		e.Diagnostics = append(e.Diagnostics, Diagnostic{line, col, d.Message, d.Notes, d.Hint})
	}
	return e
}

// plainError is an input error about the whole text.
func plainError(message string) *InputError {
	return &InputError{Diagnostics: []Diagnostic{{Line: 1, Column: 1, Message: message}}, rendered: "1:1: " + message + "\n"}
}

func declares(d *syntax.Decl, name string) bool {
	for _, n := range d.Names {
		if n.Name == name {
			return true
		}
	}
	return false
}
