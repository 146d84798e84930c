package nabla_test

import (
	"testing"

	"example.com/nabla"
)

// TestResultName has programs in which f is the name of something else, which the expression
// is then not called.
func TestResultName(t *testing.T) {
	for _, c := range []struct{ program, name, symbol string }{
		{"x'*A*x", "f", "∂f/∂x"},
		{"x'*f", "y", "∂y/∂x"},
		{"f: function\nsum(f(x))", "y", "∂y/∂x"},
		{"x: vector(f)\nx'*x/f", "y", "∂y/∂x"},
		{"f = x'*x\nf^2", "y", "∂y/∂x"},
		{"f, g, h, l, y: scalar\nf*g*h*l*y*norm2(x)", "f_", "∂f_/∂x"},
	} {
		res, err := nabla.Differentiate(nabla.Request{Program: c.program, Wrt: []string{"x"}})
		if err != nil {
			t.Errorf("%s: %v", c.program, err)
			continue
		}
		if d := res.Derivatives[0]; res.Name != c.name || d.Symbol != c.symbol {
			t.Errorf("%s: %s is called %s, want %s of %s", c.program, d.Symbol, res.Name, c.symbol, c.name)
		}
		g, err := nabla.Graph(nabla.GraphRequest{Request: nabla.Request{Program: c.program}})
		if err != nil {
			t.Errorf("graph of %s: %v", c.program, err)
			continue
		}
		seen := map[string]bool{}
		for _, n := range g.Nodes {
			if seen[n.Name] {
				t.Errorf("graph of %s: two nodes are called %s", c.program, n.Name)
			}
			seen[n.Name] = n.Name != ""
		}
	}
}
