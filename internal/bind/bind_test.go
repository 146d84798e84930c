package bind

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"example.com/nabla"
	"example.com/nabla/internal/data"
)

func program(t *testing.T, text string, what ...nabla.What) *nabla.Program {
	t.Helper()
	if what == nil {
		what = []nabla.What{nabla.ValueOf}
	}
	p, err := nabla.NewProgram(nabla.ProgramRequest{Request: nabla.Request{Program: text, NoCheck: true}, What: what})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestSizes binds data to programs and compares the sizes, or the error.
func TestSizes(t *testing.T) {
	for _, c := range []struct {
		program string
		data    string // separated by spaces
		sizes   map[string]int
		free    string
		want    string // names and sizes, or the error's text
	}{
		{"X: matrix(m, n); norm2(X*w - y)", "X=[1,2;3,4;5,6] w=zeros y=zeros", nil, "", "m=3 n=2"},
		{"X: matrix(m, n); norm2(X*w - y)", "X=[[1,2],[3,4],[5,6]] y=[1,2,3]", nil, "w", "m=3 n=2"},
		{"X: matrix(m, n + 1); x: vector(m); x'*X*w", "X=[1,2;3,4] x=[1,1] w=[2,3]", nil, "", "m=2 n=1"},
		{"X: matrix(2*k, k^2); tr(X'*X)", "X=[1,2,3,4;5,6,7,8;9,10,11,12;13,14,15,16]", nil, "", "k=2"},
		{"x: vector(2*k); x'*x", "x=[1,2,3]", nil, "", "x has 3 entries, which is not 2*k for any whole k ≥ 1\nnote: x: vector(2*k) is 3 in [1,2,3]"},
		{"W1: matrix(p, n); x: vector(n); b: vector(p); sum(tanh(W1*x + b))", "x=[1,2]", map[string]int{"p": 5}, "W1,b", "n=2 p=5"},
		{"W1: matrix(p, n); x: vector(n); b: vector(p); sum(tanh(W1*x + b))", "x=[1,2]", nil, "W1,b",
			"the size p is not known: no data show it\nnote: W1: matrix(p, n)\nhint: --size p=N"},
		{"x: vector(n); x'*x", "x=[1,2]", map[string]int{"n": 3}, "", "--size n=3: n is 2, as x has 2 entries"},
		{"x: vector(n); x'*x", "x=[1,2]", map[string]int{"q": 3}, "", "--size q=3: the program has no size q\nhint: it has n"},
		{"x: vector(3); x'*x", "x=[1,2]", nil, "", "x must have 3 entries, as it is declared vector(3); it has 2\nnote: x: vector(3) is 2 in [1,2]"},
		{"X: matrix(m, n); norm2(X*w - y)", "X=[1,2,3;4,5,6] w=[1,2] y=zeros", nil, "",
			"w must have n = 3 entries, as X has 3 columns; it has 2\nnote: X: matrix(m, n) is 2 × 3 in [1,2,3;4,5,6]\nnote: w: vector(n) is 2 in [1,2]"},
		{"y: vector(m); X: matrix(m, n); y'*X*w", "y=[1,2] X=[1,2;3,4;5,6] w=zeros", nil, "",
			"X must have m = 2 rows, as y has 2 entries; it has 3\nnote: y: vector(m) is 2 in [1,2]\nnote: X: matrix(m, n) is 3 × 2 in [1,2;3,4;5,6]\nhint: the transpose of [1,2;3,4;5,6] would fit"},
		{"x[i]: vector(n), i = 1..N; sum(i, x[i]'*w)", "x[i]=[1,2;3,4;5,6] w=ones", nil, "", "N=3 n=2"},
		{"x[i]: vector(n), i = 1..N; sum(i, x[i]'*w)", "x=[1,2] w=ones", nil, "", "x[i] is vector(n), i = 1..N, which takes a matrix; [1,2] is a vector of 2\nhint: the first axis counts the members"},
		{"p: scalar integer; A: matrix(n, n); tr(A^p)", "p=2.5 A=[1]", nil, "", "A is matrix(n, n), which takes a matrix; [1] is a vector of 1"},
		{"p: scalar integer; A: matrix(n, n); tr(A^p)", "p=2.5 A=[[1]]", nil, "", "p is declared integer; it is 2.5"},
		{"p: scalar integer; A: matrix(n, n); sum(k = 1..p, tr(A^k)/k)", "p=0 A=[[1]]", nil, "", "p counts something and is 1 or more; it is 0"},
		{"p: scalar integer; A: matrix(n, n); sum(k = 1..p, tr(A^k)/k)", "p=3 A=[[1]]", nil, "", "n=1 p=3"},
		{"X: matrix(m, 1); y'*X", "X=[1,2] y=[1,2]", nil, "", "m=2"},
		{"X: matrix(1, n); X*y", "X=[1,2] y=[1,2]", nil, "", "n=2"},
		{"x'*y", "x=[1,2]", nil, "", "no data for y: vector(n)\nhint: --data y=FILE, with FILE an npy, npz, csv, tsv or mtx file"},
		{"c*x'*y", "x=[1,2] y=zeros", nil, "", "no data for c: scalar\nhint: --data c=1.5"},
		{"c*norm2(x)", "x=[1,2] c=[1;2]", nil, "", "c is scalar, which takes a number; [1;2] is 2 × 1\nhint: it can be declared: --var 'c: vector(n)'"},
		{"x'*x", "x=[1,2] q=3", nil, "", "--data q=…: the expression has no variable q\nhint: it has x"},
		{"x: vector(n); x'*x", "n=3 x=zeros", nil, "", "--data n=…: the expression has no variable n\nhint: n is a size: --size n=N"},
		{"x'*x", "x=[1,2] x=[3]", nil, "", "x is given twice: [1,2] and [3]"},
		{"x'*x", "x=", nil, "", "--data x= has no data\nhint: --data x=FILE, x=1.5 or x=[1, 2, 3]"},
		{"x'*x", "x=[1,b]", nil, "", "x=[1,b]: b is no number\nhint: a vector is written [1, 2, 3], a matrix [1, 2; 3, 4]"},
		{"x'*x", "x=[1,2;3]", nil, "", "x=[1,2;3]: row 2 has 1 entry, row 1 has 2\nhint: a vector is written [1, 2, 3], a matrix [1, 2; 3, 4]"},
		{"x'*x", "x=[1,2", nil, "", "x=[1,2: ] is missing\nhint: a vector is written [1, 2, 3], a matrix [1, 2; 3, 4]"},
		{"x'*x", "x=[]", nil, "", "x=[]: there are no entries\nhint: a vector is written [1, 2, 3], a matrix [1, 2; 3, 4]"},
		{"sigma: function; sum(sigma(x))", "x=[1]", nil, "", "sigma is an unknown function, which has no value\nhint: a function of the language in its place has one: tanh, exp, relu; nabla ops lists them"},
	} {
		req := Request{Program: program(t, c.program), Data: strings.Fields(c.data), Flag: "--data", Sizes: c.sizes}
		if c.free != "" {
			req.Free = strings.Split(c.free, ",")
		}
		b, err := Bind(req)
		got := ""
		if err != nil {
			got = err.Error()
		} else {
			var list []string
			for name, n := range b.Sizes {
				list = append(list, name+"="+itoa(n))
			}
			slices.Sort(list)
			got = strings.Join(list, " ")
		}
		if got != c.want {
			t.Errorf("%s with %s:\ngot  %s\nwant %s", c.program, c.data, got, c.want)
		}
	}
}

func itoa(n int) string { return data.ShapeText([]int{n}) }

// TestBlocks compares runs in blocks, from files and from memory, with those at once.
func TestBlocks(t *testing.T) {
	const m, n = 1003, 7
	dir := t.TempDir()
	x := Fill(program(t, "X: matrix(m, n); tr(X'*X)").Params[0].Sym, []int{m, n}, "random", 3)
	y := Fill(program(t, "y'*y").Params[0].Sym, []int{m}, "random", 4)
	for name, a := range map[string]*data.Array{"X.npy": x, "y.npy": y} {
		if err := data.Write(filepath.Join(dir, name), a); err != nil {
			t.Fatal(err)
		}
	}
	prog, err := nabla.NewProgram(nabla.ProgramRequest{Request: nabla.Request{Program: "X: matrix(m, n); y: vector(m); sum(log(1 + exp(-y.*(X*w))))/m", Wrt: []string{"w"}},
		What: []nabla.What{nabla.ValueOf, nabla.GradientOf, nabla.HessianOf}})
	if err != nil {
		t.Fatal(err)
	}
	var first [][]float64
	for _, o := range []Options{{}, {Block: 1}, {Block: 100}, {Stream: "m"}, {Memory: 100}, {Memory: 100, Threads: 3, Block: 17}} {
		b, err := Bind(Request{Program: prog, Flag: "--data", Data: []string{"X=" + filepath.Join(dir, "X.npy"), "y=" + filepath.Join(dir, "y.npy"), "w=ones"}})
		if err != nil {
			t.Fatal(err)
		}
		mach, err := b.Machine(prog, o)
		if err != nil {
			t.Fatal(err)
		}
		if streams := o.Block+int(o.Memory)+len(o.Stream) > 0; (mach.Stream == "m") != streams {
			t.Errorf("%+v: streamed along %q", o, mach.Stream)
		}
		if err := mach.Run(mach.Args, nil); err != nil {
			t.Fatal(err)
		}
		for k := range prog.Results {
			r := slices.Clone(mach.Result(k))
			if len(first) <= k {
				first = append(first, r)
				continue
			}
			for i, v := range r {
				if d := v - first[k][i]; d > 1e-12 || d < -1e-12 {
					t.Errorf("%+v: result %d, entry %d is %v, at once %v", o, k, i, v, first[k][i])
				}
			}
		}
		b.Close()
	}
}

// TestFiles binds the arrays of an npz file by their names.
func TestFiles(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a.npz")
	x, _ := data.New("x", []int{2}, []float64{1, 2})
	z, _ := data.New("z", []int{2}, []float64{5, 6})
	x.Type, z.Type = data.Float32, data.Float32
	if err := data.Write(path, x, z); err != nil {
		t.Fatal(err)
	}
	prog := program(t, "x: vector(n); y: vector(n); x'*y")
	b, err := Bind(Request{Program: prog, Data: []string{path, "y=" + path + ":z"}, Flag: "--data"})
	if err != nil {
		t.Fatal(err)
	}
	if v, _ := b.Find("y").Array.Values(); v[1] != 6 || !b.Float32() || len(b.Files()) != 1 {
		t.Errorf("y is %v, float32 %v, files %v", v, b.Float32(), b.Files())
	}
	if _, err := Bind(Request{Program: program(t, "q: vector(n); q'*q"), Data: []string{path}, Flag: "--data"}); err == nil || !strings.Contains(err.Error(), "none of its arrays is needed: x, z") {
		t.Errorf("error %v", err)
	}
	csv := filepath.Join(dir, "t.csv")
	os.WriteFile(csv, []byte("a\n1\n2\n"), 0o666)
	if _, err := Bind(Request{Program: prog, Data: []string{csv}, Flag: "--data"}); err == nil || !strings.Contains(err.Error(), "hint: --data NAME="+csv) {
		t.Errorf("error %v", err)
	}
}

// TestArises finds where infinity first arises, in memory and in blocks, samples being
// rows or columns.
func TestArises(t *testing.T) {
	const m = 10000
	values := make([]float64, 2*m)
	for i := range values {
		values[i] = float64(i%7) + 1
	}
	values[2*9000+1] = 0
	turned := make([]float64, 2*m)
	for i := range m {
		turned[i], turned[m+i] = values[2*i], values[2*i+1]
	}
	dir := t.TempDir()
	for name, a := range map[string]struct {
		shape  []int
		values []float64
	}{"rows.npy": {[]int{m, 2}, values}, "columns.npy": {[]int{2, m}, turned}} {
		x, _ := data.New("X", a.shape, a.values)
		if err := data.Write(filepath.Join(dir, name), x); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		program, file string
		stream        string
		want          string
	}{
		{"X: matrix(m, n); sum(log(X)*w)", "rows.npy", "", "infinity first arises in entry (9001, 2) of log(X), where X is 0; it is computed from X"},
		{"X: matrix(m, n); sum(log(X)*w)", "rows.npy", "m", "infinity first arises in entry (809, 2) of log(X), where X is 0; it is computed from X (m from 8193 on)"},
		{"X: matrix(n, N); sum(w'*log(X))", "columns.npy", "N", "infinity first arises in entry (2, 809) of log(X), where X is 0; it is computed from X (N from 8193 on)"},
	} {
		prog := program(t, c.program)
		b, err := Bind(Request{Program: prog, Flag: "--data", Data: []string{"X=" + filepath.Join(dir, c.file), "w=ones"}})
		if err != nil {
			t.Fatal(err)
		}
		mach, err := b.Machine(prog, Options{Stream: c.stream})
		if err != nil {
			t.Fatal(err)
		}
		if got := b.Arises(prog, mach); got != c.want {
			t.Errorf("%s along %q:\ngot  %s\nwant %s", c.program, c.stream, got, c.want)
		}
	}
}
