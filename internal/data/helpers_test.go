package data

import (
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// file writes a file into a directory of the test and makes it the working directory,
// so that messages name the file as given.
func file(t testing.TB, name string, content []byte) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, name), content, 0o644); err != nil {
		t.Fatal(err)
	}
	if tt, ok := t.(*testing.T); ok {
		tt.Chdir(dir)
	}
	return name
}

// npyBytes is an npy file of version 1 with the given header and numbers.
func npyBytes(header string, numbers ...byte) []byte {
	b := append([]byte(npyMagic), 1, 0)
	b = binary.LittleEndian.AppendUint16(b, uint16(len(header)))
	return append(append(b, header...), numbers...)
}

func header(descr, order, shape string) string {
	return fmt.Sprintf("{'descr': %s, 'fortran_order': %s, 'shape': %s, }\n", descr, order, shape)
}

// f64 are the bytes of numbers, little-endian.
func f64(values ...float64) []byte {
	var b []byte
	for _, v := range values {
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(v))
	}
	return b
}

// equal compares numbers; NaN is equal to NaN.
func equal(a, b []float64) bool {
	return slices.EqualFunc(a, b, func(x, y float64) bool { return x == y || x != x && y != y })
}

// want fails unless the array has the shape and the values.
func want(t *testing.T, a *Array, shape []int, values ...float64) {
	t.Helper()
	got, err := a.Values()
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(a.Shape, shape) || !equal(got, values) {
		t.Errorf("%s: shape %v values %v, want %v %v", a.Name, a.Shape, got[:min(8, len(got))], shape, values[:min(8, len(values))])
	}
}

func open(t *testing.T, name, path string) *Array {
	t.Helper()
	a, err := Open(name, path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Close() })
	return a
}
