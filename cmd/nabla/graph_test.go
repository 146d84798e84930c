package main

import (
	"os"
	"testing"
)

// graphPictures are the drawings in the documents, each what a command prints.
var graphPictures = []struct {
	file string
	args []string
}{
	{"docs/graph.svg", []string{"graph", "--instance", "--format", "svg", "norm2(X*w - y)^2"}},
	{"docs/graph-two-layers.svg", []string{"graph", "--format", "svg", "examples/s12-two-layers-steps.nb"}},
}

// TestGraphPictures sees that the drawings in the documents are what nabla draws now.
func TestGraphPictures(t *testing.T) {
	t.Chdir("../..")
	for _, p := range graphPictures {
		got := output(t, p.args)
		if *update {
			if err := os.WriteFile(p.file, []byte(got), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(p.file)
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			t.Errorf("%s is not what nabla draws (go test ./cmd/nabla -run TestGraphPictures -update draws it again)", p.file)
		}
	}
}
