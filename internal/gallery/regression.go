package gallery

var regression = []Example{
	{
		ID: "ridge", Topic: "regression",
		Title: Words{"Ridge regression", "岭回归"},
		About: Words{
			"The penalty adds 2cw to the gradient, and cI to the matrix of the normal equations, which is then always invertible.",
			"惩罚项给梯度添上 2cw，给正规方程的矩阵添上 cI，使之总是可逆。",
		},
		Expr: "X: matrix(m, n)\nw: vector(n)\ny: vector(m)\nc: scalar positive\nl = norm2(X*w - y)^2 + c*norm2(w)^2", Wrt: by("w"),
		LaTeX: `\|Xw - y\|_2^2 + c\|w\|_2^2`, Solve: true, Source: "Hoerl and Kennard, Ridge Regression, Technometrics 12 (1970)",
	},
	{
		ID: "lasso", Topic: "regression",
		Title: Words{"The lasso", "套索回归（lasso）"},
		About: Words{
			"A penalty with kinks: its gradient is c·sign(w) wherever no weight is zero.",
			"惩罚项有不可导点：在各权重都不为零处，它的梯度是 c·sign(w)。",
		},
		Expr: "X: matrix(m, n)\nw: vector(n)\ny: vector(m)\nc: scalar positive\nl = norm2(X*w - y)^2/2 + c*norm1(w)", Wrt: by("w"),
		LaTeX: `\frac{1}{2}\|Xw - y\|_2^2 + c\|w\|_1`, Source: "Tibshirani, JRSS B 58 (1996)",
	},
	{
		ID: "elastic-net", Topic: "regression",
		Title: Words{"The elastic net", "弹性网络"},
		About: Words{
			"Both penalties at once; the derivative of a sum is the sum of the derivatives.",
			"同时使用两种惩罚；和的导数等于导数之和。",
		},
		Expr: "X: matrix(m, n)\nw: vector(n)\ny: vector(m)\nb, c: scalar positive\nl = norm2(X*w - y)^2/(2*m) + b*norm1(w) + c/2*norm2(w)^2", Wrt: by("w"),
		Source: "Zou and Hastie, JRSS B 67 (2005)",
	},
	{
		ID: "weighted-least-squares", Topic: "regression",
		Title: Words{"Weighted least squares", "加权最小二乘"},
		About: Words{
			"A diagonal matrix of weights inside the quadratic form; try the derivative by the weights s as well.",
			"二次型里带有权重的对角矩阵；也可以试试对权重 s 求导。",
		},
		Expr: "X: matrix(m, n)\nw: vector(n)\ny: vector(m)\ns: vector(m) positive\nr = X*w - y\nl = r'*diag(s)*r", Wrt: by("w", "s"),
	},
	{
		ID: "generalised-least-squares", Topic: "regression",
		Title: Words{"Generalised least squares", "广义最小二乘"},
		About: Words{
			"Errors with covariance V: the residuals are weighted by its inverse.",
			"误差具有协方差 V 时，残差以它的逆加权。",
		},
		Expr: "X: matrix(m, n)\nw: vector(n)\ny: vector(m)\nV: matrix(m, m) posdef\nl = (y - X*w)'*inv(V)*(y - X*w)", Wrt: by("w"),
		LaTeX: `(y - Xw)^\top V^{-1} (y - Xw)`, Solve: true, Source: "Aitken, Proc. Royal Society of Edinburgh 55 (1935)",
	},
	{
		ID: "multivariate-regression", Topic: "regression",
		Title: Words{"Regression with several targets", "多目标回归"},
		About: Words{
			"A matrix of weights: the gradient has its shape, and looks like that for a single target.",
			"权重是矩阵时，梯度与它同形，写法与单目标的情形完全一样。",
		},
		Expr: "X: matrix(m, n)\nW: matrix(n, k)\nY: matrix(m, k)\nl = norm2(X*W - Y)^2/2", Wrt: by("W"),
		LaTeX: `\frac{1}{2}\|XW - Y\|_F^2`, Solve: true,
	},
	{
		ID: "intercept", Topic: "regression",
		Title: Words{"Least squares with an intercept", "带截距的最小二乘"},
		About: Words{
			"A scalar that is added to every entry: its derivative sums the residuals.",
			"截距加到每个元素上，因此对它的导数是残差之和。",
		},
		Expr: "X: matrix(m, n)\nw: vector(n)\nb: scalar\ny: vector(m)\nl = norm2(X*w + b - y)^2/m", Wrt: by("w", "b"),
	},
	{
		ID: "tikhonov", Topic: "regression",
		Title: Words{"Tikhonov regularisation", "Tikhonov 正则化"},
		About: Words{
			"A penalty on Dw, for instance on differences of neighbours, makes the solution smooth.",
			"惩罚 Dw（例如相邻元素之差）可使解变得光滑。",
		},
		Expr: "A: matrix(m, n)\nx: vector(n)\nb: vector(m)\nD: matrix(p, n)\nc: scalar positive\nl = norm2(A*x - b)^2 + c*norm2(D*x)^2", Wrt: by("x"), Solve: true,
		LaTeX: `\|Ax - b\|_2^2 + c\|Dx\|_2^2`, Source: "Tikhonov, Soviet Mathematics 4 (1963)",
	},
	{
		ID: "constrained-least-squares", Topic: "regression",
		Title: Words{"Least squares with equality constraints", "带等式约束的最小二乘"},
		About: Words{
			"Weights that satisfy Cw = d: a Lagrangian, its gradients, and the solution by multipliers.",
			"要求权重满足 Cw = d：写出拉格朗日函数，求梯度，由乘子得到解。",
		},
		Expr: "X: matrix(m, n)\nw: vector(n)\ny: vector(m)\nC: matrix(k, n)\nd: vector(k)\nl = norm2(X*w - y)^2", Wrt: by("w"), Solve: true, SubjectTo: []string{"C*w = d"},
	},
	{
		ID: "poisson", Topic: "regression",
		Title: Words{"Poisson regression", "泊松回归"},
		About: Words{
			"Counts with a logarithmic link: the gradient compares predicted and observed counts, Xᵀ(exp(Xw) − y).",
			"计数数据采用对数联系函数：梯度比较预测计数与观测计数，即 Xᵀ(exp(Xw) − y)。",
		},
		Expr: "X: matrix(m, n)\nw: vector(n)\ny: vector(m)\nl = sum(exp(X*w)) - y'*X*w", Wrt: by("w"),
		Source: "Nelder and Wedderburn, Generalized Linear Models, JRSS A 135 (1972)",
	},
	{
		ID: "gamma-regression", Topic: "regression",
		Title: Words{"Gamma regression", "伽马回归"},
		About: Words{
			"Positive responses with a logarithmic link; y enters through its ratio to the prediction.",
			"响应为正、联系函数取对数的广义线性模型；y 只通过与预测值之比出现。",
		},
		Expr: "X: matrix(m, n)\nw: vector(n)\ny: vector(m) positive\nl = sum(X*w) + y'*exp(-X*w)", Wrt: by("w"),
		Source: "McCullagh and Nelder, Generalized Linear Models, chapter 8",
	},
	{
		ID: "heteroscedastic", Topic: "regression",
		Title: Words{"Regression with varying variance", "异方差回归"},
		About: Words{
			"Mean and log-variance are both linear in the data; each has its own gradient.",
			"均值与对数方差都是数据的线性函数，各有各的梯度。",
		},
		Expr: "X: matrix(m, n)\nw, v: vector(n)\ny: vector(m)\nl = sum(X*v + (y - X*w).^2.*exp(-X*v))/2", Wrt: by("w", "v"),
	},
	{
		ID: "smooth-huber", Topic: "regression",
		Title: Words{"A smooth robust loss", "光滑的稳健损失"},
		About: Words{
			"Quadratic near zero and linear far away: outliers have bounded influence on the gradient.",
			"近零处为二次、远处为线性：离群点对梯度的影响是有界的。",
		},
		Expr: "X: matrix(m, n)\nw: vector(n)\ny: vector(m)\nc: scalar positive\nl = sum(c^2*(sqrt(1 + ((X*w - y)/c).^2) - 1))", Wrt: by("w"),
		Source: "Charbonnier et al., IEEE Trans. Image Processing 6 (1997)",
	},
	{
		ID: "quantile", Topic: "regression",
		Title: Words{"Quantile regression", "分位数回归"},
		About: Words{
			"The pinball loss weighs positive and negative residuals differently; a step function chooses the weight.",
			"分位数损失对正负残差取不同的权重，由阶跃函数来选择。",
		},
		Expr: "X: matrix(m, n)\nw: vector(n)\ny: vector(m)\nq: scalar\nr = y - X*w\nl = sum(max(q*r, (q - 1)*r))", Wrt: by("w"),
		Source: "Koenker and Bassett, Econometrica 46 (1978)",
	},
	{
		ID: "total-least-squares", Topic: "regression",
		Title: Words{"Total least squares", "总体最小二乘"},
		About: Words{
			"Errors in X as well as in y: a quotient of two quadratic functions of w.",
			"X 与 y 都带误差：目标是 w 的两个二次函数之商。",
		},
		Expr: "X: matrix(m, n)\nw: vector(n)\ny: vector(m)\nl = norm2(X*w - y)^2/(1 + norm2(w)^2)", Wrt: by("w"),
		LaTeX: `\frac{\|Xw - y\|_2^2}{1 + \|w\|_2^2}`, Source: "Golub and Van Loan, SIAM J. Numerical Analysis 17 (1980)",
	},
	{
		ID: "log-cosh", Topic: "regression",
		Title: Words{"Log-cosh loss", "log-cosh 损失"},
		About: Words{
			"A smooth stand-in for the absolute value, whose derivative is tanh.",
			"绝对值的光滑替代，其导数是 tanh。",
		},
		Expr: "X: matrix(m, n)\nw: vector(n)\ny: vector(m)\nl = sum(log(cosh(X*w - y)))", Wrt: by("w"),
	},
}
