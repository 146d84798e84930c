package graphview

import (
	"fmt"
	"html"
	"strings"
)

// Style is the style sheet of a drawing. Its colours are variables that a page may set
// on any element around.
const Style = `.nabla-graph{--g-ink:#1f2328;--g-soft:#59636e;--g-line:#818b98;--g-paper:#ffffff;--g-variable:#ddf4ff;--g-variable-line:#0969da;--g-constant:#eff2f5;--g-constant-line:#818b98;--g-operation:#ffffff;--g-operation-line:#59636e;--g-result:#fff1d0;--g-result-line:#9a6700;--g-value:#1a7f37;--g-adjoint:#a40e26}
@DARK@.nabla-graph text{font-family:"DejaVu Sans",Verdana,"Segoe UI","Noto Sans","Noto Sans Math",system-ui,sans-serif;fill:var(--g-ink)}
.nabla-graph .paper{fill:var(--g-paper)}
.nabla-graph .label{font-size:15px}
.nabla-graph .note{font-size:11px;fill:var(--g-soft)}
.nabla-graph .above text,.nabla-graph .below text{font-size:12.5px}
.nabla-graph .above text{fill:var(--g-value)}
.nabla-graph .below text{fill:var(--g-adjoint)}
.nabla-graph .above path{stroke:var(--g-value);fill:none}
.nabla-graph .below path{stroke:var(--g-adjoint);fill:none}
.nabla-graph .box{stroke-width:1.3}
.nabla-graph .variable .box{fill:var(--g-variable);stroke:var(--g-variable-line)}
.nabla-graph .constant .box{fill:var(--g-constant);stroke:var(--g-constant-line);stroke-dasharray:4 3}
.nabla-graph .operation .box{fill:var(--g-operation);stroke:var(--g-operation-line)}
.nabla-graph .result .box{fill:var(--g-result);stroke:var(--g-result-line);stroke-width:2}
.nabla-graph .edge path{fill:none;stroke:var(--g-line);stroke-width:1.4}
.nabla-graph .edge polygon{fill:var(--g-line)}
.nabla-graph .muted{opacity:.45}
`

const darkColours = `--g-ink:#e6edf3;--g-soft:#9198a1;--g-line:#7d8590;--g-paper:#0d1117;--g-variable:#10253f;--g-variable-line:#4493f8;--g-constant:#1c2128;--g-constant-line:#7d8590;--g-operation:#161b22;--g-operation-line:#8b949e;--g-result:#332a10;--g-result-line:#d29922;--g-value:#56d364;--g-adjoint:#ff938a`

// StyleFor is the style sheet in a theme: "light", "dark", or "" for what the reader
// prefers, where an attribute data-theme around the drawing goes before that.
func StyleFor(theme string) string {
	dark := ""
	switch theme {
	case "light":
	case "dark":
		dark = ".nabla-graph{" + darkColours + "}\n"
	default:
		light, _, _ := strings.Cut(strings.TrimPrefix(Style, ".nabla-graph{"), "}")
		dark = "@media (prefers-color-scheme:dark){.nabla-graph{" + darkColours + "}}\n" +
			"[data-theme=dark] .nabla-graph{" + darkColours + "}\n[data-theme=light] .nabla-graph{" + light + "}\n"
	}
	return strings.Replace(Style, "@DARK@", dark, 1)
}

// SVG writes a placed graph. Every node is a group of class node with the attribute
// data-node, its place in the graph, and every edge one of class edge with data-from and
// data-to.
func SVG(g *Graph, d *Drawing, o Options) string {
	w := &svgWriter{}
	lang := ""
	if o.Lang != "" {
		lang = ` xml:lang="` + html.EscapeString(o.Lang) + `"`
	}
	w.line(`<svg xmlns="http://www.w3.org/2000/svg" class="nabla-graph" role="img"%s width="%s" height="%s" viewBox="0 0 %s %s" aria-label="%s">`,
		lang, number(d.Width), number(d.Height), number(d.Width), number(d.Height), html.EscapeString(o.Title))
	w.line(`<title>%s</title>`, html.EscapeString(o.Title))
	if o.Desc != "" {
		w.line(`<desc>%s</desc>`, html.EscapeString(o.Desc))
	}
	if !o.Bare {
		w.line("<style>\n%s</style>", StyleFor(o.Theme))
		w.line(`<rect class="paper" width="100%%" height="100%%"/>`)
	}
	for i, e := range d.Edges {
		class := "edge"
		if g.Nodes[e.From].Muted || g.Nodes[e.To].Muted {
			class += " muted"
		}
		w.line(`<g class="%s" data-from="%d" data-to="%d"><path d="%s"/>%s</g>`, class, e.From, e.To, e.Path, arrow(d, i, o.Direction == TopDown))
	}
	for i := range g.Nodes {
		w.node(&g.Nodes[i], &d.Nodes[i], i, o.Direction == TopDown)
	}
	w.line("</svg>")
	return w.b.String()
}

