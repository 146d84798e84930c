package browsertest

import (
	"bytes"
	"encoding/xml"
	"image/png"
	"io"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"
)

// TestGraph clicks through the graph: each node says what it is and what its adjoint is, and
// the picture leaves as SVG and PNG.
func TestGraph(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		b := start(t, s, view{})
		graph := ask[struct {
			Nodes []struct {
				Name    string
				Adjoint *struct{ Symbol string }
			}
		}](t, "graph", map[string]any{"expr": leastSquares, "wrt": []string{"w"}})
		if len(graph.Nodes) < 5 {
			t.Fatalf("%d nodes", len(graph.Nodes))
		}
		b.tab("graph")
		b.until("all nodes are there", `__test.all("[data-testid=graph-box] [data-node]").length === %s`, len(graph.Nodes))
		for i := range graph.Nodes {
			b.do(script(`document.querySelector("[data-node='" + %s + "']").scrollIntoView({block: "center", inline: "center", behavior: "instant"})`, i))
			b.click(script("[data-node='%s'] .box", i))
			b.until("the node is chosen", `document.querySelector("[data-node='" + %s + "']").getAttribute("aria-pressed") === "true"`, i)
			if eval[int](b, `__test.all("[data-testid=graph-node] .katex").length`) == 0 {
				t.Errorf("node %s says nothing", graph.Nodes[i].Name)
			}
			if has := eval[bool](b, `!!__test.one("[data-testid=graph-adjoint]")`); has != (graph.Nodes[i].Adjoint != nil) {
				t.Errorf("node %s shows an adjoint: %v", graph.Nodes[i].Name, has)
			}
			b.set("node " + graph.Nodes[i].Name)
		}
		b.keys(kb.Home)
		b.until("the first is chosen", `document.activeElement.dataset.node === "0"`)
		b.keys(kb.ArrowRight)
		b.until("the next has the focus", `document.activeElement.matches("[data-node]") && document.activeElement.dataset.node !== "0"`)
		b.click("[data-testid=graph-values]")
		b.until("there are numbers", `__test.one("[data-testid=graph-value]")`)
		b.click("[data-testid=graph-save]")
		name, data := b.download(":popover-open [data-testid=graph-save-svg]")
		if !strings.HasSuffix(name, ".svg") || !wellFormed(data) || !bytes.Contains(data, []byte("<svg")) {
			t.Errorf("%s: %q", name, oneLine(string(data), 200))
		}
		b.click("[data-testid=graph-save]")
		name, data = b.download(":popover-open [data-testid=graph-save-png]")
		if picture, err := png.Decode(bytes.NewReader(data)); !strings.HasSuffix(name, ".png") || err != nil || picture.Bounds().Dx() < 200 {
			t.Errorf("%s, %d bytes: %v", name, len(data), err)
		}
		b.fits("graph")
		b.quiet()
	})
}

func wellFormed(data []byte) bool {
	d := xml.NewDecoder(bytes.NewReader(data))
	for {
		if _, err := d.Token(); err != nil {
			return err == io.EOF
		}
	}
}
