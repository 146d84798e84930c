package code

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/ops"
	"example.com/nabla/internal/plan"
	"example.com/nabla/internal/runner"
)

// What numbers a function in Python takes, of which type its results are, and that they have
// all digits of that type.
const pyArguments = `
import sys
import numpy as np
sys.path.insert(0, sys.argv[1])
if sys.argv[2] == "jax":
    import jax
    jax.config.update("jax_enable_x64", True)
from scaled import scaled

array = np.asarray
if sys.argv[2] == "torch":
    import torch
    array = torch.as_tensor

def same(result, want, dtype):
    got = float(result)
    assert str(result.dtype).endswith(dtype), (result.dtype, dtype)
    eps = {"float64": 1e-15, "float32": 1e-6}[dtype]
    assert abs(got - want) <= eps * abs(want), (got, want)

def refused(word, *args):
    try:
        scaled(*args)
    except (TypeError, ValueError) as e:
        assert word in str(e), e
    else:
        raise AssertionError(f"{args} are taken")

x64, x32 = np.array([0.1, 0.2]), np.array([0.1, 0.2], dtype=np.float32)
same(scaled(0.1, array(x64)), 0.03, "float64")
same(scaled(array(np.array(0.1)), array(x64)), 0.03, "float64")
same(scaled(1, array(x64)), 0.3, "float64")
same(scaled(0.1, array(x32)), 0.03, "float32")
same(scaled(True, array(np.array([1, 2]))), 3, "float32" if sys.argv[2] == "torch" else "float64")
same(scaled(2, [1, 2]), 6, "float32" if sys.argv[2] == "torch" else "float64")
if sys.argv[2] != "jax":
    refused("x must have real numbers, got", 1, array(x64 + 1j))
    refused("s must have real numbers" if sys.argv[2] == "numpy" else "", 1j, array(x64))
    refused("s must have real numbers" if sys.argv[2] == "numpy" else "", "a", array(x64))
else:
    refused("x must have real numbers, got", 1, x64 + 1j)
    refused("s must have real numbers, got", 1j, x64)
if sys.argv[2] == "numpy":
    refused("s must have real numbers, got object", None, x64)
    refused("s must have real numbers, got <U3", "0.1", x64)
`

func TestPythonArguments(t *testing.T) {
	b := expr.NewBuilder(ops.Registry())
	m := plan.NewMaker(b)
	n, one := b.Sizes.Size("n"), b.One()
	s := b.NewSymbol("s", expr.Scalar, expr.Shape{Rows: one, Cols: one}, 0)
	x := b.NewSymbol("x", expr.Vector, expr.Shape{Rows: n, Cols: one}, 0)
	value := plan.Result{Name: "value", What: plan.ValueOf, Shape: s.Shape, Value: m.Binary("mul", m.Param(s), m.Sum(m.Param(x)))}
	p := plan.Assemble(b, "scaled", []*expr.Symbol{s, x}, []plan.Result{value})
	p.Doc = []string{"f = s sum(x)"}
	p.Check = &plan.Check{Base: []*plan.Program{nil}, Along: []*plan.Program{nil}}
	for _, name := range []string{"numpy", "jax", "torch"} {
		t.Run(name, func(t *testing.T) {
			runner.Need(t, runner.Lang(name))
			files, err := Write(name, p)
			if err != nil {
				t.Fatal(err)
			}
			dir := t.TempDir()
			for path, text := range map[string]string{files[0].Name: files[0].Source, "try.py": pyArguments} {
				if err := os.WriteFile(filepath.Join(dir, path), []byte(text), 0o666); err != nil {
					t.Fatal(err)
				}
			}
			python, err := runner.Command(runner.Lang(name))
			if err != nil {
				t.Fatal(err)
			}
			if out, err := exec.Command(python, filepath.Join(dir, "try.py"), dir, name).CombinedOutput(); err != nil {
				t.Errorf("%v\n%s\n%s", err, out, files[0].Source)
			}
		})
	}
}
