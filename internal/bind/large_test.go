package bind

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"example.com/nabla"
	"example.com/nabla/internal/data"
)

// TestLarge runs over files that stay on disk, samples as rows and as columns: within
// little memory, with the same result for all lengths of blocks and numbers of threads,
// and that of a run in memory. NaN in a file is found on the way.
func TestLarge(t *testing.T) {
	if testing.Short() {
		t.Skip("writes 150 MB")
	}
	const m, n = 1_150_000, 8 // 74 MB; smaller files are read at once
	dir := t.TempDir()
	values := make([]float64, m*n)
	for i := range values {
		values[i] = math.Sin(float64(i))
	}
	write := func(name string, shape ...int) {
		a, err := data.New(name, shape, values)
		if err == nil {
			err = data.Write(filepath.Join(dir, name+".npy"), a)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		program string
		shape   []int
		stream  string
	}{
		{"X: matrix(m, n); sum(log(1 + exp(X*w)))/m", []int{m, n}, "m"},
		{"X: matrix(n, N); norm2(X'*w - ones(N))^2/N", []int{n, m}, "N"},
		{"x[i]: vector(n), i = 1..N; sum(i, (x[i]'*w - 1)^2)/N", []int{m, n}, "N"},
	} {
		write("data", c.shape...)
		path := filepath.Join(dir, "data.npy")
		prog, err := nabla.NewProgram(nabla.ProgramRequest{Request: nabla.Request{Program: c.program, Wrt: []string{"w"}}, What: []nabla.What{nabla.ValueOf, nabla.GradientOf}})
		if err != nil {
			t.Fatal(err)
		}
		name := c.program[:1]
		run := func(o Options) []float64 {
			b, err := Bind(Request{Program: prog, Flag: "--data", Data: []string{name + "=" + path, "w=ones"}})
			if err != nil {
				t.Fatal(err)
			}
			defer b.Close()
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			mach, err := b.Machine(prog, o)
			if err != nil {
				t.Fatal(err)
			}
			if err := mach.Run(mach.Args, nil); err != nil {
				t.Fatal(err)
			}
			runtime.ReadMemStats(&after)
			if o.Memory > 0 {
				if used := after.TotalAlloc - before.TotalAlloc; used > 16<<20 || mach.Stream != c.stream {
					t.Errorf("%s, %+v: takes %d bytes, streamed along %q", c.program, o, used, mach.Stream)
				}
			}
			return append(slices.Clone(mach.Result(0)), mach.Result(1)...)
		}
		want := run(Options{})
		one := run(Options{Memory: 1e6, Threads: 1})
		if four := run(Options{Memory: 1e6, Threads: 4}); !slices.Equal(one, four) {
			t.Errorf("%s: %v by one thread, %v by four", c.program, one, four)
		}
		for _, got := range [][]float64{one, run(Options{Memory: 1e6, Block: 777, Threads: 2})} {
			for i, v := range got {
				if math.Abs(v-want[i]) > 1e-12*math.Max(1, math.Abs(want[i])) {
					t.Errorf("%s: entry %d is %v, in memory %v", c.program, i, v, want[i])
				}
			}
		}
	}

	values[(m-5)*n+3] = math.NaN()
	write("data", m, n)
	prog := program(t, "X: matrix(m, n); sum(X*w)")
	b, err := Bind(Request{Program: prog, Flag: "--data", Data: []string{"X=" + filepath.Join(dir, "data.npy"), "w=ones"}})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	mach, err := b.Machine(prog, Options{Memory: 1e6})
	if err == nil {
		err = mach.Run(mach.Args, nil)
	}
	if err == nil || !strings.HasPrefix(err.Error(), "X has NaN in row 1149996, column 4 of ") {
		t.Errorf("error %v", err)
	}
	// A file that has become shorter since is an error, not a wrong result.
	if err := os.Truncate(filepath.Join(dir, "data.npy"), 1000); err != nil {
		t.Fatal(err)
	}
	if err := mach.Run(mach.Args, nil); err == nil {
		t.Error("a truncated file is no error")
	}
	if _, err := b.Machine(program(t, "X: matrix(m, n); exp(X)*diag(w)"), Options{Memory: 1e6}); err == nil || !strings.Contains(err.Error(), "cannot be gone through in blocks") {
		t.Errorf("error %v", err)
	}
}

// TestStays goes through a file block by block though there is memory for it, and brings it
// into memory where only that will do.
func TestStays(t *testing.T) {
	const m, n = 4_200_000, 8 // 268 MB, of zeros that take no room on disk
	path := filepath.Join(t.TempDir(), "X.npy")
	header := fmt.Sprintf("{'descr': '<f8', 'fortran_order': False, 'shape': (%d, %d), }", m, n)
	header += strings.Repeat(" ", 117-len(header)) + "\n"
	f, err := os.Create(path)
	if err == nil {
		_, err = f.WriteString("\x93NUMPY\x01\x00" + string([]byte{byte(len(header)), 0}) + header)
	}
	if err == nil {
		err = f.Truncate(int64(10 + len(header) + 8*m*n))
	}
	if err != nil {
		t.Fatal(err)
	}
	f.Close()
	for text, stream := range map[string]string{"X: matrix(m, n); norm2(X*w)^2": "m", "X: matrix(m, n); X*w": ""} {
		if stream == "" && testing.Short() {
			continue // takes memory
		}
		prog := program(t, text)
		b, err := Bind(Request{Program: prog, Flag: "--data", Data: []string{"X=" + path, "w=ones"}})
		if err != nil {
			t.Fatal(err)
		}
		mach, err := b.Machine(prog, Options{})
		switch {
		case err != nil:
			t.Errorf("%s: %v", text, err)
		case mach.Stream != stream:
			t.Errorf("%s goes block by block along %q, want %q", text, mach.Stream, stream)
		default:
			if err := mach.Run(mach.Args, nil); err != nil || mach.Result(0)[0] != 0 {
				t.Errorf("%s is %v: %v", text, mach.Result(0)[0], err)
			}
		}
		b.Close()
	}
}

// TestSpilled runs over tables, compressed files and sparse matrices that are larger than
// memory is to be: with the results of a run in memory, and nothing left behind.
func TestSpilled(t *testing.T) {
	const m, n = 20000, 5
	dir, temp := t.TempDir(), t.TempDir()
	t.Setenv("TMPDIR", temp)
	var table, sparse strings.Builder
	sparse.WriteString("%%MatrixMarket matrix coordinate real general\n20000 5 2000\n")
	var numbers bytes.Buffer
	for i := range m {
		for j := range n {
			x := math.Sin(float64(i*n + j))
			fmt.Fprintf(&table, "%v%c", x, ",\n"[(j+1)/n])
			binary.Write(&numbers, binary.LittleEndian, x)
			if j == 0 && i%10 == 0 {
				fmt.Fprintln(&sparse, i+1, i%n+1, x)
			}
		}
	}
	var archive bytes.Buffer
	z := zip.NewWriter(&archive)
	f, _ := z.Create("X.npy")
	head := "{'descr': '<f8', 'fortran_order': False, 'shape': (20000, 5), }\n"
	f.Write(append([]byte("\x93NUMPY\x01\x00"), byte(len(head)), 0))
	io.WriteString(f, head)
	f.Write(numbers.Bytes())
	z.Close()
	prog, err := nabla.NewProgram(nabla.ProgramRequest{Request: nabla.Request{Program: "X: matrix(m, n); y: vector(m); norm2(X*w - y)^2/m", Wrt: []string{"w"}}, What: []nabla.What{nabla.ValueOf, nabla.GradientOf}})
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string]string{"X.csv": table.String(), "X.npz": archive.String(), "X.mtx": sparse.String()} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o666); err != nil {
			t.Fatal(err)
		}
		run := func(memory int64) []float64 {
			b, err := Bind(Request{Program: prog, Flag: "--data", Data: []string{"X=" + path, "y=ones", "w=ones"}, Memory: memory})
			if err != nil {
				t.Fatal(err)
			}
			defer b.Close()
			mach, err := b.Machine(prog, Options{Memory: memory})
			if err != nil {
				t.Fatal(err)
			}
			if err := mach.Run(mach.Args, nil); err != nil {
				t.Fatal(err)
			}
			if small := memory > 0; small != (mach.Stream == "m") || small != !b.Find("X").Array.InMemory() || small != (len(b.Notes) == 1) {
				t.Errorf("%s, %d bytes: streamed along %q, in memory %v, notes %q", name, memory, mach.Stream, b.Find("X").Array.InMemory(), b.Notes)
			}
			return append(slices.Clone(mach.Result(0)), mach.Result(1)...)
		}
		memory := int64(100_000)
		if name == "X.mtx" {
			if _, err := Bind(Request{Program: prog, Flag: "--data", Data: []string{"X=" + path, "y=ones", "w=ones"}, Memory: memory}); err == nil || !strings.Contains(err.Error(), "takes 800 kB with its zeros and 240 kB without") {
				t.Errorf("error %v", err)
			}
			memory = 300_000
		}
		want, got := run(0), run(memory)
		for i, v := range got {
			if math.Abs(v-want[i]) > 1e-12*math.Max(1, math.Abs(want[i])) {
				t.Errorf("%s: entry %d is %v, in memory %v", name, i, v, want[i])
			}
		}
	}
	if left, _ := filepath.Glob(filepath.Join(temp, "*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}
