package ops

import (
	"math"

	"example.com/nabla/internal/dense"
	"example.com/nabla/internal/expr"
)

var constants = []expr.Op{
	{Name: "eye", Family: "constants", Class: expr.Structural, Sig: "-> i|i", Sizes: []string{"n"},
		Text:     call("eye"),
		Doc:      "The n × n identity matrix.",
		Examples: []string{"A + b*eye(n)"}},
	{Name: "ones", Family: "constants", Class: expr.Structural, Sig: "-> i|j", Sizes: []string{"m", "n?"},
		Positive: true, Nonnegative: true,
		Text:     call("ones"),
		Doc:      "The vector of m ones, or the m × n matrix of ones.",
		Examples: []string{"ones(m)'*A*x", "tr(A*ones(n, m))"}},
	{Name: expr.OpZeros, Family: "constants", Class: expr.Special, Sig: "-> i|j", Sizes: []string{"m", "n?"}, Kernel: zeros,
		Nonnegative: true,
		Text:        call("zeros"),
		Doc:         "The vector of m zeros, or the m × n matrix of zeros.",
		Examples:    []string{"A*x + zeros(m)"}},
	{Name: "basis", Family: "constants", Class: expr.Special, Sig: "-> i|1", Sizes: []string{"n", "k"}, IntArg: true, Kernel: basis,
		Nonnegative: true,
		Text:        call("basis"), LaTeX: atom(`\mathbf{e}_{%k}`),
		Doc:      "The k-th unit vector of n entries, counted from 1.",
		Examples: []string{"basis(n, 1)'*x"}},
	{Name: "commutation", Family: "constants", Class: expr.Structural, Sig: "-> ij|ji", Sizes: []string{"m", "n"},
		Text: call("commutation"), LaTeX: atom(`K_{%1,%2}`),
		Doc:      "The commutation matrix K with K vec(A) = vec(Aᵀ) for A of m × n.",
		Examples: []string{"y'*commutation(m, n)*x"}},
	{Name: "pi", Family: "constants", Class: expr.Special, Kernel: pi, Positive: true, Nonnegative: true,
		Text: atom("pi"), LaTeX: atom(`\pi`),
		Doc:      "The number π.",
		Examples: []string{"log(2*pi) + a^2"}},
}

func zeros(c *expr.Call) (expr.Dense, error) {
	n := 1
	if len(c.Sizes) > 1 {
		n = c.Sizes[1]
	}
	return expr.NewDense(c.Sizes[0], n), nil
}

func basis(c *expr.Call) (expr.Dense, error) {
	e := expr.NewDense(c.Sizes[0], 1)
	if k := c.Sizes[1]; k <= e.Rows {
		e.Data[k-1] = 1
	}
	return e, nil
}

func pi(*expr.Call) (expr.Dense, error) { return dense.Scalar(math.Pi), nil }
