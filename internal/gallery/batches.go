package gallery

var batches = []Example{
	{
		ID: "sum-least-squares", Topic: "batches",
		Title: Words{"Least squares as a sum over samples", "写成样本求和的最小二乘"},
		About: Words{
			"The same gradient as in matrix form, sample by sample: convert it with the switch for sum or matrix form.",
			"与矩阵形式是同一个梯度，只是逐样本书写；可切换求和形式与矩阵形式。",
		},
		Expr: "x[i]: vector(n), i = 1..N\ny[i]: scalar, i = 1..N\nw: vector(n)\nl = Σ_i (x[i]'*w - y[i])^2", Wrt: by("w"),
		LaTeX: `\sum_{i=1}^{N} (x_i^\top w - y_i)^2`,
	},
	{
		ID: "sum-logistic", Topic: "batches",
		Title: Words{"Logistic regression as a sum", "写成求和的逻辑回归"},
		About: Words{
			"Each sample adds its probability of error times itself.",
			"每个样本贡献自身乘以其判错概率。",
		},
		Expr: "x[i]: vector(n), i = 1..N\ny[i]: scalar, i = 1..N\nw: vector(n)\nl = Σ_i log(1 + exp(-y[i]*x[i]'*w))", Wrt: by("w"),
	},
	{
		ID: "sum-gaussian-mean", Topic: "batches",
		Title: Words{"The mean of normal samples", "正态样本的均值"},
		About: Words{
			"The gradient sums the deviations; it is zero at the sample mean.",
			"梯度是偏差之和，在样本均值处为零。",
		},
		Expr: "x[i]: vector(n), i = 1..N\nu: vector(n)\nS: matrix(n, n) posdef\nl = Σ_i (x[i] - u)'*inv(S)*(x[i] - u)/2", Wrt: by("u"), Solve: true,
		LaTeX: `\frac{1}{2}\sum_{i=1}^{N} (x_i - u)^\top S^{-1} (x_i - u)`,
	},
	{
		ID: "sum-member", Topic: "batches",
		Title: Words{"A sum by one of its members", "求和对其中一个成员求导"},
		About: Words{
			"By x[i] itself: only the member’s own terms stay.",
			"对 x[i] 本身求导：只留下与该成员有关的项。",
		},
		Expr: "x[i]: vector(n), i = 1..N\nw: vector(n)\nl = Σ_i log(cosh(x[i]'*w))", Wrt: by("x"),
	},
	{
		ID: "batch-softmax", Topic: "batches",
		Title: Words{"A batch of softmax losses", "一批 softmax 损失"},
		About: Words{
			"Columns are samples; the mean over the batch divides by N.",
			"各列为样本；对批量取平均即除以 N。",
		},
		Expr: "W: matrix(k, n)\nb: vector(k)\nX: matrix(n, N)\nY: matrix(k, N) onehot\nl = -tr(Y'*log(softmaxcols(W*X + b*ones(N)')))/N", Wrt: by("W", "b"),
	},
	{
		ID: "batch-norm", Topic: "batches",
		Title: Words{"Centring a batch", "批量中心化"},
		About: Words{
			"Subtracting the mean of each feature: the gradient is centred in the same way.",
			"减去每个特征的均值；梯度也以同样方式中心化。",
		},
		Expr: "X, G: matrix(N, n)\nl = tr(G'*(X - ones(N)*colmean(X)))", Wrt: by("X"),
	},
	{
		ID: "batch-covariance", Topic: "batches",
		Title: Words{"A loss on the covariance of a batch", "批量协方差的损失"},
		About: Words{
			"The centred batch occurs twice in its covariance.",
			"中心化后的批量在协方差里出现两次。",
		},
		Expr: "X: matrix(N, n)\nT: matrix(n, n) symmetric\nZ = X - ones(N)*colmean(X)\nl = norm2(Z'*Z/N - T)^2", Wrt: by("X"),
		Source: "Sun and Saenko, Deep CORAL (2016)",
	},
	{
		ID: "kmeans", Topic: "batches",
		Title: Words{"Cluster centres", "聚类中心"},
		About: Words{
			"Columns of C are centres, columns of the one-hot matrix Z say which sample belongs where.",
			"C 的列为聚类中心，独热矩阵 Z 的列指明样本归属。",
		},
		Expr: "X: matrix(n, N)\nC: matrix(n, k)\nZ: matrix(k, N) onehot\nl = norm2(X - C*Z)^2", Wrt: by("C"), Solve: true,
		LaTeX: `\|X - C Z\|_F^2`,
	},
	{
		ID: "gradient-of-samples", Topic: "batches",
		Title: Words{"Saliency: a loss by its inputs", "显著图：损失对输入求导"},
		About: Words{
			"The derivative by the data, one row for each sample.",
			"对数据求导，每个样本对应一行。",
		},
		Expr: "X: matrix(N, n)\nW: matrix(n, k)\nv: vector(k)\ny: vector(N)\nl = norm2(tanh(X*W)*v - y)^2/2", Wrt: by("X"),
	},
	{
		ID: "pairwise-distances", Topic: "batches",
		Title: Words{"Squared distances of all pairs", "所有样本对的距离平方"},
		About: Words{
			"All distances in one matrix, from inner products and their diagonal.",
			"由内积及其对角线得到全部距离构成的矩阵。",
		},
		Expr: "X: matrix(N, n)\nG: matrix(N, N) symmetric\ns = diag(X*X')\nl = tr(G'*(s*ones(N)' + ones(N)*s' - 2*X*X'))", Wrt: by("X"),
	},
	{
		ID: "mixture-of-linear", Topic: "batches",
		Title: Words{"A sum of bilinear forms", "双线性型之和"},
		About: Words{
			"Every member has a matrix of its own; the gradient sums their transposes.",
			"每个成员有自己的矩阵；梯度是各矩阵贡献之和。",
		},
		Expr: "A[i]: matrix(m, n), i = 1..N\ny[i]: vector(m), i = 1..N\nx: vector(n)\nl = Σ_i norm2(A[i]*x - y[i])^2", Wrt: by("x"),
		LaTeX: `\sum_{i=1}^{N} \|A_i x - y_i\|_2^2`,
	},
}
