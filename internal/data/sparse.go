package data

import (
	"cmp"
	"fmt"
	"slices"
)

// A cell is an entry of a sparse matrix that a file gives.
type cell struct {
	row, column int
	value       float64
}

// cellBytes is what a cell takes while it is read and sorted, and rowBytes a row.
const (
	cellBytes = 24 + 16
	rowBytes  = 8
)

// A sparse is an array of which the entries that are not 0 are in memory, row by row.
type sparse struct {
	width   int   // entries of a row
	start   []int // of each row, and the end of the last
	columns []int
	values  []float64
}

// newSparse keeps the cells of a matrix; those of the same place add up, in their order.
func newSparse(rows, width int, cells []cell) *sparse {
	slices.SortStableFunc(cells, func(x, y cell) int {
		return cmp.Or(cmp.Compare(x.row, y.row), cmp.Compare(x.column, y.column))
	})
	s := &sparse{width: width, start: make([]int, rows+1), columns: make([]int, 0, len(cells)), values: make([]float64, 0, len(cells))}
	row := 0
	for i, c := range cells {
		if i > 0 && cells[i-1].row == c.row && cells[i-1].column == c.column {
			s.values[len(s.values)-1] += c.value
			continue
		}
		for ; row < c.row; row++ {
			s.start[row+1] = len(s.values)
		}
		s.columns, s.values = append(s.columns, c.column), append(s.values, c.value)
	}
	for ; row < rows; row++ {
		s.start[row+1] = len(s.values)
	}
	return s
}

func (s *sparse) block(from, to, left, right int, dst []float64) (rounded int, err error) {
	w := right - left
	clear(dst[:(to-from)*w])
	for r := from; r < to; r++ {
		for k := s.start[r]; k < s.start[r+1]; k++ {
			if c := s.columns[k]; c >= left && c < right {
				dst[(r-from)*w+c-left] = s.values[k]
			}
		}
	}
	return 0, nil
}

func (s *sparse) reshaped(shape []int) source {
	rows, width := 1, 1
	if len(shape) > 0 {
		rows = shape[0]
		width, _ = entries(shape[1:])
	}
	if width == s.width {
		return s
	}
	cells := make([]cell, 0, len(s.values))
	for r := range len(s.start) - 1 {
		for k := s.start[r]; k < s.start[r+1]; k++ {
			at := r*s.width + s.columns[k]
			cells = append(cells, cell{at / width, at % width, s.values[k]})
		}
	}
	return newSparse(rows, width, cells)
}

func (s *sparse) shut() error { return nil }

// checkCells is an error if neither all entries of a matrix of so many cells are to be in
// memory, nor these alone.
func (m *matrixMarket) checkCells(n int) error {
	const most = 1 << 62
	all := int64(min(most, 8*float64(m.rows)*float64(m.columns)))
	some := int64(min(most, cellBytes*float64(n)+rowBytes*float64(m.rows)))
	if !m.exceeds(all) || !m.exceeds(some) {
		return nil
	}
	return &Error{Message: fmt.Sprintf("a sparse matrix of %d × %d with %s takes %s with its zeros and %s without, more than the memory to be used, %s", m.rows, m.columns, plural(n, "entry"),
		Bytes(all), Bytes(some), Bytes(m.Memory)), Hint: "--memory SIZE sets the memory to use"}
}

// keep keeps the cells of a matrix: all its entries in memory, or those alone that are not
// 0 where all would be too many.
func (m *matrixMarket) keep(a *Array, cells []cell) error {
	all := int64(a.Len())
	switch {
	case (m.Memory == 0 || m.exceeds(8*all)) && all > max(mostUnfilled, 1000*int64(len(cells))):
		return &Error{Message: fmt.Sprintf("%s entries with %d of them in the file are too many: with its zeros it takes %s", ShapeText(a.Shape), len(cells), Bytes(8*all))}
	case m.exceeds(8 * all):
		a.stored = newSparse(m.rows, m.columns, cells)
		a.Notes = append(a.Notes, fmt.Sprintf("%s: with its zeros it takes %s, more than the memory to be used; it is filled up block by block", m.name, Bytes(8*all)))
		return nil
	}
	a.values = make([]float64, all)
	for _, c := range cells {
		a.values[c.row*m.columns+c.column] += c.value
	}
	return nil
}
