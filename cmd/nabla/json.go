package main

import (
	"bytes"
	"encoding/json"
	"strings"

	"example.com/nabla"
)

// An answerJSON is one derivative for programs.
type answerJSON struct {
	Wrt         []string    `json:"wrt"`
	Shape       []string    `json:"shape"` // no size for a scalar, one for a vector, two for a matrix
	Layout      string      `json:"layout"`
	Vec         string      `json:"vec,omitempty"`
	Identity    string      `json:"identity"`
	Form        string      `json:"form"`
	Symbol      string      `json:"symbol"`
	Text        string      `json:"text"`
	Language    string      `json:"language"`
	LaTeX       string      `json:"latex"`
	NumPy       string      `json:"numpy"`
	Where       []namedJSON `json:"where,omitempty"`
	Zero        bool        `json:"zero,omitempty"`
	Remark      string      `json:"remark,omitempty"`
	Structured  string      `json:"structured,omitempty"`
	Assumptions []string    `json:"assumptions"`
	Check       *checkJSON  `json:"check,omitempty"`
}

type namedJSON struct {
	Name  string `json:"name"`
	Text  string `json:"text"`
	LaTeX string `json:"latex"`
}

type checkJSON struct {
	Points   int      `json:"points"`
	Sizes    []string `json:"sizes"`
	MaxError float64  `json:"max_error"`
	Seconds  float64  `json:"seconds"`
	Reason   string   `json:"reason,omitempty"` // why nothing could be checked
}

type variableJSON struct {
	Name     string `json:"name"`
	Decl     string `json:"decl"`
	Inferred bool   `json:"inferred,omitempty"`
	Unused   bool   `json:"unused,omitempty"`
}

// A resultJSON is everything that nabla diff --format json says.
type resultJSON struct {
	Name        string            `json:"name"`
	Expression  string            `json:"expression"`
	Shape       string            `json:"shape"`
	Variables   []variableJSON    `json:"variables"`
	Definitions []namedJSON       `json:"definitions,omitempty"`
	Notes       []string          `json:"notes,omitempty"`
	Derivatives []answerJSON      `json:"derivatives"`
	Stages      map[string]string `json:"stages,omitempty"`
	Seconds     float64           `json:"seconds"`
}

func answer(d *nabla.Derivative) answerJSON {
	a := answerJSON{
		Wrt: d.Wrt, Shape: shape(d), Layout: string(d.Layout), Vec: string(d.Vec),
		Identity: d.Identity, Form: string(d.Form), Symbol: d.Symbol, Text: d.Text, Language: d.Language,
		LaTeX: d.LaTeX, NumPy: d.NumPy, Where: named(d.Where), Zero: d.Zero, Remark: d.Remark,
		Structured: d.Structured, Assumptions: append([]string{}, d.Assumptions...),
	}
	if c := d.Check; c != nil {
		a.Check = &checkJSON{c.Points, c.Sizes, c.MaxError, c.Elapsed.Seconds(), c.Reason}
	}
	return a
}

// shape lists the sizes of an answer; a row has two, the first of them 1, so that
// it is not taken for a vector.
func shape(d *nabla.Derivative) []string {
	dims := []string{}
	if strings.HasPrefix(d.Shape, "row") {
		dims = append(dims, "1")
	}
	return append(dims, d.Dims...)
}

func named(list []nabla.Named) []namedJSON {
	var out []namedJSON
	for _, n := range list {
		out = append(out, namedJSON(n))
	}
	return out
}

// writeJSON writes an answer as one indented JSON object.
func writeJSON(w *bytes.Buffer, res *nabla.Result) {
	out := resultJSON{
		Name: res.Name, Expression: res.Expression, Shape: res.Shape,
		Definitions: named(res.Definitions), Notes: res.Notes, Stages: res.Stages, Seconds: res.Seconds,
		Variables: []variableJSON{}, Derivatives: []answerJSON{},
	}
	for _, v := range res.Variables {
		out.Variables = append(out.Variables, variableJSON(v))
	}
	for i := range res.Derivatives {
		out.Derivatives = append(out.Derivatives, answer(&res.Derivatives[i]))
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	enc.Encode(out) // a buffer does not fail
}
