package data

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

const mtxMagic = "%%matrixmarket"

// mostUnfilled bounds a matrix of coordinates as all its entries: it may have that many,
// or 1000 for each that the file gives.
const mostUnfilled = 1 << 22

// A matrixMarket reads a file of MatrixMarket (Boisvert, Pozo and Remington, 1996), as
// all its entries: coordinate or array format; real, integer or pattern; general,
// symmetric or skew-symmetric.
type matrixMarket struct {
	*text
	line   int
	buf    []byte   // the line
	fields []string // its fields, and where they begin
	starts []int

	coordinate bool
	field      string // real, integer or pattern
	symmetry   string // general, symmetric or skew-symmetric
	rows       int
	columns    int
	count      int // of entries in coordinate format
}

func readMatrixMarket(t *text) (*Array, error) {
	m := &matrixMarket{text: t}
	if err := m.banner(); err != nil {
		return nil, err
	}
	if err := m.sizes(); err != nil {
		return nil, err
	}
	a := &Array{Shape: []int{m.rows, m.columns}, Type: Float64}
	switch m.field {
	case "integer":
		a.Type = Int64
	case "pattern":
		a.Type = Bool
	}
	var err error
	if m.coordinate {
		err = m.coordinates(a)
	} else {
		err = m.array(a)
	}
	if err != nil {
		return nil, err
	}
	if more, err := m.next(); err != nil || more {
		a.Close()
		if err == nil {
			err = m.errorAt(whole, "there are more entries than the size line says, %s", m.said())
		}
		return nil, err
	}
	a.noteRounded()
	return a, nil
}

// whole is no field of a line but all of it.
const whole = -1

// errorAt is an error at a field of the line.
func (m *matrixMarket) errorAt(field int, format string, args ...any) *Error {
	e := &Error{Line: m.line, Message: fmt.Sprintf(format, args...)}
	if field >= 0 {
		e.Column = m.starts[field] + 1
	}
	return e
}

// longestLine bounds a line; comments may be long.
const longestLine = 1 << 20

// read reads a line, without its end, and tells false where there is none.
func (m *matrixMarket) read() (string, bool, error) {
	m.buf = m.buf[:0]
	for {
		part, err := m.ReadSlice('\n')
		m.buf = append(m.buf, part...)
		switch {
		case err == nil, err == io.EOF && len(m.buf) > 0:
			m.line++
			return string(bytes.TrimRight(m.buf, "\r\n")), true, nil
		case err == io.EOF:
			return "", false, nil
		case !errors.Is(err, bufio.ErrBufferFull):
			return "", false, err
		case len(m.buf) > longestLine:
			m.line++
			return "", false, m.errorAt(whole, "the line is longer than %d bytes", longestLine)
		}
	}
}

// next splits the next line into fields that is neither blank nor a comment.
func (m *matrixMarket) next() (bool, error) {
	for {
		line, ok, err := m.read()
		if !ok || err != nil {
			return false, err
		}
		if strings.HasPrefix(line, "%") {
			continue
		}
		m.fields, m.starts = m.fields[:0], m.starts[:0]
		for i := 0; i < len(line); {
			if line[i] == ' ' || line[i] == '\t' {
				i++
				continue
			}
			end := i
			for end < len(line) && line[end] != ' ' && line[end] != '\t' {
				end++
			}
			m.fields, m.starts = append(m.fields, line[i:end]), append(m.starts, i)
			i = end
		}
		if len(m.fields) > 0 {
			return true, nil
		}
	}
}

