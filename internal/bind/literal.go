package bind

import (
	"errors"
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
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

// Fill returns an array of zeros, ones or random numbers: normal ones with mean 0 and
// variance 1, of a matrix with variance 2/(rows + columns) (Glorot and Bengio 2010), so
// that products keep their size. They depend on the seed and the name alone.
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
			if s.Facts.Has(expr.Positive) {
				values[i] = math.Exp(values[i])
			}
		}
	}
	a, err := data.New(s.Name, shape, values)
	if err != nil {
		panic(err)
	}
	return a
}

// counted is "1 entry" or "3 entries".
func counted(n int) string {
	if n == 1 {
		return "1 entry"
	}
	return strconv.Itoa(n) + " entries"
}
