package data

import (
	"archive/zip"
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
)

func TestNpyTypes(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	for _, c := range []struct {
		descr string
		bytes []byte
		typ   Type
		want  []float64
	}{
		{"'<f8'", f64(1.5, math.Inf(-1)), Float64, []float64{1.5, -inf}},
		{"'>f8'", binary.BigEndian.AppendUint64(nil, math.Float64bits(-2.25)), Float64, []float64{-2.25}},
		{"'<f4'", binary.LittleEndian.AppendUint32(nil, math.Float32bits(0.1)), Float32, []float64{float64(float32(0.1))}},
		{"'>f4'", binary.BigEndian.AppendUint32(nil, math.Float32bits(-3)), Float32, []float64{-3}},
		{"'<f2'", []byte{0, 0x3c, 0, 0xc0, 0xff, 0x7b, 1, 0, 0, 0x7c, 0, 0xfc, 1, 0x7c, 0, 0x80}, Float16,
			[]float64{1, -2, 65504, 0x1p-24, inf, -inf, nan, 0}},
		{"'|i1'", []byte{1, 0xff}, Int8, []float64{1, -1}},
		{"'<i2'", []byte{1, 0, 0xff, 0xff}, Int16, []float64{1, -1}},
		{"'>i2'", []byte{1, 0}, Int16, []float64{256}},
		{"'<i4'", []byte{0xfe, 0xff, 0xff, 0xff}, Int32, []float64{-2}},
		{"'>i4'", []byte{0, 1, 0, 0}, Int32, []float64{65536}},
		{"'<i8'", []byte{0xfd, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}, Int64, []float64{-3}},
		{"'>i8'", []byte{0, 0, 0, 0, 0, 0, 1, 0}, Int64, []float64{256}},
		{"'|u1'", []byte{255}, Uint8, []float64{255}},
		{"'<u2'", []byte{0xff, 0xff}, Uint16, []float64{65535}},
		{"'<u4'", []byte{0xff, 0xff, 0xff, 0xff}, Uint32, []float64{1<<32 - 1}},
		{"'<u8'", []byte{0, 0, 0, 0, 0, 0, 0, 0x80}, Uint64, []float64{1 << 63}},
		{"'|b1'", []byte{0, 1, 2}, Bool, []float64{0, 1, 1}},
	} {
		t.Run(c.descr, func(t *testing.T) {
			file(t, "X.npy", npyBytes(header(c.descr, "False", fmt.Sprintf("(%d,)", len(c.want))), c.bytes...))
			a := open(t, "X", "X.npy")
			want(t, a, []int{len(c.want)}, c.want...)
			if a.Type != c.typ || a.Rounded() != 0 || a.Notes != nil {
				t.Errorf("type %s, %d rounded, notes %q", a.Type, a.Rounded(), a.Notes)
			}
		})
	}
}

// TestNpyRounded checks that integers that are no float64 are counted.
func TestNpyRounded(t *testing.T) {
	var b []byte
	for _, k := range []uint64{1 << 53, 1<<53 + 1, math.MaxInt64, 7} {
		b = binary.LittleEndian.AppendUint64(b, k)
	}
	for _, descr := range []string{"'<i8'", "'<u8'"} {
		t.Run(descr, func(t *testing.T) {
			file(t, "k.npy", npyBytes(header(descr, "False", "(4,)"), b...))
			a := open(t, "k", "k.npy")
			want(t, a, []int{4}, 1<<53, 1<<53, 1<<63, 7)
			if a.Rounded() != 2 || !slices.Equal(a.Notes, []string{"2 integers beyond 2⁵³ rounded to float64"}) {
				t.Errorf("%d rounded, notes %q", a.Rounded(), a.Notes)
			}
		})
	}
}

func TestNpyHeaders(t *testing.T) {
	for _, c := range []struct {
		name    string
		content []byte
		shape   []int
		values  []float64
	}{
		{"scalar", npyBytes(header("'<f8'", "False", "()"), f64(7)...), nil, []float64{7}},
		{"vector in Fortran's order", npyBytes(header("'<f8'", "True", "(2,)"), f64(7, 8)...), []int{2}, []float64{7, 8}},
		{"matrix in Fortran's order", npyBytes(header("'<f8'", "True", "(2, 3)"), f64(1, 4, 2, 5, 3, 6)...), []int{2, 3}, []float64{1, 2, 3, 4, 5, 6}},
		{"three axes in Fortran's order", npyBytes(header("'<f8'", "True", "(2, 1, 3)"), f64(1, 4, 2, 5, 3, 6)...), []int{2, 1, 3}, []float64{1, 2, 3, 4, 5, 6}},
		{"integers of Python 2, keys in another order", npyBytes("{ \"shape\":(1L,2L),'fortran_order' : False,\n'descr':'<f8'}", f64(1, 2)...), []int{1, 2}, []float64{1, 2}},
		{"version 2", append([]byte(npyMagic+"\x02\x00\x3a\x00\x00\x00"+header("'<f8'", "False", "(1,)")), f64(3)...), []int{1}, []float64{3}},
		{"version 3", append([]byte(npyMagic+"\x03\x00\x3a\x00\x00\x00"+header("'<f8'", "False", "(1,)")), f64(3)...), []int{1}, []float64{3}},
	} {
		t.Run(c.name, func(t *testing.T) {
			file(t, "X.npy", c.content)
			want(t, open(t, "X", "X.npy"), c.shape, c.values...)
			for _, method := range []uint16{zip.Store, zip.Deflate} {
				file(t, "X.npz", zipped(t, method, "X.npy", c.content))
				want(t, open(t, "X", "X.npz"), c.shape, c.values...)
			}
		})
	}
}