// banner reads the first line: %%MatrixMarket matrix FORMAT FIELD SYMMETRY.
func (m *matrixMarket) banner() error {
	line, _, err := m.read()
	if err != nil {
		return err
	}
	words := strings.Fields(strings.ToLower(line))
	if len(words) == 0 || words[0] != mtxMagic {
		return m.errorAt(whole, "not a MatrixMarket file: it does not begin with %%%%MatrixMarket")
	}
	if len(words) != 5 {
		return m.errorAt(whole, "the first line has %s, MatrixMarket has 5: %%%%MatrixMarket matrix FORMAT FIELD SYMMETRY", plural(len(words), "word"))
	}
	if words[1] != "matrix" {
		return m.errorAt(whole, "a MatrixMarket %s is not read, a matrix is", clip(words[1]))
	}
	switch words[2] {
	case "coordinate":
		m.coordinate = true
	case "array":
	default:
		return m.errorAt(whole, "the format %s is not known: coordinate and array are", clip(words[2]))
	}
	switch m.field = words[3]; m.field {
	case "real", "integer":
	case "double":
		m.field = "real"
	case "complex":
		return m.errorAt(whole, "the matrix holds complex numbers, not real ones")
	case "pattern":
		if !m.coordinate {
			return m.errorAt(whole, "a pattern has no array format")
		}
	default:
		return m.errorAt(whole, "the field %s is not known: real, integer and pattern are", clip(words[3]))
	}
	switch m.symmetry = words[4]; m.symmetry {
	case "general", "symmetric":
	case "skew-symmetric":
		if m.field == "pattern" {
			return m.errorAt(whole, "a pattern cannot be skew-symmetric")
		}
	case "hermitian":
		return m.errorAt(whole, "a hermitian matrix holds complex numbers, not real ones")
	default:
		return m.errorAt(whole, "the symmetry %s is not known: general, symmetric and skew-symmetric are", clip(words[4]))
	}
	return nil
}

// sizes reads the line with the rows, the columns and, in coordinate format, the entries.
func (m *matrixMarket) sizes() error {
	ok, err := m.next()
	if err != nil {
		return err
	}
	if !ok {
		return &Error{Message: "truncated: there is no line with the sizes"}
	}
	want := []*int{&m.rows, &m.columns}
	names := "rows and columns"
	if m.coordinate {
		want = append(want, &m.count)
		names = "rows, columns and entries"
	}
	if len(m.fields) != len(want) {
		return m.errorAt(whole, "the line with the sizes has %s, not %d for %s", plural(len(m.fields), "field"), len(want), names)
	}
	for i, p := range want {
		n, err := strconv.Atoi(m.fields[i])
		if errors.Is(err, strconv.ErrRange) {
			return m.errorAt(i, "the size %s is too large", clip(m.fields[i]))
		}
		if err != nil || n < 0 {
			return m.errorAt(i, "%q is no size", clip(m.fields[i]))
		}
		*p = n
	}
	shape := []int{m.rows, m.columns}
	if err := noRows(shape); err != nil {
		return err
	}
	if _, ok := entries(shape); !ok {
		return m.errorAt(whole, "the shape %s is too large", ShapeText(shape))
	}
	if m.symmetry != "general" && m.rows != m.columns {
		return m.errorAt(whole, "a %s matrix of %s is not square", m.symmetry, ShapeText(shape))
	}
	return nil
}

// said is what the size line says of the entries.
func (m *matrixMarket) said() string {
	if m.coordinate {
		return plural(m.count, "entry")
	}
	return fmt.Sprintf("%d for a %s matrix of %d × %d", m.given(), m.symmetry, m.rows, m.columns)
}

// given is how many entries the array format gives: of a symmetric matrix those not
// above the diagonal, of a skew-symmetric one those below it.
func (m *matrixMarket) given() int {
	n := m.rows
	switch m.symmetry {
	case "symmetric":
		return n*(n-1)/2 + n
	case "skew-symmetric":
		return n * (n - 1) / 2
	}
	return n * m.columns
}

// entry reads the next line of n fields, the entry at the index k of all.
func (m *matrixMarket) entry(k, n int) error {
	ok, err := m.next()
	if err != nil {
		return err
	}
	if !ok {
		return &Error{Message: fmt.Sprintf("truncated: the file has %s, the size line says %s", plural(k, "entry"), m.said())}
	}
	if len(m.fields) != n {
		return m.errorAt(whole, "an entry has %s here, not %d", plural(len(m.fields), "field"), n)
	}
	return nil
}

// value reads a field as the number of an entry.
func (m *matrixMarket) value(field int, a *Array) (float64, error) {
	text := m.fields[field]
	if m.field == "integer" {
		k, err := strconv.ParseInt(text, 10, 64)
		if errors.Is(err, strconv.ErrRange) {
			return 0, m.errorAt(field, "the integer %s is too large", clip(text))
		}
		if err != nil {
			return 0, m.errorAt(field, "%q is no integer, as the first line says", clip(text))
		}
		v, exact := ofInt(k)
		if !exact {
			a.rounded.Add(1)
		}
		return v, nil
	}
	v, err := strconv.ParseFloat(text, 64)
	if errors.Is(err, strconv.ErrRange) {
		return 0, m.errorAt(field, "%s is too large for float64", clip(text))
	}
	if err != nil {
		return 0, m.errorAt(field, "%q is no number", clip(text))
	}
	return v, nil
}

