package nabla_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"example.com/nabla"
	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/plan"
	"example.com/nabla/internal/runner"
)

// A shardCase is a program whose samples are divided: arguments is Python that makes them
// by the generator rng, and counts are numbers of samples.
type shardCase struct {
	name, program, shard string
	wrt                  []string
	what                 []nabla.What
	arguments            string
	counts               string
	gathers              bool // samples must be together for what is computed
}

var shardCases = []shardCase{
	{name: "least_squares", program: "X: matrix(m, n)\nnorm2(X*w - y)^2", shard: "m", wrt: []string{"w"},
		arguments: "dict(X=rng.standard_normal((m, 5)), w=rng.standard_normal(5), y=rng.standard_normal(m))", counts: "[64, 101, 3, 1]"},
	{name: "logistic", program: "X: matrix(m, n)\na: scalar\nsum(log(1 + exp(-y.*(X*w))))/m + a*norm2(w)^2", shard: "m", wrt: []string{"w"},
		what:      []nabla.What{nabla.ValueOf, nabla.GradientOf, nabla.HessianOf, nabla.HessianVector},
		arguments: "dict(X=rng.standard_normal((m, 4)), a=0.3, w=rng.standard_normal(4), y=np.sign(rng.standard_normal(m)), d_w=rng.standard_normal(4))",
		counts:    "[64, 99]"},
	{name: "softmax_regression", program: "X: matrix(m, n)\nY: matrix(m, k)\nW: matrix(n, k)\nsum(logsumexprows(X*W)) - tr(Y'*X*W)", shard: "m", wrt: []string{"W"},
		arguments: "dict(X=rng.standard_normal((m, 4)), Y=rng.random((m, 3)), W=rng.standard_normal((4, 3)))", counts: "[97]"},
	{name: "gaussian", program: "S: matrix(n, n) posdef\nx[i]: vector(n), i = 1..N\nmu: vector(n)\nN*logdet(S)/2 + sum(i, (x[i] - mu)'*inv(S)*(x[i] - mu))/2", shard: "i", wrt: []string{"mu", "S"},
		arguments: "dict(S=np.eye(3) + 1 / (1 + np.add.outer(np.arange(3), np.arange(3))), x=rng.standard_normal((N, 3)), mu=rng.standard_normal(3))", counts: "[50]"},
	{name: "systems", program: "A[i]: matrix(n, n), i = 1..N\nc[i]: vector(n), i = 1..N\nb: vector(n)\nsum(i, log(1 + (b + c[i])'*inv(A[i])'*inv(A[i])*(b + c[i])))", shard: "i", wrt: []string{"b"},
		what:      []nabla.What{nabla.ValueOf, nabla.GradientOf, nabla.HessianOf},
		arguments: "dict(A=rng.random((N, 3, 3)) + 3 * np.eye(3), c=rng.standard_normal((N, 3)), b=rng.standard_normal(3))", counts: "[32, 77, 5]"},
	{name: "columns", program: "X: matrix(n, m)\nnorm2(X'*w - y)^2/m", shard: "m", wrt: []string{"w"},
		arguments: "dict(X=rng.standard_normal((5, m)), w=rng.standard_normal(5), y=rng.standard_normal(m))", counts: "[64, 101]"},
	{name: "network", program: "X: matrix(m, n)\nW: matrix(n, h)\nb, v: vector(h)\nnorm2(tanh(X*W + ones(m)*b')*v - y)^2", shard: "m", wrt: []string{"W", "b", "v"},
		arguments: "dict(X=rng.standard_normal((m, 4)), W=rng.standard_normal((4, 6)), b=rng.standard_normal(6), v=rng.standard_normal(6), y=rng.standard_normal(m))", counts: "[99]"},
	{name: "pairs", program: "x[i]: vector(n), i = 1..N\nw: vector(n)\nsum(i, log(sum(j, exp(-(x[i] - w)'*(x[j] - w)))))", shard: "i", wrt: []string{"w"}, gathers: true,
		arguments: "dict(x=rng.standard_normal((N, 3)), w=rng.standard_normal(3))", counts: "[19]"},
	{name: "kernel", program: "X: matrix(m, n)\nv'*inv(X*X' + eye(m))*v + a^2*norm2(v)", shard: "m", wrt: []string{"a"}, gathers: true,
		arguments: "dict(X=rng.standard_normal((m, 3)), v=rng.standard_normal(m), a=0.7)", counts: "[21]"},
	{name: "powers", program: "X: matrix(m, n)\nk: scalar integer\nw'*(X'*X)^k*w", shard: "m", wrt: []string{"w"},
		arguments: "dict(X=rng.standard_normal((m, 3)), k=3, w=rng.standard_normal(3))", counts: "[21]"},
	{name: "offsets", program: "X: matrix(m, n)\no: vector(m)\nsum(log(1 + exp(X*w + o)))", shard: "m", wrt: []string{"o", "X", "w"},
		arguments: "dict(X=rng.standard_normal((m, 3)), o=rng.standard_normal(m), w=rng.standard_normal(3))", counts: "[64, 21, 1]"},
	{name: "turned", program: "X: matrix(n, m)\nnorm2(X'*w)^4", shard: "m", wrt: []string{"X"}, what: []nabla.What{nabla.GradientOf},
		arguments: "dict(X=rng.standard_normal((3, m)), w=rng.standard_normal(3))", counts: "[21]"},
	{name: "members", program: "A[i]: matrix(n, n), i = 1..N\nc[i]: vector(n), i = 1..N\nb: vector(n)\nsum(i, log(1 + (b + c[i])'*inv(A[i])*(b + c[i])))", shard: "i", wrt: []string{"A", "c"},
		arguments: "dict(A=rng.random((N, 3, 3)) + 3 * np.eye(3), c=rng.standard_normal((N, 3)), b=rng.standard_normal(3))", counts: "[32, 13]"},
	{name: "unknown", program: "X: matrix(m, n)\nsigma: function\nsum(sigma(X*w))", shard: "m", wrt: []string{"w"},
		arguments: "dict(X=rng.standard_normal((m, 3)), w=rng.standard_normal(3), sigma=jnp.sin, dsigma=jnp.cos)", counts: "[21]"},
}

