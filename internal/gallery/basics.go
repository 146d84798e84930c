package gallery

// basics are the worked examples that introduce the subject, from the elementary kinds to
// a network of two layers.
var basics = []Example{
	{
		ID: "s01-gradient", Topic: "basics",
		Title: Words{"A scalar by a vector", "标量对向量求导"},
		About: Words{
			"The gradient of a sum of an unknown function of each entry: one partial derivative for each entry of x, in the shape of x.",
			"未知函数逐元素作用后求和，再对向量求导：x 的每个元素对应一个偏导数，梯度与 x 同形。",
		},
		Expr: "f: function\nx: vector(n)\ny = sum(f(x))", Wrt: by("x"),
	},
	{
		ID: "s02-vector-by-scalar", Topic: "basics",
		Title: Words{"A vector by a scalar", "向量对标量求导"},
		About: Words{
			"A vector whose entries depend on one scalar. In denominator layout its derivative is a row.",
			"向量的每个元素都依赖同一个标量。按分母布局，所得导数是一个行向量。",
		},
		Expr: "f: function\na: vector(n)\nt: scalar\ny = f(t*a)", Wrt: by("t"),
	},
	{
		ID: "s02-vector-by-scalar-numerator", Topic: "basics",
		Title: Words{"A vector by a scalar, numerator layout", "向量对标量求导（分子布局）"},
		About: Words{
			"The same derivative in numerator layout: a column, in the shape of the function. Only the arrangement changes.",
			"同一个导数改用分子布局：结果是列向量，与函数值同形。改变的只是排列方式。",
		},
		Expr: "f: function\na: vector(n)\nt: scalar\ny = f(t*a)", Wrt: by("t"), Layout: "numerator",
	},
	{
		ID: "s03-vector-by-vector", Topic: "basics",
		Title: Words{"A vector by a vector", "向量对向量求导"},
		About: Words{
			"A vector of m entries by a vector of n gives n × m partial derivatives: rows for the variable, columns for the function.",
			"m 维向量对 n 维向量求导，得到 n × m 个偏导数：行对应自变量，列对应函数值。",
		},
		Expr: "f: function\nA: matrix(m, n)\nx: vector(n)\ny = f(A*x)", Wrt: by("x"),
	},
	{
		ID: "s04-row-by-vector", Topic: "basics",
		Title: Words{"A row by its own column", "行向量对列向量求导"},
		About: Words{
			"The derivative of xᵀ by x is the identity matrix, not the number 1.",
			"xᵀ 对 x 的导数是单位矩阵，而不是数 1。",
		},
		Expr: "x: vector(n)\ny = x'", Wrt: by("x"), LaTeX: `x^\top`,
	},
	{
		ID: "s05-quadratic-form", Topic: "basics",
		Title: Words{"The quadratic form", "二次型"},
		About: Words{
			"For any square A the gradient is (A + Aᵀ)x. It becomes 2Ax only where A is declared symmetric.",
			"对任意方阵 A，梯度是 (A + Aᵀ)x；只有声明 A 对称时才写成 2Ax。",
		},
		Expr: "A: matrix(n, n)\nx: vector(n)\ny = x'*A*x", Wrt: by("x"), LaTeX: `x^\top A x`,
	},
	{
		ID: "s06-product-rule", Topic: "basics",
		Title: Words{"The product rule", "乘积法则"},
		About: Words{
			"Two unknown functions of t: the derivative of the product is u′v + uv′.",
			"两个关于 t 的未知函数：乘积的导数是 u′v + uv′。",
		},
		Expr: "u, v: function\nt: scalar\ny = u(t)*v(t)", Wrt: by("t"), LaTeX: `u(t) v(t)`,
	},
	{
		ID: "s06-product-rule-vector", Topic: "basics",
		Title: Words{"The product rule for a scalar and a vector", "标量与向量的乘积法则"},
		About: Words{
			"A scalar function times a vector function of t: both factors are differentiated in turn.",
			"关于 t 的标量函数乘以向量函数：依次对两个因子求导再相加。",
		},
		Expr: "u, v: function\nt: scalar\na: vector(n)\ny = u(t)*v(t*a)", Wrt: by("t"),
	},
	{
		ID: "s07-differential-scalar", Topic: "basics",
		Title: Words{"The differential of a function of one variable", "一元函数的微分"},
		About: Words{
			"df = f′(x)dx: the derivative is what stands before dx. All matrix derivatives are read off in this way.",
			"df = f′(x)dx：导数就是 dx 前面的系数。所有矩阵导数都这样读出。",
		},
		Expr: "f: function\nx: scalar\ny = f(x)", Wrt: by("x"), LaTeX: `f(x)`,
	},
	{
		ID: "s07-differential-matrix", Topic: "basics",
		Title: Words{"The differential of a function of a matrix", "矩阵的标量函数的微分"},
		About: Words{
			"dl = tr((∂l/∂X)ᵀ dX): the trace of a product is the inner product of two matrices, entry by entry.",
			"dl = tr((∂l/∂X)ᵀ dX)：乘积的迹就是两个矩阵逐元素的内积。",
		},
		Expr: "f: function\nA: matrix(m, n)\nX: matrix(m, n)\nl = tr(A'*f(X))", Wrt: by("X"), LaTeX: `\operatorname{tr}(A^\top f(X))`,
	},
	{
		ID: "s08-least-squares", Topic: "basics",
		Title: Words{"Least squares", "最小二乘"},
		About: Words{
			"The gradient 2Xᵀ(Xw − y) is zero where XᵀXw = Xᵀy, the normal equations, so w = (XᵀX)⁻¹Xᵀy.",
			"令梯度 2Xᵀ(Xw − y) 为零，得到正规方程 XᵀXw = Xᵀy，于是 w = (XᵀX)⁻¹Xᵀy。",
		},
		Expr: "X: matrix(m, n)\nw: vector(n)\ny: vector(m)\nl = norm2(X*w - y)^2", Wrt: by("w"), LaTeX: `\|Xw - y\|_2^2`, Solve: true,
	},
	{
		ID: "s09-covariance", Topic: "basics",
		Title: Words{"Maximum likelihood of a covariance", "协方差矩阵的极大似然估计"},
		About: Words{
			"The likelihood of normal samples by their covariance Σ, written as a sum over samples. Differentials of a log-determinant and of an inverse; the gradient is zero at Σ = S.",
			"正态样本的似然写成对样本求和，再对协方差 Σ 求导。要用到对数行列式和逆矩阵的微分；令梯度为零得 Σ = S。",
		},
		Expr: "Sigma: matrix(m, m) posdef\nx[i]: vector(m), i = 1..N\nxbar = (1/N)*Σ_i x[i]\nS = (1/N)*Σ_i (x[i] - xbar)*(x[i] - xbar)'\nl = log(det(Sigma)) + (1/N)*Σ_i (x[i] - xbar)'*inv(Sigma)*(x[i] - xbar)",
		Wrt:  by("Sigma"), Solve: true, Source: "Magnus and Neudecker, Matrix Differential Calculus, chapter 15",
	},
	{
		ID: "s09-covariance-matrix", Topic: "basics",
		Title: Words{"The same likelihood by the sample covariance", "用样本协方差写出的似然"},
		About: Words{
			"With the sum gathered into the sample covariance S, the likelihood is a log-determinant and a trace.",
			"把对样本的求和并入样本协方差 S 之后，似然只剩一个对数行列式和一个迹。",
		},
		Expr: "Sigma: matrix(n, n) symmetric invertible\nS: matrix(n, n) symmetric\nl = logdet(Sigma) + tr(inv(Sigma)*S)", Wrt: by("Sigma"),
		LaTeX: `\log\det\Sigma + \operatorname{tr}(\Sigma^{-1} S)`, Solve: true, Source: "Magnus and Neudecker, Matrix Differential Calculus, chapter 15",
	},
	{
		ID: "s10-softmax-regression", Topic: "basics",
		Title: Words{"Softmax regression by composition", "softmax 回归（复合法则）"},
		About: Words{
			"First by the intermediate a = Wx, where the derivative is softmax(a) − y, then through a to W.",
			"先对中间量 a = Wx 求导，得 softmax(a) − y，再经过 a 得到对 W 的导数。",
		},
		Expr: "W: matrix(m, n)\nx: vector(n)\ny: vector(m) onehot\na = W*x\nl = -y'*log(softmax(a))", Wrt: by("W"),
	},
	{
		ID: "s10-softmax-expansion", Topic: "basics",
		Title: Words{"Softmax regression by expansion", "softmax 回归（展开定义）"},
		About: Words{
			"The same loss without an intermediate: log-softmax is expanded, and yᵀ1 = 1 removes the one-hot label from the normalisation.",
			"同一损失不设中间量：展开 log-softmax，再利用独热标签的 yᵀ1 = 1 化简归一化项。",
		},
		Expr: "y: vector(m) onehot\nW: matrix(m, n)\nx: vector(n)\nl = -y'*log(softmax(W*x))", Wrt: by("W"), LaTeX: `-y^\top \log \operatorname{softmax}(W x)`,
	},
	{
		ID: "s11-two-layers", Topic: "basics",
		Title: Words{"A network of two layers, one sample", "两层神经网络（单个样本）"},
		About: Words{
			"Backpropagation by hand: from the loss to a₂, h₁ and a₁, and from these to both weight matrices.",
			"手工反向传播：从损失依次到 a₂、h₁、a₁，再得到两个权重矩阵的导数。",
		},
		Expr: "W1: matrix(p, n)\nW2: matrix(m, p)\nx: vector(n)\ny: vector(m) onehot\na1 = W1*x\nh1 = sigmoid(a1)\na2 = W2*h1\nl = -y'*log(softmax(a2))", Wrt: by("W1", "W2"),
	},
	{
		ID: "s11-two-layers-steps", Topic: "basics",
		Title: Words{"The network by its intermediate quantities", "两层神经网络（对中间量求导）"},
		About: Words{
			"A named quantity can be differentiated by, with everything else held: these are the errors that backpropagation passes on.",
			"可以对任何命名的中间量求导，其余量保持不变：这就是反向传播逐层传递的误差。",
		},
		Expr: "W1: matrix(p, n)\nW2: matrix(m, p)\nx: vector(n)\ny: vector(m) onehot\na1 = W1*x\nh1 = sigmoid(a1)\na2 = W2*h1\nl = -y'*log(softmax(a2))", Wrt: by("a2", "h1", "a1"),
	},
	{
		ID: "s12-two-layers-sum", Topic: "basics",
		Title: Words{"A network of two layers, a sum over samples", "两层神经网络（样本求和）"},
		About: Words{
			"N samples as a family x[i], y[i]: every derivative is a sum over the samples.",
			"N 个样本写成向量族 x[i]、y[i]：每个导数都是对样本的求和。",
		},
		Expr: "W1: matrix(p, n)\nW2: matrix(m, p)\nb1: vector(p)\nb2: vector(m)\nx[i]: vector(n), i = 1..N\ny[i]: vector(m) onehot, i = 1..N\nl = -Σ_i y[i]'*log(softmax(W2*sigmoid(W1*x[i] + b1) + b2))", Wrt: by("W1", "W2", "b1", "b2"),
	},
	{
		ID: "s12-two-layers-steps", Topic: "basics",
		Title: Words{"The sum over samples, step by step", "两层神经网络（样本求和，逐步命名）"},
		About: Words{
			"The same sum with the steps of each sample named, as a textbook writes backpropagation.",
			"同样的求和，但给每个样本的各步计算命名，与教科书上的反向传播写法一致。",
		},
		Expr: "W1: matrix(p, n)\nW2: matrix(m, p)\nb1: vector(p)\nb2: vector(m)\nx[i]: vector(n), i = 1..N\ny[i]: vector(m) onehot, i = 1..N\na1[i] = W1*x[i] + b1\nh1[i] = sigmoid(a1[i])\na2[i] = W2*h1[i] + b2\nl = -Σ_i y[i]'*log(softmax(a2[i]))", Wrt: by("W1", "W2", "b1", "b2"),
	},
	{
		ID: "s13-two-layers-matrix", Topic: "basics",
		Title: Words{"A network of two layers in matrix form", "两层神经网络（矩阵形式）"},
		About: Words{
			"The samples are the columns of X; the sums over samples become products with matrices and with the vector of ones.",
			"样本排成 X 的各列，对样本的求和变成矩阵乘法，或与全 1 向量相乘。",
		},
		Expr: "W1: matrix(p, n)\nW2: matrix(m, p)\nb1: vector(p)\nb2: vector(m)\nX: matrix(n, N)\nY: matrix(m, N) onehot\nA1 = W1*X + b1*ones(N)'\nH1 = sigmoid(A1)\nA2 = W2*H1 + b2*ones(N)'\nl = -tr(Y'*log(softmaxcols(A2)))", Wrt: by("W1", "W2", "b1", "b2"),
	},
	{
		ID: "s14-matrix-by-matrix", Topic: "basics",
		Title: Words{"A matrix by a matrix", "矩阵对矩阵求导"},
		About: Words{
			"The derivative of vec(F) by vec(X): vec(AXB) = (Bᵀ ⊗ A)vec(X), so it is a Kronecker product.",
			"即 vec(F) 对 vec(X) 的导数：由 vec(AXB) = (Bᵀ ⊗ A)vec(X)，结果是 Kronecker 积。",
		},
		Expr: "A: matrix(p, m)\nX: matrix(m, n)\nB: matrix(n, q)\nF = A*X*B", Wrt: by("X"), LaTeX: `A X B`,
	},
	{
		ID: "s14-matrix-by-matrix-rows", Topic: "basics",
		Title: Words{"A matrix by a matrix, vec by rows", "矩阵对矩阵求导（按行向量化）"},
		About: Words{
			"Stacking rows in place of columns swaps the factors of the Kronecker product.",
			"改为按行向量化时，Kronecker 积的两个因子互换位置。",
		},
		Expr: "A: matrix(p, m)\nX: matrix(m, n)\nB: matrix(n, q)\nF = A*X*B", Wrt: by("X"), Vec: "rows",
	},
	{
		ID: "s15-linear-matrix", Topic: "basics",
		Title: Words{"A linear map of a matrix", "矩阵的线性映射"},
		About: Words{
			"An identity matrix stands in for the missing factor: AX = AXI, so the derivative is I ⊗ Aᵀ.",
			"缺少的因子用单位矩阵补上：AX = AXI，所以导数是 I ⊗ Aᵀ。",
		},
		Expr: "A: matrix(p, m)\nX: matrix(m, n)\nF = A*X", Wrt: by("X"), LaTeX: `A X`,
	},
	{
		ID: "s16-linear-vector", Topic: "basics",
		Title: Words{"A linear map of a vector", "向量的线性映射"},
		About: Words{
			"The simplest derivative of a vector by a vector: Aᵀ in denominator layout, A in numerator layout.",
			"最简单的向量对向量求导：分母布局下是 Aᵀ，分子布局下是 A。",
		},
		Expr: "A: matrix(m, n)\nx: vector(n)\nf = A*x", Wrt: by("x"), LaTeX: `A x`,
	},
}
