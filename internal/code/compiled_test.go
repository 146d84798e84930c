package code

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/runner"
)

// compiled are the languages whose factorisations tell what is wrong with a matrix.
var compiled = []string{"go", "cpp"}

// TestSystems solves systems whose matrices are at fault: an error names the matrix; a
// result that is merely inaccurate is kept.
func TestSystems(t *testing.T) {
	const head = "A: matrix(n, n)\nS: matrix(n, n) posdef\nx: vector(n)\nh[i]: vector(n), i = 1..N\nB[k]: matrix(n, n), k = 1..K"
	v := runner.VectorArg("x", 1, 2)
	matrix := func(name string, entries ...float64) runner.Arg { return runner.MatrixArg(name, 2, 2, entries...) }
	cases := []struct {
		text  string
		args  []runner.Arg
		value []float64 // none: an error
		want  string
	}{
		{"inv(A)*x", []runner.Arg{matrix("A", 1, 2, 2, 4), v}, nil, "A is singular"},
		{"x'*inv(A)*x", []runner.Arg{matrix("A", 1, 2, 2, 4), v}, nil, "A is singular"},
		{"x'*inv(A + eye(n))*x", []runner.Arg{matrix("A", 0, 2, 2, 3), v}, nil, "A + eye(n) is singular"},
		{"tr(inv(A))", []runner.Arg{matrix("A", 1, 2, 2, 4)}, nil, "A is singular"},
		{"A^(-2)*x", []runner.Arg{matrix("A", 1, 2, 2, 4), v}, nil, ""},
		{"inv(S)*x", []runner.Arg{matrix("S", 1, 2, 2, 1), v}, nil, "S is not positive definite"},
		{"logdet(S)", []runner.Arg{matrix("S", 0, 0, 0, 1)}, nil, "S is not positive definite"},
		{"sum(k, tr(inv(B[k])))", []runner.Arg{runner.MatricesArg("B", expr.Dense{Rows: 2, Cols: 2, Data: []float64{1, 2, 2, 4}})}, nil, "B[k] is singular"},
		{"inv(A)*x", []runner.Arg{matrix("A", 1, 0, 0, 1e-17), v}, []float64{1, 2e17}, ""},
		{"x'*inv(S)*x", []runner.Arg{matrix("S", 1, 0, 0, 1e-17), v}, []float64{1 + 4e17}, ""},
		{"logdet(A)", []runner.Arg{matrix("A", 0, 1, 1, 0)}, []float64{math.NaN()}, ""},
		{"logdet(A)", []runner.Arg{matrix("A", 1, 2, 2, 4)}, []float64{math.NaN()}, ""},
		{"det(A)", []runner.Arg{matrix("A", 1, 2, 2, 4)}, []float64{0}, ""},
	}
	for _, name := range compiled {
		lang := runner.Lang(name)
		if runner.Find(lang) != nil {
			continue
		}
		var jobs []runner.Job
		for _, c := range cases {
			p := lowered(t, head, c.text)
			files, err := Write(name, p)
			if err != nil {
				t.Fatal(err)
			}
			var args []runner.Arg
			for _, q := range p.Params {
				for _, a := range c.args {
					if q.Sym.Name == a.Name {
						args = append(args, a)
					}
				}
			}
			jobs = append(jobs, runner.Job{ID: c.text, Source: files[0].Source, Func: p.Name, Ranks: []int{p.Results[0].Value.Rank},
				Points: [][]runner.Arg{args}})
		}
		out, err := runner.Run(lang, jobs)
		if err != nil {
			t.Fatal(err)
		}
		for i, c := range cases {
			failure := out[i].Failure()
			switch {
			case c.value == nil && strings.HasSuffix(failure, c.want) && failure != "":
			case c.value == nil:
				t.Errorf("%s: %s with %v says %q, not %q\n%s", name, c.text, c.args[0].Value.Data, failure, c.want, jobs[i].Source)
			case failure != "":
				t.Errorf("%s: %s: %s", name, c.text, failure)
			default:
				got := out[i].Points[0].Values[0]
				if err := runner.Compare(got, runner.Value{Shape: got.Shape, Data: c.value}, 1e-12); err != nil {
					t.Errorf("%s: %s: %v", name, c.text, err)
				}
			}
		}
	}
}

