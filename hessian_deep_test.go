package nabla_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"example.com/nabla"
)

// TestHessianOfManyLayers derives the Hessian of a network with samples as columns by its
// first layer. Its terms are paths of as many indices as there are layers, and what is
// stacked of n indices can be cut in 2ⁿ ways.
func TestHessianOfManyLayers(t *testing.T) {
	const layers = 20
	var p strings.Builder
	fmt.Fprint(&p, "X: matrix(d, N)\nY: matrix(d, N)\n")
	before := "X"
	for k := 1; k <= layers; k++ {
		fmt.Fprintf(&p, "W%d: matrix(d, d)\n", k)
	}
	for k := 1; k < layers; k++ {
		fmt.Fprintf(&p, "H%d = tanh(W%d*%s)\n", k, k, before)
		before = fmt.Sprintf("H%d", k)
	}
	fmt.Fprintf(&p, "l = norm2(W%d*%s - Y)^2\n", layers, before)
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	r, err := nabla.Differentiate(nabla.Request{Program: p.String(), Wrt: []string{"W1"}, Order: 2, NoCheck: true, TextOnly: true,
		Limits: nabla.Limits{Context: ctx}})
	if err != nil {
		t.Fatal(err)
	}
	if got := r.Derivatives[0].Form; got != nabla.KroneckerForm {
		t.Errorf("the Hessian has the form %q", got)
	}
}
