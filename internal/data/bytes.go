package data

import (
	"math"
	"strconv"
	"strings"
)

// byteUnits are the units of numbers of bytes, largest first.
var byteUnits = []struct {
	name  string
	bytes float64
}{{"TB", 1e12}, {"GB", 1e9}, {"MB", 1e6}, {"kB", 1e3}}

// Bytes writes a number of bytes for people, to three digits: 3.74 GB.
func Bytes(n int64) string { return byteText(n, " ", " bytes", math.RoundToEven) }

// BytesFlag writes a number of bytes as the value of a flag, which [ParseBytes] reads: three
// digits rounded up, so that it is at least n: 3.75GB.
func BytesFlag(n int64) string { return byteText(n, "", "B", math.Ceil) }

// byteText writes n ≥ 0 with three digits of its unit.
func byteText(n int64, space, bytes string, round func(float64) float64) string {
	if n < 1000 {
		return strconv.FormatInt(n, 10) + bytes
	}
	// What is rounded to 1000 of a unit is 1 of the next.
	step := math.Pow10(len(strconv.FormatInt(n, 10)) - 3)
	x := round(float64(n)/step) * step
	for _, u := range byteUnits {
		if x >= u.bytes {
			return strconv.FormatFloat(x/u.bytes, 'f', -1, 64) + space + u.name
		}
	}
	panic("data: no unit for bytes")
}

// ParseBytes reads 4GB, 500 MB, 2k or a number of bytes, in capitals or not; ok is false
// where the text is no such size or not positive.
func ParseBytes(text string) (n int64, ok bool) {
	s := strings.ToUpper(strings.TrimSpace(text))
	unit := 1.0
	cut := func(name string, bytes float64) bool {
		rest, ok := strings.CutSuffix(s, name)
		if ok {
			s, unit = strings.TrimSpace(rest), bytes
		}
		return ok
	}
	for _, u := range byteUnits {
		name := strings.ToUpper(u.name)
		if cut(name, u.bytes) || cut(name[:1], u.bytes) {
			break
		}
	}
	if unit == 1 {
		cut("B", 1)
	}
	x, err := strconv.ParseFloat(s, 64)
	if err != nil || !(x > 0) || x*unit > 1<<62 {
		return 0, false
	}
	return int64(math.Round(x * unit)), true
}
