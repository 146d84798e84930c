package main

import (
	"bytes"
	"fmt"
	"math"
	"strconv"
	"strings"

	"example.com/nabla"
	"example.com/nabla/internal/paper"
	"example.com/nabla/internal/source"
	"example.com/nabla/internal/wire"
)

const helpGraph = `usage: nabla graph [flags] EXPR|FILE|- [VAR…]

Draws the last expression of a program as a graph: variables, one node for each operation,
the result. Below each node stands the derivative of the result by it, with the node as
a variable, above it its value where numbers are asked for. With VARs, what does not lie
between them and the result is pale.

flags:
  --var DECL        declare a variable, as in --var 'S: matrix(n, n) symmetric'
  --from N          language (default) or latex, which files *.tex are in: docs/latex.md
  --layout L        denominator (default) or numerator: of the derivatives of a vector
                    or matrix
  --vec V           columns (default) or rows: how vec stacks a matrix
  --instance        small numbers: the value of each node and of its derivative
  --flow            derivatives in terms of those of the nodes above alone
  --direction D     right (default) or down: how the computation runs
  --theme T         auto (default), light or dark
  --lang L          en (default) or zh: the language of the words
  --format F        text (default): a table; svg, dot or json
  --no-check        leave out the numeric check

exit status: 0 a graph; 1 the input is wrong; 2 the command line is wrong; 3 nabla is
wrong, for instance a derivative that failed its check.
`

// Values that flags of nabla graph take.
var (
	graphFormats = []string{"text", "svg", "dot", "json"}
	directions   = []string{"right", "down"}
	themes       = []string{"auto", "light", "dark"}
)

// graph is the command nabla graph.
func (c *command) graph(args []string) int {
	var p problem
	var req nabla.GraphRequest
	var draw nabla.DrawOptions
	var format, theme string
	var noCheck bool
	fs := newFlags("graph")
	p.define(fs)
	fs.BoolVar(&req.Instance, "instance", false, "")
	fs.BoolVar(&req.Flow, "flow", false, "")
	fs.BoolVar(&noCheck, "no-check", false, "")
	fs.StringVar(&draw.Direction, "direction", directions[0], "")
	fs.StringVar(&theme, "theme", themes[0], "")
	fs.StringVar(&c.lang, "lang", langs[0], "")
	fs.StringVar(&format, "format", graphFormats[0], "")
	err := p.read(c, fs, args, func() error {
		return choose(choice{"direction", draw.Direction, directions}, choice{"theme", theme, themes}, choice{"lang", c.lang, langs},
			choice{"format", format, graphFormats})
	})
	if err != nil {
		return c.fail(err)
	}
	req.Request = p.request()
	req.NoCheck = noCheck
	g, err := safely(nabla.Graph, req)
	if err != nil {
		return c.fail(err)
	}
	draw.Lang = paper.Lang(c.lang)
	if theme != themes[0] {
		draw.Theme = theme
	}
	switch format {
	case "json":
		return c.writeJSON(wire.NewGraph(g, draw))
	case "svg":
		return c.write([]byte(g.SVG(draw)))
	case "dot":
		return c.write([]byte(g.DOT()))
	}
	var out bytes.Buffer
	writeGraph(&out, g, c.lang, style{colour: c.colour})
	return c.write(out.Bytes())
}

// graphWords are the words of the table, by language.
var graphWords = map[string]struct{ node, shape, value, adjoint, checked, sizes, note, none, with string }{
	"en": {"node", "shape", "value", "derivative", "checked", "%d derivatives, largest relative error %.1e", "note", "no numbers: ", "with"},
	"zh": {"节点", "形状", "值", "导数", "检验", "%d 个导数，最大相对误差 %.1e", "注", "没有数值例子：", "取"},
}

// writeGraph writes a graph as a table, a node a line.
func writeGraph(w *bytes.Buffer, g *nabla.ExpressionGraph, lang string, s style) {
	words := graphWords[lang]
	numbers := g.Instance != nil && g.Instance.Reason.En == ""
	header := []string{words.node, words.shape, words.value, words.adjoint, words.value}
	if !numbers {
		header = []string{words.node, words.shape, words.adjoint}
	}
	table := [][]string{header}
	checked, worst := 0, 0.0
	for i := range g.Nodes {
		n := &g.Nodes[i]
		node, adjoint, value := n.Name, n.Reason.In(paper.Lang(lang)), ""
		if n.Formula.Text != "" {
			node += " = " + strings.ReplaceAll(n.Formula.Text, "\n", "; ")
		}
		if a := n.Adjoint; a != nil {
			adjoint = a.Symbol + " = " + strings.ReplaceAll(a.Shortest(), "\n", "; ")
			value = graphNumbers(a.Value)
			if c := a.Check; c != nil && c.Points > 0 {
				checked++
				worst = math.Max(worst, c.MaxError)
			}
		}
		if numbers {
			table = append(table, []string{node, n.Shape, graphNumbers(n.Value), adjoint, value})
		} else {
			table = append(table, []string{node, n.Shape, adjoint})
		}
	}
	widths := make([]int, len(header))
	for _, r := range table {
		for j, cell := range r {
			if n := source.Width(cell); n <= shapeColumn {
				widths[j] = max(widths[j], n)
			}
		}
	}
	for i, r := range table {
		line := ""
		for j, cell := range r {
			text := cell
			switch {
			case i == 0:
				text = s.mark(escDim, cell)
			case j == len(r)-1 && !numbers || numbers && j == 3:
				text = s.mark(escCyan, cell)
			}
			line += text
			if j+1 < len(r) {
				line += strings.Repeat(" ", max(0, widths[j]-source.Width(cell))+3)
			}
		}
		w.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	var rows []row
	if numbers {
		var sizes []string
		for _, z := range g.Instance.Sizes {
			sizes = append(sizes, z.Name+" = "+strconv.Itoa(z.Value))
		}
		for _, f := range g.Instance.Functions {
			sizes = append(sizes, f.Text)
		}
		if len(sizes) > 0 {
			rows = append(rows, row{label: words.with, text: strings.Join(sizes, ", ")})
		}
	}
	if checked > 0 {
		rows = append(rows, row{label: words.checked, text: fmt.Sprintf(words.sizes, checked, worst)})
	}
	for _, n := range pick(lang, g.Notes, g.NotesZH) {
		rows = append(rows, row{label: words.note, text: n})
	}
	if g.Instance != nil && !numbers {
		rows = append(rows, row{label: words.note, text: words.none + g.Instance.Reason.In(paper.Lang(lang))})
	}
	if len(rows) > 0 {
		w.WriteByte('\n')
		writeRows(w, rows, s)
	}
}

// graphNumbers writes the values of a node on one line.
func graphNumbers(list []nabla.GraphValue) string {
	var out []string
	for _, v := range list {
		var rows []string
		for _, r := range v.Rows {
			rows = append(rows, strings.Join(r, " "))
		}
		text := strings.Join(rows, "; ")
		if len(v.Rows) > 1 || len(v.Rows) == 1 && len(v.Rows[0]) > 1 {
			text = "[" + text + "]"
		}
		out = append(out, text)
	}
	return strings.Join(out, ", ")
}
