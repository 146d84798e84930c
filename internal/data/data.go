// Package data reads and writes arrays of numbers: npy and npz files of NumPy, tables
// of text (csv and tsv, also compressed by gzip), and MatrixMarket.
//
// Start with [Open] for one array by name, or [Read] for all of a file; [Options] have the
// same with a bound on memory. Numbers are float64 in row-major order whatever the file
// has; [Array.Type] remembers that. What is large stays on disk: [Array.View] and
// [Array.Rows] give blocks of rows of any array, in memory or not, so that callers need
// not know which. [Write] writes a file as a whole or not at all.
package data

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
)

// A Type is the type of the numbers in a file, by NumPy's name.
type Type string

// The types of numbers that can be read. Files are written as Float32 or Float64.
const (
	Float64 Type = "float64"
	Float32 Type = "float32"
	Float16 Type = "float16"
	Int64   Type = "int64"
	Int32   Type = "int32"
	Int16   Type = "int16"
	Int8    Type = "int8"
	Uint64  Type = "uint64"
	Uint32  Type = "uint32"
	Uint16  Type = "uint16"
	Uint8   Type = "uint8"
	Bool    Type = "bool"
)

// An Array is a named array of numbers, in memory or in its file. Its methods that
// read may be called by several goroutines at once.
type Array struct {
	Name string
	// File is the file it was read from, as the caller named it; empty if none.
	File string
	// Shape has the sizes of its axes, all positive; none for a scalar.
	Shape []int
	// Type is that of the numbers in the file, and the one they are written as:
	// Float32 as such, all others as Float64.
	Type Type
	// Columns are the names of the columns of a table that has a header, else nil.
	Columns []string
	// Missing counts the fields of a table that are missing and read as NaN.
	Missing int
	// Notes say what in the file is worth telling and no error, one sentence each.
	Notes []string

	values  []float64 // in row-major order, unless stored
	stored  source
	rounded atomic.Int64
}

// A source has the numbers of an array that are not in memory as float64 one by one.
type source interface {
	// block reads the entries left ≤ c < right of the rows from ≤ r < to into dst, row
	// after row, and counts the numbers that were rounded.
	block(from, to, left, right int, dst []float64) (rounded int, err error)
	// reshaped is the same array with axes of length 1 added or taken away, which changes
	// no order.
	reshaped(shape []int) source
	shut() error
}

// New returns an array of values in row-major order, which it keeps. It is an error if
// an axis is not positive or the shape has not as many entries as values.
func New(name string, shape []int, values []float64) (*Array, error) {
	n, ok := entries(shape)
	if !ok {
		return nil, fmt.Errorf("%s: the shape %s is too large", name, ShapeText(shape))
	}
	if n == 0 {
		return nil, fmt.Errorf("%s: the shape %s has no entries", name, ShapeText(shape))
	}
	if n != len(values) {
		return nil, fmt.Errorf("%s: the shape %s has %d entries, %d values are given", name, ShapeText(shape), n, len(values))
	}
	return &Array{Name: name, Shape: slices.Clone(shape), Type: Float64, values: values}, nil
}

// Len is the number of entries.
func (a *Array) Len() int {
	n, _ := entries(a.Shape)
	return n
}

// NumRows is the size of the first axis, 1 for a scalar.
func (a *Array) NumRows() int {
	if len(a.Shape) == 0 {
		return 1
	}
	return a.Shape[0]
}

// RowLen is the number of entries with the same first index, 1 for a vector.
func (a *Array) RowLen() int {
	if len(a.Shape) == 0 {
		return 1
	}
	n, _ := entries(a.Shape[1:])
	return n
}

// InMemory tells whether the numbers are in memory; if not, each call of [Array.Values]
// reads them all, and [Array.View] and [Array.Rows] read what they are asked for.
func (a *Array) InMemory() bool { return a.stored == nil }

// Rounded counts the integers read so far that are no float64 and were rounded to the
// nearest.
func (a *Array) Rounded() int { return int(a.rounded.Load()) }

