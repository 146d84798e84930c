package data

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
)

func TestTables(t *testing.T) {
	nan := math.NaN()
	for _, c := range []struct {
		path    string
		content string
		shape   []int
		values  []float64
		columns []string
		notes   []string
	}{
		{"X.csv", "1,2\n3,4\n", []int{2, 2}, []float64{1, 2, 3, 4}, nil, nil},
		{"X.csv", "1,2\n3,4", []int{2, 2}, []float64{1, 2, 3, 4}, nil, nil},
		{"X.CSV", "\xef\xbb\xbfa,b\r\n1,-2e-3\r\n3,.5\r\n", []int{2, 2}, []float64{1, -2e-3, 3, .5}, []string{"a", "b"}, nil},
		{"X.csv", "\"a, b\",c\n\"1\",  2\t\n", []int{1, 2}, []float64{1, 2}, []string{"a, b", "c"}, nil},
		{"X.csv", "\"a\nb\",c\n1,2\n", []int{1, 2}, []float64{1, 2}, []string{"a\nb", "c"}, nil},
		{"X.csv", "7\n8\n", []int{2, 1}, []float64{7, 8}, nil, nil},
		{"X.csv", "inf,-Inf,+Infinity\n", []int{1, 3}, []float64{math.Inf(1), math.Inf(-1), math.Inf(1)}, nil, nil},
		{"X.tsv", "a\tb\n1\t2\n", []int{1, 2}, []float64{1, 2}, []string{"a", "b"}, nil},
		{"X.tsv", "a,b\n1\n", []int{1, 1}, []float64{1}, []string{"a,b"}, nil},
		{"X.csv", "a\tb\n1\t2\n", []int{1, 2}, []float64{1, 2}, []string{"a", "b"}, nil},
		{"X.csv", "a;\"b,c\"\n1;2\n", []int{1, 2}, []float64{1, 2}, []string{"a", "b,c"}, []string{"fields are separated by semicolons"}},
		{"X.csv.gz", string(gz("a,b\n1,2\n")), []int{1, 2}, []float64{1, 2}, []string{"a", "b"}, nil},
		{"X.csv", string(gz("a,b\n1,2\n")), []int{1, 2}, []float64{1, 2}, []string{"a", "b"}, nil},
		{"X.csv", "a;x,b\n1,2\n", []int{1, 2}, []float64{1, 2}, []string{"a;x", "b"}, nil},
		{"X.csv", "1,2\n3,4\n", []int{2, 2}, []float64{1, 2, 3, 4}, nil, nil},
		// The index that pandas writes.
		{"X.csv", ",a,b\n0,5,6\n1,7,8\n", []int{2, 3}, []float64{0, 5, 6, 1, 7, 8}, []string{"", "a", "b"},
			[]string{"X.csv: column 1 has no name and counts the rows; it is read as numbers like the others, and left out by X.csv:2.."}},
		{"X.csv", ",a,b\n0,5,6\n2,7,8\n", []int{2, 3}, []float64{0, 5, 6, 2, 7, 8}, []string{"", "a", "b"}, nil},
		{"X.csv:2..", ",a,b\n0,5,6\n1,7,8\n", []int{2, 2}, []float64{5, 6, 7, 8}, []string{"a", "b"}, nil},
		// Missing values and blank lines.
		{"X.csv", "a,b\n1,\n,NaN\n NA,nan\n", []int{3, 2}, []float64{1, nan, nan, nan, nan, nan}, []string{"a", "b"},
			[]string{"5 of 6 values are missing and NaN, the first in line 2, column 2 (b)"}},
		// Comments before the data; one line with a field for each column is a header.
		{"X.csv", "# made by hand\n1,2\n3,4\n", []int{2, 2}, []float64{1, 2, 3, 4}, nil, []string{"1 line passed over that begins with #"}},
		{"X.csv", "# made by hand,\n#\na;b\n1;2\n# half\n3;4\n", []int{2, 2}, []float64{1, 2, 3, 4}, []string{"a", "b"}, []string{"2 lines passed over that begin with #", "1 blank or commented line passed over, the first line 5", "fields are separated by semicolons"}},
		{"X.csv", "# a,b\n1,2\n3,4\n", []int{2, 2}, []float64{1, 2, 3, 4}, []string{"a", "b"}, nil},
		{"X.csv", "\n1,2\n\n\n3,4\n\n", []int{2, 2}, []float64{1, 2, 3, 4}, nil, []string{"2 blank lines passed over, the first line 3"}},
		{"X.csv", "a\n\"\"\n1\n", []int{2, 1}, []float64{nan, 1}, []string{"a"}, []string{"1 of 2 values are missing and NaN, the first in line 2, column 1 (a)"}},
		{"X.csv", "\"a\n\nb\",c\n1,2\n", []int{1, 2}, []float64{1, 2}, []string{"a\n\nb", "c"}, nil},
		// Headers.
		{"X.csv", "1,b\n3,4\n", []int{1, 2}, []float64{3, 4}, []string{"1", "b"},
			[]string{"line 1 is taken for a header since \"b\" is no number, although 1 field of it are"}},
		{"X.csv", "id,1,b\n3,4,5\n", []int{1, 3}, []float64{3, 4, 5}, []string{"id", "1", "b"}, nil},
		{"X.csv", "1,,NA\n4,5,6\n", []int{2, 3}, []float64{1, nan, nan, 4, 5, 6}, nil, []string{"2 of 6 values are missing and NaN, the first in line 1, column 2"}},
		{"X.csv", "# a,b\n1,2\n", []int{1, 2}, []float64{1, 2}, []string{"a", "b"}, nil},
		// Columns.
		{"X.csv:b", "a,b,c\n1,2,x\n4,5,y\n", []int{2}, []float64{2, 5}, []string{"b"}, nil},
		{"X.csv:2", "a,b,c\n1,2,x\n4,5,y\n", []int{2}, []float64{2, 5}, []string{"b"}, nil},
		{"X.csv:..b", "a,b,c\n1,2,x\n4,5,y\n", []int{2, 2}, []float64{1, 2, 4, 5}, []string{"a", "b"}, nil},
		{"X.csv:b..b", "a,b,c\n1,2,x\n4,5,y\n", []int{2, 1}, []float64{2, 5}, []string{"b"}, nil},
		{"X.csv:b,a", "a,b,c\n1,2,x\n4,5,y\n", []int{2, 2}, []float64{2, 1, 5, 4}, []string{"b", "a"}, nil},
		{"X.csv:3..,1", "1,2,3,4\n5,6,7,8\n", []int{2, 3}, []float64{3, 4, 1, 7, 8, 5}, nil, nil},
		{"X.csv:1..2", "5.1,3.5,setosa\n4.9,3.0,setosa\n", []int{2, 2}, []float64{5.1, 3.5, 4.9, 3}, nil, nil},
		{"X.csv.gz:b", string(gz("a,b\n1,2\n")), []int{1}, []float64{2}, []string{"b"}, nil},
		{"X.csv:2", "2,1\n1,2\n", []int{2}, []float64{1, 2}, nil, nil},
		{"X.csv:a..b", "a..b,c\n1,2\n", []int{1, 1}, []float64{1}, []string{"a..b"}, nil},
	} {
		name := c.path
		if i := strings.LastIndex(name, ":"); i >= 0 {
			name = name[:i]
		}
		t.Run(c.path, func(t *testing.T) {
			file(t, name, []byte(c.content))
			a := open(t, "X", c.path)
			want(t, a, c.shape, c.values...)
			if !slices.Equal(a.Columns, c.columns) || !slices.Equal(a.Notes, c.notes) {
				t.Errorf("%q: columns %q, want %q\nnotes %q, want %q", c.content, a.Columns, c.columns, a.Notes, c.notes)
			}
		})
	}
}

