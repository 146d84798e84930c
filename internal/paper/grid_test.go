package paper

import (
	"strconv"
	"strings"
	"testing"
)

// grid is a matrix of the numbers from first on.
func grid(rows, cols, first int) Formula {
	cells := make([][]Formula, rows)
	for i := range cells {
		for j := range cols {
			s := strconv.Itoa(first + i*cols + j)
			cells[i] = append(cells[i], Formula{Text: s, LaTeX: s})
		}
	}
	return Matrix(cells)
}

func plainFormula(s string) Formula { return Formula{Text: s, LaTeX: s} }

func TestMatricesInText(t *testing.T) {
	p := &Paper{Blocks: []Block{{ID: "instance", Heading: Words{En: "An example"}, Lines: []Line{
		{Lhs: Beside(plainFormula("X = "), grid(3, 2, 8), plainFormula(",   "), plainFormula("w = "), grid(2, 1, 1))},
		{Lhs: plainFormula("f"), Rhs: plainFormula("7")},
		{Lhs: plainFormula("g"), Sign: "≈", Rhs: grid(2, 2, 1), Result: true,
			Notes: []Note{{ID: "differences", Name: Words{En: "by differences"}, Value: grid(2, 2, 1)}}},
		{Lhs: plainFormula("h"), Rhs: grid(1, 3, 5)},
		{Lhs: plainFormula("J"), Rhs: grid(2, 9, 100),
			Notes: []Note{{ID: "differences", Name: Words{En: "by differences"}, Value: grid(2, 9, 100)}}},
	}}}}
	const want = `An example
      ⎡ 8   9⎤        ⎡1⎤
  X = ⎢10  11⎥,   w = ⎣2⎦
      ⎣12  13⎦
  f = 7
∴ g ≈ ⎡1  2⎤                  by differences: ⎡1  2⎤
      ⎣3  4⎦                                  ⎣3  4⎦
  h = [5  6  7]
  J = ⎡100  101  102  103  104  105  106  107  108⎤
      ⎣109  110  111  112  113  114  115  116  117⎦
        by differences: ⎡100  101  102  103  104  105  106  107  108⎤
                        ⎣109  110  111  112  113  114  115  116  117⎦
`
	if got := Text(p, Options{Width: 72}); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	tex := LaTeX(p, Options{})
	for _, part := range []string{`X = \begin{bmatrix} 8 & 9 \\ 10 & 11 \\ 12 & 13 \end{bmatrix}`, `\setcounter{MaxMatrixCols}`,
		`\rulenote{by differences: $\begin{bmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix}$}`} {
		if !strings.Contains(tex, part) {
			t.Errorf("LaTeX lacks %s:\n%s", part, tex)
		}
	}
	if md := Markdown(p, Options{}); !strings.Contains(md, `g &\approx \boxed{\begin{bmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix}} && \text{by differences: }\begin{bmatrix}`) {
		t.Errorf("Markdown is\n%s", md)
	}
}

// TestStatementsThatAreTooWide has more matrices side by side than fit: the row goes on
// below, with each name beside its matrix.
func TestStatementsThatAreTooWide(t *testing.T) {
	var list []Formula
	for k, name := range []string{"A", "B", "C"} {
		if k > 0 {
			list = append(list, plainFormula(",   "))
		}
		list = append(list, plainFormula(name+" = "), grid(2, 4, 10))
	}
	p := &Paper{Blocks: []Block{{Lines: []Line{{Lhs: Beside(list...)}}}}}
	const want = `  A = ⎡10  11  12  13⎤,
      ⎣14  15  16  17⎦
  B = ⎡10  11  12  13⎤,
      ⎣14  15  16  17⎦
  C = ⎡10  11  12  13⎤
      ⎣14  15  16  17⎦
`
	if got := Text(p, Options{Width: 40}); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestLargeMatrixIsElided(t *testing.T) {
	f := grid(20, 14, 0)
	if want := "[0 1 2 3 ⋯ 13; 14 15 16 17 ⋯ 27; 28 29 30 31 ⋯ 41; 42 43 44 45 ⋯ 55; ⋮ ⋮ ⋮ ⋮ ⋱ ⋮; 266 267 268 269 ⋯ 279]"; f.Text != want {
		t.Errorf("got %s, want %s", f.Text, want)
	}
	if !strings.Contains(f.LaTeX, `\vdots & \ddots & \vdots`) {
		t.Errorf("LaTeX is %s", f.LaTeX)
	}
}

// TestMatrixWidth sees that no row of a formula ends in a matrix.
func TestMatrixWidth(t *testing.T) {
	f := grid(2, 12, 10000)
	if rows := breakTeX("X = "+f.LaTeX, 20); len(rows) != 1 && strings.Contains(rows[0], "begin") && !strings.Contains(rows[0], "end") {
		t.Errorf("broken: %q", rows)
	}
	if w := texWidth(f.LaTeX); w < 80 || w > 95 {
		t.Errorf("twelve numbers of five digits are %v wide", w)
	}
}
