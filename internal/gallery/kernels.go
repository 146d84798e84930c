package gallery

var kernels = []Example{
	{
		ID: "gp-evidence", Topic: "kernels",
		Title: Words{"The evidence of a Gaussian process", "高斯过程的边际似然"},
		About: Words{
			"By the variance of the noise and by the whole kernel matrix.",
			"对噪声方差求导，也对整个核矩阵求导。",
		},
		Expr: "K: matrix(n, n) symmetric posdef\ny: vector(n)\nc: scalar positive\nl = -y'*inv(K + c*eye(n))*y/2 - logdet(K + c*eye(n))/2", Wrt: by("c", "K"),
		LaTeX:  `-\frac{1}{2} y^\top (K + c I)^{-1} y - \frac{1}{2} \log\det(K + c I)`,
		Source: "Rasmussen and Williams, Gaussian Processes for Machine Learning, equations 5.8 and 5.9",
	},
	{
		ID: "gp-length-scale", Topic: "kernels",
		Title: Words{"The length scale of a Gaussian process", "高斯过程的长度尺度"},
		About: Words{
			"D has the squared distances; the kernel exp(−D/(2s)) depends on the scale entry by entry.",
			"D 为距离的平方；核 exp(−D/(2s)) 逐元素地依赖尺度 s。",
		},
		Expr: "D: matrix(n, n) symmetric\ny: vector(n)\ns, c: scalar positive\nK = exp(-D/(2*s)) + c*eye(n)\nl = y'*inv(K)*y/2 + logdet(K)/2", Wrt: by("s"),
		Source: "Rasmussen and Williams, Gaussian Processes for Machine Learning, section 5.4",
	},
	{
		ID: "gp-posterior", Topic: "kernels",
		Title: Words{"The mean of a Gaussian process by its input", "高斯过程均值对输入求导"},
		About: Words{
			"The weights are a solution of a linear system, k is the kernel row of a new point.",
			"权重是线性方程组的解，k 是新点的核向量。",
		},
		Expr: "K: matrix(n, n) posdef\nk, y: vector(n)\nc: scalar positive\nm = k'*inv(K + c*eye(n))*y", Wrt: by("k", "y", "c"),
	},
	{
		ID: "gp-variance", Topic: "kernels",
		Title: Words{"The variance of a Gaussian process", "高斯过程的预测方差"},
		About: Words{
			"A quadratic form in the inverse of the kernel matrix.",
			"核矩阵之逆的二次型。",
		},
		Expr: "K: matrix(n, n) posdef\nk: vector(n)\nb, c: scalar positive\nv = b - k'*inv(K + c*eye(n))*k", Wrt: by("k", "K"),
	},
	{
		ID: "kernel-ridge", Topic: "kernels",
		Title: Words{"Kernel ridge regression", "核岭回归"},
		About: Words{
			"In the dual coefficients a; K cancels from the equation for the zero.",
			"以对偶系数 a 为变量；令梯度为零后 K 可以约去。",
		},
		Expr: "K: matrix(n, n) posdef\na, y: vector(n)\nc: scalar positive\nl = norm2(K*a - y)^2 + c*a'*K*a", Wrt: by("a"), Solve: true,
		LaTeX: `\|K a - y\|_2^2 + c\, a^\top K a`,
	},
	{
		ID: "kernel-logistic", Topic: "kernels",
		Title: Words{"Kernel logistic regression", "核逻辑回归"},
		About: Words{
			"The kernel matrix stands before both parts of the gradient.",
			"梯度的两部分前面都有核矩阵。",
		},
		Expr: "K: matrix(n, n) symmetric\na, y: vector(n)\nc: scalar positive\nl = sum(softplus(-y.*(K*a))) + c/2*a'*K*a", Wrt: by("a"),
	},
	{
		ID: "svm-dual", Topic: "kernels",
		Title: Words{"The dual of a support vector machine", "支持向量机的对偶问题"},
		About: Words{
			"A quadratic form with labels on both sides of the kernel matrix.",
			"核矩阵两侧带标签的二次型。",
		},
		Expr: "a, y: vector(n)\nK: matrix(n, n) symmetric\nl = sum(a) - (a.*y)'*K*(a.*y)/2", Wrt: by("a"),
	},
	{
		ID: "kernel-alignment", Topic: "kernels",
		Title: Words{"Kernel alignment", "核对齐"},
		About: Words{
			"The cosine of the angle between two matrices.",
			"两个矩阵夹角的余弦。",
		},
		Expr: "K, Y: matrix(n, n) symmetric\nl = tr(K*Y)/(norm2(K)*norm2(Y))", Wrt: by("K"),
		LaTeX: `\frac{\operatorname{tr}(K Y)}{\|K\|_F \|Y\|_F}`, Source: "Cristianini et al., On Kernel-Target Alignment (2001)",
	},
	{
		ID: "gaussian-kernel", Topic: "kernels",
		Title: Words{"A Gaussian kernel by a point", "高斯核对点求导"},
		About: Words{
			"The gradient points from one argument to the other.",
			"梯度方向由一个自变量指向另一个。",
		},
		Expr: "x, z: vector(n)\ns: scalar positive\nk = exp(-norm2(x - z)^2/(2*s^2))", Wrt: by("x", "s"),
		LaTeX: `\exp\left(-\frac{\|x - z\|^2}{2 s^2}\right)`,
	},
	{
		ID: "nystrom", Topic: "kernels",
		Title: Words{"The Nyström approximation", "Nyström 近似"},
		About: Words{
			"A kernel matrix from some of its columns: a projection whose derivative keeps the error as a factor.",
			"由部分列重建核矩阵：这是投影，导数中保留误差因子。",
		},
		Expr: "K: matrix(n, n) symmetric constant\nC: matrix(n, k)\nW: matrix(k, k) posdef\nl = norm2(K - C*inv(W)*C')^2", Wrt: by("C", "W"),
		Source: "Williams and Seeger, Using the Nyström Method (2001)",
	},
}
