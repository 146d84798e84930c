package print

import (
	"bytes"
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"example.com/nabla/internal/eval"
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/rat"
)

func newRat(p, q int64) rat.Rat { return rat.New(p, q) }

// runner reads cases, one a line, and prints what is wrong with each.
const runner = `
import inspect, json, sys, warnings
import numpy as np
warnings.filterwarnings("error", category=SyntaxWarning)
np.seterr(all="ignore")
for line in sys.stdin:
    case = json.loads(line)
    scope = {}
    try:
        exec(compile(case["source"], "generated", "exec"), scope)
        f = scope["derivative"]
        args = {}
        for name in inspect.signature(f).parameters:
            v = case["args"][name]
            args[name] = np.array(v) if isinstance(v, list) else v
        got = f(**args)
        want = np.array(case["want"], dtype=float)
        if np.shape(got) != want.shape or want.ndim == 0 and type(got) is not float:
            print(json.dumps([case["name"], "shape %s %s, want %s" % (np.shape(got), type(got), want.shape), case["source"]]))
        elif not np.allclose(got, want, rtol=1e-7, atol=1e-9 * (1 + np.max(np.abs(want), initial=0))):
            print(json.dumps([case["name"], "value %s, want %s" % (got, want), case["source"]]))
    except Exception as e:
        print(json.dumps([case["name"], "%s: %s" % (type(e).__name__, e), case["source"]]))
`

type pythonCase struct {
	Name   string         `json:"name"`
	Source string         `json:"source"`
	Args   map[string]any `json:"args"`
	Want   any            `json:"want"`
}

// python returns the interpreter that has NumPy.
func python(t *testing.T) string {
	if testing.Short() {
		t.Skip("Python is left out with -short")
	}
	if p := os.Getenv("NABLA_PYTHON"); p != "" {
		return p
	}
	p, _ := filepath.Abs("../../.venv/bin/python")
	if _, err := os.Stat(p); err != nil {
		t.Fatal("no Python with NumPy: set NABLA_PYTHON, or run python3 -m venv .venv && .venv/bin/pip install numpy in the root")
	}
	return p
}

// The generated source computes the value of the expression.
func TestPython(t *testing.T) {
	interpreter := python(t)
	var in bytes.Buffer
	enc := json.NewEncoder(&in)
	total := 0
	for _, s := range samples(t) {
		source := NumPy(Function{Builder: s.b, Results: []*expr.Node{s.node}, Doc: []string{Text(s.node, &Options{Builder: s.b}).Result}})
		for seed := range uint64(2) {
			env, args := randomEnv(s, seed)
			d, err := eval.Evaluate(s.b.Reg, s.node, env)
			if err != nil || !settled(s, env, d) {
				continue
			}
			total++
			enc.Encode(pythonCase{s.name, source, args, result(s.node.Shape, d)})
		}
	}
	if total < *randomPrograms {
		t.Errorf("only %d cases have a value", total)
	}
	runPython(t, interpreter, &in)
}

// settled reports whether the value hardly changes with the arguments, so that
// rounding does not decide it.
func settled(s *sample, env *eval.Env, d expr.Dense) bool {
	near := &eval.Env{Sizes: env.Sizes, Families: env.Families, Vars: map[string]expr.Dense{}}
	for name, v := range env.Vars {
		w := expr.NewDense(v.Rows, v.Cols)
		for i, x := range v.Data {
			w.Data[i] = x
			if x != math.Trunc(x) {
				w.Data[i] += 1e-11 * float64(i+1)
			}
		}
		near.Vars[name] = w
	}
	e, err := eval.Evaluate(s.b.Reg, s.node, near)
	if err != nil {
		return false
	}
	for i, x := range d.Data {
		if math.Abs(x-e.Data[i]) > 1e-8*(1+math.Abs(x)) {
			return false
		}
	}
	return true
}

func runPython(t *testing.T, interpreter string, in *bytes.Buffer) {
	t.Helper()
	cmd := exec.Command(interpreter, "-c", runner)
	cmd.Stdin = in
	cmd.Env = append(os.Environ(), "OPENBLAS_NUM_THREADS=1")
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v\n%s", err, errs.String())
	}
	dec := json.NewDecoder(&out)
	for n := 0; dec.More() && n < 10; n++ {
		var bad [3]string
		if err := dec.Decode(&bad); err != nil {
			t.Fatal(err)
		}
		t.Errorf("%s: %s\n%s", bad[0], bad[1], bad[2])
	}
}

// result is a value as the source returns it: a number, a list or a list of rows.
func result(shape expr.Shape, d expr.Dense) any {
	switch {
	case shape.IsScalar():
		return d.Data[0]
	case shape.IsVector():
		return d.Data
	}
	return rows(d)
}

func rows(d expr.Dense) [][]float64 {
	out := make([][]float64, d.Rows)
	for i := range out {
		out[i] = d.Data[i*d.Cols : (i+1)*d.Cols]
	}
	return out
}

// count is the value of integer variables.
const count = 3

// randomEnv draws positive values with well conditioned squares, and the same as
// arguments in Python.
func randomEnv(s *sample, seed uint64) (*eval.Env, map[string]any) {
	rng := rand.New(rand.NewPCG(seed, 3))
	env := &eval.Env{Sizes: map[string]int{}, Vars: map[string]expr.Dense{}, Families: map[string][]expr.Dense{}}
	args := map[string]any{}
	var names []*expr.SizeName
	for _, d := range s.b.Dims() {
		names = d.Names(names)
	}
	for _, n := range names {
		env.Sizes[n.Name] = 2 + (n.Ordinal+int(seed)*2)%4
		if counts(s.b, n) != nil {
			env.Sizes[n.Name] = count
		}
		args[n.Name] = env.Sizes[n.Name]
	}
	size := func(d *expr.Dim) int {
		return int(d.Value(func(n *expr.SizeName) int64 { return int64(env.Sizes[n.Name]) }))
	}
	draw := func(y *expr.Symbol) expr.Dense {
		d := expr.NewDense(max(size(y.Shape.Rows), 1), max(size(y.Shape.Cols), 1))
		for i := range d.Data {
			d.Data[i] = 0.2 + rng.Float64()
		}
		if d.Rows == d.Cols && d.Rows > 1 {
			for i := range d.Rows {
				d.Data[i*d.Cols+i] += 2
			}
			if y.Facts.Has(expr.Symmetric) {
				for i := range d.Rows {
					for j := range i {
						d.Set(i, j, d.At(j, i))
					}
				}
			}
		}
		if y.Facts.Has(expr.Integer) {
			d.Data[0] = count
		}
		return d
	}
	argument := func(y *expr.Symbol, d expr.Dense) any {
		switch {
		case y.Facts.Has(expr.Integer):
			return int(d.Data[0])
		case y.Kind == expr.Scalar:
			return d.Data[0]
		case y.Kind == expr.Vector:
			return d.Data
		}
		return rows(d)
	}
	for _, y := range s.b.Symbols() {
		if y.Family != nil {
			var list []any
			for range size(y.Family.Size) {
				d := draw(y)
				env.Families[y.Name] = append(env.Families[y.Name], d)
				list = append(list, argument(y, d))
			}
			args[y.Name] = list
			continue
		}
		d := draw(y)
		env.Vars[y.Name] = d
		args[y.Name] = argument(y, d)
	}
	return env, args
}
