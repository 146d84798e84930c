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
	for _, c := range []struct {
		args []runner.Arg
		want string // the words of the message, whose sizes are numbers
	}{
		{[]runner.Arg{x, y, y}, "w has 3 entries, but X has 2 columns: both must be n"},
		{[]runner.Arg{x, w, w}, "y has 2 entries, but X has 3 rows: both must be m"},
		{[]runner.Arg{w, w, y}, "X must be a matrix"},
		{[]runner.Arg{x, x, y}, "w must be a"},
	} {
		for _, target := range Targets() {
			lang := runner.Lang(target.Name)
			if !lang.Runs() || runner.Find(lang) != nil {
				continue
			}
			if lang == runner.Go || lang == runner.Cpp || lang == runner.MATLAB && c.want == "X must be a matrix" {
				continue // the argument's type says it, or it is the same thing
			}
			files, err := Write(target.Name, leastSquares())
			if err != nil {
				t.Fatal(err)
			}
			out, err := runner.Run(lang, []runner.Job{{ID: c.want, Source: files[0].Source, Func: "least_squares", Ranks: []int{0, 1},
				Points: [][]runner.Arg{c.args}}})
			if err != nil {
				t.Fatal(err)
			}
			if got := out[0].Failure(); !strings.Contains(got, c.want) {
				t.Errorf("%s: got %q, want %q", target.Name, got, c.want)
			}
		}
	}
}