// TestTrailing checks that bytes after an array are noted.
func TestTrailing(t *testing.T) {
	b := append(npyBytes(header("'<f8'", "False", "(1,)"), f64(3)...), "abc"...)
	file(t, "X.npy", b)
	if a := open(t, "X", "X.npy"); !slices.Equal(a.Notes, []string{"3 bytes after the array are not read"}) {
		t.Errorf("%q", a.Notes)
	}
	file(t, "X.npz", zipped(t, zip.Deflate, "X.npy", b))
	if a := open(t, "X", "X.npz"); !slices.Equal(a.Notes, []string{"3 bytes after the array are not read"}) {
		t.Errorf("%q", a.Notes)
	}
}

func TestNpzMembers(t *testing.T) {
	x := npyBytes(header("'<f8'", "False", "()"), f64(1)...)
	y := npyBytes(header("'<f8'", "False", "()"), f64(2)...)
	file(t, "two.npz", zipped(t, zip.Store, "X.npy", x, "y.npy", y, "about.txt", []byte("notes")))
	want(t, open(t, "X", "two.npz"), nil, 1)
	want(t, open(t, "y", "two.npz"), nil, 2)
	want(t, open(t, "z", "two.npz:y"), nil, 2)
	all, err := Read("two.npz")
	if err != nil || len(all) != 2 {
		t.Fatal(all, err)
	}
	for i, name := range []string{"X", "y"} {
		if a := all[i]; a.Name != name {
			t.Errorf("array %d is called %s", i, a.Name)
		}
		want(t, all[i], nil, float64(i+1))
	}
	one, err := Read("two.npz:y")
	if err != nil || len(one) != 1 || one[0].Name != "y" {
		t.Fatal(one, err)
	}
	file(t, "one.npz", zipped(t, zip.Deflate, "W1.npy", x))
	want(t, open(t, "X", "one.npz"), nil, 1)
}

// TestStored compares blocks read from a file with those of the array in memory: all
// ranks, both orders, in npy files and stored in npz.
func TestStored(t *testing.T) {
	seed := rand.Uint64()
	defer func() {
		if t.Failed() {
			t.Logf("seed %d", seed)
		}
	}()
	rng := rand.New(rand.NewPCG(seed, 1))
	for _, shape := range [][]int{{}, {13}, {100003}, {7, 5}, {1, 11}, {211, 331}, {3, 40009}, {40009, 3}, {5, 3, 7}, {17, 2, 3, 5}} {
		for _, order := range []string{"False", "True"} {
			for _, descr := range []string{"'<f8'", "'<f4'", "'>i2'", "'|u1'"} {
				n, _ := entries(shape)
				size := int(descr[3] - '0')
				bytes := make([]byte, n*size)
				for i := range bytes {
					bytes[i] = byte(rng.Uint32())
				}
				content := npyBytes(header(descr, order, tuple(shape)), bytes...)
				file(t, "X.npy", content)
				if err := os.WriteFile("X.npz", zipped(t, zip.Store, "a.npy", content, "X.npy", content), 0o644); err != nil {
					t.Fatal(err)
				}
				inMemory := open(t, "X", "X.npy")
				if !inMemory.InMemory() {
					t.Fatal("not in memory")
				}
				values, _ := inMemory.Values()
				for _, path := range []string{"X.npy", "X.npz"} {
					a, err := reader{}.open("X", path)
					if err != nil {
						t.Fatal(err)
					}
					if a.InMemory() {
						t.Fatal("in memory")
					}
					want(t, a, inMemory.Shape, values...)
					for range 20 {
						from, left := rng.IntN(a.NumRows()+1), rng.IntN(a.RowLen()+1)
						to, right := from+rng.IntN(a.NumRows()+1-from), left+rng.IntN(a.RowLen()+1-left)
						if rng.IntN(2) == 0 {
							left, right = 0, a.RowLen()
						}
						got, expect := make([]float64, (to-from)*(right-left)), make([]float64, (to-from)*(right-left))
						if err := a.Block(from, to, left, right, got); err != nil {
							t.Fatal(err)
						}
						if err := inMemory.Block(from, to, left, right, expect); err != nil {
							t.Fatal(err)
						}
						if !equal(got, expect) {
							t.Fatalf("%v %s %s: rows %d:%d entries %d:%d differ", shape, order, descr, from, to, left, right)
						}
						view, err := a.View(from, to, make([]float64, a.Len()))
						if err != nil || !equal(view, values[from*a.RowLen():to*a.RowLen()]) {
							t.Fatalf("%v %s %s: view of rows %d:%d differs: %v", shape, order, descr, from, to, err)
						}
					}
					if err := a.Close(); err != nil {
						t.Fatal(err)
					}
				}
			}
		}
	}
}

