package dense

import (
	"errors"
	"math"
	"testing"

	"example.com/nabla/internal/expr"
)

func TestFactor(t *testing.T) {
	a := expr.Dense{Rows: 4, Cols: 4, Data: []float64{0, 2, 1, 5, 3, 0, -1, 1, 1, 1, 1, 2, -2, 4, 0, 1}}
	f := Factor(a)
	// 55 by expansion in cofactors.
	if d := f.Det(); math.Abs(d-55) > 1e-12 {
		t.Errorf("det = %v, want 55", d)
	}
	if l, s := f.LogDet(); s != 1 || math.Abs(l-math.Log(55)) > 1e-12 {
		t.Errorf("logdet = %v, %v", l, s)
	}
	x, err := f.Inverse()
	if err != nil {
		t.Fatal(err)
	}
	for i, v := range Mul(x, a).Data {
		if math.Abs(v-Identity(4).Data[i]) > 1e-14 {
			t.Errorf("inverse times matrix: entry %d is %v", i, v)
		}
	}
}

func TestSingular(t *testing.T) {
	for _, a := range []expr.Dense{zero(2), {Rows: 2, Cols: 2, Data: []float64{1, 2, 2, 4}}} {
		f := Factor(a)
		if _, err := f.Inverse(); !errors.Is(err, ErrSingular) || f.Det() != 0 {
			t.Errorf("%v: inverse error %v, det %v", a, err, f.Det())
		}
	}
}

func zero(n int) expr.Dense { return expr.NewDense(n, n) }
