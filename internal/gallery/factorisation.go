package gallery

var factorisation = []Example{
	{
		ID: "matrix-factorisation", Topic: "factorisation",
		Title: Words{"Factorisation with missing entries", "带缺失元素的矩阵分解"},
		About: Words{
			"A mask M picks the known entries; it stays as a Hadamard factor in both gradients.",
			"掩码 M 选出已知元素，它以逐元素乘积的形式留在两个梯度中。",
		},
		Expr: "R, M: matrix(m, n)\nU: matrix(m, k)\nV: matrix(n, k)\nc: scalar positive\nl = norm2(M.*(R - U*V'))^2 + c*(norm2(U)^2 + norm2(V)^2)", Wrt: by("U", "V"),
		Source: "Koren, Bell and Volinsky, Matrix Factorization Techniques, Computer 42 (2009)",
	},
	{
		ID: "pca", Topic: "factorisation",
		Title: Words{"Principal components", "主成分分析"},
		About: Words{
			"The error of reconstruction is of order four in W; the gradient has two parts, transposes of each other before W.",
			"重构误差是 W 的四次函数，梯度是互为转置的两部分之和再乘 W。",
		},
		Expr: "X: matrix(m, n)\nW: matrix(n, k)\nl = norm2(X - X*W*W')^2", Wrt: by("W"),
		LaTeX: `\|X - X W W^\top\|_F^2`, Source: "Oja, Neural Networks 5 (1992)",
	},
	{
		ID: "rayleigh", Topic: "factorisation",
		Title: Words{"The Rayleigh quotient", "瑞利商"},
		About: Words{
			"Its gradient is zero at the eigenvectors, and its value there is the eigenvalue.",
			"梯度在特征向量处为零，此处的值就是特征值。",
		},
		Expr: "A: matrix(n, n) symmetric\nx: vector(n)\nl = x'*A*x/(x'*x)", Wrt: by("x"),
		LaTeX: `\frac{x^\top A x}{x^\top x}`,
	},
	{
		ID: "negative-sampling", Topic: "factorisation",
		Title: Words{"Word vectors with negative samples", "负采样的词向量"},
		About: Words{
			"One true context u and k false ones, the rows of N.",
			"一个真实上下文 u，以及 k 个负样本（N 的各行）。",
		},
		Expr: "u, v: vector(n)\nN: matrix(k, n)\nl = -log(sigmoid(u'*v)) - sum(log(sigmoid(-N*v)))", Wrt: by("u", "v", "N"),
		Source: "Mikolov et al., Distributed Representations of Words and Phrases (2013), equation 4",
	},
	{
		ID: "glove", Topic: "factorisation",
		Title: Words{"GloVe word vectors", "GloVe 词向量"},
		About: Words{
			"A weighted fit of log-counts by inner products and two biases.",
			"用内积和两个偏置加权拟合共现次数的对数。",
		},
		Expr: "W: matrix(m, d)\nV: matrix(n, d)\nb: vector(m)\nc: vector(n)\nF, L: matrix(m, n)\nl = sum(F.*(W*V' + b*ones(n)' + ones(m)*c' - L).^2)", Wrt: by("W", "b"),
		Source: "Pennington, Socher and Manning, GloVe (2014)",
	},
	{
		ID: "metric-learning", Topic: "factorisation",
		Title: Words{"Learning a metric", "度量学习"},
		About: Words{
			"Distances |Lz|² of pairs are the diagonal of ZᵀLᵀLZ.",
			"各对样本的距离 |Lz|² 是 ZᵀLᵀLZ 的对角元素。",
		},
		Expr: "L: matrix(k, n)\nZ: matrix(n, N)\ns: vector(N)\nc: scalar\nl = sum(softplus(s.*(diag(Z'*L'*L*Z) - c)))", Wrt: by("L"),
		Source: "Guillaumin, Verbeek and Schmid, Is that you? (2009)",
	},
	{
		ID: "nonnegative-kl", Topic: "factorisation",
		Title: Words{"Factorisation by divergence", "以散度度量的非负矩阵分解"},
		About: Words{
			"A quotient entry by entry inside a product, as in the multiplicative updates.",
			"乘积里含有逐元素的商，乘性更新规则即由此得到。",
		},
		Expr: "V: matrix(m, n) positive\nW: matrix(m, k) positive\nH: matrix(k, n) positive\nl = sum(W*H) - sum(V.*log(W*H))", Wrt: by("W", "H"),
		Source: "Lee and Seung, Algorithms for Non-negative Matrix Factorization (2001)",
	},
	{
		ID: "tri-factorisation", Topic: "factorisation",
		Title: Words{"Three factors", "三因子分解"},
		About: Words{
			"A product USVᵀ: each factor’s gradient has the two others around the residual.",
			"乘积 USVᵀ：每个因子的梯度都是残差左右乘以另外两个因子。",
		},
		Expr: "A: matrix(m, n)\nU: matrix(m, k)\nS: matrix(k, k)\nV: matrix(n, k)\nl = norm2(A - U*S*V')^2/2", Wrt: by("U", "S", "V"),
		LaTeX: `\frac{1}{2}\|A - U S V^\top\|_F^2`,
	},
	{
		ID: "symmetric-factorisation", Topic: "factorisation",
		Title: Words{"Symmetric factorisation", "对称分解"},
		About: Words{
			"The gradient 4(XXᵀ − A)X, with the facts that make it so short.",
			"梯度为 4(XXᵀ − A)X；如此简短要归功于 A 的对称性。",
		},
		Expr: "A: matrix(n, n) symmetric\nX: matrix(n, k)\nl = norm2(X*X' - A)^2", Wrt: by("X"),
		LaTeX: `\|X X^\top - A\|_F^2`,
	},
	{
		ID: "laplacian-eigenmaps", Topic: "factorisation",
		Title: Words{"An embedding by a graph’s Laplacian", "图拉普拉斯嵌入"},
		About: Words{
			"A trace with a penalty for orthogonality.",
			"一个迹，加上正交性的惩罚项。",
		},
		Expr: "L: matrix(n, n) symmetric\nX: matrix(n, k)\nc: scalar positive\nl = tr(X'*L*X) + c*norm2(X'*X - eye(k))^2", Wrt: by("X"),
		Source: "Belkin and Niyogi, Neural Computation 15 (2003)",
	},
	{
		ID: "dictionary", Topic: "factorisation",
		Title: Words{"Dictionary learning", "字典学习"},
		About: Words{
			"A dictionary D and sparse codes C: a smooth and a kinked part.",
			"字典 D 与稀疏编码 C：目标含光滑部分与不可导部分。",
		},
		Expr: "X: matrix(m, N)\nD: matrix(m, k)\nC: matrix(k, N)\nc: scalar positive\nl = norm2(X - D*C)^2/2 + c*norm1(C)", Wrt: by("D", "C"),
		Source: "Olshausen and Field, Nature 381 (1996)",
	},
	{
		ID: "bilinear-score", Topic: "factorisation",
		Title: Words{"A bilinear relation", "双线性关系"},
		About: Words{
			"A relation matrix between two embeddings: its gradient is an outer product.",
			"两个嵌入之间的关系矩阵：它的梯度是外积。",
		},
		Expr: "s, t: vector(d)\nR: matrix(d, d)\nl = softplus(-s'*R*t)", Wrt: by("R", "s", "t"),
		Source: "Nickel, Tresp and Kriegel, A Three-Way Model for Collective Learning (2011)",
	},
}
