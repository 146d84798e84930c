package data

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"testing"
)

// array is a matrix of numbers that no short text has.
func array(t *testing.T, name string, typ Type, shape ...int) *Array {
	t.Helper()
	n, _ := entries(shape)
	v := make([]float64, n)
	for i := range v {
		v[i] = math.Sin(float64(i+1)) * math.Pow(10, float64(i%40-20))
		if typ == Float32 {
			v[i] = float64(float32(v[i]))
		}
	}
	a, err := New(name, shape, v)
	if err != nil {
		t.Fatal(err)
	}
	a.Type = typ
	return a
}

// TestRoundTrip writes and reads arrays of every shape and type in every format.
func TestRoundTrip(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, ext := range []string{"npy", "npz", "csv", "tsv", "csv.gz", "mtx"} {
		for _, shape := range [][]int{{}, {1}, {5}, {2, 3}, {3, 1}, {1, 3}, {2, 3, 4}, {700, 60}, {2, 40000}} {
			for _, typ := range []Type{Float64, Float32} {
				name := "X." + ext
				a := array(t, "X", typ, shape...)
				err := Write(name, a)
				table := ext != "npy" && ext != "npz"
				if table && len(shape) > 2 {
					want := name + ": X is 2 × 3 × 4, and a table has two axes\nhint: npy and npz files take any shape"
					if err == nil || err.Error() != want {
						t.Errorf("%v", err)
					}
					continue
				}
				if err != nil {
					t.Fatal(err)
				}
				b := open(t, "X", name)
				values, _ := a.Values()
				expect := shape
				if table {
					for len(expect) < 2 {
						expect = append(expect[:len(expect):len(expect)], 1)
					}
				}
				if table && typ == Float32 { // the text is the shortest that is the same float32
					read, _ := b.Values()
					for i, x := range read {
						read[i] = float64(float32(x))
					}
				}
				want(t, b, expect, values...)
				if !table && b.Type != typ || b.Notes != nil {
					t.Errorf("%s of type %s is read as %s, notes %q", name, typ, b.Type, b.Notes)
				}
			}
		}
	}
	noTemporary(t, ".", 6)
}

// noTemporary fails unless the directory has as many entries as said.
func noTemporary(t *testing.T, dir string, n int) {
	t.Helper()
	list, err := os.ReadDir(dir)
	if err != nil || len(list) != n {
		t.Errorf("%v %v", list, err)
	}
}

// TestWriteStored writes an array that is in a file, block by block, over that file.
func TestWriteStored(t *testing.T) {
	t.Chdir(t.TempDir())
	a := array(t, "X", Float64, 1000, 70)
	values, _ := a.Values()
	if err := Write("X.npy", a); err != nil {
		t.Fatal(err)
	}
	b, err := reader{}.open("X", "X.npy")
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	for _, name := range []string{"X.npy", "X.csv", "X.mtx"} {
		if err := Write(name, b); err != nil {
			t.Fatal(err)
		}
		want(t, open(t, "X", name), a.Shape, values...)
	}
}

func TestWriteSpecial(t *testing.T) {
	t.Chdir(t.TempDir())
	special := []float64{math.NaN(), math.Inf(1), math.Inf(-1), math.Copysign(0, -1), math.MaxFloat64, 5e-324}
	a, _ := New("X", []int{3, 2}, special)
	a.Columns = []string{"a,b", "c"}
	for _, name := range []string{"X.npy", "X.npz", "X.csv", "X.tsv", "X.mtx"} {
		if err := Write(name, a); err != nil {
			t.Fatal(err)
		}
		b := open(t, "X", name)
		want(t, b, []int{3, 2}, special...)
		if v, _ := b.Values(); !math.Signbit(v[3]) {
			t.Errorf("%s: -0 is read as 0", name)
		}
	}
	text, _ := os.ReadFile("X.csv")
	if s := "\"a,b\",c\nNaN,+Inf\n-Inf,-0\n1.7976931348623157e+308,5e-324\n"; string(text) != s {
		t.Errorf("%q", text)
	}
}

// TestWriteNpz checks several arrays, and that the bytes are the same each time.
func TestWriteNpz(t *testing.T) {
	t.Chdir(t.TempDir())
	a, b := array(t, "W1", Float32, 3, 4), array(t, "layer/b", Float64, 3)
	var before []byte
	for range 2 {
		if err := Write("model.npz", a, b); err != nil {
			t.Fatal(err)
		}
		now, _ := os.ReadFile("model.npz")
		if before != nil && !bytes.Equal(before, now) {
			t.Error("the bytes differ")
		}
		before = now
	}
	for _, x := range []*Array{a, b} {
		v, _ := x.Values()
		want(t, open(t, x.Name, "model.npz"), x.Shape, v...)
	}
}

