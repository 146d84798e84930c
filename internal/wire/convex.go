package wire

import (
	"example.com/nabla"
	"example.com/nabla/internal/print"
)

// A Curvature is the answer of convex.
type Curvature struct {
	Name            string             `json:"name"`
	NameLaTeX       string             `json:"name_latex"`
	Expression      string             `json:"expression"`
	Variables       []Variable         `json:"variables"`
	Definitions     []Named            `json:"definitions,omitempty"`
	Notes           []string           `json:"notes,omitempty"`
	NotesZH         []string           `json:"notes_zh,omitempty"`
	Wrt             []string           `json:"wrt"`
	Curvature       string             `json:"curvature"` // affine, convex, concave, conditional, neither or unknown
	Verdicts        []CurvatureVerdict `json:"verdicts"`
	Counterexamples []Segment          `json:"counterexamples,omitempty"`
	Seconds         float64            `json:"seconds"`
}

// A CurvatureVerdict is one thing that was shown, with its certificate.
type CurvatureVerdict struct {
	Curvature   string          `json:"curvature"`
	If          []Condition     `json:"if,omitempty"`
	Domain      []Condition     `json:"domain,omitempty"`
	Strict      bool            `json:"strict"`
	Strong      bool            `json:"strong"`
	StrictIf    []Condition     `json:"strict_if,omitempty"`
	Method      string          `json:"method"` // rules or hessian
	Certificate []CurvatureStep `json:"certificate"`
	Chords      int             `json:"chords"`
	Sizes       []string        `json:"sizes,omitempty"`
}

// A Condition is a condition of a verdict.
type Condition struct {
	Text        string `json:"text"`
	Chinese     string `json:"zh"`
	LaTeX       string `json:"latex"`
	OnVariables bool   `json:"on_variables,omitempty"`
	Exact       bool   `json:"exact,omitempty"`
}

// A CurvatureStep is one line of a certificate.
type CurvatureStep struct {
	Rule       string      `json:"rule"`
	English    string      `json:"en"`
	Chinese    string      `json:"zh"`
	EnglishTeX string      `json:"en_tex,omitempty"` // with formulas as $LaTeX$
	ChineseTeX string      `json:"zh_tex,omitempty"`
	Formula    Notations   `json:"formula"`
	Operands   []Notations `json:"operands,omitempty"`
}

// A Notations is a formula in two notations.
type Notations struct {
	Text  string `json:"text"`
	LaTeX string `json:"latex"`
}

// A Segment refutes convexity or concavity: halfway its value is off the mean of the ends.
type Segment struct {
	Refutes string  `json:"refutes"`
	Sizes   string  `json:"sizes,omitempty"`
	Held    []Point `json:"held,omitempty"`
	From    []Point `json:"from"`
	To      []Point `json:"to"`
	AtFrom  float64 `json:"at_from"`
	AtTo    float64 `json:"at_to"`
	Half    float64 `json:"half"`
}

// A Point is a variable at a point: rows of numbers.
type Point struct {
	Name      string      `json:"name"`
	NameLaTeX string      `json:"name_latex"`
	Rows      [][]float64 `json:"rows"`
}

// NewCurvature is a report in JSON.
func NewCurvature(rep *nabla.CurvatureReport) *Curvature {
	out := &Curvature{Name: rep.Name, NameLaTeX: print.LaTeXName(rep.Name), Expression: rep.Expression, Definitions: named(rep.Definitions), Notes: rep.Notes, NotesZH: rep.NotesZH,
		Wrt: rep.Wrt, Curvature: rep.Curvature, Variables: variables(rep.Variables), Verdicts: []CurvatureVerdict{}, Seconds: rep.Seconds}
	conditions := func(list []nabla.CurvatureCondition) (out []Condition) {
		for _, c := range list {
			out = append(out, Condition(c))
		}
		return out
	}
	for _, v := range rep.Verdicts {
		x := CurvatureVerdict{Curvature: v.Curvature, If: conditions(v.If), Domain: conditions(v.Domain), Strict: v.Strict, Strong: v.Strong,
			StrictIf: conditions(v.StrictIf), Method: v.Method, Certificate: []CurvatureStep{}, Chords: v.Chords, Sizes: v.Sizes}
		for _, l := range v.Certificate {
			y := CurvatureStep{Rule: l.Rule, English: l.English, Chinese: l.Chinese, EnglishTeX: l.EnglishTeX, ChineseTeX: l.ChineseTeX, Formula: Notations(l.Formula)}
			for _, o := range l.Operands {
				y.Operands = append(y.Operands, Notations(o))
			}
			x.Certificate = append(x.Certificate, y)
		}
		out.Verdicts = append(out.Verdicts, x)
	}
	values := func(list []nabla.CurvaturePoint) (out []Point) {
		for _, v := range list {
			out = append(out, Point{v.Name, print.LaTeXName(v.Name), v.Rows})
		}
		return out
	}
	for _, c := range rep.Counterexamples {
		out.Counterexamples = append(out.Counterexamples, Segment{c.Refutes, c.Sizes, values(c.Held), values(c.From), values(c.To),
			c.AtFrom, c.AtTo, c.Half})
	}
	return out
}
