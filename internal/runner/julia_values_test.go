package runner

import (
	"strings"
	"testing"
)

// TestJuliaValues evaluates Julia by the project's own reading of it: values, precedence and
// scopes where they matter, and what Julia refuses.
func TestJuliaValues(t *testing.T) {
	good := leastSquares(t, Julia)
	good.Via = Values
	x, a := VectorArg("x", 1, -2, 3), MatrixArg("A", 2, 3, 1, 2, 3, 4, 5, 6)
	vector := func(data ...float64) Value { return Value{Shape: []int{len(data)}, Data: data} }
	cases := []struct {
		id, body, fails string
		want            Value
	}{
		{id: "powers bind before a sign", body: "-x .^ 2 ./ 2", want: vector(-0.5, -2, -4.5)},
		{id: "juxtaposition binds before a quotient", body: "(12 * x) / 2length(x)", want: vector(2, -4, 6)},
		{id: "columns come first", body: "reshape(A, 3, 2)", fails: "view of an argument"},
		{id: "columns come first, copied", body: "copy(reshape(A, 3, 2))", want: Value{Shape: []int{3, 2}, Data: []float64{1, 5, 4, 3, 2, 6}}},
		{id: "a vector is a column when it is spread", body: "permutedims(A) .- x", want: Value{Shape: []int{3, 2}, Data: []float64{0, 3, 4, 7, 0, 3}}},
		{id: "a row by a vector", body: "fill(x' * x, 1)", want: vector(14)},
		{id: "an entry of a comprehension", body: "[A[i, j] for i in 1:1, j in 1:3]", want: Value{Shape: []int{1, 3}, Data: []float64{1, 2, 3}}},
		{id: "rationals", body: "x .* T(2//4)", want: vector(0.5, -1, 1.5)},
		{id: "a loop in place", body: "y", want: vector(2, -4, 6)},
		{id: "lengths", body: "x .+ [1.0 for i in 1:2]", fails: "DimensionMismatch"},
		{id: "an array and a number", body: "x + 1", fails: "broadcasting is meant"},
		{id: "vectors", body: "x * x", fails: "no product of a vector with a vector"},
		{id: "lazy", body: "A'", fails: "a result is a Adjoint"},
		{id: "an argument", body: "x", fails: "view of an argument"},
		{id: "a domain", body: "log.(x)", fails: "DomainError"},
		{id: "integers", body: "[i for i in 1:3]", fails: "array of int64"},
		{id: "a singular system", body: "[1.0 * i for i in 1:2, j in 1:2] \\ [1.0 for i in 1:2]", fails: "SingularException"},
		{id: "not positive definite", body: "cholesky(Symmetric(-1.0 * A * A')) \\ [1.0 for i in 1:2]", fails: "PosDefException"},
	}
	jobs := []Job{good}
	for _, c := range cases {
		jobs = append(jobs, Job{ID: c.id, Func: "f", Ranks: []int{max(len(c.want.Shape), 1)}, Via: Values, Points: [][]Arg{{x, a}},
			Source: "using LinearAlgebra\nfunction f(x::AbstractVector{T}, A::AbstractMatrix{T}) where {T<:AbstractFloat}\n" +
				"    y = zeros(T, 3)\n    for i in 1:2\n        y .+= x\n    end\n    return " + c.body + "\nend\n"})
	}
	out := run(t, Julia, jobs...)
	if f := out[0].Failure(); f != "" {
		t.Fatal(f)
	}
	for k, want := range leastSquaresWant {
		for r := range want {
			if err := Compare(out[0].Points[k].Values[r], want[r], 1e-14); err != nil {
				t.Errorf("least squares: result %d %v", r+1, err)
			}
		}
	}
	for i, c := range cases {
		o := out[i+1]
		f := o.Failure()
		switch {
		case c.fails != "":
			if !strings.Contains(f, c.fails) {
				t.Errorf("%s: %q, not %q", c.id, f, c.fails)
			}
		case f != "":
			t.Errorf("%s: %s", c.id, f)
		default:
			if err := Compare(o.Points[0].Values[0], c.want, 1e-15); err != nil {
				t.Errorf("%s %v", c.id, err)
			}
		}
	}
}
