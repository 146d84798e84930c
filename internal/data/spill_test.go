package data

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// small is a reader with memory for 10 kB.
var small = reader{Options: Options{Memory: 10_000}}

// tableText is a table of rows × 3 with a header, and its numbers.
func tableText(rows int) (string, []float64) {
	var b strings.Builder
	var values []float64
	b.WriteString("a,b,c\n")
	for i := range rows {
		x, y, z := float64(i), math.Sin(float64(i)), -1.5*float64(i%7)
		fmt.Fprintf(&b, "%v,%v,%v\n", x, y, z)
		values = append(values, x, y, z)
	}
	return b.String(), values
}

// TestSpill reads what is larger than memory by way of temporary files: as it is read
// into memory, with a note, and with nothing left behind.
func TestSpill(t *testing.T) {
	text, values := tableText(5000)
	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped)
	z.Write([]byte(text))
	z.Close()
	columnwise := "%%MatrixMarket matrix array real general\n5000 3\n"
	for c := range 3 {
		for r := range 5000 {
			columnwise += fmt.Sprintln(values[3*r+c])
		}
	}
	npyOf := func(descr, order string, numbers []byte) []byte {
		return npyBytes(header("'"+descr+"'", order, "(5000, 3)"), numbers...)
	}
	deflated := func(member []byte) []byte {
		var b bytes.Buffer
		w := zip.NewWriter(&b)
		f, _ := w.Create("X.npy")
		f.Write(member)
		f, _ = w.Create("w.npy")
		f.Write(npyBytes(header("'<f8'", "False", "(2,)"), f64(1, 2)...))
		w.Close()
		return b.Bytes()
	}
	var byColumns []float64
	for c := range 3 {
		for r := range 5000 {
			byColumns = append(byColumns, values[3*r+c])
		}
	}
	for name, content := range map[string][]byte{
		"t.csv":    []byte(text),
		"t.csv.gz": zipped.Bytes(),
		"t.tsv":    []byte(strings.ReplaceAll(text, ",", "\t")),
		"t.mtx":    []byte(columnwise),
		"c.npz":    deflated(npyOf("<f8", "False", f64(values...))),
		"f.npz":    deflated(npyOf("<f8", "True", f64(byColumns...))),
	} {
		dir := t.TempDir()
		t.Setenv("TMPDIR", dir)
		path := file(t, name, content)
		var told int64
		rd := small
		rd.Progress = func(_ string, done, total int64) { told = max(told, done*1000/total) }
		a, err := rd.open("X", path)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if a.InMemory() || len(a.Notes) == 0 || !strings.Contains(a.Notes[0], "a temporary file of 120 kB in "+dir) {
			t.Errorf("%s: in memory %v, notes %q", name, a.InMemory(), a.Notes)
		}
		if !strings.HasSuffix(name, "npz") && told != 1000 {
			t.Errorf("%s: the progress ends at %d ‰", name, told)
		}
		got, err := a.Values()
		if err != nil || !slices.Equal(got, values) || !slices.Equal(a.Shape, []int{5000, 3}) {
			t.Errorf("%s: %v, shape %v, %d values", name, err, a.Shape, len(got))
		}
		part := make([]float64, 4)
		if err := a.Block(4000, 4002, 1, 3, part); err != nil || !slices.Equal(part, []float64{values[12001], values[12002], values[12004], values[12005]}) {
			t.Errorf("%s: a block is %v, %v", name, part, err)
		}
		if err := a.Close(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if left, _ := filepath.Glob(filepath.Join(dir, "*")); len(left) > 0 {
			t.Errorf("%s: left behind: %v", name, left)
		}
		// What fits is in memory.
		if a, err := (reader{Options: Options{Memory: 1 << 20}, inMemory: 1 << 30}).open("X", path); err != nil || !a.InMemory() || len(a.Notes) > 0 {
			t.Errorf("%s with 1 MB: %v, %+v", name, err, a)
		}
	}
}

