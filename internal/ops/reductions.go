package ops

import (
	"math"

	"example.com/nabla/internal/dense"
	"example.com/nabla/internal/expr"
)

var reductions = []expr.Op{
	{Name: "sum", Family: "reductions", Class: expr.Structural,
		Sig: "i|j -> 1|1", Params: ofX, Preserves: []expr.Fact{expr.Posdef, expr.Positive},
		Text: call("sum"), LaTeX: operator("sum"), Sign: "Σ",
		Doc:      "The sum of all entries, Σ X_ij.",
		Examples: []string{"sum(A*x)", "sum(A*X*B)"}},
	{Name: "rowsum", Aliases: []string{"rowsums"}, Family: "reductions", Class: expr.Structural,
		Sig: "i|j -> i|1", Params: ofX, Preserves: []expr.Fact{expr.Positive},
		Text: call("rowsum"), LaTeX: operator("rowsum"),
		Doc:      "The sum of each row as a column, entries Σ_j X_ij.",
		Examples: []string{"y'*rowsum(A*X)"}},
	{Name: "colsum", Aliases: []string{"colsums"}, Family: "reductions", Class: expr.Structural,
		Sig: "i|j -> 1|j", Params: ofX, Preserves: []expr.Fact{expr.Positive},
		Text: call("colsum"), LaTeX: operator("colsum"),
		Doc:      "The sum of each column as a row, entries Σ_i X_ij.",
		Examples: []string{"colsum(A*X)*y"}},
	{Name: "mean", Family: "reductions", Class: expr.Defined,
		Sig: "i|j -> 1|1", Params: ofX, Definition: "sum(X)/(i*j)", Kernel: mean,
		Preserves: []expr.Fact{expr.Posdef, expr.Positive},
		Text:      call("mean"), LaTeX: operator("mean"),
		Doc:      "The mean of all entries, their sum over their number.",
		Examples: []string{"mean((A*x - y).^2)"}},
	{Name: "rowmean", Family: "reductions", Class: expr.Defined,
		Sig: "i|j -> i|1", Params: ofX, Definition: "rowsum(X)/j", Kernel: rowmean,
		Preserves: []expr.Fact{expr.Positive},
		Text:      call("rowmean"), LaTeX: operator("rowmean"),
		Doc:      "The mean of each row as a column, entries Σ_j X_ij / n for n columns.",
		Examples: []string{"y'*rowmean(X)"}},
	{Name: "colmean", Family: "reductions", Class: expr.Defined,
		Sig: "i|j -> 1|j", Params: ofX, Definition: "colsum(X)/i", Kernel: colmean,
		Preserves: []expr.Fact{expr.Positive},
		Text:      call("colmean"), LaTeX: operator("colmean"),
		Doc:      "The mean of each column as a row, entries Σ_i X_ij / m for m rows.",
		Examples: []string{"colmean(X)*y"}},
	{Name: "norm2", Aliases: []string{"norm", "normF"}, Family: "reductions", Class: expr.Defined,
		Sig: "i|j -> 1|1", Params: ofX, Definition: "sqrt(sum(X.*X))", Kernel: norm2, Domain: "nonnull", Nonnegative: true,
		Text: atom("‖$1‖"), LaTeX: atom(`\lVert $1 \rVert_$#`), Square: []string{"norm-squared", "frobenius-squared"},
		Doc:      "The Euclidean norm √(Σ x_i²) of a vector, the Frobenius norm of a matrix.",
		Examples: []string{"norm2(A*x - y)", "norm2(A*X - B)^2"}},
	{Name: "norm1", Family: "reductions", Class: expr.Defined,
		Sig: "i|j -> 1|1", Params: ofX, Definition: "sum(abs(X))", Kernel: norm1, Nonnegative: true, Kink: true,
		Text: atom("‖$1‖₁"), LaTeX: atom(`\lVert $1 \rVert_1`), Square: []string{"d-power"},
		Doc:      "The sum of the absolute values of all entries, Σ |X_ij|.",
		Examples: []string{"norm1(A*x - y)"}},
}

func total(d expr.Dense) float64 {
	s := 0.0
	for _, v := range d.Data {
		s += v
	}
	return s
}

func mean(c *expr.Call) (expr.Dense, error) {
	return dense.Scalar(total(c.Args[0]) / float64(len(c.Args[0].Data))), nil
}

func rowmean(c *expr.Call) (expr.Dense, error) {
	a := c.Args[0]
	r := expr.NewDense(a.Rows, 1)
	for i, v := range a.Data {
		r.Data[i/a.Cols] += v / float64(a.Cols)
	}
	return r, nil
}

func colmean(c *expr.Call) (expr.Dense, error) {
	a := c.Args[0]
	r := expr.NewDense(1, a.Cols)
	for i, v := range a.Data {
		r.Data[i%a.Cols] += v / float64(a.Rows)
	}
	return r, nil
}

func norm2(c *expr.Call) (expr.Dense, error) {
	s := 0.0
	for _, v := range c.Args[0].Data {
		s += v * v
	}
	return dense.Scalar(math.Sqrt(s)), nil
}

func norm1(c *expr.Call) (expr.Dense, error) {
	s := 0.0
	for _, v := range c.Args[0].Data {
		s += math.Abs(v)
	}
	return dense.Scalar(s), nil
}
