package ops

import (
	"math"

	"example.com/nabla/internal/dense"
	"example.com/nabla/internal/expr"
)

var softmax = []expr.Op{
	{Name: "softmax", Family: "softmax", Class: expr.Core, Sig: "i|1 -> i|1", Params: ofx, Kernel: softmaxKernel,
		Differential: "softmax(x).*dx - softmax(x)*(softmax(x)'*dx)",
		Positive:     true, Nonnegative: true,
		Text: call("softmax"), LaTeX: operator("softmax"),
		Curve:    []string{"(-inf,inf) - - (0,1]"},
		Doc:      "The softmax of a vector, entries exp(x_i) / Σ_k exp(x_k).",
		Examples: []string{"-y'*log(softmax(W*x))", "y'*softmax(A*x)"}},
	{Name: "logsumexp", Aliases: []string{"lse"}, Family: "softmax", Class: expr.Core, Sig: "i|1 -> 1|1", Params: ofx, Kernel: logsumexp,
		Differential: "softmax(x)'*dx",
		Text:         call("logsumexp"), LaTeX: operator("logsumexp"),
		Curve:    []string{"(-inf,inf) convex increasing (-inf,inf)"},
		Doc:      "The logarithm log Σ_k exp(x_k) of the sum of exponentials of a vector.",
		Examples: []string{"logsumexp(A*x)"}},
	{Name: "softmaxrows", Family: "softmax", Class: expr.Core, Sig: "i|j -> i|j", Params: ofX, Base: "softmax", Along: "j",
		Differential: "softmaxrows(X).*(dX - rowsum(softmaxrows(X).*dX)*ones(j)')",
		Positive:     true, Nonnegative: true,
		Text: call("softmaxrows"), LaTeX: operator("softmaxrows"),
		Doc:      "The softmax of each row, entries exp(X_ij) / Σ_k exp(X_ik).",
		Examples: []string{"sum(A.*log(softmaxrows(X*B)))"}},
	{Name: "softmaxcols", Family: "softmax", Class: expr.Core, Sig: "i|j -> i|j", Params: ofX, Base: "softmax", Along: "i",
		Differential: "softmaxcols(X).*(dX - ones(i)*colsum(softmaxcols(X).*dX))",
		Positive:     true, Nonnegative: true,
		Text: call("softmaxcols"), LaTeX: operator("softmaxcols"),
		Doc:      "The softmax of each column, entries exp(X_ij) / Σ_k exp(X_kj).",
		Examples: []string{"sum(A.*softmaxcols(W*X))"}},
	{Name: "logsumexprows", Family: "softmax", Class: expr.Core, Sig: "i|j -> i|1", Params: ofX, Base: "logsumexp", Along: "j",
		Differential: "rowsum(softmaxrows(X).*dX)",
		Text:         call("logsumexprows"), LaTeX: operator("logsumexprows"),
		Doc:      "The logarithm of the sum of exponentials of each row, entries log Σ_k exp(X_ik).",
		Examples: []string{"sum(logsumexprows(A*X))"}},
	{Name: "logsumexpcols", Family: "softmax", Class: expr.Core, Sig: "i|j -> 1|j", Params: ofX, Base: "logsumexp", Along: "i",
		Differential: "colsum(softmaxcols(X).*dX)",
		Text:         call("logsumexpcols"), LaTeX: operator("logsumexpcols"),
		Doc:      "The logarithm of the sum of exponentials of each column, entries log Σ_k exp(X_kj).",
		Examples: []string{"sum(logsumexpcols(W*X))"}},
}

func largest(d expr.Dense) float64 {
	m := math.Inf(-1)
	for _, v := range d.Data {
		m = math.Max(m, v)
	}
	return m
}

func softmaxKernel(c *expr.Call) (expr.Dense, error) {
	a := c.Args[0]
	m, s := largest(a), 0.0
	r := expr.NewDense(a.Rows, a.Cols)
	for i, v := range a.Data {
		r.Data[i] = math.Exp(v - m)
		s += r.Data[i]
	}
	for i := range r.Data {
		r.Data[i] /= s
	}
	return r, nil
}

func logsumexp(c *expr.Call) (expr.Dense, error) {
	m, s := largest(c.Args[0]), 0.0
	for _, v := range c.Args[0].Data {
		s += math.Exp(v - m)
	}
	return dense.Scalar(m + math.Log(s)), nil
}