// shardScript runs the modules of all cases: the plain one on one device, the other as the
// process is started. It writes one line of JSON for each case and number of samples.
const shardScript = `import importlib, json, re, sys
import numpy as np
import jax, jax.numpy as jnp

jax.config.update("jax_enable_x64", True)
jax.config.update("jax_disable_most_optimizations", True)
cases, process, processes, port = json.loads(sys.argv[1]), *map(int, sys.argv[2:])
if processes > 1:
    jax.distributed.initialize(f"localhost:{port}", processes, process)
if jax.process_count() != processes:
    raise SystemExit(f"{jax.process_count()} processes")
for case in cases:
    name, axes = case["name"], case["axes"]
    plain = getattr(importlib.import_module(name), name)
    module = importlib.import_module(name + "_shard")
    divided = getattr(module, name + "_shard")
    for count in eval(case["counts"]):
        rng = np.random.default_rng(count)
        full = eval(case["arguments"], dict(np=np, jnp=jnp, rng=rng, m=count, N=count))
        order = case["params"]
        want = plain(*(full[k] for k in order))
        rows = module.part(count)
        axes = {k: axes[k] for k in order if k in axes}
        own = {k: full[k][(slice(None),) * axis + (rows,)] for k, axis in axes.items()}
        placed = module.place(**own, count=count)
        placed = dict(zip(axes, placed if len(axes) > 1 else [placed]))
        got = [divided(*((full | placed)[k] for k in order))]
        if processes == 1:
            got.append(divided(*(full[k] for k in order)))
            got.append(divided(*(jnp.asarray(full[k]) if k in axes else full[k] for k in order)))
        want = want if isinstance(want, tuple) else (want,)
        worst = 0.0
        for g in got:
            for a, b in zip(g if isinstance(g, tuple) else (g,), want):
                if isinstance(a, module.Samples):
                    b = b[(slice(None),) * a.axis + (rows,)]
                    a = a.local()
                a, b = np.asarray(a), np.asarray(b)
                assert a.shape == b.shape and a.dtype == b.dtype, (name, a.shape, b.shape, a.dtype, b.dtype)
                worst = max(worst, float(np.max(np.abs(a - b), initial=0) / np.max(np.abs(b), initial=1)))
        static = [full[k] for k in case["static"]]
        arrays = [placed[k].array if k in axes else full[k] for k in order if k not in case["static"]]
        text = module._compiled(count, *static).lower(*arrays).compile().as_text() if jax.device_count() > 1 else ""
        check = 0.0
        if processes == 1 and jax.device_count() > 1 and count == eval(case["counts"])[0]:
            check = getattr(module, "check_" + name + "_shard")(*(full[k] for k in order))
        print("RESULT", json.dumps(dict(name=name, count=count, worst=worst, check=check,
            sums=len(re.findall(r"all-reduce(?:-start)?\(", text)), gathers=len(re.findall(r"(?:all-gather|all-to-all|collective-permute)(?:-start)?\(", text)))), flush=True)
`