// Values returns all numbers in row-major order. They belong to the array if it is in
// memory and are read anew if it is not.
func (a *Array) Values() ([]float64, error) {
	if a.stored == nil {
		return a.values, nil
	}
	v := make([]float64, a.Len())
	if err := a.Rows(0, a.NumRows(), v); err != nil {
		return nil, err
	}
	return v, nil
}

// Rows puts the rows from ≤ r < to in dst, one after the other.
// It panics if there are no such rows or dst is too short.
func (a *Array) Rows(from, to int, dst []float64) error {
	return a.Block(from, to, 0, a.RowLen(), dst)
}

// View returns the rows from ≤ r < to, one after the other, to be read only: those in
// memory, or, of an array that is not, the first of buf with the rows read into it.
// It panics as [Array.Rows] does.
func (a *Array) View(from, to int, buf []float64) ([]float64, error) {
	w := a.RowLen()
	if a.stored == nil {
		a.inRange(from, to, 0, w)
		return a.values[from*w : to*w : to*w], nil
	}
	return buf[:(to-from)*w], a.Rows(from, to, buf)
}

// Block puts the entries left ≤ c < right of the rows from ≤ r < to in dst, row after
// row; for an array of more than two axes, c counts the entries of a row.
// It panics if there are no such entries or dst is too short.
func (a *Array) Block(from, to, left, right int, dst []float64) error {
	a.inRange(from, to, left, right)
	w := right - left
	dst = dst[:(to-from)*w]
	if a.stored != nil {
		rounded, err := a.stored.block(from, to, left, right, dst)
		a.rounded.Add(int64(rounded))
		if err != nil {
			return fileError(a.File, err)
		}
		return nil
	}
	n := a.RowLen()
	if w == n {
		copy(dst, a.values[from*n:to*n])
		return nil
	}
	for r := from; r < to; r++ {
		copy(dst[(r-from)*w:][:w], a.values[r*n+left:])
	}
	return nil
}

func (a *Array) inRange(from, to, left, right int) {
	if from < 0 || to < from || to > a.NumRows() || left < 0 || right < left || right > a.RowLen() {
		panic(fmt.Sprintf("data: rows %d:%d, entries %d:%d of an array of %d rows of %d", from, to, left, right, a.NumRows(), a.RowLen()))
	}
}

// WithRank returns the array with the given number of axes by taking axes of length 1
// away, from the left, or by adding them: a vector of length n becomes n × 1. The
// result shares numbers and file with a, which need not be closed as well. It tells
// false if the array has too many entries for that.
func (a *Array) WithRank(rank int) (*Array, bool) {
	shape := slices.Clone(a.Shape)
	for len(shape) > rank {
		i := slices.Index(shape, 1)
		if i < 0 {
			return nil, false
		}
		shape = slices.Delete(shape, i, i+1)
	}
	for len(shape) < rank {
		shape = append(shape, 1)
	}
	b := &Array{Name: a.Name, File: a.File, Shape: shape, Type: a.Type, Missing: a.Missing, Notes: a.Notes, values: a.values}
	if a.stored != nil {
		b.stored = a.stored.reshaped(shape)
	}
	b.rounded.Store(a.rounded.Load())
	if rank == len(a.Shape) {
		b.Columns = a.Columns
	}
	return b, true
}

// Close closes the file of an array that is not in memory, whose numbers cannot be
// read after that. A temporary file is gone then.
func (a *Array) Close() error {
	if a.stored == nil {
		return nil
	}
	return a.stored.shut()
}

// entries is the product of the sizes; it tells false if that or its bytes as float64
// are no int, or a size is negative.
func entries(shape []int) (int, bool) {
	const most = int(^uint(0)>>1) / 8
	n, empty := 1, false
	for _, s := range shape {
		switch {
		case s < 0:
			return 0, false
		case s == 0:
			empty = true
		case n > most/s:
			return 0, false
		default:
			n *= s
		}
	}
	if empty {
		return 0, true
	}
	return n, true
}

// ShapeText writes a shape as messages do: 442 × 10, 442, or "scalar".
func ShapeText(shape []int) string {
	if len(shape) == 0 {
		return "scalar"
	}
	parts := make([]string, len(shape))
	for i, s := range shape {
		parts[i] = strconv.Itoa(s)
	}
	return strings.Join(parts, " × ")
}
