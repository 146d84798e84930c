package code

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"example.com/nabla/internal/plan"
)

var update = flag.Bool("update", false, "write the goldens anew")

// TestLeastSquares compares what each language makes of ‖Xw − y‖² with a golden file.
func TestLeastSquares(t *testing.T) {
	for _, target := range Targets() {
		golden(t, target.Name, leastSquares())
	}
}

// TestLikelihood compares what languages with factorisations make of a likelihood with a
// golden file.
func TestLikelihood(t *testing.T) {
	for _, target := range []string{"julia", "matlab", "r"} {
		golden(t, target, likelihood())
	}
}

// golden compares the files of a program with those in testdata.
func golden(t *testing.T, target string, p *plan.Program) {
	t.Helper()
	files, err := Write(target, p)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		path := filepath.Join("testdata", target, f.Name)
		if *update {
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(f.Source), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if string(want) != f.Source {
			t.Errorf("%s: got\n%s\nwant\n%s", path, f.Source, want)
		}
	}
}
