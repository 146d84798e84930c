package nabla_test

import (
	"strings"
	"testing"

	"example.com/nabla"
)

// TestAlongMembers differentiates what a softmax along the members of a family is part of:
// the sum over the members cannot be taken apart then.
func TestAlongMembers(t *testing.T) {
	const program = "x[i]: vector(d), i = 1..N\nw: vector(d)\nl = log(sum(i, exp(w'*x[i])))"
	for _, order := range []int{1, 2} {
		res, err := nabla.Differentiate(nabla.Request{Program: program, Wrt: []string{"w"}, Order: order})
		if err != nil {
			t.Fatal(err)
		}
		d := res.Derivatives[0]
		if d.Check == nil || d.Check.Points == 0 {
			t.Errorf("order %d: %s is not checked: %+v", order, d.Text, d.Check)
		}
	}
	_, err := nabla.Differentiate(nabla.Request{Program: program, Wrt: []string{"x"}})
	if err == nil || !strings.Contains(err.Error(), "the derivative by one member x[i] has an entry") {
		t.Errorf("by one member: %v", err)
	}
	// As code it has a row for each member.
	if _, err := nabla.NewProgram(nabla.ProgramRequest{Request: nabla.Request{Program: program, Wrt: []string{"x"}}}); err != nil {
		t.Error(err)
	}
}

// TestFamiliesOfOneSize: a derivative by a member that consists of another family alone has
// the member's index.
func TestFamiliesOfOneSize(t *testing.T) {
	for _, c := range []struct{ wrt, want string }{{"x", "y[i]"}, {"y", "x[j]"}} {
		res, err := nabla.Differentiate(nabla.Request{Program: "x[i]: vector(n), i = 1..N\ny[j]: vector(n), j = 1..N\nsum(k, x[k]'*y[k])", Wrt: []string{c.wrt}})
		if err != nil {
			t.Errorf("by %s: %v", c.wrt, err)
			continue
		}
		if got := res.Derivatives[0].Text; got != c.want {
			t.Errorf("by %s: %s, want %s", c.wrt, got, c.want)
		}
	}
}

// TestNestedSums: a factor that depends on one of two indices stands between their sums,
// also where it binds the other one itself.
func TestNestedSums(t *testing.T) {
	for _, c := range []struct{ program, want string }{
		{"sum(i, log(1 + sum(k, x[i]'*(b.*y[k]))))", "Σ_i (Σ_k x[i] ⊙ y[k]) / (1 + Σ_k sum(x[i] ⊙ b ⊙ y[k]))"},
		{"sum(i, log(1 + sum(k, exp(x[i]'*(b.*x[k])))))", ""},
		{"sum(i, log(sum(k, (x[i]'*(b.*tanh(x[k]))).^2)))", ""},
	} {
		res, err := nabla.Differentiate(nabla.Request{Program: c.program, Wrt: []string{"b"}, Vars: []nabla.Declaration{{Name: "b", Decl: "vector(n)"}}})
		if err != nil {
			t.Errorf("%s: %v", c.program, err)
			continue
		}
		d := res.Derivatives[0]
		if d.Check == nil || d.Check.Points == 0 || c.want != "" && d.Text != c.want {
			t.Errorf("%s: %s, checked %+v, want %s", c.program, d.Text, d.Check, c.want)
		}
	}
}
