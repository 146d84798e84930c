package nabla

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"example.com/nabla/internal/graphview"
	"example.com/nabla/internal/paper"
)

// A GraphDrawing has the places of nodes and the ways of edges, in pixels.
type GraphDrawing = graphview.Drawing

// DrawOptions say how a graph is drawn.
type DrawOptions struct {
	Direction string     // "right" (default) or "down"
	Lang      paper.Lang // of the words; "" means English
	Theme     string     // "light" or "dark"; "" follows what the reader prefers
	// Bare leaves out the style sheet: it is for a page that has GraphStyle in its own.
	Bare bool
}

// GraphStyle is the style sheet of drawings in a theme: "light", "dark", or "" for what
// the reader prefers or what an attribute data-theme says. The colours are variables.
func GraphStyle(theme string) string { return graphview.StyleFor(theme) }

// Draw places the nodes of the graph.
func (g *ExpressionGraph) Draw(o DrawOptions) *GraphDrawing {
	return graphview.Lay(g.picture(o), graphview.Options{Direction: o.Direction})
}

// SVG draws the graph as one file without scripts or fonts: each node with its formula and
// shape, values above, adjoints below. A node is a group with the attribute data-node,
// its ID.
func (g *ExpressionGraph) SVG(o DrawOptions) string {
	v := graphview.Options{Direction: o.Direction, Theme: o.Theme, Bare: o.Bare, Lang: string(paper.English)}
	v.Title, v.Desc = "Graph of "+g.Name+" = "+g.Expression, "Each operation with its value above and the derivative of "+g.Name+" by it below."
	if o.Lang == paper.Chinese {
		v.Lang = string(paper.Chinese)
		v.Title, v.Desc = g.Name+" = "+g.Expression+" 的计算图", "每个运算的上方是它的值，下方是 "+g.Name+" 对它的导数。"
	}
	p := g.picture(o)
	return graphview.SVG(p, graphview.Lay(p, v), v)
}

// Widths of texts in a picture, in characters: of a box, and of a line below it.
const (
	boxWidth  = 40
	lineWidth = 34
)

// picture is the graph as it is drawn.
func (g *ExpressionGraph) picture(o DrawOptions) *graphview.Graph {
	p := &graphview.Graph{}
	for i := range g.Nodes {
		n := &g.Nodes[i]
		v := graphview.Node{Class: string(n.Kind), Label: n.Name, Note: strings.Join(n.Dims, " × "), Muted: !n.Active,
			Title: n.Name + ": " + n.Shape}
		if n.Formula.Text != "" {
			v.Label = cut(n.Name+" = "+oneLine(n.Formula.Text), boxWidth)
			v.Title = n.Name + " = " + n.Formula.Text + ": " + n.Shape
		}
		if len(n.Value) > 0 {
			v.Above = numbersOf(n.Value)
		}
		if a := n.Adjoint; a != nil {
			v.Title += "\n" + a.Symbol + " = " + a.Formula.Text
			if a.Local.Text != "" && a.Local.Text != a.Formula.Text {
				v.Title += "\n" + strings.Repeat(" ", utf8.RuneCountInString(a.Symbol)) + " = " + a.Local.Text
			}
			for _, l := range wrap(a.Symbol+" = "+oneLine(a.Shortest()), lineWidth) {
				v.Below = append(v.Below, graphview.Line{{Text: l}})
			}
			if len(a.Value) > 0 {
				v.Below = append(v.Below, numbersOf(a.Value)...)
			}
		} else if n.Reason.En != "" {
			v.Title += "\n" + n.Reason.In(o.Lang)
		}
		p.Nodes = append(p.Nodes, v)
		for _, o := range n.Operands {
			p.Edges = append(p.Edges, graphview.Edge{From: o.Node, To: i})
		}
	}
	return p
}

// Shortest is the text of an adjoint that is written in a drawing: in terms of all names,
// or by its consumers where that is shorter.
func (a *GraphAdjoint) Shortest() string {
	text := a.Short.Text
	if text == "" {
		text = a.Formula.Text
	}
	if l := a.Local.Text; l != "" && utf8.RuneCountInString(l) < utf8.RuneCountInString(text) {
		return l
	}
	return text
}

// mostMembers is the number of members of a family whose numbers are drawn.
const mostMembers = 3

// numbersOf puts the values of a node side by side.
func numbersOf(list []GraphValue) []graphview.Line {
	var line graphview.Line
	for k, v := range list {
		if k == mostMembers {
			line = append(line, graphview.Piece{Text: "…"})
			break
		}
		if len(v.Rows) == 1 && len(v.Rows[0]) == 1 {
			line = append(line, graphview.Piece{Text: v.Rows[0][0]})
			if k+1 < len(list) {
				line[len(line)-1].Text += ","
			}
			continue
		}
		line = append(line, graphview.Piece{Rows: v.Rows})
	}
	return []graphview.Line{line}
}

func oneLine(s string) string { return strings.ReplaceAll(s, "\n", "; ") }

// cut shortens a text to a number of characters.
func cut(s string, width int) string {
	r := []rune(s)
	if len(r) <= width {
		return s
	}
	return strings.TrimRight(string(r[:width-1]), " ") + "…"
}

// wrap breaks a text into at most two lines at a space.
func wrap(s string, width int) []string {
	if utf8.RuneCountInString(s) <= width {
		return []string{s}
	}
	at, columns := 0, 0
	for i, r := range s {
		if columns++; columns > width {
			break
		}
		if r == ' ' {
			at = i
		}
	}
	if at == 0 {
		return []string{cut(s, width)}
	}
	return []string{s[:at], cut(s[at+1:], width)}
}

// DOT writes the graph for Graphviz.
func (g *ExpressionGraph) DOT() string {
	var b strings.Builder
	b.WriteString("digraph nabla {\n  rankdir=LR;\n  node [shape=box, fontname=\"DejaVu Sans\"];\n")
	for _, n := range g.Nodes {
		label := n.Name
		if n.Formula.Text != "" {
			label += " = " + n.Formula.Text
		}
		if len(n.Dims) > 0 {
			label += "\n" + strings.Join(n.Dims, " × ")
		}
		if a := n.Adjoint; a != nil {
			label += "\n" + a.Symbol + " = " + a.Shortest()
		}
		style := ""
		switch n.Kind {
		case GraphVariable:
			style = ", style=rounded"
		case GraphConstant:
			style = ", style=\"rounded,dashed\""
		case GraphResult:
			style = ", penwidth=2"
		}
		fmt.Fprintf(&b, "  n%d [label=%s%s];\n", n.ID, quoteDOT(label), style)
	}
	for _, n := range g.Nodes {
		for _, o := range n.Operands {
			fmt.Fprintf(&b, "  n%d -> n%d;\n", o.Node, n.ID)
		}
	}
	b.WriteString("}\n")
	return b.String()
}

func quoteDOT(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(s) + `"`
}
