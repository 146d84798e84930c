package paper

import (
	"math"
	"strconv"
	"strings"
)

// Exact writes a number as an integer, a simple fraction or a short decimal where it
// is one, up to rounding of the size slack; ok is false where it is none.
func Exact(v, slack float64) (f Formula, ok bool) {
	const largest = 99999
	if math.Abs(v) > largest {
		return f, false
	}
	within := func(x float64) bool { return math.Abs(x-v) <= slack }
	if k := math.Round(v); within(k) {
		return plainNumber(strconv.FormatFloat(k+0, 'f', 0, 64)), true
	}
	for q := 2.0; q <= 99; q++ {
		p := math.Round(v * q)
		if !within(p / q) {
			continue
		}
		short := strings.TrimRight(strconv.FormatFloat(p/q, 'f', 3, 64), "0")
		if x, _ := strconv.ParseFloat(short, 64); q > 12 && within(x) {
			return plainNumber(short), true
		}
		n, d := strconv.FormatFloat(math.Abs(p), 'f', 0, 64), strconv.FormatFloat(q, 'f', 0, 64)
		if len(n)+len(d) > 5 {
			return f, false
		}
		f = Formula{Text: n + "/" + d, LaTeX: `\tfrac{` + n + "}{" + d + "}"}
		if p < 0 {
			f = Formula{Text: "−" + f.Text, LaTeX: "-" + f.LaTeX}
		}
		return f, true
	}
	return f, false
}

// Rounded writes a number with at least four significant digits; what is below slack
// is zero.
func Rounded(v, slack float64) Formula {
	a := math.Abs(v)
	if a <= slack {
		return plainNumber("0")
	}
	_, e, _ := strings.Cut(strconv.FormatFloat(a, 'e', 3, 64), "e")
	exponent, _ := strconv.Atoi(e)
	if exponent < -3 || exponent > 5 {
		m, e, _ := strings.Cut(strconv.FormatFloat(v, 'e', 3, 64), "e")
		k, _ := strconv.Atoi(e)
		if x, _ := strconv.ParseFloat(trimZeros(m)+"e"+e, 64); math.Abs(x-v) <= slack {
			m = trimZeros(m)
		}
		n := plainNumber(m)
		return Formula{Text: n.Text + "×10" + superscript(k), LaTeX: n.LaTeX + ` \times 10^{` + strconv.Itoa(k) + "}"}
	}
	s := strconv.FormatFloat(v, 'f', max(0, 3-exponent), 64)
	if x, _ := strconv.ParseFloat(s, 64); math.Abs(x-v) <= slack {
		s = trimZeros(s)
	}
	return plainNumber(s)
}

func trimZeros(s string) string {
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return s
}

func plainNumber(s string) Formula {
	if s == "-0" {
		s = "0"
	}
	return Formula{Text: strings.Replace(s, "-", "−", 1), LaTeX: s}
}
