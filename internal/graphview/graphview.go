// Package graphview draws graphs of expressions: boxes in layers, what a box is made of
// before it, edges that run between boxes and never across one.
//
// Lay places a Graph: layers by longest path, fewer crossings by barycentres and
// exchanges, coordinates by weighted medians under the separations of each layer (a
// method of Sugiyama, Tagawa and Toda, with the projections of isotonic regression).
// SVG writes the placed graph as one file without scripts or fonts. Equal graphs give
// equal drawings.
package graphview

import "math"

// A Graph is what is drawn. An edge leads from an operand to what is made of it; there
// is no cycle.
type Graph struct {
	Nodes []Node
	Edges []Edge
}

// A Node is a box with text in it, above and below.
type Node struct {
	Class string // of the style sheet: variable, constant, operation, result
	Label string // in the box
	Note  string // in small letters under the label; may be empty
	// Above and Below are lines of text or numbers outside the box.
	Above, Below []Line
	Title        string // what a pointer on the node shows, and what is read aloud
	Muted        bool
}

// A Line is pieces side by side.
type Line []Piece

// A Piece is a text or a matrix of numbers.
type Piece struct {
	Text string
	Rows [][]string
}

// An Edge joins two nodes by their places in the graph.
type Edge struct{ From, To int }

// Directions in which a computation runs.
const (
	LeftToRight = "right"
	TopDown     = "down"
)

// Options say how a graph is drawn.
type Options struct {
	Direction string // "" means LeftToRight
	// Title and Desc say what the picture is of.
	Title, Desc string
	// Lang is the language of the words, for the attribute of that name; may be empty.
	Lang string
	// Theme is "light" or "dark"; "" follows what the reader prefers.
	Theme string
	// Bare leaves out the style sheet, for a page that has Style in its own.
	Bare bool
}

// A Drawing has the places of everything, in pixels from the top left corner.
type Drawing struct {
	Width  float64 `json:"width"`
	Height float64 `json:"height"`
	Nodes  []Place `json:"nodes"` // in the order of the graph's
	Edges  []Route `json:"edges"` // in the order of the graph's
	// Crossings is the number of crossings of edges.
	Crossings int `json:"crossings"`
}

// A Place is where a node is: its box, and its cell, which has the texts outside of the
// box as well.
type Place struct {
	Layer int  `json:"layer"`
	Box   Rect `json:"box"`
	Cell  Rect `json:"cell"`
}

// A Rect is a rectangle by its top left corner.
type Rect struct {
	X      float64 `json:"x"`
	Y      float64 `json:"y"`
	Width  float64 `json:"width"`
	Height float64 `json:"height"`
}

// A Route is the way of an edge.
type Route struct {
	From int `json:"from"`
	To   int `json:"to"`
	// Points are the ends of its parts; Path is the same for SVG, with curves between
	// layers.
	Points [][2]float64 `json:"points"`
	Path   string       `json:"path"`
}

// Distances in pixels.
const (
	margin      = 18.0
	cellGap     = 22.0 // between the cells of a layer
	laneGap     = 12.0 // between edges that pass a layer
	layerGap    = 40.0 // between layers, at least
	widestGap   = 150.0
	bandPad     = 5.0 // between a cell and where edges may turn
	portSpacing = 11.0
)

// Lay places a graph. It panics if an edge names no node or there is a cycle.
func Lay(g *Graph, o Options) *Drawing {
	l := newLayout(g, o.Direction == TopDown)
	l.layers()
	l.expand()
	l.order()
	l.place()
	return l.drawing()
}

func newLayout(g *Graph, down bool) *layout {
	l := &layout{g: g, down: down, n: len(g.Nodes)}
	l.in, l.out = make([][]int, l.n), make([][]int, l.n)
	for _, e := range g.Edges {
		if e.From == e.To {
			panic("graphview: an edge from a node to itself")
		}
		l.out[e.From] = append(l.out[e.From], e.To)
		l.in[e.To] = append(l.in[e.To], e.From)
	}
	for i := range g.Nodes {
		l.sizes = append(l.sizes, l.measure(&g.Nodes[i]))
	}
	return l
}

// A layout is a graph on its way to a drawing. Coordinates run along the layers (main)
// and within a layer (cross).
type layout struct {
	g    *Graph
	down bool // main is y
	n    int  // nodes of the graph; further vertices are lanes, in which edges pass a layer

	in, out [][]int // by node
	sizes   []size

	layer []int // by vertex
	rows  [][]int
	lanes map[lane]int
	prev  [][]int // by vertex: those of the layer before
	next  [][]int
	pos   []int // in the layer

	cross     []float64
	crossings int
}

// A lane is where edges from a node pass a layer, all in one.
type lane struct{ from, layer int }

// A size is how much room a node takes: half of it along main; within the layer,
// before and after the line on which edges come in; and the box, halved.
type size struct {
	main, before, after float64
	boxMain, boxCross   float64
	outer               float64 // TopDown: width of the texts beside the box
}

func (l *layout) isLane(v int) bool { return v >= l.n }

// extent is the room of a vertex before and after its line.
func (l *layout) extent(v int) (before, after float64) {
	if l.isLane(v) {
		return 0, 0
	}
	return l.sizes[v].before, l.sizes[v].after
}

// separation is the least distance of the lines of two neighbours in a layer.
func (l *layout) separation(u, v int) float64 {
	_, a := l.extent(u)
	b, _ := l.extent(v)
	gap := cellGap
	switch {
	case l.isLane(u) && l.isLane(v):
		gap = laneGap
	case l.isLane(u) || l.isLane(v):
		gap = (cellGap + laneGap) / 2
	}
	return a + gap + b
}

func clamp(x, low, high float64) float64 { return math.Max(low, math.Min(high, x)) }
