package data

import (
	"archive/zip"
	"bufio"
	"encoding/binary"
	encoding "encoding/csv"
	"fmt"
	"io"
	"math"
	"strconv"
	"time"
)

// blocks calls do with all numbers of an array in row-major order, block by block.
func blocks(a *Array, do func([]float64) error) error {
	rows := max(1, buffer/8/a.RowLen())
	var buf []float64
	if !a.InMemory() {
		buf = make([]float64, min(rows, a.NumRows())*a.RowLen())
	}
	for r := 0; r < a.NumRows(); r += rows {
		v, err := a.View(r, min(r+rows, a.NumRows()), buf)
		if err != nil {
			return err
		}
		if err := do(v); err != nil {
			return err
		}
	}
	return nil
}

func writeNpy(w io.Writer, a *Array) error {
	if err := writeHeader(w, a.Type, a.Shape); err != nil {
		return err
	}
	var b []byte
	return blocks(a, func(v []float64) error {
		b = b[:0]
		for _, x := range v {
			if a.Type == Float32 {
				b = binary.LittleEndian.AppendUint32(b, math.Float32bits(float32(x)))
			} else {
				b = binary.LittleEndian.AppendUint64(b, math.Float64bits(x))
			}
		}
		_, err := w.Write(b)
		return err
	})
}

// writeNpz writes a zip archive that is not compressed, as numpy.savez does, with the
// same bytes whenever it is written.
func writeNpz(w io.Writer, arrays []*Array) error {
	z := zip.NewWriter(w)
	for _, a := range arrays {
		m, err := z.CreateHeader(&zip.FileHeader{Name: a.Name + ".npy", Method: zip.Store,
			Modified: time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)})
		if err != nil {
			return err
		}
		if err := writeNpy(m, a); err != nil {
			return err
		}
	}
	return z.Close()
}

// formatNumber is the shortest text that reads back as the same number.
func formatNumber(b []byte, x float64, t Type) []byte {
	bits := 64
	if t == Float32 {
		bits = 32
	}
	return strconv.AppendFloat(b, x, 'g', -1, bits)
}

// flat is the shape of an array as a table: a vector is a column.
func flat(a *Array) (rows, columns int, err error) {
	if len(a.Shape) > 2 {
		return 0, 0, &Error{Message: fmt.Sprintf("%s is %s, and a table has two axes", a.Name, ShapeText(a.Shape)), Hint: "npy and npz files take any shape"}
	}
	return a.NumRows(), a.RowLen(), nil
}

func writeTable(w io.Writer, a *Array, separator byte) error {
	_, columns, err := flat(a)
	if err != nil {
		return err
	}
	b := bufio.NewWriter(w)
	if len(a.Columns) == columns {
		header := encoding.NewWriter(b)
		header.Comma = rune(separator)
		if err := header.Write(a.Columns); err != nil {
			return err
		}
		header.Flush()
	}
	var number []byte
	err = blocks(a, func(v []float64) error {
		for i, x := range v {
			number = formatNumber(number[:0], x, a.Type)
			if (i+1)%columns == 0 {
				number = append(number, '\n')
			} else {
				number = append(number, separator)
			}
			if _, err := b.Write(number); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return b.Flush()
}

// writeMatrixMarket writes the array format, which goes column by column.
func writeMatrixMarket(w io.Writer, a *Array) error {
	rows, columns, err := flat(a)
	if err != nil {
		return err
	}
	values, err := a.Values()
	if err != nil {
		return err
	}
	b := bufio.NewWriter(w)
	fmt.Fprintf(b, "%%%%MatrixMarket matrix array real general\n%d %d\n", rows, columns)
	var number []byte
	for c := range columns {
		for r := range rows {
			number = append(formatNumber(number[:0], values[r*columns+c], a.Type), '\n')
			if _, err := b.Write(number); err != nil {
				return err
			}
		}
	}
	return b.Flush()
}
