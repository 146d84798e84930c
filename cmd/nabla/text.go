package main

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"example.com/nabla"
	"example.com/nabla/internal/source"
)

// A style says how text for a person looks.
type style struct{ colour bool }

func (s style) mark(esc, text string) string {
	if !s.colour || text == "" {
		return text
	}
	return esc + text + escReset
}

// shapeColumn is the widest formula that shapes on the right are aligned to.
const shapeColumn = 56

// A row is one line of the answer: a label, then a formula after an equals
// sign or words, then on the right a shape or remark.
type row struct {
	label, text, right string
	formula, strong    bool
	blank              bool // an empty line
}

// writeText writes an answer for a person: what was understood, then a block
// for each derivative.
func writeText(w *bytes.Buffer, res *nabla.Result, s style) {
	rows := given(res)
	rows = append(rows, row{label: res.Name, text: res.Expression, right: res.Shape, formula: true})
	for _, n := range res.Notes {
		rows = append(rows, row{label: "note", text: n})
	}
	for i := range res.Derivatives {
		if len(res.Derivatives) > 1 {
			rows = append(rows, row{blank: true})
		}
		rows = append(rows, block(&res.Derivatives[i])...)
	}
	writeRows(w, rows, s)
}

// given lists the variables and the definitions that answers mention.
func given(res *nabla.Result) []row {
	var rows []row
	for _, v := range res.Variables {
		r := row{text: v.Name + ": " + v.Decl}
		var remarks []string
		if v.Inferred {
			remarks = append(remarks, "inferred")
		}
		if v.Unused {
			remarks = append(remarks, "not used")
		}
		r.right = strings.Join(remarks, ", ")
		rows = append(rows, r)
	}
	if len(rows) > 0 {
		rows[0].label = "given"
	}
	for _, d := range res.Definitions {
		if d.Name != res.Name {
			rows = append(rows, row{label: d.Name, text: d.Text, formula: true})
		}
	}
	return rows
}

// block is one derivative with everything that is said about it.
func block(d *nabla.Derivative) []row {
	text := d.Text
	if len(d.Where) > 0 {
		text = d.Line // the names come below
	}
	rows := []row{{label: d.Symbol, text: text, right: d.Shape, formula: true, strong: true}}
	for i, p := range d.Where {
		r := row{text: p.Name + " = " + p.Text}
		if i == 0 {
			r.label = "where"
		}
		rows = append(rows, r)
	}
	if d.Remark != "" {
		rows = append(rows, row{label: "note", text: d.Remark})
	}
	layout := string(d.Layout)
	if d.Vec != "" {
		layout += ", vec by " + string(d.Vec)
	}
	if d.Identity != "" {
		layout += ": " + d.Identity
	}
	rows = append(rows, row{label: "layout", text: layout})
	if d.Structured != "" {
		rows = append(rows, row{label: "entries", text: "free entries of a " + d.Structured + " variable"})
	}
	for i, a := range d.Assumptions {
		r := row{text: a}
		if i == 0 {
			r.label = "assuming"
		}
		rows = append(rows, r)
	}
	rows = append(rows, row{label: "form", text: formName(d.Form)})
	return append(rows, row{label: "checked", text: checkText(d.Check)})
}

func formName(f nabla.Form) string {
	switch f {
	case nabla.KroneckerForm:
		return "Kronecker"
	case nabla.IndexForm:
		return "index notation"
	}
	return string(f)
}

func checkText(c *nabla.Check) string {
	if c != nil && c.Reason != "" {
		return "no: " + strings.TrimPrefix(c.Reason, "no random point for the numeric check: ")
	}
	if c == nil {
		return "no"
	}
	sets := strconv.Itoa(len(c.Sizes)) + " sets of sizes"
	if len(c.Sizes) == 1 {
		sets = "1 set of sizes"
	}
	return fmt.Sprintf("%s, largest relative error %.1e", sets, c.MaxError)
}

// writeRows aligns labels and right-hand remarks by the width a terminal gives
// them.
func writeRows(w *bytes.Buffer, rows []row, s style) {
	label, right, remark := 10, 0, 0
	for _, r := range rows {
		label = max(label, source.Width(r.label)+1)
		if n := source.Width(r.text); r.right != "" && n <= shapeColumn {
			if r.formula {
				right = max(right, n)
			} else {
				remark = max(remark, n)
			}
		}
	}
	for _, r := range rows {
		if r.blank {
			w.WriteByte('\n')
			continue
		}
		name, text := s.mark(escDim, r.label), r.text
		if r.formula {
			name = s.mark(escBold, r.label)
		}
		if r.strong {
			text = s.mark(escBold+escCyan, r.text)
		}
		w.WriteString(name)
		pad(w, label-source.Width(r.label))
		if r.formula {
			w.WriteString("= ")
		} else {
			w.WriteString("  ")
		}
		w.WriteString(text)
		if r.right != "" {
			column := remark
			if r.formula {
				column = right
			}
			pad(w, max(0, column-source.Width(r.text))+3)
			w.WriteString(s.mark(escDim, r.right))
		}
		w.WriteByte('\n')
	}
}

func pad(w *bytes.Buffer, n int) {
	for ; n > 0; n-- {
		w.WriteByte(' ')
	}
}

// writeStages writes the views that --show asks for, in the order of the
// stages.
func writeStages(w *bytes.Buffer, res *nabla.Result, show []string) {
	for _, name := range stages {
		if text := res.Stages[name]; slices.Contains(show, name) {
			fmt.Fprintf(w, "── %s ──\n%s\n", name, strings.TrimRight(text, "\n"))
		}
	}
	if len(show) > 0 {
		w.WriteByte('\n')
	}
}

// writeFormat writes the derivatives as LaTeX, NumPy or in the language.
func writeFormat(w *bytes.Buffer, res *nabla.Result, format string) {
	for i := range res.Derivatives {
		d := &res.Derivatives[i]
		several := len(res.Derivatives) > 1
		switch format {
		case "latex":
			w.WriteString(d.SymbolLaTeX + " = " + d.LaTeX + "\n")
		case "numpy":
			source := strings.TrimRight(d.NumPy, "\n") + "\n"
			if several {
				if i > 0 {
					w.WriteString("\n\n")
				}
				source = strings.Replace(source, "def derivative(", "def derivative_"+d.Wrt[0]+"(", 1)
			}
			w.WriteString(source)
		case "language":
			if several {
				w.WriteString("# " + d.Symbol + "\n")
			}
			w.WriteString(strings.TrimRight(d.Language, "\n") + "\n")
		}
	}
}
