package runner

import (
	"fmt"
	"math"
	"slices"
)

// Compare returns an error where got has another shape than want, or differs by more than
// tol of the largest entry of want, or of 1e-3 if that is smaller. Entries that are not
// finite must be equal; NaN equals NaN.
func Compare(got, want Value, tol float64) error {
	if !slices.Equal(got.Shape, want.Shape) {
		return fmt.Errorf("has shape %s, not %s", got.shape(), want.shape())
	}
	scale := 1e-3
	for _, w := range want.Data {
		if !math.IsInf(w, 0) && !math.IsNaN(w) {
			scale = math.Max(scale, math.Abs(w))
		}
	}
	for i, w := range want.Data {
		g := got.Data[i]
		if g == w || math.IsNaN(g) && math.IsNaN(w) {
			continue
		}
		if e := math.Abs(g-w) / scale; !(e <= tol) {
			return fmt.Errorf("entry %s is %v, not %v: off by %.2g", want.index(i), g, w, e)
		}
	}
	return nil
}

// index writes the place of entry i, counted from 1.
func (v Value) index(i int) string {
	if len(v.Shape) == 0 {
		return "()"
	}
	at := make([]int, len(v.Shape))
	for k := len(v.Shape) - 1; k >= 0; k-- {
		at[k] = i%v.Shape[k] + 1
		i /= v.Shape[k]
	}
	s := fmt.Sprint(at)
	return "(" + s[1:len(s)-1] + ")"
}
