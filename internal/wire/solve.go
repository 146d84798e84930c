package wire

import (
	"example.com/nabla"
	"example.com/nabla/internal/paper"
	"example.com/nabla/internal/print"
)

// A SolveLine is an equation and the rule that leads to it from the line before.
type SolveLine struct {
	Unknown string  `json:"unknown"`
	Text    string  `json:"text"`
	LaTeX   string  `json:"latex"`
	Rule    string  `json:"rule"`
	Reason  Words   `json:"reason"`
	Error   float64 `json:"error"`
}

// A SolvedValue is the value of one variable.
type SolvedValue struct {
	Unknown     string `json:"unknown"`
	Symbol      string `json:"symbol"`
	SymbolLaTeX string `json:"symbol_latex"`
	Text        string `json:"text"`
	Language    string `json:"language"`
	LaTeX       string `json:"latex"`
	Shape       string `json:"shape"`
	Several     bool   `json:"several,omitempty"`
}

// A Kind says what a stationary point is.
type Kind struct {
	Point  string `json:"point"`
	Global bool   `json:"global"`
	Unique bool   `json:"unique"`
	Text   Words  `json:"text"`
	TeX    *Words `json:"tex,omitempty"` // text with its formulas as $LaTeX$, where it has some
}

// A SolveCheck is the record of the numeric check of a solution.
type SolveCheck struct {
	Points   int      `json:"points"`
	Sizes    []string `json:"sizes"`
	MaxError float64  `json:"max_error"`
}

// A Solution is the answer of solve.
type Solution struct {
	Outcome     string        `json:"outcome"`
	Name        string        `json:"name,omitempty"`
	NameLaTeX   string        `json:"name_latex,omitempty"`
	Expression  string        `json:"expression"`
	Variables   []Variable    `json:"variables"`
	Definitions []Named       `json:"definitions,omitempty"`
	Notes       []string      `json:"notes,omitempty"`
	NotesZH     []string      `json:"notes_zh,omitempty"`
	Constraints []string      `json:"constraints,omitempty"`
	Multipliers []Variable    `json:"multipliers,omitempty"`
	Lagrangian  *Named        `json:"lagrangian,omitempty"`
	Gradients   []Derivative  `json:"gradients"`
	Lines       []SolveLine   `json:"lines"`
	Solutions   []SolvedValue `json:"solutions"`
	Conditions  []Words       `json:"conditions"`
	Remarks     []Words       `json:"remarks,omitempty"`
	Kind        Kind          `json:"kind"`
	Check       *SolveCheck   `json:"check,omitempty"`
	Paper       *paper.Paper  `json:"paper,omitempty"` // the whole as a document
}

// NewSolution is a solution in JSON, without its document.
func NewSolution(s *nabla.Solution) *Solution {
	out := &Solution{
		Outcome: string(s.Outcome), Name: s.Name, NameLaTeX: print.LaTeXName(s.Name), Expression: s.Expression, Definitions: named(s.Definitions), Notes: s.Notes, NotesZH: s.NotesZH,
		Constraints: s.Constraints, Variables: variables(s.Variables), Gradients: []Derivative{}, Lines: []SolveLine{},
		Solutions: []SolvedValue{}, Conditions: phrases(s.Conditions), Remarks: phrases(s.Remarks),
		Kind: Kind{Point: s.Kind.Point, Global: s.Kind.Global, Unique: s.Kind.Unique, Text: Words(s.Kind.Text)},
	}
	if tex := Words(s.Kind.TeX); tex.En != "" {
		out.Kind.TeX = &tex
	}
	for _, v := range s.Multipliers {
		out.Multipliers = append(out.Multipliers, newVariable(v))
	}
	if s.Lagrangian != nil {
		lagrangian := newNamed(*s.Lagrangian)
		out.Lagrangian = &lagrangian
	}
	for i := range s.Gradients {
		out.Gradients = append(out.Gradients, NewDerivative(&s.Gradients[i]))
	}
	for _, l := range s.Lines {
		out.Lines = append(out.Lines, SolveLine{l.Unknown, l.Text, l.LaTeX, l.Rule, Words(l.Reason), l.Error})
	}
	for _, v := range s.Solutions {
		out.Solutions = append(out.Solutions, SolvedValue{v.Unknown, v.Symbol, print.LaTeXName(v.Symbol), v.Text, v.Language, v.LaTeX, v.Shape, v.Several})
	}
	if c := s.Check; c != nil {
		out.Check = &SolveCheck{c.Points, c.Sizes, c.MaxError}
	}
	return out
}

func phrases(list []nabla.Phrase) []Words {
	out := []Words{}
	for _, p := range list {
		out = append(out, Words(p))
	}
	return out
}
