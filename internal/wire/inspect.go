package wire

import (
	"context"

	"example.com/nabla"
	"example.com/nabla/internal/gallery"
)

// An Inspection is the answer of inspect: how a program is understood.
type Inspection struct {
	Program     string     `json:"program,omitempty"` // in the language, where it came in another notation
	Expression  Formula    `json:"expression"`        // its symbol is the name it has
	Definitions []Formula  `json:"definitions"`
	Variables   []Variable `json:"variables"`
	Wrt         []string   `json:"wrt"` // asked for, or the only variable
	Notes       []string   `json:"notes,omitempty"`
	NotesZH     []string   `json:"notes_zh,omitempty"`
}

func inspect(ctx context.Context, q *DiffRequest) (*Inspection, error) {
	req, err := q.request(ctx)
	if err != nil {
		return nil, err
	}
	in, err := nabla.Inspect(req)
	if err != nil {
		return nil, err
	}
	out := &Inspection{Program: in.Program, Expression: formula(in.Expression), Definitions: []Formula{}, Variables: variables(in.Variables),
		Wrt: append([]string{}, in.Wrt...), Notes: in.Notes, NotesZH: in.NotesZH}
	for _, d := range in.Definitions {
		out.Definitions = append(out.Definitions, formula(d))
	}
	return out, nil
}

// Languages is the answer of languages.
type Languages struct {
	Languages []Language `json:"languages"`
}

// A Language is one that code can be written in.
type Language struct {
	Name  string `json:"name"`
	Title string `json:"title"`
}

func languages() *Languages {
	out := &Languages{}
	for _, l := range nabla.Languages() {
		out.Languages = append(out.Languages, Language(l))
	}
	return out
}

// Operators is the answer of ops.
type Operators struct {
	Operators []Operator `json:"operators"`
}

// An Operator is what the reference says of one operator.
type Operator struct {
	Name         string   `json:"name"`
	Usage        string   `json:"usage"`
	Aliases      []string `json:"aliases,omitempty"`
	Family       string   `json:"family"`
	Doc          string   `json:"doc"`
	Shapes       string   `json:"shapes,omitempty"`
	Definition   string   `json:"definition,omitempty"`
	Differential string   `json:"differential,omitempty"`
	Domain       string   `json:"domain,omitempty"`
	Examples     []string `json:"examples,omitempty"`
}

func operators() *Operators {
	out := &Operators{}
	for _, o := range nabla.Operators() {
		out.Operators = append(out.Operators, Operator(o))
	}
	return out
}

// Examples is the answer of examples; an example has the fields of a request.
type Examples struct {
	Topics   []gallery.Topic   `json:"topics"`
	Examples []gallery.Example `json:"examples"`
}

func examples() *Examples {
	topics, list := gallery.List()
	return &Examples{topics, list}
}