// TestCheckFails differentiates ‖Xw − y‖² wrongly: the check says so.
func TestCheckFails(t *testing.T) {
	for _, name := range compiled {
		lang := runner.Lang(name)
		if runner.Find(lang) != nil {
			continue
		}
		p := leastSquares()
		files, err := Write(name, p)
		if err != nil {
			t.Fatal(err)
		}
		factor := map[string]string{"go": "floats.Scale(2, ", "cpp": "grad_w = 2 * "}[name]
		wrong := strings.Replace(files[0].Source, factor, strings.Replace(factor, "2", "2.001", 1), 1)
		nan := strings.Replace(files[0].Source, factor, strings.Replace(factor, "2", "math.NaN()", 1), 1)
		if lang == runner.Cpp {
			nan = strings.Replace(files[0].Source, factor, strings.Replace(factor, "2", "std::nan(\"\")", 1), 1)
		}
		var jobs []runner.Job
		for _, source := range []string{files[0].Source, wrong, nan} {
			jobs = append(jobs, runner.Job{Source: source, Func: p.Name, Ranks: []int{0, 1}, Check: true, Points: [][]runner.Arg{{
				runner.MatrixArg("X", 3, 2, 1, 2, 3, 4, 5, 6), runner.VectorArg("w", 1, 2), runner.VectorArg("y", 1, 2, 3)}}})
		}
		out, err := runner.Run(lang, jobs)
		if err != nil {
			t.Fatal(err)
		}
		if f := out[0].Failure(); f != "" {
			t.Errorf("%s: %s", name, f)
		} else if c := out[0].Points[0].Check; !(c > 0 && c < 1e-6) {
			t.Errorf("%s: the check returns %v", name, c)
		}
		for _, o := range out[1:] {
			if !strings.Contains(o.Failure(), "the derivatives deviate from differences by ") {
				t.Errorf("%s: a wrong gradient passes: %q", name, o.Failure())
			}
		}
	}
}

// TestGoEmpty passes what gonum has no matrices for.
func TestGoEmpty(t *testing.T) {
	p := leastSquares()
	files, err := Write("go", p)
	if err != nil {
		t.Fatal(err)
	}
	out, err := runner.Run(runner.Go, []runner.Job{{Source: files[0].Source, Func: p.Name, Ranks: []int{0, 1},
		Points: [][]runner.Arg{{runner.MatrixArg("X", 0, 2), runner.VectorArg("w", 1, 2), runner.VectorArg("y")}}}})
	if err != nil {
		t.Fatal(err)
	}
	if f := out[0].Failure(); !strings.HasSuffix(f, "leastsquares: X is empty") {
		t.Error(f)
	}
}

// TestWhole compares whole programs in Go and C++ with golden files: statements, loops,
// factorisations and names as a person reads them.
func TestWhole(t *testing.T) {
	for _, c := range []struct{ name, head, text string }{
		{"gaussian", "S: matrix(d, d) posdef\nmu: vector(d)\nX: matrix(N, d)",
			"(N*logdet(S) + tr(inv(S)*(X - ones(N)*mu')'*(X - ones(N)*mu')))/2"},
		{"ridge", "X: matrix(m, n)\ny: vector(m)\na: scalar\nd: vector(n)", "inv(X'*X + a*eye(n) + diag(d.^2))*X'*y"},
		{"mixture", "A[k]: matrix(n, n), k = 1..K\nx: vector(n)\nsigma: function\nc: scalar",
			"sum(k, sum(sigma(A[k]*x - c)))/(1 + c^2) + norm2(x)*x'*sigmoid(x)"},
	} {
		for _, name := range compiled {
			p := lowered(t, c.head, c.text)
			p.Name, p.Doc = c.name, []string{"f = " + c.text}
			files, err := Write(name, p)
			if err != nil {
				t.Fatal(err)
			}
			path := filepath.Join("testdata", name, files[0].Name)
			if *update {
				if err := os.WriteFile(path, []byte(files[0].Source), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if string(want) != files[0].Source {
				t.Errorf("%s: got\n%s", path, files[0].Source)
			}
		}
	}
}

// TestGoNames sees to names that mean something to Go.
func TestGoNames(t *testing.T) {
	p := leastSquares()
	for name, want := range map[string]string{"least_squares": "leastsquares.go", "loss_test": "losstest.go", "f_linux": "flinux.go",
		"mat": "matfn.go", "err": "errfn.go", "documentation": "documentationfn.go"} {
		p.Name = name
		if got := writeGo(p)[0].Name; got != want {
			t.Errorf("the file of %s is %s, not %s", name, got, want)
		}
		if got := goName(name); got != runner.GoName(name) {
			t.Errorf("%s is called %s, not %s", name, got, runner.GoName(name))
		}
	}
	for name, want := range map[string]string{"x_train": "xTrain", "W_1": "W1", "σ": "sigma", "x̂": "xHat", "w": "w"} {
		if got := goIdentifier(name); got != want {
			t.Errorf("%s becomes %s, not %s", name, got, want)
		}
	}
}
