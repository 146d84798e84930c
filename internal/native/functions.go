package native

import (
	"math"

	"example.com/nabla/internal/blas"
)

// A unaryFunction acts on one number and entry by entry on a slice; dst may be x.
type unaryFunction struct {
	one  func(x float64) float64
	many func(dst, x []float64)
}

// each makes the function on slices of that on numbers.
func each(one func(float64) float64) unaryFunction {
	return unaryFunction{one, func(dst, x []float64) { blas.Map(dst, x, one) }}
}

// unaryFunctions has an entry for each of plan.Functions, and copy.
var unaryFunctions = map[string]unaryFunction{
	"copy":     {func(x float64) float64 { return x }, func(dst, x []float64) { copy(dst, x) }},
	"neg":      {func(x float64) float64 { return -x }, blas.Neg},
	"exp":      {math.Exp, blas.Exp},
	"log":      {math.Log, blas.Log},
	"sqrt":     {math.Sqrt, blas.Sqrt},
	"square":   {func(x float64) float64 { return x * x }, blas.Square},
	"sin":      {math.Sin, blas.Sin},
	"cos":      {math.Cos, blas.Cos},
	"tan":      {math.Tan, blas.Tan},
	"asin":     each(math.Asin),
	"acos":     each(math.Acos),
	"atan":     each(math.Atan),
	"sinh":     {math.Sinh, blas.Sinh},
	"cosh":     {math.Cosh, blas.Cosh},
	"tanh":     {math.Tanh, blas.Tanh},
	"asinh":    {math.Asinh, blas.Asinh},
	"acosh":    {math.Acosh, blas.Acosh},
	"atanh":    {math.Atanh, blas.Atanh},
	"sigmoid":  {sigmoid, blas.Sigmoid},
	"softplus": {softplus, blas.Softplus},
	"relu":     {func(x float64) float64 { return max(x, 0) }, func(dst, x []float64) { blas.MaxScalar(dst, x, 0) }},
	"step":     {heaviside, blas.Step},
	"abs":      {math.Abs, blas.Abs},
	"sign":     {sign, blas.Sign},
	"erf":      each(math.Erf),
	"erfc":     each(math.Erfc),
	"log1p":    {math.Log1p, blas.Log1p},
	"expm1":    {math.Expm1, blas.Expm1},
	"log2":     {math.Log2, blas.Log2},
	"log10":    {math.Log10, blas.Log10},
}

func sigmoid(x float64) float64 {
	if x >= 0 {
		return 1 / (1 + math.Exp(-x))
	}
	e := math.Exp(x)
	return e / (1 + e)
}

func softplus(x float64) float64 {
	return max(x, 0) + math.Log1p(math.Exp(-math.Abs(x)))
}

func heaviside(x float64) float64 {
	switch {
	case x > 0:
		return 1
	case x <= 0:
		return 0
	}
	return x
}

func sign(x float64) float64 {
	switch {
	case x > 0:
		return 1
	case x < 0:
		return -1
	}
	return x
}

// A binaryFunction acts on two numbers, two slices, or a slice and a number; dst may be
// x or y.
type binaryFunction struct {
	one   func(x, y float64) float64
	many  func(dst, x, y []float64)
	right func(dst, x []float64, y float64) // y a number
	left  func(dst []float64, x float64, y []float64)
}

// binaryFunctions has an entry for each of plan.BinaryFunctions.
var binaryFunctions = map[string]binaryFunction{
	"add": {func(x, y float64) float64 { return x + y }, blas.Add, blas.AddScalar, swapped(blas.AddScalar)},
	"sub": {func(x, y float64) float64 { return x - y }, blas.Sub, subScalar, blas.ScalarSub},
	"mul": {func(x, y float64) float64 { return x * y }, blas.Mul, blas.MulScalar, swapped(blas.MulScalar)},
	"div": {func(x, y float64) float64 { return x / y }, blas.Div, blas.DivScalar, blas.ScalarDiv},
	"pow": {math.Pow, pow, blas.Pow, powOf},
	"max": {func(x, y float64) float64 { return max(x, y) }, blas.Larger, blas.MaxScalar, swapped(blas.MaxScalar)},
	"min": {func(x, y float64) float64 { return min(x, y) }, blas.Less, blas.MinScalar, swapped(blas.MinScalar)},
}

func swapped(f func(dst, x []float64, y float64)) func(dst []float64, x float64, y []float64) {
	return func(dst []float64, x float64, y []float64) { f(dst, y, x) }
}

func subScalar(dst, x []float64, y float64) { blas.AddScalar(dst, x, -y) }

func pow(dst, x, y []float64) {
	for i, v := range x {
		dst[i] = math.Pow(v, y[i])
	}
}

func powOf(dst []float64, x float64, y []float64) {
	for i, v := range y {
		dst[i] = math.Pow(x, v)
	}
}
