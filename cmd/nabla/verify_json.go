package main

import (
	"bytes"
	"encoding/json"

	"example.com/nabla"
)

// A verdictJSON is everything that nabla verify --format json says.
type verdictJSON struct {
	Equal          bool           `json:"equal"`
	Argument       string         `json:"argument,omitempty"`
	Kind           string         `json:"kind,omitempty"`
	Message        *textsJSON     `json:"message,omitempty"`
	HoldsIf        []string       `json:"holds_if,omitempty"`
	Line           int            `json:"first_wrong_line,omitempty"`
	Name           string         `json:"name"`
	Expression     string         `json:"expression"`
	Variables      []variableJSON `json:"variables"`
	Claim          formulaJSON    `json:"claim"`
	True           formulaJSON    `json:"true"`
	Part           *formulaJSON   `json:"part,omitempty"`
	Layout         string         `json:"layout,omitempty"`
	Identity       string         `json:"identity,omitempty"`
	Assumptions    []string       `json:"assumptions"`
	Lines          []lineJSON     `json:"lines"`
	Counterexample *exampleJSON   `json:"counterexample,omitempty"`
	Points         int            `json:"points"`
	Check          *checkJSON     `json:"check,omitempty"`
}

type textsJSON struct {
	EN string `json:"en"`
	ZH string `json:"zh"`
}

type formulaJSON struct {
	Symbol   string `json:"symbol,omitempty"`
	Text     string `json:"text"`
	Language string `json:"language"`
	LaTeX    string `json:"latex"`
	Shape    string `json:"shape"`
}

type lineJSON struct {
	Line     int         `json:"line"`
	Equal    bool        `json:"equal"`
	Argument string      `json:"argument,omitempty"`
	Defines  bool        `json:"defines,omitempty"`
	Claim    formulaJSON `json:"claim"`
}

type exampleJSON struct {
	Sizes       []string    `json:"sizes"`
	Variables   []pointJSON `json:"variables"`
	Row         int         `json:"row"`
	Column      int         `json:"column"`
	Claim       string      `json:"claim"`
	True        string      `json:"true"`
	Differences string      `json:"differences,omitempty"`
}

type pointJSON struct {
	Name    string       `json:"name"`
	Kind    string       `json:"kind"`
	Entries [][][]string `json:"entries"`
}

func formula(f nabla.Formula) formulaJSON {
	return formulaJSON{f.Symbol, f.Text, f.Language, f.LaTeX, f.Shape}
}

// writeVerdictJSON writes a verdict as one indented JSON object.
func writeVerdictJSON(w *bytes.Buffer, v *nabla.Verdict) {
	out := verdictJSON{
		Equal: v.Equal, Argument: string(v.Argument), Kind: v.Kind, HoldsIf: v.HoldsIf, Line: v.Line, Name: v.Result.Name,
		Expression: v.Result.Expression, Variables: []variableJSON{}, Claim: formula(v.Claimed), True: formula(v.True),
		Assumptions: []string{}, Lines: []lineJSON{}, Points: v.Points,
	}
	if !v.Equal {
		out.Message = &textsJSON{v.Message, v.MessageZH}
	}
	for _, x := range v.Result.Variables {
		out.Variables = append(out.Variables, variableJSON(x))
	}
	if v.Part.Text != "" {
		part := formula(v.Part)
		out.Part = &part
	}
	if d := v.Derivative; d != nil {
		out.Layout, out.Identity = string(d.Layout), d.Identity
		out.Assumptions = append(out.Assumptions, d.Assumptions...)
		if c := d.Check; c != nil {
			out.Check = &checkJSON{c.Points, c.Sizes, c.MaxError, c.Elapsed.Seconds(), c.Reason}
		}
	}
	for _, l := range v.Lines {
		out.Lines = append(out.Lines, lineJSON{l.Line, l.Equal, string(l.Argument), l.Defines, formula(l.Claimed)})
	}
	if x := v.Counterexample; x != nil {
		e := &exampleJSON{Sizes: append([]string{}, x.Sizes...), Row: x.Row, Column: x.Col, Claim: x.Claimed, True: x.True, Differences: x.Differences}
		for _, n := range x.Variables {
			e.Variables = append(e.Variables, pointJSON(n))
		}
		out.Counterexample = e
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	enc.Encode(out) // a buffer does not fail
}
