package graphview

import (
	"encoding/xml"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"time"
)

// random returns a graph in which every node has up to three operands among the nodes
// before it, mostly near ones.
func random(seed uint64, n int) *Graph {
	r := rand.New(rand.NewPCG(seed, 1))
	g := &Graph{}
	for v := range n {
		label := strings.Repeat("x", 1+r.IntN(16))
		node := Node{Class: "operation", Label: "v" + strconv.Itoa(v) + " = " + label, Note: "m × n"}
		for range r.IntN(3) {
			node.Below = append(node.Below, Line{{Text: "∂l/∂v = " + strings.Repeat("y", r.IntN(20))}})
		}
		if r.IntN(3) == 0 {
			node.Above = []Line{{{Rows: [][]string{{"1", "−2"}, {"10", "1/3"}, {"0", "0"}}}, {Rows: [][]string{{"−1"}, {"0"}}}}}
		}
		g.Nodes = append(g.Nodes, node)
		if v == 0 {
			continue
		}
		seen := map[int]bool{}
		for range r.IntN(4) {
			u := v - 1 - r.IntN(min(v, 6))
			if r.IntN(8) == 0 {
				u = r.IntN(v)
			}
			if !seen[u] {
				seen[u] = true
				g.Edges = append(g.Edges, Edge{u, v})
			}
		}
	}
	return g
}

func chain(n int) *Graph {
	g := &Graph{}
	for v := range n {
		g.Nodes = append(g.Nodes, Node{Class: "operation", Label: "v" + strconv.Itoa(v)})
		if v > 0 {
			g.Edges = append(g.Edges, Edge{v - 1, v})
		}
	}
	return g
}

// sampled returns points along the path of an edge, curves included.
func sampled(t *testing.T, path string) [][2]float64 {
	t.Helper()
	var out [][2]float64
	at := [2]float64{}
	for len(path) > 0 {
		command := path[0]
		end := strings.IndexAny(path[1:], "MLC") + 1
		if end == 0 {
			end = len(path)
		}
		var v []float64
		for _, f := range strings.Fields(path[1:end]) {
			x, err := strconv.ParseFloat(f, 64)
			if err != nil {
				t.Fatalf("path %q: %v", path, err)
			}
			v = append(v, x)
		}
		path = path[end:]
		to := [2]float64{v[len(v)-2], v[len(v)-1]}
		switch command {
		case 'M':
			out = append(out, to)
		case 'L':
			for k := 1; k <= 20; k++ {
				s := float64(k) / 20
				out = append(out, [2]float64{at[0] + s*(to[0]-at[0]), at[1] + s*(to[1]-at[1])})
			}
		case 'C':
			for k := 1; k <= 20; k++ {
				s := float64(k) / 20
				a, b, c, d := (1-s)*(1-s)*(1-s), 3*s*(1-s)*(1-s), 3*s*s*(1-s), s*s*s
				out = append(out, [2]float64{a*at[0] + b*v[0] + c*v[2] + d*to[0], a*at[1] + b*v[1] + c*v[3] + d*to[1]})
			}
		}
		at = to
	}
	return out
}

func inside(r Rect, p [2]float64, slack float64) bool {
	return p[0] > r.X+slack && p[0] < r.X+r.Width-slack && p[1] > r.Y+slack && p[1] < r.Y+r.Height-slack
}

// TestDrawings lays random graphs out, in both directions: nothing overlaps, all edges
// lead forward, begin and end at their boxes and meet no other cell.
func TestDrawings(t *testing.T) {
	for _, dir := range []string{LeftToRight, TopDown} {
		for seed := range uint64(40) {
			g := random(seed, 3+int(seed)*2)
			d := Lay(g, Options{Direction: dir})
			main := func(r Rect) (float64, float64) {
				if dir == TopDown {
					return r.Y, r.Y + r.Height
				}
				return r.X, r.X + r.Width
			}
			for i, p := range d.Nodes {
				if p.Cell.X < 0 || p.Cell.Y < 0 || p.Cell.X+p.Cell.Width > d.Width || p.Cell.Y+p.Cell.Height > d.Height {
					t.Errorf("%s, seed %d: node %d at %v is outside of %v × %v", dir, seed, i, p.Cell, d.Width, d.Height)
				}
				if b, c := p.Box, p.Cell; b.X < c.X-.2 || b.Y < c.Y-.2 || b.X+b.Width > c.X+c.Width+.2 || b.Y+b.Height > c.Y+c.Height+.2 {
					t.Errorf("%s, seed %d: the box of node %d is outside of its cell", dir, seed, i)
				}
				for j := range i {
					q := d.Nodes[j].Cell
					if p.Cell.X < q.X+q.Width && q.X < p.Cell.X+p.Cell.Width && p.Cell.Y < q.Y+q.Height && q.Y < p.Cell.Y+p.Cell.Height {
						t.Errorf("%s, seed %d: nodes %d and %d overlap", dir, seed, j, i)
					}
				}
			}
			for k, e := range d.Edges {
				if e.From != g.Edges[k].From || e.To != g.Edges[k].To {
					t.Fatalf("%s, seed %d: edge %d is %d → %d", dir, seed, k, e.From, e.To)
				}
				from, to := d.Nodes[e.From], d.Nodes[e.To]
				_, out := main(from.Box)
				in, _ := main(to.Box)
				if from.Layer >= to.Layer || out >= in {
					t.Errorf("%s, seed %d: the edge %d → %d leads back", dir, seed, e.From, e.To)
				}
				points := sampled(t, e.Path)
				last := -1.0
				for _, p := range points {
					at := p[0]
					if dir == TopDown {
						at = p[1]
					}
					if at < last-1e-9 {
						t.Errorf("%s, seed %d: the path of %d → %d turns back", dir, seed, e.From, e.To)
					}
					last = at
					for i := range d.Nodes {
						hit := d.Nodes[i].Cell
						if i == e.From || i == e.To {
							hit = d.Nodes[i].Box
						}
						if inside(hit, p, .3) {
							t.Errorf("%s, seed %d: the edge %d → %d crosses node %d at %v", dir, seed, e.From, e.To, i, p)
						}
					}
				}
				for i, r := range []Rect{from.Box, to.Box} {
					p := points[(len(points)-1)*i]
					grown := Rect{r.X - .5, r.Y - .5, r.Width + 1, r.Height + 1}
					if !inside(grown, p, 0) {
						t.Errorf("%s, seed %d: an end of %d → %d is at %v, not at %v", dir, seed, e.From, e.To, p, r)
					}
				}
			}
		}
	}
}

