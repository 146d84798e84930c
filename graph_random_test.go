package nabla_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"example.com/nabla"
)

// letters has the letters of a text in order: of what differs in the order of factors
// alone they are the same.
func letters(s string) string {
	r := []rune(strings.Map(func(r rune) rune {
		if strings.ContainsRune(" ()·", r) {
			return -1
		}
		return r
	}, s))
	slices.Sort(r)
	return string(r)
}

// TestRandomGraphs makes the graphs of random typed programs. Every adjoint passes its
// check and is the sum of what consumers contribute, numbers agree with differences,
// a variable's adjoint is what Differentiate answers, and drawings stand.
func TestRandomGraphs(t *testing.T) {
	asked, nodes, absent, numbers := 0, 0, 0, 0
	rapid.Check(t, func(t *rapid.T) {
		if !given["rapid.checks"] && asked > 800 {
			return // each takes as long as several answers
		}
		g := generator{t}
		q := g.question()
		q.req.Order, q.req.Mixed, q.req.Structured = 1, false, false
		wrt := q.req.Wrt[:1]
		q.req.Wrt = nil
		req := nabla.GraphRequest{Request: q.req, Instance: true, Flow: g.below(4) == 0}
		defer faults(t, "%v flow %v", &q, req.Flow)
		x, err := nabla.Graph(req)
		if err != nil {
			var input *nabla.InputError
			if errors.As(err, &input) && strings.Contains(err.Error(), "has no value at") {
				return // log of a negative number, say
			}
			t.Fatalf("%v flow %v: %v", &q, req.Flow, err)
		}
		asked++
		if x.Instance.Reason.En == "" {
			numbers++
		}
		if d := x.Draw(nabla.DrawOptions{}); len(d.Nodes) != len(x.Nodes) {
			t.Fatalf("%v: %d nodes drawn of %d", &q, len(d.Nodes), len(x.Nodes))
		}
		for i, n := range x.Nodes {
			nodes++
			if n.ID != i {
				t.Fatalf("%v: node %d is called %d", &q, i, n.ID)
			}
			for _, o := range n.Operands {
				if o.Node >= i {
					t.Fatalf("%v: node %d has the operand %d", &q, i, o.Node)
				}
			}
			if n.Adjoint == nil {
				absent++
				continue
			}
			if req.Flow || n.Name != wrt[0] {
				continue
			}
			one := q.req
			one.Wrt, one.NoCheck, one.NoNumPy = wrt, true, true
			res, err := nabla.Differentiate(one)
			if err != nil {
				t.Fatalf("%v: %v", &q, err)
			}
			if got, want := n.Adjoint.Formula.Text, res.Derivatives[0].Text; letters(got) != letters(want) {
				t.Fatalf("%v: the adjoint is %s, Differentiate says %s", &q, got, want)
			}
		}
	})
	t.Logf("%d graphs with %d nodes, %d of them without an adjoint; %d graphs with numbers", asked, nodes, absent, numbers)
	if absent*50 > nodes {
		t.Errorf("%d of %d nodes have no adjoint", absent, nodes)
	}
}
