package gallery

var optimisation = []Example{
	{
		ID: "quadratic-program", Topic: "optimisation",
		Title: Words{"A quadratic objective", "二次目标函数"},
		About: Words{
			"The gradient Px + q is zero at −P⁻¹q.",
			"梯度 Px + q 在 −P⁻¹q 处为零。",
		},
		Expr: "P: matrix(n, n) posdef\nx, q: vector(n)\nl = x'*P*x/2 + q'*x", Wrt: by("x"), Solve: true,
		LaTeX: `\frac{1}{2} x^\top P x + q^\top x`,
	},
	{
		ID: "portfolio", Topic: "optimisation",
		Title: Words{"The portfolio of least variance", "最小方差投资组合"},
		About: Words{
			"Weights that sum to one: a multiplier scales the solution.",
			"权重之和为 1：由乘子确定解的尺度。",
		},
		Expr: "S: matrix(n, n) posdef\nw: vector(n)\nl = w'*S*w", Wrt: by("w"), Solve: true, SubjectTo: []string{"ones(n)'*w = 1"},
		Source: "Markowitz, Portfolio Selection, Journal of Finance 7 (1952)",
	},
	{
		ID: "log-barrier", Topic: "optimisation",
		Title: Words{"The logarithmic barrier", "对数障碍函数"},
		About: Words{
			"Interior point methods step along this gradient; the slacks b − Ax must be positive.",
			"内点法沿此梯度前进；松弛量 b − Ax 必须为正。",
		},
		Expr: "A: matrix(m, n)\nx, c: vector(n)\nb: vector(m)\nt: scalar positive\nl = t*c'*x - sum(log(b - A*x))", Wrt: by("x"),
		Source: "Boyd and Vandenberghe, Convex Optimization, section 11.2",
	},
	{
		ID: "second-order-cone", Topic: "optimisation",
		Title: Words{"The barrier of a second-order cone", "二阶锥的障碍函数"},
		About: Words{
			"By the point and by the height of the cone.",
			"对点求导，也对锥的高度求导。",
		},
		Expr: "A: matrix(m, n)\nx: vector(n)\nb: vector(m)\nt: scalar positive\nl = -log(t^2 - norm2(A*x - b)^2)", Wrt: by("x", "t"),
		Source: "Boyd and Vandenberghe, Convex Optimization, section 11.6",
	},
	{
		ID: "augmented-lagrangian", Topic: "optimisation",
		Title: Words{"The augmented Lagrangian", "增广拉格朗日函数"},
		About: Words{
			"Multipliers u and a penalty c for the constraint Ax = b.",
			"约束 Ax = b 带乘子 u 与罚参数 c。",
		},
		Expr: "A: matrix(m, n)\nx, q: vector(n)\nb, u: vector(m)\nP: matrix(n, n) posdef\nc: scalar positive\nl = x'*P*x/2 + q'*x + u'*(A*x - b) + c/2*norm2(A*x - b)^2", Wrt: by("x", "u"),
		Source: "Hestenes, Journal of Optimization Theory and Applications 4 (1969)",
	},
	{
		ID: "log-sum-exp", Topic: "optimisation",
		Title: Words{"A smooth maximum", "光滑的最大值"},
		About: Words{
			"The log-sum-exp of affine functions: its gradient is an average of their slopes.",
			"仿射函数的 log-sum-exp：梯度是各斜率的加权平均。",
		},
		Expr: "A: matrix(m, n)\nx: vector(n)\nb: vector(m)\nt: scalar positive\nl = t*logsumexp((A*x + b)/t)", Wrt: by("x"),
	},
	{
		ID: "max-determinant", Topic: "optimisation",
		Title: Words{"D-optimal design", "D-最优设计"},
		About: Words{
			"The log-determinant of the information by the weights of the experiments: each gets its leverage.",
			"信息矩阵的对数行列式对各次试验权重的导数，正是各自的杠杆值。",
		},
		Expr: "A: matrix(n, p)\nx: vector(p) positive\nl = -logdet(A*diag(x)*A')", Wrt: by("x"),
		Source: "Boyd and Vandenberghe, Convex Optimization, section 7.5",
	},
	{
		ID: "analytic-centre", Topic: "optimisation",
		Title: Words{"A barrier of matrices", "矩阵不等式的障碍函数"},
		About: Words{
			"The log-determinant of an affine function of x, as in semidefinite programs.",
			"x 的仿射函数的对数行列式，常见于半定规划。",
		},
		Expr: "F: matrix(n, n) posdef\nA: matrix(n, p)\nx: vector(p)\nl = -logdet(F + A*diag(x)*A')", Wrt: by("x"),
		Source: "Boyd and Vandenberghe, Convex Optimization, appendix A.4",
	},
	{
		ID: "orthogonality-penalty", Topic: "optimisation",
		Title: Words{"A penalty for orthogonality", "正交性惩罚"},
		About: Words{
			"It keeps the columns of W orthonormal; the gradient is 4W(WᵀW − I).",
			"使 W 的列保持标准正交；梯度为 4W(WᵀW − I)。",
		},
		Expr: "W: matrix(n, k)\nl = norm2(W'*W - eye(k))^2", Wrt: by("W"), LaTeX: `\|W^\top W - I\|_F^2`,
	},
	{
		ID: "rosenbrock", Topic: "optimisation",
		Title: Words{"A curved valley", "弯曲的山谷"},
		About: Words{
			"Rosenbrock’s function of two vectors, a classic test of optimisers.",
			"两个向量的 Rosenbrock 函数，检验优化算法的经典例子。",
		},
		Expr: "x, y: vector(n)\nl = 100*norm2(y - x.^2)^2 + norm2(1 - x)^2", Wrt: by("x", "y"),
		Source: "Rosenbrock, The Computer Journal 3 (1960)",
	},
	{
		ID: "gauss-newton", Topic: "optimisation",
		Title: Words{"Nonlinear least squares", "非线性最小二乘"},
		About: Words{
			"The Jacobian of the residuals, transposed, times the residuals: what Gauss and Newton linearise.",
			"残差的雅可比矩阵转置乘以残差：Gauss–Newton 法的出发点。",
		},
		Expr: "A: matrix(m, n)\nx: vector(n)\ny: vector(m)\nl = norm2(exp(A*x) - y)^2/2", Wrt: by("x"),
	},
	{
		ID: "equilibrium", Topic: "optimisation",
		Title: Words{"A loss through a linear system", "经过线性方程组的损失"},
		About: Words{
			"The adjoint method: the gradient by the matrix of a system needs one more solve, with its transpose.",
			"伴随方法：对方程组系数矩阵的梯度只需再解一次转置方程组。",
		},
		Expr: "A: matrix(n, n) invertible\nb, y: vector(n)\nx = inv(A)*b\nl = norm2(x - y)^2/2", Wrt: by("A", "b"),
	},
}