// TestSpillErrors has files that are wrong far behind, and no room for a temporary file:
// the errors are those of a file that is read into memory, and nothing is left.
func TestSpillErrors(t *testing.T) {
	text, _ := tableText(5000)
	for _, c := range []struct{ name, content, want string }{
		{"text.csv", text + "1,x,3\n", `text.csv:5002:3: "x" in column 2 (b) is no number`},
		{"ragged.csv", text + "1,2\n", "ragged.csv:5002: 2 fields, but the header in line 1 has 3"},
		{"short.mtx", "%%MatrixMarket matrix array real general\n5000 3\n" + strings.Repeat("1\n", 14000), "short.mtx: truncated: the file has 14000 entries, the size line says 15000 for a general matrix of 5000 × 3"},
		{"more.mtx", "%%MatrixMarket matrix array real general\n5000 3\n" + strings.Repeat("1\n", 15001), "more.mtx:15003: there are more entries than the size line says, 15000 for a general matrix of 5000 × 3"},
		{"even.mtx", "%%MatrixMarket matrix array real symmetric\n500 500\n1\n", "even.mtx: a symmetric matrix of 500 × 500 takes 3 MB in memory, more than is to be used, 10 kB\nhint: --memory SIZE sets the memory to use"},
		{"dots.mtx", "%%MatrixMarket matrix coordinate real general\n500 500 1000\n", "dots.mtx: a sparse matrix of 500 × 500 with 1000 entries takes 2 MB with its zeros and 44 kB without, more than the memory to be used, 10 kB\nhint: --memory SIZE sets the memory to use"},
	} {
		dir := t.TempDir()
		t.Setenv("TMPDIR", dir)
		_, err := small.open("X", file(t, c.name, []byte(c.content)))
		if err == nil || err.Error() != c.want {
			t.Errorf("%s: %v, want %s", c.name, err, c.want)
		}
		if left, _ := filepath.Glob(filepath.Join(dir, "*")); len(left) > 0 {
			t.Errorf("%s: left behind: %v", c.name, left)
		}
	}
	t.Setenv("TMPDIR", "/nowhere/at/all")
	_, err := small.open("X", file(t, "t.csv", []byte(text)))
	if err == nil || err.Error() != "t.csv: its numbers are too many for memory, and for a temporary file in /nowhere/at/all: there is no such file\nhint: TMPDIR=DIR names another directory, --memory SIZE the memory to use" {
		t.Error(err)
	}
}

// TestSparse keeps a matrix without its zeros where memory asks for it, with the same
// entries in all blocks and shapes.
func TestSparse(t *testing.T) {
	for _, c := range []struct {
		name, text string
		ranks      []int
	}{
		{"general", "%%MatrixMarket matrix coordinate real general\n700 40 6\n1 1 2.5\n700 40 -1\n300 7 4\n300 2 3\n300 7 0.5\n12 39 1e3\n", []int{2}},
		{"symmetric", "%%MatrixMarket matrix coordinate integer symmetric\n60 60 3\n1 1 7\n50 3 2\n60 59 1\n", []int{2}},
		{"skew", "%%MatrixMarket matrix coordinate real skew-symmetric\n60 60 2\n50 3 2\n60 59 1\n", []int{2}},
		{"row", "%%MatrixMarket matrix coordinate pattern general\n1 1200 2\n1 2\n1 1199\n", []int{2, 1}},
	} {
		path := file(t, "X.mtx", []byte(c.text))
		dense, err := Open("X", path)
		if err != nil {
			t.Fatal(err)
		}
		rd := small
		if c.name == "row" {
			rd.Memory = 9500
		}
		a, err := rd.open("X", path)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if a.InMemory() || len(a.Notes) != 1 || a.Type != dense.Type {
			t.Errorf("%s: in memory %v, notes %q, type %s", c.name, a.InMemory(), a.Notes, a.Type)
		}
		for _, rank := range c.ranks {
			a, ok := a.WithRank(rank)
			b, _ := dense.WithRank(rank)
			if !ok || !slices.Equal(a.Shape, b.Shape) {
				t.Fatalf("%s: rank %d: %v, %v", c.name, rank, ok, a.Shape)
			}
			x, err := a.Values()
			y, _ := b.Values()
			if err != nil || !slices.Equal(x, y) {
				t.Errorf("%s, rank %d: %v", c.name, rank, err)
			}
			for from := 0; from < a.NumRows(); from += 7 {
				to, left, right := min(from+11, a.NumRows()), a.RowLen()/3, a.RowLen()
				p, q := make([]float64, (to-from)*(right-left)), make([]float64, (to-from)*(right-left))
				for i := range p {
					p[i] = math.NaN()
				}
				a.Block(from, to, left, right, p)
				b.Block(from, to, left, right, q)
				if !slices.Equal(p, q) {
					t.Errorf("%s, rank %d: rows %d to %d differ", c.name, rank, from, to)
				}
			}
		}
	}
}

// TestArrayNames lists the arrays of files.
func TestArrayNames(t *testing.T) {
	path := file(t, "t.csv.gz", []byte("a\n1\n"))
	if names, err := Names(path); err != nil || !slices.Equal(names, []string{"t"}) {
		t.Error(names, err)
	}
	if err := os.WriteFile("no.npz", []byte("PK\x03\x04"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Names("no.npz"); err == nil {
		t.Error("no error")
	}
}
