package gallery

var statistics = []Example{
	{
		ID: "gaussian", Topic: "statistics",
		Title: Words{"Normal likelihood by mean and covariance", "正态似然对均值与协方差求导"},
		About: Words{
			"N samples, the columns of X. The zeros of both gradients are the sample mean and the sample covariance.",
			"N 个样本为 X 的各列。两个梯度的零点正是样本均值与样本协方差。",
		},
		Expr: "X: matrix(n, N)\nu: vector(n)\nS: matrix(n, n) symmetric posdef\nl = N/2*logdet(S) + tr((X - u*ones(N)')'*inv(S)*(X - u*ones(N)'))/2", Wrt: by("u", "S"),
		Source: "Mardia, Kent and Bibby, Multivariate Analysis, section 4.1",
	},
	{
		ID: "gaussian-precision", Topic: "statistics",
		Title: Words{"Normal likelihood by the precision matrix", "正态似然对精度矩阵求导"},
		About: Words{
			"By the inverse covariance T the likelihood is convex, and the gradient is S − T⁻¹.",
			"改用协方差的逆 T 作参数，负对数似然是凸函数，梯度为 S − T⁻¹。",
		},
		Expr: "T: matrix(n, n) posdef\nS: matrix(n, n) posdef\nl = tr(S*T) - logdet(T)", Wrt: by("T"), Solve: true,
		LaTeX: `\operatorname{tr}(S T) - \log\det T`,
	},
	{
		ID: "fisher", Topic: "statistics",
		Title: Words{"Fisher’s discriminant", "Fisher 判别分析"},
		About: Words{
			"The ratio of scatter between and within classes: a generalised eigenvalue problem where the gradient is zero.",
			"类间散度与类内散度之比：令梯度为零得到广义特征值问题。",
		},
		Expr: "B: matrix(n, n) symmetric\nS: matrix(n, n) symmetric posdef\nw: vector(n)\nl = (w'*B*w)/(w'*S*w)", Wrt: by("w"),
		LaTeX: `\frac{w^\top B w}{w^\top S w}`, Source: "Fisher, The Use of Multiple Measurements in Taxonomic Problems (1936)",
	},
	{
		ID: "factor-analysis", Topic: "statistics",
		Title: Words{"Factor analysis", "因子分析"},
		About: Words{
			"A covariance of low rank plus a diagonal: the gradients by loadings and log-variances share one matrix.",
			"协方差为低秩矩阵加对角矩阵：对载荷与对数方差的梯度共用一个矩阵。",
		},
		Expr: "L: matrix(n, k)\np: vector(n)\nS: matrix(n, n) symmetric posdef\nC = L*L' + diag(exp(p))\nl = logdet(C) + tr(inv(C)*S)", Wrt: by("L", "p"),
		Source: "Jöreskog, Psychometrika 32 (1967)",
	},
	{
		ID: "graphical-lasso", Topic: "statistics",
		Title: Words{"The graphical lasso", "图套索"},
		About: Words{
			"A sparse inverse covariance: log-determinant, trace and absolute values.",
			"稀疏的逆协方差：对数行列式、迹与绝对值之和。",
		},
		Expr: "S: matrix(n, n) symmetric\nT: matrix(n, n) symmetric posdef\nc: scalar positive\nl = tr(S*T) - logdet(T) + c*norm1(T)", Wrt: by("T"),
		Source: "Friedman, Hastie and Tibshirani, Biostatistics 9 (2008)",
	},
	{
		ID: "independent-components", Topic: "statistics",
		Title: Words{"Independent components", "独立成分分析"},
		About: Words{
			"The log-determinant of the unmixing matrix keeps it from collapsing.",
			"解混矩阵的对数行列式使它不至于退化。",
		},
		Expr: "W: matrix(n, n) invertible\nX: matrix(n, N)\nl = sum(log(cosh(W*X))) - N*logdet(W)", Wrt: by("W"),
		Source: "Bell and Sejnowski, Neural Computation 7 (1995)",
	},
	{
		ID: "kl-gaussians", Topic: "statistics",
		Title: Words{"Divergence of two normal distributions", "两个正态分布的 KL 散度"},
		About: Words{
			"By mean and covariance of the first distribution; the gradient is zero where the two agree.",
			"对第一个分布的均值与协方差求导；两分布相同时梯度为零。",
		},
		Expr: "u, v: vector(n)\nS, T: matrix(n, n) posdef\nl = (tr(inv(T)*S) + (v - u)'*inv(T)*(v - u) - n + logdet(T) - logdet(S))/2", Wrt: by("u", "S"),
	},
	{
		ID: "student", Topic: "statistics",
		Title: Words{"Location of a Student t distribution", "t 分布的位置参数"},
		About: Words{
			"Heavy tails: the gradient weighs far points down by their Mahalanobis distance.",
			"厚尾分布：梯度按马氏距离降低远处点的权重。",
		},
		Expr: "x, u: vector(n)\nS: matrix(n, n) posdef\nc: scalar positive\nl = (c + n)/2*log(1 + (x - u)'*inv(S)*(x - u)/c)", Wrt: by("u", "S"),
		Source: "Lange, Little and Taylor, JASA 84 (1989)",
	},
	{
		ID: "wishart", Topic: "statistics",
		Title: Words{"Mode of an inverse Wishart density", "逆 Wishart 密度的众数"},
		About: Words{
			"The logarithm of the density by its matrix; the zero of the gradient is the mode.",
			"对数密度对矩阵求导，梯度的零点即众数。",
		},
		Expr: "Sigma, P: matrix(n, n) posdef\nc: scalar positive\nl = c/2*logdet(Sigma) + tr(P*inv(Sigma))/2", Wrt: by("Sigma"), Solve: true,
	},
	{
		ID: "gaussian-score", Topic: "statistics",
		Title: Words{"The score of a normal density", "正态密度的得分函数"},
		About: Words{
			"The gradient of the log-density by the point itself, as used for sampling.",
			"对数密度对样本点本身的梯度，常用于采样。",
		},
		Expr: "x, u: vector(n)\nS: matrix(n, n) posdef\nl = -(x - u)'*inv(S)*(x - u)/2 - logdet(S)/2 - n/2*log(2*pi)", Wrt: by("x"), Solve: true,
		LaTeX: `-\frac{1}{2}(x - u)^\top S^{-1} (x - u) - \frac{1}{2}\log\det S - \frac{n}{2}\log(2\pi)`,
	},
	{
		ID: "entropy", Topic: "statistics",
		Title: Words{"Entropy", "熵"},
		About: Words{
			"The gradient of −Σ xᵢ log xᵢ; the entropy is concave.",
			"−Σ xᵢ log xᵢ 的梯度；熵是凹函数。",
		},
		Expr: "x: vector(n) positive\nl = -x'*log(x)", Wrt: by("x"), LaTeX: `-x^\top \log x`,
	},
	{
		ID: "kl-discrete", Topic: "statistics",
		Title: Words{"Divergence of two discrete distributions", "离散分布的 KL 散度"},
		About: Words{
			"By both arguments: the divergence is convex in the pair.",
			"分别对两个自变量求导；散度关于二者联合凸。",
		},
		Expr: "x, y: vector(n) positive\nl = x'*log(x./y) - sum(x) + sum(y)", Wrt: by("x", "y"),
		Source: "Boyd and Vandenberghe, Convex Optimization, exercise 3.13",
	},
	{
		ID: "exponential-family", Topic: "statistics",
		Title: Words{"A discrete exponential family", "离散指数分布族"},
		About: Words{
			"The gradient of the log-partition function is the mean of the statistics.",
			"对数配分函数的梯度就是统计量的期望。",
		},
		Expr: "A: matrix(k, n)\nt: vector(n)\ns: vector(n)\nl = logsumexp(A*t) - s'*t", Wrt: by("t"),
	},
	{
		ID: "cox", Topic: "statistics",
		Title: Words{"Cox’s partial likelihood", "Cox 偏似然"},
		About: Words{
			"R has a one where a person is still at risk at an event.",
			"R 中元素为 1 表示在事件发生时该个体仍处于风险集。",
		},
		Expr: "R: matrix(m, m)\nX: matrix(m, n)\nw: vector(n)\nl = sum(log(R*exp(X*w))) - sum(X*w)", Wrt: by("w"),
		Source: "Cox, Regression Models and Life-Tables, JRSS B 34 (1972)",
	},
	{
		ID: "mahalanobis", Topic: "statistics",
		Title: Words{"Mahalanobis distance by the covariance", "马氏距离对协方差求导"},
		About: Words{
			"A square root of a quadratic form in an inverse.",
			"逆矩阵的二次型再开平方。",
		},
		Expr: "x, u: vector(n)\nS: matrix(n, n) posdef\nd = sqrt((x - u)'*inv(S)*(x - u))", Wrt: by("S", "x"),
		LaTeX: `\sqrt{(x - u)^\top S^{-1} (x - u)}`,
	},
	{
		ID: "canonical-correlation", Topic: "statistics",
		Title: Words{"Canonical correlation", "典型相关"},
		About: Words{
			"The correlation of two linear combinations; it does not depend on their lengths, so the gradient is orthogonal to a.",
			"两个线性组合的相关系数；它与长度无关，所以梯度与 a 正交。",
		},
		Expr: "a: vector(p)\nb: vector(q)\nC: matrix(p, q)\nS: matrix(p, p) posdef\nT: matrix(q, q) posdef\nl = a'*C*b/sqrt((a'*S*a)*(b'*T*b))", Wrt: by("a"),
		Source: "Hotelling, Biometrika 28 (1936)",
	},
	{
		ID: "sample-variance", Topic: "statistics",
		Title: Words{"Sample variance", "样本方差"},
		About: Words{
			"Centring occurs twice in the formula and once in the derivative.",
			"公式里中心化出现两次，导数里只剩一次。",
		},
		Expr: "x: vector(n)\nl = norm2(x - mean(x))^2/n", Wrt: by("x"),
	},
}
