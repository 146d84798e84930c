package gallery

var functions = []Example{
	{
		ID: "trace-linear", Topic: "functions",
		Title: Words{"The trace of a product", "乘积的迹"},
		About: Words{
			"tr(AX) is linear in X, and its gradient is Aᵀ: the pattern by which every gradient is read off.",
			"tr(AX) 是 X 的线性函数，梯度为 Aᵀ：所有梯度都按这一模式读出。",
		},
		Expr: "A: matrix(n, m)\nX: matrix(m, n)\nl = tr(A*X)", Wrt: by("X"), LaTeX: `\operatorname{tr}(A X)`,
	},
	{
		ID: "trace-quadratic", Topic: "functions",
		Title: Words{"A trace with two factors X", "含两个 X 的迹"},
		About: Words{
			"Each factor X is differentiated in turn; cyclic permutation brings dX to the end.",
			"依次对每个因子 X 求微分，再用循环置换把 dX 移到最后。",
		},
		Expr: "X: matrix(m, n)\nA: matrix(m, m)\nB: matrix(n, n)\nl = tr(X'*A*X*B)", Wrt: by("X"), LaTeX: `\operatorname{tr}(X^\top A X B)`,
	},
	{
		ID: "trace-power", Topic: "functions",
		Title: Words{"The trace of a power", "幂的迹"},
		About: Words{
			"With an exponent p that stays a letter, equal terms under the trace merge into one.",
			"指数 p 保持为字母；在迹下相同的各项合并成一项。",
		},
		Expr: "X: matrix(n, n)\np: scalar integer\nl = tr(X^p)", Wrt: by("X"),
	},
	{
		ID: "power-sum", Topic: "functions",
		Title: Words{"A power inside a trace", "迹中的矩阵幂"},
		About: Words{
			"Between A and the power the terms differ: the derivative is a sum over the factors.",
			"有 A 在旁时各项不再相同：导数是对各因子的求和。",
		},
		Expr: "A, X: matrix(n, n)\np: scalar integer\nl = tr(A*X^p)", Wrt: by("X"),
	},
	{
		ID: "determinant", Topic: "functions",
		Title: Words{"The determinant", "行列式"},
		About: Words{
			"Jacobi’s formula: d|X| = |X| tr(X⁻¹dX).",
			"Jacobi 公式：d|X| = |X| tr(X⁻¹dX)。",
		},
		Expr: "X: matrix(n, n)\nl = det(X)", Wrt: by("X"), LaTeX: `\det X`,
	},
	{
		ID: "determinant-product", Topic: "functions",
		Title: Words{"A determinant of a product", "乘积的行列式"},
		About: Words{
			"The factors around X cancel from the gradient: only X⁻ᵀ and the value are left.",
			"X 两侧的因子在梯度里抵消：只剩 X⁻ᵀ 和行列式的值。",
		},
		Expr: "A, X, B: matrix(n, n)\nl = det(A*X*B)", Wrt: by("X"), LaTeX: `\det(A X B)`,
	},
	{
		ID: "gram-determinant", Topic: "functions",
		Title: Words{"A Gram determinant", "Gram 行列式"},
		About: Words{
			"For a tall X of full rank, X(XᵀX)⁻¹ takes the place of the transposed inverse: it is the transposed pseudo-inverse.",
			"X 列满秩但不是方阵时，X(XᵀX)⁻¹ 取代了逆的转置，它正是广义逆的转置。",
		},
		Expr: "X: matrix(m, n)\nl = logdet(X'*X)", Wrt: by("X"), LaTeX: `\log\det(X^\top X)`,
	},
	{
		ID: "log-determinant", Topic: "functions",
		Title: Words{"The log-determinant", "对数行列式"},
		About: Words{
			"Its gradient is the transposed inverse, X⁻ᵀ.",
			"它的梯度是逆的转置 X⁻ᵀ。",
		},
		Expr: "X: matrix(n, n)\nl = logdet(X)", Wrt: by("X"), LaTeX: `\log\det X`,
	},
	{
		ID: "inverse", Topic: "functions",
		Title: Words{"The inverse", "逆矩阵"},
		About: Words{
			"dX⁻¹ = −X⁻¹ dX X⁻¹, so the derivative is −(X⁻¹ ⊗ X⁻ᵀ) in denominator layout.",
			"dX⁻¹ = −X⁻¹ dX X⁻¹，所以分母布局下的导数是 −(X⁻¹ ⊗ X⁻ᵀ)。",
		},
		Expr: "X: matrix(n, n) invertible\nF = inv(X)", Wrt: by("X"), LaTeX: `X^{-1}`,
	},
	{
		ID: "inverse-quadratic", Topic: "functions",
		Title: Words{"A bilinear form in an inverse", "逆矩阵的双线性型"},
		About: Words{
			"−X⁻ᵀabᵀX⁻ᵀ: an outer product between two transposed inverses.",
			"−X⁻ᵀabᵀX⁻ᵀ：外积夹在两个逆的转置之间。",
		},
		Expr: "a, b: vector(n)\nX: matrix(n, n) invertible\nl = a'*inv(X)*b", Wrt: by("X"), LaTeX: `a^\top X^{-1} b`,
	},
	{
		ID: "resolvent", Topic: "functions",
		Title: Words{"The trace of a resolvent", "预解式的迹"},
		About: Words{
			"The derivative by the shift t squares the inverse.",
			"对平移量 t 求导，逆变成逆的平方。",
		},
		Expr: "A: matrix(n, n)\nt: scalar\nl = tr(inv(A + t*eye(n)))", Wrt: by("t", "A"), LaTeX: `\operatorname{tr}((A + t I)^{-1})`,
	},
	{
		ID: "adjugate", Topic: "functions",
		Title: Words{"The adjugate", "伴随矩阵"},
		About: Words{
			"The differential of |X|X⁻¹ by the product rule.",
			"用乘积法则求 |X|X⁻¹ 的微分。",
		},
		Expr: "A, X: matrix(n, n) invertible\nl = tr(A*adj(X))", Wrt: by("X"),
	},
	{
		ID: "frobenius-norm", Topic: "functions",
		Title: Words{"The Frobenius norm", "Frobenius 范数"},
		About: Words{
			"X over its norm: a matrix of length one.",
			"梯度为 X 除以其范数，长度恰为 1。",
		},
		Expr: "X: matrix(m, n)\nl = norm2(X)", Wrt: by("X"), LaTeX: `\|X\|_F`,
	},
	{
		ID: "elementwise-trace", Topic: "functions",
		Title: Words{"A Hadamard product under a trace", "迹中的逐元素乘积"},
		About: Words{
			"tr(Aᵀ(B ⊙ C)) = tr((A ⊙ B)ᵀC) moves the product to the other side.",
			"tr(Aᵀ(B ⊙ C)) = tr((A ⊙ B)ᵀC) 把逐元素乘积移到另一侧。",
		},
		Expr: "A, B, X: matrix(m, n)\nl = tr(A'*(B.*X.*X))", Wrt: by("X"), LaTeX: `\operatorname{tr}(A^\top (B \odot X \odot X))`,
	},
	{
		ID: "similarity", Topic: "functions",
		Title: Words{"A function that is constant", "恒为常数的函数"},
		About: Words{
			"det(X)·det(X⁻¹) is one everywhere: the derivative is zero, and the answer says why.",
			"det(X)·det(X⁻¹) 恒为 1：导数为零，答案会说明原因。",
		},
		Expr: "X: matrix(n, n) invertible\nl = det(X)*det(inv(X))", Wrt: by("X"),
	},
	{
		ID: "schur-complement", Topic: "functions",
		Title: Words{"A Schur complement", "Schur 补"},
		About: Words{
			"The log-determinant of C − BᵀA⁻¹B by each of its blocks.",
			"C − BᵀA⁻¹B 的对数行列式对各分块求导。",
		},
		Expr: "A: matrix(n, n) symmetric invertible\nB: matrix(n, m)\nC: matrix(m, m) symmetric\nl = logdet(C - B'*inv(A)*B)", Wrt: by("A", "B", "C"),
	},
	{
		ID: "projection", Topic: "functions",
		Title: Words{"A projection by its basis", "投影对基的导数"},
		About: Words{
			"The length of a projected vector, by the matrix that spans the space.",
			"向量投影的长度对张成空间的矩阵求导。",
		},
		Expr: "X: matrix(m, n)\ny: vector(m)\nl = y'*X*inv(X'*X)*X'*y", Wrt: by("X"), LaTeX: `y^\top X (X^\top X)^{-1} X^\top y`,
	},
	{
		ID: "cayley", Topic: "functions",
		Title: Words{"The Cayley transform", "Cayley 变换"},
		About: Words{
			"A product of a matrix and an inverse that share the variable.",
			"矩阵与逆矩阵的乘积，两者都含同一变量。",
		},
		Expr: "G, A: matrix(n, n)\nl = tr(G'*(eye(n) - A)*inv(eye(n) + A))", Wrt: by("A"), LaTeX: `\operatorname{tr}(G^\top (I - A)(I + A)^{-1})`,
	},
}
