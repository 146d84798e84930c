package nabla

import (
	"strings"

	"example.com/nabla/internal/code"
	"example.com/nabla/internal/message"
)

// A GenerateRequest asks for source code.
type GenerateRequest struct {
	ProgramRequest
	Language string // one of Languages
	// Shard names an index of families or a size, the samples, for JAX: the arguments
	// that have this axis are divided along it among the devices of all processes.
	Shard string
}

// A SourceFile is a file of generated source.
type SourceFile = code.File

// A Language is one that code can be written in.
type Language struct{ Name, Title string }

// Languages lists what Generate writes.
func Languages() []Language {
	var list []Language
	for _, t := range code.Targets() {
		list = append(list, Language{t.Name, t.Title})
	}
	return list
}

// Generate writes a function that computes what is asked for, and one that compares it
// with differences. The first file has the function.
func Generate(req GenerateRequest) (files []SourceFile, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = req.Limits.recovered(r, func(any) error { return nil })
		}
	}()
	req.Limits.begin()
	defer req.Limits.end(false)
	target := code.Find(req.Language)
	if target == nil {
		var names []string
		for _, l := range Languages() {
			names = append(names, l.Name)
		}
		return nil, plainError(say("code is written in %s, not in %q", strings.Join(names, ", "), req.Language))
	}
	if req.Name != "" && req.Name != code.Identifier(req.Name) {
		return nil, plainError(say("a function is named by ASCII letters, digits and _, and by no word of a language; %q could be %s",
			req.Name, code.Identifier(req.Name)))
	}
	req.arrays = target.Arrays
	prog, err := NewProgram(req.ProgramRequest)
	if err != nil {
		return nil, err
	}
	prog.Name = code.Identifier(prog.Name)
	files, err = code.WriteWith(req.Language, prog, code.Options{Shard: req.Shard})
	if err != nil {
		return nil, plainError(message.Of(err))
	}
	return files, nil
}
