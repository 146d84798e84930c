package gallery

var kronecker = []Example{
	{
		ID: "kronecker-product", Topic: "kronecker",
		Title: Words{"A Kronecker product by a factor", "Kronecker 积对因子求导"},
		About: Words{
			"A matrix that depends linearly on X; the derivative is of size (mn) × (mp·nq).",
			"该矩阵关于 X 是线性的；导数的大小为 (mn) × (mp·nq)。",
		},
		Expr: "X: matrix(m, n)\nA: matrix(p, q)\nF = kron(X, A)", Wrt: by("X"), LaTeX: `X \otimes A`,
	},
	{
		ID: "kronecker-form", Topic: "kronecker",
		Title: Words{"A quadratic form with a Kronecker product", "含 Kronecker 积的二次型"},
		About: Words{
			"vec(X)ᵀ(B ⊗ A)vec(X) is tr(XᵀAXBᵀ): the derivative is again matrix notation.",
			"vec(X)ᵀ(B ⊗ A)vec(X) 即 tr(XᵀAXBᵀ)：导数又回到矩阵记号。",
		},
		Expr: "X: matrix(m, n)\nA: matrix(m, m)\nB: matrix(n, n)\nl = vec(X)'*kron(B, A)*vec(X)", Wrt: by("X"),
		LaTeX: `\operatorname{vec}(X)^\top (B \otimes A) \operatorname{vec}(X)`,
	},
	{
		ID: "kronecker-system", Topic: "kronecker",
		Title: Words{"A least-squares problem in vec", "用 vec 写的最小二乘"},
		About: Words{
			"(B ⊗ A)vec(X) is vec(AXBᵀ): nothing of size (pq) × (mn) is needed.",
			"(B ⊗ A)vec(X) 就是 vec(AXBᵀ)：无需构造 (pq) × (mn) 的大矩阵。",
		},
		Expr: "X: matrix(m, n)\nA: matrix(p, m)\nB: matrix(q, n)\nC: matrix(p, q)\nl = norm2(kron(B, A)*vec(X) - vec(C))^2", Wrt: by("X"),
		LaTeX: `\|(B \otimes A)\operatorname{vec}(X) - \operatorname{vec}(C)\|_2^2`,
	},
	{
		ID: "transpose-map", Topic: "kronecker",
		Title: Words{"The transpose and the commutation matrix", "转置与交换矩阵"},
		About: Words{
			"vec(Xᵀ) = K vec(X): the derivative of a transpose is a commutation matrix.",
			"vec(Xᵀ) = K vec(X)：转置的导数是交换矩阵。",
		},
		Expr: "X: matrix(m, n)\nF = X'", Wrt: by("X"), LaTeX: `X^\top`,
	},
	{
		ID: "gram-jacobian", Topic: "kronecker",
		Title: Words{"The Jacobian of XᵀX", "XᵀX 的雅可比矩阵"},
		About: Words{
			"Both factors contribute; the commutation matrix joins them.",
			"两个因子各有贡献，由交换矩阵合并起来。",
		},
		Expr: "X: matrix(m, n)\nF = X'*X", Wrt: by("X"), LaTeX: `X^\top X`,
	},
	{
		ID: "matrix-square", Topic: "kronecker",
		Title: Words{"The square of a matrix", "矩阵的平方"},
		About: Words{
			"dX·X + X·dX: for matrices the order matters, and 2X would be wrong.",
			"dX·X + X·dX：矩阵乘法有先后，写成 2X 是错的。",
		},
		Expr: "X: matrix(n, n)\nF = X^2", Wrt: by("X"), LaTeX: `X^2`,
	},
	{
		ID: "hadamard-jacobian", Topic: "kronecker",
		Title: Words{"An elementwise function of a matrix", "矩阵的逐元素函数"},
		About: Words{
			"Each entry depends on its own alone: a diagonal matrix diag(vec(·)) appears.",
			"每个元素只依赖自己：出现对角矩阵 diag(vec(·))。",
		},
		Expr: "A: matrix(p, m)\nX: matrix(m, n)\nF = tanh(A*X)", Wrt: by("X"), LaTeX: `\tanh(A X)`,
	},
	{
		ID: "diagonal-scaling", Topic: "kronecker",
		Title: Words{"Scaling rows and columns", "行列缩放"},
		About: Words{
			"A diag(x) B by the vector x: a Khatri–Rao product, columns multiplied pair by pair.",
			"A diag(x) B 对向量 x 求导：得到 Khatri–Rao 积，即逐列相乘。",
		},
		Expr: "A: matrix(m, n)\nx: vector(n)\nB: matrix(n, p)\nF = A*diag(x)*B", Wrt: by("x"), LaTeX: `A \operatorname{diag}(x) B`,
	},
	{
		ID: "outer-product", Topic: "kronecker",
		Title: Words{"The outer product of a vector with itself", "向量与自身的外积"},
		About: Words{
			"A matrix by a vector: x ⊗ I and I ⊗ x.",
			"矩阵对向量求导：得到 x ⊗ I 与 I ⊗ x。",
		},
		Expr: "x: vector(n)\nF = x*x'", Wrt: by("x"), LaTeX: `x x^\top`,
	},
	{
		ID: "kronecker-trace", Topic: "kronecker",
		Title: Words{"The trace of a Kronecker product", "Kronecker 积的迹"},
		About: Words{
			"The trace of A ⊗ X is the product of the traces, so the gradient is a multiple of the identity matrix.",
			"A ⊗ X 的迹等于两个迹的乘积，所以梯度是单位矩阵的倍数。",
		},
		Expr: "A: matrix(m, m)\nX: matrix(n, n)\nl = tr(kron(A, X))", Wrt: by("X"), LaTeX: `\operatorname{tr}(A \otimes X)`,
	},
	{
		ID: "kronecker-logdet", Topic: "kronecker",
		Title: Words{"The determinant of a Kronecker product", "Kronecker 积的行列式"},
		About: Words{
			"log|X ⊗ B| = n log|X| + m log|B|, as in covariances with two modes.",
			"log|X ⊗ B| = n log|X| + m log|B|，常见于可分离的协方差。",
		},
		Expr: "X: matrix(m, m) posdef\nB: matrix(n, n) posdef\nl = logdet(kron(X, B))", Wrt: by("X"), LaTeX: `\log\det(X \otimes B)`,
	},
	{
		ID: "matrix-normal", Topic: "kronecker",
		Title: Words{"The matrix normal distribution", "矩阵正态分布"},
		About: Words{
			"A covariance V ⊗ U of all entries, written with two small matrices.",
			"全部元素的协方差为 V ⊗ U，只用两个小矩阵就能写出。",
		},
		Expr: "X, M: matrix(m, n)\nU: matrix(m, m) posdef\nV: matrix(n, n) posdef\nl = (tr(inv(V)*(X - M)'*inv(U)*(X - M)) + n*logdet(U) + m*logdet(V))/2", Wrt: by("U", "M"),
		Source: "Dawid, Biometrika 68 (1981)",
	},
}
