package wire

import (
	"strings"

	"example.com/nabla"
	"example.com/nabla/internal/print"
)

// A Derivative is one derivative.
type Derivative struct {
	Wrt           []string `json:"wrt"`
	Shape         []string `json:"shape"` // no size for a scalar, one for a vector, two for a matrix
	Layout        string   `json:"layout"`
	Vec           string   `json:"vec,omitempty"`
	Identity      string   `json:"identity"`
	IdentityLaTeX string   `json:"identity_latex"`
	Form          string   `json:"form"`
	Symbol        string   `json:"symbol"`
	SymbolLaTeX   string   `json:"symbol_latex"`
	Text          string   `json:"text"`
	Language      string   `json:"language"`
	LaTeX         string   `json:"latex"`
	NumPy         string   `json:"numpy"`
	Where         []Named  `json:"where,omitempty"`
	Zero          bool     `json:"zero,omitempty"`
	Remark        string   `json:"remark,omitempty"`
	RemarkZH      string   `json:"remark_zh,omitempty"`
	Structured    string   `json:"structured,omitempty"`
	Assumptions   []string `json:"assumptions"`
	AssumptionsZH []string `json:"assumptions_zh,omitempty"`
	Check         *Check   `json:"check,omitempty"`
}

// A Named is a name with its formula.
type Named struct {
	Name      string `json:"name"`
	NameLaTeX string `json:"name_latex"`
	Text      string `json:"text"`
	LaTeX     string `json:"latex"`
}

// A Check is the record of a numeric check.
type Check struct {
	Points   int      `json:"points"`
	Sizes    []string `json:"sizes"`
	MaxError float64  `json:"max_error"`
	Seconds  float64  `json:"seconds"`
	Reason   string   `json:"reason,omitempty"` // why nothing could be checked
	ReasonZH string   `json:"reason_zh,omitempty"`
}

// A Variable is what a name was understood as.
type Variable struct {
	Name      string   `json:"name"`
	NameLaTeX string   `json:"name_latex"`
	Decl      string   `json:"decl"`
	Inferred  bool     `json:"inferred,omitempty"`
	Unused    bool     `json:"unused,omitempty"`
	Kind      string   `json:"kind,omitempty"` // scalar, vector, matrix or function
	Sizes     []string `json:"sizes,omitempty"`
	Facts     []string `json:"facts,omitempty"`
	Range     string   `json:"range,omitempty"` // of a family's index
}

// A Result is the answer of diff.
type Result struct {
	Name            string            `json:"name"`
	Expression      string            `json:"expression"`
	ExpressionLaTeX string            `json:"expression_latex,omitempty"`
	Shape           string            `json:"shape"`
	Variables       []Variable        `json:"variables"`
	Definitions     []Named           `json:"definitions,omitempty"`
	Notes           []string          `json:"notes,omitempty"`
	NotesZH         []string          `json:"notes_zh,omitempty"`
	Derivatives     []Derivative      `json:"derivatives"`
	Stages          map[string]string `json:"stages,omitempty"`
	Seconds         float64           `json:"seconds"`
}

// NewDerivative is d in JSON.
func NewDerivative(d *nabla.Derivative) Derivative {
	a := Derivative{
		Wrt: d.Wrt, Shape: shape(d), Layout: string(d.Layout), Vec: string(d.Vec),
		Identity: d.Identity, IdentityLaTeX: d.IdentityLaTeX, SymbolLaTeX: d.SymbolLaTeX, Form: string(d.Form), Symbol: d.Symbol, Text: d.Text, Language: d.Language,
		LaTeX: d.LaTeX, NumPy: d.NumPy, Where: named(d.Where), Zero: d.Zero, Remark: d.Remark, RemarkZH: d.RemarkZH,
		Structured: d.Structured, Assumptions: append([]string{}, d.Assumptions...), AssumptionsZH: d.AssumptionsZH,
	}
	if c := d.Check; c != nil {
		a.Check = newCheck(c)
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

func newCheck(c *nabla.Check) *Check {
	return &Check{c.Points, c.Sizes, c.MaxError, c.Elapsed.Seconds(), c.Reason, c.ReasonZH}
}

func newNamed(n nabla.Named) Named {
	return Named{n.Name, print.LaTeXName(n.Name), n.Text, n.LaTeX}
}

func newVariable(v nabla.Variable) Variable {
	return Variable{v.Name, print.LaTeXName(v.Name), v.Decl, v.Inferred, v.Unused, v.Kind, v.Sizes, v.Facts, v.Range}
}

func named(list []nabla.Named) []Named {
	var out []Named
	for _, n := range list {
		out = append(out, newNamed(n))
	}
	return out
}

// NewResult is an answer in JSON.
func NewResult(res *nabla.Result) *Result {
	out := &Result{
		Name: res.Name, Expression: res.Expression, ExpressionLaTeX: res.ExpressionLaTeX, Shape: res.Shape,
		Definitions: named(res.Definitions), Notes: res.Notes, NotesZH: res.NotesZH, Stages: res.Stages, Seconds: res.Seconds,
		Variables: variables(res.Variables), Derivatives: []Derivative{},
	}
	for i := range res.Derivatives {
		out.Derivatives = append(out.Derivatives, NewDerivative(&res.Derivatives[i]))
	}
	return out
}

func variables(list []nabla.Variable) []Variable {
	out := []Variable{}
	for _, v := range list {
		out = append(out, newVariable(v))
	}
	return out
}
