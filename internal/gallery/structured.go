package gallery

var structured = []Example{
	{
		ID: "symmetric-gradient", Topic: "structured",
		Title: Words{"The gradient by a symmetric matrix", "对对称矩阵的梯度"},
		About: Words{
			"In the free entries of a symmetric Σ: G + Gᵀ − diag(G). Without the switch, all entries count as free.",
			"对称矩阵 Σ 的独立元素的梯度：G + Gᵀ − diag(G)。不勾选时所有元素都视为自由。",
		},
		Expr: "Sigma: matrix(n, n) symmetric invertible\nS: matrix(n, n) symmetric\nl = logdet(Sigma) + tr(inv(Sigma)*S)", Wrt: by("Sigma"), Structured: true,
		Source: "Magnus and Neudecker, Matrix Differential Calculus, chapter 15",
	},
	{
		ID: "symmetric-quadratic", Topic: "structured",
		Title: Words{"A quadratic form by its symmetric matrix", "二次型对其对称矩阵求导"},
		About: Words{
			"xxᵀ with all entries free, 2xxᵀ − diag(x)² in the free ones: each entry off the diagonal counts twice.",
			"所有元素自由时为 xxᵀ；只取独立元素时为 2xxᵀ − diag(x)²，因为非对角元素各出现两次。",
		},
		Expr: "x: vector(n)\nA: matrix(n, n) symmetric\nl = x'*A*x", Wrt: by("A"), Structured: true,
	},
	{
		ID: "diagonal-gradient", Topic: "structured",
		Title: Words{"The gradient by a diagonal matrix", "对对角矩阵的梯度"},
		About: Words{
			"Only the diagonal is free: the gradient is the diagonal of what it would be otherwise.",
			"只有对角元素自由：梯度是一般梯度的对角部分。",
		},
		Expr: "D: matrix(n, n) diagonal\nX: matrix(n, m)\nY: matrix(n, m)\nl = norm2(D*X - Y)^2/2", Wrt: by("D"), Structured: true,
	},
	{
		ID: "diagonal-vector", Topic: "structured",
		Title: Words{"The same by the vector on the diagonal", "对对角线上的向量求导"},
		About: Words{
			"Writing diag(d) makes the free entries a vector; no switch is needed.",
			"写成 diag(d)，自由元素就是一个向量，无需另设选项。",
		},
		Expr: "d: vector(n)\nX: matrix(n, m)\nY: matrix(n, m)\nl = norm2(diag(d)*X - Y)^2/2", Wrt: by("d"),
	},
	{
		ID: "symmetric-trace", Topic: "structured",
		Title: Words{"A trace by a symmetric matrix", "迹对对称矩阵求导"},
		About: Words{
			"tr(AX) depends only on the symmetric part of A, and so does the gradient in the free entries.",
			"X 对称时 tr(AX) 只依赖 A 的对称部分，独立元素的梯度也是如此。",
		},
		Expr: "A: matrix(n, n)\nX: matrix(n, n) symmetric\nl = tr(A*X)", Wrt: by("X"), Structured: true,
	},
	{
		ID: "symmetric-determinant", Topic: "structured",
		Title: Words{"The determinant of a symmetric matrix", "对称矩阵的行列式"},
		About: Words{
			"A classic pitfall: 2X⁻¹ − diag(X⁻¹), times the determinant, where the free entries are meant.",
			"经典的易错点：若对独立元素求导，应为行列式乘以 2X⁻¹ − diag(X⁻¹)。",
		},
		Expr: "X: matrix(n, n) symmetric invertible\nl = det(X)", Wrt: by("X"), Structured: true, LaTeX: `\det X`,
		Source: "Petersen and Pedersen, The Matrix Cookbook, section 2.8",
	},
	{
		ID: "orthogonal-facts", Topic: "structured",
		Title: Words{"An orthogonal matrix inside a norm", "范数中的正交矩阵"},
		About: Words{
			"A declared fact at work: with QᵀQ = I the matrix Q disappears from the gradient.",
			"利用声明的事实：由 QᵀQ = I，梯度中不再出现 Q。",
		},
		Expr: "Q: matrix(n, n) orthogonal\nx, y: vector(n)\nl = norm2(Q*x)^2 - 2*x'*y", Wrt: by("x"),
	},
	{
		ID: "procrustes", Topic: "structured",
		Title: Words{"The Procrustes problem", "Procrustes 问题"},
		About: Words{
			"The gradient by all entries of the rotation, before it is projected onto the orthogonal matrices.",
			"先对旋转矩阵的全部元素求梯度，再投影到正交矩阵上。",
		},
		Expr: "A, B: matrix(n, m)\nQ: matrix(n, n) orthogonal\nl = norm2(Q*A - B)^2", Wrt: by("Q"), LaTeX: `\|Q A - B\|_F^2`,
		Source: "Schönemann, Psychometrika 31 (1966)",
	},
	{
		ID: "simplex-facts", Topic: "structured",
		Title: Words{"Probabilities in a quadratic form", "概率向量的二次型"},
		About: Words{
			"The declared sum of one simplifies a product with the vector of ones.",
			"声明各分量之和为 1，与全 1 向量的乘积因此化简。",
		},
		Expr: "p: vector(n) simplex\nA: matrix(n, n)\nu: vector(n)\nl = p'*A*p + u'*p*(ones(n)'*p)", Wrt: by("u", "A"),
	},
}