// TestLongTable reads a table of more lines than the buffer and the guess of its length
// look at, of which the first are longer and the first are shorter than the rest.
func TestLongTable(t *testing.T) {
	for _, number := range []string{"%d,%[1]d\n", "%020d,%[1]d\n"} {
		var b strings.Builder
		const rows = 30000
		b.WriteString("a,b\n")
		for r := range rows {
			f := "%d,%[1]d\n"
			if r < rows/2 {
				f = number
			}
			fmt.Fprintf(&b, f, r)
		}
		for _, name := range []string{"X.csv", "X.csv.gz"} {
			content := []byte(b.String())
			if name == "X.csv.gz" {
				content = gz(b.String())
			}
			file(t, name, content)
			a := open(t, "X", name)
			v, err := a.Values()
			if err != nil || !slices.Equal(a.Shape, []int{rows, 2}) {
				t.Fatal(a.Shape, err)
			}
			for r := range rows {
				if v[2*r] != float64(r) || v[2*r+1] != float64(r) {
					t.Fatalf("row %d is %v", r, v[2*r:2*r+2])
				}
			}
		}
	}
}

// TestNames checks what a file is called that has no name, and that a file whose own
// name has a colon is meant itself.
func TestNames(t *testing.T) {
	file(t, "diabetes.v1.csv.gz", gz("a,b\n1,2\n"))
	all, err := Read("diabetes.v1.csv.gz")
	if err != nil || len(all) != 1 || all[0].Name != "diabetes.v1" {
		t.Errorf("%v %v", all, err)
	}
	all, err = Read("diabetes.v1.csv.gz:b")
	if err != nil || len(all) != 1 || all[0].Name != "diabetes.v1" {
		t.Errorf("%v %v", all, err)
	}
	file(t, "a.csv:b.csv", []byte("1,2\n"))
	want(t, open(t, "X", "a.csv:b.csv"), []int{1, 2}, 1, 2)
	want(t, open(t, "X", "a.csv:b.csv:2"), []int{1}, 2)
	file(t, "noextension", npyBytes(header("'<f8'", "False", "()"), f64(1)...))
	want(t, open(t, "X", "noextension"), nil, 1)
}
