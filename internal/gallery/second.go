package gallery

var second = []Example{
	{
		ID: "hessian-quadratic", Topic: "second",
		Title: Words{"The Hessian of a quadratic form", "二次型的 Hessian 矩阵"},
		About: Words{
			"A + Aᵀ: always symmetric, whatever A is.",
			"A + Aᵀ：不论 A 是否对称，它总是对称的。",
		},
		Expr: "A: matrix(n, n)\nx: vector(n)\ny = x'*A*x", Wrt: by("x"), Order: 2,
	},
	{
		ID: "hessian-least-squares", Topic: "second",
		Title: Words{"The Hessian of least squares", "最小二乘的 Hessian 矩阵"},
		About: Words{
			"2XᵀX does not depend on w, and is positive semidefinite: the problem is convex.",
			"2XᵀX 与 w 无关且半正定，所以问题是凸的。",
		},
		Expr: "X: matrix(m, n)\nw: vector(n)\ny: vector(m)\nl = norm2(X*w - y)^2", Wrt: by("w"), Order: 2,
	},
	{
		ID: "hessian-logistic", Topic: "second",
		Title: Words{"The Hessian of logistic regression", "逻辑回归的 Hessian 矩阵"},
		About: Words{
			"Xᵀ diag(·) X with the variances of the labels: the weights of iteratively reweighted least squares.",
			"形如 Xᵀ diag(·) X，对角元素是标签的方差，即迭代重加权最小二乘的权重。",
		},
		Expr: "X: matrix(m, n)\nw: vector(n)\ny: vector(m)\nl = sum(log(1 + exp(-y.*(X*w))))", Wrt: by("w"), Order: 2,
	},
	{
		ID: "hessian-log-sum-exp", Topic: "second",
		Title: Words{"The Hessian of log-sum-exp", "log-sum-exp 的 Hessian 矩阵"},
		About: Words{
			"diag(s) − ssᵀ, the covariance of a draw with probabilities s.",
			"diag(s) − ssᵀ，恰是以 s 为概率的一次抽取的协方差。",
		},
		Expr: "A: matrix(m, n)\nx: vector(n)\nl = logsumexp(A*x)", Wrt: by("x"), Order: 2,
	},
	{
		ID: "hessian-cross-entropy", Topic: "second",
		Title: Words{"The Hessian of softmax regression", "softmax 回归的 Hessian 矩阵"},
		About: Words{
			"By a whole weight matrix: a Kronecker product of the sample with itself and of the softmax covariance.",
			"对整个权重矩阵求二阶导：样本的外积与 softmax 协方差的 Kronecker 积。",
		},
		Expr: "W: matrix(k, n)\nx: vector(n)\ny: vector(k) onehot\nl = -y'*log(softmax(W*x))", Wrt: by("W"), Order: 2,
	},
	{
		ID: "hessian-norm", Topic: "second",
		Title: Words{"The Hessian of the norm", "范数的 Hessian 矩阵"},
		About: Words{
			"(I − uuᵀ)/‖x‖ with u = x/‖x‖: a projection away from x.",
			"(I − uuᵀ)/‖x‖，其中 u = x/‖x‖：向 x 的正交补投影。",
		},
		Expr: "x: vector(n)\nl = norm2(x)", Wrt: by("x"), Order: 2, LaTeX: `\|x\|_2`,
	},
	{
		ID: "hessian-logdet", Topic: "second",
		Title: Words{"The Hessian of the log-determinant", "对数行列式的 Hessian 矩阵"},
		About: Words{
			"By a matrix: two inverses in a Kronecker product, with a commutation matrix.",
			"对矩阵求二阶导：两个逆的 Kronecker 积，再乘交换矩阵。",
		},
		Expr: "X: matrix(n, n) invertible\nl = logdet(X)", Wrt: by("X"), Order: 2, LaTeX: `\log\det X`,
	},
	{
		ID: "hessian-barrier", Topic: "second",
		Title: Words{"The Hessian of a barrier", "障碍函数的 Hessian 矩阵"},
		About: Words{
			"A Hadamard square of a matrix, entry by entry.",
			"结果是一个矩阵的逐元素平方。",
		},
		Expr: "F: matrix(n, n) posdef\nA: matrix(n, p)\nx: vector(p)\nl = logdet(F + A*diag(x)*A')", Wrt: by("x"), Order: 2,
		Source: "Boyd and Vandenberghe, Convex Optimization, appendix A.4",
	},
	{
		ID: "hessian-frobenius", Topic: "second",
		Title: Words{"A Hessian by a matrix", "对矩阵的 Hessian"},
		About: Words{
			"‖AXB − C‖² by X twice: 2(BBᵀ ⊗ AᵀA).",
			"‖AXB − C‖² 对 X 求两次导：2(BBᵀ ⊗ AᵀA)。",
		},
		Expr: "A: matrix(p, m)\nX: matrix(m, n)\nB: matrix(n, q)\nC: matrix(p, q)\nl = norm2(A*X*B - C)^2", Wrt: by("X"), Order: 2, LaTeX: `\|A X B - C\|_F^2`,
	},
	{
		ID: "mixed-weights", Topic: "second",
		Title: Words{"A mixed second derivative", "混合二阶导数"},
		About: Words{
			"By w, then by the weights s: how the gradient moves when a sample’s weight changes.",
			"先对 w、再对权重 s 求导：样本权重改变时梯度如何变化。",
		},
		Expr: "X: matrix(m, n)\nw: vector(n)\ny: vector(m)\ns: vector(m)\nl = (X*w - y)'*diag(s)*(X*w - y)", Wrt: by("w", "s"), Mixed: true,
	},
	{
		ID: "mixed-bilinear", Topic: "second",
		Title: Words{"The mixed derivative of a bilinear form", "双线性型的混合导数"},
		About: Words{
			"xᵀAy by x and by y gives back the matrix, transposed in denominator layout.",
			"xᵀAy 先后对 x、y 求导就还原出矩阵，分母布局下为 Aᵀ。",
		},
		Expr: "x: vector(m)\nA: matrix(m, n)\ny: vector(n)\nl = x'*A*y", Wrt: by("x", "y"), Mixed: true, LaTeX: `x^\top A y`,
	},
	{
		ID: "third-derivative", Topic: "second",
		Title: Words{"A third derivative along a line", "沿直线的三阶导数"},
		About: Words{
			"The log-determinant along X + tD, three times by t: powers of one matrix.",
			"对数行列式沿 X + tD 对 t 求三次导：出现同一矩阵的幂。",
		},
		Expr: "X: matrix(n, n) invertible\nD: matrix(n, n)\nt: scalar\nl = logdet(X + t*D)", Wrt: by("t"), Order: 3, LaTeX: `\log\det(X + t D)`,
	},
}
