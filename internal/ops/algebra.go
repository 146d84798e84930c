package ops

import "example.com/nabla/internal/expr"

var algebra = []expr.Op{
	{Name: expr.OpNum, Family: "algebra", Class: expr.Special, Overload: "-",
		Doc: "A rational number."},
	{Name: expr.OpVar, Family: "algebra", Class: expr.Special, Overload: "-",
		Doc: "A variable."},
	{Name: expr.OpSize, Family: "algebra", Class: expr.Special, Overload: "-",
		Doc: "A size used as a number."},
	{Name: expr.OpMember, Family: "algebra", Class: expr.Special, Overload: "-",
		Doc: "The member x[i] of a family."},
	{Name: expr.OpSumOver, Usage: "sum(i, x)", Family: "algebra", Class: expr.Special, Overload: "-",
		Rules: []string{"colon-sum"},
		Doc:   "The sum of its operand over an index, Σ_i."},
	{Name: expr.OpIndex, Family: "algebra", Class: expr.Special, Overload: "-", Kernel: counting,
		Positive: true, Nonnegative: true,
		Doc: "The value of an index, 1 … N."},
	{Name: expr.OpApply, Family: "algebra", Class: expr.Special, Overload: "-",
		Rules: []string{"d-elementwise"},
		Doc:   "An unknown function or one of its derivatives, applied entry by entry."},
	{Name: expr.OpAdd, Usage: "x + y", Family: "algebra", Class: expr.Special, Overload: "-", Variadic: true, Spread: true,
		Sign: "+", Rules: []string{"colon-linear"},
		Doc: "The sum x + y; a scalar is added to each entry."},
	{Name: expr.OpNeg, Usage: "-x", Family: "algebra", Class: expr.Special, Overload: "-",
		Sign: "−",
		Doc:  "The negative −x."},
	{Name: expr.OpDiv, Usage: "x / c", Family: "algebra", Class: expr.Special, Overload: "-",
		Sign: "/", Rules: []string{"d-constant-divisor", "d-quotient"},
		Doc: "The quotient x / c by a scalar c ≠ 0."},
	{Name: expr.OpElDiv, Usage: "x ./ y", Family: "algebra", Class: expr.Special, Overload: "-", Spread: true,
		Sign: "⊘", Rules: []string{"d-constant-divisor", "d-quotient"},
		Doc: "The entrywise quotient x ./ y, entries x_i / y_i, for y_i ≠ 0."},
	{Name: expr.OpPow, Usage: "a ^ b", Family: "algebra", Class: expr.Special, Overload: "-",
		Sign: "·^·", Rules: []string{"d-power"},
		Doc: "The power a ^ b of scalars."},
	{Name: expr.OpElPow, Usage: "x .^ y", Family: "algebra", Class: expr.Special, Overload: "-", Spread: true,
		// For exponents that are not a rational number; those are exponents of factors.
		Params: []string{"x", "y"}, Differential: "y.*x.^(y-1).*dx + log(x).*x.^y.*dy", Domain: "positive",
		Sign: "·^·", Rules: []string{"d-power"},
		Doc: "The entrywise power x .^ y, entries x_i ^ y_i."},
	{Name: expr.OpMPow, Usage: "X ^ p", Family: "algebra", Class: expr.Special, Overload: "-",
		// For exponents that are not a number; those count the factors of a product.
		Sig: "i|i, 1|1 -> i|i", Params: []string{"X", "p"}, Integers: []string{"p"}, Differential: "Σ_{k=1}^p X^(k-1)*dX*X^(p-k)",
		Sign: "·^·", Rules: []string{"d-matrix-power"},
		Doc: "The power X ^ p of a square matrix, the product of p factors X (of −p factors X⁻¹ for p < 0)."},
	{Name: expr.OpMul, Usage: "X * Y", Family: "algebra", Class: expr.Structural, Overload: "-", Variadic: true,
		Sig: "i|j, j|k -> i|k", Params: []string{"X", "Y"},
		Sign: "·", Rules: []string{"colon-product"}, ScalarRule: "d-product",
		Doc:      "The matrix product X Y, entries Σ_j X_ij Y_jk; a scalar scales.",
		Examples: []string{"y'*A*x", "a*A*B*x"}},
	{Name: expr.OpHadamard, Usage: "X .* Y", Family: "algebra", Class: expr.Structural, Variadic: true, Spread: true,
		Sig: "i|j, i|j -> i|j", Params: []string{"X", "Y"},
		Sign: "⊙", Rules: []string{"colon-hadamard"},
		Doc:      "The Hadamard product X ⊙ Y, entries X_ij Y_ij.",
		Examples: []string{"sum(x.*x.*y)", "tr((A.*B)*C)"}},
	{Name: expr.OpT, Usage: "X'", Aliases: []string{"transpose"}, Family: "algebra", Class: expr.Structural,
		Sig: "i|j -> j|i", Params: []string{"X"},
		Preserves: []expr.Fact{expr.Symmetric, expr.Posdef, expr.Diagonal, expr.Orthogonal,
			expr.Positive, expr.Invertible, expr.Toeplitz},
		Sign: "·ᵀ", Rules: []string{"colon-transpose"},
		Doc:      "The transpose Xᵀ, entries X_ji.",
		Examples: []string{"X'*A"}},
}

// counting returns the values 1 … N of an index.
func counting(c *expr.Call) (expr.Dense, error) {
	d := expr.NewDense(c.Sizes[0], 1)
	for i := range d.Data {
		d.Data[i] = float64(i + 1)
	}
	return d, nil
}