// TestShard runs programs whose samples are divided on one device, on eight virtual ones and
// as two processes with three devices each, and compares with the program that is not divided.
func TestShard(t *testing.T) {
	python := jaxCommand(t)
	dir := t.TempDir()
	cases := shardCases
	if testing.Short() {
		cases = cases[:1]
	}
	arg := writeShardModules(t, dir, cases)
	gathers := map[string]bool{}
	for _, c := range cases {
		gathers[c.name] = c.gathers
	}
	for _, way := range []struct {
		name               string
		processes, devices int
	}{{"one device", 1, 1}, {"eight virtual devices", 1, 8}, {"two processes", 2, 3}} {
		t.Run(way.name, func(t *testing.T) {
			outputs := runShard(t, python, dir, arg, way.processes, way.devices)
			for process, out := range outputs {
				results := 0
				for _, line := range strings.Split(out, "\n") {
					text, ok := strings.CutPrefix(line, "RESULT ")
					if !ok {
						continue
					}
					results++
					var r struct {
						Name          string
						Count         int
						Worst, Check  float64
						Sums, Gathers int
					}
					if err := json.Unmarshal([]byte(text), &r); err != nil {
						t.Fatal(err)
					}
					if !(r.Worst < 1e-11) {
						t.Errorf("process %d: %s of %d samples deviates by %.1e", process, r.Name, r.Count, r.Worst)
					}
					if !(r.Check < 1e-5) {
						t.Errorf("process %d: the check of %s deviates by %.1e", process, r.Name, r.Check)
					}
					if r.Gathers > 0 && !gathers[r.Name] {
						t.Errorf("%s of %d samples moves samples between devices: %d times", r.Name, r.Count, r.Gathers)
					}
					if way.devices > 1 && r.Sums == 0 {
						t.Errorf("%s of %d samples is not summed over devices", r.Name, r.Count)
					}
				}
				if results < len(cases) {
					t.Errorf("process %d: %d results\n%s", process, results, out)
				}
			}
		})
	}
}

// TestShardErrors compares what is said where samples cannot be divided.
func TestShardErrors(t *testing.T) {
	for _, c := range []struct {
		program, wrt, lang, shard, want string
	}{
		{"X: matrix(m, n)\nnorm2(X*w - y)^2", "w", "torch", "m", "samples are divided among devices in jax, not in torch"},
		{"X: matrix(m, n)\nnorm2(X*w - y)^2", "w", "jax", "i", "the program has no index or size i; its sizes are m, n"},
		{"X: matrix(m, n)\nx[i]: vector(n), i = 1..N\nsum(i, (w'*x[i])^2) + norm2(X*w)", "w", "jax", "k",
			"the program has no index or size k; its sizes are m, n, N, its indices i"},
		{"X: matrix(m, n)\ny: vector(m)\nX'*y", "X", "jax", "m", "jac_X has an axis of m*n, which cannot be divided along m"},
		{"X: matrix(m, n)\nz: vector(m*n)\nz'*vec(X)", "X", "jax", "m", "z has m*n entries, which cannot be divided along m"},
		{"k: scalar integer\nx: vector(n)\nsum(j=1..k, norm2(x)^j)", "x", "jax", "j", "no argument has an axis of k samples"},
	} {
		req := nabla.GenerateRequest{Language: c.lang, Shard: c.shard}
		req.Program, req.Wrt = c.program, []string{c.wrt}
		_, err := nabla.Generate(req)
		if got := strings.TrimSpace(fmt.Sprint(err)); got != "1:1: "+c.want {
			t.Errorf("%q by %s along %s: got\n%s\nwant\n%s", c.program, c.wrt, c.shard, got, c.want)
		}
	}
	req := nabla.GenerateRequest{Language: "jax", Shard: "m"}
	req.Program, req.Wrt, req.Name = "X: matrix(m, n)\nnorm2(X*w)^2", []string{"w"}, "place"
	if _, err := nabla.Generate(req); err == nil || !strings.Contains(err.Error(), "give yours another name") {
		t.Errorf("a function called place: %v", err)
	}
}

