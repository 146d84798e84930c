package main

import (
	"bytes"
	"encoding/json"

	"example.com/nabla"
)

// A convexJSON is everything that nabla convex --format json says.
type convexJSON struct {
	Name            string          `json:"name"`
	Expression      string          `json:"expression"`
	Variables       []variableJSON  `json:"variables"`
	Definitions     []namedJSON     `json:"definitions,omitempty"`
	Notes           []string        `json:"notes,omitempty"`
	Wrt             []string        `json:"wrt"`
	Curvature       string          `json:"curvature"` // affine, convex, concave, conditional, neither or unknown
	Verdicts        []curvatureJSON `json:"verdicts"`
	Counterexamples []segmentJSON   `json:"counterexamples,omitempty"`
	Seconds         float64         `json:"seconds"`
}

type curvatureJSON struct {
	Curvature   string          `json:"curvature"`
	If          []convexIfJSON  `json:"if,omitempty"`
	Domain      []convexIfJSON  `json:"domain,omitempty"`
	Strict      bool            `json:"strict"`
	Strong      bool            `json:"strong"`
	StrictIf    []convexIfJSON  `json:"strict_if,omitempty"`
	Method      string          `json:"method"` // rules or hessian
	Certificate []proofLineJSON `json:"certificate"`
	Chords      int             `json:"chords"`
	Sizes       []string        `json:"sizes,omitempty"`
}

type convexIfJSON struct {
	Text        string `json:"text"`
	Chinese     string `json:"zh"`
	LaTeX       string `json:"latex"`
	OnVariables bool   `json:"on_variables,omitempty"`
	Exact       bool   `json:"exact,omitempty"`
}

type proofLineJSON struct {
	Rule     string             `json:"rule"`
	English  string             `json:"en"`
	Chinese  string             `json:"zh"`
	Formula  proofFormulaJSON   `json:"formula"`
	Operands []proofFormulaJSON `json:"operands,omitempty"`
}

type proofFormulaJSON struct {
	Text  string `json:"text"`
	LaTeX string `json:"latex"`
}

type segmentJSON struct {
	Refutes string      `json:"refutes"`
	Sizes   string      `json:"sizes,omitempty"`
	Held    []entryJSON `json:"held,omitempty"`
	From    []entryJSON `json:"from"`
	To      []entryJSON `json:"to"`
	AtFrom  float64     `json:"at_from"`
	AtTo    float64     `json:"at_to"`
	Half    float64     `json:"half"`
}

type entryJSON struct {
	Name string      `json:"name"`
	Rows [][]float64 `json:"rows"`
}

// writeConvexJSON writes a report as one indented JSON object.
func writeConvexJSON(w *bytes.Buffer, rep *nabla.CurvatureReport) {
	out := convexJSON{Name: rep.Name, Expression: rep.Expression, Definitions: named(rep.Definitions), Notes: rep.Notes,
		Wrt: rep.Wrt, Curvature: rep.Curvature, Variables: []variableJSON{}, Verdicts: []curvatureJSON{}, Seconds: rep.Seconds}
	for _, v := range rep.Variables {
		out.Variables = append(out.Variables, variableJSON(v))
	}
	conditions := func(list []nabla.CurvatureCondition) (out []convexIfJSON) {
		for _, c := range list {
			out = append(out, convexIfJSON(c))
		}
		return out
	}
	for _, v := range rep.Verdicts {
		x := curvatureJSON{Curvature: v.Curvature, If: conditions(v.If), Domain: conditions(v.Domain), Strict: v.Strict, Strong: v.Strong,
			StrictIf: conditions(v.StrictIf), Method: v.Method, Certificate: []proofLineJSON{}, Chords: v.Chords, Sizes: v.Sizes}
		for _, l := range v.Certificate {
			y := proofLineJSON{Rule: l.Rule, English: l.English, Chinese: l.Chinese, Formula: proofFormulaJSON(l.Formula)}
			for _, o := range l.Operands {
				y.Operands = append(y.Operands, proofFormulaJSON(o))
			}
			x.Certificate = append(x.Certificate, y)
		}
		out.Verdicts = append(out.Verdicts, x)
	}
	values := func(list []nabla.CurvaturePoint) (out []entryJSON) {
		for _, v := range list {
			out = append(out, entryJSON(v))
		}
		return out
	}
	for _, c := range rep.Counterexamples {
		out.Counterexamples = append(out.Counterexamples, segmentJSON{c.Refutes, c.Sizes, values(c.Held), values(c.From), values(c.To),
			c.AtFrom, c.AtTo, c.Half})
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	enc.Encode(out) // a buffer does not fail
}
