package nabla

import (
	"strings"
	"testing"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/plan"
)

const twoLayers = `x[i]: vector(d), i = 1..N
y[i]: vector(k), i = 1..N
W1: matrix(p, d)
W2: matrix(k, p)
l = sum(i, logsumexp(W2*tanh(W1*x[i])) - y[i]'*W2*tanh(W1*x[i]))`

// Hessians without a notation that a person would compute by are computed by arrays in the
// languages that have them: no rows are taken by number, no Kronecker product is built.
func TestHessianArrays(t *testing.T) {
	for _, c := range []struct{ program, wrt string }{
		{twoLayers, "W1"},
		{"X: matrix(d, N)\nY: matrix(k, N)\nW1: matrix(p, d)\nW2: matrix(k, p)\nl = norm2(W2*tanh(W1*X) - Y)^2", "W1"},
		{"X: matrix(m, n)\nY: matrix(m, k)\nW: matrix(n, k)\nf = sum(logsumexprows(X*W)) - tr(Y'*X*W)", "W"},
	} {
		for _, vec := range []VecOrder{Columns, Rows} {
			for _, language := range []string{"numpy", "jax", "torch"} {
				files, err := Generate(GenerateRequest{Language: language, ProgramRequest: ProgramRequest{
					Request: Request{Program: c.program, Wrt: []string{c.wrt}, Vec: vec}, What: []What{HessianOf}}})
				if err != nil {
					t.Fatal(err)
				}
				source, _, _ := strings.Cut(files[0].Source, "def _base1")
				for _, avoid := range []string{"arange", "kron", "_columns", "empty(", ".T.T", "ravel()"} {
					if _, body, _ := strings.Cut(source, "\n    \"\"\"\n"); strings.Contains(body, avoid) {
						t.Errorf("%s, vec %s: %s in\n%s", language, vec, avoid, body)
					}
				}
				if !strings.Contains(source, "tensordot") {
					t.Errorf("%s, vec %s: no product of arrays in\n%s", language, vec, source)
				}
			}
		}
	}
}

// The Hessian of a network by its first layer passes each layer once.
func TestHessianLayers(t *testing.T) {
	work := func(layers int) float64 {
		var b strings.Builder
		b.WriteString("X: matrix(d, N)\nY: matrix(d, N)\n")
		before := "X"
		for k := range layers {
			name := string(rune('A' + k))
			b.WriteString("W" + name + ": matrix(d, d)\n")
			if k < layers-1 {
				b.WriteString("H" + name + " = tanh(W" + name + "*" + before + ")\n")
				before = "H" + name
			} else {
				b.WriteString("l = norm2(W" + name + "*" + before + " - Y)^2\n")
			}
		}
		sizes := map[string]int{"d": 20, "N": 200}
		prog, err := NewProgram(ProgramRequest{Request: Request{Program: b.String(), Wrt: []string{"WA"}, NoCheck: true},
			What: []What{HessianOf}, Sizes: sizes, arrays: true})
		if err != nil {
			t.Fatal(err)
		}
		return plan.TotalFlops([]*plan.Value{prog.Results[0].Value}, func(n *expr.SizeName) int { return sizes[n.Name] })
	}
	three, four, five := work(3), work(4), work(5)
	if d := (five - four) / (four - three); d > 1.2 || d < 0.8 {
		t.Errorf("layers 3, 4, 5 take %.3g, %.3g, %.3g", three, four, five)
	}
}
