package data

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const setsDir = "../../examples/data/"

// sets are the data sets in examples/data: files with columns, their shape and the sum
// of their entries.
var sets = []struct {
	path  string
	shape []int
	sum   float64
}{
	{"diabetes.csv.gz:age..s6", []int{442, 10}, 0},
	{"diabetes.csv.gz:progression", []int{442}, 67243},
	{"diabetes-train.csv.gz:1..10", []int{354, 10}, 1.35166091408},
	{"diabetes-test.csv.gz:1..10", []int{88, 10}, -1.35166091474},
	{"diabetes-train.csv.gz:progression", []int{354}, 53768},
	{"diabetes-test.csv.gz:progression", []int{88}, 13475},
	{"breast-cancer.csv.gz:mean_radius..worst_fractal_dimension", []int{569, 30}, 1056474.45964},
	{"breast-cancer.csv.gz:benign", []int{569}, 357},
	{"breast-cancer-scaled-train.csv.gz:1..30", []int{456, 30}, -3.25272e-6},
	{"breast-cancer-scaled-train.csv.gz:benign", []int{456}, 286},
	{"breast-cancer-scaled-test.csv.gz:1..30", []int{113, 30}, -386.034228592},
	{"breast-cancer-scaled-test.csv.gz:benign", []int{113}, 71},
	{"digits.csv.gz:pixel_0_0..pixel_7_7", []int{1797, 64}, 561718. / 16},
	{"digits.csv.gz:digit", []int{1797}, 8070},
	{"digits.csv.gz:is_0..is_9", []int{1797, 10}, 1797},
	{"digits-train.csv.gz:1..64", []int{1438, 64}, 28144},
	{"digits-train.csv.gz:is_0..is_9", []int{1438, 10}, 1438},
	{"digits-test.csv.gz:1..64", []int{359, 64}, 6963.375},
	{"digits-test.csv.gz:is_0..is_9", []int{359, 10}, 359},
	{"iris.csv:sepal_length..petal_width", []int{150, 4}, 2078.7},
	{"iris.csv:species", []int{150}, 150},
	{"iris-train.csv:is_setosa..is_virginica", []int{120, 3}, 120},
	{"iris-test.csv:is_setosa..is_virginica", []int{30, 3}, 30},
}

func TestSets(t *testing.T) {
	for _, s := range sets {
		a := open(t, s.path, setsDir+s.path)
		v, _ := a.Values()
		total := 0.0
		for _, x := range v {
			total += x
		}
		if !slices.Equal(a.Shape, s.shape) || math.Abs(total-s.sum) > 1e-8*max(1, math.Abs(s.sum)) || a.Notes != nil {
			t.Errorf("%s: %s, sum %.12g, notes %q; want %s, %.12g", s.path, ShapeText(a.Shape), total, a.Notes, ShapeText(s.shape), s.sum)
		}
	}
}

// TestScaled checks that features are scaled by the rows for training alone.
func TestScaled(t *testing.T) {
	raw := open(t, "X", setsDir+"breast-cancer.csv.gz:1..30")
	for part, test := range map[string]bool{"train": false, "test": true} {
		scaled := open(t, "Z", setsDir+"breast-cancer-scaled-"+part+".csv.gz:1..30")
		for c := range 30 {
			x, z := make([]float64, raw.NumRows()), make([]float64, scaled.NumRows())
			if raw.Block(0, len(x), c, c+1, x) != nil || scaled.Block(0, len(z), c, c+1, z) != nil {
				t.Fatal("blocks")
			}
			var mean, square, n float64
			for r, v := range x {
				if r%5 != 4 {
					mean, square, n = mean+v, square+v*v, n+1
				}
			}
			mean /= n
			deviation := math.Sqrt(square/n - mean*mean)
			i := 0
			for r, v := range x {
				if (r%5 == 4) == test {
					if want := (v - mean) / deviation; math.Abs(z[i]-want) > 1e-6 {
						t.Errorf("%s: row %d of column %d is %v, want %v", part, r, c, z[i], want)
					}
					i++
				}
			}
		}
	}
}

