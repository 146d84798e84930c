package main

import (
	"bytes"
	"encoding/json"

	"example.com/nabla"
)

type phraseJSON struct {
	En string `json:"en"`
	Zh string `json:"zh"`
}

type solveLineJSON struct {
	Unknown string     `json:"unknown"`
	Text    string     `json:"text"`
	LaTeX   string     `json:"latex"`
	Rule    string     `json:"rule"`
	Reason  phraseJSON `json:"reason"`
	Error   float64    `json:"error"`
}

type valueJSON struct {
	Unknown  string `json:"unknown"`
	Symbol   string `json:"symbol"`
	Text     string `json:"text"`
	Language string `json:"language"`
	LaTeX    string `json:"latex"`
	Shape    string `json:"shape"`
	Several  bool   `json:"several,omitempty"`
}

type kindJSON struct {
	Point  string     `json:"point"`
	Global bool       `json:"global"`
	Unique bool       `json:"unique"`
	Text   phraseJSON `json:"text"`
}

type solveCheckJSON struct {
	Points   int      `json:"points"`
	Sizes    []string `json:"sizes"`
	MaxError float64  `json:"max_error"`
}

// A solutionJSON is everything that nabla solve --format json says.
type solutionJSON struct {
	Outcome     string          `json:"outcome"`
	Name        string          `json:"name,omitempty"`
	Expression  string          `json:"expression"`
	Variables   []variableJSON  `json:"variables"`
	Definitions []namedJSON     `json:"definitions,omitempty"`
	Notes       []string        `json:"notes,omitempty"`
	Constraints []string        `json:"constraints,omitempty"`
	Multipliers []variableJSON  `json:"multipliers,omitempty"`
	Lagrangian  *namedJSON      `json:"lagrangian,omitempty"`
	Gradients   []answerJSON    `json:"gradients"`
	Lines       []solveLineJSON `json:"lines"`
	Solutions   []valueJSON     `json:"solutions"`
	Conditions  []phraseJSON    `json:"conditions"`
	Remarks     []phraseJSON    `json:"remarks,omitempty"`
	Kind        kindJSON        `json:"kind"`
	Check       *solveCheckJSON `json:"check,omitempty"`
}

// writeSolveJSON writes a solution as one indented JSON object.
func writeSolveJSON(w *bytes.Buffer, s *nabla.Solution) {
	out := solutionJSON{
		Outcome: string(s.Outcome), Name: s.Name, Expression: s.Expression, Definitions: named(s.Definitions), Notes: s.Notes,
		Constraints: s.Constraints, Variables: []variableJSON{}, Gradients: []answerJSON{}, Lines: []solveLineJSON{},
		Solutions: []valueJSON{}, Conditions: phrasesJSON(s.Conditions), Remarks: phrasesJSON(s.Remarks),
		Kind: kindJSON{s.Kind.Point, s.Kind.Global, s.Kind.Unique, phraseJSON(s.Kind.Text)},
	}
	for _, v := range s.Variables {
		out.Variables = append(out.Variables, variableJSON(v))
	}
	for _, v := range s.Multipliers {
		out.Multipliers = append(out.Multipliers, variableJSON(v))
	}
	if s.Lagrangian != nil {
		out.Lagrangian = &namedJSON{s.Lagrangian.Name, s.Lagrangian.Text, s.Lagrangian.LaTeX}
	}
	for i := range s.Gradients {
		out.Gradients = append(out.Gradients, answer(&s.Gradients[i]))
	}
	for _, l := range s.Lines {
		out.Lines = append(out.Lines, solveLineJSON{l.Unknown, l.Text, l.LaTeX, l.Rule, phraseJSON(l.Reason), l.Error})
	}
	for _, v := range s.Solutions {
		out.Solutions = append(out.Solutions, valueJSON(v))
	}
	if c := s.Check; c != nil {
		out.Check = &solveCheckJSON{c.Points, c.Sizes, c.MaxError}
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	enc.Encode(out) // a buffer does not fail
}

func phrasesJSON(list []nabla.Phrase) []phraseJSON {
	out := []phraseJSON{}
	for _, p := range list {
		out = append(out, phraseJSON(p))
	}
	return out
}
