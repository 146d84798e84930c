package bind

import (
	"fmt"
	"math"
	"slices"

	"example.com/nabla/internal/expr"
	"example.com/nabla/internal/plan"
)

// CheckFinite returns an error that says where the first NaN or infinity is in the data
// that are in memory. Those that stay in their files are looked at as they are read.
func (b *Bound) CheckFinite() error {
	for _, v := range b.Variables {
		if v.Array == nil || !v.Array.InMemory() {
			continue
		}
		values, err := v.Array.Values()
		if err != nil {
			return err
		}
		if i := notFinite(values); i >= 0 {
			return v.notFinite(i, values[i])
		}
	}
	return nil
}

// check looks at data that were left in their file until now.
func (v *Variable) check(values []float64, allowsNaN bool) error {
	if !allowsNaN {
		if i := notFinite(values); i >= 0 {
			return v.notFinite(i, values[i])
		}
	}
	return v.checkFacts(values)
}

// notFinite returns the place of the first NaN or infinity, −1 if there is none.
func notFinite(values []float64) int {
	sum := 0.0
	for _, x := range values {
		sum += x * 0
	}
	if sum == 0 {
		return -1
	}
	for i, x := range values {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return i
		}
	}
	return -1
}

// notFinite says which entry of a variable's data is no finite number.
func (v *Variable) notFinite(i int, x float64) error {
	what := "NaN"
	if math.IsInf(x, 0) {
		what = "an infinity"
	}
	e := &Error{Message: fmt.Sprintf("%s has %s in %s of %s", v.Sym.Name, what, v.place(i), v.From),
		Hint: "--allow-nan computes with it"}
	if n := v.Array.Missing; n > 0 {
		e.Notes = []string{fmt.Sprintf("%d fields of the table are missing", n)}
		if n == 1 {
			e.Notes = []string{"one field of the table is missing"}
		}
	}
	return e
}

// place names an entry: row 17, column 3 (bmi).
func (v *Variable) place(i int) string {
	shape := v.Array.Shape
	switch len(shape) {
	case 0:
		return "its value"
	case 1:
		return fmt.Sprintf("entry %d", i+1)
	}
	w := v.Array.RowLen()
	s := fmt.Sprintf("row %d, column %d", i/w+1, i%w+1)
	if c := v.Array.Columns; i%w < len(c) {
		s += fmt.Sprintf(" (%s)", c[i%w])
	}
	return s
}

// checked is the rows of an array that are finite numbers, unless all are allowed, and what
// the variable is declared to be; others are an error.
type checked struct {
	v         *Variable
	allowsNaN bool
}

func (f checked) View(from, to int, buf []float64) ([]float64, error) {
	rows, err := f.v.Array.View(from, to, buf)
	if err == nil && !f.allowsNaN {
		if i := notFinite(rows); i >= 0 {
			err = f.v.notFinite(from*f.v.Array.RowLen()+i, rows[i])
		}
	}
	if err == nil {
		err = f.v.checkRows(from, rows)
	}
	return rows, err
}

func (f checked) Block(from, to, left, right int, dst []float64) error {
	err := f.v.Array.Block(from, to, left, right, dst)
	if err != nil {
		return err
	}
	w := right - left
	dst = dst[:(to-from)*w]
	place := func(i int) int { return (from+i/w)*f.v.Array.RowLen() + left + i%w }
	if !f.allowsNaN {
		if i := notFinite(dst); i >= 0 {
			return f.v.notFinite(place(i), dst[i])
		}
	}
	if f.v.positive() {
		if i := slices.IndexFunc(dst, func(x float64) bool { return x <= 0 }); i >= 0 {
			return f.v.notPositive(place(i), dst[i])
		}
	}
	return nil
}

// Inputs lists the variables that a value is computed from.
func Inputs(v *plan.Value) []string {
	var list []string
	seen := map[*expr.Symbol]bool{}
	for _, w := range plan.Schedule([]*plan.Value{v}) {
		if w.Kind == plan.Param && !seen[w.Sym] {
			seen[w.Sym] = true
			list = append(list, w.Sym.Name)
		}
	}
	return list
}
