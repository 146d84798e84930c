package nabla_test

import (
	"os"
	"testing"

	"example.com/nabla"
)

// BenchmarkGraph makes the graph of a network with two layers, with all adjoints: as text
// without checks, with checks, and with numbers and a drawing.
func BenchmarkGraph(b *testing.B) {
	for _, file := range []string{"s11-two-layers", "s12-two-layers-sum", "s13-two-layers-matrix"} {
		text, err := os.ReadFile("examples/" + file + ".nb")
		if err != nil {
			b.Fatal(err)
		}
		run := func(name string, req nabla.GraphRequest, draw bool) {
			req.Program = string(text)
			b.Run(file+"/"+name, func(b *testing.B) {
				for b.Loop() {
					g, err := nabla.Graph(req)
					if err != nil {
						b.Fatal(err)
					}
					if draw && len(g.SVG(nabla.DrawOptions{})) == 0 {
						b.Fatal("no drawing")
					}
				}
			})
		}
		run("text", nabla.GraphRequest{Request: nabla.Request{NoCheck: true}}, false)
		run("checked", nabla.GraphRequest{}, false)
		run("drawn", nabla.GraphRequest{Instance: true}, true)
	}
}