// TestSplit checks that train and test are the rows of the whole, every fifth for the test,
// and that indicators say what labels say.
func TestSplit(t *testing.T) {
	for _, s := range []struct{ whole, train, test string }{
		{"diabetes.csv.gz", "diabetes-train.csv.gz", "diabetes-test.csv.gz"},
		{"breast-cancer.csv.gz:benign", "breast-cancer-scaled-train.csv.gz:benign", "breast-cancer-scaled-test.csv.gz:benign"},
		{"digits.csv.gz", "digits-train.csv.gz", "digits-test.csv.gz"},
		{"iris.csv", "iris-train.csv", "iris-test.csv"},
	} {
		whole, train, test := open(t, "whole", setsDir+s.whole), open(t, "train", setsDir+s.train), open(t, "test", setsDir+s.test)
		if whole.NumRows() != train.NumRows()+test.NumRows() {
			t.Errorf("%s: %d rows are %d and %d", s.whole, whole.NumRows(), train.NumRows(), test.NumRows())
			continue
		}
		for r := range whole.NumRows() {
			part, i := train, r-r/5
			if r%5 == 4 {
				part, i = test, r/5
			}
			w, _ := whole.View(r, r+1, nil)
			p, _ := part.View(i, i+1, nil)
			if !slices.Equal(w, p) {
				t.Errorf("%s: row %d is %v there and %v here", s.whole, r, w, p)
			}
		}
	}
	for labels, indicator := range map[string]string{
		"digits.csv.gz:digit": "digits.csv.gz:is_0..is_9",
		"iris.csv:species":    "iris.csv:is_setosa..is_virginica",
	} {
		y, _ := open(t, "y", setsDir+labels).Values()
		one := open(t, "Y", setsDir+indicator)
		for r, k := range y {
			row, _ := one.View(r, r+1, nil)
			if row[int(k)] != 1 {
				t.Errorf("%s: row %d is %v, and the label %v", labels, r, row, k)
			}
		}
	}
}

const fromSklearn = `
import json, sys
from sklearn import datasets
out = {}
for name, load, scale in [("diabetes", datasets.load_diabetes, 1), ("breast-cancer", datasets.load_breast_cancer, 1),
                          ("digits", datasets.load_digits, 16), ("iris", datasets.load_iris, 1)]:
    d = load()
    out[name] = {"x": (d.data / scale).tolist(), "y": d.target.tolist()}
json.dump(out, sys.stdout)
`

// TestSetsOfSklearn compares the files with scikit-learn's data, and with what the script
// beside them makes of it now.
func TestSetsOfSklearn(t *testing.T) {
	py := python(t)
	if exec.Command(py, "-c", "import sklearn").Run() != nil {
		t.Skip("no scikit-learn; ./test installs it")
	}
	var want map[string]struct {
		X [][]float64
		Y []float64
	}
	if err := json.Unmarshal(runPython(t, py, fromSklearn), &want); err != nil {
		t.Fatal(err)
	}
	for _, s := range []struct{ name, x, y string }{
		{"diabetes", "diabetes.csv.gz:age..s6", "diabetes.csv.gz:progression"},
		{"breast-cancer", "breast-cancer.csv.gz:1..30", "breast-cancer.csv.gz:benign"},
		{"digits", "digits.csv.gz:1..64", "digits.csv.gz:digit"},
		{"iris", "iris.csv:1..4", "iris.csv:species"},
	} {
		x, _ := open(t, "X", setsDir+s.x).Values()
		y, _ := open(t, "y", setsDir+s.y).Values()
		tolerance := 0.0
		if s.name == "diabetes" {
			tolerance = 1e-10 // 10 digits of numbers below 0.2
		}
		w := want[s.name]
		all := slices.Concat(w.X...)
		if len(all) != len(x) || !slices.EqualFunc(all, x, func(a, b float64) bool { return math.Abs(a-b) <= tolerance }) {
			t.Errorf("%s: the features differ", s.name)
		}
		if !slices.Equal(w.Y, y) {
			t.Errorf("%s: the targets differ", s.name)
		}
	}

	dir := t.TempDir()
	if out, err := exec.Command(py, setsDir+"make", dir).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	made, _ := filepath.Glob(dir + "/*")
	kept, _ := filepath.Glob(setsDir + "*.csv*")
	if len(made) != len(kept) {
		t.Errorf("%d files are made, %d are here", len(made), len(kept))
	}
	for _, path := range made {
		a, b := uncompressed(t, path), uncompressed(t, setsDir+filepath.Base(path))
		if !bytes.Equal(a, b) {
			t.Errorf("%s is made with other text", filepath.Base(path))
		}
	}
}

// uncompressed is the text of a file, which zlib may have compressed to other bytes.
func uncompressed(t *testing.T, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasSuffix(path, ".gz") {
		return b
	}
	z, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	if b, err = io.ReadAll(z); err != nil {
		t.Fatal(err)
	}
	return b
}
