package nabla_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"strings"
	"testing"

	"example.com/nabla"
	"example.com/nabla/internal/corpus"
	"example.com/nabla/internal/eval"
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/ops"
)

// A numpyJob is generated source with what it gives at some points.
type numpyJob struct {
	ID     string      `json:"id"`
	Source string      `json:"source"`
	Cases  []numpyCase `json:"cases"`
}

type numpyCase struct {
	Args  map[string]any `json:"args"`
	Sizes map[string]int `json:"sizes"`
	Want  [][]float64    `json:"want"`
	NDim  int            `json:"ndim"`
}

// python returns a Python with NumPy. The test command names one in NABLA_PYTHON;
// without it a test that needs one may be skipped.
func python(t *testing.T) string {
	t.Helper()
	for _, p := range []string{os.Getenv("NABLA_PYTHON"), ".venv/bin/python", "python3"} {
		if p != "" && exec.Command(p, "-c", "import numpy").Run() == nil {
			return p
		}
	}
	if os.Getenv("NABLA_PYTHON") != "" {
		t.Fatal("NABLA_PYTHON has no NumPy")
	}
	t.Skip("no Python with NumPy; ./test makes one")
	return ""
}

// TestNumPy runs the source generated for every published case in Python, in both
// layouts, and compares with the value of the answer as text.
func TestNumPy(t *testing.T) {
	py := python(t)
	var jobs []numpyJob
	cases := readCorpus(t)
	for i := range cases {
		for _, layout := range []nabla.Layout{nabla.Numerator, nabla.Denominator} {
			c := &cases[i]
			req := request(c)
			req.Layout, req.NoCheck = layout, true
			res, err := nabla.Differentiate(req)
			if err != nil {
				continue // TestCorpus reports it
			}
			job, err := job(c, &res.Derivatives[0])
			if err != nil {
				t.Errorf("%s: %v", c.ID, err)
				continue
			}
			job.ID += " " + string(layout)
			jobs = append(jobs, job)
		}
	}
	runNumPy(t, py, jobs)
}

// runNumPy runs jobs in one process.
func runNumPy(t *testing.T, py string, jobs []numpyJob) {
	t.Helper()
	in, err := json.Marshal(jobs)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(py, "testdata/run_numpy.py")
	cmd.Stdin = bytes.NewReader(in)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if len(out) > 0 {
		t.Errorf("%s", out)
	}
	t.Logf("ran %d derivatives", len(jobs))
}

// job draws points for a case and evaluates the answer there.
func job(c *corpus.Case, d *nabla.Derivative) (numpyJob, error) {
	j := numpyJob{ID: c.ID, Source: d.NumPy}
	b := expr.NewBuilder(ops.Registry())
	answer, err := read(b, c, d.Language)
	if err != nil {
		return j, err
	}
	for i, sizes := range c.Dims {
		env, err := point(b, c, sizes, uint64(i+1), answer)
		if err != nil {
			return j, err
		}
		want, err := eval.Evaluate(b.Reg, answer, env)
		if err != nil {
			return j, err
		}
		nc := numpyCase{Args: map[string]any{}, Sizes: sizes, Want: rows(want), NDim: len(d.Dims)}
		if strings.HasPrefix(d.Shape, "row") {
			nc.NDim = 2
		}
		for name := range c.Vars {
			if v, ok := env.Vars[name]; ok {
				nc.Args[name] = pythonValue(c.Vars[name], v)
			} else if nc.Args[name], err = zero(b, c, name, sizes); err != nil {
				return j, err
			}
		}
		j.Cases = append(j.Cases, nc)
	}
	return j, nil
}

func rows(d expr.Dense) [][]float64 {
	out := make([][]float64, d.Rows)
	for i := range out {
		out[i] = d.Data[i*d.Cols : (i+1)*d.Cols]
	}
	return out
}

// pythonValue is a float, an int, a list or a list of lists.
func pythonValue(decl string, v expr.Dense) any {
	switch {
	case strings.HasPrefix(decl, "scalar") && strings.Contains(decl, "integer"):
		return int(v.Data[0])
	case strings.HasPrefix(decl, "scalar"):
		return v.Data[0]
	case strings.HasPrefix(decl, "vector"):
		return v.Data
	}
	return rows(v)
}

// zero stands for a variable that is not in the answer but may show a size.
func zero(b *expr.Builder, c *corpus.Case, name string, sizes map[string]int) (any, error) {
	n, err := read(b, c, name)
	if err != nil {
		return nil, err
	}
	size := func(d *expr.Dim) int {
		return int(d.Value(func(s *expr.SizeName) int64 { return int64(sizes[s.Name]) }))
	}
	return pythonValue(c.Vars[name], expr.NewDense(size(n.Shape.Rows), size(n.Shape.Cols))), nil
}

// TestNumPyOfMember: which member a derivative is by is a parameter.
func TestNumPyOfMember(t *testing.T) {
	py := python(t)
	res, err := nabla.Differentiate(nabla.Request{Program: "x[i]: vector(n), i = 1..N; y[i]: scalar, i = 1..N; sum(i, i*(x[i]'*w - y[i])^2)", Wrt: []string{"x"}})
	if err != nil {
		t.Fatal(err)
	}
	const call = "\nprint(*derivative(x=[[1, 2], [3, 4]], w=[1, -1], y=[2, 5], i=1))\n"
	out, err := exec.Command(py, "-c", res.Derivatives[0].NumPy+call).CombinedOutput()
	if want := "-24.0 24.0\n"; err != nil || string(out) != want {
		t.Errorf("got %s, %v, want %s", out, err, want)
	}
}
