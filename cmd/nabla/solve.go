package main

import (
	"bytes"
	"fmt"
	"strings"

	"example.com/nabla"
	"example.com/nabla/internal/paper"
	"example.com/nabla/internal/source"
	"example.com/nabla/internal/wire"
)

const helpSolve = `usage: nabla solve [flags] EXPR|FILE|- [VAR…]

Finds where the gradient of a scalar function by each VAR is zero, in closed form
where there is one, and shows the lines. An equation such as A*X*B = C may stand
instead of the function; it is solved for VAR. A program with one variable needs no
VAR.

flags:
  --var DECL           declare a variable, as in --var 'S: matrix(n, n) symmetric'
  --from N             language (default) or latex, which files *.tex are in: docs/latex.md
  --subject-to EQ      a constraint such as 'A*x = b'; may be repeated
  --layout L           denominator (default) or numerator
  --format F           text (default), latex or json
  --lang L             en (default) or zh: the language of the reasons

exit status: 0 an answer, also that no closed form is known; 1 the input is wrong;
2 the command line is wrong; 3 nabla is wrong, for instance a solution that failed its
numeric check.
`

var (
	solveFormats = []string{"text", "latex", "json"}
	langs        = []string{"en", "zh"}
)

// solve is the command nabla solve.
func (c *command) solve(args []string) int {
	var p problem
	var subject []string
	fs := newFlags("solve")
	p.define(fs)
	format := solveFormats[0]
	fs.StringVar(&format, "format", format, "")
	fs.StringVar(&c.lang, "lang", langs[0], "")
	fs.Func("subject-to", "", func(s string) error {
		subject = append(subject, s)
		return nil
	})
	err := p.read(c, fs, args, func() error {
		return choose(choice{"format", format, solveFormats}, choice{"lang", c.lang, langs})
	})
	if err != nil {
		return c.fail(err)
	}
	sol, err := safely(nabla.Solve, nabla.SolveRequest{Program: p.program, File: p.file, Notation: p.notation(p.file), Vars: p.vars, For: p.operands,
		SubjectTo: subject, Layout: nabla.Layout(p.layout)})
	if err != nil {
		return c.fail(err)
	}
	var out bytes.Buffer
	switch format {
	case "json":
		return c.writeJSON(wire.NewSolution(sol))
	case "latex":
		out.WriteString(paper.LaTeX(sol.Paper, paper.Options{Lang: paper.Lang(c.lang)}))
	default:
		writeSolution(&out, sol, c.lang, style{colour: c.colour})
	}
	return c.write(out.Bytes())
}

// solveWords are the labels of a solution.
var solveWords = map[string]nabla.Phrase{
	"given":      {En: "given", Zh: "已知"},
	"inferred":   {En: "inferred", Zh: "推断"},
	"not used":   {En: "not used", Zh: "未用"},
	"note":       {En: "note", Zh: "注"},
	"equation":   {En: "equation", Zh: "方程"},
	"subject":    {En: "subject to", Zh: "约束"},
	"multiplier": {En: "multiplier", Zh: "乘子"},
	"solution":   {En: "solution", Zh: "解"},
	"result":     {En: "result", Zh: "结论"},
	"provided":   {En: "provided", Zh: "条件"},
	"kind":       {En: "kind", Zh: "类型"},
	"remark":     {En: "remark", Zh: "说明"},
	"checked":    {En: "checked", Zh: "检验"},
}

// outcomeWords say what became of a request.
var outcomeWords = map[nabla.Outcome]nabla.Phrase{
	nabla.Solved:            {En: "solved", Zh: "已解出"},
	nabla.Eigenvectors:      {En: "eigenvectors", Zh: "特征向量"},
	nabla.NoClosedForm:      {En: "no closed form known", Zh: "没有已知的闭式解"},
	nabla.NoStationaryPoint: {En: "no stationary point", Zh: "没有驻点"},
	nabla.NoSolution:        {En: "no solution", Zh: "无解"},
	nabla.EveryPoint:        {En: "every point is stationary", Zh: "处处是驻点"},
	nabla.Underdetermined:   {En: "not determined uniquely", Zh: "解不唯一确定"},
}

// solveWidth is the width of a line of a solution.
const solveWidth = 160

