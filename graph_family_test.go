package nabla_test

import (
	"errors"
	"math/rand/v2"
	"strings"
	"testing"

	"example.com/nabla"
)

// randomFamilies is a program whose definitions are families, each of those before, at
// indices that vary, and sums over them.
func randomFamilies(r *rand.Rand) string {
	names := []string{"x"}
	pick := func(list ...string) string { return list[r.IntN(len(list))] }
	index := func() string { return pick("i", "i", "j", "k") }
	// fill puts members for A and B at the index I, and for C at the index J.
	fill := func(form, i, j string) string {
		at := func(i string) string { return pick(names...) + "[" + i + "]" }
		return strings.NewReplacer("A", at(i), "B", at(i), "C", at(j), "I", i, "J", j).Replace(form)
	}
	lines := []string{"x[i]: vector(n), i = 1..N", "w: matrix(n, n)", "b: vector(n)"}
	for _, name := range []string{"h1", "h2", "h3"}[:1+r.IntN(3)] {
		i := index()
		lines = append(lines, name+"["+i+"] = "+fill(pick("tanh(w*A + b)", "exp(A)", "w*A - B", "A.*B", "A/(1 + norm2(B)^2)", "b.*sigmoid(A)"), i, i))
		names = append(names, name)
	}
	lines = append(lines, "c = "+pick("b", fill("sum(I, A)", index(), "")))
	var terms []string
	for range 1 + r.IntN(3) {
		i, j := index(), index()
		for j == i {
			j = index()
		}
		terms = append(terms, fill(pick("sum(I, A'*B)", "sum(I, norm2(A - c)^2)", "sum(I, exp(A'*c))", "norm2(sum(I, A))^2", "sum(I, sum(tanh(A)))",
			"sum(I, sum(J, A'*C))", "sum(I, log(1 + sum(J, exp(A'*C))))"), i, j))
	}
	return strings.Join(append(lines, strings.Join(terms, " + ")), "\n")
}

// engineFails reports whether a derivative by a variable or a name fails its check without
// any graph.
func engineFails(program string) bool {
	for _, name := range []string{"x", "w", "b", "c", "h1", "h2", "h3"} {
		_, err := nabla.Differentiate(nabla.Request{Program: program, Wrt: []string{name}, NoNumPy: true})
		var wrong *nabla.InternalError
		if errors.As(err, &wrong) {
			return true
		}
	}
	return false
}

// TestGraphRandomFamilies makes graphs of such programs: no adjoint fails a check that does
// not fail without a graph.
func TestGraphRandomFamilies(t *testing.T) {
	asked, absent, nodes, faults := 0, 0, 0, 0
	for seed := range uint64(300) {
		program := randomFamilies(rand.New(rand.NewPCG(seed, 7)))
		g, err := nabla.Graph(nabla.GraphRequest{Request: nabla.Request{Program: program}, Instance: seed%4 == 0, Flow: seed%5 == 0})
		var input *nabla.InputError
		switch {
		case errors.As(err, &input):
			t.Errorf("seed %d:\n%s\n%s", seed, program, input.Render())
			continue
		case err != nil && engineFails(program):
			faults++
			continue
		case err != nil:
			t.Errorf("seed %d:\n%s\n%v", seed, program, err)
			continue
		}
		asked++
		for _, n := range g.Nodes {
			nodes++
			if n.Adjoint == nil {
				absent++
			}
		}
	}
	t.Logf("%d graphs with %d nodes, %d of them without an adjoint; %d programs have a derivative that fails its check by itself", asked, nodes, absent, faults)
	if absent > 0 || faults*10 > asked {
		t.Errorf("%d nodes have no adjoint, and %d programs a derivative that fails its check", absent, faults)
	}
}