func TestWriteErrors(t *testing.T) {
	t.Chdir(t.TempDir())
	a := array(t, "X", Float64, 2)
	os.Mkdir("d.npy", 0o755)
	os.WriteFile("kept.npy", nil, 0o444)
	for _, c := range []struct {
		path   string
		arrays []*Array
		want   string
	}{
		{"X.pkl", []*Array{a}, "X.pkl: unknown format: npy, npz, csv, tsv and mtx are written, the last three also with .gz"},
		{"X", []*Array{a}, "X: unknown format: npy, npz, csv, tsv and mtx are written, the last three also with .gz"},
		{"X.csv", []*Array{a, a}, "X.csv: 2 arrays cannot be written to one csv file\nhint: an npz file takes several"},
		{"X.npz", []*Array{a, a}, "X.npz: two arrays are called X"},
		{"X.npz", []*Array{array(t, "", Float64, 2)}, "X.npz: an array without a name cannot be written to an npz file"},
		{"X.npz", nil, "X.npz: there are no arrays to write"},
		{"no/X.npy", []*Array{a}, "no/X.npy: there is no directory no"},
		{"kept.npy", []*Array{a}, "kept.npy: the file is write-protected"},
		{"d.npy", []*Array{a}, "d.npy: it is a directory, not a file"},
	} {
		if err := Write(c.path, c.arrays...); err == nil || err.Error() != c.want {
			t.Errorf("%v\nwant %s", err, c.want)
		}
	}
	noTemporary(t, ".", 2)
}

// TestReplace checks that a file is as before when writing fails, and else keeps its
// permissions, and that a link stays one.
func TestReplace(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("X.csv", []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("X.csv", "link.csv"); err != nil {
		t.Skip(err)
	}
	broken := errors.New("broken")
	err := replace("X.csv", func(w io.Writer) error {
		fmt.Fprint(w, "half")
		return broken
	})
	if !errors.Is(err, broken) || err.Error() != "X.csv: broken" {
		t.Error(err)
	}
	is := func(name, want string) {
		t.Helper()
		if b, err := os.ReadFile(name); err != nil || string(b) != want {
			t.Errorf("%s has %q, want %q: %v", name, b, want, err)
		}
	}
	is("X.csv", "old")
	a, _ := New("X", nil, []float64{1})
	if err := Write("link.csv", a); err != nil {
		t.Fatal(err)
	}
	is("X.csv", "1\n")
	if info, err := os.Lstat("link.csv"); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link is replaced: %v", err)
	}
	if info, err := os.Stat("X.csv"); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info.Mode(), err)
	}
	noTemporary(t, ".", 2)
}

// TestWriteDevice checks that what is no regular file is written to and not replaced.
func TestWriteDevice(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no links to pipes")
	}
	dir := t.TempDir()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	link := filepath.Join(dir, "out.csv")
	if err := os.Symlink(fmt.Sprintf("/dev/fd/%d", w.Fd()), link); err != nil {
		t.Skip(err)
	}
	if _, err := os.Stat(link); err != nil {
		t.Skip(err)
	}
	a, _ := New("X", []int{2}, []float64{1, 2})
	if err := Write(link, a); err != nil {
		t.Fatal(err)
	}
	w.Close()
	b, err := io.ReadAll(r)
	if err != nil || string(b) != "1\n2\n" {
		t.Errorf("%q %v", b, err)
	}
	noTemporary(t, dir, 1)
}

// TestReadPipe checks that an array can come from a pipe.
func TestReadPipe(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	path := fmt.Sprintf("/dev/fd/%d", r.Fd())
	if _, err := os.Stat(path); err != nil {
		t.Skip(err)
	}
	go func() {
		w.Write(npyBytes(header("'<f8'", "False", "(2,)"), f64(1, 2)...))
		w.Close()
	}()
	want(t, open(t, "X", path), []int{2}, 1, 2)
}

// TestHeaderAligned checks that numbers begin at a multiple of 64 bytes.
func TestHeaderAligned(t *testing.T) {
	for n := 1; n < 1e9; n = n*10 + 7 {
		var b bytes.Buffer
		shape := []int{n, n % 13}
		if err := writeHeader(&b, Float64, shape); err != nil {
			t.Fatal(err)
		}
		if b.Len()%64 != 0 {
			t.Errorf("%v: %d bytes", shape, b.Len())
		}
		h, err := readHeader(&b)
		if err != nil || !slices.Equal(h.shape, shape) {
			t.Errorf("%v: %v %v", shape, h, err)
		}
	}
}

// TestWritable compares what Writable says with what Write does.
func TestWritable(t *testing.T) {
	dir := t.TempDir()
	locked := filepath.Join(dir, "locked.npy")
	if err := os.WriteFile(locked, nil, 0o444); err != nil {
		t.Fatal(err)
	}
	a, _ := New("a", []int{1}, []float64{1})
	b, _ := New("b", []int{1}, []float64{1})
	for _, path := range []string{"a.npy", "a.npz", "a.csv.gz", "a.json", "none/a.npy", "locked.npy", "."} {
		for _, arrays := range [][]*Array{{a}, {a, b}} {
			path := filepath.Join(dir, path)
			says, does := Writable(path, len(arrays)), Write(path, arrays...)
			if (says == nil) != (does == nil) || says != nil && says.Error() != does.Error() {
				t.Errorf("%s, %d arrays: Writable says %v, Write %v", path, len(arrays), says, does)
			}
		}
	}
}
