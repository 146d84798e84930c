package data

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// python returns a Python with NumPy. The test command names one in NABLA_PYTHON;
// without it a test that needs one may be skipped.
func python(t *testing.T) string {
	t.Helper()
	for _, p := range []string{os.Getenv("NABLA_PYTHON"), "../../.venv/bin/python", "python3"} {
		if strings.Contains(p, "/") { // a test may change the directory
			p, _ = filepath.Abs(p)
		}
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

// runPython runs a script with arguments and returns what it prints.
func runPython(t *testing.T, py, script string, args ...string) []byte {
	t.Helper()
	cmd := exec.Command(py, append([]string{"-c", script}, args...)...)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("Python: %v\n%s", err, out)
	}
	return out
}

const written = `
import json, sys, warnings
import numpy as np
warnings.simplefilter("ignore")
rng = np.random.default_rng(5)
files = []
def case(path, type, a, columns=None):
    a = np.asarray(a)
    files.append({"path": path, "type": type, "shape": list(a.shape),
                  "values": [repr(float(x)) for x in a.astype(float).ravel()]})
k = 0
for type in ["float64", "float32", "float16", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "bool"]:
    for byteorder in "<>":
        for shape in [(), (1,), (7,), (3, 4), (4, 1), (2, 3, 4), (2, 3, 2, 2)]:
            for order in "CF":
                dtype = np.dtype(type).newbyteorder(byteorder)
                if type.startswith("float"):
                    a = rng.standard_normal(shape)
                else:
                    a = rng.integers(0, 2 if type == "bool" else 100, shape)
                a = np.array(a, dtype=dtype, order=order)
                path = "a%d.npy" % k
                k += 1
                np.save(path, a)
                case(path, type, a)
x, w = rng.standard_normal((5, 3)), np.asfortranarray(rng.standard_normal((3, 200)).astype("f4"))
np.savez("plain.npz", x=x, w=w)
np.savez_compressed("small.npz", x=x, w=w)
np.savez("only.npz", x)
for f in ["plain.npz", "small.npz"]:
    case(f + ":x", "float64", x)
    case(f + ":w", "float32", w)
case("only.npz", "float64", x)
with open("v2.npy", "wb") as f:
    np.lib.format.write_array(f, x, version=(2, 0))
case("v2.npy", "float64", x)
with open("v3.npy", "wb") as f:
    np.lib.format.write_array(f, x, version=(3, 0))
case("v3.npy", "float64", x)
special = np.array([[np.nan, np.inf], [-np.inf, -0.0], [5e-324, 1.7976931348623157e308]])
np.savetxt("special.csv", special, delimiter=",", fmt="%.17g")
case("special.csv", "float64", special)
np.savetxt("h.tsv", x, delimiter="\t", header="a\tb\tc", comments="")
case("h.tsv", "float64", x)
np.savetxt("z.csv.gz", x, delimiter=",")
case("z.csv.gz", "float64", x)
np.savetxt("col.csv", x[:, 0])
case("col.csv", "float64", x[:, :1])
try:
    import scipy.io, scipy.sparse as sp
    s = sp.random(20, 30, 0.2, random_state=3)
    sym = np.round(x @ x.T, 3)
    skew = np.tril(sym, -1) - np.tril(sym, -1).T
    for name, m, d, kw in [("s", s, s.toarray(), {}), ("dense", x, x, {}), ("sym", sym, sym, {}), ("skew", skew, skew, {}),
                           ("ssym", sp.coo_matrix(sym), sym, {}), ("sskew", sp.coo_matrix(skew), skew, {}),
                           ("pattern", s != 0, (s != 0).toarray(), {"field": "pattern"}),
                           ("int", np.arange(12).reshape(3, 4), np.arange(12).reshape(3, 4), {}),
                           ("sint", sp.coo_matrix(np.eye(4, dtype=int)), np.eye(4), {})]:
        scipy.io.mmwrite(name + ".mtx", m, precision=17, **kw)
        case(name + ".mtx", {"pattern": "bool", "int": "int64", "sint": "int64"}.get(name, "float64"), d)
except ImportError:
    pass
json.dump(files, sys.stdout)
`

// TestReadNumPy reads what NumPy and SciPy have written, in memory and from the file.
func TestReadNumPy(t *testing.T) {
	py := python(t)
	script := written
	t.Chdir(t.TempDir())
	var files []struct {
		Path   string
		Type   Type
		Shape  []int
		Values []string
	}
	if err := json.Unmarshal(runPython(t, py, script), &files); err != nil {
		t.Fatal(err)
	}
	if len(files) < 300 {
		t.Fatalf("%d files", len(files))
	}
	for _, f := range files {
		values := make([]float64, len(f.Values))
		for i, s := range f.Values {
			v, _, err := parseField(s)
			if err != nil {
				t.Fatal(err)
			}
			values[i] = v
		}
		for _, rd := range []reader{standard, {}} {
			a, err := rd.open("X", f.Path)
			if err != nil {
				t.Error(err)
				continue
			}
			t.Run(f.Path, func(t *testing.T) { want(t, a, f.Shape, values...) })
			if a.Type != f.Type {
				t.Errorf("%s: type %s, want %s", f.Path, a.Type, f.Type)
			}
			a.Close()
		}
	}
}

const read = `
import json, sys
import numpy as np
out = []
for path in json.loads(sys.argv[1]):
    if path.endswith(".npy"):
        a = np.load(path, allow_pickle=False)
    elif path.endswith(".npz"):
        with np.load(path, allow_pickle=False) as z:
            assert z.files == ["X", "layer/b"], z.files
            assert z["layer/b"].shape == (3,) and z["layer/b"].dtype == np.float64
            a = z["X"]
    elif path.endswith(".mtx"):
        try:
            import scipy.io
        except ImportError:
            out.append(None)
            continue
        a = scipy.io.mmread(path)
    else:
        a = np.loadtxt(path, delimiter="\t" if "tsv" in path else ",", ndmin=2)
    out.append({"type": str(a.dtype), "shape": a.shape, "values": [repr(float(x)) for x in a.ravel()]})
json.dump(out, sys.stdout)
`

// TestWriteNumPy has NumPy and SciPy read what is written here.
func TestWriteNumPy(t *testing.T) {
	py := python(t)
	t.Chdir(t.TempDir())
	var paths []string
	var arrays []*Array
	for i, shape := range [][]int{{}, {1}, {7}, {3, 4}, {4, 1}, {1, 4}, {2, 3, 4}} {
		for _, typ := range []Type{Float64, Float32} {
			for _, ext := range []string{"npy", "npz", "csv", "tsv", "csv.gz", "mtx"} {
				if len(shape) > 2 && ext != "npy" && ext != "npz" {
					continue
				}
				a := array(t, "X", typ, shape...)
				path := string(rune('a'+i)) + string(typ) + "." + ext
				list := []*Array{a}
				if ext == "npz" {
					list = append(list, array(t, "layer/b", Float64, 3))
				}
				if err := Write(path, list...); err != nil {
					t.Fatal(err)
				}
				paths, arrays = append(paths, path), append(arrays, a)
			}
		}
	}
	in, _ := json.Marshal(paths)
	var got []*struct {
		Type   Type
		Shape  []int
		Values []string
	}
	if err := json.Unmarshal(runPython(t, py, read, string(in)), &got); err != nil {
		t.Fatal(err)
	}
	for i, path := range paths {
		if got[i] == nil {
			continue // no SciPy
		}
		a := arrays[i]
		binary := filepath.Ext(path) == ".npy" || filepath.Ext(path) == ".npz"
		if binary && got[i].Type != a.Type {
			t.Errorf("%s: type %s, want %s", path, got[i].Type, a.Type)
		}
		values := make([]float64, len(got[i].Values))
		for k, s := range got[i].Values {
			values[k], _, _ = parseField(s)
			if a.Type == Float32 {
				values[k] = float64(float32(values[k]))
			}
		}
		shape := a.Shape
		for !binary && len(shape) < 2 {
			shape = append(shape[:len(shape):len(shape)], 1)
		}
		v, _ := a.Values()
		b, err := New(path, got[i].Shape, values)
		if err != nil {
			t.Fatal(err)
		}
		want(t, b, shape, v...)
	}
}
