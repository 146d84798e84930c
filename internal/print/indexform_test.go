package print

import (
	"testing"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/rat"
)

func TestIndexForm(t *testing.T) {
	r := newReader()
	a, x, c := r.read(t, "A"), r.read(t, "x"), r.read(t, "c")
	n := r.b.Sizes.Size("n")
	// Σ_k A_ik x_k A_jk − 2 c δ_ij x_i + A_ij²
	f := &IndexForm{Sizes: []*expr.Dim{n, n, n}, Rows: []int{0}, Cols: []int{1}, Terms: []IndexTerm{
		{Coef: rat.One, Factors: []IndexFactor{{Node: a, Indices: []int{0, 2}}, {Node: x, Indices: []int{2}}, {Node: a, Indices: []int{1, 2}}}},
		{Coef: rat.Int(-2), Factors: []IndexFactor{{Node: c}, {Indices: []int{0, 1}}, {Node: x, Indices: []int{0}}}},
		{Coef: rat.New(1, 3), Factors: []IndexFactor{{Node: r.read(t, "A + A'"), Indices: []int{0, 1}, Exp: rat.Int(2)}}},
	}}
	o := &Options{Builder: r.b}
	if got, want := IndexText(f, o), "Σ_{l} A[i,l] x[l] A[j,l] − 2 c δ[i,j] x[i] + (A + Aᵀ)[i,j]²/3"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got, want := IndexLaTeX(f, o), `\sum_{l} {A}_{i l} {x}_{l} {A}_{j l} - 2 c \delta_{i j} {x}_{i} + {(A + A^\top)}_{i j}^{2}/3`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	// A matrix of indices (i, j) by k: x_k A_ij
	g := &IndexForm{Sizes: []*expr.Dim{n, n, n}, Rows: []int{0, 1}, Cols: []int{2}, Terms: []IndexTerm{
		{Coef: rat.One, Factors: []IndexFactor{{Node: x, Indices: []int{2}}, {Node: a, Indices: []int{0, 1}}}}}}
	if got, want := IndexText(g, o), "x[l] A[i,j]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