// coordinates reads entries of the form ROW COLUMN VALUE; those of the same place add up.
func (m *matrixMarket) coordinates(a *Array) error {
	given := m.count
	if m.symmetry != "general" {
		given *= 2
	}
	if err := m.checkCells(given); err != nil {
		return err
	}
	var list []cell
	n := 3
	if m.field == "pattern" {
		n = 2
	}
	for k := range m.count {
		if err := m.entry(k, n); err != nil {
			return err
		}
		e := cell{value: 1}
		var err error
		if e.row, err = m.index(0, "row", m.rows); err != nil {
			return err
		}
		if e.column, err = m.index(1, "column", m.columns); err != nil {
			return err
		}
		if n == 3 {
			if e.value, err = m.value(2, a); err != nil {
				return err
			}
		}
		if m.symmetry == "skew-symmetric" && e.row == e.column && e.value != 0 {
			return m.errorAt(2, "a skew-symmetric matrix has zeros on its diagonal, not %s", clip(m.fields[2]))
		}
		list = append(list, e)
		if e.row != e.column && m.symmetry != "general" {
			e.row, e.column = e.column, e.row
			if m.symmetry == "skew-symmetric" {
				e.value = -e.value
			}
			list = append(list, e)
		}
	}
	return m.keep(a, list)
}

// index reads a field as an index from 1 to n and returns it from 0.
func (m *matrixMarket) index(field int, what string, n int) (int, error) {
	k, err := strconv.Atoi(m.fields[field])
	if err != nil && !errors.Is(err, strconv.ErrRange) {
		return 0, m.errorAt(field, "%q is no index of a %s", clip(m.fields[field]), what)
	}
	if k < 1 || k > n {
		return 0, m.errorAt(field, "there is no %s %s: the matrix is %d × %d", what, clip(m.fields[field]), m.rows, m.columns)
	}
	return k - 1, nil
}

// array reads all entries, column by column, or the part that symmetry leaves.
func (m *matrixMarket) array(a *Array) error {
	given := m.given()
	if m.exceeds(8 * int64(given+a.Len())) {
		return m.spilled(a)
	}
	var list []float64
	if m.raw && int64(given) <= m.size/2+1 { // a digit and the end of the line
		list = make([]float64, 0, given)
	}
	for k := range given {
		if err := m.entry(k, 1); err != nil {
			return err
		}
		v, err := m.value(0, a)
		if err != nil {
			return err
		}
		list = append(list, v)
	}
	a.values = make([]float64, a.Len())
	for c, k := 0, 0; c < m.columns; c++ {
		first := 0
		switch m.symmetry {
		case "symmetric":
			first = c
		case "skew-symmetric":
			first = c + 1
		}
		for r := first; r < m.rows; r++ {
			v := list[k]
			k++
			a.values[r*m.columns+c] = v
			switch m.symmetry {
			case "symmetric":
				a.values[c*m.columns+r] = v
			case "skew-symmetric":
				a.values[c*m.columns+r] = -v
			}
		}
	}
	return nil
}

// spilled reads all entries into a temporary file.
func (m *matrixMarket) spilled(a *Array) error {
	if m.symmetry != "general" {
		return &Error{Message: fmt.Sprintf("a %s matrix of %s takes %s in memory, more than is to be used, %s", m.symmetry, ShapeText(a.Shape), Bytes(8*int64(m.given()+a.Len())), Bytes(m.Memory)),
			Hint: "--memory SIZE sets the memory to use"}
	}
	s, err := newSpill(m.name)
	if err != nil {
		return err
	}
	var list []float64
	for k := range m.given() {
		var v float64
		if err = m.entry(k, 1); err == nil {
			v, err = m.value(0, a)
		}
		if list = append(list, v); err == nil && (len(list) == 1<<13 || k == m.given()-1) {
			err = s.floats(list)
			list = list[:0]
		}
		if err != nil {
			s.discard()
			return err
		}
	}
	return s.done(a, stored{from: s.file, num: spilled, order: true}.withShape(a.Shape))
}
