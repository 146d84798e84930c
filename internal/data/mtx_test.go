package data

import (
	"strings"
	"testing"
)

func TestMatrixMarket(t *testing.T) {
	for _, c := range []struct {
		content string
		shape   []int
		typ     Type
		values  []float64
	}{
		{"%%MatrixMarket matrix coordinate real general\n% a comment\n\n2 3 2\n1 1 1.5\n2 3 -2e3\n", []int{2, 3}, Float64, []float64{1.5, 0, 0, 0, 0, -2000}},
		{"%%MatrixMarket matrix coordinate integer symmetric\n3 3 3\n1 1 1\n3 1 5\n2 2 4", []int{3, 3}, Int64, []float64{1, 0, 5, 0, 4, 0, 5, 0, 0}},
		{"%%matrixmarket MATRIX Coordinate REAL Skew-Symmetric\n2 2 1\n2 1 3\n", []int{2, 2}, Float64, []float64{0, -3, 3, 0}},
		{"%%MatrixMarket matrix coordinate pattern symmetric\n2 2 2\n1 1\n2 1\n", []int{2, 2}, Bool, []float64{1, 1, 1, 0}},
		{"%%MatrixMarket matrix coordinate real general\r\n2 2 3\r\n1 1 1\r\n1 1 2\r\n\t2  1   7 \r\n", []int{2, 2}, Float64, []float64{3, 0, 7, 0}},
		{"%%MatrixMarket matrix coordinate real general\n1 2 0\n", []int{1, 2}, Float64, []float64{0, 0}},
		{"%%MatrixMarket matrix array real general\n2 3\n1\n4\n2\n5\n3\n6\n", []int{2, 3}, Float64, []float64{1, 2, 3, 4, 5, 6}},
		{"%%MatrixMarket matrix array double symmetric\n2 2\n1\n2\n3\n", []int{2, 2}, Float64, []float64{1, 2, 2, 3}},
		{"%%MatrixMarket matrix array integer skew-symmetric\n3 3\n1\n2\n3\n", []int{3, 3}, Int64, []float64{0, -1, -2, 1, 0, -3, 2, 3, 0}},
		{"%%MatrixMarket matrix array real skew-symmetric\n1 1\n", []int{1, 1}, Float64, []float64{0}},
	} {
		for _, name := range []string{"X.mtx", "X.mtx.gz", "X.txt"} {
			content := []byte(c.content)
			if strings.HasSuffix(name, ".gz") {
				content = gz(c.content)
			}
			file(t, name, content)
			a := open(t, "X", name)
			want(t, a, c.shape, c.values...)
			if a.Type != c.typ || a.Notes != nil {
				t.Errorf("%q: type %s, notes %q", c.content, a.Type, a.Notes)
			}
		}
	}
}

