package ops

import "example.com/nabla/internal/expr"

var products = []expr.Op{
	{Name: "dot", Aliases: []string{"inner"}, Family: "products", Class: expr.Structural,
		Sig: "i|j, i|j -> 1|1", Params: []string{"X", "Y"},
		Text: call("dot"), LaTeX: atom(`\langle $1, $2 \rangle`), ColonText: colon, ColonLaTeX: colon,
		Doc:      "The inner product Σ X_ij Y_ij, for vectors xᵀy, for matrices tr(XᵀY).",
		Examples: []string{"dot(x, A*x)", "dot(A*X, X)"}},
	{Name: "outer", Family: "products", Class: expr.Structural,
		Sig: "i|1, j|1 -> i|j", Params: ofxy,
		Text: call("outer"), LaTeX: operator("outer"),
		Doc:      "The outer product x yᵀ, entries x_i y_j.",
		Examples: []string{"tr(A*outer(x, y))"}},
	{Name: "kron", Family: "products", Class: expr.Structural,
		Sig: "i|j, k|l -> ik|jl", Params: []string{"X", "Y"},
		Text: infix("$1 ⊗ $2"), LaTeX: infix(`$1 \otimes $2`),
		Doc:      "The Kronecker product X ⊗ Y, blocks X_ij Y.",
		Examples: []string{"sum(kron(X, A))", "kron(A, B)*x"}},
	{Name: "khatrirao", Family: "products", Class: expr.Structural,
		Sig: "i|j, k|j -> ik|j", Params: []string{"X", "Y"},
		Text: call("khatrirao"), LaTeX: infix(`$1 \ast $2`),
		Doc:      "The Khatri–Rao product of matrices with equally many columns, column j being x_j ⊗ y_j.",
		Examples: []string{"norm2(khatrirao(A, X))^2"}},
}
