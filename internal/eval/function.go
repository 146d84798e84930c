package eval

import (
	"math"

	"example.com/nabla/internal/expr"
)

// A testFunction stands for an unknown elementwise function or one of its
// derivatives: sin(ax + b) + (3/2) exp(x/2) with a and b that depend on
// which of the program's functions it is. All its derivatives are known and none vanishes.
type testFunction struct {
	a, b   float64
	amp, e float64
}

func newTestFunction(position, order int) *testFunction {
	k := float64(position % 16)
	f := &testFunction{a: 0.8 + 0.05*k, b: 0.3 + 0.4*k}
	f.amp = math.Pow(f.a, float64(order))
	f.b += float64(order) * math.Pi / 2
	f.e = 1.5 * math.Pow(0.5, float64(order))
	return f
}

func (f *testFunction) at(x float64) float64 {
	return f.amp*math.Sin(f.a*x+f.b) + f.e*math.Exp(x/2)
}

func scalar(v float64) expr.Dense { return expr.Dense{Rows: 1, Cols: 1, Data: []float64{v}} }
