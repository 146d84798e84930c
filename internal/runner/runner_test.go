package runner

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"example.com/nabla/internal/expr"
)

// sample reads hand-written source.
func sample(t *testing.T, name string, lang Lang) string {
	t.Helper()
	ext := string(lang)
	if lang == Go {
		ext = "go.txt" // not a file of this module
	}
	text, err := os.ReadFile(filepath.Join("testdata", name+"."+ext))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// leastSquares is a job with the value and the gradient at two points.
func leastSquares(t *testing.T, lang Lang) Job {
	j := Job{ID: "least squares", Source: sample(t, "least_squares", lang), Func: "least_squares", Ranks: []int{0, 1}, Check: true,
		Points: [][]Arg{
			{MatrixArg("X", 3, 2, 1, 2, 3, 4, 5, 6), VectorArg("w", 0.5, -1), VectorArg("y", 1, 2, 3)},
			{MatrixArg("X", 1, 2, 1, -2), VectorArg("w", 0.25, 1), VectorArg("y", 1)},
		}}
	if lang == MATLAB {
		j.CheckSource = sample(t, "least_squares_check", lang)
	}
	return j
}

// residuals are −2.5, −4.5, −6.5 at the first point and −2.75 at the second.
var leastSquaresWant = [][]Value{
	{{Data: []float64{68.75}}, {Shape: []int{2}, Data: []float64{-97, -124}}},
	{{Data: []float64{7.5625}}, {Shape: []int{2}, Data: []float64{-5.5, 11}}},
}

// replace returns a job with a part of its source replaced, which must occur.
func replace(t *testing.T, j Job, id, old, new string) Job {
	t.Helper()
	if !strings.Contains(j.Source, old) {
		t.Fatalf("no %q in the source", old)
	}
	j.ID, j.Source = id, strings.Replace(j.Source, old, new, 1)
	return j
}

func run(t *testing.T, lang Lang, jobs ...Job) []Outcome {
	t.Helper()
	Need(t, lang)
	start := time.Now()
	out, err := Run(lang, jobs)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d jobs in %.1f s", len(jobs), time.Since(start).Seconds())
	if len(out) != len(jobs) {
		t.Fatalf("%d outcomes of %d jobs", len(out), len(jobs))
	}
	for i, o := range out {
		if o.ID != jobs[i].ID {
			t.Errorf("outcome %d is of %s, not %s", i, o.ID, jobs[i].ID)
		}
	}
	return out
}

// each runs a test for each language that is run.
func each(t *testing.T, f func(t *testing.T, lang Lang)) {
	for _, lang := range Langs() {
		if lang.Runs() {
			t.Run(string(lang), func(t *testing.T) { f(t, lang) })
		}
	}
}

func expect(t *testing.T, o *Outcome, want [][]Value, tol float64) {
	t.Helper()
	if f := o.Failure(); f != "" {
		t.Errorf("%s: %s", o.ID, f)
		return
	}
	for p := range want {
		for k, w := range want[p] {
			if err := Compare(o.Points[p].Values[k], w, tol); err != nil {
				t.Errorf("%s: result %d at point %d %v", o.ID, k+1, p+1, err)
			}
		}
	}
}

// faults are what each language says of least squares gone wrong: another factor of the
// gradient, source that does not parse, a function that is not there, and what runs but
// should not be written.
var faults = map[Lang]struct {
	factor, wrong string
	unparsed      string
	absent        string
	careless      [3]string // old, new, remark
}{
	NumPy:  {"2 * (X.T", "3 * (X.T", "SyntaxError: 9:", "has no attribute", [3]string{}},
	JAX:    {"2 * (X.T", "3 * (X.T", "SyntaxError: 9:", "has no attribute", [3]string{}},
	Torch:  {"2 * (X.T", "3 * (X.T", "SyntaxError: 9:", "has no attribute", [3]string{}},
	MATLAB: {"g = 2 *", "g = 3 *", "parse error", "undefined", [3]string{"  f = r' * r;", "  f = 0; f += r' * r;", "least_squares.m: 7:12: MATLAB has no +="}},
	R:      {"drop(2 *", "drop(3 *", "unexpected", "not found", [3]string{}},
	Go: {"ScaleVec(2", "ScaleVec(3", "source.go:", "undefined: job.Another",
		[3]string{"(2, g)", "(2,g)", `gofmt would write the source differently: line 21 is "\tg.ScaleVec(2,g)", not "\tg.ScaleVec(2, g)"`}},
	Cpp: {"T(2) *", "T(3) *", "expected", "another",
		[3]string{"  return {r.s", "  int unused; return {r.s", "source.hpp:26:7: error: unused variable"}},
}

// TestLeastSquares runs right, wrong, raising and broken source in one batch, in which
// each has the same name; none disturbs the others.
func TestLeastSquares(t *testing.T) {
	each(t, func(t *testing.T, lang Lang) {
		good := leastSquares(t, lang)
		f := faults[lang]
		wrong := replace(t, good, "wrong", f.factor, f.wrong)
		raises := good
		raises.ID = "raises"
		raises.Points = [][]Arg{good.Points[0], {MatrixArg("X", 1, 2, 1, -2), VectorArg("w", 0.25, 1), VectorArg("y", 1, 7)}, good.Points[1]}
		broken := replace(t, good, "broken", f.factor, f.factor+"(")
		absent := good
		absent.ID, absent.Func = "absent", "another"
		again := good
		again.ID, again.Check = "again", false
		jobs := []Job{good, wrong, raises, broken, absent, again}
		if c := f.careless; c[0] != "" {
			jobs = append(jobs, replace(t, good, "careless", c[0], c[1]))
		}
		out := run(t, lang, jobs...)

		expect(t, &out[0], leastSquaresWant, 1e-14)
		for p, r := range out[0].Points {
			if !(r.Check >= 0 && r.Check < 1e-2) {
				t.Errorf("check returns %v at point %d", r.Check, p+1)
			}
		}

		if out[1].Err != "" || len(out[1].Points) != 2 || len(out[1].Points[0].Values) != 2 {
			t.Errorf("wrong: %+v", out[1])
		} else {
			r := out[1].Points[0]
			if err := Compare(r.Values[1], leastSquaresWant[0][1], 1e-3); err == nil || !strings.Contains(err.Error(), "off by 0.39") {
				t.Errorf("wrong: the gradient %v", err)
			}
			if !strings.Contains(r.CheckErr, "gradient is off") {
				t.Errorf("wrong: the check says %q", r.CheckErr)
			}
		}

		if p := out[2].Points; out[2].Err != "" || len(p) != 3 {
			t.Errorf("raises: %+v", out[2])
		} else {
			if p[0].Err != "" || p[2].Err != "" || !strings.Contains(p[1].Err, "but y has 2 entries") || len(p[1].Values) > 0 {
				t.Errorf("raises: %+v", p)
			}
			if !strings.Contains(p[1].CheckErr, "but y has 2 entries") {
				t.Errorf("raises: the check says %q", p[1].CheckErr)
			}
		}

		if !strings.Contains(out[3].Err, f.unparsed) {
			t.Errorf("broken: %q", out[3].Failure())
		}
		if !strings.Contains(out[4].Failure(), f.absent) {
			t.Errorf("absent: %q", out[4].Failure())
		}
		expect(t, &out[5], leastSquaresWant, 1e-14)
		if len(out) > 6 && !strings.Contains(out[6].Err, f.careless[2]) {
			t.Errorf("careless: %q", out[6].Failure())
		}
	})
}

// kinds is a job with an argument and a result of each kind, some of them where a language
// could lose a dimension.
func kinds(t *testing.T, lang Lang) (Job, [][]Value) {
	j := Job{ID: "kinds", Source: sample(t, "kinds", lang), Func: "kinds", Ranks: []int{0, 2, 2, 1, 3}}
	f := Function{Amp: 2, A: 0.5, B: 1, E: -1, C: 0.25}
	var want [][]Value
	for _, s := range []struct{ v, m, l int }{{2, 3, 2}, {1, 1, 1}, {3, 1, 4}} {
		v, m := expr.NewDense(s.v, 1), expr.NewDense(s.v, s.m)
		for i := range v.Data {
			v.Data[i] = 1 / float64(i+3)
		}
		for i := range m.Data {
			m.Data[i] = float64(i*i) - 1.5
		}
		var list, lists []expr.Dense
		for i := range s.l {
			l, k := expr.NewDense(2, 3), expr.NewDense(2, 3)
			for e := range l.Data {
				l.Data[e] = float64(10*i+e) / 4
				k.Data[e] = -1.5*l.Data[e] + 3
			}
			list, lists = append(list, l), append(lists, k)
		}
		j.Points = append(j.Points, []Arg{ScalarArg("a", -1.5), IntegerArg("n", 3), VectorArg("v", v.Data...),
			MatrixArg("M", m.Rows, m.Cols, m.Data...), MatricesArg("L", list...), FuncArg("f", f)})
		sum, row, a, u := 1.5, expr.NewDense(1, s.m), expr.NewDense(s.v, s.m), expr.NewDense(s.v, 1)
		for i, x := range v.Data {
			u.Data[i] = f.At(x)
			sum += f.At(x)
			for k := range s.m {
				row.Data[k] += x * m.At(i, k)
				a.Set(i, k, -1.5*m.At(i, k))
			}
		}
		want = append(want, []Value{{Data: []float64{sum}}, ValueOf(row, 2), ValueOf(a, 2), ValueOf(u, 1), Stack(lists...)})
	}
	return j, want
}

// TestKinds passes and returns each kind, in float64 and float32.
func TestKinds(t *testing.T) {
	each(t, func(t *testing.T, lang Lang) {
		j, want := kinds(t, lang)
		single := j
		single.ID, single.Float32 = "kinds in float32", true
		out := run(t, lang, j, single)
		expect(t, &out[0], want, 1e-14)
		if lang.Float32() {
			expect(t, &out[1], want, 1e-6)
		} else if !strings.Contains(out[1].Err, "float64 only") {
			t.Errorf("%+v", out[1])
		}
	})
}

// TestShapes sees results of the wrong shape, type and number refused.
func TestShapes(t *testing.T) {
	source := "import numpy as np\n\n\ndef f(x):\n    return "
	job := func(result string, ranks ...int) Job {
		return Job{ID: result, Source: source + result + "\n", Func: "f", Ranks: ranks, Points: [][]Arg{{VectorArg("x", 1, 2)}}}
	}
	jobs := []Job{
		job("x[:, None]", 1), job("np.array([1, 2])", 1), job("x.astype(np.float32)", 1), job("[1, 2]", 1),
		job("x[0]", 1), job("x, x, x", 1, 1), job("x", 1, 1), job("{}", 0), job("x / 0 - x / 0", 1),
	}
	want := []string{
		"result 1 has shape 2 × 1, not that of a vector", "result 1 has type int64, not float64",
		"result 1 has type float32, not float64", "TypeError: a result of type list",
		"result 1 has shape scalar, not that of a vector", "3 results, not 2",
		"TypeError: returns ndarray, not a tuple", "TypeError: a result of type dict", "",
	}
	out := run(t, NumPy, jobs...)
	for i := range out {
		if f := out[i].Failure(); strings.TrimPrefix(f, "at point 1: ") != want[i] {
			t.Errorf("%s: %q, not %q", jobs[i].ID, f, want[i])
		}
	}
	if v := out[8].Points[0].Values; len(v) != 1 || !math.IsNaN(v[0].Data[0]) {
		t.Errorf("NaN comes back as %v", v)
	}
}

// TestLost sees a job that ends its process, and one that does not end, cost nothing but
// themselves.
func TestLost(t *testing.T) {
	defer func(p time.Duration) { patience = p }(patience)
	patience = time.Second
	source := map[Lang][3]string{
		NumPy: {"def f(a):\n    import os\n    os._exit(3)\n", "def f(a):\n    while True:\n        pass\n", "def f(a):\n    return a\n"},
		R:     {"f <- function(a) quit(status = 3)\n", "f <- function(a) repeat 1\n", "f <- function(a) a\n"},
		Go: {"package f\n\nimport \"os\"\n\nfunc F(a float64) (float64, error) {\n\tos.Exit(3)\n\treturn 0, nil\n}\n",
			"package f\n\nfunc F(a float64) (float64, error) {\n\tfor a == a {\n\t}\n\treturn a, nil\n}\n",
			"package f\n\nfunc F(a float64) (float64, error) { return a, nil }\n"},
		Cpp: {"#include <cstdlib>\nnamespace f { double evaluate(double) { std::exit(3); } }\n",
			"namespace f { double evaluate(double a) { for (volatile double b = a; b == b;) {} return a; } }\n",
			"namespace f { double evaluate(double a) { return a; } }\n"},
		MATLAB: {"function a = f(a)\n  exit(3);\nend\n", "function a = f(a)\n  while true\n  end\nend\n", "function a = f(a)\nend\n"},
	}
	for _, lang := range Langs() {
		s, ok := source[lang]
		if !ok {
			continue
		}
		t.Run(string(lang), func(t *testing.T) {
			if testing.Short() && lang != NumPy {
				t.Skip("the same for each process")
			}
			job := func(i int) Job {
				return Job{ID: string(rune('a' + i)), Source: s[i], Func: "f", Ranks: []int{0}, Points: [][]Arg{{ScalarArg("a", 7)}}}
			}
			jobs := []Job{job(2), job(0), job(2), job(1), job(2)}
			if lang == Cpp { // whose library would end the process
				j := job(2)
				j.Source = "#include <Eigen/Dense>\nnamespace f { double evaluate(double) { Eigen::MatrixXd A(2, 3); return A(2, 0); } }\n"
				jobs = append(jobs, j)
			}
			out := run(t, lang, jobs...)
			if lang == Cpp {
				if e := out[5].Failure(); !strings.Contains(e, "Eigen requires row >= 0 && row < rows()") {
					t.Errorf("a failed assertion: %q", e)
				}
			}
			for _, i := range []int{0, 2, 4} {
				expect(t, &out[i], [][]Value{{{Data: []float64{7}}}}, 0)
			}
			if e := out[1].Err; !strings.Contains(e, "exit status 3") {
				t.Errorf("a job that exits: %q", e)
			}
			if e := out[3].Err; !strings.Contains(e, "nothing came for 1s") {
				t.Errorf("a job without an end: %q", e)
			}
		})
	}
}

func TestCompare(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	matrix := func(data ...float64) Value { return Value{Shape: []int{len(data) / 2, 2}, Data: data} }
	tests := []struct {
		got, want Value
		err       string
	}{
		{matrix(1, 2), matrix(1, 2), ""},
		{matrix(1, 2.1), matrix(1, 2), "entry (1 2) is 2.1, not 2: off by 0.05"},
		{matrix(1, 2, 3, nan), matrix(1, 2, 3, 4), "entry (2 2) is NaN, not 4: off by NaN"},
		{matrix(nan, inf), matrix(nan, inf), ""},
		{matrix(1, 2), matrix(1, inf), "entry (1 2) is 2, not +Inf: off by +Inf"},
		{matrix(1, 100+1e-9), matrix(nan, 100), "entry (1 1) is 1, not NaN: off by NaN"},
		{matrix(1e-12, 0), matrix(0, 0), ""},
		{matrix(1e-9, 0), matrix(0, 0), "entry (1 1) is 1e-09, not 0: off by 1e-06"},
		{Value{Shape: []int{2}, Data: []float64{1, 2}}, matrix(1, 2), "has shape 2, not 1 × 2"},
		{Value{Data: []float64{1}}, Value{Data: []float64{2}}, "entry () is 1, not 2: off by 0.5"},
	}
	for _, c := range tests {
		err := Compare(c.got, c.want, 1e-8)
		if text := errorText(err); text != c.err {
			t.Errorf("Compare(%v, %v): %q, not %q", c.got, c.want, text, c.err)
		}
	}
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
