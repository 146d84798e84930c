package ops

import (
	"math"

	"example.com/nabla/internal/expr"
)

// Signatures and parameters shared by functions of one and of two operands that
// act entry by entry.
const (
	entry  = "i|j -> i|j"
	entry2 = "i|j, i|j -> i|j"
)

var (
	ofx  = []string{"x"}
	ofxy = []string{"x", "y"}
)

var elementwise = []expr.Op{
	{Name: "exp", Family: "elementwise", Class: expr.Elementwise, Sig: entry, Params: ofx,
		Scalar: unary(math.Exp), Differential: "exp(x).*dx",
		Positive: true, Nonnegative: true, Preserves: everywhere,
		Text: call("exp"), LaTeX: call(`\exp`),
		Curve:    []string{"(-inf,inf) strictly convex increasing (0,inf)", "[0,inf) strictly convex increasing [1,inf)", "(-inf,0] strictly convex increasing (0,1]"},
		Doc:      "The exponential e^x of each entry.",
		Examples: []string{"sum(exp(A*x))", "exp(a)"}},
	{Name: "log", Aliases: []string{"ln"}, Family: "elementwise", Class: expr.Elementwise, Sig: entry, Params: ofx,
		Scalar: unary(math.Log), Differential: "dx./x",
		Domain: "positive", Preserves: everywhere,
		Text: call("log"), LaTeX: call(`\log`),
		Curve:    []string{"(0,inf) strictly concave increasing (-inf,inf)", "[1,inf) strictly concave increasing [0,inf)", "(0,1] strictly concave increasing (-inf,0]"},
		Doc:      "The natural logarithm of each entry, for x > 0.",
		Examples: []string{"y'*log(x)", "log(a)"}},
	{Name: "sqrt", Family: "elementwise", Class: expr.Defined, Sig: entry, Params: ofx,
		Definition: "x.^(1/2)", Scalar: unary(math.Sqrt),
		Domain: "positive", Nonnegative: true, Preserves: everywhere,
		Text: call("sqrt"), LaTeX: atom(`\sqrt{$1}`),
		Doc:      "The square root of each entry, for x > 0.",
		Examples: []string{"sum(sqrt(x))", "sqrt(x'*x)"}},
	{Name: "square", Family: "elementwise", Class: expr.Defined, Sig: entry, Params: ofx,
		Definition: "x.^2", Scalar: func(a []float64) float64 { return a[0] * a[0] },
		Nonnegative: true, Preserves: fixesZero,
		Text: call("square"), LaTeX: operator("square"),
		Doc:      "The square x² of each entry.",
		Examples: []string{"sum(square(A*x - y))"}},
	{Name: "sin", Family: "elementwise", Class: expr.Elementwise, Sig: entry, Params: ofx,
		Scalar: unary(math.Sin), Differential: "cos(x).*dx", Preserves: fixesZero,
		Text: call("sin"), LaTeX: call(`\sin`),
		Curve:    []string{"(-inf,inf) - - [-1,1]"},
		Doc:      "The sine of each entry.",
		Examples: []string{"sum(sin(A*x))"}},
	{Name: "cos", Family: "elementwise", Class: expr.Elementwise, Sig: entry, Params: ofx,
		Scalar: unary(math.Cos), Differential: "-sin(x).*dx", Preserves: everywhere,
		Text: call("cos"), LaTeX: call(`\cos`),
		Curve:    []string{"(-inf,inf) - - [-1,1]"},
		Doc:      "The cosine of each entry.",
		Examples: []string{"sum(cos(A*x))"}},
	{Name: "tan", Family: "elementwise", Class: expr.Elementwise, Sig: entry, Params: ofx,
		Scalar: unary(math.Tan), Differential: "(1 + tan(x).^2).*dx", Preserves: fixesZero,
		Text: call("tan"), LaTeX: call(`\tan`),
		Curve:    []string{"[0,1.57) strictly convex increasing [0,inf)", "(-1.57,0] strictly concave increasing (-inf,0]"},
		Doc:      "The tangent of each entry.",
		Examples: []string{"y'*tan(x)"}},
	{Name: "asin", Aliases: []string{"arcsin"}, Family: "elementwise", Class: expr.Elementwise, Sig: entry, Params: ofx,
		Scalar: unary(math.Asin), Differential: "dx./sqrt(1 - x.^2)",
		Domain: "unit", Preserves: fixesZero,
		Text: call("asin"), LaTeX: call(`\arcsin`),
		Curve:    []string{"[0,1) strictly convex increasing [0,1.571)", "(-1,0] strictly concave increasing (-1.571,0]"},
		Doc:      "The inverse sine of each entry, for −1 < x < 1.",
		Examples: []string{"y'*asin(x)"}},
	{Name: "acos", Aliases: []string{"arccos"}, Family: "elementwise", Class: expr.Elementwise, Sig: entry, Params: ofx,
		Scalar: unary(math.Acos), Differential: "-dx./sqrt(1 - x.^2)",
		Domain: "unit", Positive: true, Nonnegative: true, Preserves: everywhere,
		Text: call("acos"), LaTeX: call(`\arccos`),
		Curve:    []string{"[0,1) strictly concave decreasing (0,1.571)", "(-1,0] strictly convex decreasing (1.57,3.142)"},
		Doc:      "The inverse cosine of each entry, for −1 < x < 1.",
		Examples: []string{"y'*acos(x)"}},
	{Name: "atan", Aliases: []string{"arctan"}, Family: "elementwise", Class: expr.Elementwise, Sig: entry, Params: ofx,
		Scalar: unary(math.Atan), Differential: "dx./(1 + x.^2)", Preserves: fixesZero,
		Text: call("atan"), LaTeX: call(`\arctan`),
		Curve:    []string{"[0,inf) strictly concave increasing [0,1.571)", "(-inf,0] strictly convex increasing (-1.571,0]"},
		Doc:      "The inverse tangent of each entry.",
		Examples: []string{"y'*atan(x)"}},
	{Name: "sinh", Family: "elementwise", Class: expr.Elementwise, Sig: entry, Params: ofx,
		Scalar: unary(math.Sinh), Differential: "cosh(x).*dx", Preserves: fixesZero,
		Text: call("sinh"), LaTeX: call(`\sinh`),
		Curve:    []string{"[0,inf) strictly convex increasing [0,inf)", "(-inf,0] strictly concave increasing (-inf,0]"},
		Doc:      "The hyperbolic sine (eˣ − e⁻ˣ)/2 of each entry.",
		Examples: []string{"y'*sinh(x)"}},
	{Name: "cosh", Family: "elementwise", Class: expr.Elementwise, Sig: entry, Params: ofx,
		Scalar: unary(math.Cosh), Differential: "sinh(x).*dx",
		Positive: true, Nonnegative: true, Preserves: everywhere,
		Text: call("cosh"), LaTeX: call(`\cosh`),
		Curve:    []string{"(-inf,inf) strictly convex - [1,inf)", "[0,inf) strictly convex increasing [1,inf)", "(-inf,0] strictly convex decreasing [1,inf)"},
		Doc:      "The hyperbolic cosine (eˣ + e⁻ˣ)/2 of each entry.",
		Examples: []string{"y'*cosh(x)"}},
	{Name: "tanh", Family: "elementwise", Class: expr.Elementwise, Sig: entry, Params: ofx,
		Scalar: unary(math.Tanh), Differential: "(1 - tanh(x).^2).*dx", Preserves: fixesZero,
		Text: call("tanh"), LaTeX: call(`\tanh`),
		Curve:    []string{"[0,inf) strictly concave increasing [0,1)", "(-inf,0] strictly convex increasing (-1,0]"},
		Doc:      "The hyperbolic tangent (eˣ − e⁻ˣ)/(eˣ + e⁻ˣ) of each entry.",
		Examples: []string{"y'*tanh(A*x)", "sum(tanh(W*X))"}},
	{Name: "asinh", Aliases: []string{"arcsinh"}, Family: "elementwise", Class: expr.Elementwise, Sig: entry, Params: ofx,
		Scalar: unary(math.Asinh), Differential: "dx./sqrt(1 + x.^2)", Preserves: fixesZero,
		Text: call("asinh"), LaTeX: operator("arsinh"),
		Curve:    []string{"[0,inf) strictly concave increasing [0,inf)", "(-inf,0] strictly convex increasing (-inf,0]"},
		Doc:      "The inverse hyperbolic sine log(x + √(1 + x²)) of each entry.",
		Examples: []string{"y'*asinh(x)"}},
	{Name: "acosh", Aliases: []string{"arccosh"}, Family: "elementwise", Class: expr.Elementwise, Sig: entry, Params: ofx,
		Scalar: unary(math.Acosh), Differential: "dx./sqrt(x.^2 - 1)",
		Domain: "above1", Positive: true, Nonnegative: true, Preserves: everywhere,
		Text: call("acosh"), LaTeX: operator("arcosh"),
		Curve:    []string{"(1,inf) strictly concave increasing (0,inf)"},
		Doc:      "The inverse hyperbolic cosine log(x + √(x² − 1)) of each entry, for x > 1.",
		Examples: []string{"y'*acosh(x)"}},
	{Name: "atanh", Aliases: []string{"arctanh"}, Family: "elementwise", Class: expr.Elementwise, Sig: entry, Params: ofx,
		Scalar: unary(math.Atanh), Differential: "dx./(1 - x.^2)",
		Domain: "unit", Preserves: fixesZero,
		Text: call("atanh"), LaTeX: operator("artanh"),
		Curve:    []string{"[0,1) strictly convex increasing [0,inf)", "(-1,0] strictly concave increasing (-inf,0]"},
		Doc:      "The inverse hyperbolic tangent log((1 + x)/(1 − x))/2 of each entry, for −1 < x < 1.",
		Examples: []string{"y'*atanh(x)"}},
	{Name: "sigmoid", Aliases: []string{"logistic"}, Family: "elementwise", Class: expr.Elementwise, Sig: entry, Params: ofx,
		Scalar: unary(sigmoid), Differential: "sigmoid(x).*(1 - sigmoid(x)).*dx",
		Positive: true, Nonnegative: true, Preserves: everywhere,
		Text: call("sigmoid"), LaTeX: operator("sigmoid"),
		Curve:    []string{"[0,inf) strictly concave increasing [0.5,1)", "(-inf,0] strictly convex increasing (0,0.5]", "(-inf,inf) logconcave increasing (0,1)"},
		Doc:      "The logistic function 1/(1 + e⁻ˣ) of each entry.",
		Examples: []string{"y'*sigmoid(A*x)", "sum(sigmoid(W*X))"}},
	{Name: "softplus", Family: "elementwise", Class: expr.Elementwise, Sig: entry, Params: ofx,
		Scalar: unary(softplus), Differential: "sigmoid(x).*dx",
		Positive: true, Nonnegative: true, Preserves: everywhere,
		Text: call("softplus"), LaTeX: operator("softplus"),
		Curve:    []string{"(-inf,inf) strictly convex increasing (0,inf)"},
		Doc:      "The soft plus log(1 + eˣ) of each entry.",
		Examples: []string{"sum(softplus(-y.*(A*x)))"}},
	{Name: "relu", Family: "elementwise", Class: expr.Elementwise, Sig: entry, Params: ofx,
		Scalar: func(a []float64) float64 { return math.Max(a[0], 0) }, Differential: "step(x).*dx",
		Kink: true, Nonnegative: true, Preserves: fixesZero,
		Text: call("relu"), LaTeX: operator("relu"),
		Curve:    []string{"(-inf,inf) convex increasing [0,inf)"},
		Doc:      "The rectified linear function, x where x > 0 and 0 elsewhere.",
		Examples: []string{"y'*relu(A*x)"}},
	{Name: "step", Aliases: []string{"heaviside"}, Family: "elementwise", Class: expr.Elementwise, Sig: entry, Params: ofx,
		Scalar: unary(step), Differential: "0*dx",
		Kink: true, Nonnegative: true, Preserves: everywhere,
		Text: call("step"), LaTeX: operator("step"),
		Curve:    []string{"(-inf,inf) - increasing [0,1]"},
		Doc:      "The unit step, 1 where x > 0 and 0 elsewhere.",
		Examples: []string{"x'*step(x)"}},
	{Name: "abs", Family: "elementwise", Class: expr.Elementwise, Sig: entry, Params: ofx,
		Scalar: unary(math.Abs), Differential: "sign(x).*dx",
		Kink: true, Nonnegative: true, Preserves: fixesZero,
		Text: call("abs"), LaTeX: atom(`\lvert $1 \rvert`),
		Curve:    []string{"(-inf,inf) convex - [0,inf)", "[0,inf) affine increasing [0,inf)", "(-inf,0] affine decreasing [0,inf)"},
		Doc:      "The absolute value |x| of each entry.",
		Examples: []string{"sum(abs(A*x - y))"}},
	{Name: "sign", Aliases: []string{"sgn"}, Family: "elementwise", Class: expr.Elementwise, Sig: entry, Params: ofx,
		Scalar: unary(sign), Differential: "0*dx",
		Kink: true, Preserves: fixesZero,
		Text: call("sign"), LaTeX: operator("sign"),
		Curve:    []string{"(-inf,inf) - increasing [-1,1]"},
		Doc:      "The sign of each entry: 1, 0 or −1.",
		Examples: []string{"x'*sign(x)"}},
	{Name: "erf", Family: "elementwise", Class: expr.Elementwise, Sig: entry, Params: ofx,
		Scalar: unary(math.Erf), Differential: "2/sqrt(pi)*exp(-x.^2).*dx", Preserves: fixesZero,
		Text: call("erf"), LaTeX: operator("erf"),
		Curve:    []string{"[0,inf) strictly concave increasing [0,1)", "(-inf,0] strictly convex increasing (-1,0]"},
		Doc:      "The error function 2/√π ∫₀ˣ exp(−t²) dt of each entry.",
		Examples: []string{"y'*erf(x)"}},
	{Name: "erfc", Family: "elementwise", Class: expr.Elementwise, Sig: entry, Params: ofx,
		Scalar: unary(math.Erfc), Differential: "-2/sqrt(pi)*exp(-x.^2).*dx",
		Positive: true, Nonnegative: true, Preserves: everywhere,
		Text: call("erfc"), LaTeX: operator("erfc"),
		Curve:    []string{"[0,inf) strictly convex decreasing (0,1]", "(-inf,0] strictly concave decreasing [1,2)", "(-inf,inf) logconcave decreasing (0,2)"},
		Doc:      "The complementary error function 1 − erf(x) of each entry.",
		Examples: []string{"y'*erfc(x)"}},
	{Name: "log1p", Family: "elementwise", Class: expr.Defined, Sig: entry, Params: ofx,
		Definition: "log(1 + x)", Scalar: unary(math.Log1p), Preserves: fixesZero,
		Text: call("log1p"), LaTeX: operator("log1p"),
		Doc:      "The logarithm log(1 + x) of each entry, for x > −1.",
		Examples: []string{"sum(log1p(exp(x)))"}},
	{Name: "expm1", Family: "elementwise", Class: expr.Defined, Sig: entry, Params: ofx,
		Definition: "exp(x) - 1", Scalar: unary(math.Expm1), Preserves: fixesZero,
		Text: call("expm1"), LaTeX: operator("expm1"),
		Doc:      "The exponential less one, eˣ − 1, of each entry.",
		Examples: []string{"sum(expm1(x))"}},
	{Name: "log2", Family: "elementwise", Class: expr.Defined, Sig: entry, Params: ofx,
		Definition: "log(x)/log(2)", Scalar: unary(math.Log2), Domain: "positive", Preserves: everywhere,
		Text: call("log2"), LaTeX: call(`\log_2`),
		Doc:      "The logarithm to base 2, log(x)/log(2), of each entry, for x > 0.",
		Examples: []string{"sum(log2(x))"}},
	{Name: "log10", Family: "elementwise", Class: expr.Defined, Sig: entry, Params: ofx,
		Definition: "log(x)/log(10)", Scalar: unary(math.Log10), Domain: "positive", Preserves: everywhere,
		Text: call("log10"), LaTeX: call(`\log_{10}`),
		Doc:      "The logarithm to base 10, log(x)/log(10), of each entry, for x > 0.",
		Examples: []string{"sum(log10(x))"}},
	{Name: "max", Family: "elementwise", Class: expr.Elementwise, Sig: entry2, Params: ofxy, Spread: true,
		Scalar:       func(a []float64) float64 { return math.Max(a[0], a[1]) },
		Differential: "step(x - y).*dx + step(y - x).*dy", Tied: "dy + step(x - y).*(dx - dy)", Kink: true,
		Text: call("max"), LaTeX: call(`\max`),
		Curve:    []string{"(-inf,inf) convex increasing (-inf,inf)"},
		Doc:      "The larger of each two entries, max(x_i, y_i); of equal ones y_i counts for the derivative by what both depend on.",
		Examples: []string{"sum(max(x, y))", "sum(max(0, 1 - y.*(A*x)))"}},
	{Name: "min", Family: "elementwise", Class: expr.Elementwise, Sig: entry2, Params: ofxy, Spread: true,
		Scalar:       func(a []float64) float64 { return math.Min(a[0], a[1]) },
		Differential: "step(y - x).*dx + step(x - y).*dy", Tied: "dy + step(y - x).*(dx - dy)", Kink: true,
		Text: call("min"), LaTeX: call(`\min`),
		Curve:    []string{"(-inf,inf) concave increasing (-inf,inf)"},
		Doc:      "The smaller of each two entries, min(x_i, y_i); of equal ones y_i counts for the derivative by what both depend on.",
		Examples: []string{"sum(min(x, y))"}},
}

func sigmoid(x float64) float64 {
	if x < 0 {
		e := math.Exp(x)
		return e / (1 + e)
	}
	return 1 / (1 + math.Exp(-x))
}

func softplus(x float64) float64 { return math.Max(x, 0) + math.Log1p(math.Exp(-math.Abs(x))) }

func step(x float64) float64 {
	if x > 0 {
		return 1
	}
	return 0
}

func sign(x float64) float64 {
	switch {
	case x > 0:
		return 1
	case x < 0:
		return -1
	}
	return 0
}