// writeSolution writes a solution for a person.
func writeSolution(w *bytes.Buffer, s *nabla.Solution, lang string, st style) {
	word := func(name string) string { return solveWords[name].In(lang) }
	var rows []row
	for i, v := range s.Variables {
		r := row{text: v.Name + ": " + v.Decl}
		var remarks []string
		if v.Inferred {
			remarks = append(remarks, word("inferred"))
		}
		if v.Unused {
			remarks = append(remarks, word("not used"))
		}
		r.right = strings.Join(remarks, ", ")
		if i == 0 {
			r.label = word("given")
		}
		rows = append(rows, r)
	}
	for _, d := range s.Definitions {
		if d.Name != s.Name {
			rows = append(rows, row{label: d.Name, text: d.Text, formula: true})
		}
	}
	if s.Name == "" {
		rows = append(rows, row{label: word("equation"), text: s.Expression})
	} else {
		rows = append(rows, row{label: s.Name, text: s.Expression, right: s.Shape, formula: true})
	}
	list := func(name string, texts []string) {
		for i, t := range texts {
			r := row{text: t}
			if i == 0 {
				r.label = word(name)
			}
			rows = append(rows, r)
		}
	}
	list("subject", s.Constraints)
	for _, v := range s.Multipliers {
		rows = append(rows, row{label: word("multiplier"), text: v.Name + ": " + v.Decl})
	}
	list("note", pick(lang, s.Notes, s.NotesZH))
	for i := range s.Gradients {
		rows = append(rows, block(&s.Gradients[i])[0])
	}
	if s.Lagrangian != nil {
		rows = append(rows, row{label: s.Lagrangian.Name, text: s.Lagrangian.Text, right: "scalar", formula: true})
	}
	rows = append(rows, row{blank: true})
	head, body := rows, []row{}
	widest := 0
	for _, l := range s.Lines {
		if n := source.Width(l.Text); n <= shapeColumn {
			widest = max(widest, n)
		}
	}
	for i, l := range s.Lines {
		r := row{label: fmt.Sprintf("(%d)", i+1), text: l.Text, right: l.Reason.In(lang)}
		if 13+max(widest, source.Width(l.Text))+3+source.Width(r.right) > solveWidth {
			body = append(body, row{label: r.label, text: r.text}, row{text: "    " + r.right})
			continue
		}
		body = append(body, r)
	}
	body = append(body, row{blank: true})
	writeRows(w, head, st)
	writeRows(w, body, st)
	rows = nil
	for i, v := range s.Solutions {
		r := row{text: v.Symbol + " = " + v.Text, right: v.Shape, strong: true}
		if i == 0 {
			r.label = word("solution")
		}
		rows = append(rows, r)
	}
	if s.Outcome != nabla.Solved {
		rows = append(rows, row{label: word("result"), text: outcomeWords[s.Outcome].In(lang), strong: true})
	}
	phrases := func(name string, list []nabla.Phrase) {
		for i, p := range list {
			for k, text := range wrap(p.In(lang), solveWidth-14) {
				r := row{text: text}
				if i == 0 && k == 0 {
					r.label = word(name)
				}
				rows = append(rows, r)
			}
		}
	}
	phrases("provided", s.Conditions)
	if s.Outcome == nabla.Solved && s.Kind.Text.En != "" {
		phrases("kind", []nabla.Phrase{s.Kind.Text})
	}
	phrases("remark", s.Remarks)
	if s.Check != nil {
		rows = append(rows, row{label: word("checked"), text: solveCheckText(s, lang)})
	}
	writeRows(w, rows, st)
}

func solveCheckText(s *nabla.Solution, lang string) string {
	c := s.Check
	if lang == "zh" {
		return fmt.Sprintf("%d 组尺寸，解处每行成立，最大相对误差 %.1e", c.Points, c.MaxError)
	}
	sets := fmt.Sprintf("%d sets of sizes", c.Points)
	if c.Points == 1 {
		sets = "1 set of sizes"
	}
	return fmt.Sprintf("%s, every line holds at the solution, largest relative error %.1e", sets, c.MaxError)
}

// wrap breaks a text at spaces into lines of at most n columns.
func wrap(text string, n int) []string {
	var out []string
	line := ""
	for _, word := range strings.Split(text, " ") {
		if line != "" && source.Width(line)+1+source.Width(word) > n {
			out = append(out, line)
			line = "  " + word
			continue
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	return append(out, line)
}