type svgWriter struct{ b strings.Builder }

func (w *svgWriter) line(format string, args ...any) {
	fmt.Fprintf(&w.b, format, args...)
	w.b.WriteByte('\n')
}

// arrow is the head of an edge.
func arrow(d *Drawing, i int, down bool) string {
	p := d.Edges[i].Points[len(d.Edges[i].Points)-1]
	const long, wide = 7.0, 3.4
	corners := [][2]float64{{0, 0}, {-long, -wide}, {-long, wide}}
	var list []string
	for _, c := range corners {
		if down {
			c[0], c[1] = c[1], c[0]
		}
		list = append(list, number(round(p[0]+c[0]))+","+number(round(p[1]+c[1])))
	}
	return `<polygon points="` + strings.Join(list, " ") + `"/>`
}

func (w *svgWriter) node(n *Node, p *Place, i int, down bool) {
	class := "node " + n.Class
	if n.Muted {
		class += " muted"
	}
	w.line(`<g class="%s" data-node="%d"><title>%s</title>`, html.EscapeString(class), i, html.EscapeString(n.Title))
	b := p.Box
	w.line(`<rect class="box" x="%s" y="%s" width="%s" height="%s" rx="%s"/>`, number(b.X), number(b.Y), number(b.Width), number(b.Height),
		map[bool]string{true: "14", false: "6"}[n.Class == "variable" || n.Class == "constant"])
	middle := b.X + b.Width/2
	y := b.Y + boxPadY + 14.5
	w.text("label", middle, y, n.Label)
	if n.Note != "" {
		w.text("note", middle, y+16, n.Note)
	}
	_, ah := block(n.Above)
	_, bh := block(n.Below)
	if down {
		left, top := b.X+b.Width+outerPad, p.Cell.Y+(p.Cell.Height-ah-bh)/2
		w.block("above", n.Above, left, top, false)
		w.block("below", n.Below, left, top+ah, false)
	} else {
		w.block("above", n.Above, middle, b.Y-outerPad-ah+1, true)
		w.block("below", n.Below, middle, b.Y+b.Height+outerPad-1, true)
	}
	w.line("</g>")
}

func (w *svgWriter) text(class string, x, y float64, s string) {
	w.line(`<text class="%s" x="%s" y="%s" text-anchor="middle">%s</text>`, class, number(round(x)), number(round(y)), html.EscapeString(s))
}

// block writes lines one below the other, centred at x or beginning there.
func (w *svgWriter) block(class string, lines []Line, x, y float64, centred bool) {
	if len(lines) == 0 {
		return
	}
	w.line(`<g class="%s">`, class)
	for _, l := range lines {
		width, height := l.size()
		at := x
		if centred {
			at -= width / 2
		}
		for i := range l {
			pw, ph := l[i].size()
			w.piece(&l[i], at, y+(height-ph)/2, pw, ph)
			at += pw + pieceGap
		}
		y += height
	}
	w.line("</g>")
}

func (w *svgWriter) piece(p *Piece, x, y, width, height float64) {
	if len(p.Rows) == 0 {
		w.line(`<text x="%s" y="%s" text-anchor="middle">%s</text>`, number(round(x+width/2)), number(round(y+12.5)), html.EscapeString(p.Text))
		return
	}
	top, bottom := y+1, y+height-2
	for _, side := range []struct{ edge, in float64 }{{x + 1, bracket}, {x + width - 1, -bracket}} {
		w.line(`<path d="M%s %sH%sV%sH%s"/>`, number(round(side.edge+side.in)), number(round(top)), number(round(side.edge)), number(round(bottom)), number(round(side.edge+side.in)))
	}
	at := x + bracket + 2
	for j, c := range columns(p.Rows) {
		at += c
		for i, r := range p.Rows {
			if j < len(r) {
				w.line(`<text x="%s" y="%s" text-anchor="end">%s</text>`, number(round(at)), number(round(y+13+rowHeight*float64(i))), html.EscapeString(r[j]))
			}
		}
		at += columnGap
	}
}