func tuple(shape []int) string {
	s := "("
	for _, n := range shape {
		s += fmt.Sprint(n) + ","
	}
	if s == "(" {
		return "()"
	}
	return s + ")"
}

// TestShrunk checks that a file that becomes shorter while it is read is an error.
func TestShrunk(t *testing.T) {
	file(t, "X.npy", npyBytes(header("'<f8'", "False", "(1000,)"), make([]byte, 8000)...))
	a, err := reader{}.open("X", "X.npy")
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	if err := os.Truncate("X.npy", 4000); err != nil {
		t.Fatal(err)
	}
	if err := a.Rows(0, 100, make([]float64, 100)); err != nil {
		t.Error(err)
	}
	_, err = a.Values()
	if err == nil || err.Error() != "X.npy: the file ends within the numbers: it has become shorter since it was opened" {
		t.Error(err)
	}
}

// TestSharedInput checks that arrays of one npz file can be closed one by one, twice.
func TestSharedInput(t *testing.T) {
	x := npyBytes(header("'<f8'", "False", "(2,)"), f64(1, 2)...)
	file(t, "two.npz", zipped(t, zip.Store, "X.npy", x, "y.npy", x))
	all, err := reader{}.readAll("two.npz")
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := all[0].Close(); err != nil {
			t.Error(err)
		}
	}
	want(t, all[1], []int{2}, 1, 2)
	if err := all[1].Close(); err != nil {
		t.Error(err)
	}
	if _, err := all[1].Values(); err == nil {
		t.Error("a closed array can be read")
	}
}

func TestWithRank(t *testing.T) {
	for _, c := range []struct {
		shape []int
		rank  int
		want  []int // nil if there is none
	}{
		{[]int{5}, 2, []int{5, 1}},
		{[]int{5, 1}, 1, []int{5}},
		{[]int{1, 5}, 1, []int{5}},
		{[]int{1, 1}, 0, []int{}},
		{[]int{1}, 0, []int{}},
		{[]int{}, 2, []int{1, 1}},
		{[]int{5, 2}, 1, nil},
		{[]int{5}, 0, nil},
		{[]int{5, 2}, 2, []int{5, 2}},
	} {
		n, _ := entries(c.shape)
		a, err := New("X", c.shape, make([]float64, n))
		if err != nil {
			t.Fatal(err)
		}
		b, ok := a.WithRank(c.rank)
		if ok != (c.want != nil) || ok && !slices.Equal(b.Shape, c.want) {
			t.Errorf("%v with rank %d: %v %v", c.shape, c.rank, b, ok)
		}
	}
}

// TestStoredWithRank checks that axes of length 1 change no order of a stored array.
func TestStoredWithRank(t *testing.T) {
	for _, shape := range [][]int{{6}, {1, 6}, {6, 1}, {2, 3}, {1, 2, 3}, {2, 1, 3}, {2, 3, 1}} {
		for _, order := range []string{"False", "True"} {
			file(t, "X.npy", npyBytes(header("'<f8'", order, tuple(shape)), f64(0, 1, 2, 3, 4, 5)...))
			inMemory := open(t, "X", "X.npy")
			values, _ := inMemory.Values()
			a, err := reader{}.open("X", "X.npy")
			if err != nil {
				t.Fatal(err)
			}
			for rank := range 5 {
				if b, ok := a.WithRank(rank); ok {
					want(t, b, b.Shape, values...)
					half := make([]float64, b.Len())
					if err := b.Rows(b.NumRows()/2, b.NumRows(), half); err != nil {
						t.Fatal(err)
					}
					at := b.NumRows() / 2 * b.RowLen()
					if !equal(half[:len(half)-at], values[at:]) {
						t.Errorf("%v as %v in order %s: the rows from the middle are %v of %v", shape, b.Shape, order, half, values)
					}
				}
			}
			a.Close()
		}
	}
}

func TestNew(t *testing.T) {
	for _, c := range []struct {
		shape []int
		n     int
		want  string
	}{
		{[]int{2, 3}, 5, "X: the shape 2 × 3 has 6 entries, 5 values are given"},
		{[]int{0, 3}, 0, "X: the shape 0 × 3 has no entries"},
		{[]int{1 << 30, 1 << 30, 1 << 30}, 0, "X: the shape 1073741824 × 1073741824 × 1073741824 is too large"},
	} {
		if _, err := New("X", c.shape, make([]float64, c.n)); err == nil || err.Error() != c.want {
			t.Errorf("%v: %v", c.shape, err)
		}
	}
}
