package bind

import (
	"errors"
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"

	"example.com/nabla/internal/data"
	"example.com/nabla/internal/expr"
)

// isLiteral reports whether a text is meant as numbers rather than as a path.
func isLiteral(s string) bool {
	if strings.HasPrefix(s, "[") {
		return true
	}
	if strings.TrimLeft(s, "+-.0123456789") == s {
		return false // such as a file called inf
	}
	_, err := strconv.ParseFloat(s, 64)
	return err == nil || errors.Is(err, strconv.ErrRange)
}

// literal reads 1.5, [1, 2, 3], or [1, 2; 3, 4], also as [[1, 2], [3, 4]].
func literal(name, text string) (*data.Array, error) {
	bad := func(format string, args ...any) (*data.Array, error) {
		return nil, &Error{Message: fmt.Sprintf("%s=%s: ", name, text) + fmt.Sprintf(format, args...),
			Hint: "a vector is written [1, 2, 3], a matrix [1, 2; 3, 4]"}
	}
	if !strings.HasPrefix(text, "[") {
		x, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return bad("it is too large for float64")
		}
		return data.New(name, nil, []float64{x})
	}
	inner, ok := strings.CutSuffix(text[1:], "]")
	if !ok {
		return bad("] is missing")
	}
	matrix := strings.Contains(inner, ";")
	if t := strings.TrimSpace(inner); strings.HasPrefix(t, "[") && strings.HasSuffix(t, "]") {
		matrix = true
		inner = t[1 : len(t)-1]
		for _, sep := range []string{"],[", "], [", "] , ["} {
			inner = strings.ReplaceAll(inner, sep, ";")
		}
	}
	var values []float64
	rows, width := 0, 0
	for _, row := range strings.Split(inner, ";") {
		fields := strings.FieldsFunc(row, func(r rune) bool { return r == ',' || r == ' ' })
		for _, f := range fields {
			x, err := strconv.ParseFloat(f, 64)
			if errors.Is(err, strconv.ErrRange) {
				return bad("%s is too large for float64", f)
			}
			if err != nil {
				return bad("%s is no number", f)
			}
			values = append(values, x)
		}
		if rows++; rows == 1 {
			width = len(fields)
		} else if len(fields) != width {
			return bad("row %d has %s, row 1 has %d", rows, counted(len(fields)), width)
		}
	}
	if len(values) == 0 {
		return bad("there are no entries")
	}
	if matrix {
		return data.New(name, []int{rows, width}, values)
	}
	return data.New(name, []int{width}, values)
}

// fits returns an error where entries that are filled in take more bytes than there is room; 0
// has no bound.
func fits(s *expr.Symbol, shape []int, how string, room int64) error {
	bytes := 8.0
	for _, n := range shape {
		bytes *= float64(n)
	}
	if room > 0 && bytes > float64(room) {
		return &Error{Message: fmt.Sprintf("%s=%s does not fit into memory: %s entries take %s", s.Name, how, data.ShapeText(shape), Size(bytes))}
	}
	return nil
}

// Size is a number of bytes in words, also one that no int64 holds.
func Size(bytes float64) string {
	if bytes >= 1e15 {
		return fmt.Sprintf("%.2g bytes", bytes)
	}
	return data.Bytes(int64(bytes))
}

// Fill returns an array of zeros, ones or random numbers: normal ones with mean 0 and
// variance 1, of a matrix with variance 2/(rows + columns) (Glorot and Bengio 2010), so
// that products keep their size. They depend on the seed and the name alone, and are what the
// variable is declared to be.
func Fill(s *expr.Symbol, shape []int, how string, seed uint64) *data.Array {
	n := 1
	for _, k := range shape {
		n *= k
	}
	values := make([]float64, n)
	switch how {
	case "ones":
		for i := range values {
			values[i] = 1
		}
	case "random":
		h := fnv.New64a()
		h.Write([]byte(s.Name))
		r := rand.New(rand.NewPCG(seed, h.Sum64()))
		scale := 1.0
		if s.Kind == expr.Matrix {
			scale = math.Sqrt(2 / float64(shape[len(shape)-2]+shape[len(shape)-1]))
		}
		for i := range values {
			values[i] = scale * r.NormFloat64()
		}
		rows, cols := 1, 1
		member := shape
		if s.Family != nil {
			member = shape[1:]
		}
		if len(member) > 0 {
			rows = member[0]
		}
		if len(member) > 1 {
			cols = member[1]
		}
		for k := 0; k < n; k += rows * cols {
			declared(s.Facts, values[k:k+rows*cols], rows, cols)
		}
	}
	a, err := data.New(s.Name, shape, values)
	if err != nil {
		panic(err)
	}
	return a
}

// declared makes the entries of a matrix, vector or scalar what the facts say.
func declared(f expr.Fact, x []float64, rows, cols int) {
	at := func(i, j int) *float64 { return &x[i*cols+j] }
	if f.Has(expr.Integer) {
		x[0] = 1 + math.Floor(math.Abs(x[0])*2)
	}
	for j := range cols {
		most := 0
		for i := range rows {
			if f.Has(expr.Positive) || f.Has(expr.Simplex) {
				*at(i, j) = math.Exp(*at(i, j))
			}
			if *at(i, j) > *at(most, j) {
				most = i
			}
		}
		sum := 0.0
		for i := range rows {
			if f.Has(expr.Onehot) {
				*at(i, j) = 0
			}
			sum += *at(i, j)
		}
		for i := range rows {
			if f.Has(expr.Simplex) {
				*at(i, j) /= sum
			}
		}
		if f.Has(expr.Onehot) {
			*at(most, j) = 1
		}
	}
	if rows != cols {
		return
	}
	if f.Has(expr.Posdef) { // A Aᵀ/2 + I
		a := slices.Clone(x)
		for i := range rows {
			for j := range cols {
				sum := 0.0
				for k := range cols {
					sum += a[i*cols+k] * a[j*cols+k]
				}
				*at(i, j) = sum / 2
			}
			*at(i, i)++
		}
	}
	for i := range rows {
		for j := range cols {
			switch {
			case f.Has(expr.Diagonal) && i != j:
				*at(i, j) = 0
			case f.Has(expr.Toeplitz) && i > 0 && j > 0:
				*at(i, j) = *at(i-1, j-1)
			case f.Has(expr.Symmetric) && j < i:
				*at(i, j) = *at(j, i)
			}
		}
	}
	if f.Has(expr.Orthogonal) {
		orthogonal(x, rows)
	}
}

// orthogonal makes the rows of a square matrix orthogonal and of length 1, each twice by Gram
// and Schmidt.
func orthogonal(x []float64, n int) {
	for i := range n {
		row := x[i*n : (i+1)*n]
		for range 2 {
			for j := range i {
				before, dot := x[j*n:(j+1)*n], 0.0
				for k, a := range before {
					dot += a * row[k]
				}
				for k, a := range before {
					row[k] -= dot * a
				}
			}
			sum := 0.0
			for _, a := range row {
				sum += a * a
			}
			for k := range row {
				row[k] /= math.Sqrt(sum)
			}
		}
	}
}

// counted is "1 entry" or "3 entries".
func counted(n int) string {
	if n == 1 {
		return "1 entry"
	}
	return strconv.Itoa(n) + " entries"
}