// TestSame draws equal graphs the same.
func TestSame(t *testing.T) {
	for seed := range uint64(5) {
		a, b := random(seed, 60), random(seed, 60)
		o := Options{Title: "t"}
		if SVG(a, Lay(a, o), o) != SVG(b, Lay(b, o), o) {
			t.Errorf("seed %d: two drawings of one graph", seed)
		}
	}
}

// TestPlain: a chain is straight, a graph that can be drawn without crossings is, and an
// empty one or a node alone is no trouble.
func TestPlain(t *testing.T) {
	d := Lay(chain(12), Options{})
	for i, e := range d.Edges {
		for _, p := range e.Points {
			if math.Abs(p[1]-e.Points[0][1]) > .01 {
				t.Errorf("edge %d of a chain is not straight: %v", i, e.Points)
			}
		}
	}
	tree := &Graph{}
	for v := range 31 {
		tree.Nodes = append(tree.Nodes, Node{Label: "v" + strconv.Itoa(v*7%31)})
	}
	for v := 1; v < 31; v++ {
		tree.Edges = append(tree.Edges, Edge{v, (v - 1) / 2})
	}
	if d := Lay(tree, Options{}); d.Crossings != 0 {
		t.Errorf("a tree with %d crossings", d.Crossings)
	}
	for _, g := range []*Graph{{}, {Nodes: []Node{{Label: "x"}}}} {
		if d := Lay(g, Options{}); len(d.Nodes) != len(g.Nodes) || !(d.Width > 0) || !(d.Height > 0) {
			t.Errorf("%d nodes: %+v", len(g.Nodes), d)
		}
	}
}

// TestCycle refuses what is no computation.
func TestCycle(t *testing.T) {
	defer func() {
		if r := recover(); r == nil || !strings.Contains(fmt.Sprint(r), "cycle") {
			t.Errorf("recovered %v", r)
		}
	}()
	Lay(&Graph{Nodes: make([]Node, 2), Edges: []Edge{{0, 1}, {1, 0}}}, Options{})
}

// TestSVG: the file is XML, text is escaped, and what is asked for is there.
func TestSVG(t *testing.T) {
	g := random(3, 12)
	g.Nodes[0].Label, g.Nodes[0].Title, g.Nodes[1].Muted = `a < b & "c"`, "<script>", true
	o := Options{Title: `f = a < b & c`, Desc: "values & adjoints", Lang: "zh", Theme: "dark"}
	s := SVG(g, Lay(g, o), o)
	dec := xml.NewDecoder(strings.NewReader(s))
	nodes, edges := 0, 0
	for {
		tok, err := dec.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if e, ok := tok.(xml.StartElement); ok {
			for _, a := range e.Attr {
				switch a.Name.Local {
				case "data-node":
					nodes++
				case "data-from":
					edges++
				}
			}
			if e.Name.Local == "script" {
				t.Error("a script")
			}
		}
	}
	if nodes != len(g.Nodes) || edges != len(g.Edges) {
		t.Errorf("%d nodes and %d edges, want %d and %d", nodes, edges, len(g.Nodes), len(g.Edges))
	}
	for _, want := range []string{`role="img"`, `<title>f = a &lt; b &amp; c</title>`, `<desc>values &amp; adjoints</desc>`, `xml:lang="zh"`, `a &lt; b &amp; &#34;c&#34;`,
		`class="node operation muted"`, "--g-paper:#0d1117"} {
		if !strings.Contains(s, want) {
			t.Errorf("no %s", want)
		}
	}
	if strings.Contains(s, "@") || strings.Contains(s, "prefers-color-scheme") {
		t.Error("a theme that was asked for depends on the reader")
	}
	if o.Theme = ""; !strings.Contains(SVG(g, Lay(g, o), o), "prefers-color-scheme:dark") {
		t.Error("no theme does not follow the reader")
	}
	if o.Bare = true; strings.Contains(SVG(g, Lay(g, o), o), "<style>") {
		t.Error("a bare drawing with a style sheet")
	}
}

// TestLarge bounds the time for graphs that nobody can read.
func TestLarge(t *testing.T) {
	for name, g := range map[string]*Graph{"random": random(9, 1000), "chain": chain(1000)} {
		begin := time.Now()
		d := Lay(g, Options{})
		took := time.Since(begin)
		t.Logf("%s: 1000 nodes, %d edges, %d crossings, %.0f × %.0f: %v", name, len(g.Edges), d.Crossings, d.Width, d.Height, took)
		if took > 20*time.Second {
			t.Errorf("%s: %v", name, took)
		}
	}
}