// TestShardArguments compares what the module says of samples that do not fit.
func TestShardArguments(t *testing.T) {
	runner.Need(t, runner.JAX)
	req := nabla.GenerateRequest{Language: "jax", Shard: "m"}
	req.Program, req.Wrt, req.Name = "X: matrix(m, n)\nnorm2(X*w - y)^2", []string{"w"}, "f"
	files, err := nabla.Generate(req)
	if err != nil {
		t.Fatal(err)
	}
	j := runner.Job{ID: "errors", Func: "ask", Ranks: []int{0, 0}, Points: [][]runner.Arg{{runner.ScalarArg("none", 0)}}}
	j.Source = files[0].Source + `

def ask(_):
    X, w, y = np.ones((5, 2)), np.ones(2), np.zeros(5)
    said = []

    def refused(call):
        try:
            call()
        except (ValueError, TypeError) as error:
            said.append(str(error))

    refused(lambda: f(X, w, y[:4]))
    refused(lambda: f(X, w[:1], y))
    refused(lambda: f(y, w, y))
    refused(lambda: place(X, y, 7))
    refused(lambda: f(place(X, y)[0], w, place(X[:4], y[:4])[1]))
    with jax.enable_x64(False):
        refused(lambda: f(X, w, y))
        refused(lambda: f(X.astype("f"), w, y.astype("f")))
        single = f(X.astype("f"), w.astype("f"), place(X.astype("f"), y.astype("f"))[1])[1].dtype == np.float32
    want = [
        "y has 4 samples, but there are 5: all must have m",
        "w has 1 entries, but X has 2 columns: both must be n",
        "X must be a matrix, got an array with 1 axes",
        "X has 5 samples, but there are 7: all must have m",
        "y has 4 samples, others have 5: all must have m",
        "X is float64, which JAX rounds to float32: pass float32, or call jax.config.update('jax_enable_x64', True) first",
        "w is float64, which JAX rounds to float32: pass float32, or call jax.config.update('jax_enable_x64', True) first",
    ]
    assert said == want, said
    return float(single), f(X, [1, 1], y)[0]
`
	out, err := runner.Run(runner.JAX, []runner.Job{j})
	if err != nil {
		t.Fatal(err)
	}
	if f := out[0].Failure(); f != "" {
		t.Fatal(f)
	}
	if v := out[0].Points[0].Values; v[0].Data[0] != 1 || v[1].Data[0] != 20 {
		t.Error(v)
	}
}

// TestScaling runs the program of docs/scaling.md with the module that its command makes,
// on one device, on eight virtual ones and as two processes.
func TestScaling(t *testing.T) {
	if testing.Short() {
		t.Skip("starts four processes")
	}
	python := jaxCommand(t)
	text, err := os.ReadFile("docs/scaling.md")
	if err != nil {
		t.Fatal(err)
	}
	between := func(open, end string) string {
		_, after, _ := strings.Cut(string(text), open)
		block, _, ok := strings.Cut(after, end)
		if !ok {
			t.Fatalf("docs/scaling.md has no block between %q and %q", open, end)
		}
		return block
	}
	dir := t.TempDir()
	req := nabla.GenerateRequest{Language: "jax", Shard: "m"}
	req.Program, req.Wrt, req.Name = between("-o logistic.py \\\n  '", "'"), []string{"w"}, "logistic"
	req.What = []nabla.What{nabla.ValueOf, nabla.GradientOf, nabla.HessianOf}
	files, err := nabla.Generate(req)
	if err != nil {
		t.Fatal(err)
	}
	data := `import numpy as np
rng = np.random.default_rng(0)
X = rng.standard_normal((1001, 6))
np.save("X.npy", X)
np.save("y.npy", np.sign(X[:, 0] + rng.standard_normal(1001)))
`
	for name, source := range map[string]string{"logistic.py": files[0].Source, "train.py": between("```python\n", "```"), "data.py": data} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(source), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	runPython(t, dir, 1, []string{python, "data.py"})
	port := freePort(t)
	address := fmt.Sprintf("localhost:%d", port)
	ways := [][]string{runPython(t, dir, 1, []string{python, "train.py"}), runPython(t, dir, 8, []string{python, "train.py"}),
		runPython(t, dir, 1, []string{python, "train.py", address, "2", "0"}, []string{python, "train.py", address, "2", "1"})}
	var first float64
	for i, out := range ways {
		step := -1
		var value, norm float64
		for line := range strings.Lines(out[0]) {
			var s int
			var v, g float64
			if _, err := fmt.Sscan(line, &s, &v, &g); err == nil {
				step, value, norm = s, v, g
			}
		}
		if i == 0 {
			first = value
		}
		if step < 0 || norm > 1e-10 || step > 10 || math.Abs(value-first) > 1e-13 {
			t.Errorf("way %d ends at step %d with value %v, gradient %v; the first with value %v", i+1, step, value, norm, first)
		}
	}
}

