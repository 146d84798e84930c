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
	poly   *[3]float64 // coefficients from the constant on, if it is a polynomial
}

// newPolynomial stands for an unknown function where numbers are shown: t² + ct with
// c = 1, 2, … by position, or a derivative of it.
func newPolynomial(position, order int) *testFunction {
	c := &[3]float64{0, float64(position + 1), 1}
	for range order {
		*c = [3]float64{c[1], 2 * c[2], 0}
	}
	return &testFunction{poly: c}
}

// testFunction returns what stands for an unknown function, or for a derivative of it.
func (pt *Point) testFunction(s *expr.Symbol, order int) *testFunction {
	if pt.inv.polynomial {
		return newPolynomial(pt.function(s), order)
	}
	return newTestFunction(pt.function(s), order)
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
	if c := f.poly; c != nil {
		return c[0] + x*(c[1]+x*c[2])
	}
	return f.amp*math.Sin(f.a*x+f.b) + f.e*math.Exp(x/2)
}

func scalar(v float64) expr.Dense { return expr.Dense{Rows: 1, Cols: 1, Data: []float64{v}} }

// StandIn returns the function that stands for the order-th derivative of an unknown
// function, by its position among those of the expression.
func StandIn(position, order int) func(float64) float64 { return newTestFunction(position, order).at }
