package ops

import (
	"fmt"

	"example.com/nabla/internal/dense"
	"example.com/nabla/internal/expr"
)

var ofX = []string{"X"}

var matrix = []expr.Op{
	{Name: "tr", Aliases: []string{"trace"}, Family: "matrix", Class: expr.Structural,
		Sig: "i|i -> 1|1", Params: ofX, Preserves: []expr.Fact{expr.Posdef, expr.Positive},
		Text: call("tr"), LaTeX: operator("tr"),
		Doc:      "The trace Σ X_ii of a square matrix.",
		Examples: []string{"tr(A*X)", "tr(X'*A*X)"}},
	{Name: "det", Aliases: []string{"determinant"}, Family: "matrix", Class: expr.Core,
		Sig: "i|i -> 1|1", Params: ofX, Kernel: det,
		Differential: "det(X)*tr(inv(X)*dX)", TransposeInvariant: true, Domain: "invertible",
		Preserves: []expr.Fact{expr.Posdef},
		Text:      call("det"), LaTeX: call(`\det`),
		Curve: []string{"posdef logconcave increasing (0,inf)"}, Degree: "i",
		Doc:      "The determinant |X| of a square matrix.",
		Examples: []string{"det(X)", "det(A + X'*X)"}},
	{Name: "logdet", Family: "matrix", Class: expr.Core,
		Sig: "i|i -> 1|1", Params: ofX, Kernel: logdet,
		Differential: "tr(inv(X)*dX)", TransposeInvariant: true, Domain: "posdet",
		Text: call("logdet"), LaTeX: call(`\log\det`),
		Curve:    []string{"posdef strictly concave increasing (-inf,inf)"},
		Doc:      "The logarithm log|X| of a determinant, for |X| > 0.",
		Examples: []string{"logdet(X)", "logdet(X*X')"}},
	{Name: expr.OpInv, Aliases: []string{"inverse"}, Family: "matrix", Class: expr.Core,
		Sig: "i|i -> i|i", Params: ofX, Kernel: inv,
		Differential: "-inv(X)*dX*inv(X)", Domain: "invertible",
		Preserves: []expr.Fact{expr.Symmetric, expr.Posdef, expr.Diagonal, expr.Orthogonal, expr.Invertible},
		Text:      postfix("$1⁻¹"), LaTeX: postfix("$1^{-1}"),
		Curve:    []string{"posdef strictly convex decreasing (-inf,inf)"},
		Doc:      "The inverse X⁻¹ of a square matrix, X X⁻¹ = I.",
		Examples: []string{"tr(A*inv(X))", "y'*inv(X)*z"}},
	{Name: "pinv", Family: "matrix", Class: expr.Core,
		Sig: "i|j -> j|i", Params: ofX, Kernel: pinv,
		// Golub and Pereyra (1973), constant rank; I − XX⁺ is written out so that no
		// identity is needed.
		Differential: "-pinv(X)*dX*pinv(X) + pinv(X)*pinv(X)'*(dX' - dX'*X*pinv(X)) + (dX' - pinv(X)*X*dX')*pinv(X)'*pinv(X)",
		Domain:       "fullrank",
		Preserves:    []expr.Fact{expr.Symmetric, expr.Posdef, expr.Diagonal, expr.Orthogonal, expr.Invertible},
		Text:         call("pinv"), LaTeX: postfix("$1^{+}"),
		Curve:    []string{"(-inf,inf) - - (-inf,inf)"},
		Doc:      "The Moore–Penrose inverse X⁺ of a matrix of full rank, (XᵀX)⁻¹Xᵀ or Xᵀ(XXᵀ)⁻¹.",
		Examples: []string{"tr(A*pinv(X))"}},
	{Name: "adj", Aliases: []string{"adjugate"}, Family: "matrix", Class: expr.Core,
		Sig: "i|i -> i|i", Params: ofX, Kernel: adj,
		Differential: "tr(adj(X)*dX)*inv(X) - adj(X)*dX*inv(X)", Domain: "invertible",
		Preserves: []expr.Fact{expr.Symmetric, expr.Posdef, expr.Diagonal, expr.Invertible},
		Text:      call("adj"), LaTeX: operator("adj"),
		Curve:    []string{"(-inf,inf) - - (-inf,inf)"},
		Doc:      "The adjugate |X| X⁻¹ of an invertible matrix, the transpose of its cofactors.",
		Examples: []string{"tr(A*adj(X))"}},
	{Name: "diagmat", Overload: "diag", Family: "matrix", Class: expr.Structural,
		Sig: "i|1 -> i|i", Params: ofx,
		Text: call("diag"), LaTeX: operator("diag"),
		Doc:      "The diagonal matrix with the entries of a vector x on its diagonal.",
		Examples: []string{"y'*diag(x)*A*x"}},
	{Name: "diagvec", Overload: "diag", Family: "matrix", Class: expr.Structural,
		Sig: "i|i -> i|1", Params: ofX, Preserves: []expr.Fact{expr.Positive},
		Text: call("diag"), LaTeX: operator("diag"),
		Doc:      "The diagonal of a square matrix as a vector, entries X_ii.",
		Examples: []string{"y'*diag(A*X)"}},
	{Name: "vec", Family: "matrix", Class: expr.Structural,
		Sig: "i|j -> ji|1", Params: ofX, Preserves: []expr.Fact{expr.Positive},
		Text: call("vec"), LaTeX: operator("vec"),
		Doc:      "The columns of a matrix, stacked into one vector.",
		Examples: []string{"norm2(A*vec(X) - y)^2"}},
}

func work(c *expr.Call) dense.Work { return dense.Work{Limit: c.Limit} }

func det(c *expr.Call) (expr.Dense, error) {
	return dense.Scalar(work(c).Factor(c.Args[0]).Det()), nil
}

func logdet(c *expr.Call) (expr.Dense, error) {
	log, sign := work(c).Factor(c.Args[0]).LogDet()
	if sign <= 0 {
		return expr.Dense{}, fmt.Errorf("logdet: determinant is not positive")
	}
	return dense.Scalar(log), nil
}

func inv(c *expr.Call) (expr.Dense, error) { return work(c).Factor(c.Args[0]).Inverse() }

func pinv(c *expr.Call) (expr.Dense, error) {
	a, w := c.Args[0], work(c)
	t := dense.Transpose(a)
	if a.Rows >= a.Cols {
		return w.Factor(w.Mul(t, a)).Solve(t)
	}
	p, err := w.Factor(w.Mul(a, t)).Solve(a)
	if err != nil {
		return p, err
	}
	return dense.Transpose(p), nil
}

func adj(c *expr.Call) (expr.Dense, error) {
	f := work(c).Factor(c.Args[0])
	a, err := f.Inverse()
	if err != nil {
		return a, err
	}
	d := f.Det()
	for i := range a.Data {
		a.Data[i] *= d
	}
	return a, nil
}
