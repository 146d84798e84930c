package wire

import (
	"context"

	"example.com/nabla"
	"example.com/nabla/internal/paper"
)

// A GraphRequest is the request of graph; wrt marks what lies between those names and
// the result.
type GraphRequest struct {
	Problem
	Instance  bool     `json:"instance,omitempty"`  // with small numbers
	Flow      bool     `json:"flow,omitempty"`      // adjoints by their consumers alone
	Direction string   `json:"direction,omitempty"` // right or down
	Theme     string   `json:"theme,omitempty"`     // light or dark, of svg
	Lang      string   `json:"lang,omitempty"`      // of svg: en or zh
	Bare      bool     `json:"bare,omitempty"`      // svg without a style sheet, for a page that has nabla.GraphStyle
	Documents []string `json:"documents,omitempty"` // svg, dot
}

// A Graph is the answer of graph.
type Graph struct {
	*nabla.ExpressionGraph
	// Drawing has the places of the nodes, in their order, and the ways of the edges.
	Drawing   *nabla.GraphDrawing `json:"drawing"`
	Documents map[string]string   `json:"documents,omitempty"` // as asked for
}

// NewGraph is a graph with its drawing.
func NewGraph(g *nabla.ExpressionGraph, o nabla.DrawOptions) *Graph {
	return &Graph{ExpressionGraph: g, Drawing: g.Draw(o)}
}

var (
	graphDirections = []string{"right", "down"}
	graphThemes     = []string{"light", "dark"}
	graphDocuments  = []string{"svg", "dot"}
)

func graph(ctx context.Context, q *GraphRequest) (*Graph, error) {
	req, err := q.request(ctx)
	if err != nil {
		return nil, err
	}
	err = choose(choice{"direction", q.Direction, graphDirections}, choice{"theme", q.Theme, graphThemes}, choice{"lang", q.Lang, langs})
	if err != nil {
		return nil, err
	}
	for _, name := range q.Documents {
		if err := choose(choice{"documents", name, graphDocuments}); err != nil {
			return nil, err
		}
	}
	g, err := nabla.Graph(nabla.GraphRequest{Request: req, Instance: q.Instance, Flow: q.Flow})
	if err != nil {
		return nil, err
	}
	o := nabla.DrawOptions{Direction: q.Direction, Theme: q.Theme, Lang: paper.Lang(q.Lang), Bare: q.Bare}
	out := NewGraph(g, o)
	for _, name := range q.Documents {
		if out.Documents == nil {
			out.Documents = map[string]string{}
		}
		switch name {
		case "svg":
			out.Documents[name] = g.SVG(o)
		case "dot":
			out.Documents[name] = g.DOT()
		}
	}
	return out, nil
}
