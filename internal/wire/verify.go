package wire

import (
	"example.com/nabla"
	"example.com/nabla/internal/print"
)

// A Verdict is the answer of verify.
type Verdict struct {
	Equal           bool            `json:"equal"`
	Argument        string          `json:"argument,omitempty"`
	Kind            string          `json:"kind,omitempty"`
	Message         *Words          `json:"message,omitempty"`
	HoldsIf         []string        `json:"holds_if,omitempty"`
	Line            int             `json:"first_wrong_line,omitempty"`
	Name            string          `json:"name"`
	Expression      string          `json:"expression"`
	ExpressionLaTeX string          `json:"expression_latex,omitempty"`
	Variables       []Variable      `json:"variables"`
	Claim           Formula         `json:"claim"`
	True            Formula         `json:"true"`
	Part            *Formula        `json:"part,omitempty"`
	Layout          string          `json:"layout,omitempty"`
	Identity        string          `json:"identity,omitempty"`
	Assumptions     []string        `json:"assumptions"`
	AssumptionsZH   []string        `json:"assumptions_zh,omitempty"`
	Lines           []VerifiedLine  `json:"lines"`
	Counterexample  *Counterexample `json:"counterexample,omitempty"`
	Points          int             `json:"points"`
	Check           *Check          `json:"check,omitempty"`
}

// Words are the same words in both languages.
type Words struct {
	En string `json:"en"`
	Zh string `json:"zh"`
}

// A Formula is an expression in the notations, with its left-hand side if it has one.
type Formula struct {
	Symbol      string `json:"symbol,omitempty"`
	SymbolLaTeX string `json:"symbol_latex,omitempty"`
	Text        string `json:"text"`
	Language    string `json:"language"`
	LaTeX       string `json:"latex"`
	Shape       string `json:"shape"`
}

// A VerifiedLine is a claim that was looked at.
type VerifiedLine struct {
	Line     int     `json:"line"`
	Equal    bool    `json:"equal"`
	Argument string  `json:"argument,omitempty"`
	Defines  bool    `json:"defines,omitempty"`
	Claim    Formula `json:"claim"`
}

// A Counterexample is a point of small numbers at which claim and truth differ.
type Counterexample struct {
	Sizes       []string `json:"sizes"`
	Variables   []Value  `json:"variables"`
	Row         int      `json:"row"`
	Column      int      `json:"column"`
	Claim       string   `json:"claim"`
	True        string   `json:"true"`
	Differences string   `json:"differences,omitempty"`
}

// A Value is a variable at a point: for each member of a family its rows.
type Value struct {
	Name      string       `json:"name"`
	NameLaTeX string       `json:"name_latex"`
	Kind      string       `json:"kind"`
	Entries   [][][]string `json:"entries"`
}

func formula(f nabla.Formula) Formula {
	return Formula(f)
}

// NewVerdict is a verdict in JSON.
func NewVerdict(v *nabla.Verdict) *Verdict {
	out := &Verdict{
		Equal: v.Equal, Argument: string(v.Argument), Kind: v.Kind, HoldsIf: v.HoldsIf, Line: v.Line, Name: v.Result.Name,
		Expression: v.Result.Expression, Variables: variables(v.Result.Variables), Claim: formula(v.Claimed), True: formula(v.True),
		ExpressionLaTeX: v.Result.ExpressionLaTeX, Assumptions: []string{}, Lines: []VerifiedLine{}, Points: v.Points,
	}
	if !v.Equal {
		out.Message = &Words{v.Message, v.MessageZH}
	}
	if v.Part.Text != "" {
		part := formula(v.Part)
		out.Part = &part
	}
	if d := v.Derivative; d != nil {
		out.Layout, out.Identity = string(d.Layout), d.Identity
		out.Assumptions, out.AssumptionsZH = append(out.Assumptions, d.Assumptions...), append(out.AssumptionsZH, d.AssumptionsZH...)
		if c := d.Check; c != nil {
			out.Check = newCheck(c)
		}
	}
	for _, l := range v.Lines {
		out.Lines = append(out.Lines, VerifiedLine{l.Line, l.Equal, string(l.Argument), l.Defines, formula(l.Claimed)})
	}
	if x := v.Counterexample; x != nil {
		e := &Counterexample{Sizes: append([]string{}, x.Sizes...), Row: x.Row, Column: x.Col, Claim: x.Claimed, True: x.True, Differences: x.Differences}
		for _, n := range x.Variables {
			e.Variables = append(e.Variables, Value{n.Name, print.LaTeXName(n.Name), n.Kind, n.Entries})
		}
		out.Counterexample = e
	}
	return out
}
