package code

import (
	"strings"
	"testing"

	"example.com/nabla/internal/runner"
)

// TestErrors passes arguments that do not fit to ‖Xw − y‖²: the error says what was
// required and what was given.
func TestErrors(t *testing.T) {
	x := runner.MatrixArg("X", 3, 2, 1, 2, 3, 4, 5, 6)
	w, y := runner.VectorArg("w", 1, 2), runner.VectorArg("y", 1, 2, 3)
	cases := []struct {
		args []runner.Arg
		want string
	}{
		{[]runner.Arg{x, y, y}, "w has 3 entries, but X has 2 columns: both must be n"},
		{[]runner.Arg{x, w, w}, "y has 2 entries, but X has 3 rows: both must be m"},
		{[]runner.Arg{w, w, y}, "X must be a matrix"},
		{[]runner.Arg{x, x, y}, "w must be a"},
	}
	for _, target := range Targets() {
		lang := runner.Lang(target.Name)
		if runner.Find(lang) != nil {
			continue
		}
		cases := cases
		if lang == runner.Go || lang == runner.Cpp {
			cases = cases[:2] // the types of the arguments say what they are
		}
		via := runner.Plain
		if !lang.Runs() {
			via = runner.Values
		}
		files, err := Write(target.Name, leastSquares())
		if err != nil {
			t.Fatal(err)
		}
		var jobs []runner.Job
		for _, c := range cases {
			jobs = append(jobs, runner.Job{ID: c.want, Source: files[0].Source, Func: "least_squares", Ranks: []int{0, 1},
				Points: [][]runner.Arg{c.args}, Via: via})
		}
		out, err := runner.Run(lang, jobs)
		if err != nil {
			t.Fatal(err)
		}
		for i, c := range cases {
			want := c.want
			if lang == runner.MATLAB && i == 2 { // a vector is a matrix
				want = "w has 2 entries, but X has 1 columns: both must be n"
			}
			if lang == runner.Julia && i >= 2 { // the signature says it
				want = "MethodError"
			}
			if got := out[i].Failure(); !strings.Contains(got, want) {
				t.Errorf("%s: got %q, want %q", target.Name, got, want)
			}
		}
	}
}
