package main

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"gonum.org/v1/gonum/floats"

	"example.com/nabla/internal/bind"
	"example.com/nabla/internal/data"
)

// Up to so many entries of a vector, and rows and columns of a matrix, are printed.
const (
	mostEntries = 40
	mostRows    = 20
	mostColumns = 12
)

// writeNumbers prints results: a scalar in full, the entries of what is small, of all
// others what they are like.
func writeNumbers(b *strings.Builder, results []numbers, width int, st style) {
	if width <= 0 {
		width = 96
	}
	pad := 0
	for _, r := range results {
		pad = max(pad, utf8.RuneCountInString(r.symbol))
	}
	for _, r := range results {
		b.WriteString(st.label(r.symbol) + strings.Repeat(" ", pad-utf8.RuneCountInString(r.symbol)) + " = ")
		if r.note != "" {
			b.WriteString("(M of " + r.note + ") ")
		}
		if r.shape == nil {
			b.WriteString(strconv.FormatFloat(r.values[0], 'g', -1, 64) + "\n")
			continue
		}
		lo, hi, norm := summary(r.values)
		fmt.Fprintf(b, "%s, from %.6g to %.6g, norm %.6g\n", countText(r.shape), lo, hi, norm)
		columns := 0
		switch {
		case len(r.shape) == 1 && r.shape[0] <= mostEntries:
		case len(r.shape) == 2 && r.shape[0] <= mostRows && r.shape[1] <= mostColumns:
			columns = r.shape[1]
		default:
			continue
		}
		writeGrid(b, r.values, columns, width)
	}
}

// writeScalars prints numbers and where they come from, rounded: those at the end of an
// iteration are exact to its tolerance only.
func writeScalars(b *strings.Builder, rows []numbers, st style) {
	pad := 0
	for _, r := range rows {
		pad = max(pad, utf8.RuneCountInString(r.symbol))
	}
	for i, r := range rows {
		digits := 10
		if i > 0 {
			digits = 3
		}
		fmt.Fprintf(b, "%s%s = %s, %s\n", st.label(r.symbol), strings.Repeat(" ", pad-utf8.RuneCountInString(r.symbol)), strconv.FormatFloat(r.values[0], 'g', digits, 64), r.note)
	}
}

func (st style) label(s string) string {
	if st.colour {
		return escBold + s + escReset
	}
	return s
}

func countText(shape []int) string {
	if len(shape) == 1 {
		if shape[0] == 1 {
			return "1 entry"
		}
		return fmt.Sprintf("%d entries", shape[0])
	}
	return data.ShapeText(shape)
}

// summary returns the least and the largest entry and the root of the sum of squares.
func summary(values []float64) (lo, hi, norm float64) {
	lo, hi = math.Inf(1), math.Inf(-1)
	for _, x := range values {
		lo, hi = math.Min(lo, x), math.Max(hi, x)
	}
	return lo, hi, floats.Norm(values, 2)
}

// writeGrid prints numbers in aligned columns, as many as fit if columns is 0.
func writeGrid(b *strings.Builder, values []float64, columns, width int) {
	texts := make([]string, len(values))
	digits, w := 6, 0
	if columns > 6 {
		digits = 4
	}
	for i, x := range values {
		texts[i] = strconv.FormatFloat(x, 'g', digits, 64)
		w = max(w, len(texts[i]))
	}
	if columns == 0 {
		columns = max(1, (width-2)/(w+2))
	}
	for i, t := range texts {
		b.WriteString("  " + strings.Repeat(" ", w-len(t)) + t)
		if (i+1)%columns == 0 || i == len(texts)-1 {
			b.WriteByte('\n')
		}
	}
}

// describeRun says on standard error what is read, which sizes there are and how it runs.
func (c *command) describeRun(bound *bind.Bound, m *bind.Machine) {
	pad := 0
	var lines [][2]string
	for _, v := range bound.Variables {
		from := v.From
		if v.Array == nil {
			from = "to be fitted"
		}
		shape := data.ShapeText(v.Shape)
		lines = append(lines, [2]string{bind.Declaration(v.Sym), shape + "   " + from})
		pad = max(pad, utf8.RuneCountInString(bind.Declaration(v.Sym)))
	}
	for _, l := range lines {
		fmt.Fprintf(c.stderr, "%s%s   %s\n", l[0], strings.Repeat(" ", pad-utf8.RuneCountInString(l[0])), l[1])
	}
	switch {
	case m.Stream != "":
		fmt.Fprintf(c.stderr, "streamed    %s = %d in blocks of %d, %s\n", m.Stream, m.Count, m.Block(), passes(m.Passes()))
	case m.Passes() > 0:
		fmt.Fprintf(c.stderr, "in memory   blocks of %d, %s\n", m.Block(), passes(m.Passes()))
	default:
		fmt.Fprintf(c.stderr, "in memory   at once\n")
	}
}

func passes(n int) string {
	if n == 1 {
		return "1 pass"
	}
	return fmt.Sprintf("%d passes", n)
}