func TestMatrixMarketErrors(t *testing.T) {
	const coordinate, array = "%%MatrixMarket matrix coordinate real general\n", "%%MatrixMarket matrix array real general\n"
	for _, c := range []struct{ content, want string }{
		{"1 2 3\n", "X.mtx:1: not a MatrixMarket file: it does not begin with %%MatrixMarket"},
		{"%%MatrixMarket matrix array\n", "X.mtx:1: the first line has 3 words, MatrixMarket has 5: %%MatrixMarket matrix FORMAT FIELD SYMMETRY"},
		{"%%MatrixMarket vector array real general\n", "X.mtx:1: a MatrixMarket vector is not read, a matrix is"},
		{"%%MatrixMarket matrix dense real general\n", "X.mtx:1: the format dense is not known: coordinate and array are"},
		{"%%MatrixMarket matrix array quaternion general\n", "X.mtx:1: the field quaternion is not known: real, integer and pattern are"},
		{"%%MatrixMarket matrix array complex general\n", "X.mtx:1: the matrix holds complex numbers, not real ones"},
		{"%%MatrixMarket matrix array pattern general\n", "X.mtx:1: a pattern has no array format"},
		{"%%MatrixMarket matrix array real diagonal\n", "X.mtx:1: the symmetry diagonal is not known: general, symmetric and skew-symmetric are"},
		{"%%MatrixMarket matrix array real hermitian\n", "X.mtx:1: a hermitian matrix holds complex numbers, not real ones"},
		{"%%MatrixMarket matrix coordinate pattern skew-symmetric\n", "X.mtx:1: a pattern cannot be skew-symmetric"},
		{coordinate + "% no more\n", "X.mtx: truncated: there is no line with the sizes"},
		{coordinate + "2 2\n", "X.mtx:2: the line with the sizes has 2 fields, not 3 for rows, columns and entries"},
		{array + "2\n", "X.mtx:2: the line with the sizes has 1 field, not 2 for rows and columns"},
		{array + "2 two\n", "X.mtx:2:3: \"two\" is no size"},
		{array + "-1 2\n", "X.mtx:2:1: \"-1\" is no size"},
		{array + "0 2\n", "X.mtx: 0 rows: the shape is 0 × 2"},
		{array + "99999999999999999999 2\n", "X.mtx:2:1: the size 99999999999999999999 is too large"},
		{array + "4294967296 4294967296\n", "X.mtx:2: the shape 4294967296 × 4294967296 is too large"},
		{coordinate + "1000000 1000000 1\n1 1 1\n", "X.mtx: 1000000 × 1000000 entries with 1 of them in the file are too many: with its zeros it takes 8 TB"},
		{"%%MatrixMarket matrix array real symmetric\n2 3\n", "X.mtx:2: a symmetric matrix of 2 × 3 is not square"},
		{coordinate + "2 2 1\n3 1 1\n", "X.mtx:3:1: there is no row 3: the matrix is 2 × 2"},
		{coordinate + "2 2 1\n1 0 1\n", "X.mtx:3:3: there is no column 0: the matrix is 2 × 2"},
		{coordinate + "2 2 1\n1 99999999999999999999 1\n", "X.mtx:3:3: there is no column 99999999999999999999: the matrix is 2 × 2"},
		{coordinate + "2 2 1\na 1 1\n", "X.mtx:3:1: \"a\" is no index of a row"},
		{coordinate + "2 2 1\n1 1 x\n", "X.mtx:3:5: \"x\" is no number"},
		{coordinate + "2 2 1\n1 1 1e999\n", "X.mtx:3:5: 1e999 is too large for float64"},
		{coordinate + "2 2 1\n1 1\n", "X.mtx:3: an entry has 2 fields here, not 3"},
		{coordinate + "2 2 2\n1 1 1\n", "X.mtx: truncated: the file has 1 entry, the size line says 2 entries"},
		{coordinate + "2 2 1\n1 1 1\n2 2 1\n", "X.mtx:4: there are more entries than the size line says, 1 entry"},
		{"%%MatrixMarket matrix coordinate integer general\n2 2 1\n1 1 1.5\n", "X.mtx:3:5: \"1.5\" is no integer, as the first line says"},
		{"%%MatrixMarket matrix coordinate integer general\n2 2 1\n1 1 9999999999999999999\n", "X.mtx:3:5: the integer 9999999999999999999 is too large"},
		{"%%MatrixMarket matrix coordinate real skew-symmetric\n2 2 1\n1 1 1\n", "X.mtx:3:5: a skew-symmetric matrix has zeros on its diagonal, not 1"},
		{array + "2 2\n1\n2\n3\n", "X.mtx: truncated: the file has 3 entries, the size line says 4 for a general matrix of 2 × 2"},
		{"%%MatrixMarket matrix array real symmetric\n2 2\n1\n2\n3\n4\n", "X.mtx:6: there are more entries than the size line says, 3 for a symmetric matrix of 2 × 2"},
		{array + "2 1\n1 2\n", "X.mtx:3: an entry has 2 fields here, not 1"},
		{array + "1 1\n" + strings.Repeat("1", longestLine+1e5), "X.mtx:3: the line is longer than 1048576 bytes"},
	} {
		file(t, "X.mtx", []byte(c.content))
		_, err := Open("X", "X.mtx")
		got := "no error"
		if err != nil {
			got = err.Error()
		}
		if got != c.want {
			t.Errorf("%.60q:\n%s\nwant\n%s", c.content, got, c.want)
		}
	}
}

func TestMatrixMarketRounded(t *testing.T) {
	file(t, "X.mtx", []byte("%%MatrixMarket matrix array integer general\n1 1\n9007199254740993\n"))
	a := open(t, "X", "X.mtx")
	want(t, a, []int{1, 1}, 1<<53)
	if a.Rounded() != 1 || len(a.Notes) != 1 || a.Notes[0] != "1 integer beyond 2⁵³ rounded to float64" {
		t.Errorf("%d %q", a.Rounded(), a.Notes)
	}
}