// writeShardModules writes the modules and the script, and returns what the script is told.
func writeShardModules(t *testing.T, dir string, cases []shardCase) string {
	t.Helper()
	type told struct {
		Name      string         `json:"name"`
		Params    []string       `json:"params"`
		Static    []string       `json:"static"`
		Axes      map[string]int `json:"axes"`
		Arguments string         `json:"arguments"`
		Counts    string         `json:"counts"`
	}
	var list []told
	for _, c := range cases {
		req := nabla.GenerateRequest{Language: "jax"}
		req.Program, req.Wrt, req.What = c.program, c.wrt, c.what
		for _, shard := range []string{"", c.shard} {
			req.Name, req.Shard = c.name, shard
			if shard != "" {
				req.Name += "_shard"
			}
			files, err := nabla.Generate(req)
			if err != nil {
				t.Fatalf("%s: %v", c.name, err)
			}
			if err := os.WriteFile(filepath.Join(dir, files[0].Name), []byte(files[0].Source), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		prog, err := nabla.NewProgram(req.ProgramRequest)
		if err != nil {
			t.Fatal(err)
		}
		c0 := told{Name: c.name, Axes: map[string]int{}, Static: []string{}, Arguments: c.arguments, Counts: c.counts}
		size := c.shard
		for _, i := range prog.Builder.Indices() {
			if i.Name == c.shard {
				size = i.Size.String()
			}
		}
		for _, p := range prog.Params {
			name := p.Sym.Name
			if p.Direction != nil {
				name = "d_" + p.Direction.Name
			}
			if p.Sym.Kind == expr.Function {
				for _, order := range p.Orders {
					derivative := []string{name, "d" + name, "d2" + name}[order]
					c0.Params, c0.Static = append(c0.Params, derivative), append(c0.Static, derivative)
				}
				continue
			}
			c0.Params = append(c0.Params, name)
			if p.Sym.Facts.Has(expr.Integer) {
				c0.Static = append(c0.Static, name)
			}
			for axis, d := range plan.ArgumentShape(p.Sym) {
				if _, known := c0.Axes[name]; !known && d.String() == size {
					c0.Axes[name] = axis
				}
			}
		}
		list = append(list, c0)
	}
	text, err := json.Marshal(list)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// jaxCommand is the path of a Python with JAX.
func jaxCommand(t *testing.T) string {
	t.Helper()
	runner.Need(t, runner.JAX)
	python, err := runner.Command(runner.JAX)
	if err == nil {
		python, err = exec.LookPath(python)
	}
	if err == nil {
		python, err = filepath.Abs(python)
	}
	if err != nil {
		t.Fatal(err)
	}
	return python
}

// freePort is a port of this machine that nothing listened at.
func freePort(t *testing.T) int {
	t.Helper()
	listener, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port
}

// runShard runs the script as processes of so many virtual devices.
func runShard(t *testing.T, python, dir, arg string, processes, devices int) []string {
	t.Helper()
	port := fmt.Sprint(freePort(t))
	var commands [][]string
	for k := range processes {
		commands = append(commands, []string{python, "-c", shardScript, arg, fmt.Sprint(k), fmt.Sprint(processes), port})
	}
	return runPython(t, dir, devices, commands...)
}

// runPython runs commands at the same time, each with so many virtual devices, and returns
// what they say.
func runPython(t *testing.T, dir string, devices int, commands ...[]string) []string {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 8*time.Minute)
	defer cancel()
	outputs := make([]bytes.Buffer, len(commands))
	var running []*exec.Cmd
	for k, args := range commands {
		c := exec.CommandContext(ctx, args[0], args[1:]...)
		c.Dir = dir
		c.Env = append(os.Environ(), "JAX_PLATFORMS=cpu", "PYTHONPATH="+dir,
			fmt.Sprintf("XLA_FLAGS=--xla_force_host_platform_device_count=%d", devices))
		c.Stdout, c.Stderr = &outputs[k], &outputs[k]
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		running = append(running, c)
	}
	var texts []string
	for k, c := range running {
		if err := c.Wait(); err != nil {
			t.Errorf("process %d: %v\n%s", k, err, outputs[k].String())
		}
		texts = append(texts, outputs[k].String())
	}
	return texts
}
